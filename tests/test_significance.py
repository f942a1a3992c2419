"""Monte Carlo p-values and estimates beside their null."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from netact.significance import against_null, false_discovery, gumbel_tail, monte_carlo_p


@pytest.mark.parametrize("tail", ["greater", "less", "two-sided"])
def test_p_values_are_uniform_under_the_null(tail):
    rng = np.random.default_rng(1)
    p = [monte_carlo_p(x[0], x[1:], tail=tail) for x in rng.normal(size=(1_500, 1_000))]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_five_per_cent_means_five_per_cent():
    rng = np.random.default_rng(2)
    p = np.array([monte_carlo_p(x[0], x[1:]) for x in rng.exponential(size=(4_000, 100))])
    assert stats.binomtest(int((p <= 0.05).sum()), 4_000, 0.05).pvalue > 0.01


def test_values_by_hand():
    null = [1.0, 2.0, 3.0, np.nan]
    assert monte_carlo_p(3.0, null) == 0.5
    assert monte_carlo_p(3.5, null) == 0.25
    assert monte_carlo_p(0.0, null, tail="less") == 0.25
    assert monte_carlo_p(2.0, null, tail="two-sided") == 1.0
    assert monte_carlo_p(4.0, null, tail="two-sided") == 0.5
    assert monte_carlo_p(1.0, []) == 1.0


def test_the_gumbel_tail_of_gumbel_maxima():
    null = stats.gumbel_r.rvs(loc=2, scale=3, size=20_000, random_state=np.random.default_rng(3))
    for x in (5.0, 15.0, 25.0):
        assert gumbel_tail(x, null) == pytest.approx(stats.gumbel_r.sf(x, loc=2, scale=3), rel=0.15)
    assert gumbel_tail(9.0, [1.0] * 50) == monte_carlo_p(9.0, [1.0] * 50)


def test_an_estimate_beside_its_null():
    estimate = against_null(5.0, [1.0, 2.0, 3.0, np.inf], unit="index", null_model="m")
    assert estimate.null_mean == 2.0
    assert estimate.null_sd == 1.0
    assert estimate.draws == 3
    assert estimate.p_value == 0.25
    assert estimate.effect == 3.0
    assert estimate.z == 3.0
    assert against_null(5.0, [2.0, 2.0], unit="index", null_model="m").z is None
    bare = against_null(5.0, [], unit="index", null_model="m")
    assert (bare.value, bare.p_value, bare.draws) == (5.0, None, 0)
    for nothing in (None, np.nan):
        assert against_null(nothing, [1.0], unit="index", null_model="m").status == "undefined"


def test_false_discovery_by_hand():
    # Benjamini & Hochberg: p * m / rank, made monotone from the largest down.
    p = [0.005, 0.5, 0.04, 0.03]
    assert false_discovery(p) == pytest.approx([0.02, 0.5, 0.16 / 3, 0.16 / 3])
    assert len(false_discovery([])) == 0
