"""The order of accounts depends on what they did, not on what they are called."""

from __future__ import annotations

import random
from dataclasses import replace

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact import coding
from netact.canonical import Names, canonical_order, seal, sealed_keys
from netact.language import Message
from netact.network import Network

TABLES = ("accounts", "interactions", "admin_rights", "hashtags", "posts", "shares", "unresolved", "earlier")


def renamed(frame, names, *columns):
    return frame.with_columns(pl.col(name).replace_strict(names, return_dtype=pl.String) for name in columns)


def same(first, second):
    """Whether two networks are the same when sealed."""
    one, other = seal(first).network, seal(second).network
    return all(getattr(one, name).equals(getattr(other, name)) for name in TABLES)


def shuffled_names(names, seed=1):
    new = [f"u{number}" for number in range(len(names))]
    random.Random(seed).shuffle(new)
    return dict(zip(sorted(names), new, strict=True))


def check(edges, *, seed=1, **options):
    names = shuffled_names({*edges["source"], *edges["target"]}, seed)
    again = renamed(edges, names, "source", "target").sample(fraction=1, shuffle=True, seed=seed)
    assert same(Network.from_tables(edges, **options), Network.from_tables(again, **options))


def ends(pairs):
    return pl.DataFrame([(str(u), str(v)) for u, v in pairs], schema=["source", "target"], orient="row")


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(1, 2)), min_size=1, max_size=40
    ).filter(lambda rows: any(a != b for a, b, _, _ in rows)),
    st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_any_small_movement(rows, seed):
    frame = pl.DataFrame(rows, schema=["source", "target", "time", "weight"], orient="row")
    frame = frame.with_columns(
        pl.col("source", "target").cast(pl.String), pl.col("time").cast(pl.Datetime("us", "UTC"))
    )
    check(frame, seed=seed, kind="retweet")


@pytest.mark.parametrize(
    "graph",
    [
        nx.cycle_graph(30), nx.disjoint_union_all([nx.cycle_graph(5)] * 40), nx.petersen_graph(), nx.star_graph(50),
        nx.balanced_tree(2, 6), nx.complete_graph(8), nx.disjoint_union_all([nx.path_graph(2)] * 300),
        nx.hypercube_graph(4), nx.random_labeled_tree(200, seed=2), nx.caveman_graph(8, 5),
    ],
)  # fmt: skip
def test_networks_full_of_accounts_that_are_alike(graph):
    check(ends(graph.edges), directed=False)


def test_matching_parts_are_numbered_together():
    # Two pairs whose names sort the other way round at their other ends.
    check(ends([("a1", "b2"), ("b1", "a2"), ("c1", "c0")]))


def test_everything_that_is_known_tells_accounts_apart():
    rows = pl.DataFrame({"source": ["a", "b", "c", "d"], "target": ["z", "z", "z", "z"]})
    accounts = pl.DataFrame({"account": ["a", "b", "c", "d", "z"], "reach": [1, 2, 2, None, 5]})
    rights = pl.DataFrame({"person": ["Ann", "Bo"], "account": ["c", "z"], "role": ["admin", "owner"]})
    network = Network.from_tables(rows, accounts, rights, kind="follow")
    names = {"a": "q", "b": "d", "c": "m", "d": "a", "z": "b"}
    other = Network.from_tables(
        renamed(rows, names, "source", "target"),
        renamed(accounts, names, "account"),
        renamed(renamed(rights, names, "account"), {"Ann": "Zoe", "Bo": "Al"}, "person"),
        kind="follow",
    )
    assert same(network, other)
    first, people = canonical_order(network)
    second, others = canonical_order(other)
    assert [names[network.keys[row]] for row in first] == [other.keys[row] for row in second]
    assert [{"Ann": "Zoe", "Bo": "Al"}[name] for name in people] == list(others)


def test_the_order_is_the_same_compiled_or_not(monkeypatch):
    chance = np.random.default_rng(4)
    ends = {end: [f"u{number}" for number in chance.integers(0, 60, 400)] for end in ("source", "target")}
    network = Network.from_tables(pl.DataFrame({**ends, "weight": chance.integers(1, 3, 400).astype(float)}))
    plain = canonical_order(network)[0]
    monkeypatch.setattr(coding, "COMPILED_FROM", 0)
    monkeypatch.setattr(coding, "_WHERE_IMPORTED_FROM", 0)
    assert canonical_order(network)[0].tolist() == plain.tolist()


def test_the_most_heard_come_first():
    rows = ends([("a", "m"), ("b", "m"), ("c", "m"), ("a", "k"), ("b", "k"), ("c", "a")])
    network = Network.from_tables(rows, kind="retweet")
    order, _ = canonical_order(network)
    received = np.bincount(network.interactions["target"], minlength=network.n_accounts)[order]
    assert sorted(received, reverse=True) == received.tolist()


def test_a_sealed_network_holds_no_name():
    rows = ends([("ann", "bo"), ("bo", "cy"), ("ann", "cy")]).with_columns(
        hashtags=pl.lit("vote"), platform=pl.lit("x")
    )
    accounts = pl.DataFrame({"account": ["ann", "bo"], "platform": ["x", "x"], "display_name": ["Ann A", "Bo B"]})
    rights = pl.DataFrame({"person": ["Mia"], "account": ["bo"], "platform": ["x"]})
    sealed = seal(Network.from_tables(rows, accounts, rights, kind="retweet"))
    for name in TABLES:
        text = getattr(sealed.network, name).write_csv() if name != "posts" else ""
        assert not any(word in text.lower() for word in ("ann", "bo b", "mia", "x:cy")), name
    assert sealed.network.accounts["key"].is_sorted()
    assert sealed.network.hashtags["hashtag"].unique().to_list() == ["vote"]
    assert sealed.people == ("Mia",)


def test_names_are_put_everywhere():
    sealed = seal(Network.from_tables(ends([("a", "b"), ("c", "b")]), kind="retweet"))
    b, first, second = sealed.network.keys
    names = Names(["Bea", "Al", "Cy"], [])
    assert names.put(b) == "Bea"
    assert names.put({b: [first, (second, 3, None)]}) == {"Bea": ["Al", ("Cy", 3, None)]}
    told = names.put(Message("{a} and {b} are tied", a=b, b=f"{first} or {second}"))
    assert isinstance(told, Message)
    assert (told, told.values["b"]) == ("Bea and Al or Cy are tied", "Al or Cy")
    frame = pl.DataFrame({"x": [b, None, "free"], "y": [[first, "#tag"], [], None], "n": [1, 2, 3]})
    put = names.put(frame)
    assert put.to_dict(as_series=False) == {"x": ["Bea", None, "free"], "y": [["Al", "#tag"], [], None], "n": [1, 2, 3]}
    assert not list(sealed_keys(put.write_json()))
    assert names.put(frame.clear()).height == 0


def test_refusing_nothing_and_nobody():
    empty = seal(Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["a"]}), kind="retweet"))
    assert empty.network.interactions.height == 0
    keys_only = Network.from_tables(None, None, pl.DataFrame({"person": ["P", "Q"], "account": ["a", "b"]}))
    assert seal(keys_only).network.admin_rights.height == 2
    assert replace(keys_only).n_accounts == 2
