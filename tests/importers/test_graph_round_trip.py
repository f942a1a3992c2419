"""Graphs written by networkx, igraph, SciPy and small writers of our own come back as the same ties."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import polars as pl
import pytest
import scipy.io
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from netact.importers import read_network

_INVISIBLE = {0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF}
awkward = st.sampled_from(
    [
        "NA", "nan", "null", "None", "0012", "0", "1", "7", "+1", "-5", "@handle", '"quoted"', 'say "hi"', '"', '""', "'", "it's",
        "a,b", "a;b", "a|b", "a\tb", "line\nbreak", "#tag", "%mod", "*arcs", "[x", "]", "graph [", "<script>", "&amp;", "&#233;", "&",
        "محمد", "ناشط_١", "שלום", "😀🔥", "👨‍👩‍👧", "Größe", "é", "12345678901234567", "a b", "a  b", "source", "back\\slash", "end\\",
        "nodedef>", "{x", "}", "id", "'a', 'b'", "\u00a0x\u00a0y".strip(), "日本語",
    ]
)  # fmt: skip
letters = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\u2028\u2029\x85"),
    min_size=1,
    max_size=10,
)
names = (
    st.one_of(awkward, letters)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(
        lambda text: text.strip("@ ").strip() != "" and text.strip() == text and not set(map(ord, text)) & _INVISIBLE
    )
)


def key(name: str) -> str:
    return name[1:].lower() if name.startswith("@") else name


Tie = tuple[int, int, float]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Tie], bool]:
    """Return names of nodes, weighted ties between them and whether they have a direction."""
    nodes = draw(st.lists(names, min_size=2, max_size=7, unique_by=key))
    directed = draw(st.booleans())
    ends = st.integers(0, len(nodes) - 1)
    pairs = draw(
        st.lists(
            st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]),
            min_size=1,
            max_size=10,
            unique_by=lambda pair: pair if directed else frozenset(pair),
        )
    )
    weights = draw(
        st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.5, 100.0]), min_size=len(pairs), max_size=len(pairs))
    )
    return nodes, [(a, b, w) for (a, b), w in zip(pairs, weights, strict=True)], directed


def in_networkx(nodes: list[str], ties: list[Tie], *, directed: bool) -> Any:
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from((nodes[a], nodes[b], w) for a, b, w in ties)
    return graph


def in_igraph(nodes: list[str], ties: list[Tie], *, directed: bool) -> Any:
    graph = igraph.Graph(n=len(nodes), edges=[(a, b) for a, b, _ in ties], directed=directed)
    graph.vs["name"] = nodes
    graph.es["weight"] = [w for _, _, w in ties]
    return graph


def gdf(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool, quote: str) -> None:
    def quoted(name: str) -> str:
        return quote + name.replace(quote, 2 * quote) + quote

    lines = ["nodedef>name VARCHAR,label VARCHAR", *(f"v{i},{quoted(name)}" for i, name in enumerate(nodes))]
    lines += ["edgedef>node1 VARCHAR,node2 VARCHAR,weight DOUBLE,directed BOOLEAN"]
    lines += [f"v{a},v{b},{w},{str(directed).lower()}" for a, b, w in ties]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def gexf(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool) -> None:
    """Write GEXF 1.3 as Gephi does: numbers as ids, names as labels."""
    from xml.sax.saxutils import quoteattr

    def attribute(name: str) -> str:
        return quoteattr(name, {"\n": "&#10;", "\t": "&#9;"})

    node = "".join(f"<node id='{i}' label={attribute(name)}/>" for i, name in enumerate(nodes))
    edge = "".join(f"<edge id='{i}' source='{a}' target='{b}' weight='{w}'/>" for i, (a, b, w) in enumerate(ties))
    path.write_text(
        f"<?xml version='1.0' encoding='UTF-8'?><gexf xmlns='http://gexf.net/1.3' version='1.3'><graph defaultedgetype="
        f"'{'directed' if directed else 'undirected'}'><nodes>{node}</nodes><edges>{edge}</edges></graph></gexf>",
        encoding="utf-8",
    )


def pajek(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool) -> None:
    """Write Pajek with labels in quotes; letters it has no place for are written as numbers."""
    labels = [
        name.replace("&", "&#38;").replace('"', "&#34;").replace("\n", "&#10;").replace("\t", "&#9;") for name in nodes
    ]
    lines = [f"*Vertices {len(nodes)}", *(f'{i} "{label}"' for i, label in enumerate(labels, 1))]
    lines += ["*Arcs" if directed else "*Edges", *(f"{a + 1} {b + 1} {w}" for a, b, w in ties)]
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")


def matrix(nodes: list[str], ties: list[Tie], *, directed: bool) -> Any:
    entries = ties if directed else [*ties, *((b, a, w) for a, b, w in ties)]
    rows, columns, weights = zip(*entries, strict=True)
    return sparse.coo_array((weights, (rows, columns)), shape=(len(nodes), len(nodes)))


def arrays(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool) -> None:
    with path.open("wb") as stream:
        np.savez(stream, adjacency=matrix(nodes, ties, directed=directed).toarray(), names=np.array(nodes))


def arrow(nodes: list[str], ties: list[Tie], path: Path) -> None:
    rows = [(nodes[a], nodes[b], w) for a, b, w in ties]
    pl.DataFrame(rows, schema=["source", "target", "weight"], orient="row").write_ipc(path)


def graphology(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool) -> None:
    graph = {
        "attributes": {"name": "made up"},
        "options": {"type": "directed" if directed else "undirected", "multi": False},
        "nodes": [{"key": name, "attributes": {"x": 1}} for name in nodes],
        "edges": [{"source": nodes[a], "target": nodes[b], "attributes": {"weight": w}} for a, b, w in ties],
    }
    path.write_text(json.dumps(graph, ensure_ascii=False), encoding="utf-8")


def igraph_pajek(nodes: list[str], ties: list[Tie], path: Path, *, directed: bool) -> None:
    graph = in_igraph(nodes, ties, directed=directed)
    graph.vs["id"] = nodes
    graph.write_pajek(str(path))


def anything(name: str) -> bool:
    return True


def one_line(name: str) -> bool:
    return "\n" not in name and "\t" not in name


def bare_in_pajek(name: str) -> bool:
    """Whether networkx writes a Pajek label so that it can be read: it escapes nothing, and quotes blanks only."""
    return not set(name) & set('"\n\t') and "&#" not in name


def named_in_pajek(name: str) -> bool:
    """Whether igraph writes a Pajek label so that it can be read: it does not escape the ampersand of an escape."""
    return one_line(name) and "&#" not in name


WRITERS: dict[str, tuple[Any, Any]] = {
    "networkx graphml": (lambda n, t, p, d: nx.write_graphml(in_networkx(n, t, directed=d), p), anything),
    "networkx gexf": (lambda n, t, p, d: nx.write_gexf(in_networkx(n, t, directed=d), p), anything),
    "networkx gexf 1.1": (
        lambda n, t, p, d: nx.write_gexf(in_networkx(n, t, directed=d), p, version="1.1draft"),
        anything,
    ),
    "networkx gml": (lambda n, t, p, d: nx.write_gml(in_networkx(n, t, directed=d), p), anything),
    "networkx pajek": (lambda n, t, p, d: nx.write_pajek(in_networkx(n, t, directed=d), p), bare_in_pajek),
    "networkx links": (
        lambda n, t, p, d: p.write_text(json.dumps(nx.node_link_data(in_networkx(n, t, directed=d), edges="links"))),
        anything,
    ),
    "networkx edges": (
        lambda n, t, p, d: p.write_text(json.dumps(nx.node_link_data(in_networkx(n, t, directed=d), edges="edges"))),
        anything,
    ),
    "networkx cytoscape": (
        lambda n, t, p, d: p.write_text(json.dumps(nx.cytoscape_data(in_networkx(n, t, directed=d)))),
        anything,
    ),
    "igraph graphml": (lambda n, t, p, d: in_igraph(n, t, directed=d).write_graphml(str(p)), anything),
    "igraph gml": (lambda n, t, p, d: in_igraph(n, t, directed=d).write_gml(str(p)), anything),
    "igraph pajek": (lambda n, t, p, d: igraph_pajek(n, t, p, directed=d), named_in_pajek),
    "own gexf": (lambda n, t, p, d: gexf(n, t, p, directed=d), anything),
    "own pajek": (lambda n, t, p, d: pajek(n, t, p, directed=d), anything),
    "own gdf": (lambda n, t, p, d: gdf(n, t, p, directed=d, quote='"'), one_line),
    "own gdf, single quotes": (lambda n, t, p, d: gdf(n, t, p, directed=d, quote="'"), one_line),
    "own graphology": (lambda n, t, p, d: graphology(n, t, p, directed=d), anything),
    "numpy": (lambda n, t, p, d: arrays(n, t, p, directed=d), anything),
    "polars arrow": (lambda n, t, p, d: arrow(n, t, p), anything),
}


def expected(nodes: list[str], ties: list[Tie], *, directed: bool) -> list[tuple[str, str, float]]:
    named = [(key(nodes[a]), key(nodes[b]), w) for a, b, w in ties]
    return sorted(named if directed else [*named, *((b, a, w) for a, b, w in named)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(graph=graphs())
def test_what_others_write_comes_back(folder: Path, writer: str, graph: tuple[list[str], list[Tie], bool]) -> None:
    nodes, ties, directed = graph
    write, can_be_written = WRITERS[writer]
    assume(all(map(can_be_written, nodes)))
    directed = directed or writer == "polars arrow"  # a table does not say that it has no direction
    path = folder / writer.replace(" ", "-")
    write(nodes, ties, path, directed)
    network = read_network(path)
    found = sorted(network.named_interactions().select("source", "target", "weight").rows())
    assert found == expected(nodes, ties, directed=directed)
    if writer != "polars arrow":
        assert set(network.keys) == {key(name) for name in nodes}
    if writer != "numpy":  # the ties of a symmetric matrix are the same with and without direction
        assert network.directed is directed


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(graph=graphs(), dense=st.booleans())
def test_matrices_come_back(folder: Path, graph: tuple[list[str], list[Tie], bool], *, dense: bool) -> None:
    nodes, ties, directed = graph
    entries = matrix(nodes, ties, directed=directed)
    written = entries.toarray() if dense else entries
    scipy.io.mmwrite(folder / "m.mtx", written, symmetry="general" if directed else "symmetric")
    network = read_network(folder / "m.mtx")
    numbers = [str(i) for i in range(1, len(nodes) + 1)]
    found = sorted(network.named_interactions().select("source", "target", "weight").rows())
    assert found == expected(numbers, ties, directed=directed)
    assert (network.directed, network.n_accounts) == (directed, len(nodes))
    sparse.save_npz(folder / "m.npz", entries.tocsc() if dense else entries.tocsr())
    found = sorted(read_network(folder / "m.npz").named_interactions().select("source", "target", "weight").rows())
    assert found == expected([str(i) for i in range(len(nodes))], ties, directed=directed)
