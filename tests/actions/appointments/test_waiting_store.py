"""Places on the waiting list: one a sender, one offer at a time, and each in turn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError

from actions.appointments.model import Slot
from actions.appointments.waiting_store import MOST_PLACES, WaitingStore
from actions.appointments.waiting_table import WAITING
from core.database import transaction
from tests.support.waiting import DAY, MINUTE, NOW

SLOT = Slot("one", "wan_chai", "hkid", NOW + timedelta(days=7), 1)
UNTIL = NOW + 15 * MINUTE
QUEUE = ("wan_chai", "hkid", DAY)


@pytest.fixture
def store(engine):
    return WaitingStore(engine)


def join(store, sender="a", minute=0, centre="wan_chai", permit="hkid", day=DAY):
    return store.join(sender, "web", "yue-Hant", permit, centre, day, NOW + minute * MINUTE)


def offer(store, slot=SLOT, now=NOW + 60 * MINUTE, queue=QUEUE):
    return store.offer(*queue, slot, now, now + 15 * MINUTE)


def raw_insert(engine, **values):
    with transaction(engine) as connection:
        row = dict(connection.execute(select(WAITING).limit(1)).mappings().one())
        connection.execute(WAITING.insert().values(**{**row, **values}))


def test_a_place_comes_back_as_it_was_written(store):
    place = join(store)
    assert (place.sender, place.channel, place.reader) == ("a", "web", "yue-Hant")
    assert (place.permit, place.centre, place.day) == ("hkid", "wan_chai", DAY)
    assert (place.joined_at, place.ready_at, place.state, place.offers) == (NOW, NOW, "waiting", 0)
    assert store.of_sender("a") == [place]


@pytest.mark.parametrize("state", ["waiting", "offering", "offered"])
def test_the_database_refuses_a_second_live_place(store, engine, state):
    join(store)
    with pytest.raises(IntegrityError):
        raw_insert(engine, id="other", state=state)


@pytest.mark.parametrize(
    "other",
    [{"sender": "b"}, {"permit": "eep"}, {"centre": "sheung_wan"}, {"day": DAY + timedelta(1)},
     {"state": "over"}, {"state": "taken"}],
)  # fmt: skip
def test_any_other_place_is_admitted(store, engine, other):
    join(store)
    raw_insert(engine, id="other", **other)


def test_the_database_refuses_a_second_offer_in_a_queue(store, engine):
    join(store)
    assert offer(store)
    with pytest.raises(IntegrityError):
        raw_insert(engine, id="other", sender="b", slot="another")


def test_joining_at_the_same_time_gives_one_place(store):
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda minute: join(store, minute=minute), range(16)))
    assert len({place.id for place in places}) == 1
    assert len(store.of_sender("a")) == 1


def test_a_sender_has_five_live_places_at_most(store):
    places = [join(store, minute=n, day=DAY + timedelta(days=n)) for n in range(MOST_PLACES)]
    assert join(store, centre="sheung_wan") is None
    assert len(store.of_sender("a")) == MOST_PLACES == 5
    assert join(store, day=DAY) == places[0]  # one that there is
    assert join(store, "b", centre="sheung_wan") is not None
    store.leave(places[0].id, "a")
    assert join(store, centre="sheung_wan") is not None
    assert join(store, day=DAY) is None


def test_places_of_past_days_do_not_count(store):
    for n in range(MOST_PLACES):
        join(store, day=NOW.date() + timedelta(days=n))
    assert join(store) is None  # today's counts all day
    assert join(store, minute=24 * 60) is not None


def test_an_ended_place_lets_one_join_anew_at_the_end(store):
    first = join(store)
    join(store, "b", 1)
    assert store.leave(first.id, "a")
    assert join(store, "a", 2).id != first.id
    assert offer(store).sender == "b"


def test_offers_are_claimed_in_turn_and_one_at_a_time(store):
    for minute, sender in enumerate("cab"):
        join(store, sender, minute)
    claimed = offer(store)
    assert (claimed.sender, claimed.state, claimed.offers, claimed.slot) == (
        "c",
        "offering",
        1,
        "one",
    )
    assert claimed.starts_at == SLOT.starts_at
    assert offer(store) is None
    assert offer(store, queue=("sheung_wan", "hkid", DAY)) is None
    assert store.told(claimed)
    assert not store.told(claimed)
    assert offer(store).sender == "a"


def test_claims_at_the_same_time_claim_once(store):
    for minute in range(4):
        join(store, f"s{minute}", minute)
    barrier = threading.Barrier(8)

    def claim(_):
        barrier.wait()
        return offer(store)

    with ThreadPoolExecutor(8) as pool:
        claimed = [place for place in pool.map(claim, range(8)) if place]
    assert [place.sender for place in claimed] == ["s0"]


def test_nobody_overtakes_who_is_on_the_way_back(store, engine):
    first, second = join(store, "a"), join(store, "b", 1)
    assert offer(store).id == first.id
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as connection:
            back = update(WAITING).where(WAITING.c.id == first.id).values(state="waiting")
            connection.execute(back)
            claim = pool.submit(offer, store)
            threading.Event().wait(0.3)  # it looked, found b first, and waits for this transaction
        claimed = claim.result(30)
    assert claimed is None or claimed.id == first.id
    assert store.of_sender("b") == [second]
    assert (claimed or offer(store)).id == first.id


def test_what_was_taken_back_waits_at_the_old_place_from_then_on(store):
    join(store, "a")
    join(store, "b", 1)
    claimed = offer(store)
    assert store.take_back(claimed, NOW + 90 * MINUTE)
    assert not store.take_back(claimed, NOW)
    (place,) = store.of_sender("a")
    assert (place.state, place.slot, place.offered_until) == ("waiting", None, None)
    second = offer(store)
    assert second.sender == "b"
    store.told(second)
    assert offer(store, now=NOW + 89 * MINUTE) is None
    assert offer(store, now=NOW + 90 * MINUTE).offers == 2


def test_what_belongs_to_an_earlier_offer_changes_nothing_of_a_later_one(store):
    join(store)
    earlier = offer(store)
    store.take_back(earlier, NOW)
    later = offer(store)
    assert later.offers == 2
    assert not store.told(earlier)
    assert not store.take_back(earlier, NOW)
    assert not store.end(earlier)
    assert store.told(later)
    assert not store.take_back(later, NOW)
    assert store.end(later)


def test_unfinished_and_expired_offers_are_found_from_their_time_on(store):
    join(store)
    claimed = store.offer(*QUEUE, SLOT, NOW, UNTIL)
    assert store.unfinished(UNTIL - MINUTE) == []
    assert store.unfinished(UNTIL) == [claimed]
    assert store.expired(UNTIL) == []
    store.told(claimed)
    assert store.unfinished(UNTIL) == []
    assert [place.id for place in store.expired(UNTIL)] == [claimed.id]
    assert store.expired(UNTIL - MINUTE) == []


def test_queues_and_days_are_those_where_somebody_waits(store):
    tomorrow = DAY + timedelta(days=1)
    join(store, "a")
    join(store, "b")
    join(store, "a", day=tomorrow)
    join(store, "a", permit="eep")
    gone = join(store, "c", centre="sheung_wan")
    store.leave(gone.id, "c")
    assert sorted(store.queues(DAY, NOW)) == [("wan_chai", "eep"), ("wan_chai", "hkid")]
    assert store.queues(tomorrow, NOW) == [("wan_chai", "hkid")]
    assert store.queues(DAY, NOW - MINUTE) == []
    assert store.days("wan_chai", "hkid", DAY, NOW) == [DAY, tomorrow]
    assert store.days("wan_chai", "hkid", tomorrow, NOW) == [tomorrow]
    assert store.days("sheung_wan", "hkid", DAY, NOW) == []


def test_deleting_takes_all_of_one_sender_or_of_the_past(store):
    join(store, "a")
    join(store, "a", day=DAY + timedelta(days=1))
    join(store, "b", day=DAY - timedelta(days=1))
    assert store.delete_before(DAY) == 1
    assert store.of_sender("b") == []
    assert store.delete_of("a") == 2
    assert store.delete_of("a") == 0


def test_the_migrated_table_has_both_conditional_keys(store, engine):
    indexes = {i["name"]: i for i in inspect(engine).get_indexes("appointment_waiting")}
    for name, columns in (
        ("uq_appointment_waiting_live", ["sender", "permit", "centre", "day"]),
        ("uq_appointment_waiting_offering", ["centre", "permit", "day"]),
    ):
        assert indexes[name]["unique"]
        assert indexes[name]["column_names"] == columns
        assert indexes[name]["dialect_options"][f"{engine.dialect.name}_where"] is not None
