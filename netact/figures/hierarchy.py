"""Figures of hierarchy: how concentrated attention is, each index against chance, and the levels of the order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, count, decimal, percent, safe
from netact.figures.theme import ACCENT, CHANCE, CHANCE_BAND, LABEL, MAIN, OTHER, Panel, canvas, labels_without_overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Estimate, Hierarchy

# Indices that lie between 0 and 1 and have a null model, in the order of the figure, with their names in print.
_UNIT_INDICES = {
    "top_1_share": "Share of the top account",
    "top_5_share": "Share of the top five",
    "top_20_share": "Share of the top twenty",
    "gini": "Gini coefficient",
    "herfindahl": "Herfindahl index",
    "in_degree_centralization": "In-degree centralization",
    "trophic_incoherence": "Trophic incoherence",
    "global_reaching_centrality": "Global reaching centrality",
    "flow_hierarchy": "Flow hierarchy",
    "connectedness": "Connectedness",
    "krackhardt_hierarchy": "Krackhardt hierarchy",
    "efficiency": "Efficiency",
    "lubness": "Least upper boundedness",
    "participation_breadth": "Participation breadth",
    "gini_of_activity": "Gini of activity",
}
_DIRECTED_ONLY = {
    "trophic_incoherence", "global_reaching_centrality", "flow_hierarchy", "krackhardt_hierarchy", "lubness",
    "in_degree_centralization", "participation_breadth",
}  # fmt: skip


def panels(result: Hierarchy, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """Return the panels of hierarchy in the order of the report."""
    made = (_concentration(result, words), _indices(result, words), _levels(result, names, words))
    return tuple(panel for panel in made if panel is not None)


def _concentration(result: Hierarchy, words: Words) -> Panel | None:
    curve = result.concentration_curve
    if curve.height < 3:
        return None
    figure = canvas(height=330, x=f"{words.most} accounts, cumulated (logarithmic)", y=f"share of all {words.ties}")
    band = curve.drop_nulls(["null_low", "null_high"])
    ranks = band["rank"].to_list()
    if band.height:
        figure.add_scatter(
            x=ranks + ranks[::-1], y=band["null_high"].to_list() + band["null_low"].to_list()[::-1], fill="toself",
            fillcolor=CHANCE_BAND, line={"width": 0}, name="If attention only followed attention", hoverinfo="skip", mode="lines",
        )  # fmt: skip
        figure.add_scatter(
            x=ranks, y=band["null_mean"].to_list(), mode="lines", line={"width": 1.5, "dash": "dot", "color": CHANCE},
            name="Its average", showlegend=False, hovertemplate="by chance the top %{x:,} have %{y:.0%}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=curve["rank"].to_list(), y=curve["share"].to_list(), mode="lines", line={"width": 3, "color": MAIN}, name="Observed",
        hovertemplate="the top %{x:,} have %{y:.0%}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(type="log", dtick="D2", tickformat=",.0f")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    marks = curve.filter(pl.col("rank").is_in([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]))
    table = pl.DataFrame(
        [
            {
                "accounts": count(row["rank"]),
                "share": percent(row["share"]),
                "by chance": ""
                if row["null_low"] is None
                else f"{percent(row['null_low'])} to {percent(row['null_high'])}",
            }
            for row in marks.iter_rows(named=True)
        ]
    )
    at = curve.filter(pl.col("rank") <= 20).tail(1)
    title = f"The top {count(at['rank'][0])} {words.drew} {percent(at['share'][0])} of all {words.ties}"
    return Panel(
        "concentration",
        title,
        figure,
        table,
        "Grey band: central 95 % of networks in which attention only follows attention.",
    )


def _indices(result: Hierarchy, words: Words) -> Panel | None:
    shown = [
        (label, result.indices[name])
        for name, label in _UNIT_INDICES.items()
        if name in result.indices
        and result.indices[name].value is not None
        and (words.directed or name not in _DIRECTED_ONLY)
    ]
    if not shown:
        return None
    figure = canvas(height=100 + 32 * len(shown), x="value (0 to 1)")
    for at, (_, estimate) in enumerate(shown):
        if estimate.null_interval is not None:
            low, high = estimate.null_interval
            figure.add_scatter(
                x=[low, max(high, low + 0.004)], y=[at, at], mode="lines", line={"width": 14, "color": CHANCE_BAND}, legendgroup="null",
                name="By chance", showlegend=not any(trace.name == "By chance" for trace in figure.data),
                hovertemplate="by chance: %{x:.2f}<extra></extra>",
            )  # fmt: skip
    for outside in (True, False):
        chosen = [(at, e) for at, (_, e) in enumerate(shown) if _outside(e) == outside]
        if not chosen:
            continue
        figure.add_scatter(
            x=[e.value for _, e in chosen], y=[at for at, _ in chosen], mode="markers",
            name="Observed, beyond chance" if outside else "Observed, within chance or not compared",
            marker={"size": 11, "color": ACCENT if outside else OTHER, "symbol": "diamond" if outside else "circle-open", "line": {"width": 2}},
            error_x={
                "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
                "array": [e.interval[1] - e.value if e.interval and e.value is not None else None for _, e in chosen],
                "arrayminus": [e.value - e.interval[0] if e.interval and e.value is not None else None for _, e in chosen],
            },
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=[label for label, _ in shown],
        range=[len(shown) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_xaxes(range=[-0.03, 1.03])
    return Panel(
        "indices", "Each measure of order against what chance gives", figure, _index_table(result, words),
        "Grey bars: central 95 % by chance. Concentration is compared with imitation alone, order with rewired networks.",
    )  # fmt: skip


def _outside(estimate: Estimate) -> bool:
    if estimate.null_interval is None or estimate.value is None:
        return False
    return not estimate.null_interval[0] <= estimate.value <= estimate.null_interval[1]


def _index_table(result: Hierarchy, words: Words) -> pl.DataFrame:
    labels = {"effective_leaders": "Effective number of leaders", **_UNIT_INDICES}
    rows = []
    for name, estimate in result.indices.items():
        if not words.directed and name in _DIRECTED_ONLY:
            continue
        interval, null = estimate.interval, estimate.null_interval
        rows.append(
            {
                "measure": labels.get(name, name.replace("_", " ").capitalize()),
                "value": decimal(estimate.value)
                if estimate.value is not None
                else f"cannot say: {estimate.reason or estimate.status}",
                "95 % range": f"{decimal(interval[0])} to {decimal(interval[1])}" if interval else "",
                "by chance": f"{decimal(null[0])} to {decimal(null[1])}" if null else "",
                "p": decimal(estimate.p_value, 3) if estimate.p_value is not None else "",
            }
        )
    return pl.DataFrame(rows)


def _levels(result: Hierarchy, names: Mapping[str, str], words: Words) -> Panel | None:
    if not words.directed or result.levels.height < 3:
        return None
    # Levels count up from those who are heard to those who listen: the top of the order is drawn on top.
    largest = result.levels.filter(pl.col("component") == 0) if 0 in result.levels["component"] else result.levels
    top = largest.filter(pl.col("attention") > 0).sort("attention", descending=True, maintain_order=True).head(300)
    if top.height < 3:
        return None
    figure = canvas(height=420, x="attention received (logarithmic)", y="level: 0 is the top of the flow")
    attention: list[float] = top["attention"].to_list()
    level: list[float] = top["level"].to_list()
    named = [i for i, key in enumerate(top["account"]) if key in names]
    figure.add_scatter(
        x=attention, y=level, mode="markers", name="Account",
        marker={"size": 8, "color": MAIN, "opacity": 0.65, "line": {"width": 0}},
        customdata=[[safe(names[key]) if key in names else "an account"] for key in top["account"]],
        hovertemplate="%{customdata[0]}<br>level %{y:.1f}<br>attention %{x:,.0f}<extra></extra>",
    )  # fmt: skip
    x = [math.log10(value) for value in attention]
    spread = (max(x) - min(x)) or 1.0
    reach = (max(level) - min(level)) or 1.0
    marked = labels_without_overlap(x, level, named[:25], most=10, width=0.2 * spread, height=0.06 * reach)
    for i in marked:
        figure.add_annotation(
            x=x[i],
            y=level[i],
            text=safe(names[top["account"][i]], limit=18),
            yshift=13,
            showarrow=False,
            font={"size": 12},
            bgcolor=LABEL,
        )
    figure.update_xaxes(type="log", dtick=1, tickformat=",.0f", range=[min(x) - 0.1 * spread, max(x) + 0.18 * spread])
    figure.update_yaxes(range=[max(level) + 0.08 * reach, min(level) - 0.12 * reach])
    figure.update_layout(showlegend=False)
    shown = top.filter(pl.col("account").is_in(list(names))).head(30)
    table = pl.DataFrame(
        {
            "account": [names[key] for key in shown["account"]],
            "level": [decimal(value) for value in shown["level"]],
            "attention": [count(value) for value in shown["attention"]],
        }
    )
    return Panel(
        "levels", "Where the most-heard accounts sit in the flow of attention", figure, table,
        f"Whoever was {words.by} an account stands, on average, above it; the {count(top.height)} most-heard are drawn.",
    )  # fmt: skip
