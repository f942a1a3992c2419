"""The engines of one machine: polars, which streams, and DuckDB, which works within a limit of memory and spills the rest to disk.

The engine ``disk`` is DuckDB too, for numbering names and for rows that may be repeats; everything else it does by parts
(:mod:`netact.engines.streamed`).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from netact.engines.parse import parse
from netact.errors import MeasureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.engines.engine import Name


def _parsed(paths: Sequence[str], options: str, folder: Path, *, coded: bool = False) -> list[str]:
    return [parse(path, number, options, str(folder), coded=coded) for number, path in enumerate(paths)]


def _deleted(work: Path, names: Sequence[str]) -> None:
    for name in names:
        shutil.rmtree(work / name, ignore_errors=True)


class Polars:
    """The streaming engine of polars."""

    name: Name = "polars"
    native: Any = None

    def __init__(self, work: Path) -> None:
        self._work = work

    def parse(self, paths: Sequence[str], options: str, folder: Path) -> list[str]:
        """Parse one file after the other; each uses all processors."""
        return _parsed(paths, options, folder)

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Return the tables in a folder."""
        return nw.from_native(pl.scan_parquet(path / "*.parquet"))

    def materialise(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Write a frame as one file."""
        folder = self._work / name
        folder.mkdir(parents=True)
        frame.sink_parquet(folder / "0.parquet")
        return self.scan(folder)

    def numbered(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Number the rows as they come."""
        return self.materialise(nw.from_native(frame.to_native().with_row_index("id").cast({"id": pl.Int64})), name)

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Collect with the streaming engine."""
        found: pl.DataFrame = frame.to_native().collect(engine="streaming")
        return found

    def forget(self, *names: str) -> None:
        """Delete files."""
        _deleted(self._work, names)

    def close(self) -> None:
        """Nothing is open."""


class DuckDB:
    """DuckDB, out of core; ``by_parts`` makes it the engine ``disk``."""

    def __init__(self, work: Path, *, memory: str | None = None, by_parts: bool = False) -> None:
        import duckdb

        self.name: Name = "disk" if by_parts else "duckdb"
        self._work = work
        self.native: Any = duckdb.connect()
        self.native.execute("SET temp_directory = $1", [str(work / "spilled")])
        self.native.execute("SET preserve_insertion_order = false")
        self.native.execute("SET enable_progress_bar = false")
        if memory is not None:
            try:
                self.native.execute("SET memory_limit = $1", [memory])
            except duckdb.Error as error:
                self.close()
                raise MeasureError(
                    "--memory-limit", "is no amount of memory", found=repr(memory), remedy="say for example 4GB"
                ) from error

    def parse(self, paths: Sequence[str], options: str, folder: Path) -> list[str]:
        """Parse one file after the other."""
        return _parsed(paths, options, folder, coded=self.name == "disk")

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Return the tables in a folder."""
        found: nw.LazyFrame[Any] = nw.from_native(self.native.read_parquet(str(path / "*.parquet")))
        return found

    def materialise(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Write a frame as one file."""
        folder = self._work / name
        folder.mkdir(parents=True)
        frame.sink_parquet(folder / "0.parquet")
        return self.scan(folder)

    def numbered(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Number the rows as they come."""
        return self.materialise(nw.from_native(frame.to_native().project("*, row_number() over () - 1 AS id")), name)

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Fetch the rows."""
        native = frame.to_native()
        return pl.DataFrame(native.fetchall(), schema=native.columns, orient="row", infer_schema_length=None)

    def forget(self, *names: str) -> None:
        """Delete files."""
        _deleted(self._work, names)

    def close(self) -> None:
        """Close the connection."""
        self.native.close()
