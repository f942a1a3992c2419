"""Figures of the leading core: its ties, its score against chance, who drives, and whom the most heard reach."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, accounts_counted, accounts_drew, capital, core_name, safe, table
from netact.figures.theme import (
    ACCENT,
    CHANCE,
    CHANCE_BAND,
    MAIN,
    OTHER,
    Panel,
    bare,
    canvas,
    colour,
    symbol,
)
from netact.language import _, _n, _p, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Core, LeadingCore

_STEADY = 0.8  # below this share of subsamples a member is drawn hollow


def panels(result: LeadingCore, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """Return the panels of a leading core in the order of the report."""
    made = (
        _core_map(result, names, words),
        _pool_bars(result, names, words),
        _score(result),
        _drivers(result, words),
        _coverage(result, words),
    )
    return tuple(panel for panel in made if panel is not None)


def _shown_sets(result: LeadingCore) -> list[tuple[str, Core]]:
    if result.cores:
        several = len(result.cores) > 1
        return [(core_name(i, several=several), core) for i, core in enumerate(result.cores, start=1)]
    if result.candidate is not None:
        return [(_("Closest set (not a core)"), result.candidate)]
    return [(_("Wider circle"), result.elite)] if result.elite is not None else []


def _core_map(result: LeadingCore, names: Mapping[str, str], words: Words) -> Panel | None:
    sets = _shown_sets(result)
    if not sets or not result.core_ties.height:
        return None
    place: dict[str, tuple[float, float]] = {}
    # Sets stand side by side, the members of each on a circle in order of stability, the steadiest on top.
    for number, (_label, core) in enumerate(sets):
        for position, member in enumerate(core.members):
            angle = math.pi / 2 - 2 * math.pi * position / max(1, core.size)
            place.setdefault(member, (2.9 * number + math.cos(angle), math.sin(angle)))
    figure = canvas(height=(460 if sets[0][1].size > 4 else 320) if len(sets) == 1 else 420)
    figure.update_layout(showlegend=True, hovermode="closest")
    for mutual in (False, True):
        x: list[float | None] = []
        y: list[float | None] = []
        for row in result.core_ties.filter(pl.col("mutual") == mutual).iter_rows(named=True):
            if row["source"] in place and row["target"] in place:
                (x0, y0), (x1, y1) = place[row["source"]], place[row["target"]]
                x += [x0, x1, None]
                y += [y0, y1, None]
        if x:
            label = (
                (_("Tie in both directions") if mutual else _("Tie in one direction")) if words.directed else _("Tie")
            )
            figure.add_scatter(
                x=x, y=y, mode="lines", name=label, hoverinfo="skip",
                line={"width": 2.6 if mutual else 1.0, "color": "rgba(110,118,130,0.75)" if mutual else "rgba(138,143,152,0.45)"},
            )  # fmt: skip
    attention = dict(result.pool.select("account", "share_of_attention").iter_rows())
    for number, (label, core) in enumerate(sets):
        shares = [attention.get(member) or 0.0 for member in core.members]
        most = max([*shares, 1e-12])
        stability = [core.stability.get(member) for member in core.members]
        hollow = [value is not None and value < _STEADY for value in stability]
        figure.add_scatter(
            x=[place[m][0] for m in core.members],
            y=[place[m][1] for m in core.members],
            mode="markers+text",
            name=label,
            text=[safe(names.get(m, m), limit=16) for m in core.members],
            textposition=[_outward(place[m][0] - 2.9 * number, place[m][1]) for m in core.members],
            textfont={"size": 13},
            cliponaxis=False,
            marker={
                "size": [12 + 22 * math.sqrt(share / most) for share in shares],
                "symbol": [f"{symbol(number)}-open" if is_hollow else symbol(number) for is_hollow in hollow],
                "color": colour(number),
                "line": {"width": 2, "color": colour(number)},
                "opacity": 1,
            },
            customdata=[
                [
                    safe(names.get(m, m)),
                    _("{share:percent} of attention", share=share),
                    _("stability not computed") if s is None else _("in {share:percent} of subsamples", share=s),
                ]
                for m, share, s in zip(core.members, shares, stability, strict=True)
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
    figure.update_xaxes(range=[-1.9, 2.9 * (len(sets) - 1) + 1.9])
    figure.update_yaxes(range=[-1.45, 1.45])
    bare(figure)
    figure.update_yaxes(scaleanchor=None)
    if len(sets) == 1:
        figure.update_yaxes(scaleanchor="x", constrain="domain")
    rows = [(label, core, member) for label, core in sets for member in core.members]
    shown = table(
        (_("set"), [label for label, _core, _member in rows]),
        (_("account"), [names.get(member, member) for _label, _core, member in rows]),
        (_("share of attention"), [percent(attention.get(member) or 0.0) for _label, _core, member in rows]),
        (
            _("found again in subsamples"),
            ["" if (s := core.stability.get(member)) is None else percent(s) for _label, core, member in rows],
        ),
    )
    title = (
        _("Who is tied to whom in the core") if result.cores else _("Who is tied to whom in the most closely tied set")
    )
    note = (
        _(
            "Marker size: attention received. Heavy lines: ties in both directions. Hollow markers: found again in fewer "
            "than {steady:percent} of subsamples.",
            steady=_STEADY,
        )
        if words.directed
        else _(
            "Marker size: attention received. Hollow markers: found again in fewer than {steady:percent} of subsamples.",
            steady=_STEADY,
        )
    )
    return Panel("core-map", title, figure, shown, note)


def _outward(x: float, y: float) -> str:
    """Say on which side of its marker a label stands so that it points away from the middle."""
    vertical = "top" if y > 0.3 else "bottom" if y < -0.3 else "middle"
    horizontal = "right" if x > 0.3 else "left" if x < -0.3 else "center"
    return f"{vertical} {horizontal}" if (vertical, horizontal) != ("middle", "center") else "top center"


def _pool_bars(result: LeadingCore, names: Mapping[str, str], words: Words) -> Panel | None:
    top = result.pool.sort("share_of_attention", descending=True, maintain_order=True).head(20)
    if not top.height:
        return None
    figure = canvas(height=60 + 24 * top.height, x=_("share {of_all_ties}", of_all_ties=words.of_all_ties))
    labels = [safe(names.get(key, key), limit=22) for key in top["account"]]
    cores = top["core"].to_list()
    for number in [*sorted({core for core in cores if core is not None}), None]:
        chosen = [i for i, core in enumerate(cores) if core == number]
        if not chosen:
            continue
        label = _("Outside a core") if number is None else core_name(number, several=len(result.cores) > 1)
        figure.add_scatter(
            x=[top["share_of_attention"][i] for i in chosen],
            y=chosen,
            mode="markers",
            name=label,
            marker={"size": 11, "color": OTHER if number is None else colour(number - 1), "symbol": "circle-open" if number is None else symbol(number - 1), "line": {"width": 2}},
            customdata=[
                [
                    safe(names.get(top["account"][i], top["account"][i])),
                    _("{share:percent} of attention", share=top["share_of_attention"][i]),
                    _n("from {n:count} account", "from {n:count} accounts", top["audience"][i]),
                ]
                for i in chosen
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[v for share in top["share_of_attention"] for v in (0, share, None)],
        y=[v for i in range(top.height) for v in (i, i, None)],
        mode="lines", line={"width": 1.5, "color": CHANCE_BAND}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.data = (figure.data[-1], *figure.data[:-1])
    figure.update_yaxes(tickvals=list(range(top.height)), ticktext=labels, autorange="reversed", showgrid=False)
    figure.update_xaxes(tickformat=".0%" if top["share_of_attention"][0] > 0.05 else ".1%", rangemode="tozero")
    figure.update_layout(showlegend=bool(result.cores))
    shown = table(
        (_("account"), [names.get(key, key) for key in top["account"]]),
        (_("share of attention"), [percent(value) for value in top["share_of_attention"]]),
        (_("accounts that gave it"), [count(value) for value in top["audience"]]),
        (_("core"), ["" if number is None else str(number) for number in cores]),
    )
    title = _("{accounts} and their share {of_all_ties}", accounts=words.the_most_heard, of_all_ties=words.of_all_ties)
    note = _("Only accounts that stand out by attention are named.")
    return Panel("most-heard", capital(title), figure, shown, note)


def _score(result: LeadingCore) -> Panel | None:
    sets = _shown_sets(result)
    if not sets or len(result.null_scores) < 10:
        return None
    label, core = sets[0]
    draws = [value for value in result.null_scores if math.isfinite(value)]
    if not draws:
        return None
    figure = canvas(
        height=280,
        x=_("score (how far a set's ties exceed what chance explains)"),
        y=_("networks drawn by chance"),
    )
    low, high = min(draws), max(draws)
    bins = 24
    width = max((high - low) / bins, 1e-9)
    heights = [0] * bins
    for value in draws:
        heights[min(bins - 1, int((value - low) / width))] += 1
    figure.add_bar(
        x=[low + width * (i + 0.5) for i in range(bins)], y=heights, width=width * 0.92, name=_("Best score by chance"),
        marker={"color": CHANCE, "opacity": 0.6}, hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            _n("{n:count} of the networks drawn by chance", "{n:count} of the networks drawn by chance", drawn) for drawn in heights
        ],
    )  # fmt: skip
    figure.add_scatter(
        x=[core.score, core.score], y=[0, max(heights) * 1.05], mode="lines", name=_("{label}: {score:decimal1}", label=label, score=core.score),
        line={"width": 3, "color": ACCENT}, hoverinfo="skip",
    )  # fmt: skip
    most, least = max(high, core.score), min(low, core.score)
    figure.update_xaxes(range=[least - 0.06 * (most - least) - width, most + 0.06 * (most - least) + width])
    shown = table(
        (
            _("what"),
            [
                _("{label}, observed", label=label),
                _("largest among networks drawn by chance"),
                _("smallest among networks drawn by chance"),
            ],
        ),
        (_("score"), [decimal(value, 1) for value in (core.score, high, low)]),
    )
    beyond = sum(value >= core.score for value in draws)
    title = (
        _n(
            "{beyond:count} of {n:count} network drawn by chance held a set at least as tight",
            "{beyond:count} of {n:count} networks drawn by chance held a set at least as tight",
            len(draws),
            beyond=beyond,
        )
        if beyond
        else _n(
            "None of {n:count} network drawn by chance held a set at least as tight",
            "None of {n:count} networks drawn by chance held a set at least as tight",
            len(draws),
        )
    )
    note = _("Chance keeps popularity, groups and the habit of returning a tie.")
    return Panel("core-score", title, figure, shown, note)


def _drivers(result: LeadingCore, words: Words) -> Panel | None:
    rows = result.drivers.drop_nulls("accounts").sort(["unit", "share"])
    if not rows.height:
        return None
    if not words.directed:
        rows = rows.filter(pl.col("unit") == "attention")
    labels = [
        _("{share:percent} {of_ties}", share=row["share"], of_ties=words.of_ties)
        if row["unit"] == "attention"
        else _("{share:percent} of the audience", share=row["share"])
        for row in rows.iter_rows(named=True)
    ]
    figure = canvas(height=110 + 52 * rows.height, x=_("accounts needed (logarithmic)"))
    band = rows.with_row_index("at").drop_nulls(["null_low", "null_high"])
    for row in band.iter_rows(named=True):
        figure.add_scatter(
            x=[row["null_low"], row["null_high"]], y=[row["at"]] * 2, mode="lines", line={"width": 16, "color": CHANCE_BAND},
            name=_("If attention only followed attention"), legendgroup="null", showlegend=row["at"] == band["at"][0],
            customdata=[_("by chance: {number:count}", number=row[end]) for end in ("null_low", "null_high")],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=rows["accounts"].to_list(), y=list(range(rows.height)), mode="markers+text", name=_("Observed, with 95 % range"),
        text=[count(value) for value in rows["accounts"]], textposition="top center", cliponaxis=False,
        marker={"size": 12, "color": MAIN},
        error_x={
            "type": "data", "symmetric": False, "color": MAIN, "thickness": 2, "width": 5,
            "array": [max(0.0, (high if high is not None else value) - value) for high, value in zip(rows["high"], rows["accounts"], strict=True)],
            "arrayminus": [max(0.0, value - (low if low is not None else value)) for low, value in zip(rows["low"], rows["accounts"], strict=True)],
        },
        customdata=[accounts_counted(value) for value in rows["accounts"]], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(type="log", dtick="D2", tickformat=",.0f")
    figure.update_yaxes(
        tickvals=list(range(rows.height)), ticktext=labels, range=[rows.height - 0.4, -0.7], showgrid=False
    )
    spans = [(row["low"], row["high"], row["null_low"], row["null_high"]) for row in rows.iter_rows(named=True)]
    shown = table(
        (_p("a fraction", "share"), labels),
        (_("accounts"), [count(value) for value in rows["accounts"]]),
        (_("95 % range"), [_span(low, high) for low, high, _null_low, _null_high in spans]),
        (_("by chance"), [_span(low, high) for _low, _high, low, high in spans]),
    )
    half = rows.filter((pl.col("unit") == "attention") & (pl.col("share") == 0.5))
    title = accounts_drew(half["accounts"][0], 0.5, words) if half.height else _("How many accounts it takes")
    return Panel("drivers", title, figure, shown, _("Grey: what imitation alone would give."))


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else _("{low} to {high}", low=count(low), high=count(high))


def _coverage(result: LeadingCore, words: Words) -> Panel | None:
    curve = result.coverage_curve
    if curve.height < 3 or not words.directed:
        return None
    figure = canvas(height=280, x=_("accounts, best ones first"), y=_("share of the audience reached"))
    figure.add_scatter(
        x=curve["accounts"].to_list(), y=curve["reach"].to_list(), mode="lines", line={"width": 3, "color": MAIN},
        name=_("Reached together"), customdata=[_reach(n, share) for n, share in curve.select("accounts", "reach").iter_rows()],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(rangemode="tozero")
    figure.update_layout(showlegend=False)
    marks = curve.filter(pl.col("accounts").is_in([1, 2, 5, 10, 20, 50, 100]))
    shown = table(
        (_("accounts"), [count(v) for v in marks["accounts"]]),
        (_("audience reached"), [percent(v) for v in marks["reach"]]),
    )
    best = curve.filter(pl.col("accounts") <= 20).tail(1)
    title = _n(
        "{n:count} account reaches {share:percent} of the audience",
        "{n:count} accounts together reach {share:percent} of the audience",
        best["accounts"][0],
        share=best["reach"][0],
    )
    note = _("Each further account is the one that adds most new audience.")
    return Panel("coverage", title, figure, shown, note)


def _reach(accounts: int, share: float) -> str:
    return _n(
        "{n:count} account reaches {share:percent}",
        "{n:count} accounts together reach {share:percent}",
        accounts,
        share=share,
    )
