"""Tables of Twitter posts by twint, by Social Feed Manager and for the coordination network toolkit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from netact.importers.importer import Importer, columns
from netact.importers.mapping import Loaded, fold
from netact.importers.posts import Account, NoTie, Post, PostTable, Share, Unusable, each_row
from netact.importers.tweet_rows import (
    TWITTER_ASSUMED,
    UNTOLD_QUOTE,
    UNTOLD_RETWEET,
    account,
    is_yes,
    known,
    mentions,
    named,
    parted,
    posts_of,
    reference,
    told_by_text,
)
from netact.importers.twitter_posts import NO_POST
from netact.importers.values import listed
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.posts import Item, Reference
    from netact.importers.source_file import SourceFile
    from netact.importers.tweet_rows import Row

_LINK = re.compile(r"(?:twitter|x)\.com/([A-Za-z0-9_]{1,15})/status(?:es)?/(\d+)")

_TWINT = {
    "id": "id",
    "conversation": "conversation_id",
    "created": "created_at",
    "date": "date",
    "clock": "time",
    "zone": "timezone",
    "author_id": "user_id",
    "handle": "username",
    "name": "name",
    "text": "tweet",
    "mentions": "mentions",
    "hashtags": "hashtags",
    "retweet": "retweet",
    "quote_url": "quote_url",
    "client": "source",
    "rt_user_id": "user_rt_id",
    "rt_user": "user_rt",
    "rt_id": "retweet_id",
    "rt_time": "retweet_date",
    "reply_to": "reply_to",
}
_TWINT_ROLES = {
    "source": "user_id, username",
    "target": "user_rt_id, quote_url, reply_to, mentions",
    "time": "date, time, timezone",
    "post_id": "id",
    "hashtags": "hashtags",
    "client": "source",
}


def twint(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of twint as posts.

    How it is obtained: ``twint -s QUERY -o tweets.csv --csv`` (or ``--tabs``), any release until the end of the program in 2021.

    Read: ``user_rt_id`` is a retweet (newer releases name the original author there, older ones the account that retweeted: the order
    of the two posts' ids tells which), ``quote_url`` a quote, the first account in ``reply_to`` is answered where the post is not the
    first of its conversation, ``mentions`` are mentions; hashtags; ``date`` and ``time`` in the zone of ``timezone``.

    Lost: the id of the post that is answered; most retweets, which twint's search did not find; links, media, metrics.
    """
    return posts_of(table, _TWINT, _twint, _TWINT_ROLES)


def _twint(row: int, cells: Row) -> Iterator[Item]:
    author = account(cells["author_id"], cells["handle"], cells["name"]) or Account()
    post_id, text, time = known(cells["id"]), cells["text"], _local(cells)
    if is_yes(cells["retweet"]) or known(cells["rt_id"]) or known(cells["rt_user_id"]):
        yield from _twint_retweet(row, cells, author, post_id, time)
        return
    answered = [who for who in mentions(cells["reply_to"]) if who.native_id != author.native_id or not who.native_id]
    answered = [who for who in answered if not (who.handle and who.handle == named(cells["handle"]))]
    replied = None
    if answered and known(cells["conversation"]) != post_id:
        replied = reference(None, answered[0])
    elif answered:
        replied = None
    quoted = None
    if found := _LINK.search(cells["quote_url"] or ""):
        quoted = reference(found[2], Account(None, found[1]))
    whom = [*mentions(cells["mentions"])]
    names = {who.handle.casefold() for who in whom if who.handle}
    whom += [who for who in answered if who.handle and who.handle.casefold() not in names]
    own, implied = parted(whom, text, replied=replied)
    yield Post(
        row=row,
        post_id=post_id,
        author=author,
        time=time,
        quoted=quoted,
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        client=cells["client"],
    )


def _twint_retweet(row: int, cells: Row, author: Account, post_id: str | None, time: str | None) -> Iterator[Item]:
    other_id, said = known(cells["rt_id"]), cells["rt_user"] or ""
    # In newer releases the cell holds the text of the original, not a name.
    handle = said if re.fullmatch(r"@?[A-Za-z0-9_]{1,15}", said) else None
    other = account(cells["rt_user_id"], handle)
    told = told_by_text(cells["text"])
    newer = bool(post_id and other_id and post_id.isdigit() and other_id.isdigit() and int(other_id) < int(post_id))
    if newer or not handle:
        name = told.author.handle if told and told.author else None
        original = account(cells["rt_user_id"], handle or name)
        passed_on: Reference | None = reference(other_id, original)
        if passed_on is None:
            yield Unusable(row, UNTOLD_RETWEET)
            return
        yield Post(row=row, post_id=post_id, author=author, time=time, reposted=passed_on, client=cells["client"])
        return
    yield Post(row=row, post_id=post_id, author=author, time=time, collected=False)
    yield Post(
        row=row,
        post_id=other_id,
        author=other or Account(),
        time=cells["rt_time"],
        reposted=reference(post_id, author),
        client=cells["client"],
    )


def _local(cells: Row) -> str | None:
    """Return the time with the zone that a column of its own tells (``+0200``, or 200.0 after a spreadsheet)."""
    date, clock, zone = cells["date"], cells["clock"], (cells["zone"] or "").strip()
    found = re.fullmatch(r"([+-]?)(\d{1,4})(?:\.0)?|([+-]\d{2}):(\d{2})", zone)
    if not date or not clock or not found:
        return cells["created"] or (f"{date} {clock}" if date and clock else date)
    offset = f"{found[3]}{found[4]}" if found[3] else f"{found[1] or '+'}{found[2].zfill(4)}"
    return f"{date} {clock}{offset}"


_SFM = {
    "id": "twitter_id",
    "time": "created_at",
    "handle": "screen_name",
    "text": "text",
    "to": "in_reply_to_screen_name",
    "mentions": "mentions",
    "hashtags": "hashtags",
    "is_retweet": "is_retweet",
    "is_quote": "is_quote",
}
_SFM_ROLES = {
    "source": "screen_name",
    "target": "text, in_reply_to_screen_name, mentions",
    "time": "created_at",
    "post_id": "twitter_id",
    "hashtags": "hashtags",
}


def social_feed_manager(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Take a table of Social Feed Manager or TweetSets as posts.

    How it is obtained: Social Feed Manager, "Export" of a Twitter collection as CSV, TSV or Excel; TweetSets, tweet CSV.

    Read: a text that begins with ``RT @name`` is a retweet of that account, marked as inferred; ``in_reply_to_screen_name`` is a reply,
    ``mentions`` are mentions; hashtags, time. Accounts are handles only.

    Lost: whom a quote quotes (quotes are counted); the id of the post that is answered; program, places, media, metrics.
    """
    return posts_of(table, _SFM, _sfm, _SFM_ROLES, whole_times=True)


def _sfm(row: int, cells: Row) -> Iterator[Item]:
    text = cells["text"]
    passed_on = told_by_text(text)
    if passed_on is None and is_yes(cells["is_retweet"]):
        yield Unusable(row, UNTOLD_RETWEET)
        return
    if passed_on is None and is_yes(cells["is_quote"]):
        yield NoTie(UNTOLD_QUOTE)
    replied = reference(None, account(None, cells["to"]))
    own, implied = parted(mentions(cells["mentions"]), text, replied=replied)
    yield Post(
        row=row,
        post_id=known(cells["id"]),
        author=account(None, cells["handle"]) or Account(),
        time=cells["time"],
        reposted=passed_on,
        replied=replied,
        mentioned=own,
        implied=implied,
        hashtags=listed(cells["hashtags"]),
        inferred=passed_on is not None,
    )


QUT_COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
_QUT = {name: name for name in QUT_COLUMNS}
_QUT_ROLES = {
    "source": "user_id, username",
    "target": "repost_id, reply_id",
    "time": "timestamp",
    "post_id": "message_id",
}
_TWITTER_BEGAN = 1_136_073_600
_EARLY = Message(
    "times lie before 2006, when Twitter began: the toolkit's older converters count from another moment; only their order and "
    "distances mean anything"
)


def qut_coordination(table: RawTable, _source: SourceFile, options: SourceOptions) -> PostTable:
    """Take a table for the coordination network toolkit as posts.

    How it is obtained: input of QUT's coordination-network-toolkit, also written by its converters; eight columns in the order
    ``message_id, user_id, username, repost_id, reply_id, message, timestamp, urls``. A file without this header has to be told
    (``--format qut-coordination``).

    Read: ``repost_id`` is a retweet and ``reply_id`` a reply: their authors are looked up among the messages, also of other files.
    Accounts that shared the same of ``urls`` in messages of their own are tied, without direction. Time (Unix).

    Lost: who is mentioned; hashtags. Reposts of messages that are in no file are counted and kept apart.
    """
    if not table.header:
        table = _headed(table)
    times = [name for name in table.columns if fold(name) == "timestamp"]
    latest = table.load(times).frame[times[0]].cast(pl.Float64, strict=False).max() if times else None
    early = isinstance(latest, float) and latest < _TWITTER_BEGAN
    return PostTable(
        items=lambda: each_row(table, _QUT, _message),
        platform=options.platform or "twitter",
        fields=_QUT_ROLES,
        assumptions=() if options.platform else (TWITTER_ASSUMED,),
        warnings=(_EARLY,) if early else (),
    )


def _headed(table: RawTable) -> RawTable:
    """Give a table without a header the names that belong to its places."""
    names = dict(zip(QUT_COLUMNS, table.columns, strict=False))

    def load(wanted: list[str]) -> Loaded:
        loaded = table.load([names[name] for name in wanted])
        called = {names[name]: name for name in wanted}
        return replace(loaded, frame=loaded.frame.rename(called))

    sample = table.sample.rename({old: new for new, old in names.items() if old in table.sample.columns})
    return replace(table, columns=tuple(names), sample=sample, load=load)


def _message(row: int, cells: Row) -> Iterator[Item]:
    author = account(cells["user_id"], cells["username"])
    if not known(cells["message_id"]):
        yield Unusable(row, NO_POST)
        return
    yield Post(
        row=row,
        post_id=known(cells["message_id"]),
        author=author or Account(),
        time=cells["timestamp"],
        reposted=reference(cells["repost_id"]),
        replied=reference(cells["reply_id"]),
    )
    if author and not known(cells["repost_id"]):
        for link in listed(cells["urls"]):
            yield Share(row, author, str(link), cells["timestamp"], known(cells["message_id"]))


TWINT = Importer(
    "twint",
    "table of Twitter posts by twint",
    (columns("conversation_id user_id username tweet timezone user_rt_id"),),
    of_table=twint,
)
SOCIAL_FEED_MANAGER = Importer(
    "social-feed-manager",
    "table of Twitter posts by Social Feed Manager or TweetSets",
    (columns("twitter_id screen_name text url1_expanded in_reply_to_screen_name"),),
    of_table=social_feed_manager,
)
QUT_COORDINATION = Importer(
    "qut-coordination",
    "table for the coordination network toolkit",
    (columns("message_id user_id username repost_id reply_id timestamp"),),
    of_table=qut_coordination,
    positional=len(QUT_COLUMNS),
)
