"""Run benchmarks in several processes, one row a run in a file that a later call goes on with."""

from __future__ import annotations

import hashlib
import inspect
import json
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netact.errors import ReportError, StudyError
from netact.randomness import spawn_seeds
from netact.validation.tables import BENCHMARKS

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

RUNS = "runs.jsonl"

# Called after every run: the benchmark, how many runs are done, how many there are in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Run:
    """What came out of one run of one benchmark."""

    benchmark: str
    run: int
    values: dict[str, Value]
    seconds: float


def chosen(only: Sequence[str], *, small: bool) -> list[str]:
    """Return the benchmarks whose name or question holds one of the words, in the order of the table; all without words.

    Raises
    ------
    StudyError
        If a word fits none.
    """
    names = [name for name, item in BENCHMARKS.items() if item.small or not small]
    for word in only:
        if not any(word in name or word == BENCHMARKS[name].question for name in names):
            raise StudyError("--only", f"no benchmark fits {word!r}", remedy="netact validate --list names them")
    return [
        name for name in names if not only or any(word in name or word == BENCHMARKS[name].question for word in only)
    ]


def runs_of(name: str, *, small: bool, runs: int | None) -> int:
    """Return how often a benchmark is run."""
    item = BENCHMARKS[name]
    return runs if runs is not None else item.small if small else item.full


def digest(name: str, seed: int) -> str:
    """Return what a run depends on beside its number, shortened: rows of another trial or seed are not gone on with."""
    item = BENCHMARKS[name]
    defaults = str(inspect.signature(item.trial))
    told = json.dumps([name, item.trial.__name__, defaults, item.parameters, seed], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def run_all(
    names: Sequence[str],
    folder: Path,
    *,
    seed: int,
    small: bool = False,
    runs: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> None:
    """Run what is not yet in ``folder / runs.jsonl`` and append it there, a whole row at a time.

    A run's network and its measurement depend on ``seed``, the benchmark and the number of the run alone, so the rows
    are the same for any number of processes and after any interruption.

    Raises
    ------
    ReportError
        If the file cannot be written.
    """
    done = {(row.benchmark, row.run) for row in read_runs(folder, seed=seed)}
    wanted = {name: range(runs_of(name, small=small, runs=runs)) for name in names}
    tasks = [
        (name, number, seed) for name, numbers in wanted.items() for number in numbers if (name, number) not in done
    ]
    total = sum(map(len, wanted.values()))
    finished = total - len(tasks)
    path = folder / RUNS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _mend(path)
        with path.open("a", encoding="utf-8") as file:
            for name, number, values, seconds in _results(tasks, processes):
                row = {
                    "benchmark": name,
                    "digest": digest(name, seed),
                    "run": number,
                    "seconds": round(seconds, 3),
                    "values": values,
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
                finished += 1
                if progress is not None:
                    progress(name, finished, total)
    except OSError as error:
        raise ReportError(
            str(path), f"cannot be written: {error.strerror or error}", remedy="choose another folder with -o"
        ) from error


def read_runs(folder: Path, *, seed: int) -> list[Run]:
    """Return the runs a folder holds of the benchmarks as they are now, by benchmark and number; a torn row is passed over."""
    path = folder / RUNS
    if not path.exists():
        return []
    order = {name: at for at, name in enumerate(BENCHMARKS)}
    digests = {name: digest(name, seed) for name in BENCHMARKS}
    found: dict[tuple[str, int], Run] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            name, number = row["benchmark"], row["run"]
            if digests.get(name) == row["digest"]:
                found[name, number] = Run(name, number, row["values"], row["seconds"])
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found.values(), key=lambda row: (order[row.benchmark], row.run))


def _mend(path: Path) -> None:
    """Cut off a row that an interruption tore."""
    if path.exists():
        held = path.read_bytes()
        if held and not held.endswith(b"\n"):
            path.write_bytes(held[: held.rfind(b"\n") + 1])


Task = tuple[str, int, int]


def _results(tasks: list[Task], processes: int) -> Iterator[tuple[str, int, dict[str, Value], float]]:
    if processes <= 1 or len(tasks) <= 1:
        yield from map(_one, tasks)
        return
    # A fresh process each: what a fork copies (locks of threads) may hang it. Leaving the block ends them all.
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_ignore_interrupt) as pool:
        yield from pool.imap_unordered(_one, tasks)


def _ignore_interrupt() -> None:
    """Leave an interruption from the keyboard to the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(task: Task) -> tuple[str, int, dict[str, Value], float]:
    name, number, seed = task
    item = BENCHMARKS[name]
    began = time.perf_counter()
    values = dict(item.trial(seed=spawn_seeds(seed, 1, "validation", name, number)[0], **item.parameters))
    return name, number, values, time.perf_counter() - began
