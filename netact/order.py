"""How strictly ties run one way: trophic levels, reach, cycles and Krackhardt's four dimensions.

All functions read ties as they stand, from source to target. "Influence direction" is the reverse of attention: turn
ties with :func:`turned` first where it matters (it does not for incoherence and flow hierarchy).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit
from scipy import sparse
from scipy.sparse import csgraph

from netact.laplacian import components, laplacian, solve
from netact.network import Ties
from netact.randomness import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_REACH = 20_000  # up to this many accounts reach is counted, beyond it is estimated from sampled targets
_SAMPLED_TARGETS = 8_192  # standard error of a share of reach at most .006
_WORDS = 16  # 64 targets a word, this many words at a time: a row of the table fits two cache lines


class Krackhardt(NamedTuple):
    """Krackhardt's four dimensions of a graph; None where a dimension is not defined."""

    connectedness: float | None
    hierarchy: float | None
    efficiency: float | None
    lubness: float | None


def turned(ties: Ties) -> Ties:
    """Return the ties in the opposite direction: attention as influence, or back."""
    # Ties are sorted by source: a matrix of their numbers, turned round, lists those of each target in that order.
    start = np.zeros(ties.n_accounts + 1, dtype=np.int64)
    np.cumsum(ties.out_degree, out=start[1:])
    shape = (ties.n_accounts, ties.n_accounts)
    numbers = sparse.csr_array((np.arange(len(ties)), ties.target.astype(np.int32), start), shape=shape)
    order = numbers.tocsc().data
    return Ties(ties.n_accounts, ties.target[order], ties.source[order], ties.weight[order], ties.events[order])


def compact(ties: Ties) -> Ties:
    """Return the ties with accounts numbered anew, in the same order, leaving out accounts without any tie."""
    if ties.active.all():
        return ties
    number = np.cumsum(ties.active) - 1
    return Ties(
        int(ties.active.sum()),
        number[ties.source].astype(np.uint32),
        number[ties.target].astype(np.uint32),
        ties.weight,
        ties.events,
    )


# ---------------------------------------------------------------------- trophic levels


def trophic_levels(ties: Ties) -> NDArray[np.float64]:
    """Return each account's trophic level: ties run as nearly as possible one level up. NaN for accounts without ties.

    Solves ``(diag(w_in + w_out) - W - W.T) h = w_in - w_out``, weighted, in every weakly connected component; the
    lowest level of a component is 0. The same levels, with the sign reversed, are SpringRank's ranks (alpha = 0).
    (MacKay, Johnson & Sansom 2020, https://doi.org/10.1098/rsos.201138; De Bacco, Larremore & Moore 2018,
    https://doi.org/10.1126/sciadv.aar8260.)
    """
    level = np.full(ties.n_accounts, np.nan)
    if not len(ties):
        return level
    system = laplacian(ties.matrix, symmetric=False)
    height, _ = solve(system, ties.in_strength - ties.out_strength)
    component = components(system)
    lowest = np.full(ties.n_accounts, np.inf)
    np.minimum.at(lowest, component, height)
    level[ties.active] = (height - lowest[component])[ties.active]
    return level


def trophic_incoherence(ties: Ties, levels: NDArray[np.float64] | None = None) -> float | None:
    """Return trophic incoherence F0, in [0, 1]: 0 if every tie climbs exactly one level, 1 if there is no order at all.

    The weighted mean of ``(h_target - h_source - 1)**2`` at the levels of :func:`trophic_levels` (computed unless
    given); the same in either direction. Twice SpringRank's energy over the total weight.
    """
    if not len(ties):
        return None
    if levels is None:
        ties = compact(ties)
        # The energy is flat at its minimum: an error of 1e-6 in the levels is one of 1e-12 here.
        system = laplacian(ties.matrix, symmetric=False)
        levels, _ = solve(system, ties.in_strength - ties.out_strength, tolerance=1e-6)
    height = levels
    step = height[ties.target] - height[ties.source] - 1
    return float(min(1.0, (ties.weight * step * step).sum() / ties.weight.sum()))


def direction_flips(ties: Ties, *, draws: int, seed: int) -> NDArray[np.float64]:
    """Return the incoherence of ``draws`` networks in which only the direction of ties is left to chance.

    Whole-number weights are dealt between the two directions of a pair like coin throws, others are turned as a whole:
    SpringRank's test of whether ties point along an order at all.
    """
    if not len(ties):
        return np.empty(0)
    small = compact(ties)
    whole = bool(np.all(small.weight == np.round(small.weight)))
    turning = small.undirected() if whole else small
    system = laplacian(small.matrix, symmetric=False)
    random = generator(seed, "direction flips")
    out = np.empty(draws)
    total = small.weight.sum()
    for draw in range(draws):
        net = np.empty(len(turning))
        if whole:
            net[:] = 2 * random.binomial(turning.weight.astype(np.int64), 0.5) - turning.weight
        else:
            net[:] = turning.weight * (2 * random.integers(0, 2, size=len(turning)) - 1)
        surplus = np.zeros(small.n_accounts)
        surplus += np.bincount(turning.target, weights=net, minlength=small.n_accounts)
        surplus -= np.bincount(turning.source, weights=net, minlength=small.n_accounts)
        # At the solution the energy is 1 - (surplus . levels) / total weight.
        out[draw] = 1 - (surplus * solve(system, surplus, tolerance=1e-6)[0]).sum() / total
    return np.clip(out, 0.0, 1.0)


# ---------------------------------------------------------------------- reach and cycles


def strong_components(ties: Ties) -> NDArray[np.int32]:
    """Return the number of each account's strongly connected component."""
    _, label = csgraph.connected_components(ties.matrix, directed=True, connection="strong")
    return np.asarray(label, dtype=np.int32)


def flow_hierarchy(ties: Ties, *, weighted: bool = False) -> float | None:
    """Return the share of ties (or weight) that lies on no directed cycle, in [0, 1]; the same in either direction.

    (Luo & Magee 2011, https://doi.org/10.1002/cplx.20368.)
    """
    if not len(ties):
        return None
    label = strong_components(ties)
    across = label[ties.source] != label[ties.target]
    return float(ties.weight[across].sum() / ties.weight.sum()) if weighted else float(across.mean())


def reach_shares(ties: Ties, *, seed: int) -> NDArray[np.float64]:
    """Return the share of all other accounts that each account reaches along ties, in [0, 1]; unweighted.

    All of ``ties.n_accounts`` count. Exact up to 20,000 accounts; beyond, estimated from 8,192 sampled targets and
    then counted exactly for the furthest-reaching account.
    """
    n = ties.n_accounts
    if n < 2:
        return np.zeros(n)
    label = strong_components(ties)
    groups = int(label.max()) + 1
    size = np.bincount(label, minlength=groups).astype(np.int64)
    start, end = label[ties.source].astype(np.int64), label[ties.target].astype(np.int64)
    arcs = np.sort((start * groups + end)[start != end])
    arcs = arcs[np.concatenate([[True], arcs[1:] != arcs[:-1]])] if len(arcs) else arcs
    start, end = arcs // groups, arcs % groups
    first = np.searchsorted(start, np.arange(groups + 1))
    order = _children_first(np.bincount(start, minlength=groups), start, end, np.argsort(end, kind="stable"))
    wanted, base = size, n
    own = np.ones(n)  # an account does not count for itself
    if n > EXACT_REACH:
        sample = generator(seed, "reach targets").choice(n, size=_SAMPLED_TARGETS, replace=False)
        wanted, base = np.bincount(label[sample], minlength=groups).astype(np.int64), _SAMPLED_TARGETS
        own = np.zeros(n)
        own[sample] = 1.0
    # Groups that nothing points to are reached by nobody but themselves: no bit sets for them.
    pointed_to = np.bincount(end, minlength=groups) > 0
    targets = np.flatnonzero(pointed_to & (wanted > 0))
    reached = _reach(first, end, order, targets, wanted[targets]) + np.where(pointed_to, 0, wanted)
    share = (reached[label] - own) / (base - own * (n > EXACT_REACH) - (n <= EXACT_REACH))
    if n > EXACT_REACH:
        top = int(np.argmax(reached))
        share[label == top] = (size[_descendants(first, end, top)].sum() - 1) / (n - 1)
    return np.asarray(np.minimum(share, 1.0))


def global_reaching_centrality(ties: Ties, *, seed: int = 0) -> float | None:
    """Return global reaching centrality, in [0, 1]: how far the furthest-reaching account outreaches the others.

    ``sum(max C - C_v) / (n - 1)`` with ``C_v`` of :func:`reach_shares`, over all ``ties.n_accounts``; None below three.
    Pass ties in influence direction. (Mones, Vicsek & Vicsek 2012, https://doi.org/10.1371/journal.pone.0033799.)
    """
    n = ties.n_accounts
    if n < 3 or not len(ties):
        return None
    share = reach_shares(ties, seed=seed)
    return float((share.max() - share).sum() / (n - 1))


@njit(cache=True, nogil=True)
def _children_first(waiting: Any, start: Any, end: Any, by_end: Any) -> Any:
    """Return the groups of an acyclic graph in an order in which every group comes after all it points to."""
    groups = len(waiting)
    incoming = np.zeros(groups + 1, dtype=np.int64)
    for x in end:
        incoming[x + 1] += 1
    for group in range(groups):
        incoming[group + 1] += incoming[group]
    order = np.empty(groups, dtype=np.int64)
    filled = 0
    for group in range(groups):
        if waiting[group] == 0:
            order[filled] = group
            filled += 1
    at = 0
    while at < filled:
        group = order[at]
        at += 1
        for x in range(incoming[group], incoming[group + 1]):
            parent = start[by_end[x]]
            waiting[parent] -= 1
            if waiting[parent] == 0:
                order[filled] = parent
                filled += 1
    return order


@njit(cache=True, nogil=True)
def _reach(first: Any, end: Any, order: Any, targets: Any, weight: Any) -> Any:
    """Return the summed weight of the targets each group reaches, itself included if it is a target.

    Bit sets, 1,024 targets at a time; weights are added up by tables of all 256 values of a byte.
    """
    groups = len(order)
    total = np.zeros(groups)
    bits = np.zeros((groups, _WORDS), dtype=np.uint64)
    table = np.zeros((_WORDS * 8, 256))
    for begin in range(0, len(targets), 64 * _WORDS):
        stop = min(len(targets), begin + 64 * _WORDS)
        bits[:] = np.uint64(0)
        for x in range(begin, stop):
            bits[targets[x], (x - begin) >> 6] |= np.uint64(1) << np.uint64((x - begin) & 63)
        for byte in range(_WORDS * 8):
            for bit in range(8):
                at = begin + 8 * byte + bit
                value = float(weight[at]) if at < stop else 0.0
                for low in range(1 << bit):
                    table[byte, (1 << bit) + low] = table[byte, low] + value
        for group in order:
            for x in range(first[group], first[group + 1]):
                child = end[x]
                for word in range(_WORDS):
                    bits[group, word] |= bits[child, word]
            for word in range(_WORDS):
                left = bits[group, word]
                byte = 8 * word
                while left:
                    total[group] += table[byte, left & np.uint64(255)]
                    left >>= np.uint64(8)
                    byte += 1
    return total


@njit(cache=True, nogil=True)
def _descendants(first: Any, end: Any, root: Any) -> Any:
    """Return which groups a group reaches, itself included."""
    seen = np.zeros(len(first) - 1, dtype=np.bool_)
    stack = [root]
    seen[root] = True
    while stack:
        group = stack.pop()
        for x in range(first[group], first[group + 1]):
            if not seen[end[x]]:
                seen[end[x]] = True
                stack.append(end[x])
    return seen


# ---------------------------------------------------------------------- Krackhardt


def krackhardt(ties: Ties) -> Krackhardt:
    """Return Krackhardt's four dimensions of the graph, each in [0, 1] and all 1 only for an out-tree.

    Over all ``ties.n_accounts``; pass ties in influence direction, and no more than some hundred accounts (time and
    memory grow with the square and more).

    - connectedness: share of pairs joined when direction is ignored;
    - hierarchy: share of the pairs joined by a path that are joined one way only; None if no pair is;
    - efficiency: 1 less the ties beyond those a tree needs, as a share of the most there can be; None if there can be
      none;
    - lubness: 1 less the share of pairs (of a component) without a least upper bound, an account that reaches both and
      is reached by every other account that reaches both; None without a component of three.

    (Krackhardt 1994, in Carley & Prietula (eds), Computational Organization Theory, 89-111.) R's sna, up to 2.7-2,
    tests a *greatest* bound instead: its LUBness is another number where an account has several superiors.
    """
    n = ties.n_accounts
    if n < 2:
        return Krackhardt(None, None, None, None)
    reach = _closure(ties)
    _, label = csgraph.connected_components(ties.matrix, directed=True, connection="weak")
    sizes = np.bincount(label)
    connectedness = float((sizes * (sizes - 1)).sum() / (n * (n - 1)))
    upper = np.triu(np.ones((n, n), dtype=bool), 1)
    joined = (reach | reach.T) & upper
    hierarchy = float((joined & (reach != reach.T)).sum() / joined.sum()) if joined.any() else None
    needed = int((sizes - 1).sum())
    excess = int((sizes * (sizes - 1) - (sizes - 1)).sum())
    efficiency = 1 - (len(ties) - needed) / excess if excess else None
    pairs = sizes[sizes >= 3].astype(float)
    most = ((pairs - 1) * (pairs - 2) / 2).sum()
    if not most:
        return Krackhardt(connectedness, hierarchy, efficiency, None)
    # A bound k of a pair is reached only by bounds of the pair. So k is least, reached by all of them, exactly if as
    # many accounts reach k as are bounds.
    reached_by = reach.sum(axis=0)
    violations = 0
    for u in range(n):
        later = np.flatnonzero((label[u] == label[u + 1 :]) & (sizes[label[u]] >= 3)) + u + 1
        bounds = reach[:, [u]] & reach[:, later]
        least = np.where(bounds, reached_by[:, None], 0).max(axis=0, initial=0)
        violations += int(((bounds.sum(axis=0) == 0) | (least < bounds.sum(axis=0))).sum())
    return Krackhardt(connectedness, hierarchy, efficiency, float(1 - violations / most))


def _closure(ties: Ties) -> NDArray[np.bool_]:
    """Return which account (row) reaches which (column), itself included, by repeated squaring."""
    n = ties.n_accounts
    reach = np.eye(n, dtype=np.float32)
    reach[ties.source, ties.target] = 1
    for _ in range(max(1, int(np.ceil(np.log2(max(2, n)))))):
        longer = np.minimum(reach @ reach, 1)
        if np.array_equal(longer, reach):
            break
        reach = longer
    return reach > 0
