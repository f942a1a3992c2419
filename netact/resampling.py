"""Stability: which interactions are drawn together, and the two ways of drawing them again.

Interactions around one post are not independent, so whole clusters are drawn: the post's interactions where posts are
known, else all interactions of one source account. :func:`cascades` and :func:`resampled` do so with all tables of a
network at once: the one way in which a network is thinned or drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from numba import njit

from netact.prefetch import fetch
from netact.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netact.network import Network


# So many rows before one is counted, the memory of its cluster and its account is asked for.
_AHEAD = 32

Clustering = Literal["post", "source account", "object"]


@dataclass(frozen=True, eq=False)
class Cascades:
    """Which rows of a network are drawn together: a number per row; rows of number -1 are always kept.

    Attributes
    ----------
    count, what
        How many clusters there are, and what a cluster is.
    interactions, shares, posts, hashtags, unresolved
        The cluster of every row of these tables.
    """

    count: int
    what: Clustering
    interactions: NDArray[np.int64]
    shares: NDArray[np.int64]
    posts: NDArray[np.int64]
    hashtags: NDArray[np.int64]
    unresolved: NDArray[np.int64]


def clusters(rows: pl.DataFrame, *, directed: bool = True) -> tuple[NDArray[np.int64], Clustering]:
    """Return the cluster number of every interaction and what a cluster is (``"post"`` or ``"source account"``).

    Where most interactions tell the post they act on (``ref_post_id``), the cluster is the post at the origin of the
    chain: an answer to an answer belongs to the first post. Else ``post_id`` names the post that was passed on, if it
    occurs more than once; ids that are all different name the act itself, and then the source account is the cluster.
    Without direction each tie is held both ways: then the cluster is the account of the pair that comes first, so that
    both rows are drawn together.
    """
    named_by = _named_by(rows)
    if named_by == "post_id":
        return (rows["post_id"].rank("dense").to_numpy().astype(np.int64) - 1), "post"
    if named_by == "ref_post_id":
        keys = _keys(rows, named_by, _parents(rows), directed=directed)
        return (keys.rank("dense").to_numpy().astype(np.int64) - 1), "post"
    codes = rows["source"].to_numpy()
    if not directed:
        codes = np.minimum(codes, rows["target"].to_numpy())
    _, number = np.unique(codes, return_inverse=True)
    return number.astype(np.int64), "source account"


def cascades(network: Network) -> Cascades:
    """Return the clusters of a whole network: original posts with all that was done to them, else source accounts.

    How posts are named is decided on the ties that stand for attention, as :func:`clusters` does. Rows that name no post
    are drawn with their account. Follows are no posts: where posts are drawn, follows stay as they are. Ties derived from
    shared objects are drawn by object and derived again.
    """
    rows = network.rows()
    directed = network.has_direction()
    derived = bool(network.shares.height) and bool(rows["quality"].eq_missing("derived").all())
    named_by = "object" if derived else _named_by(rows)
    parents = _parents(network.interactions)
    ties = network.interactions
    keys = [
        _keys(ties, named_by, parents, directed=directed),
        _keys(network.shares.rename({"account": "source"}), named_by, parents),
        _keys(network.posts.rename({"account": "source"}), named_by, parents),
        _keys(network.hashtags.rename({"account": "source"}), named_by, parents),
        _keys(network.unresolved, named_by, parents),
    ]
    kept = ties.select(
        follow=(pl.col("kind") == "follow") & (named_by != "source" and network.attention_kind != "follow"),
        derived=pl.col("quality").eq_missing("derived") & (network.shares.height > 0),
    )
    if "follow" in network.kinds or network.shares.height:
        apart = kept["follow"] | kept["derived"]
        keys[0] = pl.select(pl.when(~apart).then(keys[0])).to_series()
    ranks = pl.concat([part.cast(pl.String).rename("key") for part in keys]).rank("dense")
    numbers = ranks.cast(pl.Int64).fill_null(0).to_numpy() - 1
    bounds = np.cumsum([0, *(len(part) for part in keys)])
    parts = [numbers[begin:end] for begin, end in pairwise(bounds.tolist())]
    what: Clustering = "object" if named_by == "object" else "source account" if named_by == "source" else "post"
    return Cascades(int(numbers.max(initial=-1)) + 1, what, *parts)


def resampled(network: Network, drawn: Cascades, times: NDArray[np.integer[Any] | np.bool_]) -> Network:
    """Return the network in which every cluster occurs ``times`` times: 0 leaves it out, 1 keeps it.

    Account codes stay the same. Objects that were shared are never repeated, only kept or left out.
    """
    often = np.append(np.asarray(times), 1)  # the last is for rows of cluster -1
    most = int(often.max())
    often = often.astype(np.min_scalar_type(most))

    def chosen(cluster: NDArray[np.int64], *, once: bool = False) -> NDArray[np.int64]:
        each = often[cluster]
        return np.flatnonzero(each) if once or most < 2 else np.repeat(np.arange(len(cluster)), each)

    return network.with_rows(
        interactions=chosen(drawn.interactions),
        shares=chosen(drawn.shares, once=True),
        posts=chosen(drawn.posts),
        hashtags=chosen(drawn.hashtags),
        unresolved=chosen(drawn.unresolved),
    )


def _named_by(rows: pl.DataFrame) -> Literal["ref_post_id", "post_id", "source"]:
    """Return the column that names the post which interactions belong to, ``source`` if none does."""
    acted_on = rows["ref_post_id"]
    known = rows.height - acted_on.null_count()
    if known > 0.5 * rows.height and 1 < acted_on.drop_nulls().n_unique() < 0.9 * known:
        return "ref_post_id"
    posts = rows["post_id"]
    if posts.null_count() == 0 and 1 < posts.n_unique() < 0.9 * rows.height:
        return "post_id"
    return "source"


def _parents(rows: pl.DataFrame) -> pl.DataFrame:
    """Return, for posts that act on another one, the post at the origin of the chain."""
    pairs = rows.select("post_id", origin="ref_post_id").drop_nulls()
    pairs = pairs.filter(pl.col("post_id") != pl.col("origin")).group_by("post_id").agg(pl.col("origin").min())
    for _ in range(20):  # each turn doubles the length of chains that are followed; a circle ends somewhere in it
        further = pairs.join(pairs.rename({"post_id": "origin", "origin": "_next"}), on="origin", how="left")
        if further["_next"].null_count() == further.height:
            break
        pairs = further.select("post_id", origin=pl.coalesce("_next", "origin"))
    return pairs


def _keys(rows: pl.DataFrame, named_by: str, parents: pl.DataFrame, *, directed: bool = True) -> pl.Series:
    """Return the name of the cluster of every row."""
    account = pl.col("source") if directed or "target" not in rows.columns else pl.min_horizontal("source", "target")
    own = pl.concat_str(pl.lit("a:"), account.cast(pl.String))
    if named_by == "source":
        return rows.select(key=own).to_series()
    if "object" in rows.columns and named_by == "object":
        return rows.select(key=pl.concat_str(pl.lit("o:"), pl.col("object"))).to_series()
    acted_on = [pl.col("ref_post_id")] if named_by == "ref_post_id" and "ref_post_id" in rows.columns else []
    post = rows.select(post=pl.coalesce(*acted_on, "post_id"), own=own)
    if named_by == "ref_post_id" and parents.height:
        post = post.join(parents, left_on="post", right_on="post_id", how="left", maintain_order="left")
        post = post.with_columns(post=pl.coalesce("origin", "post"))
    return post.select(key=pl.coalesce(pl.concat_str(pl.lit("p:"), pl.col("post")), "own")).to_series()


def bootstrap_multiplicities(cluster: NDArray[np.int64], *, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield, per draw, how often each interaction is drawn when clusters are drawn with replacement."""
    for times in drawn_clusters(int(cluster.max()) + 1 if len(cluster) else 0, draws=draws, seed=seed):
        yield times[cluster]


@njit(cache=True, nogil=True)
def kept_events(cluster: Any, ends: Any, kept: Any, stands_for: Any) -> Any:
    """Return how many interactions of each tie stay.

    ``cluster`` has one number a row, in the order of ties; ``ends`` says where the rows of each tie end, ``stands_for`` how
    many interactions a row is (one entry: all the same).
    """
    events = np.empty(len(ends), dtype=np.int64)
    alike = len(stands_for) == 1
    row = 0
    for tie in range(len(ends)):
        count = 0
        while row < ends[tie]:
            fetch(kept, cluster[min(row + _AHEAD, len(cluster) - 1)])
            if kept[cluster[row]]:
                count += stands_for[0 if alike else row]
            row += 1
        events[tie] = count
    return events


@njit(cache=True, nogil=True)
def drawn_attention(cluster: Any, target: Any, weight: Any, times: Any, accounts: int) -> Any:
    """Return the weight that each account receives if every interaction counts as often as its cluster was drawn."""
    received = np.zeros(accounts)
    last = len(target) - 1
    for row in range(len(target)):
        fetch(times, cluster[min(row + _AHEAD, last)])
        fetch(received, target[min(row + _AHEAD, last)])
        often = times[cluster[row]]
        if often > 0:
            received[target[row]] += weight[row] * often
    return received


def delete_group_masks(
    cluster: NDArray[np.int64], *, draws: int, keep: float, seed: int
) -> Iterator[NDArray[np.bool_]]:
    """Yield, per draw, which interactions stay when a random share ``keep`` of the clusters is kept.

    Without replacement: a bootstrap would hold only about 63 % of the distinct ties and bias tie density down.
    """
    for kept in kept_clusters(int(cluster.max()) + 1 if len(cluster) else 0, draws=draws, keep=keep, seed=seed):
        yield kept[cluster]


def kept_clusters(count: int, *, draws: int, keep: float, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Yield, per draw, which of ``count`` clusters stay when a random share ``keep`` of them is kept."""
    random = generator(seed, "delete-group")
    for _ in range(draws):
        kept = np.zeros(count, dtype=bool)
        kept[random.permutation(count)[: round(keep * count)]] = True
        yield kept


def drawn_clusters(count: int, *, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield, per draw, how often each of ``count`` clusters is drawn when as many are drawn with replacement."""
    random = generator(seed, "bootstrap")
    for _ in range(draws):
        yield np.bincount(random.integers(0, count, size=count), minlength=count)


def percentile_interval(values: NDArray[np.float64], *, level: float = 0.95) -> tuple[float, float] | None:
    """Return the central ``level`` interval of the finite values, or None if there are fewer than ten."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    if len(finite) < 10:
        return None
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def recentred_interval(draws: NDArray[np.float64], value: float, *, bounded: bool) -> tuple[float, float] | None:
    """Return the percentile interval moved, on a scale without ends, so that its median is the observed value.

    Draws with replacement hold fewer distinct accounts than the data, which biases counts and shares; moving the interval
    mends that. ``bounded`` values lie in (0, 1) and are moved on the scale of odds, others on the scale of ratios.
    """
    interval = percentile_interval(draws)
    if interval is None:
        return None
    middle = float(np.median(draws))
    if value <= 0 or middle <= 0 or (bounded and (value >= 1 or middle >= 1)):
        return interval
    low, high = interval
    if not bounded:
        low, high = low * value / middle, high * value / middle
        return (max(1.0, low), high) if value >= 1 else (low, min(1.0, high))
    odds = (value / (1 - value)) / (middle / (1 - middle))
    moved = [1.0 if x >= 1 else odds * x / (1 - x + odds * x) for x in (low, high)]
    return moved[0], moved[1]
