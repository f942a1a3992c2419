"""Twitter API v1.1: posts as search, timelines and streams gave them.

How it is obtained: ``twarc search QUERY > tweets.jsonl`` (twarc 1), streams of tweepy and others, DocNow and library archives
of hydrated posts; one post a line, a list, or the ``statuses`` of a search answer.

Read: ``retweeted_status`` is a retweet of its author (first of all: a retweet of a quote also carries the quote, which is not
the retweeter's), ``quoted_status`` a quote, ``in_reply_to_*`` a reply, ``entities.user_mentions`` mentions; hashtags, program
(``source``), time. Of long posts the full text and its entities are used.

Lost: likes, places, media, metrics.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, Post, PostTable, Reference, Unusable, each, guarded
from netact.importers.twitter_v2 import NO_POST, RETWEET_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

FIELDS = {
    "source": "user",
    "target": "retweeted_status, quoted_status, in_reply_to_user_id_str, entities.user_mentions",
    "time": "created_at",
    "post_id": "id_str",
    "hashtags": "entities.hashtags",
    "client": "source",
}
_TAG = re.compile(r"<[^>]*>")


def read_twitter_v1(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of the Twitter API v1.1.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _record),
        platform="twitter",
        fields=FIELDS,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def _record(row: int, record: Any) -> Iterator[Item]:
    if isinstance(record, dict) and isinstance(record.get("statuses"), list):
        for post in record["statuses"]:
            yield from guarded(row, post, _post)
    else:
        yield from _post(row, record)


def _post(row: int, post: Any, *, collected: bool = True) -> Iterator[Item]:
    if not isinstance(post, dict) or not isinstance(post.get("user"), dict):
        yield Unusable(row, NO_POST)
        return
    retweeted, quoted = post.get("retweeted_status"), post.get("quoted_status")
    extended = post.get("extended_tweet")
    body: Mapping[str, Any] = extended if isinstance(extended, dict) else post
    entities = body.get("entities") or post.get("entities") or {}
    text = body.get("full_text") or post.get("full_text") or post.get("text") or ""
    inferred = False
    passed_on = None
    if isinstance(retweeted, dict):
        passed_on = Reference(_id(retweeted), _account(retweeted.get("user")))
        yield from _post(row, retweeted, collected=False)
    elif told := RETWEET_TEXT.match(text):
        passed_on, inferred = Reference(None, Account(None, told[1])), True
    quote = None
    if isinstance(quoted, dict):
        quote = Reference(_id(quoted), _account(quoted.get("user")))
        if collected:
            yield from _post(row, quoted, collected=False)
    elif post.get("quoted_status_id_str") or post.get("quoted_status_id"):
        quote = Reference(str(post.get("quoted_status_id_str") or post["quoted_status_id"]))
    reply = None
    to = post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id")
    parent = post.get("in_reply_to_status_id_str") or post.get("in_reply_to_status_id")
    addressed = Account(str(to), post.get("in_reply_to_screen_name")) if to else None
    if parent:
        reply = Reference(str(parent), addressed)
    start = (body.get("display_text_range") or [0])[0] if reply is not None else 0
    # Addressed to an account, but no answer to a post of it: a mention.
    mentioned = [addressed] if addressed and reply is None else []
    implied: list[Account] = []
    for mention in entities.get("user_mentions") or []:
        key = mention.get("id_str") or mention.get("id")
        who = Account(str(key) if key else None, mention.get("screen_name"), mention.get("name"))
        (implied if (mention.get("indices") or [0])[0] < start else mentioned).append(who)
    yield Post(
        row=row,
        post_id=_id(post),
        author=_account(post["user"]),
        time=post.get("created_at"),
        reposted=passed_on,
        quoted=quote,
        replied=reply,
        mentioned=mentioned,
        implied=implied,
        hashtags=[tag["text"] for tag in entities.get("hashtags") or [] if "text" in tag],
        client=_TAG.sub("", post.get("source") or "") or None,
        collected=collected,
        inferred=inferred,
    )


def _account(user: Any) -> Account:
    if not isinstance(user, dict):
        return Account()
    key = user.get("id_str") or user.get("id")
    return Account(str(key) if key else None, user.get("screen_name"), user.get("name"))


def _id(post: Mapping[str, Any]) -> str | None:
    key = post.get("id_str") or post.get("id")
    return str(key) if key else None


TWITTER_V1 = Importer(
    "twitter-v1",
    "Twitter API v1.1 (search, timelines, streams)",
    (json_fields("id_str user.screen_name"), json_fields("statuses[].user.screen_name")),
    read=read_twitter_v1,
)
