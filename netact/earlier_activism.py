"""Whether a core met through earlier activism: members' earlier ties, against comparable accounts.

Loud accounts are old accounts: whoever is heard today is likely to have been active before. Beside all accounts nearly any
core looks like a group of veterans, so members are compared with accounts that are as active today (and as old, where the
table of accounts says when they joined). Having been active says little of having met; the preferred number is how many
pairs of members were tied both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact.errors import MeasureError
from netact.language import Message
from netact.randomness import generator
from netact.results import Estimate, Status, undefined
from netact.results.earlier_activism import EARLIER_EVENTS, EARLIER_MEMBERS, EarlierActivism
from netact.significance import against_null, false_discovery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netact.network import Network

    Codes = NDArray[np.int64]

# Columns of the accounts that say how old an account is.
AGE_COLUMNS = ("joined", "created_at")
# A source of earlier data whose acts come from the core to this share was collected from the core.
ALL_FROM_CORE = 0.95
# Fewer comparable accounts than this for one member cannot show what is usual.
FEWEST_COMPARABLE = 5

_PAIRS = Message("pairs of members")
_MEMBERS = Message("members")
_MATCHED = Message("groups of accounts that are as active today")
_MATCHED_AGE = Message("groups of accounts that are as active today and as old")
_ANYONE = Message("groups drawn from all active accounts")


def activity_strata(activity: NDArray[np.float64], *, first: int, age: NDArray[np.float64] | None = None) -> Codes:
    """Return the stratum of every account, -1 for those without activity: comparable accounts have the same number.

    Accounts in order of activity, the ``first`` most active in the first stratum and twice as many in each that follows;
    accounts of equal activity stay together. With ``age`` each is halved as nearly as equal ages allow, and those of unknown age stand
    apart. Strata do not depend on who is in the core, so that members and others may be exchanged within them.

    >>> import numpy as np
    >>> activity_strata(np.array([9.0, 8, 7, 6, 5, 4, 3, 0]), first=2).tolist()
    [0, 0, 1, 1, 1, 1, 2, -1]
    """
    if first < 2:
        raise MeasureError("activity_strata.first", "must be at least 2", found=first)
    stratum = np.full(len(activity), -1, dtype=np.int64)
    order = np.flatnonzero(activity > 0)
    order = order[np.lexsort((order, -activity[order]))]
    begin, size, number = 0, first, 0
    while begin < len(order):
        end = min(begin + size, len(order))
        # Never between equals: the stratum grows to take all of them.
        end += int(np.count_nonzero(activity[order[end:]] == activity[order[end - 1]]))
        stratum[order[begin:end]] = number
        begin, size, number = end, 2 * size, number + 1
    if age is None:
        return stratum
    out = np.full(len(activity), -1, dtype=np.int64)
    for level in range(number):
        inside = np.flatnonzero(stratum == level)
        known = np.isfinite(age[inside])
        young = age[inside] >= _middle(age[inside[known]])
        out[inside] = 3 * level + np.where(known, np.where(young, 1, 0), 2)
    return out


def _middle(values: NDArray[np.float64]) -> float:
    """Return the value at which the upper half begins, as nearly half as equal values allow."""
    ordered = np.sort(values)
    if not len(ordered) or ordered[0] == ordered[-1]:
        return float("inf")
    half = len(ordered) / 2
    cuts = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    return float(ordered[cuts[np.argmin(np.abs(cuts - half))]])


def earlier_activism(
    network: Network,
    members: Sequence[str] | None,
    *,
    draws: int = 999,
    stratum: int = 50,
    seed: int,
) -> EarlierActivism:
    """Return whether members of a core were active, and tied to one another, in earlier events, beside comparable groups.

    Each member is replaced by a random account of its stratum, members included, all different: ``draws`` groups. Strata
    come from today's activity, the number of interactions that an account gives or receives (attention kind), and from
    the age of the accounts where a column ``joined`` or ``created_at`` tells it. P-values are one-sided: more than
    comparable groups have. What an event is, is what was read as one source of earlier data.

    The comparison holds only if earlier events were collected without regard to who is in the core (an archive of a
    hashtag, say). If hardly anybody else appears in them, or all acts are those of members, the data were collected from
    the core: then the status is ``not_testable``.

    Parameters
    ----------
    network
        ``network.earlier`` holds who was active in which earlier event; an account is active if it gave or received.
    members
        Keys of the members of the core.
    draws
        Groups drawn; with 0 nothing is compared.
    stratum
        Accounts in the stratum of the most active; each further one holds twice as many.
    seed
        Seed of the groups.

    Raises
    ------
    MeasureError
        If a parameter is out of range, or a member is no account of the network.
    """
    for name, value, fewest in (("draws", draws, 0), ("stratum", stratum, 2)):
        if value < fewest:
            raise MeasureError(f"earlier_activism.{name}", f"must be at least {fewest}", found=value)
    earlier = network.earlier
    if not earlier.height:
        return without_earlier(
            Message("nothing was told of earlier events; provide exports of earlier protests"), members
        )
    if not members or len(members) < 2:
        return without_earlier(
            Message("no core of two or more accounts was found whose past could be looked up"), members
        )
    place = {key: row for row, key in enumerate(network.keys)}
    unknown = [key for key in members if key not in place]
    if unknown:
        raise MeasureError("earlier_activism.members", "unknown accounts", found=f"{len(unknown)} of {len(members)}")
    core = np.array(sorted({place[key] for key in members}), dtype=np.int64)
    in_core = np.zeros(network.n_accounts, dtype=bool)
    in_core[core] = True

    ends = earlier.select(
        "event",
        source=pl.col("source").cast(pl.Int64).fill_null(-1),
        target=pl.col("target").cast(pl.Int64).fill_null(-1),
    )
    source, target = ends["source"].to_numpy(), ends["target"].to_numpy()
    collected_from = _collected_from_core(source, target, in_core)
    names = ends["event"].unique().sort().to_list()
    event = ends["event"].replace_strict(names, list(range(len(names))), return_dtype=pl.Int64).to_numpy()
    took_part = np.zeros((len(names), network.n_accounts), dtype=bool)
    for end in (source, target):
        took_part[event[end >= 0], end[end >= 0]] = True
    active: NDArray[np.bool_] = np.asarray(took_part.any(axis=0))
    others = ~in_core & _present(network)
    covered = float(active[others].mean()) if others.any() else 0.0
    if collected_from is not None:
        return without_earlier(collected_from, members, status="not_testable", rows=earlier.height, covered=covered)

    ties = network.ties()
    activity = ties.in_strength + ties.out_strength
    age = _age(network)
    strata = activity_strata(activity, first=stratum, age=age)
    comparable = np.array([np.count_nonzero((strata == strata[account]) & ~in_core) for account in core])
    if not comparable.any() or (strata[core] < 0).all():
        why = Message("no other account is as active as the members of the core")
        return without_earlier(why, members, status="not_testable", rows=earlier.height, covered=covered)
    groups = _groups(strata, core, draws=draws, random=generator(seed, "earlier activism"))
    linked = _pairs(source, target, network.n_accounts)
    unit_null = _MATCHED if age is None else _MATCHED_AGE
    mutual, either = _tied_pairs(core[None, :], linked, network.n_accounts)
    null_mutual, null_either = _tied_pairs(groups, linked, network.n_accounts)
    by_event = _by_event(names, event, took_part, core, groups)
    anyone = float(active[_present(network)].mean()) * len(core)
    return EarlierActivism(
        status="ok",
        reason=Message.counting(
            "{n:count} member of the core was looked up in earlier events.",
            "{n:count} members of the core were looked up in earlier events.",
            len(core),
        ),
        members=len(core),
        mutual_ties=against_null(float(mutual[0]), null_mutual, unit=_PAIRS, null_model=unit_null),
        any_ties=against_null(float(either[0]), null_either, unit=_PAIRS, null_model=unit_null),
        active=against_null(
            float(active[core].sum()), active[groups].sum(axis=1).astype(float), unit=_MEMBERS, null_model=unit_null
        ),
        active_unmatched=Estimate(float(active[core].sum()), _MEMBERS, null_model=_ANYONE, null_mean=anyone),
        by_event=by_event,
        by_member=_by_member(network, core, names, took_part, strata, active, linked),
        matched_on="activity" if age is None else "activity and age",
        rows=earlier.height,
        covered=covered,
        warnings=tuple(_warnings(comparable)),
    )


def without_earlier(
    why: str,
    members: Sequence[str] | None,
    *,
    status: Status = "insufficient_data",
    rows: int = 0,
    covered: float = 0.0,
) -> EarlierActivism:
    """Return the result where nothing can be said, and why."""
    pairs, number = undefined(_PAIRS, why, status=status), undefined(_MEMBERS, why, status=status)
    return EarlierActivism(
        status=status,
        reason=Message("Whether the core met in earlier activism cannot be told: {why}.", why=why),
        members=len(members or ()),
        mutual_ties=pairs,
        any_ties=pairs,
        active=number,
        active_unmatched=number,
        by_event=pl.DataFrame(schema=EARLIER_EVENTS),
        by_member=pl.DataFrame(schema=EARLIER_MEMBERS),
        matched_on="activity",
        rows=rows,
        covered=covered,
    )


def _present(network: Network) -> NDArray[np.bool_]:
    """Return which accounts have ties of the attention kind."""
    return network.ties().active


def _collected_from_core(source: Codes, target: Codes, in_core: NDArray[np.bool_]) -> str | None:
    """Say that the earlier data come from the core, if they do."""
    member = np.append(in_core, False)  # place -1 is an account that is not here
    by_core, to_core = member[source], member[target]
    if (by_core | to_core).all():
        return Message("every row of the earlier data has a member of the core in it, so nobody else's past is known")
    share = float(by_core.mean())
    if share >= ALL_FROM_CORE:
        return Message(
            "{share:percent} of the earlier acts are those of members of the core: the data were collected from them",
            share=share,
        )
    return None


def _age(network: Network) -> NDArray[np.float64] | None:
    """Return when each account joined, in days, NaN where unknown; None if nothing tells."""
    for name in AGE_COLUMNS:
        if name not in network.accounts.columns:
            continue
        column = network.accounts[name]
        if column.dtype == pl.String:
            column = column.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        if not column.dtype.is_temporal():
            continue
        days = column.cast(pl.Date, strict=False).to_physical().cast(pl.Float64).fill_null(float("nan")).to_numpy()
        if np.isfinite(days).any():
            return np.asarray(days)
    return None


def _warnings(comparable: Codes) -> list[str]:
    few = int(np.count_nonzero(comparable < FEWEST_COMPARABLE))
    if not few:
        return []
    return [
        Message.counting(
            "{n:count} member of the core has hardly any account to be compared with.",
            "{n:count} members of the core have hardly any account to be compared with.",
            few,
        )
    ]


def _groups(strata: Codes, core: Codes, *, draws: int, random: np.random.Generator) -> Codes:
    """Return groups, one a row, each with as many different accounts of every stratum as the core has."""
    columns: list[Codes] = []
    for level in np.unique(strata[core]):
        # A member without activity can only stand for itself.
        pool = np.flatnonzero(strata == level) if level >= 0 else core[strata[core] == level]
        count = int(np.count_nonzero(strata[core] == level))
        drawn = [random.choice(pool, count, replace=False, shuffle=False) for _ in range(draws)]
        columns.append(np.stack(drawn) if drawn else np.empty((0, count), dtype=np.int64))
    return np.concatenate(columns, axis=1).astype(np.int64)


def _pairs(source: Codes, target: Codes, n: int) -> Codes:
    """Return the directed pairs that were tied in any earlier event, as sorted numbers."""
    known = (source >= 0) & (target >= 0) & (source != target)
    return np.unique(source[known] * n + target[known])


def _tied_pairs(groups: Codes, linked: Codes, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, per group, how many pairs were tied in both directions, and in at least one."""
    size = groups.shape[1]
    first, second = np.triu_indices(size, 1)
    a, b = groups[:, first], groups[:, second]
    forth, back = _among(a * n + b, linked), _among(b * n + a, linked)
    return (forth & back).sum(axis=1).astype(float), (forth | back).sum(axis=1).astype(float)


def _among(pairs: Codes, linked: Codes) -> NDArray[np.bool_]:
    if not len(linked):
        return np.zeros(pairs.shape, dtype=bool)
    at = np.minimum(np.searchsorted(linked, pairs), len(linked) - 1)
    return np.asarray(linked[at] == pairs)


def _by_event(names: list[str], event: Codes, took_part: NDArray[np.bool_], core: Codes, groups: Codes) -> pl.DataFrame:
    rows = np.bincount(event, minlength=len(names))
    estimates = [
        against_null(
            float(part[core].sum()), part[groups].sum(axis=1).astype(float), unit=_MEMBERS, null_model=_MATCHED
        )
        for part in took_part
    ]
    p_values = [estimate.p_value for estimate in estimates if estimate.p_value is not None]
    compared = len(p_values) == len(estimates)
    return pl.DataFrame(
        {
            "event": names,
            "rows": rows,
            "accounts": took_part.sum(axis=1),
            "members": took_part[:, core].sum(axis=1),
            "expected": [estimate.null_mean for estimate in estimates],
            "p_value": p_values if compared else [None] * len(names),
            "q_value": false_discovery(p_values).tolist() if compared else [None] * len(names),
        },
        schema=EARLIER_EVENTS,
    )


def _by_member(
    network: Network,
    core: Codes,
    names: list[str],
    took_part: NDArray[np.bool_],
    strata: Codes,
    active: NDArray[np.bool_],
    linked: Codes,
) -> pl.DataFrame:
    n = network.n_accounts
    mutual = _among(core[:, None] * n + core[None, :], linked)
    mutual &= mutual.T
    comparable = [np.flatnonzero(strata == strata[account]) for account in core]
    return pl.DataFrame(
        {
            "account": network.accounts["key"].gather(core),
            "events": [[names[e] for e in np.flatnonzero(took_part[:, account]).tolist()] for account in core],
            "mutual": mutual.sum(axis=1),
            "comparable": [len(pool) for pool in comparable],
            "comparable_active": [float(active[pool].mean()) for pool in comparable],
        },
        schema=EARLIER_MEMBERS,
    )
