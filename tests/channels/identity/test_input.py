"""The sign-in pages over HTTP: as the owner, the forwarded-to, previews and attackers use them."""

import asyncio
import json
import logging
from html import escape

import pytest

from actions.identity.errors import BrokerUnavailable
from actions.identity.model import Logout
from channels.common.proof import ProofUnavailable
from channels.web.session import COOKIE
from tests.support.browser_of import Browser, code_on, hidden, leads_to
from tests.support.identity import BROKER, CODE, everything, token_of

FRESH = "a" * 43


@pytest.fixture
def says(content):
    """Whether a page has a phrase, in English unless told."""

    def says(response, key, variant="en"):
        return escape(content.phrases[f"identity.{key}"].get(variant)) in response.text

    return says


async def back(site, browser, **changed):
    query = {"code": CODE, "state": site.state, "iss": "http://broker.test", **changed}
    return await browser.get("/identity/callback?" + "&".join(f"{k}={v}" for k, v in query.items()))


async def signed_in(site, reader="en"):
    """A person who signed in from the web chat: browser, sender and the last page."""
    browser, sender = site.person()
    token = await site.identity.token(sender, reader=reader)
    page = await browser.post("/identity/start", {"t": token, "do": "go"})
    assert leads_to(page).startswith(BROKER)
    return browser, sender, await back(site, browser)


# --- the link's page ---


@pytest.mark.parametrize("method", ["get", "head"])
async def test_previews_and_scanners_change_nothing(site, redis, method):
    _, sender = site.person()
    token = await site.identity.token(sender)
    before = await everything(redis)
    for agent in ("WhatsApp/2.2", "Mozilla/5.0", "Slackbot-LinkExpanding 1.0"):
        browser = site.browser(**{"user-agent": agent})
        assert (await browser.get(f"/identity/start?t={token}", method)).status == 200
        assert browser.cookies == {}
    assert await everything(redis) == before


async def test_the_page_says_what_the_link_is_for_and_nothing_about_anybody(site, says):
    _, sender = site.person()
    token = await site.identity.token(sender)
    match = (await site.identity.links.page(token)).match
    page = await site.browser().get(f"/identity/start?t={token}")
    assert says(page, "start_text") and says(page, "start_warning")
    assert sender not in page.text and f">{match}<" not in page.text
    assert page.text.count(token) == 1  # in the form


PROTECTIONS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


async def test_every_page_is_protected(site):
    browser, _, linked = await signed_in(site)
    token = await site.identity.token()
    pages = [
        linked,
        await browser.get(f"/identity/start?t={token}"),
        await browser.get("/identity/start"),
        await browser.get("/identity/callback"),
        await browser.get("/identity/proof"),
        await browser.post("/identity/start", {"t": token}),
        await browser.post("/identity/undo", {"ticket": "x"}),
    ]
    for page in pages:
        assert {name: page.headers[name] for name in PROTECTIONS} == PROTECTIONS
        policy = page.headers["content-security-policy"]
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert "<script>" not in page.text and "style=" not in page.text


@pytest.mark.parametrize(
    "reader, variant, lang",
    [("en", "en", "en-HK"), ("yue-Hant", "yue", "zh-HK"), ("cmn-Hant", "zh_hant", "zh-Hant-HK"),
     ("cmn-Hans", "zh_hans", "zh-Hans-CN")],
)  # fmt: skip
async def test_pages_are_in_the_language_of_the_chat(site, says, reader, variant, lang):
    browser, sender = site.person(**{"accept-language": "fr"})
    token = await site.identity.token(sender, reader=reader)
    page = await browser.get(f"/identity/start?t={token}")
    assert says(page, "start_text", variant)
    assert f'<html lang="{lang}">' in page.text
    leaving = await browser.post("/identity/start", {"t": token, "do": "go"})
    assert says(leaving, "leaving", variant)
    linked = await back(site, browser)
    assert says(linked, "linked_web", variant)
    fields = {"ticket": hidden(linked, "ticket"), "reader": hidden(linked, "reader")}
    assert says(await browser.post("/identity/undo", fields), "undone_text", variant)


async def test_cantonese_in_simplified_script_stays_so(site):
    token = await site.identity.token(reader="yue-Hans")
    page = await site.browser().get(f"/identity/start?t={token}")
    assert "登入之后继续" in page.text
    assert 'lang="zh-Hans-CN"' in page.text


# --- its owner, and others ---


async def test_the_owner_signs_in_and_the_chat_goes_on(site, says):
    browser, sender, page = await signed_in(site)
    assert page.status == 200
    assert says(page, "linked") and says(page, "linked_web")
    assert [(told.sender, told.task) for told in site.chats.resumed_with] == [
        (sender, "view_appointment")
    ]
    assert await site.identity.service.signed_in(sender)
    assert set(browser.cookies) == {COOKIE}  # that of the login has done its work


async def test_a_forwarded_link_does_nothing_for_whom_it_was_sent_to(site, says):
    owner, sender = site.person()
    other, _ = site.person()
    stranger = site.browser()
    token = await site.identity.token(sender)
    for browser, key in ((other, "refused_other_person"), (stranger, "refused_not_this_browser")):
        page = await browser.post("/identity/start", {"t": token, "do": "go"})
        assert page.status == 403
        assert says(page, key)
        assert leads_to(page) == ""
    assert site.identity.broker.asked == []
    assert leads_to(await owner.post("/identity/start", {"t": token, "do": "go"}))


async def test_a_number_does_not_help_with_a_web_chat(site, says):
    _, sender = site.person()
    token = await site.identity.token(sender)
    match = (await site.identity.links.page(token)).match
    page = await site.browser().post("/identity/start", {"t": token, "number": match})
    assert says(page, "refused_not_this_browser")


async def test_an_ended_session_proves_nothing(site, says):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    await site.history.end(sender)
    page = await browser.post("/identity/start", {"t": token, "do": "go"})
    assert says(page, "refused_not_this_browser")


async def test_of_two_taps_at_once_one_goes_on(site, says):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    pages = await asyncio.gather(
        *(browser.post("/identity/start", {"t": token, "do": "go"}) for _ in range(8))
    )
    assert sum(bool(leads_to(page)) for page in pages) == 1
    assert sum(says(page, "refused_ended") for page in pages) == 7


@pytest.mark.parametrize("token", ["", FRESH, "x" * 30_000, "%00", "*", "é"])
async def test_a_guess_looks_like_a_link_that_has_ended(site, says, token):
    browser, _ = site.person()
    page = await browser.get(f"/identity/start?t={token}")
    assert page.status == 404
    assert says(page, "refused_ended")
    assert (await browser.post("/identity/start", {"t": token, "do": "go"})).status == 404


async def test_a_used_link_has_ended(site, says):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    await browser.post("/identity/start", {"t": token, "do": "go"})
    assert says(await browser.get(f"/identity/start?t={token}"), "refused_ended")
    assert says(await browser.post("/identity/start", {"t": token, "do": "go"}), "refused_ended")


@pytest.mark.parametrize("where", ["cross-site", "same-site", "none"])
async def test_a_form_of_another_site_uses_nothing(site, says, where):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    page = await browser.post("/identity/start", {"t": token}, **{"sec-fetch-site": where})
    assert says(page, "refused_not_begun_here")
    plain = await browser.post("/identity/start", {"t": token}, **{"content-type": "text/plain"})
    assert says(plain, "refused_not_begun_here")
    assert await site.identity.links.page(token)


async def test_a_field_that_stands_twice_counts_for_nothing(site):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    page = await browser.post("/identity/start", content=f"t={token}&do=go&t={token}")
    assert page.status == 404
    assert (await browser.get(f"/identity/start?t={token}&t={token}")).status == 404


async def test_cancel_ends_the_link(site, says):
    browser = site.browser()
    token = await site.identity.token()
    page = await browser.post("/identity/start", {"t": token, "do": "cancel"})
    assert page.status == 200
    assert says(page, "cancelled_text")
    assert says(await browser.get(f"/identity/start?t={token}"), "refused_ended")


async def test_a_broker_that_is_down_is_said_and_the_link_stays_good(site, says):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    site.identity.broker.down = BrokerUnavailable("timeout", "no answer")
    page = await browser.post("/identity/start", {"t": token, "do": "go"})
    assert page.status == 503
    assert says(page, "refused_unavailable")
    site.identity.broker.down = None
    assert leads_to(await browser.post("/identity/start", {"t": token, "do": "go"}))


# --- the way back ---


async def test_the_cookie_of_a_login_is_bound_to_host_https_and_time(site, secure_site):
    for one, name, secure in ((secure_site, "__Host-onestop_login", True),
                              (site, "onestop_login", False)):  # fmt: skip
        browser, sender = one.person()
        token = await one.identity.token(sender)
        page = await browser.post("/identity/start", {"t": token, "do": "go"})
        cookie = page.headers["set-cookie"].lower()
        assert cookie.startswith(name.lower() + "=")
        for part in ("httponly", "samesite=lax", "path=/", "max-age=600"):
            assert part in cookie
        assert ("secure" in cookie) == secure
        assert "domain" not in cookie


async def test_a_callback_in_another_browser_links_nothing(site, says):
    browser, sender = site.person()
    token = await site.identity.token(sender)
    await browser.post("/identity/start", {"t": token, "do": "go"})
    victim, _ = site.person()
    page = await back(site, victim)  # an attacker's answer, brought in by somebody else
    assert page.status == 400
    assert says(page, "refused_not_begun_here")
    assert says(
        await back(site, Browser(site.app, {"onestop_login": FRESH})), "refused_not_begun_here"
    )
    assert site.identity.broker.exchanged == []
    assert says(await back(site, browser), "linked_web")  # nothing was taken from the owner


async def test_a_callback_twice_links_once(site, says):
    browser, _, _ = await signed_in(site)
    assert says(await back(site, browser), "refused_not_begun_here")
    assert len(site.chats.resumed_with) == 1


@pytest.mark.parametrize("state", ["", FRESH, "x" * 30_000, "%F0%9F%98%80"])
async def test_a_wrong_state_is_refused(site, says, state):
    browser, sender = site.person()
    await browser.post("/identity/start", {"t": await site.identity.token(sender)})
    page = await back(site, browser, state=state)
    assert page.status == 400
    assert says(page, "refused_not_begun_here")


async def test_a_parameter_that_stands_twice_is_refused(site, says):
    browser, sender = site.person()
    await browser.post("/identity/start", {"t": await site.identity.token(sender)})
    page = await browser.get(f"/identity/callback?state={site.state}&code={CODE}&code=b")
    assert says(page, "refused_not_begun_here")


@pytest.mark.parametrize("error, key", [("access_denied", "denied"), ("<script>", "refused")])
async def test_an_error_of_the_broker_is_a_sentence(site, says, error, key):
    browser, sender = site.person()
    await browser.post("/identity/start", {"t": await site.identity.token(sender)})
    page = await browser.get(f"/identity/callback?state={site.state}&error={error}")
    assert page.status == 403
    assert says(page, f"refused_{key}")
    assert "<script>" not in page.text
    assert site.chats.resumed_with == []


async def test_a_chat_that_is_away_undoes_nothing(site, says, caplog):
    site.chats.fails = True
    _, sender, page = await signed_in(site)
    assert says(page, "linked_web")
    assert await site.identity.service.signed_in(sender)
    assert "could not be told" in caplog.text


async def test_this_was_not_me_signs_out(site, says):
    browser, sender, page = await signed_in(site)
    fields = {"ticket": hidden(page, "ticket")}
    undone = await browser.post("/identity/undo", fields)
    assert says(undone, "undone_text")
    assert "http://broker.test/logout" in undone.text
    assert await site.identity.service.signed_in(sender) is None
    again = await browser.post("/identity/undo", fields)
    assert (again.status, says(again, "refused_ended")) == (404, True)


# --- WeChat ---


async def wechat_link(site):
    made = await site.identity.links.hand_off("wechat-a", "wechat", "wx1", "sign_in", "en")
    return token_of(made.url), made.number


async def test_inside_wechat_the_platform_says_whose_browser_it_is(site, says):
    browser = site.browser(**{"user-agent": "MicroMessenger"})
    token, _ = await wechat_link(site)
    visit = leads_to(await browser.post("/identity/start", {"t": token, "do": "go"}))
    assert visit.startswith("https://platform.test/")
    assert token not in visit
    state = visit.partition("state=")[2]
    assert state.isalnum()
    page = await browser.get(f"/identity/proof?code=code-a&state={state}")
    assert leads_to(page).startswith(BROKER)
    assert says(await back(site, browser), "linked_wechat")
    assert site.chats.resumed_with[0].sender == "wechat-a"


async def test_inside_wechat_a_forwarded_link_is_refused_and_left(site, says):
    browser = site.browser(**{"user-agent": "MicroMessenger"})
    token, _ = await wechat_link(site)
    visit = leads_to(await browser.post("/identity/start", {"t": token, "do": "go"}))
    state = visit.partition("state=")[2]
    for code, key in (("code-b", "other_person"), ("unknown", "unproven"), ("", "unproven")):
        page = await browser.get(f"/identity/proof?code={code}&state={state}")
        assert page.status == 403
        assert says(page, f"refused_{key}")
    assert (await site.identity.links.page(token)).sender == "wechat-a"


async def test_a_code_of_the_attacker_in_the_browser_of_a_victim_proves_nothing(site, says):
    attacker = site.browser(**{"user-agent": "MicroMessenger"})
    token, _ = await wechat_link(site)
    visit = leads_to(await attacker.post("/identity/start", {"t": token, "do": "go"}))
    state = visit.partition("state=")[2]
    for victim in (site.browser(), Browser(site.app, {"onestop_proof": f"{token}.x"})):
        page = await victim.get(f"/identity/proof?code=code-a&state={state}")
        assert page.status == 400
        assert says(page, "refused_not_begun_here")
    assert "code-a" in site.platform.senders  # it was not even asked for


async def test_a_platform_that_is_away_is_said_and_the_link_stays_good(site, says):
    browser = site.browser(**{"user-agent": "MicroMessenger"})
    token, _ = await wechat_link(site)
    visit = leads_to(await browser.post("/identity/start", {"t": token, "do": "go"}))
    state = visit.partition("state=")[2]
    site.platform.error = ProofUnavailable("away")
    page = await browser.get(f"/identity/proof?code=code-a&state={state}")
    assert page.status == 503
    assert says(page, "refused_unavailable")
    site.platform.error = None
    assert leads_to(await browser.get(f"/identity/proof?code=code-a&state={state}"))


async def test_outside_wechat_the_number_and_the_chats_word_are_needed(site, says):
    browser = site.browser()
    token, number = await wechat_link(site)
    choice = await browser.post("/identity/start", {"t": token, "do": "go"})
    assert says(choice, "number") and says(choice, "number_warning")
    assert choice.text.count('name="number"') == 3
    assert leads_to(await browser.post("/identity/start", {"t": token, "number": number}))
    page = await back(site, browser)
    assert says(page, "waiting_wechat") and says(page, "waiting_warning")
    assert site.chats.asked_with == [("wechat-a", "wechat", "wx1", "en")]
    assert site.chats.resumed_with == []
    assert await site.identity.service.signed_in("wechat-a") is None
    await site.identity.service.confirm("wechat-a", code_on(page))
    assert await site.identity.service.signed_in("wechat-a")


async def test_outside_wechat_a_wrong_number_ends_it(site, says):
    browser = site.browser()
    token, number = await wechat_link(site)
    choice = await browser.post("/identity/start", {"t": token, "do": "go"})
    wrong = next(n for n in map(str, range(10, 100)) if f">{n}<" in choice.text and n != number)
    page = await browser.post("/identity/start", {"t": token, "number": wrong})
    assert says(page, "refused_wrong_number")
    again = await browser.post("/identity/start", {"t": token, "number": number})
    assert says(again, "refused_ended")


async def test_a_waiting_login_can_be_cancelled_on_the_page(site, says):
    browser = site.browser()
    token, number = await wechat_link(site)
    await browser.post("/identity/start", {"t": token, "number": number})
    page = await back(site, browser)
    undone = await browser.post("/identity/undo", {"ticket": hidden(page, "ticket")})
    assert says(undone, "undone_text")
    assert await site.identity.store.unpark("wechat-a") is None


async def call(site, body, **headers):
    content = body if isinstance(body, str) else json.dumps(body)
    given = {"content-type": "application/json", **headers}
    return await site.browser().post("/identity/start", content=content, **given)


async def test_a_mini_program_gets_a_link_that_the_chat_must_still_confirm(site, says):
    token, _ = await wechat_link(site)
    answer = await call(site, {"t": token, "code": "code-a"})
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    browser = site.browser(**{"user-agent": "MicroMessenger miniProgram"})
    further = token_of(answer.json["url"])
    assert says(await browser.get(f"/identity/start?t={further}"), "start_warning")
    assert leads_to(await browser.post("/identity/start", {"t": further})).startswith(BROKER)
    assert says(await back(site, browser), "waiting_wechat")
    assert await site.identity.service.signed_in("wechat-a") is None


@pytest.mark.parametrize(
    "body, status, error",
    [({"code": "code-b"}, 403, "other_person"), ({"code": "x"}, 403, "unproven"),
     ({}, 403, "unproven"), ({"t": "x", "code": "code-a"}, 404, "ended"),
     ({"t": 5}, 404, "ended"), ("[]", 404, "ended"), ("{", 404, "ended"),
     ("[" * 100_000, 404, "ended")],
)  # fmt: skip
async def test_a_mini_program_is_refused_with_a_sentence(site, content, body, status, error):
    token, _ = await wechat_link(site)
    body = {"t": token, **body} if isinstance(body, dict) else body
    answer = await call(site, body)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["message"] == content.phrases[f"identity.refused_{error}"].en
    assert await site.identity.links.page(token)


# --- the broker's word ---


async def test_the_brokers_word_signs_out(site):
    _, sender, _ = await signed_in(site)
    site.identity.broker.out["good"] = Logout("http://broker.test", None, "sid-1")
    answer = await site.browser().post("/identity/backchannel-logout", {"logout_token": "good"})
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert await site.identity.service.signed_in(sender) is None


@pytest.mark.parametrize(
    "body", ["", "logout_token=", "logout_token=bad", "logout_token=a&logout_token=b", "\0" * 9]
)
async def test_what_is_no_logout_token_is_refused(site, body):
    _, sender, _ = await signed_in(site)
    answer = await site.browser().post("/identity/backchannel-logout", content=body)
    assert (answer.status, answer.json) == (400, {"error": "invalid_request"})
    assert answer.headers["cache-control"] == "no-store"
    assert await site.identity.service.signed_in(sender)


async def test_a_logout_token_must_come_as_a_form(site):
    site.identity.broker.out["good"] = Logout("http://broker.test", None, "sid-1")
    answer = await site.browser().post(
        "/identity/backchannel-logout", {"logout_token": "good"}, **{"content-type": "text/plain"}
    )
    assert answer.status == 400


# --- when things break ---


async def test_a_fault_is_a_sentence_and_a_log_line_without_secrets(
    site, says, monkeypatch, caplog
):
    browser, _ = site.person()

    async def lost(*_args):
        raise ConnectionError("gone")

    monkeypatch.setattr(site.identity.redis, "get", lost)
    with caplog.at_level(logging.DEBUG):
        page = await browser.get(f"/identity/start?t={FRESH}")
    assert page.status == 503
    assert says(page, "refused_unavailable")
    assert "request failed" in caplog.text
    for record in caplog.records:
        # the test's own HTTP client tells what it asks for; the server must not
        if not record.name.startswith(("httpx", "httpcore")):
            assert FRESH not in caplog.handler.format(record)


async def test_files_of_the_pages_and_no_others(site):
    browser = site.browser()
    for name, kind in (("identity.css", "text/css"), ("large.js", "text/javascript")):
        answer = await browser.get(f"/identity/assets/{name}")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
    for name in ("page.html", "..%2finput.py", "x.css", "css"):
        assert (await browser.get(f"/identity/assets/{name}")).status == 404


@pytest.mark.parametrize(
    "method, path", [("put", "start"), ("delete", "callback"), ("get", "undo")]
)
async def test_other_methods_are_refused(site, method, path):
    assert (await site.browser()._call(method, f"/identity/{path}", {})).status == 405


async def test_a_link_from_a_chat_that_proves_nothing_is_refused(site, says):
    token = await site.identity.token("terminal-amy", channel="terminal")
    page = await site.browser().post("/identity/start", {"t": token, "do": "go"})
    assert page.status_code == 403
    assert says(page, "refused_not_this_browser")
    assert await site.identity.links.page(token)
