"""Tests of the one solver of Laplacian systems: dense algebra as oracle, trees, parts, rings, held accounts, weights."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from netact.laplacian import components, laplacian, solve

GRAPHS = {
    "mixed": nx.gnm_random_graph(60, 150, seed=1),
    "with hanging trees and accounts alone": nx.gnm_random_graph(80, 75, seed=2),
    "tree": nx.random_labeled_tree(50, seed=3),
    "chain": nx.path_graph(40),
    "star": nx.star_graph(30),
    "ring": nx.cycle_graph(41),
    "clique with a tail": nx.lollipop_graph(8, 12),
    "nothing": nx.empty_graph(5),
}


def once(graph, *, weighted, seed=5):
    """Return a matrix with every tie in one row; some pairs are tied both ways."""
    random = np.random.default_rng(seed)
    n = len(graph)
    ends = np.array(graph.edges, dtype=int).reshape(-1, 2)
    turned = random.random(len(ends)) < 0.5
    ends[turned] = ends[turned][:, ::-1]
    ends = np.concatenate([ends, ends[random.random(len(ends)) < 0.2][:, ::-1]])
    weight = 10.0 ** random.uniform(-3, 3, len(ends)) if weighted else np.ones(len(ends))
    return sparse.csr_array(sparse.coo_array((weight, (ends[:, 0], ends[:, 1])), shape=(n, n)))


def dense(matrix):
    both = (matrix + matrix.T).toarray()
    return np.diag(both.sum(axis=1)) - both


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", list(GRAPHS))
def test_levels_fulfil_their_equations(name, weighted):
    matrix = once(GRAPHS[name], weighted=weighted)
    right = np.asarray(matrix.sum(axis=0) - matrix.sum(axis=1)).ravel()
    found, solved = solve(laplacian(matrix, symmetric=False), right, tolerance=1e-12)
    assert solved
    left = dense(matrix) @ found - right
    assert np.abs(left).max() <= 1e-8 * max(1.0, np.abs(right).max())


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["mixed", "tree", "chain", "star", "ring", "clique with a tail"])
def test_values_with_held_accounts_are_those_of_dense_algebra(name, weighted):
    graph = GRAPHS[name]
    graph = nx.convert_node_labels_to_integers(graph.subgraph(max(nx.connected_components(graph), key=len)))
    matrix = once(graph, weighted=weighted)
    both = sparse.csr_array(matrix + matrix.T)
    n = len(graph)
    held = np.zeros(n, dtype=bool)
    held[[0, n // 2, n - 1]] = True
    value = np.zeros(n)
    value[[0, n - 1]] = 1.0, 0.25
    right = both[held].T @ value[held]
    found, solved = solve(laplacian(both, symmetric=True, held=held), right, tolerance=1e-13)
    assert solved
    expected = np.linalg.solve(dense(matrix)[~held][:, ~held], right[~held])
    assert found[~held] == pytest.approx(expected, abs=1e-7)
    assert not found[held].any()


def test_one_tie_in_two_rows_is_the_tie_in_one():
    matrix = once(GRAPHS["mixed"], weighted=True)
    both = sparse.csr_array(matrix + matrix.T)
    right = np.asarray(matrix.sum(axis=0) - matrix.sum(axis=1)).ravel()
    first, _ = solve(laplacian(matrix, symmetric=False), right, tolerance=1e-12)
    second, _ = solve(laplacian(both, symmetric=True), right, tolerance=1e-12)
    assert first - first[0] == pytest.approx(second - second[0], abs=1e-8)


def test_what_turns_do_not_solve_is_factorised(monkeypatch):
    matrix = once(nx.cycle_graph(400), weighted=False)
    right = np.asarray(matrix.sum(axis=0) - matrix.sum(axis=1)).ravel()
    system = laplacian(matrix, symmetric=False)
    turned, _ = solve(system, right, tolerance=1e-12)
    monkeypatch.setattr("netact.laplacian.MOST_TURNS", 2)
    factorised, solved = solve(system, right)
    assert solved
    assert factorised - factorised[0] == pytest.approx(turned - turned[0], abs=1e-5)


def test_hanging_accounts_are_eliminated():
    system = laplacian(once(GRAPHS["tree"], weighted=True, seed=7), symmetric=False)
    pairs_both_ways = len(system.core)
    assert len(system.leaf) + len(system.alone) + pairs_both_ways == 50
    lollipop = sparse.csr_array(nx.to_scipy_sparse_array(nx.lollipop_graph(8, 12)))
    system = laplacian(lollipop, symmetric=True)
    assert sorted(system.core.tolist()) == list(range(8))
    assert len(system.leaf) == 12


@pytest.mark.parametrize("name", list(GRAPHS))
def test_components_are_those_of_the_network(name):
    found = components(laplacian(once(GRAPHS[name], weighted=False), symmetric=False))
    parts = {frozenset(np.flatnonzero(found == label).tolist()) for label in np.unique(found)}
    assert parts == {frozenset(part) for part in nx.connected_components(GRAPHS[name])}
    assert all(found[label] == label for label in found)
