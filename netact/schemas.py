"""The declared tables of a :class:`~netact.network.Network` and the one function that checks a frame against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from netact.errors import SchemaError
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["follow", "retweet", "mention", "reply", "quote", "forward", "share"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# How an interaction is known: stated by the file, inferred from the text of a post, a mention that the platform itself put
# before an answer, or derived from what two accounts both shared (SHARES).
Quality = Literal["ok", "inferred", "implicit", "derived"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)

# What sentences call a tie of each kind.
KIND_NAMES: dict[str, Message] = {
    "follow": Message("follow"),
    "retweet": Message("retweet"),
    "mention": Message("mention"),
    "reply": Message("reply"),
    "quote": Message("quote"),
    "forward": Message("forward"),
    "share": Message("share"),
}

# One row per account, sorted by `key`; further columns may follow and are kept.
ACCOUNTS = pl.Schema(
    {
        "key": pl.String(),
        "platform": pl.String(),
        "native_id": pl.String(),
        "handle": pl.String(),
        "display_name": pl.String(),
    }
)

# One row per interaction; `source` and `target` are row numbers of ACCOUNTS. A tie points from the account
# that gives attention (the follower, the retweeter) to the account that receives it. `ref_post_id` is the post acted on.
INTERACTIONS = pl.Schema(
    {
        "source": pl.UInt32(),
        "target": pl.UInt32(),
        "kind": pl.Enum(KINDS),
        "weight": pl.Float64(),
        "time": pl.Datetime("us", "UTC"),
        "post_id": pl.String(),
        "platform": pl.String(),
        "ref_post_id": pl.String(),
        "quality": pl.Enum(QUALITIES),
    }
)

# One row per post of an export of posts; `account` wrote it. `collected` is false for posts that came along with others
# (the original of a retweet). `client` is the program it was posted with.
POSTS = pl.Schema(
    {
        "account": pl.UInt32(),
        "post_id": pl.String(),
        "time": pl.Datetime("us", "UTC"),
        "platform": pl.String(),
        "client": pl.String(),
        "collected": pl.Boolean(),
    }
)

# Interactions with the author of a post (`ref_post_id`) that no file tells: kept apart, never an account.
UNRESOLVED = pl.Schema(
    {
        "source": pl.UInt32(),
        "kind": pl.Enum(KINDS),
        "weight": pl.Float64(),
        "time": pl.Datetime("us", "UTC"),
        "post_id": pl.String(),
        "platform": pl.String(),
        "ref_post_id": pl.String(),
        "quality": pl.Enum(QUALITIES),
    }
)

# One row per share: `account` shared `object` (a link, a page, a file, a post). Ties of kind `share` and quality `derived` are
# made of it.
SHARES = pl.Schema(
    {
        "account": pl.UInt32(),
        "object": pl.String(),
        "time": pl.Datetime("us", "UTC"),
        "post_id": pl.String(),
        "platform": pl.String(),
    }
)

# One row per account and name it was seen under, with the first and the last time.
ALIASES = pl.Schema(
    {
        "account": pl.UInt32(),
        "handle": pl.String(),
        "first_seen": pl.Datetime("us", "UTC"),
        "last_seen": pl.Datetime("us", "UTC"),
    }
)

# One row per right of a person on an account; `account` is a row number of ACCOUNTS. `valid_from` and `valid_to` are the
# first and the last day it was held, `confidence` is from 0 to 1.
ADMIN_RIGHTS = pl.Schema(
    {
        "person": pl.String(),
        "account": pl.UInt32(),
        "role": pl.String(),
        "is_bot": pl.Boolean(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "evidence": pl.String(),
        "confidence": pl.Float64(),
    }
)

# One row per pair of accounts that are one person or organisation, by their keys as they were read; `confidence` from 0 to 1.
IDENTITIES = pl.Schema(
    {"account_a": pl.String(), "account_b": pl.String(), "evidence": pl.String(), "confidence": pl.Float64()}
)

# One row per operation, an action that the movement was called to. `signs` are the hashtags (without `#`, folded as in HASHTAGS)
# or shared objects of those who join, `counter_signs` of those who oppose it; `outcome` is what came of it, if known.
OPERATIONS = pl.Schema(
    {
        "operation": pl.String(),
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "signs": pl.List(pl.String()),
        "counter_signs": pl.List(pl.String()),
        "outcome": pl.String(),
    }
)
OUTCOMES = ("accepted", "rejected")

# One row per event from outside that accounts may react to.
TRIGGERS = pl.Schema({"trigger": pl.String(), "time": pl.Datetime("us", "UTC")})

# One row per interaction of an earlier event in which an account of the network took part; `source` and `target` are row
# numbers of ACCOUNTS, null where that end is no account of the network.
EARLIER = pl.Schema(
    {
        "event": pl.String(),
        "source": pl.UInt32(),
        "target": pl.UInt32(),
        "kind": pl.Enum(KINDS),
        "time": pl.Datetime("us", "UTC"),
    }
)

# One row per tie that stands in `interactions` as one row for several interactions, their weights added up: how many, and the first
# and last time in seconds since 1970 (UTC). Empty unless `netact aggregate` made the network.
AGGREGATED = pl.Schema(
    {
        "source": pl.UInt32(),
        "target": pl.UInt32(),
        "kind": pl.Enum(KINDS),
        "events": pl.Int64(),
        "first": pl.Int64(),
        "last": pl.Int64(),
    }
)

# One row per use of a hashtag; `account` is the row number in ACCOUNTS of the account that used it, the source of the
# interaction. `hashtag` is without `#`, NFKC and case-folded; never longer than HASHTAG_LENGTH.
HASHTAGS = pl.Schema(
    {
        "account": pl.UInt32(),
        "hashtag": pl.String(),
        "time": pl.Datetime("us", "UTC"),
        "post_id": pl.String(),
    }
)
HASHTAG_LENGTH = 100


def conform(frame: pl.DataFrame, schema: Mapping[str, pl.DataType], *, table: str, extra: bool = False) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in its order and types.

    Missing columns are added as null; wrong types are cast strictly. With ``extra`` further columns are kept
    behind the declared ones, otherwise they are an error.

    Raises
    ------
    SchemaError
        If a column cannot be cast or is not declared.
    """
    unknown = [name for name in frame.columns if name not in schema]
    if unknown and not extra:
        raise SchemaError(table, f"unknown columns {unknown}", found=frame.columns, remedy=f"use {list(schema)}")
    if not frame.width:
        return pl.DataFrame(schema=schema)
    columns: list[pl.Series | pl.Expr] = []
    for name, dtype in schema.items():
        if name not in frame.columns:
            columns.append(pl.lit(None, dtype=dtype).alias(name))  # one value, whatever the number of rows
            continue
        if frame.schema[name] == dtype:
            continue
        try:
            columns.append(frame[name].cast(dtype, strict=True))
        except pl.exceptions.PolarsError as error:
            raise SchemaError(f"{table}.{name}", f"cannot be {dtype}", found=str(frame[name].dtype)) from error
    return frame.with_columns(columns).select(*schema, *unknown)
