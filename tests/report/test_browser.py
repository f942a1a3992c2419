"""The report opened from disk in a browser: drawn, silent, and asking nothing of the network."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def open_report(browser, folder, *, width, scheme="light"):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked, complaints = [], []

    def decide(route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", decide)
    page = context.new_page()
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto((folder / "report.html").as_uri())
    page.locator("html[data-drawn=yes]").wait_for(state="attached", timeout=60_000)
    return page, asked, complaints


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_report_opens_offline_with_all_figures(browser, hostile_folder, width, scheme):
    page, asked, complaints = open_report(browser, hostile_folder, width=width, scheme=scheme)
    assert asked == []
    assert complaints == []
    plots = page.locator(".plot")
    assert plots.count() >= 8
    for number in range(plots.count()):
        plot = plots.nth(number)
        assert plot.locator(".main-svg").count() >= 1
        assert plot.get_attribute("aria-label")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Names are text: no link, script or image was made of one, and none restyles the page.
    assert page.evaluate("document.querySelectorAll('svg a, .plot a[href^=http], img').length") == 0
    assert page.evaluate("[...document.querySelectorAll('a')].filter(a => a.href.startsWith('javascript')).length") == 0
    assert page.evaluate("document.querySelectorAll('bdi script, bdi b').length") == 0
    page.context.close()


def test_report_is_readable_by_keyboard_and_screen_reader(browser, hostile_folder):
    page, _, _ = open_report(browser, hostile_folder, width=1280)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator("main").count() == 1
    for target in page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
    ):
        assert page.evaluate("name => document.getElementById(name) !== null", target), target
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    page.context.close()
