"""The numbers to compare: two digits, the right one among three others cannot tell it from."""

from actions.identity import numbers


def test_a_number_has_two_digits_and_none_is_left_out():
    drawn = {numbers.draw() for _ in range(5000)}
    assert drawn == {str(n) for n in range(10, 100)}


def test_the_right_one_stands_among_three_and_anywhere():
    places = set()
    for _ in range(200):
        three = numbers.among_three("47")
        assert len(set(three)) == 3
        assert list(three) == sorted(three)
        places.add(three.index("47"))
    assert places == {0, 1, 2}


def test_with_a_seed_the_others_stay_so_that_nobody_sees_which_one_does():
    assert numbers.among_three("47", "a") == numbers.among_three("47", "a")
    seen = {tuple(numbers.among_three("47", seed)) for seed in "abcdefgh"}
    assert len(seen) > 4
