"""Zip archives: their files, unpacked one by one under names of our own, within limits."""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netact.errors import ImportFileError
from netact.importers.source_file import SourceFile, Unpacking, decompressed, open_source
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZIP = b"PK\x03\x04"
# An archive of more files is a tree of folders, not an export of tables.
MOST_MEMBERS = 1000
# Files of systems that users do not see and do not mean.
_UNSEEN = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", flags=re.IGNORECASE)
_ENCRYPTED = 0x1
# What reading a damaged archive ends in.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, RuntimeError)


@contextmanager
def open_files(path: str | Path, *, member: str | None = None) -> Iterator[list[SourceFile]]:
    """Open a file, or the files in a zip archive in the order of their names.

    Parameters
    ----------
    member
        The one file to open in an archive: its name, or its name without folders if no other bears it.

    Raises
    ------
    ImportFileError
        If it cannot be opened, unpacks to too much, or there is no such member.
    """
    with open_source(path) as opened:
        if is_archive(opened):
            yield _unpacked(opened, member)
        elif member is not None:
            raise ImportFileError(opened.name, "is not a zip archive", remedy="leave --member out")
        else:
            yield [opened]


def names_inside(source: SourceFile) -> set[str]:
    """Return the names in a zip container.

    Raises
    ------
    ImportFileError
        If it is broken.
    """
    try:
        with zipfile.ZipFile(source.plain) as archive:
            return set(archive.namelist())
    except _BROKEN as error:
        raise ImportFileError(source.name, "the zip archive is broken", remedy="copy or download it again") from error


def is_archive(source: SourceFile) -> bool:
    """Whether a file is a zip archive of files, and not a document that is packed as one."""
    if not source.head.startswith((ZIP, b"PK\x05\x06")):
        return False
    names = {name.lower() for name in names_inside(source)}
    document = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names
    return not document and not any(name.startswith("word/") for name in names) and not holds_arrays(names)


def holds_arrays(names: set[str]) -> bool:
    """Whether the names in a zip container are those of arrays that NumPy saved together."""
    return bool(names) and all(name.endswith(".npy") for name in names)


def _unpacked(source: SourceFile, member: str | None) -> list[SourceFile]:
    unpacking = Unpacking(source.path.name, source.path.stat().st_size)
    try:
        with zipfile.ZipFile(source.plain) as archive:
            infos, unseen = _members(archive, source, member)
            unpacking.expect(sum(info.file_size for info in infos))
            return [
                _extracted(archive, info, source, number, unpacking, unseen=unseen)
                for number, info in enumerate(infos, 1)
            ]
    except NotImplementedError as error:
        raise ImportFileError(
            source.name, "the zip archive is packed in a way netact does not know", remedy="pack it again as plain zip"
        ) from error
    except _BROKEN as error:
        raise ImportFileError(source.name, "the zip archive is broken", remedy="copy or download it again") from error


def _members(archive: zipfile.ZipFile, source: SourceFile, member: str | None) -> tuple[list[zipfile.ZipInfo], int]:
    """Return the files to read and how many others are passed over unseen."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise ImportFileError(
            source.name,
            f"the zip archive holds {len(infos):,} files; at most {MOST_MEMBERS:,} are read",
            remedy="pack only the tables",
        )
    for info in infos:
        place = info.filename.replace("\\", "/")
        if place.startswith("/") or re.match(r"[A-Za-z]:", place) or ".." in place.split("/"):
            raise ImportFileError(
                source.name,
                "the zip archive names a file outside itself, as no program should",
                found=_printable(info.filename)[:100],
                remedy="do not trust it; pack the files again",
            )
    files = [info for info in infos if not info.filename.endswith("/")]
    seen = [info for info in files if info.file_size and not _UNSEEN.search(info.filename) and not _is_link(info)]
    seen.sort(key=lambda info: info.filename)
    listed = ", ".join(_printable(info.filename)[:100] for info in (seen or files)[:5]) + (
        ", ..." if len(files) > 5 else ""
    )
    if not seen:
        raise ImportFileError(
            source.name, "the zip archive holds no file to read", found=listed or "nothing", remedy="pack the tables"
        )
    if member is not None:
        names = [_printable(info.filename) for info in seen]
        chosen = [info for info, name in zip(seen, names, strict=True) if name == member] or [
            info for info, name in zip(seen, names, strict=True) if name.rpartition("/")[2] == member
        ]
        if len(chosen) != 1:
            what = f"no file {member!r} in the zip archive" if not chosen else f"several files are called {member!r}"
            raise ImportFileError(source.name, what, found=listed, remedy="pass --member with one of these")
        seen = chosen
    if any(info.flag_bits & _ENCRYPTED for info in seen):
        raise ImportFileError(
            source.name,
            "the zip archive is protected by a password",
            remedy="unpack it with the password and name the files in it",
        )
    return seen, len(files) - len(seen) if member is None else 0


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name) or "(no name)"


def _extracted(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    source: SourceFile,
    number: int,
    unpacking: Unpacking,
    *,
    unseen: int,
) -> SourceFile:
    """Unpack one file into a folder of its own under a name of our own."""
    folder = source.temporary(f"member-{number}")
    folder.mkdir()
    path = folder / "packed"
    with archive.open(info) as stream, path.open("wb") as out:
        unpacking.copy(stream, out)  # type: ignore[arg-type]
    unpacking.file = f"{source.path.name}/{_printable(info.filename)}"
    plain, compression = decompressed(path, folder / "plain", unpacking)
    unpacking.file = source.path.name
    with plain.open("rb") as head:
        begin = head.read(1 << 16)
    note = Message("in a zip archive")
    if unseen:
        note = Message.counting(
            "in a zip archive, {n:count} hidden or empty file of which is passed over",
            "in a zip archive, {n:count} hidden or empty files of which are passed over",
            unseen,
        )
    name = _printable(info.filename)
    return SourceFile(source.path, plain, folder, source.sha256, compression, begin, member=name, note=note)
