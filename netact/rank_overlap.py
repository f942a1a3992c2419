"""How far two rankings, or two sets, agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence


def jaccard(first: Iterable[Hashable], second: Iterable[Hashable]) -> float | None:
    """Return the members of both sets over the members of either, in [0, 1]; None if both are empty.

    >>> jaccard("abcd", "cdef")
    0.3333333333333333
    """
    one, other = set(first), set(second)
    either = len(one | other)
    return len(one & other) / either if either else None


def rank_biased_overlap(first: Sequence[Hashable], second: Sequence[Hashable], *, p: float = 0.9) -> float | None:
    """Return the extrapolated rank-biased overlap of two rankings, best first, in [0, 1].

    The overlap at each depth, weighted by ``p ** depth``: with ``p`` = .9 the first ten ranks carry 86 % of the weight.
    What was not seen is taken to agree as the last depth seen (RBO_ext, also for lists of different lengths). Identical
    lists give 1, lists without a common member 0; None if either is empty. Neither list may hold an item twice.
    (Webber, Moffat & Zobel 2010, https://doi.org/10.1145/1852102.1852106.)

    >>> round(rank_biased_overlap("abcde", "bacfe"), 6)
    0.750555
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, not {p}")
    short, long = sorted((list(first), list(second)), key=len)
    if not short:
        return None
    s, l = len(short), len(long)  # noqa: E741
    seen_short: set[Hashable] = set()
    seen_long: set[Hashable] = set()
    common = 0
    at_short = 0
    total = 0.0
    for depth in range(1, l + 1):
        item = long[depth - 1]
        if depth <= s:
            other = short[depth - 1]
            common += (item == other) or (item in seen_short) + (other in seen_long)
            seen_short.add(other)
        else:
            common += item in seen_short
        seen_long.add(item)
        if depth == s:
            at_short = common
        total += common / depth * p**depth
        if depth > s:
            total += at_short * (depth - s) / (s * depth) * p**depth
    return (1 - p) / p * total + ((common - at_short) / l + at_short / s) * p**l
