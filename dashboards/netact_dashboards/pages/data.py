"""Data and method: what was read and left out, how every question was answered, and how to run it again."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

from dash import html

from netact.figures.text import plain
from netact.language import _, _n, count, told
from netact.report.content import counted_records, kinds_counted, moment, receipt_word, what_was_read
from netact.report.findings import question_text
from netact.report.methods import method
from netact.report.multiverse import axis_rows, how_it_changes, opening, varied
from netact_dashboards.components import attributes, sentence, simple_table
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FILES = (
    "report.html",
    "study.toml",
    "findings.json",
    "accounts.csv",
    "accounts.parquet",
    "multiverse.csv",
    "multiverse.parquet",
    "network.graphml",
    "network.gexf",
)


def layout(view: View) -> Any:
    """Return the page."""
    return [
        html.Header(
            [
                html.P(_("Data and method"), className="ask"),
                html.H1(what_was_read(view.content.receipt), className="headline"),
            ]
        ),
        *_receipts(view),
        *_varied(view),
        *_methods(view),
        *_glossary(),
        *_again(view),
        *_delete(view),
    ]


# ---------------------------------------------------------------------- what was read


def _receipts(view: View) -> list[Any]:
    receipt = view.content.receipt
    parts: list[Any] = [html.H2(_("What was read"))]
    if receipt["duplicates_across_files"]:
        text = _n(
            "{n:count} row repeated a post of an earlier file and was left out.",
            "{n:count} rows repeated a post of an earlier file and were left out.",
            receipt["duplicates_across_files"],
        )
        parts.append(html.P(text))
    parts += [html.P(plain(told(text), limit=400)) for text in receipt["warnings"]]
    if receipt.get("filtered"):
        rows = [
            [
                plain(told(item["reason"]), limit=200),
                count(item["rows"].get("interactions", 0)),
                count(item["rows"].get("accounts", 0)),
            ]
            for item in receipt["filtered"]
        ]
        columns = [_("Left out by the filters of the study"), _("Ties"), _("Accounts")]
        parts.append(simple_table(columns, rows, label=_("Left out by the filters of the study")))
    for source in receipt["sources"]:
        parts.append(_receipt(source))
    parts.append(
        html.P(
            _(
                "Results describe this sample, not the whole movement: deleted and protected accounts, posts outside the search terms and limits of the platform are not in it."
            ),
            className="not-said",
        )
    )
    return parts


def _receipt(source: Mapping[str, Any]) -> html.Section:
    roles = {
        "interactions": _("Interactions"),
        "accounts": _("Table of accounts"),
        "admins": _("Table of admin rights"),
        "people": _("Table of persons"),
        "identities": _("Table of accounts that are one"),
        "operations": _("Table of actions called for"),
        "triggers": _("Table of events from outside"),
        "earlier": _("Interactions of an earlier event"),
        "leave_out": _("List of accounts to leave out"),
    }
    evidence = "; ".join(told(text) for text in source["evidence"])
    facts: list[tuple[str, Any]] = [
        (_("Holds"), roles.get(source["role"], source["role"])),
        (_("Format"), f"{source['format']}: {evidence}" if evidence else source["format"]),
        (
            _("Ties") if source["records"] else _("Rows"),
            _("{read:count} read, {kept:count} kept", read=source["rows_read"], kept=source["rows_kept"]),
        ),
    ]
    if source["encoding"]:
        facts.append((_("Encoding"), source["encoding"]))
    if source["mapping"]:
        columns: list[Any] = []
        for role, column in source["mapping"].items():
            columns += [receipt_word(role), ": ", html.Bdi(html.Code(plain(column, limit=60))), "; "]
        facts.append((_("Columns"), columns[:-1]))
    if source["fields"]:
        read: list[Any] = []
        for role, names in source["fields"].items():
            read += [receipt_word(role), ": ", html.Bdi(html.Code(plain(names, limit=120))), "; "]
        facts.append((_("Fields"), read[:-1]))
    if source["records"]:
        facts.append((_("Records"), counted_records(source["records"])))
    if source["direction"]:
        facts.append((_("Direction"), plain(told(source["direction"]), limit=300)))
    for name, label in (
        ("duplicates", _("Repeats")),
        ("self_ties", _("Ties of an account with itself")),
        ("damaged_ids", _("Ids damaged by a spreadsheet")),
    ):
        if source[name]:
            facts.append((label, count(source[name])))
    if source["kinds"]:
        facts.append((_("Kinds"), kinds_counted(source["kinds"])))
    if source["unresolved"]:
        facts.append((_("Kept apart"), kinds_counted(source["unresolved"])))
    if source["first_time"]:
        zone = f" ({source['time_zone']})" if source["time_zone"] else ""
        told_period = _("{first} to {last}", first=moment(source["first_time"]), last=moment(source["last_time"]))
        facts.append((_("Period"), told_period + zone))
    if source["unused_columns"]:
        facts.append((_("Not used"), ", ".join(plain(name, limit=60) for name in source["unused_columns"])))
    facts.append(("SHA-256", html.Code(source["sha256"])))
    body: list[Any] = [
        html.H3(html.Bdi(plain(source["file"], limit=80))),
        html.Dl(
            [html.Div([html.Dt(label), html.Dd(value)], className="fact") for label, value in facts], className="facts"
        ),
    ]
    if source["dropped"]:
        rows = [
            [plain(told(item["reason"]), limit=200), count(item["rows"]), ", ".join(map(str, item["first_lines"]))]
            for item in source["dropped"]
        ]
        body.append(
            simple_table([_("Left out because"), _("Rows"), _("First in line")], rows, label=_("Rows left out"))
        )
    for title, texts in ((_("Assumed"), source["assumptions"]), (_("Take note"), source["warnings"])):
        if texts:
            body += [html.P(html.Strong(title)), html.Ul([html.Li(plain(told(text), limit=400)) for text in texts])]
    return html.Section(body, className="receipt")


# ---------------------------------------------------------------------- how the answers change


def _varied(view: View) -> list[Any]:
    made = view.content.multiverse
    if made is None:
        return []
    changing, rows = axis_rows(made)
    said = [
        html.Div([html.Dt(question_text(name)), html.Dd(how_it_changes(made, name))], className="fact")
        for name in view.content.results
    ]
    parts: list[Any] = [
        html.H2(_("How the answers change")),
        html.P(opening(made)),
        html.Ul([html.Li(html.Code(plain(axis, limit=300))) for axis in varied(made)], className="axes", dir="ltr"),
        html.Dl(said, className="facts"),
    ]
    if rows:
        label = _("In how many combinations the answer stays the same")
        cells = [[html.Code(plain(first, limit=120)), *rest] for first, *rest in rows]
        parts += [html.H3(label), simple_table([_("With"), *map(question_text, changing)], cells, label=label)]
    return parts


# ---------------------------------------------------------------------- how it was answered


def _methods(view: View) -> list[Any]:
    parts: list[Any] = [
        html.H2(_("How the questions were answered")),
        html.P(
            _(
                "Every number stands beside what chance would give. Ranges are central 95 % ranges. A p-value says how often chance alone gives something at least as marked; it does not say how likely the finding is to be true. The unit is accounts, not people, unless a table says who runs which account."
            ),
            className="story",
        ),
    ]
    for step in view.content.study.measures:
        told_method = method(step.name)
        parameters = [[name, "" if value is None else str(value)] for name, value in step.parameters.items()]
        parts.append(
            html.Details(
                [
                    html.Summary(question_text(step.name)),
                    html.Div(
                        [
                            *(html.P(text) for text in told_method.paragraphs),
                            html.H3(_("Sources")),
                            html.Ul(
                                [
                                    html.Li(
                                        [
                                            f"{text}. ",
                                            html.A(
                                                f"doi:{doi}",
                                                href=f"https://doi.org/{doi}",
                                                rel="noreferrer noopener",
                                                target="_blank",
                                            ),
                                        ]
                                    )
                                    for text, doi in told_method.sources
                                ],
                                dir="ltr",
                            ),
                            html.H3(_("Parameters")),
                            simple_table([_("Parameter"), _("Value")], parameters, label=_("Parameters")),
                        ],
                        className="story",
                    ),
                ],
                className="method",
            )
        )
    parts.append(
        html.P(
            _(
                "High, medium and low confidence follow fixed thresholds on stability, coverage and comparison with chance, published with the code. “Cannot say” means that the data could not have shown the answer either way; it is not evidence of absence."
            ),
            className="story",
        )
    )
    return parts


def _glossary() -> list[Any]:
    words: Sequence[tuple[str, str]] = (
        (_("Attention"), _("What an account gives when it follows, retweets, mentions or replies to another. Ties point from the one who gives it to the one who receives it.")),
        (_("Core"), _("A set of accounts that tie to one another more than chance explains and that draws much attention from outside. A set of accounts, not proof of a team of people.")),
        (_("By chance"), _("What the same number is in networks drawn at random that keep how popular and how active each account is.")),
        (_("Range"), _("Where the number lies in 95 of 100 repetitions with parts of the data left out or drawn again.")),
        (_("Modularity"), _("How much more of the ties stay inside groups than if they ignored groups; 0 is no more.")),
        (_("Trophic level"), _("Where an account stands in the flow of influence: 0 is the top, and whoever passes others on stands below them, on average by one level.")),
        (_("Bus factor"), _("How many people have to be gone before half of the attention goes to accounts that nobody can open.")),
        (_("Shutdown power"), _("How much attention goes dark if the people who hold the keys of accounts shut them down.")),
    )  # fmt: skip
    rows = [html.Div([html.Dt(word), html.Dd(sentence(text))], className="fact") for word, text in words]
    return [html.H2(_("Words")), html.Dl(rows, className="facts")]


# ---------------------------------------------------------------------- run it again, take it along, delete it


def _again(view: View) -> list[Any]:
    names = {
        "report.html": _("The whole report as one page that opens without a server"),
        "study.toml": _("The study: every file, column, parameter and seed"),
        "findings.json": _("The findings as data"),
        "accounts.csv": _("All accounts as a table"),
        "accounts.parquet": _("The same table for programs"),
        "multiverse.csv": _("The answers of every combination of the grid"),
        "multiverse.parquet": _("The same table for programs"),
        "network.graphml": _("The network for Gephi, Cytoscape, igraph"),
        "network.gexf": _("The network for Gephi, with groups and cores"),
    }
    there = [name for name in _FILES if view.content.multiverse is not None or not name.startswith("multiverse")]
    rows = [[html.A(name, href=f"/files/{view.key}/{name}", download=name), names[name]] for name in there]
    return [
        html.H2(_("Take it along, run it again")),
        simple_table([_("File"), _("What it holds")], rows, label=_("Files to download")),
        html.P(_("With the same input files this command repeats the run, with the same numbers:")),
        html.Pre("netact study run study.toml -o again", dir="ltr"),
        html.P(
            _(
                "Seed {seed}. netact {version}. Run {identity}: it stands for the content, the parameters and the version together.",
                seed=str(view.content.study.seed),
                version=metadata.version("netact"),
                identity=view.report.identity,
            ),
            className="note",
        ),
    ]


def _delete(view: View) -> list[Any]:
    if view.key in view.shelf.public:
        return []
    return [
        html.H2(_("Delete this report")),
        html.P(
            _(
                "Your files and this report lie on the machine that runs this dashboard. Whoever has the address of this page can see the report. Deleting removes all of it at once."
            )
        ),
        html.Button(
            _("Delete the upload and its report"),
            className="quiet danger",
            type="button",
            **attributes(
                {
                    "data-delete-job": view.key,
                    "data-confirm": _("Delete the upload and its report? This cannot be undone."),
                }
            ),
        ),
    ]


PAGE = Page("data", lambda: _("Data and method"), layout)
