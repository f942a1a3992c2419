"""``netact study``: work with study files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from netact.cli.options import CACHE, JSON, OUT, QUIET
from netact.cli.running import chosen_cache, finish, printable, write_text


@click.group()
def study() -> None:
    """Work with study files: what is read and measured, with every parameter."""


@study.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@QUIET
@click.pass_context
def check_study(context: click.Context, file: Path, *, quiet: bool) -> None:
    """Say every mistake in the study FILE, with its line; whether its files are there, and how much it asks for.

    Ends with code 2 if it cannot be run.
    """
    from netact.study import MOST_RUNS
    from netact.study.check import check

    found = check(file)
    for problem in found.problems:
        click.echo(printable(str(problem.error(str(file)))), err=True)
    if not quiet:
        for path, state in found.files:
            click.echo(printable(f"  {state:<10}{path}"))
        if found.study is not None:
            asked = len(found.study.measures)
            click.echo(f"  {asked:,} {'question' if asked == 1 else 'questions'}")
            if found.runs > 1:
                others = found.runs - 1
                click.echo(
                    f"  {others:,} {'combination' if others == 1 else 'combinations'} of the grid, of at most {MOST_RUNS}, "
                    "each asked the same after the study itself"
                )
    if found.study is None:
        number = len(found.problems)
        click.echo(f"{printable(str(file))}: {number:,} {'mistake' if number == 1 else 'mistakes'}", err=True)
        context.exit(2)
    if not quiet:
        click.echo(f"{printable(str(file))} can be run")


@study.command("schema")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="File to write; else it is printed.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of study files, by which editors complete and check them."""
    from netact.study.schema import published_schema

    if out is None:
        click.echo(published_schema(), nl=False)
    else:
        write_text(published_schema(), out)
        click.echo(printable(str(out)))


@study.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="The folder that the paths in the study start in, if not its own: for a study of public data you have downloaded.",
)
@OUT
@CACHE
@QUIET
@JSON
def run_study(
    file: Path,
    data: Path | None,
    out: Path | None,
    *,
    cache: Path | None,
    no_cache: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run the study FILE and write its report to a folder (by default netact-report)."""
    from netact.study import load

    kept = chosen_cache(cache, none=no_cache)
    given = load(file)
    given = given if data is None else replace(given, folder=str(data))
    finish(given, out or Path("netact-report"), cache=kept, quiet=quiet, as_json=as_json)
