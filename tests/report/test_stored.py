"""A report read back from its folder is the report that was written."""

from __future__ import annotations

import dataclasses
import json

import polars as pl
import pytest

from netact.errors import ReportError
from netact.language import Message, revived
from netact.report import name_group, read
from netact.report.store import restore, store
from netact.results import LeadingCore


def same(a, b):
    """Compare values in which tables and dataclasses are nested."""
    if isinstance(a, pl.DataFrame):
        return isinstance(b, pl.DataFrame) and a.equals(b) and a.schema == b.schema
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, Message):
        return isinstance(b, Message) and a.template == b.template and str(a) == str(b)
    return a == b or (a != a and b != b)


def test_what_is_read_is_what_was_written(hostile_report, hostile_folder):
    read_back, content = read(hostile_folder).content, hostile_report.content
    for name in ("summary", "layout", "timeline", "shutdown", "names"):
        assert same(getattr(content, name), getattr(read_back, name)), name
    assert json.loads(json.dumps(content.receipt)) == read_back.receipt
    assert list(content.robustness) == list(content.results)
    for name, tried in content.robustness.items():
        assert same(tried, read_back.robustness[name]), name
    assert list(content.results) == list(read_back.results)
    for name, result in content.results.items():
        assert same(result, read_back.results[name]), name
    assert [f.to_dict() for f in content.findings] == [f.to_dict() for f in read_back.findings]


def test_every_hand_made_result_survives(made, tmp_path):
    results = [
        value for value in vars(made).values() if dataclasses.is_dataclass(value) and not isinstance(value, type)
    ]
    makers = [make for name, make in vars(made).items() if callable(make) and not name.startswith("_")]
    for make in makers:
        try:
            value = make()
        except TypeError:
            continue
        results += [value] if dataclasses.is_dataclass(value) and not isinstance(value, type) else []
    assert results
    for number, result in enumerate(results):
        store(result, tmp_path, f"r{number}")
        assert same(result, restore(type(result), tmp_path, f"r{number}"))


def test_messages_keep_their_places(tmp_path):
    inner = Message("{n:count} windows", n=3)
    text = Message("needs {what}; {share:percent} were seen", what=inner, share=0.25)
    store({"text": text, "more": [text]}, tmp_path, "messages")
    again = revived(json.loads((tmp_path / "messages.json").read_text(encoding="utf-8")))
    assert again == {"text": str(text), "more": [str(text)]}
    assert isinstance(again["text"], Message)
    assert isinstance(again["text"].values["what"], Message)


def test_neighbours_are_the_ties_of_the_network(hostile_report, hostile_folder):
    stored, network = read(hostile_folder), hostile_report.network
    ties = network.ties()
    keys = network.accounts["key"].to_list()
    table = stored.accounts["key"].to_list()
    for row in (0, 5, len(table) - 1):
        found = stored.neighbours(row)
        gave = {
            (keys[s]): w for s, t, w in zip(ties.source, ties.target, ties.weight, strict=True) if keys[t] == table[row]
        }
        received = {
            keys[t]: w for s, t, w in zip(ties.source, ties.target, ties.weight, strict=True) if keys[s] == table[row]
        }
        assert dict(found.filter(pl.col("gave") > 0).select("account", "gave").iter_rows()) == gave
        assert dict(found.filter(pl.col("received") > 0).select("account", "received").iter_rows()) == received
        strength = (found["gave"] + found["received"]).to_list()
        assert strength == sorted(strength, reverse=True)


def test_names_given_to_groups_stay_with_the_report(hostile_report, tmp_path):
    from netact.report import write

    folder = write(hostile_report, tmp_path / "report")
    before = read(folder)
    name_group(folder, 0, "  Friends of\nthe <b>square</b>\u202e ")
    after = read(folder)
    assert after.content.factions.sizes["name"][0] == "Friends of the <b>square</b>"
    assert after.group_names == {0: "Friends of the <b>square</b>"}
    assert after.identity == before.identity  # a name changes no number
    write(hostile_report, folder)  # a folder with given names is still a report of ours
    name_group(folder, 0, "")
    assert read(folder).content.factions.sizes["name"].to_list() == before.content.factions.sizes["name"].to_list()
    with pytest.raises(ReportError, match="no group number 99"):
        name_group(folder, 99, "x")


def test_identity_stands_for_content_parameters_and_version(hostile_folder):
    from netact.report.stored import identity

    manifest = json.loads((hostile_folder / "manifest.json").read_text(encoding="utf-8"))
    assert read(hostile_folder).identity == identity(manifest)
    moved = json.loads(json.dumps(manifest))
    moved["study"]["sources"][0]["path"] = "elsewhere.csv"
    moved["python"] = "3.99"
    assert identity(moved) == identity(manifest)
    for change in ({"fingerprint": "x"}, {"netact_version": "9"}):
        assert identity({**manifest, **change}) != identity(manifest)
    moved["study"]["seed"] = 99
    assert identity(moved) != identity(manifest)


def test_folders_that_hold_no_report_are_refused(tmp_path, hostile_folder):
    with pytest.raises(ReportError, match="holds no report of netact"):
        read(tmp_path)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match="no data/ folder"):
        read(tmp_path)
    with pytest.raises(ReportError, match="cannot be read"):
        restore(LeadingCore, tmp_path, "absent")
