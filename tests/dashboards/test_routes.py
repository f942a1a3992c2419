"""The addresses beside the pages: who may change what, what is downloaded, and that keys open only their own job."""

from __future__ import annotations

import csv
import io
import json
import logging
import shutil
import tomllib
import urllib.parse
from datetime import timedelta

import polars as pl
import pytest

from netact import analyze
from netact.jobs import QUICK
from netact.report import read
from netact_dashboards.app import create_app
from netact_dashboards.pages import PAGES
from netact_dashboards.routes import _csv
from netact_dashboards.shelf import Shelf
from netact_dashboards.view import View
from netact_dashboards.workspace import Workspace

EDGES = "retweeter,retweeted\n" + "".join(f"u{i},t{(i * i + j) % 7}\n" for i in range(120) for j in range(3))
HEADERS = {"X-Netact": "1", "Content-Type": "application/octet-stream", "X-Netact-Name": "e.csv"}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    (folder / "=e.csv").write_text(EDGES.replace("t0", "=cmd|' /C calc'!A0").replace("t1", "<img src=x>"))
    analyze(folder / "=e.csv", measures=QUICK, out=folder / "out", title="Public")
    return folder / "out"


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "ws", keep=timedelta(days=1), max_bytes=50_000)
    yield made
    made.close()


@pytest.fixture
def client(report, workspace, monkeypatch):
    shelf = Shelf.of([report], private=workspace.folder)
    made = create_app(shelf, workspace).server.test_client()
    ask = made.open
    monkeypatch.setattr(made, "open", lambda *given, **named: ask(*given, buffered=True, **named))  # and closed
    return made


@pytest.fixture
def public(report):
    return read(report).identity


def upload(client, data=b"a,b\nx,y\n", **headers):
    return client.post(
        "/api/uploads", data=data, headers={**HEADERS, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def finish(workspace, key, report):
    """Let a job be done, with a report made elsewhere."""
    shutil.copytree(report, workspace.folder / key / "report")
    (workspace.folder / key / "study.toml").write_text((report / "study.toml").read_text())
    workspace._jobs[key].state = "done"


# ---------------------------------------------------------------------- uploads


def test_an_upload_becomes_a_file_of_a_job(client, workspace):
    name = urllib.parse.quote("C:\\é <b>.csv")
    answer = upload(client, X_Netact_Name=name)
    assert answer.status_code == 201
    first = answer.json
    assert first == {"job": first["job"], "file": 1, "name": "é <b>.csv", "role": "interactions", "bytes": 8}
    second = upload(client, b"id\nx\n", X_Netact_Job=first["job"], X_Netact_Role="accounts").json
    assert (second["job"], second["file"]) == (first["job"], 2)
    status = client.get(f"/api/jobs/{first['job']}").json
    assert (status["state"], len(status["files"]), status["report"]) == ("draft", 2, None)
    assert upload(client).json["job"] != first["job"]


@pytest.mark.parametrize(
    ("headers", "data", "code", "told"),
    [
        ({"X_Netact": ""}, b"x", 403, "forbidden"),
        ({"X_Netact_Name": ""}, b"x", 400, "wrong"),
        ({"X_Netact_Name": "%20"}, b"x", 400, "wrong"),
        ({"X_Netact_Role": "owner"}, b"x", 400, "wrong"),
        ({}, b"x" * 50_001, 413, "too_large"),
        ({"Content_Type": "multipart/form-data; boundary=x"}, b"x", 415, "wrong"),
        ({"Content_Type": "text/plain"}, b"x", 415, "wrong"),
        ({"X_Netact_Job": "0" * 32}, b"x", 404, "gone"),
        ({"X_Netact_Job": "../../etc"}, b"x", 404, "gone"),
        ({"Origin": "http://evil.example"}, b"x", 403, "forbidden"),
    ],
)
def test_refused_uploads_leave_nothing(client, workspace, headers, data, code, told):
    answer = upload(client, data, **headers)
    assert (answer.status_code, answer.json["code"]) == (code, told)
    assert answer.json["error"]
    assert [path.name for path in workspace.folder.iterdir()] == [".lock"]


def test_the_length_must_be_told_and_kept(client, workspace):
    stream = {"wsgi.input": io.BytesIO(b"abc")}
    answer = client.post("/api/uploads", headers={**HEADERS, "Transfer-Encoding": "chunked"}, environ_overrides=stream)
    assert answer.status_code == 411
    answer = client.post("/api/uploads", headers=HEADERS, environ_overrides={"CONTENT_LENGTH": "0"})
    assert (answer.status_code, answer.json["code"]) == (400, "empty")
    answer = client.post("/api/uploads", headers=HEADERS, environ_overrides={**stream, "CONTENT_LENGTH": "10"})
    assert (answer.status_code, answer.json["code"]) == (400, "incomplete")
    assert [path.name for path in workspace.folder.iterdir()] == [".lock"]


def test_changes_need_the_header_and_deleting_deletes(client, workspace):
    key = upload(client).json["job"]
    for method, path in (("DELETE", ""), ("DELETE", "/files/1"), ("POST", "/cancel")):
        assert client.open(f"/api/jobs/{key}{path}", method=method).status_code == 403
    assert len(workspace.files(key)) == 1
    header = {"X-Netact": "1"}
    assert client.post(f"/api/jobs/{key}/cancel", headers=header).status_code == 204
    assert client.delete(f"/api/jobs/{key}/files/1", headers=header).status_code == 204
    assert client.delete(f"/api/jobs/{key}/files/1", headers=header).status_code == 404
    assert client.delete(f"/api/jobs/{key}", headers=header).status_code == 204
    assert client.delete(f"/api/jobs/{key}", headers=header).status_code == 404
    assert client.get(f"/api/jobs/{key}").status_code == 404


def test_nothing_of_an_upload_is_logged(client, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        key = upload(client, b"secretword,b\n", X_Netact_Name="secretname.csv").json["job"]
        upload(client, b"", X_Netact_Name="secretname.csv")
        client.get(f"/api/jobs/{key}")
        client.get(f"/files/{key}/report.html")
    told = caplog.text + "".join(capfd.readouterr())
    assert "secret" not in told
    assert key not in told


# ---------------------------------------------------------------------- downloads


def test_files_are_attachments_that_can_do_nothing(client, public):
    kinds = {"report.html": "text/html", "study.toml": "application/toml", "findings.json": "application/json", "accounts.csv": "text/csv", "accounts.parquet": "application/vnd.apache.parquet", "network.graphml": "application/xml", "network.gexf": "application/xml"}  # fmt: skip
    for name, kind in kinds.items():
        answer = client.get(f"/files/{public}/{name}")
        assert answer.status_code == 200, name
        assert answer.mimetype == kind
        assert answer.headers["Content-Disposition"] == f"attachment; filename=netact-{public}-{name}"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["manifest.json", "data/names.json", "..%2fsecret", "../report.html", "%2e%2e/x", "REPORT.HTML", "", "inputs"],
)
def test_only_what_is_listed_is_downloaded(client, public, path, report):
    (report.parent / "secret").write_text("secret")
    answer = client.get(f"/files/{public}/{path}")
    assert answer.status_code == 404 or "<html" in answer.text  # a page of the application
    assert "secret" not in answer.text
    assert client.get(f"/files/{'0' * 12}/report.html").status_code == 404
    assert client.get("/files/../report.html").status_code == 404


def test_a_shown_report_is_in_a_sandbox(client, public):
    answer = client.get(f"/files/{public}/report.html?show=1")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts allow-downloads;")
    assert "allow-same-origin" not in policy
    assert "Content-Disposition" not in answer.headers
    assert "<img src=x>" not in answer.text


def test_figures_are_downloaded_as_harmless_csv(client, public, report):
    shelf, seen = Shelf.of([report]), 0
    for page in PAGES:
        for panel in page.panels(View(shelf, public, shelf.report(public), page.stem, {})):
            answer = client.get(f"/files/{public}/panels/{page.stem}/{panel.name}.csv?lang=xx&mask=-1&account=x")
            assert answer.status_code == 200, (page.stem, panel.name)
            rows = list(csv.reader(io.StringIO(answer.text)))
            assert len(rows) == panel.table.height + 1
            assert [len(row) for row in rows] == [panel.table.width] * len(rows)
            assert not any(cell.lstrip().startswith(("=", "+", "@")) for row in rows for cell in row)
            name = f"netact-{public}-{page.stem}-{panel.name}.csv"
            assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
            seen += 1
    assert seen > 5
    assert client.get(f"/files/{public}/panels/overview/none.csv").status_code == 404
    assert client.get(f"/files/{public}/panels/none/x.csv").status_code == 404


def test_cells_and_headers_no_spreadsheet_runs():
    table = pl.DataFrame(
        {"=a": ["=1+1", "@x", "-2", None, "ok"], "n": [-1, 2, 3, 4, 5], "list": [["=x"], [], ["a", "b"], None, ["+1"]]}
    )
    rows = list(csv.reader(io.StringIO(_csv(table).decode())))
    assert rows[0] == ["'=a", "n", "list"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "'-2", "", "ok"]
    assert [row[1] for row in rows[1:]] == ["-1", "2", "3", "4", "5"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert not _csv(table).startswith(b"\xef\xbb\xbf")


# ---------------------------------------------------------------------- private reports


def test_a_key_opens_its_own_job_only(client, workspace, report):
    mine, theirs = upload(client).json["job"], upload(client).json["job"]
    finish(workspace, mine, report)
    assert client.get(f"/api/jobs/{mine}").json["report"] == f"/report/{mine}/overview"
    assert client.get(f"/files/{mine}/accounts.csv").status_code == 200
    assert client.get(f"/files/{theirs}/accounts.csv").status_code == 404
    assert client.get(f"/files/{mine}/../{theirs}/job.json").status_code == 404
    for path in ("job.json", "uploads", "uploads/1/e.csv", "progress.json"):
        assert client.get(f"/files/{mine}/{path}").status_code == 404
    study = client.get(f"/files/{mine}/study.toml").text
    assert mine not in study
    assert tomllib.loads(study)["title"] == "Public"
    assert mine not in client.get(f"/files/{mine}/report.html").text
    assert mine not in client.get("/").text + client.get("/_dash-layout").text
    client.delete(f"/api/jobs/{mine}", headers={"X-Netact": "1"})
    assert client.get(f"/files/{mine}/accounts.csv").status_code == 404


def test_groups_are_named_and_the_report_says_so(client, public, report):
    path = f"/api/reports/{public}/groups"
    header = {"X-Netact": "1"}
    numbers = [n for n in read(report).content.factions.sizes["faction"].to_list() if n >= 0]
    assert client.post(path, json={"faction": 0, "name": "x"}).status_code == 403
    for wrong in ({}, [], {"faction": True, "name": "x"}, {"faction": "0", "name": "x"}, {"faction": 0, "name": 5}, {"faction": 0, "name": "x" * 201}, {"faction": 99, "name": "x"}, {"faction": -1, "name": "x"}):  # fmt: skip
        assert client.post(path, json=wrong, headers=header).status_code == 400, wrong
    assert client.post("/api/reports/none/groups", json={"faction": 0, "name": "x"}, headers=header).status_code == 404
    if numbers:
        answer = client.post(path, json={"faction": numbers[0], "name": "Neighbours <b>\u202e"}, headers=header)
        assert answer.json == {"faction": numbers[0], "name": "Neighbours <b>"}
        assert "Neighbours &lt;b&gt;" in client.get(f"/files/{public}/report.html").text
        assert client.post(path, json={"faction": numbers[0], "name": ""}, headers=header).json["name"] == ""
        assert "Neighbours" not in client.get(f"/files/{public}/report.html").text
    assert json.loads((report / "data" / "group_names.json").read_text() if numbers else "{}") == {}


def test_without_a_workspace_nothing_is_taken(report):
    client = create_app(Shelf.of([report])).server.test_client()
    assert upload(client).status_code == 404
    assert client.get("/api/jobs/x").status_code == 404
