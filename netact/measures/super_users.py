"""Who holds the logins, and what goes dark if they leave or shut it down.

Two opposite questions, kept apart. *Shutdown power*: an account goes dark as soon as **any** of its owners or admins
pulls it, so one hostile insider is enough. *Bus factor*: an account goes dark only when **all** its holders are gone.
A movement may well be easy to shut down and hard to decapitate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy import sparse

from netact.behavioural_similarity import FEATURES, Similarity, behavioural_similarity, predictive_value
from netact.language import Message, listing, sentences
from netact.null_models import bipartite_degree_preserving
from netact.randomness import generator
from netact.ranges import Range, check_ranges
from netact.results import SHARED_COUNTS, SHARED_FEATURES, Estimate, SharedOperators, SuperUsers, undefined
from netact.significance import against_null

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netact.network import Network, Ties
    from netact.schemas import Kind

SHARES = (0.5, 0.8)

# Roles that can close an account or lock others out, and roles that cannot post at all. Every other role (editor,
# contributor, author, ...) keeps an account alive but cannot pull it.
SHUTDOWN_ROLES = frozenset(
    {
        *("owner", "co-owner", "coowner", "creator", "founder", "root", "admin", "administrator", "superadmin"),
        *("super-admin", "manager", "manage", "moderator", "mod", "moderate", "full-control", "fullcontrol"),
    }
)
POWERLESS_ROLES = frozenset(
    {"advertiser", "advertise", "analyst", "analyze", "viewer", "reader", "follower", "guest", "subscriber"}
)
EDITOR_ROLES = frozenset(
    {"editor", "author", "contributor", "publisher", "writer", "poster", "create_content", "task-access", "community"}
)

# Up to this many people (those who hold the same accounts counted once) and entries (accounts listened to, summed over
# the distinct kinds of listener) the smallest sets are found exactly, beyond it greedily (and said so). The solver gets
# fewer nodes where each costs more.
_MILP_PEOPLE, _MILP_ENTRIES, _MILP_WORK = 8_000, 20_000, 5e6
_CUTOFF_PEOPLE = 500
_ENUMERATION_WORK = 4e8  # subsets times entries; counting all smallest sets beyond it would take minutes
_TOLERANCE = 1e-6  # of a share; the solver's own precision
_CURVE = 20
_SMALL_TABLE = 10_000  # rights
_NETWORK_RUNS = 20
_DISTANCE_ACCOUNTS, _DISTANCE_WORK = 5_000, 3e8


# What each parameter may be.
RANGES = {
    "draws": Range(0),
    "exact_people": Range(0),
    "prior": Range(above=0, below=1),
}


def super_users(
    network: Network,
    *,
    kind: Kind | None = None,
    draws: int = 999,
    exact_people: int = 20,
    suspect_shared_operators: bool = False,
    prior: float = 0.001,
    seed: int,
) -> SuperUsers:
    """Return who holds the logins of the listed accounts and what goes dark without them. Unit: people.

    Everything is a share of what the accounts in the admin table hold together: of the *attention* they receive
    (in-strength) and of their *audience* (distinct accounts that give attention to any of them; one is lost when every
    listed account it listens to is dark). The two differ: overlapping audiences protect reach, not voice.

    Control of an account is split equally among its holders. ``herfindahl`` is the sum of squared control shares, in
    [1/n, 1]; ``normalised_herfindahl`` is (H - 1/n) / (1 - 1/n), in [0, 1]; ``effective_holders`` is 1/H.

    The smallest groups that darken half and four fifths are exact: every group is tried up to ``exact_people`` people,
    else a mixed-integer program is solved; only for tables too large for that they are greedy (``exact`` is False).

    Chance (null model N5): who holds which account is dealt out again, every person keeping their number of logins and
    every account its number of holders. ``top_loss`` is compared with the largest loss of those tables: the super user
    is one who holds *more attention than their number of logins implies*.

    Roles: owners, admins and moderators, and rights without a role, can shut an account down. Editors and the like
    cannot, but they keep an account alive when others leave. Analysts and advertisers count as neither. People flagged
    as bots are set apart in ``bots`` and count for nothing else: they neither close accounts nor keep them alive.

    The simulation shows what goes dark at once. Audiences move elsewhere in time: it is an upper bound on what is lost.

    Shared operators: off unless asked for, and a generator of hypotheses only. ``shared_operators`` says how many pairs of the
    most active accounts behave alike (same rare program, same hours, one after the other, never at once, same posts within
    seconds; :mod:`netact.behavioural_similarity`) and which share of such pairs would be run by one person if ``prior`` of
    all pairs were: with the base rate of 0.1 %, a test that finds 80 % and errs in 1 % is right in 7 % of the cases.
    It needs no admin table and names nobody.

    Parameters
    ----------
    network
        With ``admin_rights``; without them the answer is ``not_testable``.
    kind
        Kind of tie that stands for attention; by default the network's attention kind. If the listed accounts receive
        none, the accounts column ``reach`` (subscribers, followers) is used instead; audiences are then unknown.
    draws
        Number of null tables and of random removals; with 0 nothing is compared with chance.
    exact_people
        Largest number of people for which every group is tried.
    suspect_shared_operators
        Whether to look for pairs of accounts that behave alike.
    prior
        Share of pairs of accounts that one person runs, as far as the user knows, in (0, 1).
    seed
        Seed of all chance.

    Returns
    -------
    SuperUsers
        ``shutdown_power.people`` is null where the share cannot be reached at all.

    Raises
    ------
    MeasureError
        If ``draws`` or ``exact_people`` is below 0 or ``prior`` not between 0 and 1.

    References
    ----------
    Bus factor: Avelino et al. 2016, https://doi.org/10.1109/ICPC.2016.7503718. Fragmentation: Borgatti 2006,
    https://doi.org/10.1007/s10588-006-7084-x. Null model: Strona et al. 2014, https://doi.org/10.1038/ncomms5114.

    Examples
    --------
    >>> import polars as pl
    >>> from netact.network import Network
    >>> ties = pl.DataFrame({"source": ["u", "v", "w"], "target": ["page", "page", "news"]})
    >>> rights = pl.DataFrame({"person": ["Ann", "Ann", "Bo"], "account": ["page", "news", "news"]})
    >>> found = super_users(Network.from_tables(ties, admin_rights=rights), draws=99, seed=1)
    >>> found.top_person, found.top_loss.value
    ('Ann', 1.0)
    >>> found.bus_factor.select("share", "unit", "people", "who").row(1)
    (0.8, 'attention', 2, ['Ann', 'Bo'])
    """
    check_ranges("super_users", RANGES, locals())
    found = _holders(network, kind, draws=draws, exact_people=exact_people, seed=seed)
    if not suspect_shared_operators:
        return found
    return replace(found, shared_operators=_shared_operators(network, prior=prior, seed=seed))


def _holders(network: Network, kind: Kind | None, *, draws: int, exact_people: int, seed: int) -> SuperUsers:
    name = kind or network.attention_kind
    if not network.admin_rights.height:
        return _empty(
            name,
            "not_testable",
            Message(
                "no admin table: a table of who administers which account (columns person, account and, if known, role "
                "and is_bot) would answer it"
            ),
        )
    warnings: list[str] = []
    rights = usable_rights(network, warnings)
    human = rights.filter(~pl.col("bot"))
    if not rights.height:
        return _empty(
            name, "insufficient_data", Message("no right in the admin table is that of a holder"), warnings=warnings
        )
    if not human.height:
        return _empty(
            name,
            "insufficient_data",
            Message("every holder in the admin table is flagged as a bot"),
            warnings=warnings,
        )
    ties = network.ties(kind)
    listed = rights["account"].unique().sort().to_numpy().astype(np.int64)
    attention, source, coverage = listed_attention(network, ties, listed, warnings)
    if not attention.sum() > 0:
        return _empty(
            name,
            "undefined",
            Message(
                "the accounts in the admin table receive no attention, and the accounts table has no column 'reach'"
            ),
            warnings=warnings,
            counts=human,
        )
    table = _table(human, listed, attention, ties if source == "interactions" else None)
    bots = _bots(rights, listed, attention, ties if source == "interactions" else None)
    unheld = float(table.weight[~table.held].sum())
    if not table.held.all():
        warnings.append(
            Message.counting(
                "{n:count} listed account ({share:percent} of the attention) is held by bots alone: no person can shut it "
                "down or leave it.",
                "{n:count} listed accounts ({share:percent} of the attention) are held by bots alone: no person can shut "
                "them down or leave them.",
                int(np.count_nonzero(~table.held)),
                share=unheld,
            )
        )
    frame, table = _people(table)
    control, top_loss = _concentration(table, frame, draws=draws, seed=seed, coverage=coverage)
    anyone, everyone = _covers(table, "any"), _covers(table, "all")
    return SuperUsers(
        status="ok",
        reason=Message(
            "People with logins: {people:count}. Accounts they hold: {accounts:count}.",
            people=len(table.people),
            accounts=np.count_nonzero(table.held),
        ),
        kind=name,
        n_people=len(table.people),
        n_accounts=len(listed),
        coverage=coverage,
        attention_source=source,
        people=frame,
        bots=bots,
        herfindahl=control["herfindahl"],
        normalised_herfindahl=control["normalised_herfindahl"],
        effective_holders=control["effective_holders"],
        top_share=control["top_share"],
        top_person=table.people[0],
        top_loss=top_loss,
        shutdown_power=_smallest_sets(anyone, table.people, exact_people, warnings, "any"),
        bus_factor=_smallest_sets(everyone, table.people, exact_people, warnings, "all"),
        curve=_curve(table, draws=draws, seed=seed),
        network_effect=_network_effect(ties, table, seed=seed, warnings=warnings) if len(ties) else _frame("network"),
        warnings=tuple(warnings),
    )


# ---------------------------------------------------------------------- accounts that behave alike

# What the test of a pair is taken to be worth when the share of right ones among those flagged is worked out.
SENSITIVITY, FALSE_POSITIVE_RATE = 0.8, 0.01
# Features that a pair must pass to stand in the table, and pairs in it.
SIMILAR_FEATURES, SIMILAR_PAIRS = 2, 50
_PASSING_ON = ("retweet", "forward", "share", "quote")


def _shared_operators(network: Network, *, prior: float, seed: int) -> SharedOperators:
    """Say how alike the most active accounts behave; nothing that is returned names an account."""
    written = network.posts.drop_nulls("time").select("account", "time", "client")
    passed_on = network.interactions.filter(
        pl.col("kind").is_in(_PASSING_ON), pl.col("time").is_not_null(), pl.col("quality").ne_missing("derived")
    )
    if not written.height:
        acts = network.interactions.filter(pl.col("time").is_not_null(), pl.col("quality").ne_missing("derived"))
        written = acts.select(account="source", time="time", client=pl.lit(None, dtype=pl.String))
        written = written.unique(["account", "time"])
    moved = pl.concat(
        [
            passed_on.drop_nulls("ref_post_id").select(account="source", object="ref_post_id", time="time"),
            network.shares.drop_nulls("time").select("account", "object", "time"),
        ]
    )
    names = written["client"].drop_nulls().unique().sort().to_list()
    numbers = dict(zip(names, range(len(names)), strict=True))
    client = written["client"].replace_strict(numbers, default=-1, return_dtype=pl.Int64).fill_null(-1)
    found = behavioural_similarity(
        written["account"].to_numpy().astype(np.int64),
        written["time"].to_physical().to_numpy() / 1e6,
        client.to_numpy(),
        moved.select("account", "object", seconds=pl.col("time").to_physical() / 1e6),
        seed_of_null=generator(seed, "super_users", "hours of all"),
    )
    value = predictive_value(prior, sensitivity=SENSITIVITY, false_positive_rate=FALSE_POSITIVE_RATE)
    few = len(found.accounts) < 2
    return SharedOperators(
        status="insufficient_data" if few else "ok",
        reason=Message("fewer than two accounts have thirty acts with times in twenty-four different hours")
        if few
        else "",
        accounts=len(found.accounts),
        pairs=len(found.first),
        features=_features(found),
        counts=_counted(found),
        similar=found.table(least=SIMILAR_FEATURES, most=SIMILAR_PAIRS),
        prior=prior,
        sensitivity=SENSITIVITY,
        false_positive_rate=FALSE_POSITIVE_RATE,
        predictive_value=value,
    )


def _features(found: Similarity) -> pl.DataFrame:
    rows = [
        (name, int(np.isfinite(found.p_values[name]).sum()), int(found.passed_by_feature[name].sum()))
        for name in FEATURES
    ]
    return pl.DataFrame(rows, schema=SHARED_FEATURES, orient="row")


def _counted(found: Similarity) -> pl.DataFrame:
    pairs = np.bincount(found.passed, minlength=len(FEATURES) + 1)
    return pl.DataFrame({"features": np.arange(len(pairs)), "pairs": pairs}, schema=SHARED_COUNTS)


# ---------------------------------------------------------------------- reading the table

_SHARE, _INDEX, _PERSONS = Message("share of attention"), Message("index"), Message("people")
_PEOPLE: dict[str, Any] = {
    "person": pl.String,
    "accounts": pl.Int64,
    "control_share": pl.Float64,
    "shutdown_attention": pl.Float64,
    "shutdown_audience": pl.Float64,
    "departure_attention": pl.Float64,
    "departure_audience": pl.Float64,
}
_SETS: dict[str, Any] = {
    "share": pl.Float64,
    "unit": pl.String,
    "people": pl.Int64,
    "who": pl.List(pl.String),
    "solutions": pl.Int64,
    "exact": pl.Boolean,
}
_CURVE_COLUMNS = (
    *("targeted", "random_mean", "random_low", "random_high"),
    *("matched_mean", "matched_low", "matched_high"),
)
_NETWORK_COLUMNS = ("attention_lost", "reach_lost", "largest_component", "fragmentation", "distance_fragmentation")


def _frame(name: str) -> pl.DataFrame:
    """Return an empty table of the result."""
    schemas: dict[str, dict[str, Any]] = {
        "people": _PEOPLE,
        "sets": _SETS,
        "curve": {"removed": pl.Int64, **dict.fromkeys(_CURVE_COLUMNS, pl.Float64)},
        "network": {"scenario": pl.String, **dict.fromkeys(_NETWORK_COLUMNS, pl.Float64)},
    }
    return pl.DataFrame(schema=schemas[name])


def _empty(
    kind: str, status: Any, reason: str, *, warnings: list[str] | None = None, counts: pl.DataFrame | None = None
) -> SuperUsers:
    """Return the answer where there is none; ``counts`` still says who holds how many accounts."""
    people = _frame("people")
    if counts is not None:
        held = counts.group_by("person").agg(accounts=pl.len().cast(pl.Int64))
        held = held.sort(["accounts", "person"], descending=[True, False])
        people = pl.concat([people, held], how="diagonal")
    nothing = undefined(_SHARE, reason, status=status)
    return SuperUsers(
        status=status,
        reason=reason,
        kind=kind,
        n_people=people.height,
        n_accounts=0 if counts is None else counts["account"].n_unique(),
        coverage=0.0,
        attention_source="interactions",
        people=people,
        bots=_frame("people"),
        herfindahl=undefined(_INDEX, reason, status=status),
        normalised_herfindahl=undefined(_INDEX, reason, status=status),
        effective_holders=undefined(_PERSONS, reason, status=status),
        top_share=nothing,
        top_person=None,
        top_loss=nothing,
        shutdown_power=_frame("sets"),
        bus_factor=_frame("sets"),
        curve=_frame("curve"),
        network_effect=_frame("network"),
        warnings=tuple(warnings or ()),
    )


def usable_rights(network: Network, warnings: list[str]) -> pl.DataFrame:
    """Return one row a person and account: ``person``, ``account``, ``power`` (can shut it down), ``bot``."""
    # "Full control", "CO-OWNER", "MANAGE, MODERATE": words are compared without case; one right may name several.
    words = (
        pl.col("role")
        .str.to_lowercase()
        .str.replace_all(r"full[ _-]control", "full-control")
        .str.replace_all(r"task[ _-]access", "task-access")
        .str.extract_all(r"[\p{L}_-]+")
    )
    table = network.admin_rights.with_columns(words=words)
    known = [*SHUTDOWN_ROLES, *POWERLESS_ROLES, *EDITOR_ROLES]

    def names(roles: frozenset[str]) -> pl.Expr:
        return pl.col("words").list.set_intersection(sorted(roles)).list.len() > 0

    unnamed = pl.col("words").is_null() | (pl.col("words").list.len() == 0)
    table = table.with_columns(
        power=unnamed | names(SHUTDOWN_ROLES),
        silent=~unnamed
        & names(POWERLESS_ROLES)
        & (pl.col("words").list.set_difference(sorted(POWERLESS_ROLES)).list.len() == 0),
        unknown=~unnamed & (pl.col("words").list.set_intersection(sorted(known)).list.len() == 0),
    )
    if strange := table.filter("unknown")["role"].unique().sort().to_list():
        warnings.append(
            Message(
                "Roles not known to netact count as editors, without shutdown power: {roles}.", roles=listing(strange)
            )
            if len(strange) <= 5
            else Message(
                "Roles not known to netact count as editors, without shutdown power: {roles} and {more:count} more.",
                roles=listing(strange[:5]),
                more=len(strange) - 5,
            )
        )
    if dropped := table.filter("silent").height:
        warnings.append(
            Message.counting(
                "{n:count} right of an analyst, advertiser or the like counts neither as holding nor as power.",
                "{n:count} rights of analysts, advertisers and the like count neither as holding nor as power.",
                dropped,
            )
        )
    table = table.filter(~pl.col("silent"))
    bots = table.group_by("person").agg(bot=pl.col("is_bot").any(ignore_nulls=True).fill_null(value=False))
    merged = table.group_by("person", "account").agg(pl.col("power").any()).join(bots, on="person")
    if editors := merged.filter(~pl.col("power"), ~pl.col("bot")).height:
        warnings.append(
            Message.counting(
                "{n:count} right is that of an editor: it keeps an account alive but cannot shut it down.",
                "{n:count} rights are those of editors: they keep an account alive but cannot shut it down.",
                editors,
            )
        )
    return merged.sort("account", "person")


def listed_attention(
    network: Network, ties: Ties, listed: NDArray[np.int64], warnings: list[str]
) -> tuple[NDArray[np.float64], str, float]:
    """Return what each listed account receives, where that is read from, and its share of all there is."""
    received, source = ties.in_strength, "interactions"
    if not received[listed].sum() > 0 and "reach" in network.accounts.columns:
        column = network.accounts["reach"].cast(pl.Float64, strict=False)
        missing = column.gather(listed).null_count()
        received = np.nan_to_num(column.fill_null(0.0).to_numpy(), nan=0.0, posinf=0.0).clip(min=0)
        source = "reach"
        warnings.append(
            Message(
                "Attention is the accounts column 'reach': whose audiences overlap is unknown, so audience losses are not "
                "given."
            )
        )
        if missing:
            warnings.append(
                Message.counting(
                    "{n:count} listed account has no reach and counts as 0.",
                    "{n:count} listed accounts have no reach and count as 0.",
                    missing,
                )
            )
    total = received.sum()
    return received[listed], source, float(received[listed].sum() / total) if total > 0 else 0.0


@dataclass(frozen=True, eq=False)
class _Table:
    """Rights as numbers: ``person`` and ``account`` of each right, accounts numbered as in ``listed``.

    ``weight`` is each listed account's share of the attention of all; ``patterns`` (rows: sets of listed accounts that
    some source listens to) and ``pattern_weight`` (share of the audience) are None where audiences are unknown.
    """

    people: list[str]
    listed: NDArray[np.int64]
    person: NDArray[np.int64]
    account: NDArray[np.int64]
    power: NDArray[np.bool_]
    weight: NDArray[np.float64]
    patterns: sparse.csr_array | None
    pattern_weight: NDArray[np.float64]

    @property
    def holders(self) -> NDArray[np.int64]:
        """Number of holders of each listed account."""
        return np.bincount(self.account, minlength=len(self.listed))

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether any person holds the account."""
        return self.holders > 0

    @property
    def logins(self) -> NDArray[np.int64]:
        """Number of accounts each person holds."""
        return np.bincount(self.person, minlength=len(self.people))

    def incidence(self, *, power_only: bool) -> sparse.csr_array:
        """Return accounts by people."""
        keep = self.power if power_only else np.ones(len(self.power), dtype=bool)
        entries = (np.ones(np.count_nonzero(keep)), (self.account[keep], self.person[keep]))
        return sparse.csr_array(entries, shape=(len(self.listed), len(self.people)))


def _table(
    rights: pl.DataFrame, listed: NDArray[np.int64], attention: NDArray[np.float64], ties: Ties | None
) -> _Table:
    people = rights["person"].unique().sort()
    person = rights["person"].rank("dense").to_numpy().astype(np.int64) - 1
    patterns, share = (None, np.empty(0)) if ties is None else _audiences(ties, listed)
    return _Table(
        people=people.to_list(),
        listed=listed,
        person=person,
        account=np.searchsorted(listed, rights["account"].to_numpy()).astype(np.int64),
        power=rights["power"].to_numpy(),
        weight=attention / attention.sum(),
        patterns=patterns,
        pattern_weight=share,
    )


def _audiences(ties: Ties, listed: NDArray[np.int64]) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """Return the distinct sets of listed accounts that sources listen to, and the share of sources with each."""
    number = np.full(ties.n_accounts, -1, dtype=np.int64)
    number[listed] = np.arange(len(listed))
    keep = number[ties.target] >= 0
    _, source = np.unique(ties.source[keep], return_inverse=True)
    heard = number[ties.target[keep]]
    order = np.lexsort((heard, source))
    count = int(source.max()) + 1
    start = np.searchsorted(source[order], np.arange(count + 1))
    return _distinct_rows(start, heard[order], np.full(count, 1 / count), len(listed))


def _distinct_rows(
    start: NDArray[np.int64], member: NDArray[np.int64], weight: NDArray[np.float64], columns: int
) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """Merge rows (sorted member lists) that hold the same members and add their weights."""
    seen: dict[bytes, int] = {}
    kept: list[NDArray[np.int64]] = []
    row_of = np.empty(len(start) - 1, dtype=np.int64)
    for row in range(len(start) - 1):
        members = member[start[row] : start[row + 1]]
        key = members.tobytes()
        if key not in seen:
            seen[key] = len(kept)
            kept.append(members)
        row_of[row] = seen[key]
    indptr = np.concatenate([[0], np.cumsum([len(members) for members in kept])]).astype(np.int64)
    indices = np.concatenate([*kept, np.empty(0, dtype=np.int64)])
    matrix = sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=(len(kept), columns))
    return matrix, np.bincount(row_of, weights=weight, minlength=len(kept)).astype(np.float64)


# ---------------------------------------------------------------------- people


def _losses(table: _Table) -> pl.DataFrame:
    """Return the table of people, unsorted."""
    n = len(table.people)
    holders, power = table.holders, table.power
    held_weight = table.weight[table.held].sum()
    split = table.weight[table.account] / holders[table.account] / (held_weight or 1.0)
    shutdown = np.bincount(table.person[power], weights=table.weight[table.account[power]], minlength=n)
    sole = holders[table.account] == 1
    departure = np.bincount(table.person[sole], weights=table.weight[table.account[sole]], minlength=n)
    columns: dict[str, Any] = {
        "person": table.people,
        "accounts": table.logins,
        "control_share": np.bincount(table.person, weights=split, minlength=n),
        "shutdown_attention": shutdown,
        "shutdown_audience": None,
        "departure_attention": departure,
        "departure_audience": None,
    }
    if table.patterns is not None:
        sizes = np.diff(table.patterns.indptr)
        alone = sparse.csr_array(
            (np.ones(np.count_nonzero(sole)), (table.account[sole], table.person[sole])), shape=(len(table.listed), n)
        )
        for name, incidence in (("shutdown", table.incidence(power_only=True)), ("departure", alone)):
            hits = (table.patterns @ incidence).tocoo()
            full = hits.data == sizes[hits.coords[0]]
            columns[f"{name}_audience"] = np.bincount(
                hits.coords[1][full], weights=table.pattern_weight[hits.coords[0][full]], minlength=n
            )
    return pl.DataFrame(columns, schema=_PEOPLE)


def _people(table: _Table) -> tuple[pl.DataFrame, _Table]:
    """Return people by shutdown loss, and the table with people numbered in that order."""
    frame = _losses(table)
    # Sums of shares differ in their last bits by order of addition: people who lose the same rank the same.
    by = ["shutdown_attention", "control_share", "departure_attention", "accounts"]
    order = (
        frame.with_row_index("row")
        .with_columns(pl.col(by[:3]).round(12))
        .sort([*by, "person"], descending=[True] * 4 + [False])["row"]
    )
    rank = np.empty(frame.height, dtype=np.int64)
    rank[order.to_numpy()] = np.arange(frame.height)
    ranked = _Table(
        people=[table.people[row] for row in order],
        listed=table.listed,
        person=rank[table.person],
        account=table.account,
        power=table.power,
        weight=table.weight,
        patterns=table.patterns,
        pattern_weight=table.pattern_weight,
    )
    return frame[order], ranked


def _bots(
    rights: pl.DataFrame, listed: NDArray[np.int64], attention: NDArray[np.float64], ties: Ties | None
) -> pl.DataFrame:
    """Return the same columns for bots, as if they counted: an account is theirs alone only without other holders."""
    bots = rights.filter("bot")["person"].unique()
    if not len(bots):
        return _frame("people")
    frame, _ = _people(_table(rights, listed, attention, ties))
    return frame.filter(pl.col("person").is_in(bots.to_list()))


def _concentration(
    table: _Table, frame: pl.DataFrame, *, draws: int, seed: int, coverage: float
) -> tuple[dict[str, Estimate], Estimate]:
    """Return the concentration of control and the largest shutdown loss, each against tables dealt out again."""
    n = len(table.people)
    model = Message("who holds which account dealt out again, each person keeping their number of logins (N5)")
    shares = frame["control_share"].to_numpy()
    observed = float((shares**2).sum())
    # Accounts are numbered by what they hold, so that their names do not steer the draws.
    rank = np.empty(len(table.listed), dtype=np.int64)
    rank[np.lexsort((np.arange(len(rank)), -table.holders, -table.weight))] = np.arange(len(rank))
    by_rank = np.empty(len(rank))
    by_rank[rank] = (
        np.where(table.held, table.weight / np.maximum(table.holders, 1), 0) / table.weight[table.held].sum()
    )
    weight = np.empty(len(rank))
    weight[rank] = table.weight
    power = table.power
    squares: list[float] = []
    tops: list[float] = []
    losses: list[float] = []
    # Large tables are read after fewer trades: their many rows average out what one draw keeps of the last.
    dealing: dict[str, Any] = {"draws": draws, "seed": seed, "thinning": 4 if len(power) <= _SMALL_TABLE else 1}
    _, held = np.unique(rank[table.account], return_inverse=True)
    gapless = np.unique(rank[table.account])
    for people, accounts in bipartite_degree_preserving(table.person, held, **dealing):
        accounts = gapless[accounts]
        control = np.bincount(people, weights=by_rank[accounts], minlength=n)
        squares.append(float((control**2).sum()))
        tops.append(float(control.max()))
        if power.all():
            losses.append(float(np.bincount(people, weights=weight[accounts]).max()))
    null = np.array(squares)
    if power.any() and not power.all():
        # Only rights that can shut down are dealt out; numbered anew, because the dealing needs numbers without gaps.
        _, person = np.unique(table.person[power], return_inverse=True)
        pulled, account = np.unique(rank[table.account[power]], return_inverse=True)
        for people, accounts in bipartite_degree_preserving(person, account, **dealing):
            losses.append(float(np.bincount(people, weights=weight[pulled[accounts]]).max()))

    def estimate(value: float, values: Any, unit: str, tail: Any = "greater") -> Estimate:
        # Sums in another order differ in their last bits; what is equal must count as equal.
        return against_null(
            value, np.where(np.isclose(values, value, rtol=1e-9), value, values), unit=unit, null_model=model, tail=tail, coverage=coverage
        )  # fmt: skip

    single = undefined(_INDEX, Message("only one person holds logins"))
    control_estimates = {
        "herfindahl": estimate(observed, null, _INDEX),
        "normalised_herfindahl": single
        if n == 1
        else estimate((observed - 1 / n) / (1 - 1 / n), (null - 1 / n) / (1 - 1 / n), _INDEX),
        "effective_holders": estimate(1 / observed, 1 / null, _PERSONS, "less"),
        "top_share": estimate(float(shares.max()), np.array(tops), _SHARE),
    }
    top = float(frame["shutdown_attention"][0])
    loss = (
        estimate(top, np.array(losses), _SHARE)
        if losses
        else Estimate(top, _SHARE, reason=Message("nobody in the table has a right to shut down"), coverage=coverage)
    )
    return control_estimates, loss


# ---------------------------------------------------------------------- smallest sets


@dataclass(frozen=True, eq=False)
class _Cover:
    """Elements of weight that go dark when each of their clauses holds a removed person.

    ``clauses``: clauses by people; ``elements``: elements by clauses; ``weight``: share of each element. Elements that
    nobody can darken are left out, so weights may sum to less than 1. ``together``: clauses are single people.
    """

    clauses: sparse.csr_array
    elements: sparse.csr_array
    weight: NDArray[np.float64]
    together: bool

    def loss(self, removed: NDArray[np.bool_]) -> float:
        """Return the share lost when these people are removed."""
        alive = (self.clauses @ removed.astype(float)) == 0
        return float(self.weight[(self.elements @ alive.astype(float)) == 0].sum())


def _covers(table: _Table, rule: str) -> dict[str, _Cover]:
    """Return the cover problem of one rule (``any`` or ``all``), by unit."""
    accounts = table.incidence(power_only=rule == "any")
    reachable = np.diff(accounts.indptr) > 0
    groups: dict[str, tuple[sparse.csr_array, NDArray[np.float64]]] = {
        "attention": (sparse.csr_array(sparse.identity(len(table.listed), format="csr")), table.weight)
    }
    if table.patterns is not None:
        groups["audience"] = (table.patterns, table.pattern_weight)
    found: dict[str, _Cover] = {}
    for unit, (patterns, weight) in groups.items():
        blocked = (patterns @ (~reachable).astype(float)) > 0
        keep = ~blocked & (weight > 0)
        if rule == "any":
            people = accounts.copy()
            people.sort_indices()
            clauses, clause_of = _numbered_rows(people)
            elements = _renamed(patterns[keep], clause_of)
        else:
            # All holders of all its accounts must be gone: one clause a person.
            clauses = sparse.csr_array(sparse.identity(len(table.people), format="csr"))
            elements = sparse.csr_array(patterns[keep] @ accounts)
        elements.sort_indices()
        elements, merged = _distinct_rows(
            elements.indptr.astype(np.int64), elements.indices.astype(np.int64), weight[keep], clauses.shape[0]
        )
        found[unit] = _Cover(clauses, elements, merged, rule == "all")
    return found


def _numbered_rows(matrix: sparse.csr_array) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Return the distinct rows of a matrix and the number of each row among them."""
    seen: dict[bytes, int] = {}
    first: list[int] = []
    number = np.empty(matrix.shape[0], dtype=np.int64)
    for row in range(matrix.shape[0]):
        key = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tobytes()
        if key not in seen:
            seen[key] = len(first)
            first.append(row)
        number[row] = seen[key]
    return sparse.csr_array(matrix[first]), number


def _renamed(matrix: sparse.csr_array, number: NDArray[np.int64]) -> sparse.csr_array:
    """Rename the columns of a matrix; columns with the same new number become one."""
    count = int(number.max()) + 1 if len(number) else 0
    turn = sparse.csr_array((np.ones(len(number)), (np.arange(len(number)), number)), shape=(len(number), count))
    return sparse.csr_array(matrix @ turn)


def _smallest_sets(
    covers: dict[str, _Cover], people: list[str], exact_people: int, warnings: list[str], rule: str
) -> pl.DataFrame:
    """Return, per share and unit, the smallest number of people who darken that share."""
    rows = []
    for unit, cover in covers.items():
        for share, (members, solutions, exact) in zip(SHARES, _smallest(cover, exact_people), strict=True):
            if members is None:
                warnings.append(_out_of_reach(rule, unit, share))
            elif not exact:
                enough = Message.counting(
                    "{n:count} person is enough, fewer may be.",
                    "{n:count} people are enough, fewer may be.",
                    len(members),
                )
                warnings.append(sentences(_too_large(rule, unit, share), enough))
            who = [] if members is None else [people[person] for person in members]
            rows.append((share, unit, None if members is None else len(members), who, solutions, exact))
    return pl.DataFrame(rows, schema=_SETS, orient="row")


def _out_of_reach(rule: str, unit: str, share: float) -> Message:
    return {
        ("any", "attention"): Message(
            "Shutdown power: {share:percent} of attention is out of reach of the people in the table.", share=share
        ),
        ("any", "audience"): Message(
            "Shutdown power: {share:percent} of the audience is out of reach of the people in the table.", share=share
        ),
        ("all", "attention"): Message(
            "Bus factor: {share:percent} of attention is out of reach of the people in the table.", share=share
        ),
        ("all", "audience"): Message(
            "Bus factor: {share:percent} of the audience is out of reach of the people in the table.", share=share
        ),
    }[rule, unit]


def _too_large(rule: str, unit: str, share: float) -> Message:
    return {
        ("any", "attention"): Message(
            "Shutdown power, {share:percent} of attention: the table is too large for the exact answer.", share=share
        ),
        ("any", "audience"): Message(
            "Shutdown power, {share:percent} of the audience: the table is too large for the exact answer.", share=share
        ),
        ("all", "attention"): Message(
            "Bus factor, {share:percent} of attention: the table is too large for the exact answer.", share=share
        ),
        ("all", "audience"): Message(
            "Bus factor, {share:percent} of the audience: the table is too large for the exact answer.", share=share
        ),
    }[rule, unit]


def _smallest(cover: _Cover, exact_people: int) -> list[tuple[list[int] | None, int | None, bool]]:
    """Return for each of ``SHARES`` one smallest set (None: impossible), how many there are, and whether it is exact."""
    n = cover.clauses.shape[1]
    found: list[tuple[list[int] | None, int | None, bool]] = []
    candidates: NDArray[np.int64] | None = None
    for share in SHARES:
        if cover.loss(np.ones(n, dtype=bool)) < share - _TOLERANCE:
            found.append((None, 0, True))
            continue
        if n <= exact_people and (tried := _enumerate(cover, share)) is not None:
            found.append((*tried, True))
            continue
        if candidates is None:
            candidates = _useful(cover)
        greedy = _greedy(cover, share, candidates)
        smaller, exact = _program(cover, share, candidates, below=len(greedy)) if len(greedy) > 1 else (None, True)
        found.append((greedy if smaller is None else smaller, None, exact))
    return found


def _enumerate(cover: _Cover, share: float) -> tuple[list[int], int] | None:
    """Try all groups, smaller ones first; None if that is too much work."""
    n = cover.clauses.shape[1]
    clauses, work = cover.clauses.toarray(), cover.elements.nnz + cover.clauses.shape[0] * n
    spent = 0.0
    for size in range(1, n + 1):
        spent += math.comb(n, size) * work
        if spent > _ENUMERATION_WORK:
            return None
        first: list[int] | None = None
        count = 0
        for groups in _chunks(n, size):
            removed = np.zeros((n, len(groups)))
            removed[groups, np.arange(len(groups))[:, None]] = 1
            alive = (clauses @ removed == 0).astype(float)
            dark = cover.elements @ alive == 0
            enough = np.flatnonzero(cover.weight @ dark >= share - _TOLERANCE)
            if len(enough) and first is None:
                first = groups[enough[0]].tolist()
            count += len(enough)
        if first is not None:
            return first, count
    return None


def _chunks(n: int, size: int) -> Iterator[NDArray[np.int64]]:
    groups = combinations(range(n), size)
    while chunk := list(islice(groups, 2_000)):
        yield np.array(chunk)


def _useful(cover: _Cover) -> NDArray[np.int64]:
    """Return the people who matter and whom no other person could replace by holding all their clauses and more."""
    holds = sparse.csc_array(cover.clauses)
    keep = np.diff(holds.indptr) > 0
    if cover.together:
        return np.flatnonzero(np.bincount(cover.elements.indices, minlength=len(keep)) > 0)
    sizes = np.diff(holds.indptr)
    shared = sparse.coo_array(holds.T @ holds)
    a, b = shared.coords
    inside = (shared.data == sizes[a]) & (a != b) & ((sizes[b] > sizes[a]) | (b < a))
    keep[a[inside]] = False
    return np.flatnonzero(keep)


def _greedy(cover: _Cover, share: float, candidates: NDArray[np.int64]) -> list[int]:
    """Take who or what darkens most a person, until enough is dark; then drop whoever is not needed."""
    n = cover.clauses.shape[1]
    allowed = np.zeros(n, dtype=bool)
    allowed[candidates] = True
    removed = np.zeros(n, dtype=bool)
    by_element = cover.elements
    missing = np.diff(by_element.indptr).astype(float)
    alive = np.ones(cover.clauses.shape[0])
    lost = 0.0
    clauses_by_person = sparse.csc_array(cover.clauses)
    elements_by_clause = sparse.csc_array(by_element)
    clauses_by_row = cover.clauses

    def remove(person: int) -> float:
        gained = 0.0
        removed[person] = True
        for clause in clauses_by_person.indices[
            clauses_by_person.indptr[person] : clauses_by_person.indptr[person + 1]
        ]:
            if alive[clause]:
                alive[clause] = 0
                hit = elements_by_clause.indices[
                    elements_by_clause.indptr[clause] : elements_by_clause.indptr[clause + 1]
                ]
                missing[hit] -= 1
                gained += float(cover.weight[hit[missing[hit] == 0]].sum())
        return gained

    order: list[int] = []
    while lost < share - _TOLERANCE:
        # What would go dark with one more person: elements that miss one clause only.
        last = np.where(missing == 1, cover.weight, 0.0)
        gain = np.where(allowed & ~removed, ((last @ by_element) * alive) @ clauses_by_row, -1.0)
        person = int(np.argmax(gain))
        ratio = np.where(missing > 0, cover.weight / np.maximum(missing, 1), -1.0)
        element = int(np.argmax(ratio))
        if gain[person] > 0 and gain[person] >= ratio[element]:
            chosen = [person]
        else:
            wanted = [
                c for c in by_element.indices[by_element.indptr[element] : by_element.indptr[element + 1]] if alive[c]
            ]
            chosen = []
            for clause in wanted:
                holders = clauses_by_row.indices[clauses_by_row.indptr[clause] : clauses_by_row.indptr[clause + 1]]
                able = holders[allowed[holders]]
                chosen.append(int((able if len(able) else holders).min()))
        for one in dict.fromkeys(chosen):
            if not removed[one]:
                lost += remove(one)
                order.append(one)
    for person in reversed(order.copy()) if len(order) <= 500 else ():
        removed[person] = False
        if cover.loss(removed) >= share - _TOLERANCE:
            order.remove(person)
        else:
            removed[person] = True
    return sorted(order)


def _program(
    cover: _Cover, share: float, candidates: NDArray[np.int64], *, below: int
) -> tuple[list[int] | None, bool]:
    """Look for a smallest set of fewer than ``below`` people by a mixed-integer program.

    Returns it (None: none found) and whether the question is settled. The limit is on the size and on the solver's
    nodes, not on time, so that the answer repeats.
    """
    from scipy import optimize

    clauses, elements = cover.clauses, cover.elements
    if cover.together:
        # People who hold the very same accounts go together or not at all: one variable, as dear as they are many.
        columns = sparse.csr_array(elements.T)[candidates]
        columns.sort_indices()
        _, group = _numbered_rows(columns)
        cost = np.bincount(group).astype(float)
        number = np.zeros(clauses.shape[1], dtype=np.int64)
        number[candidates] = group
        elements = _renamed(elements, number)
        clauses = sparse.csr_array(sparse.identity(len(cost), format="csr"))
    else:
        clauses, group, cost = clauses[:, candidates], np.arange(len(candidates)), np.ones(len(candidates))
    n, c, e = len(cost), clauses.shape[0], elements.shape[0]
    pairs = elements.tocoo()
    if n > _MILP_PEOPLE or pairs.nnz > _MILP_ENTRIES:
        return None, False
    # To ask only for fewer than are known to be enough settles small tables many times faster; on tables of thousands
    # of people the row slows the solver down, so there it binds nothing.
    most = below - 1 if n <= _CUTOFF_PEOPLE else int(cost.sum())
    # Variables: people (whole), clauses and elements (need not be: people decide them).
    rows = np.arange(pairs.nnz)
    element_part = sparse.csr_array((np.ones(pairs.nnz), (rows, pairs.coords[0])), shape=(pairs.nnz, e))
    clause_part = sparse.csr_array((-np.ones(pairs.nnz), (rows, pairs.coords[1])), shape=(pairs.nnz, c))
    matrix = sparse.vstack(
        [
            sparse.hstack([-clauses, sparse.identity(c), sparse.csr_array((c, e))]),
            sparse.hstack([sparse.csr_array((pairs.nnz, n)), clause_part, element_part]),
            sparse.hstack([sparse.csr_array((1, n + c)), -sparse.csr_array(cover.weight[None, :])]),
            sparse.hstack([sparse.csr_array(cost[None, :]), sparse.csr_array((1, c + e))]),
        ],
        format="csr",
    )
    solved = optimize.milp(
        np.concatenate([cost, np.zeros(c + e)]),
        integrality=np.concatenate([np.ones(n), np.zeros(c + e)]),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(
            matrix, -np.inf, np.concatenate([np.zeros(c + pairs.nnz), [-(share - _TOLERANCE / 2), most]])
        ),
        options={"node_limit": int(np.clip(_MILP_WORK / matrix.nnz, 50, 20_000)), "mip_rel_gap": 0.0},
    )
    if solved.x is None:
        return None, solved.status == 2  # no set is smaller
    removed = np.zeros(cover.clauses.shape[1], dtype=bool)
    removed[candidates[(solved.x[:n] > 0.5)[group]]] = True
    if cover.loss(removed) < share - _TOLERANCE:  # the solver's rounding would have cheated
        return None, False
    return np.flatnonzero(removed).tolist(), solved.status == 0


# ---------------------------------------------------------------------- removals


def _matched(logins: NDArray[np.int64], person: int) -> NDArray[np.int64]:
    """Return the others who hold about as many logins: the ten nearest in number, and all tied with the tenth."""
    distance = np.abs(logins - logins[person])
    distance[person] = np.iinfo(distance.dtype).max
    if len(logins) < 2:
        return np.empty(0, dtype=np.int64)
    limit = np.partition(distance, min(9, len(logins) - 2))[min(9, len(logins) - 2)]
    return np.flatnonzero(distance <= limit)


def _pulled(table: _Table) -> list[NDArray[np.int64]]:
    """Return, per person, the listed accounts they can shut down."""
    by_person = sparse.csc_array(table.incidence(power_only=True))
    return [by_person.indices[a:b] for a, b in zip(by_person.indptr[:-1], by_person.indptr[1:], strict=True)]


def _curve(table: _Table, *, draws: int, seed: int) -> pl.DataFrame:
    """Return attention lost as 1, 2, ... people shut down what they can: top first, random, and matched."""
    n = len(table.people)
    steps = min(n, _CURVE)
    removed = np.arange(1, steps + 1)
    pulled, logins = _pulled(table), table.logins

    def losses(people: Any) -> NDArray[np.float64]:
        dark = np.zeros(len(table.listed), dtype=bool)
        lost = np.empty(steps)
        total = 0.0
        for step, person in enumerate(people):
            fresh = pulled[person][~dark[pulled[person]]]
            dark[fresh] = True
            total += float(table.weight[fresh].sum())
            lost[step] = total
        return lost

    if not draws:
        unknown = {name: pl.Series([None] * steps, dtype=pl.Float64) for name in _CURVE_COLUMNS[1:]}
        return pl.DataFrame({"removed": removed, _CURVE_COLUMNS[0]: losses(range(steps)), **unknown})
    random = generator(seed, "super_users", "curve")
    pools = [_matched(logins, person) for person in range(steps)]
    anyone = np.array([losses(random.choice(n, steps, replace=False)) for _ in range(draws)])
    alike = np.empty((draws, steps))
    for draw in range(draws):
        chosen: list[int] = []
        taken = np.zeros(n, dtype=bool)
        for pool in pools:
            free = pool[~taken[pool]]
            if not len(free):  # all of them are gone: anyone who is not
                free = np.flatnonzero(~taken)
            chosen.append(int(free[random.integers(len(free))]))
            taken[chosen[-1]] = True
        alike[draw] = losses(chosen)
    low, high = (np.quantile(anyone, q, axis=0) for q in (0.025, 0.975))
    matched_low, matched_high = (np.quantile(alike, q, axis=0) for q in (0.025, 0.975))
    columns = [losses(range(steps)), anyone.mean(axis=0), low, high, alike.mean(axis=0), matched_low, matched_high]
    return pl.DataFrame({"removed": removed, **dict(zip(_CURVE_COLUMNS, columns, strict=True))})


def fragmentation(ties: Ties, removed: NDArray[np.bool_]) -> dict[str, float | None]:
    """Return how far a network falls apart when accounts are removed; undirected, unweighted.

    Counted over accounts with any tie. ``largest_component`` is the share of what remains in its largest weak
    component; ``fragmentation`` is the share of remaining pairs that cannot reach each other (Borgatti's F);
    ``distance_fragmentation`` is 1 minus the mean of 1/distance over remaining pairs (Borgatti's D_F; 1 minus global
    efficiency), None above 5,000 accounts. All in [0, 1]; None with fewer than two accounts left. (Borgatti 2006,
    https://doi.org/10.1007/s10588-006-7084-x.)

    >>> import numpy as np
    >>> from netact.synthetic import karate
    >>> found = fragmentation(karate().ties(), np.arange(34) == 0)
    >>> round(found["fragmentation"], 6), round(found["distance_fragmentation"], 6)
    (0.316288, 0.64154)
    """
    left = ties.active & ~removed
    n = int(np.count_nonzero(left))
    if n < 2:
        return {"largest_component": None, "fragmentation": None, "distance_fragmentation": None}
    number = np.cumsum(left) - 1
    keep = left[ties.source] & left[ties.target]
    source, target = number[ties.source[keep]], number[ties.target[keep]]
    graph = sparse.csr_array((np.ones(len(source)), (source, target)), shape=(n, n))
    _, label = sparse.csgraph.connected_components(graph, directed=True, connection="weak")
    sizes = np.bincount(label).astype(float)
    distance: float | None = None
    if n <= _DISTANCE_ACCOUNTS:
        import igraph

        plain = igraph.Graph(n=n, directed=False)
        plain.add_edges(zip(source.tolist(), target.tolist(), strict=True))
        plain.simplify()
        distance = 1 - float(np.mean(plain.harmonic_centrality(normalized=True)))
    return {
        "largest_component": float(sizes.max() / n),
        "fragmentation": 1 - float((sizes * (sizes - 1)).sum()) / (n * (n - 1)),
        "distance_fragmentation": distance,
    }


def _network_effect(ties: Ties, table: _Table, *, seed: int, warnings: list[str]) -> pl.DataFrame:
    """Return what remains of the whole network when one person shuts down what they can."""
    received, attention = ties.in_strength, float(ties.weight.sum())
    sources = int(np.count_nonzero(ties.out_degree))

    def effect(accounts: NDArray[np.int64]) -> list[float | None]:
        removed = np.zeros(ties.n_accounts, dtype=bool)
        removed[table.listed[accounts]] = True
        # A source is lost when everybody it listens to is gone.
        kept = np.zeros(ties.n_accounts, dtype=bool)
        kept[ties.source[~removed[ties.target]]] = True
        lost = np.count_nonzero((ties.out_degree > 0) & ~kept)
        return [float(received[removed].sum()) / attention, lost / sources, *fragmentation(ties, removed).values()]

    pulled = _pulled(table)
    random = generator(seed, "super_users", "network effect")
    rows: list[list[Any]] = [["intact", *effect(np.empty(0, dtype=np.int64))], ["top person gone", *effect(pulled[0])]]
    others = np.arange(1, len(table.people))
    # Distances cost accounts times ties a run: the larger the network, the fewer people are tried.
    work = np.count_nonzero(ties.active) * max(1, len(ties))
    runs = _NETWORK_RUNS if rows[0][-1] is None else int(np.clip(_DISTANCE_WORK / work, 3, _NETWORK_RUNS))
    for scenario, pool in (("random", others), ("matched", _matched(table.logins, 0))):
        if len(pool):
            chosen = random.permutation(pool)[:runs]
            values = [effect(pulled[person]) for person in chosen]
            means = [
                None if any(v is None for v in column) else float(np.mean(column))
                for column in zip(*values, strict=True)
            ]
            rows.append([scenario, *means])
    if rows[0][-1] is None and np.count_nonzero(ties.active) > _DISTANCE_ACCOUNTS:
        warnings.append(
            Message(
                "Distance-weighted fragmentation is not computed on networks of more than {limit:count} accounts.",
                limit=_DISTANCE_ACCOUNTS,
            )
        )
    return pl.DataFrame(rows, schema=_frame("network").schema, orient="row")
