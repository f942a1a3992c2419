"""Twitter API v2: pages as twarc2 writes them, and the same flattened.

How it is obtained: ``twarc2 search --archive QUERY tweets.jsonl`` and its relatives, or any program that stores the answers
of the interface; ``twarc2 flatten`` writes one post a line. Both forms give the same interactions.

Read: a post with ``referenced_tweets`` of type ``retweeted`` is a retweet of the author of that post, ``quoted`` a quote,
``replied_to`` a reply (a post that is only addressed to an account, ``in_reply_to_user_id``, mentions it); ``entities.mentions`` are mentions, those that the platform put
before an answer marked as implicit; ``entities.hashtags``, ``source`` (the program), ``created_at``. Authors of referenced
posts stand in ``includes`` only; where they were deleted or withheld, the handle in ``RT @name:`` serves, marked as inferred.

Lost: likes, polls, places, media, metrics. The post between an original and a retweet of a retweet is never told by Twitter.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, NoTie, Post, PostTable, Reference, Unusable, each, guarded
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

RETWEET_TEXT = re.compile(r"RT @([A-Za-z0-9_]{1,15})\b")
# The names the platform puts before an answer.
_LEADING = re.compile(r"(?:@[A-Za-z0-9_]{1,15}\s+)+")

ERRORS = Message("answers that hold no post")

FIELDS = {
    "source": "author_id",
    "target": "referenced_tweets, in_reply_to_user_id, entities.mentions",
    "time": "created_at",
    "post_id": "id",
    "hashtags": "entities.hashtags",
    "client": "source",
}


def read_twitter_v2(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open pages or flattened posts of the Twitter API v2.

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
    if not isinstance(record, dict):
        yield Unusable(row, NO_POST)
    elif isinstance(record.get("data"), list | dict):
        yield from _page(row, record)
    elif "author_id" in record or "author" in record:
        yield from _post(row, record, {}, {})
    elif "errors" in record or "meta" in record:
        yield NoTie(ERRORS)
    else:
        yield Unusable(row, NO_POST)


NO_POST = Message("not a post")


def _page(row: int, page: Mapping[str, Any]) -> Iterator[Item]:
    includes = _dict(page.get("includes"))
    users = {str(user["id"]): user for user in _dicts(includes.get("users")) if "id" in user}
    originals = {str(post["id"]): post for post in _dicts(includes.get("tweets")) if "id" in post}
    data = page["data"]
    posts = _dicts(data) if isinstance(data, list) else [data]
    originals |= {str(post["id"]): post for post in posts if "id" in post}
    collected = {post.get("id") for post in posts}
    names = {str(user.get("username", "")).casefold(): user for user in users.values()}
    for post in posts:
        yield from guarded(row, post, lambda row, post: _post(row, post, users, originals, names))
    for post in originals.values():
        if post.get("id") not in collected:
            yield from guarded(row, post, lambda row, post: _post(row, post, users, originals, names, collected=False))


def _post(
    row: int,
    post: dict[str, Any],
    users: Mapping[str, dict[str, Any]],
    originals: Mapping[str, dict[str, Any]],
    names: Mapping[str, dict[str, Any]] = MappingProxyType({}),
    *,
    collected: bool = True,
) -> Iterator[Item]:
    author = _author(post, users)
    text = post.get("text") or ""
    entities = _dict(post.get("entities"))
    references: dict[str, Reference] = {}
    for reference in _dicts(post.get("referenced_tweets")):
        ref_id = _id(reference.get("id"))
        # A flattened post holds the referenced one inside the reference.
        known = originals.get(ref_id or "", reference)
        references[str(reference.get("type"))] = Reference(ref_id, _author(known, users))
        if known is reference and collected and reference.get("author_id"):
            yield from _post(row, reference, users, originals, collected=False)
    retweeted, replied = references.get("retweeted"), references.get("replied_to")
    inferred = False
    unknown = retweeted is not None and (retweeted.author is None or retweeted.author.text is None)
    if retweeted is not None and unknown and (told := RETWEET_TEXT.match(text)):
        retweeted, inferred = Reference(retweeted.post_id, Account(None, told[1])), True
    addressed = None
    if to := _id(post.get("in_reply_to_user_id")):
        parent = users.get(to, _dict(post.get("in_reply_to_user")))
        addressed = Account(to, parent.get("username"), parent.get("name"))
        # Addressed to an account, but no answer to a post of it: a mention.
        replied = replied and Reference(replied.post_id, addressed)
    lead = _LEADING.match(text) if replied is not None and retweeted is None else None
    mentioned = [addressed] if addressed and replied is None else []
    implied: list[Account] = []
    if retweeted is None and collected:
        for mention in _dicts(entities.get("mentions")):
            handle = mention.get("username") or mention.get("tag")
            user = names.get(str(handle).casefold(), {})
            who = Account(
                _id(mention.get("id")) or _id(user.get("id")), handle, mention.get("name") or user.get("name")
            )
            before = lead is not None and (mention.get("start") or 0) < lead.end()
            (implied if before else mentioned).append(who)
    yield Post(
        row=row,
        post_id=_id(post.get("id")),
        author=author or Account(),
        time=post.get("created_at"),
        reposted=retweeted,
        quoted=references.get("quoted"),
        replied=replied,
        mentioned=mentioned,
        implied=implied,
        hashtags=[str(tag["tag"]) for tag in _dicts(entities.get("hashtags")) if "tag" in tag],
        client=post.get("source"),
        collected=collected,
        inferred=inferred,
    )


def _author(post: Mapping[str, Any], users: Mapping[str, dict[str, Any]]) -> Account | None:
    own = _dict(post.get("author"))
    key = _id(post.get("author_id")) or _id(own.get("id"))
    user = users.get(key or "", own)
    return Account(key, user.get("username"), user.get("name")) if key else None


def _id(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    # Written by R, an empty list is an empty object.
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


TWITTER_V2 = Importer(
    "twitter-v2",
    "Twitter API v2, pages or flattened (twarc2)",
    (
        json_fields("data[].author_id"),
        json_fields("data.author_id data.text"),
        json_fields("author_id author.username text"),
    ),
    read=read_twitter_v2,
)
