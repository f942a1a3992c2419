"""GraphML and GEXF graphs.

How it is obtained: Gephi (File, Export, Graph file), ``write_graphml`` and ``write_gexf`` in networkx, ``write_graph`` in igraph,
yEd, NodeXL (Export to GraphML), Netlytic and VOSON.

Read: edges with their weight, kind and time (``Relationship`` and its date in NodeXL; ``start`` and spells in GEXF where they are
dates), direction of the graph and of single edges; nodes with their attributes, called by their names where ids are mere
numbers. The files are read as streams, and entities are not expanded.

Lost: positions, colours and other drawing; hyperedges and ports, which are counted; the later part of a history.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from netact.errors import ImportFileError
from netact.importers.graph_file import Graph, table_of
from netact.importers.importer import Importer, Text
from netact.importers.mapping import UNIX_SECONDS, fold
from netact.importers.posts import WITHOUT_TIE
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from xml.etree.ElementTree import Element

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

    Events = Iterator[tuple[str, Element]]

# Deeper than any program nests graphs; the parser of the library has no limit of its own.
_DEEPEST = 200


def read_graphml(source: SourceFile, options: SourceOptions) -> RawTable:
    """GraphML, as Gephi, igraph, networkx, yEd and NodeXL save it.

    Mapped: an edge is a tie from ``source`` to ``target``, with a direction where the edge or its graph says so;
    edge attributes are columns (weight, kind, time and hashtags by their names); node attributes are columns of the
    accounts. Where node ids are numbers made up by a program (``n0``), accounts are called by the attribute ``name``
    or ``label``. Of NodeXL, ``Relationship`` is the kind, ``Relationship Date (UTC)`` the time and ``Imported ID`` the
    post; its edges ``Tweet`` from an account to itself are posts without a tie and are counted.
    Lost: drawings, ports, and edges of more than two ends, which are counted; graphs inside graphs become one.
    The row of an edge is its number in the file.

    Raises
    ------
    ImportFileError
        If the XML is broken or there are no edges.
    """
    return table_of(_parse(source, _graphml, options), source, options)


def read_gexf(source: SourceFile, options: SourceOptions) -> RawTable:
    """GEXF 1.1 to 1.3, as Gephi saves it.

    Mapped: an edge is a tie from ``source`` to ``target``, without direction unless it or the graph says so; an edge
    without a weight counts 1; edge attributes are columns by their titles. The start of an edge, or the first of its
    spells, is its time where it is a date; where it is a mere number it is left out. Accounts are called by their id,
    or by their label where ids are numbers made up by a program. Nodes inside nodes are read like others, their parent
    is the column ``pid``.
    Lost: drawings, ends of times, and all but the first value of an attribute that changes in time.
    The row of an edge is its number in the file.

    Raises
    ------
    ImportFileError
        If the XML is broken or there are no edges.
    """
    return table_of(_parse(source, _gexf, options), source, options)


def _parse(source: SourceFile, collect: Callable[[Events, Graph], None], options: SourceOptions) -> Graph:
    graph = Graph(encoding=options.encoding)
    try:
        parser = DefusedXMLParser(target=TreeBuilder(), encoding=options.encoding)
        with source.open() as stream:
            collect(_slim(iterparse(stream, events=("start", "end"), parser=parser)), graph)
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


def _slim(events: Iterable[tuple[str, Element]]) -> Events:
    """Pass events on and forget the elements that lie behind, so that memory does not grow with the file."""
    path: list[Element] = []
    for event, element in events:
        if event == "start":
            path.append(element)
            if len(path) > _DEEPEST:
                raise ValueError(f"elements are nested more than {_DEEPEST} deep")
            yield event, element
            continue
        yield event, element
        path.pop()
        if path and _local(element) in ("node", "edge", "hyperedge", "nodes", "edges", "graph"):
            del path[-1][:]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


# ---------------------------------------------------------------- GraphML


def _graphml(events: Events, graph: Graph) -> None:
    names: dict[str, str] = {}
    defaults: dict[tuple[str, str], str] = {}
    # The things that attributes can belong to, innermost last; those of ports and graphs are not kept.
    owners: list[dict[str, str]] = []
    directions: list[bool] = []
    graphs = number = 0
    for event, element in events:
        tag = _local(element)
        if event == "start":
            if tag == "graph":
                graphs += 1
                default = element.get("edgedefault")
                if not graph.stated:
                    graph.stated = default is not None
                    graph.directed = default != "undirected"
                directions.append(default != "undirected" if default else graph.directed)
            if tag in ("graph", "node", "edge", "hyperedge", "port"):
                owners.append({})
            continue
        if tag == "key":
            identity = element.get("id", "")
            names[identity] = element.get("attr.name") or element.get("yfiles.type") or identity
            for child in element:
                if _local(child) == "default" and child.text:
                    defaults[element.get("for", "all"), names[identity]] = child.text.strip()
        elif tag == "data" and owners:
            # yEd keeps the label of a node inside a drawing.
            text = "".join(element.itertext()).strip()
            if text:
                key = element.get("key", "")
                owners[-1].setdefault(names.get(key, key), text)
            element.clear()
        elif tag == "node":
            record = owners.pop()
            record.pop("id", None)
            graph.add_node(element.get("id", ""), record)
        elif tag == "edge":
            number += 1
            own = element.get("directed")
            graph.add_edge(
                element.get("source", ""),
                element.get("target", ""),
                owners.pop(),
                row=number,
                directed=own.strip() in ("true", "1") if own is not None else (directions[-1] if directions else None),
            )
        elif tag == "hyperedge":
            number += 1
            owners.pop()
            graph.rejects.add(Message("edge of more than two ends"), number)
        elif tag in ("graph", "port"):
            owners.pop()
            if tag == "graph":
                directions.pop()
    _fill(graph, defaults)
    _several(graph, graphs)
    if "Relationship" in graph.edges.data:
        _nodexl(graph)


def _fill(graph: Graph, defaults: dict[tuple[str, str], str]) -> None:
    for (domain, name), value in defaults.items():
        for things, own in ((graph.nodes, "node"), (graph.edges, "edge")):
            if domain in (own, "all") and name not in ("id", "source", "target"):
                things.fill(name, value)


def _several(graph: Graph, graphs: int) -> None:
    if graphs > 1:
        graph.assumptions.append(Message("{n:count} graphs in the file are read as one network", n=graphs))


def _nodexl(graph: Graph) -> None:
    """Give the columns of NodeXL the names by which they are found, and take out posts that are no ties."""
    data = graph.edges.data
    # The column `Tweet` holds the text of a post, not its id.
    renamed = {"Tweet": "Tweet (text)", "Imported ID": "post id"}
    data = {renamed.get(name, name): column for name, column in data.items()}
    words = [fold(word or "") for word in data["Relationship"]]
    posts = {
        place
        for place, (word, a, b) in enumerate(zip(words, data["source"], data["target"], strict=True))
        if word == "tweet" and a == b
    }
    for place in sorted(posts):
        graph.rejects.add(WITHOUT_TIE, graph.rows[place], fault=False)

    def kept(column: list[Any]) -> list[Any]:
        return [cell for place, cell in enumerate(column) if place not in posts] if posts else column

    graph.edges.data = {name: kept(column) for name, column in data.items()}
    graph.edges.height -= len(posts)
    graph.rows, graph.own = kept(graph.rows), kept(graph.own)


# ---------------------------------------------------------------- GEXF


def _gexf(events: Events, graph: Graph) -> None:
    titles: dict[tuple[str, str], str] = {}
    defaults: dict[tuple[str, str], str] = {}
    domain, attribute, form = "node", "", ""
    things: list[tuple[str, dict[str, str], list[str]]] = []  # open nodes and edges: kind, record, times
    starts: list[str | None] = []
    graphs = number = several = 0
    for event, element in events:
        tag = _local(element)
        if event == "start":
            if tag == "gexf":
                graph.dialect |= {"version": version} if (version := element.get("version", "")) else {}
            elif tag == "graph":
                graphs += 1
                if not graph.stated:
                    graph.stated = "defaultedgetype" in element.attrib
                    # The format's own default is undirected.
                    graph.directed = element.get("defaultedgetype", "undirected") != "undirected"
                form = form or element.get("timeformat") or element.get("timetype") or ""
            elif tag == "attributes":
                domain = element.get("class", "node")
            elif tag == "attribute":
                attribute = element.get("id", "")
                titles[domain, attribute] = element.get("title") or attribute
            elif tag in ("node", "edge"):
                wanted = ("label", "pid") if tag == "node" else ("weight", "kind", "label")
                record = {name: element.attrib[name] for name in wanted if element.get(name)}
                things.append((tag, record, _moments(element)))
            elif tag in ("spell", "slice") and things:
                things[-1][2].extend(_moments(element))
            elif tag == "attvalue" and things:
                kind, record, _ = things[-1]
                key = element.get("for") or element.get("id") or ""
                if element.get("value"):
                    record.setdefault(titles.get((kind, key), key), element.attrib["value"])
            continue
        if tag == "default" and attribute and element.text:
            defaults[domain, titles[domain, attribute]] = element.text.strip()
        elif tag == "attribute":
            attribute = ""
        elif tag in ("node", "edge"):
            _, record, moments = things.pop()
            for name in ("id", "source", "target"):
                record.pop(name, None)
            if tag == "node":
                graph.add_node(element.get("id", ""), record)
                continue
            number += 1
            own = element.get("type")
            graph.add_edge(
                element.get("source", ""),
                element.get("target", ""),
                record,
                row=number,
                directed=None if own is None else own == "directed",
            )
            starts.append(min(moments, key=_in_time) if moments else None)
            several += len(set(moments)) > 1
    _fill(graph, defaults)
    _several(graph, graphs)
    _times(graph, starts, form, several)


def _moments(element: Element) -> list[str]:
    """Return the starts that an element gives."""
    if start := element.get("start") or element.get("startopen"):
        return [start]
    listed = element.get("timestamp") or element.get("timestamps") or element.get("intervals") or ""
    if not listed:
        return []
    # intervals="<[1, 2); [3, 4)>", timestamps="<[1, 2, 3]>"
    parts = re.findall(r"[\[(]\s*([^\[\](),;\s]+)", listed) if "intervals" in element.attrib else None
    return parts if parts is not None else re.findall(r"[^\[\](),;<>\s]+", listed)


def _in_time(moment: str) -> tuple[int, float, str]:
    try:
        return (0, float(moment), "")
    except ValueError:
        return (1, 0.0, moment)


def _times(graph: Graph, starts: list[str | None], form: str, several: int) -> None:
    """Make the starts of edges the column ``time`` if they are dates."""
    given = [start for start in starts if start is not None and "infinity" not in start.casefold()]
    if not given:
        return
    dates = form in ("date", "dateTime", "datetime") or all(_is_date(start) for start in given)
    name = "time" if dates and not any(fold(column) == "time" for column in graph.edges.data) else "start"
    while name in graph.edges.data:
        name += " (of the edge)"
    graph.edges.data[name] = list(starts)
    if dates and several:
        graph.assumptions.append(
            Message.counting(
                "{n:count} edge holds several times: the first is its time",
                "{n:count} edges hold several times: the first is their time",
                several,
            )
        )


def _is_date(text: str) -> bool:
    """Whether a start is a date or the Unix time of one."""
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return True
    number = _in_time(text)[1]
    return any(UNIX_SECONDS[0] * scale <= number <= UNIX_SECONDS[1] * scale for scale in (1, 1000, 1_000_000))


GRAPHML = Importer(
    "graphml",
    "GraphML graph (Gephi, igraph, networkx, yEd, NodeXL)",
    (Text(r"(?s)<.{0,4000}?<graphml[\s>]|<graphml[\s>]", Message("XML with the element graphml")),),
    read=read_graphml,
)
GEXF = Importer(
    "gexf",
    "GEXF graph 1.1 to 1.3 (Gephi)",
    (Text(r"(?s)<.{0,4000}?<gexf[\s>]|<gexf[\s>]", Message("XML with the element gexf")),),
    read=read_gexf,
)
