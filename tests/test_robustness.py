"""How far headlines could be off: known answers of thinning, intervals that cover, rules, budgets, and what is left out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from netact import robustness as trials
from netact.collection import Collection
from netact.network import Network
from netact.report.findings import describe
from netact.report.findings.robustness import lowered
from netact.resampling import cascades, resampled
from netact.results import Robustness
from netact.robustness import HEADLINES, robustness

MEMBERS = ("hub1", "hub2")


def never(*_given):
    pytest.fail("no measure may be run again here")


def two_hubs(first=60, second=140, **further):
    """Return a network in which every fan retweets one of two accounts once: a fan is a cluster."""
    rows = [(f"fan{i:03}", "hub1" if i < first else "other") for i in range(first + second)]
    return Network.from_tables(pl.DataFrame(rows, schema=["source", "target"], orient="row"), **further)


def core_of(made, members=MEMBERS, outcome="core"):
    result = made.leading_core(outcome, names=(*members, "c", "d", "e", "f"))
    return replace(result, cores=(replace(result.cores[0], members=tuple(members)), *result.cores[1:]))


def tried(network, results, **parameters):
    given = {"again": never, "runs": 0, "draws": 20, "replicates": 60, "seed": 1, **parameters}
    return robustness(network, results, **given)


# ---------------------------------------------------------------------- thinning


def test_thinning_of_two_stars_is_hypergeometric(made):
    found = tried(two_hubs(), {"leading_core": core_of(made)}, draws=400)["leading_core"]
    assert (found.clusters, found.cluster, found.value) == (200, "source account", 0.3)
    for row in found.thinning.iter_rows(named=True):
        kept = round(200 * row["share"])
        assert row["mean"] == pytest.approx(0.3, abs=0.01)
        expected = math.sqrt(0.3 * 0.7 / kept * (200 - kept) / 199)
        assert row["sd"] == pytest.approx(expected, rel=0.12)
        assert row["low"] <= row["mean"] <= row["high"]
    assert found.thinning["share"].to_list() == [0.9, 0.75, 0.5, 0.25]
    assert found.stable
    assert found.judged_by == "number"
    assert found.contradictions == ()


def test_a_single_star_loses_nothing_by_thinning(made):
    found = tried(two_hubs(second=0, first=80), {"leading_core": core_of(made)})["leading_core"]
    assert found.thinning["mean"].to_list() == [1.0] * 4
    assert found.thinning["sd"].to_list() == [0.0] * 4
    assert found.change == 0


def test_posts_are_left_out_with_all_that_was_done_to_them():
    rows = pl.DataFrame(
        {
            "source": [f"fan{i}" for i in range(40)] + ["a", "b"],
            "target": ["author"] * 40 + ["author", "a"],
            "kind": ["retweet"] * 40 + ["reply", "reply"],
            "post_id": [f"act{i}" for i in range(40)] + ["answer", "answer to the answer"],
            "ref_post_id": [f"post{i % 4}" for i in range(40)] + ["post0", "answer"],
            "hashtags": [["sign"]] * 42,
        }
    )
    follows = pl.DataFrame({"source": ["fan0"], "target": ["author"], "kind": ["follow"]})
    network = Network.from_tables(pl.concat([rows, follows], how="diagonal"))
    drawn = cascades(network)
    assert (drawn.count, drawn.what) == (4, "post")
    assert np.bincount(drawn.interactions + 1).tolist() == [1, 12, 10, 10, 10]  # the follow is no post
    first = int(drawn.interactions[(network.interactions["ref_post_id"] == "answer").arg_true()[0]])
    keep = np.arange(4) == first
    part = resampled(network, drawn, keep)
    assert part.kinds == {"retweet": 10, "reply": 2, "follow": 1}
    assert part.hashtags.height == 12
    assert part.keys == network.keys
    twice = resampled(network, drawn, 2 * keep)
    assert twice.kinds == {"retweet": 20, "reply": 4, "follow": 1}
    whole = resampled(network, drawn, np.ones(4, dtype=int))
    assert whole.interactions.equals(network.interactions)
    assert whole.fingerprint == network.fingerprint


def test_shared_objects_are_left_out_and_ties_follow():
    shares = pl.DataFrame({"account": list("abcabdab"), "object": list("xxxyyzww")})
    network = Network.from_tables(shares=shares)
    drawn = cascades(network)
    assert (drawn.count, drawn.what) == (4, "object")
    objects = dict(zip(network.shares["object"], drawn.shares, strict=True))
    part = resampled(network, drawn, np.isin(np.arange(4), [objects["w"], objects["x"]]))
    assert set(part.shares["object"]) == {"w", "x"}
    weight = {(part.keys[s], part.keys[t]): w for s, t, w in part.interactions.select("source", "target", "weight").iter_rows()}  # fmt: skip
    assert weight == {
        ("a", "b"): 2, ("b", "a"): 2, ("a", "c"): 1, ("c", "a"): 1, ("b", "c"): 1, ("c", "b"): 1,
    }  # fmt: skip


def test_an_outcome_that_is_not_found_again_is_not_stable(made):
    result, calls = core_of(made), []

    def again(name, part, _known, changed, most):
        calls.append((name, dict(changed), dict(most)))
        everything = part.interactions.height == 200
        return result if everything or len(calls) % 4 == 0 else made.leading_core("no_core")

    found = tried(two_hubs(), {"leading_core": result}, again=again, runs=8)["leading_core"]
    half = found.thinning.filter(pl.col("share") == 0.5).row(0, named=True)
    assert (half["runs"], half["same"], half["verdict"]) == (8, 0.25, "no_core")
    assert found.stable is False  # although the share of the given accounts hardly changes
    assert found.judged_by == "outcome"
    assert "thinning" in found.contradictions
    assert all(most["draws"] == 99 for _, _, most in calls)


def test_runs_with_fewer_draws_that_differ_on_all_data_judge_nothing(made):
    result = core_of(made)
    found = tried(two_hubs(), {"leading_core": result}, again=lambda *_: made.leading_core("no_core"), runs=4)[
        "leading_core"
    ]
    assert found.thinning["runs"].to_list() == [0] * 4
    assert (found.stable, found.judged_by) == (True, "number")


def test_few_clusters_are_not_drawn_from(made):
    found = tried(two_hubs(first=4, second=5), {"leading_core": core_of(made)})["leading_core"]
    assert found.thinning.height == 0
    assert found.stable is None
    assert found.interval is None


# ---------------------------------------------------------------------- intervals


def posts_of_authors(seed, *, share=0.3, posts=80):
    """Return retweets of posts of very different success; posts of the member have ``share`` of all attention expected."""
    random = np.random.default_rng(seed)
    rows = []
    for post in range(posts):
        author = "hub1" if random.random() < share else f"author{random.integers(30)}"
        rows += [(f"fan{random.integers(400)}", author, f"p{post}") for _ in range(1 + random.geometric(0.1))]
    return Network.from_tables(pl.DataFrame(rows, schema=["source", "target", "post_id"], orient="row"))


def test_intervals_over_posts_cover_where_intervals_over_ties_would_not(made):
    result, covered, narrow = core_of(made), 0, 0
    runs = 60
    for seed in range(runs):
        network = posts_of_authors(seed)
        found = tried(network, {"leading_core": result}, draws=2, replicates=60)["leading_core"]
        low, high = found.interval.interval
        covered += low <= 0.3 <= high
        spread = 1.96 * math.sqrt(found.value * (1 - found.value) / network.interactions.height)
        narrow += abs(found.value - 0.3) <= spread
    assert covered >= 0.85 * runs
    assert narrow < 0.7 * runs


def test_a_maximum_is_thinned_but_has_no_bootstrap_interval(made):
    result = replace(made.leading_core("single_hub"), hub="hub1")
    found = tried(two_hubs(), {"leading_core": result})["leading_core"]
    assert found.value == 0.3
    assert found.thinning.height == 4
    assert found.interval is None


def test_a_number_that_has_an_interval_keeps_it(made):
    result = made.hierarchy("undetermined", names=("hub1", "other", "fan000", "fan001"))
    found = tried(two_hubs(), {"hierarchy": result})["hierarchy"]
    assert found.interval is result.indices["top_20_share"]


# ---------------------------------------------------------------------- accounts left out, missing data


def test_scores_and_the_most_active(made):
    rows = [("busy", "hub1", 30)] + [(f"fan{i}", "hub1" if i < 20 else "other", 1) for i in range(99)]
    accounts = pl.DataFrame(
        {"key": ["busy", "fan0", "fan1"], "bot_score": [0.95, 0.6, None]},
    )
    network = Network.from_tables(pl.DataFrame(rows, schema=["source", "target", "weight"], orient="row"), accounts)
    found = tried(network, {"leading_core": core_of(made)})["leading_core"]
    table = {row["check"]: row for row in found.left_out.iter_rows(named=True)}
    assert list(table) == ["score 0.5", "score 0.7", "score 0.9", "most active"]
    assert [table[f"score {limit}"]["accounts"] for limit in (0.5, 0.7, 0.9)] == [2, 1, 1]
    assert found.value == pytest.approx(50 / 129)
    assert table["score 0.5"]["value"] == pytest.approx(19 / 98)
    assert table["score 0.9"]["value"] == pytest.approx(20 / 99)
    assert table["score 0.9"]["interactions"] == pytest.approx(1 / 100)
    assert found.contradictions == ("left out",)


def test_what_the_most_active_gave_is_left_out_but_not_what_they_received(made):
    rows = [("hub1", f"x{i}") for i in range(50)] + [(f"fan{i}", "hub1") for i in range(99)]
    network = Network.from_tables(pl.DataFrame(rows, schema=["source", "target"], orient="row"))
    found = tried(network, {"leading_core": core_of(made)})["leading_core"]
    row = found.left_out.row(0, named=True)
    assert (row["check"], row["accounts"]) == ("most active", 1)
    assert row["value"] == 1.0
    assert row["interactions"] == pytest.approx(50 / 149)


def test_attention_from_the_most_active_is_told(made):
    rows = [("busy", "hub1")] * 40 + [("busy", "other")] * 10 + [(f"fan{i}", "hub1") for i in range(150)]
    network = Network.from_tables(pl.DataFrame(rows, schema=["source", "target"], orient="row"))
    found = tried(network, {"leading_core": core_of(made)})["leading_core"]
    assert found.amplifiers.accounts == 1
    assert found.amplifiers.of_headline == pytest.approx(40 / 190)
    assert found.amplifiers.of_all == pytest.approx(50 / 200)


def test_followers_that_are_missing_make_an_interval(made):
    follows = [(f"fan{i}", "hub1", "follow") for i in range(20)] + [(f"fan{i}", "other", "follow") for i in range(80)]
    retweets = [(f"fan{i}", "hub1", "retweet") for i in range(10, 60)] + [("fan1", "other", "retweet")]
    accounts = pl.DataFrame({"key": ["hub1", "other"], "followers_complete": ["no", "yes"]})
    network = Network.from_tables(
        pl.DataFrame(follows + retweets, schema=["source", "target", "kind"], orient="row"), accounts
    )
    result = replace(core_of(made), kind="follow")
    found = tried(network, {"leading_core": result})["leading_core"]
    bounds = {row["check"]: row["value"] for row in found.left_out.iter_rows(named=True)}
    assert bounds["follows stated"] == found.value == 0.2
    assert bounds["follows imputed"] == pytest.approx(60 / 140)  # those who retweeted it and were not in its list
    assert "followers" in found.contradictions
    whole = tried(network, {"leading_core": core_of(made)})["leading_core"]  # retweets do not depend on followers
    assert not whole.left_out["check"].str.starts_with("follows").any()


def test_losses_are_told_by_faction(made):
    rows = pl.DataFrame(
        {
            "source": ["a", "a", "b", "b", "c"],
            "target": ["c", None, "c", "c", None],
            "kind": ["retweet"] * 5,
            "ref_post_id": ["1", "2", "1", "3", "4"],
            "post_id": list("vwxyz"),
        }
    )
    network = Network.from_tables(rows, posts=pl.DataFrame({"account": ["c", "c"], "post_id": ["1", "3"]}))
    result = made.factions(names=("a", "b", "c"))
    member = pl.DataFrame({"account": ["a", "b", "c"], "faction": [0, 1, 1]}, schema_overrides={"faction": pl.Int32})
    result = replace(result, membership=result.membership.drop("account", "faction").head(3).hstack(member))
    found = tried(network, {"factions": result})["factions"].loss
    assert found.rows() == [(None, 5, 2, 0.4), (0, 2, 1, 0.5), (1, 3, 1, pytest.approx(1 / 3))]


# ---------------------------------------------------------------------- sampling, other choices, effort


@pytest.mark.parametrize(
    ("collection", "power", "testable"),
    [
        (Collection(), None, True),
        (Collection("sampled", 0.1), None, False),
        (Collection("sampled", 0.1), 0.9, True),
        (Collection("sampled", 0.5), None, True),
    ],
)
def test_a_small_sample_does_not_tell_of_a_core(made, collection, power, testable):
    network = two_hubs(collection=collection)
    results = {
        "leading_core": core_of(made),
        "hierarchy": made.hierarchy("led", names=("hub1", "other", "fan000", "fan001")),
    }
    found = tried(network, results, core_power=power)
    assert found["leading_core"].testable is testable
    assert found["hierarchy"].testable
    finding = describe(results["leading_core"], robustness=found["leading_core"])
    assert (finding.confidence == "cannot say") is not testable


def test_other_choices_are_counted(made):
    result, asked = core_of(made), []

    def again(_name, _network, _known, changed, _most):
        asked.append(changed)
        return made.leading_core("no_core") if changed.get("alpha") == 0.001 else result

    found = tried(two_hubs(), {"leading_core": result}, again=again, runs=1, multiverse=True)["leading_core"]
    cells = found.multiverse
    assert cells.height == 18
    assert found.agreement == 0.5
    assert "multiverse" in found.contradictions
    assert cells.filter("same")["alpha"].unique().to_list() == [0.01]
    assert set(cells["max_pool"]) == {50, 150, 300}
    assert set(cells["min_block"]) == {0.01, 0.02, 0.05}


def test_large_networks_are_not_measured_again_and_say_so(made):
    found = tried(two_hubs(), {"leading_core": core_of(made)}, again=never, runs=5, multiverse=True, largest=100)[
        "leading_core"
    ]
    assert found.thinning["runs"].to_list() == [0] * 4
    assert found.agreement is None
    assert found.notes


def test_draws_are_few_where_one_is_expensive(made, monkeypatch):
    monkeypatch.setattr(trials, "_WORK", 200 * 12)
    found = tried(two_hubs(), {"leading_core": core_of(made)}, draws=500)["leading_core"]
    assert set(found.thinning["draws"]) == {12}


def test_no_effort_tries_nothing(made):
    assert tried(two_hubs(), {"leading_core": core_of(made)}, effort="none") == {}


def test_what_cannot_be_said_is_not_tried(made):
    found = tried(two_hubs(), {"leading_core": made.leading_core("insufficient_data")}, again=never, runs=5)
    assert found["leading_core"].value is None
    assert found["leading_core"].thinning.height == 0
    assert found["leading_core"].contradictions == ()


def test_row_order_changes_nothing(made):
    network = posts_of_authors(3)
    rows = network.named_interactions().drop("quality")
    shuffled = Network.from_tables(rows.sample(fraction=1.0, shuffle=True, seed=5))
    results = {
        "leading_core": core_of(made),
        "hierarchy": made.hierarchy("led", names=("hub1", "author1", "author2", "author3")),
    }
    first, second = (tried(one, results) for one in (network, shuffled))
    for name in results:
        assert first[name].thinning.equals(second[name].thinning)
        assert first[name].left_out.equals(second[name].left_out)
        assert first[name].interval == second[name].interval


def test_the_number_is_the_one_of_the_headline(hostile_report):
    """What is thinned is the very number that stands in the headline."""
    report = hostile_report
    assert set(report.content.robustness) == set(report.results)
    for name, found in report.content.robustness.items():
        finding = report.finding(name)
        assert finding.details["robustness"]["effort"] == "quick"
        assert finding.doubts
        if found.value is None or name == "factions":
            continue
        assert found.value == pytest.approx(finding.value), name
    factions = report.content.robustness.get("factions")
    if factions is not None and factions.value is not None:
        crossing = report.finding("factions").details["crossing_share"]
        assert factions.value == pytest.approx(1 - crossing)


# ---------------------------------------------------------------------- what it does to the confidence


def robust(**parts) -> Robustness:
    plain = tried_empty()
    return replace(plain, **parts)


def tried_empty() -> Robustness:
    from netact.results import LEFT_OUT, LOSS, THINNING

    return Robustness(
        question="leading_core", effort="quick", headline="the share", value=0.3, verdict="core", sampling="unknown",
        rate=None, query=(), testable=True, clusters=50, cluster="post", thinning=pl.DataFrame(schema=THINNING),
        change=None, stable=None, judged_by=None, interval=None, left_out=pl.DataFrame(schema=LEFT_OUT), amplifiers=None,
        loss=pl.DataFrame(schema=LOSS),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "against", "after"),
    [
        ("high", (), "high"),
        ("high", ("thinning",), "medium"),
        ("medium", ("left out",), "low"),
        ("low", ("followers",), "low"),
        ("high", ("thinning", "left out", "followers"), "low"),
        ("high", ("multiverse",), "low"),
        ("high", ("sampling",), "cannot say"),
        ("cannot say", ("thinning",), "cannot say"),
    ],
)
def test_confidence_falls_by_rule(before, against, after):
    assert lowered(before, robust(contradictions=against)) == after


def test_every_measured_question_has_a_headline():
    from netact.measures import MEASURES

    assert list(HEADLINES) == list(MEASURES)


@pytest.mark.parametrize("cluster", ["post", "source account", "object"])
@pytest.mark.parametrize("sampling", ["complete", "keyword", "sampled", "unknown"])
def test_doubts_are_whole_sentences(made, cluster, sampling):
    from netact.results import LEFT_OUT, LOSS, THINNING, Amplifiers, Estimate

    thin = pl.DataFrame(
        [
            {"share": 0.5, "draws": 20, "mean": 0.31, "sd": 0.02, "low": 0.25, "high": 0.35, "runs": 5, "same": 0.4, "verdict": "no_core", "overlap": 0.5},
            {"share": 0.25, "draws": 20, "mean": 0.31, "sd": 0.02, "low": 0.25, "high": 0.35, "runs": 5, "same": 0.2, "verdict": "no_core", "overlap": 0.5},
        ],
        schema=THINNING,
    )  # fmt: skip
    gone = pl.DataFrame(
        [
            ("score 0.5", 3, 0.1, 0.25, "no_core", False), ("score 0.9", 0, 0.0, 0.3, "core", True),
            ("most active", 1, 0.2, None, None, None), ("follows stated", 1, 0.0, 0.3, "core", True),
            ("follows imputed", 1, 0.1, 0.4, None, None),
        ],
        schema=LEFT_OUT, orient="row",
    )  # fmt: skip
    found = robust(
        cluster=cluster, sampling=sampling, rate=0.1 if sampling == "sampled" else None, query=("#freedom", "march"),
        thinning=thin, left_out=gone, stable=False, judged_by="outcome", change=0.03,
        interval=Estimate(0.3, "share", interval=(0.2, 0.4), interval_method="cluster bootstrap"),
        amplifiers=Amplifiers(14, 30.0, 0.2, 0.1),
        loss=pl.DataFrame([(None, 10, 2, 0.2), (0, 5, 0, 0.0), (1, 5, 2, 0.4)], schema=LOSS, orient="row"),
        multiverse=pl.DataFrame({"kind": ["retweet", "retweet", "reply"], "alpha": [0.01, 0.001, None],
                                 "verdict": ["core", "no_core", "core"], "value": [0.3, None, 0.2], "same": [True, False, True]}),
        agreement=2 / 3, contradictions=("thinning", "left out", "followers", "multiverse"), effort="full",
    )  # fmt: skip
    finding = describe(made.leading_core(), robustness=found)
    assert len(finding.doubts) == 9
    for label, text in finding.doubts:
        assert label[0].isupper()
        assert text.endswith("."), text
        assert "  " not in text
        assert "None" not in text
    assert finding.confidence == "low"
    assert sum("confidence was lowered" in caveat for caveat in finding.caveats) == 4
    from netact.figures import robustness_panels

    names = [panel.name for panel in robustness_panels(found)]
    assert names == ["leading_core_thinning", "leading_core_choices"]
    import json
    from importlib import resources

    import jsonschema

    schema = json.loads((resources.files("netact.report") / "findings.schema.json").read_text(encoding="utf-8"))
    part = {"$ref": "#/$defs/finding", "$defs": schema["$defs"]}
    jsonschema.validate(json.loads(json.dumps(finding.to_dict())), part)


def test_power_counts_the_ties_that_a_sample_loses():
    from netact.measures.leading_core import _survival

    assert _survival(None) == _survival(1.0) == 1.0
    # One act and a Poisson number more: 1 - (1 - rate) * exp(-rate).
    assert _survival(0.1) == pytest.approx(0.185646, abs=1e-6)
    random = np.random.default_rng(1)
    acts = 1 + random.poisson(1.0, 40_000)
    assert np.mean(random.binomial(acts, 0.1) > 0) == pytest.approx(_survival(0.1), abs=0.01)
