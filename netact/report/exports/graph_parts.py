"""What all graph files share: nodes with colour, size and place, ties and the days on which they were seen, in pieces.

The libraries that could write these files hold every tie as an object; here at most a quarter of a million are text at once.
Ties are those of the attention kind, one for each ordered pair (each pair in a network without direction).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact.figures.theme import COLOURS, OTHER
from netact.results import Factions, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from numpy.typing import NDArray

    from netact.layout import Layout
    from netact.network import Network, Ties
    from netact.results import Result

# Not allowed in XML 1.0, or invisible and able to turn a text around.
UNPRINTABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
# Columns of nodes that say how to draw them; all others are attributes.
DRAWN = ("key", "x", "y", "size", "colour")

_AT_ONCE = 250_000
_RADIUS, _RING, _APART = 1000.0, 1150.0, 14.0
_SMALLEST, _LARGEST = 3.0, 40.0


def graph_nodes(
    network: Network,
    *,
    results: Mapping[str, Result] | None = None,
    names: Mapping[str, str] | None = None,
    layout: Layout | None = None,
) -> pl.DataFrame:
    """Return the nodes of the graph files in account order.

    Returns
    -------
    polars.DataFrame
        ``key``, ``label`` (the name that may be printed, else the key), ``faction``, ``core`` (null where not asked),
        ``attention`` (received), ``x``, ``y`` (of the map, in a circle of radius 1000; accounts that the map does not
        place lie on a spiral around it), ``size`` (area as attention), ``colour`` (of the faction).
    """
    known = pl.DataFrame(
        {"key": list(names or {}), "printed": list((names or {}).values())},
        schema={"key": pl.String, "printed": pl.String},
    )
    nodes = network.accounts.select("key", "handle", "display_name")
    nodes = nodes.join(known, on="key", how="left", maintain_order="left").select(
        "key", label=pl.coalesce("printed", "handle", "display_name", "key")
    )
    asked = results or {}
    factions, core = asked.get("factions"), asked.get("leading_core")
    for name, found in (
        (
            "faction",
            factions.membership.select(key="account", faction="faction") if isinstance(factions, Factions) else None,
        ),
        ("core", core.pool.select(key="account", core="core") if isinstance(core, LeadingCore) else None),
    ):
        if found is None:
            nodes = nodes.with_columns(pl.lit(None, dtype=pl.Int64).alias(name))
        else:
            nodes = nodes.join(found.unique("key"), on="key", how="left", maintain_order="left")
    attention = network.ties().in_strength
    largest = float(attention.max()) if len(attention) else 0.0
    share = np.sqrt(attention / largest) if largest > 0 else np.zeros(len(attention))
    x, y = _places(network, attention, layout)
    return nodes.with_columns(
        attention=pl.Series(attention, dtype=pl.Float64),
        x=pl.Series(x, dtype=pl.Float64).round(2),
        y=pl.Series(y, dtype=pl.Float64).round(2),
        size=pl.Series(_SMALLEST + (_LARGEST - _SMALLEST) * share, dtype=pl.Float64).round(2),
        colour=pl.col("faction").replace_strict(dict(enumerate(COLOURS)), default=OTHER, return_dtype=pl.String),
    )


def _places(
    network: Network, attention: NDArray[np.float64], layout: Layout | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.full(network.n_accounts, np.nan), np.full(network.n_accounts, np.nan)
    if layout is not None and layout.accounts.height:
        rows = pl.DataFrame({"account": network.accounts["key"]}).with_row_index("row")
        found = layout.accounts.select("account", "x", "y").join(rows, on="account", maintain_order="left")
        at = found["row"].to_numpy()
        x[at], y[at] = found["x"].to_numpy(), found["y"].to_numpy()
        middle = (np.nanmin(x) + np.nanmax(x)) / 2, (np.nanmin(y) + np.nanmax(y)) / 2
        x, y = x - middle[0], y - middle[1]
        reach = float(np.nanmax(np.hypot(x, y)))
        x, y = (x, y) if reach == 0 else (x / reach * _RADIUS, y / reach * _RADIUS)
    outside = np.flatnonzero(np.isnan(x))
    outside = outside[np.lexsort((outside, -attention[outside]))]
    number = np.arange(len(outside), dtype=np.float64)
    radius = np.sqrt((_RING**2 if len(outside) < network.n_accounts else 0.0) + number * _APART**2)
    angle = number * np.pi * (3 - np.sqrt(5))
    x[outside], y[outside] = radius * np.cos(angle), radius * np.sin(angle)
    return x, y


def graph_ties(network: Network) -> Ties:
    """Return the ties of the graph files."""
    return network.ties() if network.has_direction() else network.undirected_ties()


def node_ids(nodes: pl.DataFrame) -> pl.Series:
    """Return node ids: the keys, numbered where two become one when unprintable characters are taken out."""
    ids = nodes.select(_id=clean(pl.col("key")))["_id"]
    if ids.n_unique() == len(ids):
        return ids
    numbered = pl.DataFrame({"_id": ids}).with_row_index("row")
    repeated = pl.col("_id").is_duplicated()
    return numbered.select(
        pl.when(repeated).then(pl.col("_id") + pl.lit(" #") + pl.col("row").cast(pl.String)).otherwise(pl.col("_id"))
    ).to_series()


def clean(column: pl.Expr) -> pl.Expr:
    """Return a text as one line of printable characters."""
    return column.cast(pl.String).str.replace_all(UNPRINTABLE, "").str.replace_all(r"[\t\n\r]", " ")


def xml(column: pl.Expr) -> pl.Expr:
    """Make a value safe inside an element or an attribute."""
    return clean(column).str.replace_many(["&", "<", ">", '"', "'"], ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"])


def optional(before: str, value: pl.Expr, after: str, *, column: str) -> pl.Expr:
    """Return a value between two texts; nothing where ``column`` is null."""
    whole = pl.concat_str(pl.lit(before), value, pl.lit(after))
    return pl.when(pl.col(column).is_null()).then(pl.lit("")).otherwise(whole)


def pieces(rows: int) -> Iterator[slice]:
    """Yield the rows that are text at once."""
    for start in range(0, rows, _AT_ONCE):
        yield slice(start, min(start + _AT_ONCE, rows))


def tie_rows(ties: Ties, ids: pl.Series, rows: slice) -> pl.DataFrame:
    """Return some ties: ``row``, ``source``, ``target`` (ids, as they are given for every account), ``weight``."""
    return pl.DataFrame(
        {
            "row": np.arange(rows.start, rows.stop),
            "source": ids.gather(ties.source[rows]),
            "target": ids.gather(ties.target[rows]),
            "weight": ties.weight[rows],
        }
    )


def write_lines(lines: pl.DataFrame, stream: BinaryIO, *, end: str = "\n") -> None:
    """Write the one column of a frame, each text as it is and followed by ``end``."""
    stream.flush()
    lines.write_csv(stream, include_header=False, quote_style="never", line_terminator=end)


@dataclass(frozen=True)
class Spells:
    """Unbroken runs of days, or of weeks, in which something was seen, in order of its row.

    Attributes
    ----------
    row, first, end
        Of every run, by row and day: whose it is, its first day and the day after its last, in days since 1970; a week begins on
        Monday. Rows that were also seen at no known time have none.
    """

    row: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]

    def of(self, rows: slice) -> pl.Series:
        """Return the spells of some rows as GEXF; an empty text where there are none."""
        low, high = np.searchsorted(self.row, [rows.start, rows.stop])
        row, first, end = self.row[low:high] - rows.start, self.first[low:high], self.end[low:high]
        if not len(row):
            return pl.Series([""] * (rows.stop - rows.start), dtype=pl.String)
        # Each day is written once, not once a spell.
        earliest = int(first.min())
        day = pl.Series(np.arange(earliest, int(end.max()) + 1), dtype=pl.Int32).cast(pl.Date).cast(pl.String)
        last = np.append(row[1:] != row[:-1], True)
        spell = pl.concat_str(
            pl.lit('<spell start="'), "first", pl.lit('" end="'), "end", pl.when("last").then(pl.lit('"/>\n')).otherwise(pl.lit('"/>'))
        )  # fmt: skip
        runs = pl.DataFrame({"first": day.gather(first - earliest), "end": day.gather(end - earliest), "last": last})
        # The spells of a row are one line of one text: faster than a group for every row.
        whole = runs.select(spell.str.join("").str.strip_suffix("\n").str.split("\n").alias("spells")).explode("spells")
        texts = whole.select(pl.concat_str(pl.lit("<spells>"), "spells", pl.lit("</spells>"))).to_series()
        at = np.full(rows.stop - rows.start, len(texts), dtype=np.int64)
        at[row[last]] = np.arange(len(texts))
        return pl.concat([texts, pl.Series([""])]).gather(at)


def day_spells(network: Network, ties: Ties, *, weeks: bool) -> tuple[Spells, Spells] | None:
    """Return on which days (UTC), or only in which ``weeks``, accounts and ties were seen; None without times.

    Finer times are not told. An account is seen on the days of its ties.
    """
    if not network.has_times:
        return None
    seen = network.interactions.filter(pl.col("kind").cast(pl.String) == network.attention_kind)
    source, target = seen["source"].to_numpy().astype(np.uint64), seen["target"].to_numpy().astype(np.uint64)
    if not network.has_direction():
        source, target = np.minimum(source, target), np.maximum(source, target)
    n = np.uint64(max(1, network.n_accounts))
    day, days = seen["time"].dt.date().cast(pl.Int32).cast(pl.Int64), 1
    if weeks:
        day, days = day - (day + 3) % 7, 7  # the first day counted was a Thursday
    unknown = day.is_null().to_numpy()
    at = day.fill_null(0).to_numpy()
    pair, at, unknown = _distinct(source * n + target, at, unknown)
    tie = np.searchsorted(ties.source.astype(np.uint64) * n + ties.target, pair)  # both are sorted by source and target
    both = np.concatenate([ties.source[tie], ties.target[tie]])
    accounts = _distinct(both.astype(np.uint64), np.concatenate([at, at]), np.concatenate([unknown, unknown]))
    return _spells(*accounts, days=days), _spells(tie.astype(np.uint64), at, unknown, days=days)


def _distinct(
    row: NDArray[np.uint64], day: NDArray[np.int64], unknown: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the different pairs of a row and a day, or no known day, by row and day; no known day comes first."""
    if not len(row):
        return row, day, unknown
    earliest = int(day.min())
    steps = np.uint64(int(day.max()) - earliest + 2)
    # One number a pair: accounts are fewer than 2**32 and days than 2**22, so it may not fit for pairs of accounts.
    number = np.where(unknown, 0, day - earliest + 1).astype(np.uint64)
    if int(row.max()) < (2**64 - 1) // int(steps) - 1:
        words = np.sort(row * steps + number)
        words = words[np.append(True, words[1:] != words[:-1])]
        row, number = np.divmod(words, steps)
    else:
        order = np.lexsort((number, row))
        row, number = row[order], number[order]
        new = np.append(True, (row[1:] != row[:-1]) | (number[1:] != number[:-1]))
        row, number = row[new], number[new]
    return row, number.astype(np.int64) + (earliest - 1), number == 0


def _spells(row: NDArray[np.uint64], day: NDArray[np.int64], unknown: NDArray[np.bool_], *, days: int) -> Spells:
    """Return the runs of different pairs of a row and a day, sorted."""
    first_of_row = np.append(True, row[1:] != row[:-1])[: len(row)]
    # No known day comes first among those of a row.
    timed = ~unknown[np.flatnonzero(first_of_row)][np.cumsum(first_of_row) - 1]
    row, day, first_of_row = row[timed], day[timed], first_of_row[timed]
    begins = first_of_row.copy()
    begins[1:] |= day[1:] != day[:-1] + days
    ends = np.append(begins[1:], True)[: len(begins)]
    return Spells(row[begins].astype(np.int64), day[begins], day[ends] + days)
