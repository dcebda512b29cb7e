"""How characters sound, and which sounds people mix up."""

import pytest

from nlu.text.sounds import TABLE, merged, sounds
from scripts.sounds import table


def alike(one, other, tongue):
    return all(set(merged(a, tongue)) & set(merged(b, tongue)) for a, b in zip(one, other))


@pytest.mark.parametrize(
    "heard, meant",
    [("付田", "福田"), ("莲糖", "莲塘"), ("只方便", "智方便"), ("罗福", "罗湖"), ("清帽", "青茂"), ("蓝沙", "南沙"),
     ("良明证", "良民证"), ("恒秦", "横琴"), ("深政", "深圳")],
)  # fmt: skip
def test_southern_mandarin_mixes_up(heard, meant):
    assert alike(heard, meant, "cmn")


@pytest.mark.parametrize(
    "heard, meant",
    [("港车不上", "港车北上"), ("梁文证", "良民证"), ("王刚", "皇岗"), ("弯士通", "湾事通"), ("挪湖", "罗湖"), ("月省事", "粤省事")],
)  # fmt: skip
def test_todays_cantonese_mixes_up(heard, meant):
    assert alike(heard, meant, "yue")


@pytest.mark.parametrize("tongue", ["cmn", "yue"])
def test_other_names_stay_apart(tongue):
    assert not alike("福田", "罗湖", tongue)
    assert not alike("拱北", "青茂", tongue)


def test_what_is_no_chinese_character_has_no_sound():
    assert sounds("a", "cmn") == sounds("😀", "yue") == ()


def test_the_table_is_what_the_libraries_say():
    assert TABLE.read_text(encoding="utf-8") == table()
