"""The codebook: what every column of every exported table holds, in one description, unit and type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.report.exports.columns import ACCOUNT_TIES, TABLES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netact.report.exports.result_tables import Table

_NOTE = "<!-- Made of netact/report/exports/columns.py by `make methods`; change that, not this page. -->"


def codebook(tables: Iterable[Table]) -> pl.DataFrame:
    """Return one row a column of the tables given: ``table``, ``column``, ``type``, ``unit``, ``description``."""
    rows = [
        (table.name, name, _type(table.frame.schema[name]), column.unit, column.description)
        for table in tables
        for name, column in table.columns.items()
    ]
    return pl.DataFrame(rows, schema=["table", "column", "type", "unit", "description"], orient="row")


def _type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "whole number"
    if kind.is_float():
        return "number"
    if kind.is_temporal():
        return "date and time" if kind == pl.Datetime else "date"
    return "true or false" if kind == pl.Boolean else "list of texts" if kind == pl.List else "text"


def page() -> str:
    """Return the codebook of all tables as a page of the documentation."""
    lines = ["# Codebook of the exported tables", "", _NOTE, ""]
    lines += [
        "The tables are in `tables/` of a report folder, one file each and format, and together in `tables/netact.xlsx`;",
        "`accounts` is `accounts.csv` and `accounts.parquet`, `multiverse` in the same way. A table without rows is not written. Empty means not known,",
        "not asked or not applicable, never zero. `tables/codebook.csv` holds what stands here for the tables of that report.",
        "",
        "| unit | |",
        "|---|---|",
        *(f"| {unit} | {meaning} |" for unit, meaning in UNITS.items()),
    ]
    for name, declared in TABLES.items():
        lines += ["", f"## `{name}`", "", f"{declared.title}.", "", "| column | unit | |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {held.unit} | {_cell(held.description)} |" for column, held in declared.columns.items()
        ]
        if name == "accounts":
            lines += [
                f"| `<kind>{ending}` | {unit} | {_cell(text.format(kind='`<kind>`'))} |"
                for ending, (unit, text) in ACCOUNT_TIES.items()
            ]
        if declared.further is not None:
            lines.append(f"| any other | {declared.further.unit} | {_cell(declared.further.description)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
