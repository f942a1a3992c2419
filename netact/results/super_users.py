"""Result of the question of who holds the logins."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from netact.representation import fields_line, fields_page
from netact.results.estimate import Estimate, Status

SHARED_FEATURES = pl.Schema({"feature": pl.String(), "asked": pl.Int64(), "passed": pl.Int64()})
SHARED_COUNTS = pl.Schema({"features": pl.Int64(), "pairs": pl.Int64()})


@dataclass(frozen=True)
class SharedOperators:
    """How alike pairs of accounts behave: a generator of hypotheses. Unit: pairs of accounts, without their names.

    Attributes
    ----------
    accounts, pairs
        How many accounts were looked at, the most active ones, and how many pairs they make.
    features
        ``feature`` (see :mod:`netact.behavioural_similarity`), ``asked`` (pairs of which it could be asked), ``passed``
        (pairs that pass it at a false-discovery rate of 5 %).
    counts
        ``features`` (how many features), ``pairs`` (that pass so many).
    similar
        Pairs that pass two features or more, numbered from 1: ``pair``, ``passed``, ``same_client``, ``same_hours``
        (similarity of the hours of the week), ``hand_overs``, ``hand_overs_expected``, ``at_once``, ``at_once_expected``,
        ``common_posts``, ``within_seconds``. No column names an account, here or in any export.
    prior, sensitivity, false_positive_rate
        The share of pairs that one person runs, as the user takes it to be, and how good the test is taken to be.
    predictive_value
        Which share of flagged pairs would then be run by one person.
    """

    status: Status
    reason: str
    accounts: int
    pairs: int
    features: pl.DataFrame
    counts: pl.DataFrame
    similar: pl.DataFrame
    prior: float
    sensitivity: float
    false_positive_rate: float
    predictive_value: float

    __repr__ = fields_line
    _repr_html_ = fields_page


@dataclass(frozen=True)
class SuperUsers:
    """Who holds the logins, and what goes dark if they leave or shut it down. Unit: people.

    Two opposite questions, kept apart: *shutdown power* (an account goes dark if **any** of its owners or admins pulls
    it) and *bus factor* (an account goes dark only if **all** its holders are gone).

    Attributes
    ----------
    n_people, n_accounts
        How many people and accounts the table names.
    people
        ``person``, ``accounts``, ``control_share``, ``shutdown_attention``, ``shutdown_audience``,
        ``departure_attention``, ``departure_audience``; sorted by ``shutdown_attention``. Losses are shares in [0, 1];
        audience columns are null where audiences are not known. Without people flagged as bots.
    bots
        The same columns for people flagged as bots.
    herfindahl, normalised_herfindahl, effective_holders, top_share
        Concentration of control shares (control of an account is split equally among its holders).
    top_person, top_loss
        Who could shut down most, and how much attention that is, against people holding as many logins at random.
    shutdown_power, bus_factor
        ``share`` (of loss), ``unit`` (attention | audience), ``people`` (smallest number), ``who`` (one smallest set),
        ``solutions`` (how many smallest sets, null if not counted), ``exact``.
    curve
        ``removed``, ``targeted``, ``random_mean``, ``random_low``, ``random_high``, ``matched_mean``, ``matched_low``,
        ``matched_high``: attention lost as people go, top first, against random people and people who hold about as
        many logins.
    network_effect
        ``scenario`` (intact | top person gone | random), ``attention_lost``, ``reach_lost``, ``largest_component``,
        ``fragmentation``, ``distance_fragmentation``: what remains of the network. Empty without interactions.
    coverage
        Share of all attention that goes to accounts in the table.
    attention_source
        ``interactions`` or the name of the accounts column that was used instead.
    shared_operators
        How alike pairs of accounts behave; None unless it was asked for.
    """

    status: Status
    reason: str
    kind: str
    n_people: int
    n_accounts: int
    coverage: float
    attention_source: str
    people: pl.DataFrame
    bots: pl.DataFrame
    herfindahl: Estimate
    normalised_herfindahl: Estimate
    effective_holders: Estimate
    top_share: Estimate
    top_person: str | None
    top_loss: Estimate
    shutdown_power: pl.DataFrame
    bus_factor: pl.DataFrame
    curve: pl.DataFrame
    network_effect: pl.DataFrame
    warnings: tuple[str, ...] = ()
    unit: str = "person"
    shared_operators: SharedOperators | None = None

    __repr__ = fields_line
    _repr_html_ = fields_page
