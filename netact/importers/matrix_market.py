"""Matrix Market matrices.

How it is obtained: network-repository.com, the SuiteSparse collection, ``mmwrite`` in SciPy, R and Julia.

Read: row to column, numbered from 1, with the entry as the weight; the line of sizes is no tie. A symmetric matrix has no
direction.

Lost: names, which the format does not hold. Many networks of retweets are stored as symmetric: who retweeted whom is lost there.
"""

from __future__ import annotations

import re
from itertools import islice
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
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

    Lines = Iterator[tuple[int, str]]


def read_matrix_market(source: SourceFile, options: SourceOptions) -> RawTable:
    """Matrix Market, as network-repository.com and numerical libraries save matrices.

    Mapped: an entry of the matrix is a tie from its row to its column, counted from 1, with the value as its weight
    (1 in a ``pattern``); ``symmetric`` is a network without direction. The line of sizes is no tie. The rows and columns
    of a matrix that is not square are different accounts, called ``r1`` and ``c1``.
    Lost: nothing, but accounts are mere numbers: the format has no names. Collections often made ties symmetric before
    they saved them.
    The row of a tie is its line.

    Raises
    ------
    ImportFileError
        If the banner or the line of sizes is broken, numbers are complex, or most entries are broken.
    """
    graph = Graph(stated=True)
    with opened_lines(source, options, graph) as lines:
        _parse(lines, graph, file=source.name)
    return table_of(graph, source, options)


def _parse(lines: Lines, graph: Graph, *, file: str) -> None:
    first = next((line for _, line in islice(lines, 1)), "")
    banner = first.strip("\ufeff \t\r\n").casefold().split()[1:]
    if len(banner) < 2 or banner[0] != "matrix" or banner[1] not in ("coordinate", "array"):
        raise ImportFileError(
            file,
            "the banner of this Matrix Market file names no matrix",
            found=clean(first.strip())[:80],
            remedy="it begins with '%%MatrixMarket matrix coordinate real general'",
        )
    layout, field, symmetry = banner[1], *(banner[2:4] + ["real", "general"][len(banner[2:4]) :])
    if field == "complex" or symmetry == "hermitian":
        raise ImportFileError(
            file, "holds complex numbers, which are no weights of ties", remedy="save a real or pattern matrix"
        )
    if field not in ("pattern", "real", "integer", "double", "unsigned-integer") or symmetry not in (
        "general",
        "symmetric",
        "skew-symmetric",
    ):
        raise ImportFileError(
            file,
            "the banner of this Matrix Market file is unknown",
            found=clean(first.strip())[:80],
            remedy="save it again",
        )
    content = ((number, text) for number, line in lines if (text := line.strip()) and not text.startswith("%"))
    at, sizes = next(content, (1, ""))
    numbers = re.findall(r"\d+", sizes)
    if not re.fullmatch(r"\d{1,18}(\s+\d{1,18}){1,2}", sizes) or len(numbers) != (3 if layout == "coordinate" else 2):
        raise ImportFileError(
            file,
            f"line {at:,} should hold the sizes of the matrix",
            found=clean(sizes)[:80] or "nothing",
            remedy="save it again",
        )
    height, width, *rest = map(int, numbers)
    if symmetry != "general" and height != width:
        raise ImportFileError(file, f"a {symmetry} matrix must be square", found=sizes, remedy="save it again")
    graph.directed = symmetry != "symmetric"
    graph.dialect |= {"matrix": f"{layout} {field} {symmetry}"}
    prefixes = ("", "")
    if height != width:
        prefixes = ("r", "c")
        graph.assumptions.append(
            Message("the matrix is not square: its rows and columns are different accounts, called r1 and c1")
        )
    shape = (height, width)
    if layout == "coordinate":
        held, mentioned = _coordinates(content, graph, shape, prefixes, pattern=field == "pattern", symmetry=symmetry)
    else:
        held, mentioned = _dense(content, graph, shape, prefixes, symmetry=symmetry)
    expected = rest[0] if rest else height * width
    if symmetry != "general" and not rest:
        expected = height * (height + 1) // 2 if symmetry == "symmetric" else height * (height - 1) // 2
    if held != expected:
        graph.warnings.append(
            Message(
                "the file announces {announced:count} entries and holds {held:count}: it may be cut short",
                announced=expected,
                held=held,
            )
        )
    if not any(prefixes):
        announced(graph, height, mentioned)


def _add(graph: Graph, ends: tuple[str, str], value: str | None, number: int, symmetry: str) -> None:
    record = {} if value is None else {"weight": value}
    graph.add_edge(*ends, record, row=number)
    if symmetry == "skew-symmetric" and value is not None:
        # Of the two entries one is negative, and is counted as such when weights are read.
        other = value.removeprefix("-") if value.startswith("-") else f"-{value.removeprefix('+')}"
        graph.add_edge(ends[1], ends[0], {"weight": other}, row=number)


def _coordinates(
    lines: Lines, graph: Graph, shape: tuple[int, int], prefixes: tuple[str, str], *, pattern: bool, symmetry: str
) -> tuple[int, set[str]]:
    held, mentioned = 0, set[str]()
    wanted = 2 if pattern else 3
    for number, text in lines:
        held += 1
        words = text.split()
        if len(words) < wanted:
            graph.rejects.add(TOO_FEW, number)
            continue
        if not (words[0].isascii() and words[0].isdigit() and words[1].isascii() and words[1].isdigit()):
            graph.rejects.add(NO_NODE_NUMBER if clean(text) == text else NOT_UTF8, number)
            continue
        row, column = int(words[0][:19]), int(words[1][:19])
        if not (1 <= row <= shape[0] and 1 <= column <= shape[1]):
            graph.rejects.add(NO_NODE_NUMBER, number)
            continue
        ends = f"{prefixes[0]}{row}", f"{prefixes[1]}{column}"
        mentioned.update(ends)
        _add(graph, ends, None if pattern else clean(words[2]), number, symmetry)
    for name in sorted(mentioned, key=lambda n: (len(n), n)):
        graph.add_node(name, {})
    return held, mentioned


def _dense(
    lines: Lines, graph: Graph, shape: tuple[int, int], prefixes: tuple[str, str], *, symmetry: str
) -> tuple[int, set[str]]:
    """Read the values column by column; of a symmetric matrix the lower triangle."""
    held, mentioned = 0, set[str]()
    height, width = shape
    row, column = (1, 1) if symmetry != "skew-symmetric" else (2, 1)
    for number, text in lines:
        for word in text.split():
            held += 1
            if column > width or row > height:
                graph.rejects.add(NO_NODE_NUMBER, number)
                continue
            if word.strip("0.+-"):
                ends = f"{prefixes[0]}{row}", f"{prefixes[1]}{column}"
                mentioned.update(ends)
                _add(graph, ends, clean(word), number, symmetry)
            row += 1
            if row > height:
                column += 1
                row = {"general": 1, "symmetric": column, "skew-symmetric": column + 1}[symmetry]
    for name in sorted(mentioned, key=lambda n: (len(n), n)):
        graph.add_node(name, {})
    return held, mentioned


MATRIX_MARKET = Importer(
    "matrix-market",
    "Matrix Market matrix (.mtx)",
    (Text(r"(?i)%%MatrixMarket\b", Message("begins with {marks}", marks="%%MatrixMarket")),),
    read=read_matrix_market,
)
