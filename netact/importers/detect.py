"""What kind of file this is, told by its bytes and never by its name; with the evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from netact.errors import ImportFileError
from netact.importers.archive import ZIP, is_archive, names_inside
from netact.importers.source_file import decoded_head
from netact.language import Message

if TYPE_CHECKING:
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


_TABLE = "save the sheet as .xlsx or as CSV UTF-8"
_GRAPH = "open it in Gephi and export it as GraphML or GEXF"
_JSON = "turn it into a table with one row an interaction (source, target, kind, time) and read that"
_AGAIN = "export the data as JSON or CSV; a page for reading does not hold the ties"

# First match wins: beginning of the file -> format read, or why not.
MAGIC: tuple[tuple[bytes, str | _Refused], ...] = (
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", _Refused("an old Excel workbook (.xls)", _TABLE)),
    (b"ARROW1", _Refused("an Arrow or Feather file", "save it as Parquet")),
    (b"%PDF", _Refused("a PDF", _AGAIN)),
    (b"\x89PNG", _Refused("a picture", _AGAIN)),
    (b"\xff\xd8\xff", _Refused("a picture", _AGAIN)),
    (b"BZh", _Refused("a bzip2 archive", "unpack it first")),
    (b"\xfd7zXZ", _Refused("an xz archive", "unpack it first")),
    (b"7z\xbc\xaf", _Refused("a 7z archive", "unpack it first")),
    (b"Rar!", _Refused("a RAR archive", "unpack it first")),
    (b"SQLite format 3", _Refused("an SQLite database", "export the table of interactions as CSV")),
)

# Tried in order on the beginning of the text, byte order mark and blanks removed.
TEXT: tuple[tuple[str, str | _Refused, str], ...] = (
    (r"(window\.)?YTD\.", _Refused("a file of an X account archive", _JSON), "begins with window.YTD"),
    (r"(?s)<.{0,4000}?<graphml[\s>]|<graphml[\s>]", "graphml", Message("XML with the element graphml")),
    (r"(?s)<.{0,4000}?<gexf[\s>]|<gexf[\s>]", "gexf", Message("XML with the element gexf")),
    (r"(?i)<!doctype html|<html[\s>]", _Refused("an HTML page", _AGAIN), "HTML"),
    (r"(?s)<\?xml.{0,2000}?<html[\s>]", _Refused("an HTML page", _AGAIN), "HTML"),
    (r"<\?xml|<mediawiki|<svg", _Refused("an XML file of another kind", _GRAPH), "XML"),
    (r"%%MatrixMarket", _Refused("a Matrix Market file", "save it as an edge list"), "MatrixMarket banner"),
    (r"(?i)\*(vertices|network|arcs|edges)\b", _Refused("a Pajek file", _GRAPH), "Pajek section"),
    (r"(?i)(creator\b[^\n]*\n\s*)?(version\b[^\n]*\n\s*)?graph\s*\[", _Refused("a GML file", _GRAPH), "GML"),
    (r"(?i)nodedef\s*>", _Refused("a GDF file", _GRAPH), "GDF"),
    (r'\{\s*["}]|\[\s*[\[\]{"]|\[\s*-?\d+\s*[,\]]', "json", Message("begins as JSON")),
    (r"\{\\rtf", _Refused("a word processor document", "save it as plain text"), "RTF"),
)


def detect(source: SourceFile) -> Detected:
    """Say what a file is.

    Raises
    ------
    ImportFileError
        If it is recognised as something netact does not read.
    """
    packed = ((source.note,) if source.note else ()) + (
        (f"{source.compression} compression",) if source.compression else ()
    )
    if source.head.startswith(ZIP):
        return _detect_zip(source, packed)
    for magic, verdict in MAGIC:
        if source.head.startswith(magic):
            if isinstance(verdict, _Refused):
                _refuse(source, verdict)
            return Detected(verdict, (*packed, Message("begins with {marks}", marks=magic.decode("latin-1"))))
    text = decoded_head(source).lstrip("\ufeff\x1e \t\r\n")
    for pattern, verdict, why in TEXT:
        if re.match(pattern, text):
            if isinstance(verdict, _Refused):
                _refuse(source, verdict)
            return Detected(verdict, (*packed, why))
    return Detected("delimited", (*packed, Message("text without the marks of another format")))


def _refuse(source: SourceFile, verdict: _Refused) -> NoReturn:
    raise ImportFileError(source.name, f"this is {verdict.what}, which netact does not read", remedy=verdict.remedy)


def _detect_zip(source: SourceFile, packed: tuple[str, ...]) -> Detected:
    names = names_inside(source)
    if is_archive(source):
        # The archive the user named has been opened before this.
        _refuse(source, _Refused("a zip archive inside an archive", "unpack it and name the files in it"))
    if any(name.startswith("word/") for name in names):
        _refuse(source, _Refused("a Word document", "save its table as CSV"))
    if "content.xml" in names:
        _refuse(source, _Refused("an OpenDocument file", _TABLE))
    return Detected("xlsx", (*packed, Message("zip archive with xl/workbook")))
