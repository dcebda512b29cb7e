"""Long texts in pieces: joined they are the text, and nothing is torn."""

import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.wechat.split import split

FAMILY, FLAGS, KEYCAP, WAVE = "👩‍👩‍👧‍👦", "🇭🇰🇲🇴🇨🇳", "1️⃣", "👋🏽"
URL = "https://www.gov.hk/tc/residents/immigration/idcard/index.htm?lang=zh&from=a,b"
PARTS = st.sampled_from(
    [FAMILY, FLAGS, KEYCAP, WAVE, URL, "2598 0888", "+852 2824 6111", "HK$460.50", "é", "e\u0301",
     "羅湖口岸", "幾點閂門？", "你好。", "\n", "\n\n", " ", ", ", "；", "a", "中", "\r\n", "word ", "9:30"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PARTS, max_size=80).map("".join), st.text(max_size=200))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(120, 400))
@example(FAMILY * 60, 120)
@example(URL * 3, 120)
@example("1" * 500, 120)
def test_nothing_is_lost_too_long_or_torn(text, most):
    pieces = split(text, most)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= most for piece in pieces)
    assert all(pieces) or pieces == [""]
    # cut into characters, the pieces have the characters of the text, unless one is a monster
    graphemes = regex.findall(r"\X", text)
    if all(len(grapheme.encode()) <= most for grapheme in graphemes):
        assert [g for piece in pieces for g in regex.findall(r"\X", piece)] == graphemes


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([URL, "2598 0888", "(852) 2824-6111", "09:30"]), min_size=2, max_size=40
    ),
    st.sampled_from(["，請打", "。", " and ", "\n", "：再打"]),
)
def test_no_address_and_no_number_is_torn(wholes, between):
    pieces = split(between.join(wholes), 160)
    found = [whole for piece in pieces for whole in wholes_in(piece)]
    assert found == wholes_in(between.join(wholes)) == wholes


def wholes_in(text):
    return regex.findall(r"https?://[!-~]+|\(852\) 2824-6111|\d{4} \d{4}|\d\d:\d\d", text)


def test_what_fits_is_one_piece():
    assert split("", 100) == [""]
    assert split("x" * 100, 100) == ["x" * 100]
    assert split("中" * 33, 100) == ["中" * 33]


def test_it_cuts_at_the_best_end_in_the_second_half():
    assert split("aaa bbb。ccc, ddd\n\neee fff。ggg", 20) == [
        "aaa bbb。ccc, ddd\n\n",
        "eee fff。ggg",
    ]
    assert split("aaaa bbbb cccc. dddd eeee", 20) == ["aaaa bbbb cccc. ", "dddd eeee"]
    assert split("第一句。第二句！第三句？第四句。", 30) == ["第一句。第二句！", "第三句？第四句。"]
    assert split("aaaaaaaa bbbbbbbb cccccccc", 20) == ["aaaaaaaa bbbbbbbb ", "cccccccc"]


def test_a_closing_quotation_mark_stays_with_its_sentence():
    assert split("佢話：「幾點閂門？」我話：「十二點。」", 36)[0] == "佢話：「幾點閂門？」"


def test_what_is_longer_than_a_piece_is_cut_between_characters():
    pieces = split("https://example.hk/" + "a" * 300, 100)
    assert [len(piece) for piece in pieces] == [100, 100, 100, 19]
    monster = "e" + "\u0301" * 100
    assert "".join(split(monster, 50)) == monster
    assert all(len(piece.encode()) <= 50 for piece in split(monster, 50))
