import json
from dataclasses import replace

import pytest

from actions.appointments.waiting_store import Place
from actions.appointments.waiting_words import offer, over
from tests.support.waiting import DAY, KNOWLEDGE, MINUTE, NOW

PLACE = Place(
    "5f", "a", "web", "en", "hkid", "wan_chai", DAY, NOW, NOW, "offering",
    1, "one", NOW.replace(day=30, hour=9, minute=30), NOW + 15 * MINUTE,
)  # fmt: skip


@pytest.mark.parametrize(
    "reader, variant, said, take, gone",
    [
        ("en", "en", "EN free: EN HKID, EN Wan Chai 灣仔, Mon 30 Nov 2026, 9:30 am, until 10:15 am",
         "EN take", "EN over"),
        ("yue-Hant", "yue", "YUE free: YUE HKID, YUE Wan Chai 灣仔, 2026年11月30日（星期一）朝早9點半, until 朝早10點15分",
         "YUE take", "YUE over"),
        ("yue-Hans", "yue", "YUE free: YUE HKID, YUE Wan Chai 湾仔, 2026年11月30日（星期一）朝早9点半, until 朝早10点15分",
         "YUE take", "YUE over"),
        ("cmn-Hant", "zh_hant", "HANT free: HANT HKID, HANT Wan Chai 灣仔, 2026年11月30日（星期一）上午9:30, until 上午10:15",
         "HANT take", "HANT over"),
        ("cmn-Hans", "zh_hans", "HANS free: HANS HKID, HANS Wan Chai 灣仔, 2026年11月30日（星期一）上午9:30, until 上午10:15",
         "HANS take", "HANS over"),
    ],
)  # fmt: skip
def test_each_reads_it_in_their_own_words(reader, variant, said, take, gone):
    place = replace(PLACE, reader=reader)
    reply, written = offer(KNOWLEDGE, place)
    assert (reply.lead, written) == (said, variant)
    assert reply.buttons[0].title == take
    ended, written = over(KNOWLEDGE, place)
    assert (ended.lead, ended.buttons, written) == (gone, (), variant)


def test_the_buttons_say_which_place_is_answered():
    buttons = offer(KNOWLEDGE, PLACE)[0].buttons
    assert [button.title for button in buttons] == ["EN take", "EN no"]
    assert [json.loads(button.payload.removeprefix("/answer")) for button in buttons] == [
        {"slot": "offer", "value": "5f"},
        {"slot": "decline", "value": "5f"},
    ]


def test_a_centre_that_the_knowledge_has_no_more_is_called_by_its_key():
    reply, _ = offer(KNOWLEDGE, replace(PLACE, centre="closed_down"))
    assert "closed_down" in reply.text
