"""Instagram: the followers and followed accounts in the download of one's own data.

How it is obtained: Accounts Center > Your information and permissions > Download your information, as JSON. The lists lie in
``connections/followers_and_following/``: ``followers_1.json`` (and further numbers) and ``following.json``. Read are the archive as
it came, the unpacked folder, or single lists.

Read: who is in a list of followers follows the owner, the owner follows who is in ``following.json``; ``timestamp`` is since when.
Names stand in ``string_list_data[].value`` (older), in ``title`` (newer) or in the link only (``/_u/name``). The owner is not named in
these files and is told by ``--ego``.

Lost: everything else in the download, which stays unread: messages, profile, searches, blocked and close accounts. One person's
lists are no network of a movement: who among them follows whom is not in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.importer import Importer, Members, json_fields
from netact.importers.json_records import whole
from netact.importers.posts import Account, Item, PostTable, Tie, Unusable, guarded
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_IN_LINK = re.compile(r"instagram\.com/(?:_u/)?([A-Za-z0-9_.]{1,30})/?(?:[?#]|$)")
_FOLLOWERS, _FOLLOWING = "relationships_followers", "relationships_following"
NO_NAME = Message("names no account")


def read_instagram_list(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open one list of followers or of followed accounts.

    Raises
    ------
    ImportFileError
        If it is no such list, or it is not told whose it is.
    """
    return _table([source], options, file=source.name)


def read_instagram_archive(files: Sequence[SourceFile], options: SourceOptions) -> PostTable:
    """Open the lists in a download.

    Raises
    ------
    ImportFileError
        If one is broken, or it is not told whose download it is.
    """
    return _table(files, options, file=files[0].path.name)


def _table(files: Sequence[SourceFile], options: SourceOptions, *, file: str) -> PostTable:
    if not options.ego:
        raise ImportFileError(
            file, "the lists of an Instagram download do not say whose they are", remedy="pass --ego NAME"
        )
    ego = Account(None, options.ego.strip().lstrip("@"))

    def items() -> Iterator[Item]:
        for source in files:
            is_followers, members = _members(whole(source, options), file=source.name)
            for number, member in enumerate(members, 1):
                yield from guarded(number, member, lambda row, member: _tie(row, member, ego, is_followers))  # noqa: B023

    return PostTable(
        items=items,
        platform="instagram",
        fields={"source": "--ego, string_list_data", "target": "string_list_data, --ego", "time": "timestamp"},
        noun=Message("follows"),
        assumptions=(Message("whose list it is was told: {name}", name=options.ego),),
    )


def _members(value: Any, *, file: str) -> tuple[bool, list[Any]]:
    """Return whether a list is of followers, and its members."""
    if isinstance(value, list):
        return True, value
    if isinstance(value, dict):
        for name in (_FOLLOWERS, _FOLLOWING):
            if isinstance(value.get(name), list):
                return name == _FOLLOWERS, value[name]
    raise ImportFileError(
        file, "is no list of followers or followed accounts", remedy="name followers_1.json or following.json"
    )


def _tie(row: int, member: dict[str, Any], ego: Account, is_followers: bool) -> Iterator[Item]:  # noqa: FBT001
    told = member.get("string_list_data") or [{}]
    for part in told:
        link = _IN_LINK.search(part.get("href") or "")
        name = part.get("value") or member.get("title") or (link[1] if link else None)
        if not name:
            yield Unusable(row, NO_NAME)
            continue
        other, time = Account(None, name), part.get("timestamp") or None
        yield Tie(row, "follow", *((other, ego) if is_followers else (ego, other)), time)


INSTAGRAM_LIST = Importer(
    "instagram-list",
    "Instagram download: one list of followers or followed accounts",
    (
        json_fields("string_list_data[].href"),
        json_fields("relationships_following[].string_list_data"),
        json_fields("relationships_followers[].string_list_data"),
    ),
    read=read_instagram_list,
)
INSTAGRAM_DOWNLOAD = Importer(
    "instagram-download",
    "Instagram download: the archive or folder",
    (Members((r"followers_and_following/(followers(_\d+)?|following)\.json$",)),),
    of_files=read_instagram_archive,
    wanted=(r"followers_and_following/(followers(_\d+)?|following)\.json$",),
)
