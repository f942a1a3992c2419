"""What the benchmarks of whole programs share: runs in processes of their own, medians, and the tables of results."""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
NETACT = HERE / "whole_netact.py"
INDICES = HERE / "whole_indices.py"
IGRAPH = HERE / "whole_igraph.py"
NETWORKX = HERE / "whole_networkx.py"


def measured(command: list[str], *, runs: int) -> dict:
    """Run a command several times, one after another, and return the medians and what it printed last as JSON."""
    cpu, wall, memory, said = [], [], [], {}
    for _ in range(runs):
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "NETACT_CACHE": "off"}) as process:
            out = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        wall.append(time.perf_counter() - began)
        cpu.append(used.ru_utime + used.ru_stime)
        memory.append(used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2))
        said = json.loads(out.decode().strip().splitlines()[-1])
    middle = {name: statistics.median(values) for name, values in (("cpu", cpu), ("wall", wall), ("memory", memory))}
    return {**middle, "runs": runs, "said": said}


class Stages:
    """CPU seconds of this process by stage; the first stage begins with the process."""

    def __init__(self, first: str) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._began = first, 0.0

    def begin(self, stage: str) -> None:
        """End the stage before and begin another."""
        now = time.process_time()
        self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + now - self._began, 2)
        self._stage, self._began = stage, now

    def say(self, **found: float) -> None:
        """End the last stage and print, as one line, what each took and what was found."""
        self.begin("end")
        print(json.dumps({"stages": self.seconds, **found}))


def row(benchmark: str, size: int, tool: str, found: dict, *, note: str, version: str | None = None) -> dict:
    """Return a row of a table of results; the version of a tool that is not installed here must be told."""
    return {
        "benchmark": benchmark,
        "size": size,
        "tool": tool,
        "version": version or metadata.version(re.split("[ ,]", tool)[0]),
        "cpu_seconds": round(found["cpu"], 2),
        "wall_seconds": round(found["wall"], 2),
        "peak_mb": round(found["memory"]),
        "runs": found["runs"],
        "note": note,
        "stages": found["said"].get("stages", {}),
    }


def keep(name: str, rows: list[dict]) -> None:
    """Put rows into the table of a benchmark, in place of earlier ones of the same size and tool, and say on what."""
    path = RESULTS / f"{name}.json"
    RESULTS.mkdir(exist_ok=True)
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    merged = {(found["benchmark"], found["size"], found["tool"]): found for found in [*held, *rows]}
    for told, values in ((path, [merged[key] for key in sorted(merged)]), (RESULTS / "machine.json", machine())):
        told.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def machine() -> dict:
    """Return what the runs were made on, without its name."""
    names = ("netact", "polars", "numpy", "scipy", "numba", "igraph", "pandas", "networkx")
    model = "unknown"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in names},
        "day": datetime.now(UTC).date().isoformat(),
    }
