"""Home: what this is, the reports that are open, what this browser has uploaded, and the way to upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, dcc, html, no_update

from netact.errors import NetactError
from netact.figures.text import plain
from netact.language import _
from netact.report.content import sample_facts
from netact.report.findings import overall
from netact_dashboards.components import attributes, sentence

if TYPE_CHECKING:
    from netact_dashboards.shelf import Shelf
    from netact_dashboards.workspace import Workspace


def layout(shelf: Shelf, workspace: Workspace | None) -> Any:
    """Return the page."""
    return [
        html.Header(
            [
                html.H1(_("Who is at the centre of a movement online, and where it splits"), className="headline"),
                html.P(
                    _(
                        "netact reads an export of a movement's traffic on social media and says, with evidence, who "
                        "draws the attention, who holds the keys, how steep the order is and where it splits. It says "
                        "how sure it is, and when the data cannot say."
                    ),
                    className="deck",
                ),
            ]
        ),
        _way_in(workspace),
        *_mine(workspace),
        *_open_reports(shelf),
        *_being_made(shelf),
    ]


def _being_made(shelf: Shelf) -> list[Any]:
    """Say that the demo report is on its way; the page looks again until it is there."""
    if shelf.making is None:
        return []
    text = _("A demo report on an invented movement is being made. It appears here by itself, in about half a minute.")
    return [html.P(text, className="note", role="status"), dcc.Interval(id="home-wait", interval=2000)]


def register(app: Dash, shelf: Shelf) -> None:
    """Show the page again once the demo report is there."""

    @app.callback(Output("look", "data"), Input("home-wait", "n_intervals"), prevent_initial_call=True)
    def look_again(waited: int) -> Any:
        return f"made {waited}" if shelf.making is None else no_update


def _way_in(workspace: Workspace | None) -> html.Div:
    if workspace is not None:
        return html.Div(
            [
                # A plain link: the page begins anew, without the files of an earlier draft.
                html.A(_("Analyse your own data"), href="/upload", className="loud"),
                html.P(_("The files stay on the computer that runs this page."), className="note"),
            ],
            className="way-in",
        )
    return html.Div(
        [
            html.H2(_("Analyse your own data")),
            html.P(_("Nothing can be uploaded here. From the command line, where netact is installed:")),
            html.Pre("netact analyze FILE --out REPORT\nnetact dashboard REPORT", dir="ltr"),
        ],
        className="way-in",
    )


def _mine(workspace: Workspace | None) -> list[Any]:
    """Return where the browser lists what it uploaded: the server knows of no such list."""
    if workspace is None:
        return []
    texts = {
        "draft": _("not started yet"),
        "waiting": _("waiting in line"),
        "running": _("being analysed"),
        "done": _("report ready"),
        "failed": _("stopped by an error"),
        "cancelled": _("cancelled"),
        "untitled": _("Without a title"),
    }
    return [
        html.Section(
            [
                html.H2(_("Your uploads"), id="mine-title"),
                html.P(
                    _("Only this browser remembers them; on another computer, open the address of the upload."),
                    className="note",
                ),
                html.Div(id="mine", **attributes({f"data-{state}": text for state, text in texts.items()})),
            ],
            id="mine-section",
            hidden=True,
            **attributes({"aria-labelledby": "mine-title"}),
        )
    ]


def _open_reports(shelf: Shelf) -> list[Any]:
    items = [item for key in list(shelf.public) if (item := _report(shelf, key)) is not None]
    if not items:
        return []
    return [html.Section([html.H2(_("Open reports")), html.Ul(items, className="reports")])]


def _report(shelf: Shelf, key: str) -> html.Li | None:
    try:
        report = shelf.report(key)
    except NetactError:  # its folder was changed after the start; the others can still be read
        return None
    if report is None:
        return None
    content = report.content
    return html.Li(
        [
            html.H3(
                dcc.Link(
                    html.Bdi(plain(content.study.title, limit=80)),
                    href=f"/report/{key}/overview",
                    className="stretched",
                )
            ),
            html.P(sentence(overall(content.findings).headline), className="says"),
            html.Ul([html.Li(sentence(fact)) for fact in sample_facts(content.summary)], className="sample"),
        ]
    )
