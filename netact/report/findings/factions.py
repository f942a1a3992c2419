"""The finding of the question where it splits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, assert_never

import polars as pl

from netact.figures.text import (
    Words,
    accounts_counted,
    clauses,
    group_name,
    listed,
    person,
    sentence,
)
from netact.language import _, _n, _p, count
from netact.results import Factions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.results import AlongTechnology

from netact.report.findings.finding import (
    Confidence,
    Finding,
    Speech,
    by_chance,
    cannot_say,
    criteria_answers,
    criteria_rows,
    interval_words,
    short_comparison,
    why,
)

# Share of accounts that the two largest groups hold where a division is said to have two sides.
TWO_SIDES = 0.8
# Groups inside a core are said to be there from this p-value on.
ALPHA = 0.05


def crossing_share(result: Factions) -> float | None:
    """Return the share of weight that runs between factions; None without ties."""
    total = float(result.between["weight"].sum())
    if total <= 0:
        return None
    across = result.between.filter(pl.col("source_faction") != pl.col("target_faction"))
    return float(across["weight"].sum()) / total


def finding(result: Factions, speech: Speech) -> Finding:
    """Return what the result says."""
    words = speech.words
    crossing = crossing_share(result)
    details: dict[str, Any] = {
        "status": result.status,
        "reason": result.reason,
        "kind": result.kind,
        "counted": "accounts",
        "verdict": result.verdict,
        "criteria": criteria_rows(result.criteria),
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
        "technology": _technology_details(result),
        "resolutions": result.resolutions,
        "inside_cores": result.inside_cores,
        "core_groups": result.core_groups,
        "core_ties": result.core_ties,
        "core_windows": result.core_windows,
        "fragility": result.fragility,
        "cut_between_factions": result.cut_between_factions.to_dict(),
        "coverage": result.coverage,
        "warnings": list(result.warnings),
    }
    warnings = tuple(sentence(text) for text in result.warnings)
    named = result.sizes.filter(pl.col("faction") >= 0) if "faction" in result.sizes.columns else result.sizes
    if result.status != "ok" or result.n_factions.value is None:
        return Finding(
            "factions",
            cannot_say(_("Cannot say from this data whether the movement splits into groups"), result.reason),
            None,
            "groups",
            None,
            None,
            "cannot say",
            details,
            _("Too little data for a comparison with chance."),
            _("No range can be given."),
            (*why(result.reason), *criteria_answers(result.criteria)),
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
        against = by_chance(
            result.modularity,
            "decimal",
            chance=lambda given: _("Splitting networks rewired at random in the same way gives {given}", given=given),
        )
        text = _("Modularity is {value:decimal}.", value=result.modularity.value)
        comparison = f"{text} {against}"
    else:
        comparison = _("No comparison with chance could be made.")
    met = interval_words(result.n_factions, "count")
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
        against = by_chance(
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
        against = by_chance(
            controversy,
            "decimal",
            chance=lambda given: _("Rewired networks, split anew, give {given}", given=given),
        )
        answers.append((_("How hard it is to cross"), f"{text} {against}"))
        if controversy.effect is not None:
            less = _(
                "Normalised (less the mean of the rewired networks) it is {effect:decimal}.", effect=controversy.effect
            )
            answers[-1] = (answers[-1][0], f"{answers[-1][1]} {less}")
    answers.append((_("Along which technology"), _technology(result.technology)))
    if cut := _cut(result):
        answers.append((_("How little would part it"), cut))
    if inside := _inside_cores(result, speech):
        answers.append((_("Inside the cores"), inside))
    if other := _other_resolutions(result):
        answers.append((_("Finer and coarser groups"), other))
    if result.bridges.height:
        bridges = speech.list(result.bridges["account"].head(8).to_list(), most=8)
        answers.append((_("Bridges"), _("Heard across groups: {accounts}.", accounts=bridges)))
    answers += list(criteria_answers(result.criteria))
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


def _technology_details(result: Factions) -> dict[str, Any]:
    found = result.technology
    return {
        "status": found.status,
        "reason": found.reason,
        "verdict": found.verdict,
        "base": found.base,
        "kind": found.kind,
        "accounts": found.accounts,
        "adjusted_mutual_information": found.adjusted_mutual_information.to_dict(),
        "normalised_mutual_information": found.normalised_mutual_information.to_dict(),
        "assortativity": found.assortativity.to_dict(),
        "platform_ei_index": found.platform_ei_index.to_dict(),
        "blockmodel_entropy": found.blockmodel_entropy.to_dict(),
        "evidence": found.evidence,
    }


def _technology(found: AlongTechnology) -> str:
    """Say whether the groups run along platforms, of whom it was asked, and what chance gives."""
    if found.status != "ok":
        unknown = _("Whether groups run along platforms cannot be told.")
        return f"{unknown} {sentence(found.reason)}"
    index = found.platform_ei_index
    parts = [sentence(found.reason)]
    if index.value is not None:
        said = _("The E-I index of platforms is {value:decimal} (−1: ties stay on their platform).", value=index.value)
        against = by_chance(
            index, "decimal", chance=lambda given: _("Dealing platforms out at random gives {given}", given=given)
        )
        parts.append(f"{said} {against}")
    if found.base == "accounts":
        parts.append(
            _(
                "Leaving a platform is harder than staying on it: only people who are active on several can be seen to "
                "choose, and too few of them are known."
            )
        )
    return " ".join(parts)


def _cut(result: Factions) -> str:
    cut = result.cut_between_factions
    if cut.value is None:
        return ""
    said = _(
        "The most connected accounts of the two largest groups would be parted by cutting ties that are {share:percent} of "
        "all weight.",
        share=cut.value,
    )
    against = by_chance(
        cut, chance=lambda given: _("Networks rewired at random, with groups of their own, give {given}", given=given)
    )
    held = [
        _n(
            "{n:count} account is the only link of some others to the rest.",
            "{n:count} accounts are each the only link of some others to the rest.",
            row["articulation_points"],
        )
        for row in result.fragility.iter_rows(named=True)
    ]
    return " ".join([said, against, *held])


def _inside_cores(result: Factions, speech: Speech) -> str:
    """Say of each leading core whether it is split; of small ones, who is tied to whom."""
    parts: list[str] = []
    for row in result.inside_cores.iter_rows(named=True):
        if not row["measured"]:
            ties = result.core_ties.filter(pl.col("core") == row["core"])
            pairs = [
                _("{account} with {other}", account=speech.name(tie["account_a"]), other=speech.name(tie["account_b"]))
                for tie in ties.sort("weight", descending=True, maintain_order=True).iter_rows(named=True)
            ]
            said = _n(
                "Core {core:count} has {n:count} member, too few for groups of its own.",
                "Core {core:count} has {n:count} members, too few for groups of its own.",
                row["accounts"],
                core=row["core"],
            )
            tied = _("Tied to one another: {pairs}.", pairs=listed(pairs, most=10)) if pairs else _("None are tied.")
            parts.append(f"{said} {tied}")
            continue
        if row["p_value"] is None or row["modularity"] is None:
            parts.append(_("The groups inside core {core:count} were not compared with chance.", core=row["core"]))
        elif row["p_value"] <= ALPHA:
            parts.append(
                _n(
                    "Inside core {core:count} there is {n:count} group, with modularity {value:decimal} where the same "
                    "numbers of ties, rewired, give {chance:decimal} ({p:p}).",
                    "Inside core {core:count} there are {n:count} groups, with modularity {value:decimal} where the same "
                    "numbers of ties, rewired, give {chance:decimal} ({p:p}).",
                    row["groups"],
                    core=row["core"],
                    value=row["modularity"],
                    chance=row["modularity_by_chance"],
                    p=row["p_value"],
                )
            )
            parts += _over_time(result, row["core"])
        else:
            parts.append(
                _(
                    "Inside core {core:count} no groups beyond chance were found (modularity {value:decimal}; the same "
                    "numbers of ties, rewired, give {chance:decimal}, {p:p}).",
                    core=row["core"],
                    value=row["modularity"],
                    chance=row["modularity_by_chance"],
                    p=row["p_value"],
                )
            )
    return " ".join(parts)


def _over_time(result: Factions, core: int) -> list[str]:
    periods = result.core_windows.filter(pl.col("core") == core).drop_nulls("ei_index")
    if periods.height < 2:
        return []
    said = [
        _(
            "The E-I index of its two sides was {first:decimal} in the first period and {last:decimal} in the last.",
            first=periods["ei_index"][0],
            last=periods["ei_index"][-1],
        )
    ]
    if (lost := periods["lost_mutual_ties"].drop_nulls()).len():
        said.append(
            _n(
                "{n:count} mutual tie of one period was not mutual in the next.",
                "{n:count} mutual ties of one period were not mutual in the next.",
                int(lost.sum()),
            )
        )
    return said


def _other_resolutions(result: Factions) -> str:
    other = result.resolutions.filter(pl.col("resolution") != 1.0)
    return " ".join(
        _n(
            "At resolution {resolution:decimal1} there is {n:count} group; it agrees with those shown by {agreement:decimal} "
            "(adjusted Rand index).",
            "At resolution {resolution:decimal1} there are {n:count} groups; they agree with those shown by "
            "{agreement:decimal} (adjusted Rand index).",
            row["groups"],
            resolution=row["resolution"],
            agreement=row["agreement"],
        )
        for row in other.iter_rows(named=True)
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
        sentence(clauses(_("modularity {value:decimal}", value=value), short_comparison(result.modularity, "decimal")))
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


def _groups(named: pl.DataFrame, speech: Speech) -> str:
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
