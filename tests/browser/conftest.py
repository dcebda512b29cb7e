"""A real Chromium against the real server."""

import pytest
from playwright.sync_api import sync_playwright

from scripts.browser import find
from tests.support.sign_in_site import SignInSite

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
def new_context(browser):
    """Opens browsers of people of their own: nothing is shared between two."""
    contexts = []

    def open_(width=390, height=844, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        return contexts[-1]

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(new_context, server):
    """Opens the chat page in a fresh browser session; nothing outside the server is asked for."""

    def open_(locale="zh-HK", **options):
        page = new_context(locale=locale, **options).new_page()
        page.outside = []
        page.on(
            "request",
            lambda r: r.url.startswith((server.url, "data:")) or page.outside.append(r.url),
        )
        page.goto(server.url)
        page.locator(".message--bot").first.wait_for()  # the greeting: the page is connected
        return page

    return open_


@pytest.fixture(scope="package")
def whole_site(tmp_path_factory, model):
    """The server, an OpenID provider and WeChat, for all tests of signing in as a whole."""
    with SignInSite(tmp_path_factory.mktemp("sign-in")) as running:
        yield running


@pytest.fixture
def site(whole_site):
    """The same; nobody has an appointment."""
    whole_site.cancel_appointments()
    return whole_site
