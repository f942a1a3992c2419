"""Linear systems of a network's Laplacian: levels along ties, and values that are the mean of their neighbours'.

One solver for both. Accounts that hang on the others by a single tie, half of a large network, are eliminated exactly, one after
the other; the rest is numbered by its ties and solved by conjugate gradients with symmetric Gauss-Seidel sweeps as
preconditioner (Eisenstat 1981, https://doi.org/10.1137/0902001): one sweep forth and one back take the time of one product with
the matrix, and half the turns are needed. Nothing is left to BLAS, whose threads cost more than they give here and let last
digits depend on the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit
from scipy import sparse
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TURNS = 5_000


class Laplacian(NamedTuple):
    """Weighted degrees less weights, for the accounts that are not held, ready to be solved; made by :func:`laplacian`.

    Attributes
    ----------
    leaf, parent, leaf_weight, leaf_ground
        Accounts in the order of their elimination, on whom each hangs, by which weight, and its weight to held accounts, those
        that were eliminated onto it included.
    core
        The accounts left, those with most ties first.
    start, end, weight
        Of each account left, by its place in ``core``, the ties to accounts in front of it; ``weight`` is empty if all are 1.
    scale
        One over the root of the diagonal, by place.
    alone
        Accounts not held that are tied to no other one that is left.
    alone_ground
        Their weight to held accounts; 0: nothing decides their value, which is then 0.
    """

    leaf: NDArray[np.int32]
    parent: NDArray[np.int32]
    leaf_weight: NDArray[np.float64]
    leaf_ground: NDArray[np.float64]
    core: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int32]
    weight: NDArray[np.float64]
    scale: NDArray[np.float64]
    alone: NDArray[np.int32]
    alone_ground: NDArray[np.float64]


def laplacian(matrix: sparse.csr_array, *, symmetric: bool, held: NDArray[np.bool_] | None = None) -> Laplacian:
    """Prepare the Laplacian of ties whose direction does not count. Time and memory O(ties).

    Parameters
    ----------
    matrix
        Positive weights. ``symmetric``: every tie stands in both rows; otherwise once, and ties both ways add up.
    held
        Accounts whose value is given: they are left out, their ties count in the diagonal.
    """
    n = matrix.shape[0]
    fixed = np.zeros(n, dtype=np.bool_) if held is None else held
    weight = matrix.data
    if np.all(weight == 1):
        weight = np.empty(0)
    return Laplacian(*_reduced(matrix.indptr, matrix.indices, weight, fixed, symmetric))


def solve(
    system: Laplacian, right: NDArray[np.float64], *, tolerance: float = 1e-9
) -> tuple[NDArray[np.float64], bool]:
    """Return the solution, one value an account (0 for held ones), and whether it holds to the tolerance.

    Without held accounts the system is singular: ``right`` must add up to 0 in every component, and the solution is one of
    many, which differ by a number a component.

    Parameters
    ----------
    right
        One value an account; those of held accounts do not count.
    tolerance
        Largest preconditioned residual, relative to that of 0. What has not come to it in 5,000 turns (long rings) is
        factorised.
    """
    value = np.zeros(len(right))
    pull = np.array(right, dtype=np.float64)
    _eliminate(system.leaf, system.parent, system.leaf_weight, system.leaf_ground, pull)
    solved = True
    if len(system.core):
        inner = pull[system.core]
        found = np.zeros(len(inner))
        sides = (system.start, system.end, system.weight, system.scale)
        if not _iterate(*sides, inner, found, tolerance, MOST_TURNS):
            found, solved = _factorised(system, inner)
        value[system.core] = found
    grounded = system.alone_ground > 0
    value[system.alone[grounded]] = pull[system.alone[grounded]] / system.alone_ground[grounded]
    _put_back(system.leaf, system.parent, system.leaf_weight, system.leaf_ground, pull, value)
    return value, solved


def components(system: Laplacian) -> NDArray[np.int32]:
    """Return one account of its component for every account, where none is held."""
    n = len(system.core) + len(system.leaf) + len(system.alone)
    return np.asarray(_components(system.leaf, system.parent, system.core, system.start, system.end, n))


def _factorised(system: Laplacian, right: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """Solve for the accounts left directly, with a hair of ridge in place of a pinned account a component."""
    n, scale = len(system.core), system.scale
    weight = system.weight if len(system.weight) else np.ones(len(system.end))
    below = sparse.csr_array((weight, system.end, system.start), shape=(n, n))
    scaled = sparse.diags_array(scale) @ (below + below.T) @ sparse.diags_array(scale)
    matrix = sparse.csc_array(sparse.eye_array(n) - scaled)
    wanted = right * scale
    found = splu(sparse.csc_array(matrix + 1e-12 * sparse.eye_array(n))).solve(wanted)
    left = matrix @ found - wanted
    return np.asarray(found * scale), bool((left * left).sum() <= 1e-12 * (wanted * wanted).sum())


@njit(cache=True, nogil=True)
def _reduced(indptr: Any, indices: Any, data: Any, held: Any, symmetric: Any) -> Any:
    n = len(indptr) - 1
    unit = len(data) == 0
    # Ties to accounts not held, and their ends by exclusive or: with one tie left, that is the other end.
    degree, ends = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    ground = np.zeros(n)
    for i in range(n):
        own, mine = 0, 0
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if i == j or (symmetric and j < i):
                continue
            if held[i] or held[j]:
                w = 1.0 if unit else data[x]
                ground[i] += w
                ground[j] += w
                continue
            own += 1
            mine ^= j
            degree[j] += 1
            ends[j] ^= i
        degree[i] += own
        ends[i] ^= mine
    leaf, parent = np.empty(n, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    leaves = 0
    for v in range(n):
        u = v
        # A chain is followed inwards as far as accounts in front of it, so that none is looked at twice.
        while degree[u] == 1 and u <= v:
            on = ends[u]
            leaf[leaves], parent[u] = u, on
            leaves += 1
            degree[u] = 0
            degree[on] -= 1
            ends[on] ^= u
            u = on
    # The others by number of ties, most first.
    most = 0
    for v in range(n):
        most = max(most, degree[v])
    at = np.zeros(most + 2, dtype=np.int64)
    alone_count = 0
    for v in range(n):
        if degree[v] > 0:
            at[most - degree[v] + 1] += 1
        elif not held[v] and parent[v] < 0:
            alone_count += 1
    for d in range(most + 1):
        at[d + 1] += at[d]
    size = at[most]
    core, place = np.empty(size, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    alone = np.empty(alone_count, dtype=np.int32)
    alone_count = 0
    for v in range(n):
        if degree[v] > 0:
            d = most - degree[v]
            core[at[d]], place[v] = v, at[d]
            at[d] += 1
        elif not held[v] and parent[v] < 0:
            alone[alone_count] = v
            alone_count += 1
    start = np.zeros(size + 2, dtype=np.int64)
    hung = np.zeros(n)
    # The places of both ends are kept: to look them up again costs more.
    most_inner = len(indices) // 2 if symmetric else len(indices)
    low, high = np.empty(most_inner, dtype=np.int32), np.empty(most_inner, dtype=np.int32)
    given = np.empty(0 if unit else most_inner)
    inner = 0
    for i in range(n):
        a = place[i]
        for x in range(indptr[i], indptr[i + 1]):
            j = indices[x]
            if i == j or (symmetric and j < i):
                continue
            b = place[j]
            if a >= 0 and b >= 0:
                low[inner], high[inner] = min(a, b), max(a, b)
                if not unit:
                    given[inner] = data[x]
                start[high[inner] + 2] += 1
                inner += 1
            elif parent[i] == j:
                hung[i] = 1.0 if unit else data[x]
            elif parent[j] == i:
                hung[j] = 1.0 if unit else data[x]
    for a in range(size):
        start[a + 2] += start[a + 1]
    end = np.empty(inner, dtype=np.int32)
    weight = np.empty(0 if unit else inner)
    for x in range(inner):
        to = start[high[x] + 1]
        start[high[x] + 1] = to + 1
        end[to] = low[x]
        if not unit:
            weight[to] = given[x]
    diagonal = np.zeros(size)
    for a in range(size):
        for x in range(start[a], start[a + 1]):
            w = 1.0 if unit else weight[x]
            diagonal[a] += w
            diagonal[end[x]] += w
    leaf_weight, leaf_ground = np.empty(leaves), np.empty(leaves)
    for x in range(leaves):
        v = leaf[x]
        leaf_weight[x], leaf_ground[x] = hung[v], ground[v]
        # Two resistances in a row.
        ground[parent[v]] += hung[v] * ground[v] / (hung[v] + ground[v])
    for a in range(size):
        diagonal[a] = 1.0 / np.sqrt(diagonal[a] + ground[core[a]])
    return (
        leaf[:leaves].copy(),
        parent[leaf[:leaves]],
        leaf_weight,
        leaf_ground,
        core,
        start[: size + 1],
        end,
        weight,
        diagonal,
        alone,
        ground[alone],
    )


@njit(cache=True, nogil=True)
def _components(leaf: Any, parent: Any, core: Any, start: Any, end: Any, n: int) -> Any:
    above = np.arange(len(core)).astype(np.int32)
    for a in range(len(core)):
        for x in range(start[a], start[a + 1]):
            root, u = a, end[x]
            while above[root] != root:
                root = above[root]
            if above[u] == root:
                continue
            while above[u] != u:
                above[u] = above[above[u]]
                u = above[u]
            # The first place is the root: a place is always after the one above it.
            above[max(root, u)] = min(root, u)
    label = np.arange(n).astype(np.int32)
    for a in range(len(core)):
        above[a] = above[above[a]]
        label[core[a]] = core[above[a]]
    for x in range(len(leaf) - 1, -1, -1):
        label[leaf[x]] = label[parent[x]]
    return label


@njit(cache=True, nogil=True)
def _eliminate(leaf: Any, parent: Any, weight: Any, ground: Any, right: Any) -> None:
    for x in range(len(leaf)):
        right[parent[x]] += weight[x] / (weight[x] + ground[x]) * right[leaf[x]]


@njit(cache=True, nogil=True)
def _put_back(leaf: Any, parent: Any, weight: Any, ground: Any, right: Any, value: Any) -> None:
    for x in range(len(leaf) - 1, -1, -1):
        value[leaf[x]] = (right[leaf[x]] + weight[x] * value[parent[x]]) / (weight[x] + ground[x])


@njit(cache=True, nogil=True)
def _forth(start: Any, end: Any, weight: Any, scale: Any, given: Any, out: Any, scaled: Any) -> None:
    """Solve (I - S) out = given from the first account to the last; S is the scaled matrix below the diagonal."""
    unit = len(weight) == 0
    for a in range(len(scale)):
        total = 0.0
        if unit:
            for x in range(start[a], start[a + 1]):
                total += scaled[end[x]]
        else:
            for x in range(start[a], start[a + 1]):
                total += weight[x] * scaled[end[x]]
        out[a] = given[a] + scale[a] * total
        scaled[a] = scale[a] * out[a]


@njit(cache=True, nogil=True)
def _back(start: Any, end: Any, weight: Any, scale: Any, given: Any, out: Any, sums: Any) -> None:
    """Solve (I - S.T) out = given from the last account to the first."""
    unit = len(weight) == 0
    sums[:] = 0.0
    for a in range(len(scale) - 1, -1, -1):
        out[a] = given[a] + scale[a] * sums[a]
        value = scale[a] * out[a]
        if unit:
            for x in range(start[a], start[a + 1]):
                sums[end[x]] += value
        else:
            for x in range(start[a], start[a + 1]):
                sums[end[x]] += weight[x] * value


@njit(cache=True, nogil=True)
def _iterate(
    start: Any, end: Any, weight: Any, scale: Any, right: Any, solution: Any, tolerance: float, turns: int
) -> bool:
    """Solve the part of the accounts left, from 0; False if the tolerance was not reached.

    With F = I - S the matrix is F + F.T - I; conjugate gradients run on the inverse of F.T times it times that of F.
    """
    n = len(scale)
    held = np.empty(n)
    residual, step, image = np.empty(n), np.empty(n), np.empty(n)
    guess = np.zeros(n)
    _back(start, end, weight, scale, right * scale, residual, held)
    square = 0.0
    for a in range(n):
        step[a] = residual[a]
        square += residual[a] * residual[a]
    enough = tolerance * tolerance * square
    done = square <= enough
    for _ in range(turns):
        if done:
            break
        _forth(start, end, weight, scale, step, solution, held)
        for a in range(n):
            image[a] = step[a] - solution[a]
        _back(start, end, weight, scale, image, image, held)
        along = 0.0
        for a in range(n):
            image[a] += solution[a]
            along += step[a] * image[a]
        if along <= 0.0:
            break
        length, before = square / along, square
        square = 0.0
        for a in range(n):
            guess[a] += length * step[a]
            residual[a] -= length * image[a]
            square += residual[a] * residual[a]
        done = square <= enough
        for a in range(n):
            step[a] = residual[a] + square / before * step[a]
    _forth(start, end, weight, scale, guess, solution, held)
    for a in range(n):
        solution[a] *= scale[a]
    return done
