"""Importers: from the file an analyst has in hand to a :class:`~netact.network.Network`, with a receipt.

Every file becomes a network of its own, with the receipt of what was read, kept and dropped; the networks are then
joined. Formats are told by content, never by a file's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.errors import ImportFileError
from netact.importers.accounts_table import fold_names, read_accounts
from netact.importers.admin_table import read_admins, read_people
from netact.importers.delimited import read_delimited
from netact.importers.detect import Detected, detect
from netact.importers.graph_file import read_gexf, read_graphml
from netact.importers.json_records import read_json
from netact.importers.mapping import SourceOptions, resolved
from netact.importers.parquet import read_parquet_table
from netact.importers.source_file import open_source
from netact.importers.tabular import network_from_table
from netact.importers.workbook import read_workbook
from netact.network import Network

if TYPE_CHECKING:
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile
    from netact.receipt import SourceReceipt

__all__ = [
    "IMPORTERS",
    "Importer",
    "Inspection",
    "SourceOptions",
    "inspect_file",
    "read_network",
    "read_source",
    "resolved_options",
]


@dataclass(frozen=True)
class Importer:
    """A format netact reads."""

    name: str
    description: str
    read: Callable[[SourceFile, SourceOptions], RawTable]
    graph: bool = False  # holds nodes of its own and says itself whether ties have a direction


_ALL = (
    Importer(
        "delimited", "text table: CSV, TSV, semicolon, pipe or blanks, header or not, .gz and .zst too", read_delimited
    ),
    Importer("xlsx", "Excel workbook, one sheet", read_workbook),
    Importer("parquet", "Parquet table", read_parquet_table),
    Importer("json", "JSON lines, or a JSON list of flat records, .gz and .zst too", read_json),
    Importer("graphml", "GraphML graph (Gephi, igraph, networkx, yEd)", read_graphml, graph=True),
    Importer("gexf", "GEXF graph 1.1 to 1.3 (Gephi)", read_gexf, graph=True),
)
IMPORTERS: Mapping[str, Importer] = MappingProxyType({importer.name: importer for importer in _ALL})


def read_network(
    paths: str | Path | Sequence[str | Path] = (),
    *,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    options: SourceOptions | Mapping[str, Any] | None = None,
    format: str | None = None,  # noqa: A002
    sheet: str | None = None,
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
        Files of interactions: edge lists (CSV and its relatives, xlsx, Parquet) or graphs (GraphML, GEXF). May be
        empty if ``accounts`` or ``admins`` is given.
    accounts, admins, people
        A table of accounts; a table of who administers which account; a table that flags persons as bots.
    options
        How to read the interaction files, instead of the keywords from ``format`` to ``reverse``, which are the
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
            format=format, sheet=sheet, header=header, delimiter=delimiter, encoding=encoding, kind=kind, source=source,
            target=target, kind_column=kind_column, weight=weight, time=time, post_id=post_id, hashtags=hashtags,
            platform=platform, directed=directed, reverse=reverse,
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
        with open_source(accounts) as opened:
            detected, table = _open_table(opened, SourceOptions())
            parts.append(
                read_accounts(
                    table, opened, detected, account=account, reach=reach, platform=options.platform, known=known
                )
            )
    if admins is not None:
        bots: pl.DataFrame | None = None
        receipts: tuple[SourceReceipt, ...] = ()
        if people is not None:
            with open_source(people) as opened:
                detected, table = _open_table(opened, SourceOptions())
                bots, receipt = read_people(table, opened, detected)
                receipts = (receipt,)
        with open_source(admins) as opened:
            detected, table = _open_table(opened, SourceOptions())
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
    """Read one file of interactions.

    Raises
    ------
    ImportFileError
        If it cannot be read; one line that says what to do.
    """
    options = options or SourceOptions()
    with open_source(path) as opened:
        detected, table = _open_table(opened, options)
        return network_from_table(table, opened, detected, options)


def _open_table(opened: SourceFile, options: SourceOptions) -> tuple[Detected, RawTable]:
    if options.format is None:
        detected = detect(opened)
    elif options.format in IMPORTERS:
        detected = Detected(options.format, ("as told",))
    else:
        raise ImportFileError(
            "--format", f"unknown format {options.format!r}", remedy=f"use one of {', '.join(IMPORTERS)}"
        )
    return detected, IMPORTERS[detected.format].read(opened, options)


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
    return Inspection(network.receipt.sources[0], table, network.n_accounts)
