"""``netact privacy``: from pseudonyms back to names, on the machine that keeps them."""

from __future__ import annotations

from pathlib import Path

import click

from netact.cli.running import printable, write_text


@click.group()
def privacy() -> None:
    """Go from the pseudonyms of a report back to names, with what its folder private/ keeps."""


@privacy.command("reveal")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, metavar="[PSEUDONYM]...")
@click.option(
    "--table", metavar="FILE", type=click.Path(path_type=Path), help="Table (CSV, Parquet) to put names into."
)
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="Where that table goes, as CSV.")
def reveal(folder: Path, ids: tuple[str, ...], *, table: Path | None, out: Path | None) -> None:
    """Say who the PSEUDONYMs of the report in FOLDER are, or write a table with a column of names beside each column of them.

    What comes of it names people: it is not fit to share.
    """
    from netact.errors import StudyError
    from netact.report.reveal import names_kept, with_names
    from netact.report.tables import neutralised, read_table

    if (table is None) != (out is None):
        raise StudyError("privacy reveal", "--table and -o belong together", remedy="name the table and where it goes")
    if table is None and not ids:
        raise StudyError("privacy reveal", "nothing to reveal", remedy="name pseudonyms, or a table with --table")
    kept = names_kept(folder)
    for name in ids:
        if name not in kept:
            raise StudyError(name, f"stands for nobody in {folder}", remedy="copy a pseudonym of this report")
        click.echo(f"{printable(name)}  {printable(kept[name])}")
    if table is None or out is None:
        return
    found, columns = with_names(read_table(table), kept)
    if not columns:
        raise StudyError(str(table), "holds no pseudonym of this report", remedy="name a table of the same report")
    write_text(neutralised(found).write_csv(), out)
    click.echo(f"Names stand beside {', '.join(columns)} in {printable(str(out))}: do not share it.")
