"""How results, networks and reports show themselves at a prompt and in a notebook."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from netact.errors import StudyError
from netact.importers import read_network
from netact.report import describe, read
from netact.representation import Listing, Sheet, line, page
from netact.results import RESULTS
from netact.synthetic import sample_folder

# Elements and attributes a page may hold: nothing that runs, loads or leads anywhere.
ELEMENTS = {"div", "p", "b", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li"}
ATTRIBUTES = {"style", "dir", "scope"}


class Strict(HTMLParser):
    """Check that elements are known, closed in order, and bear plain attributes only."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert not re.search(r"url|expression|#[0-9a-f]{3}", dict(attrs).get("style", ""))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def shown(value):
    """Return the text of the page of a value, which is checked."""
    reader = Strict()
    reader.feed(value._repr_html_())
    reader.close()
    assert not reader.open
    return " ".join(reader.text)


def test_every_result_class_shows_itself(made):
    seen = set()
    for result in (*made.every_branch(), *made.dynamics_with_parts()):
        seen.add(type(result))
        text, short = shown(result), repr(result)
        assert "\n" not in short
        assert len(short) < 600
        assert "shape:" not in short
        assert short.startswith(type(result).__name__ + "(")
        assert text.startswith(type(result).__name__)
        assert str(result.reason) in text
        assert all(str(warning) in text for warning in result.warnings)
        assert "nan" not in text.lower().split()
    assert seen == set(RESULTS.values())


def test_numbers_stand_beside_chance(made):
    text = shown(made.hierarchy())
    assert "Numbers beside chance" in text
    assert re.search(r"top 20 share +62 % +45 % to 55 % +10 % to 30 % +p = 0.01", text)


def test_what_a_result_holds_is_told_by_its_docstring(made):
    text = shown(made.leading_core())
    assert "associates" in text
    assert "Accounts outside the pool tied to a core beyond chance" in text


def test_the_page_of_a_result_names_no_account(made):
    names = [f"Zq{letter}xv" for letter in "abcdefgh"]
    for result in made.every_result(names):
        for text in (result._repr_html_(), repr(result)):
            assert not any(name in text for name in names), type(result)


def test_parts_show_themselves(made):
    for part in (
        made.core(),
        made.technology(),
        made.cascades(),
        made.earlier_activism(),
        made.tracking(),
        made.shared_operators()[0],
    ):
        assert shown(part).startswith(type(part).__name__)
        assert "shape:" not in repr(part)
    assert repr(made.core(members=("Zqaxv", "Zqbxv"))).count("Zq") == 0


def test_hostile_texts_are_escaped(made, hostile_report):
    for result in hostile_report.results.values():
        shown(result)
        shown(describe(result, names=hostile_report.names))
    assert "<script>alert('title')</script>" in shown(hostile_report)
    shown(hostile_report.network)
    assert repr(hostile_report.study).startswith("Study(title: <script>")
    assert "leading_core draws 19" in re.sub(r" +", " ", shown(hostile_report.study))
    assert "/" not in shown(hostile_report.study).replace("</script>", "")
    shown(hostile_report.network.receipt)
    for name in made.HOSTILE:
        hostile = Sheet(name, name, ((name, name),), (Listing(name, (name,), ((name,),)),), (), (name,))
        reader = Strict()
        reader.feed(page(hostile))
        assert not reader.open
        assert line(hostile)


def test_a_network_shows_sizes_and_no_account():
    network = read_network(sample_folder() / "movement_interactions.csv")
    text = shown(network)
    assert repr(network) == (
        "Network(accounts: 1,497; interactions: 12,000; time: 2024-03-04 to 2024-04-28; platforms: bluesky, mastodon, x)"
    )
    assert repr(network.ties("quote")) == "Ties(accounts: 1,497; ties: 360)"
    assert "retweet" in text
    assert "movement_interactions.csv" in text
    handles = {name for name in network.names if len(name) > 6}
    assert not handles & set(re.findall(r"\w+", text))
    assert shown(network.receipt).startswith("Receipt")


def test_a_report_shows_its_answers_and_its_figures(hostile_report, hostile_folder):
    stored = read(hostile_folder)
    for report in (hostile_report, stored):
        text = shown(report)
        for finding in report.content.findings:
            assert finding.card[0] in text
        assert "\n" not in repr(report)
        for part in (report.content, *report.panels("leading_core")):
            assert len(repr(part)) < 400
            assert "\n" not in repr(part)
        light, dark = report.figure("leading_core"), report.figure("leading_core", dark=True)
        assert light.layout.paper_bgcolor != dark.layout.paper_bgcolor
        assert light.layout.font.color != dark.layout.font.color
        first, second = report.panels("leading_core")[:2]
        assert light.layout.title.text.replace("<br>", " ")[:20] in first.title
        assert report.figure("leading_core", second.name).layout.title.text != light.layout.title.text
        assert len(report.figure("map").data)
        assert first.figure.layout.title.text is None
        with pytest.raises(StudyError, match="no figures of 'weather'"):
            report.figure("weather")
        with pytest.raises(StudyError, match="has no figure 'weather'"):
            report.figure("leading_core", "weather")
