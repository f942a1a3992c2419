"""Symbols: planted signs, worked values, independent oracles, edge cases, privacy and calibration."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from netact.collection import Collection
from netact.errors import MeasureError
from netact.measures.symbols import spread_over, symbols
from netact.network import Network
from netact.participation import wilson
from netact.study import TAKEN_FROM_RESULTS, core_members, named_members, parameters_of
from netact.synthetic import planted_symbols

QUICK = {"draws": 19, "label_draws": 1999}
BEGIN = datetime(2024, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def planted():
    return planted_symbols(accounts=700, seed=11)


def ask(planted, network=None, **given):
    known = {"core_members": planted.core, "faction_of": planted.factions, "division": "structurally_divided"}
    return symbols(network or planted.network, **{**known, **QUICK, "seed": 1, **given})


@pytest.fixture(scope="module")
def result(planted):
    return ask(planted)


def row(result, tag):
    return result.symbols.row(by_predicate=pl.col("symbol") == tag, named=True)


def users(posts, accounts=None, **given):
    """Return a network of posts given as (account, day, hashtags)."""
    written = pl.DataFrame(
        {
            "account": [account for account, _, _ in posts],
            "time": [None if day is None else BEGIN + timedelta(days=day) for _, day, _ in posts],
            "hashtags": [tags.split() for _, _, tags in posts],
            "post_id": [f"p{number}" for number in range(len(posts))],
        },
        schema={"account": pl.String, "time": pl.Datetime("us", "UTC"), "hashtags": pl.List(pl.String), "post_id": pl.String},
    )  # fmt: skip
    ties = pl.DataFrame({"source": ["x"], "target": ["y"], "kind": ["retweet"], "time": [BEGIN], "post_id": ["r0"]})
    return Network.from_tables(ties, accounts, posts=written, **given)


# ---------------------------------------------------------------------- planted signs


def test_signs_that_cross_are_told_from_those_that_are_bound(planted, result):
    assert result.status == "ok"
    verdict = dict(result.symbols.select("symbol", "verdict").iter_rows())
    assert {verdict[tag] for tag in planted.crossing} == {"crossing"}
    assert {verdict[tag] for tag in planted.bound} == {"bound"}
    # Used by few: not shown to cross, and nearly none is called bound.
    few = [verdict[tag] for tag in planted.others if tag in verdict]
    assert few.count("bound") <= 1
    assert few.count("undetermined") >= len(few) - 1


def test_a_sign_of_one_day_crosses_but_is_not_kept(planted, result):
    for tag in planted.decoys:
        assert row(result, tag)["verdict"] == "crossing"
        assert row(result, tag)["retention"] == 0.0
        assert row(result, tag)["kept"] is False
        assert row(result, tag)["retention_q"] < 0.05
    assert all(row(result, tag)["kept"] for tag in planted.crossing)
    assert result.verdict == "shared"


def test_only_decoys_are_not_a_shared_sign():
    planted = planted_symbols(accounts=500, crossing=0, bound=0, seed=4)
    result = ask(planted)
    assert result.crossing.value == 2
    assert result.verdict == "undetermined"
    assert [criterion.met for criterion in result.criteria] == [True, True, False]


def test_only_bound_signs_are_bound():
    planted = planted_symbols(accounts=900, crossing=0, bound=6, decoys=0, seed=5)
    result = ask(planted)
    assert result.verdict == "bound"
    assert result.criteria[1].met is False
    assert result.bound.value >= 6


def test_the_core_that_used_signs_first_is_found_and_others_are_not(planted, result):
    assert all(row(result, tag)["first_in_core"] for tag in planted.crossing)
    assert {row(result, tag)["first_adopter"] for tag in planted.crossing} <= set(planted.core)
    assert result.first_in_core.p_value < 0.05
    other = tuple(planted.factions["account"].head(5))
    assert ask(planted, core_members=other).first_in_core.p_value > 0.05


def test_first_use_at_the_beginning_of_the_data_is_not_a_first_use(planted, result):
    for tag in planted.bound:
        assert row(result, tag)["first_adopter"] is None
        assert row(result, tag)["first_in_core"] is None


def test_the_query_is_marked_and_never_a_finding():
    planted = planted_symbols(accounts=500, query=True, seed=6)
    declared = replace(planted.network, collection=Collection("keyword", query=("#Searched", "other words")))
    for network in (declared, planted.network):  # said, and seen
        result = ask(planted, network)
        assert result.queried == ("searched",)
        assert row(result, "searched")["verdict"] == "query"
        assert row(result, "searched")["q_value"] is None
        assert any("collected by" in text for text in result.warnings)
    complete = replace(planted.network, collection=Collection("complete"))
    assert ask(planted, complete).queried == ()
    assert row(ask(planted, complete), "searched")["verdict"] == "crossing"


def test_where_the_query_is_the_only_wide_sign_nothing_can_be_said():
    planted = planted_symbols(accounts=500, crossing=0, bound=0, decoys=0, query=True, seed=6)
    result = ask(planted)
    assert result.verdict == "cannot_say"
    assert "but the query" in result.crossing.reason


def test_keywords_that_are_not_told_are_a_caveat(planted):
    network = replace(planted.network, collection=Collection("keyword"))
    assert any("keywords that are not told" in text for text in ask(planted, network).warnings)


# ---------------------------------------------------------------------- groups


def test_without_groups_nothing_is_said_to_cross(planted):
    result = ask(planted, faction_of=None, division=None)
    assert result.status == "ok"
    assert result.verdict == "cannot_say"
    assert result.crossing.status == "insufficient_data"
    assert "ask where the movement splits" in result.crossing.reason
    assert result.symbols["verdict"].null_count() == result.symbols.height
    assert result.co_use.height
    assert result.retention.value is not None


@pytest.mark.parametrize("division", ["no_division", "unstable", "undetermined"])
def test_groups_that_are_no_more_than_chance_cannot_be_crossed(planted, division):
    result = ask(planted, division=division)
    assert result.verdict == "cannot_say"
    assert result.crossing.status == "not_testable"
    assert set(result.symbols["verdict"]) == {"undetermined"}


def test_small_groups_are_not_asked(planted):
    one = planted.factions.with_columns(faction=pl.lit(0, pl.Int32))
    few = one.with_columns(faction=pl.when(pl.int_range(pl.len()) < 15).then(1).otherwise(0).cast(pl.Int32))
    for groups in (one, few, one.clear()):
        result = ask(planted, faction_of=groups)
        assert result.verdict == "cannot_say"
        assert "fewer than two groups" in result.crossing.reason


def test_spread_of_worked_value():
    # Users 100/15/5 in groups of .5/.3/.2: KL .250895, least lift .208333.
    found = spread_over(np.array([[100, 15, 5]]), np.array([500, 300, 200]), draws=199, seed=1)
    assert -math.log(found.spread[0]) == pytest.approx(0.250895, abs=1e-6)
    assert found.lowest_lift[0] == pytest.approx(0.208333, abs=1e-6)
    assert found.least[0] == 2
    assert found.p_value[0] == pytest.approx(1 / 200)
    alike = spread_over(np.array([[60, 36, 24]]), np.array([500, 300, 200]), draws=199, seed=1)
    assert alike.spread[0] == 1.0
    assert alike.p_value[0] == 1.0
    one = spread_over(np.array([[0, 0, 50]]), np.array([500, 300, 200]), draws=199, seed=1)
    assert one.spread[0] == pytest.approx(0.2)


def test_crossing_is_the_largest_of_the_binomial_tails():
    found = spread_over(np.array([[70, 20, 30]]), np.array([500, 300, 200]), draws=9, seed=1)
    tails = [stats.binom.sf(k - 1, 120, p / 2) for k, p in ((70, 0.5), (20, 0.3), (30, 0.2))]
    assert found.p_crossing[0] == pytest.approx(max(tails))


def test_p_of_bound_signs_is_that_of_labels_dealt_out(planted, result):
    # The same null, drawn by shuffling labels one by one.
    tag = planted.others[0]
    uses = planted.network.hashtags
    group = dict(planted.factions.iter_rows())
    keys = planted.network.keys
    writers = np.array([group[keys[a]] for a in uses["account"].unique().sort()])
    who = {keys[a] for a in uses.filter(pl.col("hashtag") == tag)["account"]}
    share = np.bincount(writers) / len(writers)

    def spread(labels):
        part = np.bincount(labels, minlength=len(share)) / len(labels)
        return math.exp(-sum(q * math.log(q / p) for q, p in zip(part, share, strict=True) if q))

    observed = spread(np.array([group[key] for key in who]))
    assert row(result, tag)["spread"] == pytest.approx(observed, abs=1e-9)
    random = np.random.default_rng(1)
    null = [spread(random.permutation(writers)[: len(who)]) for _ in range(2000)]
    assert row(result, tag)["spread_by_chance"] == pytest.approx(np.mean(null), abs=0.01)
    assert row(result, tag)["p_value"] == pytest.approx(np.mean(np.array(null) <= observed + 1e-9), abs=0.05)


# ---------------------------------------------------------------------- signs used together


def pairs_of_signs():
    """Return posts in which two sets of signs are used by sets of accounts, and a busy crowd uses anything."""
    random = np.random.default_rng(3)
    posts = []
    for number in range(300):
        mine = number % 3
        tags = {f"set{mine}_{k}" for k in range(4) if random.random() < 0.6} if mine < 2 else set()
        tags |= {f"any{k}" for k in range(6) if random.random() < 0.15}
        posts.append((f"a{number}", 1.0, " ".join(sorted(tags))))
    return posts


def test_sets_of_signs_are_found():
    result = symbols(users(pairs_of_signs()), **QUICK, seed=2)
    group = dict(result.symbols.select("symbol", "group").iter_rows())
    first, second = ({group[f"set{s}_{k}"] for k in range(4)} for s in (0, 1))
    assert len(first) == len(second) == 1
    assert first != second
    assert not first & {None}
    assert {group[f"any{k}"] for k in range(6)} == {None}
    tied = result.co_use.filter("tied")
    assert tied.select(pl.col("symbol").str.slice(0, 4), pl.col("other").str.slice(0, 4)).unique().height == 2
    assert (tied["q_value"] < 0.05).all()
    assert (tied["q_given_activity"] < 0.05).all()


def test_an_account_counts_once_however_often_it_posts():
    once = users(pairs_of_signs())
    spam = users([*pairs_of_signs(), *(("a0", 2.0 + k / 1000, "any0 any1 any2") for k in range(200))])
    first, second = (symbols(network, **QUICK, seed=2).co_use for network in (once, spam))
    changed = first.join(second, on=["symbol", "other"], how="inner").filter(
        pl.col("accounts") != pl.col("accounts_right")
    )
    assert (changed["accounts_right"] - changed["accounts"]).max() <= 1


def test_without_a_null_nothing_is_called_tied():
    result = symbols(users(pairs_of_signs()), draws=0, label_draws=99, seed=2)
    assert not result.co_use["tied"].any()
    assert result.co_use["q_given_activity"].null_count() == result.co_use.height


# ---------------------------------------------------------------------- adoption and retention


def test_adoption_and_retention_by_hand():
    # Ten accounts take up the sign on days 10, 11, ...; the first four use it again eight days later.
    posts = [(f"a{k}", 10.0 + k, "plaza") for k in range(10)]
    posts += [(f"a{k}", 18.0 + k, "plaza") for k in range(4)]
    posts += [("z", 0.0, "start"), ("z", 30.0, "end")]
    result = symbols(users(posts), core_members=("a0",), **QUICK, seed=1)
    found = row(result, "plaza")
    assert found["users"] == 10
    assert found["uses"] == 14
    assert found["first_use"] == BEGIN + timedelta(days=10)
    assert found["half_days"] == pytest.approx(4.0)  # the fifth of ten
    assert found["first_adopter"] == "a0"
    assert found["first_in_core"] is True
    # The last use of a hashtag is on day 30: uses from day 23 on are not followed for a week.
    assert found["at_risk"] == 10
    assert found["retention"] == pytest.approx(0.4)
    assert (found["retention_low"], found["retention_high"]) == pytest.approx(wilson(4, 10))
    curve = result.adoption.filter(pl.col("faction").is_null())
    for time, accounts in curve.select("time", "accounts").iter_rows():
        assert accounts == sum(BEGIN + timedelta(days=10 + k) <= time for k in range(10))
    assert curve["accounts"].max() == 10


def test_uses_too_late_to_be_followed_are_left_out():
    posts = [(f"a{k}", float(k), "plaza") for k in range(20)]
    posts += [("a0", 10.0, "plaza")]
    found = row(symbols(users(posts), **QUICK, seed=1), "plaza")
    assert found["at_risk"] == 13  # the data end on day 19: first uses up to day 12
    assert found["retention"] == pytest.approx(1 / 13)


def test_several_first_users_are_not_one():
    posts = [(f"a{k}", 10.0 + (k > 1), "plaza") for k in range(6)] + [("z", 0.0, "start"), ("z", 40.0, "end")]
    core = symbols(users(posts), core_members=("a0",), **QUICK, seed=1)
    assert row(core, "plaza")["first_adopter"] is None
    assert row(core, "plaza")["first_in_core"] is None  # one of the two is in the core
    both = symbols(users(posts), core_members=("a0", "a1"), **QUICK, seed=1)
    assert row(both, "plaza")["first_in_core"] is True


def test_without_times_co_use_and_groups_are_still_asked(planted):
    network = planted.network
    timeless = replace(network, hashtags=network.hashtags.with_columns(time=pl.lit(None, pl.Datetime("us", "UTC"))))
    result = ask(planted, timeless)
    assert result.crossing.value >= 2
    assert result.verdict == "undetermined"
    assert result.retention.status == "insufficient_data"
    assert result.first_in_core.status == "insufficient_data"
    assert not result.adoption.height


@pytest.mark.parametrize(("core", "said"), [(None, "ask for it"), ((), "no leading core was found")])
def test_without_a_core_who_came_first_is_not_compared(planted, core, said):
    estimate = ask(planted, core_members=core).first_in_core
    assert estimate.status == "insufficient_data"
    assert said in estimate.reason


# ---------------------------------------------------------------------- what counts as a use


def retweeted():
    """Return rows of a table that repeats the hashtags of the original on every retweet."""
    rows = [{"source": f"r{k}", "target": "author", "kind": "retweet", "hashtags": "plaza"} for k in range(30)]
    rows += [{"source": f"m{k}", "target": "author", "kind": "mention", "hashtags": "plaza"} for k in range(6)]
    return Network.from_tables(
        pl.DataFrame(rows).with_columns(
            post_id=pl.format("p{}", pl.int_range(pl.len())),
            time=pl.lit(BEGIN) + pl.duration(hours=pl.int_range(pl.len())),
        )
    )


def test_retweets_are_no_uses_unless_asked_for():
    own = symbols(retweeted(), **QUICK, seed=1)
    assert own.symbols["users"].to_list() == [6]
    assert any("left out: they are the authors'" in text for text in own.warnings)
    every = symbols(retweeted(), count_retweets=True, **QUICK, seed=1)
    assert every.symbols["users"].to_list() == [36]


def test_retweets_of_posts_with_hashtags_count_if_asked_for():
    posts = pl.DataFrame(
        {"account": [f"a{k}" for k in range(6)], "post_id": [f"p{k}" for k in range(6)], "hashtags": [["plaza"]] * 6}
    )
    ties = pl.DataFrame(
        {
            "source": [f"b{k}" for k in range(12)], "target": [f"a{k % 6}" for k in range(12)], "kind": ["retweet"] * 12,
            "post_id": [f"r{k}" for k in range(12)], "ref_post_id": [f"p{k % 6}" for k in range(12)],
        }
    )  # fmt: skip
    network = Network.from_tables(ties, posts=posts)
    assert symbols(network, **QUICK, seed=1).symbols["users"].to_list() == [6]
    assert symbols(network, count_retweets=True, **QUICK, seed=1).symbols["users"].to_list() == [18]


def test_hashtags_on_retweets_only_are_said_to_be():
    only = Network.from_tables(
        pl.DataFrame({"source": ["a", "b"], "target": ["c", "c"], "hashtags": ["plaza", "plaza"]})
    )
    result = symbols(only, **QUICK, seed=1)
    assert result.status == "insufficient_data"
    assert "count_retweets" in result.reason


def test_scripts_are_folded_and_kept_apart():
    tags = ["Plaza", "ＰＬＡＺＡ", "plaza", "حراك", "حراك", "حراك", "площадь", "ПЛОЩАДЬ"]
    posts = [(f"a{i}_{k}", 1.0, tag) for i, tag in enumerate(tags) for k in range(2)]
    assert dict(symbols(users(posts), **QUICK, seed=1).symbols.select("symbol", "users").iter_rows()) == {
        "plaza": 6,
        "حراك": 6,
    }


# ---------------------------------------------------------------------- edges, privacy, invariance


def test_no_hashtags_is_too_little_data_and_says_what_would_help(planted):
    without = replace(planted.network, hashtags=planted.network.hashtags.clear())
    result = ask(planted, without)
    assert result.status == "insufficient_data"
    assert result.verdict == "cannot_say"
    assert "export of posts" in result.reason
    assert not result.symbols.height


def test_hashtags_of_fewer_than_five_accounts_are_not_told():
    result = symbols(users([(f"a{k}", 1.0, f"tag{k % 3}") for k in range(12)]), **QUICK, seed=1)
    assert result.status == "insufficient_data"
    assert result.different == 3
    assert "5 accounts" in result.reason


def test_no_row_stands_for_fewer_than_five_accounts(result):
    assert result.symbols["users"].min() >= 5
    assert result.co_use["accounts"].min() >= 5
    assert result.by_faction["accounts"].drop_nulls().min() >= 5
    assert result.adoption["accounts"].min() >= 5
    assert result.symbols["at_risk"].drop_nulls().min() >= 5
    hidden = result.by_faction.filter(pl.col("accounts").is_null())
    assert hidden.height
    assert hidden.select("share", "lift", "lift_low", "lift_high").null_count().row(0) == (hidden.height,) * 4


def test_the_order_of_rows_does_not_matter(planted, result):
    posts = planted.network.hashtags
    keys = pl.Series(planted.network.keys)
    named = planted.network.interactions.with_columns(
        source=keys.gather(pl.Series(planted.network.interactions["source"])),
        target=keys.gather(pl.Series(planted.network.interactions["target"])),
    )
    written = (
        posts.with_columns(account=keys.gather(posts["account"])).group_by("account", "post_id", "time").agg("hashtag")
    )
    written = written.rename({"hashtag": "hashtags"})
    accounts = pl.DataFrame({"key": keys})
    for seed in (1, 2):
        shuffled = Network.from_tables(
            named.sample(fraction=1, shuffle=True, seed=seed),
            accounts.sample(fraction=1, shuffle=True, seed=seed),
            posts=written.sample(fraction=1, shuffle=True, seed=seed),
        )
        again = ask(planted, shuffled, faction_of=planted.factions.sample(fraction=1, shuffle=True, seed=seed))
        for name in ("symbols", "by_faction", "co_use", "adoption", "factions"):
            assert getattr(again, name).equals(getattr(result, name)), name
        assert again.first_in_core == result.first_in_core
        assert again.retention == result.retention
        assert again.criteria == result.criteria


def test_only_the_most_used_are_looked_at(planted):
    result = ask(planted, most=4)
    assert result.symbols.height == 4
    assert result.different > 20
    assert any("at most 4" in text for text in result.warnings)


@pytest.mark.parametrize("given", [{"most": 0}, {"draws": -1}, {"label_draws": -1}, {"retention_days": 0.0}])
def test_parameters_out_of_range_are_refused(planted, given):
    with pytest.raises(MeasureError, match=next(iter(given))):
        ask(planted, **given)


def test_what_is_taken_from_other_results_is_no_parameter_of_a_study():
    taken = set(TAKEN_FROM_RESULTS["symbols"])
    assert taken == {"core_members", "faction_of", "division"}
    assert not taken & set(parameters_of("symbols"))
    assert taken < set(inspect.signature(symbols).parameters)


def test_cores_and_named_groups_are_taken_from_results(made):
    assert core_members(made.leading_core("rival_cores")) == ("a", "b", "c", "d", "e", "f")
    assert core_members(made.leading_core("no_core")) == ()
    assert named_members(made.factions()).rows() == [("a", 0), ("b", 0), ("c", 1)]


# ---------------------------------------------------------------------- calibration


def test_p_of_bound_signs_is_calibrated():
    # Groups that have nothing to do with the signs: 5 % are rejected at 5 %.
    random = np.random.default_rng(7)
    accounts = np.array([300, 200, 100])
    counts = np.array(
        [random.multivariate_hypergeometric(accounts, int(size)) for size in random.integers(40, 90, 400)]
    )
    p = spread_over(counts, accounts, draws=399, seed=3).p_value
    low, high = stats.binom.ppf([0.005, 0.995], 400, 0.05)
    assert low <= np.count_nonzero(p <= 0.05) <= high


def test_p_of_crossing_is_at_most_its_level_where_a_group_uses_half():
    # The edge of what is asked: the smallest group uses the sign half as much as chance would give.
    random = np.random.default_rng(9)
    share = np.array([0.5, 0.3, 0.2])
    used = np.array([0.5 + 0.0625, 0.3 + 0.0375, 0.1])
    counts = random.multinomial(100, used, size=800)
    p = spread_over(counts, (1000 * share).astype(int), draws=1, seed=1).p_crossing
    assert np.count_nonzero(p <= 0.05) <= stats.binom.ppf(0.995, 800, 0.05)


def test_p_of_who_came_first_and_of_retention_are_calibrated():
    # Accounts, times and signs independent of one another; one in five accounts is called the core.
    random = np.random.default_rng(13)
    first, kept = [], []
    for seed in range(60):
        posts = [
            (f"a{random.integers(60):02d}", float(random.uniform(0, 40)), f"tag{tag}") for tag in range(12) for _ in range(25)
        ] + [("z", 0.0, "start")]  # fmt: skip
        late = [(account, 10 + 0.75 * day if tag.startswith("tag") else day, tag) for account, day, tag in posts]
        core = tuple(f"a{k:02d}" for k in range(12))
        result = symbols(users(late), core_members=core, draws=0, label_draws=399, seed=seed)
        first.append(result.first_in_core.p_value)
        kept += result.symbols["retention_p"].drop_nulls().to_list()
    assert sum(p <= 0.05 for p in first) <= stats.binom.ppf(0.995, 60, 0.05)
    assert np.mean(first) > 0.4
    # Signs of one network share accounts, so the rate varies more than by a binomial; it is conservative, being discrete.
    assert np.mean(np.array(kept) <= 0.05) <= 0.07


# ---------------------------------------------------------------------- real data


def test_tags_of_the_american_left_and_right(shared):
    # Conover et al. 2011: two camps that hardly retweet one another, and hashtags by which each reaches for the other's readers.
    folder = shared / "conover2011_politics"
    rows = pl.read_csv(folder / "twitter_edges.csv.gz", infer_schema=False)
    seconds = (pl.col("time").cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us", "UTC"))
    network = Network.from_tables(
        rows.select("source", "target", kind="type", time=seconds, hashtags="tags"),
        collection=Collection("keyword", query=("#tcot", "#p2")),
    )
    nodes = pl.read_csv(folder / "twitter_nodes.csv", infer_schema=False).filter(pl.col("cluster") != "-")
    camps = nodes.select(account="id", faction=(pl.col("cluster") == "left").cast(pl.Int32))
    result = symbols(network, faction_of=camps, division="factionalised", draws=10, label_draws=1999, seed=1)
    verdict = dict(result.symbols.select("symbol", "verdict").iter_rows())
    assert set(result.queried) == {"tcot", "p2"}
    assert verdict["tcot"] == verdict["p2"] == "query"
    assert verdict["sgp"] == verdict["dadt"] == "bound"
    assert verdict["gop"] == verdict["teaparty"] == "crossing"
    assert result.bound.value > result.crossing.value > 10
    # A rally of one day is on everyone's lips, and gone a week later.
    assert row(result, "onenation")["kept"] is False
    pairs = {frozenset(pair) for pair in result.co_use.filter("tied").select("symbol", "other").iter_rows()}
    assert frozenset(("tcot", "teaparty")) in pairs
