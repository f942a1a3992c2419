"""The reduction, written once: from clean rows to ties, attention, PageRank, weak components and the pruned kernel.

Every function takes lazy frames of narwhals and uses joins, group-bys and filters only, so that it runs wherever there is a data
frame. Sums are of whole numbers and therefore the same in whatever order they are taken; only PageRank is a floating-point
number, and comes with a bound. See docs/scale.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from netact.cohesion import coreness
from netact.network import Ties

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.engines.engine import Engine

Lazy = nw.LazyFrame[Any]

# Ties among which cores are found here, some 50 bytes each; of more, accounts are left out before.
HELD_TIES = 50_000_000
DAMPING = 0.85
# Stop when the scores are off by no more than this (sum of absolute differences; the scores sum up to one).
PAGERANK_BOUND = 1e-3
MOST_ROUNDS = 200
# PageRank is compared in steps of one part of this, so that two engines do not order by what rounding left.
RANK_STEPS = 1e15


def _whole(*names: str) -> list[nw.Expr]:
    """Sums of whole numbers come back as decimals or wider numbers from some engines."""
    return [nw.col(name).cast(nw.Int64) for name in names]


def _number(engine: Engine, frame: Lazy, *names: str) -> tuple[Any, ...]:
    """Return the one row of a frame; nulls, as sums over nothing, are zero."""
    return tuple(value or 0 for value in engine.collect(frame).select(names).row(0))


# ---------------------------------------------------------------------- rows


_REPEAT = ["platform", "kind", "post", "source", "target"]


def unique_rows(rows: Lazy) -> Lazy:
    """Keep one of the rows that repeat a post, or a follow, across files: the earliest, and of these the heaviest.

    Rows have a schema of :data:`netact.engines.parse.ROWS`. The rule is that of :meth:`netact.network.Network.combine`; which row
    stays does not depend on the order of rows or files. Rows that name no post and are no follows are all kept.
    """
    named = rows.filter(nw.col("single"))
    first = named.group_by(_REPEAT).agg(
        nw.col("time").min().alias("first_time"),
        nw.col("second").min(),
        nw.col("weight").max(),
        nw.col("weight").min().alias("lightest"),
    )
    alike = first.filter(nw.col("weight") == nw.col("lightest"))
    # Copies that differ in weight are few: only for these is the earliest looked up.
    differing = first.filter(nw.col("weight") != nw.col("lightest")).select(*_REPEAT, "first_time")
    looked_up = named.join(differing, on=_REPEAT, how="inner")
    earliest = (nw.col("time") == nw.col("first_time")) | nw.col("first_time").is_null()
    chosen = looked_up.filter(earliest).group_by(_REPEAT).agg(nw.col("second").min(), nw.col("weight").max())
    columns = ["source", "target", "kind", "weight", "second"]
    return nw.concat([rows.filter(~nw.col("single")).select(columns), alike.select(columns), chosen.select(columns)])


def ties(rows: Lazy) -> Lazy:
    """Add up rows to ties: ``source``, ``target``, ``kind``, ``weight`` (millionths), ``events``, ``first``, ``last`` (seconds)."""
    found = rows.group_by("source", "target", "kind").agg(
        nw.col("weight").sum(),
        nw.len().alias("events"),
        nw.col("second").min().alias("first"),
        nw.col("second").max().alias("last"),
    )
    return found.with_columns(*_whole("weight", "events", "first", "last"))


def numbered_ties(engine: Engine, rows: Lazy) -> tuple[Lazy, Lazy]:
    """Return accounts (``id``, ``key``) and ties between their ids; both materialised.

    Ids are numbers of a table, not hashes: of a billion keys some would share a 64-bit hash. They differ from engine to engine
    and run to run, and so never leave the reduction.
    """
    named = engine.materialise(ties(rows), "named_ties")
    keys = nw.concat(
        [named.select(nw.col("source").alias("key")), named.select(nw.col("target").alias("key"))]
    ).unique()
    accounts = engine.numbered(keys, "ids")
    for end in ("source", "target"):
        code = accounts.select(nw.col("key").alias(end), nw.col("id").alias(f"_{end}"))
        named = named.join(code, on=end, how="inner")
    columns = [nw.col(f"_{end}").alias(end) for end in ("source", "target")]
    edges = engine.materialise(named.select(*columns, "kind", "weight", "events", "first", "last"), "ties")
    engine.forget("named_ties")
    return accounts, edges


# ---------------------------------------------------------------------- attention


ATTENTION = ("in_strength", "out_strength", "in_degree", "out_degree")


def attention(edges: Lazy) -> Lazy:
    """Return ``id`` and :data:`ATTENTION` of the accounts of ties: summed weight (millionths) and distinct accounts."""
    zero, one = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)
    received = edges.select(
        nw.col("target").alias("id"),
        nw.col("weight").alias("in_strength"), zero.alias("out_strength"), one.alias("in_degree"), zero.alias("out_degree"),
    )  # fmt: skip
    given = edges.select(
        nw.col("source").alias("id"),
        zero.alias("in_strength"), nw.col("weight").alias("out_strength"), zero.alias("in_degree"), one.alias("out_degree"),
    )  # fmt: skip
    found = nw.concat([received, given]).group_by("id").agg(*(nw.col(name).sum() for name in ATTENTION))
    return found.with_columns(*_whole(*ATTENTION))


# ---------------------------------------------------------------------- PageRank


@dataclass(frozen=True)
class PageRank:
    """Scores as far as the rounds went.

    Attributes
    ----------
    scores
        ``id``, ``pagerank``; they sum up to one.
    bound
        The sum of absolute differences from the exact scores is at most this.
    rounds
        How many there were.
    """

    scores: Lazy
    bound: float
    rounds: int


def pagerank(engine: Engine, edges: Lazy, found: Lazy, *, bound: float = PAGERANK_BOUND) -> PageRank:
    """Return the weighted PageRank of the accounts of ties, along the ties, by power iteration.

    Accounts that give no attention pass theirs on to all alike. A round brings the scores closer to the exact ones by the factor
    d = 0.85 at least, so what is missing is at most d / (1 - d) times the last step (sum of absolute differences).

    Parameters
    ----------
    edges
        Ties of one kind between ids.
    found
        :func:`attention` of them, materialised.
    """
    accounts, silent = _number(
        engine,
        found.select(nw.len().alias("n"), (nw.col("out_strength") == 0).cast(nw.Int64).sum().alias("silent")),
        "n",
        "silent",
    )
    if not accounts:
        empty = found.select("id", nw.lit(0.0).alias("pagerank"))
        return PageRank(engine.materialise(empty, "pagerank"), 0.0, 0)
    total = found.select(nw.col("id").alias("source"), nw.col("out_strength").alias("total"))
    # Sail knows no division of floating-point numbers as narwhals asks for it.
    share = (nw.col("weight").cast(nw.Float64) * nw.col("total").cast(nw.Float64) ** -1.0).alias("share")
    shares = engine.materialise(edges.join(total, on="source", how="inner").select("source", "target", share), "shares")
    silently = (nw.col("out_strength") == 0).alias("silent")
    scores = engine.materialise(found.select("id", silently, nw.lit(1.0 / accounts).alias("score")), "scores-0")
    unheard, missing, rounds = silent / accounts, float("inf"), 0
    while missing > bound and rounds < MOST_ROUNDS:
        rounds += 1
        base = (1 - DAMPING) / accounts + DAMPING * unheard / accounts
        passed = shares.join(scores.select(nw.col("id").alias("source"), "score"), on="source", how="inner")
        heard = passed.group_by("target").agg((nw.col("share") * nw.col("score")).sum().alias("heard"))
        heard = heard.select(nw.col("target").alias("id"), "heard")
        after = scores.join(heard, on="id", how="left").select(
            "id",
            "silent",
            nw.col("score").alias("before"),
            (base + DAMPING * nw.col("heard").fill_null(0.0)).alias("score"),
        )
        new = engine.materialise(after, f"scores-{rounds}")
        step, unheard = _number(
            engine,
            new.select(
                (nw.col("score") - nw.col("before")).abs().sum().alias("step"),
                (nw.col("score") * nw.col("silent").cast(nw.Float64)).sum().alias("unheard"),
            ),
            "step", "unheard",
        )  # fmt: skip
        engine.forget(f"scores-{rounds - 1}")
        scores, missing = new.select("id", "silent", "score"), DAMPING / (1 - DAMPING) * step
    done = engine.materialise(scores.select("id", nw.col("score").alias("pagerank")), "pagerank")
    engine.forget(f"scores-{rounds}", "shares")
    return PageRank(done, missing, rounds)


# ---------------------------------------------------------------------- weak components


def components(engine: Engine, edges: Lazy, accounts: Lazy, found: Lazy) -> Lazy:
    """Return ``id`` and ``component``, the smallest key of the weakly connected component, of the accounts of ties; exact.

    Every account joins its neighbour of the smallest number; then accounts that joined are one, and so on until no tie is left
    between two. Each round leaves at most the local minima, so there are few rounds.

    Parameters
    ----------
    edges
        Ties of one kind between ids.
    accounts
        ``id`` and ``key`` of all accounts.
    found
        :func:`attention` of the ties, materialised.
    """
    root = engine.materialise(found.select("id", nw.col("id").alias("root")), "root-0")
    left = engine.materialise(_pairs(edges.select("source", "target")), "left-0")
    rounds = 0
    while _number(engine, left.select(nw.len().alias("n")), "n")[0]:
        rounds += 1
        both = nw.concat(
            [left.select("low", "high"), left.select(nw.col("high").alias("low"), nw.col("low").alias("high"))]
        )
        joined = both.group_by("low").agg(nw.col("high").min().alias("least"))
        to = nw.when(nw.col("least") < nw.col("low")).then(nw.col("least")).otherwise(nw.col("low"))
        joined = engine.materialise(joined.select(nw.col("low").alias("id"), to.alias("to")), f"joined-{rounds}")
        # Whom an account joined may have joined another.
        further = joined.select(nw.col("id").alias("to"), nw.col("to").alias("beyond"))
        joined = joined.join(further, on="to", how="left").select(
            "id", nw.col("beyond").fill_null(nw.col("to")).alias("to")
        )
        joined = engine.materialise(joined, f"jumped-{rounds}")
        moved = joined.select(nw.col("id").alias("root"), "to")
        root = engine.materialise(
            root.join(moved, on="root", how="left").select("id", nw.col("to").fill_null(nw.col("root")).alias("root")),
            f"root-{rounds}",
        )
        for end in ("low", "high"):
            left = left.join(joined.select(nw.col("id").alias(end), nw.col("to").alias(f"_{end}")), on=end, how="inner")
        left = _pairs(left.select(nw.col("_low").alias("source"), nw.col("_high").alias("target")))
        left = engine.materialise(left, f"left-{rounds}")
        engine.forget(f"root-{rounds - 1}", f"left-{rounds - 1}", f"joined-{rounds}", f"jumped-{rounds}")
    named = root.join(accounts, on="id", how="inner")
    label = named.group_by("root").agg(nw.col("key").min().alias("component"))
    done = engine.materialise(root.join(label, on="root", how="inner").select("id", "component"), "components")
    engine.forget(f"root-{rounds}", f"left-{rounds}")
    return done


def _pairs(edges: Lazy) -> Lazy:
    """Return each pair of accounts once as ``low`` < ``high``."""
    turned = nw.col("source") > nw.col("target")
    low = nw.when(turned).then(nw.col("target")).otherwise(nw.col("source"))
    high = nw.when(turned).then(nw.col("source")).otherwise(nw.col("target"))
    return edges.filter(nw.col("source") != nw.col("target")).select(low.alias("low"), high.alias("high")).unique()


# ---------------------------------------------------------------------- the kernel


@dataclass(frozen=True)
class Kernel:
    """Who is in a k-core.

    Attributes
    ----------
    ids
        Column ``id``.
    k
        They are the k-core of the undirected ties of the attention kind; 0 if nobody was left out.
    """

    ids: Lazy
    k: int


def core_within(engine: Engine, edges: Lazy, ids: Lazy, folder: Path, *, kind: str, most_ties: int) -> Kernel:
    """Return the largest k-core with no more ties than that.

    Who has fewer than k neighbours among those left is not in the k-core, and neither is anyone who then has fewer. So accounts are
    left out, round by round, until the ties among the others can be held here, where their coreness is found. If what was left out
    may have been of a larger core that fits too, smaller k are tried.

    Parameters
    ----------
    edges
        Ties of all kinds; cores are of those of ``kind``, each pair once.
    folder
        The work folder of the engine.
    most_ties
        Of all kinds. If even the innermost core has more ties, nobody is returned, and the k after it.
    """
    if _number(engine, edges.select(nw.len().alias("n")), "n")[0] <= most_ties:
        return Kernel(ids, 0)
    too_large = 0  # the core of k = 0 is everything
    k: int | None = None
    members, fits = np.empty(0, dtype=np.int64), 0
    while True:
        left, pruned = _left_of(engine, edges, kind=kind, most_ties=max(HELD_TIES, most_ties), k=k)
        if left is None:
            too_large = pruned
        else:
            members, fits = _fitting(folder, most_ties=most_ties, least=pruned)
            engine.forget("left")
        # Above the k that was left out for, the core before is known not to fit.
        if (left is not None and fits > pruned) or fits - too_large <= 1:
            break
        k = (too_large + fits) // 2
    (folder / "core").mkdir()
    pl.DataFrame({"id": members}).write_parquet(folder / "core" / "0.parquet")
    return Kernel(engine.scan(folder / "core"), fits)


def _left_of(engine: Engine, edges: Lazy, *, kind: str, most_ties: int, k: int | None) -> tuple[Lazy | None, int]:
    """Leave out accounts until there are no more ties than that; return these (as ``left``) and the k whose core they hold.

    If k is not given, it is in each round the smallest for which the degrees of those who stay promise half as many ties. If it is
    given and its core has more ties, None is returned for them.
    """
    name, left, chosen, rounds = "", edges, k or 0, 0
    number = _number(engine, edges.select(nw.len().alias("n")), "n")[0]
    while number > most_ties:
        pairs = _pairs(left.filter(nw.col("kind") == kind).select("source", "target"))
        ends = nw.concat([pairs.select(nw.col("low").alias("id")), pairs.select(nw.col("high").alias("id"))])
        degrees = engine.materialise(
            ends.group_by("id").agg(nw.len().cast(nw.Int64).alias("degree")), f"degrees-{rounds}"
        )
        if k is None:
            chosen = max(chosen, _next_k(engine, degrees, number, most_ties))
        kept = engine.materialise(degrees.filter(nw.col("degree") >= chosen).select("id"), f"kept-{rounds}")
        left = engine.materialise(among(left, kept), f"pruned-{rounds}")
        before, number = number, _number(engine, left.select(nw.len().alias("n")), "n")[0]
        engine.forget(f"degrees-{rounds}", f"kept-{rounds}", *((name,) if name else ()))
        name = f"pruned-{rounds}"
        rounds += 1
        if number == before:
            if k is not None:
                engine.forget(name)
                return None, k
            chosen += 1
    heard = (nw.col("kind") == kind).alias("heard")
    left = engine.materialise(left.select("source", "target", heard), "left")
    if name:
        engine.forget(name)
    return left, chosen


def _fitting(folder: Path, *, most_ties: int, least: int) -> tuple[NDArray[np.int64], int]:
    """Return who is in the largest core, from ``least`` on, that has no more ties, and its k."""
    table = pl.read_parquet(folder / "left" / "*.parquet")
    ids, ends = np.unique(np.concatenate([table["source"].to_numpy(), table["target"].to_numpy()]), return_inverse=True)
    source, target = ends[: table.height], ends[table.height :]
    heard = table["heard"].to_numpy()
    pairs = np.unique(np.minimum(source, target)[heard] * len(ids) + np.maximum(source, target)[heard])
    one = np.ones(len(pairs))
    level = coreness(Ties(len(ids), pairs // len(ids), pairs % len(ids), one, one.astype(np.int64)))
    lower = np.minimum(level[source], level[target])
    within = np.cumsum(np.bincount(lower, minlength=least + 1)[::-1])[::-1]
    fit = np.flatnonzero(within[least:] <= most_ties)
    k = least + int(fit[0]) if len(fit) else len(within)
    return ids[level >= k], k


def _next_k(engine: Engine, degrees: Lazy, number: int, most_ties: int) -> int:
    counted = engine.collect(degrees.group_by("degree").agg(nw.len().alias("accounts"))).sort("degree", descending=True)
    kept = (counted["degree"] * counted["accounts"]).cum_sum().to_list()
    # Ties among accounts are at most half the sum of their degrees.
    wanted, whole = max(most_ties / number, 0.5), kept[-1] if kept else 0
    fit = [degree for degree, sum_ in zip(counted["degree"].to_list(), kept, strict=True) if sum_ <= wanted * whole]
    return int(fit[-1]) if fit else int(counted["degree"].max() or 0) + 1  # type: ignore[arg-type]


def among(edges: Lazy, ids: Lazy) -> Lazy:
    """Return the ties whose two ends are in ``ids``."""
    for end in ("source", "target"):
        edges = edges.join(ids.select(nw.col("id").alias(end)), on=end, how="semi")
    return edges
