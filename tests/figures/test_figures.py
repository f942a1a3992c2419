"""Figures: their data, without a browser; no name becomes markup or a template."""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from importlib import resources
from pathlib import Path

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.figures import figure, network_map, panels
from netact.figures.text import END_ISOLATE, ISOLATE, in_words, plain, quoted, safe, words_for
from netact.figures.theme import COLOURS, LABEL, SYMBOLS, canvas, labels_without_overlap, themed
from netact.language import percent
from netact.layout import network_layout
from netact.synthetic import planted_cores

_SPEC = importlib.util.spec_from_file_location("made_results", Path(__file__).parents[1] / "report" / "made_results.py")
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\ufeff")


@given(st.text() | st.sampled_from(made.HOSTILE))
def test_safe_names_are_literal_short_and_isolated(name):
    text = safe(name)
    inside = text[1:-1]
    assert (text[0], text[-1]) == (ISOLATE, END_ISOLATE)
    assert ISOLATE not in inside
    assert END_ISOLATE not in inside
    assert not BIDI & set(inside)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in inside)
    assert "<" not in inside
    assert ">" not in inside
    assert not re.search(r"&(?!amp;|lt;|gt;)", inside)
    assert "%{" not in inside
    assert 1 <= len(plain(name)) <= 40
    assert unicodedata.is_normalized("NFC", plain(name))


def test_names_keep_what_makes_them_readable():
    assert plain("🏳️\u200d🌈") == "🏳️\u200d🌈"
    assert plain("حراك") == "حراك"
    assert quoted("ada") == f"{ISOLATE}@ada{END_ISOLATE}"
    assert quoted("1783") == f"{ISOLATE}account 1783{END_ISOLATE}"
    assert plain("\u202e\x00") == "(no name)"


@given(st.floats(0, 1))
def test_percent_never_rounds_to_nothing_or_to_all(share):
    text = percent(share)
    assert (text == "0 %") == (share == 0)
    assert (text == "100 %") == (share == 1)


@given(st.floats(0, 1))
def test_fractions_in_words_are_near(share):
    values = {"half": 1 / 2, "two thirds": 2 / 3, "a third": 1 / 3, "three quarters": 3 / 4, "a quarter": 1 / 4}
    words = in_words(share)
    if words is not None:
        value = values.get(words) or 1 / int(words.split()[-1])
        assert abs(share - value) <= 0.0101


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def test_every_result_gives_figures_of_plain_svg_traces():
    names = {key: key.upper() for key in "abcdef"}
    for result in made.every_result():
        for panel in panels(result, names=names):
            assert panel.title
            assert panel.figure.layout.height
            for trace in panel.figure.data:
                assert trace.type in ("scatter", "bar", "heatmap")
            assert panel.table.height
            json.loads(panel.figure.to_json())
        assert (figure(result) is None) == (not panels(result))


def test_hostile_names_are_literal_in_every_slot():
    keys = ("a", "b", "c", "d", "e", "f")
    for start in range(0, len(made.HOSTILE), 6):
        chosen = (made.HOSTILE[start:] + made.HOSTILE)[:6]
        names = dict(zip(keys, chosen, strict=True))
        results = [*made.every_result(), made.super_users(names=tuple(chosen[:3]))]
        for result in results:
            for panel in panels(result, names=names):
                plot = json.loads(panel.figure.to_json())
                for trace in plot["data"]:
                    template = trace.get("hovertemplate", "")
                    assert set(re.findall(r"<[^>]*>", template)) <= {"<br>", "<extra>", "</extra>"}
                    for text in strings({k: v for k, v in trace.items() if k != "hovertemplate"}):
                        assert not re.search(r"<(?!br>)", text), text
                        assert "%{" not in text
                        assert "\u202e" not in text
                for text in strings(plot["layout"]):
                    assert not re.search(r"<(?!br>)", text), text


def test_core_map_shows_members_ties_and_stability():
    result = made.leading_core("core")
    shown = next(panel for panel in panels(result) if panel.name == "core-map").figure
    members = next(trace for trace in shown.data if trace.name == "Core")
    assert len(members.x) == 4
    assert list(members.marker.symbol) == ["circle-open", "circle", "circle", "circle"]  # the first is found in 60 %
    widths = {trace.name: trace.line.width for trace in shown.data if trace.mode == "lines"}
    assert widths["Tie in both directions"] > widths["Tie in one direction"]


def test_sets_that_are_no_core_are_not_called_one():
    shown = next(panel for panel in panels(made.leading_core("no_core")) if panel.name == "core-map")
    assert "Closest set (not a core)" in {trace.name for trace in shown.figure.data}
    assert "core" not in shown.title.lower()


def test_matrix_rows_are_shares_of_what_a_group_gives():
    shown = next(panel for panel in panels(made.factions()) if panel.name == "matrix").figure
    (heatmap,) = (trace for trace in shown.data if trace.type == "heatmap")
    assert heatmap.z[0] == pytest.approx((95 / 106, 11 / 106))
    assert heatmap.z[1] == pytest.approx((8 / 52, 44 / 52))


def test_undirected_results_draw_nothing_about_direction():
    found = {panel.name for panel in panels(made.hierarchy(), directed=False)}
    assert "levels" not in found
    table = next(panel for panel in panels(made.hierarchy(), directed=False) if panel.name == "indices").table
    assert "Trophic incoherence" not in table["measure"].to_list()
    for result in made.every_result():
        for panel in panels(result, directed=False):
            text = " ".join([panel.title, panel.note, *strings(json.loads(panel.figure.to_json())["layout"])])
            assert not re.search(r"retweet|drew", text), text


def test_nothing_to_show_gives_no_figures():
    assert panels(made.super_users("not_testable")) == ()
    assert figure(made.super_users("not_testable")) is None
    assert isinstance(figure(made.hierarchy()), go.Figure)


def test_groups_differ_by_symbol_as_well_as_colour():
    assert len(set(COLOURS)) == len(set(SYMBOLS)) == 6


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=40))
def test_labels_do_not_cover_one_another(points):
    x, y = [p[0] for p in points], [p[1] for p in points]
    placed = labels_without_overlap(x, y, list(range(len(points))), most=10, width=0.1, height=0.05)
    assert len(placed) <= 10
    for i in placed:
        for j in placed:
            assert i == j or abs(x[i] - x[j]) >= 0.1 or abs(y[i] - y[j]) >= 0.05


@pytest.fixture(scope="module")
def planted():
    return planted_cores(accounts=3000, seed=5).network


def test_map_says_how_much_of_the_network_it_shows(planted):
    layout = network_layout(planted, max_accounts=300, max_ties=200, seed=1)
    names = {layout.accounts["account"][0]: "<b>top</b>"}
    shown = network_map(layout, {}, names, words_for("retweet"))
    assert layout.accounts.height <= 300
    assert layout.ties.height == 200
    notes = [note.text for note in shown.figure.layout.annotations]
    assert any(note.startswith(f"Showing {layout.accounts.height:,} of ") for note in notes)
    hovers = {row[0] for trace in shown.figure.data if trace.customdata is not None for row in trace.customdata}
    assert hovers == {"an account", safe("<b>top</b>")}


def test_layout_repeats_and_keeps_tied_accounts_near(planted):
    first, second = (network_layout(planted, max_accounts=200, seed=3) for _ in range(2))
    assert first.accounts.equals(second.accounts)
    assert not first.accounts.equals(network_layout(planted, max_accounts=200, seed=4).accounts)
    x, y = first.accounts["x"].to_numpy(), first.accounts["y"].to_numpy()
    source, target = first.ties["source"].to_numpy(), first.ties["target"].to_numpy()
    tied = ((x[source] - x[target]) ** 2 + (y[source] - y[target]) ** 2).mean()
    every = ((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2).mean()
    assert tied < 0.7 * every


def test_themed_paints_a_copy_as_the_report_does():
    plot = canvas(height=200)
    plot.add_scatter(x=[0], y=[0], marker={"color": "#111", "line": {"width": 2.5}}, meta="ink")
    plot.add_scatter(x=[0], y=[1], marker={"color": COLOURS[0]})
    plot.add_annotation(text="a", bgcolor=LABEL)
    plot.add_annotation(text="b")
    before = plot.to_json()
    script = (resources.files("netact.report") / "templates" / "report.js").read_text()
    for dark in (True, False):
        painted = themed(plot, dark=dark)
        ink = painted.layout.font.color
        colours = {ink, painted.layout.hoverlabel.bgcolor, painted.layout.hoverlabel.bordercolor}
        colours.add(painted.layout.annotations[0].bgcolor)
        assert all(f'"{value}"' in script for value in colours)
        assert len(colours) == 4
        assert painted.layout.font.family == plot.layout.font.family
        assert painted.layout.annotations[1].bgcolor is None
        assert painted.layout.hoverlabel.font.color == ink
        assert (painted.data[0].marker.color, painted.data[0].marker.line.color) == (ink, ink)
        assert painted.data[0].marker.line.width == 2.5
        assert painted.data[1].marker.color == COLOURS[0]
        assert themed(painted, dark=not dark).layout.font.color != ink
    assert plot.to_json() == before
