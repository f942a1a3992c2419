"""Figures of dynamics: how much of the top stays, who was heard most when, how long accounts stay, and how soon they react."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures import cascades, earlier_activism, faction_tracking
from netact.figures.text import Words, capital, plain, safe, table
from netact.figures.theme import (
    ACCENT,
    CHANCE_BAND,
    COLOURS,
    MAIN,
    Panel,
    canvas,
    colour,
    symbol,
)
from netact.figures.timeline import period_label, time_axis, window_labels
from netact.language import _, _n, _p, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.results import Dynamics

_CONSTANT_BAND = "rgba(0,158,115,0.20)"
_MOST_REIGNS = 12
_LOWEST_RANK = 20


def panels(result: Dynamics, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """Return the panels of dynamics in the order of the report."""
    made = (
        _overlap(result, words),
        _ranks(result, names, words),
        _reigns(result, names),
        _membership(result),
        _reactions(result, names),
        *faction_tracking.panels(result.tracking, names),
        *earlier_activism.panels(result.earlier),
        *cascades.panels(result.cascades, names),
    )
    return tuple(panel for panel in made if panel is not None)


def core_known(result: Dynamics) -> bool:
    """Whether reactions and bursts are those of a leading core, and not of the accounts heard most."""
    return result.windows["core_share"].count() > 0


def _step(result: Dynamics) -> str:
    """Return the step as the labels of moments know it; phases are labelled by their day."""
    return "" if result.step == "phase" else result.step


def _overlap(result: Dynamics, words: Words) -> Panel | None:
    windows, value = result.windows, result.indices["overlap"].value
    if value is None or windows["overlap"].count() < 2:
        return None
    labels = window_labels(windows, _step(result))
    figure = canvas(height=360, y=_("overlap with the window before"))
    for low, high, name, fill in (
        ("constant_low", "constant_high", _("If popularity were constant"), _CONSTANT_BAND),
        ("chance_low", "chance_high", _("If the top were drawn anew"), CHANCE_BAND),
    ):
        band = windows.drop_nulls([low, high])
        x = band["window"].to_list()
        if band.height:
            figure.add_scatter(
                x=x + x[::-1], y=band[high].to_list() + band[low].to_list()[::-1], fill="toself", fillcolor=fill, mode="lines",
                line={"width": 0}, name=name, hoverinfo="skip",
            )  # fmt: skip
    known = windows.drop_nulls("overlap")
    figure.add_scatter(
        x=known["window"].to_list(), y=known["overlap"].to_list(), mode="lines+markers", name=_("Observed"),
        line={"width": 2.5, "color": MAIN}, marker={"size": 7},
        customdata=[
            _("{time}: overlap {value:decimal}", time=labels[window], value=overlap)
            for window, overlap in known.select("window", "overlap").iter_rows()
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    time_axis(figure, windows, _step(result))
    figure.update_yaxes(range=[-0.02, 1.02])
    cells = table(
        (_("from"), labels),
        (words.ties, [count(value) for value in windows["interactions"]]),
        (_("overlap with the window before"), _decimals(windows["overlap"])),
        (_("of the rankings"), _decimals(windows["rank_overlap"])),
        (_("of all up to then"), _decimals(windows["cumulative_overlap"])),
        (_("top drawn anew"), _spans(windows, "chance")),
        (_("constant popularity"), _spans(windows, "constant")),
    )
    few = windows.filter(pl.col("status") != "ok").height
    note = _(
        "Overlap: accounts in both lists over accounts in either (Jaccard). Grey: the top of each window drawn anew; green: constant popularity; both central 95 %."
    )
    if few:
        note += " " + _n(
            "{n:count} window with too little data is left out; its neighbours are compared with each other.",
            "{n:count} windows with too little data are left out; their neighbours are compared with each other.",
            few,
        )
    title = _("The top of a window and of the one before overlap by {value:decimal} on average", value=value)
    return Panel("overlap", title, figure, cells, note)


def _decimals(values: pl.Series) -> list[str]:
    return ["" if value is None else decimal(value) for value in values]


def _spans(windows: pl.DataFrame, name: str) -> list[str]:
    return [
        "" if low is None else _("{low} to {high}", low=decimal(low), high=decimal(high))
        for low, high in windows.select(f"{name}_low", f"{name}_high").iter_rows()
    ]


def _ranks(result: Dynamics, names: Mapping[str, str], words: Words) -> Panel | None:
    ranks = result.ranks.filter(pl.col("rank") <= _LOWEST_RANK)
    usable = result.windows.filter(pl.col("status") == "ok")
    if usable.height < 2 or not ranks.height:
        return None
    often = ranks.group_by("account", maintain_order=True).agg(pl.len(), best=pl.col("rank").sum())
    order = often.sort(["len", "best"], descending=[True, False], maintain_order=True)["account"].to_list()
    labels = dict(zip(result.windows["window"], window_labels(result.windows, _step(result)), strict=True))
    figure = canvas(height=420, y=_("rank in the window"))
    numbers = usable["window"].to_list()
    for place, key in enumerate(order):
        own = dict(ranks.filter(pl.col("account") == key).select("window", "rank").iter_rows())
        # A gap where the account was not among the first twenty: lines do not bridge it.
        y = [own.get(window) for window in numbers]
        name = safe(names[key], limit=20) if key in names else _("an account")
        figure.add_scatter(
            x=numbers, y=y, mode="lines+markers", name=name, connectgaps=False, showlegend=key in names and place < len(COLOURS),
            line={"width": 2.5 if place < len(COLOURS) else 1.2, "color": colour(place)},
            marker={"size": 8 if place < len(COLOURS) else 5, "symbol": symbol(place), "color": colour(place)},
            customdata=[
                "" if rank is None else _("{account}, {time}: rank {rank:count}", account=name, time=labels[window], rank=rank)
                for window, rank in zip(numbers, y, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    time_axis(figure, result.windows, _step(result))
    lowest = max(int(ranks["rank"].max() or 1), 5)  # type: ignore[arg-type]
    figure.update_yaxes(range=[lowest + 0.7, 0.3], tickvals=[1, 5, 10, 15, 20][: 1 + lowest // 5])
    shown = [key for key in order if key in names]
    cells = table(
        (_("account"), [plain(names[key]) for key in shown]),
        (
            _("windows among the first twenty"),
            [count(ranks.filter(pl.col("account") == key).height) for key in shown],
        ),
        (
            _("best rank"),
            [count(int(ranks.filter(pl.col("account") == key)["rank"].min() or 0)) for key in shown],  # type: ignore[arg-type]
        ),
    )
    title = capital(_("{accounts} and their rank in each window", accounts=words.the_most_heard))
    note = _(
        "Accounts that were among the first five in most windows. A line ends where an account was not among the first twenty."
    )
    return Panel("ranks", title, figure, cells, note)


def _reigns(result: Dynamics, names: Mapping[str, str]) -> Panel | None:
    reigns = result.reigns
    if reigns.height < 2:
        return None
    total = reigns.group_by("account", maintain_order=True).agg(pl.col("windows").sum())
    order = total.sort("windows", descending=True, maintain_order=True)["account"].to_list()[:_MOST_REIGNS]
    others = reigns.filter(~pl.col("account").is_in(order)).height
    starts = {start: window for window, start in result.windows.select("window", "start").iter_rows()}
    ends = {end: window for window, end in result.windows.select("window", "end").iter_rows()}
    figure = canvas(height=110 + 26 * len(order))
    for at, key in enumerate(order):
        own = reigns.filter(pl.col("account") == key)
        spans = [(starts[start], ends[end]) for start, end in own.select("start", "end").iter_rows()]
        name = _name(key, names)
        figure.add_bar(
            y=[at] * len(spans), base=[first - 0.5 for first, _last in spans], x=[last - first + 1 for first, last in spans],
            orientation="h", width=0.7, marker={"color": colour(at), "line": {"width": 0}}, showlegend=False, name=name,
            customdata=[
                _("{account}: {period}", account=name, period=period_label(start, end, _step(result)))
                for start, end in own.select("start", "end").iter_rows()
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    time_axis(figure, result.windows, _step(result))
    figure.update_yaxes(
        tickvals=list(range(len(order))), ticktext=[_name(key, names) for key in order], range=[len(order) - 0.4, -0.6], showgrid=False
    )  # fmt: skip
    figure.update_layout(barmode="overlay")
    longest = int(reigns["windows"].max() or 0)  # type: ignore[arg-type]
    title = _n(
        "The first place changed hands {n:count} time",
        "The first place changed hands {n:count} times",
        reigns.height - 1,
    )
    note = _n(
        "Bars: windows in which an account was heard most. The longest unbroken run is {n:count} window.",
        "Bars: windows in which an account was heard most. The longest unbroken run is {n:count} windows.",
        longest,
    )
    if others:
        note += " " + _n("{n:count} further run is not drawn.", "{n:count} further runs are not drawn.", others)
    passed = result.hand_overs.head(20)
    cells = table(
        (_("from account"), [_cell(key, names) for key in passed["source"]]),
        (_("to account"), [_cell(key, names) for key in passed["target"]]),
        (_("times"), [count(value) for value in passed["count"]]),
    )
    return Panel("reigns", title, figure, cells, note)


def _name(key: str, names: Mapping[str, str]) -> str:
    return safe(names[key], limit=20) if key in names else _("an account")


def _cell(key: str, names: Mapping[str, str]) -> str:
    return plain(names[key]) if key in names else _("an account")


def _band(figure: go.Figure, x: list[float], low: list[float], high: list[float], name: str, fill: str) -> None:
    """Draw a band of steps."""
    figure.add_scatter(x=x, y=low, mode="lines", line={"width": 0, "shape": "hv"}, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        x=x, y=high, mode="lines", line={"width": 0, "shape": "hv"}, fill="tonexty", fillcolor=fill, name=name, hoverinfo="skip",
    )  # fmt: skip


def _membership(result: Dynamics) -> Panel | None:
    curve = result.membership
    if curve.height < 2:
        return None
    figure = canvas(height=320, x=_("windows in a row"), y=_("share still in the top"))
    band = curve.drop_nulls(["low", "high"])
    if band.height:
        _band(
            figure,
            band["time"].to_list(),
            band["low"].to_list(),
            band["high"].to_list(),
            _("95 % range"),
            "rgba(0,114,178,0.18)",
        )
    times, share = [0.0, *curve["time"].to_list()], [1.0, *curve["survival"].to_list()]
    figure.add_scatter(
        x=times, y=share, mode="lines", line={"width": 2.5, "color": MAIN, "shape": "hv"}, name=_("Observed"),
        customdata=[
            _n("{share:percent} stay longer than {n:count} window", "{share:percent} stay longer than {n:count} windows", time, share=left)
            for time, left in zip(times, share, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(rangemode="tozero", tickformat=",.0f")
    cells = table(
        (_("windows in a row"), [count(value) for value in curve["time"]]),
        (_("accounts at risk"), [count(value) for value in curve["at_risk"]]),
        (_("left the top"), [count(value) for value in curve["ended"]]),
        (_("share still in the top"), [percent(value) for value in curve["survival"]]),
    )
    first = curve["survival"][0] if curve["time"][0] == 1 else 1.0
    title = _("{share:percent} of those who come to the top stay for more than one window", share=first)
    note = _(
        "Kaplan-Meier: accounts that are in the top in the last window may stay longer, and count as long as they were seen. Those in the first window count from it."
    )
    return Panel("membership", title, figure, cells, note)


def _reactions(result: Dynamics, names: Mapping[str, str]) -> Panel | None:
    curve, reactions = result.reaction_curve, result.reactions
    if curve.height < 2 or not reactions.height:
        return None
    figure = canvas(height=330, x=_("hours since the event"), y=_("share of events without a reaction"))
    null = curve.drop_nulls(["null_low", "null_high"])
    hours = curve["hours"].to_list()
    if null.height:
        _band(figure, null["hours"].to_list(), null["null_low"].to_list(), null["null_high"].to_list(), _("On days drawn at random"), CHANCE_BAND)  # fmt: skip
    figure.add_scatter(
        x=hours, y=curve["survival"].to_list(), mode="lines", line={"width": 2.5, "color": ACCENT, "shape": "hv"}, name=_("Observed"),
        customdata=[
            _("after {hours:decimal1} hours {share:percent} without a reaction", hours=hour, share=share)
            for hour, share in curve.select("hours", "survival").iter_rows()
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    # Long after the last reaction there is nothing to see.
    going = curve.filter((pl.col("survival") > 0.005) | (pl.col("null_high").fill_null(0.0) > 0.005))["hours"]
    latest = going.max() if going.len() else None
    figure.update_xaxes(range=[0, min(hours[-1], 1.15 * latest) if isinstance(latest, float) and latest else hours[-1]])
    shown = reactions.head(50)
    cells = table(
        (_("event"), [plain(name or "", limit=60) for name in shown["trigger"]]),
        (_("account that acted first"), ["" if key is None else _cell(key, names) for key in shown["account"]]),
        (
            _p("a duration", "hours"),
            [
                decimal(hour, 1) if ended else _("more than {hours:decimal1}", hours=hour)
                for hour, ended in shown.select("hours", "ended").iter_rows()
            ],
        ),
    )
    reacted = reactions.filter(pl.col("ended")).height
    if core_known(result):
        title = _n(
            "After {reacted:count} of {n:count} event somebody of the core acted before the limit",
            "After {reacted:count} of {n:count} events somebody of the core acted before the limit",
            reactions.height,
            reacted=reacted,
        )
    else:
        title = _n(
            "After {reacted:count} of {n:count} event one of the accounts heard most acted before the limit",
            "After {reacted:count} of {n:count} events one of the accounts heard most acted before the limit",
            reactions.height,
            reacted=reacted,
        )
    note = _(
        "Grey: the same times of day on days drawn at random, central 95 %. An act after an event need not be a reaction to it."
    )
    return Panel("reactions", title, figure, cells, note)
