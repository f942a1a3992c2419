"""What every figure is checked for, and hand-made frames that several of them draw."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from netact.timeline import Timeline

_TIME = pl.Datetime("us", "UTC")


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


@pytest.fixture(scope="session")
def literal():
    """Return a check: every text of a figure is literal, and no trace needs more than SVG."""

    def check(panel):
        plot = json.loads(panel.figure.to_json())
        for trace in plot["data"]:
            assert trace["type"] in ("scatter", "bar", "sankey")
            for holder in (trace, trace.get("node", {}), trace.get("link", {})):
                template = holder.pop("hovertemplate", "")
                assert set(re.findall(r"<[^>]*>", template)) <= {"<br>", "<extra>", "</extra>"}
        for text in _strings(plot["data"] + [plot["layout"]]):
            assert not re.search(r"<(?!br>)", text), text
            assert "%{" not in text
            assert "\u202e" not in text
        for font in re.findall(r'"size": ?(\d+(?:\.\d+)?), ?"weight"', json.dumps(plot["layout"])):
            assert float(font) >= 11

    return check


@pytest.fixture(scope="session")
def pure():
    """Return a check: the same input gives the same figure, words and table."""

    def check(make):
        first, second = make(), make()
        assert first.figure.to_json() == second.figure.to_json()
        assert (first.title, first.note) == (second.title, second.note)
        assert first.table.equals(second.table)
        return first

    return check


@pytest.fixture
def timeline():
    """Return four days of two groups and some smaller ones."""
    starts = [datetime(2024, 3, 4, tzinfo=UTC) + timedelta(days=i) for i in range(4)]
    ends = [start + timedelta(days=1) for start in starts]
    return Timeline(
        status="ok",
        reason="",
        kind="retweet",
        step="day",
        coverage=0.9,
        windows=pl.DataFrame(
            {
                "window": [0, 1, 2, 3],
                "start": starts,
                "end": ends,
                "interactions": [10, 40, 0, 25],
                "givers": [8, 20, 0, 12],
                "receivers": [5, 9, 0, 7],
                "effective_receivers": [3.5, 6.0, None, 4.0],
                "top_20_overlap": [None, 0.25, None, 0.5],
            },
            schema_overrides={"start": _TIME, "end": _TIME},
        ),
        activity=pl.DataFrame(
            {"account": ["a", "a", "b"], "window": [0, 3, 1], "received": [4.0, 9.0, 0.0], "given": [1.0, 0.0, 2.0]}
        ),
        factions=pl.DataFrame(
            {
                "window": [0, 0, 1, 1, 1, 3],
                "faction": [0, 1, 0, 1, -1, 1],
                "given": [6.0, 4.0, 10.0, 25.0, 5.0, 25.0],
                "received": [6.0, 4.0, 10.0, 25.0, 5.0, 25.0],
                "inside": [5.0, 4.0, 9.0, 20.0, 1.0, 25.0],
            },
            schema_overrides={"faction": pl.Int32},
        ),
        periods=pl.DataFrame(
            {"period": [0, 1], "start": [starts[0], starts[2]], "end": [ends[1], ends[3]], "interactions": [50, 25]},
            schema_overrides={"start": _TIME, "end": _TIME},
        ),
        flows=pl.DataFrame(
            {
                "period": [0] * 6,
                "source_faction": [0, 0, 1, 1, None, 0],
                "target_faction": [0, 1, 1, None, 0, -1],
                "accounts": [30, 10, 20, 8, 12, 3],
            },
            schema_overrides={"source_faction": pl.Int32, "target_faction": pl.Int32},
        ),
    )


@pytest.fixture
def no_time(timeline):
    """Return a timeline of a network without times."""
    from dataclasses import replace

    names = ("windows", "activity", "factions", "periods", "flows")
    empty = {name: getattr(timeline, name).clear() for name in names}
    return replace(timeline, status="undefined", reason="no interaction has a time", step="", **empty)
