"""Whatever happens in whatever order: boxes hold what a plain model of them says.

Hypothesis plays messages, repeats, turns, couriers, deaths and old tickets against lists.
"""

import asyncio
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from channels.common.dead_letters import DeadLetters
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from core.cache import connect
from core.mailboxes import LostLease
from core.vault import Vault, make_keys
from tests.support.post import check_books, end_leases, incoming, outgoing

SENDERS, NUMBERS, FATES = st.sampled_from("ab"), st.integers(0, 7), st.sampled_from(
    ["sent", "later", "park", "dead"]
)  # fmt: skip
WHICH = st.integers(0, 99)


class Lines:
    """A plain model of boxes: what stands in them, and who holds them."""

    def __init__(self):
        self.items, self.holder, self.tickets = defaultdict(list), {}, []
        self.parked, self.lapsed = set(), set()

    def due(self):
        """The boxes that anybody may take."""
        return {
            box for box, items in self.items.items()
            if items and box not in self.parked and (box not in self.holder or box in self.lapsed)
        }  # fmt: skip

    def held(self, ticket):
        self.holder[ticket.box] = ticket.token
        self.lapsed.discard(ticket.box)
        self.tickets.append(ticket)

    def holds(self, ticket):
        return self.holder.get(ticket.box) == ticket.token

    def let_go(self, box):
        self.holder.pop(box, None)
        self.lapsed.discard(box)

    def drop(self, box):
        self.items[box].pop(0)
        self.lapsed.discard(box)
        if not self.items[box]:
            self.let_go(box)


def office(loop, client):
    class Office(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            vault = Vault(make_keys(), "f")
            self.do(client.flushall())
            self.inbox, self.outbox = Inbox(client, vault), Outbox(client, vault)
            self.letters = DeadLetters(client)
            self.inward, self.outward = Lines(), Lines()
            self.seen, self.put, self.dead, self.woken = set(), set(), {}, set()

        def do(self, work):
            return loop.run_until_complete(work)

        def model_put(self, sender, key):
            if key not in self.put:
                self.put.add(key)
                self.outward.items[sender].append(key)

        @rule(sender=SENDERS, number=NUMBERS)
        def accept(self, sender, number):
            key, lines = f"{sender}{number}", self.inward
            accepted = self.do(self.inbox.accept(incoming(key, sender), most=4))
            if key in self.seen:
                assert accepted.status == "repeated"
                return
            if len(lines.items[sender]) == 4:
                assert accepted.status == "full"
                return
            self.seen.add(key)
            lines.items[sender].append(key)
            assert (accepted.status == "mine") == (sender in lines.due())
            if accepted.ticket:
                lines.held(accepted.ticket)

        @rule()
        def deaths(self):
            for lines, name in ((self.inward, "inbox"), (self.outward, "outbox")):
                lines.lapsed |= set(lines.holder)
                self.do(end_leases(client, name))

        @rule(limit=st.integers(1, 3))
        def take_over(self, limit):
            for lines, boxes in ((self.inward, self.inbox), (self.outward, self.outbox)):
                due, tickets = lines.due(), self.do(boxes.take_over(limit))
                assert {ticket.box for ticket in tickets} <= due
                assert len(tickets) == min(limit, len(due))
                for ticket in tickets:
                    lines.held(ticket)

        @rule(which=WHICH)
        def answer(self, which):
            lines = self.inward
            if not lines.tickets:
                return
            ticket = lines.tickets[which % len(lines.tickets)]
            if not lines.holds(ticket):
                self.refused(self.inbox.next(ticket))
                self.refused(self.inbox.finish(ticket, incoming(), None, [outgoing("never")]))
                return
            message = self.do(self.inbox.next(ticket))
            assert message.key == lines.items[ticket.box][0]
            reply = outgoing("o" + message.key, ticket.box)
            more = self.do(self.inbox.finish(ticket, message, None, [reply]))
            lines.drop(ticket.box)
            self.model_put(ticket.box, reply.key)
            assert more == bool(lines.items[ticket.box])

        @rule(which=WHICH, fate=FATES)
        def deliver(self, which, fate):
            lines = self.outward
            if not lines.tickets:
                return
            ticket = lines.tickets[which % len(lines.tickets)]
            if not lines.holds(ticket):
                self.refused(self.outbox.next(ticket))
                return
            item, box = self.do(self.outbox.next(ticket)), ticket.box
            assert item.outgoing.key == lines.items[box][0]
            if fate in ("sent", "dead"):
                reason = () if fate == "sent" else ("x",)
                assert self.do(getattr(self.outbox, fate)(ticket, item, *reason)) == (
                    len(lines.items[box]) > 1
                )
                if fate == "dead":
                    self.dead[item.id] = (box, item.outgoing.key)
                lines.drop(box)
                return
            lines.let_go(box)
            if fate == "later":
                self.do(self.outbox.later(ticket, replace(item, tries=item.tries + 1), 0))
            else:
                self.do(self.outbox.park(ticket, item))
                if box not in self.woken:
                    lines.parked.add(box)
                self.woken.discard(box)

        @rule(sender=SENDERS)
        def wake(self, sender):
            self.do(self.outbox.wake(sender))
            if sender not in self.outward.parked and sender in self.outward.holder:
                self.woken.add(sender)
            self.outward.parked.discard(sender)

        @rule(which=WHICH)
        def retry(self, which):
            if self.dead:
                item_id = sorted(self.dead)[which % len(self.dead)]
                assert self.do(self.letters.retry(item_id))
                box, key = self.dead.pop(item_id)
                self.outward.items[box].append(key)

        @rule(sender=SENDERS)
        def forget(self, sender):
            lines, kept = self.inward, []
            if sender in lines.holder and sender not in lines.lapsed:
                kept = lines.items[sender]
            else:
                lines.let_go(sender)
            assert self.do(self.inbox.forget(sender)) == len(lines.items[sender]) - len(kept)
            lines.items[sender] = kept
            assert self.do(self.outbox.forget(sender)) == len(self.outward.items.pop(sender, []))
            self.outward.let_go(sender)
            self.outward.parked.discard(sender)
            self.woken.discard(sender)

        def refused(self, work):
            with pytest.raises(LostLease):
                self.do(work)

        @invariant()
        def redis_agrees(self):
            for lines, name in ((self.inward, "inbox"), (self.outward, "outbox")):
                self.do(check_books(client, name))
                for box in "ab":
                    stored = self.do(client.llen(f"{name}:box:{box}"))
                    assert stored == len(lines.items[box])
            assert {letter.id for letter in self.do(self.letters.list())} == set(self.dead)

    return Office


def test_boxes_hold_what_a_model_of_them_says(redis_url):
    loop = asyncio.new_event_loop()
    client = connect(redis_url)
    try:
        run_state_machine_as_test(
            lambda: office(loop, client)(),
            settings=settings(
                max_examples=60, stateful_step_count=40, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        loop.run_until_complete(client.close())
        loop.run_until_complete(client.connection_pool.disconnect())
        loop.close()
