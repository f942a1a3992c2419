"""Factions: known answers, independent oracles, properties, real data and calibration."""

from __future__ import annotations

import itertools
from dataclasses import replace

import igraph
import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats
from sklearn.metrics import adjusted_rand_score

from netact import label_agreement, polarization
from netact.errors import MeasureError
from netact.importers import read_network
from netact.measures.factions import _inside_cores, factions, group_name
from netact.network import Network, Ties
from netact.null_models import degree_preserving
from netact.results import FACTION_HASHTAGS, FACTION_PLATFORMS
from netact.significance import monte_carlo_p

TOY = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (4, 5), (4, 6), (5, 6), (4, 7), (5, 7), (2, 6), (3, 7)]
ASYMMETRIC = [(0, 1), (0, 2), (0, 3), (1, 2), (4, 5), (4, 6), (3, 4), (2, 5), (1, 5)]


def matrix_of(graph, weight=None):
    return nx.to_scipy_sparse_array(graph, nodelist=range(len(graph)), weight=weight, dtype=float, format="csr")


def sides(*values):
    return np.array(values, dtype=np.int8)


@pytest.fixture(scope="module")
def karate():
    graph = nx.karate_club_graph()
    club = sides(*(0 if graph.nodes[v]["club"] == "Mr. Hi" else 1 for v in range(34)))
    return matrix_of(graph), club


@pytest.fixture(scope="module")
def karate_network():
    return Network.from_graph(nx.Graph(nx.karate_club_graph().edges()))


# ---------------------------------------------------------------------- pure scores


@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1])), st.booleans())
def test_adjacency_is_the_sum_of_both_directions_row_by_row(pairs, weighted):
    ends = np.array(sorted(pairs), dtype=np.uint32).reshape(-1, 2)
    weight = 1.0 + np.arange(len(ends))
    ties = Ties(12, ends[:, 0].copy(), ends[:, 1].copy(), weight, weight.astype(np.int64))
    matrix = polarization.adjacency(ties, weighted=weighted)
    whole = np.zeros((12, 12))
    whole[ends[:, 0], ends[:, 1]] = whole[ends[:, 1], ends[:, 0]] = weight if weighted else 1.0
    assert np.array_equal(matrix.toarray(), whole)
    assert matrix.has_canonical_format
    assert matrix.indices.dtype == matrix.indptr.dtype == np.int32


@pytest.mark.parametrize(("k", "value"), [(1, 0.612985), (2, 0.701710), (3, 0.791884), (5, 0.848214)])
def test_random_walk_controversy_of_the_karate_club(karate, k, value):
    assert polarization.random_walk_controversy(*karate, k=k) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(("k", "value"), [(1, 0.609751), (2, 0.740858)])
def test_dipole_of_the_karate_club(karate, k, value):
    assert polarization.dipole(*karate, k=k) == pytest.approx(value, abs=1e-6)


def test_other_scores_of_the_karate_club(karate):
    matrix, club = karate
    assert polarization.ei_index(matrix, club) == pytest.approx(-56 / 78)
    assert polarization.adaptive_ei_index(matrix, club) == pytest.approx(0.732319, abs=1e-6)
    assert polarization.boundary_polarization(matrix, club) == pytest.approx(0.172601, abs=1e-6)
    assert polarization.modularity(matrix, club) == pytest.approx(0.358235, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "start", "anywhere"),
    [(1, 0.612691, 0.607634), (2, 0.698744, 0.679472), (3, 0.790098, 0.754228), (5, 0.844444, 0.774489)],
)
def test_variants_of_random_walk_controversy_in_circulation(karate, k, start, anywhere):
    walks = polarization.walk_scores(*karate, k=k)
    assert walks.start_conditioned == pytest.approx(start, abs=1e-6)
    assert walks.start_anywhere == pytest.approx(anywhere, abs=1e-6)


def test_ei_index_expected_of_labels_dealt_at_random():
    assert polarization.expected_ei_index(5, 5) == pytest.approx(0.111111, abs=1e-6)
    assert polarization.expected_ei_index(0, 5) is None
    matrix, random = matrix_of(nx.Graph(TOY)), np.random.default_rng(0)
    dealt = [polarization.ei_index(matrix, random.permutation(sides(0, 0, 0, 1, 1, 1, 1, 1))) for _ in range(2000)]
    assert np.mean(dealt) == pytest.approx(polarization.expected_ei_index(3, 5), abs=0.02)


def test_coverage_of_the_club_split_and_its_best_two_sides(karate):
    matrix, club = karate
    assert (1 - polarization.ei_index(matrix, club)) / 2 == pytest.approx(0.858974, abs=1e-6)
    assert polarization.best_bisection(matrix)[1] == pytest.approx(0.371795, abs=1e-6)


def test_random_walk_controversy_less_that_of_rewired_networks(karate):
    # Each network split anew by Kernighan-Lin, two influencers a side.
    graph = nx.karate_club_graph()
    pairs = np.array(graph.edges())
    ties = Network.from_tables(
        pl.DataFrame({"source": pairs[:, 0], "target": pairs[:, 1]}).select(
            pl.col("source", "target").cast(pl.String).str.zfill(2)
        ),
        directed=False,
    ).undirected_ties()

    def score(found, seed):
        first, _ = nx.community.kernighan_lin_bisection(found, seed=seed)
        side = np.array([0 if v in first else 1 for v in range(34)], dtype=np.int8)
        return polarization.random_walk_controversy(matrix_of(found), side, k=2)

    null = [
        score(nx.Graph(zip(drawn.source.tolist(), drawn.target.tolist(), strict=True)), 1)
        for drawn in degree_preserving(ties, draws=120, seed=5, directed=False)
    ]
    null = [value for value in null if value is not None]
    best = max(score(nx.Graph(graph.edges()), seed) for seed in range(5))
    assert best == pytest.approx(0.7066, abs=0.01)
    assert np.mean(null) == pytest.approx(0.321, abs=0.03)
    assert np.std(null) == pytest.approx(0.077, abs=0.02)


def test_scores_of_two_blocks():
    matrix, side = matrix_of(nx.Graph(TOY)), sides(0, 0, 0, 0, 1, 1, 1, 1)
    assert polarization.random_walk_controversy(matrix, side, k=1) == pytest.approx(7 / 15)
    assert polarization.random_walk_controversy(matrix, side, k=2) == pytest.approx(0.5)
    assert polarization.dipole(matrix, side, k=1) == pytest.approx(0.6)
    assert polarization.dipole(matrix, side, k=2) == pytest.approx(0.75)
    assert polarization.boundary_polarization(matrix, side) == pytest.approx(1 / 6)
    assert polarization.modularity(matrix, side) == pytest.approx(1 / 3)
    found, value = polarization.best_bisection(matrix)
    assert value == pytest.approx(1 / 3)
    assert adjusted_rand_score(found, side) == 1


def test_walks_are_conditioned_on_their_end():
    matrix, side = matrix_of(nx.Graph(ASYMMETRIC)), sides(0, 0, 0, 0, 1, 1, 1)
    assert polarization.random_walk_controversy(matrix, side, k=1) == pytest.approx(0.419580, abs=1e-6)


def test_influencers_shrink_to_a_side_less_one_and_the_number_used_is_kept(karate):
    matrix, side = matrix_of(nx.Graph(ASYMMETRIC)), sides(0, 0, 0, 0, 1, 1, 1)
    assert polarization.walk_scores(matrix, side, k=10).k == (3, 2)
    assert polarization.walk_scores(*karate, k=(2, 5)).k == (2, 5)
    assert polarization.adaptive_k(np.repeat(sides(0, 1), (250, 99))) == (2, 1)


def test_weighted_walks_against_a_dense_solution(karate):
    matrix, club = karate
    weighted = matrix.copy()
    pairs = np.arange(34)[:, None] * 31 + np.arange(34)
    dense = matrix.toarray() * (1 + (pairs + pairs.T) % 5)
    weighted = type(matrix)(dense)
    strength = dense.sum(axis=1)
    top = [sorted(np.flatnonzero(club == s), key=lambda v: (-strength[v], v))[:3] for s in (0, 1)]
    free = np.setdiff1d(np.arange(34), np.concatenate(top))
    system = np.diag(strength) - dense
    chance = np.linalg.solve(system[np.ix_(free, free)], dense[np.ix_(free, top[0])].sum(axis=1))
    a, c = (chance[club[free] == s].mean() for s in (0, 1))
    expected = (a * (1 - c) - c * (1 - a)) / ((a + c) * (2 - a - c))
    assert polarization.random_walk_controversy(weighted, club, k=3) == pytest.approx(expected, abs=1e-7)
    position = np.ones(34)
    position[top[1]] = -1
    position[free] = 2 * chance - 1
    above, below = position > 0, position < 0
    dipole = (1 - abs(above.mean() - below.mean())) * (position[above].mean() - position[below].mean()) / 2
    assert polarization.dipole(weighted, club, k=3) == pytest.approx(dipole, abs=1e-7)


def test_scores_without_two_sides_or_cross_ties_are_none(karate):
    matrix, _ = karate
    nobody = np.zeros(34, dtype=np.int8)
    assert polarization.ei_index(matrix, nobody) is None
    assert polarization.adaptive_ei_index(matrix, nobody) is None
    assert polarization.boundary_polarization(matrix, nobody) is None
    assert polarization.walk_scores(matrix, nobody, k=1).reason == "a side has fewer than two accounts"
    barbell = matrix_of(nx.barbell_graph(4, 0))
    assert polarization.walk_scores(barbell, np.repeat(sides(0, 1), 4), k=1).dipole is None
    assert polarization.ei_index(barbell, np.repeat(sides(0, 1), 4)) == pytest.approx((1 - 12) / 13)
    empty = type(matrix)((5, 5))
    assert polarization.modularity(empty, np.zeros(5)) is None
    assert polarization.best_bisection(empty)[1] == 0


@pytest.mark.parametrize("seed", range(8))
def test_adjusted_rand_agrees_with_scikit_learn(seed):
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 400))
    a, b = random.integers(0, 1 + 10**seed % 977, size), random.integers(-3, 5, size)
    assert polarization.adjusted_rand(a, b) == pytest.approx(adjusted_rand_score(a, b))
    many = random.integers(0, 7, (4, size))
    pairs = [adjusted_rand_score(many[i], many[j]) for i in range(4) for j in range(i)]
    assert polarization.pairwise_adjusted_rand(many) == pytest.approx(pairs)


@pytest.mark.parametrize("seed", range(6))
def test_modularity_and_ei_agree_with_igraph_and_networkx(seed):
    random = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(60, 150, seed=seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(random.integers(1, 9))
    group = random.integers(0, 5, 60)
    oracle = igraph.Graph(60, list(graph.edges()))
    weights = [data["weight"] for _, _, data in graph.edges(data=True)]
    matrix = matrix_of(graph, "weight")
    for resolution in (0.5, 1.0, 2.0):
        expected = oracle.modularity(group.tolist(), weights=weights, resolution=resolution)
        assert polarization.modularity(matrix, group, resolution=resolution) == pytest.approx(expected)
    communities = [set(np.flatnonzero(group == g).tolist()) for g in range(5)]
    expected = nx.community.modularity(graph, [c for c in communities if c], weight="weight")
    assert polarization.modularity(matrix, group) == pytest.approx(expected)
    side = (group > 2).astype(np.int8)
    cross = sum(d["weight"] for a, b, d in graph.edges(data=True) if side[a] != side[b])
    assert polarization.ei_index(matrix, side) == pytest.approx((2 * cross - sum(weights)) / sum(weights))


@pytest.mark.parametrize("seed", range(5))
def test_bisection_is_the_best_of_all_on_small_networks(seed):
    graph = nx.gnm_random_graph(13, 24, seed=seed)
    matrix = matrix_of(graph)
    splits = (np.arange(2**12)[:, None] >> np.arange(13)) & 1
    best = max(polarization.modularity(matrix, split) for split in splits)
    groups = igraph.Graph(13, list(graph.edges())).community_leiden(objective_function="modularity").membership
    assert polarization.best_bisection(matrix, groups=groups)[1] == pytest.approx(best)


# ---------------------------------------------------------------------- the measure


def test_karate_club(karate_network):
    found = factions(karate_network, seed=1, draws=199)
    assert found.modularity.value == pytest.approx(0.419790, abs=1e-6)
    assert found.modularity.null_mean == pytest.approx(0.301, abs=0.006)
    assert found.modularity.null_sd == pytest.approx(0.015, abs=0.004)
    assert found.modularity.z > 6
    assert found.n_factions.value == 4
    assert found.n_factions.interval == (4, 4)
    assert found.sizes["accounts"].sort().to_list() == [5, 6, 11, 12]
    assert found.stability.value == pytest.approx(1)
    assert found.two_sidedness.value == pytest.approx(0.371795 / 0.419790, abs=1e-5)
    assert (found.membership["stability"] == 1).all()
    assert found.coverage == 1
    assert found.verdict == "factionalised"
    assert not any(name.endswith("_weighted") for name in found.scores)
    club = nx.get_node_attributes(nx.karate_club_graph(), "club")
    truth = [club[int(account)] for account in found.membership["account"]]
    assert adjusted_rand_score(truth, found.membership["side"].to_list()) > 0.7


def invented(seed, *, blocks=2, size=60, inner=4.0, outer=0.4):
    """Attention among equal groups, weights included."""
    random = np.random.default_rng(seed)
    n = blocks * size
    group = np.repeat(np.arange(blocks), size)
    chance = np.where(group[:, None] == group, inner / size, outer / size)
    np.fill_diagonal(chance, 0)
    source, target = np.nonzero(random.random((n, n)) < chance)
    weight = random.integers(1, 6, len(source)).astype(float)
    return pl.DataFrame({"source": source, "target": target, "weight": weight}), group


def as_network(rows, names):
    return Network.from_tables(
        rows.with_columns(
            source=pl.Series([names[i] for i in rows["source"]]), target=pl.Series([names[i] for i in rows["target"]])
        )
    )


def test_two_planted_camps_and_their_tables():
    rows, group = invented(3, inner=12.0, outer=0.6)
    network = as_network(rows, [f"n{i:03}" for i in range(120)])
    found = factions(network, seed=2, runs=10)
    truth = [group[int(key[1:])] for key in found.membership["account"]]
    assert adjusted_rand_score(truth, found.membership["side"].to_list()) > 0.9
    assert found.verdict in ("factionalised", "structurally_divided")
    assert found.scores["dipole_weighted"].p_value < 0.05
    assert found.sizes["share_of_attention"].sum() == pytest.approx(1)
    assert found.sizes["share_of_accounts"].sum() == pytest.approx(1)
    assert found.between["weight"].sum() == pytest.approx(rows["weight"].sum())
    assert found.between["expected"].sum() == pytest.approx(rows["weight"].sum())
    assert found.between["ties"].sum() == rows.height
    faction = dict(found.membership.select("account", "faction").iter_rows())
    named = network.named_interactions()
    for account, own, other, crossing, share, attention in found.bridges.head(5).iter_rows():
        heard = named.filter(pl.col("target") == account)
        weights = {}
        for source, weight in heard.select("source", "weight").iter_rows():
            weights[faction[source]] = weights.get(faction[source], 0) + weight
        assert attention == heard["weight"].sum()
        assert crossing == attention - weights.get(own, 0)
        assert share == pytest.approx(crossing / attention)
        assert weights[other] == max(w for f, w in weights.items() if f != own)
    first = found.sizes.row(0, named=True)
    received = named.group_by("target").agg(pl.col("weight").sum())
    best = received.filter(pl.col("target").replace_strict(faction) == 0)["weight"].max()
    assert received.filter(pl.col("target") == first["leaders"][0])["weight"].item() == best


def test_many_niches_are_not_two_camps():
    rows, _ = invented(5, blocks=10, size=25, inner=6.0, outer=0.03)
    found = factions(as_network(rows, [f"n{i:03}" for i in range(250)]), seed=1, runs=10)
    assert found.verdict == "niches"
    assert found.n_factions.value == 10


def test_six_equal_groups_are_not_called_two_camps():
    rows, _ = invented(11, blocks=6, size=30, inner=9.0, outer=0.5)
    found = factions(as_network(rows, [f"n{i:03}" for i in range(180)]), seed=1, runs=10, draws=39)
    assert found.verdict == "niches"
    assert found.two_sidedness.value == pytest.approx(0.6, abs=0.05)
    assert found.n_factions.value == 6


def test_nothing_depends_on_row_order_or_names():
    rows, _ = invented(7)
    random = np.random.default_rng(0)
    names = [f"n{i:03}" for i in range(120)]
    first = factions(as_network(rows, names), seed=4, runs=10, draws=19)
    shuffled = factions(as_network(rows.sample(fraction=1, shuffle=True, seed=3), names), seed=4, runs=10, draws=19)
    assert first.membership.equals(shuffled.membership)
    assert first.modularity == shuffled.modularity
    other = [names[i] for i in random.permutation(120)]
    renamed = factions(as_network(rows, other), seed=4, runs=10, draws=19)
    assert renamed.scores == first.scores
    assert renamed.stability == first.stability
    back = dict(zip(other, names, strict=True))
    again = renamed.membership.with_columns(account=pl.col("account").replace_strict(back)).sort("account")
    assert again.equals(first.membership)


def test_large_networks_are_compared_in_part_and_say_so():
    rows, _ = invented(9)
    found = factions(as_network(rows, [f"n{i:03}" for i in range(120)]), seed=1, runs=5, draws=19, max_null_ties=200)
    assert 0 < found.modularity.coverage < 1
    assert found.scores["dipole"].coverage == found.modularity.coverage
    assert found.stability.coverage == 1
    assert found.stability.null_mean is None
    assert any("most connected accounts" in text for text in found.warnings)
    assert found.membership.height == 120


def graph_network(graph):
    return Network.from_graph(graph)


def test_networks_with_nothing_to_split():
    empty = factions(Network.from_tables(), seed=1)
    assert (empty.status, empty.verdict) == ("undefined", "undetermined")
    pair = factions(graph_network(nx.DiGraph([("a", "b")])), seed=1)
    assert pair.status == "insufficient_data"
    for graph in (nx.star_graph(12), nx.complete_graph(9)):
        found = factions(graph_network(graph), seed=1)
        assert found.verdict == "no_division"
        assert found.two_sidedness.status == "undefined"
        assert found.n_factions.value == 1
        assert all(score.value is None for name, score in found.scores.items() if "ei" not in name)


def test_separate_pairs_and_a_single_bridge():
    pairs = nx.DiGraph([(f"a{i}", f"b{i}") for i in range(6)])
    assert factions(graph_network(pairs), seed=1, draws=19).coverage == pytest.approx(1 / 6)
    barbell = factions(graph_network(nx.barbell_graph(6, 0)), seed=1)
    assert barbell.scores["dipole"].reason == "fewer than two ties cross between the sides"
    assert barbell.scores["ei_index"].value == pytest.approx((1 - 30) / 31)


def test_small_groups_are_pooled_in_the_tables_only():
    graph = nx.disjoint_union_all([nx.complete_graph(40), nx.complete_graph(30), *[nx.path_graph(2)] * 4])
    found = factions(graph_network(graph), seed=1, draws=0)
    assert found.verdict == "undetermined"
    assert found.sizes["name"].to_list() == ["Group A", "Group B", "Smaller groups"]
    assert found.sizes["accounts"].to_list() == [40, 30, 8]
    assert found.sizes["faction"].to_list() == [0, 1, -1]
    assert found.membership["faction"].n_unique() == 6
    assert found.sizes["internal_share"].to_list() == [1, 1, 1]
    assert any("largest connected part" in text for text in found.warnings)


def test_talk_across_without_endorsement_is_a_sign_of_antagonism():
    rows, _ = invented(3, inner=12.0, outer=0.1)
    names = [f"n{i:03}" for i in range(120)]
    pairs = [(i, 60 + (7 * i + s) % 60) for i in range(60) for s in range(2)]
    talk = pl.DataFrame({"source": [names[a] for a, _ in pairs], "target": [names[b] for _, b in pairs]})
    network = Network.combine([as_network(rows, names), Network.from_tables(talk, kind="mention")])
    last = factions(network, seed=1, runs=5, draws=20).criteria[-1]
    assert last.met
    assert "100 % of mention ties cross" in last.evidence


def test_too_few_null_networks_for_a_verdict(karate_network):
    found = factions(karate_network, seed=1, runs=5, draws=19)
    assert found.verdict == "undetermined"
    assert found.reason.startswith("19 null networks are too few")


def test_group_names():
    assert [group_name(i) for i in (0, 25, 26, 701, 702, -1)] == [
        "Group A", "Group Z", "Group AA", "Group ZZ", "Group AAA", "Smaller groups",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"runs": 1}, {"draws": -1}, {"resolution": 0.0}, {"max_null_ties": 0}])
def test_wrong_parameters_are_refused(karate_network, wrong):
    with pytest.raises(MeasureError):
        factions(karate_network, seed=1, **wrong)


# ---------------------------------------------------------------------- reference topics, rival signs, other resolutions


def test_topics_that_divide_nobody_raise_the_bar(karate_network):
    found = factions(karate_network, seed=1, runs=5, draws=20, reference_two_sidedness=0.95)
    assert found.criteria[1].met is False
    assert "Topics named as dividing nobody reach 0.95" in found.criteria[1].evidence
    assert found.verdict == "niches"
    with pytest.raises(MeasureError):
        factions(karate_network, seed=1, reference_two_sidedness=1.5)


def test_rival_signs_are_a_sign_of_antagonism():
    rows, _ = invented(3, inner=12.0, outer=0.1)
    names = [f"n{i:03}" for i in range(120)]
    tags = ["march" if i < 40 else "stayhome" if 60 <= i < 100 else None for i in range(120)]
    rows = rows.with_columns(hashtags=pl.Series([tags[i] for i in rows["source"]], dtype=pl.String))
    operations = pl.DataFrame(
        {"operation": ["March"], "start": ["2024-01-01"], "signs": [["march"]], "counter_signs": [["stayhome"]]}
    ).with_columns(pl.col("start").str.to_datetime(time_zone="UTC"))
    network = as_network(rows, names).with_operations(operations)
    last = factions(network, seed=1, runs=5, draws=20).criteria[-1]
    assert last.met
    assert "signs of \u2068March\u2069" in last.evidence
    tags = ["march" if i % 2 else "stayhome" for i in range(120)]
    rows = rows.with_columns(hashtags=pl.Series([tags[i] for i in rows["source"]], dtype=pl.String))
    alike = as_network(rows, names).with_operations(operations)
    assert "50 % are on the larger side" in factions(alike, seed=1, runs=5, draws=20).criteria[-1].evidence


def test_other_resolutions_stand_beside_the_groups(karate_network):
    found = factions(karate_network, seed=1, runs=5, draws=0).resolutions
    assert found["resolution"].to_list() == [0.5, 1.0, 2.0]
    assert found["groups"].to_list() == [2, 4, 6]
    assert found["agreement"][1] == 1


# ---------------------------------------------------------------------- along technology


def crosswalk(*, along, people=160, seed=0, both=True, cross=0):
    """Return retweets of two camps of people who have an account on each of two platforms and prefer one."""
    random = np.random.default_rng(seed)
    camp = np.repeat([0, 1], people // 2)
    main = camp if along else random.integers(0, 2, people)
    source = random.integers(0, people, 14 * people)
    same = random.random(len(source)) < 0.9
    target = (random.integers(0, people // 2, len(source)) + people // 2 * (camp[source] ^ ~same)) % people
    spot = np.where(random.random(len(source)) < 0.8, main[source], 1 - main[source])
    keep = source != target
    platforms = np.array(["x", "mastodon"])
    rows = pl.DataFrame({"source": source[keep], "target": target[keep], "platform": platforms[spot[keep]]})
    rows = rows.with_columns(pl.format("p{}", pl.col("source", "target")))
    mentions = pl.DataFrame(
        {
            "source": [f"x:p{i}" for i in range(cross)],
            "target": [f"mastodon:p{(i * 7) % people}" for i in range(cross)],
        },
        schema={"source": pl.String, "target": pl.String},
    )
    parts = [Network.from_tables(rows, kind="retweet")]
    if cross:
        parts.append(Network.from_tables(mentions, kind="mention"))
    network = Network.combine(parts)
    if both:
        pairs = pl.DataFrame({"account_a": [f"x:p{i}" for i in range(people)]})
        pairs = pairs.with_columns(account_b=pl.col("account_a").str.replace("x:", "mastodon:"))
        network = network.with_identities(pairs)
    return network


def test_camps_that_prefer_different_platforms_run_along_technology():
    found = factions(crosswalk(along=True), seed=1, runs=5, draws=20).technology
    assert (found.status, found.verdict, found.base) == ("ok", "yes", "people active on several platforms")
    assert found.accounts > 140
    assert found.adjusted_mutual_information.interval[0] > 0.3
    assert found.adjusted_mutual_information.p_value < 0.01
    assert found.adjusted_mutual_information.null_mean == pytest.approx(0, abs=0.01)
    assert found.assortativity.p_value < 0.01
    assert found.platform_ei_index.p_value < 0.01
    assert found.blockmodel_entropy.p_value < 0.01
    assert found.normalised_mutual_information.value > found.adjusted_mutual_information.value
    assert dict(found.evidence.iter_rows())["people"] >= 155


def test_camps_that_use_both_platforms_alike_do_not():
    verdicts = [factions(crosswalk(along=False, seed=s), seed=1, runs=2, draws=20).technology for s in range(4)]
    assert sum(found.verdict == "no" for found in verdicts) >= 3
    assert all(found.verdict != "yes" for found in verdicts)


def test_without_anything_across_platforms_the_platform_is_the_collection_boundary():
    found = factions(crosswalk(along=True, both=False), seed=1, runs=2, draws=20).technology
    assert (found.status, found.verdict) == ("not_testable", "cannot say")
    assert found.reason.startswith("platform is the collection boundary")
    assert found.adjusted_mutual_information.value is None
    few = factions(crosswalk(along=True, both=False, cross=10), seed=1, runs=2, draws=20).technology
    assert few.status == "not_testable"
    assert "10 ties of one kind" in few.reason


def test_ties_that_cross_are_asked_where_few_people_are_on_both():
    found = factions(crosswalk(along=True, both=False, cross=150), seed=1, runs=2, draws=20).technology
    assert (found.status, found.base, found.kind) == ("ok", "accounts", "mention")
    assert found.platform_ei_index.value == 1  # only mentions across were made


def test_the_admin_table_tells_who_is_on_both():
    network = crosswalk(along=True, both=False)
    rights = pl.DataFrame(
        [(f"person {i}", f"{platform}:p{i}") for i in range(0, 160, 3) for platform in ("x", "mastodon")],
        schema=["person", "account"],
        orient="row",
    )
    network = Network.combine([network, Network.from_tables(admin_rights=rights)])
    found = factions(network, seed=1, runs=2, draws=20).technology
    assert dict(found.evidence.iter_rows())["administrators"] >= 50
    assert (found.status, found.base) == ("ok", "people active on several platforms")
    assert 40 <= found.accounts <= 54


def test_one_platform_cannot_be_compared(karate_network):
    assert factions(karate_network, seed=1, runs=2, draws=0).technology.status == "insufficient_data"
    assert factions(crosswalk(along=True), seed=1, runs=2, draws=0).technology.verdict == "cannot say"


def test_technology_is_calibrated_where_platforms_mean_nothing():
    random = np.random.default_rng(3)
    group = np.repeat([0, 1, 2], [40, 30, 20])
    pairs = random.integers(0, 90, (300, 2))
    runs, hits = 100, 0
    for draw in range(runs):
        label = random.integers(0, 2, 90)
        null = label_agreement.permuted_labels(
            group, label, pairs[:, 0], pairs[:, 1], draws=59, random=np.random.default_rng(draw)
        )
        own = label_agreement.measured_labels(group, label, pairs[:, 0], pairs[:, 1])
        hits += monte_carlo_p(own["adjusted_mutual_information"], null["adjusted_mutual_information"]) <= 0.05
    low, high = stats.binom.interval(0.99, runs, 0.05)
    assert low <= hits <= high


# ---------------------------------------------------------------------- inside cores, and what would part it


def test_a_core_of_two_cliques_is_split_and_a_small_one_is_listed():
    inner = nx.DiGraph()
    first, second = [f"m{i}" for i in range(5)], [f"m{i}" for i in range(5, 10)]
    for side in (first, second):
        inner.add_edges_from((a, b) for a in side for b in side if a != b)
    inner.add_edge("m0", "m5")
    inner.add_edges_from((f"f{i}", f"m{i % 10}") for i in range(60))
    inner.add_edges_from([("s0", "s1"), ("s1", "s2"), ("s2", "m1")])
    found = factions(
        graph_network(inner), seed=1, runs=3, draws=39, core_members=((*first, *second), ("s0", "s1", "s2"))
    )
    split, small = found.inside_cores.iter_rows(named=True)
    assert (split["measured"], split["groups"], split["accounts"], split["ties"]) == (True, 2, 10, 21)
    assert split["p_value"] <= 0.05
    assert split["modularity"] > split["modularity_by_chance"]
    assert split["ei_index"] == pytest.approx((1 - 20) / 21)
    groups = dict(found.core_groups.select("account", "group").iter_rows())
    assert len({groups[m] for m in first}) == len({groups[m] for m in second}) == 1
    assert (small["measured"], small["modularity"]) == (False, None)
    assert found.core_ties.select("account_a", "account_b", "weight").rows() == [("s0", "s1", 1.0), ("s1", "s2", 1.0)]
    assert found.core_windows.is_empty()


def test_a_core_that_comes_apart_over_time():
    members = [f"m{i}" for i in range(8)]
    rows = []
    for day in range(40):
        for a in range(8):
            for b in range(8):
                same = (a < 4) == (b < 4)
                if a != b and (same or day < 20) and (a + b + day) % 3 == 0:
                    rows.append((members[a], members[b], f"2024-01-01T{a:02}:{b:02}:00", day))
    table = pl.DataFrame(rows, schema=["source", "target", "time", "day"], orient="row")
    table = table.with_columns(
        time=pl.col("time").str.to_datetime(time_zone="UTC") + pl.duration(days=pl.col("day"))
    ).drop("day")
    found = factions(
        Network.from_tables(table, kind="retweet"), seed=1, runs=2, draws=19, core_members=(tuple(members),)
    )
    index = found.core_windows["ei_index"].to_list()
    assert len(index) == 4
    assert index[0] > 0 > index[-1] == -1
    assert found.core_windows["lost_mutual_ties"].to_list()[0] is None
    assert sum(found.core_windows["lost_mutual_ties"].to_list()[1:]) == 16


def test_groups_inside_cores_are_calibrated():
    # Among these networks is one between whose equal partitions the optimiser would change for ever.
    runs, hits = 40, 0
    start = Network.from_graph(nx.gnm_random_graph(10, 24, seed=2)).undirected_ties()
    for draw, ties in enumerate(degree_preserving(start, draws=runs, seed=8, directed=False, thinning=20)):
        network = Network.from_tables(
            pl.DataFrame({"source": ties.source, "target": ties.target}).cast(pl.String), kind="retweet"
        )
        inside = _inside_cores(network, "retweet", [network.keys], draws=19, resolution=1.0, seed=draw)[0]
        hits += inside["p_value"][0] <= 0.05
    _, high = stats.binom.interval(0.99, runs, 0.05)
    assert hits <= high  # modularity of ten accounts takes few values: fewer rejections than 5 % may be reached


def test_two_camps_are_parted_by_less_than_chance():
    rows, _ = invented(3, inner=12.0, outer=0.3)
    found = factions(as_network(rows, [f"n{i:03}" for i in range(120)]), seed=2, runs=5, draws=20)
    assert found.cut_between_factions.p_value < 0.05
    assert found.cut_between_factions.value < found.cut_between_factions.null_mean
    (row,) = found.fragility.iter_rows(named=True)
    assert (row["accounts"], row["coverage"]) == (120, 1.0)
    barbell = factions(graph_network(nx.barbell_graph(6, 0)), seed=1, runs=2, draws=0)
    assert barbell.fragility.row(0)[:5] == (12, 31, 1, 2, 1)
    assert barbell.cut_between_factions.value == pytest.approx(1 / 31)


def test_what_is_left_out_of_its_fragility_is_said(monkeypatch):
    network = graph_network(nx.random_regular_graph(4, 60, seed=1))
    whole = factions(network, seed=1, runs=2, draws=0)
    assert not [text for text in whole.warnings if "left out" in text]
    for limit, value in (("MOST_CUT_WORK", 0), ("DENSE", 0), ("CHEAP_FACTORS", 0), ("MOST_FACTORS", 0), ("TURNS", 1)):
        monkeypatch.setattr(f"netact.fragility.{limit}", value)
    found = factions(network, seed=1, runs=2, draws=0)
    assert found.fragility.row(0)[4:6] == (None, None)
    assert [text for text in found.warnings if "left out" in text] == [
        "The smallest cut anywhere is left out: 60 accounts and 120 ties are too many for it.",
        "The algebraic connectivity is left out: it could not be found to nine digits.",
    ]


# ---------------------------------------------------------------------- calibration and real data


@pytest.mark.slow
def test_p_values_are_calibrated_on_networks_without_structure():
    rows, _ = invented(1, blocks=1, size=60, inner=4.0)
    network = as_network(rows, [f"n{i:03}" for i in range(60)])
    runs = 60
    hits = {"modularity": 0, "dipole": 0, "cut": 0}
    for draw, ties in enumerate(
        degree_preserving(network.undirected_ties(), draws=runs, seed=8, directed=False, thinning=20)
    ):
        table = pl.DataFrame({"source": ties.source, "target": ties.target}).cast(pl.String)
        found = factions(Network.from_tables(table, directed=False), seed=draw, runs=2, draws=39)
        for name, estimate in (
            ("modularity", found.modularity),
            ("dipole", found.scores["dipole"]),
            ("cut", found.cut_between_factions),
        ):
            hits[name] += estimate.p_value is not None and estimate.p_value <= 0.05
        assert found.verdict != "factionalised" or found.modularity.p_value < 0.05
    low, high = stats.binom.interval(0.99, runs, 0.05)
    for count in hits.values():
        assert low <= count <= high


@pytest.mark.slow
def test_parties_before_an_election(shared):
    folder = shared / "conover2011_politics"
    rows = pl.read_csv(folder / "twitter_edges.csv.gz", infer_schema=False).filter(pl.col("type") == "retweet")
    network = Network.from_tables(rows.select(source="target", target="source"), kind="retweet")
    found = factions(network, seed=1, runs=10, draws=29)
    assert round(found.coverage * found.membership.height) == 18470
    labels = pl.read_csv(folder / "twitter_nodes.csv", infer_schema=False).filter(pl.col("cluster") != "-")
    labelled = found.membership.join(labels, left_on="account", right_on="id")
    most = (
        labelled.group_by("faction", "cluster")
        .len()
        .group_by("faction")
        .agg(largest=pl.col("len").max(), all=pl.col("len").sum())
    )
    purity = {f: largest / every for f, largest, every in most.iter_rows()}
    assert min(purity[0], purity[1]) >= 0.95
    assert most["largest"].sum() / most["all"].sum() >= 0.93
    assert found.verdict == "factionalised"


def test_published_sizes_of_retweets_and_replies(shared):
    rows = pl.read_csv(shared / "conover2011_politics" / "twitter_edges.csv.gz", infer_schema=False)
    assert rows.height == 77920
    assert pl.concat([rows["source"], rows["target"]]).n_unique() == 22405
    for kind, active, giant in (("retweet", 18934, 18470), ("reply", 8127, 7175)):
        of_kind = rows.filter(pl.col("type") == kind).select("source", "target")
        network = Network.from_tables(of_kind, kind=kind)
        component = network.undirected_ties().weak_components()
        assert network.n_accounts == active
        assert np.count_nonzero(component == 0) == giant


def test_published_groups_of_a_camp(shared):
    rows = pl.read_csv(shared / "classics" / "campnet_edges.csv", infer_schema=False).select("source", "target")
    pairs = rows.select(source=pl.min_horizontal("source", "target"), target=pl.max_horizontal("source", "target"))
    network = Network.from_tables(pairs.unique(), directed=False)
    found = factions(network, seed=1, runs=5, draws=0)
    assert found.modularity.value == pytest.approx(0.55, abs=5e-4)
    assert found.n_factions.value == 3
    first = ["HOLLY", "CAROL", "PAM", "PAT", "JENNIE", "PAULINE", "ANN", "MICHAEL", "DON", "HARRY"]
    ties = network.undirected_ties()
    matrix = polarization.adjacency(ties)
    given = np.array([0 if key in first else 1 for key in network.keys])
    assert polarization.modularity(matrix, given) == pytest.approx(0.342, abs=5e-4)
    # Groups by edge betweenness; of seven the published ones depend on how equal ties are broken.
    graph = igraph.Graph(network.n_accounts, np.column_stack([ties.source, ties.target]).tolist())
    cuts = graph.community_edge_betweenness(directed=False)
    for groups, value in ((1, 0), (2, 0.41), (3, 0.55), (4, 0.531), (5, 0.471), (18, -0.058)):
        found_groups = cuts.as_clustering(groups).membership
        assert polarization.modularity(matrix, found_groups) == pytest.approx(value, abs=5.1e-4)


def test_monks_and_political_blogs(shared):
    blogs = pl.read_csv(shared / "classics" / "polblogs_edges.csv", infer_schema=False)
    found = factions(Network.from_tables(blogs.select("source", "target")), seed=1, runs=10, draws=19)
    nodes = pl.read_csv(shared / "classics" / "polblogs_nodes.csv", infer_schema=False)
    joined = found.membership.drop_nulls("side").join(nodes, left_on="account", right_on="id")
    assert adjusted_rand_score(joined["pol"].to_list(), joined["side"].to_list()) > 0.75
    assert found.modularity.value == pytest.approx(0.43, abs=0.01)
    monks = pl.read_csv(shared / "classics" / "sampson_3_edges.csv", infer_schema=False)
    split = factions(Network.from_tables(monks.select("source", "target")), seed=1, runs=20, draws=39)
    assert split.modularity.p_value <= 0.05
    assert 2 <= split.n_factions.value <= 4


# ---------------------------------------------------------------------- platforms and hashtags


def cliques(tags=None, *, platform=lambda _account: "x", sizes=(20, 12, 8)):
    """Return cliques joined by single ties; ``tags`` maps an account's number to the cell of its hashtags."""
    pairs, starts = [], []
    for size in sizes:
        first = sum(sizes[: len(starts)])
        pairs += [(first + i, first + j) for i in range(size) for j in range(size) if i != j]
        starts.append(first)
    pairs += itertools.pairwise(starts)
    rows = [(f"a{s:02d}", f"a{t:02d}", (tags or {}).get(s)) for s, t in pairs]
    columns = dict.fromkeys(("source", "target", "hashtags"), pl.String)
    network = Network.from_tables(pl.DataFrame(rows, schema=columns, orient="row"))
    platforms = pl.Series("platform", [platform(i) for i in range(sum(sizes))], dtype=pl.String)
    return replace(network, accounts=network.accounts.with_columns(platforms))


def test_accounts_of_factions_by_platform():
    network = cliques(platform=lambda i: "x" if i < 17 else "mastodon" if i < 32 else None)
    found = factions(network, runs=3, draws=0, seed=1)
    assert found.sizes["accounts"].to_list() == [20, 12, 8]
    assert found.platforms.schema == FACTION_PLATFORMS
    assert found.platforms.rows() == [
        (0, "x", 17, 17 / 20, pytest.approx(20 * 17 / 32)),
        (0, "mastodon", 3, 3 / 20, pytest.approx(20 * 15 / 32)),
        (1, "x", 0, 0.0, pytest.approx(12 * 17 / 32)),
        (1, "mastodon", 12, 1.0, pytest.approx(12 * 15 / 32)),
    ]
    assert found.platforms["expected"].sum() == pytest.approx(found.platforms["accounts"].sum())


def test_hashtags_of_factions_are_counted_by_account_and_small_cells_left_out():
    tags = dict.fromkeys(range(10), "#all #own_a") | dict.fromkeys(range(10, 15), "all")
    tags |= dict.fromkeys(range(20, 24), "all rare") | dict.fromkeys(range(24, 30), "all own_b")
    tags |= dict.fromkeys(range(32, 36), "own_c all")  # four accounts: too few to be listed
    found = factions(cliques(tags), runs=3, draws=0, seed=1)
    assert found.hashtags.schema == FACTION_HASHTAGS
    assert found.hashtags.rows() == [
        (0, "own_a", 10, pytest.approx(10 / 15), None),
        (0, "all", 15, 1.0, 1.0),
        (1, "own_b", 6, pytest.approx(6 / 10), None),
        (1, "all", 10, 1.0, 1.0),
    ]


def test_hashtags_are_ordered_by_weighted_log_odds():
    random = np.random.default_rng(4)
    words = [f"t{i:02d}" for i in range(24)]
    tags = {}
    for account in range(60):
        lean = np.linspace(0.2, 3, 24) if account < 30 else np.linspace(3, 0.2, 24)
        tags[account] = " ".join(random.choice(words, 9, replace=False, p=lean / lean.sum()))
    found = factions(cliques(tags, sizes=(30, 20, 10)), runs=3, draws=0, seed=1)
    group = dict(zip(found.membership["account"].to_list(), found.membership["faction"].to_list(), strict=True))
    counts = {number: dict.fromkeys(words, 0) for number in range(3)}
    for account, cell in tags.items():
        for word in cell.split():
            counts[group[f"a{account:02d}"]][word] += 1
    prior = {word: sum(counts[number][word] for number in range(3)) for word in words}
    total = sum(prior.values())
    for number in range(3):
        n_here = sum(counts[number].values())
        users = sum(group[f"a{account:02d}"] == number for account in tags)

        def z(word, number=number, n_here=n_here):
            y, other = counts[number][word], prior[word] - counts[number][word]
            delta = np.log((y + prior[word]) / (n_here + total - y - prior[word])) - np.log(
                (other + prior[word]) / (2 * total - n_here - other - prior[word])
            )
            return delta / np.sqrt(1 / (y + prior[word]) + 1 / (other + prior[word]))

        able = [word for word in words if counts[number][word] >= 5]
        expected = sorted(able, key=lambda word: (-round(z(word), 9), -counts[number][word], word))[:15]
        rows = found.hashtags.filter(pl.col("faction") == number)
        assert rows["hashtag"].to_list() == expected
        share = [counts[number][word] / users for word in expected]
        assert rows["share"].to_list() == pytest.approx(share)
        elsewhere = [(prior[word] - counts[number][word]) / (60 - users) for word in expected]
        assert rows["lift"].to_list() == pytest.approx([s / e for s, e in zip(share, elsewhere, strict=True)])
    assert found.hashtags.group_by("faction").len()["len"].max() == 15


def test_without_platforms_or_hashtags_the_tables_are_empty():
    found = factions(cliques(platform=lambda _account: None), runs=3, draws=0, seed=1)
    assert found.platforms.is_empty()
    assert found.platforms.schema == FACTION_PLATFORMS
    assert found.hashtags.is_empty()
    assert found.hashtags.schema == FACTION_HASHTAGS
    nothing = factions(Network.from_tables(pl.DataFrame({"source": [], "target": []})), draws=0, seed=1)
    assert (nothing.platforms.schema, nothing.hashtags.schema) == (FACTION_PLATFORMS, FACTION_HASHTAGS)
    one = cliques(dict.fromkeys(range(20), "x"), sizes=(20,))  # a hashtag and a faction alone in the world
    assert factions(one, runs=3, draws=0, seed=1).hashtags.rows() == [(0, "x", 20, 1.0, None)]


def test_the_two_camps_of_an_election_speak_their_own_hashtags(shared):
    path = shared / "conover2011_politics" / "twitter_edges.csv.gz"
    network = read_network(path, kind="retweet", reverse=True)
    found = factions(network, runs=2, draws=0, seed=1)
    left, right = (set(found.hashtags.filter(pl.col("faction") == number)["hashtag"].head(8)) for number in (0, 1))
    if "p2" not in left:
        left, right = right, left
    # Hashtags of progressives and of conservatives, as the authors of the data describe them.
    assert {"p2", "topprog", "p21", "votedem"} <= left
    assert {"ocra", "sgp", "tlot", "twisters"} <= right
    listed = found.hashtags
    assert listed["accounts"].min() >= 5
    assert listed.filter(pl.col("hashtag").is_in(["p2", "tlot"]) & (pl.col("faction") < 2))["lift"].min() > 2


def _merged_one_by_one(between, resolution):
    """Look at every pair before every merger; return the group of groups of each."""
    strength = between.sum(axis=1)
    gain = between / strength.sum() - resolution * np.outer(strength, strength) / strength.sum() ** 2
    np.fill_diagonal(gain, -np.inf)
    merged = np.arange(len(between))
    for _ in range(len(between) - 2):
        a, b = divmod(int(np.argmax(gain)), len(between))
        merged[merged == b] = a
        gain[a] += gain[b]
        gain[:, a] = gain[a]
        gain[a, a] = -np.inf
        gain[b] = gain[:, b] = -np.inf
    return np.unique(merged, return_inverse=True)[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 24), st.integers(0, 10**6), st.booleans())
def test_groups_are_merged_in_the_order_of_all_pairs(count, seed, whole):
    random = np.random.default_rng(seed)
    between = np.triu(random.integers(0, 4, (count, count)) * (1.0 if whole else random.random((count, count))))
    between = between + between.T + np.eye(count)
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polarization, "_refine", lambda *given: seen.append(given[4].copy()))
        polarization._merged_to_two(sparse.csr_array(between), np.arange(count), 1.0)
    assert seen[0].tolist() == _merged_one_by_one(between, 1.0).tolist()


def test_very_many_groups_are_first_joined_to_large_ones(monkeypatch):
    # Two camps of 30 cliques each; a clique has ties to its own camp, one pair of cliques holds the camps together.
    graph = nx.disjoint_union_all([nx.complete_graph(4) for _ in range(60)])
    for clique in range(60):
        camp = 30 * (clique // 30)
        for step in (1, 2, 5, 7):
            graph.add_edge(4 * clique, 4 * (camp + (clique + step) % 30) + 1)
    graph.add_edge(0, 239)
    matrix = matrix_of(graph)
    groups = np.repeat(np.arange(60), 4)
    side, value = polarization.best_bisection(matrix, groups=groups)
    monkeypatch.setattr(polarization, "MOST_GROUPS", 10)
    joined = polarization._joined_to_large(polarization._between(matrix, groups))
    assert joined.max() < 10
    few = polarization._merged_to_two(matrix, groups, 1.0)
    assert polarization.adjusted_rand(few, side) == 1
    assert polarization.best_bisection(matrix, groups=groups)[1] == pytest.approx(value)
    # Tied to no large one: together.
    apart = polarization._joined_to_large(sparse.csr_array(np.diag([9.0] * 12 + [1.0] * 5)))
    assert len(set(apart[-5:])) == 1


def test_without_chains_only_moves_that_help_are_made(monkeypatch):
    graph = nx.gnm_random_graph(60, 150, seed=1)
    matrix = matrix_of(graph)
    strength = matrix.sum(axis=1)
    start = (np.arange(60) % 2).astype(np.int8)

    def refined(refine):
        side = start.copy()
        refine(matrix.indptr, matrix.indices, matrix.data, strength, side, 1.0)
        return side

    whole = refined(polarization._refine)
    assert refined(polarization._refine.py_func).tolist() == whole.tolist()
    monkeypatch.setattr(polarization, "MOST_LOOKS", -1)
    few = refined(polarization._refine.py_func)
    value = polarization.modularity(matrix, few)
    assert polarization.modularity(matrix, start) < value < polarization.modularity(matrix, whole)
    for account in range(60):
        other = few.copy()
        other[account] = 1 - other[account]
        assert polarization.modularity(matrix, other) <= value + 1e-12
