"""What values a parameter may have, stated once: the measure refuses others, the study file is checked by it, its schema says it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netact.errors import MeasureError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Range:
    """The values of one parameter; infinity and what is no number are never among them.

    Attributes
    ----------
    least, most
        Smallest and largest value; None for none.
    above, below
        What a value must be larger, smaller than; None for nothing.
    not_above
        Another parameter than which it must not be larger; empty for none.
    words
        The only texts, if it is a text.
    """

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    not_above: str = ""
    words: tuple[str, ...] = ()

    def holds(self, value: Any, others: Mapping[str, Any]) -> bool:
        """Whether a value may stand beside those of the other parameters."""
        if self.words:
            return value in self.words
        limit = others.get(self.not_above)
        return bool(
            math.isfinite(value)
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
            and (limit is None or value <= limit)
        )

    def __str__(self) -> str:
        """Return the values in words.

        >>> str(Range(above=0, most=1)), str(Range(least=2, not_above="largest_set"))
        ('above 0 and at most 1', '2 or more and at most largest_set')
        """
        if self.words:
            return f"one of {', '.join(self.words)}"
        parts = (
            None if self.least is None else f"{self.least:,g} or more",
            None if self.above is None else f"above {self.above:,g}",
            None if self.most is None else f"at most {self.most:,g}",
            None if self.below is None else f"below {self.below:,g}",
            f"at most {self.not_above}" if self.not_above else None,
        )
        return " and ".join(part for part in parts if part) or "a number"

    def schema(self) -> dict[str, Any]:
        """Return it in words of JSON Schema; what it says of another parameter cannot be said there."""
        if self.words:
            return {"enum": list(self.words)}
        limits = {
            "minimum": self.least,
            "maximum": self.most,
            "exclusiveMinimum": self.above,
            "exclusiveMaximum": self.below,
        }
        return {name: value for name, value in limits.items() if value is not None}


def check_ranges(measure: str, ranges: Mapping[str, Range], values: Mapping[str, Any]) -> None:
    """Refuse a value that its parameter cannot have; parameters that are None or not among the values may be anything.

    Raises
    ------
    MeasureError
        With the measure, the parameter and what it may be.
    """
    for name, allowed in ranges.items():
        value = values.get(name)
        if value is not None and not allowed.holds(value, values):
            raise MeasureError(f"{measure}.{name}", f"must be {allowed}", found=repr(value))
