"""Figures of coordination: what is drawn, and who is never named."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from netact.figures import panels
from netact.figures.text import safe
from netact.report.tables import without_names


@pytest.fixture
def together(made):
    return made.coordination()


def by_name(result, names):
    return {panel.name: panel for panel in panels(result, names=names)}


def test_groups_gaps_sizes_and_the_rival_rule_are_drawn(together):
    assert list(by_name(together, {})) == ["groups", "gaps", "sizes", "comparison"]


def test_only_accounts_that_may_be_named_are(together):
    drawn = by_name(together, {"a": "<b>Ada</b>"})
    hovers = {
        row[0] for trace in drawn["groups"].figure.data if trace.customdata is not None for row in trace.customdata
    }
    assert hovers == {"an account", safe("<b>Ada</b>")}
    notes = [note.text for note in drawn["groups"].figure.layout.annotations]
    assert notes == [safe("<b>Ada</b>", limit=18)]
    assert drawn["sizes"].table["who"].to_list() == ["<b>Ada</b> and 2 others", "2 accounts"]
    assert drawn["groups"].table["account"].to_list() == ["<b>Ada</b>", "<b>Ada</b>", "an account"]
    assert drawn["groups"].table["other account"].to_list() == ["an account"] * 3
    text = json.dumps([json.loads(panel.figure.to_json()) for panel in drawn.values()])
    assert "example.org" not in text


def test_every_tie_is_drawn_between_the_places_of_its_accounts(together):
    lines = by_name(together, {})["groups"].figure.data[0]
    assert len([x for x in lines.x if x is None]) == together.edges.height
    assert tuple(lines.x[:2]) == (0.0, 1.0)


def test_gaps_stand_beside_those_of_shuffled_times(together):
    panel = by_name(together, {})["gaps"]
    chance, observed = panel.figure.data
    assert list(observed.y) == together.gaps["observed"].to_list()
    assert list(chance.y) == together.gaps["expected"].to_list()
    assert panel.title.startswith("82 % of what")


def test_the_rival_rule_stands_beside_what_it_keeps_by_chance(together):
    panel = by_name(together, {})["comparison"]
    chance, observed = panel.figure.data
    assert list(observed.x) == [3, 40]
    assert list(chance.x) == [0.0, 37.0]
    assert "always keeps pairs" in panel.title


def test_nothing_found_draws_the_comparison_only(made):
    nothing = made.coordination("none_found")
    assert list(by_name(nothing, {})) == ["comparison"]
    kept = nothing.comparison.with_columns(pl.lit(0).alias("pairs"), pl.lit(0.0).alias("pairs_by_chance"))
    assert list(by_name(replace(nothing, comparison=kept), {})) == []
    assert by_name(made.coordination("insufficient_data"), {}) == {}


def test_who_acts_together_is_in_no_file_unless_named(together):
    kept = without_names({"coordination": together}, {"a": "Ada", "b": "Bo"})["coordination"]
    assert kept.members["account"].to_list() == ["a", "b", "account 3", "account 4", "account 5"]
    assert kept.edges.select("account_a", "account_b").rows() == [
        ("a", "b"), ("a", "account 3"), ("account 4", "account 5"),
    ]  # fmt: skip
    # What two accounts shared may tell who they are.
    assert kept.edges["examples"].to_list() == [["https://example.org/1"], [], []]
    assert len(by_name(kept, {"a": "Ada"})["groups"].figure.data) == 3
