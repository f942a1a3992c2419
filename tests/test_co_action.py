"""Pairs that share at nearly the same moment: counts against brute force, chances against every outcome."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact import co_action
from netact.co_action import (
    WINDOWS,
    Timing,
    _closest,
    chance_within_hour,
    close_shares,
    frequent_pairs,
    incidence,
    pair_weights,
    percentile_cut,
    shuffled_within,
)

# o1: A 0, B 5, C 30; o2: A 100, B 108, C 109; o3: A 200, C 203, B 400.
OBJECTS = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3])
ACCOUNTS = np.array([0, 1, 2, 0, 1, 2, 0, 2, 1])
TIMES = np.array([0, 5, 30, 100, 108, 109, 200, 203, 400])

shares = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7), st.integers(0, 300)), min_size=1, max_size=80)


def columns(rows):
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def brute_pairs(rows, within):
    """Return pair -> distinct objects within a window, over all shares."""
    found = {}
    for (o, a, t), (p, b, u) in itertools.combinations(rows, 2):
        if o == p and a != b and abs(t - u) <= within:
            found.setdefault((min(a, b), max(a, b)), set()).add(o)
    return {pair: len(objects) for pair, objects in found.items()}


def firsts(rows):
    best = {}
    for o, a, t in rows:
        best[o, a] = min(t, best.get((o, a), t))
    return [(o, a, t) for (o, a), t in best.items()]


def test_weights_of_the_worked_example():
    found = pair_weights(OBJECTS, ACCOUNTS, TIMES, within=10)
    assert found.rows() == [(0, 1, 2), (0, 2, 2), (1, 2, 1)]
    swept = frequent_pairs(incidence(OBJECTS, ACCOUNTS, TIMES, n_accounts=3), within=10, least=1)
    assert [part.tolist() for part in swept] == [[0, 0, 1], [1, 2, 2], [2, 2, 1]]


@settings(deadline=None, max_examples=60)
@given(shares, st.sampled_from([0, 5, 60, 1000]))
def test_weights_are_those_of_every_pair_of_shares(rows, within):
    found = pair_weights(*columns(rows), within=within)
    assert {(a, b): w for a, b, w in found.rows()} == brute_pairs(rows, within)


@settings(deadline=None, max_examples=60)
@given(shares, st.sampled_from([5, 60, None]), st.integers(1, 3), st.integers(0, 3))
def test_the_sweep_finds_every_pair_of_first_shares(rows, within, least, bits):
    found = incidence(*columns(rows), n_accounts=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(co_action, "_TABLE", 1 << bits)  # so small a table that pairs meet in it and parts are needed
        first, second, number = frequent_pairs(found, within=within, least=least)
    expected = brute_pairs(firsts(rows), 10**9 if within is None else within)
    expected = {pair: count for pair, count in expected.items() if count >= least}
    got = {(a, b): n for a, b, n in zip(first.tolist(), second.tolist(), number.tolist(), strict=True)}
    assert got == expected
    assert sorted(got) == list(got)


@settings(deadline=None, max_examples=40)
@given(shares)
def test_timing_of_pairs_is_that_of_their_first_shares(rows):
    found = incidence(*columns(rows), n_accounts=8)
    timing = Timing.of(found)
    pairs = np.array(list(itertools.combinations(range(8), 2)))
    timed = timing.pairs(pairs[:, 0].copy(), pairs[:, 1].copy())
    when = {(o, a): t for o, a, t in firsts(rows)}
    for r, (a, b) in enumerate(pairs.tolist()):
        gaps = [when[o, a] - when[o, b] for o in range(6) if (o, a) in when and (o, b) in when]
        assert timed.common[r] == len(gaps)
        assert timed.close[r].tolist() == [sum(abs(gap) <= w for gap in gaps) for w in WINDOWS]
        assert timed.median_gap[r] == (np.median(np.abs(gaps)) if gaps else 0)
        assert timed.first_ahead[r] == sum(-60 <= gap < 0 for gap in gaps)
        assert timed.second_ahead[r] == sum(0 < gap <= 60 for gap in gaps)
    assert timing.common(pairs[:, 0].copy(), pairs[:, 1].copy()).tolist() == timed.common.tolist()


def test_chance_within_an_object_is_the_share_of_its_pairs_of_times():
    found = incidence(np.zeros(4, dtype=int), np.arange(4), np.array([0, 4, 20, 500]), n_accounts=4)
    # Gaps 4, 20, 500, 16, 496, 480.
    assert close_shares(found)[0] == pytest.approx([1 / 6, 1 / 6, 3 / 6, 3 / 6])


def test_chance_within_an_hour_is_that_of_all_pairs_of_seconds():
    seconds = np.arange(60)
    same, touching = chance_within_hour((5, 10), hour=60)
    for k, window in enumerate((5, 10)):
        gaps = np.abs(seconds[:, None] - seconds[None, :])
        assert same[k] == pytest.approx(np.mean(gaps <= window))
        apart = np.abs(seconds[:, None] - (seconds + 60)[None, :])
        assert touching[k] == pytest.approx(np.mean(apart <= window))


def brute_closest(chance, observed):
    """Return the p-value of the best window by going through every outcome."""
    n, w = chance.shape
    parts = np.column_stack([chance[:, 0], *(chance[:, k] - chance[:, k - 1] for k in range(1, w)), 1 - chance[:, -1]])
    law = {}
    for outcome in itertools.product(range(w + 1), repeat=n):
        mass = float(np.prod(parts[np.arange(n), outcome]))
        counts = tuple(sum(x <= k for x in outcome) for k in range(w))
        law[counts] = law.get(counts, 0.0) + mass
    tails = [[sum(m for c, m in law.items() if c[k] >= s) for s in range(n + 1)] for k in range(w)]
    best = min(tails[k][observed[k]] for k in range(w))
    hit = (m for c, m in law.items() if min(tails[k][c[k]] for k in range(w)) <= best * (1 + 1e-9))
    return sum(hit)


def test_the_best_of_several_windows_is_tested_exactly():
    random = np.random.default_rng(0)
    for _ in range(25):
        n = int(random.integers(1, 6))
        chance = np.sort(random.random((n, 4)) ** 2, axis=1)
        observed = np.sort(random.integers(0, n + 1, 4))
        assert _closest(chance, observed)[0] == pytest.approx(brute_closest(chance, observed), rel=1e-9)


def test_beyond_a_table_of_counts_the_p_value_is_bounded_from_above():
    chance = np.tile([0.1, 0.2, 0.3, 0.4], (60, 1))
    observed = np.array([20, 30, 36, 42])
    bound, _ = _closest(chance, observed)
    state = np.random.default_rng(1)
    draws = np.searchsorted([0.1, 0.2, 0.3, 0.4], state.random((20_000, 60)))
    counts = np.stack([(draws <= k).sum(axis=1) for k in range(4)], axis=1)
    assert bound >= np.mean((counts >= observed).any(axis=1)) - 0.001
    assert bound < 0.01


def test_timing_p_values_are_calibrated_when_times_are_dealt_out_anew():
    # Two accounts that share twenty objects with others, timed at random within each: rejections at 5 % stay below it.
    random = np.random.default_rng(5)
    rejected = []
    for _ in range(150):
        rows = [(o, a, int(t)) for o in range(20) for a, t in enumerate(random.exponential(300, 8))]
        timing = Timing.of(incidence(*columns(rows), n_accounts=8))
        pair = timing.pairs(np.array([0, 2, 4]), np.array([1, 3, 5]))
        rejected += (pair.object_p <= 0.05).tolist()
    rate = np.mean(rejected)
    assert 0.02 <= rate <= 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / 450)


def test_an_object_nobody_else_shared_says_nothing_of_timing():
    rows = [(o, a, 1000 * o + a) for o in range(5) for a in range(2)]
    timed = Timing.of(incidence(*columns(rows), n_accounts=2)).pairs(np.array([0]), np.array([1]))
    assert timed.object_p[0] == 1.0
    assert timed.attainable_p[0] == 1.0
    assert timed.hour_p[0] < 1e-6


def test_shuffling_keeps_the_times_of_every_object():
    random = np.random.default_rng(2)
    objects, times = random.integers(0, 5, 200), random.integers(0, 1000, 200)
    mixed = shuffled_within(objects, times, random)
    for o in range(5):
        assert sorted(mixed[objects == o]) == sorted(times[objects == o])
    assert (mixed != times).any()


def test_the_percentile_cut_keeps_what_exceeds_the_median():
    cut = percentile_cut(OBJECTS, ACCOUNTS, TIMES, within=10)
    assert (cut.pairs, cut.threshold, cut.kept.height) == (3, 2.0, 0)
    low = percentile_cut(OBJECTS, ACCOUNTS, TIMES, within=10, percentile=0.0)
    assert low.kept.select("first", "second").rows() == [(0, 1), (0, 2)]
    alone = percentile_cut(np.array([1, 1]), np.array([0, 1]), np.array([0, 1]))
    assert (alone.pairs, alone.kept.height) == (0, 0)  # each shared once only


def test_too_many_pairs_are_not_written_down():
    assert pair_weights(OBJECTS, ACCOUNTS, TIMES, within=10, most=3) is None
