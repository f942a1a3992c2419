"""Every worked value of the method specification is a test: which one, and that it holds the value still.

A row: the section, what is worked, the file and test, and the numbers as they stand there. Doctests count as tests of their
module. Rates of planted networks are benchmarks of `netact validate`. The specification lies beside the checkout; where it is,
every section with a computed value must have a row.
"""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from math import comb, exp
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy import special, stats

from netact import polarization
from netact.synthetic import g1
from netact.validation import BENCHMARKS

ROOT = Path(__file__).resolve().parents[2]
HIERARCHY, FACTIONS = "tests/measures/test_hierarchy.py", "tests/measures/test_factions.py"
KEYS, HERE = "tests/measures/test_super_users.py", "tests/contracts/test_worked_values.py"

WORKED = [
    ("0.2", "reach of G1 by direction", HIERARCHY, "test_order_of_the_test_graph_in_both_directions", "0.78 0.23"),
    ("0.7", "events inside a fixed set", HERE, "test_events_inside_a_set_are_hypergeometric", "5.173667e-4"),
    ("1.4", "several layers", HERE, "test_evidence_of_several_layers", "4.328423e-8 2.061154e-9"),
    ("1.8", "three accounts", "tests/test_scan_statistic.py", "test_worked_values_of_three_accounts",
     "14.141950 5.002219 2.960e-7 11.369607 3.905734 3.922e-6 0.077458 0.006271"),
    ("1.8", "their score", "tests/test_scan_statistic.py", "test_score_of_the_worked_example", "1.3142"),
    ("1.8", "their score with reciprocity", HERE, "test_score_with_reciprocity", "-1.4581"),
    ("1.9", "coreness and s-core", "tests/test_cohesion.py", "test_coreness_and_s_core_of_the_worked_example", "6.0"),
    ("1.9", "D-core", "tests/test_cohesion.py", "test_d_core_of_the_worked_example", "abcj"),
    ("1.9", "rich club", "tests/test_cohesion.py", "test_rich_club_density_of_the_worked_example",
     "0.236364 0.533333 0.833333"),
    ("1.9", "greedy cover", "tests/test_cohesion.py", "test_greedy_cover_reaches_the_optimum_of_the_worked_example",
     "[6, 8, 9]"),
    ("1.9", "densest subgraph", HERE, "test_densest_subgraph_of_the_test_graph", "1.25"),
    ("2.1", "concentration of G1", HIERARCHY, "test_concentration_of_the_test_graph",
     "0.719008 0.297521 3.361111 0.909091 0.5"),
    ("2.1", "the tail", HIERARCHY, "test_the_tail_fit_agrees_with_the_powerlaw_package", "2.22675 -0.3137 0.672"),
    ("2.1", "imitation", "tests/test_null_models.py", "test_imitation_matches_published_quantiles",
     "0.785 0.8225 0.858 2.15 3.41 7.08"),
    ("2.2", "Krackhardt by hand", HIERARCHY, "test_krackhardt_by_hand", "0.75 0.9375 0.266667 0.833333"),
    ("2.2", "Krackhardt of G1", HIERARCHY, "test_krackhardt_of_the_test_graph_in_both_directions",
     "0.896552 0.94 0.444444"),
    ("2.3", "reach by hand", HIERARCHY, "test_reach_by_hand", "0.75"),
    ("2.4", "flow of G1", HIERARCHY, "test_order_of_the_test_graph_in_both_directions", "0.625 0.5"),
    ("2.5", "levels by hand", HIERARCHY, "test_trophic_levels", "2 / 3 4 / 3 1 / 9"),
    ("2.5", "SpringRank", HIERARCHY, "test_springrank_matrix", "0.878049 -0.073171 -0.268293 -0.536585 2.268293 0.504065"),
    ("3.2", "control", KEYS, "test_control_shares_and_concentration", "0.533333 0.351111 0.188889 2.848101"),
    ("3.2", "losses", KEYS, "test_losses_of_the_first_person", "0.631579 0.733333 0.105263 0.333333"),
    ("3.2", "smallest sets", KEYS, "test_smallest_sets", "0.8"),
    ("3.3", "karate without its hubs", KEYS, "test_karate_fragmentation",
     "0.507992 0.316288 0.641540 0.541761 0.324597 0.683266"),
    ("3.3", "the best pair", KEYS, "test_karate_best_pair_to_remove", ""),
    ("3.4", "predictive value", "tests/test_behavioural_similarity.py", "", "0.0741 0.4469"),
    ("4.1", "karate", FACTIONS, "test_karate_club", "0.419790 0.301 0.015"),
    ("4.1", "the club split", FACTIONS, "test_coverage_of_the_club_split_and_its_best_two_sides", "0.858974 0.371795"),
    ("4.1", "its modularity", FACTIONS, "test_other_scores_of_the_karate_club", "0.358235"),
    ("4.2", "two-sidedness of karate", FACTIONS, "test_karate_club", "0.371795 / 0.419790"),
    ("4.3", "scores of karate", FACTIONS, "test_other_scores_of_the_karate_club", "-56 / 78 0.732319 0.172601"),
    ("4.3", "labels dealt at random", FACTIONS, "test_ei_index_expected_of_labels_dealt_at_random", "0.111111"),
    ("4.3", "random walks", FACTIONS, "test_random_walk_controversy_of_the_karate_club",
     "0.612985 0.701710 0.791884 0.848214"),
    ("4.3", "their variants", FACTIONS, "test_variants_of_random_walk_controversy_in_circulation",
     "0.612691 0.607634 0.698744 0.679472 0.790098 0.754228 0.844444 0.774489"),
    ("4.3", "dipole", FACTIONS, "test_dipole_of_the_karate_club", "0.609751 0.740858"),
    ("4.3", "two blocks", FACTIONS, "test_scores_of_two_blocks", "7 / 15 0.5 0.6 0.75 1 / 6 1 / 3"),
    ("4.3", "asymmetric blocks", FACTIONS, "test_walks_are_conditioned_on_their_end", "0.419580"),
    ("4.3", "asymmetric blocks from the start", HERE, "test_walks_conditioned_on_their_start", "0.416667"),
    ("4.4", "karate against rewired networks", FACTIONS, "test_random_walk_controversy_less_that_of_rewired_networks",
     "0.7066 0.321 0.077"),
    ("4.5", "factions and platforms", "tests/test_label_agreement.py", "test_worked_values",
     "0.278072 0.210002 3.6 0.206 0.666667"),
    ("4.6", "strands", "netact/faction_tracking.py", "", "('split', 0, 0.5), ('expand', 1, 0.75), ('birth', 3, None)"),
    ("4.6", "barbell", "tests/test_fragility.py", "test_barbell", "0.438447"),
    ("4.6", "cuts of karate", "tests/test_fragility.py", "test_karate", "== 10"),
    ("5.2", "rank-biased overlap", "netact/rank_overlap.py", "", "0.750555"),
    ("5.2", "veterans", "tests/test_earlier_activism.py", "", "1.462e-4 0.0542"),
    ("5.3", "burstiness", "netact/burstiness.py", "", "0.275809 0.534432 0.293835"),
    ("5.3", "survival", "netact/survival.py", "", "0.833333 0.666667 0.444444 0.222222"),
    ("5.6", "two signs", "tests/test_co_use.py", "", "0.510826 0.317394 4.3106e-4"),
    ("5.5", "an operation", "tests/measures/test_legitimation.py", "test_the_worked_example_is_reproduced_from_posts",
     "0.101299 0.141609 0.021094 0.042504 0.250895 0.208333"),
    ("5.5", "its sign test", "tests/test_participation.py", "", "e-14"),
    ("5.5", "adoption", "tests/test_participation.py", "", "0.591390 8.997267"),
    ("6", "weights of pairs", "tests/test_co_action.py", "test_weights_of_the_worked_example", ""),
    ("6", "two-mode probabilities", "tests/test_bipartite_null.py", "",
     "0.897167 0.602833 0.397167 0.102833 0.705666 0.294334 0.4268 0.5553 0.3055 0.3327 0.216 0.568 0.863"),
    ("6", "disparity filter", "tests/measures/test_coordination.py", "test_the_disparity_filter_of_the_worked_example",
     "0.012289 0.786527 0.666667"),
    ("5.4", "cascade", "tests/test_cascades.py", "", "1.8 1.6"),
]  # fmt: skip

# Rates of planted networks, measured again by `netact validate`, beside their binomial intervals.
RATES = {
    "1.1": ("core of 8 at 0.8",),  # the rates of other tools are evidence on them, not on netact
    "1.7": (
        "no core: twenty niches",
        "core of 5 at 1",
        "rival teams of 8 and 6",
        "elite of 40",
        "no core: copying 0.5",
    ),
    "1.10": ("team of 8 in an elite of 40", "no core: reciprocation 0.3", "no core: sampling 0.2"),
}


@cache
def functions_of(file: str) -> dict[str, str]:
    """Return every function of a module with its text, decorators included."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found[node.name] = "\n".join(lines[begin - 1 : node.end_lineno])
    return {**found, "": text}


@pytest.mark.parametrize(("section", "what", "file", "test", "values"), WORKED)
def test_a_test_holds_the_value(section, what, file, test, values):
    text = functions_of(file).get(test)
    assert text is not None, f"{section} {what}: {file} has no {test}"
    # A value may be written with several words (a fraction, a list): all of it or each word must stand there.
    assert values in text or all(value in text for value in values.split()), (section, what)


def test_rates_are_benchmarks():
    assert {name for names in RATES.values() for name in names} <= set(BENCHMARKS)


def test_every_section_with_a_computed_value_has_a_row(shared):
    page = shared.parent / "design" / "methods.md"
    if not page.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("the specification is not beside the checkout; in CI it must be there")
        pytest.skip("the specification is not beside the checkout")
    section, computed = "", set()
    for line in page.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"#+ (\d+)\. ", line) or re.match(r"(?:#+ )?(\d+\.\d+) ", line):
            section = found[1]
        if section and re.search(r"\[C\b", line):
            computed.add(section)
    assert computed - {row[0] for row in WORKED} - set(RATES) == set()


# ---------------------------------------------------------------------- values of no measure's own test


def test_events_inside_a_set_are_hypergeometric():
    """Targets dealt out again over events (N2): the events inside a set follow the hypergeometric distribution."""
    assert stats.hypergeom.sf(17, 1000, 300, 30) == pytest.approx(5.173667e-4, rel=1e-6)
    assert stats.hypergeom.mean(1000, 300, 30) == 9
    by_counting = sum(comb(300, k) * comb(700, 30 - k) for k in range(18, 31)) / comb(1000, 30)
    assert by_counting == pytest.approx(5.173667e-4, rel=1e-6)
    random, inside = np.random.default_rng(1), np.zeros(1000, dtype=bool)
    inside[:300] = True
    drawn = np.array([random.permutation(inside)[:30].sum() for _ in range(4000)])
    for least in (8, 10, 13):
        expected = stats.hypergeom.sf(least - 1, 1000, 300, 30)
        assert abs((drawn >= least).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 4000)


def test_evidence_of_several_layers():
    """The tail of a sum of two variables, each dominated by an exponential one: exp(-t) (1 + t)."""
    assert special.gammaincc(2, 20) == pytest.approx(4.328423e-8, rel=1e-6)
    assert special.gammaincc(1, 20) == pytest.approx(2.061154e-9, rel=1e-6)
    assert exp(-20) * 21 == pytest.approx(4.328423e-8, rel=1e-6)
    assert exp(-20) == pytest.approx(2.061154e-9, rel=1e-6)


def test_score_with_reciprocity():
    from netact import scan_statistic as scan

    p = np.array([[0, 0.05, 0.02], [0.04, 0, 0.02], [0.05, 0.04, 0]])
    one, two = scan.dyad_probabilities(p, reciprocity=0.1)
    model = scan.DyadModel(np.array([[0, 2, 2], [2, 0, 1], [2, 1, 0.0]]), one, two)
    score = scan.log_likelihood_ratio(model, [0, 1, 2])[0] - scan.search_penalty(50, 20)[3]
    assert score == pytest.approx(-1.4581, abs=1e-4)


def test_densest_subgraph_of_the_test_graph():
    """By trying all sets of at most four accounts; the core of the scan is held against it in the specification."""
    from itertools import combinations

    graph = nx.Graph(g1().to_networkx())
    graph = nx.relabel_nodes(graph, {node: str(node) for node in graph})
    density = {
        chosen: graph.subgraph(chosen).number_of_edges() / size
        for size in range(1, 5)
        for chosen in combinations(sorted(graph), size)
    }
    assert max(density.values()) == 1.25
    assert [chosen for chosen, value in density.items() if value == 1.25] == [tuple("abcj")]


def test_walks_conditioned_on_their_start():
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (4, 5), (4, 6), (3, 4), (2, 5), (1, 5)]
    matrix = nx.to_scipy_sparse_array(nx.Graph(pairs), nodelist=range(7), weight=None, dtype=float, format="csr")
    side = np.array([0, 0, 0, 0, 1, 1, 1], dtype=np.int8)
    walks = polarization.walk_scores(matrix, side, k=1)
    assert walks.start_conditioned == pytest.approx(0.416667, abs=1e-6)
    assert walks.random_walk_controversy == pytest.approx(0.419580, abs=1e-6)
