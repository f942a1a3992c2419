"""Several pieces of work at once, in threads of this process; the answers come in the order of the work.

Only work that gives up the interpreter's lock gains by it: kernels, sorts and sums of numpy, polars. What comes out does not
depend on how many threads there were or on which was done first, as long as no piece of work changes what another reads.
"""

from __future__ import annotations

import contextvars
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Pieces of work at once: each has memory of its own, and what they read of the network is shared by all.
AT_ONCE = 2


def cores() -> int:
    """Return how many cores this process may run on, at least one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(work: Callable[[Item], Answer], items: Iterable[Item], *, at_once: int = AT_ONCE) -> Iterator[Answer]:
    """Yield ``work(item)`` for every item, in the order of the items.

    Items are made by the calling thread, one after the other, and at most one more than are worked on: so they may come
    from a walk or from one sequence of random numbers, and memory is that of ``at_once + 1`` of them. On one core, or with
    ``at_once`` 1, it is a loop.

    Parameters
    ----------
    work
        What is done; it must not change anything that another piece of work reads.
    items
        What it is done with.
    at_once
        Most pieces of work at once; never more than there are cores.

    Examples
    --------
    >>> list(side_by_side(lambda number: number**2, range(4)))
    [0, 1, 4, 9]
    """
    threads = min(at_once, cores())
    if threads < 2:
        yield from map(work, items)
        return
    waiting: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(max_workers=threads) as workers:
        try:
            for item in items:
                # The language that is spoken belongs to a context.
                waiting.append(workers.submit(contextvars.copy_context().run, work, item))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for task in waiting:
                task.cancel()
