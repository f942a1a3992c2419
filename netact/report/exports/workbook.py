"""One Excel workbook with all tables, a codebook and a page that says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from netact.report.exports.codebook import codebook
from netact.report.exports.columns import UNITS, Column
from netact.report.exports.graph_parts import write_lines
from netact.report.exports.result_tables import Table, lists_joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from netact.report.content import Content
    from netact.report.exports.columns import Unit

# What a sheet can hold, and what a cell can.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
# A sheet with more cells opens on few machines: the file beside the workbook holds the rest.
MOST_CELLS = 2_000_000
_ABOVE = 2  # a row that says what the sheet shows, and an empty one

_SHARE, _P, _COUNT, _DECIMAL = "0.0%", '[<0.0001]"< 0.0001";0.0000', "#,##0", "#,##0.000"
_FORMATS: dict[Unit, str] = {
    "share": _SHARE, "p-value": _P, "q-value": _P, "count": _COUNT, "number": "0", "index": "0.000", "ratio": "0.00",
    "weight": "#,##0.##", "value": "General", "days": "0.00", "hours": "0.00", "seconds": "0.0", "nats": "0.0000",
    "per day": "0.000", "position": "0.000", "time (UTC)": "yyyy-mm-dd hh:mm:ss",
}  # fmt: skip
_WIDEST, _NARROWEST, _LINE = 60, 9, 100
_LOOKED_AT = 200  # rows that decide how wide a column is
# Not allowed in the XML of a workbook.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Texts that may not stand in a cell as they are, and from which length that has to be asked.
_SPECIAL = r"[&<>\x00-\x1f\x{fffe}\x{ffff}]|_x|^\s|\s$|^[=+\-@]"
_SHORT = 10_000
_AT_ONCE = 50_000
# How hard the workbook is packed: the least takes a third of the time, for a file that is a quarter larger.
_LEVEL = 1
# Up to so many rows the library's calls take less time than text by columns.
FEW_ROWS = 200
# Days from the first of a workbook, 31 December 1899, to 1 January 1970; seconds of a day.
_UNIX_DAY, _DAY = 25_568, 86_400
_INLINE = ' t="inlineStr"><is><t>', "</t></is></c>"


def write_workbook(content: Content, tables: Sequence[Table], accounts: Table, path: Path) -> None:
    """Write the workbook.

    Texts are written as texts: none is a formula or a link, whatever it begins with. Cells that a program would take
    for a formula when the sheet is saved as CSV get a leading apostrophe, as in accounts.csv.

    Parameters
    ----------
    content
        What the report holds.
    tables
        One sheet each.
    accounts
        All accounts; the sheet says so where there are more than it can hold.
    path
        File to write.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _FORMATS["time (UTC)"],
    }
    outline, filled = BytesIO(), {}
    with xlsxwriter.Workbook(outline, options) as book:
        # The time of writing would make two runs of the same study differ.
        book.set_properties({"title": _text(content.study.title), "comments": "Made by netact", "created": _EPOCH})
        styles = _Styles(book)
        _read_me(book, styles, content, [*tables, accounts])
        codes = codebook([*tables, accounts])
        filled["Codebook"] = _sheet(book, styles, "Codebook", codes, {}, "What every column holds", wrap=True)
        for table in [*tables, accounts]:
            filled[table.name] = _sheet(book, styles, table.name, table.frame, table.columns, table.declared.title)
        numbers = {sheet.get_name(): number for number, sheet in enumerate(book.worksheets(), start=1)}
    pack(outline, {f"xl/worksheets/sheet{numbers[name]}.xml": rows for name, rows in filled.items()}, path)


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "bg_color": "#EEF1F5"})
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.head_of_numbers = book.add_format(
            {"bold": True, "bottom": 1, "valign": "top", "bg_color": "#EEF1F5", "align": "right"}
        )
        self.text = book.add_format({"valign": "top", "indent": 1})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True, "indent": 1})
        self._book = book
        self._numbers: dict[str, Any] = {}

    def of(self, unit: Unit, *, whole: bool) -> Any:
        """Return the format of a unit."""
        number = _FORMATS.get(unit, "General")
        if unit in ("count", "value") and not whole:
            number = _DECIMAL if unit == "count" else "0.0000"
        if number not in self._numbers:
            self._numbers[number] = self._book.add_format({"num_format": number, "valign": "top"})
        return self._numbers[number]


def _text(value: str) -> str:
    """Return a text that a cell can hold and no program runs."""
    text = _UNWRITABLE.sub("", value)
    if re.match(r"[\s\x00]*[=+\-@\t\r]", text):
        text = "'" + text
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _sheet(
    book: xlsxwriter.Workbook,
    styles: _Styles,
    name: str,
    frame: pl.DataFrame,
    columns: Mapping[str, Column],
    title: str,
    *,
    wrap: bool = False,
) -> Rows:
    sheet = book.add_worksheet(name)
    frame = lists_joined(frame)
    fits = max(1, min(MOST_ROWS - _ABOVE - 1, MOST_CELLS // max(1, frame.width)))
    shown = frame.head(fits)
    formats, heads = [], []
    for number, column in enumerate(frame.columns):
        unit = columns[column].unit if column in columns else "text"
        kind = frame.schema[column]
        textual = kind in (pl.String, pl.Boolean)
        formats.append(
            (styles.wrapped if wrap else styles.text) if textual else styles.of(unit, whole=kind.is_integer())
        )
        heads.append(styles.head if textual else styles.head_of_numbers)
        sheet.set_column(number, number, _width(column, shown[column].head(_LOOKED_AT).to_list(), wrap=wrap))
    cut = "" if shown.height == frame.height else (
        f". The first {shown.height:,} of {frame.height:,} rows, so that the workbook opens; the CSV and Parquet files hold all"
    )  # fmt: skip
    sheet.write_string(0, 0, _text(title + cut), styles.title)
    for number, column in enumerate(frame.columns):
        sheet.write_string(_ABOVE, number, _text(column), heads[number])
    sheet.freeze_panes(_ABOVE + 1, 1)
    _printed(sheet)
    sheet.repeat_rows(_ABOVE)
    sheet.autofilter(_ABOVE, 0, _ABOVE + max(1, shown.height), frame.width - 1)
    return outlined(sheet, shown, formats, first=_ABOVE + 1)


def _printed(sheet: Any) -> None:
    """Print a sheet across one page, in the broad direction."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, value, style)
        case int() | float():
            # Whole numbers beyond this would be rounded: their digits are kept as text.
            if isinstance(value, int) and abs(value) > 2**53:
                sheet.write_string(row, column, str(value), style)
            else:
                sheet.write_number(row, column, value, style)
        case datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
        case date():
            sheet.write_datetime(row, column, value, style)
        case _:
            sheet.write_string(row, column, _text(str(value)), style)


@dataclass(frozen=True, eq=False)
class Rows:
    """A table that is to stand in a sheet.

    Attributes
    ----------
    frame
        The table.
    first
        Row of the sheet, counted from 0, in which the first of the table stands.
    last
        Row of the table, counted from 0, that is the last to hold anything; -1 if none does, or all are written.
    """

    frame: pl.DataFrame
    first: int
    last: int


def outlined(sheet: Any, frame: pl.DataFrame, formats: Sequence[Any], *, first: int) -> Rows:
    """Write of a table the last row and the first cell of each column, by the library's own calls; all of one of few rows.

    One call a cell takes longer than everything else that a report writes. So the rest is put in by :func:`pack`, which
    learns from these cells which number each format has: it gets one when it is first used, row by row.
    """
    if frame.height <= FEW_ROWS:
        for row, values in enumerate(frame.iter_rows(), start=first):
            for at, value in enumerate(values):
                _write(sheet, row, at, value, formats[at])
        return Rows(frame, first, -1)
    filled = {at: frame.to_series(at).is_not_null().arg_true() for at in range(frame.width)}
    used = [at for at, rows in filled.items() if len(rows)]
    last = max((int(filled[at][-1]) for at in used), default=-1)
    for row, at in sorted((int(filled[at][0]), at) for at in used if filled[at][0] < last):
        _write(sheet, first + row, at, frame.item(row, at), formats[at])
    for at, value in enumerate(frame.row(last) if used else ()):
        _write(sheet, first + last, at, value, formats[at])
    return Rows(frame, first, last)


def pack(outline: BytesIO, filled: Mapping[str, Rows], path: Path) -> None:
    """Write a workbook of whose tables only the outline stands, with all their rows.

    A test compares what comes out with what the library's calls write.

    Parameters
    ----------
    outline
        The workbook of the library.
    filled
        Path of a sheet in it -> its table, as :func:`outlined` gave it.
    path
        File to write.
    """
    with ZipFile(outline) as sheets, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for part in sheets.infolist():
            content, rows = sheets.read(part), filled.get(part.filename)
            with book.open(part.filename, "w") as stream:
                if rows is None or rows.last < 1:
                    stream.write(content)
                else:
                    _fill(content.decode(), rows, stream)


# Rows of a sheet and what they hold: a sharp bracket in a text is written otherwise.
_ROW = re.compile(r'<row r="([0-9]+)".*?</row>', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)[0-9]+" s="([0-9]+)"')


def _fill(sheet: str, rows: Rows, stream: IO[bytes]) -> None:
    """Write a sheet with the rows above the last of its table in place of their outline."""
    known = [row for row in _ROW.finditer(sheet) if rows.first < int(row[1]) <= rows.first + rows.last]
    if not known:
        stream.write(sheet.encode())
        return
    styles = {letters: number for row in known for letters, number in _CELL.findall(row[0])}
    stream.write(sheet[: known[0].start()].encode())
    for start in range(0, rows.last, _AT_ONCE):
        part = rows.frame.slice(start, min(_AT_ONCE, rows.last - start))
        buffer = BytesIO()
        write_lines(_row_texts(part, styles, above=rows.first + start), buffer, end="")
        stream.write(buffer.getbuffer())
    stream.write(sheet[known[-1].end() :].encode())


def _row_texts(part: pl.DataFrame, styles: Mapping[str, str], *, above: int) -> pl.DataFrame:
    """Return the rows of a part of a table that hold anything, as they stand in a sheet below ``above`` others."""
    row = pl.int_range(above + 1, above + 1 + part.height, eager=True).cast(pl.String).alias("row")
    pieces: list[str | pl.Expr] = ['<row r="', pl.col("row"), '">']
    values, held = [row], []
    for at, column in enumerate(part.iter_columns()):
        letters = xl_col_to_name(at)
        if letters not in styles or column.null_count() == part.height:
            continue
        before, value, after = _cells(column, styles[letters])
        values.append(value.alias(letters))
        cell: list[str | pl.Expr] = [f'<c r="{letters}', pl.col("row"), before, pl.col(letters), after]
        held.append(pl.col(letters).is_not_null())
        if value.null_count():
            pieces.append(pl.when(held[-1]).then(_joined(cell)).otherwise(pl.lit("")))
        else:
            pieces.extend(cell)
    cells = pl.DataFrame(values)
    if not held:
        return cells.clear().select("row")
    return cells.filter(pl.any_horizontal(held)).select(_joined([*pieces, "</row>"]))


def _joined(pieces: Iterable[str | pl.Expr]) -> pl.Expr:
    """Return texts and columns one after the other; texts that follow each other are one."""
    joined: list[str | pl.Expr] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return pl.concat_str(pl.lit(piece) if isinstance(piece, str) else piece for piece in joined)


def _cells(values: pl.Series, style: str) -> tuple[str, pl.Series, str]:
    """Return what stands in the cells of a column after their places: before all values, the values and after them.

    Null where there is no cell.
    """
    head = f'" s="{style}"'
    number, inline = (f"{head}><v>", "</v></c>"), (f"{head}{_INLINE[0]}", _INLINE[1])
    if values.dtype == pl.Boolean:
        return f'{head} t="b"><v>', values.cast(pl.Int8).cast(pl.String), number[1]
    if values.dtype.is_integer():
        told = values.cast(pl.String)
        if not _beyond(values):
            return number[0], told, number[1]
        large = (values.cast(pl.Int128).abs() > 2**53).fill_null(value=False)
        return "", _around(inline[0], told, inline[1]).zip_with(large, _around(number[0], told, number[1])), ""
    if values.dtype.is_float():
        return number[0], _decimals(values), number[1]
    if values.dtype in (pl.Date, pl.Datetime):
        return number[0], _decimals(_serials(values)), number[1]
    texts = values if values.dtype == pl.String else pl.Series(
        [None if value is None else str(value) for value in values.to_list()], dtype=pl.String
    )  # fmt: skip
    special = (texts.str.contains(_SPECIAL) | (texts.str.len_chars() > _SHORT)).fill_null(value=False)
    if not special.any():
        return inline[0], texts, inline[1]
    cells = _around(inline[0], texts, inline[1])
    written = [_special(inline[0], text) for text in texts.filter(special).to_list()]
    return "", cells.scatter(special.arg_true(), written), ""


def _beyond(values: pl.Series) -> bool:
    """Whether whole numbers beyond 2**53 are among them: they would be rounded, so their digits are kept as text."""
    least, most = values.min(), values.max()
    return isinstance(least, int) and isinstance(most, int) and max(abs(least), abs(most)) > 2**53


def _around(before: str, values: pl.Series, after: str) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit(before), values, pl.lit(after))).to_series()


def _special(head: str, value: str) -> str:
    """Return the cell of a text that does not stand in XML as it is."""
    text = _text(value).encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    if re.search(r"^\s|\s$", text):
        head = f'{head[:-1]} xml:space="preserve">'
    text = re.sub("(_x[0-9a-fA-F]{4}_)", r"_x005F\1", text).replace("\r", "_x000D_")
    return f"{head}{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}{_INLINE[1]}"


def _decimals(values: pl.Series) -> pl.Series:
    """Return numbers as the library writes them, with sixteen digits; each is written once, however often it is met."""
    known = values.drop_nulls().cast(pl.Float64).to_numpy()
    # By their bits: 0 and -0 are written differently.
    bits, at = np.unique(known.view(np.int64), return_inverse=True)
    told = pl.Series([f"{value:.16G}" for value in bits.view(np.float64).tolist()], dtype=pl.String)
    place = values.is_not_null().cum_sum().cast(pl.Int64) - 1
    return told.gather(at).gather(place.set(values.is_null(), None))


def _serials(values: pl.Series) -> pl.Series:
    """Return days or moments as the numbers that a workbook holds for them, reckoned as the library does."""
    moments = values.dt.replace_time_zone(None) if isinstance(values.dtype, pl.Datetime) else values
    since = moments.cast(pl.Datetime("us")).to_physical() + _UNIX_DAY * _DAY * 10**6
    days = since // (_DAY * 10**6)
    rest = since - days * (_DAY * 10**6)
    found = pl.DataFrame({"days": days, "seconds": rest // 10**6, "micro": rest % 10**6}).select(
        value=pl.col("days") + (pl.col("seconds").cast(pl.Float64) + pl.col("micro").cast(pl.Float64) / 1e6) / _DAY
    )
    if isinstance(values.dtype, pl.Datetime):
        # A moment on the first day of 1900 is taken for a time without a day.
        found = found.select(pl.when(pl.col("value").floor() == 1).then(pl.col("value") - 1).otherwise("value"))
    # Workbooks hold a day that never was, 29 February 1900.
    return found.select(pl.when(pl.col("value") > 59).then(pl.col("value") + 1).otherwise("value")).to_series()


def _width(name: str, values: Iterable[Any], *, wrap: bool) -> float:
    longest = max((_characters(value) for value in values if value is not None), default=0)
    return float(min(2 * _WIDEST if wrap else _WIDEST, max(_NARROWEST, len(name) + 3, longest + 2)))


def _characters(value: Any) -> int:
    return len(value) if isinstance(value, str) else 18 if isinstance(value, datetime) else 10


def _read_me(book: xlsxwriter.Workbook, styles: _Styles, content: Content, tables: Sequence[Table]) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    _printed(sheet)
    summary, study = content.summary, content.study
    period = (
        f"{summary.first_time:%Y-%m-%d} to {summary.last_time:%Y-%m-%d} (UTC)"
        if summary.first_time and summary.last_time
        else "no times"
    )
    rows = [
        ("Study", study.title),
        ("Made by", f"netact {metadata.version('netact')}, seed {study.seed}"),
        ("Accounts", f"{summary.accounts:,}"),
        (
            "Interactions",
            f"{summary.interactions:,} ({', '.join(f'{kind}: {n:,}' for kind, n in summary.kinds.items())})",
        ),
        ("Period", period),
        ("Platforms", ", ".join(summary.platforms) or "not known"),
        ("Fingerprint of the data", summary.fingerprint),
    ]
    row = 0
    sheet.write_string(row, 0, "What this workbook holds", styles.title)
    for label, text in rows:
        row += 1
        sheet.write_string(row, 0, label, styles.head)
        sheet.write_string(row, 1, _text(text), styles.wrapped)
    row += 2
    sheet.write_string(row, 0, "What the report says", styles.title)
    findings = next((table for table in tables if table.name == "findings"), None)
    for found in [] if findings is None else findings.frame.iter_rows(named=True):
        row += 1
        sheet.write_string(row, 0, _text(found["question"]), styles.head)
        text = _text(f"{found['headline']} ({found['confidence']})")
        sheet.set_row(row, 16 * (1 + len(text) // _LINE))
        sheet.write_string(row, 1, text, styles.wrapped)
    row += 2
    sheet.write_string(row, 0, "Sheets", styles.title)
    for table in tables:
        row += 1
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write_string(row, 1, table.declared.title, styles.wrapped)
    row += 2
    sheet.write_string(row, 0, "Units", styles.title)
    for unit, meaning in UNITS.items():
        row += 1
        sheet.write_string(row, 0, unit, styles.head)
        sheet.write_string(row, 1, meaning, styles.wrapped)
