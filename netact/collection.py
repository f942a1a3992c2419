"""How a file was collected: what of the traffic it holds, as its owner declares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from netact.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

Sampling = Literal["complete", "keyword", "sampled", "unknown"]
SAMPLINGS: tuple[Sampling, ...] = get_args(Sampling)


@dataclass(frozen=True)
class Collection:
    """What of a movement's traffic was collected. It cannot be told from the data, so it is declared.

    Attributes
    ----------
    sampling
        ``complete`` (all posts of the movement), ``keyword`` (all posts with the words or hashtags of ``query``),
        ``sampled`` (a random share ``rate`` of them) or ``unknown``.
    rate
        Share of posts that a sample holds, in (0, 1]; None unless ``sampled``.
    query
        The words or hashtags that were searched for, as they were typed.

    Raises
    ------
    SchemaError
        If ``sampling`` is none of the four, or ``rate`` is out of range or stated without a sample.
    """

    sampling: Sampling = "unknown"
    rate: float | None = None
    query: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check what was declared."""
        if self.sampling not in SAMPLINGS:
            raise SchemaError(
                "collection.sampling",
                f"unknown sampling {self.sampling!r}",
                remedy=f"use one of {', '.join(SAMPLINGS)}",
            )
        if self.rate is not None and self.sampling != "sampled":
            raise SchemaError(
                "collection.rate", "only a sample has a rate", found=self.sampling, remedy="say that it is sampled"
            )
        if self.rate is not None and not 0 < self.rate <= 1:
            raise SchemaError("collection.rate", "is no share", found=str(self.rate), remedy="pass for example 0.1")

    @property
    def declared(self) -> bool:
        """Whether anything was declared."""
        return self != Collection()

    def to_dict(self) -> dict[str, Any]:
        """Return what was declared as plain values; nothing for what was not."""
        values: dict[str, Any] = {"sampling": self.sampling} if self.declared else {}
        if self.rate is not None:
            values["rate"] = self.rate
        if self.query:
            values["query"] = list(self.query)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Collection:
        """Return the declaration that plain values hold.

        Raises
        ------
        SchemaError
            If an entry is unknown or of another type.
        """
        unknown = [name for name in values if name not in ("sampling", "rate", "query")]
        if unknown:
            raise SchemaError("collection", f"unknown entry {unknown[0]!r}", remedy="use sampling, rate, query")
        rate, query = values.get("rate"), values.get("query", ())
        if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int | float)):
            raise SchemaError("collection.rate", "must be a number", found=repr(rate))
        if not isinstance(query, list | tuple) or not all(isinstance(word, str) for word in query):
            raise SchemaError("collection.query", "must be a list of words or hashtags", found=repr(query))
        return cls(values.get("sampling", "unknown"), None if rate is None else float(rate), tuple(query))
