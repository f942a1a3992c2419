"""The table of all accounts with what the measures say of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact.errors import ReportError
from netact.results import Coordination, Dynamics, Factions, Hierarchy, LeadingCore
from netact.schemas import ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netact.network import Network
    from netact.results import Result


def account_table(network: Network, results: Mapping[str, Result]) -> pl.DataFrame:
    """Return one row an account, most heard first.

    Columns: the declared ones of the accounts table, ``share_of_attention``, for every kind in the data
    ``<kind>_in`` and ``<kind>_out`` (accounts that give to it and that it gives to), ``<kind>_in_strength`` and
    ``<kind>_out_strength`` (summed weights), and from the results ``core`` (number from 1), ``core_stability``,
    ``coreness``, ``faction`` (0 is the largest), ``faction_stability``, ``side``, ``level`` (trophic, influence
    direction), ``component`` and ``windows_at_top`` (in how many windows it was among the accounts heard most); then further columns of the user's accounts table. Null means not known or not asked.
    """
    from netact import cohesion

    table = network.accounts.select(list(ACCOUNTS))
    attention = network.ties().in_strength
    total = attention.sum()
    table = table.with_columns(share_of_attention=pl.Series(attention / total if total else np.zeros(len(attention))))
    for kind in network.kinds:
        ties = network.ties(kind)
        columns = {f"{kind}_in": ties.in_degree, f"{kind}_in_strength": ties.in_strength}
        if network.has_direction(kind):
            columns |= {f"{kind}_out": ties.out_degree, f"{kind}_out_strength": ties.out_strength}
        table = table.with_columns(pl.Series(name, values) for name, values in columns.items())
    table = table.with_columns(pl.Series("coreness", cohesion.coreness(network.undirected_ties())))
    for result in results.values():
        match result:
            case LeadingCore():
                found = result.pool.select("account", "core", core_stability="stability")
                table = _joined(table, found)
            case Factions():
                found = result.membership.select("account", "faction", "side", faction_stability="stability")
                table = _joined(table, found)
            case Hierarchy():
                table = _joined(table, result.levels.select("account", "level", "component"))
            case Dynamics():
                table = _joined(table, result.at_top.select("account", windows_at_top="windows"))
            case _:
                pass
    further = [name for name in network.accounts.columns if name not in table.columns]
    plain = [name for name in further if not network.accounts.schema[name].is_nested()]
    table = table.hstack(network.accounts.select(plain))
    order = np.lexsort((np.arange(table.height), -attention))
    return table[order.astype(np.uint32)]


def _joined(table: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    if found.width < 2:
        return table
    return table.join(found.unique("account"), left_on="key", right_on="account", how="left", maintain_order="left")


def without_names(results: Mapping[str, Result], names: Mapping[str, str]) -> dict[str, Result]:
    """Return results as they are kept with a report: accounts that act together are numbered, unless they may be named.

    To be listed as acting together may harm people who merely took part, so their keys are in no file. What they shared
    is left out with them.
    """
    found = results.get("coordination")
    if not isinstance(found, Coordination) or not found.members.height:
        return dict(results)
    keys = found.members["account"].to_list()
    hidden = {key: f"account {number}" for number, key in enumerate(keys, start=1) if key not in names}
    both = ~(pl.col("account_a").is_in(list(hidden)) | pl.col("account_b").is_in(list(hidden)))
    edges = found.edges.with_columns(
        pl.col("account_a", "account_b").replace(hidden), examples=pl.when(both).then("examples").otherwise([])
    )
    members = found.members.with_columns(pl.col("account").replace(hidden))
    return {**results, "coordination": replace(found, edges=edges, members=members)}


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose texts no spreadsheet runs: cells that begin like a formula get a leading apostrophe.

    >>> neutralised(pl.DataFrame({"a": ["=1+1", "x", None]}))["a"].to_list()
    ["'=1+1", 'x', None]
    """
    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(r"^[\s\x00]*[=+\-@\t\r]")).then(pl.lit("'") + text).otherwise(text).name.keep()
    )


def restored(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame as it was before :func:`neutralised`.

    >>> restored(neutralised(pl.DataFrame({"a": ["=1+1", "x", None]})))["a"].to_list()
    ['=1+1', 'x', None]
    """
    return frame.with_columns(pl.col(pl.String).str.replace(r"^'([\s\x00]*[=+\-@\t\r])", "$1"))


def read_table(path: Path) -> pl.DataFrame:
    """Read a CSV or Parquet table that netact wrote, all cells of a CSV as texts.

    Raises
    ------
    ReportError
        If it cannot be read.
    """
    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else restored(pl.read_csv(path, infer_schema=False))
    except FileNotFoundError as error:
        raise ReportError(str(path), "no such file") from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReportError(
            str(path), "is no table", found=type(error).__name__, remedy="name a CSV or Parquet file"
        ) from error
