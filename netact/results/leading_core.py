"""Result of the question of a leading core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

CoreOutcome = Literal[
    "core",
    "rival_cores",
    "core_within_elite",
    "elite_larger_than_team",
    "single_hub",
    "cohesive_not_leading",
    "niche_not_core",
    "no_core",
    "not_testable",
    "insufficient_data",
]
# strong: the bound over all sets is passed; calibrated: the Monte Carlo p-value is at most alpha;
# candidate: the most connected set that was found, shown with its p-value and never called a core.
Tier = Literal["strong", "calibrated", "candidate"]


@dataclass(frozen=True)
class Core:
    """A set of accounts that tie to one another more than chance explains, or the best candidate for one.

    Attributes
    ----------
    members
        Account keys, most stable first.
    stability
        Member -> share of subsamples whose best-matching core holds it, in [0, 1].
    mean_overlap
        Mean Jaccard similarity of the best-matching core over subsamples; None if not resampled.
    share_of_attention
        Attention the members receive from outside the set, as a share of all attention.
    reach
        Share of all attention-giving accounts outside the set that give some to a member.
    lift
        ``share_of_attention`` over the members' share of accounts that receive any.
    efficiency
        ``reach`` over the reach of the best set of equal size (greedy maximum cover), in (0, 1].
    cohesion, expected_cohesion
        Share of ordered member pairs that are tied, observed and under the null.
    score, p_bound
        Log-likelihood ratio less the search penalty, and the bound ``min(1, exp(-score))``.
    p_value
        Monte Carlo p-value of the score among null maxima; ``p_tail`` its Gumbel extrapolation.
    """

    members: tuple[str, ...]
    tier: Tier
    share_of_attention: float
    reach: float
    lift: float
    efficiency: float
    cohesion: float
    expected_cohesion: float
    score: float
    p_bound: float
    p_value: float | None = None
    p_tail: float | None = None
    stability: dict[str, float] = field(default_factory=dict)
    mean_overlap: float | None = None
    leads: bool = False  # drive: enough attention or reach, and far above an average account

    __repr__ = fields_line
    _repr_html_ = fields_page

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.members)


@dataclass(frozen=True)
class LeadingCore:
    """Who drives, who acts together, and whether a small team does both. Unit: accounts, not people.

    Attributes
    ----------
    outcome
        Exactly one; see ``docs`` and :func:`netact.measures.leading_core.leading_core`.
    cores
        The cores found, largest share of attention first; empty unless the outcome is a core.
    elite
        The significant set larger than a team, if any.
    candidate
        The strongest set found when no core is: shown with its p-value, never called a core.
    attention_of_top
        Share of all attention that the most-heard account drew.
    drivers
        ``unit`` (``attention`` | ``reach``), ``share``, ``accounts``, ``low``, ``high``, ``null_mean``, ``null_low``,
        ``null_high``, ``p_value``: how many accounts it takes to hold that share.
    pool
        The most-heard accounts: ``account``, ``audience`` (distinct accounts outside the pool that give attention),
        ``share_of_attention``, ``core`` (number from 1, null outside), ``stability``.
    core_ties
        ``source``, ``target``, ``mutual``: ties among members of cores, or of the candidate.
    associates
        Accounts outside the pool tied to a core beyond chance: ``account``, ``core``, ``ties``, ``expected``, ``p_value``.
    relations
        ``core_a``, ``core_b``, ``observed``, ``expected``, ``relation`` (allied | separate | avoiding), ``p_value``.
    power
        ``size``, ``tie_probability``, ``power``, ``runs``: chance of finding such a planted core in data of this size.
    smallest_testable
        Smallest set that could pass at all if every member were tied to every other; None if none could.
    null_scores
        Maxima of the score under the null, for the figure.
    hub
        The single account with half of all attention, if there is one; ``amplified_by_hub`` (``account``, ``ties``)
        says whom it passes on.
    descriptives
        ``account``, ``coreness``, ``s_core``, ``d_core_in``, ``d_core_out`` for the pool: shown beside, never the
        definition.
    rich_club
        ``degree``, ``accounts``, ``density``, ``null_mean``, ``ratio``.
    coverage_curve
        ``accounts``, ``reach``: audience covered by the best 1, 2, ... accounts (greedy maximum cover).
    missing
        What evidence would settle more, in words.
    """

    status: Status
    outcome: CoreOutcome
    reason: str
    kind: str
    cores: tuple[Core, ...]
    elite: Core | None
    candidate: Core | None
    attention_of_top: Estimate
    drivers: pl.DataFrame
    pool: pl.DataFrame
    core_ties: pl.DataFrame
    associates: pl.DataFrame
    relations: pl.DataFrame
    power: pl.DataFrame
    smallest_testable: int | None
    null_scores: tuple[float, ...]
    hub: str | None
    amplified_by_hub: pl.DataFrame
    descriptives: pl.DataFrame
    rich_club: pl.DataFrame
    coverage_curve: pl.DataFrame
    missing: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
