"""Part of the result of how it moves: who passed on from whom."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

ATTRIBUTIONS = ("star", "earliest", "latest", "probabilistic")

CASCADE_RULES = pl.Schema(
    {
        "rule": pl.String(),
        "virality": pl.Float64(),
        "depth": pl.Float64(),
        "root_share": pl.Float64(),
        "top_overlap": pl.Float64(),
        "rank_overlap": pl.Float64(),
    }
)
CASCADE_LIST = pl.Schema(
    {
        "post": pl.String(),
        "root": pl.String(),
        "accounts": pl.Int64(),
        "unattributed": pl.Int64(),
        **{rule: pl.Float64() for rule in ATTRIBUTIONS},
    }
)
CASCADE_INFLUENCE = pl.Schema(
    {
        "account": pl.String(),
        **{rule: pl.Float64() for rule in ATTRIBUTIONS},
        **{f"{rule}_rank": pl.Int64() for rule in ATTRIBUTIONS},
    }
)


@dataclass(frozen=True)
class Cascades:
    """Who passed a post on from whom, under four rules: always a range, never one answer. Unit: accounts.

    Attributes
    ----------
    posts, acts
        Number of posts that were passed on at a known time, and of accounts that did it (each counted once a post).
    unattributed
        Share of the acts that no account followed by the actor preceded: the root is their parent under every rule.
    follow_coverage
        Share of the accounts that passed something on of which any followed account is known.
    credit_range
        Share of the acts that the authors of the posts are credited with: the lowest over the rules but ``star`` (which
        gives 1 by definition); ``interval`` holds the lowest and the highest of them.
    top_overlap
        Jaccard index of the 20 most credited accounts: the lowest over the pairs of rules; ``interval`` holds the lowest
        and the highest. 1 if who is influential does not depend on the rule.
    virality
        Structural virality (mean distance of two accounts of a cascade), mean over the cascades of some size: the value is
        that of the star, ``interval`` holds the lowest and the highest over the rules.
    rules
        ``rule`` (``star``, ``earliest``, ``latest``, ``probabilistic``), ``virality`` and ``depth`` (mean over the larger
        cascades; depth is the greatest distance from the root), ``root_share`` (of all acts, credited to the author),
        ``top_overlap`` (Jaccard index of its 20 most credited accounts with those of the star) and ``rank_overlap``
        (rank-biased overlap with them).
    cascades
        The larger cascades, largest first, at most 200: ``post``, ``root`` (key of its author), ``accounts`` (the author
        included), ``unattributed``, and the structural virality under each rule.
    influence
        The accounts that are among the 20 most credited under some rule: ``account``, the acts credited to it under each
        rule, and its rank (``star_rank``, ...).
    """

    status: Status
    reason: str
    kind: str
    posts: int
    acts: int
    unattributed: Estimate
    follow_coverage: Estimate
    credit_range: Estimate
    top_overlap: Estimate
    virality: Estimate
    rules: pl.DataFrame
    cascades: pl.DataFrame
    influence: pl.DataFrame
    warnings: tuple[str, ...] = ()

    __repr__ = fields_line
    _repr_html_ = fields_page
