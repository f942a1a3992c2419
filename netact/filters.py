"""What of the traffic that was read a study looks at: a period, kinds of ties, platforms, hashtags, accounts to leave out.

Filters are applied once, to the network of all files together, and every row that they leave out is counted in its receipt.
They come in a fixed order, so that a row is counted once: accounts to leave out, period, kinds, platforms, ties that were not
stated, hashtags, and at last accounts with few interactions.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.errors import StudyError
from netact.language import Message
from netact.network import clean_hashtag
from netact.receipt import Filtered
from netact.schemas import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from netact.network import Network

    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What of the traffic is looked at; what is not set leaves nothing out.

    Attributes
    ----------
    first_time
        First moment of the period (UTC), a day or a time: ``2021-05-15`` or ``2021-05-15T18:00:00Z``. Rows without a time are
        left out as soon as a period is set.
    last_time
        Last moment of the period; a day is the whole day.
    kinds
        The only kinds of ties that are kept: follow, retweet, mention, reply, quote, forward, share.
    platforms
        The only platforms that are kept.
    hashtags
        Only posts with one of these hashtags are kept, and the ties made by them.
    stated_only
        Whether ties are left out that no file states: read from the text of a post, put before an answer by the platform, or
        derived from what two accounts both shared.
    leave_out
        Whether the accounts in the files of the role ``leave_out`` are left out, with all their ties.
    min_interactions
        Accounts with fewer interactions, given and received together, are left out after all other filters; once, so that some
        of those that stay may have fewer then.

    Raises
    ------
    StudyError
        If a value is of another type, unknown or out of range, or the period ends before it begins.
    """

    first_time: str = ""
    last_time: str = ""
    kinds: tuple[Kind, ...] = ()
    platforms: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    stated_only: bool = False
    leave_out: bool = True
    min_interactions: int = 0

    def __post_init__(self) -> None:
        """Check the values and write them as they are compared."""
        for name in ("first_time", "last_time"):
            object.__setattr__(self, name, _moment_text(f"filters.{name}", getattr(self, name)))
        if self.first_time and self.last_time and self._start >= self._end:
            raise StudyError(
                "filters.last_time",
                "is before first_time",
                found=f"{self.first_time} to {self.last_time}",
                remedy="exchange them",
            )
        for name in ("kinds", "platforms", "hashtags"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        for kind in self.kinds:
            if kind not in KINDS:
                raise StudyError("filters.kinds", f"unknown kind {kind!r}", remedy=f"use any of {', '.join(KINDS)}")
        object.__setattr__(self, "kinds", tuple(kind for kind in KINDS if kind in self.kinds))
        for name in ("stated_only", "leave_out"):
            if not isinstance(getattr(self, name), bool):
                raise StudyError(f"filters.{name}", "must be true or false", found=repr(getattr(self, name)))
        least = self.min_interactions
        if not isinstance(least, int) or isinstance(least, bool) or least < 0:
            raise StudyError("filters.min_interactions", "must be a whole number from 0", found=repr(least))

    @property
    def _start(self) -> datetime:
        return _moment(self.first_time)

    @property
    def _end(self) -> datetime:
        """The first moment that no longer belongs to the period."""
        if len(self.last_time) == len("2021-05-15"):
            return _moment(self.last_time) + timedelta(days=1)
        return _moment(self.last_time) + timedelta(microseconds=1)

    def to_dict(self) -> dict[str, Any]:
        """Return what is set, as plain values."""
        values: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value != item.default:
                values[item.name] = list(value) if isinstance(value, tuple) else value
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Filters:
        """Return the filters that plain values hold; times may be texts, days or moments.

        Raises
        ------
        StudyError
            If an entry is unknown, of another type or out of range.
        """
        known = [item.name for item in fields(cls)]
        for name in values:
            if name not in known:
                raise StudyError("filters", f"unknown entry {name!r}", remedy=f"use {', '.join(known)}")
        return cls(**values)


def _moment_text(where: str, value: object) -> str:
    """Return a day as ``2021-05-15`` and a moment as ``2021-05-15T18:00:00Z``."""
    wrong = StudyError(
        where, "is neither a day nor a time", found=repr(value), remedy="write 2021-05-15 or 2021-05-15T18:00:00Z"
    )
    if isinstance(value, str):
        if not value:
            return ""
        if not re.match(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$", value):
            raise wrong
        try:
            value = date.fromisoformat(value) if len(value) == len("2021-05-15") else datetime.fromisoformat(value)
        except ValueError:
            raise wrong from None
    if isinstance(value, datetime):
        try:
            moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except OverflowError:
            raise wrong from None
        return moment.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise wrong


def _moment(text: str) -> datetime:
    if len(text) == len("2021-05-15"):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    return datetime.fromisoformat(text)


def _texts(name: str, value: object) -> tuple[str, ...]:
    where = f"filters.{name}"
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise StudyError(where, "must be a list of texts", found=repr(value), remedy=f'write {name} = ["..."]')
    folded: list[str] = []
    for item in value:
        text = clean_hashtag(item) if name == "hashtags" else item.strip().lower()
        if not text:
            raise StudyError(where, "holds an empty text", found=repr(item), remedy="leave it out")
        folded.append(text)
    return tuple(dict.fromkeys(folded))


def listed_accounts(text: str) -> tuple[str, ...]:
    r"""Return the accounts of a list: one a line; empty lines, and what follows ``# `` or stands behind a first ``#``, say nothing.

    >>> listed_accounts("# machines\n@news_bot\n\ntwitter:812  # tells the weather\n")
    ('@news_bot', 'twitter:812')
    """
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip().strip('",;') for line in text.lstrip("\ufeff").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def read_listed_accounts(path: Path, *, name: str) -> tuple[str, ...]:
    """Return the accounts that a file lists; see :func:`listed_accounts`.

    Parameters
    ----------
    path, name
        Of the file, and what it is called in errors.

    Raises
    ------
    StudyError
        If it cannot be read, or is no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(
            name, "is no text with one account a line", found=type(error).__name__, remedy="save it as UTF-8"
        ) from error
    return listed_accounts(text)


def accounts_called(network: Network, names: Collection[str]) -> tuple[Mask, list[str]]:
    """Return which accounts are called by one of the names, and the names that call none.

    A name is a key, an id, a handle with or without ``@``, or ``platform:handle``; capitals mean nothing in handles. One that
    several accounts bear, on different platforms, calls all of them.
    """
    names = list(names)
    found = rows_called(network, names)
    mask = np.zeros(network.n_accounts, dtype=np.bool_)
    mask[found["row"].to_numpy()] = True
    return mask, [name for name in names if name not in set(found["name"].to_list())]


def rows_called(network: Network, names: Collection[str]) -> pl.DataFrame:
    """Return ``name`` and ``row`` of the accounts that are called by one of the names; see :func:`accounts_called`."""
    rows = network.accounts.with_row_index("row")
    called = [
        rows.select("row", name="key"),
        rows.select("row", name="native_id"),
        rows.select("row", name=pl.col("platform") + ":" + pl.col("native_id")),
        *_by_handle(rows.select("row", "platform", "handle")),
        *_by_handle(
            network.aliases.select("handle", row="account").with_columns(
                platform=network.accounts["platform"].gather(network.aliases["account"])
            )
        ),
    ]
    if "also" in rows.columns:
        called.append(rows.select("row", name="also").explode("name"))
    names = list(names)
    asked = pl.DataFrame({"name": names, "bare": [_bare(name) for name in names]}, schema=dict.fromkeys(("name", "bare"), pl.String))  # fmt: skip
    known = pl.concat([part.select("row", "name").cast({"row": pl.UInt32}) for part in called]).drop_nulls()
    exact = asked.join(known, on="name").select("name", "row")
    folded = asked.join(known, left_on="bare", right_on="name").select("name", "row")
    return pl.concat([exact, folded])


def _by_handle(rows: pl.DataFrame) -> list[pl.DataFrame]:
    bare = pl.col("handle").str.strip_prefix("@").str.to_lowercase()
    return [
        rows.select("row", name="@" + bare),
        rows.select("row", name=pl.col("platform") + ":@" + bare),
    ]


def _bare(name: str) -> str:
    """Return a name as a folded handle with ``@``, behind its platform if it names one."""
    platform, colon, rest = name.rpartition(":")
    return f"{platform.lower()}{colon}@{rest.removeprefix('@').lower()}"


# Tables of traffic: the column of the account that made each row.
_TRAFFIC = {
    "interactions": "source", "shares": "account", "posts": "account", "hashtags": "account", "unresolved": "source",
}  # fmt: skip


class _Rows:
    """Which rows of the tables of traffic are still there."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tables: dict[str, pl.DataFrame] = {name: getattr(network, name) for name in _TRAFFIC}
        self.kept: dict[str, Mask] = {
            name: np.ones(table.height, dtype=np.bool_) for name, table in self.tables.items()
        }
        # Ties derived from shares follow from the shares that are left; ties without direction are held both ways.
        rows = network.interactions
        derived = rows["quality"].eq_missing(pl.Series(["derived"], dtype=rows["quality"].dtype)).to_numpy()
        self.derived: Mask = derived & (network.shares.height > 0)
        twice = (
            np.zeros(rows.height, dtype=np.bool_) if network.directed else (rows["source"] > rows["target"]).to_numpy()
        )
        self.counted: Mask = ~(self.derived | twice)
        self.filtered: list[Filtered] = []

    def leave(self, name: str, reason: str, keep: Mapping[str, pl.Series | Mask]) -> None:
        """Leave out the rows for which ``keep``, one value a row of each table, is not true."""
        left: dict[str, int] = {}
        for table, values in keep.items():
            true = values.fill_null(value=False).to_numpy() if isinstance(values, pl.Series) else values
            gone = self.kept[table] & ~true
            if table == "interactions":
                gone &= ~self.derived
                number = int((gone & self.counted).sum())
            else:
                number = int(gone.sum())
            self.kept[table] &= ~gone
            if number:
                left[table] = number
        self.tell(name, reason, left)

    def tell(self, name: str, reason: str, left: Mapping[str, int]) -> None:
        if left:
            self.filtered.append(Filtered(name, reason, dict(left)))

    def network_left(self) -> Network:
        """Return the network of the rows that are left, all accounts still in it."""
        changed = {name: np.flatnonzero(kept) for name, kept in self.kept.items() if not kept.all()}
        if not changed:
            return self.network
        changed.setdefault("interactions", np.arange(self.network.interactions.height))
        return self.network.with_rows(**changed)


def filtered(network: Network, filters: Filters, *, leave_out: Collection[str] = ()) -> Network:
    """Return what a study looks at of a network; the receipt says what each filter left out.

    Accounts of which no interaction, post, hashtag, share or admin right is left are left out too; accounts that never had one
    stay. A row whose time or platform is not known lies in no period and on no platform. Operations, triggers and
    earlier events stay as they are told.

    Parameters
    ----------
    network
        Of all files of a study.
    filters
        Of the study.
    leave_out
        Accounts to leave out, as :func:`accounts_called` takes them; used only where ``filters.leave_out``.

    Raises
    ------
    StudyError
        If a filter cannot be applied to these data, or no interaction is left.
    """
    names = leave_out if filters.leave_out else ()
    if filters == Filters() and not names:
        return network
    rows, gone, unknown = _Rows(network), np.zeros(network.n_accounts, dtype=np.bool_), list[str]()
    if names:
        gone, unknown = accounts_called(network, names)
        _leave_accounts(rows, gone, "leave_out", Message("accounts that the study leaves out"))
    if filters.first_time or filters.last_time:
        _leave_times(rows, filters)
    if filters.kinds:
        tables = {name: rows.tables[name]["kind"].cast(pl.String).is_in(filters.kinds) for name in ("interactions", "unresolved")}  # fmt: skip
        shares = np.full(network.shares.height, "share" in filters.kinds)
        rows.leave("kinds", Message("ties of another kind"), {**tables, "shares": shares})
    if filters.platforms:
        _leave_platforms(rows, filters.platforms)
    if filters.stated_only:
        stated = {
            name: rows.tables[name]["quality"].cast(pl.String).fill_null("ok") == "ok"
            for name in ("interactions", "unresolved")
        }
        shares = np.zeros(network.shares.height, dtype=np.bool_)
        rows.leave("stated_only", Message("ties that no file states"), {**stated, "shares": shares})
    if filters.hashtags:
        _leave_hashtags(rows, filters.hashtags)
    left, told = rows.network_left(), rows.filtered
    least = filters.min_interactions
    if least:
        few = _activity(left) < least
        again = _Rows(left)
        _leave_accounts(
            again, few, "min_interactions", Message("accounts with fewer than {n:count} interactions", n=least)
        )
        left, told = again.network_left(), [*told, *again.filtered]
    had, has = _has_rows(network), _has_rows(left)
    holds = np.zeros(network.n_accounts, dtype=np.bool_)
    holds[network.admin_rights["account"].to_numpy()] = True
    stays = ~gone & (holds | has | (~had if not least else False))
    rights = int(gone[network.admin_rights["account"].to_numpy()].sum())
    made = left if stays.all() else _without_accounts(left, stays)
    accounts = {"accounts": int(gone.sum()), **({"admin_rights": rights} if rights else {})}
    told = _with_accounts(told, accounts)
    if emptied := int((~stays & ~gone).sum()):
        reason = Message("accounts of which nothing is left, or too little")
        told.append(Filtered("min_interactions" if least else "", reason, {"accounts": emptied}))
    warnings = network.receipt.warnings
    if unknown:
        warnings = (
            *warnings,
            Message.counting(
                "{n:count} account that the study leaves out is not in the data",
                "{n:count} accounts that the study leaves out are not in the data",
                len(unknown),
            ),
        )
    if network.interactions.height and not made.interactions.height:
        lost = Counter[str]()
        for item in told:
            lost[item.filter] += item.rows.get("interactions", 0)
        most = lost.most_common(1)
        raise StudyError(
            "filters",
            "leave no interaction",
            found=f"{most[0][1]:,} left out by {most[0][0]}" if most and most[0][1] else None,
            remedy="leave out less",
        )
    return replace(made, receipt=replace(network.receipt, filtered=tuple(told), warnings=warnings), before=None)


def _with_accounts(told: list[Filtered], numbers: Mapping[str, int]) -> list[Filtered]:
    """Add the accounts that were left out by name to what was told of them."""
    if not numbers["accounts"]:
        return list(told)
    first = next((item for item in told if item.filter == "leave_out"), None)
    item = first or Filtered("leave_out", Message("accounts that the study leaves out"))
    rest = [other for other in told if other is not first]
    return [replace(item, rows={**item.rows, **numbers}), *rest]


def _leave_accounts(rows: _Rows, gone: Mask, name: str, reason: str) -> None:
    keep = {table: ~gone[rows.tables[table][end].to_numpy()] for table, end in _TRAFFIC.items()}
    keep["interactions"] &= ~gone[rows.tables["interactions"]["target"].to_numpy()]
    rows.leave(name, reason, keep)


def _leave_times(rows: _Rows, filters: Filters) -> None:
    timed = {name: table for name, table in rows.tables.items() if table.height}
    if not any(table["time"].null_count() < table.height for table in timed.values()):
        raise StudyError(
            f"filters.{'first_time' if filters.first_time else 'last_time'}",
            "nothing that was read has a time",
            remedy="leave it out, or name the column of times",
        )
    known = {name: table["time"].is_not_null() for name, table in timed.items()}
    which = "first_time" if filters.first_time else "last_time"
    rows.leave(which, Message("no time is known, so that it lies in no period"), known)
    if filters.first_time:
        start = filters._start  # noqa: SLF001
        after = {name: table["time"] >= start for name, table in timed.items()}
        rows.leave("first_time", Message("before the period"), after)
    if filters.last_time:
        end = filters._end  # noqa: SLF001
        before = {name: table["time"] < end for name, table in timed.items()}
        rows.leave("last_time", Message("after the period"), before)


def _leave_platforms(rows: _Rows, platforms: tuple[str, ...]) -> None:
    accounts = rows.network.accounts["platform"]
    column = {
        name: accounts.gather(table["account"]) if name == "hashtags" else table["platform"]
        for name, table in rows.tables.items()
    }
    # A row that names no platform is on that of its account.
    column = {
        name: values.zip_with(values.is_not_null(), accounts.gather(rows.tables[name][_TRAFFIC[name]]))
        for name, values in column.items()
    }
    there = sorted({name for values in column.values() for name in values.drop_nulls().unique().to_list()})
    missing = [name for name in platforms if name not in {item.lower() for item in there}]
    if missing:
        raise StudyError(
            "filters.platforms", f"no row is of {missing[0]!r}", found=there or "no platform", remedy="mend the name"
        )
    keep = {name: values.str.to_lowercase().is_in(platforms) for name, values in column.items()}
    rows.leave("platforms", Message("on another platform"), keep)


def _leave_hashtags(rows: _Rows, hashtags: tuple[str, ...]) -> None:
    uses = rows.network.hashtags
    if not uses.height:
        raise StudyError(
            "filters.hashtags", "no hashtags were read", remedy="leave it out, or name the column of hashtags"
        )
    used = uses.filter(pl.col("hashtag").is_in(hashtags))
    posts = used.drop_nulls("post_id").select("account", "post_id").unique()
    # Where posts have no id, one is what an account wrote at the same moment.
    moments = used.filter(pl.col("post_id").is_null()).drop_nulls("time").select("account", "time").unique()
    keep: dict[str, pl.Series | Mask] = {}
    for name, table in rows.tables.items():
        made = table.select("post_id", "time", account=_TRAFFIC[name])
        by_post = _member(made, posts, ["account", "post_id"])
        keep[name] = by_post | (made["post_id"].is_null().to_numpy() & _member(made, moments, ["account", "time"]))
    keep["hashtags"] = keep["hashtags"] | uses["hashtag"].is_in(hashtags).to_numpy()
    rows.leave("hashtags", Message("with none of the hashtags, as far as can be told"), keep)


def _member(rows: pl.DataFrame, known: pl.DataFrame, on: list[str]) -> Mask:
    found = rows.select(on).join(known.with_columns(there=pl.lit(value=True)), on=on, how="left", maintain_order="left")
    there: Mask = found["there"].fill_null(value=False).to_numpy()
    return there


def _activity(network: Network) -> NDArray[np.int64]:
    """Return how many interactions each account gave and received; ties that are held both ways count once."""
    rows = network.interactions
    once = pl.col("source") < pl.col("target")
    if not network.directed:
        rows = rows.filter(once)
    elif network.shares.height:
        rows = rows.filter(once | pl.col("quality").cast(pl.String).ne_missing("derived"))
    times = network.events_of(rows)
    ends = [np.bincount(rows[end].to_numpy(), times, network.n_accounts) for end in ("source", "target")]
    return (ends[0] + ends[1]).astype(np.int64)


def _has_rows(network: Network) -> Mask:
    has = np.zeros(network.n_accounts, dtype=np.bool_)
    for name, end in _TRAFFIC.items():
        has[getattr(network, name)[end].to_numpy()] = True
    has[network.interactions["target"].to_numpy()] = True
    return has


def _without_accounts(network: Network, stays: Mask) -> Network:
    """Return the network of the accounts that stay; rows of others, of whatever table, are gone."""
    code = pl.Series(np.where(stays, np.cumsum(stays) - 1, 0)).cast(pl.UInt32)
    code = code.zip_with(pl.Series(stays), pl.Series([None], dtype=pl.UInt32))

    def moved(table: pl.DataFrame, *ends: str) -> pl.DataFrame:
        return table.with_columns(code.gather(table[end]).alias(end) for end in ends)

    keys = network.accounts["key"].filter(pl.Series(stays))
    if "also" in network.accounts.columns:
        keys = pl.concat([keys, network.accounts["also"].filter(pl.Series(stays)).explode().drop_nulls()])
    known = keys.to_list()
    earlier = moved(network.earlier, "source", "target")
    return replace(
        network,
        accounts=network.accounts.filter(pl.Series(stays)),
        interactions=moved(network.interactions, "source", "target").drop_nulls(["source", "target"]),
        admin_rights=moved(network.admin_rights, "account").drop_nulls("account"),
        hashtags=moved(network.hashtags, "account").drop_nulls("account"),
        posts=moved(network.posts, "account").drop_nulls("account"),
        unresolved=moved(network.unresolved, "source").drop_nulls("source"),
        aliases=moved(network.aliases, "account").drop_nulls("account"),
        shares=moved(network.shares, "account").drop_nulls("account"),
        identities=network.identities.filter(pl.col("account_a").is_in(known) & pl.col("account_b").is_in(known)),
        earlier=earlier.filter(pl.col("source").is_not_null() | pl.col("target").is_not_null()),
        aggregated=moved(network.aggregated, "source", "target").drop_nulls(["source", "target"]),
        before=None,
    )
