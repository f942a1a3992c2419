"""Tests of what the finding of dynamics says of cascades, of earlier activism and of groups through time."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.text import unmarked
from netact.language import Message
from netact.report.findings import describe
from netact.report.store import restore, store
from netact.results import Dynamics


def answers(result, **parameters):
    return {label: unmarked(text) for label, text in describe(result, **parameters).answers}


def test_a_split_is_told_with_its_parts_and_what_chance_gives(made):
    told = answers(made.dynamics(), names={"c": "cora"})["Splits and mergers"]
    assert told.startswith("A group split and stayed apart beyond what the same acts at other times give (p = 0.01).")
    assert "50 % went across before, and 2 % afterwards" in told
    assert "Among those who went with it: @cora." in told
    assert "by chance 1.0 on average" in told


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("merger", "Groups merged and stayed together"),
        ("split_and_merger", "A group split and stayed apart, and groups merged"),
        ("steady", "A small or late one could be missed."),
        ("undetermined", "Cannot say: "),
    ],
)
def test_every_verdict_on_groups(made, verdict, words):
    told = answers(replace(made.dynamics(), tracking=made.tracking(verdict)))
    assert words in told["Splits and mergers"]
    assert ("Leaders between groups" in told) == (verdict != "undetermined")
    assert "they moved apart" in told["Is the core growing apart"]


def test_a_core_that_stays_as_it_is_is_said_instead_of_drawn(made):
    tracking = made.tracking()
    stays = replace(tracking, core=tracking.core.with_columns(ei_index=pl.lit(0.2)))
    told = answers(replace(made.dynamics(), tracking=stays))["Is the core growing apart"]
    assert told.startswith(
        "Between the two halves of the core the E-I index is 0.20 in every window, so it is not drawn."
    )
    assert tracking.core_stays is None
    assert replace(tracking, core=tracking.core.clear()).core_stays is None


def test_people_who_may_not_be_named_are_not(made):
    finding = describe(made.dynamics(), names={"a": "ada"})
    assert {row["account"] for row in finding.details["tracking"]["leaders"].to_dicts()} == {"a", None}
    assert {row["account"] for row in finding.details["cascades"]["influence"].to_dicts()} == {"a", None}
    assert {row["account"] for row in finding.details["earlier"]["by_member"].to_dicts()} == {"a", None}
    assert "@c" not in answers(made.dynamics(), names={"a": "ada"})["Splits and mergers"]


def test_earlier_ties_are_no_proof_of_having_met(made):
    def told(**parameters):
        result = replace(made.dynamics(), earlier=made.earlier_activism(**parameters))
        return answers(result)["Met in earlier activism"]

    assert "so members were tied before more than such accounts are" in told()
    assert "That ties are old does not say that people met" in told()
    assert "so their activity alone could give this" in told(beyond=False)
    assert "as active and as old" in told(beyond=False, matched_on="activity and age")
    assert told(status="not_testable").startswith("Whether the core met in earlier activism cannot be told")


def test_cascades_are_told_as_a_range(made):
    told = answers(made.dynamics())["From whom posts were passed on"]
    assert "40 % to 70 % of 900 acts instead of all" in told
    assert "0.50 to 0.80 between rules" in told
    missing = replace(made.dynamics(), cascades=made.cascades(status="insufficient_data"))
    assert "nobody's followers are known" in answers(missing)["From whom posts were passed on"]
    # Where ties have no direction nobody passed anything on.
    assert "From whom posts were passed on" not in answers(made.dynamics(), directed=False)


def test_warnings_of_the_parts_are_caveats(made):
    warned = replace(made.tracking(), warnings=(Message("One window was passed over."),))
    assert "One window was passed over." in describe(replace(made.dynamics(), tracking=warned)).caveats


def test_parts_that_were_not_looked_at_are_not_mentioned(made):
    bare = replace(made.dynamics(), cascades=None, earlier=None, tracking=None)
    assert not {"Splits and mergers", "Met in earlier activism", "From whom posts were passed on"} & set(answers(bare))
    assert describe(bare).details["tracking"] is None


def test_parts_are_kept_with_the_report(made, tmp_path):
    for number, result in enumerate((made.dynamics(), made.dynamics("rotating"), *made.dynamics_with_parts())):
        store({"dynamics": result}, tmp_path, f"results{number}")
        back = restore(Dynamics, tmp_path, f"results{number}", part="dynamics")
        assert answers(back) == answers(result)
        for name in ("cascades", "earlier", "tracking"):
            assert (getattr(back, name) is None) == (getattr(result, name) is None)
        if result.tracking is not None:
            assert back.tracking.strongest_split == result.tracking.strongest_split
            assert back.tracking.core_halves == result.tracking.core_halves
            assert back.tracking.events.equals(result.tracking.events)
