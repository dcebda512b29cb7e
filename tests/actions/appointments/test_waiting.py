"""The waiting list: whose turn it is, once, in time, whatever dies, and nobody is lost."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from actions.appointments.book import BookUnavailable, SeatTaken
from tests.support.waiting import DAY, MINUTE, QUEUE, YUE, Died, Setting


@pytest.fixture
def setting(engine):
    return Setting(engine)


async def test_a_free_seat_goes_to_whoever_has_waited_longest(setting):
    await setting.all_join("a", "b", "c")
    assert await setting.list.offer_freed(*QUEUE) == 0
    setting.book.open(10, 1)
    assert await setting.list.offer_freed(*QUEUE) == 1
    assert setting.offered() == ["a"]
    assert setting.holds("a")
    assert await setting.sweep() == 0  # a has it
    assert [setting.state(sender) for sender in "abc"] == ["offered", "waiting", "waiting"]


async def test_every_free_seat_is_offered_the_earliest_first(setting):
    await setting.all_join("a", "b", "c", "d")
    setting.book.open(11, 1)
    setting.book.open(9, 2)
    assert await setting.sweep() == 3
    slots = {sender: setting.store.of_sender(sender)[0].slot for sender in "abcd"}
    assert slots == {"a": f"{DAY}T9", "b": f"{DAY}T9", "c": f"{DAY}T11", "d": None}


async def test_only_the_day_that_one_waits_for_counts(setting):
    other = DAY + timedelta(days=1)
    await setting.join("a", day=other)
    await setting.join("b")
    setting.book.open(10, 1)
    assert await setting.sweep() == 1
    assert setting.offered() == ["b"]
    setting.book.open(10, 1, other)
    assert await setting.sweep() == 1
    assert setting.offered() == ["b", "a"]


async def test_a_seat_that_begins_before_the_offer_ends_is_not_offered(setting):
    await setting.join("a")
    setting.book.open(10, 1)
    setting.now = setting.book.slots[f"{DAY}T10"][0] - 15 * MINUTE
    assert await setting.sweep() == 0
    setting.now -= MINUTE / 60
    assert await setting.sweep() == 1


async def test_the_offer_goes_out_on_the_channel_with_its_buttons(setting):
    place = await setting.join("a")
    setting.book.open(10, 1)
    await setting.sweep()
    ((key, (sender, reply, variant, channel)),) = setting.channel.handed.items()
    assert (key, sender, variant, channel) == (f"waiting-{place.id}-1", "a", "yue", "web")
    payloads = [json.loads(button.payload.removeprefix("/answer")) for button in reply.buttons]
    assert payloads == [{"slot": slot, "value": place.id} for slot in ("offer", "decline")]


async def test_who_waits_in_five_places_gets_no_sixth(setting):
    for days in range(5):
        assert await setting.join("a", day=DAY + timedelta(days=days))
    assert await setting.join("a", day=DAY + timedelta(days=5)) is None
    assert len(setting.store.of_sender("a")) == 5
    assert (await setting.join("a")).day == DAY
    assert await setting.join("b", day=DAY + timedelta(days=5))


async def test_joining_twice_keeps_the_place(setting):
    first = await setting.join("a")
    await setting.join("b")
    assert await setting.join("a") == first
    setting.book.open(10, 1)
    await setting.sweep()
    assert setting.offered() == ["a"]
    assert (await setting.join("a")).state == "offered"


async def test_who_joins_again_after_the_time_was_over_is_not_thrown_out_for_it(setting):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.now += 15 * MINUTE
    again = await setting.join("a")  # before any sweep
    assert again.state == "waiting"
    await setting.sweep()
    assert setting.offered() == ["a", "b"]
    assert setting.channel.said("over") == []
    assert setting.state("a") == "waiting"


async def test_accepting_hands_the_seat_to_the_form(setting):
    place = (await setting.all_join("a"))["a"]
    setting.book.open(10, 1)
    await setting.sweep()
    slot, key = await setting.list.accept("a", place.id)
    assert setting.book.holders(slot) == [key]
    assert await setting.list.accept("a", place.id) == (slot, key)
    assert setting.state("a") == "taken"
    assert not await setting.list.decline("a", place.id)
    assert await setting.sweep(minutes=16) == 0
    assert setting.channel.said("over") == []
    assert setting.state("a") == "taken"
    assert (await setting.join("a")).id != place.id  # it did not work out: the queue is open


async def test_accepting_is_for_the_person_in_time_and_of_an_offer_alone(setting):
    places = await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    assert await setting.list.accept("b", places["a"].id) is None
    assert await setting.list.accept("b", places["b"].id) is None
    assert await setting.list.accept("a", "nothing") is None
    setting.now += 15 * MINUTE
    assert await setting.list.accept("a", places["a"].id) is None


async def test_a_seat_that_is_declined_goes_to_the_next(setting):
    places = await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    assert not await setting.list.decline("b", places["a"].id)
    assert await setting.list.decline("a", places["a"].id)
    assert setting.offered() == ["a", "b"]
    assert setting.state("a") == "over"
    assert not await setting.list.decline("a", places["a"].id)
    assert await setting.list.accept("a", places["a"].id) is None


async def test_a_person_may_leave_before_any_offer(setting):
    place = await setting.join("a")
    assert await setting.list.decline("a", place.id)
    setting.book.open(10, 1)
    assert await setting.sweep() == 0


async def test_an_offer_ends_after_a_quarter_of_an_hour(setting):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.now += 15 * MINUTE - MINUTE / 60
    assert await setting.list.expire() == 0
    setting.now += MINUTE / 60
    assert await setting.list.expire() == 1
    assert setting.channel.said("over") == ["a"]
    assert setting.offered() == ["a", "b"]
    assert [setting.state(sender) for sender in "ab"] == ["over", "offered"]
    assert await setting.list.expire() == 0


async def test_who_cannot_be_reached_any_more_is_passed_over(setting):
    await setting.all_join("a", "b", "c")
    setting.channel.gone = {"a", "b"}
    setting.book.open(10, 1)
    assert await setting.sweep() == 1
    assert setting.offered() == ["c"]
    assert [setting.state(sender) for sender in "abc"] == ["over", "over", "offered"]
    assert [setting.holds(sender) for sender in "abc"] == [False, False, True]


async def test_who_loses_the_seat_to_a_stranger_keeps_the_place(setting):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    setting.book.fails("hold", SeatTaken())
    assert await setting.sweep() == 0
    assert [setting.state(sender) for sender in "ab"] == ["waiting", "waiting"]
    await setting.sweep()
    assert setting.offered() == ["a"]


@pytest.mark.parametrize(
    "method, when", [("hold", "before"), ("hold", "after"), ("free", "before")]
)
async def test_a_book_that_does_not_answer_is_asked_again(setting, caplog, method, when):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    setting.book.fails(method, BookUnavailable(), when)
    with caplog.at_level(logging.WARNING):
        assert await setting.list.offer_freed(*QUEUE) == 0
    assert len(caplog.records) == 1
    await setting.sweep(minutes=1)
    assert setting.offered() == ["a"]
    assert setting.holds("a")


async def test_a_channel_that_fails_for_long_does_not_hold_up_the_others(setting, caplog):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    setting.channel.fails("deliver", ConnectionError(), times=2)
    await setting.sweep()
    await setting.sweep(minutes=2)
    assert (setting.offered(), setting.state("a")) == ([], "offering")
    await setting.sweep(minutes=3)
    assert setting.offered() == ["b"]
    assert setting.state("a") == "waiting"
    assert "a" not in {sender for record in caplog.records for sender in record.args or ()}
    setting.book.open(11, 1)
    assert await setting.sweep() == 0
    await setting.sweep(minutes=15)  # a waits again, at the old place
    assert setting.offered()[1:] == ["a"]


async def test_a_book_that_hangs_is_not_waited_for(setting, monkeypatch):
    async def hang(*_):
        await asyncio.sleep(60)

    monkeypatch.setattr("actions.appointments.waiting._PATIENCE_S", 0.05)
    await setting.join("a")
    setting.book.open(10, 1)
    with monkeypatch.context() as patch:
        patch.setattr(setting.book, "hold", hang)
        assert await asyncio.wait_for(setting.sweep(), 5) == 0
    await setting.sweep(minutes=1)
    assert setting.offered() == ["a"]


async def test_several_workers_at_once_offer_each_seat_once_and_in_turn(setting):
    senders = [f"s{i}" for i in range(8)]
    await setting.all_join(*senders)
    for _ in range(4):  # a worker that meets another lets it go ahead, and comes again
        setting.book.open(10, 2)
        setting.book.open(11, 1)
        await asyncio.gather(*(setting.worker().sweep() for _ in range(6)))
    assert sorted(setting.offered()) == ["s0", "s1", "s2"]
    assert [setting.holds(sender) for sender in senders] == [True] * 3 + [False] * 5
    assert [len(setting.book.holders(f"{DAY}T{hour}")) for hour in (10, 11)] == [2, 1]


async def test_several_workers_at_once_end_an_offer_once(setting):
    await setting.all_join("a", "b", "c")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.now += 15 * MINUTE
    await asyncio.gather(*(setting.worker().sweep() for _ in range(6)))
    await setting.sweep()
    assert setting.channel.said("over") == ["a"]
    assert setting.offered() == ["a", "b"]


OFFERING = [
    ("store", "offer", "after"), ("book", "hold", "before"), ("book", "hold", "after"),
    ("channel", "deliver", "before"), ("channel", "deliver", "after"), ("store", "told", "before"),
    ("store", "told", "after"),
]  # fmt: skip


@pytest.mark.parametrize("part, method, when", OFFERING)
async def test_an_offer_that_died_half_way_is_finished(setting, part, method, when):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    getattr(setting, part).fails(method, Died(), when)
    with pytest.raises(Died):
        await setting.list.offer_freed(*QUEUE)
    await setting.sweep(minutes=1)
    assert setting.offered() == ["a"]  # told once, by whomever
    assert (setting.state("a"), setting.state("b")) == ("offered", "waiting")
    assert setting.holds("a")


@pytest.mark.parametrize("part, method, when", OFFERING[:-1])
@pytest.mark.parametrize("minutes", [5, 14, 15, 60])
async def test_after_a_long_outage_nobody_has_lost_the_place(setting, part, method, when, minutes):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    getattr(setting, part).fails(method, Died(), when)
    with pytest.raises(Died):
        await setting.list.offer_freed(*QUEUE)
    await setting.sweep(minutes=minutes)
    assert setting.state("a") == "waiting"
    assert setting.offered()[-1] == "b"
    setting.book.open(11, 1)
    await setting.sweep(minutes=15)
    assert setting.offered()[-1] == "a"
    assert setting.holds("a")


async def test_who_was_told_by_a_process_that_died_then_can_take_the_seat(setting):
    place = await setting.join("a")
    setting.book.open(10, 1)
    setting.channel.fails("deliver", Died(), "after")
    with pytest.raises(Died):
        await setting.sweep()
    slot, key = await setting.list.accept("a", place.id)
    await setting.sweep(minutes=1)
    assert setting.state("a") == "taken"
    assert setting.book.holders(slot) == [key]


@pytest.mark.parametrize(
    "part, method, when",
    [("book", "release", "before"), ("book", "release", "after"), ("channel", "deliver", "before"),
     ("channel", "deliver", "after"), ("store", "end", "before"), ("store", "end", "after")],
)  # fmt: skip
async def test_an_end_that_died_half_way_is_finished(setting, part, method, when):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.now += 15 * MINUTE
    getattr(setting, part).fails(method, Died(), when)
    with pytest.raises(Died):
        await setting.list.expire()
    await setting.sweep()
    assert setting.channel.said("over") == ["a"]
    assert setting.offered() == ["a", "b"]
    assert [setting.state(sender) for sender in "ab"] == ["over", "offered"]


@pytest.mark.parametrize("error", [Died(), BookUnavailable()])
async def test_a_seat_that_was_declined_and_not_let_go_is_free_in_time(setting, error):
    places = await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.book.fails("release", error)
    if isinstance(error, Died):
        with pytest.raises(Died):
            await setting.list.decline("a", places["a"].id)
    else:
        assert await setting.list.decline("a", places["a"].id)
    assert await setting.sweep() == 0
    await setting.sweep(minutes=15)
    assert setting.offered() == ["a", "b"]
    assert setting.channel.said("over") == []


async def test_taking_back_that_died_leaves_a_place_and_a_hold_that_ends(setting):
    await setting.join("a")
    setting.book.open(10, 1)
    setting.book.fails("hold", Died(), "after")
    with pytest.raises(Died):
        await setting.sweep()
    setting.book.fails("release", Died())
    with pytest.raises(Died):
        await setting.sweep(minutes=5)
    assert setting.state("a") == "waiting"
    await setting.sweep(minutes=15)
    assert setting.offered() == ["a"]
    assert setting.holds("a")


async def test_past_days_end_by_themselves(setting):
    await setting.join("a")
    await setting.join("b", day=DAY + timedelta(days=1))
    setting.now += timedelta(days=8)  # the day after DAY
    assert await setting.list.purge() == 1
    assert setting.store.of_sender("a") == []
    assert setting.state("b") == "waiting"


async def test_for_a_day_that_is_past_nothing_is_offered(setting):
    await setting.join("a")
    setting.book.open(23, 1)
    setting.now += timedelta(days=8)
    assert await setting.sweep() == 0


async def test_what_is_kept_of_a_sender_is_shown_and_deleted(setting):
    await setting.all_join("a", "b")
    await setting.join("a", day=DAY + timedelta(days=1))
    setting.book.open(10, 1)
    await setting.sweep()
    shown = await setting.list.export_of("a")
    assert json.loads(json.dumps(shown))[0] == {
        "permit": "hkid", "centre": "wan_chai", "day": "2026-11-30",
        "joined_at": "2026-11-23T02:00:00+00:00", "state": "offered",
    }  # fmt: skip
    assert [place["state"] for place in shown] == ["offered", "waiting"]
    assert await setting.list.delete_of("a") == 2
    assert await setting.list.export_of("a") == []
    assert setting.offered() == ["a", "b"]  # the seat went on
    assert await setting.list.delete_of("a") == 0


async def test_deleting_that_died_has_deleted_and_the_seat_is_free_in_time(setting):
    await setting.all_join("a", "b")
    setting.book.open(10, 1)
    await setting.sweep()
    setting.store.fails("delete_of", Died(), "after")
    with pytest.raises(Died):
        await setting.list.delete_of("a")
    assert await setting.list.export_of("a") == []
    await setting.sweep(minutes=15)
    assert setting.offered() == ["a", "b"]


async def test_the_reader_is_kept_with_the_place(setting):
    place = await setting.join("a", reader=YUE)
    assert place.reader == "yue-Hant"
