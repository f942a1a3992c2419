"""Figures of hierarchy: how concentrated attention is, each index against chance, and the levels of the order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, capital, safe, table, unknown
from netact.figures.theme import ACCENT, CHANCE, CHANCE_BAND, LABEL, MAIN, OTHER, Panel, canvas, labels_without_overlap
from netact.language import Message, _, _n, _p, count, decimal, percent, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Estimate, Hierarchy

# Indices that lie between 0 and 1 and have a null model, in the order of the figure, with their names in print.
_UNIT_INDICES = {
    "top_1_share": Message("Share of the top account"),
    "top_5_share": Message("Share of the top five"),
    "top_20_share": Message("Share of the top twenty"),
    "gini": Message("Gini coefficient"),
    "herfindahl": Message("Herfindahl index"),
    "in_degree_centralization": Message("In-degree centralization"),
    "trophic_incoherence": Message("Trophic incoherence"),
    "global_reaching_centrality": Message("Global reaching centrality"),
    "flow_hierarchy": Message("Flow hierarchy"),
    "connectedness": Message("Connectedness"),
    "krackhardt_hierarchy": Message("Krackhardt hierarchy"),
    "efficiency": Message("Efficiency"),
    "lubness": Message("Least upper boundedness"),
    "participation_breadth": Message("Participation breadth"),
    "gini_of_activity": Message("Gini of activity"),
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
    figure = canvas(
        height=330,
        x=_("{accounts}, cumulated (logarithmic)", accounts=words.most_heard),
        y=_("share {of_all_ties}", of_all_ties=words.of_all_ties),
    )
    band = curve.drop_nulls(["null_low", "null_high"])
    ranks = band["rank"].to_list()
    if band.height:
        figure.add_scatter(
            x=ranks + ranks[::-1], y=band["null_high"].to_list() + band["null_low"].to_list()[::-1], fill="toself",
            fillcolor=CHANCE_BAND, line={"width": 0}, name=_("If attention only followed attention"), hoverinfo="skip", mode="lines",
        )  # fmt: skip
        figure.add_scatter(
            x=ranks, y=band["null_mean"].to_list(), mode="lines", line={"width": 1.5, "dash": "dot", "color": CHANCE},
            name=_("Its average"), showlegend=False, hovertemplate="%{customdata}<extra></extra>",
            customdata=[
                _n(
                    "by chance the top account has {share:percent}", "by chance the top {n:count} have {share:percent}",
                    rank, share=share,
                )
                for rank, share in zip(ranks, band["null_mean"], strict=True)
            ],
        )  # fmt: skip
    figure.add_scatter(
        x=curve["rank"].to_list(), y=curve["share"].to_list(), mode="lines", line={"width": 3, "color": MAIN}, name=_("Observed"),
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            _n("the top account has {share:percent}", "the top {n:count} have {share:percent}", rank, share=share)
            for rank, share in curve.select("rank", "share").iter_rows()
        ],
    )  # fmt: skip
    figure.update_xaxes(type="log", dtick="D2", tickformat=",.0f")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    marks = curve.filter(pl.col("rank").is_in([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]))
    shown = table(
        (_("accounts"), [count(value) for value in marks["rank"]]),
        (_p("a fraction", "share"), [percent(value) for value in marks["share"]]),
        (
            _("by chance"),
            [
                "" if low is None else _("{low} to {high}", low=percent(low), high=percent(high))
                for low, high in marks.select("null_low", "null_high").iter_rows()
            ],
        ),
    )
    at = curve.filter(pl.col("rank") <= 20).tail(1)
    rank, share = at["rank"][0], at["share"][0]
    title = (
        _n(
            "The top {n:count} drew {share:percent} {of_all_ties}",
            "The top {n:count} drew {share:percent} {of_all_ties}",
            rank,
            share=share,
            of_all_ties=words.of_all_ties,
        )
        if words.directed
        else _n(
            "The top {n:count} had {share:percent} {of_all_ties}",
            "The top {n:count} had {share:percent} {of_all_ties}",
            rank,
            share=share,
            of_all_ties=words.of_all_ties,
        )
    )
    note = _("Grey band: central 95 % of networks in which attention only follows attention.")
    return Panel("concentration", title, figure, shown, note)


def _indices(result: Hierarchy, words: Words) -> Panel | None:
    shown = [
        (told(label), result.indices[name])
        for name, label in _UNIT_INDICES.items()
        if name in result.indices
        and result.indices[name].value is not None
        and (words.directed or name not in _DIRECTED_ONLY)
    ]
    if not shown:
        return None
    figure = canvas(height=100 + 32 * len(shown), x=_("value (0 to 1)"))
    chance = _("By chance")
    for at, (_label, estimate) in enumerate(shown):
        if estimate.null_interval is not None:
            low, high = estimate.null_interval
            figure.add_scatter(
                x=[low, max(high, low + 0.004)], y=[at, at], mode="lines", line={"width": 14, "color": CHANCE_BAND}, legendgroup="null",
                name=chance, showlegend=not any(trace.name == chance for trace in figure.data),
                customdata=[_("by chance: {number:decimal}", number=value) for value in (low, high)],
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    for outside in (True, False):
        chosen = [
            (at, label, e) for at, (label, e) in enumerate(shown) if e.value is not None and _outside(e) == outside
        ]
        if not chosen:
            continue
        figure.add_scatter(
            x=[e.value for _at, _label, e in chosen], y=[at for at, _label, _e in chosen], mode="markers",
            name=_("Observed, beyond chance") if outside else _("Observed, within chance or not compared"),
            marker={"size": 11, "color": ACCENT if outside else OTHER, "symbol": "diamond" if outside else "circle-open", "line": {"width": 2}},
            error_x={
                "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
                "array": [e.interval[1] - e.value if e.interval and e.value is not None else None for _at, _label, e in chosen],
                "arrayminus": [e.value - e.interval[0] if e.interval and e.value is not None else None for _at, _label, e in chosen],
            },
            customdata=[_("{label}: {score:decimal3}", label=label, score=e.value) for _at, label, e in chosen],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=[label for label, _ in shown],
        range=[len(shown) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_xaxes(range=[-0.03, 1.03])
    title = _("Each measure of order against what chance gives")
    note = _(
        "Grey bars: central 95 % by chance. Concentration is compared with imitation alone, order with rewired networks."
    )
    return Panel("indices", title, figure, _index_table(result, words), note)


def _outside(estimate: Estimate) -> bool:
    if estimate.null_interval is None or estimate.value is None:
        return False
    return not estimate.null_interval[0] <= estimate.value <= estimate.null_interval[1]


def _index_table(result: Hierarchy, words: Words) -> pl.DataFrame:
    chosen = [
        (index_name(name), estimate)
        for name, estimate in result.indices.items()
        if words.directed or name not in _DIRECTED_ONLY
    ]
    return table(
        (_("measure"), [label for label, _e in chosen]),
        (_("value"), [decimal(e.value) if e.value is not None else unknown(e) for _label, e in chosen]),
        (_("95 % range"), [_range(e.interval) for _label, e in chosen]),
        (_("by chance"), [_range(e.null_interval) for _label, e in chosen]),
        (_("p"), [decimal(e.p_value, 3) if e.p_value is not None else "" for _label, e in chosen]),
    )


def index_name(name: str) -> str:
    """Return the name of an index in print."""
    known = {"effective_leaders": Message("Effective number of leaders"), **_UNIT_INDICES}
    return told(known.get(name, name.replace("_", " ").capitalize()))


def _range(ends: tuple[float, float] | None) -> str:
    return _("{low} to {high}", low=decimal(ends[0]), high=decimal(ends[1])) if ends else ""


def _levels(result: Hierarchy, names: Mapping[str, str], words: Words) -> Panel | None:
    if not words.directed or result.levels.height < 3:
        return None
    # Levels count up from those who are heard to those who listen: the top of the order is drawn on top.
    largest = result.levels.filter(pl.col("component") == 0) if 0 in result.levels["component"] else result.levels
    top = largest.filter(pl.col("attention") > 0).sort("attention", descending=True, maintain_order=True).head(300)
    if top.height < 3:
        return None
    figure = canvas(height=420, x=_("attention received (logarithmic)"), y=_("level: 0 is the top of the flow"))
    attention: list[float] = top["attention"].to_list()
    level: list[float] = top["level"].to_list()
    named = [i for i, key in enumerate(top["account"]) if key in names]
    figure.add_scatter(
        x=attention, y=level, mode="markers", name=_("Account"),
        marker={"size": 8, "color": MAIN, "opacity": 0.65, "line": {"width": 0}},
        customdata=[
            [
                safe(names[key]) if key in names else _("an account"),
                _("level {level:decimal1}", level=at),
                _("attention {number:count}", number=number),
            ]
            for key, at, number in zip(top["account"], level, attention, strict=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
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
    cells = table(
        (_("account"), [names[key] for key in shown["account"]]),
        (_("level"), [decimal(value) for value in shown["level"]]),
        (_("attention"), [count(value) for value in shown["attention"]]),
    )
    title = _("Where the most-heard accounts sit in the flow of attention")
    note = _n(
        "{whoever} stands, on average, above it; the {n:count} most-heard are drawn.",
        "{whoever} stands, on average, above it; the {n:count} most-heard are drawn.",
        top.height,
        whoever=words.heard_by,
    )
    return Panel("levels", title, figure, cells, capital(note))
