"""The finding of the question how steep the order is."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from netact.figures.text import (
    Words,
    capital,
    sentence,
)
from netact.language import _, _n, decimal, percent
from netact.report.findings.finding import (
    Confidence,
    Finding,
    Speech,
    by_chance,
    cannot_say,
    criteria_answers,
    criteria_rows,
    interval_words,
    of_all_card,
    short_comparison,
    why,
)
from netact.results import Hierarchy


def _imitation(given: str) -> str:
    return _("Imitation alone (attention following attention) gives {given}", given=given)


def _narrower() -> str:
    return _("so attention is more concentrated than that")


def _wider() -> str:
    return _("so attention is less concentrated than that")


def _shared_by(accounts: float, *, digits: Literal[0, 1]) -> str:
    """Say the effective number of leaders as a clause."""
    if digits == 0:
        return _n(
            "attention is as concentrated as if {n:decimal0} accounts shared it equally",
            "attention is as concentrated as if {n:decimal0} accounts shared it equally",
            accounts,
        )
    return _n(
        "attention is as concentrated as if {n:decimal1} accounts shared it equally",
        "attention is as concentrated as if {n:decimal1} accounts shared it equally",
        accounts,
    )


_TOP = {"top_20_share": 20, "top_5_share": 5, "top_1_share": 1}


def _top_drew(index: str, value: float, words: Words) -> str:
    """Say an index of concentration as a clause."""
    if index == "effective_leaders":
        return _shared_by(value, digits=0)
    number = _TOP[index]
    if words.directed:
        return _n(
            "{accounts} drew {share:percent} {of_all_ties}",
            "{accounts} drew {share:percent} {of_all_ties}",
            number,
            accounts=words.top(number),
            share=value,
            of_all_ties=words.of_all_ties,
        )
    return _n(
        "{accounts} had {share:percent} {of_all_ties}",
        "{accounts} had {share:percent} {of_all_ties}",
        number,
        accounts=words.top(number),
        share=value,
        of_all_ties=words.of_all_ties,
    )


def finding(result: Hierarchy, speech: Speech) -> Finding:
    """Return what the result says."""
    words = speech.words
    indices = result.indices
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": criteria_rows(result.criteria),
        "indices": {name: estimate.to_dict() for name, estimate in indices.items()},
        "tail": {
            "exponent": result.tail.exponent,
            "smallest_value": result.tail.smallest_value,
            "accounts_in_tail": result.tail.accounts_in_tail,
            "likelihood_ratio": result.tail.likelihood_ratio,
            "p_value": result.tail.p_value,
            "verdict": result.tail.verdict,
        },
        "direction_p": result.direction_p.to_dict(),
        "rotation": result.rotation,
        "warnings": list(result.warnings),
    }
    warnings = tuple(sentence(text) for text in result.warnings)
    if not words.directed:
        tied_once = _(
            "The imitation model lets an account gain any number of ties; where every pair can be tied only once, as in "
            "small networks of connections, it makes chance look steeper than it is."
        )
        warnings = (*warnings, tied_once)
    order = ("top_20_share", "top_5_share", "top_1_share", "effective_leaders")
    name = next((item for item in order if item in indices and indices[item].value is not None), None)
    if result.status != "ok" or name is None:
        return Finding(
            "hierarchy",
            cannot_say(_("Cannot say from this data how steep the order is"), result.reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*why(result.reason), *criteria_answers(result.criteria)),
            warnings,
            _("This is not evidence that everyone is equal: there is too little data to tell."),
            (_("Cannot say"), _("too little data"), ""),
            0,
        )
    shown = "top_1_share" if result.verdict == "single_led" and indices.get("top_1_share") else name
    estimate = indices[shown]
    if estimate.value is None:
        shown, estimate = name, indices[name]
    number = estimate.value if estimate.value is not None else 0.0
    drew = _top_drew(shown, number, words)
    weight = 0
    confidence: Confidence
    decided = all(item.met is not None for item in result.criteria)
    outside = (
        estimate.null_interval is not None and not estimate.null_interval[0] <= number <= estimate.null_interval[1]
    )
    match result.verdict:
        case "led":
            above = estimate.null_interval is not None and number > estimate.null_interval[1]
            core_found = any(item.name.startswith("L2") and item.met is False for item in result.criteria)
            if core_found and not above:
                headline = _("Not leaderless: a core was found, and {statement}.", statement=drew)
            elif core_found:
                headline = _(
                    "Not leaderless: a core was found, and {statement}, more than imitation alone explains.",
                    statement=drew,
                )
            else:
                headline = _(
                    "{statement}, more than imitation alone explains, and the same accounts stay in front: not leaderless.",
                    statement=drew,
                )
            confidence, weight = ("high" if decided else "medium"), 60
        case "single_led":
            headline = _("{statement}: this is not a leaderless network.", statement=drew)
            confidence, weight = ("high" if decided else "medium"), 60
        case "leaderless":
            headline = _(
                "{statement}, with no core and changing faces at the top: this movement meets the test of being leaderless.",
                statement=drew,
            )
            confidence, weight = ("high" if decided else "medium"), 95
        case "undetermined":
            if outside and estimate.null_interval is not None:
                above = number > estimate.null_interval[1]
                headline = (
                    _("{statement}, more than imitation alone explains.", statement=drew)
                    if above
                    else _("{statement}, less than imitation alone would give.", statement=drew)
                )
                confidence, weight = "low", 45 if above else 20
            elif estimate.null_interval is None:
                headline = _(
                    "{statement}; whether that is steep cannot be said, as there is nothing to compare it with.",
                    statement=drew,
                )
                confidence, weight = "cannot say", 20
            else:
                headline = _("{statement}, which imitation alone could explain.", statement=drew)
                confidence, weight = "cannot say", 20
        case _:
            assert_never(result.verdict)
    kind = "count" if shown == "effective_leaders" else "percent"
    high, low = (_wider(), _narrower()) if shown == "effective_leaders" else (_narrower(), _wider())
    comparison = by_chance(estimate, kind, chance=_imitation, more=high, less=low)
    given = interval_words(estimate, kind)
    range_ = _("The 95 % range is {range}.", range=given) if given else _("No range was computed for this number.")
    answers = [(_("Verdict"), _verdict_sentence(result))]
    effective = indices.get("effective_leaders")
    if effective is not None and effective.value is not None and shown != "effective_leaders":
        text = _shared_by(effective.value, digits=1)
        given = interval_words(effective, "decimal")
        if given:
            text = _("{statement} (95 % range {range})", statement=text, range=given)
        against = by_chance(effective, "decimal", chance=_imitation, more=_wider(), less=_narrower())
        answers.append((_("Effective number of leaders"), f"{sentence(text)} {against}"))
    incoherence = indices.get("trophic_incoherence")
    if incoherence is not None and incoherence.value is not None and words.directed:
        text = _(
            "Trophic incoherence is {value:decimal} (0: every tie goes exactly one level up; 1: no order).",
            value=incoherence.value,
        )
        against = by_chance(
            incoherence,
            "decimal",
            chance=lambda given: _("Rewiring the same accounts at random gives {given}", given=given),
            more=_("so the order is less steep than chance makes it"),
            less=_("so the order is steeper than chance makes it"),
        )
        answers.append((_("Which way attention runs"), f"{text} {against}"))
    answers += list(criteria_answers(result.criteria))
    return Finding(
        "hierarchy",
        capital(headline),
        number,
        estimate.unit,
        estimate.interval,
        estimate.p_value,
        confidence,
        details,
        comparison,
        range_,
        tuple(answers),
        warnings,
        _(
            "Much attention is not command: accounts can be heard without deciding anything, and a steep order can come "
            "from fame made elsewhere."
        ),
        (
            percent(number) if shown != "effective_leaders" else decimal(number, 0),
            of_all_card(words.top(_TOP[shown]), words) if shown in _TOP else _("effective number of leaders"),
            sentence(short_comparison(estimate, kind)),
        ),
        weight,
    )


def _verdict_sentence(result: Hierarchy) -> str:
    match result.verdict:
        case "leaderless":
            verdict = _("Leaderless.")
        case "led" | "single_led":
            verdict = _("Not leaderless.")
        case "undetermined":
            verdict = _("Undetermined.")
        case _:
            assert_never(result.verdict)
    return f"{verdict} {sentence(result.reason)}".strip()
