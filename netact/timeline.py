"""What happened when: attention by calendar window, and how it moves between groups that are held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.errors import MeasureError
from netact.language import Message
from netact.results import Status
from netact.windows import finest_calendar_edges, window_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.network import Network
    from netact.results import Factions

    Codes = NDArray[np.int64]
    Numbers = NDArray[np.float64]

FEWEST_WINDOWS = 8
TOP = 20
# Groups shown by number; all others are put together as -1.
MOST_GROUPS = 12
SMALLER_GROUPS = -1

_TIME = pl.Datetime("us", "UTC")
_WINDOWS: dict[str, Any] = {
    "window": pl.Int64,
    "start": _TIME,
    "end": _TIME,
    "interactions": pl.Int64,
    "givers": pl.Int64,
    "receivers": pl.Int64,
    "effective_receivers": pl.Float64,
    "top_20_overlap": pl.Float64,
}
_ACTIVITY: dict[str, Any] = {"account": pl.String, "window": pl.Int64, "received": pl.Float64, "given": pl.Float64}
_FACTIONS: dict[str, Any] = {
    "window": pl.Int64,
    "faction": pl.Int32,
    "given": pl.Float64,
    "received": pl.Float64,
    "inside": pl.Float64,
}
_PERIODS: dict[str, Any] = {"period": pl.Int64, "start": _TIME, "end": _TIME, "interactions": pl.Int64}
_FLOWS: dict[str, Any] = {
    "period": pl.Int64,
    "source_faction": pl.Int32,
    "target_faction": pl.Int32,
    "accounts": pl.Int64,
}


@dataclass(frozen=True)
class Timeline:
    """What happened when. Unit: interactions with a time, of the network's attention kind.

    All times are UTC. A window or period holds its ``start`` and not its ``end``. Where ties have no direction
    every interaction is counted once, and both of its accounts give and receive.

    **Groups are those of the whole network throughout.** ``factions`` and ``flows`` show how attention moves between
    these fixed groups; groups are not detected anew in a window or period, so nothing here says that a group formed,
    split or merged.

    Attributes
    ----------
    status, reason
        ``ok``, or why there is no timeline (``undefined``: no interaction has a time); then all tables are empty.
    kind
        Kind of tie.
    step
        Length of a window, aligned with the calendar: ``minute``, ``five_minutes``, ``fifteen_minutes``, ``hour``,
        ``six_hours``, ``day``, ``week`` (from Monday), ``month``, ``quarter``, ``year``, ``decade`` or ``century``.
    coverage
        Share of the interactions of this kind that have a time, in [0, 1].
    windows
        Every window from the first interaction to the last, also empty ones: ``window`` (from 0), ``start``, ``end``,
        ``interactions``, ``givers`` and ``receivers`` (distinct accounts that gave, received attention),
        ``effective_receivers`` (1 over the sum of squared shares of the attention in the window, from 1 to
        ``receivers``; null if there is none), ``top_20_overlap`` (Jaccard index of the window's 20 most heard accounts
        with those of the window before, in [0, 1]; null if either has fewer than 20 receivers).
    activity
        ``account`` (key), ``window``, ``received``, ``given`` (summed weights; only rows where one is above 0); sorted
        by account, then window.
    factions
        ``window``, ``faction``, ``given`` (weight given by members), ``received``, ``inside`` (given by members to
        members of their own group); only rows where there is any; sorted. ``faction`` -1 holds the smaller groups:
        all but the 12 largest that have a name.
    periods
        The windows put together into a few periods of (nearly) equally many windows: ``period`` (from 0), ``start``,
        ``end``, ``interactions``.
    flows
        ``period``, ``source_faction``, ``target_faction``, ``accounts``: how many accounts gave most attention to
        ``source_faction`` in ``period`` and to ``target_faction`` in the next one. An account may give most to a group
        that is not its own; of equal ones the larger group counts. Null is no attention given in that period, -1 the
        smaller groups. Every account that gave attention in either of the two periods is counted once; sorted, null
        last. Empty without a partition.
    """

    status: Status
    reason: str
    kind: str
    step: str
    coverage: float
    windows: pl.DataFrame
    activity: pl.DataFrame
    factions: pl.DataFrame
    periods: pl.DataFrame
    flows: pl.DataFrame


def timeline(
    network: Network, factions: Factions | None = None, *, max_windows: int = 60, max_periods: int = 6
) -> Timeline:
    """Return what happened when: attention by calendar window, by account and by group.

    The windows are of the finest calendar step that gives at most ``max_windows`` of them. Interactions without a time
    are left out, and ``coverage`` says how many. Nothing here is compared with chance.

    Parameters
    ----------
    network
        Ties of its attention kind are read.
    factions
        Groups of the whole network; without them ``factions`` and ``flows`` are empty. Accounts that are in no group
        count for neither.
    max_windows, max_periods
        Most windows, at least 8, and most periods, at least 2.

    Raises
    ------
    MeasureError
        If a limit is too small.

    Examples
    --------
    >>> import polars as pl
    >>> from netact.network import Network
    >>> days = pl.datetime_range(pl.datetime(2024, 3, 1), pl.datetime(2024, 3, 9), "1d", eager=True)
    >>> ties = pl.DataFrame({"source": list("abcabcabc"), "target": list("xxxyyyxyx"), "time": days})
    >>> found = timeline(Network.from_tables(ties))
    >>> found.step, found.windows.height, found.windows["interactions"].sum()
    ('six_hours', 33, 9)
    """
    for name, value, fewest in (("max_windows", max_windows, FEWEST_WINDOWS), ("max_periods", max_periods, 2)):
        if value < fewest:
            raise MeasureError(f"timeline.{name}", f"must be at least {fewest}", found=value)
    kind = network.attention_kind
    rows = network.rows()
    timed = rows.select("source", "target", "weight", "time").drop_nulls("time")
    if not timed.height:
        why = Message("no interaction has a time") if rows.height else Message("there are no interactions")
        return _nothing(kind, why)
    step, edges = finest_calendar_edges(timed["time"], max_windows)
    window = window_of(timed["time"].to_physical().to_numpy(), edges)
    count = len(edges) - 1
    source, target = timed["source"].to_numpy().astype(np.int64), timed["target"].to_numpy().astype(np.int64)
    weight = timed["weight"].to_numpy()
    # A network without direction holds every interaction both ways: one of the two is counted.
    once = slice(None) if network.has_direction(kind) else source < target
    interactions = np.bincount(window[once], minlength=count)
    received, given = _sums(target * count + window, weight), _sums(source * count + window, weight)
    windows = pl.DataFrame(
        {
            "window": np.arange(count),
            "start": edges[:-1],
            "end": edges[1:],
            "interactions": interactions,
            "givers": np.bincount(given[0] % count, minlength=count),
            "receivers": np.bincount(received[0] % count, minlength=count),
            **_concentration(*received, count),
        },
        schema=_WINDOWS,
    )
    bounds = _periods(count, max_periods)
    periods = pl.DataFrame(
        {
            "period": np.arange(len(bounds) - 1),
            "start": edges.gather(bounds[:-1]),
            "end": edges.gather(bounds[1:]),
            "interactions": np.add.reduceat(interactions, bounds[:-1]),
        },
        schema=_PERIODS,
    )
    by_faction, flows = pl.DataFrame(schema=_FACTIONS), pl.DataFrame(schema=_FLOWS)
    if factions is not None and factions.membership.height:
        group, shown = _groups(network, factions)
        by_faction = _by_faction(source, target, weight, window, group, shown)
        period = np.searchsorted(bounds, window, side="right") - 1
        flows = _flows(source, target, weight, period, group, shown, len(bounds) - 1)
    missing = rows.height - timed.height
    return Timeline(
        status="ok",
        reason=Message(
            "{n:count} interactions have no time and are left out",
            n=missing // (1 if network.has_direction(kind) else 2),
        )
        if missing
        else Message("every interaction has a time"),
        kind=kind,
        step=step,
        coverage=timed.height / rows.height,
        windows=windows,
        activity=_activity(network, received, given, count),
        factions=by_faction,
        periods=periods,
        flows=flows,
    )


def _nothing(kind: str, reason: str) -> Timeline:
    return Timeline(
        status="undefined",
        reason=reason,
        kind=kind,
        step="",
        coverage=0.0,
        windows=pl.DataFrame(schema=_WINDOWS),
        activity=pl.DataFrame(schema=_ACTIVITY),
        factions=pl.DataFrame(schema=_FACTIONS),
        periods=pl.DataFrame(schema=_PERIODS),
        flows=pl.DataFrame(schema=_FLOWS),
    )


# ---------------------------------------------------------------------- windows


def _periods(windows: int, most: int) -> Codes:
    """Return where each period begins, and the end: as many as possible whose lengths differ by one window at most."""
    count = -(-windows // -(-windows // most))
    return np.array([windows * i // count for i in range(count + 1)], dtype=np.int64)


def _sums(cell: Codes, weight: Numbers) -> tuple[Codes, Numbers]:
    """Return the distinct cells in order, and the summed weight of each."""
    order = np.argsort(cell, kind="stable")
    cell = cell[order]
    start = np.concatenate([[0], np.flatnonzero(cell[1:] != cell[:-1]) + 1])
    return cell[start], np.add.reduceat(weight[order], start)


def _concentration(cell: Codes, amount: Numbers, count: int) -> dict[str, list[float | None]]:
    """Return, per window, the effective number of receivers and how many of the top stay at the top."""
    window, account = cell % count, cell // count
    order = np.lexsort((account, -amount, window))
    start = np.searchsorted(window[order], np.arange(count + 1))
    effective: list[float | None] = []
    overlap: list[float | None] = []
    before: Codes = np.empty(0, dtype=np.int64)
    for begin, end in pairwise(start.tolist()):
        share = amount[order[begin:end]] / (amount[order[begin:end]].sum() or 1.0)
        effective.append(float(1 / np.square(share).sum()) if end > begin else None)
        top = account[order[begin : begin + TOP]] if end - begin >= TOP else np.empty(0, dtype=np.int64)
        common = len(np.intersect1d(before, top, assume_unique=True))
        overlap.append(common / (2 * TOP - common) if len(before) and len(top) else None)
        before = top
    return {"effective_receivers": effective, "top_20_overlap": overlap}


def _activity(
    network: Network, received: tuple[Codes, Numbers], given: tuple[Codes, Numbers], count: int
) -> pl.DataFrame:
    # Two sorted runs merge at once; np.union1d would hash them, thirty times slower on millions.
    merged = np.sort(np.concatenate([received[0], given[0]]), kind="stable")
    cell = merged[np.concatenate([[True], merged[1:] != merged[:-1]])]
    columns = np.zeros((2, len(cell)))
    for column, (cells, amount) in zip(columns, (received, given), strict=True):
        column[np.searchsorted(cell, cells)] = amount
    keys = network.accounts["key"].gather((cell // count).astype(np.uint32))
    return pl.DataFrame(
        {"account": keys, "window": cell % count, "received": columns[0], "given": columns[1]}, schema=_ACTIVITY
    )


# ---------------------------------------------------------------------- groups


def _groups(network: Network, factions: Factions) -> tuple[Codes, Codes]:
    """Return the group of every account, -1 for none, and by what number each group is shown."""
    membership = factions.membership.select("account", "faction")
    joined = network.accounts.select(account="key").join(membership, on="account", how="left", maintain_order="left")
    group = joined["faction"].fill_null(-1).to_numpy().astype(np.int64)
    named = factions.sizes.filter(pl.col("faction") >= 0)["faction"].sort().head(MOST_GROUPS).to_numpy()
    number = np.arange(int(group.max()) + 1)
    return group, np.where(np.isin(number, named), number, SMALLER_GROUPS)


def _by_faction(
    source: Codes, target: Codes, weight: Numbers, window: Codes, group: Codes, shown: Codes
) -> pl.DataFrame:
    """Return what the members of each group gave and received by window."""
    # One place more, the first, for the smaller groups.
    width, place = int(shown.max()) + 2, shown + 1
    cells = (int(window.max()) + 1) * width
    giver, receiver = group[source], group[target]

    def summed(of: Codes, keep: NDArray[np.bool_]) -> Numbers:
        found = np.bincount(window[keep] * width + place[of[keep]], weights=weight[keep], minlength=cells)
        return found.astype(np.float64)

    columns = {
        "given": summed(giver, giver >= 0),
        "received": summed(receiver, receiver >= 0),
        "inside": summed(giver, (giver >= 0) & (giver == receiver)),
    }
    cell = np.flatnonzero((columns["given"] > 0) | (columns["received"] > 0))
    return pl.DataFrame(
        {
            "window": cell // width,
            "faction": cell % width - 1,
            **{name: amount[cell] for name, amount in columns.items()},
        },
        schema=_FACTIONS,
    )


def _flows(
    source: Codes, target: Codes, weight: Numbers, period: Codes, group: Codes, shown: Codes, periods: int
) -> pl.DataFrame:
    """Return how many accounts gave most attention to one group in a period, and to which in the next."""
    to, count = group[target], len(shown)
    keep = to >= 0
    cell, amount = _sums((source[keep] * periods + period[keep]) * count + to[keep], weight[keep])
    # Most attention first, of equal amounts the larger group, which has the smaller number.
    order = np.lexsort((cell % count, -amount, cell // count))
    holder, first = np.unique(cell[order] // count, return_index=True)
    nowhere = count
    heard = np.full((periods, len(group)), nowhere, dtype=np.int64)
    heard[holder % periods, holder // periods] = shown[cell[order][first] % count]
    rows: list[pl.DataFrame] = []
    for number, (before, after) in enumerate(pairwise(heard)):
        either = (before != nowhere) | (after != nowhere)
        frame = pl.DataFrame({"source_faction": before[either], "target_faction": after[either]})
        counted = frame.group_by("source_faction", "target_faction").agg(accounts=pl.len())
        rows.append(counted.sort("source_faction", "target_faction").with_columns(period=pl.lit(number)))
    if not rows:
        return pl.DataFrame(schema=_FLOWS)
    ends = pl.col("source_faction", "target_faction")
    return (
        pl.concat(rows).with_columns(ends.replace(nowhere, None)).select(pl.col(n).cast(t) for n, t in _FLOWS.items())
    )
