"""Mutated exports are read or refused in one line: nothing else happens, and quickly.

Few here; ``benchmarks/fuzz_importers.py`` runs as many as one likes.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from mutations import mutated

from netact.errors import ImportFileError
from netact.importers import read_source


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "file"


@settings(
    max_examples=250,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(content=mutated())
def test_a_mutated_export_is_read_or_refused(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    began = time.process_time()
    said = ""
    try:
        network = read_source(place)
        for receipt in network.receipt.sources:
            assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)
    except ImportFileError as error:
        said = str(error)
    assert "\n" not in said
    assert time.process_time() - began < 20
