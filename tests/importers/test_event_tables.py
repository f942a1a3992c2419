"""Tables of operations and triggers, earlier events and what was declared of the collection."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from netact import read_network
from netact.collection import Collection
from netact.errors import ImportFileError, SchemaError, StudyError
from netact.importers import write_bundle
from netact.network import Network
from netact.study import Study, load

TIES = "source,target,time\nana,ben,2021-05-01\nben,ana,2021-05-02\ncem,ana,2021-05-03\n"


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def network_with(tmp_path, **tables):
    ties = written(tmp_path, "ties.csv", TIES)
    paths = {role: written(tmp_path, f"{role}.csv", text) for role, text in tables.items()}
    return read_network(ties, kind="retweet", **paths)


def test_operations_are_read_with_their_signs_and_outcome(tmp_path):
    table = "operation,start,end,hashtags,counter_hashtags,outcome\nSit-in,2021-05-15 18:00,,#Plaza;#ميدان https://example.org/a,#NoPlaza,yes\nMarch,15.6.2021,16.6.2021,#march,,\n"
    network = network_with(tmp_path, operations=table)
    first, second = network.operations.rows(named=True)
    assert first["operation"] == "Sit-in"
    assert first["start"] == datetime(2021, 5, 15, 18, tzinfo=UTC)
    assert first["end"] is None
    assert first["signs"] == ["https://example.org/a", "plaza", "ميدان"]
    assert first["counter_signs"] == ["noplaza"]
    assert first["outcome"] == "accepted"
    assert second["counter_signs"] == []
    assert second["outcome"] is None
    receipt = network.receipt.sources[-1]
    assert (receipt.role, receipt.rows_read, receipt.rows_kept) == ("operations", 2, 2)
    assert receipt.mapping["signs"] == "hashtags"


def test_rows_that_cannot_be_used_are_counted_with_their_lines(tmp_path):
    network = network_with(tmp_path, triggers="Ereignis;Zeit\nRäumung;2021-05-17 04:00\nohne;bald\n;2021-05-18\n")
    assert network.triggers["trigger"].to_list() == ["Räumung"]
    receipt = network.receipt.sources[-1]
    assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped) == 3
    assert {item.first_lines for item in receipt.dropped} == {(3,), (4,)}


@pytest.mark.parametrize(
    ("role", "text", "told"),
    [
        ("operations", "operation,start\na,2021-05-01\n", "no column 'hashtags'"),
        ("operations", "operation,start,hashtags\na,2021-05-01,\n", "no hashtag or link in line 2"),
        ("operations", "operation,start,hashtags\na,2021-05-01,#x\na,2021-05-02,#y\n", "stands twice"),
        ("operations", "operation,start,end,hashtags\na,2021-05-02,2021-05-01,#x\n", "before the start in line 2"),
        ("operations", "operation,start,end,hashtags\na,2021-05-02,soon,#x\n", "no time in line 2"),
        ("operations", "operation,start,hashtags,outcome\na,2021-05-02,#x,perhaps\n", "unknown outcome in line 2"),
        ("triggers", "trigger,time\n,\n", "no row can be used"),
        ("triggers", "trigger,place\nsquare cleared,3\n", "no column 'time'"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, role, text, told):
    with pytest.raises(ImportFileError, match=told) as refused:
        network_with(tmp_path, **{role: text})
    assert str(refused.value).startswith(f"{role}.csv")
    assert "\n" not in str(refused.value)


def test_earlier_events_keep_what_accounts_of_the_network_did(tmp_path):
    earlier = written(
        tmp_path,
        "square_2011.csv",
        "source,target,time\nANA,ben,2011-05-01\ncem,old,2011-05-02\nold,older,2011-05-03\n",
    )
    network = read_network(written(tmp_path, "ties.csv", TIES), kind="retweet", platform="twitter")
    events = {"square_2011": read_network(earlier, kind="retweet", platform="twitter")}
    named = network.with_earlier(events).named_earlier()
    found = {(row["source"], row["target"]) for row in named.iter_rows(named=True)}
    keys = dict(zip(network.accounts["handle"].to_list(), network.keys, strict=True))
    by_name = {name.casefold().lstrip("@"): key for name, key in keys.items() if name} or {
        key: key for key in network.keys
    }
    assert found == {(by_name["ana"], by_name["ben"]), (by_name["cem"], None)}
    assert set(named["event"]) == {"square_2011"}


def test_a_bundle_keeps_events_and_the_declaration(tmp_path):
    network = network_with(
        tmp_path, operations="operation,start,hashtags\na,2021-05-02,#x\n", triggers="trigger,time\nb,2021-05-02\n"
    )
    other = Network.from_tables(pl.DataFrame({"source": ["ana"], "target": ["ben"]}), kind="retweet")
    network = network.with_earlier({"before": other})
    plain = network.fingerprint
    import dataclasses

    network = dataclasses.replace(network, collection=Collection("sampled", 0.1, ("#x",)))
    again = read_network(write_bundle(network, tmp_path / "all.netact"))
    assert again.fingerprint == network.fingerprint != plain
    assert again.collection == network.collection
    assert again.operations.equals(network.operations)
    assert again.earlier.equals(network.earlier)
    assert again.earlier.height == 1


def test_the_declaration_is_checked_and_stands_in_the_study(tmp_path):
    study = Study.of([tmp_path / "ties.csv"], collection=Collection("keyword", query=("#plaza",)))
    path = written(tmp_path, "study.toml", study.to_toml())
    assert load(path).collection == study.collection
    path.write_text(study.to_toml().replace('"keyword"', '"some"'), encoding="utf-8")
    with pytest.raises(StudyError, match="unknown sampling 'some'"):
        load(path)
    for values in (
        {"sampling": "complete", "rate": 0.5},
        {"sampling": "sampled", "rate": 1.5},
        {"query": "x"},
        {"who": 1},
    ):
        with pytest.raises(SchemaError):
            Collection.from_dict(values)


def test_rows_in_another_order_are_the_same_events():
    rows = pl.DataFrame({"trigger": ["b", "a"], "time": [datetime(2021, 5, 2, tzinfo=UTC)] * 2})
    network = Network.from_tables(pl.DataFrame({"source": ["ana"], "target": ["ben"]}), kind="retweet")
    assert network.with_triggers(rows).fingerprint == network.with_triggers(rows.reverse()).fingerprint
