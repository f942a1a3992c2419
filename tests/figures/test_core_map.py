"""The map of the cores: members, ties, stability, associates."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.core_map import core_map
from netact.figures.text import words_for

NAMES = {key: key.upper() for key in "abcdef"}


@pytest.fixture
def words():
    return words_for("retweet")


def test_members_ties_and_associates_are_drawn(made, words, pure, literal):
    panel = pure(lambda: core_map(made.leading_core("core"), NAMES, words))
    literal(panel)
    traces = {trace.name: trace for trace in panel.figure.data}
    assert len(traces["Core"].x) == 4
    assert len(traces["associate"].x) == 1
    assert traces["tie in both directions"].line.width > traces["tie in one direction"].line.width
    assert len(traces["tie in one direction"].x) == 3
    assert panel.table["role"].to_list() == ["member"] * 4 + ["associate"]
    assert panel.table["found again in subsamples"].to_list() == ["60 %", "95 %", "95 %", "95 %", ""]
    assert panel.table["ties with the core"].to_list()[-1] == "4"
    assert panel.title == "3 of 4 members are found again in at least 80 % of subsamples"


def test_memberships_below_one_half_are_hollow_and_labelled(made, words):
    result = made.leading_core("core")
    shaky = replace(result.cores[0], stability={"a": 0.49, "b": 0.5, "c": 1.0, "d": 1.0})
    panel = core_map(replace(result, cores=(shaky,)), NAMES, words)
    members = next(trace for trace in panel.figure.data if trace.name == "Core")
    assert list(members.marker.symbol) == ["circle-open", "circle", "circle", "circle"]
    assert [text.split("<br>")[1] for text in members.text] == ["49 %", "50 %", "100 %", "100 %"]


def test_rival_cores_stand_apart_with_symbols_of_their_own(made, words):
    panel = core_map(made.leading_core("rival_cores"), NAMES, words)
    first, second = (trace for trace in panel.figure.data if trace.name in ("Core 1", "Core 2"))
    assert min(first.y) > max(second.y)
    assert first.marker.symbol[-1] != second.marker.symbol[-1]


def test_a_set_that_is_no_core_is_not_called_one_and_has_no_associates(made, words):
    panel = core_map(made.leading_core("no_core"), NAMES, words)
    assert "not called a core" in panel.title
    assert "associate" not in panel.table["role"].to_list()


def test_accounts_without_a_name_are_not_named(made, words):
    panel = core_map(made.leading_core("core"), {"a": "A"}, words)
    assert panel.table["account"].to_list() == ["A", *["an account"] * 4]
    members = next(trace for trace in panel.figure.data if trace.name == "Core")
    assert members.text[1] == "95 %"


def test_hostile_names_are_literal(made, words, literal):
    for name in made.HOSTILE:
        literal(core_map(made.leading_core("rival_cores"), dict.fromkeys("abcdef", name), words))


def test_without_direction_no_tie_is_called_mutual(made, literal):
    panel = core_map(made.leading_core("core"), NAMES, words_for("retweet", directed=False))
    literal(panel)
    assert "direction" not in panel.note + " ".join(trace.name or "" for trace in panel.figure.data)


def test_nothing_to_show_gives_none(made, words):
    assert core_map(made.leading_core("insufficient_data"), NAMES, words) is None
    lone = replace(made.leading_core("core"), core_ties=pl.DataFrame(schema=made.leading_core("core").core_ties.schema))
    assert core_map(lone, NAMES, words) is None
