"""Figures of how far a headline could be off: the thinning curve, and the outcomes of other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import table
from netact.figures.theme import ACCENT, CHANCE, MAIN, Panel, canvas
from netact.language import Message, _, _n, count, decimal, percent, told

if TYPE_CHECKING:
    from netact.results import Robustness

# Outcomes and verdicts in a word or two, for tiles.
_OUTCOMES = {
    "core": Message("a core"),
    "rival_cores": Message("several cores"),
    "core_within_elite": Message("core in a wider circle"),
    "elite_larger_than_team": Message("a wide circle"),
    "single_hub": Message("one account"),
    "cohesive_not_leading": Message("close, not heard"),
    "niche_not_core": Message("a niche"),
    "no_core": Message("no core"),
    "not_testable": Message("not testable"),
    "insufficient_data": Message("too little data"),
    "leaderless": Message("leaderless"),
    "led": Message("not leaderless"),
    "single_led": Message("one account"),
    "undetermined": Message("undetermined"),
    "factionalised": Message("factionalised"),
    "structurally_divided": Message("divided"),
    "niches": Message("many groups"),
    "no_division": Message("no division"),
    "unstable": Message("unstable"),
    "stable_lead": Message("the same at the top"),
    "shifting_lead": Message("a shifting top"),
    "rotating": Message("a rotating top"),
    "shared": Message("shared"),
    "bound": Message("bound to groups"),
    "cannot_say": Message("cannot say"),
    "groups": Message("groups found"),
    "none_found": Message("none found"),
    "not_measured": Message("not measured"),
    "legitimated": Message("carried by the community"),
    "contested": Message("contested"),
    "opposed": Message("opposed"),
    "factional": Message("taken up by part of the community"),
    "ignored": Message("joined by no more members than most"),
    "descriptive": Message("more for than against"),
    "one_sided_view": Message("opposition cannot be seen"),
}
# Parameters that are varied, as they are called on a tile.
_CHOICES = {
    "max_pool": Message("accounts searched"),
    "alpha": Message("level"),
    "min_block": Message("smallest group"),
    "resolution": Message("resolution"),
    "kind": Message("kind of tie"),
    "length": Message("length of windows"),
    "retention_days": Message("days until used again"),
    "count_retweets": Message("retweets count as use"),
    "viral_share": Message("share of accounts that makes an object viral"),
    "fewest_objects": Message("fewest objects in common"),
    "false_discovery_rate": Message("false discovery rate"),
    "community_days": Message("days of the community"),
    "days": Message("days followed"),
}


def outcome_name(outcome: str | None) -> str:
    """Return an outcome or a verdict in a word or two."""
    if outcome is None:
        return ""
    # The verdicts on several operations stand one after another.
    return "; ".join(told(_OUTCOMES.get(one, one.replace("_", " "))) for one in outcome.split("; "))


def panels(found: Robustness) -> tuple[Panel, ...]:
    """Return the figures of how far one headline could be off; their names begin with the question's stem."""
    made = (_thinning(found), _choices(found))
    return tuple(panel for panel in made if panel is not None)


def _thinning(found: Robustness) -> Panel | None:
    curve = found.thinning
    drawn = curve.filter(pl.col("draws") > 0)
    again = curve.filter(pl.col("runs") > 0)
    if found.value is None and again.height < 2:
        return None
    several = found.value is not None and again.height > 1
    figure = canvas(height=300, x=_("share of the data that is kept"), y="")
    if found.value is not None and drawn.height:
        kept = [1.0, *drawn["share"]]
        means = [found.value, *drawn["mean"]]
        spread = [0.0, *(0.0 if sd is None else sd for sd in drawn["sd"])]
        figure.add_scatter(
            x=[1.02, 0.22], y=[found.value, found.value], mode="lines", name=_("All data"),
            line={"width": 1.5, "dash": "dot", "color": CHANCE}, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=kept, y=means, mode="lines+markers", name=_("Mean, with its standard deviation"),
            line={"width": 2.5, "color": MAIN}, marker={"size": 8},
            error_y={"type": "data", "array": spread, "thickness": 1.5, "width": 5},
            customdata=[_("{kept:percent} kept: {mean:percent}", kept=k, mean=m) for k, m in zip(kept, means, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    if several or found.value is None:
        axis = {"xaxis": "x2", "yaxis": "y2"} if several else {}
        figure.add_scatter(
            x=again["share"].to_list(), y=again["same"].to_list(), mode="lines+markers",
            name=_("Runs with the same outcome"), line={"width": 2.5, "color": ACCENT},
            marker={"size": 9, "symbol": "diamond"}, hovertemplate="%{customdata}<extra></extra>",
            customdata=[
                _("{kept:percent} kept: the same outcome in {same:percent} of the runs", kept=k, same=s)
                for k, s in again.select("share", "same").iter_rows()
            ],
            **axis,
        )  # fmt: skip
    ticks: dict[str, Any] = {"tickvals": [1.0, 0.9, 0.75, 0.5, 0.25], "tickformat": ".0%", "range": [1.06, 0.19]}
    figure.update_xaxes(**ticks)
    highest = max([found.value or 0.0, *(x for x in drawn["high"] if x is not None)])
    figure.update_yaxes(tickformat=".0%", range=[0, min(1.05, 1.25 * highest) if found.value is not None else 1.05])
    if several:
        layout = figure.layout
        figure.update_layout(
            xaxis2=layout.xaxis.to_plotly_json() | ticks, yaxis2=layout.yaxis.to_plotly_json() | {"range": [0, 1.05]}
        )
        figure.update_layout(xaxis_domain=[0, 0.44], xaxis2_domain=[0.56, 1], yaxis2_anchor="x2", xaxis2_anchor="y2")
    shown = table(
        (_("kept"), [percent(value) for value in curve["share"]]),
        (_("mean"), ["" if value is None else percent(value) for value in curve["mean"]]),
        (_("standard deviation"), ["" if value is None else decimal(value, 3) for value in curve["sd"]]),
        (_("draws"), [count(value) for value in curve["draws"]]),
        (_("same outcome"), ["" if value is None else percent(value) for value in curve["same"]]),
        (_("runs"), [count(value) for value in curve["runs"]]),
        (_("most frequent outcome"), [outcome_name(value) for value in curve["verdict"]]),
    )
    title = _("With part of the data left out: {what}", what=told(found.headline))
    note = {
        "post": _("Original posts are left out at random, each with everything that was done to it."),
        "source account": _("Accounts are left out at random, each with all attention it gave."),
        "object": _("Shared objects are left out at random, each with all its shares."),
    }[found.cluster]
    return Panel(f"{found.question}_thinning", title, figure, shown, note)


def _choices(found: Robustness) -> Panel | None:
    cells = found.multiverse
    if cells.height < 2:
        return None
    parameters = [name for name in cells.columns if name not in ("verdict", "value", "same")]
    across = next((name for name in parameters if name != "kind"), "kind")
    down = [name for name in parameters if name != across and cells[name].n_unique() > 1]
    x: list[str] = []
    y: list[str] = []
    rows = cells.to_dicts()
    for row in rows:
        x.append(_as_set() if row[across] is None else _value(across, row[across]))
        named = [_("{choice}: {value}", choice=told(_CHOICES.get(name, name)), value=_value(name, row[name])) for name in down if row[name] is not None]  # fmt: skip
        y.append(", ".join(named) or " ")
    columns, lines = list(dict.fromkeys(x)), list(dict.fromkeys(y))
    figure = canvas(height=90 + 34 * len(lines), x=told(_CHOICES.get(across, across)))
    for same in (True, False):
        here = [at for at, row in enumerate(rows) if bool(row["same"]) == same]
        if not here:
            continue
        figure.add_bar(
            x=[0.94] * len(here), base=[columns.index(x[at]) - 0.47 for at in here], y=[lines.index(y[at]) for at in here],
            orientation="h", width=0.9, name=_("The same outcome") if same else _("Another outcome"),
            marker={"color": MAIN if same else ACCENT}, text=[outcome_name(rows[at]["verdict"]) for at in here],
            textposition="inside", insidetextanchor="middle", textfont={"color": "#ffffff", "size": 12},
            constraintext="none", customdata=[f"{y[at]}; {x[at]}: {outcome_name(rows[at]['verdict'])}" for at in here],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0.0)
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns, range=[-0.55, len(columns) - 0.45], showgrid=False)  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(lines))), ticktext=lines, range=[len(lines) - 0.4, -0.6], showgrid=False
    )
    shown = table(
        *(
            (
                told(_CHOICES.get(name, name)),
                [_as_set() if row[name] is None else _value(name, row[name]) for row in rows],
            )
            for name in parameters
        ),
        (_("outcome"), [outcome_name(row["verdict"]) for row in rows]),
    )
    agreeing = sum(bool(row["same"]) for row in rows)
    title = _n(
        "{same:count} of {n:count} other choice gives the same outcome",
        "{same:count} of {n:count} choices give the same outcome",
        len(rows),
        same=agreeing,
    )
    note = _("Each tile is the outcome with other defensible choices; the choices of this report are among them.")
    return Panel(f"{found.question}_choices", title, figure, shown, note)


def _as_set() -> str:
    return _("as in this report")


def _value(name: str, value: Any) -> str:
    if name == "kind":
        from netact.schemas import KIND_NAMES

        return told(KIND_NAMES[value])
    if name == "length":
        return {"half": _("half as long"), "double": _("twice as long")}.get(str(value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("min_block", "viral_share"):
        return percent(value)
    return decimal(value, 3) if isinstance(value, float) else count(value)
