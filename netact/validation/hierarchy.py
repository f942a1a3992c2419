"""Benchmarks of hierarchy: leaderless crowds, leaders and imitation; each index on its own null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.concentration import fit_tail
from netact.language import Message
from netact.measures.hierarchy import hierarchy
from netact.measures.leading_core import leading_core
from netact.network import Network
from netact.null_models import degree_preserving
from netact.randomness import generator, spawn_seeds
from netact.synthetic import Order, planted_cores, planted_order
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.network import Ties
    from netact.results import Hierarchy
    from netact.validation.benchmark import Value

_QUESTION = "hierarchy"


def order_of(*, seed: int, order: Order, draws: int = 99, replicates: int = 100, **parameters: Any) -> dict[str, Value]:
    """Search for a core, then ask for the order, as a study does."""
    network = planted_order(order=order, seed=seed, **parameters)
    core = leading_core(network, draws=draws, replicates=0, power_runs=10, seed=seed)
    power = core.power.filter(pl.col("size") == 8, pl.col("tie_probability") == 0.6)["power"]
    result = hierarchy(
        network,
        core_outcome=core.outcome,
        core_power=power[0] if len(power) else None,
        draws=draws,
        replicates=replicates,
        seed=seed,
    )
    led = result.verdict in ("led", "single_led")
    return {"outcome": result.verdict, "led": led, "leaderless": result.verdict == "leaderless"}


def imitation_null(*, seed: int, draws: int = 19, interactions: int = 2000) -> dict[str, Value]:
    """Measure attention that only follows attention."""
    network = planted_order(order="imitation", accounts=300, interactions=interactions, seed=seed)
    result = hierarchy(network, draws=draws, replicates=0, seed=seed)
    return _p_values(result, (*_CONCENTRATION, "in_degree_centralization"))


def rewired_null(*, seed: int, draws: int = 19, accounts: int = 250) -> dict[str, Value]:
    """Measure a network rewired at random."""
    ties = planted_cores(
        accounts=accounts, cores=(), rank=accounts, fan_clique=0, mean_activity=4, seed=seed
    ).network.ties()
    rewired = next(degree_preserving(ties, draws=1, seed=spawn_seeds(seed, 1, "validation", "rewired")[0], burn_in=50))
    result = hierarchy(_network(rewired), draws=draws, replicates=0, seed=seed)
    return _p_values(result, _ORDER)


def flipped_null(*, seed: int, draws: int = 19, accounts: int = 250) -> dict[str, Value]:
    """Measure a network whose ties point either way at random."""
    ties = planted_cores(
        accounts=accounts, cores=(), rank=accounts, fan_clique=0, mean_activity=4, seed=seed
    ).network.rows()
    turned = generator(seed, "validation", "flipped").random(ties.height) < 0.5
    names = np.array([f"account{number:04d}" for number in range(accounts)])
    source, target = names[ties["source"].to_numpy()], names[ties["target"].to_numpy()]
    frame = pl.DataFrame({"source": np.where(turned, target, source), "target": np.where(turned, source, target)})
    result = hierarchy(Network.from_tables(frame), draws=draws, replicates=0, seed=seed)
    return {"hierarchy.direction_p": result.direction_p.p_value}


def rotation_null(*, seed: int, draws: int = 19, accounts: int = 150) -> dict[str, Value]:
    """Measure a crowd in which who is in front is drawn anew every day."""
    network = planted_order(order="crowd", accounts=accounts, interactions=3000, days=5, seed=seed)
    result = hierarchy(network, draws=draws, replicates=0, seed=seed)
    evidence = result.criteria[2].evidence
    p_value = evidence.values.get("p") if isinstance(evidence, Message) else None
    return {"hierarchy.Criterion.evidence": p_value}


def tail_null(*, seed: int, family: str, size: int = 2000) -> dict[str, Value]:
    """Compare tails of known form; the p-value counts only where the wrong form is favoured."""
    random = generator(seed, "validation", "tail")
    if family == "power law":
        counts = np.floor(0.5 + (5 - 0.5) * (1 - random.random(size)) ** (-1 / 1.5))
    else:
        counts = np.round(random.lognormal(2.0, 1.0, size))
    fit = fit_tail(counts[counts >= 1].astype(np.int64))
    wrong = fit.verdict == ("lognormal favoured" if family == "power law" else "power law favoured")
    p_value = None if fit.p_value is None else fit.p_value if wrong else 1.0
    return {f"hierarchy.TailFit.p_value of a {family}": p_value, "outcome": fit.verdict}


def _network(ties: Ties) -> Network:
    names = np.array([f"account{number:06d}" for number in range(ties.n_accounts)])
    return Network.from_tables(
        pl.DataFrame({"source": names[ties.source], "target": names[ties.target], "weight": ties.weight})
    )


def _p_values(result: Hierarchy, names: tuple[str, ...]) -> dict[str, Value]:
    return {f"hierarchy.indices.{name}": result.indices[name].p_value for name in names}


_CONCENTRATION = ("effective_leaders", "top_1_share", "top_5_share", "top_20_share", "gini", "herfindahl")
_ORDER = ("trophic_incoherence", "global_reaching_centrality", "flow_hierarchy")
_CROWD = {"accounts": 1000, "interactions": 6000}
_THIN = {"accounts": 4000, "interactions": 6000}

BENCHMARKS: dict[str, Benchmark] = {
    "leaderless crowd": Benchmark(
        _QUESTION,
        "whom people turn to is drawn anew every day",
        order_of,
        {"order": "crowd", **_CROWD},
        {
            "led": Rate("called led", Target("at most", 0.03)),
            "leaderless": Rate("called leaderless", Target("at least", 0.8)),
        },
        small=1,
    ),
    "crowd that imitates": Benchmark(
        _QUESTION,
        "attention follows attention and nothing else",
        order_of,
        {"order": "imitation", **_CROWD},
        {
            "led": Rate("called led by a group or by one account"),
            "leaderless": Rate("called leaderless", Target("at most", 0.03)),
        },
    ),
    "led by eight": Benchmark(
        _QUESTION,
        "half of all attention goes to eight accounts all the time, the rest to a wide crowd",
        order_of,
        {"order": "leaders", **_THIN},
        {
            "led": Rate("called led", Target("at least", 0.8)),
            "leaderless": Rate("called leaderless", Target("at most", 0.03)),
        },
        small=1,
    ),
    "led by one": Benchmark(
        _QUESTION,
        "six tenths of all attention go to one account all the time",
        order_of,
        {"order": "hub", "share": 0.6, **_CROWD},
        {
            "led": Rate("called led by one account", Target("at least", 0.95)),
            "leaderless": Rate("called leaderless", Target("at most", 0.03)),
        },
    ),
    "null: imitation": Benchmark(_QUESTION, "attention that only follows attention", imitation_null, small=6),
    "null: rewired": Benchmark(_QUESTION, "networks rewired at random", rewired_null, small=6),
    "null: turned ties": Benchmark(_QUESTION, "ties that point either way at random", flipped_null, small=6),
    "null: rotation": Benchmark(_QUESTION, "a front that is drawn anew every day", rotation_null, small=6),
    "null: tail of a power law": Benchmark(
        _QUESTION, "attention with a tail that is a power law", tail_null, {"family": "power law"}, small=6
    ),
    "null: tail of a lognormal": Benchmark(
        _QUESTION, "attention with a tail that is lognormal", tail_null, {"family": "lognormal"}, small=6
    ),
}

_IMITATION = "attention given by imitation alone (rich get richer)"
_REWIRED = "networks with the same number of ties in and out of every account"
_WORDS = {
    "effective_leaders": "effective number of leaders",
    "top_1_share": "share of the first account",
    "top_5_share": "share of the first five",
    "top_20_share": "share of the first twenty",
    "gini": "Gini coefficient",
    "herfindahl": "Herfindahl index",
    "trophic_incoherence": "trophic incoherence",
    "global_reaching_centrality": "global reaching centrality",
    "flow_hierarchy": "flow hierarchy",
}
P_VALUES: dict[str, PValue] = {
    **{
        f"hierarchy.indices.{name}": PValue(_QUESTION, _WORDS[name], _IMITATION, "null: imitation")
        for name in _CONCENTRATION
    },
    "hierarchy.indices.in_degree_centralization": PValue(
        _QUESTION,
        "in-degree centralization",
        _IMITATION,
        "null: imitation",
        "at most",
        "the null holds the expected number of distinct accounts behind as many acts, drawn for the ten most-heard only",
    ),
    **{f"hierarchy.indices.{name}": PValue(_QUESTION, _WORDS[name], _REWIRED, "null: rewired") for name in _ORDER},
    "hierarchy.direction_p": PValue(
        _QUESTION,
        "incoherence of the directions",
        "the same ties with their directions drawn at random",
        "null: turned ties",
    ),
    "hierarchy.Criterion.evidence": PValue(
        _QUESTION,
        "how many of the first twenty stay in front",
        "the first twenty of a window are any accounts heard in it or before",
        "null: rotation",
        "at most",
        "a count of few accounts",
    ),
    "hierarchy.TailFit.p_value of a power law": PValue(
        _QUESTION,
        "form of the tail: the wrong one is favoured",
        "a power law",
        "null: tail of a power law",
        "at most",
        "the test is of two forms that describe the tail equally well",
    ),
    "hierarchy.TailFit.p_value of a lognormal": PValue(
        _QUESTION,
        "form of the tail: the wrong one is favoured",
        "a lognormal",
        "null: tail of a lognormal",
        "at most",
        "the test is of two forms that describe the tail equally well",
    ),
}
