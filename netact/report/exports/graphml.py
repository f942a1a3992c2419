"""GraphML, written as a stream of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.report.exports.graph_parts import DRAWN, graph_ties, node_ids, optional, pieces, tie_rows, write_lines, xml

if TYPE_CHECKING:
    from pathlib import Path

    from netact.network import Network


def write_graphml(network: Network, nodes: pl.DataFrame, path: Path) -> None:
    """Write GraphML: node ids are account keys; nodes have label, faction, core and attention, edges weight and kind.

    Parameters
    ----------
    network
        Whose ties are written.
    nodes
        See :func:`netact.report.exports.graph_parts.graph_nodes`.
    path
        File to write.
    """
    attributes = {name: kind for name, kind in nodes.schema.items() if name not in DRAWN}
    keys = "".join(
        f'<key id="{name}" for="node" attr.name="{name}" attr.type="{attribute_type(kind)}"/>\n'
        for name, kind in attributes.items()
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f'{keys}<key id="weight" for="edge" attr.name="weight" attr.type="double"/>\n'
        f'<key id="kind" for="edge" attr.name="kind" attr.type="string"/>\n'
        f'<graph id="G" edgedefault="{"directed" if network.has_direction() else "undirected"}">\n'
    )
    ids = pl.select(xml(pl.lit(node_ids(nodes)))).to_series()
    data = [optional(f'<data key="{name}">', xml(pl.col(name)), "</data>", column=name) for name in attributes]
    node = pl.concat_str(pl.lit('<node id="'), pl.col("_id"), pl.lit('">'), *data, pl.lit("</node>"))
    edge = pl.concat_str(
        pl.lit('<edge source="'), pl.col("source"), pl.lit('" target="'), pl.col("target"),
        pl.lit('"><data key="weight">'), pl.col("weight").cast(pl.String),
        pl.lit(f'</data><data key="kind">{network.attention_kind}</data></edge>'),
    )  # fmt: skip
    ties = graph_ties(network)
    with path.open("wb") as stream:
        stream.write(head.encode())
        for rows in pieces(nodes.height):
            write_lines(nodes[rows].with_columns(_id=ids[rows]).select(node), stream)
        for rows in pieces(len(ties)):
            write_lines(tie_rows(ties, ids, rows).select(edge), stream)
        stream.write(b"</graph>\n</graphml>\n")


def attribute_type(kind: pl.DataType) -> str:
    """Return what GraphML and GEXF call the type of a column."""
    return "double" if kind.is_float() else "long" if kind.is_integer() else "string"
