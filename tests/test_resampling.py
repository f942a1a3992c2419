"""Clusters and the two ways of drawing them again."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from netact.network import Network
from netact.resampling import (
    bootstrap_multiplicities,
    clusters,
    delete_group_masks,
    drawn_attention,
    drawn_clusters,
    kept_clusters,
    kept_events,
    percentile_interval,
)


def rows(posts, sources=None):
    sources = sources or [f"s{i}" for i in range(len(posts))]
    frame = pl.DataFrame({"source": sources, "target": ["t"] * len(posts), "post_id": posts}, infer_schema_length=None)
    return Network.from_tables(frame.with_columns(pl.col("post_id").cast(pl.String))).rows()


def test_posts_that_recur_are_clusters():
    number, what = clusters(rows(["a", "a", "a", "b", "b", "c"]))
    assert what == "post"
    assert sorted(np.bincount(number).tolist()) == [1, 2, 3]


@pytest.mark.parametrize(
    "posts",
    [list("abcdef"), ["a", "a", None, "b", "b", "c"], [None] * 6, ["a"] * 6],
    ids=["acts", "gaps", "none", "one"],
)
def test_else_source_accounts_are(posts):
    number, what = clusters(rows(posts, sources=["s1", "s2", "s3", "s4", "s5", "s6"]))
    assert what == "source account"
    assert sorted(number.tolist()) == [0, 1, 2, 3, 4, 5]


def test_without_direction_both_rows_of_a_tie_are_drawn_together():
    frame = pl.DataFrame({"source": ["a", "c", "b"], "target": ["b", "a", "d"]})
    table = Network.from_tables(frame, directed=False).rows()
    number, _ = clusters(table, directed=False)
    pairs = {}
    for s, t, c in zip(table["source"], table["target"], number, strict=True):
        pairs.setdefault(frozenset((s, t)), set()).add(int(c))
    assert all(len(found) == 1 for found in pairs.values())


def test_bootstrap_draws_whole_clusters_as_often_as_there_are():
    cluster = np.array([0, 0, 1, 2, 2, 2, 3])
    first = np.array([0, 2, 3, 6])
    draws = list(bootstrap_multiplicities(cluster, draws=4_000, seed=1))
    for times in draws[:50]:
        assert np.array_equal(times, times[first][cluster])
        assert times[first].sum() == 4
    table = np.array([times[first] for times in draws])
    assert table.mean(axis=0) == pytest.approx([1] * 4, abs=0.06)
    # Multiplicity of one cluster is Binomial(4, 1/4).
    assert table.var(axis=0) == pytest.approx([0.75] * 4, abs=0.08)
    again = list(bootstrap_multiplicities(cluster, draws=3, seed=1))
    assert all(np.array_equal(a, b) for a, b in zip(draws, again, strict=False))


def test_deleting_groups_keeps_a_share_of_the_clusters():
    cluster = np.repeat(np.arange(10), 3)
    masks = list(delete_group_masks(cluster, draws=2_000, keep=0.8, seed=1))
    assert all(mask.sum() == 24 and np.array_equal(mask, mask[::3][cluster]) for mask in masks)
    assert np.mean(masks, axis=0) == pytest.approx(np.full(30, 0.8), abs=0.04)


def test_nothing_to_draw_from():
    nothing = np.empty(0, dtype=np.int64)
    assert [len(t) for t in bootstrap_multiplicities(nothing, draws=2, seed=1)] == [0, 0]
    assert [len(t) for t in delete_group_masks(nothing, draws=2, keep=0.5, seed=1)] == [0, 0]


def test_percentile_interval():
    assert percentile_interval(np.arange(101.0)) == pytest.approx((2.5, 97.5))
    assert percentile_interval(np.append(np.arange(101.0), np.nan)) == pytest.approx((2.5, 97.5))
    assert percentile_interval(np.arange(9.0)) is None
    assert percentile_interval(np.arange(101.0), level=0.5) == pytest.approx((25, 75))


@pytest.mark.parametrize("repeated", [False, True])
def test_kept_and_drawn_interactions_are_those_of_the_masks(repeated):
    chance = np.random.default_rng(3)
    size = np.sort(chance.integers(1, 5, 40))
    ends = np.cumsum(size)
    rows = int(ends[-1])
    cluster = chance.integers(0, 12, rows)
    cluster[0] = 11
    stands_for = chance.integers(1, 9, rows) if repeated else np.ones(1, dtype=np.int64)
    tie = np.repeat(np.arange(40), size)
    masks = delete_group_masks(cluster, draws=5, keep=0.6, seed=2)
    for kept, mask in zip(kept_clusters(12, draws=5, keep=0.6, seed=2), masks, strict=True):
        wanted = np.bincount(tie, weights=mask * stands_for, minlength=40)
        assert np.array_equal(kept_events(cluster, ends, kept, stands_for), wanted)
    target, weight = chance.integers(0, 7, rows), chance.random(rows)
    again = bootstrap_multiplicities(cluster, draws=5, seed=2)
    for times, of_row in zip(drawn_clusters(12, draws=5, seed=2), again, strict=True):
        wanted = np.bincount(target, weights=weight * of_row, minlength=9)
        assert np.array_equal(drawn_attention(cluster, target, weight, times, 9), wanted)
