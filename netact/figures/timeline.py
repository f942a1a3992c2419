"""Figures of time: interactions by window, who of the groups is heard when, and how the top changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
from babel.dates import format_interval, format_skeleton

from netact.figures.text import Words, capital, group_name, person, plain, safe, table
from netact.figures.theme import ACCENT, COLOURS, MAIN, Panel, canvas, colour, symbol
from netact.language import _, count, decimal, locale, percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import plotly.graph_objects as go

    from netact.timeline import Timeline

_SMALLER = -1
# Groups from the seventh on share one grey.
COLOURED = range(len(COLOURS))
# Width of a letter of the figures' type, in pixels, to leave room for labels at the end of lines.
_LETTER = 7


def interactions_over_time(timeline: Timeline, words: Words, *, chosen: tuple[int, int] | None = None) -> Panel | None:
    """Return the interactions by window as bars; a horizontal brush selects windows.

    Parameters
    ----------
    timeline
        What happened when.
    words
        How to speak of the ties.
    chosen
        First and last window in full colour, both included; the others are pale. All are in full colour if None.

    Returns
    -------
    Panel or None
        The custom data of a bar begin with the number of its window. None with fewer than two windows.
    """
    windows = timeline.windows
    if windows.height < 2:
        return None
    first, last = chosen if chosen is not None else (0, windows.height - 1)
    inside = windows.filter(pl.col("window").is_between(first, last))
    numbers, values = windows["window"].to_list(), windows["interactions"].to_list()
    labels = window_labels(windows, timeline.step)
    figure = canvas(height=240)
    figure.add_bar(
        x=numbers, y=values, name=words.ties, showlegend=False,
        marker={"color": MAIN, "opacity": [1.0 if first <= n <= last else 0.3 for n in numbers], "line": {"width": 0}},
        selected={"marker": {"opacity": 1.0}}, unselected={"marker": {"opacity": 0.3}},
        customdata=[
            [n, _("{time}: {ties}", time=label, ties=words.counted(value))]
            for n, label, value in zip(numbers, labels, values, strict=True)
        ],
        hovertemplate="%{customdata[1]}<extra></extra>",
    )  # fmt: skip
    most = max([*values, 1])
    if chosen is not None:
        # The choice is marked by a bracket too, not by colour alone.
        figure.add_shape(
            type="line", x0=first - 0.45, x1=last + 0.45, y0=1.1 * most, y1=1.1 * most, line={"width": 3, "color": ACCENT}
        )  # fmt: skip
    time_axis(figure, windows, timeline.step)
    figure.update_yaxes(range=[0, 1.18 * most], nticks=4, tickformat=",.0f")
    figure.update_layout(
        bargap=0.12, dragmode="select", selectdirection="h",
        newselection={"line": {"width": 1.5, "color": ACCENT, "dash": "solid"}}, activeselection={"fillcolor": ACCENT, "opacity": 0.08},
    )  # fmt: skip
    total = int(windows["interactions"].sum())
    if chosen is not None and inside.height:
        title = _(
            "{ties} fall in the time chosen, {period}; there are {total:count} in all",
            ties=words.counted(int(inside["interactions"].sum())),
            total=total,
            period=period_label(inside["start"][0], inside["end"][-1], timeline.step),
        )
    else:
        peak = values.index(max(values))
        title = _(
            "{ties}; busiest window: {peak}, with {value:count}",
            ties=words.counted(total),
            peak=labels[peak],
            value=values[peak],
        )
    cells = table(
        (_("from"), labels),
        (words.ties, [count(value) for value in values]),
        (_("accounts that gave attention"), [count(value) for value in windows["givers"]]),
        (_("accounts that received attention"), [count(value) for value in windows["receivers"]]),
    )
    note = _bar_is(timeline.step)
    if timeline.coverage < 1:
        note += " " + _("{share:percent} of all have a time; the others are left out.", share=timeline.coverage)
    return Panel("interactions-over-time", title, figure, cells, note)


def factions_over_time(timeline: Timeline, groups: Mapping[int, str], words: Words) -> Panel | None:
    """Return each group's share of the attention received in each window.

    Parameters
    ----------
    timeline
        What happened when.
    groups
        Number of a group -> the name to show.
    words
        How to speak of the ties.

    Returns
    -------
    Panel or None
        None with fewer than two windows or without groups.
    """
    windows, rows = timeline.windows, timeline.factions
    if windows.height < 2 or not rows.height or not rows["received"].sum():
        return None
    numbers = windows["window"].to_list()
    labels = window_labels(windows, timeline.step)
    total = dict(rows.group_by("window").agg(pl.col("received").sum()).iter_rows())
    received = {(w, f): v for w, f, v in rows.select("window", "faction", "received").iter_rows()}
    factions = sorted(rows["faction"].unique().to_list(), key=lambda f: (f == _SMALLER, f))
    share = {f: [received.get((w, f), 0.0) / total[w] if total.get(w) else None for w in numbers] for f in factions}
    names = {f: shown_group(f, groups) for f in factions}
    figure = canvas(height=380)
    figure.update_layout(margin={"t": 30})
    subtitle(figure, capital(_("share {of_ties} received", of_ties=words.of_ties)), y=1)
    for f in factions:
        figure.add_scatter(
            x=numbers, y=share[f], mode="lines+markers", name=safe(names[f], limit=24), showlegend=False, connectgaps=False,
            line={"width": 2 if f in COLOURED else 1.5, "color": colour(f), "dash": "solid" if f in COLOURED else "dot"},
            marker={"size": 8, "symbol": symbol(f), "color": colour(f), "maxdisplayed": 12},
            customdata=[
                [_("{group}, {time}: {share:percent} {of_ties}", group=safe(names[f], limit=24), time=label, share=value, of_ties=words.of_ties)]
                if value is not None else [""]
                for label, value in zip(labels, share[f], strict=True)
            ],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )  # fmt: skip
    known = {f: next((v for v in reversed(share[f]) if v is not None), 0.0) for f in factions}
    top = 1.05 * max(v for values in share.values() for v in values if v is not None)
    _end_labels(
        figure, numbers[-1], {f: (safe(names[f], limit=14), known[f], colour(f)) for f in factions}, top=top, pixels=300
    )
    time_axis(figure, windows, timeline.step, most=3)
    figure.update_yaxes(tickformat=".0%", range=[0, top], nticks=5)
    shown = [i for i, w in enumerate(numbers) if total.get(w)]
    named = [f for f in factions if f != _SMALLER] or factions
    ahead = [max(named, key=lambda f: (share[f][i] or 0.0, -f)) for i in shown]
    if len(set(ahead)) == 1:
        title = _(
            "{group} drew the largest share in every window",
            group=person(names[ahead[0]]),
        )
    else:
        leading = max(named, key=lambda f: (ahead.count(f), -f))
        title = _(
            "{group} drew the largest share in {n:count} of {total:count} windows",
            group=person(names[leading]),
            n=ahead.count(leading),
            total=len(shown),
        )
    cells = table(
        (_("from"), labels),
        *((plain(names[f]), ["" if value is None else percent(value) for value in share[f]]) for f in factions),
    )
    return Panel(
        "factions-over-time", title, figure, cells,
        _("The groups are those of the whole time, held fixed: this shows who was heard when, not how groups formed."),
    )  # fmt: skip


def turnover(timeline: Timeline) -> Panel | None:
    """Return how much the most-heard accounts change, and how many accounts share the attention, by window.

    Returns
    -------
    Panel or None
        None with fewer than three windows, or where neither is known in at least two windows.
    """
    windows = timeline.windows
    overlap, effective = windows["top_20_overlap"].to_list(), windows["effective_receivers"].to_list()
    known = [value for value in overlap if value is not None]
    if windows.height < 3 or max(len(known), windows["effective_receivers"].count()) < 2:
        return None
    numbers, labels = windows["window"].to_list(), window_labels(windows, timeline.step)
    figure = canvas(height=400)
    upper = bool(known)
    line = {"width": 2.5, "color": MAIN}
    if upper:
        figure.add_scatter(
            x=numbers, y=overlap, mode="lines+markers", line=line, marker={"size": 7}, showlegend=False, yaxis="y2",
            name=_("overlap of the top 20 with the window before"),
            customdata=[[_("{time}: overlap {value:decimal}", time=t, value=v) if v is not None else ""] for t, v in zip(labels, overlap, strict=True)],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=numbers, y=effective, mode="lines+markers", line={"width": 2.5, "color": ACCENT, "dash": "dash"}, showlegend=False,
        marker={"size": 7, "symbol": "diamond"}, name=_("effective number of receivers"),
        customdata=[[_("{time}: as if {value:decimal1} accounts were heard equally", time=t, value=v) if v is not None else ""] for t, v in zip(labels, effective, strict=True)],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )  # fmt: skip
    time_axis(figure, windows, timeline.step)
    lower = [0.0, 0.38] if upper else [0.0, 0.9]
    figure.update_layout(
        yaxis={"domain": lower, "rangemode": "tozero", "nticks": 4, "tickformat": ",.0f"},
        xaxis={"anchor": "y"}, margin={"t": 28},
    )  # fmt: skip
    if upper:
        figure.update_layout(yaxis2={**figure.layout.yaxis.to_plotly_json(), "domain": [0.54, 0.94], "range": [0, 1.04], "tickformat": ".1f", "anchor": "x"})  # fmt: skip
        subtitle(figure, _("Overlap of the top 20 (1: no change)"), y=0.94)
    subtitle(figure, _("Effective number of accounts heard"), y=lower[1])
    if known:
        title = _(
            "From one window to the next the top 20 overlap by {low:decimal} to {high:decimal} (1 is no change)",
            low=min(known),
            high=max(known),
        )
    else:
        found = [value for value in effective if value is not None]
        title = _(
            "Attention was shared as by {low:decimal0} to {high:decimal0} accounts heard equally",
            low=min(found),
            high=max(found),
        )
    cells = table(
        (_("from"), labels),
        (_("overlap with the window before"), ["" if v is None else decimal(v) for v in overlap]),
        (_("effective number of accounts heard"), ["" if v is None else decimal(v, 1) for v in effective]),
    )
    return Panel(
        "turnover", title, figure, cells,
        _("Overlap: accounts in both lists over accounts in either (Jaccard). Effective number: as many accounts, heard equally, would be as concentrated. Few interactions in a window make both jump."),
    )  # fmt: skip


# ---------------------------------------------------------------------- words of time


def _bar_is(step: str) -> str:
    """Say how long a window is."""
    lengths = {
        "minute": _("One bar is one minute, in UTC."),
        "five_minutes": _("One bar is five minutes, in UTC."),
        "fifteen_minutes": _("One bar is a quarter of an hour, in UTC."),
        "hour": _("One bar is one hour, in UTC."),
        "six_hours": _("One bar is six hours, in UTC."),
        "day": _("One bar is one day, in UTC."),
        "week": _("One bar is one week from Monday, in UTC."),
        "month": _("One bar is one month, in UTC."),
        "quarter": _("One bar is a quarter of a year, in UTC."),
        "year": _("One bar is one year, in UTC."),
        "decade": _("One bar is ten years, in UTC."),
        "century": _("One bar is a hundred years, in UTC."),
    }
    return lengths.get(step, _("All times are UTC."))


def moment_label(moment: datetime, step: str) -> str:
    """Return when a window begins, as finely as its step asks."""
    if step in ("year", "decade", "century"):
        return str(moment.year)
    if step in ("month", "quarter"):
        return str(format_skeleton("yMMM", moment, locale=locale()))
    if step in ("week", "day", ""):
        return str(format_skeleton("yMMMd", moment, locale=locale()))
    day = str(format_skeleton("MMMd", moment, locale=locale()))
    return _("{day}, {hour}", day=day, hour=f"{moment.hour:02d}:{moment.minute:02d}")


def window_labels(windows: pl.DataFrame, step: str) -> list[str]:
    """Return when each window begins, in the language spoken."""
    return [moment_label(moment, step) for moment in windows["start"].to_list()]


def period_label(start: datetime, end: datetime, step: str) -> str:
    """Return a time from its first to its last moment; ``end`` itself is not part of it."""
    until = end - timedelta(microseconds=1)
    if step in ("day", "week", "month", "quarter"):
        skeleton = "yMMM" if step in ("month", "quarter") else "yMMMd"
        return str(format_interval(start, until, skeleton, locale=locale()))
    first, last = moment_label(start, step), moment_label(until, step)
    return first if first == last else _("{first} to {last}", first=first, last=last)


def shown_group(number: int, groups: Mapping[int, str]) -> str:
    """Return the name of a group in the language spoken; those without one are the smaller groups."""
    return group_name(groups[number]) if groups.get(number) else _("Smaller groups")


def subtitle(figure: go.Figure, text: str, *, y: float) -> None:
    """Write what one of several plots of a figure shows above it, to the left."""
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=y, yref="paper", yanchor="bottom", yshift=5, showarrow=False,
        font={"size": 13, "weight": 600}, align="left",
    )  # fmt: skip


def time_axis(figure: go.Figure, windows: pl.DataFrame, step: str, *, most: int = 4) -> None:
    """Label at most ``most`` windows, the first among them; the year only where it changes, on a line of its own."""
    numbers, starts = windows["window"].to_list(), windows["start"].to_list()
    every = -(-len(numbers) // most)
    ticks: list[str] = []
    year = None
    for i in range(0, len(numbers), every):
        parts = _moment_parts(starts[i], step)
        ticks.append("<br>".join(parts if starts[i].year != year else parts[:1]))
        year = starts[i].year
    figure.update_xaxes(
        tickvals=numbers[::every], ticktext=ticks, range=[numbers[0] - 0.6, numbers[-1] + 0.6], showgrid=False, tickangle=0
    )  # fmt: skip


def _moment_parts(moment: datetime, step: str) -> list[str]:
    """Return the label of a tick and the year that stands below it, where it has one."""
    if step in ("year", "decade", "century"):
        return [str(moment.year)]
    day = str(format_skeleton("MMM" if step in ("month", "quarter") else "MMMd", moment, locale=locale()))
    if step in ("month", "quarter", "week", "day", ""):
        return [day, str(moment.year)]
    return [f"{moment.hour:02d}:{moment.minute:02d}<br>{day}", str(moment.year)]


def _end_labels(
    figure: go.Figure, x: float, ends: Mapping[int, tuple[str, float, str]], *, top: float, pixels: int
) -> None:
    """Write labels beside the ends of lines, pushed apart where they would touch, with room for the longest."""
    gap = 17 * top / pixels
    order = sorted(ends, key=lambda key: ends[key][1])
    place: list[float] = []
    for key in order:
        place.append(max(ends[key][1], place[-1] + gap if place else gap / 2))
    over = place[-1] - (top - gap / 2)
    if over > 0:
        # Too high: push down from the top again.
        limit = top - gap / 2
        for i in reversed(range(len(place))):
            place[i] = min(place[i], limit)
            limit = place[i] - gap
    for key, y in zip(order, place, strict=True):
        text, value, ink = ends[key]
        figure.add_annotation(
            x=x, y=value, ax=16, ay=y, axref="pixel", ayref="y", text=text, xanchor="left", showarrow=True, arrowhead=0,
            arrowwidth=1, arrowcolor=ink, standoff=5, font={"size": 12}, align="left",
        )  # fmt: skip
    longest = max(len(text) - 2 for text, _value, _ink in ends.values())
    figure.update_layout(margin={"r": 28 + _LETTER * longest})
