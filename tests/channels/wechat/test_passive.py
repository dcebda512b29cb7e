"""Passive replies: nothing in a text ends its place in the XML."""

import json
from datetime import datetime, timezone
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy import parse_message

from channels.wechat.passive import passive_reply

AT = datetime(2026, 11, 29, 2, 0, tzinfo=timezone.utc)
INJECTION = "a]]></Content><MsgType>image</MsgType><Content><![CDATA[b]]>]]"


def fields(xml):
    return {element.tag: element.text for element in ElementTree.fromstring(xml)}


def test_the_xml_is_as_the_document_has_it():
    xml = passive_reply("xml", "oPERSON", "gh_1", "你好", AT)
    assert fields(xml) == {
        "ToUserName": "oPERSON", "FromUserName": "gh_1", "CreateTime": "1795917600",
        "MsgType": "text", "Content": "你好",
    }  # fmt: skip
    assert parse_message(xml.decode()).content == "你好"


def test_the_json_has_the_same_fields():
    said = json.loads(passive_reply("json", "oPERSON", "gh_1", INJECTION, AT))
    assert said == {
        "ToUserName": "oPERSON", "FromUserName": "gh_1", "CreateTime": 1795917600,
        "MsgType": "text", "Content": INJECTION,
    }  # fmt: skip


def test_a_text_that_ends_the_section_stays_a_text():
    xml = passive_reply("xml", "oPERSON", "gh_1", INJECTION, AT)
    assert fields(xml)["Content"] == INJECTION
    assert fields(xml)["MsgType"] == "text"


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_out_as_it_was_apart_from_what_xml_cannot_say(text):
    found = fields(passive_reply("xml", "o", "g", text.encode("utf-8", "ignore").decode(), AT))
    writable = "".join(
        c
        for c in text
        if c in "\t\n\r"
        or (ord(c) >= 32 and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    assert (found["Content"] or "") == writable.replace("\r\n", "\n").replace("\r", "\n")
