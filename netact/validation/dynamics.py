"""Benchmarks of dynamics: fronts that stay or change, groups that split or do not, and cores that met or did not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.earlier_activism import earlier_activism
from netact.faction_tracking import faction_tracking
from netact.measures.dynamics import dynamics
from netact.network import Network
from netact.randomness import generator
from netact.synthetic import Order, planted_cores, planted_order, planted_split
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

_QUESTION = "dynamics"
_DAYS = 10


def front_of(
    *, seed: int, order: Order, draws: int = 39, accounts: int = 150, interactions: int = 3000
) -> dict[str, Value]:
    """Ask whether the same accounts stay in front, day by day, and how soon any eight accounts react to any moments."""
    network = planted_order(order=order, accounts=accounts, interactions=interactions, days=_DAYS, seed=seed)
    random = generator(seed, "validation", "triggers")
    first = network.interactions["time"].min()
    moments = [first + timedelta(days=float(day)) for day in sorted(random.uniform(0, _DAYS - 1, 12))]  # type: ignore[operator]
    triggers = pl.DataFrame({"trigger": [f"moment{number}" for number in range(12)], "time": moments})
    network = Network.from_tables(network.named_interactions(), network.accounts, triggers=triggers)
    core = sorted(random.choice(network.keys, 8, replace=False).tolist())
    result = dynamics(network, core=core, window="day", top=10, draws=draws, seed=seed)
    values: dict[str, Value] = {
        "outcome": result.verdict,
        "stays": result.verdict == "stable_lead",
        "changes": result.verdict in ("rotating", "shifting_lead"),
    }
    values |= {f"dynamics.indices.{name}": estimate.p_value for name, estimate in result.indices.items()}
    # The accounts are not independent: of the p-values one account's, of those under false discovery the smallest.
    known = result.bursts.drop_nulls("p_value")
    values["dynamics.bursts.p_value"] = known["p_value"].to_list()[0] if known.height else None
    values["dynamics.bursts.q_value"] = min(known["q_value"].to_list(), default=None)
    chosen = result.sensitivity.filter(length="chosen")
    for column in ("p_value", "constant_p"):
        values[f"dynamics.sensitivity.{column}"] = chosen[column][0] if chosen.height else None
    return values


def split_of(*, seed: int, draws: int = 59, **parameters: Any) -> dict[str, Value]:
    """Follow the groups of one planted network through its windows."""
    made = planted_split(**parameters, seed=seed)
    members = sorted(generator(seed, "validation", "core").choice(made.network.keys, 10, replace=False).tolist())
    result = faction_tracking(made.network, made.edges, members=members, draws=draws, runs=1, seed=seed)
    split, merger = result.strongest_split.p_value, result.strongest_merger.p_value
    estimates = (
        *("strongest_split", "strongest_merger", "splits", "mergers"),
        *("leaders_moved", "core_distance", "core_lost_ties"),
    )
    events = result.events["p_value"].drop_nulls().to_list()
    return {
        "outcome": result.verdict,
        "split": result.verdict in ("split", "split_and_merger"),
        "merger": result.verdict in ("merger", "split_and_merger"),
        "changed": split is not None and merger is not None and result.verdict not in ("steady", "undetermined"),
        **{f"dynamics.FactionTracking.{name}": getattr(result, name).p_value for name in estimates},
        "dynamics.FactionTracking.events.p_value": float(min(events, default=1.0)),
    }


def earlier_null(*, seed: int, draws: int = 99, accounts: int = 600) -> dict[str, Value]:
    """Ask whether eight accounts drawn at random met in an earlier event."""
    now = planted_cores(accounts=accounts, cores=(), rank=accounts, fan_clique=0, seed=seed)
    before = planted_cores(accounts=accounts, cores=(), rank=accounts, fan_clique=60, seed=seed + 1)
    rows = now.network.named_interactions()
    network = Network.from_tables(rows, now.network.accounts, earlier={"before": before.network})
    core = sorted(generator(seed, "validation", "core").choice(network.keys, 8, replace=False).tolist())
    result = earlier_activism(network, core, draws=draws, seed=seed)
    values: dict[str, Value] = {
        f"dynamics.EarlierActivism.{name}": getattr(result, name).p_value
        for name in ("mutual_ties", "any_ties", "active")
    }
    for column in ("p_value", "q_value"):
        values[f"dynamics.EarlierActivism.by_event.{column}"] = (
            result.by_event[column][0] if result.by_event.height else None
        )
    return values


_SMALL_GROUPS = {"accounts": 60, "events": 260, "windows": 4}

BENCHMARKS: dict[str, Benchmark] = {
    "front that stays": Benchmark(
        _QUESTION,
        "whom people turn to never changes; eight accounts and twelve moments drawn at random",
        front_of,
        {"order": "constant"},
        {
            "changes": Rate("the front was said to change", Target("at most", 0.05)),
            "stays": Rate("the front was said to stay"),
        },
        full=440,
        small=4,
    ),
    "front that changes": Benchmark(
        _QUESTION,
        "whom people turn to is drawn anew every day",
        front_of,
        {"order": "crowd"},
        {
            "stays": Rate("the front was said to stay", Target("at most", 0.05)),
            "changes": Rate("the front was said to change"),
        },
        full=410,
        small=4,
    ),
    "split": Benchmark(
        _QUESTION,
        "one of two groups divides after half of the time",
        split_of,
        {"at": 2, **_SMALL_GROUPS},
        {
            "split": Rate("a split was found", Target("at least", 0.8)),
            "merger": Rate("a merger was found", Target("at most", 0.05)),
        },
        full=200,
        small=2,
    ),
    "merger": Benchmark(
        _QUESTION,
        "two of three groups become one after half of the time",
        split_of,
        {"at": 2, "merger": True, **_SMALL_GROUPS},
        {
            "merger": Rate("a merger was found", Target("at least", 0.8)),
            "split": Rate("a split was found", Target("at most", 0.05)),
        },
        full=200,
    ),
    "null: groups that stay": Benchmark(
        _QUESTION,
        "two groups that turn to each other in two acts of five, and stay",
        split_of,
        {"at": None, "mixing": 0.4, "draws": 59, **_SMALL_GROUPS},
        {"changed": Rate("a split or a merger was found", Target("at most", 0.05))},
        full=1300,  # a core has ties to lose in a third of the runs only
        small=2,
    ),
    "null: earlier events": Benchmark(
        _QUESTION, "eight accounts drawn at random, and an earlier event", earlier_null, small=4
    ),
}

_ANEW = "accounts drawn anew in each window from all that are heard in it"
_CONSTANT = "constant popularity: the windows of each pair's acts dealt out anew"
_DAYS_ANEW = "the same times of day on days drawn at random"
_TIMES = "the same interactions, times of each account's acts dealt out among them anew"
_AS_ACTIVE = "groups of accounts that are as active today"


def _entry(what: str, null: str, benchmark: str, why: str = "") -> PValue:
    return PValue(_QUESTION, what, null, benchmark, "at most" if why else "exactly", why)


_COUNT = "a count of few"
P_VALUES: dict[str, PValue] = {
    "dynamics.indices.overlap": _entry(
        "overlap of the top of neighbouring windows", _ANEW, "front that changes", _COUNT
    ),
    "dynamics.indices.rank_overlap": _entry("rank-biased overlap of neighbouring windows", _ANEW, "front that changes"),
    "dynamics.indices.constancy": _entry("overlap of the top of all windows", _CONSTANT, "front that stays"),
    "dynamics.indices.lead_changes": _entry(
        "changes of the first place", "the same windows in random order", "front that stays", _COUNT
    ),
    "dynamics.indices.core_presence": _entry(
        "presence of the core at the top", "accounts that are heard as much", "front that stays", _COUNT
    ),
    "dynamics.indices.reaction_hours": _entry("waiting time to a reaction", _DAYS_ANEW, "front that stays"),
    "dynamics.indices.too_quick": _entry("share of very quick reactions", _DAYS_ANEW, "front that stays", _COUNT),
    "dynamics.indices.hand_over_hours": _entry("waiting time at a hand-over", _DAYS_ANEW, "front that changes"),
    "dynamics.indices.burstiness": _entry("burstiness", _DAYS_ANEW, "front that stays"),
    "dynamics.bursts.p_value": _entry("burstiness of one account", _DAYS_ANEW, "front that stays"),
    "dynamics.bursts.q_value": _entry(
        "burstiness of any account (false-discovery rate)", _DAYS_ANEW, "front that stays", "adjusted for all accounts"
    ),
    "dynamics.sensitivity.p_value": _entry("overlap by the length of windows", _ANEW, "front that changes", _COUNT),
    "dynamics.sensitivity.constant_p": _entry("constancy by the length of windows", _CONSTANT, "front that stays"),
    "dynamics.FactionTracking.strongest_split": _entry(
        "the strongest split", _TIMES, "null: groups that stay", "often there is none"
    ),
    "dynamics.FactionTracking.strongest_merger": _entry(
        "the strongest merger", _TIMES, "null: groups that stay", "often there is none"
    ),
    "dynamics.FactionTracking.splits": _entry("number of splits", _TIMES, "null: groups that stay", _COUNT),
    "dynamics.FactionTracking.mergers": _entry("number of mergers", _TIMES, "null: groups that stay", _COUNT),
    "dynamics.FactionTracking.leaders_moved": _entry(
        "leaders that change groups", _TIMES, "null: groups that stay", _COUNT
    ),
    "dynamics.FactionTracking.events.p_value": _entry(
        "any split or merger", _TIMES, "null: groups that stay", "often there is none"
    ),
    "dynamics.FactionTracking.core_distance": _entry(
        "distance between the halves of a core", _TIMES, "null: groups that stay", "a ratio of few acts"
    ),
    "dynamics.FactionTracking.core_lost_ties": _entry(
        "ties of a core that are lost", _TIMES, "null: groups that stay", _COUNT
    ),
    **{
        f"dynamics.EarlierActivism.{name}": _entry(words, _AS_ACTIVE, "null: earlier events", _COUNT)
        for name, words in (
            ("mutual_ties", "pairs of members tied both ways before"),
            ("any_ties", "pairs of members tied before"),
            ("active", "members active before"),
            ("by_event.p_value", "members active in one earlier event"),
            ("by_event.q_value", "members active in one earlier event (false-discovery rate)"),
        )
    },
}
