"""Cantonese, Mandarin or English, in which script, and how sure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.text.language import LanguageIdentifier, named_language, script_of, words_in

CLEAR = [
    ("羅湖幾點閂門呀", "yue", "Hant"),
    ("罗湖几点闩门呀", "yue", "Hans"),
    ("唔該我想 book 位換身份證", "yue", "Hant"),
    ("張 Home Return Permit 唔見咗點算", "yue", "Hant"),
    ("我唔识点样续期喎", "yue", "Hans"),
    ("罗湖口岸晚上几点关闭", "cmn", "Hans"),
    ("請問羅湖口岸晚上幾點關閉", "cmn", "Hant"),
    ("我的居住证要多久才能拿到", "cmn", "Hans"),
    ("how long does a residence permit take", "en", None),
    ("What documents do I need for the Home Return Permit?", "en", None),
]


@pytest.fixture(scope="module")
def identifier(model):
    return model.identifier()


@pytest.mark.model
@pytest.mark.parametrize("text, language, script", CLEAR, ids=[c[0] for c in CLEAR])
def test_a_clear_sentence_is_told_and_sure(identifier, text, language, script):
    guess = identifier.identify(text)
    assert (guess.language, guess.script, guess.strength) == (language, script, "sure")


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["", "1", "ok", "OK!", "好", "hi", "thank you", "👍", "?!", "２０２６"]
)
def test_what_all_say_alike_tells_nothing(identifier, text):
    assert identifier.identify(text).strength == "none"


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["回乡证", "Lo Wu", "羅湖", "東京へ行きたいです", "안녕하세요 홍콩"]
)
def test_a_name_or_another_language_is_never_sure(identifier, text):
    assert identifier.identify(text).strength != "sure"


@pytest.mark.model
@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(), max_size=60))
def test_identifying_never_fails(model, text):
    guess = _loaded(model).identify(text)
    assert guess.language in ("yue", "cmn", "en")
    assert guess.script in ("Hant", "Hans", None)


_LOADED: "dict[object, LanguageIdentifier]" = {}


def _loaded(model):
    if model not in _LOADED:  # a function-scoped fixture would not do for Hypothesis
        _LOADED[model] = model.identifier()
    return _LOADED[model]


@pytest.mark.model
def test_what_is_saved_and_loaded_tells_the_same(identifier, tmp_path):
    identifier.save(tmp_path)
    loaded = LanguageIdentifier().load(tmp_path)
    for text, *_ in CLEAR:
        assert loaded.identify(text) == identifier.identify(text)


@pytest.mark.parametrize(
    "text, script",
    [("羅湖", "Hant"), ("罗湖", "Hans"), ("中山", None), ("Lo Wu", None), ("", None),
     ("羅灣罗", "Hant"), ("羅罗", None)],
)  # fmt: skip
def test_the_script_is_that_of_most_characters(text, script):
    assert script_of(text) == script


@pytest.mark.parametrize(
    "text, variant",
    [("講國語", "zh_hans"), ("讲普通话可以吗", "zh_hans"), ("用繁體中文", "zh_hant"),
     ("简体", "zh_hans"),
     ("English please", "en"), ("可唔可以講英文", "en"), ("講廣東話", "yue"), ("粤语", "yue"),
     ("speak Cantonese", "yue"), ("in Mandarin", "zh_hans")],
)  # fmt: skip
def test_a_language_is_known_by_its_names(text, variant):
    assert named_language(text) == variant


@pytest.mark.parametrize(
    "text", ["中文", "Chinese", "中文定英文", "粤语还是普通话", "change language", ""]
)
def test_none_or_several_names_leave_it_open(text):
    assert named_language(text) is None


@pytest.mark.parametrize("text, count", [("羅湖 Lo Wu 24", 5), ("👍👍", 0), ("。？！", 0), ("", 0)])
def test_words_are_counted(text, count):
    assert words_in(text) == count
