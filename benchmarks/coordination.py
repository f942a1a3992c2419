"""Pairs that act together among invented shares, beside the coordination-network-toolkit and a join of data frames.

Usage: python benchmarks/coordination.py [--shares 10000000] [--compare 200000] [--toolkit PYTHON] [--runs 5] [--keep FOLDER]

All get the same CSV of ``--compare`` shares and find pairs of accounts that shared the same links within a minute, three times
or more; netact then also tests them against chance, twice. ``--toolkit`` is a Python that has `coordination-network-toolkit` (QUT
Digital Observatory) installed; without it that row is left out, and this is said. "polars join" is the way of CooRTweet: the table of
shares is joined with itself by the link, in parts so that it fits the memory, and pairs are counted; it must find as many pairs as the
toolkit. At ``--shares`` only netact is measured. Each run is a process of its own, one after another; importing libraries
and loading compiled kernels are not timed. Told are medians.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measuring

MAKE = """
import sys
import numpy as np, polars as pl
n, path = int(sys.argv[1]), sys.argv[2]
random = np.random.default_rng(1)
accounts, links = max(100, n // 20), max(100, n // 8)
# Heavy tails: few accounts share very much, few links are shared very often.
who = np.minimum((random.pareto(1.3, n) * accounts / 50).astype(np.int64), accounts - 1)
what = np.minimum((random.pareto(1.1, n) * links / 20).astype(np.int64), links - 1)
days = 60 * 86_400
born = random.integers(0, days, links)
when = born[what] + random.exponential(6 * 3600, n).astype(np.int64)
# Fifty groups of ten accounts that share thirty links each within half a minute.
groups = [random.choice(np.arange(accounts // 2, accounts), 10, replace=False) for _ in range(50)]
extra = []
for group in groups:
    for link in random.choice(links // 10, 30, replace=False):
        moment = born[link] + random.exponential(6 * 3600)
        extra += [(a, link, int(moment + random.uniform(0, 30))) for a in group if random.random() < 0.8]
more = np.array(extra, dtype=np.int64)
keep = n - len(more)
who, what, when = (np.concatenate([a[:keep], more[:, i]]) for i, a in enumerate((who, what, when)))
order = random.permutation(len(who))
pl.DataFrame({
    "message_id": pl.Series(np.arange(len(who))),
    "user_id": pl.Series(who[order]).cast(pl.String).str.pad_start(7, "0"),
    "username": pl.Series(who[order]).cast(pl.String),
    "repost_id": pl.Series([""] * len(who)),
    "reply_id": pl.Series([""] * len(who)),
    "message": pl.Series([""] * len(who)),
    "timestamp": pl.Series(when[order] + 1_700_000_000),
    "urls": "https://example.org/" + pl.Series(what[order]).cast(pl.String),
}).write_csv(path)
"""

NETACT = """
import json, resource, sys, time
import polars as pl
start = time.perf_counter()
from netact.measures.coordination import coordination
from netact.network import Network
from netact.schemas import ACCOUNTS, INTERACTIONS, SHARES, ADMIN_RIGHTS, conform
from netact.synthetic import planted_coordination
coordination(planted_coordination(accounts=100, links=100, seed=1).network, draws=3, seed=1)  # compiles
ready, used = time.perf_counter(), time.process_time()
frame = pl.read_csv(sys.argv[1], columns=["user_id", "timestamp", "urls"], schema_overrides={"user_id": pl.String})
frame = frame.select(
    account="user_id", object="urls", time=(pl.col("timestamp") * 1_000_000).cast(pl.Datetime("us", "UTC"))
)
read = time.perf_counter()
keys = frame["account"].unique().sort()
codes = pl.DataFrame({"account": keys}).with_row_index("code")
shares = frame.join(codes, on="account", how="left").select(account="code", object="object", time="time")
del frame
shares = shares.sort("account", "time", "object")
network = Network(
    accounts=conform(pl.DataFrame({"key": keys}), ACCOUNTS, table="accounts"),
    interactions=pl.DataFrame(schema=INTERACTIONS),
    admin_rights=pl.DataFrame(schema=ADMIN_RIGHTS),
    shares=conform(shares, SHARES, table="shares"),
)
del shares
built = time.perf_counter()
result = coordination(network, seed=1)
done = time.perf_counter()
print(json.dumps({
    "read": read - ready, "build": built - read, "find and test": done - built, "together": done - ready,
    "CPU": time.process_time() - used,
    "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "said": f"{result.edges.height:,} listed pairs, {result.members.height:,} accounts in {result.groups.height:,} groups; "
    f"{result.n_accounts:,} accounts, {result.n_objects:,} links",
}))
"""

TOOLKIT = """
import contextlib, io, json, resource, sqlite3, sys, time
from coordination_network_toolkit.compute_networks import compute_co_link_network
from coordination_network_toolkit.preprocess import preprocess_csv_files
if __name__ == "__main__":
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        preprocess_csv_files(sys.argv[2], [sys.argv[1]])
        read = time.perf_counter()
        compute_co_link_network(sys.argv[2], 60, n_threads=2, min_edge_weight=3)
    done = time.perf_counter()
    with sqlite3.connect(sys.argv[2]) as database:
        pairs = database.execute("select count(*) from co_link_network where user_1 < user_2").fetchone()[0]
    use = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in use)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({
        "read": read - start, "find": done - read, "together": done - start, "MB": max(own, children) / 1024, "CPU": cpu,
        "version": __import__("importlib.metadata").metadata.version("coordination-network-toolkit"),
        "said": f"{pairs:,} pairs of weight 3 or more, untested",
    }))
"""

JOIN = """
import json, resource, sys, time
import numpy as np, polars as pl
start, used = time.perf_counter(), time.process_time()
shares = pl.read_csv(sys.argv[1], columns=["message_id", "user_id", "timestamp", "urls"], schema_overrides={"user_id": pl.String})
shares = shares.rename({"timestamp": "time", "urls": "link"})
read = time.perf_counter()
# The weight is that of the toolkit: how many posts of the first account the second came close to.
# Links by how often they were shared: a part is joined as soon as its pairs would be some ten millions.
counts = shares.group_by("link").len().filter(pl.col("len") > 1).sort("link")
pairs = counts["len"].cast(pl.Int64) ** 2
counts = counts.with_columns(part=(pairs.cum_sum() // 20_000_000))
shares = shares.join(counts.select("link", "part"), on="link")
weights = []
for rows in shares.partition_by("part", include_key=False):
    lazy = rows.lazy()
    found = (
        lazy.join(lazy, on="link")
        .filter((pl.col("user_id") < pl.col("user_id_right")) & ((pl.col("time") - pl.col("time_right")).abs() <= 60))
        .group_by("user_id", "user_id_right").agg(weight=pl.col("message_id").n_unique()).collect(engine="streaming")
    )
    weights.append(found)
edges = pl.concat(weights).group_by("user_id", "user_id_right").agg(pl.col("weight").sum()).filter(pl.col("weight") >= 3)
done = time.perf_counter()
print(json.dumps({
    "read": read - start, "find": done - read, "together": done - start, "CPU": time.process_time() - used,
    "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "said": f"{edges.height:,} pairs of weight 3 or more, untested",
}))
"""


BENCHMARK = "pairs that share links"
OWN = "netact, with both tests"


def measured(python: str, script: str, *arguments: str, runs: int) -> dict:
    """Run a script several times in processes of their own; return medians, and what it printed last."""
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "script.py"
            path.write_text(script, encoding="utf-8")
            # The last argument is a place for what the script leaves behind.
            made = subprocess.run(
                [python, str(path), *arguments, f"{scratch}/left.db"], check=True, capture_output=True, text=True
            )
        found.append(json.loads(made.stdout.strip().splitlines()[-1]))
    middle = {
        name: statistics.median(one[name] for one in found) for name in found[0] if name not in ("said", "version")
    }
    return {**found[-1], **middle, "runs": runs}


def kept(tool: str, shares: int, found: dict) -> None:
    """Print one row and put it into the table of results."""
    stages = {
        name: round(value, 2)
        for name, value in found.items()
        if name not in ("MB", "CPU", "said", "together", "runs", "version")
    }
    print(
        f"{tool:32} {shares:>12,} shares {found['CPU']:8.1f} CPU s {found['together']:8.1f} s {found['MB']:8,.0f} MB   "
        f"({', '.join(f'{name} {value:.1f} s' for name, value in stages.items())})"
    )
    print(f"{'':32} {found['said']}", flush=True)
    used = {"cpu": found["CPU"], "wall": found["together"], "memory": found["MB"], "runs": found["runs"], "said": {}}
    version = found.get("version")
    measuring.keep("coordination", [measuring.row(BENCHMARK, shares, tool, used, note=found["said"], version=version)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shares", type=int, default=10_000_000)
    parser.add_argument("--compare", type=int, default=200_000)
    parser.add_argument("--toolkit", help="a Python with coordination-network-toolkit installed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        files = {}
        for size in {options.compare, options.shares} - {0}:
            files[size] = folder / f"shares-{size}.csv"
            if not files[size].exists():
                subprocess.run([sys.executable, "-c", MAKE, str(size), str(files[size])], check=True)
        tools = [(OWN, sys.executable, NETACT), ("polars join", sys.executable, JOIN)]
        if options.toolkit:
            tools.append(("coordination-network-toolkit", options.toolkit, TOOLKIT))
        else:
            print("coordination-network-toolkit was not measured: name a Python that has it with --toolkit")
        if options.compare:
            for tool, python, script in tools:
                kept(tool, options.compare, measured(python, script, str(files[options.compare]), runs=options.runs))
        if options.shares:
            own = measured(sys.executable, NETACT, str(files[options.shares]), runs=options.runs)
            kept(OWN, options.shares, own)


if __name__ == "__main__":
    main()
