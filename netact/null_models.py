"""Networks and counts as chance would make them, given what is held fixed.

Edge switching keeps every account's number of ties in each direction and changes who is tied to whom. It walks from
the observed network, so the walk is first let run (``burn_in`` sweeps) and then read every ``thinning`` sweeps; a sweep
is one attempt a tie, and attempts that are refused count as steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from netact.network import Ties
from netact.randomness import generator, spawn_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_TOMB = np.uint64(0xFFFFFFFFFFFFFFFE)


@njit(cache=True, nogil=True)
def _slot(table: Any, key: Any) -> Any:
    """Return where ``key`` is, or -1."""
    mask = np.uint64(len(table) - 1)
    at = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20) & mask
    while table[at] != _EMPTY:
        if table[at] == key:
            return np.int64(at)
        at = (at + np.uint64(1)) & mask
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _insert(table: Any, key: Any) -> Any:
    """Put an absent ``key`` into the first free or emptied slot; True if an emptied slot was used again."""
    mask = np.uint64(len(table) - 1)
    at = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20) & mask
    while table[at] != _EMPTY and table[at] != _TOMB:
        at = (at + np.uint64(1)) & mask
    again = table[at] == _TOMB
    table[at] = key
    return again


@njit(cache=True, nogil=True)
def _key(a: Any, b: Any, n: Any, directed: bool) -> Any:
    if directed or a < b:
        return np.uint64(a) * n + np.uint64(b)
    return np.uint64(b) * n + np.uint64(a)


@njit(cache=True, nogil=True)
def _lay(table: Any, source: Any, target: Any, n: Any, directed: bool) -> None:
    """Lay the hash table of all ties anew."""
    table[:] = _EMPTY
    for x in range(len(source)):
        _insert(table, _key(source[x], target[x], n, directed))


@njit(cache=True, nogil=True)
def _switch(source: Any, target: Any, table: Any, n: Any, attempts: int, seed: int, directed: bool) -> int:
    """Switch the ends of ties in place, ``attempts`` times; return how many switches were made.

    One attempt in ten rotates the targets of three ties instead of switching two: without it a directed triangle
    could never be turned round, and the walk would not reach every network of the same degrees.
    """
    np.random.seed(seed)
    m = len(source)
    done = 0
    if m < 2:
        return 0
    # Emptied slots of an earlier walk would otherwise fill the table until no search ends.
    _lay(table, source, target, n, directed)
    used = m
    for _ in range(attempts):
        i, j = np.random.randint(m), np.random.randint(m)
        a, b, c, d = source[i], target[i], source[j], target[j]
        if directed and m > 2 and np.random.random() < 0.1:
            k = np.random.randint(m)
            e, f = source[k], target[k]
            if i == j or j == k or i == k or a == d or c == f or e == b:
                continue
            new = (_key(a, d, n, True), _key(c, f, n, True), _key(e, b, n, True))
            if _slot(table, new[0]) >= 0 or _slot(table, new[1]) >= 0 or _slot(table, new[2]) >= 0:
                continue
            table[_slot(table, _key(a, b, n, True))] = _TOMB
            table[_slot(table, _key(c, d, n, True))] = _TOMB
            table[_slot(table, _key(e, f, n, True))] = _TOMB
            target[i], target[j], target[k] = d, f, b
            for key in new:
                if not _insert(table, key):
                    used += 1
        else:
            if not directed and np.random.random() < 0.5:
                c, d = d, c
            if i == j or a == d or c == b:
                continue
            first, second = _key(a, d, n, directed), _key(c, b, n, directed)
            if first == second or _slot(table, first) >= 0 or _slot(table, second) >= 0:
                continue
            table[_slot(table, _key(a, b, n, directed))] = _TOMB
            table[_slot(table, _key(c, d, n, directed))] = _TOMB
            source[i], target[i], source[j], target[j] = a, d, c, b
            if not _insert(table, first):
                used += 1
            if not _insert(table, second):
                used += 1
        done += 1
        if used * 4 > len(table) * 3:  # too many emptied slots
            _lay(table, source, target, n, directed)
            used = m
    return done


def degree_preserving(
    ties: Ties, *, draws: int, seed: int, directed: bool = True, burn_in: int = 10, thinning: int = 2
) -> Iterator[Ties]:
    """Yield ``draws`` networks with the same degrees, drawn by edge switching (null model N1).

    Directed: every account keeps its number of incoming and of outgoing ties. Undirected (``directed=False``; ties as
    :meth:`~netact.network.Network.undirected_ties` gives them): its number of ties. Simple networks without self-ties.
    The weights of ``ties`` are dealt out again at random. Each draw costs about ``thinning * len(ties)`` steps.
    (Fosdick et al. 2018, https://doi.org/10.1137/16M1087175.)
    """
    source, target = ties.source.copy(), ties.target.copy()
    size = 1 << max(4, int(np.ceil(np.log2(max(1, len(ties)) * 2.5))))
    table = np.full(size, _EMPTY, dtype=np.uint64)
    n = np.uint64(ties.n_accounts)
    random = generator(seed, "degree-preserving weights")
    for draw, step_seed in enumerate(spawn_seeds(seed, draws, "degree-preserving")):
        sweeps = burn_in if draw == 0 else thinning
        _switch(source, target, table, n, sweeps * len(ties), step_seed % 2**32, directed)
        low, high = (source, target) if directed else (np.minimum(source, target), np.maximum(source, target))
        order = np.argsort(low.astype(np.uint64) * n + high, kind="stable")
        dealt = random.permutation(len(ties))
        yield Ties(ties.n_accounts, low[order], high[order], ties.weight[dealt], ties.events[dealt])


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
def _simon(events: int, accounts: int, seed: int) -> Any:
    """Return how many of ``events`` acts each account receives; random numbers by SplitMix64, two from each word."""
    receiver = np.empty(events, dtype=np.int32)
    received = np.zeros(accounts, dtype=np.int64)
    state = np.uint64(seed)
    met = 0
    for event in range(events):
        state += np.uint64(0x9E3779B97F4A7C15)
        word = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        word ^= word >> np.uint64(31)
        # A new account with probability (accounts to come) / (events to come): then exactly as many are met.
        if event == 0 or (word >> np.uint64(32)) * np.uint64(events - event) < np.uint64(accounts - met) << np.uint64(
            32
        ):
            account = met
            met += 1
        else:
            # A random earlier event's receiver: an account in proportion to what it has received.
            earlier = ((word & np.uint64(0xFFFFFFFF)) * np.uint64(event)) >> np.uint64(32)
            account = receiver[np.int64(earlier)]
        receiver[event] = account
        received[account] += 1
    return received


def rich_get_richer(*, events: int, accounts: int, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield, per draw, how much attention each account receives under imitation alone (null model N7).

    Simon's process: each of ``events`` acts goes to a new account or to an earlier act's receiver, given that exactly
    ``accounts`` (at most ``events``) are met in the end; without that condition the varying number of accounts would
    hide concentration in small data. Concentration that this reproduces needs no leaders. Counts are unsorted.
    (Simon 1955, https://doi.org/10.1093/biomet/42.3-4.425.)
    """
    for step_seed in spawn_seeds(seed, draws, "rich-get-richer"):
        yield _simon(events, min(accounts, events), step_seed) if events else np.empty(0, dtype=np.int64)


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
