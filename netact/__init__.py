"""netact: who leads a movement online, who holds its keys, how steep its order is, where it splits.

Data flows one way: file -> importers -> :class:`~netact.network.Network` -> measures -> results -> report.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netact.errors import NetactError
    from netact.frames import to_pandas
    from netact.importers import read_network
    from netact.measures.coordination import coordination
    from netact.measures.factions import factions
    from netact.measures.hierarchy import hierarchy
    from netact.measures.leading_core import leading_core
    from netact.measures.legitimation import legitimation
    from netact.measures.super_users import super_users
    from netact.measures.symbols import symbols
    from netact.network import Network
    from netact.report import analyze
    from netact.study import Study

__all__ = [
    "NetactError",
    "Network",
    "Study",
    "analyze",
    "coordination",
    "factions",
    "hierarchy",
    "leading_core",
    "legitimation",
    "read_network",
    "super_users",
    "symbols",
    "to_pandas",
]

# Public name -> the module that holds it; loaded on first use, so `import netact` stays instant.
_HOMES = {
    "NetactError": "netact.errors",
    "Network": "netact.network",
    "Study": "netact.study",
    "analyze": "netact.report",
    "factions": "netact.measures.factions",
    "hierarchy": "netact.measures.hierarchy",
    "leading_core": "netact.measures.leading_core",
    "legitimation": "netact.measures.legitimation",
    "read_network": "netact.importers",
    "super_users": "netact.measures.super_users",
    "symbols": "netact.measures.symbols",
    "to_pandas": "netact.frames",
    "coordination": "netact.measures.coordination",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("netact")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    message = f"module 'netact' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
