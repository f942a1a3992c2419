"""What these data say of the claims that others made: supports, refutes, or cannot say.

Gerbaudo's claims come from interviews (https://doi.org/10.1080/1369118X.2016.1161817); those on Anonymous and on digital
collectivism from accounts of their own. Each has one measure and two conditions fixed beforehand, one under which it is
supported and one under which it is refuted; everything between is "cannot say". A verdict holds for the data at hand, not for
the movement, and an absence of evidence refutes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never

import polars as pl

from netact.figures.text import sentence, unmarked
from netact.language import Message, _, told
from netact.results import Dynamics, Factions, Hierarchy, LeadingCore, Legitimation, SuperUsers, Symbols
from netact.study import core_power

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.network import Network
    from netact.results import Core, Estimate, Result

ClaimVerdict = Literal["supports", "refutes", "cannot_say"]

ALPHA = 0.05
TEAM = (2, 20)  # people in a leading group, as interviewees said
HANDFUL = 20  # effective number of leaders up to which a few accounts drive
DISPERSED_SHARE = 0.2  # of all attention, that the top twenty accounts of a dispersed order draw at most
POWER = 0.8
SHUT_DOWN, HARMLESS = 0.5, 0.1  # attention one person could shut down: as claimed; too little to matter


@dataclass(frozen=True)
class Claim:
    """What the data say of one claim.

    Attributes
    ----------
    name
        Of the claim; see :data:`CLAIMS`.
    verdict
        ``supports``, ``refutes`` or ``cannot_say``.
    evidence
        The numbers behind it, or what is missing, in sentences.
    """

    name: str
    verdict: ClaimVerdict
    evidence: str

    @property
    def statement(self) -> str:
        """The claim, in the language spoken."""
        return told(CLAIMS[self.name].statement)

    @property
    def source(self) -> str:
        """Who made it, in the language spoken."""
        return told(CLAIMS[self.name].source)

    @property
    def said(self) -> str:
        """The evidence as sentences, in the language spoken."""
        return sentence(self.evidence)

    @property
    def question(self) -> str | None:
        """The question whose result decides it; None if no measure can."""
        return CLAIMS[self.name].question

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain JSON values, its sentences in the language spoken."""
        return {
            "name": self.name,
            "statement": self.statement,
            "source": self.source,
            "question": self.question,
            "verdict": self.verdict,
            "evidence": unmarked(self.said),
        }


@dataclass(frozen=True)
class _Known:
    """What a claim is decided by."""

    results: Mapping[str, Result]
    core_people: int | None  # persons who hold accounts of the core; None if not all of its accounts are in the table
    platforms: int


@dataclass(frozen=True)
class _Stated:
    statement: str
    source: str
    question: str | None
    decide: Callable[[_Known], tuple[ClaimVerdict, str]]


def verdict_name(verdict: ClaimVerdict) -> str:
    """Return a verdict as a label in the language spoken."""
    match verdict:
        case "supports":
            return _("Supported by these data")
        case "refutes":
            return _("Refuted by these data")
        case "cannot_say":
            return _("Cannot say")
        case _:
            assert_never(verdict)


def weigh_claims(network: Network, results: Mapping[str, Result]) -> tuple[Claim, ...]:
    """Return what the results say of each claim, in the order of :data:`CLAIMS`.

    Parameters
    ----------
    network
        What was read: tells who holds the accounts of a core, and how many platforms there are.
    results
        Question -> result; claims whose question was not asked cannot be judged.
    """
    known = _Known(results, _core_people(network, results), network.accounts["platform"].drop_nulls().n_unique())
    return tuple(Claim(name, *stated.decide(known)) for name, stated in CLAIMS.items())


def _core_people(network: Network, results: Mapping[str, Result]) -> int | None:
    """Return how many people hold the accounts of the largest core, if the table tells it of every one of them."""
    found = results.get("leading_core")
    if not isinstance(found, LeadingCore) or not found.cores or not network.admin_rights.height:
        return None
    members = set(found.cores[0].members)
    rights = network.named_admin_rights().filter(
        pl.col("account").is_in(list(members)) & ~pl.col("is_bot").fill_null(value=False)
    )
    return rights["person"].n_unique() if set(rights["account"]) == members else None


_NOT_ASKED = Message("The question was not asked of these data.")


def _beyond(estimate: Estimate | None) -> bool:
    return estimate is not None and estimate.p_value is not None and estimate.p_value <= ALPHA


def _handful(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("hierarchy")
    if not isinstance(found, Hierarchy):
        return "cannot_say", _NOT_ASKED
    leaders, top = found.indices.get("effective_leaders"), found.indices.get("top_20_share")
    if leaders is None or top is None or leaders.value is None or top.value is None:
        return "cannot_say", found.reason or Message("Concentration could not be measured.")
    values = {"top": top.value, "leaders": leaders.value}
    low, high = leaders.interval or (leaders.value, leaders.value)
    if low > HANDFUL and (top.interval or (0.0, top.value))[1] < DISPERSED_SHARE:
        return "refutes", Message(
            "The top twenty accounts drew {top:percent} of attention, as if {leaders:count} accounts shared it equally: it is "
            "dispersed.",
            **values,
        )
    if _beyond(top) and leaders.interval is not None and high < HANDFUL:
        return "supports", Message(
            "The top twenty accounts drew {top:percent} of attention, more than attention that follows attention gives; it is as "
            "if {leaders:decimal0} accounts shared it equally.",
            **values,
        )
    return "cannot_say", Message(
        "The top twenty accounts drew {top:percent} of attention, as if {leaders:decimal0} accounts shared it equally; chance with "
        "imitation, or the uncertainty of the number, leaves both readings open.",
        **values,
    )


def _team(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("leading_core")
    if not isinstance(found, LeadingCore):
        return "cannot_say", _NOT_ASKED
    if found.outcome == "elite_larger_than_team" and found.elite is not None:
        return "refutes", Message(
            "The best set of accounts that tie to one another beyond chance has {size:count} accounts, and no smaller team was found inside it.",
            size=found.elite.size,
        )
    power = core_power(found.power)
    if found.outcome == "no_core" and power is not None and power >= POWER:
        return "refutes", Message(
            "No set of accounts ties to one another beyond chance, although {power:percent} of planted teams of about eight were found.",
            power=power,
        )
    if not found.cores:
        return "cannot_say", found.reason or Message("No team was found, and one could have been missed.")
    core = found.cores[0]
    firm, size = _firm(core), core.size
    if known.core_people is None:
        return "cannot_say", Message.counting(
            "A core of {n:count} account was found. How many people run it is not known: a table of who administers its accounts would tell.",
            "A core of {n:count} accounts was found. How many people run it is not known: a table of who administers its accounts would tell.",
            size,
        )
    values = {"people": known.core_people, "accounts": size}
    if not TEAM[0] <= known.core_people <= TEAM[1]:
        return "refutes", Message(
            "{people:count} people hold the {accounts:count} accounts of the core, which is no group of 2 to 20.",
            **values,
        )
    if firm < TEAM[0]:
        return "cannot_say", Message(
            "{people:count} people hold the {accounts:count} accounts of the core, but its membership is not stable.",
            **values,
        )
    return "supports", Message("{people:count} people hold the {accounts:count} accounts of the core.", **values)


def _firm(core: Core) -> int:
    """Return how many members almost every subsample confirms; all where stability was not tested."""
    return sum(share >= 0.8 for share in core.stability.values()) if core.stability else core.size


def _reluctant(_known: _Known) -> tuple[ClaimVerdict, str]:
    return "cannot_say", Message(
        "What people call themselves is not in the ties between accounts: it takes their texts or interviews."
    )


def _shut_down(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("super_users")
    if not isinstance(found, SuperUsers):
        return "cannot_say", _NOT_ASKED
    loss = found.top_loss
    if loss.value is None:
        return "cannot_say", found.reason or Message("There is no table of who administers which account.")
    values = {"loss": loss.value, "coverage": found.coverage}
    if loss.value >= SHUT_DOWN and _beyond(loss):
        return "supports", Message(
            "One person could shut down accounts with {loss:percent} of the attention of the listed accounts, more than their number of logins "
            "gives by chance; the table covers {coverage:percent} of all attention.",
            **values,
        )
    most = found.people["shutdown_attention"].max() if found.people.height else None
    if most is not None and float(str(most)) < HARMLESS and found.coverage >= SHUT_DOWN:
        return "refutes", Message(
            "No single person could shut down more than {loss:percent} of the attention of the listed accounts; the table covers "
            "{coverage:percent} of all attention.",
            **values,
        )
    return "cannot_say", Message(
        "One person could shut down accounts with {loss:percent} of the attention of the listed accounts; that is less than half, or no "
        "more than their number of logins gives by chance.",
        **values,
    )


def _friendship(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("dynamics")
    if not isinstance(found, Dynamics):
        return "cannot_say", _NOT_ASKED
    earlier = found.earlier
    if earlier is None or earlier.status != "ok" or earlier.mutual_ties.value is None:
        missing = Message("Nothing of earlier events was given (--earlier), or there is no core.")
        return "cannot_say", (earlier.reason if earlier is not None else "") or missing
    ties = earlier.mutual_ties
    values = {"ties": ties.value, "members": earlier.members, "expected": ties.null_mean or 0.0}
    if _beyond(ties):
        return "supports", Message(
            "{ties:count} pairs of the {members:count} members of the core were tied both ways in earlier events, more than among comparable "
            "accounts ({expected:decimal1} on average).",
            **values,
        )
    if ties.null_interval is not None and earlier.mutual_ties.value < ties.null_interval[0]:
        return "refutes", Message(
            "{ties:count} pairs of the {members:count} members of the core were tied both ways in earlier events, fewer than among comparable "
            "accounts ({expected:decimal1} on average).",
            **values,
        )
    return "cannot_say", Message(
        "{ties:count} pairs of the {members:count} members of the core were tied both ways in earlier events; comparable accounts give as many "
        "({expected:decimal1} on average).",
        **values,
    )


def _self_destruction(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("dynamics")
    if not isinstance(found, Dynamics):
        return "cannot_say", _NOT_ASKED
    tracking = found.tracking
    if tracking is None or tracking.status != "ok":
        missing = Message("Groups could not be followed through time.")
        return "cannot_say", (tracking.reason if tracking is not None else "") or missing
    if tracking.verdict == "undetermined":
        return "cannot_say", tracking.reason
    if tracking.verdict in ("split", "split_and_merger"):
        return "supports", Message(
            "A group fell apart for good, more than the same acts at other times give. Why it did is not in the data."
        )
    return "cannot_say", Message(
        "No group fell apart more than chance gives; how likely a split would have been found is not known, and egos are not in the data."
    )


def _legitimate(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("legitimation")
    if not isinstance(found, Legitimation):
        return "cannot_say", _NOT_ASKED
    relation = found.outcome_relation
    if relation.value is None:
        return "cannot_say", relation.reason or found.reason or Message("No outcomes of operations are known.")
    values = {"chance": relation.value}
    if _beyond(relation) and relation.value > 0.5:
        return "supports", Message(
            "Of an accepted and a rejected operation, the accepted one had more participation in {chance:percent} of the pairs, more than "
            "shuffled outcomes give.",
            **values,
        )
    if _beyond(relation):
        return "refutes", Message(
            "Of an accepted and a rejected operation, the accepted one had more participation in only {chance:percent} of the pairs, less than "
            "shuffled outcomes give.",
            **values,
        )
    return "cannot_say", Message(
        "Of an accepted and a rejected operation, the accepted one had more participation in {chance:percent} of the pairs; shuffled "
        "outcomes give as much.",
        **values,
    )


def _symbols(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("symbols")
    if not isinstance(found, Symbols):
        return "cannot_say", _NOT_ASKED
    match found.verdict:
        case "shared":
            return "supports", Message("Hashtags cross all large groups, and accounts come back to them.")
        case "bound":
            return "refutes", Message("The hashtags that could be judged keep to some of the groups.")
        case "undetermined":
            return "cannot_say", Message(
                "Neither that hashtags cross the groups nor that they keep to some could be shown."
            )
        case "cannot_say":
            return "cannot_say", found.reason or Message(
                "The data hold too few hashtags, or only those they were collected by."
            )
        case _:
            assert_never(found.verdict)


def _technology(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("factions")
    if not isinstance(found, Factions):
        return "cannot_say", _NOT_ASKED
    along = found.technology
    if along.status != "ok" or along.adjusted_mutual_information.value is None:
        return "cannot_say", along.reason or Message("Groups could not be compared with platforms.")
    values = {"agreement": along.adjusted_mutual_information.value}
    match along.verdict:
        case "yes":
            return "supports", Message(
                "Groups and platforms agree beyond chance: adjusted mutual information {agreement:decimal}, where 1 is full agreement "
                "and 0 what chance gives.",
                **values,
            )
        case "no":
            return "refutes", Message(
                "Groups do not follow platforms: adjusted mutual information {agreement:decimal}, where 0 is what chance gives.",
                **values,
            )
        case "cannot say":
            return "cannot_say", Message(
                "Groups and platforms agree by {agreement:decimal} (adjusted mutual information), which may be chance or too little to tell.",
                **values,
            )
        case _:
            assert_never(along.verdict)


def _leaderless(known: _Known) -> tuple[ClaimVerdict, str]:
    found = known.results.get("hierarchy")
    if not isinstance(found, Hierarchy):
        return "cannot_say", _NOT_ASKED
    match found.verdict:
        case "leaderless":
            return "supports", Message(
                "Attention is dispersed, no core was found although one would have been, and the top changes."
            )
        case "led":
            return "refutes", Message(
                "A core was found, or attention is more concentrated than imitation gives and stays with the same accounts."
            )
        case "single_led":
            return "refutes", Message("One account drew at least half of all attention.")
        case "undetermined":
            return "cannot_say", Message("Neither that it is leaderless nor that it is led could be shown.")
        case _:
            assert_never(found.verdict)


def _everywhere(known: _Known) -> tuple[ClaimVerdict, str]:
    if not known.platforms:
        return "cannot_say", Message(
            "The data name no platforms and no languages of posts; how fast people mobilised elsewhere is not in them."
        )
    return "cannot_say", Message.counting(
        "The data hold {n:count} platform and no languages of posts; how fast people mobilised elsewhere is not in them.",
        "The data hold {n:count} platforms and no languages of posts; how fast people mobilised elsewhere is not in them.",
        known.platforms,
    )


_GERBAUDO = Message("Gerbaudo, from interviews")
_ANONYMOUS = Message("accounts of Anonymous")
_COLLECTIVISM = Message("accounts of digital collectivism")

# In the order of the report.
CLAIMS: dict[str, _Stated] = {
    "handful_of_leaders": _Stated(
        Message("A handful of leading accounts drive a protest that calls itself leaderless."), _GERBAUDO, "hierarchy", _handful
    ),
    "team_of_2_to_20": _Stated(
        Message("The leading accounts are run by groups of 2 to 20 people."), _GERBAUDO, "leading_core", _team
    ),
    "met_in_earlier_activism": _Stated(
        Message("They are tied by friendship and earlier activism."), _GERBAUDO, "dynamics", _friendship
    ),
    "reluctant_groups": _Stated(
        Message("These groups avoid calling themselves groups."), _GERBAUDO, None, _reluctant
    ),
    "super_user": _Stated(
        Message("One super user holds the logins and can shut everything down."), _GERBAUDO, "super_users", _shut_down
    ),
    "self_destruction": _Stated(
        Message("Such groups fall to quick reactions, egos and factions."), _GERBAUDO, "dynamics", _self_destruction
    ),
    "factions_along_technology": _Stated(
        Message("Factions form along technology, as Twitter users against Facebook users."), _GERBAUDO, "factions", _technology
    ),
    "many_followers_no_leader": _Stated(
        Message("It is a group without a leader, but with many followers."), _ANONYMOUS, "hierarchy", _leaderless
    ),
    "legitimate_when_many_join": _Stated(
        Message("An action counts as legitimate when much of the community joins it."), _ANONYMOUS, "legitimation", _legitimate
    ),
    "shared_symbols": _Stated(
        Message("Shared hashtags hold people together as signs of who they are."), _COLLECTIVISM, "symbols", _symbols
    ),
    "everywhere_at_once": _Stated(
        Message("People mobilise rapidly on every platform and in every language."), _COLLECTIVISM, None, _everywhere
    ),
}  # fmt: skip
