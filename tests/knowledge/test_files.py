from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.fault import Fault
from knowledge.files import MAX_BYTES, line_of, read_yaml

PATH = Path("content/a.yml")


def test_a_file_is_read():
    assert read_yaml(PATH, "a: [1, 口岸]\n".encode()) == {"a": [1, "口岸"]}


def test_a_byte_order_mark_does_no_harm():
    assert read_yaml(PATH, b"\xef\xbb\xbfa: 1\n") == {"a": 1}


def test_a_fault_is_written_with_file_line_and_sentence():
    assert str(Fault(PATH, 3, "It is wrong.")) == "content/a.yml:3: It is wrong."


@pytest.mark.parametrize(
    "text, line, sentence",
    [
        ("a: 1\nb:\n\tc: 2\n", 3, "There is a tab here. Use spaces to indent."),
        ("a: 1\nb: one: two\n", 2, "There is a colon inside a text here. Put the text in quotes."),
        ("a: 1\nb: 2\na: 3\n", 3, "A name stands twice here"),
        ("a: 1\nb: [1, 2\n", 3, "Check the indent and the quotes."),
        ("a: 'open\n", 2, "Check the indent and the quotes."),
        ("a: 1\n b: 2\n", 2, "There is a colon inside a text here."),
        ("a: !thing x\n", 1, "cannot be read here"),
        ("a: 1\n---\nb: 2\n", 2, "cannot be read here"),
        ("a: \x00\n", 1, "cannot be read as YAML"),
        ("as_of: 2026-13-45\n", 1, "Put it in quotes."),
    ],
)
def test_what_cannot_be_read_is_a_fault_at_its_line(text, line, sentence):
    fault = read_yaml(PATH, text.encode())
    assert isinstance(fault, Fault)
    assert (fault.path, fault.line) == (PATH, line)
    assert sentence in fault.sentence


def test_another_encoding_is_a_fault_at_its_line():
    fault = read_yaml(PATH, b"a: 1\nb: " + "開放".encode("big5"))
    assert str(fault) == "content/a.yml:2: The file is not in UTF-8. Save it again as UTF-8."


def test_a_huge_file_is_a_fault():
    assert read_yaml(PATH, b"#" * MAX_BYTES) is None
    assert "larger than 256 KB" in read_yaml(PATH, b"#" * (MAX_BYTES + 1)).sentence


@pytest.mark.parametrize(
    "text", [b"[" * 50_000 + b"]" * 50_000, b"[" * 50_000, b"- " * 50_000, b"{a: [1],\nb: " * 9_000]
)
def test_a_deeply_nested_file_is_a_fault(text):
    assert isinstance(read_yaml(PATH, text), Fault)


@given(
    st.binary(max_size=200) | st.text("ab:-[]{}'\"\n\t &*!|>#?0129", max_size=80).map(str.encode)
)
@settings(max_examples=1000, deadline=None)
def test_no_file_raises(data):
    read_yaml(PATH, data)


TEXT = b"""\
id: faq:a
answer:
  en: one
  yue: two
facts:
  fee:
    - en: x
    - en: y
      yue: z
1823: number
"""


@pytest.mark.parametrize(
    "place, line",
    [
        ([], 1),
        (["id"], 1),
        (["answer"], 2),
        (["answer", "yue"], 4),
        (["facts", "fee", 1], 8),
        (["facts", "fee", 1, "yue"], 9),
        (["1823"], 10),
    ],
)
def test_the_line_of_a_place(place, line):
    assert line_of(TEXT, place) == line


@pytest.mark.parametrize(
    "place, line",
    [(["none"], 1), (["answer", "none"], 2), (["facts", "fee", 9, "en"], 6), (["id", "deeper"], 1)],
)
def test_the_line_of_a_place_that_is_missing_is_that_of_its_parent(place, line):
    assert line_of(TEXT, place) == line


def test_the_line_in_an_empty_file():
    assert line_of(b"", ["id"]) == 1
