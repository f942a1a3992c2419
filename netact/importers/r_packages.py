"""Tables of Twitter posts that packages for R write: academictwitteR and rtweet.

R writes ``NA`` where nothing is known; it is read as nothing in every column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, Post
from netact.importers.tweet_rows import (
    NO_MENTIONS,
    account,
    is_yes,
    known,
    mentions,
    parted,
    posts_of,
    reference,
    told_by_text,
)
from netact.importers.values import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item, PostTable
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

_TIDY = {
    "id": "tweet_id",
    "author_id": "author_id",
    "handle": "user_username",
    "name": "user_name",
    "time": "created_at",
    "text": "text",
    "client": "source",
    "conversation": "conversation_id",
    "to_id": "in_reply_to_user_id",
    "kind": "sourcetweet_type",
    "other": "sourcetweet_id",
    "other_author": "sourcetweet_author_id",
}
_TIDY_ROLES = {
    "source": "author_id",
    "target": "sourcetweet_author_id, in_reply_to_user_id",
    "time": "created_at",
    "post_id": "tweet_id",
    "client": "source",
}


def academictwitter(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a tidy table of academictwitteR as posts.

    How it is obtained: ``bind_tweets(data_path = "data", output_format = "tidy")`` in R, written with ``write.csv`` or
    ``readr::write_csv``.

    Read: ``sourcetweet_type`` retweeted is a retweet of ``sourcetweet_author_id``, quoted a quote; ``in_reply_to_user_id`` is a reply
    where the post is not the first of its conversation, else a mention; program, time.

    Lost: the tidy table holds neither mentions nor hashtags nor the id of the post that is answered: the folder of
    ``data_*.json`` files that academictwitteR also keeps does.
    """
    return posts_of(table, _TIDY, _tidy, _TIDY_ROLES, assumptions=(NO_MENTIONS,))


def _without_na(cells: Row) -> Row:
    return {name: None if cell == "NA" else cell for name, cell in cells.items()}


def _tidy(row: int, cells: Row) -> Iterator[Item]:
    cells = _without_na(cells)
    text, kind = cells["text"], cells["kind"]
    other = reference(cells["other"], account(cells["other_author"], None))
    passed_on = other if kind == "retweeted" else None
    inferred = False
    if kind == "retweeted" and (other is None or other.author is None) and (told := told_by_text(text, cells["other"])):
        passed_on, inferred = told, True
    addressed = account(cells["to_id"], None)
    replied = None
    if addressed and (not known(cells["conversation"]) or known(cells["conversation"]) != known(cells["id"])):
        replied = reference(None, addressed)
    own, _ = parted([], text, replied=replied, addressed=addressed)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"], cells["name"]) or Account(),
        time=cells["time"],
        reposted=passed_on,
        quoted=other if kind == "quoted" else None,
        replied=replied,
        mentioned=own,
        client=cells["client"],
        inferred=inferred,
    )


_RTWEET = {
    "id": "status_id",
    "author_id": "user_id",
    "handle": "screen_name",
    "name": "name",
    "time": "created_at",
    "text": "text",
    "client": "source",
    "is_retweet": "is_retweet",
    "retweeted": "retweet_status_id",
    "retweeted_user_id": "retweet_user_id",
    "retweeted_user": "retweet_screen_name",
    "quoted": "quoted_status_id",
    "quoted_user_id": "quoted_user_id",
    "quoted_user": "quoted_screen_name",
    "replied": "reply_to_status_id",
    "to_id": "reply_to_user_id",
    "to": "reply_to_screen_name",
    "mentions": "mentions_screen_name",
    "mentions_ids": "mentions_user_id",
    "hashtags": "hashtags",
}
_RTWEET_ROLES = {
    "source": "user_id, screen_name",
    "target": "retweet_user_id, quoted_user_id, reply_to_user_id, mentions_user_id",
    "time": "created_at",
    "post_id": "status_id",
    "hashtags": "hashtags",
    "client": "source",
}
_X_IDS = (
    "id",
    "author_id",
    "retweeted",
    "retweeted_user_id",
    "quoted",
    "quoted_user_id",
    "replied",
    "to_id",
    "mentions_ids",
)
# rtweet writes x123 so that spreadsheets keep the digits.
_X = re.compile(r"\bx(?=\d)")


def rtweet(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of rtweet as posts.

    How it is obtained: ``rtweet::write_as_csv(tweets, "tweets.csv")`` (rtweet before 1.0), which puts an ``x`` before ids.

    Read: ``retweet_user_id`` is a retweet, ``quoted_user_id`` a quote, ``reply_to_user_id`` with ``reply_to_status_id`` a reply,
    ``mentions_user_id`` with ``mentions_screen_name`` are mentions; hashtags, program, time (without a zone, read as UTC).

    Lost: places, media, links, metrics.
    """
    return posts_of(table, _RTWEET, _written_by_rtweet, _RTWEET_ROLES)


def _written_by_rtweet(row: int, cells: Row) -> Iterator[Item]:
    cells = _without_na(cells)
    for name in _X_IDS:
        if cell := cells[name]:
            cells[name] = _X.sub("", cell)
    text, inferred = cells["text"], False
    passed_on = reference(cells["retweeted"], account(cells["retweeted_user_id"], cells["retweeted_user"]))
    if (passed_on is None or passed_on.author is None) and is_yes(cells["is_retweet"]):
        told = told_by_text(text, cells["retweeted"])
        passed_on, inferred = told or passed_on, told is not None
    addressed = account(cells["to_id"], cells["to"])
    replied = reference(cells["replied"], addressed) if known(cells["replied"]) else None
    whom = mentions(cells["mentions"], cells["mentions_ids"])
    own, implied = parted(whom, text, replied=replied, addressed=addressed)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"], cells["name"]) or Account(),
        time=cells["time"],
        reposted=passed_on,
        quoted=reference(cells["quoted"], account(cells["quoted_user_id"], cells["quoted_user"])),
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=cells["client"],
        inferred=inferred,
    )


ACADEMICTWITTER = Importer(
    "academictwitter",
    "tidy table of Twitter posts by academictwitteR",
    (columns("tweet_id author_id user_username sourcetweet_type sourcetweet_author_id"),),
    of_table=academictwitter,
)
RTWEET = Importer(
    "rtweet",
    "table of Twitter posts by rtweet",
    (columns("status_id user_id screen_name retweet_screen_name mentions_screen_name"),),
    of_table=rtweet,
)
