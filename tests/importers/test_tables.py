"""Workbooks, Parquet, graph files, accounts and admin tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import networkx as nx
import openpyxl
import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network, read_source, resolved_options


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def named(network) -> list[tuple[str, str]]:
    return sorted(network.named_interactions().select("source", "target").iter_rows())


def test_workbook_takes_the_first_sheet_with_a_table(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        {
            "Notes": [["made in March"]],
            "Edges": [["source", "target", "time"], ["007", 12, dt.datetime(2020, 4, 3, 12, 30)],  # noqa: DTZ001
 [12, "NA", 43924.5], [None, None, None], ["a", "b", None]],
            "Other": [["from", "to"], ["x", "y"]],
        },
    )  # fmt: skip
    network = read_network(path)
    receipt = network.receipt.sources[0]
    assert named(network) == [("007", "12"), ("12", "NA"), ("a", "b")]
    assert receipt.format == "xlsx"
    assert receipt.dialect["sheet"] == "Edges"
    assert any("--sheet" in line for line in receipt.assumptions)
    assert (receipt.first_time, receipt.last_time) == ("2020-04-03T12:00:00+00:00", "2020-04-03T12:30:00+00:00")
    assert named(read_network(path, sheet="Other")) == [("x", "y")]
    with pytest.raises(ImportFileError, match=r"no sheet 'X'; found \['Notes', 'Edges', 'Other'\]; pass --sheet"):
        read_network(path, sheet="X")


def test_workbook_ids_that_a_spreadsheet_damages_are_said(tmp_path: Path) -> None:
    ids = [1234567890123456000 + i * 10_000 for i in range(6)]
    path = workbook(tmp_path / "t.xlsx", {"Edges": [["source", "target"], *[[i, "a"] for i in ids]]})
    receipt = read_network(path).receipt.sources[0]
    assert receipt.damaged_ids == 6
    assert any("too large for a spreadsheet" in w for w in receipt.warnings)


def test_workbook_with_titles_above_the_header_and_line_numbers(tmp_path: Path) -> None:
    rows = [["Graph", None, "Visual"], ["Vertex 1", "Vertex 2", "Color"], ["a", "a", ""], ["a", "b", ""]]
    receipt = read_network(workbook(tmp_path / "t.xlsx", {"Edges": rows})).receipt.sources[0]
    assert [(d.reason, d.first_lines) for d in receipt.dropped] == [("self-tie", (3,))]


def test_parquet_keeps_types_and_flags_float_ids(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "source": [10**17 + 1, 5],
            "target": ["a", "b"],
            "weight": [0.5, 2.0],
            "time": [dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None],
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    network = read_network(tmp_path / "t.parquet")
    assert named(network) == [("100000000000000001", "a"), ("5", "b")]
    assert network.receipt.sources[0].first_time == "2020-01-01T00:00:00+00:00"
    frame.with_columns(pl.col("source").cast(pl.Float64)).write_parquet(tmp_path / "f.parquet")
    receipt = read_network(tmp_path / "f.parquet").receipt.sources[0]
    assert any("floating-point numbers" in w for w in receipt.warnings)
    assert receipt.damaged_ids == 1


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_networkx_graphs_come_back(tmp_path: Path, suffix: str, *, directed: bool) -> None:
    graph = nx.gnp_random_graph(30, 0.15, seed=1, directed=directed)
    graph = nx.relabel_nodes(graph, {n: f"ناشط {n}" if n % 3 else f"u<{n}>&" for n in graph})
    for place, (u, v) in enumerate(graph.edges):
        graph.edges[u, v]["weight"] = 1.0 + place % 4
    for n in graph:
        graph.nodes[n]["followers"] = len(n)
    path = tmp_path / f"g.{suffix}"
    (nx.write_graphml if suffix == "graphml" else nx.write_gexf)(graph, path)
    network = read_network(path)
    back = network.to_networkx()
    assert network.directed is directed
    assert set(back.nodes) == {n.strip() for n in graph}
    assert {(u, v): d["weight"] for u, v, d in back.edges(data=True)} == (
        {(u, v): d["weight"] for u, v, d in graph.edges(data=True)}
        if directed
        else {(min(u, v), max(u, v)): d["weight"] for u, v, d in graph.edges(data=True)}
    )
    assert network.accounts["followers"].to_list() == [len(key) for key in network.keys]


def test_made_up_node_ids_give_way_to_names(tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    path.write_text(
        '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="v_name" for="node" attr.name="name" attr.type="string"/>'
        '<key id="e_kind" for="edge" attr.name="type" attr.type="string"><default>mention</default></key>'
        '<graph edgedefault="directed">'
        '<node id="n0"><data key="v_name">ana</data></node><node id="n1"><data key="v_name">ben</data></node>'
        '<node id="n2"><data key="v_name">cem</data></node>'
        '<edge source="n0" target="n1"><data key="e_kind">RT</data></edge><edge source="n1" target="n0"/>'
        '<edge source="n1" target="n2" directed="false"/></graph></graphml>'
    )
    network = read_network(path)
    rows = sorted(network.named_interactions().select("source", "target", "kind").iter_rows())
    assert rows == [
        ("ana", "ben", "retweet"),
        ("ben", "ana", "mention"),
        ("ben", "cem", "mention"),
        ("cem", "ben", "mention"),
    ]
    receipt = network.receipt.sources[0]
    assert any("node attribute 'name'" in line for line in receipt.assumptions)
    assert any("a tie each way" in line for line in receipt.assumptions)


def test_accounts_table_names_types_and_reach(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("source,target\nana,ben\n")
    (tmp_path / "a.csv").write_text(
        'screen_name;name;n_followers;age;city;user_id\n@Ana;Ana Alba;"1.234";33;Rom;0012\nben;;5;;Bonn;\n;;7;;;\n@ana;;;34;;\ncem;;x;40;;\n'
    )
    network = read_network(tmp_path / "e.csv", accounts=tmp_path / "a.csv", account="screen_name")
    rows = {row["key"]: row for row in network.accounts.iter_rows(named=True)}
    assert set(rows) == {"ana", "ben", "cem"}
    assert rows["ana"]["age"] == 33
    assert rows["ana"]["user_id"] == "0012"
    assert rows["ben"]["reach"] == 5.0
    assert rows["cem"]["reach"] is None
    receipt = network.receipt.sources[1]
    assert receipt.role == "accounts"
    assert receipt.mapping["reach"] == "n_followers"
    assert (receipt.rows_read, receipt.rows_kept, receipt.duplicates) == (5, 4, 1)
    assert [(d.reason, d.first_lines) for d in receipt.dropped] == [("no account id", (4,))]


def test_admin_table_roles_and_bots(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "page,admin,role\np1,ana,owner\np1,bot9,editor\n,ana,owner\np2,ana,editor\np2,ana,editor\n"
    )
    (tmp_path / "p.csv").write_text("name,bot\nana,no\nbot9,yes\nzoe,maybe\n")
    network = read_network(admins=tmp_path / "m.csv", people=tmp_path / "p.csv")
    rights = network.named_admin_rights().sort("account", "person").select("person", "account", "role", "is_bot").rows()
    assert rights == [("ana", "p1", "owner", False), ("bot9", "p1", "editor", True), ("ana", "p2", "editor", False)]
    admins, people = network.receipt.sources
    assert (admins.rows_read, admins.rows_kept) == (5, 3)
    assert [(d.reason, d.first_lines) for d in admins.dropped] == [("no account", (4,)), ("repeats a right", (6,))]
    assert [(d.reason, d.first_lines) for d in people.dropped] == [("neither yes nor no in the column of bots", (4,))]
    assert network.interactions.height == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("who,page\nana,p\n", "t.csv: no column for the person; found ['who', 'page']; pass --person COLUMN"),
        (
            "admin,thing\nana,p\n",
            "t.csv: no column for the account; found ['admin', 'thing']; pass --admin-account COLUMN",
        ),
        ("admin,page\n,p\n", "t.csv: no usable rows; found 1 no person; check the columns of person and account"),
    ],
)
def test_bad_admin_tables(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ImportFileError) as caught:
        read_network(admins=tmp_path / "t.csv")
    assert str(caught.value) == message


def test_platform_reaches_accounts_and_admins(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("source,target\nAna,Ben\n")
    (tmp_path / "a.csv").write_text("handle,reach\nANA,3\n")
    (tmp_path / "m.csv").write_text("person,account\nzoe,@Ana\n")
    network = read_network(
        tmp_path / "e.csv", accounts=tmp_path / "a.csv", admins=tmp_path / "m.csv", platform="Twitter"
    )
    assert network.keys == ["twitter:ana", "twitter:ben"]
    assert network.accounts["reach"].to_list() == [3.0, None]
    assert network.named_admin_rights()["account"].to_list() == ["twitter:ana"]


def test_accounts_are_named_as_the_interactions_name_them(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("source,target\nAna,ben\n")
    (tmp_path / "a.csv").write_text("id,handle,followers\n11,@ana,7\n12,Ben,8\n")
    network = read_network(tmp_path / "e.csv", accounts=tmp_path / "a.csv", platform="twitter")
    assert network.accounts.select("key", "reach").rows() == [("twitter:ana", 7.0), ("twitter:ben", 8.0)]
    assert network.receipt.sources[1].mapping == {"account": "handle", "reach": "followers"}
    assert not network.receipt.warnings
    (tmp_path / "a.csv").write_text("id,followers\n11,7\n12,8\n")
    (tmp_path / "m.csv").write_text("admin,page\nzoe,elsewhere\n")
    network = read_network(tmp_path / "e.csv", accounts=tmp_path / "a.csv", admins=tmp_path / "m.csv")
    assert [w.split(":")[0] for w in network.receipt.warnings] == [
        "none of the accounts in the table of accounts has a tie",
        "none of the accounts in the table of admins has a tie",
    ]


def test_graphs_and_workbooks_can_be_read_again_from_their_receipts(tmp_path: Path) -> None:
    graph = nx.DiGraph([("ana", "ben"), ("ben", "cem")])
    nx.write_gexf(graph, tmp_path / "g.gexf")
    nx.write_graphml(graph.to_undirected(), tmp_path / "g.graphml")
    workbook(tmp_path / "t.xlsx", {"One": [["x"]], "Two": [["author", "retweeter", "n"], ["ana", "ben", 2]]})
    pl.DataFrame({"from": ["a"], "to": ["b"], "count": [3]}).write_parquet(tmp_path / "t.parquet")
    for name in ("g.gexf", "g.graphml", "t.xlsx", "t.parquet"):
        first = read_source(tmp_path / name)
        told = resolved_options(first.receipt.sources[0])
        again = read_source(tmp_path / name, SourceOptions.from_dict(told.to_dict()))
        assert again.fingerprint == first.fingerprint
        assert again.directed == first.directed


NODEXL = [
    ["Graph", None, "Visual Properties", None, "Other Columns"],
    ["Vertex 1", "Vertex 2", "Color", "Relationship", "Relationship Date (UTC)", "Tweet", "Date", "Imported ID", "Source"],
    ["plaza_voices", "Ana_17", "", "Retweet", dt.datetime(2020, 4, 3, 12, 30), "RT @Ana_17: go", None, 1234567890123456000, "web"],  # noqa: DTZ001
    ["plaza_voices", "ben", "", "MentionsInRetweet", 43924.5, "RT @Ana_17: go", None, 1234567890123456000, "web"],
    ["ben", "ana_17", "", "Replies to", "4/4/2020 10:00", "no @ana_17", None, None, "web"],
    ["ben", "ben", "", "Tweet", 43925, "good morning", None, None, "web"],
    ["cem", "cem", "", "Tweet", 43926, "hello", None, None, "web"],
    ["cem", "ben", "", "Followed", None, None, None, None, None],
]  # fmt: skip


def test_nodexl_workbook(tmp_path: Path) -> None:
    vertices = [
        ["Graph"],
        ["Vertex", "Color", "Followed", "Followers"],
        ["Ana_17", "", 4, 900],
        ["ben", "", 1, 2],
        ["zoe", "", 3, 0],
    ]
    sheets = {"Overview": [["a", "b"], ["c", "d"]], "Edges": NODEXL, "Vertices": vertices}
    network = read_network(workbook(tmp_path / "n.xlsx", sheets), platform="twitter")
    rows = sorted(network.named_interactions().select("source", "target", "kind").iter_rows())
    assert rows == [
        ("twitter:ben", "twitter:ana_17", "reply"),
        ("twitter:cem", "twitter:ben", "follow"),
        ("twitter:plaza_voices", "twitter:ana_17", "retweet"),
        ("twitter:plaza_voices", "twitter:ben", "mention"),
    ]
    receipt = network.receipt.sources[0]
    assert "marks of NodeXL" in receipt.evidence
    assert receipt.dialect["sheet"] == "Edges"
    assert receipt.mapping == {
        "source": "source", "target": "target", "kind_column": "Relationship", "time": "Relationship Date (UTC)",
    }  # fmt: skip
    assert [(d.reason, d.rows, d.first_lines) for d in receipt.dropped] == [("posts without a tie", 2, (6, 7))]
    assert (receipt.first_time, receipt.last_time) == ("2020-04-03T12:00:00+00:00", "2020-04-04T10:00:00+00:00")
    known = {row["key"]: row["followers"] for row in network.accounts.iter_rows(named=True)}
    assert known == {
        "twitter:ana_17": 900,
        "twitter:ben": 2,
        "twitter:cem": None,
        "twitter:plaza_voices": None,
        "twitter:zoe": 0,
    }
    again = read_source(tmp_path / "n.xlsx", resolved_options(receipt, SourceOptions(platform="twitter")))
    assert again.fingerprint == network.fingerprint
    del sheets["Vertices"]
    bare = read_network(workbook(tmp_path / "n.xlsx", sheets), platform="twitter")
    assert bare.receipt.sources[0].mapping["source"] == "Vertex 1"
    assert named(bare) == named(network)


def test_gephi_matrix_in_a_workbook(tmp_path: Path) -> None:
    rows = [[None, "a", "b", "c"], ["a", 0, 1, 0], ["b", 0, 0, 2.5], ["c", 1, None, 0]]
    network = read_network(workbook(tmp_path / "m.xlsx", {"Sheet1": rows}))
    assert named(network) == [("a", "b"), ("b", "c"), ("c", "a")]
    assert any("a cell is read as the weight" in line for line in network.receipt.sources[0].assumptions)


def test_gephi_spreadsheet_of_mixed_type(tmp_path: Path) -> None:
    rows = [["Source", "Target", "Type", "Weight"], ["a", "b", "Directed", 2], ["b", "c", "Undirected", 3]]
    network = read_network(workbook(tmp_path / "m.xlsx", {"Sheet1": rows}))
    assert named(network) == [("a", "b"), ("b", "c"), ("c", "b")]
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept) == (3, 3)
    assert any(line.startswith("1 edge without direction") for line in receipt.assumptions)
