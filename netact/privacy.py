"""Who may be named in what leaves the machine, and what all others are called there.

Everyone but accounts that are public is called by a pseudonym: a keyed hash (HMAC with SHA-256, RFC 2104) of the account's key
under a secret of the study. Without the secret nobody can go back by hashing all account names there are, as they could with
a plain hash; with it the same account has the same pseudonym in every run.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from netact.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Names = Literal["public", "all"]
NAMES: tuple[Names, ...] = get_args(Names)

# What a pseudonym begins with: of an account, of a person who holds logins.
ACCOUNT, PERSON = "anon", "person"
_DIGITS = 8
# A pseudonym in a text, unless it bears all digits there are.
PSEUDONYM = re.compile(rf"\b(?:{ACCOUNT}|{PERSON})-[0-9a-f]{{{_DIGITS}}}\b")
# The folder of a report that is not to be shared.
PRIVATE = "private"
# What stands in a shared study file where its own copy says a name that nobody in the data bears.
WITHHELD = "<withheld>"


@dataclass(frozen=True)
class Privacy:
    """Who is named in a report, and how small a group is still told.

    Attributes
    ----------
    names
        ``public``: only public accounts are named, that is those of the list ``public`` and those with an audience of at
        least ``named_from``; without either, nobody is. ``all``: every account and person is named, and the report says so.
    public
        Path of a text file with one public account a line, by id, handle or ``platform:handle``; empty for none. It is looked for
        as the sources are.
    named_from
        Accounts whose audience is at least so large are named; None for no such rule. The audience is the column ``reach`` of
        the table of accounts or, without one, the number of followers in the data.
    small_cells
        Counts of accounts above 0 and below this are left out of tables; 0 or 1 leaves out none.

    Raises
    ------
    StudyError
        If a value is of another type or out of range.
    """

    names: Names = "public"
    public: str = ""
    named_from: int | None = None
    small_cells: int = 5

    def __post_init__(self) -> None:
        """Check the values."""
        if self.names not in NAMES:
            raise StudyError(
                "privacy.names",
                f"unknown value {self.names!r}",
                remedy="use one of public, all (public names only those you list)",
            )
        if not isinstance(self.public, str):
            raise StudyError("privacy.public", "must be the path of a text file", found=repr(self.public))
        for name in ("named_from", "small_cells"):
            value = getattr(self, name)
            if value is None and name == "named_from":
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value < (name == "named_from"):
                raise StudyError(
                    f"privacy.{name}", f"must be a whole number from {int(name == 'named_from')}", found=repr(value)
                )
        if self.names == "all" and (self.public or self.named_from is not None):
            raise StudyError(
                "privacy",
                "names all accounts and says which are public too",
                remedy="leave out public and named_from, or names",
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, without those that are not set."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, "")}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Privacy:
        """Return the settings that plain values hold.

        Raises
        ------
        StudyError
            If an entry is unknown, of another type or out of range.
        """
        known = [item.name for item in fields(cls)]
        for name in values:
            if name not in known:
                raise StudyError("privacy", f"unknown entry {name!r}", remedy=f"use {', '.join(known)}")
        return cls(**values)


def new_secret() -> str:
    """Return a new secret: 64 hexadecimal digits from the system's generator. The one thing that no seed decides."""
    return secrets.token_hex(32)


def checked_secret(text: str, *, where: str) -> str:
    """Return a secret as it is kept.

    Raises
    ------
    StudyError
        If the text is not one.
    """
    secret = text.strip()
    if len(secret) != 64 or any(digit not in "0123456789abcdef" for digit in secret):
        raise StudyError(
            where, "does not hold a secret of netact", remedy="bring the file back, or delete it for a new one"
        )
    return secret


def pseudonyms(names: Sequence[str], *, secret: str, prefix: str) -> list[str]:
    """Return the pseudonym of each name: the prefix and the first eight digits of its keyed hash, all where these are not its own.

    The same name and secret give the same pseudonym, whatever the other names (but for one in some billions).

    Parameters
    ----------
    names
        All different.
    secret
        64 hexadecimal digits; see :func:`new_secret`.
    prefix
        Of all pseudonyms; another prefix gives other digits.

    >>> pseudonyms(["@ann", "@bo"], secret="0" * 64, prefix="anon")
    ['anon-35de15b8', 'anon-9004cfc0']
    """
    digests = _keyed_hashes(names, bytes.fromhex(secret), prefix)
    begins = [digest[:_DIGITS] for digest in digests]
    met = Counter(begins)
    return [f"{prefix}-{begin if met[begin] == 1 else digest}" for begin, digest in zip(begins, digests, strict=True)]


def _keyed_hashes(names: Sequence[str], key: bytes, prefix: str) -> list[str]:
    """Return HMAC-SHA-256 of each name in hexadecimal digits; what all have in common is worked out once."""
    begun = hmac.new(key, f"{prefix}\0".encode(), "sha256")
    digests = []
    for name in names:
        keyed = begun.copy()
        keyed.update(name.encode())
        digests.append(keyed.hexdigest())
    return digests


def is_pseudonym(name: str, *, prefix: str = ACCOUNT) -> bool:
    """Whether a text looks like a pseudonym, of an account if not said otherwise.

    >>> is_pseudonym("anon-35de15b8"), is_pseudonym("anon-ymous")
    (True, False)
    """
    before, dash, digits = name.partition("-")
    whole = len(digits) in (_DIGITS, 64) and not digits.strip("0123456789abcdef")
    return before == prefix and bool(dash) and whole


def is_withheld(text: str) -> bool:
    """Whether a text stands in a shared study file in place of a name.

    >>> is_withheld("<withheld>"), is_withheld("person-35de15b8"), is_withheld("@ann")
    (True, True, False)
    """
    return text == WITHHELD or is_pseudonym(text) or is_pseudonym(text, prefix=PERSON)
