"""Run a study: read its files, run its measures, put the results into sentences."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact import robustness as trials
from netact.canonical import Names, Sealed, seal
from netact.errors import NoInteractionsError, StudyError
from netact.figures.text import unmarked
from netact.figures.theme import COLOURS
from netact.filters import Filters, filtered, read_listed_accounts
from netact.importers import SourceOptions, content_sha256, event_name, join_tables, read_source, resolved_options
from netact.importers.source_file import readable_again
from netact.language import _
from netact.layout import Layout, network_layout
from netact.measures import MEASURES, measure_function
from netact.network import Network
from netact.privacy import is_withheld
from netact.report.claims import weigh_claims
from netact.report.content import Content, summary_of
from netact.report.findings import Finding, describe, overall
from netact.report.kept import Kept
from netact.report.multiverse import Multiverse, multiverse
from netact.report.notebook import figure_of, panels_of, sheet_of
from netact.report.provenance import Stopwatch
from netact.representation import line, page
from netact.results import (
    RESULTS,
    Coordination,
    Dynamics,
    Factions,
    Hierarchy,
    LeadingCore,
    Legitimation,
    Robustness,
    SuperUsers,
    Symbols,
)
from netact.schemas import KINDS
from netact.shutdown import ShutdownScenarios, shutdown_scenarios
from netact.study import EFFORT, LEAVE_OUT, TAKEN_FROM_RESULTS, Source, Step, Study, core_power, find_file
from netact.timeline import Timeline, timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import plotly.graph_objects as go

    from netact.cache import Cache
    from netact.collection import Collection
    from netact.figures import Panel
    from netact.results import Result

# How many of the most-heard accounts may be named in a report.
NAMED_ACCOUNTS = 200

# Stage -> how it is said while it runs; measures in the order of MEASURES. A stage is named by a function, since it is
# said in the language spoken when it begins.
STAGES: dict[str, Callable[[], str]] = {
    "read": lambda: _("Reading the files"),
    "leading_core": lambda: _("Looking for a leading core"),
    "super_users": lambda: _("Asking who holds the keys"),
    "hierarchy": lambda: _("Measuring how steep the order is"),
    "factions": lambda: _("Finding where it splits"),
    "dynamics": lambda: _("Following it through time"),
    "symbols": lambda: _("Looking for shared signs"),
    "coordination": lambda: _("Asking who acts together"),
    "robustness": lambda: _("Testing how far each answer could be off"),
    "legitimation": lambda: _("Counting who joined each operation"),
    "multiverse": lambda: _("Asking again with the values of the grid"),
    "draw": lambda: _("Drawing the network"),
    "write": lambda: _("Writing the report"),
}


@dataclass(frozen=True, eq=False)
class Report:
    """A finished run: what it holds, and the network it was made from.

    In memory accounts bear the names they have in the files. What is written bears those the study's privacy settings allow;
    see :func:`netact.report.publish.published`.

    Attributes
    ----------
    sealed_content
        Everything that was found, with the neutral keys of ``sealed`` in place of names.
    network
        What was read.
    sealed
        The network that was measured: the same accounts in canonical order, without names.
    began, durations
        When the run began, in UTC; stage -> seconds.
    cached
        Stage -> ``whole`` or ``part``: how much of it was taken from the cache; stages that are not named were done.
    """

    sealed_content: Content
    network: Network
    sealed: Sealed
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    durations: Mapping[str, float] = field(default_factory=dict)
    cached: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def content(self) -> Content:
        """Everything that is said, drawn and looked up; see :class:`netact.report.content.Content`."""
        accounts = self.network.accounts[self.sealed.order]
        names = Names(accounts["key"].to_list(), self.sealed.people)
        return put_names(self.sealed_content, names, names_of(accounts))

    @property
    def study(self) -> Study:
        """What was run, with everything the import decided filled in."""
        return self.sealed_content.study

    @property
    def results(self) -> Mapping[str, Result]:
        """Question -> result."""
        return self.content.results

    @property
    def names(self) -> Mapping[str, str]:
        """Account key -> name, for the accounts that may be named."""
        return self.content.names

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The results in sentences, in the order of the report."""
        return self.content.findings

    @property
    def headline(self) -> str:
        """The one sentence that opens the report."""
        return unmarked(overall(self.findings).headline)

    def finding(self, question: str) -> Finding:
        """Return the finding of one question.

        Raises
        ------
        StudyError
            If the study did not ask it.
        """
        for finding in self.findings:
            if finding.question == question:
                return finding
        raise StudyError("report", f"the study did not ask {question!r}", found=list(self.results))

    def figure(self, question: str, panel: str | None = None, *, dark: bool = False) -> go.Figure:
        """Return a figure that shows itself in a notebook, on paper of its own.

        Parameters
        ----------
        question
            One the study asked, or ``map``.
        panel
            Name of the figure, see :meth:`panels`; the main one if None.
        dark
            Whether the paper is dark.

        Raises
        ------
        StudyError
            If the study did not ask it, or it has no such figure.
        """
        return figure_of(self.content, question, panel=panel, dark=dark)

    def panels(self, question: str) -> tuple[Panel, ...]:
        """Return the figures of a question with their titles, notes and tables.

        Raises
        ------
        StudyError
            If the study did not ask it.
        """
        return panels_of(self.content, question)

    def __repr__(self) -> str:
        return line(sheet_of(self.content))

    def _repr_html_(self) -> str:
        return page(sheet_of(self.content))


def analyze(
    paths: str | Path | Sequence[str | Path] = (),
    *,
    accounts: str | Path | None = None,
    admins: str | Path | None = None,
    people: str | Path | None = None,
    identities: str | Path | None = None,
    operations: str | Path | None = None,
    triggers: str | Path | None = None,
    earlier: Sequence[str | Path] = (),
    leave_out: Sequence[str | Path] = (),
    collection: Collection | None = None,
    options: SourceOptions | Mapping[str, Any] | None = None,
    measures: Mapping[str, Mapping[str, Any]] | None = None,
    filters: Filters | None = None,
    robustness: str = EFFORT,
    title: str = "",
    seed: int = 1,
    out: str | Path | None = None,
) -> Report:
    """Read files, ask the four questions, and write a report if told where.

    Parameters
    ----------
    paths
        Files of interactions; may be empty if ``admins`` is given.
    accounts, admins, people, identities
        A table of accounts, of who administers which account, of who is flagged as automated, of accounts that are one
        person or organisation.
    operations, triggers
        A table of actions that the movement was called to; a table of events from outside.
    earlier
        Files of the traffic of earlier events.
    leave_out
        Lists of accounts to leave out, one a line.
    collection
        What of the traffic was collected, as declared.
    options
        How to read the files of interactions; see :class:`netact.importers.SourceOptions`.
    measures
        Measure -> parameters that differ from the defaults; all measures if None.
    filters
        What of the traffic is looked at; all of it if None.
    robustness
        How much is tried to tell how far headlines could be off: ``none``, ``quick`` or ``full``.
    title, seed
        Of the study.
    out
        Folder to write the report to; see :func:`netact.report.write`.

    Raises
    ------
    NetactError
        If a file cannot be read, a parameter is unknown or the folder cannot be written; one line.
    """
    files = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    given = options.to_dict() if isinstance(options, SourceOptions) else dict(options or {})
    sources = [Source(os.fspath(path), options=given) for path in files]
    extra = (
        ("accounts", accounts), ("admins", admins), ("people", people), ("identities", identities),
        ("operations", operations), ("triggers", triggers), *(("earlier", path) for path in earlier),
        *((LEAVE_OUT, path) for path in leave_out),
    )  # fmt: skip
    sources += [Source(os.fspath(path), role) for role, path in extra if path is not None]
    report = run(
        Study.of(
            sources,
            title=title,
            seed=seed,
            measures=measures,
            collection=collection,
            robustness=robustness,
            filters=filters,
        )
    )
    if out is not None:
        from netact.report.write import write

        write(report, out)
    return report


def stages(study: Study) -> tuple[str, ...]:
    """Return the stages of a run by name, in order; the last one is the writing."""
    asked = {step.name for step in study.measures}
    tried = () if study.robustness["effort"] == "none" else ("robustness",)
    varied = ("multiverse",) if study.grid else ()
    return ("read", *(name for name in MEASURES if name in asked), *tried, *varied, "draw", "write")


def run(
    study: Study,
    *,
    cache: Cache | None = None,
    progress: Callable[[str], None] | None = None,
    reused: Callable[[str], None] | None = None,
    on_read: Callable[[Network], None] | None = None,
    reading: Callable[[str, int, int], None] | None = None,
) -> Report:
    """Run a study.

    Parameters
    ----------
    study
        What to read and measure.
    cache
        Where finished stages are kept, so that a later run of the same takes them from there; None: nowhere.
    progress
        Called with the name of a stage (see :func:`stages`) when it begins.
    reused
        Called with the name of a stage that is over and was taken from the cache as a whole.
    on_read
        Called with the network as soon as all files are read.
    reading
        Called while files are read with the name of the file, the bytes done and the bytes in all.

    Raises
    ------
    StudyError
        If a file is missing or is not the one the study was made with.
    NetactError
        If a file cannot be read or a parameter cannot be used.
    """
    kept = Kept(cache, progress=progress, reused=reused)
    begin = Stopwatch(kept.begin)
    begin("read")
    read, sources = _read(study, reading)
    unwanted = left_out(study)
    whole = filtered(read, study.filters, leave_out=unwanted)
    if on_read is not None:
        on_read(whole)
    sealed = seal(whole)
    network = sealed.network
    results, tried = _answered(study, network, kept, begin)
    varied = None
    if study.grid:
        begin("multiverse")
        varied = _varied(study, read, unwanted, (network, results, tried), kept)
    begin("draw")
    found, keys = results.get("factions"), results.get("super_users")
    factions = found if isinstance(found, Factions) else None
    resolution = next((step.parameters["resolution"] for step in study.measures if step.name == "factions"), 1.0)
    membership = factions.membership.select("account", "faction") if factions is not None else None
    # Other filters may leave other kinds: then each combination chooses anew, and the study file must not choose for it.
    free = any(axis.startswith("filters.") for axis in study.grid.axes)
    steps = study.measures if free else tuple(_with_kind(step, results.get(step.name)) for step in study.measures)
    content = Content(
        study=replace(study, sources=sources, measures=steps),
        summary=summary_of(network),
        results=results,
        layout=kept.call(
            Layout, network_layout, network, {"membership": membership, "colours": COLOURS, "seed": study.seed}
        ),
        timeline=kept.call(Timeline, timeline, network, {"factions": factions}),
        shutdown=kept.call(
            ShutdownScenarios,
            shutdown_scenarios,
            network,
            {
                "super_users": keys if isinstance(keys, SuperUsers) else None,
                "factions": factions,
                "resolution": float(resolution or 1.0),
                "seed": study.seed,
            },
        ),
        names=names_to_print(network, results),
        receipt=public_receipt(network),
        claims=weigh_claims(network, results),
        robustness=tried,
        multiverse=varied,
    )
    kept.end()
    return Report(content, whole, sealed, begin.began, begin.stop(), kept.taken)


def put_names(content: Content, names: Names, labels: Sequence[str]) -> Content:
    """Return what a report of a sealed network holds with names in place of neutral keys.

    Parameters
    ----------
    content
        What was found.
    names
        What accounts and persons are called in tables.
    labels
        What each account is called where it may be named in print, in canonical order.
    """
    printed = Names(labels, names.people)
    shown = {names.put(key): printed.put(key) for key in content.names}
    return replace(names.put(replace(content, names={})), names=shown)


def names_of(accounts: pl.DataFrame) -> list[str]:
    """Return what to call each account in print: its handle, else its display name, else its key."""
    return accounts.select(pl.coalesce("handle", "display_name", "key")).to_series().to_list()


def _answered(
    study: Study, network: Network, kept: Kept, begin: Callable[[str], None]
) -> tuple[dict[str, Result], dict[str, Robustness]]:
    """Ask the questions of a study of a network, and how far the answers could be off."""
    results: dict[str, Result] = {}
    for name in MEASURES:
        for step in study.measures:
            if step.name == name:
                begin(name)
                results[name] = _measured(step, network, results, study.seed, kept)
    tried: dict[str, Robustness] = {}
    if study.robustness["effort"] != "none":
        begin("robustness")
        tried = _tried(study, network, results, kept)
    return results, tried


def _varied(
    study: Study,
    read: Network,
    unwanted: tuple[str, ...],
    own: tuple[Network, Mapping[str, Result], Mapping[str, Robustness]],
    kept: Kept,
) -> Multiverse:
    """Run the combinations of the grid of a study on the network that was read."""
    last = (study.filters, own[0])

    def findings(
        network: Network, results: Mapping[str, Result], tried: Mapping[str, Robustness]
    ) -> tuple[dict[str, Finding], Mapping[str, Result]]:
        directed = network.has_direction()
        told = {
            name: describe(result, directed=directed, robustness=tried.get(name)) for name, result in results.items()
        }
        return told, results

    def answer(variant: Study) -> tuple[dict[str, Finding], Mapping[str, Result]]:
        nonlocal last
        if variant.filters != last[0]:
            last = (variant.filters, seal(filtered(read, variant.filters, leave_out=unwanted)).network)
        return findings(last[1], *_answered(variant, last[1], kept, lambda _stage: None))

    return multiverse(study, findings(*own), answer)


def _measured(
    step: Step, network: Network, results: Mapping[str, Result], seed: int, kept: Kept, *, lasting: bool = True
) -> Result:
    """Run one measure with what it takes from others' results."""
    taken = {
        name: get(results[other])
        for name, (other, get) in TAKEN_FROM_RESULTS.get(step.name, {}).items()
        if other in results
    }
    options = {**step.parameters, **taken, "seed": seed}
    return kept.call(RESULTS[step.name], measure_function(step.name), network, options, lasting=lasting)


def rests_on(question: str) -> set[str]:
    """Return a question and those from whose results it takes something, directly or through others."""
    found, new = {question}, [question]
    while new:
        new = [other for name in new for other, _ in TAKEN_FROM_RESULTS.get(name, {}).values() if other not in found]
        found.update(new)
    return found


def _tried(study: Study, network: Network, results: Mapping[str, Result], kept: Kept) -> dict[str, Robustness]:
    """Return how far the headlines could be off."""
    steps = {step.name: _with_kind(step, results.get(step.name)) for step in study.measures}

    def again(
        name: str, part: Network, known: Mapping[str, Result], changed: Mapping[str, Any], most: Mapping[str, int]
    ) -> Result:
        step = steps[name]
        less = {
            parameter: min(limit, value)
            for parameter, limit in most.items()
            if isinstance(value := step.parameters.get(parameter), int)
        }
        other = {parameter: value for parameter, value in changed.items() if parameter in step.parameters}
        asked = Step(name, {**step.parameters, **less, **other})
        return _measured(asked, part, known, study.seed, kept, lasting=False)

    core = results.get("leading_core")
    power = core_power(core.power) if isinstance(core, LeadingCore) and core.power.height else None
    parameters: dict[str, Any] = {**study.robustness, "seed": study.seed}
    told = {"factions"} if network.unresolved.height else set()  # by faction it is told whose interactions are lost
    needed = {name: {other for other in rests_on(name) | told if other in results} for name in results}
    keys = {
        name: kept.key(
            (__name__, "robustness", name),
            network,
            {
                "results": {other: results[other] for other in results if other in needed[name]},
                "steps": {other: dict(steps[other].parameters) for other in results if other in needed[name]},
                "core_power": power if name == "leading_core" else None,
                **parameters,
            },
        )
        for name in results
    }
    found = {name: kept.get(Robustness, key) for name, key in keys.items()}
    missing = [name for name in results if found[name] is None]
    known = {name: results[name] for name in results if any(name in needed[other] for other in missing)}
    made = trials.robustness(
        network, known, again=again, core_power=power, only=missing, **parameters
    ) if missing else {}  # fmt: skip
    for name, robustness in made.items():
        kept.put(keys[name], robustness)
    return {name: tried for name in results if (tried := found[name] or made.get(name)) is not None}


def public_receipt(network: Network) -> dict[str, Any]:
    """Return the receipt without its example sentences, which name accounts that merely took part."""
    receipt = network.receipt.to_dict()
    for source in receipt["sources"]:
        source["examples"] = []
    return receipt


def names_to_print(network: Network, results: Mapping[str, Result]) -> dict[str, str]:
    """Return the names of the accounts that may be named; people who merely took part are not among them."""
    keys: set[str] = set()
    for result in results.values():
        match result:
            case LeadingCore():
                sets = [*result.cores, *(core for core in (result.elite, result.candidate) if core is not None)]
                keys.update(member for core in sets for member in core.members)
                keys.update(result.pool["account"].to_list(), result.amplified_by_hub["account"].to_list())
                keys.update(result.associates["account"].to_list(), [result.hub] if result.hub else [])
            case Factions():
                keys.update(result.bridges["account"].to_list())
                keys.update(leader for row in result.sizes["leaders"].to_list() for leader in row or [])
            case Hierarchy() | SuperUsers() | Symbols() | Dynamics() | Coordination() | Legitimation():
                pass
    ties = network.ties()
    order = np.lexsort((np.arange(network.n_accounts), -ties.in_strength))[:NAMED_ACCOUNTS]
    heard = order[ties.in_strength[order] > 0]
    keys.update(network.accounts["key"].gather(heard.astype(np.uint32)).to_list())
    chosen = network.accounts.filter(pl.col("key").is_in(list(keys)))
    return dict(zip(chosen["key"], names_of(chosen), strict=True))


def look(study: Study, *, reading: Callable[[str, int, int], None] | None = None) -> tuple[Network, Study]:
    """Read the files of a study, filter nothing, and return the network and the study with everything that was decided.

    Raises
    ------
    NetactError
        If a file is missing, has changed or cannot be read.
    """
    network, sources = _read(study, reading)
    return network, replace(study, sources=sources)


def _read(study: Study, reading: Callable[[str, int, int], None] | None) -> tuple[Network, tuple[Source, ...]]:
    """Read all files and return the network and the sources with what was decided filled in."""
    refuse_withheld(study)
    with ExitStack() as open_files:
        paths = [open_files.enter_context(readable_again(find_file(study, source))) for source in study.sources]
        return _read_files(study, paths, reading)


def _read_files(
    study: Study, paths: Sequence[Path], reading: Callable[[str, int, int], None] | None
) -> tuple[Network, tuple[Source, ...]]:
    read: list[Source] = []
    parts: list[Network] = []
    tables: dict[str, Any] = {}
    earlier: dict[str, Network] = {}
    platform: str | None = None
    ties = sum(source.role == "interactions" for source in study.sources)
    for source, path in zip(study.sources, paths, strict=True):
        digest = content_sha256(path)
        if source.sha256 and source.sha256 != digest:
            raise StudyError(
                source.path,
                "the file has changed since the study was made",
                found=f"sha256 {digest[:12]}… instead of {source.sha256[:12]}…",
                remedy="bring the file back, or delete its sha256 from the study to analyse it as it is now",
            )
        filled = replace(source, sha256=digest)
        if source.role == "interactions":
            options = SourceOptions.from_dict(source.options)
            platform = platform or options.platform
            part = read_source(path, options, progress=reading, alone=ties == 1)
            parts.append(part)
            if not part.receipt.bundle:
                options = resolved_options(part.receipt.sources[0], options)
            filled = replace(filled, options=options.to_dict())
        elif source.role == "earlier":
            options = SourceOptions.from_dict(source.options)
            earlier[event_name(source.path)] = part = read_source(path, options, progress=reading)
            if not part.receipt.bundle:
                options = resolved_options(part.receipt.sources[0], options)
            filled = replace(filled, options=options.to_dict())
        elif source.role != LEAVE_OUT:
            tables[source.role] = path
            rename = {("admins", "account"): "admin_account"}
            tables.update({rename.get((source.role, name), name): value for name, value in source.options.items()})
        read.append(filled)
    declared = study.collection if study.collection.declared else None
    network = join_tables(parts, **tables, earlier=earlier, collection=declared, platform=platform)
    if ties and not network.interactions.height:
        raise NoInteractionsError(
            "input", "no file holds interactions between accounts", remedy="name a file of interactions"
        )
    return network, tuple(read)


def refuse_withheld(study: Study) -> None:
    """Refuse a study that was shared without a name that is needed to read its files.

    Raises
    ------
    StudyError
        If an option of a file stands for a name.
    """
    for number, source in enumerate(study.sources):
        for name, value in source.options.items():
            if isinstance(value, str) and is_withheld(value):
                raise StudyError(
                    f"sources[{number}].options.{name}",
                    "was withheld when the study was shared",
                    found=value,
                    remedy="write what it stands for, or run it in the folder that still has private/",
                )


def left_out(study: Study) -> tuple[str, ...]:
    """Return the accounts that the files of a study list to be left out.

    Raises
    ------
    StudyError
        If a file is missing or no text.
    """
    names: list[str] = []
    for source in study.sources:
        if source.role == LEAVE_OUT:
            names += read_listed_accounts(find_file(study, source), name=source.path)
    return tuple(dict.fromkeys(names))


def _with_kind(step: Step, result: Result | None) -> Step:
    """Put the kind of tie a measure chose into its step, so that the study file says it."""
    if result is None or "kind" not in step.parameters or step.parameters["kind"] or result.kind not in KINDS:
        return step
    return Step(step.name, {**step.parameters, "kind": result.kind})
