"""Tests of groups through time: worked steps, planted splits and mergers, what does not change, the core, edge cases."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netact.errors import MeasureError
from netact.faction_tracking import faction_tracking, track
from netact.network import Network
from netact.partition import compacted, leiden_partitions
from netact.polarization import adjusted_rand
from netact.synthetic import planted_split

START = datetime(2024, 3, 4, tzinfo=UTC)
QUICK = {"draws": 49, "runs": 1, "seed": 1}


def groups(*members):
    return {number: frozenset(group) for number, group in enumerate(members)}


def told(found, step=1):
    return [(e.event, e.strand, e.other) for e in found.events if e.step == step]


# ---------------------------------------------------------------------- strands

WORKED = [groups("abcdefgh", "ijklmn"), groups("abcd", "efgh", "ijklmnop", "qrs")]


def test_worked_step():
    found = track(WORKED, threshold=0.3)
    assert told(found) == [("split", 0, 2), ("expand", 1, None), ("birth", 3, None)]
    by_event = {e.event: e for e in found.events if e.step == 1}
    assert by_event["split"].jaccard == 0.5
    assert by_event["expand"].jaccard == 0.75
    assert (by_event["expand"].before, by_event["expand"].accounts) == (6, 8)
    assert found.strand_of == ({0: 0, 1: 1}, {0: 0, 1: 2, 2: 1, 3: 3})


def test_worked_step_at_every_threshold():
    splits = {
        t: [e for e in track(WORKED, threshold=t).events if e.event == "split"] for t in (0.1, 0.2, 0.3, 0.4, 0.5)
    }
    assert [len(found) for found in splits.values()] == [1, 1, 1, 1, 0]  # .5 is not above .5


def test_three_equal_parts():
    steps = [groups("abcdefghi"), groups("abc", "def", "ghi")]
    assert told(track(steps, threshold=0.3)) == [("split", 0, 1), ("split", 0, 2)]
    # 1/3 is not above one half: the same division is a death and three births.
    assert told(track(steps, threshold=0.5)) == [
        ("death", 0, None),
        ("birth", 1, None),
        ("birth", 2, None),
        ("birth", 3, None),
    ]


def test_mergers():
    found = track([groups("abcde", "fgh"), groups("abcdefgh")], threshold=0.3)
    assert told(found) == [("merge", 1, 0)]
    assert found.strand_of[1] == {0: 0}


def test_sizes_and_patience():
    kept = [groups("abcdefghij"), groups("abcdefghij"), groups("abcdefghi"), groups("abcdefg")]
    found = track(kept)
    assert [told(found, step)[0][0] for step in range(4)] == ["birth", "continue", "continue", "contract"]
    gap = [groups("abc"), groups("xyz"), groups("abc")]
    assert [e.event for e in track(gap).events if e.strand == 0] == ["birth", "death"]
    patient = track(gap, patience=2)
    assert [e.event for e in patient.events if e.strand == 0] == ["birth", "continue"]
    assert track([{}, {}]).events == ()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(-1, 3), min_size=10, max_size=10), min_size=1, max_size=5), st.floats(0, 0.9))
def test_strands_are_consistent(labels, threshold):
    steps = []
    for row in labels:
        members = {g: frozenset(i for i, label in enumerate(row) if label == g) for g in range(4)}
        steps.append({g: m for g, m in members.items() if m})
    found = track(steps, threshold=threshold)
    alive: set[int] = set()
    for step, (members, strand_of) in enumerate(zip(steps, found.strand_of, strict=True)):
        assert set(strand_of) == set(members)
        assert len(set(strand_of.values())) == len(members)  # a strand is one group at most
        events = [e for e in found.events if e.step == step]
        born = {e.strand for e in events if e.event == "birth"} | {e.other for e in events if e.event == "split"}
        gone = {e.strand for e in events if e.event in ("death", "merge")}
        assert gone <= alive
        assert not born & alive
        alive = (alive | born) - gone
        assert set(strand_of.values()) == alive
        assert all(e.jaccard is None or e.jaccard > threshold - 1e-12 for e in events)


# ---------------------------------------------------------------------- planted changes


@pytest.fixture(scope="module")
def split():
    planted = planted_split(seed=3)
    return planted, faction_tracking(planted.network, planted.edges, **QUICK)


def test_a_planted_split_is_found(split):
    _planted, found = split
    assert found.verdict == "split"
    event = found.events.filter(event="split").sort("strength", descending=True).row(0, named=True)
    assert event["window"] == 3
    assert event["across_before"] > 0.4
    assert event["across_after"] < 0.05
    assert found.strongest_split.p_value == 1 / 50
    assert event["p_value"] == 2 * found.strongest_split.p_value  # splits and mergers are two families
    assert found.strongest_split.value == event["strength"]
    assert found.windows["groups"].to_list() == [2, 2, 2, 3, 3, 3]
    flows = found.flows.filter(window=2).drop_nulls()
    assert sorted(flows["accounts"].to_list()) == [22, 23, 45]


def test_the_strands_are_the_planted_groups(split):
    planted, found = split
    assert set(found.strands.filter(window=0)["accounts"].to_list()) == {45}
    assert sorted(found.strands.filter(window=5)["accounts"].to_list()) == [22, 23, 45]
    # The leaders who left in the split are those of the divided group whose half is the new strand.
    left = found.leaders.filter(how="split")
    rows = [planted.network.keys.index(key) for key in left["account"]]
    assert len(rows)
    assert len({planted.after[row] for row in rows}) == 1
    assert {planted.before[row] for row in rows} <= {0}
    assert found.leaders.filter(how="moved").height == 0
    assert found.leaders_moved.value == 0


def test_strength_is_the_likelihood_ratio(split):
    """The signed root, by hand, of the table of interactions of the two halves."""
    planted, found = split
    rows = planted.network.rows()
    half = np.where(planted.before == 0, planted.after, -1)
    a, b = half[rows["source"].to_numpy()], half[rows["target"].to_numpy()]
    # The fourth day, in which the halves were found, is left out.
    inside = (
        (a >= 0) & (b >= 0) & ~rows["time"].is_between(planted.edges[3], planted.edges[4], closed="left").to_numpy()
    )
    late = (rows["time"] >= planted.edges[4]).to_numpy()[inside]
    across = (a != b)[inside]
    table = np.array([[np.sum(late == i) - np.sum((late == i) & across), np.sum((late == i) & across)] for i in (0, 1)])
    ratio = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert found.strongest_split.value == pytest.approx(math.sqrt(ratio), rel=1e-6)


def test_a_planted_merger_is_found():
    planted = planted_split(seed=4, merger=True)
    found = faction_tracking(planted.network, planted.edges, **QUICK)
    assert found.verdict == "merger"
    event = found.events.filter(event="merge").sort("strength", descending=True).row(0, named=True)
    assert event["window"] == 3
    assert event["across_before"] < 0.05 < 0.4 < event["across_after"]


@pytest.mark.parametrize("mixing", [0.05, 0.5])
def test_what_does_not_change_is_steady(mixing):
    planted = planted_split(seed=5, at=None, mixing=mixing, events=300)
    found = faction_tracking(planted.network, planted.edges, **QUICK)
    # Loose groups change too much to say that none split.
    assert found.verdict == ("steady" if found.crowd_moved.value <= 0.25 else "undetermined")
    assert found.strongest_split.p_value > 0.02
    assert (found.verdict == "undetermined") == ("too much" in found.reason)


def test_detection_and_false_positives():
    """Six planted splits, four of them found at least; and twelve without, of which no more are than 5 % allow."""
    small = {"accounts": 60, "events": 220, "windows": 4}
    found = 0
    for seed in range(6):
        planted = planted_split(seed=seed, at=2, **small)
        found += (
            faction_tracking(planted.network, planted.edges, draws=19, runs=1, seed=seed).strongest_split.p_value
            <= 0.05
        )
    false = 0
    for seed in range(12):
        planted = planted_split(seed=100 + seed, at=None, mixing=0.4, **small)
        false += (
            faction_tracking(planted.network, planted.edges, draws=19, runs=1, seed=seed).strongest_split.p_value
            <= 0.05
        )
    assert found >= 4
    assert false <= stats.binom.ppf(0.999, 12, 0.05)


def test_same_whatever_the_order_of_rows():
    planted = planted_split(seed=6, accounts=40, events=200, windows=4, at=2)
    rows = planted.network.named_interactions().select("source", "target", "kind", "time")
    shuffled = Network.from_tables(rows.sample(fraction=1, shuffle=True, seed=1), planted.network.accounts)
    first, second = (
        faction_tracking(network, planted.edges, members=planted.network.keys[:6], draws=5, min_events=100, seed=2)
        for network in (planted.network, shuffled)
    )
    for name in ("windows", "strands", "events", "flows", "leaders", "thresholds", "core"):
        assert getattr(first, name).equals(getattr(second, name)), name
    assert first.strongest_split == second.strongest_split
    assert first.core_distance == second.core_distance


def test_thresholds_are_shown(split):
    _planted, found = split
    table = found.thresholds.filter(event="split")
    assert table["threshold"].to_list() == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert table.filter(threshold=0.3)["count"][0] == found.splits.value == 1
    assert table.filter(threshold=0.3)["expected"][0] == pytest.approx(found.splits.null_mean)
    # Two halves have a Jaccard index of one half with the whole: not above .5.
    assert table.filter(threshold=0.5)["count"][0] == 0


# ---------------------------------------------------------------------- the core


def core_network(*, parts, windows=4, seed=0):
    """A core of eight within a crowd; with ``parts`` its halves turn to themselves in the later windows."""
    random = np.random.default_rng(seed)
    rows = []
    for window in range(windows):
        for _ in range(60):
            a = int(random.integers(8))
            same = parts and window >= windows // 2
            choices = [b for b in range(8) if b != a and (not same or (a < 4) == (b < 4))]
            rows.append((f"c{a}", f"c{random.choice(choices)}", window))
        rows += [(f"x{random.integers(30):02d}", f"x{random.integers(30):02d}", window) for _ in range(160)]
        rows += [(f"x{random.integers(30):02d}", f"c{random.integers(8)}", window) for _ in range(60)]
    frame = pl.DataFrame(
        [(a, b, START + timedelta(days=w, seconds=i)) for i, (a, b, w) in enumerate(rows)],
        schema=["source", "target", "time"],
        orient="row",
    )
    edges = pl.datetime_range(START, START + timedelta(days=windows), "1d", eager=True)
    return Network.from_tables(frame), edges


CORE = [f"c{i}" for i in range(8)]


def test_a_core_that_falls_out():
    network, edges = core_network(parts=True)
    found = faction_tracking(network, edges, members=CORE, **QUICK)
    assert sorted(map(sorted, found.core_halves)) == [CORE[:4], CORE[4:]]
    assert found.core_distance.value < -0.3
    assert found.core_distance.p_value == 1 / 50
    assert found.core_distance.tail == "less"
    assert found.core_lost_ties.value > found.core_lost_ties.null_mean
    index = found.core["ei_index"].to_list()
    assert max(index[2:]) == -1 < min(index[:2])
    assert found.core["lost"][0] is None


def test_a_core_that_stays_together():
    rejected = 0
    for seed in range(12):
        network, edges = core_network(parts=False, seed=seed)
        found = faction_tracking(network, edges, members=CORE, draws=19, runs=1, seed=seed)
        rejected += found.core_distance.p_value is not None and found.core_distance.p_value <= 0.05
    assert rejected <= stats.binom.ppf(0.999, 12, 0.05)


@pytest.mark.parametrize(
    ("members", "why"), [(None, "no core"), (CORE[:3], "fewer than 4"), (["x01", "x02", "x03", "x04"], "too seldom")]
)
def test_without_a_core_to_look_at(members, why):
    network, edges = core_network(parts=False)
    found = faction_tracking(network, edges, members=members, draws=2, runs=1, seed=1)
    assert found.core_distance.status == "insufficient_data"
    assert why in found.core_distance.reason
    assert found.core_lost_ties.value is None


# ---------------------------------------------------------------------- edges of the data


def test_windows_with_too_few_interactions_are_passed_over():
    planted = planted_split(seed=7, accounts=40, windows=4, at=2, events=250)
    rows = planted.network.named_interactions().select("source", "target", "kind", "time")
    thin = rows.filter((pl.col("time") < planted.edges[1]) | (pl.col("time") >= planted.edges[2]))
    thin = pl.concat([thin, rows.filter(pl.col("time").is_between(planted.edges[1], planted.edges[2])).head(50)])
    found = faction_tracking(Network.from_tables(thin), planted.edges, draws=2, runs=1, seed=1)
    assert found.status == "ok"
    assert found.windows["status"].to_list() == ["ok", "insufficient_data", "ok", "ok"]
    assert found.windows["groups"][1] is None
    assert "passed over" in found.warnings[0]
    assert set(found.flows["next_window"].to_list()) == {2, 3}


def test_nothing_to_follow():
    planted = planted_split(seed=7, accounts=40, windows=3, events=60)
    found = faction_tracking(planted.network, planted.edges, seed=1)
    assert found.status == "insufficient_data"
    assert "200 interactions" in found.reason
    assert found.windows.height == 3
    untimed = Network.from_tables(pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
    found = faction_tracking(untimed, planted.edges, seed=1)
    assert "no interaction has a time" in found.reason
    assert found.verdict == "undetermined"
    with pytest.raises(MeasureError, match="threshold"):
        faction_tracking(planted.network, planted.edges, threshold=1.0, seed=1)
    with pytest.raises(MeasureError, match="runs"):
        faction_tracking(planted.network, planted.edges, runs=0, seed=1)


def test_too_few_draws_give_no_verdict(split):
    planted, _found = split
    found = faction_tracking(planted.network, planted.edges, draws=0, runs=1, seed=1)
    assert found.verdict == "undetermined"
    assert found.strongest_split.p_value is None
    assert found.events["p_value"].null_count() == found.events.height


def test_without_direction():
    planted = planted_split(seed=3)
    rows = planted.network.named_interactions().select("source", "target", "kind", "time")
    network = Network.from_tables(rows, planted.network.accounts, directed=False)
    found = faction_tracking(network, planted.edges, members=network.keys[:10], **QUICK)
    assert found.verdict == "split"
    assert found.core_lost_ties.value is None
    assert "dealt out anew" in found.strongest_split.null_model


def test_planted_groups():
    planted = planted_split(seed=1, groups=3, accounts=60)
    assert len(set(planted.before.tolist())) == 3
    assert len(set(planted.after.tolist())) == 4
    assert len(planted.edges) == 7
    assert planted.network.interactions["time"].max() < planted.edges[-1]
    still = planted_split(seed=1, at=None)
    assert adjusted_rand(still.before, still.after) == 1


def test_large_data_are_cut_to_the_most_active():
    planted = planted_split(seed=3)
    found = faction_tracking(planted.network, planted.edges, max_events=1500, min_events=100, **QUICK)
    assert "most active accounts" in found.warnings[0]
    assert found.verdict == "split"


# ---------------------------------------------------------------------- real data

# The factions of Sampson's monastery by the number of each monk: Young Turks, outcasts, loyal opposition.
MONKS = ({1, 2, 7, 12, 14, 15, 16}, {3, 13, 17, 18}, {4, 5, 6, 8, 9, 10, 11})


def test_the_factions_of_the_monastery(shared):
    """In the second and third wave the groups are exactly those that Sampson described, and they do not change."""
    folder = shared / "classics"
    waves = [pl.read_csv(folder / f"sampson_{wave}_edges.csv").select("source", "target") for wave in (1, 2, 3)]
    rows = pl.concat([wave.with_columns(time=START + timedelta(days=120 * i)) for i, wave in enumerate(waves)])
    network = Network.from_tables(rows.with_columns(pl.col("time").dt.replace_time_zone("UTC")), kind="mention")
    edges = pl.Series([START + timedelta(days=120 * i) for i in range(4)], dtype=pl.Datetime("us", "UTC"))
    found = faction_tracking(network, edges, min_events=40, draws=99, runs=5, seed=1)
    assert found.verdict == "steady"
    assert found.splits.value == 0
    last = found.events.filter(window=2)
    assert last["event"].unique().to_list() == ["continue"]
    assert last["jaccard"].to_list() == [1, 1, 1]
    # The file names its rows in another order than it numbers them: the place of a label is the number of the monk.
    listed = pl.read_csv(folder / "sampson_1_nodes.csv")["id"].to_list()
    assert sorted(found.strands.filter(window=2)["accounts"].to_list()) == [4, 7, 7]
    third = Network.from_tables(waves[2], kind="mention")
    ties, account = compacted(third.undirected_ties())
    partition = leiden_partitions(ties, seeds=[1], resolution=1.0)[0]
    numbers = [
        {listed.index(third.keys[account[i]]) + 1 for i in np.flatnonzero(partition == group)}
        for group in range(partition.max() + 1)
    ]
    assert sorted(map(sorted, numbers)) == sorted(map(sorted, MONKS))
