"""``netact study verify`` and ``netact compare``: whether a report can be had again, and how several differ."""

from __future__ import annotations

import json
from pathlib import Path

import click

from netact.cli.running import printable


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--inputs",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to look for input files that are not where the study says: by name, else by their content.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit code tells.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def verify(context: click.Context, folder: Path, inputs: Path | None, *, quiet: bool, as_json: bool) -> None:
    """Run the study of the report in DIR again and compare every table and figure; DIR is left as it is.

    Exit code 0: identical; 1: something differs; 2: it cannot be told, for example since an input has changed.
    """
    from netact.jobs import execute
    from netact.report.verify import as_json as written
    from netact.report.verify import told
    from netact.report.verify import verify as verified

    found = verified(folder, execute=execute, inputs=inputs)
    if as_json:
        click.echo(written(found))
    elif not quiet:
        for line in told(found):
            click.echo(printable(line))
    if not found.identical:
        context.exit(1)


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR DIR...")
@click.option("-o", "--out", metavar="FILE.html", type=click.Path(path_type=Path), help="Write it as a page.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def compare(folders: tuple[Path, ...], out: Path | None, *, as_json: bool) -> None:
    """Say how the reports in two or more folders differ: answers, accounts, parameters, inputs, versions."""
    from netact.errors import ReportError
    from netact.report import read
    from netact.report.compare import compare as compared
    from netact.report.compare import told
    from netact.report.html import render_comparison

    reports = [read(folder) for folder in folders]
    found = compared(reports)
    if out is not None:
        try:
            out.write_text(render_comparison(found, reports), encoding="utf-8")
        except OSError as error:
            said = f"cannot be written: {error.strerror or error}"
            raise ReportError(str(out), said, remedy="choose another file with -o") from error
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        for line in told(found):
            click.echo(printable(line))
        if out is not None:
            click.echo(f"\nThe page is {printable(str(out))}")
