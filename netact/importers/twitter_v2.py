"""Twitter API v2: pages as twarc2 writes them, the same flattened, streams, and the split files of academictwitteR.

How it is obtained: ``twarc2 search --archive QUERY tweets.jsonl`` and its relatives, or any program that stores the answers
of the interface; ``twarc2 flatten`` writes one post a line. Both forms give the same interactions. ``twarc2 followers``,
``following`` and ``retweeted-by`` write pages of accounts. academictwitteR stores ``data_*.json`` (posts) and
``users_*.json`` (accounts and referenced posts) side by side. Records of v1.1 in between are read too.

Read: a post with ``referenced_tweets`` of type ``retweeted`` is a retweet of the author of that post, ``quoted`` a quote,
``replied_to`` a reply (a post that is only addressed to an account, ``in_reply_to_user_id``, mentions it);
``entities.mentions`` are mentions, those that the platform put before an answer marked as implicit; ``entities.hashtags``,
``source`` (the program), ``created_at``; of long posts also the entities of ``note_tweet``. Authors of referenced posts stand
in ``includes`` only; where they were deleted or withheld, the handle in ``RT @name:`` serves, marked as inferred. On pages of
accounts the account or post that was asked for stands only in ``__twarc.url``: followers follow it, it follows those it is
following, and who is in ``retweeted_by`` retweeted the author of that post.

Lost: likes, polls, places, media, metrics. The post between an original and a retweet of a retweet is never told by Twitter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import first_values, open_records
from netact.importers.posts import PostTable, each
from netact.importers.twitter_posts import REQUEST, api_items, dict_of, dicts_of

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

FIELDS = {
    "source": "author_id",
    "target": "referenced_tweets, in_reply_to_user_id, entities.mentions",
    "time": "created_at",
    "post_id": "id",
    "hashtags": "entities.hashtags",
    "client": "source",
}
_TABLE_OF_USERS = "twarc2 csv --input-data-type users makes a table of them, which --accounts takes"

# What the interface gives besides posts and lists of accounts, and what to do instead.
_REFUSED = {
    "counts": (
        "this is a statistics table (numbers of posts by time), not interactions",
        "export the posts themselves, for example with twarc2 search",
    ),
    "compliance": (
        "these are notices of which posts or accounts were deleted or protected: ids without authors or targets",
        "name the file of the posts themselves",
    ),
    "authorless": (
        "the posts have no author_id; the request did not ask for it",
        "collect them again with tweet.fields=author_id and expansions=author_id",
    ),
}
# What to do with accounts that stand alone; beside posts they tell who is who.
_REMEDIES = {
    "profiles": f"these are profiles: {_TABLE_OF_USERS}",
    "accounts": (
        "the file does not say whose followers, friends or retweeters these accounts are: collect them with twarc2, which "
        f"writes the request into it; or {_TABLE_OF_USERS}"
    ),
    "likes": "likes are not read as ties: export the posts, retweets or followers",
    "split": (
        "these are the accounts and referenced posts that academictwitteR stores apart: name the folder, or a zip archive, "
        "that also holds its data_*.json"
    ),
}


def read_twitter_v2(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open pages or flattened posts of the Twitter API v2.

    Raises
    ------
    ImportFileError
        If the file is no JSON, or what the interface gives besides posts and lists of followers.
    """
    kinds = {_what(value) for value in first_values(source, options)}
    what = kinds.pop() if len(kinds) == 1 else ""
    if what in _REFUSED:
        found, remedy = _REFUSED[what]
        # Posts without authors are interactions lost; the others never were any, and may lie beside posts.
        kind = ImportFileError if what == "authorless" else NoInteractionsError
        raise kind(source.name, found, remedy=remedy)
    records = open_records(source, options)
    table = PostTable(
        items=lambda: each(records, api_items),
        platform="twitter",
        fields=FIELDS,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )
    return replace(table, remedy=_REMEDIES[what]) if what in _REMEDIES else table


def _what(value: Any) -> str:
    """Say in a word what a record is."""
    if not isinstance(value, dict):
        return "other"
    if "action" in value and "id" in value and "author_id" not in value:
        return "compliance"
    if "users" in value and "data" not in value:
        return "split"
    data = value.get("data")
    records = dicts_of(data) if isinstance(data, list) else [dict_of(data)] if data else []
    if not records:
        records = [value]
    first = records[0]
    if "tweet_count" in first:
        return "counts"
    if "username" in first and "author_id" not in first:
        url = dict_of(value.get("__twarc")).get("url")
        if not url:
            return "accounts"
        told = REQUEST.search(str(url))
        if told and told[3] in ("followers", "following", "retweeted_by"):
            return "ties"
        return "likes" if told and told[3] == "liking_users" else "profiles"
    if "text" in first and not any("author_id" in record or "author" in record for record in records):
        return "authorless"
    return "posts" if "author_id" in first else "other"


TWITTER_V2 = Importer(
    "twitter-v2",
    "Twitter API v2, pages or flattened (twarc2, academictwitteR)",
    (
        json_fields("data[].tweet_count data[].start"),
        json_fields(
            "id action created_at reason", action="^(delete|undelete|withhold|scrub_geo|.*protect.*|.*suspend.*)$"
        ),
        json_fields("users[].username users[].id"),
        json_fields("username id __twarc.url"),
        json_fields("data[].username data[].id data[].name"),
        json_fields("data[].id data[].text"),
        json_fields("data[].author_id"),
        json_fields("data.author_id data.text"),
        json_fields("author_id id text created_at", without="user data"),
        json_fields("author_id author.username text"),
    ),
    read=read_twitter_v2,
)
