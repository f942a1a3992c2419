"""Figures of symbols: how they lie over the groups, how they spread in time, which go together, and which stay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import Words, group_name, person, plain, safe, spanned, table
from netact.figures.theme import (
    ACCENT,
    CHANCE,
    CHANCE_BAND,
    COLOURS,
    MAIN,
    OTHER,
    SYMBOLS,
    Panel,
    canvas,
    colour,
    symbol,
)
from netact.figures.timeline import moment_label
from netact.language import _, _n, _p, count, decimal, p_value, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import plotly.graph_objects as go

    from netact.results import Symbols

_MOST_SIGNS = 18
_MOST_GROUPS = 12
_CURVES = 6
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
# From half as much as by chance and less to twice as much and more, blue to orange.
_LIFT_SCALE = [[0.0, "#0072B2"], [0.5, "#F3F1EC"], [1.0, "#D55E00"]]
_ORDER = {"crossing": 0, "bound": 1, "undetermined": 2, "query": 3}


def panels(result: Symbols, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:  # noqa: ARG001
    """Return the panels of symbols in the order of the report."""
    made = (_lifts(result), _adoption(result), _together(result), _retention(result))
    return tuple(panel for panel in made if panel is not None)


def tag_name(tag: str) -> str:
    """Return a hashtag as it is written, for tables and sentences."""
    return plain(f"#{tag}")


def tag_label(tag: str, *, limit: int = 22) -> str:
    """Return a hashtag for a figure."""
    return safe(f"#{tag}", limit=limit)


def verdict_name(verdict: str | None) -> str:
    """Return what is said of one hashtag, as a cell."""
    match verdict:
        case "crossing":
            return _p("a hashtag", "crosses")
        case "bound":
            return _p("a hashtag", "bound")
        case "query":
            return _p("a hashtag", "the query")
        case _:
            return _p("a hashtag", "cannot say")


def shown_signs(result: Symbols, *, most: int = _MOST_SIGNS) -> pl.DataFrame:
    """Return the signs a figure shows: those most used, what crosses first, then what is bound, by group."""
    rows = result.symbols.head(most).with_row_index("place")
    strongest = (
        result.by_faction.drop_nulls("lift")
        .sort("lift", descending=True)
        .group_by("symbol")
        .agg(pl.col("faction").first())
    )
    rows = rows.join(strongest, on="symbol", how="left", maintain_order="left")
    order = pl.col("verdict").replace_strict(_ORDER, default=4, return_dtype=pl.Int32)
    of_group = pl.when(pl.col("verdict") == "bound").then("faction")
    return rows.sort(order, of_group, "place", nulls_last=True)


def _lifts(result: Symbols) -> Panel | None:
    groups = result.factions.head(_MOST_GROUPS)
    if groups.height < 2 or not result.by_faction.height:
        return None
    signs = shown_signs(result)
    tags, verdicts = signs["symbol"].to_list(), signs["verdict"].to_list()
    lift = {
        (tag, faction): value
        for tag, faction, value in result.by_faction.select("symbol", "faction", "lift").iter_rows()
    }
    users = {
        (tag, faction): n for tag, faction, n in result.by_faction.select("symbol", "faction", "accounts").iter_rows()
    }
    numbers = groups["faction"].to_list()
    names = [group_name(name) for name in groups["name"]]
    values = [[lift.get((tag, faction)) for faction in numbers] for tag in tags]
    few = _("fewer than 5")
    figure = canvas(height=110 + 28 * len(tags))
    figure.add_heatmap(
        z=[[None if v is None else max(-1.5, min(1.5, math.log2(v))) for v in row] for row in values],
        x=list(range(len(numbers))), y=list(range(len(tags))), colorscale=_LIFT_SCALE, zmin=-1.5, zmax=1.5,
        showscale=False, xgap=2, ygap=2, hoverongaps=False, hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            [
                ""
                if v is None
                else _(
                    "{hashtag}, {group}<br>{times:decimal1} times what chance would give",
                    hashtag=tag_label(tag), group=safe(name, limit=24), times=v,
                )
                for v, name in zip(row, names, strict=True)
            ]
            for tag, row in zip(tags, values, strict=True)
        ],
    )  # fmt: skip
    # Set at once: plotly checks all annotations again whenever one is added.
    annotations: list[dict[str, Any]] = []
    for i, row in enumerate(values):
        for j, v in enumerate(row):
            strong = v is not None and abs(math.log2(v)) > 0.9
            # Markup is escaped everywhere else; here the sign itself is meant.
            text = "&lt;5" if v is None else decimal(v, 1)
            ink = OTHER if v is None else "#fff" if strong else "#111"
            annotations.append({"x": j, "y": i, "showarrow": False, "text": text, "font": {"size": 12, "color": ink}})
        annotations.append(
            {
                "x": len(numbers) - 0.4,
                "y": i,
                "text": verdict_name(verdicts[i]),
                "showarrow": False,
                "xanchor": "left",
                "font": {"size": 12},
            }
        )
    figure.update_layout(annotations=annotations)
    figure.update_xaxes(
        tickvals=list(range(len(numbers))), ticktext=[safe(name, limit=14) for name in names], side="top", showgrid=False,
        tickangle=0, range=[-0.5, len(numbers) + 0.35 * max(2, len(numbers) / 2)],
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(tags))), ticktext=[tag_label(tag) for tag in tags], autorange="reversed", showgrid=False
    )
    cells = table(
        (_("hashtag"), [tag_name(tag) for tag in tags]),
        (_("accounts"), [count(n) for n in signs["users"]]),
        (_("what can be said"), [verdict_name(verdict) for verdict in verdicts]),
        (_("spread"), ["" if v is None else decimal(v) for v in signs["spread"]]),
        (_("spread by chance"), ["" if v is None else decimal(v) for v in signs["spread_by_chance"]]),
        (_("p, adjusted"), ["" if v is None else p_value(v) for v in signs["q_value"]]),
        (_("p of crossing, adjusted"), ["" if v is None else p_value(v) for v in signs["q_crossing"]]),
        *(
            (
                _("times chance in {group}", group=plain(name)),
                [few if users.get((tag, faction)) is None else decimal(lift[tag, faction], 2) for tag in tags],
            )
            for faction, name in zip(numbers, names, strict=True)
        ),
    )
    crossing = result.symbols.filter(pl.col("verdict") == "crossing").height
    bound = result.symbols.filter(pl.col("verdict") == "bound").height
    if result.crossing.value is None:
        title = _("How much more or less than by chance each group uses each hashtag")
    else:
        title = _(
            "Hashtags shown to cross all large groups: {crossing:count}; shown to be bound to some: {bound:count}",
            crossing=crossing,
            bound=bound,
        )
    note = _(
        "The group's share of the accounts that use a hashtag, over its share of all accounts that use any. 1: as if groups did not matter. Grey: fewer than five accounts of the group."
    )
    return Panel("lifts", title, figure, cells, note)


# ---------------------------------------------------------------------- adoption


def _adoption(result: Symbols) -> Panel | None:
    whole = result.adoption.filter(pl.col("faction").is_null())
    signs = result.symbols.filter(~pl.col("query") & pl.col("symbol").is_in(whole["symbol"].implode()))
    if not signs.height:
        return None
    # What is concluded from comes first, then what most accounts use.
    order = pl.col("verdict").replace_strict(_ORDER, default=4, return_dtype=pl.Int32)
    tags = signs.with_row_index("place").sort(order, "place").head(_CURVES)["symbol"].to_list()
    figure = canvas(height=380, y=_("accounts that have used it"))
    moments: list[datetime] = []
    for at, tag in enumerate(tags):
        part = whole.filter(pl.col("symbol") == tag)
        moments += part["time"].to_list()
        _curve(
            figure, part["time"].to_list(), part["accounts"].to_list(), tag_label(tag, limit=18), at, COLOURS[at], SYMBOLS[at],
            [
                _("{hashtag}: {n:count} accounts by {time}", hashtag=tag_label(tag), n=n, time=moment_label(t, "hour"))
                for n, t in part.select("accounts", "time").iter_rows()
            ],
        )  # fmt: skip
    _dates(figure, moments)
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=5)
    figure.update_layout(showlegend=True)
    rows = result.symbols.filter(pl.col("symbol").is_in(tags))
    fastest = rows.drop_nulls("half_days").sort("half_days", "symbol").head(1)
    cells = table(
        (_("hashtag"), [tag_name(tag) for tag in rows["symbol"]]),
        (_("accounts"), [count(n) for n in rows["users"]]),
        (_("first use"), ["" if t is None else moment_label(t, "hour") for t in rows["first_use"]]),
        (_("days until half had used it"), ["" if v is None else decimal(v, 1) for v in rows["half_days"]]),
        (_("first used in the core"), _yes(rows["first_in_core"])),
    )
    title = (
        _(
            "Half of the accounts that use {hashtag} had used it after {days:decimal1} days",
            hashtag=person(tag_name(fastest["symbol"][0])),
            days=fastest["half_days"][0],
        )
        if fastest.height
        else _("How hashtags came into use")
    )
    note = _(
        "Accounts counted at their first use in the data; from five accounts on. Earlier uses may lie before the data."
    )
    return Panel("adoption", title, figure, cells, note)


def adoption_by_group(result: Symbols, tag: str, groups: Mapping[int, str]) -> Panel | None:
    """Return how one hashtag came into use in each large group, as a share of the group's accounts that use hashtags.

    Parameters
    ----------
    result
        With times and groups.
    tag
        The hashtag, without ``#``.
    groups
        Number of a group -> the name to show; other groups have the name they have in the result.

    Returns
    -------
    Panel or None
        None if no group has five accounts that used it.
    """
    rows = result.adoption.filter((pl.col("symbol") == tag) & pl.col("faction").is_not_null())
    size = dict(result.factions.select("faction", "accounts").iter_rows())
    told = {**dict(result.factions.select("faction", "name").iter_rows()), **groups}
    shown = [faction for faction in size if faction in set(rows["faction"].to_list())][:_MOST_GROUPS]
    if not shown:
        return None
    figure = canvas(height=360, y=_("share of the group's accounts with hashtags"))
    last: list[tuple[str, int, float]] = []
    for at, faction in enumerate(shown):
        part = rows.filter(pl.col("faction") == faction).sort("time")
        name = group_name(told[faction])
        shares = [n / size[faction] for n in part["accounts"]]
        last.append((name, part["accounts"][-1], shares[-1]))
        _curve(
            figure, part["time"].to_list(), shares, safe(name, limit=24), at, colour(faction), symbol(faction),
            [
                _("{group}: {share:percent} by {time}", group=safe(name, limit=24), share=share, time=moment_label(t, "hour"))
                for share, t in zip(shares, part["time"].to_list(), strict=True)
            ],
        )  # fmt: skip
    _dates(figure, rows["time"].to_list())
    figure.update_yaxes(rangemode="tozero", tickformat=".0%", nticks=5)
    figure.update_layout(showlegend=True)
    cells = table(
        (_("group"), [plain(name) for name, _users, _share in last]),
        (_("accounts"), [count(users) for _name, users, _share in last]),
        (_("share of the group"), [percent(share) for _name, _users, share in last]),
    )
    low, high = min(last, key=lambda row: row[2]), max(last, key=lambda row: row[2])
    hashtag = person(tag_name(tag))
    if len(last) > 1:
        title = _(
            "{hashtag}: used by {high:percent} of {group} and {low:percent} of {other} in the end",
            hashtag=hashtag, high=high[2], group=person(high[0]), low=low[2], other=person(low[0]),
        )  # fmt: skip
    else:
        title = _(
            "{hashtag}: used by {high:percent} of {group} in the end",
            hashtag=hashtag,
            high=high[2],
            group=person(high[0]),
        )
    left = len(size) - len(last)
    note = _("Of each group's accounts that use hashtags; from five accounts on.")
    if left:
        note += " " + _n(
            "{n:count} group with fewer than five is not shown.",
            "{n:count} groups with fewer than five are not shown.",
            left,
        )
    return Panel("adoption-by-group", title, figure, cells, note)


def _curve(
    figure: go.Figure,
    x: Sequence[datetime],
    y: Sequence[float],
    name: str,
    at: int,
    ink: str,
    mark: str,
    hover: Sequence[str],
) -> None:
    figure.add_scatter(
        x=[t.replace(tzinfo=None) for t in x], y=list(y), mode="lines+markers", name=name, customdata=list(hover),
        line={"width": 2.5, "color": ink, "dash": _DASHES[at % len(_DASHES)], "shape": "hv"},
        marker={"size": 8, "symbol": mark, "color": ink, "maxdisplayed": 8}, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _dates(figure: go.Figure, moments: Sequence[datetime]) -> None:
    """Label three moments of a time axis in the language spoken: more would touch on narrow screens."""
    first, last = min(moments), max(moments)
    span = last - first
    step = "hour" if span.days < 3 else "day" if span.days < 900 else "month"
    ticks = [first + span * part / 2 for part in range(3)] if span else [first]
    figure.update_xaxes(
        tickvals=[t.replace(tzinfo=None) for t in ticks], ticktext=[moment_label(t, step) for t in ticks], tickangle=0,
        showgrid=False,
    )  # fmt: skip


def _yes(values: pl.Series) -> list[str]:
    said = {True: _p("first used in the core", "yes"), False: _p("first used in the core", "no"), None: _("not known")}
    return [said[value] for value in values]


# ---------------------------------------------------------------------- used together


def _together(result: Symbols) -> Panel | None:
    tied = result.co_use.filter("tied")
    if not tied.height:
        return None
    named = result.symbols.with_row_index("place").drop_nulls("group")
    tags = named.sort("group", "place").head(_MOST_SIGNS)["symbol"].to_list()
    inside = tied.filter(pl.col("symbol").is_in(tags) & pl.col("other").is_in(tags))
    if not inside.height:
        return None
    at = {tag: i for i, tag in enumerate(tags)}
    values: list[list[float | None]] = [[None] * len(tags) for _tag in tags]
    hover = [[""] * len(tags) for _tag in tags]
    for row in inside.iter_rows(named=True):
        i, j = at[row["symbol"]], at[row["other"]]
        values[i][j] = values[j][i] = row["npmi"]
        hover[i][j] = hover[j][i] = _(
            "{hashtag} and {other}<br>{n:count} accounts use both; by chance {expected:decimal1}",
            hashtag=tag_label(row["symbol"]), other=tag_label(row["other"]), n=row["accounts"], expected=row["expected"],
        )  # fmt: skip
    figure = canvas(height=150 + 26 * len(tags))
    figure.add_heatmap(
        z=values, x=list(range(len(tags))), y=list(range(len(tags))), colorscale="Cividis", zmin=0,
        zmax=max(0.2, max(row["npmi"] or 0 for row in inside.iter_rows(named=True))), xgap=2, ygap=2, hoverongaps=False,
        customdata=hover, hovertemplate="%{customdata}<extra></extra>",
        colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.6, "tickformat": ".1f"},
    )  # fmt: skip
    labels = [tag_label(tag, limit=16) for tag in tags]
    figure.update_xaxes(tickvals=list(range(len(tags))), ticktext=labels, tickangle=-45, showgrid=False)
    figure.update_yaxes(tickvals=list(range(len(tags))), ticktext=labels, autorange="reversed", showgrid=False)
    listed = tied.sort(["npmi", "accounts", "symbol", "other"], descending=[True, True, False, False])
    cells = table(
        (_("hashtag"), [tag_name(tag) for tag in listed["symbol"]]),
        (_("other hashtag"), [tag_name(tag) for tag in listed["other"]]),
        (_("accounts that use both"), [count(n) for n in listed["accounts"]]),
        (_("by chance"), [decimal(v, 1) for v in listed["expected"]]),
        (
            _("by chance, given activity"),
            ["" if v is None else decimal(v, 1) for v in listed["expected_given_activity"]],
        ),
        (_("association (NPMI)"), ["" if v is None else decimal(v) for v in listed["npmi"]]),
        (_("p, adjusted"), [p_value(v) for v in listed["q_value"]]),
        (_("p given activity, adjusted"), ["" if v is None else p_value(v) for v in listed["q_given_activity"]]),
    )
    title = _n(
        "{n:count} pair of hashtags is used by the same accounts more than by chance",
        "{n:count} pairs of hashtags are used by the same accounts more than by chance",
        tied.height,
    )
    note = _(
        "Normalised pointwise mutual information, from 0 (as by chance) to 1 (always together); empty: not shown to go together. Pairs stand against independent use and against accounts that use as many hashtags each."
    )
    return Panel("together", title, figure, cells, note)


# ---------------------------------------------------------------------- retention


def _retention(result: Symbols) -> Panel | None:
    known = result.symbols.drop_nulls("retention").filter(~pl.col("query"))
    if not known.height:
        return None
    rows = shown_signs(result, most=result.symbols.height)
    rows = rows.filter(pl.col("symbol").is_in(known["symbol"].implode())).head(_MOST_SIGNS)
    places = list(range(rows.height))
    figure = canvas(height=110 + 28 * rows.height, x=_("share of users"))
    tags = [tag_label(tag) for tag in rows["symbol"]]
    days = result.retention_days
    active = _("Used any hashtag that much later")
    figure.add_scatter(
        x=rows["still_active"].to_list(), y=places, mode="markers", name=active,
        marker={"size": 9, "symbol": "circle-open", "color": CHANCE, "line": {"width": 1.5}},
        customdata=[
            _("{hashtag}: {share:percent} used any hashtag that much later", hashtag=tag, share=v)
            for tag, v in zip(tags, rows["still_active"].to_list(), strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    chance = rows.with_row_index("y").drop_nulls("retention_by_chance")
    if chance.height:
        figure.add_scatter(
            x=chance["retention_by_chance"].to_list(), y=chance["y"].to_list(), mode="markers",
            name=_("If the same accounts had kept any of their hashtags"),
            marker={"size": 14, "symbol": "line-ns", "color": CHANCE, "line": {"width": 3, "color": CHANCE}},
            customdata=[_("by chance {share:percent}", share=v) for v in chance["retention_by_chance"]],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[v for low, high in rows.select("retention_low", "retention_high").iter_rows() for v in (low, high, None)],
        y=[v for i in places for v in (i, i, None)], mode="lines", line={"width": 6, "color": CHANCE_BAND},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    differs = [q is not None and q < 0.05 for q in rows["retention_q"]]
    for apart in (True, False):
        chosen = [i for i in places if differs[i] == apart]
        if chosen:
            figure.add_scatter(
                x=[rows["retention"][i] for i in chosen], y=chosen, mode="markers",
                name=_("Used it again, other than by chance") if apart else _("Used it again, within chance"),
                marker={"size": 11, "symbol": "diamond" if apart else "circle", "color": ACCENT if apart else MAIN},
                customdata=[
                    _(
                        "{hashtag}: {share:percent} of {n:count} users used it again ({low:percent} to {high:percent})",
                        hashtag=tags[i], share=rows["retention"][i], n=rows["at_risk"][i], low=rows["retention_low"][i],
                        high=rows["retention_high"][i],
                    )
                    for i in chosen
                ],
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(tickvals=places, ticktext=tags, range=[rows.height - 0.4, -0.6], showgrid=False)
    figure.update_layout(showlegend=True)
    cells = table(
        (_("hashtag"), [tag_name(tag) for tag in rows["symbol"]]),
        (_("users followed"), [count(n) for n in rows["at_risk"]]),
        (_("used it again"), [percent(v) for v in rows["retention"]]),
        (
            _("95 % range"),
            [
                spanned(percent(low), percent(high))
                for low, high in rows.select("retention_low", "retention_high").iter_rows()
            ],
        ),
        (_("by chance"), ["" if v is None else percent(v) for v in rows["retention_by_chance"]]),
        (_("p, adjusted"), ["" if v is None else p_value(v) for v in rows["retention_q"]]),
        (_("used any hashtag"), [percent(v) for v in rows["still_active"]]),
    )
    title = (
        _(
            "{share:percent} of first uses were repeated {days:decimal0} days later or more",
            share=result.retention.value,
            days=days,
        )
        if result.retention.value is not None
        else _("Which hashtags stay in use")
    )
    note = _(
        "Of the users whose first use is followed by {days:decimal0} days of data: those that used the hashtag again that much later. Whoever came early could be followed longer.",
        days=days,
    )
    return Panel("retention", title, figure, cells, note)
