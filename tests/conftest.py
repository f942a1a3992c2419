"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "realdata"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the checkout; missing data fail in CI and skip elsewhere."""
    if not _SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the real data beside the checkout are missing; in CI they must be there")
        pytest.skip("the real data beside the checkout are missing")
    return _SHARED
