"""The central type: a movement's accounts, their interactions and who administers which account.

**A tie points from the account that gives attention to the account that receives it**: from the follower to the
followed, from the retweeter to the author. Every importer obeys this; measures that need the opposite direction
("influence") turn it themselves and say so.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl
from scipy import sparse

from netact.co_sharing import co_shares, unique_shares
from netact.coding import all_different, distinct_rows, in_order, text_order
from netact.collection import Collection
from netact.errors import SchemaError
from netact.frames import to_polars
from netact.language import Message
from netact.receipt import Dropped, Receipt, SourceReceipt
from netact.representation import Listing, Sheet, line, number, page, size
from netact.schemas import (
    ACCOUNTS,
    ADMIN_RIGHTS,
    AGGREGATED,
    ALIASES,
    EARLIER,
    HASHTAG_LENGTH,
    HASHTAGS,
    IDENTITIES,
    INTERACTIONS,
    KINDS,
    OPERATIONS,
    OUTCOMES,
    POSTS,
    SHARES,
    TRIGGERS,
    UNRESOLVED,
    Kind,
    conform,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import igraph
    import networkx as nx
    from numpy.typing import NDArray

    from netact.frames import Frame

# What a tie of each kind says of its two accounts.
_NAMES = {"a": "@a", "b": "@b"}
_TIES: dict[Kind, Message] = {
    "follow": Message("{a} follows {b}", **_NAMES),
    "retweet": Message("{a} retweeted {b}", **_NAMES),
    "mention": Message("{a} mentioned {b}", **_NAMES),
    "reply": Message("{a} replied to {b}", **_NAMES),
    "quote": Message("{a} quoted {b}", **_NAMES),
    "forward": Message("{a} forwarded {b}", **_NAMES),
    "share": Message("{a} shared {b}", **_NAMES),
}

# Which kind of tie stands for attention when a measure is not told: the first of these that the data hold.
ATTENTION_ORDER: tuple[Kind, ...] = ("retweet", "forward", "share", "follow", "quote", "mention", "reply")

# Platforms on which two spellings of a handle that differ only in case are one account.
CASE_FOLDING_PLATFORMS = frozenset(
    ["twitter", "x", "instagram", "tiktok", "bluesky", "mastodon", "threads", "truthsocial", "reddit", "telegram"]
)

# Why an interaction with the author of a post is kept apart.
UNRESOLVED_REASON = Message(
    "refers to a post whose author is not in the file: kept apart, never merged into one account"
)

_ENDS = ("source", "target")

# Columns of interactions that only exports of posts fill.
_LATER = frozenset({"ref_post_id", "quality"})
_LATER_RIGHTS = frozenset({"valid_from", "valid_to", "evidence", "confidence"})

# Zero-width and bidirectional marks: invisible, so never part of who an account is.
_INVISIBLE = r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"


@dataclass(frozen=True, eq=False)
class Ties:
    """Aggregated ties of one kind, sorted by source, then target; without self-ties or repeats.

    ``source`` and ``target`` are row numbers of the network's accounts; ``weight`` is the summed weight and
    ``events`` the number of interactions behind a tie.
    """

    n_accounts: int
    source: NDArray[np.uint32]
    target: NDArray[np.uint32]
    weight: NDArray[np.float64]
    events: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.source)

    def __repr__(self) -> str:
        return line(Sheet("Ties", facts=(("accounts", number(self.n_accounts)), ("ties", number(len(self))))))

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """Weights as a CSR array, row = source (gives attention), column = target (receives it)."""
        shape = (self.n_accounts, self.n_accounts)
        # Places of 32 bits where they suffice: half the memory, and those that scipy's searches of graphs need anyway.
        places = np.int32 if max(self.n_accounts, len(self)) < 2**31 else np.int64
        indptr = np.zeros(self.n_accounts + 1, dtype=places)
        np.cumsum(np.bincount(self.source, minlength=self.n_accounts), out=indptr[1:])
        return sparse.csr_array((self.weight, self.target.astype(places), indptr), shape=shape)

    @cached_property
    def in_strength(self) -> NDArray[np.float64]:
        """Attention received: summed weight of incoming ties, one value an account."""
        return np.bincount(self.target, weights=self.weight, minlength=self.n_accounts).astype(np.float64)

    @cached_property
    def out_strength(self) -> NDArray[np.float64]:
        """Attention given: summed weight of outgoing ties, one value an account."""
        return np.bincount(self.source, weights=self.weight, minlength=self.n_accounts).astype(np.float64)

    @cached_property
    def in_degree(self) -> NDArray[np.int64]:
        """Number of distinct accounts that give attention to each account."""
        return np.bincount(self.target, minlength=self.n_accounts)

    @cached_property
    def out_degree(self) -> NDArray[np.int64]:
        """Number of distinct accounts that each account gives attention to."""
        return np.bincount(self.source, minlength=self.n_accounts)

    @cached_property
    def active(self) -> NDArray[np.bool_]:
        """Whether an account has any tie."""
        return (self.in_degree + self.out_degree) > 0

    def where(self, keep: NDArray[np.bool_]) -> Ties:
        """Return the ties for which ``keep``, one value a tie, is true."""
        return Ties(self.n_accounts, self.source[keep], self.target[keep], self.weight[keep], self.events[keep])

    def among(self, accounts: NDArray[np.bool_]) -> Ties:
        """Return the ties whose two ends are in ``accounts``, one value an account."""
        return self.where(accounts[self.source] & accounts[self.target])

    def undirected(self) -> Ties:
        """Return one tie a pair (source < target), weights of the two directions added."""
        low = np.minimum(self.source, self.target).astype(np.uint64)
        high = np.maximum(self.source, self.target).astype(np.uint64)
        order = np.argsort(low * np.uint64(self.n_accounts) + high, kind="stable")
        return _aggregate(self.n_accounts, low[order], high[order], self.weight[order], self.events[order])

    def weak_components(self) -> NDArray[np.int32]:
        """Return the number of each account's weakly connected component; 0 is the largest, -1 has no tie."""
        _, label = sparse.csgraph.connected_components(self.matrix, directed=True, connection="weak")
        label[~self.active] = -1
        present = label[label >= 0]
        if not len(present):
            return np.full(self.n_accounts, -1, dtype=np.int32)
        sizes = np.bincount(present)
        first = np.full(len(sizes), self.n_accounts)
        np.minimum.at(first, present, np.flatnonzero(label >= 0))
        rank = np.empty(len(sizes), dtype=np.int32)
        rank[np.lexsort((first, -sizes))] = np.arange(len(sizes), dtype=np.int32)
        return np.where(label >= 0, rank[label], -1).astype(np.int32)


def _aggregate(
    n: int,
    source: NDArray[Any],
    target: NDArray[Any],
    weight: NDArray[np.float64],
    events: NDArray[np.int64] | None = None,
) -> Ties:
    """Sum sorted rows of the same pair."""
    if not len(source):
        empty = np.empty(0, dtype=np.uint32)
        return Ties(n, empty, empty, np.empty(0), np.empty(0, dtype=np.int64))
    change = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    start = np.concatenate([[0], np.flatnonzero(change) + 1])
    count = np.diff(np.append(start, len(source))) if events is None else np.add.reduceat(events, start)
    return Ties(
        n, source[start].astype(np.uint32), target[start].astype(np.uint32), np.add.reduceat(weight, start), count
    )


@dataclass(frozen=True, eq=False)
class _Before:
    """The networks a network was joined from, made when they are asked for, and the tables of it for which that holds."""

    make: Callable[[], tuple[Network, ...]]
    interactions: pl.DataFrame
    accounts: pl.DataFrame

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        return self.make()


@dataclass(frozen=True, eq=False)
class Network:
    """A movement's traffic: accounts, interactions between them, and the people who administer them.

    Build one with :func:`netact.read_network`, :meth:`from_tables` or :meth:`from_graph`; the constructor takes
    finished tables. Nothing is written back into a network: measures return results of their own.

    Attributes
    ----------
    accounts
        One row an account, sorted by ``key`` (see :data:`netact.schemas.ACCOUNTS`), further columns kept.
    interactions
        One row an interaction; ``source`` and ``target`` are row numbers of ``accounts``.
    admin_rights
        Who administers which account; empty if unknown.
    directed
        False if nothing read had a direction: every tie is then held both ways. Among ties with direction, those that are
        derived from ``shares`` are held both ways too (see :meth:`has_direction`).
    receipt
        What was read, kept and dropped.
    hashtags
        Who used which hashtag (see :data:`netact.schemas.HASHTAGS`); empty if unknown.
    posts
        Who wrote which post with which program (see :data:`netact.schemas.POSTS`); empty unless posts were read.
    unresolved
        Interactions with the unknown author of a known post (see :data:`netact.schemas.UNRESOLVED`): no tie, no account.
    aliases
        The handles an account with an id was seen under (see :data:`netact.schemas.ALIASES`). Ids and handles are
        joined through it and in no other way.
    shares
        Who shared which object when (see :data:`netact.schemas.SHARES`); accounts that shared the same object are tied by
        interactions of kind ``share`` and quality ``derived`` (see :mod:`netact.co_sharing`).
    identities
        The pairs of accounts that were told to be one (see :data:`netact.schemas.IDENTITIES`) and are one account here;
        the accounts then have a column ``also``, a list of the keys that were merged into each.
    operations
        Actions that the movement was called to (see :data:`netact.schemas.OPERATIONS`); empty if unknown.
    triggers
        Events from outside that accounts may react to (see :data:`netact.schemas.TRIGGERS`); empty if unknown.
    earlier
        What accounts of this network did in earlier events (see :data:`netact.schemas.EARLIER`); empty if unknown.
    aggregated
        Where rows of ``interactions`` stand for several interactions each: how many (see
        :data:`netact.schemas.AGGREGATED`); empty unless ``netact aggregate`` made the network.
    collection
        What of the traffic was collected, as declared.
    before
        What the network was joined from, where names were joined; :meth:`combine` starts from there, so that what
        one file tells of a name holds for all.
    """

    accounts: pl.DataFrame
    interactions: pl.DataFrame
    admin_rights: pl.DataFrame
    directed: bool = True
    receipt: Receipt = field(default_factory=Receipt)
    hashtags: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HASHTAGS))
    posts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=POSTS))
    unresolved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNRESOLVED))
    aliases: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ALIASES))
    shares: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHARES))
    identities: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=IDENTITIES))
    operations: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OPERATIONS))
    triggers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TRIGGERS))
    earlier: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EARLIER))
    aggregated: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=AGGREGATED))
    collection: Collection = field(default_factory=Collection)
    before: _Before | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return line(self._sheet())

    def _repr_html_(self) -> str:
        return page(self._sheet())

    def _sheet(self) -> Sheet:
        """Return what a network shows of itself: sizes, never an account."""
        facts = [("accounts", number(self.n_accounts)), ("interactions", number(self.interactions.height))]
        if self.has_times:
            days = [str(self.interactions["time"].dt.date().min()), str(self.interactions["time"].dt.date().max())]
            facts.append(("time", " to ".join(dict.fromkeys(days))))
        platforms = self.accounts["platform"].drop_nulls().unique().sort().to_list()
        facts += [("platforms", ", ".join(platforms))] if platforms else []
        if self.admin_rights.height:
            facts.append(("people with admin rights", number(self.admin_rights["person"].n_unique())))
        kinds = tuple(
            (kind, number(rows), number(len(self.ties(kind))), "yes" if self.has_direction(kind) else "no")
            for kind, rows in self.kinds.items()
        )
        tables = tuple(
            (name, size(table))
            for name in (
                "accounts", "interactions", "admin_rights", "hashtags", "posts", "unresolved", "aliases", "shares",
                "identities", "operations", "triggers", "earlier", "aggregated",
            )
            if (table := getattr(self, name)).height
        )  # fmt: skip
        return Sheet(
            "Network",
            "A tie points from the account that gives attention to the account that receives it.",
            tuple(facts),
            (Listing("Kinds of ties", ("kind", "interactions", "ties", "directed"), kinds),),
            (Listing("Tables", ("attribute", "size"), tables), *self.receipt.grids()),
            (*self.receipt.warnings, f"Fingerprint {self.fingerprint[:12]}"),
        )

    # ------------------------------------------------------------------ building

    @classmethod
    def from_tables(
        cls,
        interactions: Frame | None = None,
        accounts: Frame | None = None,
        admin_rights: Frame | None = None,
        *,
        posts: Frame | None = None,
        aliases: Frame | None = None,
        shares: Frame | None = None,
        operations: Frame | None = None,
        triggers: Frame | None = None,
        earlier: Mapping[str, Network] | None = None,
        collection: Collection | None = None,
        ids: pl.Series | None = None,
        kind: Kind | None = None,
        directed: bool = True,
        receipt: SourceReceipt | None = None,
    ) -> Network:
        """Build a network from tables whose accounts are named by strings; polars or pandas.

        This is the one place where rows are cleaned. Dropped, and counted in the receipt with their first lines:
        rows without a source or a target; ties of an account with itself; weights that are not positive numbers;
        rows that repeat a post (same platform, post, kind and pair; the earliest stays, of equally early ones the
        heaviest); repeated follows of the same pair (following is a state; other kinds are events and are summed). A row
        without a target that names the post it acts on (``ref_post_id``) points to the author of that post, if ``posts``
        tells; else it goes to ``unresolved``.

        Parameters
        ----------
        interactions
            Columns ``source``, ``target`` and, if known, ``kind``, ``weight`` (1 if absent), ``time``,
            ``post_id``, ``platform``, ``ref_post_id``, ``quality``, ``hashtags`` (a list, or a text that :func:`split_hashtags` takes apart) and
            ``row`` (line number in the file, for the receipt). A hashtag counts for the source of its row, also
            where the tie itself is dropped; without direction nothing says who used it, and it is left out.
        accounts
            Column ``key`` or ``account`` and any of ``platform``, ``native_id``, ``handle``, ``display_name``;
            further columns are kept. Accounts without interactions are kept too.
        admin_rights
            Columns ``person``, ``account`` and, if known, ``role``, ``is_bot`` and ``platform`` (of the account).
        posts
            Columns ``account`` and, if known, ``post_id``, ``time``, ``platform``, ``client``, ``collected`` (true if
            absent) and ``hashtags``, a list; hashtags of posts stand instead of those of interactions.
        aliases
            Columns ``account`` (an id), ``platform``, ``handle`` and, if known, ``first_seen`` and ``last_seen``. Where
            a handle belongs to one id, the handle and the id are one account; a handle of several ids stays apart.
        shares
            Columns ``account`` and ``object`` and, if known, ``time``, ``post_id`` and ``platform``. Accounts that shared the
            same object are tied without direction; with nothing else the network has none.
        operations, triggers, earlier, collection
            See :meth:`with_operations`, :meth:`with_triggers`, :meth:`with_earlier` and :class:`netact.collection.Collection`.
        ids
            Different texts, of which one may be null. Where they are given, ``source`` and ``target`` of ``interactions`` are
            whole numbers (UInt32, no nulls) and say which of the texts, from 0, stands there: large tables need not hold a
            text in every row.
        kind
            Kind of all interactions that name none.
        directed
            False if the order of ``source`` and ``target`` means nothing.
        receipt
            What the importer knows of the file; counts of this method are added to it.

        Raises
        ------
        SchemaError
            If a required column is missing or a value is of an unknown kind.
        """
        rows, rights, listed, written, names, shared = (
            None if frame is None else to_polars(frame)
            for frame in (interactions, admin_rights, accounts, posts, aliases, shares)
        )
        written = _post_columns(written)
        if ids is not None and rows is not None and not _are_numbers_enough(rows, written):
            rows, ids = rows.with_columns(ids.gather(rows[end]).alias(end) for end in _ENDS), None
        found = with_known_authors(_interaction_columns(rows, kind, numbers=ids is not None), written)
        known = receipt or SourceReceipt(file="(table in memory)", format="table")
        if rows is not None:
            known = replace(known, rows_read=known.rows_read or rows.height)
        tables = (found, listed, rights, written, names, _share_columns(shared))
        counted = rows is not None or shared is not None
        made, joined = cls._made(*tables, ids, directed=directed, receipt=known, counted=counted, join=True)
        if operations is not None:
            made = made.with_operations(operations)
        if triggers is not None:
            made = made.with_triggers(triggers)
        if earlier is not None:
            made = made.with_earlier(earlier)
        if collection is not None:
            made = replace(made, collection=collection)
        if not joined:
            return made

        def apart() -> tuple[Network, ...]:
            return (cls._made(*tables, ids, directed=directed, receipt=known, counted=counted, join=False)[0],)

        # Another file may show that a handle was borne by two: then it must be known who was called how.
        return replace(made, before=_Before(apart, made.interactions, made.accounts))

    @classmethod
    def _made(
        cls,
        found: pl.DataFrame,
        listed: pl.DataFrame | None,
        rights: pl.DataFrame | None,
        written: pl.DataFrame,
        names: pl.DataFrame | None,
        shared: pl.DataFrame,
        ids: pl.Series | None,
        *,
        directed: bool,
        receipt: SourceReceipt,
        counted: bool,
        join: bool,
    ) -> tuple[Network, bool]:
        """Return a network of raw tables, and whether names were joined in it."""
        (table, coded, rights, written, names), shared, joined = _encode(
            found, listed, rights, written, names, shared, ids, join=join
        )
        if directed and "hashtags" in written.columns:
            tags = _hashtag_table(written.rename({"account": "source"}))
        elif directed:
            tags = _hashtag_table(coded)
        else:
            tags = pl.DataFrame(schema=HASHTAGS)
        coded, unresolved = _unresolved(coded.drop("hashtags"))
        coded, dropped = _clean(coded, directed=directed)
        if unresolved.height:
            lines = unresolved["row"].sort().head(5).to_list()
            dropped.append(Dropped(UNRESOLVED_REASON, unresolved.height, tuple(lines)))
        derived, warning = _derived(shared, table)
        directed = directed and (coded.height > 0 or not derived.height)
        coded = _together(coded, derived)
        kept = coded.height
        kinds = {str(name): count for name, count in sorted(_kind_counts(coded["kind"]).items())}
        open_kinds = {str(name): count for name, count in sorted(_kind_counts(unresolved["kind"]).items())}
        coded = _together(coded, _mirrored(derived if directed else coded))
        counts = Counter({item.reason: item.rows for item in dropped})
        if counted:
            receipt = replace(
                receipt,
                rows_read=receipt.rows_read + derived.height,
                rows_kept=kept,
                dropped=(*receipt.dropped, *dropped),
                duplicates=sum(n for reason, n in counts.items() if reason.startswith("repeats")),
                self_ties=counts["self-tie"],
                kinds=kinds,
                unresolved=open_kinds,
                warnings=(*receipt.warnings, *((warning,) if warning else ())),
            )
        made = cls(
            table,
            _in_fixed_order(coded),
            rights,
            directed,
            Receipt((receipt,)),
            tags,
            _unique_written(written),
            _unique_unresolved(unresolved),
            names,
            shared,
        )
        return made, joined

    @classmethod
    def from_ties(
        cls, ties: pl.DataFrame, accounts: pl.DataFrame, *, directed: bool = True, receipt: Receipt | None = None
    ) -> Network:
        """Build a network of ties that were added up elsewhere, one row each.

        Parameters
        ----------
        ties
            Columns ``source`` and ``target`` (account keys), ``kind``, ``weight`` and, as in
            :data:`netact.schemas.AGGREGATED`, ``events``, ``first`` and ``last``. Without direction both ways.
        accounts
            One row or more an account, as in :data:`netact.schemas.ACCOUNTS`; told by several, as :meth:`combine` does.
        """
        empty = cls.from_tables()
        named = ties.with_columns(pl.col("kind").cast(AGGREGATED["kind"])).select(*AGGREGATED.names(), "weight")
        rights, written, names = empty.named_admin_rights(), empty.named_posts(), empty.named_aliases()
        (table, coded, *_), _moved, _joined = _encode_keys(
            named, accounts, rights, written, names, pl.Series("key", [], dtype=pl.String)
        )
        columns = [
            pl.lit(None, dtype=INTERACTIONS[name]).alias(name) for name in INTERACTIONS if name not in coded.columns
        ]
        rows = coded.select(pl.all().exclude("events", "first", "last"), *columns, row=pl.lit(0, dtype=pl.UInt32))
        made = cls(table, _in_fixed_order(rows), empty.admin_rights, directed, receipt or Receipt())
        return replace(made, aggregated=_in_order(coded.select(AGGREGATED.names()), "aggregated"))

    @classmethod
    def from_graph(cls, graph: Any, *, kind: Kind = "retweet") -> Network:
        """Build a network from a networkx or igraph graph.

        Nodes are named by ``str(node)`` (networkx) or the vertex attribute ``name``, else the vertex number
        (igraph). Edge attributes ``weight``, ``kind``, ``time`` and ``post_id`` are read if present; node
        attributes become account columns. An undirected graph gives an undirected network.

        Raises
        ------
        SchemaError
            If ``graph`` is neither.
        """
        if hasattr(graph, "es") and hasattr(graph, "vs"):  # igraph
            names = (
                [str(n) for n in graph.vs["name"]]
                if "name" in graph.vs.attributes()
                else [str(i) for i in range(graph.vcount())]
            )
            nodes = [{"key": names[v.index], **v.attributes()} for v in graph.vs]
            edges = [{"source": names[e.source], "target": names[e.target], **e.attributes()} for e in graph.es]
            directed = bool(graph.is_directed())
        elif hasattr(graph, "nodes") and hasattr(graph, "edges"):  # networkx
            nodes = [{"key": str(n), **data} for n, data in graph.nodes(data=True)]
            edges = [{"source": str(u), "target": str(v), **data} for u, v, data in graph.edges(data=True)]
            directed = bool(graph.is_directed())
        else:
            raise SchemaError("graph", "not a networkx or igraph graph", found=type(graph).__name__)
        columns = ["source", "target", "kind", "weight", "time", "post_id", "platform"]
        frame = pl.DataFrame([{c: e.get(c) for c in columns if c in e} for e in edges], infer_schema_length=None)
        if not edges:
            frame = pl.DataFrame(schema={"source": pl.String, "target": pl.String})
        plain = [{k: v for k, v in node.items() if k != "name"} for node in nodes]
        table = pl.DataFrame(plain, infer_schema_length=None, strict=False) if plain else None
        return cls.from_tables(
            frame,
            table,
            kind=kind,
            directed=directed,
            receipt=SourceReceipt(file="(graph in memory)", format=type(graph).__module__.split(".")[0]),
        )

    @classmethod
    def combine(cls, networks: Iterable[Network]) -> Network:
        """Join networks over the same accounts (same keys): tables are put together, receipts kept.

        Of rows that repeat a post, the earliest is kept, of equally early ones the heaviest, as within one file; the others
        are counted. What one network could not resolve is resolved by the posts of the others, and handles are joined with
        ids by the aliases of all.
        Accounts that shared the same object are tied across networks too. Ties without direction, beside others with one,
        stay held both ways.
        """
        given = list(networks)
        if len(given) == 1:
            return given[0]
        if any(n.aggregated.height for n in given) and sum(n.interactions.height > 0 for n in given) > 1:
            raise SchemaError(
                "interactions",
                "ties that were added up cannot be joined with further interactions",
                remedy="aggregate all files together",
            )
        parts = [part for network in given for part in network._as_read()]  # noqa: SLF001
        # What follows from the shares is derived again, from the shares of all.
        stated = [part._stated() for part in parts]  # noqa: SLF001
        named = pl.concat(stated)
        open_rows = pl.concat([part._named_unresolved() for part in parts])  # noqa: SLF001
        listed = pl.concat([part.accounts for part in parts], how="diagonal_relaxed")
        rights = pl.concat([part.named_admin_rights() for part in parts])
        written = pl.concat([part.named_posts() for part in parts])
        names = pl.concat([part.named_aliases() for part in parts])
        both = pl.concat([named, open_rows.with_columns(target=pl.lit(None, dtype=pl.String)).select(named.columns)])
        both = with_known_authors(both.with_columns(row=pl.lit(0, dtype=pl.UInt32)), written)
        shared = pl.concat([part.named_shares() for part in parts])
        (table, coded, rights, written, names), moved, joined = _encode_keys(
            both, listed, rights, written, names, shared["account"]
        )
        coded, unresolved = _unresolved(coded)
        resolved = coded.height - named.height
        coded = coded.filter(pl.col("source") != pl.col("target"))
        coded = _unique_posts(coded)
        # Rows that only all files together tell apart may come back.
        repeated = max(sum(network._stated().height for network in given) + resolved - coded.height, 0)  # noqa: SLF001
        shared = unique_shares(shared.with_columns(account=moved(shared["account"])))
        derived, warning = _derived(shared, table)
        derived = derived.select(coded.columns)
        rows = _in_fixed_order(pl.concat([coded, derived, _mirrored(derived)]))
        used = pl.concat([part.named_hashtags() for part in parts])
        tags = _unique_uses(used.with_columns(account=moved(used["account"])))
        holders = [part.directed for part, rest in zip(parts, stated, strict=True) if rest.height]
        receipt = Receipt(
            tuple(source for network in given for source in network.receipt.sources),
            duplicates_across_files=repeated + sum(network.receipt.duplicates_across_files for network in given),
            resolved_across_files=resolved + sum(network.receipt.resolved_across_files for network in given),
            warnings=(
                *(w for network in given for w in network.receipt.warnings),
                *((warning,) if warning and sum(part.shares.height > 0 for part in parts) > 1 else ()),
            ),
        )
        made = cls(
            table,
            rows,
            rights,
            any(holders) or resolved > 0 or not (holders or derived.height),
            receipt,
            tags,
            _unique_written(written),
            _unique_unresolved(unresolved),
            names,
            shared,
            before=_Before(lambda: tuple(parts), rows, table) if joined else None,
        )
        made = replace(
            made,
            operations=_in_order(pl.concat([network.operations for network in given]), "operations"),
            triggers=_in_order(pl.concat([network.triggers for network in given]), "triggers"),
            earlier=_recoded(pl.concat([network.named_earlier() for network in given]), table["key"]),
            aggregated=_in_order(
                pl.concat(
                    [
                        n.aggregated.with_columns(
                            moved(n.accounts["key"].gather(n.aggregated[end])).alias(end) for end in _ENDS
                        )
                        for n in given
                    ]
                ),
                "aggregated",
            ),
            collection=next((n.collection for n in given if n.collection.declared), Collection()),
        )
        told = pl.concat([network.identities for network in given])
        return made.with_identities(told) if told.height else made

    def with_operations(self, operations: Frame, *, receipt: SourceReceipt | None = None) -> Network:
        """Return the network with the actions that the movement was called to, besides those it has.

        Parameters
        ----------
        operations
            Columns ``operation``, ``start`` and, if known, ``end``, ``signs`` and ``counter_signs`` (lists of hashtags or shared
            objects) and ``outcome`` (``accepted`` | ``rejected``).
        receipt
            Of the file.

        Raises
        ------
        SchemaError
            If a name or a start is missing, a name stands twice, an end is before its start, or an outcome is unknown.
        """
        frame = to_polars(operations)
        for column in ("operation", "start"):
            if column not in frame.columns or frame[column].null_count():
                raise SchemaError(f"operations.{column}", "missing", remedy="name every operation and when it began")
        made = conform(frame, OPERATIONS, table="operations")
        made = made.with_columns(
            pl.Series(name, [_signs(signs) for signs in made[name].to_list()], dtype=OPERATIONS[name])
            for name in ("signs", "counter_signs")
        )
        if (made["end"] < made["start"]).any():
            raise SchemaError("operations.end", "is before the start", remedy="check the times")
        unknown = made.filter(~pl.col("outcome").is_in(OUTCOMES))["outcome"]
        if len(unknown):
            raise SchemaError(
                "operations.outcome", f"unknown outcome {unknown[0]!r}", remedy=f"use {' or '.join(OUTCOMES)}"
            )
        made = _in_order(pl.concat([self.operations, made]), "operations")
        if made["operation"].n_unique() < made.height:
            raise SchemaError(
                "operations.operation", "a name stands twice", remedy="give every operation a name of its own"
            )
        return replace(self, operations=made, receipt=self._with_receipt(receipt))

    def with_triggers(self, triggers: Frame, *, receipt: SourceReceipt | None = None) -> Network:
        """Return the network with events from outside that accounts may react to, besides those it has.

        Parameters
        ----------
        triggers
            Columns ``trigger`` and ``time``.
        receipt
            Of the file.

        Raises
        ------
        SchemaError
            If a name or a time is missing.
        """
        frame = to_polars(triggers)
        for column in TRIGGERS:
            if column not in frame.columns or frame[column].null_count():
                raise SchemaError(f"triggers.{column}", "missing", remedy="name every trigger and when it was")
        made = pl.concat([self.triggers, conform(frame, TRIGGERS, table="triggers")])
        return replace(self, triggers=_in_order(made, "triggers"), receipt=self._with_receipt(receipt))

    def with_earlier(self, events: Mapping[str, Network]) -> Network:
        """Return the network with what its accounts did in earlier events.

        Accounts are the same where they have the same key, or, on the same platform, the same id or a handle that one account
        bears. An end that is no account of this network is null; interactions between two such ends are left out.

        Parameters
        ----------
        events
            Name of an event -> the network of its traffic.
        """
        parts = [self.named_earlier()]
        sources = list(self.receipt.sources)
        for name, network in events.items():
            key = _same_accounts(network.accounts, self.accounts)
            found = network.interactions.select(
                event=pl.lit(name),
                source=key.gather(pl.Series(network.interactions["source"])),
                target=key.gather(pl.Series(network.interactions["target"])),
                kind=pl.col("kind"),
                time=pl.col("time"),
            )
            parts.append(found)
            sources += [replace(source, role="earlier") for source in network.receipt.sources]
        made = _recoded(pl.concat(parts), self.accounts["key"])
        return replace(self, earlier=made, receipt=replace(self.receipt, sources=tuple(sources)))

    def named_earlier(self) -> pl.DataFrame:
        """Return what accounts did in earlier events with account keys instead of row numbers."""
        keys = self.accounts["key"]
        return self.earlier.with_columns(keys.gather(self.earlier[end]).alias(end) for end in ("source", "target"))

    def _with_receipt(self, receipt: SourceReceipt | None) -> Receipt:
        return self.receipt if receipt is None else replace(self.receipt, sources=(*self.receipt.sources, receipt))

    def with_identities(self, pairs: Frame, *, receipt: SourceReceipt | None = None) -> Network:
        """Return the network in which accounts that are one person or organisation are one account.

        The account whose key comes first stands for all; its column ``also`` lists the others. Ties among them are left
        out. A chain of pairs is one account, unless it would join two accounts of one platform: then none of its pairs is
        used. :meth:`without_identities` returns the network as it was.

        Parameters
        ----------
        pairs
            Columns ``account_a`` and ``account_b``, and, if known, ``platform_a``, ``platform_b``, ``evidence``,
            ``confidence`` and ``row``. Accounts are named as in the other tables: by id, handle or key.
        receipt
            Of the file; completed by what was merged and what could not be.

        Raises
        ------
        SchemaError
            If a required column is missing.
        """
        if self.aggregated.height:
            raise SchemaError(
                "identities",
                "accounts cannot be merged in ties that were added up",
                remedy="name the original files to netact analyze",
            )
        if self.identities.height and self.before is not None:
            return self.without_identities().with_identities(
                pl.concat([self.identities, to_polars(pairs)], how="diagonal_relaxed"), receipt=receipt
            )
        coded, dropped = _identity_pairs(self, to_polars(pairs))
        group = _groups(self.n_accounts, coded)
        first = np.full(self.n_accounts, self.n_accounts, dtype=np.int64)
        np.minimum.at(first, group, np.arange(self.n_accounts))
        table, code = _merged_accounts(self.accounts, first[group])

        def moved(rows: pl.DataFrame, *ends: str) -> pl.DataFrame:
            return rows.with_columns(code.gather(rows[end]).alias(end) for end in ends)

        rows = self.interactions
        if self.shares.height:
            rows = rows.filter(pl.col("quality").ne_missing("derived"))
        rows = moved(rows, "source", "target").filter(pl.col("source") != pl.col("target"))
        shares = unique_shares(moved(self.shares, "account"))
        derived = _derived(shares, table)[0].select(rows.columns)
        sources = self.receipt.sources
        keys = self.accounts["key"]
        told = coded.select(
            account_a=keys.gather(coded["low"]),
            account_b=keys.gather(coded["high"]),
            evidence="evidence",
            confidence="confidence",
        )
        told = (
            pl.concat([self.identities, conform(told, IDENTITIES, table="identities")])
            .unique()
            .sort(list(IDENTITIES), nulls_last=True)
        )
        if receipt is not None:
            known = replace(
                receipt,
                rows_kept=coded.height,
                dropped=(*receipt.dropped, *dropped),
                direction=Message(
                    "{accounts:count} accounts are {people:count} persons or organisations",
                    accounts=int((np.bincount(group)[group] > 1).sum()),
                    people=int((np.bincount(group) > 1).sum()),
                ),
            )
            sources = (*sources, known)
        if not coded.height:
            return replace(self, receipt=replace(self.receipt, sources=sources))
        rows = _in_fixed_order(
            pl.concat([rows, derived, _mirrored(derived)]).with_columns(row=pl.lit(0, dtype=pl.UInt32))
        )
        return replace(
            self,
            accounts=table,
            interactions=rows,
            admin_rights=_unique_rights(moved(self.admin_rights, "account")),
            hashtags=_unique_uses(moved(self.hashtags, "account")),
            posts=_unique_written(moved(self.posts, "account")),
            unresolved=_unique_unresolved(moved(self.unresolved, "source")),
            aliases=_unique_aliases(moved(self.aliases, "account")),
            shares=shares,
            identities=told,
            earlier=_in_order(moved(self.earlier, "source", "target"), "earlier"),
            receipt=replace(self.receipt, sources=sources),
            before=_Before(lambda: (self,), rows, table),
        )

    def without_identities(self) -> Network:
        """Return the network as it was before accounts were merged by :meth:`with_identities`.

        One that was read from a bundle no longer knows, and is returned as it is.
        """
        if not self.identities.height or self.before is None:
            return self
        return self.before.networks[0]

    def with_rows(
        self,
        *,
        interactions: NDArray[Any],
        shares: NDArray[Any] | None = None,
        posts: NDArray[Any] | None = None,
        hashtags: NDArray[Any] | None = None,
        unresolved: NDArray[Any] | None = None,
    ) -> Network:
        """Return the network of the same accounts with these rows of its tables, by ascending number.

        A row that is named twice stands in the table twice. Tables for which nothing is given stay whole. Ties derived
        from shares follow from the shares that are left, whatever ``interactions`` says of them.
        """
        kept = self.interactions[interactions]
        shared = self.shares if shares is None else self.shares[shares]
        if shares is not None and self.shares.height:
            kept = kept.filter(pl.col("quality").ne_missing("derived"))
            derived = _derived(shared, self.accounts)[0].select([*kept.columns, "row"])
            kept = _in_fixed_order(
                pl.concat([kept.with_columns(row=pl.lit(0, dtype=pl.UInt32)), derived, _mirrored(derived)])
            )
        return replace(
            self,
            interactions=kept,
            shares=shared,
            posts=self.posts if posts is None else self.posts[posts],
            hashtags=self.hashtags if hashtags is None else self.hashtags[hashtags],
            unresolved=self.unresolved if unresolved is None else self.unresolved[unresolved],
            before=None,
        )

    def renumbered(self, order: NDArray[np.int64], keys: pl.Series, people: Mapping[str, str]) -> Network:
        """Return the network with its accounts in another order and under other names.

        Handles, ids, display names, aliases and identities, which belong to the names, are left out.

        Parameters
        ----------
        order
            Row numbers of ``accounts``, each once, in their new order.
        keys
            The new keys in that order, ascending.
        people
            Name of each person -> new name.
        """
        new = np.empty(len(order), dtype=np.uint32)
        new[order] = np.arange(len(order), dtype=np.uint32)
        code = pl.Series(new)

        def moved(rows: pl.DataFrame, *ends: str) -> pl.DataFrame:
            return rows.with_columns(code.gather(rows[end]).alias(end) for end in ends)

        table = self.accounts[order.astype(np.uint32)].with_columns(
            keys.alias("key"),
            *(pl.lit(None, dtype=pl.String).alias(name) for name in ("native_id", "handle", "display_name")),
        )
        if "also" in table.columns:
            # What is left of a merged account is its platform.
            other = pl.element().str.extract(r"^([^:]*:)").fill_null("") + pl.lit("merged")
            table = table.with_columns(pl.col("also").list.eval(other))
        rights = self.admin_rights.with_columns(pl.col("person").replace_strict(people, return_dtype=pl.String))
        # Rows of the same two accounts stay in their order.
        rows = in_order(moved(self.interactions, *_ENDS), list(INTERACTIONS), within=True)
        return replace(
            self,
            accounts=table,
            interactions=rows,
            admin_rights=_unique_rights(moved(rights, "account")),
            hashtags=_unique_uses(moved(self.hashtags, "account")),
            posts=_unique_written(moved(self.posts, "account")),
            unresolved=_unique_unresolved(moved(self.unresolved, "source")),
            aliases=pl.DataFrame(schema=ALIASES),
            shares=unique_shares(moved(self.shares, "account")),
            identities=pl.DataFrame(schema=IDENTITIES),
            earlier=_in_order(moved(self.earlier, "source", "target"), "earlier"),
            aggregated=_in_order(moved(self.aggregated, "source", "target"), "aggregated"),
            before=None,
        )

    def _stated(self) -> pl.DataFrame:
        """Return the interactions that are not derived from shares, with account keys."""
        derived = pl.col("quality").eq_missing("derived") & (self.shares.height > 0)
        return self.named_interactions().filter(~derived)

    def _as_read(self) -> tuple[Network, ...]:
        """Return what this network was joined from, with every account under the name its file uses."""
        before = self.before
        if before is None or before.interactions is not self.interactions or before.accounts is not self.accounts:
            return (self,)
        return tuple(part for network in before.networks for part in network._as_read())  # noqa: SLF001

    # ------------------------------------------------------------------ views

    @property
    def n_accounts(self) -> int:
        """Number of accounts, with or without ties."""
        return self.accounts.height

    @cached_property
    def keys(self) -> list[str]:
        """Account keys in the order of the ``accounts`` table."""
        return self.accounts["key"].to_list()

    @cached_property
    def names(self) -> list[str]:
        """What to call each account in print: its handle, else its display name, else its key."""
        return self.accounts.select(pl.coalesce("handle", "display_name", "key")).to_series().to_list()

    @cached_property
    def kinds(self) -> dict[Kind, int]:
        """Number of interactions of each kind that occurs, most frequent first."""
        counts = _kind_counts(self.interactions["kind"], self.events_of(self.interactions))
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def attention_kind(self) -> Kind:
        """The kind of tie that stands for attention unless a measure is told otherwise."""
        return next((kind for kind in ATTENTION_ORDER if kind in self.kinds), "retweet")

    def rows(self, kind: Kind | None = None) -> pl.DataFrame:
        """Return the interactions of one kind (the attention kind if None), in their fixed order."""
        return self.interactions.filter(pl.col("kind") == (kind or self.attention_kind))

    def ties(self, kind: Kind | None = None) -> Ties:
        """Return the aggregated ties of one kind (the attention kind if None); computed once."""
        kind = kind or self.attention_kind
        if kind not in KINDS:
            raise SchemaError("kind", f"unknown kind {kind!r}", remedy=f"use one of {', '.join(KINDS)}")
        cache: dict[Kind, Ties] = self.__dict__.setdefault("_ties", {})
        if kind not in cache:
            rows = self.rows(kind)
            source, target, weight = (rows[name].to_numpy() for name in ("source", "target", "weight"))
            cache[kind] = _aggregate(self.n_accounts, source, target, weight, self.events_of(rows))
        return cache[kind]

    def called(self, accounts: pl.DataFrame) -> Network:
        """Return the network with another table of the same accounts in the same order; ties known by now are kept."""
        made = replace(self, accounts=accounts)
        for name in ("_ties", "_undirected_ties"):
            made.__dict__[name] = self.__dict__.setdefault(name, {})
        return made

    def events_of(self, rows: pl.DataFrame) -> NDArray[np.int64] | None:
        """Return how many interactions each of some rows of ``interactions`` stands for; None if one each."""
        if not self.aggregated.height:
            return None
        on = ["source", "target", "kind"]
        found = rows.select(on).join(self.aggregated.select(*on, "events"), on=on, how="left", maintain_order="left")
        events: NDArray[np.int64] = found["events"].fill_null(1).to_numpy()
        return events

    def undirected_ties(self, kind: Kind | None = None) -> Ties:
        """Return one tie a pair (source < target), weights of the two directions added; computed once."""
        ties = self.ties(kind)
        cache: dict[Kind, Ties] = self.__dict__.setdefault("_undirected_ties", {})
        name = kind or self.attention_kind
        if name not in cache:
            if not self.has_direction(name):
                # Ties without direction are held twice: one of the two is the tie.
                cache[name] = ties.where(ties.source < ties.target)
            elif name == "share" and self.shares.height:
                cache[name] = self._one_of_two(name)
            else:
                cache[name] = ties.undirected()
        return cache[name]

    def has_direction(self, kind: Kind | None = None) -> bool:
        """Whether the ties of one kind (the attention kind if None) point from one account to another."""
        if not self.directed or (kind or self.attention_kind) != "share" or not self.shares.height:
            return self.directed
        return bool(self.rows("share")["quality"].ne_missing("derived").any())

    def _one_of_two(self, kind: Kind) -> Ties:
        """Return one tie a pair of ties with direction among others that are held both ways."""
        twice = (pl.col("quality").eq_missing("derived")) & (pl.col("source") > pl.col("target"))
        rows = self.rows(kind).filter(~twice)
        source, target, weight = (rows[name].to_numpy() for name in ("source", "target", "weight"))
        return _aggregate(self.n_accounts, source, target, weight).undirected()

    @property
    def has_times(self) -> bool:
        """Whether any interaction has a time."""
        return self.interactions["time"].null_count() < self.interactions.height

    def named_interactions(self) -> pl.DataFrame:
        """Return the interactions with account keys instead of row numbers."""
        keys = self.accounts["key"]
        return self.interactions.with_columns(
            source=keys.gather(self.interactions["source"]), target=keys.gather(self.interactions["target"])
        )

    def named_admin_rights(self) -> pl.DataFrame:
        """Return the admin rights with account keys instead of row numbers."""
        return self.admin_rights.with_columns(account=self.accounts["key"].gather(self.admin_rights["account"]))

    def named_hashtags(self) -> pl.DataFrame:
        """Return the uses of hashtags with account keys instead of row numbers."""
        return self.hashtags.with_columns(account=self.accounts["key"].gather(self.hashtags["account"]))

    def named_posts(self) -> pl.DataFrame:
        """Return the posts with account keys instead of row numbers."""
        return self.posts.with_columns(account=self.accounts["key"].gather(self.posts["account"]))

    def named_shares(self) -> pl.DataFrame:
        """Return the shares with account keys instead of row numbers."""
        return self.shares.with_columns(account=self.accounts["key"].gather(self.shares["account"]))

    def named_aliases(self) -> pl.DataFrame:
        """Return the aliases with account keys instead of row numbers, and the platform of each account."""
        platform = self.accounts["platform"].gather(self.aliases["account"])
        return self.aliases.with_columns(
            account=self.accounts["key"].gather(self.aliases["account"]), platform=platform
        )

    def _named_unresolved(self) -> pl.DataFrame:
        return self.unresolved.with_columns(source=self.accounts["key"].gather(self.unresolved["source"]))

    def to_igraph(self, kind: Kind | None = None) -> igraph.Graph:
        """Return an igraph graph of one kind: vertices in account order with ``name``, edges with ``weight``."""
        import igraph

        directed = self.has_direction(kind)
        ties = self.ties(kind) if directed else self.undirected_ties(kind)
        graph = igraph.Graph(n=self.n_accounts, directed=directed)
        graph.add_edges(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
        graph.vs["name"] = self.keys
        graph.es["weight"] = ties.weight.tolist()
        return graph

    def to_networkx(self, kind: Kind | None = None) -> nx.Graph:
        """Return a networkx DiGraph (Graph if undirected) of one kind, nodes named by key, edges with ``weight``."""
        import networkx as nx

        directed = self.has_direction(kind)
        ties = self.ties(kind) if directed else self.undirected_ties(kind)
        graph = nx.DiGraph() if directed else nx.Graph()
        graph.add_nodes_from(self.keys)
        keys = self.keys
        graph.add_weighted_edges_from(
            (keys[s], keys[t], w)
            for s, t, w in zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True)
        )
        return graph

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content: the same for the same accounts, interactions, rights and posts in any row order."""
        digest = hashlib.sha256(b"directed" if self.directed else b"undirected")
        further = (
            self.hashtags, self.posts, self.unresolved, self.aliases, self.shares, self.identities, self.operations,
            self.triggers, self.earlier, self.aggregated,
        )  # fmt: skip
        for table in (self.accounts, self.interactions, self.admin_rights, *(t for t in further if t.height)):
            nested = [name for name, dtype in table.schema.items() if dtype.is_nested()]
            # What a file does not tell adds nothing, so that what netact learns to read later changes nothing.
            later = _LATER_RIGHTS if table is self.admin_rights else _LATER
            told = [
                name for name in sorted(table.columns) if name not in later or table[name].null_count() < table.height
            ]
            plain = table.select(told).with_columns(pl.col(nested).map_elements(_whole_text, pl.String))
            for part in as_csv(plain):
                digest.update(part)
        if self.collection.declared:
            digest.update(json.dumps(self.collection.to_dict(), sort_keys=True, ensure_ascii=False).encode())
        return digest.hexdigest()

    def describe_tie(self, source: int, target: int, kind: Kind) -> str:
        """Say one tie in words, for example ``@a retweeted @b``."""
        return tie_sentence(self.names[source], self.names[target], kind, directed=self.has_direction(kind))


# Rows written at a time, and days among which moments may lie to be written in parts.
_ROWS_WRITTEN = 1 << 17
_MOST_DAYS = 20_000
_DAY = 86_400_000_000


def as_csv(table: pl.DataFrame) -> Iterator[bytes]:
    """Yield the parts of a table as polars writes it as CSV, a hundred thousand rows at a time.

    Moments of whole seconds are put together from their day and their second of the day, of which there are few.
    """
    moments = [name for name, dtype in table.schema.items() if dtype == pl.Datetime("us", "UTC")]
    clocks = None
    if moments and table.height > _ROWS_WRITTEN:
        seconds = pl.Series(np.arange(86_400, dtype=np.int64) * 1_000_000).cast(pl.Datetime("us"))
        clocks = seconds.dt.strftime("T%H:%M:%S.000000+0000")
    for begin in range(0, max(table.height, 1), _ROWS_WRITTEN):
        part, written = table.slice(begin, _ROWS_WRITTEN), io.BytesIO()
        if clocks is not None:
            part = part.with_columns(_in_parts(part[name], clocks) for name in moments)
        part.write_csv(written, include_header=begin == 0)
        yield written.getvalue()


def _in_parts(moments: pl.Series, clocks: pl.Series) -> pl.Series:
    """Return moments as CSV writes them, or unchanged if they are not of whole seconds or lie far apart."""
    number = moments.to_physical()
    first, last = cast("int | None", number.min()), cast("int | None", number.max())
    if first is None or last is None or last // _DAY - first // _DAY > _MOST_DAYS:
        return moments
    start = first // _DAY
    since = number.fill_null(first).to_numpy() - start * _DAY
    seconds = since // 1_000_000
    if not np.array_equal(seconds * 1_000_000, since):
        return moments
    days = pl.Series(np.arange(start, last // _DAY + 1)).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d")
    day = seconds // 86_400
    texts = days.gather(day.astype(np.uint32)) + clocks.gather((seconds - day * 86_400).astype(np.uint32))
    texts = texts.rename(moments.name)
    return pl.select(pl.when(moments.is_not_null()).then(texts)).to_series() if moments.null_count() else texts


def _whole_text(cell: Any) -> str:
    """Return a nested value as a text; polars cuts its own columns short where they are printed."""
    return str(cell.to_list() if isinstance(cell, pl.Series) else cell)


def tie_sentence(source: str, target: str, kind: Kind, *, directed: bool = True) -> str:
    """Say a tie in words: ``@a retweeted @b``, or ``@a and @b are tied`` where direction means nothing."""
    a, b = _in_sentence(source), _in_sentence(target)
    if not directed:
        return Message("{a} and {b} are tied", a=a, b=b)
    return _TIES[kind].with_values(a=a, b=b)


def _in_sentence(name: str) -> str:
    if name.isdigit():
        return f"account {name}"
    return name if name.startswith("@") or " " in name else f"@{name}"


def _are_numbers_enough(rows: pl.DataFrame, posts: pl.DataFrame) -> bool:
    """Whether the ends of rows may stay numbers of texts: all are of one platform, and no post tells of an author."""
    return not posts.height and ("platform" not in rows.columns or rows["platform"].fill_null("").n_unique() < 2)


def _interaction_columns(frame: pl.DataFrame | None, kind: Kind | None, *, numbers: bool = False) -> pl.DataFrame:
    """Give raw interactions their declared columns; ``source`` and ``target`` stay strings, or ``numbers`` of them."""
    tags = pl.List(pl.String()) if frame is not None and frame.schema.get("hashtags") == pl.List else pl.String()
    ends = dict.fromkeys(_ENDS, pl.UInt32() if numbers else pl.String())
    raw = pl.Schema({**INTERACTIONS, **ends, "row": pl.UInt32(), "hashtags": tags})
    if frame is None:
        return pl.DataFrame(schema=raw)
    for name in ("source", "target"):
        if name not in frame.columns:
            raise SchemaError("interactions", f"no column {name!r}", found=frame.columns, remedy="rename a column")
    if "kind" in frame.columns:
        given = frame["kind"].cast(pl.String).unique().drop_nulls().sort().to_list()
        unknown = [name for name in given if name not in KINDS]
        if unknown:
            raise SchemaError(
                "interactions.kind", f"unknown kind {unknown[0]!r}", remedy=f"use one of {', '.join(KINDS)}"
            )
    fallback = pl.col("kind").cast(pl.String) if "kind" in frame.columns else pl.lit(None, dtype=pl.String)
    frame = frame.with_columns(kind=fallback.fill_null(kind or "retweet"))
    if "weight" not in frame.columns:
        frame = frame.with_columns(weight=pl.lit(1.0))
    if "row" not in frame.columns:
        frame = frame.with_row_index("row", offset=1)
    if isinstance(time := frame.schema.get("time"), pl.Datetime):
        moment = pl.col("time").dt
        as_utc = moment.replace_time_zone("UTC") if time.time_zone is None else moment.convert_time_zone("UTC")
        frame = frame.with_columns(time=as_utc)
    rows = conform(frame.select(name for name in raw if name in frame.columns), raw, table="interactions")
    return rows.with_columns(platform=pl.when(pl.col("platform") != "").then("platform"))


def clean_id(column: pl.Expr) -> pl.Expr:
    """Strip an account id of blanks and invisible marks; an empty one becomes null. Never read as a number."""
    return column.cast(pl.String).map_batches(_cleaned_ids, return_dtype=pl.String, is_elementwise=True)


def _cleaned_ids(text: pl.Series) -> pl.Series:
    if bool((text.str.len_bytes() != text.str.len_chars()).any()):
        text = text.str.normalize("NFC").str.replace_all(_INVISIBLE, "")
    text = text.str.strip_chars()
    empty = text.str.contains(r"^[@ ]*$")
    return pl.select(pl.when(~empty).then(text)).to_series().rename(text.name) if empty.any() else text


def _identified(ids: pl.DataFrame) -> pl.DataFrame:
    """Add ``key``, ``native_id`` and ``handle`` to a frame of distinct ``id`` and ``platform``.

    The key is ``platform:id``, or the id alone where no platform is named. Ids that begin with ``@``, and all ids of
    platforms that ignore case, are case-folded.
    """
    # Step by step: an expression that is named in several others is evaluated once for each of them.
    text, platform, bare = pl.col("_text"), pl.col("_of"), pl.col("_bare")
    steps = ids.with_columns(_text=clean_id(pl.col("id")), _of=pl.col("platform").str.strip_chars().str.to_lowercase())
    # A key of netact's own tables already begins with its platform.
    inner = text.str.strip_prefix(platform + ":")
    if bool(steps.select((inner != text).any()).item()):
        steps = steps.with_columns(
            _text=pl.when((platform != "") & inner.str.contains(r"[^@\s]")).then(inner).otherwise(text)
        )
    steps = steps.with_columns(
        _bare=text.str.strip_prefix("@"),
        _folds=text.str.starts_with("@") | platform.is_in(list(CASE_FOLDING_PLATFORMS)),
        _number=text.str.contains(r"^[0-9]+$"),
        # A handle of digits only is not the id with these digits.
        _digits=text.str.contains(r"^@[0-9]+$"),
    )
    steps = steps.with_columns(_key=pl.when("_folds").then(bare.str.to_lowercase()).otherwise(bare))
    if bool(steps["_digits"].any()):
        steps = steps.with_columns(_key=pl.when("_digits").then("@" + pl.col("_key")).otherwise("_key"))
    return steps.with_columns(
        key=pl.when(platform == "").then("_key").otherwise(platform + ":" + pl.col("_key")),
        native_id=pl.when("_number").then(bare),
        handle=pl.when(~pl.col("_number")).then(bare),
    ).drop("_text", "_of", "_bare", "_folds", "_number", "_digits", "_key")


def split_hashtags(text: str) -> list[str]:
    """Take the cell of a hashtag column apart and return its hashtags as they are compared.

    Hashtags are separated by blanks, commas, semicolons or pipes, with or without ``#``, or written as a list (JSON,
    Python or R), also of the records that platforms give (``{"tag": ...}``, ``{"text": ...}``, ``{"name": ...}``).

    >>> split_hashtags("#Freiheit, #FREIHEIT;STRASSE|straße"), split_hashtags('["free speech", "b"]')
    (['freiheit', 'strasse'], ['freespeech', 'b'])
    """
    text = text.strip()
    found: list[str] | None = None
    if text.startswith(("[", "{")):
        try:
            found = list(_listed_hashtags(json.loads(text)))
        except (ValueError, RecursionError):
            found = None
        if found is None and re.search(r"[{:]", text):  # a list of records as Python writes it
            found = re.findall(r"""['"](?:tag|text|name)['"]\s*:\s*['"]([^'"]*)['"]""", text)
    if found is None:
        text = re.sub(r"^c\((.*)\)$", r"\1", text, flags=re.DOTALL) if '"' in text else text
        found = re.split(r"[\s,;|#\uff03\[\]()\"']+", text)
    return list(dict.fromkeys(tag for item in found if (tag := clean_hashtag(item))))


def _listed_hashtags(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for item in value:
            yield from _listed_hashtags(item)
    elif isinstance(value, dict):
        yield next((str(value[name]) for name in ("tag", "text", "name") if isinstance(value.get(name), str)), "")
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


# Written where there is no hashtag.
_NO_HASHTAG = frozenset({"", "nan", "none", "null", "na", "n/a", "-"})


def clean_hashtag(text: str) -> str:
    """Return a hashtag as it is compared: NFKC, case-folded, without ``#``, blanks and marks nobody sees; or ``""``.

    The joiners that shape Arabic, Persian and Indic words are kept. Cut at :data:`netact.schemas.HASHTAG_LENGTH`.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = re.sub(_INVISIBLE + r"|[\s\x00-\x1f\x7f\ud800-\udfff]", "", text).lstrip("#")
    return "" if text in _NO_HASHTAG else text[:HASHTAG_LENGTH]


def _hashtag_table(coded: pl.DataFrame) -> pl.DataFrame:
    """Return the uses of hashtags in encoded rows; each different cell is taken apart once."""
    rows = coded.select("source", "time", "post_id", cell="hashtags").drop_nulls(["source", "cell"])
    cells = rows.select("cell").unique(maintain_order=True)
    if rows.schema["cell"] == pl.List:
        split = [
            list(dict.fromkeys(tag for item in cell if item is not None and (tag := clean_hashtag(item))))
            for cell in cells["cell"].to_list()
        ]
    else:
        split = [split_hashtags(cell) for cell in cells["cell"].to_list()]
    tags = cells.with_row_index("number").with_columns(hashtag=pl.Series(split, dtype=pl.List(pl.String)))
    known = tags.filter(pl.col("hashtag").list.len() > 0)
    uses = rows.join(known, on="cell").explode("hashtag")
    return _unique_uses(uses.select("hashtag", "time", "post_id", account="source"))


def _unique_uses(uses: pl.DataFrame) -> pl.DataFrame:
    """Return each use of a hashtag once, in an order that does not depend on the file.

    One use is one post of one account; where posts have no id, what an account wrote at the same moment; where there
    is no time either, every row.
    """
    uses = conform(uses, HASHTAGS, table="hashtags")
    signs = uses["hashtag"].unique().sort()
    ranked = uses.with_columns(_sign=uses["hashtag"].cast(pl.Enum(signs.drop_nulls())))
    uses = in_order(ranked, ["account", "_sign", "time", "post_id"]).drop("_sign")
    # Repeats are of the same account and hashtag, and so stand side by side.
    account, sign = uses["account"], uses["hashtag"]
    same = ((account == account.shift(1)) & (sign == sign.shift(1))).fill_null(value=False)
    alike = same | same.shift(-1).fill_null(value=False)
    rows = uses.with_row_index("_n").filter(alike)
    told, timed = pl.col("post_id").is_not_null(), pl.col("time").is_not_null()
    posts = rows.filter(told).unique(["account", "hashtag", "post_id"], keep="first", maintain_order=True)
    moments = rows.filter(~told & timed).unique(["account", "hashtag", "time"], keep="first", maintain_order=True)
    rest = rows.filter(~told & ~timed)
    if posts.height + moments.height + rest.height == rows.height:
        return uses
    kept = ~alike.to_numpy()
    kept[pl.concat([posts["_n"], moments["_n"], rest["_n"]]).to_numpy()] = True
    return uses.filter(kept)


# Accounts; rows, rights, posts and aliases with row numbers of accounts.
_Tables = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]


def _encode(
    rows: pl.DataFrame,
    listed: pl.DataFrame | None,
    rights: pl.DataFrame | None,
    posts: pl.DataFrame,
    aliases: pl.DataFrame | None,
    shares: pl.DataFrame,
    ids: pl.Series | None,
    *,
    join: bool,
) -> tuple[_Tables, pl.DataFrame, bool]:
    """Turn account ids, or numbers of ``ids``, into row numbers of one accounts table, sorted by key.

    Returned are the tables, the shares, and whether names were joined.

    Strings are met once, as distinct values; everything after is done on integers.
    """
    rights, listed, aliases = _rights_columns(rights), _listed_columns(listed), _alias_columns(aliases)
    platform = pl.col("platform").fill_null("")

    def named(frame: pl.DataFrame, end: str) -> pl.DataFrame:
        return frame.select(id=pl.col(end), platform=platform)

    there = np.empty(0, dtype=np.int64)
    if ids is None:
        ends = [named(rows, "source"), named(rows, "target")]
    else:
        used = np.zeros(len(ids), dtype=np.bool_)
        for end in _ENDS:
            used[rows[end].to_numpy()] = True
        there = np.flatnonzero(used)
        one = rows["platform"][0] if rows.height else None
        ends = [pl.DataFrame({"id": ids.gather(there)}).with_columns(platform=pl.lit(one or "", dtype=pl.String))]
    tables = [
        *ends,
        named(shares, "account"),
        named(rights.rename({"_platform": "platform"}), "account"),
        named(listed, "key"),
        named(posts, "account"),
        named(aliases, "account"),
    ]
    distinct, (*numbers, sharing, holding, _, writing, called) = distinct_rows(tables)
    has_tie = np.zeros(distinct.height, dtype=np.bool_)
    for part in (*numbers, sharing):
        has_tie[part.to_numpy()] = True
    # Row by row of ``distinct``, to the end.
    lookup = _with_told_ids(_identified(distinct), listed, aliases.with_columns(_platform=platform))
    known = lookup["id"].is_not_null()
    joined = lookup
    if join and (aliases.height or lookup["platform"].n_unique() > 1):
        tied = lookup.filter(known & pl.Series(has_tie)).select("key").unique()
        seen = lookup.select("id", "key", "native_id")[called].with_columns(
            handle=aliases["handle"], platform=named(aliases, "account")["platform"]
        )
        seen = seen.filter(pl.col("id").is_not_null()).select("key", "native_id", "handle", "platform")
        joined = _joined_by_alias(lookup, seen, tied)
    moved = bool((lookup["key"] != joined["key"]).any())
    lookup = joined
    aliases = aliases.with_columns(key=lookup["key"].gather(called), _n=called).filter(known.gather(called))
    table = _last_names(_accounts_of(lookup.with_row_index("_row"), listed), aliases)
    if table.height == lookup.height and "_row" in table.columns:  # each account is spelled in one way
        numbered_rows = np.empty(table.height, dtype=np.uint32)
        numbered_rows[table["_row"].to_numpy()] = np.arange(table.height, dtype=np.uint32)
        code = pl.Series("code", numbered_rows)
    else:
        codes = table.select("key").with_row_index("code")
        code = lookup.select("key").join(codes, on="key", how="left", maintain_order="left")["code"].cast(pl.UInt32)
    table = table.drop("_row", strict=False)

    if ids is None:
        rows = rows.with_columns(code.gather(part).alias(end) for end, part in zip(_ENDS, numbers, strict=True))
    else:
        place = np.zeros(len(ids), dtype=np.uint32)
        place[there] = np.arange(len(there), dtype=np.uint32)
        of_id = code.gather(numbers[0]).gather(place)
        rows = rows.with_columns(of_id.gather(rows[end]).alias(end) for end in _ENDS)
    posts = posts.with_columns(account=code.gather(writing)).drop_nulls("account")
    shares = unique_shares(shares.with_columns(account=code.gather(sharing)).drop_nulls(["account", "object"]))
    rights = _unique_rights(rights.drop("_platform").with_columns(account=code.gather(holding)).drop_nulls("account"))
    names = _unique_aliases(aliases.with_columns(account=code.gather(aliases["_n"])))
    return (table, rows, rights, posts, names), shares, moved


def _encode_keys(
    rows: pl.DataFrame,
    listed: pl.DataFrame,
    rights: pl.DataFrame,
    posts: pl.DataFrame,
    aliases: pl.DataFrame,
    sharing: pl.Series,
) -> tuple[_Tables, Callable[[pl.Series], pl.Series], bool]:
    """Turn account keys into row numbers of one accounts table, joining what the aliases say is one account.

    Returned are the tables, what turns keys into row numbers, and whether names were joined.
    """
    platform = pl.col("platform").fill_null("")
    # One account may be told by several networks: with its platform and id where one of them knows these.
    lookup = listed.group_by(id="key").agg(platform.max(), pl.col("native_id").drop_nulls().min())
    bare = pl.col("id").str.strip_prefix(pl.col("platform") + ":")
    by_id = pl.col("native_id").is_not_null() & (
        (bare == pl.col("native_id")) | (bare == pl.col("native_id").str.to_lowercase())
    )
    lookup = lookup.with_columns(
        key="id",
        native_id=pl.when(by_id).then("native_id"),
        handle=pl.when(by_id).then(None).otherwise(bare),
    )
    # Where one network took for a handle what another knows as an id, it is the id.
    listed = listed.join(lookup.select(key="id", _id="native_id"), on="key", how="left", maintain_order="left")
    same = (pl.col("handle").str.to_lowercase() == pl.col("_id").str.to_lowercase()).fill_null(value=False)
    listed = listed.with_columns(handle=pl.when(~same).then("handle")).drop("_id")
    named = aliases.rename({"account": "key"}).drop("platform")
    named = named.join(lookup.select("key", "native_id", "platform"), on="key")
    ends = [rows.select(key="source"), rows.select(key="target"), pl.DataFrame({"key": sharing})]
    tied = pl.concat(ends).drop_nulls().unique()
    lookup = _joined_by_alias(lookup, named.select("key", "native_id", "handle", "platform"), tied)
    renamed = lookup.select(key="id", _key="key")
    aliases = aliases.join(renamed, left_on="account", right_on="key").rename({"_key": "key"})
    listed = listed.join(renamed, on="key").with_columns(key="_key").drop("_key")
    table = _last_names(_accounts_of(lookup.with_columns(id="key"), listed, are_keys=True), aliases)
    code = table.select(_key="key").with_row_index("code").join(renamed, on="_key").select("key", "code")
    code = code.with_columns(pl.col("code").cast(pl.UInt32))

    def moved(keys: pl.Series) -> pl.Series:
        return pl.DataFrame({"key": keys}).join(code, on="key", how="left", maintain_order="left")["code"]

    rows = rows.with_columns(source=moved(rows["source"]), target=moved(rows["target"]))
    rights = _unique_rights(rights.with_columns(account=moved(rights["account"])))
    posts = posts.with_columns(account=moved(posts["account"]))
    aliases = aliases.with_columns(account=moved(aliases["account"]))
    joined = bool((renamed["key"] != renamed["_key"]).any())
    return (table, rows, rights, posts, _unique_aliases(aliases)), moved, joined


def _accounts_of(lookup: pl.DataFrame, listed: pl.DataFrame, *, are_keys: bool = False) -> pl.DataFrame:
    """Return the accounts table: what the ids tell, completed by what a table of accounts says."""
    platform = pl.col("platform").fill_null("")
    table = lookup.select("key", "platform", "native_id", "handle", *({"_row"} & {*lookup.columns})).drop_nulls("key")
    if not all_different(table.select("key")):
        # One account may be spelled in several ways: keep the first in alphabetical order, whatever the row order.
        table = table.group_by("key").agg(
            pl.col("platform").max(), pl.col("native_id").drop_nulls().min(), pl.col("handle").drop_nulls().min()
        )
    table = table.with_columns(platform=pl.when(pl.col("platform") != "").then(pl.col("platform")))
    given = (
        listed.with_columns(_key="key")
        if are_keys or not listed.height
        else listed.with_columns(_platform=platform)
        .join(lookup.select("id", "platform", _key="key"), left_on=["key", "_platform"], right_on=["id", "platform"])
        .drop("_platform")
    )
    given = given.drop("key").drop_nulls("_key")
    if given.height:
        # A later row of the same account only fills what earlier ones (in sorted order) left empty.
        values = [name for name in given.columns if name != "_key"]
        given = (
            given.sort(["_key", *values], nulls_last=True)
            if not any(isinstance(dtype, pl.List | pl.Struct | pl.Object) for dtype in given.schema.values())
            else given
        )
        given = given.group_by("_key", maintain_order=True).agg(pl.col(values).drop_nulls().first())
        table = table.join(given, left_on="key", right_on="_key", how="left", suffix="_given")
        for name in ("platform", "native_id", "handle"):
            if f"{name}_given" in table.columns:
                table = table.with_columns(pl.coalesce(f"{name}_given", name).alias(name)).drop(f"{name}_given")
    return conform(table[text_order(table["key"])], ACCOUNTS, table="accounts", extra=True)


def _folded_handle(column: str = "handle") -> pl.Expr:
    return clean_id(pl.col(column)).str.strip_prefix("@").str.to_lowercase()


def _with_told_ids(lookup: pl.DataFrame, listed: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Take as ids, and not as handles, what a table of accounts or the aliases name as ids (``UC...``, ``did:...``)."""
    told = [aliases.filter(~clean_id(pl.col("account")).str.starts_with("@")).select("account", "_platform")]
    if "native_id" in listed.columns:
        same = clean_id(pl.col("native_id")) == clean_id(pl.col("key"))
        told.append(listed.filter(same).select(account="key", _platform=pl.col("platform").fill_null("")))
    ids = (
        pl.concat(told)
        .unique()
        .rename({"account": "id", "_platform": "platform"})
        .with_columns(_is_id=pl.lit(value=True))
    )
    if not ids.height:
        return lookup
    lookup = lookup.join(ids, on=["id", "platform"], how="left", maintain_order="left")
    is_id = pl.col("_is_id").fill_null(value=False) & pl.col("native_id").is_null()
    return lookup.with_columns(
        native_id=pl.when(is_id).then(clean_id(pl.col("id"))).otherwise("native_id"),
        handle=pl.when(is_id).then(None).otherwise("handle"),
    ).drop("_is_id")


def _joined_by_alias(lookup: pl.DataFrame, named: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """Give each account of ``lookup`` the key of the account that it is, as far as the names tell.

    An account known by its handle is the one account with an id that was seen under it on the same platform; where
    two ids were seen under a handle, neither. An account of no platform without a tie of its own, as a side table names
    it, is the one account that bears its name, on whichever platform.

    Parameters
    ----------
    lookup
        ``id``, ``platform`` (empty if unknown), ``key``, ``native_id`` (null if known by its handle), ``handle``.
    named
        The names accounts were seen under: ``key``, ``native_id``, ``platform``, ``handle``.
    tied
        ``key`` of the accounts with ties.
    """
    named = named.select("key", "native_id", pl.col("platform").fill_null(""), _name=_folded_handle())
    named = named.drop_nulls(["_name", "native_id"]).select("platform", "_name", _key="key").unique()
    lookup = lookup.join(tied.select("key", _tied=pl.lit(value=True)), on="key", how="left", maintain_order="left")
    if named.height:
        single = named.filter(pl.len().over("platform", "_name") == 1)
        by_handle = pl.when(pl.col("native_id").is_null()).then(_folded_handle())
        lookup = lookup.with_columns(_name=by_handle)
        lookup = lookup.join(single, on=["platform", "_name"], how="left", maintain_order="left")
        moved = pl.col("_key").is_not_null()
        lookup = lookup.with_columns(
            key=pl.coalesce("_key", "key"), handle=pl.when(moved).then(None).otherwise("handle")
        ).drop("_key", "_name")
    nowhere = pl.col("platform") == ""
    tied = lookup.filter("_tied").select("key").unique()
    lookup = lookup.drop("_tied")
    if not lookup.select(nowhere.any() & (~nowhere).any()).item():
        return lookup
    # Keys of an account of which one row names no platform are not without platform.
    placed = lookup.filter(~nowhere).select("key").unique()
    loose = lookup.filter(nowhere).join(pl.concat([tied, placed]), on="key", how="anti")
    if not loose.height:
        return lookup
    by_id, by_name = pl.col("native_id").is_not_null(), pl.col("native_id").is_null()
    borne = pl.concat(
        [
            lookup.filter(~nowhere & by_id).select(_name="native_id", _id=pl.lit(value=True), _key="key"),
            lookup.filter(~nowhere & by_name).select(_name=_folded_handle(), _id=pl.lit(value=False), _key="key"),
            named.filter(~nowhere).select("_name", _id=pl.lit(value=False), _key="_key"),
        ]
    )
    sought = pl.concat(
        [
            loose.filter(by_id).select("key", _name="native_id", _id=pl.lit(value=True)),
            loose.filter(by_name).select("key", _name="handle", _id=pl.lit(value=True)),
            loose.filter(by_name).select("key", _name=_folded_handle(), _id=pl.lit(value=False)),
            named.filter(nowhere)
            .join(loose, left_on="_key", right_on="key", how="semi")
            .select("_key", "_name", _id=pl.lit(value=False))
            .rename({"_key": "key"}),
        ]
    )
    found = sought.join(borne.drop_nulls().unique(), on=["_name", "_id"]).select("key", "_key").unique()
    found = found.filter(pl.len().over("key") == 1)
    lookup = lookup.join(found, on="key", how="left", maintain_order="left")
    moved = pl.col("_key").is_not_null()
    # What is left of the other row is its name only.
    return lookup.with_columns(
        key=pl.coalesce("_key", "key"), handle=pl.when(moved).then(None).otherwise("handle")
    ).drop("_key")


def _identity_pairs(network: Network, pairs: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return the pairs that can be merged, as row numbers ``low`` < ``high``, and why the others cannot."""
    for name in ("account_a", "account_b"):
        if name not in pairs.columns:
            raise SchemaError("identities", f"no column {name!r}", found=pairs.columns, remedy="rename a column")
    if "row" not in pairs.columns:
        pairs = pairs.with_row_index("row", offset=1)
    texts = {name: pl.String() for name in ("account_a", "platform_a", "account_b", "platform_b", "evidence")}
    schema = pl.Schema({**texts, "confidence": pl.Float64(), "row": pl.UInt32()})
    pairs = conform(pairs.select(name for name in schema if name in pairs.columns), schema, table="identities")
    pairs = pairs.with_columns(
        pl.col("platform_a", "platform_b").str.strip_chars().str.to_lowercase().fill_null(""),
        # As it is compared: what a cell leaves empty is not evidence.
        evidence=clean_id(pl.col("evidence")),
    )
    ends = [pairs.select(id=f"account_{end}", platform=f"platform_{end}") for end in "ab"]
    asked = _identified(pl.concat(ends).unique()).drop_nulls("key")
    own = network.accounts.select(
        "key", pl.col("platform").fill_null(""), "native_id", "handle", id="key", own=pl.lit(value=True)
    )
    own = own.with_columns(
        handle=pl.when(pl.col("native_id").is_null()).then(
            pl.coalesce("handle", pl.col("key").str.strip_prefix(pl.col("platform") + ":"))
        )
    )
    side = asked.with_columns(own=pl.lit(value=False))
    lookup = pl.concat([own, side.select(own.columns)])
    named = network.named_aliases().rename({"account": "key"}).join(own.select("key", "native_id"), on="key")
    lookup = _joined_by_alias(lookup, named.select("key", "native_id", "handle", "platform"), own.select("key"))
    codes = network.accounts.select("key", "platform").with_row_index("code")
    found = lookup.filter(~pl.col("own")).join(codes.select("key", "code", _platform="platform"), on="key", how="left")
    for end in "ab":
        pairs = pairs.join(
            found.select(
                pl.col("id").alias(f"account_{end}"),
                pl.col("platform").alias(f"platform_{end}"),
                pl.col("code").alias(end),
                pl.col("_platform").alias(f"_{end}"),
            ),
            on=[f"account_{end}", f"platform_{end}"],
            how="left",
            maintain_order="left",
        )
    pairs = pairs.with_columns(low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"))
    dropped: list[Dropped] = []

    def drop(condition: pl.Expr, reason: str) -> None:
        nonlocal pairs
        lines = pairs.filter(condition.fill_null(value=False))["row"].sort()
        if len(lines):
            dropped.append(Dropped(reason, len(lines), tuple(lines.head(5).to_list())))
        pairs = pairs.filter(~condition.fill_null(value=False))

    drop(pl.col("a").is_null() | pl.col("b").is_null(), Message("names an account that no other file holds"))
    drop(pl.col("a") == pl.col("b"), Message("names one account twice"))
    drop(pl.col("_a") == pl.col("_b"), Message("both accounts are of one platform"))
    group = pl.Series(_groups(network.n_accounts, pairs))
    members = codes.with_columns(group=group).drop_nulls("platform")
    twice = members.filter(pl.len().over("group", "platform") > 1)["group"].unique()
    pairs = pairs.with_columns(group=group.gather(pairs["low"]))
    drop(
        pl.col("group").is_in(twice.to_list()),
        Message("would join two accounts of one platform through a third"),
    )
    return pairs, dropped


def _signs(signs: list[str] | None) -> list[str]:
    """Return hashtags as they are compared and links as they are, each once, sorted."""
    found = [sign.strip() if "://" in sign else clean_hashtag(sign) for sign in signs or [] if sign]
    return sorted({sign for sign in found if sign})


def _in_order(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the rows of a table, each once, in an order that depends on them only."""
    first = {"operations": ["start", "operation"], "triggers": ["time", "trigger"]}
    plain = [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
    kept = frame if table == "earlier" else frame.unique()
    return kept.sort(first.get(table, plain), nulls_last=True, maintain_order=True)


def _same_accounts(theirs: pl.DataFrame, ours: pl.DataFrame) -> pl.Series:
    """Return for each account of one table the key of the same account in the other, null if it is not there."""
    found = theirs.select("key", "platform", "native_id", handle=_folded_handle())
    known = ours.select("key", "platform", "native_id", handle=_folded_handle())
    same = pl.when(pl.col("key").is_in(known["key"].to_list())).then("key").alias("same")
    found = found.with_columns(same)
    for name in ("native_id", "handle"):
        once = known.drop_nulls(name).unique(["platform", name], keep="none").select("platform", name, other="key")
        found = found.join(once, on=["platform", name], how="left", nulls_equal=True, maintain_order="left")
        found = found.with_columns(pl.coalesce("same", "other").alias("same")).drop("other")
    return found["same"]


def _recoded(earlier: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Return what was done in earlier events with row numbers instead of account keys."""
    coded = pl.DataFrame({"key": keys}).with_row_index("code")
    for end in ("source", "target"):
        earlier = earlier.join(coded, left_on=end, right_on="key", how="left", maintain_order="left")
        earlier = earlier.drop(end).rename({"code": end})
    held = earlier.filter(pl.col("source").is_not_null() | pl.col("target").is_not_null())
    return _in_order(conform(held, EARLIER, table="earlier"), "earlier")


def _groups(n_accounts: int, pairs: pl.DataFrame) -> NDArray[np.int32]:
    """Return the number of the group that each account is in when pairs are joined."""
    ends = (pairs["low"].to_numpy(), pairs["high"].to_numpy())
    graph = sparse.coo_array((np.ones(pairs.height), ends), shape=(n_accounts, n_accounts))
    groups: NDArray[np.int32] = sparse.csgraph.connected_components(graph, directed=False)[1]
    return groups


def _merged_accounts(accounts: pl.DataFrame, first: NDArray[np.int64]) -> tuple[pl.DataFrame, pl.Series]:
    """Return one row for all accounts that have the same ``first`` row, and the new row number of each."""
    values = [name for name in accounts.columns if name not in ("key", "also")]
    whole = ("platform", "native_id", "handle", "display_name")  # of one account, never mixed
    rows = accounts.with_columns(_first=pl.Series(first))
    pick = [pl.col(name).first() if name in whole else pl.col(name).drop_nulls().first() for name in values]
    if "reach" in values and accounts.schema["reach"].is_numeric():
        # How far two audiences overlap is unknown: the larger is reached at least.
        pick = [pl.col("reach").max() if name == "reach" else one for name, one in zip(values, pick, strict=True)]
    others = pl.col("key").slice(1)
    if "also" in accounts.columns:
        others = others.append(pl.col("also").list.explode(empty_as_null=False, keep_nulls=False)).sort()
    table = rows.group_by("_first", maintain_order=True).agg(pl.col("key").first(), *pick, also=others)
    numbers = table.select("_first").with_row_index("_code")
    code = rows.select("_first").join(numbers, on="_first", how="left", maintain_order="left")["_code"]
    return table.drop("_first"), code.cast(pl.UInt32)


def _last_names(table: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Call each account by the name it was last seen under; ``aliases`` has ``key``, ``handle`` and ``last_seen``."""
    if not aliases.height:
        return table
    names = aliases.select("key", "last_seen", _last=clean_id(pl.col("handle")).str.strip_prefix("@")).drop_nulls(
        "_last"
    )
    names = names.sort("key", "last_seen", "_last", nulls_last=False).unique("key", keep="last", maintain_order=True)
    table = table.join(names.drop("last_seen"), on="key", how="left", maintain_order="left")
    return table.with_columns(handle=pl.coalesce("_last", "handle")).drop("_last")


def _unique_rights(rights: pl.DataFrame) -> pl.DataFrame:
    rights = conform(rights, ADMIN_RIGHTS, table="admin_rights").unique()
    first = ["account", "person", "role"]
    return rights.sort([*first, *(name for name in ADMIN_RIGHTS if name not in first)], nulls_last=False)


def _alias_columns(aliases: pl.DataFrame | None) -> pl.DataFrame:
    raw = pl.Schema({**ALIASES, "account": pl.String(), "platform": pl.String()})
    return pl.DataFrame(schema=raw) if aliases is None else conform(aliases, raw, table="aliases")


def _unique_aliases(aliases: pl.DataFrame) -> pl.DataFrame:
    names = aliases.select(list(ALIASES)).drop_nulls(["account", "handle"])
    names = names.group_by("account", "handle").agg(pl.col("first_seen").min(), pl.col("last_seen").max())
    return conform(names, ALIASES, table="aliases").sort(["account", "handle"])


def _post_columns(posts: pl.DataFrame | None) -> pl.DataFrame:
    """Give posts their declared columns; ``account`` stays a string."""
    raw = {**POSTS, "account": pl.String()}
    if posts is None:
        return pl.DataFrame(schema=raw)
    if "collected" not in posts.columns:
        posts = posts.with_columns(collected=pl.lit(value=True))
    tags = {"hashtags": pl.List(pl.String())} if "hashtags" in posts.columns else {}
    schema = pl.Schema({**raw, **tags})
    return conform(posts.select(name for name in schema if name in posts.columns), schema, table="posts")


def _share_columns(shares: pl.DataFrame | None) -> pl.DataFrame:
    """Give shares their declared columns; ``account`` stays a string."""
    raw = pl.Schema({**SHARES, "account": pl.String()})
    if shares is None:
        return pl.DataFrame(schema=raw)
    for name in ("account", "object"):
        if name not in shares.columns:
            raise SchemaError("shares", f"no column {name!r}", found=shares.columns, remedy="rename a column")
    return conform(shares, raw, table="shares")


def _derived(shares: pl.DataFrame, accounts: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Return the interactions that follow from shares, one a pair, with columns as interactions have them, and a warning."""
    found = co_shares(shares)
    platform = accounts["platform"]
    ties = found.ties.with_columns(
        platform=platform.gather(found.ties["source"]), _other=platform.gather(found.ties["target"])
    )
    ties = ties.with_columns(
        kind=pl.lit("share"),
        quality=pl.lit("derived"),
        platform=pl.when(pl.col("platform") == pl.col("_other")).then("platform"),
    )
    rows = conform(ties.drop("_other"), INTERACTIONS, table="interactions")
    return rows.with_columns(row=pl.lit(0, dtype=pl.UInt32)), found.warning()


def _together(rows: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
    """Return rows with further ones of the same columns behind them."""
    # Without further rows nothing is copied.
    return pl.concat([rows, further.select(rows.columns)], rechunk=True) if further.height else rows


def _kind_counts(kinds: pl.Series, events: NDArray[np.int64] | None = None) -> dict[Kind, int]:
    """Return how many rows, or events of them, there are of each kind that occurs."""
    code = kinds.to_physical().to_numpy()
    counts = np.bincount(code, minlength=len(KINDS))
    events = counts if events is None else np.array([events[code == place].sum() for place in range(len(KINDS))])
    return {kind: int(events[place]) for place, kind in enumerate(KINDS) if counts[place]}


def _mirrored(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(source=pl.col("target"), target=pl.col("source"))


def _unique_written(posts: pl.DataFrame) -> pl.DataFrame:
    """Return each post once: collected rather than come along, in an order that does not depend on the file."""
    posts = conform(posts.select(list(POSTS)), POSTS, table="posts")
    order = ["platform", "post_id", "account", "time", "client"]
    posts = posts.sort(["collected", *order], descending=[True, *[False] * len(order)], nulls_last=True)
    with_id = posts.filter(pl.col("post_id").is_not_null()).unique(
        ["platform", "post_id"], keep="first", maintain_order=True
    )
    return pl.concat([with_id, posts.filter(pl.col("post_id").is_null())]).sort(
        ["account", "time", "post_id", "platform", "client", "collected"], nulls_last=True
    )


def with_known_authors(rows: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Fill in the target of rows that name the post they act on, where its author is known.

    A known author also stands instead of one that was only inferred from the text of a retweet.
    """
    inferred = (pl.col("quality").eq_missing("inferred")) & (pl.col("kind") == "retweet")
    to_find = (pl.col("target").is_null() | inferred) & pl.col("ref_post_id").is_not_null()
    if not posts.height or not rows.select(to_find.any()).item():
        return rows
    platform = pl.col("platform").fill_null("")
    authors = posts.select("post_id", _author="account", _platform=platform).drop_nulls(["post_id", "_author"])
    authors = authors.sort("_author").unique(["post_id", "_platform"], keep="first")
    rows = rows.with_columns(_platform=platform, _ref=pl.when(to_find).then("ref_post_id"))
    rows = rows.join(
        authors, left_on=["_ref", "_platform"], right_on=["post_id", "_platform"], how="left", maintain_order="left"
    )
    certain = (
        pl.when(inferred & pl.col("_author").is_not_null())
        .then(pl.lit("ok"))
        .otherwise(pl.col("quality").cast(pl.String))
    )
    rows = rows.with_columns(target=pl.coalesce("_author", "target"), quality=certain.cast(rows.schema["quality"]))
    return rows.drop("_author", "_platform", "_ref")


def _unresolved(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split encoded rows into those with a target, or without any hope of one, and those kept apart."""
    apart = pl.col("target").is_null() & pl.col("ref_post_id").is_not_null() & pl.col("source").is_not_null()
    return rows.filter(~apart), rows.filter(apart).drop("target")


def _unique_unresolved(rows: pl.DataFrame) -> pl.DataFrame:
    rows = conform(rows.select(list(UNRESOLVED)), UNRESOLVED, table="unresolved")
    rows = rows.sort(list(UNRESOLVED), nulls_last=True)
    posts = rows.filter(pl.col("post_id").is_not_null())
    posts = posts.unique(["platform", "post_id", "kind", "source", "ref_post_id"], keep="first", maintain_order=True)
    return pl.concat([posts, rows.filter(pl.col("post_id").is_null())]).sort(list(UNRESOLVED), nulls_last=True)


def _listed_columns(listed: pl.DataFrame | None) -> pl.DataFrame:
    """Give a user's accounts table the columns ``key`` and ``platform``."""
    if listed is None:
        return pl.DataFrame(schema={"key": pl.String, "platform": pl.String})
    if "key" not in listed.columns and "account" in listed.columns:
        listed = listed.rename({"account": "key"})
    if "key" not in listed.columns:
        raise SchemaError("accounts", "no column 'key'", found=listed.columns, remedy="rename a column")
    texts = [name for name in ACCOUNTS if name in listed.columns]
    listed = listed.with_columns(pl.col(texts).cast(pl.String))
    if "platform" not in listed.columns:
        listed = listed.with_columns(platform=pl.lit(None, dtype=pl.String))
    return listed


def _rights_columns(rights: pl.DataFrame | None) -> pl.DataFrame:
    """Give an admin table its declared columns and ``_platform``; ``account`` stays a string."""
    raw = pl.Schema({**ADMIN_RIGHTS, "account": pl.String(), "platform": pl.String()})
    if rights is None:
        return pl.DataFrame(schema=raw).rename({"platform": "_platform"})
    for name in ("person", "account"):
        if name not in rights.columns:
            raise SchemaError("admin_rights", f"no column {name!r}", found=rights.columns, remedy="rename a column")
    rights = conform(rights.select(name for name in raw if name in rights.columns), raw, table="admin_rights")
    rights = rights.with_columns(person=clean_id(pl.col("person")), platform=pl.col("platform").fill_null(""))
    return rights.rename({"platform": "_platform"}).drop_nulls("person")


def _in_fixed_order(coded: pl.DataFrame) -> pl.DataFrame:
    """Return finished interactions in the one order that does not depend on the file."""
    return in_order(conform(coded.drop("row"), INTERACTIONS, table="interactions"), list(INTERACTIONS))


def _clean(rows: pl.DataFrame, *, directed: bool) -> tuple[pl.DataFrame, list[Dropped]]:
    """Apply the rules of :meth:`Network.from_tables` to encoded rows and say what they dropped."""
    dropped: list[Dropped] = []

    def record(reason: str, lines: pl.Series) -> None:
        if len(lines):
            dropped.append(Dropped(reason, len(lines), tuple(lines.sort().head(5).to_list())))

    def drop(condition: pl.Expr, reason: str) -> None:
        nonlocal rows
        lines = rows.select(pl.col("row").filter(condition)).to_series()
        if len(lines):
            record(reason, lines)
            rows = rows.filter(~condition)

    drop(pl.col("source").is_null(), Message("no source"))
    drop(pl.col("target").is_null(), Message("no target"))
    drop(pl.col("source") == pl.col("target"), Message("self-tie"))
    weight = pl.col("weight")
    drop(~(weight.is_not_null() & weight.is_finite() & (weight > 0)), Message("weight is not a positive number"))

    low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    pair = ["source", "target"] if directed else [low.alias("_low"), high.alias("_high")]

    def keep_first(condition: pl.Expr, by: list[str], reason: str) -> None:
        nonlocal rows
        if all_different(rows.lazy().filter(condition).select(*by, *pair).collect()):
            return
        subject = rows.filter(condition)
        # Which of the repeats stays must not depend on the row order of the file: the earliest, then the heaviest.
        # One row of the file may hold several interactions: its number does not tell them apart.
        subject = subject.sort("time", "weight", "source", descending=[False, True, False], nulls_last=True)
        subject = subject.with_row_index("_n")
        first = subject.with_columns(*[e for e in pair if isinstance(e, pl.Expr)])
        first = first.unique(
            [*by, *([e.meta.output_name() if isinstance(e, pl.Expr) else e for e in pair])], keep="first"
        )
        record(reason, subject.join(first.select("_n"), on="_n", how="anti")["row"])
        rows = pl.concat([rows.filter(~condition), first.select(rows.columns)])

    keep_first(pl.col("post_id").is_not_null(), ["platform", "post_id", "kind"], Message("repeats a post"))
    keep_first(pl.col("kind") == "follow", ["platform"], Message("repeats a follow"))
    if not directed:
        # Files without direction often list every tie twice, once from each end.
        timeless = pl.col("time").is_null() & pl.col("post_id").is_null() & (pl.col("kind") != "follow")
        keep_first(timeless, ["platform", "kind", "weight"], Message("repeats a tie"))
    return rows, dropped


def _unique_posts(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop rows that repeat a post, or a follow, of another file."""
    posts, follows = pl.col("post_id").is_not_null(), pl.col("kind") == "follow"
    # The earliest, then the heaviest, as within a file (see _clean).
    order, turned = ["time", "weight", "source", "target"], [False, True, False, False]
    first = rows.filter(posts).sort(order, descending=turned, nulls_last=True)
    first = first.unique(["platform", "post_id", "kind", "source", "target"], keep="first")
    states = (
        rows.filter(~posts & follows)
        .sort(order, descending=turned, nulls_last=True)
        .unique(["platform", "source", "target"], keep="first")
    )
    return pl.concat([rows.filter(~posts & ~follows), first, states])
