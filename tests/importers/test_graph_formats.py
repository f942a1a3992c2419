"""Graph files written by hand, with known answers. All accounts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from netact.errors import ImportFileError
from netact.importers import read_network
from netact.network import Network


def read(tmp_path: Path, content: str | bytes, **options: object) -> Network:
    path = tmp_path / "graph"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_network(path, **options)  # type: ignore[arg-type]


def rows(network: Network) -> list[tuple[str, str, float]]:
    """Return the ties; of a network without direction each one once."""
    found = network.named_interactions().select("source", "target", "weight").rows()
    return sorted(found if network.directed else [row for row in found if row[0] < row[1]])


def adds_up(network: Network) -> None:
    for receipt in network.receipt.sources:
        assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)


GML = """# made by hand
Creator "nobody"
graph
[
  directed 1
  comment "two
lines ] [ of text"
  node [ id 10 label "plaza &amp; voices" graphics [ x 1.0 y 2.0 fill "#ff0000" ] ]
  node [ id 20 label "\u0646\u0627\u0634\u0637" followers 7 ]
  node [ id 30 label "caf&#233; &#128512;" ]
  edge [ source 10 target 20 weight 2.5 tags "a" tags "b" ]
  edge [ source 20
    target 30 ]
  edge [ source 30 target 30 value 1 ]
]
"""


def test_gml(tmp_path: Path) -> None:
    network = read(tmp_path, GML)
    assert network.directed
    assert rows(network) == [
        ("plaza & voices", "\u0646\u0627\u0634\u0637", 2.5),
        ("\u0646\u0627\u0634\u0637", "caf\u00e9 \U0001f600", 1.0),
    ]
    receipt = network.receipt.sources[0]
    assert (receipt.format, receipt.encoding) == ("gml", "utf-8")
    assert [(item.reason, item.rows, item.first_lines) for item in receipt.dropped] == [("self-tie", 1, (14,))]
    assert network.hashtags["hashtag"].to_list() == ["a", "b"]
    adds_up(network)


PAJEK = """% made by hand
*Network protest
*Vertices 5
1 "plaza voices" 0.1 0.2 0.5 ic Red
2 "b, \u0646" [1-3]
3 carla
4 "12"
5 "&#233;mile"
*Arcs :1 "retweet"
1 2 3 [5-7] c Blue
2 1
*Edges :2 "mention"
3 4 1.5
*Arcslist
5 1 2
1 x
*Edgeslist
3 5
"""


def test_pajek(tmp_path: Path) -> None:
    network = read(tmp_path, PAJEK)
    found = sorted(network.named_interactions().select("source", "target", "weight", "kind").rows())
    assert network.directed
    assert found == [
        ("12", "carla", 1.5, "mention"),
        ("b, \u0646", "plaza voices", 1.0, "retweet"),
        ("carla", "12", 1.5, "mention"),
        ("plaza voices", "b, \u0646", 3.0, "retweet"),
    ]
    receipt = network.receipt.sources[0]
    assert [(item.reason, item.rows, item.first_lines) for item in receipt.dropped] == [
        ("an end is not a node number", 1, (16,)),
        ("no kind", 4, (15, 15, 18, 18)),
    ]
    adds_up(network)


GDF = '''nodedef>name VARCHAR,label VARCHAR,followers INT
n1,plaza_voices,10
n2,'b, c',20
n3,"say ""hi""",30
edgedef>node1 VARCHAR,node2 VARCHAR,weight DOUBLE,directed BOOLEAN,note VARCHAR
n1,n2,2.0,true,'a, b'
n2,n3,1.0,true,it's
n3
n3,n1,4,true
'''


def test_gdf(tmp_path: Path) -> None:
    network = read(tmp_path, GDF)
    assert rows(network) == [
        ("b, c", 'say "hi"', 1.0),
        ("plaza_voices", "b, c", 2.0),
        ('say "hi"', "plaza_voices", 4.0),
    ]
    assert network.accounts["followers"].to_list() == [20, 10, 30]
    assert [(item.reason, item.first_lines) for item in network.receipt.sources[0].dropped] == [
        ("too few columns", (8,))
    ]
    adds_up(network)


def test_matrix_market(tmp_path: Path) -> None:
    general = "%%MatrixMarket matrix coordinate real general\n% made by hand\n3 3 4\n1 2 0.5\n2 x 1\n3 1 2\n1 9 1\n"
    network = read(tmp_path, general)
    assert rows(network) == [("1", "2", 0.5), ("3", "1", 2.0)]
    assert [(item.reason, item.first_lines) for item in network.receipt.sources[0].dropped] == [
        ("an end is not a node number", (5, 7))
    ]
    adds_up(network)
    symmetric = read(tmp_path, "%%MatrixMarket matrix coordinate pattern symmetric\n4 4 2\n2 1\n3 2\n")
    assert (symmetric.directed, rows(symmetric), symmetric.n_accounts) == (False, [("1", "2", 1.0), ("2", "3", 1.0)], 4)
    dense = read(tmp_path, "%%MatrixMarket matrix array integer general\n2 2\n0\n3\n4\n0\n")
    assert rows(dense) == [("1", "2", 4.0), ("2", "1", 3.0)]


@pytest.mark.parametrize("name", ["links", "edges"])
def test_node_link(tmp_path: Path, name: str) -> None:
    graph = {
        "directed": False,
        "multigraph": True,
        "nodes": [{"id": "a"}, {"id": "b", "attributes": {"city": "Rom"}}],
        name: [{"source": "a", "target": "b", "weight": 2, "key": 0}, {"source": "b", "target": "a", "key": 1}],
    }
    network = read(tmp_path, json.dumps(graph))
    assert (network.directed, rows(network)) == (False, [("a", "b", 1.0), ("a", "b", 2.0)])
    places = {"nodes": [{"name": "ana"}, {"name": "ben"}], name: [{"source": 1, "target": 0, "value": 3}]}
    assert rows(read(tmp_path, json.dumps(places))) == [("ben", "ana", 3.0)]


def test_arrow_and_arrays(tmp_path: Path) -> None:
    frame = pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [2.0, 1.0]})
    frame.write_ipc(tmp_path / "file", compression="zstd")
    frame.write_ipc_stream(tmp_path / "stream")
    for name in ("file", "stream"):
        assert rows(read_network(tmp_path / name)) == [("a", "b", 2.0), ("b", "c", 1.0)]
    matrix = sparse.coo_array(([2.0, 1.0], ([0, 1], [1, 2])), shape=(3, 3))
    for form in ("coo", "csr", "csc"):
        sparse.save_npz(tmp_path / "m.npz", matrix.asformat(form))
        assert rows(read_network(tmp_path / "m.npz")) == [("0", "1", 2.0), ("1", "2", 1.0)]
    np.savez(tmp_path / "m.npz", adjacency=matrix.toarray(), names=np.array(["a", "b", "c"]))
    assert rows(read_network(tmp_path / "m.npz")) == [("a", "b", 2.0), ("b", "c", 1.0)]
    np.savez(tmp_path / "m.npz", edge_index=np.array([[0, 1], [1, 2], [2, 0]]).T)
    assert rows(read_network(tmp_path / "m.npz")) == [("0", "1", 1.0), ("1", "2", 1.0), ("2", "0", 1.0)]
    np.savez(tmp_path / "m.npz", pickled=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ImportFileError, match=r"m\.npz: array 'pickled' is pickled, which netact never opens"):
        read_network(tmp_path / "m.npz")
