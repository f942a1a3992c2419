"""JSON of graphology, for pages made with sigma and for Gephi Lite."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from netact.report.exports.graph_parts import clean, graph_ties, node_ids, pieces, tie_rows, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netact.network import Network


def write_graphology(network: Network, nodes: pl.DataFrame, path: Path, *, title: str) -> None:
    """Write a serialised graphology graph: ``Graph.from(JSON.parse(text))`` reads it, sigma draws it.

    Parameters
    ----------
    network
        Whose ties are written.
    nodes
        See :func:`netact.report.exports.graph_parts.graph_nodes`; ``colour`` is the attribute ``color``.
    path
        File to write.
    title
        Of the graph.
    """
    kind = "directed" if network.has_direction() else "undirected"
    head = {
        "attributes": {"title": title, "tie": network.attention_kind},
        "options": {"type": kind, "multi": False, "allowSelfLoops": True},
    }
    ids = node_ids(nodes)
    ties = graph_ties(network)
    whole = pl.col("core", "faction").cast(pl.Int64)
    attributes = pl.struct(
        clean(pl.col("label")), "x", "y", "size", pl.col("colour").alias("color"), whole, "attention"
    )
    node = pl.struct(key="_id", attributes=attributes).struct.json_encode()
    edge = pl.struct("source", "target", attributes=pl.struct("weight")).struct.json_encode()

    def node_lines() -> Iterator[pl.DataFrame]:
        for rows in pieces(nodes.height):
            yield nodes[rows].with_columns(_id=ids[rows]).select(node)

    def edge_lines() -> Iterator[pl.DataFrame]:
        for rows in pieces(len(ties)):
            yield tie_rows(ties, ids, rows).select(edge)

    with path.open("wb") as stream:
        stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
        for name, parts in (("nodes", node_lines()), ("edges", edge_lines())):
            stream.write(f',\n"{name}": [\n'.encode())
            written = stream.tell()
            for lines in parts:
                write_lines(lines, stream, end=",\n")
            # No comma follows the last.
            stream.seek(stream.tell() - (2 if stream.tell() > written else 1))
            stream.write(b"\n]")
        stream.write(b"}\n")
