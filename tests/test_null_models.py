"""Null models: what they hold fixed, that they are uniform, and that imitation matches its known moments."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy import stats

from netact import null_models
from netact.network import Ties
from netact.null_models import backbone, degree_preserving, mixing, rich_get_richer


def ties_of(pairs, n, weights=None):
    pairs = sorted(pairs)
    source = np.array([a for a, _ in pairs], dtype=np.uint32)
    target = np.array([b for _, b in pairs], dtype=np.uint32)
    weight = np.ones(len(pairs)) if weights is None else np.asarray(weights, dtype=float)
    return Ties(n, source, target, weight, np.ones(len(pairs), dtype=np.int64))


def random_ties(n, m, seed, *, directed=True):
    rng = np.random.default_rng(seed)
    every = list(permutations(range(n), 2)) if directed else list(combinations(range(n), 2))
    return ties_of([every[i] for i in rng.choice(len(every), m, replace=False)], n, weights=rng.integers(1, 9, m))


def degrees(pairs, n, *, directed):
    out, into = np.zeros(n, int), np.zeros(n, int)
    for a, b in pairs:
        out[a] += 1
        into[b] += 1
    return (tuple(out), tuple(into)) if directed else tuple(out + into)


def pairs_of(ties):
    return frozenset(zip(ties.source.tolist(), ties.target.tolist(), strict=True))


@pytest.mark.parametrize("directed", [True, False])
def test_degrees_are_kept_and_graphs_are_simple(directed):
    ties = random_ties(40, 200, 1, directed=directed)
    seen = set()
    for null in degree_preserving(ties, draws=20, seed=3, directed=directed):
        pairs = pairs_of(null)
        assert len(pairs) == len(null) == 200
        assert all(a != b for a, b in pairs)
        assert directed or all(a < b for a, b in pairs)
        assert degrees(pairs, 40, directed=directed) == degrees(pairs_of(ties), 40, directed=directed)
        assert sorted(null.weight) == sorted(ties.weight)
        keys = null.source.astype(int) * 40 + null.target
        assert np.all(np.diff(keys) > 0)
        seen.add(pairs)
    assert len(seen) == 20
    assert pairs_of(ties) not in seen


def test_the_input_is_left_alone_and_the_seed_decides():
    ties = random_ties(30, 100, 2)
    before = ties.source.copy(), ties.target.copy()
    first = [pairs_of(null) for null in degree_preserving(ties, draws=3, seed=5)]
    again = [pairs_of(null) for null in degree_preserving(ties, draws=3, seed=5)]
    other = [pairs_of(null) for null in degree_preserving(ties, draws=3, seed=6)]
    assert np.array_equal(before[0], ties.source)
    assert np.array_equal(before[1], ties.target)
    assert first == again != other


@pytest.mark.parametrize(("directed", "digest"), [(True, "05855f2654bbb479"), (False, "0e8e28ea4f321f55")])
def test_the_walk_is_the_one_that_published_numbers_rest_on(directed, digest):
    """The kernel may become faster, but it draws the same numbers and makes the same switches."""
    made = hashlib.sha256()
    for n, m in ((12, 20), (60, 300), (400, 900)):
        ties = random_ties(n, m, n, directed=directed)
        for null in degree_preserving(ties, draws=3, seed=11, directed=directed):
            for column in (null.source, null.target, null.weight.astype(np.int64), null.events):
                made.update(np.ascontiguousarray(column).astype("<i8").tobytes())
    assert made.hexdigest()[:16] == digest


def test_accounts_without_ties_change_nothing():
    ties = random_ties(30, 90, 4)
    number = np.sort(np.random.default_rng(1).choice(2_000_000, 30, replace=False)).astype(np.uint32)
    spread = Ties(2_000_000, number[ties.source], number[ties.target], ties.weight, ties.events)
    for null, wide in zip(
        degree_preserving(ties, draws=3, seed=2), degree_preserving(spread, draws=3, seed=2), strict=True
    ):
        assert np.array_equal(number[null.source], wide.source)
        assert np.array_equal(number[null.target], wide.target)
        assert np.array_equal(null.weight, wide.weight)


@pytest.mark.parametrize("dtype", [np.uint32, np.uint64])
def test_the_table_of_ties_is_a_set(dtype):
    """Ties come and go in a nearly full table, as in a set of Python's."""
    chance = np.random.default_rng(7)
    n, bits, slots = np.uint64(50), np.uint64(12), 64
    rest, mask, empty = np.uint64(6), np.uint64(slots - 1), dtype(null_models._EMPTY & np.uint64(np.iinfo(dtype).max))
    table, held, directed = np.empty(slots, dtype=dtype), set(), True
    null_models._lay(table, np.empty((0, 2), dtype=np.uint32), n, bits, directed)
    for _ in range(4000):
        a, b = (np.uint32(x) for x in chance.integers(0, 50, 2))
        at, entry = null_models._place(a, b, n, directed, bits, rest)
        assert null_models._held(table, at, entry, mask, empty) == ((a, b) in held)
        if (a, b) in held:
            null_models._remove(table, at, entry, mask, empty)
            held.remove((a, b))
        elif len(held) < slots - 4:
            null_models._insert(table, at, entry, mask, empty)
            held.add((a, b))
    assert np.count_nonzero(table != empty) == len(held) > 40


def test_places_in_the_table_are_one_to_one():
    n, bits, directed = np.uint64(37), np.uint64(11), True
    places = {
        tuple(map(int, null_models._place(np.uint32(a), np.uint32(b), n, directed, bits, np.uint64(5))))
        for a in range(37)
        for b in range(37)
    }
    assert len(places) == 37 * 37


@pytest.mark.parametrize(("ties", "accounts"), [(0, 0), (1, 2), (50_000, 90_000), (10_000_000, 1_200_000), (8, 16)])
def test_the_table_has_room_for_the_rest_of_every_number(ties, accounts):
    table, bits = null_models._table(ties, accounts)
    rest = bits - (len(table).bit_length() - 1)
    assert len(table) >= 1.8 * ties
    assert rest + 12 <= 8 * table.itemsize
    assert accounts * accounts <= 2**bits


def realisations(ties, *, directed):
    """All simple graphs with the degrees of ``ties``, by brute force."""
    n, m = ties.n_accounts, len(ties)
    every = list(permutations(range(n), 2)) if directed else list(combinations(range(n), 2))
    wanted = degrees(pairs_of(ties), n, directed=directed)
    return {frozenset(c) for c in combinations(every, m) if degrees(c, n, directed=directed) == wanted}


GRAPHS = [
    pytest.param([(0, 1), (1, 2), (2, 0)], 3, True, 2, id="three-cycle"),
    pytest.param([(0, 1), (1, 2), (2, 0), (3, 0)], 4, True, None, id="three-cycle and a tie"),
    pytest.param([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)], 4, True, None, id="four-cycle and a chord"),
    pytest.param([(0, 1), (2, 3), (1, 4), (3, 4), (2, 0)], 5, True, None, id="five accounts"),
    pytest.param([(0, 1), (1, 2), (2, 3), (3, 4)], 5, False, None, id="undirected path"),
    pytest.param([(0, 1), (2, 3), (4, 5)], 6, False, 15, id="undirected matching"),
    pytest.param([(0, 1), (0, 2), (1, 2), (3, 4), (0, 3)], 5, False, None, id="undirected triangle"),
]


@pytest.mark.parametrize(("pairs", "n", "directed", "number"), GRAPHS)
def test_every_network_of_the_same_degrees_is_equally_likely(pairs, n, directed, number):
    ties = ties_of(pairs, n)
    possible = realisations(ties, directed=directed)
    assert number is None or len(possible) == number
    assert len(possible) > 1
    drawn = Counter(
        pairs_of(null)
        for null in degree_preserving(ties, draws=6_000, seed=11, directed=directed, burn_in=50, thinning=25)
    )
    assert set(drawn) == possible
    assert stats.chisquare([drawn[graph] for graph in possible]).pvalue > 0.001


def test_small_networks_do_not_stall_over_many_draws():
    # Emptied slots of the hash table must not pile up from draw to draw.
    ties = ties_of([(i, (i - 1) // 3) for i in range(1, 21)], 21)
    assert sum(1 for _ in degree_preserving(ties, draws=2_000, seed=1)) == 2_000


@pytest.mark.parametrize("pairs", [[], [(0, 1)]])
def test_networks_without_freedom_come_back_unchanged(pairs):
    ties = ties_of(pairs, 3)
    assert [pairs_of(null) for null in degree_preserving(ties, draws=2, seed=1)] == [frozenset(pairs)] * 2


def test_mixing_tells_a_walk_that_has_left_from_one_that_cannot():
    star = ties_of([(i, 0) for i in range(1, 30)], 30)
    assert mixing(star, next(iter(degree_preserving(star, draws=1, seed=1)))) == 1.0
    ties = random_ties(300, 900, 4)
    assert mixing(ties, ties) == 1.0
    null = next(iter(degree_preserving(ties, draws=1, seed=1)))
    assert mixing(ties, null) < 0.2


def test_the_backbone_holds_the_most_connected_accounts():
    rng = np.random.default_rng(7)
    weight = 1 / np.arange(1, 201)
    pairs = {(a, b) for a, b in zip(*rng.choice(200, (2, 4_000), p=weight / weight.sum()), strict=True) if a != b}
    ties = ties_of([(int(a), int(b)) for a, b in pairs], 200)
    for limit in (1, 10, 300, 800):
        part = backbone(ties, max_ties=limit)
        assert len(part) <= limit
        degree = ties.in_degree + ties.out_degree
        inside = np.flatnonzero(part.active)
        if not len(inside):
            continue
        # All ties among the best ranked accounts, down to the last of them, are held.
        rank = np.empty(200, dtype=int)
        rank[np.lexsort((np.arange(200), -degree))] = np.arange(200)
        last = rank[inside].max()
        expected = {(a, b) for a, b in pairs_of(ties) if max(rank[a], rank[b]) <= last}
        assert pairs_of(part) == expected
        # One account more would be too much.
        more = next(x for x in range(last + 1, 200) if any(max(rank[a], rank[b]) == x for a, b in pairs_of(ties)))
        assert sum(max(rank[a], rank[b]) <= more for a, b in pairs_of(ties)) > limit
    assert backbone(ties, max_ties=len(ties)) is ties
    assert pairs_of(backbone(ties, max_ties=300)) == pairs_of(backbone(ties, max_ties=300))


def test_imitation_matches_published_quantiles():
    draws = [np.sort(c)[::-1] / 2_000 for c in rich_get_richer(events=2_000, accounts=200, draws=2_000, seed=1)]
    top = np.quantile([c[:20].sum() for c in draws], [0.05, 0.5, 0.95])
    effective = np.quantile([1 / np.square(c).sum() for c in draws], [0.05, 0.5, 0.95])
    assert top == pytest.approx([0.785, 0.8225, 0.858], rel=0.05)
    assert effective[:2] == pytest.approx([2.15, 3.41], rel=0.05)
    assert effective[2] == pytest.approx(7.08, rel=0.1)  # a far quantile of 500 runs


def test_imitation_matches_exact_moments():
    events, accounts, draws = 300, 60, 4_000
    results = list(rich_get_richer(events=events, accounts=accounts, draws=draws, seed=2))
    assert all(c.sum() == events and c.min() > 0 and len(c) == accounts for c in results)
    # After t acts and j accounts, the sum of squares S grows by 1 with a new account, else by 1 + 2 S / t on average.
    chance, squares = np.zeros(accounts + 1), np.zeros(accounts + 1)
    chance[1] = squares[1] = 1.0
    for t in range(1, events):
        new = np.clip((accounts - np.arange(accounts + 1)) / (events - t), 0, 1)
        old = 1 - new
        squares = old * (squares + chance + 2 * squares / t) + np.append(0, (new * (squares + chance))[:-1])
        chance = old * chance + np.append(0, (new * chance)[:-1])
    assert chance[accounts] == pytest.approx(1)
    drawn = np.array([float(np.square(c).sum()) for c in results])
    assert abs(drawn.mean() - squares[accounts]) < 4 * drawn.std() / np.sqrt(draws)


def test_imitation_at_its_ends():
    assert [c.tolist() for c in rich_get_richer(events=5, accounts=5, draws=1, seed=1)] == [[1] * 5]
    assert [c.tolist() for c in rich_get_richer(events=0, accounts=0, draws=2, seed=1)] == [[], []]
    assert [c.tolist() for c in rich_get_richer(events=1, accounts=1, draws=1, seed=1)] == [[1]]
    one = list(rich_get_richer(events=400, accounts=40, draws=3, seed=9))
    two = list(rich_get_richer(events=400, accounts=40, draws=3, seed=9))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0], one[1])
