"""How far a headline could be off, in sentences, and what that does to the confidence in it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.robustness import outcome_name
from netact.figures.text import listed, percent_range, person, sentence
from netact.language import _, _n, percent, told
from netact.robustness import AGREE, CHANGE, HALF, LOWEST_RATE, SAME

if TYPE_CHECKING:
    from netact.report.findings.finding import Confidence, Finding
    from netact.results import Robustness

_STEPS: tuple[Confidence, ...] = ("low", "medium", "high")


def lowered(confidence: Confidence, found: Robustness) -> Confidence:
    """Return the confidence that is left: the one place where robustness changes it.

    *Cannot say* if too small a part was collected for the result to be tested at all. *Low* at most if fewer than four in
    five of the other defensible choices agree. Every other contradiction (thinning, accounts left out, missing
    followers) takes one step, never below *low*.
    """
    if confidence == "cannot say" or "sampling" in found.contradictions:
        return "cannot say"
    steps = sum(one in ("thinning", "left out", "followers") for one in found.contradictions)
    level = max(0, _STEPS.index(confidence) - steps)
    return "low" if "multiverse" in found.contradictions else _STEPS[level]


def weighed(finding: Finding, found: Robustness | None) -> Finding:
    """Return a finding with how far it could be off, and with the confidence that is left."""
    if found is None:
        return finding
    rows = doubts(found)
    values = {
        "effort": found.effort,
        "headline": told(found.headline),
        "value": found.value,
        "verdict": found.verdict,
        "sampling": {"sampling": found.sampling, "rate": found.rate, "query": list(found.query)},
        "testable": found.testable,
        "clusters": {"what": found.cluster, "count": found.clusters},
        "thinning": found.thinning,
        "change_at_half": found.change,
        "stable": found.stable,
        "interval": None if found.interval is None else found.interval.to_dict(),
        "left_out": found.left_out,
        "amplifiers": None if found.amplifiers is None else asdict(found.amplifiers),
        "loss": found.loss,
        "multiverse": {"cells": found.multiverse, "agreement": found.agreement},
        "contradictions": list(found.contradictions),
        "sentences": {label: told(text) for label, text in rows},
    }
    return replace(
        finding,
        confidence=lowered(finding.confidence, found),
        details={**finding.details, "robustness": values},
        caveats=(*finding.caveats, *_warnings(found)),
        doubts=rows,
    )


def _warnings(found: Robustness) -> list[str]:
    """Say what speaks against the headline."""
    said: dict[str, str] = {
        "sampling": _(
            "The data hold less than {limit:percent} of the posts: too few ties between single accounts are left to tell "
            "whether a team stands at the centre.",
            limit=LOWEST_RATE,
        ),
        "thinning": _(
            "Not stable: with half of the data left out at random the result changes. The confidence was lowered for it."
        ),
        "left out": _(
            "The result depends on a few accounts: without the most active ones, or those that may be automated, it "
            "changes. The confidence was lowered for it."
        ),
        "followers": _("The result depends on followers that were not collected. The confidence was lowered for it."),
        "multiverse": _(
            "Fewer than {limit:percent} of the other defensible choices give this outcome. The confidence was lowered for "
            "it.",
            limit=AGREE,
        ),
    }
    return [said[one] for one in found.contradictions]


def doubts(found: Robustness) -> tuple[tuple[str, str], ...]:
    """Return labels and sentences: how far the headline could be off."""
    rows = [
        (_("What was collected"), _collected(found)),
        (_("With part of the data left out"), _thinned(found)),
        (_("Range"), _range(found)),
        (_("Without the most active accounts"), _active(found)),
        (_("Without accounts that may be automated"), _automated(found)),
        (_("Where the attention comes from"), _amplified(found)),
        (_("Followers that are missing"), _followers(found)),
        (_("What was lost"), _lost(found)),
        (_("With other choices"), _choices(found)),
    ]
    return tuple((label, " ".join(text)) for label, text in rows if text)


def _collected(found: Robustness) -> list[str]:
    match found.sampling:
        case "complete":
            said = [_("The data were declared to be complete.")]
        case "keyword":
            selects = _("Accounts that did not use what was searched for cannot be seen, leading ones among them.")
            words = listed([person(word) for word in found.query], most=6)
            said = [_("The posts were found by searching for {words}.", words=words), selects] if words else [selects]
        case "sampled":
            said = [
                _("The data hold about {rate:percent} of all posts.", rate=found.rate)
                if found.rate is not None
                else _("The data are a sample of unknown size.")
            ]
            said.append(
                _(
                    "Shares of well-heard accounts change little by that; numbers of accounts, of ties and of mutual ties "
                    "come out too low."
                )
            )
        case _:
            said = [_("How the data were collected was not declared: what was not collected cannot be seen.")]
    return said


def _thinned(found: Robustness) -> list[str]:
    half = found.thinning.filter(pl.col("share") == HALF)
    if not half.height:
        return []
    row = half.row(0, named=True)
    said = []
    what = told(found.headline)
    if row["draws"] and found.value is not None and row["low"] is not None:
        given = {"what": what, "range": percent_range(row["low"], row["high"]), "value": found.value}
        match found.cluster:
            case "post":
                text = _(
                    "With half of the posts left out at random, {what} is {range}; with all of them it is {value:percent}.",
                    **given,
                )
            case "object":
                text = _(
                    "With half of the shared objects left out at random, {what} is {range}; with all of them it is "
                    "{value:percent}.",
                    **given,
                )
            case _:
                text = _(
                    "With half of the accounts that gave attention left out at random, {what} is {range}; with all of them "
                    "it is {value:percent}.",
                    **given,
                )
        said.append(text)
    if row["runs"]:
        said.append(
            _n(
                "Measured anew on half of the data, the outcome was the same in {same:percent} of {n:count} run.",
                "Measured anew on half of the data, the outcome was the same in {same:percent} of {n:count} runs.",
                row["runs"],
                same=row["same"],
            )
        )
        if row["same"] < 1 and row["verdict"] != found.verdict:
            said.append(_("Most often it was: {outcome}.", outcome=outcome_name(row["verdict"])))
    if row["overlap"] is not None and found.question == "leading_core":
        said.append(
            _(
                "The sets found there share {overlap:percent} of the accounts with the one found in all data (mean Jaccard "
                "similarity).",
                overlap=row["overlap"],
            )
        )
    elif row["overlap"] is not None and found.question == "coordination":
        said.append(
            _(
                "The groups found there share {overlap:percent} of their accounts with these (mean Jaccard similarity).",
                overlap=row["overlap"],
            )
        )
    elif row["overlap"] is not None and found.question == "factions":
        said.append(
            _(
                "The groups found there agree with these by {overlap:decimal} (adjusted Rand index, 1 is full agreement).",
                overlap=row["overlap"],
            )
        )
    if found.judged_by == "number":
        said.append(
            _(
                "On average the number changes by {change:percent}, which counts as stable (less than {limit:percent}).",
                change=found.change,
                limit=CHANGE,
            )
            if found.stable
            else _(
                "On average the number changes by {change:percent}, which does not count as stable (less than {limit:percent}).",
                change=found.change,
                limit=CHANGE,
            )
        )
    elif found.judged_by == "outcome":
        said.append(
            _("This counts as stable (at least {limit:percent} of the runs).", limit=SAME)
            if found.stable
            else _("This does not count as stable (at least {limit:percent} of the runs).", limit=SAME)
        )
    return said


def _range(found: Robustness) -> list[str]:
    interval = found.interval
    if interval is None or interval.interval is None or found.value is None:
        return []
    return [
        _(
            "The 95 % range of {what} is {range} ({method}).",
            what=told(found.headline),
            range=percent_range(*interval.interval),
            method=told(interval.interval_method or ""),
        )
    ]


def _rest(found: Robustness, row: dict[str, Any]) -> list[str]:
    """Say what is left of the headline without some accounts."""
    said = []
    if row["value"] is not None:
        said.append(_("Then {what} is {value:percent}.", what=told(found.headline), value=row["value"]))
    if row["same"] is False:
        said.append(_("The outcome is then another one: {outcome}.", outcome=outcome_name(row["verdict"])))
    elif row["same"]:
        said.append(_("The outcome stays the same."))
    return said


def _active(found: Robustness) -> list[str]:
    for row in found.left_out.filter(pl.col("check") == "most active").iter_rows(named=True):
        first = _n(
            "What the most active account gave is {gone:percent} of all interactions and was left out.",
            "What the most active {n:count} accounts gave (1 % of those that gave any) is {gone:percent} of all interactions "
            "and was left out.",
            row["accounts"],
            gone=row["interactions"],
        )
        return [first, *_rest(found, row)]
    return []


def _automated(found: Robustness) -> list[str]:
    said = []
    for row in found.left_out.filter(pl.col("check").str.starts_with("score")).iter_rows(named=True):
        limit = float(row["check"].split()[1])
        said.append(
            _n(
                "{n:count} account has a score of at least {limit:decimal1}, with {gone:percent} of all interactions.",
                "{n:count} accounts have a score of at least {limit:decimal1}, with {gone:percent} of all interactions.",
                row["accounts"],
                limit=limit,
                gone=row["interactions"],
            )
        )
        said += _rest(found, row) if row["accounts"] else []
    if said:
        said.append(
            _(
                "Such scores often take activists for automated accounts; nothing is left out of the findings themselves."
            )
        )
    return said


def _amplified(found: Robustness) -> list[str]:
    loud = found.amplifiers
    if loud is None or not loud.accounts:
        return []
    return [
        _n(
            "{of_headline:percent} of the attention that the accounts of this finding received came from the one most active "
            "account; of all attention {of_all:percent} did.",
            "{of_headline:percent} of the attention that the accounts of this finding received came from the {n:count} most "
            "active accounts (above the 99 % quantile); of all attention {of_all:percent} did.",
            loud.accounts,
            of_headline=loud.of_headline,
            of_all=loud.of_all,
        )
    ]


def _followers(found: Robustness) -> list[str]:
    rows = {row["check"]: row for row in found.left_out.iter_rows(named=True)}
    stated, imputed = rows.get("follows stated"), rows.get("follows imputed")
    if stated is None or imputed is None:
        return []
    said = [
        _n(
            "The list of followers of {n:count} account is incomplete: who is not in it may follow all the same.",
            "The lists of followers of {n:count} accounts are incomplete: who is not in them may follow all the same.",
            stated["accounts"],
        )
    ]
    ends = [row["value"] for row in (stated, imputed) if row["value"] is not None]
    if len(ends) == 2:
        said.append(
            _(
                "Between the case that nobody is missing and the case that everyone who retweeted them follows them, {what} is "
                "{range}.",
                what=told(found.headline),
                range=percent_range(min(ends), max(ends)),
            )
        )
    return said


def _lost(found: Robustness) -> list[str]:
    loss = found.loss
    if not loss.height:
        return []
    whole = loss.filter(pl.col("faction").is_null())["share"][0]
    said = [
        _(
            "{share:percent} of the interactions go to posts whose authors are not in the data (deleted, suspended or not "
            "collected).",
            share=whole,
        )
    ]
    groups = loss.drop_nulls("faction")["share"]
    if len(groups) > 1:
        said.append(
            _(
                "By group it is between {low} and {high}: a group that loses more looks smaller than it was.",
                low=percent(groups.min()),  # type: ignore[arg-type]
                high=percent(groups.max()),  # type: ignore[arg-type]
            )
        )
    return said


def _choices(found: Robustness) -> list[str]:
    said = []
    if found.agreement is not None:
        said.append(
            _n(
                "{share:percent} of {n:count} combination of other defensible choices gives the same outcome.",
                "{share:percent} of {n:count} combinations of other defensible choices give the same outcome.",
                found.multiverse.height,
                share=found.agreement,
            )
        )
    elif found.effort != "full" and found.verdict is not None:
        said.append(_("Other defensible choices were not tried in this run; a run with full effort tries them."))
    return said + [sentence(note) for note in found.notes]
