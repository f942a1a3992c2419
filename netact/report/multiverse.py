"""How the answers change when a study is run with other seeds, filters and parameters: the grid of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.errors import NetactError
from netact.figures.text import spanned
from netact.language import _, _n, count, decimal, percent
from netact.robustness import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.report.findings import Finding
    from netact.results import Result
    from netact.study import Study
    from netact.study.grid import AxisValue

    # The findings and results of a study, by question.
    Answers = tuple[Mapping[str, Finding], Mapping[str, Result]]

# The columns behind those of the combination and of the axes.
ANSWERS = pl.Schema(
    {
        "question": pl.String(),
        "verdict": pl.String(),
        "value": pl.Float64(),
        "unit": pl.String(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "p": pl.Float64(),
        "confidence": pl.String(),
        "problem": pl.String(),
    }
)


@dataclass(frozen=True)
class Multiverse:
    """The answers of every combination of a grid.

    Attributes
    ----------
    axes
        Names of what was varied, in the order of the study file.
    table
        One row a combination and question. ``combination`` (from 1; 0 is the study itself), a column an axis (lists as a
        text), ``question``, ``verdict`` (the word of the result for its outcome, else its status), ``value``, ``unit``,
        ``low`` and ``high`` (95 % interval), ``p``, ``confidence``, and ``problem``: why a combination could not be run.
    """

    axes: tuple[str, ...]
    table: pl.DataFrame

    @property
    def combinations(self) -> int:
        """How many combinations there are, those that could not be run among them."""
        return int(self.table.select(pl.col("combination").max()).item() or 0)

    @property
    def failed(self) -> pl.DataFrame:
        """One row a combination that could not be run: ``combination``, the axes, ``problem``."""
        rows = self.table.filter(pl.col("problem").is_not_null())
        return rows.select("combination", *self.axes, "problem").unique("combination", maintain_order=True)

    def own(self, question: str) -> dict[str, Any]:
        """Return the answer of the study itself."""
        return self.table.filter((pl.col("combination") == 0) & (pl.col("question") == question)).row(0, named=True)

    def others(self, question: str) -> pl.DataFrame:
        """Return the answers of all combinations that could be run."""
        return self.table.filter(
            (pl.col("combination") > 0) & (pl.col("question") == question) & pl.col("problem").is_null()
        )

    def same(self, question: str) -> int:
        """Return in how many combinations the verdict is that of the study itself."""
        verdict = pl.col("verdict").eq_missing(pl.lit(self.own(question)["verdict"], dtype=pl.String))
        return self.others(question).filter(verdict).height

    def by_axis(self) -> pl.DataFrame:
        """Return how often each answer stays, value by value of each axis.

        Returns
        -------
        polars.DataFrame
            ``axis``, ``value`` (as a text), ``question``, ``same`` and ``of``: combinations with this value, and those of them
            that have the verdict of the study itself.
        """
        questions = self.table["question"].unique(maintain_order=True).drop_nulls().to_list()
        rows = []
        for axis in self.axes:
            values = self.table.filter(pl.col("combination") > 0)[axis].unique(maintain_order=True).to_list()
            for value in values:
                for question in questions:
                    found = self.others(question).filter(pl.col(axis).eq_missing(value))
                    same = found["verdict"].eq_missing(pl.Series([self.own(question)["verdict"]], dtype=pl.String))
                    rows.append((axis, _written(value), question, int(same.sum()), found.height))
        schema = {"axis": pl.String, "value": pl.String, "question": pl.String, "same": pl.Int64, "of": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def multiverse(
    study: Study,
    own: Answers,
    answer: Callable[[Study], Answers],
) -> Multiverse:
    """Run every combination of the grid of a study.

    Combinations with the same filters are run one after the other, so that the network is filtered once.

    Parameters
    ----------
    study
        With a grid.
    own
        What the study itself answers.
    answer
        Runs a study without a grid.
    """
    axes = study.grid.axes
    variants = list(enumerate(study.variants(), start=1))
    filters = list(dict.fromkeys(variant.filters for _number, (_values, variant) in variants))
    rows = _rows(0, _own_values(study), own)
    ordered = sorted(variants, key=lambda item: filters.index(item[1][1].filters))
    for number, (values, variant) in ordered:
        try:
            found = answer(variant)
        except NetactError as error:
            problem = str(error)
            rows += [{"combination": number, **_plain(values), "question": name, "problem": problem} for name in own[0]]
        else:
            rows += _rows(number, values, found)
    table = pl.DataFrame(rows, schema=_schema(axes), orient="row").sort("combination", maintain_order=True)
    return Multiverse(tuple(axes), table)


def verdict_of(question: str, result: Result) -> str:
    """Return the word of a result for its outcome; its status if there is none."""
    verdict = HEADLINES[question].verdict(result) if result.status == "ok" else None
    return verdict or result.status


def _rows(number: int, values: Mapping[str, AxisValue | None], answers: Answers) -> list[dict[str, Any]]:
    findings, results = answers
    rows = []
    for question, finding in findings.items():
        low, high = finding.interval or (None, None)
        rows.append(
            {
                "combination": number,
                **_plain(values),
                "question": question,
                "verdict": verdict_of(question, results[question]),
                "value": finding.value,
                "unit": finding.unit,
                "low": low,
                "high": high,
                "p": finding.p_value,
                "confidence": finding.confidence,
                "problem": None,
            }
        )
    return rows


def _own_values(study: Study) -> dict[str, AxisValue | None]:
    """Return what the study itself has on each axis of its grid."""
    plain = study.to_dict()
    parameters = {step.name: step.parameters for step in study.measures}
    values: dict[str, AxisValue | None] = {}
    for axis in study.grid.axes:
        section, _dot, name = axis.partition(".")
        if section == "seed":
            values[axis] = study.seed
        elif section == "filters":
            values[axis] = getattr(study.filters, name)
        elif section == "measures":
            measure, _dot, parameter = name.partition(".")
            values[axis] = parameters[measure][parameter]
        else:
            values[axis] = plain[section][name]
    return values


def _plain(values: Mapping[str, AxisValue | None]) -> dict[str, Any]:
    return {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _schema(axes: Mapping[str, tuple[AxisValue, ...]]) -> pl.Schema:
    columns: dict[str, pl.DataType] = {"combination": pl.Int64()}
    for axis, values in axes.items():
        kinds = {type(value) for value in values}
        if kinds == {bool}:
            columns[axis] = pl.Boolean()
        elif kinds == {int}:
            columns[axis] = pl.Int64()
        elif kinds <= {int, float}:
            columns[axis] = pl.Float64()
        else:
            columns[axis] = pl.String()
    return pl.Schema({**columns, **ANSWERS})


# ---------------------------------------------------------------------- in words


def opening(made: Multiverse) -> str:
    """Say what was varied and how often, in the language spoken."""
    said = _n(
        "This study was also run with {n:count} other combination of the values in its grid.",
        "This study was also run with {n:count} combinations of the values in its grid.",
        made.combinations,
    )
    failed = made.failed.height
    if not failed:
        return said
    more = _n("{n:count} of them could not be run.", "{n:count} of them could not be run.", failed)
    return _("{first} {second}", first=said, second=more)


def varied(made: Multiverse) -> list[str]:
    """Return what was varied as it stands in the study file: the name of each axis and its values.

    >>> from netact.report.multiverse import Multiverse, varied
    >>> varied(Multiverse(("seed",), pl.DataFrame({"combination": [0, 1, 2], "seed": [7, 1, 2]})))
    ['seed = 1, 2']
    """
    tried = made.table.filter(pl.col("combination") > 0)
    return [
        f"{axis} = {', '.join(_written(value) for value in tried[axis].unique(maintain_order=True))}"
        for axis in made.axes
    ]


def how_it_changes(made: Multiverse, question: str) -> str:
    """Say in how many combinations a question is answered in the same way, and how far its number moves."""
    others, own = made.others(question), made.own(question)
    if not others.height:
        return _("No combination could be run.")
    same = made.same(question)
    if same == others.height:
        stays = _n(
            "The answer is the same in the {n:count} combination that was run.",
            "The answer is the same in all {n:count} combinations.",
            others.height,
        )
    else:
        stays = _("The answer is the same in {same:count} of {n:count} combinations.", same=same, n=others.height)
    values = others.filter(pl.col("unit") == own["unit"])["value"].drop_nulls()
    if own["value"] is None or not len(values):
        return stays
    low, high = float(min(values)), float(max(values))
    shares = "share" in own["unit"] and low >= 0 and high <= 1
    whole = all(float(value).is_integer() for value in (own["value"], *values))
    written = percent if shares else count if whole else decimal
    here, span = written(own["value"]), spanned(written(low), written(high))
    moves = (
        _("Its number is {here} in all of them.", here=here)
        if written(low) == here == written(high)
        else _("Its number is {here} in this report and {span} over the combinations.", here=here, span=span)
    )
    return _("{first} {second}", first=stays, second=moves)


def axis_rows(made: Multiverse) -> tuple[list[str], list[list[str]]]:
    """Return the questions whose answer changes, and one row a value of an axis: how often each of them stays the same."""
    table = made.by_axis()
    changing = [
        question
        for question in table["question"].unique(maintain_order=True).to_list()
        if made.same(question) < made.others(question).height
    ]
    rows: list[list[str]] = []
    for (axis, value), part in table.group_by("axis", "value", maintain_order=True):
        cells = {row["question"]: row for row in part.iter_rows(named=True)}
        rows.append(
            [
                f"{axis} = {value}",
                *(_("{same:count} of {n:count}", same=cells[name]["same"], n=cells[name]["of"]) for name in changing),
            ]
        )
    return changing, rows if changing else []


def _written(value: Any) -> str:
    if value is None or value == "":
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)
