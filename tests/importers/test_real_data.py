"""Real files, read where they lie."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import read_network
from netact.network import Network


def adds_up(network: Network) -> None:
    for source in network.receipt.sources:
        assert source.rows_read == source.rows_kept + sum(item.rows for item in source.dropped)
        assert len(source.sha256) == 64


def test_occupy(shared: Path) -> None:
    path = shared / "occupy_retweets" / "rt_occupywallstnyc.edges"
    network = read_network(path)
    receipt = network.receipt.sources[0]
    assert network.n_accounts == 3609
    assert receipt.kinds == {"retweet": 3933}
    assert (receipt.rows_read, receipt.self_ties) == (3936, 3)
    assert receipt.mapping["time"] == "column 3"
    assert receipt.first_time is not None
    assert receipt.first_time.startswith("2012-07-21")
    assert receipt.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert any("give 77 % of it" in w and "--reverse" in w for w in receipt.warnings)
    turned = read_network(path, reverse=True)
    assert not turned.receipt.sources[0].warnings
    star = turned.keys.index("1783")
    # 2,811 rows of it, some of them a self-tie or a repeat of a pair.
    assert turned.ties().in_strength[star] == pytest.approx(2811, abs=3)
    adds_up(network)


@pytest.mark.parametrize(
    ("file", "accounts", "rows"), [("rt_damascus.edges", 3052, 3881), ("rt_bahrain__rt_edge.txt", 4676, 8007)]
)
def test_other_retweets(shared: Path, file: str, accounts: int, rows: int) -> None:
    network = read_network(shared / "occupy_retweets" / file)
    assert network.n_accounts == accounts
    assert network.receipt.sources[0].rows_read == rows
    adds_up(network)


def test_conover_retweets_of_a_file_with_two_kinds(shared: Path) -> None:
    path = shared / "conover2011_politics" / "twitter_edges.csv.gz"
    network = read_network(path, kind="retweet", reverse=True)
    receipt = network.receipt.sources[0]
    assert receipt.rows_read == 77_920
    assert receipt.kinds == {"retweet": 61_434}
    assert [(d.reason, d.rows) for d in receipt.dropped] == [("other kind (reply)", 16_486)]
    assert int((network.ties().weak_components() == 0).sum()) == 18_470
    assert not receipt.warnings
    assert receipt.unused_columns == ("urls",)
    used = network.hashtags["hashtag"].value_counts(sort=True)["hashtag"].head(2).to_list()
    assert used == ["tcot", "p2"]  # the two the data were collected by
    adds_up(network)
    everything = read_network(path)
    assert everything.n_accounts == 22_405
    assert set(everything.kinds) == {"retweet", "reply"}
    assert any("--reverse" in w for w in everything.receipt.sources[0].warnings)
    replies = everything.ties("reply").weak_components()
    assert int((replies == 0).sum()) == 7175


def test_classics_undirected(shared: Path) -> None:
    files = sorted((shared / "classics").glob("*_edges.csv"))
    assert len(files) >= 20
    for path in files:
        network = read_network(path, directed=False)
        adds_up(network)
        expected = pl.read_csv(path, infer_schema=False)
        assert network.receipt.rows_read == expected.height
        ends = set(expected["source"].str.strip_chars()) | set(expected["target"].str.strip_chars())
        assert network.n_accounts == len(ends)
        assert not network.receipt.sources[0].warnings
    karate = read_network(shared / "classics" / "karate_edges.csv", directed=False)
    assert (karate.n_accounts, len(karate.undirected_ties())) == (34, 78)


def test_blanks_between_columns(shared: Path) -> None:
    congress = read_network(shared / "congress_twitter" / "congress.edgelist")
    assert (congress.n_accounts, congress.interactions.height) == (475, 13_289)
    assert congress.receipt.sources[0].mapping["weight"] == "column 3"
    hires = read_network(shared / "springrank_us_cs" / "US_CS_adjacency.dat")
    receipt = hires.receipt.sources[0]
    assert hires.n_accounts == 205
    kept = hires.interactions["weight"].sum()
    lost = sum(float(line.split()[2]) for line in (shared / "springrank_us_cs" / "US_CS_adjacency.dat").read_text().splitlines()
               if line.split()[0] == line.split()[1])  # fmt: skip
    assert kept + lost == 4388
    assert lost == 355
    assert receipt.self_ties == 124


@pytest.mark.parametrize(
    ("file", "accounts", "rows", "directed"),
    [
        ("basic.gexf", 2, 3, True),
        ("les_miserables.gexf", 77, 254, True),
        ("missing_nodes.gexf", 6, 4, True),
        ("miserables.graphml", 77, 254, False),
        ("miserables_broken.graphml", 77, 254, False),
    ],
)
def test_graph_files(shared: Path, file: str, accounts: int, rows: int, *, directed: bool) -> None:
    network = read_network(shared / "formats" / "gexf_graphml" / file)
    assert (network.n_accounts, network.receipt.rows_kept, network.directed) == (accounts, rows, directed)
    adds_up(network)


def test_likes_are_no_ties(shared: Path) -> None:
    with pytest.raises(ImportFileError, match=r"no usable rows; found 1 unknown kind \(likes\)"):
        read_network(shared / "formats" / "gexf_graphml" / "v1_3.gexf")


def test_moderators_of_communities(shared: Path) -> None:
    folder = shared / "reddit_moderators2024"
    network = read_network(
        admins=folder / "moderators.csv", accounts=folder / "subreddits.csv", people=folder / "users.csv"
    )
    rights = network.named_admin_rights()
    assert rights.height == 43_563
    assert rights["person"].n_unique() == 30_943
    held = rights.group_by("person", "is_bot").agg(n=pl.col("account").n_unique()).sort("n", descending=True)
    assert held.row(0)[1:] == (True, 2361)
    assert held.filter(~pl.col("is_bot"))["n"].head(3).to_list() == [392, 266, 158]
    reach = dict(network.accounts.select("key", "reach").iter_rows())
    assert reach["announcements"] == 307_637_503.0
    assert [source.role for source in network.receipt.sources] == ["accounts", "admins", "people"]
    adds_up(network)
