"""How far a headline could be off: the block that stands at the end of the page of every question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html

from netact.figures import robustness_panels
from netact.language import _
from netact_dashboards.components import answer_list, figure_panel

if TYPE_CHECKING:
    from netact.figures import Panel
    from netact_dashboards.view import Page, View


def with_doubts(page: Page) -> Page:
    """Return the page of a question with the block, and its figures among those of the page."""

    def layout(view: View) -> Any:
        shown = page.layout(view)
        return [*(shown if isinstance(shown, list) else [shown]), *doubts(view, page.stem)]

    def panels(view: View) -> tuple[Panel, ...]:
        return (*page.panels(view), *doubt_panels(view, page.stem))

    return replace(page, layout=layout, panels=panels)


def doubt_panels(view: View, question: str) -> tuple[Panel, ...]:
    """Return the figures of how far the headline of a question could be off."""
    found = view.content.robustness.get(question)
    return () if found is None else robustness_panels(found)


def doubts(view: View, question: str) -> list[Any]:
    """Return the block, folded; nothing where it was not tried."""
    finding = view.findings.get(question)
    if finding is None or not finding.doubts:
        return []
    return [
        html.Details(
            [
                html.Summary(html.H2(_("How far could this be off?"))),
                *answer_list(finding.doubts),
                *(figure_panel(view, one) for one in doubt_panels(view, question)),
            ],
            className="doubts",
            id=f"doubts-{question}",
        )
    ]
