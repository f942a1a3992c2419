"""Burstiness and memory: worked values, limits, and the clock without the daily rhythm."""

from __future__ import annotations

import numpy as np
import pytest

from netact.burstiness import burstiness, hourly_rate, without_daily_rhythm
from netact.randomness import generator

HOUR = 3_600_000_000
WORKED = [0, 1, 2, 3, 30, 31, 32, 90, 91, 95]


def test_worked_values():
    found = burstiness(WORKED)
    assert (found.burstiness, found.corrected, found.memory) == pytest.approx((0.275809, 0.534432, -0.293835), abs=5e-7)
    assert found.acts == 10


def test_acts_at_one_moment_count_once_and_order_does_not():
    assert burstiness([95, 95, *reversed(WORKED), 0]) == burstiness(WORKED)


def test_a_clock_and_what_is_too_short():
    clock = burstiness(range(0, 100, 5))
    assert (clock.burstiness, clock.memory) == (-1.0, None)
    assert clock.corrected == pytest.approx(-1.0)
    assert burstiness([1, 2]).burstiness is None
    assert burstiness([4, 4, 4]).corrected is None
    assert burstiness([1, 2, 4]).memory is None


def test_a_random_series_has_no_burstiness():
    gaps = generator(1, "test").exponential(size=20_000)
    found = burstiness(np.cumsum(gaps))
    assert abs(found.corrected) < 0.02
    assert abs(found.memory) < 0.03


def test_the_daily_rhythm_is_taken_out():
    # Random acts, but only from 18 to 22 o'clock: bursty by the clock, random on the clock of everybody's activity.
    random = generator(2, "test")
    days = np.repeat(np.arange(200), 20)
    moments = days * 24 * HOUR + 18 * HOUR + random.integers(0, 4 * HOUR, len(days))
    rate = hourly_rate(moments)
    assert rate.sum() == pytest.approx(1)
    assert rate[:18].sum() == 0
    raw, flat = burstiness(moments).corrected, burstiness(without_daily_rhythm(moments, rate)).corrected
    assert raw > 0.5
    assert abs(flat) < 0.05


def test_the_clock_never_runs_back():
    moments = np.sort(generator(3, "test").integers(0, 60 * 24 * HOUR, 500))
    rate = hourly_rate(moments[:50])
    assert (np.diff(without_daily_rhythm(moments, rate)) >= 0).all()
    assert without_daily_rhythm([36 * HOUR], hourly_rate([]))[0] == pytest.approx(1.5)
