"""The scan: worked values, the bound, split of rivals, and the null it is drawn from."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import optimize

from netact import scan_statistic as scan

P = np.array([[0, 0.05, 0.02], [0.04, 0, 0.02], [0.05, 0.04, 0]])
TIES = np.array([[0, 2, 2], [2, 0, 1], [2, 1, 0.0]])


@pytest.mark.parametrize(
    ("reciprocity", "pairs", "ratio", "tilt", "tail"),
    [
        (0.0, [(0.086, 0.002), (0.068, 0.001), (0.0584, 0.0008)], 14.141950, 5.002219, 2.960e-7),
        (0.1, [(0.077458, 0.006271), (0.061898, 0.004051), (0.052913, 0.003543)], 11.369607, 3.905734, 3.922e-6),
    ],
)
def test_worked_values_of_three_accounts(reciprocity, pairs, ratio, tilt, tail) -> None:
    one, two = scan.dyad_probabilities(P, reciprocity=reciprocity)
    for (i, j), (first, second) in zip([(0, 1), (0, 2), (1, 2)], pairs, strict=True):
        assert one[i, j] == pytest.approx(first, abs=1e-6)
        assert two[i, j] == pytest.approx(second, abs=1e-6)
    model = scan.DyadModel(TIES, one, two)
    found = scan.log_likelihood_ratio(model, [0, 1, 2])
    assert found[0] == pytest.approx(ratio, abs=1e-5)
    assert found[1] == pytest.approx(tilt, abs=1e-5)
    # The exact tail by convolution over the three pairs lies below the bound.
    states = [[(0, 1 - one[i, j] - two[i, j]), (1, one[i, j]), (2, two[i, j])] for i, j in [(0, 1), (0, 2), (1, 2)]]
    exact = sum(
        math.prod(p for _, p in combination)
        for combination in itertools.product(*states)
        if sum(n for n, _ in combination) >= 5
    )
    assert exact == pytest.approx(tail, rel=1e-3)
    assert exact <= math.exp(-found[0])


def test_score_of_the_worked_example() -> None:
    one, two = scan.dyad_probabilities(P, reciprocity=0.0)
    ratio, _ = scan.log_likelihood_ratio(scan.DyadModel(TIES, one, two), [0, 1, 2])
    assert ratio - scan.search_penalty(50, 20)[3] == pytest.approx(1.3142, abs=1e-4)


def random_model(size: int, seed: int, level: float = 0.03) -> scan.DyadModel:
    random = np.random.default_rng(seed)
    p = np.clip(random.pareto(1.5, (size, size)) * level, 1e-9, 0.6)
    np.fill_diagonal(p, 0)
    one, two = scan.dyad_probabilities(p, reciprocity=0.1)
    return scan.draw_ties(scan.DyadModel(np.zeros((size, size)), one, two), seed=seed)


def test_ratio_is_the_supremum_over_tilts() -> None:
    model = random_model(40, 5)
    for seed in range(5):
        members = sorted(np.random.default_rng(seed).choice(40, 7, replace=False))
        pairs = list(itertools.combinations(members, 2))
        ties = np.array([model.ties[i, j] for i, j in pairs])
        one = np.array([model.p_one[i, j] for i, j in pairs])
        two = np.array([model.p_two[i, j] for i, j in pairs])

        def negative(tilt: float, ties=ties, one=one, two=two) -> float:
            return -(tilt * ties.sum() - np.log1p(one * np.expm1(tilt) + two * np.expm1(2 * tilt)).sum())

        best = -optimize.minimize_scalar(negative, bounds=(0, 25), method="bounded", options={"xatol": 1e-9}).fun
        assert scan.log_likelihood_ratio(model, members)[0] == pytest.approx(max(best, 0.0), abs=1e-6)


def test_search_finds_the_best_set_of_a_small_pool() -> None:
    for seed in range(6):
        model = random_model(11, seed, level=0.08)
        penalty = scan.search_penalty(11, 6)
        best = max(
            (scan.log_likelihood_ratio(model, s)[0] - penalty[len(s)], s)
            for size in range(2, 7)
            for s in itertools.combinations(range(11), size)
        )
        score, members = scan.search(model, largest=6)
        assert score == pytest.approx(best[0], abs=1e-6)
        assert members == best[1]


def plant(model: scan.DyadModel, *teams: range) -> scan.DyadModel:
    ties = model.ties.copy()
    for team in teams:
        for i, j in itertools.combinations(team, 2):
            ties[i, j] = ties[j, i] = 2
    return scan.DyadModel(ties, model.p_one, model.p_two)


def test_rival_teams_are_split_and_one_team_is_not() -> None:
    rivals = plant(random_model(80, 2, level=0.01), range(10, 18), range(30, 36))
    _, members = scan.search(rivals)
    if len(members) < 14:  # found one after the other already
        members = (*range(10, 18), *range(30, 36))
    parts = scan.split(rivals, members, alone=4.6, linked=4.6, largest=60, seed=1)
    assert sorted(map(sorted, parts)) == [list(range(10, 18)), list(range(30, 36))]
    one = plant(random_model(80, 3, level=0.01), range(5, 14))
    assert scan.split(one, range(5, 14), alone=4.6, linked=4.6, largest=60, seed=1) == [list(range(5, 14))]


def test_null_draws_repeat_with_their_seed_and_match_their_probabilities() -> None:
    model = random_model(30, 1)
    draws = [scan.draw_ties(model, seed=s).ties for s in range(400)]
    assert (draws[0] == scan.draw_ties(model, seed=0).ties).all()
    upper = np.triu_indices(30, 1)
    mean = np.mean(draws, axis=0)[upper].sum()
    expected = model.expected[upper].sum()
    variance = (model.p_one + 4 * model.p_two - model.expected**2)[upper].sum() / 400
    assert abs(mean - expected) < 4 * math.sqrt(variance)
    scores = scan.null_scores(model, draws=20, seed=7)
    assert (scores == scan.null_scores(model, draws=20, seed=7)).all()


def test_the_bound_holds_under_its_null() -> None:
    model = random_model(60, 4)
    scores = scan.null_scores(model, draws=200, seed=3)
    assert np.mean(scores >= -math.log(0.05)) <= 0.05


def test_configuration_model_keeps_degrees_in_expectation() -> None:
    random = np.random.default_rng(8)
    ties = (random.random((25, 25)) < random.random((25, 1)) * 0.6).astype(float)
    np.fill_diagonal(ties, 0)
    model = scan.configuration_model(ties)
    np.testing.assert_allclose(model.expected.sum(1), ties.sum(1) + ties.sum(0), rtol=1e-3)


def test_what_cannot_be_tested_says_so() -> None:
    crowded = scan.DyadModel(np.full((30, 30), 2.0), np.full((30, 30), 0.02), np.full((30, 30), 0.97))
    assert scan.saturated(crowded)
    assert scan.smallest_testable(crowded, threshold=4.6, largest=20) is None
    sparse = random_model(100, 1, level=0.005)
    assert not scan.saturated(sparse)
    assert scan.smallest_testable(sparse, threshold=4.6, largest=60) in range(2, 6)
    assert scan.search(scan.DyadModel(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2)))) == (-math.inf, ())


def test_closure_makes_draws_cluster_without_more_ties() -> None:
    plain = random_model(60, 9, level=0.05)
    closing = scan.DyadModel(plain.ties, plain.p_one, plain.p_two, closure=0.08)

    def ties_and_triangles(model: scan.DyadModel) -> tuple[float, float]:
        drawn = [(scan.draw_ties(model, seed=s).ties > 0).astype(float) for s in range(150)]
        return float(np.mean([d.sum() for d in drawn])), float(np.mean([np.trace(d @ d @ d) for d in drawn]))

    ties, triangles = ties_and_triangles(plain)
    closed_ties, closed_triangles = ties_and_triangles(closing)
    assert closed_ties == pytest.approx(ties, rel=0.1)
    assert closed_triangles > 1.2 * triangles
