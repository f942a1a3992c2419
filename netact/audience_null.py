"""What ties among the most-heard accounts would be there anyway, judged by how the crowd around them behaves.

The null of the leading-core scan. A most-heard account spreads the attention it starts as the crowd of its faction does,
each other account receives as much of it as the crowd gives to it, and attention is returned as often as that account
returns the crowd's. No tie inside the pool is used to say whom an account of the pool turns to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph
import numpy as np

from netact.randomness import igraph_generator
from netact.scan_statistic import DyadModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Ties

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]

# Accounts of the crowd are treated alike within a block and a power of two of activity (or of attention received).
_LEVELS = 16
# Interactions behind one tie, in classes; how likely a tie is returned grows with them.
_REPEATS = np.array([1.0, 2.0, 3.5, 7.0, 16.0])


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
        return self._affinity(self.source, self.target, self.source_place < 0)

    def _affinity(self, source: Codes, target: Codes, crowd: NDArray[np.bool_]) -> Values:
        blocks = int(self.block.max()) + 1
        flow = np.bincount(self.block[source[crowd]] * blocks + self.block[target[crowd]], minlength=blocks**2)
        smooth = flow.reshape(blocks, blocks) + 0.5
        return np.asarray(smooth * smooth.sum() / (smooth.sum(1)[:, None] * smooth.sum(0)[None, :]))

    def model(self, events: Codes | None = None) -> DyadModel:
        """Estimate the null from the crowd and return it with the pool's own ties.

        ``events`` (one count a tie, 0 = absent) stands in for the network's own, in a subsample.
        """
        k = len(self.pool)
        events = self.events if events is None else events
        present = events > 0
        s, t = self.source[present], self.target[present]
        sp, tp, count = self.source_place[present], self.target_place[present], events[present]
        crowd = sp < 0
        ties = np.zeros((k, k))
        inner = ~crowd & (tp >= 0)
        ties[sp[inner], tp[inner]] = 1.0
        heard = np.bincount(tp[crowd & (tp >= 0)], minlength=k).astype(float)
        out_crowd = np.bincount(sp[~crowd & (tp < 0)], minlength=k).astype(float)
        outside = crowd & (tp < 0)
        affinity = self._affinity(s, t, crowd)
        fitness = _Fitness(self.block, self.pool, affinity, s, t, crowd, outside)
        if not self.directed:
            p = fitness.probabilities(out_crowd + ties.sum(1), heard, 1.0, 1.0)
            both = np.clip((p + p.T) / 2, 1e-9, 1 - 1e-9)
            np.fill_diagonal(both, 0.0)
            return DyadModel(ties + ties.T, np.zeros((k, k)), both)
        returned = (self.reverse >= 0) & (events[self.reverse] > 0)
        returned = returned[present]
        # How often the crowd returns what it is given: mutual pairs among pairs outside the pool.
        mutual = np.count_nonzero(returned[outside]) / 2
        pairs = np.count_nonzero(outside) - mutual
        crowd_returns = min(mutual / pairs, 0.95) if pairs > 0 else 0.0
        # A pair of a pool account with the crowd was started by one of the two and perhaps returned by the other, or
        # started by both by chance: ``by_chance`` is the share of an account's own starts that meet such a fan.
        by_chance = fitness.chance_fans(heard)
        mutual_crowd = np.bincount(sp[~crowd & (tp < 0) & returned], minlength=k)
        one_sided = np.maximum(out_crowd - mutual_crowd, 0)
        started_crowd = np.minimum(one_sided / ((1 - crowd_returns) * (1 - by_chance)), out_crowd)
        received_first = np.maximum(heard - crowd_returns * started_crowd * (1 - by_chance), 0)
        given_back = np.maximum(out_crowd - started_crowd, 0)
        open_to_return = np.maximum(received_first - by_chance * started_crowd, 0)
        typical = given_back.sum() / max(open_to_return.sum(), 1.0)
        return_rate = np.clip((given_back + 5 * typical) / (open_to_return + 5), 0, 0.95)
        started = started_crowd + np.maximum(ties.sum(1) - return_rate * ties.sum(0), 0)
        # The crowd's returned ties do not say whom it turns to first.
        inside_crowd = pairs / max(int(np.count_nonzero(outside)), 1)
        share = (float(received_first.sum()) + pairs) / max(int(np.count_nonzero(crowd)), 1)
        p = np.clip(fitness.probabilities(started, received_first, share, inside_crowd), 1e-9, 1 - 1e-9)
        np.fill_diagonal(p, 0.0)
        fans = crowd & (tp >= 0)
        repeats = np.zeros((k, len(_REPEATS)))
        level = np.searchsorted(_REPEATS, count[fans], side="right") - 1
        np.add.at(repeats, (tp[fans], level), 1.0)
        per_event = _per_interaction(return_rate, repeats)
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


class _Fitness:
    """Maximum-entropy tie probabilities ``a b w / (1 + a b w)`` that reproduce what the crowd gives and receives."""

    def __init__(
        self,
        block: Codes,
        pool: Codes,
        affinity: Values,
        source: Codes,
        target: Codes,
        crowd: NDArray[np.bool_],
        outside: NDArray[np.bool_],
    ) -> None:
        n = len(block)
        self.affinity = affinity
        self.own = block[pool]
        self.out = np.bincount(source[crowd], minlength=n)
        self.into = np.bincount(target[outside], minlength=n)
        self.giving = _Class(block, self.out)
        self.receiving = _Class(block, self.into)
        self.total = float(np.count_nonzero(crowd))
        self.block = block

    def chance_fans(self, heard: Values) -> Values:
        """Return, per pool account, how likely an account it turns to attends to it anyway."""
        # The crowd in classes of activity, so that saturation shows: very active accounts attend to everyone.
        group = self.block * _LEVELS + np.minimum(np.log2(self.out + 1).astype(np.int64), _LEVELS - 1)
        size = len(self.affinity) * _LEVELS
        weight = np.bincount(group, weights=self.into, minlength=size)
        activity = np.bincount(group, weights=self.into * self.out, minlength=size) / np.maximum(weight, 1e-12)
        of_block = np.repeat(np.arange(len(self.affinity)), _LEVELS)
        chosen = self.affinity[self.own][:, of_block] * weight[None, :]
        odds = activity[None, :] * (heard[:, None] + 0.5) * self.affinity[of_block][:, self.own].T / max(self.total, 1)
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
    """Accounts of the crowd grouped by block and by the power of two of a count; those with none are left out."""

    def __init__(self, block: Codes, count: Codes) -> None:
        counted = count > 0
        level = np.minimum(np.log2(np.maximum(count[counted], 1)).astype(np.int64), _LEVELS - 1)
        group, number = np.unique(block[counted] * _LEVELS + level, return_inverse=True)
        self.block = group // _LEVELS
        self.size = np.bincount(number, minlength=len(group)).astype(float)
        self.mean = np.bincount(number, weights=count[counted], minlength=len(group)) / np.maximum(self.size, 1)


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
) -> Audience:
    """Choose the pool and the factions of the null among the ties of ``keep`` (one value a tie).

    The pool is the smallest set of accounts, most heard first, that holds ``pool_share`` of the audience from outside it:
    at most ``max_pool`` accounts, each heard by at least ``min_audience`` distinct accounts outside. Blocks with a
    smaller share than ``min_block`` of the active accounts are joined.
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
    key, backward = source * n + target, target * n + source
    at = np.minimum(np.searchsorted(key, backward), max(len(key) - 1, 0))
    reverse = np.where(key[at] == backward, at, -1) if len(key) else at
    block = _blocks(n, source, target, in_pool, min_block, seed)
    return Audience(
        directed, pool, block, index, source, target, place[source], place[target], ties.events[index], reverse
    )


def _most_heard(heard: Codes, share: float, most: int, least: int) -> Codes:
    order = np.lexsort((np.arange(len(heard)), -heard))
    held = np.cumsum(heard[order]) / max(1, heard.sum())
    size = min(most, int(np.searchsorted(held, share)) + 1, int(np.count_nonzero(heard >= least)))
    return order[:size]


def _blocks(n: int, source: Codes, target: Codes, in_pool: NDArray[np.bool_], min_block: float, seed: int) -> Codes:
    """Return factions found without the ties inside the pool; small ones are joined as number 0."""
    outside = ~(in_pool[source] & in_pool[target])
    low, high = np.minimum(source, target)[outside], np.maximum(source, target)[outside]
    pairs, count = np.unique(low * n + high, return_counts=True)
    active, ends = np.unique(np.concatenate([pairs // n, pairs % n]), return_inverse=True)
    block = np.zeros(n, dtype=np.int64)
    if not len(pairs):
        return block
    half = len(pairs)
    graph = igraph.Graph(n=len(active))
    graph.add_edges(zip(ends[:half].tolist(), ends[half:].tolist(), strict=True))
    with igraph_generator(seed):
        membership = graph.community_leiden(
            objective_function="modularity", weights=count.astype(float).tolist(), n_iterations=2
        ).membership
    large = np.bincount(membership) >= min_block * len(active)
    number = np.where(large, np.cumsum(large), 0)
    block[active] = number[membership]
    return block
