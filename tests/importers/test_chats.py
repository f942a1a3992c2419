"""Telegram, Discord and 4chan: one test a trap."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import inspect_file, read_network, read_source
from netact.network import Network

EXPORTS = Path(__file__).parent / "exports"


def write(folder: Path, content: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ties(network: Network) -> list[tuple[str, str, str]]:
    names = network.keys
    rows = network.interactions.select("source", "target", pl.col("kind").cast(pl.String)).iter_rows()
    return sorted((names[s], names[t], k) for s, t, k in rows)


def records(network: Network) -> dict[str, int]:
    return {str(item.what): item.number for item in network.receipt.sources[0].records}


# ---------------------------------------------------------------- Telegram Desktop (all invented)


def message(key: int, who: int | str, **more: object) -> dict:
    who = f"user{who}" if isinstance(who, int) else who
    return {
        "id": key, "type": "message", "date": "2023-05-15T17:00:00", "date_unixtime": "1684144800", "from": f"Name of {who}",
        "from_id": who, "text": "invented", "text_entities": [], **more,
    }  # fmt: skip


def chat(*messages: dict, key: int = 1, kind: str = "private_supergroup") -> dict:
    return {"name": f"Chat {key}", "type": kind, "id": key, "messages": list(messages)}


def telegram(folder: Path, *messages: dict) -> Network:
    return read_source(write(folder, json.dumps(chat(*messages))))


def test_message_ids_are_unique_in_one_chat_only(tmp_path: Path) -> None:
    chats = [
        chat(message(1, 11), message(2, 12, reply_to_message_id=1), key=1),
        chat(message(1, 13), message(2, 14, reply_to_message_id=1), key=2),
        chat(message(2, 15, reply_to_message_id=1), key=3),
    ]
    path = write(tmp_path, json.dumps({"about": "x", "chats": {"about": "x", "list": chats}}))
    network = read_source(path)
    assert ties(network) == [
        ("telegram:user12", "telegram:user11", "reply"),
        ("telegram:user14", "telegram:user13", "reply"),
    ]
    assert network.receipt.sources[0].unresolved == {"reply": 1}


def test_an_answer_to_a_message_of_another_chat_finds_it(tmp_path: Path) -> None:
    answer = message(2, 12, reply_to_message_id=1, reply_to_peer_id="channel1")
    one = write(tmp_path, json.dumps(chat(message(1, "channel1"), key=1, kind="public_channel")), "one")
    two = write(tmp_path, json.dumps(chat(answer, message(3, 12, reply_to_message_id=2), key=2)), "two")
    with pytest.raises(ImportFileError, match="no interaction"):
        read_source(one)
    both = json.dumps({"about": "x", "chats": {"list": [json.loads(one.read_text()), json.loads(two.read_text())]}})
    assert ties(read_source(write(tmp_path, both))) == [("telegram:user12", "telegram:channel1", "reply")]


def test_times_are_the_unix_ones_not_those_of_the_computer(tmp_path: Path) -> None:
    network = telegram(tmp_path, message(1, 11), message(2, 12, reply_to_message_id=1))
    assert network.interactions["time"][0].isoformat() == "2023-05-15T10:00:00+00:00"
    assert network.receipt.sources[0].time_zone is None


def test_two_origins_of_one_shown_name_never_become_an_account(tmp_path: Path) -> None:
    network = telegram(
        tmp_path,
        message(1, 11, forwarded_from="Assembly"),
        message(2, 12, forwarded_from="Assembly"),
        message(3, 13, forwarded_from=None),
        message(4, 13, forwarded_from="Assembly", forwarded_from_id="channel9"),
        message(5, "channel8", **{"from": "Assembly"}),
    )
    assert network.receipt.sources[0].unresolved == {"forward": 3}
    assert ties(network) == [("telegram:user13", "telegram:channel9", "forward")]


def test_a_forwarded_message_mentions_nobody(tmp_path: Path) -> None:
    inside = [{"type": "mention", "text": "@plaza_voices"}]
    network = telegram(tmp_path, message(1, 11, forwarded_from="A", forwarded_from_id="user9", text_entities=inside))
    assert network.kinds == {"forward": 1}


def test_text_is_a_string_or_a_list_and_old_exports_have_no_entities(tmp_path: Path) -> None:
    old = message(
        1, 11, text=["see ", {"type": "mention", "text": "@plaza_voices"}, {"type": "hashtag", "text": "#Soup"}]
    )
    del old["text_entities"]
    plain = message(2, 12)
    del plain["text_entities"]
    network = telegram(tmp_path, old, plain)
    assert ties(network) == [("telegram:user11", "telegram:plaza_voices", "mention")]
    assert network.hashtags["hashtag"].to_list() == ["soup"]


def test_a_person_without_a_name_is_an_account_and_one_without_an_id_is_not(tmp_path: Path) -> None:
    nobody = message(3, 13, reply_to_message_id=1, **{"from": None})
    del nobody["from_id"]
    network = telegram(
        tmp_path, message(1, 11), message(2, 12, reply_to_message_id=1, **{"from": None}), nobody,
        {"id": 4, "type": "unsupported", "date": "2023-05-15T17:00:00", "date_unixtime": "1684144800"},
    )  # fmt: skip
    assert ties(network) == [("telegram:user12", "telegram:user11", "reply")]
    assert [item.rows for item in network.receipt.sources[0].dropped] == [1]
    assert records(network)["service messages"] == 1


@pytest.mark.parametrize("backslashes", [1, 2, 3, 4])
def test_control_characters_are_mended_and_escaped_backslashes_left_alone(tmp_path: Path, backslashes: int) -> None:
    content = json.dumps(chat(message(1, 11), message(2, 12, reply_to_message_id=1, text="MARK")))
    path = write(tmp_path, content.replace("MARK", "a " + "\\" * backslashes + "x1F b"))
    assert inspect_file(path).receipt.format == "telegram"
    assert read_source(path).kinds == {"reply": 1}


def test_a_large_export_is_told_by_its_beginning(tmp_path: Path) -> None:
    long = message(1, 11, text="x" * 70_000_000)
    path = write(tmp_path, json.dumps(chat(long, message(2, 12, reply_to_message_id=1)), indent=1))
    start = time.process_time()
    network = read_source(path)
    assert time.process_time() - start < 20
    assert network.receipt.sources[0].format == "telegram"


def test_private_conversations_are_left_out_of_an_account_but_read_alone(tmp_path: Path) -> None:
    private = chat(message(1, 11), message(2, 12, reply_to_message_id=1), kind="personal_chat")
    group = chat(message(1, 13), message(2, 14, reply_to_message_id=1), key=2)
    assert ties(read_source(write(tmp_path, json.dumps(private), "alone"))) == [
        ("telegram:user12", "telegram:user11", "reply")
    ]
    network = read_source(write(tmp_path, json.dumps({"about": "x", "chats": {"list": [private, group]}}), "account"))
    assert ties(network) == [("telegram:user14", "telegram:user13", "reply")]
    assert records(network)["private messages"] == 2


def test_two_chats_without_an_answer(shared: Path) -> None:
    path = shared / "formats" / "telegram" / "MultiChat_2C_6M.json"
    chats = json.loads(path.read_text())["chats"]["list"]
    counted = Counter((part["type"], said["type"]) for part in chats for said in part["messages"])
    assert sum(counted.values()) == 6
    with pytest.raises(ImportFileError) as error:
        read_source(path)
    assert "holds no interaction between accounts" in str(error.value)
    for number, what in (
        (counted["personal_chat", "message"], "private messages"),
        (counted["private_group", "message"], "messages"),
        (counted["private_group", "service"], "service messages"),
    ):
        assert f"{what}: {number}" in str(error.value)


def test_an_account_without_chats_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({"about": "x", "contacts": {"list": []}}))
    with pytest.raises(ImportFileError, match="with the chats ticked"):
        read_source(path)


def test_pages_of_a_chat_for_reading_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="HTML"):
        read_source(write(tmp_path, "<!DOCTYPE html>\n<html><head><title>Exported Data</title></head></html>"))


def test_an_emoji_cut_in_two_is_no_hindrance(tmp_path: Path) -> None:
    half = {"type": "mention", "text": "@plaza\ud83d"}
    network = telegram(tmp_path, message(1, 11, **{"from": "Half \ud83d"}), message(2, 12, text_entities=[half]))
    assert ties(network) == [("telegram:user12", "telegram:plaza?", "mention")]


# ---------------------------------------------------------------- tables of Telegram


def test_the_unix_time_of_4cat_counts_not_the_one_of_its_server(tmp_path: Path) -> None:
    network = read_source(EXPORTS / "4cat-telegram" / "invented.csv")
    assert network.interactions["time"].min().isoformat() == "2023-05-15T10:00:03+00:00"
    assert not any("zone" in said for said in network.receipt.sources[0].assumptions)


def test_an_origin_known_by_id_in_one_row_and_by_name_in_another_is_one(tmp_path: Path) -> None:
    text = (EXPORTS / "4cat-telegram" / "invented.csv").read_text()
    network = read_source(write(tmp_path, text.replace("assembly_now", "NIGHT_WATCH")))
    assert network.keys.count("telegram:9003") == 1
    assert not [key for key in network.keys if "watch" in key.casefold()]


def test_channel_ids_are_the_same_with_and_without_their_mark() -> None:
    network = read_source(EXPORTS / "telethon" / "invented.csv")
    assert ("telegram:1666000222", "telegram:1779618123", "forward") in ties(network)
    assert not [key for key in network.keys if "-100" in key]


def test_mentions_of_telethon_are_inferred_and_addresses_are_none() -> None:
    network = read_source(EXPORTS / "telethon" / "invented.csv")
    rows = network.interactions.with_columns(pl.col("kind", "quality").cast(pl.String))
    assert rows.filter(pl.col("quality") == "inferred")["kind"].to_list() == ["mention"]
    assert not [name for name in network.names if "example" in name]


# ---------------------------------------------------------------- Discord

DISCORD = EXPORTS / "discord" / "invented_channel.json"


def changed(folder: Path, change: object, name: str = "file") -> Path:
    value = json.loads(DISCORD.read_text())
    change(value)
    return write(folder, json.dumps(value), name)


def test_the_ping_of_an_answer_is_no_mention() -> None:
    network = read_source(DISCORD)
    reply = network.interactions.filter(pl.col("kind") == "reply")
    mentions = network.interactions.filter(pl.col("kind") == "mention")
    assert reply.height == 1
    assert not set(reply.select("source", "target").rows()) & set(mentions.select("source", "target").rows())


def test_pins_and_joins_are_no_answers() -> None:
    assert records(read_source(DISCORD))["service messages"] == 2


def test_bots_are_marked_and_times_have_their_zone() -> None:
    network = read_source(DISCORD)
    assert network.accounts.filter(pl.col("is_bot"))["handle"].to_list() == ["timekeeper"]
    assert network.interactions["time"].min().isoformat() == "2023-05-15T10:03:00+00:00"


def test_an_answer_finds_its_message_in_the_file_of_another_channel(tmp_path: Path) -> None:
    def other(value: dict) -> None:
        value["channel"]["id"] = "811"
        value["messages"] = [value["messages"][5] | {"id": "900000000000000099"}]
        value["messages"][0]["author"] = value["messages"][0]["mentions"][0] | {
            "id": "800000000000000077",
            "name": "late",
        }
        value["messageCount"] = 1

    both = read_network([DISCORD, changed(tmp_path, other)])
    assert ("discord:800000000000000005", "discord:800000000000000077", "reply") in ties(both)
    assert not both.unresolved.height


def test_deleted_users_are_many_people(tmp_path: Path) -> None:
    def delete(value: dict) -> None:
        for said in value["messages"]:
            if said["author"]["name"] == "open_kitchen":
                said["author"] |= {"id": "456226577798135808", "name": "Deleted User"}

    network = read_source(changed(tmp_path, delete))
    assert not [key for key in network.keys if "456226577798135808" in key]
    assert network.receipt.sources[0].unresolved == {"forward": 1, "reply": 1}


def test_an_odd_author_costs_one_message_not_the_file(tmp_path: Path) -> None:
    def harm(value: dict) -> None:
        value["messages"][5]["author"] = {"name": ["odd"], "discriminator": {}}

    network = read_source(changed(tmp_path, harm))
    assert next((str(item.reason), item.rows) for item in network.receipt.sources[0].dropped) == (
        "not laid out as such records are", 1
    )  # fmt: skip
    assert network.kinds == {"reply": 1, "mention": 1, "forward": 1}


def test_a_count_that_does_not_fit_is_said(tmp_path: Path) -> None:
    def cut(value: dict) -> None:
        value["messageCount"] = 70

    assert any("70 messages" in said for said in read_source(changed(tmp_path, cut)).receipt.sources[0].warnings)
    assert not any("messages" in said for said in read_source(DISCORD).receipt.sources[0].warnings)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    content = DISCORD.read_bytes()
    with pytest.raises(ImportFileError, match="cut short"):
        read_source(write(tmp_path, content[: len(content) // 2]))


def test_a_text_export_is_refused(tmp_path: Path) -> None:
    line = "=" * 62
    text = f"{line}\nGuild: Invented\nChannel: Text / plaza\n{line}\n\n[15-May-23 12:01] plaza_voices\ninvented\n"
    with pytest.raises(ImportFileError, match="export it again as JSON"):
        read_source(write(tmp_path, text))


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_export_is_refused_and_told_what_to_do(quote: str, mark: str, tmp_path: Path) -> None:
    def line(*cells: str) -> str:
        return ",".join(f"{quote}{cell}{quote}" for cell in cells) + "\n"

    text = mark + line("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions")
    text += line("900000000000000001", "plaza_voices", "2023-05-15T12:01:00.0000000+00:00", "invented", "", "")
    with pytest.raises(ImportFileError, match=r"a Discord chat as CSV, .*; export it again as JSON$"):
        read_source(write(tmp_path, text))


def test_the_example_channel(shared: Path) -> None:
    path = next((shared / "formats" / "discordchatexporter").glob("*.json"))
    said = json.loads(path.read_text())["messages"]
    authors = {one["id"]: one["author"]["id"] for one in said}
    posts = [one for one in said if one["type"] == "Default"]
    answers = [(one["author"]["id"], authors[one["reference"]["messageId"]]) for one in posts if "reference" in one]
    mentions = [(one["author"]["id"], who["id"]) for one in posts for who in one["mentions"]]
    assert (len(said), len(posts), len(answers), len(mentions)) == (35, 31, 2, 1)
    network = read_source(path)
    wanted = [(s, t, "reply") for s, t in answers] + [(s, t, "mention") for s, t in mentions]
    assert ties(network) == sorted((f"discord:{s}", f"discord:{t}", kind) for s, t, kind in wanted if s != t)
    assert records(network) == {"messages": 31, "posts without a tie": 28, "service messages": 4}


# ---------------------------------------------------------------- 4chan (all invented)

THREAD = EXPORTS / "4chan" / "invented_thread.json"


def test_an_author_is_a_tripcode_or_an_id_of_one_thread(tmp_path: Path) -> None:
    value = json.loads(THREAD.read_text())
    other = json.loads(THREAD.read_text().replace("10", "20"))
    network = read_source(write(tmp_path, json.dumps([value, other])))
    assert network.keys == ["4chan:100 abCD12+/", "4chan:200 abCD12+/", "4chan:trip !invented1"]


def test_one_post_answers_several() -> None:
    network = read_source(THREAD)
    last = network.interactions.filter(pl.col("post_id") == "103")
    assert last.height + network.unresolved.filter(pl.col("post_id") == "103").height == 3
    assert "plaza/95" in network.unresolved["ref_post_id"].to_list()


def test_a_name_alone_is_nobody(tmp_path: Path) -> None:
    value = json.loads(THREAD.read_text())
    for post in value["posts"]:
        post |= {"name": "Speaker"}
        post.pop("trip", None)
        post.pop("id", None)
    with pytest.raises(ImportFileError, match="4 posts without tripcode or id") as error:
        read_source(write(tmp_path, json.dumps(value)))
    assert "\n" not in str(error.value)


def test_times_of_4chan_are_the_unix_ones() -> None:
    assert read_source(THREAD).interactions["time"].min().isoformat() == "2023-05-15T10:01:00+00:00"
