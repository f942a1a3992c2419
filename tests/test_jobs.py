"""Jobs: a folder in, a report or one line of why not out; always told how far, never left waiting."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from netact import jobs
from netact.errors import ReportError
from netact.jobs import PROGRESS, QUICK, RECEIPT, REPORT, STUDY, Progress, read_progress, write_progress
from netact.language import Message, revived
from netact.measures import MEASURES
from netact.report import read
from netact.report.write import secret_of
from netact.study import Source, Study, load, parameters_of

EDGES = "retweeter,retweeted\n" + "".join(f"u{i},t{(i * i + j) % 7}\n" for i in range(120) for j in range(3))


def job(folder, text=EDGES, **options):
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "e.csv").write_text(text)
    study = Study.of([Source("uploads/e.csv", options=options)], measures=QUICK)
    (folder / STUDY).write_text(study.to_toml())
    return folder


def look(folder, name, data, role="interactions", **options):
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    (folder / "inspect-1.json").write_text(json.dumps({"path": name, "role": role, "options": options}))
    code = jobs.inspect(folder, 1)
    found = json.loads((folder / "inspection-1.json").read_text())
    assert found["state"] == ("failed" if code else "ready")
    return found["values"], found["error"]


# ---------------------------------------------------------------------- running


def test_a_job_runs_in_a_process_of_its_own_and_tells_how_far_it_is(tmp_path):
    folder = job(tmp_path / "job")
    assert read_progress(folder) == Progress()
    process, seen = jobs.start(folder, tied=True), []
    while process.poll() is None:
        progress = read_progress(folder)
        if not seen or seen[-1] != progress:
            seen.append(progress)
        time.sleep(0.005)
    process.stdin.close()
    assert process.returncode == 0
    last = read_progress(folder)
    assert (last.state, last.number, last.total, last.left, last.error, last.process) == (
        "done",
        4 + len(MEASURES),
        4 + len(MEASURES),
        0.0,
        "",
        None,
    )
    running = [progress for progress in seen if progress.state == "running"]
    assert [p.number for p in running] == sorted(p.number for p in running)
    assert all(p.process == process.pid for p in running)
    assert all(p.left > 0 for p in running if p.number > 0)
    assert json.loads((folder / RECEIPT).read_text())["rows"]["read"] == 360
    assert read(folder / REPORT).content.summary.interactions == 360
    # The same study run here gives the same report.
    jobs.execute(load(folder / STUDY), tmp_path / "here", secret=secret_of(folder / REPORT))
    assert (tmp_path / "here" / "accounts.csv").read_bytes() == (folder / REPORT / "accounts.csv").read_bytes()


def test_a_job_ends_with_the_one_that_started_it(tmp_path):
    process = jobs.start(job(tmp_path / "job"), tied=True)
    process.stdin.close()
    assert process.wait(timeout=30) == -9


def test_a_job_that_is_not_tied_goes_on_without_input(tmp_path):
    process = jobs.start(job(tmp_path / "job", "x\n1\n"))
    assert process.wait(timeout=60) == 2


def test_a_job_that_was_killed_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.delenv("NETACT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "of the user"))
    folder = job(tmp_path / "job")
    process = jobs.start(folder)
    while read_progress(folder).stage in ("", "read", "leading_core") and process.poll() is None:
        time.sleep(0.01)
    jobs.stop(process, now=True)
    process.wait(timeout=30)
    assert read_progress(folder).reused == ()
    assert not (folder / REPORT).exists()
    assert jobs.main(folder) == 0
    told = read_progress(folder)
    assert told.state == "done"
    assert told.reused[0] == "leading_core"
    assert jobs.main(folder) == 0
    assert read_progress(folder).reused == (*MEASURES, "robustness", "draw")
    # It is all in the folder of the job, and goes with it.
    assert list((folder / jobs.CACHE).glob("*.kept"))
    assert not (tmp_path / "of the user").exists()


def test_a_job_keeps_nothing_if_the_environment_says_so(tmp_path, monkeypatch):
    seen = {}
    monkeypatch.setattr(jobs, "execute", lambda *_given, **named: seen.update(named))
    jobs.main(job(tmp_path / "job"))
    assert seen["cache"] is None
    monkeypatch.delenv("NETACT_CACHE")
    jobs.main(tmp_path / "job")
    assert seen["cache"].folder == tmp_path / "job" / jobs.CACHE


def test_the_time_that_is_left_does_not_count_what_was_not_done_again(tmp_path):
    clock = jobs._Clock(tmp_path, ("read", "factions", "hierarchy", "write"), interactions=12_000)
    clock.began -= 10
    clock("hierarchy")
    slow = read_progress(tmp_path).left
    clock.reused.append("factions")
    clock("hierarchy")
    # Ten seconds for less work: the machine is slower than it looked.
    assert read_progress(tmp_path).left > slow
    assert read_progress(tmp_path).reused == ("factions",)


def test_temporary_files_lie_in_the_folder_of_the_job(tmp_path, monkeypatch):
    given = {}
    monkeypatch.setattr(subprocess, "Popen", lambda command, **keywords: given.update(keywords, command=command))
    jobs.start(tmp_path, inspect=3)
    assert {given["env"][name] for name in ("TMPDIR", "TEMP", "TMP")} == {str(tmp_path / "scratch")}
    assert given["command"][1:] == ["-m", "netact.jobs", str(tmp_path), "--inspect", "3"]
    assert given["start_new_session"]
    assert given["stdout"] == given["stderr"] == given["stdin"] == subprocess.DEVNULL


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (ReportError("{folder}/uploads/e.csv", "is odd", found="x"), 2, "uploads/e.csv: is odd; found x"),
        (MemoryError(), 2, "memory: not enough"),
        (OSError(28, "No space left on device", "/secret/path"), 2, "found No space left on device"),
        (RuntimeError("@a_handle"), 3, "found RuntimeError"),
    ],
)
def test_whatever_goes_wrong_is_told_in_one_line(tmp_path, monkeypatch, capsys, error, code, told):
    folder = job(tmp_path / "job")
    if isinstance(error, ReportError):
        error = ReportError(f"{folder}/uploads/e.csv", "is odd", found="x")

    def fail(*_given, progress, **_named):
        progress("hierarchy")
        raise error

    monkeypatch.setattr(jobs, "execute", fail)
    assert jobs.main(folder) == code
    progress = read_progress(folder)
    assert (progress.state, progress.stage, progress.number, progress.total) == (
        "failed",
        "hierarchy",
        3,
        4 + len(MEASURES),
    )
    assert told in progress.error
    for secret in ("@a_handle", "/secret/path", str(folder), "\n"):
        assert secret not in progress.error
    assert not (folder / REPORT).exists()


def test_a_study_that_is_none_fails(tmp_path):
    (tmp_path / STUDY).write_text("nonsense = 1")
    assert jobs.main(tmp_path) == 2
    assert read_progress(tmp_path).state == "failed"
    (tmp_path / "none").mkdir()
    assert jobs.main(tmp_path / "none") == 2
    assert "no such file" in read_progress(tmp_path / "none").error


def test_progress_is_always_whole(tmp_path):
    for number in range(50):
        write_progress(tmp_path, Progress("running", "read", number, 7, 1.0, None, "é", 1))
        assert read_progress(tmp_path).number == number
    assert [path.name for path in tmp_path.iterdir()] == [PROGRESS]
    with pytest.raises(ReportError, match="cannot be written"):
        write_progress(tmp_path / "none", Progress())


def test_quick_parameters_are_parameters():
    assert set(QUICK) == set(MEASURES)
    for name, values in QUICK.items():
        assert set(values) <= set(parameters_of(name))
        assert all(value < parameters_of(name)[key] for key, value in values.items())


def test_the_time_that_is_left_shrinks_with_the_work(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    stages = ("read", *MEASURES, "robustness", "draw", "write")
    for interactions, slower, quick in ((5_000, 1, True), (12_000, 4, False), (1_000_000, 2, False)):
        clock = jobs._Clock(tmp_path, stages, quick=quick, began=now[0])
        clock("read")
        assert read_progress(tmp_path).left is None  # nothing is known yet
        clock.interactions = interactions
        whole = sum(slower * jobs._expected(stage, interactions, quick=quick) for stage in stages)
        left, began = [], now[0]
        for stage in stages[1:]:
            now[0] += slower * jobs._expected(stages[stages.index(stage) - 1], interactions, quick=quick)
            clock(stage)
            left.append(read_progress(tmp_path).left)
            true = whole - (now[0] - began)
            assert 0.2 < left[-1] / true < 3
        assert abs(left[-1] / true - 1) < 0.6
    assert jobs._expected("a new stage", 10_000, quick=False) > 0


# ---------------------------------------------------------------------- looking at a file


def test_what_a_look_tells(tmp_path):
    values, error = look(tmp_path, "e.csv", "a;b;note\nx;y;=1\nz;y;\n", source="b", target="a")
    assert error == ""
    assert values["columns"] == ["a", "b", "note"]
    assert values["sample"] == [["x", "y", "=1"], ["z", "y", None]]
    assert values["asked"] == {"source": "b", "target": "a"}
    assert (values["options"]["source"], values["options"]["delimiter"]) == ("b", "semicolon")
    assert values["rows"] == {"read": 2, "kept": 2, "dropped": 0}
    assert values["head"] is None
    again, _ = look(tmp_path, "e.csv", "a;b;note\nx;y;=1\nz;y;\n", **values["options"])
    assert again["options"] == values["options"]


def test_an_export_of_posts_has_no_columns_to_choose(tmp_path):
    export = Path(__file__).parent / "importers" / "exports" / "twitter-v1" / "invented.jsonl"
    values, error = look(tmp_path, "posts.jsonl", export.read_text(encoding="utf-8"))
    assert error == ""
    assert values["format"] == "twitter-v1"
    assert values["columns"] == []
    assert values["options"] == {"format": "twitter-v1"}
    assert values["examples"][0]["values"] == {"a": "@plaza_voices", "b": "@assembly_now"}


def test_a_look_that_fails_still_shows_the_columns(tmp_path):
    values, error = look(tmp_path, "e.csv", "one,two,when\na,b,2024-01-01\n", source="four", header=True)
    assert error.startswith("e.csv: ")
    assert "four" in error
    assert values["columns"] == ["one", "two", "when"]
    assert values["sample"] == [["a", "b", "2024-01-01"]]
    values, error = look(tmp_path, "e.pdf", b"%PDF-1.7 " + b"x" * 100)
    assert "PDF" in error
    assert values["columns"] == []


def test_what_was_dropped_can_be_said_in_another_language(tmp_path):
    folder = job(tmp_path / "job", EDGES + ",t1\n")
    assert jobs.main(folder) == 0
    receipt = revived(json.loads((folder / RECEIPT).read_text()))
    (dropped,) = receipt["sources"][0]["dropped"]
    assert isinstance(dropped["reason"], Message)
    kept = read(folder / REPORT).content.receipt
    assert kept["sources"][0]["dropped"] == [dropped]


@pytest.mark.parametrize(
    ("role", "text", "options"),
    [
        ("accounts", "id,followers\na,1\n", {"account": "id", "reach": "followers"}),
        ("admins", "person,account,role\nAda,a,admin\n", {"person": "person", "account": "account", "role": "role"}),
        ("people", "person,is_bot\nAda,yes\n", {}),
    ],
)
def test_tables_of_other_roles(tmp_path, role, text, options):
    values, error = look(tmp_path, "t.csv", text, role)
    assert error == ""
    assert values["options"] == options
    assert values["rows"]["kept"] == 1
    Study.of([Source("e.csv"), Source("t.csv", role, options=values["options"])])  # a study takes them


def test_workbooks_and_parquet_are_read_whole(tmp_path):
    frame = pl.DataFrame({"source": ["a", "b"], "target": ["c", "c"]})
    frame.write_parquet(tmp_path / "made.parquet")
    values, error = look(tmp_path, "e.parquet", (tmp_path / "made.parquet").read_bytes())
    assert error == ""
    assert (values["format"], values["columns"], values["head"]) == ("parquet", ["source", "target"], None)


def test_a_long_text_is_looked_at_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "HEAD_BYTES", 700)
    values, error = look(tmp_path, "e.csv", EDGES)
    assert error == ""
    assert 680 < values["head"] <= 700
    assert values["rows"]["read"] == EDGES[: values["head"]].count("\n") - 1
    assert "encoding" not in values["options"]
    assert look(tmp_path, "e.csv", EDGES, encoding="utf-8")[0]["options"]["encoding"] == "utf-8"
    assert {path.name for path in tmp_path.iterdir()} == {"e.csv", "inspect-1.json", "inspection-1.json"}


def test_the_command_line_of_jobs(tmp_path):
    (tmp_path / "inspect-4.json").write_text(json.dumps({"path": "none.csv", "role": "interactions", "options": {}}))
    done = subprocess.run(
        [sys.executable, "-m", "netact.jobs", tmp_path, "--inspect", "4"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    found = json.loads((tmp_path / "inspection-4.json").read_text())
    assert found["state"] == "failed"
    assert str(tmp_path) not in found["error"]


def test_a_look_at_a_list_of_accounts_to_leave_out(tmp_path):
    values, error = look(tmp_path, "list.txt", "# machines\n@news_bot\n\ntwitter:812\n", "leave_out")
    assert (values["accounts"], values["columns"], error) == (2, [], "")
    assert "is no text with one account a line" in look(tmp_path, "list.txt", b"\xff\xfe\x00\xd8", "leave_out")[1]
