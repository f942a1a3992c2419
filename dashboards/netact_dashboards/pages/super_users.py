"""Super users: who holds the logins, and what is left when chosen people pull their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from netact.figures import panels as figures_of
from netact.figures.shutdown import after_removal, scenario_sentence, shutdown_by_group, shutdown_losses
from netact.figures.text import plain
from netact.figures.text import sentence as closed
from netact.language import _, _n
from netact.report.findings import question_text
from netact.results import SuperUsers
from netact_dashboards.components import (
    answers,
    attributes,
    copy_button,
    figure_panel,
    head,
    notice,
    section,
    sections,
    sentence,
    simple_table,
    view_at,
    whole,
)
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel
    from netact_dashboards.shelf import Shelf

STEM = "super_users"
RULES = ("shutdown", "departure")
# The table that would answer the question, with names that belong to nobody.
TEMPLATE = "person,account,role\nAda,page_one,owner\nBo,page_one,editor\nBo,page_two,admin\n"


def _result(view: View) -> SuperUsers | None:
    found = view.content.results.get(STEM)
    return found if isinstance(found, SuperUsers) else None


def _asked(view: View) -> bool:
    """Return whether there are people to take out."""
    shutdown = view.content.shutdown
    return shutdown.status == "ok" and shutdown.people.height > 0


def _choice(view: View) -> tuple[int, str]:
    """Return the people taken out, at first nobody, and the rule."""
    mask, rule = view.number("mask", high=2**view.content.shutdown.people.height - 1), view.query.get("rule", "")
    return mask or 0, rule if rule in RULES else RULES[0]


def _chosen_panels(view: View) -> list[Panel]:
    """Return the figures of the combination in the address."""
    if not _asked(view):
        return []
    shutdown, (mask, rule) = view.content.shutdown, _choice(view)
    made = (
        shutdown_losses(shutdown, mask=mask, rule=rule),
        shutdown_by_group(shutdown, view.groups, mask=mask, rule=rule),
    )
    return [one for one in made if one is not None]


def _parts(view: View) -> list[tuple[str, list[Panel]]]:
    """Return the figures below the control under their headings."""
    result, content = _result(view), view.content
    if result is None:
        return []
    made = list(figures_of(result, names=content.names, directed=content.summary.directed))
    alike = [one for one in made if one.name == "similarity"]
    return [
        (_("Who could take most with them"), [one for one in made if one.name != "similarity"]),
        (_("Accounts that behave alike"), alike),
    ]


def _after(view: View) -> list[Panel]:
    if not _asked(view):
        return []
    made = after_removal(view.content.shutdown, rule=_choice(view)[1])
    return [] if made is None else [made]


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figures in the order of the page."""
    below = [one for _title, shown in _parts(view) for one in shown]
    return (*_chosen_panels(view), *_after(view), *below)


def layout(view: View) -> Any:
    """Return the page."""
    result, finding = _result(view), view.findings[STEM]
    return [
        head(view, finding),
        *answers(finding),
        *([_what_would_answer(result)] if result is None or result.status != "ok" else []),
        *_control(view),
        *sections(view, _parts(view)),
    ]


# ---------------------------------------------------------------------- without a table


def _what_would_answer(result: SuperUsers | None) -> html.Div:
    """Return which table would answer the question, to take along."""
    given = result is not None and result.n_people > 0
    text = (
        closed(result.reason)
        if given and result is not None
        else _(
            "Who holds the logins cannot be seen from outside. A table with one row a person and account would tell."
        )
    )
    columns = [
        [
            "person",
            _("Who holds access: a name, a nickname or a number. The same person must always be written the same."),
        ],
        ["account", _("The account, page, group or channel, written as in the file of interactions.")],
        ["role", _("What they may do: owner, admin or moderator can close it; editor only writes. May be left empty.")],
    ]
    more = [
        simple_table([_("Column"), _("What it holds")], columns, label=_("Columns of the table")),
        html.Pre(html.Code(TEMPLATE), className="template", tabIndex=0),
        html.Div(
            [
                html.Button(
                    _("Download this template"),
                    type="button",
                    className="quiet",
                    **attributes({"data-save": TEMPLATE, "data-save-name": "admins.csv"}),
                ),
                html.Button(
                    _("Copy it"),
                    type="button",
                    className="quiet",
                    **attributes({"data-copy-exactly": TEMPLATE, "data-copied": _("Copied.")}),
                ),
            ],
            className="row",
        ),
        html.P(
            _("Add the filled table to the study beside the interactions. Such a table is sensitive: keep it safe."),
            className="note",
        ),
    ]
    return notice(_("What would answer it"), text, more=more)


# ---------------------------------------------------------------------- taking people out


def _control(view: View) -> list[Any]:
    if not _asked(view):
        return []
    shutdown, (mask, rule) = view.content.shutdown, _choice(view)
    rows = list(shutdown.people.select("bit", "person", "accounts").iter_rows())
    boxes = [
        dmc.Checkbox(
            label=html.Span(
                [
                    html.Bdi(whole(plain(person))),
                    html.Span(_n("{n:count} account", "{n:count} accounts", held), className="held"),
                ]
            ),
            value=str(bit),
        )
        for bit, person, held in rows
    ]
    control = html.Div(
        [
            dmc.CheckboxGroup(
                html.Div(boxes, className="boxes"),
                id="people-out",
                label=_("Take these people out"),
                value=[str(bit) for bit, _person, _held in rows if mask >> bit & 1],
            ),
            dmc.RadioGroup(
                html.Div(
                    [
                        dmc.Radio(
                            label=_("They pull the plug: one holder is enough to close an account"), value="shutdown"
                        ),
                        dmc.Radio(
                            label=_("They are gone: an account goes dark when nobody is left who holds it"),
                            value="departure",
                        ),
                    ],
                    className="boxes",
                ),
                id="rule-out",
                label=_("What happens"),
                value=rule,
            ),
        ],
        className="control",
    )
    return [
        dcc.Store(id="out-address"),
        section(
            _("What if they leave or shut it down?"),
            control,
            html.Div(_said(view), id="out-said", **attributes({"aria-live": "polite"})),
            html.Div(_drawn(view), id="out-figures"),
            html.Div([figure_panel(view, one) for one in _after(view)], id="out-after"),
            part="without-them",
        ),
    ]


def _said(view: View) -> list[Any]:
    mask, rule = _choice(view)
    text = scenario_sentence(view.content.shutdown, mask=mask, rule=rule)
    return [
        html.P(sentence(text), className="said", **attributes({"data-part": "scenario"})),
        html.Div(copy_button(view, text), className="row"),
    ]


def _drawn(view: View) -> list[Any]:
    return [figure_panel(view, one) for one in _chosen_panels(view)]


def register(app: Dash, shelf: Shelf) -> None:
    """Taking people out changes what is said and drawn, and the address."""

    @app.callback(
        Output("out-said", "children"),
        Output("out-figures", "children"),
        Output("out-after", "children"),
        Output("out-address", "data"),
        Input("people-out", "value"),
        Input("rule-out", "value"),
        State("address", "pathname"),
        prevent_initial_call=True,
    )
    def take_out(people: list[str] | None, rule: str | None, pathname: str | None) -> Any:
        bits = {int(bit) for bit in people or [] if bit.isascii() and bit.isdigit() and int(bit) < 12}
        query = {"mask": str(sum(2**bit for bit in bits)), "rule": rule or RULES[0]}
        view = view_at(shelf, pathname, query)
        if view is None or not _asked(view):
            return [], [], [], {}
        return _said(view), _drawn(view), [figure_panel(view, one) for one in _after(view)], query

    app.clientside_callback(ClientsideFunction("netact", "keepInAddress"), Input("out-address", "data"))  # type: ignore[no-untyped-call]


PAGE = Page(STEM, lambda: question_text(STEM), layout, panels, register)
