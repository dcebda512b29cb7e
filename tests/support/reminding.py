"""An appointment to be reminded of, and a worker that dies where a test wants it to.

    python -m tests.support.reminding DATABASE REDIS START SPEED DIES

sends what is due again and again, by a clock that begins at START (seconds) and runs at SPEED
times the real one. DIES: ``before`` or ``after`` the first delivery by SIGKILL, or ``never``.
"""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime, timezone
from types import SimpleNamespace

from actions.appointments.model import Applicant, Appointment, Booking
from actions.appointments.reminder_store import ReminderStore
from actions.appointments.reminders import Reminders
from channels.common.delivery import Deliveries
from channels.web.delivery import WebDelivery
from core.cache import connect
from core.clock import LOCAL
from core.database import open_database
from knowledge.model import Text
from tests.support.vaults import VAULT

#: Monday, half past nine in Hong Kong.
STARTS = datetime(2026, 11, 30, 9, 30, tzinfo=LOCAL)
APPLICANT = Applicant("陳大文", "A123456(3)", "+85291234567")


def text(words):
    return Text(en=f"EN {words}", yue=f"YUE {words}", zh_hant=f"HANT {words}", zh_hans=f"HANS {words}")  # fmt: skip


#: As much of the knowledge as a reminder is worded from.
KNOWLEDGE = SimpleNamespace(
    permit_rules={},
    requirements={},
    entries={"permit:hkid": SimpleNamespace(name=text("HKID"))},
    centres={"wan_chai": SimpleNamespace(name=text("Wan Chai 灣仔"))},
    phrases={
        "appointments.reminder_day": text("tomorrow {moment}: {permit}, {centre}, {reference}"),
        "appointments.reminder_hours": text("today {time}: {permit}, {centre}, {reference}"),
    },
    buttons={},
)


def appointment(starts_at=STARTS, reference="K4M-T7P-R2W"):
    booking = Booking("first", "hong_kong", APPLICANT)
    return Appointment(reference, "wan_chai", "hkid", starts_at, "booked", booking, 0, True)


def dying(deliver, where):
    """A delivery that ends this very process before or after it."""

    async def deliver_and_die(channel, sender, reply, variant, key):
        if where == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = await deliver(channel, sender, reply, variant, key)
        if where == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return deliver_and_die


async def main(database, redis_url, start, speed, where):
    began, store = time.time(), ReminderStore(open_database(database))

    def clock():
        elapsed = (time.time() - began) * float(speed)
        return datetime.fromtimestamp(float(start) + elapsed, timezone.utc)

    deliver = Deliveries({"web": WebDelivery(connect(redis_url), VAULT, clock)}).deliver
    reminders = Reminders(store, dying(deliver, where), lambda: KNOWLEDGE, clock)
    print("ready", flush=True)
    while True:
        await reminders.send_due()
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
