"""The numbers: nobody foresees them, and the right one of three cannot be told from the others."""

import pytest

from actions.identity import numbers


def test_all_of_two_and_all_of_four_digits_are_drawn():
    assert {numbers.draw_match() for _ in range(5000)} == {str(n) for n in range(10, 100)}
    codes = {numbers.draw_code() for _ in range(2000)}
    assert {len(code) for code in codes} == {4}
    assert len(codes) > 1500


def test_the_right_one_stands_among_three_and_anywhere():
    places = set()
    for seed in range(200):
        three = numbers.among_three("47", str(seed))
        assert len(set(three)) == 3
        assert list(three) == sorted(three)
        places.add(three.index("47"))
    assert places == {0, 1, 2}


def test_the_others_stay_so_that_nobody_sees_which_one_does():
    assert numbers.among_three("47", "a") == numbers.among_three("47", "a")
    seen = {tuple(numbers.among_three("47", seed)) for seed in "abcdefgh"}
    assert len(seen) > 4


@pytest.mark.parametrize(
    "text, digits",
    [("4821", "4821"), (" 48 21。", "4821"), ("４８２１", "4821"), ("it is 4821", "4821"),
     ("", ""), ("²²²²", "2222"), ("٤٨٢١", ""), ("\ud800", "")],
)  # fmt: skip
def test_what_was_typed(text, digits):
    assert numbers.typed(text) == digits
