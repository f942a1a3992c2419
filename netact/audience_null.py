"""What ties among the most-heard accounts would be there anyway, judged by how the crowd around them behaves.

The null of the leading-core scan. A most-heard account spreads the attention it starts as the crowd of its faction does,
each other account receives as much of it as the crowd gives to it, and attention is returned as often as that account
returns the crowd's. No tie inside the pool is used to say whom an account of the pool turns to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from scipy import sparse

from netact.network import Ties
from netact.partition import leiden_partitions, own_kernel
from netact.prefetch import fetch
from netact.scan_statistic import DyadModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]

# Accounts of the crowd are treated alike within a block and a power of two of activity (or of attention received).
_LEVELS = 16
# Interactions behind one tie, in classes; how likely a tie is returned grows with them.
_REPEATS = np.array([1.0, 2.0, 3.5, 7.0, 16.0])
# So many ties before one is counted, the memory of its end is asked for.
_AHEAD = 32


@dataclass(frozen=True, eq=False)
class Audience:
    """A pool of most-heard accounts, the factions around it, and all ties sorted by which ends are in the pool.

    Attributes
    ----------
    pool
        Account rows, most heard first.
    block
        Faction of every account, found without the ties inside the pool (a core must not explain itself away).
    index
        Number of each tie among all ties of the network.
    source, target, source_place, target_place, events
        Ends as account rows and as positions in the pool (-1 outside), and the interactions behind each tie.
    reverse
        Number of the tie in the other direction, -1 if there is none.
    """

    directed: bool
    pool: Codes
    block: Codes
    index: Codes
    source: Codes
    target: Codes
    source_place: Codes
    target_place: Codes
    events: Codes
    reverse: Codes

    def pool_ties(self, events: Codes | None, positions: Sequence[int]) -> Values:
        """Return the ties among some accounts of the pool as a 0/1 matrix, row = source.

        ``events`` (one count a tie, 0 = absent) stands in for the network's own, in a subsample.
        """
        events = self.events if events is None else events
        inner = (self.source_place >= 0) & (self.target_place >= 0) & (events > 0)
        ties = np.zeros((len(self.pool), len(self.pool)))
        ties[self.source_place[inner], self.target_place[inner]] = 1.0
        return ties[np.ix_(positions, positions)]

    def heard(self) -> Codes:
        """Return how many accounts outside the pool give attention to each account of it."""
        places = self.target_place[self.source_place < 0]
        return np.bincount(places[places >= 0], minlength=len(self.pool))

    def affinity(self) -> Values:
        """Return how much more often the crowd of one block turns to another than its size suggests, by block."""
        return _affinity(self._counts(None).flow)

    def closure(self) -> float:
        """Return how much more often who attends to an account also attends to those it passes on, in [0, 0.5].

        The chance, over ways from the crowd through one pool account to another it is tied to, that the way is closed
        because of that tie: the overlap of the audiences of tied pairs beyond that of pairs without a tie that are as
        popular, and in one block or not, like them.
        """
        k = len(self.pool)
        fan = (self.source_place < 0) & (self.target_place >= 0)
        shape = (len(self.block), k)
        fans = sparse.csr_array(
            (np.ones(np.count_nonzero(fan)), (self.source[fan], self.target_place[fan])), shape=shape
        )
        overlap = (fans.T @ fans).toarray()
        heard = np.diag(overlap).copy()
        ties = self.pool_ties(None, range(k))
        tied = (ties + ties.T) > 0
        by_chance = heard[:, None] * heard[None, :]
        own = self.block[self.pool]
        apart = ~tied & ~np.eye(k, dtype=bool)
        ways = excess = 0.0
        same = own[:, None] == own[None, :]
        for together in (same, ~same):
            # Popular accounts share less of their audiences than the product says: compare pairs of like popularity.
            here = together & apart
            if not here.any():
                continue
            edges = np.unique(np.quantile(by_chance[here], np.linspace(0, 1, 21)))
            bin_of = np.clip(np.searchsorted(edges, by_chance, side="right") - 1, 0, len(edges) - 1)
            size = len(edges)
            shared = np.bincount(bin_of[here], weights=overlap[here], minlength=size)
            product = np.bincount(bin_of[here], weights=by_chance[here], minlength=size)
            rate = np.divide(shared, product, out=np.zeros(size), where=product > 0)
            onward = together & (ties > 0) & (product[bin_of] > 0)
            excess += float((overlap - rate[bin_of] * by_chance)[onward].sum())
            ways += float(np.broadcast_to(heard[:, None], (k, k))[onward].sum())
        return float(np.clip(excess / ways, 0.0, 0.5)) if ways > 0 else 0.0

    def _counts(self, events: Codes | None) -> _Counts:
        n, k, blocks = len(self.block), len(self.pool), int(self.block.max()) + 1
        count = _Counts(
            flow=np.zeros((blocks, blocks)),
            ties=np.zeros((k, k)),
            heard=np.zeros(k),
            out_crowd=np.zeros(k),
            mutual_crowd=np.zeros(k),
            repeats=np.zeros((k, len(_REPEATS))),
            activity=np.zeros(n, dtype=np.int32),
            attention=np.zeros(n, dtype=np.int32),
            crowd=0,
            outside=0,
            outside_returned=0,
        )
        events = self.events if events is None else events
        sorted_ties = self._sorted_ties
        flow = count.flow.ravel()
        outside, returned = _count_crowd(
            *(sorted_ties.outside, sorted_ties.mutual, events),
            *(flow, count.activity, count.attention),
        )
        fans = _count_fans(
            *(sorted_ties.fans, events),
            *(flow, count.activity, count.heard, count.repeats),
        )
        _count_pool(
            *(sorted_ties.pool, self.source_place, self.target_place, self.reverse, events),
            *(count.ties, count.out_crowd, count.mutual_crowd),
        )
        return replace(count, crowd=int(outside + fans), outside=int(outside), outside_returned=int(returned))

    @cached_property
    def _sorted_ties(self) -> _SortedTies:
        """The ties by which of their ends are in the pool: what a model counts of each, and no more."""
        blocks = int(self.block.max()) + 1
        crowd, heard = self.source_place < 0, self.target_place >= 0

        def columns(ties: Codes, end: Codes) -> tuple[NDArray[np.int32], ...]:
            cell = self.block[self.source[ties]] * blocks + self.block[self.target[ties]]
            return tuple(column.astype(np.int32) for column in (ties, self.source[ties], end, cell))

        outside, fans = np.flatnonzero(crowd & ~heard), np.flatnonzero(crowd & heard)
        back = self.reverse[outside]
        once = back > outside
        return _SortedTies(
            outside=columns(outside, self.target[outside]),
            fans=columns(fans, self.target_place[fans]),
            pool=np.flatnonzero(~crowd),
            mutual=np.column_stack([outside[once], back[once]]).astype(np.int32),
        )

    def model(self, events: Codes | None = None) -> DyadModel:
        """Estimate the null from the crowd and return it with the pool's own ties.

        ``events`` (one count a tie, 0 = absent) stands in for the network's own, in a subsample.
        """
        k = len(self.pool)
        count = self._counts(events)
        ties, heard, out_crowd = count.ties, count.heard, count.out_crowd
        fitness = _Fitness(self.block, self.pool, count)
        if not self.directed:
            p = fitness.probabilities(out_crowd + ties.sum(1), heard, 1.0, 1.0)
            both = np.clip((p + p.T) / 2, 1e-9, 1 - 1e-9)
            np.fill_diagonal(both, 0.0)
            return DyadModel(ties + ties.T, np.zeros((k, k)), both)
        # How often the crowd returns what it is given: mutual pairs among pairs outside the pool.
        mutual = count.outside_returned / 2
        pairs = count.outside - mutual
        crowd_returns = min(mutual / pairs, 0.95) if pairs > 0 else 0.0
        # A pair of a pool account with the crowd was started by one of the two and perhaps returned by the other, or
        # started by both by chance: ``by_chance`` is the share of an account's own starts that meet such a fan.
        by_chance = fitness.chance_fans(heard)
        one_sided = np.maximum(out_crowd - count.mutual_crowd, 0)
        started_crowd = np.minimum(one_sided / ((1 - crowd_returns) * (1 - by_chance)), out_crowd)
        received_first = np.maximum(heard - crowd_returns * started_crowd * (1 - by_chance), 0)
        given_back = np.maximum(out_crowd - started_crowd, 0)
        open_to_return = np.maximum(received_first - by_chance * started_crowd, 0)
        typical = given_back.sum() / max(open_to_return.sum(), 1.0)
        return_rate = np.clip((given_back + 5 * typical) / (open_to_return + 5), 0, 0.95)
        started = started_crowd + np.maximum(ties.sum(1) - return_rate * ties.sum(0), 0)
        # The crowd's returned ties do not say whom it turns to first.
        inside_crowd = pairs / max(count.outside, 1)
        share = (float(received_first.sum()) + pairs) / max(count.crowd, 1)
        p = np.clip(fitness.probabilities(started, received_first, share, inside_crowd), 1e-9, 1 - 1e-9)
        np.fill_diagonal(p, 0.0)
        per_event = _per_interaction(return_rate, count.repeats)
        # A pair expected to be tied once is rarely tied by several interactions, one expected often is, and each is
        # another occasion to return it.
        expected_events = -np.log1p(-np.minimum(p, 1 - 1e-9))
        back = np.divide(
            -np.expm1(-expected_events * per_event[None, :]), p, out=np.zeros_like(p), where=expected_events > 0
        )
        back = np.clip(back, 0, 0.98)
        both = p * p.T + p * (1 - p.T) * back + p.T * (1 - p) * back.T
        one = np.maximum(1 - (1 - p) * (1 - p.T) - both, 0.0)
        np.fill_diagonal(one, 0.0)
        np.fill_diagonal(both, 0.0)
        return DyadModel(ties + ties.T, one, both)


@dataclass(frozen=True, eq=False)
class _Counts:
    """What one pass over the ties says of the crowd and the pool."""

    flow: Values  # ties of the crowd from block to block
    ties: Values  # inside the pool, 0 or 1
    heard: Values  # accounts of the crowd that attend to a pool account
    out_crowd: Values  # accounts of the crowd that a pool account attends to
    mutual_crowd: Values  # of these, how many attend to it too
    repeats: Values  # ties from the crowd to a pool account, by how many interactions they hold
    activity: NDArray[np.int32]  # ties of every account of the crowd
    attention: NDArray[np.int32]  # ties from the crowd to every account of the crowd
    crowd: int  # ties that start in the crowd
    outside: int  # of these, ties that end there too
    outside_returned: int  # of these, ties that have a counterpart


@dataclass(frozen=True, eq=False)
class _SortedTies:
    """Ties of an audience in three parts. ``outside`` and ``fans``: number, source, other end and cell of ``flow``.

    ``mutual`` holds pairs of ties of the crowd that return one another.
    """

    outside: tuple[NDArray[np.int32], ...]  # from the crowd to the crowd; the end is an account row
    fans: tuple[NDArray[np.int32], ...]  # from the crowd to the pool; the end is a position in the pool
    pool: Codes  # from the pool
    mutual: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _count_crowd(ties: Any, mutual: Any, events: Any, flow: Any, activity: Any, attention: Any) -> Any:
    number, source, target, cell = ties
    outside = returned = 0
    for x in range(len(number)):
        fetch(attention, target[min(x + _AHEAD, len(number) - 1)])
        if events[number[x]] > 0:
            outside += 1
            activity[source[x]] += 1
            attention[target[x]] += 1
            flow[cell[x]] += 1
    for x in range(len(mutual)):
        if events[mutual[x, 0]] > 0 and events[mutual[x, 1]] > 0:
            returned += 2
    return outside, returned


@njit(cache=True, nogil=True)
def _count_fans(ties: Any, events: Any, flow: Any, activity: Any, heard: Any, repeats: Any) -> Any:
    number, source, place, cell = ties
    fans = 0
    for x in range(len(number)):
        often = events[number[x]]
        if often > 0:
            fans += 1
            activity[source[x]] += 1
            heard[place[x]] += 1
            flow[cell[x]] += 1
            level = 0
            while level + 1 < len(_REPEATS) and often >= _REPEATS[level + 1]:
                level += 1
            repeats[place[x], level] += 1
    return fans


@njit(cache=True, nogil=True)
def _count_pool(
    number: Any,
    source_place: Any,
    target_place: Any,
    reverse: Any,
    events: Any,
    ties: Any,
    out_crowd: Any,
    mutual_crowd: Any,
) -> None:
    for e in number:
        if events[e] == 0:
            continue
        i, j = source_place[e], target_place[e]
        if j >= 0:
            ties[i, j] = 1.0
        else:
            out_crowd[i] += 1
            if reverse[e] >= 0 and events[reverse[e]] > 0:
                mutual_crowd[i] += 1


def _affinity(flow: Values) -> Values:
    smooth = flow + 0.5
    return np.asarray(smooth * smooth.sum() / (smooth.sum(1)[:, None] * smooth.sum(0)[None, :]))


class _Fitness:
    """Maximum-entropy tie probabilities ``a b w / (1 + a b w)`` that reproduce what the crowd gives and receives."""

    def __init__(self, block: Codes, pool: Codes, count: _Counts) -> None:
        self.affinity = _affinity(count.flow)
        self.own = block[pool]
        self.total = float(count.crowd)
        size = len(self.affinity) * _LEVELS
        grouped = np.zeros((4, size))
        _group(block, count.activity, count.attention, grouped)
        self.giving = _Class(grouped[0], grouped[1])
        self.receiving = _Class(grouped[2], grouped[3])
        # Attention to accounts of one activity, and the activity that it meets.
        self.met, self.met_activity = self._by_activity(block, count, size)

    @staticmethod
    def _by_activity(block: Codes, count: _Counts, size: int) -> tuple[Values, Values]:
        weight, activity = np.zeros(size), np.zeros(size)
        _group_met(block, count.activity, count.attention, weight, activity)
        return weight, activity / np.maximum(weight, 1e-12)

    def chance_fans(self, heard: Values) -> Values:
        """Return, per pool account, how likely an account it turns to attends to it anyway."""
        # The crowd in classes of activity, so that saturation shows: very active accounts attend to everyone.
        of_block = np.repeat(np.arange(len(self.affinity)), _LEVELS)
        chosen = self.affinity[self.own][:, of_block] * self.met[None, :]
        odds = self.met_activity[None, :] * (heard[:, None] + 0.5) * self.affinity[of_block][:, self.own].T
        odds /= max(self.total, 1)
        attends = odds / (1 + odds)
        return np.asarray(np.minimum((chosen * attends).sum(1) / np.maximum(chosen.sum(1), 1e-12), 0.9))

    def probabilities(self, started: Values, received: Values, share: float, inside: float) -> Values:
        """Return the probability that each pool account starts a tie to each other.

        ``started`` ties of every pool account, ``received`` from the crowd; ``share`` of the crowd's ties, and
        ``inside`` of those among itself, count as started.
        """
        give, receive = self.giving, self.receiving
        scale = np.sqrt(max(self.total, 1.0))
        wanted_out = give.mean * share
        wanted_in = np.concatenate([receive.mean * inside, received + 0.5])
        many_in = np.concatenate([receive.size, np.ones(len(received))])
        affinity = self.affinity[give.block][:, np.concatenate([receive.block, self.own])]
        wanted_of_pool = started + 0.5  # like ``received``: no account is taken to be surely silent or unheard
        a, b = wanted_out / scale, wanted_in / scale
        for _ in range(25):
            w = affinity / (1 + a[:, None] * b[None, :] * affinity)
            a = wanted_out / np.maximum((w * (many_in * b)[None, :]).sum(1), 1e-12)
            w = affinity / (1 + a[:, None] * b[None, :] * affinity)
            b = wanted_in / np.maximum((w * (give.size * a)[:, None]).sum(0), 1e-12)
        affinity = self.affinity[self.own][:, np.concatenate([receive.block, self.own])]
        x = wanted_of_pool / scale
        for _ in range(25):
            w = affinity / (1 + x[:, None] * b[None, :] * affinity)
            x = wanted_of_pool / np.maximum((w * (many_in * b)[None, :]).sum(1), 1e-12)
        odds = x[:, None] * b[None, -len(received) :] * affinity[:, -len(received) :]
        return np.asarray(odds / (1 + odds))


class _Class:
    """Accounts of the crowd grouped by block and by the power of two of a count; empty groups are left out."""

    def __init__(self, accounts: Values, total: Values) -> None:
        held = np.flatnonzero(accounts)
        self.block = held // _LEVELS
        self.size = accounts[held]
        self.mean = total[held] / self.size


# The power of two below each count, at most the last level; beyond the table it is the last level.
_LEVEL = np.maximum(np.frexp(np.arange(2 ** (_LEVELS - 1) + 1))[1] - 1, 0).astype(np.int64)


@njit(cache=True, nogil=True)
def _group(block: Any, activity: Any, attention: Any, out: Any) -> None:
    most = len(_LEVEL) - 1
    for v in range(len(block)):
        if activity[v] > 0:
            g = block[v] * _LEVELS + _LEVEL[min(activity[v], most)]
            out[0, g] += 1
            out[1, g] += activity[v]
        if attention[v] > 0:
            g = block[v] * _LEVELS + _LEVEL[min(attention[v], most)]
            out[2, g] += 1
            out[3, g] += attention[v]


@njit(cache=True, nogil=True)
def _group_met(block: Any, activity: Any, attention: Any, weight: Any, met: Any) -> None:
    most = len(_LEVEL) - 1
    for v in range(len(block)):
        if attention[v] > 0:
            g = block[v] * _LEVELS + _LEVEL[min(activity[v] + 1, most)]
            weight[g] += attention[v]
            met[g] += np.float64(attention[v]) * activity[v]


def _per_interaction(rate: Values, repeats: Values) -> Values:
    """Return the chance that one interaction is returned, from the share of ties that are, given their interactions."""
    fans = np.maximum(repeats.sum(1), 1)
    low, high = np.zeros(len(rate)), np.full(len(rate), 0.99)
    for _ in range(30):
        middle = (low + high) / 2
        ties = (repeats * -np.expm1(np.log1p(-middle)[:, None] * _REPEATS[None, :])).sum(1) / fans
        below = np.where(repeats.sum(1) > 0, ties, middle) < rate
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def split_audience(
    ties: Ties,
    *,
    keep: NDArray[np.bool_],
    directed: bool,
    pool_share: float,
    max_pool: int,
    min_audience: int,
    min_block: float,
    seed: int,
    interactions: int = 0,
) -> Audience:
    """Choose the pool and the factions of the null among the ties of ``keep`` (one value a tie).

    The pool is the smallest set of accounts, most heard first, that holds ``pool_share`` of the audience from outside it:
    at most ``max_pool`` accounts, each heard by at least ``min_audience`` distinct accounts outside. Blocks with a
    smaller share than ``min_block`` of the active accounts are joined. ``interactions`` are those of the whole network.
    """
    index = np.flatnonzero(keep)
    n = ties.n_accounts
    source, target = ties.source[index].astype(np.int64), ties.target[index].astype(np.int64)
    in_pool = np.zeros(n, dtype=bool)
    heard = np.bincount(target, minlength=n)
    pool = _most_heard(heard, pool_share, max_pool, min_audience)
    in_pool[pool] = True
    heard = np.bincount(target[~in_pool[source]], minlength=n)
    pool = _most_heard(heard, pool_share, max_pool, min_audience)
    in_pool[:] = False
    in_pool[pool] = True
    place = np.full(n, -1)
    place[pool] = np.arange(len(pool))
    reverse = _reverse(source, target, n)
    block = _blocks(n, source, target, reverse, in_pool, min_block, seed, interactions)
    return Audience(
        directed, pool, block, index, source, target, place[source], place[target], ties.events[index], reverse
    )


@njit(cache=True, nogil=True)
def _reverse(source: Any, target: Any, n: int) -> Any:
    """Return, per tie of a list sorted by source, then target, the number of the tie in the other direction, or -1."""
    m = len(source)
    start = np.zeros(n + 1, dtype=np.int64)
    for e in range(m):
        start[target[e] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    turned = np.empty(m, dtype=np.int64)  # ties in the order of target, then source
    for e in range(m):
        turned[start[target[e]]] = e
        start[target[e]] += 1
    reverse = np.full(m, -1, dtype=np.int64)
    at = 0
    for x in range(m):
        a, b = target[turned[x]], source[turned[x]]
        while at < m and (source[at] < a or (source[at] == a and target[at] < b)):
            at += 1
        if at < m and source[at] == a and target[at] == b:
            reverse[turned[x]] = at
    return reverse


def _most_heard(heard: Codes, share: float, most: int, least: int) -> Codes:
    order = np.lexsort((np.arange(len(heard)), -heard))
    held = np.cumsum(heard[order]) / max(1, int(heard.sum()))
    size = min(most, int(np.searchsorted(held, share)) + 1, int(np.count_nonzero(heard >= least)))
    return order[:size]


def _blocks(
    n: int,
    source: Codes,
    target: Codes,
    reverse: Codes,
    in_pool: NDArray[np.bool_],
    min_block: float,
    seed: int,
    interactions: int,
) -> Codes:
    """Return factions found without the ties inside the pool; small ones are joined as number 0."""
    # One of the two ties of a pair that is tied both ways stands for it.
    one = ~(in_pool[source] & in_pool[target]) & ((source < target) | (reverse < 0))
    low, high = np.minimum(source[one], target[one]), np.maximum(source[one], target[one])
    order = np.argsort(low * n + high)
    least, greatest, count = low[order], high[order], 1 + (reverse[one][order] >= 0).astype(np.int64)
    block = np.zeros(n, dtype=np.int64)
    if not len(count):
        return block
    tied = np.zeros(n, dtype=bool)
    tied[least] = tied[greatest] = True
    active = np.flatnonzero(tied)
    number = (np.cumsum(tied) - 1).astype(np.uint32)
    among = Ties(len(active), number[least], number[greatest], count.astype(float), count)
    # The blocks only stand for whom the crowd knows: of very many ties one turn tells them well enough.
    turns = 1 if own_kernel(among, interactions) else 2
    membership = leiden_partitions(among, seeds=[seed], resolution=1.0, turns=turns, interactions=interactions)[0]
    large = np.bincount(membership) >= min_block * len(active)
    number = np.where(large, np.cumsum(large), 0)
    block[active] = number[membership]
    return block
