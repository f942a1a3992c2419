"""Folders, archives of many files, standard input, progress, and what is left when a run is ended."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from netact.cli import main
from netact.errors import ImportFileError
from netact.importers import (
    IMPORTERS,
    SourceOptions,
    content_sha256,
    inspect_file,
    read_network,
    read_source,
    resolved_options,
    source_file,
)
from netact.importers.importer import Importer, Members
from netact.importers.posts import Account, PostTable, Tie

RETWEETS = "source,target,kind,time,post_id\nana,ben,retweet,2024-01-01,1\ncem,ben,retweet,2024-01-02,2\n"
REPLIES = "user;replied to;date\nana;cem;2024-01-03\n"


def tweet(number: int, author: str, **more: object) -> dict[str, object]:
    user = {"id_str": str(1000 + ord(author)), "screen_name": f"{author}_square"}
    return {
        "id_str": str(number),
        "created_at": "Mon Jan 01 10:00:00 +0000 2024",
        "full_text": "x",
        "user": user,
        **more,
    }


def refusal(*paths: object, **options: object) -> str:
    with pytest.raises(ImportFileError) as caught:
        read_network(list(paths), **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---------------------------------------------------------------------- folders


def test_a_folder_reads_as_the_archive_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "a.csv.gz").write_bytes(gzip.compress(RETWEETS.encode()))
    (folder / "b.csv").write_text(REPLIES)
    (folder / "c.csv.zst").write_bytes(zstandard.compress(RETWEETS.encode()))
    (folder / ".DS_Store").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("source,target\nx,y\n")
    (folder / "empty.csv").write_text("")
    (tmp_path / "outside.csv").write_text("source,target\nnobody,else\n")
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "loop").symlink_to(folder)
    network = read_network(folder)
    assert network.kinds == {"retweet": 2, "reply": 1}
    assert network.receipt.duplicates_across_files == 2
    first = network.receipt.sources[0]
    assert [receipt.file for receipt in network.receipt.sources] == [
        "export/b.csv", "export/c.csv.zst", "export/deep/er/a.csv.gz"
    ]  # fmt: skip
    assert first.evidence[0] == "in a folder, 5 hidden or empty files of which are passed over"
    assert first.sha256 == content_sha256(folder / "b.csv")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as out:
        for path in folder.rglob("*.*"):
            if path.is_file() and not path.is_symlink():
                out.write(path, path.relative_to(folder))
    assert read_network(tmp_path / "export.zip").fingerprint == network.fingerprint
    before = content_sha256(folder)
    (folder / ".DS_Store").write_text("other")
    assert content_sha256(folder) == before
    (folder / "b.csv").write_text(REPLIES + "ben;cem;2024-01-04\n")
    assert content_sha256(folder) != before


def test_one_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(RETWEETS)
    (tmp_path / "b.csv").write_text(REPLIES)
    only = read_source(tmp_path, SourceOptions(member="b.csv"))
    assert only.kinds == {"reply": 1}
    assert refusal(tmp_path, member="c.csv").endswith(
        "no file 'c.csv' in the folder; found a.csv, b.csv; pass --member with one of these"
    )
    assert "the folder holds several files" in refusal(tmp_path / "a.csv", accounts=tmp_path)


def test_a_folder_of_archives(tmp_path: Path) -> None:
    for name, content in (("a.zip", RETWEETS), ("b.zip", REPLIES.replace(";", ","))):
        with zipfile.ZipFile(tmp_path / name, "w") as out:
            out.writestr("inner.csv", content)
    network = read_network(tmp_path)
    assert network.kinds == {"retweet": 2, "reply": 1}
    assert [receipt.file for receipt in network.receipt.sources] == ["a.zip/inner.csv", "b.zip/inner.csv"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    os.mkfifo(tmp_path / "e" / "pipe")  # nobody writes into it
    (tmp_path / "e" / "a.csv").write_text(RETWEETS)
    assert read_network(tmp_path / "e").n_accounts == 3
    assert refusal("/dev/zero") == "/dev/zero: is a device, not a file; name a file"


# ---------------------------------------------------------------------- many files of one export


def test_posts_of_all_pages_resolve_each_other(tmp_path: Path) -> None:
    """A page without a tie of its own is not lost: it may hold what the others refer to."""
    pages = {
        "page-1.json": [tweet(1, "a", quoted_status_id_str="9"), tweet(2, "b")],
        "page-2.json": [tweet(3, "c", quoted_status_id_str="2")],
        "page-3.json": [tweet(9, "d"), tweet(10, "d")],
    }
    for name, page in pages.items():
        (tmp_path / name).write_text(json.dumps(page))
    (tmp_path / "README.md").write_text("Collected with care.\n")
    (tmp_path / "LICENSE").write_text("Do as you like.\n")
    network = read_network(tmp_path)
    assert network.kinds == {"quote": 2}
    assert not network.unresolved.height
    assert network.posts["collected"].sum() == 5
    said = f"2 files in {tmp_path.name} hold no interactions and are passed over: LICENSE, README.md"
    assert network.receipt.warnings == (said,)
    named = read_network([tmp_path / name for name in pages])
    assert named.fingerprint == network.fingerprint
    found = inspect_file([tmp_path / name for name in reversed(pages)]).to_dict()
    assert found["interactions"] == 2
    assert found["posts"] == 5
    assert found["quality"]["resolved_across_files"] == 2
    assert "holds no interaction between accounts" in refusal(tmp_path / "page-3.json")
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "x.json").write_text(json.dumps(pages["page-3.json"]))
    (alone / "y.json").write_text(json.dumps([tweet(11, "a")]))
    assert refusal(alone) == (
        "alone: no file in it holds interactions; found x.json (posts without a tie); y.json (posts without a tie); pass "
        "--member NAME"
    )
    assert "no file holds interactions" in refusal(alone / "x.json", alone / "y.json")


def test_hundreds_of_pages_share_a_receipt(tmp_path: Path) -> None:
    for number in range(60):
        posts = [tweet(10 * number, "a", in_reply_to_status_id_str="4", in_reply_to_user_id_str="7")]
        posts += [tweet(10 * number + 1, "a"), {"id_str": "0"}, tweet(5, "b", quoted_status_id_str="404")]
        (tmp_path / f"{number:03}.json").write_text(json.dumps(posts))
    network = read_network(tmp_path)
    (receipt,) = network.receipt.sources
    assert receipt.file == tmp_path.name
    assert receipt.kinds == {"reply": 60}
    assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)
    assert receipt.unresolved == {"quote": 60}
    assert {item.rows for item in receipt.dropped} == {60}
    assert max(item.number for item in receipt.records) == 180
    assert len(receipt.warnings) + len(receipt.assumptions) < 5
    assert network.unresolved.height == 1


def test_posts_of_several_exports_together_but_never_a_table_twice(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([tweet(1, "a", quoted_status_id_str="2"), tweet(2, "b")]))
    flat = {
        "id": "3", "author_id": "1099", "author": {"id": "1099", "username": "c_square"}, "text": "x",
        "referenced_tweets": [{"type": "quoted", "id": "2"}], "__twarc": {"version": "2"},
    }  # fmt: skip
    (tmp_path / "b.jsonl").write_text(json.dumps(flat) + "\n")
    network = read_network(tmp_path)
    assert {receipt.format for receipt in network.receipt.sources} == {"twitter-v1", "twitter-v2"}
    assert network.kinds == {"quote": 2}
    (tmp_path / "edges.csv").write_text(RETWEETS)
    assert "holds files of several formats, perhaps the same data twice; found a.json (twitter-v1)" in refusal(tmp_path)


# ---------------------------------------------------------------------- formats of several files

_TAKEN: list[list[str]] = []


def _read_made_up(files: object, options: SourceOptions) -> PostTable:
    """Take the made-up export."""
    taken = [file.member for file in files]  # type: ignore[attr-defined]
    _TAKEN.append(taken)
    ties = [Tie(1, "follow", Account(handle="plaza_voices"), Account(handle="harbour_watch"))]
    return PostTable(platform="twitter", items=lambda: iter(ties), noun="follows", fields={})


MADE_UP = Importer(
    "made-up",
    "an export that does not exist",
    (Members((r"(^|/)data/me\.js$", r"(^|/)data/posts")),),
    of_files=_read_made_up,
    wanted=(r"(^|/)data/(me|posts(-part\d+)?)\.js$",),
)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _TAKEN.clear()
    known = {**IMPORTERS, "made-up": MADE_UP}
    monkeypatch.setattr(sys.modules["netact.importers.detect"], "IMPORTERS", known)
    monkeypatch.setattr(sys.modules["netact.importers"], "IMPORTERS", known)


def test_only_what_is_wanted_is_unpacked(made_up: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = []
    copy = source_file.Unpacking.copy

    def counting(self: source_file.Unpacking, stream: io.BytesIO, out: io.BytesIO) -> None:
        copy(self, stream, out)
        unpacked.append(self.unpacked)

    monkeypatch.setattr(source_file.Unpacking, "copy", counting)
    monkeypatch.setattr(source_file, "MOST_UNPACKED", 10_000)
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as out:
        out.writestr("x-2024/DATA/me.js", "me")
        out.writestr("x-2024/data/posts.js", "first")
        out.writestr("x-2024/data/posts-part1.js", "second")
        out.writestr("x-2024/data/private-messages.js", "secret" * 1000)
        for number in range(12_000):  # more files than are read one by one
            out.writestr(f"x-2024/data/media/{number}.jpg", "\xff\xd8\xff" + "x" * 20)
    network = read_network(tmp_path / "archive.zip")
    assert sorted(_TAKEN[0]) == ["x-2024/DATA/me.js", "x-2024/data/posts-part1.js", "x-2024/data/posts.js"]
    assert unpacked == [2, 8, 13] or sum(unpacked[-1:]) == len("mefirstsecond")
    (receipt,) = network.receipt.sources
    assert receipt.format == "made-up"
    assert receipt.evidence[:3] == (
        "in a zip archive",
        "holds the files of an export that does not exist: x-2024/DATA/me.js, x-2024/data/posts-part1.js",
        "12,001 files in it are of no use here and stay unread",
    )
    again = read_source(tmp_path / "archive.zip", resolved_options(receipt))
    assert again.fingerprint == network.fingerprint
    assert read_source(tmp_path / "archive.zip", SourceOptions(format="made-up")).fingerprint == network.fingerprint


def test_several_exports_that_fit_are_shown(made_up: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Importer("other", "another one", (Members((r"posts\.js$",)),), of_files=_read_made_up)
    detect = sys.modules["netact.importers.detect"]
    monkeypatch.setattr(detect, "IMPORTERS", {**detect.IMPORTERS, "other": other})
    (tmp_path / "data").mkdir()
    for name in ("me.js", "posts.js", "posts-2.js"):
        (tmp_path / "data" / name).write_text("x")
    assert "the marks of several formats fit" in refusal(tmp_path)
    assert refusal(tmp_path).endswith("pass --format made-up or other")


def test_netzschleuder_says_direction_or_it_is_assumed(tmp_path: Path) -> None:
    def read(properties: str, **options: object) -> tuple[bool, tuple[str, ...], list[str]]:
        with zipfile.ZipFile(tmp_path / "square.csv.zip", "w") as out:
            out.writestr("edges.csv", "# source, target\n0,1\n1,2\n2,0\n")
            out.writestr("nodes.csv", '# index, name, handle, _pos\n0,n,ana,"array([1, 2])"\n1,n,ben,\n2,n,cem,""\n')
            out.writestr("gprops.csv", f"# prop_name, value\nname,square\n{properties}")
        network = read_network(tmp_path / "square.csv.zip", **options)  # type: ignore[arg-type]
        return network.directed, network.receipt.sources[0].assumptions, network.names

    directed, said, names = read("is_directed,False\ndescription,a directed graph\n")
    assert (directed, names) == (False, ["ana", "ben", "cem"])
    assert "node ids are mere numbers, so accounts are called by the node attribute 'handle'" in said
    assert read("is_directed,True\n")[0]
    directed, said, _ = read('description,"Friends, an undirected network"\n')
    assert not directed
    assert "the description says that edges have no direction" in said
    directed, said, _ = read("description,directed and undirected\n")
    assert directed
    assert "the file does not state a direction: read as directed" in said
    assert not read("", directed=False)[0]


# ---------------------------------------------------------------------- standard input and pipes


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
def test_standard_input(tmp_path: Path, pack: object) -> None:
    (tmp_path / "e.csv").write_text(RETWEETS)
    found = CliRunner().invoke(main, ["inspect", "-", "--json"], input=pack(RETWEETS.encode()))  # type: ignore[operator]
    assert found.exit_code == 0, found.output
    values = json.loads(found.stdout)
    assert values["files"] == ["standard input"]
    assert values["sources"][0]["sha256"]
    assert values["kinds"] == {"retweet": 2}


def test_an_archive_through_standard_input_and_nothing_through_it() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as out:
        out.writestr("a.csv", RETWEETS)
        out.writestr("b.csv", RETWEETS)
    found = CliRunner().invoke(main, ["inspect", "-", "--json"], input=whole.getvalue())
    assert json.loads(found.stdout)["files"] == ["standard input/a.csv", "standard input/b.csv"]
    found = CliRunner().invoke(main, ["inspect", "-"], input=b"")
    assert (found.exit_code, found.stderr) == (2, "netact: standard input: the file is empty; export it again\n")


def test_a_pipe_is_read_as_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen([sys.executable, "-c", f"open({str(tmp_path / 'pipe')!r}, 'w').write({RETWEETS!r})"]):
        assert read_network(tmp_path / "pipe").n_accounts == 3


# ---------------------------------------------------------------------- progress


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_progress_is_told_in_bytes_and_never_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    monkeypatch.setattr(source_file, "_TELL_EVERY", 0)
    line = json.dumps(
        tweet(1, "a", in_reply_to_user_id_str="7", in_reply_to_screen_name="g_square", full_text="x" * 3000)
    )
    content = (line + "\n").encode() * 2000
    path = tmp_path / "posts.jsonl"
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    told: list[tuple[str, int, int]] = []
    read_network(path, progress=lambda *now: told.append(now))
    assert {(name, total) for name, _, total in told} == {("posts.jsonl", path.stat().st_size)}
    done = [number for _, number, _ in told]
    assert done == sorted(done)
    assert done[-1] == path.stat().st_size
    assert len(set(done)) > 8


def test_progress_of_an_archive_is_of_all_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_file, "_TELL_EVERY", 0)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for number in range(5):
            out.writestr(f"{number}.csv", RETWEETS)
    told: list[tuple[str, int, int]] = []
    for path in (tmp_path / "a.zip", tmp_path):
        told.clear()
        read_network(path, progress=lambda *now: told.append(now))
        assert {name for name, _, _ in told} == {path.name}
        assert told[-1][1] == told[-1][2] > 0


# ---------------------------------------------------------------------- runs that are ended


def running(arguments: list[str], scratch: Path) -> subprocess.Popen[bytes]:
    scratch.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(scratch)}
    command = [sys.executable, "-m", "netact", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(600):
        if any(scratch.glob("netact-*/*")) or process.poll() is not None:
            break
        time.sleep(0.05)
    return process


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes long to unpack and to read."""
    path = tmp_path_factory.mktemp("large") / "posts.jsonl.gz"
    lines = b"".join(
        json.dumps(tweet(n, "a", in_reply_to_user_id_str="7", full_text=os.urandom(40).hex())).encode() + b"\n"
        for n in range(20_000)
    )
    block = gzip.compress(lines, 1)
    with path.open("wb") as out:
        for _ in range(60):
            out.write(block)
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("command", ["analyze", "convert"])
def test_an_interrupted_import_leaves_nothing(
    large: Path, tmp_path: Path, number: signal.Signals, command: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    process = running([command, str(large), "-q", "-o", str(work / "out")], tmp_path / "scratch")
    assert process.poll() is None, process.communicate()
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"Traceback" not in errors
    assert list(work.iterdir()) == []
    assert [path.name for path in (tmp_path / "scratch").glob("netact-*")] == []


def test_what_a_killed_run_leaves_goes_with_the_next(large: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    process = running(["inspect", str(large)], scratch)
    process.kill()
    process.communicate()
    (left,) = scratch.glob(f"netact-{process.pid}-*")
    others = [scratch / "netact-notes", scratch / f"netact-{os.getpid()}-alive1"]
    for other in others:
        other.mkdir()
    (tmp_path / "e.csv").write_text(RETWEETS)
    environment = {**os.environ, "TMPDIR": str(scratch)}
    done = subprocess.run(
        [sys.executable, "-m", "netact", "inspect", str(tmp_path / "e.csv")],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert b"3" in done.stdout
    assert not left.exists()
    assert all(other.exists() for other in others)
