"""What netact itself writes: a whole network, read and cleaned, in one file.

How it is obtained: ``netact convert FILE... -o movement.netact``, or :func:`write_bundle`.

Read: everything. The file is a zip archive, not compressed further, of one Parquet table each of accounts, interactions,
admin rights, hashtags, posts, unresolved interactions, aliases, shares, identities, operations, triggers, earlier events and
aggregated ties (:mod:`netact.schemas` says what is in them), and ``manifest.json``: the version of the layout, the version of netact, the direction, the fingerprint of the network, the
receipts of the files it was made of, and rows and SHA-256 of every table. Tables are checked against it.

Lost: nothing of the network: one read from it has the fingerprint of the one it was written of. Handles that were joined with
ids stay joined, also where a file that is read beside it would show that two accounts bore the handle: then convert the
original files together. The folders that the original files lay in are not named.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import fields, replace
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import cattrs
import polars as pl

from netact.collection import Collection
from netact.errors import ImportFileError, ReportError, SchemaError
from netact.importers.importer import Importer, Members
from netact.importers.mapping import SourceOptions
from netact.importers.source_file import file_sha256, shown_name
from netact.language import revived, storable
from netact.network import Network
from netact.receipt import Receipt
from netact.schemas import (
    ACCOUNTS,
    ADMIN_RIGHTS,
    AGGREGATED,
    ALIASES,
    EARLIER,
    HASHTAGS,
    IDENTITIES,
    INTERACTIONS,
    OPERATIONS,
    POSTS,
    SHARES,
    TRIGGERS,
    UNRESOLVED,
    conform,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netact.importers.source_file import SourceFile

FORMAT = "netact bundle"
# Changes when a table or the manifest changes so that an older netact would read it wrongly.
VERSION = 3
MANIFEST = "manifest.json"
TABLES: Mapping[str, pl.Schema] = {
    "accounts": ACCOUNTS,
    "interactions": INTERACTIONS,
    "admin_rights": ADMIN_RIGHTS,
    "hashtags": HASHTAGS,
    "posts": POSTS,
    "unresolved": UNRESOLVED,
    "aliases": ALIASES,
    "shares": SHARES,
    "identities": IDENTITIES,
    "operations": OPERATIONS,
    "triggers": TRIGGERS,
    "earlier": EARLIER,
    "aggregated": AGGREGATED,
}
# Tables and the layout that had them first.
_SINCE = {"operations": 2, "triggers": 2, "earlier": 2, "aggregated": 3}
_ACCOUNT_COLUMNS = ("source", "target", "account")
# The time of every entry, so that the same network gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_AGAIN = "convert the original files again"


def write_bundle(network: Network, path: str | Path) -> Path:
    """Write a network to one file that every command takes in place of the original ones.

    The file is there whole or not at all. The same network and receipts give the same bytes.

    Raises
    ------
    ReportError
        If the file cannot be written, or something else than a bundle is in its place.
    """
    path = Path(path)
    if path.is_dir() or (path.exists() and not _is_bundle(path)):
        raise ReportError(str(path), "is there already and is no netact bundle", remedy="choose another name with -o")
    draft: Path | None = None
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}-", delete=False) as out:
            draft = Path(out.name)
            _write(network, out)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except OSError as error:
        raise ReportError(
            str(path), f"cannot be written: {error.strerror or error}", remedy="choose another folder, or free space"
        ) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _Hashed:
    """Writes on and adds up the SHA-256 of what is written."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self._digest.update(content)
        return self._out.write(content)

    def flush(self) -> None:
        self._out.flush()

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _write(network: Network, out: IO[bytes]) -> None:
    tables: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in TABLES:
            table: pl.DataFrame = getattr(network, name)
            with archive.open(_entry(f"{name}.parquet"), "w", force_zip64=True) as entry:
                hashed = _Hashed(entry)
                table.write_parquet(cast("IO[bytes]", hashed), compression="zstd", statistics=False)
            tables[name] = {"file": f"{name}.parquet", "rows": table.height, "sha256": hashed.hexdigest()}
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "netact": metadata.version("netact"),
            "directed": network.directed,
            "collection": network.collection.to_dict(),
            "fingerprint": network.fingerprint,
            "tables": tables,
            "receipt": stored_receipt(network.receipt),
        }
        archive.writestr(_entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.external_attr = 0o644 << 16
    return entry


def stored_receipt(receipt: Receipt) -> dict[str, Any]:
    """Return receipts as JSON takes them; :func:`revived_receipt` reads them."""
    stored: dict[str, Any] = storable(_fields(replace(receipt, bundle="")))
    return stored


def revived_receipt(stored: Any) -> Receipt:
    """Return stored receipts; raises what cattrs and the receipts raise where they are none."""
    return _converter().structure(revived(stored), Receipt)


def _fields(value: Any) -> Any:
    """Return a dataclass as plain values, its messages as they are."""
    if hasattr(value, "__dataclass_fields__"):
        return {item.name: _fields(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {name: _fields(item) for name, item in value.items()}
    return [_fields(item) for item in value] if isinstance(value, list | tuple) else value


def _is_bundle(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(json.loads(archive.read(MANIFEST)).get("format") == FORMAT)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, RuntimeError):
        return False


def read_bundle(files: Sequence[SourceFile], options: SourceOptions) -> Network:
    """Read the network that :func:`write_bundle` wrote.

    Raises
    ------
    ImportFileError
        If a table is missing or is not what was written, or a newer netact wrote it.
    """
    whole = shown_name(files[0].path)
    asked = [name for name in options.to_dict() if name not in ("format", "member")]
    if asked:
        raise ImportFileError(
            whole,
            "a netact bundle is read as it was converted",
            found=", ".join(asked),
            remedy="leave these options out, or convert the original files with them",
        )
    found = {file.member.rpartition("/")[2]: file for file in files}
    manifest = _manifest(found, whole)
    tables = {name: _table(name, schema, manifest, found, whole) for name, schema in TABLES.items()}
    _check(tables, whole)
    try:
        collection = Collection.from_dict(manifest.get("collection", {}))
        receipt = revived_receipt(manifest["receipt"])
    except (cattrs.BaseValidationError, SchemaError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImportFileError(whole, "its receipt cannot be read", remedy=_AGAIN) from error
    return Network(
        **cast("dict[str, Any]", tables),
        directed=manifest["directed"],
        collection=collection,
        receipt=replace(receipt, bundle=whole),
    )


def _manifest(found: Mapping[str, SourceFile], whole: str) -> dict[str, Any]:
    file = found.get(MANIFEST)
    try:
        manifest = json.loads(file.plain.read_bytes()) if file is not None else None
    except (ValueError, RecursionError) as error:
        raise ImportFileError(whole, f"{MANIFEST} is broken", remedy=f"copy it again, or {_AGAIN}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ImportFileError(
            whole, "looks like a netact bundle but is none", remedy="pass --member NAME with a file in it"
        )
    version = manifest.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ImportFileError(
            whole,
            "was written by a newer netact",
            found=f"netact {str(manifest.get('netact'))[:20]}, layout {str(version)[:20]}; this one reads {VERSION}",
            remedy="update netact",
        )
    needed = {"directed": bool, "tables": dict, "receipt": dict}
    if any(not isinstance(manifest.get(name), kind) for name, kind in needed.items()):
        raise ImportFileError(whole, f"{MANIFEST} is broken", remedy=f"copy it again, or {_AGAIN}")
    return manifest


def _table(
    name: str, schema: pl.Schema, manifest: Mapping[str, Any], found: Mapping[str, SourceFile], whole: str
) -> pl.DataFrame:
    if manifest["version"] < _SINCE.get(name, 1):
        return pl.DataFrame(schema=schema)
    stated = manifest["tables"].get(name)
    file = found.get(f"{name}.parquet")
    if file is None or not isinstance(stated, dict):
        raise ImportFileError(whole, f"the table of {name} is missing", remedy=f"copy it again, or {_AGAIN}")
    if file_sha256(file.plain) != stated.get("sha256"):
        raise ImportFileError(
            whole,
            f"the table of {name} is not what netact wrote: it was changed or damaged",
            remedy=f"copy it again, or {_AGAIN}",
        )
    try:
        with file.open() as stream:
            table = pl.read_parquet(stream)
        return conform(table, schema, table=name, extra=name == "accounts")
    except (pl.exceptions.PolarsError, SchemaError, OSError, ValueError) as error:
        raise ImportFileError(whole, f"the table of {name} cannot be read", remedy=_AGAIN) from error


def _check(tables: Mapping[str, pl.DataFrame], whole: str) -> None:
    """Refuse tables that do not fit each other, whoever wrote them: measures take row numbers as they are."""
    keys = tables["accounts"]["key"]
    good = not keys.null_count() and keys.is_sorted() and keys.n_unique() == len(keys)
    for name, table in tables.items():
        ends = [column for column in _ACCOUNT_COLUMNS if name != "accounts" and column in table.columns]
        for column in ends:
            top = table[column].max()
            good &= (name == "earlier" or not table[column].null_count()) and (top is None or int(str(top)) < len(keys))
    weight = tables["interactions"]["weight"]
    good &= bool((weight.is_finite() & (weight > 0)).fill_null(value=False).all())
    good &= not tables["interactions"]["kind"].null_count()
    summed = tables["aggregated"]
    good &= bool((summed["events"] > 0).fill_null(value=False).all()) and not summed["kind"].null_count()
    good &= not summed.select("source", "target", "kind").is_duplicated().any()
    if not good:
        raise ImportFileError(whole, "its tables do not fit each other", remedy=_AGAIN)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(str, lambda value, _: value if isinstance(value, str) else _no_text(value))
    return converter


def _no_text(value: object) -> str:
    raise TypeError(value)


BUNDLE = Importer(
    "netact",
    "netact's own bundle of a whole network (netact convert)",
    (Members((r"(^|/)manifest\.json$", r"(^|/)interactions\.parquet$", r"(^|/)accounts\.parquet$")),),
    of_network=read_bundle,
    wanted=(r"^([^/]+/)?(manifest\.json|(" + "|".join(TABLES) + r")\.parquet)$",),
)
