"""What a report holds: everything that is said, drawn and looked up, whether it was just made or read from its folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_datetime

from netact.figures.text import listed, plain, quoted, words_for
from netact.language import Message, _, _n, locale, spoken, told
from netact.report.findings import Finding, describe
from netact.representation import Sheet, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netact.figures.text import Words
    from netact.layout import Layout
    from netact.network import Network
    from netact.report.claims import Claim
    from netact.report.multiverse import Multiverse
    from netact.results import Factions, Result, Robustness
    from netact.shutdown import ShutdownScenarios
    from netact.study import Study
    from netact.timeline import Timeline


@dataclass(frozen=True)
class Summary:
    """What was read, in a few numbers.

    Attributes
    ----------
    accounts, interactions, people
        How many; ``people`` hold admin rights.
    kinds
        Kind of tie -> interactions, the most frequent first; without direction each counts once.
    ties
        Pairs of accounts tied, over all kinds.
    directed, attention_kind
        Whether the ties that stand for attention have a direction; their kind.
    first_time, last_time
        The period; None without times.
    platforms
        Names of the platforms, sorted.
    most_heard
        Key of the account that received most attention; None without ties.
    fingerprint
        Of the network's content.
    undirected_kinds
        Kinds whose ties have no direction.
    """

    accounts: int
    interactions: int
    ties: int
    people: int
    kinds: dict[str, int]
    directed: bool
    attention_kind: str
    first_time: datetime | None
    last_time: datetime | None
    platforms: tuple[str, ...]
    most_heard: str | None
    fingerprint: str
    undirected_kinds: tuple[str, ...] = ()

    def has_direction(self, kind: str) -> bool:
        """Whether the ties of a kind have a direction."""
        return kind not in self.undirected_kinds if self.undirected_kinds else self.directed


def summary_of(network: Network) -> Summary:
    """Return the summary of a network."""
    ties = [
        len(network.ties(kind) if network.has_direction(kind) else network.undirected_ties(kind))
        for kind in network.kinds
    ]
    # Without direction every tie is held both ways.
    kinds: dict[str, int] = {
        kind: number // (1 if network.has_direction(kind) else 2) for kind, number in network.kinds.items()
    }
    heard = network.ties()
    return Summary(
        accounts=network.n_accounts,
        interactions=sum(kinds.values()),
        ties=sum(ties),
        people=network.admin_rights["person"].n_unique() if network.admin_rights.height else 0,
        kinds=kinds,
        directed=network.has_direction(),
        attention_kind=network.attention_kind,
        first_time=network.interactions["time"].min() if network.has_times else None,  # type: ignore[arg-type]
        last_time=network.interactions["time"].max() if network.has_times else None,  # type: ignore[arg-type]
        platforms=tuple(network.accounts["platform"].drop_nulls().unique().sort()),
        most_heard=network.accounts["key"][int(heard.in_strength.argmax())] if len(heard) else None,
        fingerprint=network.fingerprint,
        undirected_kinds=tuple(kind for kind in network.kinds if not network.has_direction(kind)),
    )


@dataclass(frozen=True)
class Content:
    """Everything a report shows.

    Attributes
    ----------
    study
        What was run, with everything the import decided filled in.
    summary
        What was read.
    results
        Question -> result.
    layout, timeline, shutdown
        Positions for the map; what happened when; what is left when people pull their accounts.
    names
        Account key -> name, for the accounts that may be named: members of cores, the most heard, bridges.
    receipt
        The import receipt as it may be shown, without example sentences.
    claims
        What the results say of the claims that others made.
    robustness
        Question -> how far its headline could be off; empty if that was not tried.
    multiverse
        How the answers change over the grid of the study; None without one.
    left_out
        Rows of tables that were left out because they count fewer accounts than the study's privacy settings let tell.
    named
        How many accounts bear their own names where not all do.
    """

    study: Study
    summary: Summary
    results: Mapping[str, Result]
    layout: Layout
    timeline: Timeline
    shutdown: ShutdownScenarios
    names: Mapping[str, str]
    receipt: dict[str, Any]
    claims: tuple[Claim, ...] = ()
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    multiverse: Multiverse | None = None
    left_out: int = 0
    named: int = 0

    def __repr__(self) -> str:
        return line(Sheet("Content", facts=(("title", self.study.title), ("questions", ", ".join(self.results)))))

    @property
    def words(self) -> Words:
        """How to speak of the ties, in the language spoken."""
        return words_for(self.summary.attention_kind, directed=self.summary.directed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The results in sentences, in the order of the report and in the language spoken."""
        return self._found[spoken()]

    @cached_property
    def _found(self) -> _Findings:
        return _Findings(self)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions for which the data hold nothing: no answer, and nothing to show."""
        return tuple(
            finding.question
            for finding in self.findings
            if finding.confidence == "cannot say" and _holds_nothing(self.results[finding.question])
        )

    @property
    def factions(self) -> Factions | None:
        """The result of the question of factions, if it was asked."""
        from netact.results import Factions

        found = self.results.get("factions")
        return found if isinstance(found, Factions) else None


def _holds_nothing(result: Result) -> bool:
    """Whether a result has neither a number nor a candidate for one."""
    from netact.results import LeadingCore

    return result.status != "ok" and not (isinstance(result, LeadingCore) and result.candidate is not None)


class _Findings(dict[str, tuple[Finding, ...]]):
    """Findings by language, put into words when first asked for."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self.content = content

    def __missing__(self, language: str) -> tuple[Finding, ...]:
        content = self.content
        directed = content.summary.directed
        self[language] = tuple(
            describe(result, names=content.names, directed=directed, robustness=content.robustness.get(question))
            for question, result in content.results.items()
        )
        return self[language]


def who_is_named(content: Content) -> list[str]:
    """Say in sentences whose names a report holds, and what is left out of it for the sake of those who merely took part."""
    privacy = content.study.privacy
    if privacy.names == "all":
        said = [_("This report names every account and every person. Think of them before you share it.")]
    elif not content.named:
        said = [_("Nobody is named here: pseudonyms stand for all accounts and persons.")]
    elif privacy.named_from is not None and not privacy.public:
        said = [
            _n(
                "{n:count} account with an audience of at least {least:count} is named; pseudonyms stand for all others.",
                "{n:count} accounts with an audience of at least {least:count} are named; pseudonyms stand for all others.",
                content.named,
                least=privacy.named_from,
            )
        ]
    else:
        said = [
            _n(
                "{n:count} account that the study calls public is named; pseudonyms stand for all others.",
                "{n:count} accounts that the study calls public are named; pseudonyms stand for all others.",
                content.named,
            )
        ]
    if content.left_out:
        said.append(
            _n(
                "{n:count} row of the tables that counts fewer than {least:count} accounts is left out.",
                "{n:count} rows of the tables that count fewer than {least:count} accounts are left out.",
                content.left_out,
                least=privacy.small_cells,
            )
        )
    return said


def sample_facts(summary: Summary) -> list[str]:
    """Say in a few facts what was analysed."""
    facts = [_n("{n:count} account", "{n:count} accounts", summary.accounts)]
    for kind, number in list(summary.kinds.items())[:3]:
        words = words_for(kind, directed=summary.has_direction(kind))
        facts.append(words.counted(number))
    if summary.first_time is not None and summary.last_time is not None:
        facts.append(period(summary.first_time, summary.last_time))
    if summary.platforms:
        facts.append(_("on {platforms}", platforms=", ".join(plain(name, limit=20) for name in summary.platforms[:4])))
    if summary.people:
        facts.append(_n("{n:count} person with admin rights", "{n:count} people with admin rights", summary.people))
    return facts


# What a receipt calls the parts columns play, and what it says of a file's layout.
_RECEIPT_WORDS = {
    "source": Message("source"),
    "target": Message("target"),
    "kind_column": Message("kind"),
    "weight": Message("weight"),
    "time": Message("time"),
    "post_id": Message("post id"),
    "platform": Message("platform"),
    "hashtags": Message("hashtags"),
    "client": Message("program"),
    "layout": Message("layout"),
    "account": Message("account"),
    "person": Message("person"),
    "role": Message("role"),
    "native_id": Message("id"),
    "handle": Message("name of the account"),
    "display_name": Message("display name"),
    "reach": Message("audience"),
    "is_bot": Message("automated"),
    "delimiter": Message("separator"),
    "quote": Message("quotes"),
    "header": Message("header"),
    "comment": Message("comments"),
    "sheet": Message("sheet"),
    "member": Message("file in the archive"),
    "lines before the table": Message("lines before the table"),
}


def receipt_word(name: str) -> str:
    """Return what a receipt calls a column's part or a property of a file, in the language spoken."""
    return told(_RECEIPT_WORDS[name]) if name in _RECEIPT_WORDS else name.replace("_", " ")


def moment(text: str) -> str:
    """Return a time of a receipt as people write it, in UTC."""
    return str(format_datetime(datetime.fromisoformat(text), "d MMM y, HH:mm", locale=locale()))


def what_was_read(receipt: Mapping[str, Any]) -> str:
    """Say in a sentence how much was read and kept: ties of exports of posts, rows of everything else."""
    rows = receipt["rows"]
    read, kept, dropped = rows["read"], rows["kept"], rows["dropped"]
    if all(source["records"] for source in receipt["sources"]):
        if not dropped:
            return _("{read:count} ties were read and all were kept.", read=read)
        return _(
            "{read:count} ties were read, {kept:count} were kept and {dropped:count} left out.",
            read=read,
            kept=kept,
            dropped=dropped,
        )
    if not dropped:
        return _("{read:count} rows were read and all were kept.", read=read)
    return _(
        "{read:count} rows were read, {kept:count} were kept and {dropped:count} left out.",
        read=read,
        kept=kept,
        dropped=dropped,
    )


def counted_records(records: Iterable[Mapping[str, Any]]) -> str:
    """Return what the records of an export were, as a list."""
    return "; ".join(_("{what}: {n:count}", what=told(item["what"]), n=item["number"]) for item in records)


def kinds_counted(kinds: Mapping[str, int], *, directed: bool = True) -> str:
    """Return how many interactions of each kind there are, as a list."""
    return listed([words_for(kind, directed=directed).counted(number) for kind, number in kinds.items()])


def period(first: datetime, last: datetime) -> str:
    """Say a period in days.

    >>> period(datetime(2024, 3, 4), datetime(2024, 4, 28))
    '4 March 2024 to 28 April 2024'
    """
    a, b = (format_date(moment, "long", locale=locale()) for moment in (first, last))
    return a if a == b else _("{first} to {last}", first=a, last=b)


def example_tie(content: Content) -> str:
    """Say the direction of a tie with the most-heard account, naming no one who merely took part."""
    top = content.summary.most_heard
    if top is None:
        return ""
    return _("For example: {example}.", example=content.words.gave_to(quoted(content.names.get(top, top))))
