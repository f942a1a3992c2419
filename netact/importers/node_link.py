"""Graphs in JSON: nodes and links.

How it is obtained: ``node_link_data`` in networkx, examples of d3, sigma.js and graphology, Cytoscape (Export, Network to file),
vis.js.

Read: links or edges with weight, kind and time, nodes with their attributes, direction where the file says it.

Lost: positions and drawing. The file is read as a whole, not as a stream.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.graph_file import Graph, clean, opened_text, table_of, told_encoding
from netact.importers.importer import Importer, Text, json_fields
from netact.importers.mapping import HASHTAG_WORDS, fold
from netact.importers.source_file import look_over
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

# Larger graphs are saved in other formats; this one has to be held in memory whole.
MOST_BYTES = 1 << 30

_decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _name: None, strict=False)
_INNER = ("attributes", "data", "metadata")
_ENDS = (("source", "target"), ("from", "to"))


def read_node_link(source: SourceFile, options: SourceOptions) -> RawTable:
    """Graph in JSON: node-link data of networkx (``links`` or ``edges``), d3, sigma.js, graphology, vis.js, Cytoscape.

    Mapped: an edge is a tie from ``source`` to ``target`` (in vis.js ``from`` and ``to``), with a direction if the file
    says ``directed: true``, if ``options.type`` is not ``undirected``, or an edge itself says so. Where nodes have no
    ids, as often in d3, the ends are the places of the nodes, counted from 0. Fields of edges are columns, also those
    inside ``attributes`` or ``data``; fields of nodes are columns of the accounts.
    Lost: lists other than hashtags, and records inside records.
    The row of an edge is its number in the file.

    Raises
    ------
    ImportFileError
        If the JSON is broken or holds no edges.
    """
    graph = Graph(directed=False)
    facts = look_over(source, encoding=options.encoding)
    told_encoding(graph, facts)
    if (size := source.plain.stat().st_size) > MOST_BYTES:
        raise ImportFileError(
            source.name,
            f"a JSON graph of {size >> 20:,} MiB is too large to be read whole",
            remedy="save it as GraphML or as a table of edges",
        )
    with opened_text(source, facts) as text:
        try:
            value = _decoder.decode(text.read().strip("\ufeff \t\r\n"))
        except (ValueError, RecursionError) as error:
            where = f"in line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else "or nested too deeply"
            raise ImportFileError(
                source.name, f"the JSON is broken {where}", remedy="copy, download or export it again"
            ) from error
    _collect(value, graph, file=source.name)
    return table_of(graph, source, options)


def _collect(value: Any, graph: Graph, *, file: str) -> None:
    whole = value
    for wrapper in ("elements", "graph"):
        # Cytoscape and the JSON Graph Format keep nodes and edges inside.
        if isinstance(value, dict) and not _edges(value) and isinstance(value.get(wrapper), dict):
            value = value[wrapper]
    edges = _edges(value) if isinstance(value, dict) else None
    if not isinstance(whole, dict) or not isinstance(value, dict) or edges is None:
        raise ImportFileError(
            file,
            "holds no list of links or edges",
            remedy='write {"nodes": [...], "links": [{"source": ..., "target": ...}]}',
        )
    for part in (whole, value):
        options = part.get("options")
        said = part.get("directed", options.get("type") if isinstance(options, dict) else None)
        if said in (True, False, "directed", "undirected", "mixed"):
            graph.stated, graph.directed = True, said in (True, "directed", "mixed")
    if not graph.stated:
        graph.directed = True  # links of d3 and sigma.js point somewhere
    _nodes(value.get("nodes"), graph)
    for number, edge in enumerate(edges, 1):
        if not isinstance(edge, dict):
            graph.rejects.add(Message("not a JSON record"), number)
            continue
        fields = _flat(edge)
        ends = next((pair for pair in _ENDS if all(end in fields for end in pair)), _ENDS[0])
        first, second = (_end(fields.pop(end, None)) for end in ends)
        own = fields.pop("directed", None)
        undirected = fields.pop("undirected", None)
        directed = own if isinstance(own, bool) else (not undirected if isinstance(undirected, bool) else None)
        for name in ("id", "key", *_ENDS[0]):
            fields.pop(name, None)
        graph.add_edge(first, second, dict(_cells(fields)), row=number, directed=directed)


def _edges(value: dict[str, Any]) -> list[Any] | None:
    """Return the list of edges; where there are two (networkx once wrote both), the one that is filled."""
    lists = [value[name] for name in ("links", "edges") if isinstance(value.get(name), list)]
    return max(lists, key=len) if lists else None


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a record with those of its attributes."""
    fields = dict(record)
    for name in _INNER:
        if isinstance(inner := fields.get(name), dict):
            del fields[name]
            fields = {**inner, **fields}
    return fields


def _cells(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, list) and fold(name) in HASHTAG_WORDS:
            value = ",".join(item for item in value if isinstance(item, str))
        if isinstance(value, bool):
            value = "true" if value else "false"
        if isinstance(value, str) and value:
            yield clean(name), clean(value)


def _identity(value: Any) -> str | None:
    """Return an id as text; networkx writes a node that is a pair as a list."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value)
    return clean(json.dumps(value, ensure_ascii=False)) if isinstance(value, list) else None


def _nodes(nodes: Any, graph: Graph) -> None:
    """Add the nodes; one without an id is called by its place."""
    listed: Iterable[tuple[Any, Any]] = enumerate(nodes) if isinstance(nodes, list) else ()
    if isinstance(nodes, dict):
        listed = (
            (name, {"id": name, **node} if isinstance(node, dict) else {"id": name}) for name, node in nodes.items()
        )
    known: set[str] = set()
    for place, node in listed:
        fields = _flat(node) if isinstance(node, dict) else {"id": node}
        identity = next((text for name in ("id", "key") if (text := _identity(fields.get(name))) is not None), None)
        if identity is None:
            identity = str(place)
        fields.pop("id", None)
        if identity in known:
            continue
        known.add(identity)
        graph.add_node(identity, dict(_cells(fields)))


def _end(value: Any) -> str:
    if isinstance(value, dict):
        # After a layout d3 puts the node itself in the place of its id.
        value = value.get("id", value.get("key", value.get("index")))
    return _identity(value) or ""


# A record that, after simple values only, comes to its nodes or links; in Cytoscape and elsewhere one level deeper.
_VALUE = r'("[^"]*"|[-+.\w]+|\{([^{}]|\{[^{}]*\})*\}|\[[^\[\]]*\])'
_BEFORE = rf'\{{\s*("[^"]*"\s*:\s*{_VALUE}\s*,\s*){{0,30}}'
NODE_LINK = Importer(
    "node-link",
    "JSON graph of nodes and links (networkx, d3, sigma.js, Cytoscape)",
    (
        Text(
            rf'{_BEFORE}("(nodes|links|edges)"\s*:\s*\[\s*[\[{{"\d]'
            rf'|"(elements|graph)"\s*:\s*{_BEFORE}"(nodes|links|edges)"\s*:\s*[\[{{])',
            Message("begins with {marks}", marks='{"nodes": ['),
        ),
        # Where names in the text before have quotes in them.
        json_fields("nodes[] links[]"),
        json_fields("nodes[] edges[]"),
        json_fields("elements.edges[]"),
    ),
    read=read_node_link,
)
