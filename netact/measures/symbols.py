"""Symbols: which hashtags a movement shares, whether they cross its groups or stay within them, and whether they last.

*Definition.* A symbol is a hashtag, compared after Unicode normalisation (NFKC) and case-folding, in any script. An
account uses it or does not: how often counts only where it is said, since one busy account is one account.

*Inputs.* Hashtags with the account that used them; times for adoption and retention; the groups found by the
question of factions, for what crosses and what is bound; the leading core, for who came first; the query of the
collection, if hashtags were searched for.

*What is lost.* Signs that are no hashtags: words, pictures, songs. A retweet of a post with a hashtag is not counted as
a use by the account that retweets (unless ``count_retweets``), also in tables that repeat the hashtags on the row of
the retweet. Accounts without hashtags are no part of any population here.

*Direction and weights* play no part: the groups come from ties, the symbols from what accounts wrote themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact import polarization
from netact.co_use import adjusted_among, association, expected_given_activity, tail_given_activity, users_of_both
from netact.language import Message, sentences
from netact.measures.factions import group_name
from netact.network import Ties, clean_hashtag
from netact.participation import wilson_intervals
from netact.partition import best_partition, leiden_partitions
from netact.randomness import generator, spawn_seeds
from netact.ranges import Range, check_ranges
from netact.resampling import percentile_interval
from netact.results import Criterion, Estimate, Symbols, SymbolsVerdict, undefined
from netact.results.symbols import ADOPTION, CO_USE, SYMBOL_FACTIONS, SYMBOLS, SYMBOLS_BY_FACTION
from netact.significance import against_null, false_discovery, monte_carlo_p

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.network import Network

# No number is given of fewer accounts than this: they would come close to being named.
FEWEST_ACCOUNTS = 5
ALPHA = 0.05
# A group is asked whether it shares a sign if so many of its accounts use hashtags, and such a share of all that do.
LARGE_ACCOUNTS = 20
LARGE_SHARE = 0.05
# A group shares a sign if it uses it at least half as much as it would if groups did not matter.
REACHED = 0.5
# A sign is kept if at least this share of its users use it again after the wait.
KEPT = 0.25
# A sign that this share of all accounts with hashtags used is taken for the query where none is declared.
LIKELY_QUERY = 0.9
# Signs are called bound to groups on the whole if so many of the most used ones, or fewer, are for the greater part.
WIDELY_USED = 10
CURVE_POINTS = 48
_RUNS = 20
_REPLICATES = 200
# A sum of many independent choices with more variance than this is drawn as a normal variable.
_NORMAL_VARIANCE = 100.0
_DIVIDED = ("factionalised", "structurally_divided", "niches")

_HASHTAGS = Message("hashtags")
_SHARE_OF_SYMBOLS = Message("share of hashtags")
_SHARE_OF_USES = Message("share of first uses")
_LABELS = Message("groups dealt out at random among the accounts that use hashtags")
_TIMES = Message("times dealt out at random among the uses of each hashtag")
_C_GROUPS = Message("there are groups to cross")
_C_CROSSES = Message("a sign crosses every large group")
_C_KEPT = Message("a sign that crosses is kept in use")
_NO_GROUPS = Message("the groups are not known: ask where the movement splits in the same study")
_NO_TIMES = Message("the uses of hashtags have no times")
_NOT_COMPARED = Message("nothing was compared with chance")


# What each parameter may be.
RANGES = {
    "most": Range(1),
    "retention_days": Range(above=0, below=36_500),
    "draws": Range(0),
    "label_draws": Range(0),
}


def symbols(
    network: Network,
    *,
    core_members: tuple[str, ...] | None = None,
    faction_of: pl.DataFrame | None = None,
    division: str | None = None,
    count_retweets: bool = False,
    most: int = 200,
    retention_days: float = 7.0,
    draws: int = 99,
    label_draws: int = 9999,
    seed: int,
) -> Symbols:
    """Return the hashtags most accounts use, which go together, which cross the groups, and which are kept in use.

    *Used together.* For each two signs: how many accounts used both, pointwise mutual information and its normalised
    form, and the hypergeometric probability of as many or more. Busy accounts use many signs and so tie all of them;
    therefore the same is asked given how many signs each account and how many accounts each sign has
    (:func:`netact.co_use.expected_given_activity`). Signs are ``tied`` if both stand under false-discovery control
    at 5 % over all pairs, those with fewer than five common accounts included as tests but never shown. Groups of
    signs are the communities (Leiden) of the ties, weighted by the normalised information.

    *Crossing or bound.* The population is the accounts that use hashtags and belong to a large group (20 such accounts
    and 5 % of them). ``spread`` is ``exp(-KL)`` of the sign's users against the population over these groups: 1
    if they are spread alike, the share of a group if they all are in it. ``bound``: less spread than with groups dealt
    out at random among the accounts (null model N5; false-discovery control over all signs), and some large group uses it
    less than half as much as by chance. ``crossing`` has to be shown: in every large group the sign is used by more than
    half of what chance would give (binomial tails, the largest of them counts; false-discovery control over the
    signs with enough users for it). Anything else is ``undetermined``.

    *The query.* A hashtag by which the posts were collected is used by everyone in the data whatever it means to them. It
    is marked (``query``) and never a finding. Where no query is declared and the collection is not said to be complete, a
    hashtag used by 90 % of the accounts is taken for it.

    *Adoption.* The first user of a sign is sought for signs that came up during the collection, not those in use from its
    beginning. How many were first used by the core is compared with times dealt out at random among the uses of each
    sign, so that members who use it often may be first by chance.

    *Retention.* Of the users whose first use is followed by at least ``retention_days`` of data, those that use the sign again
    that much later or more; Wilson intervals. Users with more data after them have more time to come back.
    Chance exchanges, within each account, which of its signs it kept.

    *Verdict.* ``shared`` if some sign crosses and is kept (the lower end of its interval at 25 % or more); ``bound`` if
    none crosses and at least half of the (ten most used) signs for which it could have been shown are bound; ``cannot_say`` without
    groups that are more than chance, or if no sign but the query is used widely enough; else ``undetermined``.

    Parameters
    ----------
    network
        With hashtags.
    core_members
        Keys of the accounts in a leading core, none if none was found; None if it was not asked.
    faction_of, division
        ``account`` and ``faction`` of the members of named factions, and the verdict on them; None if not asked.
    count_retweets
        Count a retweet of a post with a hashtag as a use.
    most
        How many hashtags, the most used first, are looked at.
    retention_days
        The wait after which a use counts as kept, in days.
    draws
        Null networks for signs used together; with 0 activity is not held fixed and nothing is called tied.
    label_draws
        Draws of the other null models; with 0 nothing is called bound and retention is not compared.
    seed
        Everything random follows from it.

    Raises
    ------
    MeasureError
        If a parameter is out of range.

    References
    ----------
    Gerbaudo 2012, Tweets and the Streets (shared symbols); Church & Hanks 1990, https://doi.org/10.3115/981623.981633
    (mutual information of pairs); Strona et al. 2014, https://doi.org/10.1038/ncomms5114 (curveball); Benjamini & Hochberg 1995,
    https://doi.org/10.1111/j.2517-6161.1995.tb02031.x; Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953.
    """
    check_ranges("symbols", RANGES, locals())
    warnings: list[str] = []
    uses = _uses(network, count_retweets=count_retweets, warnings=warnings)
    if not uses.height:
        return _without(network, retention_days, empty=not network.hashtags.height)
    table, sign_of = _most_used(uses, most=most)
    users, different = uses["account"].n_unique(), uses["hashtag"].n_unique()
    totals = (users, uses.height, different)
    if not table.height:
        few = Message(
            "no hashtag was used by {n:count} accounts or more; what fewer use is not told, as it would come close to naming them",
            n=FEWEST_ACCOUNTS,
        )
        return _without(network, retention_days, empty=False, reason=few, totals=totals, warnings=tuple(warnings))
    if different > table.height:
        warnings.append(
            Message(
                "Of {different:count} different hashtags {listed:count} are looked at: those of five accounts or more, the most used "
                "first, at most {most:count}.",
                different=different,
                listed=table.height,
                most=most,
            )
        )
    query = _queried(table, network, users, warnings)
    used = uses.join(sign_of, on="hashtag", how="inner").sort("sign", "account", "time", nulls_last=True)
    pairs = used.select("account", "sign").unique().sort("sign", "account")

    co_use, group = _used_together(pairs, table, users=users, draws=draws, seed=seed, warnings=warnings)
    over = _over_factions(
        network, uses, pairs, table, query, faction_of, division, label_draws=label_draws, seed=seed, warnings=warnings
    )
    timed = used.drop_nulls("time")
    adopted = _adoption(network, timed, table, query, core_members, over.number, draws=label_draws, seed=seed)
    kept, retention = _retention(uses, timed, table, query, days=retention_days, draws=label_draws, seed=seed)

    columns = {
        "symbol": table["hashtag"],
        "users": table["users"],
        "uses": table["uses"],
        "share_of_users": table["users"] / users,
        "query": pl.Series(query),
        "group": group,
        **over.columns,
        **adopted.columns,
        **kept,
    }
    listed = pl.DataFrame([pl.Series(name, columns[name]).cast(dtype) for name, dtype in SYMBOLS.items()])
    criteria, verdict, reason = _verdict(listed, over, retention, retention_days)
    return Symbols(
        status="ok",
        reason=reason,
        kind=network.attention_kind,
        users=users,
        uses=uses.height,
        different=different,
        symbols=listed,
        factions=over.factions,
        by_faction=over.by_faction,
        co_use=co_use,
        adoption=adopted.curves,
        crossing=over.crossing,
        bound=over.bound,
        first_in_core=adopted.first_in_core,
        retention=retention,
        retention_days=retention_days,
        verdict=verdict,
        criteria=criteria,
        queried=tuple(listed.filter("query")["symbol"]),
        warnings=tuple(warnings),
    )


def _without(
    network: Network,
    days: float,
    *,
    empty: bool,
    reason: str | None = None,
    totals: tuple[int, int, int] = (0, 0, 0),
    warnings: tuple[str, ...] = (),
) -> Symbols:
    """Return the result where there are no signs to speak of."""
    if reason is None and empty:
        reason = Message(
            "the data hold no hashtags; an export of posts, or a column of hashtags in the table of interactions, would answer it"
        )
    elif reason is None:
        reason = Message(
            "all hashtags stand on retweets of other accounts' posts; the option count_retweets would count them as uses"
        )
    status: Any = "insufficient_data"
    none = undefined(_HASHTAGS, reason, status=status)
    return Symbols(
        status=status,
        reason=reason,
        kind=network.attention_kind,
        users=totals[0],
        uses=totals[1],
        different=totals[2],
        symbols=pl.DataFrame(schema=SYMBOLS),
        factions=pl.DataFrame(schema=SYMBOL_FACTIONS),
        by_faction=pl.DataFrame(schema=SYMBOLS_BY_FACTION),
        co_use=pl.DataFrame(schema=CO_USE),
        adoption=pl.DataFrame(schema=ADOPTION),
        crossing=none,
        bound=none,
        first_in_core=undefined(_SHARE_OF_SYMBOLS, reason, status=status),
        retention=undefined(_SHARE_OF_USES, reason, status=status),
        retention_days=days,
        verdict="cannot_say",
        criteria=(),
        warnings=warnings,
    )


def _isolated(tag: str) -> str:
    """Return a hashtag between the marks that keep right-to-left names from turning a sentence around."""
    return f"\u2068#{tag}\u2069"


# ---------------------------------------------------------------------- what counts as a use


def _uses(network: Network, *, count_retweets: bool, warnings: list[str]) -> pl.DataFrame:
    """Return the uses of hashtags that count: those of retweets only if asked for."""
    uses = network.hashtags
    if not uses.height:
        return uses
    passed_on = network.interactions.filter(pl.col("kind").is_in(["retweet", "forward"]))
    if count_retweets:
        carried = uses.select("hashtag", "post_id").drop_nulls().unique()
        repeated = (
            passed_on.select("time", "post_id", "ref_post_id", account="source")
            .join(carried, left_on="ref_post_id", right_on="post_id")
            .select(uses.columns)
        )
        warnings.append(
            Message(
                "Retweets of posts with a hashtag count as uses. The groups are found from such ties, so that signs look more "
                "bound to groups than they are."
            )
        )
        return pl.concat([uses, repeated]).unique().sort(uses.columns, nulls_last=True)
    acts = passed_on.select("post_id", "time", account="source").unique()
    own = uses.join(acts, on=["account", "post_id", "time"], how="anti", nulls_equal=True)
    left_out = uses.height - own.height
    if own.height and left_out:
        warnings.append(
            Message.counting(
                "{n:count} hashtag on the row of a retweet was left out: it is the author's.",
                "{n:count} hashtags on the rows of retweets were left out: they are the authors'.",
                left_out,
            )
        )
    return own


def _most_used(uses: pl.DataFrame, *, most: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``hashtag``, ``users``, ``uses`` of the signs looked at, most users first, and their numbers."""
    counted = uses.group_by("hashtag").agg(users=pl.col("account").n_unique(), uses=pl.len())
    order = {"users": True, "uses": True, "hashtag": False}
    table = counted.filter(pl.col("users") >= FEWEST_ACCOUNTS).sort(list(order), descending=list(order.values()))
    table = table.head(most)
    return table, table.select("hashtag").with_row_index("sign")


def _queried(table: pl.DataFrame, network: Network, users: int, warnings: list[str]) -> NDArray[np.bool_]:
    """Say of each sign whether the posts were collected by it, or appear to have been."""
    told = {clean_hashtag(term) for term in network.collection.query}
    sampling = network.collection.sampling
    query = np.array([tag in told for tag in table["hashtag"]], dtype=bool)
    if told:
        warnings.append(
            Message(
                "The posts were collected by a query. Everyone in the data used a term of it, whatever it means to them, "
                "and accounts that never used one are missing."
            )
        )
    elif sampling != "complete":
        query = (table["users"] >= LIKELY_QUERY * users).to_numpy() & (table["users"].to_numpy() >= LARGE_ACCOUNTS)
        for tag in table["hashtag"].filter(pl.Series(query)):
            warnings += [
                Message(
                    "Nearly every account used {hashtag}: the posts were probably collected by it, so nothing is concluded from it. "
                    "If the collection is complete, say so when reading it.",
                    hashtag=_isolated(tag),
                )
            ]
        if sampling == "keyword" and not query.any():
            warnings.append(
                Message(
                    "The posts were collected by keywords that are not told: a hashtag among them would seem to be shared by all."
                )
            )
    return query


# ---------------------------------------------------------------------- signs used together


def _used_together(
    pairs: pl.DataFrame, table: pl.DataFrame, *, users: int, draws: int, seed: int, warnings: list[str]
) -> tuple[pl.DataFrame, pl.Series]:
    """Return the pairs of signs that five accounts or more both used, and the group of each sign."""
    count = table.height
    account, sign = _numbered(pairs["account"].to_numpy()), pairs["sign"].to_numpy().astype(np.int64)
    both = users_of_both(account, sign, signs=count)
    first, second = np.triu_indices(count, 1)
    shown = both[first, second] >= FEWEST_ACCOUNTS
    first, second, tests = first[shown], second[shown], count * (count - 1) // 2
    size = table["users"].to_numpy()
    common = both[first, second]
    found = association(users, size[first], size[second], common)
    q_value = adjusted_among(found.p_value, tests)
    given = expected = q_given = np.full(len(first), np.nan)
    if draws and len(first):
        mean, made = expected_given_activity(account, sign, signs=count, draws=draws, seed=seed)
        if made < draws:
            warnings.append(
                Message(
                    "There is much to count: signs used together were compared with {made:count} null networks instead of "
                    "{draws:count}.",
                    made=made,
                    draws=draws,
                )
            )
        expected = mean[first, second]
        given = tail_given_activity(common, expected, draws=made)
        q_given = adjusted_among(given, tests)
    tied = (q_value < ALPHA) & (np.nan_to_num(q_given, nan=1.0) < ALPHA)
    tags = table["hashtag"]
    co_use = pl.DataFrame(
        {
            "symbol": tags.gather(first.astype(np.uint32)),
            "other": tags.gather(second.astype(np.uint32)),
            "accounts": common,
            "expected": size[first] * size[second] / users,
            "pmi": found.pmi,
            "npmi": found.npmi,
            "p_value": found.p_value,
            "q_value": q_value,
            "expected_given_activity": expected,
            "p_given_activity": given,
            "q_given_activity": q_given,
            "tied": tied,
        },
        schema=CO_USE,
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
    weight = np.nan_to_num(found.npmi, nan=0.0)
    held = tied & (weight > 0)
    return co_use, _groups(first[held], second[held], weight[held], count, seed=seed)


def _numbered(values: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _groups(
    first: NDArray[np.int64], second: NDArray[np.int64], weight: NDArray[np.float64], count: int, *, seed: int
) -> pl.Series:
    """Return the group of each sign, 0 the largest; null where a sign is tied to no other."""
    group: list[int | None] = [None] * count
    if len(first):
        ties = Ties(
            count, first.astype(np.uint32), second.astype(np.uint32), weight, np.ones(len(first), dtype=np.int64)
        )
        seeds = spawn_seeds(seed, _RUNS, "symbols", "groups")
        runs = leiden_partitions(ties, seeds=seeds, resolution=1.0)
        best, _ = best_partition(polarization.adjacency(ties, weighted=True), runs, 1.0)
        tied = np.union1d(first, second)
        members = [tied[best[tied] == number] for number in np.unique(best[tied])]
        for rank, signs in enumerate(sorted(members, key=lambda rows: (-len(rows), rows[0]))):
            for row in signs:
                group[row] = rank
    return pl.Series("group", group, dtype=pl.Int32)


# ---------------------------------------------------------------------- crossing or bound


@dataclass(frozen=True)
class _OverFactions:
    """How the signs lie over the large groups."""

    columns: dict[str, Any]
    factions: pl.DataFrame
    by_faction: pl.DataFrame
    crossing: Estimate
    bound: Estimate
    number: NDArray[np.int64]  # of each account's large group, counted from 0; -1 for none


def _over_factions(
    network: Network,
    uses: pl.DataFrame,
    pairs: pl.DataFrame,
    table: pl.DataFrame,
    query: NDArray[np.bool_],
    faction_of: pl.DataFrame | None,
    division: str | None,
    *,
    label_draws: int,
    seed: int,
    warnings: list[str],
) -> _OverFactions:
    number = np.full(network.n_accounts, -1, dtype=np.int64)
    large: list[int] = []
    if faction_of is not None and faction_of.height:
        known = network.accounts.select("key").join(
            faction_of.select(key="account", faction="faction").unique("key"),
            on="key",
            how="left",
            maintain_order="left",
        )
        faction = known["faction"].fill_null(-1).to_numpy().astype(np.int64)
        writes = uses["account"].unique().sort().to_numpy()
        size = np.bincount(faction[writes] + 1)[1:]
        large = np.flatnonzero((size >= LARGE_ACCOUNTS) & (size >= LARGE_SHARE * max(1, size.sum()))).tolist()
        place = np.full(max(len(size), faction.max() + 1), -1, dtype=np.int64)
        place[large] = np.arange(len(large))
        number = np.where(faction >= 0, place[faction], -1)
        writers = np.bincount(number[writes] + 1, minlength=len(large) + 1)[1:]
    if len(large) < 2:
        why: str = _NO_GROUPS
        if faction_of is not None:
            why = Message(
                "fewer than two groups have {n:count} accounts that use hashtags and {share:percent} of all that do",
                n=LARGE_ACCOUNTS,
                share=LARGE_SHARE,
            )
        return _no_factions(table, why, number)
    pool = int(writers.sum())
    share = writers / pool
    factions = pl.DataFrame(
        {"faction": large, "name": [group_name(g) for g in large], "accounts": writers, "share": share},
        schema=SYMBOL_FACTIONS,
    )
    signs = pairs["sign"].to_numpy().astype(np.int64)
    at = number[pairs["account"].to_numpy()]
    counts = np.zeros((table.height, len(large)), dtype=np.int64)
    np.add.at(counts, (signs[at >= 0], at[at >= 0]), 1)
    found = spread_over(counts, writers, draws=label_draws, seed=seed)
    tested = ~query & (found.covered >= FEWEST_ACCOUNTS)
    q_value = _adjusted(found.p_value, tested)
    testable = tested & (found.p_if_alike < ALPHA)
    q_crossing = _adjusted(found.p_crossing, testable)
    divided = division is None or division in _DIVIDED
    crossing = testable & (q_crossing < ALPHA) & divided
    bound = tested & (q_value < ALPHA) & (found.lowest_lift < REACHED) & divided
    verdict = np.select([query, crossing, bound], ["query", "crossing", "bound"], "undetermined").astype(object)
    lowest = np.where(counts[np.arange(len(counts)), found.least] >= FEWEST_ACCOUNTS, found.lowest_lift, np.nan)
    enough = found.covered >= FEWEST_ACCOUNTS
    columns = {
        "verdict": pl.Series(verdict.tolist(), dtype=pl.String),
        "covered": _where(found.covered, enough),
        "spread": _where(found.spread, enough),
        "spread_by_chance": _where(found.by_chance, enough & (label_draws > 0)),
        "p_value": _where(found.p_value, tested & (label_draws > 0)),
        "q_value": _where(q_value, tested & (label_draws > 0)),
        "lowest_lift": _where(lowest, enough & ~np.isnan(lowest)),
        "testable": pl.Series(testable),
        "p_crossing": _where(found.p_crossing, testable),
        "q_crossing": _where(q_crossing, testable),
    }
    missing = 1 - pool / uses["account"].n_unique()
    if missing > 0.2:
        warnings.append(
            Message(
                "{share:percent} of the accounts that use hashtags belong to no large group; crossing is asked of the others.",
                share=missing,
            )
        )
    if not divided:
        why = Message("the groups were not shown to be more than chance, so there is nothing to cross")
        crossed = undefined(_HASHTAGS, why, status="not_testable")
        held = crossed
    elif not testable.any():
        why = Message("no hashtag but the query has enough users in the large groups to show that it crosses them")
        crossed = undefined(_HASHTAGS, why, status="insufficient_data")
        held = Estimate(float(bound.sum()), _HASHTAGS, null_model=_LABELS)
    else:
        crossed = Estimate(float(crossing.sum()), _HASHTAGS, coverage=float(testable.mean()))
        held = Estimate(float(bound.sum()), _HASHTAGS, null_model=_LABELS)
    if not label_draws and divided:
        held = undefined(_HASHTAGS, _NOT_COMPARED, status="not_testable")
    by_faction = _faction_rows(counts, found.covered, share, large, table)
    return _OverFactions(columns, factions, by_faction, crossed, held, number)


def _no_factions(table: pl.DataFrame, why: str, number: NDArray[np.int64]) -> _OverFactions:
    names = (
        "verdict", "covered", "spread", "spread_by_chance", "p_value", "q_value", "lowest_lift", "testable", "p_crossing",
        "q_crossing",
    )  # fmt: skip
    columns = {name: pl.Series(name, [None] * table.height, dtype=SYMBOLS[name]) for name in names}
    none = undefined(_HASHTAGS, why, status="insufficient_data")
    return _OverFactions(
        columns,
        pl.DataFrame(schema=SYMBOL_FACTIONS),
        pl.DataFrame(schema=SYMBOLS_BY_FACTION),
        none,
        none,
        np.full(len(number), -1, dtype=np.int64),
    )


def _where(values: NDArray[Any], known: NDArray[np.bool_]) -> pl.Series:
    """Return values as a column, null where they are not known."""
    return pl.Series([v if k else None for v, k in zip(values.tolist(), known.tolist(), strict=True)])


def _adjusted(p_values: NDArray[np.float64], tested: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return adjusted p-values over those tested, 1 elsewhere."""
    out = np.ones(len(p_values))
    out[tested] = false_discovery(p_values[tested].tolist())
    return out


@dataclass(frozen=True)
class Spread:
    """How the users of each sign are spread over the groups; one value a sign.

    Attributes
    ----------
    covered
        Its users in the groups.
    spread
        ``exp(-KL)`` of its users against all accounts, in (0, 1].
    by_chance, p_value
        Mean spread with groups dealt out at random, and the share of draws as little spread.
    lowest_lift, least
        Its share in the group that uses it least over that group's share of all accounts; which group that is.
    p_crossing
        The largest, over groups, of the chances of as many users if the group used it half as much as by chance.
    p_if_alike
        The same if its users were spread exactly as all accounts: below 5 % crossing could be shown.
    """

    covered: NDArray[np.int64]
    spread: NDArray[np.float64]
    by_chance: NDArray[np.float64]
    p_value: NDArray[np.float64]
    lowest_lift: NDArray[np.float64]
    least: NDArray[np.int64]
    p_crossing: NDArray[np.float64]
    p_if_alike: NDArray[np.float64]


def spread_over(counts: NDArray[np.int64], accounts: NDArray[np.int64], *, draws: int, seed: int) -> Spread:
    """Return how the users of signs are spread over groups, beside groups dealt out at random (null model N5).

    Parameters
    ----------
    counts
        Users, one row a sign and one column a group.
    accounts
        Accounts of each group, all above 0.
    draws, seed
        Of the null model; signs with as many users share their draws.
    """
    from scipy import stats

    share = accounts / accounts.sum()
    covered = counts.sum(axis=1)
    spread = _spread(counts, share)
    by_chance, p_value = np.ones(len(counts)), np.ones(len(counts))
    for size in np.unique(covered[covered > 0]).tolist() if draws else ():
        random = generator(seed, "symbols", "labels", size)
        drawn = random.multivariate_hypergeometric(accounts, size, size=draws, method="marginals")
        null = _spread(drawn, share)
        for row in np.flatnonzero(covered == size):
            p_value[row] = monte_carlo_p(spread[row], null, tail="less")
            by_chance[row] = null.mean()
    n = np.maximum(covered, 1)[:, None]
    lift = counts / n / share
    tails = stats.binom.sf(counts - 1, n, REACHED * share)
    alike = stats.binom.sf(np.floor(n * share + 1e-9) - 1, n, REACHED * share)
    return Spread(
        covered,
        spread,
        by_chance,
        p_value,
        lift.min(axis=1),
        lift.argmin(axis=1),
        tails.max(axis=1),
        np.where(covered > 0, alike.max(axis=1), 1.0),
    )


def _spread(counts: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``exp(-KL(users || all))`` of each row, rounded so that equal counts give equal numbers; 1 without users."""
    part = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = np.where(part > 0, part * np.log(part / share), 0.0).sum(axis=1)
    return np.asarray(np.minimum(np.exp(-divergence), 1.0).round(12))


def _faction_rows(
    counts: NDArray[np.int64],
    covered: NDArray[np.int64],
    share: NDArray[np.float64],
    large: list[int],
    table: pl.DataFrame,
) -> pl.DataFrame:
    k, n = counts, np.maximum(covered, 1)[:, None]
    low, high = wilson_intervals(k, np.broadcast_to(n, k.shape))
    known = pl.Series((k >= FEWEST_ACCOUNTS).ravel())
    columns = (k, k / n, k / n / share, low / share, high / share)
    names = list(SYMBOLS_BY_FACTION)
    return pl.DataFrame(
        {
            names[0]: np.repeat(table["hashtag"].to_numpy(), len(large)),
            names[1]: np.tile(np.asarray(large), table.height),
            **{name: column.ravel() for name, column in zip(names[2:], columns, strict=True)},
        },
        schema=SYMBOLS_BY_FACTION,
    ).with_columns(pl.when(known).then(pl.col(names[2:])))


# ---------------------------------------------------------------------- adoption


@dataclass(frozen=True)
class _Adopted:
    columns: dict[str, pl.Series]
    curves: pl.DataFrame
    first_in_core: Estimate


def _adoption(
    network: Network,
    timed: pl.DataFrame,
    table: pl.DataFrame,
    query: NDArray[np.bool_],
    core_members: tuple[str, ...] | None,
    number: NDArray[np.int64],
    *,
    draws: int,
    seed: int,
) -> _Adopted:
    """Return who came first, how fast, and the curves of adoption."""
    core = np.zeros(network.n_accounts, dtype=bool)
    core[network.accounts["key"].is_in(list(core_members or ())).to_numpy()] = True
    rows: list[dict[str, Any]] = [{} for _ in range(table.height)]
    curves: list[pl.DataFrame] = []
    seen: list[tuple[bool, float]] = []
    if timed.height:
        start, end = _moment(network, "min"), _moment(network, "max")
        lead = min(timedelta(days=7), (end - start) / 10)
        grid = pl.Series([start + (end - start) * step / CURVE_POINTS for step in range(1, CURVE_POINTS + 1)])
        grid = grid.cast(pl.Datetime("us", "UTC"))
        ticks = grid.to_physical().to_numpy()
        in_core = pl.DataFrame({"account": np.arange(network.n_accounts, dtype=np.uint32), "core": core})
        for (sign,), part in timed.join(in_core, on="account", maintain_order="left").group_by(
            "sign", maintain_order=True
        ):
            row = rows[int(str(sign))]
            tag = table["hashtag"][int(str(sign))]
            first = part.group_by("account").agg(pl.col("time").min()).sort("time", "account")
            if first.height < FEWEST_ACCOUNTS:
                continue
            when, who = first["time"].to_physical().to_numpy(), first["account"].to_numpy()
            began: datetime = first["time"][0]
            row["first_use"] = began
            row["half_days"] = float(when[(len(when) + 1) // 2 - 1] - when[0]) / 86_400e6
            at_once = who[when == when[0]]
            curves += _curves(tag, when, number[who], ticks, grid)
            if began < start + lead or query[int(str(sign))]:
                continue
            if len(at_once) == 1:
                row["first_adopter"] = network.accounts["key"][int(at_once[0])]
            if core_members and len(set(core[at_once].tolist())) == 1:
                row["first_in_core"] = bool(core[at_once[0]])
                seen.append((row["first_in_core"], float(part["core"].mean() or 0.0)))  # type: ignore[arg-type]
    names = ("first_use", "first_adopter", "first_in_core", "half_days")
    columns = {name: pl.Series(name, [row.get(name) for row in rows], dtype=SYMBOLS[name]) for name in names}
    return _Adopted(
        columns,
        pl.concat(curves) if curves else pl.DataFrame(schema=ADOPTION),
        _first_in_core(seen, core_members, timed=bool(timed.height), draws=draws, seed=seed),
    )


def _moment(network: Network, which: str) -> datetime:
    """Return when the data begin or end: the earliest or latest time of anything in them."""
    found = [
        frame["time"].min() if which == "min" else frame["time"].max()
        for frame in (network.interactions, network.hashtags, network.posts.filter("collected"))
        if frame.height and frame["time"].null_count() < frame.height
    ]
    return min(found) if which == "min" else max(found)  # type: ignore[type-var,return-value]


def _curves(
    tag: str, when: NDArray[np.int64], group: NDArray[np.int64], ticks: NDArray[np.int64], grid: pl.Series
) -> list[pl.DataFrame]:
    """Return how many accounts had used a sign by each time, of all and of each large group."""
    made = []
    for faction in (None, *np.unique(group[group >= 0]).tolist()):
        times = when if faction is None else when[group == faction]
        reached = np.searchsorted(times, ticks, side="right")
        shown = reached >= FEWEST_ACCOUNTS
        if shown.any():
            made.append(
                pl.DataFrame(
                    {
                        "symbol": [tag] * int(shown.sum()),
                        "faction": pl.Series([faction] * int(shown.sum()), dtype=pl.Int32),
                        "time": grid.filter(pl.Series(shown)),
                        "accounts": reached[shown],
                    },
                    schema=ADOPTION,
                )
            )
    return made


def _first_in_core(
    seen: list[tuple[bool, float]], core_members: tuple[str, ...] | None, *, timed: bool, draws: int, seed: int
) -> Estimate:
    """Compare how many signs the core used first with times dealt out at random among the uses of each sign."""
    why: str | None = None
    if not timed:
        why = _NO_TIMES
    elif core_members is None:
        why = Message("the leading core is not known: ask for it in the same study")
    elif not core_members:
        why = Message("no leading core was found")
    elif not seen:
        why = Message("every hashtag was in use from the beginning of the data, so who used it first is not known")
    if why is not None:
        return undefined(_SHARE_OF_SYMBOLS, why, status="insufficient_data")
    chance = np.array([share for _, share in seen])
    random = generator(seed, "symbols", "first")
    null = (random.random((draws, len(seen))) < chance).mean(axis=1)
    value = float(np.mean([first for first, _ in seen]))
    low, high = wilson_intervals([sum(first for first, _ in seen)], [len(seen)])
    interval = float(low[0]), float(high[0])
    return against_null(
        value, null, unit=_SHARE_OF_SYMBOLS, null_model=_TIMES, interval=interval, interval_method=Message("Wilson")
    )


# ---------------------------------------------------------------------- retention


def _retention(
    uses: pl.DataFrame,
    timed: pl.DataFrame,
    table: pl.DataFrame,
    query: NDArray[np.bool_],
    *,
    days: float,
    draws: int,
    seed: int,
) -> tuple[dict[str, pl.Series], Estimate]:
    """Return how many users of each sign used it again after the wait, and how many of all."""
    names = (
        "at_risk", "retention", "retention_low", "retention_high", "kept", "still_active", "retention_by_chance", "retention_p",
        "retention_q",
    )  # fmt: skip
    rows: list[dict[str, Any]] = [{} for _ in range(table.height)]
    if not timed.height:
        columns = {name: pl.Series(name, [None] * len(rows), dtype=SYMBOLS[name]) for name in names}
        return columns, undefined(_SHARE_OF_USES, _NO_TIMES, status="insufficient_data")
    wait = timedelta(days=days)
    end = uses["time"].max()
    last_of_all = uses.group_by("account").agg(last_any=pl.col("time").max())
    spans = (
        timed.group_by("sign", "account")
        .agg(first=pl.col("time").min(), last=pl.col("time").max())
        .join(last_of_all, on="account")
        .filter(pl.col("first") + wait <= end)
        .with_columns(
            kept=pl.col("last") >= pl.col("first") + wait, active=pl.col("last_any") >= pl.col("first") + wait
        )
        .sort("sign", "account")
    )
    others = spans.filter(~pl.col("sign").is_in(np.flatnonzero(query).tolist()))
    own = others.group_by("account").agg(tried=pl.len(), held=pl.col("kept").sum())
    tested: list[int] = []
    for (number,), part in spans.join(own, on="account", how="left", maintain_order="left").group_by(
        "sign", maintain_order=True
    ):
        sign = int(str(number))
        if part.height < FEWEST_ACCOUNTS:
            continue
        row, held = rows[sign], int(part["kept"].sum())
        row.update(at_risk=part.height, retention=held / part.height, held=held)
        row["still_active"] = float(part["active"].mean() or 0.0)  # type: ignore[arg-type]
        if query[sign] or not draws:
            continue
        null = _exchanged(part, draws=draws, seed=seed, sign=sign)
        row["retention_by_chance"] = float(null.mean())
        row["retention_p"] = monte_carlo_p(held / part.height, null, tail="two-sided")
        tested.append(sign)
    for sign, q in zip(tested, false_discovery([rows[s]["retention_p"] for s in tested]).tolist(), strict=True):
        rows[sign]["retention_q"] = q
    followed = [row for row in rows if row]
    low, high = wilson_intervals([row["held"] for row in followed], [row["at_risk"] for row in followed])
    for row, least, most in zip(followed, low.tolist(), high.tolist(), strict=True):
        row.update(retention_low=least, retention_high=most, kept=least >= KEPT)
    columns = {name: pl.Series(name, [row.get(name) for row in rows], dtype=SYMBOLS[name]) for name in names}
    return columns, _kept_in_all(own, days=days, seed=seed)


def _exchanged(part: pl.DataFrame, *, draws: int, seed: int, sign: int) -> NDArray[np.float64]:
    """Return the retention of one sign if each account had kept as many of its signs, but any of them."""
    random = generator(seed, "symbols", "retention", sign)
    alike = part.group_by("tried", "held").len().sort("tried", "held")
    accounts, chance = alike["len"].to_numpy(), (alike["held"] / alike["tried"]).to_numpy()
    variance = float((accounts * chance * (1 - chance)).sum())
    if variance > _NORMAL_VARIANCE:
        total = np.rint(random.normal((accounts * chance).sum(), np.sqrt(variance), size=draws))
    else:
        total = random.binomial(accounts, chance, size=(draws, len(accounts))).sum(axis=1)
    return np.asarray(total / part.height)


def _kept_in_all(own: pl.DataFrame, *, days: float, seed: int) -> Estimate:
    """Return the share of all first uses that were repeated after the wait, accounts drawn again for its range."""
    if own.height < FEWEST_ACCOUNTS:
        why = Message("fewer than five accounts have {days:decimal0} days of data after their first use", days=days)
        return undefined(_SHARE_OF_USES, why, status="insufficient_data")
    own = own.sort("account")
    tried, held = own["tried"].to_numpy().astype(np.int64), own["held"].to_numpy().astype(np.int64)
    random = generator(seed, "symbols", "retention of all")
    values = np.empty(_REPLICATES)
    both = (tried << 32) + held  # looked up together: the draws of a million accounts are a matter of memory
    for draw in range(_REPLICATES):
        drawn = both[random.integers(0, len(both), len(both))]
        values[draw] = (drawn & 0xFFFFFFFF).sum() / (drawn >> 32).sum()
    return Estimate(
        float(held.sum() / tried.sum()),
        _SHARE_OF_USES,
        interval=percentile_interval(values),
        interval_method=Message("accounts drawn again with replacement"),
    )


# ---------------------------------------------------------------------- verdict


def _verdict(
    listed: pl.DataFrame, over: _OverFactions, retention: Estimate, days: float
) -> tuple[tuple[Criterion, ...], SymbolsVerdict, str]:
    """Return the conditions, the verdict and its reason."""
    if over.crossing.value is None:
        why = over.crossing.reason or _NO_GROUPS
        cannot = Message("Cannot be told: {reason}.", reason=why)
        groups = None if not over.factions.height else over.crossing.status != "not_testable"
        evidence = (
            Message.counting(
                "{n:count} large group was compared.", "{n:count} large groups were compared.", over.factions.height
            )
            if groups
            else cannot
        )
        criteria = (
            Criterion(_C_GROUPS, groups, evidence),
            Criterion(_C_CROSSES, None, cannot),
            Criterion(_C_KEPT, None, cannot),
        )
        return (
            criteria,
            "cannot_say",
            Message("It cannot be told whether signs cross the groups: {reason}.", reason=why),
        )
    crossing = listed.filter(pl.col("verdict") == "crossing")
    bound = listed.filter(pl.col("verdict") == "bound")
    testable = listed.filter("testable")
    wide = testable.head(WIDELY_USED)
    most_bound = 2 * wide.filter(pl.col("verdict") == "bound").height >= wide.height
    groups_evidence = Message.counting(
        "{n:count} large group was compared.", "{n:count} large groups were compared.", over.factions.height
    )
    crossing_evidence = sentences(
        Message.counting(
            "For {n:count} hashtag there are enough users to show that it crosses.",
            "For {n:count} hashtags there are enough users to show that they cross.",
            testable.height,
        ),
        Message(
            "Shown to cross: {crossing:count}; shown to be bound to some groups: {bound:count}.",
            crossing=crossing.height,
            bound=bound.height,
        ),
    )
    if crossing.height:
        met: bool | None = True
    else:
        met = False if most_bound else None
    kept, kept_evidence, held = _kept(crossing, retention, days)
    criteria = (
        Criterion(_C_GROUPS, met=True, evidence=groups_evidence),
        Criterion(_C_CROSSES, met, crossing_evidence),
        Criterion(_C_KEPT, kept, kept_evidence),
    )
    if held.height:
        return (
            criteria,
            "shared",
            Message.counting(
                "{n:count} hashtag crosses every large group and is kept in use.",
                "{n:count} hashtags cross every large group and are kept in use.",
                held.height,
            ),
        )
    if met is False:
        return (
            criteria,
            "bound",
            Message(
                "No hashtag was shown to cross the groups, and at least half of the widely used ones are bound to some."
            ),
        )
    if not crossing.height:
        return (
            criteria,
            "undetermined",
            Message("No hashtag was shown to cross the groups, and few were shown to be bound."),
        )
    if kept is None:
        return (
            criteria,
            "undetermined",
            Message("Hashtags cross the groups, but whether they are kept in use cannot be told."),
        )
    return criteria, "undetermined", Message("Hashtags cross the groups, but were not kept in use.")


def _kept(crossing: pl.DataFrame, retention: Estimate, days: float) -> tuple[bool | None, str, pl.DataFrame]:
    """Return whether a sign that crosses is kept, the evidence, and the signs that are."""
    none = crossing.clear()
    if not crossing.height:
        return None, Message("No hashtag was shown to cross."), none
    known = crossing.drop_nulls("retention")
    if not known.height:
        why = retention.reason or Message("too few users were followed for {days:decimal0} days", days=days)
        return None, Message("Cannot be told: {reason}.", reason=why), none
    held = known.filter("kept")
    best = (held if held.height else known).row(0, named=True)
    evidence = [
        Message(
            "Of the users of {hashtag}, {share:percent} used it again {days:decimal0} days later or more (95 % range {low:percent} "
            "to {high:percent}; {limit:percent} is asked for).",
            hashtag=_isolated(best["symbol"]),
            share=best["retention"],
            days=days,
            low=best["retention_low"],
            high=best["retention_high"],
            limit=KEPT,
        )
    ]
    if best["retention_by_chance"] is not None:
        evidence.append(
            Message(
                "Had the same accounts kept any of their hashtags instead, it would be {share:percent}.",
                share=best["retention_by_chance"],
            )
        )
    if held.height:
        return True, sentences(*evidence), held
    below = known.filter(pl.col("retention_high") < KEPT).height == known.height
    return (False if below and known.height == crossing.height else None), sentences(*evidence), none
