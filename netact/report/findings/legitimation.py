"""The finding of the question whether actions were carried or opposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.legitimation import curve_name, faction_name
from netact.figures.text import capital, clauses, listed, percent_range, person, sentence
from netact.language import _, _n, decimal, percent
from netact.report.findings.finding import Confidence, Finding, Speech, cannot_say, span_words, why
from netact.results import Legitimation

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_TOLD = 12
_LEVEL = 0.05

_Row = dict[str, Any]


def finding(result: Legitimation, speech: Speech) -> Finding:
    """Return what the result says; operations are called as their table calls them."""
    rows = result.operations.to_dicts()
    measured = [row for row in rows if row["verdict"] != "not_measured"]
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdicts": {row["operation"]: row["verdict"] for row in rows},
        "operations": result.operations,
        "factions": result.factions,
        "adoption": result.adoption,
        "participation_bar": result.participation_bar,
        "counter_bar": result.counter_bar,
        "outcome_relation": result.outcome_relation.to_dict(),
        "warnings": list(result.warnings),
    }
    warnings = tuple(sentence(text) for text in result.warnings)
    not_said = _(
        "Silence is not opposition and joining is not agreement with all that was said. Only accounts that can be seen in the "
        "data are counted, and nothing is said of why they joined."
    )
    if result.status != "ok" or not measured:
        return Finding(
            "legitimation",
            cannot_say(_("Cannot say from this data whether actions were carried or opposed"), result.reason),
            None,
            "share of the community",
            None,
            None,
            "cannot say",
            details,
            _("Nothing to compare: no operation could be looked at."),
            _("No range can be given."),
            (
                *why(result.reason),
                (
                    _("What would answer it"),
                    _(
                        "A table with one row for each operation (columns operation, start, end, hashtags, counter_hashtags and "
                        "outcome), given with --operations, and data that reach back to a month before each start."
                    ),
                ),
            ),
            warnings,
            not_said,
            (_("Cannot say"), _("no operation measured"), ""),
            0,
        )
    passing = (
        _(
            "Passing on a post with a sign is taken as approval, which is an assumption; quotes and mentions are not counted, as "
            "they also serve to contradict."
        )
        if speech.words.directed
        else _("Using a sign is taken as approval, which is an assumption.")
    )
    answers = _each(result, rows) if len(rows) > 1 else []
    answers += [
        *_outside(measured),
        *_core(measured),
        *_pace(measured),
        *_outcome(result),
    ]
    value, unit, interval, p_value, card = _number(result, measured)
    return Finding(
        "legitimation",
        capital(_headline(result, measured)),
        value,
        unit,
        interval,
        p_value,
        _confidence(result, measured),
        details,
        _comparison(measured),
        _ranges(measured),
        tuple(answers),
        (passing, *warnings),
        not_said,
        card,
        _weight(measured),
    )


def _confidence(result: Legitimation, measured: list[_Row]) -> Confidence:
    if all(row["verdict"] == "one_sided_view" for row in measured):
        return "cannot say"
    if result.participation_bar is not None:
        return "medium" if result.warnings else "high"
    if len(measured) == 1:
        row = measured[0]
        sided = row["balance_q"] is not None and row["balance_q"] <= 0.01
        if row["verdict"] in ("opposed", "factional") and sided:
            return "medium"
    return "low"


def _weight(measured: list[_Row]) -> int:
    verdicts = {row["verdict"] for row in measured}
    if verdicts & {"legitimated", "opposed"}:
        return 50
    return 30 if verdicts & {"contested", "factional"} else 15


def _number(
    result: Legitimation, measured: list[_Row]
) -> tuple[float, str, tuple[float, float] | None, float | None, tuple[str, str, str]]:
    """Return value, unit, interval and p of the headline, and the card."""
    if len(measured) == 1:
        row = measured[0]
        ends = None if row["participation_low"] is None else (row["participation_low"], row["participation_high"])
        against = "" if row["counter_share"] is None else _("{share:percent} opposed it", share=row["counter_share"])
        given = "" if ends is None else _("95 % range {range}", range=percent_range(*ends))
        card = (percent(row["participation"]), _("of the community joined"), sentence(clauses(given, against)))
        return row["participation"], "share of the community", ends, row["ordinary_p"], card
    if result.participation_bar is not None:
        carried = sum(row["verdict"] == "legitimated" for row in measured)
        opposed = sum(row["verdict"] == "opposed" for row in measured)
        card = (
            _("{carried:count} of {all:count}", carried=carried, all=len(measured)),
            _("operations were carried"),
            _n("{n:count} was opposed.", "{n:count} were opposed.", opposed),
        )
        return float(carried), "operations", None, None, card
    shares = [row["participation"] for row in measured]
    middle = float(pl.Series(shares).median() or 0.0)  # type: ignore[arg-type]
    card = (
        percent(middle),
        _("of the community joined an operation in the middle"),
        sentence(_("from {range}", range=percent_range(min(shares), max(shares)))),
    )
    return middle, "share of the community", None, None, card


# ---------------------------------------------------------------------- the headline


def _headline(result: Legitimation, measured: list[_Row]) -> str:
    if len(measured) == 1:
        return _one(result, measured[0])
    groups: tuple[tuple[str, Callable[[int], str]], ...] = (
        (
            "legitimated",
            lambda n: _n("{n:count} was carried by its community", "{n:count} were carried by their communities", n),
        ),
        ("opposed", lambda n: _n("{n:count} was opposed", "{n:count} were opposed", n)),
        ("contested", lambda n: _n("{n:count} was contested", "{n:count} were contested", n)),
        (
            "factional",
            lambda n: _n(
                "{n:count} was taken up by part of its community only",
                "{n:count} were taken up by part of their communities only",
                n,
            ),
        ),
        (
            "ignored",
            lambda n: _n(
                "{n:count} was joined by no more members than most",
                "{n:count} were joined by no more members than most",
                n,
            ),
        ),
        (
            "descriptive",
            lambda n: _n(
                "{n:count} had more members for it than against it",
                "{n:count} had more members for them than against them",
                n,
            ),
        ),
        (
            "one_sided_view",
            lambda n: _n(
                "of {n:count} it cannot be seen who was against it",
                "of {n:count} it cannot be seen who was against them",
                n,
            ),
        ),
    )
    parts = [said(number) for name, said in groups if (number := sum(row["verdict"] == name for row in measured))]
    return _n(
        "Of {n:count} operation, {parts}.", "Of {n:count} operations, {parts}.", len(measured), parts=listed(parts)
    )


def _joined_of(row: _Row) -> str:
    """Say which share of the community joined, as a clause."""
    return _n(
        "{share:percent} of the {n:count} account that was active before took up its signs",
        "{share:percent} of the {n:count} accounts that were active before took up its signs",
        row["community"],
        share=row["participation"],
    )


def _against_it(row: _Row) -> str:
    """Say which share of the community was against it, as a clause."""
    if not row["opponents"]:
        return _("none of them is seen to oppose it")
    return _("{share:percent} of them opposed it", share=row["counter_share"])


def _one(result: Legitimation, row: _Row) -> str:
    """Say one operation in a sentence or two."""
    name = person(row["operation"])
    match row["verdict"]:
        case "legitimated":
            return _(
                "{operation} was carried by its community: {joined}, more than in three of four operations, {against}, and no "
                "large group stayed away.",
                operation=name,
                joined=_joined_of(row),
                against=_against_it(row),
            )
        case "opposed":
            return _(
                "{operation} was opposed by more members of its community than endorsed it: {joined}, and {against}.",
                operation=name,
                joined=_joined_of(row),
                against=_against_it(row),
            )
        case "contested":
            return _(
                "{operation} was contested: {joined}, and {against}.",
                operation=name,
                joined=_joined_of(row),
                against=_against_it(row),
            )
        case "factional":
            return _(
                "{operation} was taken up by part of its community only: {joined}, but {group} had less than half of its due "
                "among them.",
                operation=name,
                joined=_joined_of(row),
                group=_narrowest(result, row["operation"]),
            )
        case "ignored" if not row["endorsers"] and not row["opponents"]:
            return _n(
                "Nobody took a side in {operation}: {n:count} account had been active before, and used no sign of it.",
                "Nobody took a side in {operation}: {n:count} accounts had been active before, and none used a sign of it.",
                row["community"],
                operation=name,
            )
        case "ignored":
            return _(
                "{operation} did not stand out: {joined}, no more than in most operations.",
                operation=name,
                joined=_joined_of(row),
            )
        case "one_sided_view":
            return _(
                "{operation}: {joined}. Who was against it cannot be seen, as neither counter signs nor stances are known.",
                operation=name,
                joined=_joined_of(row),
            )
        case "descriptive":
            return _descriptive(row, name)
    return _unmeasured(row, name)


def _descriptive(row: _Row, name: str) -> str:
    parts = {"operation": name, "joined": _joined_of(row), "against": _against_it(row)}
    match row["reason"]:
        case "no_factions":
            return _(
                "{operation}: {joined}, more than in three of four operations, and {against}; over which groups it spread is not known.",
                **parts,
            )
        case "unclear_breadth":
            return _(
                "{operation}: {joined}, more than in three of four operations, and {against}; whether a large group stayed away "
                "cannot be told from so few.",
                **parts,
            )
    return _(
        "{operation}: {joined}, and {against}. With fewer than ten operations nothing tells whether that is much.",
        **parts,
    )


def _unmeasured(row: _Row, name: str) -> str:
    match row["reason"]:
        case "after_data":
            return _("{operation} begins after the data end.", operation=name)
        case "before_data":
            return _("{operation} begins before the data do.", operation=name)
        case "no_duration":
            return _("{operation} ends at the moment at which it begins.", operation=name)
    return _("Nobody was active in the days before {operation}.", operation=name)


def _narrowest(result: Legitimation, operation: str) -> str:
    groups = result.factions.filter((pl.col("operation") == operation) & (pl.col("faction") >= 0))
    # What is not told of few accounts may be the least.
    least = groups.sort("ratio", "faction").head(0 if groups["ratio"].has_nulls() else 1)
    return faction_name(least["faction"][0]) if least.height else _("one of its large groups")


# ---------------------------------------------------------------------- comparison and ranges


def _comparison(measured: list[_Row]) -> str:
    if len(measured) > 1:
        beyond = {
            name: sum(row[f"{name}_q"] is not None and row[f"{name}_q"] <= _LEVEL for row in measured)
            for name in ("ordinary", "balance", "breadth")
        }
        return _(
            "Beyond chance, adjusted for {all:count} operations: participation above that of other hashtags of the same days in "
            "{joined:count}, a balance that even odds do not give in {sided:count}, and a spread over groups less even than that of "
            "members drawn at random in {spread:count}.",
            all=len(measured),
            joined=beyond["ordinary"],
            sided=beyond["balance"],
            spread=beyond["breadth"],
        )
    row = measured[0]
    if row["ordinary_p"] is None:
        joined = _("There are too few other hashtags in the same days to compare participation with.")
    else:
        given = percent_range(row["ordinary_low"], row["ordinary_high"])
        joined = (
            _(
                "Other hashtags of the same days were taken up by {given} of the same accounts ({p:p}), so this is more than is usual.",
                given=given,
                p=row["ordinary_p"],
            )
            if row["ordinary_p"] <= _LEVEL
            else _(
                "Other hashtags of the same days were taken up by {given} of the same accounts ({p:p}), so this is not unusual.",
                given=given,
                p=row["ordinary_p"],
            )
        )
    if row["balance_p"] is None:
        return joined
    sided = (
        _("If both sides were equally likely, so uneven a balance would hardly come about ({p:p}).", p=row["balance_p"])
        if row["balance_p"] <= _LEVEL
        else _("If both sides were equally likely, so uneven a balance would not be rare ({p:p}).", p=row["balance_p"])
    )
    return f"{joined} {sided}"


def _ranges(measured: list[_Row]) -> str:
    if len(measured) > 1:
        return _("The 95 % range of every operation stands in the tables.")
    row = measured[0]
    if row["participation_low"] is None:
        return _("No range was computed for this number.")
    ends = percent_range(row["participation_low"], row["participation_high"])
    if row["participation_posts_low"] is None:
        return _("The 95 % range is {range}.", range=ends)
    return _(
        "The 95 % range is {range}; drawing whole posts again, {posts}.",
        range=ends,
        posts=percent_range(row["participation_posts_low"], row["participation_posts_high"]),
    )


# ---------------------------------------------------------------------- the smaller questions


def _each(result: Legitimation, rows: list[_Row]) -> list[tuple[str, str]]:
    told = [
        (_("Operation: {name}", name=person(row["operation"])), capital(_one(result, row))) for row in rows[:_MOST_TOLD]
    ]
    if len(rows) > _MOST_TOLD:
        more = _n(
            "{n:count} more operation stands in the tables.",
            "{n:count} more operations stand in the tables.",
            len(rows) - _MOST_TOLD,
        )
        told.append((_("Further operations"), more))
    return told


def _outside(measured: list[_Row]) -> list[tuple[str, str]]:
    label = _("Who joined from outside")
    if len(measured) == 1:
        if not measured[0]["outside"]:
            return [(label, _("Nobody who had not been active before took up the signs."))]
        text = _n(
            "{n:count} account took up the signs that had not been active before; it is no part of the shares.",
            "{n:count} accounts took up the signs that had not been active before; they are no part of the shares.",
            measured[0]["outside"],
        )
        return [(label, text)]
    most = max(measured, key=lambda row: (row["outside"], row["operation"]))
    if not most["outside"]:
        return [(label, _("In no operation did accounts join that had not been active before."))]
    text = _n(
        "Most in {operation}: {n:count} account that had not been active before. Such accounts are no part of the shares.",
        "Most in {operation}: {n:count} accounts that had not been active before. Such accounts are no part of the shares.",
        most["outside"],
        operation=person(most["operation"]),
    )
    return [(label, text)]


def _core(measured: list[_Row]) -> list[tuple[str, str]]:
    shown = [row for row in measured if row["core_first_p"] is not None]
    if not shown:
        return []
    label = _("Who showed the signs first")
    if len(shown) == 1:
        row = shown[0]
        more = row["core_first_q"] <= _LEVEL
        given = percent_range(row["core_first_low"], row["core_first_high"])
        text = _n(
            "Of {n:count} member of whom it is known who showed it the signs first, {share:percent} saw them first from the core; accounts "
            "as widely heard give {given} ({p:p}).",
            "Of {n:count} members of whom it is known who showed them the signs first, {share:percent} saw them first from the core; "
            "accounts as widely heard give {given} ({p:p}).",
            row["exposed"],
            share=row["core_first"],
            given=given,
            p=row["core_first_p"],
        )
        end = (
            _("The core stands out as the first to show them.")
            if more
            else _("The core does not stand out as the first to show them.")
        )
        return [(label, f"{text} {end}")]
    beyond = [row for row in shown if row["core_first_q"] <= _LEVEL]
    if not beyond:
        text = _n(
            "In the {n:count} operation in which it can be told, members saw the signs first from the core no more often than from "
            "accounts as widely heard.",
            "In none of the {n:count} operations in which it can be told did members see the signs first from the core more often "
            "than from accounts as widely heard.",
            len(shown),
        )
        return [(label, text)]
    text = _(
        "More members than accounts as widely heard would give saw the signs first from the core in {operations} (adjusted for "
        "{all:count} operations).",
        operations=listed([person(row["operation"]) for row in beyond]),
        all=len(shown),
    )
    return [(label, text)]


def _pace(measured: list[_Row]) -> list[tuple[str, str]]:
    if len(measured) > 1 or measured[0]["fastest"] is None:
        return []
    row = measured[0]
    given = "" if row["fastest_low"] is None else span_words(row["fastest_low"], row["fastest_high"], "decimal")
    text = (
        _(
            "Members joined fastest about {days} days after the start (95 % range {range}).",
            days=decimal(row["fastest"], 1),
            range=given,
        )
        if given
        else _("Members joined fastest about {days} days after the start.", days=decimal(row["fastest"], 1))
    )
    if row["curve"] is not None:
        curve = _(
            "Of three curves of adoption, the {curve} one tells the later joiners best; a curve does not say why they joined.",
            curve=curve_name(row["curve"]),
        )
        text = f"{text} {curve}"
    return [(_("How fast it went"), text)]


def _outcome(result: Legitimation) -> list[tuple[str, str]]:
    relation = result.outcome_relation
    known = result.operations.drop_nulls("outcome").height
    if relation.value is None or relation.p_value is None:
        if not known:
            return []
        return [
            (
                _("Participation and outcome"),
                cannot_say(_("Whether they go together cannot be said"), relation.reason or ""),
            )
        ]
    text = _(
        "In {share:percent} of all pairs, the operation that was accepted had more participation than the one that was rejected ({p:p} "
        "against shuffled outcomes).",
        share=relation.value,
        p=relation.p_value,
    )
    if relation.p_value > _LEVEL:
        end = _("Chance alone could give this.")
    elif relation.value > 0.5:
        end = _("Participation and acceptance go together; which of them brought about the other is not said.")
    else:
        end = _("Operations with more participation were rejected more often; nothing is said of why.")
    return [(_("Participation and outcome"), f"{text} {end}")]
