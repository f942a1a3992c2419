"""Texts as numbers and rows in order, on integers: what costs in large tables is to compare texts.

Texts are hashed to 64-bit words, equal words get one number, and every text is then compared with the one its number stands
for: two texts never pass for one.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Words from which on the compiled kernel is used: below, importing the compiler takes longer than it saves. What it finds is
# the same.
COMPILED_FROM = 3_000_000
_WHERE_IMPORTED_FROM = 1_000_000
# Rows from which on rows are put in order by whole numbers first.
_MANY_ROWS = 10_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def numbered(words: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Number words by their first occurrence.

    Returns
    -------
    number
        For each word its number, from 0.
    first
        For each number the place of the first word that bears it, ascending.

    Notes
    -----
    O(n) with a table of at most half its places filled from ``COMPILED_FROM`` words on, else O(n log n).
    """
    if len(words) >= (_WHERE_IMPORTED_FROM if "numba" in sys.modules else COMPILED_FROM):
        from netact.coding_kernels import numbered_words

        return numbered_words(words)
    place = pl.Series(words).rank("dense").to_numpy().astype(np.int64) - 1
    found = int(place.max()) + 1 if len(place) else 0
    first = np.empty(found, dtype=np.int64)
    first[place[::-1]] = np.arange(len(words) - 1, -1, -1)  # the last that is written stays
    order = np.argsort(first)
    rank = np.empty(found, dtype=np.uint32)
    rank[order] = np.arange(found, dtype=np.uint32)
    return rank[place], first[order]


def _hashed_rows(frame: pl.DataFrame, seed: int) -> NDArray[np.uint64]:
    """Return one word for each row, the same for equal rows, in this process."""
    words = np.zeros(frame.height, dtype=np.uint64)
    for column in frame.iter_columns():
        words = (words * _FACTOR) ^ (words >> np.uint64(29)) ^ column.hash(seed).to_numpy()
    return words


def distinct_rows(parts: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, list[pl.Series]]:
    """Return the different rows of several tables with the same columns of texts, and for each table the number of every row.

    Rows stand in the order of their first occurrence. Nulls are equal.
    """
    names = parts[0].columns
    ends = np.cumsum([0, *(part.height for part in parts)])
    for seed in range(1, 9):
        words = np.empty(ends[-1], dtype=np.uint64)
        for part, begin, end in zip(parts, ends, ends[1:], strict=False):
            words[begin:end] = _hashed_rows(part, seed)
        number, first = numbered(words)
        del words
        cuts = np.searchsorted(first, ends)
        found = pl.concat(
            [
                part[first[low:high] - begin]
                for part, low, high, begin in zip(parts, cuts, cuts[1:], ends, strict=False)
            ],
            rechunk=True,
        )
        numbers = [pl.Series("number", number[begin:end]) for begin, end in pairwise(ends)]
        if all(
            bool(found[name].gather(numbers[k]).eq_missing(part[name]).all())
            for k, part in enumerate(parts)
            for name in names
        ):
            return found, numbers
    raise AssertionError("texts with the same hash under every seed")  # pragma: no cover


def numbered_texts(columns: Sequence[pl.Series]) -> tuple[pl.Series, list[pl.Series]]:
    """Return the different texts of some columns, null too, and for each column the number of every row's text."""
    texts, numbers = distinct_rows([column.rename("text").to_frame() for column in columns])
    return texts.to_series(), numbers


def occurring(texts: pl.Series, numbers: pl.Series) -> pl.Series:
    """Return those of the numbered texts that a column of numbers holds, in their order."""
    there = np.zeros(len(texts), dtype=np.bool_)
    there[numbers.to_numpy()] = True
    return texts.filter(pl.Series(there))


def all_different(frame: pl.DataFrame) -> bool:
    """Whether no two rows of a table are equal; nulls are."""
    if frame.height < _MANY_ROWS:
        return bool(frame.is_unique().all())
    words = _hashed_rows(frame, 1)
    words.sort()
    # Rows of different hashes are different; of the same, most likely equal.
    return not bool((words[1:] == words[:-1]).any()) or bool(frame.is_unique().all())


def in_order(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return a table sorted by these columns, nulls last; the first two hold whole numbers below 2**32, or Enums.

    Rows are sorted by the first two as one number, and only those that agree in both by the others.
    """
    first, rest = columns[:2], list(columns[2:])
    if frame.height < _MANY_ROWS or any(frame[name].null_count() for name in first):
        return frame.sort(list(columns), nulls_last=True)
    high, low = (frame[name].to_physical().cast(pl.UInt32).to_numpy() for name in first)
    key = (high.astype(np.uint64) << np.uint64(32)) | low
    order = np.argsort(key)
    key = key[order]
    same = key[1:] == key[:-1]
    alike = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
    if len(alike) and rest:
        rows = frame.select(rest)[order[alike]]
        varied = [name for name in rest if not bool(rows[name].eq_missing(rows[name][0]).all())]
        rows = rows.select(pl.Series("", key[alike]), *varied)
        place = rows.select(pl.arg_sort_by("", *varied, nulls_last=True)).to_series().to_numpy()
        order[alike] = order[alike][place]
    return frame[order]
