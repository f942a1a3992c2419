"""What an engine is: the few verbs by which the reduction is told apart from where it runs."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, Literal, Protocol

from netact.errors import MeasureError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import narwhals as nw
    import polars as pl

Name = Literal["polars", "duckdb", "disk", "spark", "sail"]
ENGINES: tuple[Name, ...] = ("polars", "duckdb", "disk", "spark", "sail")
# Bytes of input up to which polars is chosen; beyond, what works within a limit of memory and leaves the rest on disk.
POLARS_UP_TO = 2 << 30
_PACKAGES: dict[Name, dict[str, str]] = {
    "polars": {"narwhals": "narwhals"},
    "duckdb": {"narwhals": "narwhals", "duckdb": "duckdb"},
    "disk": {"narwhals": "narwhals", "duckdb": "duckdb"},
    "spark": {"narwhals": "narwhals", "pyspark": "'netact[spark]'", "pyarrow": "'netact[spark]'"},
    "sail": {
        "narwhals": "narwhals", "pyspark": "'netact[sail]'", "grpc": "'netact[sail]'", "pysail": "'netact[sail]'",
    },
}  # fmt: skip


class Engine(Protocol):
    """Where the reduction runs.

    Frames are lazy and of narwhals. What loops carry from round to round is materialised as Parquet in the work folder, which
    cuts the history of a frame, survives the loss of a worker, and is the same on every engine.
    """

    name: Name
    native: Any  # the session or connection below, for what narwhals does not say; None of polars

    def parse(self, paths: Sequence[str], options: str, folder: Path) -> list[str]:
        """Run :func:`netact.engines.parse.parse` on each file and return what it says of each, in this order."""

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Return the Parquet tables in a folder as one frame."""

    def materialise(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Write a frame to the work folder and return what was written."""

    def numbered(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Materialise a frame with a column ``id`` of whole numbers, each once; which they are is left to the engine."""

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Bring a small frame here; a large one is materialised and read from the work folder."""

    def forget(self, *names: str) -> None:
        """Delete what was materialised under these names."""

    def close(self) -> None:
        """End what was begun."""


def open_engine(
    name: str, work: Path, *, bytes_read: int, master: str | None = None, memory: str | None = None
) -> Engine:
    """Start an engine.

    Parameters
    ----------
    name
        One of :data:`ENGINES`, or ``auto``: Spark if a master is given, else polars up to two gigabytes of input and disk beyond.
    work
        Folder for what is materialised; of a cluster, one that all machines see under the same path.
    bytes_read
        Size of the input.
    master
        Of Spark: ``local[N]``, ``spark://HOST:PORT`` or, by Spark Connect, ``sc://HOST:PORT``; of Sail ``sc://HOST:PORT`` (one
        is started in this process if none is given).
    memory
        Limit such as ``4GB``, of DuckDB (which disk numbers names with) and of a Spark that is started here.

    Raises
    ------
    MeasureError
        If a library is not there, one line that says what to install; or an option does not fit the engine.
    """
    chosen = name
    if name == "auto":
        chosen = "spark" if master else "polars" if bytes_read <= POLARS_UP_TO else "disk"
    if chosen not in ENGINES:
        raise MeasureError("--engine", f"unknown engine {name!r}", remedy=f"use one of auto, {', '.join(ENGINES)}")
    for package, install in _PACKAGES[chosen].items():
        if importlib.util.find_spec(package) is None:
            raise MeasureError(
                f"--engine {chosen}",
                f"needs the package {package}, which is not installed",
                remedy=f"pip install {install}",
            )
    if master and chosen in ("polars", "duckdb", "disk"):
        raise MeasureError(
            "--master", f"{chosen} runs on this machine alone", remedy="leave it out, or pass --engine spark"
        )
    if chosen == "polars":
        from netact.engines.local import Polars

        return Polars(work)
    if chosen in ("duckdb", "disk"):
        from netact.engines.local import DuckDB

        return DuckDB(work, memory=memory, by_parts=chosen == "disk")
    from netact.engines.spark import Spark, sail

    return sail(work, master=master) if chosen == "sail" else Spark.started(work, master=master, memory=memory)
