"""Result of the question where it splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from netact.language import Message
from netact.representation import fields_line, fields_page
from netact.results.estimate import Criterion, Estimate, Status, undefined

FactionsVerdict = Literal["factionalised", "structurally_divided", "niches", "no_division", "unstable", "undetermined"]

TechnologyVerdict = Literal["yes", "no", "cannot say"]

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
TECHNOLOGY_EVIDENCE = pl.Schema({"evidence": pl.String(), "count": pl.Int64()})
FACTION_RESOLUTIONS = pl.Schema(
    {"resolution": pl.Float64(), "groups": pl.Int64(), "modularity": pl.Float64(), "agreement": pl.Float64()}
)
INSIDE_CORES = pl.Schema(
    {
        "core": pl.Int64(),
        "accounts": pl.Int64(),
        "ties": pl.Int64(),
        "measured": pl.Boolean(),
        "groups": pl.Int64(),
        "modularity": pl.Float64(),
        "modularity_by_chance": pl.Float64(),
        "p_value": pl.Float64(),
        "two_sidedness": pl.Float64(),
        "ei_index": pl.Float64(),
    }
)
CORE_GROUPS = pl.Schema({"core": pl.Int64(), "account": pl.String(), "group": pl.Int64()})
CORE_TIES = pl.Schema({"core": pl.Int64(), "account_a": pl.String(), "account_b": pl.String(), "weight": pl.Float64()})
CORE_WINDOWS = pl.Schema(
    {
        "core": pl.Int64(),
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "acts": pl.Int64(),
        "ei_index": pl.Float64(),
        "mutual_ties": pl.Int64(),
        "lost_mutual_ties": pl.Int64(),
    }
)
FACTION_FRAGILITY = pl.Schema(
    {
        "accounts": pl.Int64(),
        "ties": pl.Int64(),
        "bridges": pl.Int64(),
        "articulation_points": pl.Int64(),
        "smallest_cut": pl.Int64(),
        "algebraic_connectivity": pl.Float64(),
        "coverage": pl.Float64(),
    }
)


@dataclass(frozen=True)
class AlongTechnology:
    """Whether the groups run along platforms. Unit: accounts, those of one person being one where that is known.

    Attributes
    ----------
    verdict
        ``yes``: agreement is above 0 over its whole range and beyond chance (p < 0.05). ``no``: its whole range lies below
        0.05. Else ``cannot say``; always where ``status`` is not ``ok``.
    base
        Of whom it was asked: ``people active on several platforms`` (by the platform on which each is most active) or
        ``accounts`` (in ties that cross platforms); empty if it was not asked.
    kind, accounts
        Kind of tie, and how many accounts.
    adjusted_mutual_information, normalised_mutual_information
        Of group and platform, with and without the correction for chance.
    assortativity, platform_ei_index
        Of ties by platform; -1 in the latter: ties stay on their platform.
    blockmodel_entropy
        Of ties given platforms (degree-corrected); less than by chance: platforms tell of ties.
    evidence
        ``evidence`` (``ties`` | ``people`` | ``administrators`` | ``objects``), ``count``: what was observed across
        platforms. Without any, nothing is asked.
    """

    status: Status
    reason: str
    verdict: TechnologyVerdict
    base: str
    kind: str
    accounts: int
    adjusted_mutual_information: Estimate
    normalised_mutual_information: Estimate
    assortativity: Estimate
    platform_ei_index: Estimate
    blockmodel_entropy: Estimate
    evidence: pl.DataFrame

    __repr__ = fields_line
    _repr_html_ = fields_page


def not_asked_technology(status: Status, reason: str, *, evidence: pl.DataFrame | None = None) -> AlongTechnology:
    """Return the answer where platforms cannot be compared with groups."""
    none = undefined(Message("index"), reason, status=status)
    found = pl.DataFrame(schema=TECHNOLOGY_EVIDENCE) if evidence is None else evidence
    return AlongTechnology(status, reason, "cannot say", "", "", 0, none, none, none, none, none, found)


def _no_platforms() -> AlongTechnology:
    return not_asked_technology("insufficient_data", Message("no platform of the accounts is known"))


def _no_cut() -> Estimate:
    return undefined(Message("share of all weight"), Message("two factions with cores of their own are needed"))


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
    technology
        Whether the groups run along platforms; see :class:`AlongTechnology`.
    resolutions
        ``resolution``, ``groups`` (named ones), ``modularity`` (at resolution 1) and ``agreement`` (adjusted Rand index
        with the groups shown): what other resolutions would have given.
    inside_cores
        ``core`` (number from 1), ``accounts``, ``ties``, ``measured`` (false: fewer than six members, whose ties are listed
        in ``core_ties``), and the splits among its members: ``groups``, ``modularity``, ``modularity_by_chance``,
        ``p_value``, ``two_sidedness``, ``ei_index`` (of its two sides). Empty without cores.
    core_groups
        ``core``, ``account``, ``group``: the groups among the members of a measured core.
    core_ties
        ``core``, ``account_a``, ``account_b``, ``weight``: the ties of a core too small to be measured.
    core_windows
        ``core``, ``start``, ``end``, ``acts``, ``ei_index`` (of the two sides in that window, null without acts),
        ``mutual_ties``, ``lost_mutual_ties`` (mutual in the window before, not any more). Empty without times.
    fragility
        One row: ``accounts`` and ``ties`` of the giant component looked at, ``bridges`` (ties without which it falls apart),
        ``articulation_points`` (accounts without which it does), ``smallest_cut`` (ties; 1 where an account hangs on one),
        ``algebraic_connectivity``, ``coverage`` (share of all ties). Empty without ties.
    cut_between_factions
        Smallest weight of ties that would part the ten most connected accounts of one of the two largest groups from those of
        the other, as a share of all weight, against networks with the same degrees that are partitioned anew.
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
    technology: AlongTechnology = field(default_factory=_no_platforms)
    resolutions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTION_RESOLUTIONS))
    inside_cores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INSIDE_CORES))
    core_groups: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CORE_GROUPS))
    core_ties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CORE_TIES))
    core_windows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CORE_WINDOWS))
    fragility: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTION_FRAGILITY))
    cut_between_factions: Estimate = field(default_factory=_no_cut)
    warnings: tuple[str, ...] = ()
    unit: str = "account"

    __repr__ = fields_line
    _repr_html_ = fields_page
