"""What people send, before anything of it is understood."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.common.guard import MAX_TEXT, admit, unusable


@pytest.mark.parametrize(
    "text", ["羅湖幾點閂門", "how much?", "1", "(852) 1823", "I love <3 Lo Wu", "3 > 2 ok"]
)
def test_plain_text_passes_as_it_is(text):
    assert admit(text) == (text, None)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_nothing_is_empty(text):
    assert admit(text) == (None, "empty")


@pytest.mark.parametrize(
    "text",
    [
        "👍👍",
        "。。。？！",
        "\u200b\u200d\ufeff",
        "\x00\x01\x1b",
        "\ud800\udfff",
        "/",
        "// /",
        "😀/",
    ],
)
def test_what_has_no_words_is_told_so(text):
    assert admit(text) == (None, "no_words")


def test_the_longest_text_passes_and_a_longer_one_does_not():
    assert admit("長" * MAX_TEXT) == ("長" * MAX_TEXT, None)
    assert admit("長" * (MAX_TEXT + 1)) == (None, "too_long")
    assert admit("a" * 10_000) == (None, "too_long")


@pytest.mark.parametrize(
    "text",
    ["/restart", "／restart", "//restart", "/ restart", "\u200b/restart", "/RESTART",
     '/book_appointment{"permit":"x"}', '／book_appointment｛"permit":"x"｝', "/choose@1.0{}",
     '/choose{"entry":\n"faq:bp01"}', "/session_start", "/unusable_input"],
)  # fmt: skip
def test_a_command_is_not_admitted(text):
    assert admit(text) == (None, "malformed")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b>Lo Wu</b>", "< img src=x onerror=alert(1)>",
     "＜script＞hi＜/script＞",
     "javascript:alert(1)", "<!doctype html>", "<scr\u200bipt>x"],
)  # fmt: skip
def test_markup_is_not_admitted(text):
    assert admit(text) == (None, "malformed")


def test_a_question_after_a_slash_is_only_a_question():
    assert admit("/羅湖幾點閂門") == ("羅湖幾點閂門", None)
    assert admit("／ how much is it") == ("how much is it", None)


def test_signs_that_nobody_sees_are_taken_out():
    assert admit("Lo\u200b Wu\x00 \ud83d") == ("Lo Wu", None)


@settings(max_examples=500)
@given(
    st.text(st.characters(), max_size=80) | st.from_regex(r"[/／\s]*[a-z_]+(\{.*)?", fullmatch=True)
)
def test_whatever_comes_in_is_harmless_or_refused(text):
    admitted, reason = admit(text)
    assert (admitted is None) != (reason is None)
    if admitted is not None:
        admitted.encode("utf-8")
        assert not admitted.startswith(("/", " "))


@pytest.mark.parametrize("reason", ["empty", "no_words", "too_long", "malformed"])
def test_the_refusal_is_the_assistants_own_message(reason):
    name, arguments = unusable(reason).split("{", 1)
    assert name == "/unusable_input"
    assert json.loads("{" + arguments) == {"reason": reason, "limit": MAX_TEXT}
