"""Adjacency lists and matrices: one row names an account and all those it is tied to.

Text lists are written by Gephi (``D,B,E``), networkx (``write_adjlist``) and by hand: the first cell of a line is the
account that gives attention, every further cell one that receives it; a tie that is repeated counts again. Matrices
are written by Gephi, UCINET and spreadsheets: the first row and the first column hold names, a cell is the weight of
the tie from the account of its row to that of its column; empty cells and zeros are no ties. JSON lists are written
by scrapers of follower lists, ``[{"user": ..., "followers": [...], "following": [...]}]``: followers point at the
user, the user points at those followed; a tie found in the lists of both its accounts is one. Lost: whether a list
was complete; scrapers cut each list at a length of their own.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from netact.errors import ImportFileError
from netact.importers.importer import Importer, json_fields
from netact.importers.mapping import Loaded, RawTable, fold, looks_like_header
from netact.importers.source_file import decoded_head, look_over, open_text
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")
_MOST_JSON = 512 << 20
_DELIMITERS = ("\t", ";", ",", "|", " ")
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "whitespace": " ", "space": " "}

LIST_MARKS = Message("rows of different length without column names: an adjacency list")
LIST_READ = Message(
    "each row is read as an account and the accounts it gives attention to (--format delimited reads a table instead)"
)
MATRIX_MARKS = Message("the first row and the first column hold the same names: a matrix")
MATRIX_READ = Message(
    "a cell is read as the weight of the tie from the account of its row to that of its column (--reverse changes this)"
)


def read_adjacency(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open an adjacency list, text or JSON.

    Raises
    ------
    ImportFileError
        If it holds no list of ties.
    """
    if decoded_head(source).lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
        return _json_lists(source)
    facts = look_over(source, encoding=options.encoding)
    records = _records(source, options, encoding=facts.encoding, file=source.name)
    return list_table(records, encoding=facts.encoding, evidence=(facts.evidence,), file=source.name)


def read_matrix(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open an adjacency matrix.

    Raises
    ------
    ImportFileError
        If the first row holds no names or a row does not fit them.
    """
    facts = look_over(source, encoding=options.encoding)
    records = _records(source, options, encoding=facts.encoding, file=source.name)
    return matrix_table(records, encoding=facts.encoding, evidence=(facts.evidence,), file=source.name)


def looks_like_list(records: Sequence[Sequence[str]], *, blanks: bool) -> bool:
    """Whether rows are of different length, have no header, and name the same accounts first and later.

    A table whose rows are merely broken has numbers or dates in its third column, or one length for most rows.
    """
    rows = [[cell.strip() for cell in record if cell.strip()] for record in records]
    rows = [row for row in rows if row]
    widths = Counter(map(len, rows))
    if len(rows) < 3 or len(widths) < 2 or max(widths) < 3 or min(widths) < 1:
        return False
    if looks_like_header(list(records[0]), [list(row) for row in records[1:51]]):
        return False
    numeric = [bool(_NUMBER.fullmatch(row[0])) for row in rows]
    later = [cell for row in rows for cell in row[1:]]
    if sum(map(bool, map(_NUMBER.fullmatch, later))) > 0 and not all(numeric):
        return False
    # Names are neither times nor fractions nor sentences, and a gap between cells is a column without a value.
    if any(re.match(r"\d{4}-\d\d-\d\d|\{|\d+[.,]\d+$|https?://", cell) or _is_text(cell) for cell in later):
        return False
    if any(not cell.strip() and any(map(str.strip, record[n:])) for record in records for n, cell in enumerate(record)):
        return False
    firsts = {row[0] for row in rows}
    others = set(later)
    if blanks:
        # Running text: names are words without punctuation, and most who begin a row are named in others too.
        if not all(re.fullmatch(r"[\w@-]([\w@.:-]*[\w-])?", cell) for row in rows for cell in row):
            return False
        return 2 * len(firsts & others) >= len(firsts) and max(Counter(row[0] for row in rows).values()) < 3
    extra = [cell for row in rows for cell in row[2:]]
    known = firsts | {row[1] for row in rows if len(row) > 1}
    usual = max(widths.values()) / len(rows)
    return bool(firsts & others) and (usual < 0.8 or sum(cell in known for cell in extra) >= 0.5 * len(extra))


def _is_text(cell: str) -> bool:
    """Whether a cell holds running text rather than a name, which has few words and is short."""
    return len(cell) > 80 or len(cell.split()) > 5


def looks_like_matrix(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first cell is empty, the first row holds names and every row one of them and numbers."""
    if len(records) < 3 or len(records[0]) < 3 or records[0][0].strip():
        return False
    names = [cell.strip() for cell in records[0][1:]]
    while names and not names[-1]:
        names.pop()
    known = set(names)
    if len(names) < 2 or "" in known or len(known) < len(names):
        return False
    return all(
        row[0].strip() in known and all(not cell.strip() or _NUMBER.fullmatch(cell) for cell in row[1:])
        for row in records[1:]
        if any(cell.strip() for cell in row)
    )


def list_table(
    records: Iterable[tuple[int, Sequence[str]]], *, encoding: str | None, evidence: tuple[str, ...], file: str
) -> RawTable:
    """Make ties of an adjacency list, given as (line, cells).

    Raises
    ------
    ImportFileError
        If no line names two accounts.
    """
    ends: tuple[list[str], list[str], list[int], list[str]] = ([], [], [], [])
    alone: list[int] = []
    for line, cells in records:
        named = [cell.strip() for cell in cells]
        if not named or not named[0]:
            if any(named):
                alone.append(line)
            continue
        found = [cell for cell in named[1:] if cell]
        if not found:
            alone.append(line)
        for cell, times in Counter(found).items():
            ends[0].append(named[0])
            ends[1].append(cell)
            ends[2].append(line)
            ends[3].append(str(times))
    if not ends[0]:
        raise ImportFileError(file, "no row names two accounts", remedy="check --delimiter")
    dropped = (Dropped(Message("no target"), len(alone), tuple(alone[:5])),) if alone else ()
    frame = pl.DataFrame(
        {"source": ends[0], "target": ends[1], "row": ends[2], "weight": ends[3]},
        schema={"source": pl.String, "target": pl.String, "row": pl.UInt32, "weight": pl.String},
    )
    if len(ends[3]) == ends[3].count("1"):
        frame = frame.drop("weight")
    return _table(
        frame, dropped, encoding=encoding, evidence=(*evidence, LIST_MARKS), said=(LIST_READ,), format="adjacency"
    )


def matrix_table(
    records: Iterable[tuple[int, Sequence[str]]], *, encoding: str | None, evidence: tuple[str, ...], file: str
) -> RawTable:
    """Make ties of a matrix, given as (line, cells).

    Raises
    ------
    ImportFileError
        If the first row holds no names or a row does not fit them.
    """
    rows = ((line, cells) for line, cells in records if any(cell.strip() for cell in cells))
    _, first = next(rows, (0, []))
    names = [cell.strip() for cell in first][1:]
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or "" in names:
        raise ImportFileError(
            file, "the first row of a matrix must hold the names of its columns", remedy="check --delimiter"
        )
    data: tuple[list[str], list[str], list[str], list[int]] = ([], [], [], [])
    zero = re.compile(r"\s*[-+]?0*[.,]?0*\s*")
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) + 1 :]):
            raise ImportFileError(
                file,
                f"a row of the matrix has {len(cells) - 1:,} cells for {len(names):,} columns",
                found=f"line {line}",
                remedy="export the matrix again, or pass --format adjacency if it is a list",
            )
        for name, cell in zip(names, cells[1:], strict=False):
            if not zero.fullmatch(cell):
                data[0].append(cells[0].strip())
                data[1].append(name)
                data[2].append(cell.strip())
                data[3].append(line)
    if not data[0]:
        raise ImportFileError(file, "the matrix holds no ties", remedy="export it with its weights")
    schema = {"source": pl.String, "target": pl.String, "weight": pl.String, "row": pl.UInt32}
    frame = pl.DataFrame(dict(zip(schema, data, strict=True)), schema=schema)
    return _table(
        frame, (), encoding=encoding, evidence=(*evidence, MATRIX_MARKS), said=(MATRIX_READ,), format="matrix"
    )


def _table(
    frame: pl.DataFrame,
    dropped: tuple[Dropped, ...],
    *,
    encoding: str | None,
    evidence: tuple[str, ...],
    said: tuple[str, ...],
    format: str,  # noqa: A002
) -> RawTable:
    columns = tuple(name for name in frame.columns if name != "row")
    return RawTable(
        columns=columns,
        header=True,
        sample=frame.head(1000).select(columns),
        load=lambda names: Loaded(
            frame.select(*names, "row"), frame.height + sum(item.rows for item in dropped), dropped
        ),
        encoding="utf-8" if encoding == "utf-8-sig" else encoding,
        dialect={},
        evidence=evidence,
        assumptions=said,
        format=format,
    )


def _records(
    source: SourceFile, options: SourceOptions, *, encoding: str, file: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of a text whose rows may have any length."""
    lines = open_text(source.plain, encoding, errors="replace", name=file)
    head = list(islice(lines, 2000))
    sample = [line for line in head if line.strip() and not line.startswith(("#", "%"))]
    told = options.delimiter and _NAMED.get(options.delimiter, options.delimiter)
    delimiter = told or max(_DELIMITERS, key=lambda sign: sum(sign in line for line in sample))
    commented = bool(head) and head[0].startswith(("#", "%")) and bool(sample)

    def text() -> Iterator[tuple[int, str]]:
        for number, line in enumerate(chain(head, lines), 1):
            line = line.lstrip("\ufeff")
            if line.strip() and not (commented and line.startswith(("#", "%"))):
                yield number, line

    if delimiter == " ":
        yield from ((number, line.split()) for number, line in text())
        return
    limit = csv.field_size_limit(1 << 30)
    try:
        for number, line in text():
            yield number, next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    finally:
        csv.field_size_limit(limit)


# ---------------------------------------------------------------- JSON

_USER = ("user", "username", "screenname", "handle", "account", "name", "id")
_FOLLOWERS = ("followers", "follower", "followersids", "followerslist")
_FOLLOWING = ("following", "followings", "followees", "friends", "followingids", "follows", "followinglist")


def is_json_adjacency(record: Any) -> bool:
    """Whether a JSON record lists the followers of an account, or those it follows."""
    if not isinstance(record, dict):
        return False
    names = {fold(str(name)): value for name, value in record.items()}
    return any(isinstance(names.get(n), str | int) for n in _USER) and any(
        isinstance(names.get(n), list) for n in (*_FOLLOWERS, *_FOLLOWING)
    )


def _json_lists(source: SourceFile) -> RawTable:
    facts = look_over(source, encoding=None)
    if source.plain.stat().st_size > _MOST_JSON:
        raise ImportFileError(source.name, "too large for a JSON list", remedy="write one record a line")
    content = source.plain.read_bytes().decode(facts.encoding, errors="replace").lstrip("\ufeff")
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = []
        for line in content.splitlines():
            try:
                value.append(orjson.loads(line) if line.strip() else None)
            except orjson.JSONDecodeError as error:
                raise ImportFileError(
                    source.name, "the JSON is broken", found=str(error)[:80], remedy="export it again"
                ) from error
    kind_known = True
    if isinstance(value, dict) and not is_json_adjacency(value):
        # {"a": ["b", "c"]}, as networkx writes a dictionary of lists.
        kind_known = False
        value = [{"user": name, "following": listed} for name, listed in value.items() if isinstance(listed, list)]
    records = value if isinstance(value, list) else [value]
    pairs: list[tuple[str, str]] = []
    broken: list[int] = []
    for number, record in enumerate(records, 1):
        if record is None:
            continue
        if not is_json_adjacency(record):
            broken.append(number)
            continue
        names = {fold(str(name)): item for name, item in record.items()}
        user = next(str(names[n]) for n in _USER if isinstance(names.get(n), str | int))
        pairs += dict.fromkeys((_account(other), user) for n in _FOLLOWERS for other in _listed(names.get(n)))
        pairs += dict.fromkeys((user, _account(other)) for n in _FOLLOWING for other in _listed(names.get(n)))
    if not pairs:
        again = 'write records such as {"user": "a", "followers": ["b"], "following": ["c"]}'
        raise ImportFileError(source.name, "no lists of followers in it", remedy=again)
    first, second = ("follower", "followed") if kind_known else ("source", "target")
    frame = pl.DataFrame(
        {first: [a or None for a, _ in pairs], second: [b or None for _, b in pairs]},
        schema={first: pl.String, second: pl.String},
    ).with_row_index("row", offset=1)
    dropped = (Dropped(Message("not a JSON record"), len(broken), tuple(broken[:5])),) if broken else ()
    return _table(
        frame,
        dropped,
        encoding=facts.encoding,
        evidence=(facts.evidence, Message("records with lists of followers: rows are numbered by tie, not by line")),
        said=(),
        format="adjacency",
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _account(value: Any) -> str:
    """Return the name of a listed account, which may be a record of its own."""
    if isinstance(value, dict):
        names = {fold(str(name)): item for name, item in value.items()}
        value = next((names[n] for n in _USER if isinstance(names.get(n), str | int)), "")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


ADJACENCY = Importer(
    "adjacency",
    "adjacency list: an account and all those it is tied to in one row, text or JSON",
    (json_fields("user followers[]"), json_fields("user following[]"), json_fields("username followers[]")),
    read=read_adjacency,
)
MATRIX = Importer("matrix", "adjacency matrix with names in the first row and column", read=read_matrix)
