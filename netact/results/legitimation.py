"""Result of the question whether actions were carried by the community or opposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

OperationVerdict = Literal[
    "legitimated", "contested", "opposed", "factional", "ignored", "descriptive", "one_sided_view", "not_measured"
]

OPERATIONS = pl.Schema(
    {
        "operation": pl.String(),
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "verdict": pl.String(),
        "reason": pl.String(),
        "community": pl.Int64(),
        "endorsers": pl.Int64(),
        "passed_on_only": pl.Int64(),
        "opponents": pl.Int64(),
        "both": pl.Int64(),
        "outside": pl.Int64(),
        "participation": pl.Float64(),
        "participation_low": pl.Float64(),
        "participation_high": pl.Float64(),
        "participation_posts_low": pl.Float64(),
        "participation_posts_high": pl.Float64(),
        "counter_share": pl.Float64(),
        "counter_low": pl.Float64(),
        "counter_high": pl.Float64(),
        "balance": pl.Float64(),
        "balance_low": pl.Float64(),
        "balance_high": pl.Float64(),
        "balance_p": pl.Float64(),
        "balance_q": pl.Float64(),
        "breadth": pl.Float64(),
        "breadth_null_low": pl.Float64(),
        "breadth_p": pl.Float64(),
        "breadth_q": pl.Float64(),
        "divergence": pl.Float64(),
        "divergence_by_chance": pl.Float64(),
        "divergence_beyond_chance": pl.Float64(),
        "divergence_p": pl.Float64(),
        "ordinary": pl.Int64(),
        "ordinary_median": pl.Float64(),
        "ordinary_low": pl.Float64(),
        "ordinary_high": pl.Float64(),
        "ordinary_p": pl.Float64(),
        "ordinary_q": pl.Float64(),
        "exposed": pl.Int64(),
        "core_first": pl.Float64(),
        "core_first_low": pl.Float64(),
        "core_first_high": pl.Float64(),
        "core_first_p": pl.Float64(),
        "core_first_q": pl.Float64(),
        "fastest": pl.Float64(),
        "fastest_low": pl.Float64(),
        "fastest_high": pl.Float64(),
        "curve": pl.String(),
        "outcome": pl.String(),
    }
)
OPERATION_FACTIONS = pl.Schema(
    {
        "operation": pl.String(),
        "faction": pl.Int32(),
        "members": pl.Int64(),
        "endorsers": pl.Int64(),
        "opponents": pl.Int64(),
        "share_of_community": pl.Float64(),
        "share_of_endorsers": pl.Float64(),
        "ratio": pl.Float64(),
    }
)
JOINING = pl.Schema(
    {
        "operation": pl.String(),
        "days": pl.Float64(),
        "endorsers": pl.Int64(),
        "opponents": pl.Int64(),
        "outside": pl.Int64(),
    }
)
OPERATION_CURVES = pl.Schema(
    {
        "operation": pl.String(),
        "curve": pl.String(),
        "market": pl.Float64(),
        "rate": pl.Float64(),
        "second": pl.Float64(),
        "aic": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Legitimation:
    """Which part of a community fixed beforehand took up the signs of each operation, and which part those against it.

    Unit: accounts.

    Attributes
    ----------
    operations
        One row an operation, in order of start. ``verdict``: ``legitimated``, ``contested``, ``opposed``, ``factional``,
        ``ignored``; ``descriptive`` (more for than against, but with a ``reason``
        why no more can be said: ``few_operations``, ``no_factions``, ``unclear_breadth``); ``one_sided_view``
        (nothing tells who was against); ``not_measured`` with a ``reason``: ``no_community``, ``before_data``,
        ``after_data``, ``no_duration``. ``community`` members were active before the start; of them ``endorsers`` used a sign or passed on a
        post with one (``passed_on_only``: nothing else), ``opponents`` used a counter sign or are coded as opposed (null if
        neither is known), ``both`` did both; ``outside`` endorsed without being members. ``participation`` and
        ``counter_share`` are shares of the community with Wilson intervals; ``participation_posts_...`` draws whole posts
        again. ``balance`` has the wider of both kinds of interval; ``..._p`` are p-values, ``..._q`` the same adjusted over all
        operations. ``breadth`` and ``divergence`` (nats) are over factions; ``ordinary_...`` is the participation in
        ``ordinary`` other hashtags of the same days; ``core_first`` is the share of the ``exposed`` endorsers to whom a core
        account was the first to show the sign, with what matched accounts give; ``fastest`` in days after the start;
        ``curve`` the one that fits the later joiners best.
    factions
        ``operation``, ``faction`` (-1: all smaller ones), members, endorsers and opponents of the community in it, and the
        ``ratio`` of its shares of the endorsers and of the community.
    joining
        Cumulative numbers by ``days`` after the start: ``endorsers`` and ``opponents`` of the community, and ``outside``.
    adoption
        Curves fitted to the times of joining: ``market``, ``rate``, ``second`` (per day; logistic: the middle), ``aic``.
    participation_bar, counter_bar
        Upper quartile of participation and counter share over the operations; None with fewer than ten.
    outcome_relation
        Chance that an accepted operation had more participation than a rejected one, against shuffled outcomes.
    """

    status: Status
    reason: str
    kind: str
    operations: pl.DataFrame
    factions: pl.DataFrame
    joining: pl.DataFrame
    adoption: pl.DataFrame
    participation_bar: float | None
    counter_bar: float | None
    outcome_relation: Estimate
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
