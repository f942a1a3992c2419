"""From a file to a report: netact beside a script with pandas and igraph, and beside networkx.

Usage: python benchmarks/report.py [--interactions 1000000] [--networkx 100000] [--runs 5] [--only TOOL] [--keep FOLDER]

All read the same invented file (benchmarks/growth.py) and compute the same indices (benchmarks/whole_igraph.py says which). netact
runs twice: with these indices alone, as a library, and to its whole report, which besides looks for a core, roles of
groups, dynamics and more, and writes tables, figures and graph files. Nothing is compared with chance, as the scripts compare
nothing. Where two tools disagree about an index the benchmark ends with an error: groups are found by chance, so modularity may
differ by 0.01, everything else only by rounding. networkx gets a file that it survives. Each run has a process of its own; on a machine that does
other things too, compare CPU seconds.
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path

import growth
import measuring

TOOLS = {
    "netact": measuring.NETACT,
    "netact indices alone": measuring.INDICES,
    "igraph and pandas": measuring.IGRAPH,
    "networkx": measuring.NETWORKX,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--networkx", type=int, default=100_000, help="size of the comparison with networkx; 0: none")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=list(TOOLS), action="append")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    wanted = options.only or list(TOOLS)
    cases = [(options.interactions, tool) for tool in TOOLS if tool in wanted and tool != "networkx"]
    cases += [(options.networkx, tool) for tool in TOOLS if options.networkx and tool in wanted]
    rows, said = [], {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size, tool in dict.fromkeys(cases):
            path = folder / f"growth-{size}.csv"
            if not path.exists():
                growth.write(path, interactions=size)
            found = measuring.measured([sys.executable, str(TOOLS[tool]), str(path)], runs=options.runs)
            said[size, tool] = indices = found["said"]
            note = f"{indices['accounts']:,} accounts"
            if "modularity" in indices:
                note += f", modularity {indices['modularity']:.4f}"
            rows.append(measuring.row("report", size, tool, found, note=note))
            print(
                f"{tool:22} {size:>11,} {found['cpu']:8.1f} CPU s {found['wall']:8.1f} s {found['memory']:8,.0f} MB  {note}"
            )
            print(f"{'':22} {', '.join(f'{name} {value}' for name, value in indices['stages'].items())}", flush=True)
            measuring.keep("report", rows)
    differ = disagreements(said)
    print("\n".join(differ) or f"the indices agree: {', '.join(sorted(told(said)))}")
    sys.exit(bool(differ))


def told(said: dict) -> set[str]:
    """Return the names of the indices that two tools or more told of one file."""
    held = [(size, name) for (size, _tool), indices in said.items() for name in indices if name != "stages"]
    return {name for size, name in held if held.count((size, name)) > 1}


def disagreements(said: dict) -> list[str]:
    """Return a line for each index on which a tool and the first that tells it of the same file disagree."""
    lines, first = [], {}
    for (size, tool), indices in said.items():
        for name, value in indices.items():
            if name == "stages":
                continue
            other, expected = first.setdefault((size, name), (tool, value))
            allowed = {"abs_tol": 0.01} if name == "modularity" else {"rel_tol": 1e-6}
            if not math.isclose(value, expected, **allowed):
                lines.append(f"{size:,}: {name} is {expected} by {other} and {value} by {tool}")
    return lines


if __name__ == "__main__":
    main()
