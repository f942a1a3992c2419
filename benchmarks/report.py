"""From a file to a report: netact beside a script with pandas and igraph, and beside networkx.

Usage: python benchmarks/report.py [--interactions 1000000] [--networkx 100000] [--runs 5] [--only TOOL] [--keep FOLDER]

All read the same invented file (benchmarks/growth.py) and compute the same indices (benchmarks/whole_igraph.py says which);
netact besides looks for a core, roles of groups, dynamics and more, and writes its whole report with tables and graph files.
Nothing is compared with chance, as the scripts compare nothing. networkx gets a file that it survives. Each run has a
process of its own; on a machine that does other things too, compare CPU seconds.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import growth
import measuring

TOOLS = {"netact": measuring.NETACT, "igraph and pandas": measuring.IGRAPH, "networkx": measuring.NETWORKX}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--networkx", type=int, default=100_000, help="size of the comparison with networkx; 0: none")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=list(TOOLS), action="append")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    wanted = options.only or list(TOOLS)
    cases = [(options.interactions, tool) for tool in ("netact", "igraph and pandas") if tool in wanted]
    cases += [(options.networkx, tool) for tool in TOOLS if options.networkx and tool in wanted]
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size, tool in dict.fromkeys(cases):
            path = folder / f"growth-{size}.csv"
            if not path.exists():
                growth.write(path, interactions=size)
            found = measuring.measured([sys.executable, str(TOOLS[tool]), str(path)], runs=options.runs)
            said = found["said"]
            note = f"{said['accounts']:,} accounts, modularity {said['modularity']:.4f}"
            rows.append(measuring.row("report", size, tool, found, note=note))
            print(
                f"{tool:20} {size:>11,} {found['cpu']:8.1f} CPU s {found['wall']:8.1f} s {found['memory']:8,.0f} MB  {note}"
            )
            print(f"{'':20} {', '.join(f'{name} {value}' for name, value in said['stages'].items())}", flush=True)
            measuring.keep("report", rows)


if __name__ == "__main__":
    main()
