"""Every column of every exported table is described, once, with a known unit; nothing is described that does not exist."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace

import polars as pl
import pytest

from netact.network import Network
from netact.report.exports.codebook import codebook
from netact.report.exports.columns import TABLES, UNITS
from netact.report.exports.result_tables import Table, account_rows, result_tables
from netact.report.tables import account_table
from netact.results import RESULTS


def tables_in(value, path=()):
    if isinstance(value, pl.DataFrame):
        yield path, value
    elif is_dataclass(value):
        for item in fields(value):
            yield from tables_in(getattr(value, item.name), (*path, item.name))


def questions(results):
    stems = {kind: stem for stem, kind in RESULTS.items()}
    return [(stems[type(result)], result) for result in results]


@pytest.fixture(scope="module")
def every(made):
    found = [*made.every_result(), *made.every_branch(), *made.dynamics_with_parts(), made.with_cores(made.factions())]
    return questions(found)


def test_every_table_of_every_result_is_declared_with_all_its_columns(every):
    paths = {declared.path: name for name, declared in TABLES.items() if declared.path}
    met = set()
    for stem, result in every:
        for path, frame in tables_in(result, (stem,)):
            assert path in paths, f"{'.'.join(path)} is exported nowhere: declare it in columns.py"
            unknown = set(frame.columns) - set(TABLES[paths[path]].columns)
            assert not unknown, f"{'.'.join(path)}: {sorted(unknown)} have no description"
            met.add(path)
    assert met == set(paths), "declared, but in no result"


def test_every_column_of_a_real_run_is_described(hostile_report):
    tables = result_tables(hostile_report.content)
    assert len(tables) > 25
    for table in [*tables, account_rows(account_table(hostile_report.network, hostile_report.results))]:
        for name in table.frame.columns:
            assert name in table.declared.columns or table.name == "accounts", f"{table.name}.{name}"


def test_no_column_that_netact_makes_passes_for_a_further_column_of_the_users_table(hostile_report):
    table = account_rows(account_table(hostile_report.network, hostile_report.results))
    for name, column in table.columns.items():
        assert column != TABLES["accounts"].further, f"accounts.{name} has no description"
    own = Network.from_tables(
        pl.DataFrame({"source": ["a"], "target": ["b"]}), pl.DataFrame({"key": ["a"], "age": [7]})
    )
    assert account_rows(account_table(own, {})).columns["age"] == TABLES["accounts"].further


def test_declarations_are_sentences_with_known_units_and_names_that_fit_a_sheet():
    for name, declared in TABLES.items():
        assert re.fullmatch(r"[a-z][a-z_]{0,30}", name)
        assert declared.title
        assert not declared.title.endswith(".")
        for column, held in declared.columns.items():
            assert held.unit in UNITS, f"{name}.{column}"
            assert len(held.description) > 3, f"{name}.{column}"
            assert not held.description.endswith("."), f"{name}.{column}"


def test_units_agree_with_types(every):
    """A share is a number, a count is a number, a label is a text, wherever a table holds any row."""
    numbers = {"share", "p-value", "q-value", "index", "ratio", "weight", "days", "hours", "seconds", "nats", "per day"}
    paths = {declared.path: name for name, declared in TABLES.items() if declared.path}
    for stem, result in every:
        for path, frame in tables_in(result, (stem,)):
            for column, kind in frame.schema.items():
                unit = TABLES[paths[path]].columns[column].unit
                where = f"{'.'.join(path)}.{column}: {unit}, {kind}"
                if unit in numbers | {"count", "number", "value", "position"}:
                    assert kind.is_numeric() or kind == pl.Null, where
                elif unit == "time (UTC)":
                    assert kind == pl.Datetime("us", "UTC"), where
                elif unit == "true or false":
                    assert kind == pl.Boolean, where
                elif unit == "list":
                    assert kind == pl.List, where
                else:
                    assert kind in (pl.String, pl.Enum), where


def test_shares_lie_between_0_and_1(every, hostile_report):
    paths = {declared.path: name for name, declared in TABLES.items() if declared.path}
    for stem, result in [*every, *hostile_report.results.items()]:
        for path, frame in tables_in(result, (stem,)):
            for column in frame.columns:
                if TABLES[paths[path]].columns[column].unit in ("share", "p-value", "q-value"):
                    values = frame[column].drop_nulls()
                    assert not values.len() or -1e-9 <= values.min() <= values.max() <= 1 + 1e-9, (
                        f"{'.'.join(path)}.{column}"
                    )


def test_a_column_without_a_description_is_an_error():
    with pytest.raises(KeyError, match=r"findings\.surprise"):
        codebook([Table("findings", pl.DataFrame({"surprise": [1]}))])


def test_the_codebook_of_a_report_names_exactly_its_columns(hostile_folder):
    book = pl.read_csv(hostile_folder / "tables" / "codebook.csv")
    assert book.columns == ["table", "column", "type", "unit", "description"]
    assert book["description"].null_count() == 0
    files = {path.stem for path in (hostile_folder / "tables").glob("*.csv")} - {"codebook"}
    assert set(book["table"]) == files | {"accounts"}
    for name in files:
        header = pl.read_csv(hostile_folder / "tables" / f"{name}.csv", n_rows=0, infer_schema=False).columns
        assert book.filter(pl.col("table") == name)["column"].to_list() == header
    accounts = pl.read_csv(hostile_folder / "accounts.csv", n_rows=0, infer_schema=False).columns
    assert book.filter(pl.col("table") == "accounts")["column"].to_list() == accounts


def test_results_that_were_not_asked_leave_no_table(hostile_report):
    content = replace(hostile_report.content, results={}, robustness={}, claims=())
    assert result_tables(content) == []
