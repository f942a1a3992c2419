"""How steep the order of attention is, and whether a movement can be called leaderless."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import polars as pl
from scipy import sparse, special

from netact.concentration import (
    Concentration,
    concentration,
    cumulative_shares,
    degree_centralization,
    fit_tail,
    gini,
)
from netact.language import Message, listing, sentences
from netact.network import Ties
from netact.null_models import backbone, degree_preserving, mixing, rich_get_richer
from netact.order import (
    compact,
    direction_flips,
    flow_hierarchy,
    global_reaching_centrality,
    krackhardt,
    trophic_incoherence,
    trophic_levels,
    turned,
)
from netact.randomness import generator
from netact.ranges import Range, check_ranges
from netact.resampling import (
    bootstrap_multiplicities,
    clusters,
    delete_group_masks,
    percentile_interval,
    recentred_interval,
)
from netact.results import Criterion, Estimate, Hierarchy, TailFit, undefined
from netact.schemas import KIND_NAMES
from netact.significance import against_null, monte_carlo_p

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.results import HierarchyVerdict
    from netact.schemas import Kind

POOL = 500  # accounts on which Krackhardt's dimensions are computed
WINDOWS = 5  # equal windows for the rotation of the top
WINDOW_EVENTS = 200  # fewest interactions a window needs
TOP = 20
LEADERLESS_EFFECTIVE = 20.0  # leaderless: more effective leaders than this, ...
LEADERLESS_TOP_SHARE = 0.20  # ... less attention on the top 20 than this, ...
LEADERLESS_OVERLAP = 0.20  # ... and less overlap of the top 20 of consecutive windows than this
LEADERLESS_POWER = 0.8  # power of the search for a core that found none
_FEWEST_CLUSTERS = 10
_MOST_NULL_EVENTS = 2_000_000
_CURVE_POINTS = 200
_FRONT = 10  # accounts of a null draw whose distinct givers are drawn; the largest degree is among theirs

IMITATION = Message("attention given by imitation alone (rich get richer)")
REWIRED = Message("networks with the same number of ties in and out of every account, rewired at random")
FLIPPED = Message("the same ties with their directions drawn at random")

_L1, _L2, _L3 = Message("L1 dispersion"), Message("L2 no core"), Message("L3 rotation")
_INDEX = Message("index")

_CORES = ("core", "rival_cores", "core_within_elite")
_ORDER: dict[str, Literal["less", "greater"]] = {
    "trophic_incoherence": "less",
    "global_reaching_centrality": "greater",
    "flow_hierarchy": "greater",
}
_SHARES = ("effective_leaders", "top_1_share", "top_5_share", "top_20_share", "gini", "herfindahl")
_KRACKHARDT = ("connectedness", "krackhardt_hierarchy", "efficiency", "lubness")
_LEVELS = pl.Schema({"account": pl.String(), "level": pl.Float64(), "attention": pl.Float64(), "component": pl.Int32()})
_CURVE = pl.Schema(
    {
        "rank": pl.Int64(),
        "share": pl.Float64(),
        "null_mean": pl.Float64(),
        "null_low": pl.Float64(),
        "null_high": pl.Float64(),
    }
)
_ROTATION = pl.Schema(
    {
        "window": pl.Int64(),
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "interactions": pl.Int64(),
        "overlap_with_previous": pl.Float64(),
    }
)


# What each parameter may be.
RANGES = {
    "draws": Range(0),
    "replicates": Range(0),
    "max_null_ties": Range(1),
}


def hierarchy(
    network: Network,
    *,
    kind: Kind | None = None,
    core_outcome: str | None = None,
    core_power: float | None = None,
    draws: int = 99,
    replicates: int = 500,
    max_null_ties: int = 50_000,
    seed: int,
) -> Hierarchy:
    """Say how concentrated attention is, how strictly it runs one way, and whether the movement is leaderless.

    Attention is in-strength: the summed weight of ties an account receives. The base is every account with a tie, so
    accounts nobody listens to count in the Gini coefficient and the centralization.

    *Concentration* (effective number of leaders, shares of the top 1, 5 and 20, Gini, Herfindahl, in-degree
    centralization) is compared with imitation alone: Simon's rich-get-richer process with as many acts of attention and
    as many accounts heard; for the centralization, with the distinct accounts expected behind so many acts. 95 % intervals draw whole clusters of interactions (a post's, else a source account's) with
    replacement; as this leaves out a third of the clusters and so makes attention look more concentrated, intervals
    are re-centred on the observed value. The largest single account cannot be bootstrapped: its interval is the central
    95 % over random halves of the clusters.

    *Order* (trophic incoherence, low when steep; global reaching centrality and flow hierarchy, high when steep) is
    computed in influence direction, from those who receive attention to those who give it, and compared with
    degree-preserving rewiring. With more than ``max_null_ties`` ties, value and comparison are both of the ties among
    the most connected accounts; ``coverage`` is their share of all ties, and a warning gives the values of the whole.
    Trophic incoherence is weighted, the other two are not. Krackhardt's four dimensions are those of the (at most 500)
    most-heard accounts, without a comparison.

    *Leaderless* has to be shown, not inferred from a missing finding. ``L1``: the interval of the effective number lies
    above 20 and that of the top-20 share below .20. ``L2``: the search for a core found none and had power of at least
    .8. ``L3``: the top 20 of five consecutive windows of equally many interactions overlap by less than .20 on average.
    A criterion is met, not met, or None if the data cannot tell. The verdict is ``single_led`` if one account has half
    of all attention; ``led`` if a core was found, or if the top-20 share is above imitation and the top 20 persist
    beyond chance (both p < .05); ``leaderless`` if all three criteria are met; else ``undetermined``.

    Parameters
    ----------
    network
        Undirected networks get concentration only.
    kind
        Kind of tie that is attention; None takes the network's attention kind.
    core_outcome, core_power
        ``outcome`` of the leading core and the power of its search at this size; None leaves ``L2`` open.
    draws, replicates
        Draws of each null model and of the bootstrap; 0 leaves the comparison or the intervals out.
    max_null_ties
        Largest number of ties to rewire.
    seed
        Everything random follows from it.

    Raises
    ------
    MeasureError
        If ``draws`` or ``replicates`` is negative, or ``max_null_ties`` below 1.
    SchemaError
        If ``kind`` is not a kind of tie.
    """
    check_ranges("hierarchy", RANGES, locals())
    kind = kind or network.attention_kind
    ties = network.ties(kind)
    if not len(ties):
        return _nothing(kind)
    warnings: list[str] = []
    rows = network.rows(kind)

    directed = network.has_direction(kind)
    attention = ties.in_strength[ties.active]
    indices, curve = _concentration_indices(ties, draws=draws, seed=seed, directed=directed, warnings=warnings)
    indices = _with_intervals(
        indices, ties, rows, directed=directed, replicates=replicates, seed=seed, warnings=warnings
    )
    rotation, persistence_p = _rotation(rows, network.n_accounts, draws=draws, seed=seed)

    levels = pl.DataFrame(schema=_LEVELS)
    if directed:
        influence = turned(ties)
        level = trophic_levels(influence)
        levels = _levels_table(network, ties, level)
        order, direction_p = _order_indices(
            ties, influence, level, draws=draws, max_null_ties=max_null_ties, seed=seed, warnings=warnings
        )
        indices |= order | _krackhardt_indices(ties) | _participation(ties)
    else:
        undirected = Message("the ties have no direction")
        direction_p = undefined(_INDEX, undirected, status="not_testable")
        for name in (*_ORDER, *_KRACKHARDT, "participation_breadth", "gini_of_activity"):
            indices[name] = undefined(_INDEX, undirected, status="not_testable")

    criteria = (
        _dispersion(indices),
        _no_core(core_outcome, core_power),
        _rotating(rotation, persistence_p),
    )
    verdict, reason = _verdict(indices, criteria, core_outcome, persistence_p)
    units = _units()
    return Hierarchy(
        status="ok",
        reason=reason,
        kind=kind,
        indices={name: indices[name] for name in units},
        tail=fit_tail(_counts(attention, ties)),
        direction_p=direction_p,
        verdict=verdict,
        criteria=criteria,
        levels=levels,
        concentration_curve=curve,
        rotation=rotation,
        warnings=tuple(warnings),
    )


def _nothing(kind: Kind) -> Hierarchy:
    reason = Message("there are no ties of kind {kind}", kind=KIND_NAMES[kind])
    units = _units()
    return Hierarchy(
        status="undefined",
        reason=reason,
        kind=kind,
        indices={name: undefined(unit, reason) for name, unit in units.items()},
        tail=TailFit(None, None, 0, None, None, "undefined"),
        direction_p=undefined(_INDEX, reason),
        verdict="undetermined",
        criteria=tuple(
            Criterion(name, met=None, evidence=Message("Cannot be told: {reason}.", reason=reason))
            for name in (_L1, _L2, _L3)
        ),
        levels=pl.DataFrame(schema=_LEVELS),
        concentration_curve=pl.DataFrame(schema=_CURVE),
        rotation=pl.DataFrame(schema=_ROTATION),
    )


def _units() -> dict[str, str]:
    """Return the unit of every index, in the order in which they are reported."""
    share = Message("share of attention")
    return {
        "effective_leaders": Message("accounts"),
        "top_1_share": share,
        "top_5_share": share,
        "top_20_share": share,
        "gini": _INDEX,
        "herfindahl": _INDEX,
        "in_degree_centralization": _INDEX,
        **dict.fromkeys(_ORDER, _INDEX),
        **dict.fromkeys(_KRACKHARDT, _INDEX),
        "participation_breadth": Message("share of accounts"),
        "gini_of_activity": _INDEX,
    }


def _counts(attention: NDArray[np.float64], ties: Ties) -> NDArray[np.int64]:
    """Return attention as whole numbers: weights if they are whole, else interactions."""
    if np.all(ties.weight == np.round(ties.weight)):
        return attention.astype(np.int64)
    return np.bincount(ties.target, weights=ties.events, minlength=ties.n_accounts).astype(np.int64)


# ---------------------------------------------------------------------- concentration


def _concentration_indices(
    ties: Ties, *, draws: int, seed: int, directed: bool, warnings: list[str]
) -> tuple[dict[str, Estimate], pl.DataFrame]:
    """Return the indices of concentration against imitation, and the curve of cumulative shares."""
    attention = ties.in_strength[ties.active]
    heard = attention[attention > 0]
    silent = len(attention) - len(heard)
    observed = concentration(heard, zeros=silent)
    assert observed is not None  # noqa: S101 (there are ties, and weights are positive)
    whole = bool(np.all(ties.weight == np.round(ties.weight))) and heard.sum() <= _MOST_NULL_EVENTS
    events = int(heard.sum()) if whole else int(ties.events.sum())
    if not whole:
        warnings.append(
            Message(
                "Weights are not counts of single acts, so imitation is simulated with one act for each interaction."
            )
        )
    if not directed:
        draws = 0
        warnings.append(
            Message(
                "Imitation lets one account turn to another again and again; where a tie has no direction a pair is tied "
                "once, so concentration is not compared with imitation here."
            )
        )
    ranks = np.unique(np.geomspace(1, len(heard), _CURVE_POINTS).round().astype(np.int64))
    null: list[Concentration] = []
    shares = np.empty((draws, len(ranks)))
    centralization = np.full(draws, np.nan)
    given = ties.weight if whole else ties.events.astype(float)
    activity = np.asarray(np.bincount(ties.source, weights=given), dtype=float)
    distinct = _distinct_givers(activity)
    giver = np.repeat(np.arange(len(activity), dtype=np.int32), activity.astype(np.int64) if draws else 0)
    random = generator(seed, "hierarchy", "distinct givers")
    simulated = rich_get_richer(events=events, accounts=len(heard), draws=draws, seed=seed)
    for draw, counts in enumerate(simulated):
        result = concentration(counts, zeros=silent)
        assert result is not None  # noqa: S101 (at least one act)
        null.append(result)
        shares[draw] = cumulative_shares(counts, ranks)
        degrees = np.concatenate([distinct(counts), np.zeros(silent)])
        front = np.argsort(-counts, kind="stable")[:_FRONT]
        degrees[front] = [_drawn_givers(giver, int(counts[row]), random) for row in front]
        value = degree_centralization(degrees, directed=directed)
        centralization[draw] = np.nan if value is None else value

    units = _units()
    indices = {}
    for at, name in enumerate(_SHARES):
        indices[name] = against_null(
            observed[at],
            [draw[at] for draw in null],
            unit=units[name],
            null_model=IMITATION,
            tail="less" if name == "effective_leaders" else "greater",
        )
    degrees = ties.in_degree[ties.active]
    indices["in_degree_centralization"] = against_null(
        degree_centralization(degrees, directed=directed), centralization, unit=_INDEX, null_model=IMITATION
    )
    curve = pl.DataFrame({"rank": ranks, "share": cumulative_shares(heard, ranks), **_band(shares)}, schema=_CURVE)
    return indices, curve


def _distinct_givers(activity: NDArray[np.float64]) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
    """Return how many distinct accounts are expected behind so many acts, if accounts give as often as observed.

    The acts of an account are drawn from all acts without replacement: who gives often can hardly miss an account that
    receives much of everything.
    """
    level, number = np.unique(activity[activity > 0], return_counts=True)
    total = float(np.dot(level, number))

    def expected(counts: NDArray[np.int64]) -> NDArray[np.float64]:
        grid = np.unique(np.concatenate([np.arange(65), np.geomspace(64, max(65, int(counts.max())), 200).round()]))
        received = np.minimum(grid, total)[:, None]
        left = total - level - received  # acts that are neither the giver's nor the receiver's
        log_missed = special.gammaln(total - level + 1) + special.gammaln(total - received + 1)
        log_missed = log_missed - special.gammaln(np.maximum(left, 0) + 1) - special.gammaln(total + 1)
        missed = np.where(left >= 0, np.exp(np.minimum(log_missed, 0)), 0.0)
        return np.asarray(np.interp(counts, grid, (1 - missed) @ number))

    return expected


def _drawn_givers(giver: NDArray[np.int32], count: int, random: np.random.Generator) -> int:
    """Return how many distinct accounts are behind so many acts, drawn from all acts without replacement.

    ``giver`` is the account of every act.
    """
    acts = random.choice(len(giver), min(count, len(giver)), replace=False, shuffle=False)
    met = np.zeros(int(giver[-1]) + 1, dtype=bool)
    met[giver[acts]] = True
    return int(np.count_nonzero(met))


def _band(shares: NDArray[np.float64]) -> dict[str, NDArray[np.float64] | None]:
    if not len(shares):
        return {"null_mean": None, "null_low": None, "null_high": None}
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return {"null_mean": shares.mean(axis=0), "null_low": low, "null_high": high}


class _Resampled(NamedTuple):
    """Attention by target (row) and cluster of interactions (column)."""

    attention: sparse.csr_array
    clusters: int
    what: str

    @classmethod
    def of(cls, rows: pl.DataFrame, *, directed: bool) -> _Resampled:
        number, what = clusters(rows, directed=directed)
        _, target = np.unique(rows["target"].to_numpy(), return_inverse=True)
        count = int(number.max()) + 1
        shape = (int(target.max()) + 1, count)
        return cls(sparse.csr_array((rows["weight"].to_numpy(), (target, number)), shape=shape), count, what)


def _with_intervals(
    indices: dict[str, Estimate],
    ties: Ties,
    rows: pl.DataFrame,
    *,
    directed: bool,
    replicates: int,
    seed: int,
    warnings: list[str],
) -> dict[str, Estimate]:
    """Add 95 % intervals by drawing clusters again; the accounts of the base stay the same."""
    if not replicates:
        return indices
    drawn = _Resampled.of(rows, directed=directed)
    if drawn.clusters < _FEWEST_CLUSTERS:
        warnings.append(
            Message.counting(
                "No intervals: interactions come from {n:count} post, and at least {least:count} are needed to draw from.",
                "No intervals: interactions come from {n:count} posts, and at least {least:count} are needed to draw from.",
                drawn.clusters,
                least=_FEWEST_CLUSTERS,
            )
            if drawn.what == "post"
            else Message.counting(
                "No intervals: interactions come from {n:count} source account, and at least {least:count} are needed to "
                "draw from.",
                "No intervals: interactions come from {n:count} source accounts, and at least {least:count} are needed to "
                "draw from.",
                drawn.clusters,
                least=_FEWEST_CLUSTERS,
            )
        )
        return indices
    base = int(np.count_nonzero(ties.active))
    each = np.arange(drawn.clusters)
    values: list[Concentration] = []
    for times in bootstrap_multiplicities(each, draws=replicates, seed=seed):
        attention = drawn.attention @ times.astype(float)
        result = concentration(attention, zeros=base - len(attention))
        if result is not None:
            values.append(result)
    table = np.array(values)
    posts = drawn.what == "post"
    method = (
        Message("cluster bootstrap over posts, {draws:count} replicates, re-centred on the value", draws=replicates)
        if posts
        else Message(
            "cluster bootstrap over source accounts, {draws:count} replicates, re-centred on the value",
            draws=replicates,
        )
    )
    done = dict(indices)
    for at, name in enumerate(_SHARES):
        value = indices[name].value
        if name != "top_1_share" and value is not None and len(table):
            interval = recentred_interval(table[:, at], value, bounded=name not in ("effective_leaders", "herfindahl"))
            done[name] = replace(indices[name], interval=interval, interval_method=method if interval else None)
    halves = []
    for kept in delete_group_masks(each, draws=replicates, keep=0.5, seed=seed):
        attention = drawn.attention @ kept.astype(float)
        if attention.any():
            halves.append(attention.max() / attention.sum())
    interval = percentile_interval(np.array(halves))
    method = (
        Message(
            "central 95 % over {draws:count} random halves of the posts: a maximum has no bootstrap interval",
            draws=replicates,
        )
        if posts
        else Message(
            "central 95 % over {draws:count} random halves of the source accounts: a maximum has no bootstrap interval",
            draws=replicates,
        )
    )
    done["top_1_share"] = replace(
        indices["top_1_share"], interval=interval, interval_method=method if interval else None
    )
    return done


# ---------------------------------------------------------------------- order


def _order_indices(
    ties: Ties,
    influence: Ties,
    level: NDArray[np.float64],
    *,
    draws: int,
    max_null_ties: int,
    seed: int,
    warnings: list[str],
) -> tuple[dict[str, Estimate], Estimate]:
    """Return the indices of order against rewiring, and the incoherence against directions drawn at random."""
    part = backbone(influence, max_ties=max_null_ties)
    coverage = len(part) / len(ties)
    if not len(part):
        part, coverage = influence, 1.0
    whole = compact(influence)
    small = whole if coverage == 1.0 else compact(part)
    values = _order_values(small, seed=seed)
    null = {name: np.full(draws, np.nan) for name in _ORDER}
    held = 0.0
    for draw, network in enumerate(degree_preserving(small, draws=draws, seed=seed)):
        for name, value in _order_values(network, seed=seed).items():
            null[name][draw] = np.nan if value is None else value
        if draw == draws - 1:
            held = mixing(small, network)
    if held > 0.9:
        warnings.append(
            Message(
                "The accounts' numbers of ties leave almost no other network, so order cannot be told from them: "
                "rewired networks keep {share:percent} of the ties of the most connected accounts.",
                share=held,
            )
        )
    if coverage < 1:
        warnings.append(
            Message(
                "Order is measured and compared on the {ties:count} ties among the {accounts:count} most connected "
                "accounts ({share:percent} of all ties); on all ties: trophic incoherence {incoherence:decimal3}, global "
                "reaching centrality {reaching:decimal3}, flow hierarchy {flow:decimal3}.",
                ties=len(part),
                accounts=small.n_accounts,
                share=coverage,
                incoherence=trophic_incoherence(influence, level),
                reaching=global_reaching_centrality(whole, seed=seed),
                flow=flow_hierarchy(whole),
            )
        )
    indices = {name: _compared(values[name], null[name], REWIRED, tail, coverage) for name, tail in _ORDER.items()}
    flips = direction_flips(small, draws=draws, seed=seed)
    return indices, _compared(values["trophic_incoherence"], flips, FLIPPED, "less", coverage)


def _order_values(influence: Ties, *, seed: int) -> dict[str, float | None]:
    return {
        "trophic_incoherence": trophic_incoherence(influence),
        "global_reaching_centrality": global_reaching_centrality(influence, seed=seed),
        "flow_hierarchy": flow_hierarchy(influence),
    }


def _compared(
    value: float | None, null: NDArray[np.float64], model: str, tail: Literal["less", "greater"], coverage: float
) -> Estimate:
    """Compare with chance, taking differences in the last digits for none."""
    if value is None:
        return undefined(_INDEX, Message("fewer than three accounts have ties"))
    return against_null(round(value, 9), np.round(null, 9), unit=_INDEX, null_model=model, tail=tail, coverage=coverage)


def _krackhardt_indices(ties: Ties) -> dict[str, Estimate]:
    """Return Krackhardt's four dimensions of the most-heard accounts, in influence direction."""
    pool = np.zeros(ties.n_accounts, dtype=bool)
    ranked = np.lexsort((np.arange(ties.n_accounts), -ties.in_degree, -ties.in_strength, ~ties.active))
    pool[ranked[: min(POOL, int(np.count_nonzero(ties.active)))]] = True
    number = np.cumsum(pool) - 1
    inside = ties.among(pool)
    count = int(pool.sum())
    here = Ties(
        count,
        number[inside.source].astype(np.uint32),
        number[inside.target].astype(np.uint32),
        inside.weight,
        inside.events,
    )
    values = krackhardt(turned(here))
    reasons = (
        Message("there is one account"),
        Message("no account of the pool reaches another"),
        Message("the pool has no room for ties beyond a tree"),
        Message("no three accounts of the pool are tied"),
    )
    return {
        name: undefined(_INDEX, reason) if value is None else Estimate(value, _INDEX, coverage=len(inside) / len(ties))
        for name, value, reason in zip(_KRACKHARDT, values, reasons, strict=True)
    }


def _participation(ties: Ties) -> dict[str, Estimate]:
    """Return how many take part by giving attention, and how unequally."""
    given = ties.out_strength[ties.active]
    breadth = np.count_nonzero(given) / len(given)
    # Only those who take part: silent authors would make the crowd look more unequal than it is.
    inequality = gini(given[given > 0])
    return {
        "participation_breadth": Estimate(float(breadth), Message("share of accounts")),
        "gini_of_activity": Estimate(inequality, _INDEX),
    }


def _levels_table(network: Network, ties: Ties, level: NDArray[np.float64]) -> pl.DataFrame:
    """Return the level of every active account, largest component first, then from the origins of influence down."""
    component = ties.weak_components()
    active = np.flatnonzero(ties.active)
    # Levels that should be equal differ in the last digits of the solution.
    level = np.round(level, 6) + 0.0
    order = active[np.lexsort((active, -ties.in_strength[active], level[active], component[active]))]
    return pl.DataFrame(
        {
            "account": network.accounts["key"].gather(order),
            "level": level[order],
            "attention": ties.in_strength[order],
            "component": component[order],
        },
        schema=_LEVELS,
    )


# ---------------------------------------------------------------------- rotation


def _rotation(rows: pl.DataFrame, n_accounts: int, *, draws: int, seed: int) -> tuple[pl.DataFrame, float | None]:
    """Return the overlap of the top 20 of consecutive windows, and how often chance keeps as many at the top.

    Windows hold equally many interactions; those of one moment stay together. Chance: each window's top 20 are any of
    the accounts heard in it or in the window before.
    """
    timed = rows.select("time", "target", "weight").drop_nulls("time").sort("time", "target", "weight")
    empty = pl.DataFrame(schema=_ROTATION)
    if timed.height < WINDOWS * WINDOW_EVENTS:
        return empty, None
    time, target, weight = timed["time"], timed["target"].to_numpy(), timed["weight"].to_numpy()
    moments = time.to_physical().to_numpy()
    bounds = np.searchsorted(moments, moments[np.arange(1, WINDOWS) * timed.height // WINDOWS])
    bounds = np.concatenate([[0], bounds, [timed.height]])
    if np.any(np.diff(bounds) < WINDOW_EVENTS):
        return empty, None
    tops: list[NDArray[np.int64]] = []
    heard: list[NDArray[np.bool_]] = []
    for begin, end in pairwise(bounds.tolist()):
        received = np.bincount(target[begin:end], weights=weight[begin:end], minlength=n_accounts)
        least = np.partition(received, -TOP)[-TOP] if n_accounts > TOP else 0.0
        front = np.flatnonzero(received >= least)
        front = front[np.lexsort((front, -received[front]))]
        tops.append(front[: min(TOP, np.count_nonzero(received))])
        heard.append(received != 0)
    random = generator(seed, "hierarchy", "rotation")
    kept = 0
    by_chance = np.zeros(draws, dtype=np.int64)
    overlaps: list[float | None] = [None]
    for w in range(1, WINDOWS):
        common = len(np.intersect1d(tops[w - 1], tops[w]))
        kept += common
        overlaps.append(common / len(np.union1d(tops[w - 1], tops[w])))
        population = int(np.count_nonzero(heard[w - 1] | heard[w]))
        by_chance += random.hypergeometric(len(tops[w - 1]), population - len(tops[w - 1]), len(tops[w]), size=draws)
    table = pl.DataFrame(
        {
            "window": range(1, WINDOWS + 1),
            "start": [time[int(b)] for b in bounds[:-1]],
            "end": [time[int(b) - 1] for b in bounds[1:]],
            "interactions": np.diff(bounds),
            "overlap_with_previous": overlaps,
        },
        schema=_ROTATION,
    )
    return table, monte_carlo_p(kept, by_chance) if draws else None


# ---------------------------------------------------------------------- the leaderlessness test


def _dispersion(indices: dict[str, Estimate]) -> Criterion:
    effective, top = indices["effective_leaders"], indices["top_20_share"]
    if effective.interval is None or top.interval is None:
        return Criterion(
            _L1, None, Message("Cannot be told: there are no intervals for the concentration of attention.")
        )
    evidence = Message(
        "Effective number of leaders {effective:decimal} (95 % interval {low:decimal} to {high:decimal}; leaderless above "
        "{limit:decimal0}), top {top:count} hold {share:decimal} of attention ({share_low:decimal} to "
        "{share_high:decimal}; leaderless below {share_limit:decimal}).",
        effective=effective.value,
        low=effective.interval[0],
        high=effective.interval[1],
        limit=LEADERLESS_EFFECTIVE,
        top=TOP,
        share=top.value,
        share_low=top.interval[0],
        share_high=top.interval[1],
        share_limit=LEADERLESS_TOP_SHARE,
    )
    if effective.interval[0] > LEADERLESS_EFFECTIVE and top.interval[1] < LEADERLESS_TOP_SHARE:
        return Criterion(_L1, met=True, evidence=evidence)
    if effective.interval[1] <= LEADERLESS_EFFECTIVE or top.interval[0] >= LEADERLESS_TOP_SHARE:
        return Criterion(_L1, met=False, evidence=evidence)
    return Criterion(_L1, met=None, evidence=sentences(evidence, Message("An interval crosses its limit.")))


# How the search for a leading core ended, where that is a finding.
_ENDED = {
    "core": Message("The search for a leading core ended with: core."),
    "rival_cores": Message("The search for a leading core ended with: rival cores."),
    "core_within_elite": Message("The search for a leading core ended with: core within an elite."),
    "elite_larger_than_team": Message("The search for a leading core ended with: elite larger than a team."),
    "single_hub": Message("The search for a leading core ended with: single hub."),
}
_NOT_ENDED = {
    "cohesive_not_leading": Message(
        "Cannot be told: the search for a leading core ended with: cohesive set that does not lead."
    ),
    "niche_not_core": Message("Cannot be told: the search for a leading core ended with: niche, not a core."),
    "not_testable": Message("Cannot be told: the search for a leading core ended with: not testable."),
    "insufficient_data": Message("Cannot be told: the search for a leading core ended with: too few data."),
}


def _no_core(outcome: str | None, power: float | None) -> Criterion:
    if outcome is None:
        return Criterion(_L2, None, Message("Cannot be told: no search for a leading core was made."))
    if outcome in _ENDED:
        return Criterion(_L2, met=False, evidence=_ENDED[outcome])
    if outcome != "no_core":
        return Criterion(_L2, None, _NOT_ENDED[outcome])
    if power is None:
        return Criterion(
            _L2, None, Message("Cannot be told: no core was found, but the power of the search is not known.")
        )
    if power >= LEADERLESS_POWER:
        evidence = Message(
            "No core was found; a planted core would have been found with power {power:decimal} (at least "
            "{limit:decimal1} is asked for).",
            power=power,
            limit=LEADERLESS_POWER,
        )
        return Criterion(_L2, met=True, evidence=evidence)
    return Criterion(
        _L2,
        None,
        Message(
            "No core was found; a planted core would have been found with power {power:decimal}, which is less than "
            "{limit:decimal1}: too little to rule a core out.",
            power=power,
            limit=LEADERLESS_POWER,
        ),
    )


def _rotating(rotation: pl.DataFrame, persistence_p: float | None) -> Criterion:
    mean = rotation["overlap_with_previous"].mean()
    if not isinstance(mean, float):
        return Criterion(
            _L3,
            None,
            Message(
                "Cannot be told: needs {windows:count} windows of {each:count} timed interactions ({all:count}).",
                windows=WINDOWS,
                each=WINDOW_EVENTS,
                all=WINDOWS * WINDOW_EVENTS,
            ),
        )
    if persistence_p is None:
        evidence = Message(
            "Mean overlap of the top {top:count} between consecutive windows {mean:decimal} over {windows:count} windows "
            "(leaderless below {limit:decimal}).",
            top=TOP,
            mean=mean,
            windows=WINDOWS,
            limit=LEADERLESS_OVERLAP,
        )
    else:
        evidence = Message(
            "Mean overlap of the top {top:count} between consecutive windows {mean:decimal} over {windows:count} windows "
            "(leaderless below {limit:decimal}; as many stay by chance with {p:p}).",
            top=TOP,
            mean=mean,
            windows=WINDOWS,
            limit=LEADERLESS_OVERLAP,
            p=persistence_p,
        )
    return Criterion(_L3, mean < LEADERLESS_OVERLAP, evidence)


def _verdict(
    indices: dict[str, Estimate], criteria: tuple[Criterion, ...], outcome: str | None, persistence_p: float | None
) -> tuple[HierarchyVerdict, str]:
    first, top = indices["top_1_share"], indices["top_20_share"]
    if first.value is not None and first.value >= 0.5:
        return "single_led", Message("One account receives {share:percent} of all attention.", share=first.value)
    if outcome in _CORES:
        return "led", Message("A leading core was found.")
    if top.p_value is not None and top.p_value < 0.05 and persistence_p is not None and persistence_p < 0.05:
        return "led", Message(
            "The top {top:count} hold {share:decimal} of attention, more than imitation alone gives ({share_p:p}), and "
            "the same accounts stay at the top ({stay_p:p}).",
            top=TOP,
            share=top.value,
            share_p=top.p_value,
            stay_p=persistence_p,
        )
    if all(criterion.met for criterion in criteria):
        return "leaderless", Message("Attention is dispersed, no core acts together, and the top accounts change.")
    failed = listing([criterion.name for criterion in criteria if criterion.met is False])
    unknown = listing([criterion.name for criterion in criteria if criterion.met is None])
    if not unknown:
        return "undetermined", Message(
            "Neither shown to be led nor to be leaderless: not leaderless by {failed}.", failed=failed
        )
    if not failed:
        return "undetermined", Message(
            "Neither shown to be led nor to be leaderless: cannot be told for {unknown}.", unknown=unknown
        )
    return "undetermined", Message(
        "Neither shown to be led nor to be leaderless: not leaderless by {failed}; cannot be told for {unknown}.",
        failed=failed,
        unknown=unknown,
    )
