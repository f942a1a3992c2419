"""Tests of the core's earlier activism: why matching is needed (worked), calibration, edge cases, order of rows."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats

from netact.earlier_activism import activity_strata, earlier_activism
from netact.errors import MeasureError
from netact.network import Network


def ring(keys, weight):
    return [(a, b, weight) for a, b in zip(keys, [*keys[1:], keys[0]], strict=True)]


def network(rows, earlier, *, accounts=None, shuffle=None):
    """Rows are (source, target, weight); earlier maps an event to its pairs."""

    def frame(pairs, columns):
        made = pl.DataFrame(pairs, schema=columns, orient="row")
        return made if shuffle is None else made.sample(fraction=1, shuffle=True, seed=shuffle)

    events = {name: Network.from_tables(frame(pairs, ["source", "target"])) for name, pairs in earlier.items()}
    return Network.from_tables(frame(rows, ["source", "target", "weight"]), accounts, earlier=events)


def worked_network():
    """5,000 accounts, 400 of them veterans; 200 are as active as the core, and 60 of those are veterans."""
    keys = [f"a{i:04d}" for i in range(5000)]
    loud, quiet = keys[:200], keys[200:]
    core = [*loud[:5], *loud[100:103]]  # five veterans, three others
    veterans = [*loud[:60], *quiet[:340]]
    rows = ring(loud, 50.0) + ring(quiet, 1.0)
    return network(rows, {"2011": [(veteran, "outsider") for veteran in veterans]}), core


def test_worked_values():
    assert stats.hypergeom.sf(4, 5000, 400, 8) == pytest.approx(1.462e-4, abs=5e-8)
    assert stats.hypergeom.sf(4, 200, 60, 8) == pytest.approx(0.0542, abs=5e-5)


def test_without_matching_the_same_data_say_the_opposite():
    data, core = worked_network()
    matched = earlier_activism(data, core, stratum=200, draws=1999, seed=1).active
    assert matched.value == 5
    assert matched.p_value == pytest.approx(0.0542, abs=0.016)  # three standard errors of 1,999 draws
    assert matched.null_mean == pytest.approx(8 * 60 / 200, abs=0.1)
    loose = earlier_activism(data, core, stratum=5000, draws=1999, seed=1)
    assert loose.active.p_value <= 0.003
    assert loose.active.null_mean == pytest.approx(8 * 400 / 5000, abs=0.1)
    # What anyone would have stands beside it, without a p-value.
    assert loose.active_unmatched.null_mean == pytest.approx(0.64)
    assert loose.active_unmatched.p_value is None


def test_members_who_were_tied_both_ways():
    keys = [f"a{i:02d}" for i in range(60)]
    core = keys[:4]
    earlier = [(a, b) for a in core for b in core if a != b] + [(keys[i], keys[i + 1]) for i in range(10, 50)]
    result = earlier_activism(network(ring(keys, 3.0), {"2011": earlier}), core, draws=199, seed=2)
    assert result.status == "ok"
    assert result.mutual_ties.value == 6
    assert result.mutual_ties.p_value == 0.005
    assert result.any_ties.value == 6
    assert result.by_member["mutual"].to_list() == [3, 3, 3, 3]
    assert result.by_member["events"].to_list() == [["2011"]] * 4
    assert result.matched_on == "activity"
    assert result.covered == pytest.approx(41 / 56)


def test_one_way_ties_are_not_mutual():
    keys = [f"a{i:02d}" for i in range(40)]
    earlier = [(keys[0], keys[1]), (keys[1], keys[2]), (keys[20], keys[21]), (keys[25], keys[0])]
    result = earlier_activism(network(ring(keys, 1.0), {"x": earlier}), keys[:3], draws=50, seed=2)
    assert (result.mutual_ties.value, result.any_ties.value) == (0, 2)
    assert result.mutual_ties.p_value == 1


def test_events_are_told_apart():
    keys = [f"a{i:02d}" for i in range(60)]
    events = {"2009": [(k, "x") for k in keys[:30]], "2011": [(k, "x") for k in keys[30:]]}
    result = earlier_activism(network(ring(keys, 1.0), events), keys[:5], draws=199, seed=3)
    by_event = {row["event"]: row for row in result.by_event.iter_rows(named=True)}
    assert by_event["2009"]["members"] == 5
    assert by_event["2011"]["members"] == 0
    assert by_event["2009"]["q_value"] == pytest.approx(min(1, 2 * by_event["2009"]["p_value"]), abs=1e-9)
    assert by_event["2011"]["p_value"] == 1
    assert by_event["2009"]["rows"] == by_event["2009"]["accounts"] == 30


@pytest.mark.parametrize(
    "earlier",
    [
        [("a00", "a01"), ("a01", "stranger"), ("a20", "a00"), ("a02", "a30")],  # every row holds a member
        [("a00", f"a{i}") for i in range(20, 50)] + [("a01", "a55"), ("a02", "x")] + [("a50", "a51")],
    ],
)
def test_data_collected_from_the_core_cannot_be_tested(earlier):
    keys = [f"a{i:02d}" for i in range(60)]
    result = earlier_activism(network(ring(keys, 1.0), {"timelines": earlier}), keys[:3], seed=1)
    assert result.status == "not_testable"
    assert result.active.value is None
    assert result.rows == len(earlier)


def test_nothing_to_compare():
    keys = [f"a{i:02d}" for i in range(30)]
    plain = network(ring(keys, 1.0), {})
    assert earlier_activism(plain, keys[:3], seed=1).status == "insufficient_data"
    assert "earlier protests" in earlier_activism(plain, keys[:3], seed=1).reason
    told = network(ring(keys, 1.0), {"x": [(keys[9], keys[10])]})
    for members in (None, [], keys[:1]):
        result = earlier_activism(told, members, seed=1)
        assert result.status == "insufficient_data"
        assert "core" in result.reason
    alone = network(ring(keys, 1.0) + ring(["c1", "c2", "c3"], 900.0), {"x": [(keys[9], keys[10])]})
    result = earlier_activism(alone, ["c1", "c2", "c3"], stratum=3, seed=1)
    assert result.status == "not_testable"
    with pytest.raises(MeasureError, match="unknown accounts"):
        earlier_activism(told, ["a01", "nobody"], seed=1)
    with pytest.raises(MeasureError, match="stratum"):
        earlier_activism(told, keys[:2], stratum=1, seed=1)
    bare = earlier_activism(network(ring(keys, 1.0), {"x": [(keys[9], keys[10])]}), keys[:3], draws=0, seed=1)
    assert bare.active.p_value is None
    assert bare.by_event["p_value"].to_list() == [None]


def test_says_when_hardly_anybody_is_comparable():
    keys = [f"a{i:02d}" for i in range(30)]
    data = network(ring(keys, 1.0) + ring(["c1", "c2", "c3", "d1"], 900.0), {"x": [(keys[9], keys[10])]})
    result = earlier_activism(data, ["c1", "c2", "c3"], stratum=4, draws=20, seed=1)
    assert result.status == "ok"
    assert "hardly any account" in result.warnings[0]


def test_strata_by_age():
    activity = np.array([5.0] * 8)
    age = np.array([1, 2, 3, 4, 5, 6, np.nan, np.nan])
    strata = activity_strata(activity, first=3, age=age)
    assert strata[:3].tolist() == [0, 0, 0]
    assert strata[3:6].tolist() == [1, 1, 1]
    assert strata[6:].tolist() == [2, 2]
    keys = [f"a{i:02d}" for i in range(40)]
    accounts = pl.DataFrame({"key": keys, "joined": [date(2010, 1, 1 + i % 28) for i in range(40)]})
    events = {"x": [(k, "y") for k in keys[:20]]}
    assert earlier_activism(network(ring(keys, 1.0), events, accounts=accounts), keys[:3], seed=1).matched_on == (
        "activity and age"
    )
    text = accounts.with_columns(created_at=pl.col("joined").cast(pl.String) + "T10:00:00Z").drop("joined")
    assert "age" in earlier_activism(network(ring(keys, 1.0), events, accounts=text), keys[:3], seed=1).matched_on


def test_age_explains_what_activity_does_not():
    """Old accounts were all there before; a core of old accounts is nothing special among them."""
    keys = [f"a{i:03d}" for i in range(200)]
    accounts = pl.DataFrame({"key": keys, "joined": [date(2008 if i < 60 else 2020, 1, 1) for i in range(200)]})
    events = {"x": [(k, "y") for k in keys[:60]]}
    blind = earlier_activism(network(ring(keys, 1.0), events), keys[:6], draws=199, seed=4)
    seeing = earlier_activism(network(ring(keys, 1.0), events, accounts=accounts), keys[:6], draws=199, seed=4)
    assert blind.active.p_value <= 0.01
    assert seeing.active.p_value == 1


def test_same_whatever_the_order_of_rows():
    data, core = worked_network()
    rows = list(data.named_interactions().select("source", "target", "weight").iter_rows())
    earlier = [(a, "outsider") for a in data.named_earlier()["source"]]
    results = [
        earlier_activism(network(rows, {"2011": earlier}, shuffle=s), core[::-1], draws=50, seed=9) for s in (1, 2)
    ]
    assert results[0].by_member.equals(results[1].by_member)
    assert results[0].by_event.equals(results[1].by_event)
    assert results[0].active == results[1].active


def test_rejects_at_its_level_on_its_own_null():
    """Cores drawn at random within strata: p <= 0.1 in about a tenth of the runs, never in many more."""
    random = np.random.default_rng(8)
    keys = [f"a{i:03d}" for i in range(150)]
    rows = ring(keys[:50], 9.0) + ring(keys[50:], 2.0)
    pairs = [(keys[a], keys[b]) for a, b in random.integers(0, 150, (900, 2)) if a != b]
    pairs += [(b, a) for a, b in pairs[:400]]
    data = network(rows, {"x": pairs})
    runs = 80
    rejected = {"mutual_ties": 0, "any_ties": 0, "active": 0}
    for run in range(runs):
        core = [keys[i] for i in random.choice(50, 8, replace=False)]
        result = earlier_activism(data, core, draws=39, seed=run)
        for name in rejected:
            rejected[name] += getattr(result, name).p_value <= 0.1
    high = stats.binom.ppf(0.999, runs, 0.1)
    assert all(count <= high for count in rejected.values())
    assert rejected["any_ties"] >= 1
