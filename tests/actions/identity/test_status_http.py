"""A department's system on a loopback port: right, refusing, slow, broken and talking nonsense."""

import asyncio
import json
import logging
from typing import get_args

import pytest
import pytest_asyncio
from aiohttp import web

from actions.appointments.breaker import Breaker
from actions.appointments.http_client import Limits
from actions.identity.status import Application, Status, StatusUnavailable
from actions.identity.status_http import HttpApplicationStatus
from core.settings import ROOT
from tests.support.openapi import OpenApi

API = OpenApi(ROOT / "docs" / "identity" / "status-openapi.yml")
((_, PATH, SEARCH),) = API.operations()
OURS, THEIRS = "the-token-of-the-department", "access-token-of-chan"
GOOD = {
    "entry": "permit:eep", "reference": "EEP-2026-118402", "status": "ready", "since": "2026-11-20",
}  # fmt: skip
OLDER = {**GOOD, "reference": "EEP-2026-000001", "status": "refused", "since": "2025-01-02"}


class Department:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self):
        self.calls = []
        self.answers = [(200, {"applications": [OLDER, GOOD]})]
        self.wait_s = 0.0
        self.raw = None

    async def handle(self, request):
        self.calls.append((dict(request.headers), await request.json()))
        await asyncio.sleep(self.wait_s)
        if self.raw is not None:
            return web.Response(body=self.raw, content_type="application/json")
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.json_response(body, status=status)


@pytest_asyncio.fixture
async def department():
    made = Department()
    app = web.Application()
    app.router.add_post(f"/v1{PATH}", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/v1"
    yield made
    await runner.cleanup()


@pytest_asyncio.fixture
async def status(department):
    limits = Limits(connect_s=0.3, total_s=0.3, retry_after_s=0.01, body_bytes=20_000)
    made = HttpApplicationStatus(department.url, OURS, limits, Breaker(failures=3))
    yield made
    await made.close()


async def test_the_latest_comes_first(department, status):
    first, second = await status.of(THEIRS)
    assert isinstance(first, Application)
    assert (first.entry, first.status, f"{first.since}") == ("permit:eep", "ready", "2026-11-20")
    assert second.status == "refused"
    ((headers, body),) = department.calls
    assert headers["Authorization"] == f"Bearer {OURS}"
    assert body["subject_token"] == THEIRS
    assert API.request_fault(SEARCH, headers, body) is None


async def test_none_is_no_fault(department, status):
    department.answers = [(200, {"applications": []})]
    assert await status.of(THEIRS) == []


@pytest.mark.parametrize("answer", [401, 403, 404, 409, 418, 500, 302, 204, 201])
async def test_any_other_answer_is_none(department, status, answer):
    department.answers = [(answer, {"code": "unauthorized", "applications": [GOOD]})]
    with pytest.raises(StatusUnavailable):
        await status.of(THEIRS)


async def test_after_one_502_it_is_asked_again(department, status):
    department.answers = [(502, {}), (200, {"applications": [GOOD]})]
    assert len(await status.of(THEIRS)) == 1
    assert len(department.calls) == 2


async def test_a_slow_one_is_not_waited_for_and_then_left_alone(department, status):
    department.wait_s = 5
    for _ in range(3):
        with pytest.raises(StatusUnavailable):
            await status.of(THEIRS)
    asked = len(department.calls)
    with pytest.raises(StatusUnavailable, match="left alone"):
        await status.of(THEIRS)
    assert len(department.calls) == asked


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"<html>", b"[]", b"null", b'{"applications": null}', b'{"applications": {}}',
        b'{"applications": [1]}', b"[" * 5000, b'{"x": "' + b"y" * 30_000 + b'"}',
        json.dumps({"applications": [GOOD] * 51}).encode(),
    ],
    ids=range(10),
)  # fmt: skip
async def test_nonsense_is_not_believed(department, status, raw):
    department.raw = raw
    with pytest.raises(StatusUnavailable):
        await status.of(THEIRS)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": "permit:../x"}, {"entry": "hotline:1823"}, {"entry": 7}, {"entry": None},
        {"reference": "<b>1234</b>"}, {"reference": "A" * 33}, {"status": "done"},
        {"since": "yesterday"}, {"since": "2026-02-30"}, {"since": 20261120},
        {"since": "2026-11-20T00:00:00Z"},
    ],
)  # fmt: skip
async def test_one_bad_application_spoils_the_answer(department, status, change):
    department.answers = [(200, {"applications": [{**GOOD, **change}]})]
    with pytest.raises(StatusUnavailable):
        await status.of(THEIRS)


async def test_no_token_and_no_reference_is_written_to_a_log(department, status, caplog):
    caplog.set_level(logging.DEBUG)
    repr_of = [repr(one) for one in await status.of(THEIRS)]
    department.answers = [(500, {"code": THEIRS})]
    with pytest.raises(StatusUnavailable) as caught:
        await status.of(THEIRS)
    written = caplog.text + repr(caught.value) + "".join(repr_of)
    assert "department" in written
    assert not [s for s in (OURS, THEIRS, GOOD["reference"], OLDER["reference"]) if s in written]


def test_the_file_for_departments_says_what_we_do():
    assert set(
        API.document["components"]["schemas"]["Application"]["properties"]["status"]["enum"]
    ) == set(get_args(Status))
    example = SEARCH["requestBody"]["content"]["application/json"]["example"]
    assert API.request_fault(SEARCH, {}, example) is None
    assert API.answer_fault(SEARCH, 200, {"applications": [GOOD, OLDER]}) is None
    assert API.answer_fault(SEARCH, 401, {"code": "unauthorized"}) is None
    assert API.answer_fault(SEARCH, 200, {"applications": [{**GOOD, "status": "done"}]})
