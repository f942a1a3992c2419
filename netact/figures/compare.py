"""Figure of two reports side by side: each value with its range, A and B."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import plain, safe, table
from netact.figures.theme import ACCENT, MAIN, Panel, canvas
from netact.language import _, _n, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

_ROW = 54  # pixels for one value with its label above
_SHIFT = {"first": -0.06, "second": 0.14}
_GAP = 56  # pixels for the axis and the heading of a unit


def compare_values(rows: pl.DataFrame) -> Panel | None:
    """Return two reports' values, one row each, on one axis for each unit.

    Parameters
    ----------
    rows
        ``question``, ``label``, ``first``, ``first_low``, ``first_high``, ``second``, ``second_low``, ``second_high``,
        ``unit``. A value or a range may be null: that report does not say. Units that begin with "share" are shares
        in [0, 1].

    Returns
    -------
    Panel or None
        None where neither report has a value.
    """
    rows = rows.filter(pl.col("first").is_not_null() | pl.col("second").is_not_null())
    if not rows.height:
        return None
    units = rows["unit"].unique(maintain_order=True).to_list()
    parts = [(unit, rows.filter(pl.col("unit") == unit)) for unit in units]
    height = 60 + sum(_GAP + _ROW * part.height for _unit, part in parts)
    figure = canvas(height=height)
    figure.update_layout(showlegend=True, margin={"t": 30, "b": 30, "l": 6, "r": 14})
    inner = height - 60
    top = 1.0
    for number, (unit, part) in enumerate(parts):
        suffix = "" if number == 0 else str(number + 1)
        bottom = top - _ROW * part.height / inner
        _draw(figure, unit, part, suffix=suffix, domain=(max(0.0, bottom), top), first=number == 0)
        top = bottom - _GAP / inner
    both = rows.drop_nulls(["first", "second"])
    apart = [_apart(row) for row in both.iter_rows(named=True)]
    known = [value for value in apart if value is not None]
    title = (
        _n(
            "{apart:count} of {n:count} value differs beyond its range",
            "{apart:count} of {n:count} values differ beyond their ranges",
            len(known),
            apart=sum(known),
        )
        if known
        else _("Two reports side by side")
    )
    records = list(rows.iter_rows(named=True))
    cells = table(
        (_("measure"), [plain(row["label"], limit=80) for row in records]),
        (_("A"), [number_words(row["first"], row["unit"]) for row in records]),
        (_("A, 95 % range"), [range_words(row["first_low"], row["first_high"], row["unit"]) for row in records]),
        (_("B"), [number_words(row["second"], row["unit"]) for row in records]),
        (_("B, 95 % range"), [range_words(row["second_low"], row["second_high"], row["unit"]) for row in records]),
        (_("unit"), [plain(row["unit"]) for row in records]),
    )
    note = _(
        "Lines: 95 % range where there is one. Values differ beyond their ranges where the two lines do not touch."
    )
    return Panel("compare", title, figure, cells, note)


def _draw(
    figure: go.Figure, unit: str, part: pl.DataFrame, *, suffix: str, domain: tuple[float, float], first: bool
) -> None:
    """Draw the values of one unit on axes of their own."""
    style = figure.layout.xaxis.to_plotly_json()
    line = figure.layout.yaxis.to_plotly_json()
    records = list(part.iter_rows(named=True))
    at = list(range(len(records)))
    numbers = [row[name] for row in records for name in _COLUMNS if row[name] is not None]
    low, high = min(numbers), max(numbers)
    if _is_share(unit):
        low, high = min(0.0, low), max(high, 0.1)
    elif low >= 0:
        low = 0.0
    reach = (high - low) or 1.0
    figure.update_layout(
        {
            f"xaxis{suffix}": {**style, "anchor": f"y{suffix}", "domain": [0, 1], "range": [low - 0.04 * reach, high + 0.06 * reach], "tickformat": ".0%" if _is_share(unit) else ",.2~f", "nticks": 5},
            f"yaxis{suffix}": {**line, "anchor": f"x{suffix}", "domain": list(domain), "range": [len(records) - 0.55, -0.7], "showgrid": False, "showticklabels": False, "ticks": "", "showline": False},
        }
    )  # fmt: skip
    both = [i for i in at if records[i]["first"] is not None and records[i]["second"] is not None]
    figure.add_scatter(
        x=[v for i in both for v in (records[i]["first"], records[i]["second"], None)],
        y=[v for i in both for v in (i + _SHIFT["first"], i + _SHIFT["second"], None)], mode="lines",
        line={"width": 1.5, "color": "rgba(138,143,152,0.8)", "dash": "dot"}, hoverinfo="skip", showlegend=False, xaxis=f"x{suffix}", yaxis=f"y{suffix}",
    )  # fmt: skip
    for name, label, ink, mark in (("first", _("A"), MAIN, "circle"), ("second", _("B"), ACCENT, "diamond")):
        shift = _SHIFT[name]
        known = [i for i in at if records[i][name] is not None]
        ranged = [i for i in known if records[i][f"{name}_low"] is not None and records[i][f"{name}_high"] is not None]
        figure.add_scatter(
            x=[v for i in ranged for v in (records[i][f"{name}_low"], records[i][f"{name}_high"], None)],
            y=[v for i in ranged for v in (i + shift, i + shift, None)], mode="lines", line={"width": 3, "color": ink}, opacity=0.55,
            hoverinfo="skip", showlegend=False, xaxis=f"x{suffix}", yaxis=f"y{suffix}",
        )  # fmt: skip
        figure.add_scatter(
            x=[records[i][name] for i in known], y=[i + shift for i in known], mode="markers", name=label, showlegend=first,
            legendgroup=name, marker={"size": 12, "symbol": mark, "color": ink}, xaxis=f"x{suffix}", yaxis=f"y{suffix}",
            customdata=[
                _("{report}: {label} {value}", report=label, label=safe(records[i]["label"], limit=60), value=_with_range(records[i], name))
                for i in known
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    for i, row in enumerate(records):
        figure.add_annotation(
            x=0, y=i, xref="x domain" if not suffix else f"x{suffix} domain", yref=f"y{suffix}", xanchor="left", yanchor="bottom",
            yshift=10, showarrow=False, text=safe(row["label"], limit=38), font={"size": 13},
        )  # fmt: skip
        figure.add_annotation(
            x=1, y=i, xref="x domain" if not suffix else f"x{suffix} domain", yref=f"y{suffix}", xanchor="right", yanchor="bottom",
            yshift=10, showarrow=False, font={"size": 12, "weight": 600},
            text=_("A {first}, B {second}", first=number_words(row["first"], unit) or "–", second=number_words(row["second"], unit) or "–"),
        )  # fmt: skip


_COLUMNS = ("first", "first_low", "first_high", "second", "second_low", "second_high")


def _is_share(unit: str) -> bool:
    return unit.startswith("share")


def number_words(value: float | None, unit: str) -> str:
    """Return a value of a unit as it is printed, in the language spoken; empty if there is none."""
    if value is None:
        return ""
    if _is_share(unit):
        return percent(value)
    return count(value) if float(value).is_integer() else decimal(value)


def range_words(low: float | None, high: float | None, unit: str) -> str:
    """Return a range of a unit as it is printed, in the language spoken; empty if an end is missing."""
    if low is None or high is None:
        return ""
    return _("{low} to {high}", low=number_words(low, unit), high=number_words(high, unit))


def _with_range(row: Mapping[str, object], name: str) -> str:
    value, unit = number_words(row[name], str(row["unit"])), str(row["unit"])  # type: ignore[arg-type]
    interval = range_words(row[f"{name}_low"], row[f"{name}_high"], unit)  # type: ignore[arg-type]
    return _("{value} ({range})", value=value, range=interval) if interval else value


def _apart(row: Mapping[str, object]) -> bool | None:
    """Say whether the two ranges do not touch; None if one is missing."""
    ends = [row[name] for name in ("first_low", "first_high", "second_low", "second_high")]
    if any(end is None for end in ends):
        return None
    a, b, c, d = (float(end) for end in ends)  # type: ignore[arg-type]
    return b < c or d < a
