"""Text that people read: names made harmless, numbers as people write them, and words for each kind of tie."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
_MARKED = re.compile(f"{ISOLATE}([^{END_ISOLATE}]*){END_ISOLATE}")


def plain(name: str, *, limit: int = 40) -> str:
    """Return a name as one harmless line: NFC, without control, bidirectional or zero-width marks, not too long.

    Handles are hostile input. Joiners inside emoji and Arabic words are kept, since they change what is read.
    """
    # A letter under hundreds of combining marks covers the lines around it: three are enough for every script.
    normal = re.sub(
        r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})"
        r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+",
        r"\1",
        unicodedata.normalize("NFC", str(name)),
    )
    kept = "".join(
        " " if char in "\t\n\r\u2028\u2029\x85" else char
        for char in normal
        if char in "\u200c\u200d\t\n\r\u2028\u2029\x85"
        or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    line = " ".join(kept.split()).strip("\u200c\u200d ")
    line = line if len(line) <= limit else line[: limit - 1].rstrip("\u200c\u200d ") + "…"
    return line or "(no name)"


def safe(name: str, *, limit: int = 40) -> str:
    """Return a name that plotly shows literally: :func:`plain`, markup escaped, templates broken, isolated.

    Plotly reads ``<a>``, ``<b>``, ``&lt;`` and ``%{...}`` in labels; a name must never be any of these.
    """
    text = plain(name, limit=limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{ISOLATE}{text.replace('%{', '% {')}{END_ISOLATE}"


def quoted(name: str) -> str:
    """Return an account name for a sentence: with its ``@`` and between isolation marks.

    The marks keep right-to-left names from turning the sentence around; the HTML report shows them as ``<bdi>``.
    """
    text = plain(name)
    if text.isdigit():
        text = f"account {text}"
    elif " " not in text and not text.startswith(("@", "(")):
        text = f"@{text}"
    return f"{ISOLATE}{text}{END_ISOLATE}"


def person(name: str) -> str:
    """Return a person's name for a sentence."""
    return f"{ISOLATE}{plain(name)}{END_ISOLATE}"


def unmarked(sentence: str) -> str:
    """Return a sentence for JSON and terminals: isolation marks stay only around right-to-left names."""
    return _MARKED.sub(lambda found: found[0] if _right_to_left(found[1]) else found[1], sentence)


def split_marked(sentence: str) -> list[tuple[str, bool]]:
    """Return the pieces of a sentence and whether each is a name."""
    pieces = [(piece, number % 2 == 1) for number, piece in enumerate(_MARKED.split(sentence))]
    return [(piece, is_name) for piece, is_name in pieces if piece]


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)


# ---------------------------------------------------------------------- numbers


def percent(share: float) -> str:
    """Return a share as people write it.

    >>> percent(0.6234), percent(0.034), percent(0.0004), percent(0.9996), percent(0.0)
    ('62 %', '3.4 %', 'less than 0.1 %', 'more than 99.9 %', '0 %')
    """
    value = 100 * share
    if 0 < value < 0.1:
        return "less than 0.1 %"
    if 99.9 < value < 100:
        return "more than 99.9 %"
    if value >= 99.5 and value < 100:
        return f"{value:.1f} %"
    return f"{value:.1f} %" if 0 < value < 10 and round(value, 1) != round(value) else f"{value:.0f} %"


def percent_range(low: float, high: float) -> str:
    """Return two shares as a range.

    >>> percent_range(0.31, 0.42), percent_range(0.5, 0.5)
    ('31 % to 42 %', '50 %')
    """
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def in_words(share: float) -> str | None:
    """Return a share as a simple fraction where one is near (within one point in a hundred), else None.

    >>> in_words(0.2), in_words(0.497), in_words(0.62)
    ('1 in 5', 'half', None)
    """
    for value, words in ((1 / 2, "half"), (2 / 3, "two thirds"), (1 / 3, "a third"), (3 / 4, "three quarters")):
        if abs(share - value) <= 0.01:
            return words
    for whole in (4, 5, 6, 8, 10, 20):
        if abs(share - 1 / whole) <= 0.005:
            return "a quarter" if whole == 4 else f"1 in {whole}"
    return None


def count(number: float) -> str:
    """Return a whole number with separators.

    >>> count(3609)
    '3,609'
    """
    return f"{round(number):,}"


def counted(number: float, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "account"), counted(3609, "account"), counted(1, "person", "people")
    ('1 account', '3,609 accounts', '1 person')
    """
    return f"{count(number)} {singular if round(number) == 1 else plural or singular + 's'}"


def decimal(value: float, digits: int = 2) -> str:
    """Return a number to a few digits, with a true minus sign and without a negative zero.

    >>> decimal(-0.12345), decimal(12.3456), decimal(1234.5), decimal(-0.0001)
    ('−0.12', '12.3', '1,234', '0.00')
    """
    if abs(value) >= 1000:
        text = f"{value:,.0f}"
    elif abs(value) >= 10:
        text = f"{value:,.1f}"
    else:
        text = f"{value:.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")


def p_words(p: float) -> str:
    """Return a p-value as a frequency.

    >>> p_words(0.005), p_words(0.34), p_words(1e-9)
    ('in about 1 of 200 cases', 'in about 34 of 100 cases', 'in fewer than 1 of 10,000 cases')
    """
    if p < 1e-4:
        return "in fewer than 1 of 10,000 cases"
    if p <= 0.1:
        return f"in about 1 of {count(1 / p)} cases"
    return f"in about {round(100 * p)} of 100 cases" if p < 0.995 else "nearly always"


def listed(items: Sequence[str], *, most: int = 12) -> str:
    """Return items as a list in words.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    if not items:
        return "none"
    shown = list(items)
    if len(shown) > most:
        return f"{', '.join(shown[:most])} and {count(len(shown) - most)} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


# ---------------------------------------------------------------------- words for a kind of tie


@dataclass(frozen=True)
class Words:
    """How to speak of one kind of tie.

    ``ties`` names what is counted, ``tie`` one of it, ``drew`` what a heard account did, ``most`` how the most
    heard accounts are called, ``by`` how attention came, ``meaning`` one tie in a sentence.
    """

    tie: str
    ties: str
    drew: str
    most: str
    by: str
    gave: str
    meaning: str
    directed: bool = True


_KINDS = {
    "retweet": ("retweet", "retweets", "most-retweeted", "retweeted by", "retweeted"),
    "follow": ("follow", "follows", "most-followed", "followed by", "followed"),
    "mention": ("mention", "mentions", "most-mentioned", "mentioned by", "mentioned"),
    "reply": ("reply", "replies", "most-replied-to", "replied to by", "replied to"),
    "quote": ("quote", "quotes", "most-quoted", "quoted by", "quoted"),
    "forward": ("forward", "forwards", "most-forwarded", "forwarded by", "forwarded"),
    "share": ("share", "shares", "most-shared", "shared by", "shared"),
}


def words_for(kind: str, *, directed: bool = True) -> Words:
    """Return the words for one kind of tie; where ties have no direction nothing is said of who gave attention."""
    if not directed:
        return Words(
            "connection",
            "connections",
            "had",
            "best-connected",
            "connected with",
            "was connected with",
            "A tie means that two accounts are connected; the file gives it no direction.",
            directed=False,
        )
    tie, ties, most, by, gave = _KINDS[kind]
    return Words(tie, ties, "drew", most, by, gave, f"A tie means that one account {gave} another.")
