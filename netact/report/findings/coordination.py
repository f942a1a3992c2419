"""The finding of the question of who acts together beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import accounts_counted, sentence, spanned
from netact.language import _, _n, count, decimal
from netact.report.findings.finding import Confidence, Finding, Speech, cannot_say, why

if TYPE_CHECKING:
    from netact.results import Coordination

_NAMED_GROUPS = 3


def finding(result: Coordination, speech: Speech) -> Finding:
    """Return what the result says; only accounts that may be named are."""
    details = _details(result, speech)
    caveats = tuple(sentence(text) for text in result.warnings)
    if result.outcome in ("insufficient_data", "not_testable"):
        answers = list(why(result.reason))
        if result.outcome == "insufficient_data":
            answers.append(
                (
                    _("What would answer it"),
                    _(
                        "A table of shares with the columns account, object and time, or posts that name what they pass on."
                    ),
                )
            )
        return Finding(
            "coordination",
            cannot_say(_("Cannot say from this data who acts together"), result.reason),
            None,
            "accounts",
            None,
            None,
            "cannot say",
            details,
            _("No comparison with chance could be made."),
            _("No range can be given."),
            (*answers, *_beside(result)),
            caveats,
            _("This is not evidence that nobody acts together."),
            (_("Cannot say"), _("who shared what when is not known well enough"), ""),
            0,
        )
    return _found(result, speech, details, caveats) if result.outcome == "groups" else _none(result, details, caveats)


def _found(result: Coordination, speech: Speech, details: dict[str, Any], caveats: tuple[str, ...]) -> Finding:
    pairs, accounts = int(result.pairs.value or 0), result.members.height
    largest = result.groups["accounts"][0]
    p = result.pairs.p_value
    confidence: Confidence = "high" if p is not None and p <= 0.01 and largest >= 3 else "medium"
    headline = _n(
        "{accounts} in {n:count} group shared {same} at the same moments more often than chance explains.",
        "{accounts} in {n:count} groups shared {same} at the same moments more often than chance explains.",
        result.groups.height,
        accounts=accounts_counted(accounts),
        same=_same(result),
    )
    return Finding(
        "coordination",
        headline,
        float(accounts),
        "accounts",
        None,
        p,
        confidence,
        details,
        _by_chance(result, pairs),
        _(
            "Of the pairs found, at most about one in twenty is expected to be there by chance in each of the two tests."
        ),
        (
            (_("How they act together"), _largest(result)),
            (_("Who they are"), _who(result, speech)),
            *_core(result),
            (_("What was looked at"), _looked_at(result)),
            *_other_times(result, pairs),
            *_beside(result),
        ),
        caveats,
        _not_said(),
        (
            count(accounts),
            _n(
                "account acts together with others beyond chance",
                "accounts act together with others beyond chance",
                accounts,
            ),
            ""
            if p is None
            else sentence(_("by chance {range} pairs instead of {n:count}", range=_null(result), n=pairs)),
        ),
        60 if confidence == "high" else 40,
    )


def _none(result: Coordination, details: dict[str, Any], caveats: tuple[str, ...]) -> Finding:
    return Finding(
        "coordination",
        _("No accounts were found that shared {same} at the same moments beyond chance.", same=_same(result)),
        0.0,
        "accounts",
        None,
        None,
        "low",
        details,
        _("No pair of accounts passed both tests against chance."),
        _("No range can be given."),
        (
            (_("What was looked at"), _looked_at(result)),
            *_other_times(result, 0),
            *_beside(result),
        ),
        caveats,
        _(
            "This does not say that nobody acts together: sharing that is prepared hours apart, or less than three times, does "
            "not show here."
        ),
        (
            _("None"),
            _("no accounts found that shared {same} at the same moments beyond chance", same=_same(result)),
            "",
        ),
        10,
    )


def _details(result: Coordination, speech: Speech) -> dict[str, Any]:
    """Return the plain values; accounts that may not be named are left out of them."""
    named = list(speech.names)
    edges = result.edges.filter(pl.col("account_a").is_in(named) & pl.col("account_b").is_in(named))
    return {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "outcome": result.outcome,
        "objects": result.objects,
        "n_shares": result.n_shares,
        "n_accounts": result.n_accounts,
        "n_objects": result.n_objects,
        "viral_objects": result.n_viral,
        "windows": list(result.windows),
        "pairs": result.pairs.to_dict(),
        "share_of_accounts": result.share_of_accounts.to_dict(),
        "pairs_sharing": result.n_sharing,
        "pairs_untestable": result.n_untestable,
        "pairs_timing_only": result.n_timing_only,
        "groups": result.groups,
        "named_members": result.members.filter(pl.col("account").is_in(named)).drop("x", "y"),
        "named_pairs": edges,
        "gaps": result.gaps,
        "comparison": result.comparison,
        "core_overlap": result.core_overlap.to_dict(),
        "warnings": list(result.warnings),
    }


def _same(result: Coordination) -> str:
    match result.objects:
        case "retweets":
            return _("the same posts")
        case "hashtags":
            return _("the same hashtags")
        case _:
            return _("the same links or other objects")


def _null(result: Coordination) -> str:
    low, high = result.pairs.null_interval or (0.0, 0.0)
    return spanned(count(low), count(high))


def _by_chance(result: Coordination, pairs: int) -> str:
    if result.pairs.null_interval is None or result.pairs.p_value is None:
        return _n(
            "{n:count} pair passes both tests, each held at 5 % false discoveries over all pairs; there were too many shares to "
            "deal their times out anew.",
            "{n:count} pairs pass both tests, each held at 5 % false discoveries over all pairs; there were too many shares to "
            "deal their times out anew.",
            pairs,
        )
    return _n(
        "{n:count} pair passes both tests; when the times of each object are dealt out anew among those who shared it, "
        "{range} do ({p:p}).",
        "{n:count} pairs pass both tests; when the times of each object are dealt out anew among those who shared it, "
        "{range} do ({p:p}).",
        pairs,
        range=_null(result),
        p=result.pairs.p_value,
    )


def _largest(result: Coordination) -> str:
    row = result.groups.row(0, named=True)
    return _n(
        "The largest group has {accounts}; they shared {n:count} object within a minute of one another, and each pair of "
        "them is beyond chance both in what it shared and in when.",
        "The largest group has {accounts}; they shared {n:count} objects within a minute of one another, and each pair that "
        "is joined is beyond chance both in what it shared and in when.",
        row["objects"],
        accounts=accounts_counted(row["accounts"]),
    )


def _who(result: Coordination, speech: Speech) -> str:
    named = [key for key in result.members["account"].to_list() if key in speech.names]
    if not named:
        return _("They are not among the accounts that this report names.")
    rest = result.members.height - len(named)
    if not rest:
        return _("They are {names}.", names=speech.list(named))
    return _n(
        "Among them are {names}; {n:count} other account is not named.",
        "Among them are {names}; {n:count} other accounts are not named.",
        rest,
        names=speech.list(named),
    )


def _core(result: Coordination) -> tuple[tuple[str, str], ...]:
    overlap = result.core_overlap
    if overlap.value is None or overlap.p_value is None or overlap.null_mean is None:
        return ()
    text = _n(
        "{n:count} of them is a member of a leading core; as many accounts drawn at random would hold {mean} ({p:p}).",
        "{n:count} of them are members of a leading core; as many accounts drawn at random would hold {mean} ({p:p}).",
        overlap.value,
        mean=decimal(overlap.null_mean),
        p=overlap.p_value,
    )
    return ((_("Ties to the leading core"), text),)


def _looked_at(result: Coordination) -> str:
    return _(
        "{shares:count} shares with a time; {accounts:count} accounts shared {objects:count} objects that at least one other "
        "account shared too. Two shares count as close within {seconds:count} seconds or less.",
        shares=result.n_shares,
        accounts=result.n_accounts,
        objects=result.n_objects,
        seconds=max(result.windows, default=60),
    )


def _other_times(result: Coordination, pairs: int) -> tuple[tuple[str, str], ...]:
    rest = result.n_sharing - pairs - result.n_untestable
    if rest <= 0:
        return ()
    text = _n(
        "{n:count} further pair shares more of {same} than chance gives, but not at the same moments: likeness of interest "
        "explains it as well.",
        "{n:count} further pairs share more of {same} than chance gives, but not at the same moments: likeness of interest "
        "explains it as well.",
        rest,
        same=_same(result),
    )
    return ((_("Alike, but not together"), text),)


def _beside(result: Coordination) -> tuple[tuple[str, str], ...]:
    """Say what could not be compared, and what a percentile cut would have kept."""
    answers: list[tuple[str, str]] = []
    if result.n_untestable and result.outcome != "not_testable":
        text = _n(
            "{n:count} pair shares the same objects closely in time, but hardly anyone else shared them: nothing to compare "
            "the timing with, so it is not counted.",
            "{n:count} pairs share the same objects closely in time, but hardly anyone else shared them: nothing to compare "
            "the timing with, so they are not counted.",
            result.n_untestable,
        )
        answers.append((_("Could not be compared"), text))
    if result.n_timing_only:
        text = _n(
            "{n:count} pair shares at the same moments beyond chance, but no more of the same objects than so active accounts "
            "share anyway; it is not counted.",
            "{n:count} pairs share at the same moments beyond chance, but no more of the same objects than so active accounts "
            "share anyway; they are not counted.",
            result.n_timing_only,
        )
        answers.append((_("Together, but not alike"), text))
    rule = result.comparison.filter(pl.col("rule") == "percentile") if result.comparison.height else result.comparison
    if rule.height:
        row = rule.row(0, named=True)
        if row["pairs_by_chance"] is not None:
            text = _(
                "A cut at the median weight within ten seconds, as other tools use it, keeps {pairs:count} pairs here, and "
                "{chance:count} when times are dealt out anew; {common:count} are also among those found. It is shown for "
                "comparison and is no finding.",
                pairs=row["pairs"],
                chance=row["pairs_by_chance"],
                common=row["pairs_in_common"],
            )
            answers.append((_("Beside it"), text))
    return tuple(answers)


def _not_said() -> str:
    return _(
        "Acting together is not inauthenticity: a team with a shared plan does, and so do accounts of one person, a newsroom, or "
        "people who are alerted by the same source. Nothing here says that an account is automated, paid or fake."
    )
