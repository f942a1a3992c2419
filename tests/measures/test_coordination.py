"""Who acts together: planted groups and decoys, chance, edge cases, and real data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from netact.errors import MeasureError
from netact.importers import read_network
from netact.layout import disparity
from netact.measures import coordination as module
from netact.measures.coordination import coordination
from netact.network import Network
from netact.significance import false_discovery
from netact.synthetic import planted_coordination

START = datetime(2024, 3, 4, tzinfo=UTC)


def table(rows):
    """Return shares of (account, object, seconds)."""
    return pl.DataFrame(
        [(a, o, START + timedelta(seconds=float(t))) for a, o, t in rows],
        schema=["account", "object", "time"],
        orient="row",
    )


@pytest.fixture(scope="module")
def planted():
    return planted_coordination(seed=3)


@pytest.fixture(scope="module")
def found(planted):
    return coordination(planted.network, draws=19, seed=1)


def true_pairs(planted):
    return {frozenset((a, b)) for group in planted.groups for a in group for b in group if a < b}


def test_planted_groups_are_found_and_nobody_else(planted, found):
    assert (found.status, found.outcome, found.objects) == ("ok", "groups", "shares")
    pairs = {frozenset(pair) for pair in found.edges.select("account_a", "account_b").iter_rows()}
    assert pairs <= true_pairs(planted)
    assert len(pairs) >= 0.9 * len(true_pairs(planted))
    groups = {frozenset(members["account"]) for _, members in found.members.group_by("group", maintain_order=True)}
    assert groups == {frozenset(group) for group in planted.groups}
    assert found.groups["accounts"].to_list() == sorted((len(g) for g in planted.groups), reverse=True)


def test_decoys_are_not_found(planted, found):
    named = set(found.members["account"])
    assert not named & {*planted.same_hours, *planted.hyperactive}
    assert found.n_viral == len(planted.viral)
    # Accounts alike in interest and hours pass the first test, and only the first.
    assert found.n_sharing > found.edges.height + 15


def test_the_number_of_pairs_is_compared_with_shuffled_times(found):
    assert found.pairs.value == found.edges.height
    assert found.pairs.null_mean < 1
    assert found.pairs.p_value == pytest.approx(1 / 20)
    assert found.pairs.draws == 19


def test_every_edge_carries_its_evidence(found):
    for row in found.edges.iter_rows(named=True):
        assert row["close"] >= 3
        assert row["objects"] >= row["close"]
        assert row["q_sharing"] <= 0.05
        assert row["q_timing"] <= 0.05
        assert max(row["p_timing"], row["p_rhythm"]) <= row["q_timing"]
        assert row["p_sharing"] <= row["q_sharing"]
        assert 1 <= len(row["examples"]) <= 5
        assert 0 <= row["symmetry"] <= 1
    assert found.gaps["observed"].sum() == found.edges["objects"].sum()
    assert found.gaps["expected"].sum() == pytest.approx(found.edges["objects"].sum())
    assert found.gaps["observed"][:3].sum() > 3 * found.gaps["expected"][:3].sum()
    assert found.members.drop_nulls(["x", "y"]).height == found.members.height


def test_without_planted_groups_next_to_nothing_is_found():
    pairs = [
        coordination(planted_coordination(groups=(), seed=seed).network, draws=0, seed=1).edges.height
        for seed in range(20, 30)
    ]
    assert sum(pairs) <= 1


def test_shuffled_times_leave_next_to_nothing(planted):
    shares = planted.network.named_shares()
    random = np.random.default_rng(0)
    mixed = shares.with_columns(_dealt=pl.Series(random.random(shares.height))).with_columns(
        time=pl.col("time").sort_by("_dealt").over("object")
    )
    result = coordination(Network.from_tables(shares=mixed.drop("_dealt")), draws=0, seed=1)
    assert result.outcome in ("none_found", "not_testable")
    assert result.n_sharing > 0
    # The percentile cut finds pairs all the same.
    assert result.comparison.filter(pl.col("rule") == "percentile")["pairs"][0] > 0


def test_row_order_changes_nothing(planted, found):
    shares = planted.network.named_shares().sample(fraction=1.0, shuffle=True, seed=5)
    keys = planted.network.accounts.select("key").sample(fraction=1.0, shuffle=True, seed=6)
    again = coordination(Network.from_tables(accounts=keys, shares=shares), draws=19, seed=1)
    for name in ("edges", "groups", "members", "gaps", "comparison"):
        assert_frame_equal(getattr(found, name), getattr(again, name))
    assert again.pairs == found.pairs


def test_large_inputs_take_the_strict_way_and_agree(planted, found, monkeypatch):
    monkeypatch.setattr(module, "_MOST_PAIRS", 100)
    strict = coordination(planted.network, draws=19, seed=1)
    assert strict.pairs.p_value is None
    assert any("too many pairs" in warning for warning in strict.warnings)
    ours = set(found.edges.select("account_a", "account_b").iter_rows())
    theirs = set(strict.edges.select("account_a", "account_b").iter_rows())
    assert theirs <= ours
    assert len(theirs) >= 0.7 * len(ours)


def test_a_leading_core_is_compared_with_accounts_drawn_at_random(planted):
    result = coordination(planted.network, draws=0, core=planted.groups[0], seed=1)
    overlap = result.core_overlap
    assert overlap.value == len(planted.groups[0])
    assert overlap.p_value < 1e-6
    assert overlap.null_mean == pytest.approx(
        len(planted.groups[0]) * result.members.height / result.n_accounts, rel=1e-9
    )
    assert result.groups["core_members"].to_list() == [len(planted.groups[0]), 0]
    assert coordination(planted.network, draws=0, seed=1).core_overlap.value is None


def test_retweets_name_the_post_that_is_shared(planted):
    shares = planted.network.named_shares()
    retweets = shares.select(
        source="account", target=pl.lit("author"), time="time", ref_post_id="object", kind=pl.lit("retweet")
    )
    result = coordination(Network.from_tables(retweets), draws=0, seed=1)
    assert result.objects == "retweets"
    pairs = {frozenset(pair) for pair in result.edges.select("account_a", "account_b").iter_rows()}
    assert pairs <= true_pairs(planted)
    assert len(pairs) >= 0.9 * len(true_pairs(planted))


def test_hashtags_are_objects_only_when_asked_for(planted):
    shares = planted.network.named_shares().with_columns(
        tag=pl.col("object").str.extract(r"(\d+)$").map_elements(lambda n: f"tag{n}", pl.String)
    )
    rows = shares.select(source="account", target=pl.lit("author"), time="time", hashtags="tag", kind=pl.lit("mention"))
    network = Network.from_tables(rows)
    assert coordination(network, draws=0, seed=1).outcome == "insufficient_data"
    result = coordination(network, objects="hashtags", draws=0, seed=1)
    assert (result.outcome, result.objects) == ("groups", "hashtags")


def test_objects_only_a_group_shared_cannot_be_compared():
    random = np.random.default_rng(1)
    rows = [(f"a{a}", f"o{o}", random.uniform(0, 1e6)) for o in range(60) for a in random.choice(60, 4, replace=False)]
    rows += [(f"t{a}", f"own{o}", 5000 * o + random.uniform(0, 20)) for o in range(15) for a in range(3)]
    result = coordination(Network.from_tables(shares=table(rows)), draws=0, seed=1)
    assert (result.status, result.outcome) == ("not_testable", "not_testable")
    assert result.n_untestable == 3
    assert "hardly anyone else" in result.reason


@pytest.mark.parametrize(
    ("unit", "outcome", "windows"),
    [("1m", "ok", (60,)), ("1h", "not_testable", ()), ("1d", "not_testable", ())],
)
def test_coarse_times_are_said(planted, unit, outcome, windows):
    shares = planted.network.named_shares().with_columns(pl.col("time").dt.truncate(unit))
    result = coordination(Network.from_tables(shares=shares), draws=0, seed=1)
    assert result.status == outcome
    assert result.windows == windows


def test_nothing_to_test_is_said_at_once():
    for network in (
        Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"], "kind": ["retweet"]})),
        Network.from_tables(shares=table([])),
        Network.from_tables(shares=table([("a", "o", 1), ("b", "o", 2)])),
        Network.from_tables(shares=table([("a", "o", 1)]).with_columns(time=pl.lit(None, pl.Datetime("us", "UTC")))),
    ):
        result = coordination(network, seed=1)
        assert (result.status, result.outcome) == ("insufficient_data", "insufficient_data")
        assert result.reason
        assert result.edges.height == 0


@pytest.mark.parametrize(
    "parameters",
    [
        {"objects": "pictures"},
        {"fewest_objects": 2},
        {"viral_share": 0.0},
        {"false_discovery_rate": 1.0},
        {"draws": -1},
    ],
)
def test_parameters_out_of_range_are_refused(planted, parameters):
    with pytest.raises(MeasureError, match="coordination"):
        coordination(planted.network, **parameters, seed=1)


def test_false_discoveries_count_the_tests_that_are_not_listed():
    p = [0.001, 0.01, 0.5]
    assert false_discovery(p, tests=10) == pytest.approx(false_discovery([*p, *[1.0] * 7])[:3])
    assert false_discovery([], tests=5).size == 0


def test_the_disparity_filter_of_the_worked_example():
    rows = [("0", "1", 10), ("0", "2", 1), ("0", "3", 1), ("0", "4", 1), ("1", "2", 5), ("3", "4", 2)]
    frame = pl.DataFrame(rows, schema=["source", "target", "weight"], orient="row")
    pairs = Network.from_tables(frame, kind="share").undirected_ties()
    alpha = {(int(s), int(t)): a for s, t, a in zip(pairs.source, pairs.target, disparity(pairs), strict=True)}
    expected = {
        (0, 1): 0.012289,
        (0, 2): 0.786527,
        (0, 3): 0.666667,
        (0, 4): 0.666667,
        (1, 2): 0.166667,
        (3, 4): 0.333333,
    }
    assert alpha == pytest.approx(expected, abs=1e-6)


# ---------------------------------------------------------------------- real data


def test_accounts_published_as_coordinated_share_alike_but_not_within_a_minute(shared):
    network = read_network(shared / "coortweet_coordination" / "russian_coord_tweets.csv.gz")
    result = coordination(network, draws=0, seed=1)
    assert result.n_accounts == 8484
    assert result.n_sharing == 44
    assert (result.outcome, result.edges.height) == ("none_found", 0)
    cut = result.comparison.filter(pl.col("rule") == "percentile").row(0, named=True)
    assert (cut["pairs"], cut["accounts"]) == (2, 4)


def test_german_election_pages_act_together_and_the_cut_keeps_more_of_shuffled_times(shared):
    network = read_network(shared / "coortweet_coordination" / "german_elections.csv.gz")
    result = coordination(network, draws=3, seed=1)
    assert result.outcome == "groups"
    assert 80 <= result.edges.height <= 100
    assert result.pairs.null_mean == 0
    cut = result.comparison.filter(pl.col("rule") == "percentile").row(0, named=True)
    assert cut["pairs_by_chance"] > cut["pairs"]
