"""Stability: which interactions are drawn together, and the two ways of drawing them again.

Interactions around one post are not independent, so whole clusters are drawn: the post's interactions where posts are
known, else all interactions of one source account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netact.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from numpy.typing import NDArray


def clusters(rows: pl.DataFrame, *, directed: bool = True) -> tuple[NDArray[np.int64], str]:
    """Return the cluster number of every interaction and what a cluster is (``"post"`` or ``"source account"``).

    ``post_id`` names the post that was passed on only if it occurs more than once; ids that are all different name
    the act itself, and then the source account is the cluster. Without direction each tie is held both ways: then the
    cluster is the account of the pair that comes first, so that both rows are drawn together.
    """
    posts = rows["post_id"]
    if posts.null_count() == 0 and 1 < posts.n_unique() < 0.9 * rows.height:
        return (posts.rank("dense").to_numpy().astype(np.int64) - 1), "post"
    codes = rows["source"].to_numpy()
    if not directed:
        codes = np.minimum(codes, rows["target"].to_numpy())
    _, number = np.unique(codes, return_inverse=True)
    return number.astype(np.int64), "source account"


def bootstrap_multiplicities(cluster: NDArray[np.int64], *, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield, per draw, how often each interaction is drawn when clusters are drawn with replacement."""
    count = int(cluster.max()) + 1 if len(cluster) else 0
    random = generator(seed, "bootstrap")
    for _ in range(draws):
        times = np.bincount(random.integers(0, count, size=count), minlength=count)
        yield times[cluster]


def delete_group_masks(
    cluster: NDArray[np.int64], *, draws: int, keep: float, seed: int
) -> Iterator[NDArray[np.bool_]]:
    """Yield, per draw, which interactions stay when a random share ``keep`` of the clusters is kept.

    Without replacement: a bootstrap would hold only about 63 % of the distinct ties and bias tie density down.
    """
    count = int(cluster.max()) + 1 if len(cluster) else 0
    random = generator(seed, "delete-group")
    for _ in range(draws):
        kept = np.zeros(count, dtype=bool)
        kept[random.permutation(count)[: round(keep * count)]] = True
        yield kept[cluster]


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
