"""Leiden on modularity for networks that are too large to be made a graph of a library.

The algorithm of Traag, Waltman & van Eck 2019 (https://doi.org/10.1038/s41598-019-41695-z): accounts are moved one by one
while that raises modularity; each group is then taken apart and put together again from single accounts, only along ties;
the parts become the accounts of a smaller network, on which the same is done. In the second step each account joins
where modularity gains most; the original draws among the gains. Groups hang together: what a later move has left in pieces
is told apart in the end, which only raises modularity.

Imported by :mod:`netact.partition` when a network is large: below that nothing here is compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from netact.prefetch import fetch
from netact.randomness import generator
from netact.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Ties

# So many accounts before one is looked at, the memory is asked for that its ties, its neighbours and their groups are in.
_FAR_AHEAD, _AHEAD, _NEXT = 24, 8, 3


class _Graph(NamedTuple):
    """Every tie in both directions, without ties of an account to itself; ``strength`` counts those too."""

    start: NDArray[np.int64]
    end: NDArray[np.int32]
    weight: NDArray[np.float32]
    strength: NDArray[np.float64]


def leiden(ties: Ties, *, weights: NDArray[np.float64], runs: Sequence[tuple[int, float, int]]) -> NDArray[np.int32]:
    """Return one partition a run, one row each; groups are numbered in the order of their first accounts.

    Two partitions are sought at once. Memory: 16 bytes a tie that all read, and for each up to as much again.

    Parameters
    ----------
    ties
        Undirected ties, one row a pair, sorted by source.
    weights
        Positive weight of each tie, counted to seven digits.
    runs
        Of each partition the seed, the resolution of modularity (1 is modularity itself) and how often the whole procedure
        is run, each time from the last result. The seed decides the order in which accounts are looked at; the same seed
        gives the same partition.
    """
    n = ties.n_accounts
    # Accounts with many ties are neighbours in memory: most reads are of them.
    place = np.empty(n, dtype=np.int32)
    place[np.argsort(-(ties.in_degree + ties.out_degree), kind="stable")] = np.arange(n, dtype=np.int32)
    graph = _Graph(*_both_ways(place[ties.source], place[ties.target], weights, n))

    def partition(run: tuple[int, float, int]) -> NDArray[np.int32]:
        seed, resolution, turns = run
        random = generator(seed, "leiden")
        group = np.arange(n, dtype=np.int32)
        for _ in range(turns):
            group = _turn(graph, group, resolution, random)
        _move_accounts(graph, group, resolution, random)
        return _in_order(_parts(graph.start, graph.end, group)[place])

    out = np.empty((len(runs), n), dtype=np.int32)
    for row, found in enumerate(side_by_side(partition, runs)):
        out[row] = found
    return out


def _turn(graph: _Graph, group: NDArray[np.int32], resolution: float, random: np.random.Generator) -> NDArray[np.int32]:
    """Return the groups after moving, taking apart and merging, level by level, from the groups given."""
    of_account = np.arange(len(group), dtype=np.int32)  # account of the level's network that holds each account
    while True:
        n = len(graph.strength)
        rate, held, order = _move_accounts(graph, group, resolution, random)
        part = _refine(*graph, rate, group, held, order)
        used = np.flatnonzero(np.bincount(part, minlength=n))
        if len(used) == n:
            return group[of_account]
        number = np.empty(n, dtype=np.int32)
        number[used] = np.arange(len(used), dtype=np.int32)
        part = number[part]
        strength = np.bincount(part, weights=graph.strength).astype(np.float64)
        start, end, weight = _merged(graph.start, graph.end, graph.weight, part, len(used))
        graph = _Graph(start, end, weight, strength)
        # A part begins in the group of the account it is named after.
        group = np.unique(group[used], return_inverse=True)[1].astype(np.int32)
        of_account = part[of_account]


def _move_accounts(
    graph: _Graph, group: NDArray[np.int32], resolution: float, random: np.random.Generator
) -> tuple[float, NDArray[np.float64], NDArray[np.int32]]:
    """Move accounts, in place, in random order; return resolution over all strength, the groups' strengths and the order."""
    n = len(graph.strength)
    rate = resolution / max(float(graph.strength.sum()), 1e-300)
    held = np.bincount(group, weights=graph.strength, minlength=n).astype(np.float64)
    order = random.permutation(n).astype(np.int32)
    _move(*graph, rate, group, held, order)
    return rate, held, order


def _in_order(group: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number groups in the order of their first accounts."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[inverse]


@njit(cache=True, nogil=True)
def _both_ways(a: Any, b: Any, weight: Any, n: int) -> Any:
    start = np.zeros(n + 2, dtype=np.int64)
    for e in range(len(a)):
        start[a[e] + 2] += 1
        start[b[e] + 2] += 1
    for v in range(n):
        start[v + 2] += start[v + 1]
    end = np.empty(2 * len(a), dtype=np.int32)
    value = np.empty(2 * len(a), dtype=np.float32)
    strength = np.zeros(n)
    for e in range(len(a)):
        u, v = a[e], b[e]
        end[start[u + 1]], value[start[u + 1]] = v, weight[e]
        end[start[v + 1]], value[start[v + 1]] = u, weight[e]
        start[u + 1] += 1
        start[v + 1] += 1
        strength[u] += weight[e]
        strength[v] += weight[e]
    return start[: n + 1], end, value, strength


@njit(cache=True, nogil=True)
def _move(start: Any, end: Any, weight: Any, strength: Any, rate: float, group: Any, held: Any, order: Any) -> None:
    """Move accounts, in place, to the group where they gain most, until nobody gains; neighbours of who moves look again."""
    n = len(strength)
    queue = order.copy()
    queued = np.ones(n, dtype=np.bool_)
    to_group = np.zeros(n)
    near = np.empty(n, dtype=np.int32)
    members = np.zeros(n, dtype=np.int32)
    for v in range(n):
        members[group[v]] += 1
    empty = np.empty(n, dtype=np.int32)
    free = 0
    for c in range(n):
        if members[c] == 0:
            empty[free] = c
            free += 1
    head, waiting, last = 0, n, len(end) - 1
    while waiting:
        if waiting > _FAR_AHEAD and last >= 0:
            w = queue[head + _FAR_AHEAD if head + _FAR_AHEAD < n else head + _FAR_AHEAD - n]
            fetch(start, w)
            fetch(strength, w)
            fetch(group, w)
            w = queue[head + _AHEAD if head + _AHEAD < n else head + _AHEAD - n]
            fetch(end, start[w])
            fetch(weight, start[w])
            w = queue[head + _NEXT if head + _NEXT < n else head + _NEXT - n]
            fetch(group, end[min(start[w], last)])
        v = queue[head]
        head = head + 1 if head + 1 < n else 0
        waiting -= 1
        queued[v] = False
        own, count = group[v], 0
        for e in range(start[v], start[v + 1]):
            c = group[end[e]]
            if to_group[c] == 0.0:
                near[count] = c
                count += 1
            to_group[c] += weight[e]
        held[own] -= strength[v]
        scale, least = rate * strength[v], 1e-9 * strength[v]
        best, best_gain = own, to_group[own] - scale * held[own]
        for x in range(count):
            c = near[x]
            gain = to_group[c] - scale * held[c]
            to_group[c] = 0.0
            if gain > best_gain + least:
                best, best_gain = c, gain
        if best_gain < -least and free > 0 and members[own] > 1:  # better alone
            free -= 1
            best = empty[free]
        held[best] += strength[v]
        if best == own:
            continue
        group[v] = best
        members[best] += 1
        members[own] -= 1
        if members[own] == 0:
            held[own] = 0.0
            empty[free] = own
            free += 1
        for e in range(start[v], start[v + 1]):
            u = end[e]
            if group[u] != best and not queued[u]:
                queued[u] = True
                at = head + waiting
                queue[at if at < n else at - n] = u
                waiting += 1


@njit(cache=True, nogil=True)
def _refine(start: Any, end: Any, weight: Any, strength: Any, rate: float, group: Any, held: Any, order: Any) -> Any:
    """Put each group together again from single accounts; return the part of every account, named after one in it."""
    n = len(strength)
    part = np.arange(n).astype(np.int32)
    size = strength.copy()
    alone = np.ones(n, dtype=np.bool_)
    inner = np.zeros(n)  # weight of a part to the rest of its group
    for v in range(n):
        for e in range(start[v], start[v + 1]):
            if group[end[e]] == group[v]:
                inner[v] += weight[e]
    to_part = np.zeros(n)
    near = np.empty(n, dtype=np.int32)
    last = len(end) - 1
    for place in range(n):
        if place + _FAR_AHEAD < n and last >= 0:
            w = order[place + _FAR_AHEAD]
            fetch(start, w)
            fetch(strength, w)
            fetch(group, w)
            fetch(inner, w)
            w = order[place + _AHEAD]
            fetch(end, start[w])
            fetch(weight, start[w])
            w = order[place + _NEXT]
            first = end[min(start[w], last)]
            fetch(group, first)
            fetch(part, first)
        v = order[place]
        whole = held[group[v]]
        if not alone[v] or inner[v] < rate * strength[v] * (whole - strength[v]):
            continue
        count = 0
        for e in range(start[v], start[v + 1]):
            u = end[e]
            if group[u] == group[v]:
                c = part[u]
                if to_part[c] == 0.0:
                    near[count] = c
                    count += 1
                to_part[c] += weight[e]
        best, best_gain, tied = v, 1e-9 * strength[v], 0.0
        for x in range(count):
            c = near[x]
            gain = to_part[c] - rate * strength[v] * size[c]
            if gain > best_gain and inner[c] >= rate * size[c] * (whole - size[c]):
                best, best_gain, tied = c, gain, to_part[c]
            to_part[c] = 0.0
        if best != v:
            part[v] = best
            size[best] += strength[v]
            inner[best] += inner[v] - 2 * tied
            alone[best] = False
    return part


@njit(cache=True, nogil=True)
def _merged(start: Any, end: Any, weight: Any, part: Any, parts: int) -> Any:
    """Return the network between parts."""
    n = len(part)
    first = np.zeros(parts + 2, dtype=np.int64)
    for v in range(n):
        first[part[v] + 2] += 1
    for c in range(parts):
        first[c + 2] += first[c + 1]
    member = np.empty(n, dtype=np.int32)
    across = 0
    for v in range(n):
        member[first[part[v] + 1]] = v
        first[part[v] + 1] += 1
        for e in range(start[v], start[v + 1]):
            across += part[end[e]] != part[v]
    to_start = np.zeros(parts + 1, dtype=np.int64)
    to_end = np.empty(across, dtype=np.int32)
    to_weight = np.empty(across, dtype=np.float32)
    total = np.zeros(parts)
    near = np.empty(parts, dtype=np.int32)
    at, last = 0, len(end) - 1
    for c in range(parts):
        count = 0
        for x in range(first[c], first[c + 1]):
            if x + _FAR_AHEAD < n and last >= 0:
                fetch(start, member[x + _FAR_AHEAD])
                w = start[member[x + _AHEAD]]
                fetch(end, w)
                fetch(weight, w)
                fetch(part, end[min(start[member[x + _NEXT]], last)])
            v = member[x]
            for e in range(start[v], start[v + 1]):
                d = part[end[e]]
                if d != c:
                    if total[d] == 0.0:
                        near[count] = d
                        count += 1
                    total[d] += weight[e]
        for x in range(count):
            to_end[at], to_weight[at] = near[x], total[near[x]]
            total[near[x]] = 0.0
            at += 1
        to_start[c + 1] = at
    return to_start, to_end[:at].copy(), to_weight[:at].copy()


@njit(cache=True, nogil=True)
def _parts(start: Any, end: Any, group: Any) -> Any:
    """Return the connected parts of the groups."""
    n = len(group)
    part = np.full(n, -1, dtype=np.int32)
    stack = np.empty(n, dtype=np.int32)
    found = 0
    for root in range(n):
        if part[root] >= 0:
            continue
        part[root] = found
        stack[0], depth = root, 1
        while depth:
            depth -= 1
            v = stack[depth]
            for e in range(start[v], start[v + 1]):
                u = end[e]
                if part[u] < 0 and group[u] == group[v]:
                    part[u] = found
                    stack[depth] = u
                    depth += 1
        found += 1
    return part
