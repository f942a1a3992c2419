"""Importers: from the file an analyst has in hand to a :class:`~netact.network.Network`, with a receipt.

Every file becomes a network of its own, with the receipt of what was read, kept and dropped; the networks are then
joined. Formats are told by content, never by a file's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.errors import ImportFileError
from netact.importers.accounts_table import fold_names, read_accounts
from netact.importers.admin_table import read_admins, read_people
from netact.importers.archive import open_files
from netact.importers.detect import Detected, detect, detect_table
from netact.importers.formats import IMPORTERS
from netact.importers.importer import Columns, Importer
from netact.importers.mapping import RawTable, SourceOptions, fold, propose, resolved
from netact.importers.tabular import network_from_posts, network_from_table
from netact.language import Message
from netact.network import Network

if TYPE_CHECKING:
    from netact.importers.posts import PostTable
    from netact.importers.source_file import SourceFile
    from netact.receipt import SourceReceipt

__all__ = [
    "IMPORTERS",
    "Importer",
    "Inspection",
    "SourceOptions",
    "inspect_file",
    "open_table",
    "read_network",
    "read_source",
    "resolved_options",
]


def read_network(
    paths: str | Path | Sequence[str | Path] = (),
    *,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    options: SourceOptions | Mapping[str, Any] | None = None,
    format: str | None = None,  # noqa: A002
    sheet: str | None = None,
    member: str | None = None,
    header: bool | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    target: str | None = None,
    kind_column: str | None = None,
    weight: str | None = None,
    time: str | None = None,
    post_id: str | None = None,
    hashtags: str | None = None,
    platform: str | None = None,
    directed: bool = True,
    reverse: bool = False,
    ego: str | None = None,
    account: str | None = None,
    reach: str | None = None,
    person: str | None = None,
    admin_account: str | None = None,
    role: str | None = None,
) -> Network:
    """Read a network from files.

    Parameters
    ----------
    paths
        Files of interactions: edge lists (CSV and its relatives, xlsx, Parquet, JSON) or graphs (GraphML, GEXF), each
        also in a zip archive. May be empty if ``accounts`` or ``admins`` is given.
    accounts, admins, people
        A table of accounts; a table of who administers which account; a table that flags persons as bots.
    options
        How to read the interaction files, instead of the keywords from ``format`` to ``ego``, which are the
        fields of :class:`SourceOptions` and hold for all of them.
    account, reach
        Columns of the accounts table: the account's id, the size of its audience.
    person, admin_account, role
        Columns of the admin table.

    Returns
    -------
    Network
        Ties point from the account that gives attention to the one that receives it. ``network.receipt`` says per
        file what was read, kept and dropped, and what was assumed.

    Raises
    ------
    ImportFileError
        If a file cannot be read; one line that says what to do.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if options is None:
        options = SourceOptions(
            format=format, sheet=sheet, member=member, header=header, delimiter=delimiter, encoding=encoding, kind=kind, source=source,
            target=target, kind_column=kind_column, weight=weight, time=time, post_id=post_id, hashtags=hashtags,
            platform=platform, directed=directed, reverse=reverse, ego=ego,
        )  # fmt: skip
    elif not isinstance(options, SourceOptions):
        options = SourceOptions.from_dict(options)
    if people is not None and admins is None:
        raise ImportFileError("people", "a table of people needs an admin table", remedy="pass --admins FILE too")
    if not files and accounts is None and admins is None:
        raise ImportFileError("input", "no file given", remedy="name a file of interactions, or pass --admins FILE")
    parts = [read_source(path, options) for path in files]
    known = _known_names(parts)
    if accounts is not None:
        with open_table(accounts) as (opened, detected, table):
            parts.append(
                read_accounts(
                    table, opened, detected, account=account, reach=reach, platform=options.platform, known=known
                )
            )
    if admins is not None:
        bots: pl.DataFrame | None = None
        receipts: tuple[SourceReceipt, ...] = ()
        if people is not None:
            with open_table(people) as (opened, detected, table):
                bots, receipt = read_people(table, opened, detected)
                receipts = (receipt,)
        with open_table(admins) as (opened, detected, table):
            part = read_admins(
                table,
                opened,
                detected,
                person=person,
                account=admin_account,
                role=role,
                platform=options.platform,
                bots=bots,
            )
        parts.append(replace(part, receipt=replace(part.receipt, sources=(*part.receipt.sources, *receipts))))
    network = Network.combine(parts)
    warnings = [
        f"none of the accounts in the {part.receipt.sources[0].role} table has a tie: check that it names accounts as the "
        f"interactions do (--{option} COLUMN)"
        for part in parts[len(files) :]
        for option in ["account" if part.receipt.sources[0].role == "accounts" else "admin-account"]
        if files and not set(part.keys) & {key for other in parts[: len(files)] for key in other.keys}
    ]
    return replace(network, receipt=replace(network.receipt, warnings=(*network.receipt.warnings, *warnings)))


def _known_names(parts: list[Network]) -> frozenset[str]:
    """Return the folded names of accounts that have ties, without their platform."""
    names: set[str] = set()
    for part in parts:
        bare = part.accounts.select(
            pl.coalesce(pl.col("key").str.strip_prefix(pl.col("platform") + ":"), pl.col("key"))
        )
        names.update(fold_names(bare.to_series()).drop_nulls().to_list())
    return frozenset(names)


def read_source(path: str | Path, options: SourceOptions | None = None) -> Network:
    """Read one file of interactions, or the files of one zip archive, each with its own receipt.

    Raises
    ------
    ImportFileError
        If it cannot be read; one line that says what to do.
    """
    options = options or SourceOptions()
    with open_files(path, member=options.member) as files:
        opened = [(files[0], *_open_table(files[0], options))] if len(files) == 1 else _open_all(files, options)
        return Network.combine(_network(table, file, found, options) for file, found, table in opened)


def _network(table: RawTable | PostTable, file: SourceFile, found: Detected, options: SourceOptions) -> Network:
    if isinstance(table, RawTable):
        return network_from_table(table, file, found, options)
    return network_from_posts(table, file, found, options)


@contextmanager
def open_table(
    path: str | Path, options: SourceOptions | None = None
) -> Iterator[tuple[SourceFile, Detected, RawTable]]:
    """Open the one table in a file, or in a zip archive, before its columns mean anything.

    Raises
    ------
    ImportFileError
        If it cannot be read, or an archive holds several files and ``options.member`` names none.
    """
    options = options or SourceOptions()
    with open_files(path, member=options.member) as files:
        if len(files) > 1:
            names = [file.member for file in files[:5]]
            raise ImportFileError(
                Path(path).name, "the archive holds several files", found=names, remedy="unpack it and name the table"
            )
        found, table = _open_table(files[0], options, plain=True)
        if not isinstance(table, RawTable):
            raise ImportFileError(
                Path(path).name,
                f"holds {IMPORTERS[found.format].title}, not a table",
                remedy="name a table with one row each",
            )
        yield files[0], found, table


def _open_all(
    files: list[SourceFile], options: SourceOptions
) -> list[tuple[SourceFile, Detected, RawTable | PostTable]]:
    """Open the files of an archive, all of which must be interactions of one format."""
    archive = files[0].path.name
    opened: list[tuple[SourceFile, Detected, RawTable | PostTable]] = []
    refused: list[ImportFileError] = []
    for file in files:
        try:
            found, table = _open_table(file, options)
            if isinstance(table, RawTable) and table.nodes is None:
                propose(table, options, file=file.name)
        except ImportFileError as error:
            refused.append(error)
            continue
        table = replace(table, dialect={**(table.dialect or {}), "files read": str(len(files))})
        opened.append((file, found, table))
    if not opened:
        said = "; ".join(f"{error.where.removeprefix(archive + '/')} ({error.what})" for error in refused[:5])
        raise ImportFileError(archive, "no file in it holds interactions", found=said, remedy="pass --member NAME")
    if refused:
        said = "; ".join(f"{error.where.removeprefix(archive + '/')} ({error.what})" for error in refused[:3])
        readable = ", ".join(file.member for file, _, _ in opened[:5])
        raise ImportFileError(
            archive,
            "not all files in it are interactions",
            found=said,
            remedy=f"pass --member with one of these: {readable}",
        )
    formats = sorted({found.format for _, found, _ in opened})
    if len(formats) > 1:
        names = ", ".join(f"{file.member} ({found.format})" for file, found, _ in opened[:5])
        raise ImportFileError(
            archive,
            "holds files of several formats, perhaps the same data twice",
            found=names,
            remedy="pass --member NAME, or unpack it and name each file",
        )
    return opened


def _open_table(
    opened: SourceFile, options: SourceOptions, *, plain: bool = False
) -> tuple[Detected, RawTable | PostTable]:
    """Open a file by its format; with ``plain`` a table is not taken as an export of posts."""
    told = options.format and IMPORTERS.get(options.format)
    if options.format and not told:
        raise ImportFileError(
            "--format", f"unknown format {options.format!r}", remedy=f"use one of {', '.join(IMPORTERS)}"
        )
    if told and told.read is not None:
        detected, importer = Detected(told.name, (Message("as told"),)), told
    else:
        detected = detect(opened, replace(options, format=None))
        importer = IMPORTERS[detected.format]
    if importer.read is None:
        raise ImportFileError(opened.name, f"{importer.title} is not one file", remedy="name the folder or archive")
    table = importer.read(opened, options)
    if isinstance(table, RawTable) and table.format:
        detected = replace(detected, format=table.format)
    if isinstance(table, RawTable) and not plain:
        if not told:
            detected = detect_table(table, detected, opened, options)
        elif told.of_table is not None:
            _check_columns(table, told, opened)
            detected = Detected(told.name, (*detected.evidence, Message("as told")))
        taken = IMPORTERS[detected.format].of_table
        if taken is not None:
            base = table
            table = taken(base, opened, options)
            table = replace(
                table,
                encoding=table.encoding or base.encoding,
                dialect={**(base.dialect or {}), **(table.dialect or {})},
                evidence=(*base.evidence, *table.evidence),
                warnings=(*base.warnings, *table.warnings),
            )
    if opened.member:
        table = replace(table, dialect={**(table.dialect or {}), "member": opened.member})
    return detected, table


def _check_columns(table: RawTable, told: Importer, opened: SourceFile) -> None:
    """Refuse a table that lacks the columns of the format it is said to be of."""
    wanted = [signature for signature in told.signatures if isinstance(signature, Columns)]
    if wanted and not any(signature.columns <= {fold(name) for name in table.columns} for signature in wanted):
        raise ImportFileError(
            opened.name,
            f"has not the columns of {told.title}",
            found=list(table.columns[:20]),
            remedy=f"it needs {', '.join(sorted(wanted[0].columns))}",
        )


def resolved_options(receipt: SourceReceipt, options: SourceOptions | None = None) -> SourceOptions:
    """Return options with all that an import decided filled in; reading with them gives the same network again."""
    return resolved(
        options or SourceOptions(),
        found_format=receipt.format,
        mapping=receipt.mapping,
        dialect=receipt.dialect,
        encoding=receipt.encoding,
    )


@dataclass(frozen=True)
class Inspection:
    """What a file of interactions is and how it would be read; nothing is analysed.

    Attributes
    ----------
    receipt
        The import receipt.
    table
        The clean rows: ``source``, ``target``, ``kind``, ``weight``, ``time``, ``post_id``.
    accounts
        Number of accounts.
    """

    receipt: SourceReceipt
    table: pl.DataFrame = field(repr=False)
    accounts: int

    def to_dict(self) -> dict[str, Any]:
        """Return what ``netact inspect --json`` prints."""
        receipt = self.receipt
        return {
            "format": receipt.format,
            "encoding": receipt.encoding,
            "dialect": dict(receipt.dialect),
            "rows": {
                "read": receipt.rows_read,
                "kept": receipt.rows_kept,
                "dropped": receipt.rows_read - receipt.rows_kept,
            },
            "kinds": dict(receipt.kinds),
            "accounts": self.accounts,
            "mapping": dict(receipt.mapping),
            "examples": list(receipt.examples),
            "problems": [
                *(f"{item.rows:,} rows dropped: {item.reason}" + _lines(item.first_lines) for item in receipt.dropped),
                *receipt.warnings,
                *receipt.assumptions,
            ],
        }


def _lines(lines: tuple[int, ...]) -> str:
    return f" (first in line {', '.join(map(str, lines))})" if lines else ""


def inspect_file(path: str | Path, options: SourceOptions | None = None) -> Inspection:
    """Say what a file of interactions is, how its columns are understood and what its rows hold.

    Raises
    ------
    ImportFileError
        If it cannot be read; one line that says what to do.
    """
    network = read_source(path, options)
    rows = network.interactions
    if not network.directed:
        # Held both ways inside; in the file it was one row.
        rows = rows.filter(pl.col("source") < pl.col("target"))
    keys = network.accounts["key"]
    table = rows.select("source", "target", pl.col("kind").cast(pl.String), "weight", "time", "post_id").with_columns(
        source=keys.gather(rows["source"]), target=keys.gather(rows["target"])
    )
    receipts = network.receipt.sources
    receipt = receipts[0] if len(receipts) == 1 else _receipt_of_all(Path(path).name, receipts)
    return Inspection(receipt, table, network.n_accounts)


def _receipt_of_all(name: str, receipts: tuple[SourceReceipt, ...]) -> SourceReceipt:
    """Sum up the receipts of the files in one archive."""
    kinds = Counter[str]()
    for receipt in receipts:
        kinds.update(receipt.kinds)

    def inside(receipt: SourceReceipt) -> str:
        return receipt.file.removeprefix(name + "/")

    def each(said: Callable[[SourceReceipt], tuple[str, ...]]) -> tuple[str, ...]:
        common = [line for line in said(receipts[0]) if all(line in said(other) for other in receipts)]
        own = [(inside(r), line) for r in receipts for line in said(r) if line not in common]
        return (*common, *(Message("{file}: {line}", file=file, line=line) for file, line in own))

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
        dropped=tuple(
            replace(item, reason=Message("{reason}, in {file}", reason=item.reason, file=inside(receipt)))
            for receipt in receipts
            for item in receipt.dropped
        ),
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
