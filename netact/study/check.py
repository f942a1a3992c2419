"""Check a study file before it is run: what it says, whether its files are there and the same, and how much it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netact.errors import NetactError
from netact.importers import content_sha256
from netact.importers.source_file import STANDARD_INPUT
from netact.study.file import Problem, as_far_as_understood, places_of, text_of, with_kept_names
from netact.study.study import LEAVE_OUT, Source, find_file

if TYPE_CHECKING:
    from pathlib import Path

    from netact.study.file import Place
    from netact.study.study import Study


@dataclass(frozen=True)
class Checked:
    """What a look at a study file has found.

    Attributes
    ----------
    study
        The study; None if the file does not describe one.
    problems
        Every mistake, by line.
    files
        Path and state of each file: ``the same`` (its SHA-256 is that of the study), ``found`` (the study holds none), ``missing``
        or ``changed``.
    runs
        How often everything is measured: once, and once for every combination of the grid.
    """

    study: Study | None
    problems: tuple[Problem, ...]
    files: tuple[tuple[str, str], ...] = ()
    runs: int = 1


def check(path: Path) -> Checked:
    """Look at a study file; nothing is read of its inputs but whether they are there and the same.

    Raises
    ------
    StudyError
        If the study file itself cannot be read.
    """
    text = text_of(path)
    study, problems = as_far_as_understood(text, folder=str(path.parent))
    if study is None or any(problem.where.startswith("sources") for problem in problems):
        return Checked(None, problems)
    study = with_kept_names(study, path)
    places = places_of(text)
    found = [*problems]
    files: list[tuple[str, str]] = []
    asked: list[tuple[Source, Place]] = []
    in_tables = sum(1 for place in places if len(place) == 2 and place[0] == "sources" and isinstance(place[1], int))
    for number, source in enumerate(study.sources):
        # Accounts to leave out may be named among the filters, and are sources behind the others then.
        asked.append((source, ("sources", number) if number < in_tables else ("filters", LEAVE_OUT)))
    if study.privacy.public:
        asked.append((Source(study.privacy.public, LEAVE_OUT), ("privacy", "public")))
    for source, place in asked:
        state, problem = _file(study, source)
        files.append((source.path, state))
        if problem is not None:
            entry = "sha256" if state == "changed" else "path"
            line = places.get((*place, entry), places.get(place, 0))
            where = ".".join(name for name in place if isinstance(name, str))
            found.append(Problem(line, where, *problem))
    found.sort(key=lambda problem: problem.line)
    return Checked(None if found else study, tuple(found), tuple(files), 1 + study.grid.runs)


def _file(study: Study, source: Source) -> tuple[str, tuple[str, str, str] | None]:
    """Return the state of a file and, if something is wrong: what, what was found, and what to do."""
    if source.path == STANDARD_INPUT:
        return "found", None
    try:
        path = find_file(study, source)
        digest = content_sha256(path) if source.sha256 else ""
    except NetactError as error:
        return "missing", (f"{source.path}: {error.what}", "", error.remedy or "")
    if digest != source.sha256:
        return "changed", (
            f"{source.path}: the file has changed since the study was made",
            f"sha256 {digest[:12]}… instead of {source.sha256[:12]}…",
            "bring the file back, or delete its sha256 to analyse it as it is now",
        )
    return ("the same" if source.sha256 else "found"), None
