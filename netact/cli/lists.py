"""What there is: ``formats`` and ``measures``."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page on all formats.")
def formats(name: str | None, *, as_markdown: bool) -> None:
    """List the formats netact reads, or say all about the one called NAME: how it is obtained, what is read, what is lost."""
    from netact.errors import ImportFileError
    from netact.importers import IMPORTERS
    from netact.importers.describe import markdown, text_of

    if as_markdown:
        click.echo(markdown(), nl=False)
    elif name is None:
        width = max(map(len, IMPORTERS)) + 2
        for importer in IMPORTERS.values():
            click.echo(f"{importer.name:<{width}}{importer.title}")
    elif name in IMPORTERS:
        click.echo(text_of(IMPORTERS[name]))
    else:
        raise ImportFileError("formats", f"no format is called {name!r}", remedy="netact formats lists them")


@click.command()
def measures() -> None:
    """List the measures, what they ask and the parameters a study may set."""
    from netact.measures import MEASURES
    from netact.study import parameters_of

    for name, (_, asks) in MEASURES.items():
        click.echo(f"{name}: {asks}")
        click.echo("  " + ", ".join(f"{key}={default!r}" for key, default in parameters_of(name).items()))
