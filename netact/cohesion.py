"""Descriptions of a network's dense middle, shown beside a leading core and never as its definition.

Each of these returns a "core" on any network, with or without a team in it.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
import polars as pl
from numba import njit

from netact.null_models import backbone, degree_preserving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.network import Ties


# From so many ties on coreness is found by kernels of this module, below by igraph, which is as fast there and need not be
# compiled. Both give the same numbers.
OWN_KERNEL_TIES = 100_000


def _graph(ties: Ties, *, directed: bool) -> igraph.Graph:
    graph = igraph.Graph(n=ties.n_accounts, directed=directed)
    graph.add_edges(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    return graph


def coreness(pairs: Ties) -> NDArray[np.int64]:
    """Return each account's k-core number on undirected ties. (Seidman 1983, 10.1016/0378-8733(83)90028-X.)

    Ties with a direction count in both: two accounts that are tied both ways are tied twice.
    """
    if len(pairs) < OWN_KERNEL_TIES:
        return np.array(_graph(pairs, directed=False).coreness(), dtype=np.int64)
    into, givers = _by_target(pairs.source, pairs.target, pairs.n_accounts)
    return np.asarray(
        _shells(_starts(pairs), pairs.target, into, givers, pairs.in_degree + pairs.out_degree, both=True)
    )


def in_out_coreness(ties: Ties) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each account's D-core numbers (k, 0) by incoming and (0, l) by outgoing ties."""
    if len(ties) < OWN_KERNEL_TIES:
        graph = _graph(ties, directed=True)
        return np.array(graph.coreness(mode="in"), dtype=np.int64), np.array(graph.coreness(mode="out"), dtype=np.int64)
    starts = _starts(ties)
    into, givers = _by_target(ties.source, ties.target, ties.n_accounts)
    # Who leaves takes an incoming tie from those it points to, or an outgoing one from those who point to it.
    by_in = _shells(starts, ties.target, into, givers, ties.in_degree, both=False)
    by_out = _shells(into, givers, starts, ties.target, ties.out_degree, both=False)
    return np.asarray(by_in), np.asarray(by_out)


def _starts(ties: Ties) -> NDArray[np.int64]:
    """Return where the outgoing ties of each account begin; ties are sorted by source."""
    starts = np.zeros(ties.n_accounts + 1, dtype=np.int64)
    np.cumsum(ties.out_degree, out=starts[1:])
    return starts


@njit(cache=True, nogil=True)
def _by_target(source: Any, target: Any, n: int) -> Any:
    """Return where the incoming ties of each account begin, and their sources."""
    starts = np.zeros(n + 2, dtype=np.int64)
    for e in range(len(target)):
        starts[target[e] + 2] += 1
    for v in range(n):
        starts[v + 2] += starts[v + 1]
    sources = np.empty(len(target), dtype=source.dtype)
    for e in range(len(target)):
        at = starts[target[e] + 1]
        sources[at] = source[e]
        starts[target[e] + 1] = at + 1
    return starts[: n + 1], sources


@njit(cache=True, nogil=True)
def _shells(first: Any, first_ends: Any, second: Any, second_ends: Any, degree: Any, both: Any) -> Any:
    """Peel accounts by degree, level by level; who leaves takes a tie from its ends in the first list (or in both).

    O(ties + accounts): the accounts that are left are looked through once a level, and the list is halved as they leave.
    """
    n = len(degree)
    left = degree.astype(np.int32)
    level_of = np.zeros(n, dtype=np.int64)
    waiting = np.arange(n).astype(np.int32)  # accounts not yet taken; some of them have left since
    leaving = np.empty(n, dtype=np.int32)
    level, count = 0, n
    while count:
        kept, taken, least = 0, 0, 2147483647
        for x in range(count):
            v = waiting[x]
            if left[v] < level:  # left at an earlier level
                continue
            if left[v] == level:
                leaving[taken] = v
                taken += 1
            else:
                waiting[kept] = v
                kept += 1
                least = min(least, int(left[v]))
        count = kept
        if taken == 0:
            level = least
            continue
        at = 0
        while at < taken:
            v = leaving[at]
            at += 1
            level_of[v] = level
            for e in range(first[v], first[v + 1]):
                u = first_ends[e]
                if left[u] > level:
                    left[u] -= 1
                    if left[u] == level:
                        leaving[taken] = u
                        taken += 1
            for e in range(second[v], second[v + 1] if both else second[v]):
                u = second_ends[e]
                if left[u] > level:
                    left[u] -= 1
                    if left[u] == level:
                        leaving[taken] = u
                        taken += 1
        # Nobody at this level is looked at again.
        level += 1
    return level_of


def d_core(ties: Ties, *, k: int, l: int) -> NDArray[np.bool_]:  # noqa: E741
    """Return the maximal set in which everyone has at least ``k`` incoming and ``l`` outgoing ties inside it.

    (Giatsidis, Thilikos & Vazirgiannis 2011, https://doi.org/10.1109/ICDM.2011.46.)
    """
    inside = np.ones(ties.n_accounts, dtype=bool)
    while True:
        part = ties.among(inside)
        keep = inside & (part.in_degree >= k) & (part.out_degree >= l)
        if (keep == inside).all():
            return keep
        inside = keep


def s_core(pairs: Ties) -> NDArray[np.float64]:
    """Return each account's s-core index: the running maximum of the least strength while peeling by strength.

    On undirected ties, weighted. (Eidsaa & Almaas 2013, https://doi.org/10.1103/PhysRevE.88.062819; the exact sequence
    varies in the literature, this is netact's.)
    """
    matrix = pairs.matrix + pairs.matrix.T
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    return np.asarray(_peel(matrix.indptr, matrix.indices, matrix.data, strength))


@njit(cache=True, nogil=True)
def _peel(indptr: Any, indices: Any, weight: Any, strength: Any) -> Any:
    n = len(strength)
    index = np.zeros(n)
    gone = np.zeros(n, dtype=np.bool_)
    waiting = np.arange(n)
    level, bound, count = 0.0, 0.0, n
    while count:
        # Only accounts that may soon leave are in the heap: those of little strength. The bound at least doubles.
        least, kept = np.inf, 0
        for x in range(count):
            if not gone[waiting[x]]:
                waiting[kept] = waiting[x]
                kept += 1
                least = min(least, strength[waiting[x]])
        count = kept
        bound = max(2 * bound, 2 * least, 1.0)
        heap = [(strength[v], v) for v in waiting[:count] if strength[v] < bound]
        heapq.heapify(heap)
        while len(heap):
            value, v = heapq.heappop(heap)
            if gone[v] or value > strength[v] + 1e-12:
                continue
            gone[v] = True
            level = max(level, value)
            index[v] = level
            for e in range(indptr[v], indptr[v + 1]):
                u = np.int64(indices[e])  # places may be of 32 bits
                if not gone[u]:
                    strength[u] -= weight[e]
                    if strength[u] < bound:
                        heapq.heappush(heap, (strength[u], u))
    return index


def rich_club(pairs: Ties, *, draws: int, seed: int, max_ties: int = 50_000) -> pl.DataFrame:
    """Return the density of ties among accounts with more than ``degree`` ties, against degree-preserving networks.

    Columns ``degree``, ``accounts``, ``density`` (phi), ``null_mean``, ``ratio``, at some twenty degrees. Only the ratio
    means anything. (Colizza et al. 2006, https://doi.org/10.1038/nphys209.)
    """
    schema = {
        "degree": pl.Int64,
        "accounts": pl.Int64,
        "density": pl.Float64,
        "null_mean": pl.Float64,
        "ratio": pl.Float64,
    }
    pairs = backbone(pairs, max_ties=max_ties)
    degree = pairs.in_degree + pairs.out_degree
    if not len(pairs):
        return pl.DataFrame(schema=schema)
    levels = np.unique(np.concatenate([[0], np.geomspace(1, max(1, int(degree.max()) - 1), 20).astype(np.int64)]))
    accounts = np.array([np.count_nonzero(degree > level) for level in levels])

    def density(ties: Ties) -> NDArray[np.float64]:
        least = np.sort(np.minimum(degree[ties.source], degree[ties.target]))
        inside = len(least) - np.searchsorted(least, levels, side="right")
        possible = accounts * (accounts - 1) / 2
        return np.asarray(np.divide(inside, possible, out=np.full(len(levels), np.nan), where=possible > 0))

    observed = density(pairs)
    nulls = [density(ties) for ties in degree_preserving(pairs, draws=draws, seed=seed, directed=False)]
    mean = np.mean(nulls, axis=0) if nulls else np.full(len(levels), np.nan)
    ratio = np.divide(observed, mean, out=np.full(len(levels), np.nan), where=mean > 0)
    frame = pl.DataFrame(
        {"degree": levels, "accounts": accounts, "density": observed, "null_mean": mean, "ratio": ratio}, schema=schema
    )
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).filter(pl.col("accounts") >= 2)


@njit(cache=True, nogil=True)
def _cover(in_indptr: Any, in_indices: Any, out_indptr: Any, out_indices: Any, most: int, enough: int) -> Any:
    n = len(in_indptr) - 1
    gain = np.empty(n, dtype=np.int64)
    for v in range(n):
        gain[v] = in_indptr[v + 1] - in_indptr[v]
    covered = np.zeros(n, dtype=np.bool_)
    chosen = np.empty(most, dtype=np.int64)
    reached = np.empty(most, dtype=np.int64)
    # Gains only fall: an account whose last known gain leads the heap leads indeed if that is its gain still.
    heap = [(-gain[v], v) for v in range(n) if gain[v] > 0]
    heapq.heapify(heap)
    total = 0
    size = 0
    while size < most and total < enough and len(heap):
        known, v = heapq.heappop(heap)
        if -known != gain[v]:
            if gain[v] > 0:
                heapq.heappush(heap, (-gain[v], v))
            continue
        for e in range(in_indptr[v], in_indptr[v + 1]):
            u = in_indices[e]
            if not covered[u]:
                covered[u] = True
                total += 1
                for f in range(out_indptr[u], out_indptr[u + 1]):
                    gain[out_indices[f]] -= 1
        chosen[size] = v
        reached[size] = total
        size += 1
    return chosen[:size], reached[:size]


def _covering(ties: Ties, most: int, enough: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    into, sources = _by_target(ties.source, ties.target, ties.n_accounts)
    givers = int(np.count_nonzero(ties.out_degree))
    chosen, reached = _cover(
        into, sources, _starts(ties), ties.target, min(most, ties.n_accounts), int(np.ceil(enough * givers))
    )
    return chosen, reached


def greedy_cover(ties: Ties, *, most: int) -> NDArray[np.int64]:
    """Return at most ``most`` accounts that together are heard by the most accounts (greedy maximum cover).

    Each account covers those who give it attention; the greedy choice reaches at least 1 - 1/e of the best possible.
    """
    return _covering(ties, most, 1.0)[0]


def cover_curve(ties: Ties, *, enough: float = 0.81, most: int = 20_000) -> NDArray[np.float64]:
    """Return the share of attention-giving accounts reached by the best 1, 2, ... accounts, until ``enough``."""
    givers = int(np.count_nonzero(ties.out_degree))
    if not givers:
        return np.empty(0)
    return np.asarray(_covering(ties, most, enough)[1] / givers)
