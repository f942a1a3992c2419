"""From pseudonyms back to names, with what a report folder keeps in ``private/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ReportError
from netact.privacy import PRIVATE
from netact.report.tables import restored
from netact.report.write import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping


def names_kept(folder: str | Path) -> dict[str, str]:
    """Return published id -> handle, display name and key of every account and person that bears a pseudonym.

    Raises
    ------
    ReportError
        If the folder keeps no names.
    """
    path = Path(folder) / PRIVATE / NAMES
    try:
        table = restored(pl.read_csv(path, infer_schema=False))
        rows = table.filter(pl.col("named") == "false").select("id", "handle", "display_name", "key")
    except FileNotFoundError as error:
        raise ReportError(
            str(path), "no such file", remedy="names stay on the machine that ran the study, in the folder private/"
        ) from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReportError(str(path), "cannot be read", found=type(error).__name__) from error
    return {row[0]: " / ".join(dict.fromkeys(filter(None, row[1:]))) for row in rows.iter_rows()}


def with_names(table: pl.DataFrame, kept: Mapping[str, str]) -> tuple[pl.DataFrame, list[str]]:
    """Return a table with a column of names behind each that holds pseudonyms, and the columns that do.

    Parameters
    ----------
    table
        Of the report, or made of one.
    kept
        What :func:`names_kept` returns.
    """
    known = pl.DataFrame({"id": list(kept), "name": list(kept.values())}, schema={"id": pl.String, "name": pl.String})
    columns, found = [], []
    for column in table.iter_columns():
        columns.append(column)
        if column.dtype == pl.String and column.is_in(known["id"].implode()).any():
            found.append(column.name)
            joined = pl.DataFrame({"id": column}).join(known, on="id", how="left", maintain_order="left")
            columns.append(joined["name"].alias(f"{column.name} is"))
    return pl.DataFrame(columns), found
