"""The reports that can be opened: those named at the start, and those that uploads became."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netact.errors import NetactError
from netact.report import StoredReport, read
from netact.report.provenance import MANIFEST
from netact.report.stored import DATA, GROUP_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT = 8
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass
class Shelf:
    """Finished reports by key.

    A report named at the start is open to everyone who reaches the server; its key is its identity. A report made from
    an upload is found only by its key, which is as hard to guess as a password and never listed.

    Attributes
    ----------
    public
        Key -> folder of the reports named at the start, in their order.
    private
        Folder that holds one folder a job; a finished job's report is ``<key>/report``. None without uploads.
    making
        Folder of the job that makes the demo report (see :func:`netact.jobs.read_progress`), while it does.
    """

    public: dict[str, Path]
    private: Path | None = None
    making: Path | None = None
    _read: dict[str, tuple[tuple[float, ...], StoredReport]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, folders: Sequence[str | Path], *, private: Path | None = None) -> Shelf:
        """Return a shelf of the reports in some folders.

        Raises
        ------
        ReportError
            If a folder holds no report.
        """
        public: dict[str, Path] = {}
        for folder in folders:
            report = read(folder)
            key = report.identity
            while key in public:  # the same run twice
                key = f"{report.identity}{secrets.token_hex(2)}"
            public[key] = Path(folder)
        return cls(public, private)

    def folder(self, key: str) -> Path | None:
        """Return the folder of a report; None if there is none by that key."""
        if key in self.public:
            return self.public[key]
        # A key of any other form never touches the disk.
        if self.private is not None and _KEY.fullmatch(key):
            folder = self.private / key / "report"
            return folder if (folder / MANIFEST).is_file() else None
        return None

    def add(self, folder: str | Path, *, key: str | None = None) -> str:
        """Put a report beside those named at the start and return its key.

        Raises
        ------
        ReportError
            If the folder holds no report.
        """
        key = key or read(folder).identity
        self.public = {**self.public, key: Path(folder)}  # others may be going through it
        return key

    def forget(self, key: str) -> None:
        """Keep nothing of a report that was deleted."""
        with self._lock:
            self._read.pop(key, None)

    def report(self, key: str) -> StoredReport | None:
        """Return a report, read once while its files stay the same; None if there is none by that key."""
        folder = self.folder(key)
        if folder is None:
            self.forget(key)
            return None
        files = (folder / MANIFEST, folder / DATA / GROUP_NAMES)
        stamp = tuple(file.stat().st_mtime_ns if file.exists() else 0.0 for file in files)
        with self._lock:
            kept = self._read.get(key)
            if kept is not None and kept[0] == stamp:
                return kept[1]
        try:
            report = read(folder)
        except NetactError:
            if not folder.exists():  # deleted meanwhile
                return None
            raise
        with self._lock:
            self._read[key] = (stamp, report)
            while len(self._read) > _KEPT:
                del self._read[next(iter(self._read))]
        return report
