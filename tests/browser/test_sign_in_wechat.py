"""Signing in from WeChat over the real server: inside WeChat's own browser, and on another device."""

import re

import pytest

from tests.browser.chat import Words, go, linked, log_in
from tests.browser.pages import shoot
from tests.support.sign_in_site import INSIDE, link_in
from tests.support.wechat_site import reference_in

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTIONS = 12


@pytest.fixture
def words(content):
    return Words(content, "yue")


def ask_for_link(friend):
    """My appointments, please. Returns all that the answer with the link says."""
    friend.say("我想睇我嘅預約")
    return friend.say("登入")


def book(friend, words):
    """Books with what the broker has verified, and all else by the first choice."""
    said = [friend.say("我想預約續期香港身份證")]
    while friend.person.asked:
        assert len(said) < QUESTIONS, said
        said.append(friend.say("1"))
    assert words("account.ask_prefill") in "\n".join(said)
    return reference_in(said[-1])


def test_inside_wechat_and_on_another_device_and_out(site, new_context, words):
    friend = site.friend("signs-in")
    link = link_in(ask_for_link(friend))
    inside, visits = new_context(locale="zh-HK", user_agent=INSIDE), []
    friend.inside_wechat(inside, visits)
    page = inside.new_page()
    page.goto(link)
    shoot(page, "sign-in-wechat-start")
    go(page)
    log_in(page)
    assert words("identity.linked_wechat") in linked(page)
    shoot(page, "sign-in-wechat-linked")
    (visit,) = visits
    assert "scope=snsapi_base" in visit and friend.person.openid not in visit
    said = "\n".join(friend.reads(1))
    assert words("account.signed_in") in said and words("account.no_appointments") in said

    reference = book(friend, words)
    assert words("account.signed_out") in friend.say("登出")

    asked = ask_for_link(friend)
    assert reference not in asked
    page = new_context(locale="zh-HK").new_page()
    page.goto(link_in(asked))
    go(page)
    number = re.search(re.escape(words("account.number")) + r"(\d\d)", asked)[1]
    assert page.locator("button[name=number]").count() == 3
    shoot(page, "sign-in-wechat-number")
    before = len(friend.person.got())
    page.get_by_role("button", name=number, exact=True).click()
    log_in(page)
    code = page.locator(".sheet__code").inner_text()
    shoot(page, "sign-in-wechat-code")
    assert words("account.waiting") in friend.reads(before + 1)[before]
    assert reference not in friend.say("我想睇我嘅預約")  # nobody is signed in yet
    assert re.fullmatch(r"\d{4}", code)
    said = friend.say(code)
    assert words("account.signed_in") in said
    assert reference in (said if reference in said else friend.say("1"))

    assert friend.is_signed_in()
    friend.leave()
    assert not friend.is_signed_in()
    assert reference not in friend.say("我想睇我嘅預約")  # back again, and nobody


def test_who_signs_out_at_the_provider_is_signed_out_in_wechat(site, new_context, words):
    friend = site.friend("out-there")
    inside = new_context(locale="zh-HK", user_agent=INSIDE)
    friend.inside_wechat(inside, [])
    page = inside.new_page()
    page.goto(link_in(friend.say("登入")))
    go(page)
    log_in(page)
    linked(page)
    assert words("account.signed_in") in friend.reads(1)[-1]
    assert words("account.demo_applications") in friend.say("我嘅申請去到邊")
    page.goto(f"{site.provider.issuer}/session/end")
    page.locator("button[value=yes]").click()
    page.wait_for_load_state()
    assert words("account.invitation_status") in friend.say("我嘅申請去到邊")
