"""``netact study``: work with study files."""

from __future__ import annotations

from pathlib import Path

import click

from netact.cli.options import CACHE, JSON, OUT, QUIET
from netact.cli.running import chosen_cache, finish


@click.group()
def study() -> None:
    """Work with study files: what is read and measured, with every parameter."""


@study.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@OUT
@CACHE
@QUIET
@JSON
def run_study(file: Path, out: Path | None, *, cache: Path | None, no_cache: bool, quiet: bool, as_json: bool) -> None:
    """Run the study FILE and write its report to a folder (by default netact-report)."""
    from netact.study import load

    kept = chosen_cache(cache, none=no_cache)
    finish(load(file), out or Path("netact-report"), cache=kept, quiet=quiet, as_json=as_json)
