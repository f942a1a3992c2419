"""Waiting times that may not have ended when the data end: the Kaplan-Meier estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SURVIVAL = pl.Schema(
    {
        "time": pl.Float64(),
        "at_risk": pl.Int64(),
        "ended": pl.Int64(),
        "censored": pl.Int64(),
        "survival": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
    }
)


def kaplan_meier(time: ArrayLike, ended: ArrayLike, *, level: float = 0.95) -> pl.DataFrame:
    """Return the share that has not ended by each time, from durations of which some were still going on.

    Parameters
    ----------
    time
        How long each was watched, at least 0.
    ended
        Whether it ended then; otherwise it was still going on (right-censored). What is censored at a time was at risk at it.
    level
        Of the interval: exponential Greenwood, on the scale of log(-log S), so that it stays within [0, 1].

    Returns
    -------
    polars.DataFrame
        One row a distinct time: ``time``, ``at_risk``, ``ended``, ``censored``, ``survival`` (share that lasts beyond
        it), ``low``, ``high`` (null where survival is 0 or 1). Empty without durations.

    Notes
    -----
    Kaplan & Meier 1958, https://doi.org/10.1080/01621459.1958.10501452. Censoring must tell nothing of when it would
    have ended.

    >>> kaplan_meier([2, 3, 4, 5, 8, 10], [1, 1, 0, 1, 1, 0])["survival"].round(6).to_list()
    [0.833333, 0.666667, 0.666667, 0.444444, 0.222222, 0.222222]
    """
    watched, over = np.asarray(time, dtype=float), np.asarray(ended).astype(bool)
    if not len(watched):
        return pl.DataFrame(schema=SURVIVAL)
    moments, place = np.unique(watched, return_inverse=True)
    ends = np.bincount(place, weights=over, minlength=len(moments)).astype(np.int64)
    gone = np.bincount(place, minlength=len(moments)) - ends
    at_risk = len(watched) - np.concatenate([[0], np.cumsum(ends + gone)[:-1]])
    survival = np.cumprod(1 - ends / at_risk)
    left = at_risk - ends
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(np.where(left > 0, ends / (at_risk * left), np.inf)))
        logged = np.log(survival)
        wide = special.ndtri(0.5 + level / 2) * spread / np.abs(logged)
        low, high = np.exp(logged * np.exp(wide)), np.exp(logged * np.exp(-wide))
    known = (survival > 0) & (survival < 1)
    columns = {
        "time": moments,
        "at_risk": at_risk,
        "ended": ends,
        "censored": gone,
        "survival": survival,
        "low": [float(x) if ok else None for x, ok in zip(low, known, strict=True)],
        "high": [float(x) if ok else None for x, ok in zip(high, known, strict=True)],
    }
    return pl.DataFrame(columns, schema=SURVIVAL)


def survival_at(curve: pl.DataFrame, time: ArrayLike) -> NDArray[np.float64]:
    """Return the share that lasts beyond each time by a curve of :func:`kaplan_meier`; 1 before the first."""
    steps = np.concatenate([[1.0], curve["survival"].to_numpy()])
    found: NDArray[np.float64] = steps[np.searchsorted(curve["time"].to_numpy(), np.asarray(time), side="right")]
    return found


def restricted_mean(curve: pl.DataFrame, limit: float) -> float | None:
    """Return the mean waiting time up to ``limit``, the area under the curve; None without durations.

    Unlike the median waiting time it is known even where most are censored at the limit.

    >>> restricted_mean(kaplan_meier([1, 3], [1, 0]), 3)
    2.0
    """
    if not curve.height:
        return None
    inside = curve.filter(pl.col("time") < limit)
    edges = np.concatenate([[0.0], inside["time"].to_numpy(), [limit]])
    heights = np.concatenate([[1.0], inside["survival"].to_numpy()])
    return float(np.sum(np.diff(edges) * heights))
