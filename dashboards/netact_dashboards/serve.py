"""Serve the dashboard on this computer, or to a network behind a password, until it is stopped."""

from __future__ import annotations

import copy
import errno
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from netact.errors import NetactError
from netact.jobs import REPORT, STUDY
from netact.jobs import start as start_process
from netact.jobs import stop as stop_process
from netact.privacy import Privacy
from netact.study import Source, Study
from netact.synthetic import sample_folder
from netact_dashboards.app import create_app
from netact_dashboards.security import BODY_BYTES, Access, is_loopback
from netact_dashboards.shelf import Shelf
from netact_dashboards.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netact_dashboards.security import Gate

_SHORTEST_PASSWORD = 10
_SAMPLE = (
    ("movement_interactions.csv", "interactions"),
    ("movement_accounts.csv", "accounts"),
    ("movement_admins.csv", "admins"),
)


@dataclass(frozen=True)
class Settings:
    """How the dashboard is served.

    Attributes
    ----------
    host, port
        Where it listens; port 0 takes any that is free.
    network
        Whether others are meant to reach it.
    password
        Asked for; on a network a random token is made if there is none.
    workspace
        Folder of the uploads; None for the usual one.
    keep, max_bytes
        How long uploads are kept; the largest file that is taken.
    """

    host: str = "127.0.0.1"
    port: int = 8050
    network: bool = False
    password: str | None = field(default=None, repr=False)
    workspace: Path | None = None
    keep: timedelta = timedelta(days=7)
    max_bytes: int = 2 << 30


def serve(
    folders: Sequence[str | Path],
    settings: Settings,
    *,
    say: Callable[[str], None],
    browse: Callable[[str], object] | None = None,
) -> None:
    """Serve reports and uploads until interrupted; then every process it started is ended.

    Parameters
    ----------
    folders
        Finished reports; without any, a demo report is made.
    settings
        How.
    say
        Tells the user a line.
    browse
        Opens an address in the browser.

    Raises
    ------
    NetactError
        If a folder holds no report, the address cannot be used, or the network is not meant.
    """
    access = access_of(settings)
    shelf = Shelf.of(folders)
    workspace = _workspace(settings, needed=not folders, say=say)
    try:
        if workspace is not None:
            shelf.private = workspace.folder
            # Bodies of requests are kept here until they are whole: on the disk of the uploads, without a name.
            tempfile.tempdir = str(workspace.folder)
        app = create_app(shelf, workspace, access)
        server, port = _listen(app.server, settings)
        demo = None
        try:
            if not folders and workspace is not None:
                demo = Demo(workspace.folder / f"demo-{metadata.version('netact')}", shelf)
            address = address_of(settings, port, access)
            say(f"The dashboard is at {address}")
            say("It stops with Ctrl-C.")
            if browse is not None:
                browse(address)
            signal.signal(signal.SIGTERM, _interrupt)
            server.run()  # returns when interrupted
        finally:
            server.close()
            if demo is not None:
                demo.close()
    finally:
        if workspace is not None:
            workspace.close()


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def access_of(settings: Settings) -> Access:
    """Return who may look.

    Raises
    ------
    NetactError
        If the address is open to the network and that was not said to be meant, or the password is too short.
    """
    if not is_loopback(settings.host) and not settings.network:
        raise NetactError(
            "--host",
            f"{settings.host} can be reached by others",
            remedy="add --open-to-network if that is meant; they will be asked for a password",
        )
    if settings.network and settings.password is not None and len(settings.password) < _SHORTEST_PASSWORD:
        raise NetactError("password", f"is shorter than {_SHORTEST_PASSWORD} characters", remedy="choose a longer one")
    secret = settings.password or (secrets.token_urlsafe(24) if settings.network else None)
    return Access(settings.host, secret, settings.network)


def address_of(settings: Settings, port: int, access: Access) -> str:
    """Return the address to open; with the token if one was made."""
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::", "[::]") else settings.host  # noqa: S104
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    token = f"?token={access.secret}" if access.secret is not None and settings.password is None else ""
    return f"http://{host}:{port}/{token}"


def default_workspace() -> Path:
    """Return the folder where uploads are kept if no other is named."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state") / "netact"


def _workspace(settings: Settings, *, needed: bool, say: Callable[[str], None]) -> Workspace | None:
    folder = settings.workspace or default_workspace()
    try:
        return Workspace(folder, keep=settings.keep, max_bytes=settings.max_bytes)
    except WorkspaceError as error:
        if needed or settings.workspace is not None:
            raise
        say(f"Nothing can be uploaded here: {error}")
        return None


# ---------------------------------------------------------------------- the server


def _listen(application: Any, settings: Settings) -> tuple[Any, int]:
    """Return a server that listens, and its port."""
    # What it logs names addresses, and addresses hold the keys of uploads.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    listening: dict[int, Any] = {}
    try:
        server = create_server(
            application,
            map=listening,
            host=settings.host.strip("[]"),
            port=settings.port,
            threads=8,
            channel_timeout=600,
            max_request_body_size=settings.max_bytes + 1,  # it refuses what is as large as this
            ident="",
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        wasyncore.close_all(listening)
        if error.errno == errno.EADDRINUSE:
            raise NetactError(
                "--port", f"{settings.port} is in use", remedy="stop what uses it, or choose another with --port"
            ) from error
        raise NetactError("--host", f"{settings.host} cannot be used: {error.strerror or error}") from error
    except ValueError as error:
        raise NetactError("--host", f"{settings.host} is no address of this computer") from error
    channel = _channel(application.extensions["netact_gate"])
    for part in list(listening.values()):
        if hasattr(part, "channel_class"):
            part.channel_class = channel
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    return server, int(port)


def _channel(gate: Gate) -> type[HTTPChannel]:
    """Return channels that take a long body only of an upload, and only from somebody who is inside.

    The server keeps the whole body of a request on the disk before the application hears of it.
    """

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        adj: Any

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if not _may_be_long(self.path, self.headers, gate):
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = BODY_BYTES

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel


def _may_be_long(path: str, headers: dict[str, str], gate: Gate) -> bool:
    if path != "/api/uploads" or headers.get("X_NETACT") != "1":
        return False
    try:
        cookies = {name: item.value for name, item in SimpleCookie(headers.get("COOKIE", "")).items()}
    except CookieError:
        cookies = {}
    return gate.open_to(cookies)


# ---------------------------------------------------------------------- the demo


class Demo:
    """The report on an invented movement, made once a version in a process of its own, while the server already runs.

    Parameters
    ----------
    folder
        Where it is kept.
    shelf
        Where it is put when it is there.
    """

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self.folder, self.shelf = folder, shelf
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        if not self._take():
            self._make()

    def _take(self) -> bool:
        try:
            self.shelf.add(self.folder / REPORT)
        except NetactError:
            return False
        return True

    def _make(self) -> None:
        for old in self.folder.parent.glob("demo-*"):
            shutil.rmtree(old, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        for name, _role in _SAMPLE:
            shutil.copyfile(sample_folder() / name, self.folder / name)
        study = Study.of(
            [Source(name, role) for name, role in _SAMPLE],
            title="An invented movement",
            privacy=Privacy(named_from=500),
        )
        (self.folder / STUDY).write_text(study.to_toml(), encoding="utf-8")
        self.shelf.making = self.folder
        self._process = start_process(self.folder, tied=True)
        self._thread = threading.Thread(target=self._wait, name="netact-demo", daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait()
        if not self._closed.is_set():
            self._take()
            self.shelf.making = None

    def close(self) -> None:
        """End the process, if it still runs; what is not finished is made anew at the next start."""
        self._closed.set()
        if self._process is None:
            return
        if self._process.poll() is None:
            stop_process(self._process, now=True)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._process.stdin is not None:
            self._process.stdin.close()
