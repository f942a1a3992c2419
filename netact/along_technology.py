"""Whether groups run along technology: whether the platform on which people are active tells in which group they are.

Where nobody could be seen on two platforms, the platform is the boundary of the collection and any split along it is made by
whoever collected the data. So a gate comes first: ties, people, organisations or objects must have been observed across
platforms. Then the question is asked of those who had a choice: people active on several platforms, by the platform on which
they are most active. Only where there are too few of them is it asked of all accounts, in ties that do cross platforms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact import label_agreement
from netact.language import Message
from netact.network import Network
from netact.randomness import generator
from netact.resampling import delete_group_masks, percentile_interval
from netact.results import TECHNOLOGY_EVIDENCE, AlongTechnology, Estimate, not_asked_technology
from netact.schemas import KIND_NAMES
from netact.significance import against_null

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netact.network import Ties
    from netact.results import TechnologyVerdict
    from netact.schemas import Kind

# People active on several platforms, ties across platforms, and accounts a platform, below which nothing is tested.
FEWEST_PEOPLE = 20
FEWEST_CROSSING = 30
FEWEST_ON_PLATFORM = 5
ALPHA = 0.05
# Adjusted mutual information whose interval lies below this is "about 0".
ABOUT_NOTHING = 0.05
# Halves of the accounts drawn for the interval; permutations times ties that are made at most.
HALVES = 200
_MOST_WORK = 200_000_000

_N5 = Message("platforms dealt out again among the same accounts")
_UNITS = {
    "adjusted_mutual_information": Message("share of information, corrected for chance"),
    "normalised_mutual_information": Message("share of information"),
    "assortativity": Message("index"),
    "platform_ei_index": Message("index"),
    "blockmodel_entropy": Message("nats a tie"),
}


def along_technology(
    network: Network,
    *,
    kind: Kind,
    group: NDArray[np.int64],
    partition: Callable[[Ties], NDArray[Any]],
    draws: int,
    seed: int,
) -> AlongTechnology:
    """Return whether the groups of a network run along platforms.

    Parameters
    ----------
    network
        Whose accounts have platforms.
    kind
        Kind of tie in which ``group`` was found.
    group
        Group of every account of the network, -1 for none.
    partition
        Groups of other ties, one value an account of those ties.
    draws
        0 compares nothing; else ten times as many permutations and nine more (fewer in large networks).
    seed
        Of the permutations.
    """
    platforms = _own_platforms(network)
    counts = platforms.group_by("platform").len().filter(pl.col("len") >= FEWEST_ON_PLATFORM)
    if counts.height < 2:
        why = (
            Message("no platform of the accounts is known")
            if not platforms.height
            else Message("fewer than two platforms have five accounts or more")
        )
        return not_asked_technology("insufficient_data", why)
    evidence, crossing = _evidence(network)
    if not evidence["count"].sum():
        return not_asked_technology(
            "not_testable",
            Message(
                "platform is the collection boundary: no tie, person or object was observed on more than one platform. A table "
                "of accounts that are one person (identities), or of who administers which account, would answer it"
            ),
            evidence=evidence,
        )
    joined = _joined(network)
    both, label = _on_several(joined, kind)
    names = joined.accounts["key"]
    if _enough(label[both], least=FEWEST_PEOPLE):
        ties = joined.undirected_ties(kind)
        groups = _membership(joined, ties, group if joined is network else None, partition)
        return _tested(
            names, ties, both & (groups >= 0), groups, label, evidence,
            base="people active on several platforms", kind=kind, draws=draws, seed=seed,
        )  # fmt: skip
    most = kind
    if crossing[kind] < FEWEST_CROSSING:
        most = max(crossing, key=lambda name: crossing[name])
    if crossing[most] < FEWEST_CROSSING:
        return not_asked_technology(
            "not_testable",
            Message(
                "platform is the collection boundary for nearly all accounts: {people:count} people are seen to be active on "
                "several platforms ({fewest_people:count} are asked for, five of them preferring each of two platforms) and "
                "{ties:count} ties of one kind join accounts of different platforms ({fewest_ties:count} are asked for)",
                people=np.count_nonzero(both),
                fewest_people=FEWEST_PEOPLE,
                ties=crossing[most],
                fewest_ties=FEWEST_CROSSING,
            ),
            evidence=evidence,
        )
    ties = network.undirected_ties(most)
    groups = _membership(network, ties, group if most == kind else None, partition)
    platform = _numbered(network.accounts["platform"])
    return _tested(
        network.accounts["key"], ties, (groups >= 0) & (platform >= 0), groups, platform, evidence,
        base="accounts", kind=most, draws=draws, seed=seed,
    )  # fmt: skip


def _evidence(network: Network) -> tuple[pl.DataFrame, dict[Kind, int]]:
    """Return what was observed across platforms, and the number of ties of each kind that cross."""
    platform = _numbered(network.accounts["platform"])
    crossing: dict[Kind, int] = {}
    for kind in network.kinds:
        ties = network.undirected_ties(kind)
        ends = platform[ties.source], platform[ties.target]
        crossing[kind] = int(np.count_nonzero((ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])))
    named = network.accounts["platform"]
    rights = network.admin_rights.filter(~pl.col("is_bot").fill_null(value=False))
    held = rights.select("person", platform=named.gather(rights["account"])).drop_nulls()
    persons = held.group_by("person").agg(pl.col("platform").n_unique()).filter(pl.col("platform") > 1)
    shared = network.shares.select("object", platform=named.gather(network.shares["account"])).drop_nulls()
    objects = shared.group_by("object").agg(pl.col("platform").n_unique()).filter(pl.col("platform") > 1)
    merged = network.accounts["also"].list.len().gt(0).sum() if "also" in network.accounts.columns else 0
    rows = [
        ("ties", sum(crossing.values())),
        ("people", int(merged)),
        ("administrators", persons.height),
        ("objects", objects.height),
    ]
    found = pl.DataFrame(rows, schema=TECHNOLOGY_EVIDENCE, orient="row")
    return found, crossing


def _joined(network: Network) -> Network:
    """Return the network in which the accounts of one person on several platforms, as the admin table tells, are one.

    Only where the person is the one holder of each of the accounts and has a single one on each platform: an account of
    several holders is nobody's own.
    """
    rights = network.admin_rights.filter(~pl.col("is_bot").fill_null(value=False)).select("person", "account").unique()
    own = rights.filter(pl.col("person").n_unique().over("account") == 1)
    own = own.with_columns(
        key=network.accounts["key"].gather(own["account"]), platform=network.accounts["platform"].gather(own["account"])
    ).drop_nulls()
    own = own.filter(pl.len().over("person", "platform") == 1).filter(pl.len().over("person") > 1)
    if not own.height:
        return network
    own = own.sort("person", "key")
    first = own.group_by("person", maintain_order=True).agg(account_a=pl.col("key").first())
    pairs = own.join(first, on="person").filter(pl.col("key") != pl.col("account_a"))
    return network.with_identities(pairs.select("account_a", account_b="key", evidence=pl.lit("admin rights")))


def _on_several(network: Network, kind: Kind) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return who is active on several platforms in ties of one kind, and the number of everyone's main platform."""
    accounts = network.accounts.select("platform").with_row_index("account")
    own = _own_platforms(network)
    rows = network.rows(kind)
    named = accounts["platform"]
    ends = [rows.select("platform", account=end) for end in ("source", "target")]
    seen = pl.concat(ends)
    seen = seen.with_columns(platform=pl.coalesce("platform", named.gather(seen["account"])))
    acts = seen.group_by("account", "platform").agg(acts=pl.len()).join(own, on=["account", "platform"], how="inner")
    acts = acts.sort(["account", "acts", "platform"], descending=[False, True, False])
    several = acts.group_by("account").len().filter(pl.col("len") > 1)["account"].to_numpy()
    both = np.zeros(network.n_accounts, dtype=bool)
    both[several] = True
    main = acts.unique("account", keep="first", maintain_order=True)
    known = accounts.join(main.select("account", main="platform"), on="account", how="left", maintain_order="left")
    return both, _numbered(known.select(pl.coalesce("main", "platform")).to_series())


def _own_platforms(network: Network) -> pl.DataFrame:
    """Return one row an account and platform it is on: its own, and those of the accounts that were merged into it."""
    own = network.accounts.select("platform").with_row_index("account")
    if "also" in network.accounts.columns:
        also = network.accounts.select("also").with_row_index("account").explode("also").drop_nulls()
        parts = pl.col("also").str.split_exact(":", 1)
        named = also.filter(pl.col("also").str.contains(":", literal=True))
        own = pl.concat([own, named.select("account", platform=parts.struct[0])])
    return own.drop_nulls().unique()


def _numbered(names: pl.Series) -> NDArray[np.int64]:
    """Return numbers for names in alphabetical order, -1 for null."""
    rank = names.rank("dense").cast(pl.Int64) - 1
    return rank.fill_null(-1).to_numpy()


def _enough(label: NDArray[np.int64], *, least: int) -> bool:
    counts = np.bincount(label[label >= 0])
    return bool(counts.sum() >= least and np.count_nonzero(counts >= FEWEST_ON_PLATFORM) >= 2)


def _membership(
    network: Network, ties: Ties, group: NDArray[np.int64] | None, partition: Callable[[Ties], NDArray[Any]]
) -> NDArray[np.int64]:
    """Return the group of every account in ``ties``, -1 for accounts without one."""
    if group is not None:
        return group
    found = np.full(network.n_accounts, -1, dtype=np.int64)
    if len(ties):
        rows = np.flatnonzero(ties.active)
        found[rows] = partition(ties)[rows]
    return found


def _tested(
    keys: pl.Series,
    ties: Ties,
    chosen: NDArray[np.bool_],
    group: NDArray[np.int64],
    label: NDArray[np.int64],
    evidence: pl.DataFrame,
    *,
    base: str,
    kind: Kind,
    draws: int,
    seed: int,
) -> AlongTechnology:
    rows = np.flatnonzero(chosen)
    if not _enough(label[rows], least=2 * FEWEST_ON_PLATFORM):
        why = Message("fewer than two platforms have five accounts or more with ties")
        return not_asked_technology("insufficient_data", why, evidence=evidence)
    number = np.full(len(keys), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    among = ties.among(chosen)
    source, target = number[among.source], number[among.target]
    dense_group, dense_label = (np.unique(x[rows], return_inverse=True)[1] for x in (group, label))
    observed = label_agreement.measured_labels(dense_group, dense_label, source, target)
    times = 0 if draws == 0 else min(10 * draws + 9, max(99, _MOST_WORK // max(1, len(source) + len(rows))))
    null = label_agreement.permuted_labels(
        dense_group, dense_label, source, target, draws=times, random=generator(seed, "factions", "platform labels")
    )
    interval = _interval(dense_group, dense_label, seed=seed)
    estimates: dict[str, Estimate] = {}
    for name, value in observed.items():
        agreement = name == "adjusted_mutual_information"
        estimates[name] = against_null(
            value,
            null[name],
            unit=_UNITS[name],
            null_model=_N5,
            tail="less" if name in ("platform_ei_index", "blockmodel_entropy") else "greater",
            interval=interval if agreement else None,
            interval_method=Message("central 95 % of random halves of the accounts") if agreement else None,
            coverage=len(rows) / max(1, int(np.count_nonzero(group >= 0))),
        )
    verdict, reason = _verdict(estimates["adjusted_mutual_information"], kind, base)
    return AlongTechnology(
        status="ok",
        reason=reason,
        verdict=verdict,
        base=base,
        kind=kind,
        accounts=len(rows),
        evidence=evidence,
        **estimates,
    )


def _interval(group: NDArray[np.int64], label: NDArray[np.int64], *, seed: int) -> tuple[float, float] | None:
    """Return the spread of adjusted mutual information over random halves of the accounts.

    Halves without replacement vary as much as new samples of the whole size would; a bootstrap would repeat accounts, and
    repeated accounts agree with themselves.
    """
    found = [
        label_agreement.adjusted_mutual_information(group[kept], label[kept])
        for kept in delete_group_masks(np.arange(len(group)), draws=HALVES, keep=0.5, seed=seed)
    ]
    return percentile_interval(np.array([np.nan if value is None else value for value in found]))


def _verdict(agreement: Estimate, kind: Kind, base: str) -> tuple[TechnologyVerdict, str]:
    if agreement.value is None or agreement.p_value is None or agreement.interval is None:
        return "cannot say", Message("agreement of groups and platforms could not be compared with chance")
    low, high = agreement.interval
    asked = (
        Message("people active on several platforms")
        if base != "accounts"
        else Message("accounts tied by {kind} ties, some of which cross platforms", kind=KIND_NAMES[kind])
    )
    found = Message(
        "adjusted mutual information {value:decimal}, range {low:decimal} to {high:decimal}, {p:p}; asked of {base}",
        value=agreement.value,
        low=low,
        high=high,
        p=agreement.p_value,
        base=asked,
    )
    if high < ABOUT_NOTHING:
        return "no", Message("Groups do not run along platforms ({found}).", found=found)
    if agreement.p_value < ALPHA and low > 0:
        return "yes", Message("Groups run along platforms beyond chance ({found}).", found=found)
    return "cannot say", Message(
        "Whether groups run along platforms cannot be told: the range holds both agreement and none ({found}).",
        found=found,
    )
