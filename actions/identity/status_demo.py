"""Applications of the demo's people. A stand-in, labelled DEMO, refused in production."""

from datetime import timedelta
from typing import Sequence

from actions.identity.status import Application
from core.clock import Clock, today
from core.errors import SettingsError
from core.settings import Environment


class DemoApplicationStatus:
    """Whoever signs in has applied for two things, not long ago.

    Raises:
        SettingsError: in production.
    """

    demo = True

    def __init__(self, env: Environment, clock: Clock) -> None:
        if env is not Environment.DEMO:
            raise SettingsError("The demo's applications are nobody's and refused in production.")
        self._clock = clock

    async def of(self, access_token: str) -> Sequence[Application]:
        now = today(self._clock)
        return (
            Application("permit:home_return_permit", "DEMO-2718", "ready", now - timedelta(days=2)),
            Application(
                "permit:residence_permit", "DEMO-3141", "in_progress", now - timedelta(days=9)
            ),
        )
