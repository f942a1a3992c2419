"""What holds for every format: it is described, told by its content, read as expected, and adds up."""

from __future__ import annotations

import gzip
import inspect
import json
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import IMPORTERS, SourceOptions, inspect_file, read_source, resolved_options, write_bundle
from netact.importers.importer import Importer
from netact.network import Network

EXPORTS = Path(__file__).parent.parent / "importers" / "exports"
# Files that no one can read or write by hand are made here.
TIES = [("plaza_voices", "assembly_now", "retweet"), ("assembly_now", "night_watch", "reply")]


def _binary(name: str, folder: Path) -> Path | None:
    frame = pl.DataFrame(TIES, schema=["source", "target", "kind"], orient="row")
    path = folder / f"ties.{name}"
    if name == "parquet":
        frame.write_parquet(path)
    elif name == "arrow":
        frame.write_ipc(path)
    elif name == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for row in [("source", "target", "kind"), *TIES]:
            book.active.append(row)
        book.save(path)
    elif name == "npz":
        import numpy as np

        np.savez(path, source=[0, 1], target=[1, 2])
    elif name == "netact":
        write_bundle(Network.from_tables(frame), path)
    else:
        return None
    return path


MADE = {"parquet", "arrow", "xlsx", "npz", "netact"}
CASES = [
    (name, path)
    for name in IMPORTERS
    for path in (sorted((EXPORTS / name).glob("*")) if (EXPORTS / name).is_dir() else [])
    if path.name != "expected.json"
]


def expected_of(name: str) -> dict:
    return json.loads((EXPORTS / name / "expected.json").read_text(encoding="utf-8"))


def options_of(name: str) -> SourceOptions:
    path = EXPORTS / name / "expected.json"
    return SourceOptions.from_dict(
        json.loads(path.read_text())["options"] if path.exists() and "options" in path.read_text() else {}
    )


def ties_of(network: Network) -> list[list[str]]:
    names = network.names
    rows = network.interactions
    if not network.directed:
        rows = rows.filter(pl.col("source") < pl.col("target"))
    return sorted(
        [names[s], names[t], k]
        for s, t, k in rows.select("source", "target", pl.col("kind").cast(pl.String)).iter_rows()
    )


def adds_up(network: Network) -> None:
    for receipt in network.receipt.sources:
        assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)
        assert sum(receipt.kinds.values()) == receipt.rows_kept
        assert sum(receipt.unresolved.values()) <= sum(item.rows for item in receipt.dropped)
        assert receipt.evidence
        assert receipt.direction
        assert receipt.sha256


@pytest.mark.parametrize("importer", IMPORTERS.values(), ids=list(IMPORTERS))
def test_it_is_described_and_has_an_export_to_try(importer: Importer) -> None:
    assert importer.title
    opens = [
        call for call in (importer.read, importer.of_table, importer.of_files, importer.of_network) if call is not None
    ]
    assert len(opens) == 1
    assert inspect.getdoc(opens[0])
    module = inspect.getdoc(sys.modules[opens[0].__module__])
    assert module
    assert importer.name in MADE or (EXPORTS / importer.name / "expected.json").is_file()


@pytest.mark.parametrize(("name", "path"), CASES, ids=[f"{name}/{path.name}" for name, path in CASES])
def test_it_is_told_by_its_content_and_read_as_expected(name: str, path: Path) -> None:
    expected = expected_of(name)
    options = options_of(name)
    found = inspect_file(path, options)
    assert found.receipt.format == name
    network = read_source(path, options)
    adds_up(network)
    wanted = (
        sorted(sorted(t[:2]) + t[2:] for t in expected["ties"])
        if expected.get("undirected")
        else sorted(expected["ties"])
    )
    got = ties_of(network)
    assert (sorted(sorted(t[:2]) + t[2:] for t in got) if expected.get("undirected") else got) == wanted
    assert network.directed is not expected.get("undirected", False)
    open_rows = network.receipt.sources[0].unresolved if len(network.receipt.sources) == 1 else {}
    assert open_rows == expected.get("unresolved", {})
    json.dumps(found.to_dict())


@pytest.mark.parametrize("name", sorted(MADE & set(IMPORTERS)))
def test_a_binary_format_is_told_and_read(name: str, tmp_path: Path) -> None:
    path = _binary(name, tmp_path)
    assert path is not None
    network = read_source(path)
    assert inspect_file(path).receipt.format == name
    if name != "netact":  # it has the receipts of what it was made of
        adds_up(network)
    assert network.interactions.height == 2


@pytest.mark.parametrize(("name", "path"), CASES, ids=[f"{name}/{path.name}" for name, path in CASES])
def test_it_is_the_same_again_told_packed_and_renamed(name: str, path: Path, tmp_path: Path) -> None:
    options = options_of(name)
    first = read_source(path, options)
    again = (
        read_source(path, resolved_options(first.receipt.sources[0], options))
        if len(first.receipt.sources) == 1
        else first
    )
    assert again.fingerprint == first.fingerprint
    assert read_source(path, replace(options, format=name)).fingerprint == first.fingerprint
    if path.is_dir() or path.suffix == ".zip":
        return
    renamed = tmp_path / "export.of_no_kind"
    shutil.copy(path, renamed)
    assert read_source(renamed, options).fingerprint == first.fingerprint
    packed = tmp_path / "export.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_source(packed, options).fingerprint == first.fingerprint
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(path, "inner")
    assert read_source(tmp_path / "export.zip", options).fingerprint == first.fingerprint


@pytest.mark.parametrize(("name", "path"), CASES, ids=[f"{name}/{path.name}" for name, path in CASES])
def test_a_damaged_file_is_read_or_refused_in_one_line(name: str, path: Path, tmp_path: Path) -> None:
    if path.is_dir():
        return
    content = path.read_bytes()
    damaged = tmp_path / "damaged"
    size = len(content)
    for changed in (content[: size * 9 // 10], content[size // 3 :], content.replace(b":", b"\x00", 3), content[:40]):
        damaged.write_bytes(changed)
        said = ""
        try:
            adds_up(read_source(damaged, options_of(name)))
        except ImportFileError as error:
            said = str(error)
        assert "\n" not in said
