"""A study: what is read, what of it is looked at, what is measured and how. The only record of how a result came about."""

from __future__ import annotations

from netact.study.file import load
from netact.study.grid import MOST_RUNS, Grid
from netact.study.study import (
    EFFORT,
    EFFORTS,
    LEAVE_OUT,
    MANY_ROLES,
    ROLE_OPTIONS,
    ROLES,
    TAKEN_FROM_RESULTS,
    TRAFFIC_ROLES,
    VERSION,
    Source,
    Step,
    Study,
    Value,
    core_members,
    core_power,
    faction_of_accounts,
    find_file,
    named_members,
    parameters_of,
    paths_for_folder,
    resolved,
)

__all__ = [
    "EFFORT",
    "EFFORTS",
    "LEAVE_OUT",
    "MANY_ROLES",
    "MOST_RUNS",
    "ROLES",
    "ROLE_OPTIONS",
    "TAKEN_FROM_RESULTS",
    "TRAFFIC_ROLES",
    "VERSION",
    "Grid",
    "Source",
    "Step",
    "Study",
    "Value",
    "core_members",
    "core_power",
    "faction_of_accounts",
    "find_file",
    "load",
    "named_members",
    "parameters_of",
    "paths_for_folder",
    "resolved",
]
