"""Seconds to place and draw a network, and the size of the picture.

Usage: python benchmarks/drawing.py [--keep FOLDER]
The networks are invented: groups of unequal size, attention heavy-tailed, some islands. Seconds depend on the machine.
"""

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl

from netact.layout import network_layout
from netact.network import Network

SIZES = ((2_000, 8_000), (20_000, 60_000), (20_000, 100_000), (100_000, 500_000), (200_000, 1_000_000))
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C6D1F", "#56B4E9")


def invented(accounts, ties):
    """Return a network and its groups."""
    random = np.random.default_rng(1)
    groups = 8
    group = np.sort(random.choice(groups, accounts, p=np.arange(groups, 0, -1) / np.arange(groups + 1).sum()))
    start = np.searchsorted(group, np.arange(groups + 1))
    # Everybody gives attention once at least; within each group the first are heard most.
    source = np.concatenate([np.arange(accounts), random.integers(0, accounts, ties)])[: int(ties * 1.1)]
    heard = np.where(random.random(len(source)) < 0.03, random.integers(0, groups, len(source)), group[source])
    width = np.diff(start)[heard]
    target = start[heard] + np.minimum(width - 1, (width * random.random(len(source)) ** 5).astype(np.int64))
    names = pl.Series([f"a{i:07d}" for i in range(accounts)])
    table = pl.DataFrame({"source": names.gather(source), "target": names.gather(target)})
    return Network.from_tables(table), pl.DataFrame({"account": names, "faction": group})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    options = parser.parse_args()
    print(f"{'accounts':>9} {'ties':>9} {'mode':>11} {'seconds':>8} {'CPU s':>7} {'PNG MB':>7} {'peak MB':>8}")
    for accounts, ties in SIZES:
        network, membership = invented(accounts, ties)
        pairs = len(network.undirected_ties())
        start, used = time.perf_counter(), time.process_time()
        layout = network_layout(network, membership=membership, colours=COLOURS, seed=1)
        seconds, cpu = time.perf_counter() - start, time.process_time() - used
        png = layout.background.png if layout.background else b""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{layout.total:9,} {pairs:9,} {layout.mode:>11} {seconds:8.1f} {cpu:7.1f} {len(png) / 1e6:7.2f} {peak:8,.0f}"
        )
        if options.keep and png:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{accounts}.png").write_bytes(png)


if __name__ == "__main__":
    main()
