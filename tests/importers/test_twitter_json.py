"""Twitter/X as JSON: API v1.1 and v2, in every layout they are met in. All records but those of ``shared`` are invented."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network, read_source
from netact.network import Network

PEOPLE = {"plaza_voices": "9001", "assembly_now": "9002", "night_watch": "9003", "open_kitchen": "9004"}
BY_ID = {key: handle for handle, key in PEOPLE.items()}


def written(tmp_path: Path, *records: Any, name: str = "export.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n", encoding="utf-8")
    return path


def read(tmp_path: Path, *records: Any) -> Network:
    return read_source(written(tmp_path, *records))


def ties(network: Network) -> list[str]:
    names = network.names
    rows = network.interactions.select("source", "target", "kind")
    return sorted(f"{names[source]} {kind} {names[target]}" for source, target, kind in rows.iter_rows())


def records_of(network: Network) -> dict[str, int]:
    return {str(item.what): item.number for item in network.receipt.sources[0].records}


def dropped_of(network: Network) -> dict[str, int]:
    return {str(item.reason): item.rows for item in network.receipt.sources[0].dropped}


def v1_user(handle: str) -> dict[str, Any]:
    return {"id": int(PEOPLE[handle]), "id_str": PEOPLE[handle], "screen_name": handle, "name": handle.title()}


def v1(number: int, author: str, text: str = "the square is full", **more: Any) -> dict[str, Any]:
    return {
        "created_at": f"Sat May 15 12:{number:02}:00 +0000 2021", "id": 8 * 10**17 + number, "id_str": str(8 * 10**17 + number),
        "text": text, "user": v1_user(author), "entities": {"hashtags": [], "user_mentions": []},
        "source": '<a href="https://example.org" rel="nofollow">Plaza Client</a>',
    } | more  # fmt: skip


def v1_mention(handle: str, start: int) -> dict[str, Any]:
    return v1_user(handle) | {"indices": [start, start + len(handle) + 1]}


def v2_user(handle: str) -> dict[str, Any]:
    return {"id": PEOPLE[handle], "username": handle, "name": handle.title()}


def v2(number: int, author: str, text: str = "the square is full", **more: Any) -> dict[str, Any]:
    post_id = str(8 * 10**17 + number)
    return {
        "id": post_id,
        "author_id": PEOPLE[author],
        "text": text,
        "created_at": f"2021-05-15T12:{number:02}:00.000Z",
    } | more


def v2_reference(how: str, number: int) -> list[dict[str, str]]:
    return [{"type": how, "id": str(8 * 10**17 + number)}]


def page(
    *posts: dict[str, Any], tweets: Any = (), url: str = "https://api.twitter.com/2/tweets/search/all"
) -> dict[str, Any]:
    includes = {"users": [v2_user(handle) for handle in PEOPLE], "tweets": list(tweets)}
    return {"data": list(posts), "includes": includes, "__twarc": {"url": url, "version": "2.8.0"}}


# ---------------------------------------------------------------- real files


@pytest.mark.parametrize(
    ("name", "expected", "selves"),
    [
        ("flat.jsonl", {"retweet": 47, "reply": 31, "quote": 8}, {"retweet": 2, "reply": 2}),
        ("noflat.jsonl", {"retweet": 47, "reply": 31, "quote": 8}, {"retweet": 2, "reply": 2}),
        ("2sets.jsonl", {"retweet": 145, "reply": 10, "quote": 11}, {"reply": 1}),
    ],
)
def test_real_pages_and_flattened_posts_give_the_counts_told(
    shared: Path, name: str, expected: dict[str, int], selves: dict[str, int]
) -> None:
    network = read_source(shared / "formats/twarc2" / name)
    receipt = network.receipt.sources[0]
    for kind, number in expected.items():
        assert receipt.kinds[kind] + selves.get(kind, 0) == number
    assert receipt.self_ties == sum(selves.values())
    assert not receipt.unresolved


def test_real_pages_and_flattened_posts_are_the_same_network(shared: Path) -> None:
    folder = shared / "formats/twarc2"
    pages, flat = read_source(folder / "noflat.jsonl"), read_source(folder / "flat.jsonl")
    for table in ("accounts", "interactions", "posts", "hashtags", "unresolved"):
        assert getattr(pages, table).equals(getattr(flat, table)), table
    assert pages.fingerprint == flat.fingerprint


@pytest.mark.parametrize("form", ["search", "stream"])
def test_a_real_retweet_of_a_quote_is_one_retweet_and_no_quote(shared: Path, form: str) -> None:
    network = read_source(shared / f"formats/twitwi_bluesky_twitter/normalization-payload-{form}.json")
    assert network.kinds == {"retweet": 1}
    assert network.interactions["post_id"].len() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("counts.jsonl", "statistics table"),
        ("tweets_compliance.jsonl", "ids without authors"),
        ("users.jsonl", "--accounts"),
        ("empty.json", "the file is empty"),
    ],
)
def test_real_files_that_are_no_posts_are_refused_in_one_line(shared: Path, name: str, said: str) -> None:
    with pytest.raises(ImportFileError) as refused:
        read_source(shared / "formats/twarc2" / name)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert name in str(refused.value)


# ---------------------------------------------------------------- v1.1


def test_v1_of_long_posts_the_full_text_and_its_entities_count(tmp_path: Path) -> None:
    full = {
        "full_text": "soup at nine, tell @plaza_voices",
        "display_text_range": [0, 31],
        "entities": {"user_mentions": [v1_mention("plaza_voices", 19)], "hashtags": [{"text": "Soup"}]},
    }
    network = read(tmp_path, v1(1, "open_kitchen", "soup at ni…", truncated=True, extended_tweet=full))
    assert ties(network) == ["open_kitchen mention plaza_voices"]
    assert network.hashtags["hashtag"].to_list() == ["soup"]


def test_v1_retweet_of_a_quote_in_a_stream_is_no_quote_of_the_retweeter(tmp_path: Path) -> None:
    inner = v1(1, "night_watch")
    quote = v1(2, "assembly_now", is_quote_status=True, quoted_status=inner, quoted_status_id_str=inner["id_str"])
    passed_on = v1(3, "plaza_voices", "RT @assembly_now: this", retweeted_status=quote, quoted_status=inner)
    passed_on["entities"]["user_mentions"] = [v1_mention("assembly_now", 3)]
    alone = read(tmp_path, passed_on)
    assert ties(alone) == ["plaza_voices retweet assembly_now"]
    both = read(tmp_path, passed_on, quote)
    assert ties(both) == ["assembly_now quote night_watch", "plaza_voices retweet assembly_now"]


def test_v1_a_quoted_post_that_is_missing_is_known_by_its_address(tmp_path: Path) -> None:
    link = {"expanded": "https://twitter.com/night_watch/status/800000000000000001"}
    known = v1(2, "assembly_now", quoted_status_id_str="800000000000000001", quoted_status_permalink=link)
    unknown = v1(3, "open_kitchen", quoted_status_id_str="800000000000000009")
    network = read(tmp_path, known, unknown)
    assert ties(network) == ["assembly_now quote night_watch"]
    assert network.receipt.sources[0].unresolved == {"quote": 1}


def test_v1_an_account_with_its_id_alone_is_enough(tmp_path: Path) -> None:
    trimmed = v1(1, "plaza_voices", in_reply_to_status_id_str="800000000000000000", in_reply_to_user_id_str="9002")
    trimmed["user"] = {"id": 9001, "id_str": "9001"}
    network = read(tmp_path, trimmed)
    assert network.accounts["key"].to_list() == ["twitter:9001", "twitter:9002"]


def test_v1_numbers_that_were_rounded_are_not_taken_for_ids(tmp_path: Path) -> None:
    rounded = v1(1, "plaza_voices", id=8.000000000000001e17)
    assert read(tmp_path, rounded | {"quoted_status": v1(2, "night_watch")}).interactions["post_id"].to_list() == [
        "800000000000000001"
    ]


def test_v1_addressed_without_a_post_is_a_mention(tmp_path: Path) -> None:
    addressed = v1(1, "open_kitchen", in_reply_to_user_id_str="9003", in_reply_to_screen_name="night_watch")
    assert ties(read(tmp_path, addressed)) == ["open_kitchen mention night_watch"]


def test_v1_notices_of_a_stream_are_counted_and_deleted_posts_left_out(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        {
            "delete": {
                "status": {"id": 8 * 10**17 + 2, "id_str": "800000000000000002", "user_id": 9001},
                "timestamp_ms": "1",
            }
        },
        {"limit": {"track": 12, "timestamp_ms": "1621080000000"}},
        v1(1, "plaza_voices", quoted_status=v1(0, "night_watch")),
        v1(2, "plaza_voices", quoted_status=v1(0, "night_watch")),
        {"status_withheld": {"id": 1, "user_id": 2}},
    )
    assert ties(network) == ["plaza_voices quote night_watch"]
    assert records_of(network)["notices of the stream"] == 3
    assert dropped_of(network) == {"taken back later": 1}
    assert read_source(written(tmp_path, {"delete": {"status": {"id_str": "7", "user_id": 9}}}, v1(1, "plaza_voices", quoted_status=v1(0, "night_watch")))).kinds == {"quote": 1}  # fmt: skip


def test_v1_search_answers_lists_and_lists_a_line_are_the_same_as_lines(tmp_path: Path) -> None:
    posts = [v1(n, "plaza_voices", quoted_status=v1(0, "night_watch")) for n in range(1, 4)]
    lines = read(tmp_path, *posts)
    answers = read(tmp_path, {"statuses": posts[:2], "search_metadata": {}}, {"statuses": posts[2:]})
    array = tmp_path / "array.json"
    array.write_text(json.dumps(posts, indent=1))
    assert lines.fingerprint == answers.fingerprint == read_source(array).fingerprint
    assert read(tmp_path, posts[:2], posts[2:]).fingerprint == lines.fingerprint


# ---------------------------------------------------------------- v2


def test_v2_both_reply_and_quote(tmp_path: Path) -> None:
    both = v2_reference("replied_to", 1) + v2_reference("quoted", 2)
    post = v2(3, "open_kitchen", referenced_tweets=both, in_reply_to_user_id="9003")
    network = read(tmp_path, page(post, tweets=[v2(1, "night_watch"), v2(2, "assembly_now")]))
    assert ties(network) == ["open_kitchen quote assembly_now", "open_kitchen reply night_watch"]


def test_v2_stream_envelopes_and_interruptions(tmp_path: Path) -> None:
    post = v2(3, "plaza_voices", "RT @assembly_now: this", referenced_tweets=v2_reference("retweeted", 1))
    envelope = page(tweets=[v2(1, "assembly_now")]) | {"data": post, "matching_rules": [{"id": "5", "tag": "plaza"}]}
    network = read(tmp_path, {"errors": [{"title": "operational-disconnect"}]}, envelope)
    assert ties(network) == ["plaza_voices retweet assembly_now"]
    assert records_of(network)["answers that hold no post"] == 1


def test_v2_what_is_deleted_or_withheld_is_told_by_the_text_or_kept_apart(tmp_path: Path) -> None:
    passed_on = v2(3, "plaza_voices", "RT @assembly_now: this", referenced_tweets=v2_reference("retweeted", 1))
    quote = v2(4, "plaza_voices", referenced_tweets=v2_reference("quoted", 2))
    answer = page(passed_on, quote) | {"errors": [{"resource_id": "1"}], "meta": {"result_count": 2}}
    network = read(tmp_path, answer)
    assert ties(network) == ["plaza_voices retweet assembly_now"]
    assert network.interactions["quality"].to_list() == ["inferred"]
    assert network.receipt.sources[0].unresolved == {"quote": 1}


def test_v2_empty_lists_of_r_and_empty_pages(tmp_path: Path) -> None:
    post = v2(1, "plaza_voices", entities={"mentions": {}, "hashtags": {}}, referenced_tweets={})
    named = v2(2, "plaza_voices", entities={"mentions": [{"start": 0, "username": "night_watch"}], "hashtags": {}})
    network = read(
        tmp_path,
        page(post, named) | {"errors": {}},
        {"data": {}, "meta": {"result_count": 0}},
        {"meta": {"result_count": 0}},
    )
    assert ties(network) == ["plaza_voices mention night_watch"]
    assert records_of(network)["answers that hold no post"] == 2


def test_v2_the_names_in_a_long_post_stand_in_its_note(tmp_path: Path) -> None:
    note = {
        "text": "long",
        "entities": {"mentions": [{"start": 300, "username": "night_watch"}], "hashtags": [{"tag": "Plaza"}]},
    }
    network = read(tmp_path, page(v2(1, "plaza_voices", note_tweet=note)))
    assert ties(network) == ["plaza_voices mention night_watch"]
    assert network.hashtags["hashtag"].to_list() == ["plaza"]


def test_v2_posts_without_author_ids_are_refused(tmp_path: Path) -> None:
    bare = {"data": [{"id": "800000000000000001", "text": "full", "edit_history_tweet_ids": ["800000000000000001"]}]}
    with pytest.raises(ImportFileError, match="expansions=author_id"):
        read(tmp_path, bare)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("users/9001/followers", ["assembly_now follow twitter:9001", "night_watch follow twitter:9001"]),
        ("users/9001/following", ["twitter:9001 follow assembly_now", "twitter:9001 follow night_watch"]),
    ],
)
def test_v2_pages_of_followers_say_whose_in_the_request(tmp_path: Path, request_: str, expected: list[str]) -> None:
    accounts = [v2_user("assembly_now"), v2_user("night_watch")]
    answer = {
        "data": accounts,
        "meta": {"result_count": 2},
        "__twarc": {"url": f"https://api.twitter.com/2/{request_}?max_results=1000"},
    }
    network = read(tmp_path, answer)
    assert ties(network) == expected
    flat = read(tmp_path, *({**user, "__twarc": answer["__twarc"]} for user in accounts))
    assert flat.fingerprint == network.fingerprint


def test_v2_who_retweeted_is_tied_to_the_author_of_the_post(tmp_path: Path) -> None:
    url = "https://api.twitter.com/2/tweets/800000000000000001/retweeted_by"
    retweeters = {"data": [v2_user("plaza_voices"), v2_user("open_kitchen")], "__twarc": {"url": url}}
    posts = page(v2(1, "assembly_now"), v2(2, "night_watch", referenced_tweets=v2_reference("quoted", 1)))
    network = read(tmp_path, retweeters, posts)
    assert ties(network) == [
        "night_watch quote assembly_now",
        "open_kitchen retweet assembly_now",
        "plaza_voices retweet assembly_now",
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"data": [v2_user("night_watch")], "meta": {"result_count": 1}}, "does not say whose followers"),
        ({"data": [v2_user("night_watch")], "__twarc": {"url": "https://api.twitter.com/2/users?ids=9003"}}, "--accounts"),
        ({"data": [v2_user("night_watch")], "__twarc": {"url": "https://api.twitter.com/2/tweets/1/liking_users"}}, "likes are not"),
        ({"users": [v2_user("night_watch")], "tweets": [v2(1, "night_watch")], "media": {}}, "data_*.json"),
    ],
)  # fmt: skip
def test_v2_accounts_without_a_tie_are_refused_with_the_way_to_use_them(tmp_path: Path, answer: Any, said: str) -> None:
    with pytest.raises(ImportFileError) as refused:
        read(tmp_path, answer)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_v2_likes_among_posts_are_counted_and_no_ties(tmp_path: Path) -> None:
    likers = {"data": [v2_user("open_kitchen")], "__twarc": {"url": "https://api.twitter.com/2/tweets/1/liking_users"}}
    liked = page(
        v2(3, "plaza_voices", referenced_tweets=v2_reference("quoted", 1)),
        tweets=[v2(1, "night_watch")],
        url="https://api.twitter.com/2/users/9004/liked_tweets",
    )
    network = read(tmp_path, likers, liked)
    assert ties(network) == ["plaza_voices quote night_watch"]
    assert records_of(network)["likes"] == 2


def test_academictwitter_posts_find_accounts_and_originals_in_the_other_file(tmp_path: Path) -> None:
    posts = [
        v2(3, "plaza_voices", "RT @assembly_now: this", referenced_tweets=v2_reference("retweeted", 1)),
        v2(4, "open_kitchen", referenced_tweets=v2_reference("quoted", 2), entities={"mentions": {}}),
    ]
    users = {"users": [v2_user(handle) for handle in PEOPLE], "tweets": [v2(1, "assembly_now"), v2(2, "night_watch")]}
    together = read(tmp_path, posts, users)
    assert ties(together) == ["open_kitchen quote night_watch", "plaza_voices retweet assembly_now"]
    alone = read(tmp_path, posts)
    assert alone.receipt.sources[0].unresolved == {"quote": 1}


@pytest.mark.parametrize("packed", [False, True])
def test_academictwitter_accounts_in_files_of_their_own_say_who_is_who(packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    posts = [v2(3, "plaza_voices", "hello", entities={"mentions": [{"username": "assembly_now"}]})]
    posts.append(v2(4, "open_kitchen", referenced_tweets=v2_reference("quoted", 3)))
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "data_3.json").write_text(json.dumps(posts))
    (folder / "users_3.json").write_text(json.dumps({"users": [v2_user(handle) for handle in PEOPLE]}))
    place = folder
    if packed:
        place = tmp_path / "data.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for file in sorted(folder.iterdir()):
                archive.write(file, file.name)
    network = read_network(place)
    assert ties(network) == ["open_kitchen quote plaza_voices", "plaza_voices mention assembly_now"]
    # The account that is mentioned by its handle is the one with that id.
    ids = dict(network.accounts.select("handle", "native_id").iter_rows())
    assert ids["assembly_now"] == v2_user("assembly_now")["id"]
    assert not any("passed over" in warning for warning in network.receipt.warnings)
    with pytest.raises(ImportFileError, match=r"holds no interaction between accounts.*name the folder"):
        read_network(folder / "users_3.json")


@pytest.mark.parametrize("packed", [False, True])
def test_counts_and_notices_beside_posts_are_passed_over_and_named(packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    folder = tmp_path / "data"
    folder.mkdir()
    written(
        folder,
        v2(1, "plaza_voices", entities={"mentions": [{"username": "night_watch", "id": "77"}]}),
        name="posts.jsonl",
    )
    written(folder, {"data": [{"tweet_count": 3, "start": "2021-05-15T10:00:00Z", "end": "x"}]}, name="counts.jsonl")
    written(
        folder,
        {"id": "1", "action": "delete", "created_at": "2021-05-15T10:00:00Z", "reason": "deleted"},
        name="compliance.jsonl",
    )
    place = folder
    if packed:
        place = tmp_path / "data.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for file in sorted(folder.iterdir()):
                archive.write(file, file.name)
    network = read_network(place)
    assert network.interactions.height == 1
    (said,) = [warning for warning in network.receipt.warnings if "passed over" in warning]
    assert "compliance.jsonl" in said
    assert "counts.jsonl" in said


# ---------------------------------------------------------------- both


def test_v1_and_v2_in_one_file_are_both_read(tmp_path: Path) -> None:
    old = v1(1, "plaza_voices", quoted_status=v1(0, "night_watch"))
    new = page(v2(2, "open_kitchen", referenced_tweets=v2_reference("replied_to", 1)))
    flat = v2(3, "assembly_now", referenced_tweets=v2_reference("quoted", 2)) | {"author": v2_user("assembly_now")}
    expected = ["assembly_now quote open_kitchen", "open_kitchen reply plaza_voices", "plaza_voices quote night_watch"]
    for records in ([old, new, flat], [flat, new, old], [new, old, flat]):
        network = read(tmp_path, *records)
        assert ties(network) == expected
        assert records_of(network)["posts"] == 3


def test_posts_are_the_same_across_files_whatever_their_form(tmp_path: Path) -> None:
    first = written(tmp_path, v1(1, "night_watch", quoted_status=v1(0, "plaza_voices")), name="v1.jsonl")
    second = written(tmp_path, page(v2(2, "open_kitchen", referenced_tweets=v2_reference("quoted", 1)), v2(3, "assembly_now", referenced_tweets=v2_reference("quoted", 2))), name="v2.jsonl")  # fmt: skip
    network = read_network([first, second])
    assert ties(network) == [
        "assembly_now quote open_kitchen",
        "night_watch quote plaza_voices",
        "open_kitchen quote night_watch",
    ]


def test_what_is_no_post_is_counted_with_its_line(tmp_path: Path) -> None:
    good = v1(1, "plaza_voices", quoted_status=v1(0, "night_watch"))
    path = written(tmp_path, good, {"something": "else"}, [1, 2], 7, good | {"entities": {"hashtags": 3}})
    path.write_text(path.read_text() + '{"id_str": "1", "us', encoding="utf-8")
    network = read_source(path)
    assert ties(network) == ["plaza_voices quote night_watch"]
    found = {str(item.reason): (item.rows, item.first_lines) for item in network.receipt.sources[0].dropped}
    assert found["not a post"] == (4, (2, 3, 4))
    assert found["broken JSON"] == (1, (6,))
    assert found["not laid out as such records are"][0] == 1


# ---------------------------------------------------------------- Zeeschuimer


def shown(
    number: int, author: str, *, legacy: dict[str, Any] | None = None, older: bool = False, **more: Any
) -> dict[str, Any]:
    post_id = str(8 * 10**17 + number)
    core = {"screen_name": author, "name": author.title()}
    user = {"rest_id": PEOPLE[author]} | ({"legacy": core} if older else {"core": core, "legacy": {}})
    own = {
        "id_str": post_id, "user_id_str": PEOPLE[author], "full_text": "the square is full", "entities": {},
        "created_at": f"Sat May 15 12:{number:02}:00 +0000 2021", "conversation_id_str": post_id,
    }  # fmt: skip
    return {"rest_id": post_id, "core": {"user_results": {"result": user}}, "legacy": own | (legacy or {})} | more


def collected(data: dict[str, Any], platform: str = "twitter.com") -> dict[str, Any]:
    return {"nav_index": "1", "item_id": str(data.get("id")), "source_platform": platform, "data": data}


@pytest.mark.parametrize("platform", ["twitter.com", "x.com"])
@pytest.mark.parametrize("older", [True, False])
def test_zeeschuimer_authors_in_both_places_and_rounded_ids(tmp_path: Path, platform: str, *, older: bool) -> None:
    parent = shown(1, "night_watch", older=older)
    replies = {"in_reply_to_status_id_str": parent["rest_id"], "in_reply_to_user_id_str": "9003"}
    answers = [shown(n, "open_kitchen", legacy=replies, older=older, id=800000000000000000) for n in (2, 3)]
    network = read(tmp_path, *(collected(post, platform) for post in (parent, *answers)))
    assert ties(network) == ["open_kitchen reply night_watch"] * 2
    assert network.receipt.sources[0].format == "zeeschuimer-x"
    assert sorted(network.interactions["post_id"]) == ["800000000000000002", "800000000000000003"]


def test_zeeschuimer_shown_again_promoted_and_withheld(tmp_path: Path) -> None:
    quote = shown(2, "assembly_now", quoted_status_result={"result": shown(1, "night_watch")})
    network = read(
        tmp_path,
        collected(quote),
        collected(quote),
        collected(shown(3, "open_kitchen", quoted_status_result={"result": shown(1, "night_watch")}, promoted=True)),
        collected({"__typename": "TweetTombstone", "id": None}),
    )
    assert ties(network) == ["assembly_now quote night_watch"]
    assert records_of(network)["promoted posts"] == 1
    assert records_of(network)["posts that the platform did not show"] == 1
    assert network.receipt.sources[0].duplicates == 1


def test_zeeschuimer_a_quoted_post_that_is_gone(tmp_path: Path) -> None:
    gone = {"quoted_status_id_str": "800000000000000001"}
    address = {"quoted_status_permalink": {"expanded": "https://x.com/night_watch/status/800000000000000001"}}
    tombstone = {"quoted_status_result": {"result": {"__typename": "TweetTombstone", "tombstone": {"text": {}}}}}
    named = read(tmp_path, collected(shown(2, "assembly_now", legacy=gone | address, **tombstone)), collected(shown(3, "plaza_voices", legacy=gone)))  # fmt: skip
    assert ties(named) == ["assembly_now quote night_watch"]
    assert named.receipt.sources[0].unresolved == {"quote": 1}


def test_zeeschuimer_older_search_results_and_missing_users(tmp_path: Path) -> None:
    adaptive = {"id": 800000000000000000, "type": "adaptive", "user": v1_user("plaza_voices")}
    adaptive["legacy"] = shown(1, "plaza_voices")["legacy"] | {
        "entities": {"user_mentions": [v1_mention("night_watch", 4)]}
    }
    bare = shown(2, "night_watch", legacy={"entities": {"user_mentions": [v1_mention("plaza_voices", 4)]}})
    bare["core"] = {"user_results": {}}
    network = read(tmp_path, collected(adaptive), collected(bare))
    assert ties(network) == ["night_watch mention plaza_voices", "plaza_voices mention night_watch"]


def test_zeeschuimer_names_in_the_rest_of_a_long_post(tmp_path: Path) -> None:
    entities = {"user_mentions": [v1_mention("night_watch", 300)], "hashtags": [{"text": "Plaza"}]}
    note = {"note_tweet": {"note_tweet_results": {"result": {"text": "long", "entity_set": entities}}}}
    network = read(tmp_path, collected(shown(1, "plaza_voices", **note)))
    assert ties(network) == ["plaza_voices mention night_watch"]
    assert network.hashtags["hashtag"].to_list() == ["plaza"]


# ---------------------------------------------------------------- snscrape


def scraped(number: int, author: str, **more: Any) -> dict[str, Any]:
    post_id = 8 * 10**17 + number
    return {
        "_type": "snscrape.modules.twitter.Tweet", "url": f"https://twitter.com/{author}/status/{post_id}", "id": post_id,
        "date": f"2021-05-15T12:{number:02}:00+00:00", "rawContent": "the square is full", "user": scraped_user(author),
    } | more  # fmt: skip


def scraped_user(handle: str) -> dict[str, Any]:
    return {
        "_type": "snscrape.modules.twitter.User",
        "username": handle,
        "id": int(PEOPLE[handle]),
        "displayname": handle,
    }


def test_snscrape_the_address_knows_an_id_that_a_database_rounded(tmp_path: Path) -> None:
    rounded = scraped(
        3, "plaza_voices", id=800000000000000000, quotedTweet=scraped(1, "night_watch", id=800000000000000000)
    )
    boxed = scraped(
        4,
        "open_kitchen",
        id={"$numberLong": "800000000000000004"},
        inReplyToTweetId={"$numberLong": "800000000000000001"},
    )
    network = read(tmp_path, rounded, boxed)
    assert ties(network) == ["open_kitchen reply night_watch", "plaza_voices quote night_watch"]
    assert sorted(network.interactions["post_id"]) == ["800000000000000003", "800000000000000004"]


def test_snscrape_a_quoted_post_that_is_gone_and_profiles(tmp_path: Path) -> None:
    gone = {"_type": "snscrape.modules.twitter.TweetRef", "id": 800000000000000001}
    profile = scraped_user("night_watch")
    network = read(
        tmp_path,
        profile,
        scraped(2, "plaza_voices", quotedTweet=gone),
        scraped(3, "assembly_now", inReplyToUser=profile),
    )
    assert ties(network) == ["assembly_now mention night_watch"]
    assert network.receipt.sources[0].unresolved == {"quote": 1}
    with pytest.raises(ImportFileError, match="do not say whose they are"):
        read(tmp_path, profile)


# ---------------------------------------------------------------- X archive


def archive(folder: Path, **files: Any) -> Path:
    data = folder / "twitter-2021-05-15" / "data"
    data.mkdir(parents=True)
    for name, records in files.items():
        what = name.partition("_part")[0]
        text = records if isinstance(records, str) else f"window.YTD.{what}.part0 = {json.dumps(records)}"
        (data / f"{name.replace('_', '-')}.js").write_text(text, encoding="utf-8")
    return data.parent


ACCOUNT = [{"account": {"email": "nobody@example.org", "username": "plaza_voices", "accountId": "9001"}}]


def own(number: int, text: str, *mentions: str, **more: Any) -> dict[str, Any]:
    found = [v1_user(handle) | {"id": PEOPLE[handle], "indices": ["0", "9"]} for handle in mentions]
    post = v1(number, "plaza_voices", entities={"user_mentions": found, "hashtags": []}, full_text=text) | more
    return {"tweet": {name: value for name, value in post.items() if name not in ("user", "text")}}


def test_x_archive_as_folder_and_zip_reads_nothing_private(tmp_path: Path) -> None:
    private = "this must not even be parsed: nobody@example.org"
    folder = archive(
        tmp_path, account=ACCOUNT, tweets=[own(1, "hi @night_watch", "night_watch")], tweets_part1=[own(2, "RT @assembly_now: x")],
        direct_messages=private, ip_audit=private, like=private, deleted_tweets=private, email_address_change=private,
        follower=[{"follower": {"accountId": "9003"}}],
    )  # fmt: skip
    network = read_source(folder)
    assert ties(network) == [
        "night_watch follow plaza_voices", "plaza_voices mention night_watch", "plaza_voices retweet assembly_now"
    ]  # fmt: skip
    packed = tmp_path / "archive.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for path in sorted(folder.rglob("*.js")):
            out.write(path, path.relative_to(folder))
    assert read_source(packed).fingerprint == network.fingerprint
    for table in (network.accounts, network.posts, network.aliases):
        assert "nobody@example.org" not in table.write_ndjson()
    assert "nobody@example.org" not in json.dumps(network.receipt.to_dict())


def test_x_archive_retweets_get_the_id_that_the_mention_has(tmp_path: Path) -> None:
    network = read_source(archive(tmp_path, account=ACCOUNT, tweets=[own(2, "RT @Assembly_Now: x", "assembly_now")]))
    assert network.accounts["key"].to_list() == ["twitter:9001", "twitter:9002"]
    assert network.interactions["quality"].to_list() == ["inferred"]


def test_x_archive_names_changed_are_one_account(tmp_path: Path) -> None:
    change = {"screenNameChange": {"accountId": "9001", "screenNameChange": {"changedAt": "2020-01-01T00:00:00.000Z", "changedFrom": "plaza_old", "changedTo": "plaza_voices"}}}  # fmt: skip
    folder = archive(tmp_path, account=ACCOUNT, tweets=[own(1, "hi", "night_watch")], screen_name_change=[change])
    other = written(tmp_path, v1(7, "open_kitchen", in_reply_to_user_id_str=None, entities={"user_mentions": [{"screen_name": "plaza_old"}]}))  # fmt: skip
    network = read_network([folder, other])
    assert ties(network) == ["open_kitchen mention plaza_voices", "plaza_voices mention night_watch"]


def test_x_archive_both_shapes_of_long_posts(tmp_path: Path) -> None:
    long = "so much was said on the square that it does not fit " * 4
    shapes = [
        {"noteTweet": {"noteTweetId": "1", "core": {"text": long + "@night_watch", "mentions": [{"screenName": "night_watch"}]}}},
        {"noteTweet": {"noteTweetResults": {"text": "b" + long, "entitySet": {"userMentions": [{"screenName": "assembly_now"}], "hashtags": [{"text": "Rain"}]}}}},
        {"noteTweet": {"core": {"text": "nowhere to be found"}}},
    ]  # fmt: skip
    folder = archive(
        tmp_path, account=ACCOUNT, tweets=[own(1, long[:130] + "…"), own(2, "b" + long[:130] + "…")], note_tweet=shapes
    )
    network = read_source(folder)
    assert ties(network) == ["plaza_voices mention assembly_now", "plaza_voices mention night_watch"]
    assert network.hashtags["hashtag"].to_list() == ["rain"]
    assert records_of(network)["long texts without their post"] == 1


@pytest.mark.parametrize(
    ("what", "records", "said"),
    [
        ("tweets", [own(1, "hi", "night_watch")], "--ego"),
        ("following", [{"following": {"accountId": "9003"}}], "--ego"),
        ("like", [{"like": {"tweetId": "1"}}], "holds no tie"),
        ("direct_messages", [{"dmConversation": {}}], "holds no tie"),
        ("account", ACCOUNT, "name the whole archive"),
    ],
)
def test_x_archive_one_file_alone_asks_whose_it_is(tmp_path: Path, what: str, records: Any, said: str) -> None:
    path = tmp_path / "renamed.txt"
    path.write_text(f"window.YTD.{what}.part0 = {json.dumps(records)}")
    with pytest.raises(ImportFileError) as refused:
        read_source(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("ego", "name"), [("plaza_voices", "plaza_voices"), ("@Plaza_Voices", "Plaza_Voices"), ("9001", "twitter:9001")]
)
def test_x_archive_one_file_with_its_ego(tmp_path: Path, ego: str, name: str) -> None:
    path = tmp_path / "follower.js"
    path.write_text('\ufeffwindow.YTD.follower.part0 = [ {"follower": {"accountId": "9003"}} ];', encoding="utf-8")
    assert ties(read_source(path, SourceOptions(ego=ego))) == [f"twitter:9003 follow {name}"]


def test_x_archive_from_before_2019_tells_its_authors(tmp_path: Path) -> None:
    path = tmp_path / "2013_06.js"
    passed_on = v1(2, "plaza_voices", "RT @night_watch: the", retweeted_status=v1(1, "night_watch"))
    path.write_text(f"Grailbird.data.tweets_2013_06 = \n {json.dumps([passed_on])}")
    assert ties(read_source(path)) == ["plaza_voices retweet night_watch"]


@pytest.mark.parametrize("broken", ["window.YTD.tweets.part0 = [ {", "window.YTD.tweets.part0 = ", "nothing"])
def test_x_archive_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    with pytest.raises(ImportFileError, match=r"tweets\.js.*broken or cut short"):
        read_source(archive(tmp_path, account=ACCOUNT, tweets=broken))


def test_another_encoding_is_refused_and_read_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    posts = [
        v1(n, "plaza_voices", "la plaza está llena, ¿qué pasó?", quoted_status=v1(0, "night_watch"))
        for n in range(1, 4)
    ]
    path.write_bytes("\n".join(json.dumps(post, ensure_ascii=False) for post in posts).encode("cp1252"))
    with pytest.raises(ImportFileError, match="not UTF-8"):
        read_source(path)
    with pytest.raises(ImportFileError, match="not UTF-8"):
        read_source(path, SourceOptions(format="twitter-v1"))
    assert read_source(path, SourceOptions(encoding="cp1252")).kinds == {"quote": 3}
