"""How much memory and time reading a large export of posts takes.

    python benchmarks/large_import.py --gigabytes 5

Writes invented posts as JSON lines (Twitter API v1.1, some 6 KB each: retweets, replies, quotes, mentions and plain posts of
accounts whose activity and popularity are heavy-tailed), reads them in a process of its own and prints its largest size, its
CPU time and what came out.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_FILLER = "the assembly decides tonight what the square does tomorrow, bring water and a friend " * 3
# All fields of a user of the API v1.1.
_PROFILE = {
    "location": "the square", "url": None, "description": "invented account of a benchmark; " * 3, "translator_type": "none",
    "protected": False, "verified": False, "followers_count": 1234, "friends_count": 321, "listed_count": 3,
    "favourites_count": 5182, "statuses_count": 4567, "created_at": "Mon Jan 10 10:00:00 +0000 2011", "utc_offset": None,
    "time_zone": None, "geo_enabled": False, "lang": None, "contributors_enabled": False, "is_translator": False,
    "is_translation_enabled": False, "profile_background_color": "C0DEED",
    "profile_background_image_url": "http://example.org/images/themes/theme1/bg.png",
    "profile_background_image_url_https": "https://example.org/images/themes/theme1/bg.png", "profile_background_tile": False,
    "profile_image_url": "http://example.org/profile_images/1234567890/abcdefgh_normal.jpg",
    "profile_image_url_https": "https://example.org/profile_images/1234567890/abcdefgh_normal.jpg",
    "profile_banner_url": "https://example.org/profile_banners/1234567/1234567890", "profile_link_color": "1DA1F2",
    "profile_sidebar_border_color": "C0DEED", "profile_sidebar_fill_color": "DDEEF6", "profile_text_color": "333333",
    "profile_use_background_image": True, "has_extended_profile": False, "default_profile": True,
    "default_profile_image": False, "following": None, "follow_request_sent": None, "notifications": None,
    "withheld_in_countries": [],
}  # fmt: skip
# Fields of a post that tell nothing of ties.
_REST = {
    "truncated": False, "metadata": {"iso_language_code": "es", "result_type": "recent"}, "in_reply_to_status_id": None,
    "in_reply_to_status_id_str": None, "in_reply_to_user_id": None, "in_reply_to_user_id_str": None,
    "in_reply_to_screen_name": None, "geo": None, "coordinates": None, "place": None, "contributors": None,
    "is_quote_status": False, "favorited": False, "retweeted": False, "possibly_sensitive": False,
}  # fmt: skip
_PICTURE = {
    "id": 1390000000000000001, "id_str": "1390000000000000001", "indices": [24, 47], "url": "https://t.co/abcdefghij",
    "media_url": "http://example.org/media/Abcdefghijklmno.jpg", "media_url_https": "https://example.org/media/Abcdefghijklmno.jpg",
    "display_url": "example.org/abcdefghij", "expanded_url": "https://example.org/invented/status/1/photo/1", "type": "photo",
    "sizes": {name: {"w": 1200, "h": 675, "resize": "fit"} for name in ("thumb", "small", "medium", "large")},
}  # fmt: skip
_LINK = {
    "url": "https://t.co/abcdefghij", "expanded_url": "https://example.org/a/page", "display_url": "example.org/a/page",
    "indices": [0, 23],
}  # fmt: skip
_DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")


def write_posts(path: Path, size: int, *, accounts: int, seed: int) -> int:
    """Write posts until the file has ``size`` bytes; return how many."""
    rng = random.Random(seed)  # noqa: S311

    def user(number: int) -> dict[str, object]:
        key = 10_000_000_000 + number * 7919
        return {
            "id": key,
            "id_str": str(key),
            "screen_name": f"invented_{number}",
            "name": f"Invented {number}",
            **_PROFILE,
        }

    def popular() -> int:
        return min(int(rng.paretovariate(0.9)) - 1, accounts - 1)

    def active() -> int:
        return min(int(accounts * rng.random() ** 1.7), accounts - 1)

    def post(number: int, author: int, text: str) -> dict[str, object]:
        seconds = number // 3
        day = seconds // 86400 % 28
        clock = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        key = 1_000_000_000_000_000_000 + number * 4096
        return {
            **_REST,
            "created_at": f"{_DAYS[day % 7]} Apr {day + 1:02d} {clock} +0000 2021",
            "id": key,
            "id_str": str(key),
            "full_text": text,
            "display_text_range": [0, len(text)],
            "source": '<a href="https://example.org/app" rel="nofollow">Invented App</a>',
            "user": user(author),
            "entities": {
                "hashtags": [{"text": "plaza", "indices": [0, 6]}],
                "symbols": [],
                "user_mentions": [],
                "urls": [_LINK],
                "media": [_PICTURE],
            },
            "extended_entities": {"media": [_PICTURE]},
            "retweet_count": 5,
            "favorite_count": 9,
            "lang": "en",
        }

    written = number = 0
    with path.open("wb", buffering=1 << 20) as stream:
        while written < size:
            number += 1
            author = active()
            kind = rng.random()
            record = post(number, author, _FILLER)
            if kind < 0.6:
                original = popular()
                # Most retweets are of recent posts.
                record["retweeted_status"] = post(
                    max(1, number - int(rng.expovariate(1 / 5000)) - 1), original, _FILLER
                )
                record["full_text"] = f"RT @invented_{original}: {_FILLER[:100]}"
            elif kind < 0.75:
                target = user(popular())
                record["in_reply_to_status_id_str"] = str(
                    1_000_000_000_000_000_000 + rng.randrange(1, number + 1) * 4096
                )
                record["in_reply_to_user_id_str"], record["in_reply_to_screen_name"] = (
                    target["id_str"],
                    target["screen_name"],
                )
            elif kind < 0.85:
                target = user(popular())
                record["entities"]["user_mentions"] = [
                    {**{k: target[k] for k in ("id_str", "screen_name", "name")}, "indices": [0, 9]}
                ]
            line = json.dumps(record).encode() + b"\n"
            stream.write(line)
            written += len(line)
    return number


_READ = """
import json, resource, sys, time
from netact.importers import read_network
began = time.process_time()
network = read_network(sys.argv[1])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": time.process_time() - began, "peak": usage.ru_maxrss / 1024, "kinds": network.kinds, "accounts": network.n_accounts,
                  "posts": network.posts.height}))
"""


def main() -> None:
    """Write, read and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--accounts", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, default=None, help="use this file; written if it is not there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "posts.jsonl"
        if not path.exists():
            began = time.perf_counter()
            number = write_posts(path, int(given.gigabytes * 1e9), accounts=given.accounts, seed=given.seed)
            print(f"written: {path.stat().st_size / 1e9:.2f} GB, {number:,} posts, {time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        megabytes = path.stat().st_size / 1e6
        print(
            f"read: {time.perf_counter() - began:.0f} s, {found['cpu']:.0f} CPU s, {megabytes / found['cpu']:.0f} MB per CPU second"
        )
        print(f"largest process: {found['peak']:.0f} MB")
        print(f"{found['accounts']:,} accounts, {found['posts']:,} posts, {found['kinds']}")
        print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
