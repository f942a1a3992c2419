"""Agreement of rankings: the worked value, its limits, and a second way to compute it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.rank_overlap import jaccard, rank_biased_overlap


def by_definition(first, second, p):
    """Webber, Moffat and Zobel (2010), equation 32, term by term."""
    short, long = sorted((first, second), key=len)
    s, n = len(short), len(long)
    overlap = [len(set(short[:d]) & set(long[:d])) for d in range(n + 1)]
    total = sum(overlap[d] / d * p**d for d in range(1, n + 1))
    total += sum(overlap[s] * (d - s) / (s * d) * p**d for d in range(s + 1, n + 1))
    return (1 - p) / p * total + ((overlap[n] - overlap[s]) / n + overlap[s] / s) * p**n


def test_worked_values():
    assert rank_biased_overlap("abcde", "bacfe", p=0.9) == pytest.approx(0.750555, abs=5e-7)
    assert rank_biased_overlap("abcde", "abcde") == pytest.approx(1.0)
    assert rank_biased_overlap("abc", "xyz") == 0.0
    assert rank_biased_overlap("", "abc") is None
    assert jaccard("abc", "bcd") == 0.5
    assert jaccard("", "") is None


@given(st.permutations(range(12)), st.permutations(range(12)), st.integers(1, 12), st.integers(1, 12))
def test_equals_the_definition_and_is_symmetric(first, second, m, n):
    one, other = first[:m], second[:n]
    found = rank_biased_overlap(one, other, p=0.9)
    assert found == pytest.approx(by_definition(one, other, 0.9))
    assert found == pytest.approx(rank_biased_overlap(other, one, p=0.9))
    assert -1e-12 <= found <= 1 + 1e-12


@pytest.mark.parametrize("p", [0.0, 1.0, -0.2])
def test_the_weight_of_depth_lies_between_0_and_1(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_biased_overlap("a", "a", p=p)
