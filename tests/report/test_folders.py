"""Two folders are compared by content: what is the same is not told, what differs is told where."""

from __future__ import annotations

import json
import shutil
import struct
import zlib

import polars as pl
import pytest

from netact.report.folders import Renaming, compare_folders, table_differences

A, B, C = (f"anon-{digit * 8}" for digit in "abc")
X, Y, Z = (f"anon-{digit * 8}" for digit in "def")


@pytest.fixture
def copies(hostile_folder, tmp_path):
    for name in ("first", "second"):
        shutil.copytree(hostile_folder, tmp_path / name)
    return tmp_path / "first", tmp_path / "second"


def told(first, second, *, renamed=False):
    return [str(item) for item in compare_folders(first, second, renamed=renamed).differences]


def test_a_copy_is_the_same(copies):
    found = compare_folders(*copies, renamed=False)
    assert not found.differences
    assert found.tables > 30
    assert found.figures >= 8
    assert not compare_folders(*copies, renamed=True).differences


def test_a_cell_of_a_table_is_told_by_column_and_row(copies):
    _first, second = copies
    path = second / "accounts.parquet"
    table = pl.read_parquet(path)
    changed = table.with_columns(coreness=pl.when(pl.int_range(pl.len()) >= 4).then(99).otherwise("coreness"))
    changed.cast({"coreness": table.schema["coreness"]}).write_parquet(path)
    then = table["coreness"][4]
    (line,) = told(*copies)
    assert line == (
        f"accounts.parquet: column coreness, row 5: {then} in the first, 99 in the second; {table.height - 4:,} places differ"
    )


@pytest.mark.parametrize(
    ("name", "change", "where"),
    [
        ("accounts.csv", lambda text: text.replace("\n", "\n1", 1), "accounts.csv: column key, row 1"),
        ("findings.json", lambda text: text.replace('"p_value": 0.', '"p_value": 1.', 1), "findings.json: findings["),
        ("study.toml", lambda text: text.replace("seed = 1", "seed = 2"), "study.toml: seed: 1 in the first, 2 in the second"),
        ("report.html", lambda text: text.replace("</h1>", "!</h1>"), "report.html: line "),
        ("data/results.json", lambda text: text.replace("0.", "1.", 1), "data/results.json: "),
    ],
)  # fmt: skip
def test_every_kind_of_file_is_looked_into(copies, name, change, where):
    path = copies[1] / name
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    (line,) = told(*copies)
    assert line.startswith(where)


def test_a_figure_of_the_page_is_told_by_its_name(copies):
    path = copies[1] / "report.html"
    text = path.read_text(encoding="utf-8")
    start = text.index('{"data"', text.index('id="data-'))
    path.write_text(text[:start] + text[start:].replace('"type":"', '"type":"x', 1), encoding="utf-8")
    (line,) = told(*copies)
    assert line.startswith("report.html: figure ")
    assert ".data[" in line


def test_files_of_one_folder_alone_are_told(copies):
    (copies[0] / "accounts.csv").unlink()
    (copies[1] / "findings.json").unlink()
    assert told(*copies) == ["findings.json: only in the first", "accounts.csv: only in the second"]


def test_what_two_runs_need_not_share_is_left_out(copies):
    for name in ("manifest.json", "ro-crate-metadata.json", "data/group_names.json", "private/key", "inputs/a.csv"):
        path = copies[1] / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("other")
    # Once the study names the format of a file, it is as told.
    for name, place in (("findings.json", "receipt"), ("data/receipt.json", None)):
        path = copies[1] / name
        values = json.loads(path.read_text(encoding="utf-8"))
        (values[place] if place else values)["sources"][0]["evidence"] = ["as told"]
        path.write_text(json.dumps(values), encoding="utf-8")
    assert not told(*copies)
    study = copies[1] / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("ties.csv", "elsewhere/ties.csv"), encoding="utf-8")
    assert not told(*copies)


def test_columns_types_and_heights_are_told():
    first = pl.DataFrame({"a": [1, 2], "b": [1.0, 2.0]})
    second = pl.DataFrame({"a": ["1"], "c": [0]})
    found = [str(item) for item in table_differences("t", first, second, Renaming(allowed=False))]
    assert found == [
        "t: columns: ['b'] in the first, ['c'] in the second",
        "t: type of column a: Int64 in the first, String in the second",
        "t: number of rows: 2 in the first, 1 in the second",
    ]


def test_undefined_numbers_are_the_same_and_rounding_is_not():
    first = pl.DataFrame({"a": [float("nan"), None, 0.1 + 0.2]})
    assert not list(table_differences("t", first, first.clone(), Renaming(allowed=False)))
    second = pl.DataFrame({"a": [float("nan"), None, 0.3]})
    (found,) = table_differences("t", first, second, Renaming(allowed=False))
    assert found.row == 3


# ---------------------------------------------------------------------- pseudonyms of another key


def same(first, second, *, allowed=True):
    return [Renaming(allowed).same(a, b) for a, b in zip(first, second, strict=True)]


def test_pseudonyms_stand_one_for_one():
    renaming = Renaming(allowed=True)
    assert renaming.same(f"{A} and {B}", f"{X} and {Y}")
    assert renaming.same(f"{B}, again", f"{Y}, again")
    assert not renaming.same(A, Y)  # A is X
    assert not renaming.same(C, X)  # X is A
    assert not renaming.same(C, "anna")
    assert not renaming.same("anon-abc", "anon-abd")  # no pseudonym
    assert not renaming.same(C, "person-abababab")  # an account is no person
    assert renaming.same(C, "anon-" + "0" * 64)  # a long one, where two begin alike
    assert same([A], [X], allowed=False) == [False]


def test_they_do_so_over_all_columns_and_files(tmp_path):
    def folder(name, ids, ties, nested):
        (tmp_path / name / "data").mkdir(parents=True)
        pl.DataFrame({"key": ids}).write_parquet(tmp_path / name / "accounts.parquet")
        pl.DataFrame({"source": [pair[0] for pair in ties], "members": nested}).write_parquet(
            tmp_path / name / "data" / "ties.parquet"
        )
        (tmp_path / name / "data" / "names.json").write_text(json.dumps(dict.fromkeys(ids, 1)))
        return tmp_path / name

    first = folder("first", [A, B, "@open"], [(A, B), (B, A)], [[A], [B, A]])
    again = folder("again", [X, Y, "@open"], [(X, Y), (Y, X)], [[X], [Y, X]])
    assert told(first, again, renamed=True) == []
    assert len(told(first, again)) >= 4
    turned = folder("turned", [X, Y, "@open"], [(Y, X), (X, Y)], [[X], [Y, X]])
    assert told(first, turned, renamed=True) == [
        f"data/ties.parquet: column source, row 1: {A} in the first, {Y} in the second; 2 places differ"
    ]
    nested = folder("nested", [X, Y, "@open"], [(X, Y), (Y, X)], [[X], [X, Y]])
    (line,) = told(first, nested, renamed=True)
    assert line.startswith("data/ties.parquet: column members, row 2")
    named = folder("named", [X, Y, "@other"], [(X, Y), (Y, X)], [[X], [Y, X]])
    assert [line.partition(":")[0] for line in told(first, named, renamed=True)] == [
        "accounts.parquet", "data/names.json",
    ]  # fmt: skip


# ---------------------------------------------------------------------- drawings


def png(path, pixels, comment):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", comment), chunk(b"IDAT", zlib.compress(b"\0" + pixels))]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b""))


def test_drawings_are_compared_by_what_is_drawn(tmp_path):
    folders = [tmp_path / name for name in ("first", "second")]
    for number, folder in enumerate(folders):
        (folder / "figures").mkdir(parents=True)
        png(folder / "figures" / "a.png", b"\1\2", b"made at %d" % number)
        svg = f'<svg><g id="defs-{number}abcde"/><g clip-path="url(#clip{number}abcdexy)"/></svg>'
        (folder / "figures" / "a.svg").write_text(svg)
        (folder / "figures" / "a.pdf").write_bytes(b"%%PDF /CreationDate (D:%d) drawing" % number)
    found = compare_folders(*folders, renamed=False)
    assert (found.differences, found.figures) == ((), 3)
    png(folders[1] / "figures" / "a.png", b"\1\3", b"")
    (folders[1] / "figures" / "a.svg").write_text('<svg><g id="defs-1abcde"/><g clip-path="none"/></svg>')
    (folders[1] / "figures" / "a.pdf").write_bytes(b"%PDF /CreationDate (D:1) another")
    assert [line.partition(":")[0] for line in told(*folders)] == ["figures/a.pdf", "figures/a.png", "figures/a.svg"]


def test_sheets_of_a_workbook_are_compared(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    for name, value in (("first", 1), ("second", 2)):
        (tmp_path / name / "tables").mkdir(parents=True)
        book = openpyxl.Workbook()
        book.active.title = "Core"
        book.active.append(["account", "share"])
        book.active.append(["a", value])
        book.save(tmp_path / name / "tables" / "tables.xlsx")
    (line,) = told(tmp_path / "first", tmp_path / "second")
    assert line == "tables/tables.xlsx: sheet Core[1][1]: 1.0 in the first, 2.0 in the second"
