"""What a benchmark is, and how a rate is judged against what is expected of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scipy import stats

Value = bool | float | str | None
# trial(seed=..., **parameters) makes one network of known truth, measures it and says what came out.
Trial = Callable[..., Mapping[str, Value]]

Bound = Literal["at least", "at most", "exactly"]
Verdict = Literal["met", "open", "missed"]


@dataclass(frozen=True)
class Target:
    """The rate that is expected: at least, at most or exactly so high."""

    bound: Bound
    rate: float


@dataclass(frozen=True)
class Rate:
    """How often something is true of a run: ``what`` in words, and the target, None where a rate is only shown."""

    what: str
    target: Target | None = None


@dataclass(frozen=True)
class Curve:
    """The place of a benchmark in a figure of power: the figure, the line and the position on the x axis."""

    figure: str
    line: str
    x: float


@dataclass(frozen=True)
class Benchmark:
    """Networks whose truth is known, and what netact has to say of them.

    Attributes
    ----------
    question
        The stem of the question that is put.
    title
        What is planted, in words.
    trial
        Makes and measures one network. Its values: true or false for each of ``rates``; ``outcome``, a word that is
        counted; p-values under their names in :data:`~netact.validation.P_VALUES`; other numbers, which are averaged.
        A value of None is left out.
    parameters
        What the trial is called with beside the seed.
    rates
        Name of a value -> what it counts and what is expected.
    full, small
        Number of runs of the documented and of the quick version; ``small=0`` leaves it out there.
    curve
        Where it stands in a figure of power; the rate shown is the first of ``rates``.
    """

    question: str
    title: str
    trial: Trial
    parameters: dict[str, Any] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    full: int = 400
    small: int = 0
    curve: Curve | None = None


@dataclass(frozen=True)
class PValue:
    """A p-value that netact prints, with the null model it is of and the benchmark that draws from it.

    Attributes
    ----------
    question
        The question in whose result it stands.
    what
        Of what it is, in words.
    null
        The null model, in words.
    benchmark
        The benchmark whose runs hold this p-value under its name in :data:`~netact.validation.P_VALUES`.
    expects
        ``exactly`` where the p-value should fall below .05 in a twentieth of the runs; ``at most`` for a bound and for a
        statistic that takes few values.
    why
        Why no more than ``at most`` can be asked.
    """

    question: str
    what: str
    null: str
    benchmark: str
    expects: Literal["exactly", "at most"] = "exactly"
    why: str = ""


def interval(count: int, runs: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial interval of a rate (Clopper & Pearson 1934).

    >>> [round(end, 4) for end in interval(0, 100)]
    [0.0, 0.0362]
    """
    if not runs:
        return 0.0, 1.0
    found = stats.binomtest(count, runs).proportion_ci(confidence_level=level, method="exact")
    return float(found.low), float(found.high)


def judged(count: int, runs: int, target: Target) -> Verdict:
    """Say whether a target is met, missed, or open because the interval of the rate holds it.

    ``exactly`` is met while the interval holds the target.

    >>> judged(0, 400, Target("at most", 0.01)), judged(1, 20, Target("at most", 0.01))
    ('met', 'open')
    >>> judged(20, 400, Target("exactly", 0.05)), judged(60, 400, Target("exactly", 0.05))
    ('met', 'missed')
    """
    low, high = interval(count, runs)
    if target.bound == "exactly":
        return "open" if not runs else "met" if low <= target.rate <= high else "missed"
    if target.bound == "at least":
        return "met" if low >= target.rate else "missed" if high < target.rate else "open"
    return "met" if high <= target.rate else "missed" if low > target.rate else "open"
