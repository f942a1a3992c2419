"""Figures of coordination: the groups and their ties, the gaps against shuffled ones, group sizes, and the rival rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, accounts_counted, listed, plain, safe, table
from netact.figures.theme import (
    ACCENT,
    CHANCE,
    CHANCE_BAND,
    LABEL,
    MAIN,
    OTHER,
    Panel,
    bare,
    canvas,
    colour,
    labels_without_overlap,
    symbol,
)
from netact.language import _, _n, count, decimal, listing, p_value, percent, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.results import Coordination

_MOST_GROUPS = 12
_COLOURED = 6


def panels(result: Coordination, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:  # noqa: ARG001
    """Return the panels of coordination in the order of the report; accounts without a name are "an account"."""
    made = (_network(result, names), _gaps(result), _sizes(result, names), _comparison(result))
    return tuple(panel for panel in made if panel is not None)


def _group_label(number: int | None) -> str:
    return _("Between groups") if number is None else _("Group {number:count}", number=number)


def _members(result: Coordination, number: int, names: Mapping[str, str], *, most: int = 8) -> str:
    """Return the accounts of a group: those that may be named, and how many others."""
    inside = result.members.filter(pl.col("group") == number)["account"].to_list()
    named = [plain(names[key]) for key in inside if key in names]
    rest = len(inside) - len(named[:most])
    if not named:
        return accounts_counted(len(inside))
    if not rest:
        return listed(named, most=most)
    return _n("{names} and {n:count} other", "{names} and {n:count} others", rest, names=told(listing(named[:most])))


def _network(result: Coordination, names: Mapping[str, str]) -> Panel | None:
    placed = result.members.drop_nulls(["x", "y"])
    if not placed.height:
        return None
    place = {key: (x, y) for key, x, y in placed.select("account", "x", "y").iter_rows()}
    figure = canvas(height=460)
    tied = [
        (place[a], place[b])
        for a, b in result.edges.select("account_a", "account_b").iter_rows()
        if a in place and b in place
    ]
    xs: list[float | None] = []
    ys: list[float | None] = []
    for (x, y), (u, v) in tied:
        xs += [x, u, None]
        ys += [y, v, None]
    figure.add_scatter(
        x=xs, y=ys, mode="lines", line={"width": 1.5, "color": "rgba(138,143,152,0.6)"}, hoverinfo="skip",
        name=_("Pair that acts together beyond chance"),
    )  # fmt: skip
    shown = sorted(set(placed["group"].to_list()))
    for numbers in ([n] for n in shown if n <= _COLOURED):
        _dots(figure, placed.filter(pl.col("group").is_in(numbers)), names, numbers[0])
    rest = placed.filter(pl.col("group") > _COLOURED)
    if rest.height:
        _dots(figure, rest, names, None)
    named = placed.filter(pl.col("account").is_in(list(names)))
    x, y = named["x"].to_list(), named["y"].to_list()
    keys = named["account"].to_list()
    across, down = placed["x"].to_list(), placed["y"].to_list()
    wide, high = (max(across) - min(across)) or 1.0, (max(down) - min(down)) or 1.0
    for i in labels_without_overlap(x, y, list(range(len(x))), most=15, width=0.16 * wide, height=0.05 * high):
        figure.add_annotation(
            x=x[i], y=y[i], text=safe(names[keys[i]], limit=18), yshift=14, showarrow=False, font={"size": 12},
            bgcolor=LABEL,
        )  # fmt: skip
    bare(figure)
    cells = _pairs(result, names)
    title = _(
        "{accounts} act together in {groups}",
        accounts=accounts_counted(result.members.height),
        groups=_n("{n:count} group", "{n:count} groups", result.groups.height),
    )
    note = _(
        "A line joins two accounts whose common shares are beyond chance in what they share and in when they share it."
    )
    if placed.height < result.members.height:
        more = _n("{n:count} account of smaller groups is not drawn.", "{n:count} accounts of smaller groups are not drawn.",
                  result.members.height - placed.height)  # fmt: skip
        note = f"{note} {more}"
    return Panel("groups", title, figure, cells, note)


def _pairs(result: Coordination, names: Mapping[str, str]) -> pl.DataFrame:
    """Return the evidence of the surest pairs."""
    edges = result.edges.head(50)

    def name(key: str) -> str:
        return names[key] if key in names else _("an account")

    return table(
        (_("account"), [name(key) for key in edges["account_a"]]),
        (_("other account"), [name(key) for key in edges["account_b"]]),
        (_("group"), [_group_label(n) for n in edges["group"]]),
        (_("objects both shared"), [count(n) for n in edges["objects"]]),
        (_("of these within a minute"), [count(n) for n in edges["close"]]),
        (_("median gap in seconds"), [decimal(value) for value in edges["median_gap"]]),
        (_("what they share, against their activity"), [p_value(p) for p in edges["p_sharing"]]),
        (_("when, against times dealt out anew"), [p_value(p) for p in edges["p_timing"]]),
        (_("when, against any moment of the hour"), [p_value(p) for p in edges["p_rhythm"]]),
    )


def _dots(figure: go.Figure, rows: pl.DataFrame, names: Mapping[str, str], group: int | None) -> None:
    at = None if group is None else group - 1
    figure.add_scatter(
        x=rows["x"].to_list(), y=rows["y"].to_list(), mode="markers",
        name=_("Smaller groups") if group is None else _group_label(group),
        marker={
            "size": [15 if core else 10 for core in rows["core"]], "color": colour(at), "symbol": symbol(at),
            "line": {"width": 1.5, "color": colour(at)},
        },
        customdata=[
            [
                safe(names[row["account"]]) if row["account"] in names else _("an account"),
                _n("acts together with {n:count} other", "acts together with {n:count} others", row["partners"]),
                _n("{n:count} object within a minute of them", "{n:count} objects within a minute of them", row["objects"]),
                _("member of a leading core") if row["core"] else "",
            ]
            for row in rows.iter_rows(named=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
    )  # fmt: skip


def _gap_label(low: int, high: int | None) -> str:
    ends = {
        (0, 5): _("up to 5 s"), (5, 10): _("5 to 10 s"), (10, 30): _("10 to 30 s"), (30, 60): _("30 to 60 s"),
        (60, 300): _("1 to 5 min"), (300, 3600): _("5 to 60 min"), (3600, 86_400): _("1 to 24 h"),
        (86_400, None): _("over a day"),
    }  # fmt: skip
    return ends[low, high]


def _gaps(result: Coordination) -> Panel | None:
    gaps = result.gaps
    if not gaps.height:
        return None
    labels = [_gap_label(low, high) for low, high in gaps.select("low", "high").iter_rows()]
    figure = canvas(height=320, x=_("time between the two shares"), y=_("objects both shared"))
    at = list(range(gaps.height))
    figure.add_bar(
        x=at, y=gaps["expected"].to_list(), name=_("Times dealt out anew"), width=0.42, offset=-0.42,
        marker={"color": CHANCE_BAND, "line": {"width": 1, "color": CHANCE}},
        customdata=[_("by chance: {number:decimal1}", number=value) for value in gaps["expected"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=at, y=gaps["observed"].to_list(), name=_("Observed"), marker={"color": MAIN}, width=0.42, offset=0.0,
        customdata=[_("observed: {number:count}", number=value) for value in gaps["observed"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(tickvals=at, ticktext=labels, showgrid=False)
    cells = table(
        (_("time between the two shares"), labels),
        (_("observed"), [count(value) for value in gaps["observed"]]),
        (_("by chance"), [decimal(value) for value in gaps["expected"]]),
    )
    total = int(gaps["observed"].sum())
    near = gaps.filter(pl.col("high") <= 60)
    title = _(
        "{share:percent} of what the pairs found both shared lies within a minute; by chance {chance:percent} would",
        share=int(near["observed"].sum()) / total if total else 0.0,
        chance=float(near["expected"].sum()) / total if total else 0.0,
    )
    note = _(
        "The pairs were chosen for small gaps, so this shows how they act together and is no test of its own. Grey: the "
        "times of each object dealt out anew among those who shared it."
    )
    return Panel("gaps", title, figure, cells, note)


def _sizes(result: Coordination, names: Mapping[str, str]) -> Panel | None:
    groups = result.groups.head(_MOST_GROUPS)
    if not groups.height:
        return None
    labels = [_group_label(n) for n in groups["group"]]
    figure = canvas(height=110 + 32 * groups.height, x=_("accounts"))
    figure.add_bar(
        x=groups["accounts"].to_list(), y=list(range(groups.height)), orientation="h",
        marker={"color": [colour(n - 1) for n in groups["group"]]}, name=_("accounts"),
        customdata=[
            [
                accounts_counted(row["accounts"]),
                _n("{n:count} pair", "{n:count} pairs", row["pairs"]),
                _n("{n:count} object within a minute", "{n:count} objects within a minute", row["objects"]),
            ]
            for row in groups.iter_rows(named=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(showlegend=False)
    figure.update_xaxes(rangemode="tozero", tickformat=",.0f")
    figure.update_yaxes(tickvals=list(range(groups.height)), ticktext=labels, autorange="reversed", showgrid=False)
    every = result.groups.head(100)
    columns = [
        (_("group"), [_group_label(n) for n in every["group"]]),
        (_("accounts"), [count(n) for n in every["accounts"]]),
        (_("who"), [_members(result, n, names) for n in every["group"]]),
        (_("pairs"), [count(n) for n in every["pairs"]]),
        (_("of all pairs possible"), [percent(value) for value in every["density"]]),
        (_("objects within a minute"), [count(n) for n in every["objects"]]),
        (_("median gap in seconds"), ["" if v is None else decimal(v) for v in every["median_gap"]]),
        (_("taking turns at being first (0 to 1)"), ["" if v is None else decimal(v) for v in every["symmetry"]]),
    ]
    if every["core_members"].null_count() < every.height:
        columns += [
            (_("members of a leading core"), ["" if n is None else count(n) for n in every["core_members"]]),
            (_("p, groups drawn at random"), ["" if p is None else decimal(p, 3) for p in every["core_p"]]),
        ]
    title = _n(
        "The largest group has {n:count} account", "The largest group has {n:count} accounts", groups["accounts"][0]
    )
    note = _("Taking turns: 1 where each of two accounts is first equally often, 0 where it is always the same one.")
    return Panel("sizes", title, figure, table(*columns), note)


def _comparison(result: Coordination) -> Panel | None:
    rules = result.comparison
    # A cut that keeps nothing, here or by chance, shows nothing.
    if rules.height < 2 or not any(rules[name].fill_null(0).sum() for name in ("pairs", "pairs_by_chance")):
        return None
    labels = {"tested": _("Both tests"), "percentile": _("Percentile cut")}
    at = list(range(rules.height))
    figure = canvas(height=250, x=_("pairs of accounts kept"))
    figure.add_bar(
        x=[value or 0.0 for value in rules["pairs_by_chance"]], y=at, orientation="h", name=_("Times dealt out anew"),
        marker={"color": CHANCE_BAND, "line": {"width": 1, "color": CHANCE}}, width=0.38, offset=-0.4,
        customdata=[
            _("not compared") if value is None else _("by chance: {number:decimal1}", number=value)
            for value in rules["pairs_by_chance"]
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=rules["pairs"].to_list(), y=at, orientation="h", name=_("Observed"), width=0.38, offset=0.0,
        marker={"color": [ACCENT if rule == "tested" else OTHER for rule in rules["rule"]]},
        customdata=[_n("{n:count} pair", "{n:count} pairs", value) for value in rules["pairs"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(
        tickvals=at, ticktext=[labels[rule] for rule in rules["rule"]], autorange="reversed", showgrid=False
    )
    cells = table(
        (_("rule"), [labels[rule] for rule in rules["rule"]]),
        (_("pairs"), [count(value) for value in rules["pairs"]]),
        (_("by chance"), ["" if value is None else decimal(value) for value in rules["pairs_by_chance"]]),
        (_("accounts"), [count(value) for value in rules["accounts"]]),
        (_("pairs found by both"), [count(value) for value in rules["pairs_in_common"]]),
        (_("accounts found by both"), [count(value) for value in rules["accounts_in_common"]]),
    )
    title = _("A cut at a percentile always keeps pairs, whether anyone acts together or not")
    note = _(
        "For comparison only: the percentile cut keeps pairs that share more within ten seconds than the median pair does. Grey: "
        "what the same rule keeps when times are dealt out anew within each object."
    )
    return Panel("comparison", title, figure, cells, note)
