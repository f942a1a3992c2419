"""Zip archives: every file with its own receipt, and nothing that an archive can do harm by."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from netact import importers
from netact.cli import main
from netact.errors import ImportFileError
from netact.importers import (
    SourceOptions,
    archive,
    inspect_file,
    read_network,
    read_source,
    resolved_options,
    source_file,
)
from netact.study import Source, Study

RETWEETS = "source,target,kind,time,post_id\nana,ben,retweet,2024-01-01,1\ncem,ben,retweet,2024-01-02,2\n"
REPLIES = "user;replied to;date\nana;cem;2024-01-03\nana;ana;2024-01-04\n"
NODES = "Id,Label\nana,Ana\nben,Ben\n"


def packed(folder: Path, members: dict[str, str | bytes], name: str = "data.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as out:
        for inner, content in members.items():
            out.writestr(inner, content)
    return folder / name


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(ImportFileError) as caught:
        read_source(path, SourceOptions(**options))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_table_reads_as_the_table(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text(RETWEETS)
    expected = read_network(tmp_path / "edges.csv")
    for inner in ("edges.csv", "a/b/edges", "\u200bكتب.csv"):
        network = read_network(packed(tmp_path, {inner: RETWEETS}))
        assert network.fingerprint == expected.fingerprint
        (receipt,) = network.receipt.sources
        assert receipt.file.startswith("data.zip/")
        assert receipt.evidence[0] == "in a zip archive"
        assert receipt.rows_read == 2
        options = resolved_options(receipt)
        assert options.member == receipt.dialect["member"] == receipt.file.removeprefix("data.zip/")
        assert read_source(tmp_path / "data.zip", options).fingerprint == expected.fingerprint


def test_several_tables_are_joined_each_with_its_receipt(tmp_path: Path) -> None:
    path = packed(
        tmp_path,
        {
            "x/": "",
            "x/retweets.csv": RETWEETS,
            "x/more.csv.gz": gzip.compress(RETWEETS.encode()),
            "replies.csv": REPLIES,
            "__MACOSX/x/._retweets.csv": "junk",
            ".DS_Store": "junk",
            "empty.csv": "",
        },
    )
    network = read_network(path)
    receipts = network.receipt.sources
    assert [receipt.file for receipt in receipts] == [
        "data.zip/replies.csv",
        "data.zip/x/more.csv.gz",
        "data.zip/x/retweets.csv",
    ]
    assert [receipt.rows_read for receipt in receipts] == [2, 2, 2]
    assert receipts[0].self_ties == 1
    assert receipts[0].evidence[0] == "in a zip archive, 3 hidden or empty files of which are passed over"
    assert receipts[1].evidence[:2] == (receipts[0].evidence[0], "gzip compression")
    assert len({receipt.sha256 for receipt in receipts}) == 1
    assert network.receipt.duplicates_across_files == 2
    assert network.kinds == {"retweet": 2, "reply": 1}
    # What was decided for one file is not imposed on the others when the study is run again.
    options = resolved_options(receipts[0], SourceOptions(platform="x"))
    assert options == SourceOptions(platform="x")
    only = read_source(path, SourceOptions(member="retweets.csv"))
    assert [receipt.file for receipt in only.receipt.sources] == ["data.zip/x/retweets.csv"]
    twice = read_network([path, path])
    assert twice.receipt.duplicates_across_files == 2 + 2 + 2


def test_an_inspection_sums_up_the_files(tmp_path: Path) -> None:
    found = inspect_file(packed(tmp_path, {"a.csv": RETWEETS, "b.csv": REPLIES})).to_dict()
    assert found["rows"] == {"read": 4, "kept": 3, "dropped": 1}
    assert found["kinds"] == {"reply": 1, "retweet": 2}
    assert found["mapping"] == {}
    assert found["examples"] == ["@ana retweeted @ben", "@ana replied to @cem"]
    assert "1 row dropped: self-tie, in b.csv (first in line 3)" in found["problems"]
    assert any(problem.startswith("b.csv: the header says") for problem in found["problems"])
    same = inspect_file(packed(tmp_path, {"a.csv": RETWEETS, "b.csv": RETWEETS})).to_dict()
    assert same["mapping"]["source"] == "source"


def test_json_sheets_and_graphs_inside(tmp_path: Path) -> None:
    lines = '{"source": "a", "target": "b"}\n{"source": "c", "target": "b"}\n'
    assert (
        read_network(
            packed(tmp_path, {"a.jsonl": lines, "b.json": json.dumps([{"source": "d", "target": "b"}])})
        ).n_accounts
        == 4
    )
    graph = '<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>'
    assert read_network(packed(tmp_path, {"g.graphml": graph, "h.graphml": graph})).n_accounts == 2
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("source", "target"), ("a", "b")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read_network(packed(tmp_path, {"t.xlsx": out.getvalue()})).n_accounts == 2
    whole = packed(tmp_path, {"t.csv": RETWEETS}).read_bytes()
    (tmp_path / "data.zip.gz").write_bytes(gzip.compress(whole))
    assert read_network(tmp_path / "data.zip.gz").n_accounts == 3


def test_accounts_and_admins_in_archives(tmp_path: Path) -> None:
    ties = packed(tmp_path, {"t.csv": RETWEETS}, "ties.zip")
    accounts = packed(tmp_path, {"a.csv": "id,followers\nana,5\n"}, "accounts.zip")
    admins = packed(tmp_path, {"a.csv": "person,account,role\nP,ben,admin\n"}, "admins.zip")
    network = read_network(ties, accounts=accounts, admins=admins)
    assert network.accounts["reach"].to_list() == [5.0, None, None]
    assert network.admin_rights.height == 1
    both = packed(tmp_path, {"a.csv": "id\nana\n", "b.csv": "id\nben\n"}, "both.zip")
    with pytest.raises(
        ImportFileError, match=r"both\.zip: the archive holds several files; found \['a\.csv', 'b\.csv'\]"
    ):
        read_network(ties, accounts=both)


def test_other_files_beside_the_interactions_are_passed_over_and_named(tmp_path: Path) -> None:
    path = packed(
        tmp_path,
        {
            "edges.csv": RETWEETS,
            "nodes.csv": NODES,
            "about.md": "About\n\nthese data\n",
            "README": "ana,ben\n",
            "a.pdf": "%PDF-1",
        },
    )
    network = read_source(path)
    (receipt,) = network.receipt.sources
    assert receipt.file == "data.zip/edges.csv"
    (warning,) = network.receipt.warnings
    assert warning == (
        "4 files in data.zip hold no interactions and are passed over: README, a.pdf (this is a PDF, which netact does "
        "not read), about.md (this text is not a table; its lines split into words, not columns), nodes.csv (no columns for "
        "source and target)"
    )
    assert network.receipt.warnings[0] in inspect_file(path).to_dict()["problems"]
    assert read_source(path, SourceOptions(member="edges.csv")).receipt.warnings == ()
    path = packed(tmp_path, {"edges.csv": RETWEETS, "nodes.csv": NODES, "readme.md": "About\n\nthese data\n"})
    assert read_source(path, resolved_options(receipt)).fingerprint == network.fingerprint
    assert refusal(path, member="nodes.csv") == (
        "data.zip/nodes.csv: no columns for source and target; found ['Id', 'Label']; pass --source COLUMN --target COLUMN"
    )
    assert refusal(path, member="edge.csv") == (
        "data.zip: no file 'edge.csv' in the zip archive; found edges.csv, nodes.csv, readme.md; pass --member with one of these"
    )
    several = packed(tmp_path, {"a/t.csv": RETWEETS, "b/t.csv": RETWEETS})
    assert refusal(several, member="t.csv").startswith(
        "data.zip: several files are called 't.csv'; found a/t.csv, b/t.csv"
    )
    assert read_source(several, SourceOptions(member="b/t.csv")).n_accounts == 3
    cut = packed(tmp_path, {"a.csv": RETWEETS, "b.jsonl.gz": gzip.compress(b'{"source": "a"}' * 1000)[:30]})
    assert refusal(cut) == (
        "data.zip/b.jsonl.gz: the gzip compression is broken or cut short; copy or download it again"
    )
    graph = '<graphml><graph edgedefault="directed"><node id="a"/><edge source="a" target="b"/></graph></graphml>'
    assert refusal(packed(tmp_path, {"e.csv": RETWEETS, "g.graphml": graph})) == (
        "data.zip: holds files of several formats, perhaps the same data twice; found e.csv (delimited), g.graphml "
        "(graphml); pass --member NAME, or name each file"
    )


def test_nothing_to_read(tmp_path: Path) -> None:
    assert (
        refusal(packed(tmp_path, {}))
        == "data.zip: the zip archive holds no file to read; found nothing; pack the tables"
    )
    hidden = packed(tmp_path, {"__MACOSX/a.csv": "x", "b/.c": "x", "empty": "", "Thumbs.db": "x"})
    assert refusal(hidden) == (
        "data.zip: the zip archive holds no file to read; found __MACOSX/a.csv, b/.c, empty, Thumbs.db; pack the tables"
    )
    assert refusal(packed(tmp_path, {"a.pdf": "%PDF-1.7", "b.csv": NODES})) == (
        "data.zip: no file in it holds interactions; found a.pdf (this is a PDF, which netact does not read); b.csv (no "
        "columns for source and target); pass --member NAME"
    )
    (tmp_path / "t.csv").write_text(RETWEETS)
    assert refusal(tmp_path / "t.csv", member="a") == "t.csv: is not a zip archive; leave --member out"


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = packed(tmp_path, {"t.csv": RETWEETS}, "inner.zip").read_bytes()
    message = "which netact does not read; unpack it and name the files in it"
    assert refusal(packed(tmp_path, {"inner.zip": inner})) == (
        f"data.zip/inner.zip: this is a zip archive inside an archive, {message}"
    )
    assert "inner.zip: this is a zip archive inside" in refusal(
        packed(tmp_path, {"inner.zip": inner, "t.csv": RETWEETS})
    )
    assert "zip archive inside" in refusal(packed(tmp_path, {"inner.csv.gz": gzip.compress(inner)}))


@pytest.mark.parametrize(
    "name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv", "\\\\host\\evil.csv"]
)
def test_names_outside_the_archive_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    path = packed(tmp_path / "in", {"good.csv": RETWEETS, name: RETWEETS})
    before = set(tmp_path.rglob("*"))
    assert refusal(path) == (
        f"data.zip: the zip archive names a file outside itself, as no program should; found {name}; do not trust it; "
        "pack the files again"
    )
    assert set(tmp_path.rglob("*")) == before


def test_no_name_of_the_archive_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    path = packed(tmp_path, {"a\x1b[31m\nb.csv": RETWEETS, "x" * 150 + "/" + "y" * 250 + ".csv": RETWEETS})
    with archive.open_path(path) as package:
        assert isinstance(package, archive.Package)
        folder = next((tmp_path / "tmp").iterdir()).name
        seen = []
        for number, opened in enumerate(package.one_by_one(package.members), 1):
            seen.append(opened().member)
            names = {item.name for item in (tmp_path / "tmp").rglob("*")}
            assert names == {folder, f"member-{number}", "packed"}
        assert seen[0] == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b.csv"
    assert not list((tmp_path / "tmp").iterdir())
    network = read_network(path)
    assert read_source(path, SourceOptions(member=network.receipt.sources[1].dialect["member"])).n_accounts == 3


def test_links_are_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as out:
        out.writestr(link, "/etc/passwd")
        out.writestr("t.csv", RETWEETS)
    (receipt,) = read_network(tmp_path / "data.zip").receipt.sources
    assert receipt.evidence[0] == "in a zip archive, 1 hidden or empty file of which is passed over"


def test_a_password_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"t.csv": RETWEETS})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1  # the flag for encryption
    path.write_bytes(content)
    message = (
        "data.zip: the zip archive is protected by a password; unpack it with the password and name the files in it"
    )
    assert refusal(path) == message


def test_unknown_packing_and_broken_archives(tmp_path: Path) -> None:
    path = packed(tmp_path, {"t.csv": RETWEETS})
    content = path.read_bytes()
    other = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        other[content.index(mark) + offset : content.index(mark) + offset + 2] = struct.pack("<H", 9)
    path.write_bytes(other)
    assert (
        refusal(path) == "data.zip: the zip archive is packed in a way netact does not know; pack it again as plain zip"
    )
    changed = bytearray(content)
    changed[60] ^= 0xFF
    for broken in (content[: len(content) // 2], bytes(changed)):
        path.write_bytes(broken)
        assert refusal(path) == "data.zip: the zip archive is broken; copy or download it again"


def test_bombs_are_stopped_before_they_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_file, "RATIO_FROM", 1 << 20)
    zeros = bytes(5 << 20)
    ratio = "data.zip: unpacks to more than 200 times its size, as no table does; unpack it yourself if you trust it, and name the file inside"
    path = packed(tmp_path, {"t.csv": zeros})
    assert path.stat().st_size < 10_000
    assert refusal(path) == ratio
    # An archive that lies about sizes gets no more than it states.
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + offset
        content[start : start + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    assert refusal(path) == "data.zip: the zip archive is broken; copy or download it again"
    many = packed(tmp_path, {f"{i}.csv": bytes(400_000) for i in range(20)})
    assert refusal(many) == ratio
    nested = packed(tmp_path, {"t.csv.gz": gzip.compress(zeros)})
    assert refusal(nested).startswith("data.zip/t.csv.gz: unpacks to more than 200 times")
    for name, content in (("t.gz", gzip.compress(zeros)), ("t.zst", zstandard.compress(zeros))):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name).startswith(f"{name}: unpacks to more than 200 times its size")
    unpacked = []
    copy = source_file.Unpacking.copy

    def counting(self: source_file.Unpacking, stream: io.BytesIO, out: io.BytesIO) -> None:
        try:
            copy(self, stream, out)
        finally:
            unpacked.append(self.unpacked)

    monkeypatch.setattr(source_file.Unpacking, "copy", counting)
    (tmp_path / "big.gz").write_bytes(gzip.compress(bytes(30 << 20)))
    refusal(tmp_path / "big.gz")
    assert unpacked[0] <= 200 * (tmp_path / "big.gz").stat().st_size + (1 << 20)  # stopped at the first block above


def test_size_and_number_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_file, "MOST_UNPACKED", 1 << 30)
    path = packed(tmp_path, {"t.csv": RETWEETS})
    unpacking = source_file.Unpacking("t", 1 << 40)
    with pytest.raises(ImportFileError, match="t: unpacks to more than 1 GiB; split it into smaller files"):
        unpacking.expect((1 << 30) + 1)
    assert read_source(path).n_accounts == 3
    monkeypatch.setattr(importers, "MOST_MEMBERS", 2)
    assert refusal(packed(tmp_path, {str(i): RETWEETS for i in range(3)})) == (
        "data.zip: holds 3 files; at most 2 are read; keep only the tables"
    )


def test_ordinary_repetition_is_no_bomb(tmp_path: Path) -> None:
    text = "source,target,kind\n" + "".join(f"user{i % 50},leader{i % 3},retweet\n" for i in range(60_000))
    path = packed(tmp_path, {"t.csv": text})
    assert len(text) / path.stat().st_size > 50
    assert read_source(path).interactions.height == 60_000


def test_commands_and_studies_take_archives(tmp_path: Path) -> None:
    path = packed(tmp_path, {"edges.csv": RETWEETS, "nodes.csv": NODES})
    done = CliRunner().invoke(main, ["inspect", str(path), "--member", "edges.csv", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["rows"]["read"] == 2
    done = CliRunner().invoke(main, ["inspect", str(path)])
    assert done.exit_code == 0, done.output
    assert "1 file in data.zip holds no interactions and is passed over: nodes.csv (no columns for" in done.output
    study = Study.of([Source(str(path), options={"member": "edges.csv"})])
    assert 'member = "edges.csv"' in study.to_toml()


def test_damaged_archives_are_refused_whatever_is_damaged(tmp_path: Path) -> None:
    content = packed(tmp_path, {"a.csv": RETWEETS, "b.csv": REPLIES}).read_bytes()
    read = 0
    directory = content.index(b"PK\x01\x02")
    for place in (*range(4, 40, 4), *range(directory, len(content), 3)):
        (tmp_path / "data.zip").write_bytes(content[:place] + bytes([255 * (place % 2)]) + content[place + 1 :])
        try:
            read += read_source(tmp_path / "data.zip").n_accounts == 3
        except ImportFileError as error:
            assert "\n" not in str(error)  # noqa: PT017
    assert read
