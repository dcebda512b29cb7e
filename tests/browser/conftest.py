"""A real Chromium against the real server."""

import pytest
from playwright.sync_api import sync_playwright

from scripts.browser import find

#: Flags that keep a headless Chromium from talking to anybody but the page's server.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="package")
def browser():
    """Closed after these tests: while it is open, Playwright's event loop runs in this thread."""
    with sync_playwright() as playwright:
        path = find()
        options = {"executable_path": path} if path else {}
        browser = playwright.chromium.launch(args=FLAGS, **options)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, server):
    """Opens the chat page in a fresh browser session; nothing outside the server is asked for."""
    contexts = []

    def open_(locale="zh-HK", width=390, height=844, **options):
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        page.on(
            "request",
            lambda r: r.url.startswith((server.url, "data:")) or page.outside.append(r.url),
        )
        page.goto(server.url)
        page.locator(".message--bot").first.wait_for()  # the greeting: the page is connected
        return page

    yield open_
    for context in contexts:
        context.close()
