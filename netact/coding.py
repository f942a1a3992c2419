"""Texts as numbers and rows in order, on integers: what costs in large tables is to compare texts.

Texts are hashed to 64-bit words, equal words get one number, and every text is then compared with the one its number stands
for: two texts never pass for one.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Words or rows from which on compiled kernels are used: below, importing the compiler takes longer than it saves. What they find
# is the same.
COMPILED_FROM = 3_000_000
_WHERE_IMPORTED_FROM = 1_000_000
# Rows from which on rows are put in order by whole numbers first.
_MANY_ROWS = 10_000
# Texts from which on, and bytes up to which, texts are compared as whole numbers.
_MANY_TEXTS = 500_000
_SHORT = 32
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
    if is_compiled(len(words)):
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


def occurring(texts: pl.Series, *columns: pl.Series) -> pl.Series:
    """Return those of the numbered texts that columns of numbers hold, in their order."""
    there = np.zeros(len(texts), dtype=np.bool_)
    for numbers in columns:
        there[numbers.to_numpy()] = True
    return texts.filter(pl.Series(there))


def all_different(frame: pl.DataFrame) -> bool:
    """Whether no two rows of a table are equal; nulls are."""
    if frame.height < max(_MANY_ROWS, 2):
        return bool(frame.is_unique().all())
    frame = frame.select(column for column in frame.iter_columns() if not is_constant(column))
    if not frame.width:
        return False
    words = _hashed_rows(frame, 1)
    words.sort()
    # Rows of different hashes are different; of the same, most likely equal.
    return not bool((words[1:] == words[:-1]).any()) or bool(frame.is_unique().all())


def in_order(frame: pl.DataFrame, columns: Sequence[str], *, within: bool = False) -> pl.DataFrame:
    """Return a table sorted by these columns, nulls last; the first two hold whole numbers below 2**32, or Enums.

    Parameters
    ----------
    columns
        From the first that counts to the last.
    within
        Whether rows that agree in the first two columns are in order already.

    Notes
    -----
    Stable sorts by numbers, from the last column to the first, in O(n) each where the table is large or the numbers are few;
    only rows that agree in all numbers are sorted by texts.
    """
    first, rest = columns[:2], list(columns[2:])
    if frame.height < max(_MANY_ROWS, 2) or any(frame[name].null_count() for name in first):
        return frame.sort(list(columns), nulls_last=True)
    # A column that holds one value is in order, and stays as it is.
    varied = [name for name in frame.columns if name in first or not is_constant(frame[name])]
    rest = [] if within else [name for name in rest if name in varied]
    texts = next((place for place, name in enumerate(rest) if not _is_number(frame.schema[name])), len(rest))
    order: NDArray[np.uint32] | None = None
    for name in reversed(rest[:texts]):
        order = _ordered_by(_as_numbers(frame[name]), order)
    high, low = (frame[name].to_physical().cast(pl.UInt32).to_numpy() for name in first)
    order = _ordered_by_pair(high, low, order)
    del high, low
    numbers = [*first, *rest[:texts]]
    made = _gathered(frame.select(numbers), order)
    if texts < len(rest):
        same = np.ones(frame.height - 1, dtype=np.bool_)
        for name in numbers:
            values = _as_numbers(made[name])
            same &= values[1:] == values[:-1]
        alike = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
        if len(alike):
            run = np.cumsum(~np.r_[False, same], dtype=np.uint32)[alike]
            rows = frame.select(rest[texts:])[order[alike]]
            rows = rows.select(pl.Series("", run), *(name for name in rows.columns if not is_constant(rows[name])))
            if rows.width > 1:
                place = rows.select(pl.arg_sort_by(rows.columns, nulls_last=True)).to_series().to_numpy()
                order[alike] = order[alike][place]
    made |= _gathered(frame.select(name for name in varied if name not in made), order)
    return frame.with_columns(made[name] for name in varied)


def _gathered(frame: pl.DataFrame, order: NDArray[np.uint32]) -> dict[str, pl.Series]:
    """Return the columns of a table in an order of its rows; one by one, so that little is held twice."""
    place = pl.Series(order)
    return {column.name: column.rechunk().gather(place) for column in frame.iter_columns()}


def text_order(texts: pl.Series) -> NDArray[np.uint32]:
    """Return the order of texts that are all different, byte by byte as polars orders them.

    Notes
    -----
    Many short ones are compared eight bytes at once, as whole numbers.
    """
    longest = -1 if len(texts) < _MANY_TEXTS else int(str(texts.str.len_bytes().max()))
    if not 0 < longest <= _SHORT or texts.null_count() or bool(texts.str.contains("\0", literal=True).any()):
        order: NDArray[np.uint32] = texts.arg_sort().to_numpy()
        return order
    count = -(-longest // 8)
    padded = texts.to_frame("text").select((pl.col("text") + "\0" * (8 * count)).cast(pl.Binary).alias("text"))
    word = [pl.col("text").bin.slice(8 * n, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big") for n in range(count)]
    return np.lexsort([padded.select(one).to_series().to_numpy() for one in reversed(word)]).astype(np.uint32)


def is_constant(column: pl.Series) -> bool:
    """Whether a column holds one value, or null, in all rows; true if there are none."""
    if not len(column) or column.null_count() == len(column):
        return True
    return not column.null_count() and column[0] == column[-1] and bool((column == column[0]).all())


def _is_number(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype.is_temporal() or dtype == pl.Enum


def _as_numbers(column: pl.Series) -> NDArray[Any]:
    """Return a column of numbers as an array of which the largest stand for null, if there is any."""
    number = column.to_physical()
    if not number.null_count():
        return number.to_numpy()
    rank = number.rank("dense").cast(pl.UInt32)
    return rank.fill_null(0xFFFFFFFF).to_numpy()


def _ordered_by(values: NDArray[Any], order: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """Return an order by values, of the same value as in the order before, if there is one."""
    if values.dtype == np.uint8 and is_compiled(len(values)):
        return _counted(values, order)
    placed = values if order is None else values[order]
    if bool((placed[1:] >= placed[:-1]).all()):
        return np.arange(len(values), dtype=np.uint32) if order is None else order
    found = np.argsort(placed, kind="stable").astype(np.uint32)
    return found if order is None else order[found]


def _ordered_by_pair(
    high: NDArray[np.uint32], low: NDArray[np.uint32], order: NDArray[np.uint32] | None
) -> NDArray[np.uint32]:
    """Do the same by two columns of whole numbers."""
    if is_compiled(len(high)) and max(high.max(), low.max()) < len(high):
        return _counted(high, _counted(low, order))
    return _ordered_by((high.astype(np.uint64) << np.uint64(32)) | low, order)


def _counted(values: NDArray[Any], order: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    from netact.coding_kernels import ordered_by_counting

    return ordered_by_counting(values, order)


def is_compiled(size: int) -> bool:
    """Whether compiled kernels are used for so many rows."""
    return size >= (_WHERE_IMPORTED_FROM if "numba" in sys.modules else COMPILED_FROM)
