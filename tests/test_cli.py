"""The command: instant help, one line for every mistake, nothing half-written, the same path from every door."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import StudyError
from netact.measures import MEASURES
from netact.report import read
from netact.study import load

QUICK = ["--quick", "--draws", "19"]


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edges")
    rows = [(f"u{i}", f"t{(i * i + j) % 7}") for i in range(120) for j in range(3)]
    rows += [(f"t{a}", f"t{b}") for a in range(5) for b in range(5) if a != b]
    pl.DataFrame(rows, schema=["retweeter", "retweeted"], orient="row").write_csv(folder / "e.csv")
    pl.DataFrame({"person": ["Ada", "Bo", "Ada"], "account": ["t0", "t1", "t2"], "role": ["admin"] * 3}).write_csv(
        folder / "admins.csv"
    )
    return folder


def call(*arguments, **kwargs):
    return CliRunner().invoke(main, [str(item) for item in arguments], **kwargs)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["analyze", "--help"], ["study", "run", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom netact.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "heavy = [n for n in ('polars', 'igraph', 'plotly', 'numpy', 'scipy', 'numba', 'jinja2') if n in sys.modules]\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "netact" in done.stdout


# By who only reads reports, and by a small analysis too: the compiler and the statistics of scipy take longer to import than a
# small file to be read.
UNUSED = {
    "report": ("scipy.stats", "scipy.optimize", "scipy.ndimage"),
    "all": ("pandas", "networkx", "pyarrow", "IPython"),
}


def test_a_small_analysis_imports_no_more_than_it_uses(edges, tmp_path):
    code = (
        "import sys\nimport netact.report\n"
        f"heavy = [n for n in {UNUSED['report'] + UNUSED['all']!r} if n in sys.modules]\n"
        "from netact.cli import main\n"
        f"arguments = ['analyze', {str(edges / 'e.csv')!r}, '--no-chance', '-q', '-o', {str(tmp_path / 'out')!r}]\n"
        "try:\n    main(arguments)\nexcept SystemExit as end:\n    assert not end.code\n"
        f"heavy += [n for n in {UNUSED['all']!r} if n in sys.modules]\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").is_file()


def test_analyze_writes_a_report_and_says_what_was_found(edges, tmp_path):
    found = call("analyze", edges / "e.csv", "--admins", edges / "admins.csv", *QUICK, "-o", tmp_path / "out")
    assert found.exit_code == 0, found.output
    headlines = [f["headline"] for f in json.loads((tmp_path / "out" / "findings.json").read_text())["findings"]]
    assert len(headlines) == len(MEASURES)
    for headline in headlines:
        assert headline in found.stdout
    assert "report.html" in found.stdout
    assert "Finding where it splits" in found.stderr


def test_without_chance_nothing_is_compared(edges, tmp_path):
    out = tmp_path / "plain"
    found = call("analyze", edges / "e.csv", "--admins", edges / "admins.csv", "--no-chance", "-q", "-o", out)
    assert found.exit_code == 0, found.output
    study = load(out / "study.toml")
    assert {step.parameters["draws"] for step in study.measures} == {0}
    assert study.robustness["effort"] == "none"
    findings = {one["question"]: one for one in json.loads((out / "findings.json").read_text())["findings"]}
    assert {one["p_value"] for one in findings.values()} <= {None, findings["leading_core"]["p_value"]}
    assert findings["factions"]["confidence"] == findings["dynamics"]["confidence"] == "cannot say"
    estimates = pl.read_csv(out / "tables" / "estimates.csv")
    assert estimates["draws"].sum() == 0
    assert estimates["p_value"].null_count() == estimates.height
    for other in (["--quick"], ["--draws", "19"]):
        refused = call("analyze", edges / "e.csv", "--no-chance", *other, "-o", tmp_path / "no")
        assert refused.exit_code == 2
        assert "--no-chance" in refused.stderr


def test_an_audience_threshold_is_confirmed(edges, tmp_path, monkeypatch):
    names = [f"t{i}" for i in range(7)]
    table = tmp_path / "accounts.csv"
    pl.DataFrame({"account": names, "reach": [100, 200, 300, 4, 5, 6, 7]}).write_csv(table)
    asked = ("analyze", edges / "e.csv", *QUICK, "--robustness", "none", "--accounts", table, "--named-from", 200)
    refused = call(*asked, "-q", "-o", tmp_path / "a")
    assert refused.exit_code == 2
    assert "--named-from: 2 accounts have an audience of at least 200, and would be named; pass --yes" in refused.stderr
    assert not (tmp_path / "a").exists()
    assert not [name for name in names if name in refused.stderr]
    done = call(*asked, "--yes", "-q", "-o", tmp_path / "a")
    assert done.exit_code == 0, done.output
    assert read(tmp_path / "a").content.named == 2
    # A study file that states it was confirmed by whoever wrote it.
    assert call("study", "run", tmp_path / "a" / "study.toml", "-q", "-o", tmp_path / "b").exit_code == 0

    from netact.cli import running

    said = []
    monkeypatch.setattr(running.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(running.sys, "stderr", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(running.click, "confirm", lambda text, **_: said.append(text) or len(said) > 1)
    study = load(tmp_path / "a" / "study.toml")
    network = SimpleNamespace(accounts=pl.DataFrame({"reach": [100, 200, 300]}))
    shown = running._Shown(lambda *_: None, None, lambda _: None)
    with pytest.raises(StudyError, match="not confirmed, nothing was written"):
        running._confirm_names(study, network, shown)
    running._confirm_names(study, network, shown)
    assert said == ["2 accounts have an audience of at least 200. Name them in the report?"] * 2


def test_quiet_says_nothing_and_json_prints_findings(edges, tmp_path):
    found = call("analyze", edges / "e.csv", *QUICK, "-q", "-o", tmp_path / "a")
    assert (found.exit_code, found.stdout, found.stderr) == (0, "", "")
    key = tmp_path / "a" / "private" / "key"
    found = call("analyze", edges / "e.csv", *QUICK, "--json", "--key", key, "-o", tmp_path / "b")
    assert json.loads(found.stdout) == json.loads((tmp_path / "b" / "findings.json").read_text())
    first, second = ((tmp_path / name / "findings.json").read_bytes() for name in "ab")
    assert first == second


def test_study_run_is_the_same_path(edges, tmp_path):
    assert call("analyze", edges / "e.csv", *QUICK, "-q", "-o", tmp_path / "a").exit_code == 0
    key = tmp_path / "a" / "private" / "key"
    found = call("study", "run", tmp_path / "a" / "study.toml", "--key", key, "-q", "-o", tmp_path / "b")
    assert found.exit_code == 0, found.output
    first, second = (json.loads((tmp_path / name / "findings.json").read_text()) for name in "ab")
    # The receipts differ: the second was told what the first had to find out.
    assert first["findings"] == second["findings"]
    assert first["network"] == second["network"]
    assert (tmp_path / "a" / "accounts.csv").read_bytes() == (tmp_path / "b" / "accounts.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyze"], "no file given"),
        (["analyze", "none.csv"], "none.csv: no such file"),
        (["analyze", "e.csv", "--reach", "n"], "--reach: needs a table of accounts"),
        (["analyze", "e.csv", "--people", "p.csv"], "--people: needs an admin table"),
        (["analyze", "e.csv", "--format", "pdf"], "unknown format 'pdf'"),
        (["analyze", "e.csv", "--source", "nobody"], "nobody"),
        (["study", "run", "none.toml"], "none.toml: no such file"),
        (["inspect", "none.csv"], "none.csv"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(edges, tmp_path, monkeypatch, arguments, says):
    (tmp_path / "e.csv").write_bytes((edges / "e.csv").read_bytes())
    (tmp_path / "p.csv").write_text("person,is_bot\nAda,0\n")
    monkeypatch.chdir(tmp_path)
    found = call(*arguments, *(["-q", "-o", "out"] if arguments[0] != "inspect" else []))
    assert found.exit_code == 2, found.output
    assert says in found.stderr
    assert found.stderr.count("\n") == 1
    assert "Traceback" not in found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.csv", "p.csv"]


def test_foreign_folder_is_refused_before_the_work(edges, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("years of work")
    found = call("analyze", edges / "e.csv", "-o", tmp_path / "out")
    assert found.exit_code == 2
    assert "not a report of netact" in found.stderr
    assert "Reading" not in found.stderr
    assert (tmp_path / "out" / "thesis.docx").read_text() == "years of work"


COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
TEXTS = {"type": "array", "items": {"type": "string"}}
NAMED = {"type": "object", "additionalProperties": {"type": "string"}}
ROWS = {"type": "object", "required": ["read", "kept", "dropped"], **{k: v for k, v in COUNTS.items() if k != "type"}}
NUMBER, TEXT, OPTIONAL = {"type": "integer", "minimum": 0}, {"type": "string"}, {"type": ["string", "null"]}


def record(**fields):
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


# What scripts may rely on: netact.importers.Inspection.to_dict says what each name means.
INSPECTION = record(
    files=TEXTS,
    bundle=TEXT,
    format=TEXT,
    evidence={**TEXTS, "minItems": 1},
    encoding=OPTIONAL,
    dialect=NAMED,
    mapping=NAMED,
    fields=NAMED,
    direction=TEXT,
    examples={**TEXTS, "maxItems": 3},
    rows=ROWS,
    dropped={
        "type": "array",
        "items": record(reason=TEXT, rows=NUMBER, first_lines={"type": "array", "items": NUMBER, "maxItems": 5}),
    },
    records={"type": "array", "items": record(what=TEXT, number=NUMBER)},
    kinds=COUNTS,
    accounts=NUMBER,
    interactions=NUMBER,
    posts=NUMBER,
    aliases=NUMBER,
    period=record(first=OPTIONAL, last=OPTIONAL, zone=OPTIONAL),
    unresolved=record(rows=NUMBER, share={"type": "number", "minimum": 0, "maximum": 1}, kinds=COUNTS),
    quality=record(
        self_ties=NUMBER,
        duplicates=NUMBER,
        damaged_ids=NUMBER,
        inferred=NUMBER,
        implicit=NUMBER,
        derived=NUMBER,
        duplicates_across_files=NUMBER,
        resolved_across_files=NUMBER,
    ),
    problems=TEXTS,
    warnings=TEXTS,
    assumptions=TEXTS,
    sources={"type": "array", "items": record(file=TEXT, sha256=TEXT, format=TEXT, rows=ROWS, kinds=COUNTS)},
)


def test_inspect_says_in_words_what_an_export_of_posts_holds(tmp_path):
    user = '{"id_str": "%d", "screen_name": "%s"}'
    post = '{"id_str": "%d", "created_at": "Sat May 15 1%d:00:00 +0000 2021", "full_text": "x", "user": %s%s}'
    original = post % (5, 0, user % (92, "assembly_now"), "")
    lines = [
        post % (1, 1, user % (91, "plaza_voices"), f', "retweeted_status": {original}'),
        post % (2, 2, user % (91, "plaza_voices"), ""),
        post % (3, 3, user % (92, "assembly_now"), f', "retweeted_status": {original}'),
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    said = call("inspect", tmp_path / "posts.jsonl").stdout
    assert "  layout    one record a line\n" in said
    assert "  records   posts 3, posts that came along with others 2, posts without a tie 1\n" in said
    assert "  ties      2 read, 1 kept, 1 dropped\n" in said
    assert "  period    2021-05-15 11:00:00 UTC\n" in said
    assert "  quality   self-ties 1\n" in said
    assert "  note      1 row dropped: self-tie (first in line 3)\n" in said


def test_inspect_shows_and_prints_json_and_writes_a_table(edges, tmp_path):
    found = call("inspect", edges / "e.csv", "--table", tmp_path / "t.csv")
    assert found.exit_code == 0, found.output
    assert "rows" in found.stdout
    assert "retweeted" in found.stdout
    values = json.loads(call("inspect", edges / "e.csv", "--json").stdout)
    jsonschema.validate(values, INSPECTION)
    assert pl.read_csv(tmp_path / "t.csv").height == values["rows"]["kept"]


def test_simulate_writes_a_movement_that_can_be_analyzed(tmp_path):
    found = call(
        "simulate", "-o", tmp_path / "sim", "--accounts", 400, "--interactions", 2500, "--core", 5, "--seed", 3
    )
    assert found.exit_code == 0, found.output
    truth = json.loads((tmp_path / "sim" / "movement_truth.json").read_text())
    assert [len(core) for core in truth["cores"]] == [5]
    again = call("simulate", "-o", tmp_path / "sim")
    assert again.exit_code == 2
    assert "not an empty folder" in again.stderr
    found = call("inspect", tmp_path / "sim" / "movement_interactions.csv", "--json")
    assert json.loads(found.stdout)["rows"]["read"] == 2500


def test_formats_and_measures_are_listed():
    assert "graphml" in call("formats").stdout
    listed = call("measures").stdout
    for name in MEASURES:
        assert name in listed
    assert "draws=" in listed


@pytest.mark.slow
def test_demo_makes_the_whole_report(tmp_path):
    found = call("demo", "--quick", "-o", tmp_path / "demo")
    assert found.exit_code == 0, found.output
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"report.html", "private", "study.toml"} <= names
    assert "inputs" not in names  # they hold names
    study = (tmp_path / "demo" / "private" / "study.toml").read_text()
    assert 'path = "inputs/movement_interactions.csv"' in study
    assert "accounts are named in it; pseudonyms stand for the others." in found.output


# ---------------------------------------------------------------------- what is kept from earlier runs


@pytest.fixture
def small(edges, tmp_path):
    """Return a study of one quick measure."""
    study = f'title = "E"\nseed = 1\n[[sources]]\npath = "{(edges / "e.csv").as_posix()}"\n'
    study += '[[measures]]\nname = "hierarchy"\n[measures.parameters]\ndraws = 9\nreplicates = 0\n'
    (tmp_path / "study.toml").write_text(study + '[robustness]\neffort = "none"\n')
    return tmp_path / "study.toml"


def test_a_second_run_says_what_it_took_from_the_first(small, tmp_path):
    kept = tmp_path / "kept"
    first = call("study", "run", small, "-o", tmp_path / "a", "--cache", kept)
    assert first.exit_code == 0, first.output
    assert "earlier run" not in first.output
    second = call(
        "study", "run", small, "-o", tmp_path / "b", "--cache", kept, "--key", tmp_path / "a" / "private" / "key"
    )
    assert "Measuring how steep the order is: taken from an earlier run" in second.stderr
    assert "2 of 4 steps were taken from an earlier run (--no-cache does all anew)." in second.stderr
    assert "earlier run" not in second.stdout
    assert second.stdout.replace("/b/", "/a/") == first.stdout
    for name in ("findings.json", "report.html", "accounts.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    anew = call("study", "run", small, "-o", tmp_path / "c", "--cache", kept, "--no-cache")
    assert "earlier run" not in anew.output
    quiet = call("study", "run", small, "-o", tmp_path / "d", "--cache", kept, "-q")
    assert quiet.output == ""


def test_the_cache_is_where_the_environment_says(small, tmp_path, monkeypatch):
    monkeypatch.setenv("NETACT_CACHE", str(tmp_path / "kept"))
    assert call("study", "run", small, "-o", tmp_path / "a", "-q").exit_code == 0
    assert len(list((tmp_path / "kept").glob("*.kept"))) == 4  # the measure, and three things that are drawn
    said = call("cache")
    assert said.output.startswith(f"{tmp_path / 'kept'}: 4 results, ")
    said = call("cache", "--clear")
    assert "deleted: 4 results" in said.output
    assert call("cache").output.endswith(": 0 results, 0.0 MB\n")
    monkeypatch.setenv("NETACT_CACHE", "off")
    assert "nothing is kept" in call("cache").output
    assert call("study", "run", small, "-o", tmp_path / "a", "-q").exit_code == 0
    assert not list((tmp_path / "kept").glob("*.kept"))


def test_a_cache_that_cannot_be_written_is_said_and_does_no_harm(small, tmp_path):
    (tmp_path / "file").write_text("x")
    found = call("study", "run", small, "-o", tmp_path / "a", "--cache", tmp_path / "file" / "kept")
    assert found.exit_code == 0
    assert "netact: " in found.stderr
    assert "no results are kept" in found.stderr
    assert (tmp_path / "a" / "report.html").is_file()


def test_analyze_looks_only_at_what_was_asked_and_its_study_repeats_it(edges, tmp_path):
    (tmp_path / "list.txt").write_text("@t6\nnobody\n")
    found = call("analyze", edges / "e.csv", *QUICK, "--robustness", "none", "--leave-out", tmp_path / "list.txt",
                 "--min-interactions", 3, "-q", "-o", tmp_path / "a")  # fmt: skip
    assert found.exit_code == 0, found.output
    study = load(tmp_path / "a" / "study.toml")
    assert study.filters.min_interactions == 3
    assert [source.role for source in study.sources] == ["interactions", "leave_out"]
    values = json.loads((tmp_path / "a" / "findings.json").read_text())
    assert {item["filter"] for item in values["receipt"]["filtered"]} == {"leave_out", "min_interactions"}
    assert "1 account that the study leaves out is not in the data" in str(values["receipt"]["warnings"])
    assert call("study", "check", tmp_path / "a" / "study.toml", "-q").exit_code == 0
    key = tmp_path / "a" / "private" / "key"
    run = ("study", "run", tmp_path / "a" / "study.toml", "--key", key, "-q", "-o")
    assert call(*run, tmp_path / "b").exit_code == 0
    again = json.loads((tmp_path / "b" / "findings.json").read_text())
    assert again["findings"] == values["findings"]
    (tmp_path / "list.txt").write_text("@t5\n")
    changed = call(*run, tmp_path / "c")
    assert changed.exit_code == 2
    assert "list.txt: the file has changed since the study was made" in changed.stderr
