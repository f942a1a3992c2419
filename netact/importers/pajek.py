"""Pajek networks.

How it is obtained: Pajek, Gephi, UCINET, VOSviewer, ``write_pajek`` in networkx and igraph.

Read: ``*Arcs``, ``*Arcslist`` (from left to right), ``*Edges``, ``*Edgeslist`` (without direction) and ``*Matrix``, with weights;
labels name the accounts.

Lost: coordinates, colours, time intervals, partitions and vectors.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netact.errors import ImportFileError
from netact.importers.graph_file import (
    NO_NODE_NUMBER,
    NOT_UTF8,
    TOO_FEW,
    Graph,
    announced,
    clean,
    opened_lines,
    table_of,
)
from netact.importers.importer import Importer, Text
from netact.importers.mapping import fold
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_WORD = re.compile(r'"((?:[^"]|"(?![ \t]|$))*)"|([^ \t]+)')
_ENTITY = re.compile(r"&#(\d{1,7});")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_TIES = frozenset({"arcs", "edges", "arcslist", "edgeslist", "matrix"})
# Sections of other objects; the vertices that follow one of these are its own.
_OTHERS = frozenset({"partition", "vector", "permutation", "cluster", "hierarchy"})


@dataclass
class _Reading:
    graph: Graph
    file: str
    vertices: int = 0
    first_mode: int = 0  # vertices of the first mode in a two-mode network
    relation: str = ""
    matrix_rows: int = 0
    mentioned: set[str] = field(default_factory=set)
    arcs: int = 0
    edges: int = 0


def read_pajek(source: SourceFile, options: SourceOptions) -> RawTable:
    """Pajek network, as Pajek, Gephi, igraph and networkx save it.

    Mapped: ``*Arcs`` and ``*Arcslist`` are ties from the first to the second vertex, ``*Edges`` and ``*Edgeslist`` ties
    without direction, ``*Matrix`` ties from row to column; both sorts may stand in one file. The third number is the
    weight, 1 if there is none; the name of a relation is the column ``relation``. Accounts are called by the labels of
    the vertices where every vertex has one of its own, and by their numbers otherwise.
    Lost: coordinates and drawings; times in brackets are kept as text, for they are no dates; partitions and vectors.
    The row of a tie is its line. A text that is not UTF-8 needs ``--encoding``.

    Raises
    ------
    ImportFileError
        If there are no ties, most lines of ties are broken, or the file holds several networks.
    """
    graph = Graph(numbered=True)
    reading = _Reading(graph, source.name)
    with opened_lines(source, options, graph) as lines:
        _parse(lines, reading)
    announced(graph, reading.vertices, reading.mentioned)
    graph.stated = bool(reading.arcs or reading.edges)
    return table_of(graph, source, options)


def _parse(lines: Iterator[tuple[int, str]], reading: _Reading) -> None:
    section = ""
    seen = False
    for number, line in lines:
        text = line.strip("\ufeff \t\r\n\x1a")
        if not text or text.startswith("%"):
            continue
        if text.startswith("*"):
            name = re.split(r"[\s:]", text[1:].lstrip(), maxsplit=1)[0].casefold()
            if name == "vertices" and section not in _OTHERS:
                if seen:
                    raise ImportFileError(
                        reading.file,
                        f"holds several networks, the second from line {number:,}",
                        remedy="save each network in a file of its own",
                    )
                seen = True
                sizes = [int(size) for size in re.findall(r"\d+", text)[:2] if len(size) < 16]
                reading.vertices = sizes[0] if sizes else 0
                reading.first_mode = sizes[1] if len(sizes) > 1 and sizes[1] < sizes[0] else 0
            reading.relation = relation[1] if (relation := re.search(r'"([^"]*)"', text)) else ""
            if name == "vertices" and section in _OTHERS:
                continue
            section = name
            if section not in _TIES | {"vertices", "network"}:
                reading.graph.warnings.append(Message("section {section!r} is not read", section=clean(name)[:40]))
        elif section == "vertices":
            _vertex(reading, text)
        elif section == "matrix":
            _matrix_row(reading, number, text)
        elif section in _TIES:
            _ties(reading, section, number, text)


def _label(text: str) -> str:
    """Return a label; Pajek writes letters it has no code for as their number."""
    if "&#" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return clean(text).strip()


def _vertex(reading: _Reading, text: str) -> None:
    words = _WORD.findall(text)
    identity = words[0][1]
    if not (identity.isascii() and identity.isdigit()):
        # Some programs leave the numbers out: then the line counts.
        identity, label = str(len(reading.mentioned) + 1), words[0]
    else:
        label = words[1] if len(words) > 1 else ("", "")
    identity = str(int(identity[:18]))
    if identity in reading.mentioned:
        return
    reading.mentioned.add(identity)
    text = _label(label[0] or label[1])
    reading.graph.add_node(identity, {"label": text} if text else {})


def _end(text: str) -> str | None:
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _record(reading: _Reading, weight: str | None, interval: str | None) -> dict[str, str | None]:
    # Programs write NaN where an edge has no weight.
    record = {"weight": None if weight is None or fold(weight) == "nan" else weight}
    if reading.relation:
        record["relation"] = clean(reading.relation)
    if interval:
        record["interval"] = interval
    return record


def _ties(reading: _Reading, section: str, number: int, text: str) -> None:
    graph = reading.graph
    if clean(text) != text:
        graph.rejects.add(NOT_UTF8, number)
        return
    interval = found[0] if (found := re.search(r"\[[^\]]*\]", text)) else None
    # The number of a relation may stand before a tie.
    words = re.sub(r"^\d+\s*:\s+", "", text.replace(interval, " ") if interval else text).split()
    if len(words) < 2:
        graph.rejects.add(TOO_FEW, number)
        return
    directed = section.startswith("arcs")
    if section.endswith("list"):
        ends = [_end(word) for word in words]
        weight = None
    else:
        ends = [_end(word) for word in words[:2]]
        weight = words[2] if len(words) > 2 and (_NUMBER.fullmatch(words[2]) or fold(words[2]) == "nan") else None
    first, *others = ends
    if first is None or None in others:
        graph.rejects.add(NO_NODE_NUMBER, number)
        return
    for other in others:
        if other is not None:
            graph.add_edge(first, other, _record(reading, weight, interval), row=number, directed=directed)
            reading.arcs += directed
            reading.edges += not directed


def _matrix_row(reading: _Reading, number: int, text: str) -> None:
    reading.matrix_rows += 1
    cells = text.split()
    columns = reading.vertices - reading.first_mode
    if reading.matrix_rows > (reading.first_mode or reading.vertices) or len(cells) > columns:
        reading.graph.rejects.add(Message("too many columns"), number)
        return
    if len(cells) < columns:
        reading.graph.rejects.add(TOO_FEW, number)
        return
    for place, cell in enumerate(cells, 1):
        if cell.strip("0.+-"):
            ends = str(reading.matrix_rows), str(reading.first_mode + place)
            reading.graph.add_edge(*ends, _record(reading, clean(cell), None), row=number, directed=True)
            reading.arcs += 1


PAJEK = Importer(
    "pajek",
    "Pajek network (.net)",
    (
        Text(
            r"(?i)(%[^\r\n]*[\r\n]\s*){0,50}\*(vertices|network|arcs|edges|arcslist|edgeslist|matrix)\b",
            Message("begins with {marks}", marks="*Vertices"),
        ),
    ),
    read=read_pajek,
)
