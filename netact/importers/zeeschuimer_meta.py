"""Zeeschuimer: posts of TikTok, Instagram and Threads and comments of TikTok, as the site showed them while someone was browsing.

How it is obtained: collect with the browser extension Zeeschuimer and press ``.ndjson``, or download the items of such a
collection from 4CAT as NDJSON. One record a line.

Read, TikTok: accounts named in ``textExtra`` are mentions; a comment is a reply to the comment in ``reply_id``, else to the video in
``aweme_id``, whose author a file of the posts tells. Instagram: ``usertags`` are mentions, names in the caption too, marked as
inferred. Threads: names in the text likewise; accounts that shared the same link are tied without direction. Hashtags.

Lost: what the feed did not show: it is what one person saw. Whom a duet answers (its id only), music, likes, pictures; Instagram
records of older forms of the site, which are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.importers.captions import hashtags_in, mentions_in, same_link
from netact.importers.fourcat_meta import COMMENTS, POSTS
from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, Post, PostTable, Reference, Unusable, each
from netact.importers.twitter_posts import NO_POST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

    Record = dict[str, Any]


def read_tiktok(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of TikTok."""
    return _table(source, options, "tiktok", _tiktok, "textExtra")


def read_tiktok_comments(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open comments of TikTok."""
    return _table(source, options, "tiktok", _comment, "reply_id, aweme_id", noun=COMMENTS)


def read_instagram(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of Instagram."""
    return _table(source, options, "instagram", _instagram, "usertags, names in caption")


def read_threads(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of Threads."""
    return _table(source, options, "threads", _threads, "names in caption")


def _table(
    source: SourceFile,
    options: SourceOptions,
    platform: str,
    post_of: Callable[[int, Record], Post],
    target: str,
    *,
    noun: str = POSTS,
) -> PostTable:
    records = open_records(source, options)

    def take(row: int, record: Any) -> Iterator[Item]:
        if not isinstance(record, dict):
            yield Unusable(row, NO_POST)
            return
        # As Zeeschuimer writes it, or as 4CAT gives it out again.
        wrapped = record.get("data") if "source_platform" in record else record
        yield post_of(row, wrapped) if isinstance(wrapped, dict) else Unusable(row, NO_POST)

    return PostTable(
        items=lambda: each(records, take),
        platform=platform,
        fields={"source": "author, user", "target": target},
        noun=noun,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value not in ("", 0, "0") else None


def _members(value: object) -> list[Record]:
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def _tiktok(row: int, post: Record) -> Post:
    author = post["author"]
    # From an answer of the interface, or from the page itself.
    who = (
        Account(_text(author.get("id")), author.get("uniqueId"), author.get("nickname"))
        if isinstance(author, dict)
        else Account(_text(post.get("authorId")), author, post.get("nickname"))
    )
    named = _members(post.get("textExtra"))
    return Post(
        row=row,
        post_id=_text(post["id"]),
        author=who,
        time=_text(post.get("createTime")),
        mentioned=[
            Account(_text(part.get("userId")), part["userUniqueId"]) for part in named if part.get("userUniqueId")
        ],
        hashtags=[part["hashtagName"] for part in named if part.get("hashtagName")],
        written=[Account(None, name) for name in mentions_in(post.get("desc"))] if not named else (),
    )


def _comment(row: int, comment: Record) -> Post:
    user = comment["user"]
    named = _members(comment.get("text_extra"))
    return Post(
        row=row,
        post_id=_text(comment["cid"]),
        author=Account(_text(user.get("uid")), user.get("unique_id"), user.get("nickname")),
        time=_text(comment.get("create_time")),
        replied=Reference(_text(comment.get("reply_id")) or _text(comment["aweme_id"])),
        mentioned=[Account(_text(part.get("user_id"))) for part in named if _text(part.get("user_id"))],
        hashtags=hashtags_in(comment.get("text")),
    )


def _caption(post: Record) -> str:
    caption = post.get("caption")
    return (caption.get("text") or "") if isinstance(caption, dict) else ""


def _instagram(row: int, post: Record) -> Post:
    user, tags, text = post["user"], post.get("usertags"), _caption(post)
    tagged = [part["user"] for part in _members(tags.get("in"))] if isinstance(tags, dict) else []
    return Post(
        row=row,
        post_id=_text(post["code"]),
        author=_user(user),
        time=_text(post.get("taken_at")),
        mentioned=[_user(who) for who in tagged],
        hashtags=hashtags_in(text),
        written=[Account(None, name) for name in mentions_in(text)],
    )


def _user(user: Record) -> Account:
    return Account(_text(user.get("pk") or user.get("id")), user.get("username"), user.get("full_name"))


def _threads(row: int, post: Record) -> Post:
    text = _caption(post)
    about = post.get("text_post_app_info")
    link = about.get("link_preview_attachment") if isinstance(about, dict) else None
    url = link.get("url") if isinstance(link, dict) else None
    return Post(
        row=row,
        post_id=_text(post["code"]),
        author=_user(post["user"]),
        time=_text(post.get("taken_at")),
        hashtags=hashtags_in(text),
        shared=(same_link(url),) if url else (),
        written=[Account(None, name) for name in mentions_in(text)],
    )


ZEESCHUIMER_TIKTOK = Importer(
    "zeeschuimer-tiktok",
    "TikTok posts collected with Zeeschuimer",
    (
        json_fields("source_platform data.author data.createTime", source_platform=r"^tiktok"),
        json_fields("author createTime desc textExtra __import_meta"),
    ),
    read=read_tiktok,
)
ZEESCHUIMER_TIKTOK_COMMENTS = Importer(
    "zeeschuimer-tiktok-comments",
    "TikTok comments collected with Zeeschuimer",
    (
        json_fields("source_platform data.cid data.aweme_id", source_platform=r"^tiktok"),
        json_fields("cid aweme_id user create_time __import_meta"),
    ),
    read=read_tiktok_comments,
)
ZEESCHUIMER_INSTAGRAM = Importer(
    "zeeschuimer-instagram",
    "Instagram posts collected with Zeeschuimer",
    (
        json_fields("source_platform data.code data.user", source_platform=r"^(www\.)?instagram"),
        json_fields("code user taken_at __import_meta", without="text_post_app_info"),
    ),
    read=read_instagram,
)
ZEESCHUIMER_THREADS = Importer(
    "zeeschuimer-threads",
    "Threads posts collected with Zeeschuimer",
    (
        json_fields("source_platform data.code data.user", source_platform=r"^(www\.)?threads"),
        json_fields("code user taken_at text_post_app_info __import_meta"),
    ),
    read=read_threads,
)
