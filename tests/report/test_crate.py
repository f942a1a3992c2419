"""The RO-Crate: valid by its validator, complete, and true."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from netact.report import write
from netact.report.crate import CRATE, crate_of
from netact.report.provenance import MANIFEST

# What only those who publish the folder know, and an address that netact does not have.
UNKNOWN = {"author", "publisher", "agent", "url", "The SoftwareApplication id SHOULD be an absolute URI"}


@pytest.fixture(scope="session")
def validate(crate_python):
    """Return a function folder -> what the validator says."""

    def run(folder, severity="recommended"):
        command = [crate_python, str(Path(__file__).with_name("check_crate.py")), str(folder), severity]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return json.loads(done.stdout)

    return run


def entities(folder):
    values = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    found = {entity["@id"]: entity for entity in values["@graph"]}
    assert len(found) == len(values["@graph"])
    return found


def test_the_validator_finds_nothing_that_netact_could_know(hostile_folder, validate):
    found = validate(hostile_folder)
    assert found["checks"] > 80
    issues = [
        issue for issue in found["issues"]
        if issue["property"].rpartition("/")[2] not in UNKNOWN and issue["message"] not in UNKNOWN
    ]  # fmt: skip
    assert not issues
    assert all(issue["severity"] == "RECOMMENDED" for issue in found["issues"])


def test_the_validator_sees_what_is_wrong(hostile_report, tmp_path, validate):
    """The check above could not fail if the validator took anything."""
    folder = write(hostile_report, tmp_path / "out", copy_inputs=True)
    assert not [issue for issue in validate(folder, "required")["issues"] if issue["severity"] == "REQUIRED"]
    (folder / "accounts.csv").unlink()
    values = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    del next(entity for entity in values["@graph"] if entity["@id"] == "./")["license"]
    (folder / CRATE).write_text(json.dumps(values), encoding="utf-8")
    said = " ".join(issue["message"] for issue in validate(folder, "required")["issues"])
    assert "accounts.csv" in said
    assert "license" in said


def test_every_file_is_part_of_the_crate_and_none_that_is_private(hostile_folder):
    found = entities(hostile_folder)
    there = {
        path.relative_to(hostile_folder).as_posix()
        for path in hostile_folder.rglob("*")
        if path.is_file() and "private" not in path.parts
    }
    files = {name for name, entity in found.items() if entity["@type"] == "File"}
    assert files == there - {CRATE}

    def parts(identifier):
        for part in found[identifier].get("hasPart", ()):
            yield part["@id"]
            yield from parts(part["@id"])

    listed = list(parts("./"))
    folders = {name.partition("/")[0] + "/" for name in files if "/" in name}
    assert sorted(listed) == sorted({*files, *folders})
    hashes = json.loads((hostile_folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    for name in files - {MANIFEST}:
        assert found[name]["sha256"] == hashes[name]["sha256"]
        assert found[name]["contentSize"] == str((hostile_folder / name).stat().st_size)
        assert found[name]["encodingFormat"] != "application/octet-stream"


def test_the_run_says_what_went_in_and_what_came_out(hostile_folder, hostile_report):
    found = entities(hostile_folder)
    action = found["#run"]
    inputs = [item["@id"] for item in action["object"]]
    assert inputs[0] == "study.toml"
    assert [found[name]["sha256"] for name in inputs[1:]] == [source.sha256 for source in hostile_report.study.sources]
    assert not [name for name in inputs[1:] if name in {item["@id"] for item in found["./"]["hasPart"]}]
    assert {"@id": "findings.json"} in action["result"]
    assert found[action["instrument"]["@id"]]["name"] == "netact"
    for entity in found.values():  # every reference leads somewhere
        for value in entity.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and not item["@id"].startswith("https://w3id.org/ro/crate"):
                    assert item["@id"] in found


def test_inputs_in_the_folder_are_parts_of_it(hostile_report, tmp_path):
    folder = write(hostile_report, tmp_path / "out", copy_inputs=True)
    found = entities(folder)
    assert [item["@id"] for item in found["#run"]["object"]] == ["study.toml", "inputs/ties.csv", "inputs/admins.csv"]
    assert found["inputs/ties.csv"]["@type"] == "File"
    assert not [name for name in found if name.startswith("ni:")]


def test_odd_names_become_addresses(hostile_folder):
    manifest = json.loads((hostile_folder / MANIFEST).read_text(encoding="utf-8"))
    values = {"bytes": 1, "sha256": "0" * 64}
    manifest["files"] = {"inputs/a b#1%.csv": values, "inputs/ü.csv": values, "study.toml": values}
    manifest["inputs"] = [
        {"path": "inputs/a b#1%.csv", "role": "interactions", "sha256": "0" * 64, "bytes": 1},
        {"path": "-", "role": "interactions", "sha256": "", "bytes": None},
    ]
    found = {entity["@id"]: entity for entity in crate_of(manifest)["@graph"]}
    assert found["inputs/a%20b%231%25.csv"]["name"] == "a b#1%.csv"
    assert found["inputs/%C3%BC.csv"]["name"] == "ü.csv"
    assert [item["@id"] for item in found["#run"]["object"]] == ["study.toml", "inputs/a%20b%231%25.csv", "#input-2"]
    assert found["#input-2"]["name"] == "standard input"
