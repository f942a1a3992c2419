"""Reddit: comments and submissions as Pushshift and Arctic Shift give them.

How it is obtained: the monthly dumps RC (comments) and RS (submissions) or those of single subreddits, JSON lines packed with
zstd, or the download of Arctic Shift. Give the comments and the submissions of the same time together: a comment names only
the post it answers, and its author stands in the other file.

Read: a comment is a reply to the author of the comment or submission it answers (``parent_id``); a crosspost is a forward of
the author of the original. ``AutoModerator`` is marked as a bot. Accounts are kept by their name, which Reddit never changes.

Lost: votes, media, names written into texts (``u/name``). Authors shown as ``[deleted]`` are many people: their posts are
counted and left out, and answers to them stay unresolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, Post, PostTable, Reference, Unusable, each
from netact.importers.twitter_posts import NO_POST

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile


def read_reddit(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open comments or submissions.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _record),
        platform="reddit",
        fields={
            "source": "author",
            "target": "parent_id, crosspost_parent_list",
            "time": "created_utc",
            "post_id": "id",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def _record(row: int, record: Any) -> list[Item]:
    if not isinstance(record, dict) or "author" not in record:
        return [Unusable(row, NO_POST)]
    key = record["id"]
    if "parent_id" in record or "link_id" in record:
        answered = record.get("parent_id") or record.get("link_id")
        post_id = key if key.startswith("t1_") else f"t1_{key}"
        replied = Reference(str(answered)) if answered else None
        return [Post(row, post_id, _author(record), _time(record), replied=replied)]
    post_id = key if key.startswith("t3_") else f"t3_{key}"
    original_id = record.get("crosspost_parent")
    if not original_id:
        return [Post(row, post_id, _author(record), _time(record))]
    listed = record.get("crosspost_parent_list")
    original = listed[0] if listed and isinstance(listed[0], dict) else None
    forwarded = Reference(original_id, _author(original) if original else None)
    post = Post(row, post_id, _author(record), _time(record), forwarded=forwarded)
    if original is None:
        return [post]
    return [post, Post(row, original_id, _author(original), _time(original), collected=False)]


def _author(record: dict[str, Any]) -> Account:
    name = record.get("author")
    return Account(None, name, None, bot=True) if name == "AutoModerator" else Account(None, name)


def _time(record: dict[str, Any]) -> str | None:
    time = record.get("created_utc")
    return None if time is None else str(time)


REDDIT = Importer(
    "reddit",
    "Reddit comments and submissions (Pushshift, Arctic Shift)",
    (
        json_fields("author subreddit parent_id link_id"),
        json_fields("author subreddit title created_utc", without="parent_id"),
        json_fields("author subreddit selftext created_utc", without="parent_id title"),
    ),
    read=read_reddit,
)
