"""Admin tables: which person administers which account; and tables that flag some of the persons as bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import find_column, fold, index_columns
from netact.importers.values import parse_truth
from netact.language import Message
from netact.network import Network, clean_id
from netact.receipt import Dropped, SourceReceipt

if TYPE_CHECKING:
    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile

# First match in this order wins.
_PERSON = [
    "person",
    "admin",
    "administrator",
    "moderator",
    "mod",
    "owner",
    "holder",
    "username",
    "user",
    "userid",
    "screenname",
    "handle",
    "name",
    "id",
]
_ACCOUNT = [
    "account",
    "page",
    "group",
    "channel",
    "subreddit",
    "community",
    "site",
    "accountid",
    "pageid",
    "groupid",
    "channelid",
]
_ROLE = ["role", "permission", "permissions", "right", "rights", "access", "task", "tasks"]
_BOT = ["isbot", "bot", "automated"]


def read_admins(
    table: RawTable,
    source: SourceFile,
    detected: Detected,
    *,
    person: str | None = None,
    account: str | None = None,
    role: str | None = None,
    platform: str | None = None,
    bots: pl.DataFrame | None = None,
) -> Network:
    """Read an admin table into a network without ties.

    Parameters
    ----------
    person, account, role
        Column names, if not found by the usual words.
    platform
        The platform of all accounts, if their keys name one.
    bots
        What :func:`read_people` returned: columns ``person`` and ``is_bot``.

    Raises
    ------
    ImportFileError
        If no columns name persons and accounts.
    """
    file = source.name
    columns, person_column, account_column, said = _two_columns(table, person, account, file=file)
    rest = [name for name in columns if name not in (person_column, account_column)]
    role_column = find_column(table, role, option="role", file=file) if role else _first(rest, _ROLE)
    bot_column = _first(rest, _BOT)
    used = [name for name in (person_column, account_column, role_column, bot_column) if name is not None]
    loaded = table.load(list(dict.fromkeys(used)))
    raw = loaded.frame
    frame = raw.select(person=clean_id(pl.col(person_column)), account=clean_id(pl.col(account_column)), row="row")
    if role_column:
        frame = frame.with_columns(role=raw[role_column].cast(pl.String).str.strip_chars())
    if bot_column:
        frame = frame.with_columns(is_bot=parse_truth(raw[bot_column]))
    dropped = list(loaded.dropped)
    for condition, reason in (
        (pl.col("person").is_null(), Message("no person")),
        (pl.col("account").is_null(), Message("no account")),
    ):
        rows = frame.filter(condition)["row"]
        if len(rows):
            dropped.append(Dropped(reason, len(rows), tuple(rows.sort().head(5).to_list())))
            frame = frame.filter(~condition)
    key = [name for name in ("person", "account", "role") if name in frame.columns]
    first = frame.sort("row").unique(key, keep="first", maintain_order=True)
    again = frame.join(first.select("row"), on="row", how="anti")["row"]
    if len(again):
        dropped.append(Dropped(Message("repeats a right"), len(again), tuple(again.sort().head(5).to_list())))
    frame = first
    if not frame.height:
        reasons = ", ".join(f"{item.rows:,} {item.reason}" for item in dropped) or "no rows"
        raise ImportFileError(file, "no usable rows", found=reasons, remedy="check the columns of person and account")
    warnings = [*table.warnings, *loaded.warnings]
    if bots is not None:
        flags = bots.select("person", flagged="is_bot").unique("person", keep="first", maintain_order=True)
        frame = frame.join(flags, on="person", how="left", maintain_order="left")
        known = pl.col("is_bot") if "is_bot" in frame.columns else pl.lit(None, dtype=pl.Boolean)
        unknown = frame.filter(pl.col("flagged").is_null())["person"].n_unique()
        frame = frame.with_columns(is_bot=pl.coalesce("flagged", known)).drop("flagged")
        if unknown:
            warnings.append(
                Message.counting(
                    "{n:count} person is not in the table of people; whether it is a bot is unknown",
                    "{n:count} persons are not in the table of people; whether they are bots is unknown",
                    unknown,
                )
            )
    if platform:
        frame = frame.with_columns(platform=pl.lit(platform.strip().lower()))
    example = frame.row(0, named=True)
    return Network.from_tables(
        admin_rights=frame.drop("row"),
        receipt=SourceReceipt(
            file=file,
            role="admins",
            sha256=source.sha256,
            format=detected.format,
            evidence=(*detected.evidence, *table.evidence),
            encoding=table.encoding,
            dialect=dict(table.dialect or {}),
            mapping={"person": person_column, "account": account_column}
            | ({"role": role_column} if role_column else {})
            | ({"is_bot": bot_column} if bot_column else {}),
            direction=Message(
                "the person in {person!r} administers the account in {account!r}",
                person=person_column,
                account=account_column,
            ),
            examples=(Message("{person} administers {account}", person=example["person"], account=example["account"]),),
            rows_read=loaded.rows_read,
            rows_kept=frame.height,
            dropped=tuple(dropped),
            unused_columns=tuple(name for name in table.columns if name not in used),
            assumptions=(*table.assumptions, *said),
            warnings=tuple(warnings),
        ),
    )


def read_people(
    table: RawTable, source: SourceFile, detected: Detected, *, person: str | None = None
) -> tuple[pl.DataFrame, SourceReceipt]:
    """Read which persons are bots: columns ``person`` and ``is_bot``, and the receipt.

    Raises
    ------
    ImportFileError
        If there is no column of persons or of flags.
    """
    file = source.name
    _need_header(table, file=file, example="person,is_bot")
    numbering = index_columns(table)
    columns = [name for name in table.columns if name not in numbering]
    flag = _first(columns, _BOT)
    who = (
        find_column(table, person, option="person", file=file)
        if person
        else _first([c for c in columns if c != flag], _PERSON)
    )
    if who is None or flag is None:
        missing = "names the persons" if who is None else "says who is a bot"
        raise ImportFileError(file, f"no column {missing}", found=columns[:20], remedy="call them person and is_bot")
    loaded = table.load([who, flag])
    frame = loaded.frame.select(person=clean_id(pl.col(who)), row="row").with_columns(
        is_bot=parse_truth(loaded.frame[flag])
    )
    dropped = list(loaded.dropped)
    for condition, reason in (
        (pl.col("person").is_null(), Message("no person")),
        (pl.col("is_bot").is_null(), Message("neither yes nor no in the column of bots")),
    ):
        rows = frame.filter(condition)["row"]
        if len(rows):
            dropped.append(Dropped(reason, len(rows), tuple(rows.sort().head(5).to_list())))
            frame = frame.filter(~condition)
    if not frame.height:
        raise ImportFileError(
            file, "no usable rows", found=f"columns {who!r} and {flag!r}", remedy="check these columns"
        )
    receipt = SourceReceipt(
        file=file,
        role="people",
        sha256=source.sha256,
        format=detected.format,
        evidence=(*detected.evidence, *table.evidence),
        encoding=table.encoding,
        dialect=dict(table.dialect or {}),
        mapping={"person": who, "is_bot": flag},
        direction=Message(
            "{bots:count} of {persons:count} persons are flagged as bots",
            bots=frame["is_bot"].sum(),
            persons=frame.height,
        ),
        rows_read=loaded.rows_read,
        rows_kept=frame.height,
        dropped=tuple(dropped),
        unused_columns=tuple(name for name in table.columns if name not in (who, flag)),
        assumptions=table.assumptions,
        warnings=(*table.warnings, *loaded.warnings),
    )
    # A person flagged once is flagged, whatever the order of rows.
    return frame.group_by("person").agg(pl.col("is_bot").any()).sort("person"), receipt


def _two_columns(
    table: RawTable, person: str | None, account: str | None, *, file: str
) -> tuple[list[str], str, str, list[str]]:
    said: list[str] = []
    numbering = index_columns(table)
    columns = [name for name in table.columns if name not in numbering]
    if numbering:
        said.append(Message("column {column!r} only numbers the rows and is left out", column=numbering[0]))
    if not table.header and not (person and account):
        _need_header(table, file=file, example="person,account,role")
    first = find_column(table, person, option="person", file=file) if person else None
    second = find_column(table, account, option="admin-account", file=file) if account else None
    second = second or _first([name for name in columns if name != first], _ACCOUNT)
    first = first or _first([name for name in columns if name != second], _PERSON)
    if first is None or second is None or first == second:
        missing = "the person" if first is None else "the account"
        option = "--person COLUMN" if first is None else "--admin-account COLUMN"
        raise ImportFileError(file, f"no column for {missing}", found=columns[:20], remedy=f"pass {option}")
    return columns, first, second, said


def _need_header(table: RawTable, *, file: str, example: str) -> None:
    if not table.header:
        raise ImportFileError(
            file, "needs a row of column names", found=list(table.columns[:5]), remedy=f"add one: {example}"
        )


def _first(columns: list[str], names: list[str]) -> str | None:
    by_name = {fold(name): name for name in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)
