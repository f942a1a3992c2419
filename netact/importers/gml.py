"""GML graphs.

How it is obtained: Gephi, ``write_gml`` in networkx and igraph, yEd, Cytoscape.

Read: edges with weight, kind and time, nodes with their attributes; in any encoding, also where programs insist on ASCII, and
with labels that occur twice. ``directed 1`` says that edges have a direction.

Lost: drawing (``graphics``).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NoReturn

from netact.errors import ImportFileError
from netact.importers.graph_file import LONGEST_LINE, Graph, clean, opened_text, table_of, told_encoding
from netact.importers.importer import Importer, Text
from netact.importers.mapping import HASHTAG_WORDS, fold
from netact.importers.source_file import look_over
from netact.language import Message

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_CHUNK = 1 << 18
_TOKEN = re.compile(r'[\s\ufeff]*(#[^\n]*|"[^"]*"?|\[|\]|[^\s"\[\]]+)')
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|quot|lt|gt|apos);")
_DRAWN = frozenset({"graphics", "labelgraphics", "edgeanchor"})
_LIST_MARK = "_networkx_list_start"


def read_gml(source: SourceFile, options: SourceOptions) -> RawTable:
    """GML, as Gephi, igraph, networkx, yEd and Cytoscape save it.

    Mapped: an edge is a tie from ``source`` to ``target`` if the file says ``directed 1``, else one without direction;
    further fields of edges are columns, of nodes columns of the accounts; a list inside a list is opened once
    (``a.b``). Node ids are numbers of the format, so accounts are called by ``name`` or ``label`` where every node has
    one of its own, and by their ids otherwise. Texts are read as UTF-8 (or as ``--encoding`` says) and ``&#233;`` as
    the letter it stands for.
    Lost: drawings, lists inside lists inside lists, repeated fields other than hashtags.
    The row of an edge is the line it begins on.

    Raises
    ------
    ImportFileError
        If a bracket or a quote is not closed, or there are no edges.
    """
    graph = Graph(directed=False, lines=True)
    facts = look_over(source, encoding=options.encoding)
    told_encoding(graph, facts)
    with opened_text(source, facts) as text:
        _parse(_tokens(text, file=source.name), graph, file=source.name)
    return table_of(graph, source, options)


def _broken(file: str, what: str, line: int) -> NoReturn:
    raise ImportFileError(file, f"the GML is broken: {what} in line {line:,}", remedy="export the graph again")


def _tokens(text: io.TextIOWrapper, *, file: str) -> Iterator[tuple[int, str]]:
    """Yield line and token; a token that the end of a chunk cuts is read again with the next one."""
    rest, line, step = "", 1, _CHUNK
    while True:
        more = text.read(step)
        block, ended = rest + more, not more
        if not block:
            return
        last = 0
        rest = ""
        for match in _TOKEN.finditer(block):
            token = match[1]
            if match.end() == len(block) and not ended:
                rest = token
                break
            first = token[0]
            if first in '[]"':
                # Lines are counted where they are told: at lists, and at texts, which may be broken.
                line += block.count("\n", last, match.start(1))
                last = match.start(1)
                if first == '"' and (len(token) == 1 or token[-1] != '"'):
                    _broken(file, "a quote is opened and not closed", line)
            elif first == "#":
                continue
            yield line, token
        line += block.count("\n", last, len(block) - len(rest))
        if len(rest) > LONGEST_LINE:
            _broken(file, "a text never ends", line)
        # A long text must not be looked at again and again.
        step = max(_CHUNK, 2 * len(rest))
        if ended:
            return


def _text(token: str) -> str | None:
    """Return a value as text."""
    text = token[1:-1] if token.startswith('"') else token
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = clean(text)
    return text if text and text != _LIST_MARK else None


def _parse(tokens: Iterator[tuple[int, str]], graph: Graph, *, file: str) -> None:
    path: list[str] = []  # the keys of the lists that are open
    record: dict[str, str | None] = {}
    begun = 0
    for line, key in tokens:
        if key == "]":
            if not path:
                _broken(file, "a bracket is closed that was not opened", line)
            kind = path.pop()
            if path == ["graph"] and kind in ("node", "edge"):
                _add(graph, kind, record, begun)
            continue
        if key == "[" or key.startswith('"'):
            _broken(file, "a value stands where a name is expected", line)
        line, value = next(tokens, (line, ""))
        if value in ("", "]"):
            _broken(file, f"{key[:40]!r} has no value", line)
        folded = key.casefold()
        if value == "[":
            if len(path) == 1 and path[0] == "graph" and folded in ("node", "edge"):
                record, begun = {}, line
            path.append(folded if len(path) < 2 else key)
        elif path == ["graph"] and folded == "directed":
            graph.stated, graph.directed = True, value not in ("0", "0.0")
        elif len(path) >= 2 and path[0] == "graph" and path[1] in ("node", "edge"):
            if len(path) == 2:
                _put(record, folded if folded in ("id", "source", "target") else key, value)
            elif len(path) == 3 and path[2].casefold() not in _DRAWN:
                _put(record, f"{path[2]}.{key}", value)
    if path:
        _broken(file, "the file ends before its last bracket,", line)


def _put(record: dict[str, str | None], name: str, token: str) -> None:
    name, text = clean(name), _text(token)
    if text is None:
        return
    if name in record and fold(name) in HASHTAG_WORDS:
        record[name] = f"{record[name]},{text}"
    else:
        record.setdefault(name, text)


def _add(graph: Graph, kind: str, record: dict[str, str | None], line: int) -> None:
    if kind == "node":
        graph.add_node(record.pop("id", None) or "", record)
    else:
        record.pop("id", None)
        graph.add_edge(record.pop("source", None) or "", record.pop("target", None) or "", record, row=line)


GML = Importer(
    "gml",
    "GML graph (Gephi, igraph, networkx, yEd)",
    (
        Text(
            # Comments and single values may stand before the graph.
            r'(?i)(\s*(#[^\n]*\n|[a-z]\w*[ \t]+("[^"]*"|[-+.\w]+)\s)){0,20}\s*graph\s*\[',
            Message("begins with {marks}", marks="graph ["),
        ),
    ),
    read=read_gml,
)
