"""What tables of Twitter posts have in common: retweets told by the text only, names before an answer, cells of lists.

Each table has other columns; each importer says which of them means what, and the rest is done here alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netact.importers.mapping import fold
from netact.importers.posts import Account, PostTable, Reference, each_row
from netact.importers.twitter_posts import RETWEET_TEXT
from netact.importers.values import listed
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netact.importers.mapping import RawTable
    from netact.importers.posts import Item

    Row = dict[str, str | None]

# The names the platform puts before an answer.
_LEADING = re.compile(r"\s*\.?((?:@[A-Za-z0-9_]{1,15}\s+)+)")
_NONE = frozenset({"", "0", "-1", "na", "nan", "none", "null", "<na>"})
_YES = frozenset({"yes", "true", "1", "1.0", "t", "y"})

UNTOLD_QUOTE = Message("quotes that do not say whom they quote")
UNTOLD_RETWEET = Message("retweets that do not say whom they pass on")
TWITTER_ASSUMED = Message("the file does not say the platform: it is taken to be Twitter (--platform changes this)")
NO_MENTIONS = Message("the table has no column of mentions: mentions are not read")
UNTOLD_REPLY = Message("replies that do not say whom they answer")


def posts_of(
    table: RawTable,
    wanted: Mapping[str, str],
    take: Callable[[int, Row], Iterable[Item]],
    roles: Mapping[str, str],
    *,
    assumptions: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
    whole_times: bool = False,
) -> PostTable:
    """Return the export of posts that ``take`` finds in the rows of a table; ``roles`` are said in the receipt."""
    return PostTable(
        items=lambda: each_row(table, wanted, take),
        platform="twitter",
        fields=dict(roles),
        assumptions=assumptions,
        warnings=warnings,
        whole_times=whole_times,
    )


def known(cell: str | None) -> str | None:
    """Return the id or handle in a cell; None if it is empty or says that there is none (``0``, ``NA``, ``nan``).

    >>> known(" 12 "), known("NA"), known(None)
    ('12', None, None)
    """
    text = (cell or "").strip()
    return None if text.casefold() in _NONE else text


def named(cell: str | None) -> str | None:
    """Return the handle in a cell; unlike ids, handles may be ``na``, ``none`` or ``0``."""
    return (cell or "").strip().lstrip("@") or None


def is_yes(cell: str | None) -> bool:
    """Whether a cell says yes."""
    return cell is not None and cell.strip().casefold() in _YES


def account(native_id: str | None, handle: str | None, name: str | None = None) -> Account | None:
    """Return an account if anything of it is known."""
    key, called = known(native_id), named(handle)
    return Account(key, called, name) if key or called else None


def reference(post_id: str | None, author: Account | None = None) -> Reference | None:
    """Return a post that is acted on if anything of it is known."""
    key = known(post_id)
    return Reference(key, author) if key or author else None


def told_by_text(text: str | None, post_id: str | None = None) -> Reference | None:
    """Return the post that a text beginning with ``RT @name`` passes on."""
    found = RETWEET_TEXT.match(text.lstrip()) if text else None
    return Reference(known(post_id), Account(None, found[1])) if found else None


def mentions(cell: str | None, ids: str | None = None) -> list[Account]:
    """Return the accounts that one cell names, with their ids where a second cell holds as many of them."""
    names = listed(cell)
    keys = listed(ids)
    if names and isinstance(names[0], dict):
        return [_described(item) for item in names if isinstance(item, dict)]
    if keys and not names:
        return [Account(key) for key in keys if known(key)]
    paired = keys if len(keys) == len(names) else [None] * len(names)
    return [Account(known(key), name.lstrip("@")) for name, key in zip(names, paired, strict=True) if name.lstrip("@")]


def _described(item: dict[str, object]) -> Account:
    handle, key, name = (
        next((item[field] for field in fields if item.get(field)), None)
        for fields in (("username", "screen_name", "tag"), ("id", "id_str", "user_id"), ("name",))
    )
    return Account(
        str(key) if isinstance(key, str | int) else None,
        str(handle) if handle else None,
        name if isinstance(name, str) else None,
    )


def leading(text: str | None) -> list[str]:
    """Return the handles that stand before an answer; the first is that of the account that is answered."""
    found = _LEADING.match(text + " ") if text else None
    return [name.lstrip("@") for name in found[1].split()] if found else []


def parted(
    whom: Sequence[Account], text: str | None, *, replied: Reference | None, addressed: Account | None = None
) -> tuple[list[Account], list[Account]]:
    """Part mentions into those of the author and those that the platform put before an answer.

    An account that is ``addressed`` without an answer to a post of it is mentioned.
    """
    if replied is None:
        if addressed is None:
            return list(whom), []
        return [addressed, *(who for who in whom if not _same(who, addressed))], []
    before = {name.casefold() for name in leading(text)}
    own: list[Account] = []
    implied: list[Account] = []
    for who in whom:
        (implied if who.handle and who.handle.casefold() in before else own).append(who)
    return own, implied


def _same(one: Account, other: Account) -> bool:
    if one.native_id and one.native_id == other.native_id:
        return True
    return bool(one.handle and other.handle and one.handle.casefold() == other.handle.casefold())


_HASH = re.compile(r"[0-9a-f]{32,128}|[A-Za-z0-9+/_-]{42,90}={0,2}", re.IGNORECASE)


def hashed_authors(table: RawTable, column: str) -> tuple[str, ...]:
    """Return a warning if the first authors of a table are hashes and no names or ids."""
    name = next((name for name in table.columns if fold(name) == fold(column)), None)
    first = table.sample[name].drop_nulls().head(1000).to_list() if name else []
    hashed = [text for text in map(str, first) if _HASH.fullmatch(text.strip())]
    if not hashed:
        return ()
    said = Message(
        "authors are hashed ({name!r}), those they answer or pass on mostly are not: an account that does both counts as two, "
        "and what hashed accounts receive is not seen",
        name=hashed[0][:12] + "...",
    )
    return (said,)


def has_column(table: RawTable, name: str) -> bool:
    """Whether a table has a column of this name, compared as headers are."""
    return fold(name) in {fold(column) for column in table.columns}
