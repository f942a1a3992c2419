"""Tables of Twitter posts that twarc2 writes.

How it is obtained: ``twarc2 csv tweets.jsonl tweets.csv`` (the plugin twarc-csv), of any release; one row a post.

Read: ``referenced_tweets.retweeted.id`` with ``retweeted_user_id`` is a retweet, ``...quoted.id`` a quote, ``...replied_to.id`` a
reply, ``entities.mentions`` are mentions (those before an answer marked as implicit); hashtags, program, time. Releases before
2021-10 hold the references as JSON in one column, which is read too. On the row of a retweet, text, mentions and hashtags are those
of the original post, since twarc-csv merges them: they are left out. Rows of posts that were only referred to (column ``type``)
tell their author and give no ties.

Lost: authors of referenced posts that were deleted or withheld stand nowhere in the table; likes, places, media, metrics.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, Post
from netact.importers.tweet_rows import account, has_column, known, mentions, parted, posts_of, reference, told_by_text
from netact.importers.values import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item, PostTable, Reference
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

_WANTED = {
    "id": "id",
    "author_id": "author_id",
    "handle": "author.username",
    "name": "author.name",
    "time": "created_at",
    "text": "text",
    "client": "source",
    "retweeted": "referenced_tweets.retweeted.id",
    "retweeted_user_id": "retweeted_user_id",
    "retweeted_user": "retweeted_username",
    "quoted": "referenced_tweets.quoted.id",
    "quoted_user_id": "quoted_user_id",
    "quoted_user": "quoted_username",
    "replied": "referenced_tweets.replied_to.id",
    "to_id": "in_reply_to_user_id",
    "to": "in_reply_to_username",
    "references": "referenced_tweets",
    "mentions": "entities.mentions",
    "hashtags": "entities.hashtags",
    "type": "type",
}
_ROLES = {
    "source": "author_id",
    "target": "retweeted_user_id, quoted_user_id, in_reply_to_user_id, entities.mentions",
    "time": "created_at",
    "post_id": "id",
    "hashtags": "entities.hashtags",
    "client": "source",
}


def twarc_csv(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of twarc-csv as posts."""
    old = not has_column(table, "referenced_tweets.retweeted.id")
    return posts_of(table, _WANTED, _before_2021_10 if old else _row, _ROLES)


def _before_2021_10(row: int, cells: Row) -> Iterator[Item]:
    for item in listed(cells["references"]):
        if isinstance(item, dict):
            place = {"retweeted": "retweeted", "quoted": "quoted", "replied_to": "replied"}.get(str(item.get("type")))
            if place:
                cells[place] = str(item["id"])
    text = cells["text"]
    if text and text.startswith('"'):
        with suppress(ValueError):
            cells["text"] = str(json.loads(text))
    yield from _row(row, cells)


def _row(row: int, cells: Row) -> Iterator[Item]:
    text = cells["text"]
    retweeted = reference(cells["retweeted"], account(cells["retweeted_user_id"], cells["retweeted_user"]))
    inferred = False
    # Only with the option that leaves texts as they are does a retweet begin with the name.
    if retweeted and retweeted.author is None and (told := told_by_text(text, retweeted.post_id)):
        retweeted, inferred = told, True
    addressed = account(cells["to_id"], cells["to"])
    replied = None
    if known(cells["replied"]):
        replied = reference(cells["replied"], addressed)
    own: list[Account] = []
    implied: list[Account] = []
    if retweeted is None:
        own, implied = parted(mentions(cells["mentions"]), text, replied=replied, addressed=addressed)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"], cells["name"]) or Account(),
        time=cells["time"],
        reposted=retweeted,
        quoted=_quoted(cells),
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=hashtags(cells["hashtags"]),
        client=cells["client"],
        collected=cells["type"] not in ("retweeted", "quoted", "replied_to"),
        inferred=inferred,
    )


def _quoted(cells: Row) -> Reference | None:
    return reference(cells["quoted"], account(cells["quoted_user_id"], cells["quoted_user"]))


def hashtags(cell: str | None) -> list[str]:
    """Return the hashtags in a cell: texts, or records with ``tag`` or ``text``."""
    found = (item.get("tag") or item.get("text") if isinstance(item, dict) else item for item in listed(cell))
    return [str(tag) for tag in found if tag]


TWARC_CSV = Importer(
    "twarc-csv",
    "table of Twitter posts by twarc-csv",
    (
        columns("author_id author.username referenced_tweets.retweeted.id"),
        columns(
            "author_id author.username referenced_tweets conversation_id", without="referenced_tweets.retweeted.id"
        ),
    ),
    of_table=twarc_csv,
)
