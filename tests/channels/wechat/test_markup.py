"""Reading what is hostile: only plain, short, unambiguous XML and JSON comes through."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.wechat.markup import MAX_DEPTH, MAX_FIELDS, read, text_of
from channels.wechat.refused import Refused


def test_xml_and_json_become_the_same():
    xml = (
        "<?xml version='1.0' encoding='UTF-8'?>\n<xml><MsgId>23238423</MsgId>\n"
        "<Content><![CDATA[羅湖 <b> & ]]]]><![CDATA[>]]></Content><Empty></Empty>"
        "<Inner><List><A>1</A></List><List><A>2</A></List></Inner></xml>"
    )
    fields = {
        "MsgId": 23238423, "Content": "羅湖 <b> & ]]>", "Empty": None,
        "Inner": {"List": [{"A": "1"}, {"A": "2"}]},
    }  # fmt: skip
    assert read(xml.encode()) == read(json.dumps(fields).encode())
    assert read(xml.encode()) == {**fields, "MsgId": "23238423", "Empty": ""}


def test_ids_of_64_bits_stay_as_they_are():
    assert read(b'{"MsgId": 9007199254740993123}') == {"MsgId": "9007199254740993123"}
    assert read(b'{"MsgId": 1e2}') == {"MsgId": "1e2"}


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi"))
    + "]><xml>&i;</xml>"
)
MALFORMED = {
    "nothing": "",
    "spaces": "   ",
    "words": "success",
    "a bomb": BOMB,
    "an entity": '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
    "a document type": '<!DOCTYPE xml SYSTEM "http://example.com/x.dtd"><xml><A>1</A></xml>',
    "an unknown entity": "<xml><A>&nbsp;</A></xml>",
    "an instruction": "<xml><?php 1 ?><A>1</A></xml>",
    "attributes": '<xml a="1"><A>1</A></xml>',
    "another root": "<html><A>1</A></html>",
    "no fields": "<xml>1</xml>",
    "two roots": "<xml><A>1</A></xml><xml/>",
    "text between fields": "<xml><A>1</A>and<B>2</B></xml>",
    "not closed": "<xml><A>1</A>",
    "deep": "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "many fields": "<xml>" + "".join(f"<a{i}/>" for i in range(MAX_FIELDS + 1)) + "</xml>",
    "an unprintable character": "<xml><A>\x00</A></xml>",
    "a JSON list": "[]",
    "a JSON text": '"x"',
    "half JSON": '{"A": 1',
    "NaN": '{"A": NaN}',
    "infinity": '{"A": -Infinity}',
    "deep JSON": '{"A": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "deep enough JSON": '{"A": ' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1),
    "many fields of JSON": json.dumps({str(i): i for i in range(MAX_FIELDS + 1)}),
    "two JSON objects": "{}{}",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_the_malformed_is_refused_at_once(text):
    started = time.monotonic()
    with pytest.raises(Refused, match="malformed"):
        read(text.encode())
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><A>\xff</A></xml>",
        b'{"A": "\xff"}',
        "<xml><A>x</A></xml>".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        '<?xml version="1.0" encoding="gbk"?><xml><A>羅湖</A></xml>'.encode("gbk"),
    ],
)
def test_what_is_not_utf8_is_refused(body):
    with pytest.raises(Refused):
        read(body)


@pytest.mark.parametrize(
    "text",
    [
        "<xml><A>1</A><A>2</A></xml>",
        "<xml><Inner><A>1</A><A>2</A></Inner></xml>",
        '{"A": 1, "A": 2}',
        '{"Inner": {"A": 1, "A": 1}}',
    ],
)
def test_a_name_that_stands_twice_is_refused(text):
    with pytest.raises(Refused, match="duplicate"):
        read(text.encode())


def test_a_number_of_a_quarter_megabyte_costs_nothing():
    started = time.monotonic()
    assert len(read(b'{"A": ' + b"9" * 250_000 + b"}")["A"]) == 250_000
    assert time.monotonic() - started < 0.5


def test_lone_surrogates_are_left_out():
    assert read(rb'{"A\ud800": "x\udfffy"}') == {"A": "xy"}


def test_a_text_is_a_text():
    assert text_of({"A": "1"}, "A") == "1"
    assert text_of({}, "A") == ""
    for value in ({}, [], {"B": "1"}):
        with pytest.raises(Refused):
            text_of({"A": value}, "A")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_is_read_or_refused(body):
    with suppress(Refused):
        assert isinstance(read(body), dict)
