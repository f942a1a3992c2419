"""What is written about the formats: made of the docstrings and marks of the importers, so that it is always current."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING

from netact.importers.formats import IMPORTERS
from netact.importers.importer import Begins, Columns, Importer, Json, Signature, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_INTRODUCTION = """\
# What netact reads

<!-- Made of the importers themselves by `make importers`; change their docstrings, not this page. -->

Formats are told by their content, never by a file's name; `netact inspect FILE` shows what was found, why, and how it is
understood, before anything is analysed. `--format NAME` decides where the marks of several formats fit, or where netact is wrong.
Every format may also be packed by gzip or zstd, stand in a zip archive or a folder, or come from standard input (`-`).

Whatever the format, a tie points from the account that gives attention to the one that receives it. A post that passes on
another is one retweet (or forward) of the original's author and nothing else; a post may be a quote and a reply at once; whom it
mentions besides is mentioned. Targets that a file names only by a post are looked up among all posts of all files given together;
what stays unknown is kept apart and counted, never merged into one account. Likes are counted and left out.
"""

_ADDING = """\
## How to add a format

1. One module in `netact/importers/` with a docstring that says how the export is obtained, what is read and what is lost, a
   function that opens it, and an `Importer` with the marks by which it is told.
2. One line in `netact/importers/formats.py`.
3. One folder in `tests/importers/exports/` with an invented export and `expected.json`: the tests that hold for every format then
   run over it (`tests/contracts/test_importers.py`), and `make importers` writes it into this page.

An export of posts only says what each record is (`netact/importers/posts.py`: `Post`, `Tie`, `Share`, ...). What a retweet or a
reply means, who is who, and what cannot be resolved is decided there, once for all formats.
"""


def markdown() -> str:
    """Return the page on all formats, in the order of the table."""
    parts = [_INTRODUCTION, _contents()]
    modules: dict[str, list[Importer]] = {}
    for importer in IMPORTERS.values():
        modules.setdefault(_module(importer), []).append(importer)
    parts += [_section(name, group) for name, group in modules.items()]
    parts.append(_ADDING)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(part.rstrip() + "\n" for part in parts))


def text_of(importer: Importer) -> str:
    """Return what is to be known about one format, as plain text."""
    lines = [f"{importer.name}: {importer.title}", *(f"told by {mark}" for mark in marks(importer)), ""]
    return "\n".join([*lines, _own(importer) or _docstring(_module(importer))]).replace("``", "'").rstrip()


def marks(importer: Importer) -> list[str]:
    """Return the marks by which a format is told, in words; ticks around what stands in the file."""
    return list(dict.fromkeys(_mark(signature) for signature in importer.signatures)) or [
        "nothing else fits, or it is asked for"
    ]


def _mark(signature: Signature) -> str:
    if isinstance(signature, Begins):
        return f"bytes at the beginning: `{signature.magic.decode('latin-1')!r}`"
    if isinstance(signature, Text):
        return f"the beginning of the text: {signature.why}"
    if isinstance(signature, Json):
        values = [f"`{path.replace('__', '.')}` like `{pattern}`" for path, pattern in signature.values.items()]
        return "fields of the records: " + ", ".join([*_ticked(signature.fields), *values])
    if isinstance(signature, Columns):
        return "columns: " + ", ".join(_ticked(signature.columns))
    return "files in the archive or folder: " + ", ".join(_ticked(signature.patterns))


def _ticked(names: Iterable[str]) -> list[str]:
    return [f"`{name}`" for name in sorted(names)]


def _module(importer: Importer) -> str:
    opens = importer.read or importer.of_table or importer.of_files or importer.of_network
    return opens.__module__ if opens is not None else __name__


def _own(importer: Importer) -> str:
    """Return what the opening function says of the format, where a module reads several and each is described."""
    opens = importer.read or importer.of_table or importer.of_files or importer.of_network
    said = inspect.getdoc(opens) or ""
    return said.partition("\n\n")[2] if "How it is obtained" in said else ""


def _docstring(module: str) -> str:
    return inspect.getdoc(sys.modules[module]) or ""


def _contents() -> str:
    rows = [f"| `{importer.name}` | {importer.title} |" for importer in IMPORTERS.values()]
    return "\n".join(["| `--format` | what it is |", "|---|---|", *rows])


def _section(module: str, importers: list[Importer]) -> str:
    first, _, rest = _docstring(module).partition("\n\n")
    heading = re.sub(r"\s+", " ", first).split(":")[0].rstrip(".") if len(importers) > 1 else importers[0].title
    parts = [f"## {heading[:1].upper()}{heading[1:]}", " ".join(first.split())]
    for importer in importers:
        told = "; or ".join(marks(importer)).replace("|", "\\|")
        parts.append(f"- `{importer.name}`: {importer.title}. Told by {told}.")
    own = [f"### {importer.title}\n\n{said}" for importer in importers if (said := _own(importer))]
    return "\n\n".join([*parts[:2], "\n".join(parts[2:]), rest, *own]).replace("``", "`")
