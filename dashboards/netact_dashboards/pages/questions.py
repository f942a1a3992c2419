"""The pages of questions that show their finding and the figures of their result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.figures import panels as figures_of
from netact.report.findings import question_text
from netact_dashboards.components import answers, head, panels_or_notice
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel


def question_page(stem: str) -> Page:
    """Return the page of one question."""

    def panels(view: View) -> tuple[Panel, ...]:
        result = view.content.results.get(stem)
        if result is None:
            return ()
        return figures_of(result, names=view.content.names, directed=view.content.summary.directed)

    def layout(view: View) -> Any:
        finding = view.findings[stem]
        return [head(view, finding), *answers(finding), *panels_or_notice(view, panels(view))]

    return Page(stem, lambda: question_text(stem), layout, panels)
