"""Compiled kernels of :mod:`netact.canonical`; imported only for large tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True, inline="always")
def _mixed(word: Any) -> Any:
    word ^= word >> np.uint64(33)
    word *= np.uint64(0xFF51AFD7ED558CCD)
    word ^= word >> np.uint64(33)
    word *= np.uint64(0xC4CEB9FE1A85EC53)
    return word ^ (word >> np.uint64(33))


@njit(cache=True, nogil=True)
def _add(total: Any, own: Any, source: Any, target: Any, words: Any) -> None:
    for row in range(len(words)):
        s, t, word = source[row], target[row], words[row]
        total[s] += _mixed(own[t] + word)
        total[t] += _mixed(own[s] ^ _mixed(word + np.uint64(1)))


def add_neighbours(
    total: NDArray[np.uint64],
    own: NDArray[np.uint64],
    source: NDArray[Any],
    target: NDArray[Any],
    words: NDArray[np.uint64],
) -> None:
    """Add to the total of each end of a row a word of the other end's own and of the row; sums wrap around."""
    _add(total, own, source, target, words)
