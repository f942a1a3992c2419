"""Positions and the drawn picture."""

import struct
import zlib

import networkx as nx
import numpy as np
import polars as pl
import pytest

from netact import layout
from netact.importers import read_network
from netact.layout import BACKBONE_ALPHA, PIXELS, disparity, network_layout
from netact.network import Network
from netact.synthetic import karate, movement

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C6D1F", "#56B4E9")


def decoded(png):
    """Read an RGBA picture whose rows use the filter of the left neighbour."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + data)
        chunks[name] = data
        at += 12 + length
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour, rest) == (8, 6, [0, 0, 0])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, 1 + 4 * width)
    assert (lines[:, 0] == 1).all()
    return np.cumsum(lines[:, 1:].reshape(height, width, 4), axis=1, dtype=np.uint8)


def in_picture(background, x, y):
    """Return the row and the column of a position."""
    column = (x - background.x0) / (background.x1 - background.x0) * layout.PIXELS
    row = (background.y1 - y) / (background.y1 - background.y0) * layout.PIXELS
    return int(row), int(column)


def named(ties):
    return Network.from_tables(pl.DataFrame(ties, schema=["source", "target"], orient="row"))


@pytest.fixture(scope="module", autouse=True)
def small_pictures():
    """Draw small pictures, which is faster; one test draws at full size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "PIXELS", 400)
        yield


@pytest.fixture(scope="module")
def made():
    return movement(accounts=900, interactions=6000, seed=4)


@pytest.fixture(scope="module")
def network(made):
    return Network.from_tables(made.interactions)


@pytest.fixture(scope="module")
def groups(network):
    return pl.DataFrame({"account": network.keys, "faction": np.arange(network.n_accounts) % 9})


@pytest.fixture(scope="module")
def found(network, groups):
    return network_layout(network, max_accounts=150, membership=groups, colours=COLOURS, seed=1)


# ---------------------------------------------------------------------- few accounts


def test_few_accounts_are_placed_one_by_one():
    result = network_layout(karate(), seed=1)
    assert (result.mode, result.background) == ("all", None)
    assert result.accounts.height == result.total == 34
    assert result.ties.height == result.ties_total == 78
    assert result.accounts.select("x", "y").min_horizontal().min() >= 0
    assert result.accounts.select("x", "y").max_horizontal().max() <= 1


def test_without_ties_there_is_nothing_to_place():
    empty = network_layout(Network.from_tables(accounts=pl.DataFrame({"key": ["a", "b"]})), seed=1)
    assert (empty.mode, empty.total, empty.accounts.height, empty.background) == ("all", 0, 0, None)


def test_the_number_of_accounts_decides():
    everyone = karate()
    assert network_layout(everyone, max_accounts=34, seed=1).mode == "all"
    assert network_layout(everyone, max_accounts=33, seed=1).mode == "most_heard"


# ---------------------------------------------------------------------- the picture


def test_all_accounts_and_ties_are_in_the_picture(network, found):
    background = found.background
    assert found.mode == "most_heard"
    assert background.accounts == found.total == int(network.ties().active.sum())
    assert background.ties == len(network.undirected_ties())
    pixels = decoded(background.png)
    assert pixels.shape == (layout.PIXELS, layout.PIXELS, 4)
    assert background.x1 - background.x0 == pytest.approx(background.y1 - background.y0)
    drawn = pixels[..., 3] > 0
    assert 0.02 < drawn.mean() < 0.98
    # Transparent where nothing is, also in colour, and a margin all around.
    assert (pixels[~drawn] == 0).all()
    assert not drawn[[0, -1]].any()
    assert not drawn[:, [0, -1]].any()


def test_placed_accounts_are_dots_of_their_colour(network, groups, found):
    pixels = decoded(found.background.png)
    colour_of = dict(groups.iter_rows())
    paints = [tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (*COLOURS, layout.OTHER)]
    right = 0
    for account, x, y, _ in found.accounts.head(40).iter_rows():
        red, green, blue, alpha = pixels[in_picture(found.background, x, y)].tolist()
        assert alpha > 150
        near = min(
            range(7), key=lambda i: sum((a - b) ** 2 for a, b in zip(paints[i], (red, green, blue), strict=True))
        )
        right += near == min(colour_of[account], 6)
    assert right >= 36  # some lie under another


def test_the_same_seed_gives_the_same_bytes_whatever_the_row_order(made, groups, found):
    shuffled = Network.from_tables(made.interactions.sample(fraction=1, shuffle=True, seed=3))
    again = network_layout(
        shuffled,
        max_accounts=150,
        membership=groups.sample(fraction=1, shuffle=True, seed=1),
        colours=COLOURS,
        seed=1,
    )
    assert again.background == found.background
    assert again.accounts.equals(found.accounts)
    assert again.ties.equals(found.ties)


def test_without_groups_everything_is_grey(network):
    pixels = decoded(network_layout(network, max_accounts=50, seed=1).background.png)
    red, green, blue = pixels[pixels[..., 3] > 0][:, :3].astype(int).T
    assert np.abs(red - green).max() <= 12
    assert np.abs(green - blue).max() <= 18


def test_the_audience_of_a_hub_is_a_disc_that_grows_with_it():
    # Two hubs that hear one another, with 900 and 100 that hear one of them only.
    ties = [(f"a{i}", "hub_a") for i in range(900)] + [(f"b{i}", "hub_b") for i in range(100)]
    ties += [("hub_a", "hub_b"), ("hub_b", "hub_a"), ("hub_a", "third"), ("hub_b", "third")]
    network = named(ties)
    pairs = network.undirected_ties()
    chosen = np.array([network.keys.index(k) for k in ("hub_a", "hub_b", "third")])
    keep = np.isin(np.arange(network.n_accounts), chosen)
    start = np.array([[0.2, 0.2], [0.8, 0.8], [0.8, 0.2]])
    at = layout._everywhere(pairs, pairs.among(keep), chosen, start)
    spread = {}
    for letter, hub in (("a", chosen[0]), ("b", chosen[1])):
        rows = [i for i, key in enumerate(network.keys) if key.startswith(letter)]
        away = np.hypot(*(at[rows] - at[rows].mean(axis=0)).T)
        spread[letter] = np.quantile(away, 0.9)
        assert np.hypot(*(at[rows].mean(axis=0) - at[hub])) < spread[letter]
        assert len(np.unique(np.round(at[rows], 6), axis=0)) == len(rows)
    assert 1.5 < spread["a"] / spread["b"] < 4.5  # about the root of 9


def test_parts_that_are_not_connected_lie_apart():
    cliques = {"big": 40, "mid": 25, "small": 6}
    ties = [
        (f"{name}{i:02d}", f"{name}{j:02d}") for name, n in cliques.items() for i in range(n) for j in range(i) if j < 8
    ]
    ties += [(f"pair{i}x", f"pair{i}y") for i in range(30)]
    network = named(ties)
    result = network_layout(network, max_accounts=20, seed=1)
    assert result.background.accounts == network.n_accounts
    pairs = network.undirected_ties()
    chosen = np.lexsort((np.arange(network.n_accounts), -network.ties().in_strength))[:20]
    keep = np.zeros(network.n_accounts, dtype=bool)
    keep[chosen] = True
    at = layout._everywhere(pairs, pairs.among(keep), chosen, np.random.default_rng(1).random((20, 2)))
    component = pairs.weak_components()
    assert np.isfinite(at).all()
    boxes = []
    for number in range(component.max() + 1):
        inside = at[component == number]
        centre = (inside.min(axis=0) + inside.max(axis=0)) / 2
        boxes.append((centre, np.hypot(*(inside - centre).T).max()))
    for i, (a, r) in enumerate(boxes):
        for b, s in boxes[i + 1 :]:
            assert np.hypot(*(a - b)) > r + s - 1e-9


def test_undirected_networks_are_drawn_too(made):
    network = Network.from_tables(made.interactions.select("source", "target"), directed=False)
    result = network_layout(network, max_accounts=100, seed=1)
    assert result.background.ties == len(network.undirected_ties())
    assert result.background.accounts == result.total


def test_one_hub_that_hears_nobody_among_the_most_heard():
    # Nobody placed at all: the only one most heard has no tie to another.
    result = network_layout(named([(f"a{i}", "hub") for i in range(30)]), max_accounts=1, seed=1)
    assert result.accounts.is_empty()
    assert result.background.accounts == 31
    assert (decoded(result.background.png)[..., 3] > 0).any()


# ---------------------------------------------------------------------- the backbone


def weighted(n=400, seed=1):
    random = np.random.default_rng(seed)
    source, target = random.integers(0, n, 3000), (n * random.random(3000) ** 2).astype(int)
    table = pl.DataFrame(
        {
            "source": [f"a{i:03d}" for i in source],
            "target": [f"a{i:03d}" for i in target],
            "weight": np.ceil(random.pareto(1.2, 3000) + 0.01),
        }
    )
    return Network.from_tables(table)


def test_disparity_is_the_published_integral():
    network = weighted()
    graph = nx.Graph()
    pairs = network.undirected_ties()
    graph.add_weighted_edges_from(zip(pairs.source.tolist(), pairs.target.tolist(), pairs.weight.tolist(), strict=True))
    for u, v, w, found in zip(pairs.source, pairs.target, pairs.weight, disparity(pairs), strict=True):
        values = []
        for end in (u, v):
            k, share = graph.degree(end), w / graph.degree(end, weight="weight")
            # 1 - (k - 1) * integral from 0 to the share of (1 - x) ** (k - 2), by the midpoint rule.
            x = (np.arange(4000) + 0.5) / 4000 * share
            values.append(1 - (k - 1) * np.mean((1 - x) ** (k - 2)) * share if k > 1 else 1.0)
        assert found == pytest.approx(min(values), abs=1e-4)


def test_the_largest_networks_show_their_backbone(monkeypatch):
    network = weighted()
    monkeypatch.setattr(layout, "MOST_DRAWN", 300)
    result = network_layout(network, max_accounts=250, seed=1)
    assert (result.mode, result.background) == ("backbone", None)
    pairs = network.undirected_ties()
    passing = {
        frozenset((network.keys[s], network.keys[t]))
        for s, t, p in zip(pairs.source, pairs.target, disparity(pairs), strict=True)
        if p < BACKBONE_ALPHA
    }
    names = result.accounts["account"].to_list()
    shown = {frozenset((names[s], names[t])) for s, t in result.ties.select("source", "target").iter_rows()}
    assert shown < passing
    assert len(shown) == result.ties_total
    heard = np.lexsort((np.arange(network.n_accounts), -network.ties().in_degree, -network.ties().in_strength))[:250]
    most = {network.keys[i] for i in heard}
    assert shown == {pair for pair in passing if pair <= most}
    assert set(names) == set().union(*shown)


def test_without_a_backbone_the_most_heard_are_shown(network, monkeypatch):
    monkeypatch.setattr(layout, "MOST_DRAWN", 300)
    plain = Network.from_tables(network.named_interactions().select("source", "target").unique())
    result = network_layout(plain, max_accounts=200, seed=1)
    assert (result.mode, result.background) == ("most_heard", None)
    assert result.accounts.height > 100


# ---------------------------------------------------------------------- real


def test_two_camps_are_drawn_apart(shared, monkeypatch):
    """Retweets before the 2010 US midterms: the two labelled sides lie in different places."""
    monkeypatch.setattr(layout, "PIXELS", PIXELS)
    folder = shared / "conover2011_politics"
    network = read_network(folder / "twitter_edges.csv.gz", kind="retweet", reverse=True)
    result = network_layout(network, seed=1)
    assert result.background.accounts == result.total == 18_934
    assert decoded(result.background.png).shape == (1400, 1400, 4)
    nodes = pl.read_csv(folder / "twitter_nodes.csv", infer_schema=False)
    labels = nodes.select(account=pl.col(nodes.columns[0]), cluster=pl.col("cluster"))
    placed = result.accounts.join(labels, on="account")
    xy = {side: placed.filter(cluster=side).select("x", "y").to_numpy() for side in ("left", "right")}
    assert min(len(points) for points in xy.values()) > 300
    gap = np.hypot(*(np.median(xy["left"], axis=0) - np.median(xy["right"], axis=0)))
    wide = [np.median(np.hypot(*(points - np.median(points, axis=0)).T)) for points in xy.values()]
    assert gap > 2 * max(wide)
