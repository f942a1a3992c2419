"""Run a study to a finished report, here or in a process of its own that tells how far it is.

A job is a folder::

    study.toml      what to run; paths of files relative to the folder
    progress.json   written again at every step, always whole
    receipt.json    the import receipt, as soon as the files are read
    report/         the finished report

``python -m netact.jobs FOLDER`` runs it. The command line runs the same :func:`execute` in its own process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from netact.errors import NetactError, ReportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from netact.network import Network
    from netact.report import Report
    from netact.study import Study

State = Literal["waiting", "running", "done", "failed", "cancelled"]

STUDY, PROGRESS, RECEIPT, REPORT, INSPECTION = "study.toml", "progress.json", "receipt.json", "report", "inspection.json"

# Share of the time a stage takes, measured at a million interactions; used for the time that is left.
_SHARES = {
    "read": 0.11,
    "leading_core": 0.26,
    "super_users": 0.03,
    "hierarchy": 0.15,
    "factions": 0.33,
    "draw": 0.04,
    "write": 0.08,
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
    """

    state: State = "waiting"
    stage: str = ""
    number: int = 0
    total: int = 0
    elapsed: float = 0.0
    left: float | None = None
    error: str = ""
    process: int | None = None


def execute(
    study: Study,
    out: Path,
    *,
    copy_inputs: bool = False,
    progress: Callable[[str], None] | None = None,
    on_read: Callable[[Network], None] | None = None,
) -> Report:
    """Run a study and write its report: the one way from a study to a folder.

    Parameters
    ----------
    study, out, copy_inputs
        See :func:`netact.report.run` and :func:`netact.report.write`.
    progress
        Called with the name of each stage when it begins.
    on_read
        Called with the network as soon as all files are read.

    Raises
    ------
    NetactError
        If a file cannot be read, a measure cannot be run or the folder cannot be written.
    """
    from netact.report import run, write
    from netact.report.write import check_folder

    check_folder(out)  # before the work, not after it
    report = run(study, progress=progress, on_read=on_read)
    if progress is not None:
        progress("write")
    write(report, out, copy_inputs=copy_inputs)
    return report


# ---------------------------------------------------------------------- a job in its own process


@dataclass
class _Clock:
    """Tells how far a run is, stage by stage."""

    folder: Path
    stages: tuple[str, ...]
    began: float = field(default_factory=time.monotonic)

    def __call__(self, stage: str) -> None:
        number = self.stages.index(stage)
        elapsed = time.monotonic() - self.began
        done = sum(_SHARES.get(name, 0.05) for name in self.stages[:number])
        whole = sum(_SHARES.get(name, 0.05) for name in self.stages)
        left = elapsed * (whole - done) / done if done else None
        self.tell(Progress("running", stage, number, len(self.stages), elapsed, left, process=os.getpid()))

    def tell(self, progress: Progress) -> None:
        write_progress(self.folder, progress)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the job of a folder in a process of its own; nothing of it is printed.

    The process gets a session of its own, so that :func:`stop` reaches all of it.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "netact.jobs", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )


def read_progress(folder: Path) -> Progress:
    """Return how far the job of a folder is; waiting if it has not begun."""
    try:
        values = json.loads((folder / PROGRESS).read_text(encoding="utf-8"))
        return Progress(**values)
    except FileNotFoundError:
        return Progress()


def write_progress(folder: Path, progress: Progress) -> None:
    """Write how far a job is, whole or not at all."""
    _write_json(folder / PROGRESS, asdict(progress))


def main(folder: Path) -> int:
    """Run the job of a folder; the exit code is 0 if the report is there, 2 after an error that was told, 3 otherwise."""
    from netact.report import stages
    from netact.study import load

    try:
        study = load(folder / STUDY)
        clock = _Clock(folder, stages(study))
    except NetactError as error:
        write_progress(folder, Progress("failed", error=str(error)))
        return 2
    total = len(clock.stages)

    def keep_receipt(network: Network) -> None:
        _write_json(folder / RECEIPT, network.receipt.to_dict())

    def elapsed() -> float:
        return time.monotonic() - clock.began

    try:
        execute(study, folder / REPORT, progress=clock, on_read=keep_receipt)
    except NetactError as error:
        clock.tell(Progress("failed", elapsed=elapsed(), total=total, error=str(error)))
        return 2
    except MemoryError:
        clock.tell(
            Progress("failed", elapsed=elapsed(), total=total, error="memory: not enough for a file of this size")
        )
        return 2
    except Exception as error:  # noqa: BLE001  (whatever it is, the reader must not wait for ever)
        told = f"netact: stopped by an error it should not have met; found {type(error).__name__}"
        clock.tell(Progress("failed", elapsed=elapsed(), total=total, error=told))
        return 3
    clock.tell(Progress("done", "write", total, total, elapsed(), 0.0))
    return 0


def _write_json(path: Path, values: Any) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}-", suffix=".part", delete=False, encoding="utf-8"
        ) as draft:
            json.dump(values, draft, ensure_ascii=False)
        os.replace(draft.name, path)  # noqa: PTH105
    except OSError as error:
        raise ReportError(str(path), f"cannot be written: {error.strerror or error}") from error


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
