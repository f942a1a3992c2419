"""One Excel workbook with all tables, a codebook and a page that says what it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

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
    for row, values in enumerate(shown.iter_rows(), start=_ABOVE + 1):
        for number, value in enumerate(values):
            _write(sheet, row, number, value, formats[number])


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
