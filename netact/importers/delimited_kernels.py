"""Compiled kernel of :mod:`netact.importers.delimited`; imported only for large texts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

from netact.prefetch import fetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_TEXT = np.uint32(0xFFFFFFFF)
NO_TIME = np.int64(-(2**63))
# What a text of times looks like: a day, a sign, a clock, and perhaps what says that it is UTC.
CLOCK_END = 19

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xD6E8FEB86659FD93)
_LOW = np.uint64(0xFFFFFFFF)
_GROUP = 64  # rows whose cells are found before the first of them is looked up, so that the look-ups overlap
_SECOND = np.int64(1_000_000)


def _eight_made(_: Any, data: Any, place: Any) -> Any:
    """Return the eight bytes from a place on, wherever it lies, as one word."""

    def made(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, given[0])
        pointer = builder.bitcast(builder.gep(array.data, [given[1]]), ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(data, place), made


def _first_sign_made(_: Any, word: Any) -> Any:
    """Return which of the eight bytes of a word, each 0 or 1, is the first that is not 0."""

    def made(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        zeros = builder.cttz(given[0], ir.Constant(ir.IntType(1), 1))
        return builder.lshr(zeros, ir.Constant(ir.IntType(64), 3))

    return types.int64(word), made


_eight: Any = intrinsic(_eight_made)
_first_sign: Any = intrinsic(_first_sign_made)


@njit(cache=True, nogil=True, inline="always")
def _masked(word: Any, left: Any) -> Any:
    """Return the first ``left`` (1 to 8) bytes of a word."""
    return word & (np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(8 * (8 - left)))


@njit(cache=True, nogil=True, inline="always")
def _hash(data: Any, begin: Any, length: Any) -> Any:
    word = np.uint64(length) * _OTHER
    at = begin
    left = length
    while left > 8:
        word = (word ^ _eight(data, at)) * _FACTOR
        word ^= word >> np.uint64(32)
        at += 8
        left -= 8
    word = (word ^ _masked(_eight(data, at), left)) * _FACTOR
    word ^= word >> np.uint64(29)
    word *= _OTHER
    return word ^ (word >> np.uint64(32))


@njit(cache=True, nogil=True, inline="always")
def _is_name(data: Any, begin: Any, length: Any, kept: Any, at: Any) -> Any:
    """Whether a cell is the name that is kept at a place."""
    if np.int64(kept[at] >> np.uint64(32)) != length:
        return False
    left = length
    while left > 8:
        at += 1
        if _eight(data, begin) != kept[at]:
            return False
        begin += 8
        left -= 8
    return _masked(_eight(data, begin), left) == kept[at + 1]


@njit(cache=True, nogil=True, inline="always")
def _keep(data: Any, begin: Any, length: Any, number: Any, kept: Any, at: Any) -> Any:
    """Keep a name, its length and number before it, in whole words; return the next place."""
    kept[at] = (np.uint64(length) << np.uint64(32)) | np.uint64(number)
    left = length
    while left > 8:
        at += 1
        kept[at] = _eight(data, begin)
        begin += 8
        left -= 8
    kept[at + 1] = _masked(_eight(data, begin), left)
    return at + 2


@njit(cache=True, nogil=True)
def _told(kept: Any, found: Any) -> Any:
    """Return the names, each ended by a line feed."""
    size = np.int64(0)
    at = np.int64(0)
    for _ in range(found):
        length = np.int64(kept[at] >> np.uint64(32))
        size += length + 1
        at += 1 + (length + 7) // 8
    told = np.empty(size, dtype=np.uint8)
    at, to = np.int64(0), np.int64(0)
    for _ in range(found):
        length = np.int64(kept[at] >> np.uint64(32))
        for i in range(length):
            told[to + i] = (kept[at + 1 + i // 8] >> np.uint64(8 * (i % 8))) & np.uint64(255)
        told[to + length] = 10
        to += length + 1
        at += 1 + (length + 7) // 8
    return told


@njit(cache=True, nogil=True)
def _wider(table: Any, shift: Any, hashes: Any, kept: Any, found: Any) -> None:
    """Put all names into an empty table."""
    mask = len(table) - 1
    at = np.int64(0)
    for number in range(found):
        word = hashes[number]
        place = np.int64(word >> shift)
        while table[place] != 0:
            place = (place + 1) & mask
        table[place] = (word << np.uint64(32)) | np.uint64(at + 1)
        at += 1 + (np.int64(kept[at] >> np.uint64(32)) + 7) // 8


@njit(cache=True, nogil=True, inline="always")
def _two(data: Any, at: Any) -> Any:
    """Return the number that two digits write, or one above a hundred if they are none."""
    high, low = np.int64(data[at]) - 48, np.int64(data[at + 1]) - 48
    return high * 10 + low if 0 <= high <= 9 and 0 <= low <= 9 else np.int64(1000)


@njit(cache=True, nogil=True)
def _day(data: Any, at: Any) -> Any:
    """Return the days since 1970 of a date written as 2024-03-31, or -1000000 if it is none."""
    none = np.int64(-1_000_000)
    century, years, month, day = _two(data, at), _two(data, at + 2), _two(data, at + 5), _two(data, at + 8)
    if century > 99 or years > 99 or data[at + 4] != 45 or data[at + 7] != 45:
        return none
    year = century * 100 + years
    if year < 1 or not 1 <= month <= 12 or day < 1:
        return none
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 30 + ((month + month // 8) & 1)
    if month == 2:
        days = 29 if leap else 28
    if day > days:
        return none
    # Years that begin in March; H. Hinnant, chrono-compatible low-level date algorithms.
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@njit(cache=True, nogil=True)
def _block(
    data: Any,
    size: Any,
    layout: Any,
    like: Any,
    table: Any,
    shift: Any,
    hashes: Any,
    kept: Any,
    state: Any,
    first: Any,
    second: Any,
    times: Any,
    signs: Any,
    places: Any,
) -> Any:
    """Read the whole lines in the first ``size`` bytes of ``data``; return where they end, or -1 if one is not plain.

    ``data`` holds 16 bytes more than ``size``. ``layout``: delimiter, quote, columns, whether lines end in two signs, the
    columns of the two ends and of the time (-1: none). ``table``: half a hash and the place in ``kept`` behind which a name
    stands. ``state``: rows, names, words of ``kept``, cells without text at each end,
    whether all times are like the first one, which is ``like``, cells without a time, whether a cell is in quotes.
    """
    delimiter, quote = np.uint8(layout[0]), np.uint8(layout[1])
    width, two_signs = layout[2], layout[3] == 1
    ends = (layout[4], layout[5])
    time_column = layout[6]
    for i in range(size):
        sign = data[i]
        signs[i] = (
            (sign == delimiter)
            | (sign == quote)
            | (sign == np.uint8(10))
            | (sign == np.uint8(13))
            | (sign == np.uint8(0))
        )
    for i in range(size, size + 8):
        signs[i] = 0
    n = 0
    for at in range(0, size, 8):
        word = _eight(signs, at)
        while word != 0:
            places[n] = at + _first_sign(word)
            n += 1
            word &= word - np.uint64(1)
    mask = len(table) - 1
    rows, found, used = state[0], state[1], state[2]
    timed = time_column >= 0 and state[5] == 1
    places[n] = -1
    stop = 0  # after the last whole line
    for i in range(n - 1, -1, -1):
        if data[places[i]] == 10:
            stop = places[i] + 1
            break
    cell_begin = np.empty((_GROUP, 2), dtype=np.int64)
    cell_length = np.empty((_GROUP, 2), dtype=np.int64)
    cell_hash = np.empty((_GROUP, 2), dtype=np.uint64)
    written_day, written_end, day = np.uint64(0), np.uint64(0), np.int64(-1_000_000)
    like_length = len(like)
    at, k = 0, 0
    while at < stop:
        group = 0
        while group < _GROUP and at < stop:
            row = group
            for column in range(width):
                end = places[k]
                sign = data[end]
                behind = end
                if sign == quote and end == at:
                    state[7] = 1
                    k += 1
                    while data[places[k]] == delimiter:
                        k += 1
                    at += 1
                    end = places[k]
                    k += 1
                    behind = end + 1
                    if data[end] != quote or places[k] != behind:
                        return -1
                    sign = data[behind]
                if column < width - 1:
                    if sign != delimiter:
                        return -1
                elif two_signs:
                    if sign != 13 or places[k + 1] != behind + 1 or data[behind + 1] != 10:
                        return -1
                elif sign != 10:
                    return -1
                for which in range(2):
                    if column == ends[which]:
                        length = end - at
                        cell_begin[row, which] = at
                        cell_length[row, which] = length
                        if length > 0:
                            word = _hash(data, at, length)
                            cell_hash[row, which] = word
                            fetch(table, np.int64(word >> shift))
                        else:
                            cell_hash[row, which] = 0
                if column == time_column and timed:
                    if end == at:
                        times[rows + row] = NO_TIME
                        state[6] += 1
                    elif end - at != like_length:
                        timed = False
                    else:
                        begin_word, end_word = _eight(data, at), _masked(_eight(data, at + 8), 2)
                        if begin_word != written_day or end_word != written_end:
                            written_day, written_end, day = begin_word, end_word, _day(data, at)
                        hour, minute, second_ = _two(data, at + 11), _two(data, at + 14), _two(data, at + 17)
                        timed = (
                            day > -1_000_000
                            and hour < 24
                            and minute < 60
                            and second_ < 60
                            and data[at + 10] == like[10]
                            and data[at + 13] == 58
                            and data[at + 16] == 58
                        )
                        for i in range(CLOCK_END, like_length):
                            timed = timed and data[at + i] == like[i]
                        times[rows + row] = ((day * 24 + hour) * 3600 + minute * 60 + second_) * _SECOND
                at = behind + 1
                k += 1
            if two_signs:
                at += 1
                k += 1
            group += 1
        for row in range(group):
            for which in range(2):
                slot = table[np.int64(cell_hash[row, which] >> shift)]
                if slot != 0:
                    fetch(kept, np.int64(slot & _LOW) - 1)
        for row in range(group):
            for which in range(2):
                length = cell_length[row, which]
                code = NO_TEXT
                if length == 0:
                    state[3 + which] += 1
                else:
                    begin, word = cell_begin[row, which], cell_hash[row, which]
                    place = np.int64(word >> shift)
                    while True:
                        slot = table[place]
                        if slot == 0:
                            code = np.uint32(found)
                            table[place] = (word << np.uint64(32)) | np.uint64(used + 1)
                            hashes[found] = word
                            used = _keep(data, begin, length, found, kept, used)
                            found += 1
                            break
                        if slot >> np.uint64(32) == word & _LOW:
                            at_name = np.int64(slot & _LOW) - 1
                            if _is_name(data, begin, length, kept, at_name):
                                code = np.uint32(kept[at_name] & _LOW)
                                break
                        place = (place + 1) & mask
                if which == 0:
                    first[rows + row] = code
                else:
                    second[rows + row] = code
        rows += group
    state[0], state[1], state[2] = rows, found, used
    state[5] = 1 if timed else 0
    return at


# Bytes read at a time; no line may be longer.
_BLOCK = 1 << 19
_PAST = 16  # bytes after a block or a name that may be looked at


@dataclass(frozen=True, eq=False)
class Plain:
    """What was read: the names in the order of their first occurrence, each ended by a line feed, and the columns."""

    names: NDArray[np.uint8]
    count: int
    ends: tuple[NDArray[np.uint32], NDArray[np.uint32]]  # numbers of names, NO_TEXT where a cell is empty
    empty: tuple[int, int]  # cells without text at each end
    times: NDArray[np.int64] | None  # microseconds since 1970, NO_TIME where a cell is empty; None if not all are alike
    quotes: bool  # whether any cell is in quotes


def read_plain(
    stream: BinaryIO,
    *,
    rows: int,
    delimiter: bytes,
    quote: bytes,
    width: int,
    line_end: bytes,
    ends: tuple[int, int],
    time: int | None,
    like: bytes,
) -> Plain | None:
    """Read two columns of names and one of times from the lines of a text; None if a line is not plain.

    Parameters
    ----------
    stream
        At the beginning of the first row.
    rows
        The most rows there can be.
    width, line_end
        How many cells every line has, and what ends it.
    ends, time
        Places of the columns; ``time`` may be None.
    like
        The first time, as :func:`netact.importers.values.parse_times` reads a column of such times: with the same sign
        between day and clock, and the same after the clock, in all rows.

    Notes
    -----
    One pass over the bytes. Names are told apart by their bytes: a table that is filled by half at most holds half of their hashes, and every cell is
    compared with the name that it is taken for.
    """
    layout = np.array(
        [delimiter[0], quote[0], width, len(line_end) == 2, *ends, -1 if time is None else time], dtype=np.int64
    )
    state = np.array([0, 0, 0, 0, 0, time is not None, 0, 0], dtype=np.int64)
    written = np.frombuffer(like or bytes(CLOCK_END), dtype=np.uint8)
    bits = 12
    table = np.zeros(1 << bits, dtype=np.uint64)
    hashes, kept = np.empty(1 << 18, dtype=np.uint64), np.empty(1 << 20, dtype=np.uint64)
    first, second = np.empty(rows, dtype=np.uint32), np.empty(rows, dtype=np.uint32)
    times = np.empty(0 if time is None else rows, dtype=np.int64)
    data = np.zeros(_BLOCK + _PAST, dtype=np.uint8)
    signs, places = np.empty(_BLOCK + _PAST, dtype=np.uint8), np.empty(_BLOCK + _PAST, dtype=np.int32)
    room = memoryview(data)[:_BLOCK]
    left = 0
    while True:
        read = stream.readinto(room[left : _BLOCK - 2])  # type: ignore[attr-defined]
        size = left + read
        if not read:
            if not left:
                break
            room[left : left + len(line_end)] = line_end
            size += len(line_end)
        found, used = int(state[1]), int(state[2])
        most = found + size // 2 + 1
        if most > len(hashes):
            hashes = _longer(hashes, found, 2 * most)
        if used + size + _PAST > len(kept):
            kept = _longer(kept, used, len(kept) + len(kept) // 2 + size)
        if len(kept) > _LOW:
            return None
        while 2 * most > len(table):
            bits += 1
            table = np.zeros(1 << bits, dtype=np.uint64)
            if 2 * most <= len(table):
                _wider(table, np.uint64(64 - bits), hashes, kept, found)
        end = _block(
            data, size, layout, written, table, np.uint64(64 - bits), hashes, kept, state,
            first, second, times, signs, places,
        )  # fmt: skip
        if end < (0 if read and size < _BLOCK - 2 else 1 if read else size):
            return None  # a line that is not plain, or longer than a block
        left = size - end
        room[:left] = bytes(room[end:size])
    found, read = int(state[1]), int(state[0])
    del table, hashes
    return Plain(
        _told(kept, found),
        found,
        (first[:read], second[:read]),
        (int(state[3]), int(state[4])),
        times[:read] if state[5] else None,
        bool(state[7]),
    )


def _longer(array: NDArray[Any], kept: int, length: int) -> NDArray[Any]:
    longer = np.empty(length, dtype=array.dtype)
    longer[:kept] = array[:kept]
    return longer


def loaded() -> None:
    """Load or compile the kernel, for measurements that leave that out."""
    text = io.BytesIO(b"".join(b"%d,%d\n" % (number, number) for number in range(3000)))
    read_plain(text, rows=3000, delimiter=b",", quote=b'"', width=2, line_end=b"\n", ends=(0, 1), time=None, like=b"")
