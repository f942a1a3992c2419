"""Edge lists of public collections, told by their comments, their first line or the name they are published under.

SNAP (``# FromNodeId ToNodeId``; "undirected" in a comment), SNAP Higgs (four files over the same ids: who follows,
retweets, mentions and answers whom, and the acts with their times, ``userA userB timestamp RT|MT|RE``), KONECT
(``% sym|asym|bip`` in the first line; the two sets of a bipartite file number their members alike, so ``L`` and ``R``
are put before the ids), Netzschleuder (``# source, target, weight``), the follower networks of Weng et al. 2013
(``*_gcc.anony.dat``, ties without direction) and networkx (a Python dictionary as third field, whose entries are taken
as columns). Lost: who the accounts are; collections number them anew, so ids of different collections never join.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.importers.mapping import fold
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netact.importers.mapping import Loaded, RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_KONECT = re.compile(r"%\s*(sym|asym|bip)\s+\w+\s*$", re.IGNORECASE)
_HIGGS = {
    "social": ("follower", "followed", ""),
    "retweet": ("retweeter", "retweeted", "weight"),
    "reply": ("replier", "replyto", "weight"),
    "mention": ("mentioner", "mentioned", "weight"),
}
_LONGEST_DICTIONARY = 2000
_MOST_ENTRIES = 50


@dataclass(frozen=True)
class Marks:
    """What a collection's marks say of a file."""

    name: str
    columns: tuple[str, ...] = ()  # what the columns are, from the first one on
    undirected: bool = False
    two_sets: bool = False
    blanks: bool = False  # columns are separated by any blanks


def marks_of(lines: Sequence[str], source: SourceFile) -> Marks | None:
    """Return what the first lines and, where a collection's files carry no other mark, the name say."""
    first = next((line for line in lines if line.strip()), "")
    if found := _KONECT.match(first):
        kind = found[1].lower()
        columns = ("source", "target", "weight", "timestamp")
        return Marks("KONECT", columns, undirected=kind == "sym", two_sets=kind == "bip", blanks=True)
    comments = [line for line in lines[:60] if line.startswith("#")]
    text = "\n".join(comments).casefold()
    if re.search(r"#\s*fromnodeid\s+tonodeid", text) or "snap.stanford.edu" in text:
        return Marks("SNAP", undirected=bool(re.search(r"\.ungraph|\bundirected\b", text)))
    if comments and re.match(r"#\s*source\s*,\s*target\s*(,|$)", comments[-1].casefold()):
        return Marks("Netzschleuder")
    name = (source.member or source.path.name).rpartition("/")[2].casefold()
    if found := re.fullmatch(r"higgs-(social|retweet|reply|mention)_network\.edgelist(\.gz|\.zst)?", name):
        return Marks("SNAP Higgs", tuple(filter(None, _HIGGS[found[1]])), blanks=True)
    rows = [line.split() for line in lines[:200] if line.strip()]
    if rows and all(len(row) == 4 and row[3] in ("RT", "MT", "RE") and row[2].isdigit() for row in rows):
        return Marks("SNAP Higgs", ("source", "target", "timestamp", "interaction"), blanks=True)
    if re.fullmatch(r".+_gcc\.anony\.dat(\.gz|\.zst)?", name):
        return Marks("Weng et al. 2013", ("source", "target", "weight"), undirected=True, blanks=True)
    return None


def with_marks(table: RawTable, marks: Marks, options: SourceOptions) -> RawTable:
    """Take what the marks say into the table."""
    evidence = (*table.evidence, Message("marks of {name}", name=marks.name))
    assumptions = list(table.assumptions)
    if marks.columns and not table.header:
        names = dict(zip(table.columns, marks.columns, strict=False))
        table = _renamed(table, names)
    if marks.undirected and options.directed:
        assumptions.append(Message("the graph is undirected: every tie is held both ways"))
    if marks.two_sets:
        first, second = table.columns[:2]
        assumptions.append(
            Message(
                "the two columns number the members of two sets alike: L is put before the ids of {first!r}, R before those "
                "of {second!r}",
                first=first,
                second=second,
            )
        )
        table = _changed(table, lambda frame: _prefixed(frame, first, second))
    return replace(
        table, evidence=evidence, assumptions=tuple(assumptions), undirected=table.undirected or marks.undirected
    )


def _renamed(table: RawTable, names: dict[str, str]) -> RawTable:
    columns = tuple(names.get(name, name) for name in table.columns)
    given = dict(zip(columns, table.columns, strict=True))
    load = table.load

    def renamed(wanted: list[str]) -> Loaded:
        loaded = load([given[name] for name in wanted])
        return replace(loaded, frame=loaded.frame.rename({given[name]: name for name in wanted}))

    return replace(
        table,
        columns=columns,
        header=True,
        sample=table.sample.rename({old: new for new, old in given.items()}),
        load=renamed,
    )


def _changed(table: RawTable, change: Callable[[pl.DataFrame], pl.DataFrame]) -> RawTable:
    load = table.load

    def changed(wanted: list[str]) -> Loaded:
        loaded = load(wanted)
        return replace(loaded, frame=change(loaded.frame))

    return replace(table, sample=change(table.sample), load=changed)


def _prefixed(frame: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    ends = [(name, sign) for name, sign in ((first, "L"), (second, "R")) if name in frame.columns]
    return frame.with_columns((pl.lit(sign) + pl.col(name).str.strip_chars()).alias(name) for name, sign in ends)


# ---------------------------------------------------------------- dictionaries of networkx


def with_dictionaries(table: RawTable) -> RawTable:
    """Make columns of the entries of Python dictionaries in the third column, as networkx writes them."""
    if table.header or len(table.columns) != 3:
        return table
    third = table.columns[2]
    cells = table.sample[third].drop_nulls()
    if not len(cells) or not bool(cells.str.contains(r"^\s*\{.*\}\s*$").all()):
        return table
    read = [_dictionary(cell) for cell in cells.to_list()]
    entries = list(dict.fromkeys(key for item in read if item for key in item))[:_MOST_ENTRIES]
    names = {key: key if fold(key) not in ("source", "target", "row") else f"{key} (in the file)" for key in entries}
    ends = {table.columns[0]: "source", table.columns[1]: "target"}
    weight = next((name for key, name in names.items() if fold(key) == "weight"), None)
    load = table.load

    def expanded(frame: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
        found = [_dictionary(cell) or {} for cell in frame[third].to_list()]
        new = [
            pl.Series(name, [_text(item.get(key)) for item in found], dtype=pl.String)
            for key, name in names.items()
            if name in wanted
        ]
        return frame.rename(ends).drop(third).with_columns(new)

    def loaded_with(wanted: list[str]) -> Loaded:
        loaded = load(list(table.columns))
        frame, warnings = expanded(loaded.frame, wanted), loaded.warnings
        if weight in wanted and (missing := frame[weight].null_count()):
            frame = frame.with_columns(pl.col(weight).fill_null("1"))
            said = Message.counting(
                "{n:count} edge without a weight counts as 1", "{n:count} edges without a weight count as 1", missing
            )
            warnings = (*warnings, said)
        return replace(loaded, frame=frame.select(*wanted, "row"), warnings=warnings)

    return replace(
        table,
        columns=("source", "target", *names.values()),
        header=True,
        sample=expanded(table.sample, list(names.values())),
        load=loaded_with,
        evidence=(*table.evidence, Message("marks of {name}", name="networkx")),
    )


def _dictionary(cell: str | None) -> dict[str, Any] | None:
    if not cell or len(cell) > _LONGEST_DICTIONARY:
        return None
    try:
        value = ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else None


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
