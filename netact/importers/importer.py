"""What an importer is, and the marks by which a format is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from netact.importers.mapping import fold, words

if TYPE_CHECKING:
    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import PostTable
    from netact.importers.source_file import SourceFile
    from netact.network import Network


@dataclass(frozen=True)
class Begins:
    """A file that begins with these bytes."""

    magic: bytes


@dataclass(frozen=True)
class Text:
    """A text whose beginning, without byte order mark and leading blanks, matches a pattern."""

    pattern: str
    why: str


@dataclass(frozen=True)
class Json:
    """JSON whose first record (object, member of the first list, or line) has these fields.

    ``fields`` are paths: ``user.screen_name``; ``data[].author_id`` looks into the first members of a list, and ``[].x`` into
    a list that is the whole file. ``values`` are patterns that the texts at some paths match. ``without`` must be absent.
    """

    fields: frozenset[str]
    values: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Columns:
    """A table (CSV and relatives, workbook, Parquet) with these columns, compared without case, blanks and ``_ - .``."""

    columns: frozenset[str]
    without: frozenset[str] = frozenset()
    delimiter: str | None = None  # and only if this separates them


@dataclass(frozen=True)
class Members:
    """A zip archive or folder in which each of these patterns (case ignored) is found in the path of a file."""

    patterns: tuple[str, ...]


Signature = Begins | Text | Json | Columns | Members


def json_fields(text: str, *, without: str = "", **values: str) -> Json:
    """Return a signature of JSON from the paths in a text, separated by blanks; ``__`` in keywords stands for ``.``."""
    return Json(frozenset(text.split()), MappingProxyType(values), frozenset(without.split()))


def columns(text: str, *, without: str = "", delimiter: str | None = None) -> Columns:
    """Return a signature of a table from column names separated by blanks; ``_`` inside a name is not compared."""
    return Columns(words(text), words(without), delimiter)


@dataclass(frozen=True, eq=False)
class Importer:
    """A format netact reads: its marks and, by what the marks are of, how it is opened.

    Exactly one of ``read`` (a file), ``of_table`` (a table that has been opened), ``of_files`` (the files of an
    archive or folder) and ``of_network`` (a whole network that netact has written) is given. ``signatures`` may be empty
    for a format that must be asked for.

    Attributes
    ----------
    name
        What ``--format`` takes.
    title
        What people call it.
    wanted
        With ``of_files``: patterns (case ignored) of the names of the files that are unpacked and handed over; all if
        empty. The others are counted, and never leave the archive.
    positional
        With ``of_table``: the number of columns of a table without a header that is read if the format is told.
    """

    name: str
    title: str
    signatures: tuple[Signature, ...] = ()
    read: Callable[[SourceFile, SourceOptions], RawTable | PostTable] | None = None
    of_table: Callable[[RawTable, SourceFile, SourceOptions], PostTable] | None = None
    of_files: Callable[[Sequence[SourceFile], SourceOptions], RawTable | PostTable] | None = None
    of_network: Callable[[Sequence[SourceFile], SourceOptions], Network] | None = None
    wanted: tuple[str, ...] = ()
    positional: int = 0


def path_values(record: object, path: str) -> list[object]:
    """Return what is at a path of a record; empty if nothing is.

    >>> path_values({"data": [{"id": "1"}, {"id": "2"}]}, "data[].id")
    ['1', '2']
    """
    found = [record]
    for part in path.split("."):
        name, lists = part.removesuffix("[]"), part.endswith("[]")
        if name:
            found = [item[name] for item in found if isinstance(item, dict) and name in item]
        if lists:
            found = [member for item in found if isinstance(item, list) for member in item[:5]]
    return found


def json_matches(record: object, signature: Json) -> bool:
    """Whether a record has the fields of a signature."""
    if not all(path_values(record, path) for path in signature.fields):
        return False
    if any(path_values(record, path) for path in signature.without):
        return False
    return all(
        any(re.search(pattern, str(value)) for value in path_values(record, path.replace("__", ".")))
        for path, pattern in signature.values.items()
    )


def columns_match(names: Sequence[str], delimiter: str | None, signature: Columns) -> bool:
    """Whether a table has the columns of a signature."""
    folded = {fold(name) for name in names}
    if signature.delimiter is not None and signature.delimiter != delimiter:
        return False
    return signature.columns <= folded and not signature.without & folded


def members_match(names: Sequence[str], signature: Members) -> frozenset[str]:
    r"""Return the first file that each pattern of a signature is found in; nothing if one is found in none.

    >>> sorted(members_match(["x/Data/account.js", "x/data/tweets.js"], Members((r"data/account\.js$",))))
    ['x/Data/account.js']
    """
    found = set()
    for pattern in signature.patterns:
        name = next((name for name in names if re.search(pattern, name, flags=re.IGNORECASE)), None)
        if name is None:
            return frozenset()
        found.add(name)
    return frozenset(found)
