"""A person's own data: handed over before it is deleted, everywhere, with a receipt of no secrets."""

import json
import re
from datetime import datetime, timezone

import pytest

from actions.privacy.service import Place, PrivacyService
from core.privacy import mask

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=timezone.utc)


class Kept:
    """What several places keep of whom, and everything that happens to it, in order."""

    def __init__(self, **kept):
        self.kept, self.happened = kept, []

    def place(self, name):
        async def export(sender):
            self.happened.append(("export", name))
            return list(self.kept[name])

        async def delete(sender):
            self.happened.append(("delete", name, sender))
            return len(self.kept.pop(name, ()))

        return Place(name, delete, export)

    async def issue(self, sender, name, data):
        self.happened.append(("issue", sender, name))
        self.issued = json.loads(data)
        return "https://example.org/link"


def service(kept, *more, **options):
    places = [*map(kept.place, sorted(kept.kept)), *more]

    async def booked(sender):
        return len(kept.kept["a"])

    return PrivacyService(places, booked, kept, lambda: NOW, **options)


async def test_all_is_read_then_deleted_then_handed_over():
    kept = Kept(a=[{"x": 1}, {"x": 2}], b=[])
    receipt = await service(kept).hand_over("someone")
    assert kept.happened == [
        ("export", "a"), ("export", "b"),
        ("delete", "a", "someone"), ("delete", "b", "someone"),
        ("issue", "someone", "export.json"),
    ]  # fmt: skip
    assert receipt.deleted == {"a": 2, "b": 0}
    assert receipt.export == "https://example.org/link"
    assert receipt.moment.isoformat() == "2026-11-23T00:30:00+08:00"
    assert kept.issued == {
        "receipt": receipt.number, "deleted_at": "2026-11-23T00:30:00+08:00",
        "a": [{"x": 1}, {"x": 2}], "b": [],
    }  # fmt: skip


async def test_moments_are_told_in_the_time_of_hong_kong():
    kept = Kept(a=[{"due_at": NOW}])
    await service(kept).hand_over("someone")
    assert kept.issued["a"] == [{"due_at": "2026-11-23T00:30:00+08:00"}]


async def test_a_place_without_anything_to_read_is_deleted_from_and_not_counted():
    forgotten = []

    async def forget(sender):
        forgotten.append(sender)

    kept = Kept(a=[])
    receipt = await service(kept, Place("choices", forget)).hand_over("someone")
    assert forgotten == ["someone"]
    assert set(receipt.deleted) == {"a"}
    assert "choices" not in kept.issued


async def test_forgetting_hands_nothing_over():
    kept = Kept(a=[1])
    assert await service(kept).forget("someone") == {"a": 1}
    assert kept.happened == [("delete", "a", "someone")]


async def test_what_cannot_be_deleted_is_not_said_to_be():
    async def stuck(_sender):
        raise OSError("no database")

    kept = Kept(a=[1])
    with pytest.raises(OSError):
        await service(kept, Place("b", stuck)).hand_over("someone")
    assert ("issue", "someone", "export.json") not in kept.happened


async def test_receipts_differ_and_no_mask_changes_them():
    numbers = {(await service(Kept(a=[])).hand_over("x")).number for _ in range(50)}
    assert len(numbers) == 50
    for number in numbers:
        assert re.fullmatch(r"[B-Z]{5}-[B-Z]{5}", number)
        assert mask(f"Receipt: {number}.") == f"Receipt: {number}."
