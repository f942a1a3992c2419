"""The command ``netact``. Heavy imports live inside the commands, so that help is instant."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any, NoReturn

import click

from netact.cli import aggregate, analyze, cache, dashboard, files, lists, privacy, provenance, study, validate
from netact.cli.running import printable
from netact.errors import NetactError

if TYPE_CHECKING:
    from collections.abc import Iterator


class _OneLine(click.Group):
    """A group that prints a :class:`NetactError` as one line and ends with code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _ending_well():
                return super().invoke(ctx)
        except NetactError as error:
            click.echo(f"netact: {printable(str(error))}", err=True)
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


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="netact", message="netact %(version)s")
def main() -> None:
    """Say who leads a movement online, who holds its keys, how steep its order is and where it splits.

    \b
    netact demo                        the whole report on an invented movement
    netact inspect FILE                what a file is and how it would be read
    netact analyze FILE -o DIR         from a file to a report
    netact convert FILE -o OUT.netact  one clean file to use in place of many
    netact aggregate DIR -o OUT.netact the same of more interactions than one machine holds
    """  # noqa: D301  (click keeps the lines after the mark as they are)


for _command in (
    *(aggregate.aggregate, analyze.analyze, analyze.demo, cache.cache, dashboard.dashboard),
    *(privacy.privacy, provenance.compare, study.study, validate.validate),
    *(files.convert, files.inspect, files.simulate, files.template, lists.formats, lists.measures),
):
    main.add_command(_command)
study.study.add_command(provenance.verify)
