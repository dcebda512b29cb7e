"""Applications as a department's system knows them, as docs/identity/status-openapi.yml says.

Whose they are we prove by the identity broker's access token alone (RFC 8693 names it so): the
department asks the broker who that is, and we need not know a number of anybody.
"""

import re
from datetime import date
from typing import List, Optional, Sequence

from pydantic import ConstrainedStr, Field, StrictStr, validator

from actions.appointments.book import BookUnavailable
from actions.appointments.breaker import Breaker
from actions.appointments.http_client import DepartmentClient, Limits
from actions.appointments.http_messages import Message
from actions.identity.status import Application, Status, StatusUnavailable

_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 (a name, no secret)
_MOST = 50
_DAY = re.compile(r"20\d\d-\d\d-\d\d")


class _Entry(ConstrainedStr):
    strict, regex = True, re.compile(r"(permit|service):[a-z0-9_-]{1,60}\Z")


class _Reference(ConstrainedStr):
    strict, regex = True, re.compile(r"[A-Za-z0-9/-]{4,32}\Z")


class _Application(Message):
    entry: _Entry
    reference: _Reference
    status: Status
    since: StrictStr

    @validator("since")
    def _is_day(cls, value: str) -> str:
        if not _DAY.fullmatch(value):
            raise ValueError("must be a day")
        date.fromisoformat(value)
        return value

    def to_model(self) -> Application:
        return Application(
            str(self.entry), str(self.reference), self.status, date.fromisoformat(self.since)
        )


class _Applications(Message):
    applications: List[_Application] = Field(..., max_items=_MOST)


class HttpApplicationStatus:
    """A department's system over HTTP.

    Args:
        url: where its API begins.
        token: the bearer token that the department gave us.
    """

    demo = False

    def __init__(
        self, url: str, token: str, limits: Optional[Limits] = None,
        breaker: Optional[Breaker] = None,
    ) -> None:  # fmt: skip
        self._client = DepartmentClient(url, token, limits or Limits(), breaker or Breaker())

    async def close(self) -> None:
        await self._client.close()

    async def of(self, access_token: str) -> Sequence[Application]:
        body = {"subject_token": access_token, "subject_token_type": _TOKEN_TYPE}
        try:
            found = await self._client.call("POST", "/applications/search", _Applications, body)
        except BookUnavailable as error:
            raise StatusUnavailable(str(error)) from None
        every = [application.to_model() for application in found.applications]
        return sorted(every, key=lambda one: one.since, reverse=True)
