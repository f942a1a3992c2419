"""``netact study``: work with study files."""

from __future__ import annotations

from pathlib import Path

import click

from netact.cli.options import JSON, OUT, QUIET
from netact.cli.running import finish


@click.group()
def study() -> None:
    """Work with study files: what is read and measured, with every parameter."""


@study.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@OUT
@QUIET
@JSON
def run_study(file: Path, out: Path | None, *, quiet: bool, as_json: bool) -> None:
    """Run the study FILE and write its report to a folder (by default netact-report)."""
    from netact.study import load

    finish(load(file), out or Path("netact-report"), quiet=quiet, as_json=as_json)
