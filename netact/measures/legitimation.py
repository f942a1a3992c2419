"""Whether the actions of a movement were carried by its community or opposed.

An operation is known by its signs: hashtags or links, told with its start in a table of operations. Its community is fixed
beforehand, as the accounts that were active in the thirty days before the start: whoever comes only because of the
operation must not make up the number it is compared with, and is counted apart. Members *endorse* by using a sign in a post
of their own or by passing on a post that carries one; quotes and mentions are no endorsement, as they also serve to
contradict. Members *oppose* by using or passing on a counter sign, or if the accounts table codes their ``stance`` as
``opposed`` and they were active meanwhile. That passing on is approval is an assumption; silence is not opposition; and a
community is what the collection shows of it.

Direction: an account that passes on points to the author. Weights play no part: every account counts once on each side.
Lost: what is said without a sign, or in words for or against; whatever has no time; posts that were passed on but are not
in the data themselves, since nothing tells their hashtags; and opponents who use none of the counter signs.

Sources: Gerbaudo 2017, https://doi.org/10.1080/1369118X.2016.1161817 (legitimacy by the number that joins); Wilson 1927,
https://doi.org/10.1080/01621459.1927.10502953 (intervals of shares); Bass 1969, https://doi.org/10.1287/mnsc.15.5.215
(adoption); Shalizi & Thomas 2011, https://doi.org/10.1177/0049124111404820 (why adoption among neighbours is not
contagion); Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x (many operations).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.adoption import fastest_joining, fit_adoption
from netact.language import Message
from netact.participation import (
    balance,
    balance_interval,
    kl_divergence,
    representation,
    sign_test,
    spread_null,
    wilson,
)
from netact.randomness import generator, spawn_seeds
from netact.ranges import Range, check_ranges
from netact.resampling import bootstrap_multiplicities, percentile_interval, recentred_interval
from netact.results import JOINING, OPERATION_CURVES, OPERATION_FACTIONS, OPERATIONS, Estimate, Legitimation, undefined
from netact.significance import against_null, false_discovery, monte_carlo_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network
    from netact.results import OperationVerdict, Status

FEWEST_OPERATIONS = 10  # to say which operations drew more than most, and whether the outcome goes with it
QUARTILE = 0.75
LEVEL = 0.05
BROAD = 0.5  # breadth from which an operation is carried by more than some factions
FACTION_MEMBERS = 20  # members of the community a faction needs to be looked at by itself
ORDINARY_ACCOUNTS = 5  # accounts that used a hashtag in the same days, for it to be compared with
FEWEST_ORDINARY = 10
FEWEST_EXPOSED = 10
MATCHED = 20  # accounts of nearest in-degree among which a core account's match is drawn
_FEWEST_CLUSTERS = 10
_CURVE_POINTS = 60
_DAY = 86_400_000_000  # microseconds
_PASSING = ("retweet", "forward")

SHUFFLED = Message("the same outcomes dealt anew among the operations")
_CHANCE = Message("probability")
_USES = pl.Schema(
    {
        "account": pl.UInt32(),
        "sign": pl.String(),
        "time": pl.Datetime("us", "UTC"),
        "post": pl.String(),
        "passed": pl.Boolean(),
        "author": pl.UInt32(),
    }
)


# What each parameter may be.
RANGES = {
    "days": Range(1, 36_500),
    "community_days": Range(1, 36_500),
    "draws": Range(0),
    "replicates": Range(0),
}


def legitimation(
    network: Network,
    *,
    days: int = 14,
    community_days: int = 30,
    factions: pl.DataFrame | None = None,
    core: Sequence[str] | None = None,
    draws: int = 999,
    replicates: int = 500,
    seed: int,
) -> Legitimation:
    """Say of each operation which part of a community fixed beforehand endorsed it, and which part opposed it.

    *Participation* is the share of the community that endorsed, with Wilson's interval; another interval draws whole posts
    with replacement (all who passed on one post are drawn together) and is re-centred on the observed share. It is compared
    with that of as many ordinary hashtags of the same days, which no operation names. The *balance* (E-O)/(E+O) lies between
    -1 and 1; its interval is the wider of Wilson's and that over posts, its p-value that of the exact two-sided sign test over
    members who took one side only. *Breadth* is the smallest ratio, over factions of twenty or more members, of a
    faction's share of the endorsers and of the community; it and the divergence KL(E||C) are compared with as many
    members drawn at random. The divergence of so few is above 0 even then: ``divergence_beyond_chance`` has the mean of the
    draws taken off. All p-values are also adjusted over operations (Benjamini-Hochberg).

    The verdict is the first of these that holds. ``opposed``: the interval of the balance lies below 0. ``legitimated``:
    participation above the upper quartile of all operations of this community, interval of the balance above 0,
    breadth at least .5. ``contested``: the interval of the balance includes 0, or the counter share could exceed its upper
    quartile (with at least one opponent). ``factional``: interval of the balance above 0, breadth below .5 and below what
    chance gives (adjusted p at most .05: of few endorsers a faction is often missing by luck). ``ignored``: nobody took a side, or
    no more joined than in most operations. With fewer than ten operations there are no quartiles: what would need them is
    ``descriptive``. Where neither counter signs nor stances are known, opposition cannot be seen and nothing is said of it.

    Parameters
    ----------
    network
        With a table of operations, times and hashtags (or shares).
    days
        How long an operation without an end is followed.
    community_days
        How long before the start an account must have been active to be of the community.
    factions
        ``account`` and ``faction``; None leaves breadth out.
    core
        Keys of the accounts of the leading core; None leaves out who showed the sign first.
    draws, replicates
        Draws of each null model (ten times as many for breadth) and of the bootstrap over posts; 0 leaves the comparison or the intervals out.
    seed
        Everything random follows from it.

    Raises
    ------
    MeasureError
        If a number is too small.
    """
    check_ranges("legitimation", RANGES, locals())
    kind = network.attention_kind
    listed = network.operations.sort("start", "operation")
    if not listed.height:
        return _nothing(
            kind,
            Message(
                "no table of operations: one with columns operation, start and hashtags would answer it (netact template "
                "operations writes it)"
            ),
        )
    active = _Activity.of(network)
    if active is None:
        return _nothing(kind, Message("nothing in the data has a time, so nobody is known to have been there before"))
    wanted = {sign for row in listed.iter_rows(named=True) for sign in (*row["signs"], *row["counter_signs"])}
    uses = _uses(network, wanted)
    if not uses.height:
        return _nothing(
            kind, Message("nothing tells who used which hashtag or shared which link when, so nobody is seen to join")
        )
    stance = _opposed(network)
    known = _faction_numbers(network, factions)
    cores = _Cores.of(network, core, draws=draws, seed=seed)
    measured = [
        _measure(
            row,
            active,
            uses,
            ordinary=wanted,
            stance=stance,
            faction=known,
            cores=cores,
            network=network,
            days=days,
            community_days=community_days,
            draws=draws,
            replicates=replicates,
            seed=seed,
        )
        for row in listed.iter_rows(named=True)
    ]
    found = [one for one in measured if one.row["verdict"] != "not_measured"]
    bars = _bars([one.row for one in found])
    _adjust([one.row for one in found])
    for one in found:
        one.row["verdict"], one.row["reason"] = operation_verdict(
            opponents=one.row["opponents"],
            participation=one.row["participation"],
            balance_range=None if one.row["balance_low"] is None else (one.row["balance_low"], one.row["balance_high"]),
            counter_high=one.row["counter_high"],
            spread=one.row["breadth"],
            spread_q=one.row["breadth_q"],
            bars=bars,
        )
    table = pl.DataFrame([one.row for one in measured], schema=OPERATIONS, orient="row")
    status: Status = "ok" if found else "insufficient_data"
    return Legitimation(
        status=status,
        reason="" if found else _why_none(table),
        kind=kind,
        operations=table,
        factions=_joined([row for one in measured for row in one.factions], OPERATION_FACTIONS),
        joining=_joined([row for one in measured for row in one.joining], JOINING),
        adoption=_joined([row for one in measured for row in one.adoption], OPERATION_CURVES),
        participation_bar=None if bars is None else bars[0],
        counter_bar=None if bars is None else bars[1],
        outcome_relation=_outcome_relation(table, draws=draws, seed=seed),
        warnings=tuple(_warnings(network, table, active, listed, uses, days=days, community_days=community_days)),
    )


def operation_verdict(
    *,
    opponents: int | None,
    participation: float,
    balance_range: tuple[float, float] | None,
    counter_high: float | None,
    spread: float | None,
    spread_q: float | None = None,
    bars: tuple[float, float | None] | None,
) -> tuple[OperationVerdict, str]:
    """Return the verdict on one operation, and what kept it from being more than descriptive.

    ``bars`` are the upper quartiles of participation and counter share over the operations, None with too few.

    >>> operation_verdict(
    ...     opponents=30, participation=0.12, balance_range=(0.46, 0.71), counter_high=0.043, spread=0.21, bars=None
    ... )
    ('factional', '')
    """
    if opponents is None:
        return "one_sided_view", "no_counter_signs"
    if balance_range is None:
        return "ignored", ""
    low, high = balance_range
    if high < 0:
        return "opposed", ""
    above = bars is not None and participation > bars[0]
    if above and low > 0 and spread is not None and spread >= BROAD:
        return "legitimated", ""
    loud = bars is not None and bars[1] is not None and counter_high is not None and counter_high > bars[1]
    if low <= 0 or (loud and opponents > 0):
        return "contested", ""
    if spread is not None and spread < BROAD and (spread_q is None or spread_q <= LEVEL):
        return "factional", ""
    if bars is None:
        return "descriptive", "few_operations"
    if above:
        return "descriptive", "no_factions" if spread is None else "unclear_breadth"
    return "ignored", ""


# ---------------------------------------------------------------------- what the data tell


def _nothing(kind: str, reason: Message) -> Legitimation:
    return Legitimation(
        status="insufficient_data",
        reason=reason,
        kind=kind,
        operations=pl.DataFrame(schema=OPERATIONS),
        factions=pl.DataFrame(schema=OPERATION_FACTIONS),
        joining=pl.DataFrame(schema=JOINING),
        adoption=pl.DataFrame(schema=OPERATION_CURVES),
        participation_bar=None,
        counter_bar=None,
        outcome_relation=undefined(_CHANCE, reason, status="insufficient_data"),
    )


@dataclass(frozen=True)
class _Activity:
    """Who was active when, in order of time (microseconds)."""

    account: NDArray[np.uint32]
    time: NDArray[np.int64]

    @classmethod
    def of(cls, network: Network) -> _Activity | None:
        made = pl.col("quality").ne_missing("derived")
        parts = [
            network.interactions.filter(made).select("time", account="source"),
            *(table.select("time", "account") for table in (network.posts, network.hashtags, network.shares)),
        ]
        rows = pl.concat(parts).drop_nulls().unique().sort("time", "account")
        if not rows.height:
            return None
        return cls(rows["account"].to_numpy(), rows["time"].to_physical().to_numpy())

    def between(self, begin: int, end: int) -> NDArray[np.uint32]:
        """Return the accounts active from ``begin`` until before ``end``, each once, in their order."""
        low, high = np.searchsorted(self.time, [begin, end])
        return np.unique(self.account[low:high])


def _uses(network: Network, wanted: set[str]) -> pl.DataFrame:
    """Return every use of a hashtag, and of the links that are signs, in own posts and in posts passed on, by time."""
    links = {sign.casefold() for sign in wanted}
    shared = network.shares.filter(pl.col("object").str.to_lowercase().is_in(list(links)))
    by_fold = {sign.casefold(): sign for sign in sorted(wanted)}
    own = pl.concat(
        [
            network.hashtags.select("account", "time", sign="hashtag", post="post_id"),
            shared.select(
                "account",
                "time",
                sign=pl.col("object").str.to_lowercase().replace_strict(by_fold, default=None, return_dtype=pl.String),
                post="post_id",
            ).drop_nulls("sign"),
        ]
    )
    made = pl.col("quality").ne_missing("derived")
    rows = network.interactions.filter(made).select(
        "target", "time", "ref_post_id", account="source", post="post_id", kind=pl.col("kind").cast(pl.String)
    )
    passing = rows.filter(pl.col("kind").is_in(_PASSING))
    own = _without_quotes(own, rows, network)
    own = _with_author(own, passing)
    platform = network.accounts["platform"]
    carried = own.drop_nulls("post").select(
        "sign", ref_post_id="post", of=platform.gather(own.drop_nulls("post")["account"])
    )
    given = passing.drop_nulls("ref_post_id").with_columns(
        platform.gather(passing.drop_nulls("ref_post_id")["account"]).alias("on")
    )
    given = given.join(carried.unique(), on="ref_post_id", how="inner")
    same = (pl.col("on") == pl.col("of")).fill_null(value=True)
    given = given.filter(same).select("account", "sign", "time", post="ref_post_id", passed=True, author="target")
    every = pl.concat([own.select(list(_USES)), given.select(pl.col(name).cast(kind) for name, kind in _USES.items())])
    return every.drop_nulls("time").unique().sort(["time", "account", "sign", "post", "author"], nulls_last=True)


def _without_quotes(own: pl.DataFrame, rows: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Leave out what a table tells of quotes only: there nothing says whose hashtags they are, the quoting or the quoted."""
    quotes = rows.filter(pl.col("kind") == "quote").select("account", "post").drop_nulls()
    if not quotes.height:
        return own
    others = rows.filter(pl.col("kind") != "quote").select("account", "post").drop_nulls()
    written = network.posts.select("account", post="post_id").drop_nulls()
    quotes = quotes.unique().join(others.unique(), on=["account", "post"], how="anti")
    quotes = quotes.join(written.unique(), on=["account", "post"], how="anti")
    return own.join(quotes, on=["account", "post"], how="anti")


def _with_author(own: pl.DataFrame, passing: pl.DataFrame) -> pl.DataFrame:
    """Tell which uses only pass on the post of another, and whose: those on a row of a retweet or forward."""
    by_post = passing.drop_nulls("post").group_by("account", "post").agg(pl.col("target").min())
    by_time = passing.filter(pl.col("post").is_null()).drop_nulls("time")
    by_time = by_time.group_by("account", "time").agg(moment=pl.col("target").min())
    found = own.join(by_post, on=["account", "post"], how="left").join(by_time, on=["account", "time"], how="left")
    author = pl.coalesce("target", pl.when(pl.col("post").is_null()).then("moment"))
    return found.select("account", "sign", "time", "post", passed=author.is_not_null(), author=author)


def _opposed(network: Network) -> NDArray[np.bool_] | None:
    """Return which accounts are coded as opposed; None if no stance is known."""
    column = next((name for name in network.accounts.columns if name.strip().casefold() == "stance"), None)
    if column is None or network.accounts[column].null_count() == network.n_accounts:
        return None
    stance = network.accounts[column].cast(pl.String).str.strip_chars().str.to_lowercase()
    return np.asarray((stance == "opposed").fill_null(value=False).to_numpy())


def _faction_numbers(network: Network, factions: pl.DataFrame | None) -> NDArray[np.int64] | None:
    """Return the faction of every account, -1 for none; None if they are not known."""
    if factions is None or not factions.height:
        return None
    numbers = pl.DataFrame({"account": network.accounts["key"]}).join(
        factions.select("account", "faction").unique("account"), on="account", how="left", maintain_order="left"
    )
    return np.asarray(numbers["faction"].fill_null(-1).to_numpy(), dtype=np.int64)


@dataclass(frozen=True)
class _Cores:
    """The accounts of the core, and sets of as many others that are about as widely heard."""

    core: NDArray[np.int64]
    matched: NDArray[np.int64]  # one set a row

    @classmethod
    def of(cls, network: Network, core: Sequence[str] | None, *, draws: int, seed: int) -> _Cores | None:
        if not core:
            return None
        wanted = set(core)
        members = np.flatnonzero([key in wanted for key in network.keys])
        heard = network.ties().in_degree
        others = np.setdiff1d(np.flatnonzero(heard > 0), members)
        if not len(members) or len(others) < len(members):
            return None
        others = others[np.lexsort((others, heard[others]))]
        place = np.searchsorted(heard[others], heard[members])
        low = np.clip(place - MATCHED // 2, 0, max(0, len(others) - MATCHED))
        random = generator(seed, "legitimation", "matched accounts")
        sets = np.empty((draws, len(members)), dtype=np.int64)
        for draw in range(draws):
            taken: set[int] = set()
            for begin in low.tolist():
                near = [one for one in others[begin : begin + MATCHED].tolist() if one not in taken]
                near = near or [one for one in others.tolist() if one not in taken]
                taken.add(near[int(random.integers(len(near)))])
            sets[draw] = sorted(taken)
        return cls(members, sets)


# ---------------------------------------------------------------------- one operation


@dataclass
class _Measured:
    row: dict[str, Any]
    factions: list[dict[str, Any]] = field(default_factory=list)
    joining: list[dict[str, Any]] = field(default_factory=list)
    adoption: list[dict[str, Any]] = field(default_factory=list)


def _measure(
    listed: dict[str, Any],
    active: _Activity,
    uses: pl.DataFrame,
    *,
    ordinary: set[str],
    stance: NDArray[np.bool_] | None,
    faction: NDArray[np.int64] | None,
    cores: _Cores | None,
    network: Network,
    days: int,
    community_days: int,
    draws: int,
    replicates: int,
    seed: int,
) -> _Measured:
    name, start = listed["operation"], _micros(listed["start"])
    first, last = int(active.time[0]), int(active.time[-1])
    told = _micros(listed["end"]) if listed["end"] is not None else start + days * _DAY
    end = min(told, last + 1)
    row: dict[str, Any] = dict.fromkeys(OPERATIONS)
    row |= {"operation": name, "start": listed["start"], "outcome": listed["outcome"], "verdict": "not_measured"}
    row["end"] = listed["start"] if end <= start else _moment(end)
    community = active.between(start - community_days * _DAY, start)
    if start > last or told <= start:
        return _Measured({**row, "reason": "after_data" if start > last else "no_duration"})
    if start <= first:
        return _Measured({**row, "reason": "before_data"})
    if not len(community):
        return _Measured({**row, "reason": "no_community"})
    during = _slice(uses, start, end)
    for_it, against = (during.filter(pl.col("sign").is_in(listed[side])) for side in ("signs", "counter_signs"))
    inside = pl.Series("account", community, dtype=pl.UInt32)
    joined = for_it.filter(pl.col("account").is_in(inside.implode()))
    opposed = against.filter(pl.col("account").is_in(inside.implode()))
    joiners = _first_times(joined)
    coded = np.empty(0, dtype=np.uint32)
    if stance is not None:
        there = np.intersect1d(active.between(start, end), community)
        coded = there[stance[there]]
    opponents = np.union1d(opposed["account"].unique().to_numpy(), coded)
    measurable = bool(listed["counter_signs"]) or stance is not None
    who = joiners["account"].to_numpy()
    members, e, o = len(community), len(who), len(opponents)
    both = int(np.isin(who, opponents).sum())
    row |= {
        "verdict": "measured",
        "reason": "",
        "community": members,
        "endorsers": e,
        "passed_on_only": int(joined.group_by("account").agg(pl.col("passed").all())["passed"].sum()),
        "opponents": o if measurable else None,
        "both": both if measurable else None,
        "outside": for_it["account"].n_unique() - e,
        "participation": e / members,
    }
    row |= _ends("participation", wilson(e, members))
    if measurable:
        row |= {"counter_share": o / members, "balance": balance(e, o), "balance_p": sign_test(e - both, o - both)}
        row |= _ends("counter", wilson(o, members))
    own_seed = spawn_seeds(seed, 1, "legitimation", name)[0]
    length = (end - start) / _DAY
    times = (joiners["time"].to_physical().to_numpy() - start) / _DAY
    row["fastest"] = fastest_joining(times, members, length)
    acts = _clustered(joined, opposed, coded)
    row |= _over_posts(acts, row, members=members, start=start, length=length, replicates=replicates, seed=own_seed)
    row |= _against_ordinary(
        during, inside, ordinary, signs=len(listed["signs"]), value=row["participation"], draws=draws,
        random=generator(own_seed, "ordinary hashtags"),
    )  # fmt: skip
    made = _Measured(row)
    if faction is not None:
        made.factions, spread = _by_faction(
            name, faction, community, who, opponents, draws=draws, random=generator(own_seed, "breadth")
        )
        row |= spread
    if cores is not None:
        row |= _first_shown(uses.filter(pl.col("sign").is_in(listed["signs"])), joined, joiners, cores, network)
    made.joining = _cumulative(
        name, times, _times_of(opposed, coded, active, start, end), _times_outside(for_it, inside, start), length
    )
    fits = fit_adoption(times, length)
    if fits:
        row["curve"] = fits[0].curve
        made.adoption = [
            {
                "operation": name,
                "curve": fit.curve,
                "market": fit.parameters[0],
                "rate": fit.parameters[1],
                "second": fit.parameters[2] if len(fit.parameters) > 2 else None,
                "aic": fit.aic,
            }
            for fit in fits
        ]
    return made


def _micros(moment: datetime) -> int:
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _moment(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _ends(name: str, interval: tuple[float, float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _slice(uses: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    low, high = np.searchsorted(uses["time"].to_physical().to_numpy(), [start, end])
    return uses.slice(int(low), int(high - low))


def _first_times(acts: pl.DataFrame) -> pl.DataFrame:
    """Return when each account first acted, in order of account."""
    return acts.group_by("account").agg(pl.col("time").min()).sort("account")


@dataclass(frozen=True)
class _Acts:
    """Acts of members for and against, sorted by side and account, with the post that each is drawn by."""

    cluster: NDArray[np.int64]
    time: NDArray[np.int64]  # microseconds
    first: NDArray[np.int64]  # where the acts of an account on a side begin
    endorsing: NDArray[np.bool_]  # one value for each of these


def _clustered(joined: pl.DataFrame, opposed: pl.DataFrame, coded: NDArray[np.uint32]) -> _Acts | None:
    own = pl.format("{} {}", "account", pl.col("time").to_physical())
    parts = [
        acts.select("account", "time", post=pl.coalesce("post", own), endorsing=pl.lit(value=side))
        for acts, side in ((joined, True), (opposed, False))
    ]
    extra = pl.DataFrame({"account": pl.Series(coded, dtype=pl.UInt32)}).with_columns(
        time=pl.lit(None, dtype=joined.schema["time"]), post=pl.format("stance {}", "account"), endorsing=False
    )
    rows = pl.concat([*parts, extra]).sort(["endorsing", "account", "time", "post"], nulls_last=True)
    if not rows.height:
        return None
    key = rows.select(pl.struct("endorsing", "account").rle_id()).to_series().to_numpy()
    first = np.concatenate([[0], np.flatnonzero(np.diff(key)) + 1])
    cluster = rows["post"].rank("dense").to_numpy().astype(np.int64) - 1
    time = rows["time"].to_physical().fill_null(0).to_numpy()
    return _Acts(cluster, time, first, rows["endorsing"].to_numpy()[first])


def _over_posts(
    acts: _Acts | None, row: dict[str, Any], *, members: int, start: int, length: float, replicates: int, seed: int
) -> dict[str, float | None]:
    """Return the intervals that draw whole posts again, and the interval of the balance."""
    e, o = row["endorsers"], row["opponents"]
    posts = _ends("participation_posts", None) | _ends("fastest", None)
    by_share = None if o is None else balance_interval(e, o)
    if acts is None or replicates == 0 or int(acts.cluster.max()) + 1 < _FEWEST_CLUSTERS:
        return posts | _ends("balance", by_share)
    share, side, fastest = np.empty(replicates), np.full(replicates, np.nan), np.full(replicates, np.nan)
    never = np.iinfo(np.int64).max
    for draw, times in enumerate(bootstrap_multiplicities(acts.cluster, draws=replicates, seed=seed)):
        begun = np.minimum.reduceat(np.where(times > 0, acts.time, never), acts.first)
        drawn = begun < never
        endorsed, against = int((drawn & acts.endorsing).sum()), int((drawn & ~acts.endorsing).sum())
        share[draw] = endorsed / members
        if endorsed + against:
            side[draw] = endorsed / (endorsed + against)
        moments = (begun[drawn & acts.endorsing] - start) / _DAY
        peak = fastest_joining(moments, members, length)
        fastest[draw] = np.nan if peak is None else peak
    posts = _ends("participation_posts", recentred_interval(share, row["participation"], bounded=True))
    posts |= _ends("fastest", percentile_interval(fastest))
    if by_share is None:
        return posts | _ends("balance", None)
    ends = recentred_interval(side, e / (e + o), bounded=True)
    low, high = by_share if ends is None else (min(by_share[0], 2 * ends[0] - 1), max(by_share[1], 2 * ends[1] - 1))
    return posts | _ends("balance", (low, high))


def _against_ordinary(
    during: pl.DataFrame,
    inside: pl.Series,
    named: set[str],
    *,
    signs: int,
    value: float,
    draws: int,
    random: np.random.Generator,
) -> dict[str, float | int | None]:
    """Compare participation with that in as many other hashtags of the same days, taken up in the same way."""
    others = during.filter(pl.col("account").is_in(inside.implode()) & ~pl.col("sign").is_in(list(named)))
    groups = others.group_by("sign").agg(pl.col("account").unique()).sort("sign")
    groups = groups.filter(pl.col("account").list.len() >= ORDINARY_ACCOUNTS)
    if groups.height < max(FEWEST_ORDINARY, 3 * signs) or draws == 0:
        return {"ordinary": groups.height}
    if signs == 1:
        shares = groups["account"].list.len().to_numpy() / len(inside)
    else:
        sets = groups["account"].to_list()
        picks = (random.choice(len(sets), size=signs, replace=False) for _ in range(draws))
        shares = np.array([len(set(itertools.chain(*(sets[one] for one in pick)))) / len(inside) for pick in picks])
    low, high = np.quantile(shares, [0.025, 0.975])
    return {
        "ordinary": groups.height,
        "ordinary_median": float(np.median(shares)),
        "ordinary_low": float(low),
        "ordinary_high": float(high),
        "ordinary_p": monte_carlo_p(value, shares),
    }


def _by_faction(
    name: str,
    faction: NDArray[np.int64],
    community: NDArray[np.uint32],
    who: NDArray[np.uint32],
    opponents: NDArray[np.uint32],
    *,
    draws: int,
    random: np.random.Generator,
) -> tuple[list[dict[str, Any]], dict[str, float | None]]:
    """Return how endorsers and opponents spread over the factions of the community, and how even that is."""
    number, size = np.unique(faction[community], return_counts=True)
    large = number[(number >= 0) & (size >= FACTION_MEMBERS)]
    groups = [int(one) for one in large]

    def counted(accounts: NDArray[np.uint32]) -> NDArray[np.int64]:
        each = [int(np.sum(faction[accounts] == one)) for one in groups]
        return np.array([*each, len(accounts) - sum(each)], dtype=np.int64)

    members, joined, against = counted(community), counted(who), counted(opponents)
    rows = []
    for at, one in enumerate([*groups, -1]):
        if not members[at]:
            continue
        rows.append(
            {
                "operation": name,
                "faction": one,
                "members": int(members[at]),
                "endorsers": int(joined[at]),
                "opponents": int(against[at]),
                "share_of_community": members[at] / members.sum(),
                "share_of_endorsers": joined[at] / joined.sum() if joined.sum() else None,
                "ratio": (joined[at] / joined.sum()) / (members[at] / members.sum()) if joined.sum() else None,
            }
        )
    if not groups or not joined.sum():
        return rows, {}
    kept = members > 0  # the last is empty where every member is of a large faction
    ratios = representation(joined[kept], members[kept])
    assert ratios is not None  # noqa: S101 (there are endorsers, and no group is empty)
    least, divergence = float(ratios[: len(groups)].min()), kl_divergence(joined[kept], members[kept])
    # A draw costs next to nothing here, and many operations take fine p-values.
    null = spread_null(int(joined.sum()), members[kept], large=len(groups), draws=10 * draws, random=random)
    found: dict[str, float | None] = {"breadth": least, "divergence": divergence}
    if len(null.breadth) and divergence is not None:
        mean = float(null.divergence.mean())
        found |= {
            "breadth_null_low": float(np.quantile(null.breadth, 0.05)),
            "breadth_p": monte_carlo_p(least, null.breadth, tail="less"),
            "divergence_by_chance": mean,
            "divergence_beyond_chance": divergence - mean,
            "divergence_p": monte_carlo_p(divergence, null.divergence),
        }
    return rows, found


def _first_shown(
    every: pl.DataFrame, joined: pl.DataFrame, joiners: pl.DataFrame, cores: _Cores, network: Network
) -> dict[str, float | int | None]:
    """Return to how many endorsers a core account was the first to show the sign, and what matched accounts give.

    Shown to an account is what those it follows used before it joined, and the post it joined by passing on.
    """
    never = np.iinfo(np.int64).max
    begun = np.full(network.n_accounts, never)
    firsts = _first_times(every)
    begun[firsts["account"].to_numpy()] = firsts["time"].to_physical().to_numpy()
    who, when = joiners["account"].to_numpy().astype(np.int64), joiners["time"].to_physical().to_numpy()
    apart = ~np.isin(who, cores.core)
    who, when = who[apart], when[apart]
    time_of = np.full(network.n_accounts, -1)
    time_of[who] = when
    source, target, shown = [], [], []
    if "follow" in network.kinds:
        ties = network.ties("follow")
        seen = begun[ties.target] < time_of[ties.source]
        source.append(ties.source[seen].astype(np.int64))
        target.append(ties.target[seen].astype(np.int64))
        shown.append(begun[ties.target[seen]])
    given = joined.filter(pl.col("passed")).drop_nulls("author")
    account, author = given["account"].to_numpy().astype(np.int64), given["author"].to_numpy().astype(np.int64)
    at_first = given["time"].to_physical().to_numpy() == time_of[account]
    source.append(account[at_first])
    target.append(author[at_first])
    shown.append(np.minimum(begun[author[at_first]], time_of[account[at_first]]))
    to, by, moment = np.concatenate(source), np.concatenate(target), np.concatenate(shown)
    order = np.lexsort((by, moment, to))
    to, by = to[order], by[order]
    keep = np.concatenate([[True], to[1:] != to[:-1]]) if len(to) else np.empty(0, dtype=bool)
    exposed = int(keep.sum())
    if exposed < FEWEST_EXPOSED:
        return {"exposed": exposed}
    counts = np.bincount(by[keep], minlength=network.n_accounts)
    share = float(counts[cores.core].sum() / exposed)
    if not len(cores.matched):
        return {"exposed": exposed, "core_first": share}
    null = counts[cores.matched].sum(axis=1) / exposed
    low, high = np.quantile(null, [0.025, 0.975])
    return {
        "exposed": exposed,
        "core_first": share,
        "core_first_low": float(low),
        "core_first_high": float(high),
        "core_first_p": monte_carlo_p(share, null),
    }


def _times_of(
    opposed: pl.DataFrame, coded: NDArray[np.uint32], active: _Activity, start: int, end: int
) -> NDArray[np.float64]:
    """Return when each opponent first opposed, in days; those who are only coded as such, when they were first active."""
    first = dict(_first_times(opposed).select("account", pl.col("time").to_physical()).iter_rows())
    low, high = np.searchsorted(active.time, [start, end])
    if len(coded):
        account, time = active.account[low:high], active.time[low:high]
        mine = np.isin(account, coded)
        who, at = np.unique(account[mine], return_index=True)
        for one, moment in zip(who.tolist(), time[mine][at].tolist(), strict=True):
            first[one] = min(first.get(one, moment), moment)
    return np.sort((np.array(list(first.values()), dtype=np.int64) - start) / _DAY)


def _times_outside(for_it: pl.DataFrame, inside: pl.Series, start: int) -> NDArray[np.float64]:
    times = _first_times(for_it.filter(~pl.col("account").is_in(inside.implode())))["time"]
    return np.sort((times.to_physical().to_numpy() - start) / _DAY)


def _cumulative(
    name: str,
    joined: NDArray[np.float64],
    opposed: NDArray[np.float64],
    outside: NDArray[np.float64],
    length: float,
) -> list[dict[str, Any]]:
    grid = np.linspace(0.0, length, _CURVE_POINTS + 1)
    counts = [np.searchsorted(np.sort(times), grid, side="right") for times in (joined, opposed, outside)]
    return [
        {"operation": name, "days": float(day), "endorsers": int(e), "opponents": int(o), "outside": int(x)}
        for day, e, o, x in zip(grid, *counts, strict=True)
    ]


# ---------------------------------------------------------------------- all operations


def _joined(rows: list[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def _bars(rows: list[dict[str, Any]]) -> tuple[float, float | None] | None:
    """Return the upper quartiles of participation and of the counter share; None with too few operations."""
    if len(rows) < FEWEST_OPERATIONS:
        return None
    counter = [row["counter_share"] for row in rows if row["counter_share"] is not None]
    return (
        float(np.quantile([row["participation"] for row in rows], QUARTILE)),
        float(np.quantile(counter, QUARTILE)) if len(counter) >= FEWEST_OPERATIONS else None,
    )


def _adjust(rows: list[dict[str, Any]]) -> None:
    for name in ("balance", "breadth", "ordinary", "core_first"):
        with_p = [row for row in rows if row[f"{name}_p"] is not None]
        for row, q in zip(with_p, false_discovery([row[f"{name}_p"] for row in with_p]), strict=True):
            row[f"{name}_q"] = float(q)


def _outcome_relation(table: pl.DataFrame, *, draws: int, seed: int) -> Estimate:
    """Return the chance that an accepted operation had more participation than a rejected one, against shuffled outcomes."""
    known = table.filter(pl.col("verdict") != "not_measured").drop_nulls(["outcome", "participation"])
    known = known.sort("operation")
    accepted = (known["outcome"] == "accepted").to_numpy()
    wins, losses = int(accepted.sum()), int((~accepted).sum())
    if known.height < FEWEST_OPERATIONS or not wins or not losses:
        reason = Message(
            "it takes {least:count} operations with a known outcome, accepted and rejected ones; there are {accepted:count} "
            "accepted and {rejected:count} rejected",
            least=FEWEST_OPERATIONS,
            accepted=wins,
            rejected=losses,
        )
        return undefined(_CHANCE, reason, status="insufficient_data")
    rank = known["participation"].rank("average").to_numpy()

    def chance(which: NDArray[np.bool_]) -> float:
        return float((rank[which].sum() - wins * (wins + 1) / 2) / (wins * losses))

    if math.comb(known.height, wins) <= max(draws, 1):
        # All ways but the one observed, which the p-value counts by itself: so it is exact.
        sets = itertools.combinations(range(known.height), wins)
        observed = tuple(np.flatnonzero(accepted).tolist())
        null = [chance(np.isin(np.arange(known.height), one)) for one in sets if one != observed]
    else:
        random = generator(seed, "legitimation", "outcomes")
        null = [chance(random.permutation(accepted)) for _ in range(draws)]
    return against_null(chance(accepted), null, unit=_CHANCE, null_model=SHUFFLED, tail="two-sided")


def _why_none(table: pl.DataFrame) -> Message:
    reasons = table["reason"].to_list()
    if all(reason == "after_data" for reason in reasons):
        return Message("every operation begins after the data end: check the times of the table of operations")
    if all(reason == "before_data" for reason in reasons):
        return Message("every operation begins before the data do, so nobody is known to have been there before")
    return Message("no operation has accounts that were active before its start")


def _warnings(
    network: Network,
    table: pl.DataFrame,
    active: _Activity,
    listed: pl.DataFrame,
    uses: pl.DataFrame,
    *,
    days: int,
    community_days: int,
) -> list[Message]:
    said: list[Message] = []
    seen = uses["sign"].unique().to_list()
    strange = listed.filter(pl.col("signs").list.set_intersection(seen).list.len() == 0)
    if strange.height:
        said.append(
            Message.counting(
                "The signs of {n:count} operation occur nowhere in the data: check how they are written.",
                "The signs of {n:count} operations occur nowhere in the data: check how they are written.",
                strange.height,
            )
        )
    searched = {word.casefold().lstrip("#") for word in network.collection.query}
    if network.collection.sampling == "keyword":
        by_sign = listed.filter(pl.col("signs").list.set_intersection(sorted(searched)).list.len() > 0).height
        said.append(
            Message.counting(
                "The data were collected by words, among them a sign of {n:count} operation: who does not use these words is missing "
                "from the community, so its share that joined is too large.",
                "The data were collected by words, among them signs of {n:count} operations: who does not use these words is missing "
                "from the communities, so the shares that joined are too large.",
                by_sign,
            )
            if by_sign
            else Message("The data were collected by words: who does not use them is missing from the community.")
        )
    if network.collection.sampling == "sampled":
        said.append(
            Message(
                "The data are a sample of posts: members who joined with few posts are missed, so shares are too small."
            )
        )
    found = table.filter(pl.col("verdict") != "not_measured")
    missed = table.height - found.height
    if found.height and missed:
        said.append(
            Message.counting(
                "{n:count} operation begins outside the data, or when nobody had been active before; nothing is said of it.",
                "{n:count} operations begin outside the data, or when nobody had been active before; nothing is said of them.",
                missed,
            )
        )
    first, last = _moment(int(active.time[0])), _moment(int(active.time[-1]))
    short = found.filter(pl.col("start") - timedelta(days=community_days) < first).height
    if short:
        said.append(
            Message.counting(
                "The data begin less than {days:count} days before {n:count} operation, so its community is those active in "
                "a shorter time.",
                "The data begin less than {days:count} days before {n:count} operations, so their communities are those "
                "active in a shorter time.",
                short,
                days=community_days,
            )
        )
    until = pl.coalesce("end", pl.col("start") + timedelta(days=days))
    cut = listed.filter((until > last + timedelta(microseconds=1)) & (pl.col("start") <= last)).height
    if cut:
        said.append(
            Message.counting(
                "The data end before {n:count} operation does: who joined later is not seen.",
                "The data end before {n:count} operations do: who joined later is not seen.",
                cut,
            )
        )
    passing = network.interactions.filter(pl.col("kind").cast(pl.String).is_in(_PASSING)).drop_nulls("ref_post_id")
    if passing.height:
        held = pl.concat(
            [
                network.posts.filter(pl.col("collected").fill_null(value=True)).select("post_id"),
                network.hashtags.select("post_id"),
            ]
        ).drop_nulls()
        unknown = passing.join(held.unique(), left_on="ref_post_id", right_on="post_id", how="anti").height
        if unknown > 0.05 * passing.height:
            said.append(
                Message(
                    "{share:percent} of what was passed on are posts that are not in the data, so nothing tells whether they "
                    "carried a sign: who only passed these on is missing among those for and against.",
                    share=unknown / passing.height,
                )
            )
    return said
