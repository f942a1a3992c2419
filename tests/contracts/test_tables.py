"""Contracts over the tables of the house: every measure has a signature, words, a method, a figure module and a question."""

from __future__ import annotations

import importlib
import inspect
from importlib import resources

import pytest

from netact.measures import MEASURES, measure_function
from netact.report.findings import QUESTIONS
from netact.report.methods import METHODS
from netact.report.run import STAGES


@pytest.mark.parametrize("name", list(MEASURES))
def test_measures_take_the_network_then_keywords_and_a_seed(name):
    parameters = list(inspect.signature(measure_function(name)).parameters.values())
    assert parameters[0].name == "network"
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters[1:])
    seed = next(p for p in parameters if p.name == "seed")
    assert seed.default is inspect.Parameter.empty
    for p in parameters[1:]:
        assert p.name == "seed" or p.default is None or isinstance(p.default, bool | int | float | str)


def test_one_stem_runs_through_all_tables():
    assert set(MEASURES) == set(QUESTIONS) == set(METHODS) == set(STAGES) - {"read", "draw", "write"}
    for name in MEASURES:
        assert callable(importlib.import_module(f"netact.figures.{name}").panels)
        assert METHODS[name].sources
        assert all(doi.startswith("10.") for _, doi in METHODS[name].sources)


def test_package_holds_its_templates_and_schema():
    report = resources.files("netact.report")
    assert (report / "findings.schema.json").is_file()
    for name in ("report.html.j2", "report.css", "report.js"):
        assert (report / "templates" / name).is_file()


def test_no_text_for_readers_holds_an_em_dash():
    template = (resources.files("netact.report") / "templates" / "report.html.j2").read_text()
    assert "—" not in template
    for method in METHODS.values():
        assert "—" not in " ".join(method.paragraphs)
