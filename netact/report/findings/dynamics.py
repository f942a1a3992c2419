"""The finding of the question how it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import polars as pl

from netact.figures.dynamics import core_known
from netact.figures.text import capital, clauses, sentence
from netact.language import _, _n, decimal
from netact.report.findings import dynamics_parts
from netact.report.findings.finding import (
    Confidence,
    Finding,
    Speech,
    by_chance,
    cannot_say,
    criteria_answers,
    criteria_rows,
    short_comparison,
    why,
)

if TYPE_CHECKING:
    from netact.results import Dynamics


def finding(result: Dynamics, speech: Speech) -> Finding:
    """Return what the result says."""
    overlap, reaction = result.indices["overlap"], result.indices["reaction_hours"]
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": criteria_rows(result.criteria),
        "indices": {name: estimate.to_dict() for name, estimate in result.indices.items()},
        "step": result.step,
        "windows": _only_named(result.windows, speech, "lead"),
        "reigns": _only_named(result.reigns, speech, "account"),
        "hand_overs": _only_named(result.hand_overs, speech, "source", "target"),
        "membership": result.membership,
        "reactions": _only_named(result.reactions, speech, "account"),
        "bursts": _only_named(result.bursts, speech, "account"),
        "sensitivity": result.sensitivity,
        **dynamics_parts.details(result.cascades, result.earlier, result.tracking, speech),
        "warnings": list(result.warnings),
    }
    warnings = tuple(sentence(text) for text in result.warnings)
    warnings += dynamics_parts.caveats(result.cascades, result.earlier, result.tracking, speech)
    answers = [*_answers(result, speech), *criteria_answers(result.criteria)]
    if overlap.value is None:
        reason = overlap.reason or result.reason
        known = reaction.value is not None
        return Finding(
            "dynamics",
            cannot_say(_("Cannot say from this data whether the same accounts stay at the top"), reason),
            None,
            "Jaccard index",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*why(result.reason), *answers),
            warnings,
            _("This is not evidence that nothing moves: there is too little data to tell."),
            (_("Cannot say"), _("too little data"), ""),
            5 if known else 0,
        )
    agree = next((item for item in result.criteria if item.name.startswith("other lengths")), None)
    confidence: Confidence = "high" if agree is not None and agree.met else "medium"
    value = overlap.value
    match result.verdict:
        case "stable_lead":
            headline = _(
                "The same accounts stay at the top: the top of one window and the next overlap by {value:decimal}, far beyond chance.",
                value=value,
            )
            card, weight = _("the same accounts stay at the top"), 40
        case "shifting_lead":
            headline = _(
                "The top shifts: it overlaps from window to window by {value:decimal}, more than chance gives, but accounts come and go over time.",
                value=value,
            )
            card, weight = _("the top shifts over time"), 45
        case "rotating":
            headline = _(
                "The top rotates: from window to window it overlaps by only {value:decimal}, far less than constant popularity would give.",
                value=value,
            )
            card, weight = _("the top rotates"), 50
        case "undetermined":
            headline = _(
                "Cannot say whether the same accounts stay at the top: the overlap from window to window is {value:decimal}.",
                value=value,
            )
            confidence, card, weight = "cannot say", _("staying and changing cannot be told apart"), 10
        case _:
            assert_never(result.verdict)
    comparison = by_chance(
        overlap,
        "decimal",
        chance=lambda given: _(
            "Drawing the top of each window anew, from all its accounts, gives {given}", given=given
        ),
        more=_("so more accounts stay than chance explains"),
    )
    constancy = result.indices["constancy"]
    if constancy.value is not None:
        text = _(
            "All pairs of windows, near or far in time, overlap by {value:decimal} on average.", value=constancy.value
        )
        against = by_chance(
            constancy,
            "decimal",
            chance=lambda given: _("Constant popularity gives {given}", given=given),
            more=_("so the top changes less than that"),
            less=_("so the top changes more than that"),
        )
        answers.insert(0, (_("Does popularity change"), f"{text} {against}"))
    return Finding(
        "dynamics",
        headline,
        value,
        overlap.unit,
        None,
        overlap.p_value,
        confidence,
        details,
        comparison,
        _("How far it depends on the length of a window stands below; no interval is given."),
        tuple(answers),
        warnings,
        _(
            "Being heard most in turn is not handing over power: nothing here says that accounts decided who comes next, "
            "nor why attention moved."
        ),
        (decimal(value), card, sentence(short_comparison(overlap, "decimal"))),
        weight,
    )


def _only_named(table: pl.DataFrame, speech: Speech, *columns: str) -> pl.DataFrame:
    """Return a table without the keys of accounts that may not be named."""
    if not speech.names:
        return table
    keys = list(speech.names)
    return table.with_columns(pl.when(pl.col(name).is_in(keys)).then(name).alias(name) for name in columns)


def _whole_days(given: str) -> str:
    return _("The same times of day on days drawn at random give {given} hours", given=given)


def _answers(result: Dynamics, speech: Speech) -> list[tuple[str, str]]:
    made = [
        (_("The first place"), _first_place(result, speech)),
        (_("The core over time"), _core(result)),
        (_("Reaction time"), _reaction(result)),
        (_("Too quick"), _too_quick(result)),
        (_("Hand-over"), _hand_over(result)),
        (_("Bursts"), _bursts(result)),
        (_("Other lengths of a window"), _lengths(result)),
        *dynamics_parts.answers(result.cascades, result.earlier, result.tracking, speech),
    ]
    return [(label, text) for label, text in made if text]


def _first_place(result: Dynamics, speech: Speech) -> str:
    changes = result.indices["lead_changes"]
    if not result.reigns.height:
        return ""
    longest = result.reigns.sort("windows", descending=True, maintain_order=True).row(0, named=True)
    named = longest["account"] in speech.names or not speech.names
    who = speech.name(longest["account"]) if named else _("an account")
    if speech.words.directed:
        text = _n(
            "Heard most for the longest time: {account}, {n:count} window in a row.",
            "Heard most for the longest time: {account}, {n:count} windows in a row.",
            longest["windows"],
            account=who,
        )
    else:
        text = _n(
            "With most ties for the longest time: {account}, {n:count} window in a row.",
            "With most ties for the longest time: {account}, {n:count} windows in a row.",
            longest["windows"],
            account=who,
        )
    if changes.value is None:
        return text
    told = _n(
        "The first place changed hands {n:count} time.", "The first place changed hands {n:count} times.", changes.value
    )
    against = by_chance(
        changes,
        "count",
        chance=lambda given: _("The same windows in random order give {given} changes", given=given),
        more=_("so the first place goes back and forth more than that"),
        less=_("so an account that is first tends to stay first"),
    )
    return f"{text} {told} {against}"


def _core(result: Dynamics) -> str:
    presence = result.indices["core_presence"]
    if presence.value is None:
        return ""
    text = _("A member of the core is at the top in {share:percent} of windows on average.", share=presence.value)
    if presence.null_interval is None:
        alone = _("No other accounts are heard as much, so there is nothing to compare it with.")
        return f"{text} {alone}"
    against = by_chance(
        presence,
        chance=lambda given: _("Other accounts that are heard as much in all are there in {given}", given=given),
        more=_("so the core is steadier than they are"),
        less=_("so the core is less steady than they are"),
    )
    return f"{text} {against}"


def _reaction(result: Dynamics) -> str:
    reaction = result.indices["reaction_hours"]
    if reaction.value is None:
        return sentence(_("Cannot say: {reason}", reason=reaction.reason)) if result.status == "ok" else ""
    if core_known(result):
        text = _n(
            "After {n:count} event the mean wait for an act of an account of the core is {hours:decimal1} hours.",
            "After {n:count} events the mean wait for an act of an account of the core is {hours:decimal1} hours.",
            result.reactions.height,
            hours=reaction.value,
        )
    else:
        text = _n(
            "After {n:count} event the mean wait for an act of one of the accounts heard most is {hours:decimal1} hours.",
            "After {n:count} events the mean wait for an act of one of the accounts heard most is {hours:decimal1} hours.",
            result.reactions.height,
            hours=reaction.value,
        )
    against = by_chance(
        reaction,
        "decimal",
        chance=_whole_days,
        more=_("so they act later than usual"),
        less=_("so they act sooner than usual"),
    )
    return f"{text} {against}"


def _too_quick(result: Dynamics) -> str:
    quick = result.indices["too_quick"]
    if quick.value is None:
        return ""
    text = _(
        "{share:percent} of reactions are quicker than nine in ten waits of the same account from the same time of day.",
        share=quick.value,
    )
    against = by_chance(
        quick,
        chance=lambda given: _("Days drawn at random give {given}", given=given),
        more=_("so quick reactions are more frequent than that"),
        less=_("so quick reactions are rarer than that"),
    )
    return f"{text} {against}"


def _hand_over(result: Dynamics) -> str:
    wait = result.indices["hand_over_hours"]
    if wait.value is None:
        return ""
    text = _(
        "When the first place changes hands, the next account acts {hours:decimal1} hours after the last act of the one before, on average.",
        hours=wait.value,
    )
    against = by_chance(
        wait,
        "decimal",
        chance=_whole_days,
        more=_("so they keep apart in time"),
        less=_("so one follows the other sooner than by chance"),
    )
    return f"{text} {against}"


def _bursts(result: Dynamics) -> str:
    burst = result.indices["burstiness"]
    if burst.value is None:
        return ""
    text = (
        _(
            "Burstiness of the accounts of the core is {value:decimal} on average, without the daily rhythm (−1: like a clock, 0: at random, 1: in bursts).",
            value=burst.value,
        )
        if core_known(result)
        else _(
            "Burstiness of the accounts heard most is {value:decimal} on average, without the daily rhythm (−1: like a clock, 0: at random, 1: in bursts).",
            value=burst.value,
        )
    )
    against = by_chance(
        burst,
        "decimal",
        chance=lambda given: _("Acts that keep their time of day and move to random days give {given}", given=given),
        more=_("so they act in bursts that last beyond a day"),
        less=_("so they act more evenly than that"),
    )
    return f"{text} {against}"


def _lengths(result: Dynamics) -> str:
    names = {"half": _("half"), "double": _("double")}
    known = result.sensitivity.filter(pl.col("length").is_in(list(names))).drop_nulls("overlap")
    parts = [
        _("windows of {length} length overlap by {value:decimal}", length=names[row["length"]], value=row["overlap"])
        for row in known.iter_rows(named=True)
    ]
    return sentence(capital(clauses(*parts))) if parts else ""
