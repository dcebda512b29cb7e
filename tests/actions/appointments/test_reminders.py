"""Reminders: when, in which words, once, and never of what was cancelled or moved."""

import asyncio
import logging
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.appointments import reminders as module
from actions.appointments.reminder_store import ReminderStore
from actions.appointments.reminders import Reminders
from core.clock import LOCAL
from core.reader import Reader
from tests.support.reminding import APPLICANT, KNOWLEDGE, STARTS, appointment

DAY_BEFORE = datetime(2026, 11, 29, 10, 0, tzinfo=LOCAL)
TWO_HOURS = STARTS - timedelta(hours=2)
A_WEEK_BEFORE = STARTS - timedelta(days=7)
SECOND = timedelta(seconds=1)
YUE = Reader("yue", "Hant")


class Setting:
    """Reminders on a real database, with a clock to set and a channel that can fail."""

    def __init__(self, engine):
        self.now = A_WEEK_BEFORE
        self.store = ReminderStore(engine)
        self.handed, self.tries = [], 0
        self.answer = True
        self.reminders = Reminders(self.store, self.deliver, self.knowledge, lambda: self.now)

    def knowledge(self):
        return KNOWLEDGE

    async def deliver(self, channel, sender, reply, variant, key):
        self.tries += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        self.handed.append((channel, sender, reply.lead, variant, key))
        return self.answer

    async def plan(self, made=None, reader=YUE, sender="web-1"):
        await self.reminders.plan(made or appointment(), sender, "web", reader)

    async def at(self, now):
        """Sends what is due then. Returns how many were handed over."""
        self.now = now
        return await self.reminders.send_due()

    def kept(self, sender="web-1"):
        return [(row["kind"], row["due_at"]) for row in self.store.export_of(sender)]

    def states(self, sender="web-1"):
        return [row["state"] for row in self.store.export_of(sender)]


@pytest.fixture
def setting(engine):
    return Setting(engine)


async def test_the_day_before_at_ten_and_two_hours_before(setting):
    await setting.plan()
    assert setting.kept() == [("day", DAY_BEFORE), ("hours", TWO_HOURS)]
    assert await setting.at(DAY_BEFORE - SECOND) == 0
    assert await setting.at(DAY_BEFORE) == 1
    assert await setting.at(TWO_HOURS - SECOND) == 0
    assert await setting.at(TWO_HOURS) == 1
    assert await setting.at(STARTS) == 0
    assert [message[:2] for message in setting.handed] == [("web", "web-1")] * 2
    assert len({key for *_, key in setting.handed}) == 2


@pytest.mark.parametrize(
    "reader, variant, day, hours",
    [
        ("en", "en", "EN tomorrow Mon 30 Nov 2026, 9:30 am: EN HKID, EN Wan Chai 灣仔, K4M-T7P-R2W",
         "EN today 9:30 am: EN HKID, EN Wan Chai 灣仔, K4M-T7P-R2W"),
        ("cmn-Hans", "zh_hans", "HANS tomorrow 2026年11月30日（星期一）上午9:30: HANS HKID, HANS Wan Chai 灣仔, K4M-T7P-R2W",
         "HANS today 上午9:30: HANS HKID, HANS Wan Chai 灣仔, K4M-T7P-R2W"),
        ("cmn-Hant", "zh_hant", "HANT tomorrow 2026年11月30日（星期一）上午9:30: HANT HKID, HANT Wan Chai 灣仔, K4M-T7P-R2W",
         "HANT today 上午9:30: HANT HKID, HANT Wan Chai 灣仔, K4M-T7P-R2W"),
        ("yue-Hant", "yue", "YUE tomorrow 2026年11月30日（星期一）朝早9點半: YUE HKID, YUE Wan Chai 灣仔, K4M-T7P-R2W",
         "YUE today 朝早9點半: YUE HKID, YUE Wan Chai 灣仔, K4M-T7P-R2W"),
        ("yue-Hans", "yue", "YUE tomorrow 2026年11月30日（星期一）朝早9点半: YUE HKID, YUE Wan Chai 湾仔, K4M-T7P-R2W",
         "YUE today 朝早9点半: YUE HKID, YUE Wan Chai 湾仔, K4M-T7P-R2W"),
    ],
)  # fmt: skip
async def test_in_the_persons_language_and_script(setting, reader, variant, day, hours):
    await setting.plan(reader=Reader.parse(reader))
    await setting.at(DAY_BEFORE)
    await setting.at(TWO_HOURS)
    assert [message[2:4] for message in setting.handed] == [(day, variant), (hours, variant)]


@pytest.mark.parametrize(
    "made_at, kinds",
    [(DAY_BEFORE - SECOND, ["day", "hours"]), (DAY_BEFORE, ["hours"]),
     (TWO_HOURS - SECOND, ["hours"]), (TWO_HOURS, []), (STARTS, [])],
)  # fmt: skip
async def test_what_is_past_when_the_appointment_is_made_is_left_out(setting, made_at, kinds):
    setting.now = made_at
    await setting.plan()
    assert [kind for kind, _ in setting.kept()] == kinds


async def test_planning_again_is_harmless(setting):
    await setting.plan()
    before = setting.kept()
    await setting.plan()
    assert setting.kept() == before
    await setting.at(DAY_BEFORE)
    await setting.plan()
    assert await setting.at(DAY_BEFORE + SECOND) == 0
    assert setting.states() == ["sent", "planned"]


async def test_planning_again_does_not_lose_what_is_due_but_not_sent_yet(setting):
    await setting.plan()
    setting.now = DAY_BEFORE + SECOND
    await setting.plan()
    assert await setting.at(DAY_BEFORE + SECOND) == 1


async def test_a_moved_appointment_is_reminded_of_at_its_new_time_alone(setting):
    await setting.plan()
    await setting.at(DAY_BEFORE)
    later = STARTS + timedelta(days=2)
    await setting.plan(appointment(later))
    assert setting.kept() == [
        ("day", DAY_BEFORE + timedelta(days=2)), ("hours", later - timedelta(hours=2))
    ]  # fmt: skip
    assert await setting.at(TWO_HOURS) == 0
    assert await setting.at(DAY_BEFORE + timedelta(days=2)) == 1
    assert "Wed" not in setting.handed[0][2] and "2026年12月2日（星期三）" in setting.handed[1][2]


async def test_moved_there_and_back_each_reminder_comes_once(setting):
    for starts_at in (STARTS, STARTS + timedelta(days=2), STARTS):
        await setting.plan(appointment(starts_at))
    assert [await setting.at(when) for when in (DAY_BEFORE, TWO_HOURS, STARTS)] == [1, 1, 0]


async def test_none_after_a_cancellation(setting):
    await setting.plan()
    await setting.plan(appointment(reference="B2C-D3F-G4H"), sender="other")
    await setting.reminders.drop("K4M-T7P-R2W")
    assert await setting.at(DAY_BEFORE) == 1
    assert [message[1] for message in setting.handed] == ["other"]


@pytest.mark.parametrize("change", ["cancelled", "moved"])
async def test_none_when_it_changes_between_claim_and_delivery(setting, change):
    await setting.plan()
    later = appointment(STARTS + timedelta(days=9))

    def knowledge():  # asked for after the claim
        if change == "cancelled":
            setting.store.drop("K4M-T7P-R2W")
        else:
            setting.store.plan("K4M-T7P-R2W", later.starts_at, [])
        return KNOWLEDGE

    reminders = Reminders(setting.store, setting.deliver, knowledge, lambda: setting.now)
    setting.now = DAY_BEFORE
    assert await reminders.send_due() == 0
    assert setting.handed == []


async def test_a_claim_keeps_others_away_and_runs_out(setting):
    await setting.plan()
    (due,) = setting.store.due(DAY_BEFORE, 10)
    assert setting.store.claim(due.id, DAY_BEFORE, DAY_BEFORE + 60 * SECOND)
    assert not setting.store.claim(due.id, DAY_BEFORE, DAY_BEFORE + 60 * SECOND)
    assert await setting.at(DAY_BEFORE + 59 * SECOND) == 0
    assert await setting.at(DAY_BEFORE + 60 * SECOND) == 1


async def test_what_is_listed_by_two_is_claimed_by_one(setting):
    await setting.plan()
    setting.now = DAY_BEFORE
    assert sorted(await asyncio.gather(*(setting.reminders.send_due() for _ in range(6)))) == [
        0, 0, 0, 0, 0, 1
    ]  # fmt: skip
    assert len(setting.handed) == 1


async def test_a_failing_channel_is_tried_again_with_longer_and_longer_pauses(setting):
    await setting.plan()
    setting.answer = ConnectionError("no answer")
    times, now = [], TWO_HOURS
    while now < STARTS:
        tries = setting.tries
        await setting.at(now)
        times += [now] * (setting.tries - tries)
        now += 10 * SECOND
    pauses = [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:])]
    assert pauses[:6] == [30, 60, 120, 240, 480, 900]
    assert set(pauses[6:]) == {900}
    setting.answer = True
    assert await setting.at(STARTS) == 0
    assert setting.handed == []


async def test_a_channel_that_recovers_gets_the_reminder_once(setting):
    await setting.plan()
    setting.answer = ConnectionError("no answer")
    await setting.at(TWO_HOURS)
    setting.answer = True
    assert await setting.at(TWO_HOURS + 29 * SECOND) == 0
    assert await setting.at(TWO_HOURS + 30 * SECOND) == 1
    assert await setting.at(STARTS - SECOND) == 0


async def test_what_could_not_be_delivered_in_time_is_counted_in_the_log(setting, caplog):
    await setting.plan()
    setting.answer = ConnectionError("no answer")
    await setting.at(TWO_HOURS)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        await setting.at(STARTS)
        await setting.at(STARTS + SECOND)
    assert [record.getMessage() for record in caplog.records] == [
        "1 reminders could not be delivered in time"
    ]
    assert setting.states() == ["missed", "missed"]


async def test_no_tomorrow_is_said_when_the_day_has_come(setting):
    """All workers were down from before ten until after midnight."""
    await setting.plan()
    midnight = datetime.combine(STARTS.date(), time(0), LOCAL)
    assert await setting.at(midnight) == 0
    assert await setting.at(TWO_HOURS) == 1
    assert [message[2][:9] for message in setting.handed] == ["YUE today"]


async def test_a_channel_that_hangs_is_left_after_a_while(setting, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.05)
    await setting.plan()

    async def hang(*_):
        await asyncio.sleep(60)

    stuck = Reminders(setting.store, hang, setting.knowledge, lambda: setting.now)
    setting.now = DAY_BEFORE
    assert await asyncio.wait_for(stuck.send_due(), 5) == 0
    assert await setting.at(DAY_BEFORE + 30 * SECOND) == 1


async def test_a_centre_that_is_gone_keeps_nobody_from_being_reminded(setting):
    await setting.plan()
    gone = appointment(reference="B2C-D3F-G4H")
    await setting.plan(type(gone)(**{**vars(gone), "centre": "closed_down"}), sender="other")
    assert await setting.at(DAY_BEFORE) == 2
    assert setting.states("other") == ["sent", "planned"]


async def test_who_cannot_be_reached_is_not_tried_again(setting):
    await setting.plan()
    setting.answer = False
    assert await setting.at(DAY_BEFORE) == 0
    assert await setting.at(DAY_BEFORE + timedelta(hours=1)) == 0
    assert setting.tries == 1
    assert setting.states() == ["unreachable", "planned"]


async def test_many_that_are_due_at_once_are_all_sent(setting):
    references = [f"K4M-T7P-R{n:02}" for n in range(50)]
    for reference in references:
        await setting.plan(appointment(reference=reference))
    assert await setting.at(DAY_BEFORE) == 50
    assert len({key for *_, key in setting.handed}) == 50


async def test_what_is_over_is_deleted(setting):
    await setting.plan()
    await setting.plan(appointment(STARTS + timedelta(days=1), "B2C-D3F-G4H"))
    await setting.at(STARTS + SECOND)
    assert await setting.reminders.purge() == 2
    assert [row["reference"] for row in setting.store.export_of("web-1")] == ["B2C-D3F-G4H"] * 2


async def test_a_person_gets_what_is_kept_and_can_have_it_deleted(setting):
    await setting.plan()
    await setting.plan(appointment(reference="B2C-D3F-G4H"), sender="other")
    assert setting.store.export_of("web-1")[0] == {
        "reference": "K4M-T7P-R2W", "kind": "day", "due_at": DAY_BEFORE, "state": "planned"
    }  # fmt: skip
    assert setting.store.delete_of("web-1") == 2
    assert setting.store.export_of("web-1") == []
    assert await setting.at(DAY_BEFORE) == 1


async def test_nothing_of_the_applicant_is_stored_or_logged(setting, engine, caplog):
    setting.answer = ConnectionError("no answer")
    with caplog.at_level(logging.DEBUG):
        await setting.plan()
        await setting.at(DAY_BEFORE)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM appointment_reminders").all()
    written = f"{rows} {caplog.text}"
    assert "hkid" in written
    for personal in (APPLICANT.name, "123456", "9123"):
        assert personal not in written


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))
def test_today_and_tomorrow_are_true_whenever_the_appointment_is(starts):
    starts = starts.replace(tzinfo=LOCAL)
    (_, day, day_ends), (_, hours, hours_end) = module._moments(starts)
    midnight = datetime.combine(starts.date(), time(0), LOCAL)
    assert midnight - timedelta(days=1) <= day < day_ends == midnight
    assert midnight <= hours <= hours_end == starts
