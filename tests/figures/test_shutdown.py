"""What is left when chosen people go: numbers, ghosts and the sentence."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.shutdown import after_removal, scenario_sentence, shutdown_by_group, shutdown_losses
from netact.shutdown import ShutdownScenarios

GROUPS = {0: "Group A", 1: "Group B"}


def scenarios(names=("Ada", "Bo")):
    rules = [rule for rule in ("shutdown", "departure") for _ in range(4)]
    return ShutdownScenarios(
        status="ok",
        reason="",
        kind="retweet",
        coverage=0.9,
        people=pl.DataFrame({"bit": [0, 1], "person": list(names), "accounts": [3, 2]}),
        scenarios=pl.DataFrame(
            {
                "rule": rules,
                "mask": [0, 1, 2, 3] * 2,
                "accounts_dark": [0, 3, 1, 4, 0, 0, 1, 2],
                "attention_lost": [0.0, 0.3, 0.1, 0.4, 0.0, 0.0, 0.05, 0.2],
                "reach_lost": [0.0, 0.12, 0.02, 0.15, 0.0, 0.0, 0.01, 0.08],
                "largest_component": [0.95, 0.8, 0.9, 0.7, 0.95, 0.95, 0.94, 0.9],
                "pieces": [1, 2, 1, 3, 1, 1, 1, 1],
            }
        ),
        factions=pl.DataFrame(
            {
                "rule": ["shutdown"] * 3,
                "mask": [1] * 3,
                "faction": [-1, 0, 1],
                "accounts_dark": [0, 2, 1],
                "attention_lost": [None, 0.35, 0.1],
                "cut_off": [0.0, 0.2, 0.05],
            }
        ),
        after=pl.DataFrame(
            {
                "rule": ["shutdown"] * 3 + ["departure"],
                "removed": [0, 1, 2, 0],
                "n_factions": [2, 3, None, 2],
                "modularity": [0.4, 0.5, None, 0.4],
                "agreement": [0.98, 0.7, None, 0.98],
            }
        ),
    )


def test_the_sentence_says_who_how_many_and_how_much():
    found = scenarios()
    one = scenario_sentence(found, mask=1, rule="shutdown")
    assert one == (
        "If \u2068Ada\u2069 shut down their accounts, 3 accounts go dark, with 30 % of all attention; "
        "12 % of the audience hears no account that is left."
    )
    assert "1 account is left without a holder" in scenario_sentence(found, mask=2, rule="departure")
    assert scenario_sentence(found, mask=1, rule="departure").endswith("no account is left without a holder.")
    assert "Nobody" in scenario_sentence(found, mask=0, rule="shutdown")
    assert scenario_sentence(found, mask=99, rule="shutdown") == ""


def test_the_sentence_leaves_out_an_audience_that_is_not_known():
    found = scenarios()
    blind = replace(found, scenarios=found.scenarios.with_columns(reach_lost=pl.lit(None, pl.Float64)))
    assert scenario_sentence(blind, mask=1, rule="shutdown").endswith("with 30 % of all attention.")
    assert len(shutdown_losses(blind, mask=1, rule="shutdown").table) == 2


def test_losses_stand_before_the_ghost_of_everyone_gone(pure, literal):
    panel = pure(lambda: shutdown_losses(scenarios(), mask=1, rule="shutdown"))
    literal(panel)
    ghost, chosen, before = panel.figure.data
    assert list(ghost.x) == pytest.approx([0.4, 0.15, 0.3])
    assert list(chosen.x) == pytest.approx([0.3, 0.12, 0.2])
    assert list(before.x) == pytest.approx([0.05])
    assert panel.table["if the people chosen go"].to_list() == ["30 %", "12 %", "20 %"]
    assert panel.table["if all of these people go"].to_list() == ["40 %", "15 %", "30 %"]
    assert panel.title == scenario_sentence(scenarios(), mask=1, rule="shutdown")


def test_the_axis_stays_while_people_are_chosen():
    ranges = {shutdown_losses(scenarios(), mask=m, rule="shutdown").figure.layout.xaxis.range for m in range(4)}
    assert len(ranges) == 1


def test_groups_lose_their_shares_and_unknown_ones_are_left_empty(pure, literal):
    panel = pure(lambda: shutdown_by_group(scenarios(), GROUPS, mask=1, rule="shutdown"))
    literal(panel)
    assert panel.table["group"].to_list() == ["Group A", "Group B", "Smaller groups"]
    assert panel.table["attention lost"].to_list() == ["35 %", "10 %", ""]
    _lines, lost, cut = panel.figure.data
    assert list(lost.x) == [0.35, 0.1]
    assert list(cut.x) == [0.2, 0.05, 0.0]
    assert lost.marker.symbol != cut.marker.symbol
    assert "35 %" in panel.title
    assert shutdown_by_group(scenarios(), GROUPS, mask=2, rule="shutdown") is None


def test_groups_after_removal_stop_where_they_are_not_known(pure, literal):
    panel = pure(lambda: after_removal(scenarios(), rule="shutdown"))
    literal(panel)
    agreement, groups = panel.figure.data
    assert list(agreement.y) == [0.98, 0.7]
    assert list(groups.y) == [2, 3]
    assert panel.table["groups"].to_list() == ["2", "3"]
    assert after_removal(scenarios(), rule="departure") is None


def test_hostile_names_are_literal(made, literal):
    for name in made.HOSTILE:
        found = scenarios(names=(name, name))
        literal(shutdown_losses(found, mask=3, rule="shutdown"))
        literal(shutdown_by_group(found, {0: name, 1: name}, mask=1, rule="shutdown"))


def test_nothing_to_show_gives_none():
    found = scenarios()
    names = ("people", "scenarios", "factions", "after")
    empty = replace(found, status="not_testable", **{name: getattr(found, name).clear() for name in names})
    assert shutdown_losses(empty, mask=0, rule="shutdown") is None
    assert shutdown_by_group(empty, GROUPS, mask=0, rule="shutdown") is None
    assert after_removal(empty, rule="shutdown") is None
    assert scenario_sentence(empty, mask=0, rule="shutdown") == ""
