"""Figures of one account: with whom it exchanged attention, and when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import Words, plain, quoted, safe, table
from netact.figures.theme import ACCENT, LABEL, MAIN, Panel, bare, canvas, colour, symbol
from netact.figures.timeline import shown_group, time_axis, window_labels
from netact.language import _, _n, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.timeline import Timeline

_MOST = 30
_LINE = "rgba(138,143,152,0.55)"


def ego_map(
    account: str,
    ties: pl.DataFrame,
    names: Mapping[str, str],
    groups: Mapping[int, str],
    *,
    attention: float,
    directed: bool = True,
) -> Panel | None:
    """Return an account among those with whom it exchanged most attention.

    Accounts that only gave it attention stand on the left, those it only gave attention to on the right, those of both
    above and below.

    Parameters
    ----------
    account
        Key of the account in the middle.
    ties
        ``account`` (the other one), ``gave`` (attention that it gave to the account in the middle), ``received``
        (attention that it received from the account in the middle), ``faction`` (of the other one, or null).
    names
        Account -> the name to print; others are "an account".
    groups
        Number of a group -> the name to show.
    attention
        Share of all attention that the account in the middle received, in [0, 1].
    directed
        Whether ties have a direction; without one the sides mean nothing and no side is named.

    Returns
    -------
    Panel or None
        None without ties.
    """
    ties = ties.filter((pl.col("gave") > 0) | (pl.col("received") > 0))
    if not ties.height:
        return None
    rows = ties.sort(pl.col("gave") + pl.col("received"), descending=True, maintain_order=True).head(_MOST)
    sides: dict[str, list[dict[str, Any]]] = {"in": [], "out": [], "both": []}
    for row in rows.iter_rows(named=True):
        if directed:
            side = "both" if row["gave"] > 0 and row["received"] > 0 else "in" if row["gave"] > 0 else "out"
        else:
            side = "in" if len(sides["in"]) <= len(sides["out"]) else "out"
        sides[side].append(row)
    place = _places({side: len(found) for side, found in sides.items()})
    weights = [g + r for g, r in rows.select("gave", "received").iter_rows()]
    most = max(weights)
    tallest = max(len(sides["in"]), len(sides["out"]))
    # Many in a column are drawn smaller, so that each can be seen.
    small = min(1.0, 14 / max(tallest, 1))
    figure = canvas(height=round(max(420, 140 + 20 * tallest)))
    figure.update_layout(hovermode="closest", showlegend=True)
    # Three widths of line: few enough to be told apart.
    every = [(row, place[side][i]) for side, found in sides.items() for i, row in enumerate(found)]
    for width, low, high in ((1.0, 0.0, 1 / 3), (2.5, 1 / 3, 2 / 3), (4.5, 2 / 3, 1.01)):
        x: list[float | None] = []
        y: list[float | None] = []
        for row, (px, py) in every:
            if low <= (_weight(row) / most) < high:
                x += [0, px, None]
                y += [0, py, None]
        if x:
            figure.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", showlegend=False, line={"width": width, "color": _LINE})  # fmt: skip
    shown = {row["account"]: _group_of(row["faction"], groups) for row, _p in every}
    for number in sorted(set(shown.values()), key=lambda f: (f < 0, f)):
        part = [(row, p) for row, p in every if shown[row["account"]] == number]
        figure.add_scatter(
            x=[p[0] for _row, p in part], y=[p[1] for _row, p in part], mode="markers+text", cliponaxis=False,
            name=safe(shown_group(number, groups), limit=20), showlegend=bool(groups),
            marker={"size": [small * (9 + 11 * math.sqrt(_weight(row) / most)) for row, _p in part], "color": colour(number), "symbol": symbol(number), "opacity": 1, "line": {"width": 1.5, "color": colour(number)}},
            text=[safe(names[row["account"]], limit=12) if row["account"] in names else "" for row, _p in part],
            textposition=[_side(p) for _row, p in part], textfont={"size": 12},
            customdata=[_said(row, names, directed=directed) for row, _p in part], hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[0], y=[0], mode="markers", showlegend=False, marker={"size": 26, "color": "#111", "symbol": "circle", "line": {"width": 0}}, meta="ink",
        customdata=[_("{account}<br>{share:percent} of all attention", account=_shown(account, names), share=attention)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_annotation(
        x=0,
        y=0,
        yshift=-24,
        text=_shown(account, names),
        showarrow=False,
        font={"size": 13, "weight": 600},
        bgcolor=LABEL,
    )
    headings = (("in", "left", _("gave it attention")), ("both", "center", _("both ways")), ("out", "right", _("received attention")))  # fmt: skip
    for side, anchor, text in headings if directed else ():
        if sides[side]:
            figure.add_annotation(
                x={"left": 0, "center": 0.5, "right": 1}[anchor], y=1, xref="paper", yref="paper", xanchor=anchor, yanchor="bottom",
                text=text, showarrow=False, font={"size": 12, "weight": 600}, yshift=4,
            )  # fmt: skip
    bare(figure)
    figure.update_xaxes(range=[-2.05, 2.05])
    figure.update_yaxes(range=[-1.4, 1.4], scaleanchor=None)
    figure.update_layout(margin={"t": 30, "b": 40}, legend={"y": -0.02, "yanchor": "top", "orientation": "h", "x": 0})
    who = quoted(names[account]) if account in names else _("this account")
    others = [_plain(a, names) for a in rows["account"]]
    of_group = [plain(shown_group(_group_of(f, groups), groups)) for f in rows["faction"]]
    if directed:
        title = _(
            "{givers:count} accounts gave attention to {account}, which gave some to {receivers:count}",
            givers=int((ties["gave"] > 0).sum()),
            account=who,
            receivers=int((ties["received"] > 0).sum()),
        )
        cells = table(
            (_("account"), others),
            (_("group"), of_group),
            (_("gave to it"), [count(value) for value in rows["gave"]]),
            (_("received from it"), [count(value) for value in rows["received"]]),
        )
    else:
        title = _n(
            "{account} is connected with {n:count} account", "{account} is connected with {n:count} accounts", ties.height, account=who
        )  # fmt: skip
        cells = table(
            (_("account"), others), (_("group"), of_group), (_("connections"), [count(value) for value in weights])
        )
    note = _n(
        "The {n:count} account with whom most attention was exchanged; line width: how much.",
        "The {n:count} accounts with whom most attention was exchanged; line width: how much.",
        rows.height,
    )
    if rows.height < ties.height:
        note += " " + _("It has {n:count} in all.", n=ties.height)
    return Panel("ego", title, figure, cells, note)


def ego_over_time(account: str, timeline: Timeline, words: Words) -> Panel | None:
    """Return what an account received (upwards) and gave (downwards), window by window.

    Parameters
    ----------
    account
        Key of the account.
    timeline
        What happened when.
    words
        How to speak of the ties.

    Returns
    -------
    Panel or None
        None with fewer than two windows, or where the account neither gave nor received.
    """
    windows = timeline.windows
    own = timeline.activity.filter(pl.col("account") == account)
    if windows.height < 2 or not own.height:
        return None
    rows = windows.select("window", "start").join(own.select("window", "received", "given"), on="window", how="left", maintain_order="left").fill_null(0.0)  # fmt: skip
    numbers, labels = rows["window"].to_list(), window_labels(rows, timeline.step)
    received, given = rows["received"].to_list(), rows["given"].to_list()
    figure = canvas(height=280)
    figure.add_bar(
        x=numbers, y=received, name=_("received"), marker={"color": MAIN, "line": {"width": 0}},
        customdata=[_("{time}: received {n:count}", time=t, n=v) for t, v in zip(labels, received, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    top, bottom = max([*received, 0.0]), 0.0
    if words.directed:
        figure.add_bar(
            x=numbers, y=[-v for v in given], name=_("given"), marker={"color": ACCENT, "line": {"width": 0}, "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.5)", "size": 5}},
            customdata=[_("{time}: gave {n:count}", time=t, n=v) for t, v in zip(labels, given, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
        bottom = max(given)
    time_axis(figure, windows, timeline.step)
    step = _round_step(max(top, bottom))
    ticks = list(range(-step * math.ceil(bottom / step), step * math.ceil(top / step) + 1, step))
    figure.update_yaxes(
        tickvals=ticks,
        ticktext=[count(abs(t)) for t in ticks],
        zeroline=True,
        zerolinecolor="rgba(128,128,128,0.7)",
        zerolinewidth=1,
        range=[-1.08 * max(bottom, 0.06 * top), 1.08 * max(top, 0.06 * bottom)],
    )
    figure.update_layout(barmode="relative", bargap=0.12, showlegend=words.directed)
    peak = received.index(top) if top else given.index(max(given))
    total, sent = sum(received), sum(given)
    if not words.directed:
        title = _("{ties} in all; busiest window: {peak}", ties=words.counted(total), peak=labels[peak])
    elif top:
        title = _(
            "Received {ties}, most in the window of {peak}; gave {given:count}",
            ties=words.counted(total),
            peak=labels[peak],
            given=sent,
        )
    else:
        title = _("Gave {ties} and received none", ties=words.counted(sent))
    columns = [(_("from"), labels), (_("received"), [count(v) for v in received])]
    if words.directed:
        columns.append((_("given"), [count(v) for v in given]))
    note = _("Upwards: received. Downwards: given.") if words.directed else ""
    return Panel("ego-over-time", title, figure, table(*columns), note)


def _places(sizes: Mapping[str, int]) -> dict[str, list[tuple[float, float]]]:
    """Return where the neighbours stand: two columns, bent a little, and rows above and below the middle."""
    columns = {}
    for side, sign in (("in", -1.0), ("out", 1.0)):
        n = sizes[side]
        heights = [0.0] if n == 1 else [1.0 - 2.0 * i / (n - 1) for i in range(n)]
        columns[side] = [(sign * (1.0 + 0.3 * (1 - y * y)), 0.95 * y) for y in heights]
    n = sizes["both"]
    above, below = -(-n // 2), n // 2
    rows = []
    for i in range(n):
        in_row, at, sign = (above, i // 2, 1.0) if i % 2 == 0 else (below, i // 2, -1.0)
        x = 0.0 if in_row == 1 else -0.62 + 1.24 * at / (in_row - 1)
        # Neighbours in a row stand at two heights so that their labels do not touch.
        rows.append((x, sign * (1.18 if at % 2 == 0 else 0.88)))
    return {**columns, "both": rows}


def _weight(row: Mapping[str, Any]) -> float:
    return float(row["gave"]) + float(row["received"])


def _side(place: tuple[float, float]) -> str:
    if abs(place[0]) < 0.9:
        return "top center" if place[1] > 0 else "bottom center"
    return "middle left" if place[0] < 0 else "middle right"


def _group_of(faction: object, groups: Mapping[int, str]) -> int:
    return int(faction) if isinstance(faction, int) and faction in groups and faction >= 0 else -1


def _shown(account: str, names: Mapping[str, str]) -> str:
    return safe(names[account]) if account in names else _("an account")


def _plain(account: str, names: Mapping[str, str]) -> str:
    return plain(names[account]) if account in names else _("an account")


def _said(row: Mapping[str, Any], names: Mapping[str, str], *, directed: bool) -> str:
    if not directed:
        return _("{account}<br>connections: {n:count}", account=_shown(row["account"], names), n=_weight(row))
    return _(
        "{account}<br>gave it {gave:count}, received {received:count} from it",
        account=_shown(row["account"], names),
        gave=row["gave"],
        received=row["received"],
    )


def _round_step(most: float) -> int:
    """Return a round distance between ticks that gives two to five of them."""
    if most <= 4:
        return 1
    power = 10 ** math.floor(math.log10(most / 2))
    return next(int(power * k) or 1 for k in (1, 2, 5, 10) if most / (power * k) <= 3)
