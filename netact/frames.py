"""Tables at the edge: polars inside, polars or pandas outside, without pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from netact.errors import SchemaError

if TYPE_CHECKING:
    import pandas

    Frame: TypeAlias = pl.DataFrame | pandas.DataFrame


def to_polars(frame: Frame) -> pl.DataFrame:
    """Return a polars frame of a polars or pandas one; missing values become null.

    Raises
    ------
    SchemaError
        If ``frame`` is neither.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    if hasattr(frame, "to_dict") and hasattr(frame, "columns"):  # pandas
        columns = {str(name): frame[name].astype(object) for name in frame.columns}
        return pl.DataFrame({n: c.where(c.notna(), None).tolist() for n, c in columns.items()}, strict=False)
    raise SchemaError("table", "not a polars or pandas frame", found=type(frame).__name__)


def to_pandas(frame: pl.DataFrame) -> pandas.DataFrame:
    """Return a polars table, for example of a result, as a pandas frame; null becomes missing.

    >>> to_pandas(pl.DataFrame({"account": ["a", "b"], "level": [1.0, None]}))["level"].isna().tolist()
    [False, True]
    """
    import pandas

    return pandas.DataFrame(
        {
            column.name: pandas.Series(column.to_list(), dtype="float64" if column.dtype.is_float() else None)
            for column in frame
        },
        columns=frame.columns,
    )
