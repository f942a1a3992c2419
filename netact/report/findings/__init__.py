"""From results to sentences: one finding a question, for every outcome, verdict and status.

Wording rules. A number, what chance would give, a range, a caveat, and what the finding does not say. Accounts *drew*
attention, *were passed on by* others, *sit near the top*; from structure alone nobody is said to control, lead or
coordinate anything, and no account is called automated. An account core is not a team of people. "Structurally divided" is not
"factionalised". Names in sentences stand between isolation marks (:mod:`netact.figures.text`).

Every sentence is a template of its own, said in the language spoken (:mod:`netact.language`); a place takes a number, a
name, a list, a whole phrase of the kind of tie (:class:`netact.figures.text.Words`) or a whole clause, never a piece of a
clause.

Confidence thresholds (of the headline as it is worded):

============  =======================================================================================================
question      rule
============  =======================================================================================================
leading core  a core: *high* if it passes the bound over all sets searched (tier ``strong``) and subsamples overlap with
              it by 0.8 or more on average; *medium* if by 0.5 or more; else *low*. One dominant account, or a set
              larger than a team: *high* if p <= 0.01 (or a share of at least half of all attention), else *medium*.
              No core: *high* if a planted core of eight would have been found with probability 0.8, *medium* with 0.5,
              else *low*. Not leading, or explained by its group: *medium*. Not testable or too few data: *cannot say*.
super users   *high* if the table covers 80 % of attention and the loss exceeds chance at p <= 0.05; *medium* if it covers
              half; else *low*. Without a table: *cannot say*.
hierarchy     *high* if a verdict is reached and every criterion was decided, *medium* if a verdict is reached;
              undetermined: *low* if the concentration lies outside what imitation gives, else *cannot say*.
factions      *high* if runs agree (adjusted Rand index 0.9) and modularity exceeds chance at p <= 0.01; *medium* at 0.8
              and 0.05; else *low*. Unstable or undetermined: *cannot say*. No division: *medium* if runs agree at 0.8, else *low*.
dynamics      *high* if a verdict is reached and windows of other lengths lead to the same; *medium* if a verdict is reached;
              undetermined, or too few windows: *cannot say*.
symbols       Shared: *high* if three hashtags or more cross and are kept, at an adjusted p <= 0.01; else *medium*. Bound:
              *high* if three in four of at least four widely used hashtags are bound; else *medium*. Both: *low* if the posts
              were collected by a hashtag. Undetermined or without groups: *cannot say*.
coordination  *high* if more pairs pass both tests than with shuffled times at p <= 0.01 and a group has three accounts;
              *medium* if pairs pass; none found: *low*. Times too coarse, no shares: *cannot say*.
legitimation  *high* if ten or more operations can be compared and nothing is said to be missing around them (no warnings);
              *medium* if ten or more can be compared, or if the verdict on the only one is opposed or factional and the
              balance differs from even odds at p <= 0.01; else *low*. Nothing measured, or opposition not visible:
              *cannot say*.
============  =======================================================================================================

Robustness then lowers it, in one place (:func:`netact.report.findings.robustness.lowered`): *cannot say* if less than a
fifth of the posts was collected for a result that rests on ties between single accounts; *low* at most if fewer than 80 %
of other defensible choices agree; one step, never below *low*, for each of: not stable when half of the data is left out;
another result without the most active or possibly automated accounts; another result with missing followers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from netact.figures.text import words_for
from netact.language import Message, told
from netact.report.findings import (
    coordination,
    dynamics,
    factions,
    hierarchy,
    leading_core,
    legitimation,
    super_users,
    symbols,
)
from netact.report.findings import robustness as trials
from netact.report.findings.finding import Confidence, Finding, Speech, confidence_name, plain_values
from netact.results import Coordination, Dynamics, Factions, Hierarchy, LeadingCore, Legitimation, SuperUsers, Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netact.results import Result, Robustness

__all__ = [
    "QUESTIONS",
    "Confidence",
    "Finding",
    "confidence_name",
    "describe",
    "overall",
    "plain_values",
    "question_text",
]

QUESTIONS = {
    "leading_core": Message("Is there a small team at the centre?"),
    "super_users": Message("Who holds the keys?"),
    "hierarchy": Message("How steep is the order?"),
    "factions": Message("Where does it split?"),
    "dynamics": Message("How does it move?"),
    "symbols": Message("What shared signs hold it together?"),
    "coordination": Message("Who acts together beyond chance?"),
    "legitimation": Message("Were its actions carried or opposed?"),
}


def question_text(question: str) -> str:
    """Return a question as a reader asks it, in the language spoken."""
    return told(QUESTIONS[question])


def describe(
    result: Result,
    *,
    names: Mapping[str, str] | None = None,
    directed: bool = True,
    robustness: Robustness | None = None,
) -> Finding:
    """Return the finding of one result.

    Parameters
    ----------
    result
        Of any measure, in any outcome, verdict or status.
    names
        Account key -> the name to print; keys without a name are printed as they are.
    directed
        Whether ties have a direction; without one nothing is said of who gave attention to whom.
    robustness
        How far the headline could be off, where that was tried; it may lower the confidence.
    """
    return trials.weighed(_described(result, names or {}, directed=directed), robustness)


def _described(result: Result, names: Mapping[str, str], *, directed: bool) -> Finding:
    speech = Speech(words_for(result.kind, directed=directed), names)
    match result:
        case LeadingCore():
            return leading_core.finding(result, speech)
        case SuperUsers():
            return super_users.finding(result, speech)
        case Hierarchy():
            return hierarchy.finding(result, speech)
        case Factions():
            return factions.finding(result, speech)
        case Dynamics():
            return dynamics.finding(result, speech)
        case Symbols():
            return symbols.finding(result, speech)
        case Coordination():
            return coordination.finding(result, speech)
        case Legitimation():
            return legitimation.finding(result, speech)
        case _:
            assert_never(result)


def overall(findings: Sequence[Finding]) -> Finding:
    """Return the finding that opens the report: the one that says most, among equals the first."""
    return max(findings, key=lambda finding: finding.weight)
