"""How far the headline of every question could be off: one mechanism for all of them.

A table, :data:`HEADLINES`, says what number and what verdict a question's headline consists of. Everything else is the
same for all: the network is thinned and drawn again by whole clusters (:func:`netact.resampling.cascades`), accounts
are left out, other choices are made, and the number and the verdict are asked for again.

What is tried follows sections 7.1 to 7.7 of the method: the declared sampling; thinning to 90, 75, 50 and 25 %, where a
headline is *stable* if its number changes by less than a tenth from all posts to half of them or its verdict stays in
nine of ten runs (results that rest on single ties or on a partition are judged by their verdict); a 95 % interval by drawing clusters with replacement (never for a maximum, which has no such interval);
accounts whose column ``bot_score`` is high, and the most active, left out; lists of followers that are incomplete as
lower and upper bound; and a table of other defensible parameters, of which four in five have to agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from netact.language import Message
from netact.measures import MEASURES
from netact.results import (
    LEFT_OUT,
    LOSS,
    THINNING,
    Amplifiers,
    Contradiction,
    Coordination,
    Dynamics,
    Effort,
    Estimate,
    Factions,
    Hierarchy,
    LeadingCore,
    Legitimation,
    Robustness,
    SuperUsers,
)
from netact.schemas import INTERACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.resampling import Cascades
    from netact.results import Result

    Number = Callable[[Network], float | None]
    # Asks a question of a network again: question, network, results to take parameters from, parameters to set, and
    # parameters that are not to be larger than this.
    Again = Callable[[str, Network, Mapping[str, Result], Mapping[str, Any], Mapping[str, int]], Result]

SHARES = (0.9, 0.75, 0.5, 0.25)
HALF = 0.5
CHANGE = 0.10  # a number is stable if it changes by less than this
SAME = 0.90  # a verdict is stable if it stays in at least this share of runs
AGREE = 0.80  # other choices confirm a headline if at least this share of them does
LOWEST_RATE = 0.2  # below it ties between single accounts tell nothing
POWER = 0.8
SCORES = (0.5, 0.7, 0.9)
MOST_ACTIVE = 0.01
_FEWEST_CLUSTERS = 10
_WORK = 20_000_000  # interactions times draws of a number
_LAYER = 200  # interactions a further kind of tie needs to be a choice
_TOP = 20
# Outcomes that say nothing: whether they stay is no matter.
_SILENT = frozenset(
    {
        *("undetermined", "unstable", "cannot_say", "not_testable", "insufficient_data"),
        *("descriptive", "one_sided_view", "not_measured"),
    }
)


@dataclass(frozen=True)
class Headline:
    """What of a result is looked at again.

    Attributes
    ----------
    name
        What the number is, of a result.
    value
        Of a network and its result: the function that finds the number again in a network of the same accounts; None
        if the headline has no number that depends on interactions.
    verdict
        Outcome or verdict of a result; None if it has none.
    heard
        Codes of the accounts whose attention the headline is about.
    interval
        The estimate of the number with its own interval, where the measure makes one by the same mechanism.
    overlap
        How alike what two results found is, from 0 to 1.
    ties
        Whether the result rests on single ties or on a partition, so that its verdict has to be found again on part of
        the data.
    extreme
        Whether the number is a maximum, which cannot be bootstrapped.
    light
        Parameters that are at most this large when a question is asked again.
    choices
        Parameter -> defensible values.
    """

    name: Callable[[Any], str]
    value: Callable[[Network, Any], Number | None]
    verdict: Callable[[Any], str | None] = lambda _result: None
    heard: Callable[[Network, Any], NDArray[np.int64]] | None = None
    interval: Callable[[Any], Estimate | None] = lambda _result: None
    overlap: Callable[[Any, Any], float | None] = lambda _whole, _part: None
    ties: bool = False
    extreme: Callable[[Any], bool] = lambda _result: False
    light: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


# ---------------------------------------------------------------------- the headlines


def _codes(network: Network, keys: Any) -> NDArray[np.int64]:
    """Return the row numbers of accounts."""
    rows = pl.DataFrame({"key": network.accounts["key"]}).with_row_index("code")
    return rows.filter(pl.col("key").is_in(list(keys)))["code"].to_numpy().astype(np.int64)


def _core_members(result: LeadingCore) -> tuple[str, ...]:
    """Return the accounts whose share of attention the headline gives."""
    match result.outcome:
        case "core" | "rival_cores" | "core_within_elite":
            return result.cores[0].members
        case "elite_larger_than_team":
            return result.elite.members if result.elite else ()
        case "single_hub":
            return (result.hub,) if result.hub else ()
        case "cohesive_not_leading" | "niche_not_core":
            return result.candidate.members if result.candidate else ()
        case _:
            return ()


def _core_name(result: LeadingCore) -> str:
    match result.outcome:
        case "core" | "rival_cores" | "core_within_elite":
            return Message("the share of attention of the core")
        case "single_hub":
            return Message("the share of attention of the one account")
        case _:
            return Message("the share of attention of these accounts")


def _core_value(network: Network, result: LeadingCore) -> Number | None:
    members = _core_members(result)
    if not members:
        return None
    inside = np.zeros(network.n_accounts, dtype=bool)
    inside[_codes(network, members)] = True

    def share(part: Network) -> float | None:
        ties = part.ties(result.kind)  # type: ignore[arg-type]
        total = float(ties.weight.sum())
        return float(ties.weight[inside[ties.target] & ~inside[ties.source]].sum()) / total if total > 0 else None

    return share


def _core_overlap(whole: LeadingCore, part: LeadingCore) -> float | None:
    members = set(_core_members(whole))
    if len(members) < 2:
        return None
    found = [*part.cores, *(core for core in (part.elite, part.candidate) if core is not None)]
    return max((len(members & set(core.members)) / len(members | set(core.members)) for core in found), default=0.0)


def _loss_value(network: Network, result: SuperUsers) -> Number | None:
    from netact.measures.super_users import listed_attention, usable_rights

    if result.top_person is None or result.attention_source != "interactions" or result.top_loss.value is None:
        return None
    rights = usable_rights(network, [])
    listed = rights["account"].unique().sort().to_numpy().astype(np.int64)
    mine = rights.filter((pl.col("person") == result.top_person) & pl.col("power") & ~pl.col("bot"))["account"]
    pulled = np.isin(listed, mine.to_numpy())

    def loss(part: Network) -> float | None:
        attention, source, _ = listed_attention(part, part.ties(result.kind), listed, [])  # type: ignore[arg-type]
        if source != "interactions" or not attention.sum() > 0:
            return None
        return float(attention[pulled].sum() / attention.sum())

    return loss


def _listed(network: Network, _result: SuperUsers) -> NDArray[np.int64]:
    return network.admin_rights["account"].unique().sort().to_numpy().astype(np.int64)


def _single(result: Hierarchy) -> bool:
    return result.verdict == "single_led" and result.indices["top_1_share"].value is not None


def _top_value(_network: Network, result: Hierarchy) -> Number | None:
    number = 1 if _single(result) else _TOP
    if result.indices["top_20_share"].value is None:
        return None

    def share(part: Network) -> float | None:
        attention = part.ties(result.kind).in_strength  # type: ignore[arg-type]
        total = float(attention.sum())
        most = min(number, len(attention))
        return float(np.partition(attention, -most)[-most:].sum()) / total if total > 0 else None

    return share


def _top(network: Network, result: Any) -> NDArray[np.int64]:
    attention = network.ties(result.kind).in_strength
    order = np.lexsort((np.arange(len(attention)), -attention))[:_TOP]
    return np.sort(order[attention[order] > 0])


def _inside_value(network: Network, result: Factions) -> Number | None:
    if not result.between["weight"].sum() > 0:
        return None
    named = result.sizes.filter(pl.col("faction") >= 0)["faction"].to_list()
    member = result.membership.with_columns(
        faction=pl.when(pl.col("faction").is_in(named)).then("faction").otherwise(-1)
    )
    faction = (
        pl.DataFrame({"account": network.accounts["key"]})
        .join(member, on="account", how="left", maintain_order="left")["faction"]
        .fill_null(-2)
        .to_numpy()
    )

    def inside(part: Network) -> float | None:
        ties = part.ties(result.kind)  # type: ignore[arg-type]
        known = (faction[ties.source] > -2) & (faction[ties.target] > -2)
        total = float(ties.weight[known].sum())
        stays = known & (faction[ties.source] == faction[ties.target])
        return float(ties.weight[stays].sum()) / total if total > 0 else None

    return inside


def _factions_overlap(whole: Factions, part: Factions) -> float | None:
    from netact.polarization import pairwise_adjusted_rand

    both = whole.membership.join(part.membership, on="account", maintain_order="left")
    if both.height < 2:
        return None
    return float(pairwise_adjusted_rand(both.select("faction", "faction_right").to_numpy().T)[0])


def _together_overlap(whole: Coordination, part: Coordination) -> float | None:
    one, other = set(whole.members["account"]), set(part.members["account"])
    return len(one & other) / len(one | other) if one | other else None


def _strongest(result: Legitimation) -> str | None:
    """Return the verdict on an operation that says most, among those that were looked at."""
    order = ("legitimated", "opposed", "factional", "contested", "descriptive", "ignored", "one_sided_view")
    met = set(result.operations["verdict"])
    return next((verdict for verdict in order if verdict in met), None)


# Question -> its headline. Every question that is measured stands here.
HEADLINES: dict[str, Headline] = {
    "leading_core": Headline(
        _core_name,
        _core_value,
        verdict=lambda result: result.outcome,
        heard=lambda network, result: _codes(network, _core_members(result)),
        overlap=_core_overlap,
        ties=True,
        extreme=lambda result: result.outcome == "single_hub",
        light={"draws": 99, "replicates": 0, "power_runs": 5},
        choices={"max_pool": (50, 150, 300), "alpha": (0.01, 0.001), "min_block": (0.01, 0.02, 0.05)},
    ),
    "super_users": Headline(
        lambda _result: Message("the share of the listed accounts' attention that this person could shut down"),
        _loss_value,
        heard=_listed,
    ),
    "hierarchy": Headline(
        lambda result: (
            Message("the share of attention of the top account")
            if _single(result)
            else Message("the share of attention of the top 20")
        ),
        _top_value,
        verdict=lambda result: result.verdict,
        heard=_top,
        interval=lambda result: result.indices["top_1_share" if _single(result) else "top_20_share"],
        extreme=_single,
        light={"draws": 24, "replicates": 60},
    ),
    "factions": Headline(
        lambda _result: Message("the share of ties that stay inside a group"),
        _inside_value,
        verdict=lambda result: result.verdict,
        overlap=_factions_overlap,
        ties=True,
        light={"draws": 24, "runs": 5},
        choices={"resolution": (0.8, 1.0, 1.25)},
    ),
    "dynamics": Headline(
        lambda _result: Message("the overlap of the top of consecutive windows"),
        lambda _network, _result: None,
        verdict=lambda result: result.verdict,
        heard=_top,
        light={"draws": 39},
    ),
    "symbols": Headline(
        lambda _result: Message("the number of hashtags that cross all large groups"),
        lambda _network, _result: None,
        verdict=lambda result: result.verdict,
        light={"draws": 19, "label_draws": 999},
        choices={"retention_days": (3.0, 7.0, 14.0), "count_retweets": (False, True)},
    ),
    "coordination": Headline(
        lambda _result: Message("the number of accounts that act together"),
        lambda _network, _result: None,
        verdict=lambda result: result.outcome,
        overlap=_together_overlap,
        ties=True,
        light={"draws": 0},
        choices={"fewest_objects": (3, 4, 5), "false_discovery_rate": (0.05, 0.01)},
    ),
    "legitimation": Headline(
        lambda _result: Message("the strongest verdict on an operation"),
        lambda _network, _result: None,
        verdict=_strongest,
        light={"draws": 99, "replicates": 100},
        choices={"community_days": (14, 30, 60), "days": (7, 14, 28)},
    ),
}


# ---------------------------------------------------------------------- all headlines


def robustness(
    network: Network,
    results: Mapping[str, Result],
    *,
    again: Again,
    effort: Effort = "quick",
    draws: int = 20,
    runs: int = 5,
    every_share: bool = False,
    replicates: int = 200,
    multiverse: bool = False,
    largest: int = 60_000,
    core_power: float | None = None,
    only: Collection[str] | None = None,
    seed: int,
) -> dict[str, Robustness]:
    """Return how far the headline of every question could be off.

    Parameters
    ----------
    network, results
        What was measured, and what came out.
    again
        Asks one question of another network: question, network, results that parameters are taken from, parameters to
        set, parameters with the largest value they may have.
    effort
        Name of the effort that the following parameters stand for; with ``none`` nothing is tried.
    draws
        Thinned networks a share, for numbers; fewer on networks of more than a million interactions.
    runs
        Thinned networks on which whole measures are run again; 0: none.
    every_share
        Run the measures again at every share and for every question, not only on half of the posts and where the result
        rests on ties or the number is not stable.
    replicates
        Draws of the bootstrap.
    multiverse
        Try other defensible parameters.
    largest
        Number of interactions above which no measure is run again.
    core_power
        Power to find a core in data of this size, sampling taken into account; None if not known. Of no matter for
        questions but ``leading_core``.
    only
        Questions that are wanted, all if None. Of the others' results those must be there that a wanted one takes
        parameters from (its answers then are those that it has among all), and ``factions`` where interactions lead to
        authors that are not known.
    seed
        Of all chance here.
    """
    from netact.resampling import cascades

    if effort == "none":
        return {}
    drawn = cascades(network)
    asked = [name for name in MEASURES if name in results and name in HEADLINES]
    wanted = [name for name in asked if only is None or name in only]
    numbers = {name: HEADLINES[name].value(network, results[name]) for name in asked if results[name].status == "ok"}
    values = {name: None if number is None else number(network) for name, number in numbers.items()}
    size = _size(network)
    whole_runs = runs if size <= largest else 0
    fair = max(10, min(draws, _WORK // size))
    curves = _curves(network, drawn, numbers, draws=fair, seed=seed)
    changes = {
        name: None if name not in curves or not values[name] else _change(curves[name], float(values[name] or 0.0))
        for name in numbers
    }
    rerun = [
        name
        for name in numbers
        if _settled(name, results[name]) is not None
        and (every_share or HEADLINES[name].ties or (changes[name] or 0.0) >= CHANGE)
    ]
    shares = SHARES if every_share else (HALF,)
    verdicts = _verdicts(network, drawn, results, rerun, again, runs=whole_runs, shares=shares, seed=seed)
    asked_of = {name: number for name, number in numbers.items() if name in wanted}
    left_out = _left_out(network, results, asked_of, values, again if whole_runs else None, always=every_share)
    again_drawn = {
        name: number
        for name, number in asked_of.items()
        if number is not None
        and values[name] is not None
        and not HEADLINES[name].extreme(results[name])
        and _own_interval(HEADLINES[name], results[name]) is None
    }
    bootstrapped = _bootstrapped(network, drawn, again_drawn, draws=max(50, min(replicates, _WORK // size)), seed=seed)
    made = {}
    for name in wanted:
        headline, result = HEADLINES[name], results[name]
        notes: list[str] = []
        verdict = _settled(name, result)
        thinning, stable, by = _thinned(
            curves.get(name), verdicts.get(name), verdict, changes.get(name), ties=headline.ties
        )
        cells, agreement = pl.DataFrame(), None
        if multiverse and whole_runs and name in numbers and verdict is not None:
            cells, agreement = _multiverse(network, name, results, again)
        elif multiverse and not whole_runs and verdict is not None:
            notes.append(
                Message(
                    "With more than {most:count} interactions the measures were not run again on parts of the data.",
                    most=largest,
                )
            )
        collection = network.collection
        rate = collection.rate
        testable = name != "leading_core" or rate is None or rate >= LOWEST_RATE or (core_power or 0.0) >= POWER
        checks = left_out.get(name, pl.DataFrame(schema=LEFT_OUT))
        against: list[Contradiction] = []
        if not testable:
            against.append("sampling")
        if stable is False:
            against.append("thinning")
        against += _contradicted(checks, values.get(name))
        if agreement is not None and agreement < AGREE:
            against.append("multiverse")
        made[name] = Robustness(
            question=name,
            effort=effort,
            headline=headline.name(result),
            value=values.get(name),
            verdict=headline.verdict(result),
            sampling=collection.sampling,
            rate=rate,
            query=collection.query,
            testable=testable,
            clusters=drawn.count,
            cluster=drawn.what,
            thinning=thinning,
            change=changes.get(name),
            stable=stable,
            judged_by=by,
            interval=_interval(drawn, headline, result, values.get(name), bootstrapped.get(name)),
            left_out=checks,
            amplifiers=_amplifiers(network, headline, result) if name in numbers else None,
            loss=_loss(network, results.get("factions")),
            multiverse=cells,
            agreement=agreement,
            contradictions=tuple(dict.fromkeys(against)),
            notes=tuple(notes),
        )
    return made


def _size(network: Network) -> int:
    return max(1, network.interactions.height, network.shares.height)


def _settled(name: str, result: Result) -> str | None:
    """Return the verdict of a result; None if it says nothing."""
    verdict = HEADLINES[name].verdict(result) if result.status == "ok" else None
    return None if verdict in _SILENT else verdict


# ---------------------------------------------------------------------- thinning


def _curves(
    network: Network, drawn: Cascades, numbers: Mapping[str, Number | None], *, draws: int, seed: int
) -> dict[str, dict[float, NDArray[np.float64]]]:
    """Return question -> share kept -> the number in every thinned network."""
    from netact.resampling import delete_group_masks, resampled

    wanted = {name: number for name, number in numbers.items() if number is not None}
    found: dict[str, dict[float, NDArray[np.float64]]] = {name: {} for name in wanted}
    if not wanted or drawn.count < _FEWEST_CLUSTERS:
        return {}
    each = np.arange(drawn.count)
    for share in SHARES:
        rows: dict[str, list[float]] = {name: [] for name in wanted}
        # One seed for all shares: what is kept of a quarter is part of what is kept of a half.
        for mask in delete_group_masks(each, draws=draws, keep=share, seed=seed):
            part = resampled(network, drawn, mask)
            for name, number in wanted.items():
                value = number(part)
                rows[name].append(np.nan if value is None else value)
        for name, got in rows.items():
            found[name][share] = np.array(got)
    return found


def _change(curve: Mapping[float, NDArray[np.float64]], value: float) -> float | None:
    half = curve[HALF][np.isfinite(curve[HALF])]
    return abs(float(half.mean()) - value) / abs(value) if len(half) else None


@dataclass(frozen=True)
class _Again:
    """What measures said of thinned networks: on all data with the smaller parameters, and share -> verdicts."""

    whole: str | None
    said: dict[float, list[str]]
    overlap: dict[float, list[float]]


def _verdicts(
    network: Network,
    drawn: Cascades,
    results: Mapping[str, Result],
    names: list[str],
    again: Again,
    *,
    runs: int,
    shares: tuple[float, ...],
    seed: int,
) -> dict[str, _Again]:
    """Run measures again on thinned networks; one that says otherwise of all data with fewer draws is left out."""
    from netact.resampling import delete_group_masks, resampled

    if not runs or not names or drawn.count < _FEWEST_CLUSTERS:
        return {}
    found: dict[str, _Again] = {}
    for name in names:
        first = again(name, network, results, {}, HEADLINES[name].light)
        found[name] = _Again(HEADLINES[name].verdict(first), {}, {})
    each = np.arange(drawn.count)
    for share in shares:
        for mask in delete_group_masks(each, draws=runs, keep=share, seed=seed):
            part = resampled(network, drawn, mask)
            known = dict(results)
            for name in names:
                headline = HEADLINES[name]
                known[name] = again(name, part, known, {}, headline.light)
                found[name].said.setdefault(share, []).append(headline.verdict(known[name]) or "")
                like = headline.overlap(results[name], known[name])
                if like is not None:
                    found[name].overlap.setdefault(share, []).append(like)
    return found


def _thinned(
    curve: Mapping[float, NDArray[np.float64]] | None,
    verdicts: _Again | None,
    verdict: str | None,
    change: float | None,
    *,
    ties: bool,
) -> tuple[pl.DataFrame, bool | None, Literal["number", "outcome"] | None]:
    """Return the table of thinning, whether the headline is stable and by what that was judged."""
    rows = []
    # A verdict that fewer draws already change on all data says nothing about thinning.
    usable = verdicts is not None and verdicts.whole == verdict
    for share in SHARES:
        got = np.empty(0) if curve is None else curve[share][np.isfinite(curve[share])]
        said = verdicts.said.get(share, []) if verdicts is not None and usable else []
        like = verdicts.overlap.get(share, []) if verdicts is not None else []
        if not len(got) and not said and not like:
            continue
        low, high = np.quantile(got, [0.025, 0.975]) if len(got) else (None, None)
        rows.append(
            {
                "share": share,
                "draws": len(got),
                "mean": float(got.mean()) if len(got) else None,
                "sd": float(got.std(ddof=1)) if len(got) > 1 else None,
                "low": low,
                "high": high,
                "runs": len(said),
                "same": said.count(verdict or "") / len(said) if said else None,
                "verdict": max(sorted(set(said)), key=said.count) if said else None,
                "overlap": float(np.mean(like)) if like else None,
            }
        )
    table = pl.DataFrame(rows, schema=THINNING)
    half = verdicts.said.get(HALF, []) if verdicts is not None and usable else []
    stays = bool(half) and half.count(verdict or "") >= SAME * len(half)
    if half and (ties or change is None or change >= CHANGE):
        return table, stays, "outcome"
    return table, None if change is None else change < CHANGE, None if change is None else "number"


# ---------------------------------------------------------------------- intervals


def _bootstrapped(
    network: Network, drawn: Cascades, numbers: Mapping[str, Number], *, draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return question -> its number in every network whose clusters were drawn with replacement."""
    from netact.resampling import bootstrap_multiplicities, resampled

    found: dict[str, list[float]] = {name: [] for name in numbers}
    # An object is shared once by an account: it cannot be drawn twice.
    if not numbers or drawn.count < _FEWEST_CLUSTERS or drawn.what == "object":
        return {}
    for times in bootstrap_multiplicities(np.arange(drawn.count), draws=draws, seed=seed):
        part = resampled(network, drawn, times)
        for name, number in numbers.items():
            value = number(part)
            if value is not None:
                found[name].append(value)
    return {name: np.array(values) for name, values in found.items()}


def _own_interval(headline: Headline, result: Result) -> Estimate | None:
    """Return the estimate of the number where the measure has made an interval by the same mechanism."""
    known = headline.interval(result)
    return known if known is not None and known.interval is not None else None


def _interval(
    drawn: Cascades, headline: Headline, result: Result, value: float | None, found: NDArray[np.float64] | None
) -> Estimate | None:
    """Return the value with the interval that drawing clusters again gives it."""
    from netact.resampling import recentred_interval

    if value is None or headline.extreme(result):
        return None
    if found is None or _own_interval(headline, result) is not None:
        return _own_interval(headline, result)
    interval = recentred_interval(found, value, bounded=True)
    method = (
        Message("cluster bootstrap over posts, {draws:count} replicates, re-centred on the value", draws=len(found))
        if drawn.what == "post"
        else Message(
            "cluster bootstrap over source accounts, {draws:count} replicates, re-centred on the value",
            draws=len(found),
        )
    )
    return Estimate(value, headline.name(result), interval=interval, interval_method=method if interval else None)


# ---------------------------------------------------------------------- accounts left out


def _givers(network: Network, kind: Any) -> tuple[NDArray[np.int64], float]:
    """Return how often every account gave attention, and the 99 % quantile of those that gave any."""
    ties = network.ties(kind)
    given = np.bincount(ties.source, weights=ties.events, minlength=ties.n_accounts).astype(np.int64)
    active = given[given > 0]
    return given, float(np.quantile(active, 1 - MOST_ACTIVE)) if len(active) else 0.0


def _most_active(network: Network, kind: Any) -> NDArray[np.bool_]:
    """Return the most active 1 % of the accounts that give attention."""
    given, _ = _givers(network, kind)
    number = int(np.ceil(MOST_ACTIVE * np.count_nonzero(given)))
    out = np.zeros(len(given), dtype=bool)
    out[np.lexsort((np.arange(len(given)), -given))[:number]] = True
    return out


def _without(network: Network, out: NDArray[np.bool_], *, only_given: bool) -> tuple[Network, float]:
    """Return the network without what accounts gave (and received), and the share of interactions that goes."""
    ties = network.interactions
    gone = out[ties["source"].to_numpy()]
    if not only_given:
        gone |= out[ties["target"].to_numpy()]
    part = network.with_rows(
        interactions=np.flatnonzero(~gone),
        shares=np.flatnonzero(~out[network.shares["account"].to_numpy()]),
        posts=np.flatnonzero(~out[network.posts["account"].to_numpy()]),
        hashtags=np.flatnonzero(~out[network.hashtags["account"].to_numpy()]),
        unresolved=np.flatnonzero(~out[network.unresolved["source"].to_numpy()]),
    )
    return part, float(gone.mean()) if len(gone) else 0.0


def _scores(network: Network) -> NDArray[np.float64] | None:
    if "bot_score" not in network.accounts.columns:
        return None
    scores = network.accounts["bot_score"].cast(pl.Float64, strict=False)
    found: NDArray[np.float64] = scores.fill_null(-1.0).fill_nan(-1.0).to_numpy()
    return found if (found >= 0).any() else None


_NO = ("false", "no", "0", "0.0", "n", "f")


def _with_imputed_follows(network: Network) -> tuple[Network, int, float] | None:
    """Return the network in which those who retweet an account follow it, where its list of followers is incomplete."""
    if "followers_complete" not in network.accounts.columns or "follow" not in network.kinds:
        return None
    told = network.accounts["followers_complete"].cast(pl.String, strict=False).str.to_lowercase().str.strip_chars()
    incomplete = told.is_in(_NO).fill_null(value=False).to_numpy()
    if not incomplete.any():
        return None
    ties, follows = network.ties("retweet"), network.ties("follow")
    wanted = incomplete[ties.target]
    n = network.n_accounts
    known = follows.source.astype(np.int64) * n + follows.target
    pair = ties.source[wanted].astype(np.int64) * n + ties.target[wanted]
    new = np.setdiff1d(pair, known)
    added = pl.DataFrame({"source": new // n, "target": new % n}).with_columns(
        kind=pl.lit("follow"), weight=pl.lit(1.0), quality=pl.lit("inferred")
    )
    columns = {name: added[name].cast(kind) if name in added.columns else pl.Series(name, [None] * added.height, dtype=kind) for name, kind in INTERACTIONS.items()}  # fmt: skip
    rows = pl.concat([network.interactions, pl.DataFrame(columns)]).sort(list(INTERACTIONS), nulls_last=True)
    return replace(network, interactions=rows, before=None), int(incomplete.sum()), len(new) / max(1, rows.height)


def _left_out(
    network: Network,
    results: Mapping[str, Result],
    numbers: Mapping[str, Number | None],
    values: Mapping[str, float | None],
    again: Again | None,
    *,
    always: bool,
) -> dict[str, pl.DataFrame]:
    """Return question -> what is left of its headline without some accounts, and with follows that are missing."""
    scores = _scores(network)
    imputed = _with_imputed_follows(network)
    found: dict[str, pl.DataFrame] = {}
    for name, number in numbers.items():
        result, headline = results[name], HEADLINES[name]
        cases: list[tuple[str, int, float, Network]] = []
        if scores is not None:
            for limit in SCORES:
                flagged = scores >= limit
                part, gone = _without(network, flagged, only_given=False)
                cases.append((f"score {limit:.1g}", int(flagged.sum()), gone, part))
        if network.has_direction(result.kind):  # type: ignore[arg-type]
            active = _most_active(network, result.kind)
            part, gone = _without(network, active, only_given=True)
            cases.append(("most active", int(active.sum()), gone, part))
        if imputed is not None and result.kind == "follow":
            cases.append(("follows stated", imputed[1], 0.0, network))
            cases.append(("follows imputed", imputed[1], imputed[2], imputed[0]))
        rows = []
        before = values[name]
        for check, accounts, gone, part in cases:
            value = None if number is None else number(part)
            verdict = _settled(name, result)
            unchanged = part is network or gone == 0.0
            said = verdict if unchanged else None
            if (
                again is not None
                and verdict is not None
                and not unchanged
                and (always or headline.ties or (number is not None and _moved(value, before)))
            ):
                said = headline.verdict(again(name, part, results, {}, headline.light))
            same = None if said is None else said == verdict
            rows.append((check, accounts, gone, value, said, same))
        found[name] = pl.DataFrame(rows, schema=LEFT_OUT, orient="row")
    return found


def _moved(value: float | None, before: float | None) -> bool:
    return value is None or not before or abs(value - before) / abs(before) >= CHANGE


def _contradicted(checks: pl.DataFrame, value: float | None) -> list[Contradiction]:
    """Return what speaks against a headline: the verdict changes or, where it was not asked for again, the number does."""
    against: list[Contradiction] = []
    for row in checks.iter_rows(named=True):
        changed = _moved(row["value"], value) and value is not None if row["same"] is None else not row["same"]
        if changed:
            against.append("followers" if row["check"].startswith("follows") else "left out")
    return against


def _amplifiers(network: Network, headline: Headline, result: Result) -> Amplifiers | None:
    """Return how much of the attention comes from the most active accounts."""
    if headline.heard is None or not network.has_direction(result.kind):  # type: ignore[arg-type]
        return None
    ties = network.ties(result.kind)  # type: ignore[arg-type]
    heard = np.zeros(ties.n_accounts, dtype=bool)
    heard[headline.heard(network, result)] = True
    given, limit = _givers(network, result.kind)
    loud = given > limit
    at = heard[ties.target]
    received, total = float(ties.weight[at].sum()), float(ties.weight.sum())
    if received <= 0:
        return None
    from_loud = loud[ties.source]
    return Amplifiers(
        int(loud.sum()),
        limit,
        float(ties.weight[at & from_loud].sum()) / received,
        float(ties.weight[from_loud].sum()) / total,
    )


def _loss(network: Network, found: Result | None) -> pl.DataFrame:
    """Return how many interactions lead to posts whose author is not known, by the faction of who gave them."""
    if not network.unresolved.height:
        return pl.DataFrame(schema=LOSS)
    given = network.interactions.filter(pl.col("quality").ne_missing("derived"))["source"]
    lost = network.unresolved["source"]
    faction = pl.Series([None] * network.n_accounts, dtype=pl.Int32)
    if isinstance(found, Factions) and found.membership.height:
        named = found.sizes.filter(pl.col("faction") >= 0)["faction"].to_list()
        member = found.membership.filter(pl.col("faction").is_in(named)).select("account", "faction")
        faction = (
            pl.DataFrame({"account": network.accounts["key"]})
            .join(member, on="account", how="left", maintain_order="left")["faction"]
            .cast(pl.Int32)
        )
    rows = pl.concat(
        [
            pl.DataFrame({"faction": faction.gather(given), "lost": False}),
            pl.DataFrame({"faction": faction.gather(lost), "lost": True}),
        ]
    )
    counts = (pl.len().cast(pl.Int64).alias("given"), pl.col("lost").sum().cast(pl.Int64))
    of_all = rows.select(pl.lit(None, dtype=pl.Int32).alias("faction"), *counts)
    by_faction = rows.drop_nulls("faction").group_by("faction").agg(*counts).sort("faction")
    return pl.concat([of_all, by_faction]).with_columns(share=pl.col("lost") / pl.col("given"))


# ---------------------------------------------------------------------- other choices


def _multiverse(
    network: Network, name: str, results: Mapping[str, Result], again: Again
) -> tuple[pl.DataFrame, float | None]:
    """Return the outcome of every cell of other defensible choices, and the share that agrees with the headline."""
    headline, result = HEADLINES[name], results[name]
    grid = [dict(zip(headline.choices, cell, strict=True)) for cell in product(*headline.choices.values())]
    cells: list[dict[str, Any]] = [{"kind": result.kind, **cell} for cell in grid]
    others = [kind for kind, count in network.kinds.items() if kind != result.kind and count >= _LAYER]
    cells += [{"kind": kind} for kind in others]
    verdict = headline.verdict(result)
    rows: list[dict[str, Any]] = []
    if isinstance(result, Dynamics):  # it has tried other lengths of its windows already
        rows = [
            {
                "kind": result.kind,
                "length": row["length"],
                "verdict": row["verdict"],
                "value": row["overlap"],
                "same": row["verdict"] == verdict,
            }
            for row in result.sensitivity.filter(pl.col("length") != "chosen").iter_rows(named=True)
            if row["verdict"] is not None
        ]
    if len(cells) + len(rows) < 2:
        return pl.DataFrame(), None
    for cell in cells:
        found = again(name, network, results, cell, headline.light)
        said = headline.verdict(found)
        number = headline.value(network, found) if found.status == "ok" else None
        rows.append(
            {
                **{parameter: cell.get(parameter) for parameter in ("kind", *headline.choices)},
                "verdict": said,
                "value": None if number is None else number(network),
                "same": said == verdict,
            }
        )
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table, float(np.mean(table["same"].to_numpy()))
