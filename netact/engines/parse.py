"""One file becomes clean rows: the same function on one machine and inside a cluster.

A file is read by the importer of its format, as everywhere in netact (rows are cleaned, repeats inside the file left out, everything
counted), and written as two Parquet tables that every engine reads alike: whole numbers, texts, no zones and no decimals.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from netact import errors
from netact.engines.streamed import told_apart
from netact.errors import ImportFileError, NetactError, NoInteractionsError
from netact.importers import SourceOptions, read_source
from netact.importers.bundle import stored_receipt
from netact.schemas import ACCOUNTS

if TYPE_CHECKING:
    from netact.network import Network

# Weights are summed as whole numbers of this part of one, so that no sum depends on the order of its terms.
UNITS = 1_000_000
# Above this a weight in millionths is no longer exact as a floating-point number.
_HEAVIEST = 9_000_000_000

# One row an interaction. `weight` is in millionths; `time` in microseconds and `second` in seconds since 1970 (UTC), null if not
# known; `post` is empty if not known. Of rows that are alike in `single`, `platform`, `kind`, `post`, `source` and `target`
# one is kept if `single` is true.
ROWS = pl.Schema(
    {
        "source": pl.String(),
        "target": pl.String(),
        "kind": pl.String(),
        "weight": pl.Int64(),
        "time": pl.Int64(),
        "second": pl.Int64(),
        "post": pl.String(),
        "platform": pl.String(),
        "single": pl.Boolean(),
    }
)
# The same for passes over parts on one machine: accounts are told by their rows in the file's table of accounts, kinds by their places in
# netact.schemas.KINDS; rows that are not single have the word 0, and of the others those that repeat each other the same.
CODED = pl.Schema(
    {
        "source": pl.UInt32(),
        "target": pl.UInt32(),
        "kind": pl.UInt8(),
        "weight": pl.Int64(),
        "time": pl.Int64(),
        "second": pl.Int64(),
        "post": pl.String(),
        "platform": pl.String(),
        "word": pl.UInt64(),
    }
)
_PARTS = ("rows", "accounts")


def parse(path: str, number: int, options: str, folder: str, *, coded: bool = False) -> str:
    """Read one file and write its rows and accounts into ``folder``; return what is to be known of it, as JSON.

    Parameters
    ----------
    path
        The file; inside a cluster a path that every machine sees.
    number
        Names what is written, so that a task that is done twice writes the same file twice.
    options
        A :class:`netact.importers.SourceOptions`, as JSON.
    coded
        Write rows as :data:`CODED` and accounts with their ``place`` (the number of the file in the upper half of a word, the row in
        the lower), for this process alone.

    Returns
    -------
    str
        ``receipt``, ``directed``, ``rows``, ``kinds``, ``weight`` (their sum in millionths), ``rounded`` (whether a weight was no multiple of a
        millionth), ``unresolved``, ``aliases`` (rows of these tables); or ``error``, since what a worker raises does not reach
        the user as one line.
    """
    try:
        network = read_source(path, SourceOptions.from_dict(json.loads(options)), alone=False)
        _check(network, Path(path).name)
        rows = _coded(network) if coded else _rows(network)
        accounts = network.accounts.select(ACCOUNTS.names())
        if coded:
            accounts = accounts.with_columns(place=(number << 32) + pl.int_range(pl.len(), dtype=pl.Int64))
        for part, table in zip(_PARTS, (rows, accounts), strict=True):
            _write(table, Path(folder, part), f"{number:08d}.parquet")
    except NetactError as error:
        kept = {
            name: None if (value := getattr(error, name, None)) is None else str(value) for name in ("where", "what")
        }
        return json.dumps({"error": type(error).__name__, "line": str(error), **kept})
    return json.dumps(
        {
            "receipt": stored_receipt(network.receipt),
            "directed": network.directed,
            "rows": rows.height,
            "kinds": list(network.kinds),
            "weight": rows["weight"].cast(pl.Int128).sum(),
            "rounded": bool((network.interactions["weight"] * UNITS % 1 != 0).any()),
            "unresolved": network.unresolved.height,
            "aliases": network.aliases.height,
        }
    )


def raised(found: dict[str, Any]) -> NetactError:
    """Return the error that a parser met, as it was."""
    kind = getattr(errors, found["error"], ImportFileError)
    error: NetactError = kind.__new__(kind)
    Exception.__init__(error, found["line"])
    error.where, error.what = found["where"], found["what"]
    return error


def _check(network: Network, name: str) -> None:
    """Refuse what is not a sum over interactions."""
    if network.shares.height:
        raise ImportFileError(
            name,
            "holds shares of objects, whose ties are made of all files together",
            remedy="name the files to netact analyze",
        )
    if network.receipt.bundle:
        raise ImportFileError(
            name, "is a netact bundle already", remedy="name it to netact analyze, or the original files here"
        )
    if not (network.interactions.height or network.unresolved.height):
        raise NoInteractionsError(name, "holds no interactions", remedy="name a file of interactions")
    heaviest = network.interactions["weight"].max()
    if heaviest is not None and float(str(heaviest)) > _HEAVIEST:
        raise ImportFileError(
            name,
            f"holds a weight above {_HEAVIEST:,}",
            found=heaviest,
            remedy="pass --weight with another column, or give weights in larger units",
        )


def _told(kind: pl.Expr) -> dict[str, pl.Expr]:
    """Return the columns of rows that stand beside their accounts."""
    time = pl.col("time").to_physical()
    return {
        "kind": kind,
        "weight": (pl.col("weight") * UNITS).round().cast(pl.Int64).clip(lower_bound=1),
        "time": time,
        "second": time // 1_000_000,
        "post": pl.col("post_id").fill_null(""),
        "platform": pl.col("platform").fill_null(""),
        "single": pl.col("post_id").is_not_null() | (pl.col("kind") == "follow"),
    }


def _rows(network: Network) -> pl.DataFrame:
    rows = network.named_interactions().select("source", "target", **_told(pl.col("kind").cast(pl.String)))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())


def _coded(network: Network) -> pl.DataFrame:
    rows = network.interactions.select("source", "target", **_told(pl.col("kind").to_physical()))
    word = pl.Series(told_apart(rows, network.accounts["key"]))
    rows = rows.with_columns(word=pl.when("single").then(word).otherwise(pl.lit(0, dtype=pl.UInt64)))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in CODED.items())


def _write(table: pl.DataFrame, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # A task that was given up for lost may still be writing when another does it again.
    draft = folder / f".{name}.{uuid.uuid4().hex}.part"
    table.write_parquet(draft, compression="zstd", compression_level=1)
    draft.replace(folder / name)
