"""The page's HTTP, as a browser, a careless client and an attacker use it."""

import http.client
import json
import socket
import time
import uuid
from datetime import timedelta

import pytest

from actions.appointments.calendar import SlotKey
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Applicant, Booking, Proof
from actions.appointments.staff import open_slots
from channels.web.delivery import WebDelivery
from channels.web.session import COOKIE, Sessions
from core.cache import RedisServer, connect
from core.clock import system_clock
from core.database import open_database
from core.settings import Settings
from core.vault import Vault
from knowledge.reply import Button, Reply
from tests.support.vaults import vault_of

pytestmark = pytest.mark.model

JSON = {"Content-Type": "application/json"}


class Client:
    """One browser: a connection and its cookie."""

    def __init__(self, server, language="en", cookie=None):
        self.port, self.language, self.cookie = server.port, language, cookie
        if cookie is None:
            answer, _ = self.call("POST", "/chat/session", "{}")
            self.cookie = answer.getheader("set-cookie").split(";")[0]
            self.attributes = answer.getheader("set-cookie").lower()

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {"Accept-Language": self.language, **JSON}
        if self.cookie:
            given["Cookie"] = self.cookie
        given.update(headers or {})
        connection.request(method, path, body, given)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer, data

    def send(self, text, client_id=None, **more):
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text, **more}
        answer, data = self.call("POST", "/chat/messages", json.dumps(body))
        return answer.status, json.loads(data)

    def said(self, last_id=None):
        """The messages of the history, without following it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, **({"Last-Event-ID": last_id} if last_id else {})}
        connection.request("GET", "/chat/events", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        messages, identity, deadline = [], None, time.monotonic() + 20
        while time.monotonic() < deadline:
            line = answer.fp.readline().decode()
            if "event: ready" in line:
                break
            if line.startswith("id: "):
                identity = line[4:].strip()
            if line.startswith("data: ") and line != "data: {}\n":
                messages.append({"id": identity, **json.loads(line[6:])})
        connection.close()
        return messages


@pytest.fixture
def client(server):
    return Client(server)


def test_a_question_is_answered_over_the_stream(client):
    status, _ = client.send("when does Lo Wu close")
    assert status == 202
    user, bot = client.said()
    assert (user["from"], user["text"]) == ("user", "when does Lo Wu close")
    assert bot["from"] == "bot"
    assert "24:00" in bot["text"]
    assert bot["variant"] == "en"
    assert client.said(last_id=bot["id"]) == []


def test_a_reply_says_what_it_asks_for(client):
    client.send("when does Lo Wu close")
    assert client.said()[-1]["asks"] is None
    client.send("book an appointment")
    assert client.said()[-1]["asks"] == "permit"


def test_a_repeated_message_is_handled_once(client):
    same = str(uuid.uuid4())
    assert client.send("hello", same)[0] == 202
    assert client.send("hello", same)[0] == 202
    assert len(client.said()) == 2


def test_the_title_of_a_tapped_button_is_what_is_shown(client):
    client.send("通行證")
    button = client.said()[-1]["buttons"][1]
    client.send(button["payload"], title=button["title"])
    assert client.said()[-2]["text"] == button["title"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    assert "httponly" in client.attributes
    assert "samesite=strict" in client.attributes


@pytest.mark.parametrize("cookie", ["onestop_session=forged", "onestop_session=", "x=y"])
def test_without_a_session_of_its_own_nobody_gets_in(server, cookie):
    stranger = Client(server, cookie=cookie)
    for method, path, body in (
        ("POST", "/chat/messages", '{"client_id": "x", "text": "hello"}'),
        ("GET", "/chat/events", None),
        ("POST", "/chat/language", '{"variant": "en"}'),
        ("DELETE", "/chat/history", None),
    ):
        answer, data = stranger.call(method, path, body)
        assert answer.status == 403
        assert json.loads(data)["error"] == "session"


def test_another_site_cannot_act_for_a_person(client):
    for headers in ({"Origin": "https://evil.example"}, {"Content-Type": "text/plain"},
                    {"Content-Type": "application/x-www-form-urlencoded"}, {"Origin": "null"}):  # fmt: skip
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": "hello"})
        assert client.call("POST", "/chat/messages", body, headers)[0].status == 403
    assert client.said() == []


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"text"', "{}", '{"text": "hi"}', '{"client_id": "x", "text": "hi"}',
     '{"client_id": 1, "text": "hi"}', '{"client_id": "%s", "text": 1}' % uuid.uuid4(),
     '{"client_id": "%s", "text": "hi", "title": []}' % uuid.uuid4(), "[" * 5000],
)  # fmt: skip
def test_malformed_bodies_are_refused_with_a_sentence(client, body):
    answer, data = client.call("POST", "/chat/messages", body)
    assert answer.status == 400
    assert json.loads(data)["message"]
    assert client.send("hello")[0] == 202


@pytest.mark.parametrize(
    "language, words", [("en", "too long"), ("zh-CN", "太长"), ("zh-HK", "太長")]
)
def test_a_text_that_is_too_long_is_refused_in_the_persons_language(server, language, words):
    client = Client(server, language)
    status, answer = client.send("長" * 10_000)
    assert status == 413
    assert answer["error"] == "too_long"
    assert words in answer["message"]


def test_a_huge_body_is_refused(client):
    answer, _ = client.call("POST", "/chat/messages", "x" * 200_000)
    assert answer.status == 413


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_text_is_refused(client, text):
    assert client.send(text)[0] == 400


@pytest.mark.parametrize(
    "text",
    ["😀😀", "，。！？", "\u200b\u200d\u2060", "\x00\x01\x02", "\ud800 \udfff", "<script>alert(1)</script>",
     "/restart", "／restart", '/book_appointment{"permit":"x"}', "//", "/", "﷽" * 50, "a" * 999],
)  # fmt: skip
def test_unusable_input_gets_a_polite_reply_and_the_conversation_goes_on(client, text):
    assert client.send(text)[0] == 202
    reply = client.said()[-1]
    assert reply["from"] == "bot"
    assert "Traceback" not in reply["text"]
    assert "I cannot book" not in reply["text"]
    assert client.send("when does Lo Wu close")[0] == 202
    assert "24:00" in client.said()[-1]["text"]


def test_messages_that_come_too_fast_are_held_back(client):
    statuses = [client.send("hello")[0] for _ in range(40)]
    assert set(statuses) == {202, 429}


def test_the_language_can_be_chosen(client):
    assert client.call("POST", "/chat/language", '{"variant": "zh_hans"}')[0].status == 204
    client.send("when does Lo Wu close")
    assert client.said()[-1]["variant"] == "zh_hans"
    assert client.call("POST", "/chat/language", '{"variant": "fr"}')[0].status == 400


def test_forgetting_ends_the_session(client, server):
    client.send("hello")
    assert client.call("DELETE", "/chat/history")[0].status == 204
    assert client.send("hello")[0] == 403
    answer, _ = client.call("POST", "/chat/session", "{}")
    fresh = Client(server, cookie=answer.getheader("set-cookie").split(";")[0])
    assert fresh.cookie != client.cookie
    assert fresh.said() == []


async def test_clearing_the_chat_cancels_what_was_booked_without_asking(client, server):
    settings = Settings(data_dir=server.log.parent)
    sender = Sessions(settings.signing_key()).sender(client.cookie.removeprefix(f"{COOKIE}="))
    vault = Vault(settings.encryption_keys(), settings.fingerprinting_key())
    engine, now = open_database(settings.database_address), system_clock()
    slot = SlotKey("wan_chai", "hkid", now.replace(microsecond=0, second=0) + timedelta(days=3))
    open_slots(engine, [slot], 1, now)
    book = LocalBook(engine, lambda *_: (), vault, system_clock, demo=True)
    await book.hold(slot.name, "k", now + timedelta(minutes=10))
    applicant = Applicant("CHAN", "Z6833653", "+85261234567")
    made = await book.confirm("k", Booking("first", "hong_kong", applicant, sender=sender))
    assert client.call("DELETE", "/chat/history")[0].status == 204
    assert await book.find(made.reference, Proof("Z6833653")) is None
    assert (await book.hold(slot.name, "k2", now + timedelta(minutes=10))).free == 0
    await book.release("k2")
    engine.dispose()


def test_the_numbers_of_the_pages_examples_do_what_they_say(client):
    client.send("3")
    assert "Shenzhen Bay" in client.said()[-1]["text"]


def test_a_button_of_an_earlier_reply_still_works(client):
    client.send("when does Lo Wu close")
    button = client.said()[-1]["buttons"][0]
    client.send("how do I get a certificate of no criminal conviction")
    client.send(button["payload"], title=button["title"])
    assert "could not read" not in client.said()[-1]["text"]


def test_one_character_that_stands_for_eighteen_is_no_way_in(client):
    assert client.send("\ufdfa" * 1000)[0] == 202
    assert "too long" in client.said()[-1]["text"]


def test_one_person_cannot_take_all_streams(client, server):
    opened = []
    statuses = []
    for _ in range(8):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/chat/events", headers={"Cookie": client.cookie})
        statuses.append(connection.getresponse().status)
        opened.append(connection)
    for connection in opened:
        connection.close()
    assert statuses == [200] * 6 + [429] * 2


@pytest.mark.parametrize("last_id", ["x", "²-0", "99999999999999999999-0", "1-2-3", ""])
def test_an_event_id_that_is_none_brings_the_whole_history(client, last_id):
    client.send("hello")
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=10)
    headers = {"Cookie": client.cookie, "Last-Event-ID": last_id.encode("utf-8")}
    connection.request("GET", "/chat/events", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.fp.readline()
    connection.close()


async def test_what_nobody_asked_for_shows_on_an_open_page_and_can_be_answered(client, server):
    client.send("hello")
    settings = Settings(data_dir=server.log.parent)
    cookie = client.cookie.removeprefix(f"{COOKIE}=")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/chat/events", headers={"Cookie": client.cookie})
    page = connection.getresponse().fp
    while "event: ready" not in page.readline().decode():
        pass
    reply = Reply("A seat is free.", buttons=(Button("Lo Wu", "when does Lo Wu close"),))
    with RedisServer(settings) as embedded:
        redis = connect(embedded.url)
        for _ in range(2):
            assert await WebDelivery(redis, vault_of(settings), system_clock).deliver(
                Sessions(settings.signing_key()).sender(cookie), reply, "en", "test"
            )
        await redis.close()
        await redis.connection_pool.disconnect()
    shown = ""
    while not shown.startswith('data: {"'):
        shown = page.readline().decode()
    connection.close()
    assert json.loads(shown[6:])["lead"] == "A seat is free."
    assert [message["text"] for message in client.said()].count("A seat is free.") == 1
    client.send("1")
    assert "24:00" in client.said()[-1]["text"]


def test_delete_my_data_leaves_only_the_receipt(client):
    client.send("my number is 9123 4567, when does Lo Wu close")
    client.send("please delete all my personal data")
    said = client.said()
    assert len(said) == 1
    assert "deleted" in said[0]["text"]


@pytest.mark.parametrize(
    "method, path",
    [("POST", "/webhooks/rest/webhook"), ("GET", "/conversations/x/tracker"), ("GET", "/status"),
     ("POST", "/model/parse"), ("PUT", "/model"), ("GET", "/domain"), ("GET", "/version"),
     ("GET", "/assets/../input.py"), ("GET", "/assets/..%2finput.py"), ("GET", "/assets/%2e%2e/input.py"),
     ("GET", "/assets/"), ("GET", "/socket.io/"), ("GET", "/.env")],
)  # fmt: skip
def test_nothing_else_is_open(client, method, path):
    answer, data = client.call(method, path, "{}")
    assert answer.status in (404, 405)
    assert b"Traceback" not in data


def test_the_page_asks_nothing_of_others(client):
    answer, page = client.call("GET", "/")
    assert answer.status == 200
    assert "default-src 'none'" in answer.getheader("content-security-policy")
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert b"http://" not in page.replace(b"http://www.w3.org", b"")
    assert b"https://" not in page


def test_operators_can_ask_how_it_is(client):
    assert client.call("GET", "/healthz")[1] == b"ok"
    assert client.call("GET", "/readyz")[1] == b"ready"
    answer, _ = client.call("GET", "/metrics")
    assert answer.status == 200
    assert answer.getheader("content-type").startswith("text/plain; version=0.0.4")


def test_a_length_that_lies_does_not_stop_the_server(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        connection.sendall(
            b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert client.call("GET", "/healthz")[1] == b"ok"
