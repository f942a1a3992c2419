"""Rows of a text table that are not as they should be: read as they were most likely meant, and counted.

A row is mended only if one reading fits what the columns hold in the rows that are well formed; otherwise it is
dropped with its reason. Nothing here looks at what a column is called.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from netact.importers.mapping import HEADER_WORDS, KIND_WORDS, OTHER_ACTS, RARE_HEADER_WORDS, fold, header_ends
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

TOO_FEW, TOO_MANY = Message("too few columns"), Message("too many columns")
BROKEN_QUOTES, NOT_UTF8 = Message("broken quotes"), Message("not valid UTF-8")
OTHER_TABLE = Message("in another table of the file")
HEADER_AGAIN = Message("repeats the column names")
OTHER_DELIMITER = Message("another delimiter")
LINE_BREAK = Message("a line break in a cell")

DELIMITERS = (",", ";", "\t", "|", " ")
_CHUNK = 50_000
_FOLDED = {ord(sign): None for sign in " \t_-.#\"'\ufeff\u200b"}
_MOST_LINES = 2000  # of one cell
_MOST_CELL = 16 << 20

_NUMBER = re.compile(r"\s*[-+]?(\d[\d.,\u00a0 ]*|[.,]\d+)([eE][-+]?\d+)?\s*")
_DATE = re.compile(
    r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} )([,T ][^\"]*)?\s*"
)
_ACTS = frozenset(KIND_WORDS) | OTHER_ACTS | {"directed", "undirected", "mixed"}


@dataclass(frozen=True)
class Layout:
    """How rows are cut into cells, and what the columns hold."""

    delimiter: str  # one character or several; a blank stands for any run of blanks and tabs
    quote: str
    escape: str | None  # the character before a quote that is part of a cell; None if such quotes are doubled
    width: int
    wrapped: bool = False  # every row as a whole is in quotes
    names: tuple[str, ...] = ()  # of the header, empty if there is none
    comment: str | None = None
    fits: tuple[Callable[[str], bool] | None, ...] = ()  # by column; None where anything fits
    gaps: tuple[bool, ...] = ()  # columns that are empty in some well-formed row
    free: tuple[bool, ...] = ()  # columns of running text, where a delimiter may have been left without quotes
    dated: tuple[bool, ...] = ()  # columns of numbers or dates


@dataclass
class Read:
    """What became of the rows."""

    frame: pl.DataFrame
    rows: int
    dropped: tuple[Dropped, ...]
    mended: tuple[tuple[str, int, tuple[int, ...]], ...]  # reason, rows, first lines


@dataclass
class _Tally:
    lines: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, line: int) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        first = self.lines.setdefault(reason, [])
        if len(first) < 5:
            first.append(line)


# ---------------------------------------------------------------- cells


def split_blanks(line: str) -> list[str]:
    """Split at blanks; a Python dictionary at the end (edge lists written by networkx) stays one cell."""
    cells = line.split(None, 2)
    if len(cells) == 3 and cells[2].startswith("{"):
        return [*cells[:2], cells[2].rstrip()]
    if '"' not in line:
        return line.split()
    # Names in quotes may hold blanks, as in tables written by R.
    try:
        row = next(csv.reader([line.strip().replace("\t", " ")], delimiter=" ", skipinitialspace=True), [])
    except csv.Error:
        row = line.split()
    return [cell for cell in row if cell] or [""]


def split(line: str, delimiter: str, quote: str, escape: str | None) -> tuple[list[str], bool, bool]:
    """Cut a row into cells; also say whether a quote stays open, and whether quotes stand where they should not.

    A quote ends a cell only before a delimiter or the end of the row; elsewhere in a quoted cell it belongs to the cell.
    """
    if delimiter == " ":
        return split_blanks(line), False, False
    if (not quote or quote not in line) and (escape is None or escape not in line):
        return line.split(delimiter), False, False
    cells: list[str] = []
    place, end, stray = 0, len(line), False
    while True:
        start = place
        while start < end and line[start] in " \t" and not line.startswith(delimiter, start):
            start += 1
        if quote and line.startswith(quote, start):
            cell, after, closed, odd = _quoted(line, start + 1, delimiter, quote, escape)
            stray |= odd
            cells.append(cell)
            if not closed:
                return cells, True, stray
            if after >= end:
                return cells, False, stray
            place = after + len(delimiter)
            continue
        after = line.find(delimiter, place)
        if escape is not None:
            while after > 0 and line[after - 1] == escape:
                after = line.find(delimiter, after + len(delimiter))
        cell = line[place:] if after < 0 else line[place:after]
        stray |= bool(quote) and quote in cell
        if escape is not None and escape in cell:
            cell = cell.replace(escape + delimiter, delimiter).replace(escape + quote, quote)
        cells.append(cell)
        if after < 0:
            return cells, False, stray
        place = after + len(delimiter)


def _quoted(line: str, place: int, delimiter: str, quote: str, escape: str | None) -> tuple[str, int, bool, bool]:
    """Return a quoted cell, where it ends, whether it ends at all and whether a quote in it is neither doubled nor escaped."""
    parts: list[str] = []
    odd, end = False, len(line)
    while True:
        at = line.find(quote, place)
        slash = line.find(escape, place) if escape else -1
        if 0 <= slash < (at if at >= 0 else end):
            parts += [line[place:slash], line[slash + 1 : slash + 2]]
            place = slash + 2
            continue
        if at < 0:
            parts.append(line[place:])
            return "".join(parts), end, False, odd
        if line.startswith(quote, at + 1):
            parts.append(line[place : at + 1])
            place = at + 2
            continue
        after = at + 1
        while after < end and line[after] in " \t" and not line.startswith(delimiter, after):
            after += 1
        if after >= end or line.startswith(delimiter, after):
            parts.append(line[place:at])
            return "".join(parts), after, True, odd
        parts.append(line[place : at + 1])
        place, odd = at + 1, True


def unwrapped(line: str) -> str:
    """Take off the quotes around a whole row."""
    bare = line.strip()
    return bare[1:-1].replace('""', '"') if len(bare) > 1 and bare[0] == bare[-1] == '"' else line


def literal(line: str, delimiter: str, quote: str) -> list[str]:
    """Cut a row at every delimiter and take off quotes at the edges of cells."""
    return [cell.strip().strip(quote) if quote in cell else cell for cell in line.split(delimiter)]


# ---------------------------------------------------------------- what columns hold


def learn(
    rows: Sequence[Sequence[str]], width: int
) -> tuple[tuple[Callable[[str], bool] | None, ...], tuple[bool, ...], tuple[bool, ...]]:
    """Return what fits each column, which have gaps and which hold running text, told by well-formed rows."""
    fits: list[Callable[[str], bool] | None] = []
    gaps, free = [], []
    for place in range(width):
        cells = [cell for row in rows if (cell := row[place].strip())]
        gaps.append(len(cells) < len(rows))
        fits.append(_fitting(cells))
        blanks = sum(" " in cell for cell in cells)
        free.append(fits[-1] is None and blanks >= max(1, 0.1 * len(cells)))
    return tuple(fits), tuple(gaps), tuple(free)


def _fitting(cells: list[str]) -> Callable[[str], bool] | None:
    if not cells:
        return None
    most = 0.9 * len(cells)
    if sum(map(bool, map(_NUMBER.fullmatch, cells))) >= most:
        longest = max(map(len, cells)) + 3
        return lambda cell: _NUMBER.fullmatch(cell) is not None and len(cell) <= longest
    if sum(map(bool, map(_DATE.fullmatch, cells))) >= most:
        return lambda cell: _DATE.fullmatch(cell) is not None
    if sum(fold(cell) in _ACTS for cell in cells) >= most:
        return lambda cell: fold(cell) in _ACTS
    if sum(" " in cell or "\t" in cell or "\n" in cell for cell in cells) > 0.02 * len(cells):
        return None
    numbers = any(map(_NUMBER.fullmatch, cells))
    inner = {sign for sign in ',;|"' if any(sign in cell for cell in cells)}

    def token(cell: str) -> bool:
        return (
            not re.search(r"\s", cell.strip())
            and (numbers or not _NUMBER.fullmatch(cell))
            and not _DATE.fullmatch(cell)
            and fold(cell) not in _ACTS
            and all(sign in inner or sign not in cell for sign in ',;|"')
        )

    return token if all(map(token, cells[:200])) else None


def is_header(cells: Sequence[str], *, after_blank: bool) -> bool:
    """Whether a row in the middle of a file holds column names: nothing but words that headers are made of."""
    words = [fold(cell) for cell in cells if cell.strip()]
    if len(words) < 2 or len(set(words)) < len(words) or any(map(_NUMBER.fullmatch, cells)):
        return False
    known = sum(word in HEADER_WORDS for word in words)
    if known == len(words):
        return len(words) >= 3 or after_blank or header_ends(list(cells))
    return (after_blank or (known >= 3 and header_ends(list(cells)))) and known >= 2


# ---------------------------------------------------------------- rows


def read_rows(lines: Iterable[tuple[int, str]], layout: Layout, wanted: Sequence[int], names: Sequence[str]) -> Read:
    """Read the wanted columns of numbered lines, mending what can be mended.

    Parameters
    ----------
    lines
        (number, text without its line end) of all lines from the first row of data on.
    wanted, names
        Places of the columns to keep, and what to call them.
    """
    dropped, mended = _Tally(), _Tally()
    frames: list[pl.DataFrame] = []
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    schema = {**dict.fromkeys(names, pl.String), "row": pl.UInt32}
    kept = 0
    order: Sequence[int] = wanted
    elsewhere = False  # inside another table
    own = {name.translate(_FOLDED).lower() for name in layout.names}
    limit = csv.field_size_limit(1 << 30)

    def flush() -> None:
        columns = zip(*rows, strict=True) if rows else [[] for _ in names]
        data = {name: [cell or None for cell in column] for name, column in zip(names, columns, strict=True)}
        frames.append(pl.DataFrame({**data, "row": numbers}, schema=schema))
        rows.clear()
        numbers.clear()

    try:
        for number, cells, fault, mend, blank in _records(lines, layout):
            if cells is None:
                dropped.add(OTHER_TABLE if elsewhere else fault, number)
                continue
            head = cells[0].translate(_FOLDED).lower()
            if head in own and _same(cells, layout.names):
                dropped.add(HEADER_AGAIN, number)
                order, elsewhere = wanted, False
                continue
            moved = _moved(cells, layout.names) if head in own else None
            if moved is not None or ((blank or head in RARE_HEADER_WORDS) and is_header(cells, after_blank=blank)):
                if moved is not None:
                    dropped.add(HEADER_AGAIN, number)
                    order, elsewhere = [moved[place] for place in wanted], False
                else:
                    dropped.add(OTHER_TABLE, number)
                    elsewhere = True
                continue
            if elsewhere:
                dropped.add(OTHER_TABLE, number)
                continue
            if fault:
                dropped.add(fault, number)
                continue
            row = tuple([cells[place] for place in order])
            if not all(map(str.isascii, row)) and any("\udc80" <= sign <= "\udcff" for cell in row for sign in cell):
                dropped.add(NOT_UTF8, number)
                continue
            if mend:
                mended.add(mend, number)
            rows.append(row)
            numbers.append(number)
            kept += 1
            if len(rows) >= _CHUNK:
                flush()
    finally:
        csv.field_size_limit(limit)
    flush()
    return Read(
        pl.concat(frames, rechunk=True),
        kept + sum(dropped.counts.values()),
        tuple(Dropped(reason, n, tuple(dropped.lines[reason])) for reason, n in dropped.counts.items()),
        tuple((reason, n, tuple(mended.lines[reason])) for reason, n in mended.counts.items()),
    )


def _same(cells: Sequence[str], names: Sequence[str]) -> bool:
    return [fold(cell) for cell in cells] == [fold(name) for name in names]


def _moved(cells: Sequence[str], names: Sequence[str]) -> dict[int, int] | None:
    """Return where the columns of another header stand if it has the same names in another order, else None."""
    there = {fold(cell): place for place, cell in enumerate(cells)}
    here = [fold(name) for name in names]
    if not here or len(there) != len(here) or set(there) != set(here):
        return None
    return {place: there[name] for place, name in enumerate(here)}


_Record = tuple[int, "list[str] | None", str, str, bool]  # line, cells, fault, how it was mended, after a blank line


def _records(lines: Iterable[tuple[int, str]], layout: Layout) -> Iterator[_Record]:
    """Yield the rows; of a row that does not fit the cells as far as they can be told, with the fault."""
    delimiter, quote, escape, width = layout.delimiter, layout.quote, layout.escape, layout.width
    ahead: deque[tuple[int, str]] = deque()
    stream = iter(lines)
    blank = False
    simple = delimiter != " "
    # A first empty cell is as good as others: rows are never stripped.
    while True:
        if ahead:
            number, line = ahead.popleft()
        else:
            following = next(stream, None)
            if following is None:
                return
            number, line = following
        if not line or (line.isspace() and not (delimiter == "\t" and width > 1 and line.count("\t") == width - 1)):
            blank = True
            continue
        if layout.comment and line.startswith(layout.comment):
            continue
        after_blank, blank = blank, False
        if simple and quote not in line and (escape is None or escape not in line):
            cells = line.split(delimiter)
            if len(cells) == width:
                yield number, cells, "", "", after_blank
                continue
            fault, mend = "", ""
        elif simple:
            cells, fault, mend = _with_quotes(line, ahead, stream, layout)
            if fault and (found := _by_another(line, layout)):
                cells, fault, mend = found, "", OTHER_DELIMITER
        else:
            cells, fault, mend = split_blanks(line), "", ""
        if not fault and len(cells) != width:
            cells, fault, why = _mended(line, cells, ahead, stream, layout)
            mend = mend or why
        yield number, cells, fault, mend, after_blank


def _with_quotes(
    line: str, ahead: deque[tuple[int, str]], stream: Iterator[tuple[int, str]], layout: Layout
) -> tuple[list[str], str, str]:
    """Cut a row with quotes, which may go on in the lines after it."""
    delimiter, quote, escape, width = layout.delimiter, layout.quote, layout.escape, layout.width
    if quote and line.count(quote) % 2 == 0 and escape is None and len(delimiter) == 1:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, quotechar=quote, strict=True))
        except csv.Error:
            cells = []
        if len(cells) == width and not any(quote in cell for cell in cells):
            return cells, "", ""
    cells, still_open, stray = split(line, delimiter, quote, escape)
    if not still_open:
        if not stray and len(cells) == width:
            return cells, "", ""
        if stray or line.count(quote) % 2:
            return _without_quotes(line, cells, layout)
        return cells, "", ""
    # Lines are joined only if the result is a well-formed row; else the quote is a stray one.
    text, taken, size = line, 0, len(line)
    while taken < _MOST_LINES * width and size < _MOST_CELL:
        if taken == len(ahead):
            following = next(stream, None)
            if following is None:
                break
            ahead.append(following)
        more = ahead[taken][1]
        text += "\n" + more
        size += len(more)
        taken += 1
        if quote not in more:
            continue
        found, still_open, stray = split(text, delimiter, quote, escape)
        if stray:
            break
        if not still_open:
            if len(found) != width or _all_rows([line, *(ahead[k][1] for k in range(taken))], layout):
                break
            for _ in range(taken):
                ahead.popleft()
            return found, "", ""
    return _without_quotes(line, cells, layout, lost=True)


def _without_quotes(line: str, cells: list[str], layout: Layout, *, lost: bool = False) -> tuple[list[str], str, str]:
    """Read a row whose quotes stand where they should not: without those at the edges of cells.

    A quote within a cell is left where the column holds running text; elsewhere it makes the row unreadable.
    """
    ways = [literal(line, layout.delimiter, layout.quote)]
    for found in ways if lost else [cells, *ways]:
        if len(found) != layout.width:
            continue
        bare = [
            cell.strip().strip(layout.quote) if layout.quote in cell and not free else cell
            for cell, free in zip(found, layout.free, strict=True)
        ]
        odd = any(layout.quote in cell and not free for cell, free in zip(bare, layout.free, strict=True))
        if not odd and _fits(bare, layout):
            return bare, "", BROKEN_QUOTES if bare != cells or lost else ""
    return (cells, "", "") if not lost and len(cells) != layout.width else (cells, BROKEN_QUOTES, "")


def _all_rows(lines: list[str], layout: Layout) -> bool:
    """Whether each of several lines is a row of four or more columns by itself, so that a quote around them is a stray one."""
    return layout.width >= 4 and all(
        len(literal(line, layout.delimiter, layout.quote)) == layout.width for line in lines
    )


def _fits(cells: Sequence[str], layout: Layout) -> bool:
    """Whether every cell is as those of its column are, and none is empty where none else is."""
    return all(
        (fit is None or fit(cell)) if cell.strip() else gap or fit is None
        for cell, fit, gap in zip(cells, layout.fits, layout.gaps, strict=True)
    )


def _typed(layout: Layout) -> bool:
    return any(fit is not None for fit in layout.fits)


def _mended(
    line: str, cells: list[str], ahead: deque[tuple[int, str]], stream: Iterator[tuple[int, str]], layout: Layout
) -> tuple[list[str], str, str]:
    """Return the cells of a row of another width as they were most likely meant, the fault if that cannot be told, and how."""
    width, delimiter = layout.width, layout.delimiter
    n = len(cells)
    if n > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width], "", ""  # delimiters at the end
    if n == 1 and delimiter != " ":
        # The whole row in quotes, or a part of the file with another delimiter.
        inner, still_open, stray = split(cells[0], delimiter, layout.quote, layout.escape)
        if len(inner) == width and not still_open and not stray and cells[0] != line:
            return inner, "", BROKEN_QUOTES
    if n < width:
        if (found := _by_another(line, layout)) is not None:
            return found, "", OTHER_DELIMITER
        if (joined := _joined(cells, ahead, stream, layout)) is not None:
            return joined, "", LINE_BREAK
        padded = [*cells, *[""] * (width - n)]
        # Spreadsheets leave out empty cells at the end; but the last line of a file may have been cut off.
        gaps = all(layout.gaps[n:]) or (all(layout.free[n:]) and _more_follows(ahead, stream))
        if n > 1 and gaps and _fits([*cells, *["" if gap else "x" for gap in layout.gaps[n:]]], layout):
            return padded, "", TOO_FEW
        return cells, TOO_FEW, ""
    fewer = _without_extra(cells, layout)
    if fewer is not None:
        return fewer, "", TOO_MANY
    return cells, TOO_MANY, ""


def _by_another(line: str, layout: Layout) -> list[str] | None:
    """Return the cells of a row that has another delimiter than the others, as part of a file may."""
    if layout.width < 2 or not _typed(layout):
        return None
    for other in DELIMITERS:
        if other != layout.delimiter and other in line:
            found, still_open, _ = split(line, other, layout.quote, layout.escape)
            if len(found) == layout.width and not still_open and (_fits(found, layout) or _same(found, layout.names)):
                return found
    return None


def _more_follows(ahead: deque[tuple[int, str]], stream: Iterator[tuple[int, str]]) -> bool:
    if not ahead and (following := next(stream, None)) is not None:
        ahead.append(following)
    return bool(ahead)


def _joined(
    cells: list[str], ahead: deque[tuple[int, str]], stream: Iterator[tuple[int, str]], layout: Layout
) -> list[str] | None:
    """Join a row that is too short with the line after it, if a line break in a cell of running text explains both."""
    n = len(cells)
    if not any(layout.free) or layout.delimiter == " " or not layout.free[n - 1]:
        return None
    if not ahead:
        following = next(stream, None)
        if following is None:
            return None
        ahead.append(following)
    more, still_open, _ = split(ahead[0][1], layout.delimiter, layout.quote, layout.escape)
    if still_open or len(more) + n - 1 != layout.width:
        return None
    found = [*cells[:-1], f"{cells[-1]}\n{more[0]}", *more[1:]]
    if not _fits(found, layout):
        return None
    ahead.popleft()
    return found


def _without_extra(cells: list[str], layout: Layout) -> list[str] | None:
    """Take the extra cells of a row for part of its running text, or for one delimiter too many, if only one way fits."""
    width, n = layout.width, len(cells)
    if n > 4 * width + 50 or not _typed(layout):
        return None
    extra = n - width
    ways: list[list[str]] = []
    for place in range(width):
        if layout.free[place]:
            text = layout.delimiter.join(cells[place : place + extra + 1])
            found = [*cells[:place], text, *cells[place + extra + 1 :]]
            if _fits(found, layout):
                ways.append(found)
    if extra == 1:
        for place, cell in enumerate(cells):
            if not cell.strip():
                found = cells[:place] + cells[place + 1 :]
                if _fits(found, layout):
                    ways.append(found)
    # Ways that differ in nothing but running text are as good as one.
    told = {tuple(cell for cell, free in zip(way, layout.free, strict=True) if not free) for way in ways}
    return ways[-1] if len(told) == 1 else None
