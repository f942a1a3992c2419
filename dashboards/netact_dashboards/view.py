"""What a page is asked to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from netact.figures.text import group_name
from netact.report.findings import Finding

if TYPE_CHECKING:
    from dash import Dash

    from netact.figures import Panel
    from netact.report import Content, StoredReport
    from netact_dashboards.shelf import Shelf


@dataclass(frozen=True)
class View:
    """One report, one page, and the choices in the address.

    Attributes
    ----------
    shelf, key, report
        The reports there are, and the one that is shown.
    page
        Stem of the page.
    query
        The choices in the address, each once, as text: hostile input.
    dark
        Whether the page is dark.
    """

    shelf: Shelf
    key: str
    report: StoredReport
    page: str = "overview"
    query: Mapping[str, str] = field(default_factory=dict)
    dark: bool = False

    @property
    def content(self) -> Content:
        """Everything that is said, drawn and looked up."""
        return self.report.content

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Question -> finding, in the language spoken."""
        return {finding.question: finding for finding in self.content.findings}

    @cached_property
    def groups(self) -> dict[int, str]:
        """Number of a faction -> its name as shown, the named ones in order of size."""
        found = self.content.factions
        if found is None or not found.sizes.height:
            return {}
        rows = found.sizes.select("faction", "name").iter_rows()
        return {number: group_name(name) for number, name in rows if number >= 0}

    def href(self, page: str | None = None, **query: object) -> str:
        """Return the address of a page of this report; choices that are None are left out."""
        given = urlencode({name: str(value) for name, value in query.items() if value is not None})
        return f"/report/{self.key}/{page or self.page}" + (f"?{given}" if given else "")

    def number(self, name: str, *, low: int = 0, high: int = 2**31) -> int | None:
        """Return a whole number from the address; None if it is missing, no number or out of range."""
        text = self.query.get(name, "")
        if not text.isascii() or not text.isdigit() or len(text) > 10:
            return None
        return int(text) if low <= int(text) <= high else None

    def span(self, name: str, *, size: int) -> tuple[int, int] | None:
        """Return a range ``first-last`` from the address, both within ``0..size - 1``; None if it is not one."""
        first, dash, last = self.query.get(name, "").partition("-")
        if not dash or not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (first, last)):
            return None
        low, high = int(first), int(last)
        return (low, high) if low <= high < size else None


@dataclass(frozen=True)
class Page:
    """One page of the dashboard.

    Attributes
    ----------
    stem
        Its name in the address; for a question the question's stem.
    label
        Its name in the menu, in the language spoken.
    layout
        The page as components.
    panels
        The figures it shows for the choices in the address: the page and its CSV files are made of the same ones.
    register
        Adds the callbacks of the page to the application; called once.
    """

    stem: str
    label: Callable[[], str]
    layout: Callable[[View], Any]
    panels: Callable[[View], tuple[Panel, ...]] = lambda _view: ()
    register: Callable[[Dash, Shelf], None] = lambda _app, _shelf: None
