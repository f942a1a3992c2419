"""Every study in ``data/studies`` finds what the file beside it says, and names where its data come from."""

from __future__ import annotations

import json
import os
import re
import shutil
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


# Those that take seconds; NETACT_ALL_STUDIES=1 verifies all of them, which takes some minutes.
VERIFIED = STUDIES if os.environ.get("NETACT_ALL_STUDIES") else ["hiring", "suffragettes"]


def copied(name, request, folder):
    """Return a study file and copies of its inputs beside it, which may be changed."""
    study, place = with_data(name, request), folder / "studies"
    place.mkdir()
    shutil.copyfile(FOLDER / f"{name}.toml", place / f"{name}.toml")
    inputs = [place / source.path for source in study.sources]
    for source, path in zip(study.sources, inputs, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(find_file(study, source), path)
    return place / f"{name}.toml", inputs


@pytest.mark.slow
@pytest.mark.parametrize("name", VERIFIED)
def test_a_run_is_as_expected_and_verified_and_no_other_input_is_taken_for_its_own(name, request, tmp_path):
    file, inputs = copied(name, request, tmp_path)
    out = str(tmp_path / "report")
    command = ["study", "run", str(file), "--data", str(file.parent), "-o", out, "--quiet", "--no-cache"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert expected_main([out, str(FOLDER / f"{name}.expected.json")]) == 0
    verified = CliRunner().invoke(cli, ["study", "verify", out])
    assert verified.exit_code == 0, verified.output
    assert "Every table and figure is identical." in verified.output
    for path in inputs:
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        refused = CliRunner().invoke(cli, ["study", "verify", out])
        assert refused.exit_code == 2
        assert path.name in refused.stderr
        assert "is not the file the report was made from" in refused.stderr
        path.write_bytes(content)


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
