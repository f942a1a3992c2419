"""Participation, balance, breadth and adoption curves: the worked values, and independent oracles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from netact.adoption import FEWEST_ADOPTERS, bass, bass_peak, fastest_joining, fit_adoption
from netact.participation import (
    balance,
    balance_interval,
    breadth,
    kl_divergence,
    representation,
    sign_test,
    spread_null,
    wilson,
    wilson_intervals,
)


def test_worked_values_of_an_operation():
    assert wilson(120, 1000) == pytest.approx((0.101299, 0.141609), abs=1e-6)
    assert wilson(30, 1000) == pytest.approx((0.021094, 0.042504), abs=1e-6)
    assert balance(120, 30) == pytest.approx(0.6)
    # The specification's value is that of the one-sided test; printed is the two-sided one, twice as large.
    assert sign_test(120, 30, tail="greater") == pytest.approx(3.0e-14, rel=0.01)
    assert sign_test(120, 30) == pytest.approx(2 * sign_test(120, 30, tail="greater"))
    assert kl_divergence([100, 15, 5], [500, 300, 200]) == pytest.approx(0.250895, abs=1e-6)
    assert breadth([100, 15, 5], [500, 300, 200]) == pytest.approx(0.208333, abs=1e-6)


def test_worked_values_of_the_bass_curve():
    assert float(bass(10, 0.01, 0.4)) == pytest.approx(0.591390, abs=1e-6)
    assert bass_peak(0.01, 0.4) == pytest.approx(8.997267, abs=1e-6)


def test_the_bass_curve_solves_its_equation():
    p, q = 0.02, 0.3
    solved = integrate.solve_ivp(
        lambda _, f: (p + q * f) * (1 - f), (0, 30), [0.0], t_eval=[5, 15, 30], rtol=1e-9, atol=1e-12
    )
    assert bass([5, 15, 30], p, q) == pytest.approx(solved.y[0], abs=1e-7)
    times = np.linspace(0, 60, 60_001)
    assert times[np.argmax(np.gradient(bass(times, p, q), times))] == pytest.approx(bass_peak(p, q), abs=0.01)
    assert bass_peak(0.4, 0.1) == 0.0


def test_nothing_is_none():
    assert wilson(0, 0) is None
    assert balance(0, 0) is balance_interval(0, 0) is sign_test(0, 0) is None
    assert kl_divergence([0, 0], [5, 5]) is breadth([0, 0], [5, 5]) is None
    assert kl_divergence([1, 1], [5, 0]) is representation([1, 1], [5, 0]) is None
    assert kl_divergence([5, 0], [5, 5]) == pytest.approx(math.log(2))
    assert balance_interval(3, 0)[0] < 0.2
    assert fastest_joining([], 10, 5.0) is None


def test_an_even_draw_has_all_its_due():
    assert breadth([10, 6, 4], [50, 30, 20]) == pytest.approx(1)
    assert kl_divergence([10, 6, 4], [50, 30, 20]) == pytest.approx(0, abs=1e-12)


def test_the_divergence_of_a_draw_is_above_zero_by_as_much_as_theory_says():
    null = spread_null(60, [5000, 3000, 2000], large=3, draws=20_000, random=np.random.default_rng(1))
    # (k-1) / (2 n) for k groups and n drawn from many.
    assert null.divergence.mean() == pytest.approx(2 / 120, rel=0.05)
    assert null.breadth.max() <= 1
    few = spread_null(60, [50, 30, 20], large=3, draws=4000, random=np.random.default_rng(1))
    assert few.divergence.mean() < null.divergence.mean()  # without replacement from few


def test_breadth_p_is_uniform_at_most():
    random = np.random.default_rng(3)
    null = spread_null(50, [300, 200, 100], large=3, draws=999, random=random).breadth
    draws = spread_null(50, [300, 200, 100], large=3, draws=400, random=random).breadth
    p = np.array([(1 + np.sum(null <= value)) / 1000 for value in draws])
    low, high = stats.binom.ppf([0.005, 0.995], 400, 0.05)
    assert np.sum(p <= 0.05) <= high
    assert low >= 0


@pytest.mark.parametrize("curve", ["exponential", "logistic", "bass"])
def test_the_curve_that_made_the_times_is_found(curve):
    random = np.random.default_rng(5)
    u = random.uniform(size=600)
    times = {
        "exponential": -np.log(1 - u) / 0.3,
        "logistic": 6 + special.logit(u) / 1.5,
        "bass": np.log((1 + 40 * u / 1) / (1 - u)) / 0.41,
    }[curve]
    times = times[(times >= 0) & (times <= 14 if curve != "bass" else times <= 20)]
    fits = fit_adoption(times, 14.0 if curve != "bass" else 20.0)
    assert {fit.curve for fit in fits} == {"exponential", "logistic", "bass"}
    assert [fit.aic for fit in fits] == sorted(fit.aic for fit in fits)
    best = {fit.curve: fit.aic for fit in fits}
    assert best[curve] <= fits[0].aic + 3
    if curve == "bass":
        found = next(fit for fit in fits if fit.curve == "bass").parameters
        assert found[1:] == pytest.approx((0.01, 0.4), rel=0.5)
    if curve == "exponential":
        # The wrong shapes tell the tail clearly worse.
        assert best["logistic"] > best["exponential"] + 3


def test_few_adopters_or_one_moment_have_no_curve():
    assert fit_adoption(np.linspace(0, 5, FEWEST_ADOPTERS - 1), 10.0) == ()
    assert fit_adoption(np.full(100, 3.0), 10.0) == ()
    assert fit_adoption(np.linspace(0, 5, 100), 0.0) == ()


def test_joining_is_fastest_where_most_of_those_left_join():
    # 10 of 100 on the first day, then 30 of the 90 left on the sixth, then 25 of 60 on the ninth: the last is the largest share.
    times = np.repeat([0.5, 5.5, 8.5], [10, 30, 25])
    assert fastest_joining(times, 100, 10.0, bins=10) == pytest.approx(8.5)
    assert fastest_joining(times, 10_000, 10.0, bins=10) == pytest.approx(5.5)


def test_intervals_of_many_shares_are_those_of_scipy_to_the_last_digit():
    random = np.random.default_rng(1)
    totals = np.concatenate([random.integers(1, 60, 150), random.integers(1, 10**7, 150), [1, 1, 7, 7]])
    counts = np.concatenate([(totals[:-4] * random.random(300)).astype(int), [0, 1, 0, 7]])
    low, high = wilson_intervals(counts, totals)
    for k, n, *ends in zip(counts.tolist(), totals.tolist(), low.tolist(), high.tolist(), strict=True):
        assert ends == list(stats.binomtest(k, n).proportion_ci(method="wilson"))
