"""Figures of super users: what goes dark as people leave, and what each person could take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, accounts_counted, safe, table
from netact.figures.theme import ACCENT, CHANCE, CHANCE_BAND, COLOURS, MAIN, Panel, canvas
from netact.language import Message, _, _n, count, decimal, percent, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import SuperUsers


def panels(result: SuperUsers, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:  # noqa: ARG001
    """Return the panels of super users in the order of the report; people are named as in the admin table."""
    made = (_people(result), _curve(result)) if result.status == "ok" else ()
    return tuple(panel for panel in (*made, *_similar(result)) if panel is not None)


_FEATURES = {
    "same_client": Message("Same rare program"),
    "same_hours": Message("Active in the same hours of the week"),
    "hand_over": Message("One begins within five minutes after the other ends"),
    "never_at_once": Message("Never both active within ten seconds"),
    "co_retweets": Message("The same posts within ten seconds"),
}


def feature_name(feature: str) -> str:
    """Return the name of a feature of behavioural similarity in print."""
    return told(_FEATURES[feature])


def _similar(result: SuperUsers) -> tuple[Panel, ...]:
    """Return how many pairs behave alike, and the pairs by number; nobody is named."""
    found = result.shared_operators
    if found is None or found.status != "ok":
        return ()
    labels = [feature_name(name) for name in found.features["feature"]]
    at = list(range(len(labels)))
    figure = canvas(height=110 + 34 * len(labels), x=_("pairs of accounts"))
    figure.add_bar(
        x=found.features["passed"].to_list(), y=at, orientation="h", showlegend=False, marker={"color": MAIN},
        customdata=[
            _("{passed:count} of {asked:count} pairs", passed=row["passed"], asked=row["asked"])
            for row in found.features.iter_rows(named=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickvals=at, ticktext=labels, range=[len(labels) - 0.4, -0.6], showgrid=False)
    figure.update_xaxes(tickformat=",.0f", rangemode="tozero")
    if found.similar.height:
        rows = found.similar.to_dicts()
        shown = table(
            (_("pair"), [_("Pair {number:count}", number=row["pair"]) for row in rows]),
            (_("features"), [count(row["passed"]) for row in rows]),
            (_("same program"), [_("yes") if row["same_client"] else _("no") for row in rows]),
            (_("similarity of hours"), [decimal(row["same_hours"]) for row in rows]),
            (_("hand-overs"), [count(row["hand_overs"]) for row in rows]),
            (_("by chance"), [decimal(row["hand_overs_expected"], 1) for row in rows]),
            (_("posts in common"), [count(row["common_posts"]) for row in rows]),
            (_("within ten seconds"), [count(row["within_seconds"]) for row in rows]),
        )
    else:
        shown = table(
            (_("feature"), labels),
            (_("pairs that pass"), [count(value) for value in found.features["passed"]]),
            (_("pairs asked"), [count(value) for value in found.features["asked"]]),
        )
    note = _(
        "Behavioural similarity, a question to look into: of pairs flagged like this {value:percent} would be run by one person "
        "if {prior:percent} of all pairs were. Accounts are not named.",
        value=found.predictive_value,
        prior=found.prior,
    )
    return (Panel("similarity", _("Pairs of accounts that behave alike, by feature"), figure, shown, note),)


def _people(result: SuperUsers) -> Panel | None:
    top = result.people.head(15)
    if not top.height:
        return None
    figure = canvas(height=90 + 30 * top.height, x=_("share of attention of the listed accounts"))
    at = list(range(top.height))
    shut, gone = top["shutdown_attention"].to_list(), top["departure_attention"].to_list()
    figure.add_scatter(
        x=[v for a, b in zip(gone, shut, strict=True) for v in (a, b, None)], y=[v for i in at for v in (i, i, None)],
        mode="lines", line={"width": 3, "color": CHANCE_BAND}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    data = [
        [
            _("{person}: {accounts}", person=safe(row["person"]), accounts=accounts_counted(row["accounts"])),
            _("could take dark {share:percent}", share=row["shutdown_attention"] or 0),
            _("leaves ownerless {share:percent}", share=row["departure_attention"] or 0),
        ]
        for row in top.iter_rows(named=True)
    ]
    hover = "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>"
    figure.add_scatter(
        x=shut, y=at, mode="markers", name=_("Goes dark if this person shuts it down"), customdata=data, hovertemplate=hover,
        marker={"size": 12, "color": ACCENT, "symbol": "diamond"},
    )  # fmt: skip
    figure.add_scatter(
        x=gone, y=at, mode="markers", name=_("Left without anyone if this person goes"), customdata=data, hovertemplate=hover,
        marker={"size": 11, "color": MAIN, "symbol": "circle-open", "line": {"width": 2}},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=at, ticktext=[safe(name, limit=22) for name in top["person"]], autorange="reversed", showgrid=False
    )
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    shown = table(
        (_("person"), top["person"].to_list()),
        (_("accounts"), [count(value) for value in top["accounts"]]),
        (_("share of rights"), [percent(value or 0) for value in top["control_share"]]),
        (_("could take dark"), [percent(value or 0) for value in shut]),
        (_("leaves without anyone"), [percent(value or 0) for value in gone]),
    )
    title = _("What each person could take dark, and what would be left without anyone if they went")
    return Panel("people", title, figure, shown, _("The two differ wherever accounts have several holders."))


def _curve(result: SuperUsers) -> Panel | None:
    curve = result.curve
    if curve.height < 2:
        return None
    figure = canvas(height=330, x=_("people who pull their accounts, largest loss first"), y=_("attention lost"))
    steps = curve["removed"].to_list()
    random, matched = _("Random people"), _("People with about as many logins")
    for low, high, name, fill in (
        ("random_low", "random_high", random, CHANCE_BAND),
        ("matched_low", "matched_high", matched, "rgba(0,158,115,0.20)"),
    ):
        band = curve.drop_nulls([low, high])
        if band.height:
            x = band["removed"].to_list()
            figure.add_scatter(
                x=x + x[::-1], y=band[high].to_list() + band[low].to_list()[::-1], fill="toself", fillcolor=fill, mode="lines",
                line={"width": 0}, name=name, hoverinfo="skip",
            )  # fmt: skip
    for column, name, line in (
        ("random_mean", random, {"width": 1.5, "dash": "dot", "color": CHANCE}),
        ("matched_mean", matched, {"width": 1.5, "dash": "dash", "color": COLOURS[2]}),
    ):
        figure.add_scatter(
            x=steps, y=curve[column].to_list(), mode="lines", line=line, name=name, showlegend=False,
            customdata=_people_lost(steps, curve[column].to_list()), hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=steps, y=curve["targeted"].to_list(), mode="lines+markers", line={"width": 3, "color": ACCENT}, marker={"size": 6},
        name=_("Those who could take most"), customdata=_people_lost(steps, curve["targeted"].to_list()),
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(tickformat=",.0f", rangemode="tozero")
    head = curve.head(20)
    shown = table(
        (_("people"), [count(value) for value in head["removed"]]),
        (_("those who could take most"), [percent(value or 0) for value in head["targeted"]]),
        (_("random people"), ["" if value is None else percent(value) for value in head["random_mean"]]),
        (_("as many logins"), ["" if value is None else percent(value) for value in head["matched_mean"]]),
    )
    one = curve.filter(pl.col("removed") == 1)
    title = (
        _("One person could take {share:percent} of attention dark at once", share=one["targeted"][0])
        if one.height
        else _("What goes dark as people go")
    )
    note = _("Bands: central 95 % of random choices. Audiences move on in time: this is an upper bound.")
    return Panel("shutdown", title, figure, shown, note)


def _people_lost(people: list[int], lost: list[float | None]) -> list[str]:
    return [
        _n("{n:count} person: {share:percent}", "{n:count} people: {share:percent}", n, share=share or 0.0)
        for n, share in zip(people, lost, strict=True)
    ]
