"""Every study in ``data/studies`` finds what the file beside it says, and names where its data come from."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from netact.cli import main as cli
from netact.errors import StudyError
from netact.importers import content_sha256
from netact.report import run
from netact.report.expected import differences, expected_of
from netact.report.expected import main as expected_main
from netact.study import find_file, load

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "studies"
STUDIES = sorted(path.stem for path in FOLDER.glob("*.toml"))
OWN = "movement"  # the one whose data are in the repository
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def expected(name):
    return json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))


def with_data(name, request):
    study = load(FOLDER / f"{name}.toml")
    return study if name == OWN else replace(study, folder=str(request.getfixturevalue("shared")))


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
def test_a_rerun_finds_what_is_expected(name, request):
    assert differences(run(with_data(name, request)).content, expected(name)) == []


@pytest.mark.parametrize("name", STUDIES)
def test_files_are_the_ones_that_are_named(name, request):
    study = with_data(name, request)
    for source in study.sources:
        assert source.sha256 == content_sha256(find_file(study, source))
        assert source.sha256 in PAGE or name == OWN
        assert not Path(source.path).is_absolute()


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_says_where_its_data_come_from(name):
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert f"{name}.toml" in PAGE
    for part in ("Source:", "Licence:", "Direction:"):
        assert part in comments
    assert name == OWN or re.search(r"https://", comments)
    assert tomllib.loads(text)["seed"] == 1
    study = load(FOLDER / f"{name}.toml")
    assert {step.name for step in study.measures} == set(expected(name)["findings"])


@pytest.mark.parametrize("name", STUDIES)
def test_what_is_expected_holds_verdicts_and_numbers_only(name):
    def texts(value):
        if isinstance(value, dict):
            return [text for item in value.values() for text in texts(item)]
        return [value] if isinstance(value, str) else []

    # Verdicts, states, how sure, and units: words of netact's own, never a name.
    assert all(re.fullmatch(r"(Jaccard )?[a-z_ ]+", text) for text in texts(expected(name)))


def test_a_touched_byte_is_refused_with_the_name_of_the_file(tmp_path):
    study = load(FOLDER / f"{OWN}.toml")
    touched = tmp_path / "movement_interactions.csv"
    content = bytearray(find_file(study, study.sources[0]).read_bytes())
    content[-2] ^= 1
    touched.write_bytes(content)
    with pytest.raises(StudyError, match=r"movement_interactions\.csv.*changed"):
        run(replace(study, sources=(replace(study.sources[0], path=str(touched)), *study.sources[1:])))


@pytest.mark.slow
def test_the_command_finds_data_that_were_downloaded(shared, tmp_path):
    out = tmp_path / "report"
    command = ["study", "run", str(FOLDER / "hiring.toml"), "--data", str(shared), "-o", str(out), "--quiet"]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    assert expected_main([str(out), str(FOLDER / "hiring.expected.json")]) == 0


def test_what_differs_is_said(hostile_report, hostile_folder, tmp_path, capsys):
    file = tmp_path / "expected.json"
    assert expected_main([str(hostile_folder), str(file), "--write"]) == 0
    assert expected_main([str(hostile_folder), str(file)]) == 0
    assert capsys.readouterr().out == "As expected.\n"
    found = expected_of(hostile_report.content)
    found["findings"]["hierarchy"]["value"] = 0.125
    found["network"]["accounts"] += 1
    file.write_text(json.dumps(found), encoding="utf-8")
    assert expected_main([str(hostile_folder), str(file)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("network.accounts: ")
    assert second.endswith("instead of 0.125")
