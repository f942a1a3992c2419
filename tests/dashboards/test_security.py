"""What every answer keeps to: hosts, origins, the gate, headers, packing, language."""

from __future__ import annotations

import base64
import gzip
import hashlib
import logging
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from netact.language import spoken
from netact_dashboards.app import create_app
from netact_dashboards.security import BODY_BYTES, SESSION, Access, Gate, _inside, is_loopback
from netact_dashboards.shelf import Shelf

SECRET = "correct horse battery"  # noqa: S105
EVERYWHERE = "0.0.0.0"  # noqa: S104


class Client:
    """Asks, reads the whole answer and closes it."""

    def __init__(self, app):
        self._client = app.server.test_client()

    def get(self, path, headers=None):
        return self._ask("GET", path, headers)

    def post(self, path, headers=None, **body):
        return self._ask("POST", path, headers, **body)

    def _ask(self, method, path, headers, **body):
        headers = dict(headers or {})
        for cookie in filter(None, headers.pop("Cookie", "").split("; ")):
            self._client.set_cookie(*cookie.split("=", 1))
        return self._client.open(path, method=method, headers=headers, buffered=True, **body)


def client(access=None, prepare=None):
    app = create_app(Shelf({}), None, access)
    if prepare:
        prepare(app.server)
    return Client(app)


@pytest.fixture(scope="module")
def local():
    return client()


# ---------------------------------------------------------------------- headers


def test_pages_bring_a_strict_policy(local):
    answer = local.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert re.fullmatch(r"'self'( 'sha256-[\w+/]+=')+", policy["script-src"])
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_every_inline_script_of_the_page_is_in_the_policy(local):
    answer = local.get("/")
    page = re.sub(r"<!--.*?-->", "", answer.text, flags=re.DOTALL)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    run = [text for attributes, text in scripts if "src=" not in attributes and "application/json" not in attributes]
    assert run
    for text in run:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_nothing_of_the_page_comes_from_elsewhere(local):
    page = local.get("/").text
    for address in re.findall(r"""(?:src|href)=["']([^"']+)""", page):
        assert address.startswith("/"), address
        assert not address.startswith("//")


def test_what_never_changes_is_kept_and_the_rest_is_not(local):
    page = local.get("/").text
    scripts = re.findall(r'src="([^"]+)"', page)
    assert len(scripts) > 5
    for script in scripts:
        answer = local.get(script)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", script
    assert local.get("/_dash-layout").headers["Cache-Control"] == "no-store"
    assert local.get("/_dash-dependencies").headers["Cache-Control"] == "no-store"
    assert local.get("/assets/dashboard.js").headers["Cache-Control"] == "no-cache"


def test_texts_are_packed_for_those_who_can_unpack(local):
    scripts = re.findall(r'src="([^"]+)"', local.get("/").text)
    script = max(scripts, key=lambda script: len(local.get(script).data))
    plain = local.get(script)
    assert "Content-Encoding" not in plain.headers
    for _again in range(2):
        packed = local.get(script, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in local.get(script, headers={"Accept-Encoding": "gzip;q=0"}).headers
    asset = local.get("/assets/dashboard.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(asset.data) == local.get("/assets/dashboard.css").data


# ---------------------------------------------------------------------- who asks


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8050", "[::1]:8050", "LOCALHOST:1"])
def test_own_names_are_served(local, host):
    assert local.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7", EVERYWHERE])
def test_other_names_are_refused(local, host):
    for path in ("/", "/_dash-layout", "/api/jobs/x", "/assets/dashboard.js"):
        assert local.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
def test_changes_asked_for_by_other_sites_are_refused(local, headers, code):
    body = {"output": "x.children", "inputs": []}
    assert local.post("/_dash-update-component", json=body, headers=headers).status_code == code
    assert local.post("/api/uploads", data=b"x", headers={"X-Netact": "1", **headers}).status_code == code
    assert local.get("/", headers=headers).status_code == 200  # links from elsewhere work


def test_the_page_itself_may_ask(local):
    page = {"output": "..main.children...menu.children...document-title.data..", "changedPropIds": ["address.pathname"]}
    page["outputs"] = [
        {"id": i, "property": p} for i, p in (("main", "children"), ("menu", "children"), ("document-title", "data"))
    ]
    page["inputs"] = [
        {"id": i, "property": p, "value": v} for i, p, v in (("address", "pathname", "/report/none"), ("address", "search", ""), ("look", "data", None))
    ]  # fmt: skip
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = local.post("/_dash-update-component", json=page, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "Nothing here" in answer.text


def test_bodies_are_bounded(local):
    data = b'{"a": "' + b"x" * BODY_BYTES + b'"}'
    answer = local.post("/_dash-update-component", data=data, content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"


# ---------------------------------------------------------------------- the gate


@pytest.fixture
def gated():
    return client(Access(EVERYWHERE, SECRET, network=True))


def sign_in(gated, password, **form):
    page = gated.get("/login")
    proof = re.search(r'name="proof" value="([^"]+)"', page.text)[1]
    return gated.post("/login", data={"password": password, "proof": proof, **form}, headers={"Origin": "null"})


def test_a_network_is_never_open():
    with pytest.raises(ValueError, match="password"):
        client(Access(EVERYWHERE, network=True))
    with pytest.raises(ValueError, match="password"):
        client(Access("127.0.0.1", network=True))
    assert SECRET not in repr(Access(EVERYWHERE, SECRET))


def test_outside_nothing_is_seen(gated):
    for path in (
        "/",
        "/report/x/overview",
        "/_dash-layout",
        "/_dash-dependencies",
        "/assets/dashboard.js",
        "/files/x/report.html",
        "/api/jobs/x",
    ):
        answer = gated.get(path, headers={"Host": "any.example"})
        assert answer.status_code == 401, path
        assert "_dash" not in answer.text
    assert gated.post("/_dash-update-component", json={}).status_code == 401
    assert gated.post("/api/uploads", data=b"x", headers={"X-Netact": "1"}).status_code == 401
    assert gated.get("/", headers={"Cookie": f"{SESSION}=x"}).status_code == 401


def test_the_password_lets_in(gated):
    answer = sign_in(gated, SECRET, beyond="/report/abc/overview?mask=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/report/abc/overview?mask=1")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(SESSION))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert SECRET not in cookie
    assert gated.get("/").status_code == 200
    assert gated.get("/").headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert gated.get("/assets/dashboard.js").headers["Cache-Control"].startswith(("private", "no-cache"))


def test_signing_in_needs_the_page_and_the_password(gated):
    assert gated.post("/login", data={"password": SECRET}).status_code == 403
    assert gated.post("/login", data={"password": SECRET, "proof": ""}).status_code == 403
    assert sign_in(gated, SECRET + "x").status_code == 401
    assert sign_in(gated, "").status_code == 401
    assert gated.get("/").status_code == 401
    page = gated.get("/login")
    proof = re.search(r'name="proof" value="([^"]+)"', page.text)[1]
    form = {"password": SECRET, "proof": proof}
    assert gated.post("/login", data=form, headers={"Origin": "http://evil.example"}).status_code == 403


def test_tries_are_limited(gated):
    for _try in range(5):
        assert sign_in(gated, "wrong").status_code == 401
    answer = sign_in(gated, SECRET)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert gated.get(f"/?token={SECRET}").status_code == 429
    assert gated.get("/").status_code == 401


def test_the_token_leaves_the_address(gated):
    assert gated.get("/?token=wrong").status_code == 401
    answer = gated.get("/report/x/overview?a=1&token=correct%20horse%20battery&b=%26")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/report/x/overview?a=1&b=%26")
    assert gated.get("/").status_code == 200


def test_sessions_end(monkeypatch):
    gate = Gate(Access(EVERYWHERE, SECRET))
    app = create_app(Shelf({}), None, Access(EVERYWHERE, SECRET))
    with app.server.test_request_context("/"):
        answer = gate._enter("/")
    value = re.search(f"{SESSION}=([^;]+)", answer.headers["Set-Cookie"])[1]
    assert gate.open_to({SESSION: value})
    assert not gate.open_to({})
    now = time.time()
    monkeypatch.setattr("netact_dashboards.security.time.time", lambda: now + 8 * 86400)
    assert not gate.open_to({SESSION: value})


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:x", "", "/a\nb"]
)
def test_the_way_on_stays_inside(path):
    assert _inside(path) == "/"


def test_what_loopback_is():
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "127.8.0.1", "::1", "[::1]"]))
    assert not any(map(is_loopback, [EVERYWHERE, "::", "192.168.0.2", "127.0.0.1.evil.example", "example.org", ""]))


# ---------------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("path", "headers", "told"),
    [
        ("/", {}, 'lang="en" dir="ltr"'),
        ("/", {"Accept-Language": "de, ar;q=0.8, en;q=0.1"}, 'lang="ar" dir="rtl"'),
        ("/", {"Accept-Language": "fr-CA, en;q=0.1"}, 'lang="fr" dir="ltr"'),
        ("/", {"Accept-Language": "ar", "Cookie": "netact_language=es"}, 'lang="es" dir="ltr"'),
        ("/?lang=fr", {"Cookie": "netact_language=es"}, 'lang="fr" dir="ltr"'),
        ("/?lang=xx", {"Cookie": "netact_language=yy"}, 'lang="en" dir="ltr"'),
    ],
)
def test_the_language_is_of_the_reader(path, headers, told):
    answer = client().get(path, headers=headers)
    assert f"<html {told}>" in answer.text
    assert ("netact_language=fr" in answer.headers.get("Set-Cookie", "")) == ("fr" in path)


def test_threads_do_not_mix_languages():
    app = create_app(Shelf({}))
    barrier = threading.Barrier(4, timeout=10)
    app.server.add_url_rule("/api/together", "together", lambda: (barrier.wait(), spoken())[1])

    def ask(code):
        return Client(app).get("/api/together", headers={"Cookie": f"netact_language={code}"}).text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, ["ar", "es", "fr", "en"] * 3)) == ["ar", "es", "fr", "en"] * 3
        assert set(pool.map(lambda _i: spoken(), range(8))) == {"en"}  # the threads fell silent again


# ---------------------------------------------------------------------- what goes wrong


def test_errors_are_plain_and_tell_no_secrets(caplog):
    def prepare(server):
        server.add_url_rule("/files/boom", "boom", lambda: {}["@a_handle_from_an_upload"])

    broken = client(prepare=prepare)
    with caplog.at_level(logging.DEBUG):
        answer = broken.get("/files/boom", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    for told in (answer.text, caplog.text):
        assert "handle" not in told
        assert "Traceback" not in told
    assert "KeyError" in caplog.text
    assert broken.get("/files/none").status_code == 404
    assert broken.get("/api/none").json["code"] == "gone"
    assert broken.get("/_dash-component-suites/os/x.js").status_code in (404, 500)
    assert "Traceback" not in broken.get("/_dash-component-suites/os/x.js").text
