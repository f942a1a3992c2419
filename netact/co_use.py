"""Signs used by the same accounts: how often, against chance, and given how many signs each account uses.

A pair of signs is counted once an account that used both, never once a post: one busy account is one account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from netact.null_models import bipartite_degree_preserving

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Work of the comparison with a null: pairs of signs met within accounts, over all draws.
MAX_NULL_WORK = 400_000_000
FEWEST_DRAWS = 10


class Association(NamedTuple):
    """How far two signs go together; one value a pair.

    Attributes
    ----------
    pmi
        Pointwise mutual information ``ln(p_ab / (p_a p_b))``.
    npmi
        The same over ``-ln p_ab``, in [-1, 1]; not a number where no account or every account used both.
    p_value
        Hypergeometric ``P(X >= both)``.
    """

    pmi: NDArray[np.float64]
    npmi: NDArray[np.float64]
    p_value: NDArray[np.float64]


def association(accounts: int, first: ArrayLike, second: ArrayLike, both: ArrayLike) -> Association:
    """Return how far signs used by ``first`` and by ``second`` accounts go together if ``both`` used the two.

    ``accounts`` is how many there are in all. (Bouma 2009, Normalized (pointwise) mutual information in collocation
    extraction.)

    >>> found = association(100, [40], [30], [20])
    >>> found.pmi.round(6), found.npmi.round(6), found.p_value.round(8)
    (array([0.510826]), array([0.317394]), array([0.00043106]))
    """
    from scipy import stats

    a, b, ab = (np.asarray(values, dtype=np.float64) for values in (first, second, both))
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(ab * accounts / (a * b))
        npmi = np.where((ab > 0) & (ab < accounts), pmi / -np.log(ab / accounts), np.nan)
    return Association(pmi, npmi, np.asarray(stats.hypergeom.sf(ab - 1, accounts, a, b)))


def users_of_both(account: NDArray[np.int64], sign: NDArray[np.int64], *, signs: int) -> NDArray[np.int64]:
    """Return a square matrix: how many accounts used each two signs (on the diagonal: each one).

    ``account`` and ``sign`` hold one distinct pair an entry, numbered from 0.
    """
    if not len(account):
        return np.zeros((signs, signs), dtype=np.int64)
    shape = (int(account.max()) + 1, signs)
    table = sparse.csr_array((np.ones(len(account), dtype=np.int64), (account, sign)), shape=shape)
    return np.asarray((table.T @ table).toarray(), dtype=np.int64)


def expected_given_activity(
    account: NDArray[np.int64], sign: NDArray[np.int64], *, signs: int, draws: int, seed: int
) -> tuple[NDArray[np.float64], int]:
    """Return how many accounts use each two signs by chance if all keep how many signs they use, and the draws made.

    Means over two-mode networks with the same degrees on both sides (null model N5). Fewer draws, at least ten, where
    there is much to count.
    """
    width = np.bincount(account).astype(np.float64)
    work = float((width**2).sum()) + 8.0 * len(account)
    draws = min(draws, max(FEWEST_DRAWS, int(MAX_NULL_WORK / max(1.0, work))))
    total = np.zeros((signs, signs))
    for rows, columns in bipartite_degree_preserving(account, sign, draws=draws, seed=seed):
        total += users_of_both(rows, columns, signs=signs)
    return total / max(1, draws), draws


def tail_given_activity(both: ArrayLike, expected: ArrayLike, *, draws: int) -> NDArray[np.float64]:
    """Return an upper bound of ``P(X >= both)`` for a count with the given mean.

    The accounts decide nearly independently, each with its own probability; above its mean such a count has a lighter
    tail than a Poisson count of the same mean, which is taken. The mean of few draws is moved up by one account over all
    draws, so that it is never zero.
    """
    from scipy import stats

    mean = np.asarray(expected, dtype=np.float64) + 1 / max(1, draws)
    return np.asarray(stats.poisson.sf(np.asarray(both, dtype=np.float64) - 1, mean))


def adjusted_among(p_values: NDArray[np.float64], tests: int) -> NDArray[np.float64]:
    """Return Benjamini-Hochberg adjusted p-values where ``tests`` were made and those not given have p = 1.

    What was left out for another reason than its p-value (too few accounts to be shown) still counts as a test.

    >>> adjusted_among(np.array([0.001, 0.02]), 10).tolist()
    [0.01, 0.1]
    """
    from scipy import stats

    if not len(p_values):
        return np.empty(0)
    padded = np.concatenate([p_values, np.ones(max(0, tests - len(p_values)))])
    return np.asarray(stats.false_discovery_control(padded))[: len(p_values)]
