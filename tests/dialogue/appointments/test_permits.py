"""Each permit is booked, viewed, changed and cancelled in each language, in one conversation."""

import pytest

from tests.dialogue.appointments.script import LANGUAGES, scripts

ALL = list(scripts("permits"))
pytestmark = pytest.mark.model


@pytest.mark.parametrize("script", ALL, ids=[script.name for script in ALL])
async def test_booked_viewed_changed_and_cancelled(stage, script):
    assert [part["booked"]["status"] for part in script.written["parts"]] == (
        ["booked", "booked", "booked", "cancelled"]
    )
    await stage.play(script)


def test_no_permit_is_left_out_in_any_language(content):
    played = {(script.language, script.written["permit"]) for script in ALL}
    assert played == {(language, key) for language in LANGUAGES for key in content.permit_rules}
