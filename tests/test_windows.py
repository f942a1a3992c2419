"""Windows that are no step of the calendar; those of the calendar are tested with the timeline."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from netact.windows import calendar_edges, even_edges, finest_calendar_edges, phase_edges, window_of


def times(*moments):
    return pl.Series([datetime.fromisoformat(m).replace(tzinfo=UTC) for m in moments], dtype=pl.Datetime("us", "UTC"))


def test_phases_hold_one_moment_each():
    moments = times("2024-01-01", "2024-03-01", "2024-03-01", "2024-07-15")
    edges = phase_edges(moments)
    assert len(edges) == 4
    assert window_of(moments.to_physical().to_numpy(), edges).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize(("factor", "count"), [(0.5, 20), (1.0, 10), (2.0, 5), (3.0, 4)])
def test_even_windows_cover_the_same_time(factor, count):
    edges = calendar_edges(times("2024-01-01 05:00", "2024-01-10 23:00"), "day")
    made = even_edges(edges, factor)
    assert (len(made) - 1, made[0]) == (count, edges[0])
    assert made[-1] >= edges[-1]
    assert made.diff().drop_nulls().n_unique() == 1


def test_too_many_windows_are_not_made():
    moments = times("2024-01-01", "2025-01-01")
    assert calendar_edges(moments, "minute", most=60) is None
    step, edges = finest_calendar_edges(moments, 60)
    assert (step, len(edges) - 1) == ("week", 53)
