"""What parameters may be: stated once by the measure, said by the schema, found by a look at the study file."""

from __future__ import annotations

import inspect
import math

import pytest

from netact.errors import MeasureError
from netact.measures import MEASURES, measure_function, measure_ranges
from netact.network import Network
from netact.ranges import Range, check_ranges
from netact.study import Study, parameters_of
from netact.study.check import check
from netact.study.schema import study_schema

SHORT = '[[sources]]\npath = "e.csv"\n'


def outside(allowed):
    """Return values next to the ends of a range that it does not hold."""
    if allowed.words:
        return ["something else"]
    found = [math.nan, math.inf]
    found += [] if allowed.least is None else [allowed.least - 1]
    found += [] if allowed.most is None else [allowed.most + 1]
    found += [] if allowed.above is None else [float(allowed.above)]
    found += [] if allowed.below is None else [float(allowed.below)]
    return found


PARAMETERS = [(measure, name) for measure in MEASURES for name in measure_ranges(measure)]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_number_and_choice_of_a_measure_has_its_range(measure):
    asked = {
        name
        for name, default in parameters_of(measure).items()
        if name != "kind" and (default is None or not isinstance(default, bool))
    }
    assert set(measure_ranges(measure)) == asked
    for name, allowed in measure_ranges(measure).items():
        default = inspect.signature(measure_function(measure)).parameters[name].default
        assert default is None or allowed.holds(default, parameters_of(measure))


@pytest.mark.parametrize(("measure", "name"), PARAMETERS)
def test_the_measure_refuses_what_is_out_of_range(measure, name):
    allowed = measure_ranges(measure)[name]
    for value in outside(allowed):
        with pytest.raises(MeasureError, match=rf"{measure}\.{name}: must be "):
            measure_function(measure)(Network.from_tables(), **{name: value}, seed=1)


@pytest.mark.parametrize(("measure", "name"), PARAMETERS)
def test_a_look_at_the_study_refuses_it_with_its_line(measure, name, tmp_path):
    allowed, default = measure_ranges(measure)[name], parameters_of(measure)[name]
    value = next(item for item in outside(allowed) if allowed.words or math.isfinite(item))
    whole = isinstance(default, int)
    written = f'"{value}"' if allowed.words else str(int(value) if whole else float(value))
    file = tmp_path / "s.toml"
    file.write_text(f'{SHORT}\n[[measures]]\nname = "{measure}"\n[measures.parameters]\n\n{name} = {written}\n')
    (tmp_path / "e.csv").write_text("a,b\n1,2\n")
    (problem,) = check(file).problems
    assert (problem.line, problem.where) == (8, f"measures.parameters.{name}")
    assert problem.what == f"must be {allowed}"
    # As an axis of a grid too.
    file.write_text(f'{SHORT}\n[[measures]]\nname = "{measure}"\n[grid]\nmeasures.{measure}.{name} = [{written}]\n')
    (problem,) = check(file).problems
    assert (problem.line, problem.what) == (7, f"must be {allowed}")


def test_two_parameters_are_looked_at_together(tmp_path):
    (tmp_path / "e.csv").write_text("a,b\n1,2\n")
    file = tmp_path / "s.toml"
    head = f'{SHORT}[[measures]]\nname = "leading_core"\n[measures.parameters]\n'
    file.write_text(f"{head}largest_team = 90\nlargest_set = 100\n")
    assert check(file).problems == ()
    file.write_text(f"{head}largest_team = 90\nlargest_set = 80\n")
    (problem,) = check(file).problems
    assert (problem.line, problem.what) == (6, "must be 2 or more and at most largest_set")
    with pytest.raises(MeasureError, match=r"largest_team: must be 2 or more and at most largest_set; found 90"):
        Study.of(["e.csv"], measures={"leading_core": {"largest_team": 90}})


def test_the_schema_says_the_ranges():
    steps = {
        item["properties"]["name"]["const"]: item for item in study_schema()["properties"]["measures"]["items"]["oneOf"]
    }
    core = steps["leading_core"]["properties"]["parameters"]["properties"]
    assert core["draws"]["minimum"] == 0
    assert (core["alpha"]["exclusiveMinimum"], core["alpha"]["exclusiveMaximum"]) == (0, 1)
    window = steps["dynamics"]["properties"]["parameters"]["properties"]["window"]
    assert "phase" in window["enum"]


def test_a_range_in_words():
    assert str(Range(above=0, below=36_500)) == "above 0 and below 36,500"
    assert str(Range(words=("day", "week"))) == "one of day, week"
    check_ranges("factions", {"runs": Range(2)}, {"runs": None, "other": -1})
