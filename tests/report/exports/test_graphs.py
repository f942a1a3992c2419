"""Graph files: what networkx, igraph, the parsers of Gephi Lite and netact itself find in them, whatever the names."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import igraph
import networkx as nx
import numpy as np
import polars as pl
import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from netact import read_network
from netact.figures.theme import COLOURS, OTHER
from netact.layout import network_layout
from netact.network import Network
from netact.report.exports import graph_parts
from netact.report.exports.gexf import write_gexf
from netact.report.exports.graph_parts import UNPRINTABLE, graph_nodes, graph_ties
from netact.report.exports.graphml import write_graphml
from netact.report.exports.graphology import write_graphology

PARSERS = Path(__file__).parents[1] / "gephi_lite"
G, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"


def write_all(network, nodes, folder):
    write_gexf(network, nodes, folder / "network.gexf")
    write_graphml(network, nodes, folder / "network.graphml")
    write_graphology(network, nodes, folder / "network.json", title="A title </script> é")


def rows_of(names):
    """Everyone gives to everyone at changing times; a crowd gives to the first three; one tie at no known time."""
    start = datetime(2024, 3, 1, 22, 30, tzinfo=UTC)
    rows = [
        (a, b, start + timedelta(days=(i + j) % 5, hours=i)) for i, a in enumerate(names) for j, b in enumerate(names)
    ]
    rows += [(f"crowd{i}", names[i % 3], start + timedelta(days=i)) for i in range(30)]
    rows.append(("late", names[0], None))
    return [row for row in rows if row[0] != row[1]]


def network_of(names, *, directed=True):
    schema = {"source": pl.String, "target": pl.String, "time": pl.Datetime("us", "UTC")}
    frame = pl.DataFrame(rows_of(names), schema=schema, orient="row")
    return Network.from_tables(frame, kind="retweet", directed=directed)


@pytest.fixture(scope="module", params=[True, False], ids=["directed", "undirected"])
def written(request, tmp_path_factory, made):
    network = network_of(made.HOSTILE, directed=request.param)
    nodes = graph_nodes(network, layout=network_layout(network, seed=1, max_accounts=20))
    folder = tmp_path_factory.mktemp("graphs")
    write_all(network, nodes, folder)
    return network, nodes, folder


def expected(network, nodes):
    """Nodes and ties as they must be found: id -> label; (source, target) -> weight."""
    ids = graph_parts.node_ids(nodes).to_list()
    printable = [re.sub(r"[\t\n\r]", " ", re.sub(UNPRINTABLE, "", label)) for label in nodes["label"]]
    ties = graph_ties(network)
    pairs = {
        (ids[a], ids[b]): weight
        for a, b, weight in zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True)
    }
    return dict(zip(ids, printable, strict=True)), pairs


def either_way(pairs, *, directed):
    return pairs if directed else {tuple(sorted(pair)): weight for pair, weight in pairs.items()}


def test_networkx_finds_the_same_nodes_ties_and_attributes(written):
    network, nodes, folder = written
    directed = network.has_direction()
    labels, pairs = expected(network, nodes)
    for graph in (nx.read_gexf(folder / "network.gexf"), nx.read_graphml(folder / "network.graphml")):
        assert graph.is_directed() == directed
        assert {key: data["label"] for key, data in graph.nodes(data=True)} == labels
        found = {(a, b): data["weight"] for a, b, data in graph.edges(data=True)}
        assert either_way(found, directed=directed) == either_way(pairs, directed=directed)
        attention = [data["attention"] for _, data in graph.nodes(data=True)]
        assert attention == nodes["attention"].to_list()


def test_networkx_finds_colours_places_sizes_and_spells(written):
    network, nodes, folder = written
    graph = nx.read_gexf(folder / "network.gexf")
    for (_, data), row in zip(graph.nodes(data=True), nodes.iter_rows(named=True), strict=True):
        colour = data["viz"]["color"]
        assert "#{r:02X}{g:02X}{b:02X}".format(**colour) == row["colour"]
        assert (data["viz"]["position"]["x"], data["viz"]["position"]["y"]) == (row["x"], row["y"])
        assert data["viz"]["size"] == row["size"]
    assert all("spells" in data for *_, data in graph.edges(data=True)) is False  # the tie at no known time
    assert sum("spells" in data for *_, data in graph.edges(data=True)) == len(graph_ties(network)) - 1


def test_igraph_finds_the_same_nodes_ties_and_attributes(written):
    network, nodes, folder = written
    labels, pairs = expected(network, nodes)
    graph = igraph.Graph.Read_GraphML(str(folder / "network.graphml"))
    assert graph.is_directed() == network.has_direction()
    names = [key.replace("&#38;", "&") for key in graph.vs["id"]]  # igraph leaves this one reference in ids as it is
    assert dict(zip(names, graph.vs["label"], strict=True)) == labels
    found = {(names[edge.source], names[edge.target]): edge["weight"] for edge in graph.es}
    directed = network.has_direction()
    assert either_way(found, directed=directed) == either_way(pairs, directed=directed)
    assert graph.vs["attention"] == nodes["attention"].to_list()


def test_the_parsers_of_gephi_lite_find_the_same(written):
    node = shutil.which("node")
    if node is None or not (PARSERS / "node_modules").is_dir():
        if os.environ.get("CI"):
            pytest.fail("the parsers are missing: npm ci --prefix tests/report/gephi_lite")
        pytest.skip("npm ci --prefix tests/report/gephi_lite installs the parsers")
    network, nodes, folder = written
    labels, pairs = expected(network, nodes)
    paths = [str(folder / f"network.{kind}") for kind in ("gexf", "graphml", "json")]
    done = subprocess.run(
        [node, "read.mjs", *paths], cwd=PARSERS, capture_output=True, text=True, check=True, timeout=60
    )
    gexf, graphml, web = json.loads(done.stdout)
    directed = network.has_direction()
    for found in (gexf, graphml, web):
        assert found["type"] == ("directed" if directed else "undirected")
        assert {key: data["label"] for key, data in found["nodes"]} == labels
        ties = {(a, b): weight for a, b, weight in found["edges"]}
        assert either_way(ties, directed=directed) == either_way(pairs, directed=directed)
    for found in (gexf, web):
        for (_, data), row in zip(found["nodes"], nodes.iter_rows(named=True), strict=True):
            assert (data["x"], data["y"], data["size"]) == (row["x"], row["y"], row["size"])
    assert [data["color"] for _, data in web["nodes"]] == nodes["colour"].to_list()


def test_netact_reads_its_own_files(written):
    network, _, folder = written
    for name in ("network.gexf", "network.graphml"):
        again = read_network(folder / name)
        assert again.n_accounts == network.n_accounts
        assert len(again.ties()) == len(network.ties())


def test_json_is_one_document_without_numbers_that_json_does_not_know(written):
    network, nodes, folder = written
    held = json.loads((folder / "network.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert held["options"] == {
        "type": "directed" if network.has_direction() else "undirected", "multi": False, "allowSelfLoops": True,
    }  # fmt: skip
    assert len(held["nodes"]) == nodes.height
    assert len(held["edges"]) == len(graph_ties(network))


def test_pieces_join_without_a_seam(written, tmp_path, monkeypatch):
    network, nodes, folder = written
    monkeypatch.setattr(graph_parts, "_AT_ONCE", 7)
    write_all(network, nodes, tmp_path)
    for name in ("network.gexf", "network.graphml", "network.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


# ---------------------------------------------------------------------- days


def spells_in(path):
    root = ElementTree.parse(path).getroot()

    def of(element):
        return [(spell.get("start"), spell.get("end")) for spell in element.iter(f"{G}spell")]

    nodes = {element.get("id"): of(element) for element in root.iter(f"{G}node")}
    edges = {(element.get("source"), element.get("target")): of(element) for element in root.iter(f"{G}edge")}
    return root.find(f"{G}graph"), nodes, edges


def test_spells_are_whole_days_of_the_interactions(tmp_path):
    times = ["2024-03-01T23:59:59", "2024-03-02T00:00:00", "2024-03-02T18:00:00", "2024-03-05T12:00:00", None]
    frame = pl.DataFrame(
        {"source": ["a", "a", "a", "a", "c"], "target": ["b", "b", "b", "b", "b"], "time": times}
    ).with_columns(pl.col("time").str.to_datetime(time_zone="UTC"))
    network = Network.from_tables(frame, kind="retweet")
    write_gexf(network, graph_nodes(network), tmp_path / "g.gexf")
    graph, nodes, edges = spells_in(tmp_path / "g.gexf")
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    expected = [("2024-03-01", "2024-03-03"), ("2024-03-05", "2024-03-06")]
    assert edges == {("a", "b"): expected, ("c", "b"): []}
    # b was also seen at a time that nobody knows, so it may have been there on any day.
    assert nodes == {"a": expected, "b": [], "c": []}
    assert "23:59" not in (tmp_path / "g.gexf").read_text()
    write_gexf(network, graph_nodes(network), tmp_path / "weeks.gexf", weeks=True)
    # 1 March 2024 was a Friday: two weeks one after the other are one spell.
    weeks = [("2024-02-26", "2024-03-11")]
    assert spells_in(tmp_path / "weeks.gexf")[2] == {("a", "b"): weeks, ("c", "b"): []}


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9), st.integers(0, 86_399)), min_size=1),
    st.booleans(),
)
def test_days_of_spells_are_exactly_the_days_of_the_ties(tmp_path_factory, rows, directed):
    rows = [row for row in rows if row[0] != row[1]] or [(0, 1, 0, 0)]
    start = datetime(2024, 2, 27, tzinfo=UTC)
    frame = pl.DataFrame(
        [("abcd"[a], "abcd"[b], start + timedelta(days=day, seconds=second)) for a, b, day, second in rows],
        schema={"source": pl.String, "target": pl.String, "time": pl.Datetime("us", "UTC")},
        orient="row",
    )
    network = Network.from_tables(frame, kind="mention", directed=directed)
    path = tmp_path_factory.mktemp("spells") / "g.gexf"
    write_gexf(network, graph_nodes(network), path)
    _, nodes, edges = spells_in(path)

    def days(spells):
        found = []
        for first, end in spells:
            day = datetime.fromisoformat(first).date()
            while day < datetime.fromisoformat(end).date():
                found.append(day)
                day += timedelta(days=1)
        return found

    wanted_edges, wanted_nodes = {}, {}
    for source, target, moment in frame.iter_rows():
        pair = (source, target) if directed else tuple(sorted((source, target)))
        wanted_edges.setdefault(pair, set()).add(moment.date())
        for end in pair:
            wanted_nodes.setdefault(end, set()).add(moment.date())
    assert {pair: days(spells) for pair, spells in edges.items()} == {
        pair: sorted(found) for pair, found in wanted_edges.items()
    }
    assert {key: days(spells) for key, spells in nodes.items()} == {
        key: sorted(found) for key, found in wanted_nodes.items()
    }
    for spells in (*nodes.values(), *edges.values()):
        assert all(end < start for (_, end), (start, _) in pairwise(spells))  # no two touch


def test_without_times_the_graph_is_static(tmp_path):
    network = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    write_gexf(network, graph_nodes(network), tmp_path / "g.gexf")
    text = (tmp_path / "g.gexf").read_text()
    assert 'mode="static"' in text
    assert "spell" not in text.lower()


# ---------------------------------------------------------------------- nodes


def test_nodes_have_the_colour_of_their_group_and_the_area_of_their_attention(hostile_report):
    content = hostile_report.content
    nodes = graph_nodes(hostile_report.network, results=content.results, names=content.names, layout=content.layout)
    assert nodes["key"].to_list() == list(hostile_report.network.keys)
    for row in nodes.iter_rows(named=True):
        number = row["faction"]
        assert row["colour"] == (COLOURS[number] if number is not None and 0 <= number < len(COLOURS) else OTHER)
    share = nodes["attention"] / nodes["attention"].max()
    assert nodes["size"].to_list() == pytest.approx([3 + 37 * math.sqrt(value) for value in share], abs=0.005)
    assert nodes.filter(pl.col("x").is_null() | pl.col("x").is_nan()).is_empty()


def test_labels_are_the_names_that_may_be_printed():
    network = Network.from_tables(
        pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}),
        pl.DataFrame({"key": ["a", "b", "c"], "handle": ["anna", None, None]}),
    )
    assert graph_nodes(network)["label"].to_list() == ["anna", "b", "c"]
    assert graph_nodes(network, names={"c": "Printed"})["label"].to_list() == ["anna", "b", "Printed"]


def test_accounts_that_the_map_leaves_out_lie_around_it_and_apart():
    network = network_of(["a", "b", "c", "d"])
    nodes = graph_nodes(network, layout=network_layout(network, seed=1, max_accounts=4))
    placed = nodes.filter(pl.col("x") ** 2 + pl.col("y") ** 2 <= 1001**2)
    assert placed.height == 4
    points = nodes.select("x", "y").rows()
    assert len(set(points)) == nodes.height
    assert all(math.dist(a, b) > 5 for i, a in enumerate(points) for b in points[:i])


def test_an_empty_network_is_a_file_without_nodes(tmp_path):
    network = Network.from_tables(
        pl.DataFrame({"source": [], "target": []}, schema={"source": pl.String, "target": pl.String})
    )
    write_all(network, graph_nodes(network), tmp_path)
    assert nx.read_gexf(tmp_path / "network.gexf").number_of_nodes() == 0
    assert nx.read_graphml(tmp_path / "network.graphml").number_of_nodes() == 0
    assert json.loads((tmp_path / "network.json").read_text())["nodes"] == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=6, unique=True))
def test_graph_files_are_well_formed_whatever_the_names(tmp_path_factory, names):
    network = Network.from_tables(pl.DataFrame({"source": names[:-1], "target": names[1:]}))
    folder = tmp_path_factory.mktemp("graph")
    write_all(network, graph_nodes(network), folder)
    ids = []
    for name in ("network.gexf", "network.graphml"):
        root = ElementTree.parse(folder / name).getroot()
        ids.append([element.get("id") for element in root.iter() if element.tag.endswith("}node")])
    ids.append([node["key"] for node in json.loads((folder / "network.json").read_text(encoding="utf-8"))["nodes"]])
    for found in ids:
        assert len(found) == len(set(found)) == network.n_accounts


def spelled(seen, step):
    """The spells of each row, told day by day: row -> text."""
    days = {}
    for row, day in seen:
        days.setdefault(row, set()).add(day and (day if step == 1 else day - timedelta(days=day.weekday())))
    texts = {}
    for row, known in days.items():
        text = ""
        for day in () if None in known else sorted(known):
            if day - timedelta(days=step) not in known:
                end = day
                while end in known:
                    end += timedelta(days=step)
                text += f'<spell start="{day}" end="{end}"/>'
        texts[row] = f"<spells>{text}</spells>" if text else ""
    return texts


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.none() | st.integers(-9000, 40)).filter(
            lambda row: row[0] != row[1]
        ),
        min_size=1,
        max_size=40,
    ),
    weeks=st.booleans(),
    directed=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_spells_are_those_that_are_told_day_by_day(rows, weeks, directed):
    start = datetime(2024, 3, 1, 23, 59, tzinfo=UTC)
    told = [(f"a{a}", f"a{b}", None if day is None else start + timedelta(days=day)) for a, b, day in rows]
    schema = {"source": pl.String, "target": pl.String, "time": pl.Datetime("us", "UTC")}
    network = Network.from_tables(pl.DataFrame(told, schema=schema, orient="row"), kind="retweet", directed=directed)
    ties, keys = graph_ties(network), network.accounts["key"].to_list()
    found = graph_parts.day_spells(network, ties, weeks=weeks)
    if found is None:
        assert all(time is None for *_, time in told)
        return
    pairs = [(keys[a], keys[b]) for a, b in zip(ties.source.tolist(), ties.target.tolist(), strict=True)]
    place = {pair: row for row, pair in enumerate(pairs)}
    if not directed:
        place |= {(b, a): row for (a, b), row in place.items()}
    step = 7 if weeks else 1
    dates = [(a, b, time and time.date()) for a, b, time in told]
    of_ties = spelled([(place[a, b], day) for a, b, day in dates], step)
    of_accounts = spelled([(keys.index(end), day) for a, b, day in dates for end in (a, b)], step)
    assert found[0].of(slice(0, len(keys))).to_list() == [of_accounts[row] for row in range(len(keys))]
    assert found[1].of(slice(0, len(pairs))).to_list() == [of_ties[row] for row in range(len(pairs))]
    assert found[1].of(slice(1, len(pairs))).to_list() == [of_ties[row] for row in range(1, len(pairs))]


def test_pairs_that_fit_into_no_number_are_told_apart_too():
    random = np.random.default_rng(1)
    row, day = random.integers(0, 9, 300).astype(np.uint64), random.integers(-5, 30, 300)
    unknown = random.random(300) < 0.1
    small = graph_parts._distinct(row, day, unknown)
    large = graph_parts._distinct(row + np.uint64(2**63), day, unknown)
    assert (small[0] == large[0] - np.uint64(2**63)).all()
    assert (small[1] == large[1]).all()
    assert (small[2] == large[2]).all()
    assert len(small[0]) == len({(r, None if u else d) for r, d, u in zip(row, day, unknown, strict=True)})
