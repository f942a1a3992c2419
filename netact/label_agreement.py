"""How far a label of accounts (a platform, say) goes with their groups and with their ties: pure numbers.

Groups and labels are numbered 0, 1, 2, ...; ties are pairs of account numbers, without direction, each once. All functions
return None where a number is not defined: never NaN, never an exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def contingency(a: ArrayLike, b: ArrayLike) -> NDArray[np.int64]:
    """Return how many accounts are in each group of ``a`` (rows) and of ``b`` (columns)."""
    first, second = (np.unique(np.asarray(x), return_inverse=True)[1] for x in (a, b))
    n_first, n_second = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    return np.bincount(first * max(n_second, 1) + second, minlength=n_first * n_second).reshape(n_first, n_second)


def entropy(counts: ArrayLike) -> float:
    """Return the entropy of counts in nats, in [0, ln(number of counts)]."""
    size = np.asarray(counts, dtype=float)
    total = size.sum()
    if total <= 0:
        return 0.0
    share = size[size > 0] / total
    return float(-(share * np.log(share)).sum())


def mutual_information(table: NDArray[np.int64]) -> float:
    """Return the mutual information of a contingency table in nats, at least 0."""
    both = entropy(table.sum(axis=1)) + entropy(table.sum(axis=0)) - entropy(table.ravel())
    return max(0.0, both)


def expected_mutual_information(table: NDArray[np.int64]) -> float:
    """Return the mutual information that two partitions with these group sizes have on average by chance, in nats.

    The exact mean over all ways to deal the labels out again, each cell being hypergeometric.
    (Vinh, Epps & Bailey 2010, https://jmlr.org/papers/v11/vinh10a.html.) The number of different pairs of group sizes
    times the smaller size.
    """
    total = int(table.sum())
    if total < 2:
        return 0.0
    sizes_a, often_a = np.unique(table.sum(axis=1), return_counts=True)
    sizes_b, often_b = np.unique(table.sum(axis=0), return_counts=True)
    expected = 0.0
    for a, times_a in zip(sizes_a.tolist(), often_a.tolist(), strict=True):
        for b, times_b in zip(sizes_b.tolist(), often_b.tolist(), strict=True):
            cell = np.arange(max(1, a + b - total), min(a, b) + 1, dtype=float)
            if not len(cell):
                continue
            chance = np.exp(
                gammaln(a + 1) + gammaln(b + 1) + gammaln(total - a + 1) + gammaln(total - b + 1)
                - gammaln(total + 1) - gammaln(cell + 1) - gammaln(a - cell + 1) - gammaln(b - cell + 1)
                - gammaln(total - a - b + cell + 1)
            )  # fmt: skip
            gain = cell / total * np.log(total * cell / (a * b))
            expected += times_a * times_b * float((chance * gain).sum())
    return expected


def normalised_mutual_information(a: ArrayLike, b: ArrayLike) -> float | None:
    """Return mutual information over the mean of the two entropies, in [0, 1]; None if both are one group.

    Grows with the number of groups even where there is nothing: see :func:`adjusted_mutual_information`.

    >>> round(normalised_mutual_information([0, 0, 0, 0, 1, 1, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1, 0, 1, 0]), 6)
    0.278072
    """
    table = contingency(a, b)
    mean = (entropy(table.sum(axis=1)) + entropy(table.sum(axis=0))) / 2
    return mutual_information(table) / mean if mean > 0 else None


def adjusted_mutual_information(a: ArrayLike, b: ArrayLike) -> float | None:
    """Return mutual information corrected for chance: 1 the same groups, about 0 unrelated ones, below 0 less than chance.

    ``(MI - E) / (mean of the entropies - E)`` with E what group sizes alone would give. None if one of the two is a
    single group, or if nothing can be told apart by chance. (Vinh, Epps & Bailey 2010,
    https://jmlr.org/papers/v11/vinh10a.html.)

    >>> round(adjusted_mutual_information([0, 0, 0, 0, 1, 1, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1, 0, 1, 0]), 6)
    0.210002
    """
    return _adjusted(contingency(a, b))


def _adjusted(table: NDArray[np.int64]) -> float | None:
    if min(table.shape, default=0) < 2:
        return None
    mean = (entropy(table.sum(axis=1)) + entropy(table.sum(axis=0))) / 2
    expected = expected_mutual_information(table)
    room = mean - expected
    return (mutual_information(table) - expected) / room if room > 1e-12 else None


def mixing_counts(
    source: NDArray[Any], target: NDArray[Any], label: NDArray[Any], n_labels: int
) -> NDArray[np.float64]:
    """Return how many ends of ties join each pair of labels: symmetric, every tie counted from both of its ends."""
    cells = np.bincount(label[source] * n_labels + label[target], minlength=n_labels * n_labels)
    counts = cells.reshape(n_labels, n_labels).astype(np.float64)
    return np.add(counts, counts.T)


def assortativity(mixing: NDArray[np.float64]) -> float | None:
    """Return attribute assortativity, in [-1, 1]: 1 if ties join only equal labels, 0 if they ignore them.

    ``(share inside - share expected) / (1 - share expected)`` from :func:`mixing_counts`.
    (Newman 2003, https://doi.org/10.1103/PhysRevE.67.026126.) None without ties or with one label at all ends.
    """
    total = mixing.sum()
    if total <= 0:
        return None
    expected = float(np.square(mixing.sum(axis=1) / total).sum())
    return float((np.trace(mixing) / total - expected) / (1 - expected)) if expected < 1 - 1e-12 else None


def external_internal(mixing: NDArray[np.float64]) -> float | None:
    """Return the E-I index of labels, ``(across - inside) / all``, in [-1, 1]; -1: ties stay inside labels.

    (Krackhardt & Stern 1988, https://doi.org/10.2307/2786835.) None without ties.
    """
    total = mixing.sum()
    return float(1 - 2 * np.trace(mixing) / total) if total > 0 else None


def blockmodel_entropy(mixing: NDArray[np.float64]) -> float | None:
    """Return the entropy of the degree-corrected blockmodel whose blocks are the labels, in nats a tie.

    ``-sum e_rs ln(e_rs / (d_r d_s)) / 2`` over the number of ties; the lower, the more the labels tell of who is tied to
    whom. Only differences to permuted labels mean anything. (Karrer & Newman 2011,
    https://doi.org/10.1103/PhysRevE.83.016107; as a test of labels: Peel, Larremore & Clauset 2017,
    https://doi.org/10.1126/sciadv.1602548.) None without ties.
    """
    total = mixing.sum()
    if total <= 0:
        return None
    degree = mixing.sum(axis=1)
    here = mixing > 0
    fit = mixing[here] * np.log(mixing[here] / np.outer(degree, degree)[here])
    return float(-fit.sum() / total)


def permuted_labels(
    group: NDArray[np.int64],
    label: NDArray[np.int64],
    source: NDArray[Any],
    target: NDArray[Any],
    *,
    draws: int,
    random: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:
    """Return every number of this module for ``draws`` random permutations of the labels (null model N5).

    ``group`` and ``label`` are numbered without gaps; ``source`` and ``target`` are row numbers of them. Names of the
    numbers as in :func:`measured_labels`; NaN where one is not defined.
    """
    made = {name: np.full(draws, np.nan) for name in measured_labels(group, label, source, target)}
    expected = expected_mutual_information(contingency(group, label))  # group sizes are the same in every draw
    for draw in range(draws):
        dealt = random.permutation(label)
        for name, value in measured_labels(group, dealt, source, target, expected=expected).items():
            made[name][draw] = np.nan if value is None else value
    return made


def measured_labels(
    group: NDArray[np.int64],
    label: NDArray[np.int64],
    source: NDArray[Any],
    target: NDArray[Any],
    *,
    expected: float | None = None,
) -> dict[str, float | None]:
    """Return all numbers of labels against groups and ties by name; ``expected`` mutual information if it is known."""
    table = contingency(group, label)
    known = expected_mutual_information(table) if expected is None else expected
    information = mutual_information(table)
    mean = (entropy(table.sum(axis=1)) + entropy(table.sum(axis=0))) / 2
    mixing = mixing_counts(source, target, label, int(label.max(initial=0)) + 1)
    told = min(table.shape, default=0) >= 2 and mean - known > 1e-12
    return {
        "adjusted_mutual_information": (information - known) / (mean - known) if told else None,
        "normalised_mutual_information": information / mean if mean > 0 else None,
        "assortativity": assortativity(mixing),
        "platform_ei_index": external_internal(mixing),
        "blockmodel_entropy": blockmodel_entropy(mixing),
    }
