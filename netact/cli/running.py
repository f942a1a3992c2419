"""Run a study from the command line: show how far it is, say what was found."""

from __future__ import annotations

import contextlib
import sys
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from netact.cache import Cache
    from netact.network import Network
    from netact.report import Report
    from netact.study import Study


def printable(text: str) -> str:
    """Return a text fit for a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def chosen_cache(folder: Path | None, *, none: bool) -> Cache | None:
    """Return where finished steps are kept, as was said or by default; None if nowhere."""
    from netact.cache import Cache, default_folder

    chosen = None if none else folder or default_folder()
    return None if chosen is None else Cache(chosen)


def write_text(text: str, path: Path) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    from netact.errors import ReportError

    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReportError(
            str(path), f"cannot be written: {error.strerror or error}", remedy="choose another file"
        ) from error


def finish(
    study: Study,
    out: Path,
    *,
    cache: Cache | None,
    key: Path | None = None,
    ask_names: bool = False,
    quiet: bool,
    as_json: bool,
    copy_inputs: bool = False,
    memory_limit: str | None = None,
) -> Report:
    """Run a study, write its report and say what was found.

    With ``ask_names`` whoever runs it is told how many accounts an audience threshold names, and asked, before anything is measured.
    """
    from netact.jobs import execute
    from netact.report.run import STAGES, refuse_withheld, stages
    from netact.report.stored import read
    from netact.report.write import read_secret
    from netact.study import LEAVE_OUT, find_file

    refuse_withheld(study)
    check_room([find_file(study, source) for source in study.sources if source.role != LEAVE_OUT], memory_limit)
    names = stages(study)
    reused: list[str] = []
    with progress(quiet=quiet) as shown:

        def say_reused(stage: str) -> None:
            reused.append(stage)
            shown.reused(STAGES[stage]())

        report = execute(
            study,
            out,
            copy_inputs=copy_inputs,
            cache=cache,
            secret=None if key is None else read_secret(key),
            progress=lambda stage: shown.step(STAGES[stage](), names.index(stage), len(names)),
            reused=say_reused,
            on_read=(lambda network: _confirm_names(study, network, shown)) if ask_names else None,
            reading=shown.reading,
        )
    if not quiet:
        for note in cache.notes if cache is not None else ():
            click.echo(f"netact: {printable(note)}", err=True)
        if reused:
            click.echo(
                f"{len(reused)} of {len(names)} steps were taken from an earlier run (--no-cache does all anew).",
                err=True,
            )
    if as_json:
        click.echo((out / "findings.json").read_text(encoding="utf-8"), nl=False)
    elif not quiet:
        from netact.figures.text import unmarked

        click.echo()
        for finding in read(out).content.findings:
            click.echo(f"  {unmarked(finding.headline)} ({finding.confidence})")
        click.echo(f"\nThe report is in {printable(str(out / 'report.html'))}")
        click.echo(_who_is_named(report, out))
    return report


def check_room(paths: Iterable[str | Path], limit: str | None, *, analysis: bool = True) -> None:
    """Refuse files that will need more memory than there is, or than ``--memory-limit`` allows."""
    from netact.importers.room import bytes_of, check_memory

    allowed = None if limit is None else bytes_of(limit, option="--memory-limit")
    check_memory(paths, allowed, analysis=analysis)


def _confirm_names(study: Study, network: Network, shown: _Shown) -> None:
    """Ask whether the accounts with so large an audience may be named; nobody is named here.

    Raises
    ------
    StudyError
        If not, or if there is no terminal to ask at.
    """
    from netact.errors import StudyError
    from netact.privacy import Privacy
    from netact.report.publish import public_accounts

    least = study.privacy.named_from
    if least is None:
        return
    named = int(public_accounts(replace(study, privacy=Privacy(named_from=least)), network).sum())
    who = f"{named:,} account{' has' if named == 1 else 's have'} an audience of at least {least:,}"
    if not named:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise StudyError("--named-from", f"{who}, and would be named", remedy="pass --yes if they may be")
    with shown.asking():
        if not click.confirm(f"{who}. Name {'it' if named == 1 else 'them'} in the report?", err=True):
            raise StudyError(
                "--named-from", "not confirmed, nothing was written", remedy="take a larger N, or a list with --public"
            )


def _who_is_named(report: Report, out: Path) -> str:
    """Say who bears a name in what was written."""
    if report.study.privacy.names == "all":
        return "It names every account and person: think of them before you share it."
    from netact.report.stored import read

    named = read(out).content.named
    who = "Nobody is named in it" if not named else f"{named:,} account{'s are' if named > 1 else ' is'} named in it"
    return f"{who}; pseudonyms stand for {'the others' if named else 'all accounts'}. Who they are is in {printable(str(out / 'private'))}: never share that."


class _Shown(NamedTuple):
    """What shows how far the work is."""

    step: Callable[[str, int, int], None]  # the stage, its number, how many there are
    reading: Callable[[str, int, int], None] | None  # the file, the bytes done, the bytes in all
    reused: Callable[[str], None]  # the stage, when it is over and was taken from an earlier run
    asking: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext  # while a question is asked


@contextlib.contextmanager
def progress(*, quiet: bool, stages: bool = True) -> Iterator[_Shown]:
    """Show the stage of the work on standard error: a bar on a terminal, one line a stage elsewhere."""
    if quiet or not (stages or sys.stderr.isatty()):
        yield _Shown(lambda _stage, _number, _total: None, None, lambda _stage: None)
        return
    if not sys.stderr.isatty():
        yield _Shown(
            lambda stage, _number, _total: click.echo(f"{stage} ...", err=True),
            None,
            lambda stage: click.echo(f"{stage}: taken from an earlier run", err=True),
        )
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
            bar.update(task, description=escape(printable(file)), completed=done, total=total, bytes=told)

        def taken(stage: str) -> None:
            bar.console.print(escape(f"{stage}: taken from an earlier run"))

        @contextlib.contextmanager
        def asking() -> Iterator[None]:
            bar.stop()
            yield
            bar.start()

        yield _Shown(step, reading, taken, asking)
