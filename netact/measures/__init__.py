"""The measures, one module per question. Nothing is imported here: :data:`MEASURES` says where each one lives."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from netact.errors import MeasureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.ranges import Range
    from netact.results import Result

# Question -> (module, what it asks), in the order in which they are run and reported. The function bears the
# question's name.
MEASURES: dict[str, tuple[str, str]] = {
    "leading_core": ("netact.measures.leading_core", "Is there a small team at the centre, and who is in it?"),
    "super_users": ("netact.measures.super_users", "Who holds the keys, and what goes dark if they shut it down?"),
    "hierarchy": ("netact.measures.hierarchy", "How steep is the order; is it leaderless?"),
    "factions": ("netact.measures.factions", "Into which groups does it split, and how far?"),
    "dynamics": ("netact.measures.dynamics", "How does it move: who stays at the top, who reacts, who takes over?"),
    "symbols": ("netact.measures.symbols", "Which signs are shared, do they cross the groups, and do they last?"),
    "coordination": ("netact.measures.coordination", "Who acts together beyond chance?"),
    "legitimation": ("netact.measures.legitimation", "Were its actions carried by the community or opposed?"),
}


def measure_function(name: str) -> Callable[..., Result]:
    """Return the function of one measure.

    Raises
    ------
    MeasureError
        If there is no such measure.
    """
    if name not in MEASURES:
        raise MeasureError("measures", f"unknown measure {name!r}", remedy=f"use one of {', '.join(MEASURES)}")
    function: Callable[..., Result] = getattr(importlib.import_module(MEASURES[name][0]), name)
    return function


def measure_ranges(name: str) -> Mapping[str, Range]:
    """Return parameter -> what it may be, of one measure, for all parameters that are numbers or a choice of words.

    Raises
    ------
    MeasureError
        If there is no such measure.
    """
    measure_function(name)
    ranges: Mapping[str, Range] = importlib.import_module(MEASURES[name][0]).RANGES
    return ranges
