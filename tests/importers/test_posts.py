"""What a post does to others is decided in one place, for all exports and whatever the order of the records."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from netact.errors import ImportFileError
from netact.importers import read_network
from netact.importers.posts import (
    Account,
    Deleted,
    Item,
    Known,
    NoTie,
    Post,
    PostTable,
    Reference,
    Tie,
    Unusable,
    collect,
)
from netact.language import Message
from netact.network import Network

ANA, BEN, CLEO, DAN = (
    Account(key, name) for key, name in (("11", "ana"), ("12", "ben"), ("13", "cleo"), ("14", "dan"))
)
HOUR = "2021-05-15T1{}:00:00Z"


def network_of(items: list[Item]) -> Network:
    found = collect(PostTable(items=lambda: items, platform="twitter", fields={}))
    return Network.from_tables(found.interactions, found.accounts, posts=found.posts, aliases=found.aliases)


def ties(network: Network) -> list[tuple[str, str, str, str]]:
    names = network.names
    rows = network.interactions.select(
        "source", "target", pl.col("kind").cast(pl.String), pl.col("quality").cast(pl.String)
    )
    return sorted((names[s], names[t], k, q) for s, t, k, q in rows.iter_rows())


def test_a_retweet_is_one_retweet_and_nothing_else() -> None:
    post = Post(
        1,
        "1",
        ANA,
        HOUR.format(0),
        reposted=Reference("9", BEN),
        quoted=Reference("8", CLEO),
        mentioned=[DAN],
        hashtags=["x"],
    )
    network = network_of([post])
    assert ties(network) == [("ana", "ben", "retweet", "ok")]
    assert network.hashtags.is_empty()
    assert network.interactions["ref_post_id"].to_list() == ["9"]


def test_a_post_may_be_a_quote_and_a_reply_and_mention_others() -> None:
    post = Post(
        1,
        "1",
        ANA,
        quoted=Reference("8", BEN),
        replied=Reference("7", CLEO),
        mentioned=[ANA, BEN, CLEO, DAN, DAN],
        hashtags=["X", "x"],
    )
    network = network_of([post])
    assert ties(network) == [
        ("ana", "ben", "quote", "ok"),
        ("ana", "cleo", "reply", "ok"),
        ("ana", "dan", "mention", "ok"),
    ]
    assert network.named_hashtags().select("account", "hashtag").rows() == [("twitter:11", "x")]


def test_names_before_an_answer_are_implicit_and_inferred_retweets_are_marked() -> None:
    reply = Post(1, "1", ANA, replied=Reference("7", BEN), mentioned=[DAN], implied=[BEN, CLEO])
    retweet = Post(2, "2", DAN, reposted=Reference(None, Account(None, "BEN")), inferred=True)
    network = network_of([reply, retweet])
    assert ties(network) == [
        ("ana", "ben", "reply", "ok"),
        ("ana", "cleo", "mention", "implicit"),
        ("ana", "dan", "mention", "ok"),
        ("dan", "ben", "retweet", "inferred"),
    ]
    assert network.n_accounts == 4


def test_targets_are_looked_up_among_all_posts_and_the_others_kept_apart() -> None:
    first = Post(1, "1", ANA, reposted=Reference("2", None))
    along = Post(1, "2", BEN, collected=False)
    lost = [
        Post(3, "3", CLEO, quoted=Reference("77")),
        Post(4, "4", DAN, quoted=Reference("78")),
        Post(5, "5", ANA, quoted=Reference("77")),
    ]
    for order in ([first, along, *lost], [*lost, along, first]):
        network = network_of(order)
        assert ties(network) == [("ana", "ben", "retweet", "ok")]
        assert network.unresolved["ref_post_id"].to_list() == ["77", "77", "78"]
        assert network.keys == ["twitter:11", "twitter:12", "twitter:13", "twitter:14"]
        receipt = network.receipt.sources[0]
        assert receipt.unresolved == {"quote": 3}
        assert (receipt.rows_read, receipt.rows_kept, receipt.dropped[0].rows) == (4, 1, 3)
    assert network.posts.select("post_id", "collected").rows() == [
        ("1", True),
        ("5", True),
        ("2", False),
        ("3", True),
        ("4", True),
    ]


def test_what_one_file_leaves_open_another_may_tell() -> None:
    asks = network_of([Post(1, "1", ANA, reposted=Reference("2")), Post(2, "4", ANA, replied=Reference("5"))])
    tells = network_of([Post(1, "2", BEN, mentioned=[CLEO]), Post(2, "3", ANA, reposted=Reference("2", BEN))])
    for parts in ([asks, tells], [tells, asks]):
        both = Network.combine(parts)
        assert ties(both) == [
            ("ana", "ben", "retweet", "ok"),
            ("ana", "ben", "retweet", "ok"),
            ("ben", "cleo", "mention", "ok"),
        ]
        assert both.receipt.resolved_across_files == 1
        assert both.unresolved["ref_post_id"].to_list() == ["5"]
        assert both.posts.height == 4
    assert Network.combine([asks, tells]).fingerprint == Network.combine([tells, asks]).fingerprint


def test_placeholders_are_nobody() -> None:
    gone = Account(None, "[deleted]")
    network = network_of(
        [
            Post(1, "1", gone, replied=Reference("2", ANA)),
            Post(2, "2", ANA, replied=Reference("9", gone), mentioned=[BEN]),
        ]
    )
    assert ties(network) == [("ana", "ben", "mention", "ok")]
    assert network.unresolved["ref_post_id"].to_list() == ["9"]
    assert network.n_accounts == 2
    real = network_of([Post(1, "1", Account("77", "deleted"), mentioned=[ANA])])
    assert ties(real) == [("deleted", "ana", "mention", "ok")]


def test_a_handle_and_an_id_are_one_account_only_where_the_export_says_so() -> None:
    network = network_of(
        [
            Post(1, "1", ANA, mentioned=[Account(None, "BEN")]),
            Post(2, "2", BEN, mentioned=[Account(None, "unknown_to_all")]),
        ]
    )
    assert network.keys == ["twitter:11", "twitter:12", "twitter:unknown_to_all"]
    # One handle, two ids over time: nobody knows which of them is meant.
    network = network_of(
        [
            Post(1, "1", Account("21", "plaza")),
            Post(2, "2", Account("22", "plaza")),
            Post(3, "3", ANA, mentioned=[Account(None, "plaza")]),
        ]
    )
    assert network.keys == ["twitter:11", "twitter:21", "twitter:22", "twitter:plaza"]
    # A handle of digits is not the id with these digits.
    network = network_of(
        [Post(1, "1", Account("11", "ana"), mentioned=[Account(None, "12")]), Post(2, "2", Account("12", "ben"))]
    )
    assert network.keys == ["twitter:11", "twitter:12", "twitter:@12"]


def test_the_last_handle_is_the_name_and_all_are_aliases() -> None:
    items: list[Item] = [
        Post(1, "1", Account("21", "old_name"), HOUR.format(1), mentioned=[ANA]),
        Post(2, "2", Account("21", "new_name"), HOUR.format(5), mentioned=[ANA]),
        Post(3, "3", Account("21", "new_name"), HOUR.format(3), mentioned=[BEN]),
        Post(4, "4", Account("21", "old_name"), HOUR.format(2), mentioned=[BEN]),
        Post(5, "5", BEN, HOUR.format(4), mentioned=[Account(None, "Old_Name")]),
    ]
    prints = set()
    for seed in range(6):
        random.Random(seed).shuffle(items)
        network = network_of(items)
        assert network.keys == ["twitter:11", "twitter:12", "twitter:21"]
        assert network.names == ["ana", "ben", "new_name"]
        seen = {
            handle: (first.hour, last.hour)
            for handle, first, last in network.aliases.filter(pl.col("account") == 2)
            .select("handle", "first_seen", "last_seen")
            .iter_rows()
        }
        assert seen == {"old_name": (11, 12), "new_name": (13, 15)}
        prints.add(network.fingerprint)
    assert len(prints) == 1


def test_other_items() -> None:
    follow = Tie(1, "follow", ANA, BEN, HOUR.format(1), "f1")
    items = [
        follow,
        Tie(2, "follow", BEN, ANA, HOUR.format(2), "f2"),
        Deleted("f1"),
        NoTie(Message("likes")),
        Unusable(4, Message("broken JSON")),
        Known(CLEO),
    ]
    found = collect(PostTable(items=lambda: items, platform="bluesky", fields={}))
    assert [(item.what, item.number) for item in found.records] == [("likes", 1)]
    assert sorted((item.reason, item.rows, item.first_lines) for item in found.dropped) == [
        ("broken JSON", 1, (4,)),
        ("taken back later", 1, (1,)),
    ]
    assert found.rows_read == 3
    assert found.accounts["handle"].sort().to_list() == ["ana", "ben", "cleo"]


accounts = st.builds(
    Account,
    st.one_of(st.none(), st.integers(10, 16).map(str)),
    st.one_of(st.none(), st.sampled_from(["a", "b", "A", "c", "12"])),
    st.sampled_from([None, "Name", "name"]),
    st.sampled_from([None, True, False]),
)
posts = st.builds(
    Post,
    st.integers(1, 50),
    st.integers(1, 12).map(str),
    accounts,
    st.one_of(st.none(), st.integers(0, 9).map(HOUR.format)),
    st.one_of(st.none(), st.builds(Reference, st.integers(1, 15).map(str), st.one_of(st.none(), accounts))),
    st.none(),
    st.one_of(st.none(), st.builds(Reference, st.integers(1, 15).map(str), st.one_of(st.none(), accounts))),
    st.one_of(st.none(), st.builds(Reference, st.integers(1, 15).map(str), st.one_of(st.none(), accounts))),
    st.lists(accounts, max_size=3),
    collected=st.booleans(),
)


@settings(
    max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
)
@given(items=st.lists(posts, min_size=1, max_size=14), order=st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(items: list[Post], order: random.Random) -> None:
    first = network_of(list(items))
    receipt = first.receipt.sources[0]
    assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)
    shuffled = list(items)
    order.shuffle(shuffled)
    assert network_of(shuffled).fingerprint == first.fingerprint


def test_an_export_without_authors_is_refused(tmp_path: Path) -> None:
    lines = [
        {
            "id_str": str(n),
            "user": {"screen_name": "REDACTED"},
            "text": "RT @plaza: x",
            "created_at": "Sat May 15 10:00:00 +0000 2021",
        }
        for n in range(3)
    ]
    (tmp_path / "redacted.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(ImportFileError, match="authors were removed on export; no network can be built"):
        read_network(tmp_path / "redacted.jsonl")


@pytest.mark.parametrize("name", ["dmi-tcat-mentions", "qut-coordination", "rtweet", "youtube-data-tools"])
def test_mended_rows_of_a_table_of_posts_are_told(name: str, tmp_path: Path) -> None:
    export = next((Path(__file__).parent / "exports" / name).glob("*.csv"))
    rows = list(csv.reader(export.read_text().splitlines()))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows[:-1])
    csv.writer(out, delimiter=";", lineterminator="\n").writerow(rows[-1])
    mended = tmp_path / "mended.csv"
    mended.write_text(out.getvalue())
    whole, found = read_network(export, format=name), read_network(mended, format=name)
    assert found.fingerprint == whole.fingerprint
    told = f"read as it was most likely meant: another delimiter (line {len(rows)})"
    assert sum(told in str(warning) for warning in found.receipt.sources[0].warnings) == 1
    assert not any("most likely meant" in str(warning) for warning in whole.receipt.sources[0].warnings)


def test_a_known_author_stands_instead_of_one_inferred_from_the_text() -> None:
    # The handle in the text is cut, or one that the author bore at another time.
    original = Post(1, "1", ANA, HOUR.format(1))
    passed_on = Post(2, "2", BEN, HOUR.format(2), reposted=Reference("1", Account(None, "an")), inferred=True)
    unknown = Post(3, "3", CLEO, HOUR.format(3), reposted=Reference("9", Account(None, "dan")), inferred=True)
    network = network_of([original, passed_on, unknown])
    rows = network.named_interactions().select("source", "target", "quality").sort("source").rows()
    assert rows == [("twitter:12", "twitter:11", "ok"), ("twitter:13", "twitter:dan", "inferred")]
    assert "twitter:an" not in network.keys

    def part(*items: Item) -> Network:
        return network_of(list(items))

    for parts in ([part(original), part(passed_on, unknown)], [part(passed_on, unknown), part(original)]):
        joined = Network.combine(parts)
        assert joined.named_interactions().select("source", "target", "quality").sort("source").rows() == rows


def test_the_receipt_counts_as_inferred_only_what_stays_inferred(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "id,timestamp_utc,user_screen_name,user_id,text,retweeted_id,retweeted_user,retweeted_user_id,quoted_user_id,to_userid,collected_via\n"
        "1,1621072800,ana,11,hello,,,,,,search\n"
        "2,1621072900,ben,12,RT @an: hello,1,,,,,search\n"
        "3,1621073000,cleo,13,RT @dan: else,9,,,,,search\n"
    )
    network = read_network(path, format="gazouilloire")
    receipt = network.receipt.sources[0]
    assert "retweets read from the text (RT @name), as no field tells them: 1" in receipt.assumptions
    assert sorted(
        network.describe_tie(s, t, "retweet") for s, t in network.interactions.select("source", "target").rows()
    ) == [
        "@ben retweeted @ana",
        "@cleo retweeted @dan",
    ]
