"""What is left when people pull their accounts: against plain counting with sets, and the measure's own numbers."""

import dataclasses
from itertools import combinations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn.metrics import adjusted_rand_score

from netact import shutdown
from netact.errors import MeasureError
from netact.measures.factions import factions
from netact.measures.super_users import super_users
from netact.network import Network
from netact.shutdown import PIECE, shutdown_scenarios
from netact.synthetic import movement

ROLES = [None, "admin", "editor", "Owner", "analyst"]


def random_network(seed, *, accounts=60, ties=90, listed=12, people=7, weights=True):
    random = np.random.default_rng(seed)
    names = np.array([f"a{i:03d}" for i in range(accounts)])
    # The first accounts are listened to most, so that their loss matters.
    target = (accounts * random.random(ties) ** 2.5).astype(int)
    table = pl.DataFrame(
        {
            "source": names[random.integers(0, accounts, ties)],
            "target": names[target],
            "weight": random.integers(1, 5, ties).astype(float) if weights else np.ones(ties),
        }
    )
    n = listed * 2
    rights = pl.DataFrame(
        {
            "person": [f"p{i}" for i in random.integers(0, people, n)],
            "account": names[random.integers(0, listed, n)],
            "role": [ROLES[i] for i in random.choice(len(ROLES), n, p=[0.3, 0.3, 0.2, 0.1, 0.1])],
        }
    ).with_columns(is_bot=pl.col("person") == "p0")
    return Network.from_tables(table, admin_rights=rights)


def analysed(network):
    return super_users(network, draws=1, seed=1), factions(network, runs=2, draws=0, seed=1)


# ---------------------------------------------------------------------- oracle


def rights_of(network):
    """Return account -> the people who hold it, and who can close it, bots and analysts left out."""
    hold, close = {}, {}
    listed = set()
    for person, account, role, bot in (
        network.named_admin_rights().select("person", "account", "role", "is_bot").iter_rows()
    ):
        if role == "analyst":
            continue
        listed.add(account)
        if bot:
            continue
        hold.setdefault(account, set()).add(person)
        if role != "editor":
            close.setdefault(account, set()).add(person)
    return listed, hold, close


def brute(network, people, membership, rule, mask):
    listed, hold, close = rights_of(network)
    out = {p for i, p in enumerate(people) if mask >> i & 1}
    if rule == "shutdown":
        dark = {a for a, who in close.items() if who & out}
    else:
        dark = {a for a, who in hold.items() if who <= out}
    graph = network.to_networkx()
    graph.remove_nodes_from([a for a in list(graph) if graph.degree(a) == 0])
    active = len(graph)
    total = sum(w for *_, w in graph.edges(data="weight"))
    received = dict(graph.in_degree(weight="weight"))
    audience = {a for a in graph if any(t in listed for t in graph.successors(a))}
    stranded = {a for a in audience if all(t in dark for t in graph.successors(a))}
    order = {key: i for i, key in enumerate(network.keys)}

    def largest(left):
        parts = list(nx.weakly_connected_components(left))
        best = min(parts, key=lambda part: (-len(part), min(order[a] for a in part)), default=set())
        return best, parts

    before, _ = largest(graph)
    left = graph.copy()
    left.remove_nodes_from(dark)
    after, parts = largest(left)
    by_faction = {}
    for faction in sorted(set(membership.values())):
        members = {a for a, f in membership.items() if f == faction}
        heard = sum(received[a] for a in members)
        lost = sum(received[a] for a in members & dark)
        by_faction[faction] = (
            len(members & dark),
            pytest.approx(lost / heard, abs=1e-12) if heard else None,
            pytest.approx(len((members & before) - after) / len(members), abs=1e-12),
        )
    return (
        len(dark),
        pytest.approx(sum(received.get(a, 0) for a in dark) / total, abs=1e-12),
        pytest.approx(len(stranded) / len(audience), abs=1e-12) if audience else None,
        pytest.approx(len(after) / active, abs=1e-12),
        sum(len(part) >= PIECE for part in parts),
    ), by_faction


@pytest.mark.parametrize("seed", range(12))
def test_every_combination_equals_plain_counting(seed):
    network = random_network(seed, ties=(40, 90, 200)[seed % 3])
    keys, groups = analysed(network)
    result = shutdown_scenarios(network, keys, groups, max_people=5, seed=1)
    people = result.people["person"].to_list()
    assert people == keys.people["person"].head(5).to_list()
    assert "p0" not in people
    named = set(groups.sizes["faction"].head(12)) - {-1}
    membership = {a: f if f in named else -1 for a, f in groups.membership.select("account", "faction").iter_rows()}
    assert result.scenarios.height == 2 * 2 ** len(people)
    assert result.scenarios["rule"].unique(maintain_order=True).to_list() == ["shutdown", "departure"]
    faction_rows = {tuple(row[:3]): tuple(row[3:]) for row in result.factions.iter_rows()}
    for rule, mask, *numbers in result.scenarios.iter_rows():
        whole, by_faction = brute(network, people, membership, rule, mask)
        assert tuple(numbers) == whole
        assert {f: faction_rows[rule, mask, f] for f in by_faction} == by_faction
    assert result.factions.height == result.scenarios.height * len(set(membership.values()))


def test_components_that_hang_on_one_account_stay_or_fall_apart():
    # Three chains of 12, 11 and 3 accounts hang on the hub; an island of 20 does not.
    chains = {"a": 12, "b": 11, "c": 3, "island": 20}
    ties = [(f"{c}{i}", f"{c}{i + 1}") for c, n in chains.items() for i in range(n - 1)]
    ties += [(f"{c}0", "hub") for c in "abc"]
    network = Network.from_tables(
        pl.DataFrame(ties, schema=["source", "target"], orient="row"),
        admin_rights=pl.DataFrame({"person": ["Ann"], "account": ["hub"]}),
    )
    keys, groups = analysed(network)
    result = shutdown_scenarios(network, keys, groups, seed=1)
    found = result.scenarios.filter(rule="shutdown").select("mask", "largest_component", "pieces").rows()
    assert found == [(0, pytest.approx(27 / 47), 2), (1, pytest.approx(20 / 47), 3)]
    # The island becomes the largest: all who were in the largest component are cut off, the islanders are not.
    island = groups.membership.filter(pl.col("account").str.starts_with("island"))["faction"].unique()
    cut = result.factions.filter(rule="shutdown", mask=1)
    assert set(cut.filter(pl.col("faction").is_in(island.to_list()))["cut_off"]) == {0.0}
    assert set(cut.filter(~pl.col("faction").is_in(island.to_list()))["cut_off"]) == {1.0}
    assert set(result.factions.filter(mask=0)["cut_off"]) == {0.0}
    assert result.scenarios["reach_lost"].to_list() == [0.0, 0.0, 0.0, 0.0]


# ---------------------------------------------------------------------- the measure's own numbers


@pytest.fixture(scope="module")
def made():
    return movement(accounts=500, interactions=5000, seed=3)


@pytest.fixture(scope="module")
def network(made):
    return Network.from_tables(made.interactions, made.accounts, made.admins)


@pytest.fixture(scope="module")
def found(network):
    keys, groups = super_users(network, draws=9, seed=1), factions(network, runs=3, draws=0, seed=1)
    return keys, groups, shutdown_scenarios(network, keys, groups, seed=1)


def test_single_people_lose_what_the_measure_says(found):
    keys, _, result = found
    for rule in ("shutdown", "departure"):
        scenarios = result.scenarios.filter(rule=rule)
        for bit, person, accounts in result.people.iter_rows():
            row = keys.people.filter(person=person)
            assert accounts == row["accounts"][0]
            lost = scenarios.filter(mask=2**bit)["attention_lost"][0]
            assert lost == pytest.approx(row[f"{rule}_attention"][0] * result.coverage)
    assert result.coverage == keys.coverage < 1
    curve = keys.curve["targeted"].to_list()
    for k in range(1, result.people.height + 1):
        row = result.scenarios.filter(rule="shutdown", mask=2**k - 1)
        assert row["attention_lost"][0] == pytest.approx(curve[k - 1] * result.coverage)
    gone = keys.network_effect.filter(scenario="top person gone")
    first = result.scenarios.filter(rule="shutdown", mask=1)
    assert first["attention_lost"][0] == pytest.approx(gone["attention_lost"][0])


def test_departure_never_loses_more_than_shutdown_with_power_and_all_is_monotone(found):
    *_, result = found
    n = result.people.height
    for rule in ("shutdown", "departure"):
        rows = result.scenarios.filter(rule=rule).sort("mask")
        dark, lost = rows["accounts_dark"].to_list(), rows["attention_lost"].to_list()
        reach = rows["reach_lost"].to_list()
        assert dark[0] == lost[0] == reach[0] == 0
        for mask in range(2**n):
            for bit in range(n):
                more = mask | 2**bit
                assert dark[more] >= dark[mask]
                assert lost[more] >= lost[mask] - 1e-12
                assert reach[more] >= reach[mask]


def test_groups_after_are_detected_anew(network, found):
    _, groups, result = found
    n = result.people.height
    assert result.after.select("rule", "removed").rows() == [
        (rule, k) for rule in ("shutdown", "departure") for k in range(n + 1)
    ]
    intact = result.after.filter(removed=0)
    assert intact["modularity"][0] == pytest.approx(groups.modularity.value, abs=0.02)
    assert intact["agreement"][0] > 0.8
    assert intact["n_factions"].is_between(groups.n_factions.value - 2, groups.n_factions.value + 2).all()
    assert result.after["modularity"].is_between(0, 1).all()
    assert result.after["agreement"].is_between(-1, 1).all()
    again = shutdown_scenarios(network, found[0], groups, seed=1)
    assert again.after.equals(result.after)


def test_agreement_is_that_of_the_accounts_left():
    # Two cliques and a third one that hangs on the account that goes dark.
    cliques = {c: [f"{c}{i}" for i in range(6)] for c in "abc"}
    ties = [pair for members in cliques.values() for pair in combinations(members, 2)]
    ties += [("a0", "hub"), ("b0", "hub"), ("c0", "hub")]
    network = Network.from_tables(
        pl.DataFrame(ties, schema=["source", "target"], orient="row"),
        admin_rights=pl.DataFrame({"person": ["Ann"], "account": ["hub"]}),
    )
    keys, groups = analysed(network)
    result = shutdown_scenarios(network, keys, groups, seed=1)
    row = result.after.filter(rule="shutdown", removed=1).row(0, named=True)
    left = groups.membership.filter(pl.col("account") != "hub").sort("account")
    truth = [account[0] for account in left["account"]]
    assert row["n_factions"] == 3
    assert row["agreement"] == pytest.approx(adjusted_rand_score(left["faction"].to_list(), truth))
    graph = network.to_networkx().to_undirected()
    graph.remove_node("hub")
    expected = nx.community.modularity(graph, [set(members) for members in cliques.values()])
    assert row["modularity"] == pytest.approx(expected)


# ---------------------------------------------------------------------- limits


def test_without_holders_there_is_nothing(network):
    bare = Network.from_tables(network.named_interactions())
    full = shutdown_scenarios(random_network(1), super_users(random_network(1), draws=1, seed=1), seed=1)
    for result in (
        shutdown_scenarios(bare, None, seed=1),
        shutdown_scenarios(bare, super_users(bare, draws=1, seed=1), seed=1),
    ):
        assert result.status == "not_testable"
        assert result.reason
        for name in ("people", "scenarios", "factions", "after"):
            assert getattr(result, name).is_empty()
            assert getattr(result, name).schema == getattr(full, name).schema


def test_without_a_partition_there_are_no_groups(network, found):
    result = shutdown_scenarios(network, found[0], None, seed=1)
    assert result.factions.is_empty()
    assert result.after.height == 2 * (result.people.height + 1)
    assert (
        result.after.select("n_factions", "modularity", "agreement").null_count().sum_horizontal()[0]
        == 3 * result.after.height
    )
    assert result.scenarios.equals(found[2].scenarios)


def test_attention_may_come_from_the_accounts_table():
    network = Network.from_tables(
        accounts=pl.DataFrame({"key": ["x", "y", "z"], "reach": [50, 30, 20]}),
        admin_rights=pl.DataFrame({"person": ["Ann", "Ann", "Bo"], "account": ["x", "y", "y"]}),
    )
    result = shutdown_scenarios(network, super_users(network, draws=1, seed=1), seed=1)
    rows = {
        (r, m): (d, a)
        for r, m, d, a in result.scenarios.select("rule", "mask", "accounts_dark", "attention_lost").iter_rows()
    }
    assert rows["shutdown", 1] == (2, pytest.approx(0.8))
    assert rows["departure", 1] == (1, pytest.approx(0.5))
    assert rows["departure", 3] == (2, pytest.approx(0.8))
    assert result.scenarios["largest_component"].null_count() == result.scenarios["reach_lost"].null_count() == 8


def test_large_networks_combine_fewer_people(network, found, monkeypatch):
    keys, groups, full = found
    monkeypatch.setattr(shutdown, "MOST_WORK", 20_000.0)
    fewer = shutdown_scenarios(network, keys, groups, seed=1)
    assert 1 <= fewer.people.height < full.people.height
    assert_frame_equal(full.scenarios.filter(pl.col("mask") < 2**fewer.people.height), fewer.scenarios)
    assert fewer.people.equals(full.people.head(fewer.people.height))


def test_groups_are_not_detected_anew_where_that_is_too_much(network, found, monkeypatch):
    keys, groups, _ = found
    ties = len(network.undirected_ties())
    monkeypatch.setattr(shutdown, "MOST_DETECTION", 3 * ties)
    after = shutdown_scenarios(network, keys, groups, seed=1).after
    done = after.filter(pl.col("modularity").is_not_null())
    assert 3 <= done.height < after.height
    assert done["removed"].max() < after["removed"].max()


def test_row_order_changes_nothing(made, network, found):
    keys, groups, result = found
    other = Network.from_tables(
        made.interactions.sample(fraction=1, shuffle=True, seed=1),
        made.accounts,
        made.admins.sample(fraction=1, shuffle=True, seed=1),
    )
    again = shutdown_scenarios(other, keys, groups, seed=1)
    assert again.scenarios.equals(result.scenarios)
    assert again.factions.equals(result.factions)
    assert again.after.equals(result.after)


@pytest.mark.parametrize("people", [0, 13])
def test_the_number_of_people_is_checked(network, found, people):
    with pytest.raises(MeasureError):
        shutdown_scenarios(network, found[0], seed=1, max_people=people)


def test_names_decide_nothing(network, found):
    """Accounts in reverse order give the same losses."""
    keys, _, result = found
    last = network.n_accounts
    table = {key: f"{last - i:06d}" for i, key in enumerate(network.keys)}
    turned = Network.from_tables(
        network.named_interactions().with_columns(pl.col("source", "target").replace_strict(table), platform=None),
        admin_rights=network.named_admin_rights().with_columns(pl.col("account").replace_strict(table)),
    )
    again = shutdown_scenarios(turned, dataclasses.replace(keys, kind=turned.attention_kind), seed=1)
    for name in ("accounts_dark", "pieces"):
        assert again.scenarios[name].equals(result.scenarios[name])
    for name in ("attention_lost", "reach_lost", "largest_component"):
        assert again.scenarios[name].to_list() == pytest.approx(result.scenarios[name].to_list())
