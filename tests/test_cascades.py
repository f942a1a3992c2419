"""Tests of the parents of acts of passing on: worked values, brute force as oracle, properties, edge cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.cascades import acts_of, cascades, inferred_parents, reattributed, structural_virality
from netact.errors import MeasureError
from netact.network import Network

START = datetime(2024, 3, 4, tzinfo=UTC)


def movement(acts, follows, *, posts=None, shuffle=None):
    """Acts are (who, author, post, seconds), follows (who, whom) or (who, whom, seconds)."""
    rows = [
        {"source": who, "target": author, "kind": "retweet", "ref_post_id": post, "time": START + timedelta(seconds=at)}
        for who, author, post, at in acts
    ]
    rows += [
        {
            "source": follow[0],
            "target": follow[1],
            "kind": "follow",
            "ref_post_id": None,
            "time": START + timedelta(seconds=follow[2]) if len(follow) > 2 else None,
        }
        for follow in follows
    ]
    if shuffle is not None:
        rows = [rows[i] for i in np.random.default_rng(shuffle).permutation(len(rows))]
    frame = pl.DataFrame(rows, schema={"source": pl.String, "target": pl.String, "kind": pl.String,
                                       "ref_post_id": pl.String, "time": pl.Datetime("us", "UTC")})  # fmt: skip
    written = None
    if posts is not None:
        written = pl.DataFrame(
            [{"account": a, "post_id": p, "time": START + timedelta(seconds=at)} for a, p, at in posts]
        )
    return Network.from_tables(frame, posts=written)


WORKED = movement(
    [("a", "r", "p", 1), ("b", "r", "p", 2), ("c", "r", "p", 3), ("d", "r", "p", 9)],
    [("a", "r"), ("b", "a"), ("c", "a"), ("c", "r")],
    posts=[("r", "p", 0)],
)


def named_parents(network):
    acts = acts_of(network, "retweet")
    parents = inferred_parents(network, acts)
    names = network.keys

    def name(place, cascade):
        return names[acts.root[cascade]] if place < 0 else names[acts.account[place]]

    cascade = np.repeat(np.arange(len(acts.root)), np.diff(acts.start))
    return {
        (names[a], acts.post[c]): (name(e, c), name(late, c), int(n))
        for a, c, e, late, n in zip(
            acts.account, cascade, parents.earliest, parents.latest, parents.candidates, strict=True
        )
    }


def test_worked_parents():
    found = named_parents(WORKED)
    assert found["a", "p"] == ("r", "r", 1)
    assert found["b", "p"] == ("a", "a", 1)
    assert found["c", "p"] == ("r", "a", 2)
    assert found["d", "p"] == ("r", "r", 0)  # unattributed: on the root, and flagged


def test_worked_virality():
    result = cascades(WORKED, smallest=2, seed=1)
    values = dict(result.rules.select("rule", "virality").iter_rows())
    assert values["latest"] == pytest.approx(1.8)
    assert values["star"] == pytest.approx(1.6)
    # c hangs on a or on r: in expectation between the two.
    assert 1.6 - 1e-9 <= values["probabilistic"] <= 1.8 + 1e-9
    assert result.unattributed.value == pytest.approx(0.25)
    assert result.follow_coverage.value == pytest.approx(0.75)
    assert result.virality.interval == pytest.approx((1.6, 1.8))


def test_credit_under_each_rule():
    result = cascades(WORKED, smallest=2, recency=0, popularity=0, seed=1)
    credit = {row["account"]: row for row in result.influence.iter_rows(named=True)}
    assert (credit["r"]["star"], credit["r"]["earliest"], credit["r"]["latest"]) == (4, 3, 2)
    assert credit["a"]["latest"] == 2
    assert credit["r"]["probabilistic"] == pytest.approx(2.5)  # a, d, and c with one half
    # With recency 1: c@3 has r (3 s ago, followers 2) and a (2 s ago, followers 2).
    recent = cascades(WORKED, smallest=2, recency=1, popularity=0, seed=1).influence
    weight = (1 / 3) / (1 / 3 + 1 / 2)
    assert recent.filter(account="r")["probabilistic"][0] == pytest.approx(2 + weight)
    assert result.credit_range.interval == pytest.approx((0.5, 0.75))


@settings(deadline=None)
@given(st.integers(2, 40), st.randoms(use_true_random=False))
def test_virality_is_the_mean_distance(n, random):
    parent = [-1, *(random.randrange(i) for i in range(1, n))]
    order = list(range(n))
    random.shuffle(order)
    shuffled = [0] * n
    for i, p in enumerate(parent):
        shuffled[order[i]] = -1 if p < 0 else order[p]
    tree = nx.Graph((i, p) for i, p in enumerate(shuffled) if p >= 0)
    expected = nx.average_shortest_path_length(tree)
    assert structural_virality(shuffled) == pytest.approx(expected)


def test_virality_of_what_is_no_tree():
    assert structural_virality([-1]) is None
    assert structural_virality([]) is None
    with pytest.raises(MeasureError, match="one root"):
        structural_virality([-1, -1])
    with pytest.raises(MeasureError, match="circle"):
        structural_virality([-1, 2, 1])


def made(seed, *, accounts=25, posts=6):
    random = np.random.default_rng(seed)
    acts, written = [], []
    for post in range(posts):
        author = int(random.integers(accounts))
        written.append((f"{author:02d}", f"p{post}", 0))
        acts += [
            (f"{who:02d}", f"{author:02d}", f"p{post}", int(random.integers(1, 30)))
            for who in random.choice(accounts, 12, replace=False)
            if who != author
        ]
    follows = [
        (f"{a:02d}", f"{b:02d}", int(random.integers(0, 20)))
        for a in range(accounts)
        for b in range(accounts)
        if a != b and random.random() < 0.2
    ]
    return acts, follows, written


@pytest.mark.parametrize("seed", range(5))
def test_parents_by_brute_force(seed):
    acts, follows, written = made(seed)
    found = named_parents(movement(acts, follows, posts=written))
    since = {(a, b): at for a, b, at in follows}
    for who, author, post, at in acts:
        had = [(0, author), *((t, w) for w, _, p, t in acts if p == post)]
        possible = [(t, w) for t, w in had if t < at and since.get((who, w), 99) <= at]
        earliest, latest, count = found[who, post]
        assert count == len(possible)
        if possible:
            # The author stands first among equal times, then accounts in order.
            rank = {w: (-1 if w == author else 0, w) for _, w in possible}
            assert earliest == min(possible, key=lambda x: (x[0], rank[x[1]]))[1]
            last = max(t for t, _ in possible)
            assert latest == min((w for t, w in possible if t == last), key=lambda w: rank[w])
        else:
            assert earliest == latest == author


def test_same_whatever_the_order_of_rows():
    acts, follows, written = made(11)
    first = cascades(movement(acts, follows, posts=written), smallest=3, seed=5)
    second = cascades(movement(acts, follows, posts=written, shuffle=3), smallest=3, seed=5)
    assert first.rules.equals(second.rules)
    assert first.influence.equals(second.influence)
    assert first.cascades.equals(second.cascades)


def test_credit_is_conserved():
    acts, follows, written = made(3)
    result = cascades(movement(acts, follows, posts=written), smallest=3, seed=5)
    influence = result.influence
    assert influence["star"].sum() == result.acts  # no more than 20 authors
    for rule in ("earliest", "latest", "probabilistic"):
        assert influence[rule].sum() <= result.acts + 1e-9
    shares = dict(result.rules.select("rule", "root_share").iter_rows())
    assert shares["star"] == 1
    assert min(shares["earliest"], shares["latest"]) - 1e-9 <= shares["probabilistic"] <= 1


def test_a_root_of_unknown_time_comes_first():
    network = movement([("a", "r", "p", 5), ("b", "r", "p", 7)], [("a", "r"), ("b", "r"), ("b", "a")])
    found = named_parents(network)
    assert found["a", "p"] == ("r", "r", 1)
    assert found["b", "p"] == ("r", "a", 2)


def test_acts_at_one_moment_do_not_expose_one_another():
    network = movement([("a", "r", "p", 5), ("b", "r", "p", 5)], [("b", "a"), ("a", "b")])
    assert named_parents(network) == {("a", "p"): ("r", "r", 0), ("b", "p"): ("r", "r", 0)}


def test_the_post_may_stand_in_post_id():
    rows = pl.DataFrame(
        {
            "source": ["a", "b", "c", "a"],
            "target": ["r", "r", "r", "r"],
            "kind": ["retweet", "retweet", "retweet", "follow"],
            "post_id": ["p", "p", "p", None],
            "time": [START, START + timedelta(1), START + timedelta(2), None],
        }
    )
    result = cascades(Network.from_tables(rows), smallest=2, seed=1)
    assert (result.status, result.posts, result.acts) == ("ok", 1, 3)
    assert result.unattributed.value == pytest.approx(2 / 3)
    assert "hang on the author" in result.warnings[0]


@pytest.mark.parametrize(
    ("keep", "missing"),
    [("follow", "retweets"), ("retweet", "follower lists"), ("untimed", "times"), ("unnamed", "post")],
)
def test_says_what_is_missing(keep, missing):
    rows = WORKED.named_interactions()
    if keep in ("follow", "retweet"):
        rows = rows.filter(pl.col("kind") == keep)
    elif keep == "untimed":
        rows = rows.with_columns(time=pl.lit(None, pl.Datetime("us", "UTC")))
    else:
        rows = rows.with_columns(ref_post_id=pl.lit(None, pl.String))
    result = cascades(Network.from_tables(rows), seed=1)
    assert result.status == "insufficient_data"
    assert missing in result.reason
    assert result.rules.height == result.influence.height == 0
    assert result.virality.value is None


def test_no_cascade_of_the_size_asked_for():
    result = cascades(WORKED, smallest=50, seed=1)
    assert result.status == "ok"
    assert result.virality.status == "insufficient_data"
    assert result.rules["virality"].null_count() == 4
    assert result.cascades.height == 0


def test_networks_under_another_rule():
    moved = reattributed(WORKED, "latest")
    pairs = set(moved.named_interactions().filter(kind="retweet").select("source", "target").iter_rows())
    assert pairs == {("a", "r"), ("b", "a"), ("c", "a"), ("d", "r")}
    assert len(moved.ties("retweet")) == 4
    assert reattributed(WORKED, "star") is WORKED
    assert moved.ties("follow").matrix.nnz == WORKED.ties("follow").matrix.nnz
    with pytest.raises(MeasureError, match="unknown rule"):
        reattributed(WORKED, "oldest")


def test_refuses_parameters_out_of_range():
    with pytest.raises(MeasureError, match="smallest"):
        cascades(WORKED, smallest=1, seed=1)
    with pytest.raises(MeasureError, match="pass posts on"):
        cascades(WORKED, kind="mention", seed=1)
