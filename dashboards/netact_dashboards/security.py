"""What every answer of the server keeps to: who may ask, what a browser may do with it, in which language it speaks."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import html
import logging
import secrets
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import Response, g, jsonify, redirect, request
from werkzeug.exceptions import HTTPException

from netact.language import LANGUAGES, _, direction, speaking, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash
    from flask import Flask

SESSION, LANGUAGE = "netact_session", "netact_language"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

# What a callback of the pages may send; files go another way.
BODY_BYTES = 2 << 20

_SESSION_SECONDS = 7 * 86400
_SESSIONS = 1000
_TRIES, _ALL_TRIES, _TRY_SECONDS = 5, 50, 60.0
_YEAR = 31536000
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/xml", "application/toml")
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_STATIC = ("/_dash-component-suites/", "/assets/")
_NOT_PAGES = (*_STATIC, "/_dash", "/_reload", "/_favicon", "/api/", "/files/", "/login")
_log = logging.getLogger("netact_dashboards")


@dataclass(frozen=True)
class Access:
    """Who may look.

    Attributes
    ----------
    host
        The address the server is bound to.
    secret
        The password or token that lets people in; None if whoever reaches the server may look, as on one's own
        computer.
    network
        Whether others are meant to reach it, perhaps through a proxy on this computer, under any name.
    """

    host: str = "127.0.0.1"
    secret: str | None = field(default=None, repr=False)
    network: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only this computer reaches the server."""
        return is_loopback(self.host) and not self.network


def is_loopback(host: str) -> bool:
    """Return whether an address reaches no further than this computer.

    >>> is_loopback("127.0.0.1"), is_loopback("[::1]"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    name = host.strip("[]").lower()
    return name in LOOPBACK or (name.startswith("127.") and name.replace(".", "").isdigit())


def secure(app: Dash, access: Access | None = None) -> None:
    """Put an application under these rules; called once, when all its callbacks are registered.

    Raises
    ------
    ValueError
        If the server is open to a network and nothing is asked of those who come.
    """
    access = access or Access()
    if not access.loopback and not access.secret:
        raise ValueError("a server that is open to a network needs a password or a token")
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    server.config["MAX_FORM_MEMORY_SIZE"] = 64 << 10
    gate = server.extensions["netact_gate"] = Gate(access)
    packed = _Packed()
    policies: list[str] = []

    @server.before_request
    def speak() -> None:
        stack = g.netact_stack = ExitStack()
        stack.enter_context(speaking(_language()))

    @server.teardown_request
    def fall_silent(_error: BaseException | None) -> None:
        # Threads are used again for other readers.
        stack = g.pop("netact_stack", None)
        if stack is not None:
            stack.close()

    @server.before_request
    def guard() -> Any:
        return _foreign_host(access) or _foreign_origin() or gate.ask()

    server.add_url_rule("/login", "netact_login", gate.login, methods=["GET", "POST"])

    @server.after_request
    def mark(response: Response) -> Response:
        if not policies:
            policies.append(policy(app))
        _mark(response, policies[0], shared=access.secret is None)
        if _is_page() and request.args.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE, spoken(), max_age=_YEAR, samesite="Strict", secure=request.is_secure)
        return packed.pack(response)

    @server.errorhandler(HTTPException)
    def known(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        return problem(error.code or 500)

    @server.errorhandler(Exception)
    def unknown(error: Exception) -> Any:
        # Only what and where: the text of an error may hold what people uploaded.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_qualname}, line {place.tb_lineno}" if place is not None else "somewhere"
        _log.error("stopped by %s in %s", type(error).__name__, where)
        return problem(500)

    _say_language(app)


def policy(app: Dash) -> str:
    """Return the content security policy of the pages: nothing from elsewhere, no script that is not known."""
    scripts = " ".join(["'self'", *app.csp_hashes()])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


# ---------------------------------------------------------------------- language


def _language() -> str:
    """Return the language a reader wants: of the address, else as chosen before, else of the browser."""
    asked = request.args.get("lang", "") if _is_page() else ""
    for code in (asked, request.cookies.get(LANGUAGE, "")):
        if code in LANGUAGES:
            return code
    # In the order the reader prefers; French of Canada is French.
    spoken_there = (code.partition("-")[0].lower() for code, quality in request.accept_languages if quality > 0)
    return next((code for code in spoken_there if code in LANGUAGES), "en")


def _is_page() -> bool:
    return request.method in ("GET", "HEAD") and not request.path.startswith(_NOT_PAGES)


def _say_language(app: Any) -> None:
    plain = app.interpolate_index

    def told(**parts: Any) -> str:
        page: str = plain(**parts)
        return page.replace("<html>", f'<html lang="{spoken()}" dir="{direction()}">', 1)

    app.interpolate_index = told


# ---------------------------------------------------------------------- who asks


def _foreign_host(access: Access) -> Any:
    """Refuse a request for another name: a page elsewhere may have had its name point here."""
    if not access.loopback:
        return None
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    return None if name in LOOPBACK or name == access.host.strip("[]").lower() else problem(421)


def _foreign_origin() -> Any:
    """Refuse a change that another site asks for. What is no browser sends neither of the two headers."""
    if request.method not in _UNSAFE:
        return None
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return problem(403)
    # A form on a page without referrers sends no origin; that of the password has a proof of its own.
    if origin == "null" and request.path == "/login":
        return None
    # Compared without the scheme: a proxy may speak https for us.
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        return problem(403)
    return None


class Gate:
    """Asks for the secret once a browser, and slows down those who guess."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._sessions: dict[bytes, float] = {}
        self._failed: list[tuple[float, str]] = []
        self._lock = threading.Lock()

    def open_to(self, cookies: Mapping[str, str]) -> bool:
        """Return whether somebody with these cookies is inside."""
        if self.access.secret is None:
            return True
        with self._lock:
            return self._sessions.get(_digest(cookies.get(SESSION, "")), 0.0) > time.time()

    def ask(self) -> Any:
        """Return what to answer somebody who is not inside; None if they are."""
        if self.open_to(request.cookies) or request.path == "/login":
            return None
        if request.method == "GET" and (token := request.args.get("token")) is not None:
            if self._too_many():
                return problem(429)
            if self._right(token):
                rest = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
                return self._enter(request.path + (f"?{urlencode(rest)}" if rest else ""))
        if _is_page():
            return _login_page(_inside(request.path), 401)
        return problem(401)

    def login(self) -> Any:
        """Answer ``/login``."""
        if self.access.secret is None:
            return redirect("/")
        if request.method == "GET":
            return _login_page("/", 200)
        beyond = _inside(request.form.get("beyond", "/"))
        proof = request.cookies.get("netact_login", "")
        if not proof or not hmac.compare_digest(proof.encode(), request.form.get("proof", "").encode()):
            return _login_page(beyond, 403)
        if self._too_many():
            return problem(429)
        if not self._right(request.form.get("password", "")):
            return _login_page(beyond, 401, _("That is not the password."))
        return self._enter(beyond)

    def _right(self, given: str) -> bool:
        right = hmac.compare_digest(_digest(given), _digest(self.access.secret or ""))
        if not right:
            with self._lock:
                self._failed.append((time.monotonic(), request.remote_addr or ""))
        return right

    def _too_many(self) -> bool:
        since = time.monotonic() - _TRY_SECONDS
        with self._lock:
            self._failed = [item for item in self._failed if item[0] > since]
            mine = sum(address == (request.remote_addr or "") for _when, address in self._failed)
            return mine >= _TRIES or len(self._failed) >= _ALL_TRIES

    def _enter(self, beyond: str) -> Any:
        session = secrets.token_urlsafe(32)
        with self._lock:
            now = time.time()
            self._sessions = {key: end for key, end in self._sessions.items() if end > now}
            while len(self._sessions) >= _SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[_digest(session)] = now + _SESSION_SECONDS
        answer = redirect(_inside(beyond), code=303)
        answer.set_cookie(
            SESSION, session, max_age=_SESSION_SECONDS, httponly=True, samesite="Strict", secure=request.is_secure
        )
        answer.delete_cookie("netact_login")
        return answer


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _inside(path: str) -> str:
    """Return an address of this server; ``/`` for any other."""
    parts = urlsplit(path.replace("\\", "/"))
    harmless = path.startswith("/") and not path.startswith("//") and not parts.scheme and not parts.netloc
    return path if harmless and path.isprintable() and "\\" not in path else "/"


# ---------------------------------------------------------------------- answers


def _mark(response: Response, pages: str, *, shared: bool) -> None:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", pages)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["X-Robots-Tag"] = "noindex, nofollow"
    who = "public" if shared else "private"
    if response.status_code not in (200, 304) or not request.path.startswith(_STATIC):
        headers["Cache-Control"] = "no-store"
    elif "m" in request.args or response.cache_control.max_age == _YEAR:  # the address changes with the content
        headers["Cache-Control"] = f"{who}, max-age={_YEAR}, immutable"
    else:
        headers["Cache-Control"] = "no-cache"


class _Packed:
    """Packs texts; what never changes is packed once."""

    def __init__(self) -> None:
        self._kept: dict[bytes, bytes] = {}

    def pack(self, response: Response) -> Response:
        wanted = response.status_code == 200 and (response.mimetype or "").startswith(_TEXTS)
        if not wanted or response.headers.get("Content-Encoding"):
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings.quality("gzip") or request.method == "HEAD":
            return response
        # A file of any length that is on its way from the disk stays there.
        if (response.is_streamed or response.direct_passthrough) and not request.path.startswith(_STATIC):
            return response
        response.direct_passthrough = False
        data = response.get_data()
        if len(data) < 1000:
            return response
        if request.path.startswith(_STATIC):
            key = hashlib.sha256(data).digest()
            small = self._kept.get(key)
            if small is None:
                small = gzip.compress(data, 6, mtime=0)
                if len(self._kept) < 500:
                    self._kept[key] = small
        else:
            small = gzip.compress(data, 4, mtime=0)
        response.set_data(small)
        response.headers["Content-Encoding"] = "gzip"
        return response


def problem(code: int, text: str = "") -> Response:
    """Return a plain answer that says what is wrong: JSON for ``/api``, else a page; never with a traceback."""
    said = text or _problems(code)
    if request.path.startswith("/api/") or request.path.startswith("/_dash"):
        answer = jsonify(
            {"error": said, "code": {401: "login", 403: "forbidden", 404: "gone", 413: "too_large"}.get(code, "wrong")}
        )
    else:
        first = html.escape(_("To the first page"))
        answer = _plain_page(said, f'<p><a href="/">{first}</a></p>')
    answer.status_code = code
    if code == 429:
        answer.headers["Retry-After"] = str(int(_TRY_SECONDS))
    return answer


def _problems(code: int) -> str:
    if code == 401:
        return _("Please sign in first.")
    if code == 403:
        return _("This was asked for from another site and is refused.")
    if code in (404, 410):
        return _("There is nothing at this address, or it has been deleted.")
    if code == 413:
        return _("This is larger than the server takes.")
    if code == 421:
        return _("This server does not answer to that name.")
    if code == 429:
        return _("Too many tries. Wait a minute.")
    if code < 500:
        return _("The server does not understand this request.")
    return _("Something went wrong on the server. Nothing of your data was lost; please try again.")


def _login_page(beyond: str, code: int, said: str = "") -> Response:
    proof = secrets.token_urlsafe(16)
    asked, enter = html.escape(_("Password or token")), html.escape(_("Open"))
    form = (
        f'<form method="post" action="/login"><input type="hidden" name="proof" value="{proof}">'
        f'<input type="hidden" name="beyond" value="{html.escape(beyond, quote=True)}">'
        f'<label for="password">{asked}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>'
        f'<button type="submit">{enter}</button></form>'
    )
    alert = f'<p role="alert">{html.escape(said)}</p>' if said else ""
    answer = _plain_page(_("This dashboard asks for a password"), alert + form)
    answer.status_code = code
    answer.set_cookie("netact_login", proof, httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


def _plain_page(title: str, body: str) -> Response:
    page = (
        f'<!DOCTYPE html><html lang="{spoken()}" dir="{direction()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>netact</title><style>'
        "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1d2228;"
        "background:#fdfdfb}h1{font:600 1.5rem/1.3 Georgia,serif}input,button{font:inherit;padding:.5rem;"
        "margin-block:.4rem;display:block}label{display:block;margin-top:1rem}a{color:#0b5cad}"
        "@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#16191e}a{color:#8ab8ff}}"
        f"</style></head><body><main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return answer
