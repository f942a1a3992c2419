"""What two accounts have in common by chance, given how much each account shares and how often each object is shared.

The null model is the bipartite configuration model (BiCM): account i shares object k with probability
``p_ik = x_i y_k / (1 + x_i y_k)``, independently, where the fitnesses are such that every account and every object has
its observed degree on average (Saracco et al. 2015, https://doi.org/10.1038/srep10595). Under it the number of objects
two accounts both share is a sum of independent trials with probabilities ``p_ik p_jk``, a Poisson-binomial count; its
upper tail is the p-value of the stochastic degree sequence model (Neal 2014,
https://doi.org/10.1016/j.socnet.2014.06.001; Neal et al. 2021, https://doi.org/10.1038/s41598-021-03238-3).

All accounts of one degree have one fitness, and so have all objects: the equations are solved on distinct degrees, so
that millions of accounts cost no more than hundreds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

# Beyond this many multiplications a tail is found by the saddlepoint instead of exactly.
_MOST_EXACT = 200_000
_SMALL = 1e-300
_PLAIN = 0.01


@dataclass(frozen=True)
class Bicm:
    """A fitted bipartite configuration model, by classes of equal degree.

    Attributes
    ----------
    row_class, column_class
        Class of every row (account) and of every column (object).
    probability
        Chance that a row of a class is tied to a column of a class; in [0, 1].
    column_count
        Number of columns in each class.
    largest_gap
        Largest difference between an expected and an observed degree, as a share of the observed one.
    """

    row_class: Counts
    column_class: Counts
    probability: Numbers
    column_count: Counts
    largest_gap: float

    def matrix(self) -> Numbers:
        """Return the probability of every row and column; for small tables."""
        return self.probability[self.row_class][:, self.column_class]


def fit_bicm(row_degree: Counts, column_degree: Counts, *, tolerance: float = 1e-9, most_steps: int = 2000) -> Bicm:
    """Fit the bipartite configuration model to two degree sequences.

    Rows tied to all columns and columns tied to all rows have probability 1, those without ties 0; the others are fitted
    by raising and lowering the fitnesses of rows and columns in turn, each exactly, with Newton steps for both at once
    where there are few classes.

    Parameters
    ----------
    row_degree, column_degree
        Number of ties of every row and of every column; equal sums.
    tolerance
        Relative difference of degrees at which the fit ends.
    """
    row_value, row_class = np.unique(np.asarray(row_degree, dtype=np.int64), return_inverse=True)
    column_value, column_class = np.unique(np.asarray(column_degree, dtype=np.int64), return_inverse=True)
    rows, columns = np.bincount(row_class), np.bincount(column_class)
    probability = np.zeros((len(row_value), len(column_value)))
    row_open, column_open = np.ones(len(row_value), dtype=bool), np.ones(len(column_value), dtype=bool)
    row_left, column_left = row_value.astype(np.float64), column_value.astype(np.float64)
    while True:  # full and empty lines are certain; without them others may become full
        wide, high = columns[column_open].sum(), rows[row_open].sum()
        full_rows, no_rows = row_open & (row_left >= wide) & (wide > 0), row_open & (row_left <= 0)
        if full_rows.any() or no_rows.any():
            probability[np.ix_(full_rows, column_open)] = 1.0
            column_left[column_open] -= rows[full_rows].sum()
            row_open &= ~(full_rows | no_rows)
            continue
        full_columns, no_columns = (
            column_open & (column_left >= high) & (high > 0),
            column_open & (column_left <= 0),
        )
        if not (full_columns.any() or no_columns.any()):
            break
        probability[np.ix_(row_open, full_columns)] = 1.0
        row_left[row_open] -= columns[full_columns].sum()
        column_open &= ~(full_columns | no_columns)
    if row_open.any() and column_open.any():
        inner = np.ix_(row_open, column_open)
        probability[inner] = _fitted(
            row_left[row_open],
            column_left[column_open],
            rows[row_open].astype(np.float64),
            columns[column_open].astype(np.float64),
            tolerance=tolerance,
            most_steps=most_steps,
        )
    found = probability @ columns
    gap = np.abs(found - row_value) / np.maximum(row_value, 1)
    return Bicm(
        row_class.astype(np.int64), column_class.astype(np.int64), probability, columns, float(gap.max(initial=0.0))
    )


def _fitted(
    row: Numbers, column: Numbers, rows: Numbers, columns: Numbers, *, tolerance: float, most_steps: int
) -> Numbers:
    """Return the probabilities of classes of rows and columns that are neither full nor empty."""
    total = float(row @ rows)
    a, b = np.log(row / np.sqrt(total)), np.log(column / np.sqrt(total))
    few = len(row) + len(column) <= 600

    def gaps() -> tuple[Numbers, Numbers, Numbers]:
        p = 1.0 / (1.0 + np.exp(-(a[:, None] + b[None, :])))
        return p, row - p @ columns, column - rows @ p

    p, row_gap, column_gap = gaps()
    for step in range(most_steps):
        worst = max(np.abs(row_gap / row).max(), np.abs(column_gap / column).max())
        if worst <= tolerance:
            break
        if few and step >= 3:
            # Newton on the concave likelihood; adding to all rows what is taken from all columns changes nothing, so
            # that direction is given a curvature of its own.
            v = p * (1 - p)
            weighted = v * rows[:, None] * columns[None, :]
            curve = np.block([[np.diag(weighted.sum(axis=1)), weighted], [weighted.T, np.diag(weighted.sum(axis=0))]])
            flat = np.concatenate([np.ones(len(row)), -np.ones(len(column))])
            curve += np.outer(flat, flat) * (np.trace(curve) / len(flat) ** 2)
            curve[np.diag_indices_from(curve)] += 1e-14 * np.trace(curve)
            slope = np.concatenate([row_gap * rows, column_gap * columns])
            move = np.linalg.solve(curve, slope)
            move = np.clip(move, -2.0, 2.0)
            a, b = a + move[: len(row)], b + move[len(row) :]
            p, row_gap, column_gap = gaps()
        else:
            for _ in range(3):
                a = a + np.clip(row_gap / np.maximum((p * (1 - p)) @ columns, _SMALL), -2.0, 2.0)
                p, row_gap, column_gap = gaps()
            for _ in range(3):
                b = b + np.clip(column_gap / np.maximum(rows @ (p * (1 - p)), _SMALL), -2.0, 2.0)
                p, row_gap, column_gap = gaps()
    return p


def co_occurrence_tails(model: Bicm, first: Counts, second: Counts, common: Counts, *, at_most: float = 1.0) -> Numbers:
    """Return the chance that two rows have at least as many columns in common, for each pair of rows.

    The upper tail of the Poisson-binomial count over all columns. Exact, with terms that are all positive, so that tails
    far below 1e-16 keep their digits; where that would take too long (large counts over many classes of columns) by the
    saddlepoint approximation of Lugannani and Rice with a lattice correction, which is within 5 % of the exact tail.

    Parameters
    ----------
    model
        A fitted model.
    first, second
        Rows of each pair.
    common
        Number of columns the two rows have in common.
    at_most
        Tails beyond this do not matter: below 0.01, counts less than two standard deviations above their mean are given
        as 1 without a closer look.
    """
    if not len(common):
        return np.empty(0)
    low = np.minimum(model.row_class[first], model.row_class[second])
    high = np.maximum(model.row_class[first], model.row_class[second])
    cases, case = np.unique(
        np.column_stack([low, high, np.asarray(common, dtype=np.int64)]), axis=0, return_inverse=True
    )
    tails = _tails_of_cases(
        cases, model.probability, model.column_count.astype(np.int64), _MOST_EXACT, at_most < _PLAIN
    )
    return np.asarray(tails[case.reshape(-1)])


@njit(cache=True, nogil=True)
def _tails_of_cases(cases: Any, probability: Any, count: Any, most: int, screen: int) -> Any:
    found = np.empty(len(cases))
    for i in range(len(cases)):
        chance = probability[cases[i, 0]] * probability[cases[i, 1]]
        if screen:
            mean = np.sum(chance * count)
            if cases[i, 2] < mean + 2.0 * np.sqrt(np.sum(chance * (1.0 - chance) * count)):
                found[i] = 1.0
                continue
        found[i] = _tail(chance, count, cases[i, 2], most)
    return found


@njit(cache=True, nogil=True)
def _tail(chance: Any, count: Any, least: int, most: int) -> Any:
    """Return P(at least ``least`` successes) of ``count[c]`` trials with ``chance[c]`` each."""
    if least <= 0:
        return 1.0
    if len(chance) * float(least) * float(least) <= most or _certain(chance, count):
        return _exact_tail(chance, count, least)
    return _saddlepoint_tail(chance, count, least)


@njit(cache=True, nogil=True)
def _certain(chance: Any, count: Any) -> Any:
    """Whether some trial is certain: the saddlepoint is for chances below 1."""
    return np.any((chance > 1 - 1e-12) & (count > 0))


@njit(cache=True, nogil=True)
def _exact_tail(chance: Any, count: Any, least: int) -> Any:
    """Convolve the binomial counts of the classes, cut at ``least``; mass beyond it is gathered as it arises."""
    state = np.zeros(least)
    state[0] = 1.0
    beyond = 0.0
    part = np.empty(least)
    tail = np.empty(least + 1)
    for c in range(len(chance)):
        p, n = chance[c], count[c]
        if p <= 0.0 or n == 0:
            continue
        if p >= 1.0:
            for s in range(least - 1, -1, -1):
                if s + n >= least:
                    beyond += state[s]
                else:
                    state[s + n] = state[s]
                if s < n:
                    state[s] = 0.0
            if n >= least:
                state[:] = 0.0
            continue
        # Binomial probabilities of 0 .. least - 1, from the mode's side that does not underflow: by logarithms.
        log_odds = np.log(p) - np.log1p(-p)
        log_value = n * np.log1p(-p)
        for j in range(least):
            part[j] = np.exp(log_value) if j <= n else 0.0
            if j < n:
                log_value += np.log((n - j) / (j + 1.0)) + log_odds
        # Tails P(B >= j) for j = 1 .. least: summed from above, so that small ones keep their digits.
        value = 0.0
        if n >= least:
            value = _binomial_upper(n, p, least)
        tail[least] = value
        for j in range(least - 1, 0, -1):
            value += part[j]
            tail[j] = value
        for s in range(least):
            if state[s] > 0.0:
                beyond += state[s] * tail[least - s]
        for s in range(least - 1, -1, -1):
            value = 0.0
            for j in range(s + 1):
                value += state[s - j] * part[j]
            state[s] = value
    return min(1.0, beyond)


@njit(cache=True, nogil=True)
def _binomial_upper(n: int, p: float, least: int) -> Any:
    """Return P(B >= least), adding terms upwards until they no longer count."""
    log_odds = np.log(p) - np.log1p(-p)
    log_term = n * np.log1p(-p)
    for j in range(least):
        log_term += np.log((n - j) / (j + 1.0)) + log_odds
    total = 0.0
    for j in range(least, n + 1):
        term = np.exp(log_term)
        total += term
        if j > n * p and term < total * 1e-17:
            break
        if j < n:
            log_term += np.log((n - j) / (j + 1.0)) + log_odds
    return min(1.0, total)


@njit(cache=True, nogil=True)
def _saddlepoint_tail(chance: Any, count: Any, least: int) -> Any:
    """Return the upper tail by Lugannani and Rice, second lattice correction (Daniels 1987)."""
    trials, mean = 0.0, 0.0
    for c in range(len(chance)):
        if chance[c] > 0.0:
            trials += count[c]
            mean += count[c] * chance[c]
    if least > trials:
        return 0.0
    aim = least - 0.5
    low, high = -60.0, 60.0
    t = np.log(aim / mean) if mean > 0.0 and aim > 0.0 else 0.0
    t = min(max(t, -30.0), 30.0)
    for _ in range(200):
        slope, curve = 0.0, 0.0
        for c in range(len(chance)):
            p = chance[c]
            if p > 0.0:
                tilted = p / (p + (1.0 - p) * np.exp(-t))
                slope += count[c] * tilted
                curve += count[c] * tilted * (1.0 - tilted)
        if slope > aim:
            high = t
        else:
            low = t
        if abs(slope - aim) < 1e-10 * max(1.0, aim):
            break
        following = t - (slope - aim) / curve if curve > 0.0 else 0.5 * (low + high)
        t = following if low < following < high else 0.5 * (low + high)
    value, curve, third = 0.0, 0.0, 0.0
    for c in range(len(chance)):
        p = chance[c]
        if p > 0.0:
            value += count[c] * (np.log1p(p * np.expm1(t)) if t < 30.0 else np.log(p) + t)
            tilted = p / (p + (1.0 - p) * np.exp(-t))
            curve += count[c] * tilted * (1.0 - tilted)
            third += count[c] * tilted * (1.0 - tilted) * (1.0 - 2.0 * tilted)
    if abs(t) < 1e-4:  # at the mean the formula is 0 / 0; its limit there
        return 0.5 - (third / curve**1.5 / 6.0 + t * np.sqrt(curve)) / np.sqrt(2.0 * np.pi)
    w = np.sqrt(2.0 * max(t * aim - value, 0.0))
    if t < 0.0:
        w = -w
    u = 2.0 * np.sinh(0.5 * t) * np.sqrt(curve)
    upper = 0.5 * math.erfc(w / np.sqrt(2.0))
    density = np.exp(-0.5 * w * w) / np.sqrt(2.0 * np.pi)
    return min(1.0, max(0.0, upper + density * (1.0 / u - 1.0 / w)))
