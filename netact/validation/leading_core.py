"""Benchmarks of the leading core: planted teams, rivals and elites, and crowds without any."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from netact.audience_null import split_audience
from netact.errors import MeasureError
from netact.measures.leading_core import leading_core
from netact.randomness import spawn_seeds
from netact.scan_statistic import DyadModel, configuration_model, draw_ties, null_scores, search
from netact.significance import gumbel_tail, monte_carlo_p
from netact.synthetic import PlantedNetwork, planted_cores, planted_order
from netact.validation.benchmark import Benchmark, Curve, PValue, Rate, Target

if TYPE_CHECKING:
    from netact.network import Network
    from netact.results import Core, LeadingCore
    from netact.validation.benchmark import Value

_QUESTION = "leading_core"
_CALLED = ("core", "rival_cores", "core_within_elite")


def _f1(found: Core, planted: tuple[str, ...]) -> float:
    return 2 * len(set(found.members) & set(planted)) / (found.size + len(planted))


def _planted(seed: int, **parameters: Any) -> PlantedNetwork:
    """Return a planted network; where the team does not fit into its community by chance, another one is drawn."""
    for again in spawn_seeds(seed, 20, "validation", "planted"):
        try:
            return planted_cores(**parameters, seed=again)
        except MeasureError:
            continue
    return planted_cores(**parameters, seed=seed)


def _passed(result: LeadingCore) -> list[Core]:
    """Return the sets of at most a team's size that passed the test, whether or not they hold enough to lead."""
    tight = [result.candidate] if result.outcome == "cohesive_not_leading" and result.candidate else []
    return [*result.cores, *tight]


def _heard(network: Network, team: tuple[str, ...]) -> bool:
    """Say whether a planted team receives a twentieth of the attention, or is heard by a tenth of those who give any."""
    ties = network.ties()
    inside = np.isin(np.array(network.keys), team)
    outside = inside[ties.target] & ~inside[ties.source]
    share = ties.weight[outside].sum() / ties.weight.sum()
    reach = len(np.unique(ties.source[outside])) / np.count_nonzero(ties.out_degree)
    return bool(share >= 0.05 or reach >= 0.1)


def planted_team(*, seed: int, draws: int = 99, **parameters: Any) -> dict[str, Value]:
    """Search one planted network; ``found`` and ``exact`` ask for F1 of at least .5 and .95 with every planted core."""
    made = _planted(seed, **parameters)
    result = leading_core(made.network, draws=draws, replicates=0, power_runs=0, seed=seed)
    passed = _passed(result)
    sets = [*passed, *([result.elite] if result.elite else [])]
    values: dict[str, Value] = {
        "outcome": result.outcome,
        "strong": any(core.tier == "strong" for core in sets),
        "passed": bool(sets),
        "called": result.outcome in _CALLED,
    }
    wanted = [made.team] if made.team else list(made.cores)
    if len(wanted) > 1:
        # A second team that hardly anyone listens to is no rival, and is not to be called one.
        wanted = [team for team in wanted if _heard(made.network, team)]
        values["merged"] = any(all(set(core.members) & set(team) for team in made.cores) for core in result.cores)
    if wanted:
        scores = [max((_f1(core, team) for core in passed), default=0.0) for team in wanted]
        values |= {"found": min(scores) >= 0.5, "exact": min(scores) >= 0.95, "f1": float(np.mean(scores))}
        values["elite"] = result.elite is not None and _f1(result.elite, made.cores[0]) >= 0.9
    return values


def scan_null(*, seed: int, draws: int = 99, accounts: int = 1000) -> dict[str, Value]:
    """Draw the ties of a pool from the null of the scan itself, and search them."""
    ties = planted_cores(accounts=accounts, cores=(), seed=seed).network.ties()
    audience = split_audience(
        ties,
        keep=np.ones(len(ties), dtype=bool),
        directed=True,
        pool_share=0.8,
        max_pool=150,
        min_audience=5,
        min_block=0.02,
        seed=seed,
    )
    return _scanned(replace(audience.model(), closure=audience.closure()), draws=draws, seed=seed, smallest=2)


def elite_null(*, seed: int, draws: int = 99) -> dict[str, Value]:
    """Draw the ties of an elite from the null of the search inside it, and search them."""
    made = _planted(seed, accounts=3000, cores=(40,), tie_probability=0.4, rank=100)
    rows = np.isin(np.array(made.network.keys), made.cores[0])
    tied = made.network.ties().matrix[rows][:, rows].toarray() > 0
    model = configuration_model(tied.astype(float), directed=True)
    found = _scanned(model, draws=draws, seed=seed, smallest=3, largest=20)
    return {"leading_core.Core.p_value inside an elite": found["leading_core.Core.p_value"]}


def _scanned(model: DyadModel, *, draws: int, seed: int, smallest: int, largest: int = 60) -> dict[str, Value]:
    one, other = spawn_seeds(seed, 2, "validation", "scan")
    score, positions = search(draw_ties(model, seed=one), smallest=smallest, largest=largest)
    nulls = null_scores(model, draws=draws, seed=other, smallest=smallest, largest=largest)
    if not positions:
        return dict.fromkeys(
            ("leading_core.Core.p_value", "leading_core.Core.p_bound", "leading_core.Core.p_tail"), 1.0
        )
    return {
        "leading_core.Core.p_value": monte_carlo_p(score, nulls),
        "leading_core.Core.p_bound": min(1.0, math.exp(-score)),
        "leading_core.Core.p_tail": gumbel_tail(score, nulls),
    }


def drivers_null(*, seed: int, draws: int = 19, interactions: int = 2000) -> dict[str, Value]:
    """Measure attention that only follows attention."""
    network = planted_order(order="imitation", accounts=300, interactions=interactions, seed=seed)
    result = leading_core(network, draws=draws, replicates=0, power_runs=0, seed=seed)
    half, most = result.drivers.filter(unit="attention")["p_value"].to_list()
    return {
        "leading_core.attention_of_top": result.attention_of_top.p_value,
        "leading_core.drivers.p_value": half,
        "leading_core.drivers.p_value of four fifths": most,
    }


def associates_null(*, seed: int, draws: int = 99) -> dict[str, Value]:
    """Search a network with a core that nobody outside the pool is tied to; an associate is then a false one."""
    made = _planted(seed, cores=(8,), tie_probability=0.8)
    result = leading_core(made.network, draws=draws, replicates=0, power_runs=0, seed=seed)
    if not result.cores:
        return {"leading_core.associates.p_value": None}
    listed = result.associates["p_value"].to_list()
    return {"leading_core.associates.p_value": min(listed, default=1.0)}


def relations_null(*, seed: int, draws: int = 99) -> dict[str, Value]:
    """Search a network with two cores that have no ties but those of anybody."""
    made = _planted(seed, cores=(8, 6), tie_probability=0.9)
    result = leading_core(made.network, draws=draws, replicates=0, power_runs=0, seed=seed)
    if result.relations.height != 1:
        return {"leading_core.relations.p_value": None}
    return {
        "leading_core.relations.p_value": result.relations["p_value"][0],
        "outcome": result.relations["relation"][0],
    }


def _empty(title: str, *, small: int = 0, **parameters: Any) -> Benchmark:
    rates = {
        "strong": Rate("a set passed the bound over all sets (nominal level 1 %)", Target("at most", 0.01)),
        "passed": Rate("a set passed the Monte Carlo test (nominal level 1 %)", Target("at most", 0.03)),
        "called": Rate("a core was called"),
    }
    return Benchmark(_QUESTION, title, planted_team, {"cores": (), **parameters}, rates, small=small)


def _team(
    title: str,
    size: int,
    probability: float,
    *,
    small: int = 0,
    full: int = 400,
    exact: float | None = None,
    **rest: Any,
) -> Benchmark:
    rates = {
        "found": Rate("the planted team was found (F1 of at least .5)"),
        "exact": Rate("F1 of at least .95", None if exact is None else Target("at least", exact)),
    }
    return Benchmark(
        _QUESTION,
        title,
        planted_team,
        {"cores": (size,), "tie_probability": probability, **rest},
        rates,
        small=small,
        full=full,
    )


def _points() -> dict[str, Benchmark]:
    """Return the points of the curves of power."""
    made: dict[str, Benchmark] = {}

    def point(figure: str, line: str, x: float, size: int, probability: float, **rest: Any) -> None:
        title = f"a team of {size}, each tied to each with probability {probability:g}"
        if "sampling" in rest:
            title += f", of whose retweets {rest['sampling']:.0%} were collected".replace("%", " %")
        if "accounts" in rest:
            title += f", among {rest['accounts']:,} accounts"
        bare = _team(title, size, probability, full=100, **rest)
        made[f"power by {figure}: {line}, {x:g}"] = replace(bare, curve=Curve(figure, line, x))

    for probability in (0.6, 1.0):
        for size in (3, 4, 5, 6, 8, 12, 20):
            point("size", f"tied with probability {probability:g}", size, size, probability)
    for size in (5, 8, 12):
        for probability in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
            point("tie probability", f"team of {size}", probability, size, probability)
    for size in (5, 8, 12):
        for rate in (0.1, 0.2, 0.35, 0.5, 0.75, 1.0):
            point("sampling rate", f"team of {size}, tied with probability 0.8", rate, size, 0.8, sampling=rate)
    for accounts in (500, 1000, 2000, 5000, 10_000):
        point("number of accounts", "team of 8, tied with probability 0.8", accounts, 8, 0.8, accounts=accounts)
    return made


BENCHMARKS: dict[str, Benchmark] = {
    "no core: one community": _empty("nothing planted, one community", communities=1, small=3),
    "no core: two communities": _empty("nothing planted, two communities"),
    "no core: ten niches": _empty("nothing planted, ten communities", communities=10),
    "no core: twenty niches": _empty("nothing planted, twenty communities", communities=20, small=3),
    "no core: fifty niches": _empty("nothing planted, fifty communities", communities=50),
    **{
        f"no core: copying {share}": _empty(
            f"nothing planted, {share:.0%} further retweets copied from retweeted accounts".replace("%", " %"),
            copying=share,
        )
        for share in (0.2, 0.5)
    },
    "no core: copying 0.5, twenty niches": _empty(
        "nothing planted, twenty communities, 50 % further retweets copied", copying=0.5, communities=20
    ),
    **{
        f"no core: reciprocation {share}": _empty(
            f"nothing planted, {share:.0%} of the retweets returned".replace("%", " %"), reciprocation=share
        )
        for share in (0.1, 0.2, 0.3, 0.4, 0.5)
    },
    **{
        f"no core: sampling {share}": _empty(
            f"nothing planted, {share:.0%} of the retweets collected".replace("%", " %"), sampling=share
        )
        for share in (0.5, 0.2)
    },
    "core of 5 at 1": _team("a team of 5, all tied to all", 5, 1.0, exact=0.9, small=2),
    "core of 8 at 0.8": _team("a team of 8, tied with probability 0.8", 8, 0.8, exact=0.9, small=2),
    "core of 12 at 0.6": _team("a team of 12, tied with probability 0.6", 12, 0.6, exact=0.9, small=2),
    "core of 8 at 0.8, copying 0.5": _team("a team of 8 at 0.8, 50 % further retweets copied", 8, 0.8, copying=0.5),
    "core of 8 at 0.8, reciprocation 0.3": _team(
        "a team of 8 at 0.8, 30 % of retweets returned", 8, 0.8, reciprocation=0.3
    ),
    "rival teams of 8 and 6": Benchmark(
        _QUESTION,
        "two rival teams of 8 and 6 in two communities, tied with probability 0.9",
        planted_team,
        {"cores": (8, 6), "tie_probability": 0.9},
        {
            "found": Rate("every team that is widely heard was found (F1 of at least .5)", Target("at least", 0.9)),
            "merged": Rate("the two were taken for one", Target("at most", 0.05)),
            "exact": Rate("F1 of at least .95 for every such team"),
        },
        small=2,
    ),
    "elite of 40": Benchmark(
        _QUESTION,
        "an elite of 40, tied with probability 0.4, without a team inside",
        planted_team,
        {"cores": (40,), "tie_probability": 0.4, "rank": 100},
        {
            "called": Rate("a core was called", Target("at most", 0.03)),
            "elite": Rate("the elite was found (F1 of at least .9)", Target("at least", 0.9)),
        },
        small=2,
    ),
    "team of 8 in an elite of 40": Benchmark(
        _QUESTION,
        "an elite of 40 tied with probability 0.4, inside it a team of 8 tied with probability 0.95",
        planted_team,
        {"cores": (40,), "tie_probability": 0.4, "rank": 100, "team_within": (8, 0.95)},
        {
            "found": Rate("the team inside the elite was found (F1 of at least .5)"),
            "exact": Rate("F1 of at least .95"),
        },
    ),
    **_points(),
    "null: core scan": Benchmark(
        _QUESTION, "ties of the most-heard accounts drawn from the null of the scan", scan_null, small=8
    ),
    "null: scan inside an elite": Benchmark(
        _QUESTION, "ties of an elite drawn from the null of the search inside it", elite_null, small=8
    ),
    "null: attention of the first": Benchmark(
        _QUESTION, "attention that only follows attention", drivers_null, small=10
    ),
    "null: associates": Benchmark(_QUESTION, "a core to which nobody outside is tied", associates_null, full=420),
    "null: relations of cores": Benchmark(
        _QUESTION, "two cores without ties of their own between them", relations_null, full=490
    ),
}

_SCAN = "ties as the crowd around the most-heard accounts would make them"
_IMITATION = "attention given by imitation alone (rich get richer)"
P_VALUES: dict[str, PValue] = {
    "leading_core.Core.p_value": PValue(_QUESTION, "the most tightly tied set of accounts", _SCAN, "null: core scan"),
    "leading_core.Core.p_bound": PValue(
        _QUESTION,
        "the same set, by the bound over all sets",
        _SCAN,
        "null: core scan",
        "at most",
        "a bound over all sets and sizes lies above the chance",
    ),
    "leading_core.Core.p_tail": PValue(
        _QUESTION,
        "the same set, extrapolated",
        _SCAN,
        "null: core scan",
    ),
    "leading_core.Core.p_value inside an elite": PValue(
        _QUESTION,
        "a team inside an elite",
        "ties that keep how often each member of the elite is tied to the others",
        "null: scan inside an elite",
    ),
    "leading_core.attention_of_top": PValue(
        _QUESTION, "share of the most-heard account", _IMITATION, "null: attention of the first"
    ),
    "leading_core.drivers.p_value": PValue(
        _QUESTION,
        "how few accounts hold half of the attention",
        _IMITATION,
        "null: attention of the first",
        "at most",
        "a small whole number",
    ),
    "leading_core.drivers.p_value of four fifths": PValue(
        _QUESTION,
        "how few accounts hold four fifths of the attention",
        _IMITATION,
        "null: attention of the first",
        "at most",
        "a whole number",
    ),
    "leading_core.associates.p_value": PValue(
        _QUESTION,
        "any associate of a core (false-discovery rate)",
        "attention that spreads as that of the crowd of the members' communities",
        "null: associates",
        "at most",
        "counts of ties, adjusted for all accounts tried",
    ),
    "leading_core.relations.p_value": PValue(
        _QUESTION,
        "two cores tied beyond chance, or avoiding one another",
        _SCAN,
        "null: relations of cores",
        "at most",
        "a bound above, a count of few ties below",
    ),
}
