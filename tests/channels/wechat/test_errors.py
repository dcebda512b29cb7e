"""Each code of the platform has one meaning; no answer makes the reading of it fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.wechat.errors import TABLE, code_of, meaning, rid_of


def test_only_zero_is_sent():
    assert [code for code in range(-10, 60000) if meaning(code).verdict.fate == "sent"] == [0]


def test_every_meaning_has_a_reason_that_names_nobody():
    for code, meant in TABLE.items():
        assert code == 0 or meant.verdict.reason.replace("_", "").isalpha()
        assert (meant.rest_s is None) or meant.verdict.fate == "later"


@pytest.mark.parametrize(
    "code, fate",
    [(40000, "dead"), (44999, "dead"), (45001, "later"), (46004, "dead"), (47001, "dead"),
     (48003, "later"), (50002, "later"), (61451, "later"), (-2, "later")],
)  # fmt: skip
def test_a_code_that_is_not_in_the_table(code, fate):
    assert code not in TABLE
    assert meaning(code).verdict.fate == fate
    assert meaning(code).alarm


@pytest.mark.parametrize(
    "answer, code",
    [({}, 0), ({"errcode": 0}, 0), ({"errcode": 40001}, 40001), ({"errcode": "0"}, None),
     ({"errcode": None}, None), ({"errcode": True}, None), ({"errcode": 1.5}, None)],
)  # fmt: skip
def test_the_code_of_an_answer(answer, code):
    assert code_of(answer) == code


def test_the_request_id_is_all_that_is_read_of_the_words():
    words = "invalid openid oPERSON hint: [abc] rid: 65f0-aa11-bb22"
    assert rid_of({"errmsg": words}) == "65f0-aa11-bb22"
    assert rid_of({"errmsg": "ok"}) == rid_of({}) == rid_of({"errmsg": ["rid"]}) == ""


@given(
    st.dictionaries(
        st.sampled_from(["errcode", "errmsg"]),
        st.recursive(st.none() | st.text() | st.integers() | st.floats(), st.lists),
    )
)
def test_any_answer_has_a_code_or_none(answer):
    code = code_of(answer)
    assert code is None or meaning(code).verdict.fate
    assert len(rid_of(answer)) <= 64
