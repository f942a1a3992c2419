"""An invented folder of exports: repeats that were crawled again, empty cells, self-ties, odd names, long ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

# Java's thorough compiler costs more than it saves in runs of seconds.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
ENDINGS = {"csv": "write_csv", "parquet": "write_parquet", "jsonl": "write_ndjson"}


def export_folder(
    place: Path, *, ending: str = "csv", rows: int = 900, accounts: int = 150, files: int = 3, timeless: bool = False
) -> Path:
    """Write files of interactions; one tenth of the posts stands in two files, with another weight or another time."""
    random = np.random.default_rng(7)
    place.mkdir()
    ids = random.integers(10**18, 9 * 10**18, accounts)
    names = np.array([str(i) if n % 3 else f"@Ünïcödé_{n}" for n, i in enumerate(ids)], dtype=object)
    popular = 1 / np.arange(1, accounts + 1) ** 0.9
    parts = []
    for _ in range(files):
        source = random.integers(0, accounts, rows)
        target = random.choice(accounts, rows, p=popular / popular.sum())
        # Thirty accounts of their own, in two components, that nobody else is tied to.
        far = random.random(rows) < 0.1
        source[far], target[far] = source[far] % 15 + accounts - 30, target[far] % 15 + accounts - 30
        near = ~far & (source >= accounts - 30)
        source[near] -= 60
        target[~far & (target >= accounts - 30)] -= 60
        part = pl.DataFrame(
            {
                "source": names[source],
                "target": names[target],
                "kind": random.choice(["retweet", "mention", "follow"], rows, p=[0.7, 0.2, 0.1]),
                "post_id": [str(i) for i in random.integers(10**18, 9 * 10**18, rows)],
                "time": 1_600_000_000 + random.integers(0, 10**6, rows),
                "weight": random.integers(1, 9, rows) / 4,
            },
            schema_overrides={"source": pl.String, "target": pl.String},
        )
        moment = pl.from_epoch("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        nth = pl.int_range(pl.len())
        part = part.with_columns(
            time=pl.when(nth % 13 != 2).then(moment),
            source=pl.when(nth % 97 != 5).then("source"),
            post_id=pl.when((nth % 7 != 3) & (pl.col("kind") != "follow")).then("post_id"),
        )
        parts.append(part)
    again = parts[0].filter(pl.int_range(pl.len()) % 10 == 0)
    parts[-1] = pl.concat(
        [
            parts[-1],
            again.with_columns(weight=pl.col("weight") + 1),
            again.with_columns(time=pl.lit("2020-09-01T00:00:00Z"), weight=pl.lit(2.5)).head(20),
        ]
    )
    for number, part in enumerate(parts):
        told = part.drop("time", "post_id") if timeless else part
        getattr(told, ENDINGS[ending])(place / f"part-{number}.{ending}")
    return place
