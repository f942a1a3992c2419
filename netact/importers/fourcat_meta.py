"""4CAT: posts of Instagram, Threads and TikTok, and comments of TikTok, as tables.

How it is obtained: data collected in the browser with Zeeschuimer, sent to 4CAT and downloaded there as CSV; older tables of
Instagram were collected by 4CAT itself.

Read: ``usertags`` (Instagram) are mentions; names in the text are mentions too, marked as inferred; hashtags; a comment of
Instagram is a reply to its ``parent_id``. A post of Threads shares its link (``link_url``): accounts that shared the same link are
tied without direction. A comment of TikTok is a reply to the comment in ``thread_id``, or to the author of the video, whom the
address in ``post_url`` names, or another file of posts. ``unix_timestamp`` is the time; ``timestamp`` only where it is missing, since 4CAT
writes it in the zone of its server.

Lost: ``coauthors``; whom a duet answers and whom a post of Threads quotes (in the raw data only); music, pictures, counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from netact.importers.captions import hashtags_in, mentions_in, same_link
from netact.importers.importer import Importer, columns
from netact.importers.mapping import fold
from netact.importers.posts import Account, Item, Post, PostTable, Reference, each_row
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

    Row = Mapping[str, str | None]

POSTS, COMMENTS = Message("posts"), Message("comments")
SERVER_TIMES = Message("times were written in the zone of the server that made the export: they may be some hours off")

_COLUMNS = {
    name: name
    for name in (
        "id", "thread_id", "parent_id", "post_id", "author", "author_full", "author_fullname", "author_id", "body",
        "hashtags", "usertags", "mentioned", "link_url", "post_url", "is_comment_on_comment",
    )
}  # fmt: skip
_VIDEO = re.compile(r"/@([^/?]+)/video/(\d+)")


def read_instagram(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of Instagram."""
    return _posts(table, "instagram", _instagram, {"target": "usertags, names in body"})


def read_threads(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of Threads."""
    return _posts(table, "threads", _threads, {"target": "names in body", "object": "link_url"})


def read_tiktok(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of TikTok."""
    return _posts(table, "tiktok", _tiktok, {"target": "names in body"})


def read_tiktok_comments(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take comments of TikTok."""
    videos: set[str] = set()

    def take(row: int, cells: Row) -> Iterator[Item]:
        told = _VIDEO.search(cells["post_url"] or "")
        if told and told[2] not in videos:
            videos.add(told[2])
            yield Post(row, told[2], Account(None, told[1]), collected=False)
        yield _comment(row, cells)

    return _posts(table, "tiktok", take, {"target": "thread_id, post_url"}, noun=COMMENTS)


def _posts(
    table: RawTable,
    platform: str,
    take: Callable[[int, Row], Iterable[Item]],
    fields: dict[str, str],
    *,
    noun: str = POSTS,
) -> PostTable:
    names = {fold(name) for name in table.columns}
    time = "unix_timestamp" if "unixtimestamp" in names else "timestamp"
    # Posts of TikTok have theirs in UTC, and numbers are the same everywhere.
    of_server = time == "timestamp" and platform != "tiktok" and _is_clock(table)
    return PostTable(
        items=lambda: each_row(table, {**_COLUMNS, "time": time}, take),
        platform=platform,
        fields={"source": "author", **fields, "time": time, "post_id": "id", "hashtags": "hashtags"},
        noun=noun,
        assumptions=(SERVER_TIMES,) if of_server else (),
    )


def _is_clock(table: RawTable) -> bool:
    return any(
        bool(table.sample[name].cast(pl.String).str.contains(":").any())
        for name in table.columns
        if fold(name) == "timestamp"
    )


def _split(cell: str | None) -> list[str]:
    return [name for part in (cell or "").split(",") if (name := part.strip().strip("[]'\"").lstrip("@"))]


def _author(cells: Row) -> Account:
    name, key = cells["author"], cells["author_id"]
    shown = cells["author_full"] or cells["author_fullname"]
    if name and re.fullmatch(r"@\d{5,}", name):  # the id, where the platform gave no name
        return Account(name[1:], None, shown)
    return Account(key, name, shown) if name else Account(key)


def _tags(cells: Row) -> list[str]:
    return _split(cells["hashtags"]) or hashtags_in(cells["body"])


def _accounts(names: Iterable[str]) -> list[Account]:
    return [Account(None, name) for name in names]


def _instagram(row: int, cells: Row) -> Iterator[Item]:
    parent = cells["parent_id"] if cells["parent_id"] not in (None, cells["id"]) else None
    yield Post(
        row=row,
        post_id=cells["id"],
        author=_author(cells),
        time=cells["time"],
        replied=Reference(parent) if parent else None,
        mentioned=_accounts(_split(cells["usertags"])),
        hashtags=_tags(cells),
        written=_accounts(_split(cells["mentioned"]) or mentions_in(cells["body"])),
    )


def _threads(row: int, cells: Row) -> Iterator[Item]:
    yield Post(
        row=row,
        post_id=cells["id"],
        author=_author(cells),
        time=cells["time"],
        hashtags=_tags(cells),
        shared=(same_link(cells["link_url"]),) if cells["link_url"] else (),
        written=_accounts(mentions_in(cells["body"])),
    )


def _tiktok(row: int, cells: Row) -> Iterator[Item]:
    yield Post(
        row=row,
        post_id=cells["id"],
        author=_author(cells),
        time=cells["time"],
        hashtags=_tags(cells),
        written=_accounts(mentions_in(cells["body"])),
    )


def _comment(row: int, cells: Row) -> Post:
    video, replied = cells["post_id"], None
    if (cells["is_comment_on_comment"] or "").strip().casefold() in ("yes", "true", "1"):
        replied = Reference(cells["thread_id"])
    elif told := _VIDEO.search(cells["post_url"] or ""):
        replied = Reference(told[2], Account(None, told[1]))
    elif video or cells["thread_id"]:
        replied = Reference(video or cells["thread_id"])
    return Post(
        row=row,
        post_id=cells["id"],
        author=_author(cells),
        time=cells["time"],
        replied=replied,
        hashtags=hashtags_in(cells["body"]),
        written=_accounts(mentions_in(cells["body"])),
    )


FOURCAT_INSTAGRAM = Importer(
    "4cat-instagram",
    "4CAT table of Instagram posts",
    (columns("id thread_id author body hashtags usertags num_likes"),),
    of_table=read_instagram,
)
FOURCAT_THREADS = Importer(
    "4cat-threads",
    "4CAT table of Threads posts",
    (columns("id thread_id author body link_url reposts quotes is_paid_partnership"),),
    of_table=read_threads,
)
FOURCAT_TIKTOK = Importer(
    "4cat-tiktok",
    "4CAT table of TikTok posts",
    (columns("id thread_id author body is_duet music_id tiktok_url"),),
    of_table=read_tiktok,
)
FOURCAT_TIKTOK_COMMENTS = Importer(
    "4cat-tiktok-comments",
    "4CAT table of TikTok comments",
    (columns("id thread_id author body post_id comment_url is_comment_on_comment"),),
    of_table=read_tiktok_comments,
)
