"""gazouilloire: Twitter posts as JSON, the same fields as in its tables.

How it is obtained: a dump of the index (``elasticdump``), each line with the post in ``_source``; or the posts as minet and twitwi
give them in programs, one a line or in a list.

Read: as the table (format gazouilloire): ``retweeted_user_id`` is a retweet, ``quoted_user_id`` a quote, ``to_userid`` with
``to_tweetid`` a reply, ``mentioned_ids`` with ``mentioned_names`` are mentions. Posts whose ``collected_via`` is only retweet, quote
or thread were not found by the query: they tell who wrote them and give no ties.

Lost: likes, places, media, links, metrics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.medialab import ROLES, WANTED, post_items
from netact.importers.posts import Item, PostTable, Unusable, each, text_of
from netact.importers.twitter_posts import NO_POST

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile


def read_gazouilloire_json(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts that gazouilloire or twitwi wrote as JSON.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, _record),
        platform="twitter",
        fields=ROLES,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def _record(row: int, record: Any) -> list[Item]:
    post = record.get("_source", record) if isinstance(record, dict) else None
    if not isinstance(post, dict) or not ("user_id" in post or "user_screen_name" in post):
        return [Unusable(row, NO_POST)]
    cells = {name: _cell(post.get(field)) for name, field in WANTED.items()}
    cells["id"] = cells["id"] or text_of(record.get("_id"))
    return list(post_items(row, cells))


def _cell(value: Any) -> str | None:
    """Return a value as the table has it."""
    if isinstance(value, list):
        return "|".join(str(item) for item in value) or None
    return text_of(value)


GAZOUILLOIRE_JSON = Importer(
    "gazouilloire-json",
    "Twitter posts by gazouilloire or twitwi as JSON",
    (
        json_fields("_id _source.user_screen_name _source.timestamp_utc _source.retweeted_id"),
        json_fields("user_screen_name timestamp_utc to_userid retweeted_user_id quoted_user_id"),
    ),
    read=read_gazouilloire_json,
)
