"""Figure of cascades: what each account is credited with under four rules of attribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import percent_range, plain, safe, spanned, table
from netact.figures.theme import COLOURS, SYMBOLS, Panel, canvas
from netact.language import _, count, decimal, percent
from netact.results.cascades import ATTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results.cascades import Cascades

_MOST_ACCOUNTS = 15


def rule_name(rule: str) -> str:
    """Return what a rule of attribution is called in the language spoken."""
    return {
        "star": _("The author (as the platform has it)"),
        "earliest": _("Whoever had it first"),
        "latest": _("Whoever had it last"),
        "probabilistic": _("By likelihood"),
    }[rule]


def panels(result: Cascades | None, names: Mapping[str, str]) -> tuple[Panel, ...]:
    """Return the panels of cascades: none without parents."""
    if result is None or result.status != "ok" or not result.influence.height:
        return ()
    return (_credit(result, names), _rules(result))


def _credit(result: Cascades, names: Mapping[str, str]) -> Panel:
    most = result.influence.with_columns(most=pl.max_horizontal(ATTRIBUTIONS))
    rows = most.sort("most", descending=True, maintain_order=True).head(_MOST_ACCOUNTS)
    keys = rows["account"].to_list()
    shown = [safe(names[key], limit=20) if key in names else _("an account") for key in keys]
    figure = canvas(height=130 + 26 * len(keys), x=_("acts of passing on credited to the account"))
    for at, row in enumerate(rows.iter_rows(named=True)):
        values = [row[rule] for rule in ATTRIBUTIONS]
        figure.add_scatter(
            x=[min(values), max(values)], y=[at, at], mode="lines", line={"width": 3, "color": "rgba(138,143,152,0.6)"},
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    for number, rule in enumerate(ATTRIBUTIONS):
        figure.add_scatter(
            x=rows[rule].to_list(), y=list(range(len(keys))), mode="markers", name=rule_name(rule),
            marker={"size": 10, "color": COLOURS[number], "symbol": SYMBOLS[number]},
            customdata=[
                _("{account}, {rule}: {value:decimal1}", account=account, rule=rule_name(rule), value=value)
                for account, value in zip(shown, rows[rule], strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(tickvals=list(range(len(keys))), ticktext=shown, range=[len(keys) - 0.4, -0.6], showgrid=False)
    figure.update_xaxes(rangemode="tozero")
    cells = table(
        (_("account"), [plain(names[key]) if key in names else _("an account") for key in keys]),
        *((rule_name(rule), [decimal(value, 1) for value in rows[rule]]) for rule in ATTRIBUTIONS),
    )
    low, high = result.top_overlap.interval or (0.0, 0.0)
    title = (
        _("The twenty accounts credited most are the same under every rule of attribution")
        if low >= 1
        else _(
            "By rule of attribution, the lists of the twenty accounts credited most overlap by {range}",
            range=spanned(decimal(low), decimal(high)),
        )
    )
    note = _(
        "Four rules for from whom an account passed a post on, of those it follows; the line spans them. None of them is known to be true. Overlap: accounts in both lists over accounts in either."
    )
    return Panel("cascades", title, figure, cells, note)


def _rules(result: Cascades) -> Panel:
    rules = result.rules
    names = [rule_name(rule) for rule in rules["rule"]]
    figure = canvas(height=240, x=_("share of acts credited to the author of the post"))
    figure.add_bar(
        y=names, x=rules["root_share"].to_list(), orientation="h", marker={"color": list(COLOURS[: len(names)])}, showlegend=False,
        customdata=[_("{rule}: {share:percent}", rule=name, share=share) for name, share in zip(names, rules["root_share"], strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False)

    def numbers(column: str) -> list[str]:
        return ["" if value is None else decimal(value) for value in rules[column]]

    cells = table(
        (_("rule"), names),
        (_("credited to the author"), [percent(value) for value in rules["root_share"]]),
        (_("structural virality"), numbers("virality")),
        (_("depth"), numbers("depth")),
        (_("overlap of the first twenty with the author rule"), numbers("top_overlap")),
        (_("rank-biased overlap with it"), numbers("rank_overlap")),
        (_("acts"), [count(result.acts)] * len(names)),
    )
    low, high = result.credit_range.interval or (0.0, 0.0)
    title = _(
        "Authors themselves are credited with {range} of the acts, instead of all of them",
        range=percent_range(low, high),
    )
    note = _(
        "{share:percent} of the acts follow nobody who had the post before: under every rule they hang on the author.",
        share=result.unattributed.value or 0.0,
    )
    return Panel("cascade_rules", title, figure, cells, note)
