"""Positions for drawing: the most-heard accounts and the ties among them. Computing, so not in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph
import numpy as np
import polars as pl

from netact.randomness import generator, igraph_generator

if TYPE_CHECKING:
    from netact.network import Network
    from netact.schemas import Kind


@dataclass(frozen=True)
class Layout:
    """Where to draw the most-heard accounts.

    Attributes
    ----------
    accounts
        ``account``, ``x``, ``y``, ``attention`` (in-strength in the whole network); most heard first.
    ties
        ``source``, ``target`` (rows of ``accounts``), ``weight``: heaviest first.
    total
        Number of active accounts in the network, drawn or not.
    ties_total
        Number of pairs tied among the accounts drawn, of which ``ties`` holds the heaviest.
    """

    accounts: pl.DataFrame
    ties: pl.DataFrame
    total: int
    ties_total: int


def network_layout(
    network: Network, *, kind: Kind | None = None, max_accounts: int = 2000, max_ties: int = 4000, seed: int
) -> Layout:
    """Place the most-heard accounts so that accounts tied to one another lie close (Fruchterman-Reingold).

    Parameters
    ----------
    network, kind
        Whose ties of which kind; the network's attention kind if None.
    max_accounts, max_ties
        How many accounts are placed and how many of the ties among them are kept, the heaviest. All ties among the
        accounts pull them together, kept or not.
    seed
        Seed of the starting positions.

    Returns
    -------
    Layout
        Accounts without a tie to another one drawn are left out.
    """
    ties, pairs = network.ties(kind), network.undirected_ties(kind)
    chosen = np.lexsort((np.arange(ties.n_accounts), -ties.in_degree, -ties.in_strength))[:max_accounts]
    chosen = chosen[ties.active[chosen]]
    keep = np.zeros(ties.n_accounts, dtype=bool)
    keep[chosen] = True
    among = pairs.among(keep)
    tied = np.zeros(ties.n_accounts, dtype=bool)
    tied[among.source] = tied[among.target] = True
    chosen = chosen[tied[chosen]]
    place = np.full(ties.n_accounts, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    source, target = place[among.source], place[among.target]
    xy = _positions(len(chosen), source, target, among.weight, seed=seed)
    heaviest = np.lexsort((target, source, -among.weight))[:max_ties]
    keys = network.accounts["key"]
    return Layout(
        accounts=pl.DataFrame(
            {
                "account": keys.gather(chosen.astype(np.uint32)) if len(chosen) else keys.head(0),
                "x": xy[:, 0],
                "y": xy[:, 1],
                "attention": ties.in_strength[chosen],
            }
        ),
        ties=pl.DataFrame({"source": source[heaviest], "target": target[heaviest], "weight": among.weight[heaviest]}),
        total=int(np.count_nonzero(ties.active)),
        ties_total=len(among),
    )


def _positions(n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray, *, seed: int) -> np.ndarray:
    """Return x and y in [0, 1], one row a vertex."""
    if n < 2:
        return np.full((n, 2), 0.5)
    graph = igraph.Graph(n=n, directed=False)
    graph.add_edges(zip(source.tolist(), target.tolist(), strict=True))
    start = generator(seed, "layout").normal(size=(n, 2)) * np.sqrt(n)
    with igraph_generator(seed):
        found = graph.layout_fruchterman_reingold(
            weights=np.sqrt(weight).tolist(), niter=300, seed=start.tolist(), grid=n > 300
        )
    xy = np.asarray(found.coords)
    # Components drift far apart: ranks pull the outliers in while the middle keeps its shape.
    for axis in (0, 1):
        low, high = np.quantile(xy[:, axis], [0.02, 0.98])
        middle, half = (low + high) / 2, max((high - low) / 2, 1e-9)
        scaled = (xy[:, axis] - middle) / half
        xy[:, axis] = np.where(
            np.abs(scaled) > 1, np.sign(scaled) * (1 + np.log(np.maximum(np.abs(scaled), 1)) * 0.3), scaled
        )
    span = np.maximum(xy.max(axis=0) - xy.min(axis=0), 1e-9)
    return (xy - xy.min(axis=0)) / span.max()
