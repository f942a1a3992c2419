"""Figures of what is left when chosen people pull their accounts, and the sentence that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import listed, person, plain, safe, table
from netact.figures.theme import ACCENT, COLOURS, MAIN, OTHER, Panel, canvas
from netact.figures.timeline import shown_group, subtitle
from netact.language import _, _n, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.shutdown import ShutdownScenarios

# Outline of what would be lost at most.
_GHOST = "rgba(138,143,152,0.9)"


def scenario_sentence(scenarios: ShutdownScenarios, *, mask: int, rule: str) -> str:
    """Return what is left without the people of one combination, as one sentence that can be quoted.

    Parameters
    ----------
    scenarios
        Every combination.
    mask
        Sum of 2 ** bit of the people taken out.
    rule
        ``shutdown`` (one holder is enough to close an account) or ``departure`` (an account goes dark when all its
        holders are gone).

    Returns
    -------
    str
        Empty if there are no scenarios or this one is not among them.
    """
    row = _scenario(scenarios, mask=mask, rule=rule)
    if row is None:
        return ""
    who = _people(scenarios, mask)
    if not who:
        return _("Nobody is taken out: choose people to see what goes dark without them.")
    dark, lost, reach = row["accounts_dark"], row["attention_lost"], row["reach_lost"]
    if not dark:
        if rule == "shutdown":
            return _("If {people} shut down their accounts, no account goes dark.", people=listed(who))
        return _("If {people} leave, no account is left without a holder.", people=listed(who))
    values = {"people": listed(who), "lost": lost}
    if rule == "shutdown":
        first = _n(
            "If {people} shut down their accounts, {n:count} account goes dark, with {lost:percent} of all attention",
            "If {people} shut down their accounts, {n:count} accounts go dark, with {lost:percent} of all attention",
            dark,
            **values,
        )
    else:
        first = _n(
            "If {people} leave, {n:count} account is left without a holder, with {lost:percent} of all attention",
            "If {people} leave, {n:count} accounts are left without a holder, with {lost:percent} of all attention",
            dark,
            **values,
        )
    if reach is None:
        return _("{loss}.", loss=first)
    return _("{loss}; {reach:percent} of the audience hears no account that is left.", loss=first, reach=reach)


def shutdown_losses(scenarios: ShutdownScenarios, *, mask: int, rule: str) -> Panel | None:
    """Return what is lost without the people of one combination, beside what all of them together could take.

    Parameters
    ----------
    scenarios
        Every combination.
    mask
        Sum of 2 ** bit of the people taken out.
    rule
        ``shutdown`` or ``departure``.

    Returns
    -------
    Panel or None
        None if there are no scenarios or this one is not among them.
    """
    row = _scenario(scenarios, mask=mask, rule=rule)
    worst = _scenario(scenarios, mask=2**scenarios.people.height - 1, rule=rule)
    if row is None or worst is None:
        return None
    losses = [
        (_("Attention lost"), row["attention_lost"], worst["attention_lost"]),
        (_("Audience that hears nobody"), row["reach_lost"], worst["reach_lost"]),
        (_("Outside the largest connected part"), _outside(row), _outside(worst)),
    ]
    shown = [(label, value, most) for label, value, most in losses if value is not None and most is not None]
    if not shown:
        return None
    figure = canvas(height=46 + 68 * len(shown))
    at = list(range(len(shown)))
    figure.add_bar(
        x=[most for _label, _value, most in shown], y=at, orientation="h", width=0.42, showlegend=False,
        name=_("if all of these people go"),
        marker={"color": "rgba(138,143,152,0.12)", "line": {"width": 1.5, "color": _GHOST}},
        customdata=[_("{what}, if all {n:count} go: {share:percent}", what=label, n=scenarios.people.height, share=most) for label, _v, most in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=[value for _label, value, _most in shown], y=at, orientation="h", width=0.42, showlegend=False,
        name=_("if the people chosen go"), marker={"color": ACCENT},
        customdata=[_("{what}: {share:percent}", what=label, share=value) for label, value, _m in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for i, (label, value, most) in enumerate(shown):
        # The label stands above its bar, so that long ones need no margin on a narrow screen.
        figure.add_annotation(
            x=0, y=i, xref="paper", yshift=20, xanchor="left", yanchor="bottom", showarrow=False, align="left",
            text=_("{what}: {share:percent}", what=label, share=value), font={"size": 13, "weight": 600},
        )  # fmt: skip
        figure.add_annotation(
            x=most, y=i, xanchor="left", xshift=4, showarrow=False, font={"size": 12},
            text=_("all: {share:percent}", share=most) if i == 0 else percent(most),
        )  # fmt: skip
    # Some accounts are outside the largest part with nobody gone: that much of the bar is nobody's loss.
    intact = _scenario(scenarios, mask=0, rule=rule)
    before = _outside(intact) if intact is not None and losses[-1] in shown else None
    if before:
        figure.add_bar(
            x=[before], y=[at[-1]], orientation="h", width=0.42, showlegend=False, name=_("outside with nobody gone"),
            marker={"color": OTHER}, customdata=[_("with nobody gone: {share:percent}", share=before)],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    longest = max(most for _label, _value, most in shown)
    figure.update_layout(barmode="overlay", margin={"t": 30, "l": 0, "r": 62})
    figure.update_xaxes(tickformat=".0%", range=[0, max(0.05, 1.02 * longest)], nticks=5, side="bottom")
    figure.update_yaxes(showticklabels=False, ticks="", showgrid=False, range=[len(shown) - 0.6, -0.55], showline=False)
    cells = table(
        (_("what is lost"), [label for label, _value, _most in shown]),
        (_("if the people chosen go"), [percent(value) for _label, value, _most in shown]),
        (_("if all of these people go"), [percent(most) for _label, _value, most in shown]),
    )
    note = _("Outlined: if all of the {n:count} people go.", n=scenarios.people.height)
    if before:
        note += " " + _("Grey: {share:percent} are outside the largest part with nobody gone.", share=before)
    return Panel("shutdown-losses", scenario_sentence(scenarios, mask=mask, rule=rule), figure, cells, f"{note} {_upper_bound()}")  # fmt: skip


def shutdown_by_group(scenarios: ShutdownScenarios, groups: Mapping[int, str], *, mask: int, rule: str) -> Panel | None:
    """Return what each group loses without the people of one combination.

    Parameters
    ----------
    scenarios
        Every combination.
    groups
        Number of a group -> the name to show.
    mask
        Sum of 2 ** bit of the people taken out.
    rule
        ``shutdown`` or ``departure``.

    Returns
    -------
    Panel or None
        None without groups in this scenario.
    """
    rows = scenarios.factions.filter((pl.col("rule") == rule) & (pl.col("mask") == mask))
    if not rows.height:
        return None
    rows = rows.sort(pl.col("faction") < 0, "faction")
    names = [shown_group(f, groups) for f in rows["faction"]]
    lost, cut = rows["attention_lost"].to_list(), rows["cut_off"].to_list()
    at = list(range(rows.height))
    figure = canvas(height=96 + 38 * rows.height)
    pairs = [(i, a, b) for i, (a, b) in enumerate(zip(lost, cut, strict=True)) if a is not None and b is not None]
    figure.add_scatter(
        x=[v for _i, a, b in pairs for v in (a, b, None)], y=[v for i, _a, _b in pairs for v in (i, i, None)],
        mode="lines", line={"width": 3, "color": "rgba(138,143,152,0.35)"}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for values, name, marker in (
        (lost, _("attention lost"), {"size": 12, "color": ACCENT, "symbol": "diamond"}),
        (cut, _("accounts cut off"), {"size": 12, "color": MAIN, "symbol": "circle-open", "line": {"width": 2.5}}),
    ):  # fmt: skip
        shown = [(i, value) for i, value in enumerate(values) if value is not None]
        said = [
            (_("{group}: {share:percent} of its attention lost", group=safe(names[i], limit=24), share=value))
            if values is lost
            else _("{group}: {share:percent} of its accounts cut off", group=safe(names[i], limit=24), share=value)
            for i, value in shown
        ]
        figure.add_scatter(
            x=[value for _i, value in shown], y=[i for i, _value in shown], mode="markers", name=name, marker=marker,
            customdata=said, hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    most = max([*(value for value in lost + cut if value is not None), 0.05])
    figure.update_xaxes(tickformat=".0%", range=[-0.03 * most, 1.08 * most], nticks=6)
    figure.update_yaxes(
        tickvals=at,
        ticktext=[safe(name, limit=18) for name in names],
        range=[rows.height - 0.5, -0.6],
        showgrid=False,
    )
    figure.update_layout(showlegend=True)
    hit = max((i for i in at if rows["faction"][i] >= 0 and lost[i] is not None), key=lambda i: lost[i] or 0.0, default=None)  # fmt: skip
    if hit is None or not lost[hit]:
        title = _("No group loses attention")
    else:
        title = _(
            "{group} would lose most: {share:percent} of the attention its accounts received",
            group=person(names[hit]),
            share=lost[hit],
        )
    cells = table(
        (_("group"), [plain(name) for name in names]),
        (_("accounts that go dark"), [count(value) for value in rows["accounts_dark"]]),
        (_("attention lost"), ["" if value is None else percent(value) for value in lost]),
        (_("accounts cut off"), ["" if value is None else percent(value) for value in cut]),
    )
    return Panel(
        "shutdown-groups", title, figure, cells,
        _("Cut off: no longer in the largest connected part, whether dark or not. {bound}", bound=_upper_bound()),
    )  # fmt: skip


def after_removal(scenarios: ShutdownScenarios, *, rule: str) -> Panel | None:
    """Return how many groups are found anew as people go one after another, and how far they agree with before.

    Parameters
    ----------
    scenarios
        Every combination, and the groups after each removal.
    rule
        ``shutdown`` or ``departure``.

    Returns
    -------
    Panel or None
        None where groups were not found anew for at least two steps.
    """
    rows = scenarios.after.filter(pl.col("rule") == rule).drop_nulls(["n_factions", "agreement"]).sort("removed")
    if rows.height < 2:
        return None
    removed = rows["removed"].to_list()
    groups, agreement = rows["n_factions"].to_list(), rows["agreement"].to_list()
    figure = canvas(height=400, x=_("people gone, in the order of what they could take"))
    figure.add_scatter(
        x=removed, y=agreement, mode="lines+markers", line={"width": 2.5, "color": MAIN}, marker={"size": 8}, yaxis="y2",
        name=_("agreement with before"), showlegend=False,
        customdata=[_n("{n:count} person gone: agreement {value:decimal}", "{n:count} people gone: agreement {value:decimal}", k, value=v) for k, v in zip(removed, agreement, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=removed, y=groups, mode="lines+markers", line={"width": 2.5, "color": COLOURS[2], "shape": "hv"},
        marker={"size": 8, "symbol": "square"}, name=_("groups"), showlegend=False,
        customdata=[_n("{n:count} person gone: {groups:count} groups", "{n:count} people gone: {groups:count} groups", k, groups=v) for k, v in zip(removed, groups, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    # The intact network, split anew, shows how far two runs differ without anybody gone.
    if removed[0] == 0:
        figure.add_shape(
            type="line", x0=removed[0], x1=removed[-1], y0=agreement[0], y1=agreement[0], yref="y2",
            line={"width": 1.5, "dash": "dot", "color": "#8A8F98"},
        )  # fmt: skip
    figure.update_xaxes(
        tickformat=",.0f", dtick=max(1, len(removed) // 8), range=[-0.3, removed[-1] + 0.3], showgrid=False
    )
    figure.update_layout(
        yaxis={"domain": [0, 0.38], "range": [0, max(groups) + 1], "nticks": 4, "tickformat": ",.0f"},
        margin={"t": 30},
    )
    low = min(0.0, *agreement)
    figure.update_layout(yaxis2={**figure.layout.yaxis.to_plotly_json(), "domain": [0.56, 0.96], "range": [low, 1.06], "tickformat": ".1f", "anchor": "x"})  # fmt: skip
    subtitle(figure, _("Agreement with before (1: the same)"), y=0.96)
    subtitle(figure, _("Number of groups"), y=0.38)
    title = _n(
        "After {n:count} person is gone, {before:count} groups become {after:count}; agreement with before is {value:decimal}",
        "After {n:count} people are gone, {before:count} groups become {after:count}; agreement with before is {value:decimal}",
        removed[-1],
        before=groups[0],
        after=groups[-1],
        value=agreement[-1],
    )
    cells = table(
        (_("people gone"), [count(value) for value in removed]),
        (_("groups"), [count(value) for value in groups]),
        (_("agreement with before"), [decimal(value) for value in agreement]),
    )
    note = _("Groups are found anew among what is left (adjusted Rand index). Dotted: two runs with nobody gone.")
    return Panel("after-removal", title, figure, cells, note)


def _scenario(scenarios: ShutdownScenarios, *, mask: int, rule: str) -> dict[str, Any] | None:
    rows = scenarios.scenarios.filter((pl.col("rule") == rule) & (pl.col("mask") == mask))
    return rows.row(0, named=True) if rows.height else None


def _people(scenarios: ShutdownScenarios, mask: int) -> list[str]:
    return [person(name) for bit, name in scenarios.people.select("bit", "person").iter_rows() if mask >> bit & 1]


def _outside(row: Mapping[str, Any]) -> float | None:
    share = row["largest_component"]
    return None if share is None else max(0.0, 1.0 - share)


def _upper_bound() -> str:
    return _("What happens at once; audiences move on in time, so this is an upper bound.")
