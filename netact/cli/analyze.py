"""From files to a report, the short way: ``analyze`` and ``demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netact.cli.options import CACHE, JSON, OUT, QUIET, READING, ROBUSTNESS, SEED, given_options
from netact.cli.running import chosen_cache, finish
from netact.collection import SAMPLINGS, Collection
from netact.errors import StudyError


@click.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@READING
@click.option("--accounts", metavar="FILE", help="Table of accounts.")
@click.option("--admins", metavar="FILE", help="Table of who administers which account.")
@click.option("--person", metavar="COLUMN|NAME", help="Column of persons in the admin table, or whose pages it lists.")
@click.option("--rights-on", metavar="DAY", help="Leave out admin rights that were not held on this day.")
@click.option("--people", metavar="FILE", help="Table that flags persons as automated.")
@click.option("--identities", metavar="FILE", help="Table of accounts that are one person or organisation.")
@click.option("--min-confidence", metavar="NUMBER", help="Leave out identities of less confidence, from 0 to 1.")
@click.option(
    "--operations", metavar="FILE", help="Table of actions that the movement was called to, with their hashtags."
)
@click.option("--triggers", metavar="FILE", help="Table of events from outside that accounts may react to.")
@click.option(
    "--earlier", metavar="FILE", multiple=True, help="Traffic of an earlier event; may be given several times."
)
@click.option("--sampling", type=click.Choice(SAMPLINGS), help="What of the traffic FILEs hold, as you know it.")
@click.option("--sampling-rate", metavar="SHARE", type=float, help="Share of the posts that a sample holds, as 0.1.")
@click.option(
    "--query", metavar="WORD", multiple=True, help="Word or hashtag that was searched for; may be given again."
)
@click.option("--reach", metavar="COLUMN", help="Column of the accounts table that holds the size of the audience.")
@click.option("--title", metavar="TEXT", default="", help="Title of the report; the file's name if left out.")
@click.option("--draws", type=click.IntRange(min=9), help="Networks drawn by chance for each measure.")
@click.option("--quick", is_flag=True, help="Few draws: a first look, not for publication.")
@ROBUSTNESS
@SEED
@OUT
@CACHE
@QUIET
@JSON
def analyze(files: tuple[str, ...], out: Path | None, *, quiet: bool, as_json: bool, **given: Any) -> None:
    """Read FILEs of interactions and write a report to a folder (by default netact-report).

    FILE may be left out if --admins is given: then only the question of the keys is answered in full.
    """
    from netact.study import Source, Study

    if not files and given["admins"] is None:
        raise StudyError("input", "no file given", remedy="name a file of interactions, or pass --admins FILE")
    if given["reach"] is not None and given["accounts"] is None:
        raise StudyError("--reach", "needs a table of accounts", remedy="pass --accounts FILE too")
    if given["people"] is not None and given["admins"] is None:
        raise StudyError("--people", "needs an admin table", remedy="pass --admins FILE too")
    sources = [Source(path, options=given_options(given)) for path in files]
    if given["accounts"] is not None:
        options = {} if given["reach"] is None else {"reach": given["reach"]}
        sources.append(Source(given["accounts"], "accounts", options=options))
    asked = {
        "admins": ("person", "rights_on"), "people": (), "identities": ("min_confidence",), "operations": (), "triggers": (),
    }  # fmt: skip
    for role, names in asked.items():
        options = {name: given[name] for name in names if given[name] is not None}
        if given[role] is not None:
            sources.append(Source(given[role], role, options=options))
        elif options:
            option = next(iter(options)).replace("_", "-")
            raise StudyError(f"--{option}", f"needs a table of {role}", remedy=f"pass --{role} FILE too")
    sources += [Source(path, "earlier") for path in given["earlier"]]
    declared = {"sampling": given["sampling"], "rate": given["sampling_rate"], "query": given["query"]}
    if given["sampling"] is None:
        declared["sampling"] = "sampled" if given["sampling_rate"] else "keyword" if given["query"] else "unknown"
    collection = Collection.from_dict(declared)
    measures = _measures(quick=given["quick"], draws=given["draws"])
    study = Study.of(
        sources,
        title=given["title"],
        seed=given["seed"],
        measures=measures,
        collection=collection,
        robustness=given["robustness"],
    )
    cache = chosen_cache(given["cache"], none=given["no_cache"])
    finish(study, out or Path("netact-report"), cache=cache, quiet=quiet, as_json=as_json)


def _measures(*, quick: bool, draws: int | None) -> dict[str, dict[str, Any]]:
    from netact.jobs import QUICK
    from netact.measures import MEASURES

    chosen: dict[str, dict[str, Any]] = {name: dict(QUICK[name]) if quick else {} for name in MEASURES}
    if draws is not None:
        for parameters in chosen.values():
            parameters["draws"] = draws
    return chosen


@click.command()
@SEED
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="netact-demo",
    show_default=True,
    help="Folder for the report.",
)
@click.option("--quick", is_flag=True, help="Few draws: a first look.")
@CACHE
@QUIET
@JSON
def demo(seed: int, out: Path, *, quick: bool, cache: Path | None, no_cache: bool, quiet: bool, as_json: bool) -> None:
    """Make the whole report on an invented movement."""
    from netact.study import Source, Study
    from netact.synthetic import sample_folder

    folder = sample_folder()
    sources = [
        Source(str(folder / "movement_interactions.csv")),
        Source(str(folder / "movement_accounts.csv"), "accounts"),
        Source(str(folder / "movement_admins.csv"), "admins"),
    ]
    study = Study.of(sources, title="An invented movement", seed=seed, measures=_measures(quick=quick, draws=None))
    kept = chosen_cache(cache, none=no_cache)
    finish(study, out, cache=kept, quiet=quiet, as_json=as_json, copy_inputs=True)
