"""Mastodon, the outbox of an archive, Truth Social, Bluesky and Reddit: one test a trap."""

from __future__ import annotations

import csv
import json
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import zstandard

from netact.errors import ImportFileError
from netact.importers import SourceOptions, inspect_file, read_network, read_source
from netact.network import Network

EXPORTS = Path(__file__).parent / "exports"


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write(folder: Path, content: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ties(network: Network) -> list[tuple[str, str, str]]:
    names = network.names
    rows = network.interactions.select("source", "target", pl.col("kind").cast(pl.String)).iter_rows()
    return sorted((names[s], names[t], k) for s, t, k in rows)


def records(network: Network) -> dict[str, int]:
    return {str(item.what): item.number for item in network.receipt.sources[0].records}


def dropped(network: Network) -> dict[str, int]:
    return {str(item.reason): item.rows for item in network.receipt.sources[0].dropped}


# ---------------------------------------------------------------- Mastodon (all invented)


def person(key: str, name: str, server: str, *, asked: str = "square.example", bot: bool = False) -> dict:
    local = name if server == asked else f"{name}@{server}"
    return {"id": key, "acct": local, "username": name, "url": f"https://{server}/@{name}", "bot": bot}


def status(key: str, who: dict, **more: object) -> dict:
    server = who["url"].split("/")[2]
    return {
        "id": key, "uri": f"https://{server}/users/{who['username']}/statuses/9{key}", "created_at": "2023-05-15T10:00:00.000Z",
        "account": who, "reblog": None, "mentions": [], "tags": [], "visibility": "public", **more,
    }  # fmt: skip


def test_one_person_seen_from_two_servers_is_one_account(tmp_path: Path) -> None:
    """Ids and short names differ from server to server: only the full address is the same."""
    here, there = "square.example", "commons.example"
    parts = []
    for asked, shift in ((here, 0), (there, 100)):
        plaza = person(str(11 + shift), "plaza_voices", here, asked=asked)
        assembly = person(str(12 + shift), "assembly_now", there, asked=asked)
        original = status(str(2 + shift), assembly, uri="https://commons.example/users/assembly_now/statuses/2")
        boost = status(str(3 + shift), plaza, reblog=original, uri="https://square.example/s/3/activity")
        parts.append(write(tmp_path, lines(boost, original), asked))
    network = read_network(parts)
    assert network.keys == ["mastodon:assembly_now@commons.example", "mastodon:plaza_voices@square.example"]
    assert network.kinds == {"retweet": 1}  # the same boost, seen twice


def test_an_id_of_a_server_never_joins_two_people(tmp_path: Path) -> None:
    one = person("11", "plaza_voices", "square.example")
    other = person("11", "night_watch", "commons.example", asked="commons.example")
    reply = status("5", other, mentions=[one])
    assert ties(read_source(write(tmp_path, lines(reply)))) == [
        ("night_watch@commons.example", "plaza_voices@square.example", "mention")
    ]


def test_a_reply_comes_before_what_it_answers(tmp_path: Path) -> None:
    """Timelines begin with the newest post; the author answered may be known only by an id until the end."""
    night, kitchen = person("13", "night_watch", "square.example"), person("14", "open_kitchen", "commons.example")
    reply = status("5", kitchen, in_reply_to_id="4", in_reply_to_account_id="13")
    network = read_source(write(tmp_path, lines(reply, status("4", night))))
    assert ties(network) == [("open_kitchen@commons.example", "night_watch@square.example", "reply")]
    assert network.interactions["ref_post_id"].to_list() == ["https://square.example/users/night_watch/statuses/94"]


def test_a_reply_to_nobody_in_the_file_is_kept_apart(tmp_path: Path) -> None:
    kitchen, plaza = person("14", "open_kitchen", "commons.example"), person("11", "plaza_voices", "square.example")
    reply = status("5", kitchen, in_reply_to_id="4", in_reply_to_account_id="13", mentions=[plaza])
    network = read_source(write(tmp_path, lines(reply)))
    assert network.receipt.sources[0].unresolved == {"reply": 1}
    assert network.kinds == {"mention": 1}


def test_whom_a_reply_answers_is_not_mentioned_besides(tmp_path: Path) -> None:
    night, kitchen = person("13", "night_watch", "square.example"), person("14", "open_kitchen", "commons.example")
    reply = status("5", kitchen, in_reply_to_id="4", in_reply_to_account_id="13", mentions=[night])
    assert read_source(write(tmp_path, lines(reply))).kinds == {"reply": 1}


def test_private_posts_are_counted_and_left_out(tmp_path: Path) -> None:
    night, kitchen = person("13", "night_watch", "square.example"), person("14", "open_kitchen", "commons.example")
    private = status("5", kitchen, mentions=[night], visibility="direct")
    network = read_source(write(tmp_path, lines(private, status("6", kitchen, mentions=[night]))))
    assert network.kinds == {"mention": 1}
    assert records(network)["private messages"] == 1


def test_bots_programs_and_hashtags_of_statuses_are_kept(tmp_path: Path) -> None:
    night, robot = person("13", "night_watch", "square.example"), person("15", "clock", "square.example", bot=True)
    post = status("5", robot, mentions=[night], tags=[{"name": "Plaza"}], application={"name": "Clock App"})
    network = read_source(write(tmp_path, lines(post)))
    assert network.accounts.filter(pl.col("is_bot"))["handle"].to_list() == ["clock@square.example"]
    assert network.posts["client"].to_list() == ["Clock App"]
    assert network.hashtags["hashtag"].to_list() == ["plaza"]


def test_a_quote_is_read_in_its_three_forms(tmp_path: Path) -> None:
    night, kitchen = person("13", "night_watch", "square.example"), person("14", "open_kitchen", "commons.example")
    quoted = status("4", night)
    posts = [
        quoted,
        status("5", kitchen, quote={"state": "accepted", "quoted_status": quoted}),
        status("6", kitchen, quote=quoted),
        status("7", kitchen, quote={"state": "accepted", "quoted_status_id": "4"}),
        status("8", kitchen, quote={"state": "revoked", "quoted_status": None}),
    ]
    network = read_source(write(tmp_path, lines(*posts)))
    assert network.kinds == {"quote": 3}


def test_pages_of_a_search_and_of_a_thread_are_read(tmp_path: Path) -> None:
    night, kitchen = person("13", "night_watch", "square.example"), person("14", "open_kitchen", "commons.example")
    post = status("5", kitchen, mentions=[night])
    for page in ({"accounts": [], "statuses": [post], "hashtags": []}, {"ancestors": [], "descendants": [post]}):
        path = write(tmp_path, json.dumps(page))
        assert inspect_file(path).receipt.format == "mastodon"
        assert read_source(path).kinds == {"mention": 1}


def test_the_boost_of_a_server_in_the_laboratory(shared: Path) -> None:
    """A boost of one's own post: read, and no tie between accounts."""
    path = shared / "formats" / "mastodon" / "reblog_status.json"
    told = json.loads(path.read_text())
    assert told["account"]["id"] == told["reblog"]["account"]["id"]
    with pytest.raises(ImportFileError, match="1 self-tie"):
        read_source(path)


# ---------------------------------------------------------------- lists of followed accounts


FOLLOWS = EXPORTS / "mastodon-follows" / "invented_following_accounts.csv"


def test_a_list_of_follows_asks_whose_it_is() -> None:
    with pytest.raises(ImportFileError, match="pass --ego") as error:
        read_source(FOLLOWS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "ego", ["plaza_voices@square.example", "@plaza_voices@square.example", "https://square.example/@plaza_voices"]
)
def test_the_owner_of_a_list_is_told_in_any_usual_form(ego: str) -> None:
    assert "mastodon:plaza_voices@square.example" in read_source(FOLLOWS, SourceOptions(ego=ego)).keys


def test_the_owner_of_a_list_needs_a_server() -> None:
    with pytest.raises(ImportFileError, match="names no server"):
        read_source(FOLLOWS, SourceOptions(ego="plaza_voices"))


def test_follows_point_from_the_owner_of_the_list_and_blank_lines_mean_nothing() -> None:
    network = read_source(FOLLOWS, SourceOptions(ego="@Plaza_Voices@square.example"))
    assert {source for source, _, _ in ties(network)} == {"Plaza_Voices@square.example"}
    assert network.kinds == {"follow": 3}
    assert not dropped(network)


def test_a_list_of_bare_addresses_may_be_of_followers_and_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "Account address\nassembly_now@commons.example\nnight_watch@square.example\n")
    with pytest.raises(ImportFileError, match="whether they follow or are followed"):
        read_source(path, SourceOptions(ego="plaza_voices@square.example"))


# ---------------------------------------------------------------- outbox

OUTBOX = EXPORTS / "activitypub-outbox" / "invented_outbox.json"


def changed_outbox(folder: Path, *activities: dict) -> Path:
    value = json.loads(OUTBOX.read_text())
    value["orderedItems"] += activities
    return write(folder, json.dumps(value))


def test_the_author_of_a_boost_stands_in_its_address_or_in_whom_it_is_addressed_to() -> None:
    assert read_source(OUTBOX).kinds["retweet"] == 2


def test_an_address_without_a_name_stays_unresolved(tmp_path: Path) -> None:
    first = json.loads(OUTBOX.read_text())["orderedItems"][1]
    nameless = {
        **first,
        "id": "https://square.example/b/9",
        "object": "https://elsewhere.example/ap/users/17/statuses/1",
    }
    network = read_source(changed_outbox(tmp_path, nameless))
    assert network.receipt.sources[0].unresolved == {"reply": 1, "retweet": 1}
    assert not [name for name in network.names if "elsewhere" in name]


def test_private_posts_and_likes_of_an_outbox_are_no_ties(tmp_path: Path) -> None:
    first = json.loads(OUTBOX.read_text())["orderedItems"][0]
    private = {**first, "to": ["https://commons.example/users/open_kitchen"], "cc": []}
    like = {**first, "type": "Like", "object": "https://commons.example/users/open_kitchen/statuses/1"}
    network = read_source(changed_outbox(tmp_path, private, like))
    assert network.kinds == read_source(OUTBOX).kinds
    assert records(network)["private messages"] == 1
    assert records(network)["records of other kinds"] == 1


def test_an_outbox_that_does_not_name_its_owner_asks(tmp_path: Path) -> None:
    path = write(
        tmp_path, OUTBOX.read_text().replace("square.example/users/plaza_voices", "square.example/ap/users/77")
    )
    with pytest.raises(ImportFileError, match="pass --ego"):
        read_source(path)
    told = read_source(path, SourceOptions(ego="plaza_voices@square.example"))
    assert ties(told) == ties(read_source(OUTBOX))


def test_the_whole_archive_of_an_account_is_read(tmp_path: Path) -> None:
    """Beside the outbox lie the actor, likes and bookmarks, which hold no tie."""
    actor = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "Person",
        "id": "https://square.example/users/plaza_voices",
    }
    likes = {
        "@context": "x",
        "id": "likes.json",
        "type": "OrderedCollection",
        "orderedItems": ["https://commons.example/1"],
    }
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("actor.json", json.dumps(actor))
        archive.writestr("likes.json", json.dumps(likes))
        archive.writestr("bookmarks.json", json.dumps(likes | {"id": "bookmarks.json"}))
        archive.writestr("avatar.png", b"\x89PNG\r\n\x1a\n")
        archive.write(OUTBOX, "outbox.json")
    assert ties(read_source(tmp_path / "archive.zip")) == ties(read_source(OUTBOX))


# ---------------------------------------------------------------- Truth Social


def test_truth_social_is_told_from_mastodon() -> None:
    for name in ("invented_zeeschuimer.ndjson", "invented_statuses.jsonl"):
        assert inspect_file(EXPORTS / "truth-social" / name).receipt.format == "truth-social"
    network = read_source(EXPORTS / "truth-social" / "invented_zeeschuimer.ndjson")
    assert set(network.accounts["platform"]) == {"truthsocial"}


# ---------------------------------------------------------------- Bluesky (all invented)

ANA, BEN, CEM = (f"did:plc:{letter * 24}" for letter in "abc")
POST = "app.bsky.feed.post"


def event(did: str, collection: str, key: str, record: dict | None, operation: str = "create", time: int = 0) -> dict:
    commit = {"operation": operation, "collection": collection, "rkey": key, "rev": "3r"}
    if record is not None:
        commit["record"] = {"$type": collection, "createdAt": "2001-01-01T00:00:00Z", **record}
    return {"did": did, "time_us": 1684144800000000 + time, "kind": "commit", "commit": commit}


def jetstream(folder: Path, *events: dict) -> Network:
    return read_source(write(folder, lines(*events)))


def embed(uri: str, *, media: bool = False) -> dict:
    inner = {"$type": "app.bsky.embed.record", "record": {"uri": uri, "cid": "x"}}
    return {"embed": {"$type": "app.bsky.embed.recordWithMedia", "record": inner, "media": {}} if media else inner}


def test_what_is_taken_back_is_taken_out_whichever_comes_first(tmp_path: Path) -> None:
    subject = {"subject": {"uri": f"at://{BEN}/{POST}/1", "cid": "x"}}
    events = [
        event(ANA, "app.bsky.feed.repost", "r1", subject),
        event(ANA, "app.bsky.feed.repost", "r2", subject),
        event(ANA, "app.bsky.graph.follow", "f1", {"subject": BEN}),
        event(ANA, "app.bsky.graph.follow", "f2", {"subject": CEM}),
        event(CEM, POST, "p1", embed(f"at://{BEN}/{POST}/1")),
        event(CEM, POST, "p1", None, "delete"),
        event(ANA, "app.bsky.feed.repost", "r1", None, "delete"),
        event(ANA, "app.bsky.graph.follow", "f1", None, "delete"),
        # A key belongs to its owner and its collection: these take nothing back.
        event(BEN, "app.bsky.graph.follow", "f2", None, "delete"),
        event(ANA, POST, "r2", None, "delete"),
    ]
    for order in (events, events[::-1]):
        network = jetstream(tmp_path, *order)
        assert ties(network) == [(ANA, BEN, "retweet"), (ANA, CEM, "follow")]
        assert dropped(network) == {"taken back later": 3}


def test_times_are_those_of_the_relay_not_those_claimed(tmp_path: Path) -> None:
    network = jetstream(tmp_path, event(ANA, "app.bsky.graph.follow", "f", {"subject": BEN}, time=1))
    assert network.interactions["time"][0].isoformat() == "2023-05-15T10:00:00.000001+00:00"
    assert not any("program" in said for said in network.receipt.sources[0].assumptions)


def test_times_claimed_by_the_program_are_said_to_be(tmp_path: Path) -> None:
    network = read_source(EXPORTS / "bluesky-jetstream" / "invented_tap.json")
    assert any("the posting program stated" in said for said in network.receipt.sources[0].assumptions)


def test_quotes_of_posts_are_quotes_and_of_lists_and_feeds_are_not(tmp_path: Path) -> None:
    network = jetstream(
        tmp_path,
        event(ANA, POST, "1", embed(f"at://{BEN}/{POST}/1")),
        event(ANA, POST, "2", embed(f"at://{CEM}/{POST}/1", media=True)),
        event(ANA, POST, "3", embed(f"at://{BEN}/app.bsky.graph.list/1")),
        event(ANA, POST, "4", embed(f"at://{BEN}/app.bsky.feed.generator/1", media=True)),
        event(ANA, POST, "5", {"embed": {"$type": "app.bsky.embed.images", "images": []}}),
    )
    assert ties(network) == [(ANA, BEN, "quote"), (ANA, CEM, "quote")]


def test_likes_and_other_records_are_no_ties(tmp_path: Path) -> None:
    network = jetstream(
        tmp_path,
        event(ANA, "app.bsky.feed.like", "1", {"subject": {"uri": f"at://{BEN}/{POST}/1"}}),
        event(ANA, "app.bsky.graph.block", "1", {"subject": BEN}),
        event(ANA, "app.bsky.feed.repost", "1", {"subject": {"uri": f"at://{BEN}/app.bsky.feed.generator/1"}}),
        event(ANA, "app.bsky.graph.follow", "1", {"subject": CEM}),
        {"did": ANA, "time_us": 1684144800000000, "kind": "account", "account": {"did": ANA, "active": False}},
    )
    assert ties(network) == [(ANA, CEM, "follow")]
    assert records(network) == {"accounts described without a tie": 1, "likes": 1, "records of other kinds": 2}


def test_the_intermediary_of_a_repost_is_not_its_target(tmp_path: Path) -> None:
    via = {"via": {"uri": f"at://{CEM}/app.bsky.feed.repost/9", "cid": "x"}}
    subject = {"subject": {"uri": f"at://{BEN}/{POST}/1", "cid": "x"}}
    assert ties(jetstream(tmp_path, event(ANA, "app.bsky.feed.repost", "1", {**subject, **via}))) == [
        (ANA, BEN, "retweet")
    ]


def test_changes_of_handle_join_a_table_by_handle(tmp_path: Path) -> None:
    named = {
        "did": BEN, "time_us": 1684144800000000, "kind": "identity", "identity": {"did": BEN, "handle": "ben.example"}
    }  # fmt: skip
    stream = write(tmp_path, lines(event(ANA, "app.bsky.graph.follow", "f", {"subject": BEN}), named), "stream")
    table = write(tmp_path, "follower,followed,platform\ncem.example,@ben.example,bluesky\n", "table.csv")
    network = read_network([stream, table])
    assert network.n_accounts == 3
    assert {target for _, target, _ in ties(network)} == {"ben.example"}


def test_the_posts_of_tap(shared: Path) -> None:
    path = shared / "formats" / "twitwi_bluesky_twitter" / "bluesky-tap-posts.json"
    told = [item["record"] for item in json.loads(path.read_text())]
    answers = [
        (post["did"], post["record"]["reply"]["parent"]["uri"].split("/")[2])
        for post in told
        if "reply" in post["record"]
    ]
    assert len(told) == 14
    assert len(answers) == 6
    network = read_source(path)
    assert network.receipt.sources[0].format == "bluesky-jetstream"
    assert network.kinds == {"reply": sum(one != other for one, other in answers)}
    assert dropped(network) == {"self-tie": sum(one == other for one, other in answers)}
    assert network.posts.height == 14


def test_the_csv_of_minet(shared: Path) -> None:
    path = shared / "formats" / "twitwi_bluesky_twitter" / "bluesky-posts-export.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    wanted: set[tuple[str, str, str, str]] = set()
    for row in rows:
        author, uri = row["user_did"], row["uri"]
        if actor := row["repost_by_user_did"]:
            wanted.add((uri, actor, author, "retweet"))
            continue
        if row["collected_via"] and set(row["collected_via"].split("|")) <= {"quote", "thread"}:
            continue
        # One quote is of a profile, not of a post.
        quoted = row["quoted_uri"].split("/")[2] if f"/{POST}/" in row["quoted_uri"] else ""
        for target, kind in ((quoted, "quote"), (row["to_user_did"], "reply")):
            if target:
                wanted.add((uri, author, target, kind))
        for target in filter(None, row["mentioned_user_dids"].split("|")):
            if target not in (quoted, row["to_user_did"]):
                wanted.add((uri, author, target, "mention"))
    expected = Counter(kind for _, source, target, kind in wanted if source != target)
    network = read_source(path)
    assert network.receipt.sources[0].format == "twitwi-bluesky"
    assert network.kinds == dict(expected)
    assert expected["retweet"] == sum(bool(row["repost_by_user_did"]) for row in rows) == 2
    dids = {row["user_did"] for row in rows}
    keys = {key.removeprefix("bluesky:") for key in network.keys}
    assert keys & dids


def test_the_author_of_a_reposted_row_is_the_target() -> None:
    network = read_source(EXPORTS / "twitwi-bluesky" / "invented.csv")
    assert ("plaza-voices.example", "assembly-now.example", "retweet") in ties(network)
    assert network.kinds["quote"] == 1  # the quote of the reposted post is the author's, told once


def test_a_handle_that_could_not_be_verified_joins_nobody(tmp_path: Path) -> None:
    text = (EXPORTS / "4cat-bluesky" / "invented.csv").read_text()
    path = write(
        tmp_path,
        text.replace("assembly-now.example", "handle.invalid").replace("open-kitchen.example", "handle.invalid"),
    )
    network = read_source(path)
    assert network.n_accounts == 4
    assert "handle.invalid" not in network.names


def test_followers_and_follows_point_from_the_follower(tmp_path: Path) -> None:
    ana, ben, cem = (
        {"did": did, "handle": f"{name}.example"} for did, name in ((ANA, "ana"), (BEN, "ben"), (CEM, "cem"))
    )
    path = write(tmp_path, lines({"subject": ana, "followers": [ben]}, {"subject": ana, "follows": [cem]}))
    assert ties(read_source(path)) == [
        ("ana.example", "cem.example", "follow"),
        ("ben.example", "ana.example", "follow"),
    ]


def test_an_answer_with_a_thread_is_read_to_its_leaves(tmp_path: Path) -> None:
    def view(did: str, name: str, key: str, above: str | None = None) -> dict:
        reply = {"reply": {"parent": {"uri": above}, "root": {"uri": above}}} if above else {}
        author = {"did": did, "handle": f"{name}.example"}
        record = {"createdAt": "2023-05-15T10:00:00Z", **reply}
        return {"post": {"uri": f"at://{did}/{POST}/{key}", "author": author, "record": record}}

    top, middle = view(ANA, "ana", "1"), view(BEN, "ben", "2", f"at://{ANA}/{POST}/1")
    leaf = view(CEM, "cem", "3", f"at://{BEN}/{POST}/2")
    hidden = {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x", "blocked": True}
    thread = {"thread": {**top, "replies": [{**middle, "replies": [leaf, hidden]}]}}
    network = read_source(write(tmp_path, json.dumps(thread)))
    assert ties(network) == [("ben.example", "ana.example", "reply"), ("cem.example", "ben.example", "reply")]
    assert records(network)["answers that hold no post"] == 1


# ---------------------------------------------------------------- Reddit (all invented)


def comment(key: str, author: str, parent: str, **more: object) -> dict:
    base = {"id": key, "author": author, "parent_id": parent, "link_id": "t3_s1", "subreddit": "plaza"}
    return {**base, "created_utc": 1684144800, "body": "invented", **more}


def submission(key: str, author: str, **more: object) -> dict:
    base = {"id": key, "author": author, "subreddit": "plaza", "title": "invented", "selftext": ""}
    return {**base, "created_utc": 1684144800, **more}


def test_comments_find_their_submission_in_another_file(tmp_path: Path) -> None:
    comments = write(
        tmp_path, lines(comment("c1", "night_watch", "t3_s1"), comment("s1", "open_kitchen", "t1_c1")), "RC"
    )
    submissions = write(tmp_path, lines(submission("s1", "assembly_now"), submission("s2", "plaza_voices")), "RS")
    alone = read_source(comments)
    assert alone.receipt.sources[0].unresolved == {"reply": 1}
    packed = write(tmp_path, zstandard.ZstdCompressor().compress(submissions.read_bytes()), "RS.zst")
    with pytest.raises(ImportFileError, match="no interaction"):
        read_source(submissions)
    for other in (submissions, packed):
        both = write(tmp_path, comments.read_bytes() + (submissions.read_bytes()), "both")
        # A comment and a submission with the same id are two posts.
        assert ties(read_source(both)) == [
            ("night_watch", "assembly_now", "reply"),
            ("open_kitchen", "night_watch", "reply"),
        ]
        assert inspect_refused(other) == "reddit"


def inspect_refused(path: Path) -> str:
    crosspost = submission("s9", "night_watch", crosspost_parent="t3_s1")
    folder = path.parent / "again"
    folder.mkdir(exist_ok=True)
    content = path.read_bytes()
    if path.suffix == ".zst":
        content = zstandard.ZstdDecompressor().decompress(content)
        made = write(folder, zstandard.ZstdCompressor().compress(content + lines(crosspost).encode()), "RS.zst")
    else:
        made = write(folder, content + lines(crosspost).encode(), "RS")
    network = read_source(made)
    assert ties(network) == [("night_watch", "assembly_now", "forward")]
    return network.receipt.sources[0].format


def test_removed_authors_are_many_people_and_no_account(tmp_path: Path) -> None:
    network = read_source(
        write(
            tmp_path,
            lines(
                submission("s1", "[deleted]"),
                comment("c1", "night_watch", "t3_s1"),
                comment("c2", "[deleted]", "t1_c1"),
                comment("c3", "open_kitchen", "t1_c1"),
            ),
        )
    )
    assert ties(network) == [("open_kitchen", "night_watch", "reply")]
    assert network.receipt.sources[0].unresolved == {"reply": 1}
    assert dropped(network)["no author, or a placeholder for one that was removed"] == 2


def test_times_are_numbers_or_texts_and_automoderator_is_a_bot(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        lines(
            submission("s1", "assembly_now", created_utc="1684144800"),
            comment("c1", "AutoModerator", "t3_s1", created_utc=1684144801.0),
            comment("c2", "night_watch", "t3_s1", created_utc="1684144802"),
        ),
    )
    network = read_source(path)
    assert network.interactions["time"].dt.epoch("s").sort().to_list() == [1684144801, 1684144802]
    assert network.accounts.filter(pl.col("is_bot"))["handle"].to_list() == ["AutoModerator"]


def test_a_name_in_other_letters_is_the_same_account(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        lines(
            submission("s1", "Assembly_Now"),
            comment("c1", "night_watch", "t3_s1"),
            comment("c2", "assembly_now", "t1_c1", author_fullname="t2_b"),
        ),
    )
    assert read_source(path).n_accounts == 2
