"""The same folder of exports through every engine: identical bundles, CPU seconds, memory.

    python benchmarks/engines.py --rows 5000000 --engines polars duckdb sail spark cluster cluster-killed

`cluster` is a standalone Spark of one master and two workers on the loopback, begun with the `spark-class` of pyspark itself; of
`cluster-killed` one worker and its executor are killed while PageRank is worked out. CPU seconds (user and system) are those of all processes of a run,
the Java machines included; memory is the largest sum of what they held at once, sampled. The generator is seeded and streams to
disk.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

TICK = os.sysconf("SC_CLK_TCK")
ENGINES = ("polars", "duckdb", "sail", "spark", "cluster", "cluster-killed")


def generate(folder: Path, rows: int, *, files: int = 8, seed: int = 1) -> None:
    """Write retweets and mentions of 19-digit ids: few accounts draw most, 4 % of the posts stand in a later file too."""
    if folder.exists():
        return
    draft = folder.with_name(folder.name + ".part")
    draft.mkdir(parents=True)
    accounts = max(rows // 10, 1000)
    random = np.random.default_rng(seed)
    ids = pl.Series(random.permutation(accounts) * 9_000_000_011 + 10**18).cast(pl.String)
    group = random.integers(0, 200, accounts)
    order = np.argsort(group, kind="stable")
    begin = np.searchsorted(group[order], np.arange(201))
    earlier: pl.DataFrame | None = None
    for number in range(files):
        size = rows // files
        source = np.minimum(random.pareto(1.4, size) * accounts / 20, accounts - 1).astype(np.int64)
        heard = np.minimum(random.pareto(1.05, size), 1e6)
        own = group[source]
        inside = begin[own] + (heard * 3).astype(np.int64) % np.maximum(begin[own + 1] - begin[own], 1)
        target = np.where(random.random(size) < 0.8, order[inside], (heard * 50).astype(np.int64) % accounts)
        part = pl.DataFrame(
            {
                "source": ids[source],
                "target": ids[target],
                "kind": np.where(random.random(size) < 0.8, "retweet", "mention"),
                "post_id": pl.Series(number * 10**17 + 2 * 10**18 + np.arange(size) * 7919).cast(pl.String),
                "time": 1_600_000_000 + random.integers(0, 10**7, size),
                "weight": random.integers(1, 4, size),
            }
        )
        part = part.with_columns(source=pl.when(pl.int_range(pl.len()) % 997 != 5).then("source"))
        told = part if earlier is None else pl.concat([part, earlier.with_columns(weight=pl.col("weight") + 1)])
        told.write_parquet(draft / f"part-{number}.parquet")
        earlier = part.gather_every(25)
    draft.rename(folder)


def held(session: int) -> dict[int, tuple[float, int, str]]:
    """Return CPU seconds, resident bytes and command of every process of a session."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(stat[3]) == session:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[int(entry.name)] = ((int(stat[11]) + int(stat[12])) / TICK, int(stat[21]) * 4096, command)
        except (OSError, ValueError, IndexError):
            continue
    return found


def measured(engine: str, folder: Path, out: Path, most_ties: int) -> dict[str, object]:
    """Run one engine in a session of its own and add up what its processes used."""
    child = subprocess.Popen(
        [
            sys.executable,
            __file__,
            "--one",
            engine,
            "--folder",
            str(folder),
            "--out",
            str(out),
            "--most-ties",
            str(most_ties),
        ],
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    begun, used, peak = time.monotonic(), {}, 0
    while child.poll() is None:
        now = held(child.pid)
        used.update({pid: cpu for pid, (cpu, _, _) in now.items()})
        peak = max(peak, sum(size for _, size, _ in now.values()))
        time.sleep(0.25)
    told = (child.stdout.read().strip().splitlines() or ["{}"])[-1]
    line = {"engine": engine, "cpu_s": round(sum(used.values()), 1), "wall_s": round(time.monotonic() - begun, 1)}
    return {
        **line,
        "peak_gb": round(peak / 1e9, 2),
        "rc": child.returncode,
        **json.loads(told if told.startswith("{") else "{}"),
    }


def one(engine: str, folder: Path, out: Path, most_ties: int) -> None:
    """Run one engine here and print what came of it."""
    from netact.engines import aggregate

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    logs = Path(tempfile.mkdtemp())
    settings = f"spark.eventLog.enabled true\nspark.eventLog.dir {logs.as_uri()}\nspark.eventLog.compress false\n"
    (logs / "spark-defaults.conf").write_text(settings)
    os.environ["SPARK_CONF_DIR"] = str(logs)
    steps: dict[str, float] = {}
    cluster = engine.startswith("cluster")
    master, processes = _cluster() if cluster else ("local[2]" if engine == "spark" else None, [])

    def step(name: str) -> None:
        steps[name.split(" (")[0]] = round(sum(cpu for cpu, _, _ in held(os.getsid(0)).values()), 1)
        if engine == "cluster-killed" and name.startswith("PageRank"):
            _kill_a_worker(processes[-1])

    try:
        done = aggregate(
            folder, out, engine="spark" if cluster else engine, master=master, memory="1GB" if cluster else None,
            most_ties=most_ties, step=step,
        )  # fmt: skip
    finally:
        for process in processes:
            process.kill()
    facts = {
        "ties": done.ties,
        "accounts": done.accounts,
        "kept": done.kept_ties,
        "k": done.k,
        "bound": done.pagerank_bound,
    }
    print(json.dumps({"cpu_at_begin_of": steps, **_shuffled(logs), **facts}), flush=True)


def _shuffled(logs: Path) -> dict[str, object]:
    """Return what Spark's tasks wrote for others to read, and how many tasks failed."""
    written, spilled, tasks, failed = 0, 0, 0, 0
    for path in logs.rglob("*"):
        if not path.is_file() or path.suffix == ".conf":
            continue
        for line in path.open():
            event = json.loads(line) if line.startswith('{"Event":"SparkListenerTaskEnd"') else {}
            numbers = event.get("Task Metrics") or {}
            tasks += bool(event)
            failed += bool(event) and event["Task End Reason"]["Reason"] != "Success"
            written += numbers.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
            spilled += numbers.get("Disk Bytes Spilled", 0)
    return (
        {
            "shuffled_mb": round(written / 1e6, 1),
            "spilled_mb": round(spilled / 1e6, 1),
            "tasks": tasks,
            "failed": failed,
        }
        if tasks
        else {}
    )


def _cluster() -> tuple[str, list[subprocess.Popen[bytes]]]:
    import pyspark

    home = Path(pyspark.__file__).parent
    ports = []
    for _ in range(2):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports.append(str(probe.getsockname()[1]))
    master = f"spark://127.0.0.1:{ports[0]}"
    deploy = "org.apache.spark.deploy"
    commands = [["master.Master", "--host", "127.0.0.1", "--port", ports[0], "--webui-port", ports[1]]]
    commands += [["worker.Worker", "-c", "1", "-m", "1500m", "--host", "127.0.0.1", "--webui-port", "0", master]] * 2
    folder = tempfile.mkdtemp()
    made = []
    for command in commands:
        words = [str(home / "bin" / "spark-class"), f"{deploy}.{command[0]}", *command[1:]]
        environment = {
            **os.environ,
            "SPARK_HOME": str(home),
            "SPARK_WORKER_DIR": folder,
            "PYSPARK_PYTHON": sys.executable,
        }
        made.append(
            subprocess.Popen(words, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        time.sleep(5)
    return master, made


def _kill_a_worker(worker: subprocess.Popen[bytes]) -> None:
    executors = [pid for pid in held(os.getsid(0)) if _parent(pid) == worker.pid]
    for pid in [worker.pid, *executors]:
        os.kill(pid, signal.SIGKILL)
    print(f"killed a worker and {len(executors)} executor", file=sys.stderr, flush=True)


def _parent(pid: int) -> int:
    try:
        return int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def compared(bundles: dict[str, Path], bounds: dict[str, float]) -> None:
    """Say whether the bundles hold the same, and how far the scores of PageRank are apart."""
    from dataclasses import replace

    from netact.importers import read_network

    first = None
    for name, path in bundles.items():
        network = read_network(path)
        scores = network.accounts["whole_pagerank"].fill_null(0).to_numpy()
        bare = replace(network, accounts=network.accounts.drop("whole_pagerank"))
        first = first or (bare.fingerprint, scores)
        same = bare.fingerprint == first[0]
        apart = float(np.abs(scores - first[1]).sum()) if same else float("nan")
        print(
            f"{name:15} {bare.fingerprint[:16]} {'same' if same else 'DIFFERS'}; PageRank apart {apart:.1e}, bound {bounds[name]:.1e}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--most-ties", type=int)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "netact-engines")
    parser.add_argument("--one")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.one:
        one(given.one, given.folder, given.out, given.most_ties)
        return
    data = given.folder / f"rows-{given.rows}"
    generate(data, given.rows)
    bundles, bounds = {}, {}
    for engine in given.engines:
        out = given.folder / f"{engine}.netact"
        found = measured(engine, data, out, given.most_ties or given.rows // 4)
        print(json.dumps(found), flush=True)
        if found["rc"] == 0:
            bundles[engine], bounds[engine] = out, float(str(found["bound"]))
    compared(bundles, bounds)


if __name__ == "__main__":
    main()
