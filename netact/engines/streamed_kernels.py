"""Compiled kernels of :mod:`netact.engines.streamed`; imported only for many ties."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def spread(source: Any, target: Any, weight: Any, value: Any, heard: Any) -> None:
    """Add to what each target hears the value of the source times the weight of the tie."""
    for e in range(len(source)):
        heard[target[e]] += value[source[e]] * weight[e]


@njit(cache=True, nogil=True)
def attend(source: Any, target: Any, weight: Any, strengths: Any, degrees: Any) -> None:
    """Add up weights and ties; the first row is of those who receive, the second of those who give."""
    for e in range(len(source)):
        strengths[0, target[e]] += weight[e]
        strengths[1, source[e]] += weight[e]
        degrees[0, target[e]] += 1
        degrees[1, source[e]] += 1


@njit(cache=True, nogil=True)
def _root(parent: Any, v: Any) -> Any:
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return v


@njit(cache=True, nogil=True)
def join(source: Any, target: Any, parent: Any) -> None:
    """Put the two ends of each tie into one tree; the smallest number is its root."""
    for e in range(len(source)):
        v, u = _root(parent, source[e]), _root(parent, target[e])
        if v < u:
            parent[u] = v
        elif u < v:
            parent[v] = u


@njit(cache=True, nogil=True)
def flatten(parent: Any) -> None:
    """Let everyone point to the root; parents come before their children."""
    for v in range(len(parent)):
        parent[v] = parent[parent[v]]


@njit(cache=True, nogil=True)
def meet(source: Any, target: Any, degree: Any) -> None:
    """Count pairs at both ends."""
    for e in range(len(source)):
        degree[source[e]] += 1
        degree[target[e]] += 1


@njit(cache=True, nogil=True)
def least(source: Any, target: Any, level: Any, counts: Any) -> None:
    """Count ties by the lower level of their two ends."""
    for e in range(len(source)):
        counts[np.minimum(level[source[e]], level[target[e]])] += 1


@njit(cache=True, nogil=True)
def grouped(low: Any, high: Any, accounts: Any) -> Any:
    """Return both ends of pairs, put in the order of the lower ones."""
    starts = np.zeros(accounts + 1, dtype=np.int64)
    for e in range(len(low)):
        starts[low[e] + 1] += 1
    for v in range(accounts):
        starts[v + 1] += starts[v]
    ends = np.empty_like(high)
    for e in range(len(low)):
        ends[starts[low[e]]] = high[e]
        starts[low[e]] += 1
    at = 0  # low is not needed any more: its memory is used again
    for v in range(accounts):
        while at < starts[v]:
            low[at] = v
            at += 1
    return low, ends
