"""Graph files written by hand, with known answers. All accounts are invented."""

from __future__ import annotations

import json
from contextlib import suppress
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
        ("no kind", 4, (15, 18)),
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
    np.savez(tmp_path / "m.npz", ä=matrix.toarray())
    (tmp_path / "m.npz").write_bytes((tmp_path / "m.npz").read_bytes().replace("ä".encode(), b"\xff\xff"))
    with pytest.raises(ImportFileError, match=r"m\.npz: the zip archive is broken"):
        read_network(tmp_path / "m.npz")


GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
 <key id="v_name" for="node" attr.name="name" attr.type="string"/>
 <key id="d1" for="port" attr.name="name" attr.type="string"/>
 <key id="e_w" for="edge" attr.name="weight" attr.type="double"/>
 <graph id="G" edgedefault="directed">
  <node id="n0"><data key="v_name">plaza_voices</data><port name="p"><data key="d1">no account</data></port></node>
  <node id="n1"><data key="v_name">\u0646\u0627\u0634\u0637</data>
   <graph id="n1:" edgedefault="undirected">
    <node id="n2"><data key="v_name">inner</data></node>
    <node id="n3"><data key="v_name">deeper</data></node>
    <edge source="n2" target="n3"/>
   </graph>
  </node>
  <edge source="n0" target="n1" sourceport="p"><data key="e_w">2.5</data></edge>
  <edge source="n1" target="n2" directed="false"/>
  <edge source="n3" target="n0" directed="true"/>
  <hyperedge><endpoint node="n0"/><endpoint node="n1"/><endpoint node="n2"/></hyperedge>
 </graph>
</graphml>
"""


def test_graphml_with_ports_hyperedges_and_graphs_inside(tmp_path: Path) -> None:
    network = read(tmp_path, GRAPHML)
    name = "\u0646\u0627\u0634\u0637"
    assert rows(network) == sorted(
        [
            ("plaza_voices", name, 2.5),
            ("inner", "deeper", 1.0),
            ("deeper", "inner", 1.0),
            (name, "inner", 1.0),
            ("inner", name, 1.0),
            ("deeper", "plaza_voices", 1.0),
        ]
    )
    receipt = network.receipt.sources[0]
    assert [(item.reason, item.rows, item.first_lines) for item in receipt.dropped] == [
        ("edge of more than two ends", 1, (5,))
    ]
    assert "2 graphs in the file are read as one network" in receipt.assumptions
    assert "2 edges without direction in a directed graph are read as a tie each way" in receipt.assumptions
    adds_up(network)


NODEXL = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
 <key id="V-Followers" for="node" attr.name="Followers" attr.type="string"/>
 <key id="E-Relationship" for="edge" attr.name="Relationship" attr.type="string"/>
 <key id="E-Date" for="edge" attr.name="Relationship Date (UTC)" attr.type="string"/>
 <key id="E-Tweet" for="edge" attr.name="Tweet" attr.type="string"/>
 <key id="E-Tags" for="edge" attr.name="Hashtags in Tweet" attr.type="string"/>
 <key id="E-Id" for="edge" attr.name="Imported ID" attr.type="string"/>
 <graph edgedefault="directed">
  <node id="plaza_voices"><data key="V-Followers">12</data></node><node id="made_up_ana"/><node id="made_up_ben"/>
  <edge source="made_up_ana" target="plaza_voices"><data key="E-Relationship">Replies to</data>
   <data key="E-Date">2013-05-04 10:11:12</data><data key="E-Tweet">same words</data><data key="E-Id">71</data></edge>
  <edge source="made_up_ben" target="plaza_voices"><data key="E-Relationship">Mentions</data>
   <data key="E-Date">2013-05-04 10:12:00</data><data key="E-Tweet">same words</data>
   <data key="E-Tags">march squares</data><data key="E-Id">72</data></edge>
  <edge source="made_up_ben" target="made_up_ben"><data key="E-Relationship">Tweet</data>
   <data key="E-Date">2013-05-04 10:13:00</data><data key="E-Tweet">alone</data><data key="E-Id">73</data></edge>
  <edge source="plaza_voices" target="made_up_ana"><data key="E-Relationship">Followed</data></edge>
  <edge source="plaza_voices" target="plaza_voices"><data key="E-Relationship">Tweet</data></edge>
 </graph>
</graphml>
"""


def test_graphml_of_nodexl(tmp_path: Path) -> None:
    network = read(tmp_path, NODEXL)
    found = network.named_interactions().select("source", "target", "kind", "post_id", pl.col("time").cast(pl.String))
    assert sorted(found.rows()) == [
        ("made_up_ana", "plaza_voices", "reply", "71", "2013-05-04 10:11:12.000000+00:00"),
        ("made_up_ben", "plaza_voices", "mention", "72", "2013-05-04 10:12:00.000000+00:00"),
        ("plaza_voices", "made_up_ana", "follow", None, None),
    ]
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept) == (5, 3)
    assert [(item.rows, item.first_lines) for item in receipt.dropped] == [(2, (3, 5))]
    assert network.hashtags["hashtag"].to_list() == ["march", "squares"]


def gexf(version: str, space: str, graph: str, inside: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gexf xmlns="{space}" version="{version}" '
        f'xmlns:viz="{space}/viz"><meta><creator>nobody</creator></meta><graph {graph}>{inside}</graph></gexf>'
    )


GEXF_NODES = (
    '<nodes><node id="0" label="plaza_voices"><viz:size value="3"/><nodes><node id="1" label="inner" pid="x"/></nodes>'
    '</node><node id="2" label="\u0646\u0627\u0634\u0637" pid="0"/></nodes>'
)
GEXF_EDGES = (
    '<edges><edge id="a" source="0" target="1" type="directed" weight="2.5" start="2019-03-04" end="2019-04-01">'
    '<viz:thickness value="3"/></edge>'
    '<edge id="b" source="1" target="2" type="undirected"><spells><spell start="2019-05-02"/><spell start="2019-03-09"/>'
    '</spells></edge><edge id="c" source="2" target="0"><attvalues><attvalue for="0" value="RT"/></attvalues></edge></edges>'
)
GEXF = gexf(
    "1.2",
    "http://www.gexf.net/1.2draft",
    'mode="dynamic" defaultedgetype="directed" timeformat="date"',
    f'<attributes class="edge"><attribute id="0" title="kind of act" type="string"/></attributes>{GEXF_NODES}{GEXF_EDGES}',
)


@pytest.mark.parametrize(
    ("version", "space"),
    [("1.1", "http://www.gexf.net/1.1draft"), ("1.2", "http://www.gexf.net/1.2draft"), ("1.3", "http://gexf.net/1.3")],
)
def test_gexf(tmp_path: Path, version: str, space: str) -> None:
    network = read(tmp_path, GEXF.replace("http://www.gexf.net/1.2draft", space).replace('"1.2"', f'"{version}"'))
    name = "\u0646\u0627\u0634\u0637"
    found = network.named_interactions().select("source", "target", "weight", pl.col("time").dt.date().cast(pl.String))
    assert sorted(found.rows()) == sorted(
        [
            ("plaza_voices", "inner", 2.5, "2019-03-04"),
            ("inner", name, 1.0, "2019-03-09"),
            (name, "inner", 1.0, "2019-03-09"),
            (name, "plaza_voices", 1.0, None),
        ]
    )
    receipt = network.receipt.sources[0]
    assert receipt.dialect == {"direction": "directed", "version": version}
    assert "1 edge holds several times: the first is its time" in receipt.assumptions
    assert dict(network.accounts.select("key", "pid").rows()) == {"plaza_voices": None, "inner": "x", name: "0"}


@pytest.mark.parametrize(
    ("form", "start", "time"),
    [
        ("dateTime", "2019-03-04T10:00:00.000+02:00", "2019-03-04 08:00:00.000000+00:00"),
        ("dateTime", "2019-03-04T10:00:00", "2019-03-04 10:00:00.000000+00:00"),
        ("double", "1551693600.0", "2019-03-04 10:00:00.000000+00:00"),
        ("double", "12.5", None),
        ("integer", "3", None),
    ],
)
def test_start_of_an_edge_is_its_time_if_it_is_a_date(tmp_path: Path, form: str, start: str, time: str | None) -> None:
    inside = f'<nodes/><edges><edge source="a" target="b" start="{start}"/></edges>'
    network = read(tmp_path, gexf("1.3", "http://gexf.net/1.3", f'mode="dynamic" timeformat="{form}"', inside))
    assert not network.directed
    assert network.interactions["time"].cast(pl.String).to_list() == [time, time]
    assert not network.receipt.sources[0].warnings


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("graph [ node [ id 1 label \"a ] ]", {}, "graph: the GML is broken: a quote is opened and not closed in line 1; export the graph again"),
        ("graph [ node [ id 1 ]\n", {}, "graph: the GML is broken: the file ends before its last bracket, in line 1; export the graph again"),
        ("graph [ ] ]", {}, "graph: the GML is broken: a bracket is closed that was not opened in line 1; export the graph again"),
        ("*Vertices 999999999\n*Arcs\n", {}, "graph: the graph has no edges (0 nodes); export it with its edges"),
        ("*Vertices 2\n*Arcs\n1 2\n*Vertices 2\n", {}, "graph: holds several networks, the second from line 4; save each network in a file of its own"),
        ("*Vertices 2\n*Arcs\na b\nc d\n1 2\n", {}, "graph: most edges cannot be read (2 of 3); found 2 with an end is not a node number, first in line 3; export the graph again"),
        ("nodedef>name VARCHAR\na\n", {}, "graph: the graph has no edges (1 nodes); export it with its edges"),
        ("%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1 1\n", {}, "graph: holds complex numbers, which are no weights of ties; save a real or pattern matrix"),
        ("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n", {}, "graph: a symmetric matrix must be square; found 2 3 1; save it again"),
        ("%%MatrixMarket vector\n", {}, "graph: the banner of this Matrix Market file names no matrix; found %%MatrixMarket vector; it begins with '%%MatrixMarket matrix coordinate real general'"),
        ('{"nodes": [], "links": [{"source": "a"', {}, "graph: the JSON is broken in line 1; copy, download or export it again"),
        ('{"nodes": [{"id": "a"}]}', {}, "graph: holds no list of links or edges; write {\"nodes\": [...], \"links\": [{\"source\": ..., \"target\": ...}]}"),
        ("*Vertices 1\n1 \"caf\xe9\"\n*Arcs\n".encode("cp1252"), {}, "graph: the text is not UTF-8; found 1 bytes that are not; save it as UTF-8, or pass --encoding cp1252 or --encoding cp1251 or --encoding cp1256 (western, Cyrillic, Arabic)"),
    ],
)  # fmt: skip
def test_broken_graphs_are_refused_in_one_line(
    tmp_path: Path, content: str | bytes, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ImportFileError) as caught:
        read(tmp_path, content, **options)
    assert str(caught.value) == message


def test_an_encoding_that_is_told_is_used(tmp_path: Path) -> None:
    text = (
        '*Vertices 2\n1 "\u043f\u043b\u043e\u0449\u0430\u0434\u044c"\n2 "\u0433\u043e\u043b\u043e\u0441"\n*Arcs\n1 2\n'
    )
    network = read(tmp_path, text.encode("cp1251"), encoding="cp1251")
    assert rows(network) == [("\u043f\u043b\u043e\u0449\u0430\u0434\u044c", "\u0433\u043e\u043b\u043e\u0441", 1.0)]
    for encoding in ("utf-16", "utf-8-sig"):
        assert rows(read(tmp_path, text.encode(encoding))) == rows(network)


def test_an_encoding_that_is_told_goes_before_that_of_the_xml(tmp_path: Path) -> None:
    text = '<graphml><graph edgedefault="directed"><edge source="\u0430" target="\u0431"/></graph></graphml>'
    with pytest.raises(ImportFileError, match=r"graph: the XML is broken in line 1, column 54; found not well-formed"):
        read(tmp_path, text.encode("cp1251"))
    assert rows(read(tmp_path, text.encode("cp1251"), encoding="cp1251")) == [("\u0430", "\u0431", 1.0)]
    assert rows(read(tmp_path, text.encode("utf-16"))) == [("\u0430", "\u0431", 1.0)]


def test_headers_that_claim_too_much_fill_no_memory(tmp_path: Path) -> None:
    import tracemalloc

    header = np.lib.format.magic(1, 0)
    claims = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999), }"
    claims += b" " * (117 - len(claims)) + b"\n"
    files = {
        "*Vertices 999999999\n*Arcs\n1 999999999\n": [("1", "999999999", 1.0)],
        "%%MatrixMarket matrix coordinate pattern general\n999999999 999999999 999999999\n1 2\n": [("1", "2", 1.0)],
        "%%MatrixMarket matrix array real general\n999999999 999999999\n0\n1\n": [("2", "1", 1.0)],
        header + len(claims).to_bytes(2, "little") + claims: "array 'array' claims to be larger than it is",
    }
    tracemalloc.start()
    for content, answer in files.items():
        if isinstance(answer, list):
            assert rows(read(tmp_path, content)) == answer
        else:
            with pytest.raises(ImportFileError, match=answer):
                read(tmp_path, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_rows_and_columns_of_a_matrix_that_is_not_square_are_different_accounts(tmp_path: Path) -> None:
    network = read(tmp_path, "%%MatrixMarket matrix coordinate real general\n2 3 2\n1 1 1\n2 3 4\n")
    assert rows(network) == [("r1", "c1", 1.0), ("r2", "c3", 4.0)]
    sparse.save_npz(tmp_path / "m.npz", sparse.csr_array(np.array([[1.0, 0, 0], [0, 0, 4.0]])))
    assert rows(read_network(tmp_path / "m.npz")) == [("r1", "c1", 1.0), ("r2", "c3", 4.0)]


def test_skew_symmetric_entries_count_where_they_are_positive(tmp_path: Path) -> None:
    network = read(tmp_path, "%%MatrixMarket matrix coordinate real skew-symmetric\n3 3 2\n2 1 4\n3 1 -2\n")
    assert rows(network) == [("1", "3", 2.0), ("2", "1", 4.0)]
    adds_up(network)


def test_names_that_do_not_tell_accounts_apart_are_not_used(tmp_path: Path) -> None:
    twice = 'graph [ node [ id 1 label "a" ] node [ id 2 label "a" ] edge [ source 1 target 2 ] ]'
    network = read(tmp_path, twice)
    assert (network.directed, rows(network)) == (False, [("1", "2", 1.0)])
    assert network.accounts["display_name"].to_list() == ["a", "a"]
    said = "accounts are called by their node ids: the node attribute 'label' is empty at some node or the same at two"
    assert said in network.receipt.sources[0].assumptions
    platform = (
        'graph [ node [ id 7700000001 label "a" ] node [ id 42 label "b" ] edge [ source 42 target 7700000001 ] ]'
    )
    assert rows(read(tmp_path, platform)) == [("42", "7700000001", 1.0)]


def test_mention_graph_of_tcat(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        "nodedef>name VARCHAR,label VARCHAR,no_tweets INT,no_mentions INT\n4400000001,made_up_ana,3,0\n"
        "4400000002,plaza_voices,1,5\nedgedef>node1 VARCHAR,node2 VARCHAR,weight DOUBLE,directed BOOLEAN\n"
        "4400000001,4400000002,5,true\n4400000001,4400000003,1,true\n",
        kind="mention",
    )
    assert rows(network) == [("4400000001", "4400000002", 5.0), ("4400000001", "4400000003", 1.0)]
    assert network.accounts["display_name"].to_list() == ["made_up_ana", "plaza_voices", None]
    assert (
        network.receipt.sources[0].warnings[0].startswith("1 end of an edge names a node that the file does not list")
    )


def test_pajek_matrix_and_relations(tmp_path: Path) -> None:
    network = read(tmp_path, '*vertices 3\n1 "a"\n2 "b"\n3 "c"\n*MATRIX\n0 1 0\n0 0 2.5\n1 0\n')
    assert rows(network) == [("a", "b", 1.0), ("b", "c", 2.5)]
    assert [(item.reason, item.first_lines) for item in network.receipt.sources[0].dropped] == [
        ("too few columns", (8,))
    ]
    two_modes = read(tmp_path, '*Vertices 3 1\n1 "a"\n2 "b"\n3 "c"\n*Matrix\n1 2\n')
    assert rows(two_modes) == [("a", "b", 1.0), ("a", "c", 2.0)]
    numbered = read(tmp_path, '*Vertices 2\n1 "a"\n2 "b"\n*Arcs\n1: 1 2 3\n*Partition x\n*Vertices 2\n1\n2\n')
    assert rows(numbered) == [("a", "b", 3.0)]
    assert numbered.receipt.sources[0].warnings == ("section 'partition' is not read",)


@pytest.mark.parametrize(
    ("file", "nodes", "edges"),
    [
        ("basic.gexf", 2, 2),
        ("les_miserables.gexf", 77, 254),
        ("missing_nodes.gexf", 2, 4),
        ("miserables.graphml", 77, 254),
        ("miserables_broken.graphml", 77, 254),
    ],
)
def test_samples_against_a_count_of_their_elements(shared: Path, file: str, nodes: int, edges: int) -> None:
    from xml.etree import ElementTree

    path = shared / "formats" / "gexf_graphml" / file
    tags = [element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()]
    assert (tags.count("node"), tags.count("edge")) == (nodes, edges)
    network = read_network(path)
    adds_up(network)
    said = f"nodes: {nodes}, edges: {edges}"
    assert said in network.receipt.sources[0].evidence
    both = sum("a tie each way" in line for line in network.receipt.sources[0].assumptions)
    assert network.receipt.rows_read == edges + both


@pytest.mark.parametrize(
    "content",
    [
        "% " * 30_000,
        "# " * 30_000,
        "graph " * 10_000,
        "a b\n" * 15_000,
        '{"a": {' + '"b": 1, ' * 8_000,
        '{"a": ' * 9_000,
        '{"a": 1, ' * 7_000,
        "{" * 60_000,
        '{"graph": {"a": [' + "1," * 30_000,
        "<" * 60_000,
        "<graphm " * 8_000,
    ],
)
def test_telling_a_graph_takes_no_time_on_texts_made_to_take_long(tmp_path: Path, content: str) -> None:
    import time

    begin = time.process_time()
    with suppress(ImportFileError):
        read(tmp_path, content)
    assert time.process_time() - begin < 5


def test_a_json_graph_with_quotes_in_its_title(tmp_path: Path) -> None:
    graph = {"title": 'the "square"', "nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b"}]}
    assert rows(read(tmp_path, json.dumps(graph))) == [("a", "b", 1.0)]
