"""Keep finished work in a folder, so that it need not be done again: a store of named blobs that nothing depends on.

An entry is one file, named by the digest of everything it was made from (see :mod:`netact.report.kept`) and written
whole or not at all. What is damaged, cut off, or cannot be read counts as not there. A cache never makes an analysis
fail: what goes wrong is told in :attr:`Cache.notes`, and the work is done as if there were none.

Layout of an entry: a line that names the layout, the SHA-256 of key and content, the content (a zip archive without
compression of the files that were put in).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import stat
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

# Bytes a cache may hold, and the days after which an entry that nobody asked for goes.
LIMIT = 2_000_000_000
UNUSED_DAYS = 90

# What the environment variable says to have none.
OFF = ("off", "none", "no", "0")

_LAYOUT = b"netact cache 1\n"
_LASTING, _PASSING = ".kept", ".part"
_ENTRY = re.compile(r"[0-9a-f]{64}\.(kept|part)")
_DRAFT = ".draft-"
_DAY = 24 * 3600
# Backup programs leave out folders with this file: https://bford.info/cachedir/
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Results that netact keeps to save time; may be deleted at any time.\n"


@dataclass(frozen=True)
class CacheSize:
    """How much a cache holds.

    Attributes
    ----------
    entries, bytes
        How many results, and how much room they take.
    """

    entries: int
    bytes: int


class Cache:
    """A folder of entries, each the files that one piece of work left behind.

    Several processes may use one folder at once. The folder is made when something is first put into it, for its owner
    alone. One that belongs to somebody else, or that others may write to, is not used.

    Parameters
    ----------
    folder
        Where the entries are.
    limit
        Bytes it may hold; beyond that, entries go that have not been asked for the longest, passing ones first.

    Attributes
    ----------
    notes
        What went wrong, one line each.
    """

    def __init__(self, folder: str | Path, *, limit: int = LIMIT) -> None:
        self.folder = Path(folder).expanduser()
        self.limit = limit
        self.notes: list[str] = []
        self._writes = True
        self._since_trimmed: int | None = None  # bytes; None: not yet
        self._usable = self._checked()

    def get(self, key: str, read: Callable[[Path], T]) -> T | None:
        """Return what ``read`` makes of the files of an entry; None if there is none or it is damaged.

        ``read`` may raise ValueError for files it cannot use.
        """
        if not self._usable:
            return None
        for path in self._places(key):
            try:
                files = _unpacked(key, path.read_bytes())
                with tempfile.TemporaryDirectory(prefix="netact-kept-") as scratch:
                    for name, content in files.items():
                        (Path(scratch) / name).write_bytes(content)
                    found = read(Path(scratch))
            except OSError:
                continue
            except ValueError:
                self._remove(path)
                continue
            with contextlib.suppress(OSError):
                os.utime(path)
            return found
        return None

    def put(self, key: str, write: Callable[[Path], None], *, lasting: bool = True) -> bool:
        """Keep the files that ``write`` puts into a folder as the entry of ``key``; return whether they are kept.

        ``write`` may raise ValueError for what cannot be kept. An entry that is not ``lasting`` goes first when there is
        no room.
        """
        if not self._usable or not self._writes:
            return False
        try:
            with tempfile.TemporaryDirectory(prefix="netact-kept-") as scratch:
                write(Path(scratch))
                content = _packed(key, Path(scratch))
            if len(content) > self.limit // 4:
                return False
            self._make_folder()
            self._replace(self._places(key)[0 if lasting else 1], content)
        except ValueError:
            return False
        except OSError as error:
            self._writes = False
            self.notes.append(f"{self.folder}: results are not kept; found {error.strerror or type(error).__name__}")
            return False
        self._since_trimmed = None if self._since_trimmed is None else self._since_trimmed + len(content)
        if self._since_trimmed is None or self._since_trimmed > self.limit // 20:
            self.trim()
        return True

    def size(self) -> CacheSize:
        """Return how much it holds."""
        sizes = [found.st_size for _, found in self._entries()]
        return CacheSize(len(sizes), sum(sizes))

    def clear(self) -> CacheSize:
        """Delete all entries and return how much that was; other files in the folder stay."""
        gone = [found.st_size for path, found in self._entries() if self._remove(path)]
        self._remove_drafts(older_than=0)
        return CacheSize(len(gone), sum(gone))

    def trim(self) -> None:
        """Delete entries until there is room, and those that nobody asked for in a long time."""
        self._since_trimmed = 0
        self._remove_drafts(older_than=_DAY)
        oldest = time.time() - UNUSED_DAYS * _DAY
        # Passing entries first, then by the time they were last asked for.
        entries = sorted(self._entries(), key=lambda entry: (entry[0].suffix == _LASTING, entry[1].st_mtime))
        held = sum(found.st_size for _, found in entries)
        wanted = self.limit if held <= self.limit else self.limit * 9 // 10
        for path, found in entries:
            if (held > wanted or found.st_mtime < oldest) and self._remove(path):
                held -= found.st_size

    # ------------------------------------------------------------------ files

    def _places(self, key: str) -> tuple[Path, Path]:
        return self.folder / f"{key}{_LASTING}", self.folder / f"{key}{_PASSING}"

    def _checked(self) -> bool:
        """Whether the folder may be used: it is missing, or belongs to this user and nobody else may write to it."""
        try:
            found = self.folder.stat()
        except FileNotFoundError:
            return True
        except OSError as error:
            self.notes.append(f"{self.folder}: no results are kept; found {error.strerror or type(error).__name__}")
            return False
        if not stat.S_ISDIR(found.st_mode):
            self.notes.append(f"{self.folder}: no results are kept; it is not a folder")
            return False
        if sys.platform != "win32" and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            self.notes.append(f"{self.folder}: no results are kept; others may write to this folder")
            return False
        return True

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
        if not (self.folder / _TAG).exists():
            self._replace(self.folder / _TAG, _TAG_TEXT.encode())

    def _replace(self, path: Path, content: bytes) -> None:
        """Write a file whole or not at all."""
        number, draft = tempfile.mkstemp(dir=self.folder, prefix=_DRAFT)
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(content)
            os.replace(draft, path)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
            raise

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        if not self._usable:
            return
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if _ENTRY.fullmatch(path.name):
                    with contextlib.suppress(OSError):  # another process may have deleted it
                        yield path, path.stat()

    def _remove_drafts(self, *, older_than: float) -> None:
        """Delete what processes that were killed have left."""
        with contextlib.suppress(OSError):
            for path in self.folder.glob(f"{_DRAFT}*"):
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime <= time.time() - older_than:
                        path.unlink()

    @staticmethod
    def _remove(path: Path) -> bool:
        try:
            path.unlink()
        except OSError:
            return False
        return True


def switched_off() -> bool:
    """Whether the environment says that nothing is to be kept anywhere."""
    return os.environ.get("NETACT_CACHE", "").strip().lower() in OFF


def default_folder() -> Path | None:
    """Return where results are kept if nobody says otherwise; None if nowhere.

    The environment variable ``NETACT_CACHE`` names the folder, or is ``off``. Without it, it is ``netact`` in the
    user's cache folder: ``$XDG_CACHE_HOME`` or ``~/.cache``, on macOS ``~/Library/Caches``, on Windows
    ``%LOCALAPPDATA%``.
    """
    given = os.environ.get("NETACT_CACHE", "").strip()
    if given:
        return None if switched_off() else Path(given)
    try:
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA", "")
            return (Path(local) if local else Path.home() / "AppData" / "Local") / "netact" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "netact"
        named = os.environ.get("XDG_CACHE_HOME", "")
        # A path that is not absolute is to be ignored, says the specification.
        return (Path(named) if named and Path(named).is_absolute() else Path.home() / ".cache") / "netact"
    except RuntimeError:  # there is no home
        return None


# ---------------------------------------------------------------------- one entry as bytes


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + content).digest()


def _packed(key: str, folder: Path) -> bytes:
    """Return the files of a folder as one entry."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    content = stream.getvalue()
    return _LAYOUT + _digest(key, content) + content


def _unpacked(key: str, entry: bytes) -> dict[str, bytes]:
    """Return name -> content of the files of an entry.

    Raises
    ------
    ValueError
        If it is damaged, or the entry of another key.
    """
    begin = len(_LAYOUT) + hashlib.sha256().digest_size
    content = entry[begin:]
    if not entry.startswith(_LAYOUT) or entry[len(_LAYOUT) : begin] != _digest(key, content):
        raise ValueError("damaged")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {Path(name).name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise ValueError("damaged") from error
