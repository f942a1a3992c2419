"""The leading core: planted truth, false positives, outcomes, real networks."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl
import pytest

from netact.errors import MeasureError
from netact.measures.leading_core import leading_core
from netact.network import Network
from netact.report.kept import digest
from netact.results import LeadingCore
from netact.synthetic import karate, planted_cores

QUICK = {"replicates": 0, "power_runs": 0, "draws": 99}


def f1(found: set[str], planted: set[str]) -> float:
    return 2 * len(found & planted) / max(1, len(found) + len(planted))


def best_f1(result: LeadingCore, planted: tuple[str, ...]) -> float:
    """Agreement of the best set that passed its test, whether or not it holds enough attention to lead."""
    tight = (result.candidate,) if result.outcome == "cohesive_not_leading" else ()
    return max((f1(set(core.members), set(planted)) for core in (*result.cores, *tight) if core), default=0.0)


@pytest.mark.slow
@pytest.mark.parametrize("communities", [1, 20])
def test_no_core_is_found_where_none_was_planted(communities: int) -> None:
    found = sum(
        bool(leading_core(planted_cores(cores=(), communities=communities, seed=s).network, **QUICK, seed=s).cores)
        for s in range(25)
    )
    assert found <= 1  # at most 2 of 50 over the two settings


@pytest.mark.slow
@pytest.mark.parametrize(
    "noise",
    [{"reciprocation": 0.1}, {"reciprocation": 0.3}, {"reciprocation": 0.5}, {"copying": 0.2}, {"copying": 0.5}],
    ids=str,
)
def test_reciprocation_and_copying_do_not_pass_the_bound(noise: dict[str, float]) -> None:
    for seed in range(8):
        result = leading_core(planted_cores(cores=(), seed=500 + seed, **noise).network, **QUICK, seed=seed)
        assert not [core for core in (*result.cores, result.elite) if core and core.tier == "strong"]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "probability"), [(5, 1.0), (8, 0.8), (12, 0.6)])
def test_planted_cores_are_found(size: int, probability: float) -> None:
    scores = []
    for seed in range(10):
        planted = planted_cores(cores=(size,), tie_probability=probability, seed=100 + seed)
        scores.append(best_f1(leading_core(planted.network, **QUICK, seed=seed), planted.cores[0]))
    assert sum(score >= 0.95 for score in scores) >= 9, scores


@pytest.mark.slow
def test_rival_cores_are_told_apart() -> None:
    scores = []
    for seed in range(8):
        planted = planted_cores(cores=(8, 6), tie_probability=0.9, seed=200 + seed)
        result = leading_core(planted.network, **QUICK, seed=seed)
        scores += [best_f1(result, core) for core in planted.cores]
    assert np.mean(scores) >= 0.9


@pytest.mark.slow
def test_an_elite_is_never_called_a_core() -> None:
    for seed in range(6):
        planted = planted_cores(cores=(40,), tie_probability=0.4, rank=100, seed=300 + seed)
        result = leading_core(planted.network, **QUICK, seed=seed)
        assert result.outcome in ("elite_larger_than_team", "core_within_elite")
        assert result.elite is not None
        assert f1(set(result.elite.members), set(planted.cores[0])) >= 0.9


@pytest.mark.slow
def test_a_team_inside_an_elite_is_found() -> None:
    scores, false = [], 0
    for seed in range(6):
        planted = planted_cores(cores=(40,), tie_probability=0.4, rank=100, team_within=(8, 0.95), seed=seed)
        result = leading_core(planted.network, **QUICK, seed=seed)
        if result.outcome == "core_within_elite":
            scores.append(best_f1(result, planted.team))
    assert len(scores) >= 3
    assert np.mean(scores) >= 0.8
    for seed in range(6):
        empty = planted_cores(cores=(40,), tie_probability=0.4, rank=100, seed=seed)
        false += leading_core(empty.network, **QUICK, seed=seed).outcome == "core_within_elite"
    assert false <= 1


@pytest.fixture(scope="module")
def planted_result():
    planted = planted_cores(cores=(8,), tie_probability=0.8, seed=4)
    return planted, leading_core(planted.network, replicates=40, power_runs=5, seed=1)


def test_a_found_core_carries_its_evidence(planted_result) -> None:
    planted, result = planted_result
    assert result.outcome == "core"
    core = result.cores[0]
    assert f1(set(core.members), set(planted.cores[0])) >= 0.9
    assert core.tier == "strong"
    assert core.p_bound <= 0.01
    assert core.p_value == pytest.approx(1 / 200)
    assert core.cohesion > 0.6 > 0.2 > core.expected_cohesion
    assert core.leads
    assert 0 < core.efficiency <= 1
    assert all(0.5 <= share <= 1 for share in core.stability.values())
    assert list(core.stability) == list(core.members)
    members = set(core.members)
    inside = planted.network.named_interactions().filter(
        pl.col("target").is_in(members), ~pl.col("source").is_in(members)
    )
    everything = planted.network.interactions["weight"].sum()
    assert core.share_of_attention == pytest.approx(inside["weight"].sum() / everything)
    givers = planted.network.interactions["source"].n_unique()
    assert core.reach == pytest.approx(inside["source"].n_unique() / givers)


def test_the_graded_answer_is_complete(planted_result) -> None:
    _, result = planted_result
    drivers = {(u, s): n for u, s, n in result.drivers.select("unit", "share", "accounts").iter_rows()}
    assert set(drivers) == {("attention", 0.5), ("attention", 0.8), ("reach", 0.5), ("reach", 0.8)}
    assert drivers["attention", 0.5] < drivers["attention", 0.8]
    assert result.power["power"].is_between(0, 1).all()
    assert result.smallest_testable in range(2, 8)
    assert len(result.null_scores) == 199
    assert result.missing
    assert set(result.pool.filter(pl.col("core") == 1)["account"]) == set(result.cores[0].members)
    assert (result.core_ties["source"] != result.core_ties["target"]).all()


def test_same_seed_same_answer_whatever_the_row_order_or_names() -> None:
    planted = planted_cores(accounts=1500, cores=(7,), tie_probability=0.9, seed=3)
    rows = planted.network.named_interactions()
    names = {key: f"{len(planted.network.keys) + row}" for row, key in enumerate(planted.network.keys)}
    renamed = rows.with_columns(pl.col("source", "target").replace_strict(names))
    settings = {"replicates": 12, "power_runs": 2, "draws": 99, "seed": 5}
    first = leading_core(planted.network, **settings)
    shuffled = leading_core(Network.from_tables(rows.sample(fraction=1, shuffle=True, seed=1)), **settings)
    assert shuffled.cores == first.cores
    assert shuffled.pool.equals(first.pool)
    other = leading_core(Network.from_tables(renamed), **settings)
    assert [[names[m] for m in core.members] for core in first.cores] == [list(core.members) for core in other.cores]
    assert [core.score for core in first.cores] == pytest.approx([core.score for core in other.cores])


def test_a_single_hub_is_not_a_core() -> None:
    hub = [(f"fan{i:03d}", "hub") for i in range(200)]
    others = [(f"fan{i:03d}", f"small{i % 40:02d}") for i in range(80)]
    network = Network.from_tables(pl.DataFrame([*hub, *others], schema=["source", "target"], orient="row"))
    result = leading_core(network, **QUICK, seed=1)
    assert result.outcome == "single_hub"
    assert result.hub == "hub"
    assert result.cores == ()
    assert result.attention_of_top.value == pytest.approx(200 / 280)


@pytest.mark.parametrize(
    ("network", "outcome"),
    [
        (Network.from_tables(None), "insufficient_data"),
        (Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]})), "single_hub"),
        (karate(), "insufficient_data"),
        (Network.from_graph(nx.cycle_graph(60, create_using=nx.DiGraph)), "insufficient_data"),
        (Network.from_graph(nx.complete_graph(60, create_using=nx.DiGraph)), "not_testable"),
    ],
    ids=["empty", "one tie", "small", "cycle", "complete"],
)
def test_networks_that_cannot_be_tested_say_so(network: Network, outcome: str) -> None:
    result = leading_core(network, **QUICK, seed=1)
    assert result.outcome == outcome
    assert result.reason.endswith(".")
    assert result.cores == ()


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(MeasureError, match=r"leading_core.alpha: must be above 0 and below 1; found 2"):
        leading_core(karate(), alpha=2, seed=1)
    with pytest.raises(MeasureError, match="largest_team"):
        leading_core(karate(), largest_team=90, seed=1)


def test_an_avalanche_of_one_fan_is_one_fan() -> None:
    planted = planted_cores(accounts=1500, cores=(), seed=2)
    rows = planted.network.named_interactions().select("source", "target", "kind")
    noisy = pl.concat([rows, pl.DataFrame([("fan", "star", "retweet")] * 3000, schema=rows.schema, orient="row")])
    result = leading_core(Network.from_tables(noisy), **QUICK, seed=1)
    assert "star" not in set(result.pool["account"])


@pytest.mark.slow
def test_occupy_is_a_single_hub(shared: Path) -> None:
    table = pl.read_csv(shared / "occupy_retweets" / "rt_occupywallstnyc.edges", has_header=False, infer_schema=False)
    network = Network.from_tables(pl.DataFrame({"source": table[:, 1], "target": table[:, 0]}))
    result = leading_core(network, **QUICK, seed=1)
    assert network.n_accounts == 3609
    assert result.outcome == "single_hub"
    assert result.hub == "1783"
    assert result.attention_of_top.value == pytest.approx(0.715, abs=0.001)


@pytest.mark.slow
def test_the_suffragettes_inner_circle_is_the_family(shared: Path) -> None:
    table = pl.read_csv(shared / "classics" / "covert_44_12_edges.csv", infer_schema=False)
    result = leading_core(Network.from_tables(table, directed=False), **QUICK, seed=1)
    # Seventeen relatives, every two of them seen together; the others turn to them no more than to anyone.
    assert result.outcome == "cohesive_not_leading"
    assert result.candidate is not None
    assert result.candidate.tier == "strong"
    assert result.candidate.cohesion > 0.95
    family = set(result.candidate.members)
    assert {f"{name} Pankhurst" for name in ("Emmeline", "Christabel", "Sylvia", "Adela", "Richard")} <= family


@pytest.mark.parametrize("cores", [1, 2])
def test_two_samples_at_once_change_no_answer(planted_result, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    planted, result = planted_result
    monkeypatch.setattr("netact.side_by_side.cores", lambda: cores)
    monkeypatch.setattr("netact.measures.leading_core._SIDE_BY_SIDE_ROWS", 0)
    monkeypatch.setattr("netact.null_models._SIDE_BY_SIDE_EVENTS", 0)
    assert digest(leading_core(planted.network, replicates=40, power_runs=5, seed=1)) == digest(result)
