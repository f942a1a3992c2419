"""Super users: every worked value, the exact solvers against brute force, the null model, and the edge cases."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netact.errors import MeasureError
from netact.measures import super_users as module
from netact.measures.super_users import fragmentation, super_users
from netact.network import Network
from netact.null_models import bipartite_degree_preserving
from netact.synthetic import karate, movement, planted_cores

# Worked table: who administers what, and which of 190 sources listen to it.
AUDIENCES = {
    "fb": range(100),
    "tw": range(60, 140),
    "live": range(120, 160),
    "press": range(150, 170),
    "local": range(170, 190),
    "memes": range(40),
}
ADMINS = {
    "fb": ["P1"],
    "tw": ["P1", "P2"],
    "live": ["P2", "P3"],
    "press": ["P3"],
    "local": ["P4"],
    "memes": ["P5", "P1"],
}


def build(audiences, rights, *, accounts=None) -> Network:
    """Network of audiences (account -> numbers of sources) and rights (person, account[, role[, is_bot]])."""
    ties = [(f"u{source:04d}", account) for account, sources in audiences.items() for source in sources]
    names = ["person", "account", "role", "is_bot"][: max((len(row) for row in rights), default=2)]
    return Network.from_tables(
        pl.DataFrame(ties, schema={"source": pl.String, "target": pl.String}, orient="row"),
        accounts,
        pl.DataFrame(rights, schema=names, orient="row") if rights else None,
    )


def worked(**extra) -> Network:
    return build(AUDIENCES, [(p, a) for a, people in ADMINS.items() for p in people], **extra)


def smallest(frame: pl.DataFrame, share: float, unit: str) -> dict:
    return frame.row(by_predicate=(pl.col("share") == share) & (pl.col("unit") == unit), named=True)


@pytest.fixture(scope="module")
def answer():
    return super_users(worked(), draws=199, seed=1)


# ---------------------------------------------------------------------- worked values


def test_control_shares_and_concentration(answer):
    shares = dict(answer.people.select("person", "control_share").iter_rows())
    expected = {"P1": 0.533333, "P2": 0.2, "P3": 0.133333, "P4": 0.066667, "P5": 0.066667}
    assert shares == pytest.approx(expected, abs=1e-6)
    assert answer.herfindahl.value == pytest.approx(0.351111, abs=1e-6)
    assert answer.normalised_herfindahl.value == pytest.approx(0.188889, abs=1e-6)
    assert answer.effective_holders.value == pytest.approx(2.848101, abs=1e-6)
    assert answer.top_share.value == pytest.approx(0.533333, abs=1e-6)


def test_losses_of_the_first_person(answer):
    first = answer.people.row(0, named=True)
    assert first["person"] == answer.top_person == "P1"
    assert first["shutdown_audience"] == pytest.approx(0.631579, abs=1e-6)
    assert first["shutdown_attention"] == answer.top_loss.value == pytest.approx(0.733333, abs=1e-6)
    assert first["departure_audience"] == pytest.approx(0.105263, abs=1e-6)
    assert first["departure_attention"] == pytest.approx(0.333333, abs=1e-6)


@pytest.mark.parametrize("exact_people", [20, 0])  # all groups tried; mixed-integer program
@pytest.mark.parametrize(
    ("question", "share", "unit", "people", "solutions", "sets"),
    [
        ("shutdown_power", 0.5, "attention", 1, 1, [{"P1"}]),
        ("shutdown_power", 0.5, "audience", 1, 1, [{"P1"}]),
        ("shutdown_power", 0.8, "audience", 2, 1, [{"P1", "P3"}]),
        ("shutdown_power", 0.8, "attention", 2, 3, [{"P1", "P2"}, {"P1", "P3"}, {"P1", "P4"}]),
        ("bus_factor", 0.5, "audience", 3, 3, [{"P1", "P2", p} for p in ("P3", "P4", "P5")]),
        ("bus_factor", 0.5, "attention", 2, 1, [{"P1", "P2"}]),
        ("bus_factor", 0.8, "audience", 4, 1, [{"P1", "P2", "P3", "P5"}]),
        ("bus_factor", 0.8, "attention", 3, 1, [{"P1", "P2", "P3"}]),
    ],
)
def test_smallest_sets(exact_people, question, share, unit, people, solutions, sets):
    found = super_users(worked(), draws=1, exact_people=exact_people, seed=1)
    row = smallest(getattr(found, question), share, unit)
    assert row["people"] == people
    assert set(row["who"]) in sets
    assert row["exact"]
    assert row["solutions"] == (solutions if exact_people else None)


def test_the_two_questions_have_opposite_answers(answer):
    assert smallest(answer.shutdown_power, 0.5, "audience")["people"] == 1
    assert smallest(answer.bus_factor, 0.5, "audience")["people"] == 3


@pytest.mark.parametrize(
    ("removed", "apart", "distance"),
    [((), 0, 0.507992), ((0,), 0.316288, 0.641540), ((33,), 0, 0.541761), ((0, 33), 0.324597, 0.683266)],
)
def test_karate_fragmentation(removed, apart, distance):
    gone = np.isin(np.arange(34), removed)
    found = fragmentation(karate().ties(), gone)
    assert found["fragmentation"] == pytest.approx(apart, abs=1e-6)
    assert found["distance_fragmentation"] == pytest.approx(distance, abs=1e-6)
    graph = nx.karate_club_graph()
    graph.remove_nodes_from(removed)
    assert found["distance_fragmentation"] == pytest.approx(1 - nx.global_efficiency(graph), abs=1e-12)


def test_karate_best_pair_to_remove():
    ties = karate().ties()
    for index in ("fragmentation", "distance_fragmentation"):
        scores = {pair: fragmentation(ties, np.isin(np.arange(34), pair))[index] for pair in combinations(range(34), 2)}
        assert max(scores, key=scores.__getitem__) == (0, 1)


@given(st.integers(0, 10_000), st.integers(3, 25), st.floats(0.02, 0.4))
@settings(max_examples=30, deadline=None)
def test_fragmentation_agrees_with_networkx(seed, n, density):
    graph = nx.gnp_random_graph(n, density, seed=seed, directed=True)
    network = Network.from_graph(nx.relabel_nodes(graph, lambda node: f"{node:02d}"))
    removed = np.random.default_rng(seed).random(network.n_accounts) < 0.2
    rest = graph.to_undirected()
    rest.remove_nodes_from([v for v in graph if removed[v] or graph.degree(v) == 0])
    found = fragmentation(network.ties(), removed)
    if len(rest) < 2:
        assert set(found.values()) == {None}
        return
    sizes = [len(part) for part in nx.connected_components(rest)]
    pairs = len(rest) * (len(rest) - 1)
    assert found["fragmentation"] == pytest.approx(1 - sum(s * (s - 1) for s in sizes) / pairs)
    assert found["largest_component"] == pytest.approx(max(sizes) / len(rest))
    assert found["distance_fragmentation"] == pytest.approx(1 - nx.global_efficiency(rest))


# ---------------------------------------------------------------------- exact against brute force


def brute_force(network: Network, rule: str, unit: str, share: float) -> tuple[int | None, int]:
    """Smallest number of people and number of smallest sets, by plain Python over the rights."""
    rights: dict[int, set[str]] = {}
    for person, account in network.admin_rights.select("person", "account").iter_rows():
        rights.setdefault(account, set()).add(person)
    people = sorted(set().union(*rights.values()))
    ties = network.ties()
    heard: dict[int, set[int]] = {}
    weight: dict[int, float] = dict.fromkeys(rights, 0.0)
    for source, target, w in zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True):
        if target in rights:
            heard.setdefault(source, set()).add(target)
            weight[target] += w
    for size in range(1, len(people) + 1):
        count = 0
        for group in combinations(people, size):
            gone = set(group)
            dark = {a for a, held in rights.items() if (held & gone if rule == "any" else held <= gone)}
            if unit == "attention":
                lost = sum(weight[a] for a in dark) / sum(weight.values())
            else:
                lost = sum(accounts <= dark for accounts in heard.values()) / len(heard)
            count += lost >= share - 1e-6
        if count:
            return size, count
    return None, 0


@st.composite
def tables(draw):
    n_people, n_accounts = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    everyone = [f"p{i}" for i in range(n_people)]
    rights = [
        (person, f"a{number}")
        for number in range(n_accounts)
        for person in draw(st.sets(st.sampled_from(everyone), min_size=1, max_size=4))
    ]
    audiences = {f"a{n}": sorted(draw(st.sets(st.integers(0, 15), max_size=8))) for n in range(n_accounts)}
    if not any(audiences.values()):
        audiences["a0"] = [0]
    return build(audiences, rights)


@given(tables())
@settings(max_examples=60, deadline=None)
def test_enumeration_and_program_agree_with_brute_force(network):
    tried = super_users(network, draws=1, seed=1)
    solved = super_users(network, draws=1, exact_people=0, seed=1)
    for question, rule in (("shutdown_power", "any"), ("bus_factor", "all")):
        for share, unit in product((0.5, 0.8), ("attention", "audience")):
            people, solutions = brute_force(network, rule, unit, share)
            row = smallest(getattr(tried, question), share, unit)
            assert (row["people"], row["solutions"], row["exact"]) == (people, solutions, True)
            row = smallest(getattr(solved, question), share, unit)
            assert (row["people"], row["exact"]) == (people, True)


@given(tables(), st.sampled_from(["any", "all"]), st.sampled_from(["attention", "audience"]))
@settings(max_examples=60, deadline=None)
def test_greedy_sets_are_enough_and_never_smaller_than_the_exact(network, rule, unit):
    rights = module.usable_rights(network, [])
    listed = rights["account"].unique().sort().to_numpy().astype(np.int64)
    attention, _, _ = module.listed_attention(network, network.ties(), listed, [])
    _, table = module._people(module._table(rights, listed, attention, network.ties()))
    cover = module._covers(table, rule)[unit]
    for share in (0.5, 0.8):
        found = module._greedy(cover, share, module._useful(cover))
        gone = np.isin(np.arange(len(table.people)), found)
        assert cover.loss(gone) >= share - 1e-6
        assert len(found) >= brute_force(network, rule, unit, share)[0]


def test_a_middling_table_is_solved_exactly_by_the_program():
    random = np.random.default_rng(3)
    rights = [
        (f"p{p:02d}", f"a{a:02d}") for a in range(40) for p in random.choice(30, random.integers(1, 4), replace=False)
    ]
    audiences = {f"a{a:02d}": random.choice(150, random.integers(5, 60), replace=False).tolist() for a in range(40)}
    found = super_users(build(audiences, rights), draws=1, seed=1)
    for frame in (found.shutdown_power, found.bus_factor):
        assert frame["exact"].all()
        assert (frame["people"] > 1).all()


def test_beyond_the_stated_size_the_answer_is_greedy_and_says_so(monkeypatch):
    monkeypatch.setattr(module, "_MILP_ENTRIES", 3)
    found = super_users(worked(), draws=1, exact_people=0, seed=1)
    row = smallest(found.bus_factor, 0.8, "audience")
    assert not row["exact"]
    assert row["people"] >= 4
    assert sum("too large for the exact answer" in warning for warning in found.warnings) >= 1
    # One person is the fewest there can be, however it was found.
    assert smallest(found.shutdown_power, 0.5, "attention")["exact"]


# ---------------------------------------------------------------------- chance


def test_curveball_draws_every_table_equally_often():
    table = np.array([[1, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]])
    possible = [
        bits
        for bits in product([0, 1], repeat=12)
        if (np.reshape(bits, (3, 4)).sum(0) == table.sum(0)).all()
        and (np.reshape(bits, (3, 4)).sum(1) == table.sum(1)).all()
    ]
    drawn: Counter[tuple[int, ...]] = Counter()
    for rows, columns in bipartite_degree_preserving(*np.nonzero(table), draws=6000, seed=1):
        matrix = np.zeros((3, 4), dtype=int)
        matrix[rows, columns] = 1
        drawn[tuple(matrix.ravel().tolist())] += 1
    assert set(drawn) == set(possible)
    assert stats.chisquare(list(drawn.values())).pvalue > 0.001


def test_curveball_turned_round_keeps_both_sides():
    random = np.random.default_rng(1)
    people, accounts = np.nonzero(random.random((50, 8)) < 0.15)
    people = np.unique(people, return_inverse=True)[1]
    accounts = np.unique(accounts, return_inverse=True)[1]
    for drawn_people, drawn_accounts in bipartite_degree_preserving(people, accounts, draws=20, seed=2):
        assert (np.bincount(drawn_people) == np.bincount(people)).all()
        assert (np.bincount(drawn_accounts) == np.bincount(accounts)).all()
        assert len(set(zip(drawn_people.tolist(), drawn_accounts.tolist(), strict=True))) == len(people)


def test_chance_gives_the_share_of_tables_it_should():
    """Of the worked table: enumerate all tables with these degrees; the p-value is the share with as great a loss."""
    names = sorted({p for people in ADMINS.values() for p in people})
    accounts = list(ADMINS)
    sizes = {p: sum(p in people for people in ADMINS.values()) for p in names}
    weight = {a: len(sources) for a, sources in AUDIENCES.items()}
    losses = []
    for groups in product(*(combinations(names, len(ADMINS[a])) for a in accounts)):
        held = Counter(p for group in groups for p in group)
        if held == sizes:
            loss = {p: sum(weight[a] for a, g in zip(accounts, groups, strict=True) if p in g) for p in names}
            losses.append(max(loss.values()) / 300)
    exact = np.mean(np.array(losses) >= 0.733333 - 1e-6)
    found = super_users(worked(), draws=2000, seed=5).top_loss
    assert found.p_value == pytest.approx(exact, abs=0.025)
    assert found.null_mean == pytest.approx(np.mean(losses), abs=0.01)


def test_no_excess_is_found_where_logins_are_dealt_at_random():
    """Null calibration: attention unrelated to who holds how much; p <= 0.05 in about 5 % of tables."""
    random = np.random.default_rng(11)
    small = 0
    for number in range(100):
        logins = [(f"p{int(p):02d}", f"a{a:02d}") for a in range(30) for p in random.choice(12, 2, replace=False)]
        reach = pl.DataFrame({"key": [f"a{a:02d}" for a in range(30)], "reach": random.pareto(1.5, 30) + 1})
        network = Network.from_tables(None, reach, pl.DataFrame(logins, schema=["person", "account"], orient="row"))
        small += super_users(network, draws=99, seed=number).top_loss.p_value <= 0.05
    assert stats.binomtest(small, 100, 0.05).pvalue > 0.005


def test_a_planted_super_user_is_found_to_hold_more_than_their_logins_imply():
    random = np.random.default_rng(2)
    reach = np.sort(random.pareto(1.2, 60) + 1)[::-1]
    rights = [("boss", f"a{a:02d}") for a in range(6)]  # the six greatest accounts
    rights += [(f"p{int(p):02d}", f"a{a:02d}") for a in range(60) for p in random.choice(25, 2, replace=False)]
    network = Network.from_tables(
        None,
        pl.DataFrame({"key": [f"a{a:02d}" for a in range(60)], "reach": reach}),
        pl.DataFrame(rights, schema=["person", "account"], orient="row"),
    )
    found = super_users(network, draws=499, seed=1)
    assert found.top_person == "boss"
    assert found.top_loss.p_value <= 0.01
    assert found.top_loss.effect > 0.1


def test_same_seed_same_answer_whatever_rows_and_names():
    network = worked()
    rights, rows = network.named_admin_rights(), network.named_interactions()
    shuffled = Network.from_tables(
        rows.sample(fraction=1, shuffle=True, seed=3), admin_rights=rights.sample(fraction=1, shuffle=True, seed=4)
    )
    # Names that reverse the order of accounts and people.
    turn = {a: f"z{9 - i}" for i, a in enumerate(sorted(ADMINS))} | {f"P{i}": f"Q{9 - i}" for i in range(1, 6)}
    renamed = Network.from_tables(
        rows.with_columns(pl.col("target").replace(turn)),
        admin_rights=rights.with_columns(pl.col("account", "person").replace(turn)),
    )
    first, second, third = (super_users(each, draws=99, seed=7) for each in (network, shuffled, renamed))
    assert first.people.equals(second.people)
    assert first.curve.equals(second.curve)
    assert first.network_effect.equals(second.network_effect)
    assert first.top_loss == second.top_loss
    assert first.top_loss.p_value == third.top_loss.p_value
    np.testing.assert_allclose(first.people.drop("person").to_numpy(), third.people.drop("person").to_numpy())
    assert [turn[p] for p in first.people["person"]] == third.people["person"].to_list()
    np.testing.assert_allclose(first.curve.to_numpy(), third.curve.to_numpy())


# ---------------------------------------------------------------------- roles and bots


def test_editors_hold_but_cannot_shut_down():
    rights = [("Ann", "a", "Owner"), ("Bo", "a", "Editor"), ("Bo", "b", "MANAGE, MODERATE"), ("Cy", "b", "Analyst")]
    found = super_users(build({"a": range(6), "b": range(6, 10)}, rights), draws=9, seed=1)
    rows = {row["person"]: row for row in found.people.iter_rows(named=True)}
    assert set(rows) == {"Ann", "Bo"}  # an analyst holds nothing
    assert rows["Ann"]["shutdown_attention"] == pytest.approx(0.6)
    assert rows["Ann"]["departure_attention"] == 0  # the editor carries on
    assert rows["Bo"]["shutdown_attention"] == pytest.approx(0.4)
    assert rows["Bo"]["departure_attention"] == pytest.approx(0.4)
    assert any("that of an editor" in warning for warning in found.warnings)
    assert any("analyst" in warning for warning in found.warnings)


def test_unknown_roles_are_named_and_count_as_editors():
    found = super_users(build({"a": range(3)}, [("Ann", "a", "Zauberin"), ("Bo", "a", "admin")]), draws=9, seed=1)
    assert any("Zauberin" in warning for warning in found.warnings)
    assert dict(found.people.select("person", "shutdown_attention").iter_rows()) == {"Bo": 1.0, "Ann": 0.0}


def test_one_person_with_two_rights_on_an_account_counts_once():
    found = super_users(build({"a": range(3)}, [("Ann", "a", "editor"), ("Ann", "a", "admin")]), draws=9, seed=1)
    assert found.people.row(0) == ("Ann", 1, 1.0, 1.0, 1.0, 1.0, 1.0)


def test_nobody_with_power():
    found = super_users(build({"a": range(3)}, [("Ann", "a", "editor"), ("Bo", "a", "editor")]), draws=9, seed=1)
    assert found.shutdown_power["people"].to_list() == [None] * 4
    assert found.top_loss.value == 0
    assert found.top_loss.p_value is None
    assert smallest(found.bus_factor, 0.8, "attention")["people"] == 2
    assert any("out of reach" in warning for warning in found.warnings)


def test_bots_are_set_apart_and_count_for_nothing_else():
    rights = [("Ann", "a", "admin", False), ("bot", "a", "admin", True), ("bot", "b", "admin", True)]
    found = super_users(build({"a": range(6), "b": range(6, 10)}, rights), draws=9, seed=1)
    assert found.people["person"].to_list() == ["Ann"]
    assert found.n_people == 1
    assert found.people["departure_attention"][0] == pytest.approx(0.6)  # the bot does not carry on
    bot = found.bots.row(0, named=True)
    assert (bot["person"], bot["accounts"], bot["shutdown_attention"]) == ("bot", 2, 1.0)
    assert bot["departure_attention"] == pytest.approx(0.4)
    assert smallest(found.shutdown_power, 0.8, "attention")["people"] is None
    assert any("held by bots alone" in warning for warning in found.warnings)


def test_a_person_flagged_in_one_row_is_a_bot_in_all():
    rights = [("x", "a", "admin", False), ("x", "b", "admin", True), ("Ann", "a", "admin", None)]
    found = super_users(build({"a": range(6), "b": range(6, 10)}, rights), draws=9, seed=1)
    assert found.bots["accounts"].to_list() == [2]


# ---------------------------------------------------------------------- edges


def test_without_a_table_it_says_what_would_answer():
    found = super_users(planted_cores(accounts=300, cores=(), seed=1).network, seed=1)
    assert found.status == found.top_loss.status == "not_testable"
    assert "admin table" in found.reason
    assert found.people.is_empty()
    assert found.people.columns == super_users(worked(), draws=1, seed=1).people.columns


def test_all_holders_bots():
    found = super_users(build({"a": range(3)}, [("bot", "a", "admin", True)]), draws=9, seed=1)
    assert found.status == "insufficient_data"
    assert "bot" in found.reason


def test_only_analysts():
    found = super_users(build({"a": range(3)}, [("Ann", "a", "analyst")]), draws=9, seed=1)
    assert found.status == "insufficient_data"


def test_no_attention_and_no_reach_still_counts_logins():
    found = super_users(build({"elsewhere": range(3)}, [("Ann", "a"), ("Ann", "b"), ("Bo", "b")]), draws=9, seed=1)
    assert found.status == "undefined"
    assert "no attention" in found.reason
    assert found.people.select("person", "accounts").rows() == [("Ann", 2), ("Bo", 1)]
    assert found.people["shutdown_attention"].null_count() == 2


def test_one_person_one_account():
    found = super_users(build({"a": range(3)}, [("Ann", "a")]), draws=9, seed=1)
    assert found.herfindahl.value == 1
    assert found.effective_holders.value == 1
    assert found.normalised_herfindahl.status == "undefined"
    assert found.top_loss.p_value == 1
    assert found.bus_factor["people"].to_list() == [1] * 4
    assert found.curve.height == 1
    assert found.network_effect["scenario"].to_list() == ["intact", "top person gone"]


def test_an_account_nobody_administers_lowers_coverage_only():
    found = super_users(worked(), draws=9, seed=1)
    more = build(AUDIENCES | {"stray": range(100)}, [(p, a) for a, people in ADMINS.items() for p in people])
    other = super_users(more, draws=9, seed=1)
    assert (found.coverage, other.coverage) == (1, 0.75)
    assert found.people.equals(other.people)


def test_reach_stands_in_where_there_are_no_interactions():
    accounts = pl.DataFrame({"key": ["a", "b", "c"], "reach": ["600", "400", None]})
    rights = pl.DataFrame({"person": ["Ann", "Bo", "Bo"], "account": ["a", "b", "c"]})
    found = super_users(Network.from_tables(None, accounts, rights), draws=9, seed=1)
    assert (found.status, found.attention_source) == ("ok", "reach")
    assert found.people["shutdown_attention"].to_list() == pytest.approx([0.6, 0.4])
    assert found.people["shutdown_audience"].null_count() == 2
    assert found.shutdown_power["unit"].unique().to_list() == ["attention"]
    assert found.network_effect.is_empty()
    assert any("overlap" in warning for warning in found.warnings)
    assert any("no reach" in warning for warning in found.warnings)


def test_wrong_parameters_are_refused():
    with pytest.raises(MeasureError, match="draws"):
        super_users(worked(), draws=-1, seed=1)
    with pytest.raises(MeasureError, match="exact_people"):
        super_users(worked(), exact_people=-1, seed=1)


def test_without_draws_the_same_is_said_and_nothing_compared():
    plain, compared = (super_users(worked(), draws=draws, seed=1) for draws in (0, 99))
    assert plain.people.equals(compared.people)
    assert plain.curve.columns == compared.curve.columns
    assert plain.curve["targeted"].equals(compared.curve["targeted"])
    assert plain.curve["random_mean"].null_count() == plain.curve.height
    for one, other in ((plain.top_loss, compared.top_loss), (plain.herfindahl, compared.herfindahl)):
        assert one.value == other.value
        assert (one.p_value, one.draws) == (None, 0)


# ---------------------------------------------------------------------- removals


def test_curve_ends_where_everyone_is_gone_and_starts_with_the_top(answer):
    assert answer.curve["targeted"].to_list() == pytest.approx([0.733333, 0.866667, 0.933333, 0.933333, 1], abs=1e-6)
    assert answer.curve["random_mean"][0] == pytest.approx((0.733333 + 0.4 + 0.2 + 0.133333 + 0.066667) / 5, abs=0.06)
    assert answer.curve.row(-1)[1:] == pytest.approx([1] * 7)
    assert (answer.curve["random_low"] <= answer.curve["random_high"]).all()


def test_matched_people_hold_about_as_many_logins():
    logins = np.array([50, 48, 30, *[3] * 30, *[1] * 100])
    assert set(module._matched(logins, 0)) == set(range(1, 33))  # two near ones; the tenth is tied with all of three
    assert set(module._matched(logins, 40)) == set(range(33, 133)) - {40}
    assert module._matched(np.array([4]), 0).tolist() == []


def test_network_effect_of_the_worked_table(answer):
    rows = {row["scenario"]: row for row in answer.network_effect.iter_rows(named=True)}
    assert rows["intact"]["attention_lost"] == rows["intact"]["reach_lost"] == 0
    assert rows["top person gone"]["attention_lost"] == pytest.approx(0.733333, abs=1e-6)
    assert rows["top person gone"]["reach_lost"] == pytest.approx(0.631579, abs=1e-6)
    assert rows["random"]["attention_lost"] == pytest.approx((0.4 + 0.2 + 0.133333 + 0.066667) / 4, abs=1e-6)
    assert rows["top person gone"]["fragmentation"] > rows["intact"]["fragmentation"]


def test_sample_movement_points_at_its_super_user():
    made = movement(seed=1)
    found = super_users(made.network, draws=199, seed=1)
    assert found.top_person == made.truth.super_user
    assert found.bots["person"].to_list() == [made.truth.bot]
    assert found.status == "ok"
    assert found.shutdown_power["exact"].all()
    assert found.bus_factor["exact"].all()


# ---------------------------------------------------------------------- at scale


@pytest.mark.slow
def test_reddit_moderators(shared):
    folder = shared / "reddit_moderators2024"
    users = pl.read_csv(folder / "users.csv").select(person="username", is_bot=pl.col("is_bot") == 1)
    rights = pl.read_csv(folder / "moderators.csv").select(person="username", account="subreddit")
    reach = pl.read_csv(folder / "subreddits.csv").select(key="name", reach="n_members")
    network = Network.from_tables(None, reach, rights.join(users, on="person", how="left"))
    found = super_users(network, draws=199, seed=1)
    assert found.n_accounts == 4385
    assert found.n_people + found.bots.height == 30_943
    assert found.bots["accounts"].max() == 2361
    assert found.people["accounts"].sort(descending=True).head(3).to_list() == [392, 266, 158]
    assert found.attention_source == "reach"
    assert found.top_loss.p_value <= 0.02
    assert found.shutdown_power["people"].to_list() == [9, 167]
    assert found.bus_factor["people"].to_list() == [1402, 6102]
    assert found.shutdown_power["exact"].all()
    assert found.bus_factor["exact"].all()
