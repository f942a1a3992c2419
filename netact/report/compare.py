"""Several finished reports side by side: answers, accounts, parameters and inputs. The command line and the dashboard share it."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.errors import ReportError
from netact.figures.compare import number_words, range_words
from netact.figures.robustness import outcome_name
from netact.figures.text import quoted, unmarked
from netact.language import _, _n
from netact.privacy import ACCOUNT
from netact.report.findings import confidence_name, question_text
from netact.report.stored import read_manifest
from netact.results import RESULTS, Coordination, Dynamics, Factions, Hierarchy, LeadingCore, Symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.report.findings import Finding
    from netact.report.stored import StoredReport
    from netact.results import Result

# How many of the most heard accounts are compared.
TOP = 20

_ROWS = {
    "question": pl.String,
    "label": pl.String,
    "first": pl.Float64,
    "first_low": pl.Float64,
    "first_high": pl.Float64,
    "second": pl.Float64,
    "second_low": pl.Float64,
    "second_high": pl.Float64,
    "unit": pl.String,
}


@dataclass(frozen=True)
class Answer:
    """What one report says to one question; all is empty if it did not ask."""

    report: str
    asked: bool
    verdict: str = ""
    value: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    p_value: float | None = None
    confidence: str = ""
    headline: str = ""


@dataclass(frozen=True)
class Shared:
    """Whom two reports have in common.

    Attributes
    ----------
    first, second
        Letters of the reports.
    accounts
        How many accounts are in both, only in the first, only in the second; None where pseudonyms hide it.
    top
        How many of the :data:`TOP` accounts heard most are among those of both.
    cores
        Accounts in a core of both, of the first alone, of the second alone; None unless both found one.
    """

    first: str
    second: str
    accounts: tuple[int, int, int] | None
    top: int | None
    cores: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True)
class Comparison:
    """Several reports side by side.

    Attributes
    ----------
    titles
        Letter of a report -> title of its study.
    answers
        Question -> one answer a report.
    shared
        The first report with each of the others.
    parameters, inputs, versions
        What is not the same in all: its name and one value a report, None where there is none.
    names
        Account -> what it is called, for the accounts in :attr:`shared`.
    """

    titles: Mapping[str, str]
    answers: Mapping[str, tuple[Answer, ...]]
    shared: tuple[Shared, ...]
    parameters: tuple[tuple[str, tuple[Any, ...]], ...]
    inputs: tuple[tuple[str, tuple[Any, ...]], ...]
    versions: tuple[tuple[str, tuple[Any, ...]], ...]
    names: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""

        def rows(found: tuple[tuple[str, tuple[Any, ...]], ...]) -> dict[str, dict[str, Any]]:
            return {name: dict(zip(self.titles, values, strict=True)) for name, values in found}

        return {
            "reports": dict(self.titles),
            "questions": {
                question: {
                    answer.report: {
                        "asked": answer.asked, "verdict": answer.verdict, "value": answer.value, "unit": answer.unit,
                        "interval": answer.interval, "p_value": answer.p_value, "confidence": answer.confidence,
                        "headline": answer.headline,
                    }
                    for answer in answers
                }
                for question, answers in self.answers.items()
            },
            "accounts": [
                {
                    "reports": [pair.first, pair.second],
                    "accounts": None if pair.accounts is None else dict(zip(_PARTS, pair.accounts, strict=True)),
                    "top_in_both": pair.top,
                    "cores": None if pair.cores is None else {k: list(v) for k, v in zip(_PARTS, pair.cores, strict=True)},
                }
                for pair in self.shared
            ],
            "parameters": rows(self.parameters),
            "inputs": rows(self.inputs),
            "versions": rows(self.versions),
        }  # fmt: skip


_PARTS = ("both", "first_only", "second_only")


def compare(reports: Sequence[StoredReport]) -> Comparison:
    """Compare reports.

    Raises
    ------
    ReportError
        If there are fewer than two, or more than there are letters.
    """
    if not 2 <= len(reports) <= len(string.ascii_uppercase):
        raise ReportError("compare", "takes two reports or more, up to 26", found=len(reports))
    letters = string.ascii_uppercase[: len(reports)]
    pairs = list(zip(letters, reports, strict=True))
    asked = [name for name in RESULTS if any(name in report.content.results for report in reports)]
    found = {letter: {finding.question: finding for finding in report.content.findings} for letter, report in pairs}
    answers = {
        name: tuple(
            _answer(letter, found[letter].get(name), report.content.results.get(name)) for letter, report in pairs
        )
        for name in asked
    }
    shared = tuple(
        Shared(letters[0], letter, *in_common(reports[0], other), shared_cores(reports[0], other))
        for letter, other in pairs[1:]
    )
    manifests = [read_manifest(report.folder) for report in reports]
    named = {key for pair in shared for part in pair.cores or () for key in part}
    return Comparison(
        {letter: report.content.study.title for letter, report in pairs},
        answers,
        shared,
        _unlike([_parameters(report.content.study.to_dict()) for report in reports]),
        _unlike([_inputs(manifest) for manifest in manifests]),
        _unlike([_versions(manifest) for manifest in manifests]),
        {
            key: next((report.content.names[key] for report in reports if key in report.content.names), key)
            for key in sorted(named)
        },
    )


def _answer(letter: str, finding: Finding | None, result: Result | None) -> Answer:
    if finding is None or result is None:
        return Answer(letter, asked=False)
    return Answer(
        letter,
        asked=True,
        verdict=verdict_of(result),
        value=finding.value,
        interval=finding.interval,
        unit=finding.unit,
        p_value=finding.p_value,
        confidence=finding.confidence,
        headline=unmarked(finding.headline),
    )


def verdict_of(result: Result) -> str:
    """Return the verdict or outcome of a result; empty for questions that have none."""
    match result:
        case LeadingCore() | Coordination():
            return result.outcome
        case Hierarchy() | Factions() | Dynamics() | Symbols():
            return result.verdict
        case _:
            return ""


def value_rows(first: StoredReport, second: StoredReport) -> pl.DataFrame:
    """Return the headline values of two reports as :func:`netact.figures.compare.compare_values` takes them."""
    theirs = {finding.question: finding for finding in second.content.findings}
    rows = []
    for mine in first.content.findings:
        yours = theirs.get(mine.question)
        if yours is None or mine.value is None or yours.value is None or mine.unit != yours.unit:
            continue
        ends = (*(mine.interval or (None, None)), yours.value, *(yours.interval or (None, None)))
        rows.append((mine.question, question_text(mine.question), mine.value, *ends, mine.unit))
    return pl.DataFrame(rows, schema=_ROWS, orient="row")


def shared_top(first: StoredReport, second: StoredReport) -> int:
    """Return how many of the accounts heard most are among those of both reports."""
    return len(set(first.accounts["key"].head(TOP)) & set(second.accounts["key"].head(TOP)))


def shared_cores(
    first: StoredReport, second: StoredReport
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None:
    """Return the accounts in a core of both, of the first alone, of the second alone; None unless both found one."""
    mine, yours = core_members(first), core_members(second)
    if not mine or not yours:
        return None
    return tuple(sorted(mine & yours)), tuple(sorted(mine - yours)), tuple(sorted(yours - mine))


def core_members(report: StoredReport) -> set[str]:
    """Return the accounts of all cores of a report."""
    found = report.content.results.get("leading_core")
    return {key for core in found.cores for key in core.members} if isinstance(found, LeadingCore) else set()


def in_common(first: StoredReport, second: StoredReport) -> tuple[tuple[int, int, int] | None, int | None]:
    """Return how many accounts are in both reports, or in one, and how many of the most heard are in both.

    Pseudonyms of different keys are never the same: where none of them is in both reports, nothing can be counted.
    """
    mine, yours = (set(report.accounts["key"]) for report in (first, second))
    both = mine & yours
    hidden = [{key for key in keys if key.startswith(f"{ACCOUNT}-")} for keys in (mine, yours)]
    if all(hidden) and not any(key in both for key in hidden[0]):
        return None, None
    return (len(both), len(mine - yours), len(yours - mine)), shared_top(first, second)


def _unlike(values: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Return the entries that are not the same in all mappings."""
    names = dict.fromkeys(name for part in values for name in part)
    rows = ((name, tuple(part.get(name) for part in values)) for name in names)
    return tuple((name, row) for name, row in rows if any(value != row[0] for value in row[1:]))


def _parameters(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter of a study by its dotted name, but for the title and the files."""
    kept = {name: value for name, value in study.items() if name not in ("title", "sources", "measures", "outputs")}
    steps = {step["name"]: step["parameters"] or {"asked": True} for step in study["measures"]}
    return dict(_dotted({**kept, **steps}))


def _dotted(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _inputs(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hash of every input by its role and name."""
    found: dict[str, Any] = {}
    for given in manifest["inputs"]:
        name = f"{given['role']}: {given['path'].rpartition('/')[2]}"
        again = sum(key == name or key.startswith(f"{name} (") for key in found)
        found[f"{name} ({again + 1})" if again else name] = f"sha256 {given['sha256'][:12]}"
    return found


def _versions(manifest: Mapping[str, Any]) -> dict[str, Any]:
    revision = manifest.get("netact_revision") or {}
    platform = manifest.get("platform") or {}
    return {
        "netact": manifest["netact_version"],
        "netact revision": revision.get("commit"),
        "Python": manifest.get("python"),
        **manifest.get("libraries", {}),
        **{name: platform.get(name) for name in ("system", "machine", "libc")},
    }


# ---------------------------------------------------------------------- in words


def answer_cells(answer: Answer) -> tuple[str, str, str, str, str]:
    """Return verdict, value, range, p-value and confidence of an answer as they are printed, in the language spoken."""
    if not answer.asked:
        return "", "", "", "", ""
    interval = range_words(*answer.interval, answer.unit) if answer.interval else ""
    return (
        outcome_name(answer.verdict) if answer.verdict else "",
        number_words(answer.value, answer.unit),
        interval,
        "" if answer.p_value is None else f"{answer.p_value:.2g}",
        confidence_name(answer.confidence),  # type: ignore[arg-type]
    )


def told(found: Comparison) -> list[str]:
    """Return the comparison as lines of text, in English."""
    lines = [f"{letter}  {title}" for letter, title in found.titles.items()]
    for question, answers in found.answers.items():
        lines += ["", question_text(question)]
        heads = ("", "verdict", "value", "95 % range", "p", "confidence")
        rows = [heads, *((answer.report, *answer_cells(answer)) for answer in answers)]
        lines += _columns(rows)
    for pair in found.shared:
        lines += ["", f"Accounts of {pair.first} and {pair.second}"]
        lines += [f"  {unmarked(text)}" for text in shared_sentences(pair, found.names)]
    for title, part in (
        ("Parameters", found.parameters), ("Inputs", found.inputs), ("Versions", found.versions),
    ):  # fmt: skip
        lines += ["", f"{title} that differ" if part else f"{title}: the same in all"]
        lines += _columns([("", *found.titles), *((name, *map(cell, values)) for name, values in part)]) if part else []
    return lines


def shared_sentences(pair: Shared, names: Mapping[str, str]) -> list[str]:
    """Say whom two reports have in common, in the language spoken; names of accounts are marked as such."""
    if pair.accounts is None or pair.top is None:
        return [_("The accounts have pseudonyms made with different keys, so that they cannot be compared.")]
    both, first, second = pair.accounts
    said = [
        _(
            "{both:count} accounts are in both, {first:count} only in {a}, {second:count} only in {b}.",
            both=both,
            first=first,
            second=second,
            a=pair.first,
            b=pair.second,
        ),
        top_sentence(pair.top),
    ]
    if pair.cores is not None:
        shared, mine, yours = (", ".join(quoted(names[key]) for key in keys) for keys in pair.cores)
        said += [_("In a core of both: {names}.", names=shared)] if shared else [_("No account is in a core of both.")]
        said += [
            _("In a core of {report} alone: {names}.", report=letter, names=listed)
            for letter, listed in ((pair.first, mine), (pair.second, yours))
            if listed
        ]
    return said


def top_sentence(number: int) -> str:
    """Say how many of the accounts heard most are among those of both reports."""
    return _n(
        "{n:count} account is among the {top:count} most heard of both.",
        "{n:count} accounts are among the {top:count} most heard of both.",
        number,
        top=TOP,
    )


def cell(value: Any) -> str:
    """Return a parameter as it is printed."""
    if value is None:
        return "-"
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
