"""The methods in plain words, with their sources, as they stand at the end of every report."""

from __future__ import annotations

from dataclasses import dataclass

from netact.language import Message, told
from netact.report.sources import cited


@dataclass(frozen=True)
class Method:
    """How one question was answered: title, paragraphs, and sources as (text, DOI)."""

    title: str
    paragraphs: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


METHODS: dict[str, Method] = {
    "leading_core": Method(
        Message("Leading core"),
        (
            Message(
                "Among the accounts that are heard by most others, we look for a set that is tied to one another more than chance "
                "explains. Chance here keeps how popular and how active each account is, the group it belongs to, and how "
                "readily ties are returned; all of this is estimated from the behaviour of everyone outside the circle of the "
                "most heard."
            ),
            Message(
                "The size of the set is found, not imposed: if the best set is larger than twenty it is called a wide circle, not "
                "a team. Because so many sets are looked at, a set only counts if it beats the best set found in networks drawn "
                "by chance (calibrated), or a bound that holds for all sets at once (strong)."
            ),
            Message(
                "Membership is tested by leaving out a fifth of the data at random, many times, and looking for the core again."
            ),
            Message(
                "Coreness and similar measures are in the account table as descriptions. They are no evidence of a team: every network has a "
                "densest part."
            ),
        ),
        cited("bogerd2021", "ariascastro2014", "kojaku2018", "gerbaudo2017"),
    ),
    "super_users": Method(
        Message("Super users"),
        (
            Message(
                "Two opposite questions are kept apart. An account goes dark if any one of its owners or admins shuts it down: "
                "that is shutdown power. It is left without anyone only if all of its holders go: that is the bus factor. The smallest "
                "groups of people are found exactly wherever the table is not too large."
            ),
            Message(
                "Chance deals the same logins out anew, so that every person holds as many accounts and every account has as many "
                "holders as before. A super user is one whose accounts carry more attention than their number of logins "
                "would give."
            ),
            Message(
                "The simulation shows what would go dark at once. Audiences move elsewhere in time, so it is an upper bound."
            ),
        ),
        cited("avelino2016", "borgatti2006"),
    ),
    "hierarchy": Method(
        Message("Hierarchy"),
        (
            Message(
                "Concentration: which share of all attention the top accounts received, and how many equally heard accounts would "
                "give the same concentration (effective number of leaders). Even where nobody is special, attention that follows "
                "attention makes a few accounts large; so the numbers are compared with such a process of the same size (Simon's model)."
            ),
            Message(
                "Order: whether attention runs one way, level by level (trophic incoherence), how far the top reaches (global reaching centrality) and "
                "which share of ties is not part of a circle (flow hierarchy), each compared with networks in which every account "
                "keeps its number of ties but they are rewired."
            ),
            Message(
                "Leaderless must be shown, not inferred from the absence of evidence: wide dispersion, no core although one would have been found, and "
                "changing faces at the top over time."
            ),
        ),
        cited("simon1955", "mackay2020", "mones2012", "luo2011", "phipson2010"),
    ),
    "factions": Method(
        Message("Factions"),
        (
            Message(
                "Groups are found by the Leiden algorithm on modularity, many times from different starts; only lines that most "
                "runs draw in the same place are trusted, and every account carries the share of runs that agree on its group."
            ),
            Message(
                "Modularity always finds groups, so the result is compared with networks rewired at random and split by the "
                "same procedure. Whether there are two camps or many niches is asked before any polarization score is read."
            ),
            Message(
                "Structurally divided is not factionalised: a clean split also separates people with different interests. "
                "Factionalised needs a further sign that the sides avoid each other at their border."
            ),
            Message(
                "Whether groups run along platforms is asked only where people, organisations, objects or ties were seen on several "
                "platforms; otherwise the platform is the boundary of the collection. It is asked first of people who are "
                "active on several platforms, and compared with platforms dealt out again among the same accounts."
            ),
            Message(
                "Inside a leading core of six or more members the same search for groups is made on the ties among the members. "
                "How little would part the two largest groups is the smallest set of ties, by weight, whose loss leaves no path "
                "between their most connected accounts, beside rewired networks with groups of their own."
            ),
        ),
        cited(
            "traag2019",
            "garimella2018",
            "salloum2022",
            "guerra2013",
            "morales2015",
            "krackhardt1988",
            "peel2017",
            "newman2003",
        ),
    ),
    "dynamics": Method(
        Message("Dynamics"),
        (
            Message(
                "Time is cut into windows of equal length. In each the accounts heard most are ranked, and the lists of neighbouring windows "
                "are compared. Windows with too little data are left out, never counted as zero; half and double lengths are tried too."
            ),
            Message(
                "Two kinds of chance lie on either side. If the top of each window were drawn anew, hardly anybody would stay; if every "
                "account kept the same popularity all the time, only counting noise would change the top. The verdict says between which of "
                "them the data lie."
            ),
            Message(
                "Reactions are waits from an event that you name to the next act of an account at the top; waits that the data cut off "
                "count as far as they were seen (Kaplan-Meier). They are compared with the same times of day on other days, since "
                "everybody posts more in the evening than at night."
            ),
            Message(
                "Burstiness is corrected for the number of acts and for the daily rhythm of all accounts. What follows an event in time "
                "need not be caused by it."
            ),
            Message(
                "From whom a post was passed on cannot be seen. Where it is known who follows whom, four rules of attribution give a range; "
                "no single number of it is right."
            ),
            Message(
                "Whether the core met in earlier activism is asked beside accounts that are as active today, and as old where that is known: "
                "beside all accounts nearly any core looks like a group of veterans."
            ),
            Message(
                "Groups are found in each window by itself and joined to strands by the accounts they share. Small windows fall apart by "
                "chance, so a split counts only if its two parts turn away from one another in all later windows, beyond what the "
                "same acts at other times give."
            ),
        ),
        cited("webber2010", "kaplan1958", "goh2008", "kim2016", "greene2010", "goel2016", "deverna2024"),
    ),
    "symbols": Method(
        Message("Symbols"),
        (
            Message(
                "A sign is a hashtag, compared without regard to large and small letters, in any script. Accounts are counted, not "
                "posts: one account that writes a hashtag a thousand times is one account. Nothing is said of fewer than five."
            ),
            Message(
                "A hashtag is bound if its users are spread over the groups less than when the groups are dealt out at random among the "
                "accounts that use hashtags, and some large group uses it less than half as much as chance would give. It crosses only "
                "if every large group is shown to use it more than that. Anything between is left open."
            ),
            Message(
                "Hashtags go together if the same accounts use them more often than chance gives (hypergeometric), and also more often than "
                "accounts would that use as many hashtags each. Where many hashtags or pairs are asked about, the share of false "
                "discoveries is held at 5 %."
            ),
            Message(
                "A hashtag stays if users come back to it a week later or more; only those are counted that were followed long enough. What "
                "the posts were collected by is used by everyone in the data: it is marked and nothing is concluded from it."
            ),
        ),
        cited("church1990", "benjamini1995", "strona2014", "wilson1927", "gerbaudo2017"),
    ),
    "coordination": Method(
        Message("Acting together"),
        (
            Message(
                "Two accounts are tied if they pass two tests. The first asks whether they share more of the same objects (links, "
                "posts, hashtags) than their activity and the popularity of each object give by chance. The second asks whether, "
                "given what they share, they share it closer in time than chance gives, within 5, 10, 30 or 60 seconds."
            ),
            Message(
                "For the timing there are two kinds of chance, and a pair must beat both: the times of each object dealt out anew "
                "among those who shared it, and every share moved anywhere within its own hour. The first keeps how fast each "
                "object spread, the second keeps when each account is awake."
            ),
            Message(
                "Both tests hold the share of false discoveries at 5 % over all pairs of accounts, and a pair must have shared at "
                "least three objects within a minute. Objects that more than a tenth of accounts shared are left out."
            ),
            Message(
                "A cut at a percentile of weights, as other tools use it, is shown beside it: it keeps pairs even where times were "
                "dealt out at random. Acting together is not inauthenticity: a team with a shared plan acts together."
            ),
        ),
        cited("saracco2015", "neal2014", "neal2021", "pacheco2021", "giglietto2020"),
    ),
    "legitimation": Method(
        Message("Legitimation"),
        (
            Message(
                "An operation is known by its hashtags or links. Its community is fixed beforehand: the accounts that were active in "
                "the thirty days before it began. Members endorse it by using a sign in a post of their own or by passing on a post "
                "that carries one; quotes and mentions do not count. They oppose it by using a counter sign, or if they are coded as "
                "opposed. Whoever joins from outside is counted apart."
            ),
            Message(
                "Participation is the share of the community that endorsed; the balance weighs endorsers against opponents, from "
                "minus one to one; breadth asks whether every large group took its part. Participation is compared with other "
                "hashtags of the same days, breadth with as many members drawn at random, and the balance with even odds. Intervals "
                "draw whole posts, since those who pass on one post are no independent voices."
            ),
            Message(
                "An operation is called legitimated if more joined than in three of four operations of the same community, more were "
                "for it than against, and no large group stayed away. That takes ten operations; with fewer, the numbers are described "
                "only. Passing on is taken as approval, which is an assumption; silence is not opposition."
            ),
        ),
        cited("gerbaudo2017", "wilson1927", "bass1969", "shalizi2011", "benjamini1995"),
    ),
}


def method(question: str) -> Method:
    """Return how one question was answered, in the language spoken; sources are cited as they were published.

    >>> method("factions").title
    'Factions'
    """
    found = METHODS[question]
    return Method(told(found.title), tuple(told(text) for text in found.paragraphs), found.sources)
