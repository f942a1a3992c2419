"""What is written: whole or not at all, harmless whatever the names, readable by other programs, repeatable."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import igraph
import jsonschema
import networkx as nx
import polars as pl
import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.errors import ReportError, StudyError
from netact.measures import MEASURES
from netact.network import Network
from netact.report import analyze, run, write
from netact.report import write as write_function
from netact.report.exports.gexf import write_gexf
from netact.report.exports.graph_parts import graph_nodes
from netact.report.exports.graphml import write_graphml
from netact.report.tables import neutralised
from netact.report.write import MANIFEST
from netact.study import load

FILES = {
    "report.html", "findings.json", "accounts.csv", "accounts.parquet", "network.graphml", "network.gexf", "network.json",
    "tables", "methods.md", "references.bib", "manifest.json", "ro-crate-metadata.json", "study.toml", "data", "private",
}  # fmt: skip


def test_all_files_are_written(hostile_folder):
    assert {path.name for path in hostile_folder.iterdir()} == FILES


def test_findings_fit_the_published_schema(hostile_folder):
    schema = json.loads((resources.files("netact.report") / "findings.schema.json").read_text())
    values = json.loads((hostile_folder / "findings.json").read_text(), parse_constant=lambda name: pytest.fail(name))
    jsonschema.validate(values, schema)
    assert [finding["question"] for finding in values["findings"]] == list(MEASURES)
    assert values["network"]["ties"] > 0


def test_no_hostile_name_becomes_markup(hostile_folder, made):
    page = (hostile_folder / "report.html").read_text()
    text = page.replace(page[page.index("<script>") : page.rindex("<script>")], "")  # without the library
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "</script><img" not in page
    assert "\u202e" not in text
    assert "a" * 60 not in re.sub(r"[0-9a-f]{64}", "", text)
    assert "&lt;script&gt;alert" in text
    assert 'href="javascript' not in text
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;' in page


def test_figures_are_json_that_cannot_close_their_element(hostile_folder):
    page = (hostile_folder / "report.html").read_text()
    blocks = re.findall(r'<script type="application/json" id="data-[a-z-]+">(.*?)</script>', page, flags=re.DOTALL)
    assert len(blocks) >= 8
    for block in blocks:
        assert "<" not in block
        assert json.loads(block)["data"]


def test_no_cell_runs_in_a_spreadsheet(hostile_folder):
    with (hostile_folder / "accounts.csv").open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    for cell in cells:
        if not re.fullmatch(r"-?[0-9.eE+-]+", cell):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


@settings(deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=8) | st.sampled_from(["=1", " =1", "\t=1", "@a", "-", "+1", "\x00=1"]), min_size=1
    )
)
def test_neutralised_changes_only_what_would_run(cells):
    found = neutralised(pl.DataFrame({"a": cells}))["a"].to_list()
    for before, after in zip(cells, found, strict=True):
        assert after in (before, f"'{before}")
        assert not after.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_graph_files_open_elsewhere_with_the_same_ties(hostile_folder, hostile_report):
    network = hostile_report.network
    graph = nx.read_graphml(hostile_folder / "network.graphml")
    gexf = nx.read_gexf(hostile_folder / "network.gexf")
    native = igraph.Graph.Read_GraphML(str(hostile_folder / "network.graphml"))
    ties = network.ties()
    for found in (graph, gexf):
        assert found.is_directed()
        assert found.number_of_nodes() == network.n_accounts
        assert found.number_of_edges() == len(ties)
        assert sum(data["weight"] for *_, data in found.edges(data=True)) == pytest.approx(ties.weight.sum())
    assert (native.vcount(), native.ecount(), native.is_directed()) == (network.n_accounts, len(ties), True)
    attention = dict(zip(network.keys, ties.in_strength, strict=True))
    for key in ("crowd1", "%{x}%{customdata[0]}", "🔥🏳️‍🌈"):
        if key in graph:
            assert graph.nodes[key]["attention"] == attention[key]


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=6, unique=True))
def test_graph_files_are_well_formed_whatever_the_names(tmp_path_factory, names):
    frame = pl.DataFrame({"source": names[:-1], "target": names[1:]})
    network = Network.from_tables(frame)
    nodes = graph_nodes(network)
    folder = tmp_path_factory.mktemp("graph")
    for writer, name in ((write_graphml, "g.graphml"), (write_gexf, "g.gexf")):
        writer(network, nodes, folder / name)
        root = ElementTree.parse(folder / name).getroot()
        found = [element for element in root.iter() if element.tag.endswith("}node")]
        assert len(found) == network.n_accounts
        assert len({element.get("id") for element in found}) == network.n_accounts


def test_undirected_networks_are_written_undirected(tmp_path):
    network = Network.from_tables(pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}), directed=False)
    nodes = graph_nodes(network)
    write_graphml(network, nodes, tmp_path / "g.graphml")
    write_gexf(network, nodes, tmp_path / "g.gexf")
    for graph in (nx.read_graphml(tmp_path / "g.graphml"), nx.read_gexf(tmp_path / "g.gexf")):
        assert not graph.is_directed()
        assert sorted(map(sorted, graph.edges)) == [["a", "b"], ["b", "c"]]


def test_people_who_merely_took_part_are_not_named(hostile_folder, hostile_report):
    text = (hostile_folder / "report.html").read_text() + (hostile_folder / "findings.json").read_text()
    named = {name for name in hostile_report.names.values() if name.startswith("crowd")}
    crowd = {f"crowd{i}" for i in range(150)} - named
    assert crowd, "the test needs someone who merely took part"
    assert not crowd & set(re.findall(r"\bcrowd\d+\b", text))
    assert "crowd7" in pl.read_csv(hostile_folder / "accounts.csv")["key"].to_list()


def test_manifest_and_study_repeat_the_run(hostile_folder, hostile_report, monkeypatch, tmp_path):
    manifest = json.loads((hostile_folder / MANIFEST).read_text())
    assert manifest["fingerprint"] == hostile_report.sealed.network.fingerprint
    assert all(re.fullmatch(r"[0-9a-f]{64}", item["sha256"]) for item in manifest["inputs"])
    assert {"numpy", "polars", "igraph"} <= set(manifest["libraries"])
    monkeypatch.chdir(tmp_path)
    again = run(load(hostile_folder / "study.toml"))
    assert again.network.fingerprint == hostile_report.network.fingerprint
    for first, second in zip(hostile_report.findings, again.findings, strict=True):
        assert first.to_dict() == second.to_dict()


def test_study_refuses_a_file_that_changed(hostile_folder, hostile_report):
    study = load(hostile_folder / "study.toml")
    changed = replace(study, sources=(replace(study.sources[0], sha256="0" * 64), *study.sources[1:]))
    with pytest.raises(StudyError, match=r"has changed since the study was made"):
        run(changed)


# ---------------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize("part", ["write_graphs", "write_tables", "write_content", "file_hashes"])
def test_nothing_is_left_when_writing_fails(hostile_report, tmp_path, monkeypatch, part):
    module = __import__("sys").modules[write_function.__module__]

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, part, broken)
    with pytest.raises(ReportError, match="No space left"):
        write(hostile_report, tmp_path / "deep" / "out")
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    assert not (tmp_path / "deep" / "out").exists()


def test_earlier_report_stays_when_writing_fails(hostile_report, tmp_path, monkeypatch):
    folder = write(hostile_report, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    module = __import__("sys").modules[write_function.__module__]
    monkeypatch.setattr(module, "render", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(hostile_report, folder)
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_earlier_report_is_replaced_and_foreign_folders_are_not(hostile_report, tmp_path):
    folder = write(hostile_report, tmp_path / "out")
    write(hostile_report, folder)
    assert {path.name for path in folder.iterdir()} == FILES
    (folder / "my notes.txt").write_text("keep me")
    with pytest.raises(ReportError, match="not a report of netact"):
        write(hostile_report, folder)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / MANIFEST).write_text("{}")
    with pytest.raises(ReportError, match="not a report of netact"):
        write(hostile_report, foreign)
    assert (foreign / MANIFEST).read_text() == "{}"
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError, match="is not a folder"):
        write(hostile_report, tmp_path / "file")


def test_copied_inputs_make_the_folder_movable(hostile_report, tmp_path):
    folder = write(hostile_report, tmp_path / "out", copy_inputs=True)
    moved = folder.rename(tmp_path / "moved")
    study = load(moved / "study.toml")
    assert [source.path for source in study.sources] == ["inputs/ties.csv", "inputs/admins.csv"]
    assert all((moved / source.path).is_file() for source in study.sources)
    write(hostile_report, moved)  # a report with inputs is still a report


def test_paths_name_no_folder_the_user_did_not_type(tmp_path, monkeypatch):
    secret = tmp_path / "secret-name"
    (secret / "data").mkdir(parents=True)
    frame = pl.DataFrame({"source": [f"u{i}" for i in range(60)], "target": [f"t{i % 3}" for i in range(60)]})
    frame.write_csv(secret / "data" / "e.csv")
    monkeypatch.chdir(secret)
    quick = {"hierarchy": {"draws": 9, "replicates": 9}}
    analyze("data/e.csv", measures=quick, out="out")
    text = "".join(path.read_text() for path in Path("out").glob("*.*") if path.suffix in (".toml", ".json", ".html"))
    assert "secret-name" not in text
    assert str(tmp_path) not in text
    assert 'path = "../../data/e.csv"' in Path("out/private/study.toml").read_text()
    monkeypatch.chdir("/")
    assert run(load(secret / "out" / "study.toml")).network.n_accounts == 63


def test_report_of_admins_alone(tmp_path):
    pl.DataFrame({"person": ["Ada", "Bo", "Bo"], "account": ["x", "x", "y"]}).write_csv(tmp_path / "admins.csv")
    report = analyze(admins=tmp_path / "admins.csv", out=tmp_path / "out")
    assert {finding.confidence for finding in report.findings if finding.question != "super_users"} == {"cannot say"}
    page = (tmp_path / "out" / "report.html").read_text()
    assert "No ties between accounts were read" in page
    assert nx.read_graphml(tmp_path / "out" / "network.graphml").number_of_edges() == 0
