"""The formats netact reads: one line each.

The order is that of the documentation; detection depends on it only where the beginning of a text fits two.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netact.importers.delimited import read_delimited
from netact.importers.graph_file import read_gexf, read_graphml
from netact.importers.importer import Begins, Importer, Text
from netact.importers.json_records import read_json
from netact.importers.parquet import read_parquet_table
from netact.importers.twitter_v1 import TWITTER_V1
from netact.importers.twitter_v2 import TWITTER_V2
from netact.importers.workbook import read_workbook
from netact.language import Message

_GRAPHML = r"(?s)<.{0,4000}?<graphml[\s>]|<graphml[\s>]"
_GEXF = r"(?s)<.{0,4000}?<gexf[\s>]|<gexf[\s>]"

_ALL = (
    Importer("delimited", "text table: CSV, TSV, semicolon, pipe or blanks, header or not", read=read_delimited),
    Importer("xlsx", "Excel workbook, one sheet", read=read_workbook),
    Importer("parquet", "Parquet table", (Begins(b"PAR1"),), read=read_parquet_table),
    Importer("json", "JSON lines, or a JSON list of flat records", read=read_json),
    Importer(
        "graphml",
        "GraphML graph (Gephi, igraph, networkx, yEd)",
        (Text(_GRAPHML, Message("XML with the element graphml")),),
        read=read_graphml,
    ),
    Importer(
        "gexf", "GEXF graph 1.1 to 1.3 (Gephi)", (Text(_GEXF, Message("XML with the element gexf")),), read=read_gexf
    ),
    TWITTER_V1,
    TWITTER_V2,
)
IMPORTERS: Mapping[str, Importer] = MappingProxyType({importer.name: importer for importer in _ALL})
