"""Pages that shared the same have no direction, whatever else is read beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl
import pytest

from netact.importers import read_network
from netact.layout import network_layout
from netact.measures.hierarchy import hierarchy
from netact.measures.leading_core import leading_core
from netact.network import Network
from netact.report.content import sample_facts, summary_of
from netact.report.exports.gexf import write_gexf
from netact.report.exports.graph_parts import graph_nodes
from netact.report.exports.graphml import write_graphml
from netact.report.tables import account_table
from netact.timeline import timeline

EXPORTS = Path(__file__).parent / "importers" / "exports"
QUICK = {"draws": 9, "replicates": 9, "seed": 3}


@pytest.fixture(scope="module")
def shared_only() -> Network:
    rng = np.random.default_rng(7)
    rows = [
        (f"page{page:02}", f"https://news.example/{link}")
        for link in range(60)
        for page in rng.choice(70, size=3, replace=False)
    ]
    began = datetime(2024, 3, 1, tzinfo=UTC)
    shares = pl.DataFrame(rows, schema=["account", "object"], orient="row").with_columns(
        time=pl.Series([began + timedelta(minutes=number) for number in range(len(rows))])
    )
    return Network.from_tables(shares=shares)


@pytest.fixture(scope="module")
def mixed(shared_only: Network) -> Network:
    """The same beside a table of a kind with direction."""
    follows = pl.DataFrame({"source": ["page00", "page02"], "target": ["page06", "page06"]})
    return Network.combine([shared_only, Network.from_tables(follows, kind="follow")])


def test_a_mixed_network_is_what_these_tests_are_about(shared_only: Network, mixed: Network) -> None:
    assert (mixed.directed, mixed.attention_kind, mixed.has_direction()) == (True, "share", False)
    assert mixed.keys == shared_only.keys
    assert mixed.has_direction("follow")


def test_measures_of_shares_do_not_depend_on_other_ties(shared_only: Network, mixed: Network) -> None:
    alone, beside = hierarchy(shared_only, **QUICK), hierarchy(mixed, **QUICK)
    assert beside.indices == alone.indices
    assert beside.levels.is_empty()
    assert all(beside.indices[name].status == "not_testable" for name in ("trophic_incoherence", "flow_hierarchy"))
    alone_core, beside_core = leading_core(shared_only, **QUICK), leading_core(mixed, **QUICK)
    assert beside_core.outcome == alone_core.outcome
    assert beside_core.attention_of_top == alone_core.attention_of_top
    assert beside_core.drivers.equals(alone_core.drivers)
    assert beside_core.pool.equals(alone_core.pool)


def test_the_report_of_a_mixed_network(shared_only: Network, mixed: Network, tmp_path: Path) -> None:
    summary = summary_of(mixed)
    assert (summary.directed, summary.undirected_kinds) == (False, ("share",))
    assert (summary.has_direction("share"), summary.has_direction("follow")) == (False, True)
    facts = sample_facts(summary)
    assert any("follow" in fact for fact in facts)
    assert not any("share" in fact for fact in facts)
    table = account_table(mixed, {})
    assert "share_in" in table.columns
    assert "share_out" not in table.columns
    assert "follow_out" in table.columns
    nodes = graph_nodes(mixed)
    write_graphml(mixed, nodes, tmp_path / "g.graphml")
    write_gexf(mixed, nodes, tmp_path / "g.gexf")
    for graph in (nx.read_graphml(tmp_path / "g.graphml"), nx.read_gexf(tmp_path / "g.gexf")):
        assert not graph.is_directed()
        assert graph.number_of_edges() == len(shared_only.undirected_ties())


def test_time_and_map_of_a_mixed_network(shared_only: Network, mixed: Network) -> None:
    assert timeline(mixed).windows.equals(timeline(shared_only).windows)
    alone, beside = network_layout(shared_only, seed=1), network_layout(mixed, seed=1)
    assert beside.accounts.equals(alone.accounts)


def test_crowdtangle_beside_a_table_of_follows(tmp_path: Path) -> None:
    path = tmp_path / "follows.csv"
    path.write_text("follower,followed\nnightwatch,assemblynow\nplazavoices,assemblynow\n")
    network = read_network([EXPORTS / "crowdtangle-facebook", path])
    assert network.directed
    assert network.attention_kind == "forward"
    assert not network.has_direction("share")
    result = hierarchy(network, kind="share", **QUICK)
    assert result.indices["trophic_incoherence"].status == "not_testable"
    assert summary_of(network).undirected_kinds == ("share",)
