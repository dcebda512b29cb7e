"""The invented people: forms take their numbers and names, and nobody takes them for real ones."""

import re
from datetime import date

import pytest

from actions.appointments.rules import check_name
from channels.identity.demo.people import LOGINS, PEOPLE, people_of
from core.settings import ROOT
from knowledge.model import VARIANTS
from nlu.text import documents

TODAY = date(2026, 11, 22)
WORDS = "identity_demo.person_"


@pytest.mark.parametrize("person", PEOPLE.values(), ids=list(PEOPLE))
def test_a_form_takes_the_numbers(person):
    assert person.documents
    for document in person.documents.values():
        checked = documents.check(document.kind, document.number, TODAY)
        assert (checked.valid, checked.kinds) == (True, (document.kind,))
        if document.kind == "mainland_id":
            assert document.number[6:14] == f"{person.born:%Y%m%d}"


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("person", PEOPLE)
def test_a_form_takes_the_names_and_each_says_demo(content, person, variant):
    name = content.phrases[WORDS + person].get(variant)
    assert name.startswith("DEMO ")
    assert check_name(name).value == name
    assert content.phrases[f"{WORDS}{person}_about"].get(variant)


def test_everybody_numbered_and_named_is_somebody_else(content):
    numbers = [d.number for person in PEOPLE.values() for d in person.documents.values()]
    assert len(set(numbers)) == len(numbers)
    for variant in VARIANTS:
        assert len({content.phrases[WORDS + person].get(variant) for person in PEOPLE}) == 4


def test_each_login_has_people_and_iam_smart_knows_hong_kong_cards_alone():
    assert all(people_of(login) for login in LOGINS)
    assert {person.documents["iam_smart"].kind for person in people_of("iam_smart")} == {"hkid"}
    assert {person.id for person in people_of("guangdong")} == {"zhongshan", "mainland"}


def test_every_document_and_login_has_its_words(content):
    kinds = {d.kind for person in PEOPLE.values() for d in person.documents.values()}
    keys = [f"told_{kind}" for kind in kinds] + [f"login_{login}" for login in LOGINS]
    for key in [*keys, *(f"login_{login}_for" for login in LOGINS)]:
        assert f"identity_demo.{key}" in content.phrases


def test_every_page_key_is_used_and_iam_smart_is_called_no_identity_card(content):
    code = "".join(
        path.read_text() for path in (ROOT / "channels" / "identity" / "demo").glob("*.py")
    )
    dynamic = re.compile(r"(login|person|told)_")
    for key, text in content.phrases.items():
        if key.startswith("identity_demo."):
            name = key.removeprefix("identity_demo.")
            assert f'"{name}"' in code or dynamic.match(name), key
            for variant in VARIANTS:
                said = text.get(variant)
                assert "unified identity card" not in said.lower()
                assert not re.search("[統统]一身[份分][證证]", said)
