"""Turn the tables of results in benchmarks/results into docs/performance.md.

Usage: python benchmarks/page.py
What is reached is computed from the results; only the goals and the reasons why some are missed stand here.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "performance.md"


@dataclass(frozen=True)
class Goal:
    """What is aimed at: so much less CPU, memory or time than another tool, or no more than a limit."""

    what: str
    benchmark: str
    size: int
    most: float
    beside: str = ""  # empty: ``most`` is a limit and no ratio
    value: str = "cpu_seconds"
    tool: str = "netact"


CSV, ALONE = "csv to weighted ties", "netact indices alone"
GOALS = (
    Goal("file with text ids to coded ties: CPU against DuckDB", CSV, 10_000_000, 1 / 5, "duckdb", tool="netact, ids only"),
    Goal("file with text ids to coded ties: CPU against polars joins", CSV, 10_000_000, 1 / 5, "polars", tool="netact, ids only"),
    Goal("ties to structure: CPU against igraph", "ties to structure", 10_000_000, 1 / 14, "igraph", tool="netact, structure"),
    Goal("file with text ids to coded ties: memory, MB", CSV, 10_000_000, 1024, value="peak_mb", tool="netact, ids only"),
    Goal("degree-preserving null sample and its statistic: CPU against one igraph rewire", "null sample", 1_000_000, 1 / 3, "igraph"),
    Goal("whole removal curve: CPU against 20 recomputations", "removal curve", 10_000_000, 1 / 14, "scipy"),
    Goal("communities: CPU against igraph's Leiden", "communities", 10_000_000, 1 / 3, "igraph"),
    Goal("trophic levels: CPU against scipy's conjugate gradients", "levels", 10_000_000, 1 / 2, "scipy"),
    Goal("random-walk controversy: CPU against scipy's conjugate gradients", "walks", 10_000_000, 1 / 2, "scipy"),
    Goal("leading core, seconds", "leading core", 10_000_000, 20),
    Goal("file to report, seconds", "report", 1_000_000, 10),
    Goal("file to the same indices: CPU against pandas and igraph", "report", 10_000_000, 1 / 4, "igraph and pandas", tool=ALONE),
    Goal("file to the same indices: memory against both", "report", 10_000_000, 1 / 2, "igraph and pandas", "peak_mb", ALONE),
    Goal("file to the same indices: CPU against networkx", "report", 1_000_000, 1 / 50, "networkx", tool=ALONE),
    Goal("file to report, seconds", "growth", 10_000_000, 60),
    Goal("file to report, seconds", "growth", 100_000_000, 720),
    Goal("file to report: memory, MB", "growth", 100_000_000, 8192, value="peak_mb"),
    Goal("files to report, ties added up first: memory, MB", "aggregate and analyse", 300_000_000, 8192, value="peak_mb"),
)  # fmt: skip

# Goal that is missed -> why, and what would change it: (benchmark, size, beside, value).
REASONS: dict[tuple[str, int, str, str], str] = {
    (
        CSV,
        10_000_000,
        "duckdb",
        "cpu_seconds",
    ): "narrowly: one thread passes over the bytes once and looks every name up.",
    ("leading core", 10_000_000, "", "cpu_seconds"): (
        "one run, with comparison and subsamples, which take most of it, two at a time. Without them it is a fifth of this."
    ),
    ("report", 1_000_000, "", "cpu_seconds"): (
        "a third is writing all tables, the workbook and three graph files, which a study can leave out; a sixth are the groups, "
        "sought five times; a tenth is importing libraries."
    ),
    ("report", 10_000_000, "igraph and pandas", "cpu_seconds"): (
        "one run. Two fifths of netact's time are reading, in which every row is checked and counted; a third are the groups."
    ),
    ("report", 10_000_000, "igraph and pandas", "peak_mb"): "rows keep their times, kinds and hashtags until the end.",
    ("report", 1_000_000, "networkx", "cpu_seconds"): (
        "one run. Reading and importing libraries take two thirds of netact's time."
    ),
    ("growth", 10_000_000, "", "cpu_seconds"): (
        "one run. Two fifths are the groups: five partitions and two searches for two sides; a tenth is reading, a seventh writing."
    ),
    ("growth", 100_000_000, "", "cpu_seconds"): (
        "not run in one go, which would take some 30 GB: ties are added up first. Three hundred million took 2,859 CPU seconds that way, "
        "and a third of that is more than what was aimed at. Two thirds are reading: each of the files names 12 million accounts."
    ),
    ("growth", 100_000_000, "", "peak_mb"): "not run in one go; three times as many, added up first, stay below it.",
}

TITLES = {
    "ties": "From a file to ties",
    "kernels": "Heavy kernels",
    "report": "From a file to a report",
    "growth": "Growth",
    "engines": "One aggregation on several engines",
    "coordination": "Pairs of accounts that share the same links",
}
HEAD = """\
# Performance

This page is written by `python benchmarks/page.py` from the tables in `benchmarks/results/`; each table says which command
makes it. Compare **CPU seconds** (user and system, all threads, of a process of its own): wall seconds depend on what else the
machine did. Tables show medians of the runs. Every tool read the same invented file. Results of netact do not depend on how
fast they are computed: the same input and seed give the same numbers.
"""


def load() -> tuple[dict[str, list[dict]], dict]:
    """Return table -> rows, and the machine."""
    tables = {}
    for path in sorted(RESULTS.glob("*.json")):
        if path.stem != "machine":
            found = json.loads(path.read_text(encoding="utf-8"))
            tables[path.stem] = found["rows"] if isinstance(found, dict) else found
    path = RESULTS / "machine.json"
    return tables, json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def page(tables: dict[str, list[dict]], machine: dict) -> str:
    """Return the page that tables of results give."""
    parts = [HEAD]
    if machine:
        versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
        parts.append(
            f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python "
            f"{machine['python']}; {versions}; {machine['day']}.\n"
        )
    parts.append("## Goals\n")
    lines = [goal_line(goal, tables) for goal in GOALS]
    parts.append(table(("goal", "interactions or ties", "aimed at", "measured", "reached"), lines))
    missed = [
        f"- {goal.what} ({goal.size:,}): {REASONS[key]}" for goal in GOALS if (key := named(goal)) in REASONS
    ]  # fmt: skip
    if missed:
        parts += ["Where a goal is missed, and why:\n", "\n".join(missed) + "\n"]
    for name in [*TITLES, *(name for name in tables if name not in TITLES)]:
        if not tables.get(name):
            continue
        parts += [f"## {TITLES.get(name, name)}\n", f"`python benchmarks/{name}.py`\n"]
        rows = sorted(tables[name], key=lambda row: (row["benchmark"], row["size"], row["cpu_seconds"]))
        head = ("benchmark", "size", "tool", "CPU s", "CPU s a million", "wall s", "peak MB", "runs", "note")
        parts.append(table(head, [cells(row) for row in rows]))
        staged = [row for row in rows if row.get("stages")]
        if staged:
            parts.append("CPU seconds by stage:\n")
            parts += [
                f"- {row['tool']}, {row['size']:,}: " + ", ".join(f"{name} {value:.1f}" for name, value in row["stages"].items())
                for row in staged
            ]  # fmt: skip
            parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def named(goal: Goal) -> tuple[str, int, str, str]:
    return goal.benchmark, goal.size, goal.beside, goal.value


def goal_line(goal: Goal, tables: dict[str, list[dict]]) -> tuple[str, ...]:
    """Return what was aimed at, what was measured and whether that is enough."""
    rows = [
        row
        for found in tables.values()
        for row in found
        if (row["benchmark"], row["size"]) == (goal.benchmark, goal.size)
    ]
    own = next((row for row in rows if row["tool"] == goal.tool), None)
    aim = f"at most 1/{1 / goal.most:.0f}" if goal.beside else f"at most {goal.most:,.0f}"
    other = next((row for row in rows if goal.beside and plain(row["tool"]).startswith(plain(goal.beside))), None)
    if own is None or (goal.beside and other is None):
        return goal.what, f"{goal.size:,}", aim, "not measured", ""
    # Seconds of a goal are those of a machine that does nothing else: at best as many as CPU seconds say.
    value = own[goal.value]
    found = value / other[goal.value] if other is not None else value
    said = f"{found:.2f} (1/{1 / found:.1f})" if other is not None else f"{found:,.1f}"
    return goal.what, f"{goal.size:,}", aim, said, "yes" if found <= goal.most else "no"


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def cells(row: dict) -> tuple[str, ...]:
    per = row["cpu_seconds"] / (row["size"] / 1e6)
    return (
        row["benchmark"], f"{row['size']:,}", f"{row['tool']} ({row['version']})", f"{row['cpu_seconds']:,.2f}", f"{per:,.2f}",
        f"{row['wall_seconds']:,.1f}", f"{row['peak_mb']:,.0f}", str(row["runs"]), row["note"],
    )  # fmt: skip


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in (head, ("---",) * len(head), *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(*load()), encoding="utf-8")
