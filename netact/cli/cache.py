"""What is kept from earlier runs: ``netact cache``."""

from __future__ import annotations

from pathlib import Path

import click

from netact.cli.running import chosen_cache, printable


@click.command()
@click.option(
    "--cache",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder; the usual one if left out.",
)
@click.option("--clear", is_flag=True, help="Delete all that is kept.")
def cache(folder: Path | None, *, clear: bool) -> None:
    """Say where the finished steps of earlier runs are kept and how much room they take.

    They let a run that was broken off go on where it was, and a run with one thing changed do only that again. They may
    be deleted at any time. NETACT_CACHE names another folder; NETACT_CACHE=off keeps nothing.
    """
    kept = chosen_cache(folder, none=False)
    if kept is None:
        click.echo("nothing is kept (NETACT_CACHE is off)")
        return
    held = kept.clear() if clear else kept.size()
    deleted = "deleted: " if clear else ""
    results = "result" if held.entries == 1 else "results"
    click.echo(f"{printable(str(kept.folder))}: {deleted}{held.entries:,} {results}, {held.bytes / 1e6:,.1f} MB")
    for note in kept.notes:
        click.echo(f"netact: {printable(note)}", err=True)
