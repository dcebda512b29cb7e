"""What the played platform refuses, so that a mistake of ours cannot pass for an answer."""

import pytest

from channels.wechat.simulator.checks import message_fault, template_fault

MENU = {"head_content": "?", "list": [{"id": "1", "content": "a"}], "tail_content": ""}
CARD = {"title": "t", "appid": "wx1", "pagepath": "p", "thumb_media_id": "m"}
LINK = {"title": "t", "description": "d", "url": "https://a.hk", "thumb_url": ""}


def fault(form, content, kind="service_account"):
    return message_fault({"msgtype": form, form: content}, kind, {"m"})


@pytest.mark.parametrize(
    "form, content, kind",
    [
        ("text", {"content": "字" * 682}, "service_account"),
        ("text", {"content": "x"}, "miniprogram"),
        ("image", {"media_id": "m"}, "miniprogram"),
        ("voice", {"media_id": "m"}, "service_account"),
        ("msgmenu", MENU, "service_account"),
        ("miniprogrampage", CARD, "service_account"),
        ("link", LINK, "miniprogram"),
    ],
)
def test_what_is_right_passes(form, content, kind):
    assert fault(form, content, kind) == 0


@pytest.mark.parametrize(
    "form, content, code",
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "字" * 683}, 45002),
        ("text", {"content": 7}, 47001),
        ("text", {}, 47001),
        ("text", "hi", 47001),
        ("text", {"content": "x", "more": "y"}, 47001),
        ("news", {"articles": []}, 40008),
        ("link", LINK, 40008),
        (None, {}, 40008),
        ("image", {"media_id": "gone"}, 40007),
        ("miniprogrampage", {**CARD, "thumb_media_id": "gone"}, 40007),
        ("miniprogrampage", {"title": "t"}, 47001),
        ("msgmenu", {**MENU, "list": []}, 47001),
        ("msgmenu", {**MENU, "list": None}, 47001),
        ("msgmenu", {**MENU, "list": ["a"]}, 47001),
        ("msgmenu", {**MENU, "list": [{"id": 1, "content": "a"}]}, 47001),
        ("msgmenu", {**MENU, "list": [{"id": "1", "content": ""}]}, 47001),
        ("msgmenu", {**MENU, "list": [{"id": "1" * 129, "content": "a"}]}, 45002),
        ("msgmenu", {**MENU, "list": [{"id": "1", "content": "字" * 683}]}, 45002),
        ("msgmenu", {"list": MENU["list"]}, 47001),
    ],
)
def test_what_is_wrong_is_refused(form, content, code):
    assert fault(form, content) == code


@pytest.mark.parametrize("form", ["voice", "msgmenu"])
def test_a_mini_program_has_fewer_kinds(form):
    assert fault(form, MENU, "miniprogram") == 40008


@pytest.mark.parametrize(
    "data, code",
    [
        ({"thing1": {"value": "a"}, "time2": {"value": "2026年11月30日 09:30"}}, 0),
        ({"thing1": {"value": "a"}}, 47003),
        ({"thing1": {"value": "a"}, "time2": {"value": "soon"}}, 47003),
        ({"thing1": {"value": "a" * 21}, "time2": {"value": "9:30"}}, 47003),
        ({"thing1": "a", "time2": {"value": "9:30"}}, 47003),
        ({"thing1": {"value": 1}, "time2": {"value": "9:30"}}, 47003),
        ({"thing1": {"value": "a"}, "time2": {"value": "9:30"}, "thing3": {"value": "a"}}, 47003),
        ('{"thing1": {"value": "a"}}', 47003),
        (None, 47003),
    ],
)
def test_the_fields_of_a_template(data, code):
    assert template_fault(data, ("thing1", "time2")) == code
