"""Excel workbooks.

The sheet called ``Edges`` is read, else the first one with two or more columns; its first row holds the column names,
or the second where the first holds titles of groups of columns. That is how NodeXL saves a graph (NodeXL > Export, or
simply the saved workbook): ``Vertex 1`` gives attention to ``Vertex 2``, ``Relationship`` says the kind, ``Relationship
Date (UTC)`` the time. A row with the relationship ``Tweet`` is a post without a tie. Numbers of followers and posts
come from the sheet ``Vertices``. Lost: ``Imported ID``, which the workbook holds as a rounded number; colours and
layout. A Gephi matrix (names in the first row and column) is read as ties.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import python_calamine

from netact.errors import ImportFileError
from netact.importers.adjacency import looks_like_matrix, matrix_table
from netact.importers.mapping import fold
from netact.importers.sheet import table_from_rows, with_mixed_types
from netact.importers.values import infer_type
from netact.language import Message

if TYPE_CHECKING:
    from netact.importers.mapping import Loaded, RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

# Whole numbers from here on are not all exact in the floating-point numbers a workbook holds.
_EXACT = 2**53


# What NodeXL's sheet of vertices says of an account, by its folded header.
_OF_VERTEX = {"followed": "following", "followers": "followers", "tweets": "posts", "favorites": "favourites"}


def read_workbook(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open one sheet of a workbook: the one named, else ``Edges``, else the first with two or more columns.

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
    by_name = sorted(names, key=lambda name: name.strip().casefold() != "edges")
    for name in [options.sheet] if options.sheet is not None else by_name:
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
    numbered = [(n, ["" if cell is None else cell for cell in row]) for n, row in enumerate(text, 1) if any(row)]
    if options.format is None and looks_like_matrix([cells for _, cells in numbered[:500]]):
        table = replace(matrix_table(numbered, encoding=None, evidence=(), file=source.name), format=None)
    else:
        table = with_mixed_types(table_from_rows(text, options, file=source.name))
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
    table = replace(
        table,
        dialect={**(table.dialect or {}), "sheet": chosen},
        assumptions=assumptions,
        warnings=warnings,
        inexact=frozenset(large),
    )
    return _of_nodexl(book, table, options) if {"Vertex 1", "Vertex 2"} <= set(table.columns) else table


def _of_nodexl(book: python_calamine.CalamineWorkbook, table: RawTable, options: SourceOptions) -> RawTable:
    """Say that the workbook is NodeXL's and take the numbers of its sheet of vertices with it."""
    table = replace(table, evidence=(*table.evidence, Message("marks of {name}", name="NodeXL")))
    # `Source` is the program a post was written with.
    names = {name: "client" for name in table.columns if fold(name) == "source"}
    nodes = _vertices(book) if {options.source, options.target} <= {None, "source", "target"} else None
    if nodes is not None:
        # Accounts listed by a file stand beside ties whose ends are called source and target.
        names |= {"Vertex 1": "source", "Vertex 2": "target"}
    load = table.load
    given = {names.get(name, name): name for name in table.columns}

    def renamed(wanted: list[str]) -> Loaded:
        loaded = load([given[name] for name in wanted])
        return replace(loaded, frame=loaded.frame.rename({given[name]: name for name in wanted}))

    sample = table.sample.rename({old: new for new, old in given.items()})
    return replace(table, columns=tuple(given), sample=sample, load=renamed, nodes=nodes)


def _vertices(book: python_calamine.CalamineWorkbook) -> pl.DataFrame | None:
    """Return the accounts of the sheet ``Vertices`` with their numbers."""
    if "Vertices" not in book.sheet_names:
        return None
    rows = [
        [_text(cell) for cell in row] for row in book.get_sheet_by_name("Vertices").to_python(skip_empty_area=False)
    ]
    start = next((place for place, row in enumerate(rows[:5]) if row and row[0] == "Vertex"), None)
    if start is None:
        return None
    listed = [row for row in rows[start + 1 :] if row and row[0]]
    data = {"key": [row[0] for row in listed]}
    for place, cell in enumerate(rows[start]):
        name = _OF_VERTEX.get(fold(cell or ""))
        if name and name not in data:
            data[name] = [row[place] for row in listed]
    nodes = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)).unique("key", keep="first", maintain_order=True)
    return nodes.with_columns(infer_type(nodes[name]) for name in nodes.columns if name != "key")


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
