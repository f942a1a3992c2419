"""The map of the network: the most-heard accounts, coloured by faction, members of cores marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, count, percent, safe
from netact.figures.theme import LABEL, OTHER, Panel, bare, canvas, colour, labels_without_overlap, symbol
from netact.results import Factions, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.layout import Layout
    from netact.results import Result


def network_map(layout: Layout, results: Mapping[str, Result], names: Mapping[str, str], words: Words) -> Panel | None:
    """Return the map; None if fewer than three accounts have a place.

    Only accounts in ``names`` are named; the others are drawn as "an account".
    """
    if layout.accounts.height < 3:
        return None
    table = layout.accounts.with_row_index("at")
    faction, core = _factions(results), _cores(results)
    joined = table.join(faction, on="account", how="left", maintain_order="left")
    joined = joined.join(core, on="account", how="left", maintain_order="left")
    x, y = joined["x"].to_list(), joined["y"].to_list()
    figure = canvas(height=620)
    figure.update_layout(hovermode="closest", dragmode="pan")
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for source, target in layout.ties.select("source", "target").iter_rows():
        lines_x += [x[source], x[target], None]
        lines_y += [y[source], y[target], None]
    figure.add_scatter(
        x=[None if v is None else round(v, 4) for v in lines_x], y=[None if v is None else round(v, 4) for v in lines_y],
        mode="lines", line={"width": 0.5, "color": "rgba(138,143,152,0.35)"}, hoverinfo="skip", name="Tie", showlegend=False,
    )  # fmt: skip
    most = max([*joined["attention"].to_list(), 1e-12])
    group_names = _group_names(results)
    shown = joined.with_columns(group=pl.when(pl.col("faction").is_in(list(group_names))).then(pl.col("faction")))
    total = float(joined["attention"].sum()) or 1.0
    for key, rows in sorted(shown.group_by("group"), key=lambda item: (item[0][0] is None, item[0][0] or 0)):
        number = key[0]
        rows = rows.sort("at")
        label = group_names.get(number, "Smaller groups") if number is not None else "Smaller groups"
        figure.add_scatter(
            x=[round(v, 4) for v in rows["x"]], y=[round(v, 4) for v in rows["y"]], mode="markers",
            name=safe(label) if group_names else "Account",
            marker={
                "size": [round(4 + 17 * math.sqrt(v / most), 1) for v in rows["attention"]],
                "color": colour(number) if group_names else colour(0), "symbol": symbol(number) if group_names else "circle",
                "opacity": 0.8, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"},
            },
            customdata=[[safe(names[a]) if a in names else "an account", count(v)] for a, v in zip(rows["account"], rows["attention"], strict=True)],
            hovertemplate=f"%{{customdata[0]}}<br>%{{customdata[1]}} {words.ties}<extra></extra>",
        )  # fmt: skip
    members = shown.drop_nulls("core")
    if members.height:
        figure.add_scatter(
            x=members["x"].to_list(), y=members["y"].to_list(), mode="markers", name="In a core", hoverinfo="skip",
            marker={"size": [round(10 + 17 * math.sqrt(v / most), 1) for v in members["attention"]], "symbol": "circle-open", "color": "#111", "line": {"width": 2.5}},
            meta="ink",
        )  # fmt: skip
    order = [i for i, a in enumerate(joined["account"]) if a in names]
    order.sort(key=lambda i: (joined["core"][i] is None, i))
    marked = labels_without_overlap(x, y, order, most=10, width=0.2, height=0.055)
    for i in marked:
        label = safe(names[joined["account"][i]], limit=18)
        figure.add_annotation(
            x=x[i], y=y[i], text=label, yshift=15, showarrow=False, font={"size": 12}, bgcolor=LABEL, borderpad=1
        )
    bare(figure)
    if joined.height < layout.total:
        shown_of = f"Showing {count(joined.height)} of {count(layout.total)} accounts"
        note = f"{shown_of}, the most heard"
    else:
        shown_of = note = f"All {count(layout.total)} accounts with a tie"
    if layout.ties.height < layout.ties_total:
        note += f", and the {count(layout.ties.height)} heaviest of {count(layout.ties_total)} ties among them"
    figure.add_annotation(
        text=shown_of, x=0, y=0, xref="paper", yref="paper", xanchor="left",
        yanchor="bottom", showarrow=False, font={"size": 12, "color": OTHER},
    )  # fmt: skip
    top = shown.filter(pl.col("account").is_in(list(names))).head(50)
    rows_shown = pl.DataFrame(
        {
            "account": [names[a] for a in top["account"]],
            words.ties: [count(v) for v in top["attention"]],
            "of those drawn": [percent(v / total) for v in top["attention"]],
            "group": [group_names.get(f, "") if f is not None else "" for f in top["group"]],
            "core": ["" if c is None else str(c) for c in top["core"]],
        }
    )
    return Panel(
        "map", f"The {words.most} accounts and the ties among them", figure, rows_shown,
        note + ". Near means tied; directions on the page mean nothing.",
    )  # fmt: skip


def _factions(results: Mapping[str, Result]) -> pl.DataFrame:
    result = results.get("factions")
    if isinstance(result, Factions) and result.membership.height:
        return result.membership.select("account", "faction")
    return pl.DataFrame(schema={"account": pl.String, "faction": pl.Int64})


def _group_names(results: Mapping[str, Result]) -> dict[int, str]:
    result = results.get("factions")
    if isinstance(result, Factions):
        return dict(result.sizes.filter(pl.col("faction") >= 0).head(6).select("faction", "name").iter_rows())
    return {}


def _cores(results: Mapping[str, Result]) -> pl.DataFrame:
    result = results.get("leading_core")
    found = result.cores if isinstance(result, LeadingCore) else ()
    rows = [(member, number) for number, core in enumerate(found, start=1) for member in core.members]
    return pl.DataFrame(rows, schema={"account": pl.String, "core": pl.Int64}, orient="row").unique(
        "account", maintain_order=True
    )
