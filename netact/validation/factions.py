"""Benchmarks of factions: two camps, niches, no groups at all; each score on networks of the same degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact import polarization
from netact.measures.factions import factions
from netact.network import Network
from netact.null_models import degree_preserving
from netact.randomness import spawn_seeds
from netact.synthetic import planted_cores
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

_QUESTION = "factions"
_DIVIDED = ("factionalised", "structurally_divided")
_SCORES = (
    "ei_index",
    "adaptive_ei_index",
    "random_walk_controversy",
    "adaptive_random_walk_controversy",
    "dipole",
    "boundary_polarization",
)


def groups_of(
    *, seed: int, communities: int, mixing: float = 0.1, accounts: int = 300, draws: int = 39, runs: int = 10
) -> dict[str, Value]:
    """Ask into which groups one network of planted communities splits; ``agreement`` is the adjusted Rand index."""
    made = planted_cores(
        accounts=accounts, communities=communities, mixing=mixing, cores=(), rank=accounts, fan_clique=0, seed=seed
    )
    result = factions(made.network, draws=draws, runs=runs, seed=seed)
    rows = {key: row for row, key in enumerate(made.network.keys)}
    truth = made.communities[[rows[key] for key in result.membership["account"]]]
    pair = np.array([result.membership["faction"].to_numpy(), truth], dtype=np.int32)
    agreement = float(polarization.pairwise_adjusted_rand(pair)[0])
    divided = result.verdict in _DIVIDED
    return {
        "outcome": result.verdict,
        "divided": divided,
        "niches": result.verdict == "niches",
        "agree": agreement >= 0.8,
        "agreement": agreement,
        "factionalised": result.verdict == "factionalised",
    }


def rewired_null(*, seed: int, accounts: int = 200, draws: int = 19, runs: int = 5) -> dict[str, Value]:
    """Measure a network rewired at random, weights dealt out again."""
    base = planted_cores(accounts=accounts, cores=(), rank=accounts, fan_clique=0, mean_activity=5, seed=seed).network
    ties = base.undirected_ties()
    chance = spawn_seeds(seed, 1, "validation", "rewired")[0]
    rewired = next(degree_preserving(ties, draws=1, seed=chance, directed=False, burn_in=50))
    names = np.array([f"account{number:06d}" for number in range(accounts)])
    frame = pl.DataFrame({"source": names[rewired.source], "target": names[rewired.target], "weight": rewired.weight})
    result = factions(Network.from_tables(frame), draws=draws, runs=runs, seed=seed)
    single = {name: getattr(result, name).p_value for name in ("modularity", "stability", "two_sidedness")}
    values: dict[str, Value] = {f"factions.{name}": p_value for name, p_value in single.items()}
    return values | {f"factions.scores.{name}": score.p_value for name, score in result.scores.items()}


BENCHMARKS: dict[str, Benchmark] = {
    "two camps": Benchmark(
        _QUESTION,
        "two communities, one retweet in ten crosses",
        groups_of,
        {"communities": 2},
        {
            "divided": Rate("called divided", Target("at least", 0.9)),
            "agree": Rate("groups as planted (adjusted Rand index of at least .8)"),
        },
        full=200,
        small=2,
    ),
    "ten niches": Benchmark(
        _QUESTION,
        "ten communities, one retweet in ten crosses",
        groups_of,
        {"communities": 10},
        {
            "divided": Rate("called divided into two camps", Target("at most", 0.05)),
            "niches": Rate("called niches"),
            "agree": Rate("groups as planted (adjusted Rand index of at least .8)"),
        },
        full=200,
        small=2,
    ),
    "no groups": Benchmark(
        _QUESTION,
        "one community, everybody turns to anybody",
        groups_of,
        {"communities": 1},
        {"divided": Rate("called divided", Target("at most", 0.05))},
        full=200,
        small=2,
    ),
    "null: rewired, split anew": Benchmark(
        _QUESTION, "networks rewired at random, weights dealt out again", rewired_null, small=6
    ),
}

_REWIRED = "networks with the same degrees, partitioned anew"
_WORDS = {
    "ei_index": "E-I index",
    "adaptive_ei_index": "adaptive E-I index",
    "random_walk_controversy": "random-walk controversy",
    "adaptive_random_walk_controversy": "adaptive random-walk controversy",
    "dipole": "dipole",
    "boundary_polarization": "boundary polarization",
}
P_VALUES: dict[str, PValue] = {
    "factions.modularity": PValue(_QUESTION, "modularity", _REWIRED, "null: rewired, split anew"),
    "factions.stability": PValue(_QUESTION, "agreement of repeated runs", _REWIRED, "null: rewired, split anew"),
    "factions.two_sidedness": PValue(_QUESTION, "two-sidedness", _REWIRED, "null: rewired, split anew"),
    **{
        f"factions.scores.{name}{weighted}": PValue(
            _QUESTION, words + (", weighted" if weighted else ""), _REWIRED, "null: rewired, split anew"
        )
        for name, words in _WORDS.items()
        for weighted in ("", "_weighted")
    },
}
