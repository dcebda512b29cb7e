"""The files behind links, as a browser, a guesser and an operator who reads the log see them."""

import dataclasses
import http.client
import json
import logging

import pytest
import redis.exceptions
from sanic import Sanic

from channels.web.files import FileLinks
from core.handouts import Handouts
from core.vault import Vault, make_keys
from knowledge.model import Text

GONE = Text(en="It has ended.", zh_hant="已失效。", zh_hans="已失效（简）。", yue="過咗期。")
BASE = "http://127.0.0.1:8080"


@pytest.fixture
def handouts(redis):
    return Handouts(redis, Vault(make_keys(), "f"), BASE)


@pytest.fixture
def get(content, handouts):
    phrases = {**content.phrases, "appointments.link_gone": GONE}
    snapshot = dataclasses.replace(content, phrases=phrases)
    Sanic._app_registry.pop("files", None)
    app = Sanic("files", configure_logging=False)
    app.blueprint(FileLinks(handouts, lambda: snapshot).blueprint())

    async def get(path, language="en"):
        _, response = await app.asgi_client.get(path, headers={"accept-language": language})
        return response

    return get


async def path_of(handouts, name, data):
    return (await handouts.issue("a", name, data)).removeprefix(BASE)


FILES = [
    ("calendar.ics", "text/calendar; charset=utf-8", 'attachment; filename="appointment.ics"'),
    ("qr.svg", "image/svg+xml", 'inline; filename="appointment.svg"'),
    ("export.json", "application/json", 'attachment; filename="my-data.json"'),
]


@pytest.mark.parametrize("name, content_type, disposition", FILES)
async def test_a_file_comes_as_what_it_is(get, handouts, name, content_type, disposition):
    data = json.dumps({"name": "陳"}).encode()
    response = await get(await path_of(handouts, name, data))
    assert (response.status, response.content) == (200, data)
    assert response.headers["content-type"] == content_type
    assert response.headers["content-disposition"] == disposition


PROTECTIONS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


async def test_every_answer_is_protected(get, handouts):
    for path in (await path_of(handouts, "qr.svg", b"<svg/>"), "/appointments/x/qr.svg"):
        headers = (await get(path)).headers
        assert {name: headers[name] for name in PROTECTIONS} == PROTECTIONS
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "sandbox" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "language, sentence",
    [("en-GB", GONE.en), ("zh-HK", GONE.yue), ("zh-TW", GONE.zh_hant), ("zh-CN", GONE.zh_hans)],
)
async def test_a_link_that_has_ended_says_so_in_the_browsers_language(get, language, sentence):
    response = await get(f"/appointments/{'a' * 64}/calendar.ics", language)
    assert (response.status, response.text) == (404, sentence)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "content-disposition" not in response.headers


@pytest.mark.parametrize("path", ["x/calendar.ics", "%2e%2e/qr.svg", "%00/qr.svg", "%E9/x", "*/*"])
async def test_a_guess_looks_like_a_link_that_has_ended(get, path):
    response = await get(f"/appointments/{path}")
    assert (response.status, response.text) == (404, GONE.en)


async def test_another_name_behind_a_good_token_opens_nothing(get, handouts):
    path = await path_of(handouts, "export.json", b"{}")
    for name in ("qr.svg", "calendar.ics", "other"):
        assert (await get(path.replace("export.json", name))).status == 404


async def test_the_token_stands_in_no_log(get, handouts, monkeypatch, caplog):
    path = await path_of(handouts, "export.json", b"{}")
    token = path.split("/")[2]

    async def lost(*_args):
        raise redis.exceptions.ConnectionError("gone")

    with caplog.at_level(logging.DEBUG):
        logging.getLogger("tests").info("the log is read")
        assert (await get(path)).status == 200
        assert (await get(path.replace("export", "x"))).status == 404
        monkeypatch.setattr(handouts._client, "get", lost)
        response = await get(path)
    assert response.status == 500
    assert response.text
    assert response.headers["cache-control"] == "no-store"
    assert "could not be looked up" in caplog.text
    assert "the log is read" in caplog.text
    for record in caplog.records:
        # the test's own HTTP client tells what it asks for; the server must not
        if not record.name.startswith(("httpx", "httpcore")):
            assert token not in caplog.handler.format(record)


@pytest.mark.model
def test_the_server_answers_under_the_links(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    path = f"/appointments/{'a' * 64}/qr.svg"
    connection.request("GET", path, headers={"Accept-Language": "en"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-type")) == (404, "text/plain; charset=utf-8")
    assert answer.read().decode().endswith(".")
    connection.close()
