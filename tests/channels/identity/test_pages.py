"""The pages' words: none is missing, and what others wrote cannot be markup."""

import re
from typing import get_args

import pytest

from actions.identity.journey import Reason
from channels.identity.pages import Pages
from core.reader import Reader
from core.settings import ROOT
from knowledge.model import VARIANTS

EN = Reader.parse("en")


@pytest.fixture
def pages(content):
    return Pages(lambda: content)


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_reason_has_its_sentence(pages, reason, variant):
    reader = Reader.parse(variant)
    sentence = pages.refusal(reader, reason)
    assert len(sentence) > 10
    assert "{" not in sentence
    assert sentence.split("’")[0] in pages.refused(reader, reason)


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_every_channel_is_named(pages, channel):
    name = {"wechat": "WeChat", "alipay": "Alipay"}[channel]
    assert name in pages.linked(EN, channel, "t")
    assert name in pages.waiting(EN, channel, "12", "t")


def test_the_web_chat_is_named_and_a_link_leads_back(pages):
    page = pages.linked(EN, "web", "t")
    assert "the chat in this browser" in page
    assert 'href="/"' in page
    assert 'href="/"' not in pages.linked(EN, "wechat", "t")


def test_what_others_wrote_is_text(pages):
    hostile = "https://a.example/?a=\"><script>alert(1)</script>&b='"
    for page in (
        pages.start(EN, hostile),
        pages.numbers(EN, hostile, [hostile]),
        pages.leaving(EN, hostile),
        pages.linked(EN, "web", hostile),
        pages.waiting(EN, "wechat", hostile, hostile),
        pages.undone(EN, hostile),
    ):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert not re.search(r"\$[a-z]", page)  # every place of the sheet is filled


def test_no_word_is_missing_and_no_refusal_left_over(content):
    code = (ROOT / "channels" / "identity" / "pages.py").read_text()
    kept = {key.removeprefix("identity.") for key in content.phrases if key.startswith("identity.")}
    assert set(re.findall(r'"identity\.([a-z_]+)"', code)) <= kept
    refusals = {key.removeprefix("refused_") for key in kept if key.startswith("refused_")}
    assert refusals == set(get_args(Reason))
