"""One frozen result class per question. Results hold numbers and tables only: no network, no parameters.

Texts that people read (reasons, warnings, evidence, units, null models) are :class:`netact.language.Message`: English
where they are read as text, and told in any language by :func:`netact.language.told`.
"""

from __future__ import annotations

from netact.results.coordination import Coordination, CoordinationOutcome
from netact.results.dynamics import Dynamics, DynamicsVerdict
from netact.results.estimate import Criterion, Estimate, Status, undefined
from netact.results.factions import (
    CORE_GROUPS,
    CORE_TIES,
    CORE_WINDOWS,
    FACTION_FRAGILITY,
    FACTION_HASHTAGS,
    FACTION_PLATFORMS,
    FACTION_RESOLUTIONS,
    INSIDE_CORES,
    TECHNOLOGY_EVIDENCE,
    AlongTechnology,
    Factions,
    FactionsVerdict,
    TechnologyVerdict,
    not_asked_technology,
)
from netact.results.hierarchy import Hierarchy, HierarchyVerdict, TailFit
from netact.results.leading_core import Core, CoreOutcome, LeadingCore, Tier
from netact.results.legitimation import (
    JOINING,
    OPERATION_CURVES,
    OPERATION_FACTIONS,
    OPERATIONS,
    Legitimation,
    OperationVerdict,
)
from netact.results.robustness import LEFT_OUT, LOSS, THINNING, Amplifiers, Contradiction, Effort, Robustness
from netact.results.super_users import SHARED_COUNTS, SHARED_FEATURES, SharedOperators, SuperUsers
from netact.results.symbols import Symbols, SymbolsVerdict

Result = LeadingCore | SuperUsers | Hierarchy | Factions | Dynamics | Symbols | Coordination | Legitimation

# Question -> the class of its result, in the order of the report.
RESULTS: dict[str, type[Result]] = {
    "leading_core": LeadingCore,
    "super_users": SuperUsers,
    "hierarchy": Hierarchy,
    "factions": Factions,
    "dynamics": Dynamics,
    "symbols": Symbols,
    "coordination": Coordination,
    "legitimation": Legitimation,
}

__all__ = [
    "CORE_GROUPS",
    "CORE_TIES",
    "CORE_WINDOWS",
    "FACTION_FRAGILITY",
    "FACTION_HASHTAGS",
    "FACTION_PLATFORMS",
    "FACTION_RESOLUTIONS",
    "INSIDE_CORES",
    "JOINING",
    "LEFT_OUT",
    "LOSS",
    "OPERATIONS",
    "OPERATION_CURVES",
    "OPERATION_FACTIONS",
    "RESULTS",
    "SHARED_COUNTS",
    "SHARED_FEATURES",
    "TECHNOLOGY_EVIDENCE",
    "THINNING",
    "AlongTechnology",
    "Amplifiers",
    "Contradiction",
    "Coordination",
    "CoordinationOutcome",
    "Core",
    "CoreOutcome",
    "Criterion",
    "Dynamics",
    "DynamicsVerdict",
    "Effort",
    "Estimate",
    "Factions",
    "FactionsVerdict",
    "Hierarchy",
    "HierarchyVerdict",
    "LeadingCore",
    "Legitimation",
    "OperationVerdict",
    "Result",
    "Robustness",
    "SharedOperators",
    "Status",
    "SuperUsers",
    "Symbols",
    "SymbolsVerdict",
    "TailFit",
    "TechnologyVerdict",
    "Tier",
    "not_asked_technology",
    "undefined",
]
