"""Find raw identifiers in the files of a report folder, whatever their format."""

from __future__ import annotations

import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import polars as pl

PRIVATE = "private"
SEALED = "\ue000"


class _Texts(HTMLParser):
    """The texts of a page: what stands between tags, in attributes, and the texts in embedded JSON and scripts."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.script = False

    def handle_starttag(self, tag, attrs):
        self.script = tag == "script"
        self.found += [value for _, value in attrs if value]

    def handle_endtag(self, tag):
        self.script = False

    def handle_data(self, data):
        if self.script and len(data) > 2_000_000:
            return  # the drawing library
        self.found += map(_decoded, re.findall(r'"((?:[^"\\]|\\.)*)"', data)) if self.script else [data]


def _cells(frame):
    for name in frame.columns:
        column = frame[name]
        while column.dtype.is_nested():
            if column.dtype != pl.List:
                break
            column = column.explode()
        if column.dtype == pl.String:
            yield from column.drop_nulls().unique().to_list()


def _json_texts(value):
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _json_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _json_texts(item)
    elif isinstance(value, str):
        yield value


def texts_of(path: Path):
    """Yield every text that a file holds."""
    match path.suffix:
        case ".parquet":
            yield from _cells(pl.read_parquet(path))
        case ".csv":
            yield from _cells(pl.read_csv(path, infer_schema_length=None))
        case ".json":
            yield from _json_texts(json.loads(path.read_text(encoding="utf-8")))
        case ".graphml" | ".gexf" | ".svg":
            for element in ElementTree.parse(path).iter():
                yield from element.attrib.values()
                yield element.text or ""
        case ".html":
            parser = _Texts()
            parser.feed(path.read_text(encoding="utf-8"))
            yield from parser.found
        case ".xlsx":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".xml"):
                        for element in ElementTree.fromstring(archive.read(name)).iter():
                            yield element.text or ""
        case ".png" | ".pdf" | ".bin":
            yield path.read_bytes().decode("latin-1")
        case _:
            yield path.read_text(encoding="utf-8")


def _decoded(text):
    try:
        return json.loads(f'"{text}"')
    except ValueError:
        return text


def leaks(folder: Path, names, *, allowed=(), words=()) -> list[tuple[str, str]]:
    """Return (file, identifier) for every identifier that stands in a file outside ``private/``.

    An identifier is found where a text is it, or where it stands in a text between characters that are no part of a name. One
    that is only digits, or short, or among ``words``, is looked for as a whole text only: as a part it would be any number or word.
    """
    names = {name for name in names if name} - set(allowed)
    distinct = {name for name in names if len(name) >= 5 and not name.isdigit()} - set(words)
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or inside.parts[0] == PRIVATE:
            continue
        for text in texts_of(path):
            if SEALED in text or "\\ue000" in text.lower():
                found.append((str(inside), f"sealed: {text[:80]!r}"))
            if text.removeprefix("@") in names or text in names:
                found.append((str(inside), text))
            else:
                found += [(str(inside), word) for word in set(re.findall(r"[\w.:@-]{5,}", text)) if word in distinct]
                found += [(str(inside), word) for word in set(re.findall(r"\w{5,}", text)) if word in distinct]
    return sorted(set(found))
