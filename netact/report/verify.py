"""Whether a report is what its study gives: run it again, compare every table and figure, say what differs and why it may."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal, Protocol

from netact.errors import ReportError, StudyError
from netact.importers import content_sha256
from netact.importers.source_file import STANDARD_INPUT
from netact.report.folders import Difference, compare_folders
from netact.report.provenance import MANIFEST, PUBLIC, file_hashes
from netact.report.run import refuse_withheld
from netact.report.stored import DATA, GROUP_NAMES, read_manifest
from netact.report.write import STUDY, secret_of
from netact.study import file_of_content, find_file, find_listed, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.study import Study

_WHERE = "--inputs DIR"


class Execute(Protocol):
    """What runs a study to a folder: :func:`netact.jobs.execute`."""

    def __call__(self, study: Study, out: Path, *, secret: str | None) -> object:
        """Run it."""


@dataclass(frozen=True)
class Edited:
    """A file that is not as it was when the report was written."""

    file: str
    how: Literal["changed", "missing", "added"]

    def __str__(self) -> str:
        said = {
            "changed": "was changed after the report was written",
            "missing": "was taken away after the report was written",
            "added": "was added after the report was written",
        }
        return f"{self.file}: {said[self.how]}"


@dataclass(frozen=True)
class Verification:
    """What became of running a report's study again.

    Attributes
    ----------
    edited
        Files that are not as they were when the report was written.
    differences
        Where the report and the new run part: first the report, second the new run.
    reasons
        Why they may: what of versions and platform was different. Empty if nothing was.
    tables, figures, others
        How many of each were compared.
    renamed
        Whether pseudonyms were compared one for one, since the report came without its key.
    """

    edited: tuple[Edited, ...]
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]
    tables: int
    figures: int
    others: int
    renamed: bool

    @property
    def identical(self) -> bool:
        """Whether nothing was edited and nothing differs."""
        return not self.edited and not self.differences

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"identical": self.identical, **asdict(self)}


def verify(folder: str | Path, *, execute: Execute, inputs: str | Path | None = None) -> Verification:
    """Run the study of a report again, beside it, and compare the two folders.

    Parameters
    ----------
    folder
        Of the report; nothing in it is changed. The key and the study in its ``private/`` are used if they are there.
    execute
        :func:`netact.jobs.execute`.
    inputs
        Folder in which files are looked for that are not where the study says: by name, else by their content.

    Raises
    ------
    StudyError
        If an input is missing or is not the one the report was made from, before anything is run.
    ReportError
        If the folder holds no report, or its study file was edited.
    NetactError
        If the study cannot be run.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    edited = edited_files(folder, manifest)
    if any(item.file == STUDY for item in edited) or not (folder / STUDY).is_file():
        raise ReportError(
            f"{folder}: {STUDY}",
            "is not as it was when the report was written, so that another run than this one would be repeated",
            remedy=f"bring the file back, or run it to a new folder: netact study run {STUDY} -o FOLDER",
        )
    # The title is that of the report, whatever the files are called now.
    study = replace(load(folder / STUDY), title=load(folder / STUDY, kept=False).title)
    study = _with_inputs(study, manifest, None if inputs is None else Path(inputs))
    secret = secret_of(folder)
    with tempfile.TemporaryDirectory(prefix="netact-verify-") as scratch:
        again = Path(scratch) / "report"
        execute(study, again, secret=secret)
        found = compare_folders(folder, again, renamed=secret is None)
        now = read_manifest(again)
    return Verification(
        tuple(edited),
        found.differences,
        reasons(manifest, now) if found.differences else (),
        found.tables,
        found.figures,
        found.others,
        renamed=secret is None,
    )


def edited_files(folder: Path, manifest: Mapping[str, Any]) -> list[Edited]:
    """Return the files of a report that were changed, taken away or added since it was written.

    Names that a reader gave to groups in the dashboard are no change.

    Raises
    ------
    ReportError
        If the manifest keeps no hashes.
    """
    then = manifest.get("files")
    if not isinstance(then, dict):
        raise ReportError(
            str(folder / MANIFEST),
            "keeps no hashes of the files; the report was written by an earlier version",
            remedy="run its study again: netact study run study.toml -o FOLDER",
        )
    now = file_hashes(folder)
    now.pop(f"{DATA}/{GROUP_NAMES}", None)
    found = [Edited(name, "missing") for name in then if name not in now]
    found += [Edited(name, "changed") for name in then if name in now and now[name]["sha256"] != then[name]["sha256"]]
    found += [Edited(name, "added") for name in now if name not in then]
    return sorted(found, key=lambda item: item.file)


def _with_inputs(study: Study, manifest: Mapping[str, Any], place: Path | None) -> Study:
    """Return the study with every input where it is, each the very file the report was made from."""
    refuse_withheld(study)
    listed = next((given["sha256"] for given in manifest["inputs"] if given["role"] == PUBLIC), "")
    sources = []
    for source in study.sources:
        if source.path == STANDARD_INPUT:
            raise StudyError(source.path, "was read from standard input", remedy="put it into a file of its own")
        path = _found(source.path, partial(find_file, study, source), place, source.sha256)
        found = _same(source.path, path, source.sha256)
        sources.append(replace(source, path=str(path.absolute()), sha256=found))
    privacy, public = study.privacy, study.privacy.public
    if public:
        path = _found(public, partial(find_listed, study, public), place, listed)
        _same(public, path, listed)
        privacy = replace(privacy, public=str(path.absolute()))
    return replace(study, sources=tuple(sources), privacy=privacy)


def _found(name: str, find: Callable[[], Path], place: Path | None, sha256: str) -> Path:
    """Return where a file is: where the study says or, by its name or its content, in the folder given."""
    try:
        return find()
    except StudyError as error:
        path = None if place is None else place / PurePath(name).name
        if place is not None and (path is None or not path.exists()):
            path = file_of_content(place, sha256, name=name)
        if path is None:
            remedy = f"name the folder it is in with {_WHERE}"
            raise StudyError(name, "no such file", found=f"none of sha256 {sha256[:12]}…", remedy=remedy) from error
        return path


def _same(name: str, path: Path, wanted: str) -> str:
    """Return the hash of a file, which must be the one wanted."""
    found = content_sha256(path)
    if wanted and wanted != found:
        raise StudyError(
            name,
            "is not the file the report was made from",
            found=f"sha256 {found[:12]}… instead of {wanted[:12]}…",
            remedy="bring the file back; nothing was run",
        )
    return found


def reasons(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what was different when a report was made: versions and platform, from both manifests."""
    found = []
    for name, label in (("netact_version", "netact"), ("python", "Python")):
        if then.get(name) != now.get(name):
            found.append(f"{label} {then.get(name)} then, {now.get(name)} now")
    found += _revisions(then.get("netact_revision"), now.get("netact_revision"))
    old, new = then.get("libraries") or {}, now.get("libraries") or {}
    found += [
        f"{name} {old.get(name, 'none')} then, {new.get(name, 'none')} now"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    old, new = then.get("platform") or {}, now.get("platform") or {}
    found += [
        f"{name}: {old.get(name) or 'unknown'} then, {new.get(name) or 'unknown'} now"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    return tuple(found)


def _revisions(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[str]:
    def said(revision: Mapping[str, Any] | None) -> str:
        if revision is None:
            return "none"
        return f"{revision['commit'][:12]}{' with changes' if revision['changed'] else ''}"

    # Two trees with changes may differ though they are said in the same words.
    if then == now and not (then or {}).get("changed"):
        return []
    return [f"revision of netact {said(then)} then, {said(now)} now"]


def told(found: Verification) -> list[str]:
    """Say what was found, a line each."""
    lines = [str(item) for item in found.edited]
    lines += [
        str(item).replace("in the first", "in the report").replace("in the second", "in the new run")
        for item in found.differences
    ]
    counted = f"{found.tables:,} tables, {found.figures:,} figures and {found.others:,} other files were compared."
    if found.renamed:
        counted += " The report came without its key, so that its pseudonyms were compared one for one."
    lines.append(counted)
    if found.identical:
        lines.append("Every table and figure is identical.")
    elif not found.differences:
        lines.append("What is left unedited is identical to the new run." if found.edited else "")
    elif found.reasons:
        lines += ["The differences may come from:", *(f"  {reason}" for reason in found.reasons)]
    else:
        lines.append("Versions, libraries and platform are the same as then: they do not explain the differences.")
    return lines


def as_json(found: Verification) -> str:
    """Return what was found as JSON."""
    return json.dumps(found.to_dict(), ensure_ascii=False, indent=1)
