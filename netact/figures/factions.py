"""Figures of factions: where ties go, how the groups hang together, their sizes, and each score against chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, accounts_counted, group_name, listed, plain, safe, table, unknown
from netact.figures.theme import ACCENT, CHANCE_BAND, OTHER, Panel, bare, canvas, colour, symbol
from netact.language import Message, _, count, decimal, percent, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.results import Estimate, Factions

_MOST_GROUPS = 12
_SCORES = {
    "modularity": Message("Modularity"),
    "two_sidedness": Message("Two-sidedness"),
    "random_walk_controversy": Message("Random-walk controversy"),
    "adaptive_random_walk_controversy": Message("The same, adaptive"),
    "dipole": Message("Dipole polarization"),
    "boundary_polarization": Message("Boundary polarization"),
    "ei_index": Message("E-I index"),
    "adaptive_ei_index": Message("Adaptive E-I index"),
    "random_walk_controversy_weighted": Message("Random walk controversy weighted"),
    "adaptive_random_walk_controversy_weighted": Message("Adaptive random walk controversy weighted"),
    "dipole_weighted": Message("Dipole weighted"),
    "boundary_polarization_weighted": Message("Boundary polarization weighted"),
    "ei_index_weighted": Message("Ei index weighted"),
    "adaptive_ei_index_weighted": Message("Adaptive ei index weighted"),
}


def panels(result: Factions, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """Return the panels of factions in the order of the report."""
    made = (
        _matrix(result, words),
        _bubbles(result, words),
        _sizes(result, names),
        _scores(result),
        _technology(result),
        _inside_cores(result),
        _cut(result),
    )
    return tuple(panel for panel in made if panel is not None)


def _named(result: Factions) -> pl.DataFrame:
    return result.sizes.filter(pl.col("faction") >= 0).sort("faction").head(_MOST_GROUPS)


def _label(name: str) -> str:
    return safe(group_name(name), limit=24)


def _matrix(result: Factions, words: Words) -> Panel | None:
    groups = _named(result)
    if groups.height < 2 or not result.between.height:
        return None
    numbers, names = groups["faction"].to_list(), [group_name(name) for name in groups["name"]]
    weight = {(r["source_faction"], r["target_faction"]): r["weight"] for r in result.between.iter_rows(named=True)}
    given = [sum(w for (source, _), w in weight.items() if source == a) for a in numbers]
    share = [
        [weight.get((a, b), 0.0) / total if total else 0.0 for b in numbers]
        for a, total in zip(numbers, given, strict=True)
    ]
    figure = canvas(height=150 + 38 * len(numbers), x=_("to"), y=_("from"))
    labels = [_label(name) for name in names]
    printed = [[percent(value) if value >= 0.005 else "" for value in row] for row in share]
    figure.add_heatmap(
        z=share, x=list(range(len(numbers))), y=list(range(len(numbers))), colorscale="Cividis", zmin=0, zmax=1,
        showscale=False, xgap=2, ygap=2, hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            [
                _(
                    "{share:percent} {of_the_ties} of {group} go to {other}",
                    share=share[i][j], of_the_ties=words.of_the_ties, group=labels[i], other=labels[j],
                )
                for j in range(len(numbers))
            ]
            for i in range(len(numbers))
        ],
    )  # fmt: skip
    # Text of its own colour in each cell: light on dark blue, dark on yellow.
    size = 13 if len(numbers) <= 6 else 11
    figure.update_layout(
        annotations=[
            {
                "x": j, "y": i, "text": text, "showarrow": False,
                "font": {"size": size, "color": "#fff" if share[i][j] < 0.55 else "#111"},
            }
            for i, row in enumerate(printed)
            for j, text in enumerate(row)
            if text and (len(numbers) <= 8 or share[i][j] >= 0.05)
        ]
    )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(numbers))),
        ticktext=[_short(name) for name in groups["name"]] if len(numbers) > 5 else labels,
        side="top",
        showgrid=False,
        tickangle=0,
    )
    figure.update_yaxes(tickvals=list(range(len(numbers))), ticktext=labels, autorange="reversed", showgrid=False)
    shown = table(
        (_("from"), names),
        *(
            (_("to {group}", group=plain(names[j])), [percent(share[i][j]) for i in range(len(numbers))])
            for j in range(len(numbers))
        ),
    )
    total = sum(weight.values())
    inside = sum(w for (a, b), w in weight.items() if a == b)
    title = (
        _("{share:percent} {of_all_ties} stay inside their group", share=inside / total, of_all_ties=words.of_all_ties)
        if total
        else _("Ties between groups")
    )
    note = (
        _("Where {the_ties} of each group go; each row adds up to 100 %.", the_ties=words.the_ties)
        if len(numbers) == result.sizes.height
        else _("Where {the_ties} of each group go; rows leave out the smaller groups.", the_ties=words.the_ties)
    )
    return Panel("matrix", title, figure, shown, note)


def _short(name: str) -> str:
    """Return a label that fits under a narrow column: the letter of a group that has no other name."""
    return safe(name.removeprefix("Group "), limit=24)


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
    most = max(pairs.values(), default=0.0) or 1.0
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
            customdata=[[
                _label(row["name"]), accounts_counted(row["accounts"]),
                _("{share:percent} of attention", share=row["share_of_attention"]),
                _("{share:percent} of what they give stays inside", share=row["internal_share"] or 0.0),
            ]],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(range=[-2.0, 2.0])
    figure.update_yaxes(range=[-1.5, 1.5])
    bare(figure)
    figure.update_yaxes(scaleanchor=None)
    heaviest = sorted(pairs.items(), key=lambda item: -item[1])[:30]
    shown = table(
        (
            _("between"),
            [_("{group} and {other}", group=_name(groups, a), other=_name(groups, b)) for (a, b), _w in heaviest],
        ),
        (words.ties, [count(w) for _pair, w in heaviest]),
    )
    title = _("The groups, and how much attention passes between them")
    note = _("Marker size: accounts. Line width: ties between two groups, both directions together.")
    return Panel("groups", title, figure, shown, note)


def _name(groups: pl.DataFrame, number: int) -> str:
    return group_name(groups.filter(pl.col("faction") == number)["name"][0])


def _sizes(result: Factions, names: Mapping[str, str]) -> Panel | None:
    groups = result.sizes.head(_MOST_GROUPS + 1)
    if not groups.height:
        return None
    labels = [_label(name) for name in groups["name"]]
    figure = canvas(height=110 + 40 * groups.height, x=_("share of the whole"))
    figure.add_bar(
        x=groups["share_of_accounts"].to_list(), y=list(range(groups.height)), orientation="h", name=_("of accounts"),
        marker={"color": [colour(n) for n in groups["faction"]], "opacity": 0.95},
        customdata=[_("{share:percent} of accounts", share=share) for share in groups["share_of_accounts"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=groups["share_of_attention"].to_list(), y=list(range(groups.height)), orientation="h", name=_("of attention"),
        marker={"color": [colour(n) for n in groups["faction"]], "opacity": 0.45, "pattern": {"shape": "/"}},
        customdata=[_("{share:percent} of attention", share=share) for share in groups["share_of_attention"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(barmode="group", bargap=0.3, showlegend=True)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(tickvals=list(range(groups.height)), ticktext=labels, autorange="reversed", showgrid=False)
    shown = table(
        (_("group"), [group_name(name) for name in groups["name"]]),
        (_("accounts"), [count(value) for value in groups["accounts"]]),
        (_("of accounts"), [percent(value) for value in groups["share_of_accounts"]]),
        (_("of attention"), [percent(value) for value in groups["share_of_attention"]]),
        (_("stays inside"), ["" if value is None else percent(value) for value in groups["internal_share"]]),
        (
            _("most heard"),
            [
                listed([plain(names.get(key, key)) for key in keys]) if keys else ""
                for keys in groups["leaders"].to_list()
            ],
        ),
    )
    two = groups.filter(pl.col("faction") >= 0)["share_of_accounts"].to_list()
    title = _("The largest group holds {share:percent} of accounts", share=two[0]) if two else _("Sizes of the groups")
    return Panel("sizes", title, figure, shown, _("Solid: accounts. Hatched: attention received."))


def _scores(result: Factions) -> Panel | None:
    every = {"modularity": result.modularity, "two_sidedness": result.two_sidedness, **result.scores}
    shown: list[tuple[str, Estimate]] = [
        (told(label), every[name])
        for name, label in _SCORES.items()
        if not name.endswith("_weighted") and name in every and every[name].value is not None
    ]
    if not shown:
        return None
    figure = _beside_chance(shown, chance=_("By chance, split anew"), x=_("value (from −1 to 1)"))
    cells = table(
        (_("score"), [score_name(name) for name in every]),
        (_("value"), [decimal(e.value) if e.value is not None else unknown(e) for e in every.values()]),
        (
            _("by chance"),
            [
                _("{low} to {high}", low=decimal(e.null_interval[0]), high=decimal(e.null_interval[1]))
                if e.null_interval
                else ""
                for e in every.values()
            ],
        ),
        (
            _("less the mean by chance"),
            [decimal(e.effect) if e.effect is not None else "" for e in every.values()],
        ),
        (_("z"), [decimal(e.z, 1) if e.z is not None else "" for e in every.values()]),
        (_("p"), [decimal(e.p_value, 3) if e.p_value is not None else "" for e in every.values()]),
    )
    title = _("Each score of division against networks rewired and split in the same way")
    note = _("Grey bars: central 95 % by chance. A score means little unless it lies outside its bar.")
    return Panel("scores", title, figure, cells, note)


def _technology(result: Factions) -> Panel | None:
    found = result.technology
    labelled = (
        (_("Adjusted mutual information"), found.adjusted_mutual_information),
        (_("Normalised mutual information"), found.normalised_mutual_information),
        (_("Assortativity of platforms"), found.assortativity),
        (_("E-I index of platforms"), found.platform_ei_index),
    )
    shown = [(label, estimate) for label, estimate in labelled if estimate.value is not None]
    if not shown:
        return None
    figure = _beside_chance(shown, chance=_("Platforms dealt out at random"), x=_("value (from −1 to 1)"))
    cells = _chance_table(shown)
    match found.verdict:
        case "yes":
            title = _("Groups run along platforms")
        case "no":
            title = _("Groups do not run along platforms")
        case _:
            title = _("Whether groups run along platforms cannot be told")
    people = (
        _("Asked of the {accounts} active on several platforms.", accounts=accounts_counted(found.accounts))
        if found.base != "accounts"
        else _("Asked of {accounts} in ties of which some cross platforms.", accounts=accounts_counted(found.accounts))
    )
    note = _("Adjusted mutual information: 0 is no agreement, 1 the same groups.")
    return Panel("technology", title, figure, cells, f"{people} {note}")


def _chance_table(shown: list[tuple[str, Estimate]]) -> pl.DataFrame:
    estimates = [estimate for _label, estimate in shown]
    bands = [
        _("{low} to {high}", low=decimal(e.null_interval[0]), high=decimal(e.null_interval[1]))
        if e.null_interval
        else ""
        for e in estimates
    ]
    return table(
        (_("measure"), [label for label, _estimate in shown]),
        (_("value"), [decimal(e.value) if e.value is not None else unknown(e) for e in estimates]),
        (_("by chance"), bands),
        (_("p"), [decimal(e.p_value, 3) if e.p_value is not None else "" for e in estimates]),
    )


def _inside_cores(result: Factions) -> Panel | None:
    cores = result.inside_cores.filter(pl.col("measured")).drop_nulls("modularity")
    if not cores.height:
        return None
    labels = [_("Core {number:count}", number=number) for number in cores["core"]]
    periods = result.core_windows.drop_nulls("ei_index")
    cells = table(
        (_("core"), labels),
        (_("accounts"), [count(value) for value in cores["accounts"]]),
        (_("groups"), [count(value) for value in cores["groups"]]),
        (_("modularity"), [decimal(value) for value in cores["modularity"]]),
        (_("mean by chance"), ["" if v is None else decimal(v) for v in cores["modularity_by_chance"]]),
        (_("p"), ["" if value is None else decimal(value, 3) for value in cores["p_value"]]),
        (_("E-I index of its two sides"), ["" if v is None else decimal(v) for v in cores["ei_index"]]),
    )
    if periods.height:
        figure = canvas(height=280, x=_("time"), y=_("E-I index of the two sides"))
        for number, label in zip(cores["core"], labels, strict=True):
            rows = periods.filter(pl.col("core") == number)
            if not rows.height:
                continue
            figure.add_scatter(
                x=[(row["start"] + (row["end"] - row["start"]) / 2).isoformat() for row in rows.iter_rows(named=True)],
                y=rows["ei_index"].to_list(), mode="lines+markers", name=label, showlegend=True,
                line={"width": 2, "color": colour(number - 1)}, marker={"size": 9, "symbol": symbol(number - 1)},
                customdata=[decimal(value) for value in rows["ei_index"]], hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
        figure.update_yaxes(range=[-1.05, 1.05])
        note = _(
            "−1: no tie joins the two sides in that time. A line that falls is a core whose sides turn away from one another."
        )
        return Panel(
            "inside-cores", _("How the two sides of each core turn to one another over time"), figure, cells, note
        )
    figure = canvas(height=110 + 34 * cores.height, x=_("modularity"))
    at = list(range(cores.height))
    by_chance = cores["modularity_by_chance"].to_list()
    figure.add_scatter(
        x=by_chance, y=at, mode="markers", name=_("Mean by chance"), hoverinfo="skip",
        marker={"size": 10, "color": OTHER, "symbol": "circle-open", "line": {"width": 2}},
    )  # fmt: skip
    figure.add_scatter(
        x=cores["modularity"].to_list(), y=at, mode="markers", name=_("Observed"),
        marker={"size": 11, "color": ACCENT, "symbol": "diamond"},
        customdata=[decimal(value) for value in cores["modularity"]], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickvals=at, ticktext=labels, range=[cores.height - 0.4, -0.6], showgrid=False)
    note = _(
        "The ties among the members of a core, split like the network and compared with the same number of ties each."
    )
    return Panel("inside-cores", _("Groups inside the cores"), figure, cells, note)


def _cut(result: Factions) -> Panel | None:
    cut = result.cut_between_factions
    if cut.value is None:
        return None
    label = _("Smallest cut between the two largest groups")
    figure = _beside_chance([(label, cut)], chance=_("By chance"), x=_("share of all weight"))
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    rows = [(label, percent(cut.value))]
    for row in result.fragility.iter_rows(named=True):
        rows += [
            (_("Ties without which it falls apart"), count(row["bridges"])),
            (_("Accounts without which it falls apart"), count(row["articulation_points"])),
        ]
        if row["smallest_cut"] is not None:
            rows.append((_("Smallest cut anywhere, in ties"), count(row["smallest_cut"])))
        if row["algebraic_connectivity"] is not None:
            rows.append((_("Algebraic connectivity"), decimal(row["algebraic_connectivity"], 3)))
    cells = table((_("measure"), [name for name, _value in rows]), (_("value"), [value for _name, value in rows]))
    title = _(
        "Cutting {share:percent} of all ties would part the most connected accounts of the two largest groups",
        share=cut.value,
    )
    note = _(
        "The fewest ties, counted by weight, that would have to go so that no path is left between the ten most connected "
        "accounts of either group. Chance: networks rewired at random, with groups of their own."
    )
    return Panel("cut", title, figure, cells, note)


def _beside_chance(shown: list[tuple[str, Estimate]], *, chance: str, x: str) -> go.Figure:
    """Return one row an estimate: its value on the band that chance gives."""
    figure = canvas(height=100 + 34 * len(shown), x=x)
    for at, (_label, estimate) in enumerate(shown):
        if estimate.null_interval is not None:
            figure.add_scatter(
                x=list(estimate.null_interval), y=[at, at], mode="lines", line={"width": 14, "color": CHANCE_BAND}, legendgroup="null",
                name=chance, showlegend=not any(trace.name == chance for trace in figure.data),
                customdata=[_("by chance: {number:decimal}", number=value) for value in estimate.null_interval],
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    for outside in (True, False):
        chosen = [
            (at, e) for at, (_label, e) in enumerate(shown)
            if e.value is not None and (e.null_interval is not None and not e.null_interval[0] <= e.value <= e.null_interval[1]) == outside
        ]  # fmt: skip
        if chosen:
            figure.add_scatter(
                x=[e.value for _at, e in chosen], y=[at for at, _e in chosen], mode="markers",
                name=_("Observed, beyond chance") if outside else _("Observed, within chance or not compared"),
                marker={"size": 11, "color": ACCENT if outside else OTHER, "symbol": "diamond" if outside else "circle-open", "line": {"width": 2}},
                customdata=["" if e.value is None else decimal(e.value, 3) for _at, e in chosen], hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=[label for label, _ in shown],
        range=[len(shown) - 0.4, -0.6],
        showgrid=False,
    )
    return figure


def score_name(name: str) -> str:
    """Return the name of a score of division in print."""
    return told(_SCORES.get(name, name.replace("_", " ").capitalize()))
