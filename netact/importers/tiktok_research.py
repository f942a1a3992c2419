"""TikTok Research API: videos with the accounts they mention, followers and followed accounts, reposted videos.

How it is obtained: the answers of the interface for researchers, one after another in a file: pages with ``data.videos``,
``data.user_followers``, ``data.user_following`` or ``data.reposted_videos``; or the records of videos alone, one a line or in a list.

Read: ``video_mention_list`` are mentions; ``hashtag_names``; ``create_time``. A page of followers or followed accounts gives
follows, a page of reposted videos a retweet of each video's author. Whose page it is stands in the request only and is told by
``--ego``: a follower follows that account, that account follows the followed and reposted the videos.

Lost: views, likes, music, effects, the text; whom a duet or stitch answers (not in the interface). Comments of this
interface do not say who wrote them and are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.captions import hashtags_in
from netact.importers.importer import Importer, json_fields, path_values
from netact.importers.json_records import first_values, open_records
from netact.importers.posts import Account, Item, NoTie, Post, PostTable, Reference, Tie, Unusable, each, guarded
from netact.importers.twitter_posts import NO_POST
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_EGO_LISTS = {
    "user_followers": "the followers of an account",
    "user_following": "the accounts that an account follows",
    "reposted_videos": "the videos that an account reposted",
}
NAMELESS_COMMENTS = Message("comments without a word on who wrote them")


def read_tiktok_research(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open answers of the TikTok Research API.

    Raises
    ------
    ImportFileError
        If the file is no JSON, holds comments only, or is a list of an account that is not told.
    """
    first = first_values(source, options)
    held = {
        name for name in ("videos", "comments", *_EGO_LISTS) for value in first if path_values(value, f"data.{name}")
    }
    if "comments" in held and held == {"comments"}:
        raise ImportFileError(
            source.name,
            "comments of the TikTok Research API do not say who wrote them; no network can be built",
            remedy="collect the comments with Zeeschuimer and 4CAT, which keep their authors",
        )
    for name, what in _EGO_LISTS.items():
        if name in held and not options.ego:
            raise ImportFileError(source.name, f"holds {what} without saying whose", remedy="pass --ego NAME")
    ego = Account(None, options.ego.strip().lstrip("@")) if options.ego else Account()
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, lambda row, record: _record(row, record, ego)),
        platform="tiktok",
        fields={
            "source": "username",
            "target": "video_mention_list, user_followers, user_following, reposted_videos",
            "time": "create_time",
            "post_id": "id",
            "hashtags": "hashtag_names",
        },
        encoding=records.encoding,
        dialect={"layout": records.layout},
        assumptions=(Message("whose list it is was told: {name}", name=options.ego),) if options.ego else (),
    )


def _record(row: int, record: Any, ego: Account) -> Iterator[Item]:
    if not isinstance(record, dict):
        yield Unusable(row, NO_POST)
        return
    page = record.get("data")
    if not isinstance(page, dict):
        if "username" in record and "id" in record:
            yield from _video(row, record)
        elif "error" in record:
            yield NoTie(Message("answers that hold no post"))
        else:
            yield Unusable(row, NO_POST)
        return
    for video in _members(page, "videos"):
        yield from guarded(row, video, _video)
    for follower in _members(page, "user_followers"):
        yield Tie(row, "follow", _account(follower), ego)
    for followed in _members(page, "user_following"):
        yield Tie(row, "follow", ego, _account(followed))
    for video in _members(page, "reposted_videos"):
        author = _account(video)
        if author.handle is None:
            yield Unusable(row, NO_POST)
            continue
        yield Post(row=row, post_id=None, author=ego, reposted=Reference(_text(video.get("id")), author))
        yield Post(row, _text(video.get("id")), author, _text(video.get("create_time")), collected=False)
    for _ in _members(page, "comments"):
        yield NoTie(NAMELESS_COMMENTS)


def _members(page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = page.get(name)
    return [member for member in found if isinstance(member, dict)] if isinstance(found, list) else []


def _account(record: dict[str, Any]) -> Account:
    return Account(None, _text(record.get("username")), _text(record.get("display_name")))


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def _listed(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _video(row: int, video: dict[str, Any]) -> Iterator[Item]:
    mentioned = _listed(video.get("video_mention_list"))
    tags = _listed(video.get("hashtag_names")) or hashtags_in(_text(video.get("video_description")))
    yield Post(
        row=row,
        post_id=_text(video.get("id")),
        author=_account(video),
        time=_text(video.get("create_time")),
        mentioned=[Account(None, name) for name in mentioned],
        hashtags=tags,
    )


TIKTOK_RESEARCH = Importer(
    "tiktok-research",
    "TikTok Research API (videos, followers, followed accounts, reposts)",
    (
        json_fields("data.videos[].id"),
        json_fields("data.comments[].id", without="data.comments[].user data.comments[].author"),
        json_fields("data.user_followers[].username"),
        json_fields("data.user_following[].username"),
        json_fields("data.reposted_videos[].id"),
        json_fields("id username video_description region_code create_time"),
    ),
    read=read_tiktok_research,
)
