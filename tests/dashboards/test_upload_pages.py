"""Home, upload and job without a browser: what stands there in every state, and that strangers' texts stay texts."""

from __future__ import annotations

import io
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from dash import dcc
from dash.development.base_component import Component

from netact.jobs import Progress
from netact.language import LANGUAGES, speaking
from netact_dashboards.pages import home, job, upload
from netact_dashboards.shelf import Shelf
from netact_dashboards.workspace import JobStatus, Preview, UploadedFile, Workspace

CSV = "retweeter,original_author,created_at,lang\n" + "".join(
    f"{'' if i == 7 else f'user{i % 9}'},voice{i % 4},2024-03-{1 + i % 28:02d}T10:00:00Z,ar\n" for i in range(60)
)
HOSTILE = "\u202e<img src=x onerror=alert(1)>%{x}.csv"


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "jobs", keep=timedelta(days=7))
    yield made
    made.close()


def parts(tree):
    """Return every component and every text of a page."""
    if isinstance(tree, list | tuple):
        for item in tree:
            yield from parts(item)
    elif isinstance(tree, Component):
        yield tree
        yield from parts(getattr(tree, "children", None))
    elif tree is not None:
        yield tree


def text(tree) -> str:
    return " ".join(str(part) for part in parts(tree) if not isinstance(part, Component))


def named(tree, kind: str) -> list[Component]:
    return [part for part in parts(tree) if isinstance(part, Component) and type(part).__name__ == kind]


def add(workspace, key, content, name="ties.csv", role="interactions"):
    return workspace.receive(key, io.BytesIO(content.encode()), name=name, role=role)


def looked(workspace, key, number):
    for _ in range(300):
        found = workspace.inspection(key, number)
        if found.state in ("ready", "failed"):
            return found
        time.sleep(0.1)
    pytest.fail("the look at the file did not end")


def status_of(state, *, stage="", left=None, place=0, error="", receipt=None):
    expires = datetime(2026, 3, 4, tzinfo=UTC)
    return JobStatus(state, Progress("running", stage, 1, 7, 75.0, left), place, error, receipt, "Study", expires)


def test_home_says_how_to_upload_only_where_that_is_possible(workspace):
    with_uploads, without = home.layout(Shelf({}), workspace), home.layout(Shelf({}), None)
    assert "/upload" in [link.href for link in named(with_uploads, "A")]
    assert any(getattr(part, "id", "") == "mine" for part in parts(with_uploads))
    assert not named(without, "A")
    assert "netact analyze" in text(without)


def test_home_lists_open_reports_and_never_an_upload(workspace, hostile_folder):
    key = workspace.create()
    shelf = Shelf.of([hostile_folder], private=workspace.folder)
    shown = home.layout(shelf, workspace)
    assert [link.href for link in named(shown, "Link")] == [f"/report/{next(iter(shelf.public))}/overview"]
    assert key not in json.dumps([part.to_plotly_json() for part in shown], default=lambda item: item.to_plotly_json())


def test_upload_begins_with_files_alone(workspace):
    page = upload.layout(workspace, {})
    steps = {part.id: part.hidden for part in named(page, "Section") if getattr(part, "id", "").startswith("step-")}
    assert steps == {"step-read": True, "step-start": True}
    assert len(named(page, "H1")) == 1
    zone = next(part for part in parts(page) if getattr(part, "id", "") == "upload-drop")
    assert zone.to_plotly_json()["props"]["data-limit"] == str(workspace.max_bytes)
    assert workspace.status("made") is None  # looking at the page makes no job


def test_upload_without_workspace_and_with_a_draft_that_is_gone(workspace):
    assert "netact analyze" in text(upload.layout(None, {}))
    gone = upload.layout(workspace, {"job": "0" * 32})
    assert "That draft is gone" in text(gone)
    assert next(part for part in named(gone, "Store") if part.id == "upload-job").data is None


def test_draft_is_looked_into_and_shows_examples_mapping_and_rows(workspace):
    key = workspace.create()
    file = add(workspace, key, CSV)
    upload.layout(workspace, {"job": key})  # begins the look
    found = looked(workspace, key, file.number)
    shown = upload.reading(file, found)
    said = text(shown)
    assert "user0 retweeted @voice0" in said
    assert "59 of 60" in said
    assert "1 March 2024 to 28 March 2024" in said
    assert "line 9" in said  # the row without a source, told with its line
    chosen = {
        select.to_plotly_json()["props"]["data-option"]: [
            o.value for o in select.children if getattr(o, "selected", None)
        ]
        for select in named(shown, "Select")
    }
    assert chosen["source"] == ["retweeter"]
    assert chosen["target"] == ["original_author"]
    assert chosen["time"] == ["created_at"]
    assert chosen["weight"] == [""]
    # Every select has the label that names it.
    labels = {label.htmlFor for label in named(shown, "Label")}
    assert {select.id for select in named(shown, "Select")} <= labels
    heads = [text(cell) for cell in named(shown, "Th")]
    assert heads == [
        "Who gives attention retweeter",
        "Who receives it original_author",
        "Time created_at",
        "not used lang",
    ]


def test_the_other_way_round_turns_examples_labels_and_marks(workspace):
    key = workspace.create()
    file = add(workspace, key, CSV)
    workspace.preview(key, file.number, {"reverse": True})
    shown = upload.reading(file, looked(workspace, key, file.number))
    assert "voice0 retweeted @user0" in text(shown)
    assert next(text(cell) for cell in named(shown, "Th")) == "Who receives it retweeter"
    labels = {label.htmlFor: text(label) for label in named(shown, "Label")}
    assert labels["option-1-source"] == "Who receives it"
    turn = next(button for button in named(shown, "Button") if "turn" in button.className)
    assert turn.to_plotly_json()["props"]["data-turns"] == "no"


def test_what_changed_is_said(workspace):
    key = workspace.create()
    file = add(workspace, key, CSV)
    workspace.preview(key, file.number)
    found = looked(workspace, key, file.number)
    before = [[label, "1 of 60" if label == "Rows kept" else value] for label, value in upload.facts(found)]
    assert "Rows kept: 1 of 60 is now 59 of 60" in text(upload.reading(file, found, before=before))
    assert "Changed" not in text(upload.reading(file, found, before=upload.facts(found)))


def test_a_file_that_cannot_be_read_says_so_and_keeps_its_columns(workspace):
    key = workspace.create()
    file = add(workspace, key, CSV)
    workspace.preview(key, file.number, {"weight": "lang"})
    shown = upload.reading(file, looked(workspace, key, file.number))
    assert "holds no numbers" in text(shown)
    assert "--" not in text(shown)  # nobody types flags here
    selects = {select.id: select for select in named(shown, "Select")}
    assert "option-1-source" in selects
    ids = add(workspace, key, "\n".join(str(1700000000000000000 + i) for i in range(30)), name="ids.txt")
    workspace.preview(key, ids.number)
    shown = upload.reading(ids, looked(workspace, key, ids.number))
    assert "post ids only" in text(shown)
    assert not named(shown, "Select")


@pytest.mark.parametrize(
    ("role", "content", "columns"),
    [
        ("accounts", "account,followers\nvoice1,10\nvoice2,20\n", {"account": "account", "reach": "followers"}),
        (
            "admins",
            "person,account,role\nA,voice1,admin\nB,voice2,admin\n",
            {"person": "person", "account": "account", "role": "role"},
        ),
    ],
)
def test_tables_beside_have_their_own_columns(workspace, role, content, columns):
    key = workspace.create()
    file = add(workspace, key, content, name=f"{role}.csv", role=role)
    workspace.preview(key, file.number)
    shown = upload.reading(file, looked(workspace, key, file.number))
    chosen = {
        select.to_plotly_json()["props"]["data-option"]: next(
            o.value for o in select.children if getattr(o, "selected", None)
        )
        for select in named(shown, "Select")
    }
    assert chosen == columns


def test_a_role_is_changed_and_the_file_looked_at_anew(workspace):
    key = workspace.create()
    file = add(workspace, key, "person,account,role\nA,voice1,admin\nB,voice2,admin\n", name="x.csv")
    workspace.preview(key, file.number)
    looked(workspace, key, file.number)
    workspace.set_role(key, file.number, "admins")
    assert workspace.files(key)[0].role == "admins"
    assert workspace.inspection(key, file.number).state == "none"
    upload.layout(workspace, {"job": key})
    assert looked(workspace, key, file.number).state == "ready"
    other = add(workspace, key, CSV)
    with pytest.raises(Exception, match="another file is this table already"):
        workspace.set_role(key, other.number, "admins")


POSTS = {
    "format": "twitter-v1", "rows": {"read": 3, "kept": 2, "dropped": 1}, "accounts": 3, "kinds": {"retweet": 2},
    "records": [{"what": "posts", "number": 5}], "unresolved": {"rows": 1, "share": 1 / 3, "kinds": {"quote": 1}},
    "sources": [{"format": "twitter-v1"}, {"format": "twitter-v2"}], "mapping": {}, "fields": {"source": "user"},
    "examples": ["@a retweeted @b"], "evidence": [], "columns": [], "sample": [], "asked": {}, "options": {},
    "warnings": [], "assumptions": [], "dropped": [{"reason": "self-tie", "rows": 1, "first_lines": [7]}],
}  # fmt: skip


def test_an_export_of_posts_is_told_without_columns_to_choose():
    file = UploadedFile(1, "posts.zip", "interactions", 5, "")
    shown = upload.reading(file, Preview("ready", POSTS))
    said = text(shown)
    assert "Twitter API v1.1" in said
    assert "Twitter API v2" in said  # of the second file in the archive
    assert "posts: 5" in said
    assert "2 of 3" in said
    assert "1 row left out: self-tie (line 7)" in said
    assert not named(shown, "Select")  # neither columns nor kind nor direction are for the user to choose
    assert "It is the other way round" not in said
    facts = dict(map(tuple, upload.facts(Preview("ready", POSTS))))
    assert facts["Kept apart"] == "1 quote"
    assert facts["Ties kept"] == "2 of 3"


def test_whose_a_list_is_is_asked_where_the_file_does_not_say():
    file = UploadedFile(1, "following_accounts.csv", "interactions", 5, "")
    values = {"columns": ["Account address", "Languages"], "sample": [["a@b.example", "en"]], "asked": {}}
    shown = upload.reading(file, Preview("failed", values, "f.csv: does not say who follows; pass --ego name@server"))
    (field,) = named(shown, "TextInput")
    assert field.id == {"type": "ego", "file": 1}
    assert "--ego" not in text(shown)
    assert not named(shown, "Select")
    told = {**POSTS, "asked": {"ego": "me@b.example"}}
    (field,) = named(upload.reading(file, Preview("ready", told)), "TextInput")
    assert field.value == "me@b.example"
    assert not named(upload.reading(file, Preview("ready", POSTS)), "TextInput")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_stay_text_in_every_language(workspace, language):
    file = UploadedFile(1, HOSTILE, "interactions", 5, "")
    values = {
        "format": "delimited", "rows": {"read": 2, "kept": 1}, "accounts": 2, "kinds": {"retweet": 1},
        "mapping": {"source": HOSTILE, "target": "b"}, "examples": [HOSTILE], "warnings": [HOSTILE],
        "assumptions": [HOSTILE], "dropped": RECEIPT["dropped"],
        "evidence": [HOSTILE], "columns": [HOSTILE, "b"], "sample": [[HOSTILE, None]], "asked": {},
        "options": {"source": HOSTILE, "target": "b"}, "first_time": None, "last_time": None, "head": None,
    }  # fmt: skip
    with speaking(language):
        shown = [
            upload.reading(file, Preview("ready", values)),
            upload.reading(file, Preview("failed", values, HOSTILE)),
        ]
        assert "\u202e" not in text(shown)
        assert not [part for part in parts(shown) if isinstance(part, dcc.Markdown)]
        for name in ("draft", "waiting", "running", "failed", "cancelled", "done"):
            page = job.body(FakeWorkspace(HOSTILE), "k", status_of(name, error=HOSTILE, receipt={"sources": [RECEIPT]}))
            assert "\u202e" not in text(page)
            assert len(named(page, "H1")) == 1


RECEIPT = {
    "file": HOSTILE,
    "rows_read": 10,
    "rows_kept": 8,
    "dropped": [{"reason": HOSTILE, "rows": 2, "first_lines": [3, 4]}],
}


class FakeWorkspace:
    def __init__(self, name):
        self.name = name

    def files(self, _key):
        return (UploadedFile(1, self.name, "interactions", 5, ""),)

    def study(self, _key):
        return "title = 'x'"


def test_job_says_what_is_known_and_no_more():
    def times(left):
        return text(job._times(status_of("running", stage="factions", left=left)))

    assert "1:15 min" in times(None)
    assert "cannot say yet" in times(None)
    assert "about 2 minutes left" in times(130)
    assert "less than a minute left" in times(20)
    page = job.body(FakeWorkspace("a.csv"), "k", status_of("running", stage="hierarchy"))
    stages = named(page, "Ol")[0].children
    assert [item.className for item in stages] == ["done", "done", "done", "now", *["later"] * (len(stages) - 4)]
    assert [item for item in stages if item.to_plotly_json()["props"].get("aria-current") == "step"] == [stages[3]]
    status = status_of("running", stage="hierarchy")
    reused = replace(status, progress=replace(status.progress, reused=("leading_core",)))
    told = [text(item) for item in named(job.body(FakeWorkspace("a.csv"), "k", reused), "Ol")[0].children]
    assert ["taken from an earlier run" in item for item in told] == [False, True, *[False] * (len(told) - 2)]
    assert "2 analyses are before this one" in text(job.body(FakeWorkspace("a"), "k", status_of("waiting", place=2)))


def test_failure_shows_the_line_and_what_was_read():
    receipt = {
        "sources": [
            {**RECEIPT, "file": "a.csv", "dropped": [{"reason": "no source", "rows": 2, "first_lines": [3, 4]}]}
        ]
    }
    page = job.body(FakeWorkspace("a.csv"), "k", status_of("failed", error="a.csv: no usable rows", receipt=receipt))
    said = text(page)
    assert "a.csv: no usable rows" in said
    assert "10 rows read, 8 kept." in said
    assert "2 rows left out: no source (first in lines 3, 4)" in said
    assert "/upload?job=k" in [link.href for link in named(page, "A")]


def test_job_that_is_gone(workspace):
    page = job.layout(workspace, "0" * 32)
    assert "This upload is gone" in text(page)
    assert next(part for part in named(page, "Interval")).disabled


def test_time_is_a_range_that_grows_with_the_size():
    def minutes(size):
        return int(re.search(r"\d+", upload.expected(size, quick=False))[0])

    assert "less than a minute" in upload.expected(10_000, quick=True)
    assert minutes(600_000_000) > minutes(60_000_000)
    assert "hours" in upload.expected(20_000_000_000, quick=False)


def test_callbacks_refuse_what_is_no_draft(workspace):
    assert upload._key({"job": "abc", "stamp": 1}) == "abc"
    assert upload._key({"job": ["abc"]}) is None
    assert upload._key(SimpleNamespace()) is None
