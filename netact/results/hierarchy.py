"""Result of the question how steep the order is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Criterion, Estimate, Status

HierarchyVerdict = Literal["leaderless", "led", "single_led", "undetermined"]


@dataclass(frozen=True)
class TailFit:
    """Discrete power-law tail of attention received, against a lognormal tail. Never proof of a power law."""

    exponent: float | None
    smallest_value: int | None
    accounts_in_tail: int
    likelihood_ratio: float | None  # positive favours the power law
    p_value: float | None
    verdict: Literal["power law favoured", "lognormal favoured", "undecided", "undefined"]


@dataclass(frozen=True)
class Hierarchy:
    """How steep the order of attention is, and whether "leaderless" can be shown. Unit: accounts.

    Attributes
    ----------
    indices
        Name -> estimate. Concentration against the rich-get-richer null: ``effective_leaders``, ``top_1_share``,
        ``top_5_share``, ``top_20_share``, ``gini``, ``herfindahl``, ``in_degree_centralization``. Order against the
        degree-preserving null: ``trophic_incoherence``, ``global_reaching_centrality``, ``flow_hierarchy``.
        Krackhardt on the pool, influence direction: ``connectedness``, ``krackhardt_hierarchy``, ``efficiency``,
        ``lubness``. Participation: ``participation_breadth``, ``gini_of_activity``.
    tail
        Fit of the tail of attention received; see :class:`TailFit`.
    direction_p
        How often ties whose directions are redrawn give as strict an order.
    verdict, criteria
        The leaderlessness test and its conditions.
    levels
        ``account``, ``level`` (trophic level in influence direction; lowest of its component is 0), ``attention``,
        ``component``.
    concentration_curve
        ``rank``, ``share``, ``null_mean``, ``null_low``, ``null_high``: attention of the top 1, 2, ... accounts.
    rotation
        ``window``, ``start``, ``end``, ``interactions``, ``overlap_with_previous`` (Jaccard of the top 20); empty
        without times.
    """

    status: Status
    reason: str
    kind: str
    indices: dict[str, Estimate]
    tail: TailFit
    direction_p: Estimate
    verdict: HierarchyVerdict
    criteria: tuple[Criterion, ...]
    levels: pl.DataFrame
    concentration_curve: pl.DataFrame
    rotation: pl.DataFrame
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
