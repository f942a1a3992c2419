"""Ties between accounts that shared the same objects, and networks that hold them beside ties with direction."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.co_sharing import co_shares
from netact.network import Network
from netact.report.content import summary_of
from netact.schemas import SHARES

USES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("uvwxyz")), max_size=60)


def shares_of(uses, **columns):
    return pl.DataFrame(uses, schema={"account": pl.String, "object": pl.String}, orient="row").with_columns(**columns)


def pairs_of(network, kind="share"):
    ties = network.undirected_ties(kind)
    return {
        (network.keys[s], network.keys[t]): w for s, t, w in zip(ties.source, ties.target, ties.weight, strict=True)
    }


def counted(uses):
    """Count, for every pair of accounts, the objects that both shared: by sets, one pair after another."""
    by_object: dict[str, set[str]] = {}
    for account, thing in uses:
        by_object.setdefault(thing, set()).add(account)
    return dict(Counter(pair for who in by_object.values() for pair in combinations(sorted(who), 2)))


@settings(max_examples=40, deadline=None)
@given(USES)
def test_weight_is_the_number_of_objects_both_shared(uses):
    network = Network.from_tables(shares=shares_of(uses))
    assert pairs_of(network) == counted(uses)
    assert network.shares.height == len(uses)
    assert not (network.directed and network.interactions.height)


@settings(max_examples=25, deadline=None)
@given(USES, USES)
def test_files_are_one_table_of_shares(first, second):
    both = Network.combine([Network.from_tables(shares=shares_of(part)) for part in (first, second)])
    assert pairs_of(both) == counted(first + second)
    again = Network.combine([Network.from_tables(shares=shares_of(part)) for part in (second, first)])
    assert again.fingerprint == both.fingerprint


def test_time_is_the_first_moment_at_which_both_had_shared():
    rows = [("a", "x", 10), ("b", "x", 50), ("a", "y", 20), ("b", "y", 30), ("b", "y", 5), ("c", "y", None)]
    frame = pl.DataFrame(rows, schema=["account", "object", "second"], orient="row")
    frame = frame.select("account", "object", time=pl.from_epoch("second").dt.replace_time_zone("UTC"))
    network = Network.from_tables(shares=frame)
    times = {
        (network.keys[s], network.keys[t]): None if when is None else when.timestamp()
        for s, t, when in network.interactions.select("source", "target", "time").iter_rows()
        if s < t
    }
    assert times == {("a", "b"): 20, ("a", "c"): None, ("b", "c"): None}


def test_an_object_of_very_many_ties_nobody_and_this_is_said():
    crowd = [(f"a{number}", "everywhere") for number in range(501)]
    network = Network.from_tables(shares=shares_of([*crowd, ("a1", "x"), ("a2", "x")]))
    assert pairs_of(network) == {("a1", "a2"): 1}
    assert network.shares.height == 503
    assert "1 object was shared by more than 500 accounts" in network.receipt.sources[0].warnings[0]
    almost = Network.from_tables(shares=shares_of(crowd[:500]))
    assert len(pairs_of(almost)) == 500 * 499 // 2
    assert not almost.receipt.sources[0].warnings


def test_pairs_are_bounded_by_leaving_out_the_most_shared_objects_first():
    uses = [(account, thing) for thing, size in (("l", 30), ("m", 20), ("n", 20), ("o", 10)) for account in range(size)]
    frame = pl.DataFrame(uses, schema=["account", "object"], orient="row").with_columns(
        time=pl.lit(None, dtype=SHARES["time"]),
        platform=pl.lit(None, dtype=pl.String),
        account=pl.col("account").cast(pl.UInt32),
    )
    found = co_shares(frame, most_pairs=450)
    assert (found.most, found.crowded, found.ties.height, found.ties["weight"].sum()) == (29, 1, 190, 190 + 190 + 45)
    assert co_shares(frame, most_pairs=400).crowded == 3
    assert co_shares(frame, most_pairs=0).ties.height == 0
    assert co_shares(frame).ties["weight"].sum() == 435 + 190 + 190 + 45


def test_links_are_the_same_on_every_platform_other_objects_are_not():
    def on(platform, account, thing):
        return Network.from_tables(shares=shares_of([(account, thing)], platform=pl.lit(platform)))

    link, page = "https://news.example/march", "Main page"
    assert pairs_of(Network.combine([on("facebook", "1", link), on("threads", "b", link)])) == {
        ("facebook:1", "threads:b"): 1
    }
    assert pairs_of(Network.combine([on("mediawiki", "A", page), on("git", "b", page)])) == {}
    assert pairs_of(Network.combine([on("git", "A", page), on("git", "b", page)])) == {("git:A", "git:b"): 1}


def mixed():
    told = Network.from_tables(pl.DataFrame({"source": ["a", "b", "a"], "target": ["b", "c", "b"]}), kind="retweet")
    shared = Network.from_tables(shares=shares_of([("a", "x"), ("b", "x"), ("a", "y"), ("b", "y"), ("c", "y")]))
    return told, shared


def test_a_mix_is_directed_and_holds_share_ties_both_ways():
    told, shared = mixed()
    assert told.directed
    assert not shared.directed
    for parts in ([told, shared], [shared, told]):
        both = Network.combine(parts)
        assert both.directed
        assert both.has_direction("retweet")
        assert not both.has_direction("share")
        assert (both.ties("retweet").source.tolist(), both.ties("retweet").target.tolist()) == ([0, 1], [1, 2])
        ties = both.ties("share")
        assert dict(zip(zip(ties.source.tolist(), ties.target.tolist(), strict=True), ties.weight, strict=True)) == {
            (0, 1): 2, (1, 0): 2, (0, 2): 1, (2, 0): 1, (1, 2): 1, (2, 1): 1
        }  # fmt: skip
        assert pairs_of(both) == {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1}
        assert both.to_igraph("retweet").is_directed()
        assert not both.to_igraph("share").is_directed()
        assert both.to_networkx("share").number_of_edges() == 3
        assert summary_of(both).kinds == {"share": 3, "retweet": 3}
        assert summary_of(both).ties == 5
    assert Network.combine([told, shared]).fingerprint == Network.combine([shared, told]).fingerprint


def test_joining_again_changes_nothing():
    told, shared = mixed()
    both = Network.combine([told, shared])
    once_more = Network.combine([both, shared, Network.from_tables(accounts=pl.DataFrame({"key": ["a"]}))])
    assert once_more.directed
    # Without time and post a share repeated in another file is a further one; the tie counts objects, not shares.
    assert pairs_of(once_more) == pairs_of(both)
    assert once_more.ties("retweet").weight.tolist() == both.ties("retweet").weight.tolist()


def test_told_shares_and_ties_are_one_export():
    network = Network.from_tables(
        pl.DataFrame({"source": ["a"], "target": ["c"], "kind": ["forward"], "platform": ["p"]}),
        shares=shares_of([("a", "x"), ("b", "x")], platform=pl.lit("p")),
    )
    assert network.directed
    assert network.kinds == {"share": 2, "forward": 1}
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept, receipt.kinds) == (2, 2, {"forward": 1, "share": 1})


def test_a_listed_share_keeps_its_direction_beside_derived_ones():
    network = Network.from_tables(
        pl.DataFrame({"source": ["a"], "target": ["b"]}), kind="share", shares=shares_of([("a", "x"), ("b", "x")])
    )
    assert network.has_direction("share")
    assert pairs_of(network) == {("a", "b"): 2}
    assert network.ties("share").weight.tolist() == [2, 1]


@pytest.mark.parametrize("plain", [True, False])
def test_ties_without_direction_stay_both_ways_beside_others(plain):
    open_ended = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}), kind="mention", directed=False)
    other = Network.from_tables(pl.DataFrame({"source": ["b"], "target": ["c"]}), kind="retweet", directed=plain)
    both = Network.combine([open_ended, other])
    assert both.directed is plain
    assert both.rows("mention").height == 2
    assert both.rows("retweet").height == (1 if plain else 2)


def test_a_share_of_a_handle_is_one_of_its_id():
    shares = shares_of([("1", "x"), ("@voices", "y"), ("2", "x"), ("2", "y")], platform=pl.lit("facebook"))
    names = pl.DataFrame({"account": ["1"], "platform": ["facebook"], "handle": ["voices"]})
    assert pairs_of(Network.from_tables(shares=shares, aliases=names)) == {("facebook:1", "facebook:2"): 2}


def test_pairs_stay_bounded_whatever_is_shared():
    generator = np.random.default_rng(1)
    frame = pl.DataFrame(
        {
            "account": generator.integers(0, 20_000, 300_000, dtype=np.uint32),
            "object": generator.integers(0, 2_000, 300_000).astype(str),
        }
    ).with_columns(time=pl.lit(None, dtype=SHARES["time"]), platform=pl.lit(None, dtype=pl.String))
    found = co_shares(frame)  # 22 million pairs without the bound
    assert found.crowded > 0
    assert found.ties["weight"].sum() <= 2_000_000
