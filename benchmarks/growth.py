"""Time and memory by the number of interactions: netact from a file to its report, on invented files of growing size.

Usage: python benchmarks/growth.py [--interactions 1000000 3000000 10000000] [--runs 1] [--keep FOLDER]
       python benchmarks/growth.py --write FILE --interactions N [--seed 1]

The files are written in blocks, so that any size takes the same memory: heavy-tailed activity and popularity, six groups
that keep four in five interactions inside, ids of 8 to 19 digits, times over eight weeks, some hashtags. The seed decides all
of it. Nothing is compared with chance. Each run has a process of its own; on a machine that does other things too,
compare CPU seconds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import measuring
import numpy as np
import polars as pl

BLOCK = 500_000
GROUPS = 6
WEEKS = 8
KINDS = ("retweet", "mention", "reply")
TAGS = [f"tag{number}" for number in range(300)]


def write(path: Path, *, interactions: int, seed: int = 1) -> None:
    """Write a CSV file of invented interactions, ``BLOCK`` rows at a time; accounts are at most a seventh of the rows."""
    accounts = max(1000, interactions // 7)
    span = WEEKS * 7 * 86_400_000_000
    start = np.datetime64("2024-03-04T00:00:00", "us").astype(np.int64)
    with path.open("wb") as file:
        for first in range(0, interactions, BLOCK):
            n = min(BLOCK, interactions - first)
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
            ).write_csv(file, include_header=first == 0)


def _heavy(random: np.random.Generator, n: int, accounts: int, power: float) -> np.ndarray:
    """Return accounts drawn with weights that fall as a power of their rank; nothing as long as the accounts is held."""
    rank = (accounts * random.random(n) ** (1 / power)).astype(np.int64)
    return np.minimum(rank, accounts - 1)


def _names(accounts: np.ndarray) -> pl.Series:
    """Return ids of 8 to 19 digits, different for different accounts."""
    mixed = (accounts.astype(np.uint64) * np.uint64(2_654_435_761)) % np.uint64(2**32)
    length = np.array([10**8, 10**9, 10**13, 10**18], dtype=np.uint64)[accounts % 4]
    return pl.Series(np.where(accounts % 4 == 0, 10**7 + accounts.astype(np.uint64), length + mixed)).cast(pl.String)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, nargs="+", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--write", type=Path, help="only write a file of that many interactions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.write is not None:
        write(options.write, interactions=options.interactions[0], seed=options.seed)
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size in sorted(options.interactions):
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
