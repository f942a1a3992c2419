"""How little would part a network: ties and accounts that hold it together, and the smallest cut between camps.

Ties are undirected, one row a pair (:meth:`netact.network.Network.undirected_ties`). In networks of attention most accounts
hang on a single tie: the smallest cut of the whole network is then one such tie and says nothing. What says something is
the smallest cut between the cores of two factions, as a share of all weight, beside networks with the same degrees.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import igraph
import numpy as np
from numba import njit
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import LinearOperator, eigsh, lobpcg, splu

from netact import cohesion, polarization
from netact.errors import MeasureError
from netact.language import Message
from netact.null_models import degree_preserving
from netact.partition import compacted
from netact.prefetch import fetch
from netact.randomness import generator
from netact.results import Estimate, undefined
from netact.significance import against_null

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from netact.network import Ties

# Up to so many accounts eigenvalues are computed from the full matrix, which is exact.
DENSE = 600
# A factorisation of so many multiplications is always made: seconds at most; one of more than that never: minutes.
CHEAP_FACTORS, MOST_FACTORS = 2e8, 2e10
BLOCK, TURNS = 3, 500
# Stoer and Wagner's algorithm takes time in proportion to accounts * ties.
MOST_CUT_WORK = 20_000_000

# So many ties, and accounts, before one is looked at, the memory of its ends is asked for.
_AHEAD, _NEXT = 24, 4

_N1 = Message("networks with the same degrees and the same two cores")


@dataclass(frozen=True)
class Fragility:
    """What holds the giant component together. Unit: accounts and ties.

    Attributes
    ----------
    accounts, ties
        Size of the giant component.
    bridges
        Ties without which it falls apart, as pairs of row numbers, sorted.
    articulation_points
        Row numbers of the accounts without which it falls apart, sorted.
    min_cut
        Smallest number of ties without which it falls apart; 1 where any account hangs on one tie. None if there are fewer
        than two accounts or the network is too large.
    min_cut_part
        Row numbers of the smaller part that a smallest cut leaves (one of possibly many).
    algebraic_connectivity
        Second smallest eigenvalue of the Laplacian, unweighted: 0 for a network in parts, at most the smallest degree
        unless complete; to nine digits at least. None if there are fewer than two accounts, or if it could not be found so
        closely. (Fiedler 1973, https://doi.org/10.21136/CMJ.1973.101168.)
    """

    accounts: int
    ties: int
    bridges: tuple[tuple[int, int], ...]
    articulation_points: tuple[int, ...]
    min_cut: int | None
    min_cut_part: tuple[int, ...]
    algebraic_connectivity: float | None


def fragility(ties: Ties) -> Fragility:
    """Return bridges, articulation points, smallest cut and algebraic connectivity of the giant component.

    The smallest cut is that of Stoer & Wagner 1997 (https://doi.org/10.1145/263867.263872). Time O(ties) but for the cut,
    O(accounts * ties), which is left out where that exceeds 20 million, and the eigenvalue.

    Parameters
    ----------
    ties
        Undirected ties, one row a pair; weights do not count.

    Examples
    --------
    >>> from netact.synthetic import karate
    >>> found = fragility(karate().undirected_ties())
    >>> found.min_cut, found.bridges, found.min_cut_part
    (1, ((0, 11),), (11,))
    """
    part, rows = _giant(ties)
    if part.n_accounts < 2:
        return Fragility(part.n_accounts, len(part), (), (), None, (), None)
    graph = igraph.Graph(n=part.n_accounts, edges=zip(part.source.tolist(), part.target.tolist(), strict=True))
    bridges = sorted(
        (int(rows[min(graph.es[edge].tuple)]), int(rows[max(graph.es[edge].tuple)])) for edge in graph.bridges()
    )
    points = sorted(int(rows[vertex]) for vertex in graph.articulation_points())
    cut, smaller = None, np.empty(0, dtype=np.int64)
    if bridges:
        # Any bridge is a smallest cut: the first one is taken.
        edge = min(graph.bridges(), key=lambda edge: tuple(sorted(rows[list(graph.es[edge].tuple)].tolist())))
        without = graph.copy()
        without.delete_edges([edge])
        cut, smaller = 1, np.array(min(without.connected_components(), key=len))
    elif part.n_accounts * len(part) <= MOST_CUT_WORK:
        found = graph.mincut()
        cut, smaller = int(found.value), np.array(min(found.partition, key=len))
    return Fragility(
        part.n_accounts,
        len(part),
        tuple(bridges),
        tuple(points),
        cut,
        tuple(sorted(rows[smaller].tolist())),
        _second_eigenvalue(part),
    )


def cut_between(ties: Ties, first: Sequence[int], second: Sequence[int]) -> float | None:
    """Return the smallest weight of ties without which no path leads from one set of accounts to the other.

    None if a set is empty or an account is in both. 0 if they are not connected. (Maximum flow, Goldberg & Tarjan 1988,
    https://doi.org/10.1145/48014.61051.)

    Parameters
    ----------
    ties
        Undirected ties, one row a pair.
    first, second
        Row numbers of the two sets.

    Examples
    --------
    >>> from netact.synthetic import karate
    >>> cut_between(karate().undirected_ties(), [0], [33])
    10.0
    """
    if not len(first) or not len(second) or set(first) & set(second):
        return None
    n = ties.n_accounts
    # Each set is drawn together into one vertex: ties inside it can never be cut.
    number = np.arange(n)
    number[np.asarray(first)] = n
    number[np.asarray(second)] = n + 1
    a, b = number[ties.source], number[ties.target]
    crossing = a != b
    graph = igraph.Graph(n=n + 2, edges=zip(a[crossing].tolist(), b[crossing].tolist(), strict=True))
    return float(graph.maxflow_value(n, n + 1, capacity=ties.weight[crossing].tolist()))


def cut_between_cores(ties: Ties, first: Sequence[int], second: Sequence[int], *, draws: int, seed: int) -> Estimate:
    """Return the smallest cut between two cores as a share of all weight, beside networks with the same degrees.

    A small share says that little attention joins the two; a share below chance, that the network keeps them apart more
    than the activity of its accounts explains. One-sided: less than chance.

    Parameters
    ----------
    ties
        Undirected ties, one row a pair.
    first, second
        Row numbers of the two cores (for instance the most-heard accounts of two factions).
    draws
        Null networks; with 0 nothing is compared.
    seed
        Seed of the null networks.
    """
    unit = Message("share of all weight")
    observed = cut_between(ties, first, second)
    total = float(ties.weight.sum())
    if observed is None or not total > 0:
        return undefined(unit, Message("two separate cores are needed, and ties"))
    null = [
        (cut_between(chance, first, second) or 0.0) / total
        for chance in degree_preserving(ties, draws=draws, seed=seed, directed=False)
    ]
    return against_null(observed / total, null, unit=unit, null_model=_N1, tail="less")


class RemovalCurve(NamedTuple):
    """What is left as accounts are taken out one by one; entry k of each array holds after k of them.

    Attributes
    ----------
    largest
        Accounts in the largest component of what is left; 0 if nobody is left.
    connected_pairs
        Pairs of accounts left that can reach each other. Borgatti's fragmentation is 1 less their share of all pairs left.
    """

    largest: NDArray[np.int64]
    connected_pairs: NDArray[np.int64]


def removal_curve(ties: Ties, order: ArrayLike) -> RemovalCurve:
    """Return how a network falls apart as accounts are taken out in a given order, after every single one.

    Exact, for the work of a single pass over the ties: the accounts are put back in reverse, and components only ever
    join then. Directions and weights do not count; ``ties.n_accounts`` accounts take part, with ties or without.
    (Newman & Ziff 2001, https://doi.org/10.1103/PhysRevE.64.016706.)

    Parameters
    ----------
    ties
        Ties of any kind; a pair may be tied both ways.
    order
        Row numbers of the accounts, those taken out first in front, none twice; accounts left out of it are never taken out.

    Raises
    ------
    MeasureError
        If a row number is out of range or occurs twice.

    Examples
    --------
    >>> from netact.synthetic import karate
    >>> removal_curve(karate().undirected_ties(), [33, 0, 32]).largest.tolist()
    [34, 33, 26, 20]
    """
    rows = np.asarray(order, dtype=np.int64)
    n = ties.n_accounts
    if rows.ndim != 1 or (len(rows) and not (rows.min() >= 0 and rows.max() < n)):
        raise MeasureError("removal_curve.order", f"row numbers must be 0 to {n - 1}")
    # Accounts are numbered by when they go; who stays comes last.
    rank = np.full(n, -1, dtype=np.int32)
    rank[rows] = np.arange(len(rows), dtype=np.int32)
    if np.count_nonzero(rank >= 0) != len(rows):
        raise MeasureError("removal_curve.order", "an account is taken out twice")
    stay = rank < 0
    rank[stay] = np.arange(len(rows), n, dtype=np.int32)
    return RemovalCurve(*_put_back(ties.source, ties.target, rank, len(rows)))


@njit(cache=True, nogil=True)
def _put_back(source: Any, target: Any, rank: Any, steps: int) -> Any:
    """Put accounts back from the last rank to the first, and join them to those that are there."""
    n, m = len(rank), len(source)
    # The ties of each account to those that go later. Both ends are kept: to look them up by rank again costs more.
    low, high = np.empty(m, dtype=np.int32), np.empty(m, dtype=np.int32)
    start = np.zeros(n + 2, dtype=np.int64)
    for e in range(m):
        fetch(rank, target[min(e + _AHEAD, m - 1)])
        a, b = rank[source[e]], rank[target[e]]
        low[e], high[e] = min(a, b), max(a, b)
        start[low[e] + 2] += 1
    for v in range(n):
        start[v + 2] += start[v + 1]
    later = np.empty(m, dtype=np.int32)
    for e in range(m):
        fetch(start, low[min(e + _AHEAD, m - 1)] + 1)
        at = start[low[e] + 1]
        later[at] = high[e]
        start[low[e] + 1] = at + 1
    above = np.full(n, -1, dtype=np.int32)  # of the first account of a component: minus its size
    largest, pairs = np.zeros(steps + 1, dtype=np.int64), np.zeros(steps + 1, dtype=np.int64)
    most, together = 0, 0
    for v in range(n - 1, -1, -1):
        soon = max(v - _NEXT, 0)
        for e in range(start[soon], start[soon + 1]):
            fetch(above, later[e])
        root, size = v, 1
        for e in range(start[v], start[v + 1]):
            u = later[e]
            if u == root or above[u] == root:
                continue
            while above[u] >= 0:
                over = above[above[u]]
                if over < 0:
                    u = above[u]
                    break
                above[u] = over
                u = over
            if u == root:
                continue
            other = -int(above[u])
            together += other * size
            if other > size:
                above[root] = u
                root = u
            else:
                above[u] = root
            size += other
            above[root] = -size
        most = max(most, size)
        if v <= steps:
            largest[v], pairs[v] = most, together
    return largest, pairs


def _giant(ties: Ties) -> tuple[Ties, NDArray[np.int64]]:
    return compacted(ties.among(ties.weak_components() == 0)) if len(ties) else (ties, np.empty(0, dtype=np.int64))


def _second_eigenvalue(ties: Ties) -> float | None:
    """Return the second smallest eigenvalue of the Laplacian of connected ties; None if it was not found.

    From the full matrix up to 600 accounts. Beyond, by factorisation where the network is narrow (trees, chains, rings); by
    block iterations where factors would fill up, in time proportional to the ties, to a billionth of the value. What has not
    come to that within the turns allowed is factorised after all if that takes no more than minutes.
    """
    laplacian = sparse.csr_array(csgraph.laplacian(polarization.adjacency(ties)).astype(float))
    if ties.n_accounts <= DENSE:
        return float(np.sort(np.linalg.eigvalsh(laplacian.toarray()))[1])
    hanging = cohesion.coreness(ties) < 2
    work = _work_of_factors(laplacian[~hanging][:, ~hanging])
    found = _by_iteration(ties, laplacian, hanging) if work > CHEAP_FACTORS else None
    return _by_factors(laplacian) if found is None and work <= MOST_FACTORS else found


def _work_of_factors(matrix: sparse.csr_array) -> float:
    """Return about how many multiplications a factorisation takes: the sum of the squared widths of the band.

    Given without trees that hang on the rest by one tie: those never fill.
    """
    n = matrix.shape[0]
    if not n:
        return 0.0
    place = np.empty(n, dtype=np.int64)
    place[csgraph.reverse_cuthill_mckee(matrix, symmetric_mode=True)] = np.arange(n)
    first = np.arange(n)
    np.minimum.at(first, np.repeat(place, np.diff(matrix.indptr)), place[matrix.indices])
    return float(np.square((np.arange(n) - first).astype(float)).sum())


def _by_factors(laplacian: sparse.csr_array) -> float | None:
    start = np.cos(np.arange(laplacian.shape[0]))  # fixed, in place of chance
    try:
        values = eigsh(laplacian, k=2, sigma=-1e-3, which="LM", v0=start, return_eigenvectors=False)
    except (RuntimeError, ArithmeticError):  # no convergence: eigsh raises a RuntimeError of its own
        return None
    return float(max(values.max(), 0.0))


def _by_iteration(ties: Ties, laplacian: sparse.csr_array, hanging: NDArray[np.bool_]) -> float | None:
    """Find the eigenvalue by preconditioned block iterations (Knyazev 2001, https://doi.org/10.1137/S1064827500366124).

    The preconditioner is exact for trees that hang on the rest, where the smallest eigenvalues live, and the degree elsewhere.
    """
    loose = hanging[ties.source] | hanging[ties.target]
    kept = sparse.diags_array(laplacian.diagonal()) - polarization.adjacency(ties.where(loose))
    factors = splu(sparse.csc_array(kept), permc_spec="MMD_AT_PLUS_A")
    n = ties.n_accounts
    solve = LinearOperator((n, n), matvec=factors.solve, matmat=factors.solve, dtype=float)
    start = generator(0, "second eigenvalue").standard_normal((n, BLOCK))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of accuracy: it is measured here
        values, vectors = lobpcg(laplacian, start, M=solve, Y=np.ones((n, 1)), largest=False, tol=1e-9, maxiter=TURNS)
    rising = np.argsort(values)
    values, vectors = values[rising], vectors[:, rising] / np.linalg.norm(vectors[:, rising], axis=0)
    left = np.linalg.norm(laplacian @ vectors - values * vectors, axis=0)
    # The lowest values are off by no more than their residuals' squares over the gap to the next one (Parlett 1998, 11.7).
    gap = np.maximum(values[1:] - left[1:] - values[:-1], 1e-300)
    error = min(left[0], (np.cumsum(left[:-1] ** 2) / gap).min())
    return float(values[0]) if error <= 1e-9 * values[0] else None
