"""One input file, opened: hashed as it lies on disk, decompressed where needed, its text looked over once."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import zstandard

from netact.errors import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

# What compressed files may unpack to, so that a small file cannot fill the disk. Exports that one machine can analyse
# (some ten million rows) stay below 16 GiB; text packs 5 to 30 times, the most repetitive tables of ids hardly 100
# times, while files made to do harm begin at 1,000. Below 64 MiB the ratio is not looked at: small samples of one
# repeated row are harmless.
MOST_UNPACKED = 16 << 30
MOST_RATIO = 200
RATIO_FROM = 64 << 20
_CHUNK = 1 << 20

# Encodings that cannot be told from the bytes: used only when the user names one.
LEGACY_ENCODINGS = ("cp1252", "cp1251", "cp1256")


@dataclass(frozen=True)
class SourceFile:
    """A file ready to be read.

    ``plain`` is the file itself, or its decompressed copy in ``folder``, a temporary folder that is removed when the
    file is closed.
    """

    path: Path
    plain: Path
    folder: Path
    sha256: str
    compression: str | None
    head: bytes  # the first 64 KiB of ``plain``
    member: str = ""  # the name inside an archive
    note: str = ""  # what is to be said of the archive

    @property
    def name(self) -> str:
        """The file's name without its folder; of a file in an archive, ``archive.zip/inner.csv``."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    def temporary(self, name: str) -> Path:
        """Return the path of a temporary file."""
        return self.folder / name


@dataclass
class Unpacking:
    """Counts what a compressed file unpacks to and stops it at the limits above."""

    file: str
    packed: int  # bytes
    unpacked: int = 0

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
def open_source(path: str | Path) -> Iterator[SourceFile]:
    """Open a file for reading.

    Raises
    ------
    ImportFileError
        If there is no such file, it is a folder, is empty, or its compression is broken.
    """
    path = Path(path)
    if not path.exists():
        raise ImportFileError(str(path), "no such file", remedy="check the path")
    if path.is_dir():
        raise ImportFileError(str(path), "is a folder", remedy="name the files in it")
    try:
        size = path.stat().st_size
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ImportFileError(str(path), "cannot be opened", found=error.strerror, remedy="check its rights") from error
    if size == 0:
        raise ImportFileError(path.name, "the file is empty", remedy="export it again")
    with tempfile.TemporaryDirectory(prefix="netact-") as folder:
        plain, compression = decompressed(path, Path(folder) / "plain", Unpacking(path.name, size))
        with plain.open("rb") as stream:
            head = stream.read(1 << 16)
        if not head:
            raise ImportFileError(path.name, "the compressed file holds nothing", remedy="export it again")
        yield SourceFile(path, plain, Path(folder), digest.hexdigest(), compression, head)


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
        with path.open("rb") as raw, plain.open("wb") as out:
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
    if b"\x00" not in sample:
        return None
    # Read rightly, the text has separators and hardly any character that cannot be printed.
    scores = {name: _looks_like_text(sample, name) for name in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=scores.__getitem__)
    if scores[best] == 0:
        return None
    return best, "zero bytes in every second place: UTF-16 without byte order mark"


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
    if b"\x00" in source.head:
        raise ImportFileError(
            source.name, "this is not a text or table netact knows", remedy="see netact formats for what can be read"
        )
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    feeds = returns = damaged = multibyte = 0
    first_bad: bytes = b""
    with source.plain.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            text = decoder.decode(chunk) if not chunk.isascii() or decoder.getstate()[0] else ""
            if text:
                bad = text.count("\ufffd")
                damaged += bad
                first_bad = first_bad or (chunk if bad else b"")
                multibyte += sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
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
