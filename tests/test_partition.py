"""Partitions by Leiden: our own optimiser beside igraph's, on both sides of the size where it takes over."""

from __future__ import annotations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy import sparse

from netact import partition, polarization
from netact.network import Network, Ties
from netact.synthetic import karate


def ties_of(n, pairs, weight=None):
    """Undirected ties from pairs of rows; repeated pairs count as one."""
    pairs = np.unique(np.sort(np.asarray(pairs, dtype=np.int64).reshape(-1, 2), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]].astype(np.uint32)
    value = np.ones(len(pairs)) if weight is None else weight(len(pairs))
    return Ties(n, pairs[:, 0].copy(), pairs[:, 1].copy(), value, np.ones(len(pairs), dtype=np.int64))


def planted(*, accounts, groups, ties, across, seed):
    """Groups of unequal activity, with a share of the ties going anywhere."""
    random = np.random.default_rng(seed)
    group = np.sort(random.integers(0, groups, accounts))
    start = np.searchsorted(group, np.arange(groups + 1))
    activity = random.pareto(1.5, accounts) + 1
    source = random.choice(accounts, ties, p=activity / activity.sum())
    inside = random.random(ties) >= across
    low, high = np.where(inside, start[group[source]], 0), np.where(inside, start[group[source] + 1], accounts)
    target = low + (random.random(ties) * (high - low)).astype(np.int64)
    return ties_of(
        accounts, np.column_stack([source, target]), lambda count: random.integers(1, 6, count).astype(float)
    )


def partitions(ties, *, own, monkeypatch, resolution=1.0, seeds=(1, 2, 3)):
    monkeypatch.setattr(partition, "OWN_KERNEL_TIES", 0 if own else 10**9)
    return partition.leiden_partitions(ties, seeds=list(seeds), resolution=resolution)


NETWORKS = [
    pytest.param(lambda: karate().undirected_ties(), id="karate club"),
    pytest.param(lambda: Network.from_graph(nx.les_miserables_graph()).undirected_ties(), id="novel"),
    pytest.param(lambda: Network.from_graph(nx.florentine_families_graph()).undirected_ties(), id="families"),
    pytest.param(lambda: planted(accounts=600, groups=12, ties=6000, across=0.2, seed=1), id="twelve groups"),
    pytest.param(lambda: planted(accounts=3000, groups=60, ties=20000, across=0.4, seed=2), id="sixty groups"),
    pytest.param(lambda: ties_of(500, nx.gnm_random_graph(500, 1500, seed=3).edges), id="chance alone"),
]


@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("make", NETWORKS)
def test_modularity_is_that_of_igraph(make, resolution, monkeypatch):
    ties = make()
    matrix = polarization.adjacency(ties, weighted=True)
    best = [
        partition.best_partition(
            matrix, partitions(ties, own=own, monkeypatch=monkeypatch, resolution=resolution), resolution
        )[1]
        for own in (False, True)
    ]
    assert best[1] >= best[0] * (1 - 0.005)


def test_planted_groups_are_found(monkeypatch):
    ties = planted(accounts=2000, groups=8, ties=30000, across=0.15, seed=4)
    random = np.random.default_rng(4)
    planted_group = np.sort(random.integers(0, 8, 2000))
    active = ties.active
    for found in partitions(ties, own=True, monkeypatch=monkeypatch):
        assert polarization.adjusted_rand(found[active], planted_group[active]) > 0.98


@pytest.mark.parametrize("seed", range(4))
def test_groups_hang_together_and_are_numbered_by_their_first_accounts(seed, monkeypatch):
    ties = ties_of(400, np.random.default_rng(seed).integers(0, 400, (500, 2)))  # some accounts have no tie
    for found in partitions(ties, own=True, monkeypatch=monkeypatch):
        inside = found[ties.source] == found[ties.target]
        graph = sparse.csr_array((np.ones(inside.sum()), (ties.source[inside], ties.target[inside])), shape=(400, 400))
        assert sparse.csgraph.connected_components(graph, directed=False)[0] == found.max() + 1
        _, first = np.unique(found, return_index=True)
        assert np.all(np.diff(first) > 0)


def test_no_account_gains_by_moving(monkeypatch):
    ties = planted(accounts=120, groups=4, ties=500, across=0.2, seed=5)
    matrix = polarization.adjacency(ties, weighted=True)
    found = partitions(ties, own=True, monkeypatch=monkeypatch, seeds=[9])[0]
    value = polarization.modularity(matrix, found)
    for account in np.flatnonzero(ties.active):
        for group in np.unique(found):
            moved = found.copy()
            moved[account] = group
            assert polarization.modularity(matrix, moved) <= value + 1e-7


def test_the_seed_decides(monkeypatch):
    ties = planted(accounts=800, groups=30, ties=4000, across=0.5, seed=6)
    first, again = (partitions(ties, own=True, monkeypatch=monkeypatch, seeds=[1, 2]) for _ in range(2))
    assert np.array_equal(first, again)
    assert np.array_equal(first[1], partitions(ties, own=True, monkeypatch=monkeypatch, seeds=[2])[0])
    assert not np.array_equal(first[0], first[1])


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("own", [False, True])
def test_partitions_sought_in_one_go_are_those_sought_alone(own, cores, monkeypatch):
    monkeypatch.setattr("netact.side_by_side.cores", lambda: cores)
    monkeypatch.setattr(partition, "OWN_KERNEL_TIES", 0 if own else 10**9)
    ties = planted(accounts=800, groups=30, ties=4000, across=0.5, seed=6)
    runs = [(1, 0.5, 1), (2, 2.0, None), (3, 1.0, 3)]
    seeds, resolutions, turns = (list(column) for column in zip(*runs, strict=True))
    together = partition.leiden_partitions(ties, seeds=seeds, resolution=resolutions, turns=turns)
    for (seed, resolution, number), found in zip(runs, together, strict=True):
        alone = partition.leiden_partitions(ties, seeds=[seed], resolution=resolution, turns=number)
        assert np.array_equal(alone[0], found)
    assert len({row.tobytes() for row in together}) == 3


@pytest.mark.parametrize("cores", [1, 2])
def test_the_two_starts_of_a_split_refined_at_once_give_the_same_sides(cores, monkeypatch):
    ties = planted(accounts=900, groups=9, ties=5000, across=0.3, seed=7)
    matrix = polarization.adjacency(ties, weighted=True)
    groups = partitions(ties, own=True, monkeypatch=monkeypatch)[0]
    side, value = polarization.best_bisection(matrix, groups=groups)
    monkeypatch.setattr(polarization, "_SIDE_BY_SIDE_TIES", 0)
    monkeypatch.setattr("netact.side_by_side.cores", lambda: cores)
    again, same = polarization.best_bisection(matrix, groups=groups)
    assert np.array_equal(side, again)
    assert value == same > 0


@pytest.mark.parametrize("pairs", [[], [(0, 1)], [(0, 1), (2, 3)]])
def test_tiny_networks(pairs, monkeypatch):
    ties = ties_of(5, pairs)
    found = partitions(ties, own=True, monkeypatch=monkeypatch, seeds=[1])
    assert found.shape == (1, 5)
    assert found.dtype == np.int32
    for a, b in pairs:
        assert found[0, a] == found[0, b]
    assert len(np.unique(found)) == 5 - len(pairs)


def test_many_ties_of_a_large_network_are_taken_by_the_own_optimiser():
    small, large = ties_of(3, np.array([[0, 1], [1, 2]])), partition.LARGE_NETWORK_TIES
    many = Ties(
        2, *(np.zeros(large, dtype=np.uint32) for _ in range(2)), np.ones(large), np.ones(large, dtype=np.int64)
    )
    assert not partition.own_kernel(small, partition.LARGE_NETWORK_INTERACTIONS)
    assert not partition.own_kernel(many, partition.LARGE_NETWORK_INTERACTIONS - 1)
    assert partition.own_kernel(many, partition.LARGE_NETWORK_INTERACTIONS)


def test_interactions_derived_from_shares_are_not_counted_as_read():
    shares = pl.DataFrame({"account": ["a", "b", "c"], "object": ["u", "u", "u"], "time": [None, None, None]})
    stated = pl.DataFrame({"source": ["a"], "target": ["b"], "kind": ["retweet"]})
    network = Network.from_tables(stated, shares=shares)
    assert network.interactions.height > 1
    assert partition.interactions_read(network) == 1
