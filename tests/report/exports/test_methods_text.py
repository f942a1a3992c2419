"""The methods in paragraphs: every measure, every parameter that is told exists, every source is cited and in the file."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest

from netact.measures import MEASURES
from netact.report.exports.methods_text import PARAGRAPHS, cited_keys, keys_in, methods_page, references
from netact.report.exports.result_tables import result_tables
from netact.report.methods import METHODS
from netact.report.sources import SOURCES, Source
from netact.study import Step, parameters_of


@pytest.fixture
def estimates(hostile_report):
    return next(table for table in result_tables(hostile_report.content) if table.name == "estimates")


@pytest.mark.parametrize("question", list(MEASURES))
def test_a_paragraph_tells_parameters_that_exist_and_cites_what_the_report_cites(question):
    text = PARAGRAPHS[question]
    told = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    assert told
    assert told <= set(parameters_of(question))
    cited = set(keys_in(text))
    assert cited <= set(SOURCES)
    shown = {doi for _, doi in METHODS[question].sources}
    assert shown <= {SOURCES[key].doi for key in [*cited, "phipson2010"]}


def test_every_source_is_cited_or_shown_and_none_twice():
    dois = [source.doi for source in SOURCES.values()]
    assert len(dois) == len({doi.lower() for doi in dois})
    for key, source in SOURCES.items():
        assert re.fullmatch(r"[a-z]+[0-9]{4}", key)
        assert key.endswith(str(source.year))
        assert re.fullmatch(r"10\.\d{4,}/\S+", source.doi)


def test_the_page_says_what_was_run(hostile_report, estimates):
    content = hostile_report.content
    page = methods_page(content, estimates)
    for step in content.study.measures:
        for name, value in step.parameters.items():
            assert f"| {step.name} | {name} | " in page
            if isinstance(value, int) and not isinstance(value, bool):
                assert f"| {step.name} | {name} | {value} |" in page
    draws = next(step for step in content.study.measures if step.name == "super_users").parameters["draws"]
    assert f"compared with {draws:,} tables" in page
    assert f"seed {content.study.seed}" in page
    assert "814 rows read, 814 kept" in page
    assert "<script>" not in page
    assert not re.search(r"\{[a-z_]+|\[[a-z]+\d{4}", page)  # nothing was left unfilled


def test_what_was_not_answered_is_not_told_as_done(hostile_report, estimates):
    assert "symbols" in hostile_report.content.unanswered
    page = methods_page(hostile_report.content, estimates)
    assert "## Symbols\n\nThe question was asked and the data hold no answer. The data hold no hashtags" in page
    assert "church1990" not in cited_keys(hostile_report.content)


def test_other_parameters_make_another_paragraph(hostile_report, estimates):
    content = hostile_report.content
    steps = tuple(
        Step(step.name, {**step.parameters, "draws": 123_456, "resolution": 1.75}) if step.name == "factions" else step
        for step in content.study.measures
    )
    page = methods_page(replace(content, study=replace(content.study, measures=steps)), estimates)
    assert "at resolution 1.75" in page
    assert "compared with 123,456 rewired networks" in page


def test_references_are_the_cited_ones_with_stable_keys(hostile_report):
    made = references(hostile_report.content)
    found = re.findall(r"^@(\w+)\{([^,]+),$", made, flags=re.MULTILINE)
    assert [key for _, key in found] == [*cited_keys(hostile_report.content), "netact"]
    assert {kind for kind, _ in found} == {"article", "inproceedings", "misc"}
    assert made.count("{") == made.count("}")
    page = methods_page(hostile_report.content, None)
    for key in cited_keys(hostile_report.content):
        assert f"https://doi.org/{SOURCES[key].doi}>" in page
        assert SOURCES[key].short.replace("&", "&") in page


def test_an_entry_of_bibtex():
    source = Source(
        ("De Francisci Morales", "van Eck", "et al."), 2020, "100 % of {this} & that_1", "A & B", "7", "10.1000/x_y"
    )
    assert source.bibtex("morales2020").splitlines() == [
        "@article{morales2020,",
        "  author = {{De Francisci Morales} and van Eck and others},",
        r"  title = {{100 \% of \{this\} \& that\_1}},",
        r"  journal = {A \& B},",
        "  volume = {7},",
        "  year = {2020},",
        "  doi = {10.1000/x_y},",
        "}",
    ]
    assert source.text == "De Francisci Morales, van Eck et al. (2020), 100 % of {this} & that_1, A & B 7"
    assert source.short == "De Francisci Morales et al. 2020"
