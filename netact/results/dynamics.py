"""Result of the question how it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.cascades import Cascades
from netact.results.earlier_activism import EarlierActivism
from netact.results.estimate import Criterion, Estimate, Status
from netact.results.faction_tracking import FactionTracking

# stable_lead: the same accounts stay at the top, beyond chance, at every length of window tried. shifting_lead: they stay
# beyond chance, and change beyond what a constant popularity gives. rotating: the top is another in every window, and a
# constant popularity would have shown.
DynamicsVerdict = Literal["stable_lead", "shifting_lead", "rotating", "undetermined"]


@dataclass(frozen=True)
class Dynamics:
    """How attention moves through time. Unit: accounts; times are UTC.

    Attributes
    ----------
    indices
        Name -> estimate. Of the top accounts: ``overlap`` (mean Jaccard index of the top of consecutive windows, against
        accounts drawn anew in each), ``constancy`` (that of all pairs of windows, against constant popularity),
        ``rank_overlap`` (mean rank-biased overlap), ``cumulative_overlap`` (no comparison), ``lead_changes`` (against the same windows in
        random order), ``core_presence`` (share of windows with members of the core at the top, against accounts that
        are heard as much). Of reactions: ``reaction_hours`` (mean waiting time up to the limit), ``too_quick`` (share
        of reactions below the account's own 10 % quantile), ``hand_over_hours``. Of the series: ``burstiness``.
    verdict, criteria
        What the numbers together say of the top, and its conditions.
    step
        Length of a window: a calendar step (see :data:`netact.windows.STEPS`), or ``phase``; empty without times.
    windows
        ``window``, ``start``, ``end``, ``interactions``, ``receivers``, ``status`` (``ok`` | ``insufficient_data``),
        ``top`` (accounts strictly above the cut), ``tied_at_cut``, ``overlap``, ``rank_overlap`` (with the usable
        window before), ``cumulative_overlap`` (everything up to now with everything up to then), ``chance_low``,
        ``chance_high`` (95 % of accounts drawn anew), ``constant_low``, ``constant_high`` (95 % of constant
        popularity), ``lead`` (account heard most, null if tied), ``lead_share``, ``core_share`` (of attention).
    ranks
        ``window``, ``account``, ``rank``, ``share``: the accounts that were among the first five of some window, at
        most a dozen, in every window in which they were heard; equal ranks are shared.
    at_top
        ``account``, ``windows`` (usable ones in which it was in the top), ``longest`` (of them in a row); most first.
    reigns
        ``account``, ``start``, ``end``, ``windows``: unbroken runs of windows with the same account heard most.
    hand_overs
        ``source``, ``target``, ``count``: from which account the first place went to which.
    membership
        Survival of membership in the top: ``time`` (windows), ``at_risk``, ``ended``, ``censored``, ``survival``,
        ``low``, ``high``.
    reactions
        ``trigger``, ``time``, ``account`` (of the core, that acted first), ``hours``, ``ended`` (false: nobody acted
        until the limit or the end of the data).
    reaction_curve
        Share of triggers without a reaction: ``hours``, ``survival``, ``low``, ``high``, ``null_low``, ``null_high``.
    bursts
        ``account``, ``acts``, ``burstiness``, ``corrected``, ``memory``, ``without_rhythm`` (corrected, on a clock
        without the daily rhythm), ``null_low``, ``null_high``, ``p_value``, ``q_value`` (false discovery) of it.
    sensitivity
        ``length`` (``half`` | ``chosen`` | ``double``), ``hours``, ``windows``, ``overlap``, ``chance_mean``,
        ``p_value``, ``whole`` (overlap of all pairs), ``constant_mean``, ``constant_p``, ``verdict``.
    cascades
        From whom posts were passed on, as a range over four rules; None if it was not looked at.
    earlier
        Whether the core met in earlier activism; None if it was not looked at.
    tracking
        Groups followed through time, their splits and mergers; None if it was not looked at.
    """

    status: Status
    reason: str
    kind: str
    verdict: DynamicsVerdict
    criteria: tuple[Criterion, ...]
    indices: dict[str, Estimate]
    step: str
    windows: pl.DataFrame
    ranks: pl.DataFrame
    at_top: pl.DataFrame
    reigns: pl.DataFrame
    hand_overs: pl.DataFrame
    membership: pl.DataFrame
    reactions: pl.DataFrame
    reaction_curve: pl.DataFrame
    bursts: pl.DataFrame
    sensitivity: pl.DataFrame
    cascades: Cascades | None = None
    earlier: EarlierActivism | None = None
    tracking: FactionTracking | None = None
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
