"""Signing in over the pages in a real browser, with somebody else's provider on another site."""

import pytest

from tests.browser.pages import shoot, violations
from tests.support.identity_site import IdentitySite, base_url
from tests.support.oidc import OidcProvider, client

pytestmark = pytest.mark.browser

READERS = ("yue", "zh_hant", "zh_hans", "en")


@pytest.fixture(scope="module")
def site(redis_url):
    base, port = base_url()
    with (
        OidcProvider(client(base)) as provider,
        IdentitySite(redis_url, provider.issuer, port) as site,
    ):
        yield site


@pytest.fixture
def context(browser):
    contexts = []

    def open_(width=390, height=844, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        return contexts[-1]

    yield open_
    for context in contexts:
        context.close()


def chat(context, site, **asked):
    """The page that stands in for the chat, with a new link."""
    page = context.new_page()
    page.goto(f"{site.url}/?" + "&".join(f"{k}={v}" for k, v in asked.items()))
    return page


def tapped(page):
    """The tab that opens when the link in the chat is tapped."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in").click()
    opened.value.wait_for_load_state()
    return opened.value


def log_in(page, person="陳大文"):
    page.get_by_role("button", name=person).click()


def test_from_the_chat_to_the_provider_and_back_by_keyboard_alone(context, site):
    before = site.told()["resumed"]
    page = tapped(chat(context(), site))
    page.keyboard.press("Tab")
    focused = "document.activeElement.textContent.trim()"
    seen = [page.evaluate(focused)]
    while seen[-1] != "Go to sign in" and len(seen) < 6:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(focused))
    page.keyboard.press("Enter")
    log_in(page)
    page.get_by_role("heading", name="You are signed in").wait_for()
    assert page.get_by_text("the chat in this browser").count() == 1
    assert site.told()["resumed"] == before + 1
    page.get_by_role("button", name="This was not me").click()
    page.get_by_role("heading", name="Signed out").wait_for()
    page.get_by_role("link", name="Sign out of the sign-in service").wait_for()


def test_a_link_opened_from_another_site_works_in_the_browser_of_the_chat(context, site):
    own = context()
    link = chat(own, site).get_by_role("link").get_attribute("href")
    elsewhere = own.new_page()
    elsewhere.set_content(f'<a href="{link}">look</a>')  # the session's cookie does not come along
    elsewhere.get_by_role("link").click()
    elsewhere.get_by_role("button", name="Go to sign in").click()
    log_in(elsewhere)
    elsewhere.get_by_role("heading", name="You are signed in").wait_for()


def test_a_forwarded_link_leads_nowhere_in_the_browser_of_another(context, site):
    page = chat(context(), site)
    link = page.get_by_role("link").get_attribute("href")
    stranger, neighbour = context(), context()
    chat(neighbour, site)  # who has a chat of their own
    for other, said in ((stranger, "The link still works"), (neighbour, "another chat")):
        opened = other.new_page()
        opened.goto(link)
        opened.get_by_role("button", name="Go to sign in").click()
        opened.get_by_text(said).wait_for()
    mine = tapped(page)
    mine.get_by_role("button", name="Go to sign in").click()
    mine.get_by_role("button", name="陳大文").wait_for()


def test_the_way_back_without_the_cookie_leads_nowhere(context, site):
    before = site.told()["resumed"]
    own = context()
    page = tapped(chat(own, site))
    page.get_by_role("button", name="Go to sign in").click()
    page.get_by_role("button", name="陳大文").wait_for()
    own.clear_cookies(name="onestop_login")  # as in a browser that did not begin it
    log_in(page)
    page.get_by_text("This sign-in was not begun in this browser").wait_for()
    assert site.told()["resumed"] == before


def test_who_cancels_at_the_provider_is_told_so(context, site):
    page = tapped(chat(context(), site))
    page.get_by_role("button", name="Go to sign in").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("You cancelled, so you are not signed in").wait_for()


def test_on_another_device_the_chat_has_the_last_word(context, site):
    page = chat(context(), site, channel="wechat")
    number = page.locator("#number").inner_text()
    phone = context().new_page()
    phone.goto(page.get_by_role("link").get_attribute("href"))
    phone.get_by_role("button", name="Go to sign in").click()
    assert phone.locator("button[name=number]").count() == 3
    before = site.told()
    phone.get_by_role("button", name=number, exact=True).click()
    log_in(phone)
    phone.get_by_role("heading", name="One more step").wait_for()
    assert len(phone.locator(".sheet__code").inner_text()) == 4
    told = site.told()
    assert told == {**before, "asked": before["asked"] + 1}  # not resumed yet


@pytest.mark.parametrize(
    "reader, look", [*((reader, "small") for reader in READERS), ("en", "large dark")]
)
def test_every_page_is_accessible_at_320_px(context, site, reader, look):
    options = {"color_scheme": "dark"} if look == "large dark" else {}
    own = context(width=320, height=640, **options)
    page = tapped(chat(own, site, reader=reader))
    if look == "large dark":
        page.locator("#large").click()  # kept for the pages that follow
    looked = []

    def look_at(page, name):
        looked.append(name)
        page.locator("#large").wait_for()  # the script has run
        shoot(page, f"identity-{name}-{reader}-{look.replace(' ', '-')}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        least = 60 if look == "large dark" else 44
        for button in page.locator("button:visible, a.button:visible").all():
            box = button.bounding_box()
            assert box["height"] >= least and box["width"] >= least
        assert page.evaluate("document.documentElement.lang") != ""

    look_at(page, "start")
    page.locator("button[value=go]").click()
    log_in(page)
    page.locator("button[name=ticket]").wait_for()
    look_at(page, "linked")
    page.locator("button[name=ticket]").click()
    page.locator("a.button").wait_for()
    look_at(page, "undone")

    wechat = chat(own, site, reader=reader, channel="wechat")
    number = wechat.locator("#number").inner_text()
    page = tapped(wechat)
    page.locator("button[value=go]").click()
    page.locator("button[name=number]").first.wait_for()
    look_at(page, "number")
    page.get_by_role("button", name=number, exact=True).click()
    log_in(page)
    page.locator(".sheet__code").wait_for()
    look_at(page, "waiting")

    page = tapped(chat(own, site, reader=reader))
    address = page.url
    page.locator("button[value=cancel]").click()
    page.wait_for_url("**/identity/start")
    look_at(page, "cancelled")
    page.goto(address)
    look_at(page, "refused")
    assert len(looked) == 7


def test_without_scripts_all_of_it_works(context, site):
    page = tapped(chat(context(java_script_enabled=False), site))
    assert page.locator("#large:visible").count() == 0
    page.get_by_role("button", name="Go to sign in").click()
    log_in(page)
    page.get_by_role("heading", name="You are signed in").wait_for()
