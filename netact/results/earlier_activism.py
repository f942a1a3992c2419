"""Part of the result of how it moves: whether the core met through earlier activism."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

EARLIER_EVENTS = pl.Schema(
    {
        "event": pl.String(),
        "rows": pl.Int64(),
        "accounts": pl.Int64(),
        "members": pl.Int64(),
        "expected": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
    }
)
EARLIER_MEMBERS = pl.Schema(
    {
        "account": pl.String(),
        "events": pl.List(pl.String()),
        "mutual": pl.Int64(),
        "comparable": pl.Int64(),
        "comparable_active": pl.Float64(),
    }
)


@dataclass(frozen=True)
class EarlierActivism:
    """Whether the members of a core were already active, and tied to one another, in earlier events. Unit: accounts.

    Attributes
    ----------
    members
        Number of members of the core.
    mutual_ties
        Pairs of members tied in both directions in earlier events, against groups of comparable accounts: the statistic
        that speaks of having met.
    any_ties
        Pairs of members tied in at least one direction, against the same groups.
    active
        Members active in any earlier event, against the same groups.
    active_unmatched
        The same number beside what accounts drawn from all would give, whatever their activity. It is shown to make
        visible how much the comparison matters, and decides nothing; it has no p-value.
    by_event
        ``event``, ``rows`` (interactions and lone acts read), ``accounts`` (of this network active in it), ``members``,
        ``expected`` (members, over comparable groups), ``p_value``, ``q_value`` (false discovery over the events).
    by_member
        ``account``, ``events`` (it was active in), ``mutual`` (other members it was tied with both ways), ``comparable``
        (accounts it was compared with, itself included) and ``comparable_active`` (the share of them active earlier).
    matched_on
        What comparable accounts have in common: ``activity``, or ``activity and age``.
    rows, covered
        Interactions of earlier events, and the share of this network's other accounts that are active in any.
    """

    status: Status
    reason: str
    members: int
    mutual_ties: Estimate
    any_ties: Estimate
    active: Estimate
    active_unmatched: Estimate
    by_event: pl.DataFrame
    by_member: pl.DataFrame
    matched_on: str
    rows: int
    covered: float
    warnings: tuple[str, ...] = ()

    __repr__ = fields_line
    _repr_html_ = fields_page
