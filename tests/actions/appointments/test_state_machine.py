"""Whatever people do in whatever order: the seats taken are those that somebody has.

Hypothesis plays holds, confirmations, moves, cancellations, deletions and the passing of time
against a plain model of them.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from actions.appointments.book import AlreadyBooked, BookError, SeatTaken
from actions.appointments.hold_store import HoldStore
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Proof, Slot
from actions.appointments.retention_store import RetentionStore
from actions.appointments.sealing import Sealer
from actions.appointments.tables import APPOINTMENTS, SEATED, SLOTS
from core.database import transaction
from tests.actions.appointments.conftest import Clock, booking, pattern

NAMES = [f"sheung_wan/hkid/20260505T0{time}Z" for time in ("100", "130")]
NAMES.append("mong_kok/hkid/20260506T0100Z")
KEYS, DOCUMENTS = st.sampled_from("abcde"), st.sampled_from(["H1", "H2", "H3"])


def calendar(engine, vault):
    class Calendar(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            with transaction(engine) as connection:
                connection.execute(APPOINTMENTS.delete())
                connection.execute(SLOTS.delete())
            self.clock = Clock()
            self.book = LocalBook(engine, pattern, vault, self.clock, demo=True)
            self.made = {}  # document -> reference of its active appointment
            self.spent = {}  # key -> reference of the appointment that it made

        def try_to(self, call):
            """The answer, or the refusal; the same call again is answered alike and does nothing."""
            answers, live = [], []
            for _ in range(2):
                try:
                    answers.append(asyncio.run(call()))
                except BookError as refusal:
                    answers.append(type(refusal))
                live.append([self.holders(slot) for slot in NAMES])
            assert live[0] == live[1]
            first, second = (
                # the repetition may have let go of a hold that had ended
                replace(answer, free=0) if isinstance(answer, Slot) else answer
                for answer in answers
            )
            assert first == second
            return first

        def seats(self):
            with engine.connect() as connection:
                return dict(connection.execute(select(SLOTS.c.id, SLOTS.c.taken)).all())

        @rule(slot=st.sampled_from(NAMES), key=KEYS)
        def hold(self, slot, key):
            until = self.clock.later(minutes=10)
            full = self.holders(slot) >= 2
            answer = self.try_to(lambda: self.book.hold(slot, key, until))
            if full and key not in self.has(slot):
                assert answer is SeatTaken
            elif key not in self.spent:
                assert answer.id == slot

        @rule(key=KEYS)
        def release(self, key):
            self.try_to(lambda: self.book.release(key))

        @rule(key=KEYS, document=DOCUMENTS)
        def confirm(self, key, document):
            answer = self.try_to(lambda: self.book.confirm(key, booking(document, sender=key)))
            if key in self.spent:
                assert answer.reference == self.spent[key]
            elif answer is AlreadyBooked:
                assert document in self.made
            elif answer is not SeatTaken:
                assert document not in self.made
                self.made[document] = self.spent[key] = answer.reference

        @rule(key=KEYS, document=DOCUMENTS)
        def move(self, key, document):
            if document in self.made:
                reference = self.made[document]
                self.try_to(lambda: self.book.reschedule(reference, Proof(document), key))

        @rule(document=DOCUMENTS)
        def cancel(self, document):
            if document in self.made:
                reference = self.made.pop(document)
                answer = self.try_to(lambda: self.book.cancel(reference, Proof(document)))
                assert answer.status == "cancelled"

        @rule(sender=KEYS)
        def forget(self, sender):
            count = RetentionStore(engine, Sealer(vault)).delete_of(sender)
            reference = self.spent.pop(sender, None)
            assert count == (1 if reference else 0)
            self.made = {who: kept for who, kept in self.made.items() if kept != reference}

        @rule(minutes=st.sampled_from([1, 5, 11]))
        def wait(self, minutes):
            self.clock.now += timedelta(minutes=minutes)

        @rule()
        def sweep(self):
            HoldStore(engine, pattern).sweep(self.clock.now)

        def rows(self, slot):
            seated = select(APPOINTMENTS).where(SEATED, APPOINTMENTS.c.slot == slot)
            with engine.connect() as connection:
                return connection.execute(seated).all()

        def has(self, slot):
            return {row.key for row in self.rows(slot)}

        def holders(self, slot):
            return sum(
                row.status == "booked" or row.held_until > self.clock.now for row in self.rows(slot)
            )

        @invariant()
        def the_seats_taken_are_those_that_somebody_has(self):
            count = select(APPOINTMENTS.c.slot, func.count()).where(SEATED)
            with engine.connect() as connection:
                owners = dict(connection.execute(count.group_by(APPOINTMENTS.c.slot)).all())
            seats = self.seats()
            assert {slot: taken for slot, taken in seats.items() if taken} == owners
            assert all(taken <= 2 for taken in seats.values())

        @invariant()
        def every_appointment_is_there(self):
            for document, reference in self.made.items():
                found = asyncio.run(self.book.find(reference, Proof(document)))
                assert found is not None
                assert found.status == "booked"

    return Calendar


@pytest.mark.parametrize("examples", [12])
def test_the_books_balance(engine, vault, examples):
    run_state_machine_as_test(
        calendar(engine, vault),
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
