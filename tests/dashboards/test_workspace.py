"""Uploads and jobs: nothing escapes its folder, nothing is left behind, every end is told."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netact import jobs
from netact.measures import MEASURES
from netact.report import read
from netact.synthetic import sample_folder
from netact_dashboards.workspace import Workspace, WorkspaceError

DAY = timedelta(days=1)
EDGES = "retweeter,retweeted\n" + "".join(f"u{i},t{(i * i + j) % 7}\n" for i in range(120) for j in range(3))


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "ws", keep=DAY, max_bytes=100_000, max_waiting=3)
    yield made
    processes = [run.process for run in [*made._looks.values(), *([made._run[1]] if made._run else [])]]
    made.close()
    assert all(process.poll() is not None for process in processes)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a workspace with one finished job, and its key."""
    workspace = Workspace(tmp_path_factory.mktemp("finished"), keep=DAY)
    key = workspace.create()
    send(workspace, key, EDGES, name="C:\\Users\\me\\=Écoute été.csv")
    send(workspace, key, "person,account,role\nAda,t0,admin\nBo,t1,admin\n", name="admins.csv", role="admins")
    workspace.start(key, title="A small/movement\u202e", quick=True, options={1: {"kind": "mention"}})
    until(lambda: workspace.status(key).state not in ("waiting", "running"))
    yield workspace, key
    workspace.close()


def send(workspace, key, text, **given):
    data = text if isinstance(text, bytes) else text.encode()
    return workspace.receive(key, io.BytesIO(data), **{"name": "e.csv", "length": len(data)} | given)


def sample(workspace, key):
    """Send a file whose analysis takes many seconds."""
    workspace.max_bytes = 1 << 30
    return send(workspace, key, (sample_folder() / "movement_interactions.csv").read_bytes())


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def refused(refusal, call, *arguments, **keywords):
    with pytest.raises(WorkspaceError) as caught:
        call(*arguments, **keywords)
    assert caught.value.refusal == refusal
    assert "\n" not in str(caught.value)


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.name != ".lock")


# ---------------------------------------------------------------------- files


def test_a_file_arrives_whole_under_a_harmless_name(workspace):
    key = workspace.create()
    assert len(key) == 32
    assert (workspace.folder / key).stat().st_mode & 0o777 == 0o700
    file = send(workspace, key, b"a,b\n", name="../../etc/..\\x y\u202e\n;é=.tar.gz")
    assert (file.number, file.name, file.role, file.bytes) == (1, "x y ;é=.tar.gz", "interactions", 4)
    assert file.sha256 == hashlib.sha256(b"a,b\n").hexdigest()
    assert workspace.files(key) == (file,)
    assert tree(workspace.folder / key / "uploads") == ["1", "1/x_y_e_.tar.gz"]


@pytest.mark.parametrize("name", ["..", "/", "....", "\\", "con\x00.csv", "ا", "x" * 4000 + ".csv", "-rf", ".job.json"])
def test_no_name_leaves_its_folder(workspace, name):
    key = workspace.create()
    before = set(tree(workspace.folder))
    send(workspace, key, b"a,b\n", name=name)
    made = set(tree(workspace.folder)) - before
    assert len(made) == 2
    assert all(path.startswith(f"{key}/uploads/1") for path in made)
    (stored,) = (workspace.folder / key / "uploads" / "1").iterdir()
    assert stored.is_file()
    assert stored.name.isascii()
    assert not stored.name.startswith((".", "-"))
    assert len(stored.name) < 100


def test_what_is_too_large_is_found_while_it_arrives(workspace):
    key = workspace.create()
    read_bytes = []

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            read_bytes.append(size)
            return b"x" * size

    refused("too_large", workspace.receive, key, Endless(), name="x", length=None)
    assert sum(read_bytes) <= 2 << 20
    refused("too_large", send, workspace, key, b"x", length=100_001)
    refused("incomplete", send, workspace, key, b"xyz", length=4)
    refused("empty", send, workspace, key, b"")
    refused("wrong", send, workspace, key, b"x", role="owner")
    assert tree(workspace.folder / key / "uploads") == []
    assert workspace.files(key) == ()


def test_a_stream_that_breaks_leaves_nothing(workspace):
    key = workspace.create()

    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    refused("incomplete", workspace.receive, key, Broken(), name="x")
    assert tree(workspace.folder / key / "uploads") == []


@pytest.mark.parametrize("key", ["..", "../x", "", "a" * 31, "A" * 32, "a" * 33, "a" * 31 + "/", "0" * 32, "\x00" * 32])
def test_a_key_that_is_not_one_never_touches_the_disk(workspace, key, monkeypatch):
    touched = []
    for name in ("open", "stat", "mkdir", "unlink", "iterdir", "rename", "is_file"):
        monkeypatch.setattr(Path, name, lambda self, *_a, **_k: touched.append(self))
    assert workspace.status(key) is None
    assert workspace.files(key) == ()
    assert workspace.inspection(key, 1).state == "none"
    assert workspace.study(key) is None
    workspace.delete(key)
    for call in (workspace.cancel, workspace.start):
        refused("gone", call, key)
    refused("gone", workspace.preview, key, 1)
    refused("gone", workspace.receive, key, io.BytesIO(b"x"), name="x")
    assert touched == []


def test_roles_of_which_there_is_one(workspace):
    key = workspace.create()
    first = send(workspace, key, b"id\na\n", role="accounts")
    edges = send(workspace, key, b"a,b\n")
    second = send(workspace, key, b"id\nb\n", role="accounts")
    assert workspace.files(key) == (edges, second)
    assert (first.number, second.number) == (1, 3)
    workspace.remove_file(key, 2)
    refused("gone", workspace.remove_file, key, 2)
    assert tree(workspace.folder / key / "uploads") == ["3", "3/e.csv"]


def test_ten_uploads_in_a_row_leave_nothing(workspace):
    for _round in range(10):
        key = workspace.create()
        send(workspace, key, EDGES)
        workspace.delete(key)
        assert workspace.status(key) is None
    assert tree(workspace.folder) == []


def test_old_jobs_are_deleted(workspace):
    old, new = workspace.create(), workspace.create()
    assert abs(workspace.status(old).expires - datetime.now(UTC) - DAY) < timedelta(minutes=1)
    workspace._jobs[old].created -= 1.01 * DAY.total_seconds()
    assert workspace.expire() == 1
    assert workspace.status(old) is None
    assert workspace.status(new).state == "draft"
    assert not (workspace.folder / old).exists()


# ---------------------------------------------------------------------- looking at files


def test_looking_at_files(workspace):
    key = workspace.create()
    send(workspace, key, "who,whom,n\na,b,=1\nc,b,2\n")
    send(workspace, key, "no table at all")
    send(workspace, key, "id,followers\na,10\nb,\n", role="accounts")
    send(workspace, key, "person,account\nAda,a\n", role="admins")
    for number, options in ((1, {"source": "whom", "target": "who", "kind": ""}), (2, {}), (3, {}), (4, {})):
        workspace.preview(key, number, options)
        assert workspace.inspection(key, number).state == "running"
    assert len(workspace._looks) <= 2
    until(lambda: all(workspace.inspection(key, n).state != "running" for n in (1, 2, 3, 4)))
    found = workspace.inspection(key, 1)
    assert found.state == "ready", found.error
    assert found.values["columns"] == ["who", "whom", "n"]
    assert found.values["sample"][0] == ["a", "b", "=1"]
    assert found.values["mapping"]["source"] == "whom"
    assert found.values["asked"] == {"source": "whom", "target": "who"}
    assert found.values["options"]["delimiter"] == "comma"
    assert found.values["rows"]["read"] == 2
    assert found.values["head"] is None
    bad = workspace.inspection(key, 2)
    assert bad.state == "failed"
    assert bad.error.startswith("e.csv: ")
    assert str(workspace.folder) not in bad.error
    assert workspace.inspection(key, 3).values["options"] == {"account": "id", "reach": "followers"}
    assert workspace.inspection(key, 4).values["options"] == {"person": "person", "account": "account"}
    assert not (workspace.folder / key / "scratch").exists()
    refused("wrong", workspace.preview, key, 1, {"columns": "x"})
    refused("wrong", workspace.preview, key, 3, {"kind": "retweet"})
    refused("gone", workspace.preview, key, 9)


def test_a_newer_look_ends_the_older(workspace):
    key = workspace.create()
    send(workspace, key, EDGES)
    workspace.preview(key, 1, {"kind": "reply"})
    first = workspace._looks[key, 1].process
    workspace.preview(key, 1, {"kind": "mention"})
    assert first.poll() is not None
    until(lambda: workspace.inspection(key, 1).state != "running")
    assert workspace.inspection(key, 1).values["kinds"] == {"mention": 360}


# ---------------------------------------------------------------------- running


def test_who_may_be_named_stands_in_the_study(workspace):
    key = workspace.create()
    sample(workspace, key)
    workspace.start(key, quick=True, options={1: {}}, public=["@first", "", "  second "], named_from=500)
    study = tomllib.loads(workspace.study(key))
    assert study["privacy"] == {"names": "public", "public": "public.txt", "named_from": 500, "small_cells": 5}
    assert (workspace.folder / key / "public.txt").read_text() == "@first\nsecond\n"
    workspace.cancel(key)
    until(lambda: workspace.status(key).state == "cancelled")
    workspace.start(key, quick=True, options={1: {}}, everybody=True)
    assert tomllib.loads(workspace.study(key))["privacy"]["names"] == "all"
    workspace.cancel(key)


def test_a_job_becomes_a_report(finished):
    workspace, key = finished
    status = workspace.status(key)
    assert (status.state, status.error, status.place) == ("done", "", 0)
    assert status.progress.number == status.progress.total == 4 + len(MEASURES)
    assert status.receipt["rows"]["read"] == 362
    assert status.title == "A small/movement"
    report = read(workspace.folder / key / "report")
    assert report.content.summary.kinds == {"mention": 360}
    study = tomllib.loads(workspace.study(key))
    assert [source["path"] for source in study["sources"]] == ["interactions-1.csv", "admins-1.csv"]
    assert study["title"] == "A small/movement"
    assert str(workspace.folder) not in (workspace.folder / key / "report" / "report.html").read_text()
    assert key not in (workspace.folder / key / "report" / "study.toml").read_text()
    left = {path.name for path in (workspace.folder / key).iterdir()}
    assert left == {"job.json", "uploads", "study.toml", "progress.json", "receipt.json", "report"}


def test_the_study_of_a_job_gives_the_same_report_again(finished, tmp_path):
    workspace, key = finished
    (tmp_path / "study.toml").write_text(workspace.study(key), encoding="utf-8")
    for file in workspace.files(key):
        (stored,) = (workspace.folder / key / "uploads" / str(file.number)).iterdir()
        (tmp_path / file.name).write_bytes(stored.read_bytes())
    code = "import sys; from netact.cli import main; main(sys.argv[1:])"
    secret = str(workspace.folder / key / "report" / "private" / "key")
    command = [sys.executable, "-c", code, "study", "run", "study.toml", "--key", secret, "-q", "-o", "out"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    again, first = read(tmp_path / "out"), read(workspace.folder / key / "report")
    assert again.identity == first.identity
    assert (tmp_path / "out" / "accounts.csv").read_text() == (first.folder / "accounts.csv").read_text()


def test_a_job_that_is_made_again_keeps_its_pseudonyms(finished, monkeypatch):
    workspace, key = finished
    secret = (workspace.folder / key / "report" / "private" / "key").read_text()
    monkeypatch.setattr(workspace, "_next", lambda: None)
    workspace.start(key, quick=True, options={1: {}})
    assert not (workspace.folder / key / "report").exists()
    assert (workspace.folder / key / "key").read_text() == secret
    workspace.cancel(key)


def test_a_killed_job_says_so(workspace):
    key = workspace.create()
    sample(workspace, key)
    workspace.start(key, options={1: {}})
    until(lambda: workspace.status(key).progress.stage)
    status = workspace.status(key)
    assert (status.state, status.progress.total) == ("running", 4 + len(MEASURES))
    refused("not_now", send, workspace, key, b"x")
    refused("not_now", workspace.start, key)
    os.kill(workspace._run[1].process.pid, signal.SIGKILL)
    until(lambda: workspace.status(key).state != "running", seconds=5)
    status = workspace.status(key)
    assert (status.state, status.progress.state) == ("failed", "failed")
    assert "stopped from outside (signal 9); perhaps memory ran out" in status.error
    assert {path.name for path in (workspace.folder / key).iterdir()} <= {
        "job.json", "uploads", "study.toml", "progress.json", "receipt.json",
    }  # fmt: skip


def test_jobs_wait_in_a_line_and_can_be_cancelled(workspace):
    keys = [workspace.create() for _ in range(5)]
    for key in keys:
        sample(workspace, key)
    refused("wrong", workspace.start, workspace.create())
    refused("wrong", workspace.start, keys[0], seed=-1)
    refused("wrong", workspace.start, keys[0], options={1: {"kind": "nothing"}})
    refused("gone", workspace.start, keys[0], options={2: {}})
    for key in keys[:4]:
        workspace.start(key)
    refused("busy", workspace.start, keys[4])
    states = [(workspace.status(key).state, workspace.status(key).place) for key in keys]
    assert states == [("running", 0), ("waiting", 1), ("waiting", 2), ("waiting", 3), ("draft", 0)]
    first = workspace._run[1].process
    workspace.cancel(keys[1])
    assert workspace.status(keys[1]).state == "cancelled"
    assert [workspace.status(key).place for key in keys[2:4]] == [1, 2]
    workspace.cancel(keys[0])
    assert workspace.status(keys[0]).state == "cancelled"
    assert first.poll() == -signal.SIGTERM
    until(lambda: workspace.status(keys[2]).state == "running", seconds=5)
    second = workspace._run[1].process
    workspace.delete(keys[2])  # while it runs
    assert second.poll() == -signal.SIGKILL
    assert not (workspace.folder / keys[2]).exists()
    until(lambda: workspace.status(keys[3]).state == "running", seconds=5)
    workspace.start(keys[1])  # what was cancelled can be started again
    assert workspace.status(keys[1]).place == 1


def test_a_full_disk_stops_nobody_else(workspace, monkeypatch, caplog):
    first, second = workspace.create(), workspace.create()
    sample(workspace, first)
    send(workspace, second, EDGES)
    workspace.start(first)
    workspace.start(second)
    write, broken = Workspace._write, []

    def full(self, key):
        if key == first:
            broken.append(key)
            raise OSError(28, "No space left on device")
        write(self, key)

    monkeypatch.setattr(Workspace, "_write", full)
    os.kill(workspace._run[1].process.pid, signal.SIGKILL)
    until(lambda: workspace.status(second).state == "running", seconds=10)
    assert broken
    assert workspace.status(first).state == "failed"
    assert "OSError" in caplog.text
    assert first not in caplog.text


def test_a_file_that_cannot_be_read_fails_in_one_line(workspace):
    key = workspace.create()
    send(workspace, key, "x\n1\n", name="numbers.csv")
    workspace.start(key)
    until(lambda: workspace.status(key).state not in ("waiting", "running"))
    status = workspace.status(key)
    assert status.state == "failed"
    assert status.error.startswith("numbers.csv: ")
    assert "\n" not in status.error
    assert str(workspace.folder) not in status.error


# ---------------------------------------------------------------------- one server after another


def test_a_folder_has_one_server(workspace):
    refused("busy", Workspace, workspace.folder, keep=DAY)


def test_what_an_earlier_server_left_is_told_or_cleared(tmp_path):
    first = Workspace(tmp_path, keep=DAY)
    draft, ran, old = first.create(), first.create(), first.create()
    for key in (draft, ran, old):
        send(first, key, EDGES)
    first.close()
    for key, change in ((ran, {"state": "running"}), (old, {"created": 1.0})):
        path = tmp_path / key / "job.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
    (tmp_path / draft / "uploads" / "7.part").write_bytes(b"half")
    (tmp_path / ran / ".report-abc").mkdir()
    (tmp_path / ran / "scratch").mkdir()
    (tmp_path / f".gone-{'0' * 32}-1").mkdir()
    (tmp_path / ("f" * 32)).mkdir()  # made, but never written
    second = Workspace(tmp_path, keep=DAY)
    try:
        assert second.status(draft).state == "draft"
        assert len(second.files(draft)) == 1
        assert second.status(ran).state == "failed"
        assert "the dashboard was stopped" in second.status(ran).error
        assert second.status(old) is None
        kept = {
            f"{key}{rest}"
            for key in (draft, ran)
            for rest in ("", "/job.json", "/uploads", "/uploads/1", "/uploads/1/e.csv")
        }
        assert set(tree(tmp_path)) == kept
    finally:
        second.close()


def test_a_server_that_is_killed_takes_its_jobs_along(tmp_path):
    code = (
        "import io, sys, time\nfrom datetime import timedelta\nfrom netact_dashboards.workspace import Workspace\n"
        "from netact.synthetic import sample_folder\n"
        f"w = Workspace({str(tmp_path)!r}, keep=timedelta(days=1)); k = w.create()\n"
        "w.receive(k, (sample_folder() / 'movement_interactions.csv').open('rb'), name='e.csv'); w.start(k)\n"
        "print(w._run[1].process.pid, flush=True); time.sleep(100)\n"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(server.stdout.readline())
    until(
        lambda: "netact.jobs" in Path(f"/proc/{child}/cmdline").read_text() and list(tmp_path.glob("*/progress.json"))
    )
    server.kill()
    server.wait()
    server.stdout.close()

    def over():
        try:
            return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    until(over, seconds=10)


def test_a_long_text_is_looked_at_from_its_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "HEAD_BYTES", 1000)
    for name, data in (("a.csv", EDGES.encode()), ("a.csv.gz", gzip.compress(EDGES.encode() * 99, 0))):
        (tmp_path / name).write_bytes(data)
        path, head = jobs._head(tmp_path / name, tmp_path / "..")
        assert path.name == name
        assert 980 < head <= 1000
        assert path.read_bytes() == EDGES.encode()[:head]
        assert path.read_bytes().endswith(b"\n")
        path.unlink()
    for name, data in (
        ("b.xml", b"<graphml>" + b"x\n" * 9000),
        ("b.json", b"[\n" + b'{"a": 1},\n' * 900),
        ("b.zip", b"PK\x03\x04" + b"\n" * 9000),
        ("b.txt", b"one line" * 900),
        ("b.gz", b"\x1f\x8b" + b"\n" * 9000),
    ):
        (tmp_path / name).write_bytes(data)
        assert jobs._head(tmp_path / name, tmp_path) == (tmp_path / name, None)
    wide = ("a,b\n" * 900).encode("utf-16")
    (tmp_path / "w.csv").write_bytes(wide)
    (tmp_path / "cut").mkdir()
    path, head = jobs._head(tmp_path / "w.csv", tmp_path / "cut")
    assert path.read_text("utf-16") == "a,b\n" * ((head - 2) // 8)
