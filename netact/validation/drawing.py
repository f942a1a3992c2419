"""The figures of a validation as plain SVG: rates with their intervals, and curves of power.

The same drawing stands in the page, where it takes the page's colours, and beside the documentation, on white.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from netact.figures.theme import CHANCE, COLOURS, FONT, INK, MAIN

WIDTH = 680
_LEFT, _RIGHT = 8, 62
_COLOUR = {"met": COLOURS[2], "open": COLOURS[4], "missed": COLOURS[1], None: MAIN}
_SHAPE = {"met": "circle", "open": "ring", "missed": "square", None: "circle"}
_DASHES = ("", "7 4", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class Bar:
    """One rate: its label, value and interval, the target if there is one, and how it was judged."""

    label: str
    rate: float
    low: float
    high: float
    target: float | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class Point:
    """One point of a curve with its interval."""

    x: float
    rate: float
    low: float
    high: float


def per_cent(value: float) -> str:
    """Return a share in per cent.

    >>> per_cent(0.05), per_cent(0.996), per_cent(1.0), per_cent(0.0123)
    ('5 %', '99.6 %', '100 %', '1.2 %')
    """
    return f"{100 * value:.1f}".removesuffix(".0") + " %"


def rates(bars: Sequence[Bar], *, title: str, limit: float = 1.0, standalone: bool = False) -> str:
    """Return rates as dots with their intervals, one below another; the axis runs from 0 to ``limit``."""
    row, top = 36, 12
    height = top + row * len(bars) + 40
    inner = WIDTH - _LEFT - _RIGHT

    def at(value: float) -> float:
        return round(_LEFT + inner * min(value, limit) / limit, 1)

    parts = [_tick(at(share), top, height - 34, per_cent(share)) for share in _grid(limit)]
    for number, bar in enumerate(bars):
        y = top + row * number
        middle = y + 25
        colour = _COLOUR[bar.verdict]
        told = f"{bar.label}: {per_cent(bar.rate)} ({per_cent(bar.low)} to {per_cent(bar.high)})"
        parts.append(f"<g><title>{escape(told)}</title>")
        parts.append(f'<text x="{_LEFT}" y="{y + 13}" font-size="12.5">{escape(bar.label)}</text>')
        if bar.target is not None:
            x = at(bar.target)
            parts.append(f'<path d="M{x} {middle - 7}V{middle + 7}" stroke="{CHANCE}" stroke-width="2.5"/>')
        parts.append(
            f'<path d="M{at(bar.low)} {middle}H{at(bar.high)}" stroke="{colour}" stroke-width="2.5" stroke-linecap="round"/>'
        )
        parts.append(_mark(at(bar.rate), middle, colour, _SHAPE[bar.verdict]))
        parts.append(
            f'<text x="{WIDTH - 4}" y="{middle + 4}" font-size="12" text-anchor="end">{per_cent(bar.rate)}</text></g>'
        )
    return _svg(parts, height, title, standalone=standalone)


def curves(
    lines: Mapping[str, Sequence[Point]],
    *,
    title: str,
    x: str,
    y: str,
    logarithmic: bool = False,
    standalone: bool = False,
) -> str:
    """Return curves of a rate over a quantity, with intervals as bars."""
    left, top, plot, below = 52, 16, 240, 44
    height = top + plot + below + 20 * len(lines)
    everything = [point.x for points in lines.values() for point in points]
    scale = math.log if logarithmic else float
    low, high = scale(min(everything)), scale(max(everything))
    inner = WIDTH - left - 20

    def across(value: float) -> float:
        return round(left + 10 + (inner - 20) * ((scale(value) - low) / (high - low) if high > low else 0.5), 1)

    def up(value: float) -> float:
        return round(top + plot * (1 - value), 1)

    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<path d="M{left} {up(share)}H{WIDTH - 20}" stroke="{CHANCE}" stroke-opacity=".35"/>')
        parts.append(
            f'<text x="{left - 8}" y="{up(share) + 4}" font-size="12" text-anchor="end">{per_cent(share)}</text>'
        )
    shown: list[float] = []
    for value in sorted(set(everything)):
        spot = across(value)
        if not shown or spot - shown[-1] >= 38:
            shown.append(spot)
            parts.append(
                f'<text x="{spot}" y="{top + plot + 18}" font-size="12" text-anchor="middle">{value:,g}</text>'
            )
    parts.append(
        f'<text x="{left + inner / 2}" y="{top + plot + 36}" font-size="12.5" text-anchor="middle">{escape(x)}</text>'
    )
    for number, (name, points) in enumerate(lines.items()):
        colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
        shape = ("circle", "square", "ring")[number % 3]
        path = "L".join(f"{across(point.x)} {up(point.rate)}" for point in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        for point in points:
            told = f"{name}, {point.x:,g}: {per_cent(point.rate)} ({per_cent(point.low)} to {per_cent(point.high)})"
            parts.append(f"<g><title>{escape(told)}</title>")
            parts.append(
                f'<path d="M{across(point.x)} {up(point.low)}V{up(point.high)}" stroke="{colour}" stroke-width="1.5"/>'
            )
            parts.append(_mark(across(point.x), up(point.rate), colour, shape) + "</g>")
        line = top + plot + below + 12 + 20 * number
        parts.append(f'<path d="M{left} {line - 4}h34" stroke="{colour}" stroke-width="2"{dashed}/>')
        parts.append(_mark(left + 17, line - 4, colour, shape))
        parts.append(f'<text x="{left + 44}" y="{line}" font-size="12.5">{escape(name)}</text>')
    parts.append(f"<desc>{escape(y)}</desc>")
    return _svg(parts, height, title, standalone=standalone)


def _grid(limit: float) -> list[float]:
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25) if limit / step <= 5.01)
    return [round(step * number, 4) for number in range(int(limit / step + 1e-9) + 1)]


def _tick(x: float, top: float, bottom: float, label: str) -> str:
    return (
        f'<path d="M{x} {top}V{bottom}" stroke="{CHANCE}" stroke-opacity=".35"/>'
        f'<text x="{x}" y="{bottom + 20}" font-size="12" text-anchor="middle">{label}</text>'
    )


def _mark(x: float, y: float, colour: str, shape: str) -> str:
    if shape == "square":
        return f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" fill="{colour}"/>'
    fill = "white" if shape == "ring" else colour
    return f'<circle cx="{x}" cy="{y}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def _svg(parts: Sequence[str], height: float, title: str, *, standalone: bool) -> str:
    box = f'viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}"'
    family = FONT.replace('"', "'")
    if not standalone:
        return (
            f'<svg {box} width="100%" style="max-width:{WIDTH}px;min-width:30rem" font-family="{family}" '
            f'fill="currentColor">{"".join(parts)}</svg>'
        )
    paper = f'<rect width="{WIDTH}" height="{height:g}" fill="white"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} width="{WIDTH}" height="{height:g}" font-family="{family}" '
        f'fill="{INK}">{paper}\n' + "\n".join(parts) + "\n</svg>\n"
    )
