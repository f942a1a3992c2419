"""How alike two rankings are at their top."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def jaccard(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Return the share of what is in either set that is in both, in [0, 1]; None if both are empty.

    >>> jaccard("abc", "bcd")
    0.5
    """
    a, b = set(first), set(second)
    return len(a & b) / len(a | b) if a or b else None


def rank_biased_overlap(
    first: Sequence[Hashable], second: Sequence[Hashable], *, persistence: float = 0.9
) -> float | None:
    """Return the extrapolated rank-biased overlap of two rankings, in [0, 1]; None if either is empty.

    The mean overlap over all depths, depth ``d`` weighted by ``persistence ** (d - 1)``: the top counts most. Beyond the
    end of the rankings the overlap is taken to stay as it is (RBO_ext). Rankings may differ in length.
    (Webber, Moffat & Zobel 2010, https://doi.org/10.1145/1852102.1852106.)

    >>> round(rank_biased_overlap("abcde", "bacfe"), 6)
    0.750555
    >>> rank_biased_overlap("abc", "abc")
    1.0
    """
    short, long = sorted((list(first), list(second)), key=len)
    if not short:
        return None
    p, s, n = persistence, len(short), len(long)
    seen_short: set[Hashable] = set()
    seen_long: set[Hashable] = set()
    common: list[int] = []
    for depth in range(n):
        if depth < s:
            seen_short.add(short[depth])
        seen_long.add(long[depth])
        common.append(len(seen_short & seen_long))
    # Webber et al. 2010, equation 32.
    total = sum(common[d - 1] / d * p**d for d in range(1, n + 1))
    total += sum(common[s - 1] * (d - s) / (s * d) * p**d for d in range(s + 1, n + 1))
    value = (1 - p) / p * total + ((common[n - 1] - common[s - 1]) / n + common[s - 1] / s) * p**n
    return min(1.0, max(0.0, round(value, 12)))
