"""GDF graphs.

How it is obtained: DMI-TCAT and Netvizz (networks), Gephi, GUESS.

Read: ``edgedef`` with weight, kind, time and ``directed``; ``nodedef`` with all its columns. Without a column ``directed`` edges
have no direction, as the format says.

Lost: drawing. Networks of DMI-TCAT hold the most frequent accounts only: their other ties are gone before the export.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.errors import ImportFileError
from netact.importers.graph_file import NOT_UTF8, TOO_FEW, Graph, clean, opened_lines, table_of
from netact.importers.importer import Importer, Text
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

# A value in quotes, a quote inside it doubled or behind a backslash; else everything up to the comma.
_CELL = re.compile(r"""\s*(?:"((?:[^"]|""|\\")*)"|'((?:[^']|''|\\')*)')\s*(?:,|$)|([^,]*)(?:,|$)""", flags=re.DOTALL)
_TYPE = re.compile(
    r"\s+(VARCHAR|BOOL|BOOLEAN|INT|INTEGER|TINYINT|BIGINT|LONG|FLOAT|DOUBLE|STRING|DATE)\b.*", re.IGNORECASE | re.DOTALL
)
_TRUE = frozenset({"true", "1", "yes", "t"})


def read_gdf(source: SourceFile, options: SourceOptions) -> RawTable:
    """GDF, as GUESS, Gephi, DMI-TCAT (mention graphs) and Netvizz save it.

    Mapped: a line below ``edgedef>`` is a tie from ``node1`` to ``node2``, with a direction where its column
    ``directed`` says true; without that column ties have none, as the format has it. Further columns are columns of
    edges and accounts. Accounts are called by the column ``name`` of the nodes, or by ``label`` where the names are
    numbers made up by a program; TCAT writes the platform's ids as names and the handles as labels.
    Lost: colours and positions stay columns; TCAT cuts its graphs to the most active accounts before it saves them.
    The row of a tie is its line.

    Raises
    ------
    ImportFileError
        If there is no line ``edgedef>``, or most lines below it are broken.
    """
    graph = Graph(directed=False)
    with opened_lines(source, options, graph) as lines:
        _parse(lines, graph, file=source.name)
    return table_of(graph, source, options)


def _cells(line: str) -> list[str]:
    cells = []
    place, length = 0, len(line)
    while place <= length:
        match = _CELL.match(line, place)
        if match is None:  # cannot be: the last alternative takes anything
            break
        double, single, plain = match.groups()
        if double is not None:
            cells.append(re.sub(r'""|\\"', '"', double))
        elif single is not None:
            cells.append(re.sub(r"''|\\'", "'", single))
        else:
            cells.append(plain.strip())
        if match.end() == length and not match[0].endswith(","):
            break
        place = match.end()
    return cells


def _parse(lines: Iterator[tuple[int, str]], graph: Graph, *, file: str) -> None:
    columns: list[str] = []
    section = ""
    known: set[str] = set()
    for number, line in lines:
        text = line.strip("\ufeff \t\r\n\x1a")
        if not text or text.startswith("#"):
            continue
        if begun := re.match(r"(?i)(node|edge)def\s*>", text):
            section = begun[1].casefold()
            columns = [clean(_TYPE.sub("", cell)).strip() for cell in _cells(text[begun.end() :])]
            columns = [name or f"column {place}" for place, name in enumerate(columns, 1)]
            if section == "edge" and "directed" in [name.casefold() for name in columns]:
                graph.stated = True
            if len(columns) < 1 + (section == "edge"):
                raise ImportFileError(
                    file, f"line {number:,} names too few columns", found=columns, remedy="export the graph again"
                )
            continue
        cells = _cells(text)
        if section == "node":
            record = {
                name: clean(cell) or None for name, cell in zip(columns[1:], cells[1:], strict=False) if name != "id"
            }
            identity = clean(cells[0])
            if identity in known:
                continue
            known.add(identity)
            graph.add_node(identity, record)
        elif section == "edge":
            _edge(graph, columns, cells, number)
    if section != "edge":
        raise ImportFileError(
            file, f"the graph has no edges ({graph.nodes.height:,} nodes)", remedy="export it with its edges"
        )


def _edge(graph: Graph, columns: list[str], cells: list[str], number: int) -> None:
    if len(cells) < 2:
        graph.rejects.add(TOO_FEW, number)
        return
    if any(clean(cell) != cell for cell in cells[:2]):
        graph.rejects.add(NOT_UTF8, number)
        return
    folded = [name.casefold() for name in columns]
    where = {end: folded.index(end) if end in folded else place for place, end in enumerate(("node1", "node2"))}
    record: dict[str, str | None] = {}
    directed: bool | None = None
    for place, (name, cell) in enumerate(zip(columns, cells, strict=False)):
        if place in where.values():
            continue
        if folded[place] == "directed":
            directed = cell.strip().casefold() in _TRUE
        elif cell:
            record.setdefault(name, clean(cell))
    first, second = where["node1"], where["node2"]
    if max(first, second) >= len(cells):
        graph.rejects.add(TOO_FEW, number)
        return
    for name in ("source", "target"):
        record.pop(name, None)
    graph.add_edge(cells[first], cells[second], record, row=number, directed=directed)


GDF = Importer(
    "gdf",
    "GDF graph (Gephi, DMI-TCAT, Netvizz)",
    (Text(r"(?i)(#[^\r\n]*[\r\n]\s*){0,20}(node|edge)def\s*>", Message("begins with {marks}", marks="nodedef>")),),
    read=read_gdf,
)
