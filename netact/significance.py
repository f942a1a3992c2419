"""Comparison with chance: Monte Carlo p-values and the record of a number beside its null model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from netact.language import Message
from netact.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Tail = Literal["greater", "less", "two-sided"]
_UNDEFINED = Message("the statistic is not defined on this network")


def monte_carlo_p(observed: float, null: ArrayLike, *, tail: Tail = "greater") -> float:
    """Return the Monte Carlo p-value ``(1 + #{null as extreme}) / (1 + draws)``, in (0, 1].

    ``tail`` says which values are as extreme: at least as great, at least as small, or the smaller of the two
    doubled. (Phipson & Smyth 2010, https://doi.org/10.2202/1544-6115.1585.)

    >>> monte_carlo_p(3.0, [1.0, 2.0, 3.0, 0.5])
    0.4
    """
    draws = np.asarray(null, dtype=float)
    draws = draws[np.isfinite(draws)]
    greater = (1 + np.count_nonzero(draws >= observed)) / (1 + len(draws))
    less = (1 + np.count_nonzero(draws <= observed)) / (1 + len(draws))
    return float({"greater": greater, "less": less, "two-sided": min(1.0, 2 * min(greater, less))}[tail])


def gumbel_tail(observed: float, null: ArrayLike) -> float:
    """Return P(maximum >= observed) under a Gumbel distribution fitted to null maxima by moments.

    Reaches below ``1 / (1 + draws)``, which the Monte Carlo p-value cannot; it is an extrapolation and must be
    labelled as one. NaN-free: with fewer than ten draws or no spread it falls back to :func:`monte_carlo_p`.
    """
    from scipy import stats

    draws = np.asarray(null, dtype=float)
    draws = draws[np.isfinite(draws)]
    if len(draws) < 10 or draws.std() == 0:
        return monte_carlo_p(observed, draws)
    scale = draws.std(ddof=1) * math.sqrt(6) / math.pi
    location = draws.mean() - np.euler_gamma * scale
    return float(stats.gumbel_r.sf(observed, loc=location, scale=scale))


def against_null(
    observed: float | None,
    null: ArrayLike,
    *,
    unit: str,
    null_model: str,
    tail: Tail = "greater",
    interval: tuple[float, float] | None = None,
    interval_method: str | None = None,
    coverage: float = 1.0,
) -> Estimate:
    """Return ``observed`` beside the mean, spread, central 95 % and p-value of its null draws.

    Draws that are not finite (a statistic undefined on that null graph) are left out; ``draws`` counts the rest.
    """
    if observed is None or not math.isfinite(observed):
        return Estimate(None, unit, status="undefined", reason=_UNDEFINED)
    draws = np.asarray(null, dtype=float)
    draws = draws[np.isfinite(draws)]
    if not len(draws):
        return Estimate(
            observed, unit, interval=interval, interval_method=interval_method, null_model=null_model, coverage=coverage
        )
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(
        float(observed),
        unit,
        interval=interval,
        interval_method=interval_method,
        null_model=null_model,
        null_mean=float(draws.mean()),
        null_sd=float(draws.std(ddof=1)) if len(draws) > 1 else None,
        null_interval=(float(low), float(high)),
        p_value=monte_carlo_p(observed, draws, tail=tail),
        tail=tail,
        draws=len(draws),
        coverage=coverage,
    )


def false_discovery(
    p_values: Sequence[float] | NDArray[np.float64], *, tests: int | None = None
) -> NDArray[np.float64]:
    """Return Benjamini-Hochberg adjusted p-values in the given order.

    ``tests`` is the number of tests that were made in all, where only the smallest p-values are listed: those left out
    count as 1.

    >>> false_discovery([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    if not len(p_values):
        return np.empty(0)
    from scipy import stats

    if tests is None or tests <= len(p_values):
        return np.asarray(stats.false_discovery_control(p_values))
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    scaled = np.minimum(1.0, p[order] * (tests / np.arange(1, len(p) + 1)))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted
