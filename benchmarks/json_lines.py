"""JSON lines of posts, from file to network: megabytes a CPU second, and in relation to only decoding each line.

Usage: python benchmarks/json_lines.py [--megabytes 200] [--keep FOLDER] [--alternatives] [--profile]
Every post is invented; the records have the fields and the length of real ones. Writing the files is not timed. Rates depend
on the machine and on what else it does: the relation to decoding alone, measured in the same run, hardly does.
"""

import argparse
import cProfile
import json
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ACCOUNTS, FIRST_ID = 40_000, 1_390_000_000_000_000_000
START = datetime(2021, 5, 15, tzinfo=UTC)
TEXT = "plaza asamblea ciudad noche ميدان حرية today square people water kitchen tent rain march 🌱 wir sind hier"


def invented(megabytes, path, shape):
    """Write a file of invented posts."""
    chance, size, number = random.Random(1), 0, 0  # noqa: S311
    with path.open("w", encoding="utf-8") as out:
        while size < megabytes * 1e6:
            number += 1
            size += out.write(json.dumps(shape(chance, number)) + "\n")


def _body(chance, number):
    when = START + timedelta(seconds=number)
    return {
        "id": FIRST_ID + number * 4096,
        "author": int(ACCOUNTS * chance.random() ** 2),
        "when": when,
        "text": " ".join(chance.choices(TEXT.split(), k=chance.randint(8, 24))),
        "tags": ["asamblea", "ميدان"] if chance.random() < 0.3 else [],
        "mentions": [int(ACCOUNTS * chance.random() ** 3) for _ in range(chance.choice((0, 0, 0, 1, 2)))],
    }


def _v1_user(account):
    return {
        "id": 7_000_000 + account, "id_str": str(7_000_000 + account), "name": f"Invented {account}", "screen_name": f"invented_{account}",
        "location": "the square", "url": None, "description": "An account that was invented. " * 4, "translator_type": "none",
        "protected": False, "verified": False, "followers_count": account, "friends_count": 300, "listed_count": 3,
        "favourites_count": 5182, "statuses_count": 9132, "created_at": "Thu Jul 01 10:00:00 +0000 2010", "utc_offset": None,
        "time_zone": None, "geo_enabled": False, "lang": None, "contributors_enabled": False, "is_translator": False,
        "profile_background_color": "C0DEED", "profile_background_image_url": "http://example.org/images/themes/theme1/bg.png",
        "profile_background_image_url_https": "https://example.org/images/themes/theme1/bg.png", "profile_background_tile": False,
        "profile_link_color": "1DA1F2", "profile_sidebar_border_color": "C0DEED", "profile_sidebar_fill_color": "DDEEF6",
        "profile_text_color": "333333", "profile_use_background_image": True, "default_profile": True,
        "profile_image_url": "http://example.org/profile_images/1234567890/abcdefgh_normal.jpg",
        "profile_image_url_https": "https://example.org/profile_images/1234567890/abcdefgh_normal.jpg",
        "profile_banner_url": "https://example.org/profile_banners/1234567/1234567890", "default_profile_image": False,
        "following": None, "follow_request_sent": None, "notifications": None, "withheld_in_countries": [],
    }  # fmt: skip


def v1(chance, number, *, original=True):
    """Return a post as the API v1.1 gave it."""
    body, kind = _body(chance, number), chance.random() if original else 1.0
    post = {
        "created_at": body["when"].strftime("%a %b %d %H:%M:%S +0000 %Y"), "id": body["id"], "id_str": str(body["id"]),
        "full_text": body["text"], "truncated": False, "display_text_range": [0, len(body["text"])],
        "entities": {
            "hashtags": [{"text": tag, "indices": [0, 9]} for tag in body["tags"]], "symbols": [],
            "user_mentions": [
                {"screen_name": f"invented_{m}", "name": f"Invented {m}", "id": 7_000_000 + m, "id_str": str(7_000_000 + m), "indices": [5, 17]}
                for m in body["mentions"]
            ],
            "urls": [{"url": "https://t.co/abcdefghij", "expanded_url": "https://example.org/a/page", "display_url": "example.org/a/page", "indices": [0, 23]}],
        },
        "metadata": {"iso_language_code": "es", "result_type": "recent"},
        "source": '<a href="https://example.org/download" rel="nofollow">Invented for Android</a>',
        "in_reply_to_status_id": None, "in_reply_to_status_id_str": None, "in_reply_to_user_id": None,
        "in_reply_to_user_id_str": None, "in_reply_to_screen_name": None, "user": _v1_user(body["author"]), "geo": None,
        "coordinates": None, "place": None, "contributors": None, "is_quote_status": False, "retweet_count": 11,
        "favorite_count": 4, "favorited": False, "retweeted": False, "possibly_sensitive": False, "lang": "es",
    }  # fmt: skip
    if chance.random() < 0.3:
        sizes = {name: {"w": 1200, "h": 675, "resize": "fit"} for name in ("thumb", "small", "medium", "large")}
        media = {
            "id": body["id"] + 1, "id_str": str(body["id"] + 1), "indices": [24, 47], "url": "https://t.co/abcdefghij", "type": "photo",
            "media_url": "http://example.org/media/Abcdefghijklmno.jpg", "media_url_https": "https://example.org/media/Abcdefghijklmno.jpg",
            "display_url": "example.org/abcdefghij", "expanded_url": f"https://example.org/invented/status/{body['id']}/photo/1", "sizes": sizes,
        }  # fmt: skip
        post["entities"]["media"], post["extended_entities"] = [media], {"media": [media]}
    earlier = max(1, number - chance.randint(1, 500))
    if kind < 0.55:
        post["retweeted_status"] = v1(chance, earlier, original=False)
    elif kind < 0.65:
        post |= {"is_quote_status": True, "quoted_status": v1(chance, earlier, original=False)}
    elif kind < 0.85:
        to = int(ACCOUNTS * chance.random() ** 3)
        post |= {
            "in_reply_to_status_id_str": str(FIRST_ID + earlier * 4096),
            "in_reply_to_user_id_str": str(7_000_000 + to),
        }
        post["in_reply_to_screen_name"] = f"invented_{to}"
    return post


def _v2_user(account):
    return {
        "id": str(7_000_000 + account), "created_at": "2010-07-01T10:00:00.000Z", "name": f"Invented {account}",
        "username": f"invented_{account}", "url": "", "verified": False, "protected": False,
        "public_metrics": {"followers_count": account, "following_count": 300, "tweet_count": 9132, "listed_count": 3},
        "description": "An account that was invented. " * 4,
        "profile_image_url": "https://example.org/profile_images/1234567890/abcdefgh_normal.jpg",
    }  # fmt: skip


def v2(chance, number, *, original=True):
    """Return a post of the API v2 as ``twarc2 flatten`` writes it."""
    body, kind = _body(chance, number), chance.random() if original else 1.0
    post = {
        "source": "Invented for Android", "possibly_sensitive": False, "conversation_id": str(body["id"]), "lang": "es",
        "public_metrics": {"retweet_count": 11, "reply_count": 0, "like_count": 4, "quote_count": 0}, "id": str(body["id"]),
        "entities": {
            "annotations": [{"start": 1, "end": 9, "probability": 0.61, "type": "Place", "normalized_text": "plaza"}] * 5,
            "hashtags": [{"start": 0, "end": 9, "tag": tag} for tag in body["tags"]],
            "mentions": [{"start": 5, "end": 17, "username": f"invented_{m}"} | _v2_user(m) for m in body["mentions"]],
        },
        "author_id": str(7_000_000 + body["author"]), "reply_settings": "everyone", "text": body["text"],
        "created_at": body["when"].strftime("%Y-%m-%dT%H:%M:%S.000Z"), "author": _v2_user(body["author"]),
        "context_annotations": [{"domain": {"id": "10", "name": "Person", "description": "Named people in the world"}, "entity": {"id": "1", "name": "Nobody"}}] * 8,
    }  # fmt: skip
    earlier = max(1, number - chance.randint(1, 500))
    if kind < 0.85:
        referenced = v2(chance, earlier, original=False)
        how = "retweeted" if kind < 0.55 else "quoted" if kind < 0.65 else "replied_to"
        post["referenced_tweets"] = [{"type": how} | referenced]
        if how == "replied_to":
            post |= {"in_reply_to_user_id": referenced["author_id"], "in_reply_to_user": referenced["author"]}
    if original:
        fields = "created_at%2Cdescription%2Centities%2Cid%2Clocation%2Cname%2Cpinned_tweet_id%2C" * 11
        post["__twarc"] = {"url": f"https://example.org/2/tweets/search/all?user.fields={fields}", "version": "2.8.0"}
        post["__twarc"]["retrieved_at"] = "2021-05-16T00:00:00+00:00"
    return post


def decode_only(path):
    """Decode each line and keep nothing."""
    import orjson

    with path.open("rb", buffering=1 << 20) as stream:
        for line in stream:
            orjson.loads(line)


def to_network(path):
    """Read the file as an analyst does."""
    from netact.importers import read_source

    return read_source(path)


def with_polars(path):
    """Let polars find the fields and read all of them."""
    import polars as pl

    return pl.read_ndjson(path, infer_schema_length=1000)


def with_duckdb(path):
    """Let duckdb take out the fields that a v1.1 or v2 import needs, not yet joined or cleaned."""
    import duckdb

    duckdb.sql("SET threads = 1")
    paths = ", ".join(f"'$.{name}'" for name in FIELDS.split())
    lines = duckdb.read_csv(
        str(path),
        columns={"line": "VARCHAR"},
        header=False,
        delimiter="\x01",
        quotechar="",
        escapechar="",
        parallel=False,
    )
    return lines.project(f"json_extract(line, [{paths}]) AS found").create("found")


FIELDS = """
id_str created_at source user.id_str user.screen_name user.name retweeted_status.id_str retweeted_status.user.id_str
quoted_status.id_str quoted_status.user.id_str in_reply_to_user_id_str entities.user_mentions entities.hashtags id author_id
author.username author.name referenced_tweets in_reply_to_user_id entities.mentions text
"""
WAYS = {"decode each line": decode_only, "to network": to_network}
ALTERNATIVES = {"polars, all fields": with_polars, "duckdb, fields needed": with_duckdb}


def measured(way, path):
    """Return seconds, CPU seconds and peak megabytes of one way, run in a process of its own."""
    told = subprocess.run([sys.executable, __file__, "--one", way, str(path)], capture_output=True, text=True)
    return tuple(map(float, told.stdout.split())) if told.returncode == 0 else told.stderr.strip().splitlines()[-1][:60]


def _one(way, path):
    run = (WAYS | ALTERNATIVES)[way]
    if run is to_network:
        import netact.importers  # noqa: F401  (importing is not timed)
    start, used = time.perf_counter(), time.process_time()
    run(path)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - start, time.process_time() - used, memory)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="folder for the files")
    parser.add_argument("--alternatives", action="store_true", help="also polars and duckdb")
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(options.one[0], Path(options.one[1]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(
            f"{'file':22} {'way':22} {'MB':>5} {'seconds':>8} {'CPU s':>7} {'MB/CPU s':>9} {'of decoding':>11} {'peak MB':>8}"
        )
        for name, shape in (("v1.1", v1), ("v2 flattened", v2)):
            path = folder / f"{name.replace(' ', '_')}.jsonl"
            if not path.exists():
                invented(options.megabytes, path, shape)
            if options.profile:
                profile = cProfile.Profile()
                profile.runcall(to_network, path)
                pstats.Stats(profile).sort_stats("tottime").print_stats(22)
                continue
            size, decoding = path.stat().st_size / 1e6, 0.0
            for way in WAYS | (ALTERNATIVES if options.alternatives else {}):
                found = measured(way, path)
                if isinstance(found, str):
                    print(f"{name:22} {way:22} {found}")
                    continue
                seconds, cpu, memory = found
                decoding = decoding or cpu
                print(
                    f"{name:22} {way:22} {size:5.0f} {seconds:8.1f} {cpu:7.1f} {size / cpu:9.0f} {decoding / cpu:11.0%} {memory:8,.0f}"
                )


if __name__ == "__main__":
    main()
