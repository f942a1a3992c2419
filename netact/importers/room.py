"""How much memory files will take, told from their sizes and beginnings before they are read."""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import zstandard

from netact.errors import NetactError, SchemaError
from netact.importers.bundle import MANIFEST
from netact.importers.source_file import GZIP, STANDARD_INPUT, ZSTD

_HEAD = 1 << 18  # bytes
_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"

# Lines above the largest memory of the process as measured when reading tables of invented interactions: 1,000,000 of 20, 49
# and 73 bytes each (2, 3 and 7 columns) took 301, 332 and 538 MB, 2,983,074 of 78 bytes (7 columns) 1,518 MB.
BASE = 150 * 10**6  # bytes, of the program itself
READING_ROW = 160  # bytes for each interaction
# Interactions -> the largest memory, in bytes, of a whole analysis on the files of benchmarks/growth.py: measured with all
# comparisons with chance up to 100,000, without any at a million (1,285 MB) and ten million (6,137 MB), where the 207 MB are added
# that comparisons with chance took at 100,000; the networks of chance are no larger from there on.
ANALYSIS = (
    (1_000, 453e6),
    (12_000, 678e6),
    (100_000, 1_252e6),
    (1_000_000, 1_492e6),
    (10_000_000, 6_344e6),
)
SPARE = 1.15  # other data than those measured take more: more accounts, longer texts, more hashtags
READING_BYTE = 4.0  # bytes for each byte of a text table
# Not measured anew: records of posts are read one by one, and only a small part of each is kept.
RECORDS_BYTE = 0.2  # bytes for each byte of records of posts, most of which is never kept


@dataclass(frozen=True)
class Extent:
    """What a file is expected to hold.

    Attributes
    ----------
    interactions
        How many, by the length of the first rows.
    memory
        Bytes that reading it will take at most.
    """

    interactions: int = 0
    memory: float = 0.0


def expected_extent(path: str | Path) -> Extent:
    """Estimate what a file, folder or archive holds; nothing for what cannot be looked at before it is read.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    path = Path(path)
    if str(path) == STANDARD_INPUT or not path.exists():
        return Extent()
    if path.is_dir():
        return _together(expected_extent(inside) for inside in sorted(path.rglob("*")) if inside.is_file())
    if not path.is_file():
        return Extent()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    size = path.stat().st_size
    if head.startswith(_PARQUET):
        return _of_rows(_parquet_rows(path))
    if head.startswith(_ZIP):
        return _of_archive(path)
    if head.startswith(GZIP) or head[:4] == ZSTD:
        plain = _unpacked(head)
        return _of_text(plain, round(size * len(plain) / len(head))) if plain else Extent()
    return _of_text(head, size)


def _together(parts: Iterable[Extent]) -> Extent:
    found = list(parts)
    return Extent(sum(part.interactions for part in found), sum(part.memory for part in found))


def _of_rows(rows: int) -> Extent:
    return Extent(rows, rows * READING_ROW)


def _of_text(head: bytes, size: int) -> Extent:
    """Estimate a text by its beginning and its size, of which both may be unpacked."""
    if not head:
        return Extent()
    lines = max(head.count(b"\n") or head.count(b"\r"), 1)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        # One record, one interaction, more or less; a list on one line tells its records by their braces.
        lines = max(lines, len(re.findall(rb"\},\s*\{", head)))
        return Extent(round(size * lines / len(head)), size * RECORDS_BYTE + size * lines / len(head) * READING_ROW)
    rows = round(size * lines / len(head))
    return Extent(rows, rows * READING_ROW + size * READING_BYTE)


def _of_archive(path: Path) -> Extent:
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if info.file_size]
            if any(info.filename.rpartition("/")[2] == MANIFEST for info in files):
                inside = next(info for info in files if info.filename.rpartition("/")[2] == MANIFEST)
                with archive.open(inside) as stream:
                    tables = json.loads(stream.read(1 << 24)).get("tables", {})
                return _of_rows(sum(int(table.get("rows", 0)) for table in tables.values()))
            found = []
            for info in files:
                with archive.open(info) as stream:
                    head = stream.read(_HEAD)
                found.append(_of_text(head, info.file_size))
            return _together(found)
    except (zipfile.BadZipFile, ValueError, AttributeError, RuntimeError, NotImplementedError, zlib.error):
        return Extent()  # whoever reads it says what is wrong with it


def _parquet_rows(path: Path) -> int:
    try:
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError):
        return 0


def _unpacked(head: bytes) -> bytes:
    try:
        if head.startswith(GZIP):
            return zlib.decompressobj(wbits=31).decompress(head)
        return zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj().decompress(head)
    except (zlib.error, zstandard.ZstdError):
        return b""


def needed_memory(paths: Iterable[str | Path], *, analysis: bool = True) -> int:
    """Estimate the largest memory, in bytes, that reading files and analysing them takes.

    Parameters
    ----------
    analysis
        Whether they are analysed, not only read.

    Notes
    -----
    Straight lines between what was measured; they do not see repeated rows, which are left out, or very many hashtags, nor
    that an analysis without comparisons with chance takes less. Zero if no file can be looked at.
    """
    whole = _together(map(expected_extent, paths))
    if not whole.interactions:
        return 0
    return round(max(BASE + whole.memory, _analysis_memory(whole.interactions) if analysis else 0))


def _analysis_memory(interactions: int) -> float:
    """Return the bytes that an analysis of so many interactions takes at most: between the sizes measured, and beyond the last."""
    part = min(max(bisect_left([size for size, _memory in ANALYSIS], interactions), 1), len(ANALYSIS) - 1)
    (few, least), (many, most) = ANALYSIS[part - 1], ANALYSIS[part]
    return SPARE * max(least + (most - least) * (interactions - few) / (many - few), ANALYSIS[0][1])


def available_memory() -> int | None:
    """Return the bytes of memory that this process can still have, None where the system does not tell."""
    limits: list[int] = []
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        limits += [int(found[1]) * 1024 for found in re.finditer(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)]
    except OSError:
        try:
            limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        except (AttributeError, ValueError, OSError):
            return None
    # Containers are stopped at a limit of their own.
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            limits.append(int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return min(limits, default=None)


def check_memory(paths: Iterable[str | Path], limit: int | None = None, *, analysis: bool = True) -> None:
    """Refuse files that will need more memory than there is, before any of them is read.

    Parameters
    ----------
    limit
        Bytes; None: what is available on this machine.
    analysis
        See :func:`needed_memory`.

    Raises
    ------
    NetactError
        If they are expected to need more.
    """
    paths = list(paths)
    most = available_memory() if limit is None else limit
    try:
        needed = needed_memory(paths, analysis=analysis)
    except OSError:
        return  # whoever reads it says what is wrong with it
    if most is None or needed <= most:
        return
    where = Path(paths[0]).name if len(paths) == 1 else "input"
    raise NetactError(
        where,
        f"will need some {_shown(needed)} of memory, more than the {_shown(most)} "
        + ("available" if limit is None else "allowed"),
        remedy="take a part of the period or fewer files, a machine with more memory, or a larger --memory-limit",
    )


def _shown(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 10**8 else f"{size / 1e6:.0f} MB"


def bytes_of(text: str, *, option: str) -> int:
    """Read a size such as ``2GB`` or ``500 MB``.

    Raises
    ------
    SchemaError
        If it is none.

    >>> bytes_of("1.5 GB", option="--memory-limit")
    1500000000
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMGT]?)i?B?", text.strip(), re.IGNORECASE)
    size = float(found[1]) * 1000 ** " kmgt".index(found[2].lower() or " ") if found else 0
    if size < 1:
        raise SchemaError(option, "is no size", found=repr(text), remedy="write it like 500MB or 2GB")
    return int(size)
