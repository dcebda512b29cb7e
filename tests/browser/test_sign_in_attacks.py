"""What others try with somebody's sign-in, against the real server and a real provider."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.browser.chat import LOCALES, Chat, Words, go, linked, log_in
from tests.support.browser_of import leads_to
from tests.support.oidc import Visitor
from tests.support.sign_in_site import INSIDE, link_in

pytestmark = [pytest.mark.browser, pytest.mark.model]

FORM = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
PREVIEWS = ("facebookexternalhit/1.1", "WhatsApp/2.24", "Mozilla/5.0 MicroMessenger/8.0", "curl/8")


@pytest.fixture
def words(content):
    return Words(content, "en")


@pytest.fixture
def open_chat(new_context, site, words):
    def open_():
        return Chat(new_context(locale=LOCALES["en"]), site.url, "en", words)

    return open_


@pytest.fixture
def refused(site):
    """Tells for which reasons something was refused in this test, as an auditor reads it."""
    before = len(site.log.splitlines())

    def reasons():
        lines = [line for line in site.log.splitlines()[before:] if line.startswith("{")]
        events = [event for event in map(json.loads, lines) if event["event"] == "identity"]
        return [event["reason"] for event in events if event["what"] == "refused"]

    return reasons


class Plain:
    """The browser of a chat without its screen: the same cookies, and none that come later."""

    def __init__(self, chat=None):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = "en"
        for cookie in chat.context.cookies() if chat else ():
            if cookie["domain"] == "localhost":
                self.session.cookies.set(cookie["name"], cookie["value"], domain="localhost.local")

    def get(self, url, **options):
        return self.session.get(url, timeout=20, allow_redirects=False, **options)

    def go(self, link):
        """The form of a link's page, as our own page sends it."""
        address, _, token = link.partition("?t=")
        return self.session.post(
            address, {"t": token, "do": "go"}, headers=FORM, timeout=20, allow_redirects=False
        )


def away(browser, site, link):
    """From the link to the provider and through its login; the address that leads back."""
    address = leads_to(browser.go(link))
    assert address.startswith(site.provider.issuer)

    async def log_in():
        async with Visitor() as visitor:
            return await visitor.log_in(address)

    answer = site.do(log_in())
    return f"{site.url}/identity/callback?{urlencode(answer)}"


def is_said(answer, words, reason):
    """Whether a refusal is the sentence for a reason, in the person's language."""
    return words(f"identity.refused_{reason}") in answer.text


def is_signed_in(chat):
    return chat.words("account.signed_in") in chat.say("sign_in")


def time_is_over(site, kind):
    """Whatever is under way at a stage has ended."""

    async def end():
        keys = await site.site.redis.keys(f"identity:{kind}:*")
        assert keys
        await asyncio.gather(*(site.site.redis.pexpire(key, 1) for key in keys))
        await asyncio.sleep(0.05)

    site.do(end())


def test_a_link_of_a_web_chat_in_the_browsers_of_others(
    open_chat, new_context, site, words, refused
):
    chat, neighbour = open_chat(), open_chat()
    chat.say("sign_in")
    for context, reason in (
        (new_context(), "not_this_browser"),
        (neighbour.context, "other_person"),
    ):
        page = context.new_page()
        page.goto(chat.link())
        go(page)
        page.get_by_text(words(f"identity.refused_{reason}")).wait_for()
    page = chat.tap_link()
    go(page)
    log_in(page)
    linked(page)
    assert is_signed_in(chat) and not is_signed_in(neighbour)
    assert refused() == ["not_this_browser", "other_person"]


def test_a_link_of_wechat_with_somebody_else_in_wechat(new_context, site, content, refused):
    owner, other = site.friend("owner"), site.friend("other")
    link = link_in(owner.say("我要登入呀"))
    other.say("我要登入呀")
    context = new_context(user_agent=INSIDE)
    other.inside_wechat(context, [])
    page = context.new_page()
    page.goto(link)
    go(page)
    page.get_by_text(Words(content, "yue")("identity.refused_other_person")).wait_for()
    own = new_context(user_agent=INSIDE)
    owner.inside_wechat(own, [])
    page = own.new_page()
    page.goto(link)
    go(page)
    log_in(page)
    linked(page)
    assert (owner.is_signed_in(), other.is_signed_in()) == (True, False)
    assert refused() == ["other_person"]


def test_previews_and_scanners(open_chat, refused):
    chat = open_chat()
    chat.say("sign_in")
    for agent in PREVIEWS * 5:
        answers = [
            requests.request(method, chat.link(), headers={"User-Agent": agent}, timeout=20)
            for method in ("HEAD", "GET")
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
    page = chat.tap_link()
    go(page)
    log_in(page)
    linked(page)
    assert refused() == []


def test_of_many_who_use_a_link_at_once_one_goes_on(open_chat, site, words, refused):
    chat = open_chat()
    chat.say("sign_in")
    link = chat.link()
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda browser: browser.go(link), [Plain(chat) for _ in range(8)]))
    won = [answer for answer in answers if leads_to(answer)]
    assert len(won) == 1
    lost = [answer for answer in answers if answer not in won]
    assert all(a.status_code == 404 and is_said(a, words, "ended") for a in lost)
    assert refused() == ["ended"] * 7


@pytest.mark.parametrize("spoil", ["used", "expired", "cancelled"])
def test_a_link_that_has_ended(open_chat, site, words, refused, spoil):
    chat = open_chat()
    chat.say("sign_in")
    link, browser = chat.link(), Plain(chat)
    if spoil == "expired":
        time_is_over(site, "link")
    elif spoil == "used":
        assert leads_to(browser.go(link))
    else:
        address, _, token = link.partition("?t=")
        browser.session.post(address, {"t": token, "do": "cancel"}, headers=FORM, timeout=20)
    for answer in (browser.get(link), browser.go(link)):
        assert answer.status_code == 404 and is_said(answer, words, "ended")
    assert not is_signed_in(chat)
    assert refused() == ["ended"] * 2


def test_the_way_back_in_any_browser_but_the_one_that_left(open_chat, site, words, refused):
    chat, neighbour = open_chat(), open_chat()
    for one in (chat, neighbour):
        one.say("sign_in")
    own, others = Plain(chat), Plain(neighbour)
    back = away(own, site, chat.link())
    away(others, site, neighbour.link())  # who has a login cookie of their own
    for browser in (Plain(), others):
        answer = browser.get(back)
        assert answer.status_code == 400 and is_said(answer, words, "not_begun_here")
    assert not is_signed_in(chat) and not is_signed_in(neighbour)
    assert refused() == ["not_begun_here"] * 2


def test_the_way_back_is_played_again(open_chat, site, words, refused):
    chat = open_chat()
    chat.say("sign_in")
    browser = Plain(chat)
    back = away(browser, site, chat.link())
    cookies = browser.session.cookies.copy()
    assert words("identity.linked_web") in browser.get(back).text
    browser.session.cookies = cookies  # the page took the login's away
    again = browser.get(back)
    assert again.status_code == 400 and is_said(again, words, "not_begun_here")
    chat.hears(words("account.signed_in"))
    assert chat.page.locator(".message--bot", has_text=words("account.signed_in")).count() == 1
    assert refused() == ["not_begun_here"]


@pytest.mark.parametrize("parameter", ["state", "iss", "code"])
def test_the_way_back_with_a_part_of_another(open_chat, site, words, refused, parameter):
    chat = open_chat()
    chat.say("sign_in")
    browser = Plain(chat)
    address = urlsplit(away(browser, site, chat.link()))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    wrong = {"state": "A" * 43, "iss": "https://login.example", "code": "of-another-login"}
    query[parameter] = wrong[parameter]
    answer = browser.get(f"{site.url}{address.path}?{urlencode(query)}")
    reason = "not_begun_here" if parameter == "state" else "refused"
    assert is_said(answer, words, reason)
    assert not is_signed_in(chat)
    assert refused() == [reason]


def test_who_takes_too_long_at_the_provider(open_chat, site, words, refused):
    chat = open_chat()
    chat.say("sign_in")
    browser = Plain(chat)
    back = away(browser, site, chat.link())
    time_is_over(site, "broker")
    answer = browser.get(back)
    assert answer.status_code == 400 and is_said(answer, words, "not_begun_here")
    assert refused() == ["not_begun_here"]


def test_a_logout_token_forged_and_played_again(open_chat, site, words, refused):
    chat = open_chat()
    chat.say("sign_in")
    page = chat.tap_link()
    go(page)
    log_in(page)
    linked(page)
    chat.hears(words("account.signed_in"))
    before = len(site.logout_tokens)
    with site.logout_tokens_held():
        page.goto(f"{site.provider.issuer}/session/end")
        page.locator("button[value=yes]").click()
        page.wait_for_load_state()
    (token,) = site.logout_tokens[before:]
    head, body, signature = token.split(".")
    for forged in (
        f"{head}.{body}.{signature[::-1]}", f"eyJhbGciOiJub25lIn0.{body}.", token[:-8], "", "a.b.c",
    ):  # fmt: skip
        assert site.tells_logout(forged) == 400
    assert is_signed_in(chat)
    assert site.tells_logout(token) == 200
    assert not is_signed_in(chat)
    assert site.tells_logout(token) == 400
    assert refused() == ["logout_token"] * 6


def test_a_provider_that_is_silent_or_away(open_chat, site, words, refused):
    chat = open_chat()
    chat.say("sign_in")
    browser = Plain(chat)
    link = chat.link()
    back = away(browser, site, link)
    with site.provider.silent():
        answer = browser.get(back)
        assert answer.status_code == 503 and is_said(answer, words, "unavailable")
        assert "24:00" in chat.say("when does Lo Wu close")  # whoever needs no name is served
    chat.say("sign_in")
    back = away(browser, site, chat.link())
    with site.provider.down():
        answer = browser.get(back)
        assert answer.status_code == 503 and is_said(answer, words, "unavailable")
    assert not is_signed_in(chat)
    page = chat.tap_link()
    go(page)
    log_in(page)
    linked(page)
    assert is_signed_in(chat)
    assert refused() == ["unavailable"] * 2
