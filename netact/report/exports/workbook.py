"""One Excel workbook with all tables, a codebook and a page that says what it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from netact.report.exports.codebook import codebook
from netact.report.exports.columns import UNITS, Column
from netact.report.exports.result_tables import Table, lists_joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

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
    with xlsxwriter.Workbook(str(path), options) as book:
        # The time of writing would make two runs of the same study differ.
        book.set_properties({"title": _text(content.study.title), "comments": "Made by netact", "created": _EPOCH})
        styles = _Styles(book)
        _read_me(book, styles, content, [*tables, accounts])
        _sheet(book, styles, "Codebook", codebook([*tables, accounts]), {}, "What every column holds", wrap=True)
        for table in [*tables, accounts]:
            _sheet(book, styles, table.name, table.frame, table.columns, table.declared.title)


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
) -> None:
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
    _write_rows(sheet, shown, formats, first=_ABOVE + 1)


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


def _write_rows(sheet: Any, frame: pl.DataFrame, formats: Sequence[Any], *, first: int) -> None:
    """Write a table below its head, row ``first`` (counted from 0) on, as the library's own calls would, but by column.

    One call a cell takes longer than everything else that a report writes. So all lines but the last are put together here
    and handed to the file of rows that the library keeps for a sheet; a test compares them with what its calls write.
    """
    filled = {at: frame.to_series(at).is_not_null().arg_true() for at in range(frame.width)}
    used = [at for at, rows in filled.items() if len(rows)]
    if not used:
        return
    last = max(int(filled[at][-1]) for at in used)
    sheet._write_single_row(first)  # noqa: SLF001 (the rows above)
    # A format gets its number when it is first used, row by row.
    above = sorted((int(filled[at][0]), at) for at in used if filled[at][0] < last)
    number = dict(sorted((at, formats[at]._get_xf_index()) for _row, at in above))  # noqa: SLF001
    for start in range(0, last if number else 0, _AT_ONCE):
        part = frame.slice(start, min(_AT_ONCE, last - start))
        place = pl.int_range(first + start + 1, first + start + 1 + part.height, eager=True).cast(pl.String)
        cells = pl.DataFrame(
            {"row": place} | {f"c{at}": _cells(part.to_series(at), style) for at, style in number.items()}
        )
        parts = [
            pl.when(pl.col(f"c{at}").is_null())
            .then(pl.lit(""))
            .otherwise(pl.concat_str(pl.lit(f'<c r="{xl_col_to_name(at)}'), "row", f"c{at}"))
            for at in number
        ]
        whole = pl.concat_str(pl.lit('<row r="'), "row", pl.lit('">'), *parts, pl.lit("</row>"))
        held = pl.any_horizontal(pl.col(f"c{at}").is_not_null() for at in number)
        sheet.fh.write(cells.filter(held).select(whole.str.join("")).item())
    for at, value in enumerate(frame.row(last)):
        _write(sheet, first + last, at, value, formats[at])


def _cells(values: pl.Series, style: int) -> pl.Series:
    """Return what stands in each cell of a column after its place, null where there is no cell."""
    if values.dtype == pl.Boolean:
        return _around(f'" s="{style}" t="b"><v>', values.cast(pl.Int8).cast(pl.String), "</v></c>")
    if values.dtype.is_integer():
        # Whole numbers beyond 2**53 would be rounded: their digits are kept as text.
        large = (values.cast(pl.Int128).abs() > 2**53).fill_null(value=False)
        told = values.cast(pl.String)
        number, text = (_around(f'" s="{style}"{a}', told, b) for a, b in (("><v>", "</v></c>"), _INLINE))
        return text.zip_with(large, number)
    if values.dtype.is_float():
        return _around(f'" s="{style}"><v>', _decimals(values), "</v></c>")
    if values.dtype in (pl.Date, pl.Datetime):
        return _around(f'" s="{style}"><v>', _decimals(_serials(values)), "</v></c>")
    texts = values if values.dtype == pl.String else pl.Series(
        [None if value is None else str(value) for value in values.to_list()], dtype=pl.String
    )  # fmt: skip
    head = f'" s="{style}"{_INLINE[0]}'
    special = (texts.str.contains(_SPECIAL) | (texts.str.len_chars() > _SHORT)).fill_null(value=False)
    cells = _around(head, texts, _INLINE[1])
    if not special.any():
        return cells
    return cells.scatter(special.arg_true(), [_special(head, text) for text in texts.filter(special).to_list()])


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
