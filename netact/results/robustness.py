"""How far a headline could be off: sampling, thinning, intervals, automated accounts, missing data, other choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate

Effort = Literal["none", "quick", "full"]
# What speaks against a headline; see :attr:`Robustness.contradictions`.
Contradiction = Literal["sampling", "thinning", "left out", "followers", "multiverse"]

THINNING = pl.Schema(
    {
        "share": pl.Float64(),
        "draws": pl.Int64(),
        "mean": pl.Float64(),
        "sd": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "runs": pl.Int64(),
        "same": pl.Float64(),
        "verdict": pl.String(),
        "overlap": pl.Float64(),
    }
)
LEFT_OUT = pl.Schema(
    {
        "check": pl.String(),
        "accounts": pl.Int64(),
        "interactions": pl.Float64(),
        "value": pl.Float64(),
        "verdict": pl.String(),
        "same": pl.Boolean(),
    }
)
LOSS = pl.Schema({"faction": pl.Int32(), "given": pl.Int64(), "lost": pl.Int64(), "share": pl.Float64()})


@dataclass(frozen=True)
class Amplifiers:
    """How much of the attention the headline is about comes from the most active accounts.

    Attributes
    ----------
    accounts, more_than
        How many accounts gave attention more often than the 99 % quantile of all that gave any, and that quantile.
    of_headline, of_all
        Share of their attention in what the accounts of the headline received, and in all attention.
    """

    accounts: int
    more_than: float
    of_headline: float
    of_all: float


@dataclass(frozen=True)
class Robustness:
    """How far the headline of one question could be off. Nothing here is a finding of its own.

    Attributes
    ----------
    question, effort
        The question, and how much was tried.
    headline, value, verdict
        What the number of the headline is, the number itself, and the outcome or verdict; None if there is none.
    sampling, rate, query
        What was declared of the collection: ``complete``, ``keyword``, ``sampled`` or ``unknown``, the share of posts
        that a sample holds, and the words that were searched for.
    testable
        False if too small a part was collected for a result that rests on ties between single accounts.
    clusters, cluster
        How many clusters are drawn from, and what one is: ``post`` (an original post with all that was done to it),
        ``source account`` or ``object``.
    thinning
        ``share`` of the clusters kept, ``draws``, ``mean``, ``sd``, ``low`` and ``high`` (central 95 %) of the value;
        ``runs`` of the whole measure, ``same`` (share of them with the same verdict), ``verdict`` (the most frequent) and
        ``overlap`` (mean likeness of what they found: Jaccard of core members, adjusted Rand index of factions). Null
        where not tried.
    change
        Relative change of the mean value from all posts to half of them.
    stable, judged_by
        Whether the verdict stays in at least 90 % of runs on half of the posts (judged by ``outcome``) or that change is
        below 10 % (judged by ``number``). Results that rest on single ties or on a partition are judged by their outcome,
        as a share of accounts that are given says nothing of whether they would be found. None if neither was tried.
    interval
        The value with its 95 % interval from drawing clusters again.
    left_out
        ``check`` (``score 0.5``, ``score 0.7``, ``score 0.9``: accounts whose column ``bot_score`` is at least that;
        ``most active``: what the most active 1 % gave; ``follows stated``, ``follows imputed``: bounds where lists of
        followers are incomplete), ``accounts`` concerned, share of ``interactions`` left out (added, for imputed),
        then the ``value`` and the ``verdict`` of the rest and whether it is the ``same``.
    amplifiers
        None without direction.
    loss
        ``faction``, interactions ``given``, how many of them are ``lost`` (the post is known, its author is not) and the
        ``share``; faction null: of all. Empty where nothing is known of losses.
    multiverse
        One row a cell: the parameters that were varied, ``verdict``, ``value``, ``same``. Empty if not tried.
    agreement
        Share of the cells with the verdict of the headline.
    contradictions
        What speaks against the headline.
    notes
        What could not be tried, and why.
    """

    question: str
    effort: Effort
    headline: str
    value: float | None
    verdict: str | None
    sampling: str
    rate: float | None
    query: tuple[str, ...]
    testable: bool
    clusters: int
    cluster: str
    thinning: pl.DataFrame
    change: float | None
    stable: bool | None
    judged_by: Literal["number", "outcome"] | None
    interval: Estimate | None
    left_out: pl.DataFrame
    amplifiers: Amplifiers | None
    loss: pl.DataFrame
    multiverse: pl.DataFrame = field(default_factory=pl.DataFrame)
    agreement: float | None = None
    contradictions: tuple[Contradiction, ...] = ()
    notes: tuple[str, ...] = ()

    __repr__ = fields_line
    _repr_html_ = fields_page
