"""Chinese names behind characters that only sound like them."""

import pytest

from nlu.retrieval.homophones import Heard, Homophones

NAMES = frozenset(
    ["福田口岸", "罗湖口岸", "罗湖", "签注", "良民证", "智方便", "港车北上", "医疗券", "社保"]
)
KNOWN = frozenset("保 存|同 意|口 岸|关 门".split("|"))


@pytest.fixture(scope="module")
def homophones():
    return Homophones(NAMES, KNOWN.__contains__)


@pytest.mark.parametrize(
    "heard, meant",
    [("付田口岸几点关门", "福田口岸几点关门"), ("只方便怎么注册", "智方便怎么注册"), ("港车不上", "港车北上"),
     ("办签住", "办签注"), ("衣疗劝能用吗", "医疗券能用吗"), ("罗胡在哪", "罗湖在哪")],
)  # fmt: skip
def test_what_sounds_like_a_name_becomes_the_name(homophones, heard, meant):
    assert homophones.corrected(heard) == meant


@pytest.mark.parametrize(
    "text", ["福田口岸", "不同意保存", "关门", "", "low woo", "我想吃饭", "罗湖口岸和福田口岸"]
)
def test_other_wording_stays(homophones, text):
    assert homophones.corrected(text) == text


def test_a_name_becomes_what_the_lexicon_makes_of_it(homophones):
    assert homophones.corrected("开梁文证") == "开无犯罪记录证明"


def test_what_sounds_like_two_names_stays():
    assert (
        Homophones(frozenset(["优才卡", "优财卡"]), KNOWN.__contains__).corrected("优材卡")
        == "优材卡"
    )


def test_where_and_how_far(homophones):
    assert homophones.heard("去付田口岸") == [Heard(1, 5, "福田口岸", 1)]


def test_known_wording_is_never_replaced():
    assert Homophones(NAMES, lambda run: True).corrected("付田口岸") == "付田口岸"
