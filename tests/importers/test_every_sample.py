"""Every sample of a native export: what comes out of it, and that none is left out of this table.

Counts that the samples' own description states (``flat.jsonl`` and others) include ties of an account with itself, which are read
and then dropped; the others were counted apart from netact in the tests of each format.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from netact.errors import ImportFileError
from netact.importers import inspect_file, read_network, read_source

# Format, kinds kept, self-ties dropped.
READ = {
    "discordchatexporter/Example_guild_-_Text_Channels_-_general_1012224565567721552.json": ("discord", {"mention": 1, "reply": 2}, 0),
    "gexf_graphml/basic.gexf": ("gexf", {"retweet": 3}, 0),
    "gexf_graphml/les_miserables.gexf": ("gexf", {"retweet": 254}, 0),
    "gexf_graphml/miserables.graphml": ("graphml", {"retweet": 254}, 0),
    "gexf_graphml/miserables_broken.graphml": ("graphml", {"retweet": 254}, 0),
    "gexf_graphml/missing_nodes.gexf": ("gexf", {"retweet": 4}, 0),
    "instagram/tiny_real.json": ("adjacency", {"follow": 60}, 0),
    "twarc2/2sets.jsonl": ("twitter-v2", {"mention": 25, "quote": 11, "reply": 9, "retweet": 145}, 1),
    "twarc2/flat.jsonl": ("twitter-v2", {"mention": 21, "quote": 8, "reply": 29, "retweet": 45}, 4),
    "twarc2/noflat.jsonl": ("twitter-v2", {"mention": 21, "quote": 8, "reply": 29, "retweet": 45}, 4),
    "twarc2/small_sample.csv": ("twarc-csv", {"mention": 6, "quote": 1}, 0),
    "twarc2/small_sample.json": ("twitter-v2", {"mention": 6, "quote": 1}, 0),
    "twitwi_bluesky_twitter/bluesky-posts-export.csv": ("twitwi-bluesky", {"mention": 20, "quote": 9, "reply": 9, "retweet": 2}, 22),
    "twitwi_bluesky_twitter/bluesky-tap-posts.json": ("bluesky-jetstream", {"reply": 4}, 2),
    "twitwi_bluesky_twitter/normalization-payload-search.json": ("twitter-v1", {"retweet": 1}, 0),
    "twitwi_bluesky_twitter/normalization-payload-stream.json": ("twitter-v1", {"retweet": 1}, 0),
    "twitwi_bluesky_twitter/payload-v2.json": ("twitter-v2", {"mention": 2, "reply": 1, "retweet": 8}, 1),
    "twitwi_bluesky_twitter/tweet-export.csv": ("gazouilloire", {"mention": 2, "quote": 1, "reply": 2, "retweet": 1}, 0),
}  # fmt: skip
# What the one line says.
REFUSED = {
    "gexf_graphml/v1_3.gexf": "no usable rows; found 1 unknown kind",
    "mastodon/reblog_status.json": "posts that came along with others: 1, 1 self-tie",
    "telegram/MultiChat_2C_6M.json": "holds no interaction between accounts; found messages: 3",
    "twarc2/counts.jsonl": "this is a statistics table",
    "twarc2/empty.json": "the file is empty",
    "twarc2/tweets_compliance.jsonl": "ids without authors or targets",
    "twarc2/users.jsonl": "these are profiles",
}


def test_no_sample_is_left_out(shared: Path) -> None:
    folder = shared / "formats"
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".md", ".txt") and path.name != "LICENSE"
    }
    assert found == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_a_sample_gives_its_counts(shared: Path, name: str) -> None:
    network = read_source(shared / "formats" / name)
    receipt = network.receipt.sources[0]
    assert (receipt.format, receipt.kinds, receipt.self_ties) == READ[name]
    assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)
    assert receipt.rows_kept == network.interactions.height // (1 if network.directed else 2)


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_without_ties_is_refused_in_one_line(shared: Path, name: str) -> None:
    with pytest.raises(ImportFileError, match=REFUSED[name]) as caught:
        read_source(shared / "formats" / name)
    assert "\n" not in str(caught.value)


def test_pages_and_flattened_posts_are_the_same(shared: Path) -> None:
    flat, pages = (read_source(shared / "formats" / "twarc2" / f"{name}.jsonl") for name in ("flat", "noflat"))
    assert flat.fingerprint == pages.fingerprint
    # 47 retweets (2 of oneself), 31 replies (2 of oneself), 8 quotes.
    assert flat.kinds == {"retweet": 45, "reply": 29, "mention": 21, "quote": 8}
    assert inspect_file(shared / "formats" / "twarc2" / "flat.jsonl").receipt.self_ties == 2 + 2


def test_the_same_posts_given_twice_count_once(shared: Path) -> None:
    folder = shared / "formats" / "twarc2"
    once = read_network(folder / "flat.jsonl")
    twice = read_network([folder / "flat.jsonl", folder / "noflat.jsonl"])
    assert twice.fingerprint == once.fingerprint
    assert twice.receipt.duplicates_across_files == 103
