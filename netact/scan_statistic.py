"""The scan for a planted team: which set of accounts ties to itself more than chance explains, over all sets.

Every pair of accounts in a pool is in one of three states: no tie, a tie in one direction, ties in both. A
:class:`DyadModel` holds the states observed and the probabilities of the last two under the null. The statistic of a set
is the log-likelihood ratio of tilting all its pairs towards more ties, less a penalty for having searched all sets of all
sizes; ``exp(-score)`` then bounds the chance that any set of the pool scores as high.

Adapted from the scan tests of Arias-Castro & Verzelen 2014 (https://doi.org/10.1214/14-AOS1208) and Bogerd, Castro,
van der Hofstad & Verzelen 2021 (https://doi.org/10.3150/20-BEJ1269); the three-state form is netact's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
from numba import njit
from scipy.special import gammaln

from netact.randomness import igraph_generator, spawn_seeds
from netact.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

# Tilts from which sets are grown; the final score of a set maximises over all tilts.
_TILTS = np.array([0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0])
_STEEPEST = 25.0
_FORBIDDEN = -1e6


@dataclass(frozen=True, eq=False)
class DyadModel:
    """States of all pairs of a pool and their null probabilities; symmetric ``(K, K)`` arrays, zero diagonal.

    ``ties`` counts the directions in which a pair is tied (0, 1, 2); ``p_one`` and ``p_two`` are the null
    probabilities of exactly one and of both. ``closure`` is the chance that two accounts tied to the same third one
    become tied for that reason; it makes draws of the null cluster as the crowd does, without more ties in all.
    """

    ties: Matrix
    p_one: Matrix
    p_two: Matrix
    closure: float = 0.0

    @property
    def size(self) -> int:
        """Number of accounts in the pool."""
        return len(self.ties)

    @property
    def expected(self) -> Matrix:
        """Expected number of tied directions of every pair."""
        return self.p_one + 2 * self.p_two

    def within(self, members: Sequence[int]) -> DyadModel:
        """Return the model of a part of the pool."""
        part = np.ix_(members, members)
        return DyadModel(self.ties[part], self.p_one[part], self.p_two[part], self.closure)


def dyad_probabilities(p: Matrix, *, reciprocity: float) -> tuple[Matrix, Matrix]:
    """Return the null probabilities of one and of two ties from directed ones and a dyadic correlation.

    ``p[i, j]`` is the probability of a tie i -> j; ``reciprocity`` in [0, 0.95] is the correlation between the two
    directions of a pair.
    """
    q = p.T
    both = p * q + reciprocity * np.sqrt(p * (1 - p) * q * (1 - q))
    both = np.minimum(0.999 * np.minimum(p, q), both)
    one = np.maximum(p + q - 2 * both, 0.0)
    np.fill_diagonal(both, 0.0)
    np.fill_diagonal(one, 0.0)
    return one, both


def search_penalty(pool: int, largest: int) -> NDArray[np.float64]:
    """Return, for every set size up to ``largest``, the log of how many sets and sizes were searched."""
    sizes = np.arange(largest + 2)
    usable = np.minimum(sizes, pool)
    log_sets = gammaln(pool + 1) - gammaln(usable + 1) - gammaln(pool - usable + 1)
    return np.asarray(log_sets + math.log(max(1, largest - 1)))


@njit(cache=True, nogil=True)
def _tilted(ties: Any, p_one: Any, p_two: Any, total: float, expected: float, most: float) -> Any:
    """Return (log-likelihood ratio, tilt) of flat arrays of pairs with ``total`` ties among them."""
    if total <= expected or len(ties) == 0:
        return 0.0, 0.0
    low, high = 0.0, _STEEPEST
    tilt = 1.0
    if total >= most - 1e-9:
        tilt = _STEEPEST
    else:
        for _ in range(60):
            one, two = math.exp(tilt), math.exp(2 * tilt)
            value, slope = -total, 0.0
            for x in range(len(ties)):
                a, b = p_one[x] * one, p_two[x] * two
                z = 1 - p_one[x] - p_two[x] + a + b
                mean = (a + 2 * b) / z
                value += mean
                slope += (a + 4 * b) / z - mean * mean
            if value > 0:
                high = tilt
            else:
                low = tilt
            step = tilt - value / slope if slope > 0 else 0.5 * (low + high)
            if not (low < step < high):
                step = 0.5 * (low + high)
            if abs(step - tilt) < 1e-10:
                tilt = step
                break
            tilt = step
    grow_one, grow_two = math.expm1(tilt), math.expm1(2 * tilt)
    cumulant = 0.0
    for x in range(len(ties)):
        cumulant += math.log1p(p_one[x] * grow_one + p_two[x] * grow_two)
    return tilt * total - cumulant, tilt


@njit(cache=True, nogil=True)
def _set_ratio(ties: Any, p_one: Any, p_two: Any, members: Any) -> Any:
    s = len(members)
    count = s * (s - 1) // 2
    t, a, b = np.empty(count), np.empty(count), np.empty(count)
    x = 0
    total = expected = 0.0
    for i in range(s):
        for j in range(i):
            u, v = members[i], members[j]
            t[x], a[x], b[x] = ties[u, v], p_one[u, v], p_two[u, v]
            total += t[x]
            expected += a[x] + 2 * b[x]
            x += 1
    return _tilted(t, a, b, total, expected, 2.0 * count)


def log_likelihood_ratio(model: DyadModel, members: Sequence[int]) -> tuple[float, float]:
    """Return the log-likelihood ratio of a set and the tilt that attains it; 0 if not above expectation.

    ``exp(-ratio)`` bounds the chance of as many ties among these accounts under the null (Chernoff).
    """
    ratio, tilt = _set_ratio(model.ties, model.p_one, model.p_two, np.asarray(sorted(members), dtype=np.int64))
    return float(ratio), float(tilt)


def cross_ratio(model: DyadModel, first: Sequence[int], second: Sequence[int]) -> float:
    """Return the log-likelihood ratio of the pairs between two disjoint sets."""
    part = np.ix_(list(first), list(second))
    t, a, b = (np.ascontiguousarray(m[part].ravel()) for m in (model.ties, model.p_one, model.p_two))
    ratio, _ = _tilted(t, a, b, float(t.sum()), float((a + 2 * b).sum()), 2.0 * len(t))
    return float(ratio)


@njit(cache=True, nogil=True)
def _grow(w: Any, first: int, second: int, penalty: Any, smallest: int, largest: int, members: Any) -> Any:
    """Grow a set from a pair by the best account, keep the best prefix, then add, drop or swap while it helps.

    Writes the set into ``members`` and returns its size.
    """
    k = len(w)
    inside = np.zeros(k, dtype=np.bool_)
    gain = w[first] + w[second]
    members[0], members[1] = first, second
    inside[first] = inside[second] = True
    size, total = 2, w[first, second]
    best_size, best = 2, total - penalty[2]
    while size < largest:
        v, top = -1, 0.0
        for x in range(k):
            if not inside[x] and gain[x] > top:
                v, top = x, gain[x]
        if v < 0:
            break
        members[size] = v
        inside[v] = True
        size += 1
        total += top
        for x in range(k):
            gain[x] += w[v, x]
        if total - penalty[size] > best:
            best_size, best = size, total - penalty[size]
    for x in range(best_size, size):
        v = members[x]
        inside[v] = False
        total -= 0.0
        for y in range(k):
            gain[y] -= w[v, y]
    size = best_size
    total = best + penalty[size]
    for _ in range(60):
        weakest = 0
        for x in range(1, size):
            if gain[members[x]] < gain[members[weakest]]:
                weakest = x
        i = members[weakest]
        add, add_gain, swap, swap_gain = -1, -1e18, -1, -1e18
        for x in range(k):
            if inside[x]:
                continue
            if gain[x] > add_gain:
                add, add_gain = x, gain[x]
            if gain[x] - w[i, x] > swap_gain:
                swap, swap_gain = x, gain[x] - w[i, x]
        move, value = 0, best + 1e-9
        if size > smallest and total - gain[i] - penalty[size - 1] > value:
            move, value = 1, total - gain[i] - penalty[size - 1]
        if size < largest and add >= 0 and total + add_gain - penalty[size + 1] > value:
            move, value = 2, total + add_gain - penalty[size + 1]
        if swap >= 0 and total - gain[i] + swap_gain - penalty[size] > value:
            move, value = 3, total - gain[i] + swap_gain - penalty[size]
        if move == 0:
            break
        if move == 1 or move == 3:
            total -= gain[i]
            inside[i] = False
            for y in range(k):
                gain[y] -= w[i, y]
            size -= 1
            members[weakest] = members[size]
        if move == 2 or move == 3:
            v = add if move == 2 else swap
            total += gain[v]
            inside[v] = True
            members[size] = v
            size += 1
            for y in range(k):
                gain[y] += w[v, y]
        best = total - penalty[size]
    return size


@njit(cache=True, nogil=True)
def _search(
    ties: Any, p_one: Any, p_two: Any, allowed: Any, penalty: Any, smallest: int, largest: int, pairs: int, tilts: Any
) -> Any:
    """Return (score, members) of the best set found."""
    k = len(ties)
    found = np.full((len(tilts) * pairs, largest + 1), -1, dtype=np.int64)
    marks = np.empty(len(tilts) * pairs, dtype=np.uint64)
    n_found = 0
    label = np.empty(k, dtype=np.uint64)
    state = np.uint64(88172645463325252)
    for x in range(k):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        label[x] = state
    best_score = -1e18
    best_members = np.empty(0, dtype=np.int64)
    n_pairs = k * (k - 1) // 2
    flat = np.empty(n_pairs)
    left, right = np.empty(n_pairs, dtype=np.int64), np.empty(n_pairs, dtype=np.int64)
    x = 0
    for i in range(k):
        for j in range(i + 1, k):
            left[x], right[x] = i, j
            x += 1
    w = np.empty((k, k))
    members = np.empty(largest + 1, dtype=np.int64)
    for tilt in tilts:
        grow_one, grow_two = math.expm1(tilt), math.expm1(2 * tilt)
        for i in range(k):
            w[i, i] = 0.0
            for j in range(i):
                value = tilt * ties[i, j] - math.log1p(p_one[i, j] * grow_one + p_two[i, j] * grow_two)
                if not (allowed[i] and allowed[j]):
                    value = _FORBIDDEN
                w[i, j] = w[j, i] = value
        for x in range(n_pairs):
            flat[x] = -w[left[x], right[x]]
        # The heaviest pairs, in order; equal ones by position.
        limit = np.partition(flat, min(pairs, n_pairs) - 1)[min(pairs, n_pairs) - 1]
        heavy = np.flatnonzero(flat <= limit)
        order = heavy[np.argsort(flat[heavy], kind="mergesort")]
        for x in range(min(pairs, n_pairs)):
            i, j = left[order[x]], right[order[x]]
            if w[i, j] <= 0.0:
                break
            size = _grow(w, i, j, penalty, smallest, largest, members)
            mark = np.uint64(0)
            for y in range(size):
                mark ^= label[members[y]]
            known = False
            for y in range(n_found):
                if marks[y] == mark:
                    known = True
                    break
            if known:
                continue
            marks[n_found] = mark
            found[n_found, :size] = members[:size]
            n_found += 1
            if size < smallest:
                continue
            chosen = np.sort(members[:size])
            ratio, _ = _set_ratio(ties, p_one, p_two, chosen)
            score = ratio - penalty[size]
            better = score > best_score + 1e-9
            same = abs(score - best_score) <= 1e-9 and size < len(best_members)
            if better or same:
                best_score, best_members = score, chosen
    return best_score, best_members


def search(
    model: DyadModel,
    *,
    smallest: int = 2,
    largest: int = 60,
    forbidden: Sequence[int] = (),
    pairs: int = 60,
) -> tuple[float, tuple[int, ...]]:
    """Return the score and the members (pool positions, ascending) of the best-scoring set found.

    The score is the log-likelihood ratio less :func:`search_penalty`. Sets are grown from the ``pairs`` heaviest pairs at
    seven tilts, then improved by adding, dropping and swapping accounts; a heuristic for the maximum, so observed and
    null networks must be searched alike. With no pair above expectation the score is ``-inf`` and the set empty.
    """
    k = model.size
    largest = min(largest, k - 1)
    if k < 3 or largest < smallest:
        return -math.inf, ()
    allowed = np.ones(k, dtype=bool)
    allowed[list(forbidden)] = False
    score, members = _search(
        model.ties,
        model.p_one,
        model.p_two,
        allowed,
        search_penalty(k, largest),
        smallest,
        largest,
        pairs,
        _TILTS,
    )
    return (float(score), tuple(int(m) for m in members)) if len(members) else (-math.inf, ())


@njit(cache=True, nogil=True)
def _draw(p_one: Any, p_two: Any, closure: float, share: float, seed: int) -> Any:
    np.random.seed(seed)
    k = len(p_one)
    ties = np.zeros((k, k))
    for i in range(k):
        for j in range(i):
            u = np.random.random()
            if u < share * p_two[i, j]:
                ties[i, j] = ties[j, i] = 2.0
            elif u < share * (p_two[i, j] + p_one[i, j]):
                ties[i, j] = ties[j, i] = 1.0
    if closure > 0:
        neighbours = np.empty((k, k), dtype=np.int64)
        degree = np.zeros(k, dtype=np.int64)
        for i in range(k):
            for j in range(k):
                if ties[i, j] > 0:
                    neighbours[i, degree[i]] = j
                    degree[i] += 1
        common = np.zeros((k, k))
        for i in range(k):
            for x in range(degree[i]):
                v = neighbours[i, x]
                for y in range(degree[v]):
                    common[i, neighbours[v, y]] += 1
        for i in range(k):
            for j in range(i):
                # Half of the ways through a common neighbour run in one direction all along.
                if np.random.random() < 1 - (1 - closure) ** (common[i, j] / 2):
                    ties[i, j] = ties[j, i] = min(2.0, ties[i, j] + 1)
    return ties


def draw_ties(model: DyadModel, *, seed: int) -> DyadModel:
    """Return the same model with ties drawn from its null probabilities.

    With ``closure`` a part of the ties closes open pairs of ties; the others are thinned so that as many are expected.
    """
    share = 1.0
    if model.closure > 0:
        tied = model.p_one + model.p_two
        closing = model.closure / 2 * float((tied.sum(0) * tied.sum(1)).sum() - (tied * tied.T).sum())
        share = float(tied.sum()) / max(float(tied.sum()) + closing, 1e-12)
    return replace(model, ties=_draw(model.p_one, model.p_two, model.closure, share, seed % 2**32))


def null_scores(
    model: DyadModel, *, draws: int, seed: int, smallest: int = 2, largest: int = 60, pairs: int = 60
) -> NDArray[np.float64]:
    """Return the best score in each of ``draws`` sets of ties drawn from the null, searched like the observed ones."""

    def score(step_seed: int) -> float:
        value, _ = search(draw_ties(model, seed=step_seed), smallest=smallest, largest=largest, pairs=pairs)
        return value if math.isfinite(value) else -50.0

    return np.array(list(side_by_side(score, spawn_seeds(seed, draws, "scan null"))))


def split(
    model: DyadModel, members: Sequence[int], *, alone: float, linked: float, largest: int, seed: int
) -> list[list[int]]:
    """Split a set into teams that hold together on their own and are not tied to one another beyond chance.

    A scan joins rival teams whose members are all well tied. Communities of the ties inside the set are merged back as
    long as two of them are linked above chance (cross ratio at least ``linked``) or one does not reach the score
    ``alone``.
    """
    chosen = sorted(members)
    if len(chosen) < 4:
        return [chosen]
    penalty = search_penalty(model.size, largest)
    inner = model.within(chosen).ties
    ends = [(i, j) for i in range(len(chosen)) for j in range(i) if inner[i, j] > 0]
    graph = igraph.Graph(n=len(chosen), edges=ends)
    with igraph_generator(seed):
        found = graph.community_leiden(
            objective_function="modularity", weights=[float(inner[e]) for e in ends], n_iterations=10
        )
    parts = [[chosen[i] for i in part] for part in found]

    def score(part: list[int]) -> float:
        return log_likelihood_ratio(model, part)[0] - float(penalty[len(part)]) if len(part) > 1 else -math.inf

    while len(parts) > 1:
        links = [
            (cross_ratio(model, parts[a], parts[b]), a, b) for a in range(len(parts)) for b in range(a + 1, len(parts))
        ]
        strongest = max(links)
        if strongest[0] < linked:
            weak = {i for i, part in enumerate(parts) if score(part) < alone}
            links = [link for link in links if link[1] in weak or link[2] in weak]
            if not links:
                break
            strongest = max(links)
        _, a, b = strongest
        parts[a] = sorted(parts[a] + parts[b])
        del parts[b]
    return parts


def smallest_testable(model: DyadModel, *, threshold: float, largest: int, up_to: int = 20) -> int | None:
    """Return the smallest set size whose score would reach ``threshold`` if all its pairs were tied both ways.

    Computed for pairs as expected as the median pair of the pool; None if no size ``up_to`` would do.
    """
    rows, columns = np.triu_indices(model.size, 1)
    if not len(rows):
        return None
    surprise = float(np.median(-np.log(np.maximum(model.p_two[rows, columns], 1e-12))))
    penalty = search_penalty(model.size, largest)
    for size in range(2, min(up_to, model.size) + 1):
        if surprise * size * (size - 1) / 2 - penalty[size] >= threshold:
            return size
    return None


def saturated(model: DyadModel, *, top: int = 20) -> bool:
    """Whether most pairs of the ``top`` first accounts are expected to be tied anyway, so that ties tell nothing."""
    first = model.within(range(min(top, model.size)))
    pairs = np.triu_indices(first.size, 1)
    return bool(len(pairs[0])) and float(np.mean((first.p_one + first.p_two)[pairs] > 0.5)) > 0.5


def configuration_model(ties: Matrix, *, directed: bool = True) -> DyadModel:
    """Return the model that keeps the in- and out-degrees inside a set and its overall reciprocity.

    ``ties[i, j]`` is 1 if i is tied to j. Maximum-entropy probabilities with those expected degrees; the dyadic
    correlation is estimated from the mutual pairs in excess of them. Used to look for a team inside an elite.
    """
    n = len(ties)
    out, into = ties.sum(1), ties.sum(0)
    scale = math.sqrt(ties.sum() + 1)
    x, y = (out + 0.1) / scale, (into + 0.1) / scale
    for _ in range(3000):
        mean = 1 + np.outer(x, y)
        np.fill_diagonal(mean, np.inf)
        new_x = out / ((y[None, :] / mean).sum(1) + 1e-12)
        mean = 1 + np.outer(new_x, y)
        np.fill_diagonal(mean, np.inf)
        new_y = into / ((new_x[:, None] / mean).sum(0) + 1e-12)
        moved = np.abs(new_x - x).max() + np.abs(new_y - y).max()
        x, y = new_x, new_y
        if moved < 1e-8:
            break
    p = np.outer(x, y)
    p = np.clip(p / (1 + p), 1e-9, 1 - 1e-6)
    np.fill_diagonal(p, 0.0)
    if not directed:
        p = (p + p.T) / 2
        return DyadModel(ties + ties.T, np.zeros((n, n)), p)
    spread = float(np.sqrt(p * (1 - p) * p.T * (1 - p.T)).sum() / 2)
    excess = float((ties * ties.T).sum() / 2 - (p * p.T).sum() / 2)
    reciprocity = min(max(excess / spread, 0.0), 0.95) if spread > 0 else 0.0
    one, both = dyad_probabilities(p, reciprocity=reciprocity)
    return DyadModel(ties + ties.T, one, both)
