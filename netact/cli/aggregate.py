"""Add up more interactions than one machine can hold: ``aggregate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netact.cli.options import QUIET, READING, given_options
from netact.cli.running import printable

_ENGINES = ("auto", "polars", "duckdb", "disk", "spark", "sail")


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(), metavar="INPUT...")
@READING
@click.option(
    "--engine",
    type=click.Choice(_ENGINES),
    default="auto",
    show_default=True,
    help="Where it runs; auto is polars for up to 2 GB, else disk, and Spark if --master is given.",
)
@click.option(
    "--master", metavar="URL", help="Of Spark: local[N], spark://HOST:PORT or sc://HOST:PORT; of Sail sc://HOST:PORT."
)
@click.option(
    "--memory-limit", metavar="SIZE", help="Memory of DuckDB and disk, or of each machine of Spark, for example 4GB."
)
@click.option(
    "--most-ties",
    metavar="N",
    type=click.IntRange(min=1),
    default=20_000_000,
    show_default=True,
    help="Leave out accounts of low degree until there are no more ties than this.",
)
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for what is written on the way, shared by all machines; by default beside the bundle.",
)
@click.option(
    "-o",
    "--out",
    metavar="BUNDLE",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, for example movement.netact.",
)
@QUIET
def aggregate(inputs: tuple[str, ...], out: Path, *, quiet: bool, **given: Any) -> None:
    """Add up the interactions of INPUTs, files or folders, and write what netact analyze takes.

    For more interactions than one machine can hold at once. Each file is read by itself. The bundle holds ties with their sums
    and, for every account, its place in the whole; docs/scale.md says what is exact.
    """
    from netact.engines import aggregate as added_up
    from netact.importers import SourceOptions

    def say(step: str) -> None:
        if not quiet:
            click.echo(step, err=True)

    done = added_up(
        list(inputs),
        out,
        engine=given["engine"],
        master=given["master"],
        memory=given["memory_limit"],
        options=SourceOptions.from_dict(given_options(given)),
        most_ties=given["most_ties"],
        work=given["work"],
        step=say,
    )
    if quiet:
        return
    click.echo(f"{done.interactions:,} interactions are {done.ties:,} ties of {done.accounts:,} accounts")
    if done.k:
        click.echo(
            f"{done.kept_ties:,} ties of {done.kept_accounts:,} accounts are kept: the {done.k:,}-core and the most heard"
        )
    click.echo(f"They are in {printable(str(done.path))}: netact analyze {printable(str(done.path))} -o DIR")
