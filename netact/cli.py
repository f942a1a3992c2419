"""The command ``netact``. Heavy imports live inside the commands, so that help is instant."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from netact.collection import SAMPLINGS, Collection
from netact.errors import NetactError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netact.importers import Inspection
    from netact.report import Report
    from netact.study import Study

KINDS = ("follow", "retweet", "mention", "reply", "quote", "forward", "share")


class _OneLine(click.Group):
    """A group that prints a :class:`NetactError` as one line and ends with code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _ending_well():
                return super().invoke(ctx)
        except NetactError as error:
            click.echo(f"netact: {_printable(str(error))}", err=True)
            ctx.exit(2)


@contextlib.contextmanager
def _ending_well() -> Iterator[None]:
    """Let a process that is told to end clean up first, as one that is interrupted from the keyboard does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: object) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)  # once is enough
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="netact", message="netact %(version)s")
def main() -> None:
    """Say who leads a movement online, who holds its keys, how steep its order is and where it splits.

    \b
    netact demo                        the whole report on an invented movement
    netact inspect FILE                what a file is and how it would be read
    netact analyze FILE -o DIR         from a file to a report
    netact convert FILE -o OUT.netact  one clean file to use in place of many
    """  # noqa: D301  (click keeps the lines after the mark as they are)


def _options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put several options on a command, in this order."""

    def decorate(command: Any) -> Any:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


_READING = _options(
    click.option("--kind", type=click.Choice(KINDS), help="Kind of all ties; with a kind column, the only kind kept."),
    click.option("--source", metavar="COLUMN", help="Column of the account that gives attention."),
    click.option("--target", metavar="COLUMN", help="Column of the account that receives it."),
    click.option("--kind-column", metavar="COLUMN", help="Column that names the kind of tie."),
    click.option("--weight", metavar="COLUMN", help="Column of weights."),
    click.option("--time", metavar="COLUMN", help="Column of times."),
    click.option("--post-id", metavar="COLUMN", help="Column of post ids; repeated posts are dropped."),
    click.option("--hashtags", metavar="COLUMN", help="Column of hashtags."),
    click.option("--platform", metavar="COLUMN|NAME", help="Column that names the platform, or its name."),
    click.option("--undirected", is_flag=True, help="The order of the two accounts means nothing."),
    click.option("--reverse", is_flag=True, help="Ties in the file point from the author to the one who retweets."),
    click.option(
        "--ego", metavar="ACCOUNT", help="Account whose followers, follows or archive FILE holds, if it does not say."
    ),
    click.option("--format", "format_", metavar="NAME", help="Format, if it is not recognised (see netact formats)."),
    click.option("--member", metavar="NAME", help="File in a zip archive; all files if left out."),
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook."),
    click.option("--delimiter", metavar="CHAR", help="Column separator: one character, 'tab' or 'whitespace'."),
    click.option("--encoding", metavar="NAME", help="Text encoding, for example cp1252."),
    click.option("--header/--no-header", default=None, help="Whether the first row names the columns."),
)
_OUT = click.option("-o", "--out", "out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the report.")
_ROBUSTNESS = click.option(
    "--robustness",
    type=click.Choice(("none", "quick", "full")),
    default="quick",
    show_default=True,
    help="How much is tried to tell how far each answer could be off; full is for publication and takes long.",
)
_SEED = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all chance.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print findings.json to standard output.")


def _given_options(given: dict[str, Any]) -> dict[str, str | bool]:
    """Return what was said about reading, as options of a study's source."""
    columns = ("kind", "source", "target", "kind_column", "weight", "time", "post_id", "hashtags", "platform")
    layout = ("member", "sheet", "delimiter", "encoding", "header", "ego")
    options = {name: given[name] for name in (*columns, *layout) if given[name] is not None}
    if given["format_"] is not None:
        options["format"] = given["format_"]
    if given["undirected"]:
        options["directed"] = False
    if given["reverse"]:
        options["reverse"] = True
    return options


@main.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@_READING
@click.option("--accounts", metavar="FILE", help="Table of accounts.")
@click.option("--admins", metavar="FILE", help="Table of who administers which account.")
@click.option("--person", metavar="COLUMN|NAME", help="Column of persons in the admin table, or whose pages it lists.")
@click.option("--rights-on", metavar="DAY", help="Leave out admin rights that were not held on this day.")
@click.option("--people", metavar="FILE", help="Table that flags persons as automated.")
@click.option("--identities", metavar="FILE", help="Table of accounts that are one person or organisation.")
@click.option("--min-confidence", metavar="NUMBER", help="Leave out identities of less confidence, from 0 to 1.")
@click.option(
    "--operations", metavar="FILE", help="Table of actions that the movement was called to, with their hashtags."
)
@click.option("--triggers", metavar="FILE", help="Table of events from outside that accounts may react to.")
@click.option(
    "--earlier", metavar="FILE", multiple=True, help="Traffic of an earlier event; may be given several times."
)
@click.option("--sampling", type=click.Choice(SAMPLINGS), help="What of the traffic FILEs hold, as you know it.")
@click.option("--sampling-rate", metavar="SHARE", type=float, help="Share of the posts that a sample holds, as 0.1.")
@click.option(
    "--query", metavar="WORD", multiple=True, help="Word or hashtag that was searched for; may be given again."
)
@click.option("--reach", metavar="COLUMN", help="Column of the accounts table that holds the size of the audience.")
@click.option("--title", metavar="TEXT", default="", help="Title of the report; the file's name if left out.")
@click.option("--draws", type=click.IntRange(min=9), help="Networks drawn by chance for each measure.")
@click.option("--quick", is_flag=True, help="Few draws: a first look, not for publication.")
@_ROBUSTNESS
@_SEED
@_OUT
@_QUIET
@_JSON
def analyze(files: tuple[str, ...], out: Path | None, *, quiet: bool, as_json: bool, **given: Any) -> None:
    """Read FILEs of interactions and write a report to a folder (by default netact-report).

    FILE may be left out if --admins is given: then only the question of the keys is answered in full.
    """
    from netact.study import Source, Study

    if not files and given["admins"] is None:
        raise StudyError("input", "no file given", remedy="name a file of interactions, or pass --admins FILE")
    if given["reach"] is not None and given["accounts"] is None:
        raise StudyError("--reach", "needs a table of accounts", remedy="pass --accounts FILE too")
    if given["people"] is not None and given["admins"] is None:
        raise StudyError("--people", "needs an admin table", remedy="pass --admins FILE too")
    sources = [Source(path, options=_given_options(given)) for path in files]
    if given["accounts"] is not None:
        options = {} if given["reach"] is None else {"reach": given["reach"]}
        sources.append(Source(given["accounts"], "accounts", options=options))
    asked = {
        "admins": ("person", "rights_on"), "people": (), "identities": ("min_confidence",), "operations": (), "triggers": (),
    }  # fmt: skip
    for role, names in asked.items():
        options = {name: given[name] for name in names if given[name] is not None}
        if given[role] is not None:
            sources.append(Source(given[role], role, options=options))
        elif options:
            option = next(iter(options)).replace("_", "-")
            raise StudyError(f"--{option}", f"needs a table of {role}", remedy=f"pass --{role} FILE too")
    sources += [Source(path, "earlier") for path in given["earlier"]]
    declared = {"sampling": given["sampling"], "rate": given["sampling_rate"], "query": given["query"]}
    if given["sampling"] is None:
        declared["sampling"] = "sampled" if given["sampling_rate"] else "keyword" if given["query"] else "unknown"
    collection = Collection.from_dict(declared)
    measures = _measures(quick=given["quick"], draws=given["draws"])
    study = Study.of(
        sources,
        title=given["title"],
        seed=given["seed"],
        measures=measures,
        collection=collection,
        robustness=given["robustness"],
    )
    _finish(study, out or Path("netact-report"), quiet=quiet, as_json=as_json)


def _measures(*, quick: bool, draws: int | None) -> dict[str, dict[str, Any]]:
    from netact.jobs import QUICK
    from netact.measures import MEASURES

    chosen: dict[str, dict[str, Any]] = {name: dict(QUICK[name]) if quick else {} for name in MEASURES}
    if draws is not None:
        for parameters in chosen.values():
            parameters["draws"] = draws
    return chosen


def _finish(study: Study, out: Path, *, quiet: bool, as_json: bool, copy_inputs: bool = False) -> Report:
    """Run a study, write its report and say what was found."""
    from netact.jobs import execute
    from netact.report.run import STAGES, stages
    from netact.report.write import findings_dict

    names = stages(study)
    with _progress(quiet=quiet) as shown:
        report = execute(
            study,
            out,
            copy_inputs=copy_inputs,
            progress=lambda stage: shown.step(STAGES[stage](), names.index(stage), len(names)),
            reading=shown.reading,
        )
    if as_json:
        click.echo(json.dumps(findings_dict(report), ensure_ascii=False, indent=1, allow_nan=False))
    elif not quiet:
        from netact.figures.text import unmarked

        click.echo()
        for finding in report.findings:
            click.echo(f"  {unmarked(finding.headline)} ({finding.confidence})")
        click.echo(f"\nThe report is in {_printable(str(out / 'report.html'))}")
    return report


class _Shown(NamedTuple):
    """What shows how far the work is."""

    step: Callable[[str, int, int], None]  # the stage, its number, how many there are
    reading: Callable[[str, int, int], None] | None  # the file, the bytes done, the bytes in all


@contextlib.contextmanager
def _progress(*, quiet: bool, stages: bool = True) -> Iterator[_Shown]:
    """Show the stage of the work on standard error: a bar on a terminal, one line a stage elsewhere."""
    if quiet or not (stages or sys.stderr.isatty()):
        yield _Shown(lambda _stage, _number, _total: None, None)
        return
    if not sys.stderr.isatty():
        yield _Shown(lambda stage, _number, _total: click.echo(f"{stage} ...", err=True), None)
        return
    from rich.console import Console
    from rich.filesize import decimal
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[bytes]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None, bytes="")

        def step(stage: str, number: int, total: int) -> None:
            bar.update(task, description=stage, completed=number, total=total, bytes="")

        def reading(file: str, done: int, total: int) -> None:
            told = f"{decimal(done)} of {decimal(total)}"
            bar.update(task, description=escape(_printable(file)), completed=done, total=total, bytes=told)

        yield _Shown(step, reading)


@main.command()
@_SEED
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="netact-demo",
    show_default=True,
    help="Folder for the report.",
)
@click.option("--quick", is_flag=True, help="Few draws: a first look.")
@_QUIET
@_JSON
def demo(seed: int, out: Path, *, quick: bool, quiet: bool, as_json: bool) -> None:
    """Make the whole report on an invented movement."""
    from netact.study import Source, Study
    from netact.synthetic import sample_folder

    folder = sample_folder()
    sources = [
        Source(str(folder / "movement_interactions.csv")),
        Source(str(folder / "movement_accounts.csv"), "accounts"),
        Source(str(folder / "movement_admins.csv"), "admins"),
    ]
    study = Study.of(sources, title="An invented movement", seed=seed, measures=_measures(quick=quick, draws=None))
    _finish(study, out, quiet=quiet, as_json=as_json, copy_inputs=True)


@main.command()
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
    click.echo(_printable(str(out)))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@_READING
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

    with _progress(quiet=as_json, stages=False) as shown:
        found = inspect_file(list(files), SourceOptions.from_dict(_given_options(given)), progress=shown.reading)
    if table is not None:
        _write_table(found.table, table)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
        return
    for name, text in _inspection_lines(found):
        click.echo(_printable(f"  {name:<10}{text}" if name else text))


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


@main.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@_READING
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
@_QUIET
def convert(files: tuple[str, ...], out: Path, *, quiet: bool, **given: Any) -> None:
    """Read FILEs and write all that is in them to one file, which every command takes in their place.

    It holds clean tables and the receipts of FILEs.
    """
    from netact.importers import SourceOptions, read_network, write_bundle

    with _progress(quiet=quiet, stages=False) as shown:
        network = read_network(
            list(files),
            accounts=given["accounts"],
            admins=given["admins"],
            people=given["people"],
            reach=given["reach"],
            options=SourceOptions.from_dict(_given_options(given)),
            progress=shown.reading,
        )
    write_bundle(network, out)
    if not quiet:
        receipt = network.receipt
        read = len(receipt.sources)
        click.echo(
            f"{receipt.rows_read:,} rows read, {receipt.rows_kept:,} kept, of {read:,} file{'' if read == 1 else 's'}"
        )
        click.echo(f"{network.n_accounts:,} accounts are in {_printable(str(out))}")


def _write_table(table: Any, path: Path) -> None:
    from netact.errors import ReportError
    from netact.report.tables import neutralised

    draft = path.with_name(f".{path.name}.part")
    try:
        neutralised(table).write_csv(draft)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReportError(
            str(path), f"cannot be written: {error.strerror or error}", remedy="choose another file"
        ) from error


@main.command()
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
@_SEED
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
        click.echo(_printable(str(path)))


@main.command()
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


@main.command()
def measures() -> None:
    """List the measures, what they ask and the parameters a study may set."""
    from netact.measures import MEASURES
    from netact.study import parameters_of

    for name, (_, asks) in MEASURES.items():
        click.echo(f"{name}: {asks}")
        click.echo("  " + ", ".join(f"{key}={default!r}" for key, default in parameters_of(name).items()))


@main.command()
@click.option("--small", is_flag=True, help="Few runs of the benchmarks that matter most: a minute, as in the tests.")
@click.option("--runs", type=click.IntRange(min=0), metavar="N", help="Runs of each benchmark; 0 writes what is there.")
@click.option("--only", multiple=True, metavar="WORD", help="Only benchmarks whose name holds WORD; may be repeated.")
@click.option("--list", "as_list", is_flag=True, help="List the benchmarks and their numbers of runs.")
@click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Runs at the same time.")
@click.option(
    "--document", metavar="FILE.md", type=click.Path(path_type=Path), help="Write it as a page with figures too."
)
@_SEED
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
        with _progress(quiet=quiet) as shown:
            last = ""

            def progress(name: str, done: int, total: int) -> None:
                nonlocal last
                if sys.stderr.isatty() or name != last:
                    shown.step(f"{name} ({done:,} of {total:,})", done, total)
                    last = name

            validation.run_all(names, out, seed=seed, small=small, runs=runs, processes=processes, progress=progress)
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted; the runs so far are in {_printable(str(out))}, the same command goes on.", err=True)
        raise
    content = validation.summarise(validation.read_runs(out, seed=seed), seed=seed)
    page = validation.write(content, out)
    if document is not None:
        validation.document(content, document)
    if not quiet:
        click.echo(f"{headline(content)}.\nThe page is {_printable(str(page))}")


@main.group()
def study() -> None:
    """Work with study files: what is read and measured, with every parameter."""


@study.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@_OUT
@_QUIET
@_JSON
def run_study(file: Path, out: Path | None, *, quiet: bool, as_json: bool) -> None:
    """Run the study FILE and write its report to a folder (by default netact-report)."""
    from netact.study import load

    _finish(load(file), out or Path("netact-report"), quiet=quiet, as_json=as_json)


def _size(text: str) -> int:
    """Return a size such as ``2GB`` or ``500 MB`` in bytes."""
    import re

    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMGT]?)i?B?", text.strip(), re.IGNORECASE)
    size = float(found[1]) * 1000 ** " kmgt".index(found[2].lower() or " ") if found else 0
    if size < 1:
        raise StudyError("--max-upload", "is no size", found=repr(text), remedy="write it like 500MB or 2GB")
    return int(size)


def _password(file: Path | None) -> str | None:
    import os

    if file is None:
        return os.environ.get("NETACT_PASSWORD") or None
    try:
        password = file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError("--password-file", "cannot be read", found=type(error).__name__) from error
    if not password:
        raise StudyError("--password-file", "is empty", remedy="write the password into it")
    return password


@main.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[REPORT_DIR]...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8050, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option(
    "--workspace",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for uploads. [default: netact in the state folder of the user]",
)
@click.option("--keep-days", type=click.IntRange(1, 3650), default=7, show_default=True, help="Days uploads are kept.")
@click.option("--max-upload", metavar="SIZE", default="2GB", show_default=True, help="Largest file that is taken.")
@click.option("--open-to-network", is_flag=True, help="Let others reach it; they are asked for a password.")
@click.option(
    "--password-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File that holds the password; or set NETACT_PASSWORD.",
)
def dashboard(folders: tuple[Path, ...], *, no_browser: bool, **given: Any) -> None:
    """Open the dashboard: finished reports, or a demo report and a page to upload files.

    Files uploaded there, and the reports made of them, are kept on this computer, in the folder --workspace, for
    --keep-days days, then deleted. They can be deleted at any time on their page.
    """
    import webbrowser
    from datetime import timedelta

    try:
        from netact_dashboards.serve import Settings, serve
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("dash", "dash_ag_grid", "dash_mantine_components", "flask", "waitress"):
            raise
        name = missing.replace("_", "-")
        raise NetactError("dashboard", f"needs {name}", remedy="pip install 'netact[dashboard]'") from error
    settings = Settings(
        host=given["host"],
        port=given["port"],
        network=given["open_to_network"],
        password=_password(given["password_file"]),
        workspace=given["workspace"],
        keep=timedelta(days=given["keep_days"]),
        max_bytes=_size(given["max_upload"]),
    )
    serve(folders, settings, say=click.echo, browse=None if no_browser else webbrowser.open)
