"""The map to explore."""

from __future__ import annotations

import base64
from dataclasses import replace

import polars as pl
import pytest

from netact.figures.explorer import CHOSEN, explorer
from netact.figures.text import words_for
from netact.layout import Background, Layout

GROUPS = {0: "Group A", 1: "Group B"}
NAMES = {"a": "ada", "b": "bo"}


@pytest.fixture
def words():
    return words_for("retweet")


@pytest.fixture
def layout():
    return Layout(
        accounts=pl.DataFrame(
            {
                "account": ["a", "b", "c", "d"],
                "x": [0.0, 1.0, 0.0, 1.0],
                "y": [0.0, 0.0, 1.0, 1.0],
                "attention": [50.0, 20.0, 10.0, 0.0],
            }
        ),
        ties=pl.DataFrame({"source": [0, 1, 2], "target": [1, 2, 3], "weight": [3.0, 2.0, 1.0]}),
        total=1204331,
        ties_total=9,
    )


@pytest.fixture
def results(made):
    return {"factions": made.factions(), "leading_core": made.leading_core("core")}


def _shown(panel):
    return {data[0]: (trace, i) for trace in panel.figure.data if trace.customdata is not None for i, data in enumerate(trace.customdata)}  # fmt: skip


def test_every_account_carries_its_row_and_only_known_names(layout, results, words, pure, literal):
    panel = pure(lambda: explorer(layout, results, NAMES, GROUPS, words))
    literal(panel)
    shown = _shown(panel)
    assert sorted(shown) == [0, 1, 2, 3]
    for row, (trace, i) in shown.items():
        assert (trace.x[i], trace.y[i]) == (layout.accounts["x"][row], layout.accounts["y"][row])
    said = {row: trace.customdata[i][1:] for row, (trace, i) in shown.items()}
    assert said[0] == ["\u2068ada\u2069", "50 retweets"]
    assert said[2] == ["an account", "10 retweets"]
    assert panel.table["account"].to_list() == ["ada", "bo"]
    assert panel.table["retweets"].to_list() == ["50", "20"]


def test_the_figure_behaves_like_a_map(layout, results, words):
    panel = explorer(layout, results, NAMES, GROUPS, words)
    shape = panel.figure.layout
    assert (shape.dragmode, shape.clickmode, shape.uirevision) == ("pan", "event", "keep")
    assert (shape.yaxis.scaleanchor, shape.xaxis.fixedrange) == ("x", False)
    assert "Showing 4 of 1,204,331 accounts" in [a.text for a in shape.annotations]


def test_ties_are_lines_unless_a_picture_holds_them(layout, results, words):
    drawn = explorer(layout, results, NAMES, GROUPS, words).figure
    (lines,) = [trace for trace in drawn.data if trace.mode == "lines"]
    assert len(lines.x) == 9
    picture = Background(b"\x89PNG", -1.0, 2.0, -1.0, 3.0, 90_000, 400_000)
    panel = explorer(replace(layout, background=picture, mode="most_heard"), results, NAMES, GROUPS, words)
    assert not [trace for trace in panel.figure.data if trace.mode == "lines"]
    (image,) = panel.figure.layout.images
    assert base64.b64decode(image.source.removeprefix("data:image/png;base64,")) == picture.png
    assert (image.x, image.y, image.sizex, image.sizey, image.layer) == (-1.0, 3.0, 3.0, 4.0, "below")
    assert "90,000 accounts and 400,000 ties" in panel.note


def test_accounts_without_attention_in_the_time_chosen_are_hollow(layout, results, words):
    panel = explorer(layout, results, NAMES, GROUPS, words, weights={"c": 7.0})
    shown = _shown(panel)
    hollow = {row: str(trace.marker.symbol).endswith("-open") for row, (trace, _i) in shown.items()}
    assert hollow[0]
    assert not hollow[2]
    trace, i = shown[2]
    assert trace.customdata[i][2] == "7 retweets"
    assert "hollow" in panel.note


def test_the_account_chosen_is_ringed_on_top_with_its_ties(layout, results, words):
    panel = explorer(layout, results, NAMES, GROUPS, words, selected="b")
    lines, ring = panel.figure.data[-2:]
    assert len(lines.x) == 6  # two ties
    assert lines.line.color == ring.marker.color == CHOSEN
    assert (ring.x[0], ring.y[0]) == (1.0, 0.0)
    shown = _shown(panel)
    opacity = {row: trace.marker.opacity[i] for row, (trace, i) in shown.items()}
    assert opacity[3] < opacity[0]
    assert "@bo" in panel.title
    assert explorer(layout, results, NAMES, GROUPS, words, selected="nobody").title == explorer(layout, results, NAMES, GROUPS, words).title  # fmt: skip


def test_members_of_cores_are_ringed(layout, results, words):
    (ring,) = [t for t in explorer(layout, results, NAMES, GROUPS, words).figure.data if t.meta == "ink"]
    assert len(ring.x) == 4


def test_hostile_names_are_literal(layout, results, words, made, literal):
    for name in made.HOSTILE:
        literal(explorer(layout, results, dict.fromkeys("abcd", name), {0: name, 1: name}, words, selected="a"))


def test_without_groups_there_is_one_colour(layout, words, literal):
    panel = explorer(layout, {}, NAMES, {}, words)
    literal(panel)
    assert len({str(trace.marker.color) for trace in panel.figure.data if trace.customdata is not None}) == 1


def test_nothing_to_show_gives_none(layout, results, words):
    assert explorer(replace(layout, accounts=layout.accounts.head(2)), results, NAMES, GROUPS, words) is None
