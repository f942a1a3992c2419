"""The bipartite configuration model and the tails of what two rows have in common."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netact.bipartite_null import _exact_tail, _saddlepoint_tail, co_occurrence_tails, fit_bicm

# Rows A, B, C over four columns; values of bicm 3.4.0.
ABC = np.array([[1, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1]])
A, B, C = range(3)


def brute_tail(chances, least):
    """Return P(at least ``least``) by going through every outcome."""
    total = 0.0
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        if sum(outcome) >= least:
            total += np.prod([p if x else 1 - p for p, x in zip(chances, outcome, strict=True)])
    return total


def test_probabilities_of_a_published_table():
    found = fit_bicm(ABC.sum(axis=1), ABC.sum(axis=0)).matrix()
    expected = [
        [0.897167, 0.602833, 0.602833, 0.897167],
        [0.397167, 0.102833, 0.102833, 0.397167],
        [0.705666, 0.294334, 0.294334, 0.705666],
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-6)


def test_probabilities_of_the_second_published_table():
    table = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 1]])
    found = fit_bicm(table.sum(axis=1), table.sum(axis=0)).matrix()
    expected = np.array([[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]])
    assert found == pytest.approx(expected, abs=1e-3)


def test_tails_of_the_published_table():
    model = fit_bicm(ABC.sum(axis=1), ABC.sum(axis=0))
    first, second = np.array([A, A, B, C, A, B]), np.array([A, C, B, C, B, C])
    found = co_occurrence_tails(model, first, second, (ABC @ ABC.T)[first, second])
    assert found == pytest.approx([0.4268, 0.5553, 0.3055, 0.3327, 1.0, 1.0], abs=5e-5)
    # The R package backbone uses a normal approximation of the same count.
    assert found[:4] == pytest.approx([0.432, 0.549, 0.304, 0.329], abs=0.03)


def test_the_fit_matches_both_degree_sequences():
    random = np.random.default_rng(4)
    table = random.random((60, 45)) < random.random(60)[:, None] * random.random(45)
    model = fit_bicm(table.sum(axis=1), table.sum(axis=0))
    found = model.matrix()
    assert found.sum(axis=1) == pytest.approx(table.sum(axis=1), rel=1e-6, abs=1e-9)
    assert found.sum(axis=0) == pytest.approx(table.sum(axis=0), rel=1e-6, abs=1e-9)
    assert model.largest_gap < 1e-6


def test_full_and_empty_rows_and_columns_are_certain():
    table = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]])
    found = fit_bicm(table.sum(axis=1), table.sum(axis=0)).matrix()
    assert found[0] == pytest.approx([1, 1, 1, 0])
    assert found[:3, 0] == pytest.approx([1, 1, 1])
    assert found[3] == pytest.approx(np.zeros(4))
    assert found[:, 3] == pytest.approx(np.zeros(4))
    assert found.sum(axis=1) == pytest.approx(table.sum(axis=1), abs=1e-6)


def test_many_classes_of_degree_are_fitted():
    random = np.random.default_rng(1)
    rows = np.minimum(random.zipf(1.7, 20_000), 3000)
    columns = np.bincount(random.integers(0, 9000, rows.sum()), minlength=9000)
    model = fit_bicm(rows, columns, tolerance=1e-8)
    assert model.largest_gap < 1e-6
    assert (model.probability <= 1).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 3)), min_size=1, max_size=4), st.integers(0, 12))
def test_exact_tails_are_those_of_every_outcome(classes, least):
    chance = np.array([p for p, _ in classes])
    count = np.array([n for _, n in classes], dtype=np.int64)
    found = 1.0 if least == 0 else _exact_tail(chance, count, least)
    assert found == pytest.approx(brute_tail(np.repeat(chance, count), least), abs=1e-12)


def test_small_tails_keep_their_digits():
    # Ten trials of 1e-9 each: the chance of eight successes is 45e-72.
    found = _exact_tail(np.array([1e-9]), np.array([10], dtype=np.int64), 8)
    assert found == pytest.approx(stats.binom.sf(7, 10, 1e-9), rel=1e-6)
    assert found == pytest.approx(45e-72, rel=1e-6)


def test_the_saddlepoint_is_within_five_per_cent_of_the_exact_tail():
    random = np.random.default_rng(7)
    worst = 0.0
    for _ in range(300):
        chance = random.random(random.integers(3, 60)) ** random.integers(1, 6) * 0.9
        count = random.integers(1, 60, len(chance))
        mean, spread = (count * chance).sum(), np.sqrt((count * chance * (1 - chance)).sum())
        least = int(max(1, mean + random.uniform(-2, 8) * spread))
        if least >= count.sum():
            continue
        exact = _exact_tail(chance, count, least)
        worst = max(worst, abs(_saddlepoint_tail(chance, count, least) / exact - 1))
    assert worst < 0.05


def test_the_saddlepoint_near_the_mean_is_no_singularity():
    chance, count = np.array([0.3]), np.array([101], dtype=np.int64)
    for least in (29, 30, 31, 32):
        exact = stats.binom.sf(least - 1, 101, 0.3)
        assert _saddlepoint_tail(chance, count, least) == pytest.approx(exact, rel=0.02)


def test_only_small_tails_are_looked_at_closely_where_others_do_not_matter():
    random = np.random.default_rng(5)
    table = random.random((40, 60)) < 0.2
    model = fit_bicm(table.sum(axis=1), table.sum(axis=0))
    first, second = np.triu_indices(40, 1)
    common = (table.astype(int) @ table.T.astype(int))[first, second] + random.integers(0, 8, len(first))
    every = co_occurrence_tails(model, first, second, common)
    small = co_occurrence_tails(model, first, second, common, at_most=1e-3)
    assert (small[every <= 1e-3] == every[every <= 1e-3]).all()
    assert (small >= every).all()
    assert (small == 1).any()


def test_p_values_are_calibrated_on_tables_drawn_from_the_model():
    # Counts are discrete: a p-value drawn at random between the tails of w and of w + 1 is uniform if the tails are right.
    random = np.random.default_rng(3)
    rows, columns = random.integers(3, 40, 60), np.zeros(80, dtype=np.int64)
    columns += rows.sum() // 80
    columns[: rows.sum() - columns.sum()] += 1
    model = fit_bicm(rows, columns)
    chance = model.matrix()
    values = []
    first = np.arange(0, 60, 2)
    for _ in range(100):
        table = random.random(chance.shape) < chance
        common = (table[first] & table[first + 1]).sum(axis=1)
        upper = co_occurrence_tails(model, first, first + 1, common)
        beyond = co_occurrence_tails(model, first, first + 1, common + 1)
        values.append(beyond + random.random(len(upper)) * (upper - beyond))
    drawn = np.concatenate(values)
    low, high = stats.binom.ppf([0.001, 0.999], len(drawn), 0.05) / len(drawn)
    assert low <= np.mean(drawn <= 0.05) <= high
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
