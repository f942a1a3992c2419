"""Time and memory by the number of interactions: netact from a file to its report, on invented files of growing size.

Usage: python benchmarks/growth.py [--interactions 1000000 3000000 10000000] [--runs 1] [--keep FOLDER]
       python benchmarks/growth.py --write FILE --interactions N [--seed 1]
       python benchmarks/growth.py --write FOLDER --interactions N --files F [--seed 1]
       python benchmarks/growth.py --aggregate --interactions N [N ...] --keep FOLDER [--engine duckdb] [--memory-limit 5GB]

The files are written in blocks, so that any size takes the same memory: heavy-tailed activity and popularity, six groups
that keep four in five interactions inside, ids of 8 to 19 digits, times over eight weeks, some hashtags. The seed decides all
of it. Nothing is compared with chance. Each run has a process of its own; on a machine that does other things too,
compare CPU seconds.

With --aggregate the rows are cut into files of ten million, netact aggregate adds them up, and netact analyze reports on the kernel,
not compared with chance. CPU seconds are of all processes of both; memory is the largest sum of what they held at once (sampled),
and so is what lay in the folder of work. A size that a folder of more rows begins with is read from there: of N files as many as
are needed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import measuring
import numpy as np
import polars as pl

from engines import held

BLOCK = 500_000
FILE_ROWS = 10_000_000  # of each file that is aggregated
GROUPS = 6
WEEKS = 8
KINDS = ("retweet", "mention", "reply")
TAGS = [f"tag{number}" for number in range(300)]


def write(path: Path, *, interactions: int, seed: int = 1) -> None:
    """Write a CSV file of invented interactions, ``BLOCK`` rows at a time; accounts are at most a seventh of the rows."""
    _write(path, range(interactions), interactions=interactions, seed=seed)


def write_folder(folder: Path, *, interactions: int, files: int, seed: int = 1) -> None:
    """Write the rows of :func:`write`, cut into files of whole blocks; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    size = -(-interactions // (files * BLOCK)) * BLOCK
    for number, first in enumerate(range(0, interactions, size)):
        path = folder / f"part-{number:03}.csv"
        if not path.exists():
            draft = path.with_suffix(".draft")
            _write(draft, range(first, min(first + size, interactions)), interactions=interactions, seed=seed)
            draft.rename(path)


def _write(path: Path, rows: range, *, interactions: int, seed: int) -> None:
    accounts = max(1000, interactions // 7)
    span = WEEKS * 7 * 86_400_000_000
    start = np.datetime64("2024-03-04T00:00:00", "us").astype(np.int64)
    with path.open("wb") as file:
        for first in range(rows.start, rows.stop, BLOCK):
            n = min(BLOCK, rows.stop - first)
            random = np.random.default_rng([seed, first])
            source, target = _heavy(random, n, accounts, 0.45), _heavy(random, n, accounts, 0.25)
            inside = random.random(n) < 0.8
            target = np.where(inside, target - target % GROUPS + source % GROUPS, target) % accounts
            target = np.where(target == source, (target + GROUPS) % accounts, target)
            part = [start + span * edge // interactions for edge in (first, first + n)]
            times = np.sort(random.integers(part[0], part[1], n))
            kind = np.array(KINDS)[random.choice(3, n, p=(0.6, 0.25, 0.15))]
            tag = np.array(TAGS)[(len(TAGS) * random.random(n) ** 3).astype(np.int64)]
            pl.DataFrame(
                {
                    "source": _names(source),
                    "target": _names(target),
                    "kind": kind,
                    "time": pl.Series(times).cast(pl.Datetime("us")).dt.to_string("%Y-%m-%dT%H:%M:%SZ"),
                    "post_id": np.arange(first, first + n),
                    "hashtags": np.where((kind == "mention") & (random.random(n) < 0.4), tag, ""),
                }
            ).write_csv(file, include_header=first == rows.start)


def _heavy(random: np.random.Generator, n: int, accounts: int, power: float) -> np.ndarray:
    """Return accounts drawn with weights that fall as a power of their rank; nothing as long as the accounts is held."""
    rank = (accounts * random.random(n) ** (1 / power)).astype(np.int64)
    return np.minimum(rank, accounts - 1)


def _names(accounts: np.ndarray) -> pl.Series:
    """Return ids of 8 to 19 digits, different for different accounts."""
    mixed = (accounts.astype(np.uint64) * np.uint64(2_654_435_761)) % np.uint64(2**32)
    length = np.array([10**8, 10**9, 10**13, 10**18], dtype=np.uint64)[accounts % 4]
    return pl.Series(np.where(accounts % 4 == 0, 10**7 + accounts.astype(np.uint64), length + mixed)).cast(pl.String)


def added_up(folder: Path, interactions: int, *, engine: str, limit: str, most_ties: int) -> dict:
    """Aggregate and analyse the first rows of a folder of files; return what both used, step by step."""
    bundle, report, work = (folder.parent / f"{interactions}{end}" for end in (".netact", "-report", "-work"))
    first = folder.parent / f"{interactions}-files"
    shutil.rmtree(first, ignore_errors=True)
    first.mkdir()
    for path in sorted(folder.glob("part-*.csv"))[: -(-interactions // FILE_ROWS)]:
        (first / path.name).hardlink_to(path)
    shutil.rmtree(report, ignore_errors=True)
    command = [sys.executable, "-m", "netact", "aggregate", str(first), "-o", str(bundle), "--work", str(work)]
    command += ["--engine", engine, "--memory-limit", limit, "--most-ties", str(most_ties)]
    found = _sampled(command, work)
    further = _sampled(
        [sys.executable, "-m", "netact", "analyze", str(bundle), "--no-chance", "-o", str(report), "--quiet"], work
    )
    bundle_size = bundle.stat().st_size
    for made in (work, first):
        shutil.rmtree(made, ignore_errors=True)
    return {
        "cpu": found["cpu"] + further["cpu"],
        "wall": found["wall"] + further["wall"],
        "memory": max(found["memory"], further["memory"]),
        "runs": 1,
        "said": {"stages": {**found["stages"], "analysis": round(further["cpu"], 1)}},
        "note": f"{found['told']}; {found['disk'] / 2**30:.1f} GB of work files at most, bundle of {bundle_size / 2**20:,.0f} MB; "
        f"{found['cpu']:,.0f} CPU s and {found['memory']:,.0f} MB aggregating, {further['memory']:,.0f} MB analysing",
    }


def _sampled(command: list[str], work: Path) -> dict:
    """Run a command in a session of its own; what it says begins a step."""
    begins: list[tuple[str, float]] = [("start", 0.0)]
    told: list[str] = []
    used: dict[int, float] = {}
    environment = {**os.environ, "NETACT_CACHE": "off"}
    began, peak, disk = time.monotonic(), 0, 0
    child = subprocess.Popen(
        command, start_new_session=True, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )

    def now() -> float:
        used.update({pid: cpu for pid, (cpu, _, _) in held(child.pid).items()})
        return sum(used.values())

    def listen() -> None:
        for line in child.stderr:
            begins.append((line.strip(), now()))
            print(f"{time.monotonic() - began:8.0f} s  {begins[-1][1]:8.0f} CPU s  {line.strip()}", flush=True)

    listeners = [threading.Thread(target=listen), threading.Thread(target=lambda: told.extend(child.stdout))]
    for listener in listeners:
        listener.start()
    while child.poll() is None:
        now()
        peak = max(peak, sum(size for _, size, _ in held(child.pid).values()))
        disk = max(disk, _size(work))
        time.sleep(0.5)
    for listener in listeners:
        listener.join()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, stderr=begins[-1][0])
    ends = [*(cpu for _, cpu in begins[1:]), sum(used.values())]
    stages = {
        name.partition(" (")[0].rstrip("0123456789 "): round(end - cpu, 1)
        for (name, cpu), end in zip(begins, ends, strict=True)
    }
    return {
        "cpu": sum(used.values()), "wall": time.monotonic() - began, "memory": peak / 2**20, "disk": disk, "stages": stages,
        "told": "; ".join(line.strip() for line in told[:-1]),
    }  # fmt: skip


def _aggregated(folder: Path, size: int, largest: int, options: argparse.Namespace) -> dict:
    files = folder / f"growth-{largest}"
    write_folder(files, interactions=largest, files=-(-largest // FILE_ROWS), seed=options.seed)
    found = added_up(files, size, engine=options.engine, limit=options.memory_limit, most_ties=options.most_ties)
    row = measuring.row("aggregate and analyse", size, "netact", found, note=f"{options.engine}; {found['note']}")
    print(json.dumps(row), flush=True)
    measuring.keep("growth", [row])
    return row


def _size(folder: Path) -> int:
    """Return the bytes of the files in a folder; files come and go."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found += Path(place, name).stat().st_size
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, nargs="+", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--write", type=Path, help="only write a file of that many interactions")
    parser.add_argument("--files", type=int, help="with --write: a folder of that many files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--aggregate", action="store_true")
    parser.add_argument("--engine", default="disk")
    parser.add_argument("--memory-limit", default="5GB")
    parser.add_argument("--most-ties", type=int, default=10_000_000)
    options = parser.parse_args()
    if options.write is not None and options.files:
        write_folder(options.write, interactions=options.interactions[0], files=options.files, seed=options.seed)
        return
    if options.write is not None:
        write(options.write, interactions=options.interactions[0], seed=options.seed)
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size in sorted(options.interactions):
            if options.aggregate:
                rows.append(_aggregated(folder, size, max(options.interactions), options))
                continue
            path = folder / f"growth-{size}.csv"
            if not path.exists():
                subprocess.run(
                    [sys.executable, __file__, "--write", str(path), "--interactions", str(size)], check=True
                )
            found = measuring.measured([sys.executable, str(measuring.NETACT), str(path)], runs=options.runs)
            rows.append(measuring.row("growth", size, "netact", found, note="file to report, not compared with chance"))
            print(json.dumps(rows[-1]), flush=True)
    measuring.keep("growth", rows)


if __name__ == "__main__":
    main()
