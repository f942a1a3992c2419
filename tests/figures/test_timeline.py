"""Figures of time: bars to brush, shares by group, turnover."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from netact.figures import timeline as figures
from netact.figures.text import words_for
from netact.language import speaking

GROUPS = {0: "Group A", 1: "Group B", -1: "Smaller groups"}


@pytest.fixture
def words():
    return words_for("retweet")


def test_bars_can_be_brushed_and_carry_their_window(timeline, words, pure, literal):
    panel = pure(lambda: figures.interactions_over_time(timeline, words))
    literal(panel)
    (bars,) = panel.figure.data
    assert [data[0] for data in bars.customdata] == [0, 1, 2, 3]
    assert list(bars.y) == [10, 40, 0, 25]
    assert set(bars.marker.opacity) == {1.0}
    assert (panel.figure.layout.dragmode, panel.figure.layout.selectdirection) == ("select", "h")
    assert panel.table["retweets"].to_list() == ["10", "40", "0", "25"]
    assert panel.title == "75 retweets; busiest window: 5 Mar 2024, with 40"
    assert "90 % of all have a time" in panel.note


def test_windows_outside_the_choice_are_pale_and_the_choice_is_bracketed(timeline, words):
    panel = figures.interactions_over_time(timeline, words, chosen=(1, 2))
    (bars,) = panel.figure.data
    assert [value == 1.0 for value in bars.marker.opacity] == [False, True, True, False]
    (bracket,) = panel.figure.layout.shapes
    assert bracket.x0 < 1
    assert bracket.x1 > 2
    assert panel.title.startswith("40 retweets fall in the time chosen")


def test_shares_of_a_window_add_up_and_empty_windows_are_gaps(timeline, words, pure, literal):
    panel = pure(lambda: figures.factions_over_time(timeline, GROUPS, words))
    literal(panel)
    shares = [trace.y for trace in panel.figure.data]
    assert len(shares) == 3
    assert [shares[i][1] for i in range(3)] == pytest.approx([10 / 40, 25 / 40, 5 / 40])
    assert all(values[2] is None for values in shares)
    assert len({trace.marker.symbol for trace in panel.figure.data}) == 3
    assert panel.table["Group B"].to_list() == ["40 %", "62 %", "", "100 %"]
    assert "2 of 3 windows" in panel.title
    labels = [label for label in panel.figure.layout.annotations if label.showarrow]
    assert len(labels) == 3


def test_end_labels_keep_their_distance(timeline, words):
    panel = figures.factions_over_time(timeline, GROUPS, words)
    places = sorted(label.ay for label in panel.figure.layout.annotations if label.showarrow)
    top = panel.figure.layout.yaxis.range[1]
    assert min(b - a for a, b in itertools.pairwise(places)) >= 16 * top / 300
    assert places[-1] <= top


def test_turnover_leaves_out_what_is_not_known(timeline, pure, literal):
    panel = pure(lambda: figures.turnover(timeline))
    literal(panel)
    overlap, effective = panel.figure.data
    assert list(overlap.y) == [None, 0.25, None, 0.5]
    assert list(effective.y) == [3.5, 6.0, None, 4.0]
    assert panel.table["overlap with the window before"].to_list() == ["", "0.25", "", "0.50"]
    assert "0.25 to 0.50" in panel.title


def test_turnover_without_twenty_accounts_shows_the_effective_number(timeline):
    import polars as pl

    few = replace(timeline, windows=timeline.windows.with_columns(top_20_overlap=pl.lit(None, pl.Float64)))
    panel = figures.turnover(few)
    assert len(panel.figure.data) == 1
    assert "4 to 6 accounts" in panel.title


def test_hostile_group_names_are_literal(timeline, words, made, literal):
    for name in made.HOSTILE:
        literal(figures.factions_over_time(timeline, {0: name, 1: name}, words))


def test_nothing_to_show_gives_none(no_time, words, timeline):
    assert figures.interactions_over_time(no_time, words) is None
    assert figures.factions_over_time(no_time, GROUPS, words) is None
    assert figures.turnover(no_time) is None
    assert figures.factions_over_time(replace(timeline, factions=timeline.factions.clear()), GROUPS, words) is None


def test_dates_are_told_in_the_language_spoken(timeline):
    start, end = timeline.periods["start"][0], timeline.periods["end"][0]
    assert figures.period_label(start, end, "day").startswith("4–5 Mar")
    with speaking("fr"):
        assert "mars 2024" in figures.period_label(start, end, "day")
        assert figures.moment_label(start, "month") == "mars 2024"
    assert figures.moment_label(start, "year") == "2024"
    assert figures.moment_label(start, "hour") == "4 Mar, 00:00"
