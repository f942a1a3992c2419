"""MediaWiki: who edited the same pages of Wikipedia or another wiki.

How it is obtained: answers of the interface (``action=query&prop=revisions&rvprop=ids|timestamp|user|userid``), one after another in
a file; or an XML dump (``Special:Export`` with the whole history, ``stub-meta-history`` of dumps.wikimedia.org).

Read: accounts that edited the same page are tied without direction, the more pages the more strongly. The account is the
number of the user where it is told, else the name; the object is the title of the page.

Lost: edits without an account (an IP address only), counted; edits whose user was hidden, counted; text, comments, size. A page
that more than 500 accounts edited ties nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from netact.errors import ImportFileError
from netact.importers.importer import Importer, Text, json_fields
from netact.importers.json_records import open_records
from netact.importers.posts import Account, Item, NoTie, PostTable, Share, Unusable, each
from netact.importers.source_file import decoded_head
from netact.importers.twitter_posts import NO_POST
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

WITHOUT_ACCOUNT = Message("made without an account: only the IP address is told")
NO_REVISIONS = Message("pages without edits")


def read_mediawiki(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open revisions of pages as JSON or XML.

    Raises
    ------
    ImportFileError
        If it is no JSON.
    """
    xml = decoded_head(source).lstrip("\ufeff \t\r\n").startswith("<")
    records = None if xml else open_records(source, options)
    return PostTable(
        items=(lambda: each(records, _answer)) if records is not None else (lambda: _dump(source)),
        platform="mediawiki",
        fields={"account": "userid, user", "object": "title", "time": "timestamp", "post_id": "revid"},
        noun=Message("edits"),
        encoding=None if records is None else records.encoding,
    )


def _answer(row: int, record: Any) -> Iterator[Item]:
    query = record.get("query") if isinstance(record, dict) else None
    pages = query.get("pages") if isinstance(query, dict) else None
    if isinstance(pages, dict):
        pages = list(pages.values())
    if not isinstance(pages, list):
        yield Unusable(row, NO_POST)
        return
    for page in pages:
        revisions = page.get("revisions") if isinstance(page, dict) else None
        if not isinstance(revisions, list):
            yield NoTie(NO_REVISIONS)
            continue
        title = str(page.get("title") or page.get("pageid"))
        for revision in revisions:
            hidden, key, name = _flag(revision, "userhidden"), revision.get("userid"), revision.get("user")
            if _flag(revision, "anon") and not hidden:
                yield Unusable(row, WITHOUT_ACCOUNT)
                continue
            who = Account() if hidden else Account(str(key) if key else None, name)
            yield Share(row, who, title, revision.get("timestamp"), _text(revision.get("revid")))


def _flag(revision: Mapping[str, Any], name: str) -> bool:
    """Whether a flag is set: it is there and empty, or true."""
    return name in revision and revision[name] is not False


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def _dump(source: SourceFile) -> Iterator[Item]:
    """Yield the edits of an XML dump; elements are forgotten once read, so that memory does not grow with the file."""
    title, number = "", 0
    path: list[Element] = []
    try:
        with source.plain.open("rb") as stream:
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=False):
                if event == "start":
                    path.append(element)
                    if len(path) > _DEEPEST:
                        raise ImportFileError(source.name, "the XML is nested too deeply", remedy="export it again")
                    continue
                path.pop()
                name = element.tag.rpartition("}")[2]
                if name == "title" and len(path) == 2:
                    title = element.text or ""
                elif name == "revision":
                    number += 1
                    yield _revision(number, title, element)
                elif name == "page" and path:
                    path[-1].remove(element)
                    continue
                if name in ("revision", "text", "siteinfo") and path:
                    element.clear()
                    if name == "revision":
                        path[-1].remove(element)
    except ParseError as error:
        raise ImportFileError(
            source.name,
            f"the XML is broken in line {error.position[0]}",
            found=str(error).split(":")[0],
            remedy="copy or download it again",
        ) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise ImportFileError(
            source.name, "the XML cannot be read", found=str(error)[:80], remedy="copy or download it again"
        ) from error


_DEEPEST = 50


def _revision(number: int, title: str, revision: Element) -> Item:
    told: dict[str, str] = {}
    who = Account()
    for child in revision:
        name = child.tag.rpartition("}")[2]
        told.setdefault(name, (child.text or "").strip())
        if name == "contributor":
            inner = {part.tag.rpartition("}")[2]: (part.text or "").strip() for part in child}
            if "ip" in inner:
                return Unusable(number, WITHOUT_ACCOUNT)
            key = inner.get("id")
            who = Account(key if key and key != "0" else None, inner.get("username") or None)
    return Share(number, who, title, told.get("timestamp"), told.get("id"))


MEDIAWIKI = Importer(
    "mediawiki",
    "edits of Wikipedia or another MediaWiki (interface, XML dump)",
    (
        json_fields("query.pages"),
        Text(r"(?s)(<\?xml.{0,300}?\?>\s*)?<mediawiki[\s>]", Message("XML with the element mediawiki")),
    ),
    read=read_mediawiki,
)
