"""Which files a study writes beside its report."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from netact.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

TableFormat = Literal["csv", "xlsx", "parquet", "latex", "markdown"]
GraphFormat = Literal["graphml", "gexf", "json"]
FigureFormat = Literal["svg", "png", "pdf"]
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)
GRAPH_FORMATS: tuple[GraphFormat, ...] = get_args(GraphFormat)
FIGURE_FORMATS: tuple[FigureFormat, ...] = get_args(FigureFormat)

_FORMATS: dict[str, tuple[str, ...]] = {"tables": TABLE_FORMATS, "graphs": GRAPH_FORMATS, "figures": FIGURE_FORMATS}


@dataclass(frozen=True)
class Outputs:
    """The files for other programs that a study writes, by kind; report, findings and accounts are always written.

    The formats are kept in the order in which they are declared here, so that two studies that ask for the same files
    are equal.

    Attributes
    ----------
    tables
        Formats of the tables of all results: ``csv``, ``xlsx`` (one workbook with a codebook), ``parquet``, ``latex``,
        ``markdown``.
    graphs
        Formats of the network: ``graphml``, ``gexf`` (with colours, positions and the days on which ties were seen),
        ``json`` (graphology, for pages made with sigma and for Gephi Lite).
    most_graph_ties
        The most ties for which these are written: programs that draw networks open few larger ones, and the files take hundreds of bytes
        a tie. Beyond, a text in their place says so.
    figures
        Formats of the figures: ``svg``, ``png``, ``pdf``. Needs the extra ``figures`` and a Chromium or Chrome.
    methods
        Whether to write ``methods.md`` and ``references.bib``.

    Raises
    ------
    StudyError
        If a format is unknown, named twice or no text, ``most_graph_ties`` is no whole number, or ``methods`` is neither
        true nor false.

    Examples
    --------
    >>> Outputs(tables=("xlsx", "csv")).tables
    ('csv', 'xlsx')
    """

    tables: tuple[TableFormat, ...] = ("csv", "xlsx")
    graphs: tuple[GraphFormat, ...] = GRAPH_FORMATS
    most_graph_ties: int = 2_000_000
    figures: tuple[FigureFormat, ...] = ()
    methods: bool = True

    def __post_init__(self) -> None:
        """Check the formats and put them into order."""
        for name, known in _FORMATS.items():
            object.__setattr__(self, name, _checked(name, getattr(self, name), known))
        most = self.most_graph_ties
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise StudyError("outputs.most_graph_ties", "must be a whole number, 0 or more", found=repr(most))
        if not isinstance(self.methods, bool):
            raise StudyError("outputs.methods", "must be true or false", found=repr(self.methods))

    def to_dict(self) -> dict[str, Any]:
        """Return all settings as plain values."""
        lists: dict[str, Any] = {name: list(getattr(self, name)) for name in _FORMATS}
        return {
            "tables": lists["tables"],
            "graphs": lists["graphs"],
            "most_graph_ties": self.most_graph_ties,
            "figures": lists["figures"],
            "methods": self.methods,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Outputs:
        """Return the settings that plain values hold; what is left out is as in ``Outputs()``.

        Raises
        ------
        StudyError
            If an entry is unknown or of another type.
        """
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise StudyError("outputs", f"unknown entry {name!r}", remedy=f"use {', '.join(known)}")
        return cls(**values)


def _checked(name: str, given: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    where, remedy = f"outputs.{name}", f"use any of {', '.join(known)}"
    if not isinstance(given, list | tuple):
        raise StudyError(where, "must be a list of formats", found=repr(given), remedy=remedy)
    for item in given:
        if item not in known:
            raise StudyError(where, f"unknown format {item!r}", remedy=remedy)
        if given.count(item) > 1:
            raise StudyError(where, f"{item!r} is named twice", remedy="leave one out")
    return tuple(item for item in known if item in given)
