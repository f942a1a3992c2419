"""How every figure looks: colours, symbols, type and axes. Colour never carries meaning alone."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go
import polars as pl

from netact.language import separators
from netact.representation import Sheet, line, size

# Six colours after Okabe and Ito, told apart with every common kind of colour blindness; further groups are grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C6D1F", "#56B4E9")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
OTHER, OTHER_SYMBOL = "#8A8F98", "circle-open"
MAIN, ACCENT = COLOURS[0], COLOURS[1]
# What chance gives is always this grey, as band, bar or line.
CHANCE, CHANCE_BAND = "#8A8F98", "rgba(138,143,152,0.28)"
# Behind labels on crowded figures; the page swaps it in its dark scheme.
LABEL, LABEL_DARK = "rgba(253,253,251,0.72)", "rgba(22,25,30,0.72)"
# Text, the box of a hover label and its border; as in report.js.
INK, INK_DARK = "#1d2129", "#e8eaee"
BOX, BOX_DARK = "#ffffff", "#2a2f38"
PAPER, PAPER_DARK = "#fdfdfb", "#16191e"
BORDER, BORDER_DARK = "#b8bec8", "#59616e"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Panel:
    """One figure with what belongs to it.

    Attributes
    ----------
    name
        Identifies the panel in a report.
    title
        What the figure shows, as one sentence.
    figure
        The plotly figure; its account names went through :func:`netact.figures.text.safe`.
    table
        Exactly the numbers shown, names as they are (for an escaping table).
    note
        How to read it.
    """

    name: str
    title: str
    figure: go.Figure
    table: pl.DataFrame
    note: str = ""

    def __repr__(self) -> str:
        return line(Sheet("Panel", facts=(("name", self.name), ("title", self.title), ("table", size(self.table)))))


def colour(group: int | None) -> str:
    """Return the colour of a group; grey from the seventh on and for none."""
    return COLOURS[group] if group is not None and 0 <= group < len(COLOURS) else OTHER


def symbol(group: int | None) -> str:
    """Return the marker symbol of a group."""
    return SYMBOLS[group] if group is not None and 0 <= group < len(SYMBOLS) else OTHER_SYMBOL


def canvas(*, height: int, x: str = "", y: str = "") -> go.Figure:
    """Return an empty figure in the house style; ``x`` and ``y`` are axis titles."""
    axis: dict[str, Any] = {
        "gridcolor": "rgba(128,128,128,0.18)",
        "zeroline": False,
        "linecolor": "rgba(128,128,128,0.5)",
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "rgba(128,128,128,0.5)",
        "automargin": True,
        "title": {"standoff": 10, "font": {"size": 13}},
        "fixedrange": True,
    }
    figure = go.Figure(
        layout={
            "template": go.layout.Template(),
            "height": height,
            "autosize": True,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": "#23272f"},
            "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "xanchor": "left"},
            "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
            "colorway": list(COLOURS),
            "dragmode": False,
            "bargap": 0.35,
            "separators": separators(),
        }
    )
    # In one step: each update of a figure is costly.
    figure.update_layout(
        xaxis={**axis, "title": {**axis["title"], "text": x}}, yaxis={**axis, "title": {**axis["title"], "text": y}}
    )
    return figure


def bare(figure: go.Figure) -> go.Figure:
    """Hide the axes of a map and keep its proportions."""
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1)
    return figure


def themed(figure: go.Figure, *, dark: bool) -> go.Figure:
    """Return a copy of a figure, painted for a dark or a light page as the report paints it.

    Text and traces with ``meta="ink"`` take the colour of text; hover labels and the boxes behind labels that of paper.
    """
    painted = go.Figure(figure)
    ink, box, border = (INK_DARK, BOX_DARK, BORDER_DARK) if dark else (INK, BOX, BORDER)
    painted.update_layout(font_color=ink, hoverlabel={"bgcolor": box, "bordercolor": border, "font": {"color": ink}})
    for annotation in painted.layout.annotations:
        if annotation.bgcolor:
            annotation.bgcolor = LABEL_DARK if dark else LABEL
    painted.for_each_trace(
        lambda trace: trace.update(marker={"color": ink, "line": {"color": ink}}), selector={"meta": "ink"}
    )
    return painted


def on_paper(figure: go.Figure, *, title: str = "", dark: bool = False) -> go.Figure:
    """Return a copy of a figure on paper of its own, so that it can be read whatever the page around it, with its title."""
    painted = themed(figure, dark=dark)
    paper = PAPER_DARK if dark else PAPER
    painted.update_layout(paper_bgcolor=paper, plot_bgcolor=paper, margin={"l": 16, "r": 16, "b": 16})
    if title:
        # Plotly reads markup and templates in titles: names in them are made literal.
        lines = textwrap.wrap(title.replace("%{", "% {"), 90)
        text = "<br>".join(escape(line, quote=False) for line in lines)
        height = 24 + 22 * len(lines)
        painted.update_layout(
            title={"text": text, "x": 0, "xref": "paper", "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12},
                   "font": {"size": 15}},
            margin_t=height + 34,
            height=(painted.layout.height or 400) + height,
        )  # fmt: skip
    return painted


def labels_without_overlap(
    x: list[float], y: list[float], order: list[int], *, most: int, width: float, height: float
) -> list[int]:
    """Return which points can bear a label: in the given order, leaving out those whose label would cover another.

    ``width`` and ``height`` are the size of a label in units of the axes.
    """
    placed: list[int] = []
    for point in order:
        if len(placed) >= most:
            break
        if all(abs(x[point] - x[other]) >= width or abs(y[point] - y[other]) >= height for other in placed):
            placed.append(point)
    return placed
