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
FEWEST_IN_BACKBONE = 100
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
        How many accounts and how many pairs of tied accounts are drawn in it.
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
        Number of pairs tied among the accounts drawn (``backbone``: that pass the filter), of which ``ties`` holds the
        heaviest.
    background
        A picture of all accounts and ties to lie behind them, where there are more accounts than are placed one by one.
    mode
        ``all``: every account has its place. ``most_heard``: the most heard have, and ``background`` shows all others
        up to 100,000. ``backbone``: too many for a picture; ``ties`` are those of the most heard that are heavier than
        chance (disparity filter), ``accounts`` those who have such a tie.
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
    the whole network (Serrano, Boguna & Vespignani 2009, https://doi.org/10.1073/pnas.0808904106). If that leaves fewer
    than 100 accounts, as where all weights are alike, the most heard are shown with all ties among them.

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
        if np.count_nonzero(backbone.active) >= FEWEST_IN_BACKBONE:
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
        everywhere = _everywhere(pairs, among, chosen, xy)
        xy = everywhere[chosen]
        group = _groups(network, membership, len(colours))
        paints = [_rgb(colour) for colour in (*colours, OTHER)]
        drawn = ties if network.has_direction(kind) else pairs
        background = _picture(drawn, everywhere, ties.in_strength, group, paints, pairs=len(pairs), seed=seed)
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
    a, b = ((1 - ties.weight / strength[end]).clip(0, 1) ** (degree[end] - 1) for end in (ties.source, ties.target))
    smaller: NDArray[np.float64] = np.minimum(a, b)
    return smaller


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
_FULL = 2.0
# Components of fewer accounts, or without anyone most heard, are drawn as plain discs.
_SHAPED = 20


def _everywhere(pairs: Ties, among: Ties, chosen: Codes, xy: Numbers) -> Numbers:
    """Return x and y of every account of the network, NaN without a tie.

    Each component grows from the largest part of it that ``among`` holds together, at ``xy``. The largest is the middle
    of the picture, the others lie around it.
    """
    n = pairs.n_accounts
    whole, part = pairs.weak_components(), among.weak_components()
    # Parts are numbered by size: the largest of a component has the smallest number.
    largest = np.full(int(whole.max(initial=-1)) + 1, n)
    np.minimum.at(largest, whole[chosen], part[chosen])
    first = part[chosen] == largest[whole[chosen]]
    at = np.full((n, 2), np.nan)
    at[chosen[first]] = xy[first]
    placed = np.zeros(n, dtype=bool)
    placed[chosen[first]] = True
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
    free[chosen[first]] = False
    _fan_out(at, np.flatnonzero(free), pairs)
    order = np.argsort(whole, kind="stable")
    ends_at = np.searchsorted(whole[order], np.arange(len(largest) + 1))
    size = np.diff(ends_at)
    # Radius of a component, the middle one's being 0.5; a pair still shows as two dots.
    radius = np.maximum(0.004, 0.5 * np.sqrt(size / size.max(initial=1)))
    members = np.split(order, ends_at)[1:-1]
    for rows in members:
        if placed[rows[0]] and len(rows) >= _SHAPED:
            local = 2 * _fitted(_uncrowded(at[rows])) - 1
            # The middle one fills its square, the others stay within their disc.
            at[rows] = local if rows is members[0] else local / np.hypot(*local.T).max()
        else:
            at[rows] = _sunflower(np.arange(len(rows)), len(rows), 1.0)
    centre = _ring(radius, inner=0.5 * float(np.hypot(*at[members[0]].T).max()) + 0.03)
    for number, rows in enumerate(members):
        at[rows] = centre[number] + radius[number] * at[rows]
    return at


def _fitted(xy: Numbers) -> Numbers:
    """Fit positions into the middle of the unit square, proportions kept."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    fitted: Numbers = 0.5 + (xy - (low + high) / 2) / (float((high - low).max()) or 1.0)
    return fitted


def _ring(radius: Numbers, *, inner: float) -> Numbers:
    """Return centres for discs: the first in the middle of the unit square, the others around it without overlap."""
    centre = np.full((len(radius), 2), 0.5)
    angle, rim = 0.0, 0.0

    def angle_of(r: float) -> float:
        return 2 * float(np.arcsin(min(1.0, 1.15 * r / (inner + r)))) + 0.005

    for i, r in enumerate(radius[1:].tolist(), start=1):
        if angle + angle_of(r) > 2 * np.pi:
            inner, angle, rim = inner + 2 * rim + 0.01, 0.0, 0.0
        wide = angle_of(r)
        centre[i] += (inner + r) * np.array([np.cos(angle + wide / 2), np.sin(angle + wide / 2)])
        angle, rim = angle + wide, max(rim, r)
    return centre


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


def _sunflower(place: Codes, count: Codes | int, radius: Numbers | float) -> Numbers:
    """Return offsets that fill a disc evenly: point ``place`` of ``count``."""
    angle = place * np.pi * (3 - np.sqrt(5))
    away = radius * np.sqrt((place + 0.5) / count)
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _uncrowded(xy: Numbers) -> Numbers:
    """Let points flow from where they crowd to where there is room; neighbours move together."""
    from scipy import ndimage

    xy = xy.copy()
    full = _FULL * len(xy) / (0.5 * _CELLS**2)
    for _ in range(_TURNS):
        low, high = xy.min(axis=0), xy.max(axis=0)
        cell = float((high - low).max()) * 1.2 / _CELLS or 1.0
        spot = (xy - (low + high) / 2) / cell + _CELLS / 2
        row, column = spot.astype(np.int64).clip(0, _CELLS - 1).T
        held = np.bincount(row * _CELLS + column, minlength=_CELLS**2).reshape(_CELLS, _CELLS)
        pressure = np.log1p(ndimage.gaussian_filter(held.astype(np.float64), 3.0) / full)
        slope = [ndimage.map_coordinates(g, spot.T - 0.5, order=1, mode="nearest") for g in np.gradient(pressure)]
        move = -2.5 * np.column_stack(slope)
        length = np.hypot(move[:, 0], move[:, 1])
        xy += cell * move * np.minimum(1, 0.6 / np.maximum(length, 1e-12))[:, None]
    return xy


# ---------------------------------------------------------------------- the picture

# Points of all lines together, and how many are computed at a time.
_MOST_POINTS = 40_000_000
_CHUNK = 500_000


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


def _picture(
    ties: Ties, at: Numbers, attention: Numbers, group: Codes, colours: list[Numbers], *, pairs: int, seed: int
) -> Background:
    """Draw all ties and accounts."""
    active = np.flatnonzero(ties.active)
    low, high = at[active].min(axis=0), at[active].max(axis=0)
    side = float((high - low).max()) * 1.03 or 1.0
    corner = (low + high - side) / 2
    pixel = (at - corner) / side * PIXELS
    pixel[:, 1] = PIXELS - pixel[:, 1]
    lines = _lines(ties, pixel, group, colours, seed=seed)
    dots = _dots(active, pixel, attention, group, colours)
    return Background(
        png=_png(_composed(*lines, *dots)),
        x0=float(corner[0]),
        x1=float(corner[0] + side),
        y0=float(corner[1]),
        y1=float(corner[1] + side),
        accounts=len(active),
        ties=pairs,
    )


def _lines(ties: Ties, pixel: Numbers, group: Codes, colours: list[Numbers], *, seed: int) -> tuple[Numbers, Numbers]:
    """Return the ink of the ties and its colour. Ties are slightly bent, clockwise in their direction."""
    from scipy import ndimage

    start, end = pixel[ties.source], pixel[ties.target]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    bend = (start + end) / 2 + 0.18 * np.column_stack([-along[:, 1], along[:, 0]])
    # About a point a pixel; fewer where that would be too many, which blurs into one another then.
    step = max(1.0, 1.05 * float(length.sum()) / _MOST_POINTS)
    points = np.maximum(8, np.ceil(1.05 * length / step)).astype(np.int64)
    strength = (1 + np.log(ties.weight / ties.weight.min())) * np.maximum(length, 1) / points
    strength /= 1 + length / 120
    # Every tie begins at another fraction of a step, so that far points do not line up to patterns.
    phase = generator(seed, "layout", "picture").random(len(ties))
    curve = [(start[:, i], 2 * (bend - start)[:, i], (start - 2 * bend + end)[:, i]) for i in (0, 1)]
    colour = group[ties.target]
    total, squares, mixed = np.zeros((PIXELS, PIXELS)), np.zeros((PIXELS, PIXELS)), np.zeros((PIXELS, PIXELS, 3))
    for number, rgb in enumerate(colours):
        rows = np.flatnonzero(colour == number)
        if not len(rows):
            continue
        plane = np.zeros(PIXELS**2)
        batch = np.cumsum(points[rows]) // _CHUNK
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            count = points[part]
            begin = np.cumsum(count) - count
            step_of = 1 / count
            t = np.arange(count.sum()) * np.repeat(step_of, count) + np.repeat((phase[part] - begin) * step_of, count)
            # A parabola through start, bend and end: p0 + t (p1 + t p2).
            where = [
                (np.repeat(p0[part], count) + t * (np.repeat(p1[part], count) + t * np.repeat(p2[part], count))).astype(
                    np.int64
                )
                for p0, p1, p2 in curve
            ]
            spot = where[1].clip(0, PIXELS - 1) * PIXELS + where[0].clip(0, PIXELS - 1)
            plane += np.bincount(spot, weights=np.repeat(strength[part], count), minlength=PIXELS**2)
        ink = ndimage.gaussian_filter(plane.reshape(PIXELS, PIXELS), 0.6)
        total += ink
        # Squared: the colour of most ties rather than the mud of all.
        squares += ink**2
        mixed += (ink**2)[..., None] * rgb
    return total, mixed / np.maximum(squares, 1e-24)[..., None]


def _dots(
    active: Codes, pixel: Numbers, attention: Numbers, group: Codes, colours: list[Numbers]
) -> tuple[Numbers, Numbers]:
    """Return the cover of the accounts' dots, in [0, 1], and its colour; larger dots for those more heard."""
    heard = attention[active]
    radius = 0.8 + 6.0 * np.sqrt(heard / max(float(heard.max()), 1e-12))
    reach = int(np.ceil(radius.max())) + 1
    offsets = np.stack(np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)), axis=-1).reshape(-1, 2)
    most, total, mixed = np.zeros((PIXELS, PIXELS)), np.zeros((PIXELS, PIXELS)), np.zeros((PIXELS, PIXELS, 3))
    for number, rgb in enumerate(colours):
        rows = group[active] == number
        if not rows.any():
            continue
        centre, around, plane = pixel[active[rows]], radius[rows], np.zeros(PIXELS**2)
        base = np.floor(centre).astype(np.int64)
        for offset in offsets:
            near = np.flatnonzero(around + 1 > np.hypot(*(np.abs(offset) - 1).clip(0)))
            spot = base[near] + offset
            distance = np.hypot(*(spot + 0.5 - centre[near]).T)
            value = (around[near] + 0.5 - distance).clip(0, 1)
            inside = (value > 0) & np.all((spot >= 0) & (spot < PIXELS), axis=1)
            np.maximum.at(plane, spot[inside, 1] * PIXELS + spot[inside, 0], value[inside])
        cover = plane.reshape(PIXELS, PIXELS)
        most = np.maximum(most, cover)
        total += cover
        mixed += cover[..., None] * rgb
    return most, mixed / np.maximum(total, 1e-12)[..., None]


def _composed(ink: Numbers, ink_colour: Numbers, dots: Numbers, dot_colour: Numbers) -> NDArray[np.uint8]:
    """Return red, green, blue and alpha: dots over lines."""
    there = ink > 0
    alpha = np.zeros_like(ink)
    if there.any():
        usual = float(np.quantile(ink[there], 0.4))
        dense = np.log1p(ink[there] / usual)
        # The edge of a line, where there is next to no ink, fades.
        alpha[there] = 0.08 * (ink[there] / usual).clip(0, 1) + 0.77 * (dense / np.quantile(dense, 0.999)).clip(0, 1)
    cover, below = 0.8 * dots, alpha * (1 - 0.8 * dots)
    over = cover + below
    out = np.zeros((*ink.shape, 4), dtype=np.uint8)
    drawn = over > 1.5 / 255
    weight = (np.stack([cover[drawn], below[drawn]]) / over[drawn])[..., None]
    mixed = dot_colour[drawn] * weight[0] + ink_colour[drawn] * weight[1]
    # A few steps of colour and opacity fewer make the file half as large and cannot be seen.
    out[drawn, :3] = (np.round(mixed ** (1 / 2.2) * 255 / 6) * 6).clip(0, 255)
    out[drawn, 3] = (np.round(over[drawn] * 255 / 6) * 6).clip(6, 255)
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
    body = zlib.compress(lines.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
