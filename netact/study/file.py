"""Read a study file: every mistake in it at once, each with its line and, where one suggests itself, what was meant."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netact.collection import Collection
from netact.errors import NetactError, StudyError
from netact.filters import Filters
from netact.importers.mapping import SourceOptions
from netact.measures import MEASURES
from netact.outputs import Outputs
from netact.privacy import PRIVATE, Privacy, is_withheld
from netact.study.grid import AXES, Grid, flat_axes
from netact.study.study import (
    EFFORT,
    EFFORTS,
    LEAVE_OUT,
    MANY_ROLES,
    ROLE_OPTIONS,
    ROLES,
    TRAFFIC_ROLES,
    VERSION,
    Source,
    Step,
    Study,
    check_parameter,
    checked_options,
    parameters_of,
    resolved,
    resolved_effort,
    title_from,
    with_axis,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

NAMES = (
    "schema", "netact_version", "title", "seed", "sources", "filters", "measures", "collection", "robustness", "privacy",
    "outputs", "grid",
)  # fmt: skip
SOURCE_NAMES = ("path", "role", "sha256", "options")

# A place in a study file: names of tables and entries, numbers in lists.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One mistake in a study file.

    Attributes
    ----------
    line
        Where it stands, from 1; 0 if it is of the whole file.
    where, what, found, remedy
        As in :class:`netact.errors.NetactError`.
    """

    line: int
    where: str
    what: str
    found: str = ""
    remedy: str = ""

    def error(self, file: str) -> StudyError:
        """Return it as an error of a file."""
        line = f":{self.line}" if self.line else ""
        where = f"{file}{line}: {self.where}" if self.where else f"{file}{line}"
        return StudyError(where, self.what, found=self.found or None, remedy=self.remedy or None)


def load(path: str | Path, *, kept: bool = True) -> Study:
    """Read a study file; relative paths in it are looked for beside it first.

    Parameters
    ----------
    path
        Of the file.
    kept
        Whether to use what a report folder keeps for itself, see :func:`with_kept_names`.

    Raises
    ------
    StudyError
        If the file cannot be read, is not TOML, or does not describe a run: the first mistake, with its line.
    """
    path = Path(path)
    study, problems = understood(text_of(path), folder=str(path.parent))
    if study is None:
        error = problems[0].error(path.name)
        if len(problems) > 1:
            rest = f"{len(problems) - 1} more: netact study check {path.name} lists all"
            remedy = f"{error.remedy}; {rest}" if error.remedy else rest
            raise StudyError(error.where, error.what, found=error.found, remedy=remedy)
        raise error
    return with_kept_names(study, path) if kept else study


def with_kept_names(study: Study, path: Path) -> Study:
    """Return the study of a file with the real names of its inputs, where ``private/`` beside the file keeps them.

    The study file of a report calls its inputs otherwise than they are called, as it may be shared, and withholds options
    that name an account. What else stands in it holds, as long as its inputs are those of the one that is kept.
    """
    beside = path.parent / PRIVATE / path.name
    if not beside.is_file():
        return study
    own, _problems = understood(text_of(beside), folder=str(beside.parent))
    inputs = [[(source.role, source.sha256) for source in each.sources] for each in (study, own) if each is not None]
    if own is None or inputs[0] != inputs[1]:
        return study
    sources = tuple(
        replace(
            real,
            options={
                name: real.options.get(name, value) if is_withheld(str(value)) else value
                for name, value in shown.options.items()
            },
        )
        for shown, real in zip(study.sources, own.sources, strict=True)
    )
    public = own.privacy.public if study.privacy.public else ""
    return replace(study, sources=sources, privacy=replace(study.privacy, public=public), folder=own.folder)


def text_of(path: Path) -> str:
    """Return the text of a study file.

    Raises
    ------
    StudyError
        If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(str(path), "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(str(path), "cannot be read", found=type(error).__name__) from error


def understood(text: str, *, folder: str = "") -> tuple[Study | None, tuple[Problem, ...]]:
    """Return the study that a text describes and no problems, or None and all problems in it, by line."""
    study, problems = as_far_as_understood(text, folder=folder)
    return (None if problems else study), problems


def as_far_as_understood(text: str, *, folder: str = "") -> tuple[Study | None, tuple[Problem, ...]]:
    """Return the study that a text describes without what is wrong in it, None if that is none, and all problems by line."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(r"(.*?) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        what, line = (told[1], int(told[2] or text.count("\n") + 1)) if told else (str(error), 0)
        remedy = "mend the line or write the file anew"
        return None, (Problem(line, "", f"not a study file: {what}", remedy=remedy),)
    except RecursionError:
        return None, (Problem(0, "", "not a study file: tables in tables without end"),)
    reader = _Reader(values, places_of(text))
    study = reader.study(folder)
    return study, tuple(sorted(reader.problems, key=lambda problem: problem.line))


def places_of(text: str) -> dict[Place, int]:
    r"""Return the line of every table and entry of a text that is TOML.

    >>> places_of('seed = 1\n[[sources]]\npath = "e.csv"\noptions.kind = "reply"\n')[("sources", 0, "options", "kind")]
    4
    """
    places: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}

    def absolute(names: tuple[str, ...]) -> Place:
        """Return a place by name with the numbers of the lists it runs through."""
        place: Place = ()
        for name in names:
            place = (*place, name)
            if place in counts:
                place = (*place, counts[place])
        return place

    for line, statement in _statements(text):
        if statement.startswith("["):
            listed = statement.startswith("[[")
            names = _key(statement.strip("[] \t"))
            if listed:
                place = absolute(names[:-1])
                place = (*place, names[-1])
                counts[place] = counts.get(place, -1) + 1
                places.setdefault(place, line)
                table = (*place, counts[place])
            else:
                table = absolute(names)
            places.setdefault(table, line)
        else:
            names = _key(_before_equals(statement))
            for depth in range(1, len(names) + 1):
                places.setdefault((*table, *names[:depth]), line)
    return places


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each table header and entry; values over several lines are one."""
    token = re.compile(
        r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*|[\[\]{}\n]|[^\"'#\[\]{}\n]+",
        re.DOTALL,
    )
    line, first, depth, parts = 1, 1, 0, list[str]()
    for found in token.finditer(text.replace("\r\n", "\n")):
        piece = found[0]
        if piece == "\n" and depth == 0:
            if statement := "".join(parts).strip():
                yield first, statement
            parts = []
        elif not piece.startswith("#"):
            if not "".join(parts).strip():
                parts, first = [], line
            # Brackets of a header do not nest over lines, those of a value do; both close what they open.
            depth += (piece in "[{") - (piece in "]}") if len(piece) == 1 else 0
            parts.append(piece)
        line += piece.count("\n")
    if statement := "".join(parts).strip():
        yield first, statement


def _before_equals(statement: str) -> str:
    found = re.match(r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^=\"'])*", statement)
    return found[0] if found else statement


def _key(text: str) -> tuple[str, ...]:
    """Return the names of a dotted key."""
    value: Any = tomllib.loads(f"{text} = 0")
    names: list[str] = []
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        names.append(name)
    return tuple(names)


def place_of_axis(axis: str, places: Mapping[Place, int]) -> Place:
    """Return the place of an axis, which may stand in nested tables or under one quoted name with dots."""
    return ("grid", axis) if ("grid", axis) in places else ("grid", *axis.split("."))


class _Reader:
    """Understands the values of a study file and remembers what is wrong with them."""

    def __init__(self, values: dict[str, Any], places: Mapping[Place, int]) -> None:
        self.values, self.places = values, places
        self.problems: list[Problem] = []

    def line(self, place: Place) -> int:
        """Return the line of a place, or of what it is in."""
        while place and place not in self.places:
            place = place[:-1]
        return self.places.get(place, 0)

    def wrong(self, place: Place, what: str, *, found: object = None, remedy: str = "") -> None:
        where = ".".join(name for name in place if isinstance(name, str))
        self.problems.append(Problem(self.line(place), where, what, "" if found is None else str(found), remedy))

    def attempt(self, place: Place, make: Callable[[], Any]) -> Any:
        """Make something; a mistake is remembered."""
        try:
            return make()
        except NetactError as error:
            self.wrong(place, error.what, found=error.found, remedy=error.remedy or "")
            return None

    def fits(self, place: Place, check: Callable[[], None]) -> bool:
        """Whether a check refuses nothing; what it refuses is remembered."""
        before = len(self.problems)
        self.attempt(place, check)
        return len(self.problems) == before

    def unknown(self, place: Place, name: str, known: Iterable[str], what: str) -> None:
        self.wrong((*place, name), what, remedy=meant(name, known))

    def table(self, place: Place, values: Any) -> dict[str, Any] | None:
        if isinstance(values, dict):
            return values
        self.wrong(place, "must be a table", found=repr(values), remedy=f"write [{place[-1]}]")
        return None

    def known(self, place: Place, values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Return the entries whose names are known; the others are mistakes."""
        names = list(names)
        for name in values:
            if name not in names:
                self.unknown(place, name, names, f"unknown entry {name!r}")
        return {name: value for name, value in values.items() if name in names}

    def listed(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        entries = self.values.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.wrong((name,), "must be a list of tables", found=repr(entries), remedy=f"write [[{name}]]")
            return []
        return list(enumerate(entries))

    def section(self, name: str, names: Iterable[str], make: Callable[[dict[str, Any]], Any], missing: Any) -> Any:
        """Return what a table makes; of several mistakes in it each is remembered."""
        if name not in self.values:
            return missing
        values = self.table((name,), self.values[name])
        if values is None:
            return missing
        rest = self.known((name,), values, names)
        while True:
            try:
                return make(rest)
            except NetactError as error:
                entry = error.where.rpartition(".")[2]
                at = (name, entry) if entry in rest else (name,)
                self.wrong(at, error.what, found=error.found, remedy=_better(error))
                if entry not in rest:
                    return missing
                rest = {key: value for key, value in rest.items() if key != entry}

    def study(self, folder: str) -> Study | None:
        """Return the study; None if something is wrong."""
        self.known((), self.values, NAMES)
        version = self.values.get("schema", VERSION)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self.wrong(("schema",), "must be the number of a version", found=repr(version), remedy="write schema = 1")
        elif version > VERSION:
            self.wrong(("schema",), f"is of a later netact; this one knows version {VERSION}", found=version)
        title, seed = self.values.get("title", ""), self.values.get("seed", 1)
        if not isinstance(title, str):
            self.wrong(("title",), "must be a text", found=repr(title), remedy='write title = "..."')
            title = ""
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**63:
            self.wrong(("seed",), "must be a whole number from 0", found=repr(seed))
            seed = 1
        sources = [source for number, entry in self.listed("sources") if (source := self.source(number, entry))]
        filters = self.filters(sources)
        steps = self.steps()
        declared = self.section("collection", _fields(Collection), Collection.from_dict, Collection())
        tried = self.section("robustness", EFFORTS[EFFORT], resolved_effort, {})
        privacy = self.section("privacy", _fields(Privacy), Privacy.from_dict, Privacy())
        outputs = self.section("outputs", _fields(Outputs), Outputs.from_dict, Outputs())
        self.together(sources)
        if self.problems and (not sources or not steps):
            return None
        study: Study | None = self.attempt(
            (),
            lambda: Study(
                title or title_from(sources), seed, tuple(sources), steps, declared, tried, filters, privacy, outputs,
                folder=folder,
            ),
        )  # fmt: skip
        return study if study is None else self.with_grid(study)

    def source(self, number: int, entry: dict[str, Any]) -> Source | None:
        at: Place = ("sources", number)
        entry = self.known(at, entry, SOURCE_NAMES)
        path, role, digest = entry.get("path"), entry.get("role", "interactions"), entry.get("sha256", "")
        options = self.table((*at, "options"), entry.get("options", {})) or {}
        if not isinstance(path, str) or not path:
            self.wrong((*at, "path"), "a source without a path", remedy='write path = "..."')
            return None
        if role not in ROLES:
            self.wrong((*at, "role"), f"unknown role {role!r}", remedy=meant(str(role), ROLES))
            return None
        if not isinstance(digest, str) or not re.fullmatch(r"([0-9a-f]{64})?", digest):
            self.wrong(
                (*at, "sha256"), "is no SHA-256", found=repr(digest), remedy="leave it out to take the file as it is"
            )
            digest = ""
        known = tuple(_fields(SourceOptions)) if role in TRAFFIC_ROLES else ROLE_OPTIONS[role]
        good: dict[str, Any] = {}
        for name, value in options.items():
            place = (*at, "options", name)
            if name not in known:
                self.unknown((*at, "options"), name, known, f"unknown option {name!r} of a file of {role}")
            elif self.attempt(place, partial(checked_options, Source(path, role, options={name: value}))):
                good[name] = value
        return Source(path, role, digest, good)

    def filters(self, sources: list[Source]) -> Filters:
        """Return the filters; files of accounts to leave out become sources."""
        given = self.values.get("filters")
        if isinstance(given, dict) and isinstance(given.get(LEAVE_OUT), str | list):
            files = [given[LEAVE_OUT]] if isinstance(given[LEAVE_OUT], str) else given[LEAVE_OUT]
            for path in files:
                if isinstance(path, str) and path:
                    sources.append(Source(path, LEAVE_OUT))
                else:
                    self.wrong(("filters", LEAVE_OUT), "must be the path of a text file", found=repr(path))
            self.values["filters"] = {name: value for name, value in given.items() if name != LEAVE_OUT}
        found: Filters = self.section("filters", _fields(Filters), Filters.from_dict, Filters())
        return found

    def together(self, sources: list[Source]) -> None:
        """Remember what is wrong with the sources together."""
        entries = [entry for _number, entry in self.listed("sources")]
        if not any(source.role in ("interactions", "admins") for source in sources) and not self.of("sources"):
            self.wrong(("sources",), "nothing to read", remedy="name a file of interactions or of admin rights")
        for role in ROLES:
            numbers = [n for n, entry in enumerate(entries) if entry.get("role", "interactions") == role]
            if role not in MANY_ROLES and len(numbers) > 1:
                self.wrong(
                    ("sources", numbers[1]), f"more than one file with the role {role!r}", remedy="join them first"
                )

    def of(self, name: str) -> bool:
        """Whether something is wrong in a section."""
        return any(problem.where.partition(".")[0] == name for problem in self.problems)

    def steps(self) -> tuple[Step, ...]:
        if "measures" not in self.values:
            return tuple(Step(name) for name in MEASURES)
        steps: list[Step] = []
        entries = self.listed("measures")
        for number, given in entries:
            at: Place = ("measures", number)
            entry = self.known(at, given, ("name", "parameters"))
            name = entry.get("name")
            parameters = self.table((*at, "parameters"), entry.get("parameters", {})) or {}
            if not isinstance(name, str) or name not in MEASURES:
                what = "a measure without a name" if name is None else f"unknown measure {name!r}"
                self.wrong((*at, "name"), what, remedy=meant(str(name), MEASURES))
                continue
            if name in [step.name for step in steps]:
                self.wrong((*at, "name"), f"{name!r} is named twice", remedy="leave one out")
                continue
            known, good = parameters_of(name), dict[str, Any]()
            for parameter, value in parameters.items():
                place = (*at, "parameters", parameter)
                if parameter not in known:
                    what = f"measure {name!r} has no parameter {parameter!r}"
                    self.unknown((*at, "parameters"), parameter, known, what)
                elif self.fits(place, partial(check_parameter, name, parameter, value)):
                    good[parameter] = value
            # Now with what the others are.
            try:
                steps.append(resolved(Step(name, good)))
            except NetactError as error:
                parameter = error.where.rpartition(".")[2]
                self.wrong((*at, "parameters", parameter), error.what, found=error.found, remedy=error.remedy or "")
                steps.append(Step(name))
        if not entries and not self.of("measures"):
            self.wrong(("measures",), "nothing to measure", remedy=f"name one of {', '.join(MEASURES)}")
        return tuple(steps)

    def with_grid(self, study: Study) -> Study:
        """Return the study with its grid; every value of every axis is tried."""
        given = self.table(("grid",), self.values.get("grid", {}))
        if not given:
            return study
        before = len(self.problems)
        for axis, values in flat_axes(given):
            at = place_of_axis(axis, self.places)
            if (remedy := self.axis_meant(study, axis)) is not None:
                self.wrong(at, f"{axis!r} is no axis", remedy=remedy)
            elif self.attempt(at, partial(Grid, {axis: values})):
                for value in Grid({axis: values}).axes[axis]:
                    self.attempt(at, partial(with_axis, study, axis, value))
        if len(self.problems) > before:
            return study
        grid = self.attempt(("grid",), lambda: Grid.from_dict(given))
        if grid is None:
            return study
        made = replace(study, grid=grid)
        self.attempt(("grid",), lambda: list(made.variants()))
        return made

    def axis_meant(self, study: Study, axis: str) -> str | None:
        """Return None if there is such an axis, else what may have been meant."""
        known = [
            "seed",
            *(f"filters.{name}" for name in _fields(Filters)),
            *(f"robustness.{name}" for name in EFFORTS[EFFORT]),
            *(f"measures.{step.name}.{name}" for step in study.measures for name in step.parameters),
        ]
        if axis in known:
            return None
        close = difflib.get_close_matches(axis, known, n=1, cutoff=0.6)
        return f"did you mean {close[0]!r}?" if close else f"use {AXES}"


def meant(name: str, known: Iterable[str]) -> str:
    """Say what may have been meant by a name."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"use one of {', '.join(known)}" if known else "leave it out"


def _better(error: NetactError) -> str:
    """Return the remedy of an error, with what was meant where a list of names is all it says."""
    unknown = re.search(r"unknown \w+ '([^']*)'", error.what)
    listed = re.match(r"(?:use (?:one|any) of|use) ([\w, ]+)", error.remedy or "")
    if unknown and listed:
        close = difflib.get_close_matches(unknown[1], [name.strip() for name in listed[1].split(",")], n=1, cutoff=0.6)
        if close:
            return f"did you mean {close[0]!r}?"
    return error.remedy or ""


def _fields(of: type) -> list[str]:
    return [item.name for item in fields(of)]
