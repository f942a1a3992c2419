"""Who took part and who was against: shares of a fixed community, their balance, and how they spread over factions.

A community C is fixed beforehand; E of its members endorsed, O opposed. Participation is |E|/|C|, the counter share |O|/|C|,
the balance (|E|-|O|)/(|E|+|O|); breadth is the smallest, over factions, of the share of the endorsers who are of a faction over
the share of the community who are, and the divergence is KL(E||C) of the same shares, in nats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from netact.significance import Tail


def wilson(count: int, total: int, *, level: float = 0.95) -> tuple[float, float] | None:
    """Return Wilson's interval of a share; None of nothing.

    >>> [round(end, 6) for end in wilson(120, 1000)], [round(end, 6) for end in wilson(30, 1000)]
    ([0.101299, 0.141609], [0.021094, 0.042503])
    """
    if total <= 0:
        return None
    low, high = wilson_intervals([count], [total], level=level)
    return float(low[0]), float(high[0])


def wilson_intervals(
    counts: ArrayLike, totals: ArrayLike, *, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and the upper end of Wilson's interval of each share of a positive total.

    The same to the last digit as ``scipy.stats.binomtest(...).proportion_ci(method="wilson")``, which takes one at a time.
    (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953.)
    """
    k, n = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    z = special.ndtri(0.5 + 0.5 * level)
    p = k / n
    q = 1 - p
    denominator = 2 * (n + z**2)
    centre = (2 * n * p + z**2) / denominator
    half = z / denominator * np.sqrt(4 * n * p * q + z**2)
    return np.where(k == 0, 0.0, centre - half), np.where(k == n, 1.0, centre + half)


def balance(endorsers: int, opponents: int) -> float | None:
    """Return (E-O)/(E+O), in [-1, 1]; None where nobody took a side.

    >>> balance(120, 30), balance(0, 0)
    (0.6, None)
    """
    return (endorsers - opponents) / (endorsers + opponents) if endorsers + opponents else None


def balance_interval(endorsers: int, opponents: int) -> tuple[float, float] | None:
    """Return Wilson's interval of the share of endorsers among all who took a side, on the scale of the balance."""
    ends = wilson(endorsers, endorsers + opponents)
    return None if ends is None else (2 * ends[0] - 1, 2 * ends[1] - 1)


def sign_test(endorsers: int, opponents: int, *, tail: Tail = "two-sided") -> float | None:
    """Return the exact p-value that both sides are equally likely; None where nobody took one side only.

    ``tail`` says which side may be the larger: ``greater`` asks for the endorsers only.

    >>> f"{sign_test(120, 30, tail='greater'):.1e}", f"{sign_test(120, 30):.1e}"
    ('3.0e-14', '6.0e-14')
    """
    from scipy import stats

    if not endorsers + opponents:
        return None
    return float(stats.binomtest(endorsers, endorsers + opponents, alternative=tail).pvalue)


def kl_divergence(endorsers: ArrayLike, community: ArrayLike) -> float | None:
    """Return KL(E||C) in nats of counts by faction; None without endorsers, or where E holds a faction that C does not.

    >>> round(kl_divergence([100, 15, 5], [500, 300, 200]), 6)
    0.250895
    """
    given, whole = np.asarray(endorsers, dtype=float), np.asarray(community, dtype=float)
    if not given.sum() or np.any((whole == 0) & (given > 0)):
        return None
    return float(np.sum(special.rel_entr(given / given.sum(), whole / whole.sum())))


def breadth(endorsers: ArrayLike, community: ArrayLike) -> float | None:
    """Return the smallest share of E over share of C among factions; None without endorsers or without factions.

    >>> round(breadth([100, 15, 5], [500, 300, 200]), 6)
    0.208333
    """
    ratios = representation(endorsers, community)
    return None if ratios is None or not len(ratios) else float(ratios.min())


def representation(endorsers: ArrayLike, community: ArrayLike) -> NDArray[np.float64] | None:
    """Return, for each faction, its share of the endorsers over its share of the community; 1 is its due."""
    given, whole = np.asarray(endorsers, dtype=float), np.asarray(community, dtype=float)
    if not given.sum() or not np.all(whole > 0):
        return None
    return np.asarray((given / given.sum()) / (whole / whole.sum()))


class SpreadNull(NamedTuple):
    """Breadth and divergence where as many members of the community are drawn at random."""

    breadth: NDArray[np.float64]
    divergence: NDArray[np.float64]


def spread_null(
    endorsers: int, community: ArrayLike, *, large: int, draws: int, random: np.random.Generator
) -> SpreadNull:
    """Draw as many members as endorsed from the community, whatever their faction (labels permuted).

    The first ``large`` groups count for the breadth, all for the divergence.
    """
    whole = np.asarray(community, dtype=np.int64)
    if draws <= 0 or endorsers <= 0 or not large:
        return SpreadNull(np.empty(0), np.empty(0))
    counts = random.multivariate_hypergeometric(whole, min(endorsers, int(whole.sum())), size=draws).astype(float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    base = whole / whole.sum()
    return SpreadNull((shares / base)[:, :large].min(axis=1), special.rel_entr(shares, base).sum(axis=1))
