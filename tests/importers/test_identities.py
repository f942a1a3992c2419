"""Accounts of several platforms that are one person or organisation."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import read_network
from netact.importers.bundle import write_bundle
from netact.network import Network
from netact.receipt import SourceReceipt
from netact.report.run import run
from netact.study import Source, Study, load


def ties(reverse: bool = False) -> Network:  # noqa: FBT001, FBT002
    rows = [
        ("901", "902", "twitter", "1"),
        ("plaza", "night_watch", "telegram", "2"),
        ("plaza.page", "dawn", "facebook", "3"),
        ("901", "903", "twitter", "4"),
        ("night_watch", "plaza", "telegram", "5"),
    ]
    frame = pl.DataFrame(
        rows[::-1] if reverse else rows, schema=["source", "target", "platform", "post_id"], orient="row"
    )
    aliases = pl.DataFrame({"account": ["901"], "handle": ["plaza_voices"], "platform": ["twitter"]})
    rights = pl.DataFrame({"person": ["Ina"], "account": ["plaza"], "platform": ["telegram"]})
    accounts = pl.DataFrame({"key": ["901", "plaza"], "platform": ["twitter", "telegram"], "reach": [10, 30]})
    return Network.from_tables(frame, accounts, rights, aliases=aliases)


def pairs(*rows: tuple, **further: list) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["account_a", "platform_a", "account_b", "platform_b"], orient="row")
    return frame.with_columns(**{name: pl.Series(values) for name, values in further.items()})


CHAIN = (("@Plaza_Voices", "twitter", "plaza", "telegram"), ("plaza", "telegram", "plaza.page", "facebook"))


def test_a_chain_of_accounts_is_one_and_can_be_undone() -> None:
    network = ties()
    merged = network.with_identities(
        pairs(*CHAIN, confidence=[0.9, 0.8]), receipt=SourceReceipt("who.csv", rows_read=2)
    )
    assert merged.n_accounts == network.n_accounts - 2
    row = merged.accounts.row(by_predicate=pl.col("key") == "facebook:plaza.page", named=True)
    assert row["also"] == ["telegram:plaza", "twitter:901"]
    assert row["reach"] == 30
    assert set(merged.named_interactions().select("source", "target").iter_rows()) == {
        ("facebook:plaza.page", "twitter:902"),
        ("facebook:plaza.page", "telegram:night_watch"),
        ("facebook:plaza.page", "facebook:dawn"),
        ("facebook:plaza.page", "twitter:903"),
        ("telegram:night_watch", "facebook:plaza.page"),
    }
    assert merged.named_admin_rights()["account"].to_list() == ["facebook:plaza.page"]
    receipt = merged.receipt.sources[-1]
    assert (receipt.rows_read, receipt.rows_kept, receipt.dropped) == (2, 2, ())
    assert merged.without_identities() is network
    assert merged.fingerprint != network.fingerprint


def test_the_order_of_rows_does_not_matter() -> None:
    one = ties().with_identities(pairs(*CHAIN))
    turned = [(b, q, a, p) for a, p, b, q in reversed(CHAIN)]
    other = ties(reverse=True).with_identities(pairs(*turned))
    assert one.fingerprint == other.fingerprint
    step = ties().with_identities(pairs(CHAIN[1])).with_identities(pairs(CHAIN[0]))
    assert step.fingerprint == one.fingerprint


def test_merged_networks_are_combined_from_what_was_read() -> None:
    more = Network.from_tables(
        pl.DataFrame({"source": ["plaza"], "target": ["dawn"], "platform": ["telegram"], "post_id": ["9"]})
    )
    one = Network.combine([ties().with_identities(pairs(*CHAIN)), more])
    assert one.fingerprint == Network.combine([ties(), more]).with_identities(pairs(*CHAIN)).fingerprint
    assert one.without_identities().fingerprint == Network.combine([more, ties()]).fingerprint


def test_what_cannot_be_merged_is_said_and_left() -> None:
    network = ties()
    table = pairs(
        ("901", "twitter", "nobody", "telegram"),
        ("901", "twitter", "902", "twitter"),
        ("901", "twitter", "@plaza_voices", "twitter"),
        ("902", "twitter", "dawn", "facebook"),
        ("dawn", "facebook", "903", "twitter"),
        ("plaza", "telegram", "plaza.page", ""),
    )
    merged = network.with_identities(table, receipt=SourceReceipt("who.csv", rows_read=6))
    receipt = merged.receipt.sources[-1]
    assert {str(item.reason): (item.rows, item.first_lines) for item in receipt.dropped} == {
        "names an account that no other file holds": (1, (1,)),
        "names one account twice": (1, (3,)),
        "both accounts are of one platform": (1, (2,)),
        "would join two accounts of one platform through a third": (2, (4, 5)),
    }
    assert receipt.rows_kept == 1
    assert merged.identities.select("account_a", "account_b").rows() == [("facebook:plaza.page", "telegram:plaza")]


def test_ties_between_accounts_of_one_person_are_left_out() -> None:
    network = Network.from_tables(pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "post_id": ["1", "2"]}))
    merged = network.with_identities(pl.DataFrame({"account_a": ["a"], "account_b": ["b"]}))
    assert merged.named_interactions().select("source", "target").rows() == [("a", "c")]
    assert network.interactions.height == 2


def test_nothing_to_merge_changes_nothing() -> None:
    network = ties()
    same = network.with_identities(pairs(("x", "twitter", "y", "telegram")))
    assert same.fingerprint == network.fingerprint
    assert "also" not in same.accounts.columns


FILES = {
    "edges.csv": "source,target,platform\n@plaza,@night,twitter\n@night,@dawn,twitter\nplaza.page,walk,facebook\nwalk,plaza.page,facebook\n",
    "who.csv": "account_a,platform_a,account_b,platform_b,evidence,confidence\n"
    "@Plaza,twitter,plaza.page,facebook,link in the profile,90%\n"
    "@dawn,twitter,walk,facebook,same photo,0.3\n",
}


def files(folder: Path) -> tuple[Path, Path]:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "edges.csv", folder / "who.csv"


def test_a_file_of_identities_is_read_with_a_receipt(tmp_path: Path) -> None:
    edges, who = files(tmp_path)
    assert read_network(edges, identities=who).n_accounts == 3
    network = read_network(edges, identities=who, min_confidence="0.8")
    assert network.keys == ["facebook:plaza.page", "facebook:walk", "twitter:dawn", "twitter:night"]
    receipt = network.receipt.sources[-1]
    assert (receipt.role, receipt.rows_read, receipt.rows_kept) == ("identities", 2, 1)
    assert [(str(item.reason), item.rows) for item in receipt.dropped] == [("confidence below 0.80, or not stated", 1)]
    assert receipt.direction == "2 accounts are 1 persons or organisations"
    assert network.identities.rows() == [("facebook:plaza.page", "twitter:plaza", "link in the profile", 0.9)]
    assert network.without_identities().fingerprint == read_network(edges).fingerprint
    turned = tmp_path / "turned.csv"
    head, *rows = FILES["who.csv"].splitlines()
    turned.write_text("\n".join([head, *reversed(rows)]))
    assert read_network(edges, identities=turned).fingerprint == read_network(edges, identities=who).fingerprint


def test_a_study_keeps_the_identities(tmp_path: Path) -> None:
    edges, who = files(tmp_path)
    sources = [Source(str(edges)), Source(str(who), "identities", options={"min_confidence": "0.8"})]
    study = Study.of(sources, measures={"hierarchy": {"draws": 9, "replicates": 9}})
    (tmp_path / "study.toml").write_text(study.to_toml())
    network = run(load(tmp_path / "study.toml")).network
    assert network.n_accounts == 4


def test_a_confidence_that_is_no_number_is_refused(tmp_path: Path) -> None:
    edges, who = files(tmp_path)
    with pytest.raises(ImportFileError, match="no number from 0 to 1"):
        read_network(edges, identities=who, min_confidence="much")
    who.write_text("account_a,other\na,b\n")
    with pytest.raises(ImportFileError, match="account_b"):
        read_network(edges, identities=who)


def test_a_bundle_keeps_what_was_merged_and_more_can_be(tmp_path: Path) -> None:
    edges, who = files(tmp_path)
    merged = read_network(edges, identities=who, min_confidence=0.8)
    back = read_network(write_bundle(merged, tmp_path / "merged.netact"))
    assert back.fingerprint == merged.fingerprint
    assert back.without_identities().fingerprint == merged.fingerprint
    more = back.with_identities(pairs(("dawn", "twitter", "walk", "facebook")))
    assert more.n_accounts == 3
    assert sorted(more.accounts["also"].to_list()) == [[], ["twitter:dawn"], ["twitter:plaza"]]
    assert more.identities.height == 2
