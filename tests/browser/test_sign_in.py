"""Signing in from the web chat and out again: the real server with somebody else's OpenID provider,
and what a newcomer sees after ``make run``.
"""

import pytest

from tests.browser.chat import LOCALES, Chat, Words, go, linked, log_in
from tests.browser.pages import shoot, violations
from tests.browser.test_booking import REFERENCE, is_booked

pytestmark = [pytest.mark.browser, pytest.mark.model]

LOOKS = [("yue", 390), ("en", 1280)]
QUESTIONS = 12


@pytest.fixture
def open_chat(new_context, content):
    def open_(url, variant="en", width=390):
        context = new_context(locale=LOCALES[variant], width=width)
        return Chat(context, url, variant, Words(content, variant))

    return open_


def look(page, name, variant):
    """Keeps a picture."""
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shoot(page, f"sign-in-{name}-{variant}-{width}")


def book(chat, look_at):
    """Books with what the broker has verified, and all else by the first choice."""
    chat.say("book")
    for _ in range(QUESTIONS):
        said = chat.page.locator(".message--bot").last.inner_text()
        if is_booked(chat.page):
            return REFERENCE.search(chat.page.locator(".facts").last.inner_text()).group()
        if chat.words("account.ask_prefill") in said:
            look_at(chat.page, "prefill")
            assert "A******(3)" in said and "A123456" not in said
        chat.say("1")
        chat.page.wait_for_timeout(100)  # an answer may be two messages
    raise AssertionError(said)


@pytest.mark.parametrize("variant, width", LOOKS)
def test_my_appointments_through_the_provider_and_out_at_the_provider(
    open_chat, site, variant, width
):

    def look_at(page, name):
        look(page, name, variant)

    chat = open_chat(site.url, variant, width)
    words = chat.words
    assert words("account.invitation") in chat.say("sign_in")
    look_at(chat.page, "link")
    assert violations(chat.page) == []
    page = chat.tap_link()
    look_at(page, "start")
    go(page)
    log_in(page)
    assert words("identity.linked_web") in linked(page)
    look_at(page, "linked")
    chat.hears(words("account.signed_in"))
    look_at(chat.page, "signed-in")
    assert violations(chat.page) == []

    reference = book(chat, look_at)
    assert words("account.signed_out") in chat.say("sign_out")
    look_at(chat.page, "signed-out")

    assert reference not in chat.say("mine")
    chat.tap("account.button_sign_in")
    before = chat.count()
    page = chat.tap_link()
    go(page)  # the provider still knows who this is: nobody is asked for anything
    linked(page)
    assert reference in chat.hears(reference, after=before)
    assert words("account.signed_in") in chat.hears(words("account.signed_in"), after=before)
    look_at(chat.page, "mine")

    page.goto(f"{site.provider.issuer}/session/end")
    page.locator("button[value=yes]").click()
    page.wait_for_load_state()
    assert reference not in chat.say("mine")
    assert chat.page.locator(".is-latest .choice", has_text=words("account.button_sign_in")).count()
    look_at(chat.page, "out-at-the-provider")


@pytest.mark.parametrize("variant, width", LOOKS)
def test_what_a_newcomer_sees_with_the_demo_broker(open_chat, server, variant, width):
    chat = open_chat(server.url, variant, width)
    words = chat.words

    def look_at(page, name):
        look(page, f"demo-{name}", variant)

    assert words("account.invitation_status") in chat.say("status")
    page = chat.tap_link()
    go(page)
    page.locator("[name=login]").first.wait_for()
    look_at(page, "login")
    page.locator("[name=login]").first.click()
    page.locator("[name=person]").first.wait_for()
    look_at(page, "person")
    page.locator("[name=person]").first.click()
    number = page.locator(".demo-phone strong").inner_text()
    look_at(page, "phone")
    page.get_by_role("button", name=number, exact=True).click()
    assert words("identity.linked_web") in linked(page)
    look_at(page, "linked")
    assert "DEMO" in chat.hears(words("account.demo_applications"))
    look_at(chat.page, "applications")

    before = chat.count()
    page.goto(f"{server.url}/demo-broker/end-session")
    page.locator("[name=out]").click()
    page.locator("[name=out]").wait_for(state="detached")
    assert words("account.invitation_status") in chat.say("status")
    assert words("account.demo_applications") not in " ".join(
        chat.page.locator(".message--bot").all_inner_texts()[before:]
    )

    page = chat.tap_link()
    go(page)
    page.locator("[name=login]").last.click()  # signed out, one is asked again
    page.locator("[name=person]").first.click()
    number = page.locator(".demo-phone strong").inner_text()
    page.get_by_role("button", name=number, exact=True).click()
    linked(page)
    assert words("account.signed_out") in chat.say("sign_out")
    with chat.page.expect_popup() as opened:
        chat.page.locator("a.button", has_text=words("account.link_sign_out")).click()
    opened.value.locator("[name=out]").click()
    look_at(opened.value, "signed-out")
