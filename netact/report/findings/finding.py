"""What one result says, in sentences, and the clauses that all questions share."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, assert_never

import polars as pl

from netact.figures.text import (
    Words,
    capital,
    clauses,
    listed,
    percent_range,
    quoted,
    sentence,
    spanned,
    unmarked,
)
from netact.language import _, count, decimal, told
from netact.representation import Listing, Sheet, line, page
from netact.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netact.results import Criterion

Confidence = Literal["high", "medium", "low", "cannot say"]


def confidence_name(confidence: Confidence) -> str:
    """Return how sure a finding is, as a label in the language spoken."""
    match confidence:
        case "high":
            return _("High confidence")
        case "medium":
            return _("Medium confidence")
        case "low":
            return _("Low confidence")
        case "cannot say":
            return _("Cannot say")
        case _:
            assert_never(confidence)


@dataclass(frozen=True)
class Finding:
    """What one result says, in sentences.

    Attributes
    ----------
    question, headline, value, unit, interval, p_value, confidence, details
        As in ``findings.json``.
    comparison
        What chance, or a rival explanation, would give.
    range
        How far the number could be off.
    answers
        Label and sentences: who drives, who acts together, what is missing, and the like.
    caveats
        What to keep in mind.
    not_said
        What this finding does not say.
    card
        On the first screen: the value, the words under it, and range and comparison in a few words.
    doubts
        Label and sentences: how far this could be off.
    """

    question: str
    headline: str
    value: float | None
    unit: str
    interval: tuple[float, float] | None
    p_value: float | None
    confidence: Confidence
    details: dict[str, Any]
    comparison: str
    range: str
    answers: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()
    not_said: str = ""
    card: tuple[str, str, str] = ("", "", "")
    weight: int = 0  # how much it has to tell: the overall finding is the heaviest
    doubts: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        value, said, _chance = self.card
        facts = (("question", self.question), ("card", f"{value} {said}"), ("confidence", self.confidence))
        return unmarked(line(Sheet("Finding", facts=facts)))

    def _repr_html_(self) -> str:
        said = [*self.answers, *self.doubts]
        return page(
            Sheet(
                confidence_name(self.confidence),
                unmarked(self.headline),
                (),
                (),
                (Listing(_("More"), ("", ""), tuple((label, unmarked(text)) for label, text in said)),),
                tuple(unmarked(text) for text in (self.comparison, self.range, *self.caveats, self.not_said) if text),
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values, its sentences among the details."""
        sentences = {
            "comparison": unmarked(self.comparison),
            "range": unmarked(self.range),
            "answers": {label: unmarked(text) for label, text in self.answers},
            "caveats": [unmarked(text) for text in self.caveats],
            "not_said": unmarked(self.not_said),
        }
        values: dict[str, Any] = plain_values(
            {
                "question": self.question,
                "headline": unmarked(self.headline),
                "value": self.value,
                "unit": self.unit,
                "interval": self.interval,
                "p_value": self.p_value,
                "confidence": self.confidence,
                "details": {**self.details, "sentences": sentences},
            }
        )
        return values


@dataclass(frozen=True)
class Speech:
    """What sentences need beside the result: names of accounts and words for ties."""

    words: Words
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return the name of an account as it stands in a sentence."""
        return quoted(self.names.get(key, key))

    def list(self, keys: Sequence[str], *, most: int = 12) -> str:
        """Return the names of accounts as a list in a sentence."""
        return listed([self.name(key) for key in keys], most=most)


def plain_values(value: Any) -> Any:
    """Return plain JSON values: frames as lists of rows, numbers that are not finite as null."""
    if isinstance(value, pl.DataFrame):
        return [plain_values(row) for row in value.iter_rows(named=True)]
    if isinstance(value, dict):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain value")


def by_chance(
    estimate: Estimate,
    kind: str = "percent",
    *,
    chance: Callable[[str], str],
    more: str = "",
    less: str = "",
) -> str:
    """Compare an estimate with its null: what chance gives, and on which side of it the number lies.

    ``chance`` makes a clause of the range that chance gives; ``more`` and ``less`` are clauses that draw the conclusion.
    """
    if estimate.value is None or estimate.null_interval is None:
        return _("No comparison with chance could be made.")
    low, high = estimate.null_interval
    if estimate.value > high:
        side = more or _("so this is more than chance explains")
    elif estimate.value < low:
        side = less or _("so this is less than chance gives")
    else:
        side = _("so chance alone could give this")
    return _("{comparison}, {conclusion}.", comparison=chance(span_words(low, high, kind)), conclusion=side)


def short_comparison(estimate: Estimate, kind: str = "percent") -> str:
    """Say range and chance in as few words as fit on a card."""
    parts = []
    if estimate.interval is not None:
        parts.append(_("95 % range {range}", range=span_words(*estimate.interval, kind)))
    if estimate.null_interval is not None:
        parts.append(_("by chance {range}", range=span_words(*estimate.null_interval, kind)))
    return clauses(*parts)


def span_words(low: float, high: float, kind: str) -> str:
    """Say a range of numbers; ``kind`` is ``percent``, ``count`` or ``decimal``."""
    if kind == "percent":
        return percent_range(low, high)
    return spanned(count(low), count(high)) if kind == "count" else spanned(decimal(low), decimal(high))


def interval_words(estimate: Estimate, kind: str = "percent") -> str:
    """Say the 95 % interval of an estimate; empty if it has none."""
    return "" if estimate.interval is None else span_words(*estimate.interval, kind)


def cannot_say(statement: str, reason: str) -> str:
    """Close a statement with the first clause of its reason; the whole of it stands below the headline."""
    short = re.split("[:;؛]", told(reason))[0].strip().rstrip(".")
    if not short:
        return sentence(statement)
    short = short[0].lower() + short[1:] if short[1:2].islower() else short
    return sentence(_("{statement}: {reason}", statement=statement, reason=short))


def why(reason: str) -> tuple[tuple[str, str], ...]:
    """Return the answer to why nothing can be said; none without a reason."""
    return ((_("Why it cannot be said"), sentence(reason)),) if reason else ()


def criteria_answers(criteria: Sequence[Criterion]) -> tuple[tuple[str, str], ...]:
    """Return the conditions of a verdict with their evidence, as answers."""
    return tuple((_criterion(item), sentence(item.evidence)) for item in criteria)


def _criterion(item: Criterion) -> str:
    name = capital(told(item.name))
    if item.met is None:
        return _("{criterion}: cannot be told", criterion=name)
    return _("{criterion}: met", criterion=name) if item.met else _("{criterion}: not met", criterion=name)


def criteria_rows(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return the conditions of a verdict as plain rows."""
    return [{"name": item.name, "met": item.met, "evidence": item.evidence} for item in criteria]


def of_all_card(text: str, words: Words) -> str:
    """Return the words under a share of all ties on a card."""
    return _("{of_all_ties}: {whose}", of_all_ties=words.of_all_ties, whose=text)
