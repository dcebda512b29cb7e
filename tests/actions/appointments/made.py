"""Centres, places and rules made by hand."""

from datetime import time
from typing import Any

from knowledge.appointments import Centre, Locality, Opening, PermitRules
from tests.support.entries import text

WEEKDAYS = frozenset(range(5))


def opening(start: str = "09:00", end: str = "12:00", **more: Any) -> Opening:
    """Hours from Monday to Friday, half an hour an appointment, four people at a time."""
    given = {"days": WEEKDAYS, "minutes": 30, "capacity": 4, **more}
    return Opening(start=time.fromisoformat(start), end=time.fromisoformat(end), **given)


def centre(centre_id: str = "harbour", **more: Any) -> Centre:
    """A demo centre in Hong Kong for the permit ``card``."""
    given = {
        "name": text(centre_id), "address": text("Somewhere."), "side": "hong_kong",
        "locality": "central", "permits": frozenset(["card"]), "demo": True,
        "openings": (opening(),), "open_on_holidays": False, "aliases": (),
    }  # fmt: skip
    return Centre(id=centre_id, **{**given, **more})


def locality(name: str, latitude: float = 22.3, longitude: float = 114.2, **more: Any) -> Locality:
    """A place in Hong Kong."""
    given = {"aliases": (), "city": "Hong Kong", "within": None, **more}
    return Locality(name=text(name), latitude=latitude, longitude=longitude, **given)


def rules(**more: Any) -> PermitRules:
    """Rules without an age, open from the next working day to the fifth."""
    given = {
        "name": text("Card"), "application_types": ("first", "lost"), "documents": {"hong_kong": ("hkid",)},
        "guardian_below": None, "min_age": None, "lead_days": 1, "window_days": 5,
        "ask": "hotline:1823",
    }  # fmt: skip
    return PermitRules(**{**given, **more})
