"""How a network splits in two, and how far apart the two sides are: pure scores on an adjacency matrix.

All functions take a symmetric adjacency matrix (:func:`adjacency`; CSR, no self-ties, every tie in both directions)
and a group number an account. They return None where a score is not defined: never NaN, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from scipy import sparse

from netact.language import Message
from netact.laplacian import laplacian, solve
from netact.prefetch import fetch
from netact.side_by_side import AT_ONCE, side_by_side

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from netact.network import Ties

    Sides = NDArray[np.int8]

# Groups that are merged two by two, each pair looked at: beyond, memory and time would grow without bound.
MOST_GROUPS = 2_000
# Accounts that are looked at while chains of moves are sought: some seconds' worth, which only very large networks need.
MOST_LOOKS = 3_000_000_000
# From so many ties on (each counted from both ends) the two starts of a split are refined at once.
_SIDE_BY_SIDE_TIES = 400_000
# So many ties before one is looked at, the memory of its end is asked for.
_AHEAD = 32


def adjacency(ties: Ties, *, weighted: bool = False) -> sparse.csr_array:
    """Return the symmetric adjacency matrix of undirected ties (one row a pair), with weights or with ones.

    ``ties`` as :meth:`~netact.network.Network.undirected_ties` gives them.
    """
    n = ties.n_accounts
    start = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(ties.out_degree, out=start[1:])
    values = ties.weight if weighted else np.ones(len(ties))
    once = sparse.csr_array((values, ties.target.astype(np.int32), start), shape=(n, n))
    return sparse.csr_array(once + once.T.tocsr())


# ---------------------------------------------------------------------- partitions


def adjusted_rand(a: ArrayLike, b: ArrayLike) -> float:
    """Return the adjusted Rand index of two partitions of the same accounts: 1 the same, about 0 unrelated.

    Share of account pairs on which the partitions agree, corrected for chance; 1 if both are trivial in the same way.
    (Hubert & Arabie 1985, https://doi.org/10.1007/BF01908075.)

    >>> adjusted_rand([0, 0, 1, 1], [5, 5, 2, 2])
    1.0
    >>> adjusted_rand([0, 0, 1, 1], [0, 0, 0, 1])
    0.0
    """
    first, second = (np.unique(np.asarray(x), return_inverse=True)[1] for x in (a, b))
    return _rand(first, second, int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1)


def _rand(first: NDArray[np.intp], second: NDArray[np.intp], n_first: int, n_second: int) -> float:
    """Return the adjusted Rand index of partitions numbered 0, 1, 2, ... without gaps."""
    n = len(first)
    pair = first.astype(np.int64) * n_second + second
    small = n_first * n_second <= 8 * n + 1000
    cells = np.bincount(pair) if small else np.unique(pair, return_counts=True)[1]
    together = _pairs(cells)
    in_first, in_second, all_pairs = _pairs(np.bincount(first)), _pairs(np.bincount(second)), n * (n - 1) / 2
    if all_pairs == 0:
        return 1.0
    expected = in_first * in_second / all_pairs
    highest = (in_first + in_second) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def _pairs(counts: NDArray[np.int64]) -> float:
    size = counts.astype(float)
    return float((size * (size - 1)).sum() / 2)


def pairwise_adjusted_rand(partitions: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Return the adjusted Rand index of every pair of rows of ``partitions``, one row a partition."""
    dense = [np.unique(row, return_inverse=True)[1] for row in partitions]
    sizes = [int(row.max(initial=0)) + 1 for row in dense]
    return np.array(
        [
            _rand(dense[i], dense[j], sizes[i], sizes[j]) if not np.array_equal(dense[i], dense[j]) else 1.0
            for i in range(len(dense))
            for j in range(i)
        ]
    )


def modularity(matrix: sparse.csr_array, group: ArrayLike, *, resolution: float = 1.0) -> float | None:
    """Return the modularity of a partition, in [-1/2, 1]; None without ties.

    Weight inside groups as a share of all, less what degrees alone would put there
    (Newman & Girvan 2004, https://doi.org/10.1103/PhysRevE.69.026113).
    """
    group = np.asarray(group)
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    total = float(strength.sum())
    if total <= 0:
        return None
    _, group = np.unique(group, return_inverse=True)
    inside = _inside(matrix.indptr, matrix.indices, matrix.data, group.astype(np.int64))
    share = np.bincount(group, weights=strength) / total
    return float(inside / total - resolution * np.square(share).sum())


@njit(cache=True, nogil=True)
def _inside(indptr: Any, indices: Any, data: Any, group: Any) -> Any:
    """Sum the entries whose row and column are in one group."""
    total = 0.0
    for i in range(len(indptr) - 1):
        for x in range(indptr[i], indptr[i + 1]):
            fetch(group, indices[min(x + _AHEAD, len(indices) - 1)])
            if group[indices[x]] == group[i]:
                total += data[x]
    return total


# ---------------------------------------------------------------------- two sides


def best_bisection(
    matrix: sparse.csr_array, *, groups: ArrayLike | None = None, resolution: float = 1.0
) -> tuple[Sides, float]:
    """Return the best split into two sides that was found, and its modularity.

    Two starts: ``groups`` (a partition with any number of groups) merged two by two, best merger first, and the sign
    of the leading eigenvector of the modularity matrix. Both are refined by moving groups, then accounts, one at a
    time (Kernighan-Lin: also through splits that are worse at first), and the better one is kept. A side is empty if
    no split has positive modularity. No chance enters. Of more than 2,000 groups, the small ones are first joined each to the
    large one they have most weight with. Memory O(ties + min(groups, 2000)**2).
    (Newman 2006, https://doi.org/10.1073/pnas.0601602103; Kernighan & Lin 1970,
    https://doi.org/10.1002/j.1538-7305.1970.tb01770.x.)
    """
    n = matrix.shape[0]
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    if not strength.any():
        return np.zeros(n, dtype=np.int8), 0.0

    def refined(start: NDArray[Any] | None) -> tuple[Sides, float]:
        if start is None:
            side = (_leading_sign(matrix.indptr, matrix.indices, matrix.data, strength) > 0).astype(np.int8)
        else:
            side = _merged_to_two(matrix, start, resolution)
        _refine(matrix.indptr, matrix.indices, matrix.data, strength, side, resolution)
        return side, modularity(matrix, side, resolution=resolution) or 0.0

    starts = [None] if groups is None else [None, np.asarray(groups)]
    best, best_value = np.zeros(n, dtype=np.int8), 0.0
    for side, value in side_by_side(refined, starts, at_once=AT_ONCE if matrix.nnz >= _SIDE_BY_SIDE_TIES else 1):
        if value > best_value + 1e-12:
            best, best_value = side, value
    return best, best_value


def _merged_to_two(matrix: sparse.csr_array, groups: NDArray[Any], resolution: float) -> Sides:
    """Merge groups two by two, the merger that raises modularity most (or lowers it least) first; then move groups."""
    _, group = np.unique(groups, return_inverse=True)
    sums = _between(matrix, group)
    if sums.shape[0] > MOST_GROUPS:
        joined = _joined_to_large(sums)
        group, sums = joined[group], _between(sums, joined)
    between = sums.toarray()
    count = len(between)
    strength = between.sum(axis=1)
    total = strength.sum()
    gain = between / total - resolution * np.outer(strength, strength) / total**2
    np.fill_diagonal(gain, -np.inf)
    merged = np.arange(count)
    best = gain.argmax(axis=1)
    value = gain.max(axis=1)
    for _ in range(count - 2):
        a = int(value.argmax())
        b = int(best[a])
        merged[merged == b] = a
        # The gain of a merger is additive over its parts.
        gain[a] += gain[b]
        gain[:, a] = gain[a]
        gain[a, a] = -np.inf
        gain[b] = gain[:, b] = -np.inf
        # Only few rows have another best merger than before; of equal ones the first counts.
        now = gain[:, a]
        better = (now > value) | ((now == value) & (a < best))
        best[better], value[better] = a, now[better]
        again = ((best == b) | ((best == a) & (now < value))) & ~better
        again[[a, b]] = True
        best[again], value[again] = gain[again].argmax(axis=1), gain[again].max(axis=1)
    _, merged = np.unique(merged, return_inverse=True)
    side = merged.astype(np.int8)
    coarse = sparse.csr_array(between)
    _refine(coarse.indptr, coarse.indices, coarse.data, strength, side, resolution)
    return side[group]


def _between(matrix: sparse.csr_array, group: NDArray[Any]) -> sparse.csr_array:
    """Return the weight between groups."""
    count = int(group.max()) + 1
    member = sparse.csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(count, len(group)))
    return sparse.csr_array(member @ matrix @ member.T)


def _joined_to_large(between: sparse.csr_array) -> NDArray[np.int64]:
    """Number the groups anew: small ones go to the large one they have most weight with, if need be through others."""
    strength = np.asarray(between.sum(axis=1)).ravel()
    count = len(strength)
    large = np.sort(np.lexsort((np.arange(count), -strength))[: MOST_GROUPS - 1])
    number = np.full(count, -1)
    number[large] = np.arange(len(large))
    while len(left := np.flatnonzero(number < 0)):
        known = np.flatnonzero(number >= 0)
        into = sparse.csr_array((np.ones(len(known)), (known, number[known])), shape=(count, len(large) + 1))
        towards = sparse.csr_array(between[left] @ into)
        tied = towards.max(axis=1).toarray().ravel() > 0
        if not tied.any():
            number[left] = len(large)  # tied to none: together
            break
        number[left[tied]] = towards.argmax(axis=1).ravel()[tied]
    return np.unique(number, return_inverse=True)[1].astype(np.int64)


@njit(cache=True, nogil=True)
def _leading_sign(indptr: Any, indices: Any, data: Any, strength: Any) -> Any:
    """Return about the leading eigenvector of the modularity matrix, by shifted power iteration.

    It is only a start for the local search, so it is not run to convergence.
    """
    n = len(strength)
    total = strength.sum()
    squares = np.zeros(n)
    for i in range(n):
        for x in range(indptr[i], indptr[i + 1]):
            squares[i] += data[x] * data[x]
    shift = 0.5 * np.sqrt(squares.max())
    vector = np.empty(n)
    state = np.uint64(88172645463325252)
    for i in range(n):  # a fixed sequence in place of chance
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        vector[i] = float(state >> np.uint64(11)) / 9007199254740992.0 - 0.5
    for _ in range(60):
        along = (strength * vector).sum() / total
        y = np.empty(n)
        for i in range(n):
            value = shift * vector[i] - strength[i] * along
            for e in range(indptr[i], indptr[i + 1]):
                fetch(vector, indices[min(e + _AHEAD, len(indices) - 1)])
                value += data[e] * vector[indices[e]]
            y[i] = value
        norm = np.sqrt((y * y).sum())
        if norm == 0.0:
            return vector
        vector = y / norm
    return vector


@njit(cache=True, nogil=True)
def _refine(indptr: Any, indices: Any, data: Any, strength: Any, side: Any, resolution: float) -> None:
    """Move accounts between the two sides, in place, until modularity rises no more.

    A pass moves every account whose own move helps, then a Kernighan-Lin chain: the best move is made even if it
    lowers modularity, no account twice, and the chain is cut back to its best point. Chains stop after 50 moves
    without a new best, so a pass costs O(ties + 50 n); after ``MOST_LOOKS`` looks at an account in all, only moves that help
    by themselves are made.
    """
    n = len(strength)
    total = strength.sum()
    half = total / 2.0
    size = np.zeros(2)
    pull = np.zeros(n)  # weight to the other side less weight to the own side
    for i in range(n):
        size[side[i]] += strength[i]
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if j != i:
                pull[i] += data[x] if side[j] != side[i] else -data[x]
    locked = np.zeros(n, dtype=np.bool_)
    chain = np.empty(n, dtype=np.int64)
    looks = 0
    for _ in range(100):
        improved = False
        for _ in range(100):
            moved = False
            for i in range(n):
                gap = size[1 - side[i]] - size[side[i]]
                if pull[i] / half - resolution * strength[i] * (gap + strength[i]) / (2 * half * half) > 1e-12:
                    _move(indptr, indices, data, strength, side, size, pull, i)
                    moved = improved = True
            if not moved:
                break
        if looks > MOST_LOOKS:
            break
        locked[:] = False
        length, best_length, sum_gain, best_gain = 0, 0, 0.0, 1e-12
        while length < n and length - best_length < 50 and looks <= MOST_LOOKS:
            looks += n
            choice, choice_gain = -1, -np.inf
            for i in range(n):
                if locked[i]:
                    continue
                gap = size[1 - side[i]] - size[side[i]]
                gain = pull[i] / half - resolution * strength[i] * (gap + strength[i]) / (2 * half * half)
                if gain > choice_gain + 1e-15:
                    choice, choice_gain = i, gain
            _move(indptr, indices, data, strength, side, size, pull, choice)
            locked[choice] = True
            chain[length] = choice
            length += 1
            sum_gain += choice_gain
            if sum_gain > best_gain:
                best_gain, best_length = sum_gain, length
        for x in range(length - 1, best_length - 1, -1):
            _move(indptr, indices, data, strength, side, size, pull, chain[x])
        if best_length == 0 and not improved:
            break


@njit(cache=True, nogil=True)
def _move(indptr: Any, indices: Any, data: Any, strength: Any, side: Any, size: Any, pull: Any, i: int) -> None:
    """Move one account to the other side and bring the sums up to date."""
    size[side[i]] -= strength[i]
    side[i] = 1 - side[i]
    size[side[i]] += strength[i]
    pull[i] = -pull[i]
    for x in range(indptr[i], indptr[i + 1]):
        j = indices[x]
        if j != i:
            pull[j] += -2 * data[x] if side[j] == side[i] else 2 * data[x]


@njit(cache=True, nogil=True)
def _blocks(indptr: Any, indices: Any, data: Any, side: Any) -> Any:
    """Return weight inside side 0, inside side 1 and across, and the number of ties across; each tie once."""
    out = np.zeros(4)
    for i in range(len(indptr) - 1):
        if side[i] < 0:
            continue
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if j <= i or side[j] < 0:
                continue
            if side[i] == side[j]:
                out[side[i]] += data[x]
            else:
                out[2] += data[x]
                out[3] += 1
    return out


def cross_ties(matrix: sparse.csr_array, side: Sides) -> int:
    """Return the number of ties between the two sides."""
    return int(_blocks(matrix.indptr, matrix.indices, matrix.data, side)[3])


def _sizes(side: Sides) -> tuple[int, int]:
    return int(np.count_nonzero(side == 0)), int(np.count_nonzero(side == 1))


def ei_index(matrix: sparse.csr_array, side: Sides) -> float | None:
    """Return the E-I index ``(external - internal) / (external + internal)``, in [-1, 1]; -1: closed groups.

    Depends on the sizes of the groups. (Krackhardt & Stern 1988, https://doi.org/10.2307/2786835.)
    None without ties or with an empty side.
    """
    first, second, cross, _ = _blocks(matrix.indptr, matrix.indices, matrix.data, side)
    if not min(_sizes(side)) or first + second + cross == 0:
        return None
    return float((cross - first - second) / (first + second + cross))


def expected_ei_index(first: int, second: int) -> float | None:
    """Return the E-I index that two sides of these sizes have on average if sides are dealt out at random.

    ``2 * (2 n1 n2 / (n (n - 1))) - 1``, whatever the ties; None with an empty side.

    >>> round(expected_ei_index(5, 5), 6)
    0.111111
    """
    n = first + second
    return 2 * (2 * first * second / (n * (n - 1))) - 1 if min(first, second) else None


def adaptive_ei_index(matrix: sparse.csr_array, side: Sides) -> float | None:
    """Return the E-I index on tie densities, sign turned, in [-1, 1]; 1: all ties inside the sides.

    ``(d11 + d22 - 2 d12) / (d11 + d22 + 2 d12)`` with d the share of account pairs that are tied: sides of unequal
    size weigh the same. (Salloum et al. 2022, https://doi.org/10.1145/3512962.) None if a side has fewer than two
    accounts.
    """
    first, second, cross, _ = _blocks(matrix.indptr, matrix.indices, matrix.data, side)
    a, b = _sizes(side)
    if min(a, b) < 2 or first + second + cross == 0:
        return None
    inner = first / (a * (a - 1) / 2) + second / (b * (b - 1) / 2)
    outer = 2 * cross / (a * b)
    return float((inner - outer) / (inner + outer))


def boundary_polarization(matrix: sparse.csr_array, side: Sides) -> float | None:
    """Return how much more the boundary turns inwards than across, in [-1/2, 1/2]; above 0: antagonism.

    The boundary is the accounts with a tie across and a tie to an own-side account without one. Mean over them of
    ``inner / (inner + across) - 1/2``; inner counts ties to own-side accounts without a tie across, across counts all
    ties of the account to the other side. None without a boundary.
    (Guerra et al. 2013, https://doi.org/10.1609/icwsm.v7i1.14421.)
    """
    total, count = _boundary(matrix.indptr, matrix.indices, matrix.data, side)
    return float(total / count) if count else None


@njit(cache=True, nogil=True)
def _boundary(indptr: Any, indices: Any, data: Any, side: Any) -> Any:
    n = len(indptr) - 1
    across = np.zeros(n)
    for i in range(n):
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if side[i] >= 0 and side[j] >= 0 and side[i] != side[j]:
                across[i] += data[x]
    total, count = 0.0, 0
    for i in range(n):
        if across[i] == 0.0:
            continue
        inner = 0.0
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if side[j] == side[i] and across[j] == 0.0:
                inner += data[x]
        if inner > 0.0:
            total += inner / (inner + across[i]) - 0.5
            count += 1
    return total, count


# ---------------------------------------------------------------------- walks


@dataclass(frozen=True)
class Walks:
    """Scores of random walks between the most connected accounts of two sides; None where undefined.

    ``k`` is the number of those accounts on each side, as used (shrunk to a side's size less one). ``start_conditioned``
    and ``start_anywhere`` are variants of random-walk controversy in circulation, kept for comparison: conditioned on the
    side a walk starts from, and the same with walks that may start at influencers too.
    """

    k: tuple[int, int]
    random_walk_controversy: float | None
    dipole: float | None
    reason: str | None = None
    start_conditioned: float | None = None
    start_anywhere: float | None = None


def walk_scores(matrix: sparse.csr_array, side: Sides, *, k: int | tuple[int, int]) -> Walks:
    """Return random-walk controversy and dipole polarization, which come from the same linear system.

    Influencers are the ``k`` accounts of highest degree (strength, if ``matrix`` is weighted) of each side, equal ones
    by row number. The chance that a walk from an account ends at an influencer of side 0 is harmonic: the mean over
    the account's neighbours. It is solved to a relative residual of 1e-9 (:mod:`netact.laplacian`).

    *Random-walk controversy*, end-conditioned: walks start at accounts that are not influencers, both sides equally
    likely. With P(A|B) the chance that a walk started in A given that it ended in B,
    ``P(X|X) P(Y|Y) - P(Y|X) P(X|Y)``, in [-1, 1]; 1: nobody crosses. Other variants in circulation condition on the
    start or start at influencers too, and give other numbers.
    (Garimella et al. 2018, https://doi.org/10.1145/3140565.)

    *Dipole*: influencers hold -1 and +1, all others the mean of their neighbours; ``(1 - |share above 0 - share below
    0|) * |mean above 0 - mean below 0| / 2``, in [0, 1]. (Morales et al. 2015, https://doi.org/10.1063/1.4913758.)

    The network must be connected (accounts that reach no influencer would have no value) and accounts outside the two
    sides (side < 0) must have no ties.
    """
    asked = (k, k) if isinstance(k, int) else k
    members = [np.flatnonzero(side == s) for s in (0, 1)]
    used = tuple(max(0, min(want, len(rows) - 1)) for want, rows in zip(asked, members, strict=True))
    k_used = (used[0], used[1])
    if min(used) < 1:
        return Walks(k_used, None, None, Message("a side has fewer than two accounts"))
    if len(side) < 4 or cross_ties(matrix, side) < 2:
        return Walks(k_used, None, None, Message("fewer than two ties cross between the sides"))
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    chance = np.zeros(len(side))
    fixed = side < 0
    for s, rows in enumerate(members):
        top = rows[np.lexsort((rows, -strength[rows]))[: used[s]]]
        fixed[top] = True
        chance[top] = 1.0 - s
    system = laplacian(matrix, symmetric=True, held=fixed)
    found, solved = solve(system, matrix[fixed].T @ chance[fixed])
    if not solved:
        return Walks(k_used, None, None, Message("the linear system was not solved to its tolerance"))
    chance[~fixed] = found[~fixed]
    ends_x = [float(chance[rows[~fixed[rows]]].mean()) for rows in members]
    a, c = ends_x
    controversy = _end_conditioned(a, c)
    position = 2 * chance[side >= 0] - 1
    above, below = position > 1e-8, position < -1e-8
    gap = abs(above.mean() - below.mean())
    dipole = (1 - gap) * abs(position[above].mean() - position[below].mean()) / 2
    # A walk that starts at an influencer takes a step before it can end.
    first_step = np.where(fixed & (strength > 0), matrix @ chance / np.maximum(strength, 1e-300), chance)
    anywhere = _end_conditioned(*(float(first_step[rows].mean()) for rows in members))
    return Walks(k_used, controversy, float(dipole), None, a - c, anywhere)


def _end_conditioned(a: float, c: float) -> float | None:
    """Return controversy from the chances that walks from side 0 (``a``) and from side 1 (``c``) end in side 0."""
    into_x, into_y = a + c, 2 - a - c
    if not (into_x > 0 and into_y > 0):
        return None
    return (a / into_x) * ((1 - c) / into_y) - (c / into_x) * ((1 - a) / into_y)


def random_walk_controversy(matrix: sparse.csr_array, side: Sides, *, k: int | tuple[int, int] = 10) -> float | None:
    """Return random-walk controversy, in [-1, 1]; see :func:`walk_scores`."""
    return walk_scores(matrix, side, k=k).random_walk_controversy


def dipole(matrix: sparse.csr_array, side: Sides, *, k: int | tuple[int, int] = 10) -> float | None:
    """Return dipole polarization, in [0, 1]; see :func:`walk_scores`."""
    return walk_scores(matrix, side, k=k).dipole


def adaptive_k(side: Sides, *, share: float = 0.01) -> tuple[int, int]:
    """Return the number of influencers a side for scores that adapt to its size: ``max(1, floor(share * size))``."""
    a, b = (max(1, int(share * size)) for size in _sizes(side))
    return a, b
