"""Descriptives beside the core: worked values and networkx as oracle."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import polars as pl
import pytest

from netact import cohesion
from netact.network import Network
from netact.synthetic import g1


def test_coreness_and_s_core_of_the_worked_example() -> None:
    network = g1()
    pairs = network.undirected_ties()
    named = dict(zip(network.keys, cohesion.coreness(pairs).tolist(), strict=True))
    assert named == {k: 2 if k in "abcijk" else 1 for k in "abcdefghijk"}
    strength = dict(zip(network.keys, cohesion.s_core(pairs).tolist(), strict=True))
    assert strength == {k: 6.0 if k in "abc" else 2.0 if k in "fijk" else 1.0 for k in "abcdefghijk"}


@pytest.mark.parametrize(
    ("k", "l", "members"), [(1, 0, "abc"), (1, 1, "abc"), (2, 2, "abc"), (3, 1, ""), (0, 2, "abcj")]
)
def test_d_core_of_the_worked_example(k: int, l: int, members: str) -> None:  # noqa: E741
    network = g1()
    inside = cohesion.d_core(network.ties(), k=k, l=l)
    assert "".join(key for key, held in zip(network.keys, inside, strict=True) if held) == members


def test_rich_club_density_of_the_worked_example() -> None:
    table = cohesion.rich_club(g1().undirected_ties(), draws=5, seed=1)
    observed = dict(zip(table["degree"], table["density"], strict=True))
    assert observed[0] == pytest.approx(0.236364, abs=1e-6)
    assert observed[1] == pytest.approx(0.533333, abs=1e-6)
    assert observed[2] == pytest.approx(0.833333, abs=1e-6)
    assert observed[3] == pytest.approx(1.0)
    oracle = nx.rich_club_coefficient(nx.Graph(g1().to_networkx()), normalized=False)
    assert all(observed[k] == pytest.approx(v) for k, v in oracle.items() if k in observed)


def test_greedy_cover_reaches_the_optimum_of_the_worked_example() -> None:
    audiences = {"a": range(1, 7), "b": range(4, 9), "c": (8, 9), "d": (10,), "e": (1, 2, 7, 9)}
    rows = [(f"u{u:02d}", account) for account, users in audiences.items() for u in users]
    network = Network.from_tables(pl.DataFrame(rows, schema=["source", "target"], orient="row"))
    curve = cohesion.cover_curve(network.ties(), enough=1.0)
    assert (curve[:3] * 10).round().tolist() == [6, 8, 9]
    chosen = [network.keys[row] for row in cohesion.greedy_cover(network.ties(), most=1)]
    assert chosen == ["a"]


def test_peeling_agrees_with_networkx_and_brute_force() -> None:
    random = np.random.default_rng(5)
    for seed in range(5):
        graph = nx.gnm_random_graph(25, 60, seed=seed)
        for u, v in graph.edges:
            graph[u][v]["weight"] = float(random.integers(1, 6))
        network = Network.from_graph(graph)
        pairs = network.undirected_ties()
        expected = nx.core_number(graph)
        assert dict(zip(network.keys, cohesion.coreness(pairs).tolist(), strict=True)) == {
            str(v): c for v, c in expected.items()
        }
        weights = {frozenset(e): graph.edges[e]["weight"] for e in graph.edges}
        alive, level, index = set(graph), 0.0, {}
        while alive:
            strength = {v: sum(weights.get(frozenset((v, u)), 0.0) for u in alive if u != v) for v in alive}
            weakest = min(alive, key=lambda v: (strength[v], v))
            level = max(level, strength[weakest])
            index[str(weakest)] = level
            alive.remove(weakest)
        assert dict(zip(network.keys, cohesion.s_core(pairs).tolist(), strict=True)) == pytest.approx(index)


@pytest.mark.parametrize(("n", "m"), [(2, 1), (30, 40), (60, 500), (400, 1500)])
def test_own_kernels_and_igraph_give_the_same_core_numbers(n: int, m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(4):
        graph = nx.DiGraph(nx.gnm_random_graph(n, m, seed=seed, directed=True))
        hub = nx.relabel_nodes(nx.star_graph(n), {v: v + n // 2 for v in range(n + 1)})
        graph.add_edges_from(hub.edges)  # some accounts with few ties, one with many
        ties = Network.from_graph(graph).ties()
        pairs = ties.undirected()
        found = []
        for limit in (10**9, 0):
            monkeypatch.setattr(cohesion, "OWN_KERNEL_TIES", limit)
            into, out = cohesion.in_out_coreness(ties)
            found.append([cohesion.coreness(pairs), cohesion.coreness(ties), into, out])
        for by_igraph, own in zip(*found, strict=True):
            assert own.dtype == by_igraph.dtype
            assert np.array_equal(by_igraph, own)


def test_s_core_of_wide_weights_agrees_with_the_definition() -> None:
    random = np.random.default_rng(6)
    for seed in range(4):
        graph = nx.gnm_random_graph(40, 120, seed=seed)
        for u, v in graph.edges:
            graph[u][v]["weight"] = float(10 ** random.uniform(-3, 5))
        network = Network.from_graph(graph)
        row = {key: at for at, key in enumerate(network.keys)}
        index = cohesion.s_core(network.undirected_ties())
        for level in np.unique(index):  # those of this index or more are the largest set in which everyone has as much
            inside = set(graph)
            while low := [v for v in inside if graph.subgraph(inside).degree(v, "weight") < level * (1 - 1e-9)]:
                inside -= set(low)
            assert {row[str(v)] for v in inside if str(v) in row} == set(np.flatnonzero(index >= level * (1 - 1e-9)))


def test_greedy_cover_is_close_to_the_best_cover() -> None:
    random = np.random.default_rng(2)
    frame = pl.DataFrame(
        {"source": random.integers(0, 40, 90).astype(str), "target": random.integers(40, 52, 90).astype(str)}
    )
    network = Network.from_tables(frame)
    ties = network.ties()
    audience = {v: set(ties.source[ties.target == v].tolist()) for v in set(ties.target.tolist())}
    best = max(len(set().union(*(audience[v] for v in c))) for c in itertools.combinations(audience, 3))
    chosen = cohesion.greedy_cover(ties, most=3)
    assert len(set().union(*(audience[int(v)] for v in chosen))) >= (1 - 1 / np.e) * best
