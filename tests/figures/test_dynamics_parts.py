"""Tests of the figures of cascades, earlier activism and groups through time."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from netact.figures import cascades, earlier_activism, faction_tracking


def texts(panel):
    return json.dumps(json.loads(panel.figure.to_json()), ensure_ascii=False)


def test_strands(made):
    shown = {panel.name: panel for panel in faction_tracking.panels(made.tracking(), {"c": "cora"})}
    panel = shown["strands"]
    assert panel.title == "A group split, beyond what chance gives"
    assert panel.table.height == 2
    assert "Strand C splits from Strand A" in panel.table["event"][0]
    assert "Strand C merges into Strand A" in panel.table["event"][1]
    assert panel.table["heard most there"].to_list() == ["cora", "an account"]
    assert panel.table["between the two parts before"][0] == "50 %"
    names = [trace.name for trace in panel.figure.data if trace.showlegend is not False]
    assert names == ["Split, beyond chance", "Merger, not beyond chance"]
    # Every flow between strands is drawn with as many accounts as it has.
    links = [trace for trace in panel.figure.data if trace.fill == "toself"]
    assert len(links) == 3
    assert "15 accounts<br>from Strand A<br>to Strand C" in texts(panel)


def test_bars_of_a_window_do_not_overlap(made):
    panel = faction_tracking.panels(made.tracking(), {})[0]
    spans = {}
    for trace in panel.figure.data:
        if trace.mode == "lines" and trace.fill is None:
            for i in range(0, len(trace.x), 3):
                spans.setdefault(trace.x[i], []).append((trace.y[i], trace.y[i + 1]))
    assert sorted(spans) == [0, 1, 2, 3]
    for found in spans.values():
        ordered = sorted(found)
        assert all(a[1] < b[0] for a, b in pairwise(ordered))
    assert sorted(round(high - low) for low, high in spans[2]) == [15, 15, 30]


def test_the_two_halves_of_the_core(made):
    panel = faction_tracking.panels(made.tracking(), {})[1]
    assert panel.name == "core_halves"
    assert panel.table.height == 4
    assert panel.figure.data[0].y == (0.6, 0.6, -0.8)
    assert "−0.90" in panel.title
    without = replace(made.tracking(), core=made.tracking().core.clear())
    assert [p.name for p in faction_tracking.panels(without, {})] == ["strands"]
    flat = replace(made.tracking(), core=made.tracking().core.with_columns(ei_index=pl.lit(0.2)))
    assert [p.name for p in faction_tracking.panels(flat, {})] == ["strands"]


@pytest.mark.parametrize("verdict", ["split", "merger", "split_and_merger", "steady", "undetermined"])
def test_every_verdict_has_a_title(made, verdict):
    title = faction_tracking.panels(made.tracking(verdict), {})[0].title
    assert title
    assert ("not compared" in title) == (verdict == "undetermined")


def test_credit_under_each_rule(made):
    credit, rules = cascades.panels(made.cascades(), {"a": "ada"})
    assert credit.table["account"].to_list() == ["ada", "an account", "an account"]
    assert [trace.name for trace in credit.figure.data if trace.name][:1] == ["The author (as the platform has it)"]
    assert "0.50 to 0.80" in credit.title
    assert rules.table.height == 4
    assert rules.figure.data[0].x == (1.0, 0.7, 0.4, 0.5)
    assert "40 % to 70 %" in rules.title
    same = replace(made.cascades(), top_overlap=replace(made.cascades().top_overlap, interval=(1.0, 1.0)))
    assert "the same under every rule" in cascades.panels(same, {})[0].title


def test_the_core_beside_comparable_groups(made):
    (panel,) = earlier_activism.panels(made.earlier_activism())
    assert panel.table.height == 3
    assert panel.table["the core"].to_list() == ["3", "3", "3"]
    assert "as active today, central" in panel.note
    assert "as old" in earlier_activism.panels(made.earlier_activism(matched_on="activity and age"))[0].note
    observed = next(trace for trace in panel.figure.data if trace.name == "The core")
    # Beyond what comparable groups have: told apart by form, not by colour alone.
    assert observed.marker.symbol == ("diamond", "diamond", "circle")


def test_nothing_to_draw(made):
    assert faction_tracking.panels(None, {}) == cascades.panels(None, {}) == earlier_activism.panels(None) == ()
    assert faction_tracking.panels(made.tracking(status="insufficient_data"), {}) == ()
    assert cascades.panels(made.cascades(status="insufficient_data"), {}) == ()
    assert earlier_activism.panels(made.earlier_activism(status="not_testable")) == ()
    empty = replace(made.tracking(), flows=made.tracking().flows.clear())
    assert [panel.name for panel in faction_tracking.panels(empty, {})] == ["core_halves"]


def test_many_small_strands_are_counted(made):
    result = made.tracking()
    small = pl.DataFrame([(0, number, 3, None) for number in range(3, 20)], schema=result.strands.schema, orient="row")
    panel = faction_tracking.panels(replace(result, strands=pl.concat([result.strands, small])), {})[0]
    assert "8 smaller strands" in panel.note
