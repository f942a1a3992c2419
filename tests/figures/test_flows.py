"""Flows of attention between groups over periods."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from netact.figures.flows import flows

GROUPS = {0: "Group A", 1: "Group B"}


def test_flows_are_drawn_from_five_accounts_and_the_rest_is_said(timeline, pure, literal):
    panel = pure(lambda: flows(timeline, GROUPS))
    literal(panel)
    (sankey,) = panel.figure.data
    assert sorted(sankey.link.value) == [8, 10, 12, 20, 30]
    assert panel.table["accounts"].to_list() == ["30", "10", "20", "8", "12"]
    assert "3 moves in flows of fewer than 5 accounts are not drawn" in panel.note
    # 30 + 20 stay, of the 63 seen in both periods.
    assert panel.title.startswith("79 % of the accounts seen in two periods in a row")


def test_every_link_joins_two_columns_and_null_is_not_seen(timeline):
    (sankey,) = flows(timeline, GROUPS).figure.data
    x = sankey.node.x
    assert all(x[a] < x[b] for a, b in zip(sankey.link.source, sankey.link.target, strict=True))
    assert all(0 < value < 1 for value in (*sankey.node.x, *sankey.node.y))
    assert sum("not seen" in text for text in sankey.node.customdata) == 2
    assert next(text for text in sankey.node.customdata if "Group A" in text).endswith("40 accounts")


def test_the_same_group_has_the_same_colour_in_every_column(timeline):
    (sankey,) = flows(timeline, GROUPS).figure.data
    colours = {}
    for text, colour in zip(sankey.node.customdata, sankey.node.color, strict=True):
        colours.setdefault(text.split(",")[0], set()).add(colour)
    assert all(len(found) == 1 for found in colours.values())


def test_hostile_names_are_literal(timeline, made, literal):
    for name in made.HOSTILE:
        literal(flows(timeline, {0: name, 1: name}))


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_to_show_gives_none(timeline, no_time, rows):
    assert flows(no_time, GROUPS) is None
    small = timeline.flows.with_columns(accounts=pl.lit(4, pl.Int64)).head(rows)
    assert flows(replace(timeline, flows=small), GROUPS) is None
