"""Figures of groups through time: strands with their splits and mergers, and the two halves of the core."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import p_words, plain, table
from netact.figures.theme import ACCENT, MAIN, OTHER, Panel, canvas, colour
from netact.figures.timeline import time_axis, window_labels
from netact.language import _, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.results.faction_tracking import FactionTracking

_MOST_STRANDS = 12
# Thinner flows are thinner than a line.
_FEWEST = 2
_ALPHA = 0.05
_CURVE = 16  # pieces of a drawn curve

Node = tuple[int, int]  # window, strand


def panels(result: FactionTracking | None, names: Mapping[str, str]) -> tuple[Panel, ...]:
    """Return the panels of groups through time: none if they could not be followed."""
    if result is None or result.status != "ok":
        return ()
    made = (_strands(result, names), _core(result))
    return tuple(panel for panel in made if panel is not None)


def strand_name(number: int) -> str:
    """Return the name of a strand in the language spoken: letters, like those of groups.

    >>> strand_name(0), strand_name(27)
    ('Strand A', 'Strand AB')
    """
    letters = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return _("Strand {letters}", letters=letters)


def _step(result: FactionTracking) -> str:
    windows = result.windows
    short = (windows["end"] - windows["start"]).min()
    return "hour" if isinstance(short, timedelta) and timedelta(0) < short < timedelta(hours=23) else ""


def _strands(result: FactionTracking, names: Mapping[str, str]) -> Panel | None:
    largest = result.strands.group_by("strand").agg(pl.col("accounts").sum())
    kept = largest.sort(["accounts", "strand"], descending=[True, False])["strand"].head(_MOST_STRANDS).to_list()
    flows = result.flows.drop_nulls(["strand", "next_strand"]).filter(
        pl.col("strand").is_in(kept) & pl.col("next_strand").is_in(kept) & (pl.col("accounts") >= _FEWEST)
    )
    if not flows.height:
        return None
    rank = {strand: place for place, strand in enumerate(sorted(kept))}
    windows = sorted({*flows["window"].to_list(), *flows["next_window"].to_list()})
    size: dict[Node, int] = {}
    for ends in (("window", "strand"), ("next_window", "next_strand")):
        for window, strand, accounts in flows.group_by(*ends).agg(pl.col("accounts").sum()).iter_rows():
            size[window, strand] = max(size.get((window, strand), 0), accounts)
    bottom = _stacked(size)
    labels = dict(zip(result.windows["window"], window_labels(result.windows, _step(result)), strict=True))
    most = max(sum(1 for w, _s in size if w == window) for window in windows)
    figure = canvas(height=max(380, 120 + 46 * most))
    _draw_flows(figure, flows, bottom, rank)
    for strand in sorted(kept):
        own = sorted(node for node in size if node[1] == strand)
        if not own:
            continue
        bars_x = [x for window, _s in own for x in (window, window, None)]
        bars_y = [y for node in own for y in (bottom[node], bottom[node] + size[node], None)]
        figure.add_scatter(
            x=bars_x, y=bars_y, mode="lines", line={"width": 12, "color": colour(rank[strand])}, hoverinfo="skip",
            name=strand_name(strand), showlegend=False,
        )  # fmt: skip
        window = own[-1][0]
        figure.add_annotation(
            text=strand_name(strand), x=window, y=bottom[own[-1]] + size[own[-1]] / 2, xanchor="left", xshift=10, showarrow=False,
            font={"size": 12},
        )  # fmt: skip
    nodes = sorted(size)
    figure.add_scatter(
        x=[w for w, _s in nodes], y=[bottom[node] + size[node] / 2 for node in nodes], mode="markers", showlegend=False,
        marker={"size": 12, "opacity": 0},
        customdata=[_("{strand}, {time}: {n:count} accounts", strand=strand_name(s), time=labels[w], n=size[w, s]) for w, s in nodes],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    marks = _draw_marks(figure, result, bottom, size, labels)
    time_axis(figure, result.windows.filter(pl.col("window").is_in(windows)), _step(result))
    figure.update_xaxes(range=[windows[0] - 0.15, windows[-1] + 0.15 + 0.14 * (windows[-1] - windows[0])])
    figure.update_yaxes(visible=False)
    note = _(
        "Each column is a window, each bar a group found in it; groups that share enough accounts are one strand. Width: accounts seen in both windows."
    )
    if marks:
        note += " " + _(
            "A triangle marks a split (upwards) or a merger (downwards): large where it lasts beyond what the same acts at other times give (p < 0.05), small and grey where it does not."
        )
    hidden = largest.height - len(kept)
    if hidden > 0:
        note += " " + _("{n:count} smaller strands are not drawn.", n=hidden)
    return Panel("strands", _title(result), figure, _events_table(result, names, labels), note)


def _title(result: FactionTracking) -> str:
    match result.verdict:
        case "split":
            return _("A group split, beyond what chance gives")
        case "merger":
            return _("Groups merged, beyond what chance gives")
        case "split_and_merger":
            return _("Groups split and merged, beyond what chance gives")
        case "steady":
            return _("No split or merger of groups is beyond what chance gives")
        case _:
            return _("Groups through time, not compared with chance")


def _event_words(event: dict[str, object], labels: Mapping[int, str]) -> str:
    values = {
        "time": labels[event["window"]],  # type: ignore[index]
        "first": strand_name(event["strand"]),  # type: ignore[arg-type]
        "second": strand_name(event["other"]),  # type: ignore[arg-type]
    }
    if event["event"] == "split":
        return _("{time}: {second} splits from {first}", **values)
    return _("{time}: {first} merges into {second}", **values)


def _events_table(result: FactionTracking, names: Mapping[str, str], labels: Mapping[int, str]) -> pl.DataFrame:
    events = result.events.filter(pl.col("event").is_in(["split", "merge"]))
    rows = list(events.iter_rows(named=True))
    heard = {(w, s): key for w, s, _n, key in result.strands.iter_rows()}

    def most_heard(event: dict[str, object]) -> str:
        key = heard.get((event["window"], event["other"]))
        return "" if key is None else plain(names[key]) if key in names else _("an account")

    def share(value: float | None) -> str:
        return "" if value is None else percent(value)

    return table(
        (_("event"), [_event_words(row, labels) for row in rows]),
        (_("accounts"), ["" if row["accounts"] is None else count(row["accounts"]) for row in rows]),
        (_("heard most there"), [most_heard(row) for row in rows]),
        (_("between the two parts before"), [share(row["across_before"]) for row in rows]),
        (_("between the two parts afterwards"), [share(row["across_after"]) for row in rows]),
        (_("p"), ["" if row["p_value"] is None else p_words(row["p_value"]) for row in rows]),
    )


def _core(result: FactionTracking) -> Panel | None:
    known = result.core.drop_nulls("ei_index")
    if result.core_distance.value is None or known.height < 2 or result.core_stays is not None:
        return None
    windows = result.windows.filter(pl.col("window").is_in(result.core["window"].to_list()))
    labels = dict(zip(result.windows["window"], window_labels(result.windows, _step(result)), strict=True))
    figure = canvas(height=300, y=_("between the two halves (E-I index)"))
    figure.add_scatter(
        x=known["window"].to_list(), y=known["ei_index"].to_list(), mode="lines+markers", name=_("The core"),
        line={"width": 2.5, "color": MAIN}, marker={"size": 8}, showlegend=False,
        customdata=[_("{time}: {value:decimal}", time=labels[w], value=v) for w, v in known.select("window", "ei_index").iter_rows()],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    time_axis(figure, windows, _step(result))
    figure.update_yaxes(range=[-1.05, 1.05])
    cells = table(
        (_("window"), [labels[window] for window in result.core["window"]]),
        (_("within the halves"), [count(value) for value in result.core["inside"]]),
        (_("between the halves"), [count(value) for value in result.core["across"]]),
        (_("E-I index"), ["" if value is None else decimal(value) for value in result.core["ei_index"]]),
        (_("pairs tied both ways"), ["" if value is None else count(value) for value in result.core["mutual"]]),
        (_("of them lost since"), ["" if value is None else count(value) for value in result.core["lost"]]),
    )
    change, interval = result.core_distance.value, result.core_distance.null_interval
    title = _("Between the two halves of the core the E-I index changed by {value:decimal}", value=change)
    note = _("−1: members turn to their own half only, 1: to the other half only.")
    if interval is not None:
        note += " " + _(
            "The same acts at other times give a change of {low:decimal} to {high:decimal}.",
            low=interval[0],
            high=interval[1],
        )
    return Panel("core_halves", title, figure, cells, note)


def _stacked(size: Mapping[Node, int]) -> dict[Node, float]:
    """Return where the bar of each strand begins in each window: in the same order in each, with gaps between."""
    total = max(sum(n for (w, _s), n in size.items() if w == window) for window in {w for w, _s in size})
    bottom: dict[Node, float] = {}
    for window in sorted({w for w, _s in size}):
        at = 0.0
        for node in sorted((node for node in size if node[0] == window), key=lambda node: -node[1]):
            bottom[node] = at
            at += size[node] + 0.06 * total
    return bottom


def _draw_flows(figure: go.Figure, flows: pl.DataFrame, bottom: Mapping[Node, float], rank: Mapping[int, int]) -> None:
    """Draw the accounts that go from bar to bar, in the colour of where they come from."""
    steps = [i / _CURVE for i in range(_CURVE + 1)]
    rise = [t * t * (3 - 2 * t) for t in steps]
    leaving, arriving = dict(bottom), dict(bottom)
    shapes: dict[int, tuple[list[float | None], list[float | None]]] = {}
    middle: list[tuple[float, float, str]] = []
    # From below, so that flows do not cross without need.
    order = flows.sort("window", "strand", "next_strand", descending=[False, True, True])
    columns = ("window", "next_window", "strand", "next_strand", "accounts")
    for window, after, strand, next_strand, accounts in order.select(columns).iter_rows():
        low, high = leaving[window, strand], arriving[after, next_strand]
        leaving[window, strand] += accounts
        arriving[after, next_strand] += accounts
        across = [window + (after - window) * t for t in steps]
        lower = [low + (high - low) * t for t in rise]
        x, y = shapes.setdefault(strand, ([], []))
        x += [*across, *across[::-1], None]
        y += [*lower, *(value + accounts for value in lower[::-1]), None]
        said = _("{n:count} accounts<br>from {first}<br>to {second}", n=accounts, first=strand_name(strand), second=strand_name(next_strand))  # fmt: skip
        middle.append(((window + after) / 2, (low + high + accounts) / 2, said))
    for strand, (x, y) in sorted(shapes.items()):
        figure.add_scatter(
            x=x[:-1], y=y[:-1], mode="lines", line={"width": 0}, fill="toself", fillcolor=_pale(rank[strand]), hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=[x for x, _y, _text in middle], y=[y for _x, y, _text in middle], mode="markers", marker={"size": 10, "opacity": 0},
        customdata=[text for _x, _y, text in middle], hovertemplate="%{customdata}<extra></extra>", showlegend=False,
    )  # fmt: skip


def _draw_marks(
    figure: go.Figure,
    result: FactionTracking,
    bottom: Mapping[Node, float],
    size: Mapping[Node, int],
    labels: Mapping[int, str],
) -> int:
    """Mark splits and mergers above the bars; return how many are drawn."""
    drawn = 0
    names = {
        ("split", True): _("Split, beyond chance"),
        ("split", False): _("Split, not beyond chance"),
        ("merge", True): _("Merger, beyond chance"),
        ("merge", False): _("Merger, not beyond chance"),
    }
    for kind, shape in (("split", "triangle-up"), ("merge", "triangle-down")):
        for certain in (True, False):
            found = [
                event
                for event in result.events.filter(pl.col("event") == kind).iter_rows(named=True)
                if (event["window"], event["other"]) in bottom
                and (event["p_value"] is not None and event["p_value"] < _ALPHA) == certain
            ]
            if not found:
                continue
            drawn += len(found)
            nodes = [(event["window"], event["other"]) for event in found]
            figure.add_scatter(
                x=[w for w, _s in nodes], y=[bottom[node] + size[node] for node in nodes], mode="markers",
                marker={"size": 14 if certain else 9, "symbol": shape, "color": ACCENT if certain else OTHER},
                name=names[kind, certain],
                customdata=[_event_words(event, labels) for event in found], hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    return drawn


def _pale(place: int) -> str:
    ink = colour(place)
    red, green, blue = (int(ink[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.3)"
