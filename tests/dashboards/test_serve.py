"""The command: who is let in, one line for every mistake, and a server that leaves nothing when it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from netact.cli import main
from netact.cli.dashboard import _size
from netact.errors import NetactError
from netact.synthetic import sample_folder
from netact_dashboards import serve as serving
from netact_dashboards.serve import Demo, Settings, access_of, address_of, default_workspace
from netact_dashboards.shelf import Shelf
from netact_dashboards.workspace import Workspace

EVERYWHERE = "0.0.0.0"  # noqa: S104
SHORT, LONG = "short", "a long password"


def call(*arguments, **keywords):
    return CliRunner().invoke(main, ["dashboard", "--no-browser", *map(str, arguments)], **keywords)


def one_line(found):
    assert found.exit_code == 2, found.output
    (line,) = found.stderr.splitlines()
    return line


# ---------------------------------------------------------------------- who is let in


def test_a_network_must_be_meant():
    with pytest.raises(NetactError, match="--open-to-network"):
        access_of(Settings(host=EVERYWHERE))
    with pytest.raises(NetactError, match="shorter than 10"):
        access_of(Settings(host=EVERYWHERE, network=True, password=SHORT))
    assert access_of(Settings()).secret is None
    assert access_of(Settings(password=SHORT)).secret == SHORT
    assert access_of(Settings(host=EVERYWHERE, network=True, password=LONG)).secret == LONG
    first, second = (access_of(Settings(host=EVERYWHERE, network=True)).secret for _ in range(2))
    assert first != second
    assert len(first) >= 32
    assert LONG not in repr(Settings(password=LONG))


def test_the_address_holds_the_token_and_never_the_password():
    made = Settings(host=EVERYWHERE, network=True)
    access = access_of(made)
    assert address_of(made, 80, access) == f"http://{socket.gethostname()}:80/?token={access.secret}"
    told = Settings(host=EVERYWHERE, network=True, password=LONG)
    assert address_of(told, 80, access_of(told)) == f"http://{socket.gethostname()}:80/"
    assert address_of(Settings(), 8050, access_of(Settings())) == "http://127.0.0.1:8050/"
    assert address_of(Settings(host="::1"), 80, access_of(Settings(host="::1"))) == "http://[::1]:80/"


# ---------------------------------------------------------------------- mistakes


def test_mistakes_are_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.delenv("NETACT_PASSWORD", raising=False)
    there = ("--workspace", tmp_path / "ws")
    assert "--open-to-network" in one_line(call("--host", EVERYWHERE, *there))
    assert "holds no report" in one_line(call(tmp_path, *there))
    assert "is no size" in one_line(call("--max-upload", "much", *there))
    assert "cannot be read" in one_line(call("--password-file", tmp_path / "none", *there))
    (tmp_path / "empty").write_text("\n")
    assert "is empty" in one_line(call("--password-file", tmp_path / "empty", *there))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(serving, "create_app", lambda *_given: _app())
        assert f"{port} is in use" in one_line(call("--port", port, *there))
    other = Workspace(tmp_path / "ws", keep=timedelta(days=1))
    assert "another dashboard uses this folder" in one_line(call(*there))
    other.close()


def _app():
    class Server:
        extensions = {"netact_gate": None}  # noqa: RUF012

        def __call__(self, *_given):
            raise AssertionError

    class App:
        server = Server()

    return App()


def test_what_is_not_installed_is_named(tmp_path):
    code = (
        "import sys; sys.modules['dash'] = None\n"
        "from netact.cli import main; main(['dashboard', '--workspace', sys.argv[1]])"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "w"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "netact: dashboard: needs dash; pip install 'netact[dashboard]'\n"


@pytest.mark.parametrize(
    ("text", "size"), [("2GB", 2e9), ("500 MB", 5e8), ("1.5gb", 1.5e9), ("10", 10), ("3k", 3000), ("1GiB", 1e9)]
)
def test_sizes(text, size):
    assert _size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "GB", "1XB", "1e9", "nan"])
def test_no_sizes(text):
    with pytest.raises(NetactError, match="--max-upload"):
        _size(text)


def test_uploads_are_kept_in_the_state_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_workspace() == tmp_path / "netact"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert default_workspace() == tmp_path / "home" / ".local" / "state" / "netact"
    told = call("--help").output
    assert "kept" in told
    assert "--keep-days" in told


# ---------------------------------------------------------------------- the demo


def test_the_demo_is_made_once(tmp_path, monkeypatch):
    rows = [f"u{i},t{(i * i + j) % 7}" for i in range(60) for j in range(2)]
    small = tmp_path / "small"
    small.mkdir()
    (small / "movement_interactions.csv").write_text("retweeter,retweeted\n" + "\n".join(rows))
    (small / "movement_accounts.csv").write_text("id,followers\nt1,5\nt2,6\n")
    (small / "movement_admins.csv").write_text("person,account\nAda,t1\n")
    monkeypatch.setattr(serving, "sample_folder", lambda: small)
    (tmp_path / "demo-0.0.1").mkdir()
    shelf = Shelf({})
    demo = Demo(tmp_path / "demo-1", shelf)
    try:
        assert shelf.making == tmp_path / "demo-1"
        end = time.monotonic() + 100
        while shelf.making is not None and time.monotonic() < end:
            time.sleep(0.05)
        (key,) = shelf.public
        assert shelf.report(key).content.study.title == "An invented movement"
        assert str(tmp_path) not in (tmp_path / "demo-1" / "report" / "study.toml").read_text()
        assert not (tmp_path / "demo-0.0.1").exists()
    finally:
        demo.close()
    again = Shelf({})
    Demo(tmp_path / "demo-1", again).close()
    assert list(again.public) == [key]
    assert again.making is None


def test_a_demo_that_is_stopped_leaves_nothing(tmp_path):
    demo = Demo(tmp_path / "demo-1", Shelf({}))
    process = demo._process
    demo.close()
    assert process.poll() == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- a server in its own process


class Served:
    """A server, and how to ask it."""

    def __init__(self, folder, *options, **environment):
        command = [sys.executable, "-m", "netact", "dashboard", "--no-browser", "--port", "0", "--workspace", folder]
        self.process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        self.line = self.process.stdout.readline()
        self.host, self.port, self.path = re.search(r"http://([^:/]+):(\d+)(/\S*)", self.line).groups()

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=60)
        try:
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
            except ConnectionError:
                return 0, [], b""  # refused while the body was still on its way
            data = answer.read()
            return answer.status, answer.getheaders(), data
        finally:
            connection.close()

    def upload(self, body, **headers):
        given = {"X_Netact": "1", "X_Netact_Name": "e.csv", "Content_Type": "application/octet-stream"} | headers
        return self.ask("POST", "/api/uploads", body, **given)

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code


def children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_is_bounded_and_leaves_nothing(tmp_path, number):
    served = Served(tmp_path / "ws", "--max-upload", "5MB")
    try:
        demo = children(served.process.pid)
        assert len(demo) == 1
        assert served.ask("GET", "/")[0] == 200
        status, headers, _body = served.ask("GET", "/", Host="evil.example")
        assert status == 421
        assert "waitress" not in str(headers).lower()
        pages = served.ask("POST", "/_dash-update-component", b"x" * 3_000_000, Content_Type="application/json")
        assert pages[0] in (0, 413)  # long bodies are for uploads
        assert served.upload(b"x" * 3_000_000, X_Netact="")[0] in (0, 413)
        keys = []
        for _round in range(10):
            status, _headers, body = served.upload(b"a,b\n" * 1_000_000)
            assert status == 201
            keys.append(json.loads(body)["job"])
        assert served.ask("DELETE", f"/api/jobs/{keys[0]}", X_Netact="1")[0] == 204
        jobs = [path.name for path in (tmp_path / "ws").iterdir() if len(path.name) == 32]
        assert sorted(jobs) == sorted(keys[1:])
        assert children(served.process.pid) == demo
    finally:
        code = served.stop(number)
    assert code == 0
    assert not Path(f"/proc/{demo[0]}").exists()
    left = {path.name for path in (tmp_path / "ws").iterdir()}
    assert left == {".lock", *keys[1:]}


def test_a_network_is_asked_for_the_token(tmp_path):
    served = Served(tmp_path / "ws", "--host", "127.0.0.1", "--open-to-network", NETACT_PASSWORD="")
    try:
        token = served.path.removeprefix("/?token=")
        assert len(token) >= 32
        assert served.ask("GET", "/")[0] == 401
        assert served.upload(b"x" * 3_000_000)[0] in (0, 413)  # nobody unknown fills the disk
        assert served.upload(b"x")[0] == 401
        status, headers, _body = served.ask("GET", f"/?token={token}", Host="any.example")
        assert (status, dict(headers)["Location"]) == (303, "/")
        session = next(text.split(";")[0] for _name, text in headers if text.startswith("netact_session="))
        assert served.ask("GET", "/", Cookie=session)[0] == 200
        assert served.upload(b"x" * 3_000_000, Cookie=session)[0] == 201
    finally:
        assert served.stop() == 0


def test_the_sample_is_there():
    assert all((sample_folder() / name).is_file() for name, _role in serving._SAMPLE)
