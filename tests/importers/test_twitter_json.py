"""Twitter/X as JSON: API v1.1 and v2, in every layout they are met in. All records but those of ``shared`` are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netact.errors import ImportFileError
from netact.importers import read_network, read_source
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
    assert found["not a post"] == (4, (2, 3, 3, 4))
    assert found["broken JSON"] == (1, (6,))
    assert found["not laid out as such records are"][0] == 1
