"""Spark (local, a standalone cluster, Spark Connect) and Sail, which answers the same protocol without a Java machine."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from netact.errors import MeasureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from netact.engines.engine import Name

# Partitions of a shuffle for a Spark that is started here: the default of 200 is for clusters.
_SHUFFLE = 8


class Spark:
    """A Spark session, or one of Spark Connect.

    The work folder is on a file system that driver and workers share. Parsing runs in the workers' Python, which needs netact
    itself.
    """

    def __init__(self, session: Any, work: Path, *, name: Name = "spark", ends: Any = None) -> None:
        self.name = name
        self.native: Any = session
        self._work = work
        self._ends = ends

    @classmethod
    def started(cls, work: Path, *, master: str | None, memory: str | None) -> Spark:
        """Start or find a session.

        Raises
        ------
        MeasureError
            If it cannot be had.
        """
        from pyspark.errors import PySparkException

        master = master or f"local[{os.cpu_count() or 1}]"
        if master.startswith("sc://"):
            session = _connected(master)
            return cls(session, work, ends=session.stop)
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise MeasureError(
                "--engine spark",
                "needs Java 17 or newer, which is not installed",
                remedy="install it, or pass --engine sail",
            )
        from pyspark.sql import SparkSession

        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master(master).appName("netact aggregate")
        builder = builder.config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        if master.startswith("local"):
            builder = builder.config("spark.sql.shuffle.partitions", _SHUFFLE).config(
                "spark.driver.bindAddress", "127.0.0.1"
            )
            builder = builder.config("spark.driver.host", "127.0.0.1")
            if memory is not None:
                builder = builder.config("spark.driver.memory", memory.removesuffix("B").lower())
        elif memory is not None:
            builder = builder.config("spark.executor.memory", memory.removesuffix("B").lower())
        try:
            with _without_pandas():
                session = builder.getOrCreate()
        except (PySparkException, RuntimeError, OSError) as error:
            raise _unreachable(master, error) from error
        session.sparkContext.setLogLevel("ERROR")
        return cls(session, work, ends=session.stop)

    def parse(self, paths: Sequence[str], options: str, folder: Path) -> list[str]:
        """Parse one file a task, in the workers."""
        rows = [(number, path) for number, path in enumerate(paths)]
        with _without_pandas():
            tasks = self.native.createDataFrame(rows, "number long, path string").repartition(len(rows), "number")
            found = tasks.mapInArrow(_parser(options, str(folder)), "number long, said string").collect()
        said = {row["number"]: row["said"] for row in found}
        return [said[number] for number in range(len(rows))]

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Return the tables in a folder."""
        found: nw.LazyFrame[Any] = nw.from_native(self.native.read.parquet(str(path)))
        return found

    def materialise(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Write a frame as a folder of one file a partition."""
        frame.sink_parquet(str(self._work / name))
        return self.scan(self._work / name)

    def numbered(self, frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
        """Number the rows within partitions; written at once, since another run would number otherwise."""
        numbers = frame.to_native().selectExpr("*", "monotonically_increasing_id() AS id")
        return self.materialise(nw.from_native(numbers), name)

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Hand the rows over by Arrow."""
        with _without_pandas():
            found: pl.DataFrame = frame.collect(backend="polars").to_native()
        return found

    def forget(self, *names: str) -> None:
        """Delete folders."""
        for name in names:
            shutil.rmtree(self._work / name, ignore_errors=True)

    def close(self) -> None:
        """End the session, and what was started for it; a server that runs elsewhere goes on."""
        if self._ends is not None:
            self._ends()


def sail(work: Path, *, master: str | None) -> Spark:
    """Return Sail: a server at ``master``, or one in this process."""
    if master is not None:
        if not master.startswith("sc://"):
            raise MeasureError(
                "--master", "Sail is reached by Spark Connect", found=master, remedy="pass sc://HOST:PORT"
            )
        session = _connected(master)
        return Spark(session, work, name="sail", ends=session.stop)
    os.environ.setdefault("RUST_LOG", "warn")  # it tells of its start otherwise
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1")
    server.start(background=True)
    session = _connected(f"sc://127.0.0.1:{server.listening_address[1]}")

    def end() -> None:
        session.stop()
        server.stop()

    return Spark(session, work, name="sail", ends=end)


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Keep back what pyspark says of pandas, of which nothing is used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


def _connected(master: str) -> Any:
    from pyspark.errors import PySparkException

    try:
        with _without_pandas():
            from pyspark.sql.connect.session import SparkSession

            session = SparkSession.builder.remote(master).create()
            session.version  # noqa: B018  (asks the server)
    except (PySparkException, RuntimeError, OSError) as error:
        raise _unreachable(master, error) from error
    return session


def _unreachable(master: str, error: Exception) -> MeasureError:
    said = " ".join(str(error).split())[:120]
    return MeasureError(
        "--master", f"no Spark can be had at {master}", found=said, remedy="check the address, and that it runs"
    )


def _parser(options: str, folder: str) -> Any:
    """Return what a worker does with the files it is given."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from netact.engines.parse import parse

        for batch in batches:
            numbers, paths = batch.column("number").to_pylist(), batch.column("path").to_pylist()
            said = [parse(path, number, options, folder) for number, path in zip(numbers, paths, strict=True)]
            yield pa.RecordBatch.from_arrays(
                [pa.array(numbers, pa.int64()), pa.array(said, pa.string())], ["number", "said"]
            )

    return run
