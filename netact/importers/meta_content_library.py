"""Meta Content Library: posts of public Facebook pages, groups, events and profiles, and of public Instagram accounts.

How it is obtained: the CSV download of a search in the Meta Content Library (only posts of accounts above the thresholds of the
library can be downloaded), or a table saved from its interface.

Read: a post shares the link attached to it (``link_attachment.link``); accounts that shared the same link are tied without
direction. A post with ``shared_post_id`` is a forward of the author of that post where the file holds it, else it is kept apart.
The account is ``post_owner.id``, its handle ``post_owner.username``; hashtags stand in ``text``.

Lost: where a post stood (``surface``, for example a group) if its owner is another; views and reactions; names in the text. The
ids of this library are no ids of Facebook or Instagram: accounts are never joined with those of CrowdTangle or other exports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.importers.captions import hashtags_in, same_link
from netact.importers.importer import Importer, columns
from netact.importers.posts import Account, Item, Post, PostTable, Reference, each_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

_COLUMNS = {
    "id": "id",
    "time": "creation_time",
    "text": "text",
    "link": "link_attachment.link",
    "owner": "post_owner.id",
    "name": "post_owner.name",
    "handle": "post_owner.username",
    "shared": "shared_post_id",
}


def read_meta_content_library(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take posts of the Meta Content Library."""
    return PostTable(
        items=lambda: each_row(table, _COLUMNS, _post),
        platform="meta-content-library",
        fields={
            "source": "post_owner.id",
            "target": "shared_post_id",
            "object": "link_attachment.link",
            "time": "creation_time",
            "post_id": "id",
            "hashtags": "text",
        },
    )


def _post(row: int, cells: Mapping[str, str | None]) -> Iterator[Item]:
    yield Post(
        row=row,
        post_id=cells["id"],
        author=Account(cells["owner"], cells["handle"], cells["name"]),
        time=cells["time"],
        forwarded=Reference(cells["shared"]) if cells["shared"] else None,
        hashtags=hashtags_in(cells["text"]),
        shared=(same_link(cells["link"]),) if cells["link"] else (),
    )


META_CONTENT_LIBRARY = Importer(
    "meta-content-library",
    "Meta Content Library posts (Facebook, Instagram)",
    (columns("id creation_time mcl_url post_owner.id surface.id"),),
    of_table=read_meta_content_library,
)
