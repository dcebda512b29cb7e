"""The demo broker's pages in a real browser: languages, small screens, keyboard, accessibility."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

import pytest

from core.clock import system_clock
from tests.browser.pages import SHOTS, violations
from tests.support.demo_broker import DemoBrokerServer
from tests.support.relying_party import told

pytestmark = pytest.mark.browser

LANG = {"yue": "zh-HK", "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans-CN", "en": "en-HK"}


@pytest.fixture(scope="module")
def broker(redis_url, tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("demo-broker")
    with DemoBrokerServer(redis_url, folder, lambda: content, system_clock) as running:
        yield running


@pytest.fixture
def visit(browser, broker):
    """Opens the first page as the client sends a browser there."""
    contexts = []

    def open_(language="en", width=390, height=844, level="urn:gba:acr:2", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda m: m.type == "error" and page.faults.append(m.text))
        page.on("request", lambda r: r.url.startswith(broker.url) or page.faults.append(r.url))
        page.goto(address(broker, language, level))
        return page

    yield open_
    for context in contexts:
        context.close()


def address(broker, language, level):
    challenge = hashlib.sha256(secrets.token_urlsafe(48).encode()).digest()
    return f"{broker.issuer}/authorize?" + urlencode(
        {
            "response_type": "code", "client_id": broker.client.client_id,
            "redirect_uri": broker.client.redirect_uri, "scope": "openid profile document",
            "state": "s", "nonce": "n", "acr_values": level, "ui_locales": language,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
    )  # fmt: skip


def shot(name):
    """Where a picture of a whole page is kept for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return str(SHOTS / f"{name}.png")


def steps(page):
    """Each page up to the phone, by taps."""
    yield "login"
    page.locator("[name=login]").first.click()
    yield "person"
    page.locator("[name=person]").first.click()
    yield "match"


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large text"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["yue", "en"])
def test_every_step_is_accessible(visit, language, scheme, large):
    page = visit(language, color_scheme=scheme)
    if large:
        page.locator("#large-text").click()
    for step in steps(page):
        assert page.locator("strong").first.is_visible()
        assert "DEMO" in page.locator("header").inner_text()
        assert "DEMO" in page.title()
        assert violations(page) == []
        least = 60 if large else 44
        for button in page.locator("button:visible").all():
            box = button.bounding_box()
            assert box["height"] >= least and box["width"] >= least
        if scheme == "dark":
            page.screenshot(path=shot(f"demo-broker-dark-{step}-{language}-{large}"))
    assert page.faults == []


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large text"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", list(LANG))
def test_fits(visit, language, width, large):
    page = visit(language, width=width, level="urn:gba:acr:3")
    if large:
        page.locator("#large-text").click()
    for step in steps(page):
        assert page.locator("html").get_attribute("lang") == LANG[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for button in page.locator("button:visible").all():
            box = button.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
        name = f"demo-broker-{width}-{step}-{language}-{'large' if large else 'normal'}"
        page.screenshot(path=shot(name), full_page=True)


def test_signs_in_by_keyboard_alone(visit, broker):
    page = visit("en")

    def reach(text):
        for _ in range(20):
            page.keyboard.press("Tab")
            if text in page.evaluate("document.activeElement.innerText"):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none"
                return page.keyboard.press("Enter")
        raise AssertionError(f"The keyboard does not reach {text}.")

    reach("Guangdong unified")
    page.get_by_role("heading", name="Who do you want to be?").wait_for()
    reach("DEMO Zhang Wei")
    page.get_by_role("heading", name="Confirm on the phone").wait_for()
    assert "DEMO phone" in page.inner_text("main")
    assert "Mainland identity card (DEMO)" in page.inner_text("main")
    assert page.faults == []
    reach(page.locator(".demo-phone strong").inner_text())
    page.wait_for_url(broker.client.redirect_uri + "**")
    assert "back at the client" in page.inner_text("body")
    back = told(page.url)
    assert (back["state"], back["iss"]) == ("s", broker.issuer)
    assert back["code"]


def test_works_without_a_script(visit, broker):
    page = visit("yue", java_script_enabled=False)
    assert page.locator("#large-text").count() == 1
    assert not page.locator("#large-text").is_visible()
    page.get_by_role("button", name="智方便").click()
    page.get_by_role("button", name="黃桂芳").click()
    number = page.locator(".demo-phone strong").inner_text()
    page.get_by_role("button", name=number, exact=True).click()
    page.wait_for_url(broker.client.redirect_uri + "**")
    assert "code" in told(page.url)


def test_large_text_lasts_from_step_to_step_and_is_the_chats(visit):
    page = visit("zh-Hans")
    page.locator("#large-text").click()
    for _ in steps(page):
        page.locator("html[data-large]").wait_for()
        assert page.locator("#large-text").get_attribute("aria-pressed") == "true"
    assert page.evaluate("localStorage.getItem('onestop.large_text')") == "on"


def test_a_wrong_number_is_said_aloud_and_the_person_can_cancel(visit, broker):
    page = visit("en")
    for _ in steps(page):
        pass
    right = page.locator(".demo-phone strong").inner_text()
    wrong = [b for b in page.locator("[name=number]").all() if b.inner_text() != right]
    wrong[0].click()
    assert "not the number" in page.get_by_role("alert").inner_text()
    assert violations(page) == []
    page.screenshot(path=shot("demo-broker-mistaken"), full_page=True)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(broker.client.redirect_uri + "**")
    assert told(page.url)["error"] == "access_denied"


def test_the_person_signs_out_where_they_signed_in(visit, broker):
    page = visit("en")
    for _ in steps(page):
        pass
    number = page.locator(".demo-phone strong").inner_text()
    page.get_by_role("button", name=number, exact=True).click()
    page.wait_for_url(broker.client.redirect_uri + "**")
    before = len(broker.logout_tokens)
    page.goto(f"{broker.issuer}/end-session?ui_locales=en")
    assert violations(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    assert len(broker.logout_tokens) == before + 1
    page.screenshot(path=shot("demo-broker-signed-out"), full_page=True)
