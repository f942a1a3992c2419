r"""Telegram: chats exported by Telegram Desktop as JSON, and the tables of 4CAT and of Telethon scripts.

How it is obtained: Telegram Desktop, a chat's menu, Export chat history, format JSON (``result.json``), or Settings >
Advanced > Export Telegram data for many chats at once; the CSV of a Telegram collection in 4CAT; CSV files of Telethon
scripts with ``channel_id`` and ``message_id``.

Read: a forwarded message is a forward from who posts it to the origin; an answer is a reply to the author of the message it
names, looked up by chat and message; mentions by account or by name. Message ids are unique in one chat only, so they are
kept with the chat. Times are the Unix ones, not the local time of the computer that made the export. Control characters that
Telegram Desktop writes as ``\x1F``, which is no JSON, are mended. Channel ids are read alike with and without ``-100``. In
the table of Telethon, mentions are read from the text and marked as inferred.

Lost: reactions, views, media, polls; service messages (who joined, what was pinned) are counted. An origin told by its shown
name only is no account: such forwards stay unresolved, as do answers to messages that are not in the export. In the export of
a whole account private conversations, with persons and bots, are counted and left out; one that is exported by itself is
read. Telegram Desktop tells persons and channels apart (``user123``, ``channel123``), the tables do not, so the two join by
names only.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.importer import Importer, Text, columns, json_fields
from netact.importers.json_records import whole
from netact.importers.mastodon import PRIVATE
from netact.importers.posts import (
    Account,
    Item,
    NoTie,
    Post,
    PostTable,
    Reference,
    Unusable,
    each_row,
    guarded,
)
from netact.importers.twitter_posts import NO_POST
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

SERVICE = Message("service messages")
MESSAGES = Message("messages")

_PERSONAL = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verify_codes"})
_PEERS = {
    **dict.fromkeys(_PERSONAL, "user"),
    "private_group": "chat",
    **dict.fromkeys(("private_supergroup", "public_supergroup", "private_channel", "public_channel"), "channel"),
}
# A backslash that is itself escaped does not escape the x.
_CONTROL = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")


def _mended(content: bytes) -> bytes:
    return _CONTROL.sub(rb"\1\\u00\2", content)


def read_telegram(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open ``result.json`` of Telegram Desktop, of one chat or of an account.

    Raises
    ------
    ImportFileError
        If the file is broken, too large or holds no chat.
    """
    value = whole(source, options, repair=_mended)
    chats: list[Any] = []
    alone = isinstance(value, dict) and isinstance(value.get("messages"), list)
    if alone:
        chats = [value]
    elif isinstance(value, dict):
        for name in ("chats", "left_chats"):
            part = value.get(name)
            listed = part.get("list") if isinstance(part, dict) else None
            chats += [chat for chat in listed if isinstance(chat, dict)] if isinstance(listed, list) else []
    if not chats:
        raise ImportFileError(source.name, "holds no chats", remedy="export it again as JSON, with the chats ticked")
    return PostTable(
        items=lambda: _messages(chats, alone=alone),
        platform="telegram",
        fields={
            "source": "from_id",
            "target": "forwarded_from_id, reply_to_message_id, text_entities",
            "time": "date_unixtime",
            "post_id": "id",
            "hashtags": "text_entities",
        },
        noun=MESSAGES,
        encoding="utf-8",
        dialect={"layout": "one value"},
    )


def _messages(chats: list[Any], *, alone: bool) -> Iterator[Item]:
    row = 0
    for chat in chats:
        kind, messages = str(chat.get("type")), chat.get("messages")
        peer = f"{_PEERS.get(kind, 'chat')}{chat.get('id')}"
        for message in messages if isinstance(messages, list) else ():
            row += 1
            if kind in _PERSONAL and not alone:
                yield NoTie(PRIVATE)
            else:
                yield from guarded(row, message, partial(_message, chat=peer))


def _message(row: int, message: Any, *, chat: str) -> Iterator[Item]:
    if not isinstance(message, dict):
        yield Unusable(row, NO_POST)
        return
    if message.get("type") != "message":
        yield NoTie(SERVICE)
        return
    key = f"{chat}:{message['id']}"
    forwarded = None
    if "forwarded_from" in message or message.get("forwarded_from_id"):
        name, origin = message.get("forwarded_from"), message.get("forwarded_from_id")
        # A shown name is no account: any number of people may bear it.
        forwarded = Reference(None, Account(str(origin), None, name)) if origin else Reference(f"forwarded in {key}")
    replied = None
    if answered := message.get("reply_to_message_id"):
        replied = Reference(f"{message.get('reply_to_peer_id') or chat}:{answered}")
    mentioned: list[Account] = []
    tags: list[str] = []
    entities = message.get("text_entities")
    if not isinstance(entities, list):
        text = message.get("text")
        entities = text if isinstance(text, list) else ()
    for entity in entities:
        what = entity.get("type") if isinstance(entity, dict) else None
        if what == "mention":
            mentioned.append(Account(None, entity["text"]))
        elif what == "mention_name" and entity.get("user_id"):
            mentioned.append(Account(f"user{entity['user_id']}", None, entity.get("text")))
        elif what == "hashtag":
            tags.append(entity["text"])
    who = message.get("from_id")
    yield Post(
        row=row,
        post_id=key,
        author=Account(str(who), None, message.get("from")) if who else Account(),
        time=message.get("date_unixtime") or message.get("date"),
        forwarded=forwarded,
        replied=replied,
        mentioned=mentioned,
        hashtags=tags,
    )


# ---------------------------------------------------------------- tables

_WANTED_4CAT = {
    name: name
    for name in (
        "id", "thread_id", "chat", "author", "author_username", "author_name", "author_is_bot", "reply_to", "unix_timestamp",
        "author_forwarded_from_name", "author_forwarded_from_username", "author_forwarded_from_id", "entities_mentioned",
    )
}  # fmt: skip
_WANTED_TELETHON = {
    "name": "channel_name", "channel": "channel_id", "id": "message_id", "date": "date", "sender": "sender_id",
    "text": "message_text", "reply": "reply_to_msg_id", "answered": "reply_to", "forwarded": "fwd_from_id",
    "origin": "forward_from_id",
}  # fmt: skip
_AT = re.compile(r"(?<![\w@/.])@([A-Za-z][A-Za-z0-9_]{3,31})(?![\w.]*@)")


def read_4cat_telegram(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Open the CSV export of a Telegram collection in 4CAT."""
    return PostTable(
        items=lambda: each_row(table, _WANTED_4CAT, _row_of_4cat),
        platform="telegram",
        fields={
            "source": "author, author_username",
            "target": "author_forwarded_from_id, author_forwarded_from_username, reply_to, entities_mentioned",
            "time": "unix_timestamp",
            "post_id": "thread_id, id",
        },
        noun=MESSAGES,
    )


def _row_of_4cat(row: int, cells: dict[str, str | None]) -> Iterator[Item]:
    chat = _plain(cells["thread_id"]) or cells["chat"]
    key = _key(chat, cells["id"])
    author = Account(
        _plain(cells["author"]),
        cells["author_username"],
        cells["author_name"],
        True if (cells["author_is_bot"] or "").casefold() in ("true", "yes", "1") else None,
    )
    if author.text is None and cells["chat"]:
        # A post of the channel itself.
        author = Account(None, cells["chat"])
    forwarded = None
    origin = Account(
        _plain(cells["author_forwarded_from_id"]),
        cells["author_forwarded_from_username"],
        cells["author_forwarded_from_name"],
    )
    if origin.text or origin.name:
        forwarded = Reference(None, origin) if origin.text else Reference(f"forwarded in {key}")
    yield Post(
        row=row,
        post_id=key,
        author=author,
        time=cells["unix_timestamp"],
        forwarded=forwarded,
        replied=_answered(chat, cells["reply_to"]),
        mentioned=[
            Account(None, name.strip()) for name in (cells["entities_mentioned"] or "").split(",") if name.strip()
        ],
    )


def read_telethon(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Open a table of messages of a Telethon script."""
    return PostTable(
        items=lambda: each_row(table, _WANTED_TELETHON, _row_of_telethon),
        platform="telegram",
        fields={
            "source": "sender_id, channel_id",
            "target": "message_text, reply_to_msg_id, fwd_from_id",
            "time": "date",
            "post_id": "channel_id, message_id",
        },
        noun=MESSAGES,
        whole_times=True,
    )


def _row_of_telethon(row: int, cells: dict[str, str | None]) -> Iterator[Item]:
    chat = _plain(cells["channel"])
    sender = _plain(cells["sender"]) or chat
    named = cells["name"] if sender == chat else None
    handle = named if named and re.fullmatch(r"@?[A-Za-z][A-Za-z0-9_]{3,31}", named) else None
    origin = _plain(cells["forwarded"]) or _plain(cells["origin"])
    mentioned = [Account(None, name) for name in _AT.findall(cells["text"] or "")]
    key = _key(chat, cells["id"])
    replied = _answered(chat, cells["reply"] or cells["answered"])
    yield Post(
        row=row,
        post_id=key,
        author=Account(sender, handle, named),
        time=cells["date"],
        forwarded=Reference(None, Account(origin)) if origin else None,
        replied=replied,
        mentioned=mentioned,
        inferred=bool(mentioned) and not origin and replied is None,
    )


def _plain(key: str | None) -> str | None:
    """Return an id without the marks that programs put before ids of channels."""
    if key is None:
        return None
    key = key.strip().removesuffix(".0")
    return re.sub(r"^-100(?=\d{6,}$)", "", key)


def _key(chat: str | None, message: str | None) -> str | None:
    # Newer exports put the chat before the number, as this does.
    return None if message is None else f"{chat}:{message.rpartition('-')[2].removesuffix('.0')}"


def _answered(chat: str | None, message: str | None) -> Reference | None:
    if message is None or message in ("0", "0.0"):
        return None
    return Reference(_key(chat, message))


_STRING = r'(?:null|"(?:[^"\\]|\\.)*")'
_CHAT_TYPES = "|".join(sorted(_PEERS))
_ONE_CHAT = rf'\{{\s*(?:"name":\s*{_STRING},\s*)?"type":\s*"(?:{_CHAT_TYPES})",\s*"id":\s*-?\d+,\s*"messages":\s*\['
_ACCOUNT = (
    rf'\{{\s*"about":\s*{_STRING},\s*"(?:personal_information|profile_pictures|stories|contacts|frequent_contacts|'
    rf'sessions|web_sessions|other_data|chats|left_chats)":\s*\{{'
)

TELEGRAM = Importer(
    "telegram",
    "Telegram Desktop export (result.json)",
    (
        Text(_ONE_CHAT, Message("begins as an export of {program}", program="Telegram Desktop")),
        Text(_ACCOUNT, Message("begins as an export of {program}", program="Telegram Desktop")),
        json_fields("messages[].date_unixtime type id"),
        json_fields("messages[].from_id type id"),
        json_fields("chats.list[].messages"),
    ),
    read=read_telegram,
)
TELEGRAM_4CAT = Importer(
    "4cat-telegram",
    "4CAT export of Telegram messages",
    (columns("id thread_id chat author author_username unix_timestamp author_forwarded_from_name reply_to"),),
    of_table=read_4cat_telegram,
)
TELETHON = Importer(
    "telethon",
    "table of Telegram messages of a Telethon script",
    (
        columns("channel_id message_id sender_id message_text"),
        columns("channel_id message_id post_author message_text"),
    ),
    of_table=read_telethon,
)
