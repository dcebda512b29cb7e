"""Languages that the assistant does not speak, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.model import LANGUAGES, examples
from nlu.text.other_languages import in_other_language


@pytest.mark.parametrize(
    "text",
    [
        "Bom dia, como posso renovar o meu passaporte?",
        "onde fica a fronteira para zhuhai",
        "Preciso de ajuda com o visto",
        "¿Dónde puedo renovar mi pasaporte?",
        "Bonjour, où est la frontière ?",
        "Wie komme ich nach Shenzhen?",
        "パスポートの更新はどうすればいいですか",
        "香港のパスポートはどこで更新できますか",
        "여권을 갱신하려면 어떻게 해야 하나요",
        "Paano po mag renew ng passport?",
        "saan ang immigration office dito",
        "Bagaimana cara memperpanjang paspor saya?",
        "saya mau ke shenzhen, apa bisa pakai paspor",
        "Tôi muốn làm hộ chiếu ở đâu?",
        "ฉันต้องการต่อหนังสือเดินทาง",
        "मुझे पासपोर्ट चाहिए",
        "Как продлить паспорт?",
    ],
)
def test_other_languages_are_told(text):
    assert in_other_language(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "ok", "123", "😀", "how do I renew my passport", "wui heung jing",
        "ngo go wui heung jing gwo kei dim syun hou", "m goi, lo wu gei dim hoi mun ga",
        "hai mai yiu book sin", "优の良品喺邊度", "iAM Smart 點開戶", "no hkid how to go macau",
        "Is the café in the Dom Pedro V theatre open?", "where is São Lourenço in Macau",
        "my name is Maria dos Santos", "das auto shop", "para athletes card",
        "can i bring mga gifts across", "juzhu zheng duoshao qian",
    ],
)  # fmt: skip
def test_what_the_assistant_speaks_is_none(text):
    assert not in_other_language(text)


def test_the_projects_own_lines_are_none():
    taken = [
        text for language in LANGUAGES for intent, text in examples(language)
        if intent not in ("out_of_scope", "thank", "goodbye") and in_other_language(text)
    ]  # fmt: skip
    assert taken == []


@given(st.text())
def test_it_never_fails(text):
    assert in_other_language(text) in (True, False)
