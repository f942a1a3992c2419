"""Edge lists as public collections write them. All ids are invented."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from netact.importers import SourceOptions, read_network, read_source, resolved_options


def write(tmp_path: Path, text: str, name: str = "t.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rows(network) -> list[tuple[object, ...]]:
    return sorted(network.named_interactions().select("source", "target", "kind", "weight").iter_rows())


def again(path: Path, network) -> None:
    told = resolved_options(network.receipt.sources[0])
    assert read_source(path, SourceOptions.from_dict(told.to_dict())).fingerprint == network.fingerprint


SNAP = "# Directed graph (each unordered pair of nodes is saved once): invented.txt\n# Nodes: 4 Edges: 2\n# FromNodeId\tToNodeId\n1\t2\n3\t4\n"


@pytest.mark.parametrize("undirected", [False, True])
def test_snap(tmp_path: Path, *, undirected: bool) -> None:
    text = SNAP.replace("Directed", "Undirected").replace("invented", "invented.ungraph") if undirected else SNAP
    path = write(tmp_path, text)
    network = read_network(path)
    receipt = network.receipt.sources[0]
    assert network.directed is not undirected
    assert "marks of SNAP" in receipt.evidence
    assert receipt.rows_kept == 2
    assert {(s, t) for s, t, _, _ in rows(network)} >= {("1", "2"), ("3", "4")}
    again(path, network)


def test_the_four_files_of_higgs_share_their_ids(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "1 2\n2 3\n3 3\n", "higgs-social_network.edgelist"),
        write(tmp_path, "1 2 4\n4 1 1\n", "higgs-retweet_network.edgelist"),
        write(tmp_path, "2 1 1\n", "higgs-reply_network.edgelist"),
        write(tmp_path, "3 1 2\n", "higgs-mention_network.edgelist"),
        write(tmp_path, "1 2 1341100972 MT\n2 1 1341100981 RE\n4 1 1341101181 RT\n", "higgs-activity_time.txt"),
    ]
    network = read_network(files)
    assert network.n_accounts == 4
    kinds = [dict(source.kinds) for source in network.receipt.sources]
    assert kinds == [
        {"follow": 2},
        {"retweet": 2},
        {"reply": 1},
        {"mention": 1},
        {"mention": 1, "reply": 1, "retweet": 1},
    ]
    assert all("marks of SNAP Higgs" in source.evidence for source in network.receipt.sources)
    assert network.receipt.sources[1].mapping["weight"] == "weight"
    assert network.receipt.sources[4].first_time == "2012-07-01T00:02:52+00:00"
    assert sorted(network.ties("retweet").weight.tolist()) == [2.0, 4.0]


def test_konect(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "% asym positive\n% 3 4 4\n1 2\t5 1341100972\n2\t3   1  1341100973\n3 4 1\t1341100974\n",
        "out.invented",
    )
    network = read_network(path)
    receipt = network.receipt.sources[0]
    assert rows(network) == [("1", "2", "retweet", 5.0), ("2", "3", "retweet", 1.0), ("3", "4", "retweet", 1.0)]
    assert receipt.mapping == {"source": "source", "target": "target", "weight": "weight", "time": "timestamp"}
    assert "marks of KONECT" in receipt.evidence
    again(path, network)
    assert not read_network(write(tmp_path, "% sym unweighted\n1 2\n2 3\n")).directed
    path = write(tmp_path, "% bip unweighted\n% 3 2 2\n1 1\n1 2\n2 1\n")
    network = read_network(path)
    assert [(s, t) for s, t, _, _ in rows(network)] == [("L1", "R1"), ("L1", "R2"), ("L2", "R1")]
    assert any("L is put before" in line for line in network.receipt.sources[0].assumptions)
    again(path, network)


def test_network_repository(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, "% invented retweets\n1,2,1341100972\n3,2,1341100981\n", "rt.edges"))
    assert network.receipt.sources[0].mapping["time"] == "column 3"
    assert network.interactions.height == 2


def test_netzschleuder(tmp_path: Path) -> None:
    path = write(tmp_path, "# source, target, weight\n0, 1, 2.5\n1, 2, 1\n")
    network = read_network(path)
    assert rows(network) == [("0", "1", "retweet", 2.5), ("1", "2", "retweet", 1.0)]
    assert "marks of Netzschleuder" in network.receipt.sources[0].evidence
    again(path, network)


def test_weng(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, "1 2\n3 2\n", "follower_gcc.anony.dat"))
    assert not network.directed
    assert "marks of Weng et al. 2013" in network.receipt.sources[0].evidence


def test_networkx_dictionaries(tmp_path: Path) -> None:
    graph = nx.DiGraph()
    graph.add_edge("ana", "ben", weight=2.5, kind="reply", time="2020-04-03T12:00:00Z", note="it's {odd}")
    graph.add_edge("ben", "cem", kind="RT")
    nx.write_edgelist(graph, tmp_path / "g.edgelist")
    network = read_network(tmp_path / "g.edgelist")
    assert rows(network) == [("ana", "ben", "reply", 2.5), ("ben", "cem", "retweet", 1.0)]
    receipt = network.receipt.sources[0]
    assert receipt.first_time == "2020-04-03T12:00:00+00:00"
    assert "1 edge without a weight counts as 1" in receipt.warnings
    assert "marks of networkx" in receipt.evidence
    again(tmp_path / "g.edgelist", network)
    hostile = write(tmp_path, "a b {'x': 1}\nb c {" + "-" * 1500 + "}\nc d {__import__('os')}\n")
    assert len(rows(read_network(hostile))) == 3


GEPHI = ["Source", "Target", "Type", "Id", "Label", "Weight"]


@pytest.mark.parametrize(
    ("delimiter", "quote"), [(d, q) for d in (",", ";", "|", "\t", " ") for q in ("", '"', "'") if (d, q) != (" ", "'")]
)
def test_gephi_spreadsheets(tmp_path: Path, delimiter: str, quote: str) -> None:
    table = [GEPHI, ["ana", "ben", "Directed", "0", "x", "2.0"], ["ben", "cem", "Directed", "1", "y", "1.5"]]
    text = "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in table) + "\n"
    network = read_network(write(tmp_path, text))
    assert rows(network) == [("ana", "ben", "retweet", 2.0), ("ben", "cem", "retweet", 1.5)]


def test_gephi_spreadsheet_of_mixed_type(tmp_path: Path) -> None:
    path = write(tmp_path, "Source;Target;Type\nana;ben;Directed\nben;cem;Undirected\n")
    network = read_network(path)
    assert [(s, t) for s, t, _, _ in rows(network)] == [("ana", "ben"), ("ben", "cem"), ("cem", "ben")]
    assert any("a tie each way" in line for line in network.receipt.sources[0].assumptions)


def test_r_leaves_the_row_names_without_a_column_name(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, '"from" "to" "n"\n"1" "ana" "ben" 2\n"2" "ben" "cem" 3\n'))
    assert rows(network) == [("ana", "ben", "retweet", 2.0), ("ben", "cem", "retweet", 3.0)]
