"""The workbook: values, formats and hostile texts, as openpyxl and LibreOffice read it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from netact.report.exports import workbook
from netact.report.exports.result_tables import Table, account_rows, lists_joined, result_tables
from netact.report.exports.workbook import write_workbook
from netact.report.tables import account_table, neutralised

ABOVE = 3  # rows over the first one of the data


@pytest.fixture(scope="module")
def tables(hostile_report):
    return result_tables(hostile_report.content)


@pytest.fixture(scope="module")
def accounts(hostile_report):
    return account_rows(account_table(hostile_report.network, hostile_report.results))


@pytest.fixture(scope="module")
def path(tmp_path_factory, hostile_report, tables, accounts):
    made = tmp_path_factory.mktemp("workbook") / "netact.xlsx"
    write_workbook(hostile_report.content, tables, accounts, made)
    return made


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def shown(value):
    """Return a value as a cell gives it back."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else None if value == "" else value


def test_every_table_has_a_sheet_with_its_values(book, tables, accounts):
    assert book.sheetnames == ["Read me", "Codebook", *(table.name for table in tables), "accounts"]
    for table in [*tables, accounts]:
        rows = list(book[table.name].iter_rows(min_row=ABOVE, values_only=True))
        frame = neutralised(lists_joined(table.frame))
        assert list(rows[0]) == frame.columns
        assert len(rows) == 1 + frame.height
        for row, expected in zip(rows[1:], frame.iter_rows(), strict=True):
            for cell, value in zip(row, expected, strict=True):
                if isinstance(value, float):
                    assert cell == pytest.approx(value)
                elif isinstance(value, str):
                    assert (cell or "").replace("\r", "") == value.replace("\x00", "").replace("\r", "")
                else:
                    assert cell == shown(value)


def test_numbers_have_the_format_of_their_unit(book, tables, accounts):
    wanted = {"share": "0.0%", "p-value": '[<0.0001]"< 0.0001";0.0000', "time (UTC)": "yyyy-mm-dd hh:mm:ss"}
    met = set()
    for table in [*tables, accounts]:
        sheet = book[table.name]
        for number, (name, column) in enumerate(table.columns.items(), start=1):
            for (cell,) in sheet.iter_rows(min_row=ABOVE + 1, min_col=number, max_col=number):
                if cell.value is not None and column.unit in wanted and table.frame.schema[name] != pl.String:
                    assert cell.number_format == wanted[column.unit], f"{table.name}.{name}"
                    met.add(column.unit)
    assert met == set(wanted)


def test_head_is_frozen_and_filtered_and_columns_are_wide_enough(book, tables):
    for table in tables:
        sheet = book[table.name]
        assert sheet.freeze_panes == "B4"
        assert sheet.auto_filter.ref.startswith("A3:")
        for number, name in enumerate(table.frame.columns):
            letter = openpyxl.utils.get_column_letter(number + 1)
            held = next(
                dimension
                for dimension in sheet.column_dimensions.values()
                if dimension.min <= number + 1 <= dimension.max
            )
            assert held.width >= len(name), f"{table.name}.{letter}"


def test_no_text_is_a_formula_or_a_link(path, book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert not cell.value.lstrip().startswith(("=", "+", "-", "@")), cell.value
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None  # leads to a sheet of the workbook
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b"<f>" not in content
            assert b'TargetMode="External"' not in content


def test_read_me_says_what_the_report_says(book, hostile_report):
    texts = [str(value) for row in book["Read me"].iter_rows(values_only=True) for value in row if value is not None]
    assert any("seed 1" in text for text in texts)
    assert hostile_report.content.summary.fingerprint in texts
    for finding in hostile_report.content.findings:
        assert finding.question in texts
    assert any("cannot say" in text for text in texts)


def test_the_codebook_sheet_has_one_row_a_column(book, tables, accounts):
    rows = list(book["Codebook"].iter_rows(min_row=ABOVE + 1, values_only=True))
    assert [(row[0], row[1]) for row in rows] == [
        (table.name, name) for table in [*tables, accounts] for name in table.frame.columns
    ]
    assert all(row[4] for row in rows)


def test_two_runs_write_the_same_bytes(path, tmp_path, hostile_report, tables, accounts):
    write_workbook(hostile_report.content, tables, accounts, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_a_sheet_that_cannot_hold_all_rows_says_so(tmp_path, monkeypatch, hostile_report, accounts):
    monkeypatch.setattr(workbook, "MOST_ROWS", 53)
    write_workbook(hostile_report.content, [], accounts, tmp_path / "cut.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "cut.xlsx")["accounts"]
    assert sheet.max_row == 53
    said = sheet["A1"].value
    assert said.startswith(f"All accounts, most heard first. The first 50 of {accounts.frame.height} rows")


def test_what_a_cell_cannot_hold(tmp_path, hostile_report):
    frame = pl.DataFrame(
        {
            "name": ["x" * 40_000, "nul\x00bell\x07", "\ud7ff\ufffe", " =1+1", "حراك"],
            "value": [0.0, -1e300, 5e-324, 1.0, None],
            "question": [None] * 5,
        },
        schema_overrides={"question": pl.String},
    )
    write_workbook(hostile_report.content, [], Table("estimates", frame), tmp_path / "odd.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "odd.xlsx")["estimates"]
    found = [row[0] for row in sheet.iter_rows(min_row=ABOVE + 1, values_only=True)]
    assert len(found[0]) == 32_767
    assert found[0].endswith("…")
    assert found[1:] == ["nulbell", "\ud7ff", "' =1+1", "حراك"]


@pytest.mark.slow
def test_libreoffice_reads_the_same_cells(path, tmp_path, tables, accounts):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
        pytest.skip("LibreOffice is not installed")
    # Separator ",", quote '"', UTF-8, from line 1, cells as they are stored and not as shown, all sheets.
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    subprocess.run(
        [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", options,
         "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    for table in [*tables, accounts]:
        with (tmp_path / f"netact-{table.name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))[ABOVE - 1 :]
        frame = neutralised(lists_joined(table.frame))
        assert rows[0][: frame.width] == frame.columns
        assert len(rows) == 1 + frame.height
        for row, expected in zip(rows[1:], frame.iter_rows(), strict=True):
            for cell, value in zip(row, expected, strict=True):
                where = f"{table.name}: {value!r} became {cell!r}"
                if value is None:
                    assert cell == "", where
                elif isinstance(value, bool):
                    assert cell.lower() in (str(value).lower(), str(int(value))), where
                elif isinstance(value, int | float):
                    number = float(cell.rstrip("%")) / (100 if cell.endswith("%") else 1)
                    assert number == pytest.approx(value, rel=1e-9, abs=1e-12), where
                elif isinstance(value, datetime):
                    assert cell.startswith(f"{value:%Y-%m-%d}"), where
                else:
                    assert cell.split() == value.split(), where


def test_times_are_those_of_the_table(tmp_path, hostile_report):
    moment = datetime(2024, 3, 4, 13, 5, 7, tzinfo=UTC)
    frame = pl.DataFrame({"trigger": ["strike"], "time": [moment]})
    table = Table("dynamics_reactions", frame)
    write_workbook(
        replace(hostile_report.content), [table], Table("accounts", pl.DataFrame({"key": ["a"]})), tmp_path / "t.xlsx"
    )
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx")["dynamics_reactions"]["B4"]
    assert cell.value == moment.replace(tzinfo=None)
    assert cell.number_format == "yyyy-mm-dd hh:mm:ss"


def cell_by_cell(sheet, frame, formats, *, first):
    """Write rows with the library's own calls."""
    for row, values in enumerate(frame.iter_rows(), start=first):
        for column, (value, style) in enumerate(zip(values, formats, strict=True)):
            workbook._write(sheet, row, column, value, style)


@pytest.mark.parametrize("few", [0, 100])
def test_rows_are_written_as_the_library_writes_them(tmp_path, monkeypatch, few):
    monkeypatch.setattr(workbook, "_AT_ONCE", 4)
    monkeypatch.setattr(workbook, "FEW_ROWS", few)
    texts = ["a", None, "", " x", "y\n", "<r>&", "=1", "_x0041_", "q\r\x01z", "\U0001f54a" * 20_000, "\"'", "\t-1"]
    n = len(texts)
    frame = pl.DataFrame(
        {
            "text": pl.Series(texts, dtype=pl.String),
            "number": [None, 0.1 + 0.2, 1e16, -1e-9, 3.0, 1 / 3, 123456789.125, None, 2.5e300, -0.0, 5e-324, 1.0],
            "whole": pl.Series([None, *range(-5, 6)], dtype=pl.Int64),
            "large": pl.Series([None, 2**53, 2**53 + 1, -(2**60), *range(n - 4)], dtype=pl.Int64),
            "small": pl.Series([None, 255, *range(n - 2)], dtype=pl.UInt8),
            "said": pl.Series([None, True, False] * 4, dtype=pl.Boolean),
            "day": pl.Series([None, date(2024, 2, 29)] * 6, dtype=pl.Date),
            "time": pl.Series(
                [None, datetime(2024, 2, 29, 13, 5, 7, 250_000, UTC)] * 6, dtype=pl.Datetime("us", "UTC")
            ),
            "early": pl.Series([None, *(datetime(1900, 1, 1) + timedelta(hours=31 * h) for h in range(n - 1))]),  # noqa: DTZ001
            "earlier": pl.Series([date(1899, 12, 28) + timedelta(days=13 * d) for d in range(n)]),
            "old": pl.Series([datetime(1969, 12, 31, 23, 59, 59, 999_999 - 7 * d, UTC) for d in range(n)]),
            "never": pl.Series([None] * n, dtype=pl.Float64),
            "long": pl.Series([None, timedelta(hours=3)] * 6, dtype=pl.Duration),
        }
    )
    frame = pl.concat([frame, frame.clear(2), frame.head(3), frame.clear(1)])
    parts = []
    for whole in (False, True):
        path, outline = tmp_path / f"{whole}.xlsx", io.BytesIO()
        with xlsxwriter.Workbook(outline, {"constant_memory": True, "strings_to_urls": False}) as made:
            made.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
            sheet = made.add_worksheet()
            styles = [made.add_format({"num_format": f"0.{'0' * (at % 4)}"}) for at in range(frame.width)]
            for column, name in enumerate(frame.columns):
                sheet.write_string(0, column, name, made.add_format({"bold": True}))
            if whole:
                cell_by_cell(sheet, frame, styles, first=1)
                filled = {}
            else:
                filled = {"xl/worksheets/sheet1.xml": workbook.outlined(sheet, frame, styles, first=1)}
            made.add_worksheet().write_string(0, 0, "next")
        workbook.pack(outline, filled, path)
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(outline) as given:
            parts.append({name: packed.read(name) for name in packed.namelist()})
            assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert not whole or parts[-1] == {name: given.read(name) for name in given.namelist()}
    assert parts[0] == parts[1]
