"""Each heavy kernel beside the best library for it: CPU seconds, wall seconds, peak memory, and the ratio that is aimed at.

Usage: python benchmarks/kernels.py [--ties 1000000] [--only NAME ...] [--runs 5] [--seed 1]
Every side runs in a process of its own, on the same invented ties: heavy-tailed activity and popularity, six communities, a team
of eight. Making the ties, reading them and compiling kernels (once on 3,000 ties) are not timed; medians of the runs. CPU
seconds count all threads; wall seconds depend on what else the machine does. Peak memory is that of the whole process, the ties
included. A side whose library is not installed is left out by name. Rows are also written to benchmarks/results/kernels.json,
where rows of the same benchmark, size and tool are replaced.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results" / "kernels.json"
WARM = 3_000


# ---------------------------------------------------------------------- invented ties


def made(ties, seed):
    """Return account count, sources, targets and weights (interactions) of about ``ties`` ties, sorted."""
    import numpy as np

    chance = np.random.default_rng(seed)
    n, rows = max(60, int(ties * 0.12)), int(ties * 1.06)
    activity, appeal = chance.pareto(1.4, n) + 1, chance.pareto(1.05, n) + 1
    appeal = np.minimum(appeal, appeal.sum() * 0.01)
    block = np.sort(chance.integers(0, 6, n))
    start = np.searchsorted(block, np.arange(7))
    heard = np.concatenate([[0.0], np.cumsum(appeal)])
    source = chance.choice(n, rows, p=activity / activity.sum())
    inside = chance.random(rows) < 0.8
    low = np.where(inside, heard[start[block[source]]], 0.0)
    high = np.where(inside, heard[start[block[source] + 1]], heard[-1])
    target = np.minimum(np.searchsorted(heard, low + chance.random(rows) * (high - low), side="right") - 1, n - 1)
    team = np.argsort(-appeal[: start[1]], kind="stable")[:8]
    source = np.concatenate([source, np.repeat(team, len(team))])
    target = np.concatenate([target, np.tile(team, len(team))])
    order = chance.permutation(n)  # communities are not neighbours in the numbering
    source, target = order[source[source != target]], order[target[source != target]]
    key, weight = np.unique(source * n + target, return_counts=True)
    return n, (key // n).astype(np.uint32), (key % n).astype(np.uint32), weight


class Data(NamedTuple):
    """The invented ties, and the same without direction."""

    ties: Any
    pairs: Any


def ties_of(n, source, target, weight):
    from netact.network import Ties

    return Ties(n, source, target, weight.astype(float), weight.astype(int))


# ---------------------------------------------------------------------- the two sides of every benchmark
# A side takes the data and prepares what is not timed; what it returns is timed. That may return a note.


def igraph_of(ties, *, directed):
    import igraph

    graph = igraph.Graph(n=ties.n_accounts, directed=directed)
    graph.add_edges(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    return graph


def networkit_of(ties, *, weighted=False):
    import networkit

    values = ties.weight if weighted else None
    given = (ties.source.astype("u8"), ties.target.astype("u8"))
    if values is None:
        return networkit.GraphFromCoo(given, n=ties.n_accounts, directed=False)
    return networkit.GraphFromCoo((values, given), n=ties.n_accounts, directed=False, weighted=True)


def symmetric(pairs, *, weighted=True):
    from netact import polarization

    return polarization.adjacency(pairs, weighted=weighted)


def coreness_netact(data):
    from netact import cohesion

    pairs = data.pairs
    return lambda: f"largest {cohesion.coreness(pairs).max()}"


def coreness_igraph(data):
    pairs = data.pairs
    graph = igraph_of(pairs, directed=False)
    return lambda: f"largest {max(graph.coreness())}, graph given"


def coreness_igraph_all(data):
    pairs = data.pairs
    return lambda: f"largest {max(igraph_of(pairs, directed=False).coreness())}, with building the graph"


def coreness_networkit(data):
    import networkit

    pairs = data.pairs
    graph = networkit_of(pairs)

    def work():
        found = networkit.centrality.CoreDecomposition(graph, enforceBucketQueueAlgorithm=True)
        found.run()
        return f"largest {int(found.maxCoreNumber())}, graph given"

    return work


def null_netact(sweeps):
    def side(data):
        from netact import cohesion
        from netact.null_models import degree_preserving, mixing

        ties = data.ties
        # The walk is under way: its first draw is not counted.
        draws = degree_preserving(ties, draws=2, seed=1, burn_in=3, thinning=sweeps)
        next(draws)
        found = []

        def work():
            found.append(next(draws))
            return f"largest core by all ties {cohesion.coreness(found[0]).max()}"

        work.after = lambda: f"hub ties in place {mixing(ties, found[0]):.3f}"
        return work

    return side


def null_igraph(data):
    ties = data.ties
    graph = igraph_of(ties, directed=True)

    def work():
        graph.rewire(n=graph.ecount())
        return "graph given, no core statistic"

    return work


def removal_netact(data):
    import numpy as np

    from netact.fragility import removal_curve

    ties = data.ties
    pairs = data.pairs
    order = np.lexsort((np.arange(ties.n_accounts), -(pairs.in_degree + pairs.out_degree)))

    def work():
        curve = removal_curve(pairs, order)
        return f"largest part after half of the accounts: {curve.largest[ties.n_accounts // 2]}"

    return work


def removal_scipy(data):
    import numpy as np
    from scipy import sparse

    ties = data.ties
    pairs = data.pairs
    n = ties.n_accounts
    order = np.lexsort((np.arange(n), -(pairs.in_degree + pairs.out_degree)))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)

    def work():
        sizes = {}
        for step in np.linspace(0, n, 20, endpoint=False).astype(int).tolist():
            left = rank >= step
            keep = left[pairs.source] & left[pairs.target]
            graph = sparse.csr_array(
                (np.ones(np.count_nonzero(keep), dtype=np.int8), (pairs.source[keep], pairs.target[keep])), shape=(n, n)
            )
            _, label = sparse.csgraph.connected_components(graph, directed=False)
            sizes[step] = int(np.bincount(label[left]).max())
        return f"20 points; largest part after half of the accounts: {sizes[n // 2 if n % 2 == 0 else int(n / 2)]}"

    return work


def _modularity(pairs, membership):
    from netact import polarization

    return f"modularity {polarization.modularity(symmetric(pairs), membership):.4f}"


def communities_netact(data):
    from netact.partition import leiden_partitions

    pairs = data.pairs
    found = []

    def work():
        found.append(leiden_partitions(pairs, seeds=[1], resolution=1.0)[0])

    work.after = lambda: _modularity(pairs, found[0])
    return work


def communities_igraph(data):
    from netact.randomness import igraph_generator

    pairs = data.pairs
    graph, weight, found = igraph_of(pairs, directed=False), pairs.weight.tolist(), []

    def work():
        with igraph_generator(1):
            leiden = graph.community_leiden(objective_function="modularity", weights=weight, n_iterations=2)
        found.append(leiden.membership)

    work.after = lambda: _modularity(pairs, found[0]) + ", 2 turns, graph given"
    return work


def communities_networkit(data):
    import networkit

    pairs = data.pairs
    graph, found = networkit_of(pairs, weighted=True), []

    def work():
        networkit.setSeed(1, useThreadId=True)
        method = networkit.community.PLM(graph, refine=True)
        method.run()
        found.append(method.getPartition().getVector())

    work.after = lambda: _modularity(pairs, found[0]) + ", PLM with refinement, graph given"
    return work


def levels_netact(data):
    from netact.order import trophic_levels

    ties = data.ties

    def work():
        found = trophic_levels(ties)
        return f"highest level {found[ties.active].max():.4f}"

    return work


def _scipy_cg(laplacian, right, tolerance):
    import numpy as np
    from scipy import sparse
    from scipy.sparse.linalg import cg

    turns = [0]

    def count(_):
        turns[0] += 1

    solution, failed = cg(
        laplacian,
        right,
        rtol=tolerance,
        atol=0.0,
        maxiter=5000,
        M=sparse.diags_array(1 / np.maximum(laplacian.diagonal(), 1e-300)),
        callback=count,
    )
    return solution, f"{turns[0]} turns" + (", not solved" if failed else "")


def levels_scipy(data):
    import numpy as np
    from scipy import sparse

    from netact.order import compact

    ties = data.ties
    small = compact(ties)

    def work():
        both = small.matrix + small.matrix.T
        strength = small.in_strength + small.out_strength
        laplacian = sparse.csr_array(sparse.diags_array(strength) - both)
        height, note = _scipy_cg(laplacian, small.in_strength - small.out_strength, 1e-9)
        _, part = sparse.csgraph.connected_components(small.matrix, directed=True, connection="weak")
        lowest = np.full(part.max() + 1, np.inf)
        np.minimum.at(lowest, part, height)
        return f"highest level {(height - lowest[part]).max():.4f}, {note}"

    return work


def springrank_netact(data):
    from netact.order import trophic_levels

    ties = data.ties

    def work():
        rank = -trophic_levels(ties)  # alpha = 0: the sign is all that differs
        return f"ranks over {rank[ties.active].max() - rank[ties.active].min():.4f}"

    return work


def springrank_scipy(data):
    import numpy as np
    from scipy import sparse
    from scipy.sparse.linalg import bicgstab

    from netact.order import compact

    ties = data.ties
    small = compact(ties)

    def work():
        # By their authors' method, which does not come to an end in minutes unless it is preconditioned; the largest part is told.
        both = small.matrix + small.matrix.T
        strength = small.in_strength + small.out_strength
        system = sparse.csr_array(sparse.diags_array(strength) - both)
        given = small.out_strength - small.in_strength
        rank, failed = bicgstab(system, given, rtol=1e-9, atol=0.0, maxiter=5000, M=sparse.diags_array(1 / strength))
        _, part = sparse.csgraph.connected_components(small.matrix, directed=True, connection="weak")
        largest = rank[part == np.bincount(part).argmax()]
        return f"ranks over {largest.max() - largest.min():.4f}" + (", not solved" if failed else "")

    return work


def _sides(pairs):
    """Return the matrix of the giant part and two sides of it, by the sign of a smoothed random number."""
    import numpy as np

    from netact.partition import compacted

    part, _ = compacted(pairs.among(pairs.weak_components() == 0))
    matrix = symmetric(part, weighted=False)
    value = np.random.default_rng(5).standard_normal(part.n_accounts)
    for _ in range(3):
        value = matrix @ value / np.diff(matrix.indptr)
        value -= np.median(value)
    return matrix, (value > 0).astype(np.int8)


def walks_netact(data):
    from netact import polarization

    pairs = data.pairs
    matrix, side = _sides(pairs)

    def work():
        found = polarization.walk_scores(matrix, side, k=polarization.adaptive_k(side))
        return f"controversy {found.random_walk_controversy:.6f}, dipole {found.dipole:.6f}"

    return work


def walks_scipy(data):
    import numpy as np
    from scipy import sparse

    from netact import polarization

    pairs = data.pairs
    matrix, side = _sides(pairs)
    sizes = polarization.adaptive_k(side)

    def work():
        strength = np.asarray(matrix.sum(axis=1)).ravel()
        chance, fixed = np.zeros(len(side)), np.zeros(len(side), dtype=bool)
        for s, size in enumerate(sizes):
            rows = np.flatnonzero(side == s)
            top = rows[np.lexsort((rows, -strength[rows]))[:size]]
            fixed[top] = True
            chance[top] = 1.0 - s
        free = ~fixed
        rows = matrix[free]
        inner, outer = rows[:, free], rows[:, fixed]
        laplacian = sparse.csr_array(sparse.diags_array(strength[free]) - inner)
        chance[free], note = _scipy_cg(laplacian, outer @ chance[fixed], 1e-9)
        a, c = (chance[free & (side == s)].mean() for s in (0, 1))
        score = (a / (a + c)) * ((1 - c) / (2 - a - c)) - (c / (a + c)) * ((1 - a) / (2 - a - c))
        return f"controversy {score:.6f}, {note}"

    return work


def s_core_netact(data):
    from netact import cohesion

    pairs = data.pairs
    return lambda: f"largest {cohesion.s_core(pairs).max():.0f}"


def leading_core_netact(data):
    import polars as pl

    from netact.measures.leading_core import leading_core
    from netact.network import Network

    ties = data.ties
    names = pl.Series([f"u{row:08d}" for row in range(ties.n_accounts)])
    often = ties.events
    source, target = ties.source.repeat(often), ties.target.repeat(often)
    network = Network.from_tables(pl.DataFrame({"source": names.gather(source), "target": names.gather(target)}))
    network.ties()
    network.undirected_ties()

    def work():
        found = leading_core(network, seed=1)
        return f"{found.outcome}, {network.interactions.height:,} interactions"

    return work


# name -> (what is aimed at, as a share of the first library's CPU seconds; sides by tool)
TASKS = {
    "coreness": (
        1 / 2,
        {
            "netact": coreness_netact,
            "igraph": coreness_igraph,
            "igraph with graph": coreness_igraph_all,
            "networkit": coreness_networkit,
        },
    ),
    "null sample": (1 / 3, {"netact": null_netact(1), "netact, 2 sweeps": null_netact(2), "igraph": null_igraph}),
    "removal curve": (1 / 14, {"netact": removal_netact, "scipy": removal_scipy}),
    "communities": (
        1 / 3,
        {"netact": communities_netact, "igraph": communities_igraph, "networkit": communities_networkit},
    ),
    "levels": (1 / 2, {"netact": levels_netact, "scipy": levels_scipy}),
    "springrank": (1 / 2, {"netact": springrank_netact, "scipy": springrank_scipy}),
    "walks": (1 / 2, {"netact": walks_netact, "scipy": walks_scipy}),
    "s-core": (None, {"netact": s_core_netact}),
    "leading core": (None, {"netact": leading_core_netact}),
}


# ---------------------------------------------------------------------- one side, in a process of its own


def one_run(task, tool, path):
    import numpy as np

    side = TASKS[task][1][tool]
    if tool.startswith("netact"):
        from netact import cohesion, partition

        modules = (cohesion, partition)
        limits = [module.OWN_KERNEL_TIES for module in modules]
        for several in ([0] * len(modules), limits):
            for module, limit in zip(modules, several, strict=True):
                module.OWN_KERNEL_TIES = limit
            small = ties_of(*made(WARM, 1))
            work = side(Data(small, small.undirected()))
            work()
    with np.load(path) as held:
        ties = ties_of(int(held["n"]), held["source"], held["target"], held["weight"])
    work = side(Data(ties, ties.undirected()))
    cpu, wall = time.process_time(), time.perf_counter()
    note = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    after = getattr(work, "after", None)
    notes = [text for text in (note, after() if after else None) if text]
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak, "note": ", ".join(notes)}))


def measured(task, tool, path, runs):
    """Return the medians of ``runs`` processes."""
    found = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, __file__, "--one", task, tool, str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{task} by {tool} failed:\n{done.stderr}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    middle = {name: statistics.median(run[name] for run in found) for name in ("cpu", "wall", "peak")}
    return middle, found[0]["note"]


def version_of(tool):
    name = tool.partition(" ")[0].rstrip(",")
    return importlib.metadata.version(name) if importlib.util.find_spec(name) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ties", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=sorted(TASKS), default=list(TASKS), metavar="NAME")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one_run(*options.one)
        return
    os.environ["NETACT_CACHE"] = "off"
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        import numpy as np

        path = Path(scratch) / "ties.npz"
        n, source, target, weight = made(options.ties, options.seed)
        np.savez(path, n=n, source=source, target=target, weight=weight)
        size = f"{len(source):,} ties, {n:,} accounts"
        print(f"{size}, seed {options.seed}; medians of {options.runs}, kernels compiled beforehand")
        print(f"{'benchmark':15} {'tool':18} {'CPU s':>8} {'wall s':>8} {'peak MB':>8}  note")
        for task in options.only:
            goal, sides = TASKS[task]
            cpu = {}
            for tool in sides:
                version = version_of(tool)
                if version is None:
                    print(f"{task:15} {tool:18} not installed: left out")
                    continue
                middle, note = measured(task, tool, path, options.runs)
                cpu[tool] = middle["cpu"]
                print(
                    f"{task:15} {tool:18} {middle['cpu']:8.3f} {middle['wall']:8.3f} {middle['peak']:8,.0f}  {note}",
                    flush=True,
                )
                rows.append(
                    {
                        "benchmark": task,
                        "size": options.ties,
                        "tool": tool,
                        "version": version,
                        "cpu_seconds": round(middle["cpu"], 4),
                        "wall_seconds": round(middle["wall"], 4),
                        "peak_mb": round(middle["peak"]),
                        "runs": options.runs,
                        "note": note,
                    }
                )
            others = [tool for tool in cpu if not tool.startswith("netact")]
            if goal and others:
                ratio = cpu["netact"] / cpu[others[0]]
                told = "reached" if ratio <= goal else "missed"
                print(f"{task:15} {ratio:.3f} of {others[0]}'s CPU; aimed at {goal:.3f} or less: {told}")
    keep = {(row["benchmark"], row["size"], row["tool"]) for row in rows}
    held = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    held = [row for row in held if (row["benchmark"], row["size"], row["tool"]) not in keep]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(held + rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
