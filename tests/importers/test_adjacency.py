"""Adjacency lists and matrices, text and JSON. All accounts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from netact.errors import ImportFileError
from netact.importers import read_network, read_source, resolved_options
from netact.importers.adjacency import looks_like_list, looks_like_matrix


def write(tmp_path: Path, text: str, name: str = "t.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def ties(network) -> list[tuple[object, ...]]:
    found = network.ties(network.attention_kind)
    keys = network.keys
    return sorted((keys[s], keys[t], w) for s, t, w in zip(found.source, found.target, found.weight, strict=True))


def test_a_told_list_gives_one_tie_a_cell_and_adds_repeats(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, "d,b,e\na,b\na,b,c,f\nsolo\n"), format="adjacency")
    assert ties(network) == [("a", "b", 2.0), ("a", "c", 1.0), ("a", "f", 1.0), ("d", "b", 1.0), ("d", "e", 1.0)]
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept) == (7, 6)
    assert [(d.reason, d.rows, d.first_lines) for d in receipt.dropped] == [("no target", 1, (4,))]
    assert receipt.format == "adjacency"


def test_a_told_matrix(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, ";a;b;c\na;0;1;0\nb;0,0;;2,5\nc;1;0;0\n"), format="matrix")
    assert ties(network) == [("a", "b", 1.0), ("b", "c", 2.5), ("c", "a", 1.0)]
    with pytest.raises(ImportFileError, match="a row of the matrix has 3 cells for 2 columns; found line 3"):
        read_network(write(tmp_path, ",a,b\na,0,1\nb,1,0,4\n"), format="matrix")


def test_shapes_are_told_only_where_they_are_sure() -> None:
    def rows(text: str) -> list[list[str]]:
        return [line.split(",") for line in text.split("/")]

    assert looks_like_list(rows("a,b,c/b,a/c,a,b,d/d,a"), blanks=False)
    assert looks_like_list(rows("1,2,3/2,1/3,1,2,4/4,1"), blanks=False)
    assert not looks_like_list(rows("a,b,c/b,a,d/c,a,b"), blanks=False)  # one length
    assert not looks_like_list(rows("a,b,1/b,a/c,a,3"), blanks=False)  # weights, one is missing
    assert not looks_like_list(rows("source,target,x/b,a/c,a,b,d"), blanks=False)  # a header
    assert not looks_like_list(rows("d,b,e/a,b/a,b,c,f"), blanks=False)  # no account is named first and later
    assert looks_like_matrix(rows(",a,b/a,0,1/b,,0"))
    assert not looks_like_matrix(rows(",from,to/0,a,b/1,b,c"))
    assert not looks_like_matrix(rows(",from,to,w/from,1,1,1/to,1,x,2"))


def test_networkx_lists(tmp_path: Path) -> None:
    graph = nx.gnp_random_graph(20, 0.2, seed=3, directed=True)
    nx.write_adjlist(graph, tmp_path / "g.adjlist")
    network = read_network(tmp_path / "g.adjlist", format="adjacency")
    assert [(s, t) for s, t, _ in ties(network)] == sorted((str(u), str(v)) for u, v in graph.edges)
    (tmp_path / "g.json").write_text(json.dumps({str(k): v for k, v in nx.to_dict_of_lists(graph).items()}))
    network = read_network(tmp_path / "g.json", format="adjacency")
    assert [(s, t) for s, t, _ in ties(network)] == sorted((str(u), str(v)) for u, v in graph.edges)


def test_json_lists_of_followers(tmp_path: Path) -> None:
    records = [
        {"user": "plaza_voices", "followers": ["ana", "ben"], "following": ["cem"]},
        {"user": "cem", "followers": ["plaza_voices", "ben", {"username": "dora", "id": 4}], "following": []},
        {"note": "none"},
    ]
    expected = [
        ("ana", "plaza_voices"),
        ("ben", "cem"),
        ("ben", "plaza_voices"),
        ("dora", "cem"),
        ("plaza_voices", "cem"),
    ]
    for text in (json.dumps(records), "\n".join(map(json.dumps, records))):
        network = read_network(write(tmp_path, text, "t.json"), format="adjacency")
        assert [(s, t) for s, t, _ in ties(network)] == expected
        receipt = network.receipt.sources[0]
        assert receipt.kinds == {"follow": 5}
        assert {(d.reason, d.rows) for d in receipt.dropped} == {("not a JSON record", 1), ("repeats a follow", 1)}
        assert receipt.rows_read == receipt.rows_kept + sum(d.rows for d in receipt.dropped)
    for text in ("[]", "{", '[{"user": "a"}]'):
        with pytest.raises(ImportFileError):
            read_network(write(tmp_path, text, "t.json"), format="adjacency")


def test_lists_collected_from_instagram(shared: Path) -> None:
    path = shared / "formats" / "instagram" / "tiny_real.json"
    network = read_network(path, format="adjacency")
    expected = set()
    for record in json.loads(path.read_text()):
        expected |= {(name, record["user"]) for name in record["followers"]}
        expected |= {(record["user"], name) for name in record["following"]}
    assert {(s, t) for s, t, _ in ties(network)} == {(s, t) for s, t in expected if s != t}
    first = read_source(path, resolved_options(network.receipt.sources[0]))
    assert first.fingerprint == network.fingerprint


def test_a_table_of_posts_without_column_names_is_no_list(tmp_path: Path) -> None:
    posts = (Path(__file__).parent / "exports" / "qut-coordination" / "invented.csv").read_text().split("\n", 1)[1]
    with pytest.raises(ImportFileError) as failure:
        read_network(write(tmp_path, posts))
    assert str(failure.value).endswith(
        "a table of posts without column names; found 8 columns, ids of posts in column 1, texts in column 6; pass --format if a program "
        "wrote it so, or --source COLUMN --target COLUMN ('column 1', 'column 2')"
    )
    assert read_network(write(tmp_path, posts), format="qut-coordination").kinds["retweet"] == 2
    assert read_network(write(tmp_path, posts), source="column 2", target="column 4").interactions.height > 0


def test_cells_that_are_no_names_make_no_list() -> None:
    listed = [["a", "b", "c"], ["b", "a"], ["c", "a", "b", "d"], ["d", "a"]]
    assert looks_like_list(listed, blanks=False)
    for cell in ("10.5", "https://news.example/a", "a sentence of more than five words", "2021-05-15"):
        assert not looks_like_list([*listed, ["d", "a", cell]], blanks=False)
    assert not looks_like_list([*listed, ["d", "", "a"]], blanks=False)
    assert looks_like_list([*listed, ["d", "a", "", ""]], blanks=False)


def test_many_columns_without_names_are_not_guessed(tmp_path: Path) -> None:
    rows = "\n".join(",".join(f"v{row}{place}" for place in range(9)) for row in range(5))
    with pytest.raises(ImportFileError, match="many columns without names; found 9 columns"):
        read_network(write(tmp_path, rows))
