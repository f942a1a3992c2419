"""What the data say of claims: every condition, from results made for it."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from netact.language import LANGUAGES, speaking
from netact.network import Network
from netact.report.claims import CLAIMS, verdict_name, weigh_claims
from netact.results import RESULTS

_SPEC = importlib.util.spec_from_file_location("made_results", Path(__file__).with_name("made_results.py"))
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

TIES = pl.DataFrame({"source": list("bcd"), "target": list("aab")})


def network(rights: dict[str, str] | None = None) -> Network:
    table = None
    if rights:
        table = pl.DataFrame({"person": list(rights.values()), "account": list(rights)})
    return Network.from_tables(TIES, admin_rights=table, kind="retweet")


def verdict(name, *results, held=None):
    stems = {kind: stem for stem, kind in RESULTS.items()}
    return {claim.name: claim.verdict for claim in weigh_claims(network(held), {stems[type(r)]: r for r in results})}[
        name
    ]


@pytest.mark.parametrize(
    ("leaders", "top", "expected"),
    [
        (made.estimate(12.0, interval=(9.0, 15.0)), made.estimate(0.6, p=0.01), "supports"),
        (made.estimate(12.0, interval=(9.0, 25.0)), made.estimate(0.6, p=0.01), "cannot_say"),
        (made.estimate(12.0, interval=(9.0, 15.0)), made.estimate(0.6, p=0.2), "cannot_say"),
        (made.estimate(90.0, interval=(60.0, 120.0)), made.estimate(0.12, interval=(0.1, 0.15)), "refutes"),
        (made.estimate(90.0, interval=(15.0, 120.0)), made.estimate(0.12, interval=(0.1, 0.15)), "cannot_say"),
        (made.estimate(90.0, interval=(60.0, 120.0)), made.estimate(0.25, interval=(0.15, 0.3)), "cannot_say"),
    ],
)
def test_a_handful_drives_or_attention_is_dispersed(leaders, top, expected):
    found = replace(made.hierarchy(), indices={"effective_leaders": leaders, "top_20_share": top})
    assert verdict("handful_of_leaders", found) == expected


def test_a_core_of_accounts_is_no_team_of_people_without_a_table():
    found = made.leading_core("core")  # members a, b, c, d
    assert verdict("team_of_2_to_20", found) == "cannot_say"
    assert verdict("team_of_2_to_20", found, held={"a": "Ada", "b": "Bo", "c": "Ada"}) == "cannot_say"  # d is not in it
    assert verdict("team_of_2_to_20", found, held=dict.fromkeys("abcd", "Ada") | {"b": "Bo"}) == "supports"
    assert verdict("team_of_2_to_20", found, held=dict.fromkeys("abcd", "Ada")) == "refutes"
    loose = replace(found, cores=(replace(made.core(), stability=dict.fromkeys("abcd", 0.4)),))
    assert verdict("team_of_2_to_20", loose, held=dict.fromkeys("abcd", "Ada") | {"b": "Bo"}) == "cannot_say"


@pytest.mark.parametrize(
    ("outcome", "power", "expected"),
    [
        ("elite_larger_than_team", 0.9, "refutes"),
        ("no_core", 0.9, "refutes"),
        ("no_core", 0.5, "cannot_say"),
        ("single_hub", 0.9, "cannot_say"),
        ("not_testable", 0.9, "cannot_say"),
        ("insufficient_data", 0.9, "cannot_say"),
    ],
)
def test_no_team_refutes_only_where_one_would_have_been_found(outcome, power, expected):
    found = made.leading_core(outcome)
    found = replace(found, power=found.power.with_columns(power=pl.lit(power)))
    assert verdict("team_of_2_to_20", found) == expected


def test_one_person_could_shut_it_down():
    keys = made.super_users()
    assert verdict("super_user", keys) == "supports"
    assert verdict("super_user", replace(keys, top_loss=made.estimate(0.7, p=0.3))) == "cannot_say"
    small = replace(
        keys, top_loss=made.estimate(0.05), people=keys.people.with_columns(shutdown_attention=pl.lit(0.05))
    )
    assert verdict("super_user", small) == "refutes"
    assert verdict("super_user", replace(small, coverage=0.2)) == "cannot_say"
    assert verdict("super_user", made.super_users("not_testable")) == "cannot_say"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("leaderless", "supports"), ("led", "refutes"), ("single_led", "refutes"), ("undetermined", "cannot_say")],
)
def test_a_group_without_a_leader(given, expected):
    assert verdict("many_followers_no_leader", made.hierarchy(given)) == expected


def test_what_was_not_asked_cannot_be_said():
    claims = weigh_claims(network(), {})
    assert [claim.name for claim in claims] == list(CLAIMS)
    assert {claim.verdict for claim in claims} == {"cannot_say"}
    assert all(claim.evidence for claim in claims)


def test_no_platform_is_not_counted_as_none_of_them():
    evidence = next(claim.evidence for claim in weigh_claims(network(), {}) if claim.name == "everywhere_at_once")
    assert evidence.startswith("The data name no platforms and no languages of posts")


def test_every_result_gives_a_verdict_with_evidence_in_every_language():
    stems = {kind: stem for stem, kind in RESULTS.items()}
    for result in (*made.every_result(), *made.every_branch()):
        for claim in weigh_claims(network(), {stems[type(result)]: result}):
            for language in LANGUAGES:
                with speaking(language):
                    assert claim.said.strip().endswith(".")
                    assert verdict_name(claim.verdict)
                    assert set(claim.to_dict()) == {"name", "statement", "source", "question", "verdict", "evidence"}


def test_a_claim_names_a_question_that_exists():
    assert {stated.question for stated in CLAIMS.values()} - {None} <= set(RESULTS)


def test_met_in_earlier_activism():
    def found(**earlier):
        return replace(made.dynamics(), earlier=replace(made.earlier_activism(), **earlier))

    assert (
        verdict("met_in_earlier_activism", found(mutual_ties=made.estimate(5.0, "pairs", null=(0.0, 2.0), p=0.01)))
        == "supports"
    )
    assert (
        verdict("met_in_earlier_activism", found(mutual_ties=made.estimate(1.0, "pairs", null=(0.0, 2.0), p=0.6)))
        == "cannot_say"
    )
    assert (
        verdict("met_in_earlier_activism", found(mutual_ties=made.estimate(0.0, "pairs", null=(2.0, 9.0), p=1.0)))
        == "refutes"
    )
    none = replace(made.dynamics(), earlier=None)
    assert verdict("met_in_earlier_activism", none) == "cannot_say"


def test_a_split_beyond_chance_supports_and_its_absence_says_nothing():
    for given, expected in (
        ("split", "supports"),
        ("split_and_merger", "supports"),
        ("steady", "cannot_say"),
        ("merger", "cannot_say"),
    ):
        assert verdict("self_destruction", replace(made.dynamics(), tracking=made.tracking(given))) == expected
    assert verdict("self_destruction", replace(made.dynamics(), tracking=None)) == "cannot_say"


@pytest.mark.parametrize(("given", "expected"), [("yes", "supports"), ("no", "refutes"), ("cannot say", "cannot_say")])
def test_factions_along_technology(given, expected):
    assert verdict("factions_along_technology", replace(made.factions(), technology=made.technology(given))) == expected
    assert verdict("factions_along_technology", made.factions()) == "cannot_say"


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (made.estimate(0.9, p=0.01), "supports"),
        (made.estimate(0.1, p=0.01), "refutes"),
        (made.estimate(0.9, p=0.3), "cannot_say"),
    ],
)
def test_outcomes_of_operations(relation, expected):
    assert verdict("legitimate_when_many_join", made.legitimation(relation=relation)) == expected
    assert verdict("legitimate_when_many_join", made.legitimation()) == "cannot_say"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("shared", "supports"), ("bound", "refutes"), ("undetermined", "cannot_say"), ("cannot_say", "cannot_say")],
)
def test_shared_signs(given, expected):
    assert verdict("shared_symbols", made.symbols(given)) == expected
