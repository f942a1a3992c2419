"""Who acts together: accounts that share the same objects at the same moments, beyond chance.

**Definition.** An event is an account sharing an object (a link, a post it passes on, a hashtag) at a moment. Two accounts
are tied if they pass two tests, and shared at least three objects within a minute of each other:

1. *What they share.* The number of objects both shared is compared with what the activity of the two accounts and the
   popularity of every object give by chance (bipartite configuration model; exact upper tail of the Poisson-binomial
   count, the stochastic degree sequence model). False discoveries are held at 5 % over **all** pairs of accounts, those
   that share nothing included.
2. *When they share it.* Given what they share, the number of objects within 5, 10, 30 and 60 seconds, whichever is most
   surprising, is compared with two nulls, and the larger p-value counts: times dealt out anew among the sharers of each
   object, which keeps the burst of every object; and each share anywhere in its own clock hour, which keeps the daily
   rhythm of every account. False discoveries are held at 5 % over all pairs that passed the first test.

Groups are the connected components of these ties; a component of more than fifty accounts is divided by the Leiden method
(modularity, weighted by objects within a minute).

**Inputs.** Shares with times (tables of shares, exports of link sharing), or retweets and forwards that name the post passed
on; hashtags if asked for. An account's first share of an object counts.

**What is lost.** Objects that more than 10 % of accounts shared (and more than twenty accounts) say nothing of any two and
are left out, and counted. Repeated shares of one object by one account. Sharing that is prepared hours apart. Pairs whose
objects hardly anyone else shared pass no timing test: there is nobody to deal times out to; they are counted apart. Very
active accounts share much by chance, so that what a team of them shares together may not stand out: pairs of which only
the timing is beyond chance are counted, and are no finding.

**What it does not say.** Coordination is not inauthenticity: a team with a shared plan, a newsroom and a choir act together.
Accounts that follow the same sources with alerts switched on act together too, as do accounts of one person.

**Direction, weights.** Ties have no direction; *symmetry* says whether each of the two was first equally often.

**Cost.** The number of shares times how many fall within a minute of each other, plus the sizes of the two accounts for each
pair tested. Where there are more than 30 million pairs of sharers of one object, only pairs that meet within a minute are
looked at, and the second family is bounded from above, which makes the test stricter, never looser.

**Beside it**, for comparison and never as a finding: the pairs that a cut at the median weight within ten seconds keeps, as
the R package CooRTweet does by default, and how many such a cut keeps when times are dealt out anew. A percentile of
weights always returns a network. It is not made where there are more than three million shares.

**Sources.** Saracco et al. 2015, https://doi.org/10.1038/srep10595; Neal 2014, https://doi.org/10.1016/j.socnet.2014.06.001;
Neal et al. 2021, https://doi.org/10.1038/s41598-021-03238-3; Pacheco et al. 2021,
https://doi.org/10.1609/icwsm.v15i1.18075; Giglietto et al. 2020, https://doi.org/10.1080/1369118X.2020.1739732;
Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph
import numpy as np
import polars as pl
from scipy import sparse

from netact.bipartite_null import co_occurrence_tails, fit_bicm
from netact.co_action import (
    WINDOWS,
    Incidence,
    PairTiming,
    Timing,
    close_shares,
    frequent_pairs,
    incidence,
    percentile_cut,
    shuffled_within,
)
from netact.language import Message
from netact.randomness import generator, igraph_generator
from netact.ranges import Range, check_ranges
from netact.resampling import clusters
from netact.results import Coordination, Estimate, undefined
from netact.significance import against_null, false_discovery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.results import CoordinationOutcome, Status

    Codes = NDArray[np.int64]

FEWEST_ACCOUNTS = 20  # accounts that share what others share, below which nothing is tested
FEWEST_VIRAL = 20  # an object of no more accounts than this is never viral
LARGEST_COMPONENT = 50  # a larger one is divided
PERCENTILE_WINDOW = 10  # seconds, of the percentile rule
_MOST_PAIRS = 30_000_000  # pairs of sharers of one object; beyond, only pairs that meet in time are looked at
_MOST_DRAWN_PAIRS = 2_000_000  # pairs timed over all draws
_MOST_EDGES = 5000
_MOST_COMPARED = 3_000_000  # shares; beyond, no percentile cut is made beside the tests
_MOST_PLACED = 2000
_EXAMPLES = 5
_MICROSECONDS = 1_000_000
_SOURCES = ("shares", "retweets", "hashtags")

SHUFFLED = Message("the same shares with their times dealt out anew within each object")
DRAWN_GROUPS = Message("as many accounts drawn at random from all that shared something")
_PAIRS = Message("pairs of accounts")
_SHARE = Message("share of accounts")
_ACCOUNTS = Message("accounts")
_NO_CORE = Message("no leading core was found or looked for")

_TOO_LITTLE = {
    "auto": Message(
        "nothing says who shared what when: give shares of links with times, or retweets that name the post and the time"
    ),
    "shares": Message("there are no shares of objects: give a table with account, object and time"),
    "retweets": Message("no retweet names the post that was passed on"),
    "hashtags": Message("there are no hashtags"),
}

_EDGES = pl.Schema(
    {
        "account_a": pl.String(), "account_b": pl.String(), "group": pl.Int64(), "objects": pl.Int64(), "close": pl.Int64(),
        "median_gap": pl.Float64(), "symmetry": pl.Float64(), "p_sharing": pl.Float64(), "q_sharing": pl.Float64(),
        "p_timing": pl.Float64(), "p_rhythm": pl.Float64(), "q_timing": pl.Float64(), "examples": pl.List(pl.String()),
    }
)  # fmt: skip
_GROUPS = pl.Schema(
    {
        "group": pl.Int64(), "accounts": pl.Int64(), "pairs": pl.Int64(), "density": pl.Float64(), "objects": pl.Int64(),
        "median_gap": pl.Float64(), "symmetry": pl.Float64(), "core_members": pl.Int64(), "core_p": pl.Float64(),
    }
)  # fmt: skip
_MEMBERS = pl.Schema(
    {
        "account": pl.String(), "group": pl.Int64(), "partners": pl.Int64(), "objects": pl.Int64(), "x": pl.Float64(),
        "y": pl.Float64(), "core": pl.Boolean(),
    }
)  # fmt: skip
_GAPS = pl.Schema({"low": pl.Int64(), "high": pl.Int64(), "observed": pl.Int64(), "expected": pl.Float64()})
_COMPARISON = pl.Schema(
    {
        "rule": pl.String(), "pairs": pl.Int64(), "accounts": pl.Int64(), "pairs_in_common": pl.Int64(),
        "accounts_in_common": pl.Int64(), "pairs_by_chance": pl.Float64(),
    }
)  # fmt: skip
_GAP_ENDS = (5, 10, 30, 60, 300, 3600, 86_400)


# What each parameter may be.
RANGES = {
    "objects": Range(words=("auto", *_SOURCES)),
    "fewest_objects": Range(3),
    "viral_share": Range(above=0, most=1),
    "false_discovery_rate": Range(above=0, below=1),
    "draws": Range(0),
}


def coordination(
    network: Network,
    *,
    objects: str = "auto",
    fewest_objects: int = 3,
    viral_share: float = 0.1,
    false_discovery_rate: float = 0.05,
    draws: int = 99,
    core: tuple[str, ...] | None = None,
    seed: int,
) -> Coordination:
    """Find the pairs and groups of accounts that share the same objects at the same moments beyond chance.

    Parameters
    ----------
    network
        With shares, retweets that name their post, or hashtags, and times.
    objects
        What counts as an object: ``shares``, ``retweets`` (forwards too), ``hashtags``, or ``auto``: shares if there are
        any, else retweets.
    fewest_objects
        Fewest objects that two accounts must have shared within a minute of each other.
    viral_share
        An object that a larger share of accounts shared (and more than 20 accounts) is left out, from 0 to 1.
    false_discovery_rate
        At which each of the two tests is held, from 0 to 1.
    draws
        Times dealt out anew for the number of pairs found.
    core
        Keys of the members of leading cores, if known.
    seed
        Of the draws and of the division of large groups.

    Raises
    ------
    MeasureError
        If a parameter is out of range.
    """
    check_ranges("coordination", RANGES, locals())
    source, events = _events(network, objects)
    kind = {"shares": "share", "retweets": "retweet"}.get(source, network.attention_kind)
    if events is None:
        return _nothing("insufficient_data", _TOO_LITTLE[objects], kind)
    warnings: list[str] = []
    timed = events.drop_nulls("time")
    if timed.height < events.height:
        warnings.append(
            Message.counting(
                "{n:count} share has no time and is left out",
                "{n:count} shares have no time and are left out",
                events.height - timed.height,
            )
        )
    if not timed.height:
        return _nothing(
            "insufficient_data", Message("no share has a time, so nothing says who shared when"), kind, source
        )
    shares = _Shares.of(timed, network.n_accounts)
    windows = tuple(window for window in WINDOWS if window >= shares.resolution)
    if not windows:
        coarse = (
            Message("times are known to the day only; acting at the same moment is a matter of seconds")
            if shares.resolution >= 86_400
            else Message("times are known to the hour only; acting at the same moment is a matter of seconds")
        )
        return _nothing("not_testable", coarse, kind, source, n_shares=timed.height)
    if shares.resolution > 1:
        warnings.append(
            Message("times are known to the minute only: shares in the same or the next minute count as close")
        )
    every = incidence(shares.object, shares.account, shares.time, n_accounts=network.n_accounts)
    took_part = int(np.count_nonzero(every.shared))
    above = max(FEWEST_VIRAL, int(viral_share * took_part))
    viral = every.sharers > above
    found = every.keep(~viral)
    n_accounts = int(np.count_nonzero(found.shared))
    if n_accounts < FEWEST_ACCOUNTS:
        few = Message(
            "only {n:count} accounts shared an object that others shared too; the test needs at least {fewest:count}",
            n=n_accounts,
            fewest=FEWEST_ACCOUNTS,
        )
        return _nothing("insufficient_data", few, kind, source, n_shares=timed.height)
    if viral.any():
        warnings.append(
            Message.counting(
                "{n:count} object that more than {above:count} accounts shared is left out: it says little about any two",
                "{n:count} objects that more than {above:count} accounts shared are left out: they say little about any two",
                int(viral.sum()),
                above=above,
            )
        )
    tested = _tested(found, windows, n_accounts, fewest_objects, false_discovery_rate)
    if not tested.every_pair:
        warnings.append(
            Message(
                "there are too many pairs to look at all: only pairs that meet within a minute were, and the number of "
                "tests is bounded from above, which makes the test stricter"
            )
        )
    pairs = _pairs_by_chance(tested, fewest_objects, false_discovery_rate, draws=draws, seed=seed)
    if tested.every_pair and pairs.draws < draws and tested.passing:
        warnings.append(
            Message.counting(
                "many pairs share the same objects: times were dealt out anew {n:count} time only",
                "many pairs share the same objects: times were dealt out anew {n:count} times only",
                pairs.draws,
            )
        )
    labels = _labels(shares, found)
    described = _described(network, found, tested, labels, core, seed=seed)
    if len(tested.edge) > _MOST_EDGES:
        warnings.append(
            Message("the {most:count} surest of {all:count} pairs are listed", most=_MOST_EDGES, all=len(tested.edge))
        )
    comparison, threshold = _comparison(shares, tested, pairs.null_mean, seed=seed)
    outcome: CoordinationOutcome = "groups" if len(tested.edge) else "none_found"
    reason: str = ""
    if not len(tested.edge) and tested.untestable:
        outcome = "not_testable"
        reason = Message.counting(
            "{n:count} pair shares the same objects closely in time, but hardly anyone else shared them, so that there is "
            "nothing to compare the timing with",
            "{n:count} pairs share the same objects closely in time, but hardly anyone else shared them, so that there is "
            "nothing to compare the timing with",
            tested.untestable,
        )
    return Coordination(
        status="not_testable" if outcome == "not_testable" else "ok",
        reason=reason,
        kind=kind,
        outcome=outcome,
        objects=source,
        n_shares=timed.height,
        n_accounts=n_accounts,
        n_objects=found.n_objects,
        n_viral=int(viral.sum()),
        viral_above=above,
        windows=windows,
        n_sharing=tested.passing,
        n_untestable=tested.untestable,
        n_timing_only=tested.timing_only,
        pairs=pairs,
        share_of_accounts=Estimate(described.members.height / n_accounts, _SHARE),
        edges=described.edges,
        groups=described.groups,
        members=described.members,
        gaps=_gaps(found, tested),
        comparison=comparison,
        percentile_weight=threshold,
        core_overlap=_core_overlap(network, found, described.members, core),
        warnings=tuple(warnings),
    )


def _nothing(
    outcome: CoordinationOutcome, reason: str, kind: str, source: str = "", *, n_shares: int = 0
) -> Coordination:
    status: Status = "not_testable" if outcome == "not_testable" else "insufficient_data"
    none = undefined(_PAIRS, reason, status=status)
    return Coordination(
        status=status,
        reason=reason,
        kind=kind,
        outcome=outcome,
        objects=source,
        n_shares=n_shares,
        n_accounts=0,
        n_objects=0,
        n_viral=0,
        viral_above=0,
        windows=(),
        n_sharing=0,
        n_untestable=0,
        n_timing_only=0,
        pairs=none,
        share_of_accounts=undefined(_SHARE, reason, status=status),
        edges=pl.DataFrame(schema=_EDGES),
        groups=pl.DataFrame(schema=_GROUPS),
        members=pl.DataFrame(schema=_MEMBERS),
        gaps=pl.DataFrame(schema=_GAPS),
        comparison=pl.DataFrame(schema=_COMPARISON),
        percentile_weight=None,
        core_overlap=undefined(_ACCOUNTS, reason, status=status),
    )


# ---------------------------------------------------------------------- events


def _events(network: Network, objects: str) -> tuple[str, pl.DataFrame | None]:
    """Return which objects are taken, and ``object``, ``account``, ``time`` of every share of one; None if there are none."""
    chosen = _SOURCES[:2] if objects == "auto" else (objects,)
    untimed: tuple[str, pl.DataFrame | None] = ("", None)
    for name in chosen:
        found = {"shares": _link_shares, "retweets": _retweets, "hashtags": _hashtags}[name](network)
        if found.height and found["time"].null_count() < found.height:
            return name, found
        if found.height and untimed[1] is None:
            untimed = (name, found)
    return untimed


def _link_shares(network: Network) -> pl.DataFrame:
    return _scoped(network.shares.select("object", "account", "time", "platform"))


def _retweets(network: Network) -> pl.DataFrame:
    kinds = ["retweet", "forward"]
    rows = network.interactions.filter(pl.col("kind").cast(pl.String).is_in(kinds))
    named = rows.drop_nulls("ref_post_id").select(
        object="ref_post_id", account="source", time="time", platform="platform"
    )
    if not named.height and rows.height and clusters(rows)[1] == "post":
        named = rows.select(object="post_id", account="source", time="time", platform="platform")
    apart = network.unresolved.filter(pl.col("kind").cast(pl.String).is_in(kinds)).drop_nulls("ref_post_id")
    more = apart.select(object="ref_post_id", account="source", time="time", platform="platform")
    return _scoped(pl.concat([named, more]))


def _hashtags(network: Network) -> pl.DataFrame:
    return network.hashtags.select(object="hashtag", account="account", time="time")


def _scoped(rows: pl.DataFrame) -> pl.DataFrame:
    """Tell objects of one name on different platforms apart, unless they are links."""
    if rows["platform"].n_unique() > 1:
        link = pl.col("object").str.contains("://", literal=True)
        name = pl.concat_str([pl.col("platform").fill_null(""), "object"], separator=" ")
        rows = rows.with_columns(object=pl.when(link).then("object").otherwise(name))
    return rows.select("object", "account", "time")


@dataclass(frozen=True, eq=False)
class _Shares:
    object: NDArray[np.uint32]
    account: NDArray[np.uint32]
    time: Codes
    names: pl.Series  # of the objects, by number
    resolution: int  # seconds: 1, 60, 3600 or 86400

    @classmethod
    def of(cls, events: pl.DataFrame, n_accounts: int) -> _Shares:  # noqa: ARG003
        # Numbered in the order of the tables, which does not depend on the file.
        number = events["object"].cast(pl.Categorical).to_physical().to_numpy()
        first = np.full(int(number.max()) + 1, events.height, dtype=np.int64)
        first[number[::-1]] = np.arange(events.height - 1, -1, -1)  # the last to be written is the first share
        present = np.flatnonzero(first < events.height)
        present = present[np.argsort(first[present], kind="stable")]
        rank = np.zeros(len(first), dtype=np.uint32)
        rank[present] = np.arange(len(present), dtype=np.uint32)
        names = events["object"].gather(first[present].astype(np.uint32))
        time = events["time"].to_physical().to_numpy() // _MICROSECONDS
        resolution = next((r for r in (86_400, 3600, 60) if np.mean(time % r == 0) >= 0.95), 1)
        return cls(rank[number], events["account"].to_numpy(), time, names, resolution)


# ---------------------------------------------------------------------- the two tests


@dataclass(frozen=True, eq=False)
class _Tested:
    timing: Timing
    first: Codes  # pairs that passed the first test
    second: Codes
    p_sharing: NDArray[np.float64]
    q_sharing: NDArray[np.float64]
    timed: PairTiming
    q_timing: NDArray[np.float64]
    edge: Codes  # rows that passed both, surest first
    passing: int
    family: int  # tests of the second step
    untestable: int
    timing_only: int
    every_pair: bool


def _tested(found: Incidence, windows: Sequence[int], n_accounts: int, fewest: int, rate: float) -> _Tested:
    model = fit_bicm(found.shared, found.sharers, tolerance=1e-8)
    timing = Timing.of(found, windows)
    every_pair = found.pairs_of_accounts() <= _MOST_PAIRS
    within = None if every_pair else windows[-1]
    first, second, common = frequent_pairs(found, within=within, least=fewest)
    if not every_pair:
        common = timing.common(first, second)
    all_pairs = n_accounts * (n_accounts - 1) // 2
    # No p-value beyond this can pass, whatever the others are.
    p = co_occurrence_tails(model, first, second, common, at_most=rate * max(1, len(first)) / all_pairs)
    candidates = len(first) if every_pair else min(all_pairs, found.pairs_of_accounts() // fewest)
    q = false_discovery(p, tests=all_pairs)
    passing = q <= rate
    first, second, p, q = first[passing], second[passing], p[passing], q[passing]
    # A pair that passes shares at least three objects: no more pairs than a third of all pairs of sharers can.
    family = len(first) if every_pair else max(len(first), candidates)
    timed = timing.pairs(first, second)
    q_timing, edge = _edges(timed, fewest, rate, family)
    q_rhythm = false_discovery(np.where(timed.close[:, -1] >= fewest, timed.hour_p, 1.0), tests=family)
    untestable = (q_rhythm <= rate) & (timed.attainable_p > rate) & ~edge
    timing_only = _timing_only(timing, candidates, fewest, rate, known=(first, second))
    rows = np.flatnonzero(edge)
    surest = np.lexsort((second[rows], first[rows], -timed.close[rows, -1], np.maximum(q[rows], q_timing[rows])))
    return _Tested(
        timing, first, second, p, q, timed, q_timing, rows[surest], len(first), family, int(untestable.sum()),
        timing_only, every_pair,
    )  # fmt: skip


def _timing_only(timing: Timing, tests: int, fewest: int, rate: float, *, known: tuple[Codes, Codes]) -> int:
    """Return how many pairs that did not pass the first test would pass the second, over all pairs with enough in common."""
    first, second, _ = frequent_pairs(timing.found, within=timing.windows[-1], least=fewest)
    passed = (known[0].astype(np.uint64) << np.uint64(32)) | known[1].astype(np.uint64)
    other = ~np.isin((first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64), passed)
    timed = timing.pairs(first[other], second[other])
    return int(np.count_nonzero(_edges(timed, fewest, rate, tests)[1]))


def _edges(timed: PairTiming, fewest: int, rate: float, family: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the adjusted p-values of timing and which pairs pass."""
    enough = timed.close[:, -1] >= fewest
    p = np.where(enough, np.maximum(timed.object_p, timed.hour_p), 1.0)
    q = false_discovery(p, tests=family)
    return q, enough & (q <= rate)


def _pairs_by_chance(tested: _Tested, fewest: int, rate: float, *, draws: int, seed: int) -> Estimate:
    """Compare the number of pairs found with shares whose times are dealt out anew within objects."""
    observed = float(len(tested.edge))
    if not tested.every_pair or not tested.passing:
        return Estimate(observed, _PAIRS)
    timing = tested.timing
    involved = np.zeros(timing.found.n_objects, dtype=bool)
    accounts = np.zeros(timing.found.n_accounts, dtype=bool)
    accounts[tested.first] = accounts[tested.second] = True
    involved[timing.place[accounts[timing.found.account]]] = True
    random = generator(seed, "coordination", "times")
    null = []
    for _ in range(min(draws, max(9, _MOST_DRAWN_PAIRS // tested.passing))):
        timed = timing.pairs(tested.first, tested.second, time=timing.shuffled(involved, random))
        null.append(float(np.count_nonzero(_edges(timed, fewest, rate, tested.family)[1])))
    return against_null(observed, null, unit=_PAIRS, null_model=SHUFFLED)


# ---------------------------------------------------------------------- groups and evidence


@dataclass(frozen=True, eq=False)
class _Described:
    edges: pl.DataFrame
    groups: pl.DataFrame
    members: pl.DataFrame


def _labels(shares: _Shares, found: Incidence) -> pl.Series:
    return shares.names.gather(found.of_object)


def _described(
    network: Network, found: Incidence, tested: _Tested, labels: pl.Series, core: tuple[str, ...] | None, *, seed: int
) -> _Described:
    from scipy import stats

    rows = tested.edge
    first, second = tested.first[rows], tested.second[rows]
    close = tested.timed.close[rows, -1]
    members, group = _grouped(first, second, close, seed=seed)
    number = dict(zip(members.tolist(), group.tolist(), strict=True))
    keys = network.accounts["key"]
    ahead, behind = tested.timed.first_ahead[rows], tested.timed.second_ahead[rows]
    symmetry = 1 - np.abs(ahead - behind) / np.maximum(close, 1)
    examples: list[list[str]] = []
    of_account: dict[int, set[int]] = {member: set() for member in members.tolist()}
    of_group: dict[int, set[int]] = {}
    window = tested.timing.windows[-1]
    for at, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        objects, when, then = tested.timing.of_pair(a, b)
        near = objects[np.abs(when - then) <= window].tolist()
        of_account[a].update(near)
        of_account[b].update(near)
        if number[a] == number[b]:
            of_group.setdefault(number[a], set()).update(near)
        if at < _MOST_EDGES:
            examples.append(labels.gather(sorted(near, key=lambda o: (int(found.sharers[o]), o))[:_EXAMPLES]).to_list())
    inside = np.array(
        [number[a] == number[b] for a, b in zip(first.tolist(), second.tolist(), strict=True)], dtype=bool
    )
    edge_group = np.array([number[a] for a in first.tolist()], dtype=np.int64)
    listed = slice(0, _MOST_EDGES)
    edges = pl.DataFrame(
        {
            "account_a": keys.gather(first[listed].astype(np.uint32)),
            "account_b": keys.gather(second[listed].astype(np.uint32)),
            "group": pl.Series(np.where(inside, edge_group, -1)[listed]).replace(-1, None),
            "objects": tested.timed.common[rows][listed],
            "close": close[listed],
            "median_gap": tested.timed.median_gap[rows][listed],
            "symmetry": symmetry[listed],
            "p_sharing": tested.p_sharing[rows][listed],
            "q_sharing": tested.q_sharing[rows][listed],
            "p_timing": tested.timed.object_p[rows][listed],
            "p_rhythm": tested.timed.hour_p[rows][listed],
            "q_timing": tested.q_timing[rows][listed],
            "examples": pl.Series(examples, dtype=pl.List(pl.String)),
        },
        schema=_EDGES,
    )
    core_members = set(core or ())
    names = keys.gather(members.astype(np.uint32)).to_list()
    partners = np.bincount(np.searchsorted(members, np.concatenate([first, second])), minlength=len(members))
    xy = _positions(members, group, first, second, close, seed=seed)
    table = pl.DataFrame(
        {
            "account": names,
            "group": group,
            "partners": partners,
            "objects": [len(of_account[member]) for member in members.tolist()],
            "x": xy[:, 0],
            "y": xy[:, 1],
            "core": [name in core_members for name in names],
        },
        schema=_MEMBERS,
    ).with_columns(pl.col("x", "y").fill_nan(None))
    table = table.sort("group", "partners", "objects", "account", descending=[False, True, True, False])
    population = int(np.count_nonzero(found.shared))
    known = _core_in(network, found, core)
    rows_of_groups = []
    for wanted in sorted(set(group.tolist())):
        size = int(np.count_nonzero(group == wanted))
        here = inside & (edge_group == wanted)
        overlap = table.filter((pl.col("group") == wanted) & pl.col("core")).height
        rows_of_groups.append(
            {
                "group": wanted,
                "accounts": size,
                "pairs": int(here.sum()),
                "density": float(here.sum()) / (size * (size - 1) / 2),
                "objects": len(of_group.get(wanted, ())),
                "median_gap": float(np.median(tested.timed.median_gap[rows][here])) if here.any() else None,
                "symmetry": float(np.average(symmetry[here], weights=close[here])) if here.any() else None,
                "core_members": overlap if known else None,
                "core_p": float(stats.hypergeom.sf(overlap - 1, population, known, size)) if known else None,
            }
        )
    return _Described(edges, pl.DataFrame(rows_of_groups, schema=_GROUPS), table)


def _grouped(first: Codes, second: Codes, close: Codes, *, seed: int) -> tuple[Codes, Codes]:
    """Return the accounts with a tie and the number of each one's group, 1 the largest."""
    members = np.unique(np.concatenate([first, second]))
    if not len(members):
        return members, members
    a, b = np.searchsorted(members, first), np.searchsorted(members, second)
    matrix = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(len(members), len(members)))
    label = sparse.csgraph.connected_components(matrix, directed=False)[1].astype(np.int64)
    for component in np.flatnonzero(np.bincount(label) > LARGEST_COMPONENT).tolist():
        inside = np.flatnonzero(label == component)
        at = np.full(len(members), -1)
        at[inside] = np.arange(len(inside))
        held = at[a] >= 0
        graph = igraph.Graph(n=len(inside), edges=np.column_stack([at[a[held]], at[b[held]]]).tolist())
        with igraph_generator(seed):
            parts = graph.community_leiden(
                objective_function="modularity", weights=close[held].astype(float).tolist(), n_iterations=10
            )
        label[inside] = label.max() + 1 + np.asarray(parts.membership)
    present, label = np.unique(label, return_inverse=True)
    sizes = np.bincount(label)
    begin = np.full(len(present), len(members))
    np.minimum.at(begin, label, np.arange(len(members)))
    rank = np.empty(len(present), dtype=np.int64)
    rank[np.lexsort((begin, -sizes))] = np.arange(1, len(present) + 1)
    return members, rank[label]


def _positions(
    members: Codes, group: Codes, first: Codes, second: Codes, close: Codes, *, seed: int
) -> NDArray[np.float64]:
    """Place the accounts of the largest groups: each group by its ties in a disc of its own, discs on shelves."""
    xy = np.full((len(members), 2), np.nan)
    a, b = np.searchsorted(members, first), np.searchsorted(members, second)
    left, top, shelf, placed = 0.0, 0.0, 0.0, 0
    sizes = np.bincount(group, minlength=2)
    wide = max(float(np.sqrt(4 * np.minimum(sizes[1:], _MOST_PLACED).sum())) * 1.6, 2.0)
    for number in range(1, int(group.max(initial=0)) + 1):
        inside = np.flatnonzero(group == number)
        placed += len(inside)
        if placed > _MOST_PLACED:
            break
        at = np.full(len(members), -1)
        at[inside] = np.arange(len(inside))
        held = (at[a] >= 0) & (at[b] >= 0)
        graph = igraph.Graph(n=len(inside), edges=np.column_stack([at[a[held]], at[b[held]]]).tolist())
        start = generator(seed, "coordination", "layout", number).normal(size=(len(inside), 2))
        with igraph_generator(seed):
            drawn = np.asarray(
                graph.layout_fruchterman_reingold(
                    weights=close[held].astype(float).tolist(), seed=start.tolist(), niter=300
                ).coords
            )
        drawn = drawn - drawn.mean(axis=0)
        radius = float(np.sqrt(len(inside)))
        drawn *= 0.8 * radius / max(float(np.hypot(drawn[:, 0], drawn[:, 1]).max()), 1e-9)
        if left and left + 2 * radius > wide:
            left, top, shelf = 0.0, top - shelf, 0.0
        xy[inside] = drawn + np.array([left + radius, top - radius])
        left, shelf = left + 2 * radius, max(shelf, 2 * radius)
    return xy


def _core_in(network: Network, found: Incidence, core: tuple[str, ...] | None) -> int:
    """Return how many members of cores shared something."""
    if not core:
        return 0
    took_part = network.accounts["key"].filter(pl.Series(found.shared > 0))
    return int(took_part.is_in(list(core)).sum())


def _core_overlap(network: Network, found: Incidence, members: pl.DataFrame, core: tuple[str, ...] | None) -> Estimate:
    from scipy import stats

    known = _core_in(network, found, core)
    if not known or not members.height:
        reason = _NO_CORE if not core else Message("no member of a leading core, or no group, shared something")
        return undefined(_ACCOUNTS, reason)
    population, size = int(np.count_nonzero(found.shared)), members.height
    overlap = int(members["core"].sum())
    chance = stats.hypergeom(population, known, size)
    return Estimate(
        float(overlap),
        _ACCOUNTS,
        null_model=DRAWN_GROUPS,
        null_mean=float(chance.mean()),
        null_sd=float(chance.std()),
        null_interval=(float(chance.ppf(0.025)), float(chance.ppf(0.975))),
        p_value=float(chance.sf(overlap - 1)),
        tail="greater",
    )


def _gaps(found: Incidence, tested: _Tested) -> pl.DataFrame:
    """Return the gaps of the pairs found in bins, and what dealing times out anew within objects gives."""
    if not len(tested.edge):
        return pl.DataFrame(schema=_GAPS)
    ends = np.asarray(_GAP_ENDS)
    observed = np.zeros(len(ends) + 1, dtype=np.int64)
    uses = np.zeros(found.n_objects)
    for row in tested.edge[:_MOST_EDGES].tolist():
        objects, when, then = tested.timing.of_pair(int(tested.first[row]), int(tested.second[row]))
        observed += np.bincount(np.searchsorted(ends, np.abs(when - then)), minlength=len(ends) + 1)
        uses[objects] += 1
    used = uses > 0
    within = close_shares(found.keep(used), _GAP_ENDS)
    below = np.concatenate([uses[used] @ within, [uses.sum()]])
    return pl.DataFrame(
        {
            "low": [0, *_GAP_ENDS],
            "high": [*_GAP_ENDS, None],
            "observed": observed,
            "expected": np.diff(below, prepend=0.0),
        },
        schema=_GAPS,
    )


def _comparison(
    shares: _Shares, tested: _Tested, by_chance: float | None, *, seed: int
) -> tuple[pl.DataFrame, float | None]:
    """Return how the pairs found compare with those of a percentile cut, and the weight of the cut."""
    first, second = tested.first[tested.edge], tested.second[tested.edge]
    ours = np.unique(np.concatenate([first, second]))
    rows = [
        {
            "rule": "tested", "pairs": len(first), "accounts": len(ours), "pairs_in_common": len(first),
            "accounts_in_common": len(ours), "pairs_by_chance": by_chance,
        }
    ]  # fmt: skip
    window = max(PERCENTILE_WINDOW, tested.timing.windows[0])
    few = len(shares.time) <= _MOST_COMPARED
    cut = percentile_cut(shares.object, shares.account, shares.time, within=window) if few else None
    if cut is None:
        return pl.DataFrame(rows, schema=_COMPARISON), None
    random = generator(seed, "coordination", "percentile")
    shuffled = percentile_cut(
        shares.object, shares.account, shuffled_within(shares.object, shares.time, random), within=window
    )
    theirs = np.unique(np.concatenate([cut.kept["first"].to_numpy(), cut.kept["second"].to_numpy()]))
    pairs = pl.DataFrame({"first": first, "second": second}).join(cut.kept, on=["first", "second"], how="inner").height
    rows.append(
        {
            "rule": "percentile",
            "pairs": cut.kept.height,
            "accounts": len(theirs),
            "pairs_in_common": pairs,
            "accounts_in_common": len(np.intersect1d(ours, theirs)),
            "pairs_by_chance": None if shuffled is None else float(shuffled.kept.height),
        }
    )
    return pl.DataFrame(rows, schema=_COMPARISON), cut.threshold
