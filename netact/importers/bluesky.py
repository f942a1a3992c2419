"""Bluesky: the stream of all public records (Jetstream, Tap), answers of the interface, and tables made of them.

How it is obtained: Jetstream as ``websocat 'wss://.../subscribe?...' > records.jsonl``, one event a line; Tap the same with
``type`` and ``record``; posts, feeds, threads, followers and follows as the interface (``app.bsky.*``) answers; the CSV export
of 4CAT; the CSV that minet and twitwi write.

Read: reposts, quotes (also beside a picture), replies, mentions by account id (DID), follows; hashtags; changes of handle, so
that tables by handle and by DID join. The author of a post that is acted on stands in its address, so it is always known.
What a later event takes back (a post, a repost, a follow) is taken out again. Jetstream gives the time at which the relay saw
the record; elsewhere it is the one that the posting program claims. In the CSV of minet and twitwi the row of a repost is the
post of the original author, who is the target; rows collected only along with others (``collected_via`` quote or thread) give
authors and no ties.

Lost: likes, lists, blocks, media, metrics; through whom a repost came (``via``): reposts go to the original author. In the
4CAT table quoted posts that were deleted, blocked or detached have no author: they stay unresolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, columns, json_fields
from netact.importers.json_records import first_values, open_records
from netact.importers.posts import (
    Account,
    Deleted,
    Item,
    Known,
    NoTie,
    Post,
    PostTable,
    Reference,
    Tie,
    Unusable,
    each,
    each_row,
    guarded,
)
from netact.importers.twitter_posts import ERRORS, LIKES, NO_POST, NOTICES, PROFILES
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_POST, _REPOST, _LIKE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.feed.like"
_FOLLOW, _PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"
_READ = frozenset({_POST, _REPOST, _FOLLOW, _PROFILE})
# Stands where a handle could not be verified, for any number of accounts.
_NO_HANDLE = "handle.invalid"

OTHER_RECORDS = Message("records of other kinds")
CLAIMED_TIMES = Message("times are those that the posting program stated")


# ---------------------------------------------------------------- records of the stream


def read_jetstream(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open events of Jetstream or Tap.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    first = first_values(source, options, most=1)
    relay = any(isinstance(value, dict) and "time_us" in value for value in first)
    return PostTable(
        items=lambda: each(records, _event),
        platform="bluesky",
        fields={
            "source": "did",
            "target": "subject, reply.parent.uri, embed.record.uri, facets",
            "time": "time_us" if relay else "createdAt",
            "post_id": "did, collection, rkey",
            "hashtags": "facets, tags",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
        assumptions=() if relay else (CLAIMED_TIMES,),
    )


def _event(row: int, event: Any) -> list[Item]:
    if not isinstance(event, dict):
        return [Unusable(row, NO_POST)]
    what = event.get("kind") or event.get("type")
    if what == "commit":
        commit = event["commit"]
        return _commit(row, event["did"], commit, commit["operation"], str(event["time_us"]))
    if what == "record":
        commit = event["record"]
        return _commit(row, commit["did"], commit, commit["action"], None)
    if what == "identity":
        told, time = event["identity"], event.get("time_us")
        who = Account(told.get("did") or event["did"], _handle(told.get("handle")))
        return [NoTie(PROFILES), Known(who, None if time is None else str(time))]
    return [NoTie(PROFILES) if what == "account" else Unusable(row, NO_POST)]


def _commit(row: int, did: str, commit: Mapping[str, Any], operation: str, time: str | None) -> list[Item]:
    collection = commit["collection"]
    if collection == _LIKE:
        return [NoTie(LIKES)]
    if collection not in _READ:
        return [NoTie(OTHER_RECORDS)]
    uri = f"at://{did}/{collection}/{commit['rkey']}"
    if operation == "delete":
        return [NoTie(NOTICES), Deleted(uri)]
    record = commit["record"]
    time = time or _created(record)
    if collection == _POST:
        return [_post_of(row, uri, Account(did), record, time)]
    if collection == _REPOST:
        return [_repost(row, uri, Account(did), record["subject"]["uri"], time)]
    if collection == _FOLLOW:
        return [Tie(row, "follow", Account(did), Account(record["subject"]), time, uri)]
    return [NoTie(PROFILES), Known(Account(did, None, record.get("displayName")), time)]


def _repost(row: int, uri: str | None, author: Account, subject: str, time: str | None) -> Item:
    original = _written(subject)
    return NoTie(OTHER_RECORDS) if original is None else Post(row, uri, author, time, reposted=original)


def _post_of(
    row: int, uri: str, author: Account, record: Mapping[str, Any], time: str | None, *, collected: bool = True
) -> Post:
    reply = record.get("reply")
    mentioned: list[Account] = []
    tags = list(record.get("tags") or ())
    for facet in record.get("facets") or ():
        for feature in facet.get("features") or ():
            if "did" in feature:
                mentioned.append(Account(feature["did"]))
            elif "tag" in feature:
                tags.append(feature["tag"])
    return Post(
        row=row,
        post_id=uri,
        author=author,
        time=time,
        quoted=_quoted(record.get("embed")),
        # Some programs answer the repost of a post: who reposted it is answered.
        replied=_written(reply["parent"]["uri"], only_posts=False) if reply else None,
        mentioned=mentioned,
        hashtags=tags,
        collected=collected,
    )


def _quoted(embed: Any) -> Reference | None:
    """Return the post that is embedded; lists, feeds and pictures are none."""
    inner = embed.get("record") if isinstance(embed, dict) else None
    if not isinstance(inner, dict):
        return None
    # Beside a picture the embedded record lies one level deeper.
    inner = inner.get("record") if "uri" not in inner else inner
    return _written(inner["uri"]) if isinstance(inner, dict) and isinstance(inner.get("uri"), str) else None


def _written(uri: str, *, only_posts: bool = True) -> Reference | None:
    """Return a post and its author by its address ``at://DID/COLLECTION/KEY``; None if it is no post."""
    parts = uri.removeprefix("at://").split("/")
    if len(parts) != 3 or (only_posts and parts[1] != _POST):
        return None
    did = parts[0]
    return Reference(uri, Account(did) if did.startswith("did:") else Account(None, did))


def _created(record: Mapping[str, Any]) -> str | None:
    return record.get("createdAt") or record.get("created_at")


def _handle(value: Any) -> str | None:
    return value if isinstance(value, str) and value and value != _NO_HANDLE else None


# ---------------------------------------------------------------- answers of the interface


def read_bluesky_api(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts, feeds, threads, followers or follows as the interface answers.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _answer),
        platform="bluesky",
        fields={
            "source": "author",
            "target": "reason, record.reply.parent.uri, record.embed.record.uri, record.facets",
            "time": "record.createdAt",
            "post_id": "uri",
            "hashtags": "record.facets, record.tags",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
        assumptions=(CLAIMED_TIMES,),
    )


def _answer(row: int, answer: Any) -> Iterator[Item]:
    if not isinstance(answer, dict):
        yield Unusable(row, NO_POST)
    elif "uri" in answer and "record" in answer:
        yield _view(row, answer)
    elif isinstance(answer.get("post"), dict):
        yield from _feed_item(row, answer)
    elif isinstance(answer.get("feed"), list) or isinstance(answer.get("posts"), list):
        for part in [*(answer.get("feed") or ()), *(answer.get("posts") or ())]:
            yield from guarded(row, part, _answer)
    elif isinstance(answer.get("thread"), dict):
        yield from _answer(row, answer["thread"])
    elif isinstance(answer.get("subject"), dict):
        ego = _profile(answer["subject"])
        for other in answer.get("followers") or ():
            yield Tie(row, "follow", _profile(other), ego)
        for other in answer.get("follows") or ():
            yield Tie(row, "follow", ego, _profile(other))
    elif isinstance(answer.get("repostedBy"), list):
        for actor in answer["repostedBy"]:
            yield _repost(row, None, _profile(actor), answer["uri"], None)
    elif isinstance(answer.get("likes"), list):
        yield NoTie(LIKES)
    elif answer.get("notFound") or answer.get("blocked"):
        yield NoTie(ERRORS)
    else:
        yield Unusable(row, NO_POST)


def _feed_item(row: int, item: Mapping[str, Any]) -> Iterator[Item]:
    post, reason = item["post"], item.get("reason")
    if isinstance(reason, dict) and isinstance(reason.get("by"), dict):
        actor, uri = _profile(reason["by"]), post["uri"]
        key = reason.get("uri") or f"repost of {uri} by {actor.text}"
        yield Post(row, key, actor, reason.get("indexedAt"), reposted=Reference(uri, _profile(post["author"])))
        yield _view(row, post, collected=False)
    else:
        yield _view(row, post)
    around = item.get("reply")
    for other in (around.get("root"), around.get("parent")) if isinstance(around, dict) else ():
        if isinstance(other, dict) and "author" in other and "record" in other:
            yield _view(row, other, collected=False)
    parent = item.get("parent")
    if isinstance(parent, dict):
        yield from guarded(row, parent, _answer)
    for below in item.get("replies") or ():
        yield from guarded(row, below, _answer)


def _view(row: int, post: Mapping[str, Any], *, collected: bool = True) -> Post:
    record = post["record"]
    return _post_of(row, post["uri"], _profile(post["author"]), record, _created(record), collected=collected)


def _profile(actor: Mapping[str, Any]) -> Account:
    return Account(
        actor.get("did"), _handle(actor.get("handle")), actor.get("displayName") or actor.get("display_name")
    )


# ---------------------------------------------------------------- tables

_WANTED_4CAT = {
    name: name
    for name in (
        "id", "created_at", "timestamp", "author", "author_id", "author_display_name", "quoted_post", "quoted_user",
        "replied_to_post", "replied_to_user", "mentions", "tags",
    )
}  # fmt: skip
_WANTED_TWITWI = {
    name: name
    for name in (
        "uri", "timestamp_utc", "user_did", "user_handle", "user_display_name", "to_post_uri", "to_user_did",
        "repost_by_user_did", "repost_by_user_handle", "repost_timestamp_utc", "quoted_uri", "quoted_user_did",
        "quoted_user_handle", "mentioned_user_dids", "mentioned_user_handles", "hashtags", "collected_via",
    )
}  # fmt: skip
_CONTEXT = {"quote", "thread", "retweet", "repost"}


def read_4cat_bluesky(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Open the CSV export of a Bluesky collection in 4CAT."""
    return PostTable(
        items=lambda: each_row(table, _WANTED_4CAT, _row_of_4cat),
        platform="bluesky",
        fields={
            "source": "author_id, author",
            "target": "quoted_user, replied_to_user, mentions",
            "time": "created_at",
            "post_id": "id",
            "hashtags": "tags",
        },
        assumptions=(CLAIMED_TIMES,),
    )


def _row_of_4cat(row: int, cells: dict[str, str | None]) -> Iterator[Item]:
    quoted = None
    link = cells["quoted_post"]
    if cells["quoted_user"] or link:
        # In place of the address may stand DELETED, REMOVED BY AUTHOR or VIEWER BLOCKED BY AUTHOR.
        quoted = _linked(link, cells["quoted_user"]) or Reference(f"quoted in {cells['id']}")
    yield Post(
        row=row,
        post_id=cells["id"],
        author=Account(cells["author_id"], _handle(cells["author"]), cells["author_display_name"]),
        time=cells["created_at"] or cells["timestamp"],
        quoted=quoted,
        replied=_linked(cells["replied_to_post"], cells["replied_to_user"]),
        mentioned=[who for name in _parts(cells["mentions"], ",") if (who := _named(name))],
        hashtags=_parts(cells["tags"], ","),
    )


def _linked(link: str | None, user: str | None) -> Reference | None:
    who = _named(user)
    parts = (link or "").rsplit("/", 3)
    if len(parts) == 4 and parts[2] == "post":
        who = who or _named(parts[1])
        if who is not None and who.native_id:
            return Reference(f"at://{who.native_id}/{_POST}/{parts[3]}", who)
    return None if who is None else Reference(None, who)


def _named(name: str | None) -> Account | None:
    """Return an account by what may be a handle or a DID."""
    name = (name or "").strip().lstrip("@")
    if not name or name == _NO_HANDLE:
        return None
    return Account(name) if name.startswith("did:") else Account(None, name)


def _parts(text: str | None, separator: str) -> list[str]:
    return [part.strip() for part in (text or "").split(separator) if part.strip()]


def read_twitwi_bluesky(table: RawTable, _source: SourceFile, _options: SourceOptions) -> PostTable:
    """Open the CSV of Bluesky posts that minet and twitwi write."""
    return PostTable(
        items=lambda: each_row(table, _WANTED_TWITWI, _row_of_twitwi),
        platform="bluesky",
        fields={
            "source": "repost_by_user_did, user_did",
            "target": "user_did, quoted_user_did, to_user_did, mentioned_user_dids",
            "time": "repost_timestamp_utc, timestamp_utc",
            "post_id": "uri",
            "hashtags": "hashtags",
        },
        assumptions=(CLAIMED_TIMES,),
    )


def _row_of_twitwi(row: int, cells: dict[str, str | None]) -> Iterator[Item]:
    author = Account(cells["user_did"], _handle(cells["user_handle"]), cells["user_display_name"])
    uri, time = cells["uri"], cells["timestamp_utc"]
    actor = Account(cells["repost_by_user_did"], _handle(cells["repost_by_user_handle"]))
    if actor.text:
        key = f"repost of {uri} by {actor.text}"
        yield Post(row, key, actor, cells["repost_timestamp_utc"], reposted=Reference(uri, author))
        yield Post(row, uri, author, time, collected=False)
        return
    dids, names = _parts(cells["mentioned_user_dids"], "|"), _parts(cells["mentioned_user_handles"], "|")
    via = set(_parts(cells["collected_via"], "|"))
    yield Post(
        row=row,
        post_id=uri,
        author=author,
        time=time,
        quoted=_told(cells["quoted_uri"], cells["quoted_user_did"], cells["quoted_user_handle"]),
        replied=_told(cells["to_post_uri"], cells["to_user_did"], None, only_posts=False),
        mentioned=[
            Account(did, _handle(names[place]) if len(names) == len(dids) else None) for place, did in enumerate(dids)
        ],
        hashtags=_parts(cells["hashtags"], "|"),
        collected=not via or not via <= _CONTEXT,
    )


def _told(uri: str | None, did: str | None, handle: str | None, *, only_posts: bool = True) -> Reference | None:
    if uri:
        found = _written(uri, only_posts=only_posts)
        return found and Reference(uri, Account(did, _handle(handle)) if did else found.author)
    return Reference(None, Account(did, _handle(handle))) if did else None


JETSTREAM = Importer(
    "bluesky-jetstream",
    "Bluesky event stream (Jetstream, Tap)",
    (
        json_fields("did time_us kind"),
        json_fields("type record.did record.collection record.action"),
        json_fields("type identity.did", without="kind"),
    ),
    read=read_jetstream,
)
BLUESKY_API = Importer(
    "bluesky-api",
    "Bluesky posts, feeds, followers as the interface answers",
    (
        json_fields("uri author.did record"),
        json_fields("post.author.did post.record"),
        json_fields("feed[].post.author.did"),
        json_fields("posts[].author.did posts[].record"),
        json_fields("thread.post.author.did"),
        json_fields("subject.did followers[].did"),
        json_fields("subject.did follows[].did"),
        json_fields("uri repostedBy[].did"),
    ),
    read=read_bluesky_api,
)
BLUESKY_4CAT = Importer(
    "4cat-bluesky",
    "4CAT export of Bluesky posts",
    (columns("author author_id thread_id quoted_post quoted_user replied_to_post replied_to_user mentions"),),
    of_table=read_4cat_bluesky,
)
BLUESKY_TWITWI = Importer(
    "twitwi-bluesky",
    "Bluesky posts of minet or twitwi",
    (columns("uri user_did user_handle timestamp_utc repost_by_user_did quoted_user_did mentioned_user_dids"),),
    of_table=read_twitwi_bluesky,
)
