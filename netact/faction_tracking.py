"""Groups through time: communities of successive windows are joined into strands, which are born, split, merge and die.

Each window is partitioned by itself; a group continues the strand whose last group it shares most accounts with, if their
Jaccard index exceeds a threshold. Every optimiser finds groups in every window, and small windows fall apart by chance: so
all is done again on the same interactions at other times, and only what exceeds that is called a split or a merger.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from netact import polarization
from netact.errors import MeasureError
from netact.language import Message
from netact.network import Ties
from netact.partition import best_partition, compacted, leiden_partitions
from netact.randomness import generator, spawn_seeds
from netact.results import Estimate, Status, undefined
from netact.results.faction_tracking import (
    CORE_WINDOWS,
    STRAND_EVENT_LIST,
    STRAND_EVENTS,
    STRAND_FLOWS,
    STRAND_LEADERS,
    STRAND_THRESHOLDS,
    STRANDS,
    TRACKED_WINDOWS,
    FactionTracking,
    TrackingVerdict,
)
from netact.significance import against_null, monte_carlo_p

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.schemas import Kind

    Codes = NDArray[np.int64]
    Numbers = NDArray[np.float64]

ALPHA = 0.05
# Fewer accounts are no group.
SMALLEST_GROUP = 3
# With two, a window would be left to see a division in, and none to see whether it lasts.
FEWEST_WINDOWS = 3
# Accounts followed by name beside the core: the most heard of the whole time.
LEADERS = 20
# A strand that grows or shrinks by more than this share is said to expand or contract.
CHANGE = 0.1
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5)
# Ties of all windows * runs * (draws + 1), and the draws that are made however much that is.
MAX_WORK = 20_000_000
FEWEST_DRAWS = 59
# Where more than this share of all steps lead elsewhere, groups last too little to say that none split.
MOST_MOVED = 0.25
# A core of fewer members has no two halves; fewer acts in a half of the time say nothing of it.
SMALLEST_CORE = 4
FEWEST_CORE_ACTS = 10

_STRENGTH = Message("signed root of the likelihood ratio")
_SPLITS = Message("splits")
_MERGERS = Message("mergers")
_STEPS = Message("share of steps between windows")
_CHANGE = Message("change of the E-I index")
_PAIRS = Message("share of pairs")
_WITHIN = Message("the same interactions, the times of each account's acts dealt out among them anew")
_OVERALL = Message("the same interactions, all times dealt out anew")


# ---------------------------------------------------------------------- strands


class StrandEvent(NamedTuple):
    """What happened to a strand in a step; see :attr:`netact.results.faction_tracking.FactionTracking.events`."""

    step: int
    event: str
    strand: int
    other: int | None
    accounts: int
    before: int
    jaccard: float | None
    shared: int  # accounts that the two groups have in common


@dataclass(frozen=True)
class Strands:
    """Strand of every group: ``strand_of[step][group]``; and the events, in order of steps."""

    strand_of: tuple[dict[int, int], ...]
    events: tuple[StrandEvent, ...]


def track(steps: Sequence[dict[int, frozenset[int]]], *, threshold: float = 0.3, patience: int = 1) -> Strands:
    """Join the groups of successive steps into strands by Jaccard index, and say what happened to each strand.

    A group and a strand match if the Jaccard index of the group with the strand's last group exceeds ``threshold``. Pairs
    are taken by falling index, so that each strand is continued by one group at most. A further group that matches a
    strand splits off as a new one; a further strand that matches a group has merged into the strand that goes on there. A
    strand matched by nothing dies after ``patience`` steps. A group divided into three equal parts has an index of 1/3
    with each: above that threshold its division is a death and three births.
    (Greene, Doyle & Cunningham 2010, https://doi.org/10.1109/ASONAM.2010.17.)

    Parameters
    ----------
    steps
        Of each step, number of a group -> its accounts.
    threshold
        Jaccard index that must be exceeded, in [0, 1).
    patience
        Steps without a matching group after which a strand is dead.

    Examples
    --------
    >>> before = {0: frozenset("abcdefgh"), 1: frozenset("ijklmn")}
    >>> after = {0: frozenset("abcd"), 1: frozenset("efgh"), 2: frozenset("ijklmnop"), 3: frozenset("qrs")}
    >>> [(e.event, e.strand, e.jaccard) for e in track([before, after]).events if e.step == 1]
    [('split', 0, 0.5), ('expand', 1, 0.75), ('birth', 3, None)]
    """
    bit = {
        account: place
        for place, account in enumerate(dict.fromkeys(a for step in steps for g in step.values() for a in g))
    }
    masks = [{group: sum(1 << bit[a] for a in members) for group, members in step.items()} for step in steps]
    return _track(masks, threshold=threshold, patience=patience)


def _track(steps: Sequence[dict[int, int]], *, threshold: float, patience: int = 1) -> Strands:
    """Join groups given as the bits of whole numbers, one bit an account: intersections cost next to nothing."""
    last: dict[int, tuple[int, int]] = {}
    strand_of: list[dict[int, int]] = []
    events: list[StrandEvent] = []
    fresh = 0
    for step, groups in enumerate(steps):
        matches = _matches(last, groups, threshold)
        taken: dict[int, int] = {}  # group -> strand
        continued: dict[int, int] = {}  # strand -> group
        for _value, strand, group, _shared in matches:
            if group not in taken and strand not in continued:
                taken[group], continued[strand] = strand, group
        best_of_group: dict[int, tuple[float, int, int]] = {}
        best_of_strand: dict[int, tuple[float, int, int]] = {}
        for value, strand, group, shared in matches:
            best_of_group.setdefault(group, (value, strand, shared))
            best_of_strand.setdefault(strand, (value, group, shared))
        found: list[StrandEvent] = []
        disturbed: set[int] = set()
        for group in sorted(groups):
            if group in taken:
                continue
            if group in best_of_group:
                value, parent, shared = best_of_group[group]
                taken[group] = fresh
                disturbed.add(parent)
                found.append(
                    StrandEvent(
                        step,
                        "split",
                        parent,
                        fresh,
                        groups[group].bit_count(),
                        last[parent][1].bit_count(),
                        value,
                        shared,
                    )
                )
            else:
                taken[group] = fresh
                found.append(StrandEvent(step, "birth", fresh, None, groups[group].bit_count(), 0, None, 0))
            fresh += 1
        for strand in sorted(last):
            seen, members = last[strand]
            if strand in continued:
                continue
            if strand in best_of_strand:
                value, group, shared = best_of_strand[strand]
                disturbed.add(taken[group])
                found.append(
                    StrandEvent(
                        step,
                        "merge",
                        strand,
                        taken[group],
                        groups[group].bit_count(),
                        members.bit_count(),
                        value,
                        shared,
                    )
                )
                del last[strand]
            elif step - seen >= patience:
                found.append(StrandEvent(step, "death", strand, None, 0, members.bit_count(), None, 0))
                del last[strand]
        for strand, group in sorted(continued.items()):
            if strand in disturbed:
                continue
            before, now = last[strand][1], groups[group]
            ratio = now.bit_count() / before.bit_count()
            event = "expand" if ratio > 1 + CHANGE else "contract" if ratio < 1 - CHANGE else "continue"
            shared = (before & now).bit_count()
            value = shared / (before | now).bit_count()
            found.append(StrandEvent(step, event, strand, None, now.bit_count(), before.bit_count(), value, shared))
        events += sorted(found, key=lambda e: (e.strand, STRAND_EVENTS.index(e.event), e.other or 0))
        for group, strand in taken.items():
            last[strand] = (step, groups[group])
        strand_of.append(taken)
    return Strands(tuple(strand_of), tuple(events))


def _matches(
    last: dict[int, tuple[int, int]], groups: dict[int, int], threshold: float
) -> list[tuple[float, int, int, int]]:
    """Return index, strand and group of every pair above the threshold and what they share, best first."""
    found = []
    for strand, (_seen, before) in last.items():
        for group, now in groups.items():
            shared = (before & now).bit_count()
            if shared:
                value = shared / (before | now).bit_count()
                if value > threshold:
                    found.append((value, strand, group, shared))
    return sorted(found, key=lambda match: (-match[0], match[1], match[2]))


# ---------------------------------------------------------------------- windows


@dataclass(frozen=True, eq=False)
class _Events:
    """Interactions with a time in a usable window, one row each, in the network's order."""

    n: int
    source: Codes
    target: Codes
    weight: Numbers
    step: Codes  # number of the usable window


@dataclass(frozen=True, eq=False)
class _Step:
    """The groups of one window."""

    group: Codes  # of every account; -1: none
    modularity: float
    agreement: float | None


def _ties(events: _Events, step: int) -> Ties:
    """Return the undirected ties of one window."""
    keep = events.step == step
    a, b = events.source[keep], events.target[keep]
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair, place = np.unique(low * events.n + high, return_inverse=True)
    weight = np.bincount(place, weights=events.weight[keep], minlength=len(pair)).astype(np.float64)
    count = np.bincount(place, minlength=len(pair))
    return Ties(events.n, (pair // events.n).astype(np.uint32), (pair % events.n).astype(np.uint32), weight, count)


def _groups(events: _Events, steps: int, *, runs: int, seeds: Iterator[int]) -> list[_Step]:
    """Partition every window by itself: the run of highest modularity."""
    out = []
    for step in range(steps):
        ties, rows = compacted(_ties(events, step))
        partitions = leiden_partitions(ties, seeds=[next(seeds) for _ in range(runs)], resolution=1.0)
        matrix = polarization.adjacency(ties, weighted=True)
        best, value = best_partition(matrix, partitions, 1.0)
        group = np.full(events.n, -1, dtype=np.int64)
        group[rows] = best
        agreement = float(polarization.pairwise_adjusted_rand(partitions).mean()) if runs > 1 else None
        out.append(_Step(group, value, agreement))
    return out


def _communities(found: Sequence[_Step], smallest: int) -> list[Codes]:
    """Return the group of every account in every window, -1 for none, of the accounts seen in at least two of them.

    Numbered by their first account, so that nothing hangs on the optimiser's own numbers.
    """
    seen = np.sum([step.group >= 0 for step in found], axis=0) >= 2
    out = []
    for step in found:
        rows = np.flatnonzero((step.group >= 0) & seen)
        numbers, first, place, size = np.unique(
            step.group[rows], return_index=True, return_inverse=True, return_counts=True
        )
        kept = np.flatnonzero(size >= smallest)
        rank = np.full(len(numbers), -1, dtype=np.int64)
        rank[kept[np.argsort(first[kept])]] = np.arange(len(kept))
        group = np.full(len(step.group), -1, dtype=np.int64)
        group[rows] = rank[place]
        out.append(group)
    return out


def _masks(group: Codes) -> dict[int, int]:
    """Return the accounts of every group as the bits of a whole number."""
    count = int(group.max(initial=-1)) + 1
    return {g: int.from_bytes(np.packbits(group == g, bitorder="little").tobytes(), "little") for g in range(count)}


@dataclass(frozen=True, eq=False)
class _Tracked:
    """What is compared with chance."""

    strands: dict[float, Strands]
    steps: list[Codes]
    counts: dict[float, Counter[str]]
    split_share: Numbers
    merge_share: Numbers
    strand: Codes  # step x account; -1: none
    strengths: dict[StrandEvent, tuple[float | None, float | None, float | None]]  # of splits and mergers

    def strongest(self, event: str) -> float:
        """Return the strength of the strongest split or merger, 0 without any."""
        return max([0.0, *(value[2] or 0.0 for key, value in self.strengths.items() if key.event == event)])


def _tracked(events: _Events, found: Sequence[_Step], *, threshold: float, thresholds: Sequence[float]) -> _Tracked:
    steps = _communities(found, SMALLEST_GROUP)
    masks = [_masks(group) for group in steps]
    strands = {value: _track(masks, threshold=value) for value in thresholds}
    chosen = strands[threshold]
    strand = np.full((len(steps), events.n), -1, dtype=np.int64)
    for step, group in enumerate(steps):
        name = np.array([chosen.strand_of[step][g] for g in range(len(masks[step]))] + [-1], dtype=np.int64)
        strand[step] = name[group]  # the last is that of none
    both = np.array([np.count_nonzero((a >= 0) & (b >= 0)) for a, b in pairwise(strand)])
    shares = np.zeros((2, len(steps)))
    strengths: dict[StrandEvent, tuple[float | None, float | None, float | None]] = {}
    for event in chosen.events:
        if event.event in ("split", "merge"):
            shares[int(event.event == "merge"), event.step] += event.shared
            strengths[event] = _strength(events, strand, event)
    shares[:, 1:] /= np.maximum(both, 1)
    counts = {value: Counter(e.event for e in s.events if e.step > 0) for value, s in strands.items()}
    return _Tracked(strands, steps, counts, shares[0], shares[1], strand, strengths)


def _strength(events: _Events, strand: Codes, event: StrandEvent) -> tuple[float | None, float | None, float | None]:
    """Return the share of the interactions of two parts that cross, before and from then on, and how far it changed.

    The parts of a split are what was one strand and is two; those of a merger were two and are one. The change is the signed
    root of the likelihood ratio, positive if the parts of a split turn away from one another, or those of a merger to it.
    The window in which the parts were seen apart is left out: there they were looked for.
    """
    before, after = strand[event.step - 1], strand[event.step]
    other = event.other if event.other is not None else -1
    if event.event == "split":
        first, second = (before == event.strand) & (after == event.strand), (before == event.strand) & (after == other)
    else:
        first, second = (before == event.strand) & (after == other), (before == other) & (after == other)
    part = np.where(first, 1, np.where(second, 2, 0))
    a, b = part[events.source], part[events.target]
    seen_apart = event.step if event.event == "split" else event.step - 1
    inside = (a > 0) & (b > 0) & (events.step != seen_apart)
    late = (events.step >= event.step)[inside].astype(np.int64)
    crossing = (a != b)[inside].astype(np.int64)
    table = np.bincount(2 * late + crossing, weights=events.weight[inside], minlength=4).reshape(2, 2)
    totals = table.sum(axis=1)
    shares = [float(table[row, 1] / totals[row]) if totals[row] > 0 else None for row in (0, 1)]
    if shares[0] is None or shares[1] is None:
        return shares[0], shares[1], None
    expected = np.outer(totals, table.sum(axis=0)) / table.sum()
    held = table > 0
    ratio = 2 * float((table[held] * np.log(table[held] / expected[held])).sum())
    fall = shares[0] - shares[1] if event.event == "split" else shares[1] - shares[0]
    return shares[0], shares[1], math.copysign(math.sqrt(max(ratio, 0.0)), fall) if fall else 0.0


def _moves(tracked: _Tracked, threshold: float) -> list[tuple[Codes, Codes, Codes, list[str]]]:
    """Return, of every step, the accounts that are in a strand before and after, both strands, and how it came."""
    events = tracked.strands[threshold].events
    how = {(e.step, e.strand, e.other): e.event for e in events if e.event in ("split", "merge")}
    out = []
    for step in range(1, len(tracked.strand)):
        account = np.flatnonzero((tracked.strand[step - 1] >= 0) & (tracked.strand[step] >= 0))
        before, after = tracked.strand[step - 1][account], tracked.strand[step][account]
        pairs, place = np.unique(np.stack([before, after]), axis=1, return_inverse=True)
        named = ["stayed" if a == b else how.get((step, a, b), "moved") for a, b in pairs.T.tolist()]
        out.append((account, before, after, [named[i] for i in place.ravel().tolist()]))
    return out


def _moved_share(tracked: _Tracked, threshold: float, who: NDArray[np.bool_]) -> float:
    moves = [
        how
        for account, _a, _b, hows in _moves(tracked, threshold)
        for a, how in zip(account, hows, strict=True)
        if who[a]
    ]
    return moves.count("moved") / len(moves) if moves else math.nan


# ---------------------------------------------------------------------- the core


@dataclass(frozen=True, eq=False)
class _Core:
    """The ties inside a core, by window; ``half`` is 0 or 1 for a member and -1 for others."""

    half: NDArray[np.int8]
    source: Codes
    target: Codes
    weight: Numbers
    row: Codes  # in _Events
    directed: bool


def _core(events: _Events, members: Codes, *, directed: bool) -> _Core:
    """Split the core in two by its ties of the whole time; times do not enter."""
    inside = np.zeros(events.n, dtype=bool)
    inside[members] = True
    row = np.flatnonzero(inside[events.source] & inside[events.target])
    half = np.full(events.n, -1, dtype=np.int8)
    everything = _Events(
        events.n, events.source[row], events.target[row], events.weight[row], np.zeros(len(row), dtype=np.int64)
    )
    ties, rows = compacted(_ties(everything, 0))
    if len(ties):
        side, _value = polarization.best_bisection(polarization.adjacency(ties, weighted=True))
        half[rows] = side if side[0] == 0 else 1 - side
    return _Core(half, events.source[row], events.target[row], events.weight[row], row, directed)


def _core_change(core: _Core, step: Codes, middle: int) -> tuple[float, float]:
    """Return the change of the E-I index from earlier to later windows, and the share of lost mutual ties; NaN: undefined."""
    late = step[core.row] >= middle
    index = [_ei(core, late == part) for part in (False, True)]
    change = math.nan if index[0] is None or index[1] is None else index[1] - index[0]
    if not core.directed:
        return change, math.nan
    mutual = [_mutual(core, late == part) for part in (False, True)]
    active = set(core.source[late].tolist()) | set(core.target[late].tolist())
    present = {pair for pair in mutual[0] if pair[0] in active and pair[1] in active}
    lost = len(present - mutual[1]) / len(present) if present else math.nan
    return change, lost


def _ei(core: _Core, keep: NDArray[np.bool_]) -> float | None:
    known = keep & (core.half[core.source] >= 0) & (core.half[core.target] >= 0)
    if np.count_nonzero(known) < 1:
        return None
    across = core.half[core.source] != core.half[core.target]
    external, total = core.weight[known & across].sum(), core.weight[known].sum()
    return float((2 * external - total) / total)


def _mutual(core: _Core, keep: NDArray[np.bool_]) -> set[tuple[int, int]]:
    pairs = set(zip(core.source[keep].tolist(), core.target[keep].tolist(), strict=True))
    return {(a, b) for a, b in pairs if a < b and (b, a) in pairs}


# ---------------------------------------------------------------------- the measure


def faction_tracking(
    network: Network,
    edges: pl.Series,
    *,
    kind: Kind | None = None,
    members: Sequence[str] | None = None,
    threshold: float = 0.3,
    min_events: int = 200,
    runs: int = 3,
    draws: int = 99,
    max_events: int = 100_000,
    seed: int,
) -> FactionTracking:
    """Return the strands of groups through windows of time, with their splits and mergers against chance.

    *Strands.* Every window with at least ``min_events`` interactions (weight) is partitioned by Leiden on modularity, the
    best of ``runs``. Groups are those of at least three accounts that are seen in another window too: who is seen once
    cannot be followed. See :func:`track` for how they are joined; ``thresholds`` repeats it from 0.1 to 0.5.

    *Chance.* In each draw the times of every account's acts are dealt out among its acts (without direction: all times
    among all acts), windows are partitioned anew and strands joined anew. That keeps who turned to whom, how active every
    account was when, and the size of every window; a network whose groups do not change gives the same splits then. Where
    groups overlap, a partition flickers: they fall apart in one window and are whole in the next. A split is therefore
    measured by how much less its two parts turn to one another in all later windows than in all before, and the
    strongest of the data is compared with the strongest of each draw, so that the number of windows does not matter. The
    window in which the parts are first seen apart does not count, as they were looked for there: a division in the last
    window cannot be told from a flicker. Splits and mergers are two questions: the smaller p-value is doubled
    for the verdict (Holm).
    Interactions around one post bunch in time, which shuffling undoes; a window of one large cascade may look like a
    change of groups. Where more than a quarter of the steps of all accounts from window to window lead into another
    strand without a split or merger, a split could be missed, and nothing is called steady.

    *The core.* Its members are halved as their ties of the whole time split best. If they turn away from one another, the
    E-I index between the halves (-1: all ties within) falls from the earlier to the later windows.

    Parameters
    ----------
    network
        Ties of both directions are added up for groups; direction counts for mutual ties of the core.
    edges
        Edges of the windows, one more than there are windows, ascending.
    kind
        Kind of tie; the attention kind if None.
    members
        Keys of the members of a core; None without one.
    threshold
        Jaccard index above which a group continues a strand.
    min_events
        Fewest interactions of a usable window; others have too few data and are passed over.
    runs
        Runs of the optimiser a window.
    max_events
        Most interactions that are looked at: on larger data those among the most active accounts (a warning says so).
    draws
        Null draws; fewer on large data, but at least 59 (a warning says so). With 0 nothing is compared.
    seed
        Seed of every random step.

    Raises
    ------
    MeasureError
        If a parameter is out of range.
    """
    _check(threshold=threshold, min_events=min_events, runs=runs, draws=draws, max_events=max_events)
    kind = kind or network.attention_kind
    directed = network.has_direction(kind)
    events, windows = _usable(network, kind, edges, min_events=min_events, directed=directed)
    usable = windows.filter(status="ok")
    missing = _missing(network, kind, windows, min_events)
    if missing is not None:
        return without_tracking(kind, missing, windows=windows)
    steps = usable.height
    warnings: list[str] = []
    if usable.height < windows.height:
        warnings.append(
            Message.counting(
                "{n:count} window has fewer than {fewest:count} interactions and was passed over.",
                "{n:count} windows have fewer than {fewest:count} interactions and were passed over.",
                windows.height - usable.height,
                fewest=min_events,
            )
        )
    events = _busiest(events, most=max_events, warnings=warnings)
    draws = _affordable(events, runs=runs, draws=draws, warnings=warnings)
    thresholds = sorted({*THRESHOLDS, threshold})
    seeds = iter(spawn_seeds(seed, steps * runs * (draws + 1), "faction tracking", "partitions"))
    found = _groups(events, steps, runs=runs, seeds=seeds)
    observed = _tracked(events, found, threshold=threshold, thresholds=thresholds)

    place = {key: row for row, key in enumerate(network.keys)}
    core_rows = np.array(sorted(place[key] for key in members or () if key in place), dtype=np.int64)
    leader = _leaders(network, kind, observed, core_rows)
    core = _core(events, core_rows, directed=directed)
    middle = steps // 2
    null: list[_Tracked] = []
    null_core: list[tuple[float, float]] = []
    random = generator(seed, "faction tracking", "times")
    for _ in range(draws):
        step = _shuffled(events, directed=directed, random=random)
        shuffled = _Events(events.n, events.source, events.target, events.weight, step)
        groups = _groups(shuffled, steps, runs=runs, seeds=seeds)
        null.append(_tracked(shuffled, groups, threshold=threshold, thresholds=thresholds))
        null_core.append(_core_change(core, step, middle))
    return _result(
        network,
        kind,
        _Inputs(events, windows, found, leader, core, core_rows, middle, threshold, directed),
        observed,
        null,
        null_core,
        warnings,
    )


def _check(*, threshold: float, min_events: int, runs: int, draws: int, max_events: int) -> None:
    if not 0 <= threshold < 1:
        raise MeasureError("faction_tracking.threshold", "must lie in [0, 1)", found=threshold, remedy="use 0.3")
    for name, value, fewest in (
        ("min_events", min_events, 1),
        ("runs", runs, 1),
        ("draws", draws, 0),
        ("max_events", max_events, 1),
    ):
        if value < fewest:
            raise MeasureError(f"faction_tracking.{name}", f"must be at least {fewest}", found=value)


def _usable(
    network: Network, kind: Kind, edges: pl.Series, *, min_events: int, directed: bool
) -> tuple[_Events, pl.DataFrame]:
    """Return the interactions of the usable windows and the table of all windows."""
    rows = network.rows(kind).drop_nulls("time")
    if not directed:
        rows = rows.filter(pl.col("source") < pl.col("target"))
    moments = edges.to_physical().to_numpy().astype(np.int64)
    time = rows["time"].to_physical().to_numpy().astype(np.int64)
    window = np.searchsorted(moments, time, side="right") - 1
    count = max(len(moments) - 1, 0)
    inside = (window >= 0) & (window < count)
    weight = rows["weight"].to_numpy()
    amount = np.bincount(window[inside], weights=weight[inside], minlength=count) if count else np.empty(0)
    usable = amount >= min_events
    number = np.where(usable, np.cumsum(usable) - 1, -1)
    keep = inside.copy()
    keep[inside] = usable[window[inside]]
    events = _Events(
        network.n_accounts,
        rows["source"].to_numpy().astype(np.int64)[keep],
        rows["target"].to_numpy().astype(np.int64)[keep],
        weight[keep],
        number[window[keep]].astype(np.int64),
    )
    table = pl.DataFrame(
        {
            "window": np.arange(count),
            "start": edges[:-1] if count else [],
            "end": edges[1:] if count else [],
            "interactions": amount,
            "status": ["ok" if ok else "insufficient_data" for ok in usable.tolist()],
        },
        schema={name: TRACKED_WINDOWS[name] for name in ("window", "start", "end", "interactions", "status")},
    )
    return events, table


def _missing(network: Network, kind: Kind, windows: pl.DataFrame, min_events: int) -> str | None:
    rows = network.rows(kind)
    if not rows.height:
        return Message("there are no interactions")
    if rows["time"].null_count() == rows.height:
        return Message("no interaction has a time; provide data with times")
    if windows.filter(status="ok").height < FEWEST_WINDOWS:
        return Message("fewer than three windows have {n:count} interactions", n=min_events)
    return None


def without_tracking(kind: str, why: str, *, windows: pl.DataFrame | None = None) -> FactionTracking:
    """Return the result of data in which no groups can be followed."""
    status: Status = "insufficient_data"
    table = pl.DataFrame(schema=TRACKED_WINDOWS)
    if windows is not None:
        table = windows.with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in TRACKED_WINDOWS.items() if name not in windows.columns
        ).select(list(TRACKED_WINDOWS))

    def none(unit: str) -> Estimate:
        return undefined(unit, why, status=status)

    return FactionTracking(
        status=status,
        reason=Message("Groups cannot be followed through time: {why}.", why=why),
        kind=kind,
        verdict="undetermined",
        strongest_split=none(_STRENGTH),
        strongest_merger=none(_STRENGTH),
        splits=none(_SPLITS),
        mergers=none(_MERGERS),
        leaders_moved=none(_STEPS),
        crowd_moved=none(_STEPS),
        core_distance=none(_CHANGE),
        core_lost_ties=none(_PAIRS),
        windows=table,
        strands=pl.DataFrame(schema=STRANDS),
        events=pl.DataFrame(schema=STRAND_EVENT_LIST),
        flows=pl.DataFrame(schema=STRAND_FLOWS),
        leaders=pl.DataFrame(schema=STRAND_LEADERS),
        thresholds=pl.DataFrame(schema=STRAND_THRESHOLDS),
        core=pl.DataFrame(schema=CORE_WINDOWS),
    )


def _busiest(events: _Events, *, most: int, warnings: list[str]) -> _Events:
    """Return the interactions among the most active accounts, as many accounts as leave at most ``most``."""
    if len(events.source) <= most:
        return events
    activity = np.bincount(events.source, minlength=events.n) + np.bincount(events.target, minlength=events.n)
    order = np.lexsort((np.arange(events.n), -activity))
    rank = np.empty(events.n, dtype=np.int64)
    rank[order] = np.arange(events.n)
    worst = np.maximum(rank[events.source], rank[events.target])
    keep = worst < np.sort(worst)[most]
    warnings.append(
        Message(
            "The data are large: groups were followed among the most active accounts, in {share:percent} of the interactions.",
            share=float(keep.mean()),
        )
    )
    return _Events(events.n, events.source[keep], events.target[keep], events.weight[keep], events.step[keep])


def _affordable(events: _Events, *, runs: int, draws: int, warnings: list[str]) -> int:
    once = max(1, len(events.source) * runs)
    most = max(FEWEST_DRAWS, MAX_WORK // once - 1)
    if draws <= most:
        return draws
    warnings.append(
        Message(
            "The data are large: splits were compared with {done:count} draws at other times instead of {asked:count}.",
            done=most,
            asked=draws,
        )
    )
    return most


def _shuffled(events: _Events, *, directed: bool, random: np.random.Generator) -> Codes:
    """Return the windows of all acts, dealt out anew among the acts of each account (all acts without direction)."""
    chance = random.random(len(events.step))
    if not directed:
        return np.asarray(events.step[np.argsort(chance, kind="stable")])
    # The acts of each account in their order, and in a random order.
    in_order = np.argsort(events.source, kind="stable")
    at_random = np.lexsort((chance, events.source))
    out = np.empty(len(events.step), dtype=np.int64)
    out[in_order] = events.step[at_random]
    return out


def _leaders(network: Network, kind: Kind, observed: _Tracked, core: Codes) -> NDArray[np.bool_]:
    """Return which accounts are followed by name: the core, and the most heard of those that can be followed."""
    heard = network.ties(kind).in_strength
    followed = np.flatnonzero((observed.strand >= 0).any(axis=0) & (heard > 0))
    top = followed[np.lexsort((followed, -heard[followed]))[:LEADERS]]
    leader = np.zeros(network.n_accounts, dtype=bool)
    leader[top] = True
    leader[core] = True
    return leader


@dataclass(frozen=True, eq=False)
class _Inputs:
    events: _Events
    windows: pl.DataFrame
    found: list[_Step]
    leader: NDArray[np.bool_]
    core: _Core
    members: Codes
    middle: int
    threshold: float
    directed: bool
    numbers: Codes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", self.windows.filter(status="ok")["window"].to_numpy())


def _result(
    network: Network,
    kind: Kind,
    given: _Inputs,
    observed: _Tracked,
    null: list[_Tracked],
    null_core: list[tuple[float, float]],
    warnings: list[str],
) -> FactionTracking:
    model = _WITHIN if given.directed else _OVERALL
    threshold = given.threshold

    def beside(value: float, draws: Sequence[float], unit: str, *, less: bool = False) -> Estimate:
        return against_null(value, draws, unit=unit, null_model=model, tail="less" if less else "greater")

    strongest_split = beside(observed.strongest("split"), [draw.strongest("split") for draw in null], _STRENGTH)
    strongest_merger = beside(observed.strongest("merge"), [draw.strongest("merge") for draw in null], _STRENGTH)
    counts = observed.counts[threshold]
    everyone = np.ones(network.n_accounts, dtype=bool)
    moved = _moved_share(observed, threshold, given.leader)
    crowd = _moved_share(observed, threshold, everyone)
    nobody = Message("no account is in a strand in two successive windows")
    distance, lost = _core_estimates(given, null_core, model)
    verdict = _verdict(strongest_split, strongest_merger)
    reason = _reason(verdict, strongest_split, strongest_merger)
    if verdict == "steady" and not crowd <= MOST_MOVED:
        verdict, reason = (
            "undetermined",
            Message(
                "Groups change too much from window to window to say that none split or merged: too little data, or no lasting groups."
            ),
        )
    return FactionTracking(
        status="ok",
        reason=reason,
        kind=kind,
        verdict=verdict,
        strongest_split=strongest_split,
        strongest_merger=strongest_merger,
        splits=beside(counts["split"], [draw.counts[threshold]["split"] for draw in null], _SPLITS),
        mergers=beside(counts["merge"], [draw.counts[threshold]["merge"] for draw in null], _MERGERS),
        leaders_moved=undefined(_STEPS, nobody)
        if math.isnan(moved)
        else beside(moved, [_moved_share(draw, threshold, given.leader) for draw in null], _STEPS),
        crowd_moved=undefined(_STEPS, nobody) if math.isnan(crowd) else Estimate(crowd, _STEPS),
        core_distance=distance,
        core_lost_ties=lost,
        windows=_window_table(given, observed, null),
        strands=_strand_table(network, given, observed),
        events=_event_table(given, observed, null),
        flows=_flow_table(given, observed),
        leaders=_leader_table(network, given, observed),
        thresholds=_threshold_table(observed, null),
        core=_core_table(given),
        core_halves=_halves(network, given),
        warnings=tuple(warnings),
    )


def _verdict(split: Estimate, merger: Estimate) -> TrackingVerdict:
    if split.p_value is None or merger.p_value is None or 2 / (1 + split.draws) >= ALPHA:
        return "undetermined"
    low, high = sorted((split.p_value, merger.p_value))
    if 2 * low >= ALPHA:
        return "steady"
    if high < ALPHA:
        return "split_and_merger"
    return "split" if split.p_value < merger.p_value else "merger"


def _reason(verdict: TrackingVerdict, split: Estimate, merger: Estimate) -> str:
    if verdict == "undetermined" or split.p_value is None or merger.p_value is None:
        return Message("Groups were followed through time, but not compared with enough draws for a verdict.")
    values = {"split": split.p_value, "merger": merger.p_value}
    match verdict:
        case "split":
            return Message(
                "A group split beyond what the same interactions at other times give (split: {split:p}; merger: {merger:p}).",
                **values,
            )
        case "merger":
            return Message(
                "Groups merged beyond what the same interactions at other times give (split: {split:p}; merger: {merger:p}).",
                **values,
            )
        case "split_and_merger":
            return Message(
                "Groups split and merged beyond what the same interactions at other times give (split: {split:p}; merger: "
                "{merger:p}).",
                **values,
            )
        case _:
            return Message(
                "No split or merger exceeds what the same interactions at other times give (split: {split:p}; merger: "
                "{merger:p}).",
                **values,
            )


def _core_estimates(given: _Inputs, null_core: list[tuple[float, float]], model: str) -> tuple[Estimate, Estimate]:
    core, events = given.core, given.events
    why: str | None = None
    if not len(given.members):
        why = Message("no core was found")
    elif len(given.members) < SMALLEST_CORE:
        why = Message("the core has fewer than {n:count} members", n=SMALLEST_CORE)
    elif min(np.bincount((events.step[core.row] >= given.middle).astype(np.int64), minlength=2)) < FEWEST_CORE_ACTS:
        why = Message("the members of the core turned to one another too seldom")
    if why is not None:
        status: Status = "insufficient_data"
        return undefined(_CHANGE, why, status=status), undefined(_PAIRS, why, status=status)
    change, lost = _core_change(core, events.step, given.middle)
    halved = len(np.unique(core.half[core.half >= 0])) == 2
    distance = (
        against_null(change, [c for c, _ in null_core], unit=_CHANGE, null_model=model, tail="less")
        if halved and not math.isnan(change)
        else undefined(_CHANGE, Message("the core does not fall into two halves"))
    )
    ties = (
        against_null(lost, [value for _, value in null_core], unit=_PAIRS, null_model=model)
        if not math.isnan(lost)
        else undefined(_PAIRS, Message("no two members were tied both ways in the earlier windows"))
    )
    return distance, ties


def _window_table(given: _Inputs, observed: _Tracked, null: list[_Tracked]) -> pl.DataFrame:
    steps = len(observed.steps)
    splits = Counter(e.step for e in observed.strands[given.threshold].events if e.event == "split")
    merges = Counter(e.step for e in observed.strands[given.threshold].events if e.event == "merge")
    later = range(steps)
    columns: dict[str, list[float | int | None]] = {
        "window": given.numbers.tolist(),
        "groups": [int(group.max(initial=-1)) + 1 for group in observed.steps],
        "modularity": [step.modularity for step in given.found],
        "agreement": [step.agreement for step in given.found],
        "tracked": [int(np.count_nonzero(group >= 0)) for group in observed.steps],
        "splits": [splits[s] if s else None for s in later],
        "merges": [merges[s] if s else None for s in later],
    }
    for name, share in (("split", "split_share"), ("merge", "merge_share")):
        values = getattr(observed, share)
        columns[share] = [float(values[s]) if s else None for s in later]
        expected: list[float | None] = [None] * steps
        if null:
            expected[1:] = np.array([getattr(draw, share) for draw in null])[:, 1:].mean(axis=0).tolist()
        columns[f"{name}_expected"] = expected
    found = pl.DataFrame(columns, schema={name: TRACKED_WINDOWS[name] for name in columns})
    return given.windows.join(found, on="window", how="left", maintain_order="left").select(list(TRACKED_WINDOWS))


def _strand_table(network: Network, given: _Inputs, observed: _Tracked) -> pl.DataFrame:
    rows = []
    keys = network.keys
    events = given.events
    for step, group in enumerate(observed.steps):
        now = events.step == step
        heard = np.bincount(events.target[now], weights=events.weight[now], minlength=events.n)
        if not given.directed:
            heard += np.bincount(events.source[now], weights=events.weight[now], minlength=events.n)
        for number in range(int(group.max(initial=-1)) + 1):
            members = np.flatnonzero(group == number)
            first = int(members[np.lexsort((members, -heard[members]))[0]])
            strand = observed.strands[given.threshold].strand_of[step][number]
            rows.append((int(given.numbers[step]), strand, len(members), keys[first] if heard[first] > 0 else None))
    return pl.DataFrame(rows, schema=STRANDS, orient="row").sort("window", "strand")


def _event_table(given: _Inputs, observed: _Tracked, null: list[_Tracked]) -> pl.DataFrame:
    strongest = {event: [draw.strongest(event) for draw in null] for event in ("split", "merge")}
    rows = []
    for e in observed.strands[given.threshold].events:
        before, after, strength = observed.strengths.get(e, (None, None, None))
        # Splits and mergers are compared apart: two families of events, for each of which half of the level is left.
        p = min(1.0, 2 * monte_carlo_p(strength, strongest[e.event])) if strength is not None and null else None
        told = (e.event, e.strand, e.other, e.accounts, e.before, e.jaccard)
        rows.append((int(given.numbers[e.step]), *told, before, after, strength, p))
    return pl.DataFrame(rows, schema=STRAND_EVENT_LIST, orient="row")


def _flow_table(given: _Inputs, observed: _Tracked) -> pl.DataFrame:
    rows = []
    for step in range(1, len(observed.strand)):
        before, after = observed.strand[step - 1], observed.strand[step]
        either = (before >= 0) | (after >= 0)
        pairs, counts = np.unique(np.stack([before[either], after[either]]), axis=1, return_counts=True)
        rows += [
            (
                int(given.numbers[step - 1]),
                int(given.numbers[step]),
                a if a >= 0 else None,
                b if b >= 0 else None,
                count,
            )
            for (a, b), count in zip(pairs.T.tolist(), counts.tolist(), strict=True)
        ]
    return pl.DataFrame(rows, schema=STRAND_FLOWS, orient="row").sort(
        "window", "strand", "next_strand", nulls_last=True
    )


def _leader_table(network: Network, given: _Inputs, observed: _Tracked) -> pl.DataFrame:
    keys, core = network.keys, set(given.members.tolist())
    rows = [
        (keys[account], account in core, int(given.numbers[step]), before, after, how)
        for step, moves in enumerate(_moves(observed, given.threshold), 1)
        for account, before, after, how in zip(
            *(part if isinstance(part, list) else part.tolist() for part in moves), strict=True
        )
        if given.leader[account]
    ]
    return pl.DataFrame(rows, schema=STRAND_LEADERS, orient="row").sort("account", "window")


def _threshold_table(observed: _Tracked, null: list[_Tracked]) -> pl.DataFrame:
    rows = []
    for value, counts in observed.counts.items():
        for event in STRAND_EVENTS:
            draws = np.array([draw.counts[value][event] for draw in null])
            low, high = np.quantile(draws, [0.025, 0.975]) if len(draws) else (None, None)
            rows.append((value, event, counts[event], float(draws.mean()) if len(draws) else None, low, high))
    return pl.DataFrame(rows, schema=STRAND_THRESHOLDS, orient="row")


def _core_table(given: _Inputs) -> pl.DataFrame:
    core = given.core
    if len(given.members) < SMALLEST_CORE:
        return pl.DataFrame(schema=CORE_WINDOWS)
    rows = []
    before: set[tuple[int, int]] = set()
    across = core.half[core.source] != core.half[core.target]
    step = given.events.step[core.row]
    for number, window in enumerate(given.numbers.tolist()):
        now = step == number
        mutual = _mutual(core, now) if core.directed else set()
        rows.append(
            (
                window,
                float(core.weight[now & ~across].sum()),
                float(core.weight[now & across].sum()),
                _ei(core, now),
                len(mutual) if core.directed else None,
                len(before - mutual) if core.directed and number else None,
            )
        )
        before = mutual
    return pl.DataFrame(rows, schema=CORE_WINDOWS, orient="row")


def _halves(network: Network, given: _Inputs) -> tuple[tuple[str, ...], ...]:
    halves = [
        tuple(network.keys[account] for account in given.members.tolist() if given.core.half[account] == side)
        for side in (0, 1)
    ]
    return tuple(halves) if all(halves) else ()
