"""Text that people read: names made harmless, numbers in words, and words for each kind of tie.

Everything is said in the language spoken (:mod:`netact.language`) at the moment of the call.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from netact.language import Message, _, _n, _p, listing, percent, told
from netact.privacy import is_pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netact.results import Estimate

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
_MARKED = re.compile(f"{ISOLATE}([^{END_ISOLATE}]*){END_ISOLATE}")

# A name of so few letters stands on one line; a pseudonym has a hyphen at which it would be broken.
UNBROKEN = 20


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
    return line or _("(no name)")


def safe(name: str, *, limit: int = 40) -> str:
    """Return a name that plotly shows literally: :func:`plain`, markup escaped, templates broken, isolated.

    Plotly reads ``<a>``, ``<b>``, ``&lt;`` and ``%{...}`` in labels; a name must never be any of these.
    """
    text = plain(name, limit=limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{ISOLATE}{text.replace('%{', '% {')}{END_ISOLATE}"


def quoted(name: str, *, beside_account: bool = False) -> str:
    """Return an account name for a sentence: with its ``@`` and between isolation marks.

    The marks keep right-to-left names from turning the sentence around; the HTML report shows them as ``<bdi>``.
    A number alone is said to be an account, or, where the sentence has just said so, to be a number; a pseudonym stays as it is.
    """
    text = plain(name)
    if text.isdigit():
        text = _("number {name}", name=text) if beside_account else _("account {name}", name=text)
    elif " " not in text and not text.startswith(("@", "(")) and not is_pseudonym(text):
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


# ---------------------------------------------------------------------- clauses


def capital(text: str) -> str:
    """Return a text with a large first letter, as a sentence or a title begins.

    >>> capital("all 12 accounts")
    'All 12 accounts'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return a text in the language spoken, closed as a sentence: first letter large, one full stop.

    >>> sentence("there are no ties")
    'There are no ties.'
    """
    # Only plain blanks are joined: a narrow one before a mark or inside a number is meant.
    text = re.sub(r"[ \t\n]+", " ", told(text)).strip()
    return capital(text) if text.endswith((".", "!", "?", "؟")) or not text else f"{capital(text)}."


def clauses(*parts: str) -> str:
    """Return clauses one after another between semicolons; empty ones are left out.

    >>> clauses("95 % range 1 to 2", "", "by chance 3")
    '95 % range 1 to 2; by chance 3'
    """
    kept = [part for part in parts if part]
    if not kept:
        return ""
    joined = kept[-1]
    for part in reversed(kept[:-1]):
        joined = _("{first}; {second}", first=part, second=joined)
    return joined


def group_name(name: str) -> str:
    """Return the name of a group in the language spoken; a name that a person gave it as it is.

    >>> group_name("Group A"), group_name("The old guard")
    ('Group A', 'The old guard')
    """
    if isinstance(name, Message):
        return told(name)
    lettered = re.fullmatch(r"Group ([A-Z]{1,3})", name)
    if lettered:
        return _("Group {letter}", letter=lettered[1])
    return _("Smaller groups") if name == "Smaller groups" else name


def core_name(number: int, *, several: bool) -> str:
    """Return how a core is called: with its number only where there are several."""
    return _("Core {number}", number=number) if several else _("Core")


def unknown(estimate: Estimate) -> str:
    """Say why a number is not given, as a cell of a table.

    >>> from netact.results import undefined
    >>> unknown(undefined("index", "no ties"))
    'cannot say: no ties'
    """
    status = {
        "ok": Message("ok"),
        "undefined": Message("undefined"),
        "insufficient_data": Message("too little data"),
        "not_testable": Message("not testable"),
    }[estimate.status]
    return _("cannot say: {reason}", reason=told(estimate.reason or status))


def table(*columns: tuple[str, Sequence[str]]) -> pl.DataFrame:
    """Return a table of texts from (header, cells); headers that are the same in some language are numbered.

    >>> table(("account", ["a"]), ("account", ["b"])).columns
    ['account', 'account (2)']
    """
    made: dict[str, pl.Series] = {}
    for header, cells in columns:
        name, number = header, 2
        while name in made:
            name, number = f"{header} ({number})", number + 1
        made[name] = pl.Series(name, cells, dtype=pl.String)
    return pl.DataFrame(made)


# ---------------------------------------------------------------------- numbers in words


def spanned(low: str, high: str) -> str:
    """Return two written numbers as a range, one if they read the same.

    >>> spanned("9", "15"), spanned("3", "3")
    ('9 to 15', '3')
    """
    return low if low == high else _("{low} to {high}", low=low, high=high)


def percent_range(low: float, high: float) -> str:
    """Return two shares as a range.

    >>> percent_range(0.31, 0.42), percent_range(0.5, 0.5)
    ('31 % to 42 %', '50 %')
    """
    return spanned(percent(low), percent(high))


def in_words(share: float) -> str | None:
    """Return a share as a simple fraction where one is near (within one point in a hundred), else None.

    >>> in_words(0.2), in_words(0.497), in_words(0.62)
    ('1 in 5', 'half', None)
    """
    if abs(share - 1 / 2) <= 0.01:
        return _p("a share of all", "half")
    if abs(share - 2 / 3) <= 0.01:
        return _p("a share of all", "two thirds")
    if abs(share - 1 / 3) <= 0.01:
        return _p("a share of all", "a third")
    if abs(share - 3 / 4) <= 0.01:
        return _p("a share of all", "three quarters")
    # Each is a word of its own in most languages: a fifth, una quinta parte, خُمس.
    whole = next((whole for whole in (4, 5, 6, 8, 10, 20) if abs(share - 1 / whole) <= 0.005), None)
    match whole:
        case 4:
            return _p("a share of all", "a quarter")
        case 5:
            return _p("a share of all", "1 in 5")
        case 6:
            return _p("a share of all", "1 in 6")
        case 8:
            return _p("a share of all", "1 in 8")
        case 10:
            return _p("a share of all", "1 in 10")
        case 20:
            return _p("a share of all", "1 in 20")
    return None


def share_in_words(share: float) -> str:
    """Return a share before "of all": as a simple fraction where one is near, else in per cent.

    >>> share_in_words(0.2), share_in_words(0.62)
    ('1 in 5', '62 %')
    """
    return in_words(share) or share_in_percent(share)


def share_in_percent(share: float) -> str:
    """Return a share before "of all" in per cent, with the article where the language wants one."""
    return _p("a share of all", "{share:percent}", share=share)


def p_words(p: float) -> str:
    """Return a p-value as a frequency.

    >>> p_words(0.005), p_words(0.34), p_words(1e-9)
    ('in about 1 of 200 cases', 'in about 34 of 100 cases', 'in fewer than 1 of 10,000 cases')
    """
    if p < 1e-4:
        return _("in fewer than 1 of {n:count} cases", n=10_000)
    if p <= 0.1:
        return _n("in about 1 of {n:count} cases", "in about 1 of {n:count} cases", 1 / p)
    if p >= 0.995:
        return _("nearly always")
    return _("in about {cases:count} of 100 cases", cases=100 * p)


def listed(items: Sequence[str], *, most: int = 12) -> str:
    """Return items as a list in words.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    if not items:
        return _p("a list", "none")
    if len(items) > most:
        shown, more = told(listing(items[:most])), len(items) - most
        return _n("{items} and {n:count} more", "{items} and {n:count} more", more, items=shown)
    return items[0] if len(items) == 1 else _("{items} and {last}", items=told(listing(items[:-1])), last=items[-1])


def accounts_counted(n: float) -> str:
    """Return how many accounts.

    >>> accounts_counted(1), accounts_counted(3609)
    ('1 account', '3,609 accounts')
    """
    return _n("{n:count} account", "{n:count} accounts", n)


# ---------------------------------------------------------------------- words for a kind of tie


@dataclass(frozen=True)
class Words:
    """How to speak of one kind of tie, in the language in which it was made: whole phrases that a sentence takes up.

    Attributes
    ----------
    directed
        Whether ties have a direction.
    tie, ties
        What is counted, as a label; ``counted(n)`` with its number.
    of_ties, of_all_ties, the_ties, of_the_ties
        After a share or a number: "of retweets", "of all retweets", "the retweets", "of the retweets".
    most_heard, the_most_heard
        The accounts that received most, without and with the article; ``top(n)`` with their number, one and five in
        words.
    tied
        What the accounts of a close set do, after the word accounts: "that retweet one another".
    heard_by
        "whoever was retweeted by an account".
    gave_most
        ``gave_most(account, others)``: to whom an account gave most attention, as a sentence.
    meaning
        One tie in a sentence.
    gave_to
        ``gave_to(account)``: one tie as an example, "an account retweeted @ada".
    most, by
        "most-retweeted", "retweeted by": parts of a phrase; prefer the whole phrases above.
    """

    directed: bool
    tie: str
    ties: str
    of_ties: str
    of_all_ties: str
    the_ties: str
    of_the_ties: str
    most_heard: str
    the_most_heard: str
    tied: str
    heard_by: str
    meaning: str
    most: str
    by: str
    counted: Callable[[float], str]
    top: Callable[[int], str]
    gave_most: Callable[[str, str], str]
    gave_to: Callable[[str], str]


def words_for(kind: str, *, directed: bool = True) -> Words:
    """Return the words for one kind of tie; where ties have no direction nothing is said of who gave attention."""
    return _KINDS[kind]() if directed else _connection()


# Every kind has its own sentences: gender, plurals and elision differ from word to word in most languages.


def _retweet() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "retweet"),
        ties=_p("ties", "retweets"),
        of_ties=_("of retweets"),
        of_all_ties=_("of all retweets"),
        the_ties=_("the retweets"),
        of_the_ties=_("of the retweets"),
        most_heard=_("most-retweeted accounts"),
        the_most_heard=_("the most-retweeted accounts"),
        tied=_("that retweet one another"),
        heard_by=_("whoever was retweeted by an account"),
        meaning=_("A tie means that one account retweeted another."),
        most=_("most-retweeted"),
        by=_("retweeted by"),
        gave_to=lambda account: _("an account retweeted {account}", account=account),
        counted=lambda n: _n("{n:count} retweet", "{n:count} retweets", n),
        top=lambda n: (
            _("the most-retweeted account")
            if n == 1
            else _("the five most-retweeted accounts")
            if n == 5
            else _n("the {n:count} most-retweeted accounts", "the {n:count} most-retweeted accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself retweeted most are {others}.", account=account, others=others
        ),
    )


def _follow() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "follow"),
        ties=_p("ties", "follows"),
        of_ties=_("of follows"),
        of_all_ties=_("of all follows"),
        the_ties=_("the follows"),
        of_the_ties=_("of the follows"),
        most_heard=_("most-followed accounts"),
        the_most_heard=_("the most-followed accounts"),
        tied=_("that follow one another"),
        heard_by=_("whoever was followed by an account"),
        meaning=_("A tie means that one account followed another."),
        most=_("most-followed"),
        by=_("followed by"),
        gave_to=lambda account: _("an account followed {account}", account=account),
        counted=lambda n: _n("{n:count} follow", "{n:count} follows", n),
        top=lambda n: (
            _("the most-followed account")
            if n == 1
            else _("the five most-followed accounts")
            if n == 5
            else _n("the {n:count} most-followed accounts", "the {n:count} most-followed accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself followed most are {others}.", account=account, others=others
        ),
    )


def _mention() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "mention"),
        ties=_p("ties", "mentions"),
        of_ties=_("of mentions"),
        of_all_ties=_("of all mentions"),
        the_ties=_("the mentions"),
        of_the_ties=_("of the mentions"),
        most_heard=_("most-mentioned accounts"),
        the_most_heard=_("the most-mentioned accounts"),
        tied=_("tied to one another by mentions"),
        heard_by=_("whoever was mentioned by an account"),
        meaning=_("A tie means that one account mentioned another."),
        most=_("most-mentioned"),
        by=_("mentioned by"),
        gave_to=lambda account: _("an account mentioned {account}", account=account),
        counted=lambda n: _n("{n:count} mention", "{n:count} mentions", n),
        top=lambda n: (
            _("the most-mentioned account")
            if n == 1
            else _("the five most-mentioned accounts")
            if n == 5
            else _n("the {n:count} most-mentioned accounts", "the {n:count} most-mentioned accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself mentioned most are {others}.", account=account, others=others
        ),
    )


def _reply() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "reply"),
        ties=_p("ties", "replies"),
        of_ties=_("of replies"),
        of_all_ties=_("of all replies"),
        the_ties=_("the replies"),
        of_the_ties=_("of the replies"),
        most_heard=_("most-replied-to accounts"),
        the_most_heard=_("the most-replied-to accounts"),
        tied=_("tied to one another by replies"),
        heard_by=_("whoever was replied to by an account"),
        meaning=_("A tie means that one account replied to another."),
        most=_("most-replied-to"),
        by=_("replied to by"),
        gave_to=lambda account: _("an account replied to {account}", account=account),
        counted=lambda n: _n("{n:count} reply", "{n:count} replies", n),
        top=lambda n: (
            _("the most-replied-to account")
            if n == 1
            else _("the five most-replied-to accounts")
            if n == 5
            else _n("the {n:count} most-replied-to accounts", "the {n:count} most-replied-to accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself replied to most are {others}.", account=account, others=others
        ),
    )


def _quote() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "quote"),
        ties=_p("ties", "quotes"),
        of_ties=_("of quotes"),
        of_all_ties=_("of all quotes"),
        the_ties=_("the quotes"),
        of_the_ties=_("of the quotes"),
        most_heard=_("most-quoted accounts"),
        the_most_heard=_("the most-quoted accounts"),
        tied=_("tied to one another by quotes"),
        heard_by=_("whoever was quoted by an account"),
        meaning=_("A tie means that one account quoted another."),
        most=_("most-quoted"),
        by=_("quoted by"),
        gave_to=lambda account: _("an account quoted {account}", account=account),
        counted=lambda n: _n("{n:count} quote", "{n:count} quotes", n),
        top=lambda n: (
            _("the most-quoted account")
            if n == 1
            else _("the five most-quoted accounts")
            if n == 5
            else _n("the {n:count} most-quoted accounts", "the {n:count} most-quoted accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself quoted most are {others}.", account=account, others=others
        ),
    )


def _forward() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "forward"),
        ties=_p("ties", "forwards"),
        of_ties=_("of forwards"),
        of_all_ties=_("of all forwards"),
        the_ties=_("the forwards"),
        of_the_ties=_("of the forwards"),
        most_heard=_("most-forwarded accounts"),
        the_most_heard=_("the most-forwarded accounts"),
        tied=_("tied to one another by forwards"),
        heard_by=_("whoever was forwarded by an account"),
        meaning=_("A tie means that one account forwarded another."),
        most=_("most-forwarded"),
        by=_("forwarded by"),
        gave_to=lambda account: _("an account forwarded {account}", account=account),
        counted=lambda n: _n("{n:count} forward", "{n:count} forwards", n),
        top=lambda n: (
            _("the most-forwarded account")
            if n == 1
            else _("the five most-forwarded accounts")
            if n == 5
            else _n("the {n:count} most-forwarded accounts", "the {n:count} most-forwarded accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself forwarded most are {others}.", account=account, others=others
        ),
    )


def _share() -> Words:
    return Words(
        directed=True,
        tie=_p("a tie", "share"),
        ties=_p("ties", "shares"),
        of_ties=_("of shares"),
        of_all_ties=_("of all shares"),
        the_ties=_("the shares"),
        of_the_ties=_("of the shares"),
        most_heard=_("most-shared accounts"),
        the_most_heard=_("the most-shared accounts"),
        tied=_("tied to one another by shares"),
        heard_by=_("whoever was shared by an account"),
        meaning=_("A tie means that one account shared another."),
        most=_("most-shared"),
        by=_("shared by"),
        gave_to=lambda account: _("an account shared {account}", account=account),
        counted=lambda n: _n("{n:count} share", "{n:count} shares", n),
        top=lambda n: (
            _("the most-shared account")
            if n == 1
            else _("the five most-shared accounts")
            if n == 5
            else _n("the {n:count} most-shared accounts", "the {n:count} most-shared accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself shared most are {others}.", account=account, others=others
        ),
    )


def _connection() -> Words:
    return Words(
        directed=False,
        tie=_p("a tie", "connection"),
        ties=_p("ties", "connections"),
        of_ties=_("of connections"),
        of_all_ties=_("of all connections"),
        the_ties=_("the connections"),
        of_the_ties=_("of the connections"),
        most_heard=_("best-connected accounts"),
        the_most_heard=_("the best-connected accounts"),
        tied=_("closely connected with one another"),
        heard_by=_("whoever was connected with an account"),
        meaning=_("A tie means that two accounts are connected; the file gives it no direction."),
        most=_("best-connected"),
        by=_("connected with"),
        gave_to=lambda account: _("an account was connected with {account}", account=account),
        counted=lambda n: _n("{n:count} connection", "{n:count} connections", n),
        top=lambda n: (
            _("the best-connected account")
            if n == 1
            else _("the five best-connected accounts")
            if n == 5
            else _n("the {n:count} best-connected accounts", "the {n:count} best-connected accounts", n)
        ),
        gave_most=lambda account, others: _(
            "The accounts that {account} itself is most connected with are {others}.", account=account, others=others
        ),
    )


_KINDS: dict[str, Callable[[], Words]] = {
    "retweet": _retweet,
    "follow": _follow,
    "mention": _mention,
    "reply": _reply,
    "quote": _quote,
    "forward": _forward,
    "share": _share,
}


def accounts_drew(accounts: int, share: float, words: Words) -> str:
    """Say how many accounts drew a share of attention, as a clause."""
    if words.directed:
        return _n(
            "{n:count} account drew {share} {of_all_ties}",
            "{n:count} accounts drew {share} {of_all_ties}",
            accounts,
            share=share_in_words(share),
            of_all_ties=words.of_all_ties,
        )
    return _n(
        "{n:count} account had {share} {of_all_ties}",
        "{n:count} accounts had {share} {of_all_ties}",
        accounts,
        share=share_in_words(share),
        of_all_ties=words.of_all_ties,
    )
