"""Cells to values: times, weights, truth values, damaged ids, types."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.importers.values import (
    damaged_ids,
    infer_type,
    parse_kinds,
    parse_times,
    parse_truth,
    parse_weights,
    plain_ids,
)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2013-04-10T09:19:03Z", "2013-04-10T09:19:03+00:00"),
        ("2013-04-10T09:19:03.123Z", "2013-04-10T09:19:03.123000+00:00"),
        ("2013-04-10T09:19:03+02:00", "2013-04-10T07:19:03+00:00"),
        ("2013-04-10 09:19:03 +0200", "2013-04-10T07:19:03+00:00"),
        ("2013-04-10T09:19:03+02", "2013-04-10T07:19:03+00:00"),
        ("2013-04-10T09:19Z", "2013-04-10T09:19:00+00:00"),
        ("2013-04-10 09:19:03", "2013-04-10T09:19:03+00:00"),
        ("2013-04-10", "2013-04-10T00:00:00+00:00"),
        ("2020/4/6 9:48", "2020-04-06T09:48:00+00:00"),
        ("Thu Jul 28 16:10:07 +0000 2022", "2022-07-28T16:10:07+00:00"),
        ("Thu Jul 28 16:10:07 +0200 2022", "2022-07-28T14:10:07+00:00"),
        ("2020-04-16 09:48:29 UTC", "2020-04-16T09:48:29+00:00"),
        ("1348016679", "2012-09-19T01:04:39+00:00"),
        ("1348016679000", "2012-09-19T01:04:39+00:00"),
        ("1348016679123456", "2012-09-19T01:04:39.123456+00:00"),
        ("43210.5", "2018-04-20T12:00:00+00:00"),
        ("3/22/2016 6:31 PM", "2016-03-22T18:31:00+00:00"),
        ("22/3/2016 18:31", "2016-03-22T18:31:00+00:00"),
        ("22.3.16 18:31:05", "2016-03-22T18:31:05+00:00"),
        ("3/4/2016", "2016-04-03T00:00:00+00:00"),
        ("\u0662\u0660\u0662\u0660-\u0660\u0661-\u0660\u0662", "2020-01-02T00:00:00+00:00"),
        ("2020-04-16 09:48:29 EDT", "2020-04-16T13:48:29+00:00"),
        ("2020-04-16 09:48:29 CEST", "2020-04-16T07:48:29+00:00"),
        ("4/16/2020 9:48 PM EST", "2020-04-17T02:48:00+00:00"),
        ("16/4/2020 09:48:29 +0200", "2020-04-16T07:48:29+00:00"),
        ("Thu Jul 28 16:10:07 EDT 2022", "2022-07-28T20:10:07+00:00"),
        ("Thu Jul 28 16:10:07 UTC 2022", "2022-07-28T16:10:07+00:00"),
        ("2020-04-16 09:48:29 IST", None),
        ("2020-04-16 09:48:29 XYZ", None),
        ("16/4/2020 09:48 or so", None),
        ("2020-04-16 09:48:29,250", "2020-04-16T09:48:29.250000+00:00"),
        ("2020-04-16 09:48:29 PM", "2020-04-16T21:48:29+00:00"),
        ("20200416", "2020-04-16T00:00:00+00:00"),
        ("20200416094829", "2020-04-16T09:48:29+00:00"),
        ("16-Apr-2020 09:48:29", "2020-04-16T09:48:29+00:00"),
        ("16 April 2020", "2020-04-16T00:00:00+00:00"),
        ("April 16, 2020", "2020-04-16T00:00:00+00:00"),
        ("Apr 16, 2020, 9:48 PM", "2020-04-16T21:48:00+00:00"),
        ("43210,5", "2018-04-20T12:00:00+00:00"),
        ("yesterday", None),
        ("2020-13-45", None),
        ("17", None),
        ("", None),
    ],
)
def test_times(cell: str, moment: str | None) -> None:
    # Alone, and among cells of another form.
    alone = parse_times(pl.Series([cell]))
    mixed = parse_times(pl.Series([cell, "2001-02-03T04:05:06Z", None]))
    for times in (alone, mixed):
        value = times.values.to_list()[0]
        assert (None if value is None else value.isoformat()) == moment
        assert times.unreadable == (moment is None and cell != "")


def test_day_or_month_first_is_decided_by_the_whole_column() -> None:
    american = parse_times(pl.Series(["1/2/2016", "3/22/2016"]))
    assert [t.isoformat()[:10] for t in american.values.to_list()] == ["2016-01-02", "2016-03-22"]
    european = parse_times(pl.Series(["1/2/2016", "22/3/2016"]))
    assert [t.isoformat()[:10] for t in european.values.to_list()] == ["2016-02-01", "2016-03-22"]
    assert not american.assumptions
    assert not european.assumptions
    assert "day is taken to come first" in parse_times(pl.Series(["1/2/2016"])).assumptions[0]


def test_zone_is_said_only_where_it_was_assumed() -> None:
    assert parse_times(pl.Series(["2013-04-10 09:19:03"])).zone == "UTC assumed"
    assert parse_times(pl.Series(["2013-04-10 09:19:03Z"])).zone is None
    assert parse_times(pl.Series(["1348016679"])).zone is None


def test_zone_abbreviations_are_said() -> None:
    times = parse_times(pl.Series(["2020-04-16 09:48:29 EDT", "2020-01-16 09:48:29 EST", None]))
    assert times.zone is None
    assert times.assumptions == ("the time zone EDT is read as UTC-4 h", "the time zone EST is read as UTC-5 h")
    mixed = parse_times(pl.Series(["2020-04-16 09:48:29 EDT", "2020-01-16 09:48:29"]))
    assert mixed.zone == "UTC assumed"
    assert mixed.values.to_list()[1] == dt.datetime(2020, 1, 16, 9, 48, 29, tzinfo=dt.UTC)


def test_marks_around_ids_are_taken_off() -> None:
    (source, target), said = plain_ids(
        pl.Series(['="12345"', "'@ana", "=SUM(A1)", "it's", None]),
        pl.Series(["x1234567", "x7654321", None, "x11111", "x22222"]),
    )
    assert source.to_list() == ["12345", "@ana", "=SUM(A1)", "it's", None]
    assert target.to_list() == ["1234567", "7654321", None, "11111", "22222"]
    assert said[0].startswith("6 ids were written")
    (same,), said = plain_ids(pl.Series(["x1234567", "xavier"]))
    assert (same.to_list(), said) == (["x1234567", "xavier"], ())


def _moment(microseconds: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.integers(6 * 10**14, 4 * 10**15).map(_moment), min_size=1))
def test_any_iso_time_comes_back(moments: list[dt.datetime]) -> None:
    cells = pl.Series([moment.isoformat() for moment in moments])
    assert parse_times(cells).values.to_list() == moments


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,5", "2"], [1.5, 2.0]),
        (["1.234,5", "2,5"], [1234.5, 2.5]),
        (["1,500", "2,000,000"], [1500.0, 2000000.0]),
        (["1.5", "2,5"], [1.5, 2.5]),
        (["\u0663", "\u0664\u066b\u0665"], [3.0, 4.5]),
        (["1e3", "x", None, ""], [1000.0, None, None, None]),
        (["1 500", "2\u00a0000"], [1500.0, 2000.0]),
        (["-3", "+4"], [-3.0, 4.0]),
    ],
)
def test_weights(cells: list[str | None], values: list[float | None]) -> None:
    assert parse_weights(pl.Series(cells)).values.to_list() == values


def test_kinds_and_truth() -> None:
    kinds = parse_kinds(pl.Series(["RT", "Replies to", "MentionsInRetweet", "quoted", "Followed", "like", None]))
    assert kinds.to_list() == ["retweet", "reply", "mention", "quote", "follow", None, None]
    assert parse_truth(pl.Series(["1", "No", "TRUE", "maybe", None, "0"])).to_list() == [
        True,
        False,
        True,
        None,
        None,
        False,
    ]


def test_damaged_ids() -> None:
    exact = [str(2**60 + 1_700_003 * i) for i in range(100)]
    assert damaged_ids(pl.Series(exact)) is None
    rounded = damaged_ids(pl.Series([f"{i[:-4]}0000" for i in exact]))
    assert rounded is not None
    assert rounded.rounded == rounded.all_ids
    printed = damaged_ids(pl.Series(["1.23457E+17", "12.0", "ana", "ben", "12"]))
    assert printed is not None
    assert (printed.scientific, printed.point_zero, printed.most) == (1, 1, False)
    assert damaged_ids(pl.Series(["100", "200", "3.0.1", "1e", "e5"])) is None


def test_types_of_further_columns() -> None:
    assert infer_type(pl.Series("n", ["1", None, "30"])).dtype == pl.Int64
    assert infer_type(pl.Series("n", ["1.5", "3"])).dtype == pl.Float64
    assert infer_type(pl.Series("n", ["007", "3"])).dtype == pl.String
    assert infer_type(pl.Series("user_id", ["7", "3"])).dtype == pl.String
    assert infer_type(pl.Series("n", ["1234567890123456789"])).dtype == pl.String
    assert infer_type(pl.Series("n", ["NA", "3"])).to_list() == ["NA", "3"]


def test_times_of_no_calendar_are_unreadable() -> None:
    times = parse_times(pl.Series(["0000-01-01T00:00:00Z", "2021-05-15T10:00:00Z"]))
    assert times.values.is_null().to_list() == [True, False]
    assert times.unreadable == 1
