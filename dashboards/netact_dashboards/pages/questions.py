"""The page of a question that has no page of its own: its finding and the figures of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.figures import panels as figures_of
from netact.language import _
from netact.report.findings import question_text
from netact_dashboards.components import answers, figure_panel, head, notice
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
        finding, drawn = view.findings[stem], panels(view)
        if not drawn:
            text = _("This question could not be answered from these data, so there is no figure.")
            return [head(view, finding), *answers(finding), notice(_("Nothing to draw"), text)]
        return [head(view, finding), *answers(finding), *(figure_panel(view, one) for one in drawn)]

    return Page(stem, lambda: question_text(stem), layout, panels)
