"""Turns of the form over a real calendar: what is kept between them, and what a killed one leaves."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from actions.appointments.book import BookUnavailable
from actions.appointments.draft import Draft
from actions.appointments.kept import Keeping, Kept
from actions.appointments.message import Message
from actions.appointments.model import Proof
from core.clock import LOCAL
from core.settings import Settings
from tests.support.clock import SettableClock
from tests.support.office import open_quiet_office

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
DOCUMENT, PHONE, OTHER = "K000001(9)", "+85291234567", "K000002(7)"
SLOT = "cts_mong_kok/home_return_permit/20261125T0700Z"
ANSWERS = {
    "permit": "home_return_permit", "application_type": "renewal", "applicant_side": "hong_kong",
    "birth_date": "1958-03-05", "centre": "cts_mong_kok", "date": "2026-11-25", "time": "15:00",
    "slot": SLOT, "name": "Chan Tai Man", "document_number": DOCUMENT, "phone": PHONE,
    "consent": "yes",
}  # fmt: skip


@pytest.fixture
def clock():
    clock = SettableClock()
    clock.set(MONDAY)
    return clock


class Chat:
    """One person's turns. ``open_form`` is what the conversation remembers."""

    def __init__(self, start, sender):
        self._start, self.sender, self.open_form = start, sender, False
        self.office, self.said = start(), None

    def restart(self):
        """Another process over the same database, after the first one died."""
        self.office = self._start()

    @property
    def keeping(self):
        return Keeping(self.office.drafts, self.office.clock)

    async def at_confirm(self, **other):
        """All answers are given, the seat is held, and “is all of this right?” was asked."""
        draft = Draft("book", values={**ANSWERS, **other}, asked="confirm")
        await self.office.book.hold(SLOT, draft.key, self.office.clock() + timedelta(minutes=10))
        await self.keeping.save(self.sender, Kept(draft))
        self.open_form = True

    async def say(self, text, intent="inform", tapped=None, **entities):
        found = tuple({"entity": name, "value": value} for name, value in entities.items())
        message = Message(self.sender, text, intent, entities=found, tapped=tapped)
        self.said = await self.office.service.take(message, self.open_form)
        self.open_form = not self.said.over
        return self.said

    async def yes(self):
        return await self.say("yes", "affirm")

    @property
    def lines(self):
        return [name.split(".")[1] for name, _ in self.said.lines]

    @property
    def reference(self):
        return dict(self.said.lines[0][1])["reference"]


@pytest.fixture
def knowledge(content):
    """What the office knows, which may be changed while it works."""
    return SimpleNamespace(content=content)


@pytest.fixture
def chat(engine, redis, vault, knowledge, clock, tmp_path):
    settings = Settings(data_dir=tmp_path)

    def start():
        return open_quiet_office(settings, engine, redis, vault, lambda: knowledge.content, clock)

    return lambda sender="web-1": Chat(start, sender)


@pytest.fixture
def one(chat):
    return chat()


@pytest.mark.parametrize(
    "words, intent", [("yes", "affirm"), ("hello?", "greet"), ("聽日", "inform")]
)
async def test_killed_before_the_words_went_out_the_booking_is_told(one, words, intent):
    await one.at_confirm()
    await one.yes()
    assert one.lines[0] == "booked_demo"
    reference, one.open_form = one.reference, True  # the conversation never learnt of it
    one.restart()
    await one.say(words, intent)
    assert (one.lines[0], one.reference) == ("booked_demo", reference)
    assert one.said.over


async def test_killed_right_after_the_seat_was_booked(one, monkeypatch):
    await one.at_confirm()

    async def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(one.office.service._tasks._booking._aftercare, "booked", dies)
    with pytest.raises(KeyboardInterrupt):
        await one.yes()
    one.restart()
    one.open_form = False  # the conversation is lost as well
    await one.say("I want to book", "book_appointment")
    assert one.lines[0] == "booked_demo"
    found = await one.office.book.find(one.reference, Proof(DOCUMENT))
    assert found.status == "booked"
    assert len(await one.office.own.export_appointments("web-1")) == 1


async def test_the_same_yes_again_tells_the_same_booking(one):
    await one.at_confirm()
    await one.yes()
    reference = one.reference
    await one.say("", "answer", ("confirm", "book"))
    assert (one.lines[0], one.reference) == ("booked_demo", reference)


async def test_what_was_told_is_not_told_again(one):
    await one.at_confirm()
    await one.yes()
    await one.say("I want to book", "book_appointment")
    assert one.lines == ["demo"]
    assert (await one.keeping.load("web-1")).draft.values == {}


async def test_when_the_book_does_not_answer_it_is_asked_again(one, monkeypatch):
    await one.at_confirm()

    async def down(*_):
        raise BookUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(one.office.book, "confirm", down)
        await one.yes()
    assert (one.lines, one.said.asks) == (["fault_unavailable"], "confirm")
    await one.say("no", "deny")
    assert one.said.asks == "change"


async def test_hours_that_changed_under_a_held_seat_are_said(one, knowledge):
    await one.at_confirm()
    centre = knowledge.content.centres["cts_mong_kok"]
    mornings = tuple(replace(hours, end=time(12)) for hours in centre.openings)
    centres = {**knowledge.content.centres, centre.id: replace(centre, openings=mornings)}
    knowledge.content = replace(knowledge.content, centres=centres)
    await one.yes()
    assert (one.lines, one.said.asks) == (["fault_seat_closed"], "date")
    assert await one.office.own.export_appointments("web-1") == []
    await one.say("9am", time="09:00")
    assert one.said.asks == "date"
    await one.say("Thursday", date="2026-11-26")
    await one.yes()
    assert one.lines[0] == "booked_demo"


async def booked(one, **other):
    await one.at_confirm(**other)
    await one.yes()
    return one.reference


async def test_a_proof_holds_for_ten_minutes(one, clock):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    assert one.lines == ["found"]
    clock.turn(minutes=9)
    await one.say("cancel it", "cancel_appointment")
    assert one.said.asks == "confirm"
    await one.say("no", "deny")
    clock.turn(minutes=1)
    await one.say("cancel it", "cancel_appointment")
    assert one.said.asks == "reference"


async def test_a_proof_is_for_one_appointment_and_one_chat(one, chat):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    other = chat("web-2")
    await other.say("cancel it", "cancel_appointment")
    assert other.said.asks == "reference"
    await one.say("cancel K4M-T7P-R2W", "cancel_appointment")
    assert (one.said.asks, one.said.question[0]) == ("document_number", "appointments.ask_proof")


async def test_a_proof_is_over_with_the_appointment(one):
    reference = await booked(one)
    await one.say("cancel", "cancel_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    await one.yes()
    assert one.lines == ["cancelled"]
    await one.say("cancel", "cancel_appointment")
    assert one.said.asks == "reference"


async def test_a_proof_is_kept_encrypted(one, engine):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    kept = await one.keeping.load("web-1")
    assert kept.shown.claim == {"reference": reference, "document_number": DOCUMENT}
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM appointment_drafts").all()
    assert len(rows) == 1
    assert DOCUMENT not in str([bytes(v) if isinstance(v, memoryview) else v for v in rows[0]])


async def test_another_task_in_the_middle_keeps_the_booking(one):
    reference = await booked(one)
    await one.at_confirm(document_number=OTHER)
    key = (await one.keeping.load("web-1")).draft.key
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    assert one.lines == ["found"]
    assert (one.said.asks, one.said.over) == ("go_on", False)
    assert [payload for _, payload in one.said.choices][1:] == [
        "/stop", "/reschedule_appointment", "/cancel_appointment",
    ]  # fmt: skip
    await one.say("cancel it", "cancel_appointment")
    await one.yes()
    assert (one.lines, one.said.asks) == (["cancelled"], "go_on")
    await one.yes()
    assert one.said.asks == "confirm"
    assert (await one.keeping.load("web-1")).draft.key == key
    await one.yes()
    assert one.lines[0] == "booked_demo"


async def test_when_the_reminders_fail_the_booking_is_told_in_the_next_turn(one, monkeypatch):
    await one.at_confirm()

    async def down(*_):
        raise BookUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(one.office.reminders, "plan", down)
        await one.yes()
    assert one.lines == ["fault_unavailable"]
    await one.say("I want to book", "book_appointment")
    assert one.lines[0] == "booked_demo"
    assert len(await one.office.own.export_appointments("web-1")) == 1


async def test_stop_is_no_answer_to_whether_to_resume(one):
    await one.at_confirm()
    await one.say("stop", "stop")
    await one.say("I want to book", "book_appointment")
    await one.say("停", "stop")
    assert (one.lines, one.said.over) == (["stopped"], True)
    assert (await one.keeping.load("web-1")).draft.get("document_number") == DOCUMENT


async def test_who_does_not_go_on_now_may_the_next_day(one):
    await one.at_confirm()
    await one.say("view my appointment", "view_appointment")
    await one.say("stop", "stop")
    assert one.said.over
    await one.say("I want to book", "book_appointment")
    assert one.said.asks == "resume"
    await one.yes()
    assert one.said.asks == "confirm"


async def test_no_to_going_on_stops_and_keeps(one):
    reference = await booked(one)
    await one.at_confirm(document_number=OTHER)
    await one.say("cancel", "cancel_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    await one.say("no", "deny")
    assert (one.lines, one.said.asks) == (["kept"], "go_on")
    await one.say("no", "deny")
    assert (one.lines, one.said.over) == (["stopped"], True)
    assert (await one.keeping.load("web-1")).draft.get("document_number") == OTHER


async def test_to_book_in_the_middle_of_another_task_goes_back_to_the_booking(one):
    await one.at_confirm()
    await one.say("view my appointment", "view_appointment")
    await one.say("book an appointment", "book_appointment")
    assert one.said.asks == "resume"


async def test_who_stopped_and_then_looks_at_another_one_is_not_asked_to_go_on(one):
    reference = await booked(one)
    await one.at_confirm(document_number=OTHER)
    await one.say("stop", "stop")
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    assert one.said.over
    await one.say("I want to book", "book_appointment")
    assert one.said.asks == "resume"


LOST = [
    "I lost the reference", "唔記得編號", "忘了预约号", "我唔記得個編號喎", "冇呀 邊有畀過我",
    "I dont have the reference number po", "唔知", "找不到了", "I don't know", "never got one",
]  # fmt: skip


@pytest.mark.parametrize("words", LOST)
async def test_a_lost_reference_is_told_again_for_the_number(one, words):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say(words, "enquire")
    assert (one.said.asks, one.said.question[0]) == (
        "document_number", "appointments.ask_proof_lost",
    )  # fmt: skip
    assert reference not in str(one.said)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    assert one.lines == ["found"]
    assert ("appointments.label_reference", reference) in one.said.details


@pytest.mark.parametrize(
    "given", [{"document_number": DOCUMENT}, {"phone_number": PHONE}], ids=["document", "phone"]
)
async def test_the_number_alone_answers_the_question_for_the_reference(one, given):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say("my number is 123456", **given)
    assert ("appointments.label_reference", reference) in one.said.details


async def test_the_lost_button_and_a_lost_opener(one):
    await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say("", "answer", ("reference", "lost"))
    assert one.said.asks == "document_number"
    await one.say("stop", "stop")
    await one.say("I lost my reference, what is my appointment", "view_appointment")
    assert one.said.question[0] == "appointments.ask_proof_lost"
    await one.say("hm")
    assert one.said.question[0] == "appointments.ask_proof_lost"


async def test_a_lost_reference_is_for_the_chat_that_booked_and_the_right_number(one, chat):
    await booked(one)
    other = chat("web-2")
    said = []
    for somebody, number in ((one, OTHER), (other, DOCUMENT)):
        await somebody.say("view my appointment", "view_appointment")
        await somebody.say("I lost it")
        await somebody.say(number, document_number=number)
        said.append((somebody.lines, somebody.said.asks, somebody.said.details))
    assert said == [(["fault_none_here"], "reference", [])] * 2


async def test_numbers_cannot_be_tried_without_end(one):
    await booked(one)
    await one.say("view my appointment", "view_appointment")
    for _ in range(5):
        await one.say(OTHER, document_number=OTHER)
        assert one.lines == ["fault_none_here"]
    await one.say(DOCUMENT, document_number=DOCUMENT)
    assert one.lines == ["fault_too_many_tries"]


async def test_a_button_of_a_question_that_is_over_is_answered_kindly(one):
    await one.at_confirm()
    for tapped in (("consent", "yes"), ("confirm", "cancel"), ("resume", "no")):
        await one.say("", "answer", tapped)
        assert (one.lines, one.said.asks) == (["choice_over"], "confirm")
    await one.say("stop", "stop")
    await one.say("", "answer", ("confirm", "book"))
    assert (one.lines, one.said.over) == (["choice_over"], True)
    assert await one.office.own.export_appointments("web-1") == []


async def test_to_see_another_one_its_reference_is_asked_for_and_no_proof_of_the_same(one):
    reference = await booked(one)
    for _ in range(2):
        await one.say("view my appointment", "view_appointment")
        assert one.said.asks == "reference"
        await one.say(reference)
        if one.said.asks == "document_number":
            await one.say(DOCUMENT, document_number=DOCUMENT)
        assert one.lines == ["found"]


async def test_a_proof_is_over_in_the_middle_of_a_form_too(one, clock):
    reference = await booked(one)
    await one.say("view my appointment", "view_appointment")
    await one.say(reference)
    await one.say(DOCUMENT, document_number=DOCUMENT)
    await one.say("view my appointment", "view_appointment")
    clock.turn(minutes=10)
    await one.say(reference)
    assert one.said.question[0] == "appointments.ask_proof"
