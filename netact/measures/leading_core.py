"""Is there a small team at the centre, and who is in it? (Methods: a scan for a planted team among the most-heard.)

A leading core is a set of 2-20 accounts that (i) are among those who receive the most attention and jointly hold much of
it, (ii) give one another more attention than their activity, popularity, faction and habits of returning attention
explain, and (iii) are the best such set over all sizes up to 60, so that the size is found and not imposed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact import cohesion
from netact.audience_null import Audience, split_audience
from netact.language import Message
from netact.null_models import rich_get_richer
from netact.partition import interactions_read
from netact.randomness import generator, spawn_seeds
from netact.ranges import Range, check_ranges
from netact.resampling import (
    clusters,
    drawn_attention,
    drawn_clusters,
    kept_clusters,
    kept_events,
    recentred_interval,
)
from netact.results import Core, CoreOutcome, Estimate, LeadingCore, Status, Tier, undefined
from netact.scan_statistic import (
    DyadModel,
    configuration_model,
    cross_ratio,
    draw_ties,
    log_likelihood_ratio,
    null_scores,
    saturated,
    search,
    search_penalty,
    smallest_testable,
    split,
)
from netact.schemas import KIND_NAMES
from netact.side_by_side import AT_ONCE, side_by_side
from netact.significance import against_null, false_discovery, gumbel_tail, monte_carlo_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network, Ties
    from netact.schemas import Kind

    Codes = NDArray[np.int64]

_FIRM, _LIKELY = 0.8, 0.5
# (size, probability that one member ties to another) at which power is reported.
_POWER_GRID = ((4, 0.8), (8, 0.6), (8, 0.8), (12, 0.5))
# From so many interactions on two samples are looked at at once; below, most of the work is Python's own.
_SIDE_BY_SIDE_ROWS = 200_000


# What each parameter may be.
RANGES = {
    "pool_share": Range(above=0, most=1),
    "max_pool": Range(2),
    "min_audience": Range(0),
    "largest_set": Range(2),
    "largest_team": Range(2, not_above="largest_set"),
    "alpha": Range(above=0, below=1),
    "min_block": Range(0, 1),
    "max_cores": Range(1),
    "min_attention": Range(0, 1),
    "min_reach": Range(0, 1),
    "min_lift": Range(0),
    "draws": Range(0),
    "replicates": Range(0),
    "keep": Range(above=0, below=1),
    "power_runs": Range(0),
}


def leading_core(
    network: Network,
    *,
    kind: Kind | None = None,
    pool_share: float = 0.8,
    max_pool: int = 150,
    min_audience: int = 5,
    largest_team: int = 20,
    largest_set: int = 60,
    alpha: float = 0.01,
    min_block: float = 0.02,
    max_cores: int = 5,
    min_attention: float = 0.05,
    min_reach: float = 0.10,
    min_lift: float = 10.0,
    draws: int = 199,
    replicates: int = 200,
    keep: float = 0.8,
    power_runs: int = 20,
    seed: int,
) -> LeadingCore:
    """Find the leading core of a movement: a set of accounts, its evidence, stability, and what it drives.

    Parameters
    ----------
    network
        The network; direction from the account that gives attention to the one that receives it.
    kind
        Kind of tie that is attention; None takes :attr:`Network.attention_kind`.
    pool_share, max_pool, min_audience
        The pool is the smallest set of most-heard accounts that holds ``pool_share`` of the audience from outside it, at
        most ``max_pool``, each heard by at least ``min_audience`` distinct accounts outside.
    largest_team, largest_set
        A team has 2 to ``largest_team`` accounts; the search goes on to ``largest_set`` so that a larger elite shows.
    alpha
        Level of both tiers of evidence.
    min_block
        Factions with a smaller share of active accounts are pooled in the null.
    max_cores
        How many sets are looked for, one after the other.
    min_attention, min_reach, min_lift
        A set leads if it receives this share of attention or reaches this share of accounts, and receives ``min_lift``
        times its share of accounts (or half the largest possible, in small networks).
    draws
        Null draws of the search; below ``1 / alpha - 1`` only the bound can decide.
    replicates, keep
        Subsamples for stability, and the share of posts (or source accounts) each keeps.
    power_runs
        Simulated plantings for each line of the power table; 0 leaves it empty. Where the data were declared to be a
        sample, planted ties go missing as often as the sample lets them.
    seed
        Seed of all chance here.

    Returns
    -------
    LeadingCore
        Outcomes, exactly one: ``core``, ``rival_cores``, ``core_within_elite`` (a team inside a larger elite),
        ``elite_larger_than_team``, ``single_hub`` (one account has half of all attention), ``cohesive_not_leading``,
        ``niche_not_core`` (explained by factions), ``no_core``, ``not_testable``, ``insufficient_data``.

    Raises
    ------
    MeasureError
        If a parameter is out of range.

    Notes
    -----
    Evidence is ``strong`` if the bound over all sets is at most ``alpha``, ``calibrated`` if the Monte Carlo p-value is.
    An account core is not a group of people: one team may run one account, one person several.
    Cost: one Leiden partition, then ``O(draws + replicates)`` searches of some hundredths of a second; of networks of
    200,000 interactions and more two samples are looked at at once, each with some 20 bytes an interaction.

    References
    ----------
    .. [1] Arias-Castro & Verzelen (2014). https://doi.org/10.1214/14-AOS1208
    .. [2] Bogerd, Castro, van der Hofstad & Verzelen (2021). https://doi.org/10.3150/20-BEJ1269
    .. [3] Gerbaudo (2017). https://doi.org/10.1080/1369118X.2016.1161817
    """
    check_ranges("leading_core", RANGES, locals())
    kind = kind or network.attention_kind
    ties, sample = network.ties(kind), network.rows(kind)
    n_active = int(np.count_nonzero(ties.active))
    total = float(ties.in_strength.sum())
    top = int(np.argmax(ties.in_strength)) if total > 0 else None
    hub = top if top is not None and ties.in_strength[top] >= 0.5 * total else None

    def scan(keep_ties: NDArray[np.bool_], purpose: str) -> _Scan | None:
        if n_active < 50:
            return None
        audience = split_audience(
            ties,
            keep=keep_ties,
            directed=network.has_direction(kind),
            pool_share=pool_share,
            max_pool=max_pool,
            min_audience=min_audience,
            min_block=min_block,
            seed=spawn_seeds(seed, 1, purpose)[0],
            interactions=interactions_read(network),
        )
        return None if len(audience.pool) < 5 else _scan(audience, alpha, largest_set, max_cores, draws, seed)

    everything = np.ones(len(ties), dtype=bool)
    run = scan(everything, "scan")
    # Where everyone in the pool is tied to everyone, no set of them stands out.
    all_tied = run is not None and bool((run.model.ties + 2 * np.eye(run.model.size) == 2).all())
    drive = _Drive(ties, min_attention, min_reach, min_lift)
    found = list(run.found) if run and not all_tied else []
    teams = [item for item in found if len(item.positions) <= largest_team]
    leading = [item for item in teams if drive.leads(item.rows)]
    elite = max((item for item in found if len(item.positions) > largest_team), key=lambda i: i.score, default=None)
    inside = _scan_inside(elite, alpha, largest_team, draws, seed) if elite and not leading else None
    cores: list[_Found] = []
    candidate: _Found | None = None
    outcome: CoreOutcome
    if leading:
        cores, outcome = leading, "core" if len(leading) == 1 else "rival_cores"
    elif inside is not None and inside.tier != "candidate":
        cores, outcome = [inside], "core_within_elite"
    elif elite is not None:
        candidate, outcome = inside, "elite_larger_than_team"
    elif hub is not None:
        outcome = "single_hub"
        run = scan((ties.source != hub) & (ties.target != hub), "scan without hub") or run
        candidate = run.strongest if run else None
    elif run is None:
        outcome = "insufficient_data"
    elif teams:
        candidate, outcome = max(teams, key=lambda i: i.score), "cohesive_not_leading"
    else:
        candidate = run.strongest
        niche = _without_blocks(run, alpha, largest_set, seed)
        if all_tied or saturated(run.model) or run.smallest_testable(largest_team) is None:
            outcome = "not_testable"
        elif niche is not None:
            candidate, outcome = niche, "niche_not_core"
        else:
            outcome = "no_core"

    shown = [*cores, *(item for item in (elite, candidate) if item is not None)]
    # Telling which interactions are drawn together takes long, and is not needed where nothing is drawn.
    cluster = (
        clusters(sample, directed=network.has_direction(kind))[0].astype(np.int32) if replicates and total else None
    )
    stability, overlap = _stability(
        sample,
        network.events_of(sample),
        shown,
        alpha,
        cluster,
        replicates,
        keep,
        largest_set,
        seed,
    )
    warnings: list[str] = []
    if len(network.kinds) > 1 and len(ties):
        warnings.append(Message("Only {kind} ties are read as attention here.", kind=KIND_NAMES[kind]))
    placed: list[tuple[Core, _Found]] = []
    for number, item in enumerate(shown):
        firm = [p for p in item.positions if stability[number].get(p, 1.0) >= _LIKELY]
        trimmed = item
        if item in cores and 2 <= len(firm) < len(item.positions):
            trimmed = replace(item, positions=tuple(firm))
            warnings.append(
                Message.counting(
                    "{n:count} account of the set found in the whole data was in it in fewer than half of the "
                    "subsamples and is not reported as a member.",
                    "{n:count} accounts of the set found in the whole data were in it in fewer than half of the "
                    "subsamples and are not reported as members.",
                    len(item.positions) - len(firm),
                )
            )
        placed.append((drive.describe(network, trimmed, stability[number], overlap[number]), trimmed))
    by_share = sorted(placed[: len(cores)], key=lambda pair: (-pair[0].share_of_attention, pair[0].members))
    reported = [core for core, _ in by_share]
    rest = dict(zip([id(item) for item in shown], [core for core, _ in placed], strict=True))
    best = reported or [rest[id(candidate)]] if candidate is not None or reported else []
    reached = cohesion.cover_curve(ties)
    top_share, drivers = _who_drives(
        ties,
        sample,
        cluster,
        reached,
        directed=network.has_direction(kind),
        draws=min(draws, 99),
        replicates=min(replicates, 100),
        seed=seed,
    )
    status: Status = outcome if outcome in ("not_testable", "insufficient_data") else "ok"
    return LeadingCore(
        status=status,
        outcome=outcome,
        reason=_reason(outcome, n_active, run),
        kind=kind,
        cores=tuple(reported),
        elite=None if elite is None else rest[id(elite)],
        candidate=None if candidate is None else rest[id(candidate)],
        attention_of_top=top_share,
        drivers=drivers,
        pool=_pool_table(network, ties, run, by_share, stability, shown),
        core_ties=_core_ties(network, ties, best),
        associates=_associates(network, ties, run, by_share),
        relations=_relations(by_share, alpha),
        power=_power(run, largest_set, power_runs, seed, survival=_survival(network.collection.rate)),
        smallest_testable=None if run is None else run.smallest_testable(largest_team),
        null_scores=() if run is None else tuple(float(x) for x in run.nulls),
        hub=None if hub is None else network.keys[hub],
        amplified_by_hub=_amplified(network, ties, hub),
        descriptives=_descriptives(network, ties, network.undirected_ties(kind), run),
        rich_club=cohesion.rich_club(network.undirected_ties(kind), draws=min(draws, 20), seed=seed),
        coverage_curve=_coverage_curve(reached[:200]),
        missing=_missing(network, outcome),
        warnings=tuple(warnings),
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """A set found by the search, with the model it was found in."""

    audience: Audience
    model: DyadModel
    rows_of_model: Codes  # account row of every position of the model
    positions: tuple[int, ...]
    score: float
    nulls: NDArray[np.float64]
    tier: Tier
    elite: tuple[int, ...] = ()  # pool positions of the elite it was looked for in

    @property
    def rows(self) -> Codes:
        """Account rows of the members."""
        return self.rows_of_model[list(self.positions)]

    def again(self, events: Codes) -> DyadModel:
        """Return the model this set was found in, from a part of the interactions."""
        if not self.elite:
            return self.audience.model(events)
        return configuration_model(self.audience.pool_ties(events, self.elite), directed=self.audience.directed)


@dataclass(frozen=True, eq=False)
class _Scan:
    """One run of the search over one network."""

    model: DyadModel
    audience: Audience
    nulls: NDArray[np.float64]
    critical: float  # score from which a set counts
    largest_set: int
    found: tuple[_Found, ...]  # in the order of discovery
    strongest: _Found | None

    def smallest_testable(self, up_to: int) -> int | None:
        return smallest_testable(self.model, threshold=self.critical, largest=self.largest_set, up_to=up_to)


def _scan(audience: Audience, alpha: float, largest_set: int, max_cores: int, draws: int, seed: int) -> _Scan:
    """Search, decide by bound and Monte Carlo, split, remove and search again."""
    # A crowd that copies (who passes on an account also passes on whom it passes on) makes clusters by chance.
    model = replace(audience.model(), closure=audience.closure())
    nulls = null_scores(model, draws=draws, seed=seed, largest=largest_set)
    critical = _critical(nulls, alpha)
    largest = min(largest_set, model.size - 1)
    penalty = search_penalty(model.size, largest)
    found: list[_Found] = []
    taken: list[int] = []
    strongest: _Found | None = None

    def note(score: float, positions: Sequence[int]) -> _Found:
        tier = _tier(score, nulls, alpha)
        return _Found(audience, model, audience.pool, tuple(sorted(positions)), score, nulls, tier)

    for turn in range(max_cores):
        if model.size - len(taken) < 3:
            break
        score, positions = search(model, largest=largest_set, forbidden=taken)
        if turn == 0 and positions:
            strongest = note(score, positions)
        if not positions or score < critical:
            break
        parts = split(
            model,
            positions,
            alone=critical,
            linked=-math.log(alpha),
            largest=largest,
            seed=spawn_seeds(seed, 1, "split", turn)[0],
        )
        for part in parts:
            alone = score if len(parts) == 1 else log_likelihood_ratio(model, part)[0] - float(penalty[len(part)])
            if alone >= critical:
                found.append(note(alone, part))
            taken += part
    return _Scan(model, audience, nulls, critical, largest_set, tuple(found[:max_cores]), strongest)


def _critical(nulls: NDArray[np.float64], alpha: float) -> float:
    """Return the score from which a set counts: the bound, or what beats enough null maxima for ``p <= alpha``."""
    bound = -math.log(alpha)
    allowed = math.floor(alpha * (1 + len(nulls)) + 1e-9) - 1
    if allowed < 0:
        return bound
    return min(bound, float(np.nextafter(np.sort(nulls)[::-1][allowed], np.inf)))


def _tier(score: float, nulls: NDArray[np.float64], alpha: float) -> Tier:
    if score >= -math.log(alpha):
        return "strong"
    return "calibrated" if len(nulls) and monte_carlo_p(score, nulls) <= alpha else "candidate"


def _scan_inside(elite: _Found, alpha: float, largest_team: int, draws: int, seed: int) -> _Found | None:
    """Look for a team inside an elite, against a null that keeps how often each elite member ties to the others."""
    audience = elite.audience
    model = configuration_model(audience.pool_ties(None, elite.positions), directed=audience.directed)
    score, positions = search(model, smallest=3, largest=largest_team)
    if not positions:
        return None
    nulls = null_scores(
        model, draws=draws, seed=spawn_seeds(seed, 1, "inside elite")[0], smallest=3, largest=largest_team
    )
    rows = audience.pool[list(elite.positions)]
    tier: Tier = "calibrated" if monte_carlo_p(score, nulls) <= alpha else "candidate"
    return _Found(audience, model, rows, positions, score, nulls, tier, elite=elite.positions)


def _without_blocks(run: _Scan, alpha: float, largest_set: int, seed: int) -> _Found | None:
    """Return the set that would pass if factions were left out of the null, or None."""
    audience = replace(run.audience, block=np.zeros_like(run.audience.block))
    model = audience.model()
    score, positions = search(model, largest=largest_set)
    if not positions or score < -math.log(alpha):
        return None
    nulls = null_scores(model, draws=min(99, len(run.nulls)), seed=seed, largest=largest_set)
    return _Found(audience, model, audience.pool, positions, score, nulls, "candidate")


@dataclass(frozen=True, eq=False)
class _Drive:
    """How much attention a set of accounts holds, and whether that is enough to say it leads."""

    ties: Ties
    min_attention: float
    min_reach: float
    min_lift: float

    def of(self, rows: Codes) -> tuple[float, float, float]:
        """Return share of attention, reach and lift of a set."""
        ties = self.ties
        member = np.zeros(ties.n_accounts, dtype=bool)
        member[rows] = True
        outside = member[ties.target] & ~member[ties.source]
        share = float(ties.weight[outside].sum() / ties.weight.sum())
        givers = int(np.count_nonzero(ties.out_degree))
        reach = len(np.unique(ties.source[outside])) / givers
        heard = int(np.count_nonzero(ties.in_degree))
        return share, reach, share / (len(rows) / heard)

    def leads(self, rows: Codes) -> bool:
        """Say whether a set holds enough attention, far above an average account."""
        share, reach, lift = self.of(rows)
        possible = np.count_nonzero(self.ties.in_degree) / len(rows)
        return (share >= self.min_attention or reach >= self.min_reach) and lift >= min(self.min_lift, possible / 2)

    def describe(self, network: Network, found: _Found, stability: dict[int, float], overlap: float | None) -> Core:
        """Return the set with all its numbers."""
        model, positions = found.model, list(found.positions)
        rows = found.rows
        share, reach, lift = self.of(rows)
        best = cohesion.greedy_cover(self.ties, most=len(rows))
        best_reach = len(
            np.unique(self.ties.source[np.isin(self.ties.target, best) & ~np.isin(self.ties.source, best)])
        ) / np.count_nonzero(self.ties.out_degree)
        pairs = np.triu_indices(len(positions), 1)
        part = model.within(positions)
        p_value = monte_carlo_p(found.score, found.nulls) if len(found.nulls) else None
        order = sorted(positions, key=lambda p: (-stability.get(p, 1.0), p))
        keys = {p: network.keys[found.rows_of_model[p]] for p in positions}
        return Core(
            members=tuple(keys[p] for p in order),
            tier=found.tier,
            share_of_attention=share,
            reach=reach,
            lift=lift,
            efficiency=min(1.0, reach / best_reach) if best_reach > 0 else 0.0,
            cohesion=float(part.ties[pairs].mean() / 2),
            expected_cohesion=float(part.expected[pairs].mean() / 2),
            score=found.score,
            p_bound=min(1.0, math.exp(-found.score)),
            p_value=p_value,
            p_tail=gumbel_tail(found.score, found.nulls) if len(found.nulls) else None,
            stability={keys[p]: stability[p] for p in order if p in stability},
            mean_overlap=overlap,
            leads=bool(self.leads(rows)),
        )


def _stability(
    sample: pl.DataFrame,
    stands_for: NDArray[np.int64] | None,
    shown: Sequence[_Found],
    alpha: float,
    cluster: NDArray[np.int32] | None,
    replicates: int,
    keep: float,
    largest_set: int,
    seed: int,
) -> tuple[list[dict[int, float]], list[float | None]]:
    """Search again in subsamples; per set, how often each pool account is in the best-matching set.

    ``cluster`` has the number of what each interaction is drawn with, None if nothing is drawn.
    """
    counts: list[dict[int, int]] = [{} for _ in shown]
    overlaps: list[list[float]] = [[] for _ in shown]
    if not shown or cluster is None:
        return [{} for _ in shown], [None for _ in shown]
    source, target = sample["source"].to_numpy(), sample["target"].to_numpy()
    last = np.flatnonzero(np.r_[(source[1:] != source[:-1]) | (target[1:] != target[:-1]), True])
    count = int(cluster.max(initial=-1)) + 1
    each = np.ones(1, dtype=np.int64) if stands_for is None else stands_for
    # Sets of one model are looked for together, one after the other.
    groups: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for number, item in enumerate(shown):
        groups.setdefault((id(item.audience), item.elite), []).append(number)
    ends = last + 1

    def again(sampled: tuple[int, NDArray[np.bool_]]) -> list[list[set[int]]]:
        """Return the sets that one sample has, for each group of sets."""
        replicate, kept = sampled
        events = kept_events(cluster, ends, kept, each)
        found: list[list[set[int]]] = []
        for numbers in groups.values():
            first = shown[numbers[0]]
            index = first.audience.index
            model = first.again(events if len(index) == len(events) else events[index])
            largest = min(largest_set, model.size - 1)
            sets: list[set[int]] = []
            taken: list[int] = []
            for turn in range(len(numbers)):
                _, positions = search(model, largest=largest_set, forbidden=taken, smallest=3 if first.elite else 2)
                if not positions:
                    break
                taken += positions
                split_seed = spawn_seeds(seed, 1, "split again", replicate, turn)[0]
                level = _critical(first.nulls, alpha)
                sets += [
                    set(part)
                    for part in split(
                        model, positions, alone=level, linked=-math.log(alpha), largest=largest, seed=split_seed
                    )
                ]
            found.append(sets)
        return found

    samples = enumerate(kept_clusters(count, draws=replicates, keep=keep, seed=seed))
    for found in side_by_side(again, samples, at_once=AT_ONCE if len(cluster) >= _SIDE_BY_SIDE_ROWS else 1):
        for numbers, sets in zip(groups.values(), found, strict=True):
            for number in numbers:
                members = set(shown[number].positions)
                match = max(sets, key=lambda s: len(s & members) / len(s | members), default=set())
                overlaps[number].append(len(match & members) / max(1, len(match | members)))
                for position in match:
                    counts[number][position] = counts[number].get(position, 0) + 1
    stability = [
        {p: counts[number].get(p, 0) / replicates for p in {*item.positions, *counts[number]}}
        for number, item in enumerate(shown)
    ]
    return stability, [float(np.mean(values)) for values in overlaps]


_SHARES = (0.5, 0.8)
_SHARE = Message("share of attention")
_DRIVERS = pl.Schema(
    {
        "unit": pl.String(),
        "share": pl.Float64(),
        "accounts": pl.Int64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "null_mean": pl.Float64(),
        "null_low": pl.Float64(),
        "null_high": pl.Float64(),
        "p_value": pl.Float64(),
    }
)


def _needed(received: NDArray[np.float64]) -> list[int]:
    """Return the sizes of the smallest sets of accounts that hold each of the shares of what was received."""
    positive = received[received > 0]
    most = positive.max(initial=0)
    if most < len(positive) and np.all(positive == np.rint(positive)):  # whole and small: sorted by counting
        times = np.bincount(positive.astype(np.int64))[::-1]
        positive = np.repeat(np.arange(int(most), -1, -1, dtype=np.float64), times)
    else:
        positive = np.sort(positive)[::-1]
    held = np.cumsum(positive)
    return [int(np.searchsorted(held, share * held[-1] * (1 - 1e-12))) + 1 if len(held) else 0 for share in _SHARES]


def _who_drives(
    ties: Ties,
    sample: pl.DataFrame,
    cluster: NDArray[np.int32] | None,
    reached: NDArray[np.float64],
    *,
    directed: bool,
    draws: int,
    replicates: int,
    seed: int,
) -> tuple[Estimate, pl.DataFrame]:
    """Return the share of the most-heard account, and how many accounts hold half and four fifths of the attention.

    Both against the rich-get-richer null. Reach counts accounts that are heard from rather than attention. ``cluster`` has
    the number of what each interaction is drawn with, None if nothing is drawn; ``reached`` is the curve of reach.
    """
    total = float(ties.in_strength.sum())
    if total <= 0:
        return undefined(_SHARE, Message("no attention was given")), pl.DataFrame(schema=_DRIVERS)
    target, weight = sample["target"].to_numpy(), sample["weight"].to_numpy()

    def needed_of(times: NDArray[np.int64]) -> list[int]:
        return _needed(drawn_attention(cluster, target, weight, times, ties.n_accounts))

    again: list[list[int]] = []
    if cluster is not None:
        samples = drawn_clusters(int(cluster.max(initial=-1)) + 1, draws=replicates, seed=seed)
        at_once = AT_ONCE if len(cluster) >= _SIDE_BY_SIDE_ROWS else 1
        again = list(side_by_side(needed_of, samples, at_once=at_once))
    heard = int(np.count_nonzero(ties.in_degree))
    # Imitation repeats ties; where ties have no direction a pair is tied once, and the null does not apply.
    draws = draws if directed else 0
    largest, chance = [], []
    for counts in rich_get_richer(events=int(ties.events.sum()), accounts=heard, draws=draws, seed=seed):
        largest.append(float(counts.max() / counts.sum()))
        chance.append(_needed(counts.astype(np.float64)))
    model = Message("rich get richer")
    top = against_null(float(ties.in_strength.max() / total), largest, unit=_SHARE, null_model=model)
    rows: list[dict[str, object]] = []
    for number, (share, observed) in enumerate(zip(_SHARES, _needed(ties.in_strength), strict=True)):
        null = [sizes[number] for sizes in chance]
        estimate = against_null(observed, null, unit=Message("accounts"), null_model=model, tail="less")
        drawn = np.array([sizes[number] for sizes in again], dtype=float)
        low, high = recentred_interval(drawn, observed, bounded=False) or (None, None)
        null_low, null_high = estimate.null_interval or (None, None)
        rows.append(
            {
                "unit": "attention",
                "share": share,
                "accounts": observed,
                "low": low,
                "high": high,
                "null_mean": estimate.null_mean,
                "null_low": null_low,
                "null_high": null_high,
                "p_value": estimate.p_value,
            }
        )
    for share in _SHARES:
        at = int(np.searchsorted(reached, share - 1e-12))
        rows.append({"unit": "reach", "share": share, "accounts": at + 1 if at < len(reached) else None})
    return top, pl.DataFrame(rows, schema=_DRIVERS)


def _pool_table(
    network: Network,
    ties: Ties,
    run: _Scan | None,
    cores: Sequence[tuple[Core, _Found]],
    stability: Sequence[dict[int, float]],
    shown: Sequence[_Found],
) -> pl.DataFrame:
    schema = {
        "account": pl.String,
        "audience": pl.Int64,
        "share_of_attention": pl.Float64,
        "core": pl.Int64,
        "stability": pl.Float64,
    }
    if run is None:
        return pl.DataFrame(schema=schema)
    pool = run.audience.pool
    heard = run.audience.heard()
    number = {member: at for at, (core, _) in enumerate(cores, start=1) for member in core.members}
    held: dict[str, float] = {}
    for item, shares in zip(shown, stability, strict=True):
        for position, share in shares.items():
            key = network.keys[item.rows_of_model[position]]
            held[key] = max(held.get(key, 0.0), share)
    keys = [network.keys[row] for row in pool]
    return pl.DataFrame(
        {
            "account": keys,
            "audience": heard,
            "share_of_attention": ties.in_strength[pool] / ties.in_strength.sum(),
            "core": [number.get(key) for key in keys],
            "stability": [held.get(key) for key in keys],
        },
        schema=schema,
    )


def _core_ties(network: Network, ties: Ties, cores: Sequence[Core]) -> pl.DataFrame:
    rows: list[tuple[str, str, bool]] = []
    keys = network.accounts["key"]
    for core in cores:
        member = keys.is_in(list(core.members)).to_numpy()
        among = ties.among(member)
        pairs = set(zip(among.source.tolist(), among.target.tolist(), strict=True))
        rows += [(network.keys[s], network.keys[t], (t, s) in pairs) for s, t in sorted(pairs)]
    schema = {"source": pl.String, "target": pl.String, "mutual": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)


def _associates(network: Network, ties: Ties, run: _Scan | None, cores: Sequence[tuple[Core, _Found]]) -> pl.DataFrame:
    """Accounts outside the pool that core members attend to beyond chance: the back stage."""
    schema = {
        "account": pl.String,
        "core": pl.Int64,
        "ties": pl.Int64,
        "expected": pl.Float64,
        "p_value": pl.Float64,
    }
    rows: list[dict[str, object]] = []
    if run is None:
        return pl.DataFrame(schema=schema)
    audience = run.audience
    crowd = audience.source_place < 0
    blocks = int(audience.block.max()) + 1
    affinity = audience.affinity() / max(1, int(np.count_nonzero(crowd)))
    heard = np.bincount(audience.target[crowd], minlength=ties.n_accounts)
    in_pool = np.zeros(ties.n_accounts, dtype=bool)
    in_pool[audience.pool] = True
    tried = int(np.count_nonzero(~in_pool))  # also those to whom no member, or one, is tied
    for number, (_, found) in enumerate(cores, start=1):
        members = found.rows
        given = np.isin(ties.source, members) & ~in_pool[ties.target]
        people, observed = np.unique(ties.target[given], return_counts=True)
        people, observed = people[observed >= 2], observed[observed >= 2]
        if not len(people):
            continue
        activity = np.bincount(audience.block[members], weights=ties.out_degree[members], minlength=blocks)
        expected = (activity @ affinity)[audience.block[people]] * (heard[people] + 0.5)
        adjusted = false_discovery(_as_many(observed, expected), tests=tried)
        rows += [
            {
                "account": network.keys[people[row]],
                "core": number,
                "ties": int(observed[row]),
                "expected": float(expected[row]),
                "p_value": float(adjusted[row]),
            }
            for row in np.flatnonzero(adjusted <= 0.05)
        ]
    return pl.DataFrame(rows, schema=schema).sort(["core", "p_value", "account"])


def _as_many(observed: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely Poisson counts of these means are to be as large."""
    from scipy import stats

    return np.asarray(stats.poisson.sf(observed - 1, expected))


def _as_few(observed: float, expected: float) -> float:
    """Return how likely a Poisson count of this mean is to be as small."""
    from scipy import stats

    return float(stats.poisson.cdf(observed, expected))


def _relations(cores: Sequence[tuple[Core, _Found]], alpha: float) -> pl.DataFrame:
    """Say of every two cores whether they are tied beyond chance, as chance has it, or avoid one another."""
    schema = {
        "core_a": pl.Int64,
        "core_b": pl.Int64,
        "observed": pl.Int64,
        "expected": pl.Float64,
        "relation": pl.String,
        "p_value": pl.Float64,
    }
    rows = []
    for a, (_, first) in enumerate(cores):
        for b, (_, second) in enumerate(cores[a + 1 :], start=a + 1):
            part = np.ix_(first.positions, second.positions)
            observed, expected = float(first.model.ties[part].sum()), float(first.model.expected[part].sum())
            ratio = cross_ratio(first.model, first.positions, second.positions)
            lower = _as_few(observed, expected)
            relation = "allied" if ratio >= -math.log(alpha) else "avoiding" if lower < 0.05 else "separate"
            p_value = min(1.0, math.exp(-ratio)) if observed > expected else lower
            rows.append((a + 1, b + 1, int(observed), expected, relation, p_value))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _survival(rate: float | None) -> float:
    """Return the chance that a planted tie is seen where a share of the posts was collected.

    A planted tie stands for one act and as many more as a Poisson variable of mean one says, as in the benchmark.
    """
    return 1.0 if rate is None else 1.0 - (1.0 - rate) * math.exp(-rate)


def _power(run: _Scan | None, largest_set: int, runs: int, seed: int, *, survival: float = 1.0) -> pl.DataFrame:
    """Plant teams in ties drawn from this network's own null, and count how often the search finds them.

    ``survival`` is the chance that a tie of a planted team is in the data at all.
    """
    schema = {"size": pl.Int64, "tie_probability": pl.Float64, "power": pl.Float64, "runs": pl.Int64}
    if run is None or not runs:
        return pl.DataFrame(schema=schema)
    rows = []
    popular = min(60, run.model.size)
    for size, probability in _POWER_GRID:
        if size > popular:
            continue
        hits = 0
        for step in range(runs):
            random = generator(seed, "power", size, int(100 * probability), step)
            team = np.sort(random.choice(popular, size, replace=False))
            drawn = draw_ties(run.model, seed=int(random.integers(2**32)))
            ties = drawn.ties.copy()
            for i, u in enumerate(team):
                for v in team[:i]:
                    both = 2.0 if not run.audience.directed else 1.0
                    planted = both * (random.random(1 if both == 2 else 2) < survival * probability).sum()
                    ties[u, v] = ties[v, u] = max(ties[u, v], planted)
            score, positions = search(replace(drawn, ties=ties), largest=largest_set)
            members = set(team.tolist())
            overlap = len(members & set(positions)) / len(members | set(positions))
            hits += score >= run.critical and overlap >= 0.5
        rows.append((size, probability, hits / runs, runs))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _amplified(network: Network, ties: Ties, hub: int | None) -> pl.DataFrame:
    """Whom the hub itself passes on, most often first."""
    schema = {"account": pl.String, "ties": pl.Float64}
    if hub is None:
        return pl.DataFrame(schema=schema)
    mine = ties.source == hub
    order = np.lexsort((ties.target[mine], -ties.weight[mine]))[:20]
    accounts = [network.keys[row] for row in ties.target[mine][order]]
    return pl.DataFrame({"account": accounts, "ties": ties.weight[mine][order]}, schema=schema)


def _descriptives(network: Network, ties: Ties, pairs: Ties, run: _Scan | None) -> pl.DataFrame:
    schema = {
        "account": pl.String,
        "coreness": pl.Int64,
        "s_core": pl.Float64,
        "d_core_in": pl.Int64,
        "d_core_out": pl.Int64,
    }
    if run is None:
        return pl.DataFrame(schema=schema)
    pool = run.audience.pool
    into, out = cohesion.in_out_coreness(ties)
    return pl.DataFrame(
        {
            "account": [network.keys[row] for row in pool],
            "coreness": cohesion.coreness(pairs)[pool],
            "s_core": cohesion.s_core(pairs)[pool],
            "d_core_in": into[pool],
            "d_core_out": out[pool],
        },
        schema=schema,
    )


def _coverage_curve(reached: NDArray[np.float64]) -> pl.DataFrame:
    return pl.DataFrame(
        {"accounts": np.arange(1, len(reached) + 1), "reach": reached},
        schema={"accounts": pl.Int64, "reach": pl.Float64},
    )


_REASONS: dict[CoreOutcome, Message] = {
    "core": Message("One set of at most 20 accounts ties to itself beyond chance and holds much of the attention."),
    "rival_cores": Message(
        "Several separate sets of at most 20 accounts tie to themselves beyond chance and hold attention."
    ),
    "core_within_elite": Message(
        "A larger elite ties to itself beyond chance, and a smaller team inside it more still."
    ),
    "elite_larger_than_team": Message("The set that ties to itself beyond chance is larger than a team of 20."),
    "single_hub": Message("One account receives at least half of all attention; a team may sit inside it."),
    "cohesive_not_leading": Message(
        "A set ties to itself beyond chance, but the others give it no outstanding attention."
    ),
    "niche_not_core": Message("The densest set is explained by the factions that its members belong to."),
    "not_testable": Message(
        "The most-heard accounts would be tied to one another anyway, or are too few: ties tell nothing."
    ),
    "insufficient_data": Message("Fewer than five accounts are heard by enough others to be tested as a team."),
}


def _reason(outcome: CoreOutcome, n_active: int, run: _Scan | None) -> str:
    """Say in one sentence why this outcome holds."""
    if outcome == "insufficient_data" and n_active < 50:
        return Message.counting(
            "Only {n:count} account is active; the test needs at least 50.",
            "Only {n:count} accounts are active; the test needs at least 50.",
            n_active,
        )
    if outcome == "no_core" and run is not None:
        return Message("No set reaches the score that chance rarely exceeds ({score:decimal1}).", score=run.critical)
    return _REASONS[outcome]


def _missing(network: Network, outcome: CoreOutcome) -> tuple[str, ...]:
    """Say what further evidence would settle more."""
    wanted = []
    if not network.admin_rights.height:
        wanted.append(Message("a table of who administers which account, to pass from accounts to people"))
    if outcome not in ("core", "rival_cores") and len(network.kinds) < 2:
        wanted.append(Message("a second kind of tie between the same accounts (for example who follows whom)"))
    if outcome in ("no_core", "insufficient_data", "not_testable", "niche_not_core"):
        wanted.append(Message("more interactions, over a longer period"))
    if not network.has_times:
        wanted.append(Message("times, to see whether the same accounts stay in front"))
    return tuple(wanted)
