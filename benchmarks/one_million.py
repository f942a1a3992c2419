"""A million interactions from file to report: seconds by stage, and the largest memory the process held.

Usage: python benchmarks/one_million.py [--interactions 1000000] [--accounts 150000] [--keep FOLDER]
The file is invented; writing it is not timed. Compare stages with one another: seconds depend on the machine.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, default=150_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "interactions.csv"
        if not path.exists():
            # In a process of its own, so that its memory is not counted here.
            import subprocess
            import sys

            script = (
                "from netact.synthetic import movement; "
                f"made = movement(accounts={options.accounts}, interactions={options.interactions}, seed=1); "
                f"made.interactions.write_csv({str(path)!r})"
            )
            subprocess.run([sys.executable, "-c", script], check=True)
        stages = []

        def begin(stage):
            stages.append((stage, time.perf_counter(), time.process_time()))

        start = time.perf_counter()
        from netact.report import run, write
        from netact.study import Source, Study

        begin("importing the package")
        stages[0] = ("importing the package", start, 0.0)
        report = run(Study.of([Source(str(path))], seed=1), progress=begin)
        begin("write")
        write(report, folder / "report")
        end, cpu = time.perf_counter(), time.process_time()
        print(f"{report.network.interactions.height:,} interactions, {report.network.n_accounts:,} accounts")
        print(f"{'stage':36} {'seconds':>8} {'of all':>7} {'CPU s':>7}")
        for (stage, began, used), (_, ended, used_after) in zip(stages, [*stages[1:], ("", end, cpu)], strict=True):
            print(f"{stage:36} {ended - began:8.1f} {(ended - began) / (end - start):7.0%} {used_after - used:7.1f}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'together':36} {end - start:8.1f} {'':7} {cpu:7.1f}   peak memory {memory:,.0f} MB")
        for finding in report.findings:
            print(" ", finding.headline)


if __name__ == "__main__":
    main()
