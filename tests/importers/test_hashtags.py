"""Hashtags: found by the column's name, kept for the account that used them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network, read_source, resolved_options
from netact.network import Network
from netact.synthetic import sample_folder


def write(folder: Path, text: str, name: str = "t.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def uses(network: Network) -> list[tuple[str, str]]:
    return network.named_hashtags().select("account", "hashtag").rows()


@pytest.mark.parametrize("name", ["hashtags", "Hashtag", "TAGS", "entities.hashtags", "Hashtags in Tweet", "وسوم"])
def test_the_column_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, f'source,target,{name}\nb,a,"#Ja, #NEIN"\nc,a,\nc,b,ja\n')
    network = read_network(path)
    assert uses(network) == [("b", "ja"), ("b", "nein"), ("c", "ja")]
    assert network.receipt.sources[0].mapping["hashtags"] == name
    assert network.receipt.sources[0].unused_columns == ()


def test_the_column_can_be_named_and_is_written_down(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,topic\nb,a,x\n")
    assert read_network(path).hashtags.is_empty()
    network = read_network(path, hashtags="topic")
    assert uses(network) == [("b", "x")]
    options = resolved_options(network.receipt.sources[0], SourceOptions(hashtags="topic"))
    assert options.hashtags == "topic"
    assert uses(read_source(path, SourceOptions.from_dict(options.to_dict()))) == [("b", "x")]
    bare = write(tmp_path, "b,a,x\nc,a,y\n", "bare.csv")
    assert uses(read_network(bare, hashtags="3", header=False)) == [("b", "x"), ("c", "y")]
    with pytest.raises(ImportFileError, match=r"no column 'tpic'.*pass --hashtags with one of these"):
        read_network(path, hashtags="tpic")


def test_reverse_direction_and_empty_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,hashtags\na,b,x\n")
    assert uses(read_network(path, reverse=True)) == [("b", "x")]
    undirected = read_network(path, directed=False)
    assert undirected.hashtags.is_empty()
    assert "without direction nothing says who used a hashtag: the hashtags are left out" in (
        undirected.receipt.sources[0].assumptions
    )
    empty = read_network(write(tmp_path, "source,target,tags\na,b,nan\n", "empty.csv"))
    assert empty.receipt.sources[0].warnings == ("column 'tags' holds no hashtags",)


def test_two_columns_of_hashtags_are_said(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, "source,target,hashtags,tags\nb,a,x,y\n"))
    assert uses(network) == [("b", "x")]
    said = network.receipt.sources[0].assumptions
    assert "'hashtags' is read as the hashtags, not 'tags' (--hashtags changes this)" in said


def test_hashtags_of_two_files_are_joined(tmp_path: Path) -> None:
    one = write(tmp_path, "source,target,post_id,hashtags\nb,a,1,x\n", "1.csv")
    two = write(tmp_path, "source,target,post_id,hashtags\nb,a,1,x\nd,a,2,y\n", "2.csv")
    assert uses(read_network([one, two])) == [("b", "x"), ("d", "y")]


def test_the_sample_has_hashtags() -> None:
    network = read_network(sample_folder() / "movement_interactions.csv")
    assert network.hashtags["hashtag"].n_unique() == 12
    rows = pl.read_csv(sample_folder() / "movement_interactions.csv", infer_schema=False).drop_nulls("hashtags")
    pairs = rows.with_columns(pl.col("hashtags").str.split(" ")).explode("hashtags")
    expected = pairs.select("source", "platform", "hashtags", "post_id").unique().height
    assert network.hashtags.height == expected


def test_the_command_takes_the_option(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,topic\nb,a,x\n")
    done = CliRunner().invoke(main, ["inspect", str(path), "--hashtags", "topic", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["mapping"]["hashtags"] == "topic"
