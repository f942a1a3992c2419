"""Graph files: GraphML and GEXF, read as streams with entities switched off."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from netact.errors import ImportFileError
from netact.importers.mapping import fold
from netact.importers.sheet import table_from_frame
from netact.importers.values import infer_type
from netact.language import Message

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

# Ids that programs make up (n0, 17, 3.0), against ids that platforms give.
_MADE_UP = r"^(n|v|node|_:n)?\d{1,6}(\.0)?$"
_NAMES = ("name", "vname", "screenname", "handle", "username", "label", "vlabel", "nodelabel")


@dataclass
class _Graph:
    """What a parser collects before it becomes tables."""

    directed: bool = True
    stated: bool = False  # whether the file states a direction
    nodes: list[dict[str, str]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    version: str = ""


def read_graphml(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open a GraphML file; the row of an edge is its number in the file.

    Raises
    ------
    ImportFileError
        If the XML is broken or there are no edges.
    """
    return _table(_parse(source, _graphml), source, options)


def read_gexf(source: SourceFile, options: SourceOptions) -> RawTable:
    """Open a GEXF file, version 1.1 to 1.3; the row of an edge is its number in the file.

    Raises
    ------
    ImportFileError
        If the XML is broken or there are no edges.
    """
    return _table(_parse(source, _gexf), source, options)


def _parse(source: SourceFile, collect: Any) -> _Graph:
    graph = _Graph()
    try:
        with source.plain.open("rb") as stream:
            collect(iterparse(stream, events=("start", "end"), forbid_dtd=False), graph)
    except ParseError as error:
        line, column = error.position
        raise ImportFileError(
            source.name,
            f"the XML is broken in line {line}, column {column + 1}",
            found=str(error).split(":")[0],
            remedy="export the graph again",
        ) from error
    except DefusedXmlException as error:
        raise ImportFileError(
            source.name, "the XML defines entities, which netact does not expand", remedy="export the graph again"
        ) from error
    except (ValueError, LookupError) as error:
        raise ImportFileError(
            source.name, "the XML cannot be read", found=str(error)[:80], remedy="export the graph again"
        ) from error
    return graph


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _graphml(events: Any, graph: _Graph) -> None:
    names: dict[str, str] = {}
    defaults: dict[tuple[str, str], str] = {}
    item: dict[str, Any] | None = None
    for event, element in events:
        tag = _local(element)
        if event == "start":
            if tag == "graph" and not graph.stated:
                graph.stated = "edgedefault" in element.attrib
                graph.directed = element.get("edgedefault", "directed") != "undirected"
            elif tag == "node":
                item = {"id": element.get("id", "")}
                graph.nodes.append(item)
            elif tag == "edge":
                item = {"source": element.get("source", ""), "target": element.get("target", "")}
                if "directed" in element.attrib:
                    item["\0directed"] = element.get("directed") == "true"
                graph.edges.append(item)
            continue
        if tag == "key":
            names[element.get("id", "")] = (
                element.get("attr.name") or element.get("yfiles.type") or element.get("id", "")
            )
            for child in element:
                if _local(child) == "default" and child.text:
                    defaults[element.get("for", "all"), names[element.get("id", "")]] = child.text.strip()
        elif tag == "data" and item is not None:
            # yEd keeps the label of a node inside a drawing.
            text = "".join(element.itertext()).strip()
            if text:
                item.setdefault(names.get(element.get("key", ""), element.get("key", "")), text)
            element.clear()
        elif tag in ("node", "edge"):
            item = None
            element.clear()
    for (domain, name), value in defaults.items():
        for things, own in ((graph.nodes, "node"), (graph.edges, "edge")):
            if domain in (own, "all"):
                for thing in things:
                    thing.setdefault(name, value)


def _gexf(events: Any, graph: _Graph) -> None:
    titles: dict[tuple[str, str], str] = {}
    defaults: dict[tuple[str, str], str] = {}
    domain, attribute = "node", ""
    stack: list[dict[str, Any]] = []
    kinds: list[str] = []
    for event, element in events:
        tag = _local(element)
        if event == "start":
            if tag == "gexf":
                graph.version = element.get("version", "")
            elif tag == "graph" and not graph.stated:
                graph.stated = "defaultedgetype" in element.attrib
                # The format's own default is undirected.
                graph.directed = element.get("defaultedgetype", "undirected") != "undirected"
            elif tag == "attributes":
                domain = element.get("class", "node")
            elif tag == "attribute":
                attribute = element.get("id", "")
                titles[domain, attribute] = element.get("title") or attribute
            elif tag == "node":
                node = {"id": element.get("id", "")} | (
                    {"label": element.attrib["label"]} if element.get("label") else {}
                )
                graph.nodes.append(node)
                stack.append(node)
                kinds.append("node")
            elif tag == "edge":
                edge: dict[str, Any] = {"source": element.get("source", ""), "target": element.get("target", "")}
                edge |= {name: element.attrib[name] for name in ("weight", "kind", "label") if element.get(name)}
                if "type" in element.attrib:
                    edge["\0directed"] = element.get("type") == "directed"
                graph.edges.append(edge)
                stack.append(edge)
                kinds.append("edge")
            elif tag == "attvalue" and stack:
                key = element.get("for") or element.get("id") or ""
                if element.get("value"):
                    stack[-1].setdefault(titles.get((kinds[-1], key), key), element.attrib["value"])
            continue
        if tag == "default" and attribute and element.text:
            defaults[domain, titles[domain, attribute]] = element.text.strip()
        elif tag == "attribute":
            attribute = ""
        elif tag in ("node", "edge") and stack:
            stack.pop()
            kinds.pop()
            element.clear()
    for (own, name), value in defaults.items():
        for thing in graph.nodes if own == "node" else graph.edges:
            thing.setdefault(name, value)


def _table(graph: _Graph, source: SourceFile, options: SourceOptions) -> RawTable:
    if not graph.edges:
        raise ImportFileError(
            source.name, f"the graph has no edges ({len(graph.nodes):,} nodes)", remedy="export it with its edges"
        )
    assumptions: list[str] = []
    warnings: list[str] = []
    names = _keys(graph, assumptions)
    known = set(names)
    outside = sum((edge["source"] not in known) + (edge["target"] not in known) for edge in graph.edges)
    if outside:
        warnings.append(
            Message.counting(
                "{n:count} end of an edge names a node that the file does not list; it is kept as an account",
                "{n:count} ends of edges name a node that the file does not list; they are kept as accounts",
                outside,
            )
        )
    own = [edge.pop("\0directed", graph.directed) for edge in graph.edges]
    edges, rows = graph.edges, list(range(1, len(graph.edges) + 1))
    undirected = not any(own)
    if any(own) and not all(own):
        # One direction for the whole network: a tie without direction in a directed graph is a tie each way.
        both = [i for i, is_directed in enumerate(own) if not is_directed]
        edges = [*edges, *({**edges[i], "source": edges[i]["target"], "target": edges[i]["source"]} for i in both)]
        rows += [i + 1 for i in both]
        assumptions.append(
            Message.counting(
                "{n:count} edge without direction in a directed graph is read as a tie each way",
                "{n:count} edges without direction in a directed graph are read as a tie each way",
                len(both),
            )
        )
    if not graph.stated:
        assumptions.append(
            Message("the file does not state a direction: read as directed")
            if graph.directed
            else Message("the file does not state a direction: read as undirected")
        )
    columns = list(dict.fromkeys(name for edge in edges for name in edge))
    data: dict[str, list[str | None]] = {}
    for name in columns:
        values = [edge.get(name) for edge in edges]
        if name in ("source", "target"):
            values = [names.get(str(value), value) for value in values]
        data[name if name != "row" else "row (in the file)"] = values
    frame = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)).with_columns(row=pl.Series(rows, dtype=pl.UInt32))
    weight = next((name for name in data if fold(name) == "weight"), None)
    if weight is not None and frame[weight].null_count():
        assumptions.append(
            Message.counting(
                "{n:count} edge without a weight counts as 1",
                "{n:count} edges without a weight count as 1",
                frame[weight].null_count(),
            )
        )
        frame = frame.with_columns(pl.col(weight).fill_null("1"))
    dialect = {"direction": "undirected" if undirected else "directed"} | (
        {"version": graph.version} if graph.version else {}
    )
    table = table_from_frame(
        frame,
        evidence=(
            Message("nodes: {nodes:count}, edges: {edges:count}", nodes=len(graph.nodes), edges=len(graph.edges)),
        ),
        dialect=dialect,
    )
    if options.directed and undirected:
        assumptions.append(Message("the graph is undirected: every tie is held both ways"))
    return replace(
        table,
        nodes=_nodes(graph, names),
        undirected=undirected,
        assumptions=tuple(assumptions),
        warnings=tuple(warnings),
    )


def _keys(graph: _Graph, assumptions: list[str]) -> dict[str, str]:
    """Return node id -> account key: the name where the ids are made up and every node has a name of its own."""
    ids = [node["id"] for node in graph.nodes]
    if ids and all(re.match(_MADE_UP, text) for text in ids):
        attributes = {fold(name): name for node in graph.nodes for name in node if name != "id"}
        for word in _NAMES:
            if word not in attributes:
                continue
            labels = [node.get(attributes[word], "").strip() for node in graph.nodes]
            if all(labels) and len(set(labels)) == len(labels) and labels != ids:
                assumptions.append(
                    Message(
                        "node ids are mere numbers, so accounts are called by the node attribute {attribute!r}",
                        attribute=attributes[word],
                    )
                )
                return dict(zip(ids, labels, strict=True))
    return {text: text for text in ids}


def _nodes(graph: _Graph, names: dict[str, str]) -> pl.DataFrame | None:
    if not graph.nodes:
        return None
    columns = list(dict.fromkeys(name for node in graph.nodes for name in node if name != "id"))
    data: dict[str, list[str | None]] = {"key": [names[node["id"]] for node in graph.nodes]}
    if any(key != text for text, key in names.items()):
        data["node_id"] = [node["id"] for node in graph.nodes]
    for name in columns:
        values = [node.get(name) for node in graph.nodes]
        if fold(name) == "label" and "display_name" not in data:
            data["display_name"] = values
        elif name in ("key", "node_id", "platform", "native_id", "handle", "display_name", "account"):
            data[f"{name} (in the file)" if name in ("key", "account") else name] = values
        else:
            data[name] = values
    frame = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))
    plain = {"key", "node_id", "platform", "native_id", "handle", "display_name"}
    return frame.with_columns(infer_type(frame[name]) for name in frame.columns if name not in plain)
