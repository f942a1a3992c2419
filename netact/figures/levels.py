"""Figure of levels by group: where the accounts of each group sit in the flow of attention."""

from __future__ import annotations

import math
import textwrap
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, capital, person, plain, safe, table
from netact.figures.theme import LABEL, Panel, canvas, colour, labels_without_overlap, symbol
from netact.figures.timeline import shown_group, subtitle
from netact.language import _, _n, count, decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Factions, Hierarchy

_MOST_ACCOUNTS = 600
_MOST_GROUPS = 8
# Fractional part of the golden ratio: its multiples spread evenly, without chance.
_GOLDEN = (math.sqrt(5) - 1) / 2
_HALF = 0.36
# Medians nearer than a quarter of one step in the flow are not told apart in words.
_SAME_LEVEL = 0.25


def levels_by_faction(
    hierarchy: Hierarchy,
    factions: Factions,
    names: Mapping[str, str],
    groups: Mapping[int, str],
    words: Words,
    *,
    core: Mapping[str, int] | None = None,
) -> Panel | None:
    """Return the trophic level of the most-heard accounts, side by side by group.

    Parameters
    ----------
    hierarchy
        Its levels, in influence direction: the lowest of a component is 0, and is drawn on top.
    factions
        Which account is in which group.
    names
        Account -> the name to print; others are "an account".
    groups
        Number of a group -> the name to show.
    words
        How to speak of the ties.
    core
        Account -> number of its core, from 1; they are ringed.

    Returns
    -------
    Panel or None
        None where ties have no direction, without groups, or with fewer than three accounts that are heard.
    """
    if not words.directed or not hierarchy.levels.height or not factions.membership.height:
        return None
    member, known = factions.membership.select("account", "faction"), core or {}
    largest = (
        hierarchy.levels.filter(pl.col("component") == 0) if 0 in hierarchy.levels["component"] else hierarchy.levels
    )
    rows = (
        largest.filter(pl.col("attention") > 0)
        .join(member, on="account", how="inner", maintain_order="left")
        .sort("attention", descending=True, maintain_order=True)
        .head(_MOST_ACCOUNTS)
    )
    if rows.height < 3:
        return None
    shown = [f for f in sorted(rows["faction"].unique().to_list()) if f >= 0 and f in groups][:_MOST_GROUPS]
    rows = rows.with_columns(pl.when(pl.col("faction").is_in(shown)).then("faction").otherwise(-1).alias("group"))
    order = [*shown, *([-1] if -1 in rows["group"] else [])]
    place = {faction: number for number, faction in enumerate(order)}
    most = float(rows["attention"].max() or 1.0)  # type: ignore[arg-type]
    figure = canvas(height=480)
    figure.update_layout(margin={"t": 32}, hovermode="closest", showlegend=False)
    medians: list[float] = []
    x_of: dict[str, float] = {}
    for faction in order:
        part = rows.filter(pl.col("group") == faction)
        levels = part["level"].to_list()
        x = [place[faction] + _HALF * (2 * ((i + 0.5) * _GOLDEN % 1) - 1) for i in range(part.height)]
        x_of.update(zip(part["account"], x, strict=True))
        medians.append(median(levels))
        figure.add_scatter(
            x=[round(v, 4) for v in x], y=levels, mode="markers", name=safe(shown_group(faction, groups)),
            marker={
                "size": [round(5 + 17 * math.sqrt(v / most), 1) for v in part["attention"]], "color": colour(faction),
                "symbol": symbol(faction), "opacity": 0.65, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"},
            },
            customdata=[
                _("{account}<br>level {level:decimal}<br>{ties}", account=safe(names[a]) if a in names else _("an account"), level=level, ties=words.counted(attention))
                for a, level, attention in part.select("account", "level", "attention").iter_rows()
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[v for i in range(len(order)) for v in (i - 0.44, i + 0.44, None)], y=[v for level in medians for v in (level, level, None)],
        mode="lines", line={"width": 2, "color": "#6B7280"}, hoverinfo="skip", name=_("median"),
    )  # fmt: skip
    ringed = rows.filter(pl.col("account").is_in(list(known)))
    if ringed.height:
        figure.add_scatter(
            x=[round(x_of[a], 4) for a in ringed["account"]], y=ringed["level"].to_list(), mode="markers", hoverinfo="skip", name=_("in a core"),
            marker={"size": [round(10 + 17 * math.sqrt(v / most), 1) for v in ringed["attention"]], "symbol": "circle-open", "color": "#111", "line": {"width": 2}},
            meta="ink",
        )  # fmt: skip
    everyone, levels = rows["account"].to_list(), rows["level"].to_list()
    low, high = min(levels), max(levels)
    reach = (high - low) or 1.0
    candidates = sorted((i for i, a in enumerate(everyone) if a in names), key=lambda i: (everyone[i] not in known, i))
    across = [x_of[a] for a in everyone]
    width = 0.34 * len(order)
    marked = labels_without_overlap(
        across, levels, candidates[:40], most=2 * len(order), width=width, height=0.055 * reach
    )
    for i in marked:
        figure.add_annotation(
            x=min(max(across[i], -0.1), len(order) - 0.9), y=levels[i], text=safe(names[everyone[i]], limit=12), yshift=14, showarrow=False,
            font={"size": 12}, bgcolor=LABEL, borderpad=1,
        )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(order))), ticktext=[_wrapped(shown_group(f, groups), width=max(8, 44 // len(order))) for f in order],
        range=[-0.55, len(order) - 0.45], showgrid=False, tickangle=0, ticks="",
    )  # fmt: skip
    figure.update_yaxes(range=[high + 0.06 * reach, low - 0.1 * reach], nticks=6, tickformat=".1f")
    subtitle(figure, _("Level in the flow: 0 is the top"), y=1)
    named = [i for i, f in enumerate(order) if f >= 0]
    top = min(named, key=lambda i: medians[i], default=None)
    bottom = max(named, key=lambda i: medians[i], default=None)
    if top is None or bottom is None or len(named) < 2:
        title = _("Where the most-heard accounts sit in the flow of attention")
    elif medians[bottom] - medians[top] < _SAME_LEVEL:
        title = _(
            "The groups sit at about the same level: their medians lie between {high:decimal} and {low:decimal}",
            high=medians[top],
            low=medians[bottom],
        )
    else:
        title = _(
            "Typical accounts of {first} sit at level {high:decimal1}, of {second} at level {low:decimal1}",
            first=person(shown_group(order[top], groups)),
            high=medians[top],
            second=person(shown_group(order[bottom], groups)),
            low=medians[bottom],
        )
    parts = [rows.filter(pl.col("group") == faction)["level"].to_list() for faction in order]
    cells = table(
        (_("group"), [plain(shown_group(faction, groups)) for faction in order]),
        (_("accounts drawn"), [count(len(part)) for part in parts]),
        (_("median level"), [decimal(value) for value in medians]),
        (_("lowest level"), [decimal(min(part)) for part in parts]),
        (_("highest level"), [decimal(max(part)) for part in parts]),
    )
    note = _n(
        "{whoever} stands, on average, above it; the {n:count} most-heard are drawn, sized by attention.",
        "{whoever} stands, on average, above it; the {n:count} most-heard are drawn, sized by attention.",
        rows.height,
        whoever=words.heard_by,
    )
    note = capital(note)
    note += " " + _("Line: median of the group; sideways places mean nothing.")
    if ringed.height:
        note += " " + _("Ringed: members of a core.")
    return Panel("levels-by-group", title, figure, cells, note)


def _wrapped(name: str, *, width: int, lines: int = 3) -> str:
    """Return a name on a few short lines."""
    parts = textwrap.wrap(plain(name), width, break_long_words=True, max_lines=lines, placeholder="…")
    return "<br>".join(safe(part, limit=width + 1) for part in parts) or safe(name)
