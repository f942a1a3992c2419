"""How unevenly acts lie in time: burstiness and memory of the gaps, with the daily rhythm or without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MICROSECONDS_AN_HOUR = 3_600_000_000
_HOURS = 24


@dataclass(frozen=True)
class Burstiness:
    """Burstiness of one series of moments. Acts at the same moment count once.

    Attributes
    ----------
    acts
        Number of distinct moments.
    burstiness
        B = (sd - mean) / (sd + mean) of the gaps, in [-1, 1): -1 is a clock, 0 a random (Poisson) series, near 1 bursts.
        None with fewer than three moments. (Goh & Barabasi 2008, https://doi.org/10.1209/0295-5075/81/48002.)
    corrected
        The same, corrected for the number of acts: comparable between series of different lengths.
        (Kim & Jo 2016, https://doi.org/10.1103/PhysRevE.94.032311.)
    memory
        Correlation of each gap with the next, in [-1, 1]; None with fewer than four moments or where gaps do not vary.
    """

    acts: int
    burstiness: float | None
    corrected: float | None
    memory: float | None


def burstiness(moments: ArrayLike) -> Burstiness:
    """Return burstiness and memory of moments in any order and unit.

    >>> found = burstiness([0, 1, 2, 3, 30, 31, 32, 90, 91, 95])
    >>> round(found.burstiness, 6), round(found.corrected, 6), round(found.memory, 6)
    (0.275809, 0.534432, -0.293835)
    """
    times = np.unique(np.asarray(moments))
    n = len(times)
    if n < 3:
        return Burstiness(n, None, None, None)
    gaps = np.diff(times).astype(float)
    mean, sd = gaps.mean(), gaps.std()
    memory = None
    if n >= 4:
        first, second = gaps[:-1], gaps[1:]
        if first.std() > 1e-12 * mean and second.std() > 1e-12 * mean:
            memory = float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
    return Burstiness(n, float((sd - mean) / (sd + mean)), corrected_burstiness(times), memory)


def corrected_burstiness(moments: ArrayLike) -> float | None:
    """Return burstiness corrected for the number of acts alone, as in :class:`Burstiness`.

    >>> round(corrected_burstiness([0, 1, 2, 3, 30, 31, 32, 90, 91, 95]), 6)
    0.534432
    """
    gaps = np.diff(np.sort(np.asarray(moments))).astype(float)
    gaps = gaps[gaps > 0]
    n = len(gaps) + 1
    if n < 3:
        return None
    mean = gaps.sum() / len(gaps)
    r = float(np.sqrt(np.square(gaps - mean).sum() / len(gaps)) / mean)
    return float((np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1)))


def hourly_rate(moments: ArrayLike) -> NDArray[np.float64]:
    """Return the share of moments (microseconds, UTC) in each of the 24 hours of the day; even without moments."""
    hour = np.asarray(moments, dtype=np.int64) // MICROSECONDS_AN_HOUR % _HOURS
    counted = np.bincount(hour, minlength=_HOURS).astype(float)
    total = float(counted.sum())
    rate: NDArray[np.float64] = counted / total if total else np.full(_HOURS, 1 / _HOURS)
    return rate


def without_daily_rhythm(moments: ArrayLike, rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return moments (microseconds, UTC) in days, on a clock that runs as fast as everybody is active at that hour.

    ``rate`` is :func:`hourly_rate` of the whole population. An account that follows the common rhythm at random is then
    a random series; hours in which nobody acts take no time.
    """
    times = np.asarray(moments, dtype=np.int64)
    day, rest = np.divmod(times, _HOURS * MICROSECONDS_AN_HOUR)
    hour, inside = np.divmod(rest, MICROSECONDS_AN_HOUR)
    before = np.concatenate([[0.0], np.cumsum(rate)[:-1]])
    days: NDArray[np.float64] = day + before[hour] + rate[hour] * (inside / MICROSECONDS_AN_HOUR)
    return days
