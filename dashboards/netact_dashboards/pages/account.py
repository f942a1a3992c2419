"""One account: how much it was heard, by whom, when, and what each question says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import Dash, Input, Output, State, dcc, html, no_update

from netact.figures.ego import ego_map, ego_over_time
from netact.figures.text import plain, quoted
from netact.language import _, _n
from netact.results import Factions, LeadingCore
from netact_dashboards.components import answer_list, copy_button, figure_panel, notice, sentence, simple_table
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel
    from netact_dashboards.shelf import Shelf

_SHOWN = 40


def panels(view: View) -> tuple[Panel, ...]:
    """Return the account with its neighbours, and its attention over time."""
    row = _row(view)
    if row is None:
        return ()
    key = view.report.accounts["key"][row]
    content = view.content
    made = (
        ego_map(
            key,
            view.report.neighbours(row),
            content.names,
            view.groups,
            attention=float(_value(view, row, "share_of_attention") or 0.0),
            directed=content.words.directed,
        ),
        ego_over_time(key, content.timeline, content.words),
    )
    return tuple(panel for panel in made if panel is not None)


def layout(view: View) -> Any:
    """Return the page; without a choice, the list to choose from."""
    row = _row(view)
    if row is None:
        wanted = view.number("account")
        hidden = wanted is not None and wanted < view.report.accounts.height
        return [
            html.H1(_("Accounts"), className="headline"),
            *([_not_named()] if hidden else []),
            _chooser(view, None),
            _most_heard(view),
        ]
    name = quoted(view.content.names[view.report.accounts["key"][row]])
    lead = _lead(view, row, name)
    return [
        html.Header(
            [
                html.P(_("Account"), className="ask"),
                html.H1(sentence(lead), className="headline"),
                html.Div(copy_button(view, lead), className="row"),
            ],
            className="finding",
        ),
        _chooser(view, row),
        *answer_list(_facts(view, row)),
        html.P(
            _("Being heard is not the same as deciding. Nothing here says who runs this account."), className="not-said"
        ),
        *(figure_panel(view, panel) for panel in panels(view)),
        _neighbours(view, row),
    ]


def _row(view: View) -> int | None:
    """Return the row of the account in the address, if it may be named."""
    row = view.number("account", high=max(view.report.accounts.height - 1, 0))
    if row is None or not view.report.accounts.height:
        return None
    return row if view.report.accounts["key"][row] in view.content.names else None


def _value(view: View, row: int, column: str) -> Any:
    table = view.report.accounts
    return table[column][row] if column in table.columns else None


def _lead(view: View, row: int, name: str) -> str:
    words, share = view.content.words, _value(view, row, "share_of_attention") or 0.0
    total = view.report.accounts.height
    if not share:
        return _("{name} was not heard in this sample.", name=name)
    places = {"name": name, "share": share, "of_all_ties": words.of_all_ties, "rank": row + 1, "total": total}
    if not words.directed:
        return _("{name} had {share:percent} {of_all_ties}: number {rank:count} of {total:count} accounts.", **places)
    return _("{name} drew {share:percent} {of_all_ties}: number {rank:count} of {total:count} accounts.", **places)


def _facts(view: View, row: int) -> list[tuple[str, str]]:
    """Say what each question says of the account."""
    facts: list[tuple[str, str]] = []
    key, kind = view.report.accounts["key"][row], view.content.summary.attention_kind
    givers, given_to = _value(view, row, f"{kind}_in"), _value(view, row, f"{kind}_out")
    if givers is not None:
        facts.append((_("Heard by"), _n("{n:count} account", "{n:count} accounts", givers)))
    if given_to is not None:
        facts.append((_("Gave attention to"), _n("{n:count} account", "{n:count} accounts", given_to)))
    found = view.content.results.get("leading_core")
    if isinstance(found, LeadingCore):
        facts.append((_("Leading core"), _core(found, key)))
    factions = view.content.results.get("factions")
    if isinstance(factions, Factions):
        facts += _groups(view, factions, key)
    level = _value(view, row, "level")
    if level is not None:
        text = _("Trophic level {level:decimal1} in the direction of influence; 0 is the top.", level=level)
        facts.append((_("Level"), text))
    platform = _value(view, row, "platform")
    if platform:
        facts.append((_("Platform"), plain(platform, limit=30)))
    return facts


def _core(found: LeadingCore, key: str) -> str:
    for number, core in enumerate(found.cores, start=1):
        if key in core.members:
            stays = core.stability.get(key)
            text = _n(
                "One of {n:count} member of core {number:count}.",
                "One of {n:count} members of core {number:count}.",
                core.size,
                number=number,
            )
            if stays is None:
                return text
            return _("{sentence} It was found again in {share:percent} of subsamples.", sentence=text, share=stays)
    if key == found.hub:
        return _("The single account that drew most; no core was found around it.")
    if not found.cores:
        return _("No core was found in this sample.")
    tied = found.associates.filter(pl.col("account") == key) if found.associates.height else found.associates
    if tied.height:
        return _("Not a member, but tied to core {number:count} more than chance explains.", number=tied["core"][0])
    return _("Not a member of a core.")


def _groups(view: View, factions: Factions, key: str) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    member = factions.membership.filter(pl.col("account") == key)
    if member.height:
        name = view.groups.get(member["faction"][0])
        stays = member["stability"][0]
        if name is None:
            facts.append((_("Group"), _("One of the smaller groups.")))
        elif stays is None:
            facts.append((_("Group"), _("{group}.", group=plain(name))))
        else:
            text = _("{group}; with its members in {share:percent} of runs.", group=plain(name), share=stays)
            facts.append((_("Group"), text))
    across = factions.bridges.filter(pl.col("account") == key)
    if across.height:
        text = _(
            "{share:percent} of the attention it drew came from outside its group.", share=across["crossing_share"][0]
        )
        facts.append((_("Heard across groups"), text))
    return facts


def _chooser(view: View, row: int | None) -> html.Div:
    """Return the list of accounts that may be named, to search and choose from."""
    rows = sorted(view.report.rows.items(), key=lambda item: item[1])
    options = [
        {"label": f"{number + 1:,}. {plain(view.content.names[key])}", "value": str(number)} for key, number in rows
    ]
    return html.Div(
        [
            dmc.Select(
                id="account-choice",
                label=_("Choose an account"),
                data=options,
                value=None if row is None else str(row),
                placeholder=_("Type a name"),
                searchable=True,
                allowDeselect=False,
                nothingFoundMessage=_("No account of this name can be chosen."),
                maxDropdownHeight=320,
            ),
            html.P(
                _(
                    "Members of cores, bridges and the most heard accounts can be chosen, not people who merely took part."
                ),
                className="note",
            ),
        ],
        className="chooser",
    )


def _most_heard(view: View) -> Any:
    table = view.report.accounts
    rows = sorted(view.report.rows.values())[:_SHOWN]
    shown = [
        [
            dcc.Link(plain(view.content.names[table["key"][row]]), href=view.href("account", account=row)),
            _("{share:percent}", share=table["share_of_attention"][row] or 0.0),
        ]
        for row in rows
    ]
    words = view.content.words
    return simple_table(
        [_("Account"), _("Share {of_all_ties}", of_all_ties=words.of_all_ties)], shown, label=_("Accounts")
    )


def _neighbours(view: View, row: int) -> Any:
    """Return the neighbours that may be named, as a table that leads on to their pages."""
    found = view.report.neighbours(row)
    named = found.filter(pl.col("account").is_in(list(view.content.names))).head(_SHOWN)
    others = found.height - named.height
    body: list[Any] = [html.H2(_("Ties with accounts that can be named"))]
    if named.height:
        rows = [
            [
                dcc.Link(plain(view.content.names[item["account"]]), href=view.href("account", account=item["row"])),
                _("{n:count}", n=item["gave"]),
                _("{n:count}", n=item["received"]),
                view.groups.get(item["faction"], "") if item["faction"] is not None else "",
            ]
            for item in named.iter_rows(named=True)
        ]
        columns = [_("Account"), _("Gave to this account"), _("Received from it"), _("Group")]
        body.append(simple_table(columns, rows, label=_("Ties with accounts that can be named")))
    if others:
        text = _n(
            "{n:count} further account is tied to it and is not named here.",
            "{n:count} further accounts are tied to it and are not named here.",
            others,
        )
        body.append(html.P(text, className="note"))
    return html.Section(body)


def _not_named() -> html.Div:
    return notice(
        _("This account is not shown"),
        _(
            "It merely took part. Accounts are shown if they belong to a core, bridge groups or are among the most heard."
        ),
    )


def register(app: Dash, shelf: Shelf) -> None:  # noqa: ARG001
    """Choosing an account opens its page."""

    @app.callback(
        Output("address", "search"),
        Input("account-choice", "value"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose(value: str | None, search: str | None) -> Any:
        wanted = f"?account={value}"
        return no_update if value is None or wanted == (search or "") else wanted


PAGE = Page("account", lambda: _("Accounts"), layout, panels, register)
