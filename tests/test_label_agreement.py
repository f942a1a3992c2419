"""Agreement of labels with groups and ties: worked values and independent oracles."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from netact import label_agreement
from netact.randomness import generator

FACTION = np.array([int(c) for c in "0000111110"])
PLATFORM = np.array([0, 0, 0, 1, 1, 1, 1, 0, 1, 0])  # tw tw tw fb fb fb fb tw fb tw
TIES = np.array([(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (4, 6), (6, 8), (7, 0), (9, 0), (7, 8)])


def test_worked_values():
    assert label_agreement.normalised_mutual_information(FACTION, PLATFORM) == pytest.approx(0.278072, abs=1e-6)
    assert label_agreement.adjusted_mutual_information(FACTION, PLATFORM) == pytest.approx(0.210002, abs=1e-6)
    table = label_agreement.contingency(FACTION, PLATFORM)
    assert stats.chi2_contingency(table, correction=False).statistic == pytest.approx(3.6)
    assert stats.fisher_exact(table).pvalue == pytest.approx(0.206, abs=1e-3)
    mixing = label_agreement.mixing_counts(TIES[:, 0], TIES[:, 1], PLATFORM, 2)
    assert label_agreement.assortativity(mixing) == pytest.approx(0.666667, abs=1e-6)
    assert label_agreement.external_internal(mixing) == pytest.approx(-0.666667, abs=1e-6)


def test_ten_accounts_are_not_significant():
    null = label_agreement.permuted_labels(
        FACTION, PLATFORM, TIES[:, 0], TIES[:, 1], draws=999, random=generator(1, "test")
    )
    value = label_agreement.adjusted_mutual_information(FACTION, PLATFORM)
    p = (1 + np.count_nonzero(null["adjusted_mutual_information"] >= value - 1e-12)) / 1000
    assert p == pytest.approx(0.206, abs=0.05)  # of both tails, as Fisher's: information has no sign
    assert null["adjusted_mutual_information"].mean() == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_scikit_learn(seed):
    random = np.random.default_rng(seed)
    size = int(random.integers(5, 300))
    a, b = random.integers(0, 2 + seed, size), random.integers(0, 12, size)
    expected = adjusted_mutual_info_score(a, b)
    assert label_agreement.adjusted_mutual_information(a, b) == pytest.approx(expected, abs=1e-9)
    expected = normalized_mutual_info_score(a, b)
    assert label_agreement.normalised_mutual_information(a, b) == pytest.approx(expected, abs=1e-9)


def test_expected_information_is_the_mean_over_all_permutations():
    a, b = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 1, 0])
    every = [
        label_agreement.mutual_information(label_agreement.contingency(a, b[list(order)]))
        for order in itertools.permutations(range(6))
    ]
    table = label_agreement.contingency(a, b)
    assert label_agreement.expected_mutual_information(table) == pytest.approx(np.mean(every))


@pytest.mark.parametrize("seed", range(4))
def test_assortativity_agrees_with_networkx(seed):
    graph = nx.gnm_random_graph(40, 90, seed=seed)
    label = np.random.default_rng(seed).integers(0, 3, 40)
    nx.set_node_attributes(graph, dict(enumerate(label.tolist())), "label")
    edges = np.array(list(graph.edges()))
    mixing = label_agreement.mixing_counts(edges[:, 0], edges[:, 1], label, 3)
    assert label_agreement.assortativity(mixing) == pytest.approx(
        nx.attribute_assortativity_coefficient(graph, "label")
    )


def test_blocks_that_tell_of_ties_have_less_entropy():
    graph = nx.planted_partition_graph(2, 30, 0.4, 0.02, seed=1)
    edges, label = np.array(list(graph.edges())), np.repeat([0, 1], 30)
    null = label_agreement.permuted_labels(label, label, edges[:, 0], edges[:, 1], draws=99, random=generator(1, "t"))
    own = label_agreement.blockmodel_entropy(label_agreement.mixing_counts(edges[:, 0], edges[:, 1], label, 2))
    assert own < null["blockmodel_entropy"].min()
    # Of two blocks without ties between them each end is certain of its block: ln(2) less than one block.
    apart = label_agreement.blockmodel_entropy(np.diag([40.0, 40.0]))
    assert label_agreement.blockmodel_entropy(np.array([[80.0]])) - apart == pytest.approx(math.log(2))


def test_undefined_numbers_are_none():
    assert label_agreement.adjusted_mutual_information([0, 0], [0, 1]) is None
    assert label_agreement.normalised_mutual_information([0, 0], [0, 0]) is None
    assert label_agreement.adjusted_mutual_information([], []) is None
    nothing = np.zeros((2, 2))
    assert label_agreement.assortativity(nothing) is None
    assert label_agreement.external_internal(nothing) is None
    assert label_agreement.blockmodel_entropy(nothing) is None
    assert label_agreement.assortativity(np.diag([4.0, 0.0])) is None
