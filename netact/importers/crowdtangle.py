r"""CrowdTangle: posts of public Facebook pages and groups, and of public Instagram accounts.

How it is obtained: "Historical data" or "Export" of a list or search in CrowdTangle, a CSV by mail (the service ended in August
2024; files were kept). Pages have the column ``Page Name``, groups ``Group Name``; older files call the time ``Created``. The
form of the interface (``account.name``, ``expandedLinks.original``), as R packages save it, is read too.

Read, Facebook: a post shares its link (``Final Link``, else ``Link``); accounts that shared the same link are tied without
direction. A re-share (``Link Text`` says "This is a re-share of a post") is also a forward of the page in the path of ``Link``,
marked as inferred. The account is ``Facebook Id``, its handle ``User Name``. Links are compared without what programs add to
follow who clicks. Times carry EDT or EST. Read, Instagram: names in ``Description`` are mentions, marked as inferred; hashtags.

Lost: reactions and all counts (the column of weighted interactions too, whatever its name), video, pictures, sponsors.
``Page Admin Top Country`` is no table of admins. Links of pictures and videos are those of the post itself and tie nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from netact.importers.captions import hashtags_in, mentions_in, same_link
from netact.importers.importer import Importer, columns
from netact.importers.mapping import fold
from netact.importers.posts import Account, Item, Post, PostTable, Reference, each_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_FACEBOOK = {
    "id": "Facebook Id",
    "handle": "User Name",
    "name": "Page Name",
    "group": "Group Name",
    "time": "Post Created",
    "url": "URL",
    "link": "Link",
    "final": "Final Link",
    "text": "Link Text",
    "message": "Message",
}
_INTERFACE = {
    "id": "account.platformId",
    "other_id": "account.id",
    "handle": "account.handle",
    "name": "account.name",
    "time": "date",
    "url": "postUrl",
    "link": "expandedLinks.original",
    "other_link": "link",
    "final": "expandedLinks.expanded",
    "text": "title",
    "message": "message",
}
_INSTAGRAM = {
    "name": "Account",
    "handle": "User Name",
    "time": "Post Created",
    "url": "URL",
    "text": "Description",
}
_RESHARE = re.compile(r"\s*this is a re-?share of a post", flags=re.IGNORECASE)
_POST_IN_PATH = re.compile(r"/(?:posts|videos|permalink|photos(?:/[^/]+)?)/(?:[^/]*?[:/])?(\d{5,})(?:/|$)")
# First parts of a path of Facebook that name no account.
_NO_ACCOUNT = frozenset(
    [
        "permalink.php",
        "story.php",
        "photo.php",
        "photo",
        "photos",
        "watch",
        "video.php",
        "events",
        "groups",
        "reel",
        "share",
    ]
)
_SHORTCODE = re.compile(r"/(?:p|reel|tv)/([A-Za-z0-9_-]+)")


def read_facebook(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of Facebook pages or groups."""
    names = {fold(name) for name in table.columns}
    fields = _INTERFACE if "accountname" in names else _FACEBOOK
    if fields is _FACEBOOK and "postcreated" not in names:
        fields = {**_FACEBOOK, "time": "Created"}
    return PostTable(
        items=lambda: each_row(table, fields, _facebook_post),
        platform="facebook",
        fields={"source": fields["id"], "object": f"{fields['final']}, {fields['link']}", "time": fields["time"]},
        whole_times=True,
    )


def _facebook_post(row: int, cells: Mapping[str, str | None]) -> Iterator[Item]:
    link = cells["link"] or cells.get("other_link")
    again = _RESHARE.match(cells["text"] or "") is not None
    shared = (link if again else None) or cells["final"] or link
    account = cells["id"] or cells.get("other_id")
    yield Post(
        row=row,
        post_id=_post_id(cells["url"]),
        author=Account(account, _handle(cells["handle"]), cells["name"] or cells.get("group")),
        time=cells["time"],
        forwarded=_reshared(link) if again and link else None,
        hashtags=hashtags_in(cells["message"]),
        inferred=again,
        shared=(same_link(shared),) if shared else (),
    )


def _handle(text: str | None) -> str | None:
    return text if text and text.strip().casefold() != "null" else None


def _post_id(url: str | None) -> str | None:
    """Return the id of a post of Facebook in its address."""
    if not url:
        return None
    if found := _POST_IN_PATH.search(url.partition("?")[0]):
        return found[1]
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    return next((query[name][0] for name in ("story_fbid", "fbid", "v") if name in query), None)


def _reshared(link: str) -> Reference | None:
    """Return the post, and the account in the path of its address, that a re-share points to."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if not (parts.hostname or "").endswith(("facebook.com", "fb.com")):
        return None
    path = [part for part in parts.path.split("/") if part]
    query = parse_qs(parts.query)
    who: str | None = None
    if len(path) > 1 and path[0] == "groups":
        who = path[1]
    elif path and path[0].casefold() not in _NO_ACCOUNT:
        who = path[0]
    elif "id" in query:
        who = query["id"][0]
    author = None if who is None else Account(who) if who.isdigit() else Account(None, who)
    return Reference(_post_id(link), author)


def read_instagram(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of Instagram accounts."""
    return PostTable(
        items=lambda: each_row(table, _INSTAGRAM, _instagram_post),
        platform="instagram",
        fields={"source": "User Name", "target": "names in Description", "time": "Post Created", "post_id": "URL"},
        whole_times=True,
    )


def _instagram_post(row: int, cells: Mapping[str, str | None]) -> Iterator[Item]:
    code = _SHORTCODE.search(cells["url"] or "")
    yield Post(
        row=row,
        post_id=code[1] if code else None,
        author=Account(None, cells["handle"], cells["name"]),
        time=cells["time"],
        written=[Account(None, name) for name in mentions_in(cells["text"])],
        hashtags=hashtags_in(cells["text"]),
    )


CROWDTANGLE_FACEBOOK = Importer(
    "crowdtangle-facebook",
    "CrowdTangle posts of Facebook pages or groups",
    (
        columns("Page_Name Facebook_Id URL Message Link"),
        columns("Group_Name Facebook_Id URL Message Link"),
        columns("account.name account.id date expandedLinks.original"),
    ),
    of_table=read_facebook,
)
CROWDTANGLE_INSTAGRAM = Importer(
    "crowdtangle-instagram",
    "CrowdTangle posts of Instagram accounts",
    (columns("Account User_Name Followers_at_Posting Post_Created URL Photo Description"),),
    of_table=read_instagram,
)
