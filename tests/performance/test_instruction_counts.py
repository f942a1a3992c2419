"""Two kernels need no more machine instructions for a tie than they did: counted by valgrind, so no clock decides.

Counted anew, with kernels compiled anew or taken from the cache, five times on a busy machine, core numbers took 88.491 to 88.501
instructions a tie and a null network 1,102.448 to 1,102.475: a spread below one in 8,000. The room of 15 % is for other versions
of the compiler, of numpy and of Python, not for noise.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from pathlib import Path

import pytest

MEASURED = {"core numbers": 88.5, "null network": 1102.5}
ROOM = 1.15


@pytest.fixture(scope="module")
def counts() -> dict[str, float]:
    if shutil.which("valgrind") is None or platform.machine() not in ("x86_64", "AMD64"):
        if os.environ.get("CI") == "true":
            pytest.fail("instructions are counted by valgrind on x86-64; in CI it must be there")
        pytest.skip("valgrind on x86-64 is missing")
    place = Path(__file__).parents[2] / "benchmarks" / "instructions.py"
    spec = importlib.util.spec_from_file_location("instructions", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.counted()


@pytest.mark.parametrize("kernel", MEASURED)
def test_a_kernel_needs_no_more_instructions_than_it_did(counts: dict[str, float], kernel: str) -> None:
    assert counts[kernel] <= MEASURED[kernel] * ROOM
    # A count far below says that the kernel got better, or that it was not counted: measure again and say so above.
    assert counts[kernel] >= MEASURED[kernel] / ROOM
