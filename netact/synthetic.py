"""Networks and movements whose truth is known: planted cores, an invented movement, and two small known graphs.

Everything here is invented: handles, people, hashtags and posts are made of random syllables.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from netact.errors import MeasureError
from netact.network import Network
from netact.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Events = NDArray[np.int64]  # two columns: who gives attention, who receives it

SAMPLE_SEED = 10


# ---------------------------------------------------------------------- planted cores


@dataclass(frozen=True, eq=False)
class PlantedNetwork:
    """A network with known cores.

    Attributes
    ----------
    network
        Retweets only; row numbers of its accounts are the generator's account numbers.
    cores
        Account keys of each planted core.
    communities
        Community number of each account, one value a row of ``network.accounts``.
    team
        Account keys of the team planted inside the first core; empty unless asked for.
    """

    network: Network
    cores: tuple[tuple[str, ...], ...]
    communities: NDArray[np.int64]
    team: tuple[str, ...] = ()


def planted_cores(
    *,
    accounts: int = 5000,
    communities: int = 2,
    mixing: float = 0.1,
    mean_activity: float = 6.0,
    activity_exponent: float = 2.5,
    attractiveness_exponent: float = 2.0,
    cores: Sequence[int] = (8,),
    tie_probability: float = 0.6,
    rank: int = 60,
    fan_clique: int = 15,
    reciprocation: float = 0.0,
    copying: float = 0.0,
    sampling: float = 1.0,
    team_within: tuple[int, float] | None = None,
    seed: int,
) -> PlantedNetwork:
    """Return a retweet network with heavy-tailed attention, communities, decoys and planted cores.

    Accounts give ``Poisson(activity)`` retweets, each to an account of their own community (of another one with
    probability ``mixing``) in proportion to its attractiveness. Activity and attractiveness are Pareto distributed.
    A core is a random set of one community among the ``rank`` most attractive accounts (of all communities, never
    simply the top): each ordered pair is tied with ``tie_probability`` by ``1 + Poisson(1)`` retweets. Decoys: the
    other popular accounts, and a clique of little-heard fans.

    Parameters
    ----------
    accounts, communities, mixing
        Number of accounts and communities; chance that a retweet leaves its community, in [0, 1].
    mean_activity, activity_exponent, attractiveness_exponent
        Mean number of retweets an account gives; exponents of the two Pareto densities (> 1).
    cores, tie_probability, rank
        Sizes of the planted cores; core ``k`` lies in community ``k`` modulo ``communities``. ``cores=(40,)`` with
        ``tie_probability=0.4, rank=100`` plants an elite larger than a team.
    fan_clique
        Size of the clique of fans (90 % of ordered pairs, three retweets each).
    reciprocation
        Share of retweets that are returned by one retweet, at random.
    copying
        Extra retweets, as a share of all, that pass on whom a retweeted account retweets (transitive closure).
    sampling
        Share of retweets that the collection caught, at random.
    team_within
        ``(size, tie_probability)`` of a team planted inside the first core.

    Raises
    ------
    MeasureError
        If a community has too few accounts among the ``rank`` most attractive for its cores.

    Examples
    --------
    >>> planted = planted_cores(accounts=500, cores=(4,), rank=30, seed=1)
    >>> [len(core) for core in planted.cores], planted.network.n_accounts
    ([4], 500)
    """
    random = generator(seed, "planted cores")
    community = random.integers(0, communities, accounts)
    activity = np.minimum(random.pareto(activity_exponent - 1, accounts) + 1, accounts / 20)
    activity = activity / activity.mean() * mean_activity
    attractiveness = np.minimum(random.pareto(attractiveness_exponent - 1, accounts) + 1, accounts)
    source = np.repeat(np.arange(accounts), random.poisson(activity))
    aim = community[source]
    if communities > 1:
        leaves = random.random(len(source)) < mixing
        aim[leaves] = (aim[leaves] + random.integers(1, communities, np.count_nonzero(leaves))) % communities
    target = _draw_by_weight(aim, community, attractiveness, fallback=community[source], random=random)
    parts = [np.column_stack([source, target])]

    ranked = np.argsort(-attractiveness, kind="stable")
    planted: list[NDArray[np.int64]] = []
    free = np.ones(accounts, dtype=bool)
    for number, size in enumerate(cores):
        top = ranked[:rank]
        candidates = top[free[top] & (community[top] == number % communities)]
        if len(candidates) < size:
            raise MeasureError(
                "planted_cores.cores",
                f"a core of {size} does not fit among the {rank} most attractive accounts of its community",
                found=f"{len(candidates)} accounts",
                remedy="raise rank, or plant fewer or smaller cores",
            )
        members = random.choice(candidates, size, replace=False)
        free[members] = False
        planted.append(members)
        parts.append(_tie_up(members, tie_probability, random=random))
    team = np.empty(0, dtype=np.int64)
    if team_within is not None:
        team = random.choice(planted[0], team_within[0], replace=False)
        parts.append(_pairs(team)[random.random(len(team) * (len(team) - 1)) < team_within[1]])
    fans = _pairs(ranked[accounts // 2 : accounts // 2 + fan_clique])
    parts.append(np.repeat(fans[random.random(len(fans)) < 0.9], 3, axis=0))

    events = np.vstack(parts)
    events = events[events[:, 0] != events[:, 1]]
    if reciprocation > 0:
        events = np.vstack([events, events[random.random(len(events)) < reciprocation][:, ::-1]])
    if copying > 0:
        events = np.vstack([events, _copied(events, accounts, share=copying, random=random)])
    if sampling < 1:
        events = events[random.random(len(events)) < sampling]

    # Zero-padded numbers: account order is the generator's own, which is independent of who was planted.
    keys = np.array([f"account{number:0{len(str(accounts - 1))}d}" for number in range(accounts)])
    network = Network.from_tables(
        pl.DataFrame({"source": keys[events[:, 0]], "target": keys[events[:, 1]]}), pl.DataFrame({"key": keys})
    )
    named = tuple(tuple(sorted(keys[members].tolist())) for members in planted)
    return PlantedNetwork(network, named, community, tuple(sorted(keys[team].tolist())))


def _draw_by_weight(
    wanted: NDArray[np.int64],
    group: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    fallback: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw one account of each wanted group in proportion to weight; of the fallback group where that is empty."""
    order = np.argsort(group, kind="stable")
    cumulative = np.concatenate([[0.0], np.cumsum(weight[order])])
    count = int(max(group.max(), wanted.max())) + 1
    ends = np.searchsorted(group[order], np.arange(count + 1))
    wanted = np.where(ends[wanted] == ends[wanted + 1], fallback, wanted)
    low, high = ends[wanted], ends[wanted + 1]
    spot = cumulative[low] + random.random(len(wanted)) * (cumulative[high] - cumulative[low])
    # Rounding may carry a spot over its group's edge.
    return np.asarray(order[np.clip(np.searchsorted(cumulative, spot, side="right") - 1, low, high - 1)])


def _pairs(members: NDArray[np.int64]) -> Events:
    """Return all ordered pairs of different members."""
    first, second = np.repeat(members, len(members)), np.tile(members, len(members))
    pairs: Events = np.column_stack([first, second])[first != second]
    return pairs


def _tie_up(members: NDArray[np.int64], probability: float, *, random: np.random.Generator) -> Events:
    """Tie each ordered pair with a probability, by ``1 + Poisson(1)`` events."""
    pairs = _pairs(members)
    tied = pairs[random.random(len(pairs)) < probability]
    return np.repeat(tied, 1 + random.poisson(1, len(tied)), axis=0)


def _copied(events: Events, accounts: int, *, share: float, random: np.random.Generator) -> Events:
    """Return extra events u -> w that close u -> v -> w, for a random ``share`` of the events u -> v."""
    order = np.argsort(events[:, 0], kind="stable")
    ends = np.searchsorted(events[order, 0], np.arange(accounts + 1))
    first = events[random.integers(0, len(events), int(share * len(events)))] if len(events) else events
    given = (ends[1:] - ends[:-1])[first[:, 1]]
    first, given = first[given > 0], given[given > 0]
    passed_on = events[order[ends[first[:, 1]] + (random.random(len(first)) * given).astype(np.int64)], 1]
    extra: Events = np.column_stack([first[:, 0], passed_on])[first[:, 0] != passed_on]
    return extra


# ---------------------------------------------------------------------- planted splits


@dataclass(frozen=True, eq=False)
class PlantedSplit:
    """A network through time whose groups are known, and may split or merge once.

    Attributes
    ----------
    network
        Retweets with times.
    edges
        Edges of its windows.
    before, after
        Group of each account before and after the change, one value a row of ``network.accounts``; the same without one.
    """

    network: Network
    edges: pl.Series
    before: NDArray[np.int64]
    after: NDArray[np.int64]


def planted_split(
    *,
    accounts: int = 90,
    groups: int = 2,
    windows: int = 6,
    events: int = 500,
    mixing: float = 0.05,
    at: int | None = 3,
    merger: bool = False,
    activity_exponent: float = 2.5,
    seed: int,
) -> PlantedSplit:
    """Return retweets in windows of one day; from window ``at`` on the first of ``groups`` equal groups is divided in two.

    Accounts give in proportion to a Pareto distributed activity and are heard in proportion to another one, all the time.

    Parameters
    ----------
    accounts, groups, windows
        Numbers of them before the change.
    events
        Retweets a window.
    mixing
        Chance that a retweet leaves its group, in [0, 1].
    at
        First window after the change; None: nothing changes.
    merger
        Turn time round: the two halves merge.
    activity_exponent
        Exponent of the densities of activity and of attractiveness (> 1).

    Examples
    --------
    >>> planted = planted_split(seed=1)
    >>> len(set(planted.before.tolist())), len(set(planted.after.tolist()))
    (2, 3)
    """
    random = generator(seed, "planted split")
    before = np.sort(np.arange(accounts) % groups)
    after = before.copy()
    if at is not None:
        first = random.permutation(np.flatnonzero(before == 0))
        after[first[len(first) // 2 :]] = groups
        if merger:
            before, after = after, before
    activity, drawn = (np.minimum(random.pareto(activity_exponent - 1, accounts) + 1, 20) for _ in range(2))
    rows = []
    for window in range(windows):
        group = before if at is None or window < at else after
        source = random.choice(accounts, events, p=activity / activity.sum())
        leaves = random.random(events) < mixing
        wanted = np.where(leaves, group[random.integers(0, accounts, events)], group[source])
        target = _draw_by_weight(wanted, group, drawn, fallback=group[source], random=random)
        second = window * 86_400 + random.integers(0, 86_400, events)
        rows.append(np.column_stack([source, target, second])[source != target])
    acts = np.vstack(rows)
    keys = np.array([f"account{number:0{len(str(accounts - 1))}d}" for number in range(accounts)])
    start = pl.lit(_EPOCH).dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    table = pl.DataFrame({"source": keys[acts[:, 0]], "target": keys[acts[:, 1]], "second": acts[:, 2]}).select(
        "source", "target", time=start + pl.duration(seconds="second"), kind=pl.lit("retweet")
    )
    edges = pl.datetime_range(
        _EPOCH, _EPOCH + timedelta(days=windows), "1d", time_unit="us", time_zone="UTC", eager=True
    )
    return PlantedSplit(Network.from_tables(table, pl.DataFrame({"key": keys})), edges, before, after)


# ---------------------------------------------------------------------- planted orders of attention


Order = Literal["crowd", "constant", "imitation", "leaders", "hub"]


def planted_order(
    *,
    order: Order,
    accounts: int = 1000,
    interactions: int = 6000,
    innovation: float = 0.1,
    leaders: int = 8,
    share: float = 0.5,
    days: int = 30,
    seed: int,
) -> Network:
    """Return timed retweets whose order is known.

    Parameters
    ----------
    order
        ``crowd``: whom people turn to is drawn anew every day, so that nobody stays in front. ``constant``: whom they turn
        to is drawn once, with a heavy tail, and never changes. ``imitation``: Simon's
        process, attention follows attention and nothing else. ``leaders``: ``share`` of all attention goes to a few
        accounts all the time, the rest as in a crowd. ``hub``: the same with one account.
    accounts, interactions, days
        Size and length. In ``imitation`` the accounts that give attention are others than those that receive it.
    innovation
        Chance that an act of imitation goes to an account nobody turned to before, in (0, 1].
    leaders, share
        How many leaders there are and how much of the attention goes to them.

    Examples
    --------
    >>> network = planted_order(order="hub", accounts=200, interactions=1000, seed=1)
    >>> bool(0.45 < network.ties().in_strength.max() / 1000 < 0.6)
    True
    """
    random = generator(seed, "planted order", order)
    day = np.sort(random.integers(0, days, interactions))
    source = random.integers(0, accounts, interactions)
    if order == "imitation":
        target = np.empty(interactions, dtype=np.int64)
        new, spot = random.random(interactions) < innovation, random.random(interactions)
        met = 0
        for event in range(interactions):
            if event == 0 or new[event]:
                target[event] = accounts + met
                met += 1
            else:
                target[event] = target[int(spot[event] * event)]
    else:
        target = np.empty(interactions, dtype=np.int64)
        lasting = np.cumsum(np.minimum(random.pareto(1.2, accounts) + 1, accounts / 20))
        for today in range(days):
            acts = np.flatnonzero(day == today)
            appeal = lasting if order == "constant" else np.cumsum(random.exponential(1.0, accounts))
            target[acts] = np.searchsorted(appeal, random.random(len(acts)) * appeal[-1], side="right")
        if order in ("leaders", "hub"):
            front = random.choice(accounts, 1 if order == "hub" else leaders, replace=False)
            drawn = random.random(interactions) < share
            target[drawn] = random.choice(front, np.count_nonzero(drawn))
    seconds = day * 86_400 + random.integers(0, 86_400, interactions)
    keep = source != target
    names = np.array([f"account{number:06d}" for number in range(int(target.max(initial=0)) + accounts + 1)])
    micro = (seconds[keep] + int(_EPOCH.timestamp())) * 1_000_000
    return Network.from_tables(
        pl.DataFrame(
            {
                "source": names[source[keep]],
                "target": names[target[keep]],
                "time": pl.Series(micro).cast(pl.Datetime("us", "UTC")),
            }
        )
    )


# ---------------------------------------------------------------------- planted super users


@dataclass(frozen=True, eq=False)
class PlantedLogins:
    """A movement's pages, who gives them attention, who holds their logins, and who was made the super user."""

    network: Network
    super_user: str


def planted_logins(
    *, people: int = 40, pages: int = 60, sources: int = 800, logins: int = 8, planted: bool, seed: int
) -> PlantedLogins:
    """Return pages of heavy-tailed attention and a table of who administers them.

    Every page has one to three admins, drawn from all people alike. One person holds ``logins`` further pages: those
    that receive most attention if ``planted``, any pages otherwise.

    Examples
    --------
    >>> made = planted_logins(planted=True, seed=1)
    >>> made.super_user, made.network.admin_rights["person"].n_unique() <= 41
    ('person00', True)
    """
    random = generator(seed, "planted logins")
    attraction = random.pareto(1.0, pages) + 1
    acts = 3 * sources
    page = random.choice(pages, acts, p=attraction / attraction.sum())
    received = np.bincount(page, minlength=pages)
    held = np.argsort(-received, kind="stable")[:logins] if planted else random.choice(pages, logins, replace=False)
    rights = [("person00", f"page{number:02d}") for number in sorted(held.tolist())]
    for number in range(pages):
        holders = random.choice(np.arange(1, people + 1), int(random.integers(1, 4)), replace=False)
        rights += [(f"person{person:02d}", f"page{number:02d}") for person in sorted(holders.tolist())]
    ties = pl.DataFrame(
        {
            "source": [f"reader{number:05d}" for number in random.integers(0, sources, acts).tolist()],
            "target": [f"page{number:02d}" for number in page.tolist()],
        }
    )
    table = pl.DataFrame(rights, schema=["person", "account"], orient="row")
    pages_known = pl.DataFrame({"key": [f"page{number:02d}" for number in range(pages)]})
    readers = pl.DataFrame({"key": ties["source"].unique().sort()})
    return PlantedLogins(Network.from_tables(ties, pl.concat([pages_known, readers]), table), "person00")


# ---------------------------------------------------------------------- accounts that act together


@dataclass(frozen=True, eq=False)
class PlantedCoordination:
    """Shares of links with known groups that act together, and others that only look like it.

    Attributes
    ----------
    network
        Shares with times; account keys do not tell who was planted.
    groups
        Account keys of each planted group.
    same_hours
        Accounts that share the same links as one another in the same hours, each at moments of its own.
    hyperactive
        Accounts that share far more than all others.
    viral
        Links that a large part of all accounts shared within minutes.
    """

    network: Network
    groups: tuple[tuple[str, ...], ...]
    same_hours: tuple[str, ...]
    hyperactive: tuple[str, ...]
    viral: tuple[str, ...]


def planted_coordination(
    *,
    accounts: int = 400,
    links: int = 800,
    groups: Sequence[int] = (6, 4),
    joint: int = 25,
    taking_part: float = 0.8,
    spread: float = 20.0,
    same_hours: int = 8,
    hyperactive: int = 5,
    viral: int = 3,
    days: int = 20,
    seed: int,
) -> PlantedCoordination:
    """Return shares of links, with groups that share the same ones within seconds, and decoys.

    Every link appears at a moment and is shared mostly in the hours after it, by accounts drawn by activity (Pareto) that are
    awake eight hours a day. A planted group takes ``joint`` of the links that others share too, and each member shares one
    with probability ``taking_part`` within ``spread`` seconds of a common moment.

    Parameters
    ----------
    accounts, links, days
        Number of accounts and of links; length in days.
    groups, joint, taking_part, spread
        Sizes of the planted groups; links each shares together; chance that a member takes part in one; seconds.
    same_hours
        Accounts alike in interest and hours but not in time (decoy).
    hyperactive, viral
        Accounts that each share a fifth of all links; links that a quarter of all accounts shares within minutes (decoys).

    Examples
    --------
    >>> planted = planted_coordination(accounts=100, links=100, groups=(5,), seed=1)
    >>> [len(group) for group in planted.groups], planted.network.n_accounts
    ([5], 100)
    """
    random = generator(seed, "planted coordination")
    order = random.permutation(accounts)
    teams: list[NDArray[np.int64]] = []
    for size in groups:
        teams.append(order[:size])
        order = order[size:]
    alike, busy = order[:same_hours], order[same_hours : same_hours + hyperactive]
    activity = np.minimum(random.pareto(1.5, accounts) + 1, 30.0)
    wakes = random.integers(0, 24, accounts) * 3600
    wakes[alike] = 19 * 3600
    born = random.uniform(0, (days - 1) * 86_400, links)
    rows: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []

    def awake(who: NDArray[np.int64], since: NDArray[np.float64], hours: float = 8.0) -> NDArray[np.float64]:
        """Return the next moment at which each account is awake, from some hours after ``since`` on."""
        wanted = since + random.exponential(4 * 3600, len(who))
        into = (wanted - wakes[who]) % 86_400
        asleep = into > hours * 3600
        return np.where(asleep, wanted + 86_400 - into + random.uniform(0, hours * 3600, len(who)), wanted)

    popularity = np.minimum(np.ceil((random.pareto(1.2, links) + 1) * 3), accounts / 15).astype(np.int64)
    chance = activity / activity.sum()
    for link in range(links):
        who = random.choice(accounts, popularity[link], replace=False, p=chance)
        rows.append((who, np.full(len(who), link), awake(who, np.full(len(who), born[link]))))
    for account in busy.tolist():
        shared = random.choice(links, links // 5, replace=False)
        who = np.full(len(shared), account)
        rows.append((who, shared, awake(who, born[shared])))
    shared = random.choice(links, 2 * joint, replace=False)
    for link in shared.tolist():
        who = alike[random.random(len(alike)) < taking_part]
        rows.append((who, np.full(len(who), link), awake(who, np.full(len(who), born[link]), hours=1.0)))
    often = np.flatnonzero(popularity >= min(8, int(popularity.max())))
    for team in teams:
        for link in random.choice(often, min(joint, len(often)), replace=False).tolist():
            who = team[random.random(len(team)) < taking_part]
            moment = born[link] + random.exponential(6 * 3600) + random.uniform(0, spread, len(who))
            rows.append((who, np.full(len(who), link), moment))
    for number in range(viral):
        who = random.choice(accounts, accounts // 4, replace=False)
        start = random.uniform(0, (days - 1) * 86_400)
        rows.append((who, np.full(len(who), links + number), start + random.exponential(300, len(who))))
    who, what, when = (np.concatenate(part) for part in zip(*rows, strict=True))
    keys = np.array([f"account{number:0{len(str(accounts - 1))}d}" for number in range(accounts)])
    names = np.array([f"https://example.org/{number}" for number in range(links + viral)])
    start = int(_EPOCH.timestamp())
    shares = pl.DataFrame(
        {
            "account": keys[who],
            "object": names[what],
            "time": pl.Series(((start + np.floor(when)) * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC")),
        }
    )
    network = Network.from_tables(accounts=pl.DataFrame({"key": keys}), shares=shares)

    def named(chosen: NDArray[np.int64]) -> tuple[str, ...]:
        return tuple(sorted(keys[chosen].tolist()))

    return PlantedCoordination(
        network, tuple(named(team) for team in teams), named(alike), named(busy), tuple(names[links:].tolist())
    )


# ---------------------------------------------------------------------- an invented movement


@dataclass(frozen=True)
class MovementTruth:
    """What is true of an invented movement; accounts are named by key (``platform:handle``).

    Attributes
    ----------
    cores
        Members of each planted core, largest core first.
    factions
        Account -> faction, 0 the largest.
    super_user, super_user_accounts
        The person who holds most logins of the main core, and all accounts they administer.
    bot
        The person in the admin table who is a flagged bot.
    burst_days
        Days (UTC, ISO) with several times the usual traffic.
    seed
        Seed the movement was made with.
    """

    cores: tuple[tuple[str, ...], ...]
    factions: dict[str, int]
    super_user: str
    super_user_accounts: tuple[str, ...]
    bot: str
    burst_days: tuple[str, ...]
    seed: int


@dataclass(frozen=True, eq=False)
class Movement:
    """An invented movement as a data collection would hold it, and the truth behind it.

    Attributes
    ----------
    interactions
        ``source``, ``target`` (handles), ``kind``, ``time``, ``post_id``, ``platform``, ``hashtags`` (separated by
        blanks, without ``#``); in order of time, follows (which have none) last. ``post_id`` is the post that was
        retweeted, quoted or answered; of a mention the post itself.
    accounts
        ``account`` (handle), ``platform``, ``display_name``, ``followers``.
    admins
        ``person``, ``account`` (``platform:handle``), ``role``, ``is_bot``.
    truth
        What was planted.
    """

    interactions: pl.DataFrame
    accounts: pl.DataFrame
    admins: pl.DataFrame
    truth: MovementTruth

    @cached_property
    def network(self) -> Network:
        """The movement as a network, built once."""
        return Network.from_tables(self.interactions, self.accounts, self.admins)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return ``interactions``, ``accounts`` and ``admins`` with times as ISO text, ready for CSV."""
        moment = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "interactions": self.interactions.with_columns(time=moment),
            "accounts": self.accounts,
            "admins": self.admins,
        }


_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_LATIN = np.array([c + v for c in _CONSONANTS for v in _VOWELS])
_ACCENTED = np.array(
    [c + v for c in ("b", "d", "f", "g", "k", "l", "m", "ñ", "p", "r", "š", "t", "v", "ž") for v in "áéíöü"]
)
_ARABIC = np.array([c + v for c in "بتثجحخدذرزسشصضطظعغفقكلمن" for v in "اوي"][: len(_LATIN)])
_EMOJI = ("🌊", "🔥", "🌿", "✊", "🕊", "🌙")
_EPOCH = datetime(2024, 3, 4, tzinfo=UTC)  # a Monday
_PLATFORMS, _PLATFORM_SHARES = ("x", "mastodon", "bluesky"), (0.9, 0.07, 0.03)
_KIND_SHARES = {"retweet": 0.7, "mention": 0.12, "reply": 0.07, "quote": 0.03, "follow": 0.08}
_HOURS = np.array([2, 1, 0.6, 0.4, 0.4, 0.6, 1.5, 3, 4, 4, 4, 4.5, 5.5, 5, 4.5, 4.5, 5, 6, 7, 8, 8.5, 8, 6, 4])


def movement(
    *,
    accounts: int = 1500,
    interactions: int = 12_000,
    weeks: int = 8,
    cores: Sequence[int] = (7, 5),
    factions: int = 3,
    mixing: float = 0.06,
    tie_probability: float = 0.9,
    seed: int,
) -> Movement:
    """Return a whole invented movement: traffic, accounts, who administers them, and the truth.

    Attention is heavy-tailed; factions are unequal; each planted core is a random set among the most attractive
    accounts of its faction on the main platform and retweets, follows and mentions within itself. Retweets seldom
    leave a faction, mentions and replies often do. Traffic follows the hours of the day and bursts on a few days.
    The admin table covers the cores, other much-heard accounts and some little-heard ones: one person holds most logins of the main
    core, and one holder is a flagged bot.

    Parameters
    ----------
    accounts, interactions
        Number of accounts and of interactions; exact.
    weeks
        Length in weeks.
    cores, tie_probability
        Sizes of the planted cores, largest first; chance that an ordered pair within a core retweets one another.
        Core ``k`` lies in faction ``k`` modulo ``factions``.
    factions, mixing
        Number of factions; chance that a retweet or follow leaves its faction (mentions and replies: five times that,
        at most half).

    Raises
    ------
    MeasureError
        If the movement is too small for what is to be planted.

    Examples
    --------
    >>> invented = movement(accounts=400, interactions=3000, cores=(5,), seed=1)
    >>> invented.interactions.height, len(invented.truth.cores[0])
    (3000, 5)
    """
    cores = tuple(sorted(cores, reverse=True))
    needed = 40 * factions + 20 * sum(cores)
    if accounts < needed or interactions < 2 * accounts:
        raise MeasureError(
            "movement",
            "too small for its cores and factions",
            found=f"{accounts} accounts, {interactions} interactions",
            remedy=f"use at least {needed} accounts and two interactions an account",
        )
    random = generator(seed, "movement")
    share = 1 / np.arange(1, factions + 1) ** 0.7
    faction = random.choice(factions, accounts, p=share / share.sum())
    platform = random.choice(len(_PLATFORMS), accounts, p=_PLATFORM_SHARES)
    activity = np.minimum(random.pareto(1.5, accounts) + 1, accounts / 20)
    attractiveness = np.minimum(random.pareto(0.9, accounts) + 1, accounts / 6)
    ranked = np.argsort(-attractiveness, kind="stable")

    planted: list[NDArray[np.int64]] = []
    free = platform == 0
    for number, size in enumerate(cores):
        candidates = ranked[free[ranked] & (faction[ranked] == number % factions)][: max(2 * size, 10)]
        members = random.choice(candidates, size, replace=False)
        free[members] = False
        planted.append(members)

    source, target, kind = _traffic(
        planted,
        faction,
        platform,
        activity,
        attractiveness,
        interactions=interactions,
        mixing=mixing,
        tie_probability=tie_probability,
        random=random,
    )
    seconds, bursts = _moments(len(source), weeks, random=random)
    post = _posts(source, target, kind, seconds, random=random)
    tags = _hashtags(faction[source], factions, random=random)
    handles, display = _names(accounts, random=random)
    keys = np.array(_PLATFORMS)[platform].astype(object) + ":" + handles

    is_follow = kind == list(_KIND_SHARES).index("follow")
    order = np.lexsort((target, source, seconds, is_follow))
    micro = (seconds + int(_EPOCH.timestamp())) * 1_000_000
    rows = pl.DataFrame(
        {
            "source": pl.Series(handles).gather(source[order]),
            "target": pl.Series(handles).gather(target[order]),
            "kind": pl.Series(list(_KIND_SHARES)).gather(kind[order]),
            "time": pl.Series(micro[order]).cast(pl.Datetime("us", "UTC")),
            "post_id": pl.Series(post[order]).cast(pl.String).str.zfill(7),
            "platform": pl.Series(_PLATFORMS).gather(platform[source[order]]),
            "hashtags": tags.gather(order),
        }
    )
    state = pl.col("kind") == "follow"
    rows = rows.with_columns(
        time=pl.when(~state).then("time"),
        post_id=pl.when(~state).then(pl.lit("p") + pl.col("post_id")),
        hashtags=pl.when(~state).then("hashtags"),
    )
    followers = (attractiveness * random.lognormal(3.0, 0.7, accounts)).astype(np.int64)
    # The collection lists its accounts by name, so that their order says nothing of who was planted.
    listed = pl.DataFrame(
        {
            "account": handles.tolist(),
            "platform": [_PLATFORMS[p] for p in platform],
            "display_name": display,
            "followers": followers,
        }
    ).sort("platform", "account")
    admins, boss, bot = _admins(planted, ranked, platform, keys, random=random)
    truth = MovementTruth(
        cores=tuple(tuple(sorted(keys[members].tolist())) for members in planted),
        factions={key: int(number) for key, number in sorted(zip(keys.tolist(), faction.tolist(), strict=True))},
        super_user=boss,
        super_user_accounts=tuple(admins.filter(pl.col("person") == boss)["account"].sort().to_list()),
        bot=bot,
        burst_days=bursts,
        seed=seed,
    )
    return Movement(rows, listed, admins, truth)


def _traffic(
    planted: list[NDArray[np.int64]],
    faction: NDArray[np.int64],
    platform: NDArray[np.int64],
    activity: NDArray[np.float64],
    attractiveness: NDArray[np.float64],
    *,
    interactions: int,
    mixing: float,
    tie_probability: float,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return source, target and kind number of exactly ``interactions`` interactions."""
    names = list(_KIND_SHARES)
    follow, n, factions = names.index("follow"), len(faction), int(faction.max()) + 1
    parts: list[NDArray[np.int64]] = []  # rows of source, target, kind
    for members in planted:
        retweets = _tie_up(members, tie_probability, random=random)
        pairs = _pairs(members)
        for events, name in (
            (retweets, "retweet"),
            (pairs[random.random(len(pairs)) < 0.9], "follow"),
            (pairs[random.random(len(pairs)) < 0.3], "mention"),
        ):
            parts.append(np.column_stack([events, np.full(len(events), names.index(name))]))
    group = platform * factions + faction
    giving = np.cumsum(activity) / activity.sum()
    while (missing := interactions - sum(map(len, parts))) > 0:
        draw = int(missing * 1.05) + 20
        source = np.minimum(np.searchsorted(giving, random.random(draw), side="right"), n - 1)
        kind = random.choice(len(names), draw, p=list(_KIND_SHARES.values()))
        talks = (kind == names.index("mention")) | (kind == names.index("reply"))
        leaves = random.random(draw) < np.where(talks, min(0.5, 5 * mixing), mixing)
        other = (faction[source] + (random.integers(1, factions, draw) if factions > 1 else 0)) % factions
        wanted = platform[source] * factions + np.where(leaves, other, faction[source])
        target = _draw_by_weight(wanted, group, attractiveness, fallback=group[source], random=random)
        fresh = np.column_stack([source, target, kind])[source != target]
        # An account follows another once.
        known = np.vstack([*parts, fresh]) if parts else fresh
        following = np.flatnonzero(known[:, 2] == follow)
        _, first = np.unique(known[following, 0] * n + known[following, 1], return_index=True)
        keep = known[:, 2] != follow
        keep[following[first]] = True
        parts = [known[keep]]
    rows = np.vstack(parts)[:interactions]
    return rows[:, 0], rows[:, 1], rows[:, 2]


def _moments(count: int, weeks: int, *, random: np.random.Generator) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the second of each interaction since the start, and the burst days."""
    days = 7 * weeks
    weight = np.linspace(0.6, 1.4, days) * random.lognormal(0, 0.25, days)
    burst = np.sort(random.choice(days, max(1, weeks // 2), replace=False))
    weight[burst] *= 5
    day = random.choice(days, count, p=weight / weight.sum())
    hour = random.choice(24, count, p=_HOURS / _HOURS.sum())
    seconds = day * 86_400 + hour * 3_600 + random.integers(0, 3_600, count)
    # On a burst day half of the traffic falls into the two hours after the event.
    rush = np.isin(day, burst) & (random.random(count) < 0.5)
    start = 17 * 3_600 + (random.exponential(2_400, count) % 7_200).astype(np.int64)
    seconds = np.where(rush, day * 86_400 + start, seconds)
    named = tuple(
        datetime.fromtimestamp(_EPOCH.timestamp() + int(d) * 86_400, tz=UTC).date().isoformat() for d in burst
    )
    return seconds.astype(np.int64), named


def _posts(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    kind: NDArray[np.int64],
    seconds: NDArray[np.int64],
    *,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the number of the post each interaction is about: runs of successive acts on one author share a post."""
    own = np.isin(kind, [list(_KIND_SHARES).index("mention"), list(_KIND_SHARES).index("follow")])
    order = np.lexsort((source, seconds, target))
    new = random.random(len(order)) < 0.25
    new[0] = True
    new[1:] |= target[order][1:] != target[order][:-1]
    post = np.empty(len(order), dtype=np.int64)
    post[order] = np.cumsum(new) - 1
    # Nobody passes a post on twice in the same way: what would be a repeat is a post of its own.
    pair = (post * (int(source.max()) + 1) + source) * len(_KIND_SHARES) + kind
    _, first = np.unique(pair, return_index=True)
    alone = np.ones(len(post), dtype=bool)
    alone[first] = False
    alone |= own
    post[alone] = post.max() + 1 + np.arange(np.count_nonzero(alone))
    # Posts are numbered in the order in which they are first met.
    earliest = np.full(int(post.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, post, seconds)
    number = np.empty(len(earliest), dtype=np.int64)
    number[np.argsort(earliest, kind="stable")] = np.arange(1, len(earliest) + 1)
    return number[post]


def _words(numbers: NDArray[np.int64], syllables: NDArray[Any], length: int) -> NDArray[Any]:
    """Spell each number in ``length`` syllables; different numbers give different words."""
    words = np.full(len(numbers), "", dtype=object)
    for _ in range(length):
        words = words + syllables[numbers % len(syllables)].astype(object)
        numbers = numbers // len(syllables)
    return words


def _names(count: int, *, random: np.random.Generator) -> tuple[NDArray[Any], list[str]]:
    """Return distinct invented handles (Latin, accented, Arabic, with emoji) and display names."""
    numbers = random.choice(len(_LATIN) ** 4, count, replace=False)
    style = random.choice(4, count, p=[0.84, 0.06, 0.06, 0.04])
    latin = _words(numbers, _LATIN, 4)
    emoji = np.array(_EMOJI, dtype=object)[random.integers(0, len(_EMOJI), count)]
    handles = np.where(style == 1, _words(numbers, _ACCENTED, 4), latin)
    handles = np.where(style == 2, _words(numbers, _ARABIC, 4), handles)
    handles = np.where(style == 3, latin + emoji, handles)
    display = [f"{handle[:4]} {handle[4:]}".title() for handle in handles]
    return handles, display


def _hashtags(faction: NDArray[np.int64], factions: int, *, random: np.random.Generator) -> pl.Series:
    """Return each interaction's hashtags: none, one that all factions share, one of the source's faction, or both."""
    numbers = random.choice(len(_LATIN) ** 3, 3 + 3 * factions, replace=False)
    words = _words(numbers, _LATIN, 3)
    words[2::3] = _words(numbers[2::3], _ARABIC, 3)  # every third tag is written in Arabic
    shared, own = words[:3], words[3:]
    combinations: list[str | None] = [None, *shared, *own, *(f"{own[i]} {shared[i % 3]}" for i in range(len(own)))]
    form = random.choice(4, len(faction), p=[0.5, 0.2, 0.22, 0.08])
    which = random.choice(3, len(faction), p=[0.6, 0.25, 0.15])
    column = np.select(
        [form == 0, form == 1, form == 2],
        [0, 1 + which, 4 + 3 * faction + which],
        4 + len(own) + 3 * faction + which,
    )
    return pl.Series(combinations, dtype=pl.String).gather(column)


def _admins(
    planted: list[NDArray[np.int64]],
    ranked: NDArray[np.int64],
    platform: NDArray[np.int64],
    keys: NDArray[Any],
    *,
    random: np.random.Generator,
) -> tuple[pl.DataFrame, str, str]:
    """Return who administers the cores and other much-heard accounts, the super user and the bot."""
    first, last = (_words(random.choice(len(_LATIN) ** 2, 60, replace=False), _LATIN, 2) for _ in range(2))
    people = [f"{a.title()} {b.title()}" for a, b in zip(first, last, strict=True)]
    boss, bot, others = people[0], "relay-bot", people[1:]
    in_core = np.concatenate([*planted, np.empty(0, dtype=np.int64)])
    popular = ranked[~np.isin(ranked, in_core)][:20]
    siblings = ranked[(platform[ranked] > 0) & ~np.isin(ranked, popular)][:8]
    main = planted[0] if planted else popular[:7]
    held = set(main[: math.ceil(0.7 * len(main))].tolist()) | set(siblings[:2].tolist())
    rest = ranked[len(ranked) // 20 :]
    local = random.choice(rest[~np.isin(rest, [*in_core, *popular, *siblings])], 30, replace=False)
    rights: list[tuple[str, int, str]] = [(boss, account, "admin") for account in sorted(held)]
    logins = np.zeros(len(others), dtype=np.int64)
    for account in dict.fromkeys(np.concatenate([in_core, popular, siblings, local]).astype(int).tolist()):
        # Nobody else holds more than four logins.
        wanted = int(random.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))
        holders = random.choice(np.flatnonzero(logins < 4), wanted, replace=False)
        logins[holders] += 1
        roles = ["owner", *random.choice(["admin", "editor"], 2).tolist()]
        rights += [(others[h], account, role) for h, role in zip(holders.tolist(), roles, strict=False)]
    rights += [(bot, int(account), "admin") for account in random.choice(popular, 12, replace=False)]
    table = pl.DataFrame(
        {
            "person": [person for person, _, _ in rights],
            "account": [str(keys[account]) for _, account, _ in rights],
            "role": [role for _, _, role in rights],
            "is_bot": [person == bot for person, _, _ in rights],
        }
    )
    return table.sort("account", "person"), boss, bot


# ---------------------------------------------------------------------- planted signs


@dataclass(frozen=True, eq=False)
class PlantedSymbols:
    """A network whose hashtags are known to cross its groups, to be bound to one, or to be of one day.

    Attributes
    ----------
    network
        Retweets within and between groups, and posts with hashtags.
    factions
        ``account`` (key) and ``faction`` of every account.
    core
        Accounts that used the signs of ``crossing`` first.
    crossing
        Signs that every group adopts alike and keeps.
    bound
        Signs that one group each adopts and keeps.
    decoys
        Signs that every group uses alike, on one day only.
    others
        Signs that a few accounts use whatever their group.
    query
        The sign on every post; None unless asked for.
    """

    network: Network
    factions: pl.DataFrame
    core: tuple[str, ...]
    crossing: tuple[str, ...]
    bound: tuple[str, ...]
    decoys: tuple[str, ...]
    others: tuple[str, ...]
    query: str | None = None


def planted_symbols(
    *,
    accounts: int = 600,
    factions: int = 3,
    weeks: int = 6,
    crossing: int = 2,
    bound: int = 3,
    decoys: int = 2,
    others: int = 20,
    mixing: float = 0.05,
    query: bool = False,
    seed: int,
) -> PlantedSymbols:
    """Return a movement whose signs are known.

    Accounts write some eight posts each, at any time; activity is heavy-tailed. Four in ten accounts of every group adopt
    each crossing sign and use it from the eleventh day on; half of one group (and 2 % of the others) each bound sign, from
    the beginning; four in ten of every group each decoy, on one day. A fifth of a post's chances falls to each sign its
    author adopted. The five members of the core use each crossing sign before anyone else. Retweets leave their group with
    probability ``mixing`` and carry no hashtags.

    Parameters
    ----------
    accounts, factions, weeks
        Number of accounts and groups (unequal), and how long it lasts.
    crossing, bound, decoys, others
        How many signs of each sort; bound sign ``k`` belongs to group ``k`` modulo ``factions``.
    mixing
        Chance that a retweet leaves its group, in [0, 1].
    query
        Put a sign on every post, as if the posts had been collected by it.

    Examples
    --------
    >>> planted = planted_symbols(accounts=120, seed=1)
    >>> planted.crossing, planted.network.hashtags["hashtag"].n_unique() > 10
    (('crossing1', 'crossing2'), True)
    """
    random = generator(seed, "planted symbols")
    share = 1 / np.arange(1, factions + 1) ** 0.5
    faction = random.choice(factions, accounts, p=share / share.sum())
    faction[: 2 * factions] = np.arange(2 * factions) % factions
    keys = np.array([f"account{number:0{len(str(accounts - 1))}d}" for number in range(accounts)])
    days, day = 7.0 * weeks, 86_400_000_000

    tags = [f"crossing{k + 1}" for k in range(crossing)] + [f"bound{k + 1}" for k in range(bound)]
    chance = np.full((accounts, crossing + bound + others), 0.4)
    for k in range(bound):
        chance[:, crossing + k] = np.where(faction == k % factions, 0.5, 0.02)
    chance[:, crossing + bound :] = random.uniform(0.02, 0.08, others)
    tags += [f"other{k + 1}" for k in range(others)]
    adopted = random.random(chance.shape) < chance
    core = random.choice(np.flatnonzero(faction == 0), min(5, int(np.count_nonzero(faction == 0))), replace=False)
    adopted[core, :crossing] = True
    began = np.where(np.arange(len(tags)) < crossing, 10.0, 0.0)

    author = np.repeat(np.arange(accounts), random.poisson(8 * np.minimum(random.pareto(2.5, accounts) + 0.4, 10)))
    when = random.uniform(0, days, len(author))
    used = adopted[author] & (random.random((len(author), len(tags))) < 0.2) & (when[:, None] > began + 0.1)
    post, tag = np.nonzero(used)
    # The core shows each crossing sign, hours before anyone else.
    shown = np.tile(core, crossing)
    rows = [
        (author[post], when[post], np.array(tags, dtype=object)[tag], post),
        (
            shown,
            10 + random.uniform(0, 0.05, len(shown)),
            np.repeat(np.array(tags[:crossing], dtype=object), len(core)),
            len(author) + np.arange(len(shown)),
        ),
    ]
    number = len(author) + len(shown)
    for k in range(decoys):
        who = np.flatnonzero(random.random(accounts) < 0.4)
        burst = days / 2 + k + random.uniform(0, 0.8, len(who))
        rows.append((who, burst, np.full(len(who), f"decoy{k + 1}", dtype=object), number + np.arange(len(who))))
        number += len(who)
    everyone = [np.concatenate([row[part] for row in rows]) for part in range(4)]
    written = pl.DataFrame(
        {
            "account": pl.Series(keys).gather(everyone[0].astype(np.uint32)),
            "time": pl.Series((everyone[1] * day).astype(np.int64) + int(_EPOCH.timestamp()) * 1_000_000).cast(
                pl.Datetime("us", "UTC")
            ),
            "hashtags": pl.Series(everyone[2].tolist(), dtype=pl.String),
            "post_id": pl.Series(everyone[3]).cast(pl.String),
        }
    )
    posts = written.group_by("account", "post_id", "time", maintain_order=True).agg("hashtags")
    if query:
        posts = posts.with_columns(pl.concat_list("hashtags", pl.lit("searched")).alias("hashtags"))

    source = np.repeat(np.arange(accounts), random.poisson(8, accounts))
    aim = faction[source]
    leaves = random.random(len(source)) < mixing
    aim[leaves] = random.integers(0, factions, np.count_nonzero(leaves))
    weight = np.minimum(random.pareto(1.5, accounts) + 1, accounts / 10)
    target = _draw_by_weight(aim, faction, weight, fallback=faction[source], random=random)
    ties = pl.DataFrame({"source": keys[source], "target": keys[target], "kind": ["retweet"] * len(source)})
    network = Network.from_tables(
        ties.filter(pl.col("source") != pl.col("target")), pl.DataFrame({"key": keys}), posts=posts
    )
    return PlantedSymbols(
        network,
        pl.DataFrame({"account": keys, "faction": faction.astype(np.int32)}),
        tuple(sorted(keys[core].tolist())),
        tuple(tags[:crossing]),
        tuple(tags[crossing : crossing + bound]),
        tuple(f"decoy{k + 1}" for k in range(decoys)),
        tuple(tags[crossing + bound :]),
        "searched" if query else None,
    )


# ---------------------------------------------------------------------- the bundled sample


def write_sample(folder: Path | str, seed: int = SAMPLE_SEED) -> list[Path]:
    """Write the sample movement (CSV tables and the truth as JSON) into ``folder`` and return its files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sample = movement(seed=seed)
    written = []
    for name, table in sample.tables().items():
        path = folder / f"movement_{name}.csv"
        table.write_csv(path)
        written.append(path)
    path = folder / "movement_truth.json"
    path.write_text(json.dumps(asdict(sample.truth), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*written, path]


def sample_folder() -> Path:
    """Return the folder of the bundled sample: inside the installed package, else ``data/samples`` of the checkout."""
    installed = Path(__file__).parent / "_sample"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data" / "samples"


# ---------------------------------------------------------------------- planted operations


# Kind of operation -> chance that a member endorses, by faction (the last stands for all further ones), and opposes.
PLANTED_OPERATIONS: dict[str, tuple[tuple[float, ...], float]] = {
    "legitimated": ((0.3,), 0.03),
    "contested": ((0.12,), 0.12),
    "opposed": ((0.03,), 0.15),
    "factional": ((0.4, 0.02), 0.02),
    "ignored": ((0.04,), 0.01),
}


@dataclass(frozen=True, eq=False)
class PlantedOperations:
    """Traffic of a community with operations whose reception is known.

    Attributes
    ----------
    network
        Posts with hashtags, retweets of them, and the table of operations.
    factions
        ``account``, ``faction``.
    truth
        Operation -> what was planted (a key of :data:`PLANTED_OPERATIONS`).
    """

    network: Network
    factions: pl.DataFrame
    truth: dict[str, str]


def planted_operations(
    kinds: Sequence[str] = ("legitimated", "contested", "opposed", "factional", "ignored", "ignored") * 2,
    *,
    members: int = 600,
    factions: Sequence[float] = (0.5, 0.3, 0.2),
    posts: float = 10.0,
    ordinary: int = 30,
    counter: bool = True,
    seed: int,
) -> PlantedOperations:
    """Return a community that meets operations of given kinds, one every second day from the thirty-first on.

    Members post and retweet at random over the whole time, with ordinary hashtags. Those who endorse or oppose an operation do
    so within a week, half of them in a post of their own, half by retweeting one that is already there.

    Parameters
    ----------
    kinds
        What is planted, one operation each.
    members, factions
        Number of accounts, and the shares of the factions among them.
    posts
        Mean number of ordinary posts of an account.
    ordinary
        Number of ordinary hashtags.
    counter
        Whether the table of operations names the counter signs.
    """
    random = generator(seed, "planted operations")
    faction = np.sort(random.choice(len(factions), members, p=np.asarray(factions) / sum(factions)))
    random.shuffle(faction)
    total = 30 + 2 * len(kinds) + 7
    names = np.array([f"member{number:0{len(str(members - 1))}d}" for number in range(members)])
    author = np.repeat(np.arange(members), 1 + random.poisson(posts, members))
    when = random.uniform(0, total, len(author))
    popularity = 1 / np.arange(1, ordinary + 1)
    tag = random.choice(ordinary, len(author), p=popularity / popularity.sum())
    written = [(int(a), float(t), f"everyday{k}") for a, t, k in zip(author, when, tag, strict=True)]
    again = random.integers(0, len(written), len(written) // 2).tolist()
    readers, later = random.integers(members, size=len(again)).tolist(), random.exponential(0.5, len(again)).tolist()
    passed = [  # who, when, the number of the post
        (who, written[number][1] + after, number) for who, after, number in zip(readers, later, again, strict=True)
    ]
    listed = []
    for number, kind in enumerate(kinds):
        start = 30.0 + 2 * number
        by_faction, against = PLANTED_OPERATIONS[kind]
        chance = np.array([by_faction[min(one, len(by_faction) - 1)] for one in faction])
        for sign, willing in (
            (f"act{number}", random.random(members) < chance),
            (f"noact{number}", random.random(members) < against),
        ):
            mine: list[int] = []
            moments = np.sort(start + 7 * random.beta(1.5, 4, int(willing.sum())))
            for who, moment in zip(random.permutation(np.flatnonzero(willing)).tolist(), moments.tolist(), strict=True):
                if mine and random.random() < 0.5:
                    passed.append((who, moment, mine[int(random.integers(len(mine)))]))
                else:
                    mine.append(len(written))
                    written.append((who, moment, sign))
        listed.append(
            {
                "operation": f"Operation {number + 1}",
                "start": _EPOCH + timedelta(days=start),
                "end": _EPOCH + timedelta(days=start + 7),
                "signs": [f"act{number}"],
                "counter_signs": [f"noact{number}"] if counter else [],
                "outcome": "accepted" if kind == "legitimated" else "rejected",
            }
        )
    passed = [(who, moment, post) for who, moment, post in passed if who != written[post][0] and moment < total]
    posted = pl.DataFrame(
        {
            "account": names[[who for who, _, _ in written]],
            "post_id": [f"p{number}" for number in range(len(written))],
            "time": [_EPOCH + timedelta(days=moment) for _, moment, _ in written],
            "hashtags": [[sign] for _, _, sign in written],
        }
    )
    retweets = pl.DataFrame(
        {
            "source": names[[who for who, _, _ in passed]],
            "target": names[[written[post][0] for _, _, post in passed]],
            "kind": "retweet",
            "time": [_EPOCH + timedelta(days=moment) for _, moment, _ in passed],
            "post_id": [f"r{number}" for number in range(len(passed))],
            "ref_post_id": [f"p{post}" for _, _, post in passed],
        }
    )
    operations = pl.DataFrame(listed, infer_schema_length=None) if listed else None
    network = Network.from_tables(retweets, pl.DataFrame({"key": names}), posts=posted, operations=operations)
    truth = {f"Operation {number + 1}": kind for number, kind in enumerate(kinds)}
    return PlantedOperations(network, pl.DataFrame({"account": names, "faction": faction.astype(np.int32)}), truth)


# ---------------------------------------------------------------------- small known graphs


def g1() -> Network:
    """Return the eleven-account network G1 on which worked values are known: 16 weighted ties, total weight 22.

    >>> g1().ties().in_strength.tolist()
    [9.0, 6.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0]
    """
    ties = [
        "ab3",
        "ba2",
        "ac1",
        "ca2",
        "bc2",
        "cb1",
        "da1",
        "ea1",
        "fa2",
        "gb1",
        "hb1",
        "ic1",
        "jc1",
        "ja1",
        "kj1",
        "ki1",
    ]
    return Network.from_tables(
        pl.DataFrame(
            {
                "source": [tie[0] for tie in ties],
                "target": [tie[1] for tie in ties],
                "weight": [float(tie[2]) for tie in ties],
            }
        )
    )


def karate() -> Network:
    """Return Zachary's karate club, undirected and unweighted; accounts ``00`` to ``33``, column ``club`` kept.

    >>> network = karate()
    >>> network.n_accounts, len(network.undirected_ties()), network.accounts["club"][33]
    (34, 78, 'Officer')
    """
    import networkx as nx

    graph = nx.karate_club_graph()
    named = nx.relabel_nodes(graph, {node: f"{node:02d}" for node in graph})
    for _, _, data in named.edges(data=True):
        data.clear()
    return Network.from_graph(named)


# ---------------------------------------------------------------------- accounts that one person runs


@dataclass(frozen=True, eq=False)
class SharedOperation:
    """Posts of accounts of which some pairs are run by one person.

    Attributes
    ----------
    network
        With posts (times and programs) and retweets of posts.
    pairs
        Account keys of each planted pair.
    """

    network: Network
    pairs: tuple[tuple[str, str], ...]


def shared_operators(
    *, accounts: int = 40, pairs: int = 3, days: int = 60, spells: float = 2.0, seed: int
) -> SharedOperation:
    """Return accounts that post in spells at hours of their own, some pairs of which are run by one person.

    Every account has habits of its own (hours of the day, one of eight programs) and posts in ``spells`` spells a day on
    average. The second account of a planted pair has the habits and a rare program of the first; half of its spells begin one
    to four minutes after one of the first account's ended, none while the first is active, and it passes on the same posts
    within seconds in a third of the cases, as a program that posts for several accounts would.

    Parameters
    ----------
    accounts, pairs, days
        Number of accounts, of planted pairs among them, and length.
    spells
        Mean number of spells a day.

    Raises
    ------
    MeasureError
        If there are fewer than two accounts a pair.
    """
    if accounts < 2 * pairs:
        raise MeasureError("shared_operators", "too few accounts for the pairs", found=accounts)
    random = generator(seed, "shared operators")
    rhythm = _HOURS / _HOURS.sum()
    habits = rhythm * random.lognormal(0, 0.6, (accounts, 24))
    program = random.choice(8, accounts, p=np.arange(8, 0, -1) / 36)
    named = [f"u{number:03d}" for number in range(accounts)]
    rows: list[tuple[str, float, str]] = []
    retweets: list[tuple[str, float, str, str]] = []
    ends: dict[int, list[float]] = {}
    busy: dict[int, list[tuple[float, float]]] = {}
    originals = [f"post{number}" for number in range(3000)]
    for number in range(accounts):
        twin = number - 1 if number < 2 * pairs and number % 2 else None
        first = twin if twin is not None else number
        client = f"rare {first // 2}" if first < 2 * pairs else f"program {program[number]}"
        own = habits[first] / habits[first].sum()
        begins = []
        for day in range(days):
            hours = random.choice(24, random.poisson(spells), p=own)
            begins += (day * 86_400 + hours * 3600 + random.random(len(hours)) * 3600).tolist()
        if twin is not None:
            after = np.array(ends[twin])
            begins = [t for t in begins if random.random() < 0.5]
            begins += (after[random.random(len(after)) < 0.5] + 60 + 180 * random.random()).tolist()
            begins = [t for t in begins if all(t < low - 60 or t > high + 60 for low, high in busy[twin])]
        own_ends, own_busy = [], []
        for begin in sorted(begins):
            times = begin + np.cumsum(random.exponential(150, 1 + random.poisson(2)))
            if twin is not None:
                times = times[[all(t < low - 60 or t > high + 60 for low, high in busy[twin]) for t in times]]
            if not len(times):
                continue
            own_ends.append(float(times[-1]))
            own_busy.append((float(times[0]), float(times[-1])))
            rows += [(named[number], float(t), client) for t in times]
        ends[number], busy[number] = own_ends, own_busy
        chosen = random.choice(3000, 60, replace=False).tolist()
        retweets += [(named[number], random.random() * days * 86_400, originals[post], "author") for post in chosen]
        if twin is not None:
            theirs = [row for row in retweets if row[0] == named[twin]]
            retweets += [
                (named[number], t + 5 * random.random(), post, author)
                for _, t, post, author in theirs
                if random.random() < 1 / 3
            ]
    moment = (pl.col("seconds") * 1_000_000 + int(_EPOCH.timestamp()) * 1_000_000).cast(pl.Int64)
    moment = moment.cast(pl.Datetime("us", "UTC"))
    posts = pl.DataFrame(rows, schema=["account", "seconds", "client"], orient="row")
    posts = posts.with_row_index("post_id").select(
        "account", pl.format("p{}", "post_id").alias("post_id"), "client", time=moment
    )
    shared = pl.DataFrame(retweets, schema=["source", "seconds", "ref_post_id", "target"], orient="row")
    shared = shared.with_row_index("post_id").select(
        "source",
        "target",
        "ref_post_id",
        pl.format("r{}", "post_id").alias("post_id"),
        time=moment,
        kind=pl.lit("retweet"),
    )
    network = Network.from_tables(shared, posts=posts)
    return SharedOperation(network, tuple((named[2 * n], named[2 * n + 1]) for n in range(pairs)))
