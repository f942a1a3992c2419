"""Tables of operations in several languages and kinds of file, and what is read from each cell."""

from __future__ import annotations

from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import ImportFileError
from netact.importers import open_table
from netact.importers.event_tables import read_events


def opened(path):
    with open_table(path) as (file, detected, table):
        return read_events(table, file, detected, role="operations")


def read(path, text):
    path.write_text(text, encoding="utf-8")
    return opened(path)


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("Aktion,Beginn,Ende,Schlagworte,Gegenhashtags,Ergebnis", "angenommen"),
        ("acción,inicio,fin,etiquetas,contra,resultado", "Aceptada"),
        ("opération,début,fin,mots-dièse,contre,résultat", "adoptée"),
        ("العملية,البداية,النهاية,الوسوم,المضادة,النتيجة", "مقبول"),
        ("Campaign,Start date,Until,Tags,Counter-hashtags,Result", "won"),
    ],
)
def test_headers_and_outcomes_are_read_in_other_languages(tmp_path, header, outcome):
    frame, receipt = read(tmp_path / "ops.csv", f"{header}\nMarch,2024-03-01,2024-03-02,march,gohome,{outcome}\n")
    assert set(receipt.mapping) == {"operation", "start", "end", "signs", "counter_signs", "outcome"}
    row = frame.row(0, named=True)
    assert (row["signs"], row["counter_signs"], row["outcome"]) == (["march"], ["gohome"], "accepted")


def test_an_end_without_an_hour_includes_the_whole_day(tmp_path):
    frame, receipt = read(
        tmp_path / "ops.csv",
        "operation,start,end,hashtags\nA,2024-03-01,2024-03-02,a\nB,2024-03-01,2024-03-02 18:00,b\nC,2024-03-01,,c\n",
    )
    assert frame["end"].to_list() == [
        datetime(2024, 3, 3, tzinfo=UTC),
        datetime(2024, 3, 2, 18, tzinfo=UTC),
        None,
    ]
    assert "an end without an hour includes the whole day" in receipt.assumptions
    _, receipt = read(tmp_path / "hours.csv", "operation,start,end,hashtags\nB,2024-03-01,2024-03-02 18:00,b\n")
    assert receipt.assumptions == ()


def test_a_sign_on_both_sides_is_left_out_and_said(tmp_path):
    table = "operation,start,hashtags,counter_hashtags\nA,2024-03-01,a b,c\nB,2024-03-01,d;e,e f\n"
    frame, receipt = read(tmp_path / "ops.csv", table)
    assert frame["signs"].to_list() == [["a", "b"], ["d"]]
    assert frame["counter_signs"].to_list() == [["c"], ["f"]]
    assert any("both sides" in text and "line 3" in text for text in receipt.warnings)
    with pytest.raises(ImportFileError, match="no hashtag or link in line 2"):
        read(tmp_path / "none.csv", "operation,start,hashtags,counter_hashtags\nA,2024-03-01,a,a\n")


def test_tabs_and_workbooks_hold_the_same(tmp_path):
    rows = [["operation", "start", "end", "hashtags"], ["March", "2024-03-01", "2024-03-02", "march"]]
    tabs, _ = read(tmp_path / "ops.tsv", "".join("\t".join(row) + "\n" for row in rows))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([datetime.fromisoformat(cell) if cell.startswith("2024") else cell for cell in row])
    book.save(tmp_path / "ops.xlsx")
    cells, _ = opened(tmp_path / "ops.xlsx")
    assert cells.equals(tabs)


def test_the_template_can_be_filled_in(tmp_path):
    out = tmp_path / "operations.csv"
    done = CliRunner().invoke(main, ["template", "operations", "-o", str(out)])
    assert done.exit_code == 0, done.output
    frame, receipt = read(out, out.read_text() + "March,2024-03-01,,march,,\n")
    assert frame.height == 1
    assert not receipt.unused_columns
