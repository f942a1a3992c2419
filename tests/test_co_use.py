"""Signs used by the same accounts: worked values, an independent count, and its own null."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from netact.co_use import (
    adjusted_among,
    association,
    expected_given_activity,
    tail_given_activity,
    users_of_both,
)
from netact.significance import false_discovery


def test_worked_value():
    # n=100, a=40, b=30, both=20.
    found = association(100, [40], [30], [20])
    assert found.pmi[0] == pytest.approx(0.510826, abs=1e-6)
    assert found.npmi[0] == pytest.approx(0.317394, abs=1e-6)
    assert found.p_value[0] == pytest.approx(4.3106e-4, rel=1e-4)


def test_association_at_its_ends():
    same = association(50, [10], [10], [10])
    assert same.npmi[0] == pytest.approx(1.0)
    assert same.p_value[0] == pytest.approx(1 / math.comb(50, 10))
    independent = association(100, [50], [40], [20])
    assert independent.pmi[0] == pytest.approx(0.0)
    # Never together, or everyone always: nothing is said.
    assert np.isnan(association(10, [5], [5], [0]).npmi[0])
    assert np.isnan(association(10, [10], [10], [10]).npmi[0])
    assert association(10, [10], [10], [10]).p_value[0] == pytest.approx(1.0)


def test_common_users_by_sets():
    random = np.random.default_rng(5)
    users = [set(random.choice(30, size, replace=False).tolist()) for size in (20, 9, 1, 14, 0)]
    pairs = [(account, sign) for sign, members in enumerate(users) for account in members]
    account, sign = np.array(pairs).T
    both = users_of_both(account, sign, signs=5)
    for a, b in combinations(range(5), 2):
        assert both[a, b] == both[b, a] == len(users[a] & users[b])
    assert both.diagonal().tolist() == [len(members) for members in users]
    assert users_of_both(account[:0], sign[:0], signs=3).tolist() == [[0] * 3] * 3


def test_activity_alone_ties_signs_and_is_taken_out():
    # Forty busy accounts use half of all signs, the others one each: every two signs go together by activity alone.
    random = np.random.default_rng(2)
    used = random.random((400, 12)) < np.where(np.arange(400) < 40, 0.5, 0.06)[:, None]
    account, sign = np.nonzero(used)
    both = users_of_both(account, sign, signs=12)
    first, second = np.triu_indices(12, 1)
    common = both[first, second]
    size = both.diagonal()
    naive = association(400, size[first], size[second], common).p_value
    expected, draws = expected_given_activity(account, sign, signs=12, draws=40, seed=1)
    given = tail_given_activity(common, expected[first, second], draws=draws)
    assert draws == 40
    assert (naive < 0.05).mean() > 0.8
    assert (given < 0.05).mean() <= 0.05
    assert expected[first, second].sum() == pytest.approx(common.sum(), rel=0.05)


def test_tail_bounds_the_poisson_binomial_above_its_mean():
    random = np.random.default_rng(8)
    for _ in range(5):
        chance = random.beta(0.5, 3, 60)
        exact = np.array([1.0])
        for p in chance:
            exact = np.convolve(exact, [1 - p, p])
        for both in range(math.ceil(chance.sum()) + 1, 61):
            assert tail_given_activity([both], [chance.sum()], draws=10**9)[0] >= exact[both:].sum() - 1e-12


def test_hypergeometric_p_rejects_at_most_as_often_as_it_says():
    # Users of two signs drawn independently of one another: its own null.
    random = np.random.default_rng(3)
    both = random.hypergeometric(60, 140, 50, size=2000)
    p = association(200, np.full(2000, 60), np.full(2000, 50), both).p_value
    highest = stats.binom.ppf(0.995, 2000, 0.05)
    assert np.count_nonzero(p <= 0.05) <= highest
    # It is discrete, but not far below: the largest attainable level under 5 %.
    level = max(q for q in association(200, [60] * 51, [50] * 51, range(51)).p_value if q <= 0.05)
    low, high = stats.binom.ppf([0.005, 0.995], 2000, level)
    assert low <= np.count_nonzero(p <= 0.05) <= high


def test_tests_that_are_not_shown_still_count():
    p = np.array([0.0004, 0.003, 0.02])
    assert adjusted_among(p, 3) == pytest.approx(false_discovery(p.tolist()))
    assert adjusted_among(p, 100).tolist() == pytest.approx([0.04, 0.15, 2 / 3])
    assert not len(adjusted_among(np.empty(0), 10))
