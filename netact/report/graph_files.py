"""GraphML and GEXF written as streams of lines: the libraries that could write them hold every tie as objects.

Ties are those of the attention kind, one for each ordered pair (each pair in a network without direction).
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netact.network import Network

# Not allowed in XML 1.0, or invisible and able to turn a text around.
_UNPRINTABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"


def write_graphml(network: Network, nodes: pl.DataFrame, path: Path) -> None:
    """Write GraphML: node ids are account keys; node attributes handle, faction, core, attention; edges have weights.

    Parameters
    ----------
    network
        Whose ties are written.
    nodes
        ``key``, ``handle``, ``faction``, ``core``, ``attention`` in account order.
    path
        File to write.
    """
    attributes = _attributes(nodes)
    keys = "".join(
        f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n' for name, kind in attributes.items()
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f'{keys}<key id="weight" for="edge" attr.name="weight" attr.type="double"/>\n'
        f'<key id="kind" for="edge" attr.name="kind" attr.type="string"/>\n'
        f'<graph id="G" edgedefault="{"directed" if network.has_direction() else "undirected"}">\n'
    )
    ids = _ids(nodes)
    data = [_optional(f'<data key="{name}">', _text(pl.col(name)), "</data>", column=name) for name in attributes]
    node = pl.concat_str(pl.lit('<node id="'), pl.col("_id"), pl.lit('">'), *data, pl.lit("</node>"))
    edge = pl.concat_str(
        pl.lit('<edge source="'), pl.col("source"), pl.lit('" target="'), pl.col("target"),
        pl.lit('"><data key="weight">'), pl.col("weight").cast(pl.String),
        pl.lit(f'</data><data key="kind">{network.attention_kind}</data></edge>'),
    )  # fmt: skip
    with path.open("wb") as stream:
        stream.write(head.encode())
        _lines(nodes.with_columns(_id=ids), node, stream)
        _lines(_edges(network, ids), edge, stream)
        stream.write(b"</graph>\n</graphml>\n")


def write_gexf(network: Network, nodes: pl.DataFrame, path: Path) -> None:
    """Write GEXF 1.2; arguments as for :func:`write_graphml`. The label is the handle, else the key."""
    attributes = _attributes(nodes)
    declared = "".join(
        f'<attribute id="{number}" title="{name}" type="{kind}"/>\n'
        for number, (name, kind) in enumerate(attributes.items())
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        "<meta><creator>netact</creator></meta>\n"
        f'<graph defaultedgetype="{"directed" if network.has_direction() else "undirected"}" mode="static">\n'
        f'<attributes class="node" mode="static">\n{declared}</attributes>\n<nodes>\n'
    )
    ids = _ids(nodes)
    values = [
        _optional(f'<attvalue for="{number}" value="', _text(pl.col(name)), '"/>', column=name)
        for number, name in enumerate(attributes)
    ]
    node = pl.concat_str(
        pl.lit('<node id="'), pl.col("_id"), pl.lit('" label="'), _text(pl.coalesce("handle", "key")),
        pl.lit('"><attvalues>'), *values, pl.lit("</attvalues></node>"),
    )  # fmt: skip
    edge = pl.concat_str(
        pl.lit('<edge id="'), pl.col("row").cast(pl.String), pl.lit('" source="'), pl.col("source"),
        pl.lit('" target="'), pl.col("target"), pl.lit('" weight="'), pl.col("weight").cast(pl.String), pl.lit('"/>'),
    )  # fmt: skip
    with path.open("wb") as stream:
        stream.write(head.encode())
        _lines(nodes.with_columns(_id=ids), node, stream)
        stream.write(b"</nodes>\n<edges>\n")
        _lines(_edges(network, ids).with_row_index("row"), edge, stream)
        stream.write(b"</edges>\n</graph>\n</gexf>\n")


def _attributes(nodes: pl.DataFrame) -> Mapping[str, str]:
    def kind(dtype: pl.DataType) -> str:
        return "double" if dtype.is_float() else "long" if dtype.is_integer() else "string"

    return {name: kind(dtype) for name, dtype in nodes.schema.items() if name != "key"}


def _text(column: pl.Expr) -> pl.Expr:
    """Make a value safe inside an element or an attribute."""
    line = column.cast(pl.String).str.replace_all(_UNPRINTABLE, "").str.replace_all(r"[\t\n\r]", " ")
    return line.str.replace_many(["&", "<", ">", '"', "'"], ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"])


def _optional(before: str, value: pl.Expr, after: str, *, column: str) -> pl.Expr:
    whole = pl.concat_str(pl.lit(before), value, pl.lit(after))
    return pl.when(pl.col(column).is_null()).then(pl.lit("")).otherwise(whole)


def _ids(nodes: pl.DataFrame) -> pl.Series:
    """Return node ids: the keys, numbered where two become one when unprintable characters are taken out."""
    ids = nodes.select(_id=_text(pl.col("key")))["_id"]
    if ids.n_unique() == len(ids):
        return ids
    numbered = pl.DataFrame({"_id": ids}).with_row_index("row")
    repeated = pl.col("_id").is_duplicated()
    return numbered.select(
        pl.when(repeated).then(pl.col("_id") + pl.lit(" #") + pl.col("row").cast(pl.String)).otherwise(pl.col("_id"))
    ).to_series()


def _edges(network: Network, ids: pl.Series) -> pl.DataFrame:
    ties = network.ties() if network.has_direction() else network.undirected_ties()
    return pl.DataFrame({"source": ids.gather(ties.source), "target": ids.gather(ties.target), "weight": ties.weight})


def _lines(frame: pl.DataFrame, line: pl.Expr, stream: IO[bytes], *, at_once: int = 250_000) -> None:
    """Write one line a row, some rows at a time."""
    for start in range(0, frame.height, at_once):
        chunk: Sequence[str] = frame.slice(start, at_once).select(line.alias("line"))["line"].to_list()
        stream.write("\n".join(chunk).encode())
        stream.write(b"\n")
