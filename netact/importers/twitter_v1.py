"""Twitter API v1.1: posts as search, timelines and streams gave them.

How it is obtained: ``twarc search QUERY > tweets.jsonl`` (twarc 1), streams of tweepy and others, DocNow and library archives
of hydrated posts; one post a line, a list, or the ``statuses`` of a search answer. Records of v2 in between are read too.

Read: ``retweeted_status`` is a retweet of its author (first of all: a retweet of a quote also carries the quote, which is not
the retweeter's), ``quoted_status`` a quote, ``in_reply_to_*`` a reply, ``entities.user_mentions`` mentions; hashtags, program
(``source``), time. Of long posts the full text and its entities are used. A quoted post that is missing is known by its id
and, from ``quoted_status_permalink``, its author's handle. Posts whose deletion the stream reports (``delete``) are left out;
other notices of the stream are counted.

Lost: likes, places, media, metrics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.importers.importer import Importer, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import PostTable, each
from netact.importers.twitter_posts import api_items

if TYPE_CHECKING:
    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

FIELDS = {
    "source": "user",
    "target": "retweeted_status, quoted_status, in_reply_to_user_id_str, entities.user_mentions",
    "time": "created_at",
    "post_id": "id_str",
    "hashtags": "entities.hashtags",
    "client": "source",
}


def read_twitter_v1(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of the Twitter API v1.1.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: each(records, api_items),
        platform="twitter",
        fields=FIELDS,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


TWITTER_V1 = Importer(
    "twitter-v1",
    "Twitter API v1.1 (search, timelines, streams)",
    (
        json_fields("delete.status.user_id"),
        json_fields("statuses[].user.screen_name"),
        json_fields("id_str created_at user.id_str"),
        json_fields("id_str user.screen_name"),
    ),
    read=read_twitter_v1,
)
