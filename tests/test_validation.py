"""Validation: the small version meets its targets, resumes, and says what it found; every p-value has its null model."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from scipy import stats

from netact import validation
from netact.cli import main
from netact.errors import ReportError, StudyError
from netact.results import RESULTS, Estimate
from netact.validation import BENCHMARKS, P_VALUES, Benchmark, Rate, Target, interval, judged, tables
from netact.validation import run as running
from netact.validation.drawing import Bar, Point, curves, rates
from netact.validation.page import drawings, markdown, render
from netact.validation.run import RUNS, chosen, read_runs, run_all
from netact.validation.summary import summarise

# ---------------------------------------------------------------------- the small version


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return the folder of the small version, run by the command."""
    folder = tmp_path_factory.mktemp("validation") / "small"
    done = CliRunner().invoke(main, ["validate", "--small", "--seed", "1", "-q", "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def content(small):
    return json.loads((small / "validation.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.xdist_group("validation")
def test_no_target_is_missed_and_every_p_value_keeps_its_level(content):
    """A rate is missed only where its whole binomial interval lies on the wrong side of the target."""
    missed = [
        (item["name"], rate["name"], rate["count"], rate["runs"])
        for item in content["benchmarks"]
        for rate in item["rates"]
        if rate["verdict"] == "missed"
    ]
    assert missed == []
    assert [(p["name"], p["count"], p["runs"]) for p in content["p_values"] if p["verdict"] == "missed"] == []


@pytest.mark.slow
@pytest.mark.xdist_group("validation")
def test_small_version_puts_the_targets_of_the_core_to_the_test(content):
    rate = {(item["name"], r["name"]): r for item in content["benchmarks"] for r in item["rates"]}
    empty = [rate[name, "called"] for name in ("no core: one community", "no core: twenty niches")]
    assert sum(r["count"] for r in empty) == 0
    for name in ("core of 5 at 1", "core of 8 at 0.8", "core of 12 at 0.6", "rival teams of 8 and 6"):
        assert rate[name, "found"]["count"] == rate[name, "found"]["runs"] > 0
    assert rate["rival teams of 8 and 6", "merged"]["count"] == 0
    assert rate["elite of 40", "called"]["count"] == 0
    assert rate["led by eight", "leaderless"]["count"] == rate["leaderless crowd", "led"]["count"] == 0
    assert rate["ten niches", "divided"]["count"] == rate["no groups", "divided"]["count"] == 0


@pytest.mark.slow
@pytest.mark.xdist_group("validation")
def test_folder_holds_what_the_page_says(small, content):
    schema = json.loads((validation_file("validation.schema.json")).read_text(encoding="utf-8"))
    jsonschema.validate(content, schema)
    assert content == summarise(read_runs(small, seed=1), seed=1)
    page = (small / "validation.html").read_text(encoding="utf-8")
    assert page == render(content)
    assert "<script" not in page
    assert not re.search(r"(src|href)=[\"']?https?:", page)
    assert "—" not in page.replace("<style>", "")
    assert pl.read_csv(small / "rates.csv").height == sum(len(item["rates"]) for item in content["benchmarks"])
    assert pl.read_csv(small / "p_values.csv").height == len(P_VALUES)


@pytest.mark.slow
@pytest.mark.xdist_group("validation")
def test_document_is_made_of_the_content_alone(content, tmp_path):
    validation.document(content, tmp_path / "validation.md")
    text = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert text == markdown(content, figures="validation")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (tmp_path / target).is_file()


@pytest.mark.slow
@pytest.mark.xdist_group("validation")
def test_figures_of_an_earlier_page_go_and_other_files_stay(content, tmp_path):
    page, beside = tmp_path / "validation.md", tmp_path / "validation"
    validation.document(content, page)
    shown = {path.name for path in beside.iterdir()}
    page.write_text(page.read_text(encoding="utf-8") + "\n![Old](validation/old.svg)\n", encoding="utf-8")
    for name in ("old.svg", "mine.svg"):
        (beside / name).write_text("<svg/>", encoding="utf-8")
    validation.document(content, page)
    assert {path.name for path in beside.iterdir()} == {*shown, "mine.svg"}


def validation_file(name):
    from importlib import resources

    return resources.files("netact.validation") / name


# ---------------------------------------------------------------------- intervals and verdicts


@pytest.mark.parametrize(("count", "runs"), [(0, 25), (3, 40), (20, 400), (25, 25)])
def test_interval_is_that_of_the_beta_distribution(count, runs):
    low, high = interval(count, runs)
    assert low == pytest.approx(stats.beta.ppf(0.025, count, runs - count + 1) if count else 0.0)
    assert high == pytest.approx(stats.beta.ppf(0.975, count + 1, runs - count) if count < runs else 1.0)


def test_false_positives_of_the_specification():
    """No core in 100 networks without one: the upper end of a one-sided interval of 95 % is 3 %."""
    assert interval(0, 100, level=0.9)[1] == pytest.approx(0.03, abs=5e-4)


def test_verdicts():
    assert judged(0, 10, Target("at most", 0.01)) == "open"
    assert judged(0, 1000, Target("at most", 0.01)) == "met"
    assert judged(50, 1000, Target("at most", 0.01)) == "missed"
    assert judged(390, 400, Target("at least", 0.9)) == "met"
    assert judged(100, 400, Target("at least", 0.9)) == "missed"
    assert judged(0, 400, Target("exactly", 0.05)) == "missed"
    assert judged(0, 0, Target("exactly", 0.05)) == "open"


# ---------------------------------------------------------------------- running


def coin(*, seed, chance):
    value = np.random.default_rng(seed).random()
    return {"heads": value < chance, "size": value, "outcome": "heads" if value < chance else "tails"}


@pytest.fixture
def coins(monkeypatch):
    made = {
        name: Benchmark("hierarchy", name, coin, {"chance": chance}, {"heads": Rate("heads")}, full=20, small=5)
        for name, chance in (("fair", 0.5), ("loaded", 0.9))
    }
    for module in (tables, running, validation):
        monkeypatch.setattr(module, "BENCHMARKS", made)
    monkeypatch.setattr("netact.validation.summary.BENCHMARKS", made)
    monkeypatch.setattr("netact.validation.summary.P_VALUES", {})
    return made


def test_an_interrupted_run_goes_on_to_the_same_rows(coins, tmp_path):
    run_all(list(coins), tmp_path / "whole", seed=3)

    def stop(_name, done, _total):
        if done == 13:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(list(coins), tmp_path / "torn", seed=3, progress=stop)
    path = tmp_path / "torn" / RUNS
    assert len(path.read_text().splitlines()) == 13
    path.write_text(path.read_text() + '{"benchmark": "fair", "dig')  # a row torn by a crash
    run_all(list(coins), tmp_path / "torn", seed=3)
    rows = [read_runs(tmp_path / name, seed=3) for name in ("whole", "torn")]
    assert [(r.benchmark, r.run, r.values) for r in rows[0]] == [(r.benchmark, r.run, r.values) for r in rows[1]]
    assert len(rows[0]) == 40
    # More runs are added to those that are there; another seed or other parameters begin anew.
    run_all(["fair"], tmp_path / "torn", seed=3, runs=25)
    assert len(read_runs(tmp_path / "torn", seed=3)) == 45
    assert read_runs(tmp_path / "torn", seed=4) == []
    coins["fair"] = dataclasses.replace(coins["fair"], parameters={"chance": 0.4})
    assert {row.benchmark for row in read_runs(tmp_path / "torn", seed=3)} == {"loaded"}


def test_several_processes_give_the_same_rows(tmp_path):
    """A spawned process has the table of the package, so a benchmark of the package is run."""
    name = "null: tail of a lognormal"
    run_all([name], tmp_path / "one", seed=5, runs=3)
    run_all([name], tmp_path / "two", seed=5, runs=3, processes=2)
    values = [[row.values for row in read_runs(tmp_path / folder, seed=5)] for folder in ("one", "two")]
    assert len(values[0]) == 3
    assert values[0] == values[1]


def test_rates_are_counted(coins, tmp_path):
    run_all(list(coins), tmp_path, seed=3)
    rows = read_runs(tmp_path, seed=3)
    content = summarise(rows, seed=3)
    fair = content["benchmarks"][0]
    heads = sum(row.values["heads"] for row in rows if row.benchmark == "fair")
    assert fair["rates"][0]["count"] == heads == fair["outcomes"]["heads"]
    assert fair["means"]["size"] == pytest.approx(
        np.mean([r.values["size"] for r in rows if r.benchmark == "fair"]), abs=1e-4
    )
    assert render(content)
    assert markdown(content, figures="x")


def test_nothing_run_gives_a_page_that_says_so(coins, tmp_path):
    content = summarise([], seed=1)
    assert "No target was run" in render(content)
    validation.write(content, tmp_path / "new")
    jsonschema.validate(content, json.loads(validation_file("validation.schema.json").read_text(encoding="utf-8")))


def test_other_files_are_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = CliRunner().invoke(main, ["validate", "--small", "-o", str(tmp_path)])
    assert done.exit_code == 2
    assert "holds files that are not a validation" in done.output
    with pytest.raises(ReportError):
        validation.write(summarise([], seed=1), tmp_path)


def test_words_choose_benchmarks():
    assert chosen(["rival"], small=False) == ["rival teams of 8 and 6"]
    assert {BENCHMARKS[name].question for name in chosen(["factions"], small=True)} == {"factions"}
    with pytest.raises(StudyError, match="no benchmark fits"):
        chosen(["nothing like it"], small=False)
    listed = CliRunner().invoke(main, ["validate", "--list"])
    assert len(listed.output.splitlines()) == len(BENCHMARKS)


# ---------------------------------------------------------------------- figures


def test_figures_are_well_formed_and_escape():
    import xml.etree.ElementTree as ElementTree

    bar = Bar('<b>"A & B"', 0.4, 0.2, 0.6, 0.5, "open")
    points = {"a < b": [Point(3, 0.1, 0.0, 0.3), Point(8, 0.9, 0.7, 1.0)]}
    for svg in (
        rates([bar], title='a "title" <x>', standalone=True),
        rates([bar], title="t"),
        curves(points, title="t", x="size & more", y="found", standalone=True),
        curves({"one": [Point(5, 0.5, 0.4, 0.6)]}, title="t", x="x", y="y", logarithmic=True),
    ):
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        assert "<b>" not in svg


# ---------------------------------------------------------------------- the documentation


def test_the_page_of_the_documentation_is_made_of_its_numbers():
    root = Path(__file__).resolve().parents[1] / "docs"
    stored = json.loads((root / "validation" / "validation.json").read_text(encoding="utf-8"))
    jsonschema.validate(stored, json.loads(validation_file("validation.schema.json").read_text(encoding="utf-8")))
    again = "run netact validate --runs 0 -o FOLDER --document docs/validation.md"
    assert (root / "validation.md").read_text(encoding="utf-8") == markdown(stored, figures="validation"), again
    assert {item["name"] for item in stored["p_values"]} == set(P_VALUES), again
    made = {drawing.name: drawing.svg for drawing in drawings(stored)}
    held = {path.name: path.read_text(encoding="utf-8") for path in (root / "validation").glob("*.svg")}
    assert held == made, again


# ---------------------------------------------------------------------- contracts


def test_benchmarks_are_of_questions_and_their_values_are_read():
    for name, item in BENCHMARKS.items():
        assert item.question in RESULTS, name
        assert item.full >= 100, name
        assert "—" not in item.title
    for name, item in P_VALUES.items():
        assert name.split(".")[0] == item.question
        assert item.benchmark in BENCHMARKS, name
        assert bool(item.why) == (item.expects == "at most"), name
        assert BENCHMARKS[item.benchmark].full >= 400, name


def test_every_trial_gives_the_values_its_benchmark_names():
    """One cheap run of a trial of every kind: names of rates and of p-values are those of the values."""
    for name in (
        "null: logins dealt out",
        "null: imitation",
        "null: rewired, split anew",
        "null: attention of the first",
    ):
        item = BENCHMARKS[name]
        values = item.trial(seed=7, **item.parameters)
        wanted = {*item.rates, *(p for p, entry in P_VALUES.items() if entry.benchmark == name)}
        assert wanted <= set(values)


def printed(result) -> set[str]:
    """Return the places of all p-values in a result: question, field, and key or column."""
    question = next(name for name, kind in RESULTS.items() if isinstance(result, kind))
    found: set[str] = set()

    def look(value, place):
        if isinstance(value, Estimate):
            if value.p_value is not None:
                found.add(place)
        elif isinstance(value, pl.DataFrame):
            for column in value.columns:
                if re.search(r"(^|_)(p|q)(_|$)", column) and value[column].null_count() < value.height:
                    found.add(f"{place}.{column}")
        elif isinstance(value, dict):
            for key, item in value.items():
                look(item, f"{place}.{key}")
        elif isinstance(value, list | tuple):
            for item in value:
                look(item, place)
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                inner, here = getattr(value, field.name), f"{question}.{type(value).__name__}.{field.name}"
                if re.match(r"p_", field.name) and isinstance(inner, float):
                    found.add(here)
                else:
                    look(inner, here)
        elif hasattr(value, "template") and re.search(r":p}", value.template):
            found.add(place)

    for field in dataclasses.fields(result):
        look(getattr(result, field.name), f"{question}.{field.name}")
    return found


def test_places_of_p_values_are_seen(made):
    places = printed(made.hierarchy()) | printed(made.leading_core())
    assert {"hierarchy.indices.gini", "leading_core.Core.p_value", "leading_core.Core.p_bound"} <= places


# Numbers that no measure compares with chance, but that are compared in results made by hand.
BY_HAND = {"factions.n_factions", "hierarchy.indices.strange_index"}


def test_every_p_value_printed_has_its_null_model(made, hostile_report):
    known = {name.partition(" ")[0] for name in P_VALUES}
    results = [*made.every_result(), *made.every_branch(), *hostile_report.results.values()]
    places = set().union(*map(printed, results)) - BY_HAND
    # Reasons, criteria and warnings say again what stands in an estimate.
    told_again = {place for place in places if re.search(r"\.(reason|evidence|warnings)$", place)}
    assert places - told_again - known == set()
