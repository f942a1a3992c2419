"""What of a report may leave the machine: pseudonyms in place of names, no small cells; and the names apart, to be kept.

Everything that is written outside ``private/`` is made of what :func:`published` returns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.canonical import Names
from netact.errors import StudyError
from netact.filters import accounts_called, read_listed_accounts
from netact.privacy import ACCOUNT, PERSON, is_pseudonym, pseudonyms
from netact.report.neutral import Known, neutral_events, neutral_receipt, neutral_study
from netact.report.run import names_of, put_names
from netact.report.tables import account_table
from netact.results import Coordination, Dynamics
from netact.schemas import ACCOUNTS
from netact.study import find_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netact.network import Network
    from netact.report.content import Content
    from netact.report.run import Report
    from netact.results import Result
    from netact.results.earlier_activism import EarlierActivism
    from netact.study import Study

# Tables of what groups of accounts have in common or did: question -> table -> the column that counts accounts. Rows that
# count few are left out. docs/ethics.md says of all other tables why they are not here.
SMALL_CELLS: dict[str, dict[str, str]] = {
    "factions": {"hashtags": "accounts", "platforms": "accounts"},
    "symbols": {"by_faction": "accounts", "co_use": "accounts", "adoption": "accounts"},
    "legitimation": {"factions": "members", "joining": "endorsers"},
    "dynamics": {"tracking.flows": "accounts", "tracking.strands": "accounts", "earlier.by_event": "accounts"},
}
# Tables whose rows say more than how many: question -> table -> column that counts accounts -> what it could be worked out
# from. Small counts are emptied, and these with them; the rest of the row stays.
EMPTIED: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "legitimation": {"factions": {"endorsers": ("share_of_endorsers", "ratio"), "opponents": ()}},
    "dynamics": {"tracking.events": {"accounts": ("jaccard",), "before": ("jaccard",)}},
}


@dataclass(frozen=True, eq=False)
class Published:
    """A report as it is shared, and the names that are not.

    Attributes
    ----------
    content
        Everything that is said, drawn and looked up; accounts and persons are called by their published ids.
    table
        All accounts, as :func:`netact.report.tables.account_table` gives them.
    network
        The network in canonical order; keys are published ids.
    names
        One row an account or person: ``id`` (published), ``what`` (``account`` | ``person``), ``named`` (whether the id is the name),
        ``key``, the other declared columns of accounts, and those of the user's accounts table. For ``private/`` only.
    """

    content: Content
    table: pl.DataFrame
    network: Network
    names: pl.DataFrame


def published(report: Report, *, secret: str) -> Published:
    """Return what of a report may be shared under the study's privacy settings.

    Parameters
    ----------
    report
        A finished run.
    secret
        The study's secret; see :mod:`netact.privacy`.

    Raises
    ------
    StudyError
        If the list of public accounts cannot be read or names none of the accounts.
    """
    study, sealed, raw = report.study, report.sealed, report.network
    privacy = study.privacy
    accounts = raw.accounts[sealed.order]
    public = public_accounts(study, raw)[sealed.order] if privacy.names != "all" else pl.Series([True] * len(accounts))
    listed = _listed(study) if privacy.public else ()
    known = pl.Series([privacy.names == "all" or name in listed for name in sealed.people], dtype=pl.Boolean)
    ids = _ids(accounts["key"], public, secret, ACCOUNT)
    people = _ids(pl.Series(sealed.people, dtype=pl.String), known, secret, PERSON)
    labels = pl.Series(names_of(accounts)).zip_with(public, ids)
    content = put_names(report.sealed_content, Names(ids.to_list(), people.to_list()), labels.to_list())
    declared = [name for name in ACCOUNTS if name not in ("key", "platform")]
    shared = accounts if privacy.names == "all" else accounts.select(list(ACCOUNTS))
    shared = shared.with_columns(
        ids.alias("key"), *(accounts[name].set(~public, None).alias(name) for name in declared)
    )
    network = sealed.network.called(shared)
    results, left_out = _without_small_cells(content.results, privacy.small_cells)
    flows = _large(content.timeline.flows, "accounts", privacy.small_cells)
    left_out += content.timeline.flows.height - flows.height
    content = replace(content, timeline=replace(content.timeline, flows=flows))
    if privacy.names != "all":
        events = neutral_events(study)
        results = {name: _without_traces(result, content.names, events) for name, result in results.items()}
    content = replace(content, results=results, left_out=left_out, named=int(public.sum()))
    if privacy.names != "all":
        back = np.argsort(sealed.order)  # rows of what was read -> canonical order
        bearers = Known(raw, ids[back], public[back], dict(zip(sealed.people, people, strict=True)))
        content = replace(
            content,
            study=neutral_study(study, content.receipt, bearers),
            receipt=neutral_receipt(content.receipt, study, bearers),
        )
    names = pl.concat(
        [
            accounts.select(pl.col("key"), pl.exclude("key")).with_columns(
                ids.alias("id"), what=pl.lit("account"), named=public
            ),
            pl.DataFrame({"key": pl.Series(sealed.people, dtype=pl.String), "id": people, "named": known}).with_columns(
                what=pl.lit("person")
            ),
        ],
        how="diagonal",
    )
    first = ["id", "what", "named", *ACCOUNTS]
    names = names.select(*first, pl.exclude(first))
    return Published(content, account_table(network, content.results), network, names)


def public_accounts(study: Study, network: Network) -> pl.Series:
    """Return for each account of a network as it was read whether the study calls it public.

    Raises
    ------
    StudyError
        If the list of public accounts cannot be read, or no account is on it.
    """
    privacy, accounts = study.privacy, network.accounts
    public = pl.Series([False] * accounts.height, dtype=pl.Boolean)
    if privacy.public:
        listed = _listed(study)
        found, _ = accounts_called(network, listed)
        if not found.any() and not set(network.admin_rights["person"]) & set(listed):
            raise StudyError(
                privacy.public,
                "names none of the accounts that were read",
                remedy="write one account a line, as the files name it, or platform:handle",
            )
        public |= pl.Series(found)
    if privacy.named_from is not None:
        public |= _audience(network) >= privacy.named_from
    return public


def _audience(network: Network) -> pl.Series:
    """Return how many each account reaches: what the user's table says, else the followers in the data."""
    if "reach" in network.accounts.columns:
        return network.accounts["reach"].cast(pl.Float64, strict=False).fill_null(0.0)
    if "follow" in network.kinds and network.has_direction("follow"):
        return pl.Series(network.ties("follow").in_degree, dtype=pl.Float64)
    raise StudyError(
        "privacy.named_from",
        "the files tell nobody's audience",
        remedy="pass a table of accounts with a column 'reach', or list the public accounts in a file",
    )


def _listed(study: Study) -> tuple[str, ...]:
    path = study.privacy.public
    return read_listed_accounts(find_listed(study, path), name=path)


def _ids(keys: pl.Series, public: pl.Series, secret: str, prefix: str) -> pl.Series:
    """Return published ids: the keys of those who are public, pseudonyms of all others."""
    hidden = ~public
    made = pl.Series("id", pseudonyms(keys.filter(hidden).to_list(), secret=secret, prefix=prefix), dtype=pl.String)
    return made.gather((hidden.cum_sum() - 1).set(public, None)).zip_with(hidden, keys.alias("id"))


def _with_events(earlier: EarlierActivism, events: Mapping[str, str]) -> EarlierActivism:
    """Return what was found of earlier events under the names they have where they are shared."""

    def said(column: pl.Expr) -> pl.Expr:
        return column.replace(events) if events else column

    return replace(
        earlier,
        by_event=earlier.by_event.with_columns(said(pl.col("event"))),
        by_member=earlier.by_member.with_columns(pl.col("events").list.eval(said(pl.element()))),
    )


def _without_small_cells(results: Mapping[str, Result], smallest: int) -> tuple[dict[str, Result], int]:
    """Leave out rows, and empty cells, that count fewer accounts than are told; return how many rows that were too."""
    kept, left_out = dict(results), 0

    def large(table: pl.DataFrame, column: str) -> pl.DataFrame:
        nonlocal left_out
        told = _large(table, column, smallest)
        left_out += table.height - told.height
        return told

    for question in SMALL_CELLS.keys() & kept.keys():
        result = kept[question]
        for path, column in SMALL_CELLS[question].items():
            result = _with_table(result, path.split("."), partial(large, column=column))
        for path, columns in EMPTIED.get(question, {}).items():
            result = _with_table(result, path.split("."), partial(_emptied, columns=columns, smallest=smallest))
        kept[question] = result
    return kept, left_out


def _with_table(value: Any, path: list[str], change: Callable[[pl.DataFrame], pl.DataFrame]) -> Any:
    """Return a result with the table at a path changed; as it is where the part of it was not asked for."""
    if value is None or not path:
        return value if value is None else change(value)
    return replace(value, **{path[0]: _with_table(getattr(value, path[0]), path[1:], change)})


def _small(column: str, smallest: int) -> pl.Expr:
    return ((pl.col(column) > 0) & (pl.col(column) < smallest)).fill_null(value=False)


def _large(table: pl.DataFrame, column: str, smallest: int) -> pl.DataFrame:
    return table.filter(~_small(column, smallest))


def _emptied(table: pl.DataFrame, *, columns: Mapping[str, Sequence[str]], smallest: int) -> pl.DataFrame:
    """Empty the counts of few accounts and what tells them."""
    told = {name: _small(name, smallest) for name in columns}
    for count, others in columns.items():
        told.update({name: told.get(name, pl.lit(value=False)) | told[count] for name in others})
    return table.with_columns(
        pl.when(small).then(None).otherwise(pl.col(name)).alias(name) for name, small in told.items()
    )


def _without_traces(result: Result, names: Mapping[str, str], events: Mapping[str, str]) -> Result:
    """Leave out what leads to accounts whatever they are called: ids of posts, what few shared, what files are called."""
    match result:
        case Dynamics():
            found = result
            if found.cascades is not None:
                cascades = found.cascades.cascades
                numbered = pl.Series(
                    "post", [f"post {number}" for number in range(1, cascades.height + 1)], dtype=pl.String
                )
                found = replace(found, cascades=replace(found.cascades, cascades=cascades.with_columns(numbered)))
            if found.earlier is not None:
                found = replace(found, earlier=_with_events(found.earlier, events))
            return found
        case Coordination():
            public = {key for key in names if not is_pseudonym(key)}
            both = pl.col("account_a").is_in(list(public)) & pl.col("account_b").is_in(list(public))
            none = pl.lit([], dtype=pl.List(pl.String))
            edges = result.edges.with_columns(examples=pl.when(both).then("examples").otherwise(none))
            return replace(result, edges=edges)
        case _:
            return result
