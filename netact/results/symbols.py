"""Result of the question what shared signs hold a movement together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Criterion, Estimate, Status

SymbolsVerdict = Literal["shared", "bound", "undetermined", "cannot_say"]

SYMBOLS = pl.Schema(
    {
        "symbol": pl.String(),
        "users": pl.Int64(),
        "uses": pl.Int64(),
        "share_of_users": pl.Float64(),
        "query": pl.Boolean(),
        "group": pl.Int32(),
        "verdict": pl.String(),
        "covered": pl.Int64(),
        "spread": pl.Float64(),
        "spread_by_chance": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
        "lowest_lift": pl.Float64(),
        "testable": pl.Boolean(),
        "p_crossing": pl.Float64(),
        "q_crossing": pl.Float64(),
        "first_use": pl.Datetime("us", "UTC"),
        "first_adopter": pl.String(),
        "first_in_core": pl.Boolean(),
        "half_days": pl.Float64(),
        "at_risk": pl.Int64(),
        "retention": pl.Float64(),
        "retention_low": pl.Float64(),
        "retention_high": pl.Float64(),
        "kept": pl.Boolean(),
        "still_active": pl.Float64(),
        "retention_by_chance": pl.Float64(),
        "retention_p": pl.Float64(),
        "retention_q": pl.Float64(),
    }
)
SYMBOLS_BY_FACTION = pl.Schema(
    {
        "symbol": pl.String(),
        "faction": pl.Int32(),
        "accounts": pl.Int64(),
        "share": pl.Float64(),
        "lift": pl.Float64(),
        "lift_low": pl.Float64(),
        "lift_high": pl.Float64(),
    }
)
SYMBOL_FACTIONS = pl.Schema({"faction": pl.Int32(), "name": pl.String(), "accounts": pl.Int64(), "share": pl.Float64()})
CO_USE = pl.Schema(
    {
        "symbol": pl.String(),
        "other": pl.String(),
        "accounts": pl.Int64(),
        "expected": pl.Float64(),
        "pmi": pl.Float64(),
        "npmi": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
        "expected_given_activity": pl.Float64(),
        "p_given_activity": pl.Float64(),
        "q_given_activity": pl.Float64(),
        "tied": pl.Boolean(),
    }
)
ADOPTION = pl.Schema(
    {
        "symbol": pl.String(),
        "faction": pl.Int32(),
        "time": pl.Datetime("us", "UTC"),
        "accounts": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Symbols:
    """Which hashtags are shared, by whom, and whether they stay. Unit: accounts; no row stands for fewer than five.

    Attributes
    ----------
    users, uses, different
        Accounts that used any hashtag, uses, and different hashtags; before anything is left out.
    symbols
        One row a hashtag, the most used first: ``symbol`` (without ``#``), ``users``, ``uses``, ``share_of_users``,
        ``query`` (what was collected by it), ``group`` (of signs used together; null if alone), ``verdict``
        (``crossing``, ``bound``, ``undetermined`` or ``query``; null where groups are not known), ``covered`` (users in
        a large group), ``spread`` (in (0, 1]: 1 as the population is spread over the groups), ``spread_by_chance``,
        ``p_value`` and ``q_value`` (less spread than with groups dealt out at random), ``lowest_lift`` (of the large
        group that uses it least; null below five accounts there), ``testable`` (used by enough accounts that crossing
        could be shown), ``p_crossing`` and ``q_crossing`` (against half its share or less in some large group),
        ``first_use``, ``first_adopter`` (account key; null where it was in use from the beginning or several
        were first at once), ``first_in_core``, ``half_days`` (from the first use until half of its users had used it),
        ``at_risk`` (users whose first use is followed by enough data), ``retention`` with 95 % range, ``kept`` (the range
        lies above the share that is asked for; null below five users), ``still_active``
        (share of those that used any hashtag that much later), ``retention_by_chance``, ``retention_p`` and ``retention_q``
        (two-sided: against the same accounts' other hashtags).
    factions
        The large groups: ``faction`` (number in the result of factions), ``name``, ``accounts`` (that use hashtags),
        ``share`` of them all.
    by_faction
        ``symbol``, ``faction``, ``accounts``, ``share`` (of the symbol's users), ``lift`` (share over the group's share
        of the population) with its 95 % range; nulls where fewer than five accounts of the group used it.
    co_use
        Pairs of signs that at least five accounts both used: ``symbol``, ``other``, ``accounts``, ``expected`` (by
        chance), ``pmi``, ``npmi``, ``p_value`` and ``q_value`` (hypergeometric), the same given how many signs each
        account uses, ``tied``.
    adoption
        ``symbol``, ``faction`` (null: everyone), ``time``, ``accounts`` that had used it by then.
    crossing, bound
        How many hashtags cross all large groups, and how many are bound to some.
    first_in_core
        Share of the hashtags that came up during the collection whose first user is in a leading core.
    retention
        Share of all first uses (account and hashtag) that the account repeated after the wait.
    retention_days
        The wait, in days.
    verdict, criteria
        ``shared``, ``bound``, ``undetermined`` or ``cannot_say``, and the conditions.
    queried
        The hashtags that were, or appear to have been, the query of the collection.
    """

    status: Status
    reason: str
    kind: str
    users: int
    uses: int
    different: int
    symbols: pl.DataFrame
    factions: pl.DataFrame
    by_faction: pl.DataFrame
    co_use: pl.DataFrame
    adoption: pl.DataFrame
    crossing: Estimate
    bound: Estimate
    first_in_core: Estimate
    retention: Estimate
    retention_days: float
    verdict: SymbolsVerdict
    criteria: tuple[Criterion, ...]
    queried: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
