"""How a report came about: ``manifest.json``, with what is needed to get the same numbers again and to see that nothing was changed.

What differs between two runs of the same study (moments, durations, the machine's kind) stands in the manifest and in
``ro-crate-metadata.json`` and in no other file, so that all others are the same byte for byte.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform as machine
import re
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netact.errors import StudyError
from netact.privacy import PRIVATE
from netact.side_by_side import side_by_side
from netact.study import find_file, find_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.report.run import Report
    from netact.study import Study

MANIFEST = "manifest.json"
# Role of the list of public accounts among the inputs.
PUBLIC = "public"
# Of the manifest's own layout.
VERSION = 2


@dataclass
class Stopwatch:
    """Measures the seconds of each stage of a run, and passes the stage on.

    Attributes
    ----------
    progress
        Called with the name of each stage when it begins.
    began
        When the run began, in UTC.
    seconds
        Stage -> seconds, of the stages that are over.
    """

    progress: Callable[[str], None] | None = None
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _since: float = 0.0

    def __call__(self, stage: str) -> None:
        """Begin a stage, which ends the one before it."""
        self.stop()
        self._stage, self._since = stage, time.monotonic()
        if self.progress is not None:
            self.progress(stage)

    def stop(self) -> dict[str, float]:
        """End the stage that runs, if one does, and return stage -> seconds."""
        if self._stage:
            passed = time.monotonic() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + passed, 3)
            self._stage = ""
        return dict(self.seconds)


def manifest_of(
    report: Report, study: Study, files: Mapping[str, Mapping[str, Any]], *, writing: float = 0.0
) -> dict[str, Any]:
    """Return ``manifest.json`` as plain values: nothing that names the machine or its user, no path that was not typed.

    Parameters
    ----------
    report
        A finished run.
    study
        Its study as it is written, paths included.
    files
        What is in the folder; see :func:`file_hashes`.
    writing
        Seconds that the writing took.
    """
    return {
        "manifest": VERSION,
        "netact_version": metadata.version("netact"),
        "netact_revision": revision(),
        "python": machine.python_version(),
        "libraries": libraries(),
        "platform": {
            "system": machine.system(),
            "machine": machine.machine(),
            "libc": " ".join(machine.libc_ver()).strip(),
            "implementation": machine.python_implementation(),
        },
        "began": report.began.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "durations": {**report.durations, "write": round(writing, 3)},
        "cached": dict(report.cached),
        "seed": study.seed,
        "fingerprint": report.sealed_content.summary.fingerprint,
        "inputs": _inputs(report.study, study),
        "study": study.to_dict(),
        "files": {name: dict(values) for name, values in files.items()},
    }


def _inputs(study: Study, written: Study) -> list[dict[str, Any]]:
    """Return path, role, hash and bytes of every file that was read; the list of public accounts is one too."""
    found = [
        {"path": source.path, "role": source.role, "sha256": source.sha256, "bytes": _size(study, number)}
        for number, source in enumerate(written.sources)
    ]
    if study.privacy.public:
        path = find_listed(study, study.privacy.public)
        found.append(
            {"path": written.privacy.public, "role": PUBLIC, "sha256": _digest(path), "bytes": path.stat().st_size}
        )
    return found


def file_hashes(folder: Path, *, known: Mapping[str, dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Return path -> ``bytes`` and ``sha256`` of every file of a report folder, sorted.

    Left out are ``private/``, of which nothing is told, and the manifest, which holds these values. Files that are ``known``
    are not read again.
    """
    found = dict(known or {})
    paths = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    new = {
        name.as_posix(): path
        for name, path in paths.items()
        if name.parts[0] != PRIVATE and name.as_posix() not in (MANIFEST, *found)
    }
    for (name, path), digest in zip(new.items(), side_by_side(_digest, new.values()), strict=True):
        found[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return dict(sorted(found.items()))


def top_names(manifest: Mapping[str, Any]) -> set[str]:
    """Return the names that a manifest says are directly in the folder, whichever version wrote it."""
    return {name.partition("/")[0] for name in manifest["files"]} | {MANIFEST, PRIVATE}


@functools.cache
def libraries() -> dict[str, str]:
    """Return name -> version of what netact itself is built on, sorted."""
    names = {
        match[0].lower()
        for line in metadata.requires("netact") or ()
        if "extra ==" not in line and (match := re.match(r"[A-Za-z0-9._-]+", line))
    }
    return {name: metadata.version(name) for name in sorted(names)}


@functools.cache
def revision() -> dict[str, Any] | None:
    """Return the ``commit`` that netact is run from and whether its files were ``changed`` since; None if not from a checkout."""
    package = Path(__file__).resolve().parents[1]
    # Some other repository may stand around an installed package: then git does not know this file.
    if _git(package, "ls-files", "--error-unmatch", "report/provenance.py") is None:
        return None
    commit = _git(package, "rev-parse", "HEAD")
    changed = _git(package, "status", "--porcelain", "--untracked-files=normal", "--", ".")
    return None if commit is None or changed is None else {"commit": commit, "changed": bool(changed)}


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git says; None if it is not there or refuses."""
    # Variables set by a git that called us would name another repository.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            env={**clean, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _size(study: Study, number: int) -> int | None:
    """Return the bytes of an input; None of a folder, of standard input, and of a file that has gone since."""
    try:
        path = find_file(study, study.sources[number])
        return path.stat().st_size if path.is_file() else None
    except (StudyError, OSError):
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
