"""A study and an import receipt as they may be shared: files bear neutral names, and nobody is named who has a pseudonym.

A file is called ``interactions-1.csv``: its role, a number and its endings. Its SHA-256 stands beside it, so that whoever
holds the file can find it (:func:`netact.study.find_file`). What the files are really called stands in ``private/study.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.filters import rows_called
from netact.importers import event_name
from netact.importers.mapping import fold
from netact.importers.source_file import STANDARD_INPUT, shown_name
from netact.language import Message
from netact.privacy import WITHHELD
from netact.study import TRAFFIC_ROLES
from netact.study.study import title_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netact.network import Network
    from netact.study import Source, Study

# Endings that say what a file is; others may be part of a name.
ENDINGS = frozenset(
    [
        ".7z",
        ".bz2",
        ".csv",
        ".db",
        ".dl",
        ".dot",
        ".feather",
        ".gdf",
        ".gexf",
        ".gml",
        ".graphml",
        ".gz",
        ".html",
        ".ids",
        ".js",
        ".json",
        ".jsonl",
        ".list",
        ".mtx",
        ".ndjson",
        ".net",
        ".netact",
        ".npz",
        ".ods",
        ".paj",
        ".parquet",
        ".pickle",
        ".rda",
        ".rdata",
        ".rds",
        ".sqlite",
        ".tab",
        ".tgf",
        ".toml",
        ".tsv",
        ".txt",
        ".xls",
        ".xlsx",
        ".xml",
        ".zip",
        ".zst",
        ".edges",
    ]
)
# The file of the list of public accounts.
PUBLIC_LIST = "public.txt"

# How much of the hash of the first file stands in the title of a study that was called after a file.
_DIGITS = 8
_TOKEN = re.compile(r"@?[\w.:\-]*\w")
# Shorter words, and shorter numbers, are met everywhere.
_SHORTEST, _SHORTEST_NUMBER = 3, 5
# Receipts say whose list a file is in sentences that begin so; its owner need not be an account of the network.
_OWNER = "whose list it is"
_HASHED = "authors are hashed"


def endings(name: str) -> str:
    """Return the endings of a file's name that say what it is.

    >>> endings("followers.of.ann.csv.gz"), endings("ann.smith"), endings("-")
    ('.csv.gz', '', '')
    """
    found = ""
    for suffix in reversed(PurePath(name).suffixes):
        if suffix.lower() not in ENDINGS:
            break
        found = suffix.lower() + found
    return found


def neutral_names(study: Study) -> tuple[str, ...]:
    """Return what each source of a study is called where it is shared; standard input stays what it is."""
    met: dict[str, int] = {}
    found = []
    for source in study.sources:
        met[source.role] = met.get(source.role, 0) + 1
        neutral = f"{source.role.replace('_', '-')}-{met[source.role]}{endings(source.path)}"
        found.append(source.path if source.path == STANDARD_INPUT else neutral)
    return tuple(found)


def neutral_events(study: Study) -> dict[str, str]:
    """Return name of an earlier event -> what it is called where it is shared; events are called after their files."""
    names = zip(study.sources, neutral_names(study), strict=True)
    return {event_name(source.path): event_name(name) for source, name in names if source.role == "earlier"}


@dataclass(frozen=True)
class Known:
    """Who may be meant by a name, and what is said instead.

    Attributes
    ----------
    network
        As it was read, with names.
    ids
        For each of its accounts the published id.
    public
        For each of its accounts whether it is named.
    people
        Person who holds logins -> published id.
    """

    network: Network
    ids: pl.Series
    public: pl.Series
    people: Mapping[str, str]

    def called(self, names: Iterable[str]) -> dict[str, str]:
        """Return what to say in place of names: themselves if public, else the pseudonym; those that nobody bears are left out."""
        asked = list(dict.fromkeys(names))
        found = rows_called(self.network, asked)
        display = self.network.accounts.with_row_index("row").select(pl.col("row").cast(pl.UInt32), name="display_name")
        found = pl.concat([found, display.filter(pl.col("name").is_in(asked)).select("name", "row")]).unique()
        rows = found.with_columns(self.ids.gather(found["row"]).alias("id"), public=self.public.gather(found["row"]))
        said: dict[str, str] = {name: self.people[name] for name in asked if name in self.people}
        for name, ids, public in rows.group_by("name").agg("id", pl.col("public").all()).iter_rows():
            said[name] = name if public else ids[0] if len(ids) == 1 else WITHHELD
        return said


def neutral_study(study: Study, receipt: Mapping[str, Any], known: Known) -> Study:
    """Return a study as it may be shared.

    Files bear neutral names; an option that names an account says its published id, or that it is withheld; a title that is
    the name of a file says the beginning of the file's hash instead. A title, hashtags and words that somebody typed stay.

    Parameters
    ----------
    study
        As it was run, resolved.
    receipt
        Its import receipt as plain values.
    known
        Who bears a name.
    """
    owners = [source["role"] for source in receipt["sources"] if any(map(_tells_owner, source["assumptions"]))]
    sources = []
    for source, name in zip(study.sources, neutral_names(study), strict=True):
        options = dict(source.options)
        naming = [] if source.role in TRAFFIC_ROLES or source.role not in owners else ["person"]
        for option in (*naming, "ego"):
            if isinstance(options.get(option), str):
                asked = str(options[option]).strip()
                options[option] = known.called([asked]).get(asked, WITHHELD)
        if "member" in options:
            options["member"] = WITHHELD
        if isinstance(options.get("sheet"), str):
            sheet = str(options["sheet"])
            options["sheet"] = WITHHELD if known.called([sheet, *_words(sheet)]) else sheet
        sources.append(replace(source, path=name, options=options))
    title = study.title
    if any(fold(title) == fold(title_from([source])) for source in study.sources):
        title = f"Study {study.sources[0].sha256[:_DIGITS]}".strip()
    listed = PUBLIC_LIST if study.privacy.public else ""
    return replace(study, title=title, sources=tuple(sources), privacy=replace(study.privacy, public=listed), folder="")


def neutral_receipt(receipt: Mapping[str, Any], study: Study, known: Known) -> dict[str, Any]:
    """Return an import receipt as it may be shared: files bear the names of :func:`neutral_study`, accounts published ids.

    Parameters
    ----------
    receipt
        As plain values.
    study
        As it was run, with the real names of its files.
    known
        Who bears a name.
    """
    files = _files(receipt, study)
    columns = {
        column
        for source in receipt["sources"]
        for column in (*source["mapping"].values(), *source["fields"].values())
        if isinstance(column, str)
    }
    told = ("evidence", "assumptions", "warnings", "dropped", "direction", "records")
    texts = [receipt["warnings"], receipt["filtered"]]
    texts += [[source[name] for name in told] for source in receipt["sources"]]
    texts += [[source["unused_columns"], source["dialect"]] for source in receipt["sources"]]
    words = {word for text in _values(texts) for word in (text, *_words(text))} - columns
    called = known.called(words)
    said = partial(_each, files=files, called=called)
    sources = []
    for source in receipt["sources"]:
        dialect = said(source["dialect"])
        if "member" in dialect:
            dialect["member"] = files[source["file"]].rpartition("/")[2]
        neutral = {name: said(source[name]) for name in told}
        unused = tuple(called.get(name, name) for name in source["unused_columns"])
        sources.append(
            {**source, **neutral, "file": files[source["file"]], "dialect": dialect, "unused_columns": unused}
        )
    return {
        **receipt,
        "sources": sources,
        "warnings": said(receipt["warnings"]),
        "filtered": said(receipt["filtered"]),
        "bundle": files.get(receipt["bundle"], "") if receipt["bundle"] else "",
    }


def _files(receipt: Mapping[str, Any], study: Study) -> dict[str, str]:
    """Return real -> neutral name of all files of a receipt, of those in archives and folders too."""
    sources = [(source, shown_name(Path(source.path))) for source in study.sources]
    names = neutral_names(study)
    found = dict(zip((shown for _, shown in sources), names, strict=True))
    parts: dict[str, int] = {}
    for number, given in enumerate(receipt["sources"], start=1):
        file = given["file"]
        if file in found:
            continue
        whole = _whole(sources, names, file, receipt["bundle"])
        parts[whole] = parts.get(whole, 0) + 1
        part = f"file-{parts[whole] if whole else number}{endings(file)}"
        found[file] = f"{whole}/{part}" if whole else part
    return found


def _whole(sources: list[tuple[Source, str]], names: tuple[str, ...], file: str, bundle: str) -> str:
    """Return the neutral name of the archive, folder or bundle that a file is in."""
    inside = [name for (_, shown), name in zip(sources, names, strict=True) if file.startswith(f"{shown}/")]
    bundles = [name for (_, shown), name in zip(sources, names, strict=True) if bundle and shown == bundle]
    return next(iter([*inside, *bundles]), "")


def _tells_owner(text: str) -> bool:
    return isinstance(text, Message) and text.template.startswith(_OWNER)


def _values(value: Any) -> Iterator[str]:
    """Yield the texts that sentences were made of, and texts that are no sentences."""
    if isinstance(value, Message):
        yield from _values(value.values)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _values(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(item)


def _each(value: Any, *, files: Mapping[str, str], called: Mapping[str, str]) -> Any:
    """Return a value with other texts in its sentences: neutral names of files, published ids of accounts."""
    say = partial(_each, files=files, called=called)
    if isinstance(value, Message):
        if value.template.startswith((_OWNER, _HASHED)):
            return value.with_values(name=called.get(str(value.values["name"]), WITHHELD))
        values = {name: item if name == "plural" else say(item) for name, item in value.values.items()}
        return type(value)(value.template, **values)
    if isinstance(value, str):
        return _masked(_renamed(value, files), called)
    if isinstance(value, dict):
        return {name: say(item) for name, item in value.items()}
    return type(value)(say(item) for item in value) if isinstance(value, list | tuple) else value


def _renamed(text: str, files: Mapping[str, str]) -> str:
    """Return a text with neutral names of the files in it, also of those in archives alone."""
    inner = {file.partition("/")[2]: name.rpartition("/")[2] for file, name in files.items() if "/" in file}
    for file, name in sorted({**inner, **files}.items(), key=lambda item: -len(item[0])):
        if file in text:
            text = re.sub(rf"(?<![\w.]){re.escape(file)}(?!\w)", name, text)
    return text


def _words(text: str) -> list[str]:
    """Return the words of a text that may be names."""
    found = _TOKEN.findall(text)
    return [word for word in found if len(word) >= (_SHORTEST_NUMBER if word.isdigit() else _SHORTEST)]


def _masked(text: str, called: Mapping[str, str]) -> str:
    """Return a text with published ids in place of the names in it."""
    if text in called:
        return called[text]
    names = set(_words(text)) & called.keys()
    return _TOKEN.sub(lambda found: called[found[0]] if found[0] in names else found[0], text) if names else text
