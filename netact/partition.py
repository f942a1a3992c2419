"""Partitions of a network by Leiden on modularity: the one optimiser that every measure uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import igraph
import numpy as np

from netact import polarization
from netact.network import Network, Ties
from netact.randomness import igraph_generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

# Up to so many ties the optimiser takes many turns, beyond it few. Never "until nothing changes": between partitions of equal
# modularity igraph then changes for ever.
CONVERGE_TIES = 2_000
MANY_TURNS, FEW_TURNS = 10, 2
# From so many ties on the optimiser is our own, which needs no graph object, a fraction of the time and, unlike igraph, lets two
# partitions be sought at once; in networks of so many interactions already for fewer ties.
OWN_KERNEL_TIES = 2_000_000
LARGE_NETWORK_INTERACTIONS, LARGE_NETWORK_TIES = 1_000_000, 200_000


class Run(NamedTuple):
    """How one partition is sought: seed, resolution of modularity, and how often the optimiser starts again."""

    seed: int
    resolution: float
    turns: int


def compacted(ties: Ties) -> tuple[Ties, NDArray[np.int64]]:
    """Renumber the accounts that have ties 0, 1, ... in their order; return the ties and the old numbers."""
    rows = np.flatnonzero(ties.active)
    number = np.zeros(ties.n_accounts, dtype=np.uint32)
    number[rows] = np.arange(len(rows), dtype=np.uint32)
    return Ties(len(rows), number[ties.source], number[ties.target], ties.weight, ties.events), rows


def leiden_partitions(
    ties: Ties,
    *,
    seeds: Sequence[int],
    resolution: float | Sequence[float],
    weights: NDArray[np.float64] | None = None,
    turns: int | Sequence[int | None] | None = None,
    interactions: int = 0,
) -> NDArray[np.int32]:
    """Return one Leiden partition a seed, one row each; of large networks two are sought at once.

    Parameters
    ----------
    ties
        Undirected ties, one row a pair, sorted by source.
    seeds
        One a partition.
    resolution
        Resolution of modularity; 1 is modularity itself. One for all partitions, or one each.
    weights
        Of the ties; their own if None.
    turns
        How often the optimiser starts again from what it found, by default as the size allows. One number for all
        partitions, or one each.
    interactions
        Those that were read of the whole network (:func:`interactions_read`), where the ties are of one kind or a part of it.
    """
    weight = ties.weight if weights is None else weights
    resolutions = [resolution] * len(seeds) if isinstance(resolution, int | float) else resolution
    as_usual = MANY_TURNS if len(ties) <= CONVERGE_TIES else FEW_TURNS
    asked = [turns] * len(seeds) if turns is None or isinstance(turns, int) else turns
    runs = [Run(*run) for run in zip(seeds, resolutions, (number or as_usual for number in asked), strict=True)]
    if own_kernel(ties, interactions):
        from netact.communities import leiden  # compiled only for networks of this size

        return leiden(ties, weights=weight, runs=runs)
    graph = igraph.Graph(n=ties.n_accounts, edges=zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    values = None if np.all(weight == 1) else weight.tolist()
    out = np.empty((len(seeds), ties.n_accounts), dtype=np.int32)
    for row, (seed, rate, steps) in enumerate(runs):
        with igraph_generator(seed):
            found = graph.community_leiden(
                objective_function="modularity", weights=values, resolution=rate, n_iterations=steps
            )
        out[row] = found.membership
    return out


def own_kernel(ties: Ties, interactions: int = 0) -> bool:
    """Whether ties are so many that our own optimiser takes them; see :func:`leiden_partitions`."""
    large = interactions >= LARGE_NETWORK_INTERACTIONS and len(ties) >= LARGE_NETWORK_TIES
    return large or len(ties) >= OWN_KERNEL_TIES


def interactions_read(network: Network) -> int:
    """Return how many interactions a network holds, those derived from shares left out."""
    return int(network.interactions["quality"].ne_missing("derived").sum())


def best_partition(
    matrix: sparse.csr_array, partitions: NDArray[np.int32], resolution: float
) -> tuple[NDArray[np.int32], float]:
    """Return the partition of highest modularity, the first of equals."""
    values = [polarization.modularity(matrix, row, resolution=resolution) or 0.0 for row in partitions]
    best = int(np.argmax(np.round(values, 12)))
    return partitions[best], values[best]
