"""Two report folders, file by file: the same content, and where not, the first place where they part.

Without the key of a study its pseudonyms are others in every run. Two folders are then the same if one pseudonym stands for
one pseudonym throughout, in all files together; the order of rows does not depend on them.
"""

from __future__ import annotations

import json
import re
import struct
import tomllib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import python_calamine

from netact.privacy import ACCOUNT, PERSON, PRIVATE
from netact.report.crate import CRATE
from netact.report.provenance import MANIFEST
from netact.report.stored import DATA, GROUP_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# LaTeX writes the hyphen so that it makes no dash.
_PSEUDONYM = re.compile(rf"\b({ACCOUNT}|{PERSON})(?:-|\{{-\}})([0-9a-f]{{64}}|[0-9a-f]{{8}})\b")
_TABLES = {"parquet", "csv", "xlsx"}
_PICTURES = {"svg", "png", "pdf"}
_FIGURE = re.compile(r'<script type="application/json" id="data-([^"]+)">(.*?)</script>', re.DOTALL)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
# How a file was recognised and what was assumed of it: once the study says it, it is as told, and nothing is assumed.
_RECOGNISED = re.compile(r'<(span|div) class="recognised">.*?</\1>', re.DOTALL)
_RECEIPTS = {"findings.json": "receipt", f"{DATA}/receipt.json": ""}
_DRAWN = re.compile(r'id="(?:top)?defs-([0-9a-f]{6})"')
_STAMP = re.compile(rb"/(?:CreationDate|ModDate) ?\([^)]*\)|/ID ?\[[^\]]*\]")
_LONGEST = 60


@dataclass(frozen=True)
class Difference:
    """The first place where two files part.

    Attributes
    ----------
    file
        Path in the folder.
    where
        Column, key, figure or line.
    row
        Row of a table, 1 for the first below the header; None elsewhere.
    first, second
        What stands there in either folder.
    count
        In how many rows, lines or places they differ.
    """

    file: str
    where: str
    row: int | None = None
    first: str = ""
    second: str = ""
    count: int = 1

    def __str__(self) -> str:
        place = self.where if self.row is None else f"{self.where}, row {self.row}"
        values = f": {self.first} in the first, {self.second} in the second" if self.first or self.second else ""
        more = f"; {self.count:,} places differ" if self.count > 1 else ""
        return f"{self.file}: {place}{values}{more}"


@dataclass
class Renaming:
    """One pseudonym for one: what the pseudonyms of one folder are in the other.

    Attributes
    ----------
    allowed
        Whether pseudonyms may differ at all.
    """

    allowed: bool
    _there: dict[str, str] = field(default_factory=dict)
    _back: dict[str, str] = field(default_factory=dict)

    def same(self, first: str, second: str) -> bool:
        """Whether two texts are the same, pseudonym for pseudonym; what is met first stays so."""
        if not self.allowed:
            return first == second
        if _PSEUDONYM.sub(r"\1", first) != _PSEUDONYM.sub(r"\1", second):
            return False
        pairs = zip(_PSEUDONYM.finditer(first), _PSEUDONYM.finditer(second), strict=True)
        return all(self._met("-".join(a.groups()), "-".join(b.groups())) for a, b in pairs)

    def _met(self, first: str, second: str) -> bool:
        if first not in self._there and second not in self._back:
            self._there[first], self._back[second] = second, first
        return self._there.get(first) == second


@dataclass(frozen=True)
class Folders:
    """What a comparison of two folders found.

    Attributes
    ----------
    differences
        One for each file, figure, column or entry that differs, in the order of the files.
    tables, figures, others
        How many of each were compared.
    """

    differences: tuple[Difference, ...]
    tables: int
    figures: int
    others: int


def compared_files(folder: Path) -> list[str]:
    """Return the paths of the files whose content two runs of one study must share, accounts first.

    Left out are what is private, copies of inputs (known by their hashes), names a reader gave to groups, and the two
    files that say when and where a run was.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        kept = name.as_posix() not in (MANIFEST, CRATE, f"{DATA}/{GROUP_NAMES}")
        if path.is_file() and kept and name.parts[0] not in (PRIVATE, "inputs"):
            found.append(name.as_posix())
    return sorted(found, key=lambda name: (name != "accounts.parquet", name))


def compare_folders(first: Path, second: Path, *, renamed: bool) -> Folders:
    """Compare two report folders.

    Parameters
    ----------
    first, second
        Folders of finished reports.
    renamed
        Whether pseudonyms may differ, one for one.
    """
    renaming = Renaming(renamed)
    here, there = compared_files(first), compared_files(second)
    differences: list[Difference] = []
    counts = {"tables": 0, "figures": 0, "others": 0}
    for name in [*here, *(name for name in there if name not in set(here))]:
        kind = name.rpartition(".")[2]
        counts["tables" if kind in _TABLES else "figures" if kind in _PICTURES else "others"] += 1
        if name not in there:
            differences.append(Difference(name, "only in the first"))
        elif name not in here:
            differences.append(Difference(name, "only in the second"))
        else:
            counts["figures"] += kind == "html" and len(_FIGURE.findall((first / name).read_text(encoding="utf-8")))
            differences += _COMPARE.get(kind, _lines)(name, first / name, second / name, renaming)
    return Folders(tuple(differences), **counts)


def table_differences(name: str, first: pl.DataFrame, second: pl.DataFrame, renaming: Renaming) -> Iterator[Difference]:
    """Yield where two tables part: columns, types, number of rows, then the first row of each column that differs."""
    if first.columns != second.columns:
        missing = [column for column in first.columns if column not in second.columns]
        added = [column for column in second.columns if column not in first.columns]
        said = (_short(missing), _short(added)) if missing or added else (_short(first.columns), _short(second.columns))
        yield Difference(name, "columns", None, *said)
    for column in (column for column in first.columns if column in second.columns):
        if first.schema[column] != second.schema[column]:
            yield Difference(
                name, f"type of column {column}", None, str(first.schema[column]), str(second.schema[column])
            )
    if first.height != second.height:
        yield Difference(name, "number of rows", None, str(first.height), str(second.height))
    height = min(first.height, second.height)
    for column in (column for column in first.columns if column in second.columns):
        if first.schema[column] == second.schema[column]:
            rows = _differing_rows(first[column].head(height), second[column].head(height), renaming)
            if rows:
                values = (_short(first[column][rows[0]]), _short(second[column][rows[0]]))
                yield Difference(name, f"column {column}", rows[0] + 1, *values, len(rows))


def _differing_rows(first: pl.Series, second: pl.Series, renaming: Renaming) -> list[int]:
    """Return the rows in which two columns of one type differ."""
    dtype = first.dtype
    if dtype == pl.String and renaming.allowed:
        pairs = pl.DataFrame({"a": first, "b": second}).with_row_index("row")
        distinct = pairs.drop_nulls(["a", "b"]).unique(["a", "b"], keep="first", maintain_order=True)
        same = [renaming.same(a, b) for _row, a, b in distinct.iter_rows()]
        wrong = distinct.filter(~pl.Series(same, dtype=pl.Boolean)).select("a", "b")
        either = pairs.filter(pl.col("a").is_null() != pl.col("b").is_null())["row"]
        return sorted([*pairs.join(wrong, on=["a", "b"], how="semi")["row"], *either])
    if not dtype.is_nested() or not renaming.allowed:
        equal = first.eq_missing(second)
        return (~equal).arg_true().to_list()
    both = enumerate(zip(first.to_list(), second.to_list(), strict=True))
    return [row for row, (a, b) in both if next(_values("", a, b, renaming), None) is not None]


def value_differences(
    name: str, first: Any, second: Any, renaming: Renaming, *, where: str = ""
) -> Iterator[Difference]:
    """Yield the first place where two plain values part, and how many there are."""
    found = list(_values(where, first, second, renaming))
    if found:
        place, a, b = found[0]
        yield Difference(name, place or "the whole", None, a, b, len(found))


def _values(where: str, first: Any, second: Any, renaming: Renaming) -> Iterator[tuple[str, str, str]]:
    if isinstance(first, dict) and isinstance(second, dict):
        yield from _mappings(where, first, second, renaming)
    elif isinstance(first, list) and isinstance(second, list):
        for number, (a, b) in enumerate(zip(first, second, strict=False)):
            yield from _values(f"{where}[{number}]", a, b, renaming)
        if len(first) != len(second):
            yield f"{where}: entries", str(len(first)), str(len(second))
    elif isinstance(first, str) and isinstance(second, str):
        if not renaming.same(first, second):
            yield where, *_apart(first, second)
    elif type(first) is not type(second) or (first != second and not (first != first and second != second)):
        yield where, _short(first), _short(second)


def _mappings(
    where: str, first: Mapping[str, Any], second: Mapping[str, Any], renaming: Renaming
) -> Iterator[tuple[str, str, str]]:
    """Compare entry by entry: by key or, where pseudonyms are keys, in order."""
    if renaming.allowed and set(first) != set(second):
        pairs: Iterable[tuple[str, str]] = zip(first, second, strict=False)
        if len(first) != len(second):
            yield f"{where}: entries", str(len(first)), str(len(second))
    else:
        pairs = ((key, key) for key in first)
        yield from ((_inside(where, key), "", _short(second[key])) for key in second if key not in first)
    for a, b in pairs:
        if not renaming.same(a, b):
            yield _inside(where, a), _short(a), _short(b)
        elif b not in second:
            yield _inside(where, a), _short(first[a]), ""
        else:
            yield from _values(_inside(where, a), first[a], second[b], renaming)


def _inside(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


# ---------------------------------------------------------------------- one kind of file each


def _parquet(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    yield from table_differences(name, pl.read_parquet(first), pl.read_parquet(second), renaming)


def _csv(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    try:
        tables = [pl.read_csv(path, infer_schema=False) for path in (first, second)]
    except pl.exceptions.PolarsError:
        yield from _lines(name, first, second, renaming)  # no longer a table, or empty
    else:
        yield from table_differences(name, tables[0], tables[1], renaming)


def _workbook(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    sheets = []
    for path in (first, second):
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            sheets.append({sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names})
    for sheet in dict.fromkeys([*sheets[0], *sheets[1]]):
        a, b = sheets[0].get(sheet), sheets[1].get(sheet)
        if a is None or b is None:
            yield Difference(name, f"sheet {sheet}: only in the {'first' if b is None else 'second'}")
        else:
            yield from value_differences(name, a, b, renaming, where=f"sheet {sheet}")


def _json(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    try:
        values = [json.loads(path.read_text(encoding="utf-8")) for path in (first, second)]
    except ValueError:
        yield from _lines(name, first, second, renaming)
    else:
        if name in _RECEIPTS:
            values = [_without_recognition(value, _RECEIPTS[name]) for value in values]
        yield from value_differences(name, values[0], values[1], renaming)


def _without_recognition(values: Any, place: str) -> Any:
    """Leave out of an import receipt how files were recognised and what was assumed of them."""
    receipt = values.get(place) if isinstance(values, dict) and place else values
    sources = receipt.get("sources") if isinstance(receipt, dict) else None
    for source in sources if isinstance(sources, list) else ():
        if isinstance(source, dict):
            source.pop("evidence", None)
            source.pop("assumptions", None)
    return values


def _page(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    """Compare the figures of a page by their data, and its text; not the libraries that draw them."""
    texts = [path.read_text(encoding="utf-8") for path in (first, second)]
    figures = [dict(_FIGURE.findall(text)) for text in texts]
    for figure in dict.fromkeys([*figures[0], *figures[1]]):
        a, b = (found.get(figure) for found in figures)
        if a is None or b is None:
            yield Difference(name, f"figure {figure}: only in the {'first' if b is None else 'second'}")
        else:
            yield from value_differences(name, _loaded(a), _loaded(b), renaming, where=f"figure {figure}")
    bare = [_RECOGNISED.sub("", _POLICY.sub("", _SCRIPT.sub("", text))).split("\n") for text in texts]
    bare = [[line.strip() for line in lines if line.strip()] for lines in bare]
    yield from _line_differences(name, bare[0], bare[1], renaming)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _study(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    """Compare what was run, wherever its files are; they are known by their hashes."""
    values = []
    for path in (first, second):
        study = tomllib.loads(path.read_text(encoding="utf-8"))
        study.pop("netact_version", None)
        for source in study.get("sources", ()):
            source.pop("path", None)
        study.get("privacy", {}).pop("public", None)
        values.append(study)
    yield from value_differences(name, values[0], values[1], renaming)


def _svg(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    texts = []
    for path in (first, second):
        text = path.read_text(encoding="utf-8")
        # Every drawing has a random number in the names of its parts.
        for number in dict.fromkeys(_DRAWN.findall(text)):
            text = text.replace(number, "drawing")
        texts.append(text.replace("><", ">\n<").split("\n"))
    yield from _line_differences(name, texts[0], texts[1], renaming)


def _png(name: str, first: Path, second: Path, _renaming: Renaming) -> Iterator[Difference]:
    if _pixels(first.read_bytes()) != _pixels(second.read_bytes()):
        yield Difference(name, "the drawing")


def _pixels(content: bytes) -> bytes:
    """Return size and pixels of a PNG file without what is told beside them."""
    header, packed, at = b"", b"", 8
    try:
        while at < len(content):
            (length,) = struct.unpack_from(">I", content, at)
            kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
            header, packed = (body if kind == b"IHDR" else header), (packed + body if kind == b"IDAT" else packed)
            at += 12 + length
        return header + zlib.decompress(packed)
    except (struct.error, zlib.error):
        return content


def _pdf(name: str, first: Path, second: Path, _renaming: Renaming) -> Iterator[Difference]:
    if _STAMP.sub(b"", first.read_bytes()) != _STAMP.sub(b"", second.read_bytes()):
        yield Difference(name, "the drawing")


def _bytes(name: str, first: Path, second: Path, _renaming: Renaming) -> Iterator[Difference]:
    if first.read_bytes() != second.read_bytes():
        yield Difference(name, "the content")


def _lines(name: str, first: Path, second: Path, renaming: Renaming) -> Iterator[Difference]:
    if name == "study.toml":
        yield from _study(name, first, second, renaming)
        return
    try:
        texts = [path.read_text(encoding="utf-8").split("\n") for path in (first, second)]
    except UnicodeDecodeError:
        yield from _bytes(name, first, second, renaming)
    else:
        yield from _line_differences(name, texts[0], texts[1], renaming)


def _line_differences(
    name: str, first: Sequence[str], second: Sequence[str], renaming: Renaming
) -> Iterator[Difference]:
    differing = [number for number, (a, b) in enumerate(zip(first, second, strict=False)) if not renaming.same(a, b)]
    if differing:
        at = differing[0]
        yield Difference(name, f"line {at + 1}", None, *_apart(first[at], second[at]), len(differing))
    elif len(first) != len(second):
        yield Difference(name, "number of lines", None, str(len(first)), str(len(second)))


_COMPARE: dict[str, Callable[[str, Path, Path, Renaming], Iterator[Difference]]] = {
    "parquet": _parquet,
    "csv": _csv,
    "xlsx": _workbook,
    "json": _json,
    "html": _page,
    "svg": _svg,
    "png": _png,
    "pdf": _pdf,
    "bin": _bytes,
}


def _apart(first: str, second: str) -> tuple[str, str]:
    """Return two texts from a little before the place where they part."""
    same = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    start = max(0, same - 20)
    cut = "…" if start else ""
    return cut + _short(first[start:]), cut + _short(second[start:])


def _short(value: Any) -> str:
    if isinstance(value, pl.Series):
        value = value.to_list()
    text = "nothing" if value is None else value.strip() if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
