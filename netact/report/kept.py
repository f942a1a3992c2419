"""Stages of a run that are kept in a cache, so that only what has changed is done again.

A stage is a function and what it is given. Its key is a digest of all of that (the whole content of networks and of
other results, every parameter, the seed) together with what else can change an answer: every source file of netact, its
version, those of the libraries it stands on, of Python and the kind of machine. So there is nothing to be declared out
of date: whoever asks with anything changed asks for another key.

What is kept is read back and compared before it is written, so that an answer from the cache is the computed one.
"""

from __future__ import annotations

import hashlib
import json
import platform as machine
import re
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache as once
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

import netact
from netact.errors import ReportError
from netact.language import Message
from netact.network import Network
from netact.report.store import restore, store

if TYPE_CHECKING:
    from collections.abc import Callable

    from netact.cache import Cache

T = TypeVar("T")

_NAME = "kept"
# What a network was read from is no part of what measures see.
_NOT_CONTENT = ("receipt", "before")
_ROWS_AT_ONCE = 500_000
_PLAIN_TYPES = (pl.String, pl.Boolean, pl.Date, pl.Datetime, pl.Enum, pl.Categorical)


class Kept:
    """Does the stages of one run, or takes them from a cache.

    Parameters
    ----------
    cache
        Where results are kept; None: nowhere.
    progress
        Called with the name of a stage when it begins.
    reused
        Called with the name of a stage that is over, if all of it was taken from the cache.

    Attributes
    ----------
    taken
        Stage -> ``whole`` or ``part``, of the stages that are over of which that much was taken from the cache.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        *,
        progress: Callable[[str], None] | None = None,
        reused: Callable[[str], None] | None = None,
    ) -> None:
        self._cache, self._progress, self._reused = cache, progress, reused
        self.taken: dict[str, Literal["whole", "part"]] = {}
        self._stage = ""
        self._found = self._missed = 0  # pieces of work of this stage
        self._networks: WeakKeyDictionary[Network, str] = WeakKeyDictionary()

    def begin(self, stage: str) -> None:
        """Begin a stage; the one before is over."""
        self.end()
        self._stage = stage
        if self._progress is not None:
            self._progress(stage)

    def end(self) -> None:
        """Say whether the stage that is over was taken from the cache."""
        if self._found:
            self.taken[self._stage] = "part" if self._missed else "whole"
            if self._reused is not None and not self._missed:
                self._reused(self._stage)
        self._found = self._missed = 0

    def call(
        self,
        kind: type[T],
        work: Callable[..., T],
        network: Network,
        options: Mapping[str, Any],
        *,
        lasting: bool = True,
    ) -> T:
        """Return ``work(network, **options)``, a dataclass of type ``kind``."""
        key = self.key((work.__module__, work.__qualname__), network, options)
        found = self.get(kind, key)
        if found is None:
            found = work(network, **options)
            self.put(key, found, lasting=lasting)
        return found

    def key(self, what: tuple[str, ...], network: Network, options: Mapping[str, Any]) -> str | None:
        """Return what a piece of work is kept under; None if nothing is kept."""
        if self._cache is None:
            return None
        try:
            if network not in self._networks:
                self._networks[network] = digest(network)
            return digest((environment(), what, self._networks[network], dict(options)))
        except TypeError:  # something of it cannot be told from others of its kind
            return None

    def get(self, kind: type[T], key: str | None) -> T | None:
        """Return what is kept under a key; None if nothing is, or it cannot be read."""
        if self._cache is None:
            return None
        if key is None:
            self._missed += 1
            return None

        def read(folder: Path) -> T:
            try:
                found = restore(kind, folder, _NAME)
            except ReportError as error:
                raise ValueError from error
            told = json.loads((folder / f"{_NAME}.sha256").read_text(encoding="ascii"))
            if digest(found) != told:
                raise ValueError("not what was kept")
            return found

        found = self._cache.get(key, read)
        self._found += found is not None
        self._missed += found is None
        return found

    def put(self, key: str | None, value: Any, *, lasting: bool = True) -> None:
        """Keep what was made by a piece of work."""
        if self._cache is None or key is None or not _as_imported():
            return

        def write(folder: Path) -> None:
            try:
                told = digest(value)
                store(value, folder, _NAME)
                again = restore(type(value), folder, _NAME)
            except (ReportError, TypeError, pl.exceptions.PolarsError) as error:
                raise ValueError("cannot be kept") from error
            if digest(again) != told:
                raise ValueError("would not come back as it is")
            (folder / f"{_NAME}.sha256").write_text(json.dumps(told), encoding="ascii")

        self._cache.put(key, write, lasting=lasting)


# ---------------------------------------------------------------------- what can change an answer beside the question


@once
def environment() -> tuple[str, ...]:
    """Return what besides the question an answer depends on: netact itself, its libraries, Python, the machine."""
    needed = {
        re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in metadata.requires("netact") or () if ";" not in line
    }
    versions = [f"{name} {_version(name)}" for name in sorted({*needed, "llvmlite"})]
    python = f"{machine.python_implementation()} {machine.python_version()}"
    return (f"netact {metadata.version('netact')}", _SOURCES, python, machine.system(), machine.machine(), *versions)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # put there in another way
        return "unknown"


def source_digest(folder: Path) -> str:
    """Return a digest of all Python files in a folder and the folders in it, and of where they are in it."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        told.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode())
        told.update(path.read_bytes())
    return told.hexdigest()


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of the files that :func:`source_digest` reads."""
    found = ((str(path), path.stat()) for path in sorted(folder.rglob("*.py")))
    return tuple((name, info.st_mtime_ns, info.st_size) for name, info in found)


def _as_imported() -> bool:
    """Whether the source files are still those this process began with.

    A process goes on with the functions that it has imported, whatever their files say in the meantime.
    """
    try:
        return bool(_BEGAN_WITH) and _stamps(_FOLDER) == _BEGAN_WITH
    except OSError:
        return False


_FOLDER = Path(netact.__file__).parent
_BEGAN_WITH = _stamps(_FOLDER)
_SOURCES = source_digest(_FOLDER)


# ---------------------------------------------------------------------- digests of whatever work is given


def digest(value: Any) -> str:
    """Return a digest of the whole content of a value: networks, results, tables, numbers and texts in any nesting.

    Values are told apart by type and content; numbers of numpy count as Python's own. Of a network all tables count but
    not the receipt.

    Raises
    ------
    TypeError
        If a value is of a type of which is not known what it consists of.
    """
    told = hashlib.sha256()
    _tell(told.update, value)
    return told.hexdigest()


def _tell(add: Callable[[bytes], None], value: Any) -> None:
    """Tell a value as bytes: every part with its type and length, so that no two values are told alike."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Message):
        _part(add, "message", 2)
        _tell(add, value.template)
        _tell(add, value.values)
    elif value is None or isinstance(value, bool | int | str | bytes | datetime | date):
        content = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        _part(add, type(value).__name__, len(content))
        add(content)
    elif isinstance(value, float):
        _part(add, "float", 8)
        add(struct.pack("<d", value))
    elif isinstance(value, list | tuple):
        _part(add, "sequence", len(value))
        for item in value:
            _tell(add, item)
    elif isinstance(value, Mapping):
        _part(add, "mapping", len(value))
        for name, item in value.items():
            _tell(add, name)
            _tell(add, item)
    elif isinstance(value, pl.DataFrame):
        _part(add, "table", value.height)
        _tell_table(add, value)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        _part(add, f"array {value.dtype.str} {value.shape}", value.nbytes)
        add(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in fields(value) if not (isinstance(value, Network) and item.name in _NOT_CONTENT)]
        _part(add, f"{type(value).__module__}.{type(value).__qualname__}", len(names))
        for name in names:
            _tell(add, name)
            _tell(add, getattr(value, name))
    else:
        raise TypeError(f"a {type(value).__name__} has no digest")


def _part(add: Callable[[bytes], None], kind: str, length: int) -> None:
    add(f"{kind} {length}\n".encode())


def _tell_table(add: Callable[[bytes], None], table: pl.DataFrame) -> None:
    for name, dtype in table.schema.items():
        # The categories are part of the content, and a long list of them is cut short where the type is printed.
        _tell(add, (name, str(dtype.base_type()), list(dtype.categories) if isinstance(dtype, pl.Enum) else str(dtype)))
    plain = [name for name, dtype in table.schema.items() if dtype.is_numeric() or isinstance(dtype, _PLAIN_TYPES)]
    for part in table.select(plain).iter_slices(_ROWS_AT_ONCE) if plain else ():
        written = part.write_csv(include_header=False).encode()
        _part(add, "rows", len(written))
        add(written)
    for name in table.columns:
        if name not in plain:
            _tell(add, repr(table[name].to_list()))
