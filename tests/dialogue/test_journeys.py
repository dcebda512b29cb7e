"""Each permit is booked, seen, moved and cancelled in each language, in people's own words."""

import pytest
from ruamel.yaml import YAML

from core.settings import ROOT
from tests.dialogue.talk import everything_written
from tests.support import applicants

FOLDER = ROOT / "tests" / "dialogue" / "journeys"
LANGUAGES = ("yue", "cmn", "en")
ALL = [
    (language, number, journey)
    for language in LANGUAGES
    for number, journey in enumerate(YAML(typ="safe").load(FOLDER / f"{language}.yml"))
]


def document_of(applicant, number):
    kind = applicant["document"]
    if kind == "mainland_id":
        return applicants.mainland_id(number % 1000, applicant["born"])
    return getattr(applicants, kind)(number)


def test_all_permits_are_travelled_in_all_languages(content):
    served = {permit for centre in content.centres.values() for permit in centre.permits}
    travelled = {(language, journey["permit"]) for language, _, journey in ALL}
    assert travelled == {(language, permit) for language in LANGUAGES for permit in served}


@pytest.mark.model
@pytest.mark.parametrize(
    "language, number, journey", ALL, ids=[f"{one[0]}-{one[2]['permit']}" for one in ALL]
)
async def test_journey(assistant, monday, talk, language, number, journey):
    applicant = journey["applicant"]
    document = document_of(applicant, 100 * LANGUAGES.index(language) + number + 1)
    name, phone = applicant["name"], str(applicant["phone"])
    person = talk(name=name, document=document, phone=phone)

    async def go_on(stage):
        monday.turn(minutes=11)  # what was proved before is to be proved again
        await person.say_all(journey[stage])
        # days, names and numbers in other words have not changed the language
        assert person.turn.reader.language == language
        assert person.turn.reader.script == (
            journey.get("script", {"yue": "Hant", "cmn": "Hans"}.get(language))
        )

    await go_on("book")
    (booked,) = person.rows()
    assert (booked.status, booked.permit, booked.changes) == ("booked", journey["permit"], 0)
    assert booked.reference == person.values["reference"]
    assert "DEMO" in person.text

    await go_on("view")
    assert booked.reference in person.text
    assert document not in person.text

    await go_on("move")
    (moved,) = [row for row in person.rows() if row.status == "booked"]
    assert (moved.reference, moved.changes) == (booked.reference, 1)
    assert (moved.centre, moved.permit) == (booked.centre, booked.permit)
    assert moved.slot != booked.slot

    written = everything_written(assistant.database)
    for secret in (name, document, document.replace("(", "").replace(")", ""), phone):
        assert secret not in written
    await go_on("cancel")
    assert {row.status for row in person.rows()} <= {"cancelled", "released"}
    assert not any(row.taken for row in person.rows() if row.reference == booked.reference)
