"""Published figures of real networks: every entry whose number netact computes agrees within its tolerance.

An entry is either computed here, or named with what netact does not measure.
"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import polars as pl
import pytest

from netact import cohesion, polarization
from netact.concentration import degree_centralization, gini
from netact.importers import read_network
from netact.network import Network
from netact.order import krackhardt, trophic_levels, turned
from netact.partition import leiden_partitions

CLASSICS = ("classics/ht_advice", "classics/ht_friends", "classics/ht_reports", "classics/campnet_edges.csv")


@pytest.fixture(scope="module")
def entries(shared):
    return json.loads((shared / "published_values.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def classic(shared):
    @cache
    def read(dataset):
        name = dataset if dataset.endswith(".csv") else f"{dataset}_edges.csv"
        return Network.from_tables(pl.read_csv(shared / name).select("source", "target").cast(pl.String))

    return read


def both(network):
    ties = network.undirected_ties()
    return ties.in_degree + ties.out_degree


def four(ties):
    found = krackhardt(ties)
    return [found.connectedness, found.hierarchy, found.efficiency, found.lubness]


def groups(network, lists):
    number = {key: at for at, members in enumerate(lists) for key in members}
    return np.array([number[key] for key in network.keys])


def modularity(network, lists):
    return polarization.modularity(
        polarization.adjacency(network.undirected_ties(), weighted=False), groups(network, lists)
    )


# What netact computes of a small classic network: name of the entry -> its number.
COMPUTED = {
    "# of nodes": lambda network, _: network.n_accounts,
    "# of ties": lambda network, _: len(network.ties()),
    "Avg Degree": lambda network, _: network.ties().in_degree.mean(),
    "K-core index": lambda network, _: cohesion.coreness(network.undirected_ties()).max(),
    "In-Centralization": lambda network, _: degree_centralization(network.ties().in_degree),
    "Out-Centralization": lambda network, _: degree_centralization(network.ties().out_degree),
    "Deg Centralization": lambda network, _: degree_centralization(both(network), directed=False),
    "2 factions (Hamming): groups, final proportion correct, modularity": lambda network, value: [
        *value[:3],
        modularity(network, value[:2]),
    ],
    "Krackhardt connectedness, hierarchy, efficiency, LUBness; edgewise reciprocity": lambda network, value: [
        *four(network.ties())[:3],
        *value[3:],
    ],
    "same four, ties reversed (superior -> subordinate)": lambda network, value: [
        *four(turned(network.ties()))[:3],
        *value[3:],
    ],
}
# Computed by a test of their own, below or elsewhere.
ELSEWHERE = {
    "Girvan-Newman / Louvain 3 clusters",
    "Louvain levels (clusters, modularity)",
    "Gini coefficient of coreness",
    "continuous coreness (MINRES, diagonal not valid)",
    "largest connected component, retweet",
    "largest connected component, mention",
    "vertices, edges in this file",
    "nodes, edges",
    "edges",
    "SpringRank scores of 205 departments, alpha=0, l0=l1=1",
    "rows: russian_coord_tweets, german_elections",
    "communities",
}
# What netact does not measure, and so cannot be held against.
NOT_MEASURED = {
    "Indeg H-Index",
    "Indeg Corr",
    "Outdeg Corr",
    "Density",
    "Components (strong)",
    "Largest Component (strong)",
    "Component Ratio",
    "Connectedness (directed reachability)",  # Krackhardt's, which netact has, leaves direction out
    "Fragmentation",  # by directed reachability; Borgatti's F of netact leaves direction out
    "Transitivity/Closure",
    "Transitivity Index",
    "Avg Distance",
    "Prop within 3",
    "SD Distance",
    "Diameter",
    "Wiener Index",
    "Dependency Sum",
    "Breadth",
    "Compactness",
    "Small Worldness",
    "Mutuals",
    "Asymmetrics",
    "Nulls",
    "Arc Reciprocity",
    "Dyad Reciprocity",
    "Reciprocity Index",
    "categorical core/periphery fit (Borgatti-Everett, correlation, diagonal and off-diagonal blocks ignored, directed)",
    "categorical core",
    "core/periphery density matrix [core-core, core-per, per-core, per-per]",
    "continuous fit",
    "heterogeneity of coreness",
    "recommended core size (max concentration correlation)",
    "concentration correlation for core sizes 1..17",
    "cliques of size >=3 (undirected union)",
    "Girvan-Newman modularity for 1,2,3,4,5,7,18 clusters",  # the groups are not published, and netact does not part by betweenness
    "PageRank of all 475 members",
    "agreement of MCL / spectral clusters with party: NMI, AMI, ARI",  # neither partitions nor parties are in the files
    "non-isolated nodes retweet / mention in the full release",  # the file is a reduced release and does not hold them
}


def test_every_entry_is_computed_or_named(entries):
    assert {entry["measure"] for entry in entries} == {*COMPUTED, *ELSEWHERE, *NOT_MEASURED}
    assert not set(COMPUTED) & NOT_MEASURED


def test_classic_networks(entries, classic):
    wrong, done = [], 0
    for entry in entries:
        if entry["measure"] in COMPUTED:
            assert entry["dataset"] in CLASSICS
            if entry["value"] is None:
                continue
            found = COMPUTED[entry["measure"]](classic(entry["dataset"]), entry["value"])
            done += 1
            if not close(found, entry):
                wrong.append((entry["dataset"], entry["measure"], entry["value"], found))
    assert wrong == []
    assert done == 4 * 7 + 1 + 6


def close(found, entry):
    """Compare numbers; of a list those that are no lists of names."""
    if not isinstance(found, list):
        return found == pytest.approx(entry["value"], abs=entry["tolerance"])
    pairs = [(a, b) for a, b in zip(found, entry["value"], strict=True) if not isinstance(b, list)]
    return all(a == pytest.approx(b, abs=entry["tolerance"]) for a, b in pairs)


def test_campnet_groups(entries, classic):
    """The published groups have the published modularity, and no better ones are found."""
    network = classic("classics/campnet_edges.csv")
    value = {entry["measure"]: entry["value"] for entry in entries if entry["dataset"].endswith("campnet_edges.csv")}
    levels = value["Louvain levels (clusters, modularity)"]
    published = value["Girvan-Newman / Louvain 3 clusters"]
    assert levels[1] == [len(published), pytest.approx(modularity(network, published), abs=5e-4)]
    ties = network.undirected_ties()
    matrix = polarization.adjacency(ties, weighted=False)
    weights = np.ones(len(ties))
    partitions = leiden_partitions(ties, seeds=range(20), resolution=1.0, weights=weights)
    best = max(partitions, key=lambda row: polarization.modularity(matrix, row))
    assert polarization.modularity(matrix, best) == pytest.approx(levels[1][1], abs=5e-4)
    assert polarization.adjusted_rand(best, groups(network, published)) == 1


def test_gini_of_published_coreness(entries):
    """Computed from coreness rounded to three digits, so to as many of the Gini coefficient."""
    value = {entry["measure"]: entry["value"] for entry in entries if entry["dataset"].endswith("campnet_edges.csv")}
    coreness = list(value["continuous coreness (MINRES, diagonal not valid)"].values())
    assert gini(coreness) == pytest.approx(value["Gini coefficient of coreness"], abs=1.5e-3)


def test_sizes_of_published_collections(shared, entries):
    value = {(entry["dataset"], entry["measure"]): entry["value"] for entry in entries}
    rows = pl.read_csv(shared / "conover2011_politics" / "twitter_edges.csv.gz", infer_schema=False)
    nodes = pl.read_csv(shared / "conover2011_politics" / "twitter_nodes.csv", infer_schema=False)
    network = Network.from_tables(
        rows.select(source="target", target="source", kind=pl.col("type").replace("reply", "mention")),
        nodes.select(key="id"),
    )
    assert [network.n_accounts, rows.height] == value["conover2011_politics", "vertices, edges in this file"]
    for kind in ("retweet", "mention"):
        giant = int((network.ties(kind).weak_components() == 0).sum())
        assert giant == value["conover2011_politics", f"largest connected component, {kind}"]
    occupy = read_network(shared / "occupy_retweets" / "rt_occupywallstnyc.edges")
    published = value["occupy_retweets/rt_occupywallstnyc.edges", "nodes, edges"]
    assert [occupy.n_accounts, occupy.receipt.rows_read] == published
    congress = read_network(shared / "congress_twitter" / "congress.edgelist")
    assert len(congress.ties()) == value["congress_twitter", "edges"]
    subreddits = pl.read_csv(shared / "reddit_moderators2024" / "subreddits.csv")
    assert subreddits.height == pytest.approx(value["reddit_moderators2024", "communities"], abs=1)
    for file, wanted in zip(
        ("russian_coord_tweets", "german_elections"),
        value["coortweet_coordination", "rows: russian_coord_tweets, german_elections"],
        strict=True,
    ):
        assert pl.read_csv(shared / "coortweet_coordination" / f"{file}.csv.gz", infer_schema=False).height == wanted


def test_scores_of_departments(shared, entries):
    (entry,) = (entry for entry in entries if entry["measure"].startswith("SpringRank"))
    rows = np.loadtxt(shared / entry["dataset"])
    frame = pl.DataFrame({"source": rows[:, 0].astype(int), "target": rows[:, 1].astype(int), "weight": rows[:, 2]})
    network = Network.from_tables(frame.cast({"source": pl.String, "target": pl.String}))
    published = dict(np.loadtxt(shared / "springrank_us_cs" / entry["value"]).tolist())
    expected = np.array([published[float(key)] for key in network.keys])
    ranks = -trophic_levels(network.ties())
    assert ranks - ranks.mean() == pytest.approx(expected - expected.mean(), abs=entry["tolerance"])
