"""The map to explore: accounts as markers by group, a drawn background where there are many, one account chosen."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, capital, plain, quoted, safe, table
from netact.figures.theme import LABEL, Panel, canvas, colour, labels_without_overlap, symbol
from netact.figures.timeline import shown_group
from netact.language import _, _n, count
from netact.results import Factions, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.layout import Layout
    from netact.results import Result

_MOST_TIES = 4000
_MOST_GROUPS = 6
_LABELS = 12
_MOST_ROWS = 200
_TIE = "rgba(138,143,152,0.35)"
_RING = "#111"
# The account chosen: none of the colours of groups, and readable on white and on dark paper.
CHOSEN = "#C2185B"


def explorer(
    layout: Layout,
    results: Mapping[str, Result],
    names: Mapping[str, str],
    groups: Mapping[int, str],
    words: Words,
    *,
    weights: Mapping[str, float] | None = None,
    selected: str | None = None,
) -> Panel | None:
    """Return the map of the accounts that are placed.

    Parameters
    ----------
    layout
        Where the accounts stand; with a background the ties are in the picture, otherwise the heaviest are drawn.
    results
        Factions give the groups, the leading core the rings.
    names
        Account -> the name to print; others are "an account".
    groups
        Number of a group -> the name to show.
    words
        How to speak of the ties.
    weights
        Account -> attention in a chosen time; accounts without any are hollow. All attention if None.
    selected
        Account in the foreground, with its ties among the accounts drawn.

    Returns
    -------
    Panel or None
        Custom data of every marker: its row in ``layout.accounts``, its name, its attention in words. None with fewer
        than three accounts.
    """
    accounts = layout.accounts
    if accounts.height < 3:
        return None
    keys = accounts["account"].to_list()
    x = [round(v, 4) for v in accounts["x"]]
    y = [round(v, 4) for v in accounts["y"]]
    value = accounts["attention"].to_list() if weights is None else [float(weights.get(key, 0.0)) for key in keys]
    most = max([*value, 1e-12])
    size = [round(4 + 18 * math.sqrt(v / most), 1) if v > 0 else 5.0 for v in value]
    member, cores = _groups(results, groups), _cores(results)
    group = [member.get(key, -1) for key in keys]
    figure = canvas(height=640)
    figure.update_layout(
        hovermode="closest", dragmode="pan", clickmode="event", uirevision="keep", hoverdistance=12,
        legend={"itemsizing": "constant"}, margin={"l": 0, "r": 0, "b": 24},
    )  # fmt: skip
    if layout.background is not None:
        picture = layout.background
        figure.add_layout_image(
            source="data:image/png;base64," + base64.b64encode(picture.png).decode(), xref="x", yref="y", layer="below",
            x=picture.x0, y=picture.y1, sizex=picture.x1 - picture.x0, sizey=picture.y1 - picture.y0, sizing="stretch",
        )  # fmt: skip
    else:
        _add_ties(figure, layout.ties.head(_MOST_TIES), x, y, width=0.5, ink=_TIE, name=_("tie"))
    chosen = keys.index(selected) if selected in keys else None
    own = (
        layout.ties.filter((pl.col("source") == chosen) | (pl.col("target") == chosen))
        if chosen is not None
        else layout.ties.clear()
    )
    # With an account chosen, those who are not tied to it step back.
    near = {*own["source"].to_list(), *own["target"].to_list(), *([] if chosen is None else [chosen])}
    said = [
        (safe(names[key]) if key in names else _("an account"), words.counted(v))
        for key, v in zip(keys, value, strict=True)
    ]
    for number in sorted(set(group), key=lambda f: (f < 0, f)):
        label = safe(shown_group(number, groups), limit=22) if member else _("account")
        ink, named = colour(number) if member else colour(0), bool(member)
        # The legend's marker is a trace of its own, so that it is never as pale as those who step back.
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=label, legendgroup=str(number), hoverinfo="skip",
            marker={"size": 10, "color": ink, "symbol": _mark(number, heard=True, any_group=named)},
        )  # fmt: skip
        for heard in (False, True):
            rows = [i for i, f in enumerate(group) if f == number and (value[i] > 0) == heard]
            if not rows:
                continue
            figure.add_scatter(
                x=[x[i] for i in rows], y=[y[i] for i in rows], mode="markers", name=label, legendgroup=str(number), showlegend=False,
                marker={
                    "size": [size[i] for i in rows], "color": ink, "symbol": _mark(number, heard=heard, any_group=named),
                    "opacity": [_opacity(heard=heard, back=chosen is not None and i not in near) for i in rows],
                    "line": {"width": 0.5 if heard else 1, "color": "rgba(255,255,255,0.6)" if heard else ink},
                },
                customdata=[[i, *said[i]] for i in rows], hovertemplate="%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
            )  # fmt: skip
    ringed = [i for i, key in enumerate(keys) if key in cores]
    if ringed:
        figure.add_scatter(
            x=[x[i] for i in ringed], y=[y[i] for i in ringed], mode="markers", name=_("in a core"), hoverinfo="skip", meta="ink",
            marker={"size": [size[i] + 6 for i in ringed], "symbol": "circle-open", "color": _RING, "line": {"width": 2.2}},
        )  # fmt: skip
    if chosen is not None:
        _add_ties(figure, own, x, y, width=1.6, ink=CHOSEN, name=_("tie of the account chosen"))
        figure.add_scatter(
            x=[x[chosen]], y=[y[chosen]], mode="markers", name=_("account chosen"), hoverinfo="skip",
            marker={"size": [size[chosen] + 14], "symbol": "circle-open", "color": CHOSEN, "line": {"width": 4}},
        )  # fmt: skip
    _add_labels(figure, keys, x, y, names, first=[selected, *(keys[i] for i in ringed)])
    side = 0.02 * ((max(x) - min(x)) or 1.0)
    figure.update_xaxes(visible=False, fixedrange=False, range=_range(layout, x, side, along="x"))
    figure.update_yaxes(
        visible=False, fixedrange=False, range=_range(layout, y, side, along="y"), scaleanchor="x", scaleratio=1
    )
    shown = (
        _("Showing {n:count} of {total:count} accounts", n=len(keys), total=layout.total)
        if len(keys) < layout.total
        else _n("All {n:count} accounts with a tie", "All {n:count} accounts with a tie", len(keys))
    )
    figure.add_annotation(
        text=shown, x=0, y=0, xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=-4, showarrow=False, font={"size": 12},
    )  # fmt: skip
    if chosen is not None:
        name = quoted(names[selected]) if selected in names else _("The account chosen")  # type: ignore[index]
        title = _("{account} among {accounts}", account=name, accounts=words.the_most_heard)
    else:
        title = capital(_("{accounts} and the ties among them", accounts=words.the_most_heard))
    return Panel(
        "explorer", title, figure, _table(keys, value, group, cores, names, groups, words), _note(layout, weights)
    )


def _note(layout: Layout, weights: Mapping[str, float] | None) -> str:
    parts = []
    if layout.background is not None:
        parts.append(
            _(
                "Behind them, as a picture, {accounts:count} accounts and {ties:count} ties.",
                accounts=layout.background.accounts,
                ties=layout.background.ties,
            )
        )
    elif layout.mode == "backbone":
        parts.append(_("Only ties heavier than chance explains are drawn (disparity filter)."))
    elif layout.ties.height < layout.ties_total:
        parts.append(
            _(
                "The {n:count} heaviest of {total:count} ties among them are drawn.",
                n=min(layout.ties.height, _MOST_TIES),
                total=layout.ties_total,
            )
        )
    if weights is not None:
        parts.append(_("Marker size: attention in the time chosen; hollow: none."))
    else:
        parts.append(_("Marker size: attention received."))
    parts.append(_("Near means tied; directions on the page mean nothing."))
    return " ".join(parts)


def _table(
    keys: list[str],
    value: list[float],
    group: list[int],
    cores: Mapping[str, int],
    names: Mapping[str, str],
    groups: Mapping[int, str],
    words: Words,
) -> pl.DataFrame:
    order = sorted((i for i, key in enumerate(keys) if key in names), key=lambda i: (-value[i], i))[:_MOST_ROWS]
    return table(
        (_("account"), [plain(names[keys[i]]) for i in order]),
        (words.ties, [count(value[i]) for i in order]),
        (_("group"), [plain(shown_group(group[i], groups)) for i in order]),
        (_("core"), [str(cores.get(keys[i], "")) for i in order]),
    )


def _add_ties(
    figure: go.Figure, ties: pl.DataFrame, x: list[float], y: list[float], *, width: float, ink: str, name: str
) -> None:
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for source, target in ties.select("source", "target").iter_rows():
        lines_x += [x[source], x[target], None]
        lines_y += [y[source], y[target], None]
    figure.add_scatter(
        x=lines_x,
        y=lines_y,
        mode="lines",
        line={"width": width, "color": ink},
        hoverinfo="skip",
        name=name,
        showlegend=False,
    )


def _add_labels(
    figure: go.Figure,
    keys: list[str],
    x: list[float],
    y: list[float],
    names: Mapping[str, str],
    *,
    first: list[str | None],
) -> None:
    """Name the chosen account, members of cores and the most heard, as far as there is room."""
    ahead = [keys.index(key) for key in first if key is not None and key in keys and key in names]
    order = [*ahead, *(i for i, key in enumerate(keys) if key in names and i not in ahead)]
    span_x, span_y = (max(x) - min(x)) or 1.0, (max(y) - min(y)) or 1.0
    for i in labels_without_overlap(x, y, order, most=_LABELS, width=0.2 * span_x, height=0.05 * span_y):
        figure.add_annotation(
            x=x[i], y=y[i], text=safe(names[keys[i]], limit=16), yshift=16, showarrow=False, font={"size": 12}, bgcolor=LABEL, borderpad=1,
        )  # fmt: skip


def _range(layout: Layout, values: list[float], side: float, *, along: str) -> list[float]:
    """Return the part of the plane to open with: the accounts placed, and a little more of the picture around them."""
    low, high = min(values) - side, max(values) + side
    if layout.background is not None:
        picture, more = layout.background, 0.1 * (high - low)
        ends = (picture.x0, picture.x1) if along == "x" else (picture.y0, picture.y1)
        low, high = min(low, max(low - more, ends[0])), max(high, min(high + more, ends[1]))
    return [low, high]


def _groups(results: Mapping[str, Result], groups: Mapping[int, str]) -> dict[str, int]:
    """Return the group of each account; those past the sixth stand together as the smaller groups."""
    result = results.get("factions")
    if not isinstance(result, Factions) or not groups:
        return {}
    shown = sorted(number for number in groups if number >= 0)[:_MOST_GROUPS]
    return {a: f if f in shown else -1 for a, f in result.membership.select("account", "faction").iter_rows()}


def _cores(results: Mapping[str, Result]) -> dict[str, int]:
    result = results.get("leading_core")
    found = result.cores if isinstance(result, LeadingCore) else ()
    members: dict[str, int] = {}
    for number, core in enumerate(found, start=1):
        for member in core.members:
            members.setdefault(member, number)
    return members


def _opacity(*, heard: bool, back: bool) -> float:
    return (0.85 if heard else 0.4) * (0.25 if back else 1.0)


def _mark(number: int, *, heard: bool, any_group: bool) -> str:
    mark = symbol(number) if any_group else "circle"
    return mark if heard or mark.endswith("-open") else f"{mark}-open"
