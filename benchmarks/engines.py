"""The same folder of exports through every engine: identical bundles, CPU seconds, memory.

    python benchmarks/engines.py --rows 5000000 [--engines polars duckdb sail spark cluster killed-in-ties killed-in-pagerank]

`cluster` is a standalone Spark of one master and two workers on the loopback, begun with the `spark-class` of pyspark itself; of
the last two one worker and its executor are killed (SIGKILL) some seconds after the step has begun. Each engine runs once, since
runs take minutes. CPU seconds (user and system) are those of all processes of a run, the Java machines included; memory is the
largest sum of what they held at once, sampled. The generator is seeded and streams to disk. Bundles are compared with that of
the first engine, without PageRank, whose scores are compared by the sum of their absolute differences.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import measuring
import numpy as np
import polars as pl

TICK = os.sysconf("SC_CLK_TCK")
# Engine -> how the table of results names it, by the package it needs.
ENGINES = {
    "polars": "polars",
    "duckdb": "duckdb",
    "disk": "netact, disk",
    "sail": "pysail",
    "spark": "pyspark local[2]",
    "cluster": "pyspark cluster of two workers",
    "killed-in-ties": "pyspark cluster, a worker killed while ties are added up",
    "killed-in-pagerank": "pyspark cluster, a worker killed in PageRank",
}
# When a worker is killed, by the first words of the step.
KILLED = {"killed-in-ties": "adding up ties", "killed-in-pagerank": "PageRank"}
# Name of a stage -> first words of the step that it is.
STAGES = {
    "reading": "reading",
    "ties": "adding up ties",
    "PageRank": "PageRank",
    "components": "weak components",
    "kernel": "kernel",
}


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


def measured(engine: str, given: argparse.Namespace, scratch: Path) -> dict:
    """Run one engine in a session of its own and add up what its processes used."""
    command = [sys.executable, __file__, "--one", engine, "--rows", str(given.rows), "--folder", str(given.folder)]
    command += ["--most-ties", str(given.most_ties or given.rows // 4), "--memory", given.memory]
    command += ["--kill-after", str(given.kill_after)]
    environment = {**os.environ, "NETACT_CACHE": "off", "TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch)}
    child = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, text=True, env=environment)
    begun, used, peak = time.monotonic(), {}, 0
    while child.poll() is None:
        now = held(child.pid)
        used.update({pid: cpu for pid, (cpu, _, _) in now.items()})
        peak = max(peak, sum(size for _, size, _ in now.values()))
        time.sleep(0.5)
    lines = child.stdout.read().strip().splitlines()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    wall = time.monotonic() - begun
    return {"cpu": sum(used.values()), "wall": wall, "memory": peak / 2**20, "runs": 1, "said": json.loads(lines[-1])}


def one(engine: str, folder: Path, out: Path, given: argparse.Namespace) -> None:
    """Run one engine here and print what came of it."""
    from netact.engines import aggregate

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    logs = Path(tempfile.mkdtemp())
    settings = f"spark.eventLog.enabled true\nspark.eventLog.dir {logs.as_uri()}\nspark.eventLog.compress false\n"
    (logs / "spark-defaults.conf").write_text(settings)
    os.environ["SPARK_CONF_DIR"] = str(logs)
    begins: dict[str, float] = {}
    killed: list[int] = []
    cluster = engine == "cluster" or engine in KILLED
    master, processes = _cluster(given.memory) if cluster else ("local[2]" if engine == "spark" else None, [])

    def step(name: str) -> None:
        begins[name] = sum(cpu for cpu, _, _ in held(os.getsid(0)).values())
        if engine in KILLED and name.startswith(KILLED[engine]):
            threading.Timer(given.kill_after, lambda: killed.append(_kill_a_worker(processes[-1]))).start()

    try:
        done = aggregate(
            folder, out, engine="spark" if cluster else engine, master=master,
            memory=f"{given.memory}B" if cluster or engine == "spark" else None, most_ties=given.most_ties, step=step,
        )  # fmt: skip
    finally:
        for process in processes:
            process.kill()
    if engine in KILLED and killed != [1]:
        raise SystemExit(f"the step ended before a worker and its executor were killed: {killed}")
    # A process that was killed takes what it had used along: only the sum is known then.
    names, values = ([], []) if engine in KILLED else (list(begins), list(begins.values()))
    stages = {
        short: round(values[at + 1] - values[at], 1)
        for short, first in STAGES.items()
        for at, name in enumerate(names[:-1])
        # Executors that have ended took what they had used along.
        if name.startswith(first) and values[at + 1] >= values[at]
    }
    facts = {"ties": done.ties, "kept": done.kept_ties, "k": done.k, "bound": done.pagerank_bound}
    print(json.dumps({"stages": stages, **_shuffled(logs), **facts}), flush=True)


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


def _cluster(memory: str) -> tuple[str, list[subprocess.Popen[bytes]]]:
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
    commands += [["worker.Worker", "-c", "1", "-m", memory, "--host", "127.0.0.1", "--webui-port", "0", master]] * 2
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


def _kill_a_worker(worker: subprocess.Popen[bytes]) -> int:
    executors = [pid for pid in held(os.getsid(0)) if _parent(pid) == worker.pid]
    for pid in [worker.pid, *executors]:
        os.kill(pid, signal.SIGKILL)
    return len(executors)


def _parent(pid: int) -> int:
    try:
        return int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def compared(first: Path, other: Path) -> float:
    """End if the content hashes differ, PageRank left out; return how far its scores are apart."""
    from netact.importers import read_network

    hashes, scores = [], []
    for path in (first, other):
        network = read_network(path)
        scores.append(network.accounts["whole_pagerank"].fill_null(0).to_numpy())
        hashes.append(replace(network, accounts=network.accounts.drop("whole_pagerank")).fingerprint)
    if hashes[0] != hashes[1]:
        raise SystemExit(f"{other} differs from {first}: {hashes[1]} and {hashes[0]}")
    return float(np.abs(scores[0] - scores[1]).sum())


def note(said: dict, first: str, apart: float) -> str:
    """Return what the table of results says beside the figures."""
    parts = [f"{said['ties']:,} ties, {said['kept']:,} kept (k = {said['k']})", f"the same bundle as {first}"]
    parts.append(f"PageRank apart {apart:.0e}, bound {said['bound']:.0e}")
    if "tasks" in said:
        parts.append(f"{said['shuffled_mb']:,.0f} MB shuffled, {said['spilled_mb']:,.0f} MB spilled")
        parts.append(f"{said['tasks']:,} tasks, {said['failed']:,} of them failed or lost and done again")
    return "; ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--most-ties", type=int)
    parser.add_argument("--memory", default="2G", help="of each executor, or of Spark in one process")
    parser.add_argument("--kill-after", type=float, default=10, help="seconds from the begin of the step")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "netact-engines")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    data = given.folder / f"rows-{given.rows}"
    bundle = {name: given.folder / f"{name}-{given.rows}.netact" for name in ENGINES}
    if given.one:
        one(given.one, data, bundle[given.one], given)
        return
    generate(data, given.rows)
    for engine in given.engines:
        scratch = given.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        try:
            found = measured(engine, given, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        told = note(found["said"], given.engines[0], compared(bundle[given.engines[0]], bundle[engine]))
        print(f"{engine:20} {found['cpu']:8.1f} CPU s {found['wall']:8.1f} s {found['memory']:8,.0f} MB  {told}")
        print(f"{'':20} {', '.join(f'{name} {value}' for name, value in found['said']['stages'].items())}", flush=True)
        measuring.keep("engines", [measuring.row("one aggregation", given.rows, ENGINES[engine], found, note=told)])


if __name__ == "__main__":
    main()
