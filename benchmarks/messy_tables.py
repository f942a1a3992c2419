"""Damaged text tables: how many are read as the clean table, how many rows are told as lost, what is refused.

Usage: python benchmarks/messy_tables.py [--show]
The cases are those of tests/importers/pollution.py, invented after the taxonomy of the Pollock benchmark (Vitagliano et al.,
VLDB 2023). A case a person could read is one in which all rows can be told from the file alone.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "importers"))


def main():
    from pollution import cases, outcome

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list every case that is not equal")
    options = parser.parse_args()
    verdicts = ("equal", "told", "refused", "silently wrong")
    table: dict[str, Counter] = {}
    readable = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases():
            found = outcome(case, Path(folder))
            table.setdefault(case.group, Counter())[found.verdict] += 1
            if case.readable:
                readable[found.verdict] += 1
            if options.show and (found.verdict == "silently wrong" or (case.readable and found.verdict != "equal")):
                print(f"{found.verdict:15} {case.group}: {case.name}: {found.detail[:230]}")
    print(f"{'pollution':24} {'cases':>6} {'equal':>6} {'told':>6} {'refused':>8} {'silently wrong':>15}")
    for group, counts in [*table.items(), ("all", sum(table.values(), Counter()))]:
        print(
            f"{group:24} {sum(counts.values()):6} "
            + " ".join(f"{counts[v]:{w}}" for v, w in zip(verdicts, (6, 6, 8, 15), strict=True))
        )
    share = readable["equal"] / sum(readable.values())
    print(
        f"\nof {sum(readable.values())} cases a person could read, {readable['equal']} are read as the clean table ({share:.1%})"
    )


if __name__ == "__main__":
    main()
