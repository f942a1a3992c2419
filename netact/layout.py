"""Positions for drawing: the most-heard accounts and the ties among them, and a picture of all the others.

Computing, so not in figures.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph
import numpy as np
import polars as pl
from scipy import ndimage

from netact.randomness import generator, igraph_generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network, Ties
    from netact.schemas import Kind

    Codes = NDArray[np.int64]
    Numbers = NDArray[np.float64]

# Up to this many active accounts all are drawn in a picture; beyond it only the backbone is.
MOST_DRAWN = 100_000
# A tie is in the backbone if an account of as many ties would give it so large a share of its weight by chance with
# less than this probability.
BACKBONE_ALPHA = 0.05
# Pixels of the picture, each way.
PIXELS = 1400

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
    network: Network,
    *,
    kind: Kind | None = None,
    max_accounts: int = 2000,
    max_ties: int = 4000,
    membership: pl.DataFrame | None = None,
    colours: Sequence[str] = (),
    seed: int,
) -> Layout:
    """Place the most-heard accounts so that accounts tied to one another lie close (Fruchterman-Reingold).

    Where there are more active accounts than ``max_accounts``, up to 100,000, the others are placed around the accounts
    they are tied to (weighted mean of their positions, outward in turns; those who share one place spread over a disc
    of an area that grows with their number) and drawn with all ties as a picture. The ink of a tie grows with the
    logarithm of its weight and shrinks with its length. Beyond 100,000 accounts the ties shown are the backbone: those
    among the most heard that pass the disparity filter at 0.05 at either end, directions added up, against the ties of
    the whole network (Serrano, Boguna & Vespignani 2009, https://doi.org/10.1073/pnas.0808904106). If nothing passes,
    as where all weights are alike, the most heard are shown with all ties among them.

    Parameters
    ----------
    network, kind
        Whose ties of which kind; the network's attention kind if None.
    max_accounts, max_ties
        How many accounts are placed one by one and how many of the ties among them are kept, the heaviest. All ties
        among the accounts pull them together, kept or not.
    membership
        ``account``, ``faction`` (0 is the largest): groups that colour the picture. A tie has the colour of the account
        that receives the attention.
    colours
        ``#RRGGBB`` of the groups 0, 1, ...; all others, and everything without ``membership``, are grey.
    seed
        Seed of the starting positions.

    Returns
    -------
    Layout
        Accounts without a tie to another one drawn are left out.
    """
    ties, pairs = network.ties(kind), network.undirected_ties(kind)
    total = int(np.count_nonzero(ties.active))
    chosen = np.lexsort((np.arange(ties.n_accounts), -ties.in_degree, -ties.in_strength))[:max_accounts]
    chosen = chosen[ties.active[chosen]]
    keep = np.zeros(ties.n_accounts, dtype=bool)
    keep[chosen] = True
    mode, among = "all" if total <= max_accounts else "most_heard", pairs.among(keep)
    if total > max(max_accounts, MOST_DRAWN):
        backbone = pairs.where(disparity(pairs) < BACKBONE_ALPHA).among(keep)
        if len(backbone):
            mode, among = "backbone", backbone
    tied = np.zeros(ties.n_accounts, dtype=bool)
    tied[among.source] = tied[among.target] = True
    chosen = chosen[tied[chosen]]
    place = np.full(ties.n_accounts, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    source, target = place[among.source], place[among.target]
    xy = _positions(len(chosen), source, target, among.weight, seed=seed)
    background = None
    if mode == "most_heard" and total <= MOST_DRAWN:
        first = among.weak_components()[chosen] == 0
        everywhere = _everywhere(pairs, chosen[first], xy[first])
        xy = everywhere[chosen]
        group = _groups(network, membership, len(colours))
        drawn = ties if network.directed else pairs
        background = _picture(drawn, everywhere, group, [_rgb(colour) for colour in (*colours, OTHER)], seed=seed)
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
        total=total,
        ties_total=len(among),
        background=background,
        mode=mode,
    )


def disparity(ties: Ties) -> NDArray[np.float64]:
    """Return how surprising the weight of each tie is to the end it surprises more: the p-value of the disparity filter.

    Under the null an account spreads its weight over its k ties uniformly at random, so that a share of x or more falls
    on a tie with probability (1 - x) ** (k - 1); 1 for an account with one tie. In [0, 1].

    Parameters
    ----------
    ties
        One tie a pair, as :meth:`~netact.network.Network.undirected_ties` gives them.

    References
    ----------
    Serrano, Boguna & Vespignani 2009, https://doi.org/10.1073/pnas.0808904106.
    """
    degree, strength = ties.in_degree + ties.out_degree, ties.in_strength + ties.out_strength
    ends = [(1 - ties.weight / strength[end]).clip(0, 1) ** (degree[end] - 1) for end in (ties.source, ties.target)]
    return np.minimum(*ends)


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


# ---------------------------------------------------------------------- everybody else

# What is drawn of those without a colour of their own.
OTHER = "#8A8F98"
# Share of the unit square that the discs around all shared places cover together.
_DISCS = 0.3
# Crowds are spread until no cell of this grid holds much more than its share of half the square.
_CELLS = 160
_TURNS = 60
_FULL = 5.0


def _everywhere(pairs: Ties, chosen: Codes, xy: Numbers) -> Numbers:
    """Return x and y of every account of the network, NaN without a tie; ``xy`` is where the chosen ones start."""
    n = pairs.n_accounts
    at = np.full((n, 2), np.nan)
    at[chosen] = xy
    placed = np.zeros(n, dtype=bool)
    placed[chosen] = True
    ends = np.concatenate([pairs.source, pairs.target]).astype(np.int64)
    others = np.concatenate([pairs.target, pairs.source]).astype(np.int64)
    # Squared: nearer to the one most heard than to the middle of everything.
    pull = np.tile(pairs.weight, 2) ** 2
    while True:
        reach = ~placed[ends] & placed[others]
        if not reach.any():
            break
        weight = np.bincount(ends[reach], weights=pull[reach], minlength=n)
        fresh = weight > 0
        for axis in (0, 1):
            moment = np.bincount(ends[reach], weights=pull[reach] * at[others[reach], axis], minlength=n)
            at[fresh, axis] = moment[fresh] / weight[fresh]
        placed |= fresh
    free = placed.copy()
    free[chosen] = False
    _fan_out(at, np.flatnonzero(free), pairs)
    at[placed] = _unit_square(_uncrowded(at[placed]))
    _islands(pairs, np.flatnonzero(pairs.active & ~placed), at)
    return at


def _fan_out(at: Numbers, free: Codes, pairs: Ties) -> None:
    """Spread accounts that share a place over a disc around it."""
    if not len(free):
        return
    shared = np.unique(np.round(at[free], 4), axis=0, return_inverse=True)[1].reshape(-1)
    count = np.bincount(shared)
    order = np.lexsort((free, -(pairs.in_degree + pairs.out_degree)[free], shared))
    inner = np.empty(len(free), dtype=np.int64)
    inner[order] = np.arange(len(free)) - np.repeat(np.cumsum(count) - count, count)
    unit = np.sqrt(_DISCS / (np.pi * len(free)))
    at[free] += _sunflower(inner, count[shared], unit * np.sqrt(count[shared]))


def _sunflower(place: Codes, count: Codes, radius: Numbers) -> Numbers:
    """Return offsets that fill a disc evenly: point ``place`` of ``count``."""
    angle = place * np.pi * (3 - np.sqrt(5))
    away = radius * np.sqrt((place + 0.5) / count)
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _uncrowded(xy: Numbers) -> Numbers:
    """Let points flow from where they crowd to where there is room; neighbours move together."""
    xy = xy.copy()
    full = _FULL * len(xy) / (0.5 * _CELLS**2)
    for _ in range(_TURNS):
        low, high = xy.min(axis=0), xy.max(axis=0)
        cell = float((high - low).max()) * 1.2 / _CELLS or 1.0
        spot = (xy - (low + high) / 2) / cell + _CELLS / 2
        row, column = spot.astype(np.int64).clip(0, _CELLS - 1).T
        held = np.bincount(row * _CELLS + column, minlength=_CELLS**2).reshape(_CELLS, _CELLS)
        pressure = np.log1p(np.maximum(ndimage.gaussian_filter(held.astype(np.float64), 2.0) / full - 1, 0))
        if not pressure.any():
            break
        pressure = ndimage.gaussian_filter(pressure, 2.0)
        slope = [ndimage.map_coordinates(g, spot.T - 0.5, order=1, mode="nearest") for g in np.gradient(pressure)]
        move = -2.0 * np.column_stack(slope)
        length = np.hypot(move[:, 0], move[:, 1])
        xy += cell * move * np.minimum(1, 0.6 / np.maximum(length, 1e-12))[:, None]
    return xy


def _islands(pairs: Ties, rows: Codes, at: Numbers) -> None:
    """Place components of which nobody is placed on a ring around the others, each as a small disc."""
    if not len(rows):
        return
    component = pairs.weak_components()[rows]
    order = np.argsort(component, kind="stable")
    rows, component = rows[order], component[order]
    known = at[~np.isnan(at[:, 0])]
    middle = (known.min(axis=0) + known.max(axis=0)) / 2 if len(known) else np.full(2, 0.5)
    away = float(np.hypot(*(known - middle).T).max()) if len(known) else 0.0
    number = np.unique(component, return_inverse=True)[1]
    size = np.bincount(number)
    radius = 0.004 * np.sqrt(size)
    # The largest first; a further ring when one is full.
    ring, angle, rim = away + 0.03 + float(radius.max()), 0.0, 0.0
    centre = np.empty((len(size), 2))
    for i, r in enumerate(radius.tolist()):
        step = 2.4 * (r + 0.003) / ring
        if angle + step > 2 * np.pi:
            ring, angle, rim = ring + rim + r + 0.008, 0.0, 0.0
        centre[i] = middle + ring * np.array([np.cos(angle + step / 2), np.sin(angle + step / 2)])
        angle, rim = angle + step, max(rim, r)
    inner = np.arange(len(rows)) - np.searchsorted(number, number)
    at[rows] = centre[number] + _sunflower(inner, size[number], radius[number])


# ---------------------------------------------------------------------- the picture

_MOST_POINTS = 40_000_000
_CHUNK = 4_000_000


def _groups(network: Network, membership: pl.DataFrame | None, colours: int) -> Codes:
    """Return the number of every account's colour; the last, ``colours``, is for all without one of their own."""
    if membership is None or not membership.height:
        return np.full(network.n_accounts, colours, dtype=np.int64)
    named = membership.select("account", "faction")
    joined = network.accounts.select(account="key").join(named, on="account", how="left", maintain_order="left")
    group = joined["faction"].fill_null(colours).to_numpy().astype(np.int64)
    return np.where((group >= 0) & (group < colours), group, colours)


def _rgb(colour: str) -> Numbers:
    """Return a colour ``#RRGGBB`` in linear light."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return values**2.2


def _picture(ties: Ties, at: Numbers, group: Codes, colours: list[Numbers], *, seed: int) -> Background:
    """Draw all ties and accounts."""
    active = np.flatnonzero(ties.active)
    low, high = at[active].min(axis=0), at[active].max(axis=0)
    side = float((high - low).max()) * 1.03
    corner = (low + high - side) / 2
    pixel = (at - corner) / side * PIXELS
    pixel[:, 1] = PIXELS - pixel[:, 1]
    ink = _lines(ties, pixel, group, len(colours), seed=seed)
    dots = _dots(ties, pixel, group, active, len(colours))
    png = _png(_composed(ink, dots, np.array(colours)))
    return Background(
        png=png,
        x0=float(corner[0]),
        x1=float(corner[0] + side),
        y0=float(corner[1]),
        y1=float(corner[1] + side),
        accounts=len(active),
        ties=len(ties),
    )


def _lines(ties: Ties, pixel: Numbers, group: Codes, colours: int, *, seed: int) -> Numbers:
    """Return the ink of the ties: one plane a colour. Ties are slightly bent, clockwise in their direction."""
    start, end = pixel[ties.source], pixel[ties.target]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    bend = (start + end) / 2 + 0.18 * np.column_stack([-along[:, 1], along[:, 0]])
    step = max(1.0, 1.05 * float(length.sum()) / _MOST_POINTS)
    points = np.maximum(8, np.ceil(1.05 * length / step)).astype(np.int64)
    strength = (1 + np.log(ties.weight / ties.weight.min())) * np.maximum(length, 1) / points
    strength /= 1 + length / 120
    # Every tie begins at another fraction of a step, so that far points do not line up to patterns.
    phase = generator(seed, "layout", "picture").random(len(ties))
    colour = group[ties.target]
    ink = np.zeros((colours, PIXELS * PIXELS))
    for plane in range(colours):
        rows = np.flatnonzero(colour == plane)
        until = np.cumsum(points[rows])
        cuts = np.searchsorted(until, np.arange(_CHUNK, until[-1] + _CHUNK, _CHUNK)) + 1 if len(rows) else []
        for part in np.split(rows, cuts):
            if not len(part):
                continue
            count = points[part]
            edge = np.repeat(part, count)
            t = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
            t = (t + phase[edge]) / points[edge]
            a, b, c = ((1 - t) ** 2)[:, None], (2 * t * (1 - t))[:, None], (t**2)[:, None]
            spot = (a * start[edge] + b * bend[edge] + c * end[edge]).astype(np.int64).clip(0, PIXELS - 1)
            ink[plane] += np.bincount(spot[:, 1] * PIXELS + spot[:, 0], weights=strength[edge], minlength=PIXELS**2)
    planes = ink.reshape(colours, PIXELS, PIXELS)
    for plane in planes:
        plane[:] = ndimage.gaussian_filter(plane, 0.6)
    return planes


def _dots(ties: Ties, pixel: Numbers, group: Codes, active: Codes, colours: int) -> Numbers:
    """Return the cover of the accounts' dots, in [0, 1]: one plane a colour; larger ones for those more heard."""
    heard = ties.in_strength[active]
    radius = 0.8 + 6.0 * np.sqrt(heard / max(float(heard.max()), 1e-12))
    cover = np.zeros((colours, PIXELS * PIXELS))
    reach = int(np.ceil(radius.max())) + 1
    offsets = np.stack(np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)), axis=-1).reshape(-1, 2)
    base = np.floor(pixel[active]).astype(np.int64)
    for offset in offsets:
        near = np.flatnonzero(radius + 1 > np.hypot(*(np.abs(offset) - 1).clip(0)))
        spot = base[near] + offset
        distance = np.hypot(*(spot + 0.5 - pixel[active[near]]).T)
        value = (radius[near] + 0.5 - distance).clip(0, 1)
        inside = (value > 0) & np.all((spot >= 0) & (spot < PIXELS), axis=1)
        at = group[active[near]][inside] * PIXELS**2 + spot[inside, 1] * PIXELS + spot[inside, 0]
        np.maximum.at(cover.reshape(-1), at, value[inside])
    return cover.reshape(colours, PIXELS, PIXELS)


def _composed(ink: Numbers, dots: Numbers, colours: Numbers) -> NDArray[np.uint8]:
    """Return red, green, blue and alpha: dots over lines."""
    total = ink.sum(axis=0)
    there = total > 0
    alpha = np.zeros_like(total)
    if there.any():
        usual = float(np.quantile(total[there], 0.4))
        values = np.log1p(total[there] / usual)
        ranked = values / np.quantile(values, 0.999)
        # The edge of a line, where there is next to no ink, fades.
        alpha[there] = 0.08 * (total[there] / usual).clip(0, 1) + 0.77 * ranked.clip(0, 1)
    # Squared: the colour of most ties rather than the mud of all.
    share = ink**2
    light = np.tensordot(share, colours, axes=(0, 0)) / np.maximum(share.sum(axis=0), 1e-24)[..., None]
    cover = dots.max(axis=0)
    dot = np.tensordot(dots, colours, axes=(0, 0)) / np.maximum(dots.sum(axis=0), 1e-12)[..., None]
    cover = 0.8 * cover
    over = cover + alpha * (1 - cover)
    mixed = (dot * cover[..., None] + light * (alpha * (1 - cover))[..., None]) / np.maximum(over, 1e-12)[..., None]
    # A few steps of colour and opacity fewer make the file half as large and cannot be seen.
    out = np.zeros((*total.shape, 4), dtype=np.uint8)
    out[..., :3] = (np.round(mixed ** (1 / 2.2) * 255 / 6) * 6).clip(0, 255)
    out[..., 3] = (np.round(over * 255 / 6) * 6).clip(0, 255)
    out[out[..., 3] == 0] = 0
    return out


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return an 8-bit RGBA picture as a PNG file."""
    height, width, _ = pixels.shape
    # Each byte as the difference to the pixel on its left: flat areas become zeros.
    moved = pixels.copy()
    moved[:, 1:] -= pixels[:, :-1]
    lines = np.concatenate([np.ones((height, 1), dtype=np.uint8), moved.reshape(height, -1)], axis=1)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
