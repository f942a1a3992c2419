"""Networks and counts as chance would make them, given what is held fixed.

Edge switching keeps every account's number of ties in each direction and changes who is tied to whom. It walks from
the observed network, so the walk is first let run (``burn_in`` sweeps) and then read every ``thinning`` sweeps; a sweep
is one attempt a tie, and attempts that are refused count as steps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from netact.network import Ties
from netact.prefetch import fetch
from netact.randomness import generator, spawn_seeds
from netact.side_by_side import AT_ONCE, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# A hash table of ties. The number of a tie, below 2 ** bits, is scrambled by a one-to-one function; its first bits are the
# slot where it belongs, the rest stands there, with how far from it the entry came to lie: four bytes a slot, mostly.
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_FAR = np.uint64(12)  # bits for the distance
_FURTHEST = np.uint64(2**12 - 2)
# Attempts whose random numbers are drawn, and whose places in memory are visited, before the first of them is made.
_AHEAD = 128
# From so many events on two draws of attention are simulated at once; fewer take less time than the threads that share them.
_SIDE_BY_SIDE_EVENTS = 100_000


def _table(ties: int, accounts: int) -> tuple[NDArray[Any], int]:
    """Return a table for so many ties, and the bits of their numbers."""
    slot_bits = max(4, math.ceil(math.log2(max(1, ties) * 1.8)))
    bits = max(slot_bits, (accounts * accounts - 1).bit_length())
    small = bits - slot_bits + int(_FAR) <= 32
    return np.empty(1 << slot_bits, dtype=np.uint32 if small else np.uint64), bits


@njit(cache=True, nogil=True)
def _place(a: Any, b: Any, n: Any, directed: bool, bits: Any, rest: Any) -> Any:
    """Return the slot of a tie, and the entry that stands for it there."""
    key = np.uint64(a) * n + np.uint64(b) if directed or a < b else np.uint64(b) * n + np.uint64(a)
    ones = _EMPTY >> (np.uint64(64) - bits)
    key = (key * np.uint64(0x9E3779B97F4A7C15)) & ones
    key ^= key >> (bits >> np.uint64(1))
    key = (key * np.uint64(0xBF58476D1CE4E5B9)) & ones
    return key >> rest, (key & ((np.uint64(1) << rest) - np.uint64(1))) << _FAR


@njit(cache=True, nogil=True)
def _held(table: Any, at: Any, entry: Any, mask: Any, empty: Any) -> Any:
    """Return whether a tie is in the table."""
    while table[at] != empty:
        if table[at] == entry:
            return True
        at = (at + np.uint64(1)) & mask
        entry += np.uint64(1)
    return False


@njit(cache=True, nogil=True)
def _insert(table: Any, at: Any, entry: Any, mask: Any, empty: Any) -> None:
    """Put an absent tie into the first free slot."""
    distance = np.uint64(0)
    while table[at] != empty:
        at = (at + np.uint64(1)) & mask
        distance += np.uint64(1)
    if distance > _FURTHEST:
        raise OverflowError("hash table of ties")
    table[at] = entry + distance


@njit(cache=True, nogil=True)
def _remove(table: Any, at: Any, entry: Any, mask: Any, empty: Any) -> None:
    """Take out a tie that is there; later entries of the run move up, so that no emptied slot stays behind."""
    while table[at] != entry:
        at = (at + np.uint64(1)) & mask
        entry += np.uint64(1)
    hole = at
    while True:
        at = (at + np.uint64(1)) & mask
        if table[at] == empty:
            break
        gap = (at - hole) & mask
        if np.uint64(table[at]) & ((np.uint64(1) << _FAR) - np.uint64(1)) >= gap:
            table[hole] = np.uint64(table[at]) - gap
            hole = at
    table[hole] = empty


@njit(cache=True, nogil=True)
def _lay(table: Any, ends: Any, n: Any, bits: Any, directed: bool) -> None:
    """Lay the hash table of all ties."""
    mask, rest, empty = np.uint64(len(table) - 1), bits, table.dtype.type(_EMPTY)
    for x in range(len(table)):
        table[x] = empty
    size = len(table)
    while size > 1:
        rest -= np.uint64(1)
        size >>= 1
    for x in range(len(ends)):
        at, entry = _place(ends[x, 0], ends[x, 1], n, directed, bits, rest)
        _insert(table, at, entry, mask, empty)


@njit(cache=True, nogil=True)
def _switch(ends: Any, table: Any, n: Any, bits: Any, attempts: int, seed: int, directed: bool) -> int:
    """Switch the ends of ties in place, ``attempts`` times; return how many switches were made.

    ``ends`` holds source and target, one row a tie. One attempt in ten rotates the targets of three ties instead of
    switching two: without it a directed triangle could never be turned round, and the walk would not reach every network
    of the same degrees. ``table`` holds the ties (:func:`_lay`) and is kept up to date.
    """
    np.random.seed(seed)
    m = len(ends)
    done = 0
    if m < 2:
        return 0
    mask, rest, empty = np.uint64(len(table) - 1), bits, table.dtype.type(_EMPTY)
    size = len(table)
    while size > 1:
        rest -= np.uint64(1)
        size >>= 1
    ties = np.empty((_AHEAD, 3), dtype=np.int64)  # third: -1 switch two ties, -2 the second of them turned round
    for begin in range(0, attempts, _AHEAD):
        block = min(_AHEAD, attempts - begin)
        # No random number depends on what is tied to what, so the attempts of a block are drawn first, ...
        for x in range(block):
            ties[x, 0], ties[x, 1] = np.random.randint(m), np.random.randint(m)
            fetch(ends, 2 * ties[x, 0])
            fetch(ends, 2 * ties[x, 1])
            ties[x, 2] = -1
            if directed and m > 2 and np.random.random() < 0.1:
                ties[x, 2] = np.random.randint(m)
            elif not directed and np.random.random() < 0.5:
                ties[x, 2] = -2
        # ... and the memory that they will ask for is fetched at once, not one place after the other.
        for x in range(block):
            i, j = ties[x, 0], ties[x, 1]
            a, b, c, d = ends[i, 0], ends[i, 1], ends[j, 0], ends[j, 1]
            if ties[x, 2] == -2:
                c, d = d, c
            fetch(table, _place(a, b, n, directed, bits, rest)[0])
            fetch(table, _place(c, d, n, directed, bits, rest)[0])
            fetch(table, _place(a, d, n, directed, bits, rest)[0])
            fetch(table, _place(c, b, n, directed, bits, rest)[0])
        for x in range(block):
            i, j, k = ties[x, 0], ties[x, 1], ties[x, 2]
            a, b, c, d = ends[i, 0], ends[i, 1], ends[j, 0], ends[j, 1]
            if k >= 0:
                e, f = ends[k, 0], ends[k, 1]
                if i == j or j == k or i == k or a == d or c == f or e == b:
                    continue
                at, entry = _place(a, d, n, True, bits, rest)
                at_2, entry_2 = _place(c, f, n, True, bits, rest)
                at_3, entry_3 = _place(e, b, n, True, bits, rest)
                if (
                    _held(table, at, entry, mask, empty)
                    or _held(table, at_2, entry_2, mask, empty)
                    or _held(table, at_3, entry_3, mask, empty)
                ):
                    continue
                for u, v in ((a, b), (c, d), (e, f)):
                    at_old, old = _place(u, v, n, True, bits, rest)
                    _remove(table, at_old, old, mask, empty)
                ends[i, 1], ends[j, 1], ends[k, 1] = d, f, b
                _insert(table, at_3, entry_3, mask, empty)
            else:
                if k == -2:
                    c, d = d, c
                if i == j or a == d or c == b:
                    continue
                at, entry = _place(a, d, n, directed, bits, rest)
                at_2, entry_2 = _place(c, b, n, directed, bits, rest)
                if at == at_2 and entry == entry_2:
                    continue
                if _held(table, at, entry, mask, empty) or _held(table, at_2, entry_2, mask, empty):
                    continue
                for u, v in ((a, b), (c, d)):
                    at_old, old = _place(u, v, n, directed, bits, rest)
                    _remove(table, at_old, old, mask, empty)
                ends[i, 0], ends[i, 1], ends[j, 0], ends[j, 1] = a, d, c, b
            _insert(table, at, entry, mask, empty)
            _insert(table, at_2, entry_2, mask, empty)
            done += 1
    return done


@njit(cache=True, nogil=True)
def _sorted(ends: Any, n: int, directed: bool) -> Any:
    """Return the ties in the order of source, then target, by counting; without direction the lower end is the source."""
    m = len(ends)
    first, second = np.empty(m, dtype=np.uint32), np.empty(m, dtype=np.uint32)
    by_first, by_second = np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for x in range(m):
        a, b = ends[x, 0], ends[x, 1]
        if not directed and b < a:
            a, b = b, a
        by_first[a + 1] += 1
        by_second[b + 1] += 1
    for v in range(n):
        by_first[v + 1] += by_first[v]
        by_second[v + 1] += by_second[v]
    source, target = np.empty(m, dtype=np.uint32), np.empty(m, dtype=np.uint32)
    for x in range(m):
        a, b = ends[x, 0], ends[x, 1]
        if not directed and b < a:
            a, b = b, a
        first[by_second[b]], second[by_second[b]] = a, b
        by_second[b] += 1
    for x in range(m):
        at = by_first[first[x]]
        source[at], target[at] = first[x], second[x]
        by_first[first[x]] += 1
    return source, target


def degree_preserving(
    ties: Ties, *, draws: int, seed: int, directed: bool = True, burn_in: int = 10, thinning: int = 2
) -> Iterator[Ties]:
    """Yield ``draws`` networks with the same degrees, drawn by edge switching (null model N1).

    Directed: every account keeps its number of incoming and of outgoing ties. Undirected (``directed=False``; ties as
    :meth:`~netact.network.Network.undirected_ties` gives them): its number of ties. Simple networks without self-ties.
    The weights of ``ties`` are dealt out again at random. Each draw costs about ``thinning * len(ties)`` steps.
    (Fosdick et al. 2018, https://doi.org/10.1137/16M1087175.)
    """
    accounts = np.flatnonzero(ties.active)  # numbered without gaps and in their order
    number = np.zeros(ties.n_accounts, dtype=np.uint32)
    number[accounts] = np.arange(len(accounts), dtype=np.uint32)
    ends = np.column_stack([number[ties.source], number[ties.target]])
    table, width = _table(len(ties), len(accounts))
    n, bits = np.uint64(len(accounts)), np.uint64(width)
    _lay(table, ends, n, bits, directed)
    random = generator(seed, "degree-preserving weights")
    rows = accounts.astype(np.uint32)
    for draw, step_seed in enumerate(spawn_seeds(seed, draws, "degree-preserving")):
        sweeps = burn_in if draw == 0 else thinning
        _switch(ends, table, n, bits, sweeps * len(ties), step_seed % 2**32, directed)
        source, target = _sorted(ends, len(accounts), directed)
        dealt = random.permutation(len(ties))
        yield Ties(ties.n_accounts, rows[source], rows[target], ties.weight[dealt], ties.events[dealt])


def mixing(before: Ties, after: Ties, *, top_share: float = 0.01) -> float:
    """Return the share of ties of the most connected accounts that a null network still holds, in [0, 1].

    A diagnostic of the walk: near 1 it has not left the observed network, and a z-score read from it means nothing.
    Takes the ties that touch the ``top_share`` most connected accounts.
    """
    n = np.uint64(before.n_accounts)
    degree = before.in_degree + before.out_degree
    count = max(1, round(top_share * np.count_nonzero(degree)))
    hubs = np.zeros(before.n_accounts, dtype=bool)
    hubs[np.lexsort((np.arange(len(degree)), -degree))[:count]] = True
    held = hubs[before.source] | hubs[before.target]
    old = (before.source.astype(np.uint64) * n + before.target)[held]
    new = after.source.astype(np.uint64) * n + after.target
    return float(np.isin(old, new).mean()) if len(old) else 0.0


def backbone(ties: Ties, *, max_ties: int) -> Ties:
    """Return the ties among the most connected accounts, as many accounts as keep at most ``max_ties`` ties.

    Where a network is too large for its null model, statistic and null are both computed here; the share of ties it
    holds is the coverage of the comparison. Accounts are ranked by degree, equal ones by their row number.
    """
    if len(ties) <= max_ties:
        return ties
    degree = ties.in_degree + ties.out_degree
    rank = np.empty(ties.n_accounts, dtype=np.int64)
    rank[np.lexsort((np.arange(ties.n_accounts), -degree))] = np.arange(ties.n_accounts)
    worst = np.maximum(rank[ties.source], rank[ties.target])
    # The ties among the first r accounts are those whose worse-ranked end is below r.
    ranked = np.sort(worst)
    limit = ranked[max_ties]
    return ties.where(worst < limit)


@njit(cache=True, nogil=True)
def _word(seed: Any, event: Any) -> Any:
    """Return the random number of one event, by SplitMix64."""
    state = seed + np.uint64(event + 1) * np.uint64(0x9E3779B97F4A7C15)
    word = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(cache=True, nogil=True)
def _simon(events: int, accounts: int, seed: int) -> Any:
    """Return how many of ``events`` acts each account receives; two random numbers from each word of an event."""
    receiver = np.empty(events, dtype=np.int32)
    words = np.empty(_AHEAD, dtype=np.uint64)  # of the events to come, in turn
    first = np.uint64(seed)
    half = np.uint64(0xFFFFFFFF)
    for event in range(min(_AHEAD, events)):
        words[event] = _word(first, event)
    met = 0
    for event in range(events):
        word = words[event % _AHEAD]
        later = event + _AHEAD
        words[event % _AHEAD] = _word(first, later)
        fetch(receiver, np.int64(((words[event % _AHEAD] & half) * np.uint64(later)) >> np.uint64(32)))
        # A new account with probability (accounts to come) / (events to come): then exactly as many are met.
        if event == 0 or (word >> np.uint64(32)) * np.uint64(events - event) < np.uint64(accounts - met) << np.uint64(
            32
        ):
            account = met
            met += 1
        else:
            # A random earlier event's receiver: an account in proportion to what it has received.
            earlier = ((word & half) * np.uint64(event)) >> np.uint64(32)
            account = receiver[np.int64(earlier)]
        receiver[event] = account
    received = np.zeros(accounts, dtype=np.int64)
    for event in range(events):
        fetch(received, receiver[min(event + _AHEAD, events - 1)])
        received[receiver[event]] += 1
    return received


def rich_get_richer(*, events: int, accounts: int, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield, per draw, how much attention each account receives under imitation alone (null model N7).

    Simon's process: each of ``events`` acts goes to a new account or to an earlier act's receiver, given that exactly
    ``accounts`` (at most ``events``) are met in the end; without that condition the varying number of accounts would
    hide concentration in small data. Concentration that this reproduces needs no leaders. Counts are unsorted. Two draws
    are simulated at once where there are many events; memory is 4 bytes an event and 8 an account for each.
    (Simon 1955, https://doi.org/10.1093/biomet/42.3-4.425.)
    """

    def simulated(step_seed: int) -> NDArray[np.int64]:
        return np.asarray(_simon(events, min(accounts, events), step_seed) if events else np.empty(0, dtype=np.int64))

    at_once = AT_ONCE if events >= _SIDE_BY_SIDE_EVENTS else 1
    yield from side_by_side(simulated, spawn_seeds(seed, draws, "rich-get-richer"), at_once=at_once)


@njit(cache=True, nogil=True)
def _curveball(start: Any, member: Any, trades: int, columns: int, seed: int) -> None:
    """Trade members between rows in place, ``trades`` times."""
    np.random.seed(seed)
    rows = len(start) - 1
    if rows < 2:
        return
    mark = np.zeros(columns, dtype=np.int64)
    pool = np.empty(len(member), dtype=member.dtype)
    for trade in range(1, trades + 1):
        i, j = np.random.randint(rows), np.random.randint(rows - 1)
        if j >= i:
            j += 1
        for x in range(start[i], start[i + 1]):
            mark[member[x]] = trade
        size = 0
        for x in range(start[j], start[j + 1]):
            if mark[member[x]] == trade:
                mark[member[x]] = -trade  # held by both: stays
            else:
                pool[size] = member[x]
                size += 1
        for x in range(start[i], start[i + 1]):
            if mark[member[x]] == trade:
                pool[size] = member[x]
                size += 1
        for x in range(size - 1, 0, -1):
            y = np.random.randint(x + 1)
            pool[x], pool[y] = pool[y], pool[x]
        taken = 0
        for row in (i, j):
            at = start[row]
            for x in range(start[row], start[row + 1]):
                if mark[member[x]] == -trade:
                    member[at] = member[x]
                    at += 1
            while at < start[row + 1]:
                member[at] = pool[taken]
                at += 1
                taken += 1


def bipartite_degree_preserving(
    rows: NDArray[np.int64], columns: NDArray[np.int64], *, draws: int, seed: int, burn_in: int = 20, thinning: int = 4
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield ``draws`` two-mode networks with the same degrees on both sides, drawn by curveball trades (null model N5).

    ``rows`` and ``columns`` hold one distinct pair an entry, numbered from 0. A trade takes two rows and deals what only
    one of them holds out again at random; trades that change nothing count. Every network with these degrees is drawn
    with equal probability. Each draw makes ``thinning`` trades a row. (Strona et al. 2014,
    https://doi.org/10.1038/ncomms5114; Carstens 2015, https://doi.org/10.1103/PhysRevE.91.042812.)
    """
    if not len(rows):
        yield from ((rows.copy(), columns.copy()) for _ in range(draws))
        return
    turned = rows.max() > columns.max()  # trade between the rows of the smaller side
    first, second = (columns, rows) if turned else (rows, columns)
    order = np.lexsort((second, first))
    count = int(first.max()) + 1
    start = np.searchsorted(first[order], np.arange(count + 1)).astype(np.int64)
    owner, member = first[order].astype(np.int64), second[order].astype(np.int64)
    for draw, step_seed in enumerate(spawn_seeds(seed, draws, "curveball")):
        sweeps = burn_in if draw == 0 else thinning
        _curveball(start, member, sweeps * count, int(second.max()) + 1, step_seed % 2**32)
        yield (member.copy(), owner.copy()) if turned else (owner.copy(), member.copy())
