"""Dynamics: who stays at the top of attention, how soon a core reacts to events, and who takes over from whom.

*Definition.* Time is cut into windows of equal length; in each, accounts are ranked by the attention they receive. The
question is how much of the top stays from window to window, between two kinds of chance: a top drawn anew each time,
and popularity that never changes. Waits from events to acts, and the unevenness of acts, are compared with the same
times of day on other days.

*Inputs.* Ties with times, at least five windows of 200. A table of triggers (trigger, time) for reactions; the leading core,
where it was looked for, else the 20 accounts heard most. Data that came in phases, one file each, need a column with
one time a phase, and ``window="phase"``.

*What is lost.* Interactions without a time; windows with too little data, which are never counted as zero; accounts
tied at the cut of a ranking; what happens inside a window. Retweets credit the original author and not the account that
passed the post on. Deleted posts leave gaps that look like silence.

*Direction.* From the account that gives attention to the one that receives it; without direction both receive, and
nobody is said to act. *Weights* are summed, and count as so many interactions where all are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from netact.burstiness import burstiness, corrected_burstiness, hourly_rate, without_daily_rhythm
from netact.cascades import cascades
from netact.earlier_activism import earlier_activism
from netact.errors import MeasureError
from netact.faction_tracking import faction_tracking
from netact.language import Message, sentences
from netact.randomness import generator
from netact.ranges import Range, check_ranges
from netact.rank_overlap import rank_biased_overlap
from netact.resampling import clusters
from netact.results import Criterion, Dynamics, Estimate, undefined
from netact.schemas import KIND_NAMES
from netact.significance import against_null, false_discovery, monte_carlo_p
from netact.survival import SURVIVAL, kaplan_meier, restricted_mean, survival_at
from netact.windows import (
    MICROSECONDS_A_DAY,
    PHASE,
    STEPS,
    calendar_edges,
    even_edges,
    finest_calendar_edges,
    phase_edges,
    window_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.results import DynamicsVerdict
    from netact.schemas import Kind

    Codes = NDArray[np.int64]
    Numbers = NDArray[np.float64]

MOST_WINDOWS = 60
MOST_TRACKED = 12  # windows in which groups are looked for: they need more ties than the top does
TIES_AN_ACCOUNT = 5  # interactions an account that a window of these holds
FEWEST_PAIRS = 4  # pairs of consecutive usable windows below which nothing is said of the top
USABLE_SHARE = 0.9  # share of all interactions that the usable windows of a chosen length hold
RANKED = 50  # depth of the ranking that is compared
PERSISTENCE = 0.9  # parameter of the rank-biased overlap
STABLE_OVERLAP = 0.5  # a stable top: this overlap of all pairs of windows, or ...
STABLE_RATIO = 0.9  # ... this share of what constant popularity gives, if that is known to ...
STABLE_PRECISION = 0.8  # ... this share of its mean
ROTATING_OVERLAP = 0.2  # a rotating top: less overlap of neighbours than this, and ...
ROTATING_RATIO = 0.5  # ... less than this share of what constant popularity gives
FEWEST_DAYS = 5  # days among which a moment can be moved
FEWEST_REACTIONS = 5
FEWEST_ACTS = 10
QUICK = 0.1  # quantile of an account's own waiting times below which a reaction is called too quick
MATCH = 1.5  # accounts are heard as much as one another within this factor
GRID = 193  # moments at which the curve of reactions is drawn: every quarter of an hour of two days
_SHOWN_ACCOUNTS = 12
_SHOWN_RANK = 5
_POOL = 1000  # accounts by attention in all, beside those at the top of a window, that can come to the top by chance
_HOUR = 3_600_000_000

DRAWN_ANEW = Message("the top accounts of each window drawn anew from all that are heard in it")
CONSTANT = Message("constant popularity: the same attention, with the windows of posts and of pairs dealt out anew")
ANY_ORDER = Message("the same windows in random order")
HEARD_AS_MUCH = Message("other accounts that are heard as much in all")
OTHER_DAYS = Message("the same times of day on days drawn at random")

_OVERLAP = Message("Jaccard index")
_RANK_OVERLAP = Message("rank-biased overlap")
_CHANGES = Message("changes of the first place")
_SHARE_OF_WINDOWS = Message("share of windows")
_HOURS = Message("hours")
_SHARE_OF_REACTIONS = Message("share of reactions")
_INDEX = Message("index")

_TIME = pl.Datetime("us", "UTC")
_WINDOWS = pl.Schema(
    {
        "window": pl.Int64(),
        "start": _TIME,
        "end": _TIME,
        "interactions": pl.Int64(),
        "receivers": pl.Int64(),
        "status": pl.String(),
        "top": pl.Int64(),
        "tied_at_cut": pl.Int64(),
        "overlap": pl.Float64(),
        "rank_overlap": pl.Float64(),
        "cumulative_overlap": pl.Float64(),
        "chance_low": pl.Float64(),
        "chance_high": pl.Float64(),
        "constant_low": pl.Float64(),
        "constant_high": pl.Float64(),
        "lead": pl.String(),
        "lead_share": pl.Float64(),
        "core_share": pl.Float64(),
    }
)
_RANKS = pl.Schema({"window": pl.Int64(), "account": pl.String(), "rank": pl.Int64(), "share": pl.Float64()})
_AT_TOP = pl.Schema({"account": pl.String(), "windows": pl.Int64(), "longest": pl.Int64()})
_REIGNS = pl.Schema({"account": pl.String(), "start": _TIME, "end": _TIME, "windows": pl.Int64()})
_HAND_OVERS = pl.Schema({"source": pl.String(), "target": pl.String(), "count": pl.Int64()})
_REACTIONS = pl.Schema(
    {"trigger": pl.String(), "time": _TIME, "account": pl.String(), "hours": pl.Float64(), "ended": pl.Boolean()}
)
_CURVE = pl.Schema(
    {
        "hours": pl.Float64(),
        "survival": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "null_low": pl.Float64(),
        "null_high": pl.Float64(),
    }
)
_BURSTS = pl.Schema(
    {
        "account": pl.String(),
        "acts": pl.Int64(),
        "burstiness": pl.Float64(),
        "corrected": pl.Float64(),
        "memory": pl.Float64(),
        "without_rhythm": pl.Float64(),
        "null_low": pl.Float64(),
        "null_high": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
    }
)
_SENSITIVITY = pl.Schema(
    {
        "length": pl.String(),
        "hours": pl.Float64(),
        "windows": pl.Int64(),
        "overlap": pl.Float64(),
        "chance_mean": pl.Float64(),
        "p_value": pl.Float64(),
        "whole": pl.Float64(),
        "constant_mean": pl.Float64(),
        "constant_p": pl.Float64(),
        "verdict": pl.String(),
    }
)


# What each parameter may be.
RANGES = {
    "window": Range(words=(*(name for name, *_rest in STEPS), PHASE)),
    "window_events": Range(1),
    "top": Range(1),
    "reaction_hours": Range(above=0, below=876_000),
    "draws": Range(0),
    "group_draws": Range(0),
}


def dynamics(
    network: Network,
    *,
    kind: Kind | None = None,
    core: Sequence[str] | None = None,
    window: str | None = None,
    window_events: int = 200,
    top: int = 20,
    reaction_hours: float = 48.0,
    draws: int = 199,
    group_draws: int = 59,
    seed: int,
) -> Dynamics:
    """Say whether the same accounts stay at the top, how soon the core reacts to events, and who takes over from whom.

    Attention is in-strength: the summed weight of ties an account receives, window by window. Interactions without a
    time are left out. Where ties have no direction both accounts receive, and the interaction counts once.

    *Windows* are of one calendar length: the finest one whose windows of at least ``window_events`` interactions hold
    90 % of all, in at most 60 windows; or the length that was asked for. Where all weights are whole numbers a tie
    counts as often as it weighs. A window with fewer interactions, or with no more than ``top`` accounts heard, is no
    zero: it has the status ``insufficient_data``, and its neighbours are compared with each other. ``window="phase"``
    takes every distinct time for a window of its own.

    *Turnover.* The top of a window are the ``top`` accounts heard most; accounts tied at the cut are left out, as
    nothing but their names would decide between them. ``overlap`` is the mean Jaccard index of consecutive windows. It is
    compared with accounts drawn anew in each window from all that are heard in it: does anybody stay at all? The
    overlap of all pairs of windows, ``constancy``, is compared with constant popularity, in which every account keeps
    all its attention but the windows of posts (else of what a pair of accounts did in one window) are dealt out anew: does more
    change than counting noise? The
    rank-biased overlap of the first 50 (p = .9) is compared with the first. Cumulated rankings are shown apart and not tested: they
    hardly can change.

    *Verdict.* ``rotating``: neighbours overlap by less than .2 and by less than half of what constant popularity gives, and
    all pairs by less than it gives (p < .05): so persistence would have shown; and the first place changed at least once.
    ``stable_lead``: neighbours overlap beyond
    chance (p < .05), and all pairs by .5 or more, or by nine tenths of what constant popularity gives, where that is
    known well enough. ``shifting_lead``: neighbours overlap beyond chance, but all pairs less than constant popularity
    gives (p < .05). Where windows of half or of double length find a stable top and others a changing one, it is
    ``undetermined``, as with fewer than four pairs of windows.

    *First place.* Reigns are unbroken runs of windows with the same account heard most; the number of changes is compared with
    the same windows in random order. The survival of membership in the top counts windows from an account's first to
    its last in a row (Kaplan-Meier); who is still there in the last window is censored, who was there in the first
    counts from it.

    *Reactions.* From each trigger to the first act (post, share or interaction given) of an account of the core, or of
    the 20 accounts heard most where no core is known; censored at ``reaction_hours`` and at the end of the data.
    Compared with the same times of day on days drawn at random, which keeps everybody's daily rhythm. A reaction is
    *too quick* if it is quicker than nine in ten waits of the same account from that time of day. The wait at a
    hand-over is from the last act of the account that was first to the next act of the one that follows it, compared
    in the same way. An association in time only: an account may react to something else.

    *Burstiness* of these accounts' acts, corrected for their number, with the daily rhythm of all accounts taken out;
    compared with acts that keep their time of day and move to a random day.

    *Passing on.* From whom a post was passed on cannot be seen; four rules of attribution give a range
    (:mod:`netact.cascades`). Needs who follows whom.

    *Earlier activism.* Whether members of the core were active, and tied both ways, in earlier events, against accounts
    that are as active (and as old) today (:mod:`netact.earlier_activism`). Needs data of earlier events.

    *Splits.* Groups of successive windows are joined into strands; a split or merger counts if it lasts, beyond what the same
    acts at other times give (:mod:`netact.faction_tracking`). In 3 to 12 windows of equal length with five
    interactions an account, unless a length was asked for.

    Parameters
    ----------
    network
        Needs times. Triggers are ``network.triggers``.
    kind
        Kind of tie that is attention; None takes the network's attention kind.
    core
        Account keys of the leading core; None if there is none or it was not looked for.
    window
        Calendar step (see :data:`netact.windows.STEPS`), ``"phase"``, or None to choose.
    window_events
        Fewest interactions of a window.
    top
        Accounts that are the top of a window.
    reaction_hours
        Longest wait that counts as a reaction.
    draws
        Draws of each null model; 0 leaves the comparisons out.
    group_draws
        Draws for splits and mergers of groups, which take longest; 0 does not follow groups.
    seed
        Everything random follows from it.

    Raises
    ------
    MeasureError
        If a parameter is too small or the window is not known.
    SchemaError
        If ``kind`` is not a kind of tie.

    References
    ----------
    Webber, Moffat & Zobel 2010, https://doi.org/10.1145/1852102.1852106; Kim & Jo 2016,
    https://doi.org/10.1103/PhysRevE.94.032311; Goh & Barabasi 2008, https://doi.org/10.1209/0295-5075/81/48002; Kaplan
    & Meier 1958, https://doi.org/10.1080/01621459.1958.10501452.
    """
    check_ranges("dynamics", RANGES, locals())
    kind = kind or network.attention_kind
    network.ties(kind)
    attention = _attention(network, kind)
    if attention is None:
        why = (
            Message(
                "the ties of kind {kind} have no times: a column with the time of each would answer it",
                kind=KIND_NAMES[kind],
            )
            if network.rows(kind).height
            else Message("there are no ties of kind {kind}", kind=KIND_NAMES[kind])
        )
        # What members did before needs no times of today.
        past = earlier_activism(network, core, draws=draws, seed=seed) if network.earlier.height else None
        return replace(_nothing(kind, why), earlier=past)
    warnings: list[str] = []
    if attention.missing:
        warnings.append(
            Message.counting(
                "{n:count} interaction has no time and is left out.",
                "{n:count} interactions have no time and are left out.",
                attention.missing,
            )
        )
    step, edges = _windows(attention, window, window_events)
    turnover = _turnover(attention, edges, top=top, fewest=window_events, draws=draws, seed=seed)
    members = _codes(network, core)
    people = members if len(members) else _most_heard(network, kind)
    acts = _acts(network)

    indices = _turnover_indices(turnover, draws=draws, seed=seed)
    indices["core_presence"] = _core_presence(network, kind, turnover, members, draws=draws, seed=seed)
    sensitivity, verdicts = _sensitivity(
        attention, edges, step, turnover, top=top, fewest=window_events, draws=draws, seed=seed
    )
    criteria, verdict, reason = _verdict(indices, turnover, verdicts, fewest=window_events, top=top)
    reigns, changes = _reigns(network, turnover, acts)
    reactions, curve, reacted = _reactions(
        network, people, acts, reaction_hours=reaction_hours, draws=draws, seed=seed, warnings=warnings
    )
    indices |= reacted
    indices["hand_over_hours"] = _hand_over_wait(changes, acts, limit=reaction_hours, draws=draws, seed=seed)
    bursts, indices["burstiness"] = _bursts(network, people, acts, draws=draws, seed=seed)
    known_turn = indices["overlap"].value is not None
    return Dynamics(
        status="ok" if known_turn or reacted["reaction_hours"].value is not None else "insufficient_data",
        reason=reason,
        kind=kind,
        verdict=verdict,
        criteria=criteria,
        indices=indices,
        step=step,
        windows=_window_table(network, attention, turnover, members),
        ranks=_ranks(network, turnover),
        at_top=_at_top(network, turnover),
        reigns=reigns,
        hand_overs=_hand_overs(reigns),
        membership=_membership(turnover),
        reactions=reactions,
        reaction_curve=curve,
        bursts=bursts,
        sensitivity=sensitivity,
        cascades=cascades(network, seed=seed),
        earlier=earlier_activism(network, core, draws=draws, seed=seed),
        tracking=None
        if not group_draws
        else faction_tracking(
            network,
            edges if window is not None else _tracked_edges(attention),
            kind=kind,
            members=core,
            min_events=window_events,
            runs=1,
            draws=group_draws,
            seed=seed,
        ),
        warnings=tuple(warnings),
    )


def _nothing(kind: Kind, reason: str) -> Dynamics:
    return Dynamics(
        status="insufficient_data",
        reason=reason,
        kind=kind,
        verdict="undetermined",
        criteria=(),
        indices={name: undefined(unit, reason, status="insufficient_data") for name, unit in _units().items()},
        step="",
        windows=pl.DataFrame(schema=_WINDOWS),
        ranks=pl.DataFrame(schema=_RANKS),
        at_top=pl.DataFrame(schema=_AT_TOP),
        reigns=pl.DataFrame(schema=_REIGNS),
        hand_overs=pl.DataFrame(schema=_HAND_OVERS),
        membership=pl.DataFrame(schema=SURVIVAL),
        reactions=pl.DataFrame(schema=_REACTIONS),
        reaction_curve=pl.DataFrame(schema=_CURVE),
        bursts=pl.DataFrame(schema=_BURSTS),
        sensitivity=pl.DataFrame(schema=_SENSITIVITY),
    )


def _units() -> dict[str, str]:
    return {
        "overlap": _OVERLAP,
        "constancy": _OVERLAP,
        "rank_overlap": _RANK_OVERLAP,
        "cumulative_overlap": _OVERLAP,
        "lead_changes": _CHANGES,
        "core_presence": _SHARE_OF_WINDOWS,
        "reaction_hours": _HOURS,
        "too_quick": _SHARE_OF_REACTIONS,
        "hand_over_hours": _HOURS,
        "burstiness": _INDEX,
    }


# ---------------------------------------------------------------------- attention and windows


def _tracked_edges(attention: _Attention) -> pl.Series:
    """Return 3 to 12 windows of equal length: as many as leave five interactions an account in a window."""
    present = len(np.unique(np.concatenate([attention.source, attention.target])))
    count = int(min(MOST_TRACKED, max(3, attention.events.sum() // (TIES_AN_ACCOUNT * present))))
    first, last = int(attention.time.min()), int(attention.time.max()) + 1
    made = np.linspace(first, last, count + 1).astype(np.int64)
    return pl.Series(made, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


@dataclass(frozen=True, eq=False)
class _Attention:
    """Interactions with a time: one entry a row of the table, those held twice included."""

    n_accounts: int
    time: Codes  # microseconds
    source: Codes
    target: Codes
    weight: Numbers
    events: Numbers  # how many interactions a row stands for; 0 for the second of two rows of one
    post: Codes  # number of the post passed on, -1 if not known
    missing: int  # interactions without a time
    moments: pl.Series


def _attention(network: Network, kind: Kind) -> _Attention | None:
    rows = network.rows(kind)
    timed = rows.filter(pl.col("time").is_not_null())
    if not timed.height:
        return None
    directed = network.has_direction(kind)
    source, target = (timed[name].to_numpy().astype(np.int64) for name in ("source", "target"))
    weight = timed["weight"].to_numpy()
    once = np.ones(len(source)) if directed else (source < target).astype(float)
    whole = bool(np.all(weight == np.round(weight)))
    post = timed["ref_post_id"].rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    if np.all(post < 0):
        found, what = clusters(timed, directed=directed)
        if what == "post":
            post = found
    missing = rows.height - timed.height
    return _Attention(
        network.n_accounts,
        timed["time"].to_physical().to_numpy().astype(np.int64),
        source,
        target,
        weight,
        once * weight if whole else once,
        post,
        missing if directed else missing // 2,
        timed["time"],
    )


def _windows(attention: _Attention, asked: str | None, fewest: int) -> tuple[str, pl.Series]:
    """Return the length of a window and the edges: as asked, else the finest whose usable windows hold nearly all."""
    time = attention.moments
    if asked == PHASE:
        return asked, phase_edges(time)
    if asked is not None:
        edges = calendar_edges(time, asked, most=100 * MOST_WINDOWS)
        if edges is None:
            raise MeasureError(
                "dynamics.window",
                f"too many windows of one {asked}",
                remedy="name a longer step, or none to let it be chosen",
            )
        return asked, edges
    total = attention.events.sum()
    best: tuple[int, str, pl.Series] | None = None
    for step, *_rest in STEPS:
        edges = calendar_edges(time, step, most=MOST_WINDOWS)
        if edges is None:
            continue
        counted = np.bincount(window_of(attention.time, edges), weights=attention.events)
        usable = counted >= fewest
        if counted[usable].sum() >= USABLE_SHARE * total and np.count_nonzero(usable) > FEWEST_PAIRS:
            return step, edges
        # Otherwise the length that leaves most windows to compare; the finest of equals.
        if best is None or np.count_nonzero(usable) > best[0]:
            best = (int(np.count_nonzero(usable)), step, edges)
    if best is None:
        return finest_calendar_edges(time, MOST_WINDOWS)
    return best[1], best[2]


@dataclass(frozen=True, eq=False)
class _Turnover:
    """Who is heard in each window; ``chance`` and ``constant`` are overlaps of pairs by chance, one row a draw."""

    edges: pl.Series
    events: Numbers
    heard: tuple[Codes, ...]  # accounts heard in each window
    amount: tuple[Numbers, ...]
    tops: tuple[Codes, ...]
    tied: Codes
    usable: Codes  # windows that can be compared
    overlap: Numbers  # of each pair of usable windows
    whole: float | None  # mean overlap of all pairs of windows, neighbours or not
    chance: Numbers
    constant: Numbers
    constant_whole: Numbers


def _turnover(attention: _Attention, edges: pl.Series, *, top: int, fewest: int, draws: int, seed: int) -> _Turnover:
    window = window_of(attention.time, edges)
    count = len(edges) - 1
    events = np.bincount(window, weights=attention.events, minlength=count).astype(np.float64)
    heard, amount = _received(window, attention.target, attention.weight, count)
    tops, tied = [], []
    for accounts, amounts in zip(heard, amount, strict=True):
        at, equal = _top(amounts, top)
        tops.append(accounts[at])
        tied.append(equal)
    usable = np.array(
        [w for w in range(count) if events[w] >= fewest and len(heard[w]) > top and len(tops[w]) >= max(1, top // 2)],
        dtype=np.int64,
    )
    pairs = list(pairwise(usable.tolist()))
    overlap = np.array([_jaccard(tops[a], tops[b]) for a, b in pairs])
    return _Turnover(
        edges,
        events,
        heard,
        amount,
        tuple(tops),
        np.array(tied, dtype=np.int64),
        usable,
        overlap,
        _of_all_pairs([tops[w] for w in usable.tolist()]),
        _drawn_anew(heard, tops, pairs, draws=draws, seed=seed),
        *_constant_popularity(attention, window, heard, amount, usable, top=top, draws=draws, seed=seed),
    )


def _received(
    window: Codes, target: Codes, weight: Numbers, count: int
) -> tuple[tuple[Codes, ...], tuple[Numbers, ...]]:
    """Return, per window, the accounts heard in it, ascending, and how much attention each received."""
    order = _sorted_by(window, target)
    by_window, by_target = window[order], target[order]
    change = np.flatnonzero((by_window[1:] != by_window[:-1]) | (by_target[1:] != by_target[:-1])) + 1
    start = np.concatenate([[0], change])
    summed = np.add.reduceat(weight[order], start)
    bounds = np.searchsorted(by_window[start], np.arange(count + 1))
    accounts = by_target[start]
    parts = list(pairwise(bounds.tolist()))
    return tuple(accounts[a:b] for a, b in parts), tuple(summed[a:b] for a, b in parts)


def _sorted_by(first: Codes, second: Codes) -> Codes:
    """Return the rows in the order of ``first``, then ``second``, then as they are; counted, not compared."""
    order = _counted_order(second)
    return order[_counted_order(first[order])]


def _counted_order(value: Codes) -> Codes:
    """Return the rows in the order of whole numbers from 0, equal ones as they are."""
    count = len(value)
    shape = (count, int(value.max(initial=-1)) + 1)
    # A matrix with one entry a row, turned round, lists the rows of each column in their order.
    entries = sparse.csr_array((np.zeros(count, dtype=np.int8), value, np.arange(count + 1)), shape=shape)
    return np.asarray(entries.tocsc().indices, dtype=np.int64)


def _top(amount: Numbers, top: int) -> tuple[Codes, int]:
    """Return the places of the ``top`` greatest amounts above the cut, and how many are tied at the cut."""
    if len(amount) <= top:
        return np.arange(len(amount)), 0
    ranked = np.partition(amount, len(amount) - top - 1)
    cut = ranked[len(amount) - top - 1]
    above = np.flatnonzero(amount > cut)
    return above, int(np.count_nonzero(amount == cut)) if len(above) < top else 0


def _jaccard(first: Codes, second: Codes) -> float:
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common / max(1, len(first) + len(second) - common)


def _of_all_pairs(tops: Sequence[Codes]) -> float | None:
    """Return the mean overlap of all pairs of windows; None with fewer than two."""
    if len(tops) < 2:
        return None
    members, place = np.unique(np.concatenate(tops), return_inverse=True)
    chosen = np.zeros((len(tops), len(members)), dtype=bool)
    chosen[np.repeat(np.arange(len(tops)), [len(top) for top in tops]), place] = True
    return _mean_overlap(chosen)


def _mean_overlap(chosen: NDArray[np.bool_]) -> float:
    """Return the mean Jaccard index of all pairs of rows."""
    ever = chosen[:, chosen.any(axis=0)].astype(np.float32)
    common = ever @ ever.T
    size = np.diag(common)
    either = np.maximum(size[:, None] + size[None, :] - common, 1)
    return float((common / either)[np.triu_indices(len(chosen), 1)].mean())


def _drawn_anew(
    heard: Sequence[Codes], tops: Sequence[Codes], pairs: Sequence[tuple[int, int]], *, draws: int, seed: int
) -> Numbers:
    """Return the overlaps if the top of each window were any of the accounts heard in it."""
    random = generator(seed, "dynamics", "drawn anew")
    made = np.zeros((draws, len(pairs)))
    for at, (a, b) in enumerate(pairs):
        both = len(np.intersect1d(heard[a], heard[b], assume_unique=True))
        k, j = len(tops[a]), len(tops[b])
        # Of the top before, as many are heard again; of these, as many are drawn.
        again = random.hypergeometric(both, len(heard[a]) - both, k, size=draws)
        common = random.hypergeometric(again, len(heard[b]) - again, j)
        made[:, at] = common / (k + j - common)
    return made


def _constant_popularity(
    attention: _Attention,
    window: Codes,
    heard: Sequence[Codes],
    amount: Sequence[Numbers],
    usable: Codes,
    *,
    top: int,
    draws: int,
    seed: int,
) -> tuple[Numbers, Numbers]:
    """Return the overlaps if the windows of posts, else of what a pair did in one window, are dealt out anew.

    Those of neighbours, one row a draw, and the mean of all pairs of windows.
    """
    if len(usable) < 2 or not draws:
        return np.zeros((0, max(0, len(usable) - 1))), np.zeros(0)
    number = np.full(len(heard), -1, dtype=np.int64)
    number[usable] = np.arange(len(usable))
    inside = number[window] >= 0
    at = number[window[inside]]
    target, weight, post = attention.target[inside], attention.weight[inside], attention.post[inside]
    n = attention.n_accounts
    pair = (attention.source[inside] * n + target) * len(usable) + at
    low = np.minimum(attention.source[inside], target) * n + np.maximum(attention.source[inside], target)
    pair = low * len(usable) + at  # both rows of a tie without direction move together
    known = post >= 0
    group = np.where(known, post, pair + (int(post.max()) + 1 if known.any() else 0))
    _, group = np.unique(group, return_inverse=True)
    first = np.full(int(group.max()) + 1, len(usable), dtype=np.int64)
    np.minimum.at(first, group, at)
    later = at - first[group]
    # Only accounts that can come to the top are followed.
    total = np.bincount(target, weights=weight, minlength=n)
    followed = np.zeros(n, dtype=bool)
    followed[np.lexsort((np.arange(n), -total))[:_POOL]] = True
    for w in usable.tolist():
        most = np.lexsort((heard[w], -amount[w]))[: 2 * top]
        followed[heard[w][most]] = True
    place = np.cumsum(followed) - 1
    width = int(followed.sum())
    keep = followed[target]
    column, group, later, weight = place[target[keep]], group[keep], later[keep], weight[keep]
    random = generator(seed, "dynamics", "constant popularity")
    made, whole = np.zeros((draws, len(usable) - 1)), np.zeros(draws)
    count, size = len(usable), len(usable) * width
    # Numbers of windows in few bytes: dealing them out is a walk through memory in random order.
    small = np.min_scalar_type(2 * count)
    first, later = first.astype(small), later.astype(small)
    for draw in range(draws):
        at = random.permutation(first)[group] + later
        at -= (at >= count) * small.type(count)
        cell = at.astype(np.int64) * width + column
        table = np.bincount(cell, weights=weight, minlength=size).reshape(count, width)
        if width > top:
            cut = np.partition(table, width - top - 1, axis=1)[:, [width - top - 1]]
            chosen = table > cut
        else:
            chosen = table > 0
        # As in the data, a window whose top is mostly tied at the cut is compared with none.
        told = chosen.sum(axis=1) >= max(1, top // 2)
        common = (chosen[1:] & chosen[:-1]).sum(axis=1)
        either = (chosen[1:] | chosen[:-1]).sum(axis=1)
        made[draw] = np.where(told[1:] & told[:-1], common / np.maximum(either, 1), np.nan)
        whole[draw] = _mean_overlap(chosen[told]) if np.count_nonzero(told) > 1 else np.nan
    return made, whole


def _turnover_indices(turnover: _Turnover, *, draws: int, seed: int) -> dict[str, Estimate]:
    """Return the estimates of the top and its order."""
    pairs = list(pairwise(turnover.usable.tolist()))
    if not pairs:
        few = Message("fewer than two windows have enough interactions")
        names = ("overlap", "constancy", "rank_overlap", "cumulative_overlap", "lead_changes")
        return {name: undefined(_units()[name], few, status="insufficient_data") for name in names}
    value = float(turnover.overlap.mean())
    made = {
        "overlap": against_null(value, turnover.chance.mean(axis=1), unit=_OVERLAP, null_model=DRAWN_ANEW),
        "constancy": against_null(
            turnover.whole, turnover.constant_whole, unit=_OVERLAP, null_model=CONSTANT, tail="less"
        ),
    }
    ranked = _ranked(turnover, seed=seed)
    agree = [rank_biased_overlap(ranked[a], ranked[b], p=PERSISTENCE) or 0.0 for a, b in pairs]
    random = generator(seed, "dynamics", "ranks drawn anew")
    null = np.zeros(draws)
    for draw in range(draws):
        drawn = {
            w: turnover.heard[w][random.choice(len(turnover.heard[w]), size=len(ranked[w]), replace=False)].tolist()
            for w in turnover.usable.tolist()
        }
        null[draw] = np.mean([rank_biased_overlap(drawn[a], drawn[b], p=PERSISTENCE) or 0.0 for a, b in pairs])
    made["rank_overlap"] = against_null(float(np.mean(agree)), null, unit=_RANK_OVERLAP, null_model=DRAWN_ANEW)
    cumulated = [x for x in _cumulative_overlap(turnover) if x is not None]
    made["cumulative_overlap"] = Estimate(float(np.mean(cumulated)), _OVERLAP)
    made["lead_changes"] = _lead_changes(turnover, draws=draws, seed=seed)
    return made


def _ranked(turnover: _Turnover, *, seed: int) -> dict[int, list[int]]:
    """Return the first 50 of each usable window; equal amounts in random order, those tied at the cut left out."""
    random = generator(seed, "dynamics", "ties")
    made: dict[int, list[int]] = {}
    for w in turnover.usable.tolist():
        amount = turnover.amount[w]
        above, _equal = _top(amount, RANKED)
        if not len(above):
            above = np.arange(len(amount))
        order = np.lexsort((random.random(len(above)), -amount[above]))
        made[w] = turnover.heard[w][above[order]].tolist()
    return made


def _cumulative_overlap(turnover: _Turnover) -> list[float | None]:
    """Return, per pair of usable windows, the overlap of the top of all attention up to each of them."""
    n = 1 + max((int(h[-1]) for h in turnover.heard if len(h)), default=0)
    total = np.zeros(n)
    size = max((len(turnover.tops[w]) for w in turnover.usable.tolist()), default=1)
    before: Codes | None = None
    found: list[float | None] = []
    for w in range(len(turnover.heard)):
        total[turnover.heard[w]] += turnover.amount[w]
        if w not in turnover.usable:
            continue
        now, _equal = _top(total, size)
        now = now[total[now] > 0]
        if before is not None:
            found.append(_jaccard(before, now))
        before = now
    return found


# ---------------------------------------------------------------------- the first place


def _leads(turnover: _Turnover) -> list[tuple[int, int]]:
    """Return the usable windows in which one account is heard most, and who."""
    found = []
    for w in turnover.usable.tolist():
        amount = turnover.amount[w]
        first = np.flatnonzero(amount == amount.max())
        if len(first) == 1:
            found.append((w, int(turnover.heard[w][first[0]])))
    return found


def _lead_changes(turnover: _Turnover, *, draws: int, seed: int) -> Estimate:
    lead = np.array([account for _w, account in _leads(turnover)], dtype=np.int64)
    if len(lead) <= FEWEST_PAIRS:
        few = Message("fewer than {n:count} windows have one account that is heard most", n=FEWEST_PAIRS + 1)
        return undefined(_CHANGES, few, status="insufficient_data")
    random = generator(seed, "dynamics", "order of windows")
    null = np.array([np.count_nonzero(np.diff(random.permutation(lead))) for _draw in range(draws)], dtype=float)
    return against_null(float(np.count_nonzero(np.diff(lead))), null, unit=_CHANGES, null_model=ANY_ORDER, tail="less")


@dataclass(frozen=True, eq=False)
class _Change:
    """The first place goes from one account to another; ``last`` is the last act of the one that was first."""

    source: int
    target: int
    last: int | None


def _reigns(network: Network, turnover: _Turnover, acts: _Acts) -> tuple[pl.DataFrame, list[_Change]]:
    """Return the unbroken runs of windows with the same account heard most, and the changes between them."""
    runs: list[tuple[int, int, int, int]] = []  # account, first window, last window, windows
    for w, account in _leads(turnover):
        if runs and runs[-1][0] == account:
            runs[-1] = (account, runs[-1][1], w, runs[-1][3] + 1)
        else:
            runs.append((account, w, w, 1))
    edges = turnover.edges
    moments = edges.to_physical().to_numpy()
    changes = []
    for (source, first, last, _n), (target, *_rest) in pairwise(runs):
        own = acts.of(source)
        inside = own[(own >= moments[first]) & (own < moments[last + 1])]
        changes.append(_Change(source, target, int(inside[-1]) if len(inside) else None))
    keys = network.accounts["key"]
    table = pl.DataFrame(
        {
            "account": [keys[account] for account, *_rest in runs],
            "start": [edges[first] for _a, first, _l, _n in runs],
            "end": [edges[last + 1] for _a, _f, last, _n in runs],
            "windows": [n for *_rest, n in runs],
        },
        schema=_REIGNS,
    )
    return table, changes


def _hand_overs(reigns: pl.DataFrame) -> pl.DataFrame:
    accounts = reigns["account"].to_list()
    pairs = pl.DataFrame(list(pairwise(accounts)), schema={"source": pl.String, "target": pl.String}, orient="row")
    counted = pairs.group_by("source", "target").agg(count=pl.len().cast(pl.Int64))
    return counted.sort(["count", "source", "target"], descending=[True, False, False]).select(list(_HAND_OVERS))


def _membership(turnover: _Turnover) -> pl.DataFrame:
    """Return how long accounts stay in the top, in windows; those in the last window may stay longer."""
    usable = turnover.usable.tolist()
    begun: dict[int, int] = {}
    lengths: list[int] = []
    ended: list[bool] = []
    for number, w in enumerate(usable):
        here = set(turnover.tops[w].tolist())
        for account in sorted(set(begun) - here):
            lengths.append(number - begun.pop(account))
            ended.append(True)
        for account in here - set(begun):
            begun[account] = number
    for account in sorted(begun):
        lengths.append(len(usable) - begun[account])
        ended.append(False)
    return kaplan_meier(lengths, ended)


# ---------------------------------------------------------------------- the core


def _codes(network: Network, core: Sequence[str] | None) -> Codes:
    if not core:
        return np.empty(0, dtype=np.int64)
    keys = pl.DataFrame({"key": network.accounts["key"]}).with_row_index("code")
    return np.sort(keys.filter(pl.col("key").is_in(list(core)))["code"].to_numpy().astype(np.int64))


def _most_heard(network: Network, kind: Kind, most: int = 20) -> Codes:
    strength = network.ties(kind).in_strength
    order = np.lexsort((np.arange(len(strength)), -strength))[:most]
    return np.sort(order[strength[order] > 0]).astype(np.int64)


def _core_presence(
    network: Network, kind: Kind, turnover: _Turnover, members: Codes, *, draws: int, seed: int
) -> Estimate:
    """Return in how many windows the members are at the top, beside accounts that are heard as much in all."""
    if not len(members):
        return undefined(_SHARE_OF_WINDOWS, Message("no leading core is known"), status="insufficient_data")
    if len(turnover.usable) <= FEWEST_PAIRS:
        few = Message("fewer than {n:count} windows have enough interactions", n=FEWEST_PAIRS + 1)
        return undefined(_SHARE_OF_WINDOWS, few, status="insufficient_data")
    strength = network.ties(kind).in_strength
    times = np.zeros(network.n_accounts)
    for w in turnover.usable.tolist():
        times[turnover.tops[w]] += 1 / len(turnover.usable)
    other = np.ones(network.n_accounts, dtype=bool)
    other[members] = False
    outside = np.flatnonzero(other & (strength > 0))
    pools = []
    for member in members.tolist():
        ratio = strength[outside] / max(strength[member], 1e-300)
        pools.append(outside[(ratio <= MATCH) & (ratio >= 1 / MATCH)])
    matched = [i for i, pool in enumerate(pools) if len(pool) >= 3]
    value = float(times[members].mean())
    if 2 * len(matched) < len(members) or not draws:
        return Estimate(value, _SHARE_OF_WINDOWS, coverage=len(matched) / len(members))
    random = generator(seed, "dynamics", "heard as much")
    null = np.array([[times[random.choice(pools[i])] for i in matched] for _draw in range(draws)]).mean(axis=1)
    return against_null(
        float(times[members[matched]].mean()),
        null,
        unit=_SHARE_OF_WINDOWS,
        null_model=HEARD_AS_MUCH,
        coverage=len(matched) / len(members),
    )


# ---------------------------------------------------------------------- reactions


@dataclass(frozen=True, eq=False)
class _Acts:
    """When accounts acted: wrote a post, shared something, or gave attention; by account, then time, each moment once."""

    account: Codes
    time: Codes

    def __len__(self) -> int:
        return len(self.time)

    def of(self, account: int) -> Codes:
        """Return when one account acted, ascending."""
        low, high = np.searchsorted(self.account, [account, account + 1])
        return self.time[low:high]

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last moment at which anybody acted."""
        return int(self.time.min()), int(self.time.max())


def _acts(network: Network) -> _Acts:
    """Return when each account acted."""
    parts = [network.posts.select("account", "time"), network.shares.select("account", "time")]
    if network.directed:
        stated = network.interactions.filter(pl.col("quality").ne_missing("derived"))
        parts.append(stated.select(account="source", time="time"))
    rows = pl.concat(parts).drop_nulls()
    account, time = rows["account"].to_numpy().astype(np.int64), rows["time"].to_physical().to_numpy().astype(np.int64)
    order = np.argsort(time, kind="stable")  # nearly sorted already: exports are in the order of time
    order = order[_counted_order(account[order])]
    account, time = account[order], time[order]
    new = np.ones(len(time), dtype=bool)
    new[1:] = (account[1:] != account[:-1]) | (time[1:] != time[:-1])
    return _Acts(account[new], time[new])


def _waits(moments: Codes, acts: Codes, *, end: int, limit: float) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the hours from each moment to the next act, and whether it came before the limit and the end of the data."""
    longest = np.minimum((end - moments) / _HOUR, limit)
    at = np.searchsorted(acts, moments, side="right")
    found = at < len(acts)
    waited = np.full(len(moments), np.inf)
    waited[found] = (acts[at[found]] - moments[found]) / _HOUR
    ended = waited <= longest
    return np.where(ended, waited, np.maximum(longest, 0.0)), ended


def _same_time_of_day(moment: int, first: int, last: int) -> Codes:
    """Return the moment moved by whole days to every day between two moments."""
    back = (moment - first) // MICROSECONDS_A_DAY
    forth = (last - moment) // MICROSECONDS_A_DAY
    return moment + MICROSECONDS_A_DAY * np.arange(-back, forth + 1, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Waiting:
    """Waits from some moments to an act, and what the same times of day on other days give."""

    hours: Numbers
    ended: NDArray[np.bool_]
    estimate: Estimate
    null_curves: Numbers  # one row a draw, on the grid


def _waiting(
    moments: Codes,
    acts: Sequence[Codes],
    *,
    first: int,
    last: int,
    limit: float,
    grid: Numbers,
    draws: int,
    seed: int,
    purpose: str,
) -> _Waiting:
    """Compare the waits from each moment to the next act in its own series with those from other days.

    Each moment is moved by itself, and everybody's acts stay: so accounts that act together still do.
    """
    others = [_same_time_of_day(int(moment), first, last) for moment in moments]
    hours, ended = np.zeros(len(moments)), np.zeros(len(moments), dtype=bool)
    elsewhere = []
    for i, moment in enumerate(moments):
        one, over = _waits(np.array([moment]), acts[i], end=last, limit=limit)
        hours[i], ended[i] = one[0], over[0]
        elsewhere.append(_waits(others[i], acts[i], end=last, limit=limit))
    value = restricted_mean(kaplan_meier(hours, ended), limit)
    days = min(len(other) for other in others)
    if days < FEWEST_DAYS or not draws:
        why = Estimate(value, _HOURS) if value is not None else undefined(_HOURS, Message("there are no moments"))
        return _Waiting(hours, ended, why, np.zeros((0, len(grid))))
    random = generator(seed, "dynamics", purpose)
    null, curves = np.zeros(draws), np.zeros((draws, len(grid)))
    for draw in range(draws):
        pick = [int(random.integers(len(other))) for other in others]
        curve = kaplan_meier(
            [elsewhere[i][0][p] for i, p in enumerate(pick)], [elsewhere[i][1][p] for i, p in enumerate(pick)]
        )
        null[draw] = restricted_mean(curve, limit) or 0.0
        curves[draw] = survival_at(curve, grid)
    found = against_null(value, null, unit=_HOURS, null_model=OTHER_DAYS, tail="less")
    return _Waiting(hours, ended, found, curves)


def _reactions(
    network: Network,
    people: Codes,
    acts: _Acts,
    *,
    reaction_hours: float,
    draws: int,
    seed: int,
    warnings: list[str],
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Estimate]]:
    """Return who reacted to each trigger and when, the curve of waiting, and the estimates."""
    empty = pl.DataFrame(schema=_REACTIONS), pl.DataFrame(schema=_CURVE)

    def nothing(reason: str) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Estimate]]:
        return *empty, {
            "reaction_hours": undefined(_HOURS, reason, status="insufficient_data"),
            "too_quick": undefined(_SHARE_OF_REACTIONS, reason, status="insufficient_data"),
        }

    triggers = network.triggers.drop_nulls("time").unique().sort("time", "trigger")
    if not triggers.height:
        return nothing(Message("no table of triggers: one with columns trigger and time would answer it"))
    own = {int(a): acted for a in people if len(acted := acts.of(int(a)))}
    if not own:
        return nothing(Message("no act of the accounts at the top has a time"))
    first, last = acts.span
    inside = triggers.filter(pl.col("time").to_physical().is_between(first, last, closed="left"))
    if inside.height < triggers.height:
        warnings.append(
            Message.counting(
                "{n:count} trigger lies outside the time of the data and is left out.",
                "{n:count} triggers lie outside the time of the data and are left out.",
                triggers.height - inside.height,
            )
        )
    if not inside.height:
        return nothing(Message("no trigger lies within the time of the data"))
    moments = inside["time"].to_physical().to_numpy().astype(np.int64)
    together = np.unique(np.concatenate(list(own.values())))
    grid = np.linspace(0, reaction_hours, GRID)
    waiting = _waiting(
        moments,
        [together] * len(moments),
        first=first,
        last=last,
        limit=reaction_hours,
        grid=grid,
        draws=draws,
        seed=seed,
        purpose="triggers",
    )
    keys = network.accounts["key"]
    who: list[str | None] = []
    for moment, hours, ended in zip(moments, waiting.hours, waiting.ended, strict=True):
        if not ended:
            who.append(None)
            continue
        at = {a: times[np.searchsorted(times, moment, side="right") :] for a, times in own.items()}
        quickest = min(at, key=lambda a: (at[a][0] if len(at[a]) else np.inf, a))
        who.append(keys[quickest] if np.isfinite(hours) else None)
    table = pl.DataFrame(
        {
            "trigger": inside["trigger"],
            "time": inside["time"],
            "account": who,
            "hours": waiting.hours,
            "ended": waiting.ended,
        },
        schema=_REACTIONS,
    )
    curve = kaplan_meier(waiting.hours, waiting.ended)
    steps = np.searchsorted(curve["time"].to_numpy(), grid, side="right") - 1
    bounds = {name: [None if s < 0 else curve[name][int(s)] for s in steps] for name in ("low", "high")}
    null = waiting.null_curves
    shown = pl.DataFrame(
        {
            "hours": grid,
            "survival": survival_at(curve, grid),
            **bounds,
            "null_low": np.quantile(null, 0.025, axis=0) if len(null) else [None] * len(grid),
            "null_high": np.quantile(null, 0.975, axis=0) if len(null) else [None] * len(grid),
        },
        schema=_CURVE,
    )
    quick = _too_quick(moments, own, first=first, last=last, limit=reaction_hours, draws=draws, seed=seed)
    return table, shown, {"reaction_hours": waiting.estimate, "too_quick": quick}


def _too_quick(
    moments: Codes, acts: dict[int, Codes], *, first: int, last: int, limit: float, draws: int, seed: int
) -> Estimate:
    """Return the share of reactions that are quicker than nine in ten waits of the account from that time of day."""
    days = [_same_time_of_day(int(moment), first, last) for moment in moments]
    if min(len(d) for d in days) < FEWEST_DAYS:
        few = Message("the data last fewer than {n:count} days around a trigger", n=FEWEST_DAYS)
        return undefined(_SHARE_OF_REACTIONS, few, status="not_testable")
    quick, over, here = [], [], []
    for moment, other in zip(moments, days, strict=True):
        for times in acts.values():
            hours, ended = _waits(other, times, end=last, limit=limit)
            quick.append((hours < np.quantile(hours, QUICK)) & ended)
            over.append(ended)
        here.append(int((moment - other[0]) // MICROSECONDS_A_DAY))
    each = len(acts)

    def share(picked: Sequence[int]) -> float:
        told = [(quick[i * each + a][p], over[i * each + a][p]) for i, p in enumerate(picked) for a in range(each)]
        reacted = sum(bool(o) for _q, o in told)
        return sum(bool(q) for q, _o in told) / reacted if reacted else float("nan")

    reacted = sum(bool(over[i * each + a][p]) for i, p in enumerate(here) for a in range(each))
    if reacted < FEWEST_REACTIONS:
        few = Message("fewer than {n:count} reactions came before the limit", n=FEWEST_REACTIONS)
        return undefined(_SHARE_OF_REACTIONS, few, status="insufficient_data")
    random = generator(seed, "dynamics", "too quick")
    null = [share([int(random.integers(len(other))) for other in days]) for _draw in range(draws)]
    return against_null(share(here), null, unit=_SHARE_OF_REACTIONS, null_model=OTHER_DAYS)


def _hand_over_wait(changes: Sequence[_Change], acts: _Acts, *, limit: float, draws: int, seed: int) -> Estimate:
    """Return the mean wait from the last act of the account that was first to the next act of the one that follows."""
    known = [
        (change.last, acted) for change in changes if change.last is not None and len(acted := acts.of(change.target))
    ]
    if len(known) < 3:
        few = Message("fewer than {n:count} hand-overs with acts of both accounts", n=3)
        return undefined(_HOURS, few, status="insufficient_data")
    first, last = acts.span
    waiting = _waiting(
        np.array([moment for moment, _times in known], dtype=np.int64),
        [times for _moment, times in known],
        first=first,
        last=last,
        limit=limit,
        grid=np.zeros(1),
        draws=draws,
        seed=seed,
        purpose="hand-overs",
    )
    return waiting.estimate


def _bursts(network: Network, people: Codes, acts: _Acts, *, draws: int, seed: int) -> tuple[pl.DataFrame, Estimate]:
    """Return burstiness and memory of the accounts' acts, with and without the daily rhythm."""
    if not len(acts):
        reason = Message("no act has a time")
        return pl.DataFrame(schema=_BURSTS), undefined(_INDEX, reason, status="insufficient_data")
    rate = hourly_rate(acts.time)
    keys = network.accounts["key"]
    random = generator(seed, "dynamics", "burstiness")
    rows: list[dict[str, object]] = []
    values: list[float] = []
    nulls: list[Numbers] = []
    for account in people.tolist():
        times = acts.of(account)
        if len(times) < FEWEST_ACTS:
            continue
        raw = burstiness(times)
        flat = corrected_burstiness(without_daily_rhythm(times, rate))
        row: dict[str, object] = {
            "account": keys[account],
            "acts": raw.acts,
            "burstiness": raw.burstiness,
            "corrected": raw.corrected,
            "memory": raw.memory,
            "without_rhythm": flat,
        }
        days = int(times[-1] // MICROSECONDS_A_DAY - times[0] // MICROSECONDS_A_DAY) + 1
        if flat is not None and days >= FEWEST_DAYS and draws:
            null = np.full(draws, np.nan)
            base = times[0] // MICROSECONDS_A_DAY * MICROSECONDS_A_DAY
            for draw in range(draws):
                moved = base + times % MICROSECONDS_A_DAY + MICROSECONDS_A_DAY * random.integers(0, days, len(times))
                found = corrected_burstiness(without_daily_rhythm(moved, rate))
                null[draw] = np.nan if found is None else found
            low, high = np.nanquantile(null, [0.025, 0.975])
            row |= {"null_low": float(low), "null_high": float(high), "p_value": monte_carlo_p(flat, null)}
            values.append(flat)
            nulls.append(null)
        rows.append(row)
    table = pl.DataFrame(rows, schema=_BURSTS)
    tested = table["p_value"].is_not_null()
    if tested.any():
        adjusted = false_discovery(table["p_value"].drop_nulls().to_list())
        q = np.full(table.height, np.nan)
        q[tested.to_numpy()] = adjusted
        table = table.with_columns(q_value=pl.Series(q).fill_nan(None))
    if not values:
        few = Message("no account at the top has {n:count} acts on different days", n=FEWEST_ACTS)
        return table, undefined(_INDEX, few, status="insufficient_data")
    return table, against_null(float(np.mean(values)), np.mean(nulls, axis=0), unit=_INDEX, null_model=OTHER_DAYS)


# ---------------------------------------------------------------------- tables


def _window_table(network: Network, attention: _Attention, turnover: _Turnover, members: Codes) -> pl.DataFrame:
    count = len(turnover.heard)
    window = window_of(attention.time, turnover.edges)
    keys = network.accounts["key"]
    leads = dict(_leads(turnover))
    usable = set(turnover.usable.tolist())
    columns: dict[str, list[float | None]] = {
        name: [None] * count
        for name in (
            "overlap", "rank_overlap", "cumulative_overlap", "chance_low", "chance_high", "constant_low", "constant_high"
        )
    }  # fmt: skip
    ranked = _ranked(turnover, seed=0)
    cumulated = _cumulative_overlap(turnover)
    for at, (a, b) in enumerate(pairwise(turnover.usable.tolist())):
        columns["overlap"][b] = float(turnover.overlap[at])
        columns["rank_overlap"][b] = rank_biased_overlap(ranked[a], ranked[b], p=PERSISTENCE)
        columns["cumulative_overlap"][b] = cumulated[at]
        for name, null in (("chance", turnover.chance), ("constant", turnover.constant)):
            if np.isfinite(null[:, at]).any():
                low, high = np.nanquantile(null[:, at], [0.025, 0.975])
                columns[f"{name}_low"][b], columns[f"{name}_high"][b] = float(low), float(high)
    total = [float(amount.sum()) for amount in turnover.amount]
    return pl.DataFrame(
        {
            "window": range(count),
            "start": turnover.edges[:-1],
            "end": turnover.edges[1:],
            "interactions": np.bincount(window, weights=attention.events > 0, minlength=count).astype(np.int64),
            "receivers": [len(heard) for heard in turnover.heard],
            "status": ["ok" if w in usable else "insufficient_data" for w in range(count)],
            "top": [len(turnover.tops[w]) if w in usable else None for w in range(count)],
            "tied_at_cut": turnover.tied,
            **columns,
            "lead": [keys[leads[w]] if w in leads else None for w in range(count)],
            "lead_share": [float(turnover.amount[w].max() / total[w]) if w in leads else None for w in range(count)],
            "core_share": [
                float(turnover.amount[w][np.isin(turnover.heard[w], members)].sum() / total[w])
                if len(members) and total[w]
                else None
                for w in range(count)
            ],
        },
        schema=_WINDOWS,
    )


def _ranks(network: Network, turnover: _Turnover) -> pl.DataFrame:
    """Return the ranks of the accounts that were among the first five in most windows."""
    ranks: list[tuple[int, Codes, Codes, Numbers]] = []
    often: dict[int, list[float]] = {}
    for w in turnover.usable.tolist():
        amount = turnover.amount[w]
        rank = len(amount) - np.searchsorted(np.sort(amount), amount, side="right") + 1
        share = amount / amount.sum()
        ranks.append((w, turnover.heard[w], rank, share))
        for i in np.flatnonzero(rank <= _SHOWN_RANK).tolist():
            seen = often.setdefault(int(turnover.heard[w][i]), [0.0, 0.0])
            seen[0] += 1
            seen[1] += float(share[i])
    chosen = sorted(often, key=lambda a: (-often[a][0], -often[a][1], a))[:_SHOWN_ACCOUNTS]
    keys = network.accounts["key"]
    rows = [
        (w, keys[int(heard[i])], int(rank[i]), float(share[i]))
        for w, heard, rank, share in ranks
        for i in np.flatnonzero(np.isin(heard, chosen)).tolist()
    ]
    return pl.DataFrame(rows, schema=_RANKS, orient="row")


def _at_top(network: Network, turnover: _Turnover) -> pl.DataFrame:
    """Return how often, and for how long in a row, accounts were in the top."""
    usable = turnover.usable.tolist()
    if not usable:
        return pl.DataFrame(schema=_AT_TOP)
    parts = [pl.DataFrame({"code": turnover.tops[w], "at": number}) for number, w in enumerate(usable)]
    held = pl.concat([part.with_columns(pl.col("at").cast(pl.Int64)) for part in parts]).sort("code", "at")
    # In a row: the number of the window less the place in the row is the same.
    held = held.with_columns(row=pl.col("at") - pl.int_range(pl.len()).over("code"))
    rows = held.group_by("code", "row").agg(length=pl.len().cast(pl.Int64))
    found = rows.group_by("code").agg(windows=pl.col("length").sum(), longest=pl.col("length").max())
    found = found.sort(["windows", "longest", "code"], descending=[True, True, False])
    keys = network.accounts["key"].gather(found["code"].cast(pl.UInt32))
    return found.select(account=keys, windows="windows", longest="longest")


# ---------------------------------------------------------------------- verdict

_STAYS, _CHANGES_MORE, _LENGTHS = (
    Message("the same accounts stay at the top"),
    Message("the top changes more than constant popularity gives"),
    Message("other lengths of a window say the same"),
)


def _told(turnover: _Turnover) -> DynamicsVerdict:
    """Return what windows of one length say."""
    if len(turnover.overlap) < FEWEST_PAIRS or turnover.whole is None or not np.isfinite(turnover.constant_whole).any():
        return "undetermined"
    overlap, constant = float(turnover.overlap.mean()), float(np.nanmean(turnover.constant))
    stays = monte_carlo_p(overlap, turnover.chance.mean(axis=1)) < 0.05
    changes = monte_carlo_p(turnover.whole, turnover.constant_whole, tail="less") < 0.05
    if changes and overlap < ROTATING_OVERLAP and overlap < ROTATING_RATIO * constant:
        return "rotating"
    if not stays or overlap < ROTATING_OVERLAP:
        return "undetermined"
    mean = float(np.nanmean(turnover.constant_whole))
    precise = float(np.nanquantile(turnover.constant_whole, 0.025)) >= STABLE_PRECISION * mean
    if turnover.whole >= STABLE_OVERLAP or (precise and turnover.whole >= STABLE_RATIO * mean):
        return "stable_lead"
    return "shifting_lead" if changes else "undetermined"


def _sensitivity(
    attention: _Attention,
    edges: pl.Series,
    step: str,
    chosen: _Turnover,
    *,
    top: int,
    fewest: int,
    draws: int,
    seed: int,
) -> tuple[pl.DataFrame, list[DynamicsVerdict]]:
    """Return what windows of half and of double length give, and the verdict of each that can be told."""
    rows, verdicts = [], []
    for name, times in (("half", 0.5), ("chosen", 1.0), ("double", 2.0)):
        if step == PHASE and times != 1.0:
            continue
        cut = edges if times == 1.0 else even_edges(edges, times)
        found = chosen if times == 1.0 else _turnover(attention, cut, top=top, fewest=fewest, draws=draws, seed=seed)
        moments = found.edges.to_physical().to_numpy()
        row: dict[str, object] = {
            "length": name,
            "hours": float(moments[-1] - moments[0]) / (len(moments) - 1) / _HOUR,
            "windows": len(found.usable),
        }
        if len(found.overlap):
            overlap = float(found.overlap.mean())
            verdict = _told(found)
            row |= {"overlap": overlap, "whole": found.whole, "verdict": verdict}
            if found.whole is not None and np.isfinite(found.constant_whole).any():
                row |= {
                    "chance_mean": float(found.chance.mean()),
                    "p_value": monte_carlo_p(overlap, found.chance.mean(axis=1)),
                    "constant_mean": float(np.nanmean(found.constant_whole)),
                    "constant_p": monte_carlo_p(found.whole, found.constant_whole, tail="less"),
                }
            if len(found.overlap) >= FEWEST_PAIRS:
                verdicts.append(verdict)
        rows.append(row)
    return pl.DataFrame(rows, schema=_SENSITIVITY), verdicts


def _verdict(
    indices: dict[str, Estimate],
    turnover: _Turnover,
    verdicts: Sequence[DynamicsVerdict],
    *,
    fewest: int,
    top: int,
) -> tuple[tuple[Criterion, ...], DynamicsVerdict, str]:
    overlap, constancy = indices["overlap"], indices["constancy"]
    pairs = len(turnover.overlap)
    if overlap.value is None or pairs < FEWEST_PAIRS:
        why = Message(
            "needs {windows:count} windows with at least {events:count} interactions and more than {top:count} accounts heard; "
            "there are {found:count}",
            windows=FEWEST_PAIRS + 1,
            events=fewest,
            top=top,
            found=len(turnover.usable),
        )
        cannot = Message("Cannot be told: {reason}.", reason=why)
        return tuple(Criterion(name, None, cannot) for name in (_STAYS, _CHANGES_MORE, _LENGTHS)), "undetermined", why
    if (
        overlap.p_value is None
        or constancy.p_value is None
        or overlap.null_interval is None
        or constancy.null_interval is None
    ):
        cannot = Message("Cannot be told: nothing was compared with chance.")
        names = (_STAYS, _CHANGES_MORE, _LENGTHS)
        return (
            tuple(Criterion(name, None, cannot) for name in names),
            "undetermined",
            Message("nothing was compared with chance"),
        )
    told = _told(turnover)
    stays = Criterion(
        _STAYS,
        overlap.p_value < 0.05,
        Message(
            "Mean overlap of the top of consecutive windows {mean:decimal}; accounts drawn anew give {low:decimal} to "
            "{high:decimal} ({p:p}).",
            mean=overlap.value,
            low=overlap.null_interval[0],
            high=overlap.null_interval[1],
            p=overlap.p_value,
        ),
    )
    changes = Criterion(
        _CHANGES_MORE,
        constancy.p_value < 0.05,
        Message(
            "Mean overlap of all pairs of windows {mean:decimal}; constant popularity gives {low:decimal} to {high:decimal} "
            "({p:p}).",
            mean=constancy.value,
            low=constancy.null_interval[0],
            high=constancy.null_interval[1],
            p=constancy.p_value,
        ),
    )
    if len(verdicts) < 2:
        agree = Criterion(_LENGTHS, None, Message("Cannot be told: no other length of a window leaves enough windows."))
    else:
        same = sum(verdict == told for verdict in verdicts)
        agree = Criterion(
            _LENGTHS,
            same == len(verdicts),
            Message(
                "{same:count} of {all:count} lengths of a window lead to the same answer.", same=same, all=len(verdicts)
            ),
        )
    criteria = (stays, changes, agree)
    # A top that is stable by one length and changes by another is neither; how much it changes may depend on the length.
    if len({verdict == "stable_lead" for verdict in verdicts if verdict != "undetermined"}) > 1:
        return criteria, "undetermined", Message("windows of other lengths lead to another answer")
    if told == "rotating" and indices["lead_changes"].value == 0:
        return (
            criteria,
            "undetermined",
            Message("one account was heard most throughout, while the accounts behind it changed"),
        )
    reasons = {
        "stable_lead": Message("More of the top stays from window to window than changes."),
        "shifting_lead": Message("Part of the top stays and part of it changes, both beyond chance."),
        "rotating": Message(
            "Most of the top is another in every window, though a constant popularity would have shown."
        ),
        "undetermined": Message("The overlap lies where neither staying nor changing can be shown."),
    }
    return criteria, told, sentences(reasons[told])
