"""Accounts that share the same objects at nearly the same moment: pairs, their gaps, and chance.

An object is anything that several accounts share (a link, a post, a hashtag). Pairs are found by a sorted sweep: shares
of an object in the order of time, each compared with those that follow within the window, so that the cost is the number
of shares times how many lie within the window. Counting is done in one table of bytes, whatever the number of pairs; only
pairs that may reach the fewest common objects are written down.

Two nulls say how often two accounts that share an object are close in time by chance. *Within the object*: the times at
which the object was shared are dealt out anew among the accounts that shared it, which keeps the burst of every object.
*Within the hour*: each share falls anywhere in its own clock hour, which keeps the daily rhythm of every account. Under
both, the number of common objects within a window is a sum of independent trials of known probabilities, so that no
draws are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Numbers = NDArray[np.float64]

WINDOWS = (5, 10, 30, 60)  # seconds
HOUR = 3600
# Most bytes of the counting table, and most pairs written down at once by the percentile cut.
_TABLE = 1 << 28
_MOST_ROWS = 10_000_000
# Beyond so many states the chance of any window is bounded by the sum over windows instead of found exactly.
_MOST_STATES = 4096


@dataclass(frozen=True, eq=False)
class Incidence:
    """Which account shared which object, first when: one entry a pair of object and account, sorted by object, then time.

    Attributes
    ----------
    account, time
        Number of the account and time in whole seconds, one value an entry.
    start
        Where the entries of each object begin; one value more than objects.
    of_object
        What :func:`incidence` was given as the number of each object.
    n_accounts
        Accounts are numbered from 0 to this.
    """

    account: NDArray[np.uint32]
    time: Codes
    start: Codes
    of_object: NDArray[np.uint32]
    n_accounts: int

    def __len__(self) -> int:
        return len(self.account)

    @property
    def n_objects(self) -> int:
        """Number of objects."""
        return len(self.of_object)

    @property
    def sharers(self) -> Codes:
        """Number of accounts that shared each object."""
        return np.diff(self.start)

    @property
    def shared(self) -> Codes:
        """Number of objects each account shared."""
        return np.bincount(self.account, minlength=self.n_accounts)

    def pairs_of_accounts(self) -> int:
        """Return the number of pairs of accounts, summed over objects."""
        return int((self.sharers * (self.sharers - 1) // 2).sum())

    def keep(self, objects: NDArray[np.bool_]) -> Incidence:
        """Return the incidence of some objects; accounts keep their numbers."""
        sharers = self.sharers
        entries = np.repeat(objects, sharers)
        start = np.concatenate([[0], np.cumsum(sharers[objects])])
        return Incidence(self.account[entries], self.time[entries], start, self.of_object[objects], self.n_accounts)

    def among(self, accounts: NDArray[np.bool_]) -> Incidence:
        """Return the incidence of some accounts; objects keep their places."""
        entries = accounts[self.account]
        kept = np.concatenate([[0], np.cumsum(entries)])
        return Incidence(self.account[entries], self.time[entries], kept[self.start], self.of_object, self.n_accounts)


def incidence(
    objects: NDArray[Any], accounts: NDArray[Any], times: NDArray[Any], *, n_accounts: int, fewest: int = 2
) -> Incidence:
    """Return who shared what first when, without objects that fewer than ``fewest`` accounts shared.

    Parameters
    ----------
    objects, accounts, times
        Numbers of object and account, and seconds, one value a share.
    n_accounts
        Number of accounts there are.
    """
    what = np.asarray(objects, dtype=np.int64)
    n_objects = int(what.max(initial=-1)) + 1
    account, time, start = _arranged(
        what, np.asarray(accounts, dtype=np.uint32), np.asarray(times, dtype=np.int64), n_objects, fewest
    )
    sharers = np.diff(start)
    kept = sharers > 0
    return Incidence(
        account,
        time,
        np.concatenate([[0], np.cumsum(sharers[kept])]).astype(np.int64),
        np.flatnonzero(kept).astype(np.uint32),
        n_accounts,
    )


@njit(cache=True, nogil=True)
def _arranged(what: Any, account: Any, time: Any, n_objects: int, fewest: int) -> Any:
    """Put shares in the order of object, time, account; keep the first of each account, of objects with enough accounts."""
    begin = np.zeros(n_objects + 1, dtype=np.int64)
    for e in range(len(what)):
        begin[what[e] + 1] += 1
    for o in range(n_objects):
        begin[o + 1] += begin[o]
    at = begin[:-1].copy()
    who = np.empty(len(what), dtype=np.uint32)
    when = np.empty(len(what), dtype=np.int64)
    for e in range(len(what)):
        place = at[what[e]]
        who[place], when[place] = account[e], time[e]
        at[what[e]] += 1
    start = np.zeros(n_objects + 1, dtype=np.int64)
    filled = 0
    for o in range(n_objects):
        low, high = begin[o], begin[o + 1]
        begun = filled
        if high - low >= fewest:
            _sort_shares(who[low:high], when[low:high])
            new = _first_shares(who[low:high])
            for e in range(low, high):
                if new[e - low]:  # never ahead of what is still to be read
                    who[filled], when[filled] = who[e], when[e]
                    filled += 1
            if filled - begun < fewest:
                filled = begun
        start[o + 1] = filled
    return who[:filled].copy(), when[:filled].copy(), start


@njit(cache=True, nogil=True)
def _sort_shares(who: Any, when: Any) -> None:
    """Sort the shares of one object by time, then account, in place."""
    if len(who) > 32:
        order = np.argsort(who, kind="mergesort")
        order = order[np.argsort(when[order], kind="mergesort")]
        who[:], when[:] = who[order].copy(), when[order].copy()
        return
    for i in range(1, len(who)):
        a, t = who[i], when[i]
        j = i - 1
        while j >= 0 and (when[j] > t or (when[j] == t and who[j] > a)):
            who[j + 1], when[j + 1] = who[j], when[j]
            j -= 1
        who[j + 1], when[j + 1] = a, t


@njit(cache=True, nogil=True)
def _first_shares(who: Any) -> Any:
    """Return which shares are the first of their account."""
    new = np.ones(len(who), dtype=np.bool_)
    if len(who) > 32:
        order = np.argsort(who, kind="mergesort")
        for i in range(1, len(who)):
            if who[order[i]] == who[order[i - 1]]:
                new[order[i]] = False
        return new
    for i in range(1, len(who)):
        for j in range(i):
            if who[j] == who[i]:
                new[i] = False
    return new


def frequent_pairs(found: Incidence, *, within: int | None, least: int) -> tuple[Codes, Codes, Codes]:
    """Return the pairs of accounts that share at least ``least`` objects, within a window of each other or at any time.

    Returns
    -------
    first, second, objects
        Accounts of each pair (first < second), sorted, and the number of common objects.
    """
    window = within if within is not None else np.iinfo(np.int64).max
    able = found.among(found.shared >= least)
    total = int(_count_pairs(able.start, able.time, window))
    if not total:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    size = min(_TABLE, 1 << max(10, int(np.ceil(np.log2(2 * total)))))
    parts = max(1, -(-total // size))
    kept: list[NDArray[np.uint64]] = []
    counts: list[Codes] = []
    table = np.zeros(size, dtype=np.uint8)
    for part in range(parts):
        table[:] = 0
        _tally(able.start, able.account, able.time, window, table, part, parts)
        room = np.empty(max(1024, min(total, 4_000_000)), dtype=np.uint64)
        filled = int(_write(able.start, able.account, able.time, window, table, part, parts, least, room))
        if filled > len(room):
            room = np.empty(filled, dtype=np.uint64)
            _write(able.start, able.account, able.time, window, table, part, parts, least, room)
        keys = np.sort(room[:filled])
        begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if filled else np.empty(0, dtype=int)
        number = np.diff(np.append(begins, filled))
        enough = number >= least
        kept.append(keys[begins[enough]])
        counts.append(number[enough].astype(np.int64))
    key, number = np.concatenate(kept), np.concatenate(counts)
    order = np.argsort(key, kind="stable")
    key, number = key[order], number[order]
    return (
        (key >> np.uint64(32)).astype(np.int64),
        (key & np.uint64(0xFFFFFFFF)).astype(np.int64),
        number,
    )


@njit(cache=True, nogil=True)
def _count_pairs(start: Any, time: Any, window: int) -> Any:
    total = np.int64(0)
    for o in range(len(start) - 1):
        low = start[o]
        for e in range(start[o], start[o + 1]):
            while time[e] - time[low] > window:
                low += 1
            total += e - low
    return total


@njit(cache=True, nogil=True)
def _pair_key(a: Any, b: Any) -> Any:
    if a < b:
        return (np.uint64(a) << np.uint64(32)) | np.uint64(b)
    return (np.uint64(b) << np.uint64(32)) | np.uint64(a)


@njit(cache=True, nogil=True)
def _mixed(key: Any) -> Any:
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


@njit(cache=True, nogil=True)
def _tally(start: Any, account: Any, time: Any, window: int, table: Any, part: int, parts: int) -> None:
    """Count every pair in the byte its hash points to: never too few, and too many only where two pairs meet."""
    mask = np.uint64(len(table) - 1)
    for o in range(len(start) - 1):
        low = start[o]
        for e in range(start[o], start[o + 1]):
            while time[e] - time[low] > window:
                low += 1
            for f in range(low, e):
                mixed = _mixed(_pair_key(account[e], account[f]))
                if parts > 1 and (mixed >> np.uint64(40)) % np.uint64(parts) != np.uint64(part):
                    continue
                slot = mixed & mask
                if table[slot] < 255:
                    table[slot] += 1


@njit(cache=True, nogil=True)
def _write(
    start: Any, account: Any, time: Any, window: int, table: Any, part: int, parts: int, least: int, room: Any
) -> Any:
    """Write down the pairs whose byte reached ``least``; return how many there are, written or not."""
    mask = np.uint64(len(table) - 1)
    filled = np.int64(0)
    for o in range(len(start) - 1):
        low = start[o]
        for e in range(start[o], start[o + 1]):
            while time[e] - time[low] > window:
                low += 1
            for f in range(low, e):
                key = _pair_key(account[e], account[f])
                mixed = _mixed(key)
                if parts > 1 and (mixed >> np.uint64(40)) % np.uint64(parts) != np.uint64(part):
                    continue
                if table[mixed & mask] >= min(least, 255):
                    if filled < len(room):
                        room[filled] = key
                    filled += 1
    return filled


# ---------------------------------------------------------------------- timing


def close_shares(found: Incidence, windows: Sequence[int] = WINDOWS) -> Numbers:
    """Return, for every object and window, the chance that two of its sharers are within the window of each other.

    The chance is over dealing the object's times out anew among its sharers (null model N6a).
    """
    return np.asarray(_close_shares(found.start, found.time, np.asarray(windows, dtype=np.int64)))


@njit(cache=True, nogil=True)
def _close_shares(start: Any, time: Any, windows: Any) -> Any:
    share = np.zeros((len(start) - 1, len(windows)))
    for o in range(len(start) - 1):
        size = start[o + 1] - start[o]
        if size < 2:
            continue
        for w in range(len(windows)):
            low, total = start[o], np.int64(0)
            for e in range(start[o], start[o + 1]):
                while time[e] - time[low] > windows[w]:
                    low += 1
                total += e - low
            share[o, w] = total / (0.5 * size * (size - 1))
    return share


def chance_within_hour(windows: Sequence[int] = WINDOWS, *, hour: int = HOUR) -> tuple[Numbers, Numbers]:
    """Return the chance that two whole seconds lie within each window: drawn from one hour, and from hours that touch."""
    d = np.asarray(windows, dtype=np.float64)
    return (hour * (2 * d + 1) - d * (d + 1)) / hour**2, d * (d + 1) / 2 / hour**2


@dataclass(frozen=True, eq=False)
class PairTiming:
    """What the common objects of pairs of accounts say of their timing; one row a pair.

    Attributes
    ----------
    common
        Objects both shared.
    close
        Of these, how many within each window (columns).
    object_p, hour_p
        Chance of timing as close as observed in any window, when times are dealt out anew within each object, and when
        each share falls anywhere in its clock hour. 1 if fewer than three objects are within the largest window.
    attainable_p
        Chance that, with times dealt out anew, all common objects lie within the largest window that can: near 1 where hardly
        anyone else shared them, so that their timing says nothing.
    median_gap
        Median of the seconds between the two accounts over their common objects.
    first_ahead, second_ahead
        Objects within the largest window in which the first, or the second, account of the pair came first.
    """

    common: Codes
    close: NDArray[np.int64]
    object_p: Numbers
    hour_p: Numbers
    attainable_p: Numbers
    median_gap: Numbers
    first_ahead: Codes
    second_ahead: Codes


@dataclass(frozen=True, eq=False)
class Timing:
    """The shares of an incidence by account, ready for looking at pairs."""

    found: Incidence
    windows: tuple[int, ...]
    entry: Codes  # places in the incidence, by account, then object
    begin: Codes  # where the entries of each account begin
    place: Codes  # object of each entry of the incidence
    close: Numbers

    @classmethod
    def of(cls, found: Incidence, windows: Sequence[int] = WINDOWS) -> Timing:
        """Order the shares by account."""
        entry = np.argsort(found.account, kind="stable").astype(np.int64)
        begin = np.concatenate([[0], np.cumsum(np.bincount(found.account, minlength=found.n_accounts))])
        place = np.repeat(np.arange(found.n_objects, dtype=np.int64), found.sharers)
        return cls(found, tuple(windows), entry, begin.astype(np.int64), place, close_shares(found, windows))

    def common(self, first: Codes, second: Codes) -> Codes:
        """Return the number of objects that both accounts of each pair shared."""
        return np.asarray(_common(first, second, self.entry, self.begin, self.place))

    def pairs(self, first: Codes, second: Codes, *, time: Codes | None = None) -> PairTiming:
        """Return the timing of pairs of accounts; ``time`` stands instead of the times of the incidence."""
        same, touching = chance_within_hour(self.windows)
        values = _pair_timing(
            first,
            second,
            self.entry,
            self.begin,
            self.place,
            self.found.time if time is None else time,
            self.close,
            np.asarray(self.windows, dtype=np.int64),
            same,
            touching,
        )
        return PairTiming(*values)

    def of_pair(self, first: int, second: int) -> tuple[Codes, Codes, Codes]:
        """Return the common objects of one pair (places in the incidence) and when each of the two shared them."""
        one = self.entry[self.begin[first] : self.begin[first + 1]]
        other = self.entry[self.begin[second] : self.begin[second + 1]]
        objects, a, b = np.intersect1d(self.place[one], self.place[other], assume_unique=True, return_indices=True)
        return objects, self.found.time[one[a]], self.found.time[other[b]]

    def shuffled(self, objects: NDArray[np.bool_], random: np.random.Generator) -> Codes:
        """Return the times, dealt out anew within each of some objects (null model N6a)."""
        time = self.found.time.copy()
        entries = np.flatnonzero(objects[self.place])
        order = np.lexsort((random.random(len(entries)), self.place[entries]))
        time[entries] = self.found.time[entries[order]]
        return time


@njit(cache=True, nogil=True)
def _common(first: Any, second: Any, entry: Any, begin: Any, place: Any) -> Any:
    number = np.zeros(len(first), dtype=np.int64)
    for r in range(len(first)):
        a, b = first[r], second[r]
        if begin[a + 1] - begin[a] > begin[b + 1] - begin[b]:
            a, b = b, a
        y, end = begin[b], begin[b + 1]
        for x in range(begin[a], begin[a + 1]):
            y = _reach(entry, place, y, end, place[entry[x]])
            if y == end:
                break
            if place[entry[y]] == place[entry[x]]:
                number[r] += 1
    return number


@njit(cache=True, nogil=True)
def _reach(entry: Any, place: Any, y: Any, end: Any, wanted: Any) -> Any:
    """Return the first entry from ``y`` on whose object is not before ``wanted``: doubling steps, then halving."""
    step = 1
    low = y
    while y < end and place[entry[y]] < wanted:
        low = y + 1
        y += step
        step *= 2
    high = min(y, end)
    while low < high:
        middle = (low + high) // 2
        if place[entry[middle]] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _pair_timing(
    first: Any, second: Any, entry: Any, begin: Any, place: Any, time: Any, share: Any, windows: Any, same: Any,
    touching: Any,
) -> Any:  # fmt: skip
    n, w = len(first), len(windows)
    common = np.zeros(n, dtype=np.int64)
    close = np.zeros((n, w), dtype=np.int64)
    object_p, hour_p, attainable = np.ones(n), np.ones(n), np.ones(n)
    median = np.zeros(n)
    ahead, behind = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for r in range(n):
        a, b = first[r], second[r]
        swapped = begin[a + 1] - begin[a] > begin[b + 1] - begin[b]
        if swapped:
            a, b = b, a
        most = begin[a + 1] - begin[a]
        gap = np.empty(most, dtype=np.int64)
        by_object, by_hour = np.empty((most, w)), np.empty((most, w))
        m = 0
        y, end = begin[b], begin[b + 1]
        for x in range(begin[a], begin[a + 1]):
            y = _reach(entry, place, y, end, place[entry[x]])
            if y == end:
                break
            if place[entry[y]] != place[entry[x]]:
                continue
            t, u = time[entry[x]], time[entry[y]]
            if swapped:
                t, u = u, t
            gap[m] = abs(t - u)
            apart = abs(t // 3600 - u // 3600)
            for k in range(w):
                by_object[m, k] = share[place[entry[x]], k]
                by_hour[m, k] = same[k] if apart == 0 else touching[k] if apart == 1 else 0.0
                if gap[m] <= windows[k]:
                    close[r, k] += 1
            if gap[m] <= windows[w - 1]:
                if t < u:
                    ahead[r] += 1
                elif u < t:
                    behind[r] += 1
            m += 1
        common[r] = m
        if m:
            median[r] = np.median(gap[:m])
        if close[r, w - 1] >= 3:
            object_p[r], attainable[r] = _closest(by_object[:m], close[r])
            hour_p[r], _ = _closest(by_hour[:m], close[r])
        elif m:
            attainable[r] = _all_close(by_object[:m])
    return common, close, object_p, hour_p, attainable, median, ahead, behind


@njit(cache=True, nogil=True)
def _all_close(chance: Any) -> Any:
    """Return the chance that all objects are close that can be, in the widest window."""
    value = 1.0
    for i in range(len(chance)):
        if chance[i, -1] > 0.0:
            value *= chance[i, -1]
    return value


@njit(cache=True, nogil=True)
def _closest(chance: Any, observed: Any) -> Any:
    """Return the p-value of the best window among nested ones, and the chance that all are close in the widest.

    ``chance`` has one row an object and one column a window, growing along the row. The statistic is the smallest
    Poisson-binomial tail over windows; its p-value is exact where the table of counts is small, else at most as many
    times too large as there are windows.
    """
    n, w = chance.shape
    tails = np.zeros((w, n + 2))
    for k in range(w):
        state = np.zeros(n + 1)
        state[0] = 1.0
        for i in range(n):
            p = chance[i, k]
            if p <= 0.0:
                continue
            for s in range(i + 1, 0, -1):
                state[s] = state[s] * (1.0 - p) + state[s - 1] * p
            state[0] *= 1.0 - p
        value = 0.0
        for s in range(n, -1, -1):
            value += state[s]
            tails[k, s] = min(1.0, value)
        tails[k, 0] = 1.0
    best = 1.0
    for k in range(w):
        best = min(best, tails[k, observed[k]])
    lowest = _all_close(chance)
    if best >= 1.0:
        return 1.0, lowest
    need = np.empty(w, dtype=np.int64)
    for k in range(w):
        need[k] = n + 1
        for s in range(n + 1):
            if tails[k, s] <= best * (1.0 + 1e-9):
                need[k] = s
                break
    # A window says nothing of its own where a wider one needs no more; nor where so many cannot be reached.
    used = np.empty(w, dtype=np.int64)
    u = 0
    bound = 0.0
    for k in range(w):
        if need[k] > n or tails[k, need[k]] <= 0.0:
            continue
        redundant = False
        for j in range(k + 1, w):
            if need[j] <= need[k]:
                redundant = True
        if not redundant:
            used[u] = k
            u += 1
            bound += tails[k, need[k]]
    if u == 0:
        return best, lowest
    if u == 1:
        return tails[used[0], need[used[0]]], lowest
    states = 1
    for k in range(u):
        states *= need[used[k]]
        if states > _MOST_STATES:
            return min(1.0, bound), lowest
    stride = np.empty(u, dtype=np.int64)
    size = 1
    for k in range(u - 1, -1, -1):
        stride[k] = size
        size *= need[used[k]]
    table = np.zeros(size)
    table[0] = 1.0
    beyond = 0.0
    # An object that is close in window k is close in all wider ones: one step along k, k + 1, ...
    step = np.zeros(u, dtype=np.int64)
    for k in range(u - 1, -1, -1):
        step[k] = stride[k] + (step[k + 1] if k + 1 < u else 0)
    part = np.empty(u)
    for i in range(n):
        for k in range(u):
            part[k] = chance[i, used[k]] - (chance[i, used[k - 1]] if k > 0 else 0.0)
        if chance[i, used[u - 1]] <= 0.0:
            continue
        none = 1.0 - chance[i, used[u - 1]]
        for s in range(size - 1, -1, -1):
            mass = table[s]
            if mass == 0.0:
                continue
            table[s] = mass * none
            for k in range(u):
                if part[k] <= 0.0:
                    continue
                over = False
                for j in range(k, u):
                    if (s // stride[j]) % need[used[j]] + 1 >= need[used[j]]:
                        over = True
                if over:
                    beyond += mass * part[k]
                else:
                    table[s + step[k]] += mass * part[k]
    return min(1.0, beyond), lowest


# ---------------------------------------------------------------------- weights and the percentile cut


def pair_weights(
    objects: NDArray[Any], accounts: NDArray[Any], times: NDArray[Any], *, within: int, most: int = _MOST_ROWS
) -> pl.DataFrame | None:
    """Return the weight of every pair: distinct objects that both shared within a window; every share counts.

    Returns
    -------
    polars.DataFrame or None
        ``first`` and ``second`` (accounts, first < second) and ``weight``, sorted; None if there are more than ``most``
        pairs of shares within the window.
    """
    order = np.lexsort((accounts, times, objects))
    sorted_objects = np.asarray(objects, dtype=np.int64)[order]
    account, time = np.asarray(accounts, dtype=np.int64)[order], np.asarray(times, dtype=np.int64)[order]
    start = np.flatnonzero(np.concatenate([[True], np.diff(sorted_objects) != 0])) if len(order) else np.empty(0, int)
    start = np.append(start, len(order)).astype(np.int64)
    total = int(_count_pairs(start, time, within))
    if total > most:
        return None
    keys, of_object = np.empty(total, dtype=np.uint64), np.empty(total, dtype=np.uint32)
    filled = int(_every_pair(start, account, time, within, keys, of_object))
    rows = pl.DataFrame({"key": keys[:filled], "object": of_object[:filled]}).unique()
    found = rows.group_by("key").agg(weight=pl.len().cast(pl.Int64)).sort("key")
    return found.select(
        first=(pl.col("key") // 2**32).cast(pl.Int64), second=(pl.col("key") % 2**32).cast(pl.Int64), weight="weight"
    )


@njit(cache=True, nogil=True)
def _every_pair(start: Any, account: Any, time: Any, window: int, keys: Any, of_object: Any) -> Any:
    filled = 0
    for o in range(len(start) - 1):
        low = start[o]
        for e in range(start[o], start[o + 1]):
            while time[e] - time[low] > window:
                low += 1
            for f in range(low, e):
                if account[e] != account[f]:
                    keys[filled] = _pair_key(account[e], account[f])
                    of_object[filled] = o
                    filled += 1
    return filled


@dataclass(frozen=True, eq=False)
class PercentileCut:
    """The pairs that a cut at a percentile of weights keeps; ``pairs`` and ``threshold`` are of all pairs before it."""

    kept: pl.DataFrame
    pairs: int
    threshold: float


def percentile_cut(
    objects: NDArray[Any],
    accounts: NDArray[Any],
    times: NDArray[Any],
    *,
    within: int = 10,
    percentile: float = 0.5,
    min_participation: int = 2,
) -> PercentileCut | None:
    """Return the pairs a percentile cut in the manner of CooRTweet keeps: for comparison, never as a finding.

    Accounts of fewer than ``min_participation`` shares are left out first; a pair is kept if its weight exceeds the
    percentile of the weights of all pairs. None if there are too many pairs to write down. (As the R package CooRTweet
    does by default: ten seconds, two shares, the median.)
    """
    accounts = np.asarray(accounts, dtype=np.int64)
    active = np.bincount(accounts) >= min_participation if len(accounts) else np.empty(0, dtype=bool)
    chosen = active[accounts]
    weights = pair_weights(objects[chosen], accounts[chosen], times[chosen], within=within)
    if weights is None:
        return None
    if not weights.height:
        return PercentileCut(weights, 0, 0.0)
    threshold = float(np.quantile(weights["weight"].to_numpy(), percentile))
    return PercentileCut(weights.filter(pl.col("weight") > threshold), weights.height, threshold)


def shuffled_within(objects: NDArray[Any], times: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
    """Return times dealt out anew among the shares of each object (null model N6a)."""
    inside = np.argsort(objects, kind="stable")
    dealt = np.lexsort((random.random(len(objects)), objects))
    mixed = np.empty_like(times)
    mixed[inside] = times[dealt]
    return mixed
