"""Result of the question where it splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from netact.results.estimate import Criterion, Estimate, Status

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
