"""``netact study``: work with study files."""

from __future__ import annotations

from dataclasses import replace
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
    given_collection,
    given_filters,
    given_sources,
)
from netact.cli.running import chosen_cache, finish, printable, progress, write_text
from netact.privacy import Privacy


@click.group()
def study() -> None:
    """Work with study files: what is read and measured, with every parameter."""


@study.command("new")
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
@ROBUSTNESS
@PRIVACY
@SEED
@click.option(
    "-o",
    "--out",
    metavar="STUDY.toml",
    default="study.toml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="File to write.",
)
@QUIET
def new_study(files: tuple[str, ...], out: Path, *, quiet: bool, **given: Any) -> None:
    """Look at FILEs and write a study file for them, to be read and changed before it is run.

    What the files are is filled in; what else may be set stands in it as comments. The schema by which editors complete and
    check it is written beside it.
    """
    from netact.errors import ReportError
    from netact.report.run import look
    from netact.study import Study, paths_for_folder
    from netact.study.new import Holdings, new_study_text
    from netact.study.schema import published_schema
    from netact.study.study import SCHEMA_FILE

    if out.exists():
        raise ReportError(str(out), "exists already", remedy="choose a new file with -o")
    made = Study.of(
        given_sources(files, given),
        title=given["title"],
        seed=given["seed"],
        collection=given_collection(given),
        robustness=given["robustness"],
        privacy=Privacy(given["names"], given["public"] or "", given["named_from"]),
        filters=given_filters(given),
    )
    with progress(quiet=quiet, stages=False) as shown:
        network, made = look(made, reading=shown.reading)
    paths = paths_for_folder(made, out.parent)
    sources = tuple(replace(source, path=path) for source, path in zip(made.sources, paths, strict=True))
    receipts = {receipt.sha256: receipt for receipt in network.receipt.sources}
    times = network.interactions["time"].drop_nulls()
    first, last = ("", "") if times.is_empty() else (str(times.min())[:10], str(times.max())[:10])
    holdings = Holdings(
        {kind: int(n) // (1 if network.has_direction(kind) else 2) for kind, n in network.kinds.items()},
        tuple(network.accounts["platform"].drop_nulls().unique().sort()),
        first,
        last,
        tuple((r.rows_read, r.rows_kept) if (r := receipts.get(s.sha256)) else None for s in sources),
        tuple(r.format if (r := receipts.get(s.sha256)) else "" for s in sources),
    )
    write_text(new_study_text(replace(made, sources=sources), holdings), out)
    beside = out.with_name(SCHEMA_FILE)
    if not beside.exists():
        write_text(published_schema(), beside)
    if not quiet:
        click.echo(f"{printable(str(out))}: {len(sources):,} {'file' if len(sources) == 1 else 'files'}")
        click.echo(f"Read it, change it, then: netact study run {printable(str(out))} -o DIR")


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
    help="The folder that the paths in the study start in, if not its own: for a study of public data you have downloaded. "
    "Files of a shared study are known by their content there.",
)
@KEY
@OUT
@CACHE
@MEMORY
@QUIET
@JSON
def run_study(
    file: Path,
    data: Path | None,
    out: Path | None,
    *,
    key: Path | None,
    cache: Path | None,
    no_cache: bool,
    memory_limit: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run the study FILE and write its report to a folder (by default netact-report)."""
    from netact.study import load

    kept = chosen_cache(cache, none=no_cache)
    given = load(file)
    given = given if data is None else replace(given, folder=str(data))
    folder = out or Path("netact-report")
    finish(given, folder, key=key, cache=kept, quiet=quiet, as_json=as_json, memory_limit=memory_limit)
