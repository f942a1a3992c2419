"""The reduction: the same on every engine, right by igraph, and by what netact reads itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import igraph
import narwhals as nw
import numpy as np
import polars as pl
import pytest
from invented import QUICK_JAVA, export_folder

from netact.engines import reduction, streamed
from netact.engines.engine import open_engine
from netact.engines.parse import UNITS, parse
from netact.importers import read_network
from netact.schemas import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.engines.engine import Engine
    from netact.network import Network

MOST = 1900
LOCAL = ("polars", "duckdb", "disk")
SERVERS = (
    pytest.param("sail", marks=pytest.mark.xdist_group("sail")),
    pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.xdist_group("spark")]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_folder(tmp_path_factory.mktemp("exports") / "in")


@pytest.fixture(scope="module")
def network(folder: Path) -> Network:
    return read_network(folder)


@pytest.fixture(scope="module", params=[*LOCAL, *SERVERS])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "spark" and shutil.which("java") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Java is missing; in CI it must be there")
        pytest.skip("Spark needs Java")
    work = tmp_path_factory.mktemp(request.param)
    master = "local[1]" if request.param == "spark" else None
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JDK_JAVA_OPTIONS", QUICK_JAVA)
        runs = open_engine(request.param, work, bytes_read=0, master=master)
    yield runs
    runs.close()


@pytest.fixture(scope="module")
def reduced(engine: Engine, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Everything that the reduction makes of the folder, with keys instead of ids."""
    place = tmp_path_factory.mktemp("rows")
    if engine.name == "disk":
        return by_parts(open_engine("disk", place, bytes_read=0), folder, place)
    engine.parse(sorted(map(str, folder.iterdir())), "{}", place)
    ids, edges = reduction.numbered_ties(engine, reduction.unique_rows(engine.scan(place / "rows")))
    retweets = edges.filter(nw.col("kind") == "retweet")
    found = engine.materialise(reduction.attention(retweets), "attention")
    scores = reduction.pagerank(engine, retweets, found)
    parts = reduction.components(engine, retweets, ids, found)
    work = Path(engine._work)
    pruned = reduction.core_within(engine, edges, ids.select("id"), work, kind="retweet", most_ties=MOST)
    named = engine.collect(ids).select("id", "key")

    def keyed(frame: nw.LazyFrame[Any] | pl.DataFrame, *ends: str) -> pl.DataFrame:
        table = frame if isinstance(frame, pl.DataFrame) else engine.collect(frame)
        for end in ends or ("id",):
            table = table.with_columns(
                table.select(id=end).join(named, on="id", maintain_order="left")["key"].alias(end)
            )
        return table.sort(table.columns)

    return {
        "ties": keyed(edges, "source", "target"),
        "attention": keyed(found),
        "pagerank": keyed(scores.scores),
        "bound": scores.bound,
        "rounds": scores.rounds,
        "components": keyed(parts),
        "pruned": keyed(pruned.ids),
        "k": pruned.k,
    }


def by_parts(engine: Engine, folder: Path, place: Path, *, most_ties: int = MOST) -> dict[str, Any]:
    """The same on one machine; what is written lies in a folder of its own."""
    said = [json.loads(text) for text in engine.parse(sorted(map(str, folder.iterdir())), "{}", place)]
    kinds = sorted({kind for found in said for kind in found["kinds"]})
    ids, parts = streamed.added_up(engine, place, kinds, sum(found["rows"] for found in said))
    engine.materialise(ids, "told")
    keys = engine.collect(ids.select("id", "key")).sort("id")["key"]
    engine.forget("ids", "told")
    strengths, degrees = streamed.attention(parts)
    present = degrees.any(axis=0)
    ranked = streamed.pagerank(parts, strengths[1], present)
    root = streamed.components(parts)
    core, k = streamed.core(parts, present, most_ties)
    edges = pl.concat(part.chosen(None) for part in (*parts.heard, *parts.others))
    edges = edges.with_columns(
        *(keys.gather(edges[end]).alias(end) for end in ("source", "target")),
        kind=pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
    )
    there = keys.filter(present)
    least = pl.DataFrame({"root": root[present], "key": there}).group_by("root").agg(pl.col("key").min())
    made = {
        "ties": edges.select("source", "target", "kind", "weight", "events", "first", "last"),
        "attention": pl.DataFrame(
            {"id": there}
            | {
                name: row[present].astype(np.int64)
                for name, row in zip(reduction.ATTENTION, (*strengths, *degrees), strict=True)
            }
        ),
        "pagerank": pl.DataFrame({"id": there, "pagerank": ranked.scores[present]}),
        "components": pl.DataFrame({"id": there, "root": root[present]})
        .join(least, on="root")
        .select("id", component="key"),
        "pruned": pl.DataFrame({"id": keys.filter(core)}),
    }
    return {name: table.sort(table.columns) for name, table in made.items()} | {
        "bound": ranked.bound,
        "rounds": ranked.rounds,
        "k": k,
    }


@pytest.fixture(scope="module")
def graph(network: Network) -> igraph.Graph:
    """The retweets; accounts without one are left out."""
    made = network.to_igraph("retweet")
    return made.induced_subgraph([v.index for v in made.vs if v.degree()])


def _hash(table: pl.DataFrame) -> str:
    return hashlib.sha256(table.write_csv().encode()).hexdigest()


def test_every_engine_comes_to_the_same(reduced: dict[str, Any], network: Network) -> None:
    """Content hashes against those of tables that are made here without any engine."""
    rows = [
        (network.keys[s], network.keys[t], kind, round(w * UNITS), events)
        for kind in network.kinds
        for ties in [network.ties(kind)]
        for s, t, w, events in zip(ties.source, ties.target, ties.weight, ties.events, strict=True)
    ]
    made = pl.DataFrame(rows, schema=["source", "target", "kind", "weight", "events"], orient="row")
    stated = network.named_interactions().with_columns(pl.col("kind").cast(pl.String))
    second = pl.col("time").dt.epoch("s")
    times = stated.group_by("source", "target", "kind").agg(first=second.min(), last=second.max())
    made = made.join(times, on=["source", "target", "kind"]).select(reduced["ties"].columns)
    assert _hash(reduced["ties"]) == _hash(made.sort(made.columns))


def test_attention_is_that_of_the_network(reduced: dict[str, Any], network: Network) -> None:
    ties = network.ties("retweet")
    expected = pl.DataFrame(
        {
            "id": network.keys,
            "in_strength": (ties.in_strength * UNITS).round().astype(np.int64),
            "out_strength": (ties.out_strength * UNITS).round().astype(np.int64),
            "in_degree": ties.in_degree.astype(np.int64),
            "out_degree": ties.out_degree.astype(np.int64),
        }
    ).filter(pl.Series(ties.active))
    found = reduced["attention"].select(expected.columns)
    assert _hash(found) == _hash(expected.sort(expected.columns))


def test_pagerank_is_within_its_bound(reduced: dict[str, Any], graph: igraph.Graph) -> None:
    exact = dict(zip(graph.vs["name"], graph.pagerank(weights="weight", damping=reduction.DAMPING), strict=True))
    found = dict(reduced["pagerank"].select("id", "pagerank").iter_rows())
    assert found.keys() == exact.keys()
    off = sum(abs(found[key] - exact[key]) for key in exact)
    assert off <= reduced["bound"] <= reduction.PAGERANK_BOUND
    assert sum(found.values()) == pytest.approx(1)
    # The test can fail: the scores that the rounds begin with are further off.
    assert sum(abs(1 / len(exact) - score) for score in exact.values()) > 100 * reduction.PAGERANK_BOUND


def test_components_are_those_of_igraph(reduced: dict[str, Any], graph: igraph.Graph) -> None:
    names = graph.vs["name"]
    parts = graph.connected_components(mode="weak")
    assert len(parts) > 1
    expected = {names[v]: min(names[w] for w in part) for part in parts for v in part}
    assert dict(reduced["components"].select("id", "component").iter_rows()) == expected


def test_core_is_that_of_igraph(reduced: dict[str, Any], network: Network, graph: igraph.Graph) -> None:
    """On pairs, whatever the direction; the same on every engine, the largest that fits: its ties of all kinds are few enough, and those of the core before are not."""
    cores = dict(zip(graph.vs["name"], graph.as_undirected(mode="collapse").coreness(), strict=True))
    level = np.array([cores.get(key, 0) for key in network.keys])

    def number(k: int) -> int:
        return sum(
            int((np.minimum(level[t.source], level[t.target]) >= k).sum()) for t in map(network.ties, network.kinds)
        )

    assert 0 < number(reduced["k"]) <= MOST < number(reduced["k"] - 1)
    assert set(reduced["pruned"]["id"]) == {key for key, core in cores.items() if core >= reduced["k"]}


@pytest.mark.parametrize("held", [10**9, 400, 1])
@pytest.mark.parametrize("compiled_from", [0, 10**9])
def test_small_parts_and_compiled_kernels_come_to_the_same(
    held: int, compiled_from: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many parts, several looks at the words, pruning before coreness: as much is held at once as one likes."""
    expected = by_parts(open_engine("disk", tmp_path / "a", bytes_read=0), folder, tmp_path / "a", most_ties=MOST)
    monkeypatch.setattr(streamed, "PART_ROWS", 100)
    monkeypatch.setattr(streamed, "_WORDS", 700)
    monkeypatch.setattr(streamed, "_HELD_PAIRS", held)
    monkeypatch.setattr(streamed, "COMPILED_FROM", compiled_from)
    for most_ties in (MOST, 1500, 100):
        place = tmp_path / str(most_ties)
        found = by_parts(open_engine("disk", place, bytes_read=0), folder, place, most_ties=most_ties)
        for name in ("ties", "attention", "components"):
            assert _hash(found[name]) == _hash(expected[name]), name
        assert np.abs((found["pagerank"]["pagerank"] - expected["pagerank"]["pagerank"]).to_numpy()).sum() < 1e-12
        assert found["rounds"] == expected["rounds"]
        if most_ties == MOST:
            assert found["k"] == expected["k"]
            assert found["pruned"].equals(expected["pruned"])
    assert found["pruned"].is_empty()  # not even the innermost core has so few ties


@pytest.mark.parametrize("most_ties", [2200, MOST, 1500, 100])
@pytest.mark.parametrize("held", [2220, 2000, 1500, 1])
def test_cores_by_joins_are_those_found_at_once(
    held: int, most_ties: int, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is left out before, and whether that was too much at first."""
    runs = open_engine("polars", tmp_path, bytes_read=0)
    rows = [
        (int(s) * 7 + 10**12, int(t) * 7 + 10**12, kind)
        for kind in network.kinds
        for s, t in zip(network.ties(kind).source, network.ties(kind).target, strict=True)
    ]
    edges = nw.from_native(pl.LazyFrame(rows, schema=["source", "target", "kind"], orient="row"))
    found = []
    for number in (10**9, held):
        monkeypatch.setattr(reduction, "HELD_TIES", number)
        core = reduction.core_within(runs, edges, edges, tmp_path, kind="retweet", most_ties=most_ties)
        found.append((core.k, sorted(runs.collect(core.ids)["id"])))
        runs.forget("core")
    assert found[0] == found[1]
    assert found[0][0] > 0


def test_hubs_of_any_number_join_one_component(tmp_path: Path) -> None:
    """Stars whose hub has the highest number and chains both take few rounds."""
    runs = open_engine("polars", tmp_path, bytes_read=0)
    chain = [(i, i + 1) for i in range(60)]
    star = [(199, i) for i in range(100, 199)]
    edges = nw.from_native(pl.LazyFrame(chain + star, schema=["source", "target"], orient="row"))
    ids = nw.from_native(pl.LazyFrame({"id": range(200), "key": [f"{i:03d}" for i in range(200)]}))
    inside = ids.filter((nw.col("id") <= 60) | (nw.col("id") >= 100)).select("id")
    found = runs.collect(reduction.components(runs, edges, ids, inside)).sort("id")
    assert found["component"].to_list() == ["000"] * 61 + ["100"] * 100


def test_no_ties_have_no_scores(tmp_path: Path) -> None:
    runs = open_engine("polars", tmp_path, bytes_read=0)
    empty = nw.from_native(
        pl.LazyFrame(schema={"source": pl.Int64, "target": pl.Int64, "kind": pl.String, "weight": pl.Int64})
    )
    ranked = reduction.pagerank(runs, empty, reduction.attention(empty))
    assert ranked.rounds == 0
    assert runs.collect(ranked.scores).height == 0


def test_a_file_read_twice_is_written_once(folder: Path, tmp_path: Path) -> None:
    """As when a worker is lost and another does its task again."""
    first = parse(str(folder / "part-0.csv"), 4, "{}", str(tmp_path))
    again = parse(str(folder / "part-0.csv"), 4, "{}", str(tmp_path))
    assert first == again
    assert [path.name for path in (tmp_path / "rows").iterdir()] == ["00000004.parquet"]
