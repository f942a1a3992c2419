"""Tables of Twitter posts and followers by the programs of medialab: gazouilloire, minet and twitwi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.errors import ImportFileError
from netact.importers.importer import Importer, columns
from netact.importers.mapping import fold
from netact.importers.posts import Account, Post, PostTable, Tie, Unusable, each_row
from netact.importers.tweet_rows import (
    TWITTER_ASSUMED,
    account,
    known,
    mentions,
    parted,
    posts_of,
    reference,
    told_by_text,
)
from netact.importers.values import listed
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

WANTED = {
    "id": "id",
    "author_id": "user_id",
    "handle": "user_screen_name",
    "name": "user_name",
    "time": "timestamp_utc",
    "text": "text",
    "client": "source_name",
    "retweeted": "retweeted_id",
    "retweeted_user_id": "retweeted_user_id",
    "retweeted_user": "retweeted_user",
    "quoted": "quoted_id",
    "quoted_user_id": "quoted_user_id",
    "quoted_user": "quoted_user",
    "replied": "to_tweetid",
    "to_id": "to_userid",
    "to": "to_username",
    "names": "mentioned_names",
    "ids": "mentioned_ids",
    "hashtags": "hashtags",
    "via": "collected_via",
}
ROLES = {
    "source": "user_id, user_screen_name",
    "target": "retweeted_user_id, quoted_user_id, to_userid, mentioned_ids",
    "time": "timestamp_utc",
    "post_id": "id",
    "hashtags": "hashtags",
    "client": "source_name",
}
# Posts that came along with those that were asked for.
_ALONG = frozenset({"retweet", "quote", "thread"})


def gazouilloire(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of gazouilloire, minet or twitwi as posts.

    How it is obtained: ``gazou export > tweets.csv``, or ``minet twitter scrape tweets QUERY > tweets.csv`` and its relatives.

    Read: ``retweeted_user_id`` is a retweet, ``quoted_user_id`` a quote, ``to_userid`` with ``to_tweetid`` a reply, ``mentioned_ids``
    with ``mentioned_names`` are mentions; hashtags, program (``source_name``), time (``timestamp_utc``; ``local_time`` is the
    collector's). Rows whose ``collected_via`` is only retweet, quote or thread were not found by the query: they tell who wrote
    them and give no ties. The mentions and hashtags of a quote also hold those of the quoted post, whose text stands in ``« »``: only
    what the quoting text itself holds is read.

    Lost: likes, places, media, links, metrics.
    """
    return posts_of(table, WANTED, post_items, ROLES)


def post_items(row: int, cells: Row) -> Iterator[Item]:
    """Yield what the cells of a post say, named as in ``WANTED``."""
    text = cells["text"] or ""
    retweeted = reference(cells["retweeted"], account(cells["retweeted_user_id"], cells["retweeted_user"]))
    inferred = False
    if retweeted and retweeted.author is None and (told := told_by_text(text, retweeted.post_id)):
        retweeted, inferred = told, True
    quoted = reference(cells["quoted"], account(cells["quoted_user_id"], cells["quoted_user"]))
    addressed = account(cells["to_id"], cells["to"])
    replied = reference(cells["replied"], addressed) if known(cells["replied"]) else None
    whom, tags = mentions(cells["names"], cells["ids"]), listed(cells["hashtags"])
    if quoted is not None and "«" in text:
        before, _, rest = text.partition("«")
        spoken = (before + " " + rest.rpartition("»")[2]).casefold()
        whom = [who for who in whom if not who.handle or f"@{who.handle.casefold()}" in spoken]
        tags = [tag for tag in tags if f"#{str(tag).casefold()}" in spoken]
    own, implied = parted(whom, text, replied=replied, addressed=addressed)
    via = {str(way).casefold() for way in listed(cells["via"])}
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(cells["author_id"], cells["handle"], cells["name"]) or Account(),
        time=cells["time"],
        reposted=retweeted,
        quoted=quoted,
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=tags,
        client=cells["client"],
        collected=not via or not via <= _ALONG,
        inferred=inferred,
    )


# What a column of the accounts that were asked about is called, the surest first.
_EGO_IDS = ("user_id", "twitter_id", "account_id", "id")
_EGO_NAMES = (
    "screen_name",
    "user_screen_name",
    "username",
    "twitter_handle",
    "handle",
    "account",
    "user",
    "query",
    "name",
)
_NO_FOLLOWS = "source target follower followee followed followedid followeeid friend following ego alter kind weight type relation"


def minet_followers(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:
    """Take a table of followers as follows.

    How it is obtained: ``minet twitter followers screen_name accounts.csv > followers.csv``; the columns of the input, then
    ``follower_id``.

    Read: the account in ``follower_id`` follows the one in the column of the input that names it (``user_id``, ``screen_name`` and
    similar; both are read where both are there).

    Lost: the other columns of the input. Ties among the followers are in no such table.
    """
    return _follows(table, source, options, "follower_id", to_ego=True)


def minet_friends(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:
    """Take a table of followed accounts as follows.

    How it is obtained: ``minet twitter friends screen_name accounts.csv > friends.csv``; the columns of the input, then
    ``friend_id``.

    Read: the account in the column of the input that names it (``user_id``, ``screen_name`` and similar; both are read where both
    are there) follows the one in ``friend_id``.

    Lost: the other columns of the input. Ties among the followed accounts are in no such table.
    """
    return _follows(table, source, options, "friend_id", to_ego=False)


def _follows(table: RawTable, source: SourceFile, options: SourceOptions, other: str, *, to_ego: bool) -> PostTable:
    there = {fold(name): name for name in reversed(table.columns)}
    ids = [there[fold(name)] for name in _EGO_IDS if fold(name) in there]
    names = [there[fold(name)] for name in _EGO_NAMES if fold(name) in there]
    if not ids and not names:
        raise ImportFileError(
            source.name,
            f"no column says whose {'followers' if to_ego else 'follows'} these are",
            found=list(table.columns[:20]),
            remedy=f"pass --source and --target: one of them {other}",
        )
    wanted = {"other": other, **({"ego_id": ids[0]} if ids else {}), **({"ego": names[0]} if names else {})}

    def take(row: int, cells: Row) -> Iterator[Item]:
        key = known(cells.get("ego_id"))
        if key and not key.isdigit() and len(key) < 16:
            key, cells["ego"] = None, cells.get("ego") or key  # handles in a column called an id
        ego, they = account(key, cells.get("ego")), account(cells["other"], None)
        if ego is None or they is None:
            yield Unusable(row, Message("no source") if to_ego is (they is None) else Message("no target"))
        else:
            yield Tie(row, "follow", they if to_ego else ego, ego if to_ego else they)

    egos = ", ".join(dict.fromkeys([*ids[:1], *names[:1]]))
    return PostTable(
        items=lambda: each_row(table, wanted, take),
        platform=options.platform or "twitter",
        assumptions=() if options.platform else (TWITTER_ASSUMED,),
        fields={"source": other if to_ego else egos, "target": egos if to_ego else other},
        noun=Message("follows"),
    )


GAZOUILLOIRE = Importer(
    "gazouilloire",
    "table of Twitter posts by gazouilloire, minet or twitwi",
    (columns("user_screen_name timestamp_utc to_userid retweeted_user_id quoted_user_id"),),
    of_table=gazouilloire,
)
MINET_FOLLOWERS = Importer(
    "minet-followers",
    "table of followers by minet",
    tuple(columns(f"follower_id {name}", without=f"{_NO_FOLLOWS} friend_id") for name in (*_EGO_IDS, *_EGO_NAMES)),
    of_table=minet_followers,
)
MINET_FRIENDS = Importer(
    "minet-friends",
    "table of followed accounts by minet",
    tuple(columns(f"friend_id {name}", without=f"{_NO_FOLLOWS} follower_id") for name in (*_EGO_IDS, *_EGO_NAMES)),
    of_table=minet_friends,
)
