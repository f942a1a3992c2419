"""Admin tables: which person administers which account; and tables that flag some of the persons as bots.

How it is obtained: no platform exports it. ``netact template admins`` writes the empty table ``person, account, platform,
role, valid_from, valid_to, evidence, confidence``, to be filled in by hand; lists of moderators (``subreddit, moderator``)
and tables of roles are read as they are; of Facebook pages the answer of the Graph interface (``/me/accounts`` or
``assigned_pages``: ``data[]{id, name, tasks[]}``), for which ``--person NAME`` tells whose pages they are.

Read: one right a row. Role names of Facebook pages in several languages are read as the English ones. Days may be years or
months alone. ``confidence`` is a number from 0 to 1 or a percentage.

Lost: columns with other names. Roles of chats (Discord) and notices of chats (Telegram) are no rights and are not read here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.identity_table import not_a_share
from netact.importers.json_records import whole
from netact.importers.mapping import Loaded, RawTable, SourceOptions, find_column, fold, index_columns, words
from netact.importers.values import parse_days, parse_shares, parse_truth
from netact.language import Message
from netact.network import Network, clean_id
from netact.receipt import Dropped, SourceReceipt

if TYPE_CHECKING:
    from netact.importers.detect import Detected
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
_NAME = ["accountname", "pagename"]
_PLATFORM = ["platform"]
_FROM = ["validfrom", "since", "startdate", "granted"]
_TO = ["validto", "until", "enddate", "revoked"]
_EVIDENCE = ["evidence", "proof"]
_CONFIDENCE = ["confidence", "certainty"]

# The roles of Facebook pages as its screens call them in other languages.
_ROLES = {
    "admin": words(
        "administrador administrateur administratrice amministratore yönetici администратор مسؤول beheerder"
    ),
    "editor": words("redakteur redakteurin éditeur éditrice redattore düzenleyici редактор محرر redacteur"),
    "moderator": words("moderatorin modérateur modératrice moderador moderatore moderatör модератор مشرف"),
    "advertiser": words(
        "werbetreibender annonceur anunciante inserzionista reklamveren рекламодатель معلن adverteerder"
    ),
    "analyst": words("analystin analyste analista аналитик محلل"),
    "full control": {
        "vollzugriff",
        "contrôletotal",
        "controltotal",
        "controletotal",
        "controllototale",
        "полныйдоступ",
    },
    "task access": {"aufgabenzugriff", "accèsauxtâches", "accesoatareas", "acessoàstarefas", "accessoalleattività"},
}
_ENGLISH = {word: role for role, called in _ROLES.items() for word in called}


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
    rights_on: str | None = None,
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
    rights_on
        A day: rights that ended before or began after it are left out.

    Raises
    ------
    ImportFileError
        If no columns name persons and accounts.
    """
    file = source.name
    day = _day(rights_on)
    columns, person_column, account_column, said = _two_columns(table, person, account, file=file)
    rest = [name for name in columns if name not in (person_column, account_column)]
    role_column = find_column(table, role, option="role", file=file) if role else _first(rest, _ROLE)
    bot_column = _first(rest, _BOT)
    further = {
        "platform": _first(rest, _PLATFORM),
        "account_name": _first(rest, _NAME),
        "valid_from": _first(rest, _FROM),
        "valid_to": _first(rest, _TO),
        "evidence": _first(rest, _EVIDENCE),
        "confidence": _first(rest, _CONFIDENCE),
    }
    if day is not None and not (further["valid_from"] or further["valid_to"]):
        raise ImportFileError(
            file, "no column says when a right was held", found=columns[:20], remedy="leave --rights-on out"
        )
    parts = (person_column, account_column, role_column, bot_column, *further.values())
    used = [name for name in parts if name is not None]
    loaded = table.load(list(dict.fromkeys(used)))
    raw = loaded.frame
    frame = raw.select(person=clean_id(pl.col(person_column)), account=clean_id(pl.col(account_column)), row="row")
    if role_column:
        frame = frame.with_columns(role=raw[role_column].cast(pl.String).str.strip_chars())
        frame = _in_english(frame, said)
    if bot_column:
        frame = frame.with_columns(is_bot=parse_truth(raw[bot_column]))
    warnings = [*table.warnings, *loaded.warnings]
    frame = _further(frame, raw, further, warnings)
    dropped = list(loaded.dropped)
    begins = pl.col("valid_from") if "valid_from" in frame.columns else None
    ends = pl.col("valid_to") if "valid_to" in frame.columns else None
    unsound: list[tuple[pl.Expr, str]] = [
        (pl.col("person").is_null(), Message("no person")),
        (pl.col("account").is_null(), Message("no account")),
    ]
    if begins is not None and ends is not None:
        unsound.append(((ends < begins).fill_null(value=False), Message("ends before it begins")))
    outside = [begins > day] if begins is not None and day is not None else []
    outside += [ends < day] if ends is not None and day is not None else []
    if outside:
        unsound.append((pl.any_horizontal(outside).fill_null(value=False), Message("not held on the day asked for")))
    for condition, reason in unsound:
        rows = frame.filter(condition)["row"]
        if len(rows):
            dropped.append(Dropped(reason, len(rows), tuple(rows.sort().head(5).to_list())))
            frame = frame.filter(~condition)
    right = ("person", "account", "platform", "role", "valid_from", "valid_to")
    key = [name for name in right if name in frame.columns]
    # Of repeats the best founded one stays, whatever the order of rows.
    rank = [name for name in ("confidence", "evidence") if name in frame.columns]
    first = frame.sort([*rank, "row"], descending=[*(name == "confidence" for name in rank), False], nulls_last=True)
    first = first.unique(key, keep="first", maintain_order=True).sort("row")
    again = frame.join(first.select("row"), on="row", how="anti")["row"]
    if len(again):
        dropped.append(Dropped(Message("repeats a right"), len(again), tuple(again.sort().head(5).to_list())))
    frame = first
    if day is None and ends is not None and (ended := frame.select(ends.is_not_null().sum()).item()):
        said.append(
            Message.counting(
                "{n:count} right has a day on which it ended; all rights count (--rights-on DAY leaves out what was not held)",
                "{n:count} rights have a day on which they ended; all rights count (--rights-on DAY leaves out what was "
                "not held)",
                ended,
            )
        )
    if not frame.height:
        reasons = ", ".join(f"{item.rows:,} {item.reason}" for item in dropped) or "no rows"
        raise ImportFileError(file, "no usable rows", found=reasons, remedy="check the columns of person and account")
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
        told = pl.col("platform") if "platform" in frame.columns else pl.lit(None, dtype=pl.String)
        frame = frame.with_columns(platform=pl.coalesce(told, pl.lit(platform.strip().lower())))
    accounts = None
    if "account_name" in frame.columns:
        accounts = frame.select(
            key="account",
            display_name="account_name",
            **({"platform": "platform"} if "platform" in frame.columns else {}),
        )
        frame = frame.drop("account_name")
    example = frame.row(0, named=True)
    return Network.from_tables(
        accounts=accounts,
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
            | ({"is_bot": bot_column} if bot_column else {})
            | {name: column for name, column in further.items() if column},
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


def _further(
    frame: pl.DataFrame, raw: pl.DataFrame, columns: dict[str, str | None], warnings: list[str]
) -> pl.DataFrame:
    """Add what a table tells of a right beside person, account and role."""
    for name in ("platform", "account_name", "evidence"):
        if column := columns[name]:
            text = raw.select(clean_id(pl.col(column))).to_series()
            frame = frame.with_columns((text.str.to_lowercase() if name == "platform" else text).alias(name))
    for name in ("valid_from", "valid_to"):
        if column := columns[name]:
            days, unreadable = parse_days(raw[column], last=name == "valid_to")
            frame = frame.with_columns(days.alias(name))
            if unreadable:
                warnings.append(
                    Message.counting(
                        "{n:count} time in column {column!r} cannot be read; this row is kept without a time",
                        "{n:count} times in column {column!r} cannot be read; these rows are kept without a time",
                        unreadable,
                        column=column,
                    )
                )
    if column := columns["confidence"]:
        shares = parse_shares(raw[column])
        frame = frame.with_columns(confidence=shares.values)
        if shares.unreadable:
            warnings.append(not_a_share(shares.unreadable, column))
    return frame


def _in_english(frame: pl.DataFrame, said: list[str]) -> pl.DataFrame:
    """Read the role names of other languages as the English ones, and say which."""
    names = frame["role"].drop_nulls().unique().sort().to_list()
    read = {
        name: ", ".join(_ENGLISH.get(fold(part), part.strip()) for part in name.split(","))
        for name in names
        if any(fold(part) in _ENGLISH for part in name.split(","))
    }
    if not read:
        return frame
    pairs = ", ".join(f"{name} = {role}" for name, role in list(read.items())[:10])
    said.append(Message("roles are read in English: {pairs}", pairs=pairs))
    return frame.with_columns(role=pl.col("role").replace(read))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ImportFileError("--rights-on", f"{text!r} is not a day", remedy="pass for example 2021-05-15") from error


def read_graph_pages(source: SourceFile, person: str | None) -> RawTable | None:
    """Open an answer of the Facebook Graph interface that lists the pages of one account; None if it is none.

    Raises
    ------
    ImportFileError
        If ``person`` does not tell whose pages they are.
    """
    if not source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"tasks"' not in source.head:
        return None
    value = whole(source, SourceOptions())
    pages = value.get("data") if isinstance(value, dict) else None
    if not isinstance(pages, list) or not any(isinstance(page, dict) and "tasks" in page for page in pages):
        return None
    if person is None:
        raise ImportFileError(
            source.name,
            "a list of the pages of one account, which it does not name",
            remedy="pass --person NAME with the person whose pages these are",
        )
    good = [page if isinstance(page, dict) else {} for page in pages]
    given = [page.get("tasks") for page in good]
    tasks: list[list[object]] = [names if isinstance(names, list) else [] for names in given]
    texts = {name: [str(page[name]) if page.get(name) else None for page in good] for name in ("id", "name")}
    frame = pl.DataFrame(
        {
            "person": [person] * len(good),
            "account": pl.Series(texts["id"], dtype=pl.String),
            "account_name": pl.Series(texts["name"], dtype=pl.String),
            "role": pl.Series([", ".join(map(str, names)) for names in tasks], dtype=pl.String),
            "platform": ["facebook"] * len(good),
            "row": pl.Series(range(1, len(good) + 1), dtype=pl.UInt32),
        }
    )
    more = isinstance(value.get("paging"), dict) and value["paging"].get("next")
    return RawTable(
        columns=tuple(frame.columns[:-1]),
        header=True,
        sample=frame.drop("row"),
        load=lambda names: Loaded(frame.select(*names, "row"), frame.height),
        encoding="utf-8",
        dialect={"layout": "pages of one account"},
        evidence=(Message("has the fields of {format}: {names}", format="Facebook Graph", names="data[].tasks[]"),),
        assumptions=(Message("whose list it is was told: {name}", name=person),),
        warnings=(Message("the list goes on in further answers, which are not in this file"),) if more else (),
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
