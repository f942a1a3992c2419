"""Figures of legitimation: for and against each operation, how many joined, when, and of which groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import polars as pl
from babel.dates import format_date

from netact.figures.text import Words, capital, group_name, person, plain, safe, spanned, table, unmarked
from netact.figures.theme import ACCENT, CHANCE, CHANCE_BAND, COLOURS, MAIN, OTHER, Panel, canvas, colour, symbol
from netact.language import Message, _, _n, _p, count, decimal, locale, percent, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Legitimation, OperationVerdict

_MOST_OPERATIONS = 30
_MOST_CURVES = 6
_MOST_SPREADS = 12
_LABEL = 26
_SYMBOLS: dict[str, tuple[str, str]] = {
    "legitimated": (MAIN, "circle"),
    "contested": (OTHER, "diamond"),
    "opposed": (ACCENT, "square"),
    "factional": ("#CC79A7", "triangle-up"),
    "ignored": (OTHER, "circle-open"),
    "descriptive": (MAIN, "circle-open"),
    "one_sided_view": (OTHER, "cross"),
    "not_measured": (OTHER, "x"),
}


def panels(result: Legitimation, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:  # noqa: ARG001
    """Return the panels of legitimation in the order of the report; no account is named in any."""
    made = (_balance(result), _participation(result), _joining(result), _spread(result))
    return tuple(panel for panel in made if panel is not None)


def verdict_name(verdict: OperationVerdict) -> str:
    """Return the verdict on one operation as a label."""
    match verdict:
        case "legitimated":
            return _p("an operation", "carried")
        case "contested":
            return _p("an operation", "contested")
        case "opposed":
            return _p("an operation", "opposed")
        case "factional":
            return _p("an operation", "taken up by part of the community")
        case "ignored":
            return _p("an operation", "no more than most")
        case "descriptive":
            return _p("an operation", "more for than against")
        case "one_sided_view":
            return _p("an operation", "opposition cannot be seen")
        case "not_measured":
            return _p("an operation", "not measured")
        case _:
            assert_never(verdict)


def faction_name(number: int) -> str:
    """Return the name of a group by its number, as the question of factions names it.

    >>> faction_name(0), faction_name(27), faction_name(-1)
    ('Group A', 'Group AB', 'Smaller groups')
    """
    if number < 0:
        return group_name("Smaller groups")
    letters, rest = "", number + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return group_name(f"Group {letters}")


def _measured(result: Legitimation) -> pl.DataFrame:
    return result.operations.filter(pl.col("verdict") != "not_measured")


def _label(name: str) -> str:
    return safe(name, limit=_LABEL)


def _range(low: float | None, high: float | None, kind: str = "percent") -> str:
    if low is None or high is None:
        return ""
    written = percent if kind == "percent" else decimal
    return spanned(written(low), written(high))


def _errors(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "thickness": 1.5,
        "width": 4,
        "array": [None if row[f"{name}_high"] is None else row[f"{name}_high"] - row[name] for row in rows],
        "arrayminus": [None if row[f"{name}_low"] is None else row[name] - row[f"{name}_low"] for row in rows],
    }


def _balance(result: Legitimation) -> Panel | None:
    found = _measured(result).drop_nulls("balance").head(_MOST_OPERATIONS)
    if not found.height:
        return None
    rows = found.to_dicts()
    figure = canvas(height=130 + 34 * len(rows), x=_("balance: −1 all against, 1 all for"))
    figure.add_scatter(
        x=[0, 0], y=[-0.6, len(rows) - 0.4], mode="lines", hoverinfo="skip", showlegend=False,
        line={"width": 1.5, "dash": "dot", "color": CHANCE},
    )  # fmt: skip
    for verdict, (shade, mark) in _SYMBOLS.items():
        chosen = [(at, row) for at, row in enumerate(rows) if row["verdict"] == verdict]
        if not chosen:
            continue
        figure.add_scatter(
            x=[row["balance"] for _at, row in chosen], y=[at for at, _row in chosen], mode="markers",
            name=capital(verdict_name(verdict)),  # type: ignore[arg-type]
            marker={"size": 11, "color": shade, "symbol": mark, "line": {"width": 2, "color": shade}},
            error_x={**_errors([row for _at, row in chosen], "balance"), "color": shade},
            customdata=[
                [
                    _label(row["operation"]),
                    _n("{n:count} endorsed it", "{n:count} endorsed it", row["endorsers"]),
                    _n("{n:count} opposed it", "{n:count} opposed it", row["opponents"]),
                    _("balance {number:decimal}", number=row["balance"]),
                ]
                for _at, row in chosen
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(range=[-1.06, 1.06], tickvals=[-1, -0.5, 0, 0.5, 1])
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_label(row["operation"]) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
    )
    cells = table(
        (_("operation"), [plain(row["operation"]) for row in rows]),
        (_("start"), [str(format_date(row["start"], "medium", locale=locale())) for row in rows]),
        (_("endorsed"), [count(row["endorsers"]) for row in rows]),
        (_("opposed"), [count(row["opponents"]) for row in rows]),
        (_("both"), [count(row["both"]) for row in rows]),
        (_("balance"), [decimal(row["balance"]) for row in rows]),
        (_("95 % range"), [_range(row["balance_low"], row["balance_high"], "decimal") for row in rows]),
        (_("p, adjusted"), ["" if row["balance_q"] is None else decimal(row["balance_q"], 3) for row in rows]),
        (_("verdict"), [verdict_name(row["verdict"]) for row in rows]),
    )
    return Panel(
        "balance",
        _("For and against: who took a side in each operation"),
        figure,
        cells,
        _(
            "Accounts that were active before the start and took a side; whiskers: 95 % ranges, the wider of two kinds. Dotted line: "
            "as many for as against. Silence is on neither side."
        ),
    )


def _participation(result: Legitimation) -> Panel | None:
    found = _measured(result).head(_MOST_OPERATIONS)
    if not found.height:
        return None
    rows = found.to_dicts()
    figure = canvas(height=120 + 34 * len(rows), x=_("share of the community that joined"))
    usual = _("Other hashtags of the same days")
    for at, row in enumerate(rows):
        if row["ordinary_low"] is None:
            continue
        figure.add_scatter(
            x=[row["ordinary_low"], max(row["ordinary_high"], row["ordinary_low"] + 1e-4)], y=[at, at], mode="lines",
            line={"width": 14, "color": CHANCE_BAND}, legendgroup="ordinary", name=usual,
            showlegend=not any(trace.name == usual for trace in figure.data),
            customdata=[
                _("other hashtags: {share:percent}", share=share) for share in (row["ordinary_low"], row["ordinary_high"])
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[row["participation"] for row in rows], y=list(range(len(rows))), mode="markers", name=_("Endorsed it"),
        marker={"size": 11, "color": MAIN, "symbol": "circle"}, error_x=_errors(rows, "participation"),
        customdata=[
            [_label(row["operation"]), _("{share:percent} of the community", share=row["participation"])] for row in rows
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip
    against = [(at, row) for at, row in enumerate(rows) if row["counter_share"] is not None]
    if against:
        figure.add_scatter(
            x=[row["counter_share"] for _at, row in against], y=[at for at, _row in against], mode="markers",
            name=_("Opposed it"), marker={"size": 9, "color": ACCENT, "symbol": "square-open", "line": {"width": 2}},
            customdata=[
                [_label(row["operation"]), _("{share:percent} of the community", share=row["counter_share"])]
                for _at, row in against
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_label(row["operation"]) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
    )
    cells = table(
        (_("operation"), [plain(row["operation"]) for row in rows]),
        (_("community"), [count(row["community"]) for row in rows]),
        (_("endorsed"), [percent(row["participation"]) for row in rows]),
        (_("95 % range"), [_range(row["participation_low"], row["participation_high"]) for row in rows]),
        (_("drawing posts"), [_range(row["participation_posts_low"], row["participation_posts_high"]) for row in rows]),
        (_("opposed"), ["" if row["counter_share"] is None else percent(row["counter_share"]) for row in rows]),
        (_("other hashtags"), [_range(row["ordinary_low"], row["ordinary_high"]) for row in rows]),
        (_("p, adjusted"), ["" if row["ordinary_q"] is None else decimal(row["ordinary_q"], 3) for row in rows]),
        (_("joined from outside"), [count(row["outside"]) for row in rows]),
    )
    return Panel(
        "participation",
        _("Which share of the community joined, and which opposed"),
        figure,
        cells,
        _(
            "The community of an operation: all accounts that were active in the days before it. Grey bars: the central 95 % of other "
            "hashtags of the same days, counted in the same way."
        ),
    )


def _joining(result: Legitimation) -> Panel | None:
    found = _measured(result).filter(pl.col("endorsers") + pl.col("opponents").fill_null(0) > 0)
    largest = found.sort("participation", descending=True, maintain_order=True).head(_MOST_CURVES)
    if not largest.height:
        return None
    figure = canvas(height=360, x=_("days after the start"), y=_("share of the community, cumulated"))
    rows = largest.sort("start", "operation").to_dicts()
    for number, row in enumerate(rows):
        curve = result.joining.filter(pl.col("operation") == row["operation"])
        days, size = curve["days"].to_list(), row["community"]
        for side, dash in (("endorsers", "solid"), ("opponents", "dot")):
            if row[side] is None or (side == "opponents" and not row[side]):
                continue
            figure.add_scatter(
                x=days, y=[value / size for value in curve[side]], mode="lines",
                name=_label(row["operation"]),
                showlegend=side == "endorsers",
                legendgroup=str(number), line={"width": 2.5, "color": colour(number), "dash": dash, "shape": "hv"},
                customdata=[
                    _("day {day:decimal1}: {share:percent}", day=day, share=value / size)
                    for day, value in zip(days, curve[side], strict=True)
                ],
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(rangemode="tozero")

    def at_share(row: dict[str, Any], share: float) -> str:
        curve = result.joining.filter(pl.col("operation") == row["operation"])
        reached = curve.filter(pl.col("endorsers") >= share * row["endorsers"])
        return decimal(reached["days"][0], 1) if row["endorsers"] and reached.height else ""

    cells = table(
        (_("operation"), [plain(row["operation"]) for row in rows]),
        (_("endorsed"), [count(row["endorsers"]) for row in rows]),
        (_("half of them by day"), [at_share(row, 0.5) for row in rows]),
        (_("nine in ten by day"), [at_share(row, 0.9) for row in rows]),
        (_("joining fastest on day"), ["" if row["fastest"] is None else decimal(row["fastest"], 1) for row in rows]),
        (_("95 % range"), [_range(row["fastest_low"], row["fastest_high"], "decimal") for row in rows]),
        (_("curve that fits best"), [curve_name(row["curve"]) for row in rows]),
    )
    title = (
        _("When members joined and when they opposed")
        if len(rows) > 1
        else unmarked(
            _("When members joined {operation} and when they opposed it", operation=person(rows[0]["operation"]))
        )
    )
    note = _(
        "Solid: for; dotted: against. Each account counts once on a side, at its first sign. Whoever is alike joins at like times: the shape says nothing of "
        "why they joined."
    )
    return Panel("joining", title, figure, cells, note)


def curve_name(curve: str | None) -> str:
    """Return the name of a curve of adoption in print; empty where none was fitted."""
    named = {"bass": Message("Bass"), "logistic": Message("logistic"), "exponential": Message("exponential")}
    return told(named[curve]) if curve in named else ""


def _spread(result: Legitimation) -> Panel | None:
    joined = _measured(result).filter(pl.col("breadth").is_not_null())["operation"].head(_MOST_SPREADS).to_list()
    found = result.factions.filter(pl.col("operation").is_in(joined) & (pl.col("faction") >= 0)).drop_nulls("ratio")
    groups = sorted(found["faction"].unique().to_list())
    if len(groups) < 2:
        return None
    place = {name: at for at, name in enumerate(joined)}
    figure = canvas(height=130 + 34 * len(joined), x=_("share of those who joined over share of the community"))
    for line, dash in ((1.0, "dot"), (0.5, "dash")):
        figure.add_scatter(
            x=[line, line], y=[-0.6, len(joined) - 0.4], mode="lines", hoverinfo="skip", showlegend=False,
            line={"width": 1.5, "dash": dash, "color": CHANCE},
        )  # fmt: skip
    further = _("Further groups")
    for group in groups:
        rows = found.filter(pl.col("faction") == group).to_dicts()
        figure.add_scatter(
            x=[row["ratio"] for row in rows], y=[place[row["operation"]] for row in rows], mode="markers",
            name=safe(faction_name(group), limit=24) if group < len(COLOURS) else further,
            showlegend=group < len(COLOURS) or group == min(one for one in groups if one >= len(COLOURS)),
            legendgroup=str(min(group, len(COLOURS))),
            marker={"size": 11, "color": colour(group), "symbol": symbol(group), "line": {"width": 1.5, "color": colour(group)}},
            customdata=[
                [
                    _label(row["operation"]),
                    safe(faction_name(group), limit=24),
                    _(
                        "{joined:percent} of those who joined, {members:percent} of the community",
                        joined=row["share_of_endorsers"], members=row["share_of_community"],
                    ),
                ]
                for row in rows
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(
        tickvals=list(range(len(joined))),
        ticktext=[_label(name) for name in joined],
        range=[len(joined) - 0.4, -0.6],
        showgrid=False,
    )
    listed = found.sort(pl.col("operation").replace_strict(place, return_dtype=pl.Int64), "faction").to_dicts()
    cells = table(
        (_("operation"), [plain(row["operation"]) for row in listed]),
        (_("group"), [faction_name(row["faction"]) for row in listed]),
        (_("community"), [count(row["members"]) for row in listed]),
        (_("endorsed"), [count(row["endorsers"]) for row in listed]),
        (_("opposed"), [count(row["opponents"]) for row in listed]),
        (_("of its due"), [decimal(row["ratio"]) for row in listed]),
    )
    return Panel(
        "spread",
        _("How those who joined spread over the groups"),
        figure,
        cells,
        _(
            "Dotted line: a group has as large a share of those who joined as of the community. Left of the dashed line: less than "
            "half of that. Groups with twenty or more members of the community."
        ),
    )
