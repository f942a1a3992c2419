"""What is left when people pull their accounts: every combination of the top holders, computed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy import sparse

from netact.errors import MeasureError
from netact.language import Message
from netact.randomness import generator, spawn_seeds
from netact.results import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.network import Network, Ties
    from netact.results import Factions, SuperUsers

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

RULES = ("shutdown", "departure")
# A component of this many accounts counts as a piece.
PIECE = 10
# Groups shown by number; all others are put together as -1.
MOST_GROUPS = 12
SMALLER_GROUPS = -1
# As many people are combined as keep (distinct sets of dark accounts) * (entries of the contracted network) below this.
MOST_WORK = 1e8
# Ties * runs of the optimiser, over all networks whose groups are detected anew; the last ones are left out beyond it.
MOST_DETECTION = 2_000_000
RUNS = 5

_PEOPLE: dict[str, Any] = {"bit": pl.Int64, "person": pl.String, "accounts": pl.Int64}
_SCENARIOS: dict[str, Any] = {
    "rule": pl.String,
    "mask": pl.Int64,
    "accounts_dark": pl.Int64,
    "attention_lost": pl.Float64,
    "reach_lost": pl.Float64,
    "largest_component": pl.Float64,
    "pieces": pl.Int64,
}
_FACTIONS: dict[str, Any] = {
    "rule": pl.String,
    "mask": pl.Int64,
    "faction": pl.Int32,
    "accounts_dark": pl.Int64,
    "attention_lost": pl.Float64,
    "cut_off": pl.Float64,
}
_AFTER: dict[str, Any] = {
    "rule": pl.String,
    "removed": pl.Int64,
    "n_factions": pl.Int64,
    "modularity": pl.Float64,
    "agreement": pl.Float64,
}


@dataclass(frozen=True)
class ShutdownScenarios:
    """What is left of the network when some of the top holders are taken out, for every combination of them.

    Two rules, as in :class:`netact.results.SuperUsers`. ``shutdown``: an account goes dark if **any** person taken out
    who has the power to close it pulls it. ``departure``: an account goes dark only if **all** its holders are taken
    out (editors count as holders, people flagged as bots do not). Each number is what happens at once: audiences move
    elsewhere in time, so it is an upper bound on what is lost.

    Attributes
    ----------
    status, reason
        ``ok``, or why there is nothing to take out.
    kind
        Kind of tie.
    coverage
        Share of all attention that goes to listed accounts: ``attention_lost`` is the loss of
        :class:`~netact.results.SuperUsers` (a share of what the listed accounts hold) times this.
    people
        ``bit`` (from 0), ``person``, ``accounts`` (how many they hold): the top people in the order of
        ``SuperUsers.people``; fewer on large networks.
    scenarios
        ``rule`` (shutdown | departure), ``mask`` (sum of 2 ** bit of the people taken out, from 0, nobody, to
        2 ** people - 1), ``accounts_dark``, ``attention_lost`` (share of all attention that the dark accounts
        received), ``reach_lost`` (share of the audience, the accounts that gave attention to at least one listed
        account, that is left with nobody: every account they gave attention to, listed or not, is dark; null without
        an audience), ``largest_component`` (accounts in the largest weakly connected component of what is left, as a
        share of the active accounts of the intact network; null without ties), ``pieces`` (components of what is left
        with at least 10 accounts). Sorted by rule (shutdown first) and mask.
    factions
        ``rule``, ``mask``, ``faction``, ``accounts_dark``, ``attention_lost`` (share of what the faction's accounts
        received; null if they received none), ``cut_off`` (share of the faction's accounts that were in the largest
        component of the intact network and, dark or not, are no longer in the largest one). ``faction`` -1 holds the
        smaller groups: all but the 12 largest that have a name. Empty without a partition.
    after
        ``rule``, ``removed`` (0 to the number of people, taken out in the order of ``people``), ``n_factions`` (named
        groups), ``modularity``, ``agreement`` (adjusted Rand index with the intact partition over the accounts left
        that still have ties): groups detected anew in what is left. The row of ``removed`` 0 detects the groups of the
        intact network anew, which tells how much of a lack of agreement is chance. Null where there is no partition or
        the network is too large for it.
    """

    status: Status
    reason: str
    kind: str
    coverage: float
    people: pl.DataFrame
    scenarios: pl.DataFrame
    factions: pl.DataFrame
    after: pl.DataFrame


def shutdown_scenarios(
    network: Network,
    super_users: SuperUsers | None,
    factions: Factions | None = None,
    *,
    max_people: int = 8,
    resolution: float = 1.0,
    seed: int,
) -> ShutdownScenarios:
    """Return what is left for every combination of the top holders, under both rules.

    Roles count as in :func:`netact.measures.super_users.super_users`. Masks that darken the same accounts are computed
    once, on a network contracted to the accounts that can go dark and what hangs on them; groups are detected anew
    (Leiden on modularity, weights of both directions added, as in :func:`netact.measures.factions.factions`; the best
    of up to five runs) only for the people taken out in their order.

    Parameters
    ----------
    network
        With the admin rights that ``super_users`` was computed from.
    super_users
        Who holds what; None or an undefined one gives no scenarios.
    factions
        Groups of the intact network, if known.
    max_people
        Most people that are combined, 1 to 12; fewer are if it would take long (``MOST_WORK``).
    resolution
        Resolution of modularity that ``factions`` was computed with.
    seed
        Seed of the optimiser.

    Raises
    ------
    MeasureError
        If ``max_people`` is out of range.

    Examples
    --------
    >>> import polars as pl
    >>> from netact.measures.super_users import super_users
    >>> from netact.network import Network
    >>> ties = pl.DataFrame({"source": ["u", "v", "w"], "target": ["page", "page", "news"]})
    >>> rights = pl.DataFrame({"person": ["Ann", "Ann", "Bo"], "account": ["page", "news", "news"]})
    >>> network = Network.from_tables(ties, admin_rights=rights)
    >>> found = shutdown_scenarios(network, super_users(network, draws=1, seed=1), seed=1)
    >>> found.scenarios.select("rule", "mask", "accounts_dark", "reach_lost").rows()[1:6:4]
    [('shutdown', 1, 2, 1.0), ('departure', 1, 1, 0.6666666666666666)]
    """
    from netact.measures.super_users import listed_attention, usable_rights

    if not 1 <= max_people <= 12:
        raise MeasureError("shutdown_scenarios.max_people", "must be 1 to 12", found=max_people)
    if super_users is None or super_users.status != "ok":
        why = Message("nobody's access to accounts was analysed") if super_users is None else super_users.reason
        status: Status = "not_testable" if super_users is None else super_users.status
        return _nothing(network.attention_kind if super_users is None else super_users.kind, status, why)
    ties = network.ties(super_users.kind)  # type: ignore[arg-type]
    rights = usable_rights(network, [])
    listed = rights["account"].unique().sort().to_numpy().astype(np.int64)
    top = super_users.people.filter(pl.col("accounts") > 0).head(max_people)
    held = _held(rights, top["person"].to_list())
    contracted = _contract(ties, held.account, listed)
    people = _affordable(held, top.height, contracted.entries)
    masks = np.arange(2**people)
    dark = np.concatenate([held.dark(rule, masks) for rule in RULES])
    sets, of_row = _distinct(dark)
    attention, _, coverage = listed_attention(network, ties, listed, [])
    share = attention / attention.sum() * coverage
    lost = sets @ share[np.searchsorted(listed, held.account)]
    group, shown = _groups(network, factions)
    by_class = _by_class(contracted, group, len(shown))
    left = [_left(contracted, ties.active, one, group, by_class) for one in sets]
    size = np.array([one.largest for one in left])
    active = int(np.count_nonzero(ties.active))
    n = len(masks)
    index = {"rule": np.repeat(RULES, n), "mask": np.tile(masks, 2)}
    scenarios = pl.DataFrame(
        {
            **index,
            "accounts_dark": sets.sum(axis=1)[of_row],
            "attention_lost": lost[of_row],
            "reach_lost": contracted.reach_lost(sets)[of_row] if contracted.audience else None,
            "largest_component": (size / active)[of_row] if active else None,
            "pieces": np.array([one.pieces for one in left])[of_row],
        },
        schema=_SCENARIOS,
    )
    return ShutdownScenarios(
        status="ok",
        reason=Message("every combination of {n:count} people", n=people),
        kind=super_users.kind,
        coverage=coverage,
        people=pl.DataFrame(
            {"bit": range(people), "person": top["person"].head(people), "accounts": top["accounts"].head(people)},
            schema=_PEOPLE,
        ),
        scenarios=scenarios,
        factions=_by_faction(index, ties, held.account, sets, of_row, left, group, shown),
        after=_after(network, held, people, factions, resolution=resolution, seed=seed),
    )


def _nothing(kind: str, status: Status, reason: str) -> ShutdownScenarios:
    return ShutdownScenarios(
        status=status,
        reason=reason,
        kind=kind,
        coverage=0.0,
        people=pl.DataFrame(schema=_PEOPLE),
        scenarios=pl.DataFrame(schema=_SCENARIOS),
        factions=pl.DataFrame(schema=_FACTIONS),
        after=pl.DataFrame(schema=_AFTER),
    )


# ---------------------------------------------------------------------- who holds what


@dataclass(frozen=True, eq=False)
class _Held:
    """The accounts that the top people hold, and by whom: bits of the people who hold and who can close each."""

    account: Codes
    holders: Codes
    power: Codes
    others: Flags  # whether anybody else holds it too

    def dark(self, rule: str, masks: Codes) -> Flags:
        """Return which accounts go dark, one row a mask."""
        out = masks[:, None]
        by_any: Flags = (out & self.power) != 0
        by_all: Flags = ((self.holders & ~out) == 0) & ~self.others
        return by_any if rule == "shutdown" else by_all


def _held(rights: pl.DataFrame, top: list[str]) -> _Held:
    bit = pl.DataFrame({"person": top, "bit": [2**i for i in range(len(top))]}, schema_overrides={"bit": pl.Int64})
    rows = rights.filter(~pl.col("bot")).join(bit, on="person", how="left")
    by_account = rows.group_by("account").agg(
        holders=pl.col("bit").sum(), power=pl.col("bit").filter("power").sum(), others=pl.col("bit").is_null().any()
    )
    by_account = by_account.filter(pl.col("holders") > 0).sort("account")
    return _Held(
        by_account["account"].to_numpy().astype(np.int64),
        by_account["holders"].to_numpy(),
        by_account["power"].to_numpy(),
        by_account["others"].to_numpy(),
    )


def _distinct(rows: Flags) -> tuple[Flags, Codes]:
    """Return the distinct rows and which of them each row is."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    _, first, inverse = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return rows[first], inverse.reshape(-1).astype(np.int64)


def _affordable(held: _Held, people: int, entries: int) -> int:
    """Return how many people can be combined; one can always be taken out."""
    for count in range(people, 1, -1):
        dark = np.concatenate([held.dark(rule, np.arange(2**count)) for rule in RULES])
        if len(_distinct(dark)[0]) * entries <= MOST_WORK:
            return count
    return 1


# ---------------------------------------------------------------------- what is left of the network


@dataclass(frozen=True, eq=False)
class _Contracted:
    """The network seen from the accounts that can go dark (numbered 0, 1, ... here).

    The components of the rest that are tied to the very same of these accounts behave alike and form a class.
    ``ties`` are pairs of nodes, classes first, then the accounts; ``only`` says per set of such accounts how many of the
    audience give attention to them and to nobody else.
    """

    classes: int
    ties: tuple[Codes, Codes]
    class_of: Codes  # of every account of the network; -1 for those that can go dark or have no tie
    component_of: Codes  # component of the rest, -1 likewise
    size: Codes  # accounts of a class
    first: Codes  # first account of a class, in the order of rows
    largest: Codes  # the largest component of a class, the one with the first account of equal ones
    component_size: Codes
    component_first: Codes
    pieces: Codes  # components of a class that are a piece of their own
    in_whole: Codes  # component of each account in the intact network; 0 is the largest
    account: Codes
    only: tuple[Codes, Codes]
    only_count: Codes
    audience: int

    @property
    def entries(self) -> int:
        """What one set of dark accounts costs."""
        return len(self.ties[0]) + self.classes + len(self.only[0]) + len(self.account)

    def reach_lost(self, sets: Flags) -> NDArray[np.float64]:
        """Return the share of the audience that is left with nobody, one value a set of dark accounts."""
        found = np.empty(len(sets))
        for row, dark in enumerate(sets):
            heard = np.bincount(self.only[0], weights=~dark[self.only[1]], minlength=len(self.only_count))
            found[row] = self.only_count[heard == 0].sum() / self.audience
        return found


def _contract(ties: Ties, account: Codes, listed: Codes) -> _Contracted:
    """Contract a network to ``account``, those that can go dark, and the classes of what hangs on them."""
    n = ties.n_accounts
    number = np.full(n, -1, dtype=np.int64)
    number[account] = np.arange(len(account))
    fixed = ties.active & (number < 0)
    rest = ties.among(fixed)
    _, label = sparse.csgraph.connected_components(rest.matrix, directed=True, connection="weak")
    component = np.full(n, -1, dtype=np.int64)
    rows = np.flatnonzero(fixed)
    _, first, component[rows] = np.unique(label[rows], return_index=True, return_inverse=True)
    count = len(first)
    component_size = np.bincount(component[rows], minlength=count)
    source, target = number[ties.source], number[ties.target]
    out, into = (source < 0) & (target >= 0), (source >= 0) & (target < 0)
    owner = np.concatenate([component[ties.source[out]], component[ties.target[into]]])
    member = np.concatenate([target[out], source[into]])
    class_of_component, pairs = _distinct_sets(owner, member, count, len(account))
    classes = int(class_of_component.max(initial=-1)) + 1
    among = (source >= 0) & (target >= 0)
    order = np.lexsort((rows[first], -component_size, class_of_component))
    _, biggest = np.unique(class_of_component[order], return_index=True)
    class_first = np.full(classes, n, dtype=np.int64)
    np.minimum.at(class_first, class_of_component, rows[first])
    class_of = np.full(n, -1, dtype=np.int64)
    class_of[rows] = class_of_component[component[rows]]
    only, only_count, audience = _audience(ties, number, listed)
    return _Contracted(
        classes=classes,
        ties=(
            np.concatenate([pairs[0], classes + source[among]]),
            np.concatenate([classes + pairs[1], classes + target[among]]),
        ),
        class_of=class_of,
        component_of=component,
        size=np.bincount(class_of_component, weights=component_size, minlength=classes).astype(np.int64),
        first=class_first,
        largest=order[biggest],
        component_size=component_size,
        component_first=rows[first],
        pieces=np.bincount(class_of_component[component_size >= PIECE], minlength=classes),
        in_whole=ties.weak_components().astype(np.int64),
        account=account,
        only=only,
        only_count=only_count,
        audience=audience,
    )


def _audience(ties: Ties, number: Codes, listed: Codes) -> tuple[tuple[Codes, Codes], Codes, int]:
    """Return whom those hear who hear nobody else than accounts that can go dark, how many they are, and the audience."""
    is_listed = np.zeros(ties.n_accounts, dtype=bool)
    is_listed[listed] = True
    audience = np.count_nonzero(np.bincount(ties.source[is_listed[ties.target]], minlength=1))
    inside = number[ties.target] >= 0
    heard = np.bincount(ties.source[inside], minlength=ties.n_accounts)
    captive = np.flatnonzero((heard > 0) & (heard == ties.out_degree))
    place = np.full(ties.n_accounts, -1, dtype=np.int64)
    place[captive] = np.arange(len(captive))
    keep = inside & (place[ties.source] >= 0)
    alike, pairs = _distinct_sets(
        place[ties.source[keep]], number[ties.target[keep]], len(captive), int(number.max(initial=-1)) + 1
    )
    return pairs, np.bincount(alike), int(audience)


def _distinct_sets(owner: Codes, member: Codes, owners: int, members: int) -> tuple[Codes, tuple[Codes, Codes]]:
    """Return which of the distinct sets of members each owner has, and the sets as pairs (set, member).

    Sets are told apart by their size and two random 64-bit words a member, added up.
    """
    pair = np.sort(owner * max(members, 1) + member)
    pair = pair[np.concatenate([[True], pair[1:] != pair[:-1]])] if len(pair) else pair
    owner, member = pair // max(members, 1), pair % max(members, 1)
    words = generator(0, "shutdown", "sets").integers(0, 2**64 - 1, size=(2, members), dtype=np.uint64)
    start = np.searchsorted(owner, np.arange(owners + 1))
    size = np.diff(start)
    some = size > 0
    keys = [size]
    for word in words:
        key = np.zeros(owners, dtype=np.uint64)
        if len(pair):
            key[some] = np.add.reduceat(word[member], start[:-1][some])
        keys.append(key)
    order = np.lexsort(keys)
    new = np.zeros(owners, dtype=bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    of = np.empty(owners, dtype=np.int64)
    of[order] = np.cumsum(new) - 1
    keep = np.zeros(owners, dtype=bool)
    keep[order[new]] = True
    held = keep[owner]
    return of, (of[owner[held]], member[held])


@dataclass(frozen=True, eq=False)
class _Left:
    """What one set of dark accounts leaves."""

    largest: int
    pieces: int
    still: Codes  # accounts by group that were in the largest component and still are


def _left(contracted: _Contracted, active: Flags, dark: Flags, group: Codes, by_class: NDArray[np.int64]) -> _Left:
    """Return the components that are left without the dark accounts; ``by_class`` counts the groups of each class."""
    classes = contracted.classes
    a, b = contracted.ties
    gone = np.concatenate([np.zeros(classes, dtype=bool), dark])
    keep = ~gone[a] & ~gone[b]
    a, b = a[keep], b[keep]
    nodes = classes + len(dark)
    graph = sparse.csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(nodes, nodes))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    hung = np.zeros(nodes, dtype=bool)
    hung[a] = hung[b] = True
    loose = np.flatnonzero(~hung[:classes])
    alive = ~gone
    alive[classes:] &= active[contracted.account]
    alive[loose] = False
    size = np.concatenate([contracted.size, np.ones(len(dark), dtype=np.int64)])
    first = np.concatenate([contracted.first, contracted.account])
    sizes = np.bincount(label[alive], weights=size[alive], minlength=nodes).astype(np.int64)
    firsts = np.full(nodes, len(active), dtype=np.int64)
    np.minimum.at(firsts, label[alive], first[alive])
    own = contracted.largest[loose]
    all_sizes = np.concatenate([sizes, contracted.component_size[own]])
    all_firsts = np.concatenate([firsts, contracted.component_first[own]])
    pieces = int(np.count_nonzero(sizes >= PIECE) + contracted.pieces[loose].sum())
    best = int(np.lexsort((all_firsts, -all_sizes))[0]) if len(all_sizes) else 0
    still = np.zeros(by_class.shape[1], dtype=np.int64)
    if all_sizes.any() and contracted.in_whole[all_firsts[best]] == 0:
        if best >= nodes:
            members = group[contracted.component_of == own[best - nodes]]
        else:
            within = (label == best) & alive
            still += by_class[within[:classes]].sum(axis=0)
            members = group[contracted.account[within[classes:]]]
        still += np.bincount(members[members >= 0], minlength=len(still))
    return _Left(int(all_sizes.max(initial=0)), pieces, still)


def _by_class(contracted: _Contracted, group: Codes, groups: int) -> NDArray[np.int64]:
    """Return how many accounts of each group each class has."""
    known = (contracted.class_of >= 0) & (group >= 0)
    cell = contracted.class_of[known] * groups + group[known]
    return np.bincount(cell, minlength=contracted.classes * groups).reshape(contracted.classes, groups)


# ---------------------------------------------------------------------- groups


def _groups(network: Network, factions: Factions | None) -> tuple[Codes, Codes]:
    """Return the place of every account's group in the numbers of the groups shown (-1: none), and these numbers."""
    if factions is None or not factions.membership.height:
        return np.full(network.n_accounts, -1, dtype=np.int64), np.empty(0, dtype=np.int64)
    group = _partition(network, factions)
    named = factions.sizes.filter(pl.col("faction") >= 0)["faction"].sort().head(MOST_GROUPS).to_numpy()
    # One place more for the smaller groups, and one for accounts that have none, which group -1 finds.
    place = np.full(int(group.max()) + 2, len(named), dtype=np.int64)
    place[named] = np.arange(len(named))
    place[-1] = -1
    group = place[group]
    some = bool(np.any(group == len(named)))
    return group, np.append(named, [SMALLER_GROUPS] * some).astype(np.int64)


def _partition(network: Network, factions: Factions) -> Codes:
    """Return the number of every account's group, -1 for none."""
    membership = factions.membership.select("account", "faction")
    joined = network.accounts.select(account="key").join(membership, on="account", how="left", maintain_order="left")
    return joined["faction"].fill_null(-1).to_numpy().astype(np.int64)


def _by_faction(
    index: dict[str, Any],
    ties: Ties,
    account: Codes,
    sets: Flags,
    of_row: Codes,
    left: list[_Left],
    group: Codes,
    shown: Codes,
) -> pl.DataFrame:
    """Return the losses of each group, one row a rule, mask and group."""
    width = len(shown)
    if not width:
        return pl.DataFrame(schema=_FACTIONS)
    known = group >= 0
    members = np.bincount(group[known], minlength=width)
    received = np.bincount(group[known], weights=ties.in_strength[known], minlength=width)
    connected = np.bincount(group[known & (ties.weak_components() == 0)], minlength=width)
    of_group = np.equal.outer(group[account], np.arange(width)).astype(np.float64)
    dark = sets @ of_group
    lost = sets @ (of_group * ties.in_strength[account][:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = lost / received
    cut_off = (connected - np.array([one.still for one in left])) / members
    return pl.DataFrame(
        {
            **{name: np.repeat(values, width) for name, values in index.items()},
            "faction": np.tile(shown, len(of_row)),
            "accounts_dark": dark[of_row].ravel().astype(np.int64),
            "attention_lost": pl.Series(share[of_row].ravel()).fill_nan(None),
            "cut_off": cut_off[of_row].ravel(),
        },
        schema=_FACTIONS,
    )


def _after(
    network: Network,
    held: _Held,
    people: int,
    factions: Factions | None,
    *,
    resolution: float,
    seed: int,
) -> pl.DataFrame:
    """Return the groups detected anew as people are taken out in their order."""
    from netact import polarization
    from netact.measures.factions import named_groups
    from netact.partition import compacted, leiden_partitions

    prefixes = 2 ** np.arange(people + 1) - 1
    sets, of_row = _distinct(np.concatenate([held.dark(rule, prefixes) for rule in RULES]))
    found: dict[int, tuple[int | None, float | None, float | None]] = {}
    if factions is not None and factions.membership.height:
        ties = network.undirected_ties(factions.kind)  # type: ignore[arg-type]
        group = _partition(network, factions)
        runs = int(np.clip(MOST_DETECTION // max(1, len(ties) * len(sets)), 1, RUNS))
        seeds = spawn_seeds(seed, runs, "shutdown", "after")
        # Few people out first, so that what is too much is left out at the far end.
        by_removed = of_row.reshape(len(RULES), -1).T.ravel().tolist()
        affordable = MOST_DETECTION // max(1, len(ties) * runs)
        for one in list(dict.fromkeys(by_removed))[:affordable]:
            keep = np.ones(network.n_accounts, dtype=bool)
            keep[held.account[sets[one]]] = False
            left, rows = compacted(ties.among(keep))
            if not len(left):
                continue
            partitions = leiden_partitions(left, seeds=seeds, resolution=resolution)
            matrix = polarization.adjacency(left, weighted=True)
            values = [polarization.modularity(matrix, row, resolution=resolution) or 0.0 for row in partitions]
            best = partitions[int(np.argmax(np.round(values, 12)))]
            agreement = polarization.adjusted_rand(group[rows], best)
            found[one] = (named_groups(np.bincount(best)), max(values), agreement)
    rows_found = [found.get(one, (None, None, None)) for one in of_row.tolist()]
    columns = list(zip(*rows_found, strict=True))
    return pl.DataFrame(
        {
            "rule": np.repeat(RULES, people + 1),
            "removed": np.tile(np.arange(people + 1), 2),
            **{name: list(column) for name, column in zip(list(_AFTER)[2:], columns, strict=True)},
        },
        schema=_AFTER,
    )
