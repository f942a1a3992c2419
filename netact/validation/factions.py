"""Benchmarks of factions: two camps, niches, no groups at all; each score on networks of the same degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from netact import label_agreement, polarization
from netact.measures.factions import factions
from netact.network import Network
from netact.null_models import degree_preserving
from netact.randomness import generator, spawn_seeds
from netact.significance import monte_carlo_p
from netact.synthetic import planted_cores
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.significance import Tail
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


_TECHNOLOGY: dict[str, tuple[str, Tail]] = {
    "adjusted_mutual_information": ("agreement of groups and platforms", "greater"),
    "normalised_mutual_information": ("agreement of groups and platforms, not adjusted", "greater"),
    "assortativity": ("assortativity by platform", "greater"),
    "platform_ei_index": ("E-I index of platforms", "less"),
    "blockmodel_entropy": ("entropy of ties given platforms", "less"),
}


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
    values["factions.cut_between_factions"] = result.cut_between_factions.p_value
    return values | {f"factions.scores.{name}": score.p_value for name, score in result.scores.items()}


def labels_null(*, seed: int, accounts: int = 90, draws: int = 59) -> dict[str, Value]:
    """Compare groups and ties with platforms dealt out at random."""
    random = generator(seed, "validation", "labels")
    group = np.sort(random.integers(0, 3, accounts))
    label = random.integers(0, 2, accounts)
    pairs = random.integers(0, accounts, (300, 2))
    own = label_agreement.measured_labels(group, label, pairs[:, 0], pairs[:, 1])
    null = label_agreement.permuted_labels(group, label, pairs[:, 0], pairs[:, 1], draws=draws, random=random)
    return {
        f"factions.AlongTechnology.{name}": monte_carlo_p(own[name] or 0.0, null[name], tail=tail)
        for name, (_, tail) in _TECHNOLOGY.items()
    }


def core_null(*, seed: int, size: int = 12, draws: int = 39) -> dict[str, Value]:
    """Split a core whose members are tied at random."""
    random = generator(seed, "validation", "core")
    tied = np.triu(random.random((size, size)) < 0.4, 1)
    first, second = np.nonzero(tied)
    keys = np.array([f"member{number:02d}" for number in range(size)])
    fans = np.array([f"fan{number:02d}" for number in range(40)])
    source = np.concatenate([keys[first], fans])
    target = np.concatenate([keys[second], random.choice(keys, len(fans))])
    network = Network.from_tables(pl.DataFrame({"source": source, "target": target}))
    members = tuple(key for key in keys.tolist() if key in set(source) | set(target))
    result = factions(network, core_members=(members,), draws=draws, runs=2, seed=seed)
    p_values = result.inside_cores["p_value"].to_list()
    return {"factions.inside_cores.p_value": p_values[0] if p_values else None}


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
    "null: platforms dealt out": Benchmark(
        _QUESTION, "platforms that have nothing to do with groups and ties", labels_null, small=10
    ),
    "null: a core tied at random": Benchmark(_QUESTION, "twelve members of a core tied at random", core_null, small=4),
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
    "factions.cut_between_factions": PValue(
        _QUESTION,
        "what would part the two largest factions",
        "networks with the same degrees",
        "null: rewired, split anew",
    ),
    **{
        f"factions.AlongTechnology.{name}": PValue(
            _QUESTION, words, "platforms dealt out anew among the accounts", "null: platforms dealt out"
        )
        for name, (words, _) in _TECHNOLOGY.items()
    },
    "factions.inside_cores.p_value": PValue(
        _QUESTION, "groups inside a core", "the core's ties rewired at random", "null: a core tied at random"
    ),
}
