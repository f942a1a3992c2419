"""Tables of shares for CooRTweet, the CSDS tools and other studies of coordination: one row a share.

How it is obtained: ``prep_data()`` of the R package CooRTweet, or the export of a coordination dashboard, saved as CSV; the
columns are ``object_id``, ``account_id``, ``content_id`` and ``timestamp_share``. CooRTweet's own example of the German
elections has one column for each kind of object (``url_id``, ``hashtag_id``, ``domain_id``, ``phash_id``) instead.

Read: accounts that shared the same object are tied without direction, the more objects the more strongly; ids written as
``Name (123)`` are the id and the name; ``content_id`` is the post. Of the table with several kinds of objects the links
(``url_id``) are the objects. Times are Unix times or UTC. All shares are kept with their times.

Lost: hashtags, domains and pictures of the table with several kinds of objects. An object shared by more than 500 accounts
ties nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.importers.importer import Importer, columns
from netact.importers.mapping import fold
from netact.importers.posts import Account, Item, PostTable, Share, each_row
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

SHARES = Message("shares")
_NAME_AND_ID = re.compile(r"(.*\S)\s*\((\d+)\)")


def read_coortweet(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take a table of shares."""
    wide = "objectid" not in {fold(name) for name in table.columns}
    fields = {"account": "account_id", "object": "object_id", "post_id": "content_id", "time": "timestamp_share"}
    if wide:
        fields = {"account": "account_id", "object": "url_id", "post_id": "post_id", "time": "timestamp"}
    return PostTable(
        items=lambda: each_row(table, fields, _share),
        platform=(options.platform or "").strip().lower(),
        fields=fields,
        noun=SHARES,
        whole_times=True,
    )


def _share(row: int, cells: Mapping[str, str | None]) -> Iterator[Item]:
    told = _NAME_AND_ID.fullmatch((cells["account"] or "").strip())
    who = Account(told[2], None, told[1]) if told else Account(cells["account"])
    yield Share(row, who, cells["object"] or "", cells["time"], cells["post_id"])


COORTWEET = Importer(
    "coortweet",
    "table of shares for coordination analysis (CooRTweet, CSDS)",
    (
        columns("object_id account_id content_id timestamp_share"),
        columns("account_id post_id url_id domain_id timestamp"),
    ),
    of_table=read_coortweet,
)
