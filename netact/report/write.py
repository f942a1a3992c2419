"""Write a report to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from dataclasses import replace
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from netact.errors import ReportError
from netact.report.crate import CRATE, crate_of
from netact.report.exports import write_exports
from netact.report.findings import plain_values
from netact.report.html import render
from netact.report.provenance import MANIFEST, file_hashes, manifest_of, top_names
from netact.report.stored import write_content
from netact.report.tables import account_table, neutralised
from netact.study import find_file, paths_for_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from netact.report.run import Report


def write(
    report: Report, folder: str | Path, *, copy_inputs: bool = False, progress: Callable[[str], None] | None = None
) -> Path:
    """Write report.html, findings.json, accounts, network files, manifest and study file to a folder.

    Everything is built beside the folder first, then put in its place; if anything fails the folder is as it was.

    Parameters
    ----------
    report
        A finished run.
    folder
        Made if missing, replaced if it holds an earlier report of netact.
    copy_inputs
        Put copies of the input files into ``inputs/``, so that the folder can be moved and run again anywhere.
    progress
        Called with the name of each file before it is written.

    Raises
    ------
    ReportError
        If the folder holds anything but a report of netact, or cannot be written.
    """
    folder = Path(folder)
    check_folder(folder)
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=f".{folder.name}-") as draft:
            inside = Path(draft) / "report"
            inside.mkdir()
            _write_all(report, inside, folder, copy_inputs=copy_inputs, progress=progress or (lambda _: None))
            _put(inside, folder, Path(draft) / "replaced")
    except OSError as error:
        raise ReportError(
            str(folder), f"cannot be written: {error.strerror or error}", remedy="choose another folder"
        ) from error
    return folder


def check_folder(folder: str | Path) -> None:
    """Refuse a folder that holds anything but an earlier report.

    Raises
    ------
    ReportError
        If it does.
    """
    folder = Path(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ReportError(str(folder), "is not a folder", remedy="choose another folder with -o")
    if folder.is_dir() and any(folder.iterdir()) and not _is_report(folder):
        raise ReportError(
            str(folder), "holds files that are not a report of netact", remedy="choose a new or empty folder with -o"
        )


def _is_report(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return "netact_version" in manifest and {item.name for item in folder.iterdir()} <= top_names(manifest)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _put(draft: Path, folder: Path, aside: Path) -> None:
    """Put the finished draft in the folder's place; on failure the old folder comes back."""
    if folder.exists():
        folder.rename(aside)
    try:
        draft.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)


def findings_dict(report: Report) -> dict[str, Any]:
    """Return ``findings.json`` as plain values; its schema is ``netact/report/findings.schema.json``."""
    summary = report.content.summary
    values: dict[str, Any] = plain_values(
        {
            "netact_version": metadata.version("netact"),
            "network": {
                "accounts": summary.accounts,
                "ties": summary.ties,
                "interactions": summary.interactions,
                "kinds": summary.kinds,
                "fingerprint": summary.fingerprint,
            },
            "receipt": report.content.receipt,
            "findings": [finding.to_dict() for finding in report.findings],
            "claims": [claim.to_dict() for claim in report.content.claims],
        }
    )
    return values


def _write_all(
    report: Report, inside: Path, folder: Path, *, copy_inputs: bool, progress: Callable[[str], None]
) -> None:
    began = time.monotonic()
    sources = report.study.sources
    if copy_inputs:
        (inside / "inputs").mkdir()
        paths = tuple(f"inputs/{PurePath(source.path).name}" for source in sources)
        for source, path in zip(sources, paths, strict=True):
            shutil.copyfile(find_file(report.study, source), inside / path)
    else:
        paths = paths_for_folder(report.study, folder)
    content = replace(
        report.content,
        study=replace(report.study, sources=tuple(replace(s, path=p) for s, p in zip(sources, paths, strict=True))),
    )
    study = content.study
    progress("accounts.csv")
    table = account_table(report.network, report.results)
    table.write_parquet(inside / "accounts.parquet")
    neutralised(table).write_csv(inside / "accounts.csv")
    if content.multiverse is not None:
        progress("multiverse.csv")
        content.multiverse.table.write_parquet(inside / "multiverse.parquet")
        neutralised(content.multiverse.table).write_csv(inside / "multiverse.csv")
    write_exports(content, table, report.network, inside, study.outputs, progress=progress)
    progress("findings.json")
    findings = findings_dict(report)
    _write_json(findings, inside / "findings.json")
    (inside / "study.toml").write_text(study.to_toml(), encoding="utf-8")
    write_content(content, inside, report.network, table)
    progress("report.html")
    (inside / "report.html").write_text(render(content, table), encoding="utf-8")
    manifest = manifest_of(report, study, file_hashes(inside), writing=time.monotonic() - began)
    _write_json(crate_of(manifest), inside / CRATE)
    _write_json({**manifest, "files": file_hashes(inside)}, inside / MANIFEST)


def _write_json(values: Any, path: Path) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
