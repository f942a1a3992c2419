"""Grids: every combination is what its own study gives, files are read once, and the report says what stays the same."""

from __future__ import annotations

import importlib
import json
import re

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from netact import report as reports
from netact.cli import main
from netact.filters import Filters
from netact.language import speaking
from netact.report.multiverse import ANSWERS, Multiverse, axis_rows, how_it_changes, opening, varied, verdict_of
from netact.study import Source, Study, load
from netact_dashboards.pages.data import layout
from netact_dashboards.shelf import Shelf
from netact_dashboards.view import View

MEASURES = {"hierarchy": {"draws": 9, "replicates": 20}, "factions": {"draws": 9, "runs": 5}}
GRID = {
    "seed": (1, 2),
    "filters.kinds": ((), ("mention",)),
    "filters.min_interactions": (0, 10_000),
    "measures.factions.resolution": (1.0, 3.0),
}


@pytest.fixture(scope="module")
def ties(tmp_path_factory):
    path = tmp_path_factory.mktemp("grid") / "e.csv"
    rows = [(f"a{i}", f"a{(i * j + j) % 40}", "retweet") for i in range(40) for j in (1, 2, 5)]
    rows += [(f"b{i}", f"b{(i + j) % 30}", "retweet") for i in range(30) for j in (1, 3)]
    rows += [(f"a{i}", "b0", "mention") for i in range(25)] + [("a1", "b1", "retweet")]
    pl.DataFrame(rows, schema=["source", "target", "kind"], orient="row").write_csv(path)
    return path


@pytest.fixture(scope="module")
def study(ties):
    source = Source(str(ties), options={"kind_column": "kind"})
    return Study.of([source], measures=MEASURES, robustness="none", grid=GRID)


@pytest.fixture(scope="module")
def report(study):
    return reports.run(study)


def test_every_combination_is_what_its_own_study_gives(study, report):
    made = report.content.multiverse
    assert made.combinations == 16
    assert made.axes == tuple(GRID)
    assert list(made.table.columns) == ["combination", *GRID, *ANSWERS]
    for number, (values, variant) in enumerate(study.variants(), start=1):
        rows = made.table.filter(pl.col("combination") == number)
        assert rows["filters.kinds"][0] == ", ".join(values["filters.kinds"])
        assert rows["seed"][0] == values["seed"]
        if values["filters.min_interactions"]:
            assert rows["verdict"].null_count() == rows.height
            assert "leave no interaction" in rows["problem"][0]
            continue
        if number not in (1, 6, 14):  # three of them are asked again, which takes time
            continue
        alone = reports.run(variant)
        for finding in alone.findings:
            row = rows.filter(pl.col("question") == finding.question).row(0, named=True)
            result = alone.results[finding.question]
            assert row["verdict"] == verdict_of(finding.question, result)
            assert (row["value"], row["p"], row["confidence"]) == (finding.value, finding.p_value, finding.confidence)
            assert (row["low"], row["high"]) == (finding.interval or (None, None))
    # The main report is that of the study's own values.
    for finding in report.findings:
        assert made.own(finding.question)["value"] == finding.value


def test_files_are_read_once(study, monkeypatch):
    running = importlib.import_module("netact.report.run")
    read, calls = running.read_source, []
    monkeypatch.setattr(
        running, "read_source", lambda *args, **options: (calls.append(args), read(*args, **options))[1]
    )
    reports.run(study)
    assert len(calls) == 1


def test_the_study_file_lets_each_combination_choose_its_kind(report, tmp_path):
    # With other filters another kind may stand for attention: nothing is fixed that the user left open.
    assert all(step.parameters["kind"] is None for step in report.study.measures)
    (tmp_path / "study.toml").write_text(report.study.to_toml())
    assert load(tmp_path / "study.toml").grid == report.study.grid


def known():
    rows = [
        (0, 1, "hierarchy", "led", 0.5, "share of attention", None),
        (1, 1, "hierarchy", "led", 0.5, "share of attention", None),
        (2, 2, "hierarchy", "led", 0.42, "share of attention", None),
        (3, 3, "hierarchy", "leaderless", 0.1, "share of attention", None),
        (4, 4, "hierarchy", None, None, None, "filters: leave no interaction"),
        (0, 1, "factions", "no_division", None, "", None),
        (1, 1, "factions", "no_division", None, "", None),
        (2, 2, "factions", "no_division", None, "", None),
        (3, 3, "factions", "no_division", None, "", None),
        (4, 4, "factions", None, None, None, "filters: leave no interaction"),
    ]
    table = pl.DataFrame(
        rows, schema=["combination", "seed", "question", "verdict", "value", "unit", "problem"], orient="row"
    )
    return Multiverse(("seed",), table.with_columns(pl.col("value").cast(pl.Float64)))


def test_sentences_count_what_stays_the_same():
    made = known()
    assert (made.same("hierarchy"), made.others("hierarchy").height, made.failed.height) == (2, 3, 1)
    assert how_it_changes(made, "hierarchy") == (
        "The answer is the same in 2 of 3 combinations. Its number is 50 % in this report and 10 % to 50 % over the combinations."
    )
    assert how_it_changes(made, "factions") == "The answer is the same in all 3 combinations."
    groups = known()
    numbers = pl.when(pl.col("question") == "factions").then(pl.col("combination") + 2.0).otherwise("value")
    groups = Multiverse(groups.axes, groups.table.with_columns(value=numbers, unit=pl.lit("groups")))
    assert how_it_changes(groups, "factions").endswith(
        "Its number is 2 in this report and 3 to 5 over the combinations."
    )
    assert varied(made) == ["seed = 1, 2, 3, 4"]
    steady = Multiverse(made.axes, made.table.with_columns(value=pl.lit(0.25), unit=pl.lit("share of attention")))
    assert how_it_changes(steady, "factions").endswith("Its number is 25 % in all of them.")
    assert opening(made) == (
        "This study was also run with 4 combinations of the values in its grid. 1 of them could not be run."
    )
    changing, rows = axis_rows(made)
    assert changing == ["hierarchy"]
    assert rows == [["seed = 1", "1 of 1"], ["seed = 2", "1 of 1"], ["seed = 3", "0 of 1"], ["seed = 4", "0 of 0"]]


def test_it_is_written_shown_and_read_back(report, tmp_path):
    reports.write(report, tmp_path / "out")
    table = pl.read_csv(tmp_path / "out" / "multiverse.csv")
    assert table.height == 17 * 2
    again = reports.read(tmp_path / "out").content.multiverse
    assert again.axes == tuple(GRID)
    assert again.table.equals(pl.read_parquet(tmp_path / "out" / "multiverse.parquet"))
    page = (tmp_path / "out" / "report.html").read_text()
    assert "How the answers change" in page
    assert re.search(r"The answer is the same in (all )?\d+", page)
    shown = str(layout(View(Shelf({}), "made", reports.read(tmp_path / "out"), "data")))
    assert "How the answers change" in shown
    assert how_it_changes(again, "hierarchy") in shown
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "multiverse.csv" in str(manifest["files"])
    book = pl.read_csv(tmp_path / "out" / "tables" / "codebook.csv").filter(pl.col("table") == "multiverse")
    assert book["column"].to_list() == table.columns
    assert book["description"].null_count() == 0
    sheets = openpyxl.load_workbook(tmp_path / "out" / "tables" / "netact.xlsx", read_only=True).sheetnames
    assert "multiverse" in sheets
    assert all(f"/files/made/multiverse.{ending}" in shown for ending in ("csv", "parquet"))


def test_filters_are_told_in_the_report(ties, tmp_path):
    study = Study.of(
        [Source(str(ties), options={"kind_column": "kind"})],
        measures={"hierarchy": {"draws": 9, "replicates": 0}}, robustness="none", filters=Filters(kinds=("retweet",)),
    )  # fmt: skip
    made = reports.run(study)
    assert made.content.multiverse is None
    (item,) = (item for item in made.content.receipt["filtered"] if item["filter"] == "kinds")
    assert item["rows"] == {"interactions": 25}
    reports.write(made, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Left out by the filters of the study" in page
    assert "ties of another kind" in page
    shown = str(layout(View(Shelf({}), "made", reports.read(tmp_path / "out"), "data")))
    assert "ties of another kind" in shown
    assert "How the answers change" not in shown
    assert "multiverse" not in shown
    findings = json.loads((tmp_path / "out" / "findings.json").read_text())
    assert findings["receipt"]["filtered"][0]["rows"]["interactions"] == 25


def test_from_the_command_line(ties, tmp_path):
    (tmp_path / "study.toml").write_text(
        f'[[sources]]\npath = "{ties}"\noptions.kind_column = "kind"\n[[measures]]\nname = "hierarchy"\n'
        "parameters.draws = 9\nparameters.replicates = 0\n[robustness]\neffort = 'none'\n[grid]\nseed = [1, 2]\n"
    )
    found = CliRunner().invoke(
        main, ["study", "run", str(tmp_path / "study.toml"), "--no-cache", "-o", str(tmp_path / "out")]
    )
    assert found.exit_code == 0, found.output
    assert "Asking again with the values of the grid" in found.stderr
    assert pl.read_csv(tmp_path / "out" / "multiverse.csv")["seed"].to_list() == [1, 1, 2]


def test_sentences_are_said_in_the_language_spoken():
    with speaking("ar"):
        assert how_it_changes(known(), "factions")


def test_scripts_filter_too(ties, tmp_path):
    (tmp_path / "list.txt").write_text("b0\n@b1\n")
    made = reports.analyze(
        ties, options={"kind_column": "kind"}, measures={"hierarchy": {"draws": 0, "replicates": 0}}, robustness="none",
        filters=Filters(kinds=("retweet",)), leave_out=[tmp_path / "list.txt"],
    )  # fmt: skip
    assert not {"b0", "b1"} & set(made.network.keys)
    assert set(made.network.kinds) == {"retweet"}
    assert [source.role for source in made.study.sources] == ["interactions", "leave_out"]
    assert all(source.sha256 for source in made.study.sources)
