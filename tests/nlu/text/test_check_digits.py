import pytest

from nlu.text import check_digits


@pytest.mark.parametrize(
    "number, digit",
    [("A123456", "3"), ("G123456", "A"), ("AB987654", "3"), ("WX123456", "9"), ("A000000", "3"),
     ("K034169", "A"), ("K034178", "9")],
)  # fmt: skip
def test_hong_kong(number, digit):
    assert check_digits.hong_kong(number) == digit


@pytest.mark.parametrize(
    "number, digit",
    [("11010519491231002", "X"), ("44030119900101001", "2"), ("81000019900101001", "9")],
)
def test_mainland(number, digit):
    assert check_digits.mainland(number) == digit
