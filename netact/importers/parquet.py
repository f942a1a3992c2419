"""Parquet and Arrow tables.

How it is obtained: ``to_parquet`` or ``to_feather`` in pandas, ``write_parquet`` or ``write_ipc`` in polars, ``COPY ... TO`` in
DuckDB, ``write_parquet`` of the R package arrow.

Read: columns play the parts that their names say, as in a text table (format delimited).

Lost: columns that play no part. Ids stored as floating-point numbers are no longer exact above 2 to the 53; that is said.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.importer import Begins, Importer
from netact.importers.mapping import HASHTAG_WORDS, fold
from netact.importers.sheet import table_from_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_STREAM = b"\xff\xff\xff\xff"
_ONE_AT_A_TIME = threading.Lock()


def read_parquet_table(source: SourceFile, options: SourceOptions) -> RawTable:
    """Parquet, as polars, pandas, DuckDB and Spark write it: one row a tie, columns as in a CSV table.

    Columns of floating-point numbers are remembered, since as ids they may be damaged. Columns of lists are kept for
    hashtags only; other nested columns are left out. The row of a tie is its number in the file.

    Raises
    ------
    ImportFileError
        If the file is broken.
    """
    try:
        with _quiet():
            frame = pl.read_parquet(source.plain)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ImportFileError(
            source.name, "the Parquet file is broken or cut short", remedy="write it again"
        ) from error
    return _typed(frame, options)


def read_arrow(source: SourceFile, options: SourceOptions) -> RawTable:
    """Arrow IPC, also called Feather 2, as R, pandas and polars write it: one row a tie, columns as in a CSV table.

    Both forms are read, the file (``.arrow``, ``.feather``) and the stream (``.arrows``). As for Parquet, columns of
    floating-point numbers are remembered, and nested columns other than hashtags are left out. The row of a tie is its
    number in the file.

    Raises
    ------
    ImportFileError
        If the file is broken.
    """
    try:
        with _quiet():
            frame = pl.read_ipc_stream(source.plain) if source.head.startswith(_STREAM) else pl.read_ipc(source.plain)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ImportFileError(source.name, "the Arrow file is broken or cut short", remedy="write it again") from error
    return _typed(frame, options)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from the standard error what a failed reading writes there.

    The reader's threads write the trace of a panic to the descriptor itself before it becomes an exception. What is written
    while the reading succeeds is passed on.
    """
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as taken:
        try:
            if sys.stderr is not None:
                sys.stderr.flush()
            real = os.dup(2)
        except (OSError, ValueError):  # there is no standard error
            yield
            return
        try:
            os.dup2(taken.fileno(), 2)
            yield
        except BaseException:
            taken.seek(0)
            taken.truncate()
            raise
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(real, 2)
            os.close(real)
            taken.seek(0)
            if said := taken.read():
                os.write(2, said)


def _typed(frame: pl.DataFrame, options: SourceOptions) -> RawTable:
    lists = [
        name
        for name, dtype in frame.schema.items()
        if dtype == pl.List(pl.String) and fold(name) in {*HASHTAG_WORDS, fold(options.hashtags or "")}
    ]
    frame = frame.with_columns(pl.col(lists).list.join(",", ignore_nulls=True))
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    frame = frame.drop(nested).rename({"row": "row (in the file)"} if "row" in frame.columns else {})
    return table_from_numbers(frame)


def table_from_numbers(frame: pl.DataFrame) -> RawTable:
    """Make a raw table of typed columns; those of floating-point numbers are remembered as inexact."""
    floats = tuple(name for name, dtype in frame.schema.items() if dtype.is_float())
    large = pl.concat(
        [frame[name].filter(frame[name].abs() >= 2**53).rename("id").cast(pl.Float64) for name in floats]
        or [pl.Series("id", [])]
    )
    inexact = frozenset(str(int(value)) for value in large.unique().to_list() if abs(value) < 2**62)
    frame = frame.with_columns(
        pl.when(pl.col(name).is_finite() & (pl.col(name) == pl.col(name).round()) & (pl.col(name).abs() < 2**62))
        .then(pl.col(name).cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.when(pl.col(name).is_not_nan()).then(pl.col(name).cast(pl.String)))
        .alias(name)
        for name in floats
    )
    return table_from_frame(
        frame.with_row_index("row", offset=1), dialect={"header": "yes"}, damaged_columns=floats, inexact=inexact
    )


PARQUET = Importer("parquet", "Parquet table", (Begins(b"PAR1"),), read=read_parquet_table)
ARROW = Importer("arrow", "Arrow or Feather table", (Begins(b"ARROW1"), Begins(_STREAM)), read=read_arrow)
