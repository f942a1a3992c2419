"""Figures of super users: what goes dark as people leave, and what each person could take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, count, percent, safe
from netact.figures.theme import ACCENT, CHANCE, CHANCE_BAND, COLOURS, MAIN, Panel, canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import SuperUsers


def panels(result: SuperUsers, names: Mapping[str, str], words: Words) -> tuple[Panel, ...]:  # noqa: ARG001
    """Return the panels of super users in the order of the report; people are named as in the admin table."""
    if result.status != "ok":
        return ()
    made = (_people(result), _curve(result))
    return tuple(panel for panel in made if panel is not None)


def _people(result: SuperUsers) -> Panel | None:
    top = result.people.head(15)
    if not top.height:
        return None
    figure = canvas(height=90 + 30 * top.height, x="share of attention of the listed accounts")
    at = list(range(top.height))
    shut, gone = top["shutdown_attention"].to_list(), top["departure_attention"].to_list()
    figure.add_scatter(
        x=[v for a, b in zip(gone, shut, strict=True) for v in (a, b, None)], y=[v for i in at for v in (i, i, None)],
        mode="lines", line={"width": 3, "color": CHANCE_BAND}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    data = [
        [
            safe(row["person"]),
            count(row["accounts"]),
            percent(row["shutdown_attention"] or 0),
            percent(row["departure_attention"] or 0),
        ]
        for row in top.iter_rows(named=True)
    ]
    hover = "%{customdata[0]}: %{customdata[1]} accounts<br>could take dark %{customdata[2]}<br>leaves ownerless %{customdata[3]}<extra></extra>"
    figure.add_scatter(
        x=shut, y=at, mode="markers", name="Goes dark if this person shuts it down", customdata=data, hovertemplate=hover,
        marker={"size": 12, "color": ACCENT, "symbol": "diamond"},
    )  # fmt: skip
    figure.add_scatter(
        x=gone, y=at, mode="markers", name="Left without anyone if this person goes", customdata=data, hovertemplate=hover,
        marker={"size": 11, "color": MAIN, "symbol": "circle-open", "line": {"width": 2}},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=at, ticktext=[safe(name, limit=22) for name in top["person"]], autorange="reversed", showgrid=False
    )
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    table = pl.DataFrame(
        [
            {
                "person": row["person"],
                "accounts": count(row["accounts"]),
                "share of rights": percent(row["control_share"] or 0),
                "could take dark": percent(row["shutdown_attention"] or 0),
                "leaves without anyone": percent(row["departure_attention"] or 0),
            }
            for row in top.iter_rows(named=True)
        ]
    )
    title = "What each person could take dark, and what would be left without anyone if they went"
    return Panel("people", title, figure, table, "The two differ wherever accounts have several holders.")


def _curve(result: SuperUsers) -> Panel | None:
    curve = result.curve
    if curve.height < 2:
        return None
    figure = canvas(height=330, x="people who pull their accounts, largest loss first", y="attention lost")
    steps = curve["removed"].to_list()
    for low, high, name, fill in (
        ("random_low", "random_high", "Random people", CHANCE_BAND),
        ("matched_low", "matched_high", "People with about as many logins", "rgba(0,158,115,0.20)"),
    ):
        band = curve.drop_nulls([low, high])
        if band.height:
            x = band["removed"].to_list()
            figure.add_scatter(
                x=x + x[::-1], y=band[high].to_list() + band[low].to_list()[::-1], fill="toself", fillcolor=fill, mode="lines",
                line={"width": 0}, name=name, hoverinfo="skip",
            )  # fmt: skip
    for column, name, line in (
        ("random_mean", "Random people", {"width": 1.5, "dash": "dot", "color": CHANCE}),
        ("matched_mean", "People with about as many logins", {"width": 1.5, "dash": "dash", "color": COLOURS[2]}),
    ):
        figure.add_scatter(
            x=steps, y=curve[column].to_list(), mode="lines", line=line, name=name, showlegend=False,
            hovertemplate="%{x} people: %{y:.0%}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=steps, y=curve["targeted"].to_list(), mode="lines+markers", line={"width": 3, "color": ACCENT}, marker={"size": 6},
        name="Those who could take most", hovertemplate="%{x} people: %{y:.0%}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(tickformat=",.0f", rangemode="tozero")
    table = pl.DataFrame(
        [
            {
                "people": count(row["removed"]),
                "those who could take most": percent(row["targeted"] or 0),
                "random people": percent(row["random_mean"] or 0),
                "as many logins": "" if row["matched_mean"] is None else percent(row["matched_mean"]),
            }
            for row in curve.head(20).iter_rows(named=True)
        ]
    )
    one = curve.filter(pl.col("removed") == 1)
    title = (
        f"One person could take {percent(one['targeted'][0])} of attention dark at once"
        if one.height
        else "What goes dark as people go"
    )
    return Panel(
        "shutdown",
        title,
        figure,
        table,
        "Bands: central 95 % of random choices. Audiences move on in time: this is an upper bound.",
    )
