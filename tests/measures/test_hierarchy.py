"""Hierarchy: published and hand-computed values, independent oracles, calibration, and answers on odd input."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy import stats

from netact.concentration import (
    concentration,
    cumulative_shares,
    degree_centralization,
    effective_number,
    fit_tail,
    gini,
    herfindahl,
    top_share,
)
from netact.errors import MeasureError
from netact.measures.hierarchy import WINDOW_EVENTS, WINDOWS, _concentration_indices, hierarchy
from netact.network import Network
from netact.null_models import degree_preserving, rich_get_richer
from netact.order import (
    direction_flips,
    flow_hierarchy,
    global_reaching_centrality,
    krackhardt,
    reach_shares,
    trophic_incoherence,
    trophic_levels,
    turned,
)

G1 = "ab3 ba2 ac1 ca2 bc2 cb1 da1 ea1 fa2 gb1 hb1 ic1 jc1 ja1 kj1 ki1"


def network(pairs, *, accounts=None, directed=True, **columns):
    """A network of (source, target) or (source, target, weight); accounts listed besides may have no ties."""
    pairs = [(*pair, 1.0)[:3] for pair in pairs]
    frame = pl.DataFrame(
        {
            "source": [str(p[0]) for p in pairs],
            "target": [str(p[1]) for p in pairs],
            "weight": [float(p[2]) for p in pairs],
            **columns,
        },
        schema_overrides={"source": pl.String, "target": pl.String, "weight": pl.Float64},
    )
    listed = pl.DataFrame({"key": [str(a) for a in accounts]}) if accounts is not None else None
    return Network.from_tables(frame, listed, directed=directed)


def g1():
    return network([(word[0], word[1], int(word[2:])) for word in G1.split()])


def quick(net, **parameters):
    return hierarchy(net, **({"draws": 19, "replicates": 20, "seed": 1} | parameters))


# ---------------------------------------------------------------------- concentration


def test_concentration_of_the_test_graph():
    result = quick(g1())
    values = {name: estimate.value for name, estimate in result.indices.items()}
    assert values["gini"] == pytest.approx(0.719008, abs=1e-6)
    assert values["herfindahl"] == pytest.approx(0.297521, abs=1e-6)
    assert values["effective_leaders"] == pytest.approx(3.361111, abs=1e-6)
    assert values["top_1_share"] == pytest.approx(9 / 22)
    assert values["top_5_share"] == values["top_20_share"] == 1.0
    assert values["in_degree_centralization"] == pytest.approx(0.5)
    assert top_share(g1().ties().in_strength, 3) == pytest.approx(0.909091, abs=1e-6)
    assert values["participation_breadth"] == 1.0


def test_concentration_by_definition():
    rng = np.random.default_rng(1)
    for _ in range(20):
        x = np.concatenate([rng.pareto(1.2, rng.integers(1, 60)), np.zeros(rng.integers(0, 20))])
        n, p = len(x), x / x.sum()
        assert gini(x) == pytest.approx(np.abs(x[:, None] - x).sum() / (2 * n * n * x.mean()))
        assert herfindahl(x) == pytest.approx((p**2).sum())
        assert effective_number(x) == pytest.approx(1 / (p**2).sum())
        assert 1 / n <= herfindahl(x) <= 1 + 1e-12
        assert concentration(x[x > 0], zeros=int((x == 0).sum())) == pytest.approx(concentration(x))
        ranks = np.arange(1, n + 3)
        assert cumulative_shares(x, ranks)[:n] == pytest.approx(np.cumsum(np.sort(p)[::-1]))
        assert cumulative_shares(x, ranks)[n:] == pytest.approx(1)


def test_concentration_at_its_ends():
    assert effective_number([7]) == herfindahl([7]) == 1
    assert gini([7]) == 0
    assert gini([2.0] * 9) == pytest.approx(0, abs=1e-12)
    assert effective_number([3] * 8) == pytest.approx(8)
    assert gini([0, 0, 0, 5]) == pytest.approx(0.75)
    for nothing in ([], [0, 0]):
        assert gini(nothing) is effective_number(nothing) is herfindahl(nothing) is top_share(nothing, 1) is None
    assert degree_centralization([2, 1, 1], directed=False) == pytest.approx(1)
    assert degree_centralization([1, 1, 1]) == 0
    assert degree_centralization([1]) is degree_centralization([1, 1], directed=False) is None


TAIL = [1] * 50 + [2] * 20 + [3] * 10 + [4] * 6 + [5] * 4 + [6] * 3 + [8] * 2 + [10] * 2 + [15, 25, 60]


def test_the_tail_fit_agrees_with_the_powerlaw_package():
    fit = fit_tail(TAIL, smallest_value=2)
    assert fit.exponent == pytest.approx(2.22675, abs=1e-4)
    assert fit.likelihood_ratio == pytest.approx(-0.3137, abs=1e-3)
    assert fit.p_value == pytest.approx(0.672, abs=1e-3)
    assert (fit.verdict, fit.smallest_value, fit.accounts_in_tail) == ("undecided", 2, 50)


def test_tails_of_known_make():
    rng = np.random.default_rng(2)
    zipf = rng.zipf(2.5, 20_000)
    fit = fit_tail(zipf[zipf < 10**9])
    assert fit.exponent == pytest.approx(2.5, abs=0.05)
    assert fit.verdict != "lognormal favoured"
    lognormal = np.round(rng.lognormal(2, 0.6, 20_000)).astype(int)
    assert fit_tail(lognormal, smallest_value=3).verdict == "lognormal favoured"
    for few in ([], [1] * 80, [1, 2, 3], [1] * 40 + [2] * 40):
        assert fit_tail(few).verdict == "undefined"
        assert fit_tail(few).exponent is None


# ---------------------------------------------------------------------- order


def test_order_of_the_test_graph_in_both_directions():
    ties = g1().ties()
    assert global_reaching_centrality(turned(ties)) == pytest.approx(0.78)
    assert global_reaching_centrality(ties) == pytest.approx(0.23)
    assert flow_hierarchy(ties) == flow_hierarchy(turned(ties)) == 0.625
    assert flow_hierarchy(ties, weighted=True) == 0.5
    assert trophic_incoherence(ties) == pytest.approx(0.5)
    assert trophic_incoherence(turned(ties)) == pytest.approx(0.5)
    result = quick(g1())
    assert result.indices["global_reaching_centrality"].value == pytest.approx(0.78)
    assert result.indices["trophic_incoherence"].value == pytest.approx(0.5)
    assert result.indices["flow_hierarchy"].value == 0.625
    assert result.direction_p.value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("pairs", "levels", "incoherence"),
    [
        ([(0, 1), (1, 2)], [0, 1, 2], 0),
        ([(0, 1), (1, 2), (2, 0)], [0, 0, 0], 1),
        ([(0, 1), (1, 2), (0, 2)], [0, 2 / 3, 4 / 3], 1 / 9),
        ([(0, 1), (2, 3), (3, 4)], [0, 1, 0, 1, 2], 0),
        ([(i, i + 1) for i in range(9)], range(10), 0),
    ],
)
def test_trophic_levels(pairs, levels, incoherence):
    net = network(pairs, accounts=range(len(levels)))
    assert trophic_levels(net.ties()) == pytest.approx(np.array(levels, dtype=float), abs=1e-6)
    assert trophic_incoherence(net.ties()) == pytest.approx(incoherence, abs=1e-9)


def test_long_chains_and_accounts_without_ties():
    net = network([(f"{i:04}", f"{i + 1:04}") for i in range(3_000)], accounts=["zz"])
    levels = trophic_levels(net.ties())
    assert levels[:3_001] == pytest.approx(np.arange(3_001), abs=1e-3)
    assert math.isnan(levels[-1])


def test_springrank_matrix():
    matrix = [(0, 1, 3), (0, 2, 1), (1, 2, 2), (2, 3, 2), (3, 1, 1)]  # row beats column
    ties = network(matrix).ties()
    ranks = -trophic_levels(ties)
    assert ranks - ranks.mean() == pytest.approx([0.878049, -0.073171, -0.268293, -0.536585], abs=1e-6)
    assert trophic_incoherence(ties) == pytest.approx(0.504065, abs=1e-6)
    assert trophic_incoherence(ties) * 9 / 2 == pytest.approx(2.268293, abs=1e-6)


def test_springrank_of_departments_as_its_authors_computed_it(shared):
    folder = shared / "springrank_us_cs"
    rows = np.loadtxt(folder / "US_CS_adjacency.dat")
    ties = network([(int(a), int(b), w) for a, b, w in rows])
    published = {str(int(a)): b for a, b in np.loadtxt(folder / "US_CS_SpringRank_a0.0_l0_1.0_l1_1.0.dat")}
    ranks = -trophic_levels(ties.ties())
    expected = np.array([published[key] for key in ties.keys])
    assert len(expected) == 205
    assert ranks - ranks.mean() == pytest.approx(expected - expected.mean(), abs=3e-3)


@pytest.mark.parametrize("seed", range(6))
def test_levels_solve_the_definition(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(30, int(rng.integers(10, 90)), seed=seed, directed=True)
    net = network([(f"{a:02}", f"{b:02}", rng.integers(1, 5)) for a, b in graph.edges])
    w = net.ties().matrix.toarray()
    into, out = w.sum(0), w.sum(1)
    h = np.linalg.lstsq(np.diag(into + out) - w - w.T, into - out, rcond=None)[0]
    step = h[None, :] - h[:, None] - 1
    assert trophic_incoherence(net.ties()) == pytest.approx((w * step**2).sum() / w.sum(), abs=1e-9)
    difference = trophic_levels(net.ties()) - h
    for number in set(component := net.ties().weak_components()):
        assert np.ptp(difference[component == number]) < 1e-6
        assert trophic_levels(net.ties())[component == number].min() == 0


@pytest.mark.parametrize("seed", range(12))
def test_reach_and_cycles_against_networkx(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(45, int(rng.integers(5, 160)), seed=seed, directed=True)
    graph = nx.relabel_nodes(graph, lambda node: f"{node:02}")
    ties = Network.from_graph(graph).ties()
    assert global_reaching_centrality(ties) == pytest.approx(nx.global_reaching_centrality(graph))
    assert flow_hierarchy(ties) == pytest.approx(nx.flow_hierarchy(graph))
    reach = [len(nx.descendants(graph, node)) / 44 for node in sorted(graph)]
    assert reach_shares(ties, seed=1) == pytest.approx(reach)


@pytest.mark.parametrize("seed", range(3))
def test_reach_of_deep_graphs_with_many_targets(seed):
    # More targets than one block of bit sets holds, and no cycles.
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.integers(0, 2_500, (3_500, 2)), axis=1)
    graph = nx.DiGraph([(f"{a:04}", f"{b:04}") for a, b in ends if a != b])
    ties = Network.from_graph(graph).ties()
    reach = [len(nx.descendants(graph, node)) / (len(graph) - 1) for node in sorted(graph)]
    assert reach_shares(ties, seed=1) == pytest.approx(reach)


def test_sampled_reach_is_close_to_exact(monkeypatch):
    rng = np.random.default_rng(5)
    weight = 1 / np.arange(1, 12_001)
    source, target = rng.integers(0, 12_000, 15_000), rng.choice(12_000, 15_000, p=weight / weight.sum())
    ties = turned(network(zip(source.tolist(), target.tolist(), strict=True)).ties())
    exact = reach_shares(ties, seed=1)
    monkeypatch.setattr("netact.order.EXACT_REACH", 100)
    monkeypatch.setattr("netact.order._SAMPLED_TARGETS", 4_096)
    sampled = reach_shares(ties, seed=1)
    assert np.abs(sampled - exact).max() < 5 * 0.5 / math.sqrt(4_096)
    assert sampled.max() == exact.max()
    assert np.array_equal(sampled, reach_shares(ties, seed=1))
    assert global_reaching_centrality(ties, seed=2) == pytest.approx(
        (exact.max() - exact).sum() / (ties.n_accounts - 1), abs=0.02
    )


def test_reach_by_hand():
    assert global_reaching_centrality(network([(1, 2), (1, 3)]).ties()) == 1
    assert global_reaching_centrality(network([(1, 2), (1, 3), (3, 2)]).ties()) == 0.75
    assert global_reaching_centrality(network([(1, 2)]).ties()) is None
    assert flow_hierarchy(network([]).ties()) is trophic_incoherence(network([]).ties()) is None


def test_random_directions():
    # Two accounts, weight 4: with k of 4 one way incoherence is 1 - ((2k - 4) / 4)**2.
    ties = network([(0, 1, 3), (1, 0, 1)]).ties()
    drawn = direction_flips(ties, draws=4_000, seed=1)
    expected = {0.0: 2 / 16, 0.75: 8 / 16, 1.0: 6 / 16}
    for value, chance in expected.items():
        assert np.isclose(drawn, value).mean() == pytest.approx(chance, abs=0.03)
    # Weights that are not counts turn as a whole.
    assert set(direction_flips(network([(0, 1, 2.5)]).ties(), draws=50, seed=1).round(9)) == {0.0}
    assert trophic_incoherence(ties) == pytest.approx(0.75)


# ---------------------------------------------------------------------- Krackhardt


@pytest.mark.parametrize(
    ("pairs", "n", "expected"),
    [
        ([(0, 1), (0, 2), (1, 3), (1, 4)], 5, (1, 1, 1, 1)),
        ([(0, 1), (1, 2), (2, 0)], 3, (1, 0, 0.75, 1)),
        ([("x", "p"), ("y", "p"), ("x", "q"), ("y", "q"), ("p", "r")], 5, (1, 1, 0.9375, 0.5)),
        ([(0, 1), (0, 2), (2, 1), (3, 4)], 6, (0.266667, 1, 0.8, 1)),
        ([("t", "x"), ("t", "y"), ("x", "p"), ("y", "p"), ("x", "q"), ("y", "q")], 5, (1, 1, 0.875, 0.833333)),
        ([], 3, (0, None, None, None)),
        ([(0, 1)], 2, (1, 1, 1, None)),
    ],
)
def test_krackhardt_by_hand(pairs, n, expected):
    names = {str(a) for pair in pairs for a in pair}
    ties = network(pairs, accounts=[*names, *(f"z{i}" for i in range(n - len(names)))]).ties()
    for found, wanted in zip(krackhardt(ties), expected, strict=True):
        assert found is None if wanted is None else found == pytest.approx(wanted, abs=1e-6)


def test_krackhardt_of_the_test_graph_in_both_directions():
    ties = g1().ties()
    assert krackhardt(turned(ties)) == pytest.approx((1, 0.896552, 0.94, 1), abs=1e-6)
    assert krackhardt(ties) == pytest.approx((1, 0.896552, 0.94, 0.444444), abs=1e-6)
    result = quick(g1()).indices
    four = [result[name].value for name in ("connectedness", "krackhardt_hierarchy", "efficiency", "lubness")]
    assert four == pytest.approx([1, 0.896552, 0.94, 1], abs=1e-6)


def lubness_by_definition(graph):
    """1 less violations over the most there can be, pair by pair."""
    reach = {node: nx.descendants(graph, node) | {node} for node in graph}
    violations = most = 0
    for part in nx.weakly_connected_components(graph):
        if len(part) < 3:
            continue
        most += (len(part) - 1) * (len(part) - 2) / 2
        for u, v in combinations(part, 2):
            bounds = [k for k in part if u in reach[k] and v in reach[k]]
            violations += not any(all(k in reach[other] for other in bounds) for k in bounds)
    return 1 - violations / most if most else None


@pytest.mark.parametrize("seed", range(15))
def test_lubness_by_definition(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(14, int(rng.integers(3, 40)), seed=seed, directed=True)
    graph = nx.relabel_nodes(graph, lambda node: f"{node:02}")
    assert krackhardt(Network.from_graph(graph).ties()).lubness == pytest.approx(lubness_by_definition(graph))


@pytest.mark.parametrize("name", ["ht_advice", "ht_friends", "ht_reports"])
def test_published_values_of_the_high_tech_managers(shared, name):
    entries = [e for e in json.loads((shared / "published_values.json").read_text()) if e["dataset"].endswith(name)]
    published = {e["measure"]: (e["value"], e["tolerance"]) for e in entries}
    frame = pl.read_csv(shared / "classics" / f"{name}_edges.csv").cast(pl.String)
    ties = Network.from_tables(frame).ties()

    def values(start):
        return next(value for measure, (value, _) in published.items() if measure.startswith(start))

    as_stored, reversed_ = krackhardt(ties), krackhardt(turned(ties))
    assert as_stored[:3] == pytest.approx(values("Krackhardt")[:3], abs=1e-5)
    assert reversed_[:3] == pytest.approx(values("same four")[:3], abs=1e-5)
    # sna's LUBness is a greatest bound; the two readings agree where the order is total or a tree.
    agree = {"ht_advice": (True, True), "ht_friends": (True, False), "ht_reports": (False, True)}[name]
    for found, wanted, same in zip(
        (as_stored, reversed_), (values("Krackhardt"), values("same four")), agree, strict=True
    ):
        assert (found.lubness == pytest.approx(wanted[3], abs=1e-5)) is same
    if "In-Centralization" in published:
        for measure, degree in (("In-Centralization", ties.in_degree), ("Out-Centralization", ties.out_degree)):
            assert degree_centralization(degree) == pytest.approx(published[measure][0], abs=1e-6)
    if "Deg Centralization" in published:
        both = ties.undirected()
        degree = both.in_degree + both.out_degree
        found = degree_centralization(degree, directed=False)
        assert found == pytest.approx(published["Deg Centralization"][0], abs=1e-6)


def test_the_formal_tree_is_a_tree(shared):
    frame = pl.read_csv(shared / "classics" / "ht_reports_edges.csv").cast(pl.String)
    result = quick(Network.from_tables(frame))
    for name in ("connectedness", "krackhardt_hierarchy", "efficiency", "lubness", "flow_hierarchy"):
        assert result.indices[name].value == 1
    assert result.indices["trophic_incoherence"].value == pytest.approx(0, abs=1e-9)
    assert result.levels["level"].value_counts(sort=True).sort("level")["count"].to_list() == [1, 4, 16]
    assert result.levels["account"][0] == "7"  # the president


# ---------------------------------------------------------------------- calibration


def binomial_band(runs, share=0.05):
    return stats.binom.ppf([0.0005, 0.9995], runs, share)


def test_concentration_is_calibrated_against_imitation():
    runs, below = 400, dict.fromkeys(("effective_leaders", "top_1_share", "top_20_share", "gini"), 0)
    for run, counts in enumerate(rich_get_richer(events=250, accounts=60, draws=runs, seed=5)):
        pairs = [(f"s{i:03}", f"t{t:03}") for i, t in enumerate(np.repeat(np.arange(len(counts)), counts))]
        indices, _ = _concentration_indices(network(pairs).ties(), draws=39, seed=run, directed=True, warnings=[])
        for name in below:
            below[name] += indices[name].p_value <= 0.05
    low, high = binomial_band(runs)
    assert all(low <= count <= high for count in below.values()), below


def test_order_is_calibrated_against_rewiring():
    rng = np.random.default_rng(8)
    weight = 1 / np.arange(1, 61)
    pairs = {
        (int(a), int(b))
        for a, b in zip(rng.integers(0, 60, 150), rng.choice(60, 150, p=weight / weight.sum()), strict=True)
    }
    start = network([(f"{a:02}", f"{b:02}", int(rng.integers(1, 4))) for a, b in sorted(pairs) if a != b])
    names = ("trophic_incoherence", "global_reaching_centrality", "flow_hierarchy")
    runs, below, middle = 100, dict.fromkeys(names, 0), {name: [] for name in names}
    for run, ties in enumerate(degree_preserving(start.ties(), draws=runs, seed=6, thinning=20)):
        null = network(zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True))
        result = hierarchy(null, draws=19, replicates=0, seed=run)
        for name in names:
            p = result.indices[name].p_value
            below[name] += p <= 0.05
            middle[name].append(p)
    low, high = binomial_band(runs)
    for name in names:
        # Ties among values make p-values larger, never smaller.
        assert below[name] <= high, (name, below)
        assert np.mean(middle[name]) > 0.4
    assert below["trophic_incoherence"] >= low


def test_a_steep_order_and_a_movement_led_by_one_are_found():
    rng = np.random.default_rng(9)
    rank = rng.permutation(80)
    pairs = {(a, b) for a, b in permutations(range(80), 2) if rank[a] - rank[b] in (1, 2, 3)}
    result = quick(network(sorted(pairs)), draws=99)
    for name in ("trophic_incoherence", "flow_hierarchy", "global_reaching_centrality"):
        assert result.indices[name].p_value == 0.01
    assert result.direction_p.p_value == 0.01
    star = quick(network([(f"f{i}", "hub") for i in range(120)]), draws=99)
    assert star.verdict == "single_led"
    assert star.indices["top_1_share"].value == 1


# ---------------------------------------------------------------------- the leaderlessness test


START = datetime(2024, 1, 1, tzinfo=UTC)


def movement(*, leaders, change, events=5_000, seed=1):
    """Events over time from a crowd to ``leaders`` equal accounts, all of them others in each fifth if ``change``."""
    rng = np.random.default_rng(seed)
    fifth = np.arange(events) * 5 // events
    target = rng.integers(0, leaders, events) + (fifth * leaders if change else 0)
    pairs = [(f"s{s:04}", f"t{t:05}") for s, t in zip(rng.integers(0, 2_000, events), target, strict=True)]
    return network(pairs, time=[START + timedelta(minutes=i) for i in range(events)])


def met(result):
    return [criterion.met for criterion in result.criteria]


def test_leaderless_has_to_be_shown():
    crowd = movement(leaders=300, change=True)
    shown = quick(crowd, core_outcome="no_core", core_power=0.9)
    assert met(shown) == [True, True, True]
    assert shown.verdict == "leaderless"
    assert [c.name for c in shown.criteria] == ["L1 dispersion", "L2 no core", "L3 rotation"]
    # Without a search, or with a weak one, it is not shown.
    for outcome, power in ((None, None), ("no_core", 0.5), ("no_core", None), ("not_testable", 0.9)):
        open_ = quick(crowd, core_outcome=outcome, core_power=power)
        assert met(open_) == [True, None, True]
        assert open_.verdict == "undetermined"
    for outcome in ("core", "rival_cores", "core_within_elite"):
        led = quick(crowd, core_outcome=outcome, core_power=0.9)
        assert met(led)[1] is False
        assert led.verdict == "led"
    elite = quick(crowd, core_outcome="elite_larger_than_team", core_power=0.9)
    assert met(elite)[1] is False
    assert elite.verdict == "undetermined"


def test_few_leaders_or_lasting_ones_are_not_leaderless():
    few = quick(movement(leaders=3, change=False), core_outcome="no_core", core_power=0.9)
    assert met(few) == [False, True, False]
    assert few.verdict != "leaderless"
    lasting = quick(movement(leaders=15, change=False), core_outcome="no_core", core_power=0.9)
    assert met(lasting)[2] is False
    assert lasting.rotation["overlap_with_previous"].drop_nulls().to_list() == [1.0] * 4
    assert lasting.verdict != "leaderless"


def test_attention_above_imitation_that_lasts_means_led():
    # Twenty accounts get 90 % of attention evenly, which imitation does not do with so many others heard.
    rng = np.random.default_rng(3)
    target = np.where(rng.random(6_000) < 0.9, rng.integers(0, 20, 6_000), rng.integers(20, 2_000, 6_000))
    pairs = [(f"s{s:04}", f"t{t:05}") for s, t in zip(rng.integers(0, 3_000, 6_000), target, strict=True)]
    times = [START + timedelta(minutes=i) for i in range(6_000)]
    assert quick(network(pairs, time=times), draws=99).verdict == "led"
    assert quick(network(pairs), draws=99).verdict == "undetermined"  # nothing known of persistence


def test_windows_hold_equally_many_interactions_and_whole_moments():
    result = quick(movement(leaders=300, change=True))
    assert result.rotation["interactions"].to_list() == [1_000] * 5
    assert result.rotation["overlap_with_previous"].to_list() == [None, 0, 0, 0, 0]
    assert result.rotation["start"][0] == START
    assert (result.rotation["start"][1:] > result.rotation["end"][:-1]).all()
    too_few = movement(leaders=50, change=False, events=WINDOWS * WINDOW_EVENTS - 1)
    assert quick(too_few).rotation.is_empty()
    assert quick(too_few).criteria[2].met is None
    # Five days only, known by the day: windows are days.
    days = network(
        [(f"s{i}", f"t{i % 40}") for i in range(1_500)], time=[START + timedelta(days=i // 300) for i in range(1_500)]
    )
    table = quick(days).rotation
    assert table["interactions"].to_list() == [300] * 5
    assert table["start"].to_list() == table["end"].to_list()


# ---------------------------------------------------------------------- intervals


def test_intervals_hold_the_value_and_cover_the_truth():
    rng = np.random.default_rng(11)
    weight = 1 / np.arange(1, 201) ** 0.9
    truth = 1 / np.square(weight / weight.sum()).sum()
    hits = 0
    for run in range(40):
        target = rng.choice(200, 1_500, p=weight / weight.sum())
        net = network([(f"s{i:04}", f"t{t:03}") for i, t in enumerate(target)])
        result = hierarchy(net, draws=0, replicates=100, seed=run)
        for name in ("effective_leaders", "gini", "herfindahl", "top_5_share", "top_20_share"):
            estimate = result.indices[name]
            assert estimate.interval[0] < estimate.value < estimate.interval[1]
            assert "source accounts" in estimate.interval_method
        low, high = result.indices["effective_leaders"].interval
        hits += low <= truth <= high
    assert hits >= 33  # 95 % of 40, less what chance and 100 replicates allow


def test_clusters_widen_intervals():
    rng = np.random.default_rng(12)
    posts = rng.integers(0, 60, 3_000)
    author = rng.integers(0, 30, 60)
    pairs = [(f"s{i:04}", f"t{author[p]:02}") for i, p in enumerate(posts)]
    by_post = quick(network(pairs, post_id=[f"p{p}" for p in posts]), replicates=200, draws=0)
    by_source = quick(network(pairs), replicates=200, draws=0)
    width = [np.ptp(result.indices["effective_leaders"].interval) for result in (by_post, by_source)]
    assert width[0] > 3 * width[1]
    assert "posts" in by_post.indices["gini"].interval_method


def test_the_largest_account_has_no_bootstrap_interval():
    estimate = quick(movement(leaders=30, change=False)).indices["top_1_share"]
    assert "halves" in estimate.interval_method
    few = quick(network([("a", "b"), ("c", "b"), ("d", "e")]))
    assert few.indices["top_1_share"].interval is None
    assert any("No intervals" in warning for warning in few.warnings)


# ---------------------------------------------------------------------- the whole


def random_movement(seed=1, n=400, m=1_500, names=None):
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(1, n + 1)
    names = names or [f"a{i:04}" for i in range(n)]
    source, target = rng.integers(0, n, m), rng.choice(n, m, p=weight / weight.sum())
    return [(names[s], names[t]) for s, t in zip(source, target, strict=True) if s != t]


def as_dict(result):
    return {name: estimate.to_dict() for name, estimate in result.indices.items()}


def test_the_same_seed_gives_the_same_answer_in_any_row_order():
    pairs = random_movement()
    one, two = quick(network(pairs)), quick(network(pairs[::-1]))
    assert as_dict(one) == as_dict(two)
    assert one.direction_p == two.direction_p
    assert one.levels.equals(two.levels)
    assert one.concentration_curve.equals(two.concentration_curve)
    assert as_dict(one) != as_dict(quick(network(pairs), seed=2))


def test_names_do_not_matter_to_values():
    pairs = random_movement()
    rng = np.random.default_rng(3)
    new = {f"a{i:04}": f"b{j:04}" for i, j in enumerate(rng.permutation(400))}
    one, two = quick(network(pairs)), quick(network([(new[a], new[b]) for a, b in pairs]))
    for name, estimate in one.indices.items():
        assert two.indices[name].value == pytest.approx(estimate.value, abs=1e-9), name
    assert one.indices["gini"].p_value == two.indices["gini"].p_value  # imitation knows no names
    levels = dict(one.levels.select("account", "level").iter_rows())
    for account, level in two.levels.select("account", "level").iter_rows():
        assert levels[{v: k for k, v in new.items()}[account]] == pytest.approx(level, abs=1e-5)


def test_large_networks_are_compared_on_their_backbone():
    net = network(random_movement())
    whole, part = quick(net), quick(net, max_null_ties=200)
    for name in ("trophic_incoherence", "global_reaching_centrality", "flow_hierarchy"):
        assert whole.indices[name].coverage == 1
        assert 0 < part.indices[name].coverage <= 200 / 1_000
    assert part.direction_p.coverage == part.indices["flow_hierarchy"].coverage
    said = next(warning for warning in part.warnings if "most connected accounts" in warning)
    for name in ("trophic_incoherence", "global_reaching_centrality", "flow_hierarchy"):
        assert f"{name.replace('_', ' ')} {whole.indices[name].value:.3f}" in said
    assert part.indices["gini"] == whole.indices["gini"]


def test_the_curve_and_the_levels():
    net = network(random_movement())
    result = quick(net)
    curve, ties = result.concentration_curve, net.ties()
    assert curve.height <= 200
    assert curve["rank"].is_sorted()
    assert curve["share"][0] == pytest.approx(result.indices["top_1_share"].value)
    assert curve["share"][-1] == pytest.approx(1)
    assert curve.filter(pl.col("rank") == 20)["share"].item() == pytest.approx(result.indices["top_20_share"].value)
    assert (curve["null_low"] <= curve["null_high"]).all()
    assert result.levels.height == int(ties.active.sum())
    assert result.levels["attention"].sum() == pytest.approx(ties.weight.sum())
    assert set(result.levels.group_by("component").agg(pl.col("level").min())["level"]) == {0.0}


def test_weights_that_are_not_counts():
    pairs = [(a, b, 0.37) for a, b in random_movement(m=600)]
    result = quick(network(pairs))
    assert any("not counts" in warning for warning in result.warnings)
    same = quick(network([pair[:2] for pair in pairs]))
    assert result.indices["gini"].value == pytest.approx(same.indices["gini"].value)
    assert result.indices["gini"].null_mean == pytest.approx(same.indices["gini"].null_mean)
    assert result.tail == same.tail


ODD = {
    "one tie": [("a", "b")],
    "two accounts": [("a", "b"), ("b", "a")],
    "all in one hub": [(f"f{i}", "hub") for i in range(30)],
    "one account gives all": [("fan", f"t{i}") for i in range(30)],
    "disconnected": [(f"a{i}", f"b{i}") for i in range(40)],
    "all the same": [(str(i), str((i + 1) % 25)) for i in range(25)],
    "complete": [(str(a), str(b)) for a, b in permutations(range(7), 2)],
}


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_get_an_answer(name, directed):
    result = quick(network(ODD[name], directed=directed), core_outcome="insufficient_data")
    assert result.status == "ok"
    for estimate in (*result.indices.values(), result.direction_p):
        numbers = [estimate.value, estimate.p_value, estimate.null_mean, *(estimate.interval or ())]
        assert all(number is None or math.isfinite(number) for number in numbers)
        assert (estimate.value is None) == (estimate.status != "ok")
        assert estimate.value is not None or estimate.reason
    assert all(criterion.evidence for criterion in result.criteria)
    assert result.reason
    json.dumps([as_dict(result), result.direction_p.to_dict()], allow_nan=False)


@pytest.mark.parametrize("accounts", [None, ["only"], ["a", "b", "c"]])
def test_no_ties_are_undefined(accounts):
    result = quick(network([], accounts=accounts))
    assert result.status == "undefined"
    assert result.verdict == "undetermined"
    assert set(result.indices) == set(quick(g1()).indices)
    assert all(e.status == "undefined" and e.reason and e.value is None for e in result.indices.values())
    for name in ("levels", "concentration_curve", "rotation"):
        assert getattr(result, name).is_empty()
        assert getattr(result, name).schema == getattr(quick(g1()), name).schema


def test_without_direction_only_concentration_is_told():
    result = quick(network([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")], directed=False))
    told = {name for name, estimate in result.indices.items() if estimate.status == "ok"}
    assert told == {
        "effective_leaders",
        "top_1_share",
        "top_5_share",
        "top_20_share",
        "gini",
        "herfindahl",
        "in_degree_centralization",
    }
    assert result.indices["top_1_share"].value == pytest.approx(3 / 8)
    assert result.indices["in_degree_centralization"].value == pytest.approx((1 + 1 + 2) / 6)
    others = [e for name, e in result.indices.items() if name not in told]
    assert all(e.status == "not_testable" and "direction" in e.reason for e in (*others, result.direction_p))
    assert result.levels.is_empty()


def test_nothing_drawn_nothing_compared():
    result = quick(g1(), draws=0, replicates=0)
    for estimate in result.indices.values():
        assert estimate.value is not None
        assert estimate.p_value is estimate.interval is None
    assert result.concentration_curve["null_mean"].null_count() == result.concentration_curve.height


@pytest.mark.parametrize("parameters", [{"draws": -1}, {"replicates": -1}, {"max_null_ties": 0}])
def test_parameters_that_make_no_sense(parameters):
    with pytest.raises(MeasureError, match=next(iter(parameters))):
        quick(g1(), **parameters)


# ---------------------------------------------------------------------- real traffic


def test_occupy_is_led_by_one_account(shared):
    frame = pl.read_csv(
        shared / "occupy_retweets" / "rt_occupywallstnyc.edges",
        has_header=False,
        new_columns=["target", "source", "time"],
        schema_overrides={"column_1": pl.String, "column_2": pl.String},
    )
    result = quick(Network.from_tables(frame.with_columns(pl.from_epoch("time"))))
    assert result.verdict == "single_led"
    assert result.indices["top_1_share"].value == pytest.approx(0.715, abs=0.001)
    assert result.indices["top_20_share"].value == pytest.approx(0.774, abs=0.005)
    assert result.indices["effective_leaders"].p_value == 0.05
    assert result.rotation.height == 5
