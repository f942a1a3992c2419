"""Overview: one sentence to quote, what it rests on, a card a question, then time, the map and the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import polars as pl
from dash import ClientsideFunction, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update

from netact.figures.explorer import explorer
from netact.figures.text import capital, plain, quoted
from netact.figures.theme import themed
from netact.figures.timeline import interactions_over_time, period_label, window_labels
from netact.language import _, _n, count, percent
from netact.report.content import example_tie, sample_facts, who_is_named
from netact.report.findings import overall, question_text
from netact_dashboards.components import (
    CONFIG,
    attributes,
    card,
    copy_button,
    figure_panel,
    numbers,
    right_to_left,
    section,
    sentence,
    view_at,
)
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel
    from netact_dashboards.shelf import Shelf

STEM = "overview"
TIME, MAP = "time-graph", "map-graph"


# ---------------------------------------------------------------------- the choices in the address


def _windows(view: View) -> tuple[int, int] | None:
    """Return the first and last window chosen."""
    return view.span("windows", size=view.content.timeline.windows.height)


def _row(view: View) -> int | None:
    """Return the row of the account chosen, if it may be named."""
    row = view.number("account", high=max(view.report.accounts.height - 1, 0))
    return row if row is not None and row in view.report.rows.values() else None


def _received(view: View) -> dict[str, float] | None:
    """Return what each account received in the windows chosen; None if all time is."""
    chosen = _windows(view)
    if chosen is None:
        return None
    inside = view.content.timeline.activity.filter(pl.col("window").is_between(*chosen))
    return dict(inside.group_by("account").agg(pl.col("received").sum()).iter_rows())


def _period(view: View, chosen: tuple[int, int]) -> str:
    timeline = view.content.timeline
    first, last = timeline.windows["start"][chosen[0]], timeline.windows["end"][chosen[1]]
    return period_label(first, last, timeline.step)


# ---------------------------------------------------------------------- figures


def _time(view: View) -> Panel | None:
    return interactions_over_time(view.content.timeline, view.content.words, chosen=_windows(view))


def _map(view: View, received: dict[str, float] | None) -> Panel | None:
    content, row = view.content, _row(view)
    return explorer(
        content.layout,
        content.results,
        content.names,
        view.groups,
        content.words,
        weights=received,
        selected=None if row is None else view.report.accounts["key"][row],
    )


def panels(view: View) -> tuple[Panel, ...]:
    """Return the timeline and the map."""
    made = (_time(view), _map(view, _received(view)))
    return tuple(one for one in made if one is not None)


# ---------------------------------------------------------------------- layout


def layout(view: View) -> Any:
    """Return the page."""
    content = view.content
    lead = overall(content.findings)
    meaning = content.words.meaning if content.summary.kinds else _("No ties between accounts were read.")
    example = example_tie(content)
    received = _received(view)
    drawn, time = _map(view, received), _time(view)
    linked = bool(view.report.rows)  # without an account that may be named there is nothing to choose or to filter
    return [
        html.Header(
            [
                html.H1(sentence(lead.headline), className="headline"),
                html.P(sentence(lead.comparison), className="deck"),
                html.Div(copy_button(view, lead.headline), className="row"),
                html.Ul(
                    [html.Li(sentence(fact)) for fact in sample_facts(content.summary)],
                    className="sample",
                    **attributes({"aria-label": _("What was analysed")}),
                ),
                html.P(" ".join(who_is_named(content)), className="note"),
                html.P([*sentence(meaning), *([" ", *sentence(example)] if example else [])], className="note"),
            ],
            className="finding",
        ),
        html.Div(
            [card(view, finding) for finding in content.findings if finding.question not in content.unanswered],
            className="cards",
        ),
        *_unanswered(view),
        *(
            [*([] if time is None else [_when(view, time)]), _who(view, drawn, received), _left_out(time, drawn)]
            if linked
            else [figure_panel(view, one) for one in (time, drawn) if one is not None]
        ),
    ]


def _unanswered(view: View) -> list[Any]:
    """Return the questions that the data hold no answer to, in a line each."""
    content = view.content
    found = [finding for finding in content.findings if finding.question in content.unanswered]
    if not found:
        return []
    lines = [
        html.Li([dcc.Link(question_text(one.question), href=view.href(one.question)), " ", *sentence(one.headline)])
        for one in found
    ]
    return [html.P(_("These data hold no answer to:"), className="note"), html.Ul(lines, className="unanswered")]


def _left_out(time: Panel | None, drawn: Panel | None) -> html.Div:
    """Return what the callbacks know by id and the page does not show."""
    parts: list[Any] = []
    if time is None:
        parts += [html.Div(id=name) for name in ("time-panel", "time-said")]
        parts += [dmc.Select(id=name) for name in ("time-from", "time-to")]
        parts += [html.Button(id="time-clear", type="button"), dcc.Graph(id=TIME, figure={}, config=CONFIG)]
    if drawn is None:
        parts += [html.Div(id=f"{name}-{MAP}") for name in ("title", "note", "table")]
        parts.append(dcc.Graph(id=MAP, figure={}, config=CONFIG))
    return html.Div(parts, hidden=True)


def _when(view: View, drawn: Panel) -> Any:
    """Return the timeline with the choice of a stretch of time, by brush or by two lists."""
    timeline = view.content.timeline
    labels = window_labels(timeline.windows, timeline.step)
    ends = window_labels(
        timeline.windows.with_columns(start=pl.col("end") - pl.duration(microseconds=1)), timeline.step
    )
    first, last = _windows(view) or (None, None)
    return section(
        _("When"),
        html.Div(
            [
                _stretch("time-from", _("From"), labels, first),
                _stretch("time-to", _("To"), ends, last),
                html.Button(_("All the time"), id="time-clear", type="button", className="quiet"),
            ],
            className="stretch row",
        ),
        html.P(_shown_time(view), id="time-said", className="said-small", **attributes({"aria-live": "polite"})),
        html.Div(figure_panel(view, drawn, graph=TIME), id="time-panel"),
        part="when",
    )


def _stretch(name: str, label: str, labels: list[str], chosen: int | None) -> dmc.Select:
    return dmc.Select(
        id=name,
        label=label,
        data=[{"label": text, "value": str(number)} for number, text in enumerate(labels)],
        value=None if chosen is None else str(chosen),
        placeholder=_("any time"),
        allowDeselect=False,
        size="sm",
    )


def _shown_time(view: View) -> str:
    chosen = _windows(view)
    if chosen is None:
        return _("Map and table show all the time. Drag across the bars, or choose two ends, to look at a part of it.")
    return _("Map and table show {period} only.", period=_period(view, chosen))


def _who(view: View, drawn: Panel | None, received: dict[str, float] | None) -> Any:
    """Return the map and the accounts, linked."""
    chosen = _row(view)
    config = {
        "scrollZoom": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
    }
    return section(
        _("Who is heard") if view.content.words.directed else _("Who is connected"),
        dcc.Store(id="account-chosen", data=chosen),
        dcc.Store(id="windows-chosen", data=_windows(view)),
        html.Div(
            _detail(view, received), id="account-detail", className="detail", **attributes({"aria-live": "polite"})
        ),
        html.Div(
            [
                *(
                    []
                    if drawn is None
                    else [html.Div(figure_panel(view, drawn, graph=MAP, config=config), className="explorer-map")]
                ),
                html.Div(_accounts(view, received, chosen), className="explorer-table"),
            ],
            className="explorer",
        ),
        part="who",
    )


# ---------------------------------------------------------------------- accounts


def _accounts(view: View, received: dict[str, float] | None, chosen: int | None) -> list[Any]:
    named = len(view.report.rows)
    text = _n(
        "{n:count} account is shown by itself: members of cores, bridges and the most heard. The others merely took part.",
        "{n:count} accounts are shown by themselves: members of cores, bridges and the most heard. The others merely took part.",
        named,
    )
    return [
        html.Div(
            [
                html.H3(_("Accounts"), id="accounts-title"),
                html.P(text, className="note"),
                html.Div(
                    [
                        html.Label(_("Search an account, group or core"), htmlFor="accounts-search"),
                        dcc.Input(id="accounts-search", type="search", autoComplete="off", debounce=False),
                    ],
                    className="pick",
                ),
            ]
        ),
        dag.AgGrid(
            id="accounts-grid",
            rowData=_rows(view, received),
            columnDefs=_columns(view, part=received is not None),
            defaultColDef={
                "sortable": True,
                "resizable": True,
                "suppressMovable": True,
                "suppressHeaderMenuButton": True,
            },
            getRowId="params.data.id",
            selectedRows={"ids": [str(chosen)]} if chosen is not None else [],
            scrollTo={"rowId": str(chosen), "rowPosition": "middle"} if chosen is not None else None,
            dashGridOptions={
                "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
                "theme": {"function": "themeQuartz.withPart(agGrid.colorSchemeVariable)"},
                "enableRtl": right_to_left(),
                "enableCellTextSelection": True,
                "rowHeight": 34,
                "headerHeight": 38,
                "suppressColumnVirtualisation": True,
                "animateRows": False,
                "ensureDomOrder": True,
            },
            style={"height": "520px", "width": "100%"},
            className="ag-theme-netact",
        ),
    ]


# Widths are given: columns that share out the room are not drawn, nor read out, until the table is scrolled to.
def _columns(view: View, *, part: bool) -> list[dict[str, Any]]:
    """Return the columns; in a part of the time from how many accounts is not known and is left out."""
    words, found = view.content.words, view.report.accounts.columns

    def number(field: str, name: str, width: int, **more: Any) -> dict[str, Any]:
        said = {"valueFormatter": {"function": f"params.data.{field}_said"}, "type": "rightAligned"}
        return {"field": field, "headerName": name, "width": width, **said, **more}

    return [
        {"field": "rank", "headerName": _("Rank"), "width": 92, "type": "rightAligned", "sort": "asc"},
        {
            "field": "name",
            "headerName": _("Account"),
            "width": 230,
            "cellStyle": {"unicodeBidi": "plaintext"},
            "tooltipField": "name",
        },
        number("share", _("Share"), 105, sortingOrder=["desc", "asc"]),
        number("received", capital(words.ties), 120, sortingOrder=["desc", "asc"]),
        number("givers", _("From accounts") if words.directed else _("With accounts"), 145, hide=part),
        {"field": "core", "headerName": _("Core"), "width": 100, "hide": "core" not in found},
        {
            "field": "group",
            "headerName": _("Group"),
            "width": 170,
            "hide": not view.groups,
            "cellStyle": {"unicodeBidi": "plaintext"},
        },
    ]


def _rows(view: View, received: dict[str, float] | None) -> list[dict[str, Any]]:
    """Return one row an account that may be named, in order of what it received."""
    table, kind = view.report.accounts, view.content.summary.attention_kind
    rows = sorted(view.report.rows.values())
    keys = table["key"].gather(rows).to_list()
    if received is None:
        share = table["share_of_attention"].gather(rows).to_list()
        amount = _gathered(table, f"{kind}_in_strength", rows)
        rank = [row + 1 for row in rows]
    else:
        total = sum(received.values()) or 1.0
        amount = [received.get(key, 0.0) for key in keys]
        share = [value / total for value in amount]
        above = pl.Series(list(received.values()), dtype=pl.Float64)
        rank = [int((above > value).sum()) + 1 for value in amount]
    givers, core, faction = (_gathered(table, name, rows) for name in (f"{kind}_in", "core", "faction"))
    shown: list[dict[str, Any]] = []
    for i, row in enumerate(rows):
        shown.append(
            {
                "id": str(row),
                "rank": rank[i],
                "name": plain(view.content.names[keys[i]]),
                "share": share[i],
                "share_said": "" if share[i] is None else percent(share[i]),
                "received": amount[i],
                "received_said": "" if amount[i] is None else count(amount[i]),
                "givers": givers[i],
                "givers_said": "" if givers[i] is None else count(givers[i]),
                "core": "" if core[i] is None else _("Core {number}", number=core[i]),
                "group": "" if faction[i] is None else plain(view.groups.get(faction[i], _("Smaller groups"))),
            }
        )
    return shown


def _gathered(table: pl.DataFrame, name: str, rows: list[int]) -> list[Any]:
    return table[name].gather(rows).to_list() if name in table.columns else [None] * len(rows)


def _detail(view: View, received: dict[str, float] | None) -> list[Any]:
    """Return what is known of the account chosen, with the way to its page."""
    row = _row(view)
    if row is None:
        return [html.P(_("Choose an account in the map or in the table to see its ties."), className="note")]
    found = next(item for item in _rows(view, received) if item["id"] == str(row))
    words, name, part = view.content.words, quoted(found["name"]), received is not None
    said = [
        _("{share} {of_all_ties}", share=found["share_said"], of_all_ties=words.of_all_ties),
        _("number {rank:count}", rank=found["rank"]),
        *(
            [_("from {n} accounts", n=found["givers_said"])]
            if words.directed and not part and found["givers_said"]
            else []
        ),
        *(text for text in (found["group"], found["core"]) if text),
    ]
    chosen = _windows(view)
    if chosen is not None:
        said.append(_period(view, chosen))
    placed = view.report.accounts["key"][row] in view.content.layout.accounts["account"]
    return [
        html.P(
            [
                html.Strong(sentence(name)),
                html.Span([html.Span(text, dir="auto") for text in said], className="dotted"),
            ],
            className="who",
        ),
        html.Div(
            [
                dcc.Link(_("Open its page"), href=view.href("account", account=row), className="loud small"),
                html.Button(_("Choose none"), id="account-clear", type="button", className="quiet"),
                *([] if placed else [html.Span(_("It has no place on the map."), className="note")]),
            ],
            className="row",
        ),
    ]


# ---------------------------------------------------------------------- callbacks


def register(app: Dash, shelf: Shelf) -> None:
    """Time filters the map and the table; map and table choose the same account; the address keeps both."""

    @app.callback(
        Output("windows-chosen", "data"),
        Output("time-from", "value"),
        Output("time-to", "value"),
        Input(TIME, "selectedData"),
        Input(TIME, "clickData"),
        Input("time-from", "value"),
        Input("time-to", "value"),
        Input("time-clear", "n_clicks"),
        State("windows-chosen", "data"),
        prevent_initial_call=True,
    )
    def choose_time(
        brushed: Any, clicked: Any, first: str | None, last: str | None, _clear: Any, shown: list[int] | None
    ) -> Any:
        ends = [None if end is None or not end.isdecimal() else int(end) for end in (first, last)]
        chosen = _chosen_time(ctx.triggered_prop_ids, brushed, clicked, *ends)
        if chosen == "same" or chosen == (None if shown is None else list(shown)):
            return no_update, no_update, no_update
        return chosen, *((str(end) for end in chosen) if chosen else (None, None))

    @app.callback(
        Output("account-chosen", "data"),
        Output("accounts-grid", "selectedRows"),
        Output("accounts-grid", "scrollTo"),
        Input(MAP, "clickData"),
        Input("accounts-grid", "selectedRows"),
        State("account-chosen", "data"),
        State("address", "pathname"),
        prevent_initial_call=True,
    )
    def choose_account(clicked: Any, selected: Any, shown: int | None, pathname: str | None) -> Any:
        view = view_at(shelf, pathname, {})
        if view is None:
            return no_update, no_update, no_update
        if ctx.triggered_id == MAP:
            row = _clicked(view, clicked)
            if row is None or row == shown:
                return no_update, no_update, no_update
            return row, {"ids": [str(row)]}, {"rowId": str(row), "rowPosition": "middle"}
        row = _selected(selected)
        return (no_update if row == shown else row), no_update, no_update

    @app.callback(
        Output("accounts-grid", "selectedRows", allow_duplicate=True),
        Output("account-chosen", "data", allow_duplicate=True),
        Input("account-clear", "n_clicks"),
        prevent_initial_call=True,
    )
    def choose_none(clicks: int | None) -> Any:
        return ([], None) if clicks else (no_update, no_update)

    @app.callback(
        Output(MAP, "figure"),
        Output(f"title-{MAP}", "children"),
        Output(f"note-{MAP}", "children"),
        Output(f"table-{MAP}", "children"),
        Output("account-detail", "children"),
        Input("account-chosen", "data"),
        Input("windows-chosen", "data"),
        State("address", "pathname"),
        prevent_initial_call=True,
    )
    def draw_map(row: int | None, windows: list[int] | None, pathname: str | None) -> Any:
        view = view_at(shelf, pathname, _query(row, windows)) if ctx.triggered_id else None
        if view is None:  # or the page has just come, drawn as the address asks
            return (no_update,) * 5
        received = _received(view)
        drawn = _map(view, received)
        if drawn is None:
            return *(no_update,) * 4, _detail(view, received)
        # Only what changed is sent: the picture behind the accounts stays, and so does the part zoomed to.
        painted, change = themed(drawn.figure, dark=view.dark).to_plotly_json(), Patch()
        change["data"] = painted["data"]
        change["layout"]["annotations"] = painted["layout"].get("annotations", [])
        return change, sentence(drawn.title), sentence(drawn.note), numbers(drawn), _detail(view, received)

    @app.callback(
        Output("time-panel", "children"),
        Output("time-said", "children"),
        Output("accounts-grid", "rowData"),
        Output("accounts-grid", "columnDefs"),
        Input("windows-chosen", "data"),
        State("address", "pathname"),
        prevent_initial_call=True,
    )
    def filter_time(windows: list[int] | None, pathname: str | None) -> Any:
        view = view_at(shelf, pathname, _query(None, windows)) if ctx.triggered_id else None
        drawn = None if view is None else _time(view)
        if view is None or drawn is None:
            return (no_update,) * 4
        received = _received(view)
        return (
            figure_panel(view, drawn, graph=TIME),
            _shown_time(view),
            _rows(view, received),
            _columns(view, part=received is not None),
        )

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("netact", "keepChoice"), Input("account-chosen", "data"), Input("windows-chosen", "data")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("netact", "searchAccounts"),
        Output("accounts-grid", "dashGridOptions"),
        Input("accounts-search", "value"),
        State("accounts-grid", "dashGridOptions"),
        prevent_initial_call=True,
    )


def _query(row: int | None, windows: list[int] | None) -> dict[str, str]:
    query = {} if row is None else {"account": str(row)}
    return query if not windows else {**query, "windows": f"{windows[0]}-{windows[1]}"}


def _chosen_time(triggered: Any, brushed: Any, clicked: Any, first: int | None, last: int | None) -> Any:
    """Return the windows that were just chosen as ``[first, last]``, None for all, "same" if nothing was."""
    props = set(triggered)
    if "time-clear.n_clicks" in props:
        return None
    if f"{TIME}.selectedData" in props:
        numbers = [point["customdata"][0] for point in (brushed or {}).get("points", []) if point.get("customdata")]
        return [min(numbers), max(numbers)] if numbers else "same"
    if f"{TIME}.clickData" in props:
        numbers = [point["customdata"][0] for point in (clicked or {}).get("points", []) if point.get("customdata")]
        return [numbers[0], numbers[0]] if numbers else "same"
    if first is None and last is None:
        return "same"
    # One end alone is a window; an end before the beginning moves the other one with it.
    first, last = (last if first is None else first), (first if last is None else last)
    if first > last:  # type: ignore[operator]
        first = last = first if "time-from.value" in props else last
    return [first, last]


def _clicked(view: View, clicked: Any) -> int | None:
    """Return the row of the account whose marker was clicked, if it may be named."""
    data = next((point.get("customdata") for point in (clicked or {}).get("points", [])), None)
    accounts = view.content.layout.accounts
    if not data or not isinstance(data[0], int) or not 0 <= data[0] < accounts.height:
        return None
    return view.report.rows.get(accounts["account"][data[0]])


def _selected(selected: Any) -> int | None:
    """Return the row that is selected in the table."""
    if isinstance(selected, dict):
        ids = selected.get("ids", [])
        return int(ids[0]) if ids else None
    return int(selected[0]["id"]) if selected else None


PAGE = Page(STEM, lambda: _("Overview"), layout, panels, register)
