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

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from netact.errors import NetactError
from netact.jobs import Progress

ROLES = ("interactions", "accounts", "admins", "people")

JobState = Literal["draft", "waiting", "running", "done", "failed", "cancelled"]
Refusal = Literal["gone", "too_large", "incomplete", "empty", "busy", "not_now", "full", "wrong"]


class WorkspaceError(NetactError):
    """Something that cannot be done with a job now.

    Attributes
    ----------
    refusal
        ``gone`` (no such job or file), ``too_large``, ``incomplete`` (the stream ended early), ``empty``, ``busy`` (too
        many jobs), ``not_now`` (the job is waiting or running), ``full`` (no room on the disk), ``wrong`` (a role,
        title, seed or option that cannot be used).
    """

    def __init__(self, refusal: Refusal, where: str, what: str, *, remedy: str | None = None) -> None:
        super().__init__(where, what, remedy=remedy)
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

    def __init__(
        self, folder: str | Path, *, keep: timedelta, max_bytes: int = 2 << 30, max_waiting: int = 20
    ) -> None:
        self.folder, self.keep, self.max_bytes, self.max_waiting = Path(folder), keep, max_bytes, max_waiting

    def create(self) -> str:
        """Make an empty job and return its key.

        Raises
        ------
        WorkspaceError
            ``busy`` if there are too many jobs.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def files(self, key: str) -> tuple[UploadedFile, ...]:
        """Return the files of a job, in the order they came; none if there is no such job."""
        raise NotImplementedError

    def remove_file(self, key: str, number: int) -> None:
        """Delete one file of a job that is neither waiting nor running.

        Raises
        ------
        WorkspaceError
            ``gone`` or ``not_now``.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def inspection(self, key: str, number: int) -> Preview:
        """Return what a look at a file has found so far."""
        raise NotImplementedError

    def start(
        self,
        key: str,
        *,
        title: str = "",
        seed: int = 1,
        quick: bool = False,
        options: Mapping[int, Mapping[str, str | bool]] | None = None,
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

        Raises
        ------
        WorkspaceError
            ``gone``, ``not_now``, ``busy`` (the line is full) or ``wrong`` (files or options make no study).
        """
        raise NotImplementedError

    def status(self, key: str) -> JobStatus | None:
        """Return how a job stands; None if there is none by that key."""
        raise NotImplementedError

    def cancel(self, key: str) -> None:
        """End the run of a job, or take it out of the line; nothing of its unfinished report is left. Its files stay.

        Raises
        ------
        WorkspaceError
            ``gone``. A job that neither waits nor runs is left as it is.
        """
        raise NotImplementedError

    def delete(self, key: str) -> None:
        """Delete a job and everything of it, also while it runs; no such job is no error."""
        raise NotImplementedError

    def expire(self) -> int:
        """Delete the jobs that are older than :attr:`keep`; return how many."""
        raise NotImplementedError

    def study(self, key: str) -> str | None:
        """Return the study file of a job with its files named as they came; None before it was started."""
        raise NotImplementedError

    def close(self) -> None:
        """End every process; files stay for the next start."""
        raise NotImplementedError
