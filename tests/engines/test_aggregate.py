"""From files to the bundle: as netact reads the files itself, where nobody is left out; else what is kept, and what is said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from invented import ENDINGS, export_folder

from netact.cli import main
from netact.concentration import concentration
from netact.engines import aggregate
from netact.engines import engine as engines
from netact.engines.engine import open_engine
from netact.errors import ImportFileError, MeasureError, SchemaError
from netact.importers import read_network
from netact.measures.dynamics import dynamics
from netact.measures.hierarchy import hierarchy
from netact.measures.leading_core import leading_core
from netact.network import Network

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("source", "target", "weight", "events")
LOCAL = ("polars", "duckdb", "disk")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_folder(tmp_path_factory.mktemp("exports") / "in")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Network:
    return read_network(folder)


@pytest.fixture(scope="module")
def summed(folder: Path) -> Network:
    bundle = folder.parent / "all.netact"
    aggregate(folder, bundle, engine="polars")
    return read_network(bundle)


def same_ties(one: Network, other: Network) -> bool:
    return one.keys == other.keys and all(
        np.array_equal(getattr(one.ties(kind), name), getattr(other.ties(kind), name))
        for kind in one.kinds
        for name in TABLES
    )


@pytest.mark.parametrize("engine", ["polars", "disk"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_ties_are_those_that_netact_reads(ending: str, engine: str, tmp_path: Path) -> None:
    """Repeats with another weight or time, empty cells, self-ties, handles, long ids: one rule, and one parser."""
    folder = export_folder(tmp_path / "in", ending=ending, rows=300)
    done = aggregate(folder, tmp_path / "out.netact", engine=engine)
    whole, summed = read_network(folder), read_network(done.path)
    assert whole.receipt.duplicates_across_files > 10
    assert same_ties(whole, summed)
    assert summed.receipt.duplicates_across_files == whole.receipt.duplicates_across_files
    assert summed.receipt.rows_read == whole.receipt.rows_read
    assert [s.file for s in summed.receipt.sources] == [s.file for s in whole.receipt.sources]
    columns = ["key", "platform", "native_id", "handle", "display_name"]
    assert summed.accounts.select(columns).equals(whole.accounts.select(columns))
    assert done.interactions == whole.interactions.height
    assert done.k == 0


def test_the_order_of_files_and_rows_changes_nothing(folder: Path, summed: Network, tmp_path: Path) -> None:
    for path in folder.iterdir():
        turned = pl.read_csv(path, infer_schema=False).reverse()
        turned.write_csv(tmp_path / f"{9 - int(path.stem[-1])}.csv")
    done = aggregate(sorted(tmp_path.glob("*.csv")), tmp_path / "out.netact", engine="polars")
    again = read_network(done.path)
    assert same_ties(summed, again)
    assert summed.aggregated.equals(again.aggregated)


def test_measures_of_ties_agree_where_nobody_is_left_out(whole: Network, summed: Network) -> None:
    """What is measured on ties without chance is the same; see docs/scale.md."""
    seen = [hierarchy(n, draws=9, replicates=0, seed=1) for n in (whole, summed)]
    values = [{name: e.value for name, e in r.indices.items()} for r in seen]
    assert values[0].keys() == values[1].keys()
    for name, value in values[0].items():
        assert values[1][name] == (None if value is None else pytest.approx(value, rel=1e-9)), name
    heard = [concentration(n.ties().in_strength) for n in (whole, summed)]
    assert heard[0] == heard[1]
    graphs = [n.to_igraph() for n in (whole, summed)]
    assert graphs[0].coreness() == graphs[1].coreness()
    assert graphs[0].betweenness() == pytest.approx(graphs[1].betweenness())
    found = [leading_core(n, draws=19, replicates=5, power_runs=0, seed=1) for n in (whole, summed)]
    assert found[0].outcome == found[1].outcome
    assert [core.members for core in found[0].cores] == [core.members for core in found[1].cores]


def test_interactions_are_counted_and_not_ties(whole: Network, summed: Network) -> None:
    assert summed.interactions.height < whole.interactions.height
    assert summed.kinds == whole.kinds


@pytest.mark.parametrize("most_ties", [1900, 10**6])
def test_bundles_of_one_machine_are_the_same(most_ties: int, folder: Path, tmp_path: Path) -> None:
    made = [aggregate(folder, tmp_path / f"{name}.netact", engine=name, most_ties=most_ties) for name in LOCAL]
    first, *others = (read_network(done.path) for done in made)
    assert (made[0].k > 0) == (most_ties < 10**6)
    for done, other in zip(made[1:], others, strict=True):
        assert replace(done, path=made[0].path, engine=made[0].engine, pagerank_bound=made[0].pagerank_bound) == made[0]
        assert done.pagerank_bound == pytest.approx(made[0].pagerank_bound)
        assert same_ties(first, other)
        assert replace(other.receipt, bundle=first.receipt.bundle) == first.receipt
        assert other.accounts.drop("whole_pagerank").equals(first.accounts.drop("whole_pagerank"))
        assert (first.accounts["whole_pagerank"] - other.accounts["whole_pagerank"]).abs().sum() < 1e-12


def test_measures_of_times_say_that_there_are_none(summed: Network) -> None:
    assert not summed.has_times
    found = dynamics(summed, seed=1)
    assert found.status != "ok"
    assert found.reason


def test_kernel_holds_the_core_and_the_most_heard(folder: Path, whole: Network, tmp_path: Path) -> None:
    done = aggregate(folder, tmp_path / "out.netact", engine="polars", most_ties=1700, top=5)
    kernel = read_network(done.path)
    assert 0 < kernel.n_accounts < whole.n_accounts
    assert done.k > 1
    ties = whole.ties()
    graph = whole.to_igraph()
    cores = np.array(graph.as_undirected(mode="collapse").coreness())
    keys = np.array(whole.keys)
    assert set(keys[cores >= done.k]) <= set(kernel.keys)
    heard = sorted(range(len(keys)), key=lambda i: (-ties.in_strength[i], keys[i]))[:5]
    assert set(keys[heard]) <= set(kernel.keys)
    ranks = np.array(graph.subgraph([v for v in range(len(keys)) if graph.degree(v)]).pagerank(weights="weight"))
    ranked = keys[np.array([graph.degree(v) > 0 for v in range(len(keys))])][np.argsort(-ranks)[:3]]
    assert set(ranked) <= set(kernel.keys)
    # Ties among those who stay are whole, of every kind.
    inside = np.isin(keys, kernel.keys)
    for kind in whole.kinds:
        assert len(kernel.ties(kind)) == len(whole.ties(kind).among(inside))
    # What is told of the whole is that of the whole, not of the kernel.
    told = kernel.accounts
    at = np.searchsorted(keys, told["key"].to_list())
    has = told["whole_in_strength"].is_not_null().to_numpy()
    assert np.array_equal(told["whole_in_strength"].to_numpy()[has], ties.in_strength[at][has])
    assert np.array_equal(told["whole_out_degree"].to_numpy()[has], ties.out_degree[at][has])
    parts = [len(part) for part in graph.connected_components(mode="weak") if len(part) > 1]
    assert set(told["whole_component_size"].drop_nulls()) <= set(parts)
    assert done.components == len(parts)
    warnings = " ".join(kernel.receipt.warnings)
    assert f"{done.k}-core" in warnings
    assert "off by at most" in warnings


def test_pruning_does_not_preserve_pagerank(folder: Path, whole: Network, tmp_path: Path) -> None:
    """That is why it is carried along: recomputed on the kernel it is another."""
    kernel = read_network(aggregate(folder, tmp_path / "out.netact", engine="polars", most_ties=1700, top=0).path)
    inside = dict(zip(kernel.keys, kernel.to_igraph().pagerank(weights="weight"), strict=True))
    told = dict(kernel.accounts.select("key", "whole_pagerank").drop_nulls().iter_rows())
    exact = dict(zip(whole.keys, whole.to_igraph().pagerank(weights="weight"), strict=True))
    assert max(abs(inside[key] - exact[key]) for key in told) > 5 * max(abs(told[key] - exact[key]) for key in told)


def test_without_direction_and_times(tmp_path: Path) -> None:
    folder = export_folder(tmp_path / "in", rows=200, timeless=True)
    runner = CliRunner()
    out = tmp_path / "out.netact"
    done = runner.invoke(main, ["aggregate", str(folder), "--undirected", "--engine", "polars", "-o", str(out), "-q"])
    assert done.exit_code == 0, done.output
    whole, summed = read_network(folder, directed=False), read_network(out)
    assert not summed.directed
    assert same_ties(whole, summed)
    assert summed.aggregated["first"].null_count() == summed.aggregated.height


def test_the_command_says_what_was_kept(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.netact"
    told = CliRunner().invoke(
        main, ["aggregate", str(folder), "-o", str(out), "--most-ties", "1200", "--kind", "retweet"]
    )
    assert told.exit_code == 0, told.output
    assert "are kept: the" in told.output
    assert list(read_network(out).kinds) == ["retweet"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".netact")]


def test_side_tables_fit_and_further_interactions_do_not(folder: Path, summed: Network, tmp_path: Path) -> None:
    rights = tmp_path / "admins.csv"
    pl.DataFrame({"person": ["ann", "bob"], "account": summed.keys[:2]}).write_csv(rights)
    joined = read_network(folder.parent / "all.netact", admins=rights)
    assert joined.admin_rights.height == 2
    assert same_ties(joined, summed)
    with pytest.raises(SchemaError, match="aggregate all files together"):
        read_network([folder.parent / "all.netact", folder / "part-0.csv"])
    with pytest.raises(SchemaError, match="cannot be merged"):
        summed.with_identities(pl.DataFrame({"account_a": summed.keys[:1], "account_b": summed.keys[1:2]}))


def test_a_bundle_and_an_empty_folder_are_refused(folder: Path, tmp_path: Path, summed: Network) -> None:
    assert summed.n_accounts
    with pytest.raises(ImportFileError, match="is a netact bundle already"):
        aggregate(folder.parent / "all.netact", tmp_path / "out.netact", engine="polars")
    (tmp_path / "none").mkdir()
    with pytest.raises(ImportFileError, match="no file to read"):
        aggregate(tmp_path / "none", tmp_path / "out.netact")
    assert not (tmp_path / "out.netact").exists()


@pytest.mark.parametrize(
    ("engine", "package"), [("spark", "pyspark"), ("sail", "pysail"), ("duckdb", "duckdb"), ("disk", "duckdb")]
)
def test_a_missing_engine_says_what_to_install(
    engine: str, package: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = engines.importlib.util.find_spec
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: None if name == package else found(name))
    told = CliRunner().invoke(main, ["aggregate", str(folder), "--engine", engine, "-o", str(tmp_path / "out.netact")])
    assert told.exit_code == 2
    line = told.output.strip().splitlines()[-1]
    assert f"needs the package {package}" in line
    assert "pip install" in line


def test_engines_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="runs on this machine alone"):
        open_engine("polars", tmp_path, bytes_read=0, master="local[2]")
    with pytest.raises(MeasureError, match="unknown engine"):
        open_engine("abacus", tmp_path, bytes_read=0)
    with pytest.raises(MeasureError, match="no amount of memory"):
        open_engine("duckdb", tmp_path, bytes_read=0, memory="much")
    with pytest.raises(MeasureError, match="by Spark Connect"):
        open_engine("sail", tmp_path, bytes_read=0, master="local[2]")
    assert open_engine("auto", tmp_path, bytes_read=1).name == "polars"
    big = open_engine("auto", tmp_path, bytes_read=1 << 40)
    assert big.name == "disk"
    big.close()


def test_a_network_of_ties_is_kept_whole_through_filters_and_names(summed: Network) -> None:
    order = np.arange(summed.n_accounts)[::-1].copy()
    keys = pl.Series([f"a{i:05d}" for i in range(summed.n_accounts)])
    turned = summed.renumbered(order, keys, {})
    assert turned.ties().events.sum() == summed.ties().events.sum()
    assert sorted(turned.ties().events) == sorted(summed.ties().events)
    twice = summed.with_rows(interactions=np.repeat(np.arange(summed.interactions.height), 2))
    assert np.array_equal(twice.ties().events, 2 * summed.ties().events)
    assert json.loads(json.dumps(summed.receipt.to_dict()))["warnings"]
