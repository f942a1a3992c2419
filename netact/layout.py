"""Positions for drawing: the most-heard accounts and the ties among them. Computing, so not in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph
import numpy as np
import polars as pl

from netact.randomness import generator, igraph_generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.network import Network
    from netact.schemas import Kind

    Codes = NDArray[np.int64]


# Up to this many vertices every pair repels; beyond it only near ones do, which is faster and less clear.
_NEAR_ONLY = 2000
_GAP = 0.06


@dataclass(frozen=True)
class Background:
    """A drawn picture of all accounts and ties, to lie behind the accounts of a :class:`Layout`.

    Attributes
    ----------
    png
        The picture, square, transparent where nothing is: readable on white and on dark paper. Its first row of pixels
        is at ``y1``.
    x0, x1, y0, y1
        Which part of the layout's plane it covers.
    accounts, ties
        How many accounts and how many ties (pairs) are drawn in it.
    """

    png: bytes
    x0: float
    x1: float
    y0: float
    y1: float
    accounts: int
    ties: int


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
    background
        A picture of all accounts and ties to lie behind them, where there are more accounts than are placed one by one.
    mode
        ``all``: every account has its place. ``most_heard``: the most heard have, and ``background`` shows all others.
        ``backbone``: too many even for a picture; ``ties`` are those of the most heard that are heavier than chance
        (disparity filter), ``accounts`` those who have such a tie.
    """

    accounts: pl.DataFrame
    ties: pl.DataFrame
    total: int
    ties_total: int
    background: Background | None = None
    mode: str = "all"


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


def _positions(n: int, source: Codes, target: Codes, weight: NDArray[np.float64], *, seed: int) -> NDArray[np.float64]:
    """Return x and y, one row a vertex: the largest component in the unit square, the others on shelves below it."""
    xy = np.full((n, 2), 0.5)
    if n < 2:
        return xy
    graph = igraph.Graph(n=n, directed=False)
    graph.add_edges(zip(source.tolist(), target.tolist(), strict=True))
    graph.es["weight"] = np.sqrt(weight).tolist()
    start = generator(seed, "layout").normal(size=(n, 2)) * np.sqrt(n)
    parts = sorted((np.asarray(part) for part in graph.connected_components()), key=lambda part: (-len(part), part[0]))
    left, top, shelf = 0.0, -_GAP, 0.0
    for number, part in enumerate(parts):
        inner = graph.induced_subgraph(part.tolist())
        with igraph_generator(seed):
            found = inner.layout_fruchterman_reingold(
                weights="weight",
                niter=300 if len(part) < 1000 else 150,
                seed=start[part].tolist(),
                grid=len(part) > _NEAR_ONLY,
            )
        square = _unit_square(np.asarray(found.coords, dtype=np.float64))
        if number == 0:
            xy[part] = square
            continue
        side = max(0.04, float(np.sqrt(len(part) / len(parts[0]))))
        if left + side > 1 and left > 0:
            left, top, shelf = 0.0, top - shelf - _GAP, 0.0
        xy[part] = np.array([left, top - side]) + side * square
        left, shelf = left + side + _GAP, max(shelf, side)
    return xy


def _unit_square(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit positions into the unit square; a few far outliers are drawn nearer so that the rest has room."""
    middle = np.median(xy, axis=0)
    away = xy - middle
    distance = np.hypot(away[:, 0], away[:, 1])
    usual = np.quantile(distance, 0.9) or 1.0
    ratio = distance / usual
    # Roots spread the crowded middle, logarithms draw far points in.
    drawn = np.where(ratio > 1, 1 + 0.35 * np.log(np.maximum(ratio, 1)), ratio**0.8)
    fitted = away * (drawn / np.maximum(distance, 1e-12))[:, None]
    span = fitted.max(axis=0) - fitted.min(axis=0)
    scaled: NDArray[np.float64] = (fitted - fitted.min(axis=0)) / max(float(span.max()), 1e-12)
    scaled += (1 - span / max(float(span.max()), 1e-12)) / 2
    return scaled
