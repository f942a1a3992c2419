"""Mutated export files for fuzzing: every invented export, and then some byte, token or piece of it changed."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import cache
from pathlib import Path

import zstandard
from hypothesis import strategies as st

EXPORTS = Path(__file__).parent / "exports"

# What breaks parsers: ends of numbers, of types, of nesting and of texts.
TOKENS = [
    b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r", b"\r\n\r\n", b",", b";", b"\t", b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"%", b"#", b"*", b"=",
    b"null", b"true", b"NaN", b"-1", b"0", b"1e308", b"1e999", b"-9223372036854775809", b"99999999999999999999999999", b"0.1e-400", b"1.0E+18", b"\xd9\xa1\xd9\xa2",
    b"[]", b"{}", b'""', b'"\\ud800"', b"\\u0000", b"[[[[[[[[[[", b'{"a":', b"<!ENTITY x 'y'>", b"<![CDATA[", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\x28\xb5\x2f\xfd",
    b"2021-02-30T25:61:61Z", b"0001-01-01", b"31/12/99", b"=cmd()", b"@", b"\xe2\x80\xae", b"\xf0\x9f\x94\xa5", b"A" * 5000, b"9" * 400, b"source,target\n", b"\x1e",
]  # fmt: skip


@cache
def corpus() -> tuple[bytes, ...]:
    """Return the content of every invented export, and of binary formats made of one of them."""
    import polars as pl

    files = [
        path.read_bytes()
        for path in sorted(EXPORTS.rglob("*"))
        if path.is_file() and path.name not in ("expected.json", "README.md")
    ]
    frame = pl.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"], "kind": ["retweet", "reply", "follow"]})
    for write in (frame.write_parquet, frame.write_ipc):
        out = io.BytesIO()
        write(out)
        files.append(out.getvalue())
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [frame.columns, *frame.rows()]:
        book.active.append(row)
    book.save(out)
    files.append(out.getvalue())
    import numpy as np

    out = io.BytesIO()
    np.savez(out, source=[0, 1], target=[1, 2])
    files.append(out.getvalue())
    packed = files[0]
    files += [gzip.compress(packed), zstandard.ZstdCompressor().compress(packed)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, content in enumerate(files[:3]):
            archive.writestr(f"part{number}", content)
    files.append(out.getvalue())
    return tuple(files)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a file: one of the corpus with one to six changes, now and then spliced with another or packed."""
    files = corpus()
    content = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 6))):
        size = len(content)
        place = draw(st.integers(0, max(0, size - 1)))
        kind = draw(st.integers(0, 8))
        if kind == 0:
            content = content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + 1 :]
        elif kind == 1:
            content = content[:place]
        elif kind == 2:
            content = content[:place] + content[place + draw(st.integers(1, 200)) :]
        elif kind == 3:
            content = content[:place] + draw(st.sampled_from(TOKENS)) + content[place:]
        elif kind == 4:
            length = draw(st.integers(1, 400))
            content = (
                content[:place] + content[place : place + length] * draw(st.integers(2, 5)) + content[place + length :]
            )
        elif kind == 5:
            other = draw(st.sampled_from(files))
            cut = draw(st.integers(0, max(0, len(other) - 1)))
            content = content[:place] + other[cut:]
        elif kind == 6:
            old = content[place : place + draw(st.integers(1, 4))]
            content = content.replace(old, draw(st.sampled_from(TOKENS)), draw(st.integers(1, 20))) if old else content
        elif kind == 7:
            # The value after a colon or comma becomes something else.
            sign = draw(st.sampled_from([b":", b",", b'"', b"=", b" "]))
            start = content.find(sign, place)
            if start >= 0:
                end = min(
                    (i for i in (content.find(s, start + 1) for s in (b",", b"\n", b"}", b'"')) if i > 0), default=size
                )
                content = content[: start + 1] + draw(st.sampled_from(TOKENS)) + content[end:]
        else:
            encoding = draw(st.sampled_from(["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-7"]))
            content = content.decode("utf-8", errors="replace").encode(encoding, errors="replace")
        content = content[: 1 << 18]
    if draw(st.integers(0, 30)) == 0:
        content = gzip.compress(content, 1)
    return content
