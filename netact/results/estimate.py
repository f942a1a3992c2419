"""A number with what is needed to judge it, and a condition of a verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

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
