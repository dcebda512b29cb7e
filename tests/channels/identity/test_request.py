"""What browsers, mini programs and attackers send, read strictly."""

import json
from types import SimpleNamespace

import pytest

from channels.identity.request import (
    form_of,
    from_another_site,
    is_form,
    is_json,
    json_of,
    query_of,
    reader_of,
)


def sent(query="", body=b"", **headers):
    return SimpleNamespace(query_string=query, body=body, headers=headers)


@pytest.mark.parametrize(
    "text, read",
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=%E7%AA%97+x", {"a": "窗 x"}),
        ("a=", {"a": ""}),
        ("a=1&a=2", {}),  # which of the two would be believed?
        ("a=1&b=2&a=1", {}),
        ("&".join(f"a{n}=1" for n in range(21)), {}),
        ("", {}),
        ("\0", {"\0": ""}),
        ("a" * 1_000_000, {"a" * 1_000_000: ""}),
    ],
)
def test_queries_and_forms(text, read):
    assert query_of(sent(text)) == read
    assert form_of(sent(body=text.encode())) == read


def test_a_form_in_no_ascii_is_read_without_a_fault():
    assert form_of(sent(body=b"a=\xff\xfe&b=1"))["b"] == "1"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", "[" * 100_000, "\ud800"])
def test_what_is_no_json_object_is_empty(body):
    assert json_of(sent(body=body.encode("utf-8", "surrogatepass"))) == {}


def test_of_json_only_texts_are_read():
    assert json_of(sent(body=json.dumps({"a": "1", "b": 2, "c": ["x"]}).encode())) == {"a": "1"}


def test_content_types():
    assert is_json(sent(**{"content-type": "Application/JSON; charset=utf-8"}))
    assert is_form(sent(**{"content-type": "application/x-www-form-urlencoded"}))
    for kind in ("", "text/plain", "multipart/form-data", "application/jsonx"):
        assert not is_json(sent(**{"content-type": kind}))
        assert not is_form(sent(**{"content-type": kind}))


def test_old_browsers_say_nothing_of_where_a_form_is_from():
    assert not from_another_site(sent())
    assert not from_another_site(sent(**{"sec-fetch-site": "same-origin"}))
    assert from_another_site(sent(**{"sec-fetch-site": "cross-site"}))


@pytest.mark.parametrize("written", [None, "", "klingon", "<script>", "x" * 100_000])
def test_without_a_known_reader_the_browser_says_it(written):
    request = sent(**{"accept-language": "zh-CN"})
    assert str(reader_of(request, written)) == "cmn-Hans"
    assert str(reader_of(request, "yue-Hans")) == "yue-Hans"
