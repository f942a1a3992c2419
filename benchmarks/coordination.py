"""Pairs that act together among invented shares: seconds and largest memory, beside the coordination-network-toolkit.

Usage: python benchmarks/coordination.py [--shares 10000000] [--compare 200000] [--toolkit PYTHON] [--keep FOLDER]

``--toolkit`` is a Python that has `coordination-network-toolkit` (QUT Digital Observatory) installed; without it only netact
is measured. Both get the same CSV of ``--compare`` shares and find pairs that shared the same link within a minute; netact
then also tests them. At ``--shares`` only netact is measured. Everything runs in processes of its own, one after another.
On a machine that does other things too, compare CPU seconds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

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
        "said": f"{pairs:,} pairs of weight 3 or more, untested",
    }))
"""


def measured(python: str, script: str, *arguments: str) -> dict[str, float | str]:
    """Run a script in a process of its own and return what it printed."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        made = subprocess.run([python, file.name, *arguments], check=True, capture_output=True, text=True)
    return json.loads(made.stdout.strip().splitlines()[-1])


def show(name: str, shares: int, found: dict[str, float | str]) -> None:
    """Print one row of the table."""
    parts = ", ".join(
        f"{key} {value:.1f} s" for key, value in found.items() if key not in ("MB", "CPU", "said", "together")
    )
    print(
        f"{name:32} {shares:>12,} shares {found['together']:8.1f} s {found['CPU']:8.1f} CPU s {found['MB']:8,.0f} MB   ({parts})"
    )
    print(f"{'':32} {found['said']}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shares", type=int, default=10_000_000)
    parser.add_argument("--compare", type=int, default=200_000)
    parser.add_argument("--toolkit", help="a Python with coordination-network-toolkit installed")
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
        if options.compare:
            ours = measured(sys.executable, NETACT, str(files[options.compare]))
            show("netact, with both tests", options.compare, ours)
            if options.toolkit:
                with tempfile.TemporaryDirectory() as place:
                    theirs = measured(options.toolkit, TOOLKIT, str(files[options.compare]), f"{place}/toolkit.db")
                show("coordination-network-toolkit", options.compare, theirs)
                print(f"{'':32} CPU seconds, toolkit to netact: {theirs['CPU'] / ours['CPU']:.1f} to 1")
            else:
                print("coordination-network-toolkit was not measured: name a Python that has it with --toolkit")
        if options.shares:
            show(
                "netact, with both tests", options.shares, measured(sys.executable, NETACT, str(files[options.shares]))
            )


if __name__ == "__main__":
    main()
