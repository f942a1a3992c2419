"""netact from a file to its whole report, nothing compared with chance; prints CPU seconds by stage.

Usage: python benchmarks/whole_netact.py FILE [FOLDER]
"""

import json
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    stages = {}
    at = ["import", time.process_time()]

    def begin(stage: str) -> None:
        now = time.process_time()
        stages[at[0]] = round(stages.get(at[0], 0.0) + now - at[1], 2)
        at[:] = [stage, now]

    from netact.jobs import WITHOUT_CHANCE, execute
    from netact.study import Source, Study

    measures = {name: dict(parameters) for name, parameters in WITHOUT_CHANCE.items()}
    study = Study.of([Source(sys.argv[1])], seed=1, measures=measures, robustness="none")
    with tempfile.TemporaryDirectory() as scratch:
        report = execute(study, Path(sys.argv[2] if len(sys.argv) > 2 else f"{scratch}/report"), progress=begin)
        begin("end")
    content = report.sealed_content
    groups = content.results["factions"]
    print(
        json.dumps(
            {
                "stages": {name: value for name, value in stages.items() if name != "end"},
                "accounts": content.summary.accounts,
                "interactions": content.summary.interactions,
                "modularity": groups.modularity.value,
                "top_20_share": content.results["hierarchy"].indices["top_20_share"].value,
            }
        )
    )


if __name__ == "__main__":
    main()
