"""Tables of posts of accounts that were taken down and then released: information operations, IRA, "confirmed trolls"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, NoTie, Post, Unusable
from netact.importers.tweet_rows import (
    UNTOLD_RETWEET,
    account,
    hashed_authors,
    is_yes,
    known,
    leading,
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

_IO = {
    "id": "tweetid",
    "author_id": "userid",
    "handle": "user_screen_name",
    "name": "user_display_name",
    "time": "tweet_time",
    "text": "tweet_text",
    "client": "tweet_client_name",
    "to_id": "in_reply_to_userid",
    "replied": "in_reply_to_tweetid",
    "quoted": "quoted_tweet_tweetid",
    "is_retweet": "is_retweet",
    "retweeted_user_id": "retweet_userid",
    "retweeted": "retweet_tweetid",
    "hashtags": "hashtags",
    "mentions": "user_mentions",
}
_IO_ROLES = {
    "source": "userid",
    "target": "retweet_userid, in_reply_to_userid, quoted_tweet_tweetid, user_mentions",
    "time": "tweet_time",
    "post_id": "tweetid",
    "hashtags": "hashtags",
    "client": "tweet_client_name",
}


def information_operations(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of Twitter's archive of information operations as posts.

    How it is obtained: the releases of Twitter's transparency centre (2018 to 2022), ``..._tweets_csv_hashed.csv`` or the unhashed
    files given to researchers; both orders of columns.

    Read: ``retweet_userid`` is a retweet, ``in_reply_to_userid`` with ``in_reply_to_tweetid`` a reply, ``quoted_tweet_tweetid`` a quote
    (its author is looked up among the posts of the import), ``user_mentions`` are mentions; hashtags, program, time (without a zone,
    read as UTC). Where ``retweet_userid`` is empty, the handle in ``RT @name`` serves, marked as inferred.

    Lost: the author of a quoted post that is not among the posts. In hashed files authors are hashes and those they name are plain
    numbers: an account that does both counts as two, and is never guessed to be one. Polls, places, links, metrics.
    """
    return posts_of(table, _IO, _operation, _IO_ROLES, warnings=hashed_authors(table, "userid"))


def _operation(row: int, cells: Row) -> Iterator[Item]:
    text, passed_on, inferred = cells["text"], None, False
    if is_yes(cells["is_retweet"]) or known(cells["retweeted_user_id"]) or known(cells["retweeted"]):
        passed_on = reference(cells["retweeted"], account(cells["retweeted_user_id"], None))
        if (passed_on is None or passed_on.author is None) and (told := told_by_text(text, cells["retweeted"])):
            passed_on, inferred = told, True
        if passed_on is None:
            yield Unusable(row, UNTOLD_RETWEET)
            return
    addressed = account(cells["to_id"], None)
    replied = reference(cells["replied"], addressed) if known(cells["replied"]) else None
    key, handle = known(cells["author_id"]), cells["handle"]
    own, implied = parted(mentions(None, cells["mentions"]), text, replied=replied, addressed=addressed)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        # A hashed account has the hash for a handle too.
        author=account(key, None if handle == key else handle, None if cells["name"] == key else cells["name"])
        or Account(),
        time=cells["time"],
        reposted=passed_on,
        quoted=reference(cells["quoted"]),
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=cells["client"],
        inferred=inferred,
    )


_IRA = {
    "id": "tweet_id",
    "author_id": "alt_external_id",
    "handle": "author",
    "time": "publish_date",
    "text": "content",
    "retweet": "retweet",
    "type": "post_type",
}


def fivethirtyeight_ira(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take the table of Internet Research Agency posts that FiveThirtyEight published as posts.

    How it is obtained: ``IRAhandle_tweets_1.csv`` and following of FiveThirtyEight's repository russian-troll-tweets.

    Read: a ``content`` that begins with ``RT @name`` is a retweet of that account, marked as inferred; accounts by ``author`` and
    ``alt_external_id`` (``external_author_id`` is damaged in the published files); time (``publish_date``, read as UTC).

    Lost: the table has no column that says whom a retweet, quote or reply is about. Retweets whose text does not name the account are
    counted and left out; a file without any such name is refused.
    """
    roles = {"source": "author", "target": "content", "time": "publish_date", "post_id": "tweet_id"}
    return posts_of(table, _IRA, _agency, roles, whole_times=True)


def _agency(row: int, cells: Row) -> Iterator[Item]:
    passed_on = told_by_text(cells["text"])
    if passed_on is None and (is_yes(cells["retweet"]) or "RETWEET" in (cells["type"] or "")):
        yield NoTie(UNTOLD_RETWEET)
        return
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"]) or Account(),
        time=cells["time"],
        reposted=passed_on,
        inferred=True,
    )


_NBC = {
    "id": "tweet_id",
    "author_id": "user_id",
    "handle": "user_key",
    "time": "created_at",
    "written": "created_str",
    "text": "text",
    "client": "source",
    "hashtags": "hashtags",
    "mentions": "mentions",
    "retweeted": "retweeted_status_id",
    "replied": "in_reply_to_status_id",
}
_NBC_ROLES = {
    "source": "user_id, user_key",
    "target": "text, retweeted_status_id, in_reply_to_status_id, mentions",
    "time": "created_at",
    "post_id": "tweet_id",
    "hashtags": "hashtags",
    "client": "source",
}


def nbc_trolls(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take the table of Twitter posts that NBC News released as posts.

    How it is obtained: ``tweets.csv`` of NBC News (2018) and copies of it, also with lines of prose before the header.

    Read: a text that begins with ``RT @name`` is a retweet of that account, marked as inferred (``retweeted_status_id`` is mostly
    empty); ``in_reply_to_status_id`` is a reply to the first account named before the text, else to the author of that post if it is
    among the posts; ``mentions`` are mentions; hashtags, program, time (``created_at``, else ``created_str``).

    Lost: the author of a post that is answered and not among the posts; metrics, links.
    """
    return posts_of(table, _NBC, _released, _NBC_ROLES, whole_times=True)


def _released(row: int, cells: Row) -> Iterator[Item]:
    text = cells["text"]
    passed_on, inferred = told_by_text(text, cells["retweeted"]), True
    if passed_on is None:
        passed_on, inferred = reference(cells["retweeted"]), False
    replied = reference(cells["replied"])
    if replied is not None and passed_on is None and (names := leading(text)):
        replied = reference(replied.post_id, Account(None, names[0]))
    own, implied = parted(mentions(cells["mentions"]), text, replied=replied)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"]) or Account(),
        time=cells["time"] or cells["written"],
        reposted=passed_on,
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=cells["client"],
        inferred=inferred,
    )


INFORMATION_OPERATIONS = Importer(
    "information-operations",
    "Twitter's archive of information operations",
    (columns("tweetid userid tweet_client_name retweet_userid"),),
    of_table=information_operations,
)
FIVETHIRTYEIGHT_IRA = Importer(
    "fivethirtyeight-ira",
    "Internet Research Agency posts by FiveThirtyEight",
    (columns("external_author_id author content publish_date account_category"),),
    of_table=fivethirtyeight_ira,
)
NBC_TROLLS = Importer(
    "nbc-trolls",
    "released Twitter posts by NBC News",
    (columns("user_key tweet_id text created_str"), columns("user_key tweet_id text created_at mentions")),
    of_table=nbc_trolls,
)
