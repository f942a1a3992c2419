"""Behavioural similarity of pairs: worked values, planted pairs, calibration, and that nobody is named."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from netact import behavioural_similarity as similarity
from netact.errors import MeasureError
from netact.figures import panels
from netact.measures.super_users import super_users
from netact.network import Network
from netact.randomness import generator
from netact.report.findings import describe
from netact.synthetic import shared_operators

NOTHING = pl.DataFrame(schema={"account": pl.UInt32, "object": pl.String, "seconds": pl.Float64})


def test_worked_predictive_values():
    assert similarity.predictive_value(1e-3, sensitivity=0.8, false_positive_rate=0.01) == pytest.approx(
        0.0741, abs=5e-5
    )
    assert similarity.predictive_value(1e-2, sensitivity=0.8, false_positive_rate=0.01) == pytest.approx(
        0.4469, abs=5e-5
    )
    assert similarity.predictive_value(0.0) == 0


def test_profile_similarity_agrees_with_scipy():
    random = np.random.default_rng(0)
    a, b = random.integers(0, 9, 168), random.integers(0, 9, 168)
    expected = 1 - jensenshannon(a / a.sum(), b / b.sum(), base=2) ** 2
    assert similarity.profile_similarity(a, b) == pytest.approx(expected)


def acts(*lists, start=0.0):
    """Return account, seconds and programs (unknown) of lists of seconds."""
    account = np.repeat(np.arange(len(lists)), [len(x) for x in lists])
    seconds = np.concatenate([np.asarray(x, dtype=float) for x in lists]) + start
    return account, seconds, np.full(len(account), -1)


def compared(account, seconds, client, passed_on=NOTHING):
    return similarity.behavioural_similarity(account, seconds, client, passed_on, seed_of_null=generator(1, "test"))


def test_hand_overs_are_counted_against_shifts_by_whole_days():
    hour, day = 3600.0, 86_400.0
    # A posts at 9:00 on forty days; B two minutes later on the first ten of them and at 15:00 on the others.
    first = [d * day + 9 * hour for d in range(40)]
    second = [d * day + (9 * hour + 120 if d < 10 else 15 * hour) for d in range(40)]
    found = compared(*acts(first, second))
    assert found.values["hand_overs"].tolist() == [10]
    # Ten begins and forty ends share a time of day: 400 meetings, of which one in forty days is expected on shift zero.
    assert found.values["hand_overs_expected"].tolist() == [pytest.approx(400 / 40)]
    assert found.p_values["hand_over"][0] == pytest.approx(stats.binom.sf(9, 400, 1 / 40))


def test_never_at_once_counts_spells_that_would_have_met():
    day = 86_400.0
    first = [d * day + 36_000.0 for d in range(30)]
    apart = [d * day + 36_005.0 if d >= 30 else d * day + 50_000.0 for d in range(60)]
    found = compared(*acts([*first, *(d * day + 70_000.0 for d in range(30, 60))], apart))
    assert found.values["at_once"].tolist() == [0]
    assert found.values["at_once_expected"].tolist() == [pytest.approx(30 * 30 / 60)]
    assert found.p_values["never_at_once"][0] == pytest.approx((1 - 1 / 60) ** 900)
    together = compared(*acts(first, [t + 5 for t in first]))
    assert together.values["at_once"].tolist() == [30]
    assert together.p_values["never_at_once"][0] == 1
    # Two acts with one program are no two devices.
    account, seconds, _ = acts(first, [t + 5 for t in first])
    one = compared(account, seconds, np.zeros(len(account), dtype=int))
    assert math.isnan(one.p_values["never_at_once"][0])


def test_rare_programs_say_more_than_common_ones():
    day = 86_400.0
    account = np.repeat(np.arange(12), 30)
    seconds = np.tile(np.arange(30) * day, 12) + account * 1000.0
    client = np.repeat([0, 0, 1, 1, *[2] * 8], 30)
    found = compared(account, seconds, client)
    rare = found.p_values["same_client"][found.values["same_client"]]
    assert sorted(set(rare.round(12).tolist())) == [pytest.approx(4 / 132), pytest.approx(60 / 132)]
    assert not found.passed_by_feature["same_client"].any()


def test_posts_passed_on_within_seconds():
    day = 86_400.0
    account, seconds, client = acts(*([d * day + 5000.0 * i for d in range(30)] for i in range(6)))
    rows = [(a, f"o{k}", k * 1000.0 + 40.0 * a) for a in range(6) for k in range(20)]
    rows = [(a, o, t if a else t + 38.0) for a, o, t in rows]  # 0 follows 1 by two seconds
    found = compared(
        account, seconds, client, pl.DataFrame(rows, schema=["account", "object", "seconds"], orient="row")
    )
    assert found.values["common_posts"].tolist() == [20] * 15
    assert found.values["within_seconds"].tolist() == [20, *[0] * 14]
    assert found.passed_by_feature["co_retweets"].tolist() == [True, *[False] * 14]


@pytest.fixture(scope="module")
def planted():
    return shared_operators(accounts=24, seed=3)


@pytest.fixture(scope="module")
def suspected(planted):
    return super_users(planted.network, suspect_shared_operators=True, seed=1)


def test_planted_pairs_are_found_and_nobody_is_named(planted, suspected):
    found = suspected.shared_operators
    assert suspected.status == "not_testable"  # there is no admin table, and none is needed
    assert (found.status, found.accounts, found.pairs) == ("ok", 24, 276)
    assert found.similar.height == len(planted.pairs)
    assert found.similar["passed"].min() >= 2
    assert (found.similar["hand_overs"] > 3 * found.similar["hand_overs_expected"]).all()
    assert found.counts["pairs"].sum() == 276
    finding = describe(suspected)
    said = dict(finding.answers)["Behavioural similarity"]
    assert "3 pairs of accounts among 276 show behavioural similarity" in said
    assert "7.4 % of the pairs it flags would be right" in said
    assert "same person" not in said
    shown = panels(suspected)
    told = [said, json.dumps(finding.to_dict()), *(panel.table.write_csv() + panel.figure.to_json() for panel in shown)]
    told += [frame.write_csv() for frame in (found.similar, found.features, found.counts)]
    names = planted.network.keys
    assert not any(f'"{name}"' in text or f"{name}," in text for text in told for name in names)
    assert "pair" not in finding.to_dict()["details"]["behavioural_similarity"]["counts"][0]
    assert "similar" not in finding.to_dict()["details"]["behavioural_similarity"]


def test_the_prior_of_the_user_is_used(planted):
    found = super_users(planted.network, suspect_shared_operators=True, prior=0.01, seed=1).shared_operators
    assert found.predictive_value == pytest.approx(0.4469, abs=5e-5)
    with pytest.raises(MeasureError):
        super_users(planted.network, prior=1.0, seed=1)


def test_it_is_off_unless_asked_for(planted):
    found = super_users(planted.network, seed=1)
    assert found.shared_operators is None
    assert "Behavioural similarity" not in dict(describe(found).answers)


def test_row_order_changes_nothing(planted, suspected):
    turned = replace(
        planted.network,
        posts=planted.network.posts.sample(fraction=1, shuffle=True, seed=1),
        interactions=planted.network.interactions.sample(fraction=1, shuffle=True, seed=2),
    )
    again = super_users(turned, suspect_shared_operators=True, seed=1).shared_operators
    assert again.similar.equals(suspected.shared_operators.similar)
    assert again.features.equals(suspected.shared_operators.features)


def test_without_times_it_cannot_be_told():
    ties = pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    found = super_users(Network.from_tables(ties), suspect_shared_operators=True, seed=1)
    assert found.shared_operators.status == "insufficient_data"
    said = dict(describe(found).answers)["Behavioural similarity"]
    assert said.startswith("Whether accounts behave alike cannot be told.")
    assert not panels(found)


def test_p_values_of_strangers_are_calibrated():
    # Strangers who draw their hours from one rhythm, act in spells of their own and pass on posts of their own choice.
    hits, asked = dict.fromkeys(similarity.FEATURES, 0.0), dict.fromkeys(similarity.FEATURES, 0)
    passed = 0
    for seed in range(6):
        random = np.random.default_rng(seed)
        rhythm = np.linspace(1, 3, 24) / np.linspace(1, 3, 24).sum()
        lists = []
        for _ in range(20):
            hours = np.concatenate([day * 24 + random.choice(24, random.poisson(3), p=rhythm) for day in range(40)])
            lists.append(np.sort(hours * 3600.0 + random.random(len(hours)) * 3600))
        account, seconds, client = acts(*lists)
        rows = [(a, f"o{o}", random.random() * 60) for a in range(20) for o in random.choice(40, 20, replace=False)]
        found = compared(
            account, seconds, client, pl.DataFrame(rows, schema=["account", "object", "seconds"], orient="row")
        )
        passed += int(found.passed.sum())
        for name, p in found.p_values.items():
            known = p[np.isfinite(p)]
            hits[name] += np.count_nonzero(known <= 0.05)
            asked[name] += len(known)
    assert passed <= 3
    for name in ("same_hours", "hand_over", "never_at_once", "co_retweets"):
        # Counts are whole numbers, so that fewer than 5 % may be reached.
        assert hits[name] <= stats.binom.ppf(0.995, asked[name], 0.05), name
    assert hits["same_hours"] >= stats.binom.ppf(0.005, asked["same_hours"], 0.03)
