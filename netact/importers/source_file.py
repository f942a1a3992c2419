"""One input file, opened: hashed as it lies on disk, decompressed where needed, its text looked over once."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
import zstandard

from netact.errors import ImportFileError

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

# What compressed files may unpack to, so that a small file cannot fill the disk. Exports that one machine can analyse
# (some ten million rows) stay below 16 GiB; text packs 5 to 30 times, the most repetitive tables of ids hardly 100
# times, while files made to do harm begin at 1,000. Below 64 MiB the ratio is not looked at: small samples of one
# repeated row are harmless.
MOST_UNPACKED = 16 << 30
MOST_RATIO = 200
RATIO_FROM = 64 << 20
_CHUNK = 1 << 20
_PIECE = 1 << 16

# Encodings that cannot be told from the bytes: used only when the user names one.
LEGACY_ENCODINGS = ("cp1252", "cp1251", "cp1256")


# The path that stands for standard input, and what it is called.
STANDARD_INPUT, STANDARD_INPUT_NAME = "-", "standard input"

# Shares of the work on a file, for progress: each pass over it ends at one of these.
_HASHED, _UNPACKED, _LOOKED_OVER = 0.05, 0.2, 0.3
_TELL_EVERY = 0.1  # seconds


@dataclass
class Meter:
    """Tells how much of a file, or of all files of an archive, has been read.

    ``tell`` is called with the name, the bytes done and the bytes in all, at most ten times a second and at the end. A
    file is passed over more than once (its hash, its text, its records), so the bytes done are the part of the work
    that is done, in bytes of the file; they never go back.
    """

    name: str
    total: int
    tell: Callable[[str, int, int], None]
    done: int = 0
    told: float = field(default=0.0, repr=False)

    def reach(self, done: float) -> None:
        """Say that so many bytes are done."""
        if done <= self.done:
            return
        self.done = min(int(done), self.total)
        now = time.monotonic()
        if now - self.told >= _TELL_EVERY or self.done == self.total:
            self.told = now
            self.tell(self.name, self.done, self.total)


@dataclass(frozen=True)
class Stretch:
    """The part of a meter that one file takes: its bytes on disk begin at ``start`` and are ``size`` many."""

    meter: Meter | None = None
    start: float = 0.0
    size: float = 0.0

    def part(self, begin: float, end: float) -> Stretch:
        """Return the stretch between two shares of this one."""
        return replace(self, start=self.start + begin * self.size, size=(end - begin) * self.size)

    def reach(self, share: float) -> None:
        """Say that a share of it is done."""
        if self.meter is not None:
            self.meter.reach(self.start + min(share, 1.0) * self.size)


class _Counted(io.FileIO):
    """A file that says how far it has been read."""

    def __init__(self, path: Path, stretch: Stretch) -> None:
        super().__init__(path)
        self._stretch = stretch
        self._length = max(path.stat().st_size, 1)
        self._passed = 0

    def _count(self, read: int) -> None:
        self._passed += read
        self._stretch.reach(self._passed / self._length)

    def readinto(self, buffer: bytearray) -> int | None:  # type: ignore[override]
        read = super().readinto(buffer)
        self._count(read or 0)
        return read

    def readall(self) -> bytes:
        content = super().readall()
        self._count(len(content))
        return content


def opened(path: Path, stretch: Stretch) -> BinaryIO:
    """Open a file whose reading counts as progress."""
    if stretch.meter is None:
        return path.open("rb", _CHUNK)
    return io.BufferedReader(cast("io.FileIO", _Counted(path, stretch)), _CHUNK)


@dataclass(frozen=True)
class SourceFile:
    """A file ready to be read.

    ``plain`` is the file itself, or its decompressed copy in ``folder``, a temporary folder that is removed when the
    file is closed. Of an archive or folder that is read as a whole, ``plain`` and ``head`` say nothing.
    """

    path: Path
    plain: Path
    folder: Path
    sha256: str
    compression: str | None
    head: bytes  # the first 64 KiB of ``plain``
    member: str = ""  # the name inside an archive
    note: str = ""  # what is to be said of the archive
    size: int = 0  # bytes on disk
    stretch: Stretch = field(default=Stretch(), repr=False)

    @property
    def name(self) -> str:
        """The file's name without its folder; of a file in an archive, ``archive.zip/inner.csv``."""
        own = shown_name(self.path)
        return f"{own}/{self.member}" if self.member else own

    def temporary(self, name: str) -> Path:
        """Return the path of a temporary file."""
        return self.folder / name

    def open(self) -> BinaryIO:
        """Open it for reading the records; what is read counts as progress."""
        return opened(self.plain, self.stretch.part(_LOOKED_OVER, 1))


def shown_name(path: Path) -> str:
    """Return what a file is called in messages: its name without its folder."""
    return STANDARD_INPUT_NAME if str(path) == STANDARD_INPUT else path.name or str(path.absolute().name) or str(path)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a temporary folder that is removed at the end, and remove those of runs that were killed.

    The process is in its name, and holds a lock on it as long as it lives.
    """
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        lock = os.open(name, os.O_RDONLY) if fcntl is not None else None
        try:
            if lock is not None and fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_SH)
            yield Path(name)
        finally:
            if lock is not None:
                os.close(lock)


_SCRATCH = "netact-"


def _sweep(place: Path) -> None:
    """Remove temporary folders whose process is gone."""
    for folder in place.glob(f"{_SCRATCH}*"):
        found = re.fullmatch(rf"{_SCRATCH}(\d+)-\w+", folder.name)
        if found is None or folder.is_symlink() or _lives(int(found[1])):
            continue
        with suppress(OSError):
            if folder.stat().st_uid == os.getuid() and not _is_locked(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_locked(folder: Path) -> bool:
    """Whether a process that cannot be seen from here, as one in another container, holds the folder."""
    if fcntl is None:
        return True
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@dataclass
class Unpacking:
    """Counts what a compressed file unpacks to and stops it at the limits above."""

    file: str
    packed: int  # bytes
    unpacked: int = 0
    stretch: Stretch = field(default=Stretch(), repr=False)

    def expect(self, size: int) -> None:
        """Check a size that the archive states before anything is unpacked."""
        self._check(self.unpacked + size)

    def copy(self, stream: BinaryIO, out: BinaryIO) -> None:
        """Copy a decompressing stream."""
        while chunk := stream.read(_CHUNK):
            self.unpacked += len(chunk)
            self._check(self.unpacked)
            try:
                out.write(chunk)
            except OSError as error:
                raise ImportFileError(
                    self.file, "no room to unpack it", found=error.strerror, remedy="free space in the temporary folder"
                ) from error

    def _check(self, size: int) -> None:
        if size > MOST_UNPACKED:
            raise ImportFileError(
                self.file, f"unpacks to more than {MOST_UNPACKED >> 30} GiB", remedy="split it into smaller files"
            )
        if size > RATIO_FROM and size > MOST_RATIO * self.packed:
            raise ImportFileError(
                self.file,
                f"unpacks to more than {MOST_RATIO} times its size, as no table does",
                remedy="unpack it yourself if you trust it, and name the file inside",
            )


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes of a text tells."""

    encoding: str  # a Python codec name
    evidence: str
    newlines: int  # line feeds, or carriage returns where there is no line feed
    returns_only: bool = False  # lines end in a carriage return alone, as on old Macs
    damaged: int = 0  # bytes that are not UTF-8 in a file that otherwise is


@contextmanager
def open_source(path: str | Path, *, progress: Callable[[str, int, int], None] | None = None) -> Iterator[SourceFile]:
    """Open a file, or standard input (``-``), for reading.

    Parameters
    ----------
    progress
        Called with the name of the file, the bytes done and the bytes in all; see :class:`Meter`.

    Raises
    ------
    ImportFileError
        If there is no such file, it is a folder, is empty, or its compression is broken.
    """
    path = Path(path)
    name = shown_name(path)
    if str(path) != STANDARD_INPUT and not path.exists():
        raise ImportFileError(str(path), "no such file", remedy="check the path")
    if path.is_dir():
        raise ImportFileError(str(path), "is a folder", remedy="name the files in it")
    with scratch_folder() as folder:
        there = spooled(path, folder)
        try:
            size = there.stat().st_size
            stretch = Stretch() if progress is None else Stretch(Meter(name, size, progress), 0, size)
            digest = file_sha256(there, stretch.part(0, _HASHED))
        except OSError as error:
            raise ImportFileError(
                str(path), "cannot be opened", found=error.strerror, remedy="check its rights"
            ) from error
        if size == 0:
            raise ImportFileError(name, "the file is empty", remedy="export it again")
        unpacking = Unpacking(name, size, stretch=stretch.part(_HASHED, _UNPACKED))
        plain, compression = decompressed(there, folder / "plain", unpacking)
        with plain.open("rb") as stream:
            head = stream.read(1 << 16)
        if not head:
            raise ImportFileError(name, "the compressed file holds nothing", remedy="export it again")
        yield SourceFile(path, plain, folder, digest, compression, head, size=size, stretch=stretch)
        stretch.reach(1)


def file_sha256(path: Path, stretch: Stretch = Stretch()) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    with opened(path, stretch) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def readable_again(path: str | Path) -> Iterator[Path]:
    """Give a file that can be read more than once: the file itself, or a copy of standard input or of a pipe.

    Raises
    ------
    ImportFileError
        If it is a device, or there is no room for the copy.
    """
    path = Path(path)
    if str(path) != STANDARD_INPUT and (path.is_file() or path.is_dir() or not path.exists()):
        yield path
        return
    with scratch_folder() as folder:
        yield spooled(path, folder)


def spooled(path: Path, folder: Path) -> Path:
    """Return the path of a file that can be read again: what comes through standard input or a pipe is copied.

    Raises
    ------
    ImportFileError
        If it is a device, or there is no room for the copy.
    """
    through = str(path) == STANDARD_INPUT
    if not through:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return path
        if not stat.S_ISFIFO(mode):
            raise ImportFileError(str(path), "is a device, not a file", remedy="name a file")
    copy = folder / shown_name(path)
    unpacking = Unpacking(shown_name(path), MOST_UNPACKED)
    with copy.open("wb") as out:
        if through:
            unpacking.copy(cast("BinaryIO", sys.stdin.buffer), out)
        else:
            with path.open("rb") as stream:
                unpacking.copy(stream, out)
    return copy


def decompressed(path: Path, plain: Path, unpacking: Unpacking) -> tuple[Path, str | None]:
    """Unpack a file compressed by gzip or zstd to ``plain``; return the readable file and the compression.

    Raises
    ------
    ImportFileError
        If the compression is broken or the file unpacks to too much.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    if not (magic.startswith(GZIP) or magic == ZSTD):
        return path, None
    compression = "gzip" if magic.startswith(GZIP) else "zstd"
    try:
        with opened(path, unpacking.stretch) as raw, plain.open("wb") as out:
            if compression == "gzip":
                with gzip.open(raw) as stream:
                    unpacking.copy(cast("BinaryIO", stream), out)
            else:
                # Dumps of social media are packed with windows larger than the library allows by default.
                reader = zstandard.ZstdDecompressor(max_window_size=2**31)
                with reader.stream_reader(raw, read_across_frames=True) as stream:
                    unpacking.copy(cast("BinaryIO", stream), out)
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise ImportFileError(
            unpacking.file, f"the {compression} compression is broken or cut short", remedy="copy or download it again"
        ) from error
    return plain, compression


def _guess_utf16(head: bytes) -> tuple[str, str] | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "byte order mark of UTF-16"
    sample = head[: len(head) // 2 * 2]
    if b"\x00" not in sample or stray_zeros(head):
        return None
    # Read rightly, the text has separators and hardly any character that cannot be printed.
    scores = {name: _looks_like_text(sample, name) for name in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=scores.__getitem__)
    if scores[best] == 0:
        return None
    return best, "zero bytes in every second place: UTF-16 without byte order mark"


def stray_zeros(head: bytes) -> bool:
    """Whether the zero bytes are but a few in a text that is otherwise UTF-8, or follow its end."""
    inner = head.rstrip(b"\x00")
    if not inner or inner.count(b"\x00") > 0.05 * len(inner):
        return False
    text = inner.replace(b"\x00", b"")
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(text)
    except UnicodeDecodeError:
        return False
    return len(re.findall(rb"[\x02-\x08\x0b\x0c\x0e-\x1b]", text)) <= 0.01 * len(text)


def _looks_like_text(sample: bytes, encoding: str) -> float:
    """Return the share of ASCII characters if the bytes read as text with separators in it, else 0."""
    text = sample.decode(encoding, errors="replace")[:-1] or "\0"
    printable = sum(character.isprintable() or character in "\t\r\n" for character in text)
    ascii_share = sum(map(str.isascii, text)) / len(text)
    if "\0" in text or printable < 0.8 * len(text) or not re.search(r"[,;\t| ]", text):
        return 0
    return ascii_share


def decoded_head(source: SourceFile) -> str:
    """Return the beginning of the file as text, whatever its encoding; for looking, not for reading."""
    guess = _guess_utf16(source.head)
    return source.head.decode(guess[0] if guess else "utf-8-sig", errors="replace")


def facts_of_head(source: SourceFile, *, encoding: str | None) -> TextFacts:
    """Return what the beginning of a text tells: for readers that find bytes that are not UTF-8 themselves.

    Raises
    ------
    ImportFileError
        As :func:`look_over` does.
    """
    if encoding is not None or _guess_utf16(source.head) or b"\x00" in source.head:
        return look_over(source, encoding=encoding)
    bom = source.head.startswith(codecs.BOM_UTF8)
    return TextFacts(*(("utf-8-sig", "byte order mark of UTF-8") if bom else ("utf-8", "valid UTF-8")), 0)


def look_over(source: SourceFile, *, encoding: str | None) -> TextFacts:
    """Find the encoding of a text and count its lines, in one pass.

    Raises
    ------
    ImportFileError
        If the file is not text, or its encoding cannot be told and ``encoding`` names none.
    """
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise ImportFileError(
                source.name,
                f"no encoding is called {encoding!r}",
                remedy=f"pass --encoding with utf-8, utf-16, {', '.join(LEGACY_ENCODINGS)}",
            ) from error
        if codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
            return TextFacts(encoding, f"encoding {encoding} as told", 0)
    elif guess := _guess_utf16(source.head):
        return TextFacts(*guess, 0)
    if b"\x00" in source.head and not stray_zeros(source.head):
        raise ImportFileError(
            source.name, "this is not a text or table netact knows", remedy="see netact formats for what can be read"
        )
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    feeds = returns = damaged = multibyte = 0
    with opened(source.plain, source.stretch.part(_UNPACKED, _LOOKED_OVER)) as stream:
        while chunk := stream.read(_CHUNK):
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            # In pieces that stay in the processor's cache.
            for begin in range(0, len(chunk), _PIECE):
                piece = chunk[begin : begin + _PIECE]
                text = decoder.decode(piece)
                bad = text.count("\ufffd")
                damaged += bad
                # Characters that are neither ASCII nor a replacement; an ASCII byte is always a character by itself.
                multibyte += len(text) - int(np.count_nonzero(np.frombuffer(piece, dtype=np.int8) >= 0)) - bad
    damaged += len(decoder.decode(b"", final=True))
    # A replacement character may stand in the file itself; that one is good UTF-8.
    with source.plain.open("rb") as stream:
        damaged -= min(damaged, _count(stream, "\ufffd".encode())) if damaged else 0
    if damaged and damaged > multibyte:
        tries = " or ".join(f"--encoding {name}" for name in LEGACY_ENCODINGS)
        raise ImportFileError(
            source.name,
            "the text is not UTF-8",
            found=f"{damaged:,} bytes that are not",
            remedy=f"save it as UTF-8, or pass {tries} (western, Cyrillic, Arabic)",
        )
    bom = source.head.startswith(codecs.BOM_UTF8)
    return TextFacts(
        "utf-8-sig" if bom else "utf-8",
        "byte order mark of UTF-8" if bom else ("plain ASCII" if not multibyte else "valid UTF-8"),
        feeds or returns,
        returns_only=bool(returns) and not feeds,
        damaged=damaged,
    )


def _count(stream: BinaryIO, needle: bytes) -> int:
    total, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        block = tail + chunk
        total += block.count(needle)
        tail = block[-(len(needle) - 1) :] if len(needle) > 1 else b""
    return total


def open_text(path: Path, encoding: str, *, errors: str, name: str) -> Iterator[str]:
    """Yield the lines of a text, each ended by a line feed whatever ends it in the file."""
    with path.open("rb") as raw:
        reader = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=None)
        try:
            yield from reader
        except UnicodeError as error:
            raise ImportFileError(
                name, f"the text is not {encoding}", remedy="pass another --encoding, or save it as UTF-8"
            ) from error
