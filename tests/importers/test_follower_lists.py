"""Lists of followers and follows of one account; everything in them is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network, read_source
from netact.importers.follower_list import told_by_name

IDS = "901\n902\n903\n"


def written(folder: Path, name: str, text: str = IDS) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def ties(path: Path, **options: str) -> list[tuple[str, str]]:
    network = read_source(path, SourceOptions(**options))
    assert network.kinds.keys() == {"follow"}
    return sorted(network.named_interactions().select("source", "target").iter_rows())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("followers_of_PLAZA.txt", ("PLAZA", True)),
        ("Followers of @plaza.txt", ("plaza", True)),
        ("plaza_voices.followers.csv", ("plaza_voices", True)),
        ("plaza.friends.txt.gz", ("plaza", False)),
        ("following-of-plaza.csv", ("plaza", False)),
        ("archive.zip/lists/friends_of_901.txt", ("901", False)),
        ("plaza_followers.txt", (None, True)),
        ("users.followers.txt", (None, True)),
        ("followers_and_friends.txt", (None, None)),
        ("unfollowersx.txt", (None, None)),
        ("ids.txt", (None, None)),
    ],
)
def test_what_a_name_says(name: str, told: tuple) -> None:
    assert told_by_name(name) == told


def test_followers_point_to_the_account_and_follows_from_it(tmp_path: Path) -> None:
    assert ties(written(tmp_path, "followers_of_plaza.txt"), platform="twitter") == [
        (f"twitter:{n}", "twitter:plaza") for n in (901, 902, 903)
    ]
    assert ties(written(tmp_path, "plaza.friends.csv")) == [("plaza", str(n)) for n in (901, 902, 903)]


def test_whose_list_it_is_is_said(tmp_path: Path) -> None:
    receipt = read_source(written(tmp_path, "followers_of_plaza.txt")).receipt.sources[0]
    assert "whose list it is was read from the file's name: plaza (--ego changes this)" in receipt.assumptions
    assert "the list of one account: ties among the accounts in it are missing by design" in receipt.warnings
    told = read_source(written(tmp_path, "followers.txt"), SourceOptions(ego="@plaza")).receipt.sources[0]
    assert "whose list it is was told: @plaza" in told.assumptions


def test_a_header_says_the_direction_and_a_plain_one_is_no_account(tmp_path: Path) -> None:
    path = written(tmp_path, "export.csv", "friend_id\n901\n")
    assert ties(path, ego="77") == [("77", "901")]
    path = written(tmp_path, "plaza.followers.csv", "\ufeffuser_id\r\n901\r\n\r\n902\r\n")
    assert ties(path) == [("901", "plaza"), ("902", "plaza")]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("ids.txt", {}, "post ids only"),
        ("my_followers.txt", {}, "does not say whose it is"),
        ("list.txt", {"ego": "plaza", "format": "follower-list"}, "does not say whether they follow"),
        ("tweets.txt", {"ego": "plaza"}, "post ids only"),
    ],
)
def test_nothing_is_guessed(tmp_path: Path, name: str, options: dict, said: str) -> None:
    with pytest.raises(ImportFileError, match=said):
        read_source(written(tmp_path, name, "".join(f"{10**17 + n}\n" for n in range(5))), SourceOptions(**options))


def test_an_edge_list_with_such_a_name_stays_one(tmp_path: Path) -> None:
    path = written(tmp_path, "followers_of_plaza.csv", "source,target\na,b\nb,c\n")
    assert read_source(path).receipt.sources[0].format == "delimited"


def test_several_lists_are_one_network_and_an_account_may_stand_in_its_own(tmp_path: Path) -> None:
    one = written(tmp_path, "followers_of_901.txt", "902\n901\n903\n902\n")
    two = written(tmp_path, "following_of_902.txt", "903\n901\n")
    network = read_network([one, two])
    assert sorted(network.named_interactions().select("source", "target").iter_rows()) == [
        ("902", "901"),
        ("902", "903"),
        ("903", "901"),
    ]
    receipt = network.receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept, receipt.self_ties, receipt.duplicates) == (4, 2, 1, 1)
    assert network.receipt.duplicates_across_files == 1
    assert network.fingerprint == read_network([two, one]).fingerprint


def test_a_folder_of_lists_is_one_network(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    written(folder, "followers_of_901.txt", "902\n")
    written(folder, "followers_of_902.txt", "903\n")
    assert ties(folder) == [("902", "901"), ("903", "902")]
