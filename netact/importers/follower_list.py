"""Lists of the followers, or of the follows, of one account: one id or handle a line.

How it is obtained: ``twarc followers NAME > NAME.followers.txt``, ``twarc friends NAME > NAME.friends.txt`` and programs like
it. Whose list it is stands nowhere in the file: it is read from names such as ``followers_of_NAME.txt`` and
``NAME.followers.csv``, or told by ``--ego NAME``. Several such files make one network.

Read: each line is a follow. ``followers`` (or a header such as ``follower_id``) point to the account, ``following``, ``friends``
and ``follows`` from it. The platform is that of ``--platform``; without it the accounts have none.

Lost: nothing is in such a list but the accounts; ties among them are missing, and so are times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.errors import ImportFileError
from netact.importers.importer import Importer
from netact.importers.mapping import fold, words
from netact.importers.posts import ODD, Account, Item, PostTable, Tie, Unusable
from netact.importers.source_file import decoded_head, look_over, open_text
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

_TOWARDS, _FROM = "followers?", "following|friends?|follows|followees?|followed"
_NAME = r"@?(?P<ego>[^\s.@]{1,60})"
_PATTERNS = tuple(
    re.compile(pattern, flags=re.IGNORECASE)
    for pattern in (
        rf"^(?P<word>{_TOWARDS}|{_FROM})[ _-]?(?:of|by)[ _-]{_NAME}$",
        rf"^{_NAME}\.(?P<word>{_TOWARDS}|{_FROM})$",
    )
)
_WORD = re.compile(rf"(?<![a-z])(?P<word>{_TOWARDS}|{_FROM})(?![a-z])", flags=re.IGNORECASE)
# Names of files, not of accounts.
_NO_EGO = words(
    "data list lists all my me user users account accounts export exports output twitter ids network file test"
)
_HEADERS = {
    **dict.fromkeys(words("follower followers follower_id followerid follower_ids follower_username"), True),
    **dict.fromkeys(
        words("friend friends friend_id friend_ids followed followee following followed_id following_id"), False
    ),
}
_PLAIN_HEADERS = words("id ids user_id userid username screen_name account")
_LINE = re.compile(r'^"?(?:\d+|@?[\w.\-]{1,100}(?:@[\w.\-]{1,100})?)"?,?$')
EGO_ONLY = Message("the list of one account: ties among the accounts in it are missing by design")


def told_by_name(name: str) -> tuple[str | None, bool | None]:
    """Return whose list a file is by its name, and whether they follow it; None where the name does not say.

    >>> told_by_name("followers_of_PLAZA.txt"), told_by_name("plaza.friends.csv.gz"), told_by_name("my_followers.txt")
    (('PLAZA', True), ('plaza', False), (None, True))
    """
    stem = re.sub(r"(?i)(\.(txt|csv|tsv|ids|list|gz|zst))+$", "", name.replace("\\", "/").rpartition("/")[2])
    found = [match for pattern in _PATTERNS if (match := pattern.match(stem))]
    directions = {_towards(match["word"]) for match in _WORD.finditer(stem.replace("_", " "))}
    if found:
        directions = {_towards(found[0]["word"])}
    towards = directions.pop() if len(directions) == 1 else None
    ego = found[0]["ego"] if found and fold(found[0]["ego"]) not in _NO_EGO else None
    return ego, towards


def is_follower_list(source: SourceFile, options: SourceOptions) -> bool:
    """Whether a text is a list of accounts, one a line, that says by its name or header that they follow or are followed."""
    lines = [line.strip() for line in decoded_head(source).lstrip("\ufeff").splitlines()[:200] if line.strip()]
    if len(source.head) >= 1 << 16:
        lines = lines[:-1]
    if not lines or not all(_LINE.match(line) for line in lines):
        return False
    return told_by_name(source.name)[1] is not None or (bool(options.ego) and _header(lines[0]) is not None)


def read_follower_list(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open a list of followers or follows.

    Raises
    ------
    ImportFileError
        If nothing says whose list it is, or whether they follow or are followed.
    """
    facts = look_over(source, encoding=options.encoding)
    named, towards = told_by_name(source.name)
    first = decoded_head(source).lstrip("\ufeff").lstrip().partition("\n")[0].strip()
    by_header = _header(first)
    towards = towards if by_header is None else by_header
    if towards is None:
        raise ImportFileError(
            source.name,
            "a list of accounts that does not say whether they follow or are followed",
            remedy="name the file followers_of_NAME or following_of_NAME",
        )
    ego = options.ego.strip() if options.ego else named
    if not ego or not ego.strip("@"):
        raise ImportFileError(
            source.name,
            f"a list of {'followers' if towards else 'followed accounts'} that does not say whose it is",
            remedy="pass --ego NAME, or name the file followers_of_NAME or following_of_NAME",
        )
    told = Message("whose list it is was told: {name}", name=ego)
    by_name = Message("whose list it is was read from the file's name: {name} (--ego changes this)", name=ego)
    owner = _account(ego)
    skip = by_header is not None or fold(first.strip('",')) in _PLAIN_HEADERS

    def items() -> Iterator[Item]:
        started = False
        for row, line in enumerate(open_text(source.plain, facts.encoding, errors="replace", name=source.name), 1):
            text = line.strip().strip("\ufeff")
            if not text:
                continue
            if not started and skip:
                started = True
                continue
            started = True
            if not _LINE.match(text):
                yield Unusable(row, ODD)
                continue
            other = _account(text.strip('",'))
            yield Tie(row, "follow", other, owner) if towards else Tie(row, "follow", owner, other)

    return PostTable(
        items=items,
        platform=(options.platform or "").strip().lower(),
        fields={"source": "one a line" if towards else "ego", "target": "ego" if towards else "one a line"},
        noun=Message("accounts"),
        encoding=facts.encoding,
        evidence=(facts.evidence,),
        assumptions=(told if options.ego else by_name,),
        warnings=(EGO_ONLY,),
    )


def _towards(word: str) -> bool:
    return re.fullmatch(_TOWARDS, word, flags=re.IGNORECASE) is not None


def _header(line: str) -> bool | None:
    return _HEADERS.get(fold(line.strip('",')))


def _account(text: str) -> Account:
    return Account(text) if text.isdigit() else Account(None, text.lstrip("@"))


FOLLOWER_LIST = Importer(
    "follower-list", "list of the followers or follows of one account, one a line", read=read_follower_list
)
