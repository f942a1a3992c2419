"""What files will take is told before they are read, and too much is refused then."""

from __future__ import annotations

import gzip
import importlib
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import NetactError
from netact.importers import read_network, room, write_bundle
from netact.importers.room import available_memory, bytes_of, check_memory, expected_extent, needed_memory

ROWS = 20_000


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    table = pl.DataFrame(
        {
            "source": [f"u{i % 97}" for i in range(ROWS)],
            "target": [f"v{i % 89}" for i in range(ROWS)],
            "post_id": range(ROWS),
        }
    )
    paths = {name: folder / f"t.{name}" for name in ("csv", "parquet", "csv.gz", "zip", "netact", "jsonl", "json")}
    table.write_csv(paths["csv"])
    table.write_parquet(paths["parquet"])
    table.write_ndjson(paths["jsonl"])
    paths["json"].write_text(json.dumps(table.to_dicts()))
    paths["csv.gz"].write_bytes(gzip.compress(paths["csv"].read_bytes()))
    with zipfile.ZipFile(paths["zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(paths["csv"], "inner/t.csv")
    write_bundle(read_network(paths["csv"]), paths["netact"])
    (folder / "folder").mkdir()
    paths["folder"] = folder / "folder"
    for name in ("a", "b"):
        table.head(ROWS // 2).write_csv(paths["folder"] / f"{name}.csv")
    return paths


@pytest.mark.parametrize("name", ["csv", "parquet", "csv.gz", "zip", "netact", "jsonl", "json", "folder"])
def test_the_number_of_interactions_is_told_by_the_beginning(files, name):
    assert expected_extent(files[name]).interactions == pytest.approx(ROWS, rel=0.25)


def test_what_cannot_be_looked_at_is_not_refused(files, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and nothing else")
    empty = tmp_path / "empty.csv"
    empty.touch()
    for path in ("-", tmp_path / "none.csv", broken, empty):
        assert needed_memory([path]) == 0
        check_memory([path], 1)


def test_more_interactions_need_more_and_an_analysis_more_than_reading(files):
    one, two = needed_memory([files["csv"]]), needed_memory([files["csv"], files["folder"]])
    assert 0 < one < two
    assert needed_memory([files["csv"]], analysis=False) < one


def test_what_is_available_is_some_of_what_there_is():
    found = available_memory()
    assert found is None or 10**7 < found < 10**14


def test_too_much_is_refused_in_one_line_before_it_is_read(files, tmp_path, monkeypatch):
    def read(*_args, **_kwargs):
        raise AssertionError("was read")

    monkeypatch.setattr("netact.importers.read_source", read)
    monkeypatch.setattr(importlib.import_module("netact.report.run"), "read_source", read)
    for arguments in (
        ["analyze", files["csv"], "-o", tmp_path / "report", "--memory-limit", "10MB"],
        ["convert", files["csv"], "-o", tmp_path / "t.netact", "--memory-limit", "10MB"],
    ):
        done = CliRunner().invoke(main, [str(item) for item in arguments])
        assert done.exit_code == 2
        assert done.stderr.startswith("netact: t.csv: will need some ")
        assert "10 MB allowed" in done.stderr
        assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_machine_is_the_limit_if_none_is_told(files, monkeypatch):
    monkeypatch.setattr(room, "available_memory", lambda: 10**6)
    with pytest.raises(NetactError, match="more than the 1 MB available"):
        check_memory([files["csv"]])
    monkeypatch.setattr(room, "available_memory", lambda: None)
    check_memory([files["csv"]])


def test_a_limit_is_a_size(files, tmp_path):
    done = CliRunner().invoke(main, ["analyze", str(files["csv"]), "-o", str(tmp_path / "r"), "--memory-limit", "much"])
    assert done.exit_code == 2
    assert "--memory-limit: is no size; found 'much'" in done.stderr
    assert bytes_of("8GB", option="--memory-limit") == 8 * 10**9


# Interactions, and the largest memory in MB that an analysis was measured to take: the last two without comparisons
# with chance, the others with all.
@pytest.mark.parametrize(
    ("interactions", "taken"), [(1_000, 453), (12_000, 678), (100_000, 1_252), (1_000_000, 1_285), (10_000_000, 6_137)]
)
def test_an_analysis_is_refused_where_it_was_measured_to_take_more(interactions, taken, monkeypatch):
    monkeypatch.setattr(room, "expected_extent", lambda _path: room.Extent(interactions, 0.0))
    with pytest.raises(NetactError, match=r"will need some .* of memory, more than the .* allowed"):
        check_memory(["t.csv"], taken * 10**6)
    check_memory(["t.csv"], 2 * taken * 10**6)


def test_more_interactions_never_need_less(monkeypatch):
    needed = []
    for interactions in (1, 10, 11_999, 12_000, 12_001, 99_999, 10**5, 10**6, 10**7, 10**7 + 1, 10**9):
        monkeypatch.setattr(room, "expected_extent", lambda _path, n=interactions: room.Extent(n, 0.0))
        needed.append(needed_memory(["t.csv"]))
    assert needed == sorted(needed)
    assert needed[-1] > 500 * 10**9
