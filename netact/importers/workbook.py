"""Excel workbooks (.xlsx), read by calamine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import python_calamine

from netact.errors import ImportFileError
from netact.importers.mapping import RawTable
from netact.importers.sheet import table_from_rows
from netact.language import Message

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

# Whole numbers from here on are not all exact in the floating-point numbers a workbook holds.
_EXACT = 2**53


def read_workbook(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open one sheet of a workbook: the one named, else the first with two or more columns.

    Raises
    ------
    ImportFileError
        If the workbook is broken or has no such sheet.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(source.plain))
        names = book.sheet_names
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise ImportFileError(
            source.name, "the workbook is broken or protected by a password", remedy="save it again without a password"
        ) from error
    if options.sheet is not None and options.sheet not in names:
        raise ImportFileError(
            source.name, f"no sheet {options.sheet!r}", found=names, remedy="pass --sheet with one of these"
        )
    chosen, rows = "", []
    for name in [options.sheet] if options.sheet is not None else names:
        try:
            found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, ValueError):
            continue
        chosen, rows = name, found
        if any(sum(cell != "" for cell in row) >= 2 for row in found):
            break
    else:
        if not rows:
            raise ImportFileError(source.name, "no sheet holds a table", found=names, remedy="pass --sheet")
    text = [[_text(cell) for cell in row] for row in rows]
    large = {
        _text(c) or "" for row in rows for c in row if isinstance(c, float) and c.is_integer() and abs(c) >= _EXACT
    }
    table = table_from_rows(text, options, file=source.name)
    assumptions = table.assumptions
    if len(names) > 1 and options.sheet is None:
        of_many = Message(
            "of the {sheets:count} sheets the sheet {chosen!r} is read (--sheet changes this)",
            sheets=len(names),
            chosen=chosen,
        )
        assumptions = (*assumptions, of_many)
    warnings = table.warnings
    if large:
        said = Message.counting(
            "{n:count} number in the sheet is too large for a spreadsheet to keep exactly; as an id it is damaged: "
            "export it as text",
            "{n:count} numbers in the sheet are too large for a spreadsheet to keep exactly; as ids they are damaged: "
            "export them as text",
            len(large),
        )
        warnings = (*warnings, said)
    return RawTable(
        columns=table.columns,
        header=table.header,
        sample=table.sample,
        load=table.load,
        dialect={**(table.dialect or {}), "sheet": chosen},
        evidence=table.evidence,
        assumptions=assumptions,
        warnings=warnings,
        inexact=frozenset(large),
    )


def _text(cell: object) -> str | None:
    """Return a cell as the text a reader of the sheet sees; whole numbers without ``.0``."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # The shortest digits that stand for the number are those the sheet shows.
        return str(int(Decimal(repr(cell)))) if cell.is_integer() and abs(cell) < 1e22 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
