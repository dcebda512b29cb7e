"""The chat page in a real browser: questions, choices, languages, large text, accessibility."""

import pytest

from tests.browser.pages import ask, shoot, violations
from tests.dialogue.test_asks import ASKED

pytestmark = [pytest.mark.browser, pytest.mark.model]

LANG = {"yue": "zh-HK", "cmn": "zh-Hans-CN", "en": "en-HK"}


@pytest.mark.parametrize("number, asked", list(enumerate(ASKED, 1)), ids=[a[0] for a in ASKED])
def test_answers_with_source_and_date_in_the_askers_language(open_page, number, asked):
    text, language, _, said = asked
    page = open_page()
    answer = ask(page, text)
    assert said in answer.inner_text()
    assert "2026" in answer.locator(".message__source").inner_text()
    assert answer.get_attribute("lang") == LANG[language]
    shoot(page, f"ask-{number:02}")
    assert page.outside == []


def test_says_that_it_does_not_know(open_page):
    page = open_page(locale="en-GB")
    answer = ask(page, "can I bring my cat to Hengqin")
    assert "no reviewed answer" in answer.inner_text()
    shoot(page, "ask-12-unknown")


def test_a_choice_is_made_by_tap_by_number_and_by_keyboard(open_page):
    page = open_page()
    ask(page, "通行證")
    before = page.locator(".message--bot").count()
    page.get_by_role("button", name="往來港澳通行證").last.click()
    page.locator(".message--bot").nth(before).wait_for()
    assert "內地居民" in page.locator(".message--bot").last.inner_text()
    assert "往來港澳通行證" in page.locator(".message--user").last.inner_text()
    ask(page, "通行證")
    assert "回鄉證" in ask(page, "1").inner_text()
    ask(page, "通行證")
    before = page.locator(".message--bot").count()
    page.get_by_role("button", name="回鄉證：").last.focus()
    page.keyboard.press("Enter")
    page.locator(".message--bot").nth(before).wait_for()


def test_the_history_is_there_after_a_reload_and_nobody_elses(open_page):
    page = open_page()
    ask(page, "羅湖口岸幾點閂門")
    ask(page, "我個身份證號碼係A123456(3)，羅湖幾點開")
    page.reload()
    page.locator(".message--bot").nth(1).wait_for()
    said = " ".join(page.locator(".message--user").all_inner_texts())
    assert "羅湖口岸幾點閂門" in said
    assert "A123456" not in said
    assert open_page().locator(".message--user").count() == 0


def test_the_language_switch_changes_the_page_and_the_next_reply(open_page):
    page = open_page(locale="en-GB")
    page.locator("header").get_by_role("button").first.click()
    page.get_by_text("简体中文", exact=True).last.click()
    page.get_by_role("button", name="发送").wait_for()
    assert "24:00" in ask(page, "when does Lo Wu close").inner_text()
    assert page.locator(".message--bot").last.get_attribute("lang") == "zh-Hans-CN"


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large text"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-HK", "zh-CN", "en-GB"])
def test_is_accessible(open_page, locale, scheme, large):
    page = open_page(locale=locale, color_scheme=scheme)
    if large:
        page.locator("button[aria-pressed]").first.click()
    ask(page, "回鄉證幾錢")
    assert violations(page) == []
    least = 60 if large else 44
    for button in page.locator("button:visible, a.choice:visible").all():
        box = button.bounding_box()
        assert box is None or (box["height"] >= least and box["width"] >= least)
    shoot(page, f"page-{locale}-{scheme}-{'large' if large else 'normal'}")


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large text"])
def test_fits_a_phone_of_320_pixels(open_page, large):
    page = open_page(width=320, height=640)
    if large:
        page.locator("button[aria-pressed]").first.click()
    ask(page, "良民證幾錢要幾耐")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, f"phone-320-{'large' if large else 'normal'}")


def test_markup_from_people_stays_text(open_page):
    page = open_page()
    ask(page, "<img src=x onerror=alert(1)> 羅湖幾點開")
    assert page.locator(".message--user img").count() == 0
    assert "<img" in page.locator(".message--user").last.inner_text()
