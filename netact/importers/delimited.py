"""Text tables: comma, semicolon, tab, pipe, blanks or another sign between columns, with or without a header.

How it is obtained: any edge list: exported from a spreadsheet, Gephi, R, pandas or a database, or downloaded from a collection
of networks (SNAP, KONECT, network-repository, Netzschleuder), whose own marks are told and said.

Read: the header's words say which column gives attention and which receives it, in many languages, and which holds the kind,
weight, time, post, hashtags and platform; without a header the first column gives and the second receives attention, and a third
is a weight or, where all its numbers are Unix times, a time. All that was decided so is said in the receipt and can be told
otherwise (``--source``, ``--target``, ``--reverse``, ``--kind`` and so on). Well-formed tables are parsed by DuckDB; where it
rejects a row, or a quote, a delimiter or a second table got into the cells, the whole text is read again row by row
(:mod:`netact.importers.mending`): rows that fit in one way only are mended and counted, the others dropped with their lines.

Lost: columns that play no part; they are named in the receipt. Ids that a spreadsheet has rounded cannot be restored.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl

from netact.errors import ImportFileError
from netact.importers.adjacency import list_table, looks_like_list, looks_like_matrix, matrix_table
from netact.importers.dialect import Found, find_dialect
from netact.importers.edge_lists import marks_of, with_dictionaries, with_marks
from netact.importers.mapping import HEADER_WORDS, Ends, Loaded, RawTable, TextLoad
from netact.importers.mending import Read, read_rows, split, unwrapped
from netact.importers.sheet import with_mixed_types
from netact.importers.source_file import TextFacts, look_over, open_text
from netact.language import Message, listing
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.importers.dialect import Dialect
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_SAMPLE_BYTES = 1 << 18
_SAMPLE_LINES = 4000
PART_OF_HEADER = Message("part of the column names")


def read_delimited(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open a text table.

    Raises
    ------
    ImportFileError
        If its encoding or its columns cannot be told.
    """
    facts = look_over(source, encoding=options.encoding)
    lines = _head_lines(source, facts)
    marks = marks_of(lines, source)
    told = options
    if marks is not None and marks.blanks and options.delimiter is None:
        told = replace(options, delimiter="whitespace", header=False)
    found = find_dialect(lines, told, file=source.name)
    if options.format is None and marks is None and (other := _not_a_table(source, facts, found)):
        return other
    dialect = found.dialect
    sample = pl.DataFrame(
        [[_readable(row[i]) for row in found.rows] for i in range(dialect.width)],
        schema=dict.fromkeys(dialect.names, pl.String),
    )
    warnings: list[str] = []
    if facts.damaged:
        warnings.append(
            Message(
                "{bytes:count} bytes are not valid UTF-8; rows that hold them in a used column are dropped",
                bytes=facts.damaged,
            )
        )
    if dialect.other_tables:
        first, last = dialect.other_tables
        warnings.append(
            Message("lines {first:count} to {last:count} hold another table and are left out", first=first, last=last)
        )
    table = RawTable(
        columns=dialect.names,
        header=dialect.header,
        sample=sample,
        load=TextLoad(lambda columns, ends: _load(source, facts, found, columns, ends)),
        encoding="utf-8" if facts.encoding == "utf-8-sig" else facts.encoding,
        dialect=dialect.described(),
        evidence=(facts.evidence, *found.evidence),
        warnings=tuple(warnings),
    )
    table = with_dictionaries(with_mixed_types(table))
    return table if marks is None else with_marks(table, marks, options)


def _head_lines(source: SourceFile, facts: TextFacts) -> list[str]:
    """Return the first lines of the text, without line ends."""
    taken, size = [], 0
    for _, line in _lines(source, facts):
        taken.append(line)
        size += len(line)
        if size > _SAMPLE_BYTES or len(taken) > _SAMPLE_LINES:
            # The last line may end inside a quoted cell; one too few does no harm.
            break
    return taken


def _lines(source: SourceFile, facts: TextFacts, *, after: int = 0) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines, without line ends and zero bytes; damaged bytes as surrogates."""
    errors = "surrogateescape" if facts.damaged else "strict"
    for number, line in enumerate(open_text(source.plain, facts.encoding, errors=errors, name=source.name), 1):
        if number == 1:
            line = line.removeprefix("\ufeff")
        if number > after:
            yield number, line.removesuffix("\n").replace("\0", "")


def _readable(cell: str) -> str | None:
    """Return a cell for the sample, in which damaged bytes are replaced."""
    return (cell if cell.isascii() else cell.encode("utf-8", "replace").decode()) or None


def _not_a_table(source: SourceFile, facts: TextFacts, found: Found) -> RawTable | None:
    """Read the text as an adjacency list or matrix if its shape shows that it is one."""
    dialect = found.dialect
    layout = dialect.layout

    def records() -> Iterator[tuple[int, list[str]]]:
        for number, line in _lines(source, facts):
            if line.strip() and not (layout.comment and line.startswith(layout.comment)):
                cells = split(line, layout.delimiter, layout.quote, layout.escape)[0]
                yield number, [_readable(cell) or "" for cell in cells]

    if looks_like_matrix(found.records):
        return matrix_table(records(), encoding=facts.encoding, evidence=(facts.evidence,), file=source.name)
    if not dialect.header and looks_like_list(found.records, blanks=layout.delimiter == " "):
        return list_table(records(), encoding=facts.encoding, evidence=(facts.evidence,), file=source.name)
    return None


# ---------------------------------------------------------------- reading


def _load(source: SourceFile, facts: TextFacts, found: Found, columns: list[str], ends: Ends | None) -> Loaded:
    dialect = found.dialect
    loaded = _fast(source, facts, found, columns, ends)
    if loaded is None:
        loaded = _careful(source, facts, dialect, columns)
    if dialect.second_header:
        part = Dropped(PART_OF_HEADER, len(dialect.second_header), dialect.second_header)
        loaded = replace(loaded, rows_read=loaded.rows_read + part.rows, dropped=(part, *loaded.dropped))
    return loaded


def _careful(source: SourceFile, facts: TextFacts, dialect: Dialect, columns: list[str]) -> Loaded:
    """Read row by row and mend what can be mended."""
    wanted = columns or [dialect.names[0]]
    places = [dialect.names.index(name) for name in wanted]
    lines = _lines(source, facts, after=dialect.lead)
    if dialect.layout.wrapped:
        lines = ((number, unwrapped(line)) for number, line in lines)
    read = read_rows(lines, dialect.layout, places, wanted)
    misfits = [item for item in read.dropped if item.reason in ("too few columns", "too many columns", "broken quotes")]
    rejected = sum(item.rows for item in misfits)
    if rejected > read.frame.height:
        raise ImportFileError(
            source.name,
            f"most rows do not fit a table of {dialect.width} columns ({rejected:,} of {rejected + read.frame.height:,})",
            found="; ".join(
                f"{item.rows:,} with {item.reason}, first in line {item.first_lines[0]}" for item in misfits
            ),
            remedy="check --delimiter and --header",
        )
    return Loaded(read.frame, read.rows, read.dropped, _told(read))


def _told(read: Read) -> tuple[str, ...]:
    return tuple(
        Message.counting(
            "{n:count} row was not well formed and is read as it was most likely meant: {reason} (line {lines})",
            "{n:count} rows were not well formed and are read as they were most likely meant: {reason} (first in lines {lines})",
            rows,
            reason=reason,
            lines=listing(list(map(str, lines))),
        )
        for reason, rows, lines in read.mended
    )


def _fast(source: SourceFile, facts: TextFacts, found: Found, columns: list[str], ends: Ends | None) -> Loaded | None:
    """Read a well-formed text, a plain one with compiled code or polars, another with DuckDB; None if it is not one."""
    dialect = found.dialect
    if len(dialect.delimiter) > 1 or dialect.delimiter == " " or dialect.escape or facts.returns_only or facts.damaged:
        return None
    if dialect.layout.wrapped:
        return None
    path, newlines = source.plain, facts.newlines
    if not facts.encoding.startswith("utf-8"):
        path, newlines = _in_utf8(source, facts)
    if ends is not None and (loaded := _numbered(path, newlines, found, columns, ends)):
        return None if _headers_inside(loaded, columns, dialect) else loaded
    signs = _signs(path, dialect)
    if signs.zeros:
        return None
    spans: pl.Series | None = None
    frame = _parse_plain(path, signs, dialect, columns)
    if frame is None:
        try:
            frame, spans = _parse(source, path, newlines, dialect, columns)
        except duckdb.Error:
            return None  # rows that do not fit, or line ends of several kinds
    wanted = columns or [dialect.names[0]]
    tokens = [name for name in wanted if not dialect.layout.free[dialect.names.index(name)]]
    if signs.quotes and tokens and _quotes_inside(frame, tokens, dialect.quote):
        return None
    if _headers_inside(Loaded(frame, frame.height), wanted, dialect):
        return None
    numbers = _row_numbers(frame.height, spans, path, newlines, dialect.lead)
    if numbers is None:
        return None
    frame = frame.with_columns(row=pl.Series(numbers, dtype=pl.UInt32))
    return Loaded(frame, frame.height)


def _in_utf8(source: SourceFile, facts: TextFacts) -> tuple[Path, int]:
    path = source.temporary("utf8")
    newlines = 0
    try:
        with source.plain.open("rb") as raw, path.open("w", encoding="utf-8", newline="") as out:
            reader = io.TextIOWrapper(raw, encoding=facts.encoding, errors="strict", newline="")
            while block := reader.read(1 << 20):
                newlines += block.count("\n")
                out.write(block)
    except UnicodeError as error:
        raise ImportFileError(
            source.name, f"the text is not {facts.encoding}", remedy="pass another --encoding, or save it as UTF-8"
        ) from error
    return path, newlines


@dataclass(frozen=True)
class _Signs:
    """What the bytes of a text hold."""

    quotes: bool
    zeros: bool
    rows: int  # of plain cells, as many as the table has columns, one on each line; -1 if there are other lines


def _signs(path: Path, dialect: Dialect) -> _Signs:
    """Say whether there are quotes and zero bytes, and whether every line is a row."""
    quote, delimiter = dialect.quote.encode(), dialect.delimiter.encode()
    plain = dialect.width > 1 and len(delimiter) == 1 and delimiter not in b"\r\n"
    quotes = zeros = False
    row, others = b"", b""
    with path.open("rb") as stream:
        for _ in range(dialect.lead):
            line = stream.readline()
            quotes = quotes or quote in line
            zeros = zeros or b"\0" in line
        if not dialect.lead and stream.read(3) != codecs.BOM_UTF8:
            stream.seek(0)
        found = complete = feeds = returns = 0
        last = b""
        while block := stream.read(1 << 20):
            quotes = quotes or quote in block
            zeros = zeros or b"\0" in block
            if plain and not row:
                first = block[: block.find(b"\n") + 1]
                row = delimiter * (dialect.width - 1) + (b"\r\n" if first.endswith(b"\r\n") else b"\n")
                others = bytes(sign for sign in range(256) if sign not in row and sign != 13)
                many = row * ((1 << 20) // len(row) + 2)
            if plain:
                # What is left of the lines without their cells is the same for each.
                left = block.translate(None, others)
                phase = found % len(row)
                plain = many.startswith(left, phase) if len(left) <= len(many) - phase else False
                found += len(left)
                if len(row) > dialect.width:
                    returns += left.count(b"\r")
                    feeds += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
    if not plain or not row:
        return _Signs(quotes, zeros, -1)
    complete, rest = divmod(found, len(row))
    if rest not in (0, dialect.width - 1) or returns != feeds or (not rest and last != b"\n"):
        return _Signs(quotes, zeros, -1)
    return _Signs(quotes, zeros, complete + (rest > 0))


# Bytes from which on a text is read by compiled code: below, importing the compiler takes longer than it saves. What it reads
# is the same.
COMPILED_FROM = 1 << 25
_WHERE_IMPORTED_FROM = 1 << 23
_ISO_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}((\.0+)?(Z|\+00:?00))?")


def _numbered(path: Path, newlines: int, found: Found, columns: list[str], ends: Ends) -> Loaded | None:
    """Read a text in which every line is a row, names of the ends as numbers; None if it is another.

    Cells may be in quotes, but hold neither quotes nor line ends.
    """
    dialect = found.dialect
    where = {name: dialect.names.index(name) for name in columns}
    signs = (dialect.delimiter.encode(), dialect.quote.encode())
    if (
        path.stat().st_size < (_WHERE_IMPORTED_FROM if "numba" in sys.modules else COMPILED_FROM)
        or dialect.width < 2
        or any(len(sign) != 1 or sign in b"\r\n\0" for sign in signs)
        or not {ends.source, ends.target} <= set(columns)
        or len({ends.source, ends.target, ends.time}) < 3
    ):
        return None
    from netact.importers.delimited_kernels import NO_TEXT, NO_TIME, read_plain

    like = "" if ends.time is None else next((row[where[ends.time]] for row in found.rows if row[where[ends.time]]), "")
    timed = _ISO_TIME.fullmatch(like) is not None
    with path.open("rb", buffering=0) as raw:
        stream = io.BufferedReader(raw, 1 << 16)
        for _ in range(dialect.lead):
            if b"\0" in stream.readline():
                return None
        if not dialect.lead and stream.read(3) != codecs.BOM_UTF8:
            stream.seek(0)
        start = stream.tell()
        line_end = b"\r\n" if stream.readline().endswith(b"\r\n") else b"\n"
        stream.seek(start)
        plain = read_plain(
            stream,
            rows=newlines - dialect.lead + 1,
            delimiter=signs[0],
            quote=signs[1],
            width=dialect.width,
            line_end=line_end,
            ends=(where[ends.source], where[ends.target]),
            time=where[ends.time] if ends.time is not None and timed else None,
            like=like.encode() if timed else b"",
        )
    if plain is None or not len(plain.ends[0]):
        return None
    rows = len(plain.ends[0])
    names = pl.Series("text", plain.names[:-1].tobytes().decode().split("\n") if plain.count else [], dtype=pl.String)
    if any(plain.empty):
        names = pl.concat([names, pl.Series("text", [None], dtype=pl.String)])
    read = {}
    for name, numbers, empty in zip((ends.source, ends.target), plain.ends, plain.empty, strict=True):
        if empty:
            numbers[numbers == NO_TEXT] = plain.count
        read[name] = pl.Series(name, numbers)
    if plain.times is not None and ends.time is not None:
        moments = pl.Series(ends.time, plain.times).cast(pl.Datetime("us"))
        if bool((plain.times == NO_TIME).any()):
            moments = pl.select(pl.when(pl.Series(plain.times) != NO_TIME).then(moments)).to_series()
        read[ends.time] = moments.dt.replace_time_zone("UTC") if len(like) > len("2024-03-31T12:00:00") else moments
    others = [name for name in columns if name not in read]
    rest = _columns(path, rows, dialect, others, quotes=plain.quotes) if others else None
    if others and rest is None:
        return None
    frame = pl.DataFrame([read[name] if name in read else rest[name] for name in columns])  # type: ignore[index]
    frame = frame.with_columns(row=pl.int_range(dialect.lead + 1, dialect.lead + rows + 1, dtype=pl.UInt32))
    return Loaded(frame, rows, names=names)


def _parse_plain(path: Path, signs: _Signs, dialect: Dialect, columns: list[str]) -> pl.DataFrame | None:
    """Read the columns of a text without quotes in which every line is a row; None if it is not such a text."""
    return None if signs.quotes or signs.rows < 1 else _columns(path, signs.rows, dialect, columns, quotes=False)


def _columns(path: Path, rows: int, dialect: Dialect, columns: list[str], *, quotes: bool) -> pl.DataFrame | None:
    """Read columns of a text in which every line is a row; None if there are not as many as there should be."""
    wanted = columns or [dialect.names[0]]
    places = [dialect.names.index(name) for name in wanted]
    try:
        frame = pl.read_csv(
            path,
            has_header=False,
            skip_lines=dialect.lead,
            columns=sorted(places),
            schema={f"c{place}": pl.String for place in range(dialect.width)},
            separator=dialect.delimiter,
            quote_char=dialect.quote if quotes else None,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != rows:
        return None
    cells = (pl.col(f"c{place}").alias(name) for place, name in zip(places, wanted, strict=True))
    # An empty cell is empty, in quotes or not.
    return frame.select(pl.when(cell != "").then(cell) if quotes else cell for cell in cells)


def _parse(
    source: SourceFile, path: Path, newlines: int, dialect: Dialect, columns: list[str]
) -> tuple[pl.DataFrame, pl.Series | None]:
    """Let DuckDB read the columns; return them and, if cells may span lines, how many line ends each row holds."""
    where = {name: f"c{place}" for place, name in enumerate(dialect.names)}
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(dialect.width))
    settings = (
        f"delim={_sql(dialect.delimiter)}, quote={_sql(dialect.quote)}, escape={_sql(dialect.quote)}, header=false, "
        f"skip={dialect.lead}, columns={{{types}}}, auto_detect=false, all_varchar=true, max_line_size=16777216, "
        "buffer_size=33554432"
    )
    wanted = [where[name] for name in columns] or ["c0"]
    target = source.temporary("table.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {_sql(str(source.folder))}")
        query = f"SELECT {', '.join(wanted)} FROM read_csv({_sql(str(path))}, {settings})"  # noqa: S608
        connection.execute(f"COPY ({query}) TO {_sql(str(target))} (FORMAT parquet, COMPRESSION lz4)")
        frame = pl.read_parquet(target)
        spans = None
        if newlines - dialect.lead - frame.height not in (0, -1):
            spans = _spans(connection, path, dialect, settings)
            if len(spans) != frame.height:
                raise duckdb.Error("rows changed between two readings")
    target.unlink()
    return frame.rename(dict(zip(wanted, columns or [dialect.names[0]], strict=True))), spans


def _spans(connection: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, settings: str) -> pl.Series:
    """Count the line ends inside the cells of each row; refuse rows in cells, which a stray quote has swallowed."""
    cells = " + ".join(f"coalesce(length(c{i}) - length(replace(c{i}, chr(10), '')), 0)" for i in range(dialect.width))
    # A line within a cell that has as many delimiters as a row.
    line = r"(^|\n)" + rf"[^\n{dialect.delimiter}]*\{dialect.delimiter}" * (dialect.width - 1)
    rows = " or ".join(
        f"(contains(c{i}, chr(10)) and regexp_matches(c{i}, {_sql(line)}))" for i in range(dialect.width)
    )
    query = f"SELECT ({cells})::INTEGER AS n, coalesce({rows}, false) AS r FROM read_csv({_sql(str(path))}, {settings})"  # noqa: S608
    found = connection.execute(query).fetchnumpy()
    if found["r"].any():
        raise duckdb.Error("rows inside a cell")
    return pl.Series("spans", np.asarray(found["n"]), dtype=pl.Int32)


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quotes_inside(frame: pl.DataFrame, columns: list[str], quote: str) -> bool:
    """Whether a cell of a column without running text holds a quote: perhaps one too many."""
    return bool(
        frame.select(pl.any_horizontal(pl.col(name).str.contains(quote, literal=True) for name in columns).any()).item()
    )


def _headers_inside(loaded: Loaded, columns: list[str], dialect: Dialect) -> bool:
    """Whether a row may hold column names: a repeated header, or that of another table."""
    frame, names = loaded.frame, loaded.names
    if not frame.height:
        return False

    def words(name: str) -> pl.Expr:
        if frame.schema[name] != pl.String:
            return pl.lit(value=False)  # a moment is no word
        cell = pl.col(name).str.to_lowercase().str.replace_all(r"[\s_\-.#\"']+", "")
        return cell.is_in(sorted(HEADER_WORDS)) | (pl.col(name) == name)

    for name in columns:
        if frame.schema[name] == pl.Datetime:
            frame = frame.filter(pl.col(name).is_null())
    # A row of words has no digit where rows have numbers and dates.
    typed = next((name for name in reversed(columns) if dialect.layout.dated[dialect.names.index(name)]), None)
    if typed is not None and frame.height:
        if frame.schema[typed] == pl.String:
            frame = frame.filter(~pl.col(typed).str.contains(r"\d").fill_null(value=False))
        elif names is not None and frame.schema[typed] == pl.UInt32:
            frame = frame.filter(~names.str.contains(r"\d").fill_null(value=False).gather(frame[typed]))
    if not frame.height:
        return False
    if names is not None:
        numbers = [name for name in columns if frame.schema[name] == pl.UInt32]
        frame = frame.with_columns(names.gather(frame[name]).alias(name) for name in numbers)
    # Few accounts are called by such a word: look at each name once.
    first = columns[0]
    named = frame.select(pl.col(first).unique()).filter(pl.col(first).str.len_bytes() <= 40).filter(words(first))
    if not named.height:
        return False
    hit = frame.filter(pl.col(first).is_in(named[first].implode()))
    for name in columns[1:]:
        hit = hit.filter(words(name) | pl.col(name).is_null())
    return hit.height > 0


def _row_numbers(kept: int, spans: pl.Series | None, path: Path, newlines: int, lead: int) -> NDArray[Any] | None:
    """Return the line on which each row begins, or None if lines are neither rows nor blank."""
    lines = np.arange(lead + 1, lead + kept + 1, dtype=np.int64)
    if spans is None:
        return lines
    blank = np.array(sorted(_blank_lines(path)), dtype=np.int64)
    blank = blank[blank > lead]
    inner = spans.to_numpy().astype(np.int64)
    lines += np.concatenate([[0], np.cumsum(inner)[:-1]]) if kept else inner
    left = newlines - lead - kept - int(inner.sum())  # blank lines between rows; -1 without a line end after the last
    if left > len(blank) or left < -1 or (not inner.any() and left < len(blank) - 1):
        return None
    if not len(blank):
        return lines
    if not inner.any():
        every = np.arange(lead + 1, lead + kept + len(blank) + 1, dtype=np.int64)
        return every[~np.isin(every, blank)][:kept]
    # Blank lines inside cells belong to the cells.
    between = set(blank.tolist())
    line, numbers = lead + 1, np.empty(kept, dtype=np.int64)
    for place, span in enumerate(inner.tolist()):
        while line in between:
            line += 1
        numbers[place] = line
        line += 1 + span
    return numbers


def _blank_lines(path: Path) -> set[int]:
    with path.open("rb") as stream:
        return {number for number, line in enumerate(stream, 1) if line in (b"\n", b"\r\n")}
