"""A report is run again and compared: identical, differing with the reason, or refused before anything is run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import ReportError, StudyError
from netact.jobs import execute
from netact.privacy import Privacy
from netact.report import name_group
from netact.report.provenance import MANIFEST
from netact.report.verify import reasons, told, verify
from netact.study import Source, Study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of the input and of a report on it."""
    place = tmp_path_factory.mktemp("made")
    rows = [(f"u{i % 40}", f"t{(i * i) % 7}", f"2024-03-{1 + i % 28:02d}T10:00:00Z") for i in range(400)]
    pl.DataFrame(rows, schema=["source", "target", "time"], orient="row").write_csv(place / "ties.csv")
    measures = {"hierarchy": {"draws": 9, "replicates": 9}, "factions": {"draws": 9, "runs": 5}}
    study = Study.of([Source(str(place / "ties.csv"))], measures=measures, robustness="none")
    execute(study, place / "report", copy_inputs=True)
    return place / "report"


@pytest.fixture
def report(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "report"))


def never(*_arguments, **_options):
    pytest.fail("nothing may be run")


def test_a_report_is_what_its_study_gives(report):
    before = {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}
    found = verify(report, execute=execute)
    assert found.identical
    assert not found.renamed
    assert found.tables > 5
    assert found.figures > 3
    assert told(found)[-1] == "Every table and figure is identical."
    assert {path: path.read_bytes() for path in report.rglob("*") if path.is_file()} == before


def test_without_its_key_it_is_compared_one_for_one(report, tmp_path):
    inputs = Path(shutil.copytree(report / "private" / "inputs", tmp_path / "elsewhere"))
    shutil.rmtree(report / "private")
    with pytest.raises(
        StudyError,
        match=r"interactions-1\.csv: no such file; found none of sha256 \w+…; name the folder it is in with --inputs",
    ):
        verify(report, execute=never)
    found = verify(report, execute=execute, inputs=inputs)
    assert found.renamed
    assert not found.differences
    assert found.identical


def test_other_pseudonyms_are_told_where_the_key_is_there(report):
    """The run with the key gives the very pseudonyms: an exchange of two is not taken for a renaming."""
    path = report / "accounts.parquet"
    table = pl.read_parquet(path)
    a, b = table["key"][0], table["key"][1]
    table.with_columns(pl.col("key").replace({a: b, b: a})).write_parquet(path)
    found = verify(report, execute=execute)
    assert [item.file for item in found.edited] == ["accounts.parquet"]
    assert [(item.file, item.where, item.row, item.count) for item in found.differences] == [
        ("accounts.parquet", "column key", 1, 2)
    ]
    assert "accounts.parquet: was changed after the report was written" in told(found)


def test_one_byte_of_an_input_is_refused_by_its_name(report):
    path = report / "private" / "inputs" / "ties.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"0" + content[-1:])
    with pytest.raises(StudyError, match=r"inputs/ties\.csv: is not the file the report was made from; found sha256"):
        verify(report, execute=never)
    done = CliRunner().invoke(main, ["study", "verify", str(report)])
    assert done.exit_code == 2
    assert "ties.csv" in done.stderr


def test_a_file_beside_the_study_is_found_from_where_netact_was_run(made, tmp_path, monkeypatch):
    """The report lies elsewhere, and its study names no folder that was not typed; nothing that was assumed differs."""
    place = tmp_path / "unnamed"
    for name in ("studies", "samples"):
        (place / name).mkdir(parents=True)
    rows = (made / "private" / "inputs" / "ties.csv").read_text().splitlines()[1:]
    (place / "samples" / "ties.csv").write_text("\n".join(rows) + "\n")
    (place / "studies" / "a.toml").write_text(
        'schema = 1\n[[sources]]\npath = "../samples/ties.csv"\n'
        '[[measures]]\nname = "hierarchy"\nparameters = { draws = 9, replicates = 9 }\n[robustness]\neffort = "none"\n'
    )
    monkeypatch.chdir(place)
    out = tmp_path / "out" / "report"
    assert (
        CliRunner().invoke(main, ["study", "run", "studies/a.toml", "-o", str(out), "-q", "--no-cache"]).exit_code == 0
    )
    assert 'path = "samples/ties.csv"' in (out / "private" / "study.toml").read_text()
    assert "Assumed" in (out / "report.html").read_text()
    done = CliRunner().invoke(main, ["study", "verify", str(out)])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "Every table and figure is identical.")


def test_the_list_of_public_accounts_is_an_input(made, tmp_path):
    (tmp_path / "public.txt").write_text("t1\n")
    (tmp_path / "ties.csv").write_bytes((made / "private" / "inputs" / "ties.csv").read_bytes())
    study = Study.of(
        [Source(str(tmp_path / "ties.csv"))],
        measures={"hierarchy": {"draws": 9, "replicates": 9}},
        robustness="none",
        privacy=Privacy(public=str(tmp_path / "public.txt")),
    )
    execute(study, tmp_path / "report")
    assert "t1" in pl.read_parquet(tmp_path / "report" / "accounts.parquet")["key"].to_list()
    assert verify(tmp_path / "report", execute=execute).identical
    (tmp_path / "public.txt").write_text("t2\n")
    with pytest.raises(StudyError, match=r"public\.txt: is not the file the report was made from"):
        verify(tmp_path / "report", execute=never)


def test_files_that_were_edited_are_told(report):
    page = report / "report.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</h1>", " indeed</h1>"), encoding="utf-8")
    (report / "findings.json").unlink()
    (report / "notes.txt").write_text("mine")
    done = CliRunner().invoke(main, ["study", "verify", str(report), "--json"])
    assert done.exit_code == 1
    values = json.loads(done.stdout)
    assert not values["identical"]
    assert [(item["file"], item["how"]) for item in values["edited"]] == [
        ("findings.json", "missing"), ("notes.txt", "added"), ("report.html", "changed"),
    ]  # fmt: skip
    assert {item["file"] for item in values["differences"]} == {"findings.json", "notes.txt", "report.html"}


def test_an_edited_study_is_refused(report):
    study = report / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("seed = 1", "seed = 2"), encoding="utf-8")
    with pytest.raises(ReportError, match=r"study\.toml: is not as it was when the report was written"):
        verify(report, execute=never)


def test_names_given_to_groups_are_no_change(report):
    name_group(report, 0, "The students")
    assert verify(report, execute=execute).identical


def test_what_differs_is_told_with_the_reason(report):
    """A report whose manifest and table say that another version made them."""
    path = report / "accounts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.", "1.", 1), encoding="utf-8")
    manifest = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["accounts.csv"] = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
    manifest["libraries"]["polars"] = "0.0.1"
    (report / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    found = verify(report, execute=execute)
    assert not found.edited
    assert [item.file for item in found.differences] == ["accounts.csv"]
    lines = told(found)
    assert "in the report" in lines[0]
    assert "in the new run" in lines[0]
    assert any(line.strip().startswith("polars 0.0.1 then, ") for line in lines)


def _sha256(path):
    from netact.importers import content_sha256

    return content_sha256(path)


def test_reasons_are_versions_and_platform():
    then = {
        "netact_version": "0.1.0", "python": "3.11.7", "libraries": {"numpy": "2.1", "old": "1"},
        "netact_revision": {"commit": "a" * 40, "changed": False}, "platform": {"machine": "x86_64", "libc": "glibc 2.36"},
    }  # fmt: skip
    assert reasons(then, then) == ()
    now = {
        "netact_version": "0.2.0", "python": "3.13.0", "libraries": {"numpy": "2.2"},
        "netact_revision": {"commit": "a" * 40, "changed": True}, "platform": {"machine": "arm64", "libc": ""},
    }  # fmt: skip
    assert reasons(then, now) == (
        "netact 0.1.0 then, 0.2.0 now",
        "Python 3.11.7 then, 3.13.0 now",
        "revision of netact aaaaaaaaaaaa then, aaaaaaaaaaaa with changes now",
        "numpy 2.1 then, 2.2 now",
        "old 1 then, none now",
        "libc: glibc 2.36 then, unknown now",
        "machine: x86_64 then, arm64 now",
    )


def test_folders_that_hold_no_report_are_refused(tmp_path, report):
    with pytest.raises(ReportError, match="holds no report of netact"):
        verify(tmp_path, execute=never)
    manifest = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    (report / MANIFEST).write_text(json.dumps({**manifest, "files": sorted(manifest["files"])}), encoding="utf-8")
    with pytest.raises(ReportError, match="keeps no hashes"):
        verify(report, execute=never)
