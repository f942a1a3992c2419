"""Benchmarks of symbols: signs that cross the groups, are bound to one or last a day; signs that mean nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.measures.symbols import symbols
from netact.network import Network
from netact.randomness import generator
from netact.synthetic import planted_symbols
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

_QUESTION = "symbols"
_ACCOUNTS, _SIGNS, _DAYS = 300, 8, 40
_COLUMNS = ("p_value", "q_value", "p_crossing", "q_crossing", "retention_p", "retention_q")
_PAIRS = ("p_value", "q_value", "p_given_activity", "q_given_activity")


def signs_of(*, seed: int, draws: int = 39, label_draws: int = 999, **parameters: Any) -> dict[str, Value]:
    """Ask which signs of a planted movement cross its groups."""
    made = planted_symbols(**parameters, seed=seed)
    result = symbols(
        made.network,
        core_members=made.core,
        faction_of=made.factions,
        division="structurally_divided",
        draws=draws,
        label_draws=label_draws,
        seed=seed,
    )
    said = dict(result.symbols.select("symbol", "verdict").iter_rows())
    kept = dict(result.symbols.select("symbol", "kept").iter_rows())
    return {
        "outcome": result.verdict,
        "crossing": all(said.get(sign) == "crossing" for sign in made.crossing),
        "bound": all(said.get(sign) == "bound" for sign in made.bound),
        "mistaken": any(said.get(sign) == "bound" for sign in made.crossing)
        or any(said.get(sign) == "crossing" for sign in made.bound),
        "decoy": any(kept.get(sign) for sign in made.decoys),
    }


def signs_null(*, seed: int, draws: int = 39, label_draws: int = 199) -> dict[str, Value]:
    """Ask of signs that accounts of two equal groups adopt at random; the first is used half as much in one of them."""
    random = generator(seed, "validation", "signs")
    group = np.arange(_ACCOUNTS) % 2
    chance = np.full((_ACCOUNTS, _SIGNS), 0.3)
    chance[:, 0] = np.where(group == 0, 0.45, 0.15)  # half of its share of the whole
    account, sign = np.nonzero(random.random((_ACCOUNTS, _SIGNS)) < chance)
    times = 1 + random.poisson(1.5, len(account))
    account, sign = np.repeat(account, times), np.repeat(sign, times)
    # Half of the signs come up during the collection, so that somebody is the first to use them.
    later = np.where(sign < _SIGNS // 2, 0, 3 * sign) * 86_400e6
    moment = (later + random.random(len(account)) * (_DAYS * 86_400e6 - later)).astype(np.int64)
    begin = int(datetime(2024, 3, 4, tzinfo=UTC).timestamp() * 1e6)
    keys = np.array([f"account{number:03d}" for number in range(_ACCOUNTS)])
    posts = pl.DataFrame(
        {
            "account": keys[account],
            "time": pl.Series(begin + moment).cast(pl.Datetime("us", "UTC")),
            "hashtags": [[f"sign{number}"] for number in sign.tolist()],
            "post_id": [f"p{number}" for number in range(len(account))],
        }
    )
    ties = pl.DataFrame({"source": keys, "target": np.roll(keys, 1)})
    network = Network.from_tables(ties, pl.DataFrame({"key": keys}), posts=posts)
    result = symbols(
        network,
        core_members=tuple(random.choice(keys, 30, replace=False).tolist()),
        faction_of=pl.DataFrame({"account": keys, "faction": group.astype(np.int32)}),
        division="structurally_divided",
        draws=draws,
        label_draws=label_draws,
        seed=seed,
    )
    values: dict[str, Value] = {"symbols.first_in_core": result.first_in_core.p_value}
    rows = {row["symbol"]: row for row in result.symbols.iter_rows(named=True)}
    for column in _COLUMNS:
        # The first sign stands at the edge of crossing; another one means nothing. Of adjusted ones the smallest counts.
        plain = rows["sign0" if column == "p_crossing" else "sign1"][column]
        chosen = [row[column] for name, row in rows.items() if name != "sign0" and row[column] is not None]
        adjusted = rows["sign0"][column] if column == "q_crossing" else min(chosen, default=None)
        values[f"symbols.symbols.{column}"] = adjusted if column.startswith("q") or column.endswith("_q") else plain
    pairs = result.co_use.filter(pl.col("symbol") != "sign0", pl.col("other") != "sign0").sort("symbol", "other")
    for column in _PAIRS:
        known = pairs[column].drop_nulls().to_list()
        values[f"symbols.co_use.{column}"] = (min if column.startswith("q") else _first)(known) if known else None
    return values


def _first(values: list[float]) -> float:
    return values[0]


BENCHMARKS: dict[str, Benchmark] = {
    "planted signs": Benchmark(
        _QUESTION,
        "600 accounts in three groups; two signs of all groups, three of one group each, two of one day",
        signs_of,
        {},
        {
            "crossing": Rate("both signs of all groups were said to cross", Target("at least", 0.9)),
            "bound": Rate("all signs of one group were said to be bound", Target("at least", 0.9)),
            "mistaken": Rate("a sign was taken for its opposite", Target("at most", 0.05)),
            "decoy": Rate("a sign of one day was said to be kept", Target("at most", 0.05)),
        },
        full=200,
        small=1,
    ),
    "null: signs that mean nothing": Benchmark(
        _QUESTION, "signs that accounts of two groups adopt at random", signs_null, small=4
    ),
}

_GROUPS = "groups dealt out at random among the accounts"
_USES = "the same accounts' other hashtags"
_BOTH = "users of each sign drawn at random"
_ACTIVE = "users drawn at random, each account with as many signs and each sign with as many accounts"


def _entry(what: str, null: str, why: str = "") -> PValue:
    return PValue(_QUESTION, what, null, "null: signs that mean nothing", "at most" if why else "exactly", why)


_ADJUSTED = "adjusted for all signs, or for all pairs of them"
P_VALUES: dict[str, PValue] = {
    "symbols.symbols.p_value": _entry("less spread over the groups", _GROUPS, "a count of accounts"),
    "symbols.symbols.q_value": _entry("less spread of any sign (false-discovery rate)", _GROUPS, _ADJUSTED),
    "symbols.symbols.p_crossing": _entry(
        "use in every group", "half of its share in one group", "the largest of several tails of counts"
    ),
    "symbols.symbols.q_crossing": _entry(
        "use in every group (false-discovery rate)",
        "half of its share in one group",
        "adjusted, though of the others all cross",
    ),
    "symbols.symbols.retention_p": _entry("how many use a sign again", _USES, "a count of accounts"),
    "symbols.symbols.retention_q": _entry("how many use any sign again (false-discovery rate)", _USES, _ADJUSTED),
    "symbols.first_in_core": _entry(
        "signs first used by the core", "times dealt out at random among the uses of each sign", "a count of few signs"
    ),
    "symbols.co_use.p_value": _entry("two signs used together", _BOTH, "a count of accounts"),
    "symbols.co_use.q_value": _entry("any two signs used together (false-discovery rate)", _BOTH, _ADJUSTED),
    "symbols.co_use.p_given_activity": _entry(
        "two signs used together, given activity", _ACTIVE, "a count of accounts"
    ),
    "symbols.co_use.q_given_activity": _entry(
        "any two signs used together, given activity (false-discovery rate)", _ACTIVE, _ADJUSTED
    ),
}
