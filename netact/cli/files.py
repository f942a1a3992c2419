"""Look at files, rewrite them, make new ones: ``template``, ``inspect``, ``convert``, ``simulate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netact.cli.options import MEMORY, QUIET, READING, SEED, given_options
from netact.cli.running import check_room, printable, progress, write_text
from netact.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers import Inspection


@click.command()
@click.argument("name", type=click.Choice(("admins", "accounts", "identities", "operations", "triggers")))
@click.option("-o", "--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="File to write.")
def template(name: str, out: Path) -> None:
    """Write an empty table, to be filled in by hand, of admin rights, accounts, identities, operations or triggers."""
    from netact.errors import ReportError
    from netact.synthetic import sample_folder

    if out.exists():
        raise ReportError(str(out), "exists already", remedy="choose a new file with -o")
    try:
        out.write_bytes((sample_folder() / f"template_{name}.csv").read_bytes())
    except OSError as error:
        raise ReportError(
            str(out), f"cannot be written: {error.strerror or error}", remedy="choose another file"
        ) from error
    click.echo(printable(str(out)))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@READING
@click.option(
    "--table",
    metavar="OUT.csv",
    type=click.Path(path_type=Path),
    help="Write the rows as understood, as clean UTF-8 CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def inspect(files: tuple[str, ...], table: Path | None, *, as_json: bool, **given: Any) -> None:
    """Say what FILEs are and how they would be read together; nothing is analysed.

    FILE may be a folder, a zip archive, what netact convert wrote, or - for standard input.
    """
    from netact.importers import SourceOptions, inspect_file

    with progress(quiet=as_json, stages=False) as shown:
        found = inspect_file(list(files), SourceOptions.from_dict(given_options(given)), progress=shown.reading)
    if table is not None:
        from netact.report.tables import neutralised

        write_text(neutralised(found.table).write_csv(), table)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
        return
    for name, text in _inspection_lines(found):
        click.echo(printable(f"  {name:<10}{text}" if name else text))


_QUALITY_WORDS = {
    "self_ties": "self-ties",
    "duplicates": "repeats",
    "damaged_ids": "damaged ids",
    "inferred": "read from the text",
    "implicit": "mentions put there by the platform",
    "derived": "made from what was shared",
    "duplicates_across_files": "repeats across files",
    "resolved_across_files": "targets found in another file",
}


def _inspection_lines(found: Inspection) -> Iterator[tuple[str, str]]:
    """Yield what was found as name and text; the title has no name."""
    values = found.to_dict()
    receipt = found.receipt

    def numbers(counts: dict[str, int]) -> str:
        return ", ".join(f"{name} {number:,}" for name, number in counts.items())

    encoding = f", {values['encoding']}" if values["encoding"] else ""
    many = len(values["files"]) > 1
    title = f"{len(values['files']):,} files" if many else receipt.file.rpartition("/")[2]
    formats = values["format"] if values["bundle"] else ", ".join(dict.fromkeys(s["format"] for s in values["sources"]))
    yield "", f"{values['bundle'] or title}: {formats}{encoding}"
    if many or values["bundle"]:
        for source in values["sources"][:20]:
            yield "file", f"{source['file']}: {source['format']}, {source['rows']['read']:,} rows"
        if len(values["sources"]) > 20:
            yield "file", f"and {len(values['sources']) - 20:,} more"
    for line in values["evidence"]:
        yield "because", line
    if values["dialect"]:
        # What a layout or a direction is, its value says by itself.
        parts = [
            value if name in ("layout", "direction") else f"{name} {value}" for name, value in values["dialect"].items()
        ]
        yield "layout", ", ".join(parts)
    if values["mapping"]:
        yield "columns", "; ".join(f"{role}: {column}" for role, column in values["mapping"].items())
    if values["fields"]:
        yield "fields", "; ".join(f"{role}: {names}" for role, names in values["fields"].items())
    if values["direction"]:
        yield "direction", values["direction"]
    rows = values["rows"]
    if values["records"]:
        yield "records", ", ".join(f"{item['what']} {item['number']:,}" for item in values["records"])
    # One record of an export of posts holds any number of ties; of a table, a row is one.
    named = "ties" if values["records"] else "rows"
    yield named, f"{rows['read']:,} read, {rows['kept']:,} kept, {rows['dropped']:,} dropped"
    yield "kinds", numbers(values["kinds"]) or "none"
    yield (
        "accounts",
        f"{values['accounts']:,}" + (f", {values['aliases']:,} names joined with ids" if values["aliases"] else ""),
    )
    period = values["period"]
    if period["first"]:
        first, last = (str(period[end])[:19].replace("T", " ") for end in ("first", "last"))
        yield "period", f"{first} UTC" if first == last else f"{first} to {last} UTC"
    apart = values["unresolved"]
    if apart["rows"]:
        yield (
            "unknown",
            f"{numbers(apart['kinds'])}: {apart['share']:.1%} of the ties are to accounts that no file names",
        )
    quality = {_QUALITY_WORDS[name]: number for name, number in values["quality"].items() if number}
    if quality:
        yield "quality", numbers(quality)
    for example in values["examples"]:
        yield "example", example
    for problem in values["problems"]:
        yield "note", problem


@click.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@READING
@click.option("--accounts", metavar="FILE", help="Table of accounts.")
@click.option("--admins", metavar="FILE", help="Table of who administers which account.")
@click.option("--people", metavar="FILE", help="Table that flags persons as automated.")
@click.option("--reach", metavar="COLUMN", help="Column of the accounts table that holds the size of the audience.")
@click.option(
    "-o",
    "--out",
    metavar="OUT.netact",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, for example movement.netact.",
)
@click.option(
    "--append", is_flag=True, help="Add FILEs to the file that -o names; those it was made of are not read again."
)
@MEMORY
@QUIET
def convert(files: tuple[str, ...], out: Path, *, append: bool, quiet: bool, **given: Any) -> None:
    """Read FILEs and write all that is in them to one file, which every command takes in their place.

    It holds clean tables and the receipts of FILEs.
    """
    from netact.importers import SourceOptions, append_to_bundle, read_network, write_bundle

    tables = {name: given[name] for name in ("accounts", "admins", "people", "reach")}
    options = SourceOptions.from_dict(given_options(given))
    check_room([*files, *((out,) if append else ())], given["memory_limit"], analysis=False)
    with progress(quiet=quiet, stages=False) as shown:
        if append:
            network = append_to_bundle(out, files, options=options, **tables, progress=shown.reading)
        else:
            network = read_network(list(files), options=options, **tables, progress=shown.reading)
            write_bundle(network, out)
    if not quiet:
        receipt = network.receipt
        read = len(receipt.sources)
        click.echo(
            f"{receipt.rows_read:,} rows read, {receipt.rows_kept:,} kept, of {read:,} file{'' if read == 1 else 's'}"
        )
        click.echo(f"{network.n_accounts:,} accounts are in {printable(str(out))}")


@click.command()
@click.option(
    "-o", "--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder for the files."
)
@click.option("--accounts", type=click.IntRange(min=200), default=1500, show_default=True, help="Number of accounts.")
@click.option(
    "--interactions", type=click.IntRange(min=1000), default=12_000, show_default=True, help="Number of interactions."
)
@click.option("--weeks", type=click.IntRange(min=1), default=8, show_default=True, help="Length of the period.")
@click.option(
    "--core",
    "cores",
    type=click.IntRange(2, 20),
    multiple=True,
    help="Size of a planted core; may be repeated. [default: 7 and 5]",
)
@click.option("--factions", type=click.IntRange(1, 6), default=3, show_default=True, help="Number of planted factions.")
@SEED
def simulate(
    out: Path, *, accounts: int, interactions: int, weeks: int, cores: tuple[int, ...], factions: int, seed: int
) -> None:
    """Write an invented movement with known truth: interactions, accounts, admins and what was planted."""
    import tempfile
    from dataclasses import asdict

    from netact.errors import ReportError
    from netact.synthetic import movement

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ReportError(str(out), "is not an empty folder", remedy="choose a new folder with -o")
    try:
        made = movement(
            accounts=accounts,
            interactions=interactions,
            weeks=weeks,
            cores=cores or (7, 5),
            factions=factions,
            seed=seed,
        )
    except ValueError as error:
        raise StudyError("simulate", str(error)) from error
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=f".{out.name}-") as draft:
            inside = Path(draft) / "files"
            inside.mkdir()
            for name, table in made.tables().items():
                table.write_csv(inside / f"movement_{name}.csv")
            truth = json.dumps(asdict(made.truth), ensure_ascii=False, indent=1)
            (inside / "movement_truth.json").write_text(truth + "\n", encoding="utf-8")
            if out.is_dir():
                out.rmdir()
            inside.rename(out)
    except OSError as error:
        raise ReportError(
            str(out), f"cannot be written: {error.strerror or error}", remedy="choose another folder"
        ) from error
    for path in sorted(out.iterdir()):
        click.echo(printable(str(path)))
