"""Files that hold no network: one line says why, and what to export instead."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from netact.errors import ImportFileError
from netact.importers import read_network

IDS = [str(10**18 + 7919 * number) for number in range(50)]
ONLY_IDS = (
    "this file holds post ids only; authors and targets are not in it and cannot be rebuilt offline; ask the provider"
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("\n".join(IDS), ONLY_IDS),
        ("tweet_id\n" + "\n".join(IDS), ONLY_IDS),
        (json.dumps(IDS), ONLY_IDS),
        (json.dumps([int(text) for text in IDS]), ONLY_IDS),
        ("\n".join(json.dumps({"id_str": text}) for text in IDS), ONLY_IDS),
        ("\n".join(json.dumps({"id": int(text)}) for text in IDS), ONLY_IDS),
        ("user_id\tliked\tcount\n1\t2\t3\n4\t2\t1\n", "holds likes, which netact does not count as ties; found"),
        ("user_id\tliked\tcount\n1\t2\t3\n4\t2\t1\n", "; export retweets, replies, mentions, quotes or follows"),
        ("source,target,type\na,b,like\nc,b,like\n", "no usable rows; found 2 unknown kind (like);"),
        ("source,target,type\na,b,like\nc,b,like\n", "or export retweets, replies, mentions, quotes or follows"),
        ('window.YTD.like.part0 = [{"like": {"tweetId": "1"}}]', "holds no tie that netact reads; name the whole archive"),
        ("author,text,date\na,hello world,2024-01-01\nb,bye,2024-01-02\n", "or export the posts with the accounts that"),
        ("hashtag,count\nsquare,3\nstreet,5\n", "no columns for source and target; found ['hashtag', 'count']"),
        ("author,mentioned\nREDACTED,a\nREDACTED,b\n", "authors were removed on export; no network can be built"),
        ("<!DOCTYPE html><html><body>Chat</body></html>", "this is an HTML page, which netact does not read; export the data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "(.xls), or one protected by a password, which netact does not"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "this is a 7z archive, which netact does not read; unpack it first"),
    ],
)  # fmt: skip
def test_it_is_said_why_and_what_to_export(tmp_path: Path, content: str | bytes, says: str) -> None:
    path = tmp_path / "export"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ImportFileError) as caught:
        read_network(path)
    said = str(caught.value)
    assert said.startswith("export: ")
    assert says in said
    assert "\n" not in said


def test_a_password_in_an_archive_is_said_only_of_what_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("a.csv", "source,target\na,b\n")
        out.writestr("README", "x")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1) + 8] |= 1  # of the second file alone
    (tmp_path / "a.zip").write_bytes(content)
    assert read_network(tmp_path / "a.zip").n_accounts == 2
    first = content.index(b"PK\x01\x02") + 8
    content[first] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ImportFileError, match="protected by a password; unpack it with the password"):
        read_network(tmp_path / "a.zip")


def test_ties_of_one_account_alone_are_said_to_be_that(tmp_path: Path) -> None:
    said = "every interaction has the same account at one end: ties among the others are missing by design"
    rows = [f"reader_{number},plaza_voices,follow" for number in range(20)] + ["plaza_voices,harbour_watch,follow"]
    path = tmp_path / "follows.csv"
    path.write_text("source,target,kind\n" + "\n".join(rows) + "\n")
    assert said in read_network(path).receipt.sources[0].warnings
    path.write_text("source,target,kind\n" + "\n".join([*rows, "reader_1,harbour_watch,follow"]) + "\n")
    assert said not in read_network(path).receipt.sources[0].warnings
