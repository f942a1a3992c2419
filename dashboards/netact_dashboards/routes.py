"""The addresses beside the pages: uploads, jobs and downloads.

Every change needs the header ``X-Netact: 1``, which no form of another site can send. Errors of ``/api`` are JSON
``{"error": "one line", "code": "gone | too_large | ..."}`` with the codes of
:class:`netact_dashboards.workspace.WorkspaceError` and ``forbidden``, ``wrong``.

``POST /api/uploads``
    The body is the file, nothing around it (``xhr.send(file)``). Headers: ``X-Netact: 1``; ``X-Netact-Name``, the name
    as ``encodeURIComponent`` writes it; ``X-Netact-Role``, ``interactions`` if left out; ``X-Netact-Job``, the key of
    the job it belongs to, a new job if left out; ``Content-Type: application/octet-stream``.
    201 ``{"job": key, "file": 1, "name": "followers.csv", "role": "interactions", "bytes": 123}``.
    400 no name, a wrong role, an empty or incomplete file; 403 without the header or from another site; 404 no such
    job; 409 the job waits or runs; 411 no length; 413 too large; 415 another content type; 429 too many jobs;
    507 no room on the disk.
``GET /api/jobs/<key>``
    ``{"state", "stage", "stage_text", "number", "total", "elapsed", "left", "place", "error", "title", "files": [...],
    "report": address or null}``; 404.
``POST /api/jobs/<key>/cancel``, ``DELETE /api/jobs/<key>``, ``DELETE /api/jobs/<key>/files/<n>``
    204; 404; 409.
``POST /api/reports/<key>/groups``
    JSON ``{"faction": 0, "name": "Neighbours"}``; an empty name takes the name back. 200 ``{"faction": 0, "name": ...}``.
``GET /files/<key>/{report.html,study.toml,findings.json,accounts.csv,accounts.parquet,network.graphml,network.gexf}``
    Attachments; ``report.html?show=1`` is shown in a sandbox.
``GET /files/<key>/panels/<page>/<panel>.csv?choices``
    The numbers of one figure, with the choices of the page's address.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import polars as pl
from flask import Blueprint, Response, jsonify, request, send_file
from werkzeug.exceptions import ClientDisconnected

from netact.errors import NetactError
from netact.language import _
from netact.report import name_group
from netact.report.html import render
from netact.report.run import STAGES
from netact.report.tables import neutralised
from netact_dashboards.pages import PAGES
from netact_dashboards.security import problem
from netact_dashboards.view import View
from netact_dashboards.workspace import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from netact_dashboards.shelf import Shelf
    from netact_dashboards.workspace import Workspace

_STATUS = {
    "gone": 404,
    "too_large": 413,
    "incomplete": 400,
    "empty": 400,
    "busy": 429,
    "not_now": 409,
    "full": 507,
    "wrong": 400,
}
# What may be downloaded of a report; the name in the address is only ever looked up here.
_FILES = {
    "report.html": "text/html",
    "study.toml": "application/toml",
    "findings.json": "application/json",
    "accounts.csv": "text/csv",
    "accounts.parquet": "application/vnd.apache.parquet",
    "multiverse.csv": "text/csv",
    "multiverse.parquet": "application/vnd.apache.parquet",
    "network.graphml": "application/xml",
    "network.gexf": "application/xml",
}
_QUIET = "default-src 'none'; sandbox; frame-ancestors 'none'"
# The page brings a policy of its own that knows its scripts; here it gets an origin of its own too.
_SANDBOX = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LONGEST_NAME = 200


def routes(shelf: Shelf, workspace: Workspace | None = None) -> Blueprint:
    """Return the addresses beside the pages; those of uploads only with a workspace."""
    blueprint = Blueprint("netact", __name__)
    _add_downloads(blueprint, shelf, workspace)
    _add_group_names(blueprint, shelf)
    if workspace is not None:
        _add_jobs(blueprint, shelf, workspace)

    # The pages answer every other address with themselves; a program should hear that there is nothing.
    @blueprint.route("/api/<path:_rest>", methods=["GET", "POST", "PUT", "DELETE"])
    @blueprint.route("/files/<path:_rest>")
    def nothing(_rest: str) -> Response:
        return problem(404)

    return blueprint


def _add_jobs(blueprint: Blueprint, shelf: Shelf, workspace: Workspace) -> None:
    @blueprint.post("/api/uploads")
    def upload() -> Any:
        return _meant() or _said(lambda: _receive(workspace))

    @blueprint.get("/api/jobs/<key>")
    def job(key: str) -> Any:
        status = workspace.status(key)
        if status is None:
            return problem(404)
        progress = status.progress
        return jsonify(
            state=status.state,
            stage=progress.stage,
            stage_text=STAGES[progress.stage]() if progress.stage in STAGES else "",
            number=progress.number,
            total=progress.total,
            elapsed=round(progress.elapsed, 1),
            left=None if progress.left is None else round(progress.left),
            place=status.place,
            error=status.error,
            title=status.title,
            expires=status.expires.isoformat(timespec="seconds"),
            files=[
                {"file": file.number, "name": file.name, "role": file.role, "bytes": file.bytes}
                for file in workspace.files(key)
            ],
            report=f"/report/{key}/{PAGES[0].stem}" if status.state == "done" else None,
        )

    @blueprint.post("/api/jobs/<key>/cancel")
    def cancel(key: str) -> Any:
        return _meant() or _said(lambda: workspace.cancel(key))

    @blueprint.delete("/api/jobs/<key>")
    def delete(key: str) -> Any:
        def gone() -> None:
            if workspace.status(key) is None:
                raise WorkspaceError("gone", "job", "there is no such job, or it has been deleted")
            workspace.delete(key)
            shelf.forget(key)

        return _meant() or _said(gone)

    @blueprint.delete("/api/jobs/<key>/files/<int:number>")
    def remove(key: str, number: int) -> Any:
        return _meant() or _said(lambda: workspace.remove_file(key, number))


def _receive(workspace: Workspace) -> Response:
    if request.mimetype != "application/octet-stream":
        return _error(415, "wrong", _("Send the file itself, as application/octet-stream."))
    length = request.content_length
    if length is None:
        return _error(411, "wrong", _("The length of the file must be sent before it."))
    name = unquote(request.headers.get("X-Netact-Name", ""))
    if not name.strip() or len(name) > 1000:
        return _error(400, "wrong", _("The name of the file is missing."))
    if length > workspace.max_bytes:
        return _error(413, "too_large", _too_large(workspace))
    request.max_content_length = workspace.max_bytes
    given = request.headers.get("X-Netact-Job", "")
    key = given or workspace.create()
    role = request.headers.get("X-Netact-Role", "interactions")
    try:
        file = workspace.receive(key, cast("BinaryIO", request.stream), name=name, role=role, length=length)
    except (WorkspaceError, ClientDisconnected) as error:
        if not given:
            workspace.delete(key)  # nothing is in it
        if isinstance(error, WorkspaceError):
            raise
        return _error(400, "incomplete", _("The file did not arrive whole. Send it again."))
    answer = jsonify(job=key, file=file.number, name=file.name, role=file.role, bytes=file.bytes)
    answer.status_code = 201
    return answer


def _too_large(workspace: Workspace) -> str:
    return _(
        "The file is larger than {limit:count} MB. Analyse it from the command line: netact analyze FILE",
        limit=workspace.max_bytes / 1e6,
    )


def _add_group_names(blueprint: Blueprint, shelf: Shelf) -> None:
    @blueprint.post("/api/reports/<key>/groups")
    def groups(key: str) -> Any:
        if refused := _meant():
            return refused
        folder, given = shelf.folder(key), request.get_json(silent=True)
        if folder is None:
            return problem(404)
        faction = given.get("faction") if isinstance(given, dict) else None
        name = given.get("name") if isinstance(given, dict) else None
        if type(faction) is not int or not isinstance(name, str) or len(name) > _LONGEST_NAME:
            return problem(400)
        try:
            name_group(folder, faction, name)
        except NetactError:
            return _error(400, "wrong", _("The name could not be kept with the report."))
        report = shelf.report(key)
        return jsonify(faction=faction, name=report.group_names.get(faction, "") if report is not None else "")


def _add_downloads(blueprint: Blueprint, shelf: Shelf, workspace: Workspace | None) -> None:
    @blueprint.get("/files/<key>/<name>")
    def file(key: str, name: str) -> Any:
        report = shelf.report(key)
        if report is None or name not in _FILES:
            return problem(404)
        shown = f"netact-{report.identity}-{name}"
        if name == "report.html":
            return _page(shelf, workspace, key, shown)
        if name == "study.toml" and workspace is not None and (study := workspace.study(key)) is not None:
            return _attached(study.encode(), shown, _FILES[name])
        path = report.folder / name
        if not path.is_file():
            return problem(404)
        answer = send_file(path.resolve(), mimetype=_FILES[name], as_attachment=True, download_name=shown, etag=False)
        answer.headers["Content-Security-Policy"] = _QUIET
        return answer

    @blueprint.get("/files/<key>/panels/<stem>/<panel>.csv")
    def numbers(key: str, stem: str, panel: str) -> Any:
        report = shelf.report(key)
        page = next((page for page in PAGES if page.stem == stem), None)
        if report is None or page is None:
            return problem(404)
        query = dict(list(request.args.items())[:20])
        for made in page.panels(View(shelf, key, report, stem, query)):
            if made.name == panel:
                shown = f"netact-{report.identity}-{_harmless(stem)}-{_harmless(panel)}.csv"
                return _attached(_csv(made.table), shown, "text/csv")
        return problem(404)


def _page(shelf: Shelf, workspace: Workspace | None, key: str, shown: str) -> Response:
    """Return the report as one page in the language of the reader, its groups as they are named now."""
    report = shelf.report(key)
    if report is None:
        return problem(404)
    content = report.content
    if workspace is not None:
        content = replace(content, study=workspace.with_names(key, content.study))
    answer = _attached(render(content, report.accounts).encode(), shown, "text/html")
    if request.args.get("show") == "1":
        del answer.headers["Content-Disposition"]
        answer.headers["Content-Security-Policy"] = _SANDBOX
    return answer


def _csv(table: pl.DataFrame) -> bytes:
    """Return a table as CSV that no spreadsheet runs, its header included."""
    nested = [name for name, kind in table.schema.items() if kind.is_nested()]
    flat = table.with_columns(
        pl.Series(name, [None if value is None else str(value) for value in table[name].to_list()], dtype=pl.String)
        for name in nested
    )
    header = neutralised(pl.DataFrame({"name": flat.columns}))["name"].to_list() if flat.columns else []
    safe = neutralised(flat)
    if len(set(header)) == len(header):
        safe = safe.rename(dict(zip(safe.columns, header, strict=True)))
    return safe.write_csv().encode()


def _attached(data: bytes, name: str, kind: str) -> Response:
    answer = Response(data, content_type=f"{kind}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = _QUIET
    return answer


def _harmless(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", text)[:60]


# ---------------------------------------------------------------------- changes


def _meant() -> Response | None:
    """Refuse a change without the header that no form of another site can send."""
    if request.headers.get("X-Netact") == "1":
        return None
    return _error(403, "forbidden", _("This was asked for from another site and is refused."))


def _said(work: Callable[[], Response | None]) -> Response:
    """Do something with a job and return how it went."""
    try:
        return work() or Response(status=204)
    except WorkspaceError as error:
        return _error(_STATUS[error.refusal], error.refusal, str(error))


def _error(status: int, code: str, text: str) -> Response:
    answer = jsonify(error=text, code=code)
    answer.status_code = status
    return answer
