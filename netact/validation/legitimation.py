"""Benchmarks of legitimation: operations carried, contested or opposed, and operations about which nothing is to be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact.measures.legitimation import legitimation
from netact.randomness import generator
from netact.synthetic import planted_operations
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

_QUESTION = "legitimation"
_TESTS = ("balance", "breadth", "divergence", "core_first")
_ADJUSTED = ("balance", "breadth", "ordinary", "core_first")


def operations_of(*, seed: int, draws: int = 39, members: int = 400) -> dict[str, Value]:
    """Ask how twelve planted operations were met."""
    made = planted_operations(members=members, seed=seed)
    result = legitimation(made.network, factions=made.factions, draws=draws, replicates=50, seed=seed)
    said = dict(result.operations.select("operation", "verdict").iter_rows())
    right = {name: said.get(name) == kind for name, kind in made.truth.items()}
    opposite = {"legitimated": "opposed", "opposed": "legitimated"}
    return {
        "most": sum(right.values()) >= 0.75 * len(right),
        "mistaken": any(said.get(name) == opposite.get(kind) for name, kind in made.truth.items() if kind in opposite),
        "right": sum(right.values()) / len(right),
    }


def contested_null(*, seed: int, draws: int = 39, members: int = 200) -> dict[str, Value]:
    """Ask of operations that as many of every faction support as oppose; core and outcomes are drawn at random."""
    made = planted_operations(("contested",) * 12, members=members, posts=4, seed=seed)
    random = generator(seed, "validation", "operations")
    network = made.network
    outcome = random.permutation(["accepted"] * 6 + ["rejected"] * 6).tolist()
    dealt = network.operations.with_columns(outcome=pl.Series(outcome))
    network = replace(network, operations=dealt)
    heard = np.flatnonzero(network.ties().in_degree > 0)
    core = [network.keys[row] for row in random.choice(heard, 6, replace=False).tolist()]
    result = legitimation(network, factions=made.factions, core=core, draws=draws, replicates=0, seed=seed)
    rows = result.operations
    values: dict[str, Value] = {"legitimation.outcome_relation": result.outcome_relation.p_value}
    for name in _TESTS:
        known = rows[f"{name}_p"].drop_nulls().to_list()
        values[f"legitimation.operations.{name}_p"] = known[0] if known else None
    for name in _ADJUSTED:
        known = rows[f"{name}_q"].drop_nulls().to_list()
        if name != "ordinary":
            values[f"legitimation.operations.{name}_q"] = min(known, default=None)
    return values


def ordinary_null(*, seed: int, members: int = 200) -> dict[str, Value]:
    """Ask of one ordinary hashtag as if it were an operation, beside the other hashtags of the same days."""
    made = planted_operations((), members=members, posts=12, ordinary=30, seed=seed)
    network = made.network
    first = network.hashtags["time"].min()
    sign = f"everyday{int(generator(seed, 'validation', 'sign').integers(30))}"
    listed = pl.DataFrame(
        {
            "operation": ["Ordinary"],
            "start": [first + timedelta(days=30)],  # type: ignore[operator]
            "end": [first + timedelta(days=37)],  # type: ignore[operator]
            "signs": [[sign]],
            "counter_signs": [[]],
            "outcome": [None],
        },
        schema=network.operations.schema,
    )
    rows = legitimation(network.with_operations(listed), draws=1, replicates=0, seed=seed).operations
    return {
        f"legitimation.operations.ordinary_{which}": rows[f"ordinary_{which}"][0] if rows.height else None
        for which in ("p", "q")
    }


BENCHMARKS: dict[str, Benchmark] = {
    "planted operations": Benchmark(
        _QUESTION,
        "twelve operations of a community of 400: carried, contested, opposed, of one faction, ignored",
        operations_of,
        {},
        {
            "mistaken": Rate("a carried operation was called opposed, or the reverse", Target("at most", 0.05)),
            "most": Rate("three quarters of the operations were judged as planted"),
        },
        full=200,
        small=1,
    ),
    "null: contested operations": Benchmark(
        _QUESTION,
        "operations that as many of every faction support as oppose; core and outcomes drawn at random",
        contested_null,
        small=4,
    ),
    "null: an ordinary hashtag": Benchmark(
        _QUESTION, "an ordinary hashtag, asked of as if it were an operation", ordinary_null, small=4
    ),
}

_CONTESTED, _ORDINARY = "null: contested operations", "null: an ordinary hashtag"
_COUNT, _ALL = "a count of accounts", "adjusted for all operations"


def _entry(what: str, null: str, why: str, benchmark: str = _CONTESTED) -> PValue:
    return PValue(_QUESTION, what, null, benchmark, "at most", why)


_SIDES = "either side equally likely"
_MEMBERS = "as many members drawn at random"
_FIRST = "accounts that are heard as much"
_TAGS = "other hashtags of the same days"
P_VALUES: dict[str, PValue] = {
    "legitimation.operations.balance_p": _entry("balance of an operation", _SIDES, _COUNT),
    "legitimation.operations.balance_q": _entry("balance of any operation (false-discovery rate)", _SIDES, _ALL),
    "legitimation.operations.breadth_p": _entry("breadth over factions", _MEMBERS, _COUNT),
    "legitimation.operations.breadth_q": _entry("breadth of any operation (false-discovery rate)", _MEMBERS, _ALL),
    "legitimation.operations.divergence_p": _entry("divergence over factions", _MEMBERS, _COUNT),
    "legitimation.operations.core_first_p": _entry("endorsers shown the sign by the core", _FIRST, _COUNT),
    "legitimation.operations.core_first_q": _entry("the same of any operation (false-discovery rate)", _FIRST, _ALL),
    "legitimation.operations.ordinary_p": _entry(
        "participation beside ordinary hashtags", _TAGS, "a rank among few hashtags", _ORDINARY
    ),
    "legitimation.operations.ordinary_q": _entry(
        "the same (false-discovery rate)", _TAGS, "a rank among few hashtags", _ORDINARY
    ),
    "legitimation.outcome_relation": _entry(
        "participation of accepted and of rejected operations", "outcomes shuffled", "a rank among few operations"
    ),
}
