"""Memory asked for ahead of time: nothing is changed by it, whatever is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from netact.prefetch import fetch


@njit
def _sum(values, order, ahead):
    total = values.dtype.type(0)
    for x in range(len(order)):
        fetch(values, order[min(x + ahead, len(order) - 1)])
        total += values[order[x]]
    return total


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.float32, np.float64, np.bool_])
def test_what_is_read_is_what_stands_there(dtype):
    random = np.random.default_rng(1)
    values = random.integers(0, 2, 1000).astype(dtype)
    before = values.copy()
    order = random.permutation(1000)
    assert _sum(values.astype(np.int64), order, 8) == before.sum()
    assert _sum(values[values > 0][:1], np.zeros(1, dtype=np.int64), 1) == 1
    assert np.array_equal(values, before)


@njit
def _ask(values, index):
    fetch(values, index)


@pytest.mark.parametrize("index", [-(10**12), -1, 0, 5, 6, 10**12])
def test_places_that_do_not_exist_do_no_harm(index):
    _ask(np.arange(5.0), index)
    _ask(np.empty(0, dtype=np.int32), index)
