"""What all graph files have in common: nodes and edges as they are collected, and the table made of them."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import _WEIGHT, fold
from netact.importers.sheet import table_from_frame
from netact.importers.source_file import look_over
from netact.importers.values import infer_type
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import Loaded, RawTable, SourceOptions
    from netact.importers.source_file import SourceFile, TextFacts

# Ids that programs make up (n0, 17, 3.0), against ids that platforms give.
_MADE_UP = re.compile(r"(n|v|node|_:n)?\d{1,6}(\.0)?")
_NAMES = ("name", "vname", "screenname", "handle", "username", "label", "vlabel", "nodelabel")
# Most attributes that are kept: exports have tens, and each one is a column over all nodes or edges.
MOST_ATTRIBUTES = 500
# Nodes that a header announces and nothing else mentions are listed up to this many.
MOST_UNMENTIONED = 1_000_000
# Longest line or quoted text, in characters: a row of a large matrix has millions.
LONGEST_LINE = 1 << 26

TOO_FEW, NOT_UTF8, TOO_LONG = Message("too few columns"), Message("not valid UTF-8"), Message("line too long")
NO_NODE_NUMBER = Message("an end is not a node number")


class Columns:
    """Records as columns, so that a million edges need no million dictionaries; a field not there is None."""

    def __init__(self) -> None:
        self.data: dict[str, list[str | None]] = {}
        self.left_out: set[str] = set()
        self.height = 0

    def add(self, record: Mapping[str, str | None]) -> None:
        """Add one record; fields beyond :data:`MOST_ATTRIBUTES` are left out."""
        for name in record:
            if name not in self.data:
                if len(self.data) < MOST_ATTRIBUTES:
                    self.data[name] = [None] * self.height
                elif len(self.left_out) < MOST_ATTRIBUTES:
                    self.left_out.add(name)
        for name, column in self.data.items():
            column.append(record.get(name))
        self.height += 1

    def fill(self, name: str, value: str) -> None:
        """Put a value where a field is not there."""
        column = self.data.get(name, [None] * self.height)
        self.data[name] = [value if cell is None else cell for cell in column]


@dataclass
class Rejects:
    """Counts what is no edge, by reason, with the first lines."""

    rows: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    faults: int = 0

    def add(self, reason: str, line: int, *, fault: bool = True) -> None:
        """Count one line; it is no fault of the file if it was not meant as an edge."""
        self.faults += fault
        self.rows[reason] = self.rows.get(reason, 0) + 1
        first = self.lines.setdefault(reason, [])
        if len(first) < 5:
            first.append(line)

    @property
    def total(self) -> int:
        """Number of rejected lines."""
        return sum(self.rows.values())

    def dropped(self) -> tuple[Dropped, ...]:
        """Return them for the receipt."""
        return tuple(Dropped(reason, rows, tuple(self.lines[reason])) for reason, rows in sorted(self.rows.items()))


@dataclass
class Graph:
    """What a parser collects before it becomes tables."""

    directed: bool = True
    stated: bool = False  # whether the file states a direction
    nodes: Columns = field(default_factory=Columns)
    edges: Columns = field(default_factory=Columns)
    rows: list[int] = field(default_factory=list)  # of each edge: its line, or its number in the file
    own: list[bool | None] = field(default_factory=list)  # of each edge: whether it has a direction, if it says so
    rejects: Rejects = field(default_factory=Rejects)
    encoding: str | None = None
    dialect: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    numbered: bool = False  # whether the format numbers its nodes, so that ids never name an account
    lines: bool = False  # whether an edge has a line of its own
    _texts: dict[str, str] = field(default_factory=dict)

    def add_node(self, identity: str, record: Mapping[str, str | None]) -> None:
        """Add a node."""
        self.nodes.add({"id": self._texts.setdefault(identity, identity), **record})

    def add_edge(
        self, source: str, target: str, record: Mapping[str, str | None], *, row: int, directed: bool | None = None
    ) -> None:
        """Add an edge; ``directed`` is None if only the graph says it."""
        ends = {
            "source": self._texts.setdefault(source, source),
            "target": self._texts.setdefault(target, target),
        }
        self.edges.add({**record, **ends} if record else ends)
        self.rows.append(row)
        self.own.append(directed)


@contextmanager
def opened_text(source: SourceFile, facts: TextFacts) -> Iterator[io.TextIOWrapper]:
    """Open a text; bytes that are not UTF-8 come through as surrogates, so that what they are in can be told.

    Raises
    ------
    ImportFileError
        If the text is not in the encoding that was named.
    """
    errors = "surrogateescape" if facts.encoding.startswith("utf-8") else "strict"
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=facts.encoding, errors=errors, newline=None)
        try:
            yield text
        except UnicodeError as error:
            raise ImportFileError(
                source.name, f"the text is not {facts.encoding}", remedy="pass another --encoding, or save it as UTF-8"
            ) from error


@contextmanager
def opened_lines(source: SourceFile, options: SourceOptions, graph: Graph) -> Iterator[Iterator[tuple[int, str]]]:
    """Open a text of lines as ``(number, line)``; a line that is too long is counted, not given."""
    facts = look_over(source, encoding=options.encoding)
    told_encoding(graph, facts)
    graph.lines = True
    with opened_text(source, facts) as text:
        yield _numbered(text, graph)


def _numbered(text: io.TextIOWrapper, graph: Graph) -> Iterator[tuple[int, str]]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            while (more := text.readline(LONGEST_LINE)) and not more.endswith("\n"):
                pass
            graph.rejects.add(TOO_LONG, number)
            continue
        yield number, line


def told_encoding(graph: Graph, facts: TextFacts) -> None:
    """Write what is known of the text into the receipt."""
    graph.encoding = "utf-8" if facts.encoding == "utf-8-sig" else facts.encoding
    graph.evidence.append(facts.evidence)
    if facts.damaged:
        graph.warnings.append(
            Message(
                "{bytes:count} bytes are not valid UTF-8; a name that holds them is kept with a mark in their place",
                bytes=facts.damaged,
            )
        )


def clean(text: str) -> str:
    """Return a text that can be written: bytes that were not UTF-8, and halves of surrogate pairs, become a mark."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]+", "\N{REPLACEMENT CHARACTER}", text)
    return text


def announced(graph: Graph, nodes: int, mentioned: set[str]) -> None:
    """List nodes 1..n that a header announces and that nothing else in the file mentions."""
    if nodes > MOST_UNMENTIONED:
        graph.assumptions.append(
            Message("the file announces {n:count} nodes: only those that it mentions again are listed", n=nodes)
        )
        return
    for number in range(1, nodes + 1):
        if (text := str(number)) not in mentioned:
            graph.add_node(text, {})


def table_of(graph: Graph, source: SourceFile, options: SourceOptions) -> RawTable:
    """Make the table of a graph's edges, with its nodes.

    Raises
    ------
    ImportFileError
        If there are no edges, or most lines that should be edges are none.
    """
    edges = graph.edges
    if graph.rejects.faults > edges.height:
        said = "; ".join(
            f"{item.rows:,} with {item.reason}, first in line {item.first_lines[0]}" for item in graph.rejects.dropped()
        )
        raise ImportFileError(
            source.name,
            f"most edges cannot be read ({graph.rejects.faults:,} of {graph.rejects.faults + edges.height:,})",
            found=said,
            remedy="export the graph again",
        )
    if not edges.height:
        raise ImportFileError(
            source.name, f"the graph has no edges ({graph.nodes.height:,} nodes)", remedy="export it with its edges"
        )
    assumptions, warnings = list(graph.assumptions), list(graph.warnings)
    if left_out := edges.left_out | graph.nodes.left_out:
        warnings.append(
            Message(
                "more than {most:count} attributes: {n:count} or more are left out, the first is {name!r}",
                most=MOST_ATTRIBUTES,
                n=len(left_out),
                name=min(left_out),
            )
        )
    names = _keys(graph, assumptions)
    data = edges.data
    outside = sum(end not in names for column in ("source", "target") for end in data[column] if end)
    if outside and graph.nodes.height:
        warnings.append(
            Message.counting(
                "{n:count} end of an edge names a node that the file does not list; it is kept as an account",
                "{n:count} ends of edges name a node that the file does not list; they are kept as accounts",
                outside,
            )
        )
    frame = pl.DataFrame(
        {
            (f"{name} (in the file)" if name in ("row", "\0own") else name): (
                [names.get(end or "", end) for end in column] if name in ("source", "target") else column
            )
            for name, column in data.items()
        },
        schema=dict.fromkeys(
            ((f"{name} (in the file)" if name in ("row", "\0own") else name) for name in data), pl.String
        ),
    ).with_columns(
        pl.Series("row", graph.rows, dtype=pl.UInt32),
        pl.Series("\0own", graph.own, dtype=pl.Boolean).fill_null(value=graph.directed),
    )
    undirected = not bool(frame["\0own"].any())
    if not undirected and not bool(frame["\0own"].all()):
        # One direction for the whole network: a tie without direction in a directed graph is a tie each way.
        both = frame.filter(~pl.col("\0own")).with_columns(source="target", target="source")
        frame = pl.concat([frame, both])
        assumptions.append(
            Message.counting(
                "{n:count} edge without direction in a directed graph is read as a tie each way",
                "{n:count} edges without direction in a directed graph are read as a tie each way",
                both.height,
            )
        )
    frame = frame.drop("\0own")
    if not graph.stated:
        assumptions.append(
            Message("the file does not state a direction: read as directed")
            if graph.directed
            else Message("the file does not state a direction: read as undirected")
        )
    weight = options.weight or next((name for name in frame.columns if fold(name) in _WEIGHT), None)
    if weight in frame.columns and (missing := frame[weight].null_count()):
        assumptions.append(
            Message.counting(
                "{n:count} edge without a weight counts as 1", "{n:count} edges without a weight count as 1", missing
            )
        )
        frame = frame.with_columns(pl.col(weight).fill_null("1"))
    if options.directed and undirected:
        assumptions.append(Message("the graph is undirected: every tie is held both ways"))
    table = table_from_frame(
        frame,
        evidence=(
            *graph.evidence,
            Message("nodes: {nodes:count}, edges: {edges:count}", nodes=graph.nodes.height, edges=edges.height),
        ),
        dialect={"direction": "undirected" if undirected else "directed", **graph.dialect},
    )
    load, rejected = table.load, graph.rejects.dropped()

    def load_with_rejects(columns: list[str]) -> Loaded:
        loaded = load(columns)
        return replace(loaded, rows_read=loaded.rows_read + graph.rejects.total, dropped=rejected)

    return replace(
        table,
        load=load_with_rejects,
        encoding=graph.encoding,
        nodes=_nodes(graph, names),
        undirected=undirected,
        mixed=graph.stated,  # the direction is settled, whatever a column of types says
        assumptions=tuple(assumptions),
        warnings=tuple(warnings),
    )


def _keys(graph: Graph, assumptions: list[str]) -> dict[str, str]:
    """Return node id -> account key: the name where the ids are made up and every node has a name of its own."""
    ids = [text or "" for text in graph.nodes.data.get("id", [])]
    if ids and (graph.numbered or all(_MADE_UP.fullmatch(text) for text in ids) or _counted(ids)):
        attributes = {fold(name): name for name in reversed(graph.nodes.data) if name != "id"}
        found = [attributes[word] for word in _NAMES if word in attributes]
        for attribute in found:
            labels = [(label or "").strip() for label in graph.nodes.data[attribute]]
            if all(labels) and len(set(labels)) == len(labels) and labels != ids:
                assumptions.append(
                    Message(
                        "node ids are mere numbers, so accounts are called by the node attribute {attribute!r}",
                        attribute=attribute,
                    )
                )
                return dict(zip(ids, labels, strict=True))
        if found and [label or "" for label in graph.nodes.data[found[0]]] != ids:
            assumptions.append(
                Message(
                    "accounts are called by their node ids: the node attribute {attribute!r} is empty at some node or "
                    "the same at two",
                    attribute=found[0],
                )
            )
    return {text: text for text in ids}


def _counted(ids: list[str]) -> bool:
    """Whether ids number the nodes, as in large graphs: from 0 or 1 without a gap."""
    if not all(len(text) < 12 and text.isascii() and text.isdigit() for text in ids):
        return False
    numbers = {int(text) for text in ids}
    return len(numbers) == len(ids) and min(numbers) <= 1 and max(numbers) - min(numbers) + 1 == len(ids)


def _nodes(graph: Graph, names: dict[str, str]) -> pl.DataFrame:
    given = graph.nodes.data
    ids = [text or "" for text in given.get("id", [])]
    data: dict[str, list[str | None]] = {"key": [names[text] for text in ids]}
    if any(key != text for text, key in names.items()):
        data["node_id"] = list(ids)
    for name, values in given.items():
        if name == "id":
            continue
        if fold(name) == "label" and "display_name" not in data:
            data["display_name"] = values
        elif name in ("key", "account", "node_id") or name in data:
            data[f"{name} (in the file)"] = values
        else:
            data[name] = values
    frame = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))
    plain = {"key", "node_id", "platform", "native_id", "handle", "display_name"}
    return frame.with_columns(infer_type(frame[name]) for name in frame.columns if name not in plain)
