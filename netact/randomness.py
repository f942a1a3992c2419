"""Chance, in one place: numpy generators from one seed, and the only code that touches igraph's generator."""

from __future__ import annotations

import random
import threading
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import igraph
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_IGRAPH_LOCK = threading.RLock()


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return the numpy generator of one purpose under a study's seed.

    Every stochastic step names its purpose (``generator(seed, "hierarchy", "bootstrap")``), so that steps
    neither share random numbers nor shift one another's when one of them changes.
    """
    words = [word if isinstance(word, int) else zlib.crc32(word.encode()) for word in purpose]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


def spawn_seeds(seed: int, count: int, *purpose: str | int) -> list[int]:
    """Return ``count`` independent 63-bit seeds for one purpose, for code that takes an integer seed."""
    return [int(value) for value in generator(seed, *purpose).integers(0, 2**63 - 1, size=count)]


@contextmanager
def igraph_generator(seed: int) -> Iterator[None]:
    """Let igraph draw from its own generator with ``seed``, one thread at a time.

    igraph has one generator per process, by default Python's ``random``: inside the block it is a private
    one, afterwards it is ``random`` again, whose own state is untouched.
    """
    with _IGRAPH_LOCK:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311, TID251
        try:
            yield
        finally:
            igraph.set_random_number_generator(random)  # noqa: TID251
