"""Compiled kernels of :mod:`netact.coding`; imported only for large tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NONE = np.uint32(0xFFFFFFFF)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def _placed(table: Any, words: Any, word: Any, shift: Any) -> Any:
    """Return the place of a word in the table, or the empty place where it belongs."""
    mask = len(table) - 1
    place = np.int64((word * _FACTOR) >> shift)
    while True:
        number = table[place]
        if number == _NONE or words[number] == word:
            return place
        place = (place + 1) & mask


@njit(cache=True, nogil=True)
def _numbered(words: Any) -> Any:
    bits = 12
    table = np.full(1 << bits, _NONE, dtype=np.uint32)
    own = np.empty(1 << (bits - 1), dtype=np.uint64)
    first = np.empty(1 << (bits - 1), dtype=np.int64)
    number = np.empty(len(words), dtype=np.uint32)
    found = 0
    for row in range(len(words)):
        word = words[row]
        place = _placed(table, own, word, np.uint64(64 - bits))
        code = table[place]
        if code == _NONE:
            if found == len(own):
                bits += 1
                table = np.full(1 << bits, _NONE, dtype=np.uint32)
                larger = np.empty(1 << (bits - 1), dtype=np.uint64)
                larger[:found] = own
                own = larger
                further = np.empty(1 << (bits - 1), dtype=np.int64)
                further[:found] = first
                first = further
                for earlier in range(found):
                    table[_placed(table, own, own[earlier], np.uint64(64 - bits))] = earlier
                place = _placed(table, own, word, np.uint64(64 - bits))
            code = np.uint32(found)
            table[place] = code
            own[found] = word
            first[found] = row
            found += 1
        number[row] = code
    return number, first[:found].copy()


def numbered_words(words: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Do what :func:`netact.coding.numbered` does, in O(n)."""
    number, first = _numbered(np.ascontiguousarray(words))
    return number, first


@njit(cache=True, nogil=True)
def _counted(values: Any, size: Any, order: Any, has_order: Any) -> Any:
    start = np.zeros(size + 1, dtype=np.uint32)
    for row in range(len(values)):
        start[values[row] + 1] += np.uint32(1)
    for value in range(size):
        start[value + 1] += start[value]
    found = np.empty(len(values), dtype=np.uint32)
    for at in range(len(values)):
        row = order[at] if has_order else at
        value = values[row]
        found[start[value]] = row
        start[value] += np.uint32(1)
    return found


def ordered_by_counting(values: NDArray[Any], order: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """Return an order by whole numbers, of the same number as in the order before, if there is one; O(n + largest)."""
    values = np.ascontiguousarray(values)
    before = np.empty(0, dtype=np.uint32) if order is None else order
    found: NDArray[np.uint32] = _counted(values, int(values.max()) + 1, before, order is not None)
    return found
