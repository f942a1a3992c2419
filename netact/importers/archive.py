"""Zip archives and folders: their files, opened one by one under names of our own, within limits."""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from netact.errors import ImportFileError
from netact.importers.source_file import (
    STANDARD_INPUT,
    Meter,
    SourceFile,
    Stretch,
    Unpacking,
    decompressed,
    file_sha256,
    open_source,
    scratch_folder,
    shown_name,
)
from netact.language import Message

ZIP, EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
# An archive of more files than this to read is a tree of folders, not an export of tables.
MOST_MEMBERS = 10_000
# More than this are not even listed.
MOST_NAMES = 1_000_000
# Files of systems that users do not see and do not mean.
_UNSEEN = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", flags=re.IGNORECASE)
# Files that describe others, as far as names tell; read only where nothing else is there.
_ABOUT = re.compile(
    r"(^|/)(readme|licen[cs]e|copying|notice|changelog|citation|authors|codebook)[^/]{0,20}$", flags=re.IGNORECASE
)
_ENCRYPTED = 0x1
# What reading a damaged archive ends in.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Member:
    """A file in a zip archive or folder, not opened yet."""

    name: str  # with its folders, as it is shown
    size: int
    place: zipfile.ZipInfo | Path

    @property
    def about(self) -> bool:
        """Whether its name is that of a file that describes others."""
        return _ABOUT.search(self.name) is not None


@dataclass(frozen=True)
class Package:
    """A zip archive or a folder.

    Attributes
    ----------
    source
        The whole, as receipts name it.
    members
        The files in it in the order of their names, without hidden and empty ones and links.
    unseen
        How many files that leaves out.
    """

    source: SourceFile
    members: tuple[Member, ...]
    unseen: int
    archive: zipfile.ZipFile | None  # None of a folder

    @property
    def names(self) -> list[str]:
        """The names of the members."""
        return [member.name for member in self.members]

    @property
    def listed(self) -> str:
        """The first names, for messages."""
        return ", ".join(name[:100] for name in self.names[:5]) + (", ..." if len(self.members) > 5 else "")

    @property
    def note(self) -> Message:
        """What the receipt of each of its files says of it."""
        if self.archive is None and not self.unseen:
            return Message("in a folder")
        if self.archive is None:
            return Message.counting(
                "in a folder, {n:count} hidden or empty file of which is passed over",
                "in a folder, {n:count} hidden or empty files of which are passed over",
                self.unseen,
            )
        if not self.unseen:
            return Message("in a zip archive")
        return Message.counting(
            "in a zip archive, {n:count} hidden or empty file of which is passed over",
            "in a zip archive, {n:count} hidden or empty files of which are passed over",
            self.unseen,
        )

    def expect(self, members: Sequence[Member]) -> Unpacking:
        """Check what files will unpack to before any of them is, and return the counter for unpacking them.

        Raises
        ------
        ImportFileError
            If it is too much, or one of them is protected by a password.
        """
        infos = [member.place for member in members if isinstance(member.place, zipfile.ZipInfo)]
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise ImportFileError(
                self.source.name,
                "the zip archive is protected by a password",
                remedy="unpack it with the password and name the files in it",
            )
        unpacking = Unpacking(self.source.name, self.source.size)
        if self.archive is not None:
            unpacking.expect(sum(info.file_size for info in infos))
        return unpacking

    def one_by_one(self, members: Sequence[Member]) -> Iterator[Callable[[], SourceFile]]:
        """Yield what opens each of the files; what was unpacked of one is removed before the next.

        Raises
        ------
        ImportFileError
            If the archive is broken or unpacks to too much.
        """
        unpacking = self.expect(members)
        stretches = self._stretches(members)
        for number, (member, stretch) in enumerate(zip(members, stretches, strict=True), 1):
            folder = self.source.temporary(f"member-{number}")
            folder.mkdir()
            try:
                yield lambda: self._opened(member, folder, unpacking, stretch)  # noqa: B023
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            stretch.reach(1)

    def unpacked(self, members: Sequence[Member]) -> list[SourceFile]:
        """Unpack files, all at once.

        Raises
        ------
        ImportFileError
            If the archive is broken or they unpack to too much.
        """
        unpacking = self.expect(members)
        files = []
        for number, (member, stretch) in enumerate(zip(members, self._stretches(members), strict=True), 1):
            folder = self.source.temporary(f"member-{number}")
            folder.mkdir()
            files.append(self._opened(member, folder, unpacking, stretch))
        return files

    def chosen(self, name: str) -> Member:
        """Return the member of this name, or of this name without folders if no other bears it.

        Raises
        ------
        ImportFileError
            If there is none, or several.
        """
        found = [member for member in self.members if member.name == name] or [
            member for member in self.members if member.name.rpartition("/")[2] == name
        ]
        if len(found) != 1:
            where = "folder" if self.archive is None else "zip archive"
            what = f"no file {name!r} in the {where}" if not found else f"several files are called {name!r}"
            raise ImportFileError(self.source.name, what, found=self.listed, remedy="pass --member with one of these")
        return found[0]

    def _stretches(self, members: Sequence[Member]) -> list[Stretch]:
        """Return the part of the meter that each file takes, by its size."""
        whole = self.source.stretch
        total = sum(member.size for member in members) or 1
        stretches, before = [], 0
        for member in members:
            stretches.append(whole.part(before / total, (before + member.size) / total))
            before += member.size
        return stretches

    def _opened(self, member: Member, folder: Path, unpacking: Unpacking, stretch: Stretch) -> SourceFile:
        name = f"{self.source.name}/{member.name}"
        unpacking.file, unpacking.stretch = name, stretch.part(0, 0.2)
        if isinstance(member.place, Path):
            unpacking = Unpacking(name, member.size, stretch=unpacking.stretch)
            path, digest = member.place, _digest(member.place, name)
        else:
            path, digest = folder / "packed", self.source.sha256
            self._unpack(member.place, path, unpacking)
        plain, compression = decompressed(path, folder / "plain", unpacking)
        with plain.open("rb") as stream:
            head = stream.read(1 << 16)
        return SourceFile(
            self.source.path, plain, folder, digest, compression, head, member.name, self.note, member.size, stretch
        )

    def _unpack(self, info: zipfile.ZipInfo, path: Path, unpacking: Unpacking) -> None:
        """Unpack one file under a name of our own."""
        unpacking.file = self.source.name
        try:
            with cast("zipfile.ZipFile", self.archive).open(info) as stream, path.open("wb") as out:
                unpacking.copy(cast("BinaryIO", stream), out)
        except NotImplementedError as error:
            raise ImportFileError(
                self.source.name,
                "the zip archive is packed in a way netact does not know",
                remedy="pack it again as plain zip",
            ) from error
        except _BROKEN as error:
            _broken(self.source, error)
        unpacking.file = f"{self.source.name}/{_printable(info.filename)}"


@contextmanager
def open_path(
    path: str | Path, *, member: str | None = None, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[SourceFile | Package]:
    """Open a file or standard input, or look into a zip archive or folder without opening its files.

    Parameters
    ----------
    member
        The one file to open in an archive or folder: its name, or its name without folders if no other bears it.
    progress
        Called with the name of the file, the bytes done and the bytes in all.

    Raises
    ------
    ImportFileError
        If it cannot be opened, unpacks to too much, or there is no such member.
    """
    if str(path) != STANDARD_INPUT and Path(path).is_dir():
        with scratch_folder() as scratch:
            yield from _told(_folder(Path(path), scratch, progress), member)
        return
    with open_source(path, progress=progress) as source:
        if is_archive(source):
            with _zip(source) as package:
                yield from _told(package, member)
        elif member is not None:
            raise ImportFileError(source.name, "is not a zip archive", remedy="leave --member out")
        else:
            yield source


def _told(package: Package, member: str | None) -> Iterator[SourceFile | Package]:
    if member is None:
        yield package
        return
    for opened in package.one_by_one([package.chosen(member)]):
        yield opened()


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
        _broken(source, error)


def is_archive(source: SourceFile) -> bool:
    """Whether a file is a zip archive of files, and not a document that is packed as one."""
    if not source.head.startswith((ZIP, EMPTY_ZIP)):
        return False
    names = {name.lower() for name in names_inside(source)}
    document = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names
    return not document and not any(name.startswith("word/") for name in names) and not holds_arrays(names)


def holds_arrays(names: set[str]) -> bool:
    """Whether the names in a zip container are those of arrays that NumPy saved together."""
    return bool(names) and all(name.endswith(".npy") for name in names)


def content_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file; of a folder, that of the names and contents of the files in it that are read."""
    path = Path(path)
    if not path.is_dir():
        return file_sha256(path)
    digest = hashlib.sha256()
    for member in _files(path)[0]:
        content = _digest(cast("Path", member.place), member.name)
        digest.update(f"{content} {member.name}\n".encode(errors="replace"))
    return digest.hexdigest()


@contextmanager
def _zip(source: SourceFile) -> Iterator[Package]:
    try:
        archive = zipfile.ZipFile(source.plain)
    except _BROKEN as error:
        _broken(source, error)
    with archive:
        members, unseen = _zipped(archive, source)
        yield Package(source, members, unseen, archive)


def _broken(source: SourceFile, error: BaseException) -> NoReturn:
    if isinstance(error, ImportFileError):
        raise error
    raise ImportFileError(source.name, "the zip archive is broken", remedy="copy or download it again") from error


def _zipped(archive: zipfile.ZipFile, source: SourceFile) -> tuple[tuple[Member, ...], int]:
    """Return the files in a zip archive and how many others are passed over unseen."""
    infos = archive.infolist()
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
    if not seen:
        found = ", ".join(_printable(info.filename)[:100] for info in files[:5]) + (", ..." if len(files) > 5 else "")
        raise ImportFileError(
            source.name, "the zip archive holds no file to read", found=found or "nothing", remedy="pack the tables"
        )
    seen.sort(key=lambda info: info.filename)
    members = tuple(Member(_printable(info.filename), info.file_size, info) for info in seen)
    return members, len(files) - len(seen)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _folder(path: Path, scratch: Path, progress: Callable[[str, int, int], None] | None) -> Package:
    members, unseen = _files(path)
    name, total = shown_name(path), sum(member.size for member in members)
    if not members:
        found = f"{unseen:,} hidden or empty" if unseen else "nothing"
        raise ImportFileError(name, "the folder holds no file to read", found=found, remedy="name the files")
    stretch = Stretch() if progress is None else Stretch(Meter(name, total, progress), 0, total)
    source = SourceFile(path, path, scratch, "", None, b"", size=total, stretch=stretch)
    return Package(source, members, unseen, None)


def _files(path: Path) -> tuple[tuple[Member, ...], int]:
    """Return the files in a folder and the folders in it, and how many others are passed over; links are not followed."""
    members: list[Member] = []
    unseen = 0

    def refuse(error: OSError) -> NoReturn:
        raise ImportFileError(
            Path(error.filename or path).name, "cannot be opened", found=error.strerror, remedy="check its rights"
        ) from error

    for folder, folders, files in os.walk(path, onerror=refuse):
        folders.sort()
        for name in files:
            place = Path(folder, name)
            inside = place.relative_to(path).as_posix()
            facts = place.lstat()
            if not stat.S_ISREG(facts.st_mode) or not facts.st_size or _UNSEEN.search(inside):
                unseen += 1
            else:
                members.append(Member(_printable(inside), facts.st_size, place))
        unseen += sum(Path(folder, name).is_symlink() for name in folders)
        if len(members) + unseen > MOST_NAMES:
            raise ImportFileError(
                shown_name(path), f"the folder holds more than {MOST_NAMES:,} files", remedy="name the files to read"
            )
    members.sort(key=lambda member: member.name)
    return tuple(members), unseen


def _digest(path: Path, name: str) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise ImportFileError(name, "cannot be opened", found=error.strerror, remedy="check its rights") from error


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name) or "(no name)"
