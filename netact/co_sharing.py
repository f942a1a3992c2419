"""Accounts that shared the same objects (links, pages, files, posts) are tied: one tie a pair, without direction.

The weight of a tie is the number of objects that both shared; its time is the first moment at which both had shared one of
them. An object that very many accounts shared says nothing of any two of them, and its pairs would fill any memory: it ties
nobody, and how many such objects there are is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact.language import Message
from netact.schemas import SHARES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# An object of more accounts ties nobody. Half a thousand accounts make 125,000 pairs.
MOST_SHARERS = 500
# Pairs of accounts over all objects; beyond, the objects with most accounts are left out first.
MOST_PAIRS = 2_000_000
_PAIRS_AT_ONCE = 1_000_000
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class CoShares:
    """Ties between accounts that shared the same objects.

    Attributes
    ----------
    ties
        Columns ``source`` and ``target`` (``source < target``), ``weight`` and ``time``, sorted by the pair.
    crowded
        Number of objects that tie nobody, as more than ``most`` accounts shared them.
    most
        The largest number of accounts of an object whose pairs are tied.
    """

    ties: pl.DataFrame
    crowded: int
    most: int

    def warning(self) -> str | None:
        """Say which objects tie nobody, if any."""
        if not self.crowded:
            return None
        return Message.counting(
            "{n:count} object was shared by more than {most:count} accounts: it says little about any two of them and "
            "ties nobody; its shares are kept",
            "{n:count} objects were shared by more than {most:count} accounts each: they say little about any two of "
            "them and tie nobody; their shares are kept",
            self.crowded,
            most=self.most,
        )


def co_shares(shares: pl.DataFrame, *, most_sharers: int = MOST_SHARERS, most_pairs: int = MOST_PAIRS) -> CoShares:
    """Tie accounts that shared the same objects.

    A link is the same object on every platform, anything else only on its own.

    Parameters
    ----------
    shares
        A table as :data:`netact.schemas.SHARES` declares it.
    most_sharers, most_pairs
        Limits, see the module.
    """
    scope = pl.when(~pl.col("object").str.contains("://", literal=True)).then(pl.col("platform").fill_null(""))
    uses = (
        shares.with_columns(scope=scope.fill_null(""))
        .group_by("object", "scope", "account")
        .agg(time=pl.col("time").min())
        .with_columns(number=pl.struct("object", "scope").rank("dense"))
        .sort("number", "account")
    )
    number = uses["number"].to_numpy()
    accounts = uses["account"].to_numpy().astype(np.uint64)
    times = uses["time"].to_physical().fill_null(_NEVER).to_numpy()
    starts = np.flatnonzero(np.diff(number, prepend=0)) if len(number) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.append(starts, len(number)))
    most, pairs = _largest(sizes, most_sharers=most_sharers, most_pairs=most_pairs)
    keys, moments = np.empty(pairs, dtype=np.uint64), np.empty(pairs, dtype=np.int64)
    filled = 0
    for size in np.unique(sizes[(sizes >= 2) & (sizes <= most)]).tolist():
        first, second = np.triu_indices(size, 1)
        of_size = starts[sizes == size]
        step = max(1, _PAIRS_AT_ONCE // len(first))
        for begin in range(0, len(of_size), step):
            place = of_size[begin : begin + step, None]
            end = filled + len(place) * len(first)
            keys[filled:end] = ((accounts[place + first] << np.uint64(32)) | accounts[place + second]).ravel()
            moments[filled:end] = np.maximum(times[place + first], times[place + second]).ravel()
            filled = end
    found = (
        pl.DataFrame({"key": keys, "time": moments})
        .group_by("key")
        .agg(weight=pl.len().cast(pl.Float64), time=pl.col("time").min())
        .sort("key")
    )
    moment = pl.when(pl.col("time") != _NEVER).then("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    ties = found.select(
        source=(pl.col("key") // 2**32).cast(pl.UInt32),
        target=(pl.col("key") % 2**32).cast(pl.UInt32),
        weight="weight",
        time=moment,
    )
    return CoShares(ties, int((sizes > most).sum()), most)


def _largest(sizes: NDArray[np.int64], *, most_sharers: int, most_pairs: int) -> tuple[int, int]:
    """Return the largest number of accounts of an object that is tied, and the number of pairs up to it."""
    size = np.arange(most_sharers + 1, dtype=np.int64)
    pairs = np.cumsum(np.bincount(sizes[sizes <= most_sharers], minlength=most_sharers + 1) * (size * (size - 1) // 2))
    most = int(np.searchsorted(pairs, most_pairs, side="right")) - 1
    return most, int(pairs[most])


def unique_shares(shares: pl.DataFrame) -> pl.DataFrame:
    """Return each share once, in an order that does not depend on the file.

    One share is one post of one account; where posts have no id, what an account shared at the same moment; where there is
    no time either, every row.
    """
    order = list(SHARES)
    shares = shares.select(order).sort(order, nulls_last=True)
    told, timed = pl.col("post_id").is_not_null(), pl.col("time").is_not_null()
    posts = shares.filter(told).unique(["account", "object", "platform", "post_id"], keep="first", maintain_order=True)
    moments = shares.filter(~told & timed).unique(
        ["account", "object", "platform", "time"], keep="first", maintain_order=True
    )
    return pl.concat([posts, moments, shares.filter(~told & ~timed)]).sort(order, nulls_last=True)
