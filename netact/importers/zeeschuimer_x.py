"""Zeeschuimer, X/Twitter: what the site showed while someone was browsing.

How it is obtained: collect with the browser extension Zeeschuimer and press ``.ndjson``, or download the items of such a
collection from 4CAT as NDJSON. One post a line.

Read: ``legacy.retweeted_status_result`` is a retweet, ``quoted_status_result`` a quote, ``legacy.in_reply_to_*`` a reply,
``legacy.entities.user_mentions`` mentions; of long posts the names and hashtags in ``note_tweet``. The author stands in
``core.user_results.result``, in ``core`` (newer) or ``legacy`` (older) of it; where the site left it out, its id stands in
``legacy.user_id_str``. The id of a post is ``rest_id``: ``item_id`` and ``data.id`` were rounded for answers in threads. A quoted
post that is gone is known by its id and, from its address, by its author's handle.

Lost: what the feed did not show: it is what one person saw, not a network that was sampled. Posts shown again count once,
promoted posts are counted and give no tie. Likes, media, metrics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Item, NoTie, PostTable, Unusable, each
from netact.importers.twitter_posts import NO_POST, dict_of, v1_items
from netact.language import Message

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

PROMOTED = Message("promoted posts")
WITHHELD = Message("posts that the platform did not show")
EGO_ONLY = Message("this is what one account's feed showed: who is missing from it is not known")


def read_zeeschuimer_x(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of X/Twitter collected with Zeeschuimer.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _record),
        platform="twitter",
        fields={
            "source": "data.core.user_results, data.legacy.user_id_str",
            "target": "retweeted_status_result, quoted_status_result, in_reply_to_user_id_str, entities.user_mentions",
            "time": "data.legacy.created_at",
            "post_id": "data.rest_id",
            "hashtags": "data.legacy.entities.hashtags",
            "client": "data.source",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
        warnings=(EGO_ONLY,),
    )


def _record(row: int, record: Any) -> list[Item]:
    if not isinstance(record, dict):
        return [Unusable(row, NO_POST)]
    item = record.get("data") if "source_platform" in record else record
    result = _bare(item)
    if result is None:
        return [NoTie(WITHHELD)] if isinstance(item, dict) and "__typename" in item else [Unusable(row, NO_POST)]
    if dict_of(item).get("promoted") is True or result.get("promoted") is True:
        return [NoTie(PROMOTED)]
    return v1_items(row, _as_v1(result))


def _bare(found: Any) -> dict[str, Any] | None:
    """Return a post out of what is around it now and then; None if it was not shown."""
    if isinstance(found, dict) and isinstance(found.get("result"), dict):
        found = found["result"]
    if isinstance(found, dict) and isinstance(found.get("tweet"), dict):
        found = found["tweet"]
    return found if isinstance(found, dict) and isinstance(found.get("legacy"), dict) else None


def _as_v1(result: dict[str, Any]) -> dict[str, Any]:
    """Bring a post into the form of the API v1.1, of which ``legacy`` is the rest."""
    legacy = result["legacy"]
    post = {name: value for name, value in legacy.items() if name not in ("id", "user", "retweeted_status_result")}
    rest_id = result.get("rest_id")
    post["id_str"] = rest_id if isinstance(rest_id, str) and rest_id else legacy.get("id_str")
    post["user"] = _user(result)
    post["source"] = result.get("source") or legacy.get("source")
    note = dict_of(dict_of(dict_of(result.get("note_tweet")).get("note_tweet_results")).get("result"))
    if isinstance(note.get("entity_set"), dict):
        post["extended_tweet"] = {
            "full_text": note.get("text"),
            "entities": note["entity_set"],
            "display_text_range": legacy.get("display_text_range"),
        }
    for name, found in (
        ("retweeted_status", legacy.get("retweeted_status_result") or result.get("retweeted_status_result")),
        ("quoted_status", result.get("quoted_status_result") or result.get("quotedRefResult")),
    ):
        inner = _bare(found)
        if inner is not None:
            post[name] = _as_v1(inner)
    return post


def _user(result: dict[str, Any]) -> dict[str, Any]:
    """Return the author, whose handle has stood in three places."""
    user = dict_of(dict_of(dict_of(result.get("core")).get("user_results")).get("result"))
    core, legacy = dict_of(user.get("core")), dict_of(user.get("legacy"))
    plain = dict_of(result.get("user"))
    return {
        "id_str": result["legacy"].get("user_id_str") or user.get("rest_id") or plain.get("id_str"),
        "screen_name": core.get("screen_name") or legacy.get("screen_name") or plain.get("screen_name"),
        "name": core.get("name") or legacy.get("name") or plain.get("name"),
    }


_SITE = r"^(twitter|x)\.com|^twitter-comments"
ZEESCHUIMER_X = Importer(
    "zeeschuimer-x",
    "X/Twitter collected with Zeeschuimer (NDJSON, also from 4CAT)",
    (
        json_fields("source_platform item_id data", source_platform=_SITE),
        json_fields("legacy.user_id_str legacy.created_at __import_meta"),
        json_fields("rest_id legacy.user_id_str legacy.created_at"),
    ),
    read=read_zeeschuimer_x,
)
