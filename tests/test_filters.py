"""Filters: every row they leave out is counted once, and what is left is what a file with only these rows would give."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.errors import StudyError
from netact.filters import Filters, accounts_called, filtered, listed_accounts
from netact.network import Network

ROWS = [
    # source, target, kind, time, post_id, hashtags
    ("ann", "bo", "retweet", "2021-05-14T23:00:00", "1", "#Freedom"),
    ("ann", "cy", "mention", "2021-05-15T00:00:00", "2", ""),
    ("bo", "cy", "retweet", "2021-05-16T12:00:00", "3", "#freedom #march"),
    ("cy", "dee", "retweet", "2021-05-17T00:00:00", "4", "#march"),
    ("dee", "ann", "reply", None, None, ""),
    ("eve", "ann", "retweet", "2021-05-18T00:00:00", "5", ""),
]


def network(rows=ROWS, **options):
    frame = pl.DataFrame(rows, schema=["source", "target", "kind", "time", "post_id", "hashtags"], orient="row")
    frame = frame.with_columns(pl.col("time").str.to_datetime(time_zone="UTC"), platform=pl.lit("twitter"))
    listed = pl.DataFrame({"key": ["quiet"], "platform": ["twitter"]})
    rights = pl.DataFrame({"person": ["Pat"], "account": ["eve"], "platform": ["twitter"]})
    return Network.from_tables(frame, listed, rights, **options)


def told(made):
    counts = Counter()
    for item in made.receipt.filtered:
        counts.update({(item.filter, table): n for table, n in item.rows.items()})
    return dict(counts)


def pairs(made):
    rows = made.named_interactions()
    return sorted((a.split(":")[1], b.split(":")[1]) for a, b in zip(rows["source"], rows["target"], strict=True))


def test_nothing_set_changes_nothing():
    whole = network()
    assert filtered(whole, Filters()) is whole


def test_a_day_is_whole_and_both_ends_belong_to_the_period():
    made = filtered(network(), Filters(first_time="2021-05-15", last_time="2021-05-16"))
    assert pairs(made) == [("ann", "cy"), ("bo", "cy")]
    # The row without a time lies in no period; it is told apart from what is before and after.
    reasons = {
        str(item.reason): item.rows["interactions"] for item in made.receipt.filtered if "interactions" in item.rows
    }
    assert reasons == {
        "no time is known, so that it lies in no period": 1,
        "before the period": 1,
        "after the period": 2,
    }
    exact = filtered(network(), Filters(first_time="2021-05-15T00:00:00Z", last_time="2021-05-15T00:00:00Z"))
    assert pairs(exact) == [("ann", "cy")]


def test_kinds_hashtags_and_accounts():
    assert pairs(filtered(network(), Filters(kinds=("mention", "reply")))) == [("ann", "cy"), ("dee", "ann")]
    assert pairs(filtered(network(), Filters(hashtags=("#FREEDOM",)))) == [("ann", "bo"), ("bo", "cy")]
    made = filtered(network(), Filters(), leave_out=["@Ann", "nobody"])
    assert pairs(made) == [("bo", "cy"), ("cy", "dee")]
    assert "twitter:ann" not in made.keys
    assert told(made)[("leave_out", "accounts")] == 1
    assert told(made)[("leave_out", "interactions")] == 4
    assert [str(text) for text in made.receipt.warnings] == ["1 account that the study leaves out is not in the data"]
    assert filtered(network(), Filters(leave_out=False), leave_out=["@ann"]).n_accounts == network().n_accounts


def test_accounts_with_nothing_left_go_and_those_listed_or_administered_stay():
    made = filtered(network(), Filters(hashtags=("freedom",)))
    assert [key.split(":")[1] for key in made.keys] == ["ann", "bo", "cy", "eve", "quiet"]
    assert told(made)[("", "accounts")] == 1
    assert made.named_admin_rights()["account"].to_list() == ["twitter:eve"]
    gone = filtered(network(), Filters(), leave_out=["eve"])
    assert gone.admin_rights.height == 0
    assert told(gone)[("leave_out", "admin_rights")] == 1


def test_few_interactions_are_counted_after_the_other_filters():
    # ann 4, bo 2, cy 3, dee 2, eve 1
    made = filtered(network(), Filters(min_interactions=3))
    assert pairs(made) == [("ann", "cy")]
    assert told(made)[("min_interactions", "interactions")] == 5
    with pytest.raises(StudyError, match="leave no interaction; found 3 left out by min_interactions"):
        filtered(network(), Filters(kinds=("retweet",), last_time="2021-05-17", min_interactions=3))


def test_same_as_a_file_with_only_these_rows():
    keep = [row for row in ROWS if row[2] == "retweet" and row[3] and row[3] < "2021-05-18"]
    made = filtered(network(), Filters(kinds=("retweet",), last_time="2021-05-17"))
    small = network(keep)
    # Posts and hashtags are not of a kind; the rest is the same.
    for table in ("interactions", "admin_rights"):
        assert getattr(made, table).equals(getattr(small, table))
    assert made.keys == small.keys


def test_ties_without_direction_count_once():
    frame = pl.DataFrame(
        {"source": ["a", "b", "c"], "target": ["b", "c", "d"], "kind": ["retweet", "retweet", "mention"]}
    )
    made = filtered(Network.from_tables(frame, directed=False), Filters(kinds=("retweet",)))
    assert made.interactions.height == 4
    assert told(made)[("kinds", "interactions")] == 1
    few = filtered(Network.from_tables(frame, directed=False), Filters(min_interactions=2))
    assert few.keys == ["b", "c"]


def test_ties_from_shares_follow_the_shares():
    shares = pl.DataFrame(
        {"account": ["a", "b", "c"], "object": ["x", "x", "x"], "time": ["2021-01-01", "2021-01-02", "2021-02-01"]}
    ).with_columns(pl.col("time").str.to_datetime(time_zone="UTC"))
    ties = pl.DataFrame({"source": ["a"], "target": ["c"], "time": [datetime(2021, 1, 5, tzinfo=UTC)]})
    whole = Network.from_tables(ties, shares=shares)
    assert whole.kinds == {"share": 6, "retweet": 1}
    january = filtered(whole, Filters(last_time="2021-01-31"))
    assert january.kinds == {"share": 2, "retweet": 1}
    assert told(january) == {("last_time", "shares"): 1}
    assert filtered(whole, Filters(stated_only=True)).kinds == {"retweet": 1}
    assert filtered(whole, Filters(kinds=("retweet",))).kinds == {"retweet": 1}


def test_platforms():
    frame = pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "platform": ["Telegram", "X"]})
    made = filtered(Network.from_tables(frame), Filters(platforms=("telegram",)))
    assert made.keys == ["telegram:a", "telegram:b"]
    with pytest.raises(StudyError, match=r"no row is of 'mastodon'"):
        filtered(Network.from_tables(frame), Filters(platforms=("mastodon",)))


@pytest.mark.parametrize(
    "filters", [Filters(first_time="2021-01-01"), Filters(hashtags=("a",)), Filters(platforms=("x",))]
)
def test_what_the_data_cannot_tell_is_an_error(filters):
    bare = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    with pytest.raises(StudyError) as caught:
        filtered(bare, filters)
    assert "\n" not in str(caught.value)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.sampled_from("abcdef"),
            st.sampled_from(["retweet", "mention", "reply"]),
            st.one_of(st.none(), st.integers(1, 28)),
        ),
        min_size=1,
        max_size=25,
    ),
    st.integers(1, 28),
    st.sets(st.sampled_from(["retweet", "mention"]), min_size=1),
    st.integers(0, 2),
    st.sets(st.sampled_from("abc")),
)
def test_every_row_is_kept_or_counted_once(rows, first, kinds, least, names):
    frame = pl.DataFrame(
        [(a, b, kind, day and datetime(2021, 3, day, tzinfo=UTC), str(i)) for i, (a, b, kind, day) in enumerate(rows)],
        schema={"source": pl.String, "target": pl.String, "kind": pl.String, "time": pl.Datetime("us", "UTC"), "post_id": pl.String},
        orient="row",
    )  # fmt: skip
    whole = Network.from_tables(frame)
    filters = Filters(first_time=f"2021-03-{first:02d}", kinds=tuple(kinds), min_interactions=least)
    try:
        made = filtered(whole, filters, leave_out=names)
    except StudyError:
        return
    counted = told(made)
    for table in ("interactions", "accounts"):
        left = sum(n for (_, name), n in counted.items() if name == table)
        assert getattr(made, table).height + left == getattr(whole, table).height
    assert not set(made.keys) & names
    assert set(made.kinds) <= kinds


def test_lists_of_accounts():
    assert listed_accounts("\ufeff# machines\r\n@a\n\n  b  # why\n@a\n") == ("@a", "b")
    whole = network()
    mask, unknown = accounts_called(whole, ["twitter:ann", "twitter:@BO", "CY", "x:dee"])
    assert [key for key, called in zip(whole.keys, mask, strict=True) if called] == [
        "twitter:ann",
        "twitter:bo",
        "twitter:cy",
    ]
    assert unknown == ["x:dee"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"first_time": "yesterday"}, "first_time: is neither a day nor a time"),
        ({"first_time": "2021-02-30"}, "first_time: is neither"),
        ({"first_time": "2021-02-03", "last_time": "2021-02-02"}, "last_time: is before first_time"),
        ({"kinds": "retweet"}, "kinds: must be a list of texts"),
        ({"kinds": ["love"]}, "unknown kind 'love'"),
        ({"hashtags": ["#"]}, "hashtags: holds an empty text"),
        ({"min_interactions": -1}, "min_interactions: must be a whole number"),
        ({"min_interactions": True}, "min_interactions: must be a whole number"),
        ({"stated_only": 1}, "stated_only: must be true or false"),
        ({"leave": True}, "unknown entry 'leave'"),
    ],
)
def test_wrong_values_are_refused(values, says):
    with pytest.raises(StudyError, match=says):
        Filters.from_dict(values)


def test_values_are_kept_in_one_form():
    assert Filters.from_dict({"first_time": date(2021, 5, 15)}).first_time == "2021-05-15"
    assert Filters(first_time="2021-05-15 20:00:00+02:00").first_time == "2021-05-15T18:00:00Z"
    assert Filters(kinds=("mention", "follow")).to_dict() == {"kinds": ["follow", "mention"]}
    assert [item.name for item in fields(Filters)][:2] == ["first_time", "last_time"]
