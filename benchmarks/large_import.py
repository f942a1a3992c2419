"""How much memory and time reading a large export of posts takes.

    python benchmarks/large_import.py --gigabytes 5

Writes invented posts as JSON lines (Twitter API v1.1, some 2.5 KB each: retweets, replies, quotes, mentions and plain posts of
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
_PROFILE = {
    "description": "invented account of a benchmark; " * 3,
    "followers_count": 1234,
    "friends_count": 321,
    "statuses_count": 4567,
    "created_at": "Mon Jan 10 10:00:00 +0000 2011",
    "profile_image_url_https": "https://example.org/images/profile/normal.jpg",
    "profile_banner_url": "https://example.org/images/banner/1500x500.jpg",
    "verified": False,
    "protected": False,
    "lang": None,
}
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
                "urls": [],
            },
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
