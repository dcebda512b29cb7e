"""People: who leaves, and who has their data deleted, has nothing waiting anywhere."""

import pytest

from channels.common.dead_letters import DeadLetters
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox, waiting
from channels.common.people import People
from core.clock import system_clock
from core.vault import Vault, make_keys
from tests.support.post import ADDRESS, end_leases, incoming, outgoing

VAULT = Vault(make_keys(), "f")


@pytest.fixture
def places(redis):
    return Inbox(redis, VAULT), Outbox(redis, VAULT), DeadLetters(redis)


@pytest.fixture
def people(engine, places):
    return People(engine, VAULT, system_clock, places)


async def fill(places, redis):
    """Something of Ann's and of Ben's in each place, nobody at work on any of it."""
    inbox, outbox, _ = places
    for sender in ("test-a", "test-b"):
        await outbox.put(outgoing(f"dead of {sender}", sender))
        [ticket] = await outbox.take_over(1)
        await outbox.dead(ticket, await outbox.next(ticket), "x")
        await outbox.put(outgoing(f"out of {sender}", sender))
        await inbox.accept(incoming(f"in of {sender}", sender))
        await outbox.take_over(1)
    for name in ("inbox", "outbox"):
        await end_leases(redis, name)


async def test_whoever_writes_is_known(people):
    await people.see(incoming())
    person = await people.address_of("test-a")
    assert (person.channel, person.account, person.address) == ("test", "app", ADDRESS)
    assert await people.address_of("test-b") is None


@pytest.mark.parametrize("how", ["leave", "delete_of"])
async def test_nothing_waits_for_one_who_is_gone(people, places, redis, how):
    for sender in ("test-a", "test-b"):
        await people.see(incoming(sender=sender))
    await fill(places, redis)
    await getattr(people, how)("test-a")
    assert await people.address_of("test-a") is None
    assert [ticket.box for ticket in await places[0].take_over(9)] == ["test-b"]
    assert [ticket.box for ticket in await places[1].take_over(9)] == ["test-b"]
    assert [letter.sender for letter in await places[2].list()] == ["test-b"]
    assert await waiting(redis) == (1, 0)
    assert await people.address_of("test-b")


async def test_what_people_chose_is_kept_and_exported(people):
    await people.accept("test-a", "t1", 2)
    await people.refuse("test-a", "t2")
    assert await people.use("test-a", "t1")
    assert await people.has_refused("test-a", "t2")
    assert len(await people.export_of("test-a")) == 2
    assert await people.delete_of("test-a") == 2
    assert await people.export_of("test-a") == []
