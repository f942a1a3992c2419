"""A dashboard that is served for real: reports made by the command's own way, the server in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from netact.jobs import execute
from netact.study import Source, Study
from netact.synthetic import sample_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running dashboard: its address, its process, and the keys of its reports by name."""

    address: str
    process: subprocess.Popen[bytes]
    keys: dict[str, str]


@contextlib.contextmanager
def running(folders: list[Path], workspace: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the command and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "netact", "dashboard", *map(str, folders), "--no-browser", "--port", str(port)]
    process = subprocess.Popen([*command, "--workspace", str(workspace), *options], stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(address, timeout=5).read()
                break
            except OSError:
                if process.poll() is not None:
                    pytest.fail(f"the dashboard ended with exit code {process.returncode}")
                time.sleep(0.25)
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail("the dashboard did not end when it was told to")


@pytest.fixture(scope="session")
def run_dashboard():
    """Return what runs the command for the length of a ``with`` block."""
    return running


@pytest.fixture(scope="session")
def sample_report(quick, tmp_path_factory) -> Path:
    """Return the report of the bundled sample, made with few draws."""
    folder, out = sample_folder(), tmp_path_factory.mktemp("sample") / "report"
    sources = [
        Source(str(folder / "movement_interactions.csv")),
        Source(str(folder / "movement_accounts.csv"), "accounts"),
        Source(str(folder / "movement_admins.csv"), "admins"),
    ]
    execute(Study.of(sources, title="An invented movement", measures=quick), out)
    return out


@pytest.fixture(scope="session")
def real_reports(shared, quick, tmp_path_factory) -> dict[str, Path]:
    """Return reports of real data: retweets with times, ties without direction, and a table of admin rights alone."""
    out = tmp_path_factory.mktemp("real")
    made = {
        "occupy": [Source(str(shared / "occupy_retweets" / "rt_occupywallstnyc.edges"), options={"reverse": True})],
        "suffragettes": [Source(str(shared / "classics" / "covert_44_12_edges.csv"), options={"directed": False})],
        "moderators": [Source(str(shared / "reddit_moderators2024" / "moderators.csv"), "admins")],
    }
    for name, sources in made.items():
        execute(Study.of(sources, title=name, measures=quick), out / name)
    return {name: out / name for name in made}


@pytest.fixture(scope="session")
def served(sample_report, hostile_folder, real_reports, tmp_path_factory) -> Iterator[Served]:
    """Return a running dashboard with the sample, a hostile report and the real ones."""
    from netact.report import read

    folders = {"sample": sample_report, "hostile": hostile_folder, **real_reports}
    keys = {name: read(folder).identity for name, folder in folders.items()}
    with running(list(folders.values()), tmp_path_factory.mktemp("workspace")) as (address, process):
        yield Served(address, process, keys)
