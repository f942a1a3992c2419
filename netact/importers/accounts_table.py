"""Accounts tables: one row an account, with any further columns; among them perhaps the size of its audience."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import find_column, fold, index_columns, words
from netact.importers.values import damaged_ids, infer_type, parse_weights
from netact.language import Message
from netact.network import Network, clean_id
from netact.receipt import Dropped, SourceReceipt

if TYPE_CHECKING:
    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile

# First match in this order wins.
_ID = [
    "key",
    "id",
    "accountid",
    "userid",
    "nativeid",
    "account",
    "handle",
    "screenname",
    "username",
    "user",
    "node",
    "vertex",
    "name",
    "label",
    "page",
    "group",
    "channel",
    "subreddit",
    "community",
    "konto",
    "nutzer",
    "usuario",
    "compte",
    "utilisateur",
    "الحساب",
    "المستخدم",
    "аккаунт",
]
_HANDLE, _DISPLAY = words("handle screenname username"), words("displayname fullname label realname title")
_REACH = [
    "reach",
    "followers",
    "nfollowers",
    "followerscount",
    "followercount",
    "nmembers",
    "members",
    "membercount",
    "memberscount",
    "subscribers",
    "subscribercount",
    "nsubscribers",
    "audience",
    "fans",
    "likes",
]


def read_accounts(
    table: RawTable,
    source: SourceFile,
    detected: Detected,
    *,
    account: str | None = None,
    reach: str | None = None,
    platform: str | None = None,
    known: frozenset[str] = frozenset(),
) -> Network:
    """Read an accounts table into a network without ties.

    Parameters
    ----------
    account, reach
        Columns of the account's id and of the size of its audience, if not found by their names. The latter becomes
        the numeric column ``reach``.
    platform
        The column of the platform, or the platform of all accounts.
    known
        Names of the accounts that have ties, folded by :func:`fold_names`. If several columns could name the
        accounts, the one that holds most of these does.

    Raises
    ------
    ImportFileError
        If no column names the accounts, or the column of the audience holds no numbers.
    """
    file = source.name
    if not table.header:
        raise ImportFileError(
            file, "an accounts table needs a row of column names", remedy="add one, for example id,reach"
        )
    numbering = index_columns(table)
    columns = [name for name in table.columns if name not in numbering]
    id_column = find_column(table, account, option="account", file=file) if account else _best_id(table, columns, known)
    if id_column is None:
        raise ImportFileError(
            file, "no column names the accounts", found=columns[:20], remedy="call it id, account or handle"
        )
    reach_column = find_column(table, reach, option="reach", file=file) if reach else _first(columns, _REACH)
    loaded = table.load(columns)
    frame, dropped, warnings = loaded.frame, list(loaded.dropped), [*table.warnings, *loaded.warnings]
    if not loaded.rows_read:
        raise ImportFileError(file, "holds a header but no rows", remedy="export it again")
    empty = frame.select(empty=clean_id(pl.col(id_column)).is_null(), row="row").filter("empty")["row"]
    if len(empty):
        dropped.append(Dropped(Message("no account id"), len(empty), tuple(empty.sort().head(5).to_list())))
    frame = frame.filter(clean_id(pl.col(id_column)).is_not_null())
    if not frame.height:
        raise ImportFileError(
            file, "no usable rows", found=f"column {id_column!r} is empty", remedy="check the column names"
        )
    damaged = damaged_ids(frame[id_column])
    if damaged is not None:
        warnings.append(damaged.sentence())

    mapping = {"account": id_column}
    data = [frame[id_column].cast(pl.String).rename("key")]
    platform_column = next(
        (name for name in columns if name == platform or (not platform and fold(name) == "platform")), None
    )
    for name in columns:
        if name == id_column:
            continue
        if name == reach_column:
            numbers = parse_weights(frame[name])
            if numbers.unreadable == frame.height:
                raise ImportFileError(file, f"column {name!r} holds no numbers", remedy="pass --reach COLUMN")
            if missing := numbers.unreadable:
                warnings.append(
                    Message.counting(
                        "{n:count} account has no number in column {column!r}; its reach is unknown",
                        "{n:count} accounts have no number in column {column!r}; their reach is unknown",
                        missing,
                        column=name,
                    )
                )
            data.append(numbers.values.rename("reach"))
            mapping["reach"] = name
        elif name == platform_column:
            data.append(frame[name].cast(pl.String).str.to_lowercase().rename("platform"))
            mapping["platform"] = name
        elif fold(name) in _HANDLE and "handle" not in mapping:
            data.append(frame[name].cast(pl.String).str.strip_prefix("@").rename("handle"))
            mapping["handle"] = name
        elif fold(name) in _DISPLAY and "display_name" not in mapping:
            data.append(frame[name].cast(pl.String).rename("display_name"))
            mapping["display_name"] = name
        elif fold(name) == "nativeid" and "native_id" not in mapping:
            data.append(frame[name].cast(pl.String).rename("native_id"))
            mapping["native_id"] = name
        else:
            taken = {series.name for series in data} | {
                "platform",
                "native_id",
                "handle",
                "display_name",
                "reach",
                "key",
            }
            data.append(infer_type(frame[name]).rename(name if name not in taken else f"{name} (in the file)"))
    accounts = pl.DataFrame(data)
    if platform and platform_column is None:
        accounts = accounts.with_columns(platform=pl.lit(platform.strip().lower()))
    accounts, aliases = _by_id(accounts)
    network = Network.from_tables(
        accounts=accounts,
        aliases=aliases,
        receipt=SourceReceipt(
            file=file,
            role="accounts",
            sha256=source.sha256,
            format=detected.format,
            evidence=(*detected.evidence, *table.evidence),
            encoding=table.encoding,
            dialect=dict(table.dialect or {}),
            mapping=mapping,
            rows_read=loaded.rows_read,
            rows_kept=frame.height,
            dropped=tuple(dropped),
            damaged_ids=0 if damaged is None else damaged.ids,
            unused_columns=numbering,
            assumptions=table.assumptions,
            warnings=tuple(warnings),
        ),
    )
    repeats = frame.height - network.n_accounts
    if not repeats:
        return network
    receipt = replace(
        network.receipt.sources[0],
        duplicates=repeats,
        warnings=(
            *warnings,
            Message.counting(
                "{n:count} row names an account again; it fills in what earlier rows left empty",
                "{n:count} rows name an account again; they fill in what earlier rows left empty",
                repeats,
            ),
        ),
    )
    return replace(network, receipt=replace(network.receipt, sources=(receipt,)))


def _by_id(accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Call accounts by their ids where the table tells them, and return which handles these have."""
    if "native_id" in accounts.columns:
        told = clean_id(pl.col("native_id"))
        key = clean_id(pl.col("key"))
        handle = pl.col("handle") if "handle" in accounts.columns else pl.lit(None, dtype=pl.String)
        accounts = accounts.with_columns(
            native_id=told,
            handle=pl.coalesce(handle, pl.when(told.is_not_null() & (key != told)).then(key.str.strip_prefix("@"))),
            # A key of netact's own stays.
            key=pl.when(key.str.contains(r"^[a-z]+:")).then(key).otherwise(pl.coalesce(told, "key")),
        )
    elif "handle" not in accounts.columns:
        return accounts, None
    ids = clean_id(pl.col("key"))
    told = ids.str.contains(r"^[0-9]+$")
    if "native_id" in accounts.columns:
        told |= pl.col("native_id") == ids
    platform = pl.col("platform") if "platform" in accounts.columns else pl.lit(None, dtype=pl.String)
    aliases = accounts.filter(told).select(account="key", handle=clean_id(pl.col("handle")), platform=platform)
    return accounts, aliases.drop_nulls("handle")


def fold_names(names: pl.Series) -> pl.Series:
    """Return names as they are compared between files: cleaned, without ``@``, in lower case."""
    return names.to_frame("n").select(clean_id(pl.col("n")).str.strip_prefix("@").str.to_lowercase().alias("n"))["n"]


def _best_id(table: RawTable, columns: list[str], known: frozenset[str]) -> str | None:
    by_name = {fold(name): name for name in reversed(columns)}
    candidates = [by_name[name] for name in _ID if name in by_name]
    if len(candidates) < 2 or not known:
        return candidates[0] if candidates else None
    frame = table.load(candidates).frame
    hits = [
        int(fold_names(frame[name].cast(pl.String)).drop_nulls().unique().is_in(sorted(known)).sum())
        for name in candidates
    ]
    return candidates[hits.index(max(hits))]


def _first(columns: list[str], names: list[str]) -> str | None:
    by_name = {fold(name): name for name in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)
