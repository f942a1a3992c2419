"""snscrape and twscrape: Twitter posts as JSON lines.

How it is obtained: ``snscrape --jsonl twitter-search QUERY > posts.jsonl``, or ``twscrape search QUERY > posts.jsonl``.

Read: ``retweetedTweet`` is a retweet of its author, ``quotedTweet`` a quote, ``inReplyToTweetId`` with ``inReplyToUser`` a reply,
``mentionedUsers`` are mentions, those before the text of an answer marked as implicit; ``hashtags``, program
(``sourceLabel``, ``source``), time (``date``). The id of a post is taken from its address where both differ: databases between
have rounded the number. Profiles in between tell who is who.

Lost: likes, places, media, metrics. The search of the site hardly ever gave retweets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, Known, NoTie, Post, PostTable, Reference, Unusable, each
from netact.importers.twitter_posts import LEADING, NO_POST, PROFILES, RETWEET_TEXT, dict_of, dicts_of, program, v2_id

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_IN_ADDRESS = re.compile(r"/status/(\d+)")


def read_snscrape(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts that snscrape or twscrape wrote.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _record),
        platform="twitter",
        fields={
            "source": "user",
            "target": "retweetedTweet, quotedTweet, inReplyToUser, mentionedUsers",
            "time": "date",
            "post_id": "id",
            "hashtags": "hashtags",
            "client": "sourceLabel, source",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
        remedy="save posts; lists of accounts (followers, retweeters) do not say whose they are",
    )


def _record(row: int, record: Any) -> list[Item]:
    out: list[Item] = []
    if not isinstance(record, dict):
        out.append(Unusable(row, NO_POST))
    elif isinstance(record.get("user"), dict):
        _post(row, record, out)
    elif "username" in record:
        out.extend([Known(_account(record)), NoTie(PROFILES)])
    else:
        out.append(Unusable(row, NO_POST))
    return out


def _post(row: int, post: dict[str, Any], out: list[Item], *, collected: bool = True) -> None:
    text = str(post.get("rawContent") or post.get("content") or "")
    passed_on, inferred = _inner(row, post.get("retweetedTweet"), out), False
    if passed_on is None and (told := RETWEET_TEXT.match(text)):
        passed_on, inferred = Reference(None, Account(None, told[1])), True
    quoted = _inner(row, post.get("quotedTweet"), out)
    addressed = None
    if isinstance(post.get("inReplyToUser"), dict):
        addressed = _account(post["inReplyToUser"])
    parent = v2_id(post.get("inReplyToTweetIdStr")) or _number(post.get("inReplyToTweetId"))
    replied = Reference(parent, addressed) if parent else None
    mentioned: list[Account] = [addressed] if addressed and replied is None else []
    implied: list[Account] = []
    lead = LEADING.match(text) if replied is not None else None
    before = lead[0].casefold().split() if lead is not None else ()
    for user in dicts_of(post.get("mentionedUsers")):
        who = _account(user)
        (implied if f"@{str(who.handle).casefold()}" in before else mentioned).append(who)
    tags = post.get("hashtags")
    label, source = post.get("sourceLabel"), post.get("source")
    out.append(
        Post(
            row, _id(post), _account(post["user"]), post.get("date"), passed_on, None, quoted, replied, mentioned, implied,
            [str(tag).lstrip("#") for tag in tags] if isinstance(tags, list) else (),
            label if isinstance(label, str) and label else program(source) if isinstance(source, str) else None,
            collected, inferred,
        )
    )  # fmt: skip


def _inner(row: int, post: Any, out: list[Item]) -> Reference | None:
    """Return what a post acts on, and note its author; of one that is gone only the id is told."""
    if not isinstance(post, dict):
        return None
    if isinstance(post.get("user"), dict):
        _post(row, post, out, collected=False)
        return Reference(_id(post), _account(post["user"]))
    found = _id(post)
    return Reference(found) if found else None


def _account(user: dict[str, Any]) -> Account:
    key = v2_id(user.get("id_str")) or _number(user.get("id"))
    return Account(key, user.get("username"), user.get("displayname"))


def _id(post: dict[str, Any]) -> str | None:
    told = _IN_ADDRESS.search(str(post.get("url")))
    return told[1] if told else v2_id(post.get("id_str")) or _number(post.get("id"))


def _number(value: Any) -> str | None:
    """Return an id; exports of databases write {"$numberLong": "1"}."""
    return v2_id(dict_of(value).get("$numberLong", value))


SNSCRAPE = Importer(
    "snscrape",
    "Twitter posts by snscrape or twscrape (JSON lines)",
    (
        json_fields("_type username", _type=r"^snscrape\.modules\.twitter\."),
        json_fields("date id user.username content"),
        json_fields("date id user.username rawContent"),
        json_fields("_type date id user.username", _type=r"^snscrape\.modules\.twitter\."),
    ),
    read=read_snscrape,
)
