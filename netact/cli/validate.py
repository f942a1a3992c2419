"""``netact validate``: measure networks whose truth is known."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from netact.cli.options import SEED
from netact.cli.running import printable, progress


@click.command()
@click.option("--small", is_flag=True, help="Few runs of the benchmarks that matter most: a minute, as in the tests.")
@click.option("--runs", type=click.IntRange(min=0), metavar="N", help="Runs of each benchmark; 0 writes what is there.")
@click.option("--only", multiple=True, metavar="WORD", help="Only benchmarks whose name holds WORD; may be repeated.")
@click.option("--list", "as_list", is_flag=True, help="List the benchmarks and their numbers of runs.")
@click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Runs at the same time.")
@click.option(
    "--document", metavar="FILE.md", type=click.Path(path_type=Path), help="Write it as a page with figures too."
)
@SEED
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="netact-validation",
    show_default=True,
    help="Folder for the runs and the page.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary.")
def validate(
    out: Path,
    *,
    small: bool,
    runs: int | None,
    only: tuple[str, ...],
    as_list: bool,
    processes: int,
    document: Path | None,
    seed: int,
    quiet: bool,
) -> None:
    """Measure networks whose truth is known, and say how often netact is right and whether its p-values hold.

    Every run is kept in the folder: after an interruption the same command goes on, and a later call with more runs adds
    to those that are there. The whole takes many hours of one processor.
    """
    from netact import validation
    from netact.validation.page import headline
    from netact.validation.run import chosen, runs_of
    from netact.validation.write import check_folder

    names = chosen(only, small=small)
    if as_list:
        width = max(map(len, names)) + 2
        for name in names:
            click.echo(
                f"{name:<{width}}{runs_of(name, small=small, runs=runs):>5}  {validation.BENCHMARKS[name].title}"
            )
        return
    check_folder(out)
    try:
        with progress(quiet=quiet) as shown:
            last = ""

            def say(name: str, done: int, total: int) -> None:
                nonlocal last
                if sys.stderr.isatty() or name != last:
                    shown.step(f"{name} ({done:,} of {total:,})", done, total)
                    last = name

            validation.run_all(names, out, seed=seed, small=small, runs=runs, processes=processes, progress=say)
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted; the runs so far are in {printable(str(out))}, the same command goes on.", err=True)
        raise
    content = validation.summarise(validation.read_runs(out, seed=seed), seed=seed)
    page = validation.write(content, out)
    if document is not None:
        validation.document(content, document)
    if not quiet:
        click.echo(f"{headline(content)}.\nThe page is {printable(str(page))}")
