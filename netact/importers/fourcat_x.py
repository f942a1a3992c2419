"""Tables of X posts that 4CAT and Zeeschuimer write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, NoTie, Post, Unusable
from netact.importers.tweet_rows import (
    UNTOLD_QUOTE,
    UNTOLD_REPLY,
    UNTOLD_RETWEET,
    account,
    hashed_authors,
    is_yes,
    known,
    mentions,
    named,
    parted,
    posts_of,
    reference,
    told_by_text,
)
from netact.importers.values import PLACEHOLDERS, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item, PostTable
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

_WANTED = {
    "id": "id",
    "author_id": "author_id",
    "author": "author",
    "name": "author_fullname",
    "time": "timestamp",
    "unix": "unix_timestamp",
    "text": "body",
    "client": "source",
    "is_retweet": "is_retweet",
    "retweeted": "retweeted_user",
    "is_quote": "is_quote_tweet",
    "quoted": "quoted_user",
    "quote_author": "quote_author",
    "quote_id": "quote_tweet_id",
    "is_reply": "is_reply",
    "replied": "replied_user",
    "replied_author": "replied_author",
    "mentions": "mentions",
    "hashtags": "hashtags",
}
_ROLES = {
    "source": "author_id, author",
    "target": "retweeted_user, quoted_user, replied_user, mentions",
    "time": "timestamp",
    "post_id": "id",
    "hashtags": "hashtags",
    "client": "source",
}


def fourcat_x(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table that 4CAT made with the interface of Twitter as posts.

    How it is obtained: 4CAT, data source "X/Twitter API (v2) Search", the result as CSV.

    Read: ``retweeted_user`` is a retweet, ``quoted_user`` a quote, ``replied_user`` a reply, ``mentions`` are mentions; hashtags,
    program (``source``), time (``timestamp``, which is UTC; ``unix_timestamp`` depends on the server). Targets are handles; they
    join the ids of authors where both are known. Columns are found by name, since their order varies.

    Lost: posts that 4CAT could not fetch (author UNKNOWN) and, in anonymised exports, all posts: authors are REDACTED and no network
    can be built. Ids of the posts that are retweeted, quoted or answered; likes, media, links, metrics.
    """
    return posts_of(table, _WANTED, _row, _ROLES, warnings=hashed_authors(table, "author"))


def fourcat_zeeschuimer_x(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of X posts captured by Zeeschuimer as posts.

    How it is obtained: the browser extension Zeeschuimer, uploaded to 4CAT and downloaded as CSV, or its own CSV with semicolons.

    Read: ``retweeted_user`` is a retweet, ``quote_author`` with ``quote_tweet_id`` a quote, ``replied_author`` a reply, ``mentions``
    are mentions; hashtags, program (``source``), time (``timestamp``, else ``unix_timestamp``).

    Lost: posts whose author X left out of the page (blank). What was not on the screen is not in the file. Ids of the posts that
    are retweeted or answered; likes, media, links, metrics.
    """
    roles = {**_ROLES, "target": "retweeted_user, quote_author, replied_author, mentions"}
    return posts_of(table, _WANTED, _row, roles, warnings=hashed_authors(table, "author"))


def _row(row: int, cells: Row) -> Iterator[Item]:
    handle, text = named(cells["author"]), cells["text"]
    author = None
    if not handle or handle.casefold() not in PLACEHOLDERS:
        author = account(cells["author_id"], handle, cells["name"])
    retweeted = reference(None, account(None, cells["retweeted"]))
    inferred = False
    if retweeted is None and is_yes(cells["is_retweet"]):
        retweeted, inferred = told_by_text(text), True
        if retweeted is None and author is not None:
            yield Unusable(row, UNTOLD_RETWEET)
            return
    quoted = reference(cells["quote_id"], account(None, cells["quoted"] or cells["quote_author"]))
    replied = reference(None, account(None, cells["replied"] or cells["replied_author"]))
    if author and retweeted is None:
        if quoted is None and is_yes(cells["is_quote"]):
            yield NoTie(UNTOLD_QUOTE)
        if replied is None and is_yes(cells["is_reply"]):
            yield NoTie(UNTOLD_REPLY)
    own, implied = parted(mentions(cells["mentions"]), text, replied=replied)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=author or Account(),
        time=cells["time"] or cells["unix"],
        reposted=retweeted,
        quoted=quoted,
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=cells["client"],
        inferred=inferred,
    )


FOURCAT_X = Importer(
    "4cat-x",
    "table of X posts by 4CAT (API v2)",
    (columns("author thread_id unix_timestamp retweeted_user quoted_user replied_user"),),
    of_table=fourcat_x,
)
FOURCAT_ZEESCHUIMER_X = Importer(
    "4cat-zeeschuimer-x",
    "table of X posts by Zeeschuimer or 4CAT",
    (columns("author thread_id unix_timestamp retweeted_user quote_author replied_author"),),
    of_table=fourcat_zeeschuimer_x,
)
