"""The reduction from rows to the tables of the kernel: by joins on any engine, by passes over parts on disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from netact.engines import reduction, streamed
from netact.network import ATTENTION_ORDER
from netact.schemas import ACCOUNTS, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.engines.engine import Engine
    from netact.schemas import Kind


@dataclass(frozen=True)
class Made:
    """What the reduction came to: of the whole, and the tables of the kernel, with keys."""

    kind: Kind
    ties: dict[Kind, int]  # by kind
    events: dict[Kind, int]
    accounts: int
    components: int
    bound: float
    k: int
    kernel: pl.DataFrame  # ties; weights in millionths
    whole: pl.DataFrame  # what the columns netact.engines.aggregate.WHOLE are made of
    details: pl.DataFrame  # as the files tell of the accounts


def reduced(
    engine: Engine,
    folder: Path,
    kinds: Sequence[Kind],
    rows: int,
    *,
    most_ties: int,
    top: int,
    say: Callable[[str], None],
) -> Made:
    """Reduce what was read to the tables of the kernel.

    Parameters
    ----------
    folder
        The work folder, with what :meth:`netact.engines.engine.Engine.parse` wrote.
    kinds, rows
        What occurs in it, and how many rows there are.
    most_ties, top, say
        As of :func:`netact.engines.aggregate.aggregate`.
    """
    if engine.name == "disk":
        return _by_parts(engine, folder, kinds, rows, most_ties=most_ties, top=top, say=say)
    return _by_joins(engine, folder, most_ties=most_ties, top=top, say=say)


def _by_parts(
    engine: Engine,
    folder: Path,
    kinds: Sequence[Kind],
    rows: int,
    *,
    most_ties: int,
    top: int,
    say: Callable[[str], None],
) -> Made:
    """Reduce by passes over parts on the disk of one machine."""
    say("adding up ties")
    ids, parts = streamed.added_up(engine, folder, kinds, rows)
    strengths, degrees = streamed.attention(parts)
    present: NDArray[np.bool_] = (degrees[0] > 0) | (degrees[1] > 0)
    say(f"PageRank of {parts.kind} ties")
    ranked = streamed.pagerank(parts, strengths[1], present)
    say("weak components")
    root = streamed.components(parts)
    say("kernel")
    core, k = streamed.core(parts, present, most_ties)
    tied = streamed.with_ties(parts)
    kept = tied
    if core is not None:
        scores = np.rint(ranked.scores * reduction.RANK_STEPS)
        kept = core | _highest(engine, folder, ids, strengths[0], present, top)
        kept |= _highest(engine, folder, ids, scores, present, top)
    number = np.flatnonzero(kept)
    keys = _keys_of(engine, folder, ids, number)
    place = np.cumsum(kept, dtype=np.uint32) - np.uint32(1)
    ties = pl.concat(part.chosen(None if core is None else kept) for part in (*parts.heard, *parts.others))
    ties = ties.with_columns(
        *(keys.gather(place[ties[end].to_numpy()]).alias(end) for end in ("source", "target")),
        pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.Enum(KINDS)),
    )
    there = pl.Series(present[number])
    size = np.bincount(root[present], minlength=parts.accounts)
    whole = pl.DataFrame(
        {
            "key": keys,
            "in_strength": strengths[0][number], "out_strength": strengths[1][number],
            "in_degree": degrees[0][number], "out_degree": degrees[1][number],
            "pagerank": ranked.scores[number], "root": root[number], "size": size[root[number]],
        }
    )  # fmt: skip
    whole = whole.with_columns(pl.when(there).then(pl.exclude("key")))
    details = engine.scan(folder / "accounts").select(ACCOUNTS.names())
    if core is not None:
        chosen = pl.DataFrame({"key": keys})
        details = details.join(_given(engine, folder, chosen, "kernel_keys"), on="key", how="semi")
    engine.materialise(details.unique(), "kernel_details")
    return Made(
        parts.kind, parts.ties, parts.events, int(tied.sum()), int((size > 0).sum()), ranked.bound, k,
        ties, _labelled(engine, folder, ids, whole, root, present), _here(folder, "kernel_details"),
    )  # fmt: skip


def _given(engine: Engine, folder: Path, table: pl.DataFrame, name: str) -> Any:
    """Let the engine see a table."""
    (folder / name).mkdir()
    table.write_parquet(folder / name / "0.parquet")
    return engine.scan(folder / name)


def _keys_of(engine: Engine, folder: Path, ids: Any, numbers: NDArray[np.int64]) -> pl.Series:
    """Return the keys of accounts whose numbers ascend."""
    asked = _given(engine, folder, pl.DataFrame({"id": numbers}), "asked")
    engine.materialise(ids.join(asked, on="id", how="semi").select("id", "key"), "answered")
    keys = _here(folder, "answered").sort("id")["key"]
    engine.forget("asked", "answered")
    return keys


def _labelled(
    engine: Engine, folder: Path, ids: Any, whole: pl.DataFrame, root: NDArray[np.uint32], present: NDArray[np.bool_]
) -> pl.DataFrame:
    """Call each component by a key in it, and those that are as large as another by their smallest, by which they are ordered."""
    there = whole.drop_nulls("root")
    labels = there.group_by("root").agg(pl.col("key").min().alias("component"), pl.col("size").first())
    alike = np.zeros(len(root), dtype=np.bool_)
    alike[labels.filter(pl.col("size").is_duplicated())["root"].to_numpy()] = True
    who = np.flatnonzero(alike[root] & present)
    if len(who):
        keys = pl.DataFrame({"key": _keys_of(engine, folder, ids, who), "root": root[who]})
        smallest = keys.group_by("root").agg(pl.col("key").min().alias("smallest"))
        labels = labels.join(smallest, on="root", how="left").with_columns(
            component=pl.coalesce("smallest", "component")
        )
    return whole.join(labels.select("root", "component"), on="root", how="left").drop("root")


def _by_joins(engine: Engine, folder: Path, *, most_ties: int, top: int, say: Callable[[str], None]) -> Made:
    """Reduce by joins and sums of data frames."""
    say("adding up ties")
    ids, edges = reduction.numbered_ties(engine, reduction.unique_rows(engine.scan(folder / "rows")))
    shutil.rmtree(folder / "rows", ignore_errors=True)
    counted = engine.collect(edges.group_by("kind").agg(nw.len().alias("ties"), nw.col("events").sum()))
    numbers = {kind: (int(n), int(events)) for kind, n, events in counted.select("kind", "ties", "events").iter_rows()}
    kind = next(name for name in ATTENTION_ORDER if name in numbers)
    of_kind = edges.filter(nw.col("kind") == kind)
    found = engine.materialise(reduction.attention(of_kind), "attention")
    say(f"PageRank of {kind} ties")
    ranked = reduction.pagerank(engine, of_kind, found)
    say("weak components")
    parts = reduction.components(engine, of_kind, ids, found)
    say("kernel")
    core = reduction.core_within(engine, edges, ids.select("id"), folder, kind=kind, most_ties=most_ties)
    kernel = core.ids
    if core.k:
        kernel = nw.concat([core.ids, *_most(ids, found, ranked.scores, top)]).unique()
    kernel = engine.materialise(kernel.select("id"), "kernel")
    keys = ids.join(kernel, on="id", how="semi")
    named = reduction.among(edges, kernel) if core.k else edges
    for end in ("source", "target"):
        key = keys.select(nw.col("id").alias(end), nw.col("key").alias(f"_{end}"))
        named = named.join(key, on=end, how="inner")
    columns = [nw.col(f"_{end}").alias(end) for end in ("source", "target")]
    engine.materialise(named.select(*columns, "kind", "weight", "events", "first", "last"), "kernel_ties")
    sizes = parts.group_by("component").agg(nw.len().alias("size"))
    whole = keys.join(found, on="id", how="left").join(ranked.scores, on="id", how="left")
    whole = whole.join(parts.join(sizes, on="component", how="inner"), on="id", how="left")
    engine.materialise(whole.select("key", *reduction.ATTENTION, "pagerank", "component", "size"), "kernel_accounts")
    details = engine.scan(folder / "accounts")
    if core.k:
        details = details.join(keys.select("key"), on="key", how="semi")
    engine.materialise(details.unique(), "kernel_details")
    number = engine.collect(sizes.select(nw.len().alias("n")))["n"][0]
    accounts = engine.collect(ids.select(nw.len().alias("n")))["n"][0]
    return Made(
        kind, {name: n for name, (n, _) in numbers.items()}, {name: events for name, (_, events) in numbers.items()},
        accounts, number, ranked.bound, core.k,
        _here(folder, "kernel_ties"), _here(folder, "kernel_accounts"), _here(folder, "kernel_details"),
    )  # fmt: skip


def _most(ids: Any, found: Any, scores: Any, top: int) -> list[Any]:
    """Return the accounts of most attention received, and of the highest PageRank; of equals those whose keys come first."""
    score = (nw.col("pagerank") * reduction.RANK_STEPS).round().alias("value")
    tables = (found.select("id", nw.col("in_strength").alias("value")), scores.select("id", score))
    return [
        table.join(ids, on="id", how="inner").sort("value", "key", descending=[True, False]).head(top).select("id")
        for table in tables
    ]


def _highest(
    engine: Engine, folder: Path, ids: Any, value: NDArray[Any], present: NDArray[np.bool_], top: int
) -> NDArray[np.bool_]:
    """Do what :func:`_most` does for one column of values; only the keys of those who are level at the end are looked up."""
    chosen = np.zeros(len(value), dtype=np.bool_)
    who = np.flatnonzero(present)
    if not top or not len(who):
        return chosen
    last = np.partition(value[who], -top)[-top] if top < len(who) else value[who].min()
    chosen[who[value[who] > last]] = True
    level = who[value[who] == last]
    first = pl.DataFrame({"id": level, "key": _keys_of(engine, folder, ids, level)}).sort("key")
    chosen[first["id"].head(top - int(chosen.sum())).to_numpy()] = True
    return chosen


def _here(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet")
