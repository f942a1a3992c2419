"""Exports that tell who shared what: CooRTweet, CrowdTangle, Meta Content Library, MediaWiki, git."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, inspect_file, read_network, read_source
from netact.importers.captions import same_link

EXPORTS = Path(__file__).parent / "exports"


def pairs_of(network):
    ties = network.undirected_ties("share")
    return {
        (network.names[s], network.names[t]): w for s, t, w in zip(ties.source, ties.target, ties.weight, strict=True)
    }


def records_of(network):
    return {str(item.what): item.number for item in network.receipt.sources[0].records}


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- CooRTweet

COORTWEET = [
    ("russian_coord_tweets.csv.gz", "account_id", "object_id", 35_125),
    ("german_elections.csv.gz", "account_id", "url_id", 218_971),
]


@pytest.mark.parametrize(("file", "account", "thing", "rows"), COORTWEET)
def test_published_tables_of_shares_give_the_pairs_that_plain_counting_gives(shared, file, account, thing, rows):
    path = shared / "coortweet_coordination" / file
    by_object: dict[str, set[str]] = {}
    filled = read = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            read += 1
            if row[thing]:
                filled += 1
                by_object.setdefault(row[thing], set()).add(row[account])
    assert read == rows
    pairs = Counter(pair for who in by_object.values() if len(who) <= 500 for pair in combinations(sorted(who), 2))
    network = read_source(path)
    receipt = network.receipt.sources[0]
    assert receipt.format == "coortweet"
    ties = network.undirected_ties("share")
    assert (len(ties), ties.weight.sum(), ties.weight.max()) == (len(pairs), pairs.total(), max(pairs.values()))
    assert (network.directed, receipt.rows_kept) == (False, len(pairs))
    assert records_of(network)["shares of an object"] == filled
    assert records_of(network).get("posts without a tie", 0) == rows - filled
    crowded = sum(len(who) > 500 for who in by_object.values())
    assert any(f"{crowded} objects were shared by more than 500" in str(w) for w in receipt.warnings) == (crowded > 1)
    assert network.shares["time"].null_count() == 0
    assert receipt.first_time >= "2021-01-17"


def test_names_with_ids_and_times_as_text_or_numbers(tmp_path):
    text = (
        "object_id,account_id,content_id,timestamp_share\nx,Plaza (one) (900000000000000001),c1,2021-06-16 22:04:51\n"
    )
    network = read_source(write(tmp_path / "s.csv", text + "x,900000000000000002,c2,2021-06-16 23:04:51\n"))
    assert network.accounts["key"].to_list() == ["900000000000000001", "900000000000000002"]
    assert network.accounts["display_name"].to_list() == ["Plaza (one)", None]
    assert network.interactions["time"][0].isoformat() == "2021-06-16T23:04:51+00:00"


def test_ids_damaged_by_a_browser_are_refused_where_there_are_no_handles(tmp_path):
    rows = [f"o{n % 2},14{n:014d}00,c{n},{1623881091 + n}" for n in range(8)]
    path = write(tmp_path / "s.csv", "\n".join(["object_id,account_id,content_id,timestamp_share", *rows, ""]))
    with pytest.raises(
        ImportFileError, match="there are no handles; found 8 damaged among 8 ids; export the ids again as text"
    ):
        read_source(path)


def test_one_who_shared_alone_is_refused_alone_and_joined_beside_others(tmp_path):
    head = "object_id,account_id,content_id,timestamp_share\n"
    one = write(tmp_path / "one.csv", head + "https://news.example/a,plaza,c1,1623881091\n")
    two = write(tmp_path / "two.csv", head + "https://news.example/a,night,c2,1623881099\n")
    three = write(tmp_path / "three.csv", head + "https://news.example/b,kitchen,c3,1623881099\n")
    for paths in ([one], [one, three]):
        with pytest.raises(ImportFileError, match=r"no two accounts .*shared the same") as caught:
            read_network(paths)
        assert "\n" not in str(caught.value)
    network = read_network([one, two, three])
    assert pairs_of(network) == {("night", "plaza"): 1}
    assert network.n_accounts == 3


# ---------------------------------------------------------------- CrowdTangle


def crowdtangle(name="invented_pages.csv"):
    return EXPORTS / "crowdtangle-facebook" / name


def test_crowdtangle_times_ids_names_and_links():
    network = read_source(crowdtangle())
    assert network.accounts["key"].to_list() == [f"facebook:10000000000000{n}" for n in (1, 2, 3)]
    assert network.accounts["display_name"].to_list() == ["Plaza Voices", "Assembly Now", "Night Watch"]
    assert network.accounts["handle"].to_list() == ["plazavoices", "assemblynow", "nightwatch"]
    # EDT is four hours behind.
    assert network.shares["time"].min().isoformat() == "2020-04-16T13:48:01+00:00"
    assert set(network.shares["object"]) == {
        "https://news.example/march?id=3",
        "https://news.example/second",
        "https://facebook.com/plazavoices/posts/9000001",
    }
    told = " ".join(map(str, network.receipt.sources[0].assumptions))
    assert "EDT is read as UTC-4 h" in told
    assert "interactions read from the text or link of posts" in told
    assert records_of(network) == {"posts": 6, "posts without a tie": 1, "shares of an object": 5}
    assert network.hashtags.height == 4  # one post has none, and those of a re-share are not its own


def test_a_reshare_is_a_forward_of_the_post_it_links_to():
    network = read_source(crowdtangle())
    row = network.rows("forward")
    assert (row.height, row["ref_post_id"][0], row["quality"][0]) == (1, "9000001", "inferred")
    assert network.directed
    assert not network.has_direction("share")


@pytest.mark.parametrize("other", ["invented_groups_older.csv", "invented_interface.csv"])
def test_all_forms_of_crowdtangle_give_the_same_network(other):
    first, second = read_source(crowdtangle()), read_source(crowdtangle(other))
    columns = ["source", "target", "kind", "weight", "time", "ref_post_id"]
    assert first.interactions.select(columns).equals(second.interactions.select(columns))
    assert first.shares.equals(second.shares)
    again = read_network([crowdtangle(), crowdtangle(other)])
    assert again.interactions.select(columns).equals(first.interactions.select(columns))


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://www.facebook.com/groups/123456789/permalink/9000077/", "123456789"),
        ("https://www.facebook.com/permalink.php?story_fbid=9000077&id=123456789", "123456789"),
        ("https://www.facebook.com/somebody.else/photos/a.1234567/9000077/?type=3", "somebody.else"),
        ("https://www.facebook.com/somebody.else/videos/9000077/", "somebody.else"),
    ],
)
def test_whom_a_reshare_passes_on_stands_in_the_path(tmp_path, link, target):
    with crowdtangle().open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[4]["Link"] = link
    with (tmp_path / "pages.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    network = read_source(tmp_path / "pages.csv")
    row = network.rows("forward")
    assert network.keys[row["target"][0]] == f"facebook:{target}"
    assert row["ref_post_id"][0] == "9000077"


def test_a_reshare_of_an_untold_page_is_kept_apart(tmp_path):
    text = crowdtangle().read_text(encoding="utf-8")
    path = write(
        tmp_path / "pages.csv", text.replace("facebook.com/plazavoices/posts/9000001", "facebook.com/watch/?v=77777")
    )
    network = read_source(path)
    assert network.receipt.sources[0].unresolved == {"forward": 1}
    assert network.unresolved["ref_post_id"].to_list() == ["77777"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://News.example/a", "https://www.news.example/a/?utm_campaign=x", True),
        ("https://news.example/a?id=1", "https://news.example/a?id=2", False),
        ("https://news.example/A", "https://news.example/a", False),
        ("https://news.example/a?q=%20b", "https://news.example/a?q=%20b#c", True),
        ("http://[broken", "http://[broken", True),
    ],
)
def test_links_are_compared_without_marks_of_tracking(first, second, same):
    assert (same_link(first) == same_link(second)) is same


# ---------------------------------------------------------------- Meta Content Library


def test_content_library_forwards_shares_and_owners():
    path = EXPORTS / "meta-content-library" / "invented.csv"
    network = read_source(path)
    assert all(key.startswith("meta-content-library:") for key in network.keys)
    # The post stood in the group 999; its owner shared the link.
    assert "meta-content-library:999" not in network.keys
    assert network.rows("forward")["ref_post_id"].to_list() == ["801"]
    assert network.unresolved["ref_post_id"].to_list() == ["88888"]


def test_content_library_is_never_joined_with_crowdtangle_but_links_are_the_same():
    both = read_network([crowdtangle(), EXPORTS / "meta-content-library" / "invented.csv"])
    assert len([key for key in both.keys if key.startswith("facebook:")]) == 3
    assert both.interactions.filter(pl.col("platform").is_null()).height == 0  # they shared different links


# ---------------------------------------------------------------- MediaWiki and git


@pytest.mark.parametrize("name", ["invented.json", "invented_newer.jsonl", "invented.xml"])
def test_edits_without_an_account_are_counted(name):
    network = read_source(EXPORTS / "mediawiki" / name)
    receipt = network.receipt.sources[0]
    assert pairs_of(network) == {
        ("PlazaVoices", "Night watch"): 2,
        ("PlazaVoices", "OpenKitchen"): 1,
        ("Night watch", "OpenKitchen"): 1,
    }
    assert {str(item.reason): item.rows for item in receipt.dropped} == {
        "made without an account: only the IP address is told": 1,
        "no author, or a placeholder for one that was removed": 1,
    }
    assert not any("192.0.2" in key for key in network.keys)
    assert network.shares["post_id"].sort().to_list() == ["901", "902", "904", "905", "907"]


def test_a_dump_with_a_bomb_of_entities_is_refused(tmp_path):
    text = '<?xml version="1.0"?>\n<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<mediawiki><page><title>&b;</title></page></mediawiki>'
    with pytest.raises(ImportFileError) as caught:
        read_source(write(tmp_path / "dump.xml", text), SourceOptions(format="mediawiki"))
    assert "\n" not in str(caught.value)


def test_a_long_dump_is_read_in_little_memory(tmp_path):
    import tracemalloc

    with (tmp_path / "dump.xml").open("w", encoding="utf-8") as out:
        out.write("<mediawiki><page><title>One page</title>")
        for n in range(20_000):
            who = f"<username>U{n % 50}</username><id>{n % 50 + 1}</id>"
            out.write(f"<revision><id>{n}</id><contributor>{who}</contributor><text>{'x' * 500}</text></revision>")
        out.write("</page></mediawiki>")
    tracemalloc.start()
    network = read_source(tmp_path / "dump.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(network.undirected_ties("share")) == 50 * 49 // 2
    assert network.shares.height == 20_000
    assert peak < 30 << 20


def test_git_shows_names_and_no_addresses():
    path = EXPORTS / "git-log" / "invented.txt"
    network = read_source(path)
    found = {tuple(sorted(pair)): weight for pair, weight in pairs_of(network).items()}
    assert found == {("Assembly Now", "Plaza Voices"): 2, ("Night Watch", "Plaza Voices"): 1}
    assert not any("@" in key for key in network.keys)
    assert not any("plaza.example" in text for text in network.receipt.sources[0].examples)
    # +01:00 and -05:00
    assert network.interactions["time"].min().isoformat() == "2024-03-06T15:00:00+00:00"
    assert json.dumps(inspect_file(path).to_dict())


def test_git_without_names_and_with_what_stands_before_the_first_commit(tmp_path):
    one, two = "a" * 40, "b" * 40
    text = f"{one}\tnow@assembly.example\t2024-03-05T10:00:00Z\n\nx.py\ny.py\n{two}\twatch@night.example\t2024-03-05T11:00:00Z\n\ny.py\n"
    found = pairs_of(read_source(write(tmp_path / "log", text)))
    assert {tuple(sorted(pair)): weight for pair, weight in found.items()} == {("now", "watch"): 1}
    network = read_source(write(tmp_path / "log", "warning: x\n" + text), SourceOptions(format="git-log"))
    assert [item.rows for item in network.receipt.sources[0].dropped] == [1]


def test_git_shows_no_address_that_is_written_as_a_name(tmp_path):
    commits = (("a@mail.example", "a@mail.example"), ("b@mail.example", "B Writer <b@mail.example>"))
    text = "".join(
        f"{number:040x}\t{address}\t2024-03-0{number}T10:00:00Z\t{name}\n\nREADME.md\n\n"
        for number, (address, name) in enumerate(commits, 1)
    )
    network = read_source(write(tmp_path / "log", text))
    assert not [name for name in network.names if "mail.example" in name]
