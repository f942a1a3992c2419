"""The study itself: sources, filters, measures with every parameter, and what is written.

A study is checked and fully resolved when it is made: every parameter of every measure stands in it, so that a later
version with other defaults repeats the same run. Written as TOML and read back.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import polars as pl
import tomli_w

from netact.collection import Collection
from netact.errors import MeasureError, NetactError, StudyError
from netact.filters import Filters
from netact.importers.archive import content_sha256
from netact.importers.mapping import SourceOptions
from netact.importers.source_file import STANDARD_INPUT
from netact.measures import MEASURES, measure_function, measure_ranges
from netact.outputs import Outputs
from netact.privacy import Privacy
from netact.ranges import check_ranges
from netact.representation import Listing, Sheet, line, page
from netact.schemas import KINDS
from netact.study.grid import AXES, AxisValue, Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from netact.results import Factions, LeadingCore

Value = str | int | float | bool | None

# Of the form of study files, raised when an old netact could misread a new file.
VERSION = 1

# Where editors find what a study file may hold.
SCHEMA_FILE = "study.schema.json"

# The role of a file of accounts to leave out, one a line.
LEAVE_OUT = "leave_out"

ROLES = ("interactions", "accounts", "admins", "people", "identities", "operations", "triggers", "earlier", LEAVE_OUT)

# Roles whose files are read as interactions are; there may be several of each.
TRAFFIC_ROLES = ("interactions", "earlier")

# Roles of which there may be several files.
MANY_ROLES = (*TRAFFIC_ROLES, LEAVE_OUT)

# What a file of each role may be told beside its path: columns of its table. Files of interactions, also of earlier ones, take the fields of
# :class:`netact.importers.SourceOptions`.
ROLE_OPTIONS: dict[str, tuple[str, ...]] = {
    "accounts": ("account", "reach"),
    "admins": ("person", "account", "role", "rights_on"),
    "people": (),
    "identities": ("min_confidence",),
    "operations": (),
    "triggers": (),
    LEAVE_OUT: (),
}

# Parameters one measure takes from another's result: measure -> parameter -> (the other measure, how it is got from
# that result). The runner fills them, they are no part of a study; without the other measure they keep their default.
TAKEN_FROM_RESULTS: dict[str, dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "hierarchy": {
        "core_outcome": ("leading_core", lambda result: result.outcome),
        "core_power": ("leading_core", lambda result: core_power(result.power)),
    },
    "dynamics": {
        "core": ("leading_core", lambda result: tuple(member for core in result.cores for member in core.members)),
    },
    "factions": {
        "core_members": ("leading_core", lambda result: tuple(core.members for core in result.cores)),
    },
    "symbols": {
        "core_members": ("leading_core", lambda result: core_members(result)),
        "faction_of": ("factions", lambda result: named_members(result)),
        "division": ("factions", lambda result: result.verdict),
    },
    "coordination": {
        "core": ("leading_core", lambda result: tuple(key for core in result.cores for key in core.members)),
    },
    "legitimation": {
        "factions": ("factions", lambda result: faction_of_accounts(result)),
        "core": ("leading_core", lambda result: tuple(member for core in result.cores for member in core.members)),
    },
}

# How much is tried to tell how far a headline could be off: effort -> parameters of netact.robustness.robustness.
EFFORTS: dict[str, dict[str, Value]] = {
    "none": {"effort": "none"},
    "quick": {
        "effort": "quick", "draws": 20, "runs": 5, "every_share": False, "replicates": 200, "multiverse": False,
        "largest": 60_000,
    },
    "full": {
        "effort": "full", "draws": 50, "runs": 20, "every_share": True, "replicates": 500, "multiverse": True,
        "largest": 1_000_000,
    },
}  # fmt: skip
EFFORT = "quick"

HEAD = "# A netact study: run it again with `netact study run study.toml -o FOLDER`.\n"


# What values of a type are called in errors.
_TYPES: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def faction_of_accounts(result: Any) -> pl.DataFrame | None:
    """Return the faction of every account: one for all where no division was found, None where lines cannot be trusted."""
    match result.verdict:
        case "factionalised" | "structurally_divided" | "niches":
            found: pl.DataFrame = result.membership.select("account", "faction")
            return found
        case "no_division":
            one: pl.DataFrame = result.membership.select("account", faction=pl.lit(0, dtype=pl.Int32))
            return one
    return None


def core_power(power: pl.DataFrame) -> float | None:
    """Return the power to find a core of eight with 0.6 of its ties, or the nearest case that was tried."""
    known = power.drop_nulls("power")
    distance = (pl.col("size") - 8).abs() + 10 * (pl.col("tie_probability") - 0.6).abs()
    return float(known.sort(distance, maintain_order=True)["power"][0]) if known.height else None


def core_members(result: LeadingCore) -> tuple[str, ...]:
    """Return the accounts of all cores, sorted; none if none was found."""
    return tuple(sorted({member for core in result.cores for member in core.members}))


def named_members(result: Factions) -> pl.DataFrame:
    """Return ``account`` and ``faction`` of the members of the factions that have a name."""
    named = result.sizes.filter(pl.col("faction") >= 0)["faction"]
    return result.membership.select("account", "faction").filter(pl.col("faction").is_in(named.implode()))


@dataclass(frozen=True)
class Source:
    """One input file.

    ``path`` is what the user typed, or relative to the study file. ``options`` are those of
    :class:`netact.importers.SourceOptions`; ``sha256`` is empty until the file has been read once.
    """

    path: str
    role: str = "interactions"
    sha256: str = ""
    options: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One measure with every parameter but the seed, which is the study's."""

    name: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """What is read, what of it is looked at, what is measured, and what is written.

    Use :meth:`of` to make one with defaults filled in, :func:`load` to read one; the constructor checks everything.

    Raises
    ------
    StudyError
        If there is no source, an unknown role, or a measure is named twice.
    MeasureError
        If a measure or a parameter is unknown, or a parameter is of the wrong type.
    """

    title: str
    seed: int
    sources: tuple[Source, ...]
    measures: tuple[Step, ...]
    collection: Collection = field(default_factory=Collection)
    robustness: Mapping[str, Value] = field(default_factory=dict)  # see EFFORTS; what is left out is that of the effort
    filters: Filters = field(default_factory=Filters)
    privacy: Privacy = field(default_factory=Privacy)
    outputs: Outputs = field(default_factory=Outputs)
    grid: Grid = field(default_factory=Grid)
    folder: str = ""  # where relative paths are looked for first; not part of the file

    def __post_init__(self) -> None:
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or not 0 <= self.seed < 2**63:
            raise StudyError("seed", "must be a whole number from 0", found=repr(self.seed))
        if not any(source.role in ("interactions", "admins") for source in self.sources):
            raise StudyError("sources", "nothing to read", remedy="name a file of interactions or of admin rights")
        for source in self.sources:
            if source.role not in ROLES:
                raise StudyError(
                    "sources.role", f"unknown role {source.role!r}", remedy=f"use one of {', '.join(ROLES)}"
                )
            checked_options(source)
        for role in ROLES:
            if role not in MANY_ROLES and sum(source.role == role for source in self.sources) > 1:
                raise StudyError("sources", f"more than one file with the role {role!r}", remedy="join them first")
        if not self.measures:
            raise StudyError("measures", "nothing to measure", remedy=f"name one of {', '.join(MEASURES)}")
        names = [step.name for step in self.measures]
        for name in names:
            if names.count(name) > 1:
                raise StudyError("measures", f"{name!r} is named twice", remedy="leave one out")
        object.__setattr__(self, "measures", tuple(resolved(step) for step in self.measures))
        object.__setattr__(self, "robustness", resolved_effort(self.robustness))
        for axis, values in self.grid.axes.items():
            for value in values:
                with_axis(self, axis, value)

    def __repr__(self) -> str:
        return line(self._sheet())

    def _repr_html_(self) -> str:
        return page(self._sheet())

    def _sheet(self) -> Sheet:
        """Return what a study shows of itself: files by name, without their folders, and what is asked of them."""
        facts = (
            ("title", self.title),
            ("seed", str(self.seed)),
            ("files", str(len(self.sources))),
            ("questions", ", ".join(step.name for step in self.measures)),
        )
        files = tuple((PurePath(source.path).name, source.role, source.sha256[:12]) for source in self.sources)
        parameters = tuple(
            (step.name, name, str(value))
            for step in self.measures
            for name, value in step.parameters.items()
            if value is not None
        )
        return Sheet(
            "Study",
            facts=facts,
            grids=(Listing("Files", ("file", "role", "sha256"), files),),
            folded=(Listing("Parameters", ("measure", "parameter", "value"), parameters),),
        )

    def variants(self) -> Iterator[tuple[dict[str, AxisValue], Study]]:
        """Yield every combination of the grid, and the study of it, which has no grid.

        Raises
        ------
        StudyError
            If a combination makes no study, such as a period that ends before it begins.
        """
        for combination in self.grid.combinations():
            study = replace(self, grid=Grid())
            for axis, value in combination.items():
                study = with_axis(study, axis, value)
            yield combination, study

    @classmethod
    def of(
        cls,
        sources: Iterable[Source | str | Path],
        *,
        title: str = "",
        seed: int = 1,
        measures: Mapping[str, Mapping[str, Value]] | None = None,
        collection: Collection | None = None,
        robustness: str = EFFORT,
        filters: Filters | None = None,
        privacy: Privacy | None = None,
        outputs: Outputs | None = None,
        grid: Mapping[str, tuple[AxisValue, ...]] | None = None,
    ) -> Study:
        """Return a study of all measures (or those given, with parameters that differ from the defaults).

        ``robustness`` is how much is tried to tell how far headlines could be off: ``none``, ``quick`` or ``full``.
        """
        chosen = {name: {} for name in MEASURES} if measures is None else measures
        given = tuple(source if isinstance(source, Source) else Source(os.fspath(source)) for source in sources)
        return cls(
            title or title_from(given),
            seed,
            given,
            tuple(Step(name, dict(values)) for name, values in chosen.items()),
            collection or Collection(),
            {"effort": robustness},
            filters or Filters(),
            privacy or Privacy(),
            outputs or Outputs(),
            Grid(grid or {}),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the study as plain values, nulls included."""
        return {
            "title": self.title,
            "seed": self.seed,
            "sources": [
                {"path": s.path, "role": s.role, "sha256": s.sha256, "options": dict(s.options)} for s in self.sources
            ],
            "measures": [{"name": step.name, "parameters": dict(step.parameters)} for step in self.measures],
            "collection": self.collection.to_dict(),
            "robustness": dict(self.robustness),
            "filters": self.filters.to_dict(),
            "privacy": self.privacy.to_dict(),
            "outputs": self.outputs.to_dict(),
            "grid": self.grid.to_dict(),
        }

    def to_toml(self) -> str:
        """Return the study file. Parameters that are None are left out: None is then also their default."""
        values = self.to_dict()
        for step in values["measures"]:
            step["parameters"] = {name: value for name, value in step["parameters"].items() if value is not None}
        for source in values["sources"]:
            if not source["sha256"]:
                del source["sha256"]
            if not source["options"]:
                del source["options"]
        for name in ("collection", "filters", "grid"):
            if not values[name]:
                del values[name]
        sections: dict[str, Any] = {
            name: values.pop(name) for name in ("sources", "filters", "measures") if name in values
        }
        heads = {name: values.pop(name) for name in ("title", "seed")}
        ordered: dict[str, Any] = {
            "schema": VERSION,
            "netact_version": metadata.version("netact"),
            **heads,
            **sections,
            **values,
        }
        return HEAD + tomli_w.dumps(ordered)


def with_axis(study: Study, axis: str, value: Any) -> Study:
    """Return the study with another value on one axis of a grid.

    Raises
    ------
    StudyError
        If there is no such axis, or it cannot have the value.
    """
    section, _, name = axis.partition(".")
    where = f"grid.{axis}"
    plain = replace(study, grid=Grid()) if study.grid else study
    try:
        if axis == "seed":
            return replace(plain, seed=value)
        if section == "filters" and name:
            return replace(plain, filters=Filters.from_dict({**plain.filters.to_dict(), name: value}))
        if section == "robustness" and name:
            # Another effort has other numbers; what the study sets itself stays.
            given = {} if name == "effort" else dict(plain.robustness)
            return replace(plain, robustness={**given, name: value})
        if section == "measures":
            measure, _, parameter = name.partition(".")
            if measure not in [step.name for step in plain.measures]:
                raise StudyError(where, f"the study does not ask {measure!r}", remedy="use a measure of the study")
            steps = (
                Step(step.name, {**step.parameters, parameter: value}) if step.name == measure else step
                for step in plain.measures
            )
            return replace(plain, measures=tuple(steps))
    except NetactError as error:
        raise StudyError(where, error.what, found=error.found, remedy=error.remedy) from error
    raise StudyError(where, "is no axis", remedy=f"use {AXES}")


def resolved(step: Step) -> Step:
    """Return a step with every parameter of its measure, in the order of the function.

    Raises
    ------
    MeasureError
        If the measure or a parameter is unknown, a required one is missing, or a value is of another type or out of range.
    """
    signature = parameters_of(step.name)
    for name, value in step.parameters.items():
        check_parameter(step.name, name, value)
    values: dict[str, Value] = {}
    for name, default in signature.items():
        if name in step.parameters:
            values[name] = step.parameters[name]
        elif default is inspect.Parameter.empty:
            raise MeasureError(f"measure {step.name!r}", f"parameter {name!r} is missing")
        else:
            values[name] = default
    check_ranges(step.name, measure_ranges(step.name), values)
    return Step(step.name, values)


def check_parameter(measure: str, name: str, value: Value) -> None:
    """Refuse a value that a parameter cannot have, whatever the others are.

    Raises
    ------
    MeasureError
        If the measure has no such parameter, or the value is of another type or out of range.
    """
    signature = parameters_of(measure)
    if name not in signature:
        what = f"measure {measure!r} has no parameter {name!r}"
        raise MeasureError("measures", what, remedy=f"it takes {list(signature)}")
    _check_type(measure, name, value, signature[name])
    check_ranges(measure, measure_ranges(measure), {name: value})


def parameters_of(name: str) -> dict[str, Any]:
    """Return parameter -> default of one measure, without the network, the seed and what the runner fills in."""
    taken = {"seed", "progress", *TAKEN_FROM_RESULTS.get(name, {})}
    parameters = inspect.signature(measure_function(name)).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in taken}


def paths_for_folder(study: Study, folder: str | Path) -> tuple[str, ...]:
    """Return the path of each source as it is to stand in a study file inside ``folder``; see :func:`path_for_folder`."""
    return tuple(path_for_folder(study, source.path, folder) for source in study.sources)


def path_for_folder(study: Study, path: str, folder: str | Path) -> str:
    """Return the path of a file that a study names as it is to stand in a study file inside ``folder``.

    A relative path is rewritten relative to the folder, so that the file works from anywhere, unless that would name
    folders the user never typed; then what was typed is kept, and looked for from where netact is run.
    """
    if PurePath(path).is_absolute() or path == STANDARD_INPUT:
        return path
    base = Path(study.folder) if study.folder else Path()
    file = base / path if (base / path).exists() else Path(path)
    relative = os.path.relpath(file.absolute(), Path(folder).absolute())
    allowed = {"..", *PurePath(folder).parts, *PurePath(path).parts, *PurePath(study.folder).parts}
    if set(PurePath(relative).parts) <= allowed:
        return PurePath(relative).as_posix()
    return path if file.is_absolute() else PurePath(os.path.normpath(file)).as_posix()


def find_file(study: Study, source: Source) -> Path:
    """Return where a source's file or folder is: beside the study file, else from the current folder.

    A file that is in neither place under its name may be beside the study file under another, since a study that was shared
    calls its files otherwise: it is then known by its content. Standard input is ``-``.

    Raises
    ------
    StudyError
        If it is in neither place.
    """
    if source.path == STANDARD_INPUT:
        return Path(source.path)
    try:
        return _found(study, source.path)
    except StudyError:
        path = file_of_content(study.folder, source.sha256, name=source.path) if study.folder else None
        if path is None and _NEUTRAL.fullmatch(source.path):
            remedy = (
                f"name the folder of the files with --data DIR; they are known by their sha256, {source.sha256[:12]}…"
            )
            raise StudyError(source.path, "no such file", remedy=remedy) from None
        if path is None:
            raise
        return path


# What files are called in a study that was shared; see netact.report.neutral.
_NEUTRAL = re.compile(r"[a-z-]+-\d+(\.[a-z0-9]+)*")


def file_of_content(folder: str | Path, sha256: str, *, name: str) -> Path | None:
    """Return the first file in a folder with a content of this hash and the last ending of a name; None if there is none."""
    folder, ending = Path(folder), PurePath(name).suffix.lower()
    if not sha256 or not folder.is_dir():
        return None
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ending or not ending:
            with contextlib.suppress(NetactError, OSError):
                if content_sha256(path) == sha256:
                    return path
    return None


def find_listed(study: Study, path: str) -> Path:
    """Return where another file that a study names is; looked for as the sources are.

    Raises
    ------
    StudyError
        If it is nowhere.
    """
    return _found(study, path)


def _found(study: Study, path: str) -> Path:
    places = [Path(study.folder) / path] if study.folder else []
    for place in (*places, Path(path)):
        if place.exists():
            return place
    remedy = "check the path" if not study.folder else "run netact from the folder the path starts in, or mend the path"
    raise StudyError(path, "no such file", remedy=remedy)


def checked_options(source: Source) -> Source:
    """Return a source whose options can be used.

    Raises
    ------
    NetactError
        If an option is unknown or of another type.
    """
    if source.role in TRAFFIC_ROLES:
        SourceOptions.from_dict(source.options)
        return source
    for name, value in source.options.items():
        if name not in ROLE_OPTIONS[source.role]:
            known = ", ".join(ROLE_OPTIONS[source.role]) or "no options"
            raise StudyError(
                f"sources: {source.path}", f"unknown option {name!r}", remedy=f"a file of {source.role} takes {known}"
            )
        if not isinstance(value, str):
            raise StudyError(f"sources: {source.path}: {name}", "must be a text", found=repr(value))
    return source


def title_from(sources: Iterable[Source]) -> str:
    """Name a study after its first file of interactions, without folders and extensions."""
    named = sorted(sources, key=lambda source: ROLES.index(source.role) if source.role in ROLES else 9)
    if not named:
        return "Study"
    name = "" if named[0].path == STANDARD_INPUT else PurePath(named[0].path).name
    for ending in (
        ".netact",
        ".gz",
        ".zst",
        ".zip",
        ".jsonl",
        ".ndjson",
        ".json",
        ".csv",
        ".tsv",
        ".txt",
        ".edges",
        ".xlsx",
        ".parquet",
        ".graphml",
        ".gexf",
        ".tab",
    ):
        name = name.removesuffix(ending)
    return name or "Study"


def resolved_effort(given: Mapping[str, Value]) -> dict[str, Value]:
    """Return all parameters of an effort, those that are given instead of its own."""
    effort = given.get("effort", EFFORT)
    if not isinstance(effort, str) or effort not in EFFORTS:
        raise StudyError("robustness.effort", f"unknown effort {effort!r}", remedy=f"use one of {', '.join(EFFORTS)}")
    defaults = EFFORTS[str(effort)]
    _known(given, defaults, where="robustness")
    for name, value in given.items():
        wanted = type(defaults[name])
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise StudyError(f"robustness.{name}", f"must be {_TYPES[wanted]}", found=repr(value))
        if isinstance(value, int) and value < 0:
            raise StudyError(f"robustness.{name}", "must not be negative", found=repr(value))
    return {**defaults, **given}


def _known(values: Mapping[str, Any], names: Iterable[str], *, where: str) -> None:
    allowed = list(names)
    for name in values:
        if name not in allowed:
            raise StudyError(where, f"unknown entry {name!r}", remedy=f"use {', '.join(allowed)}")


def _check_type(measure: str, name: str, value: Any, default: Any) -> None:
    """Refuse a value of another type than the default's; where the default is None any plain value passes."""
    where = f"measure {measure!r}: {name}"
    if value is None and default is None:
        return
    if not isinstance(value, str | int | float | bool):
        raise MeasureError(where, "must be a plain value", found=repr(value))
    if name == "kind" and value not in KINDS:
        raise MeasureError(where, f"unknown kind {value!r}", remedy=f"use one of {', '.join(KINDS)}")
    if default is None or default is inspect.Parameter.empty:
        return
    wanted = type(default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise MeasureError(where, f"must be {_TYPES[wanted]}", found=repr(value))
