"""What files of interactions are and how they are understood; nothing is analysed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.language import Message
from netact.receipt import Counted, Dropped, SourceReceipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from netact.network import Network

# Up to this many files, what is dropped is told by file.
_TOLD_BY_FILE = 20


@dataclass(frozen=True)
class Inspection:
    """What a file of interactions is and how it would be read; nothing is analysed.

    Attributes
    ----------
    receipt
        The import receipt; of several files, what holds for all and the sums.
    table
        The clean rows: ``source``, ``target``, ``kind``, ``weight``, ``time``, ``post_id``.
    accounts
        Number of accounts.
    sources
        The receipt of each file.
    joined
        What joining the files changed, and what only the whole shows: numbers by name (see :meth:`to_dict`).
    bundle
        The netact bundle it was read from, or "".
    """

    receipt: SourceReceipt
    table: pl.DataFrame = field(repr=False)
    accounts: int
    sources: tuple[SourceReceipt, ...] = ()
    joined: dict[str, Any] = field(default_factory=dict)
    bundle: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return what ``netact inspect --json`` prints.

        Names are never taken away or given another meaning; new ones may be added. Of several files:

        - ``files``: their names; ``bundle``: the netact bundle they were read from, or "".
        - ``format`` (a name of ``netact formats``), ``evidence`` (why), ``encoding`` (null if it is no text), ``dialect``
          (how a text is laid out), ``mapping`` (role to column), ``fields`` (role to fields of the records of an export of
          posts), ``direction`` (in words), ``examples`` (up to three sentences).
        - ``rows``: ``read``, ``kept`` and ``dropped``; ``dropped``: the ``reason``, ``rows`` and ``first_lines`` of each;
          ``records``: ``what`` the records of an export of posts were and their ``number``.
        - ``kinds``: kind to rows kept. ``accounts``; ``interactions`` and ``posts`` after joining the files; ``aliases``:
          names under which accounts with an id were seen.
        - ``period``: ``first`` and ``last`` time (UTC, or null) and ``zone`` (how times without one were read, or null).
        - ``unresolved``: ``rows`` whose target no file tells, their ``share`` of all interactions, and ``kinds``.
        - ``quality``: rows that are ``self_ties`` or ``duplicates`` (dropped), ``damaged_ids``, ``inferred`` (read from
          the text), ``implicit`` (put before an answer by the platform), ``derived`` (from shared objects);
          ``duplicates_across_files`` and ``resolved_across_files``.
        - ``warnings`` and ``assumptions``: sentences; ``problems``: the same and what was dropped, for reading.
        - ``sources``: ``file``, ``sha256``, ``format``, ``rows`` and ``kinds`` of each file.
        """
        receipt = self.receipt
        period = {"first": receipt.first_time, "last": receipt.last_time, "zone": receipt.time_zone}
        sources = self.sources or (receipt,)
        return {
            "files": [source.file for source in sources],
            "bundle": self.bundle,
            "format": receipt.format,
            "evidence": list(receipt.evidence),
            "encoding": receipt.encoding,
            "dialect": dict(receipt.dialect),
            "mapping": dict(receipt.mapping),
            "fields": dict(receipt.fields),
            "direction": receipt.direction,
            "examples": list(receipt.examples),
            "rows": _rows(receipt),
            "dropped": [
                {"reason": item.reason, "rows": item.rows, "first_lines": list(item.first_lines)}
                for item in receipt.dropped
            ],
            "records": [{"what": item.what, "number": item.number} for item in receipt.records],
            "kinds": dict(receipt.kinds),
            "accounts": self.accounts,
            "interactions": self.joined.get("interactions", receipt.rows_kept),
            "posts": self.joined.get("posts", 0),
            "aliases": self.joined.get("aliases", 0),
            "period": period,
            "unresolved": self.joined.get("unresolved", {"rows": 0, "share": 0.0, "kinds": {}}),
            "quality": {
                "self_ties": receipt.self_ties,
                "duplicates": receipt.duplicates,
                "damaged_ids": receipt.damaged_ids,
                **{name: self.joined.get(name, 0) for name in _QUALITIES},
            },
            "problems": [
                *(_left_out(item) for item in receipt.dropped),
                *receipt.warnings,
                *receipt.assumptions,
            ],
            "warnings": list(receipt.warnings),
            "assumptions": list(receipt.assumptions),
            "sources": [
                {
                    "file": source.file,
                    "sha256": source.sha256,
                    "format": source.format,
                    "rows": _rows(source),
                    "kinds": dict(source.kinds),
                }
                for source in sources
            ],
        }


_QUALITIES = ("inferred", "implicit", "derived", "duplicates_across_files", "resolved_across_files")


def _rows(receipt: SourceReceipt) -> dict[str, int]:
    kept = receipt.rows_kept
    return {"read": receipt.rows_read, "kept": kept, "dropped": receipt.rows_read - kept}


def _left_out(item: Dropped) -> str:
    lines = ", ".join(map(str, item.first_lines))
    where = f" (first in line{'s' if len(item.first_lines) > 1 else ''} {lines})" if lines else ""
    return f"{item.rows:,} {'row' if item.rows == 1 else 'rows'} dropped: {item.reason}{where}"


def inspection_of(network: Network, name: str) -> Inspection:
    """Return the inspection of a network that was read; ``name`` is what the files together are called."""
    rows = network.interactions
    if not network.directed:
        # Held both ways inside; in the file it was one row.
        rows = rows.filter(pl.col("source") < pl.col("target"))
    elif network.shares.height:
        rows = rows.filter((pl.col("source") < pl.col("target")) | pl.col("quality").ne_missing("derived"))
    keys = network.accounts["key"]
    table = rows.select("source", "target", pl.col("kind").cast(pl.String), "weight", "time", "post_id").with_columns(
        source=keys.gather(rows["source"]), target=keys.gather(rows["target"])
    )
    receipts = network.receipt.sources
    ties = tuple(receipt for receipt in receipts if receipt.role == "interactions") or receipts
    receipt = ties[0] if len(ties) == 1 else receipt_of_all(name, ties)
    receipt = replace(receipt, warnings=(*receipt.warnings, *network.receipt.warnings))
    apart = network.unresolved
    qualities = rows["quality"].cast(pl.String).value_counts()
    joined = {
        **dict.fromkeys(_QUALITIES, 0),
        **{str(quality): count for quality, count in qualities.iter_rows() if quality in _QUALITIES},
        "interactions": rows.height,
        "posts": network.posts.filter(pl.col("collected")).height,
        "aliases": network.aliases.height,
        "duplicates_across_files": network.receipt.duplicates_across_files,
        "resolved_across_files": network.receipt.resolved_across_files,
        "unresolved": {
            "rows": apart.height,
            "share": apart.height / max(1, apart.height + rows.height),
            "kinds": dict(sorted(apart["kind"].cast(pl.String).value_counts().iter_rows())),
        },
    }
    return Inspection(receipt, table, network.n_accounts, receipts, joined, network.receipt.bundle)


def receipt_of_all(name: str, receipts: tuple[SourceReceipt, ...]) -> SourceReceipt:
    """Sum up the receipts of several files."""
    kinds, unresolved, records = Counter[str](), Counter[str](), Counter[str]()
    for receipt in receipts:
        kinds.update(receipt.kinds)
        unresolved.update(receipt.unresolved)
        for item in receipt.records:
            records[item.what] += item.number

    def inside(receipt: SourceReceipt) -> str:
        return receipt.file.removeprefix(name + "/")

    def each(said: Callable[[SourceReceipt], tuple[str, ...]]) -> tuple[str, ...]:
        common = [line for line in said(receipts[0]) if all(line in said(other) for other in receipts)]
        if len(receipts) > _TOLD_BY_FILE:
            return summed([line for receipt in receipts for line in said(receipt)])
        own = [(inside(r), line) for r in receipts for line in said(r) if line not in common]
        return (*common, *(Message("{file}: {line}", file=file, line=line) for file, line in own))

    if not receipts:
        return SourceReceipt(file=name)
    first = receipts[0]
    return replace(
        first,
        file=name,
        evidence=each(lambda receipt: receipt.evidence),
        dialect={
            key: value for key, value in first.dialect.items() if all(r.dialect.get(key) == value for r in receipts)
        },
        mapping={
            role: column
            for role, column in first.mapping.items()
            if all(r.mapping.get(role) == column for r in receipts)
        },
        examples=tuple(dict.fromkeys(example for receipt in receipts for example in receipt.examples[:1]))[:3],
        rows_read=sum(receipt.rows_read for receipt in receipts),
        rows_kept=sum(receipt.rows_kept for receipt in receipts),
        dropped=_dropped(receipts, inside),
        records=tuple(Counted(what, number) for what, number in sorted(records.items())),
        unresolved=dict(sorted(unresolved.items())),
        duplicates=sum(receipt.duplicates for receipt in receipts),
        self_ties=sum(receipt.self_ties for receipt in receipts),
        damaged_ids=sum(receipt.damaged_ids for receipt in receipts),
        kinds=dict(sorted(kinds.items())),
        first_time=min((r.first_time for r in receipts if r.first_time), default=None),
        last_time=max((r.last_time for r in receipts if r.last_time), default=None),
        unused_columns=tuple(dict.fromkeys(column for receipt in receipts for column in receipt.unused_columns)),
        assumptions=each(lambda receipt: receipt.assumptions),
        warnings=each(lambda receipt: receipt.warnings),
    )


def summed(lines: list[str]) -> tuple[str, ...]:
    """Return each sentence once: its numbers added up, or where it is not a number that differs, its first wording."""
    told: dict[object, list[str]] = {}
    for line in lines:
        told.setdefault(line.template if isinstance(line, Message) else line, []).append(line)
    summed: list[str] = []
    for alike in told.values():
        first = alike[0]
        if len(set(alike)) > 1 and isinstance(first, Message):
            values = [line.values for line in alike if isinstance(line, Message)]
            rest = {name: value for name, value in first.values.items() if name != "n"}
            if all({**value, "n": 0} == {**rest, "n": 0} for value in values):
                first = first.with_values(n=sum(value["n"] for value in values))
            else:
                first = Message.counting(
                    "{line} (the like holds of {n:count} other file)",
                    "{line} (the like holds of {n:count} other files)",
                    len(alike) - 1,
                    line=first,
                )
        summed.append(first)
    return tuple(summed)


def _dropped(receipts: tuple[SourceReceipt, ...], inside: Callable[[SourceReceipt], str]) -> tuple[Dropped, ...]:
    """Return what was dropped, file by file; of many files by reason, without lines."""
    if len(receipts) <= _TOLD_BY_FILE:
        return tuple(
            replace(item, reason=Message("{reason}, in {file}", reason=item.reason, file=inside(receipt)))
            for receipt in receipts
            for item in receipt.dropped
        )
    rows = Counter[str]()
    for receipt in receipts:
        for item in receipt.dropped:
            rows[item.reason] += item.rows
    return tuple(Dropped(reason, number) for reason, number in sorted(rows.items()))
