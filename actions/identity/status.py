"""How far somebody's applications are: a port, behind which the departments stand."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, Sequence

#: Where an application can be; each has its words and what to do next in the knowledge.
Status = Literal[
    "received", "in_progress", "documents_needed", "approved", "ready", "sent", "refused",
    "withdrawn",
]  # fmt: skip


@dataclass(frozen=True)
class Application:
    """One application.

    Attributes:
        entry: what was applied for, as an id of the knowledge such as ``permit:eep``.
        reference: the department's own.
        since: the day from which it has been at this status.
    """

    entry: str
    reference: str = field(repr=False)
    status: Status
    since: date


class StatusUnavailable(Exception):
    """The departments do not answer, or with what is no answer."""


class ApplicationStatus(Protocol):
    """Knows the applications of whoever has signed in."""

    @property
    def demo(self) -> bool:
        """Whether this is a stand-in that no department knows of."""

    async def of(self, access_token: str) -> Sequence[Application]:
        """The person's applications, the latest change first.

        Args:
            access_token: the identity broker's, by which a department asks it who this is.

        Raises:
            StatusUnavailable: nobody knows at the moment.
        """
