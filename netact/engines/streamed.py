"""The reduction of the engine ``disk``: rows lie on the disk of one machine in parts of a bounded size, read one after the other.

What is held at once is one part, and a few numbers an account; the engine numbers the names, which is where it spills. What comes
out is what :mod:`netact.engines.reduction` comes to by joins on every other engine, in a third of the time. See docs/scale.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl
from scipy import sparse

from netact.cohesion import coreness
from netact.engines import reduction
from netact.errors import MeasureError
from netact.network import ATTENTION_ORDER, Ties
from netact.schemas import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.engines.engine import Engine
    from netact.schemas import Kind

# Rows of a part; sorting one takes some 60 bytes a row.
PART_ROWS = 8_000_000
# Words that tell rows apart are sorted so many at a time.
_WORDS = 100_000_000
# Pairs of accounts whose coreness is found at once, in some 20 bytes each; more are pruned before.
_HELD_PAIRS = 80_000_000
# Pruning goes on with the next k when fewer pairs than this part were left out.
_FEW = 0.05
# From so many ties on loops are compiled; below, importing the compiler takes longer than it saves.
COMPILED_FROM = 1_000_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xD6E8FEB86659FD93)
_NO_TIME = np.int64(-(2**63))
# Bits of a word beside the two accounts of a pair: the kind, and which of the two is the source.
_BESIDE = 4


# ---------------------------------------------------------------------- rows


def told_apart(rows: pl.DataFrame, accounts: pl.Series) -> NDArray[np.uint64]:
    """Return a word for each row of a file: rows of any file that repeat each other have the same, few others do.

    Parameters
    ----------
    rows
        ``source`` and ``target``, numbers of accounts of the file; ``kind``, ``post`` and ``platform``.
    accounts
        Their keys.
    """
    named = accounts.hash(seed=1).to_numpy()
    word = named[rows["source"].to_numpy()]
    for further in (
        named[rows["target"].to_numpy()],
        rows["post"].hash(seed=2).to_numpy(),
        rows["platform"].hash(seed=3).to_numpy() + rows["kind"].to_numpy(),
    ):
        word = (word ^ (word >> np.uint64(29))) * _FACTOR
        word += further
    word = (word ^ (word >> np.uint64(32))) * _OTHER
    found: NDArray[np.uint64] = np.maximum(word ^ (word >> np.uint64(29)), np.uint64(1))
    return found


def _repeated(files: Sequence[Path], rows: int) -> NDArray[np.uint64]:
    """Return the words that more than one row bears, in order."""
    passes = -(-rows // _WORDS)
    found = []
    for number in range(passes):
        parts = []
        for path in files:
            words = pl.read_parquet(path, columns=["word"])["word"].to_numpy()
            if passes > 1:
                words = words[(words >> np.uint64(40)) * np.uint64(passes) >> np.uint64(24) == number]
            parts.append(words)
        words = np.concatenate(parts)
        parts.clear()
        words.sort()
        again = words[1:] == words[:-1]
        found.append(np.unique(words[1:][again & (words[1:] != 0)]))  # 0 stands for rows that repeat nothing
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


# ---------------------------------------------------------------------- ties


@dataclass(frozen=True)
class Columns:
    """One part of the ties of a group, on disk until it is looked at; in the order of their pairs."""

    path: Path

    @property
    def source(self) -> NDArray[np.uint32]:
        """Numbers of accounts."""
        found: NDArray[np.uint32] = np.load(self.path / "source.npy")
        return found

    @property
    def target(self) -> NDArray[np.uint32]:
        """Numbers of accounts."""
        found: NDArray[np.uint32] = np.load(self.path / "target.npy")
        return found

    @property
    def weight(self) -> NDArray[np.int64]:
        """Millionths."""
        found: NDArray[np.int64] = np.load(self.path / "weight.npy")
        return found

    @property
    def new(self) -> NDArray[np.bool_]:
        """Whether the tie is the first of its pair of accounts in this group."""
        found: NDArray[np.bool_] = np.load(self.path / "new.npy")
        return found

    def chosen(self, kept: NDArray[np.bool_] | None) -> pl.DataFrame:
        """Return the ties with all their columns, or those of which both ends are kept."""
        source, target = self.source, self.target
        at = slice(None) if kept is None else np.flatnonzero(kept[source] & kept[target])
        further = pl.read_parquet(self.path / "further.parquet")
        return pl.DataFrame({"source": source[at], "target": target[at], "weight": self.weight[at]}).hstack(
            further if kept is None else further[at]
        )


@dataclass(frozen=True, eq=False)
class Parts:
    """Ties between numbered accounts.

    Attributes
    ----------
    heard
        Those of the kind that stands for attention, part by part.
    others
        Those of other kinds; both ends of a pair are found in the same part.
    kind
        Which kind stands for attention.
    accounts
        How many are numbered, from 0; some may have no tie.
    ties, events
        By kind.
    """

    heard: tuple[Columns, ...]
    others: tuple[Columns, ...]
    kind: Kind
    accounts: int
    ties: dict[Kind, int]
    events: dict[Kind, int]

    @cached_property
    def compiled(self) -> Any:
        """The kernels, or None where there are too few ties for them."""
        if sum(self.ties.values()) < COMPILED_FROM:
            return None
        from netact.engines import streamed_kernels

        return streamed_kernels


def added_up(engine: Engine, folder: Path, kinds: Sequence[Kind], rows: int) -> tuple[reduction.Lazy, Parts]:
    """Number the accounts, leave out repeats, and add rows up to ties.

    Parameters
    ----------
    folder
        What :func:`netact.engines.parse.parse` wrote with ``coded``; its rows are deleted as they are read.
    kinds
        That occur.
    rows
        How many there are.

    Returns
    -------
    ids
        ``id`` and ``key`` of the accounts.
    parts
        The ties.
    """
    places = engine.scan(folder / "accounts").select("place", "key")
    ids = engine.numbered(places.select("key").unique(), "ids")
    accounts = int(engine.collect(ids.select(nw.len().alias("n")))["n"][0])
    bits = max((accounts - 1).bit_length(), 1)
    if 2 * bits + _BESIDE > 64:
        raise MeasureError(
            "aggregate", "more accounts than one machine adds up", found=accounts, remedy="pass --engine spark"
        )
    engine.materialise(places.join(ids, on="key", how="inner").select("place", "id"), "places")
    files = sorted((folder / "rows").glob("*.parquet"))
    numbers = _numbers(folder)
    engine.forget("places")
    repeated = _repeated(files, rows)
    count = max(1, -(-rows // PART_ROWS))
    (folder / "parts").mkdir()
    for path in files:
        _dealt(path, numbers[int(path.stem)], repeated, bits, count, folder)
        path.unlink()
    if len(repeated):
        _deal(_once(engine, folder), bits, count, folder)
    kind = next(name for name in ATTENTION_ORDER if name in kinds)
    ties, events = dict.fromkeys(kinds, 0), dict.fromkeys(kinds, 0)
    groups: tuple[list[Columns], list[Columns]] = ([], [])
    for part in range(count):
        path = folder / "parts" / str(part)
        if not (path / "word").exists():
            continue
        found = _summed(path, bits)
        for name in kinds:
            of_kind = found["kind"] == KINDS.index(name)
            ties[name] += int(of_kind.sum())
            events[name] += int(found["events"][of_kind].sum())
        heard = found["kind"] == KINDS.index(kind)
        for group, mask, place in zip(groups, (heard, ~heard), ("heard", "others"), strict=True):
            if mask.any():
                group.append(_laid(found, mask, path / place))
    return ids, Parts(
        tuple(groups[0]), tuple(groups[1]), kind, accounts,
        {name: n for name, n in ties.items() if n}, {name: n for name, n in events.items() if n},
    )  # fmt: skip


def _numbers(folder: Path) -> dict[int, NDArray[np.uint32]]:
    """Return, for each file, the numbers of its accounts."""
    found = {
        int(path.stem): np.empty(pl.scan_parquet(path).select(pl.len()).collect().item(), dtype=np.uint32)
        for path in (folder / "accounts").glob("*.parquet")
    }
    for batch in pl.scan_parquet(folder / "places" / "*.parquet").collect_batches(chunk_size=4_000_000):
        place, number = batch["place"].to_numpy(), batch["id"].to_numpy().astype(np.uint32)
        file = (place >> 32).astype(np.int32)
        for one in np.unique(file):
            own = file == one
            found[int(one)][place[own] & 0xFFFFFFFF] = number[own]
    return found


def _dealt(
    path: Path, number: NDArray[np.uint32], repeated: NDArray[np.uint64], bits: int, count: int, folder: Path
) -> None:
    """Deal the rows of a file out to the parts; those that may be repeats are laid aside."""
    table = pl.read_parquet(path, columns=["source", "target", "kind", "weight", "second"])
    table = table.with_columns(
        pl.Series(end, number[table[end].to_numpy()], dtype=pl.UInt32) for end in ("source", "target")
    )
    if len(repeated):
        words = pl.read_parquet(path, columns=["word"])["word"].to_numpy()
        at = np.minimum(np.searchsorted(repeated, words), len(repeated) - 1)
        again = repeated[at] == words
        if again.any():
            place = folder / "repeated"
            place.mkdir(exist_ok=True)
            told = pl.read_parquet(path, columns=["time", "post", "platform"])
            aside = table.hstack(told).filter(pl.Series(again)).with_columns(single=pl.lit(value=True))
            aside.cast({"source": pl.Int64, "target": pl.Int64, "kind": pl.Int64}).write_parquet(place / path.name)
            table = table.filter(pl.Series(~again))
    _deal(table, bits, count, folder)


def _once(engine: Engine, folder: Path) -> pl.DataFrame:
    """Return one of the rows that repeat each other."""
    kept = reduction.unique_rows(engine.scan(folder / "repeated"))
    engine.materialise(kept, "once")
    return pl.read_parquet(folder / "once" / "*.parquet").cast(
        {"source": pl.UInt32, "target": pl.UInt32, "kind": pl.UInt8}
    )


def _deal(table: pl.DataFrame, bits: int, count: int, folder: Path) -> None:
    source, target = (table[end].to_numpy().astype(np.uint64) for end in ("source", "target"))
    low, high = np.minimum(source, target), np.maximum(source, target)
    pair = (low << np.uint64(bits)) | high
    word = (
        (pair << np.uint64(_BESIDE)) | (table["kind"].to_numpy().astype(np.uint64) << np.uint64(1)) | (source > target)
    )
    columns = {
        "word": word,
        "weight": table["weight"].to_numpy(),
        "second": table["second"].fill_null(int(_NO_TIME)).to_numpy(),
    }
    order, ends = None, np.array([table.height])
    if count > 1:
        part = (((pair * _FACTOR) >> np.uint64(48)) * np.uint64(count) >> np.uint64(16)).astype(np.uint16)
        order = np.argsort(part, kind="stable")  # by digits, for numbers of two bytes
        ends = np.cumsum(np.bincount(part, minlength=count))
    for name, column in columns.items():
        dealt = column if order is None else column[order]
        for number, (first, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            if end > first:
                place = folder / "parts" / str(number)
                place.mkdir(exist_ok=True)
                with (place / name).open("ab") as file:
                    dealt[first:end].tofile(file)


def _summed(path: Path, bits: int) -> dict[str, NDArray[Any]]:
    """Add up the rows of a part; ties in the order of their pairs."""
    types = {"word": np.uint64, "weight": np.int64, "second": np.int64}
    table = pl.DataFrame({name: np.fromfile(path / name, dtype=dtype) for name, dtype in types.items()}).sort("word")
    for name in types:
        (path / name).unlink()
    word, weight, second = (table[name].to_numpy() for name in types)
    begins = np.flatnonzero(np.concatenate([[True], word[1:] != word[:-1]]))
    first = last = second
    events = np.diff(begins, append=len(word))
    if len(begins) < len(word):
        word, weight = word[begins], np.add.reduceat(weight, begins)
        last = np.maximum.reduceat(second, begins)
        known = np.where(second == _NO_TIME, np.int64(2**63 - 1), second)
        first = np.where(last == _NO_TIME, _NO_TIME, np.minimum.reduceat(known, begins))
    mask = np.uint64((1 << bits) - 1)
    low, high = (word >> np.uint64(bits + _BESIDE)) & mask, (word >> np.uint64(_BESIDE)) & mask
    turned = (word & np.uint64(1)) == 1
    return {
        "source": np.where(turned, high, low).astype(np.uint32),
        "target": np.where(turned, low, high).astype(np.uint32),
        "kind": ((word >> np.uint64(1)) & np.uint64(7)).astype(np.uint8),
        "pair": word >> np.uint64(_BESIDE),
        "weight": weight,
        "events": events,
        "first": first,
        "last": last,
    }


def _laid(found: dict[str, NDArray[Any]], mask: NDArray[np.bool_], path: Path) -> Columns:
    path.mkdir()
    pair = found["pair"][mask]
    columns = {name: found[name][mask] for name in ("source", "target", "weight")}
    for name, column in {**columns, "new": np.concatenate([[True], pair[1:] != pair[:-1]])}.items():
        np.save(path / f"{name}.npy", column)
    further = pl.DataFrame({name: found[name][mask] for name in ("kind", "events", "first", "last")})
    times = [pl.when(pl.col(name) != int(_NO_TIME)).then(name).alias(name) for name in ("first", "last")]
    further.with_columns(*times).write_parquet(path / "further.parquet", compression="lz4")
    return Columns(path)


# ---------------------------------------------------------------------- attention and PageRank


def attention(parts: Parts) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return summed weight (millionths) and number of ties of the attention kind, received and given (rows) by account."""
    strengths, degrees = (np.zeros((2, parts.accounts), dtype=dtype) for dtype in (np.int64, np.int32))
    for part in parts.heard:
        if parts.compiled is not None:
            parts.compiled.attend(part.source, part.target, part.weight, strengths, degrees)
            continue
        for row, end in enumerate((part.target, part.source)):
            np.add.at(strengths[row], end, part.weight)
            np.add.at(degrees[row], end, 1)
    return strengths, degrees


def with_ties(parts: Parts) -> NDArray[np.bool_]:
    """Return who has a tie of any kind."""
    found = np.zeros(parts.accounts, dtype=np.bool_)
    for part in (*parts.heard, *parts.others):
        found[part.source] = found[part.target] = True
    return found


@dataclass(frozen=True)
class PageRank:
    """Scores of the accounts with a tie of the attention kind, 0 of others; see :class:`netact.engines.reduction.PageRank`."""

    scores: NDArray[np.float64]
    bound: float
    rounds: int


def pagerank(
    parts: Parts, given: NDArray[np.int64], present: NDArray[np.bool_], *, bound: float = reduction.PAGERANK_BOUND
) -> PageRank:
    """Do what :func:`netact.engines.reduction.pagerank` does.

    Parameters
    ----------
    given
        Summed weight of attention given, by account.
    present
        Whether an account has a tie of the attention kind.
    """
    count, damping = int(present.sum()), reduction.DAMPING
    if not count:
        return PageRank(np.zeros(parts.accounts), 0.0, 0)
    silent = present & (given == 0)
    scores = np.where(present, 1 / count, 0.0)
    missing, rounds = float("inf"), 0
    while missing > bound and rounds < reduction.MOST_ROUNDS:
        rounds += 1
        unheard = float(scores[silent].sum())
        value = np.divide(scores, given, out=np.zeros_like(scores), where=given > 0)
        heard = np.zeros_like(scores)
        for part in parts.heard:
            if parts.compiled is not None:
                parts.compiled.spread(part.source, part.target, part.weight, value, heard)
            else:
                np.add.at(heard, part.target, value[part.source] * part.weight)
        del value
        heard *= damping
        heard += (1 - damping) / count + damping * unheard / count
        heard[~present] = 0
        scores -= heard
        missing = damping / (1 - damping) * float(np.abs(scores, out=scores).sum())
        scores = heard
    return PageRank(scores, missing, rounds)


# ---------------------------------------------------------------------- weak components


def components(parts: Parts) -> NDArray[np.uint32]:
    """Return the smallest number of an account in the weakly connected component of each account."""
    if parts.compiled is not None:
        parent = np.arange(parts.accounts, dtype=np.uint32)
        for part in parts.heard:
            parts.compiled.join(part.source, part.target, parent)
        parts.compiled.flatten(parent)
        return parent
    ends = [
        np.concatenate([np.empty(0, dtype=np.uint32), *(getattr(p, end) for p in parts.heard)])
        for end in ("source", "target")
    ]
    shape = (parts.accounts, parts.accounts)
    matrix = sparse.coo_array((np.ones(len(ends[0])), (ends[0], ends[1])), shape=shape)
    _, label = sparse.csgraph.connected_components(matrix, directed=False)
    _, first = np.unique(label, return_index=True)
    found: NDArray[np.uint32] = first[label].astype(np.uint32)
    return found


# ---------------------------------------------------------------------- the kernel


def core(parts: Parts, present: NDArray[np.bool_], most_ties: int) -> tuple[NDArray[np.bool_] | None, int]:
    """Return who is in the largest k-core with no more ties (of all kinds) than ``most_ties``, and its k.

    Cores are of the undirected ties of the attention kind. None and 0 if nobody need be left out; if even the innermost
    core has more ties, nobody and the k after it.
    """
    if sum(parts.ties.values()) <= most_ties:
        return None, 0
    level, pruned = _levels(parts, present, max(_HELD_PAIRS, most_ties), patient=False)
    within = _within(parts, level)
    if pruned > 1 and within[min(pruned, len(within) - 1)] <= most_ties:
        # A smaller core might fit too, which pruning left out before it was seen that it does not.
        level, pruned = _levels(parts, present, max(_HELD_PAIRS, most_ties), patient=True)
        within = _within(parts, level)
    fit = np.flatnonzero(within <= most_ties)
    k = max(int(fit[0]) if len(fit) else len(within), pruned)
    return level >= k, k


def _within(parts: Parts, level: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return, for each k, the number of ties of which both ends have no lower level."""
    counts = np.zeros(int(level.max()) + 1, dtype=np.int64)
    for part in (*parts.heard, *parts.others):
        if parts.compiled is not None:
            parts.compiled.least(part.source, part.target, level, counts)
        else:
            lower = np.minimum(level[part.source], level[part.target])
            counts += np.bincount(lower, minlength=len(counts))
    return np.cumsum(counts[::-1])[::-1]


def _levels(
    parts: Parts, present: NDArray[np.bool_], most_pairs: int, *, patient: bool
) -> tuple[NDArray[np.int32], int]:
    """Return the coreness of who is left when there are no more pairs than that, 0 of the others, and up to which k it is pruned."""
    alive, pruned, pairs = _pruned(parts, present, most_pairs, patient=patient)
    number = np.cumsum(alive, dtype=np.uint32) - np.uint32(1)
    low, high = (np.empty(pairs, dtype=np.uint32) for _ in range(2))
    at = 0
    for source, target in _pairs(parts, alive):
        one, other = number[source], number[target]
        np.minimum(one, other, out=low[at : at + len(one)])
        np.maximum(one, other, out=high[at : at + len(one)])
        at += len(one)
    del number
    if parts.compiled is not None:
        low, high = parts.compiled.grouped(low, high, int(alive.sum()))
    level = np.zeros(parts.accounts, dtype=np.int32)
    none = np.broadcast_to(np.int64(1), pairs)
    level[alive] = coreness(Ties(int(alive.sum()), low, high, np.broadcast_to(1.0, pairs), none))
    return level, pruned


def _pairs(parts: Parts, alive: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Yield, part by part, the pairs of accounts that are alive."""
    for part in parts.heard:
        source, target = part.source, part.target
        at = np.flatnonzero(part.new & alive[source] & alive[target])
        yield source[at], target[at]


def _pruned(
    parts: Parts, present: NDArray[np.bool_], most_pairs: int, *, patient: bool
) -> tuple[NDArray[np.bool_], int, int]:
    """Leave out who is in no k-core, k rising, until the pairs can be held; return who is left, k, and the number of pairs.

    If patient, k rises only when all that are left are its core.
    """
    alive, k, before = present.copy(), 1, 0
    while True:
        degree = np.zeros(parts.accounts, dtype=np.int64)
        pairs = 0
        for source, target in _pairs(parts, alive):
            pairs += len(source)
            if parts.compiled is not None:
                parts.compiled.meet(source, target, degree)
            else:
                np.add.at(degree, source, 1)
                np.add.at(degree, target, 1)
        if pairs <= most_pairs:
            return alive, k, pairs
        if pairs == before or (not patient and before - pairs < _FEW * before):
            k += 1
        alive, before = alive & (degree >= k), pairs
