r"""git: who worked on the same files of a project.

How it is obtained, in the folder of the project::

    git log --no-merges --format='%H%x09%aE%x09%aI%x09%aN' --name-only > history.txt

The name (``%x09%aN``) may be left out. ``%aE`` and ``%aN`` join the addresses of one person by the ``.mailmap`` of the project; with
``%ae`` they stay apart.

Read: accounts that changed the same file are tied without direction, the more files the more strongly. The account is a hash of the
author's address, the same in every history, so that no address gets into results; it is shown by the author's name, or by what
stands before the ``@``.

Lost: committers, the text of commits, how much was changed; a file that was renamed is another one. A file that more than 500
accounts changed ties nobody.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from netact.importers.importer import Importer, Text
from netact.importers.posts import Account, Item, PostTable, Share, Unusable
from netact.importers.source_file import look_over, open_text
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_COMMIT = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})\t([^\t]*)\t(\d{4}-\d\d-\d\dT[^\t]*)(?:\t([^\t]*))?")
_DOMAIN = re.compile(r"(?<=\S)@\S+")
NOT_A_CHANGE = Message("before the first commit")


def read_git_log(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open the history of a git project.

    Raises
    ------
    ImportFileError
        If it is no text.
    """
    facts = look_over(source, encoding=options.encoding)

    def items() -> Iterator[Item]:
        who, commit, time = Account(), "", ""
        for number, line in enumerate(open_text(source.plain, facts.encoding, errors="replace", name=source.name), 1):
            text = line.rstrip("\n")
            if not text:
                continue
            if found := _COMMIT.fullmatch(text):
                commit, address, time, name = found[1], found[2].strip(), found[3], found[4]
                # A name that is an address is not shown as one.
                shown = _DOMAIN.sub("", name or address).strip()
                who = Account(_pseudonym(address), shown) if address else Account()
            elif commit:
                yield Share(number, who, text, time, commit)
            else:
                yield Unusable(number, NOT_A_CHANGE)

    return PostTable(
        items=items,
        platform="git",
        fields={"account": "%aE", "object": "--name-only", "time": "%aI", "post_id": "%H"},
        noun=Message("changes of files"),
        encoding="utf-8" if facts.encoding == "utf-8-sig" else facts.encoding,
    )


def _pseudonym(address: str) -> str:
    return hashlib.sha256(address.casefold().encode(errors="replace")).hexdigest()[:16]


GIT_LOG = Importer(
    "git-log",
    "history of a git project (git log --name-only)",
    (Text(_COMMIT.pattern + r"[\r\n]", Message("a line of git log: commit, author, time")),),
    read=read_git_log,
)
