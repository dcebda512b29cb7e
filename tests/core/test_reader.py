import pytest

from core.reader import DEFAULT, Guess, Reader, resolve

YUE, YUE_HANS = Reader("yue", "Hant"), Reader("yue", "Hans")
HANS, HANT, EN = Reader("cmn", "Hans"), Reader("cmn", "Hant"), Reader("en")


def sure(language, script=None):
    return Guess(language, script, "sure")


def weak(language, script=None):
    return Guess(language, script, "weak")


NOTHING = Guess("en", None, "none")

PRECEDENCE = [
    # choice, guess, last, default -> reader
    ("a choice beats a sure guess", EN, sure("yue", "Hant"), HANS, None, EN),
    ("a choice beats everything else", YUE, None, HANS, EN, YUE),
    ("a sure guess beats the last", None, sure("en"), YUE, None, EN),
    ("a sure guess beats the default", None, sure("yue", "Hant"), None, EN, YUE),
    ("the last beats a weak guess", None, weak("cmn", "Hant"), YUE, None, YUE),
    ("the last beats a weak guess at English", None, weak("en"), HANS, None, HANS),
    ("a weak guess beats the default", None, weak("en"), None, HANS, EN),
    (
        "a weak guess at any Chinese is what the channel expects",
        None,
        weak("cmn", "Hant"),
        None,
        YUE,
        YUE,
    ),
    ("a weak guess in another script counts", None, weak("cmn", "Hans"), YUE, None, HANS),
    ("the same language in another script", None, weak("cmn", "Hans"), HANT, None, HANS),
    ("a weak guess at Chinese after English counts", None, weak("yue", "Hant"), EN, None, YUE),
    ("a weak guess of the same script does not", None, weak("cmn", "Hant"), YUE, HANS, YUE),
    ("a word that tells nothing keeps the last", None, NOTHING, HANS, None, HANS),
    ("a word that tells nothing keeps the last over the default", None, NOTHING, YUE, EN, YUE),
    ("a word that tells nothing takes the default", None, NOTHING, None, HANT, HANT),
    ("no text keeps the last", None, None, EN, YUE, EN),
    ("no text takes the default", None, None, None, EN, EN),
    ("no text and no default", None, None, None, None, DEFAULT),
    ("a script that is not seen is the last one's", None, sure("cmn"), HANT, None, HANT),
    ("a script that is not seen is the default's", None, sure("cmn"), None, HANT, HANT),
    ("the last one's script before the default's", None, sure("cmn"), HANS, HANT, HANS),
    ("Mandarin is usually Simplified", None, sure("cmn"), None, None, HANS),
    ("Mandarin after Cantonese keeps its script", None, sure("cmn"), YUE, None, HANT),
    ("Cantonese after Mandarin keeps its script", None, sure("yue"), HANS, None, YUE_HANS),
    ("Cantonese is usually Traditional", None, sure("yue"), None, None, YUE),
    ("Cantonese in Simplified script", None, sure("yue", "Hans"), None, None, YUE_HANS),
    ("English has no script", None, sure("en"), HANS, HANT, EN),
]


@pytest.mark.parametrize(
    "choice, guess, last, default, expected",
    [row[1:] for row in PRECEDENCE],
    ids=[row[0] for row in PRECEDENCE],
)
def test_precedence(choice, guess, last, default, expected):
    assert resolve(choice, guess, last, default) == expected


@pytest.mark.parametrize(
    "reader, variant",
    [(YUE, "yue"), (YUE_HANS, "yue"), (HANS, "zh_hans"), (HANT, "zh_hant"), (EN, "en"),
     (Reader("cmn"), "zh_hant")],
    ids=str,
)  # fmt: skip
def test_the_variant_of_the_texts(reader, variant):
    assert reader.variant == variant


def test_only_cantonese_in_simplified_script_is_converted():
    assert [r for r in (YUE, YUE_HANS, HANS, HANT, EN) if r.wants_simplified_cantonese] == [
        YUE_HANS
    ]


@pytest.mark.parametrize("reader", [YUE, YUE_HANS, HANS, HANT, EN], ids=str)
def test_a_reader_is_written_and_read_again(reader):
    assert Reader.parse(str(reader)) == reader


@pytest.mark.parametrize(
    "written, reader", [("yue", YUE), ("cmn", HANS), ("zh_hant", HANT), ("zh_hans", HANS)]
)
def test_short_names_are_read(written, reader):
    assert Reader.parse(written) == reader


@pytest.mark.parametrize("written", ["", "fr", "EN", "cmn_Hans"])
def test_what_is_no_language_is_refused(written):
    with pytest.raises(ValueError):
        Reader.parse(written)
