"""Figures: pure functions from results to plotly figures, one module a question. Nothing is computed anew here."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from netact.figures import coordination, dynamics, factions, hierarchy, leading_core, legitimation, super_users, symbols
from netact.figures.network_map import network_map
from netact.figures.robustness import panels as robustness_panels
from netact.figures.text import words_for
from netact.figures.theme import Panel
from netact.results import Coordination, Dynamics, Factions, Hierarchy, LeadingCore, Legitimation, SuperUsers, Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from netact.results import Result

__all__ = ["Panel", "figure", "network_map", "panels", "robustness_panels"]


def panels(result: Result, *, names: Mapping[str, str] | None = None, directed: bool = True) -> tuple[Panel, ...]:
    """Return the figures of one result with their titles and tables; none where there is nothing to show.

    Parameters
    ----------
    result
        Of any measure.
    names
        Account key -> the name to print; keys without a name are printed as they are.
    directed
        Whether ties have a direction.
    """
    known, words = names or {}, words_for(result.kind, directed=directed)
    match result:
        case LeadingCore():
            return leading_core.panels(result, known, words)
        case SuperUsers():
            return super_users.panels(result, known, words)
        case Hierarchy():
            return hierarchy.panels(result, known, words)
        case Factions():
            return factions.panels(result, known, words)
        case Dynamics():
            return dynamics.panels(result, known, words)
        case Symbols():
            return symbols.panels(result, known, words)
        case Coordination():
            return coordination.panels(result, known, words)
        case Legitimation():
            return legitimation.panels(result, known, words)
        case _:
            assert_never(result)


def figure(result: Result, *, names: Mapping[str, str] | None = None, directed: bool = True) -> go.Figure | None:
    """Return the main figure of one result, None if there is nothing to show."""
    found = panels(result, names=names, directed=directed)
    return found[0].figure if found else None
