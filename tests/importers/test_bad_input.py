"""Every bad input gets one line that says where, what and what to do."""

from __future__ import annotations

import gzip
import io
import random
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network

OR_EXPORT = ", or export the posts with the accounts that they retweet, answer or mention"


def _zip(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return out.getvalue()


CASES: dict[str, tuple[bytes, dict[str, object], str]] = {
    "empty": (b"", {}, "bad: the file is empty; export it again"),
    "blank": (b"\n \n", {}, "bad: the file holds only blank lines; export it again"),
    "header only": (b"source,target\n", {}, "bad: holds a header but no rows; export it again"),
    "one column": (
        b"handle\nana\nben\n",
        {},
        "bad: only one column; a tie needs a source and a target; found ['handle']; pass --delimiter if the columns are separated by something unusual",
    ),
    "post ids": (
        b"1234567890123456789\n1234567890123456790\n",
        {},
        "bad: this file holds post ids only; authors and targets are not in it and cannot be rebuilt offline; ask the provider for hydrated data",
    ),
    "no ends": (
        b"text,likes\nhello,3\nworld,4\n",
        {},
        "bad: no columns for source and target; found ['text', 'likes']; pass --source COLUMN --target COLUMN" + OR_EXPORT,
    ),
    "no target": (
        b"source,text\nana,hello\n",
        {},
        "bad: no column for the target; found ['source', 'text']; pass --target COLUMN" + OR_EXPORT,
    ),
    "two sources": (
        b"source,from,target\na,b,c\n",
        {},
        "bad: several columns could be the source; found ['source', 'from']; pass --source COLUMN",
    ),
    "two targets": (
        b"user,retweeted,mentioned\na,b,c\n",
        {},
        "bad: several columns could be the target; found ['retweeted', 'mentioned']; pass --target COLUMN",
    ),
    "prose": (
        b"Dear friend\n\nhere is the list we spoke of the other day\nwith kind regards\nA\n",
        {},
        "bad: this text is not a table; its lines split into words, not columns; pass --delimiter if it is one",
    ),
    "adjacency list": (
        b"d,b,e\na,b\na,b,c,f\n",
        {},
        ("bad: most rows do not fit a table of 4 columns (2 of 3); found 2 with too few columns, first in line 1; "
        "check --delimiter and --header"),
    ),
    "posts without a target that is known": (
        b"id,author_id,author.username,referenced_tweets.retweeted.id,text\n1,2,ana,3,hello\n",
        {},
        ("bad: holds no interaction between accounts; found posts: 1, 1 refers to a post whose author is not in the file: "
        "kept apart, never merged into one account; name the files that hold the posts these refer to as well"),
    ),
    "missing column": (
        b"source,target\na,b\n",
        {"weight": "strength"},
        "bad: no column 'strength'; found ['source', 'target']; pass --weight with one of these",
    ),
    "same column": (
        b"source,target\na,b\n",
        {"source": "target", "target": "target"},
        "bad: one column is named for two roles; found {'source': 'target', 'target': 'target'}; name each column once",
    ),
    "self ties only": (
        b"source,target\na,a\nb,b\n",
        {},
        "bad: no usable rows; found 2 self-tie; check --source, --target and --weight",
    ),
    "other kinds only": (
        b"source,target,type\na,b,reply\n",
        {"kind": "retweet"},
        ("bad: no usable rows; found 1 other kind (reply); check --kind, --source and --target, or export retweets, replies, "
         "mentions, quotes or follows"),
    ),
    "weight is text": (
        b"source,target,weight\na,b,heavy\n",
        {},
        "bad: column 'weight' holds no numbers and cannot be the weight; pass --weight COLUMN",
    ),
    "removed authors": (
        b"author,retweeted\nREDACTED,b\nREDACTED,c\n",
        {},
        "bad: authors were removed on export; no network can be built; found only 'REDACTED'; ask for an export with authors",
    ),
    "scientific ids": (
        b"source,target\n1.2E+17,1.3E+17\n1.4E+17,1.5E+17\n",
        {},
        ("bad: the account ids were turned into numbers by a spreadsheet or a program; found 4 ids in scientific notation and 0 ending in .0 "
        "among 4; export the ids again as text"),
    ),
    "ragged": (
        b"source,target\na,b\n" + b"x\n" * 4,
        {"delimiter": ","},
        "bad: most rows do not fit a table of 2 columns (4 of 5); found 4 with too few columns, first in line 3; check --delimiter and --header",
    ),
    "legacy encoding": (
        "source,target\nmüller,böll\n".encode("cp1252"),
        {},
        ("bad: the text is not UTF-8; found 2 bytes that are not; save it as UTF-8, or pass --encoding cp1252 or --encoding cp1251 or --encoding "
        "cp1256 (western, Cyrillic, Arabic)"),
    ),
    "unknown encoding": (
        b"source,target\na,b\n",
        {"encoding": "klingon"},
        "bad: no encoding is called 'klingon'; pass --encoding with utf-8, utf-16, cp1252, cp1251, cp1256",
    ),
    "wrong encoding": (b"source,target\na\xff,b\n", {"encoding": "ascii"}, "bad: the text is not ascii; pass another --encoding, or save it as UTF-8"),
    "bad delimiter": (
        b"source,target\na,b\n",
        {"delimiter": "\n"},
        "bad: '\\n' cannot separate columns; use one to four characters or one of comma, semicolon, tab, pipe, whitespace",
    ),
    "binary": (bytes(range(256)) * 40, {}, "bad: this is not a text or table netact knows; see netact formats for what can be read"),
    "gzip cut": (
        gzip.compress(b"source,target\n" + b"a,b\n" * 500)[:40],
        {},
        "bad: the gzip compression is broken or cut short; copy or download it again",
    ),
    "gzip of nothing": (gzip.compress(b""), {}, "bad: the compressed file holds nothing; export it again"),
    "zip": (
        _zip(edges_DOT_csv="a,b"),
        {"member": "nodes.csv"},
        "bad: no file 'nodes.csv' in the zip archive; found edges.csv; pass --member with one of these",
    ),
    "broken zip": (b"PK\x03\x04 nothing more", {}, "bad: the zip archive is broken; copy or download it again"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "bad: this is an old Excel workbook (.xls), or one protected by a password, which netact does not read; save the sheet as .xlsx or as CSV UTF-8"),
    "broken xlsx": (
        _zip(xl__workbook_DOT_xml="<broken"),
        {},
        "bad: the workbook is broken or protected by a password; save it again without a password",
    ),
    "broken parquet": (b"PAR1 and no more", {}, "bad: the Parquet file is broken or cut short; write it again"),
    "json": (
        b'[{"id": 1, "user": {"screen_name": "a"}}]',
        {},
        "bad: no columns for source and target; found ['id', 'user.screen_name']; pass --source COLUMN --target COLUMN",
    ),
    "ndjson": (
        b'{"id": 1}\n{"id": 2}\n',
        {},
        'bad: the records have too few fields; a tie needs a source and a target; found [\'id\']; write records such as {"source": "a", "target": "b"}',
    ),
    "html": (
        b"<!DOCTYPE html><html></html>",
        {},
        "bad: this is an HTML page, which netact does not read; export the data as JSON or CSV; a page for reading does not hold the ties",
    ),
    "pdf": (b"%PDF-1.7", {}, "bad: this is a PDF, which netact does not read; export the data as JSON or CSV; a page for reading does not hold the ties"),
    "broken graphml": (
        b'<graphml><graph edgedefault="directed"><node id="a"></graph></graphml>',
        {},
        "bad: the XML is broken in line 1, column 55; found mismatched tag; export the graph again",
    ),
    "cut gexf": (b"<gexf><graph><nodes>", {}, "bad: the XML is broken in line 1, column 21; found no element found; export the graph again"),
    "entities": (
        b'<!DOCTYPE x [<!ENTITY a "b">]><graphml><graph edgedefault="directed"/></graphml>',
        {},
        "bad: the XML defines entities, which netact does not expand; export the graph again",
    ),
    "no edges": (
        b'<graphml><graph edgedefault="directed"><node id="a"/></graph></graphml>',
        {},
        "bad: the graph has no edges (1 nodes); export it with its edges",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    content, options, message = CASES[name]
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(ImportFileError) as caught:
        read_network(tmp_path / "bad", **options)  # type: ignore[arg-type]
    assert str(caught.value) == message
    assert "\n" not in str(caught.value)


def test_missing_file_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"nowhere\.csv: no such file; check the path"):
        read_network(tmp_path / "nowhere.csv")
    with pytest.raises(ImportFileError, match="the folder holds no file to read; found nothing; name the files"):
        read_network(tmp_path)
    with pytest.raises(ImportFileError, match="input: no file given"):
        read_network([])
    with pytest.raises(ImportFileError, match="needs an admin table"):
        read_network([], people=tmp_path / "p.csv")


def test_options_are_checked() -> None:
    with pytest.raises(ImportFileError, match="--kind: unknown kind 'like'; use one of follow, retweet"):
        SourceOptions(kind="like")
    with pytest.raises(ImportFileError, match="unknown option 'sauce'"):
        SourceOptions.from_dict({"sauce": "a"})
    with pytest.raises(ImportFileError, match=r"source\.reverse: must be true or false; found 'yes'"):
        SourceOptions.from_dict({"reverse": "yes"})
    with pytest.raises(ImportFileError, match="--format: unknown format 'tar'; use one of delimited"):
        read_network(__file__, format="tar")


def test_no_temporary_files_stay_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("source,target\na,b\n".encode("utf-16")))
    read_network(path)
    (tmp_path / "bad.csv").write_bytes(b"text\n1\n")
    with pytest.raises(ImportFileError):
        read_network(tmp_path / "bad.csv")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_damaged_bytes_among_the_column_names(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b"source,tar\xffget,weight\na,b,1\nb,c,2\nd\xff,e,3\n" + "é,è,1\n".encode())
    with pytest.raises(ImportFileError) as failure:
        read_network(path, source="source", target="who")
    assert str(failure.value).isprintable()
    assert "tar?get" in str(failure.value)
    network = read_network(path, source="source", target="tar?get")
    receipt = network.receipt.sources[0]
    assert receipt.mapping["target"] == "tar?get"
    assert [(item.reason, item.rows, item.first_lines) for item in receipt.dropped] == [("not valid UTF-8", 1, (4,))]
    assert any("not valid UTF-8" in str(warning) for warning in receipt.warnings)
    assert network.interactions.height == 3


def test_a_line_of_quotes_in_a_table_of_blanks(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b'a b\nc d\n""\ne f\n')
    receipt = read_network(path).receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept) == (4, 3)


def test_an_error_is_printable_whatever_was_found() -> None:
    assert str(ImportFileError("a\udcff", "odd", found="b\ud800")) == "a?: odd; found b?"


@pytest.mark.parametrize("form", ["parquet", "arrow", "arrows"])
def test_broken_columnar_files_say_one_line_and_nothing_else(
    form: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    frame = pl.DataFrame({"source": ["a", "b"] * 50, "target": ["b", "c"] * 50, "weight": list(range(1, 101))})
    whole = io.BytesIO()
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "arrows": frame.write_ipc_stream}[form](whole)
    chance = random.Random(7)
    path = tmp_path / "bad"
    refused: list[str] = []
    for _ in range(60):
        content = bytearray(whole.getvalue())
        for _ in range(3):
            content[chance.randrange(8, len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            read_network(path)
        except ImportFileError as error:
            refused.append(str(error))
    assert len(refused) > 5
    assert not any("\n" in said for said in refused)
    assert capfd.readouterr() == ("", "")
    path.write_bytes(whole.getvalue())
    assert read_network(path).interactions.height == 100
    print("heard", file=sys.stderr)
    assert capfd.readouterr().err == "heard\n"
