"""Two reports side by side."""

from __future__ import annotations

import polars as pl
import pytest

from netact.figures.compare import compare_values


@pytest.fixture
def rows():
    return pl.DataFrame(
        [
            ("leading_core", "Attention of the core", 0.4, 0.3, 0.5, 0.2, 0.1, 0.25, "share of attention"),
            ("hierarchy", "Effective number of leaders", 12.0, 9.0, 15.0, 14.0, 11.0, 18.0, "accounts"),
            ("factions", "Modularity", 0.6, None, None, None, None, None, "index"),
            ("factions", "Two-sidedness", None, None, None, None, None, None, "index"),
        ],
        schema=[
            "question", "label", "first", "first_low", "first_high", "second", "second_low", "second_high", "unit",
        ],
        orient="row",
    )  # fmt: skip


def test_each_unit_has_its_axis_and_each_report_its_symbol(rows, pure, literal):
    panel = pure(lambda: compare_values(rows))
    literal(panel)
    markers = [trace for trace in panel.figure.data if trace.mode == "markers" and len(trace.x)]
    assert {trace.xaxis for trace in markers} == {"x", "x2", "x3"}
    assert {trace.name: trace.marker.symbol for trace in markers} == {"A": "circle", "B": "diamond"}
    assert len({trace.marker.color for trace in markers}) == 2
    assert [list(trace.x) for trace in markers] == [[0.4], [0.2], [12.0], [14.0], [0.6]]


def test_the_table_holds_what_is_drawn(rows):
    table = compare_values(rows).table
    assert table["A"].to_list() == ["40 %", "12", "0.60"]
    assert table["B"].to_list() == ["20 %", "14", ""]
    assert table["B, 95 % range"].to_list() == ["10 % to 25 %", "11 to 18", ""]


def test_values_differ_only_where_ranges_do_not_touch(rows):
    assert compare_values(rows).title == "1 of 2 values differ beyond their ranges"
    assert compare_values(rows.tail(2)).title == "Two reports side by side"


def test_axes_do_not_overlap(rows):
    layout = compare_values(rows).figure.layout
    domains = [layout.yaxis.domain, layout.yaxis2.domain, layout.yaxis3.domain]
    assert domains[0][0] > domains[1][1] > domains[1][0] > domains[2][1] >= domains[2][0] >= 0


def test_hostile_labels_are_literal(rows, made, literal):
    for name in made.HOSTILE:
        literal(compare_values(rows.with_columns(label=pl.lit(name))))


def test_nothing_to_show_gives_none(rows):
    assert compare_values(rows.tail(1)) is None
    assert compare_values(rows.clear()) is None
