"""The check digits of identity numbers: what the last sign must be, given the others."""

_MAINLAND_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MAINLAND_SIGNS = "10X98765432"
#: A blank before a single letter counts as 36; A is 10 and Z is 35.
_BLANK = 36


def hong_kong(number: str) -> str:
    """The check digit of a Hong Kong identity card: ``0`` to ``9`` or ``A``.

    Args:
        number: one or two capital letters and six digits.
    """
    values = [int(sign, 36) for sign in number]
    if len(values) == 7:
        values.insert(0, _BLANK)
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1)))
    return "0123456789A"[-total % 11]


def mainland(number: str) -> str:
    """The check digit of a Mainland number (GB 11643, ISO 7064 MOD 11-2): a digit or ``X``.

    Args:
        number: its first 17 digits.
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, _MAINLAND_WEIGHTS))
    return _MAINLAND_SIGNS[total % 11]
