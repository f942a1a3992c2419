"""``netact dashboard``: open the pages in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from netact.errors import NetactError, StudyError


def _size(text: str) -> int:
    """Return a size such as ``2GB`` or ``500 MB`` in bytes."""
    from netact.importers.room import bytes_of

    return bytes_of(text, option="--max-upload")


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


@click.command()
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
