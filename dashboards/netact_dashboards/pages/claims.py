"""Claims: what these data say of what others claimed about such movements."""

from __future__ import annotations

from typing import Any

from dash import html

from netact.language import _
from netact.report.claims import Claim, verdict_name
from netact.report.findings import question_text
from netact_dashboards.components import notice, sentence
from netact_dashboards.view import Page, View


def layout(view: View) -> Any:
    """Return the page."""
    title = html.H1(_("What these data say of claims made about such movements"))
    if not view.content.claims:
        return [title, notice(_("Nothing to show"), _("This report was made without them: run its study again."))]
    note = _(
        "Each claim has a condition under which it is supported and one under which it is refuted, both fixed beforehand. A "
        "verdict holds for these data, not for the movement, and a lack of evidence refutes nothing."
    )
    return [
        title,
        html.P(note, className="note"),
        html.Ul([_claim(view, one) for one in view.content.claims], className="claims"),
    ]


def _claim(view: View, claim: Claim) -> Any:
    asked = claim.question if claim.question in view.content.results else None
    more = [html.A(question_text(asked), href=view.href(asked))] if asked else []
    return html.Li(
        [
            html.H2(claim.statement),
            html.P(claim.source, className="of"),
            html.P(verdict_name(claim.verdict), className=f"verdict {claim.verdict}"),
            html.P(sentence(claim.said)),
            *more,
        ]
    )


PAGE = Page("claims", lambda: _("Claims"), layout)
