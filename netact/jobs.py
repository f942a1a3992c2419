"""Run a study to a finished report, here or in a process of its own that tells how far it is.

A job is a folder::

    study.toml            what to run; paths of files relative to the folder
    progress.json         written again at every step, always whole
    receipt.json          the import receipt, as soon as the files are read
    report/               the finished report
    key                   the secret of the report before, if there was one: a job made again has the same pseudonyms
    cache/                stages that are over, for a run that goes on or is made again with little changed
    inspect-<n>.json      which file to look at, and how: path, role, options
    inspection-<n>.json   what a look at it has found
    scratch/              temporary files of the processes; whoever started them clears it

``python -m netact.jobs FOLDER`` runs it, ``python -m netact.jobs FOLDER --inspect N`` looks at a file. The command line
runs the same :func:`execute` in its own process. With ``--tied`` the process ends with the one that started it: it
reads its standard input, which closes when the other is gone, however it ended.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from netact.errors import NetactError, ReportError
from netact.language import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import IO, BinaryIO

    from netact.cache import Cache
    from netact.importers import Inspection
    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile
    from netact.network import Network
    from netact.report import Report
    from netact.study import Study

State = Literal["waiting", "running", "done", "failed", "cancelled"]

STUDY, PROGRESS, RECEIPT, REPORT, SCRATCH = "study.toml", "progress.json", "receipt.json", "report", "scratch"
CACHE, KEY = "cache", "key"
CACHE_BYTES = 500_000_000

# Draws and repetitions of a quick look: enough to see, too few to publish.
QUICK: dict[str, dict[str, int]] = {
    "leading_core": {"draws": 49, "replicates": 40, "power_runs": 5},
    "super_users": {"draws": 199},
    "hierarchy": {"draws": 39, "replicates": 60},
    "factions": {"draws": 39, "runs": 20},
    "dynamics": {"draws": 39, "group_draws": 0},
    "symbols": {"draws": 19, "label_draws": 1999},
    "coordination": {"draws": 19},
    "legitimation": {"draws": 99, "replicates": 100},
}

# Of a description: nothing is compared with chance and nothing drawn again, so no verdict is given that needs it. Goes with
# the robustness effort "none".
WITHOUT_CHANCE: dict[str, dict[str, int]] = {
    "leading_core": {"draws": 0, "replicates": 0, "power_runs": 0},
    "super_users": {"draws": 0},
    "hierarchy": {"draws": 0, "replicates": 0},
    "factions": {"draws": 0, "runs": 2},
    "dynamics": {"draws": 0, "group_draws": 0},
    "symbols": {"draws": 0, "label_draws": 0},
    "coordination": {"draws": 0},
    "legitimation": {"draws": 0, "replicates": 0},
}

# A text longer than this is looked at from its beginning only.
HEAD_BYTES = 30_000_000
SAMPLE_ROWS = 20

# Seconds a stage takes on one core, at some numbers of interactions, in a quick look and in full; used for the time that
# is left. What a machine really needs is told by the stages that are over.
_MEASURED_AT = (12_000, 100_000, 1_000_000)
_SECONDS: dict[str, dict[str, tuple[float, ...]]] = {
    "quick": {
        "read": (0.2, 0.9),
        "leading_core": (1.4, 2.6),
        "super_users": (0.3, 0.5),
        "hierarchy": (0.9, 2.5),
        "factions": (1.5, 10.2),
        "dynamics": (0.6, 2.0),
        "symbols": (0.4, 1.5),
        "coordination": (0.5, 2.0),
        "robustness": (8.0, 8.0),
        "legitimation": (0.3, 0.9),
        "draw": (0.8, 4.8),
        "write": (1.6, 1.9),
    },
    "full": {
        "read": (0.2, 0.9, 7.8),
        "leading_core": (6.1, 7.3, 12.6),
        "super_users": (0.5, 1.0, 2.0),
        "hierarchy": (1.4, 5.4, 13.0),
        "factions": (3.9, 23.4, 34.0),
        "dynamics": (4.0, 12.0, 16.0),
        "symbols": (1.5, 5.0, 8.0),
        "coordination": (0.5, 3.0, 5.0),
        "robustness": (20.0, 15.0, 20.0),
        "legitimation": (0.8, 1.6, 3.0),
        "draw": (0.9, 4.8, 5.0),
        "write": (1.6, 1.9, 9.0),
    },
}


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    state
        ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
    stage, number, total
        The stage by name (see :func:`netact.report.stages`), its number from 0 and how many there are.
    elapsed, left
        Seconds since the start, and about how many are left; None while nothing can be said.
    error
        One line: where, what, found, remedy.
    process
        Number of the process, while there is one.
    file, bytes_done, bytes_total
        While files are read: the file, and how much of it.
    reused
        The stages so far that an earlier run of the job had finished and that were not done again.
    """

    state: State = "waiting"
    stage: str = ""
    number: int = 0
    total: int = 0
    elapsed: float = 0.0
    left: float | None = None
    error: str = ""
    process: int | None = None
    file: str = ""
    bytes_done: int = 0
    bytes_total: int = 0
    reused: tuple[str, ...] = ()


def execute(
    study: Study,
    out: Path,
    *,
    copy_inputs: bool = False,
    secret: str | None = None,
    cache: Cache | None = None,
    progress: Callable[[str], None] | None = None,
    reused: Callable[[str], None] | None = None,
    on_read: Callable[[Network], None] | None = None,
    reading: Callable[[str, int, int], None] | None = None,
) -> Report:
    """Run a study and write its report: the one way from a study to a folder.

    Parameters
    ----------
    study, out, copy_inputs, secret
        See :func:`netact.report.run` and :func:`netact.report.write`.
    cache
        Where finished stages are kept, and taken from if they were finished by an earlier run; None: nowhere.
    progress
        Called with the name of each stage when it begins.
    reused
        Called with the name of each stage that is over and was taken from the cache.
    on_read
        Called with the network as soon as all files are read.
    reading
        Called while files are read with the name of the file, the bytes done and the bytes in all.

    Raises
    ------
    NetactError
        If a file cannot be read, a measure cannot be run or the folder cannot be written.
    """
    from netact.report import run, write
    from netact.report.exports import check_outputs
    from netact.report.write import check_folder

    check_folder(out)  # before the work, not after it
    check_outputs(study.outputs)
    report = run(study, cache=cache, progress=progress, reused=reused, on_read=on_read, reading=reading)
    if progress is not None:
        progress("write")
    write(report, out, copy_inputs=copy_inputs, secret=secret)
    return report


# ---------------------------------------------------------------------- a job in its own process


@dataclass
class _Clock:
    """Tells how far a run is, stage by stage."""

    folder: Path
    stages: tuple[str, ...]
    quick: bool = False
    began: float = field(default_factory=time.monotonic)
    interactions: int | None = None
    reused: list[str] = field(default_factory=list)

    def __call__(self, stage: str) -> None:
        number = self.stages.index(stage)
        elapsed = time.monotonic() - self.began
        left = None
        if self.interactions is not None:
            expected = [
                0.0 if name in self.reused else _expected(name, self.interactions, quick=self.quick)
                for name in self.stages
            ]
            done, rest = sum(expected[:number]), sum(expected[number:])
            # A first short stage says little of how fast the machine is.
            left = rest * (elapsed + 2) / (done + 2)
        self.tell(Progress("running", stage, number, len(self.stages), elapsed, left, process=os.getpid()))

    def reading(self, file: str, done: int, total: int) -> None:
        elapsed = time.monotonic() - self.began
        known = Progress("running", "read", 0, len(self.stages), elapsed, process=os.getpid())
        self.tell(replace(known, file=file, bytes_done=done, bytes_total=total))

    def tell(self, progress: Progress) -> None:
        write_progress(self.folder, replace(progress, reused=tuple(self.reused)))


def _draws(parameters: Mapping[str, Any]) -> int:
    return int(parameters.get("draws") or 0)


def _expected(stage: str, interactions: int, *, quick: bool) -> float:
    """Return about how many seconds a stage takes: between the sizes and beyond along a power of the size."""
    points = _SECONDS["quick" if quick else "full"].get(stage, (1.0, 5.0))
    size = math.log(max(interactions, 1000))
    known = [math.log(at) for at in _MEASURED_AT[: len(points)]]
    part = sum(size > at for at in known[1:-1])
    (low, high), (small, large) = known[part : part + 2], (math.log(value) for value in points[part : part + 2])
    found = math.exp(small + (large - small) * (size - low) / (high - low))
    # Much is done on part of a large network only: a quick look takes no longer than a full one.
    return min(found, _expected(stage, interactions, quick=False)) if quick else found


def start(
    folder: Path, *, inspect: int | None = None, tied: bool = False, errors: int | BinaryIO = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start the job of a folder in a process of its own; nothing of it is printed.

    The process gets a session of its own, so that :func:`stop` reaches all of it, and its temporary files lie in the
    folder, so that they go with it.

    Parameters
    ----------
    folder
        Of the job.
    inspect
        Look at the file of this number instead of running the study.
    tied
        End the process when this one ends, even if it is killed.
    errors
        Where standard error goes.
    """
    scratch = folder.absolute() / SCRATCH
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "netact.jobs", str(folder.absolute())]
    command += ["--inspect", str(inspect)] if inspect is not None else []
    command += ["--tied"] if tied else []
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
        close_fds=True,
        env={**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)},
    )


def stop(process: subprocess.Popen[bytes], *, now: bool = False) -> None:
    """Ask a job and all its processes to end, or end them ``now``; returns at once."""
    number = signal.SIGKILL if now else signal.SIGTERM
    try:
        os.killpg(process.pid, number)  # it leads a group of its own, see start()
    except (ProcessLookupError, PermissionError):
        process.send_signal(number)  # does nothing if it has been waited for


def read_progress(folder: Path) -> Progress:
    """Return how far the job of a folder is; waiting if it has not begun."""
    try:
        values = json.loads((folder / PROGRESS).read_text(encoding="utf-8"))
        return Progress(**{**values, "reused": tuple(values.get("reused", ()))})
    except (FileNotFoundError, NotADirectoryError):
        return Progress()


def write_progress(folder: Path, progress: Progress) -> None:
    """Write how far a job is, whole or not at all."""
    _write_json(folder / PROGRESS, asdict(progress))


def main(folder: Path) -> int:
    """Run the job of a folder; the exit code is 0 if the report is there, 2 after an error that was told, 3 otherwise."""
    from netact.cache import Cache, switched_off
    from netact.report import stages
    from netact.report.write import read_secret
    from netact.study import load

    try:
        study = load(folder / STUDY)
        few = all(_draws(step.parameters) <= _draws(QUICK.get(step.name, {})) for step in study.measures)
        clock = _Clock(folder, stages(study), quick=few)
    except NetactError as error:
        write_progress(folder, Progress("failed", error=_without(folder, str(error))))
        return 2

    def keep_receipt(network: Network) -> None:
        _write_json(folder / RECEIPT, network.receipt.to_dict())
        clock.interactions = network.interactions.height

    # Inside the folder, so that it is deleted with the files it was made from.
    cache = None if switched_off() else Cache(folder / CACHE, limit=CACHE_BYTES)

    def whole() -> None:
        execute(
            study,
            folder / REPORT,
            secret=read_secret(folder / KEY) if (folder / KEY).is_file() else None,
            cache=cache,
            progress=clock,
            reused=clock.reused.append,
            on_read=keep_receipt,
            reading=clock.reading,
        )

    code, told = _guarded(folder, whole)
    total, elapsed = len(clock.stages), time.monotonic() - clock.began
    if code:
        reached = read_progress(folder)
        clock.tell(Progress("failed", reached.stage, reached.number, total, elapsed, error=told))
    else:
        clock.tell(Progress("done", "write", total, total, elapsed, 0.0))
    return code


def _guarded(folder: Path, work: Callable[[], None]) -> tuple[int, str]:
    """Do something and return its exit code and its error as one line; whatever it is, the reader must not wait."""
    try:
        work()
    except NetactError as error:
        return 2, _without(folder, str(error))
    except MemoryError:
        return 2, "memory: not enough for a file of this size; analyse fewer rows, or on a larger machine"
    except OSError as error:
        return 2, f"netact: the system refused; found {error.strerror or type(error).__name__}"
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return 3, f"netact: stopped by an error it should not have met; found {type(error).__name__}"
    return 0, ""


def _without(folder: Path, text: str) -> str:
    """Leave out where the folder of the job is: its key opens it."""
    return text.replace(f"{folder}{os.sep}", "").replace(str(folder), "the job")


# ---------------------------------------------------------------------- looking at one file


def inspect(folder: Path, number: int) -> int:
    """Look at one file of a job and write what was found to ``inspection-<number>.json``; the exit code is as of main.

    The file holds ``state`` (``ready`` or ``failed``), ``error``, and ``values``: what
    :meth:`netact.importers.Inspection.to_dict` gives, ``columns``, ``sample`` (the first rows as texts), ``options``
    (with everything that was decided filled in), ``asked``, and ``head`` (bytes looked at, None if all).
    """
    values: dict[str, Any] = {}

    def look() -> None:
        asked = json.loads((folder / f"inspect-{number}.json").read_text(encoding="utf-8"))
        values.update(asked=asked["options"], columns=[], sample=[], head=None)
        with tempfile.TemporaryDirectory(prefix="head-") as scratch:
            path, values["head"] = _head(folder / asked["path"], Path(scratch))
            values.update(_table_of(path, asked["role"], asked["options"]))
            found, options = _look(path, asked["role"], asked["options"])
            if not _has_columns(found["format"]):
                values.update(columns=[], sample=[])  # the format itself says what its columns are
            if values["head"] is not None and "encoding" not in asked["options"]:
                options.pop("encoding", None)  # the rest of the file may tell more
            values.update(found, options=options)

    code, told = _guarded(folder, look)
    _write_json(
        folder / f"inspection-{number}.json", {"state": "failed" if code else "ready", "error": told, "values": values}
    )
    return code


def _look(path: Path, role: str, asked: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a file holds and the options with everything filled in."""
    import polars as pl

    from netact.filters import read_listed_accounts
    from netact.importers import Inspection, SourceOptions, inspect_file, open_admins, resolved_options
    from netact.importers.accounts_table import read_accounts
    from netact.importers.admin_table import read_admins, read_people
    from netact.importers.event_tables import read_events
    from netact.importers.identity_table import read_identities
    from netact.receipt import SourceReceipt
    from netact.study import LEAVE_OUT, TRAFFIC_ROLES

    if role in TRAFFIC_ROLES:
        options = SourceOptions.from_dict(asked)
        found = inspect_file(path, options)
        return _told(found), cast("dict[str, Any]", resolved_options(found.receipt, options).to_dict())
    if role == LEAVE_OUT:
        accounts = len(read_listed_accounts(path, name=path.name))
        receipt = SourceReceipt(path.name, role, format="list", rows_read=accounts, rows_kept=accounts)
    elif role == "people":
        with _opened(path, {}) as (opened, detected, table):
            receipt, accounts = read_people(table, opened, detected)[1], 0
    elif role == "identities":
        with _opened(path, {}) as (opened, detected, table):
            pairs, receipt = read_identities(table, opened, detected, **asked)
        receipt, accounts = replace(receipt, rows_kept=pairs.height), 0
    elif role == "operations" or role == "triggers":
        with _opened(path, {}) as (opened, detected, table):
            receipt, accounts = read_events(table, opened, detected, role=role)[1], 0  # type: ignore[arg-type]
    elif role == "admins":
        with open_admins(path, person=asked.get("person")) as (opened, detected, table, person):
            network = read_admins(table, opened, detected, **{**asked, "person": person})
        receipt, accounts = network.receipt.sources[0], network.n_accounts
    else:
        with _opened(path, {}) as (opened, detected, table):
            network = read_accounts(table, opened, detected, **asked)
        receipt, accounts = network.receipt.sources[0], network.n_accounts
    kept = {"accounts": ("account", "reach"), "admins": ("person", "account", "role")}.get(role, ())
    filled = {**asked, **{name: receipt.mapping[name] for name in kept if name in receipt.mapping}}
    return _told(Inspection(receipt, pl.DataFrame(), accounts)), filled


def _has_columns(name: str) -> bool:
    """Whether the columns of a format are for the user to choose."""
    from netact.importers import IMPORTERS

    return name not in IMPORTERS or IMPORTERS[name].of_table is None


def _told(found: Inspection) -> dict[str, Any]:
    """Return what a file holds, with the period, the warnings and why its format was chosen."""
    receipt = found.receipt
    return {
        **found.to_dict(),
        "evidence": list(receipt.evidence),
        "warnings": list(receipt.warnings),
        "first_time": receipt.first_time,
        "last_time": receipt.last_time,
    }


@contextlib.contextmanager
def _opened(path: Path, asked: Mapping[str, Any]) -> Iterator[tuple[SourceFile, Detected, RawTable]]:
    """Open a file as a table whose columns mean nothing yet."""
    from netact.importers import SourceOptions, open_table

    with open_table(path, SourceOptions.from_dict(asked)) as opened:
        yield opened


def _table_of(path: Path, role: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns and first rows of a table, so that they can be chosen by hand; empty where there is none."""
    import polars as pl

    from netact.study import LEAVE_OUT, TRAFFIC_ROLES

    if role == LEAVE_OUT:
        return {"columns": [], "sample": []}
    try:
        with _opened(path, asked if role in TRAFFIC_ROLES else {}) as (_file, _detected, table):
            shown = table.sample.head(SAMPLE_ROWS)
            columns = [name for name in table.columns if name in shown.columns]
            texts = shown.select(pl.col(columns).cast(pl.String, strict=False).str.slice(0, 200))
            return {"columns": columns, "sample": [list(row) for row in texts.iter_rows()]}
    except NetactError:
        return {"columns": [], "sample": []}  # the look itself says why


def _head(path: Path, scratch: Path) -> tuple[Path, int | None]:
    """Return the file, or the beginning of a long text cut at the end of a line, and its bytes then.

    Workbooks, archives, Parquet and XML hold together and are read whole.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic.startswith(b"\x1f\x8b") or magic == b"\x28\xb5\x2f\xfd":
        if path.stat().st_size < HEAD_BYTES // 40:
            return path, None
    elif path.stat().st_size <= HEAD_BYTES:
        return path, None
    try:
        with _decompressed(path, magic) as plain:
            head = plain.read(HEAD_BYTES)
            more = plain.read(1)
    except (OSError, EOFError, ValueError):
        return path, None  # broken: the importer says how
    cut = _line_end(head)
    if not more or cut is None:
        return path, None
    shorter = scratch / path.name
    shorter.write_bytes(head[:cut])
    return shorter, cut


@contextlib.contextmanager
def _decompressed(path: Path, magic: bytes) -> Iterator[IO[bytes]]:
    import zstandard

    if magic.startswith(b"\x1f\x8b"):
        with gzip.open(path) as plain:
            yield cast("IO[bytes]", plain)
    elif magic == b"\x28\xb5\x2f\xfd":
        try:
            with path.open("rb") as raw, zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(raw) as plain:
                yield plain
        except zstandard.ZstdError as error:
            raise ValueError("broken") from error
    else:
        with path.open("rb") as plain:
            yield plain


def _line_end(head: bytes) -> int | None:
    """Return where the last line of the beginning of a text ends; None if it is no text, or one that holds together."""
    wide = {b"\xff\xfe": b"\n\x00", b"\xfe\xff": b"\x00\n"}.get(head[:2])
    if wide is not None:
        end = head.rfind(wide)
        while end > 0 and end % 2:
            end = head.rfind(wide, 0, end + 1)
        return end + 2 if end > 0 else None
    if head.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")) or b"\x00" in head[:4096]:
        return None
    begins = head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith((b"<", b"[")):
        return None
    if begins.startswith(b"{"):
        try:  # lines of JSON, or one value over many lines
            json.loads(head[: head.index(b"\n")].removeprefix(b"\xef\xbb\xbf"))
        except ValueError:
            return None
    end = max(head.rfind(b"\n"), -1)
    return end + 1 if end > 0 else None


def _write_json(path: Path, values: Any) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}-", suffix=".part", delete=False, encoding="utf-8"
        ) as draft:
            json.dump(storable(values), draft, ensure_ascii=False)
        os.replace(draft.name, path)  # noqa: PTH105
    except OSError as error:
        raise ReportError(str(path), f"cannot be written: {error.strerror or error}") from error


def _end_with_parent() -> None:
    """End this process and those it started when its standard input closes."""

    def watch() -> None:
        # Not through sys.stdin: its lock, held by this thread, would stop the interpreter from ending.
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _from_command_line() -> int:
    parser = argparse.ArgumentParser(prog="python -m netact.jobs")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--inspect", type=int, metavar="N")
    parser.add_argument("--tied", action="store_true")
    given = parser.parse_args()
    if given.tied:
        _end_with_parent()
        os.nice(5)  # those who look at finished reports go first
    return main(given.folder) if given.inspect is None else inspect(given.folder, given.inspect)


if __name__ == "__main__":
    sys.exit(_from_command_line())
