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
from netact.schemas import KINDS, QUALITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from netact.importers.mapping import RawTable
    from netact.schemas import Kind

_BATCH = 100_000
_PACKED = 20_000  # rows that are held as Python values
_MOST_KNOWN = 200_000  # names of accounts that are remembered, so that each is stored but once


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

# Rows are collected with numbers for accounts (of names, see _Collector), programs and acts; the ends are put in once.
_ACTS = pl.Schema(
    {
        "row": pl.UInt32(), "account": pl.UInt32(), "time": pl.String(), "post_id": pl.String(), "client": pl.UInt32(),
        "posted": pl.Boolean(),
    }
)  # fmt: skip
_ALONG = pl.Schema({"account": pl.UInt32(), "time": pl.String(), "post_id": pl.String(), "client": pl.UInt32()})
_TIES = pl.Schema(
    {
        "act": pl.UInt32(), "kind": pl.Enum(KINDS), "target": pl.UInt32(), "weight": pl.Float64(),
        "ref_post_id": pl.String(), "quality": pl.Enum(QUALITIES),
    }
)  # fmt: skip
_TAGS = pl.Schema({"act": pl.UInt32(), "hashtag": pl.String()})
_SHARES = pl.Schema({"act": pl.UInt32(), "object": pl.String()})
_NAMES_SEEN = pl.Schema(
    {
        "account": pl.String(), "native_id": pl.String(), "handle": pl.String(), "display_name": pl.String(),
        "is_bot": pl.Boolean(),
    }
)  # fmt: skip


@dataclass
class _Clock:
    """Reads the times of an export and remembers what had to be assumed."""

    together: bool  # only when all of them are known
    zone: str | None = None
    assumptions: dict[str, None] = field(default_factory=dict)

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Read the column ``time``, and add whether a time is there that cannot be read."""
        text = frame["time"]
        times = parse_times(text)
        self.zone = self.zone or times.zone
        self.assumptions |= dict.fromkeys(times.assumptions)
        failed = pl.lit(value=False)
        if times.unreadable:
            failed = pl.lit(times.values.is_null() & (text.str.strip_chars() != "").fill_null(value=False))
        return frame.with_columns(time=times.values, unreadable=failed)


@dataclass
class _Pile:
    """Rows collected in memory and packed into a frame now and then."""

    schema: pl.Schema
    clock: _Clock
    rows: list[tuple[object, ...]] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)

    def pack(self, least: int = 0) -> None:
        """Pack the rows if there are so many."""
        if len(self.rows) < least:
            return
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.schema)
        frame = pl.DataFrame(
            [_series(name, values, dtype) for (name, dtype), values in zip(self.schema.items(), columns, strict=True)]
        )
        self.rows.clear()
        timed = "time" in self.schema and not self.clock.together
        self.parts.append(self.clock.read(frame) if timed else frame)

    def frame(self) -> pl.DataFrame:
        """Return all rows; the pile is empty then."""
        self.pack()
        frame = pl.concat(self.parts)
        self.parts.clear()
        return self.clock.read(frame) if "time" in self.schema and self.clock.together else frame


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
    """Takes items and keeps what they say, as plain as it can be kept.

    An account stands in rows as the number of a name it was seen under, 0 where it is unknown; one account may have
    several names. Acts are numbered as they come; ties and shares name the act they belong to.
    """

    def __init__(self, clock: _Clock, *, by_handle: bool = False) -> None:
        self.by_handle = by_handle
        self.acts, self.along, self.ties = _Pile(_ACTS, clock), _Pile(_ALONG, clock), _Pile(_TIES, clock)
        self.tags, self.shares, self.names = _Pile(_TAGS, clock), _Pile(_SHARES, clock), _Pile(_NAMES_SEEN, clock)
        self.records: Counter[str] = Counter()
        self.unusable: Counter[str] = Counter()
        self.lines: dict[str, list[int]] = {}
        self.deleted: set[str] = set()
        self.warnings: list[str] = []
        self.clients: dict[str | None, int] = {None: 0}
        self._known: dict[Account, tuple[int, str | None]] = {}
        self.names.rows.append((None,) * len(_NAMES_SEEN))
        self._n_names, self._n_acts, self._n_posts, self._n_along = 1, 0, 0, 0

    def name(self, who: Account) -> tuple[int, str | None]:
        """Return the number of the name an account was seen under, and what the account is called in rows."""
        try:
            return self._known.get(who) or self._new_name(who)
        except TypeError:  # a record or list where a text should be
            return self._new_name(Account(text_of(who.native_id), text_of(who.handle), text_of(who.name), who.bot))

    def _new_name(self, who: Account) -> tuple[int, str | None]:
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
        if native_id:
            text = None if native_id.casefold() in PLACEHOLDERS else native_id
        elif handle and handle.lstrip("@").casefold() not in PLACEHOLDERS:
            text = handle if handle[0] == "@" else "@" + handle
            if text == "@" and name is None and bot is None:
                text = None
        else:
            text = None
        found = (0, None) if text is None else (self._n_names, text)
        if text is not None:
            self._n_names += 1
            self.names.rows.append((text, native_id, handle.lstrip("@") if handle else None, name, bot))
        # 1, 1.0 and True are one key of a dict and differ as names.
        if (
            (native_id is who[0] or who[0] is None)
            and (handle is who[1] or who[1] is None)
            and (name is who[2] or who[2] is None)
        ):
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[who] = found
        return found

    def act(self, row: int, account: int, time: str | None, post_id: str | None) -> int:
        """Note that an account did something that is no post, and return the number of it."""
        self.acts.rows.append((row, account, time, post_id, 0, False))
        self._n_acts += 1
        return self._n_acts - 1

    def reference(self, found: Reference) -> tuple[int, str | None, str | None] | None:
        """Return the author, by number and as called in rows, and the id of a post, or None if neither is known."""
        post_id, author = found
        number, text = (0, None) if author is None else self.name(author)
        if type(post_id) is not str:
            post_id = text_of(post_id)
        return None if text is None and not post_id else (number, text, post_id or None)

    def drop(self, row: int, reason: str) -> None:
        self.unusable[reason] += 1
        if self.unusable[reason] <= 5:
            self.lines.setdefault(reason, []).append(row)

    def post(self, post: Post) -> None:
        (
            row, post_id, author, time, reposted, forwarded, quoted, replied, mentioned, implied, hashtags, client, collected,
            inferred, shared, answered, written,
        ) = post  # fmt: skip
        post_id = (post_id if type(post_id) is str else text_of(post_id)) or None
        time = (time if type(time) is str else text_of(time)) or None
        client = (client if type(client) is str else text_of(client)) or None
        program = self.clients.get(client)
        if program is None:
            program = self.clients[client] = len(self.clients)
        number, source = self.name(author)
        if not collected:
            if source is not None:
                self._n_along += 1
                self.along.rows.append((number, time, post_id, program))
            return
        self._n_posts += 1
        if source is None:
            self.drop(row, NO_AUTHOR)
            return
        passed_on = self.reference(reposted) if reposted is not None else None
        kind: Kind = "retweet"
        if passed_on is None and forwarded is not None:
            passed_on, kind = self.reference(forwarded), "forward"
        quality = "inferred" if inferred else "ok"
        act = self._n_acts
        self._n_acts += 1
        self.acts.rows.append((row, number, time, post_id, program, True))
        if hashtags and passed_on is None:
            self.tags.rows += [(act, tag) for tag in hashtags if isinstance(tag, str)]
        for thing in shared:
            self.object(act, text_of(thing))
        ties = self.ties.rows
        if passed_on is not None:
            ties.append((act, kind, passed_on[0], 1.0, passed_on[2], quality))
            return
        told: set[str | None] = {source}
        before = len(ties)
        if quoted is not None and (found := self.reference(quoted)) is not None:
            told.add(found[1])
            ties.append((act, "quote", found[0], 1.0, found[2], quality))
        for reference in (replied, *answered):
            if reference is not None and (found := self.reference(reference)) is not None:
                told.add(found[1])
                ties.append((act, "reply", found[0], 1.0, found[2], quality))
        if mentioned or implied or written:
            self._mentions(post, act, told, quality)
        if len(ties) == before and not shared:
            self.records[WITHOUT_TIE] += 1

    def _mentions(self, post: Post, act: int, told: set[str | None], quality: str) -> None:
        """Tie an author to whom a post mentions and does not otherwise act on."""
        names = {
            _bare(who.handle)
            for who in (reference.author for reference in (post.quoted, post.replied) if reference)
            if who
        }
        names.add(_bare(post.author.handle))
        for whom, how in ((post.mentioned, quality), (post.implied, "implicit"), (post.written, "inferred")):
            for who in whom:
                number, target = self.name(who)
                if target is None or target in told or (who.handle and _bare(who.handle) in names):
                    continue
                told.add(target)
                self.ties.rows.append((act, "mention", number, 1.0, None, how))

    def tie(self, tie: Tie) -> None:
        source, target = self.name(tie.source)[0], self.name(tie.target)[0]
        act = self.act(tie.row, source, text_of(tie.time), text_of(tie.post_id))
        self.ties.rows.append((act, tie.kind, target, float(tie.weight), None, "ok"))

    def share(self, share: Share) -> None:
        shared = text_of(share.shared)
        number, account = self.name(share.account)
        if account is None:
            self.drop(share.row, NO_AUTHOR)
            return
        act = self.act(share.row, number, text_of(share.time), text_of(share.post_id))
        if shared:
            self.object(act, shared)
        else:
            self.records[WITHOUT_TIE] += 1

    def object(self, act: int, shared: str | None) -> None:
        if shared:
            self.records[SHARED] += 1
            self.shares.rows.append((act, shared))

    def known(self, item: Known) -> None:
        number, time = self.name(item.account)[0], text_of(item.time)
        if number and time:
            self.act(0, number, time, None)

    def take(self, items: Iterable[Item], noun: str) -> None:
        for number, item in enumerate(items):
            if type(item) is Post:
                self.post(item)
            elif isinstance(item, Tie):
                self.tie(item)
            elif isinstance(item, Share):
                self.share(item)
            elif isinstance(item, NoTie):
                self.records[item.what] += 1
            elif isinstance(item, Unusable):
                self.drop(item.row, item.reason)
            elif isinstance(item, Known):
                self.known(item)
            elif isinstance(item, Dropped):
                self.unusable[item.reason] += item.rows
                self.lines.setdefault(item.reason, []).extend(item.first_lines[:5])
            elif isinstance(item, Warned):
                self.warnings.append(item.sentence)
            elif isinstance(item, Deleted):
                self.deleted.add(item.post_id)
            if not number % 1024:
                self._pack()
        self.records[noun] += self._n_posts
        self.records[ALONG] += self._n_along

    def _pack(self) -> None:
        for pile in (self.acts, self.along, self.ties, self.tags, self.shares, self.names):
            pile.pack(_PACKED)


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
    acts, along, tied, tags, shared, names = (
        pile.frame()
        for pile in (
            collector.acts, collector.along, collector.ties, collector.tags, collector.shares, collector.names,
        )
    )  # fmt: skip
    clients = _series("client", list(collector.clients), pl.String())
    dropped = [
        Dropped(reason, count, tuple(collector.lines[reason])) for reason, count in sorted(collector.unusable.items())
    ]
    records = tuple(Counted(what, number) for what, number in sorted(collector.records.items()) if number)
    warnings = tuple(dict.fromkeys(collector.warnings))
    deleted = sorted(map(_writable, collector.deleted))
    del collector
    seen = _seen(names, acts, along)
    # The same time may stand in several tables: it is counted once.
    failed = acts["unreadable"]
    unreadable = max(
        int(failed.gather(tied["act"]).sum()),
        int(acts.select((pl.col("unreadable") & pl.col("posted")).sum()).item()) + int(along["unreadable"].sum()),
        int(failed.gather(shared["act"]).sum()),
    )
    platform = pl.lit(table.platform or None, dtype=pl.String)
    text = names["account"]
    source = text.gather(acts["account"])
    rows = tied["act"]
    ties = pl.DataFrame(
        {
            "row": acts["row"].gather(rows), "kind": tied["kind"], "source": source.gather(rows),
            "target": text.gather(tied["target"]), "weight": tied["weight"], "time": acts["time"].gather(rows),
            "post_id": acts["post_id"].gather(rows), "ref_post_id": tied["ref_post_id"], "quality": tied["quality"],
        }
    )  # fmt: skip
    ties = ties.with_columns(platform=platform)
    rows = shared["act"]
    shares = pl.DataFrame(
        {
            "account": source.gather(rows), "object": shared["object"], "time": acts["time"].gather(rows),
            "post_id": acts["post_id"].gather(rows),
        }
    )  # fmt: skip
    columns = ["account", "post_id", "time", "client", "collected", "hashtags"]
    written = pl.concat(
        [
            _with_tags(acts, tags).with_columns(account=source, collected=True).filter("posted").select(columns),
            along.select(
                text.gather(along["account"]).alias("account"), "post_id", "time", "client",
                collected=pl.lit(value=False), hashtags=pl.lit(None, dtype=pl.List(pl.String)),
            ),
        ]
    )  # fmt: skip
    written = written.with_columns(client=clients.gather(written["client"]))
    rows_read = ties.height + sum(item.rows for item in dropped)
    if deleted:
        gone = pl.col("post_id").is_in(deleted).fill_null(value=False)
        lines = ties.filter(gone)["row"].sort()
        if len(lines):
            dropped.append(Dropped(TAKEN_BACK, len(lines), tuple(lines.head(5).to_list())))
        ties, shares = ties.filter(~gone), shares.filter(~gone)
    return Traffic(
        interactions=ties,
        posts=written.with_columns(platform=platform),
        accounts=_accounts(seen, platform),
        aliases=_aliases(seen, platform),
        shares=shares.with_columns(platform=platform),
        records=records,
        rows_read=rows_read,
        time_zone=clock.zone,
        dropped=tuple(dropped),
        assumptions=tuple(clock.assumptions),
        warnings=warnings,
        unreadable_times=unreadable,
    )


_NAMES = ["native_id", "handle", "display_name", "is_bot"]


def _with_tags(acts: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Add the list of hashtags of each act, null where it has none."""
    lists = tags.group_by("act", maintain_order=True).agg(hashtags="hashtag")
    numbered = acts.with_row_index("act")
    return numbered.join(lists, on="act", how="left", maintain_order="left")


def _seen(names: pl.DataFrame, acts: pl.DataFrame, along: pl.DataFrame) -> pl.DataFrame:
    """Return each name of each account once, with the first and the last time it acted under it.

    What others call an account tells no time: it may be long out of date. What is but an id or a handle is no name.
    """
    moments = pl.concat([acts.select("account", "time"), along.select("account", "time")])
    spans = moments.group_by(number="account").agg(first_seen=pl.col("time").min(), last_seen=pl.col("time").max())
    found = names.with_row_index("number").join(spans, on="number", how="left")
    by_id = pl.col("native_id").is_not_null() & pl.col("handle").is_not_null()
    named = by_id | pl.col("display_name").is_not_null() | pl.col("is_bot").is_not_null()
    found = found.filter(pl.col("account").is_not_null() & named)
    return found.group_by("account", *_NAMES).agg(pl.col("first_seen").min(), pl.col("last_seen").max())


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
