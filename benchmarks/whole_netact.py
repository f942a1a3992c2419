"""netact from a file to its whole report, nothing compared with chance; prints CPU seconds by stage.

Usage: python benchmarks/whole_netact.py FILE [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from measuring import Stages


def main() -> None:
    stages = Stages("import")
    from netact.jobs import WITHOUT_CHANCE, execute
    from netact.study import Source, Study

    measures = {name: dict(parameters) for name, parameters in WITHOUT_CHANCE.items()}
    study = Study.of([Source(sys.argv[1])], seed=1, measures=measures, robustness="none")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else f"{scratch}/report")
        content = execute(study, folder, progress=stages.begin).sealed_content
        stages.begin("end")
    hierarchy, moves = content.results["hierarchy"].indices, content.results["dynamics"]
    stages.say(
        accounts=content.summary.accounts,
        interactions=content.summary.interactions,
        **{
            name: hierarchy[name].value
            for name in ("gini", "effective_leaders", "top_1_share", "top_5_share", "top_20_share")
        },
        turnover=1 - moves.indices["overlap"].value,
        days=moves.windows.height,
        hashtags=content.results["symbols"].different,
        # Of the part that would be compared with chance: the 50,000 ties of the most connected accounts.
        modularity_of_the_most_connected=content.results["factions"].modularity.value,
    )


if __name__ == "__main__":
    main()
