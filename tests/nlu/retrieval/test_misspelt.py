"""Latin names and words behind others that sound or look like them."""

import pytest

from nlu.retrieval.misspelt import Misspelt

WORDS = "the is home return permit driving licence appointment endorsement lease open port when to man come at".split()
KNOWN = {*WORDS, "home return", "driving licence", "permit appointment", "changing"}
NAMES = ["lo wu", "huanggang", "qingmao", "man kam to", "shenzhen", "west kowloon"]


@pytest.fixture(scope="module")
def misspelt():
    rarities = dict.fromkeys(WORDS, 1.0)
    return Misspelt({**rarities, "rare": 9.0}, NAMES, frozenset(["port"]), KNOWN.__contains__)


@pytest.mark.parametrize(
    "heard, meant",
    [("when is low woo open", "when is lo wu open"), ("wang gang port", "huanggang port"),
     ("the ching mao port", "the qingmao port"), ("at shenzen", "at shenzhen"), ("west cow loon", "west kowloon"),
     ("home retern permit", "home return permit"), ("homereturn permit", "home return permit"),
     ("drivinglicence", "driving licence"), ("apointment", "appointment"), ("in doors meant", "endorsement"),
     ("man come to port", "man kam to port")],
)  # fmt: skip
def test_what_is_meant(misspelt, heard, meant):
    assert misspelt.corrected(heard) == meant


@pytest.mark.parametrize(
    "text",
    ["when is the port open", "man come to the port", "leases", "changing", "lo wu", "shenzhen bay", "", "福田",
     "lo, wu", "toronto"],
)  # fmt: skip
def test_other_wording_stays(misspelt, text):
    assert misspelt.corrected(text) == text


def test_a_word_of_one_line_is_known_but_never_meant(misspelt):
    assert misspelt.corrected("rarre") == "rarre"
