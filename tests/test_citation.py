"""CITATION.cff: in step with the package."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# `key: value` and `- value` of a small YAML file; folded texts are not read.
_LINE = re.compile(r"^([a-z-]+): ?(.*)$|^  - (.*)$")


def citation() -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    last = ""
    for line in (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        if match[1]:
            last = match[1]
            found[last] = match[2].strip('"') or []
        else:
            entries = found[last]
            assert isinstance(entries, list)
            entries.append(match[3])
    return found


def test_it_is_in_step_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = citation()
    assert found["version"] == project["version"]
    assert found["license"] == project["license"]
    assert found["keywords"] == project["keywords"]
    assert found["title"].startswith("netact: ")
    assert found["title"].removeprefix("netact: ")[:40].lower() == project["description"][:40].lower()


def test_it_has_what_the_format_requires():
    found = citation()
    assert found["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(found)
    assert found["authors"]


def test_its_validator_takes_it_and_refuses_a_broken_one(crate_python, tmp_path):
    def valid(path):
        command = [str(Path(crate_python).with_name("cffconvert")), "--validate", "-i", str(path)]
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0

    assert valid(ROOT / "CITATION.cff")
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(text.replace("authors:", "writers:"), encoding="utf-8")
    assert not valid(tmp_path / "CITATION.cff")
