"""From a file of interactions to weighted ties: netact beside pandas, polars, DuckDB, igraph, networkit and networkx.

Usage: python benchmarks/ties.py [--interactions 1000000] [--formats csv jsonl parquet] [--tools ...] [--runs 5] [--keep FOLDER]

Every file holds the same invented interactions: the ids of the account that gives and of the one that receives attention, texts
of 8 to 13 characters, and a time. Every tool turns it into one row a pair: two whole numbers and how many interactions are
behind, with the table of ids; that they find the same numbers of accounts, ties and interactions is checked. Each run is a
process of its own; importing the library and loading its compiled kernel are not timed. Told are medians of CPU
seconds (user and system, of all threads) and of seconds, and the largest memory of the process, library included.

"netact" is what `netact analyze` does: format and columns are found out, times, ids and repeats are checked, and a receipt is
written. "netact, ids only" is its reading and coding of the two columns without any of that, as the others do it. igraph and
networkit cannot read a table with a header and a time: they are given a list of pairs, which was written before and is not timed.
A tool that is not installed is left out by name.

"ties to structure" begins where the others end: whole numbers and weights in memory, sorted, become what algorithms run on. The
note says how many bytes a tie it holds.
"""

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import measuring

NAMES = ["source", "target"]


# ---------------------------------------------------------------- the file


def invented(rows, path):
    """Write a file of invented interactions, heavy-tailed in who acts and in whom it reaches."""
    import numpy as np
    import polars as pl

    chance = np.random.default_rng(1)
    accounts = max(rows // 7, 10)
    digits = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789_"))
    lengths = chance.integers(8, 14, size=accounts)
    letters = digits[chance.integers(0, len(digits), size=(accounts, 13))]
    names = pl.Series(["u" + "".join(row[:n]) for row, n in zip(letters, lengths, strict=True)])
    names = pl.Series([f"{name}{i}" for i, name in enumerate(names)]) if names.n_unique() < accounts else names

    def drawn(exponent):
        weight = (1.0 - chance.random(accounts)) ** (-1 / exponent)
        return np.searchsorted(np.cumsum(weight) / weight.sum(), chance.random(rows))

    source, target = drawn(1.4), drawn(1.05)
    target = np.where(source == target, (target + 1) % accounts, target)
    seconds = np.sort(chance.integers(0, 90 * 86_400, size=rows)) + 1_700_000_000
    when = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    table = pl.DataFrame({"source": names.gather(source), "target": names.gather(target), "time": when})
    if path.suffix == ".csv":
        table.write_csv(path)
    elif path.suffix == ".jsonl":
        table.write_ndjson(path)
    elif path.suffix == ".parquet":
        table.write_parquet(path)
    elif path.suffix == ".npz":
        key, weight = np.unique(source * accounts + target, return_counts=True)
        np.savez(path, accounts=accounts, source=key // accounts, target=key % accounts, weight=weight)
    else:  # a list of pairs: names for igraph, numbers for networkit
        table.select(NAMES).write_csv(path, separator=" ", include_header=False)


# ---------------------------------------------------------------- the tools: each returns (accounts, ties, interactions)


def netact(path):
    from netact.importers import read_source

    network = read_source(path)
    ties = network.ties()
    return network.n_accounts, len(ties), int(ties.weight.sum())


def netact_ids(path):
    import numpy as np
    import polars as pl

    from netact.coding import distinct_rows

    if path.suffix == ".csv":
        from netact.importers.delimited_kernels import read_plain

        like = {"delimiter": b",", "quote": b'"', "width": 3, "line_end": b"\n", "time": None, "like": b""}
        with path.open("rb") as stream:
            stream.readline()
            # No line is shorter than 32 signs: where there might be rows costs nothing.
            read = read_plain(stream, rows=path.stat().st_size // 32, ends=(0, 1), **like)
        accounts, (source, target) = len(pl.Series(read.names[:-1].tobytes().decode().split("\n"))), read.ends
        del read
    else:
        rows = _frame(path)
        ids, ends = distinct_rows([rows.select(id=end) for end in NAMES])
        del rows
        accounts, (source, target) = ids.height, (end.to_numpy() for end in ends)
    key = (source.astype(np.uint64) << np.uint64(32)) | target
    key.sort()
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    count = np.diff(np.r_[start, len(key)])
    source, target = (key[start] >> np.uint64(32)).astype(np.uint32), key[start].astype(np.uint32)
    return accounts, len(source), int(count.sum())


def _frame(path):
    import polars as pl

    if path.suffix == ".csv":
        return pl.scan_csv(path, infer_schema=False).select(NAMES).collect(engine="streaming")
    if path.suffix == ".jsonl":
        return pl.scan_ndjson(path, schema=dict.fromkeys([*NAMES, "time"], pl.String)).select(NAMES).collect()
    return pl.scan_parquet(path).select(NAMES).collect()


def polars_joins(path):
    import polars as pl

    rows = _frame(path)
    ids = pl.concat([rows["source"], rows["target"].rename("source")]).unique().to_frame("id").with_row_index("code")
    pairs = rows.group_by(NAMES).len()
    for end in NAMES:
        pairs = pairs.join(ids.rename({"code": f"{end}_code"}), left_on=end, right_on="id").drop(end)
    return ids.height, pairs.height, pairs["len"].sum()


def pandas(path):
    import numpy as np
    import pandas as pd

    if path.suffix == ".csv":
        rows = pd.read_csv(path, usecols=NAMES, dtype=str)
    elif path.suffix == ".jsonl":
        rows = pd.read_json(path, lines=True, dtype=False, convert_dates=False)[NAMES]
    else:
        rows = pd.read_parquet(path, columns=NAMES)
    codes, ids = pd.factorize(pd.concat([rows["source"], rows["target"]], ignore_index=True))
    pairs = pd.DataFrame({"source": codes[: len(rows)], "target": codes[len(rows) :]}, dtype=np.int64)
    ties = pairs.groupby(NAMES).size()
    return len(ids), len(ties), int(ties.sum())


def duckdb(path):
    import duckdb as db

    read = {
        ".csv": f"read_csv('{path}', header=true, all_varchar=true)",
        ".jsonl": f"read_json('{path}', format='newline_delimited', columns={{source: 'VARCHAR', target: 'VARCHAR'}})",
        ".parquet": f"read_parquet('{path}')",
    }[path.suffix]
    with db.connect() as base:
        base.execute("SET threads = 2")
        base.execute(f"CREATE TABLE pairs AS SELECT source, target, count(*) AS n FROM {read} GROUP BY ALL")  # noqa: S608
        base.execute(
            "CREATE TABLE ids AS SELECT id, row_number() OVER () - 1 AS code FROM "
            "(SELECT source AS id FROM pairs UNION SELECT target FROM pairs)"
        )
        base.execute(
            "CREATE TABLE ties AS SELECT a.code AS source, b.code AS target, n FROM pairs "
            "JOIN ids a ON a.id = pairs.source JOIN ids b ON b.id = pairs.target"
        )
        accounts = base.execute("SELECT count(*) FROM ids").fetchone()[0]
        return (accounts, *map(int, base.execute("SELECT count(*), sum(n) FROM ties").fetchone()))


def igraph(path):
    import igraph as ig

    graph = ig.Graph.Read_Ncol(str(path.with_suffix(".ncol")), names=True, weights=False, directed=True)
    graph.es["weight"] = 1
    graph.simplify(loops=False, combine_edges={"weight": "sum"})
    return graph.vcount(), graph.ecount(), sum(graph.es["weight"])


def networkit(path):
    import networkit as nk

    nk.setNumberOfThreads(2)
    reader = nk.graphio.EdgeListReader(" ", 0, continuous=False, directed=True)
    graph = reader.read(str(path.with_suffix(".ncol")))
    graph = nk.graphtools.toWeighted(graph)
    graph.removeMultiEdges()  # it has no way to add them up: the weights are lost
    return graph.numberOfNodes(), graph.numberOfEdges(), None


def networkx(path):
    import csv

    import networkx as nx

    graph = nx.DiGraph()
    with path.open(encoding="utf-8") as stream:
        if path.suffix == ".csv":
            rows = ((row["source"], row["target"]) for row in csv.DictReader(stream))
        else:
            rows = ((row["source"], row["target"]) for row in map(json.loads, stream))
        for source, target in rows:
            if graph.has_edge(source, target):
                graph[source][target]["weight"] += 1
            else:
                graph.add_edge(source, target, weight=1)
    return graph.number_of_nodes(), graph.number_of_edges(), int(graph.size("weight"))


def structure(ties):
    found = ties.matrix
    size = found.data.nbytes + found.indices.nbytes + found.indptr.nbytes
    note = f"{size / len(ties):.1f} bytes a tie"
    return found.shape[0], found.nnz, int(found.data.sum()), note


def igraph_structure(ties):
    import igraph as ig

    pairs = list(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    graph = ig.Graph(ties.n_accounts, pairs, directed=True)
    graph.es["weight"] = ties.weight.tolist()
    return graph.vcount(), graph.ecount(), int(sum(graph.es["weight"]))


def _ties(path):
    import numpy as np

    from netact.network import Ties

    held = np.load(path)
    ends = (held[name].astype(np.uint32) for name in NAMES)
    return Ties(int(held["accounts"]), *ends, held["weight"].astype(np.float64), held["weight"])


# The function, its package, the formats it reads, and what is to be said of it.
TOOLS = {
    "netact": (netact, "netact", ("csv", "jsonl", "parquet"), "whole import with receipt"),
    "netact, ids only": (netact_ids, "netact", ("csv", "jsonl", "parquet"), "reading and coding only"),
    "polars, string joins": (polars_joins, "polars", ("csv", "jsonl", "parquet"), ""),
    "DuckDB": (duckdb, "duckdb", ("csv", "jsonl", "parquet"), ""),
    "pandas": (pandas, "pandas", ("csv", "jsonl", "parquet"), ""),
    "igraph Read_Ncol": (igraph, "igraph", ("csv",), "from a list of pairs"),
    "networkit": (networkit, "networkit", ("csv",), "from a list of pairs; repeats are not added up"),
    "networkx": (networkx, "networkx", ("csv", "jsonl"), ""),
    "netact, structure": (structure, "netact", ("npz",), ""),
    "igraph, list of pairs": (igraph_structure, "igraph", ("npz",), "weights included"),
}


# ---------------------------------------------------------------- measuring


def one(tool, path):
    """Run one tool on one file and print what it found and took."""
    run, package, _, _ = TOOLS[tool]
    importlib.import_module("netact.importers" if package == "netact" else package)
    if package == "netact":
        import numpy as np

        from netact.coding_kernels import numbered_words
        from netact.importers.delimited_kernels import loaded

        numbered_words(np.zeros(1, dtype=np.uint64))
        loaded()
    given = _ties(path) if path.suffix == ".npz" else path
    wall, cpu = time.perf_counter(), time.process_time()
    found = run(given)
    used = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([*found[:3], *used, peak, *found[3:]]))


def measured(tool, path, runs):
    """Return what a tool found, medians of CPU seconds, seconds and megabytes, and what it says of itself."""
    lines = []
    for _ in range(runs):
        told = subprocess.run(
            [sys.executable, __file__, "--one", tool, str(path)], capture_output=True, text=True, check=False
        )
        if told.returncode:
            return None, (told.stderr.strip().splitlines() or [f"ended with {told.returncode}"])[-1][:80]
        lines.append(json.loads(told.stdout.splitlines()[-1]))
    return lines[0][:3], [*(statistics.median(line[k] for line in lines) for k in (3, 4, 5)), "".join(lines[0][6:])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--formats", nargs="+", default=["csv", "jsonl", "parquet", "npz"])
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=list(TOOLS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder for the files")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]))
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{'tool':22} {'file':8} {'interactions':>12} {'CPU s':>7} {'seconds':>8} {'peak MB':>8} {'of first':>9}")
        for number in options.interactions:
            found_by = {}
            for form in options.formats:
                path = folder / f"interactions_{number}.{form}"
                for wanted in (path, path.with_suffix(".ncol")) if form == "csv" else (path,):
                    if not wanted.exists():
                        # In a process of its own, so that the children do not start from its memory.
                        script = f"from ties import *; invented({number}, Path({str(wanted)!r}))"
                        subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parent)
                own = None
                for tool in options.tools:
                    _, package, forms, note = TOOLS[tool]
                    if form not in forms:
                        continue
                    if importlib.util.find_spec(package) is None:
                        print(f"{tool:22} {form:8} {number:12,} not installed: left out")
                        continue
                    found, figures = measured(tool, path, options.runs)
                    if found is None:
                        print(f"{tool:22} {form:8} {number:12,} failed: {figures}")
                        continue
                    found_by[tool, form] = found
                    cpu, wall, peak, said = figures
                    own = own or cpu
                    print(
                        f"{tool:22} {form:8} {number:12,} {cpu:7.2f} {wall:8.2f} {peak:8,.0f} {cpu / own:9.1f}",
                        flush=True,
                    )
                    rows.append(
                        {
                            "benchmark": "ties to structure" if form == "npz" else f"{form} to weighted ties",
                            "size": number,
                            "tool": tool,
                            "version": version(package),
                            "cpu_seconds": round(cpu, 3),
                            "wall_seconds": round(wall, 3),
                            "peak_mb": round(peak),
                            "runs": options.runs,
                            "note": said or note,
                        }
                    )
            # Accounts without ties are counted among those of a structure, and only there.
            told = [
                [found[k] for (_, form), found in found_by.items() if found[k] is not None and (k or form != "npz")]
                for k in range(3)
            ]
            if any(len(set(found)) > 1 for found in told):
                sys.exit(f"the tools do not agree: {found_by}")
    measuring.keep("ties", rows)


if __name__ == "__main__":
    main()
