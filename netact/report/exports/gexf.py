"""GEXF 1.3 for Gephi: colours, sizes and places, and the days, or weeks, in which accounts and ties were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.report.exports.graph_parts import (
    DRAWN,
    day_spells,
    graph_ties,
    node_ids,
    optional,
    pieces,
    tie_rows,
    write_lines,
    xml,
)
from netact.report.exports.graphml import attribute_type

if TYPE_CHECKING:
    from pathlib import Path

    from netact.network import Network

_ABOUT = (
    "Ties point from the account that gives attention to the one that receives it. Colour: group; size: attention "
    "received. Accounts that the map of the report does not place lie on a spiral around it."
)
_SPELLS = (
    " Spells are whole {steps} (UTC) in which an account or a tie was seen; what has none was seen at an unknown time."
)


def write_gexf(network: Network, nodes: pl.DataFrame, path: Path, *, weeks: bool = False) -> None:
    """Write GEXF 1.3; with spells of whole days, or weeks from Monday, (the end is the day after) if times are known.

    Parameters
    ----------
    network
        Whose ties are written.
    nodes
        See :func:`netact.report.exports.graph_parts.graph_nodes`.
    path
        File to write.
    weeks
        Whether spells are of whole weeks: the day of a single tie can lead to who made it.
    """
    attributes = {name: kind for name, kind in nodes.schema.items() if name not in (*DRAWN, "label")}
    declared = "".join(
        f'<attribute id="{name}" title="{name}" type="{attribute_type(kind)}"/>\n' for name, kind in attributes.items()
    )
    ties = graph_ties(network)
    seen = day_spells(network, ties, weeks=weeks)
    spells_are = "" if seen is None else _SPELLS.format(steps="weeks" if weeks else "days")
    mode = 'mode="static"'
    if seen is not None:
        mode = 'mode="dynamic" timeformat="date" timerepresentation="interval" timezone="UTC"'
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"<meta><creator>netact</creator><description>{_ABOUT}{spells_are}</description></meta>\n"
        f'<graph defaultedgetype="{"directed" if network.has_direction() else "undirected"}" {mode}>\n'
        f'<attributes class="node">\n{declared}</attributes>\n<nodes count="{nodes.height}">\n'
    )
    ids = pl.select(xml(pl.lit(node_ids(nodes)))).to_series()
    values = [optional(f'<attvalue for="{name}" value="', xml(pl.col(name)), '"/>', column=name) for name in attributes]
    parts = [pl.col("colour").str.slice(start, 2).str.to_integer(base=16).cast(pl.String) for start in (1, 3, 5)]
    node = pl.concat_str(
        pl.lit('<node id="'), pl.col("_id"), pl.lit('" label="'), xml(pl.coalesce("label", "key")),
        pl.lit('"><attvalues>'), *values, pl.lit("</attvalues>"), pl.col("_spells"),
        pl.lit('<viz:color r="'), parts[0], pl.lit('" g="'), parts[1], pl.lit('" b="'), parts[2],
        pl.lit('"/><viz:position x="'), pl.col("x").cast(pl.String), pl.lit('" y="'), pl.col("y").cast(pl.String),
        pl.lit('" z="0"/><viz:size value="'), pl.col("size").cast(pl.String), pl.lit('"/></node>'),
    )  # fmt: skip
    edge = pl.concat_str(
        pl.lit('<edge id="'), pl.col("row").cast(pl.String), pl.lit('" source="'), pl.col("source"),
        pl.lit('" target="'), pl.col("target"), pl.lit('" weight="'), pl.col("weight").cast(pl.String),
        pl.lit('">'), pl.col("_spells"), pl.lit("</edge>"),
    )  # fmt: skip
    with path.open("wb") as stream:
        stream.write(head.encode())
        for rows in pieces(nodes.height):
            spells = pl.lit("") if seen is None else seen[0].of(rows)
            write_lines(nodes[rows].with_columns(_id=ids[rows], _spells=spells).select(node), stream)
        stream.write(f'</nodes>\n<edges count="{len(ties)}">\n'.encode())
        for rows in pieces(len(ties)):
            spells = pl.lit("") if seen is None else seen[1].of(rows)
            write_lines(tie_rows(ties, ids, rows).with_columns(_spells=spells).select(edge), stream)
        stream.write(b"</edges>\n</graph>\n</gexf>\n")
