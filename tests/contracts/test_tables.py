"""Contracts over the tables of the house: every measure has a signature, words, a method, a figure module and a question."""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import fields
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from netact.measures import MEASURES, measure_function
from netact.network import Network
from netact.report.findings import QUESTIONS, describe
from netact.report.methods import METHODS
from netact.report.run import STAGES
from netact.results import RESULTS
from netact.robustness import HEADLINES
from netact.study import Step, parameters_of, resolved
from netact_dashboards.pages import PAGES


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
    assert list(MEASURES) == list(RESULTS)
    assert (
        set(MEASURES)
        == set(QUESTIONS)
        == set(METHODS)
        == set(STAGES) - {"read", "robustness", "multiverse", "draw", "write"}
    )
    assert set(MEASURES) == set(HEADLINES)
    for name in MEASURES:
        assert callable(importlib.import_module(f"netact.figures.{name}").panels)
        assert METHODS[name].sources
        assert all(doi.startswith("10.") for _, doi in METHODS[name].sources)


ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", list(MEASURES))
def test_a_question_arrives_whole(name):
    """Measure, result, figures, finding, method, page, study step and tests, each under the question's one stem."""
    assert measure_function(name).__module__ == f"netact.measures.{name}"
    assert RESULTS[name].__module__ == f"netact.results.{name}"
    assert callable(importlib.import_module(f"netact.report.findings.{name}").finding)
    assert name in {page.stem for page in PAGES}
    step = resolved(Step(name))
    assert set(step.parameters) == set(parameters_of(name))
    assert (ROOT / "docs" / "methods" / f"{name}.md").is_file()
    assert (ROOT / "tests" / "measures" / f"test_{name}.py").is_file()
    described = RESULTS[name].__doc__
    for item in fields(RESULTS[name]):
        if item.name not in ("status", "reason", "kind", "warnings", "unit"):
            assert re.search(rf"\b{item.name}\b", described), f"{name}: {item.name} is not described"


@pytest.mark.parametrize("name", list(MEASURES))
def test_nothing_to_measure_is_a_status_with_a_reason(name):
    empty = Network.from_tables(pl.DataFrame(schema={"source": pl.String, "target": pl.String}), kind="retweet")
    result = measure_function(name)(empty, seed=1)
    assert isinstance(result, RESULTS[name])
    assert result.status != "ok"
    assert result.reason
    finding = describe(result)
    assert finding.question == name
    assert finding.confidence == "cannot say"
    assert finding.headline.endswith(".")


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
