"""The pages of the demo broker as a careless and a hostile person use them."""

import dataclasses
import secrets
from concurrent.futures import ThreadPoolExecutor

from channels.identity.demo.model import Visit
from channels.identity.demo.page import DemoPages
from channels.identity.demo.server import COOKIE
from knowledge.model import Text
from tests.support.relying_party import told


def test_cancelling_goes_back_without_a_code_at_every_step(party, broker):
    for taps in ([], [("login", "iam_smart")], [("login", "iam_smart"), ("person", "elderly")]):
        page = party.open(party.authorize_url())
        for name, value in taps:
            page = party.tap(page, name, value)
        back = told(party.tap(page, "cancel").headers["location"])
        assert (back["error"], back["state"]) == ("access_denied", party.state)
        assert back["iss"] == broker.issuer
        assert "code" not in back
        assert party.tap(page, "cancel").status_code == 410


def test_a_wrong_number_brings_another(party):
    page = party.open(party.authorize_url(ui_locales="en"))
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    assert "new one" not in page.text
    for wrong in ("one of the others", "100", "x"):
        shown, numbers = party.numbers(page)
        others = [number for number in numbers if number != shown]
        page = party.tap(page, "number", others[0] if wrong == "one of the others" else wrong)
        assert page.status_code == 200
        assert "That was not the number" in page.text
        assert not {*numbers} & {*party.numbers(page)[1]}
    assert "code" in told(party.tap(page, "number", party.numbers(page)[0]).headers["location"])


def test_one_step_back_each_time(party):
    first = party.open(party.authorize_url())
    second = party.tap(first, "login", "guangdong")
    third = party.tap(second, "person", "mainland")
    assert party.tap(third, "back").text == second.text
    assert party.tap(second, "back").text == first.text
    assert party.tap(first, "back").text == first.text


def test_a_button_of_another_step_does_nothing(party):
    page = party.open(party.authorize_url())
    for name, value in [
        ("number", "0"),
        ("person", "elderly"),
        ("login", "x"),
        ("x", "y"),
        ("", ""),
    ]:
        assert party.tap(page, name, value).text == page.text
    people = party.tap(page, "login", "guangdong")
    for name, value in [
        ("number", "0"),
        ("person", "elderly"),
        ("person", "x"),
        ("login", "iam_smart"),
    ]:
        assert party.tap(people, name, value).text == people.text


def test_of_two_last_taps_one_finishes(party):
    page = party.open(party.authorize_url())
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    number = party.numbers(page)[0]
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _: party.tap(page, "number", number), range(6)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 5


def test_to_look_at_a_page_changes_nothing(party):
    page = party.open(party.authorize_url())
    for _ in range(3):
        assert party.open(page.url).text == page.text
        party.browser.head(page.url, timeout=10)
    assert party.open(page.url).text == page.text


def test_a_page_that_never_was_has_ended(party, broker):
    for visit in ("x", secrets.token_urlsafe(32), "%F0%9F%98%80", "%00", "%ff", "a" * 5000):
        answer = party.browser.get(f"{broker.issuer}/visit/{visit}", timeout=10)
        assert answer.status_code == 410, visit
        assert party.tap(answer, "cancel").status_code == 410


def test_every_page_is_protected_and_says_that_it_is_a_demo(party, broker):
    first = party.open(party.authorize_url())
    second = party.tap(first, "login", "iam_smart")
    third = party.tap(second, "person", "guardian")
    refused_page = party.open(party.authorize_url().replace("callback", "x"))
    gone = party.open(f"{broker.issuer}/visit/x")
    for page in (
        first,
        second,
        third,
        refused_page,
        gone,
        party.out(),
        party.tap(party.out(), "out"),
    ):
        headers = page.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "<strong" in page.text
        assert "DEMO" in page.text.split("<h1>")[0]
        assert " style=" not in page.text
        assert " on" not in page.text.split("<main")[0].split("<body>")[1]
    assert (
        "no-store"
        in party.browser.get(party.metadata["jwks_uri"], timeout=10).headers["cache-control"]
    )


def test_what_the_client_sends_never_becomes_part_of_a_page(party):
    hostile = '"><script>alert(1)</script>'
    page = party.open(party.authorize_url(ui_locales=hostile, login_hint=hostile, state=hostile))
    assert "alert(1)" not in page.text
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    assert "alert(1)" not in page.text


def test_words_and_facts_stay_text(content):
    markup = "<i>&amp;"
    phrases = {
        key: Text(en=markup, yue=markup, zh_hant=markup, zh_hans=markup) for key in content.phrases
    }
    pages = DemoPages(dataclasses.replace(content, phrases=phrases), "en", "/demo-broker")
    first = Visit({}, "en", "urn:gba:acr:2", "openid")
    second = first.after("login", "guangdong")
    third = second.after("person", "mainland").after("number", "0")
    profile = {
        "name": markup,
        "birthdate": markup,
        "document_number": markup,
        "document_type": "hrp",
    }
    for page in (
        *(pages.step(visit, profile) for visit in (first, second, third)),
        pages.ended(), pages.refused(markup), pages.sign_out(), pages.signed_out(),
    ):  # fmt: skip
        assert "<i>" not in page
        assert "&lt;i&gt;&amp;amp;" in page


def test_the_sign_in_is_kept_from_other_sites_and_scripts(party):
    page = party.open(party.authorize_url())
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    cookie = party.tap(page, "number", party.numbers(page)[0]).headers["set-cookie"]
    assert cookie.startswith(COOKIE + "=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/demo-broker"} <= set(cookie.split("; "))
