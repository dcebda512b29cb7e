"""A department's system on a loopback port: keeps to the OpenAPI file, and fails on demand."""

import asyncio
import json
import ssl
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from aiohttp import web

from actions.appointments.book import (
    AlreadyBooked,
    AppointmentBook,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.model import Applicant, Appointment, Booking, Proof, Query, Slot
from tests.support.openapi import OpenApi

TOKEN = "the-token-of-the-department"
REFUSALS = {
    SeatTaken: (409, "seat_taken"),
    AlreadyBooked: (409, "already_booked"),
    TooManyChanges: (409, "too_many_changes"),
    UnknownAppointment: (404, "unknown_appointment"),
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Answer = Tuple[int, Any]


class Call(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def answers(
    status: int, body: bytes = b"", content_type: str = "application/json", **headers: str
) -> Fault:
    """Does nothing, and answers this."""

    async def fault(_request: web.Request, _handler: Handler) -> web.StreamResponse:
        return web.Response(
            status=status, body=body, headers={"Content-Type": content_type, **headers}
        )

    return fault


def slow(seconds: float) -> Fault:
    """Does the work at once and answers late."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        await asyncio.sleep(seconds)
        return response

    return fault


async def lost_before(request: web.Request, _handler: Handler) -> web.StreamResponse:
    """The connection breaks before anything is done."""
    request.transport.abort()
    return web.Response()


async def lost_after(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The work is done, and the connection breaks before anyone is told."""
    await handler(request)
    request.transport.abort()
    return web.Response()


async def cut_short(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The work is done, and the connection breaks in the middle of the answer."""
    done = await handler(request)
    half = web.StreamResponse(headers={"Content-Type": "application/json"})
    half.content_length = len(done.body)
    await half.prepare(request)
    await half.write(done.body[:-1])
    request.transport.close()
    return half


class FakeDepartment:
    """Serves a book while it is entered: ``async with FakeDepartment(book) as department``.

    With the file of a certificate of ``localhost`` and its key it speaks https.

    Attributes:
        book: where its appointments are.
        faults: what happens to the next requests, one each, instead of an answer.
        calls: every request that came.
        complaints: what did not fit the OpenAPI file; a test that is no test of that has none.
    """

    def __init__(self, book: AppointmentBook, certificate: Optional[Path] = None) -> None:
        self.book, self._api = book, OpenApi()
        self._tls: Optional[ssl.SSLContext] = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.faults: List[Fault] = []
        self.calls: List[Call] = []
        self.complaints: List[str] = []
        self.url = ""

    async def __aenter__(self) -> "FakeDepartment":
        app = web.Application(middlewares=[self._witness])
        for method, path, operation in self._api.operations():
            app.router.add_route(method, "/v1" + path, self._serve(operation))
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        host, port = self._runner.addresses[0]
        self.url = f"https://localhost:{port}/v1" if self._tls else f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _witness(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.read()
        self.calls.append(Call(request.method, request.path, request.headers, body))
        fault = self.faults.pop(0) if self.faults else None
        return await (fault(request, handler) if fault else handler(request))

    def _serve(self, operation: Mapping[str, Any]) -> Handler:
        work = getattr(self, f"_{operation['operationId']}")

        async def serve(request: web.Request) -> web.StreamResponse:
            status, body = await self._answer(request, operation, work)
            if fault := self._api.answer_fault(operation, status, body):
                self.complaints.append(f"answer to {request.path}: {fault}")
            return (
                web.Response(status=204) if body is None else web.json_response(body, status=status)
            )

        return serve

    async def _answer(
        self, request: web.Request, operation: Mapping[str, Any], work: Any
    ) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"code": "unauthorised", "message": "The token is not known."}
        raw = await request.read()
        body = json.loads(raw) if raw else None
        if fault := self._api.request_fault(operation, request.headers, body):
            self.complaints.append(f"{request.method} {request.path}: {fault}")
            return 400, {"code": "malformed", "message": "The request does not fit."}
        try:
            return await work(request.headers.get("Idempotency-Key"), body)
        except tuple(REFUSALS) as error:
            status, code = REFUSALS[type(error)]
            return status, {"code": code, "message": "Refused."}

    async def _searchSlots(self, _key: str, body: Any) -> Answer:
        days = {name: date.fromisoformat(body[name]) for name in ("first", "last")}
        found = await self.book.free(
            Query(body["permit"], tuple(body["centres"]), **days, limit=body["limit"])
        )
        return 200, {"slots": [slot_json(slot) for slot in found]}

    async def _hold(self, key: str, body: Any) -> Answer:
        until = datetime.fromisoformat(body["until"])
        return 200, slot_json(await self.book.hold(body["slot"], key, until))

    async def _release(self, key: str, _body: Any) -> Answer:
        await self.book.release(key)
        return 204, None

    async def _confirm(self, key: str, body: Any) -> Answer:
        applicant = dict(body["applicant"])
        if "birth_date" in applicant:
            applicant["birth_date"] = date.fromisoformat(applicant["birth_date"])
        told = {name: value for name, value in body.items() if name != "chat"}
        booking = Booking(**{**told, "applicant": Applicant(**applicant)}, sender=body.get("chat"))
        return 200, appointment_json(await self.book.confirm(key, booking))

    async def _find(self, _key: str, body: Any) -> Answer:
        found = await self.book.find(body["reference"], Proof(**body["proof"]))
        if found is None:
            raise UnknownAppointment
        return 200, appointment_json(found)

    async def _ofPerson(self, _key: str, body: Any) -> Answer:
        found = await self.book.of_person(body["person"])
        return 200, {"appointments": [appointment_json(a) for a in found]}

    async def _ofChat(self, _key: str, body: Any) -> Answer:
        found = await self.book.of_sender(body["chat"], Proof(**body["proof"]))
        return 200, {"appointments": [appointment_json(a) for a in found]}

    async def _reschedule(self, key: str, body: Any) -> Answer:
        proof = Proof(**body["proof"])
        return 200, appointment_json(await self.book.reschedule(body["reference"], proof, key))

    async def _cancel(self, _key: str, body: Any) -> Answer:
        proof = Proof(**body["proof"])
        return 200, appointment_json(await self.book.cancel(body["reference"], proof))


def slot_json(slot: Slot) -> Dict[str, Any]:
    return {**asdict(slot), "starts_at": slot.starts_at.isoformat()}


def appointment_json(appointment: Appointment) -> Dict[str, Any]:
    content = _without_none(asdict(appointment))
    content["starts_at"] = appointment.starts_at.isoformat()
    del content["demo"]  # ours to say, not theirs
    if chat := content["booking"].pop("sender", None):
        content["booking"]["chat"] = chat
    return content


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return (
        value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
    )
