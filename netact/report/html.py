"""The report as one HTML file that opens from disk, asks nothing of the network and escapes every name."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from netact.figures import network_map, panels, robustness_panels
from netact.figures.compare import compare_values
from netact.figures.text import UNBROKEN, group_name, plain, split_marked, unmarked
from netact.language import _, _n, count, decimal, direction, percent, spoken, told
from netact.privacy import PSEUDONYM
from netact.report.claims import verdict_name
from netact.report.compare import answer_cells, cell, shared_sentences, value_rows
from netact.report.content import (
    counted_records,
    example_tie,
    kinds_counted,
    moment,
    receipt_word,
    sample_facts,
    what_was_read,
    who_is_named,
)
from netact.report.findings import confidence_name, overall, question_text
from netact.report.methods import method
from netact.report.multiverse import axis_rows, how_it_changes, opening, varied
from netact.results import Factions, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.figures import Panel
    from netact.report.compare import Comparison
    from netact.report.content import Content
    from netact.report.stored import StoredReport

SHOWN_ACCOUNTS = 200
_SHOWN_ROWS = 60


def render(content: Content, table: pl.DataFrame) -> str:
    """Return the report page.

    Parameters
    ----------
    content
        What the report holds; its study as it is written beside the page, paths included.
    table
        All accounts, most heard first; the page shows those that may be named.
    """
    words, summary = content.words, content.summary
    sections = []
    for finding in content.findings:
        if finding.question in content.unanswered:
            continue
        result, tried = content.results[finding.question], content.robustness.get(finding.question)
        made = panels(result, names=content.names, directed=summary.directed)
        sections.append(
            {
                "finding": finding,
                "question": question_text(finding.question),
                "panels": [_panel(p) for p in made],
                "doubts": [_panel(p) for p in (() if tried is None else robustness_panels(tried))],
            }
        )
    map_panel = network_map(content.layout, content.results, content.names, words)
    return _rendered(
        "report.html.j2",
        title=plain(content.study.title, limit=80),
        lead=overall(content.findings),
        sections=sections,
        map=_panel(map_panel) if map_panel else None,
        sample=sample_facts(summary),
        meaning=words.meaning if summary.kinds else _("No ties between accounts were read."),
        words=words,
        accounts=_accounts(content, table),
        receipt=content.receipt,
        fingerprint=summary.fingerprint,
        example=example_tie(content),
        methods=[method(finding.question) for finding in content.findings],
        study=content.study,
        claims=content.claims,
        varied=_varied(content),
        named=who_is_named(content),
        all_named=content.study.privacy.names == "all",
        unanswered=[(f, question_text(f.question)) for f in content.findings if f.question in content.unanswered],
        asked=list(content.results),
    )


def render_comparison(found: Comparison, reports: Sequence[StoredReport]) -> str:
    """Return the page that holds several reports side by side; two of them also in a figure."""
    figure = compare_values(value_rows(*reports)) if len(reports) == 2 else None
    pairs = list(zip(found.titles, reports, strict=True))
    made = (
        (_("Parameters that differ"), _("The parameters are the same in all."), found.parameters),
        (_("Inputs that differ"), _("The inputs are the same in all."), found.inputs),
        (_("Versions that differ"), _("Versions and platform are the same in all."), found.versions),
    )
    return _rendered(
        "compare.html.j2",
        reports=[
            (letter, plain(report.content.study.title, limit=80), sample_facts(report.content.summary))
            for letter, report in pairs
        ],
        questions=[
            {
                "name": name,
                "title": question_text(name),
                "rows": [(answer.report, *answer_cells(answer)) for answer in answers],
                "headlines": [
                    (answer.report, answer.headline if answer.asked else _("This report did not ask that."))
                    for answer in answers
                ],
            }
            for name, answers in found.answers.items()
        ],
        shared=[(f"{pair.first}, {pair.second}", shared_sentences(pair, found.names)) for pair in found.shared],
        panels=[] if figure is None else [_panel(figure)],
        made=[
            (
                title,
                same,
                ["", *found.titles],
                [(plain(name, limit=80), *(plain(cell(v), limit=80) for v in row)) for name, row in rows],
            )
            for title, same, rows in made
        ],
    )


def _rendered(template: str, **values: Any) -> str:
    """Return a page whose only scripts are the figures' library and what draws them, told by their hashes."""
    # The three texts put in as they are come from the package, never from data.
    library = _inline(get_plotlyjs())
    boot = _inline(_asset("report.js"))
    policy = (
        f"default-src 'none'; script-src '{_digest(library)}' '{_digest(boot)}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netact.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        names=_with_bdi, whole=_whole, percent=percent, count=count, decimal=decimal, plain=plain, unmarked=unmarked
    )
    environment.filters.update(
        told=told,
        moment=moment,
        receipt_word=receipt_word,
        kinds_counted=kinds_counted,
        counted_records=counted_records,
        what_was_read=what_was_read,
        capitalised=lambda text: text[:1].upper() + text[1:],
    )
    environment.globals.update(_=_, _n=_n, confidence_name=confidence_name, verdict_name=verdict_name)
    return environment.get_template(template).render(
        language=spoken(),
        direction=direction(),
        policy=policy,
        library=Markup(library),  # noqa: S704
        boot=Markup(boot),  # noqa: S704
        style=Markup(_asset("report.css")),  # noqa: S704
        version=metadata.version("netact"),
        **values,
    )


def _asset(name: str) -> str:
    return (resources.files("netact.report") / "templates" / name).read_text(encoding="utf-8")


def _inline(script: str) -> str:
    """Return a script as it must stand between script tags: with line feeds only, and nothing that ends it early."""
    return script.replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _with_bdi(sentence: str) -> Markup:
    """Escape a sentence and put every name in it into ``<bdi>``."""
    sentence = sentence.replace(" %", "\u00a0%")  # a number and its sign stay on one line
    pieces = (
        Markup('<bdi class="{}">{}</bdi>').format("whole" if len(piece) <= UNBROKEN else "", piece)
        if is_name
        else _whole(piece)
        for piece, is_name in split_marked(sentence)
    )
    return Markup("").join(pieces)


def _whole(text: str) -> Markup:
    """Escape a text and keep every pseudonym in it on one line: browsers break lines at its hyphen."""
    return Markup(PSEUDONYM.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704


def _panel(panel: Panel) -> dict[str, Any]:
    rows = [["" if value is None else str(value) for value in row] for row in panel.table.head(_SHOWN_ROWS).iter_rows()]
    return {
        "name": panel.name,
        "title": panel.title,
        "note": panel.note,
        "height": int(panel.figure.layout.height),
        "columns": panel.table.columns,
        "rows": [[plain(cell, limit=300) if cell else "" for cell in row] for row in rows],
        "more": max(0, panel.table.height - _SHOWN_ROWS),
        "json": Markup(panel.figure.to_json().replace("<", "\\u003c").replace("\u2028", "\\u2028")),  # noqa: S704
    }


def _varied(content: Content) -> dict[str, Any] | None:
    """Return how the answers change over the grid of the study; None without one."""
    made = content.multiverse
    if made is None:
        return None
    changing, rows = axis_rows(made)
    return {
        "opening": opening(made),
        "axes": varied(made),
        "questions": [(question_text(name), how_it_changes(made, name)) for name in content.results],
        "changing": [question_text(name) for name in changing],
        "rows": rows,
        "failed": [
            problem for (problem,) in made.failed.select(pl.col("problem").unique(maintain_order=True)).iter_rows()
        ],
    }


def _accounts(content: Content, table: pl.DataFrame) -> dict[str, Any]:
    """Return the rows of the account table: at most the two hundred most heard."""
    kind = content.summary.attention_kind
    received, givers = f"{kind}_in_strength", f"{kind}_in"
    if received not in table.columns:
        return {"rows": [], "groups": False, "cores": False, "total": table.height}
    shown = table.filter(pl.col(received) > 0).head(SHOWN_ACCOUNTS)
    factions, core = content.results.get("factions"), content.results.get("leading_core")
    names = dict(factions.sizes.select("faction", "name").iter_rows()) if isinstance(factions, Factions) else {}
    cores = isinstance(core, LeadingCore) and bool(core.cores)
    rows = [
        {
            "name": plain(row["handle"] or row["display_name"] or row["key"]),
            "share": percent(row["share_of_attention"]),
            "bar": round(100 * row["share_of_attention"] / max(shown["share_of_attention"][0], 1e-12), 1),
            "received": count(row[received]),
            "givers": count(row[givers]),
            "core": "" if row.get("core") is None else str(row["core"]),
            "group": group_name(names.get(row["faction"], "smaller groups")) if row.get("faction") is not None else "",
        }
        for row in shown.iter_rows(named=True)
    ]
    return {"rows": rows, "groups": bool(names), "cores": cores, "total": table.height}
