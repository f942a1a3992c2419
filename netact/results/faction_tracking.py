"""Part of the result of how it moves: groups followed through time, their splits and mergers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

# split, merger, both: the strongest one is beyond what the same ties at other times give. steady: neither is.
TrackingVerdict = Literal["split", "merger", "split_and_merger", "steady", "undetermined"]

STRAND_EVENTS = ("birth", "death", "continue", "expand", "contract", "split", "merge")

TRACKED_WINDOWS = pl.Schema(
    {
        "window": pl.Int64(),
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "interactions": pl.Float64(),
        "status": pl.String(),
        "groups": pl.Int64(),
        "modularity": pl.Float64(),
        "agreement": pl.Float64(),
        "tracked": pl.Int64(),
        "splits": pl.Int64(),
        "split_share": pl.Float64(),
        "split_expected": pl.Float64(),
        "merges": pl.Int64(),
        "merge_share": pl.Float64(),
        "merge_expected": pl.Float64(),
    }
)
STRANDS = pl.Schema({"window": pl.Int64(), "strand": pl.Int64(), "accounts": pl.Int64(), "most_heard": pl.String()})
STRAND_EVENT_LIST = pl.Schema(
    {
        "window": pl.Int64(),
        "event": pl.String(),
        "strand": pl.Int64(),
        "other": pl.Int64(),
        "accounts": pl.Int64(),
        "before": pl.Int64(),
        "jaccard": pl.Float64(),
        "across_before": pl.Float64(),
        "across_after": pl.Float64(),
        "strength": pl.Float64(),
        "p_value": pl.Float64(),
    }
)
STRAND_FLOWS = pl.Schema(
    {
        "window": pl.Int64(),
        "next_window": pl.Int64(),
        "strand": pl.Int64(),
        "next_strand": pl.Int64(),
        "accounts": pl.Int64(),
    }
)
STRAND_LEADERS = pl.Schema(
    {
        "account": pl.String(),
        "member": pl.Boolean(),
        "window": pl.Int64(),
        "before": pl.Int64(),
        "strand": pl.Int64(),
        "how": pl.String(),
    }
)
STRAND_THRESHOLDS = pl.Schema(
    {
        "threshold": pl.Float64(),
        "event": pl.String(),
        "count": pl.Int64(),
        "expected": pl.Float64(),
        "null_low": pl.Float64(),
        "null_high": pl.Float64(),
    }
)
CORE_WINDOWS = pl.Schema(
    {
        "window": pl.Int64(),
        "inside": pl.Float64(),
        "across": pl.Float64(),
        "ei_index": pl.Float64(),
        "mutual": pl.Int64(),
        "lost": pl.Int64(),
    }
)


@dataclass(frozen=True)
class FactionTracking:
    """Groups of successive windows joined into strands, and what happened to them. Unit: accounts; times are UTC.

    Chance is the same interactions at other times: who turned to whom is held fixed, and the times of each account's acts are
    dealt out among them anew. What falls apart then too is noise of the partition or of small windows.

    Attributes
    ----------
    verdict
        ``split``, ``merger``, ``split_and_merger``: the strongest one is stronger than chance gives (p < 0.05, both questions together); ``steady``:
        neither is; ``undetermined``.
    strongest_split, strongest_merger
        How much less (more) the two parts of a strand turned to one another from then on than before: the signed root of
        the likelihood ratio of the share of their interactions that cross, the largest over all splits (mergers), against
        the largest of each null draw. 0 without any. A group that is divided for one window only and closes again is weak.
    splits, mergers
        Number of them, against chance: ``null_mean`` is the number that is spurious.
    leaders_moved
        Share of the leaders' steps from window to window that led into another strand, other than by a split or a merger.
    crowd_moved
        The same of all accounts that could be followed; not compared. Above 0.25 nothing is called steady.
    core_distance
        E-I index between the two halves of the core, later windows less earlier ones: below 0 they turn away from one
        another. One-sided: less than chance.
    core_lost_ties
        Share of the pairs of members tied both ways in the earlier windows that are so no more in the later ones.
    windows
        ``window``, ``start``, ``end``, ``interactions`` (weight), ``status`` (``ok`` | ``insufficient_data``), ``groups``,
        ``modularity``, ``agreement`` (mean adjusted Rand index of the runs), ``tracked`` (accounts in a group that are seen in
        another window too), and of the step from the usable window before: ``splits``, ``split_share`` (of the accounts
        present in both windows, those that left their strand in a split), ``split_expected`` (its null mean), and the same
        of mergers.
    strands
        ``window``, ``strand`` (from 0, in order of appearance), ``accounts``, ``most_heard`` (account).
    events
        ``window``, ``event`` (``birth`` | ``death`` | ``continue`` | ``expand`` | ``contract`` | ``split`` | ``merge``),
        ``strand``, ``other`` (the new strand of a split; the strand that took this one in), ``accounts`` (now),
        ``before``, ``jaccard``; of splits and mergers also ``across_before`` and ``across_after`` (share of the interactions
        of the two parts that cross between them, in all windows before and from then on, without the one in which they were
        first, or last, seen apart), ``strength`` and ``p_value``
        (twice that against the strongest split, or merger, of each null draw, so that it holds for all events together).
    flows
        ``window``, ``next_window``, ``strand``, ``next_strand``, ``accounts``: null is in no strand then.
    leaders
        ``account``, ``member`` (of the core), ``window``, ``before``, ``strand``, ``how`` (``stayed`` | ``split`` |
        ``merge`` | ``moved``).
    thresholds
        ``threshold`` (Jaccard index above which groups are one strand), ``event``, ``count``, ``expected``, ``null_low``,
        ``null_high``.
    core
        Of the core by window: ``window``, ``inside`` and ``across`` (weight within and between its two halves),
        ``ei_index``, ``mutual`` (pairs tied both ways), ``lost`` (of those of the window before).
    core_halves
        The two halves of the core, as keys: those that best split its ties of the whole time. Empty without a core.
    """

    status: Status
    reason: str
    kind: str
    verdict: TrackingVerdict
    strongest_split: Estimate
    strongest_merger: Estimate
    splits: Estimate
    mergers: Estimate
    leaders_moved: Estimate
    crowd_moved: Estimate
    core_distance: Estimate
    core_lost_ties: Estimate
    windows: pl.DataFrame
    strands: pl.DataFrame
    events: pl.DataFrame
    flows: pl.DataFrame
    leaders: pl.DataFrame
    thresholds: pl.DataFrame
    core: pl.DataFrame
    core_halves: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def core_stays(self) -> float | None:
        """The E-I index between the halves of the core if it is the same in all its windows, to two digits; else None."""
        known = self.core["ei_index"].drop_nulls()
        return known[0] if len(known) and known.round(2).n_unique() == 1 else None

    __repr__ = fields_line
    _repr_html_ = fields_page
