"""From whom a post was passed on: parents inferred from who follows whom, always as a range over four rules.

Platforms report every retweet as one of the original author, who therefore seems to have been heard by all. An account
that follows somebody who passed the post on before it may have met it there. Which of them it was cannot be seen, so
four answers stand beside one another:

``star``
    The author, as the platform has it.
``earliest``, ``latest``
    Of the accounts it follows that had the post before it, the author among them, the one that had it first or last.
``probabilistic``
    Each of these with a probability in proportion to its followers and to the inverse of the time since it had the post.

An act that no followed account preceded is *unattributed*: it hangs on the author under every rule, and is counted. Nothing
here says that the true path is one of the four. (DeVerna et al. 2024, https://arxiv.org/abs/2410.21554: reconstruction
changes who is influential; structural virality: Goel et al. 2016, https://doi.org/10.1287/mnsc.2015.2158.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from numba import njit

from netact.errors import MeasureError
from netact.language import Message
from netact.randomness import generator
from netact.rank_overlap import jaccard, rank_biased_overlap
from netact.results import Estimate, undefined
from netact.results.cascades import ATTRIBUTIONS, CASCADE_INFLUENCE, CASCADE_LIST, CASCADE_RULES, Cascades

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from netact.network import Network
    from netact.schemas import Kind

    Codes = NDArray[np.int64]

Attribution = Literal["star", "earliest", "latest", "probabilistic"]

TOP = 20
MOST_CASCADES = 200
# Kinds of acts that pass a post on as it is.
PASSING_ON: tuple[Kind, ...] = ("retweet", "forward")
_LONG_AGO = np.iinfo(np.int64).min
_SECOND = 1_000_000  # microseconds

_SHARE = Message("share of acts")
_OVERLAP = Message("Jaccard index")
_DISTANCE = Message("mean distance")
_OVER_RULES = Message("lowest and highest over the rules of attribution")


def structural_virality(parent: ArrayLike) -> float | None:
    """Return the mean distance between two accounts of a tree; None with fewer than two accounts. Time O(n).

    ``parent`` holds the place of each account's parent, -1 for the root. Every tie separates ``s`` accounts from ``n - s``
    and lies on the paths of ``s * (n - s)`` pairs. A star of n accounts has ``2 * (n - 1) / n``.
    (Goel, Anderson, Hofman & Watts 2016, https://doi.org/10.1287/mnsc.2015.2158.)

    >>> structural_virality([-1, 0, 1, 1, 0]), structural_virality([-1, 0, 0, 0, 0])
    (1.8, 1.6)
    """
    tree = np.asarray(parent, dtype=np.int64)
    n = len(tree)
    if n < 2:
        return None
    if np.count_nonzero(tree < 0) != 1 or tree.max() >= n:
        raise MeasureError("structural_virality", "parent is no tree with one root", found=tree.tolist()[:10])
    wiener, reached = _wiener(tree)
    if reached != n:
        raise MeasureError("structural_virality", "parent holds a circle", found=tree.tolist()[:10])
    return float(2 * wiener / (n * (n - 1)))


@njit(cache=True, nogil=True)
def _wiener(parent: Any) -> Any:
    """Return the sum of all distances of a tree, and how many accounts are in it; leaves are taken off first."""
    n = len(parent)
    children = np.zeros(n, dtype=np.int64)
    for i in range(n):
        if parent[i] >= 0:
            children[parent[i]] += 1
    size = np.ones(n, dtype=np.int64)
    queue = np.empty(n, dtype=np.int64)
    filled = 0
    for i in range(n):
        if children[i] == 0:
            queue[filled] = i
            filled += 1
    total = 0.0
    at = 0
    while at < filled:
        i = queue[at]
        at += 1
        up = parent[i]
        if up < 0:
            continue
        total += float(size[i]) * float(n - size[i])
        size[up] += size[i]
        children[up] -= 1
        if children[up] == 0:
            queue[filled] = up
            filled += 1
    return total, filled


@dataclass(frozen=True, eq=False)
class Acts:
    """Acts of passing on, by cascade and, within it, by time.

    ``start`` says where each cascade begins; ``account``, ``moment`` (microseconds) and ``row`` (of ``network.rows(kind)``)
    are those of the acts, ``post``, ``root`` and ``root_moment`` those of the cascades.
    """

    start: Codes
    account: Codes
    moment: Codes
    row: Codes
    post: list[str]
    root: Codes
    root_moment: Codes


@dataclass(frozen=True, eq=False)
class Parents:
    """The parent of each act as a place in :class:`Acts`, -1 for the root; ``candidates`` counts the possible ones."""

    earliest: Codes
    latest: Codes
    candidates: Codes


def acts_of(network: Network, kind: Kind) -> Acts:
    """Return who passed on which post when: the first act of each account on each post, of those with a time.

    The post is ``ref_post_id``; where no row has one, ``post_id``, if it names the post passed on and not the act (it then
    recurs). The time of the post is that of the table of posts; unknown, it counts as before every act.
    """
    rows = network.rows(kind).with_row_index("row")
    post = "ref_post_id"
    if rows["ref_post_id"].null_count() == rows.height:
        known = rows["post_id"]
        recurs = known.null_count() < rows.height and 1 <= known.n_unique() < 0.9 * rows.height
        post = "post_id" if recurs else "ref_post_id"
    rows = rows.select("row", "platform", "source", "target", "time", post=pl.col(post)).drop_nulls(["post", "time"])
    rows = rows.sort("platform", "target", "post", "time", "source", "row")
    rows = rows.unique(["platform", "target", "post", "source"], keep="first", maintain_order=True)
    cascade = rows.select(pl.struct("platform", "target", "post").rle_id()).to_series()
    rows = rows.with_columns(cascade=cascade)
    first = rows.unique("cascade", keep="first", maintain_order=True)
    written = network.posts.select("platform", "post_id", "account", root_time="time").drop_nulls(
        ["post_id", "root_time"]
    )
    written = written.unique(["platform", "post_id", "account"], keep="first", maintain_order=True)
    timed = first.join(
        written,
        left_on=["platform", "post", "target"],
        right_on=["platform", "post_id", "account"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    count = first.height
    return Acts(
        np.searchsorted(rows["cascade"].to_numpy(), np.arange(count + 1)).astype(np.int64),
        rows["source"].to_numpy().astype(np.int64),
        rows["time"].to_physical().to_numpy().astype(np.int64),
        rows["row"].to_numpy().astype(np.int64),
        first["post"].to_list(),
        first["target"].to_numpy().astype(np.int64),
        timed["root_time"].to_physical().fill_null(_LONG_AGO).to_numpy().astype(np.int64),
    )


@dataclass(frozen=True, eq=False)
class _Follows:
    """Who follows whom from when, as a CSR array; a follow without a time is taken to have been there before."""

    start: Codes
    followed: Codes
    since: Codes
    followers: NDArray[np.float64]


def _follows(network: Network) -> _Follows:
    rows = network.rows("follow").sort("source", "target", maintain_order=True)
    source = rows["source"].to_numpy()
    return _Follows(
        np.searchsorted(source, np.arange(network.n_accounts + 1)).astype(np.int64),
        rows["target"].to_numpy().astype(np.int64),
        rows["time"].to_physical().fill_null(_LONG_AGO).to_numpy().astype(np.int64),
        np.bincount(rows["target"].to_numpy(), minlength=network.n_accounts).astype(np.float64),
    )


@njit(cache=True, nogil=True)
def _exposure(
    start: Any, account: Any, moment: Any, root: Any, root_moment: Any,
    follow_start: Any, followed: Any, since: Any, followers: Any, uniform: Any, recency: float, popularity: float,
) -> Any:  # fmt: skip
    """Find the parents of every act; ``uniform`` chooses one by its probability (-1: the root).

    Also returns what each account is credited with in expectation, and the expected number of acts credited to a root as
    the author of that very post.
    """
    acts, n = len(account), len(follow_start) - 1
    earliest = np.full(acts, -1, dtype=np.int64)
    latest = np.full(acts, -1, dtype=np.int64)
    chosen = np.full(acts, -1, dtype=np.int64)
    candidates = np.zeros(acts, dtype=np.int64)
    credit = np.zeros(n)
    to_roots = 0.0
    place = np.full(n, -1, dtype=np.int64)
    widest = 1
    for i in range(n):
        widest = max(widest, follow_start[i + 1] - follow_start[i])
    found = np.empty(widest, dtype=np.int64)
    weight = np.empty(widest)
    for cascade in range(len(start) - 1):
        begin, end = start[cascade], start[cascade + 1]
        for x in range(begin, end):
            place[account[x]] = x
        top = root[cascade]
        began = root_moment[cascade]
        for x in range(begin, end):
            now = moment[x]
            count = 0
            total = 0.0
            first_moment, last_moment = 0, 0
            for f in range(follow_start[account[x]], follow_start[account[x] + 1]):
                other = followed[f]
                if since[f] > now:
                    continue
                if other == top:
                    if began >= now:
                        continue
                    candidate, then = -1, began
                    # A post of unknown time was there when it was first passed on.
                    shown = moment[begin] if began == -9223372036854775808 else began
                else:
                    candidate = place[other]
                    if candidate < begin or candidate >= end or moment[candidate] >= now:
                        continue
                    then = moment[candidate]
                    shown = then
                # Accounts stand in order of time, then of their numbers: of equal times the first counts.
                if count == 0 or then < first_moment or (then == first_moment and candidate < earliest[x]):
                    earliest[x], first_moment = candidate, then
                if count == 0 or then > last_moment or (then == last_moment and candidate < latest[x]):
                    latest[x], last_moment = candidate, then
                gap = max(1.0, (now - shown) / 1e6)
                weight[count] = gap ** (-recency) * (1.0 + followers[other]) ** popularity
                total += weight[count]
                found[count] = candidate
                count += 1
            candidates[x] = count
            if count == 0:
                credit[top] += 1.0
                to_roots += 1.0
                continue
            spot = uniform[x] * total
            for c in range(count):
                credit[top if found[c] < 0 else account[found[c]]] += weight[c] / total
                if found[c] < 0:
                    to_roots += weight[c] / total
                if spot >= 0.0:
                    chosen[x] = found[c]
                spot -= weight[c]
        for x in range(begin, end):
            place[account[x]] = -1
    return earliest, latest, chosen, candidates, credit, to_roots


def inferred_parents(network: Network, acts: Acts) -> Parents:
    """Return the earliest and the latest possible parent of each act by who follows whom."""
    follows = _follows(network)
    earliest, latest, _chosen, candidates, *_ = _explore(acts, follows, np.zeros(len(acts.account)), 1.0, 1.0)
    return Parents(earliest, latest, candidates)


def _explore(acts: Acts, follows: _Follows, uniform: NDArray[np.float64], recency: float, popularity: float) -> Any:
    return _exposure(
        acts.start, acts.account, acts.moment, acts.root, acts.root_moment,
        follows.start, follows.followed, follows.since, follows.followers, uniform, recency, popularity,
    )  # fmt: skip


def reattributed(network: Network, rule: Attribution, *, kind: Kind | None = None, seed: int = 0) -> Network:
    """Return the network with every retweet pointing at the account it was passed on from under one rule.

    For sensitivity: a measure of the result says what it would find if that rule were true. Acts without a post, a time or
    an exposed followee keep their target. ``seed`` draws the parents of ``probabilistic``.

    Raises
    ------
    MeasureError
        If the rule is unknown.
    """
    if rule not in ATTRIBUTIONS:
        raise MeasureError(
            "reattributed.rule", "unknown rule", found=rule, remedy=f"use one of {', '.join(ATTRIBUTIONS)}"
        )
    kind = kind or _kind_of(network)
    if rule == "star":
        return network
    acts = acts_of(network, kind)
    uniform = generator(seed, "cascades", "reattributed").random(len(acts.account))
    earliest, latest, chosen, *_ = _explore(acts, _follows(network), uniform, 1.0, 1.0)
    parent = {"earliest": earliest, "latest": latest, "probabilistic": chosen}[rule]
    moved = parent >= 0
    of_kind = np.flatnonzero((network.interactions["kind"] == kind).to_numpy())
    target = network.interactions["target"].to_numpy().copy()
    target[of_kind[acts.row[moved]]] = acts.account[parent[moved]]
    rows = network.interactions.with_columns(target=pl.Series(target, dtype=pl.UInt32))
    return replace(network, interactions=rows.sort("source", "target", maintain_order=True), before=None)


def _kind_of(network: Network) -> Kind:
    return next((kind for kind in PASSING_ON if kind in network.kinds), "retweet")


def cascades(
    network: Network,
    *,
    kind: Kind | None = None,
    smallest: int = 10,
    recency: float = 1.0,
    popularity: float = 1.0,
    trees: int = 10,
    seed: int,
) -> Cascades:
    """Return who passed posts on from whom under four rules, and how much the choice of rule changes.

    Parameters
    ----------
    network
        Needs acts that pass posts on (retweets or forwards) with their times and the post, and ties of kind ``follow``:
        from the follower to the followed. Follows with a time count from then on, others always. Of the accounts of which
        no followed account is known nothing can be inferred; ``follow_coverage`` says how many there are.
    kind
        ``retweet`` or ``forward``; the first of these that the data hold if None.
    smallest
        Accounts of a cascade, its author included, from which on its shape is described.
    recency, popularity
        Exponents of the probabilistic rule: the weight of a possible parent is ``seconds ** -recency * (1 + followers) **
        popularity`` with followers as known here; 0 and 0 make all equally likely.
    trees
        Trees drawn for the shape under the probabilistic rule; its credit is exact.
    seed
        Seed of the trees.

    Raises
    ------
    MeasureError
        If a parameter is out of range.
    """
    if kind is not None and kind not in PASSING_ON:
        raise MeasureError(
            "cascades.kind", "must pass posts on as they are", found=kind, remedy="use retweet or forward"
        )
    for name, value, fewest in (("smallest", smallest, 2), ("trees", trees, 1)):
        if value < fewest:
            raise MeasureError(f"cascades.{name}", f"must be at least {fewest}", found=value)
    kind = kind or _kind_of(network)
    missing = _missing(network, kind)
    if missing is not None:
        return without_cascades(kind, missing)
    acts, follows = acts_of(network, kind), _follows(network)
    if not len(acts.account):
        return without_cascades(
            kind, Message("no retweet or forward names both its post and its time; provide posts with their times")
        )
    random = generator(seed, "cascades", "trees")
    earliest, latest, _chosen, candidates, credit, to_roots = _explore(
        acts, follows, random.random(len(acts.account)), recency, popularity
    )
    n = network.n_accounts
    size = np.diff(acts.start)
    root_of = np.repeat(acts.root, size)
    parents = {"star": np.full(len(acts.account), -1), "earliest": earliest, "latest": latest}
    credited = {rule: _credit(parent, acts.account, root_of, n) for rule, parent in parents.items()}
    credited["probabilistic"] = credit
    large = np.flatnonzero(size + 1 >= smallest)
    shapes = {rule: _shapes(parent, acts.start, large) for rule, parent in parents.items()}
    drawn = [
        _shapes(_explore(acts, follows, random.random(len(acts.account)), recency, popularity)[2], acts.start, large)
        for _ in range(trees if len(large) else 0)
    ]
    shapes["probabilistic"] = np.mean(drawn, axis=0) if drawn else np.empty((0, 2))
    root_share = {
        **{rule: float(np.mean(parent < 0)) for rule, parent in parents.items()},
        "probabilistic": float(to_roots) / len(acts.account),
    }
    return _result(network, kind, acts, candidates, credited, shapes, root_share, large, follows, smallest)


def _missing(network: Network, kind: Kind) -> str | None:
    """Return what would have to be provided, if anything."""
    if kind not in network.kinds:
        return Message("no retweets or forwards; provide an export of posts")
    if not network.has_direction(kind):
        return Message("the ties have no direction; provide who passed on from whom")
    if "follow" not in network.kinds:
        return Message("nobody's followers are known; provide follower lists beside the posts")
    rows = network.rows(kind)
    if rows["time"].null_count() == rows.height:
        return Message("no retweet or forward has a time; provide an export of posts with their times")
    return None


def without_cascades(kind: str, why: str) -> Cascades:
    """Return the result of data from which no parents can be inferred."""
    none = {
        name: undefined(unit, why, status="insufficient_data")
        for name, unit in (("share", _SHARE), ("overlap", _OVERLAP), ("distance", _DISTANCE))
    }
    return Cascades(
        status="insufficient_data",
        reason=Message("From whom posts were passed on cannot be told: {why}.", why=why),
        kind=kind,
        posts=0,
        acts=0,
        unattributed=none["share"],
        follow_coverage=undefined(Message("share of accounts"), why, status="insufficient_data"),
        credit_range=none["share"],
        top_overlap=none["overlap"],
        virality=none["distance"],
        rules=pl.DataFrame(schema=CASCADE_RULES),
        cascades=pl.DataFrame(schema=CASCADE_LIST),
        influence=pl.DataFrame(schema=CASCADE_INFLUENCE),
    )


def _credit(parent: Codes, account: Codes, root_of: Codes, n: int) -> NDArray[np.float64]:
    """Return how many acts each account is the parent of."""
    return np.bincount(np.where(parent < 0, root_of, account[parent]), minlength=n).astype(np.float64)


@njit(cache=True, nogil=True)
def _tree_shapes(parent: Any, start: Any, which: Any) -> Any:
    """Return structural virality and depth of some cascades; parents stand before their children."""
    out = np.zeros((len(which), 2))
    for number in range(len(which)):
        begin, end = start[which[number]], start[which[number] + 1]
        n = end - begin + 1
        size = np.ones(n, dtype=np.int64)  # the root is last
        depth = np.zeros(n, dtype=np.int64)
        deepest = 0
        for x in range(n - 1):
            up = parent[begin + x]
            depth[x] = 1 + (0 if up < 0 else depth[up - begin])
            deepest = max(deepest, depth[x])
        total = 0.0
        for x in range(n - 2, -1, -1):
            up = parent[begin + x]
            total += float(size[x]) * float(n - size[x])
            size[n - 1 if up < 0 else up - begin] += size[x]
        out[number, 0] = 2.0 * total / (n * (n - 1.0))
        out[number, 1] = deepest
    return out


def _shapes(parent: Codes, start: Codes, which: Codes) -> NDArray[np.float64]:
    return np.asarray(_tree_shapes(parent, start, which))


def _ranking(credit: NDArray[np.float64]) -> Codes:
    """Return the accounts with credit, most first, of equal ones the first row."""
    heard = np.flatnonzero(credit > 0)
    # Sums of probabilities differ by rounding where they are equal.
    return heard[np.lexsort((heard, -np.round(credit[heard], 9)))]


def _result(
    network: Network,
    kind: Kind,
    acts: Acts,
    candidates: Codes,
    credited: dict[str, NDArray[np.float64]],
    shapes: dict[str, NDArray[np.float64]],
    root_share: dict[str, float],
    large: Codes,
    follows: _Follows,
    smallest: int,
) -> Cascades:
    rankings = {rule: _ranking(credited[rule]) for rule in ATTRIBUTIONS}
    tops = {rule: ranking[:TOP].tolist() for rule, ranking in rankings.items()}
    overlaps = [jaccard(tops[a], tops[b]) or 0.0 for a, b in combinations(ATTRIBUTIONS, 2)]
    mean = {rule: (shape.mean(axis=0) if len(large) else None) for rule, shape in shapes.items()}
    rules = pl.DataFrame(
        [
            {
                "rule": rule,
                "virality": None if (found := mean[rule]) is None else float(found[0]),
                "depth": None if found is None else float(found[1]),
                "root_share": root_share[rule],
                "top_overlap": jaccard(tops["star"], tops[rule]),
                "rank_overlap": rank_biased_overlap(tops["star"], tops[rule]),
            }
            for rule in ATTRIBUTIONS
        ],
        schema=CASCADE_RULES,
    )
    unattributed = candidates == 0
    actors = np.unique(acts.account)
    known = np.diff(follows.start)[actors] > 0
    warnings: list[str] = []
    share, covered = float(unattributed.mean()), float(known.mean())
    if share > 0.5:
        warnings.append(
            Message(
                "{share:percent} of the acts follow nobody who had the post before: they hang on the author under every "
                "rule, so the true range is wider than the one shown.",
                share=share,
            )
        )
    if network.rows("follow")["time"].null_count():
        warnings.append(
            Message(
                "Follows without a date are taken to have been there from the start; some may be newer than the acts."
            )
        )
    inferred = [root_share[rule] for rule in ATTRIBUTIONS if rule != "star"]
    keys = network.accounts["key"]
    size = np.diff(acts.start)
    order = large[np.argsort(-size[large], kind="stable")][:MOST_CASCADES]
    at = np.searchsorted(large, order)
    lacking = np.add.reduceat(unattributed.astype(np.int64), acts.start[:-1])
    virality = (
        undefined(
            _DISTANCE,
            Message("no cascade has {n:count} accounts", n=smallest),
            status="insufficient_data",
        )
        if not len(large)
        else Estimate(
            float(rules["virality"][0]),
            _DISTANCE,
            interval=(float(rules["virality"].min()), float(rules["virality"].max())),  # type: ignore[arg-type]
            interval_method=_OVER_RULES,
        )
    )
    shown = sorted({account for top in tops.values() for account in top}, key=_by_rank(rankings["star"]))
    place = {rule: {int(a): rank for rank, a in enumerate(ranking.tolist(), 1)} for rule, ranking in rankings.items()}
    return Cascades(
        status="ok",
        reason=Message.counting(
            "The parents of {n:count} act of passing on were inferred from who follows whom.",
            "The parents of {n:count} acts of passing on were inferred from who follows whom.",
            len(acts.account),
        ),
        kind=kind,
        posts=len(acts.root),
        acts=len(acts.account),
        unattributed=Estimate(share, _SHARE),
        follow_coverage=Estimate(covered, Message("share of accounts")),
        credit_range=Estimate(
            min(inferred), _SHARE, interval=(min(inferred), max(inferred)), interval_method=_OVER_RULES
        ),
        top_overlap=Estimate(
            min(overlaps), _OVERLAP, interval=(min(overlaps), max(overlaps)), interval_method=_OVER_RULES
        ),
        virality=virality,
        rules=rules,
        cascades=pl.DataFrame(
            {
                "post": [acts.post[cascade] for cascade in order.tolist()],
                "root": keys.gather(acts.root[order]),
                "accounts": size[order] + 1,
                "unattributed": lacking[order],
                **{rule: shapes[rule][at, 0] for rule in ATTRIBUTIONS},
            },
            schema=CASCADE_LIST,
        ),
        influence=pl.DataFrame(
            {
                "account": keys.gather(shown),
                **{rule: credited[rule][shown] for rule in ATTRIBUTIONS},
                **{f"{rule}_rank": [place[rule].get(account) for account in shown] for rule in ATTRIBUTIONS},
            },
            schema=CASCADE_INFLUENCE,
        ),
        warnings=tuple(warnings),
    )


def _by_rank(ranking: Codes) -> Any:
    place = {int(account): rank for rank, account in enumerate(ranking.tolist())}
    return lambda account: (place.get(account, len(place)), account)
