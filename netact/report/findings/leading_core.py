"""The finding of the question of a leading core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import polars as pl

from netact.figures.text import (
    Words,
    accounts_drew,
    clauses,
    listed,
    p_words,
    quoted,
    sentence,
    share_in_percent,
    share_in_words,
)
from netact.language import _, _n, _p, count, percent, told
from netact.results import Estimate, LeadingCore
from netact.study import core_power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.results import Core

from netact.report.findings.finding import (
    Confidence,
    Finding,
    Speech,
    by_chance,
    cannot_say,
    interval_words,
    of_all_card,
    short_comparison,
    span_words,
    why,
)


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


def _who_drives(result: LeadingCore, speech: Speech) -> str:
    words = speech.words
    sentences: list[str] = []
    for row in result.drivers.filter(pl.col("unit") == "attention").sort("share").iter_rows(named=True):
        if row["accounts"] is None:
            continue
        text = accounts_drew(row["accounts"], row["share"], words)
        if row["low"] is not None and row["high"] is not None and round(row["low"]) < round(row["high"]):
            text = _(
                "{statement} (95 % range {range})", statement=text, range=span_words(row["low"], row["high"], "count")
            )
        if row["null_low"] is not None and row["null_high"] is not None:
            chance = _(
                "if attention only followed attention it would take {range}",
                range=span_words(row["null_low"], row["null_high"], "count"),
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


def _together(core: Core, speech: Speech) -> str:
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


def lower_first(text: str) -> str:
    """Return a sentence to stand behind a colon."""
    return text[:1].lower() + text[1:]


def _core_confidence(core: Core) -> Confidence:
    return _if_steady(core, beyond=core.tier in ("strong", "calibrated"), far_beyond=core.tier == "strong")


def _elite_confidence(elite: Core) -> Confidence:
    return _if_steady(elite, beyond=True, far_beyond=_is_small(elite))


def _if_steady(core: Core, *, beyond: bool, far_beyond: bool) -> Confidence:
    """Return how sure a set is that is beyond chance, or far beyond it, as far as it is found again in subsamples."""
    overlap = core.mean_overlap or 0.0
    if far_beyond and overlap >= 0.8:
        return "high"
    return "medium" if beyond and overlap >= 0.5 else "low"


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


def _hub_drew(hub: str | None, share: float | None, speech: Speech) -> str:
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


def _core_of(core: Core) -> str:
    return _n("a core of {n:count} accounts", "a core of {n:count} accounts", core.size)


def finding(result: LeadingCore, speech: Speech) -> Finding:
    """Return what the result says."""
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
            card = (percent(core.share_of_attention), of_all_card(_core_of(core), words), _core_short(core))
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
                statement=lower_first(_core_evidence(weakest)),
            )
            range_ = _("For core {number}: {statement}", number=number, statement=lower_first(_core_range(weakest)))
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
                of_all_card(cores, words),
                _("The least certain: {statement}", statement=lower_first(_core_short(weakest))),
            )
            weight = 100
        case "elite_larger_than_team":
            elite = result.elite or main
            value, p_value = (elite.share_of_attention, elite.p_value) if elite else (None, None)
            confidence = _elite_confidence(elite) if elite else "low"
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
            comparison = by_chance(
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
                of_all_card(_("one account"), words),
                sentence(short_comparison(result.attention_of_top)),
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
            headline = cannot_say(
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
            headline = cannot_say(
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
        answers[:0] = why(result.reason)
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


def _tightest_inside(core: Core, speech: Speech) -> str:
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


def _candidate_sentence(core: Core, speech: Speech) -> str:
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
    given = interval_words(estimate)
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
