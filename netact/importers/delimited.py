"""Text tables: comma, semicolon, tab, pipe or blanks between columns, with or without a header.

DuckDB parses them and keeps every row it rejects; this module only finds out the dialect, turns what DuckDB cannot
read (UTF-16, runs of blanks, comments) into a temporary UTF-8 copy, and gives rows the line numbers of the
original file.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import Loaded, RawTable, header_ends, looks_like_header, unique_names
from netact.importers.source_file import TextFacts, look_over, open_text
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "whitespace"}
_DELIMITER_NAMES = {
    "comma": Message("comma"),
    "semicolon": Message("semicolon"),
    "tab": Message("tab"),
    "pipe": Message("pipe"),
    "whitespace": Message("blanks"),
}
_SAMPLE_BYTES = 1 << 18
_SAMPLE_ROWS = 1000
_MAX_PREAMBLE = 40

_REASONS = {
    "MISSING COLUMNS": Message("too few columns"),
    "TOO MANY COLUMNS": Message("too many columns"),
    "UNQUOTED VALUE": Message("broken quotes"),
    "INVALID ENCODING": Message("not valid UTF-8"),
    "INVALID UNICODE": Message("not valid UTF-8"),
    "LINE SIZE OVER MAXIMUM": Message("line too long"),
}


@dataclass(frozen=True)
class Dialect:
    """How the text is laid out."""

    delimiter: str
    quote: str
    header: bool
    names: tuple[str, ...]
    width: int
    lead: int  # lines before the first row of data, the header among them
    preamble: int  # of these, lines before the header
    comment: str | None  # the character that begins comment lines
    excel_sep: bool


@dataclass(frozen=True)
class _Copy:
    """A UTF-8 text DuckDB can read; ``removed`` holds the original numbers of lines that are not in it."""

    path: Path
    newlines: int
    removed: NDArray[np.int64]


def read_delimited(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open a text table.

    Raises
    ------
    ImportFileError
        If its encoding or its columns cannot be told.
    """
    facts = look_over(source, encoding=options.encoding)
    lines = _head_lines(source, facts)
    dialect, rows, evidence = _dialect(lines, options, file=source.name)
    described = {
        "delimiter": DELIMITERS.get(dialect.delimiter, dialect.delimiter),
        "quote": dialect.quote,
        "header": "yes" if dialect.header else "no",
    }
    if dialect.comment:
        described["comment"] = dialect.comment
    if skipped := dialect.preamble:
        described["lines before the table"] = str(skipped)
    sample = pl.DataFrame(
        [[(row[i] if row[i] != "" else None) for row in rows] for i in range(dialect.width)],
        schema=dict.fromkeys(dialect.names, pl.String),
    )
    warnings: tuple[str, ...] = ()
    if facts.damaged:
        warnings = (
            Message(
                "{bytes:count} bytes are not valid UTF-8; rows that hold them in a used column are dropped",
                bytes=facts.damaged,
            ),
        )
    return RawTable(
        columns=dialect.names,
        header=dialect.header,
        sample=sample,
        load=lambda columns: _load(source, facts, dialect, columns),
        encoding="utf-8" if facts.encoding == "utf-8-sig" else facts.encoding,
        dialect=described,
        evidence=(facts.evidence, *evidence),
        warnings=warnings,
    )


# ---------------------------------------------------------------- finding the dialect


def _head_lines(source: SourceFile, facts: TextFacts) -> list[str]:
    """Return the first lines of the text, without line ends."""
    taken, size = [], 0
    for line in open_text(
        source.plain, facts.encoding, errors="replace" if facts.damaged else "strict", name=source.name
    ):
        taken.append(line.removesuffix("\n"))
        size += len(line)
        if size > _SAMPLE_BYTES or len(taken) > 4 * _SAMPLE_ROWS:
            # The last line may end inside a quoted cell; one too few does no harm.
            break
    if taken:
        taken[0] = taken[0].removeprefix("\ufeff")
    return taken


def _dialect(lines: list[str], options: SourceOptions, *, file: str) -> tuple[Dialect, list[list[str]], list[str]]:
    evidence: list[str] = []
    place = 0
    while place < len(lines) and not lines[place].strip():
        place += 1
    if place == len(lines):
        raise ImportFileError(file, "the file holds only blank lines", remedy="export it again")
    told = _told_delimiter(options.delimiter, file=file)
    excel_sep = False
    if sep := re.match(r'"?sep=(.)"?\s*$', lines[place], flags=re.IGNORECASE):
        told, excel_sep, place = told or sep[1], True, place + 1
        evidence.append(Message("first line names the separator (sep=)"))
    comment, place, hidden_header = _comments(lines, place)
    body = lines[place:]
    if not any(line.strip() for line in body):
        raise ImportFileError(file, "holds no rows", remedy="export it again")
    quote = _quote(body)
    delimiter = told or _choose_delimiter([hidden_header, *body] if hidden_header else body, quote)
    records, starts = _records(body, delimiter, quote)
    if hidden_header is not None:
        names = _records([hidden_header], delimiter, quote)[0][0]
        widths = [len(record) for record in records]
        width = max(set(widths), key=widths.count)
        has_header = len(names) == width and options.header is not False
        skip = 0
        preamble = 0
        if has_header:
            evidence.append(Message("column names in a comment line"))
    else:
        widths = [len(record) for record in records]
        width = max(sorted(set(widths), reverse=True), key=widths.count)
        skip = _preamble(records, width)
        preamble = starts[skip] if skip else 0
        if header_ends(records[skip]) and len(records[skip]) != width:
            width = len(records[skip])
        names = records[skip]
        named = (
            options.source,
            options.target,
            options.weight,
            options.time,
            options.kind_column,
            options.post_id,
            options.hashtags,
        )
        rest = [record for record in records[skip + 1 : skip + 51] if len(record) == width]
        has_header = options.header if options.header is not None else looks_like_header(names, rest, named=named)
        if options.header is None:
            evidence.append(
                Message("first row holds column names")
                if has_header
                else Message("first row looks like the others: no header")
            )
    if delimiter == " " and told is None and not header_ends(names):
        _refuse_prose(records, width, file=file)
    data_from = skip + (1 if has_header and hidden_header is None else 0)
    lead = place + (starts[data_from] if data_from < len(starts) else len(body))
    dialect = Dialect(
        delimiter=delimiter,
        quote=quote,
        header=has_header,
        names=unique_names(names, width) if has_header else tuple(f"column {i + 1}" for i in range(width)),
        width=width,
        lead=lead,
        preamble=place + preamble,
        comment=comment,
        excel_sep=excel_sep,
    )
    rows = [record for record in records[data_from:] if len(record) == width][:_SAMPLE_ROWS]
    evidence.append(
        Message(
            "{rows:count} of the first {looked:count} rows have {width:count} columns by {delimiter}",
            rows=sum(w == width for w in widths),
            looked=len(widths),
            width=width,
            delimiter=_DELIMITER_NAMES.get(DELIMITERS.get(delimiter, delimiter), delimiter),
        )
    )
    return dialect, rows, evidence


def _preamble(records: list[list[str]], width: int) -> int:
    """Return how many records of prose come before the header: rows of another width, or with empty cells."""
    if header_ends(records[0]):
        return 0
    for place, record in enumerate(records[:_MAX_PREAMBLE]):
        if len(record) == width and header_ends(record):
            return place
        # A row that is as full as the others is data, and what comes after it is no header.
        if len(record) == width and all(cell.strip() for cell in record):
            return 0
    return 0


def _refuse_prose(records: list[list[str]], width: int, *, file: str) -> None:
    """Refuse running text, which blanks also split into columns."""
    fitting = [record for record in records if len(record) == width]
    numeric = any(all(re.fullmatch(r"[-+\d.,:eE]+", row[place]) for row in fitting) for place in range(width))
    if len(fitting) < 0.7 * len(records) or (width > 3 and not numeric):
        raise ImportFileError(
            file,
            "this text is not a table; its lines split into words, not columns",
            remedy="pass --delimiter if it is one",
        )


def _told_delimiter(name: str | None, *, file: str) -> str | None:
    if name is None:
        return None
    by_name = {word: sign for sign, word in DELIMITERS.items()} | {"\\t": "\t", "space": " ", "ws": " "}
    sign = by_name.get(name.casefold(), name)
    if len(sign) != 1 or sign in '\r\n"':
        raise ImportFileError(
            file,
            f"{name!r} cannot separate columns",
            remedy=f"use one character or one of {', '.join(DELIMITERS.values())}",
        )
    return sign


def _comments(lines: list[str], place: int) -> tuple[str | None, int, str | None]:
    """Skip leading comment lines; the last of them may hold the column names, as in SNAP and Netzschleuder files."""
    sign = lines[place][:1]
    if sign not in ("#", "%"):
        return None, place, None
    end = place
    while end < len(lines) and (lines[end].startswith(sign) or not lines[end].strip()):
        end += 1
    if end == len(lines):
        return None, place, None
    commented = [line for line in lines[place:end] if line.strip()]
    data = lines[end]
    last = commented[-1].lstrip(sign)
    for delimiter in ("\t", ",", ";", "|", " "):
        names = last.split() if delimiter == " " else last.split(delimiter)
        if len(names) >= 2 and header_ends([name.strip() for name in names]):
            text = delimiter.join(name.strip() for name in names)
            return sign, end, text
    # A handle may begin with the sign too (#tag,name): a comment has a blank after it or another number of columns.
    for delimiter in (",", ";", "\t", "|"):
        width = data.count(delimiter)
        if width and all(line.count(delimiter) == width and line[1:2] not in (" ", "\t") for line in commented):
            return None, place, None
    return sign, end, None


def _quote(lines: list[str]) -> str:
    """Single quotes only if they enclose every cell of the first lines and no double quote occurs."""
    first = [line for line in lines[:100] if line.strip()]
    enclosed = r"'(?:[^']|'')*'"
    if first and all('"' not in line and re.fullmatch(rf"{enclosed}([,;\t|]{enclosed})+", line) for line in first):
        return "'"
    return '"'


def _records(lines: list[str], delimiter: str, quote: str) -> tuple[list[list[str]], list[int]]:
    """Split sample lines into records and say on which of the lines each begins."""
    records: list[list[str]] = []
    starts: list[int] = []
    if delimiter == " ":
        for number, line in enumerate(lines):
            if line.strip():
                records.append(_split_blanks(line))
                starts.append(number)
        return records, starts
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, quotechar=quote)
    before = 0
    limit = csv.field_size_limit(1 << 30)
    try:
        for record in reader:
            if record:
                records.append(record)
                starts.append(before)
            before = reader.line_num
    except csv.Error:
        pass
    finally:
        csv.field_size_limit(limit)
    return records or [[""]], starts or [0]


def _split_blanks(line: str) -> list[str]:
    """Split at blanks; a Python dictionary at the end (edge lists written by networkx) stays one cell."""
    cells = line.split(None, 2)
    if len(cells) == 3 and cells[2].startswith("{"):
        return cells
    if '"' not in line:
        return line.split()
    # Names in quotes may hold blanks, as in tables written by R.
    row = next(csv.reader([line.strip().replace("\t", " ")], delimiter=" ", skipinitialspace=True), [])
    return [cell for cell in row if cell]


def _choose_delimiter(lines: list[str], quote: str) -> str:
    """Choose the delimiter under which the rows agree best on their number of columns, two or more."""
    best, best_score = None, (-1.0, -1.0, -1)
    lines = lines[:1000]
    for delimiter in (",", ";", "\t", "|", " "):
        if not any(delimiter in line for line in lines) and delimiter != " ":
            continue
        records, _ = _records(lines, delimiter, quote)
        records = [record for record in records if record != [""]]
        widths = [len(record) for record in records if len(record)]
        if not widths:
            continue
        width = max(sorted(set(widths), reverse=True), key=widths.count)
        if width < 2:
            width = max((w for w in set(widths) if w >= 2), key=widths.count, default=1)
            if width < 2:
                continue
        share = widths.count(width) / len(widths)
        named = any(header_ends(record) for record in records[:_MAX_PREAMBLE] if len(record) == width)
        if delimiter == " " and best is not None and (best_score[0] or best_score[1] >= 0.8):
            continue  # blanks inside names are common; a real delimiter that fits wins
        score = (float(named), round(share, 1), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best or ","


# ---------------------------------------------------------------- reading


def _load(source: SourceFile, facts: TextFacts, dialect: Dialect, columns: list[str]) -> Loaded:
    copy = _readable_copy(source, facts, dialect)
    lost: list[int] = []  # original lines on which a quote is opened and never closed
    normalised = False
    while True:
        try:
            frame, rejects, has_quotes = _parse(source, copy, dialect, columns)
        except duckdb.Error as error:
            if normalised:
                reason = " ".join(str(error).split("\n")[0].split())[:160]
                raise ImportFileError(
                    source.name, "cannot be read as a table", found=reason, remedy="check --delimiter"
                ) from error
            copy, normalised = _normalise(source, copy), True
            continue
        if len(lost) < 20 and (bad := _swallowing(copy, rejects, dialect)) is not None:
            original = int(_original(np.array([bad]), copy.removed)[0])
            lost.append(original)
            copy = _without_line(source, copy, bad, original)
            continue
        break
    frame, dropped = _number_lines(frame, rejects, copy, dialect, has_quotes=has_quotes)
    if lost:
        dropped.append(Dropped(Message("broken quotes"), len(lost), tuple(sorted(lost)[:5])))
    merged: dict[str, list[Dropped]] = {}
    for item in dropped:
        merged.setdefault(item.reason, []).append(item)
    dropped = [
        Dropped(reason, sum(i.rows for i in items), tuple(sorted(line for i in items for line in i.first_lines)[:5]))
        for reason, items in merged.items()
    ]
    rejected = sum(item.rows for item in dropped)
    if rejected > frame.height:
        raise ImportFileError(
            source.name,
            f"most rows do not fit a table of {dialect.width} columns ({rejected:,} of {rejected + frame.height:,})",
            found="; ".join(
                f"{item.rows:,} with {item.reason}, first in line {item.first_lines[0]}" for item in dropped
            ),
            remedy="check --delimiter and --header",
        )
    return Loaded(frame, frame.height + rejected, tuple(dropped))


def _readable_copy(source: SourceFile, facts: TextFacts, dialect: Dialect) -> _Copy:
    """Return the file itself if DuckDB can read it as it is, else a UTF-8 copy."""
    nothing = np.empty(0, dtype=np.int64)
    rewrite_lines = dialect.delimiter == " " or dialect.comment is not None
    if facts.encoding.startswith("utf-8") and not rewrite_lines:
        copy = _Copy(source.plain, facts.newlines, nothing)
        return _normalise(source, copy) if facts.returns_only else copy
    path = source.temporary("utf8")
    if not rewrite_lines:
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
        return _Copy(path, newlines, nothing)
    removed: list[int] = []
    written = 0
    blanks = dialect.delimiter == " "
    with path.open("w", encoding="utf-8", newline="", errors="surrogateescape") as out:
        for number, line in enumerate(
            open_text(
                source.plain, facts.encoding, errors="surrogateescape" if facts.damaged else "strict", name=source.name
            ),
            1,
        ):
            if number <= dialect.lead or (dialect.comment and line.startswith(dialect.comment)):
                removed.append(number)
                continue
            if blanks:
                line = "\t".join(_split_blanks(line)) + "\n"
            out.write(line)
            written += 1
    return _Copy(path, written, np.array(removed, dtype=np.int64))


def _parse(
    source: SourceFile, copy: _Copy, dialect: Dialect, columns: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame, bool]:
    """Let DuckDB read the columns; return them, the rejected records and whether cells may span lines."""
    rewritten = len(copy.removed) and copy.removed[0] == 1
    delimiter, quote = ("\t", "") if dialect.delimiter == " " else (dialect.delimiter, dialect.quote)
    skip = 0 if rewritten else dialect.lead
    where = {name: f"c{place}" for place, name in enumerate(dialect.names)}
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(dialect.width))
    settings = (
        f"delim={_sql(delimiter)}, quote={_sql(quote)}, escape={_sql(quote)}, header=false, skip={skip}, "
        f"columns={{{types}}}, auto_detect=false, all_varchar=true, store_rejects=true, max_line_size=16777216, "
        "buffer_size=33554432"
    )
    wanted = [where[name] for name in columns] or ["c0"]
    target = source.temporary("table.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {_sql(str(source.folder))}")
        query = f"SELECT {', '.join(wanted)} FROM read_csv({_sql(str(copy.path))}, {settings})"  # noqa: S608
        connection.execute(f"COPY ({query}) TO {_sql(str(target))} (FORMAT parquet, COMPRESSION lz4)")
        rejected = connection.execute(
            "SELECT line, error_type::VARCHAR, line_byte_position FROM reject_errors ORDER BY line, byte_position"
        ).fetchall()
        frame = pl.read_parquet(target)
        spans = _multi_line(connection, copy, dialect, settings, frame.height, len({row[0] for row in rejected}))
    target.unlink()
    frame = frame.rename(dict(zip(wanted, columns, strict=True))) if columns else frame
    rejects = pl.DataFrame(
        rejected, schema={"record": pl.Int64, "type": pl.String, "byte": pl.Int64}, orient="row"
    ).unique("record", keep="first", maintain_order=True)
    return (frame.with_columns(_spans=spans) if spans is not None else frame), rejects, spans is not None


def _multi_line(
    connection: duckdb.DuckDBPyConnection, copy: _Copy, dialect: Dialect, settings: str, kept: int, rejected: int
) -> pl.Series | None:
    """Count the line ends inside the cells of each kept record, if the number of lines shows that there are any."""
    lead = 0 if len(copy.removed) and copy.removed[0] == 1 else dialect.lead
    if copy.newlines <= lead + kept + rejected and dialect.delimiter == " ":
        return None
    if copy.newlines in (lead + kept + rejected, lead + kept + rejected - 1):
        return None
    cells = " + ".join(f"coalesce(length(c{i}) - length(replace(c{i}, chr(10), '')), 0)" for i in range(dialect.width))
    query = f"SELECT ({cells})::INTEGER FROM read_csv({_sql(str(copy.path))}, {settings})"  # noqa: S608
    counts = connection.execute(query).fetchnumpy()
    spans = pl.Series("_spans", np.asarray(next(iter(counts.values()))), dtype=pl.Int32)
    return spans if len(spans) == kept else pl.Series("_spans", np.zeros(kept, dtype=np.int32))


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _swallowing(copy: _Copy, rejects: pl.DataFrame, dialect: Dialect) -> int | None:
    """Return the line of a rejected record whose open quote swallowed lines after it, if there is one."""
    quotes = rejects.filter(pl.col("type").is_in(["UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM"]))
    for byte in quotes["byte"].to_list():
        with copy.path.open("rb") as stream:
            stream.seek(max(0, byte - 1))
            while (line := stream.readline()).strip() == b"" and line:
                pass
            more = stream.read(1)
        if more and line.count(dialect.quote.encode()) % 2:
            return _line_of(copy.path, [byte])[0]
    return None


def _without_line(source: SourceFile, copy: _Copy, line: int, original: int) -> _Copy:
    path = source.temporary(f"without-{original}")
    with copy.path.open("rb") as stream, path.open("wb") as out:
        out.writelines(islice(stream, line - 1))
        next(stream, None)
        while block := stream.read(1 << 20):
            out.write(block)
    if copy.path.parent == source.folder and copy.path != source.plain:
        copy.path.unlink()
    return _Copy(path, copy.newlines - 1, np.sort(np.append(copy.removed, original)))


def _normalise(source: SourceFile, copy: _Copy) -> _Copy:
    """Write all line ends alike: DuckDB refuses a file that mixes them."""
    path = source.temporary("newlines")
    newlines = 0
    with copy.path.open("rb") as stream, path.open("wb") as out:
        rest = b""
        while block := stream.read(1 << 20):
            block = rest + block
            rest = b"\r" if block.endswith(b"\r") else b""
            block = block[: len(block) - len(rest)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            newlines += block.count(b"\n")
            out.write(block)
        out.write(b"\n" if rest else b"")
    return _Copy(path, newlines, copy.removed)


def _line_of(path: Path, positions: list[int]) -> list[int]:
    """Return the 1-based line of the record at each 1-based byte position, given in ascending order.

    DuckDB counts the blank lines before a record as its beginning; they are passed over.
    """
    lines, read, count = [], 0, 0
    with path.open("rb") as stream:
        for position in positions:
            while read < position - 1:
                block = stream.read(min(1 << 20, position - 1 - read))
                if not block:
                    break
                read += len(block)
                count += block.count(b"\n")
            ahead = stream.read(4096)
            blank = len(ahead) - len(ahead.lstrip(b"\r\n"))
            lines.append(count + ahead[:blank].count(b"\n") + 1)
            stream.seek(read)
    return lines


def _original(lines: NDArray[np.int64], removed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn line numbers of the copy into those of the original, from which lines ``removed`` were taken out."""
    if not len(removed):
        return lines
    # The k-th removed line (0-based) had removed[k] - k - 1 remaining lines before it.
    before = removed - np.arange(len(removed)) - 1
    return lines + np.searchsorted(before, lines - 1, side="right")


def _number_lines(
    frame: pl.DataFrame, rejects: pl.DataFrame, copy: _Copy, dialect: Dialect, *, has_quotes: bool
) -> tuple[pl.DataFrame, list[Dropped]]:
    """Add to each kept row the line of the original file it begins on, and say where the rejected ones are."""
    bytes_sorted = np.sort(rejects["byte"].to_numpy())
    reject_lines = np.array(_line_of(copy.path, bytes_sorted.tolist()), dtype=np.int64)
    lead = 0 if len(copy.removed) and copy.removed[0] == 1 else dialect.lead
    kept = frame.height
    if not has_quotes:
        # One record a line: kept rows are all lines but the rejected ones.
        lines = np.arange(lead + 1, lead + kept + len(reject_lines) + 1, dtype=np.int64)
        lines = lines[~np.isin(lines, reject_lines)][:kept]
    else:
        lines = _walk(frame["_spans"].to_numpy(), copy, lead, set(reject_lines.tolist()))
        frame = frame.drop("_spans")
    if len(lines) != kept:
        lines = np.arange(lead + 1, lead + kept + 1, dtype=np.int64)
    frame = frame.with_columns(row=pl.Series(_original(lines, copy.removed), dtype=pl.UInt32))
    where = dict(zip(bytes_sorted.tolist(), _original(reject_lines, copy.removed).tolist(), strict=True))
    dropped = []
    for kind, group in rejects.group_by("type", maintain_order=True):
        reason = _REASONS.get(str(kind[0]), str(kind[0]).lower())
        dropped.append(Dropped(reason, group.height, tuple(sorted(where[b] for b in group["byte"].to_list())[:5])))
    return frame, dropped


def _walk(spans: NDArray[Any], copy: _Copy, lead: int, rejected: set[int]) -> NDArray[np.int64]:
    """Number records that may span several lines and have blank lines between them."""
    blank = _blank_lines(copy.path)
    if not spans.any() and blank:
        total = np.arange(lead + 1, lead + 1 + len(spans) + len(rejected) + len(blank) + 1, dtype=np.int64)
        return total[~np.isin(total, np.array(sorted(blank | rejected)))][: len(spans)]
    lines = np.empty(len(spans), dtype=np.int64)
    line = lead + 1
    for place, span in enumerate(spans.tolist()):
        while line in blank or line in rejected:
            line += 1
        lines[place] = line
        line += 1 + span
    return lines


def _blank_lines(path: Path) -> set[int]:
    with path.open("rb") as stream:
        return {number for number, line in enumerate(stream, 1) if line in (b"\n", b"\r\n")}
