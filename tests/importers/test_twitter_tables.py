"""Tables of Twitter posts: the same invented movement in every table, and the trap of each."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_source
from netact.importers.values import listed
from netact.network import Network

# All accounts, ids and texts are invented.
IDS = {
    "plaza_voices": "9001",
    "assembly_now": "9002",
    "night_watch": "9003",
    "open_kitchen": "9004",
    "river_press": "9005",
}
P = "8000000000000000"


def _post(number: int, author: str, hour: int, text: str, **more: object) -> dict:
    names = re.findall(r"@(\w+)", text)
    tags = re.findall(r"#(\w+)", text)
    base = {
        "id": f"{P}{number:02}",
        "author": author,
        "time": f"2021-05-15 {hour}:00:00",
        "unix": 1621036800 + 3600 * hour,
    }
    return {
        **base,
        "text": text,
        "names": names,
        "tags": tags,
        "rt": None,
        "quote": None,
        "reply": None,
        "to": None,
        **more,
    }


MOVEMENT = [
    _post(1, "night_watch", 10, "the square is full #plaza"),
    _post(2, "assembly_now", 11, "this is the moment, @river_press #Asamblea", quote=1),
    _post(3, "plaza_voices", 12, "RT @assembly_now: this is the moment, @river_press #Asamblea", rt=2),
    _post(
        4, "open_kitchen", 13, "@night_watch @assembly_now soup at nine, tell @plaza_voices", reply=1, to="night_watch"
    ),
    _post(5, "open_kitchen", 14, "soup is ready"),
    _post(6, "river_press", 15, "RT @night_watch: the square is full #plaza", rt=1),
    _post(7, "open_kitchen", 16, "with @assembly_now tonight #plaza"),
    _post(8, "plaza_voices", 17, "@night_watch hello", to="night_watch"),
]
BY_ID = {int(post["id"][-2:]): post for post in MOVEMENT}
TIES = [
    ("assembly_now", "night_watch", "quote"),
    ("assembly_now", "river_press", "mention"),
    ("open_kitchen", "assembly_now", "mention"),
    ("open_kitchen", "assembly_now", "mention"),
    ("open_kitchen", "night_watch", "reply"),
    ("open_kitchen", "plaza_voices", "mention"),
    ("plaza_voices", "assembly_now", "retweet"),
    ("plaza_voices", "night_watch", "mention"),
    ("river_press", "night_watch", "retweet"),
]
HASHTAGS = {("night_watch", "plaza"), ("assembly_now", "asamblea"), ("open_kitchen", "plaza")}


def table(rows: list[dict], header: str, *, delimiter: str = ",", quote_all: bool = False) -> str:
    out = io.StringIO()
    names = header.split(",")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(out, names, delimiter=delimiter, quoting=quoting, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        assert set(row) <= set(names), set(row) - set(names)
        writer.writerow({name: "" if value is None else value for name, value in row.items()})
    return out.getvalue()


def of(post: dict, role: str) -> dict | None:
    return BY_ID[post[role]] if post[role] else None


def author_of(post: dict, role: str) -> tuple[str, str, str]:
    """The id of a post that is acted on, its author's id and handle."""
    other = of(post, role)
    return (other["id"], IDS[other["author"]], other["author"]) if other else ("", "", "")


TWARC = (
    "id,conversation_id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id,referenced_tweets.quoted.id,author_id,"
    "in_reply_to_user_id,in_reply_to_username,retweeted_user_id,retweeted_username,quoted_user_id,quoted_username,created_at,"
    "text,lang,source,public_metrics.retweet_count,entities.hashtags,entities.mentions,entities.urls,author.id,"
    "author.created_at,author.username,author.name,__twarc.retrieved_at,__twarc.url,__twarc.version"
)


def twarc_csv() -> str:
    rows = []
    for post in MOVEMENT:
        shown = of(post, "rt") or post  # text, mentions and hashtags of a retweet are the original's
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "id": post["id"], "author_id": IDS[post["author"]], "author.id": IDS[post["author"]],
                "author.username": post["author"], "author.name": post["author"].replace("_", " ").title(),
                "created_at": post["time"].replace(" ", "T") + ".000Z", "text": shown["text"].replace("\n", "\\n"),
                "source": "Plaza Client", "referenced_tweets.retweeted.id": rt[0], "retweeted_user_id": rt[1],
                "retweeted_username": rt[2], "referenced_tweets.quoted.id": quote[0], "quoted_user_id": quote[1],
                "quoted_username": quote[2], "referenced_tweets.replied_to.id": reply[0],
                "in_reply_to_user_id": IDS.get(post["to"], ""), "in_reply_to_username": post["to"],
                "entities.mentions": json.dumps([f"@{name}" for name in shown["names"]]) if shown["names"] else "",
                "entities.hashtags": json.dumps([f"#{tag}" for tag in shown["tags"]]) if shown["tags"] else "",
            }
        )  # fmt: skip
    return table(rows, TWARC)


TWARC_OLD = (
    "reply_settings,id,source,text,author_id,conversation_id,created_at,lang,entities.mentions,author.name,author.id,"
    "author.username,entities.hashtags,type,referenced_tweets,in_reply_to_user_id"
)


def twarc_csv_old() -> str:
    rows = []
    for post in MOVEMENT:
        told = {"retweeted": post["rt"], "quoted": post["quote"], "replied_to": post["reply"]}
        references = [{"type": kind, "id": BY_ID[number]["id"]} for kind, number in told.items() if number]
        people = [{"start": 1, "end": 2, "username": name, "id": IDS[name]} for name in post["names"]]
        rows.append(
            {
                "id": post["id"], "author_id": IDS[post["author"]], "author.id": IDS[post["author"]],
                "author.username": post["author"], "created_at": post["time"].replace(" ", "T") + ".000Z",
                "text": json.dumps(post["text"]), "source": "Plaza Client",
                "entities.mentions": json.dumps(people) if people else "",
                "entities.hashtags": json.dumps([{"start": 1, "end": 2, "tag": tag} for tag in post["tags"]]),
                "referenced_tweets": json.dumps(references) if references else "",
                "in_reply_to_user_id": IDS.get(post["to"], ""),
            }
        )  # fmt: skip
    return table(rows, TWARC_OLD)


GAZOUILLOIRE = (
    "id,timestamp_utc,local_time,user_screen_name,text,possibly_sensitive,retweet_count,like_count,reply_count,"
    "impression_count,lang,to_username,to_userid,to_tweetid,source_name,source_url,user_location,lat,lng,user_id,user_name,"
    "collected_via,match_query,retweeted_id,retweeted_user,retweeted_user_id,retweeted_timestamp_utc,quoted_id,quoted_user,"
    "quoted_user_id,quoted_timestamp_utc,collection_time,url,links,domains,media_urls,mentioned_names,mentioned_ids,hashtags"
)


def gazouilloire() -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        quoted = of(post, "quote")
        said = f" « {quoted['author']}: {quoted['text']} — https://example.org/1 »" if quoted else ""
        names, tags = sorted(set(post["names"])), post["tags"] + (quoted["tags"] if quoted else [])
        rows.append(
            {
                "id": post["id"], "timestamp_utc": f"{post['unix']}.0", "local_time": post["time"].replace("-15 ", "-14T"),
                "user_screen_name": post["author"], "user_id": IDS[post["author"]], "text": post["text"] + said,
                "source_name": "Plaza Client", "to_username": post["to"], "to_userid": IDS.get(post["to"], ""),
                "to_tweetid": reply[0], "retweeted_id": rt[0], "retweeted_user_id": rt[1], "retweeted_user": rt[2],
                "quoted_id": quote[0], "quoted_user_id": quote[1], "quoted_user": quote[2],
                "mentioned_names": "|".join(names), "mentioned_ids": "|".join(IDS[name] for name in names),
                "hashtags": "|".join(tag.lower() for tag in tags), "collected_via": "search|retweet",
            }
        )  # fmt: skip
    return table(rows, GAZOUILLOIRE)


FOURCAT = (
    "id,thread_id,timestamp,unix_timestamp,link,subject,body,author,author_fullname,author_id,author_followers,source,"
    "language_guess,possibly_sensitive,like_count,retweet_count,reply_count,is_retweet,retweeted_user,is_quote_tweet,"
    "quoted_user,is_reply,replied_user,hashtags,urls,images,videos,mentions,long_lat,place_name"
)


def fourcat() -> str:
    rows = []
    for post in MOVEMENT:
        shown = of(post, "rt") or post
        rt, quote, reply = (author_of(post, role)[2] for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "id": post["id"], "thread_id": post["id"], "timestamp": post["time"], "unix_timestamp": post["unix"] - 7200,
                "body": post["text"], "author": post["author"], "author_fullname": post["author"].title(),
                "author_id": IDS[post["author"]], "source": "Plaza Client", "is_retweet": "yes" if rt else "no",
                "retweeted_user": rt, "is_quote_tweet": "yes" if quote else "no", "quoted_user": quote,
                "is_reply": "yes" if reply else "no", "replied_user": reply, "hashtags": ",".join(shown["tags"]),
                "mentions": ",".join(shown["names"]),
            }
        )  # fmt: skip
    return table(rows, FOURCAT)


ZEESCHUIMER = (
    "collected_from_url,id,thread_id,timestamp,unix_timestamp,link,body,author,author_fullname,author_id,author_avatar_url,"
    "author_banner_url,verified,source,language_guess,possibly_sensitive,retweet_count,reply_count,like_count,quote_count,"
    "impression_count,is_retweet,retweeted_user,is_quote_tweet,quote_tweet_id,quote_author,quote_body,quote_images,"
    "quote_videos,is_quote_withheld,is_reply,replied_author,is_withheld,hashtags,urls,images,videos,mentions,long_lat,place_name"
)


def zeeschuimer(delimiter: str = ",") -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "collected_from_url": "https://example.org/search", "id": post["id"], "thread_id": post["id"],
                "timestamp": post["time"], "unix_timestamp": post["unix"], "body": post["text"], "author": post["author"],
                "author_fullname": post["author"].title(), "author_id": IDS[post["author"]], "source": "Plaza Client",
                "is_retweet": "yes" if rt[2] else "no", "retweeted_user": rt[2],
                "is_quote_tweet": "yes" if quote[2] else "no", "quote_tweet_id": quote[0], "quote_author": quote[2],
                "is_quote_withheld": "no", "is_reply": "yes" if reply[2] else "no", "replied_author": reply[2],
                "hashtags": ",".join(post["tags"]), "mentions": ",".join(post["names"]),
            }
        )  # fmt: skip
    return table(rows, ZEESCHUIMER, delimiter=delimiter)


TCAT = (
    "id,time,created_at,from_user_name,text,filter_level,possibly_sensitive,withheld_copyright,withheld_scope,truncated,"
    "retweet_count,favorite_count,lang,to_user_name,in_reply_to_status_id,quoted_status_id,source,location,lat,lng,"
    "from_user_id,from_user_realname,from_user_verified,from_user_description,from_user_url,from_user_profile_image_url,"
    "from_user_utcoffset,from_user_timezone,from_user_lang,from_user_tweetcount,from_user_followercount,"
    "from_user_friendcount,from_user_favourites_count,from_user_listed,from_user_withheld_scope,from_user_created_at,"
    "mentions,hashtags"
)


def tcat(delimiter: str = ",", mark: str = "\ufeff") -> str:
    rows = []
    for post in MOVEMENT:
        quote, reply = (author_of(post, role) for role in ("quote", "reply"))
        rows.append(
            {
                "id": post["id"], "time": post["unix"], "created_at": "2021-05-15 23:00:00", "from_user_name": post["author"],
                "text": post["text"], "to_user_name": post["to"], "in_reply_to_status_id": reply[0],
                "quoted_status_id": quote[0], "source": "Plaza Client", "from_user_id": IDS[post["author"]],
                "from_user_realname": post["author"].title(), "mentions": "; ".join(post["names"]),
                "hashtags": "; ".join(post["tags"]),
            }
        )  # fmt: skip
    return mark + table(rows, TCAT, delimiter=delimiter)


TCAT_GAZOUILLOIRE = (
    "id,time,created_at,from_user_name,text,possibly_sensitive,withheld_countries,retweet_count,reply_count,lang,to_user_name,"
    "to_user_id,in_reply_to_status_id,source_name,source_url,from_user_id,from_user_realname,from_user_withheld_countries,"
    "collected_via_search,collected_via_stream,collected_via_thread_only,collected_at_timestamp,retweeted_id,"
    "retweeted_user_name,retweeted_user_id,quoted_id,quoted_user_name,quoted_user_id,links,medias_urls,medias_files,"
    "mentioned_user_names,mentioned_user_ids,hashtags"
)


def tcat_gazouilloire() -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "id": post["id"], "time": post["unix"], "from_user_name": post["author"], "text": post["text"],
                "to_user_name": post["to"], "to_user_id": IDS.get(post["to"], ""), "in_reply_to_status_id": reply[0],
                "source_name": "Plaza Client", "from_user_id": IDS[post["author"]], "retweeted_id": rt[0],
                "retweeted_user_id": rt[1], "retweeted_user_name": rt[2], "quoted_id": quote[0], "quoted_user_id": quote[1],
                "quoted_user_name": quote[2], "mentioned_user_names": "|".join(post["names"]),
                "mentioned_user_ids": "|".join(IDS[name] for name in post["names"]), "hashtags": "|".join(post["tags"]),
                "collected_via_search": "1", "collected_via_stream": "0", "collected_via_thread_only": "0",
            }
        )  # fmt: skip
    return table(rows, TCAT_GAZOUILLOIRE)


def tcat_mentions() -> str:
    rows = [
        {
            "tweet_id": post["id"], "user_from_id": IDS[post["author"]], "user_from_name": post["author"],
            "user_to_id": IDS[name], "user_to_name": name,
            "mention_type": "retweet" if f"RT @{name}" in post["text"] else "mention",
        }
        for post in MOVEMENT
        for name in post["names"]
    ]  # fmt: skip
    return table(rows, "tweet_id,user_from_id,user_from_name,user_to_id,user_to_name,mention_type")


def minet(column: str) -> str:
    rows = [("plaza_voices", "9002"), ("plaza_voices", "9003"), ("night_watch", "9004")]
    said = [{"group": "a", "screen_name": ego, "user_id": IDS[ego], column: other} for ego, other in rows]
    return table(said, f"group,screen_name,user_id,{column}")


INFO_OPS = (
    "tweetid,userid,user_display_name,user_screen_name,user_reported_location,user_profile_description,user_profile_url,"
    "follower_count,following_count,account_creation_date,account_language,tweet_language,tweet_text,tweet_time,"
    "tweet_client_name,in_reply_to_userid,in_reply_to_tweetid,quoted_tweet_tweetid,is_retweet,retweet_userid,retweet_tweetid,"
    "latitude,longitude,quote_count,reply_count,like_count,retweet_count,hashtags,urls,user_mentions,poll_choices"
)
# The order of later releases.
INFO_OPS_LATER = INFO_OPS.replace("in_reply_to_userid,in_reply_to_tweetid", "in_reply_to_tweetid,in_reply_to_userid")


def information_operations(header: str = INFO_OPS, yes: str = "true") -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "tweetid": post["id"], "userid": IDS[post["author"]], "user_display_name": post["author"].title(),
                "user_screen_name": post["author"], "tweet_text": post["text"], "tweet_time": post["time"][:-3],
                "tweet_client_name": "Plaza Client", "in_reply_to_userid": IDS.get(post["to"], ""),
                "in_reply_to_tweetid": reply[0], "quoted_tweet_tweetid": quote[0], "is_retweet": yes if rt[0] else "false",
                "retweet_userid": rt[1], "retweet_tweetid": rt[0], "hashtags": f"[{', '.join(post['tags'])}]",
                "user_mentions": f"[{', '.join(IDS[name] for name in post['names'])}]", "urls": "[]",
            }
        )  # fmt: skip
    return table(rows, header, quote_all=True)


IRA = (
    "external_author_id,author,content,region,language,publish_date,harvested_date,following,followers,updates,post_type,"
    "account_type,retweet,account_category,new_june_2018,alt_external_id,tweet_id,article_url,tco1_step1,tco2_step1,tco3_step1"
)


def fivethirtyeight() -> str:
    rows = [
        {
            "external_author_id": "9.06e+17", "author": post["author"].upper(), "content": post["text"],
            "publish_date": f"5/15/2021 {post['time'][11:16]}", "post_type": "RETWEET" if post["rt"] else "",
            "retweet": "1" if post["rt"] else "0", "account_category": "NonEnglish", "tweet_id": post["id"],
            "alt_external_id": IDS[post["author"]],
        }
        for post in MOVEMENT
    ]  # fmt: skip
    return table(rows, IRA)


NBC = (
    "user_id,user_key,created_at,created_str,retweet_count,retweeted,favorite_count,text,tweet_id,source,hashtags,"
    "expanded_urls,posted,mentions,retweeted_status_id,in_reply_to_status_id"
)


def nbc(preamble: str = "") -> str:
    rows = []
    for post in MOVEMENT:
        rt, reply = (author_of(post, role) for role in ("rt", "reply"))
        rows.append(
            {
                "user_id": IDS[post["author"]], "user_key": post["author"], "created_at": f"{post['unix']}000",
                "created_str": post["time"], "text": post["text"], "tweet_id": post["id"], "source": "Plaza Client",
                "hashtags": json.dumps(post["tags"]), "posted": "POSTED", "mentions": json.dumps(post["names"]),
                "retweeted_status_id": rt[0], "in_reply_to_status_id": reply[0], "expanded_urls": "[]",
            }
        )  # fmt: skip
    return preamble + table(rows, NBC)


TIDY = (
    "tweet_id,user_username,text,possibly_sensitive,lang,conversation_id,source,author_id,created_at,in_reply_to_user_id,"
    "user_description,user_profile_image_url,user_location,user_protected,user_verified,user_url,user_created_at,"
    "user_pinned_tweet_id,user_name,retweet_count,like_count,quote_count,user_tweet_count,user_list_count,"
    "user_followers_count,user_following_count,sourcetweet_type,sourcetweet_id,sourcetweet_text,sourcetweet_lang,"
    "sourcetweet_author_id"
)


def academictwitter() -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        other, kind = (rt, "retweeted") if rt[0] else (quote, "quoted") if quote[0] else (("NA",) * 3, "NA")
        rows.append(
            {
                **dict.fromkeys(TIDY.split(","), "NA"), "tweet_id": post["id"], "user_username": post["author"],
                "text": post["text"], "conversation_id": reply[0] or post["id"], "source": "Plaza Client",
                "author_id": IDS[post["author"]], "created_at": post["time"].replace(" ", "T") + ".000Z",
                "in_reply_to_user_id": IDS.get(post["to"], "NA"), "user_name": post["author"].title(),
                "sourcetweet_type": kind, "sourcetweet_id": other[0], "sourcetweet_author_id": other[1],
            }
        )  # fmt: skip
    return table(rows, TIDY)


RTWEET = (
    "user_id,status_id,created_at,screen_name,text,source,display_text_width,reply_to_status_id,reply_to_user_id,"
    "reply_to_screen_name,is_quote,is_retweet,favorite_count,retweet_count,hashtags,symbols,urls_url,mentions_user_id,"
    "mentions_screen_name,lang,quoted_status_id,quoted_text,quoted_user_id,quoted_screen_name,retweet_status_id,retweet_text,"
    "retweet_user_id,retweet_screen_name,place_url,name,location"
)


def rtweet() -> str:
    def x(key: str) -> str:
        return f"x{key}" if key else ""

    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        rows.append(
            {
                "user_id": x(IDS[post["author"]]), "status_id": x(post["id"]), "created_at": post["time"],
                "screen_name": post["author"], "text": post["text"], "source": "Plaza Client",
                "reply_to_status_id": x(reply[0]), "reply_to_user_id": x(IDS.get(post["to"], "")),
                "reply_to_screen_name": post["to"], "is_quote": str(bool(quote[0])).upper(),
                "is_retweet": str(bool(rt[0])).upper(), "hashtags": " ".join(post["tags"]),
                "mentions_user_id": " ".join(x(IDS[name]) for name in post["names"]),
                "mentions_screen_name": " ".join(post["names"]), "quoted_status_id": x(quote[0]),
                "quoted_user_id": x(quote[1]), "quoted_screen_name": quote[2], "retweet_status_id": x(rt[0]),
                "retweet_user_id": x(rt[1]), "retweet_screen_name": rt[2], "name": post["author"].title(),
            }
        )  # fmt: skip
    return table(rows, RTWEET)


TWINT = (
    "id,conversation_id,created_at,date,time,timezone,user_id,username,name,place,tweet,language,mentions,urls,photos,"
    "replies_count,retweets_count,likes_count,hashtags,cashtags,link,retweet,quote_url,video,thumbnail,near,geo,source,"
    "user_rt_id,user_rt,retweet_id,reply_to,retweet_date,translate,trans_src,trans_dest"
)


def twint(delimiter: str = ",", *, newer: bool = True) -> str:
    rows = []
    for post in MOVEMENT:
        rt, quote, reply = (author_of(post, role) for role in ("rt", "quote", "reply"))
        before = re.match(r"(@\w+ )*", post["text"])
        lead = re.findall(r"@(\w+)", before[0]) if before else []
        own = [name for name in post["names"] if name not in lead]

        def people(names: list[str]) -> str:
            return repr([{"screen_name": name, "name": name.title(), "id": IDS[name]} for name in names])

        row = {
            "id": post["id"], "conversation_id": reply[0] or post["id"], "created_at": f"{post['time']} CEST",
            "date": "2021-05-15", "time": f"{int(post['time'][11:13]) + 2}:00:00", "timezone": "+0200",
            "user_id": IDS[post["author"]], "username": post["author"], "name": post["author"].title(),
            "tweet": post["text"], "mentions": people(own), "hashtags": repr([tag.lower() for tag in post["tags"]]),
            "retweet": "False", "reply_to": people(lead), "source": "Plaza Client",
            "quote_url": f"https://twitter.com/{quote[2]}/status/{quote[0]}" if quote[0] else "",
        }  # fmt: skip
        if rt[0] and newer:
            text = BY_ID[int(rt[0][-2:])]["text"]
            row |= {
                "retweet": "True",
                "user_rt_id": rt[1],
                "user_rt": text,
                "retweet_id": rt[0],
                "retweet_date": "2021-05-15 01:00:00",
            }
        elif rt[0]:
            # Older releases: the row is the original, found on the page of who passed it on.
            original = BY_ID[int(rt[0][-2:])]
            row |= {
                "id": rt[0], "conversation_id": rt[0], "user_id": rt[1], "username": rt[2], "tweet": original["text"],
                "retweet": "True", "user_rt_id": IDS[post["author"]], "user_rt": post["author"], "retweet_id": post["id"],
                "retweet_date": post["time"],
            }  # fmt: skip
        rows.append(row)
    return table(rows, TWINT, delimiter=delimiter)


SFM = (
    "created_at,twitter_id,screen_name,location,followers_count,friends_count,favorite_count/like_count,retweet_count,"
    "hashtags,mentions,in_reply_to_screen_name,twitter_url,text,is_retweet,is_quote,coordinates,url1,url1_expanded,url2,"
    "url2_expanded,media_url"
)


def sfm() -> str:
    rows = [
        {
            "created_at": f"{post['time']}+00:00", "twitter_id": post["id"], "screen_name": post["author"],
            "hashtags": ", ".join(post["tags"]), "mentions": ", ".join(post["names"]),
            "in_reply_to_screen_name": post["to"], "text": post["text"], "is_retweet": "Yes" if post["rt"] else "No",
            "is_quote": "Yes" if post["quote"] else "No",
        }
        for post in MOVEMENT
    ]  # fmt: skip
    return table(rows, SFM)


QUT = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls"


def qut() -> str:
    rows = [
        {
            "message_id": post["id"], "user_id": IDS[post["author"]], "username": post["author"],
            "repost_id": author_of(post, "rt")[0], "reply_id": author_of(post, "reply")[0], "message": post["text"],
            "timestamp": f"{post['unix']}.0", "urls": "",
        }
        for post in MOVEMENT
    ]  # fmt: skip
    return table(rows, QUT)


# format -> file -> writer
WRITERS: dict[str, dict[str, Callable[[], str]]] = {
    "twarc-csv": {"invented.csv": twarc_csv, "invented_2021.csv": twarc_csv_old},
    "gazouilloire": {"invented.csv": gazouilloire},
    "4cat-x": {"invented.csv": fourcat},
    "4cat-zeeschuimer-x": {"invented.csv": zeeschuimer, "invented_own.csv": lambda: zeeschuimer(";")},
    "dmi-tcat": {
        "invented.csv": tcat,
        "invented.tsv": lambda: tcat("\t", ""),
        "invented_gazouilloire.csv": tcat_gazouilloire,
    },
    "dmi-tcat-mentions": {"invented.csv": tcat_mentions},
    "information-operations": {
        "invented.csv": information_operations,
        "invented_later.csv": lambda: information_operations(INFO_OPS_LATER, "True"),
    },
    "fivethirtyeight-ira": {"invented.csv": fivethirtyeight},
    "nbc-trolls": {
        "invented.csv": nbc,
        "invented_preamble.csv": lambda: nbc("Posts of accounts that are invented,,,\n,,,\nA second line of prose\n"),
    },
    "academictwitter": {"invented.csv": academictwitter},
    "rtweet": {"invented.csv": rtweet},
    "twint": {
        "invented.csv": twint,
        "invented_older.tsv": lambda: twint("\t", newer=False),
    },
    "social-feed-manager": {"invented.csv": sfm},
    "qut-coordination": {"invented.csv": qut},
    "minet-followers": {"invented.csv": lambda: minet("follower_id")},
    "minet-friends": {"invented.csv": lambda: minet("friend_id")},
}
# What a format cannot tell.
OTHERWISE: dict[str, list[tuple[str, str, str]]] = {
    "dmi-tcat-mentions": [
        (s, t, "mention" if k == "reply" else k) for s, t, k in TIES if k != "quote"
    ],
    # neither quotes nor replies, nor mentions
    "fivethirtyeight-ira": [(s.upper(), t.upper(), k) for s, t, k in TIES if k == "retweet"],
    "nbc-trolls": [tie for tie in TIES if tie[2] != "quote"],
    # of mentions only an account that is addressed
    "academictwitter": [tie for tie in TIES if tie[2] != "mention" or tie[:2] == ("plaza_voices", "night_watch")],
    # an account that is addressed is answered
    "social-feed-manager": [
        (s, t, "reply" if (s, t) == ("plaza_voices", "night_watch") else k) for s, t, k in TIES if k != "quote"
    ],
    "qut-coordination": [tie for tie in TIES if tie[2] in ("retweet", "reply")],
    "minet-followers": [
        ("twitter:9002", "plaza_voices", "follow"), ("night_watch", "plaza_voices", "follow"), ("twitter:9004", "night_watch", "follow")
    ],
    "minet-friends": [
        ("plaza_voices", "twitter:9002", "follow"), ("plaza_voices", "night_watch", "follow"),
        ("night_watch", "twitter:9004", "follow")
    ],
}  # fmt: skip
NO_TIMES = {"dmi-tcat-mentions", "minet-followers", "minet-friends"}
NO_HASHTAGS = NO_TIMES | {"fivethirtyeight-ira", "academictwitter", "qut-coordination"}
CASES = [(name, file) for name, files in WRITERS.items() for file in files]


def ties_of(network: Network) -> list[tuple[str, str, str]]:
    names = network.names
    rows = network.interactions.select("source", "target", pl.col("kind").cast(pl.String))
    return sorted((names[s], names[t], k) for s, t, k in rows.iter_rows())


def read(text: str, tmp_path: Path, options: SourceOptions | None = None) -> Network:
    path = tmp_path / "posts.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_source(path, options)


def records_of(network: Network) -> dict[str, int]:
    return {str(item.what): item.number for item in network.receipt.sources[0].records}


def dropped_of(network: Network) -> dict[str, int]:
    return {str(item.reason): item.rows for item in network.receipt.sources[0].dropped}


def qualities_of(network: Network) -> dict[tuple[str, str], str]:
    names = network.names
    rows = network.interactions.select("source", "target", pl.col("quality").cast(pl.String))
    return {(names[s], names[t]): quality for s, t, quality in rows.iter_rows()}


@pytest.mark.parametrize(("name", "file"), CASES, ids=[f"{name}/{file}" for name, file in CASES])
def test_the_same_movement_in_every_table_gives_the_same_ties(name: str, file: str, tmp_path: Path) -> None:
    network = read(WRITERS[name][file](), tmp_path)
    assert network.receipt.sources[0].format == name
    assert ties_of(network) == sorted(OTHERWISE.get(name, TIES))
    used = {
        (network.names[account], tag)
        for account, tag in network.hashtags.select("account", pl.col("hashtag").cast(pl.String)).iter_rows()
    }
    assert used == (set() if name in NO_HASHTAGS else HASHTAGS)
    if name not in NO_TIMES:
        first = "12" if name in ("fivethirtyeight-ira", "qut-coordination") else "11"
        assert network.receipt.sources[0].first_time == f"2021-05-15T{first}:00:00+00:00"
        last = "15" if name in ("fivethirtyeight-ira", "qut-coordination") else "17"
        assert network.receipt.sources[0].last_time == f"2021-05-15T{last}:00:00+00:00"


def test_a_repeat_within_one_row_is_counted(tmp_path: Path) -> None:
    # Named by id as the account addressed, by handle among the mentions of the same post.
    header = "id,author_id,author.username,referenced_tweets.retweeted.id,entities.mentions,created_at"
    rows = [
        {"id": "1", "author_id": "9001", "author.username": "plaza_voices", "entities.mentions": '["@night_watch"]'},
        {"id": "2", "author_id": "9003", "author.username": "night_watch", "entities.mentions": '["@plaza_voices"]'},
        {"id": "3", "author_id": "9003", "author.username": "night_watch"},
        {"id": "1", "author_id": "9001", "author.username": "plaza_voices", "entities.mentions": '["@night_watch"]'},
    ]
    receipt = read(table(rows, header), tmp_path).receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept, sum(item.rows for item in receipt.dropped)) == (3, 2, 1)


def test_interactions_of_one_row_that_are_the_same_are_counted() -> None:
    rows = pl.DataFrame({"row": [2, 2], "source": ["a", "a"], "target": ["b", "b"], "post_id": ["7", "7"]})
    receipt = Network.from_tables(rows, kind="mention").receipt.sources[0]
    assert (receipt.rows_read, receipt.rows_kept, [item.rows for item in receipt.dropped]) == (2, 1, [1])


def _damaged(text: str, changed: Callable[[str], str], *names: str, delimiter: str = ",") -> str:
    """Change the filled cells of columns."""
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    for row in rows:
        for name in names:
            row[name] = changed(row[name]) if row[name] else row[name]
    return table(rows, ",".join(rows[0]))


def _excel(key: str) -> str:
    """What a spreadsheet shows of a long id."""
    return f"{float(key):.5E}"


WIDE = {name: f"{number}12345678905{number}" for name, number in zip(IDS, (111, 123, 137, 149, 151), strict=True)}


def _wide(text: str) -> str:
    for name, key in IDS.items():
        text = re.sub(rf"\b{key}\b", WIDE[name], text)
    return text


@pytest.mark.parametrize("kind", ["scientific", "point zero", "rounded"])
def test_damaged_account_ids_give_way_to_handles(kind: str, tmp_path: Path) -> None:
    change = {
        "scientific": _excel,
        "point zero": lambda key: key + ".0",
        "rounded": lambda key: key[:15] + "0" * (len(key) - 15),
    }[kind]
    ids = ("author_id", "author.id", "retweeted_user_id", "quoted_user_id", "in_reply_to_user_id")
    network = read(_damaged(_wide(twarc_csv()), change, *ids), tmp_path)
    receipt = network.receipt.sources[0]
    assert ties_of(network) == TIES
    assert receipt.damaged_ids
    assert any("handles instead" in warning for warning in receipt.warnings)


def test_damaged_account_ids_without_handles_are_refused_in_one_line(tmp_path: Path) -> None:
    ids = ("userid", "in_reply_to_userid", "retweet_userid")
    text = _damaged(_wide(information_operations()), _excel, *ids)
    text = _damaged(text, lambda _: "", "user_screen_name")
    with pytest.raises(ImportFileError, match="account ids were turned into numbers") as refused:
        read(text, tmp_path)
    assert "\n" not in str(refused.value)


def test_posts_without_whole_ids_are_not_taken_for_repeats(tmp_path: Path) -> None:
    ids = ("id", "referenced_tweets.retweeted.id", "referenced_tweets.quoted.id", "referenced_tweets.replied_to.id")
    network = read(_damaged(twarc_csv(), _excel, *ids), tmp_path)
    receipt = network.receipt.sources[0]
    # All posts have the same id now: the two mentions of the same account stay two.
    assert ties_of(network) == TIES
    assert any("repeats of a post" in warning for warning in receipt.warnings)


def test_sound_ids_are_not_flagged(tmp_path: Path) -> None:
    receipt = read(_wide(twarc_csv()), tmp_path).receipt.sources[0]
    assert (receipt.damaged_ids, receipt.warnings) == (0, ())


# ---------------------------------------------------------------- cells that hold several values

WRITTEN = {
    "JSON": json.dumps,
    "JSON with signs": lambda names: json.dumps([f"@{name}" for name in names]),
    "Python": repr,
    "Python records": lambda names: repr([{"screen_name": name, "name": "O'Neil", "id": "1"} for name in names]),
    "JSON records": lambda names: json.dumps([{"start": 0, "end": 3, "username": name} for name in names]),
    "bare list": lambda names: f"[{', '.join(names)}]",
    "R": lambda names: "c({})".format(", ".join(f'"{name}"' for name in names)),
    "pipe": "|".join,
    "semicolon": "; ".join,
    "comma": ", ".join,
    "comma alone": ",".join,
    "blank": " ".join,
}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("names", [["ana_1"], ["ana_1", "Bo2", "na", "none", "x9"], ["123", "00456"], []])
def test_cells_of_several_values(form: str, names: list[str]) -> None:
    found = listed(WRITTEN[form](names))
    handles = [item.get("screen_name") or item.get("username") if isinstance(item, dict) else item for item in found]
    assert [str(handle).lstrip("@") for handle in handles] == names


@pytest.mark.parametrize(
    "cell", ["[" * 5000, "[[1],[2]]", "{'a':", "['a', b", "[1, {}]", "\x00", "[nan]", "((((", "{}", "[]", " "]
)
def test_cells_of_nonsense_do_no_harm(cell: str) -> None:
    assert all(isinstance(item, str | dict) for item in listed(cell))


# ---------------------------------------------------------------- twarc-csv, gazouilloire: real samples


def test_the_same_four_posts_as_csv_and_json(shared: Path) -> None:
    folder = shared / "formats" / "twarc2"
    table_of, records = (read_source(folder / f"small_sample.{kind}") for kind in ("csv", "json"))
    assert table_of.receipt.sources[0].format == "twarc-csv"
    assert ties_of(table_of) == ties_of(records)
    assert len(ties_of(table_of)) == 7
    assert qualities_of(table_of) == qualities_of(records)
    assert records_of(table_of) == records_of(records)


def test_a_real_table_of_twitwi(shared: Path) -> None:
    path = shared / "formats" / "twitwi_bluesky_twitter" / "tweet-export.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    network = read_source(path)
    found = [(s.casefold(), t.casefold(), k) for s, t, k in ties_of(network)]
    wanted = []
    for row in rows:
        author = row["user_screen_name"]
        if row["retweeted_id"]:
            wanted.append((author, row["retweeted_user"], "retweet"))
            continue
        told = {row["to_username"].casefold(), row["quoted_user"].casefold(), author.casefold()}
        if row["quoted_id"]:
            wanted.append((author, row["quoted_user"], "quote"))
        if row["to_tweetid"]:
            wanted.append((author, row["to_username"], "reply"))
        spoken = (
            re.sub("«.*»", "", row["text"], flags=re.DOTALL).casefold() if row["quoted_id"] else row["text"].casefold()
        )
        wanted += [
            (author, name, "mention")
            for name in row["mentioned_names"].split("|")
            if name and name not in told and f"@{name}" in spoken
        ]
    assert network.receipt.sources[0].format == "gazouilloire"
    assert sorted(found) == sorted((s.casefold(), t.casefold(), k) for s, t, k in wanted)
    assert network.receipt.sources[0].time_zone is None


def test_entities_left_as_they_are_and_names_that_twarc_does_not_know(tmp_path: Path) -> None:
    header = (
        "id,author_id,author.username,created_at,text,referenced_tweets.retweeted.id,retweeted_user_id,retweeted_username,"
        "entities.mentions,entities.hashtags"
    )
    people = [{"start": 3, "end": 9, "username": "night_watch", "id": "9003"}]
    rows = [
        {
            "id": "11", "author_id": "9001", "author.username": "plaza_voices", "text": "hi @night_watch",
            "entities.mentions": repr(people), "entities.hashtags": repr([{"start": 1, "end": 4, "tag": "Paz"}]),
        },
        {"id": "12", "author_id": "9001", "author.username": "plaza_voices", "text": "RT @gone_account: never",
         "referenced_tweets.retweeted.id": "99"},
        {"id": "13", "author_id": "9001", "author.username": "plaza_voices", "text": "the original's text",
         "referenced_tweets.retweeted.id": "98", "entities.mentions": '["@night_watch"]'},
    ]  # fmt: skip
    network = read(table(rows, header), tmp_path)
    assert ties_of(network) == [
        ("plaza_voices", "gone_account", "retweet"), ("plaza_voices", "night_watch", "mention")
    ]  # fmt: skip
    assert network.receipt.sources[0].unresolved == {"retweet": 1}
    assert qualities_of(network)["plaza_voices", "gone_account"] == "inferred"
    assert network.hashtags["hashtag"].cast(pl.String).to_list() == ["paz"]


def test_posts_that_only_came_along_give_no_ties(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(gazouilloire())))
    rows[3]["collected_via"] = "thread|quote"  # the answer of open_kitchen
    network = read(table(rows, GAZOUILLOIRE), tmp_path)
    gone = [tie for tie in TIES if tie[0] == "open_kitchen"]
    assert [tie for tie in ties_of(network) if tie[0] == "open_kitchen"] == [
        ("open_kitchen", "assembly_now", "mention")
    ]
    assert len(gone) == 4
    assert records_of(network)["posts that came along with others"] == 1
    text = tcat_gazouilloire().split("\n")
    text[4] = text[4].replace(",1,0,0,", ",0,0,1,")
    assert len(ties_of(read("\n".join(text), tmp_path))) == len(TIES) - 3


# ---------------------------------------------------------------- 4CAT and Zeeschuimer


def test_anonymised_tables_are_refused_and_errors_left_out(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(fourcat())))
    removed = [{**row, "author": "REDACTED", "author_id": "REDACTED", "author_fullname": "REDACTED"} for row in rows]
    with pytest.raises(ImportFileError, match="authors were removed on export"):
        read(table(removed, FOURCAT), tmp_path)
    failed = {
        "id": "77",
        "author": "UNKNOWN",
        "author_id": "1",
        "timestamp": "2023-01-01 00:00:00",
        "mentions": "river_press",
    }
    network = read(table([*rows, {**failed, "is_retweet": "no"}], FOURCAT), tmp_path)
    assert ties_of(network) == TIES
    assert dropped_of(network) == {"no author, or a placeholder for one that was removed": 1}


def test_columns_of_4cat_in_another_order(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(fourcat())))
    assert ties_of(read(table(rows, ",".join(sorted(FOURCAT.split(","), reverse=True))), tmp_path)) == TIES


def test_hashed_authors_are_said(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(fourcat())))
    for row in rows:
        row["author"] = row["author_id"] = "0f" * 16 + row["author_id"].rjust(32, "a")
    warnings = read(table(rows, FOURCAT), tmp_path).receipt.sources[0].warnings
    assert any("hashed" in warning for warning in warnings)


def test_acts_on_no_one_are_counted(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(zeeschuimer())))
    for row in rows:
        row["quote_author"] = row["quote_tweet_id"] = row["replied_author"] = ""
    rows[2] |= {"retweeted_user": "", "body": "cut off"}
    rows[5] |= {"retweeted_user": ""}  # told by its text
    rows[6] |= {"author": "", "author_id": ""}
    network = read(table(rows, ZEESCHUIMER), tmp_path)
    assert ("river_press", "night_watch", "retweet") in ties_of(network)
    assert not [
        tie
        for tie in ties_of(network)
        if tie[2] in ("quote", "reply") or (tie[0] == "plaza_voices" != "x" and tie[2] == "retweet")
    ]
    assert dropped_of(network) == {
        "no author, or a placeholder for one that was removed": 1,
        "retweets that do not say whom they pass on": 1,
    }
    records = records_of(network)
    assert records["quotes that do not say whom they quote"] == records["replies that do not say whom they answer"] == 1


# ---------------------------------------------------------------- DMI-TCAT


def test_tcat_without_the_columns_of_mentions_and_hashtags(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(tcat(mark=""))))
    header = TCAT.removesuffix(",mentions,hashtags").replace("quoted_status_id,", "")
    old = [{name: row[name] for name in header.split(",")} for row in rows]
    network = read(table(old, header), tmp_path)
    assert ties_of(network) == [
        tie for tie in TIES if tie[2] in ("retweet", "reply") or tie[:2] == ("plaza_voices", "night_watch")
    ]
    assert any("no column of mentions" in said for said in network.receipt.sources[0].assumptions)
    assert qualities_of(network)["plaza_voices", "assembly_now"] == "inferred"


def test_the_longest_of_the_names_that_tcat_says_are_retweeted(tmp_path: Path) -> None:
    text = (
        "tweet_id,user_from_id,user_from_name,user_to_id,user_to_name,mention_type\n"
        "1,10,ana,20,bob,retweet\n1,10,ana,21,bobby,retweet\n1,10,ana,22,carla,mention\n"
        "2,11,dora,20,bob,mention\n2,11,dora,22,carla,mention\n,11,dora,22,carla,mention\n"
    )
    network = read(text, tmp_path)
    assert ties_of(network) == [("ana", "bobby", "retweet"), ("dora", "bob", "mention"), ("dora", "carla", "mention")]
    assert records_of(network)["mentions in retweets, which are the original's"] == 2
    assert dropped_of(network) == {"not a post": 1}


# ---------------------------------------------------------------- released accounts


def test_hashed_accounts_and_plain_numbers_stay_apart(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(information_operations())))
    for row in rows:
        row["userid"] = row["user_screen_name"] = row["user_display_name"] = row["userid"].rjust(64, "b")
    rows[2] |= {"retweet_userid": "", "tweet_text": "cut off"}  # told by the post, which is among them
    rows[5] |= {"retweet_userid": "", "retweet_tweetid": "12"}  # told by the text
    network = read(table(rows, INFO_OPS, quote_all=True), tmp_path)
    ties = ties_of(network)
    hashed = {name: key.rjust(64, "b") for name, key in IDS.items()}
    assert [target for source, target, kind in ties if kind == "reply"] == ["twitter:9003"]
    assert (hashed["river_press"], "night_watch", "retweet") in ties
    # The post that is passed on is among them: its author is known by the hash.
    assert (hashed["plaza_voices"], hashed["assembly_now"], "retweet") in ties
    assert any("hashed" in warning for warning in network.receipt.sources[0].warnings)


def test_quotes_of_posts_that_are_not_in_the_archive_are_kept_apart(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(information_operations())))
    rows[1]["quoted_tweet_tweetid"] = "5"
    assert read(table(rows, INFO_OPS), tmp_path).receipt.sources[0].unresolved == {"quote": 1}


def test_ira_posts_that_name_no_one_are_refused_precisely(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(fivethirtyeight())))
    for row in rows:
        row["content"] = re.sub(r"^RT @\w+: ", "", row["content"])
    with pytest.raises(ImportFileError, match="retweets that do not say whom they pass on: 2") as refused:
        read(table(rows, IRA), tmp_path)
    assert "\n" not in str(refused.value)


def test_dates_of_american_dumps(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(nbc())))
    for row in rows:
        row["created_at"] = f"3/22/2016 {row['created_str'][11:16]}"
    network = read("Posts from accounts that are invented,,,\n" + table(rows, NBC), tmp_path)
    assert network.receipt.sources[0].first_time == "2016-03-22T11:00:00+00:00"


# ---------------------------------------------------------------- the others


@pytest.mark.parametrize(
    ("zone", "utc"),
    [("+0530", "08:30"), ("-0300", "17:00"), ("200.0", "12:00"), ("0000", "14:00"), ("+02:00", "12:00"), ("", "14:00")],
)
def test_times_of_twint_have_a_zone_of_their_own(zone: str, utc: str, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(twint())))
    for row in rows:
        row |= {"time": "14:00:00", "timezone": zone, "created_at": "2021-05-15 14:00:00"}
    assert read(table(rows, TWINT), tmp_path).receipt.sources[0].first_time == f"2021-05-15T{utc}:00+00:00"


def test_the_positional_table_of_the_coordination_toolkit(tmp_path: Path) -> None:
    text = qut().split("\n", 1)[1]
    network = read(text, tmp_path, SourceOptions(format="qut-coordination"))
    assert ties_of(network) == sorted(OTHERWISE["qut-coordination"])
    with pytest.raises(ImportFileError, match="has not the columns"):
        read("1,2,3\n4,5,6\n", tmp_path, SourceOptions(format="qut-coordination"))


def test_links_shared_and_times_of_another_beginning(tmp_path: Path) -> None:
    rows = [
        ("1", "10", "ana", "", "", "look", "243000000.0", "https://example.org/a"),
        ("2", "11", "bo", "", "", "look", "243000009.0", "['https://example.org/a', 'https://example.org/b']"),
        ("3", "12", "cy", "1", "", "look", "243000019.0", "https://example.org/a"),
        ("4", "12", "cy", "77", "", "look", "243000029.0", ""),
    ]
    network = read(table([dict(zip(QUT.split(","), row, strict=True)) for row in rows], QUT), tmp_path)
    assert ties_of(network) == [("ana", "bo", "share"), ("bo", "ana", "share"), ("cy", "ana", "retweet")]
    receipt = network.receipt.sources[0]
    assert receipt.unresolved == {"retweet": 1}
    assert any("before 2006" in warning for warning in receipt.warnings)


@pytest.mark.parametrize("column", ["follower_id", "friend_id"])
def test_the_ego_of_minet_by_id_or_by_handle(column: str, tmp_path: Path) -> None:
    def ties(text: str) -> list[tuple[str, str, str]]:
        found = ties_of(read(text, tmp_path))
        return [(t, s, k) if column == "follower_id" else (s, t, k) for s, t, k in found]

    assert ties(f"screen_name,{column}\nana,11\nana,12\n") == [
        ("ana", "twitter:11", "follow"), ("ana", "twitter:12", "follow")
    ]  # fmt: skip
    assert ties(f"user_id,{column}\n7,11\n7,12\n")[0] == ("twitter:7", "twitter:11", "follow")


def test_a_workbook_of_posts(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(sfm())):
        book.active.append(row)
    book.save(tmp_path / "posts.xlsx")
    network = read_source(tmp_path / "posts.xlsx")
    assert network.receipt.sources[0].format == "social-feed-manager"
    assert ties_of(network) == sorted(OTHERWISE["social-feed-manager"])


def test_sparse_real_columns_the_handles_na_none_and_null_are_people(tmp_path: Path) -> None:
    header = "created_at,twitter_id,screen_name,text,in_reply_to_screen_name,mentions,hashtags,is_retweet,url1_expanded"
    rows = [
        {"twitter_id": "1", "screen_name": "NA", "text": "hi", "mentions": "nan, null"},
        {"twitter_id": "2", "screen_name": "none", "text": "RT @null: hi"},
    ]
    assert ties_of(read(table(rows, header), tmp_path)) == [
        ("NA", "nan", "mention"), ("NA", "null", "mention"), ("none", "null", "retweet")
    ]  # fmt: skip
