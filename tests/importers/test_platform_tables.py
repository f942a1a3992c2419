"""Instagram, Threads, TikTok and YouTube: tables of 4CAT and YouTube Data Tools, the research interface, downloads."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_network, read_source

EXPORTS = Path(__file__).parent / "exports"


def ties_of(network):
    rows = network.interactions
    names = network.names
    return sorted(
        (names[s], names[t], k, q) for s, t, k, q in rows.select("source", "target", "kind", "quality").iter_rows()
    )


def changed(path, folder, change, *, delimiter=","):
    """Write a table again, its rows changed."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows = [change(dict(row)) for row in rows]
    out = folder / "changed.csv"
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return out


def refused(path, options=None, *, match):
    with pytest.raises(ImportFileError, match=match) as caught:
        read_source(path, options)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- 4CAT


def test_tags_are_mentions_and_names_in_the_text_are_inferred():
    network = read_source(EXPORTS / "4cat-instagram" / "invented.csv")
    assert ties_of(network) == [
        ("night_watch", "plaza_voices", "reply", "ok"),
        ("plaza_voices", "Open.Kitchen", "mention", "ok"),
        ("plaza_voices", "assembly_now", "mention", "ok"),
    ]
    assert network.hashtags["hashtag"].to_list() == ["march"]
    crowd = read_source(EXPORTS / "crowdtangle-instagram" / "invented.csv")
    assert {quality for *_, quality in ties_of(crowd)} == {"inferred"}


def test_unix_times_are_preferred_to_those_of_a_server(tmp_path):
    path = EXPORTS / "4cat-instagram" / "invented.csv"
    network = read_source(path)
    assert network.interactions["time"].min().isoformat() == "2024-03-05T10:00:00+00:00"
    assert not any("zone of the server" in str(text) for text in network.receipt.sources[0].assumptions)

    def without(row):
        del row["unix_timestamp"]
        return row

    older = read_source(changed(path, tmp_path, without))
    assert older.interactions["time"].min().isoformat() == "2024-03-05T11:00:00+00:00"
    assert any("zone of the server" in str(text) for text in older.receipt.sources[0].assumptions)


def test_tables_of_4cat_are_told_apart_with_any_delimiter(tmp_path):
    for name in ("4cat-instagram", "4cat-threads", "4cat-tiktok", "4cat-tiktok-comments"):
        path = changed(EXPORTS / name / "invented.csv", tmp_path, lambda row: row, delimiter=";")
        assert read_source(path).receipt.sources[0].format == name


def test_a_comment_answers_the_comment_or_the_video():
    comments, videos = EXPORTS / "4cat-tiktok-comments" / "invented.csv", EXPORTS / "4cat-tiktok" / "invented.csv"
    network = read_source(comments)
    replies = [tie[:2] for tie in ties_of(network) if tie[2] == "reply"]
    assert replies == [
        ("assembly_now", "plaza_voices"),
        ("night_watch", "assembly_now"),
        ("tiktok:6800000000000000009", "plaza_voices"),
    ]
    # The id that stands for a missing name is an id.
    assert "6800000000000000009" in network.accounts["native_id"].to_list()
    assert network.unresolved["ref_post_id"].to_list() == ["7499999999999999999"]
    both = read_network([comments, videos])
    assert both.rows("reply").height == 3


def test_the_author_of_a_video_may_stand_in_another_file(tmp_path):
    def nameless(row):
        return {**row, "post_url": "https://m.tiktok.com/v/" + row["post_id"]}

    comments = changed(EXPORTS / "4cat-tiktok-comments" / "invented.csv", tmp_path, nameless)
    assert read_source(comments).receipt.sources[0].unresolved == {"reply": 3}
    both = read_network([comments, EXPORTS / "4cat-tiktok" / "invented.csv"])
    assert both.rows("reply").height == 3
    assert both.receipt.resolved_across_files == 2


# ---------------------------------------------------------------- TikTok Research API


def page(**data):
    return json.dumps({"data": data, "error": {"code": "ok"}}) + "\n"


def test_lists_of_the_research_interface_need_the_account_they_are_of(tmp_path):
    users = [{"username": "assembly_now", "display_name": "Assembly"}, {"username": "night_watch"}]
    video = {"id": 7300000000000000003, "username": "open_kitchen", "create_time": 1709632800}
    path = tmp_path / "page.jsonl"
    for name, ties in (
        ("user_followers", [("assembly_now", "plaza_voices", "follow"), ("night_watch", "plaza_voices", "follow")]),
        ("user_following", [("plaza_voices", "assembly_now", "follow"), ("plaza_voices", "night_watch", "follow")]),
        ("reposted_videos", [("plaza_voices", "open_kitchen", "retweet")]),
    ):
        path.write_text(page(**{name: [video] if name == "reposted_videos" else users}))
        refused(path, match="--ego NAME")
        network = read_source(path, SourceOptions(ego="@plaza_voices"))
        assert [tie[:3] for tie in ties_of(network)] == ties
        assert network.receipt.sources[0].format == "tiktok-research"
    assert network.posts["post_id"].to_list() == ["7300000000000000003", None]


def test_comments_of_the_research_interface_are_refused(tmp_path):
    path = tmp_path / "page.jsonl"
    path.write_text(
        page(comments=[{"id": 1, "text": "on my way", "video_id": 2, "parent_comment_id": 2}], has_more=False)
    )
    refused(path, match="do not say who wrote them")
    mention = {"id": 1, "username": "plaza_voices", "create_time": 1709632800, "video_mention_list": ["night_watch"]}
    path.write_text(page(videos=[mention]) + page(comments=[{"id": 1, "text": "x"}]))
    network = read_source(path)
    assert {str(item.what): item.number for item in network.receipt.sources[0].records} == {
        "comments without a word on who wrote them": 1,
        "posts": 1,
    }


def test_long_ids_are_exact():
    network = read_source(EXPORTS / "tiktok-research" / "invented_pages.jsonl")
    assert network.posts["post_id"].sort().to_list() == ["7300000000000000001", "7300000000000000002"]
    assert network.hashtags["hashtag"].to_list() == ["march"]


# ---------------------------------------------------------------- YouTube Data Tools


def youtube(rows, folder, *, channels=True):
    names = ["id", "replyCount", "likeCount", "publishedAt", "authorName", "text"]
    names += ["authorChannelId", "authorChannelUrl"] if channels else []
    path = folder / "comments.tab"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*names, "isReply", "isReplyTo", "isReplyToName"], delimiter="\t", restval="")
        writer.writeheader()
        for number, (thread, name, channel, text) in enumerate(rows):
            row = {
                "id": f"c{number}",
                "publishedAt": f"2024-03-05 10:00:{number:02d}",
                "authorName": name,
                "text": text,
            }
            row |= {"authorChannelId": channel} if channels else {}
            writer.writerow({**row, "isReply": int(bool(thread)), "isReplyTo": thread})
    return path


def test_names_with_blanks_are_found_among_those_who_wrote_in_the_thread(tmp_path):
    rows = [
        ("", "Plaza Voices", "UC1", "we were there"),
        ("c0", "Assembly", "UC2", "so were we"),
        ("c0", "Assembly Now", "UC3", "and we"),
        ("c0", "Night", "UC4", "@Assembly Now where?"),
        ("c0", "Kitchen", "UC5", "@Plaza Voices, thanks"),
        ("c0", "Kitchen", "UC5", "@Somebody Else hm"),
        ("", "Twin", "UC6", "first"),
        ("c6", "Twin", "UC7", "second"),
        ("c6", "Night", "UC4", "@Twin which?"),
    ]
    network = read_source(youtube(rows, tmp_path))
    keys = network.keys
    got = sorted(
        (keys[s].removeprefix("youtube:"), keys[t].removeprefix("youtube:"), q)
        for s, t, q in network.interactions.select("source", "target", "quality").iter_rows()
    )
    assert got == [
        ("UC2", "UC1", "ok"),
        ("UC3", "UC1", "ok"),
        ("UC4", "UC3", "inferred"),
        ("UC4", "UC6", "ok"),  # two of that name wrote in the thread: to who began it
        ("UC5", "UC1", "inferred"),
        ("UC5", "UC1", "ok"),  # nobody of that name wrote there
        ("UC7", "UC6", "ok"),
    ]
    told = " ".join(map(str, network.receipt.sources[0].assumptions))
    assert "zone of the server" in told
    assert "names only" not in told


def test_pseudonyms_are_accounts_where_there_is_no_channel(tmp_path):
    rows = [("", "a1f9", "", "we were there"), ("c0", "b2e8", "", "so were we"), ("c0", "a1f9", "", "good")]
    network = read_source(youtube(rows, tmp_path, channels=False))
    assert [tie[:3] for tie in ties_of(network)] == [("b2e8", "a1f9", "reply")]
    assert network.receipt.sources[0].self_ties == 1
    assert any("names only" in str(text) for text in network.receipt.sources[0].assumptions)


# ---------------------------------------------------------------- Instagram downloads

LISTS = EXPORTS / "instagram-list"
ARCHIVE = EXPORTS / "instagram-download" / "archive"
EGO = SourceOptions(ego="plaza_voices")


def test_a_download_is_read_packed_or_not_and_nothing_but_its_lists(tmp_path):
    packed = Path(shutil.make_archive(str(tmp_path / "download"), "zip", ARCHIVE))
    for path in (ARCHIVE, packed):
        network = read_source(path, EGO)
        assert [tie[:3] for tie in ties_of(network)] == [
            ("assembly_now", "plaza_voices", "follow"),
            ("night_watch", "plaza_voices", "follow"),
            ("plaza_voices", "open_kitchen", "follow"),
        ]
        assert not any("not_to_be_read" in key for key in network.keys)
        assert network.interactions["time"].null_count() == 0
        refused(path, match="--ego NAME")


def test_a_list_says_whose_it_is_by_an_option_only():
    for path in sorted(LISTS.glob("*.json")):
        if path.name != "expected.json":
            refused(path, match="--ego NAME")


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (
            {
                "title": "",
                "string_list_data": [{"href": "https://www.instagram.com/a.b", "value": "a.b", "timestamp": 1}],
            },
            "a.b",
        ),
        ({"title": "a.b", "string_list_data": [{"href": "https://www.instagram.com/_u/a.b", "timestamp": 1}]}, "a.b"),
        ({"title": "", "string_list_data": [{"href": "https://www.instagram.com/_u/a.b", "timestamp": 0}]}, "a.b"),
        ({"string_list_data": [{"href": "https://www.instagram.com/_u/a.b/?x=1"}]}, "a.b"),
    ],
)
def test_names_stand_in_three_places(tmp_path, entry, name):
    path = tmp_path / "following.json"
    path.write_text(json.dumps({"relationships_following": [entry, {"title": "", "string_list_data": [{"href": ""}]}]}))
    network = read_source(path, EGO)
    assert [tie[:3] for tie in ties_of(network)] == [("plaza_voices", name, "follow")]
    assert [(str(item.reason), item.rows) for item in network.receipt.sources[0].dropped] == [("names no account", 1)]


def test_other_lists_of_a_download_are_refused(tmp_path):
    path = tmp_path / "close_friends.json"
    path.write_text(json.dumps({"relationships_close_friends": [{"string_list_data": [{"value": "a"}]}]}))
    refused(path, SourceOptions(ego="plaza_voices", format="instagram-list"), match="no list of followers")


# ---------------------------------------------------------------- Zeeschuimer


def test_comments_and_posts_of_one_browser_are_joined_by_their_ids():
    posts, comments = (
        EXPORTS / name / "invented.ndjson" for name in ("zeeschuimer-tiktok", "zeeschuimer-tiktok-comments")
    )
    both = read_network([posts, comments])
    assert ties_of(both) == [
        ("assembly_now", "plaza_voices", "reply", "ok"),
        ("night_watch", "assembly_now", "reply", "ok"),
        ("plaza_voices", "assembly_now", "mention", "ok"),
    ]
    assert both.n_accounts == 3
    # The table that 4CAT makes of the same posts knows handles only.
    with_table = read_network([comments, EXPORTS / "4cat-tiktok" / "invented.csv"])
    assert ("assembly_now", "plaza_voices", "reply", "ok") in ties_of(with_table)
