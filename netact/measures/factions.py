"""Factions: into which groups attention splits, how two-sided that is, and whether it is more than chance.

A clean split is not yet a conflict: apolitical niches split cleanly too. The verdict therefore separates groups
(modularity), two camps (two-sidedness), a gulf between them (dipole, random walks) and antagonism at the boundary, each
against networks with the same degrees that are partitioned anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact import polarization
from netact.along_technology import along_technology
from netact.fragility import cut_between, fragility
from netact.language import Message, sentences
from netact.network import Network, Ties
from netact.null_models import backbone, degree_preserving
from netact.partition import best_partition, compacted, interactions_read, leiden_partitions, own_kernel
from netact.randomness import spawn_seeds
from netact.ranges import Range, check_ranges
from netact.results import (
    CORE_GROUPS,
    CORE_TIES,
    CORE_WINDOWS,
    FACTION_FRAGILITY,
    FACTION_HASHTAGS,
    FACTION_PLATFORMS,
    FACTION_RESOLUTIONS,
    INSIDE_CORES,
    Criterion,
    Estimate,
    Factions,
    FactionsVerdict,
    Status,
    undefined,
)
from netact.schemas import KIND_NAMES
from netact.side_by_side import side_by_side
from netact.significance import against_null, false_discovery, monte_carlo_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from netact.schemas import Kind

# Work limit: ties * runs of the optimiser.
MAX_PARTITION_WORK = 5_000_000
FEWEST_RUNS = 5
# A partition whose runs agree less than this (mean adjusted Rand index) is unstable.
STABLE = 0.8
ALPHA = 0.05
# Three or more equal groups, however separate, reach at most this share of their modularity in a two-way split.
THREE_EQUAL_GROUPS = 2 / 3
# A group is named if it holds this share of the active accounts, and at least three of them.
NAMED_SHARE = 0.005
NAMED_ACCOUNTS = 3
# The number in `sizes` and `between` of everything that belongs to no named group.
SMALLER_GROUPS = -1
INFLUENCERS = 10
BRIDGES = 50
# Hashtags are listed for so many factions, so many each, and only where this many accounts of the faction used one:
# fewer would come close to naming them.
HASHTAG_FACTIONS = 12
HASHTAGS_EACH = 15
HASHTAG_ACCOUNTS = 5
# What other resolutions of modularity would give is shown beside the groups.
OTHER_RESOLUTIONS = (0.5, 1.0, 2.0)
# Accounts that used the signs of an operation, and as many that used its counter-signs, before signs are called rival.
RIVAL_USERS = 10
# Ties times null networks of the smallest cut between two factions.
MOST_CUT_WORK = 5_000_000
# Members of a core from which its splits are measured; of smaller cores the ties are listed.
MEASURED_CORE = 6
# Windows in which the sides of a core are followed, and acts among its members that each needs on average.
CORE_PERIODS, CORE_ACTS = 4, 10

_N1 = Message("networks with the same degrees, partitioned anew")
_NOT_MODULAR = Message("no partition has positive modularity")
_ONE_GROUP = Message("there are no two groups")
_NO_INSIDE = Message("no account of the boundary has ties to the inside of its side")
_NO_SCORES = ("modularity", "two_sidedness", "cut_between_factions")
_SCORES = (
    "ei_index",
    "adaptive_ei_index",
    "random_walk_controversy",
    "adaptive_random_walk_controversy",
    "dipole",
    "boundary_polarization",
)


# What each parameter may be.
RANGES = {
    "runs": Range(2),
    "resolution": Range(above=0),
    "draws": Range(0),
    "max_null_ties": Range(1),
    "reference_two_sidedness": Range(0, 1),
}


def factions(
    network: Network,
    *,
    kind: Kind | None = None,
    runs: int = 50,
    resolution: float = 1.0,
    draws: int = 99,
    max_null_ties: int = 50_000,
    reference_two_sidedness: float | None = None,
    core_members: tuple[tuple[str, ...], ...] | None = None,
    seed: int,
) -> Factions:
    """Return the groups into which attention splits, how two-sided that is, and how far beyond chance.

    *Groups.* Ties of both directions are added up (weights too) and partitioned by Leiden on modularity, ``runs``
    times. If the runs agree (mean adjusted Rand index of at least 0.8) the run of highest modularity is taken;
    otherwise the consensus of the runs (how often the ends of a tie fell together, partitioned again), and the verdict
    says ``unstable``. Groups of at least three accounts and 0.5 % of the active accounts are named; ``sizes`` pools the
    others in one row, ``Smaller groups`` with faction -1, while ``membership`` keeps every group's own number.
    From two million ties on, in a network of a million interactions from 200,000, Leiden is that of
    :mod:`netact.communities`, below that of igraph: the same objective, other draws.

    *Two sides.* The giant component is split in two as well as modularity allows; two-sidedness is the modularity of
    that split over that of the partition of the same component, about 1 for two camps and low for many niches. The
    scores (see :mod:`netact.polarization`) describe the split: unweighted, and with weights cut at their 99 % quantile
    where weights differ. ``random_walk_controversy`` has 10 influencers a side, the adaptive one and the dipole 1 % of
    the side; the number used stands in the unit.

    *Verdict.* ``factionalised`` asks for stable groups, a two-way split above chance and above what three or more equal
    groups can give (2/3), a dipole or adaptive random-walk controversy beyond chance (p < 0.05), and one sign of
    antagonism: a boundary that turns inwards more than by chance, mentions or replies that cross at least twice as
    often as the ties analysed (and in a tenth of the cases), or an operation whose signs are used by one side and its
    counter-signs by the other. Without the last it is ``structurally_divided``. Where the two-sidedness of topics known
    to be without conflict is given, the split must reach it too: comparing with chance removes noise, not niches.

    *Technology.* ``technology`` says whether groups run along platforms (:mod:`netact.along_technology`).

    *Inside cores.* The same groups, split and comparison on the ties among the members of each leading core of at least
    six members; of smaller cores the ties are listed. Where ties have times, the E-I index of a core's two sides is
    followed over up to four equal periods, with the mutual ties that were lost.

    *Platforms and hashtags.* ``platforms`` counts each faction's accounts by platform. ``hashtags`` lists what a faction
    uses most distinctively against all other factions: counted are accounts, not uses, and the order is that of the
    z-score of the log-odds ratio with an informative Dirichlet prior (the counts of all factions together; Monroe,
    Colaresi & Quinn 2008), then more accounts, then the alphabet. All interactions count, of whatever kind.

    *Chance.* Each null network keeps every account's number of ties, has the weights dealt out again, and is
    partitioned and split by the very procedure that gave the observed number (the best of one to five runs, by size).
    With more than ``max_null_ties`` ties this is done among the most connected accounts; ``coverage`` of an
    estimate is the share of ties that were compared. **The value of an estimate is always the number that was
    compared with its null**; where the whole network or all ``runs`` give another one, a warning says which. The
    stability of the partition is that of all runs on the whole network.

    Nothing depends on the names of accounts or the order of rows: accounts are numbered by their position in the
    network before any chance enters (accounts alike in every respect may be exchanged).

    Parameters
    ----------
    network
        Ties point from the account that gives attention to the one that receives it; direction does not count here,
        except in ``sizes``, ``between`` and ``bridges``.
    kind
        Kind of tie; the network's attention kind if None.
    runs
        Runs of the optimiser; fewer if ties * runs would exceed five million, but at least five (a warning says so).
    resolution
        Resolution of modularity; above 1: more and smaller groups.
    draws
        Null networks; with 0 nothing is compared, the verdict is ``undetermined``, and other resolutions are the best of one run.
    max_null_ties
        Most ties compared with chance.
    reference_two_sidedness
        Two-sidedness of topics of the same platform that are known to divide nobody; None if there are none.
    core_members
        Members of each leading core; taken from that measure where it was run.
    seed
        Seed of every random step.

    Raises
    ------
    MeasureError
        If a parameter is out of range.

    References
    ----------
    Traag, Waltman & van Eck 2019, https://doi.org/10.1038/s41598-019-41695-z (Leiden); Lancichinetti & Fortunato 2012,
    https://doi.org/10.1038/srep00336 (consensus); Salloum, Chen & Kivela 2022, https://doi.org/10.1145/3512962
    (scores against randomised networks); Monroe, Colaresi & Quinn 2008, https://doi.org/10.1093/pan/mpn018 (hashtags).
    """
    check_ranges("factions", RANGES, locals())
    kind = kind or network.attention_kind
    directed = network.ties(kind)
    ties, account = _canonical(network.undirected_ties(kind), directed)
    if ties.n_accounts < 4:
        few = Message("fewer than four accounts have ties") if len(ties) else Message("no ties")
        return _without(kind, few, empty=not len(ties))
    warnings: list[str] = []
    size = interactions_read(network)
    other_runs = FEWEST_RUNS if draws else 1
    whole = _partition_whole(
        ties, runs=runs, other_runs=other_runs, resolution=resolution, seed=seed, warnings=warnings, size=size
    )
    compared = compacted(backbone(ties, max_ties=max_null_ties))[0] if len(ties) > max_null_ties else ties
    comparison = _compare(compared, draws=draws, resolution=resolution, seed=seed, coverage=len(compared) / len(ties))
    estimates = comparison.estimates
    stability = _stability(whole, comparison, on_all=compared is ties)
    _differences(whole, comparison, on_all=compared is ties, warnings=warnings)

    side, coverage = _sides(ties, whole.group, resolution=resolution)
    if coverage < 0.8:
        warnings.append(
            Message(
                "The largest connected part holds {share:percent} of the active accounts; the two-way split and its "
                "scores describe only that part.",
                share=coverage,
            )
        )
    membership = pl.DataFrame(
        {
            "account": network.accounts["key"].gather(account),
            "faction": pl.Series(whole.group, dtype=pl.Int32),
            "stability": pl.Series(whole.account_stability, dtype=pl.Float64),
            "side": pl.Series([None if s < 0 else int(s) for s in side.tolist()], dtype=pl.Int8),
        }
    )
    order = np.argsort(account, kind="stable")
    faction = np.full(network.n_accounts, -1, dtype=np.int64)
    faction[account] = whole.group
    side_of = np.full(network.n_accounts, -1, dtype=np.int8)
    side_of[account] = side
    criteria = (
        _stable(stability),
        _two_sided(estimates["two_sidedness"], reference_two_sidedness),
        _gulf(estimates["dipole"], estimates["adaptive_random_walk_controversy"]),
        _antagonism(network, kind, side_of, estimates["boundary_polarization"]),
    )
    verdict, reason = _verdict(estimates["modularity"], criteria, whole.n_named)
    if max(comparison.observed.k, default=0) and min(comparison.observed.k) < INFLUENCERS:
        warnings.append(
            Message(
                "Random-walk controversy uses {k} influencers a side instead of {asked:count}: a side has no more accounts.",
                k=_k(comparison.observed.k),
                asked=INFLUENCERS,
            )
        )
    inside, core_groups, core_ties, core_windows = _inside_cores(
        network, kind, core_members or (), draws=draws, resolution=resolution, seed=seed
    )

    def partition(other: Ties) -> NDArray[np.int64]:
        return _groups_of(other, resolution=resolution, seed=seed, runs=other_runs, size=size)

    return Factions(
        status="ok",
        reason=reason,
        kind=kind,
        n_factions=Estimate(
            float(whole.n_named),
            Message("factions"),
            interval=(float(min(whole.named_by_run)), float(max(whole.named_by_run))),
            interval_method=Message("smallest and largest number over {runs:count} runs", runs=len(whole.named_by_run)),
        ),
        membership=membership[order],
        sizes=_size_table(network, directed, faction, whole.n_named),
        modularity=estimates["modularity"],
        stability=stability,
        two_sidedness=estimates["two_sidedness"],
        scores={name: value for name, value in estimates.items() if name not in _NO_SCORES},
        between=_between(directed, faction, whole.n_named),
        bridges=_bridges(network, directed, faction),
        verdict=verdict,
        criteria=criteria,
        coverage=coverage,
        platforms=_platforms(network, faction, whole.n_named),
        hashtags=_faction_hashtags(network, faction, whole.n_named),
        technology=along_technology(network, kind=kind, group=faction, partition=partition, draws=draws, seed=seed),
        resolutions=whole.resolutions,
        inside_cores=inside,
        core_groups=core_groups,
        core_ties=core_ties,
        core_windows=core_windows,
        fragility=_fragility(compared, len(ties), warnings=warnings),
        cut_between_factions=estimates["cut_between_factions"],
        warnings=tuple(warnings),
    )


def _without(kind: str, why: str, *, empty: bool) -> Factions:
    """Return the result of a network with nothing to split."""
    status: Status = "undefined" if empty else "insufficient_data"
    none = undefined(Message("index"), why, status=status)
    return Factions(
        status=status,
        reason=Message("No factions can be told apart: {why}.", why=why),
        kind=kind,
        n_factions=undefined(Message("factions"), why, status=status),
        membership=pl.DataFrame(
            schema={"account": pl.String, "faction": pl.Int32, "stability": pl.Float64, "side": pl.Int8}
        ),
        sizes=pl.DataFrame(schema=_SIZES),
        modularity=none,
        stability=none,
        two_sidedness=none,
        scores=dict.fromkeys(_SCORES, none),
        between=pl.DataFrame(schema=_BETWEEN),
        bridges=pl.DataFrame(schema=_BRIDGES),
        verdict="undetermined",
        criteria=(),
        coverage=0.0,
    )


# ---------------------------------------------------------------------- accounts numbered by position


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit words (the finalizer of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _canonical(ties: Ties, directed: Ties, *, rounds: int = 6) -> tuple[Ties, NDArray[np.int64]]:
    """Number the accounts with ties by degree, then by what surrounds them; return ties and the network's row numbers.

    Colour refinement: an account's word takes up those of its neighbours, ``rounds`` times. Accounts whose words are
    still equal are, but for rare symmetric networks, exchangeable; they keep the order of their rows.
    """
    ties, rows = compacted(ties)
    degree = (ties.in_degree + ties.out_degree).astype(np.uint64)
    word = _mixed(degree + np.uint64(1))
    for amount in (directed.in_strength[rows], directed.out_strength[rows]):
        word = _mixed(word * np.uint64(3) + np.ascontiguousarray(amount).view(np.uint64))
    own = np.concatenate([ties.source, ties.target])
    by_account = np.argsort(own, kind="stable")
    other = np.concatenate([ties.target, ties.source])[by_account]
    tie = _mixed(np.tile(ties.weight, 2).view(np.uint64) + np.uint64(1))[by_account]
    start = np.searchsorted(own[by_account], np.arange(len(rows)))  # every account here has a tie
    for _ in range(rounds if len(rows) else 0):
        word = _mixed(word * np.uint64(3) + np.add.reduceat(_mixed(word[other] ^ tie), start))
    order = np.lexsort((np.arange(len(rows)), word, -degree.astype(np.int64)))
    number = np.empty(len(rows), dtype=np.uint32)
    number[order] = np.arange(len(rows), dtype=np.uint32)
    a, b = number[ties.source], number[ties.target]
    low, high = np.minimum(a, b), np.maximum(a, b)
    sort = np.lexsort((high, low))
    return Ties(len(rows), low[sort], high[sort], ties.weight[sort], ties.events[sort]), rows[order]


# ---------------------------------------------------------------------- partitions


@dataclass(frozen=True)
class _Whole:
    """The partition of the whole network."""

    group: NDArray[np.int64]  # 0 is the largest
    modularity: float
    n_named: int
    named_by_run: tuple[int, ...]
    rand: NDArray[np.float64]
    account_stability: NDArray[np.float64]
    resolutions: pl.DataFrame


def _partition_whole(
    ties: Ties, *, runs: int, other_runs: int, resolution: float, seed: int, warnings: list[str], size: int
) -> _Whole:
    count = min(runs, max(FEWEST_RUNS, MAX_PARTITION_WORK // len(ties)))
    if count < runs:
        warnings.append(
            Message(
                "The network has {ties:count} ties: it was partitioned {done:count} times instead of {asked:count}.",
                ties=len(ties),
                done=count,
                asked=runs,
            )
        )
    # Those at other resolutions are sought in one go with the others, two at once; of very many ties after one turn.
    few = min(other_runs, max(1, MAX_PARTITION_WORK // len(ties)))
    turns = 1 if own_kernel(ties, size) else None
    found = leiden_partitions(
        ties,
        seeds=[
            *spawn_seeds(seed, count, "factions", "runs"),
            *spawn_seeds(seed, few, "factions", "other ties") * len(OTHER_RESOLUTIONS),
        ],
        resolution=[*[resolution] * count, *(other for other in OTHER_RESOLUTIONS for _ in range(few))],
        turns=[*[None] * count, *[turns] * (few * len(OTHER_RESOLUTIONS))],
        interactions=size,
    )
    partitions, others = found[:count], found[count:].reshape(len(OTHER_RESOLUTIONS), few, -1)
    rand = polarization.pairwise_adjusted_rand(partitions)
    matrix = polarization.adjacency(ties, weighted=True)
    group, value = best_partition(matrix, partitions, resolution)
    if rand.mean() < STABLE:
        group = _consensus(ties, partitions, resolution=resolution, seed=seed, size=size)
        value = polarization.modularity(matrix, group, resolution=resolution) or 0.0
        warnings.append(
            Message(
                "The partition is unstable: its runs agree to {rand:decimal} (adjusted Rand index, 1 is full "
                "agreement). The groups shown are the consensus of the runs.",
                rand=rand.mean(),
            )
        )
    named = [named_groups(np.sort(np.bincount(row))[::-1]) for row in partitions]
    sizes = np.bincount(group)
    first = np.full(len(sizes), len(group))
    np.minimum.at(first, group, np.arange(len(group)))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ranked = rank[group]
    return _Whole(
        ranked,
        value,
        named_groups(np.bincount(ranked)),
        tuple(named),
        rand,
        _account_stability(ranked, partitions),
        _resolutions(matrix, ranked, others),
    )


def _best_of(ties: Ties, *, seeds: Sequence[int], resolution: float) -> tuple[NDArray[np.int32], float]:
    """Return the best partition of one run a seed, and its modularity."""
    partitions = leiden_partitions(ties, seeds=seeds, resolution=resolution)
    return best_partition(polarization.adjacency(ties, weighted=True), partitions, resolution)


def _groups_of(ties: Ties, *, resolution: float, seed: int, runs: int, size: int) -> NDArray[np.int64]:
    """Return the group of every account in other ties (0 for those without a tie): the best of a few runs."""
    runs = min(runs, max(1, MAX_PARTITION_WORK // max(1, len(ties))))
    seeds = spawn_seeds(seed, runs, "factions", "other ties")
    partitions = leiden_partitions(ties, seeds=seeds, resolution=resolution, interactions=size)
    if runs == 1:
        return np.asarray(partitions[0], dtype=np.int64)
    return best_partition(polarization.adjacency(ties, weighted=True), partitions, resolution)[0].astype(np.int64)


def _resolutions(matrix: sparse.csr_array, group: NDArray[np.int64], others: NDArray[np.int32]) -> pl.DataFrame:
    """Return what other resolutions of modularity would have given, from the partitions found at each."""
    rows = []
    for resolution, partitions in zip(OTHER_RESOLUTIONS, others, strict=True):
        found = best_partition(matrix, partitions, resolution)[0] if len(partitions) > 1 else partitions[0]
        named = named_groups(np.sort(np.bincount(found))[::-1])
        value = polarization.modularity(matrix, found) or 0.0
        rows.append((resolution, named, value, polarization.adjusted_rand(found, group)))
    return pl.DataFrame(rows, schema=FACTION_RESOLUTIONS, orient="row")


def named_groups(sizes: NDArray[np.int64]) -> int:
    """Return how many groups are large enough to be named, at least one."""
    return max(1, int(np.count_nonzero(sizes >= max(NAMED_ACCOUNTS, NAMED_SHARE * sizes.sum()))))


def _consensus(
    ties: Ties, partitions: NDArray[np.int32], *, resolution: float, seed: int, size: int
) -> NDArray[np.int32]:
    """Partition the network again, ties weighted by the share of runs that put their two ends together.

    Repeated on its own runs until they agree, at most ten times.
    """
    for turn in range(10):
        together = (partitions[:, ties.source] == partitions[:, ties.target]).mean(axis=0)
        held = together > 0
        kept = Ties(ties.n_accounts, ties.source[held], ties.target[held], together[held], ties.events[held])
        seeds = spawn_seeds(seed, len(partitions), "factions", "consensus", turn)
        partitions = leiden_partitions(kept, seeds=seeds, resolution=resolution, interactions=size)
        if polarization.pairwise_adjusted_rand(partitions).min() > 1 - 1e-12:
            break
    return best_partition(polarization.adjacency(ties, weighted=True), partitions, resolution)[0]


def _account_stability(group: NDArray[np.int64], partitions: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return, per account, the share of runs in which it is in the group that holds most of its faction."""
    held = np.zeros(len(group))
    count = int(group.max()) + 1
    for row in partitions:
        width = int(row.max()) + 1
        pair, cells = np.unique(group * width + row, return_counts=True)
        faction, other = pair // width, pair % width
        order = np.lexsort((other, -cells, faction))
        faction, other = faction[order], other[order]
        first = np.concatenate([[True], faction[1:] != faction[:-1]])
        match = np.empty(count, dtype=np.int64)
        match[faction[first]] = other[first]
        held += match[group] == row
    return held / len(partitions)


# ---------------------------------------------------------------------- two sides, and chance


def _giant(ties: Ties, group: NDArray[Any]) -> tuple[Ties, NDArray[np.int64], NDArray[Any]]:
    """Return the ties of the giant component, its accounts' numbers in ``ties``, and their groups."""
    component = ties.weak_components()
    part, rows = compacted(ties.among(component == 0))
    return part, rows, group[rows]


def _split(ties: Ties, group: NDArray[Any], *, resolution: float) -> tuple[NDArray[np.int8], float, float]:
    """Split connected ties in two; return the sides (0 is the larger), its modularity and that of ``group``."""
    matrix = polarization.adjacency(ties, weighted=True)
    side, value = polarization.best_bisection(matrix, groups=group, resolution=resolution)
    if 2 * np.count_nonzero(side) > len(side) or (2 * np.count_nonzero(side) == len(side) and side[0] == 1):
        side = (1 - side).astype(np.int8)
    return side, value, polarization.modularity(matrix, group, resolution=resolution) or 0.0


def _sides(ties: Ties, group: NDArray[Any], *, resolution: float) -> tuple[NDArray[np.int8], float]:
    """Return the side of every account, -1 outside the giant component, and the share of accounts inside it."""
    part, rows, inside = _giant(ties, group)
    side = np.full(ties.n_accounts, -1, dtype=np.int8)
    side[rows] = _split(part, inside, resolution=resolution)[0]
    return side, len(rows) / ties.n_accounts


@dataclass(frozen=True)
class _Measured:
    """All statistics of one network; NaN where undefined (dropped before anything is reported)."""

    values: dict[str, float]
    k: tuple[int, int]
    adaptive_k: tuple[int, int]
    rand: float
    reasons: dict[str, str]


def _measure(ties: Ties, *, seeds: Sequence[int], resolution: float, cap: float | None, cut: bool = False) -> _Measured:
    """Partition and split a network and take every statistic: one procedure for observed and null networks.

    ``cap`` is the largest weight that counts in weighted scores, None for no weighted scores; ``cut`` asks for the smallest
    cut between the two largest groups too.
    """
    partitions = leiden_partitions(ties, seeds=seeds, resolution=resolution)
    group, value = best_partition(polarization.adjacency(ties, weighted=True), partitions, resolution)
    rand = float(polarization.pairwise_adjusted_rand(partitions).mean()) if len(seeds) > 1 else math.nan
    part, _, inside = _giant(ties, group)
    side, two_way, many_way = _split(part, inside, resolution=resolution)
    values = {"modularity": value, "two_sidedness": two_way / many_way if many_way > 1e-12 else math.nan}
    reasons: dict[str, str] = {} if many_way > 1e-12 else {"two_sidedness": _NOT_MODULAR}
    share = _cut(ties, group) if cut else None
    values["cut_between_factions"] = math.nan if share is None else share
    if share is None:
        reasons["cut_between_factions"] = _ONE_GROUP
    adaptive = polarization.adaptive_k(side)
    layers = [("", np.ones(len(part)))] + ([] if cap is None else [("_weighted", np.minimum(part.weight, cap))])
    walks = None
    for suffix, weight in layers:
        capped = Ties(part.n_accounts, part.source, part.target, weight, part.events)
        matrix = polarization.adjacency(capped, weighted=True)
        fixed = polarization.walk_scores(matrix, side, k=INFLUENCERS)
        scaled = polarization.walk_scores(matrix, side, k=adaptive)
        walks = walks or fixed
        found = {
            "ei_index": polarization.ei_index(matrix, side),
            "adaptive_ei_index": polarization.adaptive_ei_index(matrix, side),
            "random_walk_controversy": fixed.random_walk_controversy,
            "adaptive_random_walk_controversy": scaled.random_walk_controversy,
            "dipole": scaled.dipole,
            "boundary_polarization": polarization.boundary_polarization(matrix, side),
        }
        for name, score in found.items():
            values[name + suffix] = math.nan if score is None else score
            if score is None:
                reasons[name + suffix] = fixed.reason or _NO_INSIDE
    return _Measured(values, walks.k if walks else (0, 0), adaptive, rand, reasons)


@dataclass(frozen=True)
class _Comparison:
    """The observed statistics beside their null draws."""

    observed: _Measured
    estimates: dict[str, Estimate]
    null_rand: NDArray[np.float64]
    runs: int
    coverage: float


def _compare(ties: Ties, *, draws: int, resolution: float, seed: int, coverage: float) -> _Comparison:
    runs = max(1, min(5, 10_000 // len(ties)))
    cap = None if np.all(ties.weight == ties.weight[0]) else float(np.quantile(ties.weight, 0.99))
    seeds = spawn_seeds(seed, runs, "factions", "compared")
    observed = _measure(ties, seeds=seeds, resolution=resolution, cap=cap, cut=True)
    affordable = MOST_CUT_WORK // len(ties)
    null_seeds = spawn_seeds(seed, runs * draws, "factions", "null")

    def measured(drawn: tuple[int, Ties]) -> _Measured:
        draw, chance = drawn
        step_seeds = null_seeds[draw * runs : (draw + 1) * runs]
        return _measure(chance, seeds=step_seeds, resolution=resolution, cap=cap, cut=draw < affordable)

    # While one draw is partitioned (igraph works alone), the next is rewired and the last one's walks are solved.
    null = list(side_by_side(measured, enumerate(degree_preserving(ties, draws=draws, seed=seed, directed=False))))
    units = {
        "modularity": Message("modularity"),
        "two_sidedness": Message("modularity of two sides / modularity of all groups"),
        "random_walk_controversy": Message("score, conditioned on the end, k = {k}", k=_k(observed.k)),
        "adaptive_random_walk_controversy": Message(
            "score, conditioned on the end, k = {k}", k=_k(observed.adaptive_k)
        ),
        "dipole": Message("score, k = {k}", k=_k(observed.adaptive_k)),
        "cut_between_factions": Message("share of all weight"),
    }
    estimates = {}
    for name, value in observed.values.items():
        unit = units.get(name.removesuffix("_weighted"), Message("score"))
        if math.isnan(value):
            estimates[name] = undefined(unit, observed.reasons.get(name, Message("not defined on this network")))
            continue
        estimates[name] = against_null(
            value,
            [draw.values[name] for draw in null],
            unit=unit,
            null_model=_N1,
            tail="less" if name.startswith(("ei_index", "cut")) else "greater",
            coverage=coverage,
        )
    return _Comparison(observed, estimates, np.array([draw.rand for draw in null]), runs, coverage)


def _k(k: tuple[int, int]) -> str:
    if k[0] == k[1]:
        return Message("{k:count}", k=k[0])
    return Message("{a:count} and {b:count}", a=k[0], b=k[1])


def _stability(whole: _Whole, comparison: _Comparison, *, on_all: bool) -> Estimate:
    """Return how far the runs agree; beside chance if the null networks were partitioned more than once."""
    low, high = np.quantile(whole.rand, [0.025, 0.975])
    null = comparison.null_rand if on_all else np.empty(0)
    return against_null(
        float(whole.rand.mean()),
        null,
        unit=Message("adjusted Rand index"),
        null_model=_N1,
        interval=(float(low), float(high)),
        interval_method=Message("central 95 % of {pairs:count} pairs of runs", pairs=len(whole.rand)),
    )


def _differences(whole: _Whole, comparison: _Comparison, *, on_all: bool, warnings: list[str]) -> None:
    """Say where the compared number is not that of the groups shown."""
    compared = comparison.observed.values["modularity"]
    if not on_all:
        warnings.append(
            Message(
                "Compared with chance among the most connected accounts, which hold {share:percent} of the ties: "
                "modularity is {compared:decimal3} there and {shown:decimal3} for the groups of the whole network.",
                share=comparison.coverage,
                compared=compared,
                shown=whole.modularity,
            )
        )
    elif abs(compared - whole.modularity) >= 0.001:
        warnings.append(
            Message(
                "Modularity is {shown:decimal3} for the groups shown, the best of all runs or their consensus; "
                "{compared:decimal3}, the best of {runs:count}, is what null networks were compared with.",
                shown=whole.modularity,
                compared=compared,
                runs=comparison.runs,
            )
        )


# ---------------------------------------------------------------------- how little would part it


def _fragility(ties: Ties, n_ties: int, *, warnings: list[str]) -> pl.DataFrame:
    found = fragility(ties)
    if found.accounts > 1 and found.min_cut is None:
        warnings.append(
            Message(
                "The smallest cut anywhere is left out: {accounts:count} accounts and {ties:count} ties are too many for it.",
                accounts=found.accounts,
                ties=found.ties,
            )
        )
    if found.accounts > 1 and found.algebraic_connectivity is None:
        warnings.append(Message("The algebraic connectivity is left out: it could not be found to nine digits."))
    counted = (len(found.bridges), len(found.articulation_points), found.min_cut, found.algebraic_connectivity)
    row = (found.accounts, found.ties, *counted, found.ties / n_ties)
    return pl.DataFrame([row], schema=FACTION_FRAGILITY, orient="row")


def _cut(ties: Ties, group: NDArray[Any]) -> float | None:
    """Return the smallest cut between the most connected accounts of the two largest groups, as a share of all weight."""
    _, number, size = np.unique(group, return_inverse=True, return_counts=True)
    if len(size) < 2:
        return None
    degree = ties.in_degree + ties.out_degree
    cores = []
    for faction in np.argsort(-size, kind="stable")[:2]:
        rows = np.flatnonzero(number == faction)
        cores.append(rows[np.lexsort((rows, -degree[rows]))][: max(1, min(INFLUENCERS, len(rows) // 2))].tolist())
    found = cut_between(ties, *cores)
    return None if found is None else found / float(ties.weight.sum())


# ---------------------------------------------------------------------- inside cores


def _inside_cores(
    network: Network,
    kind: Kind,
    cores: Sequence[Sequence[str]],
    *,
    draws: int,
    resolution: float,
    seed: int,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the splits among the members of each core, their groups, the ties of small cores, and periods."""
    number = {key: row for row, key in enumerate(network.keys)} if cores else {}
    measured: list[tuple[Any, ...]] = []
    groups: list[tuple[Any, ...]] = []
    listed: list[tuple[Any, ...]] = []
    periods: list[tuple[Any, ...]] = []
    every, directed = network.undirected_ties(kind), network.ties(kind)
    for core, members in enumerate(cores, start=1):
        rows = np.array(sorted(number[key] for key in members if key in number), dtype=np.int64)
        chosen = np.zeros(network.n_accounts, dtype=bool)
        chosen[rows] = True
        ties, account = _canonical(every.among(chosen), directed.among(chosen))
        if len(rows) < MEASURED_CORE or ties.n_accounts < 4:
            measured.append((core, len(rows), len(ties), False, None, None, None, None, None, None))
            inner = every.among(chosen)
            ends = zip(inner.source.tolist(), inner.target.tolist(), inner.weight.tolist(), strict=True)
            listed += [(core, network.keys[a], network.keys[b], weight) for a, b, weight in ends]
            continue
        seeds = spawn_seeds(seed, FEWEST_RUNS, "factions", "core", core)
        observed = _measure(ties, seeds=seeds, resolution=resolution, cap=None).values
        group, modularity = _best_of(ties, seeds=seeds, resolution=resolution)
        null = [
            _best_of(chance, seeds=seeds, resolution=resolution)[1]
            for chance in degree_preserving(ties, draws=draws, seed=seed, directed=False)
        ]
        own_group = np.unique(group, return_inverse=True)[1]
        told = {name: None if math.isnan(value) else value for name, value in observed.items()}
        measured.append(
            (
                core,
                len(rows),
                len(ties),
                True,
                int(own_group.max()) + 1,
                modularity,
                float(np.mean(null)) if null else None,
                monte_carlo_p(round(modularity, 12), np.round(null, 12)) if null else None,
                told["two_sidedness"],
                told["ei_index"],
            )
        )
        groups += [(core, network.keys[a], int(g)) for a, g in zip(account.tolist(), own_group.tolist(), strict=True)]
        part, inside, own = _giant(ties, own_group)
        side = np.full(network.n_accounts, -1, dtype=np.int8)
        side[account[inside]] = _split(part, own, resolution=resolution)[0]
        periods += _core_periods(network, kind, core, chosen, side)
    return (
        pl.DataFrame(measured, schema=INSIDE_CORES, orient="row"),
        pl.DataFrame(groups, schema=CORE_GROUPS, orient="row"),
        pl.DataFrame(listed, schema=CORE_TIES, orient="row"),
        pl.DataFrame(periods, schema=CORE_WINDOWS, orient="row"),
    )


def _core_periods(
    network: Network, kind: Kind, core: int, chosen: NDArray[np.bool_], side: NDArray[np.int8]
) -> list[tuple[Any, ...]]:
    """Follow the two sides of a core over equal periods."""
    members = np.flatnonzero(chosen)
    rows = network.rows(kind).filter(
        pl.col("source").is_in(members), pl.col("target").is_in(members), pl.col("time").is_not_null()
    )
    count = min(CORE_PERIODS, rows.height // CORE_ACTS)
    if count < 2:
        return []
    moment = rows["time"].to_physical().to_numpy()
    edges = np.linspace(moment.min(), moment.max() + 1, count + 1)
    period = np.searchsorted(edges, moment, side="right") - 1
    source, target = rows["source"].to_numpy().astype(np.int64), rows["target"].to_numpy().astype(np.int64)
    before: set[tuple[int, int]] = set()
    found: list[tuple[Any, ...]] = []
    for number in range(count):
        here = period == number
        a, b = source[here], target[here]
        sided = (side[a] >= 0) & (side[b] >= 0)
        crossing = int(np.count_nonzero(side[a[sided]] != side[b[sided]]))
        given = set(zip(a.tolist(), b.tolist(), strict=True))
        mutual = {(x, y) for x, y in given if x < y and (y, x) in given}
        index = (2 * crossing - int(sided.sum())) / int(sided.sum()) if sided.any() else None
        span = [_moment(edge) for edge in edges[number : number + 2]]
        directed = network.has_direction(kind)
        counted = (len(mutual), len(before - mutual) if number else None) if directed else (None, None)
        found.append((core, *span, int(here.sum()), index, *counted))
        before = mutual
    return found


def _moment(microseconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


# ---------------------------------------------------------------------- verdict


def _stable(stability: Estimate) -> Criterion:
    name = Message("the groups are stable")
    if stability.value is None:
        return Criterion(name, None, Message("Stability is not defined: {reason}.", reason=stability.reason))
    return Criterion(
        name,
        stability.value >= STABLE,
        Message(
            "Repeated runs agree to {value:decimal} (adjusted Rand index; {limit:decimal1} is asked for).",
            value=stability.value,
            limit=STABLE,
        ),
    )


def _two_sided(ratio: Estimate, reference: float | None) -> Criterion:
    name = Message("two camps rather than many groups")
    if ratio.value is None:
        return Criterion(name, None, Message("Two-sidedness is not defined: {reason}.", reason=ratio.reason))
    if ratio.null_mean is None:
        return Criterion(
            name,
            None,
            Message("Two-sidedness is {value:decimal}; it was not compared with chance.", value=ratio.value),
        )
    said = Message(
        "The best two-way split reaches {value:decimal} of the modularity of all groups; chance gives "
        "{chance:decimal}, three or more equal groups give at most {three:decimal}.",
        value=ratio.value,
        chance=ratio.null_mean,
        three=THREE_EQUAL_GROUPS,
    )
    met = ratio.value > max(ratio.null_mean, THREE_EQUAL_GROUPS)
    if reference is None:
        return Criterion(name, met, said)
    beside = Message("Topics named as dividing nobody reach {reference:decimal}.", reference=reference)
    return Criterion(name, met and ratio.value >= reference, sentences(said, beside))


def _gulf(dipole: Estimate, walks: Estimate) -> Criterion:
    met: list[bool] = []
    parts = []
    for score, said in ((dipole, _dipole_sentence(dipole)), (walks, _walks_sentence(walks))):
        parts.append(said)
        if score.value is not None and score.p_value is not None:
            met.append(score.p_value < ALPHA)
    name = Message("the two sides are further apart than chance explains")
    return Criterion(name, any(met) if met else None, sentences(*parts))


def _dipole_sentence(score: Estimate) -> str:
    if score.value is None:
        return Message("Dipole polarization is not defined ({reason}).", reason=score.reason)
    if score.p_value is None:
        return Message("Dipole polarization is {value:decimal}, not compared with chance.", value=score.value)
    return Message(
        "Dipole polarization is {value:decimal} where chance gives {chance:decimal} ({p:p}).",
        value=score.value,
        chance=score.null_mean,
        p=score.p_value,
    )


def _walks_sentence(score: Estimate) -> str:
    if score.value is None:
        return Message("Adaptive random-walk controversy is not defined ({reason}).", reason=score.reason)
    if score.p_value is None:
        return Message(
            "Adaptive random-walk controversy is {value:decimal}, not compared with chance.", value=score.value
        )
    return Message(
        "Adaptive random-walk controversy is {value:decimal} where chance gives {chance:decimal} ({p:p}).",
        value=score.value,
        chance=score.null_mean,
        p=score.p_value,
    )


def _antagonism(network: Network, kind: Kind, side: NDArray[np.int8], boundary: Estimate) -> Criterion:
    """Ask for one sign of antagonism: a boundary that turns inwards, or talk across where there is no endorsement."""
    parts: list[str] = []
    met: list[bool] = []
    if boundary.value is None or boundary.null_mean is None or boundary.p_value is None:
        parts.append(Message("Boundary polarization cannot be compared with chance."))
    else:
        met.append(boundary.value > boundary.null_mean and boundary.p_value < ALPHA)
        parts.append(
            Message(
                "Boundary polarization is {value:decimal} where chance gives {chance:decimal} ({p:p}).",
                value=boundary.value,
                chance=boundary.null_mean,
                p=boundary.p_value,
            )
        )
    endorsing, _ = _across(network.ties(kind), side)
    for other in ("mention", "reply"):
        if other == kind or other not in network.kinds or endorsing is None:
            continue
        talk, count = _across(network.ties(other), side)
        if talk is not None and count >= 30:
            met.append(talk >= 0.1 and talk >= 2 * endorsing)
            parts.append(
                Message(
                    "{talk:percent} of {other} ties cross between the sides, against {endorsing:percent} of {kind} ties.",
                    talk=talk,
                    other=KIND_NAMES[other],
                    endorsing=endorsing,
                    kind=KIND_NAMES[kind],
                )
            )
    for rival, said in _rival_signs(network, side):
        met.append(rival)
        parts.append(said)
    name = Message("a sign of antagonism between the sides")
    return Criterion(name, any(met) if met else None, sentences(*parts))


def _fisher(table: NDArray[np.int64]) -> float:
    """Return the p-value of Fisher's exact test of a table of two by two."""
    from scipy import stats

    return float(stats.fisher_exact(table).pvalue)


def _rival_signs(network: Network, side: NDArray[np.int8]) -> list[tuple[bool, str]]:
    """Ask of each operation whether one side uses its signs and the other its counter-signs."""
    known = pl.DataFrame({"account": np.arange(len(side), dtype=np.uint32), "side": side}).filter(pl.col("side") >= 0)
    uses = pl.concat(
        [network.hashtags.select("account", sign="hashtag"), network.shares.select("account", sign="object")]
    ).unique()
    tables: list[tuple[str, NDArray[np.int64]]] = []
    for name, signs, counter in network.operations.select("operation", "signs", "counter_signs").iter_rows():
        table = np.zeros((2, 2), dtype=np.int64)
        for row, wanted in enumerate((signs, counter)):
            users = uses.filter(pl.col("sign").is_in(wanted or [])).select("account").unique().join(known, on="account")
            table[row] = np.bincount(users["side"].to_numpy(), minlength=2)
        if table.sum(axis=1).min() >= RIVAL_USERS:
            tables.append((name, table))
    adjusted = false_discovery([_fisher(table) for _, table in tables])
    said: list[tuple[bool, str]] = []
    for (name, table), p in zip(tables, adjusted.tolist(), strict=True):
        share = table[:, 0] / table.sum(axis=1)
        rival = p < ALPHA and (share[0] - 0.5) * (share[1] - 0.5) < 0
        said.append(
            (
                rival,
                Message(
                    "Of the accounts that used the signs of {operation}, {carried:percent} are on the larger side; of those "
                    "that used its counter-signs, {opposed:percent} ({p:p}).",
                    operation=f"\u2068{''.join(c for c in name if c.isprintable())[:60]}\u2069",
                    carried=share[0],
                    opposed=share[1],
                    p=p,
                ),
            )
        )
    return said


def _across(ties: Ties, side: NDArray[np.int8]) -> tuple[float | None, int]:
    """Return the share of ties between accounts of known side that cross, and how many such ties there are."""
    known = (side[ties.source] >= 0) & (side[ties.target] >= 0)
    count = int(np.count_nonzero(known))
    crossing = np.count_nonzero(side[ties.source[known]] != side[ties.target[known]])
    return (float(crossing / count) if count else None), count


def _verdict(modularity: Estimate, criteria: tuple[Criterion, ...], n_factions: int) -> tuple[FactionsVerdict, str]:
    """Apply the wording rule: a clean split is only called factionalised with a sign of antagonism."""
    stable, two_sided, gulf, antagonism = (criterion.met for criterion in criteria)
    if modularity.value is None or modularity.p_value is None or modularity.null_mean is None:
        return "undetermined", Message("The groups were not compared with chance, so no verdict is given.")
    against = Message(
        "modularity {value:decimal}, chance gives {chance:decimal}, {p:p}",
        value=modularity.value,
        chance=modularity.null_mean,
        p=modularity.p_value,
    )
    if 1 / (1 + modularity.draws) >= ALPHA:  # no p-value could be below it
        return "undetermined", Message.counting(
            "{n:count} null network is too few for a verdict ({against}).",
            "{n:count} null networks are too few for a verdict ({against}).",
            modularity.draws,
            against=against,
        )
    if modularity.p_value >= ALPHA:
        return "no_division", Message(
            "The network is no more divided than its degrees alone would make it ({against}).", against=against
        )
    if not stable:
        return "unstable", Message(
            "There are groups beyond chance ({against}), but repeated runs disagree on who is in which.",
            against=against,
        )
    if two_sided is None:
        return "undetermined", Message(
            "There are groups beyond chance ({against}), but no two-way split could be judged.", against=against
        )
    if not two_sided:
        return "niches", Message.counting(
            "There is {n:count} group beyond chance ({against}), and there are no two camps.",
            "There are {n:count} groups beyond chance ({against}), many niches rather than two camps.",
            n_factions,
            against=against,
        )
    if gulf is None:
        return "undetermined", Message(
            "There are groups beyond chance ({against}); how far apart they are cannot be told.", against=against
        )
    if not gulf:
        return "niches", Message.counting(
            "There is {n:count} group beyond chance ({against}), but the two best sides are no further apart than "
            "chance explains.",
            "There are {n:count} groups beyond chance ({against}), but the two best sides are no further apart than "
            "chance explains.",
            n_factions,
            against=against,
        )
    if antagonism:
        return "factionalised", Message(
            "The network splits into two opposed camps beyond chance ({against}).", against=against
        )
    return "structurally_divided", Message(
        "The network splits into two camps beyond chance ({against}), but without a sign of antagonism between them.",
        against=against,
    )


# ---------------------------------------------------------------------- tables

_SIZES = pl.Schema(
    {
        "faction": pl.Int32(),
        "name": pl.String(),
        "accounts": pl.Int64(),
        "share_of_accounts": pl.Float64(),
        "share_of_attention": pl.Float64(),
        "internal_share": pl.Float64(),
        "leaders": pl.List(pl.String()),
    }
)
_BETWEEN = pl.Schema(
    {
        "source_faction": pl.Int32(),
        "target_faction": pl.Int32(),
        "ties": pl.Int64(),
        "weight": pl.Float64(),
        "expected": pl.Float64(),
    }
)
_BRIDGES = pl.Schema(
    {
        "account": pl.String(),
        "faction": pl.Int32(),
        "other_faction": pl.Int32(),
        "crossing": pl.Float64(),
        "crossing_share": pl.Float64(),
        "attention": pl.Float64(),
    }
)


def group_name(number: int) -> str:
    """Return the name of a group: ``Group A`` ... ``Group Z``, ``Group AA``, ...; -1 is ``Smaller groups``.

    >>> group_name(0), group_name(27)
    ('Group A', 'Group AB')
    """
    if number == SMALLER_GROUPS:
        return Message("Smaller groups")
    letters = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return Message("Group {letters}", letters=letters)


def _pooled(faction: NDArray[np.int64], n_named: int) -> NDArray[np.int64]:
    """Return positions 0 ... n_named of the named groups and, last, of all others."""
    return np.where(faction < n_named, faction, n_named)


def _numbers(n_named: int) -> NDArray[np.int64]:
    return np.append(np.arange(n_named), SMALLER_GROUPS)


def _size_table(network: Network, ties: Ties, faction: NDArray[np.int64], n_named: int) -> pl.DataFrame:
    rows = np.flatnonzero(faction >= 0)
    pool = _pooled(faction, n_named)
    width = n_named + 1
    accounts = np.bincount(pool[rows], minlength=width)
    received = np.bincount(pool[rows], weights=ties.in_strength[rows], minlength=width)
    given = np.bincount(pool[rows], weights=ties.out_strength[rows], minlength=width)
    same = faction[ties.source] == faction[ties.target]
    kept = np.bincount(pool[ties.source[same]], weights=ties.weight[same], minlength=width)
    # Most heard first; equal ones by how many accounts hear them, then by row.
    heard = rows[np.lexsort((rows, -ties.in_degree[rows], -ties.in_strength[rows], pool[rows]))]
    keys, strength = network.keys, ties.in_strength
    start = np.searchsorted(pool[heard], np.arange(width))
    leaders = [[keys[a] for a in heard[s : s + 5] if pool[a] == g and strength[a] > 0] for g, s in enumerate(start)]
    shown = [g for g in range(width) if accounts[g]]
    numbers = _numbers(n_named)
    total = received.sum()
    return pl.DataFrame(
        {
            "faction": [int(numbers[g]) for g in shown],
            "name": [str(group_name(int(numbers[g]))) for g in shown],
            "accounts": accounts[shown],
            "share_of_accounts": accounts[shown] / accounts.sum(),
            "share_of_attention": received[shown] / total,
            "internal_share": [float(kept[g] / given[g]) if given[g] > 0 else None for g in shown],
            "leaders": [leaders[g] for g in shown],
        },
        schema=_SIZES,
    )


def _between(ties: Ties, faction: NDArray[np.int64], n_named: int) -> pl.DataFrame:
    pool = _pooled(faction, n_named)
    width = n_named + 1
    cell = pool[ties.source] * width + pool[ties.target]
    count = np.bincount(cell, minlength=width * width)
    weight = np.bincount(cell, weights=ties.weight, minlength=width * width).reshape(width, width)
    expected = np.outer(weight.sum(axis=1), weight.sum(axis=0)) / weight.sum()
    numbers = _numbers(n_named)
    present = np.flatnonzero(np.bincount(pool[faction >= 0], minlength=width))
    source, target = (x.ravel() for x in np.meshgrid(present, present, indexing="ij"))
    return pl.DataFrame(
        {
            "source_faction": numbers[source],
            "target_faction": numbers[target],
            "ties": count.reshape(width, width)[source, target],
            "weight": weight[source, target],
            "expected": expected[source, target],
        },
        schema_overrides=_BETWEEN,
    )


def _bridges(network: Network, ties: Ties, faction: NDArray[np.int64]) -> pl.DataFrame:
    """Return the accounts that other factions hear most."""
    cross = ties.where(faction[ties.source] != faction[ties.target])
    crossing, attention = cross.in_strength, ties.in_strength
    rows = np.flatnonzero(crossing > 0)
    share = crossing[rows] / attention[rows]
    rows = rows[np.lexsort((rows, -cross.in_degree[rows], -share, -crossing[rows]))[:BRIDGES]]
    other = []
    for account in rows.tolist():
        heard = cross.target == account
        by_faction = np.bincount(faction[cross.source[heard]], weights=cross.weight[heard])
        other.append(int(np.argmax(by_faction)))
    return pl.DataFrame(
        {
            "account": network.accounts["key"].gather(rows),
            "faction": faction[rows],
            "other_faction": other,
            "crossing": crossing[rows],
            "crossing_share": crossing[rows] / attention[rows],
            "attention": attention[rows],
        },
        schema=_BRIDGES,
        strict=False,
    )


def _platforms(network: Network, faction: NDArray[np.int64], n_named: int) -> pl.DataFrame:
    """Return how many accounts each faction has on each platform, and how many it would have if spread like the whole."""
    rows = np.flatnonzero(faction >= 0)
    known = pl.DataFrame(
        {
            "faction": _numbers(n_named)[_pooled(faction[rows], n_named)],
            "platform": network.accounts["platform"].gather(rows),
        },
        schema={"faction": pl.Int32, "platform": pl.String},
        strict=False,
    ).drop_nulls("platform")
    size, users = pl.len().over("faction"), pl.len().over("platform")
    known = known.with_columns(size=size, users=users)
    factions_of = known.select("faction", "size").unique()
    platforms_of = known.select("platform", "users").unique()
    counts = known.group_by("faction", "platform").agg(accounts=pl.len())
    table = factions_of.join(platforms_of, how="cross").join(counts, on=["faction", "platform"], how="left")
    table = table.with_columns(
        pl.col("accounts").fill_null(0), expected=pl.col("size") * pl.col("users") / max(known.height, 1)
    )
    table = table.filter((pl.col("accounts") > 0) | (pl.col("expected") >= 1))
    table = table.with_columns(share=pl.col("accounts") / pl.col("size"), last=pl.col("faction") < 0)
    table = table.sort("last", "faction", "users", "platform", descending=[False, False, True, False])
    return table.select(pl.col(name).cast(dtype) for name, dtype in FACTION_PLATFORMS.items())


def _faction_hashtags(network: Network, faction: NDArray[np.int64], n_named: int) -> pl.DataFrame:
    """Return the hashtags that set each faction apart from all others, by the accounts that used them."""
    uses = network.hashtags.select("account", "hashtag").unique()
    group = faction[uses["account"].to_numpy()]
    uses = uses.with_columns(faction=pl.Series(group, dtype=pl.Int32)).filter(pl.col("faction") >= 0)
    users = uses.select("account", "faction").unique().group_by("faction").agg(users=pl.len())
    table = uses.group_by("faction", "hashtag").agg(accounts=pl.len())
    # Log-odds ratio with an informative Dirichlet prior: the counts of all factions together.
    n, everyone = table["accounts"].sum(), users["users"].sum()
    table = table.with_columns(
        prior=pl.col("accounts").sum().over("hashtag"), given=pl.col("accounts").sum().over("faction")
    ).join(users, on="faction")
    here, there = pl.col("accounts") + pl.col("prior"), 2 * pl.col("prior") - pl.col("accounts")
    not_here = pl.col("given") + n - here
    not_there = 2 * n - pl.col("given") - there
    log_odds = (here / not_here).log() - (there / not_there).log()
    others, elsewhere = everyone - pl.col("users"), pl.col("prior") - pl.col("accounts")
    share = pl.col("accounts") / pl.col("users")
    table = table.filter(
        (pl.col("accounts") >= HASHTAG_ACCOUNTS) & (pl.col("faction") < min(n_named, HASHTAG_FACTIONS))
    ).with_columns(
        share=share,
        lift=pl.when((elsewhere > 0) & (others > 0)).then(share * others / elsewhere),
        # A hashtag that is the only one has no odds; equal scores must not be told apart by rounding.
        score=pl.when((not_here > 0) & (not_there > 0))
        .then(log_odds / (1 / here + 1 / there).sqrt())
        .otherwise(0.0)
        .round(9),
    )
    order = {"faction": False, "score": True, "accounts": True, "hashtag": False}
    table = table.sort(list(order), descending=list(order.values()))
    most = table.group_by("faction", maintain_order=True).head(HASHTAGS_EACH)
    return most.select(pl.col(name).cast(dtype) for name, dtype in FACTION_HASHTAGS.items())
