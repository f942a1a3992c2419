"""Result of the question who acts together beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

CoordinationOutcome = Literal["groups", "none_found", "not_testable", "insufficient_data"]


@dataclass(frozen=True)
class Coordination:
    """Which accounts share the same objects at the same moments beyond chance. Unit: accounts.

    Attributes
    ----------
    outcome
        ``groups``: pairs passed both tests. ``none_found``: none did. ``not_testable``: times are too coarse, or hardly
        anyone else shared the objects of the pairs that stand out. ``insufficient_data``: nothing to test.
    objects
        What was shared: ``shares``, ``retweets``, ``hashtags``, or empty.
    n_shares, n_accounts, n_objects
        Shares with a time that were read; accounts that shared, and objects shared, by at least two; viral objects are
        left out.
    n_viral, viral_above
        Objects that more than ``viral_above`` accounts shared: they say nothing of any two and make no pair.
    windows
        Seconds within which two shares were counted as close.
    n_sharing
        Pairs of accounts that share more of the same objects than chance gives (first test).
    n_untestable
        Of these, pairs that are close in time beyond their daily rhythm, but whose objects hardly anyone else shared, so
        that the timing within objects says nothing.
    n_timing_only
        Pairs whose timing is beyond chance, though they share no more of the same objects than chance gives.
    pairs
        Number of pairs that pass both tests, against times dealt out anew within objects.
    share_of_accounts
        Share of the accounts in groups.
    edges
        ``account_a``, ``account_b``, ``group``, ``objects`` (both shared), ``close`` (of these within the largest window),
        ``median_gap`` (seconds, over all objects both shared), ``symmetry`` (1: each was first equally often, 0: always
        the same one), ``p_sharing``, ``q_sharing`` (first test; q is adjusted over all pairs of accounts), ``p_timing``
        (times dealt out anew within objects), ``p_rhythm`` (each share anywhere in its clock hour), ``q_timing`` (the
        larger of the two, adjusted over the pairs that passed the first test), ``examples`` (up to five of the objects);
        surest first.
    groups
        ``group`` (1 is the largest), ``accounts``, ``pairs``, ``density``, ``objects`` (shared within the largest window),
        ``median_gap``, ``symmetry``, ``core_members`` and ``core_p`` (null without a leading core).
    members
        ``account``, ``group``, ``partners``, ``objects`` (shared with partners within the largest window), ``x``, ``y``
        (null where it is not drawn), ``core``.
    gaps
        ``low``, ``high`` (seconds; null without end), ``observed`` and ``expected``: gaps between the two shares of each
        object that the pairs found both shared, and how many there would be if times were dealt out anew within objects.
    comparison
        ``rule`` (``tested`` or ``percentile``), ``pairs``, ``accounts``, ``pairs_in_common``, ``accounts_in_common``,
        ``pairs_by_chance`` (found by the same rule in shuffled times, on average); the percentile rule is for comparison.
    percentile_weight
        The weight that a pair must exceed by the percentile rule; None if it was not computed.
    core_overlap
        Accounts in groups that are members of a leading core, against groups drawn from all accounts.
    """

    status: Status
    reason: str
    kind: str
    outcome: CoordinationOutcome
    objects: str
    n_shares: int
    n_accounts: int
    n_objects: int
    n_viral: int
    viral_above: int
    windows: tuple[int, ...]
    n_sharing: int
    n_untestable: int
    n_timing_only: int
    pairs: Estimate
    share_of_accounts: Estimate
    edges: pl.DataFrame
    groups: pl.DataFrame
    members: pl.DataFrame
    gaps: pl.DataFrame
    comparison: pl.DataFrame
    percentile_weight: float | None
    core_overlap: Estimate
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
