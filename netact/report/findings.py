"""From results to sentences: one finding a question, for every outcome, verdict and status.

Wording rules. A number, what chance would give, a range, a caveat, and what the finding does not say. Accounts *drew*
attention, *were passed on by* others, *sit near the top*; from structure alone nobody is said to control, lead or
coordinate anything, and no account is called automated. An account core is not a team of people. "Structurally divided" is not
"factionalised". Names in sentences stand between isolation marks (:mod:`netact.figures.text`).

Every sentence is a template of its own, said in the language spoken (:mod:`netact.language`); a place takes a number, a
name, a list, a whole phrase of the kind of tie (:class:`netact.figures.text.Words`) or a whole clause, never a piece of a
clause.

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
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, assert_never

import polars as pl

from netact.figures.text import (
    Words,
    accounts_counted,
    accounts_drew,
    capital,
    clauses,
    group_name,
    listed,
    p_words,
    percent_range,
    person,
    quoted,
    sentence,
    share_in_percent,
    share_in_words,
    spanned,
    unmarked,
    words_for,
)
from netact.language import Message, _, _n, _p, count, decimal, percent, told
from netact.results import Estimate, Factions, Hierarchy, LeadingCore, SuperUsers
from netact.study import core_power

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netact.results import Core, Criterion, Result

Confidence = Literal["high", "medium", "low", "cannot say"]

QUESTIONS = {
    "leading_core": Message("Is there a small team at the centre?"),
    "super_users": Message("Who holds the keys?"),
    "hierarchy": Message("How steep is the order?"),
    "factions": Message("Where does it split?"),
}


def question_text(question: str) -> str:
    """Return a question as a reader asks it, in the language spoken."""
    return told(QUESTIONS[question])


def confidence_name(confidence: Confidence) -> str:
    """Return how sure a finding is, as a label in the language spoken."""
    match confidence:
        case "high":
            return _("High confidence")
        case "medium":
            return _("Medium confidence")
        case "low":
            return _("Low confidence")
        case "cannot say":
            return _("Cannot say")
        case _:
            assert_never(confidence)


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
    raise TypeError(f"{type(value).__name__} is no plain value")


# ---------------------------------------------------------------------- shared clauses


def _by_chance(
    estimate: Estimate,
    kind: str = "percent",
    *,
    chance: Callable[[str], str],
    more: str = "",
    less: str = "",
) -> str:
    """Compare an estimate with its null: what chance gives, and on which side of it the number lies.

    ``chance`` makes a clause of the range that chance gives; ``more`` and ``less`` are clauses that draw the conclusion.
    """
    if estimate.value is None or estimate.null_interval is None:
        return _("No comparison with chance could be made.")
    low, high = estimate.null_interval
    if estimate.value > high:
        side = more or _("so this is more than chance explains")
    elif estimate.value < low:
        side = less or _("so this is less than chance gives")
    else:
        side = _("so chance alone could give this")
    return _("{comparison}, {conclusion}.", comparison=chance(_span(low, high, kind)), conclusion=side)


def _short(estimate: Estimate, kind: str = "percent") -> str:
    """Say range and chance in as few words as fit on a card."""
    parts = []
    if estimate.interval is not None:
        parts.append(_("95 % range {range}", range=_span(*estimate.interval, kind)))
    if estimate.null_interval is not None:
        parts.append(_("by chance {range}", range=_span(*estimate.null_interval, kind)))
    return clauses(*parts)


def _span(low: float, high: float, kind: str) -> str:
    if kind == "percent":
        return percent_range(low, high)
    return spanned(count(low), count(high)) if kind == "count" else spanned(decimal(low), decimal(high))


def _interval(estimate: Estimate, kind: str = "percent") -> str:
    return "" if estimate.interval is None else _span(*estimate.interval, kind)


def _cannot_say(statement: str, reason: str) -> str:
    """Close a statement with the first clause of its reason; the whole of it stands below the headline."""
    short = re.split("[:;؛]", told(reason))[0].strip().rstrip(".")
    if not short:
        return sentence(statement)
    short = short[0].lower() + short[1:] if short[1:2].islower() else short
    return sentence(_("{statement}: {reason}", statement=statement, reason=short))


def _why(reason: str) -> tuple[tuple[str, str], ...]:
    return ((_("Why it cannot be said"), sentence(reason)),) if reason else ()


def _criteria(criteria: Sequence[Criterion]) -> tuple[tuple[str, str], ...]:
    return tuple((_criterion(item), sentence(item.evidence)) for item in criteria)


def _criterion(item: Criterion) -> str:
    name = capital(told(item.name))
    if item.met is None:
        return _("{criterion}: cannot be told", criterion=name)
    return _("{criterion}: met", criterion=name) if item.met else _("{criterion}: not met", criterion=name)


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
        return _("How likely a core would have been found in data of this size is not known.")
    near = known.sort((pl.col("size") - 8).abs() + 10 * (pl.col("tie_probability") - 0.6).abs(), maintain_order=True)
    row = near.row(0, named=True)
    return _n(
        "In data of this size a planted team of {n:count} accounts with {ties:percent} of the possible ties among them "
        "would be found in {found:percent} of trials.",
        "In data of this size a planted team of {n:count} accounts with {ties:percent} of the possible ties among them "
        "would be found in {found:percent} of trials.",
        row["size"],
        ties=row["tie_probability"],
        found=row["power"],
    )


def _who_drives(result: LeadingCore, speech: _Speech) -> str:
    words = speech.words
    sentences: list[str] = []
    for row in result.drivers.filter(pl.col("unit") == "attention").sort("share").iter_rows(named=True):
        if row["accounts"] is None:
            continue
        text = accounts_drew(row["accounts"], row["share"], words)
        if row["low"] is not None and row["high"] is not None and round(row["low"]) < round(row["high"]):
            text = _("{statement} (95 % range {range})", statement=text, range=_span(row["low"], row["high"], "count"))
        if row["null_low"] is not None and row["null_high"] is not None:
            chance = _(
                "if attention only followed attention it would take {range}",
                range=_span(row["null_low"], row["null_high"], "count"),
            )
            text = clauses(text, chance)
        sentences.append(sentence(text))
    reach = result.drivers.filter((pl.col("unit") == "reach") & pl.col("accounts").is_not_null()).sort("share")
    if reach.height and words.directed:
        row = reach.row(0, named=True)
        sentences.append(
            _n(
                "{n:count} account reached {share} of the accounts that gave any attention.",
                "{n:count} accounts together reached {share} of the accounts that gave any attention.",
                row["accounts"],
                share=share_in_words(row["share"]),
            )
        )
    pool = result.pool.sort("share_of_attention", descending=True, maintain_order=True)["account"].to_list()
    top = list(dict.fromkeys([*([result.hub] if result.hub else []), *pool]))[:5]
    if top:
        names = speech.list(top)
        sentences.append(
            _("Most heard: {accounts}.", accounts=names)
            if words.directed
            else _("Best connected: {accounts}.", accounts=names)
        )
    return " ".join(sentences) or _("This data does not tell who drew most attention.")


def _together(core: Core, speech: _Speech) -> str:
    firm = sum(core.stability.get(member, 0.0) >= 0.8 for member in core.members)
    sentences = [
        sentence(speech.list(core.members, most=20)),
        _n(
            "{ties:percent} of the possible ties among these {n:count} exist; chance would give {chance:percent}.",
            "{ties:percent} of the possible ties among these {n:count} exist; chance would give {chance:percent}.",
            core.size,
            ties=core.cohesion,
            chance=core.expected_cohesion,
        ),
    ]
    if core.stability:
        sentences.append(
            _n(
                "{n:count} of them is found again in at least {steady:percent} of subsamples.",
                "{n:count} of them are found again in at least {steady:percent} of subsamples.",
                firm,
                steady=0.8,
            )
        )
    return " ".join(sentences)


def _core_evidence(core: Core) -> str:
    if core.tier == "strong":
        if core.p_bound >= 1:
            return _(
                "Even counting every set of accounts that was looked at, so tight a set would be found by chance seldom."
            )
        return _(
            "Even counting every set of accounts that was looked at, so tight a set would be found by chance {often}.",
            often=p_words(core.p_bound),
        )
    if core.p_value is None:
        return _("How often chance gives so tight a set was not computed.")
    return _("In networks drawn by chance, a set this tightly tied turns up {often}.", often=p_words(core.p_value))


def _core_range(core: Core) -> str:
    if core.mean_overlap is None:
        return _("How steady the membership is was not computed.")
    firm = sum(value >= 0.8 for value in core.stability.values())
    members = _n("{n:count} member", "{n:count} members", core.size)
    steady = _n(
        "{n:count} of {members} is in it at least four times of five",
        "{n:count} of {members} are in it at least four times of five",
        firm,
        members=members,
    )
    overlap = _(
        "When a fifth of the data is left out at random, the group found again overlaps with this one by "
        "{overlap:percent} on average",
        overlap=core.mean_overlap,
    )
    return sentence(clauses(overlap, steady))


def _team_is_not_people(words: Words) -> str:
    if words.directed:
        return _(
            "The unit is accounts, not people: one team may run a single account, and one person may run several. Ties "
            "show who passes on whom, not who decides."
        )
    return _(
        "The unit is accounts, not people: one team may run a single account, and one person may run several. Ties show "
        "who is connected with whom, not who decides."
    )


def _core_short(core: Core) -> str:
    ties = _("{ties:percent} of possible ties among them", ties=core.cohesion)
    chance = _("by chance {chance:percent}", chance=core.expected_cohesion)
    steady = (
        "" if core.mean_overlap is None else _("{overlap:percent} the same in subsamples", overlap=core.mean_overlap)
    )
    return sentence(clauses(ties, chance, steady))


def _short_power(power: pl.DataFrame) -> str:
    chance = core_power(power)
    return (
        "" if chance is None else _("A team of eight would have been found in {share:percent} of trials.", share=chance)
    )


def _lower_first(text: str) -> str:
    """Return a sentence to stand behind a colon."""
    return text[:1].lower() + text[1:]


def _core_confidence(core: Core) -> Confidence:
    overlap = core.mean_overlap or 0.0
    if core.tier == "strong" and overlap >= 0.8:
        return "high"
    return "medium" if core.tier in ("strong", "calibrated") and overlap >= 0.5 else "low"


def _core_drew(core: Core, words: Words) -> str:
    """Say in a headline how large a core is and what it drew."""
    if words.directed:
        return _n(
            "A core of {n:count} accounts {tied} drew {share:percent} {of_all_ties}.",
            "A core of {n:count} accounts {tied} drew {share:percent} {of_all_ties}.",
            core.size,
            tied=words.tied,
            share=core.share_of_attention,
            of_all_ties=words.of_all_ties,
        )
    return _n(
        "A core of {n:count} accounts {tied} had {share:percent} {of_all_ties}.",
        "A core of {n:count} accounts {tied} had {share:percent} {of_all_ties}.",
        core.size,
        tied=words.tied,
        share=core.share_of_attention,
        of_all_ties=words.of_all_ties,
    )


def _core_inside_drew(core: Core, elite: Core, words: Words) -> str:
    circle = _n(
        "Inside a wider circle of {n:count} accounts", "Inside a wider circle of {n:count} accounts", elite.size
    )
    if words.directed:
        return _n(
            "{inside}, a core of {n:count} accounts {tied} drew {share:percent} {of_all_ties}.",
            "{inside}, a core of {n:count} accounts {tied} drew {share:percent} {of_all_ties}.",
            core.size,
            inside=circle,
            tied=words.tied,
            share=core.share_of_attention,
            of_all_ties=words.of_all_ties,
        )
    return _n(
        "{inside}, a core of {n:count} accounts {tied} had {share:percent} {of_all_ties}.",
        "{inside}, a core of {n:count} accounts {tied} had {share:percent} {of_all_ties}.",
        core.size,
        inside=circle,
        tied=words.tied,
        share=core.share_of_attention,
        of_all_ties=words.of_all_ties,
    )


def _cores_drew(cores: Sequence[Core], sizes: str, shares: str, words: Words) -> str:
    separate = _separate_cores(len(cores))
    if words.directed:
        return _(
            "{cores} of {sizes} accounts drew {shares} {of_all_ties}.",
            cores=separate,
            sizes=sizes,
            shares=shares,
            of_all_ties=words.of_all_ties,
        )
    return _(
        "{cores} of {sizes} accounts had {shares} {of_all_ties}.",
        cores=separate,
        sizes=sizes,
        shares=shares,
        of_all_ties=words.of_all_ties,
    )


def _separate_cores(number: int) -> str:
    match number:
        case 2:
            return _("Two separate cores")
        case 3:
            return _("Three separate cores")
        case 4:
            return _("Four separate cores")
        case 5:
            return _("Five separate cores")
        case _:
            return _n("{n:count} separate cores", "{n:count} separate cores", number)


def _elite_drew(elite: Core | None, words: Words) -> str:
    if elite is None:
        return _("Many accounts at the centre hang together: a wide circle, larger than a small team.")
    if words.directed:
        return _n(
            "{n:count} accounts at the centre hang together and drew {share:percent} {of_all_ties}: a wide circle, larger "
            "than a small team.",
            "{n:count} accounts at the centre hang together and drew {share:percent} {of_all_ties}: a wide circle, larger "
            "than a small team.",
            elite.size,
            share=elite.share_of_attention,
            of_all_ties=words.of_all_ties,
        )
    return _n(
        "{n:count} accounts at the centre hang together and had {share:percent} {of_all_ties}: a wide circle, larger than a "
        "small team.",
        "{n:count} accounts at the centre hang together and had {share:percent} {of_all_ties}: a wide circle, larger than a "
        "small team.",
        elite.size,
        share=elite.share_of_attention,
        of_all_ties=words.of_all_ties,
    )


def _hub_drew(hub: str | None, share: float | None, speech: _Speech) -> str:
    words = speech.words
    part = share_in_percent(share) if share is not None else _p("a share of all", "most")
    if hub is None:
        return (
            _("One account drew {share} {of_all_ties}.", share=part, of_all_ties=words.of_all_ties)
            if words.directed
            else _("One account had {share} {of_all_ties}.", share=part, of_all_ties=words.of_all_ties)
        )
    name = quoted(speech.names.get(hub, hub), beside_account=True)
    return (
        _("One account, {name}, drew {share} {of_all_ties}.", name=name, share=part, of_all_ties=words.of_all_ties)
        if words.directed
        else _("One account, {name}, had {share} {of_all_ties}.", name=name, share=part, of_all_ties=words.of_all_ties)
    )


def _close_group(group: Core | None, words: Words) -> str:
    """Say in a headline that accounts are close to one another and how little comes from outside."""
    share = share_in_percent(group.share_of_attention) if group else _p("a share of all", "little")
    if group is None:
        return (
            _(
                "Some accounts are tied closely to one another, but the others give them only {share} {of_all_ties}.",
                share=share,
                of_all_ties=words.of_all_ties,
            )
            if words.directed
            else _(
                "Some accounts are tied closely to one another; {share} {of_all_ties} link them with the others.",
                share=share,
                of_all_ties=words.of_all_ties,
            )
        )
    return (
        _n(
            "{n:count} accounts are tied closely to one another, but the others give them only {share} {of_all_ties}.",
            "{n:count} accounts are tied closely to one another, but the others give them only {share} {of_all_ties}.",
            group.size,
            share=share,
            of_all_ties=words.of_all_ties,
        )
        if words.directed
        else _n(
            "{n:count} accounts are tied closely to one another; {share} {of_all_ties} link them with the others.",
            "{n:count} accounts are tied closely to one another; {share} {of_all_ties} link them with the others.",
            group.size,
            share=share,
            of_all_ties=words.of_all_ties,
        )
    )


def _niche(group: Core | None) -> str:
    if group is None:
        return _("Some accounts are tied closely to one another, but no more than members of their group usually are.")
    return _n(
        "{n:count} accounts are tied closely to one another, but no more than members of their group usually are.",
        "{n:count} accounts are tied closely to one another, but no more than members of their group usually are.",
        group.size,
    )


def _of_all_card(text: str, words: Words) -> str:
    """Return the words under a share of all ties on a card."""
    return _("{of_all_ties}: {whose}", of_all_ties=words.of_all_ties, whose=text)


def _core_of(core: Core) -> str:
    return _n("a core of {n:count} accounts", "a core of {n:count} accounts", core.size)


def _leading_core(result: LeadingCore, speech: _Speech) -> Finding:
    words = speech.words
    best = result.cores[0] if result.cores else result.candidate
    main = best or result.elite
    value: float | None = None
    unit = "share of attention"
    p_value: float | None = None
    confidence: Confidence = "cannot say"
    comparison = range_ = ""
    not_said = _team_is_not_people(words)
    card: tuple[str, str, str] = ("", "", "")
    weight = 0
    caveats: list[str] = []
    no_comparison, no_range = _("No comparison with chance could be made."), _("No range could be computed.")
    together = _("No group of accounts tied to one another beyond chance was found.")
    match result.outcome:
        case "core" | "core_within_elite":
            core = result.cores[0]
            value, p_value, confidence = core.share_of_attention, core.p_value, _core_confidence(core)
            headline = (
                _core_inside_drew(core, result.elite, words)
                if result.outcome == "core_within_elite" and result.elite is not None
                else _core_drew(core, words)
            )
            comparison, range_ = _core_evidence(core), _core_range(core)
            together = _together(core, speech)
            card = (percent(core.share_of_attention), _of_all_card(_core_of(core), words), _core_short(core))
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
            shares = listed([share_in_percent(item.share_of_attention) for item in result.cores])
            headline = _cores_drew(result.cores, sizes, shares, words)
            number = result.cores.index(weakest) + 1
            comparison = _(
                "For the least certain of them, core {number}: {statement}",
                number=number,
                statement=_lower_first(_core_evidence(weakest)),
            )
            range_ = _("For core {number}: {statement}", number=number, statement=_lower_first(_core_range(weakest)))
            together = " ".join(
                _("Core {number}: {statement}", number=number, statement=_together(item, speech))
                for number, item in enumerate(result.cores, start=1)
            )
            cores = _n(
                "{n:count} cores of {sizes} accounts",
                "{n:count} cores of {sizes} accounts",
                len(result.cores),
                sizes=sizes,
            )
            card = (
                shares,
                _of_all_card(cores, words),
                _("The least certain: {statement}", statement=_lower_first(_core_short(weakest))),
            )
            weight = 100
        case "elite_larger_than_team":
            elite = result.elite or main
            value, p_value = (elite.share_of_attention, elite.p_value) if elite else (None, None)
            confidence = "high" if elite and _is_small(elite) else "medium"
            headline = _elite_drew(elite, words)
            comparison = _core_evidence(elite) if elite else no_comparison
            range_ = _core_range(elite) if elite else no_range
            together = _together(elite, speech) if elite else together
            if result.candidate is not None:
                caveats.append(_tightest_inside(result.candidate, speech))
            card = (
                count(elite.size) if elite else _("Many"),
                _("accounts in a circle larger than a team"),
                _core_short(elite) if elite else "",
            )
            weight = 80
        case "single_hub":
            value, p_value = result.attention_of_top.value, result.attention_of_top.p_value
            hub = speech.name(result.hub) if result.hub else _("one account")
            confidence = "high" if value is not None and value >= 0.5 else "medium"
            headline = _hub_drew(result.hub, value, speech)
            comparison = _by_chance(
                result.attention_of_top,
                chance=lambda given: _(
                    "If attention only followed attention, the largest account would have {given}", given=given
                ),
            )
            range_ = _interval_sentence(result.attention_of_top)
            often = result.amplified_by_hub.filter(pl.col("ties") > 1).head(5)["account"].to_list()
            said = [words.gave_most(hub, speech.list(often))] if often and words.directed else []
            if result.candidate is not None:
                said.append(
                    _(
                        "Leaving {account} out: {statement}",
                        account=hub,
                        statement=_candidate_sentence(result.candidate, speech),
                    )
                )
            together = " ".join(said) or _("Apart from this account no closely tied group was found.")
            not_said = _(
                "This does not say that one person decides: a whole team may sit behind one account, and only a list of "
                "who has its password would show it."
            )
            card = (
                percent(value) if value is not None else _p("a share of all", "most"),
                _of_all_card(_("one account"), words),
                sentence(_short(result.attention_of_top)),
            )
            weight = 90
        case "cohesive_not_leading":
            confidence = "medium"
            group = main
            value, p_value = (group.share_of_attention, group.p_value) if group else (None, None)
            share = share_in_percent(group.share_of_attention) if group else _p("a share of all", "little")
            headline = _close_group(group, words)
            comparison = _core_evidence(group) if group else no_comparison
            range_ = _core_range(group) if group else no_range
            together = _together(group, speech) if group else together
            if group:
                outside = _(
                    "Counting only what comes from outside the set, a member has {times:decimal1} times {the_ties} of an "
                    "average account, so the set does not stand out by attention.",
                    times=group.lift,
                    the_ties=words.the_ties,
                )
                comparison = f"{comparison} {outside}"
            card = (
                count(group.size) if group else _("Some"),
                _(
                    "accounts in a close group; {share} {of_all_ties} come from outside it",
                    share=share,
                    of_all_ties=words.of_all_ties,
                ),
                _core_short(group) if group else "",
            )
            weight = 58 if group and _is_small(group) else 40
        case "niche_not_core":
            confidence = "medium"
            value, p_value = (main.share_of_attention, main.p_value) if main else (None, None)
            headline = _niche(main)
            comparison = _("Against the whole network the set stands out; against its own group it does not.")
            range_ = _core_range(main) if main else no_range
            together = _candidate_sentence(main, speech) if main else together
            card = (_p("how many cores", "None"), _("no core beyond what shared groups explain"), "")
            weight = 30
        case "no_core":
            power = core_power(result.power)
            confidence = "low" if power is None or power < 0.5 else "high" if power >= 0.8 else "medium"
            p_value = result.candidate.p_value if result.candidate else None
            headline = _(
                "No small team was found: {accounts} tie to one another no more than chance explains.",
                accounts=words.the_most_heard,
            )
            comparison = _candidate_comparison(result.candidate)
            range_ = _power_sentence(result.power)
            if result.candidate is not None:
                together = _candidate_sentence(result.candidate, speech)
            not_said = _(
                "This does not say that nobody plans together: a team that does so elsewhere, in a chat or behind one "
                "account, leaves no trace in these ties."
            )
            card = (
                _p("how many cores", "None"),
                _("no small team found beyond chance"),
                _short_power(result.power),
            )
            weight = 35
        case "not_testable":
            headline = _cannot_say(
                _("Cannot say from this data whether a small team stands at the centre"), result.reason
            )
            comparison = (
                _("No set of at most 20 accounts could have stood out from chance here, even if all were tied to all.")
                if result.smallest_testable is None
                else _("Popularity alone makes ties among the most heard so likely here that no set could stand out.")
            )
            range_ = _power_sentence(result.power)
            if result.candidate is not None:
                together = _candidate_sentence(result.candidate, speech)
            not_said = _("This is not evidence that there is no team: the data cannot show one either way.")
            card = (_("Cannot say"), _("this data could not show a team"), "")
        case "insufficient_data":
            headline = _cannot_say(
                _("Cannot say from this data whether a small team stands at the centre"), result.reason
            )
            comparison = _("Too little data for a comparison with chance.")
            range_ = _("Too little data for a range.")
            together = _("Too little data to tell.")
            not_said = _("This is not evidence that there is no team: there is too little data to look for one.")
            card = (_("Cannot say"), _("too little data"), "")
        case _:
            assert_never(result.outcome)
    answers = [(_("Who drives"), _who_drives(result, speech)), (_("Who acts together"), together)]
    if confidence == "cannot say" and result.reason:
        answers[:0] = _why(result.reason)
    if result.relations.height:
        answers.append((_("How the cores relate"), _relations(result.relations)))
    if result.associates.height:
        named = result.associates["account"].unique(maintain_order=True).to_list()
        answers.append(
            (
                _("Close to the core"),
                _n(
                    "Outside the most-heard accounts, {accounts} tie to it beyond chance.",
                    "Outside the most-heard accounts, {accounts} tie to it beyond chance.",
                    len(named),
                    accounts=speech.list(named, most=8),
                ),
            )
        )
    wanted = [told(item).rstrip(".") for item in result.missing]
    answers.append(
        (
            _("What would settle more"),
            sentence(listed(wanted)) if wanted else _("Evidence beyond ties, such as interviews or documents."),
        )
    )
    caveats += [sentence(text) for text in result.warnings]
    if result.kind == "retweet" and words.directed:
        caveats.append(
            _("Retweets are credited to the original author, not to the account through which a post was seen.")
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


def _tightest_inside(core: Core, speech: _Speech) -> str:
    accounts = speech.list(core.members, most=20)
    if core.p_value is None:
        return _(
            "Inside this circle the tightest set of at most 20 is {accounts}, not compared with chance, which is not "
            "evidence of a team.",
            accounts=accounts,
        )
    return _(
        "Inside this circle the tightest set of at most 20 is {accounts}, as tight as which chance gives a set {often}, "
        "which is not evidence of a team.",
        accounts=accounts,
        often=p_words(core.p_value),
    )


def _candidate_sentence(core: Core, speech: _Speech) -> str:
    closest = _(
        "The most closely tied set among the most-heard accounts is {accounts}.",
        accounts=speech.list(core.members, most=20),
    )
    judged = (
        _("It was not compared with chance and is not called a core.")
        if core.p_value is None
        else _("Chance gives a set as tight {often}, so it is not called a core.", often=p_words(core.p_value))
    )
    return f"{closest} {judged}"


def _candidate_comparison(core: Core | None) -> str:
    if core is None or core.p_value is None:
        return _("No set of accounts stood out from what popularity, groups and returned favours explain.")
    return _("The tightest set that was found is one that chance gives {often}.", often=p_words(core.p_value))


def _interval_sentence(estimate: Estimate) -> str:
    given = _interval(estimate)
    if given:
        return _("The 95 % range is {range}.", range=given)
    return _(
        "This is a count over all the data at hand, without a sampling range; data that were not collected could change it."
    )


def _relations(relations: pl.DataFrame) -> str:
    return " ".join(_relation(row["core_a"], row["core_b"], row["relation"]) for row in relations.iter_rows(named=True))


def _relation(first: int, second: int, relation: str) -> str:
    match relation:
        case "allied":
            return _(
                "Cores {first} and {second} are tied to each other more than chance explains.",
                first=first,
                second=second,
            )
        case "separate":
            return _(
                "Cores {first} and {second} are tied to each other about as much as chance gives.",
                first=first,
                second=second,
            )
        case "avoiding":
            return _(
                "Cores {first} and {second} are tied to each other less than chance gives.", first=first, second=second
            )
        case _:
            return _("Cores {first} and {second} could not be compared.", first=first, second=second)


# ---------------------------------------------------------------------- super users


def _super_users(result: SuperUsers) -> Finding:
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
        "warnings": list(result.warnings),
    }
    if result.status != "ok" or loss.value is None:
        reason = result.reason or loss.reason or ""
        return Finding(
            "super_users",
            _cannot_say(_("Cannot say from this data who holds the keys"), reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            _("Nothing to compare: ties between accounts do not show who has the passwords."),
            _("No range can be given."),
            (
                *_why(reason),
                (
                    _("What would answer it"),
                    _(
                        "A table with one row for each person and account (columns person, account, role), given with "
                        "--admins."
                    ),
                ),
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
    comparison = _by_chance(
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
            sentence(_short(loss)),
        ),
        85 if loss.value >= 0.3 and beyond else 50,
    )


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


# ---------------------------------------------------------------------- hierarchy


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
            _cannot_say(_("Cannot say from this data how steep the order is"), result.reason),
            None,
            "share of attention",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*_why(result.reason), *_criteria(result.criteria)),
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
    comparison = _by_chance(estimate, kind, chance=_imitation, more=high, less=low)
    given = _interval(estimate, kind)
    range_ = _("The 95 % range is {range}.", range=given) if given else _("No range was computed for this number.")
    answers = [(_("Verdict"), _verdict_sentence(result))]
    effective = indices.get("effective_leaders")
    if effective is not None and effective.value is not None and shown != "effective_leaders":
        text = _shared_by(effective.value, digits=1)
        given = _interval(effective, "decimal")
        if given:
            text = _("{statement} (95 % range {range})", statement=text, range=given)
        against = _by_chance(effective, "decimal", chance=_imitation, more=_wider(), less=_narrower())
        answers.append((_("Effective number of leaders"), f"{sentence(text)} {against}"))
    incoherence = indices.get("trophic_incoherence")
    if incoherence is not None and incoherence.value is not None and words.directed:
        text = _(
            "Trophic incoherence is {value:decimal} (0: every tie goes exactly one level up; 1: no order).",
            value=incoherence.value,
        )
        against = _by_chance(
            incoherence,
            "decimal",
            chance=lambda given: _("Rewiring the same accounts at random gives {given}", given=given),
            more=_("so the order is less steep than chance makes it"),
            less=_("so the order is steeper than chance makes it"),
        )
        answers.append((_("Which way attention runs"), f"{text} {against}"))
    answers += list(_criteria(result.criteria))
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
            _of_all_card(words.top(_TOP[shown]), words) if shown in _TOP else _("effective number of leaders"),
            sentence(_short(estimate, kind)),
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
    warnings = tuple(sentence(text) for text in result.warnings)
    named = result.sizes.filter(pl.col("faction") >= 0) if "faction" in result.sizes.columns else result.sizes
    if result.status != "ok" or result.n_factions.value is None:
        return Finding(
            "factions",
            _cannot_say(_("Cannot say from this data whether the movement splits into groups"), result.reason),
            None,
            "groups",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*_why(result.reason), *_criteria(result.criteria)),
            warnings,
            _("This is not evidence of unity: there is too little data to tell."),
            (_("Cannot say"), _("too little data"), ""),
            0,
        )
    found = round(result.n_factions.value)
    agree = result.stability.value or 0.0
    p = result.modularity.p_value
    stays = (
        _("{share:percent} {of_ties} stay inside their group", share=1 - crossing, of_ties=words.of_ties)
        if crossing is not None
        else ""
    )
    apart = stays or _("few ties cross between its groups")
    beyond = p is not None and p <= 0.05
    confidence: Confidence = "low"
    if agree >= 0.9 and p is not None and p <= 0.01:
        confidence = "high"
    elif agree >= 0.8 and beyond:
        confidence = "medium"
    two = named.head(2)["share_of_accounts"].to_list() if named.height else []
    weight = 55 if confidence != "low" else 25
    match result.verdict:
        case "factionalised":
            headline = _("The movement is factionalised: {statement}.", statement=apart)
            weight += 10
        case "structurally_divided":
            headline = _("The network is structurally divided: {statement}.", statement=apart)
            weight += 5
        case "niches":
            headline = _falls_into(found, stays or _("most ties stay inside"), words)
        case "no_division":
            headline = _(
                "No division beyond chance was found: the network is no more divided than its popular accounts would make it."
            )
            confidence, weight = ("medium" if agree >= 0.8 else "low"), 15
        case "unstable":
            headline = _(
                "Cannot say from this data into which groups it splits: repeated runs draw the lines in different places."
            )
            confidence, weight = "cannot say", 10
        case "undetermined":
            headline = _n(
                "Cannot say from this data whether the {n:count} group that were found are more than chance.",
                "Cannot say from this data whether the {n:count} groups that were found are more than chance.",
                found,
            )
            confidence, weight = "cannot say", 5
        case _:
            assert_never(result.verdict)
    if result.modularity.value is not None:
        against = _by_chance(
            result.modularity,
            "decimal",
            chance=lambda given: _("Splitting networks rewired at random in the same way gives {given}", given=given),
        )
        text = _("Modularity is {value:decimal}.", value=result.modularity.value)
        comparison = f"{text} {against}"
    else:
        comparison = _("No comparison with chance could be made.")
    met = _interval(result.n_factions, "count")
    range_ = (
        _(
            "Repeated runs find {range} groups and agree by {agreement:decimal} (adjusted Rand index, 1 is full agreement).",
            range=met,
            agreement=agree,
        )
        if met
        else _(
            "Repeated runs agree by {agreement:decimal} (adjusted Rand index, 1 is full agreement).", agreement=agree
        )
    )
    answers: list[tuple[str, str]] = []
    if named.height:
        answers.append((_("The groups"), _groups(named, speech)))
    if result.two_sidedness.value is not None:
        text = _(
            "A split in two explains {share:percent} of what the best partition does.",
            share=min(1.0, max(0.0, result.two_sidedness.value)),
        )
        against = _by_chance(
            result.two_sidedness,
            "decimal",
            chance=lambda given: _("Rewiring at random gives {given}", given=given),
        )
        answers.append((_("Two camps or many niches"), f"{text} {against}"))
    controversy = result.scores.get("random_walk_controversy")
    if controversy is not None and controversy.value is not None:
        text = _(
            "Random-walk controversy is {value:decimal} (1: no way across, 0: none is kept in).",
            value=controversy.value,
        )
        against = _by_chance(
            controversy,
            "decimal",
            chance=lambda given: _("Rewired networks, split anew, give {given}", given=given),
        )
        answers.append((_("How hard it is to cross"), f"{text} {against}"))
    if result.bridges.height:
        bridges = speech.list(result.bridges["account"].head(8).to_list(), most=8)
        answers.append((_("Bridges"), _("Heard across groups: {accounts}.", accounts=bridges)))
    answers += list(_criteria(result.criteria))
    caveats = [
        _(
            "The two-way scores describe {share:percent} of the active accounts, those in the largest connected part.",
            share=result.coverage,
        )
    ]
    not_said = (
        _(
            "Groups are drawn from ties alone and carry letters, not political names. This says that the sides avoid each "
            "other, not what they disagree about, nor who began it."
        )
        if result.verdict == "factionalised"
        else _(
            "Groups are drawn from ties alone and carry letters, not political names. A clean split also appears between "
            "people who simply have other interests: it does not say that the sides disagree."
        )
    )
    card = _factions_card(result, found, two)
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


def _falls_into(groups: int, stays: str, words: Words) -> str:
    if words.directed:
        return _n(
            "Attention falls into {n:count} group rather than two camps: {statement}.",
            "Attention falls into {n:count} groups rather than two camps: {statement}.",
            groups,
            statement=stays,
        )
    return _n(
        "The network falls into {n:count} group rather than two camps: {statement}.",
        "The network falls into {n:count} groups rather than two camps: {statement}.",
        groups,
        statement=stays,
    )


def _factions_card(result: Factions, found: int, two: Sequence[float]) -> tuple[str, str, str]:
    value = result.modularity.value
    short = (
        sentence(clauses(_("modularity {value:decimal}", value=value), _short(result.modularity, "decimal")))
        if value is not None
        else ""
    )
    # Two sides are said only where two groups are nearly everyone; otherwise how many groups there are.
    camps = _("Two sides") if sum(two) >= TWO_SIDES else _n("{n:count} group", "{n:count} groups", found)
    match result.verdict:
        case "factionalised" | "structurally_divided":
            verdict = _("factionalised") if result.verdict == "factionalised" else _("structurally divided")
            if len(two) == 2:
                verdict = _(
                    "{verdict}; largest groups {first:percent} and {second:percent} of accounts",
                    verdict=verdict,
                    first=two[0],
                    second=two[1],
                )
            return camps, verdict, short
        case "niches":
            rather = _n("groups, niches rather than camps", "groups, niches rather than camps", found)
            return count(found), rather, short
        case "no_division":
            return _p("how many groups", "None"), _("no division beyond chance"), short
        case "unstable":
            return _("Cannot say"), _("the lines move from run to run"), short
        case "undetermined":
            return _("Cannot say"), _("no sure division"), short
        case _:
            assert_never(result.verdict)


def _groups(named: pl.DataFrame, speech: _Speech) -> str:
    sentences: list[str] = []
    for row in named.head(6).iter_rows(named=True):
        text = _(
            "{group}: {accounts}, {share:percent} of attention",
            group=_group(row["name"]),
            accounts=accounts_counted(row["accounts"]),
            share=row["share_of_attention"],
        )
        most = _("most heard {accounts}", accounts=speech.list(row["leaders"][:3])) if row["leaders"] else ""
        sentences.append(sentence(clauses(text, most)))
    if named.height > 6:
        more = named.height - 6
        sentences.append(_n("{n:count} smaller group.", "{n:count} smaller groups.", more))
    return " ".join(sentences)


def _group(name: str) -> str:
    """Return the name of a group for a sentence; a name that a person gave it stands between isolation marks."""
    shown = group_name(name)
    return shown if re.fullmatch("Group [A-Z]+|Smaller groups", name) else person(shown)
