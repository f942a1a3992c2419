"""Texts of plain cells are read faster, and not otherwise, than those with quotes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.importers import delimited, read_source
from netact.importers.delimited import _parse, _parse_plain, _signs
from netact.importers.dialect import find_dialect
from netact.importers.mapping import SourceOptions
from netact.importers.source_file import open_source

CELL = st.text(st.sampled_from(list("abc123 éم🕊@#._-")), max_size=14)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=30),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    delimiter=st.sampled_from([",", ";", "\t"]),
    columns=st.permutations(["source", "target", "time"]),
    number=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_plain_cells_are_those_that_duckdb_reads(tmp_path_factory, rows, end, last, delimiter, columns, number):
    path = tmp_path_factory.mktemp("plain") / "t.csv"
    lines = [delimiter.join(row) for row in [("source", "target", "time"), ("a", "b", "2024-01-01"), *rows]]
    path.write_bytes((end.join(lines) + end * last).encode())
    with open_source(path) as source:
        text = path.read_bytes().decode().splitlines()
        options = SourceOptions(delimiter={"\t": "tab"}.get(delimiter, delimiter), header=True)
        dialect = find_dialect(text, options, file="t.csv").dialect
        wanted = list(columns[:number])
        plain = _parse_plain(path, _signs(path, dialect), dialect, wanted)
        assert plain is not None
        newlines = path.read_bytes().count(b"\n")
        assert plain.rows() == _parse(source, path, newlines, dialect, wanted)[0].rows()


@pytest.mark.parametrize(
    "body",
    [
        "a,b,2024-01-01,x\nc,d\n",  # as many delimiters as in two rows
        "a,b,2024-01-01\n\nc,d,2024-01-02\n",
        "a,b,2024-01-01\n\n,\nc,d,2024-01-02\n,",
        'a,b,"2024-01-01"\n',
        "a,b,2024-01-01\rc,d,2024-01-02\n",
        "a,b,2024-01-01\r\nc,d,2024-01-02\n",
        "a,b,2024-01-01\nc,d,2024-01-02\r\n",
        "a,b,2024-01-01\r\nc,d\r,2024-01-02\n",
        "a,b,2024-01-01\nc,d",
    ],
)
def test_a_text_in_which_a_line_is_no_row_of_plain_cells_is_read_with_care(tmp_path: Path, body, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_bytes(b"source,target,time\n" + body.encode())
    dialect = find_dialect(["source,target,time", "a,b,2024-01-01"], SourceOptions(header=True), file="t").dialect
    signs = _signs(path, dialect)
    assert signs.quotes or signs.rows == -1
    assert _parse_plain(path, signs, dialect, ["source", "target"]) is None


def test_the_receipt_is_the_same(tmp_path: Path, monkeypatch):
    path = tmp_path / "t.csv"
    body = "".join(f"u{i % 7},v{i % 5},2024-01-{i % 28 + 1:02}\n" for i in range(500))
    path.write_text("source,target,time\n" + body + "u1,,2024-02-01\n")
    fast = read_source(path)
    monkeypatch.setattr(delimited, "_parse_plain", lambda *_: None)
    slow = read_source(path)
    assert fast.receipt == slow.receipt
    assert fast.fingerprint == slow.fingerprint
