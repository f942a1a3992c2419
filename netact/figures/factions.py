"""Figures of factions: where ties go, how the groups hang together, their sizes, and each score against chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, count, decimal, listed, percent, plain, safe
from netact.figures.theme import ACCENT, CHANCE_BAND, OTHER, Panel, bare, canvas, colour, symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Estimate, Factions

_MOST_GROUPS = 12
_SCORES = {
    "modularity": "Modularity",
    "two_sidedness": "Two-sidedness",
    "random_walk_controversy": "Random-walk controversy",
    "adaptive_random_walk_controversy": "The same, adaptive",
    "dipole": "Dipole polarization",
    "boundary_polarization": "Boundary polarization",
    "ei_index": "E-I index",
    "adaptive_ei_index": "Adaptive E-I index",
}


def panels(result: Factions, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """Return the panels of factions in the order of the report."""
    made = (_matrix(result, words), _bubbles(result, words), _sizes(result, names), _scores(result))
    return tuple(panel for panel in made if panel is not None)


def _named(result: Factions) -> pl.DataFrame:
    return result.sizes.filter(pl.col("faction") >= 0).sort("faction").head(_MOST_GROUPS)


def _label(name: str) -> str:
    return safe(name, limit=24)


def _matrix(result: Factions, words: Words) -> Panel | None:
    groups = _named(result)
    if groups.height < 2 or not result.between.height:
        return None
    numbers, names = groups["faction"].to_list(), groups["name"].to_list()
    weight = {(r["source_faction"], r["target_faction"]): r["weight"] for r in result.between.iter_rows(named=True)}
    given = [sum(w for (source, _), w in weight.items() if source == a) for a in numbers]
    share = [
        [weight.get((a, b), 0.0) / total if total else 0.0 for b in numbers]
        for a, total in zip(numbers, given, strict=True)
    ]
    figure = canvas(height=150 + 38 * len(numbers), x="to", y="from")
    labels = [_label(name) for name in names]
    printed = [[percent(value) if value >= 0.005 else "" for value in row] for row in share]
    figure.add_heatmap(
        z=share, x=list(range(len(numbers))), y=list(range(len(numbers))), colorscale="Cividis", zmin=0, zmax=1,
        showscale=False, xgap=2, ygap=2, hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            [f"{percent(share[i][j])} of the {words.ties} of {labels[i]} go to {labels[j]}" for j in range(len(numbers))]
            for i in range(len(numbers))
        ],
    )  # fmt: skip
    # Text of its own colour in each cell: light on dark blue, dark on yellow.
    for i, row in enumerate(printed):
        for j, text in enumerate(row):
            if text and (len(numbers) <= 8 or share[i][j] >= 0.05):
                figure.add_annotation(
                    x=j, y=i, text=text, showarrow=False,
                    font={"size": 13 if len(numbers) <= 6 else 11, "color": "#fff" if share[i][j] < 0.55 else "#111"},
                )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(numbers))),
        ticktext=[label.replace("Group ", "") for label in labels] if len(numbers) > 5 else labels,
        side="top",
        showgrid=False,
        tickangle=0,
    )
    figure.update_yaxes(tickvals=list(range(len(numbers))), ticktext=labels, autorange="reversed", showgrid=False)
    table = pl.DataFrame(
        [
            {"from": names[i], **{f"to {plain(names[j])}": percent(share[i][j]) for j in range(len(numbers))}}
            for i in range(len(numbers))
        ]
    )
    total = sum(weight.values())
    inside = sum(w for (a, b), w in weight.items() if a == b)
    title = f"{percent(inside / total)} of all {words.ties} stay inside their group" if total else "Ties between groups"
    rows = "each row adds up to 100 %" if len(numbers) == result.sizes.height else "rows leave out the smaller groups"
    return Panel("matrix", title, figure, table, f"Where the {words.ties} of each group go; {rows}.")


def _bubbles(result: Factions, words: Words) -> Panel | None:
    groups = _named(result)
    if groups.height < 2:
        return None
    numbers = groups["faction"].to_list()
    place = {
        number: (math.cos(math.pi - 2 * math.pi * i / len(numbers)), math.sin(math.pi - 2 * math.pi * i / len(numbers)))
        for i, number in enumerate(numbers)
    }
    pairs: dict[tuple[int, int], float] = {}
    for row in result.between.iter_rows(named=True):
        a, b = row["source_faction"], row["target_faction"]
        if a != b and a in place and b in place:
            pairs[min(a, b), max(a, b)] = pairs.get((min(a, b), max(a, b)), 0.0) + row["weight"]
    most = max(pairs.values(), default=0.0)
    figure = canvas(height=400)
    for (a, b), w in sorted(pairs.items(), key=lambda item: item[1]):
        figure.add_scatter(
            x=[place[a][0], place[b][0]], y=[place[a][1], place[b][1]], mode="lines", hoverinfo="skip", showlegend=False,
            line={"width": 1 + 11 * math.sqrt(w / most), "color": "rgba(138,143,152,0.45)"},
        )  # fmt: skip
    largest = groups["accounts"].max()
    for row in groups.iter_rows(named=True):
        x, y = place[row["faction"]]
        figure.add_scatter(
            x=[x], y=[y], mode="markers+text", showlegend=False, text=[f"{_label(row['name'])}<br>{percent(row['share_of_accounts'])}"],
            textposition=["bottom center" if y < -0.2 else "top center" if y > 0.2 else "middle left" if x < 0 else "middle right"],
            cliponaxis=False,
            marker={"size": 18 + 52 * math.sqrt(row["accounts"] / largest), "color": colour(row["faction"]), "symbol": symbol(row["faction"]), "line": {"width": 2, "color": colour(row["faction"])}},
            customdata=[[_label(row["name"]), count(row["accounts"]), percent(row["share_of_attention"]), percent(row["internal_share"] or 0.0)]],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} accounts<br>%{customdata[2]} of attention<br>%{customdata[3]} of what they give stays inside<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(range=[-2.0, 2.0])
    figure.update_yaxes(range=[-1.5, 1.5])
    bare(figure)
    figure.update_yaxes(scaleanchor=None)
    rows = [
        {"between": f"{_name(groups, a)} and {_name(groups, b)}", words.ties: count(w)}
        for (a, b), w in sorted(pairs.items(), key=lambda item: -item[1])[:30]
    ]
    table = pl.DataFrame(rows, schema={"between": pl.String, words.ties: pl.String})
    title = "The groups, and how much attention passes between them"
    return Panel(
        "groups",
        title,
        figure,
        table,
        "Marker size: accounts. Line width: ties between two groups, both directions together.",
    )


def _name(groups: pl.DataFrame, number: int) -> str:
    return str(groups.filter(pl.col("faction") == number)["name"][0])


def _sizes(result: Factions, names: Mapping[str, str]) -> Panel | None:
    groups = result.sizes.head(_MOST_GROUPS + 1)
    if not groups.height:
        return None
    labels = [_label(name) for name in groups["name"]]
    figure = canvas(height=110 + 40 * groups.height, x="share of the whole")
    figure.add_bar(
        x=groups["share_of_accounts"].to_list(), y=list(range(groups.height)), orientation="h", name="of accounts",
        marker={"color": [colour(n) for n in groups["faction"]], "opacity": 0.95},
        hovertemplate="%{x:.1%} of accounts<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=groups["share_of_attention"].to_list(), y=list(range(groups.height)), orientation="h", name="of attention",
        marker={"color": [colour(n) for n in groups["faction"]], "opacity": 0.45, "pattern": {"shape": "/"}},
        hovertemplate="%{x:.1%} of attention<extra></extra>",
    )  # fmt: skip
    figure.update_layout(barmode="group", bargap=0.3, showlegend=True)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(tickvals=list(range(groups.height)), ticktext=labels, autorange="reversed", showgrid=False)
    table = pl.DataFrame(
        [
            {
                "group": row["name"],
                "accounts": count(row["accounts"]),
                "of accounts": percent(row["share_of_accounts"]),
                "of attention": percent(row["share_of_attention"]),
                "stays inside": "" if row["internal_share"] is None else percent(row["internal_share"]),
                "most heard": listed([plain(names.get(key, key)) for key in (row["leaders"] or [])])
                if row["leaders"]
                else "",
            }
            for row in groups.iter_rows(named=True)
        ]
    )
    two = groups.filter(pl.col("faction") >= 0)["share_of_accounts"].to_list()
    title = f"The largest group holds {percent(two[0])} of accounts" if two else "Sizes of the groups"
    return Panel("sizes", title, figure, table, "Solid: accounts. Hatched: attention received.")


def _scores(result: Factions) -> Panel | None:
    every = {"modularity": result.modularity, "two_sidedness": result.two_sidedness, **result.scores}
    shown: list[tuple[str, Estimate]] = [
        (label, every[name]) for name, label in _SCORES.items() if name in every and every[name].value is not None
    ]
    if not shown:
        return None
    figure = canvas(height=100 + 34 * len(shown), x="value (from −1 to 1)")
    for at, (_, estimate) in enumerate(shown):
        if estimate.null_interval is not None:
            figure.add_scatter(
                x=list(estimate.null_interval), y=[at, at], mode="lines", line={"width": 14, "color": CHANCE_BAND}, legendgroup="null",
                name="By chance, split anew", showlegend=not any(trace.name == "By chance, split anew" for trace in figure.data),
                hovertemplate="by chance: %{x:.2f}<extra></extra>",
            )  # fmt: skip
    for outside in (True, False):
        chosen = [
            (at, e) for at, (_, e) in enumerate(shown)
            if e.value is not None and (e.null_interval is not None and not e.null_interval[0] <= e.value <= e.null_interval[1]) == outside
        ]  # fmt: skip
        if chosen:
            figure.add_scatter(
                x=[e.value for _, e in chosen], y=[at for at, _ in chosen], mode="markers",
                name="Observed, beyond chance" if outside else "Observed, within chance or not compared",
                marker={"size": 11, "color": ACCENT if outside else OTHER, "symbol": "diamond" if outside else "circle-open", "line": {"width": 2}},
                hovertemplate="%{x:.3f}<extra></extra>",
            )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=[label for label, _ in shown],
        range=[len(shown) - 0.4, -0.6],
        showgrid=False,
    )
    rows = []
    for name, estimate in every.items():
        null = estimate.null_interval
        rows.append(
            {
                "score": _SCORES.get(name, name.replace("_", " ").capitalize()),
                "value": decimal(estimate.value)
                if estimate.value is not None
                else f"cannot say: {estimate.reason or estimate.status}",
                "by chance": f"{decimal(null[0])} to {decimal(null[1])}" if null else "",
                "p": decimal(estimate.p_value, 3) if estimate.p_value is not None else "",
            }
        )
    return Panel(
        "scores", "Each score of division against networks rewired and split in the same way", figure, pl.DataFrame(rows),
        "Grey bars: central 95 % by chance. A score means little unless it lies outside its bar.",
    )  # fmt: skip
