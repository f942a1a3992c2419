"""Texts as numbers, rows in order: against the plain ways to do it."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact import coding
from netact.coding import all_different, distinct_rows, in_order, numbered, text_order

TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "ab", "Ä", "🕊", "x" * 40, "x" * 41])), max_size=60)


@pytest.mark.parametrize("compiled_from", [0, 10**9])
@given(words=st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=200))
@settings(max_examples=40, deadline=None)
def test_words_are_numbered_by_first_occurrence_compiled_or_not(compiled_from, words):
    seen = {}
    for place, word in enumerate(words):
        seen.setdefault(word, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coding, "COMPILED_FROM", compiled_from)
        patch.setattr(coding, "_WHERE_IMPORTED_FROM", compiled_from)
        number, first = numbered(np.array(words, dtype=np.uint64))
    assert first.tolist() == list(seen.values())
    assert number.tolist() == [list(seen).index(word) for word in words]


def test_more_words_than_the_first_table_holds(monkeypatch):
    words = np.random.default_rng(0).integers(0, 30_000, size=100_000).astype(np.uint64)
    monkeypatch.setattr(coding, "_WHERE_IMPORTED_FROM", 10**9)
    plain = numbered(words)
    monkeypatch.setattr(coding, "_WHERE_IMPORTED_FROM", 0)
    monkeypatch.setattr(coding, "COMPILED_FROM", 0)
    compiled = numbered(words)
    assert all((a == b).all() for a, b in zip(plain, compiled, strict=True))


@pytest.mark.parametrize("compiled_from", [0, 10**9])
@given(parts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_different_rows_are_found_in_several_tables(compiled_from, parts):
    frames = [
        pl.DataFrame({"id": a[: len(b)], "platform": b[: len(a)]}, schema={"id": pl.String, "platform": pl.String})
        for a, b in parts
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coding, "COMPILED_FROM", compiled_from)
        patch.setattr(coding, "_WHERE_IMPORTED_FROM", compiled_from)
        found, numbers = distinct_rows(frames)
    assert found.rows() == list(dict.fromkeys(row for frame in frames for row in frame.rows()))
    for frame, number in zip(frames, numbers, strict=True):
        assert found[number].rows() == frame.rows()


def test_texts_of_the_same_hash_are_told_apart(monkeypatch):
    hashed = pl.Series.hash

    def weak(column, seed=0):
        # Under the first seed all texts have one hash.
        return hashed(column, seed) * 0 if seed == 1 else hashed(column, seed)

    monkeypatch.setattr(pl.Series, "hash", weak)
    frame = pl.DataFrame({"id": ["a", "b", None, "a"], "platform": ["", "", "x", ""]})
    found, (number,) = distinct_rows([frame])
    assert found.rows() == [("a", ""), ("b", ""), (None, "x")]
    assert number.to_list() == [0, 1, 2, 0]


@given(rows=st.lists(st.tuples(TEXTS.map(lambda texts: next(iter(texts), "")), st.integers(0, 1)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_rows_are_all_different_if_none_is_equal_to_another(rows):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.UInt32}, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coding, "_MANY_ROWS", 0)
        assert all_different(frame) == (len(set(rows)) == len(rows))


@pytest.mark.parametrize("compiled_from", [0, 10**9])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["y", "x"]),
            st.one_of(st.none(), st.integers(0, 2)),
            st.one_of(st.none(), st.text("äz🕊", max_size=2)),
        ),
        max_size=80,
    )
)
@settings(max_examples=60, deadline=None)
def test_the_order_is_that_of_sorting_by_all_columns(compiled_from, rows):
    schema = {"account": pl.UInt32, "sign": pl.Enum(["b", "a", "c"]), "kind": pl.Enum(["x", "y"]), "time": pl.Int64, "post_id": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    other = [frame.columns[place] for place in (1, 0, 2, 3, 4)]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("_MANY_ROWS", 0),
            ("COMPILED_FROM", compiled_from),
            ("_WHERE_IMPORTED_FROM", compiled_from),
        ):
            patch.setattr(coding, name, value)
        found = in_order(frame, frame.columns)
        turned = in_order(found.sort(frame.columns[2:], nulls_last=True), other, within=True)
    assert found.rows() == frame.sort(frame.columns, nulls_last=True).rows()
    assert turned.rows() == frame.sort(other, nulls_last=True).rows()


@given(
    texts=st.lists(
        st.text(max_size=12) | st.integers(10**17, 10**19).map(str) | st.sampled_from(["", "a", "a\0", "x" * 33]),
        max_size=60,
        unique=True,
    )
)
@settings(max_examples=100, deadline=None)
def test_many_texts_are_ordered_as_few(texts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coding, "_MANY_TEXTS", 1)
        order = text_order(pl.Series(texts, dtype=pl.String))
    assert order.tolist() == pl.Series(texts, dtype=pl.String).arg_sort().to_list()
