"""Tables of Twitter posts and mentions that DMI-TCAT writes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, NoTie, Post, PostTable, Unusable, Warned, guarded, table_rows
from netact.importers.tweet_rows import (
    NO_MENTIONS,
    account,
    has_column,
    is_yes,
    known,
    mentions,
    parted,
    posts_of,
    reference,
    told_by_text,
)
from netact.importers.values import listed
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

_TAG = re.compile(r"<[^>]*>")
_WANTED = {
    "id": "id",
    "author_id": "from_user_id",
    "handle": "from_user_name",
    "name": "from_user_realname",
    "time": "time",
    "created": "created_at",
    "text": "text",
    "source": "source",
    "source_name": "source_name",
    "to": "to_user_name",
    "to_id": "to_user_id",
    "replied": "in_reply_to_status_id",
    "quoted": "quoted_status_id",
    "mentions": "mentions",
    "hashtags": "hashtags",
    # gazouilloire writes these besides
    "retweeted": "retweeted_id",
    "retweeted_user_id": "retweeted_user_id",
    "retweeted_user": "retweeted_user_name",
    "quoted_id": "quoted_id",
    "quoted_user_id": "quoted_user_id",
    "quoted_user": "quoted_user_name",
    "names": "mentioned_user_names",
    "ids": "mentioned_user_ids",
    "by_search": "collected_via_search",
    "by_stream": "collected_via_stream",
    "thread_only": "collected_via_thread_only",
}
_ROLES = {
    "source": "from_user_id, from_user_name",
    "target": "text, to_user_name, quoted_status_id, mentions",
    "time": "time",
    "post_id": "id",
    "hashtags": "hashtags",
    "client": "source",
}


def dmi_tcat(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take the export of all tweets of a TCAT data set as posts.

    How it is obtained: DMI-TCAT, "Export all tweets from selection" (or a random set), CSV or TSV, with the additional columns for
    mentions and hashtags ticked. Gazouilloire writes the same table with more columns.

    Read: a text that begins with ``RT @name`` is a retweet of that account, marked as inferred, since TCAT keeps no column of it;
    ``in_reply_to_status_id`` with ``to_user_name`` is a reply, ``quoted_status_id`` a quote (its author is looked up among the posts of
    the import), ``mentions`` are mentions; hashtags, program (``source``), time (``time``). Of gazouilloire's table the columns of
    retweets, quotes and mentions with their ids are read; posts collected only as part of a thread give no ties.

    Lost: the author of a quoted post that is not among the posts; mentions and hashtags if their columns were not exported;
    places, media, links, metrics.
    """
    with_mentions = has_column(table, "mentions") or has_column(table, "mentioned_user_names")
    return posts_of(table, _WANTED, _row, _ROLES, assumptions=() if with_mentions else (NO_MENTIONS,))


def _row(row: int, cells: Row) -> Iterator[Item]:
    text = cells["text"]
    retweeted = reference(cells["retweeted"], account(cells["retweeted_user_id"], cells["retweeted_user"]))
    inferred = False
    if (retweeted is None or retweeted.author is None) and (
        told := told_by_text(text, retweeted.post_id if retweeted else None)
    ):
        retweeted, inferred = told, True
    addressed = account(cells["to_id"], cells["to"])
    replied = reference(cells["replied"], addressed) if known(cells["replied"]) else None
    own: list[Account] = []
    implied: list[Account] = []
    if retweeted is None:
        whom = mentions(cells["names"] or cells["mentions"], cells["ids"])
        own, implied = parted(whom, text, replied=replied, addressed=addressed)
    client = cells["source_name"] or cells["source"]
    along = is_yes(cells["thread_only"]) and not is_yes(cells["by_search"]) and not is_yes(cells["by_stream"])
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"], cells["name"]) or Account(),
        time=cells["time"] or cells["created"],
        reposted=retweeted,
        quoted=reference(
            known(cells["quoted_id"]) or cells["quoted"], account(cells["quoted_user_id"], cells["quoted_user"])
        ),
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=_TAG.sub("", client) if client else None,
        collected=not along,
        inferred=inferred,
    )


_MENTION_COLUMNS = {
    "id": "tweet_id",
    "from_id": "user_from_id",
    "from": "user_from_name",
    "to_id": "user_to_id",
    "to": "user_to_name",
    "type": "mention_type",
}
NAMED_IN_RETWEETS = Message("mentions in retweets, which are the original's")


def dmi_tcat_mentions(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take the export of mentions of a TCAT data set as posts.

    How it is obtained: DMI-TCAT, "Export mentions table", CSV or TSV; one row an account named in a post.

    Read: ``mention_type`` retweet is a retweet of the account in ``user_to_id``, anything else a mention. TCAT compares without the end
    of the name (a retweet of @bobby also counts for @bob): where a post has several, the longest name is taken. Other accounts
    that a retweet names are named by the original: they give no ties.

    Lost: times, texts and hashtags, which are in the export of tweets; replies are mentions here.
    """
    roles = {"source": "user_from_id", "target": "user_to_id", "post_id": "tweet_id"}
    return PostTable(items=lambda: _mentions(table), platform="twitter", fields=roles)


def _mentions(table: RawTable) -> Iterator[Item]:
    posts: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for found in table_rows(table, _MENTION_COLUMNS):
        if isinstance(found, Dropped | Warned):
            yield found
        elif key := known(found[1]["id"]):
            posts[key].append(found)
        else:
            yield Unusable(found[0], Message("not a post"))
    for rows in posts.values():
        yield from guarded(rows[0][0], rows, _post_of_mentions)


def _post_of_mentions(row: int, rows: list[tuple[int, Row]]) -> Iterator[Item]:
    first = rows[0][1]
    author = account(first["from_id"], first["from"]) or Account()
    retweets = [cells for _, cells in rows if (cells["type"] or "").strip().casefold() == "retweet"]
    # The longest of the names that are said to be retweeted; of several as long, the first of the file.
    passed_on = max(retweets, key=lambda cells: len(cells["to"] or ""), default=None)
    mentioned = [] if passed_on else [who for _, cells in rows if (who := account(cells["to_id"], cells["to"]))]
    if passed_on:
        for _ in rows[1:]:
            yield NoTie(NAMED_IN_RETWEETS)
    target = account(passed_on["to_id"], passed_on["to"]) if passed_on else None
    yield Post(
        row=row,
        post_id=known(first["id"]),
        author=author,
        reposted=reference(None, target),
        mentioned=mentioned,
    )


DMI_TCAT = Importer(
    "dmi-tcat",
    "table of Twitter posts by DMI-TCAT",
    (columns("from_user_name from_user_id to_user_name text"),),
    of_table=dmi_tcat,
)
DMI_TCAT_MENTIONS = Importer(
    "dmi-tcat-mentions",
    "table of mentions by DMI-TCAT",
    (columns("tweet_id user_from_id user_to_id mention_type"),),
    of_table=dmi_tcat_mentions,
)
