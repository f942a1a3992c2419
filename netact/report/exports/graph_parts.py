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
    """Return some ties: ``row``, ``source``, ``target`` (ids), ``weight``."""
    return pl.DataFrame(
        {
            "row": np.arange(rows.start, rows.stop),
            "source": ids.gather(ties.source[rows]),
            "target": ids.gather(ties.target[rows]),
            "weight": ties.weight[rows],
        }
    )


@dataclass(frozen=True)
class Spells:
    """Unbroken runs of days, or of weeks, in which something was seen, in order of its row.

    Attributes
    ----------
    runs
        ``row``, ``first``, ``end`` (the day after the last), by row and day; a week begins on Monday. Rows that were also seen at no known time
        have none.
    """

    runs: pl.DataFrame

    def of(self, rows: slice) -> pl.Series:
        """Return the spells of some rows as GEXF; an empty text where there are none."""
        low, high = np.searchsorted(self.runs["row"].to_numpy(), [rows.start, rows.stop])
        spell = pl.format(
            '<spell start="{}" end="{}"/>', pl.col("first").cast(pl.String), pl.col("end").cast(pl.String)
        )
        found = (
            self.runs.slice(int(low), int(high - low))
            .group_by("row", maintain_order=True)
            .agg(spell.str.join("").alias("spells"))
        )
        wanted = pl.DataFrame({"row": np.arange(rows.start, rows.stop, dtype=np.uint32)})
        joined = wanted.join(found, on="row", how="left", maintain_order="left")["spells"]
        return pl.select(
            pl.when(joined.is_null()).then(pl.lit("")).otherwise(pl.lit("<spells>") + joined + pl.lit("</spells>"))
        ).to_series()


def day_spells(network: Network, ties: Ties, *, weeks: bool) -> tuple[Spells, Spells] | None:
    """Return on which days (UTC), or only in which ``weeks``, accounts and ties were seen; None without times.

    Finer times are not told. An account is seen on the days of its ties.
    """
    if not network.has_times:
        return None
    seen = network.interactions.filter(pl.col("kind").cast(pl.String) == network.attention_kind)
    source, target = seen["source"].to_numpy(), seen["target"].to_numpy()
    if not network.has_direction():
        source, target = np.minimum(source, target), np.maximum(source, target)
    n = np.uint64(max(1, network.n_accounts))
    tie = np.searchsorted(
        ties.source.astype(np.uint64) * n + ties.target, source.astype(np.uint64) * n + target
    )  # ties are sorted by source and target
    day, days = seen["time"].dt.date(), 1
    if weeks:
        day, days = day.dt.truncate("1w"), 7
    both = np.concatenate([source, target])
    return _spells(both, pl.concat([day, day]), days=days), _spells(tie, day, days=days)


def _spells(row: NDArray[np.integer], day: pl.Series, *, days: int) -> Spells:
    seen = pl.DataFrame({"row": pl.Series(row).cast(pl.UInt32), "day": day}).unique()
    untimed = seen.filter(pl.col("day").is_null()).select("row")
    seen = seen.join(untimed, on="row", how="anti").sort("row", "day")
    follows = (pl.col("row") == pl.col("row").shift()) & (
        pl.col("day") == pl.col("day").shift() + pl.duration(days=days)
    )  # the next day, or week, of the same row
    runs = (
        seen.with_columns(run=(~follows.fill_null(value=False)).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.first("row"), first=pl.first("day"), end=pl.last("day") + pl.duration(days=days))
    )
    return Spells(runs.drop("run"))
