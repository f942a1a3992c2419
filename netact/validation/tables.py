"""The benchmarks and p-values of all questions."""

from __future__ import annotations

from netact.validation import (
    coordination,
    dynamics,
    factions,
    hierarchy,
    leading_core,
    legitimation,
    super_users,
    symbols,
)
from netact.validation.benchmark import Benchmark, PValue

_QUESTIONS = (leading_core, super_users, hierarchy, factions, dynamics, legitimation, symbols, coordination)

# Name -> what is planted, what netact has to say of it, and how often it is run.
BENCHMARKS: dict[str, Benchmark] = {name: item for module in _QUESTIONS for name, item in module.BENCHMARKS.items()}

# Every p-value netact prints -> its null model and the benchmark that draws from it. A name is the place in the result:
# question, field, and key or column; what follows a blank tells entries of one place apart.
P_VALUES: dict[str, PValue] = {name: item for module in _QUESTIONS for name, item in module.P_VALUES.items()}
