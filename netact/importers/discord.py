"""Discord: channels exported by DiscordChatExporter as JSON.

How it is obtained: DiscordChatExporter, format JSON, one file a channel.

Read: an answer is a reply to the author of the message it names; mentions; forwarded messages; bots. Ids of messages are
unique on all of Discord, so answers are also found in the file of another channel.

Lost: reactions, attachments, roles; messages about joining, pins and threads are counted. A forwarded message does not tell
its author, so it stays unresolved unless the original is in a file. Exports as text and as CSV do
not tell who answers whom and are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.importer import Importer, Text, json_fields
from netact.importers.json_records import whole
from netact.importers.posts import Account, Item, NoTie, Post, PostTable, Reference, each
from netact.importers.telegram import MESSAGES, SERVICE
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

# Stands for every account that was deleted.
_DELETED = "456226577798135808"
_NONE = frozenset({None, "", "0", "0000"})


def read_discord(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open the JSON of DiscordChatExporter.

    Raises
    ------
    ImportFileError
        If the file is broken, too large or holds no messages.
    """
    value = whole(source, options)
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list):
        raise ImportFileError(source.name, "holds no list of messages", remedy="export the channel again as JSON")
    stated, found = value.get("messageCount"), len(messages)
    warnings: tuple[str, ...] = ()
    if isinstance(stated, int) and stated != found:
        warnings = (
            Message(
                "the file says that it holds {stated:count} messages; it holds {found:count}",
                stated=stated,
                found=found,
            ),
        )
    return PostTable(
        items=lambda: _items(messages),
        platform="discord",
        fields={
            "source": "author",
            "target": "reference, mentions",
            "time": "timestamp",
            "post_id": "id",
        },
        noun=MESSAGES,
        encoding="utf-8",
        dialect={"layout": "one value"},
        warnings=warnings,
    )


def _items(messages: list[Any]) -> Iterator[Item]:
    # Who is answered is mentioned too, by the answer's ping: to tell, the author has to be known.
    authors = {
        str(message.get("id")): message["author"]
        for message in messages
        if isinstance(message, dict) and isinstance(message.get("author"), dict)
    }

    def take(row: int, message: Any) -> Iterator[Item]:
        if message["type"] not in ("Default", "Reply"):
            yield NoTie(SERVICE)
            return
        pointed = message.get("reference") or {}
        target = pointed.get("messageId")
        author = authors.get(str(target))
        reference = Reference(str(target), _account(author) if author else None) if target else None
        is_forward = pointed.get("type") == "Forward" or bool(message.get("forwardedMessage"))
        if is_forward and reference is None:
            reference = Reference(f"forwarded in {message['id']}")
        yield Post(
            row=row,
            post_id=str(message["id"]),
            author=_account(message["author"]),
            time=message.get("timestamp"),
            forwarded=reference if is_forward else None,
            replied=None if is_forward else reference,
            mentioned=[_account(who) for who in message.get("mentions") or ()],
        )

    yield from each(((row, message, "") for row, message in enumerate(messages, 1)), take)


def _account(who: Mapping[str, Any]) -> Account:
    key, name, number = str(who["id"]), who.get("name"), who.get("discriminator")
    if key == _DELETED:
        return Account()
    handle = name if number in _NONE or name is None else f"{name}#{number}"
    return Account(key, handle, who.get("nickname"), True if who.get("isBot") else None)


DISCORD = Importer(
    "discord",
    "Discord channel (DiscordChatExporter JSON)",
    (
        Text(
            r'(?s)\{\s*"guild":\s*\{.{0,2000}?"channel":\s*\{',
            Message("begins as an export of {program}", program="DiscordChatExporter"),
        ),
        json_fields("guild channel messages messageCount"),
    ),
    read=read_discord,
)
