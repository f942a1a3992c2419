"""The page on performance is what the tables of results give, and says of each goal whether it is reached."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("performance_page", ROOT / "benchmarks" / "page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(tool, cpu, *, benchmark="report", size=1_000_000, memory=100):
    known = {"version": "1", "wall_seconds": cpu, "runs": 5, "note": "a | b"}
    return {"benchmark": benchmark, "size": size, "tool": tool, "cpu_seconds": cpu, "peak_mb": memory, **known}


def test_the_page_is_what_the_results_give(page):
    assert page.PAGE.read_text(encoding="utf-8") == page.page(*page.load())


def test_a_goal_is_reached_missed_or_not_measured(page):
    rows = [made(page.ALONE, 2.0, memory=100), made("igraph and pandas", 10.0, memory=150)]
    rows = [{**row, "size": 10_000_000} for row in rows] + [made("netact", 2.0)]
    lines = {(goal.value, goal.beside, goal.size): page.goal_line(goal, {"report": rows}) for goal in page.GOALS}
    assert lines["cpu_seconds", "igraph and pandas", 10_000_000][-2:] == ("0.20 (1/5.0)", "yes")
    assert lines["peak_mb", "igraph and pandas", 10_000_000][-2:] == ("0.67 (1/1.5)", "no")
    assert lines["cpu_seconds", "", 1_000_000][-2:] == ("2.0", "yes")
    assert lines["cpu_seconds", "igraph", 1_000_000][-2:] == ("not measured", "")


def test_a_cell_does_not_break_its_table(page):
    shown = page.page({"report": [made("netact", 2.0)]}, {})
    assert r"a \| b" in shown


def test_every_reason_belongs_to_a_goal(page):
    assert set(page.REASONS) <= {page.named(goal) for goal in page.GOALS}
