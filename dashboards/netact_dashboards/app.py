"""The application: one frame, the pages in it, and the look and language of each reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from flask import request

from netact.figures.text import plain
from netact.language import LANGUAGES, _, direction, spoken
from netact_dashboards.components import attributes, menu_button, notice, right_to_left
from netact_dashboards.pages import PAGES, home, job, upload
from netact_dashboards.routes import routes
from netact_dashboards.security import secure
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact_dashboards.security import Access
    from netact_dashboards.shelf import Shelf
    from netact_dashboards.workspace import Workspace

THEME = {
    "fontFamily": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', sans-serif",
    "primaryColor": "blue",
    "defaultRadius": "sm",
    "respectReducedMotion": True,
}


def create_app(shelf: Shelf, workspace: Workspace | None = None, access: Access | None = None) -> Dash:
    """Return the application; its ``server`` is the Flask application to serve.

    Parameters
    ----------
    shelf
        The reports that can be opened.
    workspace
        Where uploads go; None if nothing can be uploaded.
    access
        Who may look; by default everybody on this computer.
    """
    app = Dash(
        "netact_dashboards",
        title="netact",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        compress=False,
        assets_folder=_assets(),
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = _frame

    @app.callback(
        Output("main", "children"),
        Output("menu", "children"),
        Output("document-title", "data"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("look", "data"),
    )
    def show(pathname: str, search: str, _look: Any) -> tuple[Any, Any, str]:
        return _show(shelf, workspace, pathname or "/", search or "")

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("netact", "arrived"),
        Output("document-title", "modified_timestamp"),
        Input("document-title", "data"),
        Input("menu", "children"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("netact", "speak"),
        Output("language", "error"),
        Input("language", "value"),
        prevent_initial_call=True,
    )
    home.register(app, shelf)
    for page in PAGES:
        page.register(app, shelf)
    if workspace is not None:
        upload.register(app, workspace)
        job.register(app, workspace)
    app.server.register_blueprint(routes(shelf, workspace))
    secure(app, access)  # the last, since it must know every script
    return app


def _assets() -> str:
    from importlib import resources

    return str(resources.files("netact_dashboards") / "assets")


def _frame() -> Any:
    """Return what surrounds every page; made anew for each reader who opens one."""
    return dmc.MantineProvider(
        dmc.DirectionProvider(
            [
                dcc.Location(id="address", refresh="callback-nav"),
                dcc.Store(id="look", storage_type="memory"),
                dcc.Store(id="document-title"),
                html.A(_("Skip to the findings"), href="#main", className="skip"),
                html.Div(
                    [
                        html.Header(
                            [
                                menu_button(),
                                dcc.Link("netact", href="/", className="mark"),
                                html.Div(_choices(), className="choices"),
                            ],
                            className="top",
                        ),
                        html.Nav(id="menu", className="menu", **attributes({"aria-label": _("Pages")})),
                        html.Main(id="main", className="page", tabIndex=-1),
                    ],
                    className="frame",
                ),
                html.Div(id="announce", className="unseen", role="status", **attributes({"aria-live": "polite"})),
            ],
            direction=direction(),
        ),
        theme=THEME,
        forceColorScheme="dark" if is_dark() else "light",
    )


def _choices() -> list[Any]:
    """Return the choice of language and of the dark look."""
    return [
        dmc.Select(
            id="language",
            data=[{"label": name, "value": code} for code, name in LANGUAGES.items()],
            value=spoken(),
            allowDeselect=False,
            size="xs",
            w="8rem",
            **attributes({"aria-label": _("Language")}),
        ),
        html.Button(_("Light") if is_dark() else _("Dark"), id="theme-button", className="quiet", type="button"),
    ]


def is_dark() -> bool:
    """Return whether this reader looks at a dark page."""
    return request.cookies.get("netact_dark") == "1"


def _show(shelf: Shelf, workspace: Workspace | None, pathname: str, search: str) -> tuple[Any, Any, str]:
    parts = [part for part in pathname.split("/") if part]
    query = dict(parse_qsl(search.removeprefix("?"))[:20])
    if not parts:
        return home.layout(shelf, workspace), [], "netact"
    if parts == ["upload"]:
        return upload.layout(workspace, query), [], _("Analyse your own data")
    if len(parts) == 2 and parts[0] == "job":
        return job.layout(workspace, parts[1]), [], _("Analysis")
    if len(parts) in (2, 3) and parts[0] == "report":
        report = shelf.report(parts[1])
        stem = parts[2] if len(parts) == 3 else PAGES[0].stem
        page = next((page for page in PAGES if page.stem == stem), None)
        if report is not None and page is not None:
            view = View(shelf, parts[1], report, stem, query, is_dark())
            title = f"{page.label()} · {plain(report.content.study.title, limit=80)}"
            return page.layout(view), _menu(view, page), title
    return notice(_("Nothing here"), _("There is no report at this address, or it has been deleted.")), [], "netact"


def _menu(view: View, shown: Page) -> list[Any]:
    items = []
    for page in PAGES:
        if page.stem in view.content.results or page.stem not in _questions():
            # A link of the library takes no aria-current: the browser's part puts it on the one marked here.
            link = dcc.Link(page.label(), href=view.href(page.stem), className="here" if page is shown else "")
            items.append(html.Li(link))
    return [
        html.P(html.Bdi(plain(view.content.study.title, limit=60)), className="report-title", dir="auto"),
        html.Ul(items),
    ]


def _questions() -> tuple[str, ...]:
    from netact.measures import MEASURES

    return tuple(MEASURES)


__all__ = ["create_app", "is_dark", "right_to_left"]
