"""The pieces pages are built of. Names and numbers come in as data and are shown as text, never as markup."""

from __future__ import annotations

import json
import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html
from flask import request

from netact.figures.text import UNBROKEN, capital, plain, split_marked, unmarked
from netact.figures.text import sentence as closed
from netact.figures.theme import themed
from netact.language import _, _n, direction, told
from netact.privacy import PSEUDONYM
from netact.report.content import sample_facts
from netact.report.findings import question_text
from netact_dashboards.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netact.figures import Panel
    from netact.report import Finding
    from netact.results import Criterion
    from netact_dashboards.shelf import Shelf

_SHOWN_ROWS = 60
# A figure as the browser draws it: the buttons of the page replace those of the library.
CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": "reset",
}


def attributes(given: dict[str, Any]) -> dict[str, Any]:
    """Return attributes whose names are no Python names (``aria-label``, ``data-part``), for ``**``."""
    return given


def view_at(shelf: Shelf, pathname: str | None, query: Mapping[str, str]) -> View | None:
    """Return what the page at an address shows for other choices, as a callback asks; None if there is no report."""
    parts = [part for part in (pathname or "").split("/") if part]
    if len(parts) not in (2, 3) or parts[0] != "report":
        return None
    report = shelf.report(parts[1])
    if report is None:
        return None
    stem = parts[2] if len(parts) == 3 else "overview"
    return View(shelf, parts[1], report, stem, query, request.cookies.get("netact_dark") == "1")


def sentence(text: str) -> list[Any]:
    """Return a sentence whose names stand in ``<bdi>``, so that right-to-left names do not turn it around."""
    text = text.replace(" %", "\u00a0%")
    return [
        html.Bdi(piece, className="whole" if len(piece) <= UNBROKEN else None) if is_name else piece
        for piece, is_name in split_marked(text)
    ]


def whole(text: str) -> str | list[Any]:
    """Return a text whose pseudonyms stay on one line each: browsers break lines at their hyphens."""
    parts: list[Any] = []
    end = 0
    for found in PSEUDONYM.finditer(text):
        parts += [text[end : found.start()], html.Span(found[0], className="whole")]
        end = found.end()
    return [part for part in (*parts, text[end:]) if part] if parts else text


def source_line(view: View) -> str:
    """Return what stands behind a quoted sentence: sample, version and run."""
    facts = ", ".join(unmarked(fact) for fact in sample_facts(view.content.summary))
    return _(
        "{title}: {facts}. netact {version}, run {identity}.",
        title=plain(view.content.study.title, limit=80),
        facts=facts,
        version=metadata.version("netact"),
        identity=view.report.identity,
    )


def copy_button(view: View, text: str) -> html.Button:
    """Return a button that copies a sentence with its source and the address of the page."""
    return html.Button(
        _("Copy with source"),
        className="quiet copy",
        type="button",
        **attributes(
            {
                "data-copy": f"{unmarked(text)}\n{source_line(view)}",
                "aria-label": _("Copy this sentence with its source"),
            }
        ),
    )


def confidence(finding: Finding) -> html.P:
    """Return how sure a finding is: a mark and words."""
    mark = {"high": "●●●", "medium": "●●○", "low": "●○○", "cannot say": "○○○"}[finding.confidence]
    words = {
        "high": _("High confidence"),
        "medium": _("Medium confidence"),
        "low": _("Low confidence"),
        "cannot say": _("Cannot say"),
    }[finding.confidence]
    return html.P([html.Span(mark, className="dots", **attributes({"aria-hidden": "true"})), words], className="sure")


def head(view: View, finding: Finding, *, level: int = 1) -> html.Header:
    """Return a finding as a headline with its comparison, its range and its confidence."""
    title = html.H1 if level == 1 else html.H2
    return html.Header(
        [
            html.P(question_text(finding.question), className="ask"),
            title(sentence(finding.headline), className="headline"),
            html.Div(
                [
                    html.P(sentence(finding.comparison)),
                    html.P(sentence(finding.range)),
                    html.Div([confidence(finding), copy_button(view, finding.headline)], className="row"),
                ],
                className="story",
            ),
        ],
        className="finding unsure" if finding.confidence == "cannot say" else "finding",
    )


def card(view: View, finding: Finding) -> dcc.Link:
    """Return a finding as a card that leads to its page: value, range, comparison and confidence."""
    value, under, against = finding.card
    return dcc.Link(
        [
            html.Span(question_text(finding.question), className="ask"),
            html.Span(sentence(value), className="value words" if len(value) > 9 else "value"),
            html.Span(sentence(under), className="under"),
            html.Span(sentence(against), className="against"),
            confidence(finding),
        ],
        href=view.href(finding.question),
        className="card unsure" if finding.confidence == "cannot say" else "card",
    )


def answers(finding: Finding, *, criteria: Sequence[Criterion] = ()) -> list[Any]:
    """Return the answers to the smaller questions, what is not said, and the caveats.

    The answers that only repeat ``criteria`` are left out: a page that has a :func:`checklist` says them there.
    """
    evidence = {closed(one.evidence) for one in criteria}
    parts = answer_list([(label, text) for label, text in finding.answers if text not in evidence])
    if finding.not_said:
        parts.append(
            html.P([html.Strong(_("What this does not say")), *sentence(finding.not_said)], className="not-said")
        )
    if finding.caveats:
        parts.append(html.Ul([html.Li(sentence(text)) for text in finding.caveats], className="caveats"))
    return parts


def answer_list(rows: Sequence[tuple[str, str]]) -> list[Any]:
    """Return labels with their sentences as a list of terms; nothing without rows."""
    if not rows:
        return []
    facts = [html.Div([html.Dt(sentence(label)), html.Dd(sentence(text))], className="fact") for label, text in rows]
    return [html.Dl(facts, className="facts")]


def figure_panel(
    view: View, panel: Panel, *, graph: str | None = None, config: dict[str, Any] | None = None
) -> html.Figure:
    """Return a figure with its title, how to read it, its numbers as a table, and the buttons to take it along.

    Parameters
    ----------
    view, panel
        Where, and what is shown.
    graph
        The id of the graph where callbacks need it.
    config
        Settings of the drawing library that differ from the usual ones.
    """
    name = graph or f"graph-{panel.name}"
    # A picture is described by its title for those who do not see it; the numbers follow as a table.
    drawn = dcc.Graph(
        id=name,
        figure=themed(panel.figure, dark=view.dark),
        config=CONFIG | (config or {}),
        responsive=True,
        style={"height": f"{int(panel.figure.layout.height)}px"},
    )
    return html.Figure(
        [
            html.Figcaption(
                [
                    html.H3(sentence(panel.title), id=f"title-{name}"),
                    html.P(sentence(panel.note), className="note", id=f"note-{name}"),
                ]
            ),
            # What can be worked with is a group of things; role "img" would hide its buttons.
            html.Div(
                drawn,
                role="group" if (config or {}).get("displayModeBar") else "img",
                className="plot",
                **attributes({"aria-labelledby": f"title-{name}"}),
            ),
            html.Div(
                [
                    _take("PNG", name, view, "png"),
                    _take("SVG", name, view, "svg"),
                    html.A(
                        "CSV",
                        href=f"/files/{view.key}/panels/{view.page}/{panel.name}.csv",
                        className="quiet",
                        **attributes(
                            {
                                "data-follows-address": "yes",
                                "aria-label": _("Download the numbers of this figure as CSV"),
                            }
                        ),
                    ),
                    html.Details(numbers(panel), id=f"table-{name}"),
                ],
                className="takeaway",
            ),
        ],
        className="panel",
        id=f"panel-{panel.name}",
    )


def _take(label: str, graph: str, view: View, kind: str) -> html.Button:
    return html.Button(
        label,
        className="quiet",
        type="button",
        **attributes(
            {
                "data-picture": kind,
                "data-graph": graph,
                "data-source": source_line(view),
                "aria-label": _("Download this figure as {kind}", kind=label),
            }
        ),
    )


def numbers(panel: Panel) -> list[Any]:
    """Return what stands in the details of a figure: its numbers, which the browser makes a table when they are opened.

    Every element of a page costs the library's renderer time at every change, and a page has thousands of cells.
    """
    rows = [
        ["" if value is None else plain(str(value), limit=300) for value in row]
        for row in panel.table.head(_SHOWN_ROWS).iter_rows()
    ]
    more = panel.table.height - _SHOWN_ROWS
    table = {
        "label": unmarked(panel.title),
        "columns": panel.table.columns,
        "rows": rows,
        "more": _n("{n:count} further row is not shown.", "{n:count} further rows are not shown.", more)
        if more > 0
        else "",
    }
    return [
        html.Summary(_("The numbers as a table")),
        html.Div(className="numbers", **attributes({"data-table": json.dumps(table, ensure_ascii=False)})),
    ]


def simple_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, label: str) -> html.Div:
    """Return a plain table; cells are texts or components."""
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(name, scope="col", dir="auto") for name in columns])),
                html.Tbody(
                    [
                        html.Tr([html.Td(whole(cell) if isinstance(cell, str) else cell, dir="auto") for cell in row])
                        for row in rows
                    ]
                ),
            ]
        ),
        className="scroll",
        tabIndex=0,
        role="region",
        **attributes({"aria-label": label}),
    )


def notice(title: str, text: str, *, more: Sequence[Any] = ()) -> html.Div:
    """Return what stands where there is nothing to show: what is missing, and what would bring it."""
    return html.Div([html.H2(title), html.P(sentence(text)), *more], className="notice")


def section(title: str, *parts: Any, part: str | None = None) -> html.Section:
    """Return a part of a page under its own heading; ``part`` is the id links and callbacks know it by."""
    named = attributes({"id": part} if part else {})
    return html.Section([html.H2(title), *parts], className="section", **named)


def sections(view: View, parts: Sequence[tuple[str, Sequence[Panel]]]) -> list[Any]:
    """Return figures under their headings; a heading without figures is left out."""
    return [section(title, *(figure_panel(view, one) for one in shown)) for title, shown in parts if shown]


def checklist(criteria: Sequence[Criterion]) -> html.Ul:
    """Return the conditions of a verdict: met, not met or cannot be told, each with its evidence."""
    marks = {True: ("✓", "met"), False: ("✕", "unmet"), None: ("?", "untold")}
    words = {True: _("Met"), False: _("Not met"), None: _("Cannot be told")}
    items = []
    for one in criteria:
        mark, kind = marks[one.met]
        name = re.sub(r"^L\d ", "", told(one.name))  # the number is for the reader of the method
        items.append(
            html.Li(
                [
                    html.Span(mark, className="tick", **attributes({"aria-hidden": "true"})),
                    html.Div(
                        [
                            html.P(
                                [html.Strong(sentence(capital(name))), html.Span(words[one.met], className="state")],
                                className="condition",
                            ),
                            html.P(sentence(closed(one.evidence)), className="evidence"),
                        ]
                    ),
                ],
                className=kind,
            )
        )
    return html.Ul(items, className="checklist")


def account_link(view: View, key: str) -> Any:
    """Return an account's name as a link to its page; "an account" if it may not be named."""
    name = view.content.names.get(key)
    if name is None:
        return html.Span(_("an account"))
    row = view.report.rows.get(key)
    shown = html.Bdi(whole(plain(name)))
    return shown if row is None else dcc.Link(shown, href=view.href("account", account=row))


def right_to_left() -> bool:
    """Return whether the language spoken is written from right to left."""
    return direction() == "rtl"


def menu_button() -> dmc.Burger:
    """Return the button that opens the menu on narrow screens."""
    return dmc.Burger(
        id="menu-button", size="sm", hiddenFrom="md", opened=False, **attributes({"aria-label": _("Menu")})
    )
