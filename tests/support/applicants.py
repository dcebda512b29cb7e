"""Numbers of documents that are right and belong to nobody."""

from datetime import date

from nlu.text import check_digits


def hkid(number: int) -> str:
    """A Hong Kong identity card: K000123(4)."""
    body = f"K{number:06}"
    return f"{body}({check_digits.hong_kong(body)})"


def mainland_id(number: int, born: date) -> str:
    """A Mainland identity number; ``number`` has three digits at most."""
    body = f"440305{born:%Y%m%d}{number:03}"
    return body + check_digits.mainland(body)


def hrp(number: int) -> str:
    """A Home Return Permit of Hong Kong."""
    return f"H{number:08}"
