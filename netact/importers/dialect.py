"""How a text table is laid out, found in its first lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.mapping import ROLE_WORDS, fold, header_ends, is_value, looks_like_header, unique_names
from netact.importers.mending import Layout, is_header, learn, literal, split, unwrapped
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.importers.mapping import SourceOptions

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "whitespace"}
_SPOKEN = {
    "comma": Message("comma"),
    "semicolon": Message("semicolon"),
    "tab": Message("tab"),
    "pipe": Message("pipe"),
    "whitespace": Message("blanks"),
}
# In the order of preference where several fit; those further back are looked for only if none of the first fits.
_USUAL = (",", ";", "\t", "|", " ")
_RARE = ("\x01", "\x1f", "¦", "~", "^", "::", "||", ";;", ",,", "|~|", "~|~", "\t|\t", " | ", "->", "=>", ":", "/")
SAMPLE_ROWS = 1000
_MAX_PREAMBLE = 60
_TYPE_WORDS = frozenset(
    [
        "string",
        "str",
        "text",
        "varchar",
        "char",
        "object",
        "int",
        "integer",
        "bigint",
        "long",
        "number",
        "numeric",
        "float",
        "double",
        "real",
        "boolean",
        "bool",
        "date",
        "datetime",
        "timestamp",
        "time",
        "id",
        "category",
        "factor",
        "name",
        "unit",
        "units",
        "yyyy-mm-dd",
    ]
)


@dataclass(frozen=True)
class Dialect:
    """How the text is laid out."""

    delimiter: str
    quote: str
    escape: str | None
    header: bool
    names: tuple[str, ...]
    width: int
    lead: int  # lines before the first row of data, the header among them
    preamble: int  # of these, lines before the header
    comment: str | None  # the character that begins comment lines
    other_tables: tuple[int, int] | None  # first and last line of rows before the header that are a table too
    second_header: tuple[int, ...]  # lines right below the header that go on with it
    layout: Layout

    def described(self) -> dict[str, str]:
        """Return what the receipt says of it."""
        said = {
            "delimiter": NAMES.get(self.delimiter, self.delimiter),
            "quote": self.quote,
            "header": "yes" if self.header else "no",
        }
        if self.escape:
            said["escape"] = self.escape
        if self.comment:
            said["comment"] = self.comment
        if self.preamble:
            said["lines before the table"] = str(self.preamble)
        return said


@dataclass(frozen=True)
class Found:
    """A dialect, the rows of the sample and why."""

    dialect: Dialect
    rows: list[list[str]]  # well-formed rows of data
    records: list[list[str]]  # all rows of the sample, the header among them
    evidence: tuple[str, ...]


def find_dialect(lines: list[str], options: SourceOptions, *, file: str) -> Found:
    """Find the dialect of a text by its first lines.

    Raises
    ------
    ImportFileError
        If there is nothing but blank lines, or the text is no table.
    """
    evidence: list[str] = []
    place = 0
    while place < len(lines) and not lines[place].strip():
        place += 1
    if place == len(lines):
        raise NoInteractionsError(file, "the file holds only blank lines", remedy="export it again")
    told = _told_delimiter(options.delimiter, file=file)
    if sep := re.match(r'"?sep=([^\ud800-\udfff])"?\s*$', lines[place], flags=re.IGNORECASE):
        told, place = told or sep[1], place + 1
        evidence.append(Message("first line names the separator (sep=)"))
    comment, place, hidden_header = _comments(lines, place)
    body = lines[place:]
    if not any(line.strip() for line in body):
        raise NoInteractionsError(file, "holds no rows", remedy="export it again")
    wrapped = _wrapped(body)
    if wrapped:
        body = [unwrapped(line) for line in body]
    quote = _quote(body)
    if quote != '"' and _even_without(body, quote, told):
        quote = '"'
    delimiter = told or _choose_delimiter([hidden_header, *body] if hidden_header else body, quote)
    escape = _escape(body, delimiter, quote)
    records, starts = _records(body, delimiter, quote, escape)
    widths = [len(record) for record in records]
    width = _usual_width(records)
    skip = preamble = 0
    if hidden_header is not None:
        names = split(hidden_header, delimiter, quote, escape)[0]
        has_header = len(names) == width and options.header is not False
        if has_header:
            evidence.append(Message("column names in a comment line"))
    else:
        skip = _first_row(records, starts, width, options)
        preamble = starts[skip] if skip else 0
        names = records[skip]
        if header_ends(names) and len(names) != width:
            names, width = _header_of_other_width(names, records[skip + 1 :], width)
        rest = [record for record in records[skip + 1 : skip + 51] if len(record) == width]
        has_header = (
            options.header if options.header is not None else looks_like_header(names, rest, named=_named(options))
        )
        if options.header is None:
            evidence.append(
                Message("first row holds column names")
                if has_header
                else Message("first row looks like the others: no header")
            )
    if delimiter == " " and told is None and not header_ends(names):
        _refuse_prose(records, width, file=file)
    data_from = skip + (1 if has_header and hidden_header is None else 0)
    names = list(unique_names(names, width)) if has_header else [f"column {i + 1}" for i in range(width)]
    second: list[int] = []
    while has_header and len(second) < 3 and _goes_on(records, data_from, width):
        second.append(place + starts[data_from] + 1)
        data_from += 1
    rows = [record for record in records[data_from:] if len(record) == width][:SAMPLE_ROWS]
    rows = _own_rows(rows, names) if has_header else rows
    fits, gaps, free = learn(rows, width)
    layout = Layout(
        delimiter=delimiter, quote=quote, escape=escape, wrapped=wrapped, width=width, names=tuple(names) if has_header else (), comment=comment,
        fits=fits, gaps=gaps, free=free, dated=tuple(_dated([row[place] for row in rows]) for place in range(width)),
    )  # fmt: skip
    before = [
        n for n, record in zip(starts[:skip], records[:skip], strict=True) if sum(map(bool, map(str.strip, record))) > 1
    ]
    dialect = Dialect(
        delimiter=delimiter,
        quote=quote,
        escape=escape,
        header=has_header,
        names=tuple(names),
        width=width,
        lead=place + (starts[data_from] if data_from < len(starts) else len(body)),
        preamble=place + preamble,
        comment=comment,
        other_tables=(place + before[0] + 1, place + starts[skip]) if len(before) > 1 else None,
        second_header=tuple(second),
        layout=layout,
    )
    evidence.append(
        Message(
            "{rows:count} of the first {looked:count} rows have {width:count} columns by {delimiter}",
            rows=sum(w == width for w in widths),
            looked=len(widths),
            width=width,
            delimiter=_SPOKEN.get(NAMES.get(delimiter, ""), delimiter),
        )
    )
    return Found(dialect, rows, records, tuple(evidence))


def _named(options: SourceOptions) -> tuple[str | None, ...]:
    return (
        options.source, options.target, options.weight, options.time, options.kind_column, options.post_id, options.hashtags,
    )  # fmt: skip


def _told_delimiter(name: str | None, *, file: str) -> str | None:
    if name is None:
        return None
    by_name = {word: sign for sign, word in NAMES.items()} | {"\\t": "\t", "space": " ", "ws": " "}
    sign = by_name.get(name.casefold(), name)
    if not 0 < len(sign) <= 4 or set(sign) & set('\r\n"'):
        raise ImportFileError(
            file,
            f"{name!r} cannot separate columns",
            remedy=f"use one to four characters or one of {', '.join(NAMES.values())}",
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
            return sign, end, delimiter.join(name.strip() for name in names)
    # A handle may begin with the sign too (#tag,name): a comment has a blank after it or another number of columns.
    for delimiter in (",", ";", "\t", "|"):
        width = data.count(delimiter)
        if width and all(line.count(delimiter) == width and line[1:2] not in (" ", "\t") for line in commented):
            return None, place, None
    return sign, end, None


# ---------------------------------------------------------------- quotes and delimiters


def _quote(lines: list[str]) -> str:
    """Return the sign that encloses cells: single quotes and accents only where no double quote does."""
    first = [line for line in lines[:200] if line.strip()]
    if any(re.search(r'(^|[,;\t|~^:¦\x01])\s*"', line) for line in first):
        return '"'
    # In a record written by Python, a colon stands between cells in quotes that are no columns.
    signs = r",;\t|~^¦\x01" + ("" if any("{" in line for line in first) else ":")
    for sign in ("'", "`"):
        cell = rf"{sign}(?:[^{sign}]|{sign}{sign}|\\{sign})*{sign}"
        enclosed = rf"\s*{cell}(\s*[{signs}]\s*{cell})+\s*"
        some = rf"(^|[{signs}])\s*{sign}[^{sign}]+{sign}\s*([{signs}]|$)"
        whole = [line for line in first if re.fullmatch(enclosed, line)]
        partly = [line for line in first if re.search(some, line)]
        if first and len(whole) >= 0.9 * len(first) and whole:
            return sign
        if len(partly) >= 3 and len(partly) >= 0.5 * len(first):
            return sign
        # In names or texts only where they are needed: around a delimiter.
        needed = [
            line
            for line in partly
            if re.search(rf"(^|[{signs}])\s*{sign}[^{sign}]*[{signs}][^{sign}]*{sign}\s*([{signs}]|$)", line)
        ]
        if len(needed) >= 2 and '"' not in "".join(first):
            return sign
    return '"'


def _even_without(lines: list[str], quote: str, told: str | None) -> bool:
    """Whether all rows have as many columns when a sign is no quote, and it does not enclose every cell.

    Cells may hold lists in quotes of their own (``['a', 'b']``).
    """
    first = [line for line in lines[:200] if line.strip()]
    delimiter = told or _choose_delimiter(first, '"')
    if len({line.count(delimiter) for line in first}) != 1 or delimiter == " " or delimiter not in first[0]:
        return False
    cells = [cell.strip() for line in first for cell in line.split(delimiter) if cell.strip()]
    enclosed = sum(len(cell) > 1 and cell[0] == cell[-1] == quote for cell in cells)
    return enclosed < 0.2 * len(cells)


def _wrapped(lines: list[str]) -> bool:
    """Whether every row as a whole is in quotes, as when a table was taken for one column."""
    first = [line.strip() for line in lines[:200] if line.strip()]
    several = sum(bool(re.fullmatch(r'"([^"]|"")*[,;\t|]([^"]|"")*"', line)) for line in first)
    return len(first) > 1 and several == len(first)


def _escape(lines: list[str], delimiter: str, quote: str) -> str | None:
    r"""Return the backslash if rows fit better with ``\"`` or ``\,`` read as a part of the cell."""
    first = [line for line in lines[:400] if line.strip()]
    if delimiter == " " or not any("\\" + quote in line or "\\" + delimiter in line for line in first):
        return None
    scores = []
    for escape in (None, "\\"):
        records, _ = _records(first, delimiter, quote, escape)
        odd = sum(
            split(line, delimiter, quote, escape)[1] or split(line, delimiter, quote, escape)[2] for line in first
        )
        width = _usual_width(records)
        scores.append((sum(len(record) == width for record in records) - odd, escape))
    return "\\" if scores[1][0] > scores[0][0] else None


def _records(lines: Sequence[str], delimiter: str, quote: str, escape: str | None) -> tuple[list[list[str]], list[int]]:
    """Split sample lines into rows and say on which of the lines each begins."""
    records: list[list[str]] = []
    starts: list[int] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
            continue
        cells, still_open, _ = split(line, delimiter, quote, escape)
        begin = place
        if still_open:
            text, end = line, place
            for more in islice(lines, place + 1, place + 300):
                text += "\n" + more
                end += 1
                if quote not in more:
                    continue
                found, still_open, stray = split(text, delimiter, quote, escape)
                if stray:
                    break
                if not still_open:
                    cells, place = found, end
                    break
            if still_open or place == begin:
                cells = literal(line, delimiter, quote)
        records.append(cells)
        starts.append(begin)
        place += 1
    return records or [[""]], starts or [0]


def _choose_delimiter(lines: list[str], quote: str) -> str:
    """Choose the delimiter under which the rows agree best on their number of columns, two or more."""
    lines = [line for line in lines[:1000] if line.strip()]
    best: str | None = None
    best_score = (-1.0, -1.0, -1)
    for delimiters in (_USUAL, _RARE):
        for delimiter in delimiters:
            holding = sum(delimiter in line for line in lines)
            if (delimiter != " " and not holding) or (delimiters is _RARE and holding < 0.8 * len(lines)):
                continue
            if delimiter == " " and not any(re.search(r"[ \t][^\x1c-\x1f]*$", line) for line in lines):
                continue
            if delimiter == " " and any("\x1f" in line for line in lines):
                continue
            records, _ = _records(lines[:400], delimiter, quote, None)
            widths = [len(record) for record in records]
            width = _usual_width(records)
            if width < 2:
                continue
            share = widths.count(width) / len(widths)
            named = any(header_ends(record) for record in records[:_MAX_PREAMBLE] if len(record) == width)
            if delimiter == " " and best is not None and (best_score[0] or best_score[1] >= 0.8):
                continue  # blanks inside names are common; a real delimiter that fits wins
            score = (float(named), round(share, 1), width)
            if delimiters is _RARE and (share < 0.8 or (best is not None and not named)):
                continue
            if score > best_score:
                best, best_score = delimiter, score
        if best is not None and (best_score[0] or (best_score[1] >= 0.5 and best != " ")):
            break
    return _longer(best, lines) or best or ","


def _longer(sign: str | None, lines: Sequence[str]) -> str | None:
    """Return a delimiter of several signs if every line has it wherever it has ``sign``, or an arrow between words."""
    if sign is None:
        return None
    arrows = ("->", "=>") if sign == " " else ()
    several = [two for two in ("||", ";;", ",,", "::", "|~|", "~|~", "\t|\t") if sign in two]
    for longer in several:
        inside = longer.count(sign)
        if all(longer in line and line.count(longer) * inside == line.count(sign) for line in lines):
            return longer
    return next((arrow for arrow in arrows if all(arrow in line for line in lines)), None)


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    """Return the number of columns most rows of two or more columns have; delimiters at the end make no column."""
    widths = Counter(len(record) for record in records)
    if not widths:
        return 1
    width = max(widths, key=lambda w: (widths[w], w))
    several = {w: n for w, n in widths.items() if w >= 2}
    if width < 2 and several:
        width = max(several, key=lambda w: (several[w], w))
    return width


# ---------------------------------------------------------------- header


def _first_row(records: list[list[str]], starts: list[int], width: int, options: SourceOptions) -> int:
    """Return which record the table begins with: its header, or its first row of data if there is none.

    Before it may come prose (rows of another width or with empty cells) and other tables.
    """
    if header_ends(records[0]) and len(records[0]) > 1:
        return 0
    wanted = {fold(name) for name in _named(options) if name}
    rest = [record for record in records[1:400] if len(record) == width]
    fits, _, _ = learn(rest, width)
    no_data = len(rest) > 1 and any(
        fit is not None and cell.strip() and not fit(cell) for cell, fit in zip(records[0], fits, strict=False)
    )
    first_full = next(
        (n for n, record in enumerate(records) if len(record) == width and all(cell.strip() for cell in record)), 0
    )
    for place, record in enumerate(records):
        blank_before = place > 0 and starts[place] > starts[place - 1] + 1
        named = header_ends(record) or (bool(wanted) and wanted <= {fold(cell) for cell in record})
        if not named or len(record) < 2 or any(is_value(cell) for cell in record if cell.strip()):
            continue
        if place <= _MAX_PREAMBLE and place <= first_full:
            return place
        # After rows of data: only where another table begins, which the first one's header or a blank line shows.
        if blank_before or _names_things(records[first_full]) or len(records[first_full]) != len(record):
            return place
        if place < 4 and no_data:
            return place
    # No header with both ends: rows of prose before the first full row are passed over if most rows are full.
    prose = all(len(record) != width for record in records[:first_full])
    usual = 2 * sum(len(record) == width for record in records) > len(records)
    return first_full if first_full <= _MAX_PREAMBLE and prose and usual else 0


def _names_things(record: Sequence[str]) -> bool:
    folded = [fold(cell) for cell in record if cell.strip()]
    return len(folded) > 1 and sum(word in ROLE_WORDS for word in folded) > 1


def _header_of_other_width(names: list[str], records: list[list[str]], width: int) -> tuple[list[str], int]:
    """Settle the width where the header has other cells than most rows below it."""
    while names and not names[-1].strip():
        names = names[:-1]
    below = [record for record in records[:200] if record]
    if below and len(names) == width - 1:
        usual = [record for record in below if len(record) == width]
        if usual and all(not record[-1].strip() for record in usual):
            return names, len(names)  # delimiters at the end of the rows only
        firsts = [record[0].strip() for record in usual]
        if len(usual) >= 0.9 * len(below) and len(set(firsts)) == len(firsts) and _counts_up(firsts):
            return ["", *names], width  # R leaves the names of the rows without a column name
    return names, len(names)


def _counts_up(cells: list[str]) -> bool:
    return (
        bool(cells)
        and all(cell.isascii() and cell.isdigit() for cell in cells)
        and ([int(cell) for cell in cells] == list(range(int(cells[0]), int(cells[0]) + len(cells))))
    )


def _goes_on(records: list[list[str]], place: int, width: int) -> bool:
    """Whether a row below the header is a part of it: types or units, where rows below hold numbers and dates."""
    if place + 1 >= len(records):
        return False
    cells = [cell.strip() for cell in records[place]]
    filled = [cell for cell in cells if cell]
    if len(cells) != width or not filled:
        return False
    if all(re.sub(r"[\s_()\[\]<>:]+", "", cell).casefold() in _TYPE_WORDS for cell in filled):
        return True
    below = [record for record in records[place + 1 : place + 201] if len(record) == width]
    if len(below) < 3 or any(is_value(cell) for cell in filled):
        return False
    # Names with a blank or a quote above names without are a row like the others.
    if not any(_dated([record[place].strip() for record in below]) for place in range(width)):
        return False
    fits, _, _ = learn(below, width)
    off = [cell for cell, fit in zip(cells, fits, strict=True) if cell and fit is not None and not fit(cell)]
    return len(off) >= 2 or (len(off) == 1 and len(filled) < width)


def _own_rows(rows: list[list[str]], names: Sequence[str]) -> list[list[str]]:
    """Return the rows before another table begins, without repeats of the header."""
    own: list[list[str]] = []
    folded = [fold(name) for name in names]
    for row in rows:
        if [fold(cell) for cell in row] == folded:
            continue
        if len(own) > 0 and is_header(row, after_blank=False):
            break
        own.append(row)
    return own


def _dated(cells: list[str]) -> bool:
    """Whether every filled cell has a digit, as numbers and dates do."""
    return any(cells) and all(re.search(r"\d", cell) for cell in cells if cell)


def _refuse_prose(records: list[list[str]], width: int, *, file: str) -> None:
    """Refuse running text, which blanks also split into columns."""
    fitting = [record for record in records if len(record) == width]
    numeric = any(all(re.fullmatch(r"[-+\d.,:eE]+", row[place]) for row in fitting) for place in range(width))
    if len(fitting) < 0.7 * len(records) or (width > 3 and not numeric):
        raise NoInteractionsError(
            file,
            "this text is not a table; its lines split into words, not columns",
            remedy="pass --delimiter if it is one",
        )
