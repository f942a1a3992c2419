"""What people upload: one folder a job, deleted when they say so or when its time is over.

A job is a folder named by a key that is as hard to guess as a password::

    <key>/
      job.json              title, files, settings and state; written by the server alone
      uploads/<n>/<name>    the files, under a harmless form of the name they came with
      inspection-<n>.json   how a file would be read
      study.toml            what is run
      progress.json, receipt.json, report/    see :mod:`netact.jobs`
      scratch/              temporary files of the processes that work on it

Nothing of an upload is logged: no names, no contents, no keys.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import string
import subprocess
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO, Literal

from netact.errors import NetactError
from netact.importers.mapping import SourceOptions
from netact.jobs import KEY, PROGRESS, QUICK, RECEIPT, REPORT, SCRATCH, STUDY, Progress, read_progress
from netact.jobs import start as start_process
from netact.jobs import stop as stop_process
from netact.language import revived
from netact.measures import MEASURES
from netact.privacy import PRIVATE, Privacy
from netact.study import LEAVE_OUT, ROLE_OPTIONS, TRAFFIC_ROLES, Source, Study, load
from netact.study import ROLES as STUDY_ROLES

__all__ = ["ROLES", "JobStatus", "Preview", "UploadedFile", "Workspace", "WorkspaceError"]

# What a file that is uploaded may be: filters are for study files.
ROLES = tuple(role for role in STUDY_ROLES if role != LEAVE_OUT)

JobState = Literal["draft", "waiting", "running", "done", "failed", "cancelled"]
Refusal = Literal["gone", "too_large", "incomplete", "empty", "busy", "not_now", "full", "wrong"]

_log = logging.getLogger("netact_dashboards")
_KEY = re.compile(r"[0-9a-f]{32}")
_JOB, _UPLOADS = "job.json", "uploads"
_CHUNK = 1 << 20
_FILES = 20  # in one job
PUBLIC = "public.txt"  # the accounts that a job may name
_LONGEST_NAME = 200
_JOBS = 500
_SPARE = 256 << 20  # bytes that stay free on the disk
_PREVIEWS = 2
_PREVIEW_SECONDS = 300
_GRACE = 3.0  # seconds between asking a process to end and ending it
_TICK = 0.1
_BUSY_STATES = ("waiting", "running")


class WorkspaceError(NetactError):
    """Something that cannot be done with a job now.

    Attributes
    ----------
    refusal
        ``gone`` (no such job or file), ``too_large``, ``incomplete`` (the stream ended early), ``empty``, ``busy`` (too
        many jobs), ``not_now`` (the job is waiting or running), ``full`` (no room on the disk), ``wrong`` (a role,
        title, seed or option that cannot be used).
    """

    def __init__(
        self, refusal: Refusal, where: str, what: str, *, found: object = None, remedy: str | None = None
    ) -> None:
        super().__init__(where, what, found=found, remedy=remedy)
        self.refusal = refusal


@dataclass(frozen=True)
class UploadedFile:
    """A file that has arrived whole.

    Attributes
    ----------
    number
        From 1, never used again within its job.
    name
        As its sender named it, without folders: text of a stranger, to be shown only as text.
    role
        One of :data:`ROLES`.
    bytes, sha256
        Size and digest.
    """

    number: int
    name: str
    role: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Preview:
    """How a file would be read, as far as that is known.

    Attributes
    ----------
    state
        ``none`` (never asked for), ``running``, ``ready`` or ``failed``.
    values
        When ready, what :meth:`netact.importers.Inspection.to_dict` gives (``format``, ``encoding``, ``dialect``,
        ``rows`` {``read``, ``kept``, ``dropped``}, ``kinds``, ``accounts``, ``mapping`` role -> column, ``examples``,
        ``problems``) and

        - ``columns``: names of all columns of the table, in order (empty for graphs);
        - ``sample``: first 20 rows as lists of texts, None where a cell is empty, in the order of ``columns``;
        - ``options``: the options with everything that was decided filled in, as :meth:`Workspace.start` takes them;
        - ``asked``: the options as they were asked for;
        - ``head``: None, or the number of bytes that were looked at where the file is too long to be read whole;
          ``rows``, ``kinds``, ``accounts`` and ``problems`` then speak of these only.

        When failed, ``columns`` and ``sample`` too, where the file could be opened as a table (so that the columns can
        be chosen by hand); else empty.
    error
        One line: where, what, found, remedy.
    """

    state: Literal["none", "running", "ready", "failed"] = "none"
    values: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class JobStatus:
    """How a job stands.

    Attributes
    ----------
    state
        ``draft`` (files may come and go), ``waiting`` in the line, ``running``, ``done`` (the report is there),
        ``failed`` or ``cancelled``. All but waiting and running can be changed and started (again).
    progress
        Stage, number of stages, elapsed and left seconds; see :class:`netact.jobs.Progress`. Stages are said with
        ``netact.report.run.STAGES[progress.stage]()``.
    place
        Jobs before this one in the line, the running one included; 0 unless waiting.
    error
        One line if failed, else empty.
    receipt
        The import receipt (:meth:`netact.receipt.Receipt.to_dict`) as soon as the files are read; also after a failure.
        Sentences in it are messages, said by :func:`netact.language.told`.
    title
        Of the study; empty while draft.
    expires
        When everything of this job is deleted, at the latest (UTC).
    """

    state: JobState
    progress: Progress
    place: int
    error: str
    receipt: Mapping[str, object] | None
    title: str
    expires: datetime


@dataclass
class _Job:
    """What ``job.json`` holds."""

    created: float
    state: JobState = "draft"
    error: str = ""
    title: str = ""
    queued: float = 0.0
    next_file: int = 1
    files: list[UploadedFile] = field(default_factory=list)
    paths: dict[int, str] = field(default_factory=dict)  # number -> path in the folder of the job

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> _Job:
        files = [UploadedFile(**item) for item in values.pop("files")]
        paths = {int(number): path for number, path in values.pop("paths").items()}
        return cls(**values, files=files, paths=paths)


@dataclass
class _Run:
    """A process that works on a job."""

    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)
    cancelled: bool = False
    kill_at: float | None = None


class Workspace:
    """The folder of all jobs, the line they wait in, and the processes that work on them.

    Safe to use from many threads. One job runs at a time; at most two previews do.

    Parameters
    ----------
    folder
        Made if missing, with mode 0700. Only one workspace may use it at a time.
    keep
        Age at which a job is deleted.
    max_bytes
        Largest file that is taken.
    max_waiting
        Jobs that may wait in the line.

    Raises
    ------
    WorkspaceError
        If the folder cannot be used, or another dashboard uses it.
    """

    def __init__(self, folder: str | Path, *, keep: timedelta, max_bytes: int = 2 << 30, max_waiting: int = 20) -> None:
        self.folder, self.keep, self.max_bytes, self.max_waiting = Path(folder).absolute(), keep, max_bytes, max_waiting
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
        except OSError as error:
            raise WorkspaceError(
                "full",
                str(folder),
                f"cannot be used: {error.strerror or error}",
                remedy="choose another with --workspace",
            ) from error
        self._only = _only_user(self.folder)
        self._lock = threading.RLock()
        self._jobs: dict[str, _Job] = {}
        self._line: deque[str] = deque()
        self._run: tuple[str, _Run] | None = None
        self._looks: dict[tuple[str, int], _Run] = {}
        self._asked: deque[tuple[str, int]] = deque()
        self._closed = threading.Event()
        self._wake = threading.Event()
        self._recover()
        self.expire()
        self._monitor = threading.Thread(target=self._watch, name="netact-workspace", daemon=True)
        self._monitor.start()

    def create(self) -> str:
        """Make an empty job and return its key.

        Raises
        ------
        WorkspaceError
            ``busy`` if there are too many jobs.
        """
        with self._lock:
            self._open()
            if len(self._jobs) >= _JOBS:
                raise WorkspaceError(
                    "busy", "upload", "too many jobs are kept here", remedy="delete some, or try later"
                )
            key = secrets.token_hex(16)
            folder = self.folder / key
            try:
                folder.mkdir(mode=0o700)
                (folder / _UPLOADS).mkdir()
                self._jobs[key] = _Job(time.time())
                self._write(key)
            except OSError as error:
                self._jobs.pop(key, None)
                shutil.rmtree(folder, ignore_errors=True)
                raise _refused(error) from error
            return key

    def receive(
        self, key: str, stream: BinaryIO, *, name: str, role: str = "interactions", length: int | None = None
    ) -> UploadedFile:
        """Write a file that arrives to the disk, in pieces, and return it; memory stays bounded.

        Parameters
        ----------
        key
            Of a job that is neither waiting nor running.
        stream
            Read to its end.
        name
            As the sender names it; only a harmless form of its last part is ever used as a path.
        role
            One of :data:`ROLES`; a second file of ``accounts``, ``admins`` or ``people`` takes the place of the first.
        length
            Bytes that were announced, if any.

        Raises
        ------
        WorkspaceError
            ``gone``, ``not_now``, ``too_large`` (also found while reading), ``incomplete``, ``empty``, ``full``,
            ``wrong`` (role). Nothing of the file is left then.
        """
        if role not in ROLES:
            raise WorkspaceError("wrong", "upload", f"unknown role {role!r}", remedy=f"use one of {', '.join(ROLES)}")
        with self._lock:
            job = self._changeable(key)
            if len(job.files) >= _FILES:
                raise WorkspaceError("busy", "upload", f"a job takes {_FILES} files", remedy="join them first")
            if length is not None and length > self.max_bytes:
                raise self._too_large()
            free = shutil.disk_usage(self.folder).free - _SPARE
            if (length or 0) > free:
                raise WorkspaceError("full", "upload", "there is no room on the disk", remedy="delete jobs or files")
            number, job.next_file = job.next_file, job.next_file + 1
            uploads = self.folder / key / _UPLOADS
        part = uploads / f"{number}.part"
        try:
            size, digest = self._stream(stream, part)
            if not size:
                raise WorkspaceError("empty", "upload", "the file is empty", remedy="export it again")
            if length is not None and size != length:
                raise WorkspaceError("incomplete", "upload", "the file did not arrive whole", remedy="send it again")
            shown = _shown_name(name)
            received = UploadedFile(number, shown, role, size, digest)
            with self._lock:
                job = self._changeable(key)
                path = f"{_UPLOADS}/{number}/{_harmless(shown)}"
                target = self.folder / key / path
                target.parent.mkdir()
                part.rename(target)
                for other in [item for item in job.files if item.role == role and role not in TRAFFIC_ROLES]:
                    self._drop(key, job, other.number)
                job.files.append(received)
                job.paths[number] = path
                self._write(key)
            return received
        except OSError as error:
            raise _refused(error) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def files(self, key: str) -> tuple[UploadedFile, ...]:
        """Return the files of a job, in the order they came; none if there is no such job."""
        with self._lock:
            job = self._jobs.get(key)
            return tuple(job.files) if job else ()

    def remove_file(self, key: str, number: int) -> None:
        """Delete one file of a job that is neither waiting nor running.

        Raises
        ------
        WorkspaceError
            ``gone`` or ``not_now``.
        """
        with self._lock:
            job = self._changeable(key)
            self._file(job, number)
            self._drop(key, job, number)
            self._write(key)

    def set_role(self, key: str, number: int, role: str) -> None:
        """Say what a file of a job that is neither waiting nor running is for; what was found in it is forgotten.

        Raises
        ------
        WorkspaceError
            ``gone``, ``not_now``, or ``wrong`` if there is no such role or another file has it already.
        """
        if role not in ROLES:
            raise WorkspaceError("wrong", "upload", f"unknown role {role!r}", remedy=f"use one of {', '.join(ROLES)}")
        with self._lock:
            job = self._changeable(key)
            file = self._file(job, number)
            if role not in TRAFFIC_ROLES and any(item.role == role for item in job.files if item is not file):
                raise WorkspaceError(
                    "wrong", role, "another file is this table already", remedy="remove that one first"
                )
            self._end_look(key, number)
            for name in (f"inspection-{number}.json", f"inspect-{number}.json"):
                (self.folder / key / name).unlink(missing_ok=True)
            job.files = [replace(item, role=role) if item is file else item for item in job.files]
            self._write(key)

    def preview(self, key: str, number: int, options: Mapping[str, str | bool] | None = None) -> None:
        """Begin to look at a file with some options; an earlier look at it ends. Returns at once.

        Parameters
        ----------
        key, number
            The file.
        options
            For interactions, fields of :class:`netact.importers.SourceOptions`; for accounts ``account`` and
            ``reach``; for admins ``person``, ``account`` and ``role``. Values are columns or texts; empty ones are
            left out.

        Raises
        ------
        WorkspaceError
            ``gone``, or ``wrong`` if an option cannot be used.
        """
        with self._lock:
            self._open()
            job = self._known(key)
            file = self._file(job, number)
            asked = _checked(file.role, options or {})
            self._end_look(key, number)
            folder = self.folder / key
            (folder / f"inspection-{number}.json").unlink(missing_ok=True)
            values = {"path": job.paths[number], "role": file.role, "options": asked}
            try:
                (folder / f"inspect-{number}.json").write_text(json.dumps(values), encoding="utf-8")
            except OSError as error:
                raise _refused(error) from error
            self._asked.append((key, number))
            self._next()
            self._wake.set()

    def inspection(self, key: str, number: int) -> Preview:
        """Return what a look at a file has found so far."""
        with self._lock:
            if key not in self._jobs:
                return Preview()
            if (key, number) in self._looks or (key, number) in self._asked:
                return Preview("running")
            if not any(item.number == number for item in self._jobs[key].files):
                return Preview()
            found = _json(self.folder / key / f"inspection-{number}.json")
        return Preview(found["state"], revived(found["values"]), found["error"]) if found else Preview()

    def start(
        self,
        key: str,
        *,
        title: str = "",
        seed: int = 1,
        quick: bool = False,
        options: Mapping[int, Mapping[str, str | bool]] | None = None,
        everybody: bool = False,
        public: Sequence[str] = (),
        named_from: int | None = None,
    ) -> None:
        """Write the study of a job and put it in the line.

        Parameters
        ----------
        key
            Of a job that is neither waiting nor running, with a file of interactions or of admin rights.
        title
            Of the study; the name of the first file if empty.
        seed
            Of all chance, from 0.
        quick
            Few draws: a first look.
        options
            Number of a file -> how to read it, as for :meth:`preview`; files without take what is recognised.
        everybody
            Name all accounts in the report.
        public, named_from
            Else those that are named: a list; accounts with an audience of at least so large. See :class:`netact.privacy.Privacy`.

        Raises
        ------
        WorkspaceError
            ``gone``, ``not_now``, ``busy`` (the line is full) or ``wrong`` (files or options make no study).
        """
        given = options or {}
        with self._lock:
            self._open()
            job = self._changeable(key)
            if len(self._line) >= self.max_waiting:
                raise WorkspaceError("busy", "start", "too many jobs are waiting", remedy="try again later")
            for number in given:
                self._file(job, number)
            try:
                sources = [
                    Source(
                        job.paths[item.number], item.role, item.sha256, _checked(item.role, given.get(item.number, {}))
                    )
                    for item in job.files
                ]
                measures = {name: dict(QUICK.get(name, {})) if quick else {} for name in MEASURES}
                listed = [line.strip()[:_LONGEST_NAME] for line in public if line.strip()]
                shared = (
                    Privacy("all") if everybody else Privacy(public=PUBLIC if listed else "", named_from=named_from)
                )
                study = Study.of(sources, title=_line(title), seed=seed, measures=measures, privacy=shared)
            except NetactError as error:
                raise WorkspaceError(
                    "wrong", error.where, error.what, found=error.found, remedy=error.remedy
                ) from error
            folder = self.folder / key
            try:
                for left in (PROGRESS, RECEIPT):
                    (folder / left).unlink(missing_ok=True)
                kept = folder / REPORT / PRIVATE / KEY
                if kept.is_file():
                    kept.replace(folder / KEY)
                _remove(folder / REPORT)
                if study.privacy.public:
                    (folder / PUBLIC).write_text("\n".join(listed) + "\n", encoding="utf-8")
                (folder / STUDY).write_text(study.to_toml(), encoding="utf-8")
                job.state, job.error, job.title, job.queued = "waiting", "", study.title, time.time()
                self._write(key)
            except OSError as error:
                raise _refused(error) from error
            self._line.append(key)
            self._next()
            self._wake.set()

    def status(self, key: str) -> JobStatus | None:
        """Return how a job stands; None if there is none by that key."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return None
            place = self._line.index(key) + (self._run is not None) if key in self._line else 0
            state, error, title = job.state, job.error, job.title
            expires = datetime.fromtimestamp(job.created, UTC) + self.keep
            folder = self.folder / key
            progress = _progress_now(folder, state) if state not in ("draft", "waiting") else Progress()
            receipt = revived(_json(folder / RECEIPT)) if state not in ("draft", "waiting") else None
        progress = replace(progress, state="waiting" if state == "draft" else state, error=error, process=None)
        return JobStatus(state, progress, place, error, receipt, title, expires)

    def cancel(self, key: str) -> None:
        """End the run of a job, or take it out of the line; nothing of its unfinished report is left. Its files stay.

        Raises
        ------
        WorkspaceError
            ``gone``. A job that neither waits nor runs is left as it is.
        """
        with self._lock:
            job = self._known(key)
            if key in self._line:
                self._line.remove(key)
                job.state = "cancelled"
                self._write(key)
                return
            run = self._run[1] if self._run is not None and self._run[0] == key else None
            if run is None:
                return
            run.cancelled, run.kill_at = True, time.monotonic() + _GRACE
            stop_process(run.process)
        # What is asked next should hear that it is cancelled.
        self._until(lambda: self._run is None or self._run[1] is not run, _GRACE + 5)

    def delete(self, key: str) -> None:
        """Delete a job and everything of it, also while it runs; no such job is no error."""
        with self._lock:
            if key not in self._jobs:
                return
            if key in self._line:
                self._line.remove(key)
            for number in [item.number for item in self._jobs[key].files]:
                self._end_look(key, number)
            run = self._run[1] if self._run is not None and self._run[0] == key else None
            if run is not None:
                self._run = None
                stop_process(run.process, now=True)
                _wait(run.process)
                _close(run.process)
            del self._jobs[key]
            _bury(self.folder, key)
            self._next()

    def expire(self) -> int:
        """Delete the jobs that are older than :attr:`keep`; return how many."""
        before = time.time() - self.keep.total_seconds()
        with self._lock:
            old = [key for key, job in self._jobs.items() if job.created < before]
        for key in old:
            self.delete(key)
        return len(old)

    def study(self, key: str) -> str | None:
        """Return the study file of a job; None before it was started.

        Of a finished one it is that of the report, as it may be shared: whoever has the address of the report can ask for it.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or not (self.folder / key / STUDY).is_file():
                return None
            finished = self.folder / key / REPORT / STUDY
            study = load(finished if finished.is_file() else self.folder / key / STUDY, kept=False)
        return self.with_names(key, study).to_toml()

    def with_names(self, key: str, study: Study) -> Study:
        """Return the study of a job with its files named as they came; any other study as it is."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return study
            named = {Path(job.paths[item.number]).parent.name: item.name for item in job.files}
        sources = tuple(
            replace(source, path=named.get(PurePosixPath(source.path).parent.name, PurePosixPath(source.path).name))
            for source in study.sources
        )
        return replace(study, sources=sources)

    def close(self) -> None:
        """End every process; files stay for the next start."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._wake.set()
        self._monitor.join(timeout=10)
        with self._lock:
            runs = [*self._looks.values(), *([self._run[1]] if self._run else [])]
            for run in runs:
                stop_process(run.process, now=True)
            for run in runs:
                _wait(run.process)
            for key, number in list(self._looks):
                self._look_ended(key, number, cancelled=True)
            if self._run is not None:
                self._finished(self._run[0], self._run[1], closing=True)
            self._run = None
            self._asked.clear()
            if self._only is not None:
                os.close(self._only)
                self._only = None

    # ------------------------------------------------------------------ the line and the processes; under the lock

    def _watch(self) -> None:
        """Reap processes, start the next, delete what is old."""
        swept = time.monotonic()
        while not self._closed.is_set():
            self._wake.wait(_TICK if self._run or self._looks else 1.0)
            self._wake.clear()
            try:
                with self._lock:
                    self._reap()
                    self._next()
                if time.monotonic() - swept > 60:
                    swept = time.monotonic()
                    self.expire()
            except Exception as error:  # noqa: BLE001  (a full disk must not leave everybody waiting)
                _log.error("the line of jobs met %s", type(error).__name__)
                self._closed.wait(1.0)

    def _reap(self) -> None:
        now = time.monotonic()
        for (key, number), look in list(self._looks.items()):
            if look.process.poll() is not None:
                self._look_ended(key, number)
            elif now - look.began > _PREVIEW_SECONDS:
                stop_process(look.process, now=True)
        if self._run is None:
            return
        key, run = self._run
        if run.process.poll() is None:
            if run.kill_at is not None and now > run.kill_at:
                stop_process(run.process, now=True)
            return
        self._run = None
        self._finished(key, run)

    def _next(self) -> None:
        """Start what may start."""
        if self._closed.is_set():
            return
        while self._asked and len(self._looks) < _PREVIEWS:
            key, number = self._asked.popleft()
            try:
                self._looks[key, number] = _Run(start_process(self.folder / key, inspect=number, tied=True))
            except OSError as error:
                _note(self.folder / key, number, f"look: cannot be started: {error.strerror or error}")
        while self._line and self._run is None:
            key = self._line.popleft()
            job = self._jobs[key]
            try:
                self._run = (key, _Run(start_process(self.folder / key, tied=True)))
                job.state = "running"
            except OSError as error:
                job.state, job.error = "failed", f"start: cannot be started: {error.strerror or error}"
            self._write(key)

    def _finished(self, key: str, run: _Run, *, closing: bool = False) -> None:
        """Say how a run ended, and clear what it left."""
        job, folder = self._jobs[key], self.folder / key
        _close(run.process)
        code, told = run.process.returncode, read_progress(folder)
        if told.state == "done" and (folder / REPORT).is_dir():
            job.state, job.error = "done", ""
        elif run.cancelled:
            job.state, job.error = "cancelled", ""
        elif closing:
            job.state, job.error = "failed", _STOPPED
        elif told.state == "failed":
            job.state, job.error = "failed", told.error
        else:
            job.state, job.error = "failed", _died(code)
        _tidy(folder)
        if job.state != "done":
            _remove(folder / REPORT)
        self._write(key)

    def _look_ended(self, key: str, number: int, *, cancelled: bool = False) -> None:
        look = self._looks.pop((key, number))
        _wait(look.process)
        _close(look.process)
        folder = self.folder / key
        if cancelled:
            (folder / f"inspection-{number}.json").unlink(missing_ok=True)
        elif not (folder / f"inspection-{number}.json").is_file():
            _note(folder, number, _died(look.process.returncode, what="the look at this file"))
        if not any(other == key for other, _number in self._looks) and (self._run is None or self._run[0] != key):
            _tidy(folder)

    def _end_look(self, key: str, number: int) -> None:
        if (key, number) in self._asked:
            self._asked.remove((key, number))
        look = self._looks.get((key, number))
        if look is not None:
            stop_process(look.process, now=True)
            self._look_ended(key, number, cancelled=True)

    def _until(self, true: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._closed.is_set():
            with self._lock:
                self._reap()
                self._next()
                if true():
                    return
            time.sleep(0.02)

    # ------------------------------------------------------------------ files; under the lock

    def _stream(self, stream: BinaryIO, part: Path) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        with part.open("xb") as out:
            while chunk := _piece(stream):
                size += len(chunk)
                if size > self.max_bytes:
                    raise self._too_large()
                digest.update(chunk)
                out.write(chunk)
        return size, digest.hexdigest()

    def _too_large(self) -> WorkspaceError:
        return WorkspaceError(
            "too_large",
            "upload",
            f"the file is larger than {self.max_bytes / 1e6:,.0f} MB",
            remedy="analyse it from the command line: netact analyze FILE",
        )

    def _open(self) -> None:
        if self._closed.is_set():
            raise WorkspaceError("busy", "netact", "the dashboard is being stopped")

    def _known(self, key: str) -> _Job:
        if key not in self._jobs:
            raise WorkspaceError("gone", "job", "there is no such job, or it has been deleted")
        return self._jobs[key]

    def _changeable(self, key: str) -> _Job:
        job = self._known(key)
        if job.state in _BUSY_STATES:
            raise WorkspaceError("not_now", "job", "it is waiting or running", remedy="cancel it first")
        return job

    @staticmethod
    def _file(job: _Job, number: int) -> UploadedFile:
        for item in job.files:
            if item.number == number:
                return item
        raise WorkspaceError("gone", "file", "there is no such file, or it has been deleted")

    def _drop(self, key: str, job: _Job, number: int) -> None:
        self._end_look(key, number)
        job.files = [item for item in job.files if item.number != number]
        folder = self.folder / key
        _remove((folder / job.paths.pop(number)).parent)
        for name in (f"inspection-{number}.json", f"inspect-{number}.json"):
            (folder / name).unlink(missing_ok=True)

    def _write(self, key: str) -> None:
        path = self.folder / key / _JOB
        draft = path.with_name(f".{_JOB}.part")
        draft.write_text(json.dumps(self._jobs[key].to_dict()), encoding="utf-8")
        draft.replace(path)

    def _recover(self) -> None:
        """Take up what an earlier server left: clear half-sent files, tell which jobs it did not finish."""
        waiting = []
        for folder in sorted(self.folder.iterdir()):
            if folder.name.startswith(".gone-"):
                _remove(folder)
            if not _KEY.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
                continue
            key, values = folder.name, _json(folder / _JOB)
            try:
                job = _Job.from_dict(values or {})
            except (KeyError, TypeError, ValueError, AttributeError):
                _bury(self.folder, key)
                continue
            self._jobs[key] = job
            kept = {Path(path).parent.name for path in job.paths.values()}
            if (folder / _UPLOADS).is_dir():
                for item in (folder / _UPLOADS).iterdir():
                    if item.name not in kept:
                        _remove(item)
            _tidy(folder)
            if job.state == "running":
                job.state, job.error = "failed", _STOPPED
                _remove(folder / REPORT)
                self._write(key)
            elif job.state == "waiting":
                waiting.append(key)
        self._line.extend(sorted(waiting, key=lambda key: self._jobs[key].queued))


_STOPPED = "analysis: the dashboard was stopped while it ran; start it again"


def _died(code: int | None, *, what: str = "the analysis") -> str:
    if code is not None and code < 0:
        memory = "; perhaps memory ran out: analyse fewer rows, or on a larger machine" if code in (-9, -6) else ""
        return f"{what} was stopped from outside (signal {-code}){memory}"
    return f"{what} ended without saying why (code {code})"


def _progress_now(folder: Path, state: JobState) -> Progress:
    """Return the progress that was written last, brought forward to now."""
    try:
        told = read_progress(folder)
        if state != "running" or told.state != "running":
            return told
        since = max(0.0, time.time() - (folder / PROGRESS).stat().st_mtime)
    except (OSError, ValueError, TypeError):
        return Progress("running" if state == "running" else "waiting")
    left = None if told.left is None else max(1.0, told.left - since)
    return replace(told, elapsed=told.elapsed + since, left=left)


def _checked(role: str, options: Mapping[str, str | bool]) -> dict[str, Any]:
    """Return the options of a file without empty ones.

    Raises
    ------
    WorkspaceError
        If one is unknown for this role or of the wrong type.
    """
    given = {name: value for name, value in options.items() if value is not None and value != ""}
    if any(isinstance(value, str) and len(value) > 500 for value in given.values()):
        raise WorkspaceError("wrong", "options", "a value is too long")
    if role in TRAFFIC_ROLES:
        try:
            SourceOptions.from_dict(given)
        except NetactError as error:
            raise WorkspaceError("wrong", error.where, error.what, found=error.found, remedy=error.remedy) from error
    elif unknown := [
        name for name, value in given.items() if name not in ROLE_OPTIONS[role] or not isinstance(value, str)
    ]:
        raise WorkspaceError("wrong", "options", f"a file of {role} takes no {unknown[0]!r} like this")
    return given


# ---------------------------------------------------------------------- names and files


def _shown_name(name: str) -> str:
    """Return the last part of a name as one line, as it came."""
    last = PureWindowsPath(name.replace("/", "\\")).name
    return _line(last) or "file"


def _line(text: str) -> str:
    """Return a text as one line without control marks, not too long."""
    line = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(line.split())[:120].rstrip()


def _harmless(name: str) -> str:
    """Return a name that is safe as a file name on every system; its ending stays."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    allowed = string.ascii_letters + string.digits + "._-"
    plain = re.sub(r"_+", "_", "".join(char if char in allowed else "_" for char in ascii_only)).lstrip("._-")
    endings = "".join(PurePosixPath(plain).suffixes[-2:]) if plain else ""
    endings = endings if len(endings) <= 20 else PurePosixPath(plain).suffix[:20]
    stem = plain[: len(plain) - len(endings)] if endings else plain
    return f"{stem[:60] or 'file'}{endings}"


def _piece(stream: BinaryIO) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError as error:
        raise WorkspaceError("incomplete", "upload", "the file did not arrive whole", remedy="send it again") from error


def _refused(error: OSError) -> WorkspaceError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return WorkspaceError("gone", "job", "there is no such job, or it has been deleted")
    # The text of the system's error names no path.
    return WorkspaceError("full", "disk", f"cannot be written: {error.strerror or 'refused'}", remedy="make room on it")


def _json(path: Path) -> dict[str, Any] | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _note(folder: Path, number: int, error: str) -> None:
    with contextlib.suppress(OSError):
        values = {"state": "failed", "error": error, "values": {}}
        (folder / f"inspection-{number}.json").write_text(json.dumps(values), encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove what processes leave when they are ended: temporary files and unfinished reports."""
    _remove(folder / SCRATCH)
    for left in [*folder.glob(".*.part"), *folder.glob(f".{REPORT}-*")]:
        _remove(left)


def _bury(folder: Path, key: str) -> None:
    """Delete the folder of a job; it is moved aside first, so that nothing can be written into it meanwhile."""
    aside = folder / f".gone-{key}-{secrets.token_hex(4)}"
    try:
        (folder / key).rename(aside)
    except OSError:
        aside = folder / key
    _remove(aside)


def _wait(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _only_user(folder: Path) -> int | None:
    """Take the folder for this process alone; the lock goes when the process does, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows: no such lock
        return None
    handle = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise WorkspaceError(
            "busy", str(folder), "another dashboard uses this folder", remedy="choose another with --workspace"
        ) from error
    return handle
