"""Overview: one sentence to quote, what it rests on, a card a question, the map and the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from netact.figures import network_map
from netact.language import _
from netact.report.content import example_tie, sample_facts
from netact.report.findings import overall
from netact_dashboards.components import card, copy_button, figure_panel, sentence
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel


def panels(view: View) -> tuple[Panel, ...]:
    """Return the map of the network."""
    content = view.content
    drawn = network_map(content.layout, content.results, content.names, content.words)
    return () if drawn is None else (drawn,)


def layout(view: View) -> Any:
    """Return the page."""
    content = view.content
    lead = overall(content.findings)
    meaning = content.words.meaning if content.summary.kinds else _("No ties between accounts were read.")
    example = example_tie(content)
    return [
        html.Header(
            [
                html.H1(sentence(lead.headline), className="headline"),
                html.P(sentence(lead.comparison), className="deck"),
                html.Div(copy_button(view, lead.headline), className="row"),
                html.Ul(
                    [html.Li(sentence(fact)) for fact in sample_facts(content.summary)],
                    className="sample",
                    **{"aria-label": _("What was analysed")},
                ),
            ],
            className="finding",
        ),
        html.P([*sentence(meaning), " ", *sentence(example)], className="note"),
        html.Div([card(view, finding) for finding in content.findings], className="cards"),
        *(figure_panel(view, panel) for panel in panels(view)),
    ]


PAGE = Page("overview", lambda: _("Overview"), layout, panels)
