"""A grid: the same study with other seeds, filters and parameters, every combination of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

from netact.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# More combinations than this are refused: a grid grows by multiplication, and the one that was meant is mostly smaller.
MOST_RUNS = 200

# What an axis may be called, for messages.
AXES = "seed, filters.NAME, measures.MEASURE.PARAMETER, robustness.NAME"

_AXIS = re.compile(r"seed|(filters|robustness)\.\w+|measures\.\w+\.\w+")

AxisValue = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Axes of a multiverse: what is varied, and over which values.

    Attributes
    ----------
    axes
        Name of an axis -> its values. A name is ``seed``, ``filters.NAME``, ``measures.MEASURE.PARAMETER`` or
        ``robustness.NAME``.

    Raises
    ------
    StudyError
        If an axis has no values or one twice, or there are more than :data:`MOST_RUNS` combinations.
    """

    axes: Mapping[str, tuple[AxisValue, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the axes."""
        axes: dict[str, tuple[AxisValue, ...]] = {}
        for name, given in self.axes.items():
            if not _AXIS.fullmatch(name):
                raise StudyError(f"grid.{name}", "is no axis", remedy=f"use {AXES}")
            if not isinstance(given, list | tuple) or not given:
                raise StudyError(
                    f"grid.{name}", "must be a list of values", found=repr(given), remedy=f"write {name} = [..., ...]"
                )
            values = [tuple(value) if isinstance(value, list) else value for value in given]
            for number, value in enumerate(values):
                if any(value == other and type(value) is type(other) for other in values[:number]):
                    raise StudyError(f"grid.{name}", f"{value!r} is named twice", remedy="leave one out")
            axes[name] = tuple(values)
        # In the order in which a study file holds them: values before tables, tables in one piece.
        order = dict(flat_axes(_nested(axes)))
        object.__setattr__(self, "axes", {name: axes[name] for name in sorted(order, key=lambda name: name != "seed")})
        if self.runs > MOST_RUNS:
            sizes = " x ".join(str(len(values)) for values in axes.values())
            raise StudyError(
                "grid",
                "holds too many combinations",
                found=f"{sizes} = {self.runs:,}",
                remedy=f"at most {MOST_RUNS} are run: shorten a list, or write several studies",
            )

    def __bool__(self) -> bool:
        """Whether anything is varied."""
        return bool(self.axes)

    @property
    def runs(self) -> int:
        """Number of combinations; 0 without axes."""
        return math.prod(len(values) for values in self.axes.values()) if self.axes else 0

    def combinations(self) -> Iterator[dict[str, AxisValue]]:
        """Yield axis -> value of each combination; the last axis changes first."""
        if self.axes:
            for values in product(*self.axes.values()):
                yield dict(zip(self.axes, values, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the axes as they stand in a study file: nested tables of lists."""
        return _nested(self.axes)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Grid:
        """Return the grid that nested tables hold; names with dots stand for nested tables.

        Raises
        ------
        StudyError
            As of the constructor.
        """
        return cls(dict(flat_axes(values)))


def _nested(axes: Mapping[str, tuple[AxisValue, ...]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, given in axes.items():
        inner = values
        *tables, last = name.split(".")
        for table in tables:
            inner = inner.setdefault(table, {})
        inner[last] = [list(value) if isinstance(value, tuple) else value for value in given]
    return values


def flat_axes(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the name and the values of each axis in nested tables."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat_axes(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
