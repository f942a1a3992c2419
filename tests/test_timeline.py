"""What happened when: against plain counting in Python."""

import dataclasses
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from netact.errors import MeasureError
from netact.importers import read_network
from netact.language import told
from netact.measures.factions import factions
from netact.network import Network
from netact.results import Factions
from netact.synthetic import movement
from netact.timeline import TOP, timeline


@pytest.fixture(scope="module")
def made():
    return movement(accounts=400, interactions=4000, seed=5)


@pytest.fixture(scope="module")
def network(made):
    return Network.from_tables(made.interactions, made.accounts)


@pytest.fixture(scope="module")
def groups(network):
    return factions(network, runs=5, draws=0, seed=1)


def of(times, source=None, target=None, weight=None, *, directed=True):
    n = len(times)
    table = pl.DataFrame(
        {
            "source": source or [f"g{i}" for i in range(n)],
            "target": target or ["hub"] * n,
            "time": pl.Series(times, dtype=pl.Datetime("us", "UTC")),
            "weight": weight or [1.0] * n,
        }
    )
    return Network.from_tables(table, directed=directed)


def partition(network, groups, named=None):
    """Return a result of factions with this partition: account -> number."""
    base = factions(network, runs=2, draws=0, seed=1)
    sizes = pl.DataFrame({"faction": sorted(set(groups.values())) if named is None else named})
    membership = pl.DataFrame(
        {"account": list(groups), "faction": list(groups.values())}, schema_overrides={"faction": pl.Int32}
    )
    return dataclasses.replace(base, membership=membership, sizes=sizes)


# ---------------------------------------------------------------------- oracle


def plain(network, result, groups: Factions):
    """Count everything again, one interaction at a time."""
    keys = network.keys
    rows = [
        (keys[s], keys[t], w, time)
        for s, t, w, time in network.rows().select("source", "target", "weight", "time").iter_rows()
        if time is not None
    ]
    bounds = list(result.windows.select("window", "start", "end").iter_rows())
    group = dict(groups.membership.select("account", "faction").iter_rows())
    named = set(groups.sizes.filter(pl.col("faction") >= 0)["faction"].sort().head(12))
    received, given = defaultdict(Counter), defaultdict(Counter)
    count = Counter()
    by_group = defaultdict(lambda: [0.0, 0.0, 0.0])
    attention = defaultdict(lambda: defaultdict(Counter))
    periods = list(result.periods.select("period", "start", "end").iter_rows())
    for s, t, w, time in rows:
        (window,) = [n for n, start, end in bounds if start <= time < end]
        (period,) = [n for n, start, end in periods if start <= time < end]
        count[window] += 1
        received[window][t] += w
        given[window][s] += w
        shown = {a: group[a] if group[a] in named else -1 for a in (s, t)}
        by_group[window, shown[s]][0] += w
        by_group[window, shown[t]][1] += w
        if group[s] == group[t]:
            by_group[window, shown[s]][2] += w
        attention[period][s][group[t]] += w
    flows = Counter()
    for period in range(len(periods) - 1):
        best = [
            {a: min(c, key=lambda g, c=c: (-c[g], g)) for a, c in attention[p].items()} for p in (period, period + 1)
        ]
        for account in best[0].keys() | best[1].keys():
            ends = [b.get(account) for b in best]
            flows[(period, *(None if e is None else e if e in named else -1 for e in ends))] += 1
    return count, received, given, by_group, flows


def test_windows_activity_factions_and_flows_equal_plain_counting(network, groups):
    result = timeline(network, groups)
    count, received, given, by_group, flows = plain(network, result, groups)
    before = None
    for row in result.windows.iter_rows(named=True):
        w = row["window"]
        assert row["interactions"] == count[w]
        assert (row["givers"], row["receivers"]) == (len(given[w]), len(received[w]))
        total = sum(received[w].values())
        expected = 1 / sum((v / total) ** 2 for v in received[w].values()) if total else None
        assert row["effective_receivers"] == (expected if expected is None else pytest.approx(expected))
        ranked = sorted(received[w], key=lambda a: (-received[w][a], a))
        top = set(ranked[:TOP]) if len(ranked) >= TOP else None
        jaccard = len(top & before) / len(top | before) if top and before else None
        assert row["top_20_overlap"] == jaccard
        before = top
    assert {(a, w): (r, g) for a, w, r, g in result.activity.iter_rows()} == {
        (a, w): (received[w][a], given[w][a]) for w in count for a in received[w].keys() | given[w].keys()
    }
    assert result.activity.equals(result.activity.sort("account", "window"))
    assert {tuple(row[:2]): list(row[2:]) for row in result.factions.iter_rows()} == dict(by_group)
    assert {tuple(row[:3]): row[3] for row in result.flows.iter_rows()} == dict(flows)
    assert result.flows.equals(result.flows.sort("period", "source_faction", "target_faction", nulls_last=True))
    assert result.windows["interactions"].sum() == result.periods["interactions"].sum() == network.rows().height


def test_many_small_groups_are_put_together(network):
    keys = network.keys
    groups = partition(network, {a: i % 20 for i, a in enumerate(keys)}, named=[*range(15), -1])
    result = timeline(network, groups)
    _, _, _, by_group, flows = plain(network, result, groups)
    assert set(result.factions["faction"]) == {-1, *range(12)}
    assert {tuple(row[:2]): list(row[2:]) for row in result.factions.iter_rows()} == dict(by_group)
    assert {tuple(row[:3]): row[3] for row in result.flows.iter_rows()} == dict(flows)


# ---------------------------------------------------------------------- the calendar

START = datetime(2024, 2, 28, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (timedelta(minutes=30), "minute"),
        (timedelta(hours=4), "five_minutes"),
        (timedelta(hours=10), "fifteen_minutes"),
        (timedelta(days=2), "hour"),
        (timedelta(days=5), "six_hours"),
        (timedelta(days=50), "day"),
        (timedelta(days=75), "week"),
        (timedelta(days=500), "month"),
        (timedelta(days=3650), "quarter"),
        (timedelta(days=9000), "year"),
    ],
)
def test_the_step_gives_eight_to_sixty_windows_that_cover_everything(span, step):
    result = timeline(of([START + span * i / 40 for i in range(41)]))
    assert result.step == step
    windows = result.windows
    assert 8 <= windows.height <= 60
    assert windows["start"][1:].to_list() == windows["end"][:-1].to_list()
    assert windows["start"][0] <= START
    assert windows["end"][-1] > START + span
    assert windows["interactions"][0] > 0
    assert windows["interactions"][-1] > 0
    assert windows["interactions"].sum() == 41


@pytest.mark.parametrize("seconds", np.geomspace(500, 3e8, 120).tolist())
def test_every_span_up_to_ten_years_has_its_step(seconds):
    assert 8 <= timeline(of([START, START + timedelta(seconds=seconds)])).windows.height <= 60


def test_steps_are_aligned_with_the_calendar():
    weeks = timeline(of([START + timedelta(days=3 * i) for i in range(30)])).windows
    assert {day.isoweekday() for day in weeks["start"]} == {1}
    months = timeline(of([START + timedelta(days=30 * i) for i in range(30)])).windows
    assert {day.day for day in months["start"]} == {1}
    assert {(day.hour, day.minute) for day in months["start"]} == {(0, 0)}
    decades = timeline(of([datetime(1620 + i, 5, 1, tzinfo=UTC) for i in range(390)]))
    assert decades.step == "decade"
    assert [day.year for day in decades.windows["start"]] == list(range(1620, 2010, 10))
    centuries = timeline(of([datetime(1 + i, 5, 1, tzinfo=UTC) for i in range(0, 2020, 10)]))
    assert centuries.step == "century"
    assert centuries.windows["interactions"].sum() == 202


def test_an_interaction_on_the_edge_is_in_the_window_that_begins():
    midnight = datetime(2024, 3, 1, tzinfo=UTC)
    days = [midnight + timedelta(days=i) for i in range(20)]
    result = timeline(of(days), max_windows=20)
    assert result.step == "day"
    assert result.windows["interactions"].to_list() == [1] * 20


@pytest.mark.parametrize("windows", range(1, 61))
def test_periods_are_few_and_nearly_equal(windows):
    days = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=i) for i in range(windows)]
    result = timeline(of(days), max_windows=60)
    assert result.periods.height <= 6
    starts = result.windows["start"].to_list()
    lengths = [
        sum(start <= s < end for s in starts) for start, end in result.periods.select("start", "end").iter_rows()
    ]
    assert sum(lengths) == result.windows.height
    assert max(lengths) - min(lengths) <= 1
    assert result.periods["interactions"].sum() == windows


# ---------------------------------------------------------------------- known answers


def test_empty_windows_are_kept_and_have_no_concentration():
    result = timeline(of([START, START + timedelta(days=20)]))
    quiet = result.windows.filter(pl.col("interactions") == 0)
    assert quiet.height == result.windows.height - 2
    assert quiet["effective_receivers"].null_count() == quiet.height
    assert quiet["receivers"].sum() == quiet["givers"].sum() == 0


def test_flows_follow_the_heavier_group_and_equal_ones_the_larger():
    day = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=i) for i in range(12)]
    # One account turns from group 0 to 1, one is torn and then silent, one comes late.
    rows = [
        ("turner", "a", 2.0, day[0]), ("turner", "b", 1.0, day[0]), ("turner", "b", 1.0, day[11]),
        ("torn", "a", 1.0, day[0]), ("torn", "b", 1.0, day[0]),
        ("late", "b", 1.0, day[11]),
    ]  # fmt: skip
    source, target, weight, times = (list(column) for column in zip(*rows, strict=True))
    network = of(times, source, target, weight)
    groups = partition(network, {"a": 0, "torn": 0, "late": 0, "b": 1, "turner": 1})
    result = timeline(network, groups, max_windows=12, max_periods=2)
    assert result.flows.rows() == [(0, 0, 1, 1), (0, 0, None, 1), (0, None, 1, 1)]


def test_a_network_without_direction_counts_every_interaction_once():
    times = [START + timedelta(days=i) for i in range(10)]
    both = [timeline(of(times, directed=directed)) for directed in (True, False)]
    assert both[0].windows["interactions"].to_list() == both[1].windows["interactions"].to_list()
    assert both[1].windows["givers"].to_list() == both[1].windows["receivers"].to_list()
    assert both[1].coverage == 1


def test_times_that_are_missing_are_left_out_and_counted():
    result = timeline(of([START, None, START + timedelta(days=3), None]))
    assert result.coverage == 0.5
    assert result.windows["interactions"].sum() == 2
    assert told(result.reason) == "2 interactions have no time and are left out"


@pytest.mark.parametrize("times", [[], [None, None]])
def test_without_times_there_is_no_timeline(times):
    result = timeline(of(times))
    assert (result.status, result.step, result.coverage) == ("undefined", "", 0.0)
    assert result.reason
    full = timeline(of([START]))
    for name in ("windows", "activity", "factions", "periods", "flows"):
        assert getattr(result, name).is_empty()
        assert getattr(result, name).schema == getattr(full, name).schema


def test_one_moment_is_one_window():
    result = timeline(of([START] * 3))
    assert result.windows.height == result.periods.height == 1
    assert result.windows["interactions"].to_list() == [3]
    assert result.flows.is_empty()


def test_row_order_changes_nothing(made, network, groups):
    shuffled = Network.from_tables(made.interactions.sample(fraction=1, shuffle=True, seed=2), made.accounts)
    a, b = timeline(network, groups), timeline(shuffled, groups)
    for name in ("windows", "activity", "factions", "periods", "flows"):
        assert getattr(a, name).equals(getattr(b, name))


def test_limits_are_checked(network):
    for options in ({"max_windows": 7}, {"max_periods": 1}):
        with pytest.raises(MeasureError):
            timeline(network, **options)


def test_occupy_by_the_week(shared):
    path = shared / "occupy_retweets" / "rt_occupywallstnyc.edges"
    result = timeline(read_network(path, reverse=True))
    rows = [[int(field) for field in line.split(",")] for line in path.read_text().splitlines()]
    # The first of January 1970 was a Thursday.
    weeks = Counter((time // 86_400 + 3) // 7 for author, other, time in rows if author != other)
    assert (result.step, result.coverage) == ("week", 1.0)
    shown = {
        (start.timestamp() / 86_400 + 3) / 7: n
        for start, n in result.windows.select("start", "interactions").iter_rows()
    }
    assert {week: n for week, n in shown.items() if n} == weeks
    # The first anniversary of the occupation fell on Monday, 17 September 2012.
    busiest = result.windows.sort("interactions")["start"][-1]
    assert busiest == datetime(2012, 9, 17, tzinfo=UTC)
