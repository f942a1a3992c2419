"""From files to a report, the short way: ``analyze`` and ``demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netact.cli.options import (
    CACHE,
    FILTERS,
    JSON,
    KEY,
    MEMORY,
    OUT,
    PRIVACY,
    QUIET,
    READING,
    ROBUSTNESS,
    SEED,
    TABLES,
    YES,
    given_collection,
    given_filters,
    given_sources,
)
from netact.cli.running import chosen_cache, finish
from netact.errors import StudyError
from netact.privacy import Privacy


@click.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@READING
@TABLES
@FILTERS
@click.option(
    "--title",
    metavar="TEXT",
    default="",
    help="Title of the report; if left out, the file's name, which is not shared.",
)
@click.option("--draws", type=click.IntRange(min=9), help="Networks drawn by chance for each measure.")
@click.option("--quick", is_flag=True, help="Few draws: a first look, not for publication.")
@click.option(
    "--no-chance",
    is_flag=True,
    help="Compare nothing with chance and try nothing again: numbers at once, no verdict that needs a comparison.",
)
@ROBUSTNESS
@PRIVACY
@YES
@KEY
@SEED
@OUT
@CACHE
@MEMORY
@QUIET
@JSON
def analyze(
    files: tuple[str, ...], out: Path | None, *, key: Path | None, yes: bool, quiet: bool, as_json: bool, **given: Any
) -> None:
    """Read FILEs of interactions and write a report to a folder (by default netact-report).

    FILE may be left out if --admins is given: then only the question of the keys is answered in full.
    """
    from netact.study import Study

    sources = given_sources(files, given)
    if given["no_chance"] and (given["quick"] or given["draws"] is not None):
        raise StudyError("--no-chance", "draws nothing, so --quick and --draws say nothing", remedy="leave them out")
    measures = _measures(quick=given["quick"], draws=given["draws"], chance=not given["no_chance"])
    study = Study.of(
        sources,
        title=given["title"],
        seed=given["seed"],
        measures=measures,
        collection=given_collection(given),
        robustness="none" if given["no_chance"] else given["robustness"],
        filters=given_filters(given),
        privacy=Privacy(given["names"], given["public"] or "", given["named_from"]),
    )
    cache = chosen_cache(given["cache"], none=given["no_cache"])
    finish(
        study,
        out or Path("netact-report"),
        key=key,
        cache=cache,
        ask_names=not yes,
        quiet=quiet,
        as_json=as_json,
        memory_limit=given["memory_limit"],
    )


def _measures(*, quick: bool, draws: int | None, chance: bool = True) -> dict[str, dict[str, Any]]:
    from netact.jobs import QUICK, WITHOUT_CHANCE
    from netact.measures import MEASURES

    given: dict[str, dict[str, int]] = WITHOUT_CHANCE if not chance else QUICK if quick else {}
    chosen: dict[str, dict[str, Any]] = {name: dict(given.get(name, {})) for name in MEASURES}
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
    study = Study.of(
        sources,
        title="An invented movement",
        seed=seed,
        measures=_measures(quick=quick, draws=None),
        privacy=Privacy(named_from=500),
    )
    kept = chosen_cache(cache, none=no_cache)
    finish(study, out, cache=kept, quiet=quiet, as_json=as_json, copy_inputs=True)
