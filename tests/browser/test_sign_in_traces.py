"""What is left behind of people who signed in, from the web chat and from WeChat: nothing in plain in
Redis, in the database, in the conversation or in the logs.
"""

import re
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest

from actions.identity.session_store import SessionStore
from core.clock import system_clock
from tests.browser.chat import CHAN, LOCALES, Chat, Words, go, linked, log_in
from tests.support.oidc import CLIENT_SECRET
from tests.support.sign_in_site import INSIDE, link_in

pytestmark = [pytest.mark.browser, pytest.mark.model]

#: What the provider tells of this person, however it is written.
PERSON = (CHAN, "A123456(3)", "A1234563", "A123456", "+85291234567", "91234567", "9123 4567",
          "1958-03-01")  # fmt: skip
#: Parameters of addresses that are worth something to whoever reads them.
SECRET = ("t", "code", "state", "nonce")
PARTS = ("redis/onestop.rdb", "onestop.sqlite3", "server.log")


class Seen:
    """All that is secret of what went through a browser."""

    def __init__(self):
        self.secrets = set()

    def watch(self, context):
        context.on("request", self._keep)
        return context

    def _keep(self, request):
        told = parse_qsl(urlsplit(request.url).query) + parse_qsl(request.post_data or "")
        self.secrets.update(value for name, value in told if name in (*SECRET, "ticket", "number"))

    def keep_cookies(self, context):
        self.secrets.update(cookie["value"] for cookie in context.cookies())


def files(folder):
    """All that Redis, the database and the logs have written, by their names."""
    found = [path for path in folder.rglob("*") if path.is_file() and "models" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def holding(words, places):
    """The names of the places in which something stands, in any of the ways it is written down."""
    forms = {words.encode(), words.encode("unicode_escape")}
    return [name for name, content in places.items() if any(form in content for form in forms)]


@contextmanager
def looked_at(site, copies):
    """Keeps what Redis holds live, now and when the ``with`` ends."""
    copies.append(site.everything_in_redis())
    yield
    copies.append(site.everything_in_redis())


def test_nothing_of_a_sign_in_stands_anywhere_in_plain(site, new_context, content):
    seen, live = Seen(), []
    chat = Chat(seen.watch(new_context(locale=LOCALES["en"])), site.url, "en", Words(content, "en"))
    friend, words = site.friend("traces"), Words(content, "yue")
    inside, other = (
        seen.watch(new_context(locale="zh-HK", **options))
        for options in ({"user_agent": INSIDE}, {})
    )
    friend.inside_wechat(inside, [])

    with looked_at(site, live):
        chat.say("sign_in")
        page = chat.tap_link()
        go(page)
        page.get_by_role("button", name=CHAN).wait_for()
        live.append(site.everything_in_redis())  # under way
        seen.keep_cookies(chat.context)
        log_in(page)
        linked(page)
        chat.hears(chat.words("account.signed_in"))
        assert chat.words("account.ask_prefill") in chat.say("book")
        live.append(site.everything_in_redis())  # a question about the person is open
        while chat.page.locator("a[download]").count() == 0:
            chat.say("1")
            chat.page.wait_for_timeout(100)

    with looked_at(site, live):
        page = inside.new_page()
        page.goto(link_in(friend.say("我要登入呀")))
        go(page)
        page.get_by_role("button", name=CHAN).wait_for()
        seen.keep_cookies(inside)
        log_in(page)
        linked(page)
        assert words("account.demo_applications") in friend.say("我嘅申請去到邊")
        friend.say("登出")
        said = friend.say("我要登入呀")
        page = other.new_page()
        page.goto(link_in(said))
        go(page)
        number = re.search(re.escape(words("account.number")) + r"(\d\d)", said)[1]
        page.get_by_role("button", name=number, exact=True).click()
        log_in(page)
        code = page.locator(".sheet__code").inner_text()
        live.append(site.everything_in_redis())  # a login waits for its code
        friend.say(code)
        assert friend.is_signed_in()

    tokens = site.do(tokens_of(site, friend))
    openids = set(friend.person.platform.world.people)
    short = {secret for secret in seen.secrets if len(secret) < 8}  # the two digits
    secrets = {*(seen.secrets - short), *tokens, *openids, *PERSON, CLIENT_SECRET}
    assert len(seen.secrets - short) >= 15 and len(tokens) >= 5 and friend.person.openid in openids

    site.do(keep(site))
    places = files(site.folder)
    assert all(places[name] for name in PARTS) and any("aof" in name for name in places)
    places["live"] = "\n".join(live).encode()
    assert len(live) == 7
    # each place holds what it should, so that a search in the wrong one would be noticed
    assert b'"what": "linked"' in places["server.log"]
    assert b'"level": "info"' in places["server.log"]
    for name, known in (
        ("live", "identity:session:"), ("live", "identity:parked:"), ("live", "identity:broker:"),
        ("redis/onestop.rdb", "identity:session:"), ("onestop.sqlite3", "booked"),
        ("live", friend.person.sender),
    ):  # fmt: skip
        assert name in holding(known, places), (name, known)
    assert [s[:6] for s in secrets if holding(s, places)] == []


async def tokens_of(site, friend):
    """What the broker gave for the person who is signed in in WeChat, as the server unseals it."""
    store = SessionStore(site.site.redis, site.site.vault, system_clock)
    known = await store.tokens(friend.person.sender)
    tokens, login = known.tokens, known.login
    return {tokens.access_token, tokens.refresh_token, tokens.id_token, login.subject, login.sid}


async def keep(site):
    """Redis writes everything to its files, uncompressed."""
    await site.site.redis.config_set("rdbcompression", "no")
    await site.site.redis.save()
