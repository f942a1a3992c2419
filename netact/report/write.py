"""Write a report to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from netact.errors import ReportError
from netact.privacy import PRIVATE, checked_secret, new_secret
from netact.report.crate import CRATE, crate_of
from netact.report.exports import write_figures, write_graphs, write_tables
from netact.report.findings import plain_values
from netact.report.html import render
from netact.report.provenance import MANIFEST, file_hashes, manifest_of, top_names
from netact.report.publish import published
from netact.report.stored import write_content
from netact.report.tables import neutralised
from netact.side_by_side import side_by_side
from netact.study import find_file, find_listed, path_for_folder, paths_for_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from netact.network import Network
    from netact.report.content import Content
    from netact.report.publish import Published
    from netact.report.run import Report
    from netact.study import Study

# Files and folders of private/ beside its README.
KEY, NAMES, INPUTS = "key", "names.csv", "inputs"
FIGURES = "figures"
# In the folder as it may be shared, and in private/ as it was run where that is another.
STUDY = "study.toml"


def write(
    report: Report,
    folder: str | Path,
    *,
    copy_inputs: bool = False,
    secret: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write report.html, findings.json, accounts, network files, manifest and study file to a folder.

    All but the folder ``private`` in it is fit to share: it names whom the study's privacy settings let be named.

    Everything is built beside the folder first, then put in its place; if anything fails the folder is as it was.

    Parameters
    ----------
    report
        A finished run.
    folder
        Made if missing, replaced if it holds an earlier report of netact.
    copy_inputs
        Put copies of the input files into ``private/inputs/`` (``inputs/`` if the study names all accounts), so that the folder can
        be moved and run again anywhere.
    secret
        Of the pseudonyms; by default the one the folder keeps from an earlier run, else a new one.
    progress
        Called with the name of each file before it is written.

    Raises
    ------
    ReportError
        If the folder holds anything but a report of netact, or cannot be written.
    """
    folder = Path(folder)
    check_folder(folder)
    secret = secret or secret_of(folder) or new_secret()
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=f".{folder.name}-") as draft:
            inside = Path(draft) / "report"
            inside.mkdir()
            _write_all(
                report, inside, folder, secret=secret, copy_inputs=copy_inputs, progress=progress or (lambda _: None)
            )
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


def findings_dict(content: Content) -> dict[str, Any]:
    """Return ``findings.json`` as plain values; its schema is ``netact/report/findings.schema.json``."""
    summary = content.summary
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
            "receipt": content.receipt,
            "findings": [finding.to_dict() for finding in content.findings],
            "claims": [claim.to_dict() for claim in content.claims],
        }
    )
    return values


def secret_of(folder: str | Path) -> str | None:
    """Return the secret that a report folder keeps, None if it keeps none.

    Raises
    ------
    NetactError
        If its file cannot be read or does not hold one.
    """
    path = Path(folder) / PRIVATE / KEY
    return read_secret(path) if path.exists() else None


def read_secret(path: Path) -> str:
    """Return the secret that a file holds.

    Raises
    ------
    NetactError
        If the file cannot be read or does not hold one.
    """
    try:
        return checked_secret(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError as error:
        raise ReportError(str(path), "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(str(path), "cannot be read", found=type(error).__name__) from error


def _write_all(
    report: Report, inside: Path, folder: Path, *, secret: str, copy_inputs: bool, progress: Callable[[str], None]
) -> None:
    began = time.monotonic()
    progress("private")
    shared = published(report, secret=secret)
    _write_private(shared, inside / PRIVATE, secret)
    study = _study_inside(report.study, inside, folder, copy_inputs=copy_inputs)
    if study.privacy.names != "all":
        # What files are called may name people, too: the study that is shared calls them otherwise.
        _write_kept(study.to_toml(), inside / PRIVATE / STUDY)
        study = shared.content.study
    content, table, network = replace(shared.content, study=study), shared.table, shared.network
    outputs = study.outputs
    progress("tables/")
    # The tables take as long as all others together, most of it to pack the workbook.
    parts = (
        partial(write_tables, content, table, inside, outputs),
        partial(_write_page_and_graphs, content, table, network, inside, progress=progress),
    )
    for _ in side_by_side(lambda part: part(), parts):
        pass
    if outputs.figures:
        progress(f"{FIGURES}/")
        write_figures(content, inside / FIGURES, outputs.figures)
    hashes = file_hashes(inside)
    manifest = manifest_of(report, study, hashes, writing=time.monotonic() - began)
    _write_json(crate_of(manifest), inside / CRATE)
    _write_json({**manifest, "files": file_hashes(inside, known=hashes)}, inside / MANIFEST)


def _write_page_and_graphs(
    content: Content, table: pl.DataFrame, network: Network, inside: Path, *, progress: Callable[[str], None]
) -> None:
    progress("accounts.csv")
    table.write_parquet(inside / "accounts.parquet")
    neutralised(table).write_csv(inside / "accounts.csv")
    if content.multiverse is not None:
        progress("multiverse.csv")
        content.multiverse.table.write_parquet(inside / "multiverse.parquet")
        neutralised(content.multiverse.table).write_csv(inside / "multiverse.csv")
    write_graphs(content, network, inside, content.study.outputs, progress=progress)
    progress("findings.json")
    _write_json(findings_dict(content), inside / "findings.json")
    (inside / STUDY).write_text(content.study.to_toml(), encoding="utf-8")
    write_content(content, inside, network, table)
    progress("report.html")
    (inside / "report.html").write_text(render(content, table), encoding="utf-8")


def _study_inside(study: Study, inside: Path, folder: Path, *, copy_inputs: bool) -> Study:
    """Return the study with the paths its files have from where it is to stand, and put them there if asked to."""
    public = study.privacy.public
    if study.privacy.names != "all":
        inside, folder = inside / PRIVATE, folder / PRIVATE
    if not copy_inputs:
        paths = paths_for_folder(study, folder)
        if public:
            public = path_for_folder(study, public, folder)
    else:
        (inside / INPUTS).mkdir()
        paths = tuple(f"{INPUTS}/{PurePath(source.path).name}" for source in study.sources)
        for source, path in zip(study.sources, paths, strict=True):
            shutil.copyfile(find_file(study, source), inside / path)
        if public:
            shutil.copyfile(find_listed(study, public), inside / INPUTS / PurePath(public).name)
            public = f"{INPUTS}/{PurePath(public).name}"
    sources = tuple(replace(source, path=path) for source, path in zip(study.sources, paths, strict=True))
    return replace(study, sources=sources, privacy=replace(study.privacy, public=public))


_PRIVATE_README = """\
NEVER SHARE THIS FOLDER.

Everything beside it is fit to share: ordinary participants have pseudonyms there.
What lies here undoes that.

key        The secret of this study. Whoever has it can find out which pseudonym belongs to
           a name. Running the study again into this folder uses it again, so that pseudonyms
           stay the same; netact study run --key FILE takes it elsewhere.
names.csv  Which pseudonym stands for whom. netact privacy reveal joins it to a table.
study.toml The study with the real names of the files that were read: run this one again.
           The one beside this folder calls them otherwise, since such names can name people.
inputs     Copies of the files that were read, if there are any.

Delete this folder and nobody, you included, can go back from the report to names without
the files that were read.
"""


def _write_private(shared: Published, folder: Path, secret: str) -> None:
    """Write what undoes the pseudonyms, readable by its owner only."""
    folder.mkdir(mode=0o700)
    (folder / "README.txt").write_text(_PRIVATE_README, encoding="utf-8")
    plain = shared.names.select(name for name, dtype in shared.names.schema.items() if not dtype.is_nested())
    _write_kept(f"{secret}\n", folder / KEY)
    _write_kept(neutralised(plain).write_csv(), folder / NAMES)


def _write_kept(text: str, path: Path) -> None:
    """Write a file that only its owner may read."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def _write_json(values: Any, path: Path) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
