"""Factions: the groups attention splits into, how they stand to one another, and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from netact.figures import panels as figures_of
from netact.figures.flows import flows
from netact.figures.splits import bridges, hashtags_by_group, platform_split
from netact.figures.text import plain
from netact.figures.theme import colour, symbol
from netact.figures.timeline import factions_over_time
from netact.language import _, _n
from netact.report.findings import question_text
from netact.results import Factions
from netact_dashboards.components import account_link, answers, attributes, checklist, head, section, sections
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel

STEM = "factions"
LONGEST_NAME = 60
_SIGNS = {
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "triangle-up": "▲",
    "cross": "✚",
    "star": "★",
    "circle-open": "○",
}


def _result(view: View) -> Factions | None:
    return view.content.factions


def _parts(view: View) -> list[tuple[str, list[Panel]]]:
    """Return the figures under their headings."""
    result, content = _result(view), view.content
    if result is None:
        return []
    made = {one.name: one for one in figures_of(result, names=content.names, directed=content.summary.directed)}
    groups, words = view.groups, content.words

    def kept(*panels: Panel | None) -> list[Panel]:
        return [one for one in panels if one is not None]

    between = kept(made.pop("groups", None), made.pop("matrix", None), bridges(result, content.names, groups))
    marks = kept(hashtags_by_group(result, groups), platform_split(result, groups), made.pop("technology", None))
    inside = kept(made.pop("cut", None), made.pop("inside-cores", None))
    time = kept(factions_over_time(content.timeline, groups, words), flows(content.timeline, groups))
    sizes = kept(made.pop("sizes", None))
    return [
        (_("How large they are"), sizes),
        (_("How they stand to one another"), between),
        (_("What sets them apart"), marks),
        (_("How attention moved between them"), time),
        (_("How two-sided it is"), list(made.values())),
        (_("What would part it"), inside),
    ]


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figures in the order of the page."""
    return tuple(one for _title, shown in _parts(view) for one in shown)


def layout(view: View) -> Any:
    """Return the page."""
    result, finding = _result(view), view.findings[STEM]
    return [
        head(view, finding),
        *answers(finding, criteria=() if result is None else result.criteria),
        *([] if result is None else _groups(view, result)),
        *([] if result is None else _verdict(result)),
        *sections(view, _parts(view)),
    ]


# ---------------------------------------------------------------------- names


def _groups(view: View, result: Factions) -> list[Any]:
    """Return the groups with their most-heard accounts, each with a way to name it."""
    rows = [row for row in result.sizes.iter_rows(named=True) if row["faction"] in view.groups]
    if not rows:
        return []
    text = _(
        "Groups are told apart by who gives attention to whom, not by what they say. Give them names that your readers know; the names are kept with the report."
    )
    return [
        section(
            _("The groups"),
            html.P(text, className="note"),
            html.Ul([_group(view, row) for row in rows], className="groups"),
            part="the-groups",
        )
    ]


def _group(view: View, row: dict[str, Any]) -> html.Li:
    number, name = row["faction"], plain(view.groups[row["faction"]], limit=LONGEST_NAME)
    leaders = [account_link(view, key) for key in row["leaders"] or [] if key in view.content.names]
    heard: list[Any] = []
    for one in leaders:
        heard += [one] if not heard else [", ", one]
    size = _n("{n:count} account", "{n:count} accounts", row["accounts"])
    share = row["share_of_attention"]
    facts = size if share is None else _("{accounts}, {share:percent} of attention", accounts=size, share=share)
    return html.Li(
        [
            html.Div(
                [
                    html.Span(
                        _SIGNS.get(symbol(number), "○"),
                        className="sign",
                        style={"color": colour(number)},
                        **attributes({"aria-hidden": "true"}),
                    ),
                    html.Strong(html.Bdi(name)),
                    html.Button(
                        _("Rename"),
                        type="button",
                        className="quiet rename",
                        **attributes({"aria-label": _("Rename {group}", group=name), "aria-expanded": "false"}),
                    ),
                ],
                className="row named",
            ),
            html.Div(
                [
                    html.Label(_("New name for {group}", group=name), htmlFor=f"group-name-{number}"),
                    html.Div(
                        [
                            dcc.Input(
                                id=f"group-name-{number}",
                                type="text",
                                value=plain(view.report.group_names.get(number, ""), limit=LONGEST_NAME)
                                if number in view.report.group_names
                                else "",
                                placeholder=name,
                                maxLength=LONGEST_NAME,
                                autoComplete="off",
                            ),
                            html.Button(_("Save"), type="button", className="loud save"),
                            html.Button(_("Cancel"), type="button", className="quiet cancel"),
                        ],
                        className="row",
                    ),
                    html.P(_("Leave it empty to go back to the letter."), className="note"),
                    html.P("", className="fault", role="alert"),
                ],
                className="renaming",
                hidden=True,
                **attributes(
                    {
                        "data-report": view.key,
                        "data-faction": str(number),
                        "data-kept": _("The name is kept."),
                        "data-failed": _(
                            "The name could not be kept. Try again, or look whether the folder can be written."
                        ),
                    }
                ),
            ),
            html.P([facts, *([html.Br(), _("Most heard: "), *heard] if heard else [])], className="facts-of-group"),
        ]
    )


def _verdict(result: Factions) -> list[Any]:
    """Return the conditions of the wording rule."""
    if not result.criteria:
        return []
    text = _("Groups that hardly speak to one another are not yet camps. What may be said depends on these conditions.")
    return [section(_("How divided is it?"), html.P(text, className="note"), checklist(result.criteria))]


PAGE = Page(STEM, lambda: question_text(STEM), layout, panels)
