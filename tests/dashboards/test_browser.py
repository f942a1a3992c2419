"""Every page of every kind of report in a real browser: drawn, silent, reachable by everyone, and asking no other host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from netact.language import LANGUAGES
from netact_dashboards.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

STEMS = [page.stem for page in PAGES]
REPORTS = ["sample", "hostile", "occupy", "suffragettes", "moderators"]
LOOKS = [{"width": 390}, {"dark": True}, {"language": "ar"}, {"language": "ar", "width": 390, "dark": True}]


class Reader:
    """A reader with a browser of their own; keeps what the page complained of and what it asked of others."""

    def __init__(self, browser, address, *, width=1280, dark=False, language="en"):
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
        )
        self.complaints, self.elsewhere = [], []
        home = urlsplit(address).netloc

        def decide(route):
            parts = urlsplit(route.request.url)
            if parts.scheme in ("data", "blob", "about") or parts.netloc == home:
                route.continue_()
            else:
                self.elsewhere.append(route.request.url)
                route.abort()

        self.context.route("**/*", decide)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open(self, path):
        """Open a page and wait until its figures are drawn and nothing is being fetched."""
        self.page.goto(self.address + path)
        self.page.locator("main h1, main h2").first.wait_for(timeout=60_000)
        self.settle()
        return self.page

    def settle(self):
        """Wait until every figure is drawn."""
        self.page.wait_for_load_state("networkidle")
        for graph in self.page.locator(".dash-graph").all():
            graph.locator(".main-svg").first.wait_for(state="attached", timeout=60_000)

    def quiet(self):
        """Nothing was complained of, nothing asked of another host."""
        assert self.complaints == []
        assert self.elsewhere == []


@pytest.fixture
def reader(browser, served):
    """Return a function that makes readers; they are sent home at the end."""
    readers = []

    def make(**look):
        readers.append(Reader(browser, served.address, **look))
        return readers[-1]

    yield make
    for one in readers:
        one.context.close()


def faults(page):
    """Return the serious faults of accessibility that axe-core finds."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (rule["id"], rule["impact"], [node["html"][:160] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("report", REPORTS)
def test_every_page_is_drawn_and_silent_and_reachable(reader, served, report):
    one, key = reader(), served.keys[report]
    page = one.open(f"/report/{key}/overview")
    links = page.locator("nav a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    shown = [link for link in links if link.startswith(f"/report/{key}/")]
    assert shown, "the menu leads nowhere"
    for link in shown:
        one.open(link)
        assert page.locator("h1").count() == 1, link
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), link
        # Names are text: no link, picture or markup was made of one.
        assert page.evaluate("document.querySelectorAll('svg a, .js-plotly-plot a[href^=http], main img').length") == 0
        assert page.evaluate("document.querySelectorAll('bdi script, bdi b, bdi a').length") == 0
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id).filter(i => !i.startsWith('react'))")
        assert len(ids) == len(set(ids)), link
        assert faults(page) == [], link
    one.quiet()


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_stands_narrow_dark_and_right_to_left(reader, served, look):
    one, language = reader(**look), look.get("language", "en")
    for stem in STEMS:
        page = one.open(f"/report/{served.keys['sample']}/{stem}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), stem
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert faults(page) == [], stem
    one.quiet()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_pages_speak_the_language_that_is_chosen(reader, served, language):
    english, one = reader(), reader(language=language)
    path = f"/report/{served.keys['sample']}/overview"
    sentence, translated = (who.open(path).locator("h1").inner_text() for who in (english, one))
    assert sentence != translated
    # The numbers are the same, whatever the language does with the separators.
    digits = [sorted(re.findall(r"[0-9]+", text)) for text in (sentence, translated)]
    assert digits[0] == digits[1]
    if language == "ar":
        assert re.search("[\u0600-\u06ff]{3}", translated)
    one.quiet()


def test_keyboard_skips_to_the_page_and_walks_the_menu(reader, served):
    one = reader()
    page = one.open(f"/report/{served.keys['sample']}/overview")
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("nav a").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/leading_core*")
    one.settle()
    assert page.locator("nav a[aria-current=page]").count() == 1
    one.quiet()


def test_the_shutdown_control_changes_what_is_said_and_its_address_keeps_it(reader, served):
    one = reader()
    page = one.open(f"/report/{served.keys['sample']}/super_users")
    said = page.locator("[data-part=scenario]")
    before = said.inner_text()
    page.locator("main input[type=checkbox]").first.check()
    page.wait_for_url("**mask=*")
    one.settle()
    after = said.inner_text()
    assert after != before
    again = reader()
    assert again.open(page.url.removeprefix(served.address)).locator("[data-part=scenario]").inner_text() == after
    one.quiet()


def test_what_is_copied_names_its_source(reader, served):
    one = reader()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = one.open(f"/report/{served.keys['sample']}/factions")
    headline = page.locator("h1").inner_text()
    page.locator("button.copy").first.click()
    page.locator("button.copy[data-done=yes]").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert headline.replace("\u00a0", " ") in copied.replace("\u00a0", " ")
    assert served.keys["sample"] in copied
    one.quiet()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_carry_title_and_source(reader, served, kind):
    one = reader()
    page = one.open(f"/report/{served.keys['sample']}/hierarchy")
    with page.expect_download() as waiting:
        page.locator(f"button[data-picture={kind}]").first.click()
    content = waiting.value.path().read_bytes()
    if kind == "png":
        assert content.startswith(b"\x89PNG")
    else:
        assert served.keys["sample"].encode() in content
    assert waiting.value.suggested_filename.endswith(kind)
    one.quiet()


def test_tables_are_downloaded_without_formulas(reader, served):
    one = reader()
    page = one.open(f"/report/{served.keys['hostile']}/leading_core")
    links = page.locator("a[data-follows-address]").evaluate_all("links => links.map(a => a.href)")
    assert links
    for link in links:
        answer = one.context.request.get(link)
        assert answer.status == 200
        lines = answer.text().splitlines()
        assert len(lines) >= 2
        for cell in (cell for line in lines[1:] for cell in line.split(",")):
            assert not cell.strip('"').startswith(("=", "+", "@", "\t")), cell
    one.quiet()


def test_map_table_and_account_page_choose_the_same_account(reader, served):
    one = reader()
    page = one.open(f"/report/{served.keys['sample']}/overview")
    detail = page.locator("#account-detail")
    row = page.locator("#accounts-grid .ag-center-cols-container .ag-row").nth(2)
    row.scroll_into_view_if_needed()
    name = row.locator("[col-id=name]").inner_text()
    row.locator("[col-id=name]").click()
    page.wait_for_url("**account=*")
    table_row = re.search(r"account=(\d+)", page.url)[1]
    detail.get_by_text(name).first.wait_for()
    # A point of the map: its row is then the chosen one.
    one.settle()
    page.locator("#map-graph").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#map-graph').scrollIntoView({block: 'center'})")
    # A point that stands alone, so that the pointer means no other one.
    place = page.evaluate(
        """() => {
            const plot = document.querySelector('#map-graph .js-plotly-plot'), size = plot._fullLayout;
            const box = plot.getBoundingClientRect(), points = [];
            for (const trace of plot._fullData) {
                (trace.customdata || []).forEach((item, at) => points.push({
                    row: item[0], named: item[1].startsWith('\u2068'),
                    x: box.left + size.xaxis._offset + size.xaxis.c2p(trace.x[at]),
                    y: box.top + size.yaxis._offset + size.yaxis.c2p(trace.y[at]),
                }));
            }
            const room = one => Math.min(...points.filter(other => other.row !== one.row).map(
                other => Math.hypot(other.x - one.x, other.y - one.y)));
            const shown = points.filter(one => one.named && one.y > 80 && one.y < 820);
            return shown.map(one => ({...one, room: room(one)})).sort((a, b) => b.room - a.room)[0];
        }"""
    )
    page.mouse.move(place["x"] - 3, place["y"] - 3)
    page.mouse.move(place["x"], place["y"], steps=4)
    page.locator("#map-graph .hoverlayer .hovertext").first.wait_for(state="attached")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile(r"account=(?!" + table_row + r"$)\d+"))
    map_row = re.search(r"account=(\d+)", page.url)[1]
    chosen = page.locator("#accounts-grid .ag-row-selected [col-id=name]").first
    chosen.wait_for(state="attached")
    heard_most = chosen.inner_text()
    detail.get_by_text(heard_most).first.wait_for()
    detail.get_by_role("link").first.click()
    page.wait_for_url(f"**/account?account={map_row}")
    page.locator("h1", has_text=heard_most).wait_for()
    one.settle()
    one.quiet()


def test_a_stretch_of_time_is_chosen_with_the_brush_and_kept_in_the_address(reader, served):
    one = reader()
    page = one.open(f"/report/{served.keys['sample']}/overview")
    page.evaluate("document.querySelector('#time-graph').scrollIntoView({block: 'center'})")
    box = page.locator("#time-graph .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    page.wait_for_url("**windows=*")
    one.settle()
    page.locator("#time-said", has_text="only").wait_for()
    said = page.locator("#time-said").inner_text()
    again = reader()
    assert again.open(page.url.removeprefix(served.address)).locator("#time-said").inner_text() == said
    one.quiet()
