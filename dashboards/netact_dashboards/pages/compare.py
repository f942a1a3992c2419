"""Two reports, or two stretches of time of one report, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import numpy as np
import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from netact.figures.compare import compare_values
from netact.figures.text import group_name, plain, quoted
from netact.figures.timeline import period_label
from netact.language import _, _n, count, decimal, percent
from netact.report.compare import TOP, in_common, shared_cores, top_sentence, value_rows
from netact.report.content import sample_facts
from netact.report.findings import question_text
from netact_dashboards.components import confidence, copy_button, figure_panel, notice, sentence, simple_table
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.figures import Panel
    from netact.report import Finding, StoredReport
    from netact_dashboards.shelf import Shelf

_SHOWN = 15


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figure that holds two reports side by side; two stretches of time are a table."""
    other = _other(view)
    made = None if other is None else compare_values(value_rows(view.report, other))
    return () if made is None else (made,)


def layout(view: View) -> Any:
    """Return the page."""
    other = _other(view)
    body = _reports(view, other) if other is not None else _windows(view)
    return [
        html.Header([html.P(_("Compare"), className="ask"), html.H1(_("Side by side"), className="headline")]),
        _choice(view),
        *body,
    ]


def _choice(view: View) -> html.Div:
    """Return what may be compared: other reports by name or address, and two stretches of time."""
    public = [
        {"label": plain(report.content.study.title, limit=60), "value": key}
        for key in view.shelf.public
        if key != view.key and (report := view.shelf.report(key)) is not None
    ]
    chosen = view.query.get("with", "")
    if chosen and all(option["value"] != chosen for option in public):
        other = view.shelf.report(chosen)
        if other is not None:
            public.append({"label": plain(other.content.study.title, limit=60), "value": chosen})
    return html.Div(
        [
            html.Section(
                [
                    html.H2(_("With another report")),
                    dmc.Select(
                        id="compare-with",
                        label=_("An open report"),
                        data=public,
                        value=chosen or None,
                        placeholder=_("Choose a report"),
                        nothingFoundMessage=_("No other report is open."),
                        clearable=True,
                    ),
                    dmc.TextInput(
                        id="compare-address", label=_("or the address of its page"), debounce=True, autoComplete="off"
                    ),
                ]
            ),
            html.Section(_stretches(view)),
        ],
        className="compare-choice",
    )


def _stretches(view: View) -> list[Any]:
    """Return four selects: from and to of two stretches of time."""
    windows = view.content.timeline.windows
    if windows.height < 2:
        return [
            html.H2(_("Two stretches of time of this report")),
            html.P(_("They cannot be compared: the ties have no times."), className="note"),
        ]
    options = [
        {"label": _stretch_name(view, (number, number)), "value": str(number)} for number in range(windows.height)
    ]
    first, second = _spans(view)
    fields = []
    for name, span, title in (("a", first, _("First stretch")), ("b", second, _("Second stretch"))):
        fields.append(
            html.Fieldset(
                [
                    html.Legend(title),
                    *(
                        dmc.Select(
                            id={"compare": name, "end": end},
                            label=word,
                            data=options,
                            value=str(span[end]),
                            allowDeselect=False,
                            size="xs",
                        )
                        for end, word in ((0, _("from")), (1, _("up to and with")))
                    ),
                ]
            )
        )
    return [html.H2(_("Two stretches of time of this report")), html.Div(fields, className="stretches")]


def _stretch_name(view: View, span: tuple[int, int]) -> str:
    """Say a stretch by its first and last day; an end belongs to the next window."""
    windows = view.content.timeline.windows
    return period_label(windows["start"][span[0]], windows["end"][span[1]], view.content.timeline.step)


def _spans(view: View) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the two stretches in the address; by default the two halves of the time."""
    size = view.content.timeline.windows.height
    half = max(size // 2, 1)
    return (
        view.span("a", size=size) or (0, half - 1),
        view.span("b", size=size) or (min(half, size - 1), max(size - 1, 0)),
    )


# ---------------------------------------------------------------------- two reports


def _other(view: View) -> StoredReport | None:
    key = view.query.get("with", "")
    return view.shelf.report(key) if key and key != view.key else None


def _reports(view: View, other: StoredReport) -> list[Any]:
    theirs = {finding.question: finding for finding in other.content.findings}
    titles = [plain(report.content.study.title, limit=60) for report in (view.report, other)]
    parts: list[Any] = [
        html.Div(
            [
                html.Section(
                    [
                        html.H2(html.Bdi(f"{letter}. {title}")),
                        html.P(" · ".join(sample_facts(report.content.summary)), className="note"),
                    ]
                )
                for letter, title, report in zip("AB", titles, (view.report, other), strict=True)
            ],
            className="two",
        )
    ]
    for question, mine in view.findings.items():
        yours = theirs.get(question)
        parts.append(html.H3(question_text(question), className="compare-question"))
        parts.append(html.Div([_short(mine), _short(yours)], className="two"))
    parts += _shared_accounts(view, other)
    parts += [figure_panel(view, panel) for panel in panels(view)]
    parts.append(
        html.P(
            _(
                "Two samples differ in how they were collected, not only in what happened. Where the ranges overlap, the difference may be chance."
            ),
            className="not-said",
        )
    )
    return parts


def _short(finding: Finding | None) -> html.Div:
    if finding is None:
        return html.Div(html.P(_("This report did not ask that."), className="note"))
    return html.Div(
        [
            html.P(sentence(finding.headline), className="compare-headline"),
            html.P(sentence(finding.comparison), className="note"),
            html.P(sentence(finding.range), className="note"),
            confidence(finding),
        ]
    )


def _shared_accounts(view: View, other: StoredReport) -> list[Any]:
    """Say how many of the most heard and of the members of cores are in both."""
    _counts, top = in_common(view.report, other)
    if top is None:
        told = _("The accounts have pseudonyms made with different keys, so that they cannot be compared.")
        return [html.P(sentence(told), className="note")]
    facts = [top_sentence(top)]
    cores = shared_cores(view.report, other)
    if cores is not None:
        named = cores[0]
        facts.append(
            _n("{n:count} account is in a core of both.", "{n:count} accounts are in a core of both.", len(named))
        )
        if named:
            names = ", ".join(quoted(view.content.names.get(key, key)) for key in named[:12])
            facts.append(_("In a core of both: {names}.", names=names))
    facts.append(_("Accounts are the same if platform and name are the same; renamed accounts are not recognised."))
    return [html.Ul([html.Li(sentence(text)) for text in facts], className="caveats")]


# ---------------------------------------------------------------------- two stretches of time


def _stretch(view: View, span: tuple[int, int]) -> dict[str, Any]:
    """Add up one stretch of time: its interactions, who was heard, and how concentrated that was."""
    timeline = view.content.timeline
    inside = pl.col("window").is_between(*span)
    windows = timeline.windows.filter(inside)
    activity = timeline.activity.filter(inside).group_by("account").agg(pl.col("received").sum(), pl.col("given").sum())
    received = activity.filter(pl.col("received") > 0).sort("received", "account", descending=[True, False])
    total = float(received["received"].sum())
    shares = received["received"].to_numpy() / total if total else np.zeros(0)
    return {
        "interactions": int(windows["interactions"].sum()),
        "givers": activity.filter(pl.col("given") > 0).height,
        "receivers": received.height,
        "top_1": float(shares[:1].sum()),
        "top_20": float(shares[:TOP].sum()),
        "effective": float(1 / np.sum(shares**2)) if total else None,
        "share": dict(zip(received["account"].to_list(), shares.tolist(), strict=True)),
        "top": set(received["account"].head(TOP).to_list()),
        "words": _stretch_name(view, span) if windows.height else "",
    }


def _windows(view: View) -> list[Any]:
    if view.content.timeline.windows.height < 2:
        return [
            notice(
                _("Nothing to compare yet"),
                _(
                    "Choose another report above. The ties of this one have no times, so two stretches of time cannot be told apart."
                ),
            )
        ]
    first, second = (_stretch(view, span) for span in _spans(view))
    overlap = len(first["top"] & second["top"])
    lead = _n(
        "{n:count} of the {top:count} most heard accounts of {first} is also among those of {second}.",
        "{n:count} of the {top:count} most heard accounts of {first} are also among those of {second}.",
        overlap,
        top=min(TOP, len(first["top"])),
        first=first["words"],
        second=second["words"],
    )
    rows = [
        [_("Interactions"), count(first["interactions"]), count(second["interactions"])],
        [_("Accounts that gave attention"), count(first["givers"]), count(second["givers"])],
        [_("Accounts that were heard"), count(first["receivers"]), count(second["receivers"])],
        [_("Share of the most heard account"), percent(first["top_1"]), percent(second["top_1"])],
        [_("Share of the twenty most heard accounts"), percent(first["top_20"]), percent(second["top_20"])],
        [_("Attention is as concentrated as if shared equally by"), *(_effective(part) for part in (first, second))],
    ]
    return [
        html.Header([html.H2(sentence(lead)), html.Div(copy_button(view, lead), className="row")]),
        html.P(
            _(
                "These are counts, not compared with chance: a longer or busier stretch has more accounts for that reason alone."
            ),
            className="not-said",
        ),
        simple_table(["", first["words"], second["words"]], rows, label=_("Two stretches of time")),
        *_movers(view, first["share"], second["share"]),
    ]


def _effective(part: Mapping[str, Any]) -> str:
    if part["effective"] is None:
        return _("no one")
    return _("{number} accounts", number=decimal(part["effective"], 1))


def _movers(view: View, first: Mapping[str, float], second: Mapping[str, float]) -> list[Any]:
    """Return who gained and who lost most, of the accounts that may be named."""
    change = {key: second.get(key, 0.0) - first.get(key, 0.0) for key in view.content.names}
    order = sorted(change, key=lambda key: (-abs(change[key]), key))
    rows = [
        [
            dcc.Link(plain(view.content.names[key]), href=view.href("account", account=view.report.rows.get(key))),
            percent(first.get(key, 0.0)),
            percent(second.get(key, 0.0)),
            _group(view, key),
        ]
        for key in order[:_SHOWN]
        if change[key]
    ]
    if not rows:
        return []
    title = _("Whose share of attention changed most")
    columns = [_("Account"), _("First stretch"), _("Second stretch"), _("Group")]
    return [html.H2(title), simple_table(columns, rows, label=title)]


def _group(view: View, key: str) -> str:
    row = view.report.rows.get(key)
    table = view.report.accounts
    if row is None or "faction" not in table.columns or table["faction"][row] is None:
        return ""
    return view.groups.get(table["faction"][row], group_name("smaller groups"))


def register(app: Dash, shelf: Shelf) -> None:
    """Choosing what to compare changes the address."""

    @app.callback(
        Output("address", "search", allow_duplicate=True),
        Input("compare-with", "value"),
        Input("compare-address", "value"),
        Input({"compare": ALL, "end": ALL}, "value"),
        State({"compare": ALL, "end": ALL}, "id"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose(
        other: str | None, address: str | None, values: list[str], ids: list[dict[str, Any]], search: str | None
    ) -> Any:
        if ctx.triggered_id == "compare-address":
            parts = (address or "").split("?")[0].split("/")
            key = parts[parts.index("report") + 1] if "report" in parts[:-1] else parts[-1]
            wanted = f"?with={key}" if shelf.folder(key) is not None else no_update
        elif ctx.triggered_id == "compare-with":
            wanted = f"?with={other}" if other else "?"
        else:
            ends = {(item["compare"], item["end"]): int(value) for item, value in zip(ids, values, strict=True)}
            spans = [f"{name}={min(ends[name, 0], ends[name, 1])}-{max(ends[name, 0], ends[name, 1])}" for name in "ab"]
            wanted = "?" + "&".join(spans)
        return no_update if wanted == (search or "") else wanted


PAGE = Page("compare", lambda: _("Compare"), layout, panels, register)
