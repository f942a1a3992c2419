"""Legitimation: who is counted on which side, the verdicts, what chance gives, and what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from netact.collection import Collection
from netact.errors import MeasureError
from netact.measures.legitimation import (
    FEWEST_OPERATIONS,
    _outcome_relation,
    legitimation,
    operation_verdict,
)
from netact.network import Network
from netact.results import OPERATIONS
from netact.study import faction_of_accounts, parameters_of
from netact.synthetic import planted_operations

START = datetime(2024, 3, 4, tzinfo=UTC)
QUICK = {"draws": 19, "replicates": 20, "seed": 1}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def operation(name="March", start=40.0, *, end=50.0, signs=("march",), counter=("nomarch",), outcome=None):
    return {
        "operation": name,
        "start": day(start),
        "end": None if end is None else day(end),
        "signs": list(signs),
        "counter_signs": list(counter),
        "outcome": outcome,
    }


def network(posts, *, retweets=(), operations=None, kinds="retweet", accounts=None, **further):
    """Build a network of (account, day, post, hashtags) and of (source, target, day, post passed on)."""
    written = pl.DataFrame(
        {
            "account": [row[0] for row in posts],
            "time": [day(row[1]) for row in posts],
            "post_id": [row[2] for row in posts],
            "hashtags": [list(row[3]) for row in posts],
        },
        schema_overrides={"hashtags": pl.List(pl.String), "time": pl.Datetime("us", "UTC")},
    )
    ties = pl.DataFrame(
        {
            "source": [row[0] for row in retweets],
            "target": [row[1] for row in retweets],
            "kind": [kinds] * len(retweets),
            "time": [day(row[2]) for row in retweets],
            "post_id": [f"r{at}" for at in range(len(retweets))],
            "ref_post_id": [row[3] for row in retweets],
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    listed = pl.DataFrame(operations or [operation()], infer_schema_length=None)
    return Network.from_tables(ties, accounts, posts=written, operations=listed, **further)


def members(count, *, at=20.0):
    """Return a post each, so many accounts, within the month before."""
    return [(f"m{number:03d}", at, f"b{number}", ["everyday"]) for number in range(count)]


def only(result):
    assert result.operations.height == 1
    return result.operations.row(0, named=True)


# ---------------------------------------------------------------------- who is counted


def test_a_member_endorses_by_a_post_or_by_passing_one_on_and_counts_once():
    posts = [
        *members(10),
        ("m000", 41, "p1", ["march"]),
        ("m000", 42, "p2", ["march"]),
        ("m001", 41, "p3", ["nomarch"]),
    ]
    retweets = [
        ("m002", "m000", 43, "p1"),
        ("m002", "m000", 44, "p2"),
        ("m003", "m001", 44, "p3"),
        ("m000", "m001", 45, "p3"),
    ]
    row = only(legitimation(network(posts, retweets=retweets), **QUICK))
    assert (row["community"], row["endorsers"], row["passed_on_only"]) == (10, 2, 1)
    assert (row["opponents"], row["both"], row["outside"]) == (3, 1, 0)
    assert row["participation"] == pytest.approx(0.2)
    assert row["counter_share"] == pytest.approx(0.3)
    assert row["balance"] == pytest.approx(-0.2)
    # Of those on one side only: one for, two against.
    assert row["balance_p"] == pytest.approx(stats.binomtest(1, 3).pvalue)


@pytest.mark.parametrize("kind", ["quote", "mention", "reply"])
def test_quotes_mentions_and_replies_to_a_sign_are_no_endorsement(kind):
    posts = [*members(10), ("m000", 41, "p1", ["march"])]
    found = only(legitimation(network(posts, retweets=[("m002", "m000", 43, "p1")], kinds=kind), **QUICK))
    assert found["endorsers"] == 1


def test_the_community_is_fixed_before_and_newcomers_are_counted_apart():
    posts = [
        *members(10),
        ("early", 9.9, "e", ["everyday"]),  # more than thirty days before
        ("just", 10.0, "j", ["everyday"]),  # thirty days before
        ("new", 41, "n", ["march"]),
        ("early", 42, "e2", ["march"]),
        ("late", 50.0, "l", ["march"]),  # the end is no longer part of it
        ("m000", 40.0, "p", ["march"]),  # the start is
        ("m001", 39.9, "q", ["march"]),  # before it
    ]
    row = only(legitimation(network(posts), **QUICK))
    assert (row["community"], row["endorsers"], row["outside"]) == (11, 1, 2)
    wider = only(legitimation(network(posts), community_days=31, **QUICK))
    assert wider["community"] == 12


def test_an_operation_without_an_end_is_followed_for_the_days_asked():
    posts = [*members(10), ("m000", 45, "p", ["march"]), ("m001", 58, "q", ["march"]), ("m002", 70, "z", ["everyday"])]
    net = network(posts, operations=[operation(end=None)])
    assert only(legitimation(net, **QUICK))["endorsers"] == 1
    assert only(legitimation(net, days=20, **QUICK))["endorsers"] == 2
    assert only(legitimation(net, **QUICK))["end"] == day(54)


def test_a_table_of_interactions_tells_hashtags_too_but_not_whose_those_of_a_quote_are():
    rows = [(f"m{n}", "hub", "mention", 20.0, f"b{n}", "") for n in range(8)]
    rows += [
        ("m0", "m1", "retweet", 41, "x", "march"),
        ("m2", "m1", "mention", 41, "y", "march"),
        ("m3", "m1", "quote", 41, "z", "march"),
        ("m4", "m1", "quote", 41, "w", "march"),
        ("m4", "m1", "reply", 42, "w", "march"),
    ]
    table = pl.DataFrame(
        rows, schema=["source", "target", "kind", "time", "post_id", "hashtags"], orient="row", strict=False
    )
    table = table.with_columns(time=pl.Series([day(row[3]) for row in rows]))
    net = Network.from_tables(table, operations=pl.DataFrame([operation()]))
    row = only(legitimation(net, **QUICK))
    assert (row["endorsers"], row["passed_on_only"]) == (3, 1)


def test_links_can_be_signs():
    shares = pl.DataFrame(
        {
            "account": ["m000", "m001"],
            "object": ["https://Example.org/Call", "https://example.org/other"],
            "time": [day(41)] * 2,
        }
    )
    net = network(members(10), operations=[operation(signs=["https://example.org/call"], counter=[])], shares=shares)
    assert only(legitimation(net, **QUICK))["endorsers"] == 1


def test_members_coded_as_opposed_are_opponents_if_they_were_there():
    posts = [
        *members(10),
        ("m000", 41, "p1", ["march"]),
        ("m001", 41, "p2", ["everyday"]),
        ("m003", 41, "p3", ["nomarch"]),
    ]
    coded = pl.DataFrame({"key": ["m001", "m002", "m003"], "stance": ["Opposed", "opposed", "for"]})
    row = only(legitimation(network(posts, accounts=coded), **QUICK))
    assert row["opponents"] == 2  # m001 was active meanwhile, m002 was silent
    alone = network(posts, accounts=coded, operations=[operation(counter=[])])
    assert only(legitimation(alone, **QUICK))["opponents"] == 1


def test_without_counter_signs_and_stances_opposition_is_not_zero_but_unknown():
    posts = [*members(10), ("m000", 41, "p1", ["march"]), ("m001", 41, "p2", ["nomarch"])]
    row = only(legitimation(network(posts, operations=[operation(counter=[])]), **QUICK))
    assert (row["verdict"], row["reason"]) == ("one_sided_view", "no_counter_signs")
    unknown = ("opponents", "both", "counter_share", "counter_high", "balance", "balance_low", "balance_p", "balance_q")
    assert all(row[name] is None for name in unknown)
    assert row["participation"] == pytest.approx(0.1)


# ---------------------------------------------------------------------- what cannot be said


def test_without_operations_it_says_what_to_provide():
    result = legitimation(Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]})), seed=1)
    assert result.status == "insufficient_data"
    assert "netact template operations" in result.reason
    assert result.operations.schema == OPERATIONS
    assert not result.operations.height


def test_without_times_or_hashtags_nothing_is_said():
    ties = pl.DataFrame({"source": ["a"], "target": ["b"]})
    listed = pl.DataFrame([operation()])
    assert "nothing in the data has a time" in legitimation(Network.from_tables(ties, operations=listed), seed=1).reason
    timed = ties.with_columns(time=pl.lit(day(3)))
    assert "which hashtag" in legitimation(Network.from_tables(timed, operations=listed), seed=1).reason


@pytest.mark.parametrize(
    ("start", "reason", "said"),
    [
        (80.0, "after_data", "after the data end"),
        (20.0, "before_data", "before the data do"),
        (55.0, "no_community", "active before its start"),
    ],
)
def test_operations_outside_the_data_are_not_measured(start, reason, said):
    posts = [*members(5), ("m000", 60, "p", ["march"])]
    result = legitimation(network(posts, operations=[operation(start=start, end=None)]), **QUICK)
    assert result.status == "insufficient_data"
    assert said in result.reason
    row = only(result)
    assert (row["verdict"], row["reason"]) == ("not_measured", reason)
    assert row["community"] is None


def test_an_operation_that_nobody_took_up_is_ignored_and_one_that_is_misspelt_is_told():
    posts = [*members(10), ("m001", 45, "p", ["everyday"])]
    result = legitimation(network(posts), **QUICK)
    row = only(result)
    assert (row["verdict"], row["endorsers"], row["opponents"], row["balance"]) == ("ignored", 0, 0, None)
    assert any("occur nowhere" in text for text in result.warnings)


def test_what_is_missing_around_an_operation_is_told():
    posts = [*members(10), ("m000", 41, "p1", ["march"])]
    retweets = [("m002", "m000", 43, "gone"), ("m003", "m000", 43, "p1")]
    result = legitimation(network(posts, retweets=retweets), **QUICK)
    assert any("less than 30 days before 1 operation" in text for text in result.warnings)
    assert any("data end before 1 operation" in text for text in result.warnings)
    assert any("50 % of what was passed on" in text for text in result.warnings)
    searched = replace(network(posts), collection=Collection("keyword", query=("#March",)))
    assert any("its share that joined is too large" in text for text in legitimation(searched, **QUICK).warnings)


@pytest.mark.parametrize("values", [{"days": 0}, {"community_days": 0}, {"draws": -1}, {"replicates": -1}])
def test_numbers_that_are_too_small_are_refused(values):
    with pytest.raises(MeasureError, match="must be"):
        legitimation(network(members(3)), **{**QUICK, **values})


def test_what_is_taken_from_other_results_is_no_parameter_of_a_study():
    assert parameters_of("legitimation") == {"days": 14, "community_days": 30, "draws": 999, "replicates": 500}


# ---------------------------------------------------------------------- verdicts


def given(**changed):
    values = {"opponents": 30, "participation": 0.12, "balance_range": (0.46, 0.71), "counter_high": 0.04, "spread": 0.9, "bars": (0.1, 0.05)}  # fmt: skip
    return operation_verdict(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ("legitimated", "")),
        ({"participation": 0.1}, ("ignored", "")),  # not above the quartile
        ({"bars": None}, ("descriptive", "few_operations")),
        ({"spread": 0.4}, ("factional", "")),
        ({"spread": 0.4, "spread_q": 0.2}, ("descriptive", "unclear_breadth")),
        ({"spread": 0.4, "spread_q": 0.2, "participation": 0.05}, ("ignored", "")),
        ({"spread": None}, ("descriptive", "no_factions")),
        ({"balance_range": (-0.1, 0.5)}, ("contested", "")),
        ({"balance_range": (-0.1, 0.5), "bars": None}, ("contested", "")),
        ({"balance_range": (-0.9, -0.5)}, ("opposed", "")),
        ({"counter_high": 0.06, "participation": 0.05}, ("contested", "")),
        ({"counter_high": 0.06}, ("legitimated", "")),  # the first that holds
        ({"counter_high": 0.06, "participation": 0.05, "opponents": 0}, ("ignored", "")),
        ({"balance_range": None, "opponents": 0}, ("ignored", "")),
        ({"opponents": None, "balance_range": None}, ("one_sided_view", "no_counter_signs")),
        # The worked example: endorsed mainly by one faction.
        ({"spread": 0.208333, "bars": None}, ("factional", "")),
    ],
)
def test_the_first_verdict_that_holds_is_given(changed, expected):
    assert given(**changed) == expected


def test_the_worked_example_is_reproduced_from_posts():
    """1,000 members, 120 endorsers (100, 15 and 5 of factions of 500, 300 and 200), 30 opponents."""
    names = [f"m{number:03d}" for number in range(1000)]
    groups = np.repeat([0, 1, 2], [500, 300, 200])
    joined = [*range(100), *range(500, 515), *range(800, 805)]
    against = range(200, 230)
    posts = [(name, 20.0, f"b{name}", ["everyday"]) for name in names]
    posts += [(names[at], 41.0, f"e{at}", ["march"]) for at in joined]
    posts += [(names[at], 41.0, f"o{at}", ["nomarch"]) for at in against]
    factions = pl.DataFrame({"account": names, "faction": groups})
    result = legitimation(network(posts), factions=factions, draws=99, replicates=100, seed=1)
    row = only(result)
    assert (row["community"], row["endorsers"], row["opponents"], row["both"]) == (1000, 120, 30, 0)
    assert (row["participation_low"], row["participation_high"]) == pytest.approx((0.101299, 0.141609), abs=1e-6)
    assert (row["counter_low"], row["counter_high"]) == pytest.approx((0.021094, 0.042504), abs=1e-6)
    assert row["balance"] == pytest.approx(0.6)
    assert row["divergence"] == pytest.approx(0.250895, abs=1e-6)
    assert row["breadth"] == pytest.approx(0.208333, abs=1e-6)
    assert row["divergence_beyond_chance"] == pytest.approx(row["divergence"] - row["divergence_by_chance"])
    assert row["verdict"] == "factional"
    assert row["breadth_q"] <= 0.01
    assert result.factions["ratio"].to_list() == pytest.approx([100 / 60, 15 / 36, 5 / 24])


# ---------------------------------------------------------------------- intervals


def test_posts_that_many_passed_on_widen_the_intervals():
    posts = [*members(300), ("m000", 41, "p", ["march"])]
    own = [*members(300), *((f"m{n:03d}", 41.0, f"e{n}", ["march"]) for n in range(60))]
    few = [(f"m{n:03d}", f"m{n % 12:03d}", 42.0, f"e{n % 12}") for n in range(12, 60)]
    few_posts = [*members(300), *((f"m{n:03d}", 41.0, f"e{n}", ["march"]) for n in range(12))]
    against = [(f"m{n:03d}", 41.0, f"o{n}", ["nomarch"]) for n in range(100, 120)]
    apart = only(legitimation(network([*own, *against]), draws=0, replicates=300, seed=1))
    together = only(legitimation(network([*few_posts, *against], retweets=few), draws=0, replicates=300, seed=1))
    assert apart["endorsers"] == together["endorsers"] == 60
    width = {
        name: row["participation_posts_high"] - row["participation_posts_low"]
        for name, row in (("a", apart), ("t", together))
    }
    assert width["t"] > 1.3 * width["a"]
    assert together["balance_high"] - together["balance_low"] > apart["balance_high"] - apart["balance_low"]
    assert apart["participation_low"] == together["participation_low"]
    # Too few posts to draw: only Wilson's is left.
    lone = only(legitimation(network(posts), **QUICK))
    assert lone["participation_posts_low"] is None
    assert lone["balance_low"] is not None


def test_the_interval_of_the_balance_holds_what_was_planted():
    inside = 0
    for run in range(20):
        made = planted_operations(("contested",), members=200, posts=3, seed=run)
        row = only(legitimation(made.network, draws=0, replicates=100, seed=run))
        inside += row["balance_low"] <= 0 <= row["balance_high"]
    assert inside >= 17


# ---------------------------------------------------------------------- planted operations


@pytest.fixture(scope="module")
def planted():
    return planted_operations(seed=1)


@pytest.fixture(scope="module")
def measured(planted):
    return legitimation(
        planted.network, factions=planted.factions, core=planted.network.keys[:6], draws=99, replicates=60, seed=1
    )


def test_what_was_planted_is_found(planted, measured):
    found = dict(measured.operations.select("operation", "verdict").iter_rows())
    for name, kind in planted.truth.items():
        if kind != "ignored":
            assert found[name] == kind, name
        else:
            assert found[name] in ("ignored", "contested")
    assert measured.participation_bar is not None
    assert measured.outcome_relation.value == 1.0
    assert measured.outcome_relation.p_value == pytest.approx(2 / 66)  # two of twelve accepted, exact


def test_curves_rise_to_the_counts_of_the_table(measured):
    for row in measured.operations.iter_rows(named=True):
        curve = measured.joining.filter(pl.col("operation") == row["operation"])
        assert curve["days"][0] == 0
        for side in ("endorsers", "opponents", "outside"):
            values = curve[side].to_list()
            assert values == sorted(values)
            assert values[-1] == row[side]


def test_few_operations_are_described_only():
    made = planted_operations(("legitimated", "ignored"), members=300, seed=3)
    result = legitimation(made.network, factions=made.factions, **QUICK)
    assert result.participation_bar is result.counter_bar is None
    assert set(result.operations["verdict"]) <= {"descriptive", "contested"}
    assert result.outcome_relation.status == "insufficient_data"
    assert str(FEWEST_OPERATIONS) in result.outcome_relation.reason


def test_adjusted_p_values_are_never_smaller(measured):
    for name in ("balance", "breadth", "ordinary", "core_first"):
        known = measured.operations.drop_nulls(f"{name}_p")
        assert (known[f"{name}_q"] >= known[f"{name}_p"] - 1e-12).all()


def test_the_order_of_rows_and_of_operations_changes_nothing(planted, measured):
    net = planted.network
    posts = net.named_posts().join(
        net.named_hashtags().group_by("account", "post_id").agg(hashtags="hashtag"),
        on=["account", "post_id"],
        how="left",
    )
    ties = net.named_interactions()
    again = Network.from_tables(
        ties.sample(fraction=1, shuffle=True, seed=5),
        net.accounts.select("key").sample(fraction=1, shuffle=True, seed=6),
        posts=posts.sample(fraction=1, shuffle=True, seed=7),
        operations=net.operations.reverse(),
    )
    other = legitimation(
        again, factions=planted.factions.reverse(), core=net.keys[:6][::-1], draws=99, replicates=60, seed=1
    )
    assert other.operations.equals(measured.operations)
    assert other.factions.equals(measured.factions)
    assert other.outcome_relation == measured.outcome_relation


def test_an_operation_more_does_not_move_the_others():
    made = planted_operations(("legitimated", "opposed"), members=300, seed=4)
    fewer = replace(made.network, operations=made.network.operations.head(1))
    both = legitimation(made.network, factions=made.factions, **QUICK).operations
    one = legitimation(fewer, factions=made.factions, **QUICK).operations
    # The adjusted values, and the other operation's signs as ordinary hashtags, are allowed to differ.
    same = [name for name in OPERATIONS if not name.endswith("_q") and not name.startswith("ordinary")]
    assert both.head(1).select(same).equals(one.select(same))


# ---------------------------------------------------------------------- chance


def test_an_ordinary_hashtag_called_an_operation_is_rarely_beyond_the_others():
    """Every ordinary hashtag is an operation in turn: its p-value is the rank among the others, so uniform."""
    p = []
    for run in range(3):
        made = planted_operations((), members=200, posts=12, ordinary=30, seed=run)
        tags = [f"everyday{number}" for number in range(30)]
        for tag in tags:
            listed = pl.DataFrame([operation(tag, 30.0, end=37.0, signs=[tag], counter=[])])
            net = made.network.with_operations(listed)
            row = only(legitimation(net, draws=1, replicates=0, seed=run))
            if row["endorsers"] >= 5 and row["ordinary_p"] is not None:
                p.append(row["ordinary_p"])
    assert len(p) > 60
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / len(p))
    assert 0.4 < np.mean(p) < 0.6


def test_accounts_in_place_of_the_core_are_first_no_more_often_than_chance_gives():
    made = planted_operations(("legitimated",), members=300, posts=5, seed=1)
    heard = np.flatnonzero(made.network.ties().in_degree > 0)
    low = 0
    for run in range(25):
        core = [made.network.keys[at] for at in np.random.default_rng(run).choice(heard, 6, replace=False)]
        row = only(legitimation(made.network, core=core, draws=99, replicates=0, seed=run))
        low += row["core_first_p"] <= 0.05
    assert low <= stats.binom.ppf(0.995, 25, 0.05)


def test_a_core_that_shows_the_sign_first_stands_out():
    posts = [*members(60), *((f"c{n}", 20.0, f"cb{n}", ["everyday"]) for n in range(4))]
    posts += [(f"c{n}", 40.5, f"ce{n}", ["march"]) for n in range(4)]
    # Core and crowd are as widely heard before; only the core is passed on in the operation.
    before = [(f"m{(n + k) % 60:03d}", f"m{n:03d}", 25.0, f"b{n}") for n in range(60) for k in (1, 2, 3)]
    before += [(f"m{(7 * n + k):03d}", f"c{n}", 25.0, f"cb{n}") for n in range(4) for k in range(3)]
    after = [(f"m{n:03d}", f"c{n % 4}", 42.0, f"ce{n % 4}") for n in range(4, 34)]
    net = network(posts, retweets=[*before, *after])
    row = only(legitimation(net, core=["c0", "c1", "c2", "c3"], draws=99, replicates=0, seed=1))
    assert row["exposed"] == 30
    assert row["core_first"] == 1.0
    assert row["core_first_p"] == pytest.approx(0.01)
    # By follows: those who follow an account see its sign, even where they post it themselves.
    follows = pl.DataFrame({"source": [f"m{n:03d}" for n in range(40, 55)], "target": ["c0"] * 15, "kind": "follow"})
    own = [(f"m{n:03d}", 43.0, f"x{n}", ["march"]) for n in range(40, 55)]
    net = network([*posts, *own], retweets=before)
    followed = Network.combine([net, Network.from_tables(follows)]).with_operations(
        pl.DataFrame([operation("Again", 40.0)])
    )
    found = legitimation(followed, core=["c0"], draws=19, replicates=0, seed=1).operations.row(0, named=True)
    assert (found["exposed"], found["core_first"]) == (15, 1.0)


def test_outcomes_dealt_at_random_are_rarely_related(measured):
    low = 0
    for run in range(200):
        outcome = np.random.default_rng(run).permutation(["accepted"] * 5 + ["rejected"] * 7)
        dealt = measured.operations.with_columns(outcome=pl.Series(outcome.tolist()))
        relation = _outcome_relation(dealt, draws=99, seed=run)
        assert relation.null_model is not None
        low += relation.p_value <= 0.05
    assert low <= stats.binom.ppf(0.995, 200, 0.05)


def test_factions_that_cannot_be_trusted_are_not_taken(made):
    for verdict in ("unstable", "undetermined"):
        assert faction_of_accounts(made.factions(verdict)) is None
    assert faction_of_accounts(made.factions("niches"))["faction"].to_list() == [0, 0, 1]
    assert faction_of_accounts(made.factions("no_division"))["faction"].to_list() == [0, 0, 0]


def test_a_community_without_divisions_is_one_group_and_has_all_its_due():
    made = planted_operations(("legitimated",), members=200, seed=2)
    one = legitimation(made.network, factions=made.factions.with_columns(faction=pl.lit(0)), **QUICK)
    assert only(one)["breadth"] == 1.0
    assert only(one)["breadth_p"] == 1.0
