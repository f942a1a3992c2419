"""What is left when people pull their accounts: every combination of the top holders, computed beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from netact.results import Status


@dataclass(frozen=True)
class ShutdownScenarios:
    """What is left of the network when some of the top holders are taken out, for every combination of them.

    Two rules, as in :class:`netact.results.SuperUsers`. ``shutdown``: an account goes dark if **any** person taken out
    who has the power to close it pulls it. ``departure``: an account goes dark only if **all** its holders are taken
    out (editors count as holders, people flagged as bots do not). Each number is what happens at once: audiences move
    elsewhere in time, so it is an upper bound on what is lost.

    Attributes
    ----------
    status, reason
        ``ok``, or why there is nothing to take out.
    kind
        Kind of tie.
    coverage
        Share of all attention that goes to listed accounts: ``attention_lost`` is the loss of
        :class:`~netact.results.SuperUsers` (a share of what the listed accounts hold) times this.
    people
        ``bit`` (from 0), ``person``, ``accounts`` (how many they hold): the top people in the order of
        ``SuperUsers.people``; fewer on large networks.
    scenarios
        ``rule`` (shutdown | departure), ``mask`` (sum of 2 ** bit of the people taken out, from 0, nobody, to
        2 ** people - 1), ``accounts_dark``, ``attention_lost`` (share of all attention that the dark accounts
        received), ``reach_lost`` (share of the audience, the accounts that gave attention to at least one listed
        account, that is left with nobody: every account they gave attention to, listed or not, is dark; null without
        an audience), ``largest_component`` (accounts in the largest weakly connected component of what is left, as a
        share of the active accounts of the intact network; null without ties), ``pieces`` (components of what is left
        with at least 10 accounts). Sorted by rule (shutdown first) and mask.
    factions
        ``rule``, ``mask``, ``faction``, ``accounts_dark``, ``attention_lost`` (share of what the faction's accounts
        received; null if they received none), ``cut_off`` (share of the faction's accounts that were in the largest
        component of the intact network and, dark or not, are no longer in the largest one). ``faction`` -1 holds the
        smaller groups: all but the 12 largest that have a name. Empty without a partition.
    after
        ``rule``, ``removed`` (0 to the number of people, taken out in the order of ``people``), ``n_factions`` (named
        groups), ``modularity``, ``agreement`` (adjusted Rand index with the intact partition over the accounts left
        that still have ties): groups detected anew in what is left. The row of ``removed`` 0 detects the groups of the
        intact network anew, which tells how much of a lack of agreement is chance. Null where there is no partition or
        the network is too large for it.
    """

    status: Status
    reason: str
    kind: str
    coverage: float
    people: pl.DataFrame
    scenarios: pl.DataFrame
    factions: pl.DataFrame
    after: pl.DataFrame
