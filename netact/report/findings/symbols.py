"""The finding of the question what shared signs hold a movement together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import polars as pl

from netact.figures.symbols import tag_name
from netact.figures.text import group_name, listed, person, sentence
from netact.language import _, _n, _p, count
from netact.report.findings.finding import (
    Confidence,
    Finding,
    Speech,
    by_chance,
    cannot_say,
    criteria_answers,
    criteria_rows,
    interval_words,
    why,
)
from netact.results import Symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PAIRS = 200
_MOST_NAMED = 5
# As in the measure: the most used hashtags for which crossing could be shown.
_WIDELY_USED = 10


def kept_signs(result: Symbols) -> pl.DataFrame:
    """Return the hashtags that cross every large group and are kept in use, the most used first."""
    if result.verdict != "shared":
        return result.symbols.clear()
    crossing = result.symbols.filter(pl.col("verdict") == "crossing")
    return crossing.filter(pl.col("kept").fill_null(value=False))


def finding(result: Symbols, speech: Speech) -> Finding:
    """Return what the result says."""
    kept = kept_signs(result)
    crossing = result.symbols.filter(pl.col("verdict") == "crossing")
    bound = result.symbols.filter(pl.col("verdict") == "bound")
    wide = result.symbols.filter(pl.col("testable").fill_null(value=False)).head(_WIDELY_USED)
    warnings = tuple(sentence(text) for text in result.warnings)
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": criteria_rows(result.criteria),
        "users": result.users,
        "uses": result.uses,
        "different": result.different,
        "queried": list(result.queried),
        # People who merely took part are not named: of first users only those that are named elsewhere too.
        "symbols": result.symbols.with_columns(
            first_adopter=pl.Series(
                [key if key in speech.names else None for key in result.symbols["first_adopter"].to_list()],
                dtype=pl.String,
            )
        ),
        "factions": result.factions,
        "by_faction": result.by_faction,
        "used_together": result.co_use.filter("tied").sort("npmi", descending=True, nulls_last=True).head(_MOST_PAIRS),
        "crossing": result.crossing.to_dict(),
        "bound": result.bound.to_dict(),
        "first_in_core": result.first_in_core.to_dict(),
        "retention": result.retention.to_dict(),
        "retention_days": result.retention_days,
        "warnings": list(result.warnings),
    }
    if result.status != "ok":
        return Finding(
            "symbols",
            cannot_say(_("Cannot say from this data which signs are shared"), result.reason),
            None,
            "hashtags",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*why(result.reason), *criteria_answers(result.criteria)),
            warnings,
            _("This is not evidence that nothing is shared: there is too little data to tell."),
            (_("Cannot say"), _("no hashtags to compare"), ""),
            0,
        )
    confidence, p, weight = _confidence(result, kept, wide)
    value: float | None = None
    match result.verdict:
        case "shared":
            value = float(kept.height)
            headline = _n(
                "{n:count} hashtag is used in every large group and kept in use: {hashtags}, by {share:percent} of the accounts that use "
                "hashtags.",
                "{n:count} hashtags are used in every large group and kept in use: {hashtags}; the first by {share:percent} of the accounts "
                "that use hashtags.",
                kept.height,
                hashtags=_tags(kept["symbol"].to_list(), most=3),
                share=kept["share_of_users"][0],
            )
        case "bound":
            value = 0.0
            headline = _n(
                "Signs keep to their groups: of {n:count} widely used hashtag {bound:count} is bound to some groups, and it was not "
                "shown to cross them all.",
                "Signs keep to their groups: of {n:count} widely used hashtags {bound:count} are bound to some groups, and none was "
                "shown to cross them all.",
                wide.height,
                bound=wide.filter(pl.col("verdict") == "bound").height,
            )
        case "undetermined":
            headline = _undetermined(crossing)
        case "cannot_say":
            headline = cannot_say(
                _("Cannot say from this data whether signs cross the groups"),
                result.crossing.reason or result.reason,
            )
        case _:
            assert_never(result.verdict)
    answers = (
        *(
            [(_("Why it cannot be said"), sentence(result.reason))]
            if result.verdict in ("cannot_say", "undetermined")
            else []
        ),
        *_answers(result, speech, crossing, bound),
        *criteria_answers(result.criteria),
    )
    return Finding(
        "symbols",
        headline,
        value,
        "hashtags",
        None,
        p,
        confidence,
        details,
        _comparison(result, bound),
        _range(result, kept if kept.height else crossing),
        answers,
        (*_caveats(result), *warnings),
        _not_said(result),
        _card(result, kept, bound, wide),
        weight,
    )


def _confidence(result: Symbols, kept: pl.DataFrame, wide: pl.DataFrame) -> tuple[Confidence, float | None, int]:
    """Return how sure the headline is, its p-value, and how much it has to tell."""
    if result.verdict == "shared":
        p = min(kept["q_crossing"].drop_nulls().to_list(), default=None)
        clear = p is not None and p <= 0.01 and kept.height >= 3 and not result.queried
        return ("high" if clear else "low" if result.queried else "medium"), p, 30
    if result.verdict == "bound":
        known = wide.filter(pl.col("verdict") == "bound")
        p = max(known["q_value"].drop_nulls().to_list(), default=None)
        clear = wide.height >= 4 and 4 * known.height >= 3 * wide.height and not result.queried
        return ("high" if clear else "low" if result.queried else "medium"), p, 30
    return "cannot say", None, 5


def _undetermined(crossing: pl.DataFrame) -> str:
    if crossing.height:
        return _n(
            "Cannot say from this data whether signs are shared for long: {n:count} hashtag crosses the groups, but it was not shown "
            "to be kept in use.",
            "Cannot say from this data whether signs are shared for long: {n:count} hashtags cross the groups, but none was shown "
            "to be kept in use.",
            crossing.height,
        )
    return _(
        "Cannot say from this data whether signs cross the groups: none was shown to, and few were shown to be bound to one."
    )


def _tags(tags: Sequence[str], *, most: int = _MOST_NAMED) -> str:
    return listed([person(tag_name(tag)) for tag in tags], most=most)


# ---------------------------------------------------------------------- comparison, range


def _comparison(result: Symbols, bound: pl.DataFrame) -> str:
    if result.crossing.value is None or not result.by_faction.height:
        return _("No comparison with chance could be made.")
    if result.verdict == "bound" and bound.height:
        first = bound.row(0, named=True)
        return _(
            "{hashtag} is spread over the groups by {spread:decimal} (1 is as all accounts are); groups dealt out at random among "
            "the accounts give {chance:decimal}, so this is more than chance explains.",
            hashtag=person(tag_name(first["symbol"])),
            spread=first["spread"],
            chance=first["spread_by_chance"],
        )
    return _(
        "Groups were dealt out at random among the accounts that use hashtags; hashtags bound to some groups beyond that: "
        "{bound:count}. To cross, a hashtag has to be used in every large group by more than half of what chance would give, beyond doubt.",
        bound=bound.height,
    )


def _range(result: Symbols, signs: pl.DataFrame) -> str:
    known = signs.drop_nulls("retention")
    if not known.height:
        met = interval_words(result.retention)
        if not met:
            return _("No range can be given.")
        return _(
            "{range} of all first uses were repeated {days:decimal0} days later or more (95 % range).",
            range=met,
            days=result.retention_days,
        )
    first = known.row(0, named=True)
    return _(
        "{share:percent} of the users of {hashtag} used it again {days:decimal0} days later or more (95 % range {low:percent} to "
        "{high:percent}).",
        share=first["retention"],
        hashtag=person(tag_name(first["symbol"])),
        days=result.retention_days,
        low=first["retention_low"],
        high=first["retention_high"],
    )


# ---------------------------------------------------------------------- answers


def _answers(result: Symbols, speech: Speech, crossing: pl.DataFrame, bound: pl.DataFrame) -> list[tuple[str, str]]:
    answers = [
        (
            _("What was read"),
            _(
                "{users:count} accounts used {different:count} different hashtags; most accounts used {hashtags}.",
                users=result.users,
                different=result.different,
                hashtags=_tags(result.symbols["symbol"].head(_MOST_NAMED).to_list()),
            ),
        )
    ]
    if crossing.height:
        text = _n(
            "{n:count} hashtag is used in every large group: {hashtags}.",
            "{n:count} hashtags are used in every large group: {hashtags}.",
            crossing.height,
            hashtags=_tags(crossing["symbol"].to_list()),
        )
        answers.append((_("Signs that cross"), text))
    if bound.height:
        answers.append((_("Signs of some groups"), _bound(result, bound)))
    answers.append((_("Signs used together"), _together(result)))
    answers.append((_("Who used them first"), _first(result, speech)))
    answers.append((_("Whether they stay"), _stay(result)))
    return answers


def _bound(result: Symbols, bound: pl.DataFrame) -> str:
    names = dict(result.factions.select("faction", "name").iter_rows())
    most = result.by_faction.drop_nulls("lift").sort(["lift", "faction"], descending=[True, False])
    said = []
    for tag in bound["symbol"].head(_MOST_NAMED).to_list():
        rows = most.filter(pl.col("symbol") == tag)
        if rows.height:
            said.append(
                _(
                    "{hashtag} (mostly {group})",
                    hashtag=person(tag_name(tag)),
                    group=person(group_name(names[rows["faction"][0]])),
                )
            )
        else:
            said.append(person(tag_name(tag)))
    more = [person(tag_name(tag)) for tag in bound["symbol"].to_list()[_MOST_NAMED:]]
    return _n(
        "{n:count} hashtag is bound to some groups: {hashtags}.",
        "{n:count} hashtags are bound to some groups: {hashtags}.",
        bound.height,
        hashtags=listed([*said, *more], most=_MOST_NAMED),
    )


def _together(result: Symbols) -> str:
    tied = result.co_use.filter("tied").height
    if not tied:
        return _(
            "No two hashtags were shown to be used by the same accounts more than by chance and by how many hashtags each account uses."
        )
    text = _n(
        "{n:count} pair is used by the same accounts more than by chance, also given how many hashtags each account uses.",
        "{n:count} pairs are used by the same accounts more than by chance, also given how many hashtags each account uses.",
        tied,
    )
    grouped = result.symbols.drop_nulls("group")
    sets = grouped["group"].unique().sort().to_list()
    first = grouped.filter(pl.col("group") == sets[0])["symbol"].to_list()
    more = _n(
        "They form {n:count} set; it is {hashtags}.",
        "They form {n:count} sets; the largest is {hashtags}.",
        len(sets),
        hashtags=_tags(first),
    )
    return f"{text} {more}"


def _first(result: Symbols, speech: Speech) -> str:
    share = result.first_in_core
    if share.value is None:
        return cannot_say(_("Cannot be told"), share.reason or result.reason)
    text = _(
        "Of the hashtags that came up during the collection {share:percent} were used first by an account of the core.",
        share=share.value,
    )
    against = by_chance(share, chance=lambda given: _("Times dealt out at random give {given}", given=given))
    known = result.symbols.drop_nulls("first_adopter").filter(pl.col("first_adopter").is_in(list(speech.names)))
    said = [
        _(
            "{hashtag} was first used by {account}.",
            hashtag=person(tag_name(row["symbol"])),
            account=speech.name(row["first_adopter"]),
        )
        for row in known.head(3).iter_rows(named=True)
    ]
    return " ".join([text, against, *said])


def _stay(result: Symbols) -> str:
    kept = result.retention
    if kept.value is None:
        return cannot_say(_("Cannot be told"), kept.reason or result.reason)
    text = _(
        "{share:percent} of first uses were repeated by the same account {days:decimal0} days later or more.",
        share=kept.value,
        days=result.retention_days,
    )
    apart = result.symbols.filter(pl.col("retention_q") < 0.05)
    longer = apart.filter(pl.col("retention") > pl.col("retention_by_chance"))["symbol"].to_list()
    shorter = apart.filter(pl.col("retention") < pl.col("retention_by_chance"))["symbol"].to_list()
    said = [text]
    if longer:
        said.append(
            _("These stay more than the same accounts' other hashtags: {hashtags}.", hashtags=_tags(longer)),
        )
    if shorter:
        said.append(_("These stay less than the same accounts' other hashtags: {hashtags}.", hashtags=_tags(shorter)))
    if not apart.height:
        said.append(_("No hashtag stays more or less than the same accounts' other hashtags, beyond chance."))
    return " ".join(said)


def _caveats(result: Symbols) -> list[str]:
    caveats = [
        _("Only hashtags are looked at. Pictures, songs and words can be shared signs too."),
        _("Nothing is said of hashtags that fewer than five accounts use."),
    ]
    if result.retention.value is not None:
        caveats.append(
            _(
                "Whoever used a hashtag early had more time to use it again; uses before and after the data are not seen."
            )
        )
    return caveats


def _not_said(result: Symbols) -> str:
    if result.verdict == "bound":
        return _(
            "Hashtags that keep to a group may be its topics or its language rather than its colours: this does not say that the groups "
            "are opposed."
        )
    return _(
        "To use the same hashtag is not to mean the same by it: it may be used in mockery, to be found, or against those who made it. "
        "This does not show a common identity."
    )


def _card(result: Symbols, kept: pl.DataFrame, bound: pl.DataFrame, wide: pl.DataFrame) -> tuple[str, str, str]:
    short = _n("{n:count} hashtag bound to groups", "{n:count} hashtags bound to groups", bound.height)
    match result.verdict:
        case "shared":
            under = _n(
                "hashtag crosses all large groups and stays", "hashtags cross all large groups and stay", kept.height
            )
            return count(kept.height), under, sentence(short)
        case "bound":
            under = _n(
                "of {n:count} widely used hashtag was shown to cross the groups",
                "of {n:count} widely used hashtags were shown to cross the groups",
                wide.height,
            )
            return _p("how many hashtags", "None"), under, sentence(short)
        case "undetermined":
            return _("Cannot say"), _("no hashtag both crosses the groups and stays, beyond doubt"), sentence(short)
        case "cannot_say":
            return _("Cannot say"), _("no groups to cross, or too few users"), ""
        case _:
            assert_never(result.verdict)
