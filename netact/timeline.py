"""What happened when: attention by calendar window, and how it moves between groups that are held fixed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from netact.results import Status


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
        Length of a window: ``second``, ``minute``, ``ten_minutes``, ``hour``, ``six_hours``, ``day``, ``week`` (from
        Monday), ``month``, ``quarter``, ``year`` or ``decade``, aligned with the calendar.
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
