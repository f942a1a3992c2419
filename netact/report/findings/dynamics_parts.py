"""What dynamics says of cascades, of earlier activism and of groups through time: answers of its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import polars as pl

from netact.figures.text import sentence
from netact.language import _, _n
from netact.report.findings.finding import Speech, by_chance, span_words

if TYPE_CHECKING:
    from netact.results import Estimate
    from netact.results.cascades import Cascades
    from netact.results.earlier_activism import EarlierActivism
    from netact.results.faction_tracking import FactionTracking


def answers(
    cascades: Cascades | None, earlier: EarlierActivism | None, tracking: FactionTracking | None, speech: Speech
) -> list[tuple[str, str]]:
    """Return label and sentences of every part that was looked at; what is missing is said too."""
    made: list[tuple[str, str]] = []
    if tracking is not None:
        made += _tracking(tracking, speech)
    if earlier is not None:
        made.append((_("Met in earlier activism"), _earlier(earlier)))
    if cascades is not None and speech.words.directed:
        made.append((_("From whom posts were passed on"), _cascades(cascades)))
    return made


def details(
    cascades: Cascades | None, earlier: EarlierActivism | None, tracking: FactionTracking | None, speech: Speech
) -> dict[str, Any]:
    """Return the plain values of the parts for ``findings.json``; null where a part was not looked at."""
    return {
        "tracking": None if tracking is None else _tracking_details(tracking, speech),
        "earlier": None if earlier is None else _earlier_details(earlier, speech),
        "cascades": None if cascades is None else _cascades_details(cascades, speech),
    }


def caveats(
    cascades: Cascades | None, earlier: EarlierActivism | None, tracking: FactionTracking | None, speech: Speech
) -> tuple[str, ...]:
    """Return what to keep in mind about the parts that say something."""
    parts = (tracking, earlier, cascades if speech.words.directed else None)
    return tuple(sentence(text) for part in parts if part is not None and part.status == "ok" for text in part.warnings)


def only_named(table: pl.DataFrame, speech: Speech, *columns: str) -> pl.DataFrame:
    """Return a table without the keys of accounts that may not be named."""
    if not speech.names:
        return table
    keys = list(speech.names)
    return table.with_columns(pl.when(pl.col(name).is_in(keys)).then(name).alias(name) for name in columns)


def _cannot(reason: str) -> str:
    return sentence(_("Cannot say: {reason}", reason=reason))


# ---------------------------------------------------------------------- groups through time


def _tracking(result: FactionTracking, speech: Speech) -> list[tuple[str, str]]:
    label = _("Splits and mergers")
    if result.status != "ok":
        return [(label, sentence(result.reason))]
    made = [
        (label, " ".join(text for text in (_verdict(result), *_strongest(result, speech), _spurious(result)) if text))
    ]
    moved = result.leaders_moved
    if moved.value is not None and result.verdict != "undetermined":
        text = _(
            "{share:percent} of the steps of leaders from window to window led into another group other than by a split or a merger; of all accounts that could be followed it was {crowd:percent}.",
            share=moved.value,
            crowd=result.crowd_moved.value or 0.0,
        )
        made.append((_("Leaders between groups"), _with_chance(text, moved)))
    if result.core_halves:
        made.append((_("Is the core growing apart"), _core(result)))
    return made


def _with_chance(text: str, estimate: Estimate) -> str:
    if estimate.null_interval is None:
        return text
    against = by_chance(
        estimate,
        chance=lambda given: _("The same acts at other times give {given}", given=given),
        more=_("so they change groups more than that"),
        less=_("so they change groups less than that"),
    )
    return f"{text} {against}"


def _verdict(result: FactionTracking) -> str:
    split, merger = result.strongest_split.p_value, result.strongest_merger.p_value
    if split is None or merger is None or result.verdict == "undetermined":
        return _cannot(result.reason)
    match result.verdict:
        case "split":
            return _(
                "A group split and stayed apart beyond what the same acts at other times give ({p:p}).",
                p=split,
            )
        case "merger":
            return _(
                "Groups merged and stayed together beyond what the same acts at other times give ({p:p}).",
                p=merger,
            )
        case "split_and_merger":
            return _(
                "A group split and stayed apart, and groups merged and stayed together, beyond what the same acts at other times give (split: {split:p}; merger: {merger:p}).",
                split=split,
                merger=merger,
            )
        case "steady":
            return _(
                "No split or merger of groups lasts beyond what the same acts at other times give (split: {split:p}; merger: {merger:p}). A small or late one could be missed.",
                split=split,
                merger=merger,
            )
        case _:
            assert_never(result.verdict)


def _strongest(result: FactionTracking, speech: Speech) -> list[str]:
    told = {"split": ["split"], "merger": ["merge"], "split_and_merger": ["split", "merge"]}.get(result.verdict, [])
    made = []
    for event in told:
        found = result.events.filter(pl.col("event") == event).drop_nulls("strength")
        if not found.height:
            continue
        row = found.sort("strength", descending=True, maintain_order=True).row(0, named=True)
        values = {"before": row["across_before"], "after": row["across_after"]}
        made.append(
            _(
                "Of the interactions of its two parts {before:percent} went across before, and {after:percent} afterwards.",
                **values,
            )
            if event == "split"
            else _(
                "Of the interactions of the two {before:percent} went across before, and {after:percent} afterwards.",
                **values,
            )
        )
        with_it = result.leaders.filter(
            (pl.col("window") == row["window"]) & (pl.col("how") == event) & (pl.col("strand") == row["other"])
        )
        keys = [key for key in with_it["account"] if not speech.names or key in speech.names]
        if keys:
            made.append(
                _("Among those who went with it: {accounts}.", accounts=speech.list(keys, most=6))
                if event == "split"
                else _("Among those who came over: {accounts}.", accounts=speech.list(keys, most=6))
            )
    return made


def _spurious(result: FactionTracking) -> str:
    splits, mergers = result.splits, result.mergers
    if splits.value is None or mergers.value is None or splits.null_mean is None or mergers.null_mean is None:
        return ""
    return _(
        "Splits seen from window to window: {splits:count}, by chance {chance_splits:decimal1} on average; mergers: {mergers:count}, by chance {chance_mergers:decimal1}.",
        splits=splits.value,
        mergers=mergers.value,
        chance_splits=splits.null_mean,
        chance_mergers=mergers.null_mean,
    )


def _core(result: FactionTracking) -> str:
    change, lost = result.core_distance, result.core_lost_ties
    if change.value is None:
        return _cannot(change.reason or "")
    stays = result.core_stays
    text = (
        _(
            "Between the two halves of the core the E-I index changed by {value:decimal} from the earlier to the later windows (below 0: they turn away from one another).",
            value=change.value,
        )
        if stays is None
        else _(
            "Between the two halves of the core the E-I index is {value:decimal} in every window, so it is not drawn.",
            value=stays,
        )
    )
    parts = [
        text,
        by_chance(
            change,
            "decimal",
            chance=lambda given: _("The same acts at other times give {given}", given=given),
            more=_("so they moved closer"),
            less=_("so they moved apart"),
        )
        if change.null_interval is not None
        else "",
    ]
    if lost.value is not None:
        parts.append(
            _("{share:percent} of the pairs tied both ways earlier are so no more.", share=lost.value)
            if lost.null_interval is None
            else _(
                "{share:percent} of the pairs tied both ways earlier are so no more; the same acts at other times give {range}.",
                share=lost.value,
                range=span_words(*lost.null_interval, "percent"),
            )
        )
    return " ".join(part for part in parts if part)


def _tracking_details(result: FactionTracking, speech: Speech) -> dict[str, Any]:
    names = ("strongest_split", "strongest_merger", "splits", "mergers", "leaders_moved", "crowd_moved", "core_distance", "core_lost_ties")  # fmt: skip
    return {
        "status": result.status,
        "reason": result.reason,
        "verdict": result.verdict,
        "indices": {name: getattr(result, name).to_dict() for name in names},
        "windows": result.windows,
        "strands": only_named(result.strands, speech, "most_heard"),
        "events": result.events,
        "leaders": only_named(result.leaders, speech, "account"),
        "thresholds": result.thresholds,
        "core": result.core,
        "warnings": list(result.warnings),
    }


# ---------------------------------------------------------------------- earlier activism


def _earlier(result: EarlierActivism) -> str:
    if result.status != "ok" or result.mutual_ties.value is None or result.active.value is None:
        return sentence(result.reason)
    mutual, active = result.mutual_ties, result.active
    parts = [
        _n(
            "Of the {n:count} member of the core, {active:count} was active in earlier events, and {pairs:count} pairs were tied both ways.",
            "Of the {n:count} members of the core, {active:count} were active in earlier events, and {pairs:count} pairs were tied both ways.",
            result.members,
            active=active.value,
            pairs=mutual.value,
        )
    ]
    if mutual.null_interval is None or mutual.p_value is None or active.p_value is None:
        return f"{parts[0]} {_('No comparison with chance could be made.')}"
    given = span_words(*mutual.null_interval, "count")
    aged = result.matched_on != "activity"
    if mutual.p_value < 0.05:
        parts.append(
            _(
                "Accounts as active and as old give {range} such pairs ({p:p}), so members were tied before more than such accounts are.",
                range=given,
                p=mutual.p_value,
            )
            if aged
            else _(
                "Accounts as active give {range} such pairs ({p:p}), so members were tied before more than such accounts are.",
                range=given,
                p=mutual.p_value,
            )
        )
    else:
        parts.append(
            _(
                "Accounts as active and as old give {range} such pairs ({p:p}), so their activity and age alone could give this.",
                range=given,
                p=mutual.p_value,
            )
            if aged
            else _(
                "Accounts as active give {range} such pairs ({p:p}), so their activity alone could give this.",
                range=given,
                p=mutual.p_value,
            )
        )
    parts.append(
        _(
            "Having been active: comparable accounts give {value:decimal1} on average ({p:p}).",
            value=active.null_mean,
            p=active.p_value,
        )
    )
    parts.append(
        _(
            "That ties are old does not say that people met, or where; {share:percent} of the other accounts are in the earlier data.",
            share=result.covered,
        )
    )
    return " ".join(parts)


def _earlier_details(result: EarlierActivism, speech: Speech) -> dict[str, Any]:
    names = ("mutual_ties", "any_ties", "active", "active_unmatched")
    return {
        "status": result.status,
        "reason": result.reason,
        "members": result.members,
        "indices": {name: getattr(result, name).to_dict() for name in names},
        "by_event": result.by_event,
        "by_member": only_named(result.by_member, speech, "account"),
        "matched_on": result.matched_on,
        "rows": result.rows,
        "covered": result.covered,
        "warnings": list(result.warnings),
    }


# ---------------------------------------------------------------------- cascades


def _cascades(result: Cascades) -> str:
    if result.status != "ok":
        return sentence(result.reason)
    low, high = result.credit_range.interval or (1.0, 1.0)
    parts = [
        _(
            "If accounts passed posts on from those they follow, authors are credited with {range} of {acts:count} acts instead of all.",
            range=span_words(low, high, "percent"),
            acts=result.acts,
        )
    ]
    if result.top_overlap.interval is not None:
        parts.append(
            _(
                "The twenty accounts credited most overlap by {range} between rules of attribution (1: it makes no difference who is credited).",
                range=span_words(*result.top_overlap.interval, "decimal"),
            )
        )
    if result.virality.interval is not None:
        parts.append(
            _(
                "The mean distance of two accounts in a cascade is {range}, by the rule.",
                range=span_words(*result.virality.interval, "decimal"),
            )
        )
    parts.append(
        _(
            "{share:percent} of the acts follow nobody who had the post before. For {covered:percent} of those who passed on, at least one followed account is known.",
            share=result.unattributed.value or 0.0,
            covered=result.follow_coverage.value or 0.0,
        )
    )
    return " ".join(parts)


def _cascades_details(result: Cascades, speech: Speech) -> dict[str, Any]:
    names = ("unattributed", "follow_coverage", "credit_range", "top_overlap", "virality")
    return {
        "status": result.status,
        "reason": result.reason,
        "posts": result.posts,
        "acts": result.acts,
        "indices": {name: getattr(result, name).to_dict() for name in names},
        "rules": result.rules,
        "influence": only_named(result.influence, speech, "account"),
        "warnings": list(result.warnings),
    }
