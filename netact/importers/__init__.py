"""Importers: from the file an analyst has in hand to a :class:`~netact.network.Network`, with a receipt.

Every file becomes a network of its own, with the receipt of what was read, kept and dropped; the networks are then
joined. Formats are told by content, never by a file's name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import polars as pl

from netact.collection import Collection
from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.accounts_table import fold_names, read_accounts
from netact.importers.admin_table import read_admins, read_graph_pages, read_people
from netact.importers.archive import MOST_MEMBERS, Member, Package, content_sha256, is_archive, open_path
from netact.importers.bundle import BUNDLE, write_bundle
from netact.importers.detect import Detected, detect, detect_members, detect_table
from netact.importers.event_tables import read_events
from netact.importers.formats import IMPORTERS
from netact.importers.identity_table import read_identities
from netact.importers.importer import Columns, Importer
from netact.importers.inspection import Inspection, inspection_of, receipt_of_all, summed
from netact.importers.mapping import RawTable, SourceOptions, fold, resolved
from netact.importers.source_file import shown_name
from netact.importers.tabular import network_from_posts, network_from_table
from netact.language import Message
from netact.network import Network

if TYPE_CHECKING:
    from netact.importers.posts import Item, PostTable
    from netact.importers.source_file import SourceFile
    from netact.receipt import Receipt, SourceReceipt

# Called with the name of a file, the bytes done and the bytes in all.
Progress = Callable[[str, int, int], None]

# Pages of one export beyond this number share one receipt.
MOST_RECEIPTS = 20

__all__ = [
    "IMPORTERS",
    "Importer",
    "Inspection",
    "Progress",
    "SourceOptions",
    "append_to_bundle",
    "check_formats",
    "content_sha256",
    "holds_interactions",
    "inspect_file",
    "open_path",
    "open_table",
    "read_network",
    "read_source",
    "resolved_options",
    "write_bundle",
]


def read_network(
    paths: str | Path | Sequence[str | Path] = (),
    *,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    identities: str | Path | None = None,
    operations: str | Path | None = None,
    triggers: str | Path | None = None,
    earlier: Sequence[str | Path] = (),
    collection: Collection | None = None,
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
    rights_on: str | None = None,
    min_confidence: str | float | None = None,
    progress: Progress | None = None,
) -> Network:
    """Read a network from files.

    Parameters
    ----------
    paths
        Files of interactions: edge lists, graphs and exports of platforms and tools in the formats of
        ``netact formats``; zip archives and folders of them; what ``netact convert`` has written; ``-`` is standard
        input. May be empty if ``accounts`` or ``admins`` is given.
    accounts, admins, people, identities
        A table of accounts; a table of who administers which account; a table that flags persons as bots; a table of
        accounts that are one person or organisation, which become one account (see :meth:`Network.with_identities`).
    operations, triggers
        A table of actions that the movement was called to; a table of events from outside.
    earlier
        Files of the traffic of earlier events, one event each, named as the file.
    collection
        What of the traffic was collected, as declared.
    options
        How to read the interaction files, instead of the keywords from ``format`` to ``ego``, which are the
        fields of :class:`SourceOptions` and hold for all of them.
    account, reach
        Columns of the accounts table: the account's id, the size of its audience.
    person, admin_account, role
        Columns of the admin table; ``person`` may name the person of a list of one person's pages.
    rights_on
        A day, ``2021-05-15``: rights not held on it are left out.
    min_confidence
        Pairs of ``identities`` of less confidence are left out.
    progress
        Called with the name of a file of interactions, the bytes done and the bytes in all.

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
    parts = [read_source(path, options, progress=progress, alone=len(files) == 1) for path in files]
    network = join_tables(
        parts,
        accounts=accounts,
        admins=admins,
        people=people,
        identities=identities,
        operations=operations,
        triggers=triggers,
        earlier={event_name(path): read_source(path) for path in earlier},
        collection=collection,
        platform=options.platform,
        account=account,
        reach=reach,
        person=person,
        admin_account=admin_account,
        role=role,
        rights_on=rights_on,
        min_confidence=min_confidence,
    )
    if files and not holds_interactions(network):
        raise NoInteractionsError(
            "input", "no file holds interactions between accounts", remedy="name a file of interactions"
        )
    if network.shares.height and not network.interactions.height:
        raise NoInteractionsError(
            "input",
            "no two accounts shared the same",
            found=f"{network.shares.height:,} shares by {network.shares['account'].n_unique():,} accounts",
            remedy="name the files of several accounts or groups together",
        )
    return network


def join_tables(
    files: Sequence[Network],
    *,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    identities: str | Path | None = None,
    operations: str | Path | None = None,
    triggers: str | Path | None = None,
    earlier: Mapping[str, Network] | None = None,
    collection: Collection | None = None,
    platform: str | None = None,
    account: str | None = None,
    reach: str | None = None,
    person: str | None = None,
    admin_account: str | None = None,
    role: str | None = None,
    rights_on: str | None = None,
    min_confidence: str | float | None = None,
) -> Network:
    """Join the networks of files of interactions with the tables that go with them; see :func:`read_network`.

    Raises
    ------
    ImportFileError
        If a table cannot be read.
    """
    parts = list(files)
    if accounts is not None:
        known = _known_names(parts)
        with open_table(accounts) as (opened, detected, table):
            parts.append(
                read_accounts(table, opened, detected, account=account, reach=reach, platform=platform, known=known)
            )
    if admins is not None:
        bots: pl.DataFrame | None = None
        receipts: tuple[SourceReceipt, ...] = ()
        if people is not None:
            with open_table(people) as (opened, detected, table):
                bots, receipt = read_people(table, opened, detected)
                receipts = (receipt,)
        with open_admins(admins, person=person) as (opened, detected, table, holder):
            part = read_admins(
                table,
                opened,
                detected,
                person=holder,
                account=admin_account,
                role=role,
                platform=platform,
                bots=bots,
                rights_on=rights_on,
            )
        parts.append(replace(part, receipt=replace(part.receipt, sources=(*part.receipt.sources, *receipts))))
    network = Network.combine(parts)
    if files and (sides := parts[len(files) :]):
        held = {key for part in files for key in part.keys}
        # A key that is gone has been joined with one of them.
        gone = {key for part in sides for key in part.keys} - set(network.keys)
        warnings = [
            Message(
                "none of the accounts in the table of {role} has a tie: check that it names accounts as the interactions do "
                "({option} COLUMN)",
                role=role,
                option="--account" if role == "accounts" else "--admin-account",
            )
            for part in sides
            for role in [part.receipt.sources[0].role]
            if not set(part.keys) & (held | gone)
        ]
        network = replace(network, receipt=replace(network.receipt, warnings=(*network.receipt.warnings, *warnings)))
    if identities is not None:
        with open_table(identities) as (opened, detected, table):
            pairs, receipt = read_identities(table, opened, detected, min_confidence=min_confidence)
        network = network.with_identities(pairs, receipt=receipt)
    if operations is not None:
        with open_table(operations) as (opened, detected, table):
            rows, receipt = read_events(table, opened, detected, role="operations")
        network = network.with_operations(rows, receipt=receipt)
    if triggers is not None:
        with open_table(triggers) as (opened, detected, table):
            rows, receipt = read_events(table, opened, detected, role="triggers")
        network = network.with_triggers(rows, receipt=receipt)
    if earlier:
        network = network.with_earlier(earlier)
    return network if collection is None else replace(network, collection=collection)


def event_name(path: str | Path) -> str:
    """Return the name of an earlier event: that of its file, without folders and endings.

    >>> event_name("traffic/occupy_2011.jsonl.gz")
    'occupy_2011'
    """
    return Path(path).name.split(".", 1)[0] or Path(path).name


def append_to_bundle(
    bundle: str | Path,
    paths: Sequence[str | Path],
    *,
    options: SourceOptions | Mapping[str, Any] | None = None,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    reach: str | None = None,
    progress: Progress | None = None,
) -> Network:
    """Add further exports to what :func:`write_bundle` wrote; the files it was made of are not read again.

    The bundle then is that of all files read together: posts and follows that it holds already are counted, not added, what
    it could not resolve may be resolved by the new files, and its receipt is that of all of them. Only a handle that was joined
    with an id stays joined, also where a new file shows that two accounts bore it.

    Parameters
    ----------
    bundle
        The bundle, which is written anew, whole or not at all.
    paths
        The new files.
    options, accounts, admins, people, reach, progress
        As in :func:`read_network`, of the new files.

    Raises
    ------
    ImportFileError
        If ``bundle`` is none, a file cannot be read or is in the bundle already.
    ReportError
        If the bundle cannot be written.
    """
    held = read_source(bundle, SourceOptions(format=BUNDLE.name))
    known = {source.sha256 for source in held.receipt.sources if source.sha256}
    told = options if isinstance(options, SourceOptions) else SourceOptions.from_dict(options or {})
    parts = [held]
    for path in paths:
        part = read_source(path, told, progress=progress, alone=False)
        again = [source.file for source in part.receipt.sources if source.sha256 in known]
        if again:
            raise ImportFileError(
                shown_name(Path(path)),
                f"is in {shown_name(Path(bundle))} already",
                found=", ".join(sorted(set(again))),
                remedy="leave it out",
            )
        known.update(source.sha256 for source in part.receipt.sources if source.sha256)
        parts.append(part)
    network = join_tables(parts, accounts=accounts, admins=admins, people=people, reach=reach, platform=told.platform)
    write_bundle(network, bundle)
    return network


@contextmanager
def open_admins(
    path: str | Path, *, person: str | None = None
) -> Iterator[tuple[SourceFile, Detected, RawTable, str | None]]:
    """Open a table of admin rights, or a list of one person's pages; the last of what is given is the column of persons.

    Raises
    ------
    ImportFileError
        If it cannot be read, or does not tell whose pages it lists.
    """
    with open_path(path) as opened:
        table = None if isinstance(opened, Package) else read_graph_pages(opened, person)
        if table is not None and not isinstance(opened, Package):
            yield opened, Detected("json", ()), table, "person"
            return
    with open_table(path) as (file, detected, table):
        yield file, detected, table, person


def _known_names(parts: list[Network]) -> frozenset[str]:
    """Return the folded names of accounts that have ties, without their platform."""
    names: set[str] = set()
    for part in parts:
        bare = part.accounts.select(
            pl.coalesce(pl.col("key").str.strip_prefix(pl.col("platform") + ":"), pl.col("key"))
        )
        names.update(fold_names(bare.to_series()).drop_nulls().to_list())
    return frozenset(names)


def read_source(
    path: str | Path,
    options: SourceOptions | None = None,
    *,
    progress: Progress | None = None,
    alone: bool = True,
) -> Network:
    """Read one file of interactions, or the files of one zip archive or folder, each with its own receipt.

    Parameters
    ----------
    path
        ``-`` is standard input.
    progress
        Called with the name of the file, the bytes done and the bytes in all.
    alone
        Whether the file has to hold interactions; false of one of several files, which may hold but the posts that
        others refer to.

    Raises
    ------
    ImportFileError
        If it cannot be read; one line that says what to do.
    """
    options = options or SourceOptions()
    _check_format(options)
    with open_path(path, member=options.member, progress=progress) as opened:
        if isinstance(opened, Package):
            return _read_package(opened, options, alone=alone)
        return _read_file(opened, options, alone=alone)


def holds_interactions(network: Network) -> bool:
    """Whether a network has a tie, known or not, or shares that may tie accounts of several files."""
    return bool(network.interactions.height or network.unresolved.height or network.shares.height)


def _check_format(options: SourceOptions) -> None:
    if options.format and options.format not in IMPORTERS:
        raise ImportFileError(
            "--format", f"unknown format {options.format!r}", remedy=f"use one of {', '.join(IMPORTERS)}"
        )


def _read_file(file: SourceFile, options: SourceOptions, *, alone: bool) -> Network:
    found, table = _open_table(file, options)
    return _network(table, file, found, options, alone=alone)


def _network(
    table: RawTable | PostTable, file: SourceFile, found: Detected, options: SourceOptions, *, alone: bool
) -> Network:
    if isinstance(table, RawTable):
        return network_from_table(table, file, found, options)
    return network_from_posts(table, file, found, options, alone=alone)


def _read_package(package: Package, options: SourceOptions, *, alone: bool) -> Network:
    """Read an archive or folder: as the one export that its files make up, or each file for itself."""
    told = IMPORTERS[options.format] if options.format else None
    found = detect_members(package.names, package.source) if told is None else None
    if told is not None and (told.of_files or told.of_network):
        found = Detected(told.name, (Message("as told"),))
    if found is not None:
        return _read_as_one(package, found, options, alone=alone)
    if len(package.members) > MOST_MEMBERS:
        raise ImportFileError(
            package.source.name,
            f"holds {len(package.members):,} files; at most {MOST_MEMBERS:,} are read",
            remedy="keep only the tables",
        )
    return _read_one_by_one(package, options, alone=alone)


def _read_as_one(package: Package, found: Detected, options: SourceOptions, *, alone: bool) -> Network:
    importer = IMPORTERS[found.format]
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in importer.wanted]
    wanted = [
        member for member in package.members if not patterns or any(pattern.search(member.name) for pattern in patterns)
    ]
    if not wanted:
        raise ImportFileError(
            package.source.name,
            f"has not the files of {importer.title}",
            found=package.listed,
            remedy="leave --format out",
        )
    files = package.unpacked(wanted)
    digest = hashlib.sha256("".join(f"{file.sha256} {file.member}\n" for file in files).encode()).hexdigest()
    whole = replace(package.source, sha256=package.source.sha256 or digest)
    if importer.of_network is not None:
        return importer.of_network(files, options)
    if importer.of_files is None:
        raise ImportFileError(whole.name, f"{importer.title} is not an archive", remedy="leave --format out")
    table = importer.of_files(files, options)
    evidence = [package.note, *found.evidence]
    if left := len(package.members) - len(wanted):
        evidence.append(
            Message.counting(
                "{n:count} file in it is of no use here and stays unread",
                "{n:count} files in it are of no use here and stay unread",
                left,
            )
        )
    return _network(table, whole, Detected(found.format, tuple(evidence)), options, alone=alone)


def _read_one_by_one(package: Package, options: SourceOptions, *, alone: bool) -> Network:
    """Read the files of an archive or folder one after another, and pass over those that hold no interactions."""
    name = package.source.name
    members = [member for member in package.members if not member.about] or list(package.members)
    passed = [member.name for member in package.members if member not in members]
    refused: list[NoInteractionsError] = []
    parts: list[tuple[str, Network]] = []
    if len(members) > MOST_RECEIPTS:
        pages, members = _read_pages(package, members, options)
        parts += [(name, pages)] if pages is not None else []
    for member, opened in zip(members, package.one_by_one(members), strict=True):
        file = opened()
        try:
            if package.archive is None and is_archive(file):
                part = read_source(cast("Path", member.place), options, alone=False)
            else:
                part = _read_file(file, options, alone=False)
        except NoInteractionsError as error:
            refused.append(error)
            passed.append(f"{member.name} ({error.what})")
            continue
        parts.append((member.name, part))
        check_formats([(inside, read.receipt) for inside, read in parts], name)
    if not parts:
        if len(refused) == len(package.members) == 1:
            raise refused[0]
        _refuse_package(package, passed)
    networks = [part for _, part in parts]
    if len(networks) > 1:
        networks = [_one_of(network, len(networks)) for network in networks]
    network = Network.combine(networks)
    if alone and not holds_interactions(network):
        _refuse_package(package, [*(f"{inside} (posts without a tie)" for inside, _ in parts), *passed])
    receipt = network.receipt
    if len(receipt.sources) > MOST_RECEIPTS and len({source.format for source in receipt.sources}) == 1:
        receipt = replace(receipt, sources=(receipt_of_all(name, receipt.sources),))
    if passed:
        listed = ", ".join(sorted(passed)[:20]) + (", ..." if len(passed) > 20 else "")
        said_so = Message.counting(
            "{n:count} file in {file} holds no interactions and is passed over: {names}",
            "{n:count} files in {file} hold no interactions and are passed over: {names}",
            len(passed),
            file=name,
            names=listed,
        )
        receipt = replace(receipt, warnings=(*receipt.warnings, said_so))
    return replace(network, receipt=receipt)


def _read_pages(package: Package, members: list[Member], options: SourceOptions) -> tuple[Network | None, list[Member]]:
    """Read the many files of one export of posts as if they were one, and return which files are none of them.

    To build a network of each page and to join them all takes many times longer than to read them.
    """
    stream = zip(members, package.one_by_one(members), strict=True)
    others: list[Member] = []
    read: list[str] = []  # hash and name of each
    later: list[str] = []
    like: list[tuple[str, str]] = []  # format and platform of the first

    def opened() -> Iterator[tuple[Detected, PostTable]]:
        for member, opens in stream:
            file = opens()
            if package.archive is None and is_archive(file):
                others.append(member)
                continue
            try:
                found, table = _open_table(file, options)
            except NoInteractionsError:
                others.append(member)  # it is read again by itself, and says why
                continue
            if isinstance(table, RawTable) or like not in ([], [(found.format, table.platform)]):
                others.append(member)
                continue
            if like:
                later.extend((*table.assumptions, *table.warnings))
            like[:] = [(found.format, table.platform)]
            read.append(f"{file.sha256} {file.member}\n")
            yield found, table

    rest = opened()
    begun = next(rest, None)
    if begun is None:
        return None, others
    first_found, first = begun

    def items() -> Iterator[Item]:
        yield from first.items()
        for _, table in rest:
            yield from table.items()

    whole = replace(package.source, sha256=package.source.sha256 or "(pages)")
    try:
        network = network_from_posts(replace(first, items=items), whole, first_found, options, alone=False)
    except NoInteractionsError:
        return None, members
    (receipt,) = network.receipt.sources
    digest = hashlib.sha256("".join(read).encode()).hexdigest()
    said = {*first.assumptions, *first.warnings}
    changed = replace(
        receipt,
        sha256=package.source.sha256 or digest,
        dialect={**{k: v for k, v in receipt.dialect.items() if k != "member"}, "files read": str(len(read))},
        dropped=tuple(replace(item, first_lines=()) for item in receipt.dropped),
        warnings=(*receipt.warnings, *summed([line for line in later if line not in said])),
    )
    return replace(network, receipt=replace(network.receipt, sources=(changed,))), others


def _refuse_package(package: Package, passed: Sequence[str]) -> NoReturn:
    raise NoInteractionsError(
        package.source.name,
        "no file in it holds interactions",
        found="; ".join(passed[:5]) + ("; ..." if len(passed) > 5 else ""),
        remedy="pass --member NAME",
    )


def _one_of(network: Network, files: int) -> Network:
    """Note in the receipts that the file is one of several: what was decided for it is not imposed on the others."""
    sources = tuple(
        replace(source, dialect={**source.dialect, "files read": str(files)}) for source in network.receipt.sources
    )
    return replace(network, receipt=replace(network.receipt, sources=sources))


def check_formats(parts: Sequence[tuple[str, Receipt]], name: str) -> None:
    """Refuse an archive that may hold the same interactions twice; posts are told by their ids.

    Raises
    ------
    ImportFileError
        If files are of several formats and not all of them exports of posts.
    """
    formats = {source.format for _, part in parts for source in part.sources}
    if len(formats) > 1 and not all(source.records for _, part in parts for source in part.sources):
        shown = [(inside, part) for inside, part in parts if part.sources]
        differing = {part.sources[0].format: inside for inside, part in reversed(shown)}
        names = ", ".join(f"{inside} ({kind})" for kind, inside in sorted(differing.items(), key=lambda item: item[1]))
        raise ImportFileError(
            name,
            "holds files of several formats, perhaps the same data twice",
            found=names,
            remedy="pass --member NAME, or name each file",
        )


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
    _check_format(options)
    with open_path(path, member=options.member) as opened, _only_file(opened) as file:
        found, table = _open_table(file, options, plain=True)
        if not isinstance(table, RawTable):
            raise ImportFileError(
                file.name,
                f"holds {IMPORTERS[found.format].title}, not a table",
                remedy="name a table with one row each",
            )
        yield file, found, table


@contextmanager
def _only_file(opened: SourceFile | Package) -> Iterator[SourceFile]:
    if not isinstance(opened, Package):
        yield opened
        return
    members = [member for member in opened.members if not member.about] or opened.members
    if len(members) > 1:
        where, what = opened.source.name, "the folder" if opened.archive is None else "the archive"
        raise ImportFileError(
            where, f"{what} holds several files", found=opened.names[:5], remedy="unpack it and name the table"
        )
    for file in opened.one_by_one(members):
        yield file()


def _open_table(
    opened: SourceFile, options: SourceOptions, *, plain: bool = False
) -> tuple[Detected, RawTable | PostTable]:
    """Open a file by its format; with ``plain`` a table is not taken as an export of posts."""
    told = IMPORTERS[options.format] if options.format else None
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
    if not table.header and told.positional and len(table.columns) == told.positional:
        return
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


def inspect_file(
    path: str | Path | Sequence[str | Path],
    options: SourceOptions | None = None,
    *,
    progress: Progress | None = None,
) -> Inspection:
    """Say what a file of interactions is, or several together, how it is understood and what its rows hold.

    Raises
    ------
    ImportFileError
        If it cannot be read; one line that says what to do.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    parts = [read_source(one, options, progress=progress, alone=len(paths) == 1) for one in paths]
    network = Network.combine(parts)
    if not holds_interactions(network):
        raise NoInteractionsError(
            "input", "no file holds interactions between accounts", remedy="name a file of interactions"
        )
    name = shown_name(Path(paths[0])) if len(paths) == 1 else ", ".join(shown_name(Path(one)) for one in paths)
    found = inspection_of(network, name)
    if network.receipt.bundle:
        dialect = {"files read": str(len(network.receipt.sources))}
        why = Message("holds the files of {format}: {names}", format=BUNDLE.title, names=network.receipt.bundle)
        whole = replace(
            found.receipt, format=BUNDLE.name, evidence=(why,), encoding=None, dialect=dialect, mapping={}, fields={}
        )
        found = replace(found, receipt=whole)
    return found
