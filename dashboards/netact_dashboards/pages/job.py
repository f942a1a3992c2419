"""Job: how far an analysis is, what was read, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from dash import Input, Output, State, ctx, dcc, html, no_update

from netact.figures.text import plain
from netact.language import _, _n, spoken, told
from netact.report.run import STAGES
from netact_dashboards.components import attributes, notice, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dash import Dash

    from netact_dashboards.workspace import JobStatus, Workspace

MOVING = ("waiting", "running")


def layout(workspace: Workspace | None, key: str) -> Any:
    """Return the page of a job; what stands there is made anew whenever its state changes."""
    status = workspace.status(key) if workspace is not None else None
    return [
        dcc.Store(id="job-key", data=key),
        dcc.Store(id="job-state", data=_state(status)),
        dcc.Location(id="job-go", refresh="callback-nav"),
        dcc.Interval(id="job-clock", interval=1000, disabled=status is None or status.state not in MOVING),
        html.Div(body(workspace, key, status), id="job-body"),
        html.Div(
            said_aloud(status), id="job-live", className="unseen", role="status", **attributes({"aria-live": "polite"})
        ),
    ]


def register(app: Dash, workspace: Workspace) -> None:
    """Add what keeps the page up to date."""

    @app.callback(
        Output("job-body", "children"),
        Output("job-times", "children"),
        Output("job-live", "children"),
        Output("job-state", "data"),
        Output("job-clock", "disabled"),
        Output("job-go", "href"),
        Input("job-clock", "n_intervals"),
        State("job-key", "data"),
        State("job-state", "data"),
        State("job-live", "children"),
        prevent_initial_call=True,
    )
    def tick(_n_intervals: Any, key: Any, state: Any, spoken_last: Any) -> tuple[Any, ...]:
        if ctx.triggered_id != "job-clock" or not isinstance(key, str):
            return (no_update,) * 6
        status = workspace.status(key)
        now = _state(status)
        aloud = said_aloud(status)
        live = no_update if aloud == spoken_last else aloud
        ended = status is None or status.state not in MOVING
        if status is not None and status.state == "done":
            return no_update, no_update, live, now, True, f"/report/{key}/overview"
        if now != state:
            return body(workspace, key, status), no_update, live, now, ended, no_update
        times = no_update if ended or status is None else _times(status)
        return no_update, times, live, now, ended, no_update


def _state(status: JobStatus | None) -> str:
    """Return what the page depends on but for the seconds."""
    if status is None:
        return "gone"
    read = "read" if status.receipt else ""
    return f"{status.state} {status.progress.stage} {status.place} {read}"


def said_aloud(status: JobStatus | None) -> str:
    """Return what is read out when it changes."""
    if status is None:
        return _("The upload is gone.")
    if status.state == "running":
        return _stage_name(status.progress.stage)
    return {
        "draft": _("Not started yet"),
        "waiting": _("Waiting in line"),
        "done": _("The report is ready."),
        "failed": _("The analysis stopped with an error."),
        "cancelled": _("The analysis was cancelled."),
    }[status.state]


def _stage_name(stage: str) -> str:
    return STAGES[stage]() if stage in STAGES else _("Starting")


def body(workspace: Workspace | None, key: str, status: JobStatus | None) -> list[Any]:
    """Return what stands on the page in one state of the job."""
    if workspace is None or status is None:
        return _gone()
    files = workspace.files(key)
    title = plain(status.title or (files[0].name if files else ""), limit=80) or _("Your upload")
    parts: list[Any] = [html.P(html.Bdi(title), className="ask")]
    back = html.A(_("Back to the files and how they are read"), href=f"/upload?job={key}", className="loud")
    if status.state in MOVING:
        parts += [
            html.H1(
                _("The analysis is running") if status.state == "running" else _("Waiting in line"),
                className="headline",
            ),
            html.P(_place(status), className="deck") if status.state == "waiting" else None,
            _stages(status),
            html.Div(_times(status), id="job-times", className="times"),
            html.P(_("You can close this page; its address leads back to the analysis and then to the report.")),
            html.Div(_button(_("Cancel the analysis"), f"/api/jobs/{key}/cancel"), className="row"),
        ]
    elif status.state == "done":
        parts += [
            html.H1(_("The report is ready"), className="headline"),
            html.Div(
                [
                    dcc.Link(_("Open the report"), href=f"/report/{key}/overview", className="loud"),
                    html.A(_("Change how the files are read and run again"), href=f"/upload?job={key}"),
                ],
                className="row",
            ),
        ]
    elif status.state == "failed":
        parts += [
            html.H1(_("The analysis stopped with an error"), className="headline"),
            html.P(html.Bdi(plain(status.error, limit=600)), className="went-wrong", role="alert"),
            html.P(
                _(
                    "Nothing is lost: the files and how they are read were kept. Change what is named there and start again."
                )
            ),
            html.Div(back, className="row"),
        ]
    elif status.state == "cancelled":
        parts += [
            html.H1(_("The analysis was cancelled"), className="headline"),
            html.P(_("No report was made. The files and how they are read were kept."), className="deck"),
            html.Div(back, className="row"),
        ]
    else:
        parts += [
            html.H1(_("This upload has not been started"), className="headline"),
            html.Div(back, className="row"),
        ]
    return [*parts, *receipt_parts(status.receipt), keeping(key, status, study=workspace.study(key) is not None)]


def _gone() -> list[Any]:
    return [
        html.H1(_("This upload is gone"), className="headline"),
        notice(
            _("Nothing of it is kept here"),
            _(
                "It was deleted, its time was over, or the address is not complete. Its files, its report and what was read of it are deleted together."
            ),
            more=[html.P([html.A(_("Upload files"), href="/upload"), " · ", html.A(_("Home"), href="/")])],
        ),
    ]


def _place(status: JobStatus) -> str:
    if not status.place:
        return _("It is the next one.")
    return _n(
        "{n:count} analysis is before this one; they run one at a time.",
        "{n:count} analyses are before this one; they run one at a time.",
        status.place,
    )


def _stages(status: JobStatus) -> html.Ol:
    names = list(STAGES)
    at = names.index(status.progress.stage) if status.progress.stage in names else -1
    items = []
    for number, name in enumerate(names):
        state = "done" if number < at else "now" if number == at else "later"
        mark = {"done": "✓", "now": "", "later": ""}[state]
        spoken_state = {"done": _("done"), "now": _("now"), "later": _("not yet")}[state]
        if state == "done" and name in status.progress.reused:
            spoken_state = _("taken from an earlier run")
        items.append(
            html.Li(
                [
                    html.Span(mark, className="tick", **attributes({"aria-hidden": "true"})),
                    html.Span(STAGES[name]()),
                    html.Span(spoken_state, className="stage-state"),
                ],
                className=state,
                **(attributes({"aria-current": "step"} if state == "now" else {})),
            )
        )
    return html.Ol(items, className="stages")


def _times(status: JobStatus) -> list[Any]:
    if status.state == "waiting":
        return []
    left = status.progress.left
    return [
        html.Span(_("Running for {time}", time=duration(status.progress.elapsed))),
        html.Span(
            _("cannot say yet how long it takes")
            if left is None
            else _("less than a minute left")
            if left < 50
            else _n("about {n:count} minute left", "about {n:count} minutes left", max(1, round(left / 60)))
        ),
    ]


def duration(seconds: float) -> str:
    """Say a time in minutes and seconds.

    >>> duration(75)
    '1:15 min'
    """
    if seconds < 60:
        return _("{n} s", n=int(seconds))
    return _("{minutes}:{seconds} min", minutes=int(seconds // 60), seconds=f"{int(seconds % 60):02d}")


def receipt_parts(receipt: Mapping[str, Any] | None) -> list[Any]:
    """Return what was read so far, file by file."""
    if not receipt:
        return []
    parts: list[Any] = [html.H2(_("What was read"))]
    for source in receipt.get("sources", []):
        dropped = [html.Li(sentence(left_out(item))) for item in source.get("dropped", [])]
        read, kept = source["rows_read"], source["rows_kept"]
        parts.append(
            html.Div(
                [
                    html.H3(html.Bdi(plain(source["file"], limit=80))),
                    html.P(_("{read:count} rows read, {kept:count} kept.", read=read, kept=kept)),
                    html.Ul(dropped, className="caveats") if dropped else None,
                ],
                className="receipt",
            )
        )
    return parts


def left_out(item: Mapping[str, Any]) -> str:
    """Say how many rows were left out, why, and where the first ones stand."""
    reason, lines = plain(told(item["reason"]), limit=200), item.get("first_lines", ())
    if not lines:
        return _n("{n:count} row left out: {reason}", "{n:count} rows left out: {reason}", item["rows"], reason=reason)
    return _n(
        "{n:count} row left out: {reason} (line {lines})",
        "{n:count} rows left out: {reason} (first in lines {lines})",
        item["rows"],
        reason=reason,
        lines=", ".join(str(line) for line in lines),
    )


def keeping(key: str, status: JobStatus, *, study: bool) -> html.Section:
    """Return how long an upload is kept, and how to take it along or delete it."""
    return html.Section(
        [
            html.P(
                _("Everything of this upload is deleted by itself on {day}.", day=day(status.expires)), className="note"
            ),
            html.Div(
                [
                    html.A(_("Download the study file"), href=f"/files/{key}/study.toml", className="quiet")
                    if study and status.state == "done"
                    else None,
                    html.Button(
                        _("Delete this upload and its report"),
                        type="button",
                        className="quiet danger",
                        **attributes({"data-opens": "job-delete"}),
                    ),
                ],
                className="row",
            ),
            html.Dialog(
                [
                    html.H2(_("Delete this upload and its report?"), id="job-delete-title"),
                    html.P(
                        _(
                            "The files, the report and its address are gone for everybody who has the address. This cannot be undone."
                        )
                    ),
                    html.Div(
                        [
                            html.Button(
                                _("Keep it"),
                                type="button",
                                className="quiet",
                                **attributes({"data-closes": "job-delete"}),
                            ),
                            html.Button(
                                _("Delete"),
                                type="button",
                                className="loud danger",
                                **attributes(
                                    {
                                        "data-ask": f"/api/jobs/{key}",
                                        "data-method": "DELETE",
                                        "data-then": f"/job/{key}",
                                        "data-forget": key,
                                    }
                                ),
                            ),
                        ],
                        className="row",
                    ),
                    html.P("", className="went-wrong", hidden=True, **attributes({"data-refused": "yes"})),
                ],
                id="job-delete",
                **attributes({"aria-labelledby": "job-delete-title"}),
            ),
        ],
        className="keeping",
        **attributes({"data-remembers": key, "data-title": plain(status.title, limit=80), "data-state": status.state}),
    )


def day(moment: datetime) -> str:
    """Say a day in the language spoken."""
    locale = "ar@numbers=latn" if spoken() == "ar" else spoken()
    return str(format_date(moment, "d MMMM y", locale=locale))


def _button(label: str, address: str) -> html.Button:
    return html.Button(
        label, type="button", className="quiet", **attributes({"data-ask": address, "data-method": "POST"})
    )
