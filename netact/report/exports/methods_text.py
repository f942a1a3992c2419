"""The methods of a study in paragraphs that a publication can quote, and what they rest on, from the resolved study.

English only, as files of record are.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from netact.figures.text import plain, sentence
from netact.language import told
from netact.report.exports.text_tables import markdown_text
from netact.report.methods import METHODS
from netact.report.sources import SOURCES, bibtex_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from netact.report.content import Content
    from netact.report.exports.result_tables import Table

# Question -> its paragraph; braces hold parameters of the measure, brackets the keys of sources.
PARAGRAPHS: dict[str, str] = {
    "leading_core": (
        "A leading core was sought among the accounts heard most: the smallest set that holds {pool_share:.0%} of the "
        "audience from outside it, at most {max_pool} accounts, each heard by at least {min_audience} others. Sets of up to "
        "{largest_set} accounts were scanned for more ties among themselves than chance explains [ariascastro2014; bogerd2021]; "
        "chance keeps how active and how popular each account is, its group (groups below {min_block:.0%} of the accounts are "
        "pooled) and how readily ties are returned, since every network has a densest part [kojaku2018]. The best set was "
        "compared with the best sets of {draws:,} networks drawn by chance and with a bound over all sets, both at the level "
        "{alpha:g}; up to {max_cores} sets were looked for, and one of up to {largest_team} accounts counts as a team "
        "[gerbaudo2017]. Membership was tested on {replicates:,} subsamples of {keep:.0%} of the posts. A set is said to lead "
        "if it drew {min_attention:.0%} of the attention or reached {min_reach:.0%} of the accounts, and {min_lift:g} times "
        "its share of the accounts."
    ),
    "super_users": (
        "Control was measured on the table of logins: the fewest people who could shut down half and four fifths of the "
        "attention, and the fewest whose leaving would leave as much without anyone, known as the bus factor [avelino2016]: "
        "exactly, by trying all groups of up to {exact_people} people and by integer programming beyond. The loss at the person "
        "who could shut down most was compared with {draws:,} tables in which the same logins were dealt out anew, every person "
        "keeping the number of logins and every account the number of holders [strona2014]. What remains of the network is "
        "described by its fragmentation [borgatti2006]."
    ),
    "hierarchy": (
        "Concentration of attention was measured by the effective number of leaders, the shares of the top, Gini and Herfindahl "
        "coefficients and centralization, and compared with a process of the same size in which attention follows attention "
        "[simon1955]. Order was measured by trophic incoherence [mackay2020], global reaching centrality [mones2012] and flow "
        "hierarchy [luo2011], and compared with networks rewired so that every account keeps its number of ties, on at most "
        "{max_null_ties:,} ties. Each comparison has {draws:,} draws. Intervals (95 %) draw whole clusters of interactions again, "
        "{replicates:,} times; p-values count the observed value among the draws [phipson2010]."
    ),
    "factions": (
        "Groups were found by the Leiden algorithm on modularity at resolution {resolution:g} [traag2019], {runs} runs from "
        "different starts, with a consensus where they disagree [lancichinetti2012]. Polarization was described by two-sidedness, "
        "the E-I index [krackhardt1988], random-walk controversy [garimella2018], boundary polarization [guerra2013] and the "
        "dipole [morales2015]. These and the modularity were compared with {draws:,} rewired networks partitioned by the same "
        "procedure, on at most {max_null_ties:,} ties [salloum2022]. Agreement of groups with platforms, where several were seen, "
        "was compared with platforms dealt out anew [peel2017; newman2003]. Hashtags that tell groups apart are ordered by "
        "log-odds with an informative prior [monroe2008]."
    ),
    "dynamics": (
        "Time was cut into calendar windows{window} with at least {window_events:,} interactions; the {top} accounts "
        "heard most in each were compared by Jaccard index and rank-biased overlap [webber2010], against accounts drawn anew in "
        "each window and against constant popularity ({draws:,} draws of each). Reactions to named events within "
        "{reaction_hours:g} hours were followed by the Kaplan-Meier estimator [kaplan1958] and compared with the same times of "
        "other days; burstiness [goh2008] is corrected for the number of acts [kim2016] and for the daily rhythm. Groups were "
        "joined from window to window [greene2010]; splits and mergers were compared with the same interactions at other times "
        "({group_draws:,} draws). Where it is known who follows whom, four rules of attribution give a range for cascades "
        "[goel2016; deverna2024]."
    ),
    "symbols": (
        "The {most:,} hashtags used by most accounts were compared over the groups with groups dealt out at random "
        "({label_draws:,} draws), as signs that a movement shares [gerbaudo2017]. Hashtags go together if the same accounts use them more often than chance gives [church1990], "
        "also given how many each account uses, from {draws:,} matrices with the same sums [strona2014], at a false-discovery rate "
        "of 5 % [benjamini1995]. A use counts as kept if it is repeated after {retention_days:g} days or more; intervals are "
        "Wilson's [wilson1927]. Nothing is said of fewer than five accounts."
    ),
    "coordination": (
        "Pairs of accounts count as acting together if they share more of the same objects ({objects}; at least "
        "{fewest_objects} within a minute, objects shared by more than {viral_share:.0%} of the accounts left out) than a "
        "bipartite configuration model gives [saracco2015; neal2014; neal2021], and share them closer in time than if times were "
        "dealt out anew within objects, at a false-discovery rate of {false_discovery_rate:.0%} for each test. The number of "
        "pairs was compared with {draws:,} sets of shuffled times, and the rule of thumb of other tools is shown beside "
        "[pacheco2021; giglietto2020]."
    ),
    "legitimation": (
        "For each operation the community was fixed beforehand: accounts active in the {community_days} days before it began. "
        "Members endorse by using one of its signs or passing on a post that carries one, and oppose by counter signs; "
        "operations without an end were followed for {days} days [gerbaudo2017]. Intervals are Wilson's [wilson1927] and from "
        "{replicates:,} draws of whole posts; participation, breadth and balance were compared with ordinary hashtags of the "
        "same days, members drawn at random and even odds ({draws:,} draws), adjusted over operations [benjamini1995]. Curves "
        "of joining [bass1969] describe; they do not show contagion [shalizi2011]."
    ),
}
_ROBUSTNESS = (
    "How far each headline could be off was tried with the effort '{effort}': as far as the data allow, on parts of the posts, "
    "without the most active accounts and those flagged as automated, and with clusters of interactions drawn again "
    "[gonzalezbailon2014; rauchfleisch2020]."
)
_EVERYWHERE = (
    "Numbers are compared with chance by Monte Carlo draws, whose p-values are never zero [phipson2010]. A number that cannot be "
    "computed is reported as undefined with its reason."
)


def methods_page(content: Content, estimates: Table | None) -> str:
    """Return the methods in paragraphs, the null models, all parameters and the references, in Markdown.

    Parameters
    ----------
    content
        What the report holds.
    estimates
        The table of all estimates, which names their null models; None if there is none.
    """
    study, version = content.study, metadata.version("netact")
    parts = [
        f"# Methods: {markdown_text(plain(study.title, limit=200))}",
        f"Analysed with netact {version}, seed {study.seed}; `study.toml` repeats the run. This page may be quoted.",
        "## Data",
        *_data(content),
    ]
    for step in study.measures:
        parts.append(f"## {told(METHODS[step.name].title)}")
        if step.name in content.unanswered:
            reason = markdown_text(sentence(content.results[step.name].reason))
            parts.append(f"The question was asked and the data hold no answer. {reason}".rstrip())
            continue
        parts.append(_with_short(_filled(PARAGRAPHS[step.name], step.parameters)))
        models = _null_models(estimates, step.name)
        if models:
            parts.append(f"Null models: {'; '.join(models)}.")
    effort = str(study.robustness.get("effort", "none"))
    if effort != "none":
        parts += ["## Robustness", _with_short(_ROBUSTNESS.format(effort=effort))]
    parts += ["## Chance and certainty", _with_short(_EVERYWHERE), "## Parameters"]
    rows = ["| measure | parameter | value |", "|---|---|---|"]
    rows += [
        f"| {step.name} | {name} | {'not set' if value is None else markdown_text(str(value))} |"
        for step in study.measures
        for name, value in step.parameters.items()
    ]
    rows += [f"| robustness | {name} | {markdown_text(str(value))} |" for name, value in study.robustness.items()]
    parts += ["\n".join(rows), "## References"]
    parts.append(
        "\n".join(
            f"- {markdown_text(SOURCES[key].text)}. <https://doi.org/{SOURCES[key].doi}>" for key in cited_keys(content)
        )
        + f"\n- netact {version} [software]."
    )
    return "\n\n".join(parts) + "\n"


def references(content: Content) -> str:
    """Return the sources of a study's methods as a BibTeX file, by key, and netact itself."""
    version = metadata.version("netact")
    about = bibtex_text(metadata.metadata("netact")["Summary"] or "")
    software = "\n".join(
        [
            "@misc{netact,",
            "  author = {{The netact authors}},",
            "  title = {{netact}: " + about.rstrip(".") + "},",
            f"  note = {{Computer software, version {version}}},",
            "}",
        ]
    )
    return "\n\n".join([*(SOURCES[key].bibtex(key) for key in cited_keys(content)), software]) + "\n"


def cited_keys(content: Content) -> list[str]:
    """Return the keys of the sources that the methods of a report cite, sorted."""
    study = content.study
    texts = [PARAGRAPHS[step.name] for step in study.measures if step.name not in content.unanswered] + [_EVERYWHERE]
    if study.robustness.get("effort", "none") != "none":
        texts.append(_ROBUSTNESS)
    return sorted({key for text in texts for key in keys_in(text)})


def keys_in(text: str) -> list[str]:
    """Return the keys of the sources that a paragraph cites."""
    return [key for found in re.findall(r"\[([a-z0-9; ]+)\]", text) for key in found.split("; ")]


def write_methods(content: Content, estimates: Table | None, folder: Path) -> None:
    """Write ``methods.md`` and ``references.bib``."""
    (folder / "methods.md").write_text(methods_page(content, estimates), encoding="utf-8")
    (folder / "references.bib").write_text(references(content), encoding="utf-8")


def _with_short(text: str) -> str:
    """Put the authors and years in the place of the keys."""
    return re.sub(
        r"\[([a-z0-9; ]+)\]", lambda found: f"({'; '.join(SOURCES[key].short for key in found[1].split('; '))})", text
    )


def _filled(text: str, parameters: Mapping[str, Any]) -> str:
    window = parameters.get("window")
    filled = text.format(**{**parameters, "window": "" if window is None else f" ({window})"})
    return re.sub(r"(?<=\d)%", " %", filled)


def _null_models(estimates: Table | None, question: str) -> list[str]:
    if estimates is None:
        return []
    rows = estimates.frame.filter(
        (estimates.frame["question"] == question) & estimates.frame["null_model"].is_not_null()
    )
    return list(dict.fromkeys(markdown_text(text) for text in rows["null_model"].to_list()))


def _data(content: Content) -> Iterable[str]:
    receipt, summary, study = content.receipt, content.summary, content.study
    files = [
        f"`{PurePath(source['file']).name}` ({source['format']}; {source['rows_read']:,} rows read, "
        f"{source['rows_kept']:,} kept)"
        for source in receipt["sources"]
    ]
    yield f"{'One file was' if len(files) == 1 else f'{len(files)} files were'} read: {'; '.join(files)}."
    kinds = ", ".join(f"{number:,} of the kind {kind}" for kind, number in summary.kinds.items())
    said = f"They hold {summary.accounts:,} accounts and {summary.interactions:,} interactions ({kinds})"
    if summary.first_time and summary.last_time:
        said += f" from {summary.first_time:%Y-%m-%d} to {summary.last_time:%Y-%m-%d} (UTC)"
    direction = (
        f"A tie points from the account that gives attention to the one that receives it; attention is the kind "
        f"'{summary.attention_kind}'."
        if summary.directed
        else f"Ties of the kind '{summary.attention_kind}', which stands for attention, have no direction."
    )
    yield f"{said}. {direction}"
    filters = {name: value for name, value in study.filters.to_dict().items() if value not in ("", [], (), None)}
    if filters:
        yield f"Filters: {'; '.join(f'{name} = {markdown_text(str(value))}' for name, value in filters.items())}."
    collection = study.collection
    if collection.declared:
        rate = "" if collection.rate is None else f", a share of {collection.rate:g} of the posts"
        query = f", by {', '.join(markdown_text(word) for word in collection.query)}" if collection.query else ""
        yield f"The traffic was declared to be collected as '{collection.sampling}'{rate}{query}."
    else:
        yield "Which part of the traffic was collected was not declared."
    privacy = study.privacy
    if privacy.names == "all":
        yield "All accounts and people are named."
    else:
        shown = " or ".join(
            filter(
                None,
                (
                    "those on a list of public accounts" if privacy.public else "",
                    f"those with an audience of at least {privacy.named_from:,}" if privacy.named_from else "",
                ),
            )
        )
        yield f"Accounts and people are called by keyed pseudonyms{f', but for {shown}' if shown else ''}."
