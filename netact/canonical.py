"""An order of accounts and persons that does not depend on what they are called, and networks in which nobody bears a name.

Chance is drawn for row numbers, so the order of accounts is part of a result. In a sealed network accounts are ordered by
what they did: by a fingerprint of each one's interactions, hashtags, shares and rights, and in turn of those of the accounts it is
tied to (colour refinement, as in the tests of graph isomorphism by Weisfeiler and Leman, https://doi.org/10.48550/arXiv.2003.04078).
Accounts that are told apart by nothing but their name then still share a fingerprint. Taking out all others, they fall into parts;
parts of the same fingerprints stand for one another, so that they are numbered by name; in a part that holds two alike, the first
by name is told apart, and what follows from that for the others is worked out before the next.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import polars as pl
from scipy import sparse

from netact.coding import is_compiled, is_constant, numbered_texts
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netact.network import Network

    Words = NDArray[np.uint64]

T = TypeVar("T")

# Keys of sealed networks begin with a character of a private use area, which no platform allows in a name.
_MARK = "\ue000"
_ACCOUNT, _PERSON = f"{_MARK}a", f"{_MARK}p"
_SEALED = re.compile(f"{_MARK}[ap][0-9]+")

# Rounds of refinement between two steps, and steps, before what is left is ordered by name; few are ever needed.
_ROUNDS = 60
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Sealed:
    """A network in which nobody bears a name.

    Attributes
    ----------
    network
        Its accounts and persons bear neutral keys and stand in the canonical order; handles, ids, display names, aliases and
        identities are gone, numbers and flags of the user's accounts table are kept, as are their texts.
    order
        For each of its accounts the row in the accounts table of the network it was made of.
    people
        For each of its persons the name.
    """

    network: Network
    order: NDArray[np.int64]
    people: tuple[str, ...]


def seal(network: Network) -> Sealed:
    """Return a network in its canonical order, without names."""
    order, people = canonical_order(network)
    keys = _numbered_keys(_ACCOUNT, len(order))
    persons = dict(zip(people, _numbered_keys(_PERSON, len(people)).to_list(), strict=True))
    return Sealed(network.renumbered(order, keys, persons), order, people)


def _numbered_keys(mark: str, count: int) -> pl.Series:
    number = pl.int_range(count, eager=True).cast(pl.String)
    return mark + number.str.zfill(len(str(max(count - 1, 0))))


@dataclass(frozen=True, eq=False)
class Names:
    """What the accounts and persons of a sealed network are called somewhere.

    Attributes
    ----------
    accounts, people
        One name each, in canonical order.
    """

    accounts: Sequence[str]
    people: Sequence[str]

    @cached_property
    def _columns(self) -> tuple[pl.Series, pl.Series]:
        return pl.Series(self.accounts, dtype=pl.String), pl.Series(self.people, dtype=pl.String)

    def put(self, value: T) -> T:
        """Return a value with the names in place of neutral keys: in texts, tables, messages, whatever holds them."""
        return cast("T", self._put(value))

    def _put(self, value: Any) -> Any:
        if isinstance(value, Message):
            return type(value)(value.template, **self._put(value.values)) if _MARK in value else value
        if isinstance(value, str):
            return _SEALED.sub(lambda found: self._name(found[0]), value) if _MARK in value else value
        if isinstance(value, pl.DataFrame):
            return value.with_columns(self._column(value[name]) for name in value.columns if _texts(value.schema[name]))
        if is_dataclass(value) and not isinstance(value, type):
            found = {item.name: getattr(value, item.name) for item in fields(value) if item.init}
            named = {name: self._put(item) for name, item in found.items()}
            changed = {name: item for name, item in named.items() if item is not found[name]}
            return replace(value, **changed) if changed else value
        if isinstance(value, dict):
            return {self._put(name): self._put(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._put(item) for item in value)
        return value

    def _name(self, key: str) -> str:
        return (self.accounts if key.startswith(_ACCOUNT) else self.people)[int(key[2:])]

    def _column(self, column: pl.Series) -> pl.Series:
        if column.dtype.is_nested():
            return pl.Series(
                column.name, [None if cell is None else self._put(list(cell)) for cell in column], dtype=column.dtype
            )
        for mark, names in zip((_ACCOUNT, _PERSON), self._columns, strict=True):
            sealed = column.str.starts_with(mark)
            if sealed.any():
                sealed &= column.str.contains(r"^.[ap][0-9]+$")
                code = column.set(~sealed.fill_null(value=False), None).str.slice(2).cast(pl.UInt32)
                column = names.gather(code).alias(column.name).zip_with(code.is_not_null(), column)
        return column


def _texts(dtype: pl.DataType) -> bool:
    return dtype == pl.String or dtype == pl.List(pl.String)


def canonical_order(network: Network) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return an order of the accounts, as row numbers, and of the persons, that does not depend on what they are called.

    Accounts that receive most interactions come first. With ``n`` accounts and ``m`` rows of all tables a round takes O(n log n + m);
    rounds end when nobody new is told apart.

    Notes
    -----
    Where fingerprints are the same without the accounts being interchangeable (some regular graphs), names decide.
    """
    people = sorted(network.admin_rights["person"].unique().to_list())
    traits = _Traits(network, people)
    rank = _ranked(pl.concat([network.accounts["key"], pl.Series("key", people, dtype=pl.String)]))
    words = traits.refined(traits.own)
    for _ in range(_STEPS):
        alike = _shared(words)
        if not alike.any():
            break
        part = traits.parts(alike)
        finer = _parts_told_apart(words, alike, part, rank)
        if finer is words:
            finer = _one_told_apart(words, alike, part, rank)
        words = traits.refined(finer)
    n = network.n_accounts
    received = np.bincount(network.interactions["target"].to_numpy(), minlength=n)
    order = np.lexsort((rank[:n], words[:n], -received))
    persons = np.lexsort((rank[n:], words[n:]))
    return order, tuple(people[row] for row in persons)


def _ranked(names: pl.Series) -> NDArray[np.int64]:
    """Return the place of each name in the order of code points, which is that of their UTF-8 too; of equals the first is first."""
    if bool((names < names.shift(1)).any()):
        order = names.to_frame("name").with_row_index().sort("name", "index")["index"].to_numpy()
    else:
        order = np.arange(len(names))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank


def _different(words: Words) -> int:
    """Return how many different words there are."""
    ordered = np.sort(words)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + min(len(words), 1)


def _shared(words: Words) -> NDArray[np.bool_]:
    """Return who has a fingerprint that another has too."""
    order = np.argsort(words)
    ordered = words[order]
    same = ordered[1:] == ordered[:-1]
    found = np.empty(len(words), dtype=np.bool_)
    found[order] = np.r_[False, same] | np.r_[same, False] if len(words) else False
    return found


def _parts_told_apart(
    words: Words, alike: NDArray[np.bool_], part: NDArray[np.int32], rank: NDArray[np.int64]
) -> Words:
    """Number parts of the network that are alike, by name: which of them is the first changes nothing.

    Between the parts there are only accounts whose fingerprints are their own.
    """
    rows = np.flatnonzero(alike)
    own = part[rows]
    size = int(part.max()) + 1
    print_ = np.zeros(size, dtype=np.uint64)
    np.add.at(print_, own, _mixed(words[rows]))
    first = np.full(size, len(rank), dtype=np.int64)
    np.minimum.at(first, own, rank[rows])
    present = np.unique(own)
    order = present[np.lexsort((first[present], print_[present]))]
    same = print_[order]
    begin = np.flatnonzero(np.r_[True, same[1:] != same[:-1]])
    number = np.zeros(size, dtype=np.uint64)
    number[order] = np.arange(len(order)) - np.repeat(begin, np.diff(np.r_[begin, len(order)]))
    if not number.any():
        return words
    found = words.copy()
    found[rows] = _mixed(words[rows] + _mixed(number[own]))
    return found


def _one_told_apart(words: Words, alike: NDArray[np.bool_], part: NDArray[np.int32], rank: NDArray[np.int64]) -> Words:
    """Tell apart the first by name of those with the lowest shared fingerprint in each part."""
    rows = np.flatnonzero(alike)
    order = rows[np.lexsort((rank[rows], words[rows], part[rows]))]
    chosen = order[np.r_[True, part[order][1:] != part[order][:-1]]]
    found = words.copy()
    found[chosen] = _mixed(words[chosen] + np.uint64(1))
    return found


class _Traits:
    """What accounts (first) and persons (after them) did, as numbers that do not depend on their names."""

    def __init__(self, network: Network, people: list[str]) -> None:
        n = network.n_accounts
        self.size = n + len(people)
        own = np.zeros(self.size, dtype=np.uint64)
        own[n:] = 1
        accounts = network.accounts
        told = [name for name, dtype in accounts.schema.items() if dtype.is_numeric() or dtype == pl.Boolean]
        own[:n] += _rows_hashed(accounts.select("platform", *told))
        for table in (network.hashtags, network.shares, network.posts):
            rows = table.drop("account", *(name for name in _NAMING if name in table.columns))
            np.add.at(own, table["account"].to_numpy(), _mixed(_rows_hashed(rows, salt=table.columns[1])))
        apart = network.unresolved
        rows = apart.drop("source", *(name for name in _NAMING if name in apart.columns))
        np.add.at(own, apart["source"].to_numpy(), _mixed(_rows_hashed(rows, salt="unresolved")))
        self.own = _mixed(own)
        self.ends: list[tuple[NDArray[Any], NDArray[Any], Words]] = []
        ties = network.interactions
        self._add(ties["source"], ties["target"], _rows_hashed(ties.select("kind", "weight", "time", "quality")))
        rights = network.admin_rights
        place = {name: n + row for row, name in enumerate(people)}
        person = pl.Series([place[name] for name in rights["person"]], dtype=pl.Int64)
        self._add(person, rights["account"], _rows_hashed(rights.drop("person", "account"), salt="right"))
        before = network.earlier
        if before.height:
            both = before.drop_nulls(["source", "target"])
            self._add(both["source"], both["target"], _rows_hashed(both.drop("source", "target"), salt="earlier"))
            for end in ("source", "target"):
                one = before.filter(pl.col("source").is_null() | pl.col("target").is_null()).drop_nulls(end)
                np.add.at(self.own, one[end].to_numpy(), _mixed(_rows_hashed(one.drop("source", "target"), salt=end)))

    def _add(self, source: pl.Series, target: pl.Series, words: Words) -> None:
        self.ends.append((source.to_numpy(), target.to_numpy(), words))

    def refined(self, words: Words) -> Words:
        """Return the fingerprints when no further round tells anybody apart."""
        classes = _different(words)
        for _ in range(_ROUNDS):
            finer = self._round(words)
            found = _different(finer)
            if found == classes:
                break
            words, classes = finer, found
        return words

    def parts(self, among: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the number of the connected part each is in, over ties among some of the accounts and persons only."""
        inside = [(s[keep], t[keep]) for s, t, _ in self.ends for keep in (among[s] & among[t],)]
        source, target = (np.concatenate(ends) for ends in zip(*inside, strict=True))
        graph = sparse.coo_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(self.size, self.size))
        found: NDArray[np.int32] = sparse.csgraph.connected_components(graph, directed=False)[1]
        return found

    def _round(self, own: Words) -> Words:
        total = np.zeros(self.size, dtype=np.uint64)
        for source, target, words in self.ends:
            if is_compiled(len(words)):
                from netact.canonical_kernels import add_neighbours

                add_neighbours(total, own, source, target, words)
                continue
            np.add.at(total, source, _mixed(own[target] + words))
            np.add.at(total, target, _mixed(own[source] ^ _mixed(words + np.uint64(1))))
        return _mixed(own + _mixed(total))


# Columns that may hold names of accounts or hang on them.
_NAMING = ("post_id", "ref_post_id")


def _mixed(words: Words) -> Words:
    """Scramble 64-bit words, each alike (the finaliser of MurmurHash3, by A. Appleby)."""
    words = words ^ (words >> np.uint64(33))
    words *= np.uint64(0xFF51AFD7ED558CCD)
    words ^= words >> np.uint64(33)
    words *= np.uint64(0xC4CEB9FE1A85EC53)
    words ^= words >> np.uint64(33)
    return words


def _rows_hashed(frame: pl.DataFrame, *, salt: str = "") -> Words:
    """Return one word for each row of a table, of all its columns."""
    total = np.full(1, _word(salt), dtype=np.uint64)  # one word for all rows as long as they agree
    for column in frame.iter_columns():
        alike = frame.height > 1 and is_constant(column)
        total = _mixed(total ^ _hashed(column.head(1) if alike else column))
    return np.broadcast_to(total, frame.height).copy() if len(total) != frame.height else total


def _hashed(column: pl.Series) -> Words:
    """Return one word for each value of a column; the same on every machine and in every version."""
    dtype = column.dtype
    if isinstance(dtype, pl.Enum):
        texts, place = dtype.categories, column.to_physical()
        texts = texts.append(pl.Series([None], dtype=pl.String))
        return cast("Words", _words(texts)[place.fill_null(len(texts) - 1).to_numpy()])
    if isinstance(dtype, pl.String | pl.Categorical):
        texts, (place,) = numbered_texts([column.cast(pl.String)])
        return cast("Words", _words(texts)[place.to_numpy()])
    if dtype.is_temporal() or dtype.is_integer() or dtype == pl.Boolean:
        number = column.cast(pl.Int64)
        bits = number.fill_null(0).to_numpy().view(np.uint64)
    else:
        number = column.cast(pl.Float64)
        bits = (number.fill_null(0.0).to_numpy() + 0.0).view(np.uint64)
    words = bits + np.uint64(1)
    if number.null_count():
        words[number.is_null().to_numpy()] = _word(None)
    return _mixed(words)


def _words(texts: pl.Series) -> Words:
    return np.array([_word(text) for text in texts.to_list()], dtype=np.uint64)


def _word(text: str | None) -> int:
    told = b"\0" if text is None else text.encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "little")


def sealed_keys(text: str) -> Iterator[str]:
    """Yield the neutral keys that a text holds; what is written must hold none.

    >>> list(sealed_keys("nothing here"))
    []
    """
    yield from _SEALED.findall(text)
