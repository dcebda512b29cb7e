"""Lines that a script sends to the terminal."""

import pytest

from bot.terminal import _spoken
from core.errors import OneStopError


def test_a_line_says_who_speaks_what_in_which_language():
    line = '{"user": "a", "text": "hello", "language": "en"}'
    assert _spoken(line, 1, "terminal", None) == ("a", "hello", "en")


def test_what_a_line_does_not_say_comes_from_the_command():
    assert _spoken('{"text": "hello"}', 1, "terminal", "yue") == ("terminal", "hello", "yue")


@pytest.mark.parametrize(
    "line",
    ["no json", "[]", "null", '"text"', '{"user": "a"}', '{"text": 1}', '{"text": null}',
     '{"text": "x", "language": "fr"}'],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_named(line):
    with pytest.raises(OneStopError, match="Line 7"):
        _spoken(line, 7, "terminal", None)
