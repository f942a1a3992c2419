"""JSON lines and JSON lists of flat records: one record a row, its fields the columns.

How it is obtained: ``to_json(orient="records", lines=True)`` in pandas, ``write_ndjson`` in polars, exports of document
databases, scrapers that write one record for each interaction.

Read: fields play the parts that their names say, as columns of a text table do (format delimited). A record inside a record is
opened once (``author.name``). Numbers stay the digits that stand in the file, so ids of any length are exact.

Lost: lists, but for hashtags; records inside records inside records.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import orjson
import polars as pl

from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.mapping import HASHTAG_WORDS, Loaded, RawTable, fold, words
from netact.importers.source_file import facts_of_head, look_over
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile, TextFacts

_SAMPLE_ROWS = 1000
_BATCH = 100_000
_CHUNK = 1 << 20
# Bytes of lines that are read at once.
_BLOCK = 1 << 18
# Longest record, in characters: real ones have thousands, and one that never ends must not fill the memory.
LONGEST_RECORD = 1 << 26
# Most fields that are looked at: tables have tens, exports of posts hundreds.
MOST_FIELDS = 1000

# A value that is no list of records is read into memory, where it takes some five times its length.
LARGEST_WHOLE = 1 << 30

BROKEN, NO_RECORD = Message("broken JSON"), Message("not a JSON record")
NOT_UTF8, TOO_LONG = Message("not valid UTF-8"), Message("line too long")


class _Place(NamedTuple):
    """Where in a record the value of a column is."""

    field: str
    inner: str  # the field inside it, or ""
    lists: bool  # whether a list is a value


# Types of values that are cells as they are; what stands where a value has to be read with care; a zero that has a sign.
_AS_THEY_ARE = {str, type(None)}
_UNSURE = "\ud800"
_SIGNED_ZERO = re.compile(rb"[:\s]-0\s*[,}]")

_decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _name: None, strict=False)
_plain_decoder = json.JSONDecoder(parse_constant=lambda _name: None, strict=False)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def read_json(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open JSON lines or a JSON array; the row of a record is its line, in an array its number.

    Raises
    ------
    ImportFileError
        If it is broken, holds no records, or is an export that netact does not take apart.
    """
    facts = look_over(source, encoding=options.encoding)
    by_line = _one_record_a_line(source, facts)
    first = list(islice(_records(source, facts, by_line=by_line), _SAMPLE_ROWS))
    records = [value for _, value, bad in first if not bad]
    if not records:
        # The first thousand may be bad and the rest good.
        rest = ((row, value, bad) for row, value, bad in _records(source, facts, by_line=by_line) if not bad)
        first = list(islice(rest, _SAMPLE_ROWS))
        records = [value for _, value, _ in first]
    if not records:
        _refuse_without_records(source, facts, by_line=by_line)
    fields, nested = _fields(records, options)
    _check(fields, nested, records, options, file=source.name)
    cells = {name: _clean([_cell(record, place) for record in records]) for name, place in fields.items()}
    sample = pl.DataFrame(cells, schema=dict.fromkeys(fields, pl.String))
    layout = "one record a line" if by_line else "records in a list"
    told = (
        Message("JSON, one record a line")
        if by_line
        else Message("JSON, records in a list: rows are numbered by record, not by line")
    )
    return RawTable(
        columns=tuple(fields),
        header=True,
        sample=sample,
        load=lambda names: _load(source, facts, {name: fields[name] for name in names}, by_line=by_line),
        encoding="utf-8" if facts.encoding == "utf-8-sig" else facts.encoding,
        dialect={"layout": layout},
        evidence=(facts.evidence, told),
    )


# ---------------------------------------------------------------- records for importers of posts


@dataclass(frozen=True)
class Records:
    """The records of a JSON file: its lines, the members of its list, or values one after another.

    Iterating yields the row (the line, or the number of the record), the value, and if it cannot be used, why; whole
    numbers are ``int``, exact up to 64 bits.
    """

    source: SourceFile
    facts: TextFacts
    by_line: bool

    def __iter__(self) -> Iterator[tuple[int, Any, str]]:
        checked = False
        for row, value, fault in self._values():
            if fault == NOT_UTF8 and not checked:
                # A few damaged lines, or all of it in another encoding? Good files need not be read twice for this.
                look_over(self.source, encoding=None)
                checked = True
            yield row, value, "" if fault == NO_RECORD else fault

    def _values(self) -> Iterator[tuple[int, Any, str]]:
        if self.by_line and self.facts.encoding.startswith("utf-8"):
            return _quick_lines(self.source)
        return _records(self.source, self.facts, by_line=self.by_line, exact=False)

    @property
    def encoding(self) -> str:
        """The name of the encoding."""
        return "utf-8" if self.facts.encoding == "utf-8-sig" else self.facts.encoding

    @property
    def layout(self) -> str:
        """How records follow each other, for the receipt."""
        return "one record a line" if self.by_line else "records in a list"


def open_records(source: SourceFile, options: SourceOptions) -> Records:
    """Open the records of a JSON file.

    Raises
    ------
    ImportFileError
        If it is no text, or of an unknown encoding.
    """
    facts = facts_of_head(source, encoding=options.encoding)
    return Records(source, facts, _one_record_a_line(source, facts))


def whole(source: SourceFile, options: SourceOptions, *, repair: Callable[[bytes], bytes] | None = None) -> Any:
    """Return the one value of a JSON file that is not a list of records; ``repair`` is tried on broken text.

    Raises
    ------
    ImportFileError
        If it is broken or too large to be held in memory.
    """
    if source.plain.stat().st_size > LARGEST_WHOLE:
        raise ImportFileError(
            source.name,
            f"one JSON value of more than {LARGEST_WHOLE >> 20} MiB; it can only be read as a whole",
            remedy="export a shorter period, or one conversation at a time",
        )
    facts = look_over(source, encoding=options.encoding)
    content = source.plain.read_bytes()
    if not facts.encoding.startswith("utf-8"):
        content = content.decode(facts.encoding, errors="replace").encode(errors="replace")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        broken = error
    if repair is not None:
        try:
            return orjson.loads(repair(content))
        except orjson.JSONDecodeError as error:
            broken = error
    try:
        text = content.decode(errors="replace")
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise ImportFileError(
            source.name,
            "the JSON is broken or cut short",
            found=str(broken)[:80],
            remedy="copy, download or export it again",
        ) from broken


def first_values(source: SourceFile, options: SourceOptions, most: int = 20) -> list[Any]:
    """Return the first values of a JSON file, for telling what it is; empty if it holds none that can be read."""
    records = open_records(source, options)
    found: list[Any] = []
    try:
        for _, value, fault in islice(records, 10 * most):
            if not fault and value is not None:
                found.append(value)
            if len(found) == most:
                break
    except ImportFileError:
        return found
    return found


def _quick_lines(source: SourceFile) -> Iterator[tuple[int, Any, str]]:
    loads = orjson.loads
    with source.open() as stream:
        number = 0
        while line := stream.readline(LONGEST_RECORD):
            number += 1
            if len(line) == LONGEST_RECORD and not line.endswith(b"\n"):
                while (more := stream.readline(LONGEST_RECORD)) and not more.endswith(b"\n"):
                    pass
                yield number, None, TOO_LONG
                continue
            try:
                yield number, loads(line), ""
            except orjson.JSONDecodeError:
                line = line.strip(b"\x1e \t\r\n").removeprefix(b"\xef\xbb\xbf").strip(b"\x1e \t\r\n")
                if not line:
                    continue
                yield number, *_careful(line)


def _careful(line: bytes) -> tuple[Any, str]:
    """Read a line that the quick reader refuses: a mark before it, half a pair of surrogates, control characters."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None, NOT_UTF8
    try:
        value = json.loads(text, strict=False)
        # Half of a pair of surrogates, as of an emoji cut in two, becomes ``?``.
        return orjson.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace")), ""
    except (ValueError, RecursionError):
        return None, BROKEN


# ---------------------------------------------------------------- the stream


@contextmanager
def _opened(source: SourceFile, facts: TextFacts) -> Iterator[io.TextIOWrapper]:
    # Bytes that are not UTF-8 come through as surrogates, so that the records they are in can be told.
    errors = "surrogateescape" if facts.encoding.startswith("utf-8") else "strict"
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=facts.encoding, errors=errors)
        try:
            yield text
        except UnicodeError as error:
            raise ImportFileError(
                source.name, f"the text is not {facts.encoding}", remedy="pass another --encoding, or save it as UTF-8"
            ) from error


def _one_record_a_line(source: SourceFile, facts: TextFacts) -> bool:
    """Whether every line is a record of its own, told by the first lines."""
    with _opened(source, facts) as text:
        lines = (line.strip("\ufeff \t\r\n") for line in iter(lambda: text.readline(_CHUNK), ""))
        first = list(islice(filter(None, lines), 50))
    if not first or first[0].startswith("["):
        return False
    good = [isinstance(_parsed(line), dict) for line in first]
    return good[0] or 2 * sum(good) >= len(good)


def _parsed(text: str) -> Any:
    """Return the value of a text, or None if it is not JSON."""
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError):
        return None


def _records(
    source: SourceFile, facts: TextFacts, *, by_line: bool, exact: bool = True
) -> Iterator[tuple[int, Any, str]]:
    """Yield row, record and, if it is none, why; with ``exact`` numbers are the digits that stand in the file."""
    decoder = _decoder if exact else _plain_decoder
    with _opened(source, facts) as text:
        yield from _by_line(text, decoder) if by_line else _by_value(text, decoder, file=source.name)


def _by_line(text: io.TextIOWrapper, decoder: json.JSONDecoder) -> Iterator[tuple[int, Any, str]]:
    number = 0
    while line := text.readline(LONGEST_RECORD):
        number += 1
        if len(line) == LONGEST_RECORD and not line.endswith("\n"):
            while (more := text.readline(LONGEST_RECORD)) and not more.endswith("\n"):
                pass
            yield number, None, TOO_LONG
            continue
        line = line.strip("\ufeff\x1e \t\r\n")
        if not line:
            continue
        try:
            value = decoder.decode(line)
        except (ValueError, RecursionError):
            yield number, None, BROKEN
            continue
        yield number, value, _fault(value, line)


def _fault(value: Any, text: str) -> str:
    if not isinstance(value, dict):
        return NO_RECORD
    return "" if text.isascii() or text.isprintable() or not _has_surrogate(text) else NOT_UTF8


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _by_value(text: io.TextIOWrapper, decoder: json.JSONDecoder, *, file: str) -> Iterator[tuple[int, Any, str]]:
    """Yield the members of lists, or values one after another, as pages of an interface are often stored."""
    buffer, place, number, depth, step, ended = "", 0, 0, 0, _CHUNK, False

    def broken(what: str) -> NoReturn:
        raise ImportFileError(
            file, f"the JSON is {what} after {number:,} records", remedy="copy, download or export it again"
        )

    while True:
        while place < len(buffer) and buffer[place] in " \t\r\n,\x1e\ufeff":
            place += 1
        if place < len(buffer):
            if buffer[place] == "[" and not depth:
                place, depth = place + 1, 1
                continue
            if buffer[place] == "]" and depth:
                place, depth = place + 1, 0
                continue
            try:
                value, end = decoder.raw_decode(buffer, place)
            except RecursionError:
                broken("nested too deeply")
            except ValueError:
                if ended:
                    broken("broken or cut short")
                if len(buffer) - place > LONGEST_RECORD:
                    broken("broken, or one record is longer than 64 million characters,")
            else:
                if end < len(buffer) or ended:  # a number may go on in the next chunk
                    number += 1
                    yield number, value, _fault(value, buffer[place:end])
                    place, step = end, _CHUNK
                    continue
        elif ended:
            if depth:
                broken("cut short")
            return
        more = text.read(step)
        buffer, place, step, ended = buffer[place:] + more, 0, 2 * step, not more


# ---------------------------------------------------------------- records to columns


def _fields(records: list[dict[str, Any]], options: SourceOptions) -> tuple[dict[str, _Place], list[str]]:
    """Return column -> place in the record, in the order met, and the names of fields left out as they hold lists."""
    found: dict[str, _Place] = {}
    nested: Counter[str] = Counter()
    plain: Counter[str] = Counter()

    def meet(name: str, outer: str, inner: str, value: Any) -> None:
        name = name.encode(errors="replace").decode()
        found.setdefault(name, _Place(outer, inner, _for_hashtags(name, options)))
        if isinstance(value, dict | list) and value:
            nested[name] += 1
        elif value is not None:
            plain[name] += 1

    for record in records:
        for outer, value in record.items():
            if isinstance(value, dict):
                for inner, part in value.items():
                    meet(f"{outer}.{inner}", outer, inner, part)
            else:
                meet(outer, outer, "", value)
        if len(found) > MOST_FIELDS:
            break
    lists = [name for name in found if nested[name] > plain[name] and not found[name].lists]
    left = {name: place for name, place in found.items() if name not in lists}
    # The name `row` is the table's own.
    return {(f"{name} (in the file)" if name == "row" else name): place for name, place in left.items()}, lists


def _for_hashtags(name: str, options: SourceOptions) -> bool:
    return fold(name) in HASHTAG_WORDS or (options.hashtags is not None and fold(name) == fold(options.hashtags))


def _check(
    fields: dict[str, _Place], nested: list[str], records: list[dict[str, Any]], options: SourceOptions, *, file: str
) -> None:
    for role in ("source", "target"):
        named = getattr(options, role)
        if named in nested:
            raise ImportFileError(
                file, f"field {named!r} holds lists, not one account", remedy="write one record for each tie"
            )
    if len(fields) < 2:
        ids = [str(record.get(name)) for record in records for name in fields if fold(name) in _POST_IDS]
        if ids and all(text.isdigit() and 8 <= len(text) <= 25 for text in ids):
            _refuse_ids(file)
        raise NoInteractionsError(
            file,
            "the records have too few fields; a tie needs a source and a target",
            found=[*fields, *nested][:20],
            remedy='write records such as {"source": "a", "target": "b"}',
        )


_POST_IDS = words("id id_str tweet_id tweetid status_id post_id")


def _refuse_ids(file: str) -> NoReturn:
    raise NoInteractionsError(
        file,
        "this file holds post ids only; authors and targets are not in it and cannot be rebuilt offline",
        remedy="ask the provider for hydrated data",
    )


def _refuse_without_records(source: SourceFile, facts: TextFacts, *, by_line: bool) -> NoReturn:
    values = [value for _, value, bad in islice(_records(source, facts, by_line=by_line), 1000) if bad == NO_RECORD]
    values = list(chain.from_iterable(value if isinstance(value, list) else [value] for value in values))
    if values and all(isinstance(value, str) and value.isdigit() and 8 <= len(value) <= 25 for value in values):
        _refuse_ids(source.name)
    reasons = Counter(bad for _, _, bad in _records(source, facts, by_line=by_line))
    found = ", ".join(f"{count:,} with {reason}" for reason, count in sorted(reasons.items()))
    raise NoInteractionsError(
        source.name,
        "holds no JSON records",
        found=found or "nothing",
        remedy='write records such as {"source": "a", "target": "b"}, one a line',
    )


def _cell(record: dict[str, Any], place: _Place) -> str | None:
    value = record.get(place.field)
    if place.inner:
        value = value.get(place.inner) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _encode(value) if value and place.lists else None


def _clean(column: list[str | None]) -> list[str | None]:
    """Return texts that can be written: half of a pair of surrogates, as of an emoji cut in two, becomes ``?``."""
    try:
        "".join(filter(None, column)).encode()
    except UnicodeEncodeError:
        return [None if text is None else text.encode(errors="replace").decode() for text in column]
    return column


def _load(source: SourceFile, facts: TextFacts, fields: dict[str, _Place], *, by_line: bool) -> Loaded:
    taken = _by_block(source, fields) if by_line and facts.encoding in ("utf-8", "utf-8-sig") else None
    if taken is None:
        taken = _Taken(fields)
        taken.add(_records(source, facts, by_line=by_line))
    return taken.loaded()


def _by_block(source: SourceFile, fields: dict[str, _Place]) -> _Taken | None:
    """Take the columns from lines of UTF-8, many at once; None if lines end in other ways or one is too long."""
    taken, number = _Taken(fields), 0
    with source.open() as stream:
        while block := stream.read(min(_BLOCK, LONGEST_RECORD)):
            if not block.endswith(b"\n"):
                block += stream.readline(LONGEST_RECORD)
            if len(block) >= LONGEST_RECORD or block.count(b"\r") != block.count(b"\r\n"):
                return None
            lines = block.removesuffix(b"\n").split(b"\n")
            columns = _quick_columns(lines, block, fields)
            if columns is None:
                text = io.TextIOWrapper(io.BytesIO(block), encoding="utf-8", errors="surrogateescape")
                taken.add((number + row, value, fault) for row, value, fault in _by_line(text, _decoder))
            else:
                taken.add_columns(columns, number + 1, len(lines))
            number += len(lines)
    return taken


def _quick_columns(lines: list[bytes], block: bytes, fields: dict[str, _Place]) -> dict[str, list[str | None]] | None:
    """Return the columns of lines that are all plain records; None where one is not, or a number may have lost digits."""
    try:
        records = list(map(orjson.loads, lines))
    except orjson.JSONDecodeError:
        return None
    if set(map(type, records)) != {dict}:
        return None
    columns: dict[str, list[str | None]] = {}
    for name, place in fields.items():
        try:
            values: list[Any] = list(map(itemgetter(place.field), records))
        except KeyError:
            values = [record.get(place.field) for record in records]
        if place.inner:
            values = [value.get(place.inner) if isinstance(value, dict) else None for value in values]
        if not set(map(type, values)) <= _AS_THEY_ARE:
            values = [_quick_cell(value, lists=place.lists) for value in values]
            # Whole numbers keep their digits, but for that of nothing, which may have had a sign.
            if _UNSURE in values or ("0" in values and _SIGNED_ZERO.search(block)):
                return None
        columns[name] = values
    return columns


def _quick_cell(value: Any, *, lists: bool) -> str | None:
    """Do what :func:`_cell` does with a value that was read quickly."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | dict) and not (lists and value):
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _encode(value)
    return _UNSURE


@dataclass
class _Taken:
    """The columns that were taken from records so far, and what could not be used."""

    fields: dict[str, _Place]
    parts: list[pl.DataFrame] = field(default_factory=list)
    bad: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    read: int = 0

    def _pack(self, columns: dict[str, list[str | None]], rows: list[int] | pl.Series) -> None:
        schema = pl.Schema({**dict.fromkeys(self.fields, pl.String()), "row": pl.UInt32()})
        self.parts.append(pl.DataFrame({**columns, "row": rows}, schema=schema))

    def add_columns(self, columns: dict[str, list[str | None]], first: int, height: int) -> None:
        """Add the cells of records that stand in as many lines, from the line ``first`` on."""
        self.read += height
        self._pack(columns, pl.int_range(first, first + height, dtype=pl.UInt32, eager=True))

    def add(self, records: Iterator[tuple[int, Any, str]]) -> None:
        """Add the cells of records one by one."""
        columns: dict[str, list[str | None]] = {name: [] for name in self.fields}
        rows: list[int] = []

        def pack() -> None:
            self._pack({name: _clean(column) for name, column in columns.items()}, rows)
            for column in columns.values():
                column.clear()
            rows.clear()

        for row, record, fault in records:
            self.read += 1
            if fault:
                self.bad[fault] += 1
                if self.bad[fault] <= 5:
                    self.lines.setdefault(fault, []).append(row)
                continue
            for name, place in self.fields.items():
                columns[name].append(_cell(record, place))
            rows.append(row)
            if len(rows) == _BATCH:
                pack()
        pack()

    def loaded(self) -> Loaded:
        """Return all of it as one table."""
        dropped = tuple(Dropped(reason, count, tuple(self.lines[reason])) for reason, count in sorted(self.bad.items()))
        return Loaded(pl.concat(self.parts, rechunk=True), self.read, dropped)
