"""How a sign spreads: curves of cumulative adoption, which of them fits, and when joining was fastest.

The Bass curve is F(t) = (1 - exp(-(p+q)t)) / (1 + (q/p) exp(-(p+q)t)): ``p`` is the rate of adopting without others, ``q``
that of adopting as others have. With q = 0 it is the exponential curve 1 - exp(-pt); the logistic curve starts at its
middle. A curve that fits says nothing of why anybody joined: whoever is alike joins at like times (Shalizi & Thomas 2011,
https://doi.org/10.1177/0049124111404820).

Sources: Bass 1969, https://doi.org/10.1287/mnsc.15.5.215.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Curve = Literal["exponential", "logistic", "bass"]
CURVES: tuple[Curve, ...] = get_args(Curve)
PARAMETERS: dict[Curve, int] = {"exponential": 2, "logistic": 3, "bass": 3}

FEWEST_ADOPTERS = 30  # below this no curve is fitted
FITTED_SHARE = 0.7  # of the adopters, in order of time; the rest is held out
BINS = 40


def bass(t: ArrayLike, p: float, q: float) -> NDArray[np.float64]:
    """Return the share that has adopted by time ``t`` under the Bass curve, in [0, 1].

    >>> float(bass(10, 0.01, 0.4).round(6))
    0.59139
    """
    gone = np.exp(-(p + q) * np.asarray(t, dtype=float))
    return np.asarray((1 - gone) / (1 + (q / p) * gone))


def bass_peak(p: float, q: float) -> float:
    """Return when adoption is fastest under the Bass curve: ln(q/p) / (p+q), or 0 where it only falls.

    >>> round(bass_peak(0.01, 0.4), 6)
    8.997267
    """
    return max(0.0, math.log(q / p) / (p + q)) if q > 0 else 0.0


@dataclass(frozen=True)
class AdoptionFit:
    """One curve fitted to the first adopters and judged on those after them.

    Attributes
    ----------
    curve, parameters
        Which, and its parameters: market size, then rates per unit of time (logistic: rate, middle).
    aic
        Akaike's criterion on the part that was held out; smaller is better.
    """

    curve: Curve
    parameters: tuple[float, ...]
    aic: float


def fit_adoption(times: ArrayLike, end: float) -> tuple[AdoptionFit, ...]:
    """Fit the three curves to the times of adoption, best first; none with fewer than :data:`FEWEST_ADOPTERS`.

    Times run from 0 to ``end``. Counts in equal bins are taken as Poisson; each curve is fitted by maximum likelihood up to the
    time by which 70 % had adopted, and judged on the bins after it.
    """
    found = np.sort(np.asarray(times, dtype=float))
    if len(found) < FEWEST_ADOPTERS or end <= 0 or found[0] == found[-1]:
        return ()
    edges = np.linspace(0.0, 1.0, BINS + 1)
    counts = np.histogram(found / end, edges)[0].astype(float)
    cut = int(np.searchsorted(np.cumsum(counts), FITTED_SHARE * len(found))) + 1
    if cut < 4 or cut >= BINS:
        return ()
    fits = [_fit(curve, edges, counts, cut, end) for curve in CURVES]
    return tuple(sorted(fits, key=lambda fit: fit.aic))


def _shape(curve: Curve, t: NDArray[np.float64], rates: NDArray[np.float64]) -> NDArray[np.float64]:
    match curve:
        case "exponential":
            return np.asarray(1 - np.exp(-rates[0] * t))
        case "logistic":
            return np.asarray(special.expit(rates[0] * (t - rates[1])))
        case "bass":
            return bass(t, float(rates[0]), float(rates[1]))


def _fit(curve: Curve, edges: NDArray[np.float64], counts: NDArray[np.float64], cut: int, end: float) -> AdoptionFit:
    from scipy import optimize

    seen = counts[:cut]

    def expected(logs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.maximum(np.diff(_shape(curve, edges, np.exp(logs))), 1e-12))

    def loss(logs: NDArray[np.float64]) -> float:
        # The market size that fits best is known in closed form: so many as were seen, over the share expected by then.
        share = expected(logs)[:cut]
        size = seen.sum() / share.sum()
        return float(np.sum(size * share - special.xlogy(seen, size * share)))

    tried: dict[Curve, list[tuple[float, ...]]] = {
        "exponential": [(0.5,), (3.0,), (15.0,)],
        "logistic": [(5.0, 0.2), (20.0, 0.2), (10.0, 0.7), (60.0, 0.1)],
        "bass": [(0.1, 5.0), (0.5, 10.0), (2.0, 1.0), (0.02, 30.0)],
    }
    starts = tried[curve]
    limits = [(-9.0, 7.0)] * len(starts[0])
    # Without derivatives: for one or two parameters that is quicker than setting up a quasi-Newton search.
    settings = {"xatol": 1e-6, "fatol": 1e-8, "maxiter": 400}
    runs = [
        optimize.minimize(loss, np.log(np.asarray(start)), method="Nelder-Mead", bounds=limits, options=settings)
        for start in starts
    ]
    best = min(runs, key=lambda run: float(run.fun))
    share = expected(best.x)
    size = float(seen.sum() / share[:cut].sum())
    later, given = counts[cut:], size * share[cut:]
    likelihood = float(np.sum(special.xlogy(later, given) - given - special.gammaln(later + 1)))
    rates = np.exp(best.x) / end
    if curve == "logistic":
        rates[1] = math.exp(best.x[1]) * end
    return AdoptionFit(curve, (size, *(float(rate) for rate in rates)), 2 * PARAMETERS[curve] - 2 * likelihood)


def fastest_joining(times: ArrayLike, members: int, end: float, *, bins: int = 24) -> float | None:
    """Return when the hazard of joining was greatest: the middle of the bin in which the largest share of those left joined.

    Among equal bins the first; None without a time.
    """
    found = np.asarray(times, dtype=float)
    if not len(found) or members <= 0 or end <= 0:
        return None
    counts, edges = np.histogram(found, np.linspace(0.0, end, bins + 1))
    left = members - np.concatenate([[0], np.cumsum(counts)[:-1]])
    at = int(np.argmax(counts / np.maximum(left, 1)))
    return float((edges[at] + edges[at + 1]) / 2)
