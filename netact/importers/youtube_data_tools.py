"""YouTube Data Tools: the comments below a video.

How it is obtained: the module "Video Info and Comments" (or "Video Comments") of YouTube Data Tools; the file of comments, CSV or
separated by tabs, one file a video.

Read: an answer is a reply. The file points every answer to the comment that began the thread (``isReplyTo``); whom it really
answers is written as ``@name`` at the beginning of its text: where that is a handle, or the name of one who wrote in the same thread, the
reply goes there and is marked as inferred; else to who began the thread. The account is ``authorChannelId``; names are not unique.

Lost: whose video it is, so that comments on the video itself are no tie; likes. Times (``Y-m-d H:i:s``) were written in the zone
of the server. Pseudonymised files have no channel: the pseudonym is the account.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.importers.captions import hashtags_in
from netact.importers.fourcat_meta import COMMENTS, SERVER_TIMES
from netact.importers.importer import Importer, columns
from netact.importers.mapping import fold
from netact.importers.posts import Account, Item, Post, PostTable, Reference, Warned, guarded, table_rows
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

    Row = Mapping[str, str | None]

_COLUMNS = {name: name for name in ("id", "publishedAt", "authorName", "text", "authorChannelId", "isReplyTo")}
_HANDLE = re.compile(r"@([\w.\-\u00b7]{3,30})(?=[\s,:]|$)")
NAMES_ONLY = Message("accounts are told apart by their names only: two of one name are one account here")


def read_youtube_data_tools(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:  # noqa: ARG001
    """Take comments of YouTube Data Tools."""
    channels = "authorchannelid" in {fold(name) for name in table.columns}
    return PostTable(
        items=lambda: _comments(table),
        platform="youtube",
        fields={
            "source": "authorChannelId" if channels else "authorName",
            "target": "isReplyTo, @name in text",
            "time": "publishedAt",
            "post_id": "id",
            "hashtags": "text",
        },
        noun=COMMENTS,
        assumptions=(SERVER_TIMES,) if channels else (SERVER_TIMES, NAMES_ONLY),
        whole_times=True,
    )


def _comments(table: RawTable) -> Iterator[Item]:
    rows: list[tuple[int, dict[str, str | None]]] = []
    for found in table_rows(table, _COLUMNS):
        if isinstance(found, Dropped | Warned):
            yield found
        else:
            rows.append(found)
    # Who wrote in which thread, by name: a name of several of them says nothing.
    threads: dict[str, dict[str, Account | None]] = {}
    for _, cells in rows:
        author, thread = _author(cells), cells["isReplyTo"] or cells["id"] or ""
        name = (author.name or author.handle or "").casefold()
        if name:
            known = threads.setdefault(thread, {})
            known[name] = author if known.get(name, author) == author else None
    for row, cells in rows:
        yield from guarded(row, cells, lambda row, cells: _comment(row, cells, threads))


def _author(cells: Row) -> Account:
    name = (cells["authorName"] or "").strip()
    handle = name[1:] if name.startswith("@") and len(name) > 1 else None
    key = cells["authorChannelId"]
    if key:
        return Account(key, handle, None if handle else name or None)
    return Account(None, handle) if handle else Account(name or None)


def _comment(row: int, cells: Row, threads: Mapping[str, Mapping[str, Account | None]]) -> Iterator[Item]:
    thread, text = cells["isReplyTo"], (cells["text"] or "").lstrip('\ufeff\u200b \u00a0"')
    replied, inferred = Reference(thread) if thread else None, False
    if thread and text.startswith("@") and (addressed := _addressed(text, threads.get(thread, {}))):
        replied, inferred = Reference(None, addressed), True
    yield Post(
        row=row,
        post_id=cells["id"],
        author=_author(cells),
        time=cells["publishedAt"],
        replied=replied,
        hashtags=hashtags_in(cells["text"]),
        inferred=inferred,
    )


def _addressed(text: str, known: Mapping[str, Account | None]) -> Account | None:
    """Return whom an answer names first: one who wrote in the thread, else a handle where people have handles."""
    begin = text[1:121].casefold()
    fits = [name for name in known if begin.startswith(name) and not begin[len(name) : len(name) + 1].isalnum()]
    if fits:
        return known[max(fits, key=len)]
    handles = any(who is not None and who.handle for who in known.values())
    told = _HANDLE.match(text) if handles else None
    return Account(None, told[1]) if told else None


YOUTUBE_DATA_TOOLS = Importer(
    "youtube-data-tools",
    "YouTube Data Tools comments of a video",
    (columns("id publishedAt authorName text isReplyTo"),),
    of_table=read_youtube_data_tools,
)
