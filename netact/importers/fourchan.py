"""4chan: threads as the read-only interface gives them.

How it is obtained: ``https://a.4cdn.org/BOARD/thread/NUMBER.json`` and archives of such files: one thread a file, threads in a
list, or one a line.

Read: every link from a post to another (``>>123``) is a reply to its author. An author is a tripcode, else the id that some
boards give to each poster of one thread; a name alone is no author, as anyone may write any. Times are the Unix ones.

Lost: posts without tripcode and id, most of them on most boards, are counted and left out; answers to them stay unresolved. A
file in which nobody can be told apart is refused. Threads of several boards that do not name their board should not be
combined: numbers of posts are unique on one board only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, Post, PostTable, Reference, Unusable, each, guarded
from netact.importers.twitter_posts import NO_POST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_LINK = re.compile(r'href="(?:/([a-z0-9]+)/thread/\d+)?(?:/[^"#]*)?#p(\d+)"')


def read_fourchan(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open threads of 4chan.

    Raises
    ------
    ImportFileError
        If the file is no JSON; while it is read, if no post has a tripcode or an id.
    """
    records = open_records(source, options)

    def items() -> Iterator[Item]:
        told_apart = posts = 0
        for item in each(records, _record):
            if isinstance(item, Post):
                posts += 1
                told_apart += item.author.native_id is not None
            yield item
        if posts and not told_apart:
            raise ImportFileError(
                source.name,
                "all posts are anonymous: nothing tells their authors apart",
                found=f"{posts:,} posts without tripcode or id",
                remedy="use threads of a board that shows ids of posters",
            )

    return PostTable(
        items=items,
        platform="4chan",
        fields={"source": "trip, id", "target": "com", "time": "time", "post_id": "no"},
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def _record(row: int, record: Any) -> Iterator[Item]:
    if isinstance(record, dict) and isinstance(record.get("posts"), list):
        for post in record["posts"]:
            yield from guarded(row, post, lambda row, post: _post(row, post, record.get("board")))
    elif isinstance(record, dict) and "no" in record:
        yield from _post(row, record, record.get("board"))
    else:
        yield Unusable(row, NO_POST)


def _post(row: int, post: Any, board: str | None) -> Iterator[Item]:
    number = post["no"]
    board = post.get("board") or board
    thread = post.get("resto") or number
    trip, poster = post.get("trip"), post.get("id")
    who = f"trip {trip}" if trip else f"{_key(board, thread)} {poster}" if poster else None
    answered = [
        Reference(_key(linked or board, target))
        for linked, target in dict.fromkeys(_LINK.findall(post.get("com") or ""))
    ]
    yield Post(
        row=row,
        post_id=_key(board, number),
        author=Account(who, None, f"{post.get('name', '')} {trip}".strip() if trip else None),
        time=str(post["time"]) if "time" in post else None,
        replied=answered[0] if answered else None,
        answered=answered[1:],
    )


def _key(board: str | None, number: Any) -> str:
    return f"{board}/{number}" if board else str(number)


FOURCHAN = Importer(
    "4chan",
    "4chan threads",
    (json_fields("posts[].no posts[].resto"), json_fields("no resto time")),
    read=read_fourchan,
)
