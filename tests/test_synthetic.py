"""The generators: what they promise of every network, and that the bundled sample is what they write."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.errors import MeasureError
from netact.network import Network
from netact.synthetic import (
    SAMPLE_SEED,
    g1,
    karate,
    movement,
    planted_cores,
    sample_folder,
    write_sample,
)

ROOT = Path(__file__).resolve().parents[1]


def density(network: Network, members: tuple[str, ...], kind: str = "retweet") -> float:
    """Share of ordered pairs of members that are tied."""
    rows = np.isin(np.array(network.keys), members)
    return len(network.ties(kind).among(rows)) / (len(members) * (len(members) - 1))


# ---------------------------------------------------------------------- planted cores


def test_planted_core_is_tied_as_asked_and_lies_among_the_most_attractive():
    densities, ranks = [], []
    for seed in range(10):
        planted = planted_cores(accounts=3000, cores=(12,), tie_probability=0.6, seed=seed)
        network, core = planted.network, planted.cores[0]
        rows = np.flatnonzero(np.isin(np.array(network.keys), core))
        assert len(set(planted.communities[rows])) == 1
        densities.append(density(network, core))
        in_degree = network.ties().in_degree
        ranks.append(np.argsort(np.argsort(-in_degree))[rows].max())
    # 132 ordered pairs and a few chance ties: mean of ten runs within four standard errors of 0.6 (chance adds some).
    assert 0.56 < np.mean(densities) < 0.72
    assert max(ranks) < 150  # 60 by attractiveness; counts scatter


def test_planted_core_is_not_simply_the_top():
    planted = planted_cores(accounts=3000, cores=(8,), tie_probability=0.0, seed=5)
    order = np.argsort(-planted.network.ties().in_degree)
    top = {planted.network.keys[row] for row in order[:8]}
    assert top != set(planted.cores[0])


def test_nothing_planted_leaves_no_core_and_no_team():
    planted = planted_cores(accounts=600, cores=(), seed=1)
    assert planted.cores == ()
    assert planted.team == ()


def test_mean_activity_and_mixing_are_what_was_asked():
    planted = planted_cores(accounts=4000, cores=(), fan_clique=0, mixing=0.2, mean_activity=5, seed=2)
    rows = planted.network.interactions
    assert rows.height / 4000 == pytest.approx(5, rel=0.1)
    crosses = planted.communities[rows["source"].to_numpy()] != planted.communities[rows["target"].to_numpy()]
    assert crosses.mean() == pytest.approx(0.2, abs=0.015)


def test_fans_are_a_dense_clique_that_is_little_heard():
    planted = planted_cores(accounts=2000, cores=(), seed=3)
    ties = planted.network.ties()
    mutual_heavy = ties.where(ties.weight >= 3)
    graph = nx.DiGraph(zip(mutual_heavy.source.tolist(), mutual_heavy.target.tolist(), strict=True))
    clique = max(nx.find_cliques(graph.to_undirected()), key=len)
    assert 12 <= len(clique) <= 16
    assert np.median(ties.in_degree[clique]) < 25


def test_rival_cores_lie_in_their_own_communities_and_do_not_overlap():
    planted = planted_cores(accounts=3000, cores=(8, 6), seed=4)
    first, second = (np.isin(np.array(planted.network.keys), core) for core in planted.cores)
    assert not (first & second).any()
    assert set(planted.communities[first]) == {0}
    assert set(planted.communities[second]) == {1}


def test_elite_with_a_team_inside():
    planted = planted_cores(accounts=3000, cores=(40,), tie_probability=0.4, rank=100, team_within=(8, 0.95), seed=6)
    assert len(planted.cores[0]) == 40
    assert set(planted.team) < set(planted.cores[0])
    assert density(planted.network, planted.team) > 0.85
    assert density(planted.network, planted.cores[0]) < 0.6


def test_reciprocation_copying_and_sampling_change_what_they_say():
    plain = planted_cores(accounts=2000, cores=(), fan_clique=0, seed=7).network
    returned = planted_cores(accounts=2000, cores=(), fan_clique=0, reciprocation=0.3, seed=7).network
    copied = planted_cores(accounts=2000, cores=(), fan_clique=0, copying=0.5, seed=7).network
    thinned = planted_cores(accounts=2000, cores=(), fan_clique=0, sampling=0.25, seed=7).network
    reciprocity = [nx.reciprocity(network.to_networkx()) for network in (plain, returned)]
    assert reciprocity[1] > reciprocity[0] + 0.3
    n = plain.interactions.height
    assert returned.interactions.height == pytest.approx(1.3 * n, rel=0.02)
    assert 1.2 * n < copied.interactions.height < 1.5 * n
    assert thinned.interactions.height == pytest.approx(n / 4, rel=0.1)
    # Copied retweets close triads: u -> v -> w and u -> w.
    closed = [nx.transitivity(network.to_networkx().to_undirected()) for network in (plain, copied)]
    assert closed[1] > closed[0]


def test_keys_say_nothing_and_rows_are_the_generators_own():
    planted = planted_cores(accounts=1200, seed=8)
    assert planted.network.keys == [f"account{number:04d}" for number in range(1200)]


def test_same_seed_same_network_and_another_seed_another():
    prints = [planted_cores(accounts=400, cores=(4,), rank=30, seed=seed).network.fingerprint for seed in (1, 1, 2)]
    assert prints[0] == prints[1] != prints[2]


def test_a_core_that_does_not_fit_is_refused():
    with pytest.raises(MeasureError, match="a core of 30 does not fit"):
        planted_cores(accounts=400, cores=(30,), rank=30, seed=1)


# ---------------------------------------------------------------------- movement


@given(
    st.integers(0, 2**31),
    st.sampled_from([(7, 5), (4,), (), (2, 2, 2)]),
    st.integers(1, 4),
)
@settings(max_examples=15, deadline=None)
def test_movement_keeps_its_promises(seed, cores, factions):
    made = movement(accounts=500, interactions=2500, cores=cores, factions=factions, seed=seed)
    rows = made.interactions
    assert rows.height == 2500
    assert made.accounts["account"].n_unique() == 500
    assert (rows["source"] != rows["target"]).all()
    network = made.network
    assert network.receipt.rows_read == network.receipt.rows_kept  # nothing to clean
    assert network.n_accounts == 500
    known = set(network.keys)
    assert set(made.admins["account"]) <= known
    assert set(made.truth.factions) == known
    members = [key for core in made.truth.cores for key in core]
    assert len(set(members)) == len(members) == sum(cores)
    for core in made.truth.cores:
        assert {made.truth.factions[key] for key in core} == {made.truth.factions[core[0]]}


def test_movement_super_user_holds_most_logins_of_the_main_core():
    made = movement(seed=1)
    core = made.truth.cores[0]
    logins = made.admins.filter(pl.col("account").is_in(core), ~pl.col("is_bot"))
    counts = logins.group_by("person").len().sort("len", descending=True)
    assert counts.row(0) == (made.truth.super_user, 5)
    assert counts["len"][1] < 5
    assert made.admins.filter("is_bot")["person"].unique().to_list() == [made.truth.bot]


def test_movement_has_factions_bursts_tags_and_scripts():
    made = movement(seed=2)
    network = made.network
    faction = np.array([made.truth.factions[key] for key in network.keys])
    sizes = np.bincount(faction)
    assert sizes[0] > sizes[1] > sizes[2]
    crossing = {}
    for kind in ("retweet", "mention"):
        rows = network.rows(kind)
        crossing[kind] = (faction[rows["source"].to_numpy()] != faction[rows["target"].to_numpy()]).mean()
    assert crossing["retweet"] < 0.1 < 0.2 < crossing["mention"]
    daily = made.interactions.drop_nulls("time").group_by(pl.col("time").dt.date().cast(pl.String)).len()
    top = daily.sort("len", descending=True).head(4)["time"].to_list()
    assert len(set(top) & set(made.truth.burst_days)) >= 3
    hours = made.interactions["time"].drop_nulls().dt.hour().value_counts().sort("time")["count"]
    assert hours[20] > 5 * hours[3]
    tags = made.interactions.select(pl.col("hashtags").str.split(" ").explode()).to_series().drop_nulls()
    assert tags.n_unique() == 12
    handles = made.accounts["account"]
    assert handles.str.contains(r"\p{Arabic}").sum() > 50
    assert handles.str.contains("[áéíöüñšž]").sum() > 50
    assert handles.str.contains("[🌊🔥🌿✊🕊🌙]").sum() > 30
    assert made.accounts["platform"].n_unique() == 3


def test_movement_posts_gather_several_retweets_but_nobody_repeats_one():
    made = movement(seed=2)
    retweets = made.interactions.filter(pl.col("kind") == "retweet")
    assert retweets["post_id"].n_unique() < 0.6 * retweets.height
    assert retweets.select("source", "post_id").is_unique().all()
    assert retweets.group_by("post_id").agg(pl.col("target").n_unique())["target"].max() == 1


def test_movement_too_small_is_refused():
    with pytest.raises(MeasureError, match="too small"):
        movement(accounts=100, interactions=300, seed=1)


# ---------------------------------------------------------------------- the bundled sample


def test_sample_is_what_the_generator_writes(tmp_path):
    written = write_sample(tmp_path)
    bundled = ROOT / "data" / "samples"
    for path in written:
        assert path.read_bytes() == (bundled / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in written) < 1_200_000


def test_sample_folder_holds_the_sample():
    folder = sample_folder()
    truth = json.loads((folder / "movement_truth.json").read_text(encoding="utf-8"))
    made = movement(seed=SAMPLE_SEED)
    assert truth == json.loads(json.dumps(asdict(made.truth)))
    rows = pl.read_csv(folder / "movement_interactions.csv", infer_schema=False)
    assert rows.columns == ["source", "target", "kind", "time", "post_id", "platform", "hashtags"]
    assert rows.height == made.interactions.height


def test_wheel_rule_names_the_folder_the_code_looks_for():
    rule = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"data/samples" = "netact/_sample"' in rule


def test_codebook_tells_every_file_and_column():
    codebook = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "data" / "samples").glob("movement_*")):
        assert f"`{path.name}`" in codebook or f"/{path.name}`" in codebook
        if path.suffix == ".csv":
            for column in pl.read_csv(path, n_rows=1).columns:
                assert f"`{column}`" in codebook


# ---------------------------------------------------------------------- small known graphs


def test_g1_has_the_known_totals():
    ties = g1().ties()
    assert (len(ties), ties.weight.sum(), g1().n_accounts) == (16, 22, 11)


def test_karate_is_the_club():
    network = karate()
    assert not network.directed
    assert nx.is_isomorphic(network.to_networkx(), nx.karate_club_graph())
    assert set(network.ties().weight) == {1.0}
