"""The formats netact reads: one line each.

The order is that of the documentation; detection depends on it only where the beginning of a text fits two.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netact.importers.adjacency import ADJACENCY, MATRIX
from netact.importers.bluesky import BLUESKY_4CAT, BLUESKY_API, BLUESKY_TWITWI, JETSTREAM
from netact.importers.bundle import BUNDLE
from netact.importers.coortweet import COORTWEET
from netact.importers.crowdtangle import CROWDTANGLE_FACEBOOK, CROWDTANGLE_INSTAGRAM
from netact.importers.delimited import read_delimited
from netact.importers.discord import DISCORD
from netact.importers.follower_list import FOLLOWER_LIST
from netact.importers.fourcat_meta import FOURCAT_INSTAGRAM, FOURCAT_THREADS, FOURCAT_TIKTOK, FOURCAT_TIKTOK_COMMENTS
from netact.importers.fourcat_x import FOURCAT_X, FOURCAT_ZEESCHUIMER_X
from netact.importers.fourchan import FOURCHAN
from netact.importers.gazouilloire_json import GAZOUILLOIRE_JSON
from netact.importers.gdf import GDF
from netact.importers.git_log import GIT_LOG
from netact.importers.gml import GML
from netact.importers.graph_xml import GEXF, GRAPHML
from netact.importers.importer import Importer
from netact.importers.instagram_download import INSTAGRAM_DOWNLOAD, INSTAGRAM_LIST
from netact.importers.json_records import read_json
from netact.importers.mastodon import MASTODON, MASTODON_FOLLOWS, OUTBOX, TRUTH_SOCIAL
from netact.importers.matrix_market import MATRIX_MARKET
from netact.importers.medialab import GAZOUILLOIRE, MINET_FOLLOWERS, MINET_FRIENDS
from netact.importers.mediawiki import MEDIAWIKI
from netact.importers.meta_content_library import META_CONTENT_LIBRARY
from netact.importers.netzschleuder import NETZSCHLEUDER
from netact.importers.node_link import NODE_LINK
from netact.importers.npz import NPZ
from netact.importers.pajek import PAJEK
from netact.importers.parquet import ARROW, PARQUET
from netact.importers.r_packages import ACADEMICTWITTER, RTWEET
from netact.importers.reddit import REDDIT
from netact.importers.released_accounts import FIVETHIRTYEIGHT_IRA, INFORMATION_OPERATIONS, NBC_TROLLS
from netact.importers.snscrape import SNSCRAPE
from netact.importers.tcat import DMI_TCAT, DMI_TCAT_MENTIONS
from netact.importers.telegram import TELEGRAM, TELEGRAM_4CAT, TELETHON
from netact.importers.tiktok_research import TIKTOK_RESEARCH
from netact.importers.twarc_csv import TWARC_CSV
from netact.importers.twitter_tables import QUT_COORDINATION, SOCIAL_FEED_MANAGER, TWINT
from netact.importers.twitter_v1 import TWITTER_V1
from netact.importers.twitter_v2 import TWITTER_V2
from netact.importers.workbook import read_workbook
from netact.importers.x_archive import X_ARCHIVE, X_ARCHIVE_FILE
from netact.importers.youtube_data_tools import YOUTUBE_DATA_TOOLS
from netact.importers.zeeschuimer_meta import (
    ZEESCHUIMER_INSTAGRAM,
    ZEESCHUIMER_THREADS,
    ZEESCHUIMER_TIKTOK,
    ZEESCHUIMER_TIKTOK_COMMENTS,
)
from netact.importers.zeeschuimer_x import ZEESCHUIMER_X

_ALL = (
    Importer("delimited", "text table: CSV, TSV, semicolon, pipe or blanks, header or not", read=read_delimited),
    ADJACENCY,
    MATRIX,
    Importer("xlsx", "Excel workbook, one sheet", read=read_workbook),
    PARQUET,
    ARROW,
    Importer("json", "JSON lines, or a JSON list of flat records", read=read_json),
    GRAPHML,
    GEXF,
    GML,
    PAJEK,
    GDF,
    MATRIX_MARKET,
    NODE_LINK,
    NETZSCHLEUDER,
    NPZ,
    BUNDLE,
    TWITTER_V1,
    TWITTER_V2,
    ZEESCHUIMER_X,
    SNSCRAPE,
    GAZOUILLOIRE_JSON,
    X_ARCHIVE,
    X_ARCHIVE_FILE,
    MASTODON,
    MASTODON_FOLLOWS,
    OUTBOX,
    TRUTH_SOCIAL,
    JETSTREAM,
    BLUESKY_API,
    BLUESKY_4CAT,
    BLUESKY_TWITWI,
    REDDIT,
    TWARC_CSV,
    GAZOUILLOIRE,
    MINET_FOLLOWERS,
    MINET_FRIENDS,
    FOURCAT_X,
    FOURCAT_ZEESCHUIMER_X,
    DMI_TCAT,
    DMI_TCAT_MENTIONS,
    CROWDTANGLE_FACEBOOK,
    CROWDTANGLE_INSTAGRAM,
    META_CONTENT_LIBRARY,
    FOURCAT_INSTAGRAM,
    FOURCAT_THREADS,
    FOURCAT_TIKTOK,
    FOURCAT_TIKTOK_COMMENTS,
    TIKTOK_RESEARCH,
    ZEESCHUIMER_TIKTOK,
    ZEESCHUIMER_TIKTOK_COMMENTS,
    ZEESCHUIMER_INSTAGRAM,
    ZEESCHUIMER_THREADS,
    YOUTUBE_DATA_TOOLS,
    INSTAGRAM_LIST,
    INSTAGRAM_DOWNLOAD,
    MEDIAWIKI,
    GIT_LOG,
    COORTWEET,
    TELEGRAM,
    TELEGRAM_4CAT,
    TELETHON,
    DISCORD,
    FOURCHAN,
    INFORMATION_OPERATIONS,
    FIVETHIRTYEIGHT_IRA,
    NBC_TROLLS,
    ACADEMICTWITTER,
    RTWEET,
    TWINT,
    SOCIAL_FEED_MANAGER,
    QUT_COORDINATION,
    FOLLOWER_LIST,
)
IMPORTERS: Mapping[str, Importer] = MappingProxyType({importer.name: importer for importer in _ALL})
