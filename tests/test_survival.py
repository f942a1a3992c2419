"""Kaplan-Meier: worked values, the interval by hand, and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.survival import kaplan_meier, restricted_mean, survival_at

WORKED = ([2, 3, 4, 5, 8, 10], [True, True, False, True, True, False])


def test_worked_values():
    curve = kaplan_meier(*WORKED)
    found = dict(curve.filter(curve["ended"] > 0).select("time", "survival").iter_rows())
    assert found == pytest.approx({2: 0.833333, 3: 0.666667, 5: 0.444444, 8: 0.222222}, abs=5e-7)
    assert curve["at_risk"].to_list() == [6, 5, 4, 3, 2, 1]
    assert curve["censored"].to_list() == [0, 0, 1, 0, 0, 1]


def test_the_interval_is_that_of_exponential_greenwood():
    curve = kaplan_meier(*WORKED)
    # At 5: deaths 1 of 6, 1 of 5, 1 of 3.
    spread = math.sqrt(1 / 30 + 1 / 20 + 1 / 6)
    for sign, column in ((1, "low"), (-1, "high")):
        wanted = (4 / 9) ** math.exp(sign * 1.959964 * spread / abs(math.log(4 / 9)))
        assert curve.filter(curve["time"] == 5)[column][0] == pytest.approx(wanted, abs=1e-6)


def test_without_censoring_it_is_the_share_still_waiting():
    curve = kaplan_meier([1, 1, 2, 4], [True] * 4)
    assert curve["survival"].to_list() == [0.5, 0.25, 0.0]
    assert curve["low"].to_list()[-1] is None
    assert survival_at(curve, [0, 1, 3, 9]).tolist() == [1.0, 0.5, 0.25, 0.0]


def test_empty_and_all_censored():
    assert kaplan_meier([], []).height == 0
    assert restricted_mean(kaplan_meier([], []), 3) is None
    curve = kaplan_meier([3.0, 3.0], [False, False])
    assert curve["survival"].to_list() == [1.0]
    assert restricted_mean(curve, 3) == 3.0


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40), st.randoms(use_true_random=False)
)
def test_falls_from_one_whatever_the_order(rows, random):
    curve = kaplan_meier([t for t, _e in rows], [e for _t, e in rows])
    again = list(rows)
    random.shuffle(again)
    assert curve.equals(kaplan_meier([t for t, _e in again], [e for _t, e in again]))
    values = np.concatenate([[1.0], curve["survival"].to_numpy()])
    assert (np.diff(values) <= 1e-12).all()
    assert (values >= 0).all()
    for low, value, high in curve.select("low", "survival", "high").drop_nulls().iter_rows():
        assert 0 <= low <= value <= high <= 1


@given(st.lists(st.floats(0, 50), min_size=1, max_size=30))
def test_the_restricted_mean_is_the_mean_of_what_was_waited(times):
    mean = restricted_mean(kaplan_meier(times, [True] * len(times)), 24)
    assert mean == pytest.approx(np.minimum(times, 24).mean())
