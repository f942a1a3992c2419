"""Several reports side by side."""

from __future__ import annotations

import json

import polars as pl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import ReportError
from netact.jobs import execute
from netact.report import read
from netact.report.compare import compare, shared_sentences, value_rows
from netact.report.html import render_comparison
from netact.study import Source, Study

KEY = "7" * 64


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return three reports: two seeds with one key, and other traffic with another key and fewer questions."""
    place = tmp_path_factory.mktemp("three")
    asked = {"hierarchy": {"draws": 9, "replicates": 9}, "factions": {"draws": 9, "runs": 5}}

    def make(name, rows, *, secret, seed=1, measures=asked):
        pl.DataFrame(rows, schema=["source", "target"], orient="row").write_csv(place / f"{name}.csv")
        study = Study.of(
            [Source(str(place / f"{name}.csv"))], title=f"Case {name}", measures=measures, seed=seed, robustness="none"
        )
        execute(study, place / name, secret=secret)
        return place / name

    rows = [(f"u{i % 40}", f"t{(i * i) % 7}") for i in range(400)]
    other = [*rows[:200], *((f"v{i % 40}", f"t{i % 5}") for i in range(200))]
    return (
        make("one", rows, secret=KEY),
        make("two", rows, secret=KEY, seed=2),
        make("three", other, secret="8" * 64, measures={"hierarchy": {"draws": 19, "replicates": 9}}),
    )


@pytest.fixture(scope="module")
def reports(folders):
    return [read(folder) for folder in folders]


def test_only_what_differs_is_listed(reports):
    found = compare(reports[:2])
    assert dict(found.titles) == {"A": "Case one", "B": "Case two"}
    assert found.parameters == (("seed", (1, 2)),)
    assert found.inputs == ()  # the same rows, whatever their files are called
    assert not found.versions


def test_each_question_says_what_each_report_found(reports):
    found = compare(reports)
    assert list(found.answers) == ["hierarchy", "factions"]
    for report, answer in zip(reports, found.answers["hierarchy"], strict=True):
        result, finding = report.content.results["hierarchy"], report.content.findings[0]
        assert (answer.verdict, answer.value, answer.p_value) == (result.verdict, finding.value, finding.p_value)
        assert answer.interval == finding.interval
    assert [answer.asked for answer in found.answers["factions"]] == [True, True, False]
    parameters = dict(found.parameters)
    assert parameters["hierarchy.draws"] == (9, 9, 19)
    assert parameters["factions.draws"] == (9, 9, None)


def test_accounts_are_compared_where_their_names_can_be(reports):
    found = compare(reports)
    same, other = found.shared
    accounts = set(reports[0].accounts["key"])
    assert same.accounts == (len(accounts), 0, 0)
    assert same.top == 20
    assert (other.accounts, other.top) == (None, None)  # other pseudonyms for the same accounts
    assert "different keys" in shared_sentences(other, found.names)[0]


def test_the_figure_holds_the_values_of_both(reports):
    rows = value_rows(reports[0], reports[1])
    assert rows["question"].to_list() == ["hierarchy", "factions"]
    assert rows["first"].to_list() == [finding.value for finding in reports[0].content.findings]
    assert value_rows(reports[0], reports[2])["question"].to_list() == ["hierarchy"]


def test_the_page_holds_all_reports(reports):
    two = render_comparison(compare(reports[:2]), reports[:2])
    assert 'id="data-compare"' in two
    three = render_comparison(compare(reports), reports)
    assert 'id="data-compare"' not in three
    assert "This report did not ask that." in three
    for report in reports:
        assert report.content.study.title in three
    assert "default-src &#39;none&#39;" in three


def test_the_command_prints_text_json_and_a_page(folders, tmp_path):
    names = [str(folder) for folder in folders]
    done = CliRunner().invoke(main, ["compare", *names[:2], "-o", str(tmp_path / "page.html")])
    assert done.exit_code == 0, done.stderr
    assert "Parameters that differ\n        A  B\n  seed  1  2\n" in done.stdout
    assert (tmp_path / "page.html").stat().st_size > 1e6
    values = json.loads(CliRunner().invoke(main, ["compare", *names, "--json"]).stdout)
    assert values["reports"] == {"A": "Case one", "B": "Case two", "C": "Case three"}
    assert values["parameters"]["seed"] == {"A": 1, "B": 2, "C": 1}
    assert values["questions"]["factions"]["C"]["asked"] is False
    assert values["accounts"][0]["accounts"] == {"both": 44, "first_only": 0, "second_only": 0}


def test_one_report_is_not_compared(folders, reports):
    with pytest.raises(ReportError, match="two reports or more"):
        compare(reports[:1])
    done = CliRunner().invoke(main, ["compare", str(folders[0])])
    assert done.exit_code == 2
    assert "two reports or more" in done.stderr
