"""From files to the bundle of their added-up ties, on an engine."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from netact.engines import kernel
from netact.engines.engine import open_engine
from netact.engines.parse import UNITS, raised
from netact.errors import ImportFileError, MeasureError, NoInteractionsError, ReportError
from netact.importers import MOST_RECEIPTS, SourceOptions, check_formats, open_path
from netact.importers.archive import Package
from netact.importers.bundle import revived_receipt, write_bundle
from netact.importers.detect import detect_members
from netact.importers.inspection import receipt_of_all
from netact.language import Message
from netact.network import ATTENTION_ORDER, Network
from netact.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netact.engines.engine import Engine
    from netact.schemas import Kind

# Ties that one machine analyses well (some 100 to 150 bytes each in a graph library).
MOST_TIES = 20_000_000
# Accounts that are kept whatever their place in the core: so many by attention received, and by PageRank.
TOP = 1000

# Columns of the accounts of a bundle that netact aggregate made; all of the ties of one kind and of the whole data.
WHOLE = {
    "whole_in_strength": "summed weight of attention received",
    "whole_out_strength": "summed weight of attention given",
    "whole_in_degree": "accounts that give it attention",
    "whole_out_degree": "accounts that it gives attention to",
    "whole_pagerank": "weighted PageRank, within the bound that the receipt states",
    "whole_component": "number of its weakly connected component, 0 the largest of those in the bundle",
    "whole_component_size": "accounts in it",
}


@dataclass(frozen=True)
class Aggregated:
    """What an aggregation came to.

    Attributes
    ----------
    path
        The bundle.
    engine
        Where it ran.
    kind
        The kind of tie that stands for attention.
    interactions, accounts, ties
        Of the whole data, after repeats were left out; accounts with a tie.
    kept_accounts, kept_ties
        What the bundle holds.
    k
        Everyone of the k-core is in the bundle; 0 if nobody was left out.
    pagerank_bound
        PageRank is off by at most this, summed over all accounts.
    components
        Number of weakly connected components.
    """

    path: Path
    engine: str
    kind: Kind
    interactions: int
    accounts: int
    ties: int
    kept_accounts: int
    kept_ties: int
    k: int
    pagerank_bound: float
    components: int


def aggregate(
    paths: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    engine: str = "auto",
    master: str | None = None,
    memory: str | None = None,
    options: SourceOptions | None = None,
    most_ties: int = MOST_TIES,
    top: int = TOP,
    work: str | Path | None = None,
    step: Callable[[str], None] | None = None,
) -> Aggregated:
    """Add up the interactions of files to ties and write the bundle of those that matter, for :mod:`netact.report`.

    Parameters
    ----------
    paths
        Files and folders of interactions, as :func:`netact.importers.read_network` takes them; each file is read by itself.
    out
        The bundle to write.
    engine, master, memory
        See :func:`netact.engines.engine.open_engine`.
    options
        How to read the files.
    most_ties
        If there are more ties, accounts of low degree are left out until there are no more than this (see
        :func:`netact.engines.reduction.core_within`), and the ``top`` accounts by attention received and by PageRank
        are added again.
    work
        Folder for what is written on the way, on a disk with room for a copy of the input; of a cluster, one that all machines
        share. By default beside the bundle. What is written there is deleted.
    step
        Called with what is being done.

    Raises
    ------
    ImportFileError
        If a file cannot be read.
    MeasureError
        If the engine cannot be had.
    ReportError
        If something cannot be written.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    out, say = Path(out), step or (lambda _: None)
    options = options or SourceOptions()
    files = [file for path in given for file in _files(path)]
    if most_ties < 1 or top < 0:
        raise MeasureError("aggregate", "most_ties must be positive and top not negative", found=(most_ties, top))
    place = Path(work) if work is not None else out.absolute().parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place.absolute(), prefix=".netact-aggregate-"))
    except OSError as error:
        raise ReportError(
            str(place), f"cannot be written: {error.strerror or error}", remedy="choose another folder"
        ) from error
    try:
        if master is not None and not master.startswith("local"):
            folder.chmod(0o777)  # workers may run as somebody else
        size = sum(Path(file.path).stat().st_size for file in files if Path(file.path).is_file())
        runs = open_engine(engine, folder, bytes_read=size, master=master, memory=memory)
        try:
            network, done = _reduced(runs, files, options, folder, most_ties=most_ties, top=top, say=say)
        finally:
            runs.close()
        say("writing the bundle")
        return replace(done, path=write_bundle(network, out))
    except OSError as error:
        raise ReportError(
            str(error.filename or place),
            f"cannot be used: {error.strerror or error}",
            remedy="free space, or pass --work",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------------- files


@dataclass(frozen=True)
class _File:
    path: str
    name: str  # as receipts name it
    group: str  # the folder it was found in, empty if it was named itself


def _files(path: str | Path) -> Iterator[_File]:
    """Yield the files that are read each by itself; a folder that is one export is one of them."""
    with open_path(path) as opened:
        if not isinstance(opened, Package) or opened.archive is not None or detect_members(opened.names, opened.source):
            yield _File(
                str(Path(path).absolute()), opened.source.name if isinstance(opened, Package) else opened.name, ""
            )
            return
        members = [member for member in opened.members if not member.about] or opened.members
        for member in members:
            yield _File(
                str(Path(str(member.place)).absolute()), f"{opened.source.name}/{member.name}", opened.source.name
            )


@dataclass(frozen=True)
class _Read:
    receipt: Receipt
    rows: int
    directed: bool
    kinds: tuple[Kind, ...]
    warnings: tuple[str, ...]


def _read(engine: Engine, files: Sequence[_File], options: SourceOptions, folder: Path) -> _Read:
    said = [
        json.loads(text) for text in engine.parse([file.path for file in files], json.dumps(options.to_dict()), folder)
    ]
    refused = [found for found in said if "error" in found]
    for found in refused:
        if found["error"] != NoInteractionsError.__name__ or len(refused) == len(said):
            raise raised(found)
    read = [(file, found) for file, found in zip(files, said, strict=True) if "error" not in found]
    weight = sum(found["weight"] for _, found in read)
    if weight >= 1 << 63:
        raise ImportFileError(
            "weights", "sum up to more than 64 bits hold", found=weight // UNITS, remedy="give weights in larger units"
        )
    receipts: list[tuple[_File, Receipt]] = []
    for file, found in read:
        receipt = revived_receipt(found["receipt"])
        receipts.append((file, replace(receipt, sources=tuple(replace(s, file=file.name) for s in receipt.sources))))
    for group in dict.fromkeys(file.group for file, _ in receipts if file.group):
        check_formats([(file.name, receipt) for file, receipt in receipts if file.group == group], group)
    sources = tuple(source for _, receipt in receipts for source in receipt.sources)
    if len(sources) > MOST_RECEIPTS and len({source.format for source in sources}) == 1:
        names = {file.group for file, _ in receipts}
        sources = (receipt_of_all(next(iter(names)) if len(names) == 1 else "input", sources),)
    warnings: list[str] = []
    if passed := len(refused):
        listed = ", ".join(sorted(found["where"] for found in refused)[:20]) + (", ..." if passed > 20 else "")
        warnings.append(
            Message.counting(
                "{n:count} file in {file} holds no interactions and is passed over: {names}",
                "{n:count} files in {file} hold no interactions and are passed over: {names}",
                passed,
                file="input",
                names=listed,
            )
        )
    if any(found["aliases"] or found["unresolved"] for _, found in read) and len(read) > 1:
        warnings.append(_EACH_FILE)
    if any(found["rounded"] for _, found in read):
        warnings.append(_ROUNDED)
    joined = Receipt(
        sources,
        duplicates_across_files=sum(r.duplicates_across_files for _, r in receipts),
        resolved_across_files=sum(r.resolved_across_files for _, r in receipts),
        warnings=tuple(w for _, r in receipts for w in r.warnings),
    )
    kinds = {name for _, found in read for name in found["kinds"]}
    return _Read(
        joined,
        sum(found["rows"] for _, found in read),
        any(found["directed"] for _, found in read),
        tuple(name for name in ATTENTION_ORDER if name in kinds),
        tuple(warnings),
    )


# ---------------------------------------------------------------------- the reduction


_EACH_FILE = Message(
    "handles were joined with ids, and posts with their authors, within each file only, as the files were added up one by one"
)
_ROUNDED = Message("weights were rounded to millionths before they were added up")
_TIMES = Message(
    "interactions were added up to ties: sums, counts and degrees are exact, but measures that need single interactions or their "
    "times cannot be had from these ties"
)


def _pruned(kept: int, accounts: int, k: int) -> Message:
    return Message(
        "the ties are those among {kept:count} of {accounts:count} accounts: all that are in the {k:count}-core, and the most heard. "
        "What is measured on them holds within this kernel; betweenness, clustering, modularity and PageRank there are not those "
        "of the whole",
        kept=kept,
        accounts=accounts,
        k=k,
    )


def _bounded(bound: float) -> Message:
    return Message(
        "the columns whole_... of the accounts table were worked out on all ties; scores of PageRank are off by at most {bound} in all, "
        "and accounts closer than that are tied",
        bound=f"{bound:.1e}",
    )


def _reduced(
    engine: Engine,
    files: Sequence[_File],
    options: SourceOptions,
    folder: Path,
    *,
    most_ties: int,
    top: int,
    say: Callable[[str], None],
) -> tuple[Network, Aggregated]:
    say(f"reading {len(files):,} file{'' if len(files) == 1 else 's'} ({engine.name})")
    read = _read(engine, files, options, folder)
    if not read.rows:
        raise NoInteractionsError(
            "input", "no file holds interactions between accounts", remedy="name a file of interactions"
        )
    made = kernel.reduced(engine, folder, read.kinds, read.rows, most_ties=most_ties, top=top, say=say)
    kept = sum(made.events.values())
    warnings = [*read.receipt.warnings, *read.warnings, _TIMES]
    if made.k:
        warnings.append(_pruned(made.details["key"].n_unique(), made.accounts, made.k))
    warnings.append(_bounded(made.bound))
    receipt = replace(
        read.receipt,
        duplicates_across_files=read.receipt.duplicates_across_files
        + (read.rows - kept) // (1 if read.directed else 2),
        warnings=tuple(warnings),
    )
    ties = made.kernel.with_columns(weight=_weight("weight"))
    network = Network.from_ties(ties, made.details, directed=read.directed, receipt=receipt)
    network = _with_whole(network, made.whole)
    done = Aggregated(
        Path(), engine.name, made.kind, kept, made.accounts, sum(made.ties.values()),
        network.n_accounts, network.interactions.height, made.k, made.bound, made.components,
    )  # fmt: skip
    return network, done


def _weight(name: str) -> pl.Expr:
    """Return millionths as numbers; whole ones exactly."""
    column = pl.col(name)
    return (column // UNITS).cast(pl.Float64) + (column % UNITS).cast(pl.Float64) / UNITS


def _with_whole(network: Network, whole: pl.DataFrame) -> Network:
    """Add the columns :data:`WHOLE` to the accounts."""
    order = whole.select("component", "size").drop_nulls().unique().sort("size", "component", descending=[True, False])
    numbers = order.select("component", number=pl.int_range(pl.len(), dtype=pl.Int64))
    told = whole.join(numbers, on="component", how="left").select(
        "key",
        whole_in_strength=_weight("in_strength"), whole_out_strength=_weight("out_strength"),
        whole_in_degree="in_degree", whole_out_degree="out_degree", whole_pagerank="pagerank",
        whole_component="number", whole_component_size=pl.col("size").cast(pl.Int64),
    )  # fmt: skip
    return replace(network, accounts=network.accounts.join(told, on="key", how="left", maintain_order="left"))
