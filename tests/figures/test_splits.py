"""Platforms, hashtags and bridges of the groups."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.splits import bridges, hashtags_by_group, platform_split

GROUPS = {0: "Group A", 1: "Group B"}


@pytest.fixture
def factions(made):
    return replace(
        made.factions(),
        platforms=pl.DataFrame(
            {
                "faction": [0, 0, 1, 1],
                "platform": ["x", "mastodon", "x", "mastodon"],
                "accounts": [54, 6, 6, 34],
                "share": [0.9, 0.1, 0.15, 0.85],
                "expected": [36.0, 24.0, 24.0, 16.0],
            }
        ),
        hashtags=pl.DataFrame(
            {
                "faction": [0, 0, 1, 1],
                "hashtag": ["strike", "all", "park", "all"],
                "accounts": [30, 50, 12, 33],
                "share": [0.5, 0.9, 0.4, 0.9],
                "lift": [9.0, 1.0, None, 1.0],
            }
        ),
        bridges=pl.DataFrame(
            {
                "account": ["a", "c", "z"],
                "faction": [0, 1, 0],
                "other_faction": [1, 0, 1],
                "crossing": [9.0, 5.0, 4.0],
                "crossing_share": [0.3, 0.1, 0.2],
                "attention": [30.0, 50.0, 20.0],
            }
        ),
    )


def test_platform_shares_stack_to_one_beside_what_mixing_gives(factions, pure, literal):
    panel = pure(lambda: platform_split(factions, GROUPS))
    literal(panel)
    assert [sum(bar.x[i] for bar in panel.figure.data) for i in range(3)] == pytest.approx([1, 1, 1])
    assert {bar.name[1:-1]: bar.x[0] for bar in panel.figure.data} == pytest.approx({"x": 0.6, "mastodon": 0.4})
    assert panel.table["share"].to_list() == ["90 %", "10 %", "15 %", "85 %"]
    assert panel.table["if groups mixed"].to_list() == ["60 %", "40 %", "60 %", "40 %"]
    assert "85 %" in panel.title
    assert "40 %" in panel.title


def test_many_platforms_are_put_together(factions):
    rows = [(f, f"p{i}", 10, 0.1, 10.0) for f in (0, 1) for i in range(10)]
    many = pl.DataFrame(rows, schema=factions.platforms.schema, orient="row")
    panel = platform_split(replace(factions, platforms=many), GROUPS)
    assert len(panel.figure.data) == 5
    assert panel.figure.data[-1].x[1] == pytest.approx(0.6)
    assert "hardly differ" in panel.title


def test_hashtags_that_are_common_everywhere_are_left_out(factions, pure, literal):
    panel = pure(lambda: hashtags_by_group(factions, GROUPS))
    literal(panel)
    dots = [trace for trace in panel.figure.data if trace.mode == "markers+text"]
    assert [list(trace.x) for trace in dots] == [[0.5], [0.4]]
    assert panel.table["hashtag"].to_list() == ["#strike", "#park"]
    assert panel.table["times as common as in other groups"].to_list() == ["9.0", "only here"]
    assert "50 %" in panel.title


def test_only_bridges_that_may_be_named_are_shown(factions, pure, literal):
    panel = pure(lambda: bridges(factions, {"a": "ada", "c": "cy"}, GROUPS))
    literal(panel)
    assert panel.table["account"].to_list() == ["ada", "cy"]
    assert panel.table["of all it received"].to_list() == ["30 %", "10 %"]
    markers = [trace for trace in panel.figure.data if trace.mode == "markers"]
    assert [list(trace.x) for trace in markers] == [[9.0], [5.0]]
    assert markers[0].marker.symbol != markers[1].marker.symbol


def test_hostile_names_are_literal(factions, made, literal):
    for name in made.HOSTILE:
        groups = {0: name, 1: name}
        told = replace(
            factions,
            platforms=factions.platforms.with_columns(platform=pl.col("platform").replace("x", name)),
            hashtags=factions.hashtags.with_columns(hashtag=pl.lit(name)),
        )
        literal(platform_split(told, groups))
        literal(hashtags_by_group(told, groups))
        literal(bridges(told, {"a": name, "c": name}, groups))


def test_nothing_to_show_gives_none(factions):
    one = factions.platforms.filter(pl.col("platform") == "x")
    assert platform_split(replace(factions, platforms=one), GROUPS) is None
    assert platform_split(replace(factions, platforms=factions.platforms.clear()), GROUPS) is None
    assert hashtags_by_group(replace(factions, hashtags=factions.hashtags.clear()), GROUPS) is None
    everywhere = factions.hashtags.with_columns(lift=pl.lit(1.0))
    assert hashtags_by_group(replace(factions, hashtags=everywhere), GROUPS) is None
    assert bridges(factions, {}, GROUPS) is None
