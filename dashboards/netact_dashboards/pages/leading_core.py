"""Leading core: the set that acts together, how sure its membership is, and how much attention it drew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from dash import html

from netact.figures import panels as figures_of
from netact.figures.core_map import core_map
from netact.figures.text import core_name
from netact.figures.text import sentence as closed
from netact.language import _, _n, percent, told
from netact.report.findings import question_text
from netact.results import LeadingCore
from netact_dashboards.components import (
    account_link,
    answers,
    head,
    notice,
    section,
    sections,
    simple_table,
)
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel

STEM = "leading_core"
_MOST_ROWS = 60


def _result(view: View) -> LeadingCore | None:
    found = view.content.results.get(STEM)
    return found if isinstance(found, LeadingCore) else None


def _parts(view: View) -> list[tuple[str, list[Panel]]]:
    """Return the figures under their headings."""
    result = _result(view)
    if result is None:
        return []
    content = view.content
    made = {one.name: one for one in figures_of(result, names=content.names, directed=content.summary.directed)}
    # The map with stability and associates says all that the one of the printed report says.
    printed, score = made.pop("core-map", None), made.pop("core-score", None)
    drawn = core_map(result, content.names, content.words) or printed
    return [
        (_("Who acts together"), [] if drawn is None else [drawn]),
        (_("Could chance do this?"), [] if score is None else [score]),
        (_("Who drives"), list(made.values())),
    ]


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figures in the order of the page."""
    return tuple(one for _title, shown in _parts(view) for one in shown)


def layout(view: View) -> Any:
    """Return the page."""
    result, finding = _result(view), view.findings[STEM]
    parts = _parts(view)
    return [
        head(view, finding),
        *answers(finding),
        *([] if result is None else _open_question(result)),
        *sections(view, parts[:1]),
        *([] if result is None else _members(view, result)),
        *sections(view, parts[1:]),
        *([] if result is None else [*_close_by(view, result), *_between(result)]),
    ]


def _open_question(result: LeadingCore) -> list[Any]:
    """Say what would settle the question where these data do not."""
    if result.status == "ok" and result.outcome not in ("not_testable", "insufficient_data", "no_core"):
        return []
    missing = [html.Li(closed(text)) for text in result.missing]
    if not missing:
        return []
    said = (
        _("No set of accounts stood out. A smaller or looser team may still be there.")
        if result.outcome == "no_core"
        else closed(told(result.reason))
    )
    return [notice(_("What would tell more"), said, more=[html.Ul(missing)])]


def _members(view: View, result: LeadingCore) -> list[Any]:
    """Return who is in each core, how steady that is, and what each drew."""
    if not result.cores:
        return []
    pool = {row["account"]: row for row in result.pool.iter_rows(named=True)}
    several = len(result.cores) > 1
    rows = [
        [
            account_link(view, member),
            *([core_name(number, several=True)] if several else []),
            "" if (steady := core.stability.get(member)) is None else percent(steady),
            percent(pool[member]["share_of_attention"]) if member in pool else "",
            _("{n:count}", n=pool[member]["audience"]) if member in pool else "",
        ]
        for number, core in enumerate(result.cores, start=1)
        for member in core.members
    ][:_MOST_ROWS]
    words = view.content.words
    columns = [
        _("Account"),
        *([_("Core")] if several else []),
        _("Found again in subsamples"),
        _("Share {of_all_ties}", of_all_ties=words.of_all_ties),
        _("Accounts outside that gave it") if words.directed else _("Accounts outside that are tied to it"),
    ]
    text = _(
        "Found again: in how many subsamples of the data the account belongs to the core. Below half, it may as well be left out."
    )
    return [
        section(_("Its members"), html.P(text, className="note"), simple_table(columns, rows, label=_("Its members")))
    ]


def _close_by(view: View, result: LeadingCore) -> list[Any]:
    """Return the accounts outside the most heard that are tied to a core beyond chance."""
    found = result.associates
    if not found.height:
        return []
    named = found.filter(pl.col("account").is_in(list(view.content.names))).head(_MOST_ROWS)
    parts: list[Any] = [
        html.P(
            _n(
                "{n:count} account is tied to a core more often than chance gives, without being among the most heard.",
                "{n:count} accounts are tied to a core more often than chance gives, without being among the most heard.",
                found.height,
            )
        )
    ]
    if named.height:
        rows = [
            [account_link(view, account), _("{n:count}", n=ties), _("{value:decimal1}", value=expected)]
            for account, ties, expected in named.select("account", "ties", "expected").iter_rows()
        ]
        columns = [_("Account"), _("Ties with the core"), _("By chance")]
        parts.append(simple_table(columns, rows, label=_("Close to the core")))
    if found.height > named.height:
        parts.append(
            html.P(
                _n(
                    "{n:count} of them merely took part and is not named here.",
                    "{n:count} of them merely took part and are not named here.",
                    found.height - named.height,
                ),
                className="note",
            )
        )
    return [section(_("Close to the core"), *parts)]


def _between(result: LeadingCore) -> list[Any]:
    """Return how several cores stand to one another."""
    if not result.relations.height:
        return []
    words = {"allied": _("allied"), "separate": _("separate"), "avoiding": _("avoiding each other")}
    rows = [
        [
            _("{first} and {second}", first=core_name(one, several=True), second=core_name(two, several=True)),
            words.get(relation, _("not compared")),
            "" if observed is None else _("{n:count}", n=observed),
            "" if expected is None else _("{value:decimal1}", value=expected),
        ]
        for one, two, observed, expected, relation in result.relations.select(
            "core_a", "core_b", "observed", "expected", "relation"
        ).iter_rows()
    ]
    columns = [_("Cores"), _("They are"), _("Ties between them"), _("By chance")]
    return [section(_("Between the cores"), simple_table(columns, rows, label=_("Between the cores")))]


PAGE = Page(STEM, lambda: question_text(STEM), layout, panels)
