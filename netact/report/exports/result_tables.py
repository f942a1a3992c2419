"""The tables of a report as they are exported: those of all results, and those put together from all of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import unmarked
from netact.language import told
from netact.report.exports.columns import ACCOUNT_TIES, TABLES, Column, Declared
from netact.report.tables import without_names
from netact.results import Criterion, Estimate, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netact.report.content import Content
    from netact.results import Core, Result

ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Table:
    """One table as it is exported.

    Attributes
    ----------
    name
        Of its files; see :data:`netact.report.exports.columns.TABLES`.
    frame
        Plain columns: numbers, texts, times, true or false, lists of texts.
    """

    name: str
    frame: pl.DataFrame

    @property
    def declared(self) -> Declared:
        """What is declared of it."""
        return TABLES[self.name]

    @property
    def columns(self) -> dict[str, Column]:
        """What each of its columns holds, in order.

        Raises
        ------
        KeyError
            If a column is not declared.
        """
        return {name: _described(self.name, name) for name in self.frame.columns}


def result_tables(content: Content) -> list[Table]:
    """Return all tables of a report that hold a row, in the order of their declaration, without that of the accounts.

    Sentences in them are those of the language spoken.
    """
    results = without_names(content.results, content.names)
    made = {
        "findings": _findings(content, results),
        "estimates": _rows("estimates", _estimates(results)),
        "criteria": _rows("criteria", _criteria(results)),
        "claims": _rows("claims", [_claim(claim.to_dict()) for claim in content.claims]),
        **_cores(results),
        **_robustness(content),
    }
    tables = []
    for name, declared in TABLES.items():
        frame = _at(results, declared.path) if declared.path else made.get(name)
        if frame is not None and frame.height:
            tables.append(Table(name, _plain(frame)))
    return tables


def account_rows(table: pl.DataFrame) -> Table:
    """Return the table of the accounts as it is exported."""
    return Table(ACCOUNTS, _plain(table))


def varied_rows(content: Content) -> list[Table]:
    """Return the table of the combinations of the grid as it is exported; none if nothing was varied."""
    return [] if content.multiverse is None else [Table("multiverse", content.multiverse.table)]


def lists_joined(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose lists are texts, for formats without lists."""
    return frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name, kind in frame.schema.items() if kind == pl.List
    )


def _described(table: str, column: str) -> Column:
    declared = TABLES[table]
    if column in declared.columns:
        return declared.columns[column]
    if table == ACCOUNTS:
        for ending, (unit, description) in ACCOUNT_TIES.items():
            if column.endswith(ending):
                return Column(unit, description.format(kind=column.removesuffix(ending)))
    if declared.further is None:
        raise KeyError(f"{table}.{column}")
    return declared.further


def _at(results: Mapping[str, Result], path: Sequence[str]) -> pl.DataFrame | None:
    """Return the table that a path leads to; None if the question was not asked."""
    question, *names = path
    found: Any = reduce(lambda value, name: getattr(value, name, None), names, results.get(question))
    return found if isinstance(found, pl.DataFrame) else None


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn types that other programs do not have into plain ones."""
    return frame.with_columns(
        pl.col(pl.Enum, pl.Categorical).cast(pl.String), pl.col(pl.Float32).cast(pl.Float64)
    )  # fmt: skip


def _rows(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a declared table of rows, its types from the declaration even where every value is missing."""
    kinds: dict[str, pl.DataType] = {
        name: pl.String()
        if column.unit in ("label", "text", "account key", "name")
        else pl.List(pl.String())
        if column.unit == "list"
        else pl.Boolean()
        if column.unit == "true or false"
        else pl.Int64()
        if column.unit in ("count", "number")
        else pl.Float64()
        for name, column in TABLES[table].columns.items()
    }
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in kinds.items()}
    )  # fmt: skip


def _verdict(result: Result) -> str | None:
    found = getattr(result, "verdict", None) or getattr(result, "outcome", None)
    return None if found is None else str(found)


def _findings(content: Content, results: Mapping[str, Result]) -> pl.DataFrame:
    rows = []
    for finding in content.findings:
        low, high = finding.interval or (None, None)
        rows.append(
            {
                "question": finding.question,
                "headline": unmarked(finding.headline),
                "status": results[finding.question].status,
                "verdict": _verdict(results[finding.question]),
                "confidence": finding.confidence,
                "value": finding.value,
                "unit": told(finding.unit),
                "low": low,
                "high": high,
                "p_value": finding.p_value,
                "comparison": unmarked(finding.comparison),
                "kind": results[finding.question].kind,
            }
        )
    return _rows("findings", rows)


def _named(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every estimate and tuple of criteria in a result with its name, those of parts behind a dot."""
    for item in fields(value):
        held, name = getattr(value, item.name), f"{prefix}{item.name}"
        if isinstance(held, Estimate) or (isinstance(held, tuple) and held and isinstance(held[0], Criterion)):
            yield name, held
        elif isinstance(held, dict):
            yield from (
                (f"{prefix}{key}", one) for key, one in held.items() if isinstance(one, Estimate)
            )  # the names of indices need no prefix
        elif is_dataclass(held):
            yield from _named(held, f"{name}.")


def _estimates(results: Mapping[str, Result]) -> list[dict[str, Any]]:
    rows = []
    for question, result in results.items():
        for name, held in _named(result):
            if not isinstance(held, Estimate):
                continue
            low, high = held.interval or (None, None)
            null_low, null_high = held.null_interval or (None, None)
            words = {key: getattr(held, key) for key in ("unit", "reason", "interval_method", "null_model", "tail")}
            rows.append(
                {
                    **held.to_dict(),
                    **{key: None if text is None else told(text) for key, text in words.items()},
                    "question": question,
                    "name": name,
                    "low": low,
                    "high": high,
                    "null_low": null_low,
                    "null_high": null_high,
                }
            )
    return rows


def _criteria(results: Mapping[str, Result]) -> list[dict[str, Any]]:
    return [
        {
            "question": question,
            "criterion": told(one.name),
            "met": one.met,
            "evidence": unmarked(told(one.evidence)),
        }
        for question, result in results.items()
        for _, held in _named(result)
        if isinstance(held, tuple)
        for one in held
    ]


def _claim(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "claim": values["name"]}


def _cores(results: Mapping[str, Result]) -> dict[str, pl.DataFrame]:
    result = results.get("leading_core")
    if not isinstance(result, LeadingCore):
        return {}
    sets: list[tuple[str, int | None, Core]] = [("core", n, core) for n, core in enumerate(result.cores, start=1)]
    sets += [(role, None, core) for role, core in (("elite", result.elite), ("candidate", result.candidate)) if core]
    measured = [name for name in TABLES["leading_core_cores"].columns if name not in ("role", "core", "members")]
    return {
        "leading_core_cores": _rows(
            "leading_core_cores",
            [
                {
                    "role": role,
                    "core": number,
                    "members": core.size,
                    **{name: getattr(core, name) for name in measured},
                }
                for role, number, core in sets
            ],
        ),
        "leading_core_members": _rows(
            "leading_core_members",
            [
                {"role": role, "core": number, "account": member, "stability": core.stability.get(member)}
                for role, number, core in sets
                for member in core.members
            ],
        ),
    }


def _robustness(content: Content) -> dict[str, pl.DataFrame]:
    rows = []
    parts: dict[str, list[pl.DataFrame]] = {"thinning": [], "left_out": [], "loss": [], "multiverse": []}
    for question, tried in content.robustness.items():
        low, high = (None, None) if tried.interval is None else tried.interval.interval or (None, None)
        plain = {name: getattr(tried, name, None) for name in TABLES["robustness"].columns}
        texts = {name: told(text) for name, text in plain.items() if isinstance(text, str)}
        rows.append(
            {
                **plain,
                **texts,
                "question": question,
                "low": low,
                "high": high,
                "contradictions": list(tried.contradictions),
            }
        )
        for name, made in parts.items():
            frame = getattr(tried, name)
            if frame.height:
                made.append(frame.select(pl.lit(question).alias("question"), pl.all()))
    joined = {
        f"robustness_{name}": pl.concat(made, how="diagonal_relaxed") for name, made in parts.items() if made
    }  # fmt: skip
    return {"robustness": _rows("robustness", rows), **joined}
