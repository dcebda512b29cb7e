"""Choices by their titles in any language."""

import pytest

from actions.appointments.draft import Draft
from actions.appointments.say import Say, phrase
from actions.appointments.typed import choice_named


@pytest.fixture
def draft():
    say = Say().ask("application_type")
    for kind in ("renewal", "lost"):
        say.choice(phrase(f"type_{kind}"), "application_type", kind)
    say.command("button_stop", "stop")
    return Draft("book", asked="application_type", options=list(say.choices))


@pytest.mark.parametrize("text", ["Renewal", "renewal", "續期", "续期", "到期换证", " 續期 "])
def test_a_title_in_any_language(content, draft, text):
    assert choice_named(draft, text, content) == ("application_type", "renewal")


@pytest.mark.parametrize("text", ["Renewal of it", "", "續", "停止"])
def test_no_title_of_an_answer(content, draft, text):
    assert choice_named(draft, text, content) is None


def test_never_while_something_personal_is_asked(content, draft):
    draft.asked = "name"
    assert choice_named(draft, "Renewal", content) is None
