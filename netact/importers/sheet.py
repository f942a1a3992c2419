"""Tables that are already rows of text cells: finding the header, naming the columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import NoInteractionsError
from netact.importers.mapping import Loaded, RawTable, fold, header_ends, looks_like_header, unique_names
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.importers.mapping import SourceOptions


def table_from_rows(rows: Sequence[Sequence[str | None]], options: SourceOptions, *, file: str) -> RawTable:
    """Make a raw table of rows; band titles above the header and blank rows are passed over.

    Raises
    ------
    ImportFileError
        If there are no rows.
    """
    numbered = [(n, row) for n, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row)]
    if not numbered:
        raise NoInteractionsError(file, "holds no rows", remedy="export it again")
    width = max(len(row) for _, row in numbered)
    cells = [["" if cell is None else cell for cell in row] + [""] * (width - len(row)) for _, row in numbered]
    # Some workbooks have a row of titles above the header (NodeXL): begin at the first row that names both ends.
    start = next((i for i, row in enumerate(cells[:10]) if header_ends(row)), 0)
    named = (
        options.source,
        options.target,
        options.weight,
        options.time,
        options.kind_column,
        options.post_id,
        options.hashtags,
    )
    header = options.header
    if header is None:
        header = looks_like_header(cells[start], cells[start + 1 : start + 51], named=named)
    if not header:
        start = 0
    names = unique_names(cells[start], width) if header else tuple(f"column {i + 1}" for i in range(width))
    data = numbered[start + header :]
    frame = pl.DataFrame(
        {name: [(row[i] or None) if i < len(row) else None for _, row in data] for i, name in enumerate(names)},
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(row=pl.Series([n for n, _ in data], dtype=pl.UInt32))
    return table_from_frame(
        frame,
        header=header,
        evidence=(
            Message("first row holds column names")
            if header
            else Message("first row looks like the others: no header"),
        ),
        dialect={"header": "yes" if header else "no"},
    )


def with_mixed_types(table: RawTable) -> RawTable:
    """Hold ties of type Undirected both ways if a Gephi spreadsheet has them among directed ones."""
    names = {fold(name): name for name in reversed(table.columns)}
    if not table.header or not {"source", "target", "type"} <= names.keys():
        return table
    first, second, kind = names["source"], names["target"], names["type"]
    seen = {fold(value) for value in table.sample[kind].drop_nulls().to_list()} - {""}
    if not seen or not seen <= {"directed", "undirected", "mixed"}:
        return table
    types = table.load([kind]).frame[kind].str.to_lowercase().str.strip_chars()
    both = int((types == "undirected").sum())
    if both in (0, len(types)):
        return table

    def load(columns: list[str]) -> Loaded:
        loaded = table.load(list(dict.fromkeys([*columns, first, second, kind])))
        frame = loaded.frame
        back = frame.filter(pl.col(kind).str.to_lowercase().str.strip_chars() == "undirected")
        back = back.with_columns(pl.col(second).alias(first), pl.col(first).alias(second))
        frame = pl.concat([frame, back.select(frame.columns)]).select(*columns, "row")
        return replace(loaded, frame=frame, rows_read=loaded.rows_read + back.height)

    said = Message.counting(
        "{n:count} edge without direction in a directed graph is read as a tie each way",
        "{n:count} edges without direction in a directed graph are read as a tie each way",
        both,
    )
    return replace(table, load=load, mixed=True, assumptions=(*table.assumptions, said))


def table_from_frame(
    frame: pl.DataFrame,
    *,
    header: bool = True,
    evidence: tuple[str, ...] = (),
    dialect: dict[str, str] | None = None,
    damaged_columns: tuple[str, ...] = (),
    inexact: frozenset[str] = frozenset(),
) -> RawTable:
    """Make a raw table of a frame that has the column ``row``."""
    columns = tuple(name for name in frame.columns if name != "row")

    def load(names: list[str]) -> Loaded:
        return Loaded(frame.select(*names, "row"), frame.height)

    return RawTable(
        columns=columns,
        header=header,
        sample=frame.head(1000).select(pl.col(columns).cast(pl.String, strict=False)),
        load=load,
        dialect=dialect,
        evidence=evidence,
        damaged_columns=damaged_columns,
        inexact=inexact,
    )
