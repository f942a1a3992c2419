"""From runs to rates: what is written to ``validation.json``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

from netact.validation.benchmark import Target, interval, judged
from netact.validation.tables import BENCHMARKS, P_VALUES

if TYPE_CHECKING:
    from netact.validation.benchmark import Benchmark
    from netact.validation.run import Run

LEVEL = 0.05  # at which p-values are calibrated


def summarise(runs: Sequence[Run], *, seed: int) -> dict[str, Any]:
    """Return the content of ``validation.json``; its schema is ``netact/validation/validation.schema.json``.

    Parameters
    ----------
    runs
        As :func:`netact.validation.read_runs` returns them; benchmarks without a run are left out, p-values of such
        benchmarks stand with 0 runs.
    seed
        Seed the runs were made with.
    """
    by_name: dict[str, list[Run]] = {name: [] for name in BENCHMARKS}
    for row in runs:
        by_name[row.benchmark].append(row)
    benchmarks = [_benchmark(name, BENCHMARKS[name], rows) for name, rows in by_name.items() if rows]
    p_values = [_p_value(name, by_name[P_VALUES[name].benchmark]) for name in P_VALUES]
    verdicts = [rate["verdict"] for item in benchmarks for rate in item["rates"] if rate["verdict"]]
    calibrated = [item["verdict"] for item in p_values if item["runs"]]
    return {
        "netact_version": metadata.version("netact"),
        "seed": seed,
        "runs": sum(item["runs"] for item in benchmarks),
        "runs_of_all": sum(item.full for item in BENCHMARKS.values()),
        "seconds": round(sum(item["seconds"] for item in benchmarks), 1),
        "targets": {verdict: verdicts.count(verdict) for verdict in ("met", "open", "missed")},
        "calibration": {verdict: calibrated.count(verdict) for verdict in ("met", "open", "missed")},
        "benchmarks": benchmarks,
        "p_values": p_values,
    }


def _benchmark(name: str, item: Benchmark, rows: list[Run]) -> dict[str, Any]:
    rates = []
    for key, rate in item.rates.items():
        told = [row.values.get(key) for row in rows]
        known = [bool(value) for value in told if value is not None]
        rates.append(
            {
                "name": key,
                "what": rate.what,
                **_rate(sum(known), len(known), rate.target),
            }
        )
    means = {}
    for key in dict.fromkeys(key for row in rows for key in row.values):
        numbers = [value for row in rows if isinstance(value := row.values.get(key), int | float)]
        if numbers and key not in P_VALUES and not any(isinstance(value, bool) for value in numbers):
            means[key] = round(math.fsum(numbers) / len(numbers), 4)
    outcomes = Counter(str(row.values["outcome"]) for row in rows if row.values.get("outcome") is not None)
    return {
        "name": name,
        "question": item.question,
        "title": item.title,
        "parameters": {
            key: list(value) if isinstance(value, tuple) else value for key, value in item.parameters.items()
        },
        "runs": len(rows),
        "seconds": round(math.fsum(row.seconds for row in rows), 1),
        "rates": rates,
        "means": means,
        "outcomes": dict(sorted(outcomes.items(), key=lambda pair: (-pair[1], pair[0]))),
        "curve": None
        if item.curve is None
        else {"figure": item.curve.figure, "line": item.curve.line, "x": item.curve.x},
    }


def _p_value(name: str, rows: list[Run]) -> dict[str, Any]:
    item = P_VALUES[name]
    told = [row.values.get(name) for row in rows]
    known = [float(value) for value in told if value is not None]
    rejected = sum(value <= LEVEL + 1e-12 for value in known)
    rate = _rate(rejected, len(known), Target(item.expects, LEVEL))
    if known and item.expects == "at most":
        # A p-value that should not be too small is at fault only where the whole interval lies above.
        rate["verdict"] = "met" if rate["low"] <= LEVEL else "missed"
    return {
        "name": name,
        "question": item.question,
        "what": item.what,
        "null": item.null,
        "benchmark": item.benchmark,
        "why": item.why,
        **rate,
    }


def _rate(count: int, runs: int, target: Target | None) -> dict[str, Any]:
    low, high = interval(count, runs)
    return {
        "count": count,
        "runs": runs,
        "rate": round(count / runs, 6) if runs else None,
        "low": round(low, 6),
        "high": round(high, 6),
        "target": None if target is None else {"bound": target.bound, "rate": target.rate},
        "verdict": None if target is None or not runs else judged(count, runs, target),
    }
