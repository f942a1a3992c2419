"""Windows of time: calendar steps, lengths that are not a step of the calendar, and data that came in phases.

Moments are whole microseconds since 1970 (UTC) wherever they are numbers. Edges of windows are one more than there are
windows; a window holds its start and not its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Moments = NDArray[np.int64]

# Calendar steps: id, polars duration, most days it lasts. Up to the year none is more than 7.5 times the one before it,
# so that one of them gives 8 to 60 windows unless everything happened within minutes or over centuries.
STEPS = (
    ("minute", "1m", 1 / 1440),
    ("five_minutes", "5m", 1 / 288),
    ("fifteen_minutes", "15m", 1 / 96),
    ("hour", "1h", 1 / 24),
    ("six_hours", "6h", 1 / 4),
    ("day", "1d", 1),
    ("week", "1w", 7),
    ("month", "1mo", 31),
    ("quarter", "1q", 92),
    ("year", "1y", 366),
    ("decade", "10y", 3653),
    ("century", "100y", 36525),
)
# Every distinct moment is a window: for data that came in phases, each with one time.
PHASE = "phase"
MICROSECONDS_A_DAY = 86_400_000_000

_TIME = pl.Datetime("us", "UTC")


def finest_calendar_edges(time: pl.Series, most: int) -> tuple[str, pl.Series]:
    """Return the finest calendar step that gives at most ``most`` windows, and their edges.

    ``time`` holds at least one moment and no null.
    """
    for step, *_rest in STEPS:
        edges = calendar_edges(time, step, most=most if step != STEPS[-1][0] else None)
        if edges is not None:
            return step, edges
    raise AssertionError("the last step is always taken")


def calendar_edges(time: pl.Series, step: str, *, most: int | None = None) -> pl.Series | None:
    """Return the edges of the windows of one calendar step from the first moment to the last.

    None if there would be more than ``most`` windows.
    """
    every, longest = next((every, longest) for name, every, longest in STEPS if name == step)
    ends = pl.Series([time.min(), time.max()], dtype=_TIME)
    days = (ends[1] - ends[0]).total_seconds() / 86_400
    # A cheap look first: counting the minutes of years would make a list of millions.
    if most is not None and days > most * longest:
        return None
    edges = _edges(ends, every)
    return edges if most is None or len(edges) - 1 <= most else None


def phase_edges(time: pl.Series) -> pl.Series:
    """Return the edges of windows that hold one distinct moment each."""
    moments = time.unique().sort()
    after = moments.tail(1).dt.offset_by("1us")
    return pl.concat([moments, after])


def even_edges(edges: pl.Series, times: float) -> pl.Series:
    """Return the edges of windows of equal length, ``times`` as long as those of ``edges`` are on average.

    They begin where ``edges`` begin and cover all of them.
    """
    moments = edges.to_physical().to_numpy()
    length = max(1, round(times * (int(moments[-1]) - int(moments[0])) / (len(moments) - 1)))
    count = max(1, -(-(int(moments[-1]) - int(moments[0])) // length))
    made = int(moments[0]) + length * np.arange(count + 1, dtype=np.int64)
    return pl.Series(made, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def window_of(moments: Moments, edges: pl.Series) -> NDArray[np.int64]:
    """Return the number of the window that holds each moment; all lie between the first edge and the last."""
    return np.searchsorted(edges.to_physical().to_numpy(), moments, side="right").astype(np.int64) - 1


def _edges(ends: pl.Series, every: str) -> pl.Series:
    """Return the edges of the steps that hold two moments, in order."""
    if (years := {"10y": 10, "100y": 100}.get(every)) is None:
        first, last = ends.dt.truncate(every)
        beyond = pl.Series([last], dtype=_TIME).dt.offset_by(every)[0]
        return pl.datetime_range(first, beyond, every, time_unit="us", time_zone="UTC", eager=True)
    # Decades and centuries begin in years divisible by 10 and 100; there is no year 0.
    first, last = (year // years * years for year in ends.dt.year())
    frame = pl.DataFrame({"year": [max(1, year) for year in range(first, last + years + 1, years)]})
    return frame.select(pl.datetime("year", 1, 1, time_unit="us", time_zone="UTC")).to_series()
