"""Figure of flows: whom accounts gave most attention to, from one period to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import plain, safe, table
from netact.figures.theme import Panel, canvas, colour
from netact.figures.timeline import period_label, shown_group, subtitle
from netact.language import _, _n, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.timeline import Timeline

# Flows of fewer accounts are left out of the picture: they are thinner than a line.
_FEWEST = 5
_INK = "#8A8F98"


def flows(timeline: Timeline, groups: Mapping[int, str]) -> Panel | None:
    """Return how accounts move between the groups they give most attention to, period by period.

    Parameters
    ----------
    timeline
        What happened when.
    groups
        Number of a group -> the name to show.

    Returns
    -------
    Panel or None
        None with fewer than two periods, without groups, or where every flow is of fewer than five accounts.
    """
    rows, periods = timeline.flows, timeline.periods
    large = rows.filter(pl.col("accounts") >= _FEWEST)
    if periods.height < 2 or not large.height:
        return None
    nodes = _nodes(large)
    place = {node: number for number, node in enumerate(nodes)}
    columns = periods["period"].to_list()
    times = [period_label(start, end, timeline.step) for start, end in periods.select("start", "end").iter_rows()]
    size = {node: _size(large, node) for node in nodes}
    names = {faction: _name(faction, groups) for _period, faction in nodes}
    figure = canvas(height=max(420, 60 + 62 * max(sum(1 for p, _f in nodes if p == c) for c in columns)))
    x, y = _positions(nodes, size, columns)
    outer = (columns[0], columns[-1])
    figure.add_sankey(
        arrangement="fixed",
        textfont={"size": 12},
        node={
            "x": x, "y": y, "pad": 14, "thickness": 14, "line": {"width": 0},
            # Groups keep their order and colour, so that each is named once, beside its last column.
            "label": [""] * len(nodes),
            "color": [_ink(f) for _p, f in nodes],
            "customdata": [
                _("{group}, {time}: {n:count} accounts", group=safe(names[f], limit=24), time=times[columns.index(p)], n=size[p, f])
                for p, f in nodes
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        link={
            "source": [place[p, s] for p, s, _t in large.select("period", "source_faction", "target_faction").iter_rows()],
            "target": [place[p + 1, t] for p, _s, t in large.select("period", "source_faction", "target_faction").iter_rows()],
            "value": large["accounts"].to_list(),
            "color": [_ink(s if s is not None else t, pale=True) for s, t in large.select("source_faction", "target_faction").iter_rows()],
            "customdata": [
                _("{n:count} accounts<br>from {first}<br>to {second}", n=n, first=safe(names[s], limit=24), second=safe(names[t], limit=24))
                for s, t, n in large.select("source_faction", "target_faction", "accounts").iter_rows()
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )  # fmt: skip
    last = {faction: max(p for p, f in nodes if f == faction) for faction in names}
    for (period, faction), across, down in zip(nodes, x, y, strict=True):
        if period == last[faction]:
            figure.add_annotation(
                text=safe(names[faction], limit=14), x=across, y=1 - down, xref="paper", yref="paper", xanchor="left",
                yanchor="middle", xshift=10 if period == columns[-1] else 20, showarrow=False, font={"size": 12}, align="left",
            )  # fmt: skip
    longest = max(len(safe(names[f], limit=14)) - 2 for _p, f in nodes)
    figure.update_layout(margin={"l": 8, "r": 22 + 7 * longest, "t": 34, "b": 30})
    subtitle(figure, _("Most attention given to"), y=1)
    for at, (period, text) in enumerate(zip(columns, times, strict=True)):
        if period in outer or len(columns) <= 3:
            share = at / (len(columns) - 1)
            anchor = "left" if at == 0 else "right" if at == len(columns) - 1 else "center"
            figure.add_annotation(
                text=text, x=share, xref="paper", xanchor=anchor, y=0, yref="paper", yanchor="top",
                yshift=-6, showarrow=False, font={"size": 12}, align=anchor,
            )  # fmt: skip
    seen = rows.drop_nulls(["source_faction", "target_faction"])
    both = int(seen["accounts"].sum())
    stayed = int(seen.filter(pl.col("source_faction") == pl.col("target_faction"))["accounts"].sum())
    title = (
        _("{share:percent} of the accounts seen in two periods in a row gave most attention to the same group in both", share=stayed / both)
        if both
        else _("No account gave attention in two periods in a row")
    )  # fmt: skip
    drawn = list(large.select("period", "source_faction", "target_faction", "accounts").iter_rows())
    cells = table(
        (_("first period"), [times[columns.index(p)] for p, _s, _t, _accounts in drawn]),
        (_("from"), [plain(names[s]) for _p, s, _t, _accounts in drawn]),
        (_("to"), [plain(names[t]) for _p, _s, t, _accounts in drawn]),
        (_("accounts"), [count(n) for _p, _s, _t, n in drawn]),
    )
    note = _(
        'Width: accounts. "Not seen": gave no attention in that period. The groups are held fixed; what moves is attention.'
    )
    left_out = sum(rows["accounts"].to_list()) - sum(large["accounts"].to_list())
    if left_out:
        note += " " + _n(
            "{n:count} move in a flow of fewer than {fewest:count} accounts is not drawn.",
            "{n:count} moves in flows of fewer than {fewest:count} accounts are not drawn.",
            left_out,
            fewest=_FEWEST,
        )
    return Panel("flows", title, figure, cells, note)


def _nodes(rows: pl.DataFrame) -> list[tuple[int, int | None]]:
    """Return the groups of each period, by number, smaller groups and those not seen last."""
    found = {(p, s) for p, s in rows.select("period", "source_faction").iter_rows()}
    found |= {(p + 1, t) for p, t in rows.select("period", "target_faction").iter_rows()}
    return sorted(found, key=lambda node: (node[0], node[1] is None, node[1] == -1, node[1] or 0))


def _size(rows: pl.DataFrame, node: tuple[int, int | None]) -> int:
    """Return how many accounts are drawn in a group of a period: the larger of what comes in and what goes out."""
    period, faction = node
    out = rows.filter((pl.col("period") == period) & pl.col("source_faction").eq_missing(pl.lit(faction, pl.Int32)))
    into = rows.filter(
        (pl.col("period") == period - 1) & pl.col("target_faction").eq_missing(pl.lit(faction, pl.Int32))
    )
    return int(max(out["accounts"].sum(), into["accounts"].sum()))


def _positions(
    nodes: list[tuple[int, int | None]], size: dict[tuple[int, int | None], int], columns: list[int]
) -> tuple[list[float], list[float]]:
    """Return where the nodes stand: periods from left to right, groups in the same order in each."""
    x, y = [], []
    # All columns to one scale: that of the one that needs most room.
    total = max(sum(size[node] for node in nodes if node[0] == c) for c in columns) or 1
    for c in columns:
        column = [node for node in nodes if node[0] == c]
        gap = 0.035
        scale = (1 - gap * (max(len([n for n in nodes if n[0] == k]) for k in columns) - 1)) / total
        top = 0.0
        for node in column:
            height = size[node] * scale
            # Plotly takes 0 for "not set".
            x.append(min(max((columns.index(c)) / (len(columns) - 1), 0.001), 0.999))
            y.append(min(max(top + height / 2, 0.001), 0.999))
            top += height + gap
    return x, y


def _name(faction: int | None, groups: Mapping[int, str]) -> str:
    return _("not seen") if faction is None else shown_group(faction, groups)


def _ink(faction: int | None, *, pale: bool = False) -> str:
    ink = _INK if faction is None else colour(faction)
    red, green, blue = (int(ink[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{(0.16 if faction is None else 0.38) if pale else 1})"
