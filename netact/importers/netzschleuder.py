"""Netzschleuder: networks of the collection at networks.skewed.de, as CSV.

How it is obtained: on the page of a network, the column "csv"; the zip archive as it comes, or the unpacked folder.

Read: ``edges.csv`` (source and target, weight and time where there are such columns), ``nodes.csv`` (all columns become columns
of the accounts; one that names every node differently names the accounts) and ``gprops.csv``, whose property
``is_directed``, or else its description, says whether the edges have a direction. Where it says nothing they are read as
directed, and that is said.

Lost: the layout of the nodes (``_pos``), and the properties of the graph but its direction. What an edge means stands in the
description only: pass ``--kind``, and ``--reverse`` where the edge points from the author to the one who passes on.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.delimited import read_delimited
from netact.importers.importer import Importer, Members
from netact.importers.mapping import RawTable, fold
from netact.importers.source_file import open_text
from netact.importers.values import infer_type
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.importers.mapping import Loaded, SourceOptions
    from netact.importers.source_file import SourceFile

_NAMES = ("name", "label", "screenname", "handle", "username")
_RESERVED = ("key", "account", "platform", "native_id", "handle", "display_name")


def read_netzschleuder(files: Sequence[SourceFile], options: SourceOptions) -> RawTable:
    """Open the files of a network; the row of an edge is its line in ``edges.csv``.

    Raises
    ------
    ImportFileError
        If a file is missing or no table.
    """
    found = {file.member.rpartition("/")[2].casefold(): file for file in files}
    if "edges.csv" not in found:
        raise ImportFileError(
            files[0].path.name, "no edges.csv in it", found=sorted(found), remedy="download the csv.zip again"
        )
    plain = replace(options, format="delimited", delimiter="comma", header=True, member=None, sheet=None)
    edges = read_delimited(found["edges.csv"], plain)
    if not {"source", "target"} <= set(edges.columns):
        raise ImportFileError(
            found["edges.csv"].name,
            "no columns source and target",
            found=list(edges.columns[:20]),
            remedy="download the csv.zip again",
        )
    assumptions = list(edges.assumptions)
    nodes, names = (None, None)
    if "nodes.csv" in found:
        nodes, names = _nodes(_table(found["nodes.csv"]), assumptions)
    directed = _direction(found.get("gprops.csv"), assumptions)

    def renamed(frame: pl.DataFrame) -> pl.DataFrame:
        ends = [name for name in ("source", "target") if name in frame.columns]
        return frame.with_columns(_called(frame[name], names) for name in ends)

    def load(columns: list[str]) -> Loaded:
        loaded = edges.load(columns)
        return replace(loaded, frame=renamed(loaded.frame))

    return replace(
        edges,
        load=load,
        sample=renamed(edges.sample),
        nodes=nodes,
        undirected=not directed,
        dialect={**(edges.dialect or {}), "direction": "directed" if directed else "undirected"},
        assumptions=tuple(assumptions),
    )


def _called(ids: pl.Series, names: pl.DataFrame | None) -> pl.Series:
    """Return what the nodes of these numbers are called; a number that no node has stays as it is."""
    bare = ids.cast(pl.String).str.strip_chars()
    if names is None:
        return bare.alias(ids.name)
    joined = pl.DataFrame({"index": bare}).join(names, on="index", how="left", maintain_order="left")
    return joined.select(pl.coalesce("key", "index")).to_series().alias(ids.name)


def _table(file: SourceFile) -> pl.DataFrame:
    """Read a table whose header is a comment; all cells are texts, rows that are too short are filled up.

    Raises
    ------
    ImportFileError
        If it is no such table.
    """
    rows = csv.reader(open_text(file.plain, "utf-8-sig", errors="replace", name=file.name), skipinitialspace=True)
    try:
        header = [cell.strip().lstrip("#").strip() for cell in next(rows, [])]
        columns: list[list[str | None]] = [[] for _ in header]
        for row in rows:
            for place, column in enumerate(columns):
                column.append(row[place] if place < len(row) else None)
    except csv.Error as error:
        raise ImportFileError(
            file.name, "cannot be read as a table", found=str(error)[:80], remedy="download the csv.zip again"
        ) from error
    if len(set(header)) < max(len(header), 1) or not all(header):
        raise ImportFileError(
            file.name, "its first row does not name the columns", found=header[:20], remedy="download the csv.zip again"
        )
    return pl.DataFrame(dict(zip(header, columns, strict=True)), schema=dict.fromkeys(header, pl.String))


def _nodes(frame: pl.DataFrame, assumptions: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the accounts, and the name of each node by its number."""
    first, *others = frame.columns
    columns = [name for name in others if name != "_pos"]
    index = frame[first].cast(pl.String).str.strip_chars()
    key = index
    by_name = {fold(name): name for name in reversed(columns)}
    for word in _NAMES:
        if word not in by_name:
            continue
        texts = frame[by_name[word]].cast(pl.String).str.strip_chars()
        if texts.null_count() == 0 and (texts != "").all() and texts.n_unique() == len(texts) > 0:
            key = texts
            assumptions.append(
                Message(
                    "node ids are mere numbers, so accounts are called by the node attribute {attribute!r}",
                    attribute=by_name[word],
                )
            )
            break
    nodes = pl.DataFrame({"key": key, "node_id": index})
    taken = {name: f"{name} (in the file)" for name in columns if fold(name) in {*map(fold, _RESERVED), "nodeid"}}
    extra = frame.select(columns).rename(taken)
    nodes = nodes.with_columns(infer_type(extra[name]) for name in extra.columns)
    names = pl.DataFrame({"index": index, "key": key}).unique("index", keep="first")
    return nodes.drop_nulls("key"), names


def _direction(file: SourceFile | None, assumptions: list[str]) -> bool:
    """Say whether the edges have a direction."""
    said: dict[str, str] = {}
    if file is not None:
        table = _table(file)
        if table.width > 1:
            said = {fold(name): value.strip() for name, value, *_ in table.iter_rows() if name and value}
    stated = said.get("isdirected", said.get("directed", "")).casefold()
    if stated in ("true", "1", "yes"):
        return True
    if stated in ("false", "0", "no"):
        return False
    words = f"{said.get('description', '')} {said.get('tags', '')}"
    undirected = re.search(r"\bun-?directed\b", words, re.IGNORECASE) is not None
    if undirected != (re.search(r"\bdirected\b", re.sub(r"\bun-directed\b", "", words), re.IGNORECASE) is not None):
        assumptions.append(
            Message("the description says that edges have no direction")
            if undirected
            else Message("the description says that edges have a direction")
        )
        return not undirected
    assumptions.append(Message("the file does not state a direction: read as directed"))
    return True


NETZSCHLEUDER = Importer(
    "netzschleuder",
    "Netzschleuder network: csv.zip with edges.csv, nodes.csv, gprops.csv",
    (Members((r"(^|/)edges\.csv$", r"(^|/)nodes\.csv$", r"(^|/)gprops\.csv$")),),
    of_files=read_netzschleuder,
    wanted=(r"(^|/)(edges|nodes|gprops)\.csv$",),
)
