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
