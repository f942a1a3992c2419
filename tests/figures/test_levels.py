"""Levels in the flow of attention, group by group."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.levels import levels_by_faction
from netact.figures.text import words_for

GROUPS = {0: "Group A", 1: "Group B"}
NAMES = {"a": "ada", "c": "cy"}


@pytest.fixture
def words():
    return words_for("retweet")


def test_every_heard_account_stands_in_its_group_at_its_level(made, words, pure, literal):
    panel = pure(lambda: levels_by_faction(made.hierarchy(), made.factions(), NAMES, GROUPS, words))
    literal(panel)
    first, second = panel.figure.data[:2]
    assert list(first.y) == [0.0, 0.4]
    assert list(second.y) == [1.0]
    assert all(abs(x) < 0.5 for x in first.x)
    assert all(abs(x - 1) < 0.5 for x in second.x)
    assert panel.table["accounts drawn"].to_list() == ["2", "1"]
    assert panel.table["median level"].to_list() == ["0.20", "1.00"]
    assert panel.figure.layout.yaxis.range[0] > panel.figure.layout.yaxis.range[1]  # the top of the order on top
    assert "Group A" in panel.title


def test_only_known_names_are_printed_and_cores_are_ringed(made, words):
    panel = levels_by_faction(made.hierarchy(), made.factions(), NAMES, GROUPS, words, core={"a": 1})
    said = [text for trace in panel.figure.data if trace.customdata is not None for text in trace.customdata]
    assert sum("an account" in text for text in said) == 1
    (ring,) = [trace for trace in panel.figure.data if trace.meta == "ink"]
    assert len(ring.x) == 1
    assert "Ringed" in panel.note


def test_near_medians_are_not_told_apart(made, words):
    flat = replace(made.hierarchy(), levels=made.hierarchy().levels.with_columns(level=pl.lit(0.5)))
    assert "about the same level" in levels_by_faction(flat, made.factions(), NAMES, GROUPS, words).title


def test_hostile_names_are_literal(made, words, literal):
    for name in made.HOSTILE:
        groups = {0: name, 1: name}
        literal(levels_by_faction(made.hierarchy(), made.factions(), {"a": name, "b": name, "c": name}, groups, words))


def test_nothing_to_show_gives_none(made, words):
    few = replace(made.hierarchy(), levels=made.hierarchy().levels.head(2))
    alone = replace(made.factions(), membership=made.factions().membership.clear())
    assert levels_by_faction(few, made.factions(), NAMES, GROUPS, words) is None
    assert levels_by_faction(made.hierarchy(), alone, NAMES, GROUPS, words) is None
    undirected = words_for("retweet", directed=False)
    assert levels_by_faction(made.hierarchy(), made.factions(), NAMES, GROUPS, undirected) is None
