"""Results made by hand, for every outcome, verdict and status."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import polars as pl

from netact.cascades import without_cascades
from netact.earlier_activism import without_earlier
from netact.faction_tracking import without_tracking
from netact.language import Message
from netact.results import (
    CORE_GROUPS,
    CORE_TIES,
    CORE_WINDOWS,
    FACTION_FRAGILITY,
    FACTION_RESOLUTIONS,
    INSIDE_CORES,
    JOINING,
    OPERATION_CURVES,
    OPERATION_FACTIONS,
    OPERATIONS,
    SHARED_COUNTS,
    SHARED_FEATURES,
    AlongTechnology,
    Coordination,
    CoordinationOutcome,
    Core,
    CoreOutcome,
    Criterion,
    Dynamics,
    DynamicsVerdict,
    Estimate,
    Factions,
    FactionsVerdict,
    Hierarchy,
    HierarchyVerdict,
    LeadingCore,
    Legitimation,
    OperationVerdict,
    SharedOperators,
    SuperUsers,
    Symbols,
    SymbolsVerdict,
    TailFit,
    TechnologyVerdict,
    not_asked_technology,
    undefined,
)
from netact.results.cascades import ATTRIBUTIONS, Cascades
from netact.results.earlier_activism import EarlierActivism
from netact.results.faction_tracking import STRAND_EVENT_LIST, FactionTracking, TrackingVerdict
from netact.results.symbols import ADOPTION, CO_USE, SYMBOL_FACTIONS, SYMBOLS, SYMBOLS_BY_FACTION

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example","x")',
    "\u202eevil\u202c",
    "%{x}%{customdata[0]}",
    "a" * 500,
    "🔥🏳️‍🌈",
    "حراك_المدينة",
    "<b>bold</b>&lt;i&gt;",
    "line\nbreak\ttab\x00nul",
    "\"quotes\" & 'apostrophes'",
    "+1-800",
    "@@at",
    "-minus",
    "z\u0300" * 60,
]


def estimate(value=0.5, unit="share of attention", *, null=(0.1, 0.3), p=0.01, interval=(0.45, 0.55)):
    return Estimate(
        value, unit, interval=interval, interval_method="bootstrap", null_model="chance",
        null_mean=sum(null) / 2, null_sd=0.05, null_interval=null, p_value=p, tail="greater", draws=99,
    )  # fmt: skip


def core(members=("a", "b", "c", "d"), *, tier="strong", p=0.005, share=0.12, overlap=0.85, stability=True):
    stable = {m: 0.95 if i else 0.6 for i, m in enumerate(members)} if stability else {}
    return Core(
        tuple(members), tier, share, 0.2, 12.0, 0.7, 0.8, 0.05, 9.0, 0.0001, p, 0.0004, stable, overlap, leads=True
    )


def leading_core(outcome: CoreOutcome = "core", *, names=("a", "b", "c", "d", "e", "f")) -> LeadingCore:
    first, second = core(names[:4]), core(names[4:6], tier="calibrated", overlap=None, stability=False)
    cores = {"core": (first,), "rival_cores": (first, second), "core_within_elite": (first,)}.get(outcome, ())
    elite = core(names, share=0.4) if outcome in ("core_within_elite", "elite_larger_than_team") else None
    weak = replace(first, tier="candidate", p_value=0.34, p_bound=1.0)
    candidate = weak if not cores and outcome != "insufficient_data" else None
    status = outcome if outcome in ("not_testable", "insufficient_data") else "ok"
    pool = pl.DataFrame(
        {
            "account": list(names),
            "audience": [50 - i for i in range(len(names))],
            "share_of_attention": [0.2 / (i + 1) for i in range(len(names))],
            "core": [1 if cores and i < 4 else None for i in range(len(names))],
            "stability": [0.9] * len(names),
        },
        schema_overrides={"core": pl.Int64},
    )
    return LeadingCore(
        status=status,
        outcome=outcome,
        reason=Message("only 12 accounts are active; the test needs at least 50"),
        kind="retweet",
        cores=cores,
        elite=elite,
        candidate=candidate,
        attention_of_top=replace(estimate(0.71), interval=None),
        drivers=pl.DataFrame(
            {
                "unit": ["attention", "attention", "reach", "reach"],
                "share": [0.5, 0.8, 0.5, 0.8],
                "accounts": [12, 60, 8, None],
                "low": [9.0, 50.0, None, None],
                "high": [15.0, 70.0, None, None],
                "null_mean": [30.0, 90.0, None, None],
                "null_low": [20.0, 80.0, None, None],
                "null_high": [40.0, 99.0, None, None],
                "p_value": [0.01, 0.01, None, None],
            }
        ),
        pool=pool,
        core_ties=pl.DataFrame(
            {
                "source": [names[0], names[1], names[2]],
                "target": [names[1], names[0], names[0]],
                "mutual": [True, True, False],
            }
        ),
        associates=pl.DataFrame(
            {"account": [names[5]], "core": [1], "ties": [4], "expected": [0.3], "p_value": [0.001]}
        ),
        relations=pl.DataFrame(
            {
                "core_a": [1],
                "core_b": [2],
                "observed": [1],
                "expected": [4.0],
                "relation": ["avoiding"],
                "p_value": [0.02],
            }
        ),
        power=pl.DataFrame({"size": [5, 8], "tie_probability": [0.8, 0.6], "power": [0.7, 0.85], "runs": [20, 20]}),
        smallest_testable=4 if outcome != "not_testable" else None,
        null_scores=tuple(-6 + 0.1 * i for i in range(40)),
        hub=names[0] if outcome == "single_hub" else None,
        amplified_by_hub=pl.DataFrame({"account": [names[1], names[2]], "ties": [5, 1]}),
        descriptives=pl.DataFrame({"account": list(names), "coreness": [3] * len(names)}),
        rich_club=pl.DataFrame({"degree": [1], "accounts": [6], "density": [0.5], "null_mean": [0.4], "ratio": [1.25]}),
        coverage_curve=pl.DataFrame({"accounts": [1, 2, 3, 4], "reach": [0.2, 0.3, 0.38, 0.42]}),
        missing=(
            Message("a table of who administers which account"),
            Message("more interactions, over a longer period"),
        ),
        warnings=(Message("Only retweet ties are read as attention here."),),
    )


def super_users(status="ok", *, names=("Ada", "Bo", "Cy")) -> SuperUsers:
    people = pl.DataFrame(
        {
            "person": list(names),
            "accounts": [3, 2, 1],
            "control_share": [0.5, 0.3, 0.2],
            "shutdown_attention": [0.7, 0.4, 0.2],
            "shutdown_audience": [0.6, None, None],
            "departure_attention": [0.3, 0.1, 0.0],
            "departure_audience": [0.2, None, None],
        }
    )
    groups = pl.DataFrame(
        {
            "share": [0.5, 0.8, 0.5],
            "unit": ["attention", "attention", "audience"],
            "people": [1, None, 2],
            "who": [[names[0]], None, list(names[:2])],
            "solutions": [1, None, 3],
            "exact": [True, True, False],
        }
    )
    steps = {"removed": [1, 2, 3], "targeted": [0.7, 0.9, 1.0]}
    bands = {f"{kind}_{part}": [0.3, 0.5, 0.9] for kind in ("random", "matched") for part in ("mean", "low", "high")}
    missing = undefined("share of attention", Message("no admin table"), status="not_testable")
    known = status == "ok"
    return SuperUsers(
        status=status,
        reason=Message("no admin table: one with columns person and account would answer it") if not known else "",
        kind="retweet",
        n_people=3 if known else 0,
        n_accounts=5 if known else 0,
        coverage=0.9 if known else 0.0,
        attention_source="interactions",
        people=people if known else people.clear(),
        bots=people.head(1).with_columns(person=pl.lit("relay")) if known else people.clear(),
        herfindahl=estimate(0.38, "index") if known else missing,
        normalised_herfindahl=estimate(0.1, "index") if known else missing,
        effective_holders=estimate(2.6, "people") if known else missing,
        top_share=estimate(0.5) if known else missing,
        top_person=names[0] if known else None,
        top_loss=estimate(0.7, p=0.02) if known else missing,
        shutdown_power=groups if known else groups.clear(),
        bus_factor=groups if known else groups.clear(),
        curve=pl.DataFrame({**steps, **bands}) if known else pl.DataFrame({**steps, **bands}).clear(),
        network_effect=pl.DataFrame({"scenario": ["intact"], "attention_lost": [0.0]}),
    )


def shared_operators():
    """Return behavioural similarity with pairs, without any, and where it cannot be told."""
    names = ("same_client", "same_hours", "hand_over", "never_at_once", "co_retweets")
    features = pl.DataFrame([(name, 45, i) for i, name in enumerate(names)], schema=SHARED_FEATURES, orient="row")
    similar = pl.DataFrame(
        {
            "pair": [1, 2], "passed": [3, 2], "same_client": [True, False], "same_hours": [0.8, 0.6], "hand_overs": [30, 2],
            "hand_overs_expected": [2.5, 1.0], "at_once": [0, 3], "at_once_expected": [4.0, 3.0], "common_posts": [20, 0],
            "within_seconds": [18, 0],
        }
    )  # fmt: skip
    counts = pl.DataFrame([(0, 40), (1, 3), (2, 1), (3, 1), (4, 0), (5, 0)], schema=SHARED_COUNTS, orient="row")
    found = SharedOperators("ok", "", 10, 45, features, counts, similar, 0.001, 0.8, 0.01, 0.0741)
    none = counts.with_columns(pairs=pl.when(pl.col("features") == 0).then(45).otherwise(0))
    return (
        found,
        replace(found, counts=none, similar=similar.clear()),
        replace(found, status="insufficient_data", reason=Message("fewer than two accounts have acts with times")),
    )


def hierarchy(verdict: HierarchyVerdict = "led", *, status="ok", names=("a", "b", "c", "d"), above=True) -> Hierarchy:
    null = (0.1, 0.3) if above else (0.4, 0.8)
    indices = {
        "effective_leaders": estimate(12.0, "accounts", null=(20.0, 40.0), interval=(9.0, 15.0)),
        "top_1_share": estimate(0.6, null=null),
        "top_20_share": estimate(0.62, null=null),
        "gini": estimate(0.8, "index"),
        "trophic_incoherence": estimate(0.3, "index", null=(0.5, 0.7)),
        "krackhardt_hierarchy": undefined("index", Message("no pair is connected")),
    }
    if status != "ok":
        indices = {name: undefined("index", Message("no ties"), status="undefined") for name in indices}
    return Hierarchy(
        status=status,
        reason=Message("There are no ties.") if status != "ok" else Message("A leading core was found."),
        kind="retweet",
        indices=indices,
        tail=TailFit(None, None, 0, None, None, "undefined"),
        direction_p=undefined("probability", Message("no ties")),
        verdict=verdict,
        criteria=(
            Criterion(Message("L1 dispersion"), met=True, evidence=Message("The interval lies above 20.")),
            Criterion(Message("L2 no core"), verdict == "leaderless", Message("The search ended with: core.")),
            Criterion(Message("L3 rotation"), None, Message("Cannot be told: there are no times.")),
        ),
        levels=pl.DataFrame(
            {
                "account": list(names),
                "level": [0.0, 0.4, 1.0, 1.2],
                "attention": [100.0, 40.0, 5.0, 0.0],
                "component": [0, 0, 0, 0],
            }
        ),
        concentration_curve=pl.DataFrame(
            {
                "rank": [1, 5, 20],
                "share": [0.2, 0.4, 0.62],
                "null_mean": [0.1, 0.2, 0.3],
                "null_low": [0.05, 0.15, 0.25],
                "null_high": [0.15, 0.25, 0.35],
            }
        ),
        rotation=pl.DataFrame({"window": [1], "overlap_with_previous": [0.4]}),
        warnings=(Message("Only the busiest part was compared."),),
    )


def factions(verdict: FactionsVerdict = "structurally_divided", *, status="ok", names=("a", "b", "c")) -> Factions:
    ok = status == "ok"
    sizes = pl.DataFrame(
        {
            "faction": [0, 1, -1],
            "name": ["Group A", "Group B", "Smaller groups"],
            "accounts": [60, 35, 5],
            "share_of_accounts": [0.6, 0.35, 0.05],
            "share_of_attention": [0.7, 0.29, 0.01],
            "internal_share": [0.9, 0.8, None],
            "leaders": [list(names[:2]), [names[2]], []],
        }
    )
    between = pl.DataFrame(
        {
            "source_faction": [0, 0, 1, 1],
            "target_faction": [0, 1, 0, 1],
            "ties": [90, 10, 7, 40],
            "weight": [95.0, 11.0, 8.0, 44.0],
            "expected": [60.0, 40.0, 30.0, 20.0],
        }
    )
    gone = undefined("index", Message("no ties"))
    return Factions(
        status=status,
        reason="" if ok else Message("No factions can be told apart: no ties."),
        kind="retweet",
        n_factions=estimate(2.0, "groups", interval=(2.0, 4.0)) if ok else gone,
        membership=pl.DataFrame(
            {"account": list(names), "faction": [0, 0, 1], "stability": [1.0, 0.9, 0.7], "side": [0, 0, 1]}
        ),
        sizes=sizes if ok else sizes.clear(),
        modularity=estimate(0.42, "index") if ok else gone,
        stability=estimate(0.95, "index") if ok else gone,
        two_sidedness=estimate(0.9, "index") if ok else gone,
        scores={"random_walk_controversy": estimate(0.6, "index"), "dipole": gone} if ok else {},
        between=between if ok else between.clear(),
        bridges=pl.DataFrame({"account": [names[0]], "faction": [0], "other_faction": [1], "crossing": [5.0]}),
        verdict=verdict,
        criteria=(
            Criterion(Message("the groups are stable"), met=True, evidence=Message("Repeated runs agree to 0.95.")),
        ),
        coverage=0.93,
    )


def cascades(*, status="ok", names=("a", "b", "c")) -> Cascades:
    if status != "ok":
        return without_cascades("retweet", Message("nobody's followers are known"))
    rules = pl.DataFrame(
        {
            "rule": list(ATTRIBUTIONS), "virality": [1.8, 2.1, 2.6, 2.4], "depth": [1.0, 2.0, 3.5, 3.0],
            "root_share": [1.0, 0.7, 0.4, 0.5], "top_overlap": [1.0, 0.8, 0.5, 0.6], "rank_overlap": [1.0, 0.9, 0.6, 0.7],
        }
    )  # fmt: skip
    influence = pl.DataFrame(
        {
            "account": list(names), **{rule: [30.0, 10.5, 4.0] for rule in ATTRIBUTIONS},
            **{f"{rule}_rank": [1, 2, None] for rule in ATTRIBUTIONS},
        }
    )  # fmt: skip
    posts = pl.DataFrame(
        {"post": ["1"], "root": [names[0]], "accounts": [12], "unattributed": [2], **dict.fromkeys(ATTRIBUTIONS, 1.9)}
    )
    return Cascades(
        "ok", "found", "retweet", 12, 900, Estimate(0.3, "share of acts"), Estimate(0.8, "share of accounts"),
        Estimate(0.4, "share of acts", interval=(0.4, 0.7)), Estimate(0.5, "Jaccard index", interval=(0.5, 0.8)),
        Estimate(1.8, "mean distance", interval=(1.8, 2.6)), rules, posts, influence,
    )  # fmt: skip


def earlier_activism(*, status="ok", beyond=True, matched_on="activity", names=("a", "b", "c")) -> EarlierActivism:
    if status != "ok":
        why = Message("nothing was told of earlier events")
        return without_earlier(why, names, status=status)
    p = 0.005 if beyond else 0.4
    count = lambda value: estimate(value, "pairs", null=(0.0, 2.0), p=p, interval=None)  # noqa: E731
    return EarlierActivism(
        "ok", "found", 3, count(3.0), count(3.0), estimate(3.0, "members", null=(0.0, 3.0), p=0.2, interval=None),
        Estimate(3.0, "members", null_mean=0.4),
        pl.DataFrame({"event": ["2011"], "rows": [900], "accounts": [80], "members": [3], "expected": [1.2], "p_value": [p], "q_value": [p]}),
        pl.DataFrame({"account": list(names), "events": [["2011"]] * 3, "mutual": [2, 2, 2], "comparable": [50] * 3, "comparable_active": [0.4] * 3}),
        matched_on, 900, 0.2,
    )  # fmt: skip


def dynamics_with_parts(names=("a", "b", "c")) -> list[Dynamics]:
    """Return dynamics with its parts in every status."""
    return [
        replace(
            dynamics(names=names),
            cascades=cascades(status=status, names=names),
            earlier=earlier_activism(status=status, beyond=beyond, matched_on=matched_on, names=names),
            tracking=tracking(status=status, names=names),
        )
        for status, beyond, matched_on in (
            ("ok", True, "activity"), ("ok", False, "activity"), ("ok", True, "activity and age"),
            ("ok", False, "activity and age"), ("insufficient_data", True, "activity"), ("not_testable", True, "activity"),
        )
    ]  # fmt: skip


def tracking(verdict: TrackingVerdict = "split", *, status="ok", names=("a", "b", "c")) -> FactionTracking:
    if status != "ok":
        return without_tracking("retweet", Message("no interaction has a time"))
    days = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=i) for i in range(5)]
    p = {"split": verdict in ("split", "split_and_merger"), "merge": verdict in ("merger", "split_and_merger")}
    strongest = {
        name: estimate(9.0, "signed root", null=(0.0, 2.0), p=0.01 if p[name] else 0.5, interval=None) for name in p
    }
    windows = pl.DataFrame(
        {
            "window": range(4), "start": days[:-1], "end": days[1:], "interactions": [300.0] * 4, "status": ["ok"] * 4,
            "groups": [2, 2, 3, 2], "modularity": [0.4] * 4, "agreement": [None] * 4, "tracked": [60] * 4,
            "splits": [None, 0, 1, 0], "split_share": [None, 0.0, 0.2, 0.0], "split_expected": [None, 0.1, 0.1, 0.1],
            "merges": [None, 0, 0, 1], "merge_share": [None, 0.0, 0.0, 0.2], "merge_expected": [None, 0.1, 0.1, 0.1],
        },
        schema_overrides={"agreement": pl.Float64},
    )  # fmt: skip
    strands = pl.DataFrame(
        [(0, 0, 30, names[0]), (0, 1, 30, names[1]), (1, 0, 30, names[0]), (1, 1, 30, names[1]), (2, 0, 15, names[0]),
         (2, 1, 30, names[1]), (2, 2, 15, names[2]), (3, 0, 30, names[0]), (3, 1, 30, None)],
        schema=["window", "strand", "accounts", "most_heard"], orient="row",
    )  # fmt: skip
    events = pl.DataFrame(
        [(2, "split", 0, 2, 15, 30, 0.5, 0.5, 0.02, 9.0, strongest["split"].p_value),
         (3, "merge", 2, 0, 30, 15, 0.5, 0.02, 0.4, 9.0, strongest["merge"].p_value),
         (3, "continue", 1, None, 30, 30, 1.0, None, None, None, None)],
        schema=STRAND_EVENT_LIST, orient="row",
    )  # fmt: skip
    flows = pl.DataFrame(
        [(0, 1, 0, 0, 30), (0, 1, 1, 1, 30), (1, 2, 0, 0, 15), (1, 2, 0, 2, 15), (1, 2, 1, 1, 30), (2, 3, 0, 0, 15),
         (2, 3, 2, 0, 15), (2, 3, 1, 1, 29), (2, 3, 1, None, 1)],
        schema=["window", "next_window", "strand", "next_strand", "accounts"], orient="row",
    )  # fmt: skip
    leaders = pl.DataFrame(
        [(names[0], True, 2, 0, 0, "stayed"), (names[2], True, 2, 0, 2, "split"), (names[2], True, 3, 2, 0, "merge")],
        schema=["account", "member", "window", "before", "strand", "how"], orient="row",
    )  # fmt: skip
    core = pl.DataFrame(
        [(0, 5.0, 20.0, 0.6, 4, None), (1, 5.0, 20.0, 0.6, 4, 0), (2, 20.0, 2.0, -0.8, 2, 3), (3, 0.0, 0.0, None, 0, 2)],
        schema=["window", "inside", "across", "ei_index", "mutual", "lost"], orient="row",
    )  # fmt: skip
    thresholds = pl.DataFrame(
        {"threshold": [0.3], "event": ["split"], "count": [1], "expected": [0.4], "null_low": [0.0], "null_high": [2.0]}
    )
    number = lambda value, unit: estimate(value, unit, null=(0.0, 2.0), p=0.3, interval=None)  # noqa: E731
    return FactionTracking(
        "ok", Message("Groups of one window are seldom found again."), "retweet", verdict, strongest["split"], strongest["merge"],
        number(1.0, "splits"), number(1.0, "mergers"), estimate(0.4, "share of steps", interval=None), Estimate(0.2, "share of steps"),
        estimate(-0.9, "change", null=(-0.4, 0.4), interval=None), estimate(0.5, "share of pairs", null=(0.0, 0.3), interval=None),
        windows, strands, events, flows, leaders, thresholds, core, ((names[0], names[1]), (names[2],)),
    )  # fmt: skip


def dynamics(verdict: DynamicsVerdict = "shifting_lead", *, status="ok", names=("a", "b", "c")) -> Dynamics:
    ok = status == "ok"
    n = 6
    days = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=i) for i in range(n + 1)]
    gone = undefined("index", Message("the ties have no times"), status="insufficient_data")
    known = {
        "overlap": estimate(0.4, "Jaccard index", interval=None),
        "constancy": estimate(0.2, "Jaccard index", null=(0.3, 0.4), interval=None),
        "rank_overlap": estimate(0.5, "rank-biased overlap", interval=None),
        "cumulative_overlap": Estimate(0.8, "Jaccard index"),
        "lead_changes": estimate(2.0, "changes", null=(3.0, 5.0), interval=None),
        "core_presence": estimate(0.7, "share of windows", interval=None),
        "reaction_hours": estimate(1.2, "hours", null=(2.0, 6.0), interval=None),
        "too_quick": estimate(0.4, "share of reactions", interval=None),
        "hand_over_hours": estimate(12.0, "hours", null=(6.0, 20.0), interval=None),
        "burstiness": estimate(0.3, "index", interval=None),
    }
    bands = {f"{kind}_{end}": [None] + [value] * (n - 1) for kind, at in (("chance", 0.1), ("constant", 0.5)) for end, value in (("low", at), ("high", at + 0.1))}  # fmt: skip
    windows = pl.DataFrame(
        {
            "window": range(n), "start": days[:-1], "end": days[1:], "interactions": [300] * n, "receivers": [90] * n,
            "status": ["ok"] * (n - 1) + ["insufficient_data"], "top": [20] * n, "tied_at_cut": [0] * n,
            "overlap": [None, 0.5, 0.4, 0.3, 0.4, None], "rank_overlap": [None, 0.6, 0.5, 0.4, 0.5, None],
            "cumulative_overlap": [None, 0.7, 0.8, 0.8, 0.9, None], **bands,
            "lead": [names[0], names[0], names[1], None, names[0], None], "lead_share": [0.2, 0.2, 0.3, None, 0.1, None],
            "core_share": [0.4] * n,
        }
    )  # fmt: skip
    ranks = pl.DataFrame(
        [(w, name, (w + i) % 7 + 1, 0.1) for w in range(n - 1) for i, name in enumerate(names)],
        schema=["window", "account", "rank", "share"],
        orient="row",
    )
    reigns = pl.DataFrame(
        {
            "account": [names[0], names[1], names[0]],
            "start": [days[0], days[2], days[4]],
            "end": [days[2], days[3], days[5]],
            "windows": [2, 1, 1],
        }
    )
    at_top = pl.DataFrame({"account": list(names), "windows": [5, 3, 1], "longest": [3, 2, 1]})
    passed = pl.DataFrame({"source": list(names[:2]), "target": [names[1], names[0]], "count": [1, 1]})
    membership = pl.DataFrame(
        {
            "time": [1.0, 2.0, 4.0], "at_risk": [60, 30, 8], "ended": [25, 20, 0], "censored": [5, 2, 8],
            "survival": [0.58, 0.2, 0.2], "low": [0.4, 0.1, 0.1], "high": [0.7, 0.3, 0.3],
        }
    )  # fmt: skip
    reactions = pl.DataFrame(
        {
            "trigger": ["raid", "ruling"], "time": days[1:3], "account": [names[0], None], "hours": [1.5, 48.0],
            "ended": [True, False],
        }
    )  # fmt: skip
    curve = pl.DataFrame(
        {
            "hours": [0.0, 24.0, 48.0], "survival": [1.0, 0.5, 0.5], "low": [None, 0.1, 0.1], "high": [None, 0.9, 0.9],
            "null_low": [1.0, 0.6, 0.2], "null_high": [1.0, 1.0, 0.8],
        }
    )  # fmt: skip
    bursts = pl.DataFrame(
        {
            "account": [names[0]], "acts": [40], "burstiness": [0.3], "corrected": [0.35], "memory": [0.1],
            "without_rhythm": [0.25], "null_low": [-0.1], "null_high": [0.1], "p_value": [0.01], "q_value": [0.01],
        }
    )  # fmt: skip
    sensitivity = pl.DataFrame(
        {
            "length": ["half", "chosen", "double"], "hours": [12.0, 24.0, 48.0], "windows": [9, 5, 2],
            "overlap": [0.3, 0.4, None], "chance_mean": [0.1, 0.1, None], "p_value": [0.01, 0.01, None],
            "whole": [0.15, 0.2, None], "constant_mean": [0.4, 0.5, None], "constant_p": [0.01, 0.01, None],
            "verdict": [verdict, verdict, None],
        }
    )  # fmt: skip
    tables = {
        "windows": windows, "ranks": ranks, "at_top": at_top, "reigns": reigns, "hand_overs": passed, "membership": membership,
        "reactions": reactions, "reaction_curve": curve, "bursts": bursts, "sensitivity": sensitivity,
    }  # fmt: skip
    return Dynamics(
        status=status,
        reason=Message("Part of the top stays.") if ok else Message("the ties have no times"),
        kind="retweet",
        verdict=verdict,
        criteria=(
            Criterion(Message("the same accounts stay at the top"), met=True, evidence=Message("Overlap 0.4.")),
            Criterion(Message("other lengths of a window say the same"), met=True, evidence=Message("3 of 3.")),
        )
        if ok
        else (),
        indices=known if ok else dict.fromkeys(known, gone),
        step="day" if ok else "",
        **(tables if ok else {name: frame.clear() for name, frame in tables.items()}),
        cascades=cascades(names=names) if verdict == "shifting_lead" else None,
        earlier=earlier_activism(names=names) if verdict == "shifting_lead" else None,
        tracking=tracking(names=names) if verdict == "shifting_lead" else None,
        warnings=(Message("3 triggers lie outside the time of the data."),) if ok else (),
    )


def technology(verdict: TechnologyVerdict = "yes", *, base="people active on several platforms", asked=True):
    evidence = pl.DataFrame({"evidence": ["ties", "people"], "count": [12, 40]})
    if not asked:
        return not_asked_technology(
            "not_testable", Message("platform is the collection boundary: no tie was observed"), evidence=evidence
        )
    index = estimate(-0.4, "index", null=(-0.1, 0.2))
    reason = Message("Groups run along platforms beyond chance (adjusted mutual information {v:decimal}).", v=0.5)
    return AlongTechnology(
        status="ok", reason=reason, verdict=verdict, base=base, kind="mention", accounts=40,
        adjusted_mutual_information=estimate(0.5, "index", null=(-0.05, 0.05)),
        normalised_mutual_information=estimate(0.6, "index", null=(0.1, 0.2)),
        assortativity=estimate(0.4, "index", null=(-0.1, 0.1)),
        platform_ei_index=index,
        blockmodel_entropy=estimate(7.0, "nats a tie", null=(7.5, 8.0)),
        evidence=evidence,
    )  # fmt: skip


def with_cores(result: Factions, *, names=("a", "b", "c"), periods=True) -> Factions:
    """Return factions with a core that splits, one that does not, a small one, and what would part the network."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    windows = [
        (1, start, start + timedelta(days=7), 30, 0.2, 5, None),
        (1, start + timedelta(days=7), start + timedelta(days=14), 20, -0.6, 2, 3),
    ]
    return replace(
        result,
        inside_cores=pl.DataFrame(
            [
                (1, 8, 20, True, 2, 0.4, 0.2, 0.01, 0.9, -0.6),
                (2, 7, 21, True, 2, 0.1, 0.1, 0.6, None, None),
                (3, 6, 9, True, 3, 0.1, None, None, None, None),
                (4, 3, 2, False, None, None, None, None, None, None),
            ],
            schema=INSIDE_CORES,
            orient="row",
        ),
        core_groups=pl.DataFrame([(1, names[0], 0), (1, names[1], 1)], schema=CORE_GROUPS, orient="row"),
        core_ties=pl.DataFrame(
            [(4, names[0], names[1], 3.0), (4, names[1], names[2], 1.0)], schema=CORE_TIES, orient="row"
        ),
        core_windows=pl.DataFrame(windows if periods else [], schema=CORE_WINDOWS, orient="row"),
        fragility=pl.DataFrame([(90, 140, 12, 7, 1, 0.02, 1.0)], schema=FACTION_FRAGILITY, orient="row"),
        cut_between_factions=estimate(0.05, "share of all weight", null=(0.1, 0.2)),
        resolutions=pl.DataFrame(
            [(0.5, 1, 0.1, 0.4), (1.0, 2, 0.4, 1.0), (2.0, 9, 0.3, 0.5)], schema=FACTION_RESOLUTIONS, orient="row"
        ),
    )


def symbols(
    verdict: SymbolsVerdict = "shared", *, status="ok", names=("a", "b", "c"), tags=("plaza", "حراك", "strike", "query")
) -> Symbols:
    ok, known = status == "ok", verdict != "cannot_say"
    of = {
        "shared": ["crossing", "bound", "undetermined", "query"],
        "bound": ["bound", "bound", "undetermined", "query"],
    }
    verdicts = of.get(verdict, ["undetermined"] * 3 + ["query"]) if known else [None] * 4
    begin = datetime(2024, 3, 4, tzinfo=UTC)
    first = [None, begin + timedelta(days=2), begin + timedelta(days=3), None]
    table = pl.DataFrame(
        {
            "symbol": tags, "users": [400, 120, 60, 500], "uses": [900, 300, 61, 2000],
            "share_of_users": [0.8, 0.24, 0.12, 1.0], "query": [False, False, False, True], "group": [0, 0, None, None],
            "verdict": verdicts, "covered": [390, 118, 60, 490] if known else [None] * 4,
            "spread": [0.99, 0.4, 0.93, 1.0] if known else [None] * 4,
            "spread_by_chance": [0.998, 0.99, 0.97, 1.0] if known else [None] * 4,
            "p_value": [0.4, 0.0001, 0.2, None] if known else [None] * 4,
            "q_value": [0.6, 0.003, 0.4, None] if known else [None] * 4,
            "lowest_lift": [0.9, None, 0.7, 1.0] if known else [None] * 4,
            "testable": [True, True, False, False] if known else [None] * 4,
            "p_crossing": [1e-6, 1.0, None, None] if known else [None] * 4,
            "q_crossing": [2e-6, 1.0, None, None] if known else [None] * 4,
            "first_use": first, "first_adopter": [None, names[0], "someone", None],
            "first_in_core": [None, True, False, None], "half_days": [None, 3.5, 0.2, None],
            "at_risk": [380, 110, None, 480], "retention": [0.44, 0.3, None, 0.9], "retention_low": [0.4, 0.2, None, 0.87],
            "retention_high": [0.48, 0.4, None, 0.92], "kept": [True, False, None, True],
            "still_active": [0.8, 0.7, None, 1.0], "retention_by_chance": [0.3, 0.4, None, None],
            "retention_p": [0.001, 0.03, None, None], "retention_q": [0.002, 0.03, None, None],
        },
        schema=SYMBOLS,
    )  # fmt: skip
    factions = pl.DataFrame(
        {"faction": [0, 1], "name": ["Group A", "Group B"], "accounts": [300, 200], "share": [0.6, 0.4]},
        schema=SYMBOL_FACTIONS,
    )
    by_faction = pl.DataFrame(
        [
            (tags[0], 0, 230, 0.59, 0.98, 0.9, 1.06), (tags[0], 1, 160, 0.41, 1.03, 0.9, 1.15),
            (tags[1], 0, None, None, None, None, None), (tags[1], 1, 116, 0.98, 2.46, 2.3, 2.49),
            (tags[2], 0, 40, 0.67, 1.1, 0.9, 1.3), (tags[2], 1, 20, 0.33, 0.83, 0.6, 1.1),
            (tags[3], 0, 295, 0.6, 1.0, 0.9, 1.1), (tags[3], 1, 195, 0.4, 1.0, 0.9, 1.1),
        ],
        schema=SYMBOLS_BY_FACTION, orient="row",
    )  # fmt: skip
    co_use = pl.DataFrame(
        [
            (tags[0], tags[1], 110, 96.0, 0.14, 0.09, 0.0001, 0.0006, 97.0, 0.001, 0.003, True),
            (tags[0], tags[2], 50, 48.0, 0.04, 0.02, 0.3, 0.5, None, None, None, False),
        ],
        schema=CO_USE, orient="row",
    )  # fmt: skip
    adoption = pl.DataFrame(
        [(tags[i], f, begin + timedelta(days=d), 5 + 40 * d) for i in (1, 2) for f in (None, 0, 1) for d in (3, 5, 9)],
        schema=ADOPTION, orient="row",
    )  # fmt: skip
    gone = undefined("hashtags", Message("the groups are not known"), status="insufficient_data")
    return Symbols(
        status=status,
        reason=Message("the data hold no hashtags; an export of posts would answer it")
        if not ok
        else Message("So it is."),
        kind="retweet",
        users=500 if ok else 0,
        uses=3261 if ok else 0,
        different=40 if ok else 0,
        symbols=table if ok else table.clear(),
        factions=factions if ok and known else factions.clear(),
        by_faction=by_faction if ok and known else by_faction.clear(),
        co_use=co_use if ok else co_use.clear(),
        adoption=adoption if ok else adoption.clear(),
        crossing=Estimate(1.0, "hashtags") if ok and known else gone,
        bound=Estimate(1.0, "hashtags") if ok and known else gone,
        first_in_core=estimate(0.5, "share of hashtags") if ok else gone,
        retention=replace(estimate(0.4, "share of first uses"), null_interval=None, p_value=None) if ok else gone,
        retention_days=7.0,
        verdict=verdict,
        criteria=(
            Criterion(Message("a sign crosses every large group"), verdict == "shared", Message("Shown to cross: 1.")),
        )
        if ok
        else (),
        queried=tags[3:] if ok else (),
        warnings=(Message("The posts were collected by a query."),) if ok else (),
    )


def coordination(outcome: CoordinationOutcome = "groups", *, names=("a", "b", "c", "d", "e")) -> Coordination:
    found, tested = outcome == "groups", outcome in ("groups", "none_found")
    status = "ok" if tested else outcome
    a, b, c, d, e = names
    edges = pl.DataFrame(
        {
            "account_a": [a, a, d],
            "account_b": [b, c, e],
            "group": [1, 1, 2],
            "objects": [9, 8, 5],
            "close": [7, 6, 5],
            "median_gap": [12.0, 20.0, 4.0],
            "symmetry": [0.9, 0.2, 0.0],
            "p_sharing": [1e-9, 1e-8, 1e-7],
            "q_sharing": [1e-5, 1e-4, 1e-3],
            "p_timing": [1e-9, 1e-8, 1e-6],
            "p_rhythm": [1e-12, 1e-11, 1e-9],
            "q_timing": [1e-6, 1e-5, 1e-3],
            "examples": [["https://example.org/1"], [], ["https://example.org/2"]],
        }
    )
    groups = pl.DataFrame(
        {
            "group": [1, 2],
            "accounts": [3, 2],
            "pairs": [2, 1],
            "density": [0.67, 1.0],
            "objects": [9, 5],
            "median_gap": [16.0, 4.0],
            "symmetry": [0.55, 0.0],
            "core_members": [2, 0],
            "core_p": [0.01, 1.0],
        }
    )
    members = pl.DataFrame(
        {
            "account": list(names),
            "group": [1, 1, 1, 2, 2],
            "partners": [2, 1, 1, 1, 1],
            "objects": [9, 7, 6, 5, 5],
            "x": [0.0, 1.0, 0.5, 3.0, 4.0],
            "y": [0.0, 0.0, 1.0, 0.0, 0.0],
            "core": [True, True, False, False, False],
        }
    )
    gaps = pl.DataFrame(
        {
            "low": [0, 5, 10, 30, 60, 300, 3600, 86_400],
            "high": [5, 10, 30, 60, 300, 3600, 86_400, None],
            "observed": [6, 5, 5, 2, 1, 1, 1, 1],
            "expected": [0.5, 0.4, 1.1, 1.0, 3.0, 6.0, 8.0, 2.0],
        }
    )
    comparison = pl.DataFrame(
        {
            "rule": ["tested", "percentile"],
            "pairs": [3 if found else 0, 40],
            "accounts": [5 if found else 0, 31],
            "pairs_in_common": [3 if found else 0, 2 if found else 0],
            "accounts_in_common": [5 if found else 0, 3 if found else 0],
            "pairs_by_chance": [0.0, 37.0],
        }
    )
    reason = Message("no share has a time, so nothing says who shared when") if not tested else ""
    gone = undefined("accounts", Message("no leading core was found or looked for"))
    return Coordination(
        status=status,
        reason=reason,
        kind="share",
        outcome=outcome,
        objects="shares" if tested else "",
        n_shares=5000,
        n_accounts=300 if tested else 0,
        n_objects=420 if tested else 0,
        n_viral=2 if tested else 0,
        viral_above=30,
        windows=(5, 10, 30, 60) if tested else (),
        n_sharing=12 if tested else 0,
        n_untestable=2 if tested else 0,
        n_timing_only=1 if tested else 0,
        pairs=estimate(3.0 if found else 0.0, "pairs of accounts", null=(0.0, 0.0), interval=None) if tested else gone,
        share_of_accounts=Estimate(5 / 300 if found else 0.0, "share of accounts") if tested else gone,
        edges=edges if found else edges.clear(),
        groups=groups if found else groups.clear(),
        members=members if found else members.clear(),
        gaps=gaps if found else gaps.clear(),
        comparison=comparison if tested else comparison.clear(),
        percentile_weight=1.0 if tested else None,
        core_overlap=estimate(2.0, "accounts", null=(0.0, 1.0), interval=None) if found else gone,
        warnings=(Message("2 objects that more than 30 accounts shared are left out: they say little about any two"),),
    )


OPERATION = {
    "operation": "March", "start": datetime(2024, 3, 4, tzinfo=UTC), "end": datetime(2024, 3, 11, tzinfo=UTC), "reason": "",
    "community": 1000, "endorsers": 120, "passed_on_only": 40, "opponents": 30, "both": 5, "outside": 12,
    "participation": 0.12, "participation_low": 0.101, "participation_high": 0.142,
    "participation_posts_low": 0.09, "participation_posts_high": 0.15,
    "counter_share": 0.03, "counter_low": 0.021, "counter_high": 0.043,
    "balance": 0.6, "balance_low": 0.46, "balance_high": 0.71, "balance_p": 1e-9, "balance_q": 2e-9,
    "breadth": 0.21, "breadth_null_low": 0.8, "breadth_p": 0.001, "breadth_q": 0.002,
    "divergence": 0.25, "divergence_by_chance": 0.01, "divergence_beyond_chance": 0.24, "divergence_p": 0.001,
    "ordinary": 30, "ordinary_median": 0.02, "ordinary_low": 0.01, "ordinary_high": 0.09, "ordinary_p": 0.03, "ordinary_q": 0.04,
    "exposed": 50, "core_first": 0.4, "core_first_low": 0.0, "core_first_high": 0.1, "core_first_p": 0.01, "core_first_q": 0.02,
    "fastest": 1.5, "fastest_low": 0.5, "fastest_high": 2.5, "curve": "bass", "outcome": "accepted",
}  # fmt: skip


def operation(verdict: OperationVerdict, **changed) -> dict:
    """Return the row of one operation as its verdict has it."""
    if verdict == "not_measured":
        told = ("operation", "start", "end")
        return {
            **dict.fromkeys(OPERATION),
            **{n: OPERATION[n] for n in told},
            "reason": "no_community",
            **changed,
            "verdict": verdict,
        }
    own = {
        "legitimated": {"breadth": 0.9, "breadth_q": 0.8},
        "contested": {"opponents": 100, "counter_share": 0.1, "balance": 0.09, "balance_low": -0.05, "balance_high": 0.2, "balance_q": 0.2},
        "opposed": {"endorsers": 30, "participation": 0.03, "opponents": 120, "counter_share": 0.12, "balance": -0.6, "balance_low": -0.7, "balance_high": -0.4},
        "factional": {},
        "ignored": {"breadth": 0.8, "ordinary_p": 0.5, "ordinary_q": 0.6},
        "descriptive": {"reason": "few_operations", "breadth": 0.9},
        "one_sided_view": {
            "reason": "no_counter_signs",
            **dict.fromkeys(("opponents", "both", "counter_share", "counter_low", "counter_high", "balance", "balance_low", "balance_high", "balance_p", "balance_q")),
        },
    }[verdict]  # fmt: skip
    return {**OPERATION, **own, **changed, "verdict": verdict}


def legitimation(*rows: dict, status="ok", bars=None, relation=None, warnings=(), names=("March",)) -> Legitimation:
    """Return a result with the given operations, called by ``names``."""
    called = [{**row, "operation": name} for row, name in zip(rows, [*names, *"bcdefghijklmnopqrs"], strict=False)]
    measured = [row["operation"] for row in called if row["verdict"] != "not_measured"]
    return Legitimation(
        status=status,
        reason="" if status == "ok" else Message("no table of operations: one would answer it"),
        kind="retweet",
        operations=pl.DataFrame(called, schema=OPERATIONS, orient="row"),
        factions=pl.DataFrame(
            [
                (name, faction, members, joined, 10, members / 1000, joined / 120, joined / 120 / (members / 1000))
                for name in measured
                for faction, members, joined in ((0, 500, 100), (1, 300, 15), (-1, 200, 5))
            ],
            schema=OPERATION_FACTIONS,
            orient="row",
        ),
        joining=pl.DataFrame(
            [(name, float(day), 24 * day, 6 * day, day) for name in measured for day in range(6)],
            schema=JOINING,
            orient="row",
        ),
        adoption=pl.DataFrame(
            [(name, "bass", 140.0, 0.1, 0.8, 50.0) for name in measured], schema=OPERATION_CURVES, orient="row"
        ),
        participation_bar=None if bars is None else bars[0],
        counter_bar=None if bars is None else bars[1],
        outcome_relation=relation
        or undefined("probability", Message("it takes 10 operations"), status="insufficient_data"),
        warnings=warnings,
    )


def every_legitimation() -> list[Legitimation]:
    """Return the result with each verdict on one operation, with all of them, and without any."""
    verdicts = get_args(OperationVerdict)
    measured = [verdict for verdict in verdicts if verdict != "not_measured"]
    return [
        *(legitimation(operation(verdict), bars=(0.1, 0.05) if verdict in ("legitimated", "ignored") else None) for verdict in measured),
        legitimation(*(operation(verdict) for verdict in verdicts), bars=(0.1, 0.05)),
        legitimation(status="insufficient_data"),
    ]  # fmt: skip


def every_result(names=("a", "b", "c", "d", "e", "f")):
    """Return each kind of result in every outcome, verdict and status."""
    return [
        *(leading_core(outcome, names=names) for outcome in get_args(CoreOutcome)),
        *(super_users(status, names=names[:3]) for status in ("ok", "not_testable")),
        *(
            hierarchy(verdict, names=names[:4], above=above)
            for verdict in get_args(HierarchyVerdict)
            for above in (True, False)
        ),
        hierarchy("undetermined", status="undefined", names=names[:4]),
        *(factions(verdict, names=names[:3]) for verdict in get_args(FactionsVerdict)),
        factions("undetermined", status="insufficient_data", names=names[:3]),
        *(dynamics(verdict, names=names[:3]) for verdict in get_args(DynamicsVerdict)),
        dynamics("undetermined", status="insufficient_data", names=names[:3]),
        *(symbols(verdict, names=names[:3]) for verdict in get_args(SymbolsVerdict)),
        symbols("cannot_say", status="insufficient_data", names=names[:3]),
        *(coordination(outcome, names=names[:5]) for outcome in get_args(CoordinationOutcome)),
        *every_legitimation(),
    ]


def every_branch():
    """Return results that reach what :func:`every_result` does not: what is missing, single, many, equal or unsure."""
    cores, rival, hub = leading_core("core"), leading_core("rival_cores"), leading_core("single_hub")
    elite, none, close = (
        leading_core("elite_larger_than_team"),
        leading_core("no_core"),
        leading_core("cohesive_not_leading"),
    )
    bare = replace(core(), p_value=None, mean_overlap=None, stability={}, p_bound=1.0)
    drivers = cores.drivers.with_columns(low=pl.lit(None, pl.Float64), null_low=pl.lit(None, pl.Float64))
    alone = cores.drivers.with_columns(accounts=pl.lit(1, pl.Int64))
    related = pl.concat([rival.relations] * 3).with_columns(relation=pl.Series(["allied", "separate", "not compared"]))
    made = [
        replace(cores, cores=(bare,), drivers=cores.drivers.clear(), pool=cores.pool.clear(), missing=()),
        replace(cores, cores=(replace(bare, tier="calibrated"),), drivers=drivers, associates=cores.associates.clear()),
        replace(cores, cores=(core(tier="calibrated", p=1e-9),), drivers=alone),
        replace(cores, cores=(core(tier="calibrated", p=0.999),), coverage_curve=cores.coverage_curve.head(1)),
        replace(rival, cores=(*rival.cores, core(("f",), share=0.0004)), relations=related),
        replace(hub, hub=None, candidate=None, attention_of_top=undefined("share of attention", Message("no ties"))),
        replace(hub, attention_of_top=estimate(0.2, null=(0.1, 0.3)), candidate=bare),
        replace(hub, attention_of_top=estimate(0.05, null=(0.1, 0.3)), amplified_by_hub=hub.amplified_by_hub.clear()),
        replace(elite, elite=None, candidate=None),
        replace(elite, candidate=bare),
        replace(close, elite=bare, candidate=None),
        replace(close, candidate=None),
        replace(leading_core("niche_not_core"), candidate=None),
        replace(none, candidate=bare, power=none.power.clear()),
        replace(none, candidate=None),
        replace(leading_core("not_testable"), smallest_testable=5, candidate=None),
        *(replace(cores, kind=kind) for kind in ("follow", "mention", "reply", "quote", "forward", "share")),
        *(replace(hub, kind=kind) for kind in ("follow", "mention", "reply", "quote", "forward", "share")),
        *(replace(close, kind=kind) for kind in ("follow", "mention", "reply", "quote", "forward", "share")),
    ]  # fmt: skip
    keys = super_users()
    groups = keys.shutdown_power.with_columns(
        people=pl.lit(2, pl.Int64), who=pl.lit(["Ada", "Bo"]), exact=pl.lit(value=False)
    )
    unknown = groups.with_columns(solutions=pl.lit(1), who=pl.lit([f"P{i}" for i in range(7)]))
    one_of = keys.shutdown_power.with_columns(people=pl.lit(1, pl.Int64), solutions=pl.lit(2), who=pl.lit(["Ada"]))
    made += [
        *(replace(base, shared_operators=alike) for base in (keys, super_users("not_testable")) for alike in shared_operators()),
        replace(keys, shutdown_power=groups, bus_factor=groups, attention_source="followers_count", n_accounts=1),
        replace(keys, shutdown_power=unknown, bus_factor=unknown, attention_source="reach", coverage=0.6),
        replace(keys, shutdown_power=one_of, bus_factor=one_of, coverage=0.2, top_person=None, n_people=1),
        replace(
            keys, shutdown_power=groups.clear(), bus_factor=groups.clear(), bots=pl.concat([keys.people.head(2)]),
            top_loss=estimate(0.1, p=0.5, null=(0.2, 0.4)), effective_holders=undefined("people", Message("none")),
            curve=keys.curve.with_columns(removed=pl.col("removed") + 1, matched_mean=pl.lit(None, pl.Float64)),
        ),
        replace(keys, top_loss=undefined("share of attention", Message("the table covers no account with ties")), reason=""),
    ]  # fmt: skip
    led = hierarchy("led")
    without = Criterion(Message("L2 no core"), met=True, evidence=Message("No core was found."))
    first, *_, last = led.criteria
    five = {**led.indices, "top_5_share": led.indices["top_20_share"]}
    del five["top_20_share"]
    few = {name: led.indices[name] for name in ("effective_leaders", "trophic_incoherence")}
    alone = replace(led.indices["top_20_share"], null_interval=None, interval=None)
    high = replace(led.indices["trophic_incoherence"], value=0.9)
    same = replace(led.indices["trophic_incoherence"], value=0.6)
    for verdict in get_args(HierarchyVerdict):
        made += [
            replace(hierarchy(verdict), criteria=(first, without, last), indices=few),
            replace(hierarchy(verdict), criteria=(first, without, last), indices={**few, "trophic_incoherence": high}),
            replace(hierarchy(verdict), indices={**five, "trophic_incoherence": same}),
            replace(hierarchy(verdict), indices={"top_20_share": alone, "strange_index": estimate(0.2, "index")}),
            replace(hierarchy(verdict), indices={"top_20_share": estimate(0.2), "top_1_share": undefined("index", Message("no account"))}),
        ]  # fmt: skip
    split = factions()
    many = pl.concat([split.sizes.head(1)] * 8).with_columns(
        faction=pl.int_range(0, 8), name=pl.format("Group {}", pl.Series(list("ABCDEFGH")))
    )
    between = pl.DataFrame(
        {"source_faction": [0, 1, 6], "target_faction": [1, 0, 7], "ties": [1, 2, 3], "weight": [1.0, 2.0, 3.0]}
    )
    plain = replace(split.modularity, null_interval=None, interval=None)
    for verdict in get_args(FactionsVerdict):
        made += [
            replace(factions(verdict), between=split.between.clear(), bridges=split.bridges.clear()),
            replace(factions(verdict), sizes=many, between=between, modularity=plain, warnings=(Message("Something."),)),
            replace(
                factions(verdict),
                n_factions=estimate(1.0, "groups", interval=None),
                stability=estimate(0.82, "index"),
                modularity=undefined("index", Message("no ties")),
                two_sidedness=undefined("index", Message("no ties")),
                scores={name: estimate(-0.3, "index") for name in ("ei_index", "dipole_weighted", "ei_index_weighted")},
            ),
        ]  # fmt: skip
    made += [
        *(
            with_cores(
                replace(factions(), technology=technology(verdict, base=base)),
                periods=verdict == "yes",
            )
            for verdict in get_args(TechnologyVerdict)
            for base in ("people active on several platforms", "accounts")
        ),
        replace(factions(), technology=technology(asked=False)),
    ]
    signs = symbols()
    crossing = pl.col("verdict").replace({"bound": "crossing"})
    gone = undefined("share of first uses", Message("the uses of hashtags have no times"), status="insufficient_data")
    none = pl.lit(None, pl.Float64)
    timeless = signs.symbols.with_columns(
        retention=none, kept=pl.lit(None, pl.Boolean), half_days=none, retention_q=none, retention_by_chance=none
    )
    many = pl.concat([signs.symbols.head(1)] * 8).with_columns(
        symbol=pl.format("sign{}", pl.int_range(0, 8)), verdict=pl.lit("crossing"), query=pl.lit(value=False)
    )
    made += [
        replace(signs, queried=(), warnings=()),
        replace(signs, symbols=many, queried=()),
        replace(signs, symbols=signs.symbols.with_columns(verdict=crossing), co_use=signs.co_use.clear()),
        replace(signs, symbols=timeless, adoption=signs.adoption.clear(), retention=gone, first_in_core=gone, verdict="undetermined"),
        replace(signs, symbols=timeless, adoption=signs.adoption, retention=gone, verdict="undetermined"),
        replace(symbols("undetermined"), symbols=signs.symbols.with_columns(verdict=crossing, retention_q=none)),
        replace(symbols("bound"), queried=(), symbols=signs.symbols.with_columns(verdict=pl.lit("bound"), testable=pl.lit(value=True))),
        replace(symbols("bound"), by_faction=signs.by_faction.clear(), queried=()),
        replace(symbols("cannot_say"), first_in_core=gone, retention=gone),
    ]  # fmt: skip
    together, none = coordination(), coordination("none_found")
    one = together.groups.head(1)
    many = pl.concat([together.groups.head(1)] * 14).with_columns(
        group=pl.int_range(1, 15, dtype=pl.Int64), core_members=pl.lit(None, pl.Int64), core_p=pl.lit(None, pl.Float64),
        median_gap=pl.lit(None, pl.Float64), symmetry=pl.lit(None, pl.Float64),
    )  # fmt: skip
    later = together.members.with_columns(
        group=pl.Series([1, 7, 8, 9, 9]),
        x=pl.Series([0.0, 1.0, 2.0, 3.0, None]),
        y=pl.Series([0.0, 1.0, 2.0, 3.0, None]),
    )
    made += [
        replace(together, groups=one, members=together.members.head(3), edges=together.edges.head(2), objects="retweets"),
        replace(together, groups=many, members=later, objects="hashtags"),
        replace(
            together, groups=many, members=later.with_columns(x=pl.lit(None, pl.Float64), y=pl.lit(None, pl.Float64)),
            pairs=Estimate(3.0, "pairs of accounts"), comparison=together.comparison.head(1), gaps=together.gaps.clear(),
        ),
        replace(
            together, core_overlap=undefined("accounts", Message("none")), n_sharing=3, n_untestable=0, n_timing_only=0,
            comparison=together.comparison.with_columns(pairs_by_chance=pl.lit(None, pl.Float64)),
        ),
        replace(none, n_sharing=1, n_untestable=0, n_timing_only=0, comparison=none.comparison.head(1)),
    ]  # fmt: skip
    bare = dict.fromkeys(
        (
            "participation_low",
            "participation_posts_low",
            "ordinary_p",
            "ordinary_q",
            "balance_p",
            "balance_q",
            "fastest",
            "core_first_p",
        )
    )
    within = {"balance_p": 0.4, "balance_q": 0.4, "core_first_q": 0.5, "curve": None, "fastest_low": None, "outside": 0}
    none = {
        "endorsers": 0,
        "opponents": 0,
        "balance": None,
        "participation": 0.0,
        "counter_share": 0.0,
        "breadth": None,
    }
    made += [
        legitimation(operation("descriptive", **bare)),
        legitimation(operation("contested", **within, participation_posts_low=None)),
        legitimation(operation("ignored", **none)),
        legitimation(operation("descriptive", reason="no_factions"), relation=estimate(0.9, "probability")),
        legitimation(operation("descriptive", reason="unclear_breadth", opponents=0), bars=(0.1, 0.02)),
        *(legitimation(operation("factional"), operation("not_measured", reason=reason)) for reason in ("after_data", "before_data", "no_duration")),
        legitimation(*(operation("legitimated", **within) for _ in range(14)), bars=(0.1, 0.05), relation=estimate(0.2, "probability")),
        legitimation(*(operation("opposed", outside=0) for _ in range(2)), relation=estimate(0.6, "probability", p=0.4)),
        legitimation(operation("opposed"), operation("ignored", **bare), warnings=(Message("The data end early."),)),
    ]  # fmt: skip
    return made
    made += [replace(dynamics(), tracking=tracking(verdict)) for verdict in get_args(TrackingVerdict)]
    return [*made, *dynamics_with_parts()]
