"""The detection cascade: what kind of file this is, told by its content and never by its name; with the evidence.

First match wins: the beginning of the bytes, the beginning of the text, the fields of the first JSON records, the columns of
a table. Where the marks of several formats fit equally well, that is said and none is chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.archive import ZIP, is_archive, names_inside
from netact.importers.follower_list import is_follower_list
from netact.importers.formats import IMPORTERS
from netact.importers.importer import (
    Begins,
    Columns,
    Json,
    Members,
    Text,
    columns_match,
    json_matches,
    members_match,
)
from netact.importers.json_records import first_values
from netact.importers.mapping import fold
from netact.importers.source_file import decoded_head
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.importers.importer import Importer
    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile


@dataclass(frozen=True)
class Detected:
    """A format's name in ``IMPORTERS`` and why it was chosen."""

    format: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Refused:
    """A format that is recognised but not read."""

    what: str
    remedy: str
    holds_none: bool = False  # what it is tells that it holds no interactions


_NO_MARKS = Message("text without the marks of another format")

_TABLE = "save the sheet as .xlsx or as CSV UTF-8"
_GRAPH = "open it in Gephi and export it as GraphML or GEXF"
_AGAIN = "export the data as JSON or CSV; a page for reading does not hold the ties"

_REFUSED_BYTES: tuple[tuple[bytes, _Refused], ...] = (
    (b"\xd0\xcf\x11\xe0", _Refused("an old Excel workbook (.xls), or one protected by a password", _TABLE)),
    (b"FEA1", _Refused("a Feather file of the first version", "save it as Parquet")),
    (b"%PDF", _Refused("a PDF", _AGAIN, holds_none=True)),
    (b"\x89PNG", _Refused("a picture", _AGAIN, holds_none=True)),
    (b"\xff\xd8\xff", _Refused("a picture", _AGAIN, holds_none=True)),
    (b"BZh", _Refused("a bzip2 archive", "unpack it first")),
    (b"\xfd7zXZ", _Refused("an xz archive", "unpack it first")),
    (b"7z\xbc\xaf", _Refused("a 7z archive", "unpack it first")),
    (b"Rar!", _Refused("a RAR archive", "unpack it first")),
    (b"SQLite format 3", _Refused("an SQLite database", "export the table of interactions as CSV")),
)

# Tried after the formats that are read.
_REFUSED_TEXT: tuple[tuple[str, _Refused], ...] = (
    (
        r"Account address\s*[\r\n]",
        _Refused(
            "a list of addresses that does not say whether they follow or are followed",
            "write it as a table with the columns follower and followed",
        ),
    ),
    (r"={20,}\s*Guild: ", _Refused("a Discord chat as plain text", "export it again as JSON")),
    (
        r"\W{0,2}AuthorID\W{1,3}Author\W{1,3}Date\W{1,3}Content\W",
        _Refused("a Discord chat as CSV, which does not tell who answers whom", "export it again as JSON"),
    ),
    (r"(?i)<!doctype html|<html[\s>]", _Refused("an HTML page", _AGAIN, holds_none=True)),
    (r"(?s)<\?xml.{0,2000}?<html[\s>]", _Refused("an HTML page", _AGAIN, holds_none=True)),
    (r"<\?xml|<svg|<[a-z]+[\s>]", _Refused("an XML file of another kind", _GRAPH, holds_none=True)),
    (r"\{\\rtf", _Refused("a word processor document", "save it as plain text", holds_none=True)),
)

_JSON_BEGINS = r'\{\s*["}]|\[\s*[\[\]{"]|\[\s*-?\d+\s*[,\]]'

_TABLES = frozenset({"delimited", "xlsx", "parquet", "arrow"})


def detect(source: SourceFile, options: SourceOptions) -> Detected:
    """Say what a file is; of a table only that it is one (see :func:`detect_table`).

    Raises
    ------
    ImportFileError
        If it is recognised as something netact does not read, or as several things.
    """
    packed = ((source.note,) if source.note else ()) + (
        (f"{source.compression} compression",) if source.compression else ()
    )
    if source.head.startswith(ZIP) and (found := _detect_zip(source, packed)):
        return found
    for importer in IMPORTERS.values():
        for signature in importer.signatures:
            if isinstance(signature, Begins) and source.head.startswith(signature.magic):
                marks = Message("begins with {marks}", marks=signature.magic.decode("latin-1"))
                return Detected(importer.name, (*packed, marks))
    for magic, refused in _REFUSED_BYTES:
        if source.head.startswith(magic):
            _refuse(source, refused)
    text = decoded_head(source).lstrip("\ufeff\x1e \t\r\n")
    for importer in IMPORTERS.values():
        for signature in importer.signatures:
            if isinstance(signature, Text) and re.match(signature.pattern, text):
                return Detected(importer.name, (*packed, signature.why))
    if re.match(_JSON_BEGINS, text):
        return _detect_json(source, options, packed)
    for pattern, refused in _REFUSED_TEXT:
        if re.match(pattern, text):
            _refuse(source, refused)
    if is_follower_list(source, options):
        return Detected("follower-list", (*packed, Message("one account a line, and a name or header of followers")))
    return Detected("delimited", (*packed, _NO_MARKS))


def detect_table(table: RawTable, found: Detected, source: SourceFile, options: SourceOptions) -> Detected:
    """Say whether the columns of a table are those of an export of posts.

    Raises
    ------
    ImportFileError
        If they are those of several.
    """
    if found.format not in _TABLES or not table.header or (options.source and options.target):
        return found
    delimiter = (table.dialect or {}).get("delimiter")
    matches = {
        importer: signature.columns
        for importer in IMPORTERS.values()
        for signature in importer.signatures
        if isinstance(signature, Columns) and columns_match(table.columns, delimiter, signature)
    }
    if not matches:
        return found
    chosen = _most_specific(matches, source)
    # As the file spells them, in its order.
    names = [name for name in dict.fromkeys(table.columns) if fold(name) in matches[chosen]][:6]
    why = Message("has the columns of {format}: {names}", format=chosen.title, names=", ".join(names))
    return Detected(chosen.name, (*(line for line in found.evidence if line != _NO_MARKS), why))


def detect_members(names: Sequence[str], source: SourceFile) -> Detected | None:
    """Say of which export the files of an archive or folder are, by their names alone; None if of none.

    Raises
    ------
    ImportFileError
        If they are those of several.
    """
    matches: dict[Importer, frozenset[str]] = {}
    for importer in IMPORTERS.values():
        for signature in importer.signatures:
            if isinstance(signature, Members) and (found := members_match(names, signature)):
                matches[importer] = matches.get(importer, frozenset()) | found
    if not matches:
        return None
    chosen = _most_specific(matches, source)
    listed = ", ".join(sorted(matches[chosen])[:6])
    return Detected(chosen.name, (Message("holds the files of {format}: {names}", format=chosen.title, names=listed),))


def _detect_json(source: SourceFile, options: SourceOptions, packed: tuple[str, ...]) -> Detected:
    begins = Message("begins as JSON")
    if options.source and options.target:
        return Detected("json", (*packed, begins))
    for value in first_values(source, options):
        matches = {
            importer: signature.fields
            for importer in IMPORTERS.values()
            for signature in importer.signatures
            if isinstance(signature, Json) and json_matches(value, signature)
        }
        if matches:
            chosen = _most_specific(matches, source)
            names = sorted(matches[chosen])[:6]
            why = Message("has the fields of {format}: {names}", format=chosen.title, names=", ".join(names))
            return Detected(chosen.name, (*packed, begins, why))
    return Detected("json", (*packed, begins))


def _most_specific(matches: dict[Importer, frozenset[str]], source: SourceFile) -> Importer:
    """Return the importer whose marks include those of all others.

    Raises
    ------
    ImportFileError
        If there is none.
    """
    best = max(matches, key=lambda importer: len(matches[importer]))
    if any(importer is not best and not matches[importer] < matches[best] for importer in matches):
        names = " or ".join(sorted(importer.name for importer in matches))
        raise ImportFileError(
            source.name,
            "the marks of several formats fit",
            found="; ".join(sorted(f"{importer.name}: {importer.title}" for importer in matches)),
            remedy=f"pass --format {names}",
        )
    return best


def _refuse(source: SourceFile, verdict: _Refused) -> NoReturn:
    kind = NoInteractionsError if verdict.holds_none else ImportFileError
    raise kind(source.name, f"this is {verdict.what}, which netact does not read", remedy=verdict.remedy)


def _detect_zip(source: SourceFile, packed: Sequence[str]) -> Detected | None:
    names = names_inside(source)
    if "xl/workbook.xml" in {name.lower() for name in names} or "xl/workbook.bin" in names:
        return Detected("xlsx", (*packed, Message("zip archive with xl/workbook")))
    if any(name.startswith("word/") for name in names):
        _refuse(source, _Refused("a Word document", "save its table as CSV", holds_none=True))
    if "content.xml" in names:
        _refuse(source, _Refused("an OpenDocument file", _TABLE))
    if names and all(name.endswith(".npy") for name in names):
        return Detected("npz", (*packed, Message("zip archive of NumPy arrays"))) if "npz" in IMPORTERS else None
    if is_archive(source):
        # The archive the user named has been opened before this.
        _refuse(source, _Refused("a zip archive inside an archive", "unpack it and name the files in it"))
    return None
