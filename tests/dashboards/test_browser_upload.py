"""From a file to its report in a real browser: by mouse and by keyboard, with wrong files, cancelling and deleting."""

from __future__ import annotations

import random
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "best-practice"], "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def address(hostile_folder, run_dashboard, tmp_path_factory):
    """Return the address of a dashboard with a report and a place for uploads."""
    with run_dashboard([hostile_folder], tmp_path_factory.mktemp("workspace")) as (home, _process):
        yield home


@pytest.fixture
def reader(browser, address):
    """Return a page of a browser of its own that must neither complain nor ask another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", base_url=address)
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints, elsewhere = [], []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda r: (
            elsewhere.append(r.url)
            if urlsplit(r.url).scheme in ("http", "https", "ws", "wss") and not r.url.startswith(address)
            else None
        ),
    )
    yield page
    context.close()
    assert elsewhere == []
    # A refused upload is an answer with an error, which the browser notes by itself.
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture(scope="module")
def ties(tmp_path_factory):
    """Return an invented export: some voices, retweeted by a crowd and by one another."""
    chance = random.Random(7)
    path = tmp_path_factory.mktemp("files") / "city <b>retweets.csv"
    rows = ["retweeter,original_author,created_at"]
    for i in range(900):
        who = "" if i % 300 == 5 else f"voice{chance.randrange(8)}" if i % 6 == 0 else f"user{chance.randrange(120)}"
        rows.append(f"{who},voice{min(int(chance.expovariate(0.3)), 15)},2024-03-{1 + i % 28:02d}T{i % 24:02d}:00:00Z")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def opened(page, path="/upload"):
    page.goto(path)
    page.locator("#upload-input").wait_for(state="attached")
    return page


def serious(page):
    found = Axe().run(page, options=AXE_RULES)
    return [
        (item["id"], [node["target"] for node in item["nodes"]][:4])
        for item in found.response["violations"]
        if item["impact"] in ("serious", "critical")
    ]


def test_from_a_file_to_its_report(reader, ties):
    page = opened(reader)
    page.set_input_files("#upload-input", str(ties))
    page.locator(".examples").wait_for()
    job = re.fullmatch(r".*/upload\?job=([0-9a-f]+)", page.url)[1]
    assert page.locator(".file-name").inner_text() == "city <b>retweets.csv"
    assert page.locator(".file-facts").get_by_text(re.compile("8[0-9]{2} of 900")).is_visible()
    assert serious(page) == []

    # The choice in a menu runs the preview again; a column that plays another part changes places with it.
    first = page.locator(".examples li").first.inner_text()
    page.locator("#option-1-source").select_option("original_author")
    page.locator("#option-1-target[data-shown=retweeter]").wait_for()
    turned = page.locator(".examples li").first
    page.locator(".reading:not(.busy) .examples").wait_for()
    assert next(word.strip("@\u2068\u2069") for word in turned.inner_text().split()).startswith("voice")
    page.get_by_role("button", name="It is the other way round").click()
    page.locator(".turned").wait_for()
    assert turned.inner_text() == first

    # What was chosen and typed is there again after a reload.
    page.locator("#upload-title").fill("The city")
    page.get_by_label("Quick look").check()
    page.reload()
    page.locator(".turned").wait_for()
    assert page.locator("#option-1-source").input_value() == "original_author"
    page.locator("#upload-title:not([value=''])").wait_for()
    assert page.locator("#upload-title").input_value() == "The city"
    assert page.get_by_label("Quick look").is_checked()

    page.get_by_role("button", name="Start the analysis").click()
    page.wait_for_url(f"**/job/{job}")
    page.locator(".stages [aria-current=step], .stages").first.wait_for()
    assert serious(page) == []
    page.wait_for_url(f"**/report/{job}/overview", timeout=240_000)
    page.locator("#menu .report-title").get_by_text("The city").wait_for()
    assert page.title().endswith("The city")

    # This browser remembers it, another one does not know of it, and it can be deleted.
    page.goto("/")
    page.locator(".mine li[data-state=done]").wait_for()
    assert page.locator(".mine a").get_attribute("href") == f"/report/{job}/overview"
    assert serious(page) == []
    page.goto(f"/job/{job}")
    page.get_by_role("link", name="Download the study file").wait_for()
    with page.expect_download() as study:
        page.get_by_role("link", name="Download the study file").click()
    assert 'title = "The city"' in study.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="Delete this upload and its report").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Delete this upload and its report").click()
    assert serious(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="This upload is gone").wait_for()
    page.goto("/")
    page.locator("main h1").wait_for()
    page.locator("#mine-section[hidden]").wait_for(state="attached")


def test_wrong_files_each_say_one_line(reader, tmp_path):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "ids.txt").write_text("\n".join(str(1700000000000000000 + i) for i in range(50)), encoding="utf-8")
    page = opened(reader)
    page.set_input_files("#upload-input", [str(tmp_path / name) for name in ("picture.csv", "empty.csv", "ids.txt")])
    page.locator("#upload-moving").get_by_text("is empty").wait_for()
    page.get_by_text("this is a picture").wait_for()
    page.get_by_text("this file holds post ids only").wait_for()
    assert page.locator(".files li").count() == 2
    assert page.get_by_role("button", name="Start the analysis").is_disabled()
    page.get_by_role("button", name="Remove").first.click()
    page.locator(".files li").nth(1).wait_for(state="detached")
    page.get_by_role("button", name="Dismiss").click()
    assert page.locator("#upload-moving").inner_text() == ""


def test_a_file_that_is_too_large_is_not_sent(reader, ties):
    page = opened(reader)
    page.evaluate("document.getElementById('upload-drop').dataset.limit = '100'")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/api/uploads" in request.url else None)
    page.set_input_files("#upload-input", str(ties))
    page.get_by_text("is larger than").wait_for()
    assert sent == []


def test_an_upload_under_way_is_cancelled(reader, tmp_path):
    big = tmp_path / "big.csv"
    big.write_bytes(b"source,target\n" + b"a,b\n" * 10_000_000)
    page = opened(reader)
    # A slow line, so that there is something to cancel.
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    wire.send("Network.emulateNetworkConditions", slow)
    page.set_input_files("#upload-input", str(big))
    page.locator(".moving").get_by_text(re.compile("a second")).wait_for()
    page.get_by_role("button", name="Cancel the upload").click()
    page.locator(".moving").wait_for(state="detached")
    assert urlsplit(page.url).query == ""
    assert page.evaluate("document.activeElement.id") == "upload-input"


def test_by_keyboard_alone_and_cancelled(reader, ties):
    page = opened(reader)
    page.bring_to_front()
    page.wait_for_load_state("networkidle")
    for left in (2, 1, 0):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "upload-input":
                break
        assert page.evaluate("document.activeElement.id") == "upload-input"
        try:
            with page.expect_file_chooser(timeout=8000) as chooser:
                page.keyboard.press("Space")
            break
        except PlaywrightTimeout:
            # What the page loads late may take the focus away while the key is down.
            if not left:
                raise
    chooser.value.set_files(str(ties))
    page.locator(".examples").wait_for()
    page.locator("#upload-start:enabled").wait_for()

    def tab_to(name):
        for _ in range(60):
            if (
                page.evaluate("document.activeElement.tagName === 'BUTTON' && document.activeElement.textContent")
                == name
            ):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {name}")

    tab_to("It is the other way round")
    page.keyboard.press("Enter")
    page.locator(".turned").wait_for()
    page.locator("#upload-start:enabled").wait_for()
    assert page.evaluate("document.activeElement.dataset.turns") == "no"  # where they were
    tab_to("Start the analysis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/job/*")
    page.get_by_role("button", name="Cancel the analysis").wait_for()
    tab_to("Cancel the analysis")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The analysis was cancelled").wait_for()
    page.get_by_role("link", name="Back to the files and how they are read").click()
    page.locator(".turned").wait_for()


def test_a_real_export_is_turned_and_read(reader, shared):
    page = opened(reader)
    page.set_input_files("#upload-input", str(shared / "occupy_retweets" / "rt_occupywallstnyc.edges"))
    page.locator(".examples").wait_for()
    before = page.locator(".examples li").first.inner_text()
    page.get_by_role("button", name="It is the other way round").click()
    page.locator(".turned").wait_for()
    after = page.locator(".examples li").first.inner_text()
    assert re.findall(r"\d+", after) == re.findall(r"\d+", before)[::-1]
    page.locator("#upload-start:enabled").wait_for()


@pytest.mark.parametrize("path", ["/", "/upload"])
@pytest.mark.parametrize(
    ("language", "width", "dark"), [("en", 390, "0"), ("ar", 390, "1"), ("ar", 1280, "0"), ("en", 1280, "1")]
)
def test_every_look_is_readable(browser, address, path, language, width, dark):
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    cookies = {"netact_language": language, "netact_dark": dark}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(address + path)
    page.locator("main h1").wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.dir || 'ltr'") == ("rtl" if language == "ar" else "ltr")
    within = "main => [...main.querySelectorAll('*')].filter(e => e.offsetWidth && !e.closest('.scroll, .unseen') && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 80))"
    assert page.locator("main").evaluate(within) == []
    assert serious(page) == []
    context.close()
