"""The central type: cleaning rules, order independence, views."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact import network as network_module
from netact.errors import SchemaError
from netact.frames import to_pandas
from netact.network import Network, split_hashtags, tie_sentence
from netact.schemas import HASHTAGS

HANDLES = st.text(min_size=0, max_size=6) | st.sampled_from(
    ["@Ana", "@ana", "ana", "حرية", "📣", "NA", "null", " ", "@"]
)


def rows(*ties: tuple[object, ...], columns: tuple[str, ...] = ("source", "target")) -> pl.DataFrame:
    return pl.DataFrame(list(ties), schema=list(columns), orient="row", strict=False)


def test_rules_are_applied_once_and_counted_with_their_lines() -> None:
    frame = pl.DataFrame(
        {
            "source": ["@A", "b", "c", "c", None, "b", "x", "d", "@", "e"],
            "target": ["b", "@a", "@a", "@A", "q", "b", "y", "a", "a", "  "],
            "weight": [1.0, 2.0, 1.0, 1.0, 1.0, 1.0, -1.0, None, 1.0, 1.0],
        }
    )
    network = Network.from_tables(frame, kind="retweet")
    source = network.receipt.sources[0]
    dropped = {item.reason: (item.rows, item.first_lines) for item in source.dropped}
    assert dropped == {
        "no source": (2, (5, 9)),
        "no target": (1, (10,)),
        "self-tie": (1, (6,)),
        "weight is not a positive number": (2, (7, 8)),
    }
    assert source.rows_read == source.rows_kept + sum(item.rows for item in source.dropped) == 10
    assert network.keys == ["a", "b", "c", "d", "e", "q", "x", "y"]
    ties = network.ties()
    assert [
        (network.keys[s], network.keys[t], w) for s, t, w in zip(ties.source, ties.target, ties.weight, strict=True)
    ] == [
        ("a", "b", 1.0),
        ("b", "a", 2.0),
        ("c", "a", 2.0),
    ]
    assert ties.events.tolist() == [1, 1, 2]


def test_a_repeated_post_is_one_act_and_a_repeated_follow_one_state() -> None:
    columns = ("source", "target", "kind", "post_id")
    frame = rows(
        ("a", "b", "retweet", "1"),
        ("a", "b", "retweet", "1"),
        ("a", "b", "retweet", "2"),
        ("a", "b", "follow", None),
        ("a", "b", "follow", None),
        ("a", "b", "reply", None),
        ("a", "b", "reply", None),
        columns=columns,
    )
    network = Network.from_tables(frame)
    assert network.kinds == {"reply": 2, "retweet": 2, "follow": 1}
    assert network.receipt.sources[0].duplicates == 2
    assert network.attention_kind == "retweet"
    assert network.ties("follow").weight.tolist() == [1.0]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", None]), st.sampled_from([None, 1_600_000_000, 1_600_000_060]), st.integers(1, 4)
        ),
        min_size=1,
        max_size=9,
    ),
    st.lists(st.integers(0, 2), min_size=9, max_size=9),
)
def test_of_repeats_the_earliest_then_the_heaviest_stays_within_and_across_files(
    posts: list[tuple[str | None, int | None, int]], files: list[int]
) -> None:
    schema = {"post_id": pl.String, "time": pl.Int64, "weight": pl.Int64}
    frame = pl.DataFrame(posts, schema=schema, orient="row").with_columns(
        pl.from_epoch("time").dt.replace_time_zone("UTC"),
        source=pl.lit("a"),
        target=pl.lit("b"),
        kind=pl.lit("retweet"),
    )
    together = Network.from_tables(frame)
    parts = [frame.filter(pl.Series(files[: len(posts)]) == file) for file in range(3)]
    apart = Network.combine([Network.from_tables(part) for part in parts if part.height])
    assert apart.interactions.equals(together.interactions)
    for post in ("1", "2"):
        copies = [(time is None, time or 0, -weight) for name, time, weight in posts if name == post]
        kept = together.interactions.filter(pl.col("post_id") == post)["weight"].to_list()
        assert kept == [-min(copies)[2]] if copies else kept == []


def test_undirected_ties_listed_twice_are_one_tie_held_both_ways() -> None:
    network = Network.from_tables(rows(("a", "b"), ("b", "a"), ("b", "c")), directed=False)
    assert network.receipt.sources[0].rows_kept == 2
    assert len(network.ties()) == 4
    pairs = network.undirected_ties()
    assert pairs.weight.tolist() == [1.0, 1.0]
    assert nx.utils.graphs_equal(
        network.to_networkx(), nx.Graph([("a", "b", {"weight": 1.0}), ("b", "c", {"weight": 1.0})])
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(HANDLES, HANDLES, st.sampled_from(["retweet", "follow", "reply"]), st.floats(-1, 5)), max_size=12
    ),
    st.randoms(use_true_random=False),
)
def test_the_answer_does_not_depend_on_row_order(ties: list[tuple[str, str, str, float]], shuffle) -> None:
    columns = {"source": pl.String, "target": pl.String, "kind": pl.String, "weight": pl.Float64}
    frame = pl.DataFrame(ties, schema=columns, orient="row")
    order = list(range(len(ties)))
    shuffle.shuffle(order)
    first, second = Network.from_tables(frame), Network.from_tables(frame[order])
    assert first.fingerprint == second.fingerprint
    assert first.interactions.equals(second.interactions)
    source = first.receipt.sources[0]
    assert source.rows_read == source.rows_kept + sum(item.rows for item in source.dropped)
    assert (first.interactions["source"] != first.interactions["target"]).all()
    assert first.accounts["key"].is_sorted()
    assert first.accounts["key"].is_unique().all()


def test_pandas_and_polars_give_the_same_network() -> None:
    frame = rows(("a", "b", 2.0), ("b", "c", 1.0), columns=("source", "target", "weight"))
    by_pandas = Network.from_tables(pd.DataFrame(frame.to_dict(as_series=False)))
    assert by_pandas.fingerprint == Network.from_tables(frame).fingerprint
    back = to_pandas(by_pandas.named_interactions())
    assert Network.from_tables(back.drop(columns=["platform", "post_id", "time"])).fingerprint == by_pandas.fingerprint


def test_ids_stay_text() -> None:
    network = Network.from_tables(rows(("00123", "123"), ("9007199254740993", "9007199254740992")))
    assert network.keys == ["00123", "123", "9007199254740992", "9007199254740993"]


def test_platforms_keep_accounts_apart_and_fold_handles() -> None:
    frame = rows(("Ana", "Bo", "x"), ("ana", "Bo", "youtube"), columns=("source", "target", "platform"))
    assert Network.from_tables(frame).keys == ["x:ana", "x:bo", "youtube:Bo", "youtube:ana"]


def test_accounts_keep_further_columns_and_those_without_ties() -> None:
    accounts = pl.DataFrame({"account": ["@A", "silent"], "handle": ["Ana", None], "followers": [10, 3]})
    network = Network.from_tables(rows(("@a", "b")), accounts)
    assert network.accounts.select("key", "handle", "followers").rows() == [
        ("a", "Ana", 10),
        ("b", "b", None),
        ("silent", "silent", 3),
    ]
    assert network.ties().active.tolist() == [True, True, False]


@pytest.mark.parametrize("library", ["networkx", "igraph"])
def test_graphs_of_both_libraries_come_and_go(library: str) -> None:
    graph = nx.karate_club_graph()
    if library == "igraph":
        import igraph

        graph = igraph.Graph.from_networkx(graph)
        graph.vs["name"] = [str(v.index) for v in graph.vs]
    network = Network.from_graph(graph, kind="follow")
    assert not network.directed
    assert network.kinds == {"follow": 156}
    back = network.to_networkx()
    assert nx.utils.edges_equal(
        [(u, v, d["weight"]) for u, v, d in back.edges(data=True)],
        [(str(u), str(v), d["weight"]) for u, v, d in nx.karate_club_graph().edges(data=True)],
    )
    assert network.to_igraph().ecount() == 78


def test_joining_files_counts_posts_met_before() -> None:
    columns = ("source", "target", "post_id")
    one = Network.from_tables(rows(("a", "b", "1"), ("a", "c", "2"), columns=columns))
    two = Network.from_tables(rows(("a", "b", "1"), ("d", "c", "3"), columns=columns))
    both = Network.combine([one, two])
    assert both.receipt.duplicates_across_files == 1
    assert both.interactions.height == 3
    assert both.keys == ["a", "b", "c", "d"]


def test_weak_components_are_numbered_by_size() -> None:
    network = Network.from_tables(rows(("z", "y"), ("a", "b"), ("b", "c")), pl.DataFrame({"key": ["lone"]}))
    label = dict(zip(network.keys, network.ties().weak_components().tolist(), strict=True))
    assert label == {"a": 0, "b": 0, "c": 0, "lone": -1, "y": 1, "z": 1}


def test_ties_agree_with_scipy_and_networkx() -> None:
    random = np.random.default_rng(3)
    frame = pl.DataFrame(
        {"source": random.integers(0, 30, 300).astype(str), "target": random.integers(0, 30, 300).astype(str)}
    )
    network = Network.from_tables(frame)
    graph, ties = network.to_networkx(), network.ties()
    assert dict(graph.in_degree(weight="weight")) == dict(zip(network.keys, ties.in_strength.tolist(), strict=True))
    assert dict(graph.out_degree()) == dict(zip(network.keys, ties.out_degree.tolist(), strict=True))
    assert (ties.matrix.toarray() == nx.to_numpy_array(graph, nodelist=network.keys)).all()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"source": ["a"]}), "interactions: no column 'target'; found ['source']; rename a column"),
        (
            pl.DataFrame({"source": ["a"], "target": ["b"], "kind": ["like"]}),
            "interactions.kind: unknown kind 'like'; use one of follow, retweet, mention, reply, quote, forward, share",
        ),
        ([("a", "b")], "table: not a polars or pandas frame; found list"),
    ],
)
def test_bad_tables_get_one_line(frame, message: str) -> None:
    with pytest.raises(SchemaError) as error:
        Network.from_tables(frame)
    assert str(error.value) == message


def test_a_tie_in_words() -> None:
    assert tie_sentence("ana", "bo", "retweet") == "@ana retweeted @bo"
    assert tie_sentence("12", "Bo Li", "follow") == "account 12 follows Bo Li"
    assert tie_sentence("ana", "bo", "retweet", directed=False) == "@ana and @bo are tied"


def uses(network: Network) -> list[tuple[object, ...]]:
    return network.named_hashtags().select("account", "hashtag", "post_id").rows()


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("#Freiheit #FREIHEIT freiheit", ["freiheit"]),
        ("a,b;c|d e", ["a", "b", "c", "d", "e"]),
        ('["Straße", "STRASSE", "two words"]', ["strasse", "twowords"]),
        ("['a', 'b']", ["a", "b"]),
        ("[a, b]", ["a", "b"]),
        ('c("a", "b")', ["a", "b"]),
        ('[{"text": "A", "indices": [0, 2]}, {"text": "B"}]', ["a", "b"]),
        ('[{"start": 0, "end": 2, "tag": "A"}]', ["a"]),
        ('{"name": "A"}', ["a"]),
        ("[{'text': 'A', 'indices': [0, 2]}]", ["a"]),
        ("#a#b", ["a", "b"]),
        ("\uff03\uff21\uff22", ["ab"]),
        ("#ma\u200br\u202ecba", ["marcba"]),
        ("#می\u200cخواهم #حرية", ["می\u200cخواهم", "حرية"]),
        ("nan", []),
        ("[]", []),
        ("", []),
        ("##", []),
        ("[1, 2.5, true, null]", ["1"]),
        ("[" * 5000, []),
        (r'["a\ud83d", "\ud83d"]', ["a"]),
        ("x" * 300, ["x" * 100]),
        ("2024 #2024", ["2024"]),
    ],
)
def test_cells_of_hashtags_are_taken_apart(cell: str, tags: list[str]) -> None:
    assert split_hashtags(cell) == tags


def test_hashtags_count_once_a_post_for_the_source_of_the_row() -> None:
    columns = ("source", "target", "post_id", "hashtags")
    frame = rows(
        ("b", "a", "1", "#X y"),
        ("b", "c", "1", "x"),  # the same post mentions two accounts
        ("b", "a", "2", "x"),
        ("a", "a", "3", "z"),  # the tie is dropped, the post is not
        ("c", "a", "4", None),
        (None, "a", "5", "lost"),
        columns=columns,
    )
    network = Network.from_tables(frame)
    assert uses(network) == [("a", "z", "3"), ("b", "x", "1"), ("b", "x", "2"), ("b", "y", "1")]
    assert network.hashtags.schema == HASHTAGS
    assert Network.from_tables(frame, directed=False).hashtags.is_empty()
    lists = frame.with_columns(pl.col("hashtags").map_elements(split_hashtags, pl.List(pl.String)))
    assert Network.from_tables(lists).fingerprint == network.fingerprint
    assert Network.from_tables(pd.DataFrame(frame.to_dict(as_series=False))).fingerprint == network.fingerprint


def test_without_post_ids_an_account_uses_a_hashtag_once_a_moment() -> None:
    columns = ("source", "target", "time", "hashtags")
    frame = rows(
        ("b", "a", "2024-01-01", "x"),
        ("b", "c", "2024-01-01", "x"),
        ("b", "c", "2024-01-02", "x"),
        ("b", "c", None, "x"),
        ("b", "c", None, "x"),
        columns=columns,
    ).with_columns(pl.col("time").str.to_datetime("%Y-%m-%d"))
    assert Network.from_tables(frame).hashtags.height == 4


def test_the_fingerprint_covers_long_lists_to_the_end() -> None:
    rows = pl.DataFrame({"source": ["a"], "target": ["b"]})
    prints = [
        Network.from_tables(rows, pl.DataFrame({"key": ["a", "b"], "tags": [[*["x"] * 30, end, *["x"] * 30], ["y"]]}))
        for end in ("x", "z")
    ]
    assert prints[0].fingerprint != prints[1].fingerprint
    assert prints[0].fingerprint == replace(prints[0]).fingerprint


def test_hashtags_are_joined_and_counted_in_the_fingerprint_only_where_there_are_any() -> None:
    columns = ("source", "target", "post_id", "hashtags")
    plain = rows(("b", "a", "1"), ("c", "a", "2"), columns=columns[:3])
    empty = plain.with_columns(hashtags=pl.lit(None, dtype=pl.String))
    assert Network.from_tables(empty).fingerprint == Network.from_tables(plain).fingerprint
    assert Network.from_tables(empty).hashtags.schema == HASHTAGS
    one = Network.from_tables(rows(("b", "a", "1", "x"), ("c", "a", "2", "y"), columns=columns))
    two = Network.from_tables(rows(("b", "a", "1", "x"), ("0", "b", "3", "z"), columns=columns))
    assert one.fingerprint != Network.from_tables(plain).fingerprint
    both = Network.combine([one, two, Network.from_tables(plain)])
    assert uses(both) == [("0", "z", "3"), ("b", "x", "1"), ("c", "y", "2")]
    assert both.fingerprint == Network.combine([Network.from_tables(plain), two, one]).fingerprint


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from("abc"),
            st.sampled_from([None, "1", "2"]),
            st.sampled_from([None, "#x", "x y", "y;x"]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_hashtags_do_not_depend_on_row_order(ties: list[tuple[object, ...]], shuffle) -> None:
    columns = dict.fromkeys(("source", "target", "post_id", "hashtags"), pl.String)
    frame = pl.DataFrame(ties, schema=columns, orient="row")
    order = list(range(len(ties)))
    shuffle.shuffle(order)
    first, second = Network.from_tables(frame), Network.from_tables(frame[order])
    assert first.hashtags.equals(second.hashtags)
    assert first.fingerprint == second.fingerprint


def test_a_repeat_that_shares_its_line_with_a_kept_row_is_counted():
    # One record of an export may hold several posts: they have the same line.
    rows = pl.DataFrame(
        {
            "source": ["a", "a", "b", "a"],
            "target": ["b", "b", "c", "c"],
            "post_id": ["1", "1", "2", "3"],
            "row": [5, 5, 5, 6],
        }
    )
    network = Network.from_tables(rows)
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept, receipt.duplicates) == (4, 3, 1)
    assert [(item.reason, item.rows, item.first_lines) for item in receipt.dropped] == [("repeats a post", 1, (5,))]


@pytest.mark.parametrize("step", [1, 1_000_000, 977_000_000, 86_400_000_000 * 3])
def test_a_table_is_written_in_parts_as_it_is_in_one(monkeypatch, step):
    monkeypatch.setattr(network_module, "_ROWS_WRITTEN", 100)
    numbers = pl.Series([None if i % 7 == 0 else (i - 700) * step for i in range(1500)], dtype=pl.Int64)
    table = pl.DataFrame(
        {"a": range(1500), "time": numbers.cast(pl.Datetime("us", "UTC")), "word": ['a"b', None, "c,d"] * 500}
    )
    for rows in (
        table,
        table.head(0),
        table.head(100),
        table.with_columns(time=pl.lit(None, dtype=pl.Datetime("us", "UTC"))),
    ):
        assert b"".join(network_module.as_csv(rows)) == rows.write_csv().encode()
