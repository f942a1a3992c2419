"""The manifest: what it says is so, and nothing of it names the machine or its user."""

from __future__ import annotations

import getpass
import hashlib
import json
import platform
import socket
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from netact.report import provenance, write
from netact.report.provenance import MANIFEST, Stopwatch, file_hashes, libraries, revision, top_names


@pytest.fixture
def manifest(hostile_folder):
    return json.loads((hostile_folder / MANIFEST).read_text(encoding="utf-8"))


def test_every_file_stands_in_the_manifest_with_its_bytes(hostile_folder, manifest):
    there = {
        path.relative_to(hostile_folder).as_posix()
        for path in hostile_folder.rglob("*")
        if path.is_file() and "private" not in path.parts
    }
    assert set(manifest["files"]) == there - {MANIFEST}
    for name, values in manifest["files"].items():
        content = (hostile_folder / name).read_bytes()
        assert values == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_nothing_of_the_private_folder_is_told(tmp_path):
    for name in ("a.csv", "private/key", "data/b.json", MANIFEST):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(file_hashes(tmp_path)) == ["a.csv", "data/b.json"]
    assert top_names({"files": file_hashes(tmp_path)}) == {"a.csv", "data", "private", MANIFEST}
    assert top_names({"files": ["a.csv", "data"]}) == {"a.csv", "data", "private", MANIFEST}  # of earlier versions


def test_the_manifest_says_what_the_run_rested_on(manifest, hostile_report):
    assert manifest["python"] == platform.python_version()
    assert manifest["netact_version"] == metadata.version("netact")
    assert manifest["libraries"]["polars"] == metadata.version("polars")
    assert {"numpy", "scipy", "igraph", "numba", "plotly"} <= set(manifest["libraries"])
    assert "pytest" not in manifest["libraries"]
    assert manifest["platform"]["system"] == platform.system()
    assert {"read", "hierarchy", "draw", "write"} <= set(manifest["durations"])
    assert all(seconds >= 0 for seconds in manifest["durations"].values())
    assert manifest["cached"] == {}
    assert manifest["began"] <= manifest["ended"]
    assert manifest["fingerprint"] == hostile_report.sealed.network.fingerprint
    for given, source in zip(manifest["inputs"], hostile_report.study.sources, strict=True):
        content = Path(source.path).read_bytes()
        assert given["sha256"] == hashlib.sha256(content).hexdigest() == source.sha256
        assert given["bytes"] == len(content)


def test_the_manifest_says_which_stages_came_from_the_cache(hostile_report, tmp_path):
    warm = replace(hostile_report, cached={"hierarchy": "whole", "robustness": "part"})
    write(warm, tmp_path / "out", secret="5e" * 32)
    assert json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))["cached"] == dict(warm.cached)


def test_nothing_names_the_machine_or_its_user(manifest):
    told = json.dumps({name: manifest[name] for name in manifest if name not in ("inputs", "study", "files")})
    names = {socket.gethostname(), platform.node(), str(Path.home()), sys.prefix, str(Path.cwd())}
    assert not [name for name in names if len(name) > 2 and name in told]
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        return
    assert f'"{user}"' not in told


def test_a_checkout_is_named_by_its_revision(tmp_path, monkeypatch):
    def git(*arguments):
        given = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *given, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)

    package = tmp_path / "netact"
    (package / "report").mkdir(parents=True)
    file = package / "report" / "provenance.py"
    file.write_text("")
    monkeypatch.setattr(provenance, "__file__", str(file))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "of another"))
    assert revision.__wrapped__() is None  # no repository at all
    monkeypatch.delenv("GIT_DIR")
    git("init", "-q")
    assert revision.__wrapped__() is None  # a repository that does not hold netact
    git("add", ".")
    git("commit", "-q", "-m", "one")
    commit = git("rev-parse", "HEAD").stdout.strip()
    assert revision.__wrapped__() == {"commit": commit, "changed": False}
    (tmp_path / "notes.txt").write_text("beside the package")
    assert revision.__wrapped__() == {"commit": commit, "changed": False}
    file.write_text("# changed")
    assert revision.__wrapped__() == {"commit": commit, "changed": True}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision.__wrapped__() is None  # no git


def test_every_library_netact_needs_is_named():
    needed = {line.split(">")[0].split("<")[0].strip() for line in metadata.requires("netact") if "extra" not in line}
    assert set(libraries()) == needed


def test_the_stopwatch_passes_stages_on_and_adds_up():
    told = []
    watch = Stopwatch(told.append)
    for stage in ("read", "hierarchy", "draw"):
        watch(stage)
    assert list(watch.stop()) == told == ["read", "hierarchy", "draw"]
    assert watch.stop() == watch.seconds
