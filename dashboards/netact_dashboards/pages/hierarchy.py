"""Hierarchy: how steep the order of attention is, who sits where in it, and whether "leaderless" can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from netact.figures import panels as figures_of
from netact.figures.levels import levels_by_faction
from netact.figures.timeline import turnover
from netact.language import _
from netact.report.findings import question_text
from netact.results import Hierarchy, LeadingCore
from netact_dashboards.components import answers, checklist, head, section, sections
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel

STEM = "hierarchy"


def _result(view: View) -> Hierarchy | None:
    found = view.content.results.get(STEM)
    return found if isinstance(found, Hierarchy) else None


def _parts(view: View) -> list[tuple[str, list[Panel]]]:
    """Return the figures under their headings."""
    result, content = _result(view), view.content
    if result is None:
        return []
    made = {one.name: one for one in figures_of(result, names=content.names, directed=content.summary.directed)}
    by_group = None
    if content.factions is not None:
        by_group = levels_by_faction(
            result, content.factions, content.names, view.groups, content.words, core=_cores(view)
        )
    levels = [one for one in (by_group or made.get("levels"),) if one is not None]
    made.pop("levels", None)
    changes = turnover(content.timeline)
    return [
        (_("How concentrated attention is"), list(made.values())),
        (_("Who sits above whom"), levels),
        (_("Whether the top changes"), [] if changes is None else [changes]),
    ]


def _cores(view: View) -> dict[str, int]:
    found = view.content.results.get("leading_core")
    cores = found.cores if isinstance(found, LeadingCore) else ()
    return {member: number for number, core in enumerate(cores, start=1) for member in core.members}


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figures in the order of the page."""
    return tuple(one for _title, shown in _parts(view) for one in shown)


def layout(view: View) -> Any:
    """Return the page."""
    result, finding = _result(view), view.findings[STEM]
    return [
        head(view, finding),
        *answers(finding, criteria=() if result is None else result.criteria),
        *([] if result is None else _verdict(result)),
        *sections(view, _parts(view)),
    ]


def _verdict(result: Hierarchy) -> list[Any]:
    """Return the conditions under which "leaderless" may be said."""
    if not result.criteria:
        return []
    text = _("A movement is called leaderless here only if every condition is met; no condition alone is enough.")
    return [section(_("Can it be called leaderless?"), html.P(text, className="note"), checklist(result.criteria))]


PAGE = Page(STEM, lambda: question_text(STEM), layout, panels)
