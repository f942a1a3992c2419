"""Dynamics: planted tops that stay, shift and rotate; planted reactions; chance alone; and what cannot be said."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from netact.errors import MeasureError, SchemaError
from netact.measures.dynamics import dynamics as measured
from netact.network import Network
from netact.randomness import generator

START = datetime(2024, 3, 1, tzinfo=UTC)


def dynamics(network, **parameters):
    """Leave groups out, which have tests of their own and take longest."""
    return measured(network, **{"group_draws": 0, **parameters})


def crowd(mode="constant", *, accounts=200, events=6000, days=12, seed=1):
    """Return interactions over some days: who is heard is constant, shifts a little or is another every day."""
    random = generator(seed, "test", mode)
    at = np.sort(random.random(events)) * days
    popularity = 1 / (1 + np.arange(accounts))
    popularity /= popularity.sum()
    heard = random.choice(accounts, events, p=popularity)
    number = np.arange(accounts)
    for day in range(days):
        if mode == "rotating":
            number = random.permutation(accounts)
        elif mode == "shifting" and day:
            for place in random.integers(0, 20, 4):
                other = random.integers(0, accounts)
                number[[place, other]] = number[[other, place]]
        inside = at.astype(int) == day
        heard[inside] = number[heard[inside]]
    source = random.integers(0, accounts, events)
    keep = source != heard
    return pl.DataFrame(
        {
            "source": [f"a{i:03d}" for i in source[keep]],
            "target": [f"a{i:03d}" for i in heard[keep]],
            "time": [START + timedelta(days=float(day)) for day in at[keep]],
        }
    )


def run(rows, *, seed=1, draws=99, triggers=None, directed=True, kind="retweet", **parameters):
    network = Network.from_tables(rows, kind=kind, triggers=triggers, directed=directed)
    return dynamics(network, draws=draws, seed=seed, **parameters)


@pytest.fixture(scope="module")
def constant():
    return run(crowd())


# ---------------------------------------------------------------------- the top


@pytest.mark.parametrize(
    ("mode", "verdict"), [("constant", "stable_lead"), ("shifting", "shifting_lead"), ("rotating", "rotating")]
)
def test_planted_tops_are_told_apart(mode, verdict):
    for seed in range(3):
        assert run(crowd(mode, seed=seed), seed=seed).verdict == verdict


def test_a_flat_crowd_has_no_top_that_could_stay():
    random = generator(1, "flat")
    rows = pl.DataFrame(
        {
            "source": [f"s{i}" for i in random.integers(0, 300, 4000)],
            "target": [f"a{i:03d}" for i in random.integers(0, 300, 4000)],
            "time": [START + timedelta(days=float(d)) for d in random.random(4000) * 10],
        }
    )
    found = run(rows)
    assert found.verdict == "undetermined"
    assert found.status == "ok"


def test_windows_are_the_finest_that_hold_enough(constant):
    assert constant.step == "day"
    windows = constant.windows
    assert windows.height == 12
    assert windows["interactions"].sum() == Network.from_tables(crowd(), kind="retweet").interactions.height
    assert windows["status"].unique().to_list() == ["ok"]
    assert windows["overlap"][0] is None
    assert windows["overlap"][1:].is_between(0, 1).all()
    assert (windows["cumulative_overlap"].drop_nulls().mean() or 0) > windows["overlap"].drop_nulls().mean()


def test_the_overlap_is_that_of_the_lists(constant):
    rows = crowd().with_columns(day=pl.col("time").dt.date())
    days = sorted(rows["day"].unique())
    tops = []
    for day in days:
        counts = rows.filter(pl.col("day") == day)["target"].value_counts().sort("count", descending=True)
        cut = counts["count"][20]
        tops.append(set(counts.filter(pl.col("count") > cut)["target"]))
    wanted = [len(a & b) / len(a | b) for a, b in pairwise(tops)]
    assert constant.windows["overlap"][1:].to_list() == pytest.approx(wanted)
    assert constant.windows["top"].to_list() == [len(top) for top in tops]
    pairs = [len(a & b) / len(a | b) for i, a in enumerate(tops) for b in tops[i + 1 :]]
    assert constant.indices["constancy"].value == pytest.approx(np.mean(pairs), abs=1e-6)
    assert constant.indices["overlap"].value == pytest.approx(np.mean(wanted))


def test_other_lengths_of_a_window_are_tried(constant):
    table = constant.sensitivity
    assert table["length"].to_list() == ["half", "chosen", "double"]
    assert table["hours"].to_list() == [12.0, 24.0, 48.0]
    assert table.filter(pl.col("length") == "chosen")["overlap"][0] == constant.indices["overlap"].value


def test_empty_windows_are_no_zeros():
    rows = crowd()
    quiet = ~pl.col("time").dt.day().is_in([4, 5])
    found = run(rows.filter(quiet), window="day")
    status = found.windows["status"].to_list()
    assert [i for i, s in enumerate(status) if s == "insufficient_data"] == [3, 4]
    assert found.windows["overlap"][3:5].to_list() == [None, None]
    # The window after the gap is compared with the one before it.
    assert found.windows["overlap"][5] is not None
    assert found.windows["interactions"][3] == 0


def test_too_few_windows_say_what_is_needed():
    found = run(crowd(days=12), window="week")
    assert (found.verdict, found.indices["lead_changes"].status) == ("undetermined", "insufficient_data")
    assert "needs 5 windows with at least 200 interactions" in found.reason
    assert [item.met for item in found.criteria] == [None] * 3


def test_reigns_and_hand_overs():
    names = ["x", "x", "y", "y", "x", "z"]
    rows = []
    for day, first in enumerate(names):
        for name in ("w", "x", "y", "z"):
            times = range(12 if name == first else 4 + "wxyz".index(name))
            rows += [(f"s{n}", name, START + timedelta(days=day, hours=8, minutes=n)) for n in times]
        rows += [(f"s{n}", "v", START + timedelta(days=day, hours=9)) for n in range(2)]
    frame = pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")
    found = run(frame, window="day", window_events=10, top=3)
    assert found.reigns["account"].to_list() == ["x", "y", "x", "z"]
    assert found.reigns["windows"].to_list() == [2, 2, 1, 1]
    assert found.hand_overs.rows() == [("x", "y", 1), ("x", "z", 1), ("y", "x", 1)]
    assert found.indices["lead_changes"].value == 3.0
    assert found.windows["lead_share"][0] == pytest.approx(12 / (12 + 4 + 6 + 7 + 2))
    first = found.ranks.filter(pl.col("rank") == 1)
    assert first.sort("window")["account"].to_list() == names


def test_the_accounts_at_the_top_are_counted(constant):
    table = constant.at_top
    assert table["windows"].sum() == constant.windows["top"].sum()
    assert table["windows"].is_sorted(descending=True)
    assert table["account"][0] == "a000"
    assert (table["longest"] <= table["windows"]).all()
    # One spell a row: as many as there are in the survival of membership.
    assert (table["longest"] >= 1).all()
    assert table.height <= constant.membership["at_risk"][0]


def test_membership_is_censored_at_the_end(constant):
    curve = constant.membership
    assert curve["at_risk"][0] == curve["ended"].sum() + curve["censored"].sum()
    assert curve["censored"].sum() == constant.windows["top"][-1]


def test_the_core_is_watched():
    rows = crowd()
    found = run(rows, core=["a000", "a001", "a002"])
    presence = found.indices["core_presence"]
    assert presence.value == pytest.approx(1.0)
    assert presence.p_value is None  # nobody else is heard as much
    assert presence.coverage < 0.5
    middle = run(rows, core=["a012", "a015", "a017", "a020"]).indices["core_presence"]
    assert 0 < middle.value < 1
    assert middle.p_value > 0.05
    assert found.windows["core_share"].is_between(0.2, 0.9).all()
    assert run(rows).indices["core_presence"].status == "insufficient_data"


def test_phases_are_windows_and_weights_count():
    random = generator(5, "phases")
    weight = 30 / (1 + np.arange(15))
    rows = [
        (f"p{j:02d}", f"p{i:02d}", float(1 + random.poisson(weight[i])), START + timedelta(days=60 * phase))
        for phase in range(6)
        for i in range(15)
        for j in random.choice(15, 4, replace=False)
        if i != j
    ]
    frame = pl.DataFrame(rows, schema=["source", "target", "weight", "time"], orient="row")
    found = run(frame, window="phase", window_events=200, top=5)
    assert (found.step, found.windows.height) == ("phase", 6)
    assert found.windows["status"].unique().to_list() == ["ok"]
    assert found.sensitivity["length"].to_list() == ["chosen"]
    assert found.verdict == "stable_lead"
    # Sixty-odd ties a phase would be too few if their weights were not counts.
    halves = frame.with_columns(weight=pl.col("weight") + 0.5)
    assert run(halves, window="phase", top=5).indices["overlap"].value is None


def test_ties_without_direction_count_once():
    found = run(crowd().with_columns(weight=pl.lit(1.0)), directed=False)
    assert found.windows["interactions"].sum() == crowd().height
    assert found.reactions.height == 0
    assert found.bursts.height == 0


# ---------------------------------------------------------------------- reactions


def triggers(hours):
    return pl.DataFrame(
        {"trigger": [f"event {i}" for i in range(len(hours))], "time": [START + timedelta(hours=h) for h in hours]}
    )


@pytest.fixture(scope="module")
def hours():
    return sorted(
        (24 * generator(7, "t").choice(40, 10, replace=False) + generator(8, "t").integers(8, 20, 10)).tolist()
    )


def acting(hours, *, reacting, seed=3, days=42):
    """Return rows in which three accounts act twice a day, and five minutes after each trigger if they react."""
    random = generator(seed, "acting")
    rows = []
    for name in ("k1", "k2", "k3"):
        for day in range(days):
            rows += [
                (name, f"x{random.integers(9)}", START + timedelta(days=day, hours=float(h)))
                for h in random.random(2) * 24
            ]
        if reacting:
            rows += [(name, "x1", START + timedelta(hours=h, minutes=5 + int(random.integers(5)))) for h in hours]
    rows += [(f"f{random.integers(30)}", "k1", START + timedelta(days=float(d))) for d in random.random(900) * days]
    return pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")


def test_planted_reactions_are_found(hours):
    found = run(
        acting(hours, reacting=True), triggers=triggers(hours), core=["k1", "k2", "k3"], window_events=50, top=3
    )
    reaction, quick = found.indices["reaction_hours"], found.indices["too_quick"]
    assert found.reactions["ended"].all()
    assert found.reactions["hours"].max() <= 10 / 60
    assert reaction.value < reaction.null_interval[0]
    assert reaction.p_value <= 0.02
    assert quick.value > 0.8
    assert quick.p_value <= 0.02
    assert set(found.reactions["account"]) <= {"k1", "k2", "k3"}


def test_no_reaction_is_not_found(hours):
    p = [
        run(
            acting(hours, reacting=False, seed=seed),
            triggers=triggers(hours),
            core=["k1", "k2", "k3"],
            draws=39,
            seed=seed,
        )
        .indices["reaction_hours"]
        .p_value
        for seed in range(8)
    ]
    assert np.mean(p) > 0.2
    assert sum(value <= 0.05 for value in p) <= 2


def test_the_first_act_of_the_core_after_a_trigger_counts():
    rows = pl.DataFrame(
        {
            "source": ["k1", "k2", "k1", "f", "f"],
            "target": ["x", "x", "x", "k1", "k2"],
            "time": [START + timedelta(hours=h) for h in (30, 26, 200, 0, 400)],
        }
    )
    found = run(rows, triggers=triggers([25, 26, 100, 390]), core=["k1", "k2"], reaction_hours=24.0)
    table = found.reactions
    assert table["account"].to_list() == ["k2", "k1", None, None]
    # An act at the very moment is none after it; the last trigger is watched until the data end.
    assert table["hours"].to_list() == [1.0, 4.0, 24.0, 10.0]
    assert table["ended"].to_list() == [True, True, False, False]


def test_without_triggers_it_says_what_would_answer(constant):
    assert "no table of triggers" in constant.indices["reaction_hours"].reason
    found = run(crowd(), triggers=triggers([-500.0, 50.0, 9999.0]))
    assert found.warnings == ("2 triggers lie outside the time of the data and are left out.",)
    assert found.reactions.height == 1


def test_a_hand_over_that_follows_soon_is_found():
    random = generator(11, "baton")
    rows, names = [], [f"l{i}" for i in range(5)]
    for day in range(30):
        first = names[day % 5]
        rows += [
            (f"f{random.integers(60)}", first, START + timedelta(days=day, hours=float(h)))
            for h in random.random(150) * 24
        ]
        for name in names:
            rows += [
                (f"f{random.integers(60)}", name, START + timedelta(days=day, hours=float(h)))
                for h in random.random(20) * 24
            ]
        rows += [
            (f"f{random.integers(60)}", f"c{random.integers(40)}", START + timedelta(days=day, hours=float(h)))
            for h in random.random(80) * 24
        ]
        # The first of the day stops in the evening, and the next begins soon after it.
        rows.append((first, "c1", START + timedelta(days=day, hours=20 + float(random.random()))))
        rows.append((names[(day + 1) % 5], "c2", START + timedelta(days=day, hours=21.2)))
    frame = pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")
    found = run(frame, window="day", top=5)
    assert found.reigns["windows"].unique().to_list() == [1]
    wait = found.indices["hand_over_hours"]
    assert wait.value < 1.5
    assert wait.p_value <= 0.02


def test_bursts_are_found_beyond_the_daily_rhythm():
    random = generator(13, "bursts")
    calm = [("calm", START + timedelta(days=float(d))) for d in random.random(120) * 30]
    bursty = [
        ("bursty", START + timedelta(days=float(day) + float(minute) / 1440))
        for day in random.choice(30, 4, replace=False)
        for minute in random.integers(0, 1440, 30)
    ]
    rows = [(name, "x", at) for name, at in calm + bursty]
    rows += [
        (f"f{i % 50}", ("calm", "bursty")[i % 2], START + timedelta(days=float(d)))
        for i, d in enumerate(random.random(600) * 30)
    ]
    found = run(pl.DataFrame(rows, schema=["source", "target", "time"], orient="row"), core=["calm", "bursty"]).bursts
    p = dict(found.select("account", "p_value").iter_rows())
    assert p["bursty"] <= 0.02
    assert p["calm"] > 0.05
    assert (found["q_value"] >= found["p_value"]).all()


# ---------------------------------------------------------------------- what holds always


def test_row_order_does_not_matter(hours):
    rows = acting(hours, reacting=True)
    first = run(rows, triggers=triggers(hours), draws=19, window_events=20, top=3)
    again = run(
        rows.sample(fraction=1, shuffle=True, seed=4),
        triggers=triggers(hours).reverse(),
        draws=19,
        window_events=20,
        top=3,
    )
    assert first.indices == again.indices
    for name in (
        "windows",
        "at_top",
        "ranks",
        "reigns",
        "hand_overs",
        "membership",
        "reactions",
        "reaction_curve",
        "bursts",
        "sensitivity",
    ):
        assert getattr(first, name).equals(getattr(again, name)), name


def test_without_times_it_says_so_fast():
    random = generator(1, "timeless")
    rows = pl.DataFrame({"source": random.integers(0, 999, 50_000), "target": random.integers(0, 999, 50_000)}).cast(
        pl.String
    )
    network = Network.from_tables(rows, kind="retweet")
    began = time.perf_counter()
    found = dynamics(network, seed=1)
    assert time.perf_counter() - began < 2
    assert (found.status, found.verdict) == ("insufficient_data", "undetermined")
    assert "no times" in found.reason
    assert {estimate.status for estimate in found.indices.values()} == {"insufficient_data"}


@pytest.mark.parametrize("height", [0, 1, 3])
def test_tiny_data_raise_nothing(height):
    rows = crowd().head(height)
    found = run(rows, triggers=triggers([1.0]), core=["a000", "nobody"])
    assert found.status == "insufficient_data" or found.indices["overlap"].value is None
    assert found.verdict == "undetermined"
    constant_times = rows.with_columns(time=pl.lit(START))
    assert run(constant_times).verdict == "undetermined"


def test_no_draws_no_p_values():
    found = run(crowd(), draws=0, triggers=triggers([50.0, 90.0]))
    assert {estimate.p_value for estimate in found.indices.values()} == {None}
    assert found.verdict == "undetermined"
    assert found.indices["overlap"].value is not None


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"draws": -1}, MeasureError),
        ({"window_events": 0}, MeasureError),
        ({"top": 0}, MeasureError),
        ({"reaction_hours": 0.0}, MeasureError),
        ({"window": "fortnight"}, MeasureError),
        ({"window": "minute"}, MeasureError),
        ({"kind": "wave"}, SchemaError),
    ],
)
def test_parameters_are_checked(parameters, error):
    network = Network.from_tables(crowd(events=300, days=900), kind="retweet")
    with pytest.raises(error):
        dynamics(network, seed=1, **parameters)


def test_p_values_are_calibrated():
    """Constant popularity rejects constancy no more than one time in twenty (reduced; 40 runs)."""
    p = []
    for seed in range(40):
        rows = crowd(accounts=60, events=1200, days=6, seed=seed)
        network = Network.from_tables(rows, kind="retweet")
        found = dynamics(network, window="day", window_events=100, top=10, draws=39, seed=seed)
        p.append(found.indices["constancy"].p_value)
    # 99 % of a binomial of 40 at .05 lies at 6 or below.
    assert sum(value <= 0.05 for value in p) <= 6
    assert 0.3 < np.mean(p) < 0.75


def test_its_parts_arrive():
    """Groups, cascades and the past of the core are in the result, whatever is missing."""
    rows = crowd(accounts=60, events=1500, days=6)
    network = Network.from_tables(rows, kind="retweet")
    found = measured(network, core=network.keys[:4], window_events=100, draws=9, group_draws=9, seed=1)
    assert found.tracking.status == "ok"
    assert found.tracking.windows.height == 4  # five interactions an account in each
    assert found.tracking.verdict == "undetermined"  # nine draws are too few
    assert found.cascades.status == found.earlier.status == "insufficient_data"
    assert dynamics(network, draws=9, seed=1).tracking is None
    # Who was active earlier can be told without times of today.
    past = Network.from_tables(rows.head(300), kind="retweet")
    untimed = Network.from_tables(rows.drop("time"), kind="retweet", earlier={"2011": past})
    found = measured(untimed, core=network.keys[:4], draws=9, seed=1)
    assert found.status == "insufficient_data"
    assert found.earlier.status == "ok"


# ---------------------------------------------------------------------- real data


def phases(shared):
    """Return the wiretaps of the Caviar investigation, one file a phase; each phase gets a day of its own."""
    order = [
        2,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        3,
        4,
    ]  # the files are numbered by name: whole, 1, 10, 11, 2, ...; phase 9 is not there
    number = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    parts = []
    for file, phase in zip(order, number, strict=True):
        rows = pl.read_csv(shared / "classics" / f"covert_10_{file}_edges.csv", infer_schema=False)
        parts.append(
            rows.with_columns(weight=pl.col("weight").cast(pl.Float64), time=pl.lit(START + timedelta(days=60 * phase)))
        )
    return pl.concat(parts)


def test_caviar_the_first_place_goes_from_the_head_to_others(shared):
    rows = phases(shared)
    found = run(rows, kind="mention", directed=False, window="phase", window_events=40, top=5, draws=199)
    assert found.windows.height == 10
    leads = found.windows["lead"].to_list()
    # Node 1 is the head of the network (Morselli 2009); after the seizures others come to the front.
    assert leads[:6] == ["1"] * 6
    assert leads[-2:] != ["1", "1"]
    assert found.indices["overlap"].p_value < 0.05
    assert found.indices["lead_changes"].value >= 2


def test_sampson_is_too_small_to_say(shared):
    parts = [
        pl.read_csv(shared / "classics" / f"sampson_{wave}_edges.csv")
        .select("source", "target")
        .with_columns(time=pl.lit(START + timedelta(days=120 * wave)))
        for wave in (1, 2, 3)
    ]
    found = run(pl.concat(parts), kind="mention", window="phase", window_events=40, top=5)
    # Three waves are fewer than the five windows that a verdict needs.
    assert found.verdict == "undetermined"
    assert found.windows["status"].unique().to_list() == ["ok"]
    assert "needs 5 windows" in found.reason


def test_a_top_whose_first_place_never_changes_does_not_rotate():
    """One dominant account throughout and another crowd behind it in every window."""
    rows = []
    start = datetime(2024, 3, 4, tzinfo=UTC)
    for day in range(8):
        for at in range(300):
            target = "hub" if at % 3 else f"day{day}_{int(40 * (at / 300) ** 3)}"
            rows.append((f"s{(at * 7 + day * 13) % 120}", target, start + timedelta(days=day, seconds=at * 200)))
    ties = pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")
    network = Network.from_tables(ties, kind="retweet")
    found = measured(network, window="day", window_events=100, top=10, draws=39, group_draws=0, seed=1)
    assert found.indices["lead_changes"].value == 0
    assert found.verdict == "undetermined"
    assert "one account was heard most throughout" in found.reason
