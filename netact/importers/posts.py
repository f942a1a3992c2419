"""Exports of posts become interactions: one place for what a retweet, a quote, a reply and a mention mean.

An importer of posts says what each record of its file is, as :class:`Post`, :class:`Tie`, :class:`NoTie` and so on; everything
after that is done here, alike for every platform:

1. A post that passes on another post is one retweet of the original author (or a forward) and nothing else: its mentions,
   hashtags and quote are the original's.
2. A post that quotes is a quote of the quoted author; one that answers is a reply to the author it answers; it may be both.
3. Whom it mentions besides is mentioned: not the author it answers or quotes, and not itself. Names that the platform puts
   before an answer are marked as implicit.
4. Posts that only came along (the original of a retweet) tell who wrote them and give no ties.

Targets that a file names only by a post are looked up by the id of the post among all posts of the import, whatever their
order; what stays unknown is kept apart (:data:`netact.schemas.UNRESOLVED`), never merged into one account.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from netact.importers.mapping import fold
from netact.importers.values import PLACEHOLDERS, parse_times
from netact.language import Message
from netact.receipt import Counted, Dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from netact.importers.mapping import RawTable
    from netact.schemas import Kind

_BATCH = 100_000


class Account(NamedTuple):
    """Who did something: an id of the platform, a handle, or both; an account with neither is unknown."""

    native_id: str | None = None
    handle: str | None = None
    name: str | None = None  # the name shown
    bot: bool | None = None

    @property
    def text(self) -> str | None:
        """The account as interactions name it: its id, else its handle with ``@`` before it."""
        return self.native_id or (f"@{self.handle.lstrip('@')}" if self.handle else None)


class Reference(NamedTuple):
    """The post that is acted on, by its id or its author or both."""

    post_id: str | None = None
    author: Account | None = None


class Post(NamedTuple):
    """A post, with what it does to others.

    ``time`` is the text or number of the file; all times of an export are read together. ``inferred`` is true where the
    retweet was read from the text.
    """

    row: int
    post_id: str | None
    author: Account
    time: str | None = None
    reposted: Reference | None = None
    forwarded: Reference | None = None
    quoted: Reference | None = None
    replied: Reference | None = None
    mentioned: Sequence[Account] = ()
    implied: Sequence[Account] = ()  # mentioned by the platform, before the text of an answer
    hashtags: Sequence[str] = ()
    client: str | None = None
    collected: bool = True
    inferred: bool = False
    shared: Sequence[str] = ()  # what the post shares: links
    answered: Sequence[Reference] = ()  # further posts that it answers
    written: Sequence[Account] = ()  # mentioned in the text, where no field tells mentions


class Tie(NamedTuple):
    """An interaction that is not a post: a follow, a forward between channels."""

    row: int
    kind: Kind
    source: Account
    target: Account
    time: str | None = None
    post_id: str | None = None
    weight: float = 1.0


class Share(NamedTuple):
    """An account shared an object: a link, a page, a file. Accounts that shared the same are tied without direction."""

    row: int
    account: Account
    shared: str
    time: str | None = None
    post_id: str | None = None


class Known(NamedTuple):
    """An account described without doing anything: a profile, a change of name at a time."""

    account: Account
    time: str | None = None


class NoTie(NamedTuple):
    """A record that is read and is no tie by its nature, such as a like; ``what`` names such records in the plural."""

    what: str


class Unusable(NamedTuple):
    """A record that should hold something and does not; counted with its line."""

    row: int
    reason: str


class Deleted(NamedTuple):
    """The event that a post, or a follow, of this id was taken back."""

    post_id: str


class Warned(NamedTuple):
    """What is to be said of the file as a whole, as that some of its rows had to be mended."""

    sentence: str


Item = Post | Tie | Share | Known | NoTie | Unusable | Deleted | Dropped | Warned


@dataclass(frozen=True)
class Traffic:
    """What an export of posts holds, before accounts are numbered.

    ``interactions``, ``posts``, ``accounts`` and ``aliases`` are frames as :meth:`netact.network.Network.from_tables` takes them.
    """

    interactions: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame
    aliases: pl.DataFrame
    shares: pl.DataFrame
    records: tuple[Counted, ...]
    rows_read: int
    time_zone: str | None = None  # how times without a zone were read
    dropped: tuple[Dropped, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unreadable_times: int = 0


@dataclass(frozen=True)
class PostTable:
    """An export of posts that has been recognised and opened.

    Attributes
    ----------
    items
        Says what the records are, in the order of the file; called again where the ids of accounts turn out to be damaged.
    platform
        The platform of all accounts.
    fields
        What of a record is read, by role, for the receipt.
    noun
        What records are called, in the plural.
    """

    items: Callable[[], Iterable[Item]]
    platform: str
    fields: dict[str, str]
    noun: str = Message("posts")
    encoding: str | None = None
    dialect: dict[str, str] | None = None
    evidence: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    remedy: str = "check --kind, or export the posts with their authors and targets"  # where there is no interaction
    whole_times: bool = False  # times are told apart (3/4/2020) only by all of them together


SHARED = Message("shares of an object")
WITHOUT_TIE = Message("posts without a tie")
ALONG = Message("posts that came along with others")
NO_AUTHOR = Message("no author, or a placeholder for one that was removed")
ODD = Message("not laid out as such records are")
TAKEN_BACK = Message("taken back later")

_TIES = pl.Schema(
    {
        "row": pl.UInt32(), "kind": pl.String(), "source": pl.String(), "target": pl.String(), "weight": pl.Float64(),
        "time": pl.String(), "post_id": pl.String(), "ref_post_id": pl.String(), "quality": pl.String(),
    }
)  # fmt: skip
_WRITTEN = pl.Schema(
    {
        "account": pl.String(), "post_id": pl.String(), "time": pl.String(), "client": pl.String(), "collected": pl.Boolean(),
        "hashtags": pl.List(pl.String()),
    }
)  # fmt: skip
_SHARES = pl.Schema(
    {"row": pl.UInt32(), "account": pl.String(), "object": pl.String(), "time": pl.String(), "post_id": pl.String()}
)
_SIGHTINGS = pl.Schema(
    {
        "account": pl.String(), "native_id": pl.String(), "handle": pl.String(), "display_name": pl.String(),
        "is_bot": pl.Boolean(), "time": pl.String(),
    }
)  # fmt: skip


@dataclass
class _Clock:
    """Reads the times of an export and remembers what had to be assumed."""

    together: bool  # only when all of them are known
    zone: str | None = None
    unreadable: int = 0
    assumptions: dict[str, None] = field(default_factory=dict)

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        times = parse_times(frame["time"])
        self.zone = self.zone or times.zone
        self.unreadable += times.unreadable
        self.assumptions |= dict.fromkeys(times.assumptions)
        return frame.with_columns(time=times.values)


@dataclass
class _Pile:
    """Rows collected in memory and packed into a frame now and then."""

    schema: pl.Schema
    clock: _Clock
    rows: list[tuple[object, ...]] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)
    unreadable: int = 0

    def add(self, row: tuple[object, ...]) -> None:
        self.rows.append(row)
        if len(self.rows) >= _BATCH:
            self.pack()

    def pack(self) -> None:
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.schema)
        data = [
            _series(name, values, dtype) for (name, dtype), values in zip(self.schema.items(), columns, strict=True)
        ]
        frame = pl.DataFrame(data)
        self.parts.append(frame if self.clock.together else self._timed(frame))
        self.rows.clear()

    def frame(self) -> pl.DataFrame:
        self.pack()
        frame = pl.concat(self.parts)
        self.parts.clear()
        return self._timed(frame) if self.clock.together else frame

    def _timed(self, frame: pl.DataFrame) -> pl.DataFrame:
        before = self.clock.unreadable
        frame = self.clock.read(frame)
        self.unreadable += self.clock.unreadable - before
        return _span(frame, pl.col("time"), pl.col("time")) if self.schema == _SIGHTINGS else frame


def _series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    try:
        return pl.Series(name, list(values), dtype=dtype)
    except UnicodeEncodeError:
        return pl.Series(name, [_writable(value) for value in values], dtype=dtype)


def _writable(value: Any) -> Any:
    """Return a value whose texts can be written: half of a pair of surrogates, as of an emoji cut in two, is ``?``."""
    if isinstance(value, list):
        return [_writable(part) for part in value]
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


class _Collector:
    """Takes items and keeps what they say, as plain as it can be kept."""

    def __init__(self, clock: _Clock, *, by_handle: bool = False) -> None:
        self.by_handle = by_handle
        self.ties, self.written = _Pile(_TIES, clock), _Pile(_WRITTEN, clock)
        self.sightings, self.shares = _Pile(_SIGHTINGS, clock), _Pile(_SHARES, clock)
        self.records: Counter[str] = Counter()
        self.unusable: Counter[str] = Counter()
        self.lines: dict[str, list[int]] = {}
        self.deleted: set[str] = set()
        self.warnings: list[str] = []
        self._seen: dict[str, tuple[str | None, str | None, bool | None]] = {}

    def account(self, who: Account, time: str | None = None) -> str | None:
        """Return what an account is called in rows, and note under which name it was seen.

        The time counts only where the account itself acts: what others call it may be long out of date.
        """
        native_id, handle, name, bot = who
        if type(native_id) is not str:
            native_id = text_of(native_id)
        if type(handle) is not str:
            handle = text_of(handle)
        if type(name) is not str:
            name = text_of(name)
        handle, name = handle or None, name or None
        if self.by_handle:
            native_id = None
        elif native_id and time is None and self._seen.get(native_id) == (handle, name, bot):
            return native_id
        if native_id:
            if native_id.casefold() in PLACEHOLDERS:
                return None
            text = native_id
            if handle is None and name is None and bot is None:
                return text
        elif handle:
            if handle.lstrip("@").casefold() in PLACEHOLDERS:
                return None
            text = handle if handle[0] == "@" else "@" + handle
            if name is None and bot is None:
                return text if len(text) > 1 else None
        else:
            return None
        if time is not None or self._seen.get(text) != (handle, name, bot):
            self._seen[text] = (handle, name, bot)
            self.sightings.add((text, native_id, handle.lstrip("@") if handle else None, name, bot, time))
        return text

    def reference(self, found: Reference | None) -> tuple[str | None, str | None] | None:
        """Return the author and the id of a post, or None if neither is known."""
        if found is None:
            return None
        author = None if found.author is None else self.account(found.author)
        post_id = text_of(found.post_id)
        return None if author is None and not post_id else (author, post_id or None)

    def drop(self, row: int, reason: str) -> None:
        self.unusable[reason] += 1
        if self.unusable[reason] <= 5:
            self.lines.setdefault(reason, []).append(row)

    def post(self, post: Post, noun: str) -> None:
        row, author, client, post_id, time = post.row, post.author, post.client, post.post_id, post.time
        client = (client if type(client) is str else text_of(client)) or None
        post_id = (post_id if type(post_id) is str else text_of(post_id)) or None
        time = (time if type(time) is str else text_of(time)) or None
        source = self.account(author, time)
        if not post.collected:
            if source is not None:
                self.records[ALONG] += 1
                self.written.add((source, post_id, time, client, False, None))
            return
        self.records[noun] += 1
        if source is None:
            self.drop(row, NO_AUTHOR)
            return
        passed_on = self.reference(post.reposted) if post.reposted is not None else None
        kind: Kind = "retweet"
        if passed_on is None and post.forwarded is not None:
            passed_on, kind = self.reference(post.forwarded), "forward"
        quality = "inferred" if post.inferred else "ok"
        for thing in post.shared:
            self.object(row, source, text_of(thing), time, post_id)
        if passed_on is not None:
            self.written.add((source, post_id, time, client, True, None))
            self.ties.add((row, kind, source, passed_on[0], 1.0, time, post_id, passed_on[1], quality))
            return
        tags = [tag for tag in post.hashtags if isinstance(tag, str)]
        self.written.add((source, post_id, time, client, True, tags or None))
        told: set[str | None] = {source}
        ties = len(post.shared)
        acted_on: list[tuple[Kind, Reference | None]] = [("quote", post.quoted), ("reply", post.replied)]
        if post.answered:
            acted_on += [("reply", reference) for reference in post.answered]
        for kind_of, reference in acted_on:
            if reference is not None and (found := self.reference(reference)) is not None:
                told.add(found[0])
                ties += 1
                self.ties.add((row, kind_of, source, found[0], 1.0, time, post_id, found[1], quality))
        if post.mentioned or post.implied or post.written:
            ties += self._mentions(post, source, told, time, post_id, quality)
        if not ties:
            self.records[WITHOUT_TIE] += 1

    def _mentions(
        self, post: Post, source: str, told: set[str | None], time: str | None, post_id: str | None, quality: str
    ) -> int:
        """Tie an author to whom a post mentions and does not otherwise act on; return to how many."""
        ties = 0
        names = {
            _bare(who.handle)
            for who in (reference.author for reference in (post.quoted, post.replied) if reference)
            if who
        }
        names.add(_bare(post.author.handle))
        for whom, how in ((post.mentioned, quality), (post.implied, "implicit"), (post.written, "inferred")):
            for who in whom:
                target = self.account(who)
                if target is None or target in told or (who.handle and _bare(who.handle) in names):
                    continue
                told.add(target)
                ties += 1
                self.ties.add((post.row, "mention", source, target, 1.0, time, post_id, None, how))
        return ties

    def tie(self, tie: Tie) -> None:
        time, post_id = text_of(tie.time), text_of(tie.post_id)
        source, target = self.account(tie.source, time), self.account(tie.target)
        self.ties.add((tie.row, tie.kind, source, target, float(tie.weight), time, post_id, None, "ok"))

    def share(self, share: Share) -> None:
        time, shared = text_of(share.time), text_of(share.shared)
        account = self.account(share.account, time)
        if account is None:
            self.drop(share.row, NO_AUTHOR)
        elif not shared:
            self.records[WITHOUT_TIE] += 1
        else:
            self.object(share.row, account, shared, time, text_of(share.post_id))

    def object(self, row: int, account: str, shared: str | None, time: str | None, post_id: str | None) -> None:
        if shared:
            self.records[SHARED] += 1
            self.shares.add((row, account, shared, time, post_id))

    def take(self, items: Iterable[Item], noun: str) -> None:
        for item in items:
            if isinstance(item, Post):
                self.post(item, noun)
            elif isinstance(item, Tie):
                self.tie(item)
            elif isinstance(item, Share):
                self.share(item)
            elif isinstance(item, NoTie):
                self.records[item.what] += 1
            elif isinstance(item, Unusable):
                self.drop(item.row, item.reason)
            elif isinstance(item, Known):
                self.account(item.account, text_of(item.time))
            elif isinstance(item, Dropped):
                self.unusable[item.reason] += item.rows
                self.lines.setdefault(item.reason, []).extend(item.first_lines[:5])
            elif isinstance(item, Warned):
                self.warnings.append(item.sentence)
            else:
                self.deleted.add(item.post_id)


def _bare(handle: object) -> str | None:
    return handle.lstrip("@").casefold() if isinstance(handle, str) and handle else None


def text_of(value: object) -> str | None:
    """Return a value of a record as text; None if it is empty or no single value."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def each(records: Iterable[tuple[int, Any, str]], take: Callable[[int, Any], Iterable[Item]]) -> Iterator[Item]:
    """Yield what ``take`` says each record is; one that is not laid out as it should be is counted, not fatal."""
    for row, record, fault in records:
        if fault:
            yield Unusable(row, fault)
        else:
            yield from guarded(row, record, take)


def guarded(row: int, record: Any, take: Callable[[int, Any], Iterable[Item]]) -> list[Item]:
    """Return what ``take`` says a record is, or that it is not laid out as it should be."""
    try:
        return list(take(row, record))
    except (TypeError, AttributeError, KeyError, ValueError, IndexError, RecursionError, OverflowError):
        return [Unusable(row, ODD)]


def table_rows(
    table: RawTable, wanted: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str | None]] | Dropped | Warned]:
    """Yield the line and the cells of each row of a table, what could not be read and what had to be mended.

    ``wanted`` is name to use -> name of the column, compared as headers are; a column that is not there gives None.
    Empty cells are None.
    """
    by_name = {fold(name): name for name in reversed(table.columns)}
    found = {name: by_name[fold(column)] for name, column in wanted.items() if fold(column) in by_name}
    missing = dict.fromkeys(set(wanted) - set(found))
    loaded = table.load(list(dict.fromkeys(found.values())))
    yield from loaded.dropped
    yield from map(Warned, loaded.warnings)
    text = pl.col(list(dict.fromkeys(found.values()))).cast(pl.String, strict=False)
    frame = loaded.frame.select("row", pl.when(text.str.strip_chars() != "").then(text))
    names = [*found, *missing]
    for part in frame.iter_slices(_BATCH):
        absent = [[None] * part.height] * len(missing)
        cells = zip(*(part[column].to_list() for column in found.values()), *absent, strict=True)
        for row, values in zip(part["row"].to_list(), cells, strict=True):
            yield row, dict(zip(names, values, strict=True))


def each_row(
    table: RawTable, wanted: Mapping[str, str], take: Callable[[int, dict[str, str | None]], Iterable[Item]]
) -> Iterator[Item]:
    """Yield what ``take`` says each row of a table is; see :func:`table_rows`."""
    for found in table_rows(table, wanted):
        if isinstance(found, Dropped | Warned):
            yield found
        else:
            yield from guarded(found[0], found[1], take)


def collect(table: PostTable, *, by_handle: bool = False) -> Traffic:
    """Read all records of an export of posts; with ``by_handle`` ids of accounts are passed over."""
    clock = _Clock(table.whole_times)
    collector = _Collector(clock, by_handle=by_handle)
    collector.take(table.items(), table.noun)
    ties, seen, shares = (pile.frame() for pile in (collector.ties, collector.sightings, collector.shares))
    seen = _span(seen, pl.col("first_seen"), pl.col("last_seen"))
    written = collector.written.frame()
    dropped = [
        Dropped(reason, count, tuple(collector.lines[reason])) for reason, count in sorted(collector.unusable.items())
    ]
    platform = pl.lit(table.platform or None, dtype=pl.String)
    ties = ties.with_columns(platform=platform)
    rows_read = ties.height + sum(item.rows for item in dropped)
    if collector.deleted:
        gone = pl.col("post_id").is_in(sorted(map(_writable, collector.deleted))).fill_null(value=False)
        lines = ties.filter(gone)["row"].sort()
        if len(lines):
            dropped.append(Dropped(TAKEN_BACK, len(lines), tuple(lines.head(5).to_list())))
        ties, shares = ties.filter(~gone), shares.filter(~gone)
    return Traffic(
        interactions=ties,
        posts=written.with_columns(platform=platform),
        accounts=_accounts(seen, platform),
        aliases=_aliases(seen, platform),
        shares=shares.drop("row").with_columns(platform=platform),
        records=tuple(Counted(what, number) for what, number in sorted(collector.records.items()) if number),
        rows_read=rows_read,
        time_zone=clock.zone,
        dropped=tuple(dropped),
        assumptions=tuple(clock.assumptions),
        warnings=tuple(dict.fromkeys(collector.warnings)),
        # The same time may stand in several tables: it is counted once.
        unreadable_times=max(pile.unreadable for pile in (collector.ties, collector.written, collector.shares)),
    )


_NAMES = ["native_id", "handle", "display_name", "is_bot"]


def _span(seen: pl.DataFrame, first: pl.Expr, last: pl.Expr) -> pl.DataFrame:
    """Return each name of each account once, with the first and the last time it acted under it."""
    return seen.group_by("account", *_NAMES).agg(first_seen=first.min(), last_seen=last.max())


def _accounts(seen: pl.DataFrame, platform: pl.Expr) -> pl.DataFrame:
    """Return one row an account, under the last name it was seen with."""
    ordered = seen.sort(["account", "last_seen", "first_seen", *_NAMES], nulls_last=False)
    found = ordered.group_by("account", maintain_order=True).agg(pl.col(_NAMES).drop_nulls().last())
    if not found["is_bot"].any():
        found = found.drop("is_bot")
    return found.rename({"account": "key"}).with_columns(platform=platform)


def _aliases(seen: pl.DataFrame, platform: pl.Expr) -> pl.DataFrame:
    """Return the handles of each id, and from when to when it acted under them."""
    named = seen.drop_nulls(["native_id", "handle"])
    found = named.group_by("account", "handle").agg(pl.col("first_seen").min(), pl.col("last_seen").max())
    return found.with_columns(platform=platform)
