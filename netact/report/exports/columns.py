"""Every exported table and column, declared once: the codebook, the number formats and the captions are made of this.

English only, as files of record are. A contract test fails when a result has a table or a column that is not declared here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "account key", "person", "name", "text", "label", "list", "number", "count", "share", "p-value", "q-value", "index",
    "ratio", "weight", "value", "time (UTC)", "days", "hours", "seconds", "nats", "per day", "position", "true or false",
]  # fmt: skip

# What each unit means, for the head of the codebook.
UNITS: dict[Unit, str] = {
    "account key": "identifies an account; the key of accounts.csv, or a pseudonym",
    "person": "identifies a person who holds logins, or a pseudonym",
    "name": "a name as it was read",
    "text": "words",
    "label": "one of a few fixed words",
    "list": "several values, separated by '; ' in text formats",
    "number": "a number that only tells things apart or gives an order",
    "count": "how many",
    "share": "from 0 to 1",
    "p-value": "from 0 to 1; chance of a value at least as extreme under the null model",
    "q-value": "from 0 to 1; p-value adjusted for the number of tests (false-discovery rate)",
    "index": "a number without unit",
    "ratio": "a number without unit; 1 is as expected",
    "weight": "summed weights of ties; interactions, where the file gives no weights",
    "value": "in the unit that its row or table names",
    "time (UTC)": "a moment in Coordinated Universal Time",
    "days": "days", "hours": "hours", "seconds": "seconds",
    "nats": "information, natural logarithm",
    "per day": "a rate a day",
    "position": "a coordinate of a drawing, no unit",
    "true or false": "true or false",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """What one column of an exported table holds."""

    unit: Unit
    description: str


@dataclass(frozen=True)
class Declared:
    """One exported table.

    Attributes
    ----------
    title
        What it shows, as a caption.
    columns
        Name -> what it holds.
    path
        Question and attributes of its result that lead to the table; empty if it is put together from all results.
    further
        What columns that are not declared hold (they are named by the user's files or parameters); None if there can be none.
    """

    title: str
    columns: dict[str, Column]
    path: tuple[str, ...] = ()
    further: Column | None = None


def _account(what: str = "account") -> Column:
    return Column("account key", what[:1].upper() + what[1:])


def _count(what: str) -> Column:
    return Column("count", what)


def _share(what: str) -> Column:
    return Column("share", what)


def _chance(what: str) -> dict[str, Column]:
    """Return the columns of the range that chance gives."""
    return {
        "null_low": Column("value", f"Lower end of the central 95 % of {what}"),
        "null_high": Column("value", f"Upper end of the central 95 % of {what}"),
    }


_FACTION = Column("number", "Number of the group; 0 is the largest, -1 all smaller ones together")
_CORE = Column("number", "Number of the core, from 1, largest share of attention first")
_WINDOW = Column("number", "Number of the window of time, from 0")
_START, _END = Column("time (UTC)", "Start of the period"), Column("time (UTC)", "End of the period")
_P = Column("p-value", "Monte Carlo p-value")
_Q = Column("q-value", "p-value adjusted for the number of tests")
_QUESTION = Column("label", "Question of the report, by its stem")
_VERDICT = Column("label", "Verdict, or outcome; the words are those of findings.json")

_PEOPLE = {
    "person": Column("person", "Person who holds logins"),
    "accounts": _count("Accounts the person holds logins of"),
    "control_share": _share("Share of all accounts, each divided equally among its holders"),
    "shutdown_attention": _share("Attention lost if the person shuts down every account they can"),
    "shutdown_audience": _share("Audience lost in the same way; empty where audiences are not known"),
    "departure_attention": _share("Attention lost if the person leaves: accounts without any other holder"),
    "departure_audience": _share("Audience lost in the same way; empty where audiences are not known"),
}
_SMALLEST_SETS = {
    "share": _share("Loss that is asked about"),
    "unit": Column("label", "What is lost: attention or audience"),
    "people": _count("Smallest number of people"),
    "who": Column("list", "One smallest set of people"),
    "solutions": _count("How many smallest sets there are; empty if not counted"),
    "exact": Column("true or false", "Whether the number is exact, not only an upper bound"),
}

TABLES: dict[str, Declared] = {
    "findings": Declared(
        "What the report says: one row a question",
        {
            "question": _QUESTION,
            "headline": Column("text", "The finding as a sentence"),
            "status": Column("label", "ok, or why there is no answer"),
            "verdict": _VERDICT,
            "confidence": Column("label", "How sure the finding is: high, medium, low, cannot say"),
            "value": Column("value", "The number of the headline"),
            "unit": Column("text", "Unit of the value"),
            "low": Column("value", "Lower end of the 95 % interval"),
            "high": Column("value", "Upper end of the 95 % interval"),
            "p_value": _P,
            "comparison": Column("text", "What chance, or a rival explanation, would give"),
            "kind": Column("label", "Kind of tie the answer rests on"),
        },
    ),
    "estimates": Declared(
        "Every number that was compared with chance",
        {
            "question": _QUESTION,
            "name": Column("label", "Name of the number; what it means stands in docs/methods"),
            "value": Column("value", "The number; empty if undefined"),
            "unit": Column("text", "What the number counts"),
            "status": Column("label", "ok, or why there is no number"),
            "reason": Column("text", "Why there is no number"),
            "low": Column("value", "Lower end of the 95 % interval"),
            "high": Column("value", "Upper end of the 95 % interval"),
            "interval_method": Column("text", "How the interval was made"),
            "null_model": Column("text", "What chance is"),
            "null_mean": Column("value", "Mean over networks drawn by chance"),
            "null_sd": Column("value", "Standard deviation over networks drawn by chance"),
            **_chance("networks drawn by chance"),
            "effect": Column("value", "Value less the mean by chance"),
            "z": Column("index", "Effect in standard deviations by chance; empty if chance does not vary"),
            "p_value": _P,
            "tail": Column("label", "Direction of the test: greater, less or two-sided"),
            "draws": _count("Draws of the null model"),
            "coverage": _share("Share of the ties or the attention the number was computed on"),
        },
    ),
    "criteria": Declared(
        "The conditions of each verdict",
        {
            "question": _QUESTION,
            "criterion": Column("text", "Condition"),
            "met": Column("true or false", "Whether it is met; empty if the data cannot tell"),
            "evidence": Column("text", "The numbers behind it"),
        },
    ),
    "claims": Declared(
        "What the data say of claims that others made",
        {
            "claim": Column("label", "Name of the claim"),
            "statement": Column("text", "The claim"),
            "source": Column("text", "Who made it"),
            "question": _QUESTION,
            "verdict": Column("label", "supports, refutes or cannot_say"),
            "evidence": Column("text", "The numbers behind it, or what is missing"),
        },
    ),
    "leading_core_cores": Declared(
        "The sets of accounts that are tied beyond chance, or the best candidate",
        {
            "role": Column("label", "core, elite (larger than a team) or candidate (not a core)"),
            "core": Column("number", "Number of the core, from 1; empty for elite and candidate"),
            "tier": Column("label", "strong, calibrated or candidate"),
            "members": _count("Members"),
            "share_of_attention": _share("Attention the members receive from outside the set, of all attention"),
            "reach": _share("Attention-giving accounts outside the set that give some to a member"),
            "lift": Column("ratio", "Share of attention over the members' share of accounts that receive any"),
            "efficiency": _share("Reach over the reach of the best set of equal size"),
            "cohesion": _share("Ordered pairs of members that are tied"),
            "expected_cohesion": _share("The same by chance"),
            "score": Column("index", "Log-likelihood ratio less the search penalty"),
            "p_bound": Column("p-value", "Bound over all sets at once"),
            "p_value": _P,
            "p_tail": Column("p-value", "Gumbel extrapolation of the p-value"),
            "mean_overlap": Column("index", "Mean Jaccard similarity of the best-matching core over subsamples"),
            "leads": Column("true or false", "Whether it drew enough attention or reach, far above an average account"),
        },
    ),
    "leading_core_members": Declared(
        "The members of cores, elite and candidate",
        {
            "role": Column("label", "core, elite (larger than a team) or candidate (not a core)"),
            "core": Column("number", "Number of the core, from 1; empty for elite and candidate"),
            "account": _account("member"),
            "stability": _share("Subsamples whose best-matching core holds the account; empty if not resampled"),
        },
    ),
    "leading_core_drivers": Declared(
        "How many accounts it takes to hold half and four fifths of the attention",
        {
            "unit": Column("label", "attention or reach"),
            "share": _share("Share that is held"),
            "accounts": _count("Accounts it takes"),
            "low": Column("count", "Lower end of the 95 % interval"),
            "high": Column("count", "Upper end of the 95 % interval"),
            "null_mean": Column("count", "Mean over networks drawn by chance"),
            "null_low": Column("count", "Lower end of the central 95 % by chance"),
            "null_high": Column("count", "Upper end of the central 95 % by chance"),
            "p_value": _P,
        },
        ("leading_core", "drivers"),
    ),
    "leading_core_pool": Declared(
        "The accounts heard most, among which a core was sought",
        {
            "account": _account(),
            "audience": _count("Distinct accounts outside the pool that give attention to it"),
            "share_of_attention": _share("Of all attention"),
            "core": Column("number", "Number of its core, from 1; empty outside"),
            "stability": _share("Subsamples whose best-matching core holds the account"),
        },
        ("leading_core", "pool"),
    ),
    "leading_core_core_ties": Declared(
        "Ties among the members of cores, or of the candidate",
        {
            "source": _account("member that gives attention"),
            "target": _account("member that receives it"),
            "mutual": Column("true or false", "Whether the tie is returned"),
        },
        ("leading_core", "core_ties"),
    ),
    "leading_core_associates": Declared(
        "Accounts outside the pool that are tied to a core beyond chance",
        {
            "account": _account(),
            "core": _CORE,
            "ties": _count("Members it is tied to"),
            "expected": Column("count", "Ties by chance"),
            "p_value": _P,
        },
        ("leading_core", "associates"),
    ),
    "leading_core_relations": Declared(
        "How the cores are related to one another",
        {
            "core_a": _CORE,
            "core_b": _CORE,
            "observed": _count("Ties between the two"),
            "expected": Column("count", "Ties by chance"),
            "relation": Column("label", "allied, separate, avoiding, or not compared"),
            "p_value": _P,
        },
        ("leading_core", "relations"),
    ),
    "leading_core_power": Declared(
        "Chance of finding a core of a given size and density in data of this size",
        {
            "size": _count("Members of the planted core"),
            "tie_probability": _share("Chance that two members are tied"),
            "power": _share("Runs in which it was found"),
            "runs": _count("Runs"),
        },
        ("leading_core", "power"),
    ),
    "leading_core_amplified_by_hub": Declared(
        "Whom the single hub passes on",
        {"account": _account("account that is passed on"), "ties": _count("Times")},
        ("leading_core", "amplified_by_hub"),
    ),
    "leading_core_descriptives": Declared(
        "Coreness of the accounts heard most; descriptions, no evidence of a team",
        {
            "account": _account(),
            "coreness": Column("index", "Largest k of a k-core that holds the account, both directions"),
            "s_core": Column("index", "The same by weights"),
            "d_core_in": Column("index", "Largest in-degree of a directed core that holds the account"),
            "d_core_out": Column("index", "Largest out-degree of a directed core that holds the account"),
        },
        ("leading_core", "descriptives"),
    ),
    "leading_core_rich_club": Declared(
        "Density among accounts of at least a given degree",
        {
            "degree": _count("Degree at least"),
            "accounts": _count("Accounts"),
            "density": _share("Pairs that are tied"),
            "null_mean": _share("The same by chance, mean"),
            "ratio": Column("ratio", "Density over that by chance"),
        },
        ("leading_core", "rich_club"),
    ),
    "leading_core_coverage_curve": Declared(
        "Audience covered by the best 1, 2, ... accounts",
        {"accounts": _count("Accounts"), "reach": _share("Attention-giving accounts that give to one of them")},
        ("leading_core", "coverage_curve"),
    ),
    "super_users_people": Declared("People who hold logins", _PEOPLE, ("super_users", "people")),
    "super_users_bots": Declared("Holders that are flagged as automated", _PEOPLE, ("super_users", "bots")),
    "super_users_shutdown_power": Declared(
        "Fewest people who could shut down a share of the attention", _SMALLEST_SETS, ("super_users", "shutdown_power")
    ),
    "super_users_bus_factor": Declared(
        "Fewest people whose leaving would leave a share of the attention without anyone",
        _SMALLEST_SETS,
        ("super_users", "bus_factor"),
    ),
    "super_users_curve": Declared(
        "Attention lost as people go, top first, beside people drawn at random",
        {
            "removed": _count("People gone"),
            "targeted": _share("Loss if the top people go"),
            "random_mean": _share("Loss if people drawn at random go, mean"),
            "random_low": _share("The same, lower end of the central 95 %"),
            "random_high": _share("The same, upper end of the central 95 %"),
            "matched_mean": _share("Loss if people go who hold about as many logins, mean"),
            "matched_low": _share("The same, lower end of the central 95 %"),
            "matched_high": _share("The same, upper end of the central 95 %"),
        },
        ("super_users", "curve"),
    ),
    "super_users_network_effect": Declared(
        "What is left of the network when people pull their accounts",
        {
            "scenario": Column("label", "intact, top person gone, or random"),
            "attention_lost": _share("Attention that went to the accounts pulled"),
            "reach_lost": _share("Attention-giving accounts left without anyone to hear"),
            "largest_component": _share("Accounts in the largest connected part"),
            "fragmentation": _share("Pairs of accounts that cannot reach one another"),
            "distance_fragmentation": _share("The same, with pairs that can weighted by the inverse of their distance"),
        },
        ("super_users", "network_effect"),
    ),
    "super_users_shared_features": Declared(
        "Features in which pairs of accounts behave alike",
        {
            "feature": Column("label", "Feature"),
            "asked": _count("Pairs of which it could be asked"),
            "passed": _count("Pairs that pass it at a false-discovery rate of 5 %"),
        },
        ("super_users", "shared_operators", "features"),
    ),
    "super_users_shared_counts": Declared(
        "Pairs of accounts by the number of features they pass",
        {"features": _count("Features"), "pairs": _count("Pairs that pass so many")},
        ("super_users", "shared_operators", "counts"),
    ),
    "super_users_shared_similar": Declared(
        "Pairs of accounts that behave alike in two features or more, without their names",
        {
            "pair": Column("number", "Number of the pair, from 1"),
            "passed": _count("Features passed"),
            "same_client": Column("true or false", "Whether they post with the same uncommon program"),
            "same_hours": Column("index", "Similarity of the hours of the week in which they post"),
            "hand_overs": _count("Times one began soon after the other stopped"),
            "hand_overs_expected": Column("count", "The same by chance"),
            "at_once": _count("Times both posted at once"),
            "at_once_expected": Column("count", "The same by chance"),
            "common_posts": _count("Posts both passed on"),
            "within_seconds": _count("Of these, passed on within seconds of one another"),
        },
        ("super_users", "shared_operators", "similar"),
    ),
    "hierarchy_levels": Declared(
        "Level of each account in the order of attention",
        {
            "account": _account(),
            "level": Column("index", "Trophic level in influence direction; the lowest of its component is 0"),
            "attention": Column("weight", "Attention received"),
            "component": Column("number", "Connected component; 0 is the largest"),
        },
        ("hierarchy", "levels"),
    ),
    "hierarchy_concentration_curve": Declared(
        "Attention of the top 1, 2, ... accounts, beside a process in which the heard are heard more",
        {
            "rank": _count("Accounts, top first"),
            "share": _share("Attention they drew"),
            "null_mean": _share("The same by chance, mean"),
            "null_low": _share("Lower end of the central 95 % by chance"),
            "null_high": _share("Upper end of the central 95 % by chance"),
        },
        ("hierarchy", "concentration_curve"),
    ),
    "hierarchy_rotation": Declared(
        "Whether the top changes from window to window",
        {
            "window": _WINDOW,
            "start": _START,
            "end": _END,
            "interactions": _count("Interactions"),
            "overlap_with_previous": Column("index", "Jaccard index of the top 20 with those of the window before"),
        },
        ("hierarchy", "rotation"),
    ),
    "factions_membership": Declared(
        "The group of each account",
        {
            "account": _account(),
            "faction": _FACTION,
            "stability": _share("Runs that put the account with the members of its group"),
            "side": Column("number", "0 or 1 in the best split in two; empty outside the giant component"),
        },
        ("factions", "membership"),
    ),
    "factions_sizes": Declared(
        "The groups",
        {
            "faction": _FACTION,
            "name": Column("name", "Name of the group"),
            "accounts": _count("Accounts"),
            "share_of_accounts": _share("Of all accounts in groups"),
            "share_of_attention": _share("Of all attention"),
            "internal_share": _share("Of the attention its members give, what stays inside"),
            "leaders": Column("list", "Keys of its five most-heard accounts"),
        },
        ("factions", "sizes"),
    ),
    "factions_between": Declared(
        "Attention from group to group",
        {
            "source_faction": _FACTION,
            "target_faction": _FACTION,
            "ties": _count("Ties"),
            "weight": Column("weight", "Attention"),
            "expected": Column("weight", "Attention if it ignored the groups"),
        },
        ("factions", "between"),
    ),
    "factions_bridges": Declared(
        "Accounts that are heard across groups",
        {
            "account": _account(),
            "faction": _FACTION,
            "other_faction": Column("number", "The group from which most of the crossing attention comes"),
            "crossing": Column("weight", "Attention from other groups"),
            "crossing_share": _share("Of the attention it receives"),
            "attention": Column("weight", "Attention received"),
        },
        ("factions", "bridges"),
    ),
    "factions_platforms": Declared(
        "The groups by platform",
        {
            "faction": _FACTION,
            "platform": Column("name", "Platform"),
            "accounts": _count("Accounts of the group on it"),
            "share": _share("Of the group's accounts whose platform is known"),
            "expected": Column("count", "Accounts if every group were spread over the platforms like the whole"),
        },
        ("factions", "platforms"),
    ),
    "factions_hashtags": Declared(
        "The hashtags that tell the groups apart",
        {
            "faction": _FACTION,
            "hashtag": Column("name", "Hashtag, without #"),
            "accounts": _count("Accounts of the group that used it"),
            "share": _share("Of the group's accounts that used any hashtag"),
            "lift": Column("ratio", "Share over the share in all other groups; empty if nobody there used it"),
        },
        ("factions", "hashtags"),
    ),
    "factions_technology_evidence": Declared(
        "What was observed across platforms",
        {
            "evidence": Column("label", "ties, people, administrators or objects"),
            "count": _count("How many were seen on several platforms"),
        },
        ("factions", "technology", "evidence"),
    ),
    "factions_resolutions": Declared(
        "What other resolutions would have given",
        {
            "resolution": Column("index", "Resolution of modularity"),
            "groups": _count("Groups"),
            "modularity": Column("index", "Modularity at resolution 1"),
            "agreement": Column("index", "Adjusted Rand index with the groups shown"),
        },
        ("factions", "resolutions"),
    ),
    "factions_inside_cores": Declared(
        "Splits inside leading cores",
        {
            "core": _CORE,
            "accounts": _count("Members"),
            "ties": _count("Ties among them"),
            "measured": Column("true or false", "False with fewer than six members: then the ties are listed"),
            "groups": _count("Groups among the members"),
            "modularity": Column("index", "Modularity"),
            "modularity_by_chance": Column("index", "Modularity by chance, mean"),
            "p_value": _P,
            "two_sidedness": _share("How much of the structure a split in two holds"),
            "ei_index": Column("index", "From -1 (ties stay inside the two sides) to 1 (all cross)"),
        },
        ("factions", "inside_cores"),
    ),
    "factions_core_groups": Declared(
        "Groups among the members of a core",
        {"core": _CORE, "account": _account("member"), "group": Column("number", "Number of the group inside the core")},
        ("factions", "core_groups"),
    ),
    "factions_core_ties": Declared(
        "Ties of cores too small to be measured",
        {
            "core": _CORE,
            "account_a": _account("member"),
            "account_b": _account("member"),
            "weight": Column("weight", "Both directions together"),
        },
        ("factions", "core_ties"),
    ),
    "factions_core_windows": Declared(
        "The two sides of a core through time",
        {
            "core": _CORE,
            "start": _START,
            "end": _END,
            "acts": _count("Acts among the members"),
            "ei_index": Column("index", "Of the two sides in this period, from -1 to 1; empty without acts"),
            "mutual_ties": _count("Pairs tied both ways"),
            "lost_mutual_ties": _count("Pairs tied both ways in the period before and not any more"),
        },
        ("factions", "core_windows"),
    ),
    "factions_fragility": Declared(
        "How little would part the network",
        {
            "accounts": _count("Accounts of the giant component"),
            "ties": _count("Ties of the giant component"),
            "bridges": _count("Ties without which it falls apart"),
            "articulation_points": _count("Accounts without which it falls apart"),
            "smallest_cut": _count("Fewest ties whose loss parts it"),
            "algebraic_connectivity": Column("index", "Second-smallest eigenvalue of the Laplacian"),
            "coverage": _share("Of all ties"),
        },
        ("factions", "fragility"),
    ),
    "dynamics_windows": Declared(
        "The top of each window of time",
        {
            "window": _WINDOW,
            "start": _START,
            "end": _END,
            "interactions": _count("Interactions"),
            "receivers": _count("Accounts that received attention"),
            "status": Column("label", "ok or insufficient_data"),
            "top": _count("Accounts strictly above the cut"),
            "tied_at_cut": _count("Accounts with as much attention as the cut"),
            "overlap": Column("index", "Jaccard index of the top with that of the usable window before"),
            "rank_overlap": Column("index", "Rank-biased overlap with the usable window before"),
            "cumulative_overlap": Column("index", "Jaccard index of the top up to now with that up to then"),
            "chance_low": Column("index", "Overlap with accounts drawn anew, lower end of 95 %"),
            "chance_high": Column("index", "Overlap with accounts drawn anew, upper end of 95 %"),
            "constant_low": Column("index", "Overlap with constant popularity, lower end of 95 %"),
            "constant_high": Column("index", "Overlap with constant popularity, upper end of 95 %"),
            "lead": _account("account heard most; empty if several were"),
            "lead_share": _share("Of the attention of the window, to that account"),
            "core_share": _share("Of the attention of the window, to members of the core"),
        },
        ("dynamics", "windows"),
    ),
    "dynamics_ranks": Declared(
        "Ranks of the accounts that were among the first five of some window",
        {
            "window": _WINDOW,
            "account": _account(),
            "rank": Column("number", "Rank in the window; equal ranks are shared"),
            "share": _share("Of the attention of the window"),
        },
        ("dynamics", "ranks"),
    ),
    "dynamics_at_top": Declared(
        "How long accounts stayed at the top",
        {
            "account": _account(),
            "windows": _count("Usable windows in which it was in the top"),
            "longest": _count("Of them in a row"),
        },
        ("dynamics", "at_top"),
    ),
    "dynamics_reigns": Declared(
        "Unbroken runs of windows with the same account heard most",
        {"account": _account(), "start": _START, "end": _END, "windows": _count("Windows")},
        ("dynamics", "reigns"),
    ),
    "dynamics_hand_overs": Declared(
        "From which account the first place went to which",
        {
            "source": _account("account that had the first place"),
            "target": _account("account that had it next"),
            "count": _count("Times"),
        },
        ("dynamics", "hand_overs"),
    ),
    "dynamics_membership": Declared(
        "Survival of membership in the top (Kaplan-Meier)",
        {
            "time": _count("Windows since it entered the top"),
            "at_risk": _count("Memberships still followed"),
            "ended": _count("Memberships that ended"),
            "censored": _count("Memberships that could not be followed further"),
            "survival": _share("Memberships that last longer"),
            "low": _share("Lower end of the 95 % interval"),
            "high": _share("Upper end of the 95 % interval"),
        },
        ("dynamics", "membership"),
    ),
    "dynamics_reactions": Declared(
        "Who of the core acted first after each event",
        {
            "trigger": Column("name", "Event"),
            "time": Column("time (UTC)", "When it happened"),
            "account": _account("member of the core that acted first"),
            "hours": Column("hours", "Until its first act, or until nobody could be followed further"),
            "ended": Column("true or false", "False: nobody acted until the limit or the end of the data"),
        },
        ("dynamics", "reactions"),
    ),
    "dynamics_reaction_curve": Declared(
        "Share of events without a reaction",
        {
            "hours": Column("hours", "Since the event"),
            "survival": _share("Events without a reaction so far"),
            "low": _share("Lower end of the 95 % interval"),
            "high": _share("Upper end of the 95 % interval"),
            "null_low": _share("Same times of other days, lower end of 95 %"),
            "null_high": _share("Same times of other days, upper end of 95 %"),
        },
        ("dynamics", "reaction_curve"),
    ),
    "dynamics_bursts": Declared(
        "Burstiness of the accounts at the top",
        {
            "account": _account(),
            "acts": _count("Acts"),
            "burstiness": Column("index", "From -1 (regular) by 0 (random) to 1 (bursty)"),
            "corrected": Column("index", "The same, corrected for the number of acts"),
            "memory": Column("index", "Correlation of consecutive waits"),
            "without_rhythm": Column("index", "Corrected, on a clock without the daily rhythm of all accounts"),
            "null_low": Column("index", "Lower end of the central 95 % by chance"),
            "null_high": Column("index", "Upper end of the central 95 % by chance"),
            "p_value": _P,
            "q_value": _Q,
        },
        ("dynamics", "bursts"),
    ),
    "dynamics_sensitivity": Declared(
        "What windows of other lengths would have given",
        {
            "length": Column("label", "half, chosen or double"),
            "hours": Column("hours", "Length of a window"),
            "windows": _count("Usable windows"),
            "overlap": Column("index", "Mean Jaccard index of consecutive windows"),
            "chance_mean": Column("index", "The same with accounts drawn anew"),
            "p_value": _P,
            "whole": Column("index", "Mean Jaccard index of all pairs of windows"),
            "constant_mean": Column("index", "The same with constant popularity"),
            "constant_p": _P,
            "verdict": _VERDICT,
        },
        ("dynamics", "sensitivity"),
    ),
    "dynamics_cascades_rules": Declared(
        "Cascades under four rules of attribution",
        {
            "rule": Column("label", "star, earliest, latest or probabilistic"),
            "virality": Column("index", "Structural virality, mean over the larger cascades"),
            "depth": Column("index", "Greatest distance from the root, mean over the larger cascades"),
            "root_share": _share("Of all acts, credited to the author"),
            "top_overlap": Column("index", "Jaccard index of its 20 most credited accounts with those of the star"),
            "rank_overlap": Column("index", "Rank-biased overlap with them"),
        },
        ("dynamics", "cascades", "rules"),
    ),
    "dynamics_cascades_cascades": Declared(
        "The larger cascades",
        {
            "post": Column("name", "Post, by its id or pseudonym"),
            "root": _account("author of the post"),
            "accounts": _count("Accounts, author included"),
            "unattributed": _count("Accounts whom no account they follow preceded"),
            "star": Column("index", "Structural virality if all had it from the author"),
            "earliest": Column("index", "Structural virality if all had it from the first account they follow"),
            "latest": Column("index", "Structural virality if all had it from the last account they follow"),
            "probabilistic": Column("index", "Structural virality if all had it from any account they follow"),
        },
        ("dynamics", "cascades", "cascades"),
    ),
    "dynamics_cascades_influence": Declared(
        "Accounts that are credited most under some rule",
        {
            "account": _account(),
            "star": Column("value", "Acts credited to it by the rule star"),
            "earliest": Column("value", "Acts credited to it by the rule earliest"),
            "latest": Column("value", "Acts credited to it by the rule latest"),
            "probabilistic": Column("value", "Acts credited to it by the rule probabilistic"),
            "star_rank": Column("number", "Rank by the rule star"),
            "earliest_rank": Column("number", "Rank by the rule earliest"),
            "latest_rank": Column("number", "Rank by the rule latest"),
            "probabilistic_rank": Column("number", "Rank by the rule probabilistic"),
        },
        ("dynamics", "cascades", "influence"),
    ),
    "dynamics_earlier_by_event": Declared(
        "Members of the core in earlier events",
        {
            "event": Column("name", "Earlier event, by its file"),
            "rows": _count("Interactions and lone acts read"),
            "accounts": _count("Accounts of this network active in it"),
            "members": _count("Members of the core active in it"),
            "expected": Column("count", "Members of comparable groups active in it"),
            "p_value": _P,
            "q_value": _Q,
        },
        ("dynamics", "earlier", "by_event"),
    ),
    "dynamics_earlier_by_member": Declared(
        "Earlier events of each member of the core",
        {
            "account": _account("member"),
            "events": Column("list", "Earlier events it was active in"),
            "mutual": _count("Other members it was tied with both ways"),
            "comparable": _count("Accounts it was compared with, itself included"),
            "comparable_active": _share("Of these, active earlier"),
        },
        ("dynamics", "earlier", "by_member"),
    ),
    "dynamics_tracking_windows": Declared(
        "Groups window by window",
        {
            "window": _WINDOW,
            "start": _START,
            "end": _END,
            "interactions": Column("weight", "Interactions"),
            "status": Column("label", "ok or insufficient_data"),
            "groups": _count("Groups"),
            "modularity": Column("index", "Modularity"),
            "agreement": Column("index", "Mean adjusted Rand index of the runs"),
            "tracked": _count("Accounts in a group that are seen in another window too"),
            "splits": _count("Splits since the usable window before"),
            "split_share": _share("Of the accounts present in both windows, those that left their strand in a split"),
            "split_expected": _share("The same by chance, mean"),
            "merges": _count("Mergers since the usable window before"),
            "merge_share": _share("Of the accounts present in both windows, those whose strand was taken in"),
            "merge_expected": _share("The same by chance, mean"),
        },
        ("dynamics", "tracking", "windows"),
    ),
    "dynamics_tracking_strands": Declared(
        "Groups followed through time",
        {
            "window": _WINDOW,
            "strand": Column("number", "Number of the strand, from 0, in order of appearance"),
            "accounts": _count("Accounts"),
            "most_heard": _account("most-heard account"),
        },
        ("dynamics", "tracking", "strands"),
    ),
    "dynamics_tracking_events": Declared(
        "What happened to the strands",
        {
            "window": _WINDOW,
            "event": Column("label", "birth, death, continue, expand, contract, split or merge"),
            "strand": Column("number", "Number of the strand"),
            "other": Column("number", "New strand of a split; strand that took this one in"),
            "accounts": _count("Accounts now"),
            "before": _count("Accounts before"),
            "jaccard": Column("index", "Jaccard index of before and now"),
            "across_before": _share("Interactions of the two parts that crossed between them before"),
            "across_after": _share("Interactions of the two parts that cross between them from then on"),
            "strength": Column("index", "Signed root of the likelihood ratio of the two shares"),
            "p_value": Column("p-value", "Against the strongest event of each null draw"),
        },
        ("dynamics", "tracking", "events"),
    ),
    "dynamics_tracking_flows": Declared(
        "Accounts from strand to strand",
        {
            "window": _WINDOW,
            "next_window": _WINDOW,
            "strand": Column("number", "Strand; empty: in none"),
            "next_strand": Column("number", "Strand in the next window; empty: in none"),
            "accounts": _count("Accounts"),
        },
        ("dynamics", "tracking", "flows"),
    ),
    "dynamics_tracking_leaders": Declared(
        "Which way the leaders of strands went",
        {
            "account": _account(),
            "member": Column("true or false", "Whether it is a member of the core"),
            "window": _WINDOW,
            "before": Column("number", "Strand before"),
            "strand": Column("number", "Strand now"),
            "how": Column("label", "stayed, split, merge or moved"),
        },
        ("dynamics", "tracking", "leaders"),
    ),
    "dynamics_tracking_thresholds": Declared(
        "Splits and mergers at other thresholds",
        {
            "threshold": Column("index", "Jaccard index above which groups are one strand"),
            "event": Column("label", "split or merge"),
            "count": _count("Events"),
            "expected": Column("count", "The same by chance, mean"),
            "null_low": Column("count", "Lower end of the central 95 % by chance"),
            "null_high": Column("count", "Upper end of the central 95 % by chance"),
        },
        ("dynamics", "tracking", "thresholds"),
    ),
    "dynamics_tracking_core": Declared(
        "The two halves of the core through time",
        {
            "window": _WINDOW,
            "inside": Column("weight", "Inside the two halves"),
            "across": Column("weight", "Between the two halves"),
            "ei_index": Column("index", "From -1 (inside only) to 1 (between only)"),
            "mutual": _count("Pairs tied both ways"),
            "lost": _count("Of those of the window before, tied so no more"),
        },
        ("dynamics", "tracking", "core"),
    ),
    "symbols_symbols": Declared(
        "Hashtags by who shares them and whether they stay",
        {
            "symbol": Column("name", "Hashtag, without #"),
            "users": _count("Accounts that used it"),
            "uses": _count("Uses"),
            "share_of_users": _share("Of all accounts that used any hashtag"),
            "query": Column("true or false", "Whether the posts were, or seem to be, collected by it"),
            "group": Column("number", "Group of hashtags used together; empty if alone"),
            "verdict": Column("label", "crossing, bound, undetermined or query; empty where groups are not known"),
            "covered": _count("Users in a large group"),
            "spread": _share("1: its users are spread over the groups as the population is"),
            "spread_by_chance": _share("The same with groups dealt out at random, mean"),
            "p_value": Column("p-value", "Less spread than with groups dealt out at random"),
            "q_value": _Q,
            "lowest_lift": Column("ratio", "Of the large group that uses it least; empty below five accounts"),
            "testable": Column("true or false", "Used by enough accounts that crossing could be shown"),
            "p_crossing": Column("p-value", "Against half its share or less in some large group"),
            "q_crossing": _Q,
            "first_use": Column("time (UTC)", "First use"),
            "first_adopter": _account("first user; empty where it was in use from the beginning or several were first"),
            "first_in_core": Column("true or false", "Whether the first user is in a leading core"),
            "half_days": Column("days", "From the first use until half of its users had used it"),
            "at_risk": _count("Users whose first use is followed by enough data"),
            "retention": _share("Of these, used it again after the wait"),
            "retention_low": _share("Lower end of the 95 % interval"),
            "retention_high": _share("Upper end of the 95 % interval"),
            "kept": Column("true or false", "Whether the interval lies above the share asked for; empty below five"),
            "still_active": _share("Of them that used any hashtag that much later"),
            "retention_by_chance": _share("Retention of the same accounts' other hashtags"),
            "retention_p": Column("p-value", "Two-sided, against the same accounts' other hashtags"),
            "retention_q": _Q,
        },
        ("symbols", "symbols"),
    ),
    "symbols_factions": Declared(
        "The large groups that use hashtags",
        {
            "faction": _FACTION,
            "name": Column("name", "Name of the group"),
            "accounts": _count("Accounts that use hashtags"),
            "share": _share("Of them all"),
        },
        ("symbols", "factions"),
    ),
    "symbols_by_faction": Declared(
        "Hashtags by group",
        {
            "symbol": Column("name", "Hashtag, without #"),
            "faction": _FACTION,
            "accounts": _count("Accounts of the group that used it; empty below five"),
            "share": _share("Of the hashtag's users"),
            "lift": Column("ratio", "Share over the group's share of the population"),
            "lift_low": Column("ratio", "Lower end of the 95 % interval"),
            "lift_high": Column("ratio", "Upper end of the 95 % interval"),
        },
        ("symbols", "by_faction"),
    ),
    "symbols_co_use": Declared(
        "Hashtags that the same accounts use",
        {
            "symbol": Column("name", "Hashtag, without #"),
            "other": Column("name", "Other hashtag, without #"),
            "accounts": _count("Accounts that used both"),
            "expected": Column("count", "The same by chance"),
            "pmi": Column("index", "Pointwise mutual information"),
            "npmi": Column("index", "The same, normalised to -1 to 1"),
            "p_value": Column("p-value", "Hypergeometric"),
            "q_value": _Q,
            "expected_given_activity": Column("count", "By chance, given how many hashtags each account uses"),
            "p_given_activity": Column("p-value", "Given how many hashtags each account uses"),
            "q_given_activity": _Q,
            "tied": Column("true or false", "Whether they go together by both tests"),
        },
        ("symbols", "co_use"),
    ),
    "symbols_adoption": Declared(
        "How hashtags spread through time",
        {
            "symbol": Column("name", "Hashtag, without #"),
            "faction": Column("number", "Number of the group; empty: everyone"),
            "time": Column("time (UTC)", "Time"),
            "accounts": _count("Accounts that had used it by then"),
        },
        ("symbols", "adoption"),
    ),
    "coordination_edges": Declared(
        "Pairs of accounts that share the same objects at the same moments beyond chance",
        {
            "account_a": _account("account, or its number where it may not be named"),
            "account_b": _account("account, or its number where it may not be named"),
            "group": Column("number", "Number of the group; 1 is the largest"),
            "objects": _count("Objects both shared"),
            "close": _count("Of these, within the largest window"),
            "median_gap": Column("seconds", "Median gap between the two shares"),
            "symmetry": Column("index", "1: each was first equally often; 0: always the same one"),
            "p_sharing": Column("p-value", "That they share so many of the same objects"),
            "q_sharing": _Q,
            "p_timing": Column("p-value", "Times dealt out anew within objects"),
            "p_rhythm": Column("p-value", "Each share anywhere in its clock hour"),
            "q_timing": Column("q-value", "Of the larger of the two"),
            "examples": Column("list", "Up to five of the objects; empty where an account may not be named"),
        },
        ("coordination", "edges"),
    ),
    "coordination_groups": Declared(
        "Groups of accounts that act together",
        {
            "group": Column("number", "Number of the group; 1 is the largest"),
            "accounts": _count("Accounts"),
            "pairs": _count("Pairs"),
            "density": _share("Of all pairs of its accounts"),
            "objects": _count("Objects shared within the largest window"),
            "median_gap": Column("seconds", "Median gap between two shares"),
            "symmetry": Column("index", "1: each was first equally often; 0: always the same one"),
            "core_members": _count("Members of a leading core; empty without one"),
            "core_p": Column("p-value", "That so many are members of a leading core"),
        },
        ("coordination", "groups"),
    ),
    "coordination_members": Declared(
        "Accounts that act together",
        {
            "account": _account("account, or its number where it may not be named"),
            "group": Column("number", "Number of the group; 1 is the largest"),
            "partners": _count("Accounts it acts together with"),
            "objects": _count("Objects shared with them within the largest window"),
            "x": Column("position", "Position from left to right; empty where it is not drawn"),
            "y": Column("position", "Position from below; empty where it is not drawn"),
            "core": Column("true or false", "Whether it is a member of a leading core"),
        },
        ("coordination", "members"),
    ),
    "coordination_gaps": Declared(
        "Gaps between the two shares of an object that the pairs found both shared",
        {
            "low": Column("seconds", "Gap at least"),
            "high": Column("seconds", "Gap below; empty: no end"),
            "observed": _count("Gaps"),
            "expected": Column("count", "Gaps if times were dealt out anew within objects"),
        },
        ("coordination", "gaps"),
    ),
    "coordination_comparison": Declared(
        "What the rule of thumb of other tools would have found",
        {
            "rule": Column("label", "tested, or percentile"),
            "pairs": _count("Pairs"),
            "accounts": _count("Accounts"),
            "pairs_in_common": _count("Pairs that both rules find"),
            "accounts_in_common": _count("Accounts that both rules find"),
            "pairs_by_chance": Column("count", "Pairs that the rule finds in shuffled times, on average"),
        },
        ("coordination", "comparison"),
    ),
    "legitimation_operations": Declared(
        "Who joined and who opposed each operation",
        {
            "operation": Column("name", "Operation"),
            "start": _START,
            "end": _END,
            "verdict": _VERDICT,
            "reason": Column("label", "Why no more can be said, or why it was not measured"),
            "community": _count("Members of the community, active before the start"),
            "endorsers": _count("Members that used a sign or passed on a post with one"),
            "passed_on_only": _count("Of these, members that passed on and did nothing else"),
            "opponents": _count("Members that used a counter sign or are coded as opposed; empty if not known"),
            "both": _count("Members that did both"),
            "outside": _count("Accounts that endorsed without being members"),
            "participation": _share("Endorsers, of the community"),
            "participation_low": _share("Lower end of the 95 % interval (Wilson)"),
            "participation_high": _share("Upper end of the 95 % interval (Wilson)"),
            "participation_posts_low": _share("Lower end, whole posts drawn again"),
            "participation_posts_high": _share("Upper end, whole posts drawn again"),
            "counter_share": _share("Opponents, of the community"),
            "counter_low": _share("Lower end of the 95 % interval (Wilson)"),
            "counter_high": _share("Upper end of the 95 % interval (Wilson)"),
            "balance": Column("index", "Endorsers against opponents, from -1 (all against) to 1 (all for)"),
            "balance_low": Column("index", "Lower end of the wider 95 % interval"),
            "balance_high": Column("index", "Upper end of the wider 95 % interval"),
            "balance_p": Column("p-value", "Against even odds"),
            "balance_q": _Q,
            "breadth": Column("index", "Smallest ratio of a large group's shares of endorsers and of the community"),
            "breadth_null_low": Column("index", "The same with as many members drawn at random, lower 5 %"),
            "breadth_p": _P,
            "breadth_q": _Q,
            "divergence": Column("nats", "Of the endorsers' groups from the community's"),
            "divergence_by_chance": Column("nats", "The same by chance, mean"),
            "divergence_beyond_chance": Column("nats", "Divergence less that by chance"),
            "divergence_p": _P,
            "ordinary": _count("Other hashtags of the same days it was compared with"),
            "ordinary_median": _share("Their participation, median"),
            "ordinary_low": _share("Their participation, lower end of the central 95 %"),
            "ordinary_high": _share("Their participation, upper end of the central 95 %"),
            "ordinary_p": _P,
            "ordinary_q": _Q,
            "exposed": _count("Endorsers who had been shown the sign before"),
            "core_first": _share("Of these, to whom a core account was the first to show it"),
            "core_first_low": _share("Matched accounts, lower end of the central 95 %"),
            "core_first_high": _share("Matched accounts, upper end of the central 95 %"),
            "core_first_p": _P,
            "core_first_q": _Q,
            "fastest": Column("days", "After the start, when most joined a day"),
            "fastest_low": Column("days", "Lower end of the 95 % interval"),
            "fastest_high": Column("days", "Upper end of the 95 % interval"),
            "curve": Column("label", "Curve that fits the later joiners best"),
            "outcome": Column("label", "What came of it: accepted or rejected; empty if not known"),
        },
        ("legitimation", "operations"),
    ),
    "legitimation_factions": Declared(
        "Operations by group",
        {
            "operation": Column("name", "Operation"),
            "faction": _FACTION,
            "members": _count("Members of the community in it"),
            "endorsers": _count("Endorsers in it"),
            "opponents": _count("Opponents in it"),
            "share_of_community": _share("Of the community"),
            "share_of_endorsers": _share("Of the endorsers"),
            "ratio": Column("ratio", "Its share of the endorsers over its share of the community"),
        },
        ("legitimation", "factions"),
    ),
    "legitimation_joining": Declared(
        "How operations grew",
        {
            "operation": Column("name", "Operation"),
            "days": Column("days", "Since the start"),
            "endorsers": _count("Endorsers so far"),
            "opponents": _count("Opponents so far"),
            "outside": _count("Endorsers from outside so far"),
        },
        ("legitimation", "joining"),
    ),
    "legitimation_adoption": Declared(
        "Curves fitted to the times of joining",
        {
            "operation": Column("name", "Operation"),
            "curve": Column("label", "Kind of curve"),
            "market": Column("count", "Accounts that would join in the end"),
            "rate": Column("per day", "First rate"),
            "second": Column("value", "Second rate a day; of a logistic curve its middle, in days"),
            "aic": Column("index", "Akaike's information criterion; less fits better"),
        },
        ("legitimation", "adoption"),
    ),
    "robustness": Declared(
        "How far each headline could be off",
        {
            "question": _QUESTION,
            "effort": Column("label", "How much was tried: none, quick or full"),
            "headline": Column("text", "What the number of the headline is"),
            "value": Column("value", "The number of the headline"),
            "verdict": _VERDICT,
            "sampling": Column("label", "What was declared of the collection"),
            "rate": _share("Posts that the sample holds, as declared"),
            "testable": Column("true or false", "False if too little was collected for ties between single accounts"),
            "clusters": _count("Clusters that are drawn"),
            "cluster": Column("label", "What a cluster is: post, source account or object"),
            "change": Column("ratio", "Relative change of the mean value from all posts to half of them"),
            "stable": Column("true or false", "Whether verdict or value stay on half of the posts"),
            "judged_by": Column("label", "number or outcome"),
            "low": Column("value", "Lower end of the 95 % interval, clusters drawn again"),
            "high": Column("value", "Upper end of the 95 % interval, clusters drawn again"),
            "agreement": _share("Cells of the multiverse with the verdict of the headline"),
            "contradictions": Column("list", "What speaks against the headline"),
        },
    ),
    "robustness_thinning": Declared(
        "The headlines on parts of the data",
        {
            "question": _QUESTION,
            "share": _share("Clusters kept"),
            "draws": _count("Draws"),
            "mean": Column("value", "Mean value"),
            "sd": Column("value", "Standard deviation"),
            "low": Column("value", "Lower end of the central 95 %"),
            "high": Column("value", "Upper end of the central 95 %"),
            "runs": _count("Runs of the whole measure"),
            "same": _share("Of them with the same verdict"),
            "verdict": Column("label", "Most frequent verdict"),
            "overlap": Column("index", "Mean likeness of what they found"),
        },
    ),
    "robustness_left_out": Declared(
        "The headlines without some accounts",
        {
            "question": _QUESTION,
            "check": Column("label", "What was left out or added"),
            "accounts": _count("Accounts concerned"),
            "interactions": _share("Interactions left out, or added"),
            "value": Column("value", "Value of the rest"),
            "verdict": Column("label", "Verdict of the rest"),
            "same": Column("true or false", "Whether the verdict is the same"),
        },
    ),
    "robustness_loss": Declared(
        "Interactions whose author is not known",
        {
            "question": _QUESTION,
            "faction": Column("number", "Number of the group; empty: of all"),
            "given": _count("Interactions given"),
            "lost": _count("Of these, with a post whose author is not known"),
            "share": _share("Lost, of those given"),
        },
    ),
    "robustness_multiverse": Declared(
        "The headlines under other choices",
        {
            "question": _QUESTION,
            "verdict": Column("label", "Verdict of the cell"),
            "value": Column("value", "Value of the cell"),
            "same": Column("true or false", "Whether the verdict is that of the headline"),
        },
        further=Column("value", "Value of this parameter in the cell; empty where the question has none"),
    ),
    "multiverse": Declared(
        "The answers of every combination of the grid of the study",
        {
            "combination": Column("number", "Number of the combination, from 1; 0 is the study itself"),
            "question": _QUESTION,
            "verdict": Column("label", "Verdict, outcome or, without an answer, status"),
            "value": Column("value", "The number of the headline"),
            "unit": Column("text", "Unit of the value"),
            "low": Column("value", "Lower end of the 95 % interval"),
            "high": Column("value", "Upper end of the 95 % interval"),
            "p": _P,
            "confidence": Column("label", "How sure the finding is: high, medium, low, cannot say"),
            "problem": Column("text", "Why the combination could not be run"),
        },
        further=Column("value", "Value on the axis of the grid that the column is named after"),
    ),
    "accounts": Declared(
        "All accounts, most heard first",
        {
            "key": _account("key of the account"),
            "platform": Column("name", "Platform"),
            "native_id": Column("name", "Id of the account on its platform"),
            "handle": Column("name", "Handle"),
            "display_name": Column("name", "Display name"),
            "share_of_attention": _share("Of all attention"),
            "coreness": Column("index", "Largest k of a k-core that holds the account, both directions"),
            "core": Column("number", "Number of its leading core, from 1; empty outside"),
            "core_stability": _share("Subsamples whose best-matching core holds the account"),
            "faction": _FACTION,
            "faction_stability": _share("Runs that put the account with the members of its group"),
            "side": Column("number", "0 or 1 in the best split in two; empty outside the giant component"),
            "level": Column("index", "Trophic level in influence direction; the lowest of its component is 0"),
            "component": Column("number", "Connected component; 0 is the largest"),
            "windows_at_top": _count("Windows of time in which it was among the accounts heard most"),
        },
        further=Column("text", "Further column of the accounts table that was read"),
    ),
}  # fmt: skip

# Of accounts, for each kind of tie in the data: ending of the column -> what it holds.
ACCOUNT_TIES: dict[str, tuple[Unit, str]] = {
    "_in_strength": ("weight", "Summed weights of {kind} ties it receives"),
    "_out_strength": ("weight", "Summed weights of {kind} ties it gives"),
    "_in": ("count", "Accounts that give {kind} ties to it"),
    "_out": ("count", "Accounts it gives {kind} ties to"),
}
