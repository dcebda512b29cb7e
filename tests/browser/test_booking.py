"""An appointment on the page, from the wish to the QR code: by tap in large text, by keyboard."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from actions.appointments.draft import PERSONAL
from knowledge.model import VARIANTS
from tests.browser.pages import shoot, violations

pytestmark = [pytest.mark.browser, pytest.mark.model]

TURNS = 25
REFERENCE = re.compile(r"\b[A-Z]\d[A-Z]-[A-Z]\d[A-Z]-[A-Z]\d[A-Z]\b")


@pytest.fixture
def asked(content):
    """Tells which of some slots the page asks for, by the words of the question."""

    def find(page, slots):
        said = page.locator(".message--bot").last.inner_text()
        for slot in slots:
            words = content.phrases[f"appointments.ask_{slot}"]
            asks = (re.escape(words.get(variant)) for variant in VARIANTS)
            if any(re.search(re.sub(r"\\\{.*?\\\}", ".+", one), said) for one in asks):
                return slot
        return None

    return find


def take_turn(page, act):
    """Does something that sends a message, and waits for the answer."""
    answers = page.locator(".message--bot")
    before = answers.count()
    act()
    answers.nth(before).wait_for(timeout=15_000)
    page.wait_for_timeout(100)  # an answer may be two messages


def is_booked(page):
    return page.locator("a[download]").count() > 0


def keeps_nothing(page, secrets):
    """Whether the page holds none of some texts, in what is shown or in what is stored."""
    held = page.content() + page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " document.getElementById('message').value, location.href])"
    )
    return not any(secret in held for secret in secrets)


def check_what_was_booked(page, server, secrets):
    """The files behind the links, and the row in the database."""
    reference = REFERENCE.search(page.locator(".message--bot .facts").last.inner_text()).group()
    picture = page.locator(".picture img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
    assert picture.bounding_box()["width"] >= 240
    assert picture.get_attribute("alt")
    assert reference in page.request.get(server.url + picture.get_attribute("src")).text()
    with create_engine(f"sqlite:///{server.log.parent / 'onestop.sqlite3'}").connect() as database:
        row = database.execute(
            text("SELECT status, payload FROM appointments WHERE reference = :r"), {"r": reference}
        ).one()
    assert row.status == "booked"
    assert not any(secret.encode() in row.payload for secret in secrets)


def calendar_file(page, act):
    """What the calendar link brings; the chat stays where it is."""
    before = page.url
    with page.expect_download() as download:
        act()
    assert (page.url, len(page.context.pages)) == (before, 1)
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_books_by_tap_in_cantonese_in_large_text(open_page, asked, server):
    page = open_page(has_touch=True, is_mobile=True)
    faults = []
    page.on("console", lambda m: m.type == "error" and faults.append(m.text))
    page.locator("button[aria-pressed]").first.click()
    answers = {"birth_date": "1960年7月19日", "name": "陳鐵柱",
               "document_number": "A123456(3)", "phone": "9123 4567"}  # fmt: skip
    secrets = ["陳鐵柱", "鐵柱", "A123456", "9123 4567", "7月19日"]
    box = page.locator("#message")

    def say(words):
        take_turn(page, lambda: (box.fill(words), page.keyboard.press("Enter")))

    say("我想預約續期香港身份證")
    for _ in range(TURNS):
        if is_booked(page):
            break
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        slot = asked(page, answers)
        if slot:
            assert page.locator("#secret").is_visible()
            assert box.get_attribute("spellcheck") == "false"
            assert box.get_attribute("autocomplete") == "off"
            if slot == "phone":
                assert box.get_attribute("inputmode") == "tel"
                shoot(page, "booking-phone")
                page.locator("#letters").click()
                assert box.get_attribute("inputmode") is None
                assert not page.locator("#letters").is_visible()
            say(answers[slot])
            assert keeps_nothing(page, secrets)
            continue
        assert page.locator("#secret").is_hidden(), page.locator(".message--bot").last.inner_text()
        choices = page.locator(".is-latest .choice")
        assert 1 <= choices.count() <= 4
        assert choices.first.bounding_box()["height"] >= 60
        if page.locator(".is-latest .facts").count():
            shoot(page, "booking-summary")
            assert "星期" in page.locator(".is-latest .facts").inner_text()
            assert violations(page) == []
        take_turn(page, choices.first.click)
    shoot(page, "booking-booked")
    check_what_was_booked(page, server, secrets)
    shoot(page, "booking-qr")
    assert violations(page) == []
    assert "BEGIN:VCALENDAR" in calendar_file(page, page.locator("a[download]").click)
    page.reload()
    page.locator(".picture img").wait_for()
    assert keeps_nothing(page, secrets)
    assert page.locator("#secret").is_hidden()
    assert (faults, page.outside) == ([], [])


def test_books_in_english_by_keyboard_alone(open_page, asked, server):
    page = open_page(locale="en-GB", width=1280, height=900)
    answers = {"birth_date": "19 July 1962", "name": "FERNANDEZ Maria Luz",
               "document_number": "C123456(9)", "phone": "+852 6123 4567"}  # fmt: skip
    secrets = ["FERNANDEZ", "Maria", "C123456", "6123 4567", "19 July"]

    def go_to(selector, key):
        for _ in range(80):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press(key)
        raise AssertionError(f"{selector} is out of reach of {key}")

    def write(words):
        def act():
            go_to("#message", "Tab")
            page.keyboard.type(words)
            page.keyboard.press("Enter")

        take_turn(page, act)

    def choose_first():
        go_to("#message", "Tab")
        go_to(".is-latest li:first-child .choice", "Shift+Tab")
        page.keyboard.press("Enter")

    go_to(".skip", "Tab")
    page.keyboard.press("Enter")
    write("I want to book HKID renewal")
    for _ in range(TURNS):
        if is_booked(page):
            break
        slot = asked(page, answers)
        if slot:
            write(answers[slot])
            assert keeps_nothing(page, secrets)
        else:
            if page.locator(".is-latest .facts").count():
                shoot(page, "booking-summary-en")
            take_turn(page, choose_first)
    check_what_was_booked(page, server, secrets)
    shoot(page, "booking-booked-en")
    go_to("#message", "Tab")
    go_to("a.picture", "Shift+Tab")
    go_to("a[download]", "Shift+Tab")
    assert "BEGIN:VCALENDAR" in calendar_file(page, lambda: page.keyboard.press("Enter"))


def test_what_was_written_stays_when_it_could_not_be_sent(open_page, asked):
    """Hidden in the chat, and sent in full when tried again."""
    page = open_page()
    box = page.locator("#message")
    for words in ("我想預約續期香港身份證", "1"):
        if asked(page, PERSONAL):
            break
        take_turn(page, lambda words=words: (box.fill(words), page.keyboard.press("Enter")))
    assert asked(page, PERSONAL) == "birth_date"
    page.route("**/chat/messages", lambda route: route.abort())
    box.fill("1960年7月19日")
    page.keyboard.press("Enter")
    again = page.locator(".message__state button")
    again.wait_for()
    assert keeps_nothing(page, ["7月19日"])
    page.unroute("**/chat/messages")
    take_turn(page, again.click)
    assert asked(page, PERSONAL) != "birth_date"
