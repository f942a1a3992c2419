"""One frozen result class per question. Results hold numbers and tables only: no network, no parameters.

Texts that people read (reasons, warnings, evidence, units, null models) are :class:`netact.language.Message`: English
where they are read as text, and told in any language by :func:`netact.language.told`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import polars as pl

Status = Literal["ok", "undefined", "insufficient_data", "not_testable"]


@dataclass(frozen=True)
class Estimate:
    """One number with what is needed to judge it.

    Undefined is a status with a reason, never NaN and never an exception: then ``value`` is None.

    Attributes
    ----------
    value, unit
        The number and what it counts (``"share of attention"``, ``"accounts"``, ``"index"``, ...).
    status, reason
        ``ok``, or why there is no number.
    interval, interval_method
        95 % interval of the value and how it was made.
    null_model, null_mean, null_sd, null_interval
        What chance gives: the model in words, mean, standard deviation and central 95 % of its draws.
    p_value, tail, draws
        Monte Carlo p-value in ``tail`` direction over ``draws`` null draws.
    coverage
        Share of the ties (or attention) the number was computed on, in [0, 1].
    """

    value: float | None
    unit: str
    status: Status = "ok"
    reason: str | None = None
    interval: tuple[float, float] | None = None
    interval_method: str | None = None
    null_model: str | None = None
    null_mean: float | None = None
    null_sd: float | None = None
    null_interval: tuple[float, float] | None = None
    p_value: float | None = None
    tail: str | None = None
    draws: int = 0
    coverage: float = 1.0

    @property
    def effect(self) -> float | None:
        """Value minus the null mean."""
        return None if self.value is None or self.null_mean is None else self.value - self.null_mean

    @property
    def z(self) -> float | None:
        """Effect in null standard deviations; None if the null does not vary."""
        return None if self.effect is None or not self.null_sd else self.effect / self.null_sd

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain JSON values, with effect and z."""
        return {**asdict(self), "effect": self.effect, "z": self.z}


def undefined(unit: str, reason: str, *, status: Status = "undefined") -> Estimate:
    """Return an estimate without a value."""
    return Estimate(None, unit, status=status, reason=reason)


@dataclass(frozen=True)
class Criterion:
    """One condition of a verdict: met, not met, or None if the data cannot tell."""

    name: str
    met: bool | None
    evidence: str  # sentences with the numbers


# ---------------------------------------------------------------------- leading core

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


# ---------------------------------------------------------------------- super users


@dataclass(frozen=True)
class SuperUsers:
    """Who holds the logins, and what goes dark if they leave or shut it down. Unit: people.

    Two opposite questions, kept apart: *shutdown power* (an account goes dark if **any** of its owners or admins pulls
    it) and *bus factor* (an account goes dark only if **all** its holders are gone).

    Attributes
    ----------
    people
        ``person``, ``accounts``, ``control_share``, ``shutdown_attention``, ``shutdown_audience``,
        ``departure_attention``, ``departure_audience``; sorted by ``shutdown_attention``. Losses are shares in [0, 1];
        audience columns are null where audiences are not known. Without people flagged as bots.
    bots
        The same columns for people flagged as bots.
    herfindahl, effective_holders, top_share
        Concentration of control shares (control of an account is split equally among its holders).
    top_person, top_loss
        Who could shut down most, and how much attention that is, against people holding as many logins at random.
    shutdown_power, bus_factor
        ``share`` (of loss), ``unit`` (attention | audience), ``people`` (smallest number), ``who`` (one smallest set),
        ``solutions`` (how many smallest sets, null if not counted), ``exact``.
    curve
        ``removed``, ``targeted``, ``random_mean``, ``random_low``, ``random_high``, ``matched_mean``, ``matched_low``,
        ``matched_high``: attention lost as people go, top first, against random people and people who hold about as
        many logins.
    network_effect
        ``scenario`` (intact | top person gone | random), ``attention_lost``, ``reach_lost``, ``largest_component``,
        ``fragmentation``, ``distance_fragmentation``: what remains of the network. Empty without interactions.
    coverage
        Share of all attention that goes to accounts in the table.
    attention_source
        ``interactions`` or the name of the accounts column that was used instead.
    """

    status: Status
    reason: str
    kind: str
    n_people: int
    n_accounts: int
    coverage: float
    attention_source: str
    people: pl.DataFrame
    bots: pl.DataFrame
    herfindahl: Estimate
    normalised_herfindahl: Estimate
    effective_holders: Estimate
    top_share: Estimate
    top_person: str | None
    top_loss: Estimate
    shutdown_power: pl.DataFrame
    bus_factor: pl.DataFrame
    curve: pl.DataFrame
    network_effect: pl.DataFrame
    warnings: tuple[str, ...] = ()
    unit: str = "person"


# ---------------------------------------------------------------------- hierarchy

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


# ---------------------------------------------------------------------- factions

FactionsVerdict = Literal["factionalised", "structurally_divided", "niches", "no_division", "unstable", "undetermined"]

FACTION_PLATFORMS = pl.Schema(
    {
        "faction": pl.Int32(),
        "platform": pl.String(),
        "accounts": pl.Int64(),
        "share": pl.Float64(),
        "expected": pl.Float64(),
    }
)
FACTION_HASHTAGS = pl.Schema(
    {
        "faction": pl.Int32(),
        "hashtag": pl.String(),
        "accounts": pl.Int64(),
        "share": pl.Float64(),
        "lift": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Factions:
    """Into which groups attention splits, how two-sided that is, and how far beyond chance. Unit: accounts.

    Attributes
    ----------
    membership
        ``account``, ``faction`` (0 is the largest), ``stability`` (share of runs that put the account with the members
        of its faction), ``side`` (0 or 1 in the best two-way split, null outside the giant component).
    sizes
        ``faction``, ``name`` (``Group A``, ...), ``accounts``, ``share_of_accounts``, ``share_of_attention``,
        ``internal_share`` (of the attention its members give), ``leaders`` (keys of its five most-heard accounts).
    n_factions
        Over the runs: ``interval`` holds the smallest and largest number of factions met.
    modularity, stability, two_sidedness
        Against degree-preserving networks partitioned by the same optimiser; stability is the mean pairwise adjusted
        Rand index of the runs.
    scores
        Name -> estimate for the two-way split: ``ei_index``, ``adaptive_ei_index``, ``random_walk_controversy``,
        ``adaptive_random_walk_controversy``, ``dipole``, ``boundary_polarization``, each also ``..._weighted`` where
        weights differ. Null networks are split anew.
    between
        ``source_faction``, ``target_faction``, ``ties``, ``weight``, ``expected`` (weight if attention ignored
        factions).
    bridges
        ``account``, ``faction``, ``other_faction``, ``crossing``, ``crossing_share``, ``attention``: accounts heard
        across factions.
    verdict, criteria
        The wording rule: "structurally divided" is not "factionalised".
    coverage
        Share of active accounts in the giant component that the two-way split describes.
    platforms
        ``faction`` (as in ``sizes``), ``platform``, ``accounts``, ``share`` (of the faction's accounts whose platform
        is known), ``expected`` (accounts if every faction were spread over the platforms like the whole). Pairs without
        an account stand in it only if one or more would be expected. Empty where no platform is known.
    hashtags
        ``faction``, ``hashtag``, ``accounts`` (distinct accounts of the faction that used it), ``share`` (of the
        faction's accounts that used any hashtag), ``lift`` (share over the share among the accounts of all other
        factions; null if none of those used it). Up to 15 a faction, for the 12 largest, most distinctive first; no row
        stands for fewer than five accounts. Empty where no hashtags are known.
    """

    status: Status
    reason: str
    kind: str
    n_factions: Estimate
    membership: pl.DataFrame
    sizes: pl.DataFrame
    modularity: Estimate
    stability: Estimate
    two_sidedness: Estimate
    scores: dict[str, Estimate]
    between: pl.DataFrame
    bridges: pl.DataFrame
    verdict: FactionsVerdict
    criteria: tuple[Criterion, ...]
    coverage: float
    platforms: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTION_PLATFORMS))
    hashtags: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTION_HASHTAGS))
    warnings: tuple[str, ...] = ()
    unit: str = "account"


Result = LeadingCore | SuperUsers | Hierarchy | Factions
