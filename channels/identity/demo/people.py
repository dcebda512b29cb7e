"""The four people whom the demo broker can sign in. All are invented, and so are their numbers.

Their names, and what is said of them, stand in knowledge/content/ui/identity_demo.yml. The numbers
pass their check digits, so that forms take them, and were chosen so that they are nobody's: Hong
Kong cards of an unused letter, a county of Guangdong that there is not, a permit without a number.
None has a telephone: Hong Kong keeps no numbers free for invented people.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Mapping, Tuple

#: Which of the two a person chose: iAM Smart, or Guangdong unified identity authentication.
Login = Literal["iam_smart", "guangdong"]
LOGINS: Tuple[Login, ...] = ("iam_smart", "guangdong")


@dataclass(frozen=True)
class Document:
    """``kind`` is one of nlu.text.documents.Kind."""

    kind: str
    number: str


@dataclass(frozen=True)
class Person:
    """Somebody invented; ``documents`` has the document behind each login that they can use."""

    id: str
    born: date
    documents: Mapping[Login, Document]


PEOPLE = {
    person.id: person
    for person in (
        Person(
            "zhongshan",
            date(1988, 3, 12),
            {
                "iam_smart": Document("hkid", "Q000001(5)"),
                "guangdong": Document("hrp", "H00000000"),
            },
        ),
        Person("elderly", date(1951, 11, 2), {"iam_smart": Document("hkid", "Q000002(3)")}),
        Person("guardian", date(1985, 6, 30), {"iam_smart": Document("hkid", "Q000003(1)")}),
        Person(
            "mainland",
            date(1990, 5, 20),
            {"guangdong": Document("mainland_id", "449999199005200004")},
        ),
    )
}


def people_of(login: Login) -> Tuple[Person, ...]:
    """Who can use a login."""
    return tuple(person for person in PEOPLE.values() if login in person.documents)
