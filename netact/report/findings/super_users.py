"""The finding of the question of who holds the logins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.super_users import feature_name
from netact.figures.text import (
    clauses,
    listed,
    person,
    sentence,
    share_in_words,
)
from netact.language import _, _n, percent
from netact.results import SuperUsers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.results import SharedOperators


from netact.report.findings.finding import Confidence, Finding, Speech, by_chance, cannot_say, short_comparison, why


def finding(result: SuperUsers, speech: Speech) -> Finding:  # noqa: ARG001
    """Return what the result says; people are named as the table names them."""
    loss, source = result.top_loss, result.attention_source
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "people",
        "n_people": result.n_people,
        "n_accounts": result.n_accounts,
        "coverage": result.coverage,
        "attention_source": result.attention_source,
        "people": result.people,
        "flagged_people": result.bots,
        "hhi": result.herfindahl.value,
        "herfindahl": result.herfindahl.to_dict(),
        "normalised_herfindahl": result.normalised_herfindahl.to_dict(),
        "effective_holders": result.effective_holders.to_dict(),
        "top_share": result.top_share.to_dict(),
        "top_person": result.top_person,
        "top_loss": loss.to_dict(),
        "bus_factor": result.bus_factor,
        "shutdown_power": result.shutdown_power,
        "network_effect": result.network_effect,
        "behavioural_similarity": _similarity_details(result.shared_operators),
        "warnings": list(result.warnings),
    }
    if result.status != "ok" or loss.value is None:
        reason = result.reason or loss.reason or ""
        return Finding(
            "super_users",
            cannot_say(_("Cannot say from this data who holds the keys"), reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            _("Nothing to compare: ties between accounts do not show who has the passwords."),
            _("No range can be given."),
            (
                *why(reason),
                (
                    _("What would answer it"),
                    _(
                        "A table with one row for each person and account (columns person, account, role), given with "
                        "--admins."
                    ),
                ),
                *_similarity(result.shared_operators),
            ),
            tuple(sentence(text) for text in result.warnings),
            _("This is not evidence that the keys are spread: nothing is known of them."),
            (
                _("Cannot say"),
                _("no usable admin table"),
                _("A table of who administers which account would answer it."),
            ),
            0,
        )
    headline = _one_could_shut(result, loss.value)
    beyond = loss.p_value is not None and loss.p_value <= 0.05
    confidence: Confidence = "low"
    if result.coverage >= 0.8 and beyond:
        confidence = "high"
    elif result.coverage >= 0.5:
        confidence = "medium"
    comparison = by_chance(
        loss, chance=lambda given: _("Dealing the same number of logins out at random gives {given}", given=given)
    )
    range_ = _(
        "The table covers {share:percent} {of_all_attention}; nothing is said of accounts outside it.",
        share=result.coverage,
        of_all_attention=_of_all(source),
    )
    answers: list[tuple[str, str]] = [
        (_("Who could shut it down"), _smallest_groups(result.shutdown_power, source, shut=True)),
        (_("Whose departure would hurt"), _smallest_groups(result.bus_factor, source, shut=False)),
    ]
    if result.effective_holders.value is not None:
        shared = _n(
            "rights are as concentrated as if {n:decimal1} people shared them equally",
            "rights are as concentrated as if {n:decimal1} people shared them equally",
            result.effective_holders.value,
        )
        in_table = _n("{n:count} person is listed", "{n:count} people are listed", result.n_people)
        answers.append((_("How spread the keys are"), sentence(clauses(shared, in_table))))
    if result.bots.height:
        answers.append(
            (
                _("Set apart"),
                _n(
                    "{n:count} holder flagged in the table as automated ({names}) count for nothing else here.",
                    "{n:count} holders flagged in the table as automated ({names}) count for nothing else here.",
                    result.bots.height,
                    names=listed([person(name) for name in result.bots["person"].head(5).to_list()]),
                ),
            )
        )
    answers += _similarity(result.shared_operators)
    return Finding(
        "super_users",
        headline,
        loss.value,
        "share of attention",
        loss.interval,
        loss.p_value,
        confidence,
        details,
        comparison,
        range_,
        tuple(answers),
        tuple(sentence(text) for text in result.warnings),
        _(
            "Having a login is not using it: this does not say that anyone would, or that an audience would not gather "
            "elsewhere. It is what would go dark at once, an upper bound."
        ),
        (
            percent(loss.value),
            _("{of_listed_attention} could go dark through one person", of_listed_attention=_of_listed(source)),
            sentence(short_comparison(loss)),
        ),
        85 if loss.value >= 0.3 and beyond else 50,
    )


def _similarity_details(found: SharedOperators | None) -> dict[str, Any] | None:
    """Return counts only: no pair of accounts stands in an export, not even by number."""
    if found is None:
        return None
    return {
        "status": found.status,
        "reason": found.reason,
        "accounts": found.accounts,
        "pairs": found.pairs,
        "features": found.features,
        "counts": found.counts,
        "prior": found.prior,
        "sensitivity": found.sensitivity,
        "false_positive_rate": found.false_positive_rate,
        "predictive_value": found.predictive_value,
    }


def _similarity(found: SharedOperators | None) -> tuple[tuple[str, str], ...]:
    """Say how many pairs behave alike, and how little that says of who runs them."""
    if found is None:
        return ()
    label = _("Behavioural similarity")
    if found.status != "ok":
        unknown = _("Whether accounts behave alike cannot be told.")
        return ((label, f"{unknown} {sentence(found.reason)}"),)
    alike = int(found.counts.filter(pl.col("features") >= 2)["pairs"].sum())
    said = [
        _n(
            "{n:count} pair of accounts among {pairs:count} shows behavioural similarity in two features or more (false-discovery "
            "rate 5 % for each feature).",
            "{n:count} pairs of accounts among {pairs:count} show behavioural similarity in two features or more "
            "(false-discovery rate 5 % for each feature).",
            alike,
            pairs=found.pairs,
        ),
        *(
            _(
                "{feature}: passed by {passed:count} of the {asked:count} pairs of which it could be asked.",
                feature=feature_name(row["feature"]),
                passed=row["passed"],
                asked=row["asked"],
            )
            for row in found.features.iter_rows(named=True)
        ),
        _(
            "If {prior:percent} of all pairs were run by one person, and such a test found {sensitivity:percent} of them and "
            "erred in {error:percent} of the others, {value:percent} of the pairs it flags would be right.",
            prior=found.prior,
            sensitivity=found.sensitivity,
            error=found.false_positive_rate,
            value=found.predictive_value,
        ),
        _(
            "This is a question to look into, not an answer: shared offices, shifts and programs make accounts alike too. No "
            "account is named, here or in any file."
        ),
    ]
    return ((label, " ".join(said)),)


def _of_the(source: str) -> str:
    """Return what the losses are shares of: attention, or the column of the accounts that stands for it."""
    if source == "interactions":
        return _("of the attention")
    return _("of the reach") if source == "reach" else _("of the {column}", column=source.replace("_", " "))


def _of_all(source: str) -> str:
    if source == "interactions":
        return _("of all attention")
    return _("of all reach") if source == "reach" else _("of all {column}", column=source.replace("_", " "))


def _of_listed(source: str) -> str:
    if source == "interactions":
        return _("of listed attention")
    return _("of listed reach") if source == "reach" else _("of listed {column}", column=source.replace("_", " "))


def _one_could_shut(result: SuperUsers, share: float) -> str:
    of_the_attention = _of_the(result.attention_source)
    if result.top_person is None:
        return _n(
            "One person could shut down accounts that hold {share:percent} {of_the_attention} of the {n:count} listed "
            "account.",
            "One person could shut down accounts that hold {share:percent} {of_the_attention} of the {n:count} listed "
            "accounts.",
            result.n_accounts,
            share=share,
            of_the_attention=of_the_attention,
        )
    return _n(
        "One person, {name}, could shut down accounts that hold {share:percent} {of_the_attention} of the {n:count} listed "
        "account.",
        "One person, {name}, could shut down accounts that hold {share:percent} {of_the_attention} of the {n:count} listed "
        "accounts.",
        result.n_accounts,
        name=person(result.top_person),
        share=share,
        of_the_attention=of_the_attention,
    )


def _smallest_groups(table: pl.DataFrame, source: str, *, shut: bool) -> str:
    sentences: list[str] = []
    of_the_attention = _of_the(source)
    for row in table.filter(pl.col("unit") == "attention").sort("share").iter_rows(named=True):
        share = share_in_words(row["share"])
        if row["people"] is None:
            sentences.append(
                _(
                    "No group of listed people could take {share} {of_the_attention} away.",
                    share=share,
                    of_the_attention=of_the_attention,
                )
            )
            continue
        people = _people(row["people"], row["who"] or [], exact=row["exact"], only=row["solutions"] == 1)
        if shut:
            text = _n(
                "{people} could take {share} {of_the_attention} dark by closing accounts",
                "{people} could take {share} {of_the_attention} dark by closing accounts",
                row["people"],
                people=people,
                share=share,
                of_the_attention=of_the_attention,
            )
        else:
            text = _n(
                "{share} {of_the_attention} would be left without anyone only if {people} went",
                "{share} {of_the_attention} would be left without anyone only if {people} all went",
                row["people"],
                people=people,
                share=share,
                of_the_attention=of_the_attention,
            )
        sentences.append(sentence(text))
    return " ".join(sentences) or _("This could not be computed.")


def _people(number: int, names: Sequence[str], *, exact: bool, only: bool) -> str:
    """Return how many people, at most how many, and who, or who for example."""
    people = (
        _n("{n:count} person", "{n:count} people", number)
        if exact
        else _n("at most {n:count} person", "at most {n:count} people", number)
    )
    if not 0 < len(names) <= 6:
        return people
    who = listed([person(name) for name in names])
    if only:
        return _("{people} ({names})", people=people, names=who)
    return _("{people} (for example {names})", people=people, names=who)
