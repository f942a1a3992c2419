"""Identity tables: which accounts of several platforms are one person or organisation.

How it is obtained: by hand, from what the accounts themselves say (a link in a profile, a shared address); ``netact
template identities`` writes the empty table. One row a pair: ``account_a, platform_a, account_b, platform_b, evidence,
confidence``. Accounts are named by id, handle or key; without a platform where one account bears the name.

Read: each pair, with its evidence; the accounts of a chain of pairs are one account in every measure. ``confidence`` is a
number from 0 to 1 or a percentage.

Lost: nothing. Pairs that cannot be used are counted with the reason, and the network can be had without any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import find_column, fold, index_columns, words
from netact.importers.values import parse_shares
from netact.language import Message
from netact.network import clean_id
from netact.receipt import Dropped, SourceReceipt

if TYPE_CHECKING:
    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile

_COLUMNS = {
    "account_a": words("account_a accounta account1 first firstaccount"),
    "platform_a": words("platform_a platforma platform1 firstplatform"),
    "account_b": words("account_b accountb account2 second secondaccount sameas"),
    "platform_b": words("platform_b platformb platform2 secondplatform"),
    "evidence": words("evidence source proof note"),
    "confidence": words("confidence certainty"),
}


def read_identities(
    table: RawTable, source: SourceFile, detected: Detected, *, min_confidence: str | float | None = None
) -> tuple[pl.DataFrame, SourceReceipt]:
    """Read pairs of accounts as :meth:`netact.network.Network.with_identities` takes them, and the receipt.

    Parameters
    ----------
    min_confidence
        Pairs of less confidence, or of none that is stated, are left out.

    Raises
    ------
    ImportFileError
        If columns are missing or ``min_confidence`` is no number from 0 to 1.
    """
    file = source.name
    least = _least(min_confidence)
    numbering = index_columns(table)
    names = [name for name in table.columns if name not in numbering]
    if not table.header:
        raise ImportFileError(
            file, "needs a row of column names", found=names[:5], remedy=f"add one: {','.join(_COLUMNS)}"
        )
    mapping = {
        role: found
        for role, called in _COLUMNS.items()
        if (found := next((n for n in names if fold(n) in called), None))
    }
    for role in ("account_a", "account_b"):
        if role not in mapping:
            find_column(table, role, option=role, file=file)
    if least is not None and "confidence" not in mapping:
        raise ImportFileError(file, "no column 'confidence'", found=names[:20], remedy="leave --min-confidence out")
    loaded = table.load(list(dict.fromkeys(mapping.values())))
    frame = loaded.frame.select(
        *(clean_id(pl.col(column)).alias(role) for role, column in mapping.items()), pl.col("row")
    )
    dropped, warnings = list(loaded.dropped), [*table.warnings, *loaded.warnings]
    if "confidence" in mapping:
        shares = parse_shares(frame["confidence"])
        frame = frame.with_columns(confidence=shares.values)
        if shares.unreadable:
            warnings.append(not_a_share(shares.unreadable, mapping["confidence"]))
    conditions = [(pl.col("account_a").is_null() | pl.col("account_b").is_null(), Message("no account"))]
    if least is not None:
        low = pl.col("confidence").is_null() | (pl.col("confidence") < least)
        conditions.append((low, Message("confidence below {least:decimal}, or not stated", least=least)))
    for condition, reason in conditions:
        lines = frame.filter(condition)["row"].sort()
        if len(lines):
            dropped.append(Dropped(reason, len(lines), tuple(lines.head(5).to_list())))
            frame = frame.filter(~condition)
    return frame, SourceReceipt(
        file=file,
        role="identities",
        sha256=source.sha256,
        format=detected.format,
        evidence=(*detected.evidence, *table.evidence),
        encoding=table.encoding,
        dialect=dict(table.dialect or {}),
        mapping=mapping,
        rows_read=loaded.rows_read,
        dropped=tuple(dropped),
        unused_columns=tuple(name for name in table.columns if name not in mapping.values()),
        assumptions=table.assumptions,
        warnings=tuple(warnings),
    )


def not_a_share(n: int, column: str) -> Message:
    """Say that values of a column of confidence cannot be used."""
    return Message.counting(
        "{n:count} value in column {column!r} is no number from 0 to 1 and counts as not stated",
        "{n:count} values in column {column!r} are no numbers from 0 to 1 and count as not stated",
        n,
        column=column,
    )


def _least(value: str | float | None) -> float | None:
    if value is None:
        return None
    least = parse_shares(pl.Series([str(value)])).values[0]
    if least is None:
        raise ImportFileError("--min-confidence", f"{value!r} is no number from 0 to 1", remedy="pass for example 0.8")
    return float(least)
