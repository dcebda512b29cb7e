"""Whatever happens in whatever order, and wherever processes die: nobody is lost."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.appointments.book import BookUnavailable, SeatTaken
from actions.appointments.waiting_table import WAITING
from core.database import open_database, transaction
from tests.support.waiting import MINUTE, Died, Setting

SENDERS = "abcd"
FAULTS = [
    ("store", "offer", "after", Died()), ("book", "hold", "before", Died()),
    ("book", "hold", "after", Died()), ("channel", "deliver", "before", Died()),
    ("channel", "deliver", "after", Died()), ("store", "told", "before", Died()),
    ("book", "release", "before", Died()), ("book", "release", "after", Died()),
    ("store", "end", "before", Died()), ("store", "end", "after", Died()),
    ("store", "leave", "after", Died()), ("store", "take_back", "after", Died()),
    ("book", "hold", "before", SeatTaken()), ("book", "hold", "after", BookUnavailable()),
    ("book", "free", "before", BookUnavailable()), ("book", "release", "before", BookUnavailable()),
    ("channel", "deliver", "before", ConnectionError()),
    ("channel", "deliver", "after", ConnectionError()),
]  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.sampled_from(["join", "accept", "decline"]), st.sampled_from(SENDERS)),
    st.tuples(st.just("open"), st.integers(9, 12)),
    st.tuples(st.just("pass"), st.sampled_from([1, 2, 5, 14, 15, 60])),
    st.tuples(st.just("fault"), st.sampled_from(FAULTS)),
    st.tuples(st.just("sweep"), st.just(None)),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('histories') / 'one.sqlite3'}")
    yield engine
    engine.dispose()


class History:
    """One run of the list, and what each person has been through."""

    def __init__(self, engine):
        with transaction(engine) as connection:
            connection.execute(WAITING.delete())
        self.setting, self.places, self.left, self.took = Setting(engine), {}, set(), set()

    async def step(self, kind, value):
        setting, place = self.setting, self.places.get(value)
        if kind == "join":
            self.places[value] = (await setting.join(value)).id
        elif kind == "open":
            setting.book.open(value, 1)
        elif kind == "pass":
            setting.now += value * MINUTE
        elif kind == "fault":
            part, method, when, error = value
            getattr(setting, part).fails(method, error, when)
        elif kind == "sweep":
            await setting.list.sweep()
        elif kind == "accept" and place and await setting.list.accept(value, place):
            self.took.add(place)
        elif kind == "decline" and place:
            live = self.state(place) in ("waiting", "offering", "offered")
            self.left |= {place} if live else set()
            await setting.list.decline(value, place)

    def state(self, place):
        return next(
            p.state for s in SENDERS for p in self.setting.store.of_sender(s) if p.id == place
        )

    def check(self):
        """Who waits no more has left, taken a seat, or let one pass that they knew of."""
        for sender in SENDERS:
            for place in self.setting.store.of_sender(sender):
                if place.state == "taken":
                    assert place.id in self.took
                if place.state == "over" and place.id not in self.left:
                    assert f"waiting-{place.id}-{place.offers}" in self.setting.channel.handed
                if place.state == "offered":
                    assert f"waiting-{place.id}-{place.offers}" in self.setting.channel.handed


@given(st.lists(STEPS, min_size=5, max_size=40))
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_nobody_is_lost(database, steps):
    history = History(database)
    for kind, value in steps:
        with suppress(Died):
            await history.step(kind, value)
        history.check()
    await everybody_gets_a_seat(history)


async def everybody_gets_a_seat(history):
    """When nothing fails any more, all who wait are told of a seat of their own."""
    setting = history.setting
    for part in (setting.book, setting.channel, setting.store):
        part._faults.clear()
    waiting = [
        place.id
        for sender in SENDERS
        for place in setting.store.of_sender(sender)
        if place.state in ("waiting", "offering")
    ]
    for hour in range(13, 13 + len(SENDERS)):
        setting.book.open(hour, 1)
    await setting.sweep(minutes=20)
    await setting.sweep(minutes=20)
    history.check()
    for place in waiting:
        assert history.state(place) in ("offered", "over")
        assert any(key.startswith(f"waiting-{place}-") for key in setting.channel.handed)
