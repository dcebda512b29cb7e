"""References by which people name their appointments, on the telephone too."""

import re
import secrets

# no vowels, so that no word comes about; nothing that looks like something else
_LETTERS, _DIGITS = "BCDFGHJKMNPQRSTVWXYZ", "23456789"
_GROUP = f"[{_LETTERS}][{_DIGITS}][{_LETTERS}]"
#: A reference in the form in which it is kept.
REFERENCE = re.compile(f"{_GROUP}-{_GROUP}-{_GROUP}")


def new_reference() -> str:
    """A random reference such as ``K4M-T7P-R2W``: one of 32 thousand million."""
    return "-".join(
        "".join(secrets.choice(signs) for signs in (_LETTERS, _DIGITS, _LETTERS)) for _ in range(3)
    )
