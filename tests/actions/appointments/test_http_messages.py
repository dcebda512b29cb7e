"""Answers are hostile until checked."""

import copy
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.appointments.http_messages import Appointment, Appointments, Error, Slot, Slots

SLOT = {
    "id": "s-1", "centre": "sheung_wan", "permit": "hkid",
    "starts_at": "2026-12-01T09:30:00+08:00", "free": 1,
}  # fmt: skip
APPOINTMENT = {
    "reference": "K4M-T7P-R2W", "centre": "sheung_wan", "permit": "hkid",
    "starts_at": "2026-12-01T09:30:00+08:00", "status": "booked", "changes": 0,
    "booking": {
        "application_type": "renewal", "applicant_side": "hong_kong", "person": "p-1",
        "applicant": {
            "name": "陳大文", "document_number": "A1234563", "phone": "+85291234567",
            "birth_date": "2015-02-28", "guardian_name": "CHAN", "guardian_document_number": "B",
        },
    },
}  # fmt: skip


def changed(content, path, value):
    content = copy.deepcopy(content)
    *above, last = path.split(".")
    place = content
    for step in above:
        place = place[step]
    place[last] = value
    return content


def test_what_fits_becomes_the_vocabulary():
    slot = Slot.validate(SLOT).to_model()
    assert (slot.id, slot.free, slot.starts_at.isoformat()) == ("s-1", 1, SLOT["starts_at"])
    made = Appointment.validate(APPOINTMENT).to_model(demo=True)
    assert made.demo
    assert made.booking.applicant.birth_date.isoformat() == "2015-02-28"
    assert made.booking.applicant.guardian_name == "CHAN"
    assert made.booking.person == "p-1"


def test_pairs_are_no_object():
    pairs = [list(item) for item in SLOT.items()]
    for model, content in ((Slot, pairs), (Slots, {"slots": [pairs]}), (Error, [["code", "a"]])):
        with pytest.raises(ValueError):
            model.validate(content)


def test_what_is_not_known_here_is_passed_over():
    assert Slot.validate({**SLOT, "counter": 3}) == Slot.validate(SLOT)


TIMES = ["2026-12-01T09:30:00", "2026-12-01 09:30:00+08:00", "2026-12-01", "1764552600",
         1764552600, 1e300, "1026-12-01T09:30:00Z", "2026-02-30T09:30:00Z", "2026-12-01T25:30:00Z",
         "2026-12-01T09:30:00+99:00", "2026-12-01T09:30:00Z\n", None, [], {}, True]  # fmt: skip
DAYS = [
    "28/2/2015",
    "2015-02-30",
    "2015-02-28T00:00:00Z",
    1424995200,
    "1424995200",
    "0015-02-28",
    [],
]
COUNTS = ["1", 1.0, True, -1, None, 10**9, float("inf"), float("nan"), []]
TEXTS = ["", "a\nb", "a\x00", "\ud800", "x" * 201, 7, None, ["a"], {}]
NAMES = ["", "a b", "a/b", "a\n", "x" * 200, "預", 7, None, []]


@pytest.mark.parametrize(
    "path, value",
    [("starts_at", value) for value in TIMES] + [("free", value) for value in COUNTS]
    + [(name, value) for name in ("centre", "permit") for value in NAMES]
    + [("id", value) for value in ("", "a b", "a\n", "x" * 129, "預", 7, None)],
)  # fmt: skip
def test_a_slot_that_does_not_fit_is_refused(path, value):
    with pytest.raises(ValueError):
        Slot.validate(changed(SLOT, path, value))


@pytest.mark.parametrize(
    "path, value",
    [("starts_at", value) for value in TIMES] + [("changes", value) for value in COUNTS]
    + [(name, value) for name in ("centre", "permit", "reference") for value in NAMES]
    + [(f"booking.applicant.{name}", value) for name in ("name", "document_number", "phone") for value in TEXTS]
    + [("booking.applicant.birth_date", value) for value in DAYS]
    + [("booking.applicant.guardian_name", value) for value in ("", "a\nb", 7)]
    + [("booking.person", value) for value in ("", "a b", "x" * 129, 7)]
    + [(name, value) for name in ("status", "booking.application_type", "booking.applicant_side")
       for value in ("elsewise", "", None, 7, [], {})]
    + [(name, value) for name in ("booking", "booking.applicant") for value in (None, [], "a", 7, {}, [["a", 1]])],
)  # fmt: skip
def test_an_appointment_that_does_not_fit_is_refused(path, value):
    with pytest.raises(ValueError):
        Appointment.validate(changed(APPOINTMENT, path, value))


@pytest.mark.parametrize("name", APPOINTMENT)
def test_nothing_may_be_missing_of_an_appointment(name):
    with pytest.raises(ValueError):
        Appointment.validate({k: v for k, v in APPOINTMENT.items() if k != name})


@pytest.mark.parametrize("model, name, content", [
    (Slots, "slots", SLOT), (Appointments, "appointments", APPOINTMENT)
])  # fmt: skip
def test_lists_have_an_end(model, name, content):
    most = {"slots": 2000, "appointments": 100}[name]
    assert len(getattr(model.validate({name: [content] * most}), name)) == most
    with pytest.raises(ValueError):
        model.validate({name: [content] * (most + 1)})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
paths = st.sampled_from(
    [*APPOINTMENT, *(f"booking.{name}" for name in APPOINTMENT["booking"]),
     *(f"booking.applicant.{name}" for name in APPOINTMENT["booking"]["applicant"])]
)  # fmt: skip


@given(paths, json_values)
def test_whatever_comes_is_used_or_refused(path, value):
    try:
        checked = Appointment.validate(changed(APPOINTMENT, path, value))
    except ValueError:
        return
    made = checked.to_model(demo=False)
    assert made.starts_at.utcoffset() is not None
    assert str(made.booking.applicant.name).encode()


@given(json_values)
def test_whatever_a_refusal_says_is_used_or_refused(value):
    for content in (value, {"code": value}):
        with suppress(ValueError):
            assert Error.validate(content).code.isascii()
