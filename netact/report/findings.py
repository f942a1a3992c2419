"""From results to sentences: one finding a question, for every outcome, verdict and status.

Wording rules. A number, what chance would give, a range, a caveat, and what the finding does not say. Accounts *drew*
attention, *were passed on by* others, *sit near the top*; from structure alone nobody is said to control, lead or
coordinate anything, and no account is called automated. An account core is not a team of people. "Structurally divided" is not
"factionalised". Names in sentences stand between isolation marks (:mod:`netact.figures.text`).

Confidence thresholds (of the headline as it is worded):

============  =======================================================================================================
question      rule
============  =======================================================================================================
leading core  a core: *high* if it passes the bound over all sets searched (tier ``strong``) and subsamples overlap with
              it by 0.8 or more on average; *medium* if by 0.5 or more; else *low*. One dominant account, or a set
              larger than a team: *high* if p <= 0.01 (or a share of at least half of all attention), else *medium*.
              No core: *high* if a planted core of eight would have been found with probability 0.8, *medium* with 0.5,
              else *low*. Not leading, or explained by its group: *medium*. Not testable or too few data: *cannot say*.
super users   *high* if the table covers 80 % of attention and the loss exceeds chance at p <= 0.05; *medium* if it covers
              half; else *low*. Without a table: *cannot say*.
hierarchy     *high* if a verdict is reached and every criterion was decided, *medium* if a verdict is reached;
              undetermined: *low* if the concentration lies outside what imitation gives, else *cannot say*.
factions      *high* if runs agree (adjusted Rand index 0.9) and modularity exceeds chance at p <= 0.01; *medium* at 0.8
              and 0.05; else *low*. Unstable or undetermined: *cannot say*. No division: *medium* if runs agree at 0.8, else *low*.
============  =======================================================================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, assert_never

import polars as pl

from netact.figures.text import (
    Words,
    counted,
    in_words,
    listed,
    p_words,
    percent_range,
    person,
    quoted,
    unmarked,
    words_for,
)
from netact.language import count, decimal, percent
from netact.results import Estimate, Factions, Hierarchy, LeadingCore, SuperUsers
from netact.study import core_power

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netact.results import Core, Criterion, Result

Confidence = Literal["high", "medium", "low", "cannot say"]

QUESTIONS = {
    "leading_core": "Is there a small team at the centre?",
    "super_users": "Who holds the keys?",
    "hierarchy": "How steep is the order?",
    "factions": "Where does it split?",
}


@dataclass(frozen=True)
class Finding:
    """What one result says, in sentences.

    Attributes
    ----------
    question, headline, value, unit, interval, p_value, confidence, details
        As in ``findings.json``.
    comparison
        What chance, or a rival explanation, would give.
    range
        How far the number could be off.
    answers
        Label and sentences: who drives, who acts together, what is missing, and the like.
    caveats
        What to keep in mind.
    not_said
        What this finding does not say.
    card
        On the first screen: the value, the words under it, and range and comparison in a few words.
    """

    question: str
    headline: str
    value: float | None
    unit: str
    interval: tuple[float, float] | None
    p_value: float | None
    confidence: Confidence
    details: dict[str, Any]
    comparison: str
    range: str
    answers: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()
    not_said: str = ""
    card: tuple[str, str, str] = ("", "", "")
    weight: int = 0  # how much it has to tell: the overall finding is the heaviest

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values, its sentences among the details."""
        sentences = {
            "comparison": unmarked(self.comparison),
            "range": unmarked(self.range),
            "answers": {label: unmarked(text) for label, text in self.answers},
            "caveats": [unmarked(text) for text in self.caveats],
            "not_said": unmarked(self.not_said),
        }
        values: dict[str, Any] = plain_values(
            {
                "question": self.question,
                "headline": unmarked(self.headline),
                "value": self.value,
                "unit": self.unit,
                "interval": self.interval,
                "p_value": self.p_value,
                "confidence": self.confidence,
                "details": {**self.details, "sentences": sentences},
            }
        )
        return values


@dataclass(frozen=True)
class _Speech:
    """What sentences need beside the result: names of accounts and words for ties."""

    words: Words
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        return quoted(self.names.get(key, key))

    def list(self, keys: Sequence[str], *, most: int = 12) -> str:
        return listed([self.name(key) for key in keys], most=most)


# Share of accounts that the two largest groups hold where a division is said to have two sides.
TWO_SIDES = 0.8


def describe(result: Result, *, names: Mapping[str, str] | None = None, directed: bool = True) -> Finding:
    """Return the finding of one result.

    Parameters
    ----------
    result
        Of any measure, in any outcome, verdict or status.
    names
        Account key -> the name to print; keys without a name are printed as they are.
    directed
        Whether ties have a direction; without one nothing is said of who gave attention to whom.
    """
    speech = _Speech(words_for(result.kind, directed=directed), names or {})
    match result:
        case LeadingCore():
            return _leading_core(result, speech)
        case SuperUsers():
            return _super_users(result)
        case Hierarchy():
            return _hierarchy(result, speech)
        case Factions():
            return _factions(result, speech)
        case _:
            assert_never(result)


def overall(findings: Sequence[Finding]) -> Finding:
    """Return the finding that opens the report: the one that says most, among equals the first."""
    return max(findings, key=lambda finding: finding.weight)


def plain_values(value: Any) -> Any:
    """Return plain JSON values: frames as lists of rows, numbers that are not finite as null."""
    if isinstance(value, pl.DataFrame):
        return [plain_values(row) for row in value.iter_rows(named=True)]
    if isinstance(value, dict):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


# ---------------------------------------------------------------------- shared clauses


def _sentence(text: str) -> str:
    """Close a text as a sentence: first letter large, one full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _by_chance(
    estimate: Estimate,
    kind: str = "percent",
    *,
    chance: str,
    more: str = "so this is more than chance explains",
    less: str = "so this is less than chance gives",
) -> str:
    """Compare an estimate with its null: what chance gives, and on which side of it the number lies."""
    if estimate.value is None or estimate.null_interval is None:
        return "No comparison with chance could be made."
    low, high = estimate.null_interval
    given = percent_range(low, high) if kind == "percent" else _span(low, high, kind)
    side = more if estimate.value > high else less if estimate.value < low else "so chance alone could give this"
    return f"{chance} {given}, {side}."


def _short(estimate: Estimate, kind: str = "percent") -> str:
    """Say range and chance in as few words as fit on a card."""
    parts = []
    if estimate.interval is not None:
        parts.append(f"95 % range {_interval(estimate, kind)}")
    if estimate.null_interval is not None:
        low, high = estimate.null_interval
        parts.append(f"by chance {percent_range(low, high) if kind == 'percent' else _span(low, high, kind)}")
    return _sentence("; ".join(parts))


def _span(low: float, high: float, kind: str) -> str:
    first, last = (count(low), count(high)) if kind == "count" else (decimal(low), decimal(high))
    return first if first == last else f"{first} to {last}"


def _interval(estimate: Estimate, kind: str = "percent") -> str:
    if estimate.interval is None:
        return ""
    low, high = estimate.interval
    return percent_range(low, high) if kind == "percent" else _span(low, high, kind)


def _cannot_say(what: str, reason: str) -> str:
    reason = reason.split(":")[0].split(";")[0].strip().rstrip(".")  # the whole of it stands below the headline
    reason = reason[0].lower() + reason[1:] if reason[1:2].islower() else reason
    return _sentence(f"Cannot say from this data {what}" + (f": {reason}" if reason else ""))


def _why(reason: str) -> tuple[tuple[str, str], ...]:
    return (("Why it cannot be said", _sentence(reason)),) if reason else ()


def _criteria(criteria: Sequence[Criterion]) -> tuple[tuple[str, str], ...]:
    answer = {True: "met", False: "not met", None: "cannot be told"}
    return tuple(
        (f"{item.name[:1].upper()}{item.name[1:]}: {answer[item.met]}", _sentence(item.evidence)) for item in criteria
    )


def _criteria_rows(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    return [{"name": item.name, "met": item.met, "evidence": item.evidence} for item in criteria]


# ---------------------------------------------------------------------- leading core


def _core_dict(core: Core) -> dict[str, Any]:
    return {
        "members": list(core.members),
        "size": core.size,
        "share_of_attention": core.share_of_attention,
        "cohesion": core.cohesion,
        "p_value": core.p_value,
        "stability": dict(core.stability),
        "expected_cohesion": core.expected_cohesion,
        "p_bound": core.p_bound,
        "p_tail": core.p_tail,
        "tier": core.tier,
        "score": core.score,
        "reach": core.reach,
        "lift": core.lift,
        "efficiency": core.efficiency,
        "mean_overlap": core.mean_overlap,
        "leads": core.leads,
    }


def _power_sentence(power: pl.DataFrame) -> str:
    known = power.drop_nulls("power")
    if not known.height:
        return "How likely a core would have been found in data of this size is not known."
    near = known.sort((pl.col("size") - 8).abs() + 10 * (pl.col("tie_probability") - 0.6).abs(), maintain_order=True)
    row = near.row(0, named=True)
    return (
        f"In data of this size a planted team of {row['size']} accounts with {percent(row['tie_probability'])} of the "
        f"possible ties among them would be found in {percent(row['power'])} of trials."
    )


def _who_drives(result: LeadingCore, speech: _Speech) -> str:
    words = speech.words
    sentences: list[str] = []
    for row in result.drivers.filter(pl.col("unit") == "attention").sort("share").iter_rows(named=True):
        if row["accounts"] is None:
            continue
        text = f"{counted(row['accounts'], 'account')} {words.drew} {_share_words(row['share'])} of all {words.ties}"
        if row["low"] is not None and row["high"] is not None and round(row["low"]) < round(row["high"]):
            text += f" (95 % range {_span(row['low'], row['high'], 'count')})"
        if row["null_low"] is not None and row["null_high"] is not None:
            text += f"; if attention only followed attention it would take {_span(row['null_low'], row['null_high'], 'count')}"
        sentences.append(_sentence(text))
    reach = result.drivers.filter((pl.col("unit") == "reach") & pl.col("accounts").is_not_null()).sort("share")
    if reach.height and words.directed:
        row = reach.row(0, named=True)
        sentences.append(
            _sentence(
                f"{counted(row['accounts'], 'account')}{' together' if row['accounts'] > 1 else ''} reached "
                f"{_share_words(row['share'])} of the accounts that gave any attention"
            )
        )
    pool = result.pool.sort("share_of_attention", descending=True, maintain_order=True)["account"].to_list()
    top = list(dict.fromkeys([*([result.hub] if result.hub else []), *pool]))[:5]
    if top:
        sentences.append(_sentence(f"{'Most heard' if words.directed else 'Best connected'}: {speech.list(top)}"))
    return " ".join(sentences) or "This data does not tell who drew most attention."


def _share_words(share: float) -> str:
    return in_words(share) or percent(share)


def _together(core: Core, speech: _Speech) -> str:
    firm = [member for member in core.members if core.stability.get(member, 0.0) >= 0.8]
    text = _sentence(f"{speech.list(core.members, most=20)}")
    ties = _sentence(
        f"{percent(core.cohesion)} of the possible ties among these {count(core.size)} exist; chance would give "
        f"{percent(core.expected_cohesion)}"
    )
    if not core.stability:
        return f"{text} {ties}"
    steady = _sentence(f"{counted(len(firm), 'of them is', 'of them are')} found again in at least 80 % of subsamples")
    return f"{text} {ties} {steady}"


def _core_evidence(core: Core) -> str:
    if core.tier == "strong":
        text = "Even counting every set of accounts that was looked at, so tight a set would be found by chance "
        return text + (f"{p_words(core.p_bound)}." if core.p_bound < 1 else "seldom.")
    if core.p_value is None:
        return "How often chance gives so tight a set was not computed."
    return f"In networks drawn by chance, a set this tightly tied turns up {p_words(core.p_value)}."


def _core_range(core: Core) -> str:
    if core.mean_overlap is None:
        return "How steady the membership is was not computed."
    firm = sum(value >= 0.8 for value in core.stability.values())
    return (
        f"When a fifth of the data is left out at random, the group found again overlaps with this one by "
        f"{percent(core.mean_overlap)} on average; {count(firm)} of {counted(core.size, 'member')} "
        f"{'is' if firm == 1 else 'are'} in it at least four times of five."
    )


_TEAM_IS_NOT_PEOPLE = (
    "The unit is accounts, not people: one team may run a single account, and one person may run several. Ties show who "
    "passes on whom, not who decides."
)


def _core_short(core: Core) -> str:
    text = f"{percent(core.cohesion)} of possible ties among them; by chance {percent(core.expected_cohesion)}"
    if core.mean_overlap is not None:
        text += f"; {percent(core.mean_overlap)} the same in subsamples"
    return _sentence(text)


def _short_power(power: pl.DataFrame) -> str:
    chance = core_power(power)
    return "" if chance is None else f"A team of eight would have been found in {percent(chance)} of trials."


def _lower_first(sentence: str) -> str:
    """Return a sentence to stand behind a colon."""
    return sentence[:1].lower() + sentence[1:]


def _core_confidence(core: Core) -> Confidence:
    overlap = core.mean_overlap or 0.0
    if core.tier == "strong" and overlap >= 0.8:
        return "high"
    return "medium" if core.tier in ("strong", "calibrated") and overlap >= 0.5 else "low"


def _tied(words: Words) -> str:
    if not words.directed:
        return "closely connected with one another"
    return {"follow": "that follow one another", "retweet": "that retweet one another"}.get(
        words.tie, f"tied to one another by {words.ties}"
    )


def _leading_core(result: LeadingCore, speech: _Speech) -> Finding:
    words = speech.words
    ties, drew = words.ties, words.drew
    best = result.cores[0] if result.cores else result.candidate
    main = best or result.elite
    value: float | None = None
    unit = "share of attention"
    p_value: float | None = None
    confidence: Confidence = "cannot say"
    comparison = range_ = ""
    not_said = (
        _TEAM_IS_NOT_PEOPLE
        if words.directed
        else _TEAM_IS_NOT_PEOPLE.replace("passes on whom", "is connected with whom")
    )
    card: tuple[str, str, str] = ("", "", "")
    weight = 0
    caveats: list[str] = []
    together = "No group of accounts tied to one another beyond chance was found."
    match result.outcome:
        case "core" | "core_within_elite":
            core = result.cores[0]
            value, p_value, confidence = core.share_of_attention, core.p_value, _core_confidence(core)
            inside = ""
            if result.outcome == "core_within_elite" and result.elite is not None:
                inside = f"Inside a wider circle of {count(result.elite.size)} accounts, a"
            headline = (
                f"{inside or 'A'} core of {count(core.size)} accounts {_tied(words)} {drew} "
                f"{percent(core.share_of_attention)} of all {ties}."
            )
            comparison, range_ = _core_evidence(core), _core_range(core)
            together = _together(core, speech)
            card = (
                percent(core.share_of_attention),
                f"of all {ties}: a core of {count(core.size)} accounts",
                _core_short(core),
            )
            weight = 100 if core.leads or result.outcome == "core" else 80
        case "rival_cores":
            core = result.cores[0]
            # What is said of all cores must hold of the least certain one.
            weakest = max(result.cores, key=lambda item: (item.tier != "strong", -item.score))
            value, p_value = core.share_of_attention, weakest.p_value
            confidence = min(
                (_core_confidence(item) for item in result.cores), key=("cannot say", "low", "medium", "high").index
            )
            sizes = listed([count(item.size) for item in result.cores])
            shares = listed([percent(item.share_of_attention) for item in result.cores])
            headline = (
                f"{_number_word(len(result.cores))} separate cores of {sizes} accounts {drew} {shares} of all {ties}."
            )
            number = result.cores.index(weakest) + 1
            comparison = f"For the least certain of them, core {number}: {_lower_first(_core_evidence(weakest))}"
            range_ = f"For core {number}: {_lower_first(_core_range(weakest))}"
            together = " ".join(
                f"Core {number}: {_together(item, speech)}" for number, item in enumerate(result.cores, start=1)
            )
            card = (
                shares,
                f"of all {ties}: {count(len(result.cores))} cores of {sizes} accounts",
                f"The least certain: {_lower_first(_core_short(weakest))}",
            )
            weight = 100
        case "elite_larger_than_team":
            elite = result.elite or main
            size = elite.size if elite else 0
            value, p_value = (elite.share_of_attention, elite.p_value) if elite else (None, None)
            confidence = "high" if elite and _is_small(elite) else "medium"
            share = f" and {drew} {percent(elite.share_of_attention)} of all {ties}" if elite else ""
            headline = (
                f"{count(size)} accounts at the centre hang together{share}: a wide circle, larger than a small team."
            )
            comparison = _core_evidence(elite) if elite else "No comparison with chance could be made."
            range_ = _core_range(elite) if elite else "No range could be computed."
            together = _together(elite, speech) if elite else together
            if result.candidate is not None:
                caveats.append(
                    f"Inside this circle the tightest set of at most 20 is {speech.list(result.candidate.members, most=20)}, "
                    f"{_candidate_p(result.candidate)}, which is not evidence of a team."
                )
            card = (count(size), "accounts in a circle larger than a team", _core_short(elite) if elite else "")
            weight = 80
        case "single_hub":
            value, p_value = result.attention_of_top.value, result.attention_of_top.p_value
            hub = speech.name(result.hub) if result.hub else "one account"
            share = percent(value) if value is not None else "most"
            confidence = "high" if value is not None and value >= 0.5 else "medium"
            called = hub.replace("account ", "number ", 1) if result.hub else ""
            headline = f"One account{', ' + called + ',' if called else ''} {drew} {share} of all {ties}."
            comparison = _by_chance(
                result.attention_of_top, chance="If attention only followed attention, the largest account would have"
            )
            range_ = _interval_sentence(result.attention_of_top)
            often = result.amplified_by_hub.filter(pl.col("ties") > 1).head(5)["account"].to_list()
            together = ""
            if often and words.directed:
                together = f"The accounts that {hub} itself {words.gave} most are {speech.list(often)}. "
            if result.candidate is not None:
                together += f"Leaving {hub} out: {_candidate_sentence(result.candidate, speech)}"
            together = together.strip() or "Apart from this account no closely tied group was found."
            not_said = (
                "This does not say that one person decides: a whole team may sit behind one account, and only a list of "
                "who has its password would show it."
            )
            card = (share, f"of all {ties}: one account", _short(result.attention_of_top))
            weight = 90
        case "cohesive_not_leading":
            confidence = "medium"
            group = main
            value, p_value = (group.share_of_attention, group.p_value) if group else (None, None)
            size_words = count(group.size) if group else "Some"
            share = percent(group.share_of_attention) if group else "little"
            headline = (
                f"{size_words} accounts are tied closely to one another, but the others give them only {share} of all {ties}."
                if words.directed
                else f"{size_words} accounts are tied closely to one another; {share} of all {ties} link them with the others."
            )
            comparison = _core_evidence(group) if group else "No comparison with chance could be made."
            range_ = _core_range(group) if group else "No range could be computed."
            together = _together(group, speech) if group else together
            if group:
                comparison += (
                    f" Counting only what comes from outside the set, a member has {decimal(group.lift, 1)} times the "
                    f"{ties} of an average account, so the set does not stand out by attention."
                )
            card = (
                size_words,
                f"accounts in a close group; {share} of all {ties} come from outside it",
                _core_short(group) if group else "",
            )
            weight = 58 if group and _is_small(group) else 40
        case "niche_not_core":
            confidence = "medium"
            value, p_value = (main.share_of_attention, main.p_value) if main else (None, None)
            size_words = count(main.size) if main else "Some"
            headline = f"{size_words} accounts are tied closely to one another, but no more than members of their group usually are."
            comparison = "Against the whole network the set stands out; against its own group it does not."
            range_ = _core_range(main) if main else "No range could be computed."
            together = _candidate_sentence(main, speech) if main else together
            card = ("None", "no core beyond what shared groups explain", "")
            weight = 30
        case "no_core":
            power = core_power(result.power)
            confidence = "low" if power is None or power < 0.5 else "high" if power >= 0.8 else "medium"
            p_value = result.candidate.p_value if result.candidate else None
            headline = (
                f"No small team was found: the {words.most} accounts tie to one another no more than chance explains."
            )
            comparison = _candidate_comparison(result.candidate)
            range_ = _power_sentence(result.power)
            if result.candidate is not None:
                together = _candidate_sentence(result.candidate, speech)
            not_said = (
                "This does not say that nobody plans together: a team that does so elsewhere, in a chat or behind one "
                "account, leaves no trace in these ties."
            )
            card = ("None", "no small team found beyond chance", _short_power(result.power))
            weight = 35
        case "not_testable":
            headline = _cannot_say("whether a small team stands at the centre", result.reason)
            comparison = (
                "No set of at most 20 accounts could have stood out from chance here, even if all were tied to all."
                if result.smallest_testable is None
                else "Popularity alone makes ties among the most heard so likely here that no set could stand out."
            )
            range_ = _power_sentence(result.power)
            if result.candidate is not None:
                together = _candidate_sentence(result.candidate, speech)
            not_said = "This is not evidence that there is no team: the data cannot show one either way."
            card = ("Cannot say", "this data could not show a team", "")
        case "insufficient_data":
            headline = _cannot_say("whether a small team stands at the centre", result.reason)
            comparison = "Too little data for a comparison with chance."
            range_ = "Too little data for a range."
            together = "Too little data to tell."
            not_said = "This is not evidence that there is no team: there is too little data to look for one."
            card = ("Cannot say", "too little data", "")
        case _:
            assert_never(result.outcome)
    answers = [("Who drives", _who_drives(result, speech)), ("Who acts together", together)]
    if confidence == "cannot say" and result.reason:
        answers.insert(0, ("Why it cannot be said", _sentence(result.reason)))
    if result.relations.height:
        answers.append(("How the cores relate", _relations(result.relations)))
    if result.associates.height:
        named = result.associates["account"].unique(maintain_order=True).to_list()
        answers.append(
            (
                "Close to the core",
                _sentence(f"Outside the most-heard accounts, {speech.list(named, most=8)} tie to it beyond chance"),
            )
        )
    wanted = [item.rstrip(".") for item in result.missing]
    if not words.directed:
        wanted = [item.replace(f" beside {result.kind}", "") for item in wanted]
    missing = listed(wanted) if wanted else ""
    answers.append(
        (
            "What would settle more",
            _sentence(missing) if missing else "Evidence beyond ties, such as interviews or documents.",
        )
    )
    caveats += [_sentence(text) for text in result.warnings]
    if words.tie == "retweet" and words.directed:
        caveats.append(
            "Retweets are credited to the original author, not to the account through which a post was seen."
        )
    details = {
        "status": result.status,
        "outcome": result.outcome,
        "reason": result.reason,
        "kind": result.kind,
        "tier": main.tier if main else None,
        "cores": [_core_dict(core) for core in result.cores],
        "candidate": _core_dict(result.candidate) if result.candidate else None,
        "elite": _core_dict(result.elite) if result.elite else None,
        "attention_of_top": result.attention_of_top.to_dict(),
        "drivers": result.drivers,
        "associates": result.associates,
        "relations": result.relations,
        "power": result.power,
        "smallest_testable": result.smallest_testable,
        "hub": result.hub,
        "amplified_by_hub": result.amplified_by_hub.head(10),
        "rich_club": result.rich_club,
        "missing": list(result.missing),
        "warnings": list(result.warnings),
        "counted": "accounts",
    }
    return Finding(
        "leading_core",
        headline,
        value,
        unit,
        None,
        p_value,
        confidence,
        details,
        comparison,
        range_,
        tuple(answers),
        tuple(caveats),
        not_said,
        card,
        weight,
    )


def _is_small(core: Core) -> bool:
    return core.tier == "strong" or (core.p_value is not None and core.p_value <= 0.01)


def _number_word(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five")
    return words[number] if number < len(words) else count(number)


def _candidate_p(core: Core) -> str:
    if core.p_value is None:
        return "not compared with chance"
    return f"as tight as which chance gives a set {p_words(core.p_value)}"


def _candidate_sentence(core: Core, speech: _Speech) -> str:
    closest = f"The most closely tied set among the most-heard accounts is {speech.list(core.members, most=20)}."
    if core.p_value is None:
        return f"{closest} It was not compared with chance and is not called a core."
    return f"{closest} Chance gives a set as tight {p_words(core.p_value)}, so it is not called a core."


def _candidate_comparison(core: Core | None) -> str:
    if core is None or core.p_value is None:
        return "No set of accounts stood out from what popularity, groups and returned favours explain."
    return f"The tightest set that was found is one that chance gives {p_words(core.p_value)}."


def _interval_sentence(estimate: Estimate) -> str:
    given = _interval(estimate)
    if given:
        return f"The 95 % range is {given}."
    return "This is a count over all the data at hand, without a sampling range; data that were not collected could change it."


def _relations(relations: pl.DataFrame) -> str:
    told = {
        "allied": "are tied to each other more than chance explains",
        "separate": "are tied to each other about as much as chance gives",
        "avoiding": "are tied to each other less than chance gives",
    }
    return " ".join(
        f"Cores {row['core_a']} and {row['core_b']} {told.get(row['relation'], 'could not be compared')}."
        for row in relations.iter_rows(named=True)
    )


# ---------------------------------------------------------------------- super users


def _super_users(result: SuperUsers) -> Finding:
    loss = result.top_loss
    measured = "attention" if result.attention_source == "interactions" else result.attention_source.replace("_", " ")
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
        "warnings": list(result.warnings),
    }
    if result.status != "ok" or loss.value is None:
        reason = result.reason or loss.reason or ""
        return Finding(
            "super_users",
            _cannot_say("who holds the keys", reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            "Nothing to compare: ties between accounts do not show who has the passwords.",
            "No range can be given.",
            (
                *_why(reason),
                (
                    "What would answer it",
                    "A table with one row for each person and account (columns person, account, role), given with --admins.",
                ),
            ),
            tuple(_sentence(text) for text in result.warnings),
            "This is not evidence that the keys are spread: nothing is known of them.",
            ("Cannot say", "no usable admin table", "A table of who administers which account would answer it."),
            0,
        )
    who = person(result.top_person or "one person")
    headline = f"One person, {who}, could shut down accounts that hold {percent(loss.value)} of the {measured} of the {counted(result.n_accounts, 'listed account')}."
    beyond = loss.p_value is not None and loss.p_value <= 0.05
    confidence: Confidence = "low"
    if result.coverage >= 0.8 and beyond:
        confidence = "high"
    elif result.coverage >= 0.5:
        confidence = "medium"
    comparison = _by_chance(loss, chance="Dealing the same number of logins out at random gives")
    range_ = f"The table covers {percent(result.coverage)} of all {measured}; nothing is said of accounts outside it."
    answers: list[tuple[str, str]] = []
    answers.append(("Who could shut it down", _smallest_groups(result.shutdown_power, measured, shut=True)))
    answers.append(("Whose departure would hurt", _smallest_groups(result.bus_factor, measured, shut=False)))
    if result.effective_holders.value is not None:
        answers.append(
            (
                "How spread the keys are",
                _sentence(
                    f"Rights are as concentrated as if {decimal(result.effective_holders.value, 1)} people shared them "
                    f"equally; {counted(result.n_people, 'person is', 'people are')} listed"
                ),
            )
        )
    if result.bots.height:
        flagged = [person(name) for name in result.bots["person"].head(5).to_list()]
        answers.append(
            (
                "Set apart",
                _sentence(
                    f"{counted(result.bots.height, 'holder')} flagged in the table as automated "
                    f"({listed(flagged)}) count for nothing else here"
                ),
            )
        )
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
        tuple(_sentence(text) for text in result.warnings),
        "Having a login is not using it: this does not say that anyone would, or that an audience would not gather elsewhere. "
        "It is what would go dark at once, an upper bound.",
        (percent(loss.value), f"of listed {measured} could go dark through one person", _short(loss)),
        85 if loss.value >= 0.3 and beyond else 50,
    )


def _smallest_groups(table: pl.DataFrame, measured: str, *, shut: bool) -> str:
    sentences: list[str] = []
    for row in table.filter(pl.col("unit") == "attention").sort("share").iter_rows(named=True):
        share = _share_words(row["share"])
        if row["people"] is None:
            sentences.append(_sentence(f"No group of listed people could take {share} of the {measured} away"))
            continue
        who = [person(name) for name in row["who"] or []]
        example = "" if row["solutions"] == 1 else "for example "
        group = f" ({example}{listed(who)})" if 0 < len(who) <= 6 else ""
        people = ("" if row["exact"] else "at most ") + counted(row["people"], "person", "people")
        if shut:
            sentences.append(
                _sentence(f"{people}{group} could take {share} of the {measured} dark by closing accounts")
            )
        else:
            all_ = " all" if row["people"] > 1 else ""
            text = f"{share} of the {measured} would be left without anyone only if {people}{group}{all_} went"
            sentences.append(_sentence(text))
    return " ".join(sentences) or "This could not be computed."


# ---------------------------------------------------------------------- hierarchy


_IMITATION = "Imitation alone (attention following attention) gives"

_TIED_ONCE = (
    "The imitation model lets an account gain any number of ties; where every pair can be tied only once, as in small "
    "networks of connections, it makes chance look steeper than it is."
)
_NARROWER = "so attention is more concentrated than that"
_WIDER = "so attention is less concentrated than that"


def _hierarchy(result: Hierarchy, speech: _Speech) -> Finding:
    words = speech.words
    indices = result.indices
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": _criteria_rows(result.criteria),
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
    warnings = tuple(_sentence(text) for text in result.warnings)
    if not words.directed:
        warnings = (*warnings, _TIED_ONCE)
    order = ("top_20_share", "top_5_share", "top_1_share", "effective_leaders")
    name = next((item for item in order if item in indices and indices[item].value is not None), None)
    if result.status != "ok" or name is None:
        return Finding(
            "hierarchy",
            _cannot_say("how steep the order is", result.reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            "Too little data for a comparison with chance.",
            "No range can be given.",
            (*_why(result.reason), *_criteria(result.criteria)),
            warnings,
            "This is not evidence that everyone is equal: there is too little data to tell.",
            ("Cannot say", "too little data", ""),
            0,
        )
    shown = "top_1_share" if result.verdict == "single_led" and indices.get("top_1_share") else name
    estimate = indices[shown]
    if estimate.value is None:
        shown, estimate = name, indices[name]
    number = estimate.value if estimate.value is not None else 0.0
    top = {
        "top_20_share": f"The 20 {words.most} accounts",
        "top_5_share": f"The five {words.most} accounts",
        "top_1_share": f"The {words.most} account",
    }
    drew = (
        f"Attention is as concentrated as if {decimal(number, 0)} accounts shared it equally"
        if shown == "effective_leaders"
        else f"{top[shown]} {words.drew} {percent(number)} of all {words.ties}"
    )
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
                headline = f"Not leaderless: a core was found, and {drew[0].lower()}{drew[1:]}."
            elif core_found:
                headline = f"Not leaderless: a core was found, and {drew[0].lower()}{drew[1:]}, more than imitation alone explains."
            else:
                headline = (
                    f"{drew}, more than imitation alone explains, and the same accounts stay in front: not leaderless."
                )
            confidence, weight = ("high" if decided else "medium"), 60
        case "single_led":
            headline = f"{drew}: this is not a leaderless network."
            confidence, weight = ("high" if decided else "medium"), 60
        case "leaderless":
            headline = (
                f"{drew}, with no core and changing faces at the top: this movement meets the test of being leaderless."
            )
            confidence, weight = ("high" if decided else "medium"), 95
        case "undetermined":
            if outside and estimate.null_interval is not None:
                above = number > estimate.null_interval[1]
                than = "more than imitation alone explains" if above else "less than imitation alone would give"
                headline = f"{drew}, {than}."
                confidence, weight = "low", 45 if above else 20
            elif estimate.null_interval is None:
                headline = f"{drew}; whether that is steep cannot be said, as there is nothing to compare it with."
                confidence, weight = "cannot say", 20
            else:
                headline = f"{drew}, which imitation alone could explain."
                confidence, weight = "cannot say", 20
        case _:
            assert_never(result.verdict)
    kind = "count" if shown == "effective_leaders" else "percent"
    high, low = (_WIDER, _NARROWER) if shown == "effective_leaders" else (_NARROWER, _WIDER)
    comparison = _by_chance(estimate, kind, chance=_IMITATION, more=high, less=low)
    given = _interval(estimate, kind)
    range_ = f"The 95 % range is {given}." if given else "No range was computed for this number."
    answers = [("Verdict", _verdict_sentence(result))]
    effective = indices.get("effective_leaders")
    if effective is not None and effective.value is not None and shown != "effective_leaders":
        text = f"Attention is as concentrated as if {decimal(effective.value, 1)} accounts shared it equally"
        given = _interval(effective, "decimal")
        answers.append(
            (
                "Effective number of leaders",
                _sentence(text + (f" (95 % range {given})" if given else ""))
                + " "
                + _by_chance(effective, "decimal", chance=_IMITATION, more=_WIDER, less=_NARROWER),
            )
        )
    incoherence = indices.get("trophic_incoherence")
    if incoherence is not None and incoherence.value is not None and words.directed:
        answers.append(
            (
                "Which way attention runs",
                f"Trophic incoherence is {decimal(incoherence.value)} (0: every tie goes exactly one level up; 1: no order). "
                + _by_chance(
                    incoherence,
                    "decimal",
                    chance="Rewiring the same accounts at random gives",
                    more="so the order is less steep than chance makes it",
                    less="so the order is steeper than chance makes it",
                ),
            )
        )
    answers += list(_criteria(result.criteria))
    return Finding(
        "hierarchy",
        headline,
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
        "Much attention is not command: accounts can be heard without deciding anything, and a steep order can come from "
        "fame made elsewhere.",
        (
            percent(number) if shown != "effective_leaders" else decimal(number, 0),
            f"of all {words.ties}: {top[shown][0].lower() + top[shown][1:]}"
            if shown in top
            else "effective number of leaders",
            _short(estimate, kind),
        ),
        weight,
    )


def _verdict_sentence(result: Hierarchy) -> str:
    told = {
        "leaderless": "Leaderless.",
        "led": "Not leaderless.",
        "single_led": "Not leaderless.",
        "undetermined": "Undetermined.",
    }
    return f"{told[result.verdict]} {_sentence(result.reason)}".strip()


# ---------------------------------------------------------------------- factions


def crossing_share(result: Factions) -> float | None:
    """Return the share of weight that runs between factions; None without ties."""
    total = float(result.between["weight"].sum())
    if total <= 0:
        return None
    across = result.between.filter(pl.col("source_faction") != pl.col("target_faction"))
    return float(across["weight"].sum()) / total


def _factions(result: Factions, speech: _Speech) -> Finding:
    words = speech.words
    crossing = crossing_share(result)
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": _criteria_rows(result.criteria),
        "sizes": result.sizes,
        "n_factions": result.n_factions.to_dict(),
        "modularity": result.modularity.to_dict(),
        "stability": result.stability.to_dict(),
        "two_sidedness": result.two_sidedness.to_dict(),
        "controversy": _controversy(result),
        "scores": {name: estimate.to_dict() for name, estimate in result.scores.items()},
        "between": result.between,
        "bridges": result.bridges,
        "crossing_share": crossing,
        "coverage": result.coverage,
        "warnings": list(result.warnings),
    }
    warnings = tuple(_sentence(text) for text in result.warnings)
    named = result.sizes.filter(pl.col("faction") >= 0) if "faction" in result.sizes.columns else result.sizes
    if result.status != "ok" or result.n_factions.value is None:
        return Finding(
            "factions",
            _cannot_say("whether the movement splits into groups", result.reason),
            None,
            "groups",
            None,
            None,
            "cannot say",
            details,
            "Too little data for a comparison with chance.",
            "No range can be given.",
            (*_why(result.reason), *_criteria(result.criteria)),
            warnings,
            "This is not evidence of unity: there is too little data to tell.",
            ("Cannot say", "too little data", ""),
            0,
        )
    found = round(result.n_factions.value)
    agree = result.stability.value or 0.0
    p = result.modularity.p_value
    stays = f"{percent(1 - crossing)} of {words.ties} stay inside their group" if crossing is not None else ""
    beyond = p is not None and p <= 0.05
    confidence: Confidence = "low"
    if agree >= 0.9 and p is not None and p <= 0.01:
        confidence = "high"
    elif agree >= 0.8 and beyond:
        confidence = "medium"
    two = named.head(2)["share_of_accounts"].to_list() if named.height else []
    falls = "Attention falls" if words.directed else "The network falls"
    weight = 55 if confidence != "low" else 25
    match result.verdict:
        case "factionalised":
            headline = f"The movement is factionalised: {stays or 'few ties cross between its groups'}."
            weight += 10
        case "structurally_divided":
            headline = f"The network is structurally divided: {stays or 'few ties cross between its groups'}."
            weight += 5
        case "niches":
            headline = (
                f"{falls} into {counted(found, 'group')} rather than two camps: {stays or 'most ties stay inside'}."
            )
        case "no_division":
            headline = "No division beyond chance was found: the network is no more divided than its popular accounts would make it."
            confidence, weight = ("medium" if agree >= 0.8 else "low"), 15
        case "unstable":
            headline = "Cannot say from this data into which groups it splits: repeated runs draw the lines in different places."
            confidence, weight = "cannot say", 10
        case "undetermined":
            headline = (
                f"Cannot say from this data whether the {counted(found, 'group')} that were found are more than chance."
            )
            confidence, weight = "cannot say", 5
        case _:
            assert_never(result.verdict)
    comparison = (
        f"Modularity is {decimal(result.modularity.value)}. "
        + _by_chance(result.modularity, "decimal", chance="Splitting networks rewired at random in the same way gives")
        if result.modularity.value is not None
        else "No comparison with chance could be made."
    )
    met = _interval(result.n_factions, "count")
    range_ = (
        f"Repeated runs find {met} groups and agree by {decimal(agree)} (adjusted Rand index, 1 is full agreement)."
        if met
        else (f"Repeated runs agree by {decimal(agree)} (adjusted Rand index, 1 is full agreement).")
    )
    answers: list[tuple[str, str]] = []
    if named.height:
        answers.append(("The groups", _groups(named, speech)))
    if result.two_sidedness.value is not None:
        answers.append(
            (
                "Two camps or many niches",
                f"A split in two explains {percent(min(1.0, max(0.0, result.two_sidedness.value)))} of what the best partition does. "
                + _by_chance(result.two_sidedness, "decimal", chance="Rewiring at random gives"),
            )
        )
    controversy = result.scores.get("random_walk_controversy")
    if controversy is not None and controversy.value is not None:
        answers.append(
            (
                "How hard it is to cross",
                f"Random-walk controversy is {decimal(controversy.value)} (1: no way across, 0: none is kept in). "
                + _by_chance(controversy, "decimal", chance="Rewired networks, split anew, give"),
            )
        )
    if result.bridges.height:
        answers.append(
            (
                "Bridges",
                _sentence(f"Heard across groups: {speech.list(result.bridges['account'].head(8).to_list(), most=8)}"),
            )
        )
    answers += list(_criteria(result.criteria))
    caveats = [
        f"The two-way scores describe {percent(result.coverage)} of the active accounts, those in the largest connected part."
    ]
    not_said = (
        "Groups are drawn from ties alone and carry letters, not political names. A clean split also appears between people "
        "who simply have other interests: it does not say that the sides disagree."
    )
    if result.verdict == "factionalised":
        not_said = (
            "Groups are drawn from ties alone and carry letters, not political names. This says that the sides avoid each "
            "other, not what they disagree about, nor who began it."
        )
    short = (
        _sentence(f"Modularity {decimal(result.modularity.value)}; " + _short(result.modularity, "decimal").lower())
        if result.modularity.value is not None
        else ""
    )
    # Two sides are said only where two groups are nearly everyone; otherwise how many groups there are.
    camps = "Two sides" if sum(two) >= TWO_SIDES else f"{count(found)} groups"
    card = {
        "factionalised": (camps, "factionalised", short),
        "structurally_divided": (camps, "structurally divided", short),
        "niches": (count(found), "groups, niches rather than camps", short),
        "no_division": ("None", "no division beyond chance", short),
        "unstable": ("Cannot say", "the lines move from run to run", short),
        "undetermined": ("Cannot say", "no sure division", short),
    }[result.verdict]
    if result.verdict in ("factionalised", "structurally_divided") and len(two) == 2:
        card = (card[0], f"{card[1]}; largest groups {percent(two[0])} and {percent(two[1])} of accounts", short)
    return Finding(
        "factions",
        headline,
        float(found),
        "groups",
        result.n_factions.interval,
        p,
        confidence,
        details,
        comparison,
        range_,
        tuple(answers),
        (*caveats, *warnings),
        not_said,
        card,
        weight,
    )


def _controversy(result: Factions) -> dict[str, Any] | None:
    score = result.scores.get("random_walk_controversy")
    return None if score is None else score.to_dict()


def _groups(named: pl.DataFrame, speech: _Speech) -> str:
    sentences: list[str] = []
    for row in named.head(6).iter_rows(named=True):
        most = speech.list((row["leaders"] or [])[:3])
        text = (
            f"{row['name']}: {counted(row['accounts'], 'account')}, {percent(row['share_of_attention'])} of attention"
        )
        sentences.append(_sentence(f"{text}; most heard {most}" if row["leaders"] else text))
    if named.height > 6:
        sentences.append(_sentence(f"{count(named.height - 6)} smaller groups"))
    return " ".join(sentences)
