"""Tests of what holds a network together: worked values, networkx as oracle, edge cases, the comparison with chance."""

from __future__ import annotations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy import sparse

from netact import cohesion
from netact.errors import MeasureError
from netact.fragility import _by_factors, _by_iteration, cut_between, cut_between_cores, fragility, removal_curve
from netact.network import Network, Ties
from netact.synthetic import karate


def undirected(pairs, weights=None):
    frame = pl.DataFrame({"source": [str(a) for a, _ in pairs], "target": [str(b) for _, b in pairs]})
    if weights is not None:
        frame = frame.with_columns(weight=pl.Series(weights, dtype=pl.Float64))
    return Network.from_tables(frame, directed=False).undirected_ties()


@pytest.mark.parametrize("m", [0, 3, 20, 60])
@pytest.mark.parametrize("directed", [True, False])
def test_removal_curve_is_what_removing_one_by_one_gives(m, directed):
    for seed in range(6):
        random = np.random.default_rng(seed)
        graph = nx.gnm_random_graph(20, m, seed=seed, directed=directed)
        ends = np.array(sorted(graph.edges), dtype=np.uint32).reshape(-1, 2)
        ties = Ties(20, ends[:, 0].copy(), ends[:, 1].copy(), np.ones(len(ends)), np.ones(len(ends), dtype=np.int64))
        order = random.permutation(20)[: random.integers(0, 21)]
        curve = removal_curve(ties, order)
        assert len(curve.largest) == len(curve.connected_pairs) == len(order) + 1
        for removed in range(len(order) + 1):
            left = nx.Graph(graph)
            left.remove_nodes_from(order[:removed].tolist())
            sizes = [len(part) for part in nx.connected_components(left)]
            assert curve.largest[removed] == max(sizes, default=0)
            assert curve.connected_pairs[removed] == sum(size * (size - 1) // 2 for size in sizes)


@pytest.mark.parametrize("order", [[0, 0], [34], [-1], [[0, 1]]])
def test_removal_curve_asks_for_an_order_of_accounts(order):
    with pytest.raises(MeasureError, match="removal_curve"):
        removal_curve(karate().undirected_ties(), order)


BARBELL = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]


def test_barbell():
    found = fragility(undirected(BARBELL))
    assert found.bridges == ((2, 3),)
    assert found.articulation_points == (2, 3)
    assert found.min_cut == 1
    assert found.min_cut_part in ((0, 1, 2), (3, 4, 5))
    assert found.algebraic_connectivity == pytest.approx(0.438447, abs=1e-6)


def test_karate():
    ties = karate().undirected_ties()
    found = fragility(ties)
    assert found.min_cut == 1
    assert found.bridges == ((0, 11),)
    assert found.min_cut_part == (11,)
    assert cut_between(ties, [0], [33]) == 10


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_networkx(seed):
    graph = nx.gnm_random_graph(14, 26, seed=seed)
    graph = nx.convert_node_labels_to_integers(graph.subgraph(max(nx.connected_components(graph), key=len)))
    names = {node: f"{node:02d}" for node in graph}
    rows = [(names[a], names[b]) for a, b in graph.edges]
    ties = undirected(rows)
    found = fragility(ties)
    assert set(found.bridges) == {tuple(sorted(edge)) for edge in nx.bridges(graph)}
    assert set(found.articulation_points) == set(nx.articulation_points(graph))
    assert found.min_cut == nx.stoer_wagner(graph)[0]
    part = set(found.min_cut_part)
    assert nx.cut_size(graph, part) == found.min_cut
    assert found.algebraic_connectivity == pytest.approx(nx.algebraic_connectivity(graph, method="lanczos"), abs=1e-6)
    capacities = graph.to_directed()
    nx.set_edge_attributes(capacities, 1.0, "capacity")
    value = nx.minimum_cut_value(capacities, 0, 5)
    assert cut_between(ties, [0], [5]) == value


def test_sparse_eigenvalue_is_the_dense_one(monkeypatch):
    graph = nx.connected_watts_strogatz_graph(120, 4, 0.2, seed=3)
    ties = undirected([(f"{a:03d}", f"{b:03d}") for a, b in graph.edges])
    dense = fragility(ties).algebraic_connectivity
    monkeypatch.setattr("netact.fragility.DENSE", 10)
    assert fragility(ties).algebraic_connectivity == pytest.approx(dense, abs=1e-8)


def _both_ways(graph):
    """Return the eigenvalue by factors and by iteration."""
    graph = nx.convert_node_labels_to_integers(graph)
    part = undirected([(f"{a:05d}", f"{b:05d}") for a, b in graph.edges])
    laplacian = nx.laplacian_matrix(graph, nodelist=range(len(graph))).astype(float)
    laplacian = sparse.csr_array(laplacian)
    return _by_factors(laplacian), _by_iteration(part, laplacian, cohesion.coreness(part) < 2)


def _mixed(*, accounts=900, ties=4000, seed=1):
    graph = nx.gnm_random_graph(accounts, ties, seed=seed)
    return nx.convert_node_labels_to_integers(graph.subgraph(max(nx.connected_components(graph), key=len)))


@pytest.mark.parametrize("length", [0, 3, 40])
def test_eigenvalue_by_iteration_is_that_by_factors(length):
    # A chain that hangs on a well-mixed network holds the smallest eigenvalue.
    graph = _mixed()
    nx.add_path(graph, [0, *range(len(graph), len(graph) + length)])
    factors, iteration = _both_ways(graph)
    assert iteration == pytest.approx(factors, rel=1e-9)


def test_eigenvalue_by_iteration_of_two_halves_and_of_many_equal_ends():
    halves = nx.disjoint_union(_mixed(), _mixed(seed=2))
    halves.add_edge(0, len(halves) - 1)
    factors, iteration = _both_ways(halves)
    assert iteration == pytest.approx(factors, rel=1e-9)
    ends = _mixed()
    for account in range(200):
        nx.add_path(ends, [account, len(ends), len(ends) + 1])
    factors, iteration = _both_ways(ends)
    assert iteration == pytest.approx(factors, rel=1e-9)


def test_eigenvalue_of_narrow_networks_is_exact():
    # Known: a chain has 2 - 2 cos(pi / n), a ring 2 - 2 cos(2 pi / n), a star 1.
    n = 1001
    for graph, known in (
        (nx.path_graph(n), 2 - 2 * np.cos(np.pi / n)),
        (nx.cycle_graph(n), 2 - 2 * np.cos(2 * np.pi / n)),
        (nx.star_graph(n), 1.0),
    ):
        found = fragility(undirected([(f"{a:04d}", f"{b:04d}") for a, b in graph.edges]))
        assert found.algebraic_connectivity == pytest.approx(known, rel=1e-8)


def test_eigenvalue_that_is_not_found_is_none(monkeypatch):
    monkeypatch.setattr("netact.fragility.TURNS", 2)
    monkeypatch.setattr("netact.fragility.CHEAP_FACTORS", 0)
    ties = undirected([(f"{a:04d}", f"{b:04d}") for a, b in _mixed().edges])
    found = fragility(ties).algebraic_connectivity
    assert found is not None  # the factors can be afforded
    monkeypatch.setattr("netact.fragility.MOST_FACTORS", 0)
    assert fragility(ties).algebraic_connectivity is None


def test_cut_between_sets_counts_weights():
    # Two triangles joined by ties of weight 2 and 3; the ends of a set are drawn together.
    ties = undirected([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (0, 3), (1, 4)], [9, 9, 9, 9, 9, 9, 2, 3])
    assert cut_between(ties, [0, 1, 2], [3, 4, 5]) == 5
    assert cut_between(ties, [2], [5]) == 5


def test_without_anything_to_cut():
    empty = Network.from_tables(pl.DataFrame({"source": [], "target": []}, schema={"source": str, "target": str}))
    found = fragility(empty.undirected_ties())
    assert (found.accounts, found.min_cut, found.algebraic_connectivity, found.bridges) == (0, None, None, ())
    ties = undirected(BARBELL)
    assert cut_between(ties, [], [1]) is None
    assert cut_between(ties, [1], [1, 2]) is None
    assert cut_between_cores(ties, [1], [1], draws=3, seed=1).status == "undefined"
    apart = undirected([(0, 1), (2, 3)])
    assert cut_between(apart, [0], [2]) == 0


def test_two_camps_are_cut_apart_more_easily_than_chance():
    random = np.random.default_rng(4)
    side = np.repeat([0, 1], 30)
    pairs = [
        (f"{a:02d}", f"{b:02d}")
        for a in range(60)
        for b in range(a)
        if random.random() < (0.25 if side[a] == side[b] else 0.01)
    ]
    ties = undirected(pairs)
    found = cut_between_cores(ties, range(5), range(30, 35), draws=39, seed=2)
    assert found.p_value is not None
    assert found.p_value <= 0.025
    assert found.value < found.null_mean


def test_rejects_at_its_level_on_its_own_null():
    """Networks of random degrees without camps: the share of p <= 0.1 stays near 0.1 (binomial bound)."""
    from netact.null_models import degree_preserving

    random = np.random.default_rng(7)
    pairs = [(f"{a:02d}", f"{b:02d}") for a in range(30) for b in range(a) if random.random() < 0.15]
    start = undirected(pairs)
    rejected = sum(
        cut_between_cores(observed, [0, 1, 2], [10, 11, 12], draws=19, seed=run).p_value <= 0.1
        for run, observed in enumerate(degree_preserving(start, draws=60, seed=5, directed=False))
    )
    assert rejected <= 12  # P(more | 0.1) < 0.01
