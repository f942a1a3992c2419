"""Figure of earlier activism: what the core has beside what comparable groups have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.figures.text import p_words, spanned, table
from netact.figures.theme import ACCENT, CHANCE_BAND, MAIN, OTHER, Panel, canvas
from netact.language import _, _n, decimal

if TYPE_CHECKING:
    from netact.results.earlier_activism import EarlierActivism


def panels(result: EarlierActivism | None) -> tuple[Panel, ...]:
    """Return the panel of earlier activism: none without earlier data that can be compared."""
    if result is None or result.status != "ok" or result.mutual_ties.value is None:
        return ()
    rows = [
        (_("pairs tied both ways"), result.mutual_ties),
        (_("pairs tied at all"), result.any_ties),
        (_("members active"), result.active),
    ]
    figure = canvas(height=230, x=_("in earlier events"))
    known = [
        (at, label, estimate, estimate.null_interval)
        for at, (label, estimate) in enumerate(rows)
        if estimate.null_interval is not None
    ]
    for at, label, _estimate, (low, high) in known:
        figure.add_scatter(
            x=[low, max(high, low + 0.05)], y=[at, at], mode="lines", line={"width": 16, "color": CHANCE_BAND}, legendgroup="null",
            name=_("Comparable groups"), showlegend=at == known[0][0],
            customdata=[_("{what}, comparable groups: {range}", what=label, range=spanned(decimal(low, 1), decimal(high, 1)))] * 2,
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    beyond = [e.null_interval is not None and (e.value or 0) > e.null_interval[1] for _label, e in rows]
    figure.add_scatter(
        x=[e.value for _label, e in rows], y=list(range(len(rows))), mode="markers", name=_("The core"),
        marker={"size": 12, "color": [ACCENT if far else MAIN for far in beyond], "symbol": ["diamond" if far else "circle" for far in beyond]},
        customdata=[_("{what}, the core: {value:decimal0}", what=label, value=e.value) for label, e in rows],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    loose = result.active_unmatched.null_mean
    if loose is not None:
        figure.add_scatter(
            x=[loose], y=[2], mode="markers", name=_("Groups of any accounts"),
            marker={"size": 11, "color": OTHER, "symbol": "x-thin", "line": {"width": 2, "color": OTHER}},
            customdata=[_("Groups of any accounts: {value:decimal1}", value=loose)], hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[label for label, _e in rows], range=[len(rows) - 0.4, -0.6], showgrid=False
    )  # fmt: skip
    figure.update_xaxes(rangemode="tozero")
    cells = table(
        (_("measured"), [label for label, _e in rows]),
        (_("the core"), [decimal(e.value or 0.0, 0) for _label, e in rows]),
        (
            _("comparable groups"),
            [spanned(*(decimal(v, 1) for v in e.null_interval)) if e.null_interval else "" for _label, e in rows],
        ),
        (_("p"), ["" if e.p_value is None else p_words(e.p_value) for _label, e in rows]),
    )
    title = _n(
        "{pairs:count} pairs of the core's {n:count} member were tied both ways in earlier events",
        "{pairs:count} pairs of the core's {n:count} members were tied both ways in earlier events",
        result.members,
        pairs=result.mutual_ties.value,
    )
    note = (
        _("Grey: groups of accounts that are as active today, central 95 %.")
        if result.matched_on == "activity"
        else _("Grey: groups of accounts that are as active today and as old, central 95 %.")
    ) + " "
    note += _(
        "The cross is what groups of any accounts have on average: beside them nearly any core looks like a group of veterans, so it decides nothing."
    )
    return (Panel("earlier_activism", title, figure, cells, note),)
