"""Tests of the likeness of rankings: worked values, the definition summed out, properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.rank_overlap import jaccard, rank_biased_overlap


def test_worked_values():
    assert rank_biased_overlap("abcde", "bacfe") == pytest.approx(0.750555, abs=1e-6)
    assert rank_biased_overlap("abcde", "abcde") == 1
    assert rank_biased_overlap("abc", "xyz") == 0
    assert rank_biased_overlap("", "abc") is None
    assert jaccard("", "") is None


def test_is_the_sum_over_all_depths():
    """Two rankings whose overlap stays the same for ever, summed to depth 2000."""
    first, second = "abcde", "bacfe"
    overlap = [len(set(first[:d]) & set(second[:d])) / d for d in range(1, 6)]
    total = sum(0.1 * 0.9 ** (d - 1) * overlap[min(d, 5) - 1] for d in range(1, 2001))
    assert rank_biased_overlap(first, second) == pytest.approx(total, abs=1e-9)


RANKING = st.lists(st.integers(0, 20), min_size=1, max_size=15, unique=True)


@given(RANKING, RANKING)
def test_symmetric_and_within_its_range(first, second):
    value = rank_biased_overlap(first, second)
    assert 0 <= value <= 1
    assert value == rank_biased_overlap(second, first)
    assert rank_biased_overlap(first, first) == pytest.approx(1)
