"""Benchmarks of super users: a person who holds the most-heard pages, and tables dealt out at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.measures.super_users import super_users
from netact.synthetic import planted_logins
from netact.validation.benchmark import Benchmark, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.validation.benchmark import Value

_QUESTION = "super_users"
_SIZE = {"people": 25, "pages": 40, "sources": 100, "logins": 6}
_ESTIMATES = ("herfindahl", "normalised_herfindahl", "effective_holders", "top_share", "top_loss")


def logins_of(
    *, seed: int, planted: bool, draws: int = 99, people: int, pages: int, sources: int, logins: int
) -> dict[str, Value]:
    """Ask who holds the keys of one table."""
    made = planted_logins(people=people, pages=pages, sources=sources, logins=logins, planted=planted, seed=seed)
    result = super_users(made.network, draws=draws, exact_people=0, seed=seed)
    p_value = result.top_loss.p_value
    found = result.top_person == made.super_user
    values: dict[str, Value] = {"first": found, "beyond": p_value is not None and p_value <= 0.05}
    values["found"] = bool(values["first"]) and bool(values["beyond"])
    return values | {f"super_users.{name}": getattr(result, name).p_value for name in _ESTIMATES}


BENCHMARKS: dict[str, Benchmark] = {
    "planted super user": Benchmark(
        _QUESTION,
        "one of 26 people holds the six most-heard of 40 pages",
        logins_of,
        {"planted": True, **_SIZE},
        {
            "first": Rate("the super user could shut down most", Target("at least", 0.9)),
            "found": Rate("and more than by as many logins at random (p of at most .05)", Target("at least", 0.8)),
        },
        small=4,
    ),
    "null: logins dealt out": Benchmark(
        _QUESTION,
        "one of 26 people holds six pages like any others",
        logins_of,
        {"planted": False, **_SIZE},
        {"beyond": Rate("somebody called beyond as many logins at random", Target("exactly", 0.05))},
        small=8,
    ),
}

_DEALT = "who holds which account dealt out again, each person keeping their number of logins"
_WORDS = {
    "herfindahl": "concentration of control",
    "normalised_herfindahl": "concentration of control, normalised",
    "effective_holders": "effective number of holders",
    "top_share": "largest share of control",
    "top_loss": "attention that one person could shut down",
}
P_VALUES: dict[str, PValue] = {
    f"super_users.{name}": PValue(_QUESTION, words, _DEALT, "null: logins dealt out") for name, words in _WORDS.items()
}
