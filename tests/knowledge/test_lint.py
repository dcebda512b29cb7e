import pytest

from knowledge.lint import check, plain


def faults(folder):
    return [str(fault) for fault in check(folder)]


def line(path, words):
    """The line (from 1) that holds ``words``."""
    (number,) = (n for n, text in enumerate(path.read_text().splitlines(), 1) if words in text)
    return number


def test_a_good_folder_has_no_fault(folder):
    assert faults(folder) == []


def test_the_real_content_has_no_fault(content_folder):
    assert faults(content_folder) == []


@pytest.mark.parametrize(
    "place, old, new, words, sentence",
    [
        ("topics/port.yml", "service:search", "service:lost", "service:lost",
         "related: there is no entry service:lost."),
        ("topics/port.yml", "service:search", "faq:port", "  - faq:port",
         "related: the entry names itself."),
        ("services/search.yml", "ask: hotline:1823", "ask: hotline:9999", "ask:",
         "ask: there is no entry hotline:9999."),
        ("services/search.yml", "department: CR", "department: XYZ", "department:",
         "department: XYZ is not in departments.yml."),
        ("services/search.yml", "https://www.cr.gov.hk/search", "https://cr-gov.hk/search", "link:",
         "link: cr-gov.hk is not an official host."),
        ("services/search.yml", "https://www.cr.gov.hk", "https://gov.hk.example.com", "link:",
         "link: gov.hk.example.com is not an official host."),
        ("services/search.yml", "en: Search online.", "en: Search on shop.example.com/x.", "shop.",
         "en: shop.example.com is not an official host."),
        ("services/search.yml", "yue: 上網查。", "yue: 上example.com查。", "example.com查",
         "yue: example.com is not an official host."),
        ("services/search.yml", "zh_hans: 可在网上查册。", "zh_hans: 可在網上查册。", "網上查册",
         "zh_hans: 網 is Traditional script."),
        ("services/search.yml", "zh_hans: 号码}", "zh_hans: 號碼}", "A number",
         "zh_hans: 碼、號 is Traditional script."),
        ("reference/departments.yml", "hotline:1823", "hotline:9999", "ask:",
         "ask: there is no entry hotline:9999."),
        ("reference/ambiguities.yml", "entry: faq:port", "entry: faq:gone", "faq:gone",
         "entry: there is no entry faq:gone."),
        ("identity/levels.yml", "service:search", "service:lost", "service:lost",
         "services: there is no entry service:lost."),
        ("reference/application_types.yml", "torn", "续期", "damaged:",
         "damaged: “续期” stands under renewal as well."),
        ("ui/greet.yml", '"faq:port"', '"faq:gone"', "payload",
         "payload: there is no entry faq:gone."),
        ("ui/greet.yml", '"entry"', '"entri"', "payload",
         'payload: after /choose there must be {"entry": "…"}.'),
        ("ui/greet.yml", '"entry": "faq:port"', "entry", "payload",
         'payload: after /choose there must be {"entry": "…"}.'),
        ("ui/greet.yml", "zh_hans: 你好{name}！", "zh_hans: 你好！", "zh_hans: 你好",
         "utter_greet: zh_hans and en name different {…}."),
        ("ui/greet.yml", "yue: 你好{name}！", "yue: 你好{nam}！", "yue:",
         "utter_greet: yue and en name different {…}."),
        ("ui/greet.yml", "zh_hant: 你好{name}！", "zh_hant: 你好{name！", "zh_hant: 你",
         "utter_greet: a { or } stands alone in zh_hant."),
        ("services/search.yml", "點樣查公司？", "幾點開門㗎", "",
         "questions: the same question stands in search.yml."),
    ],
)  # fmt: skip
def test_a_fault_across_files_is_told_with_file_line_and_sentence(
    folder, change, place, old, new, words, sentence
):
    path = folder / place
    change(path, old, new)
    if "same question" in sentence:  # told of the later file
        path = folder / "topics" / "port.yml"
        words = "幾點開門㗎？"
    assert faults(folder) == [f"{path}:{line(path, words)}: {sentence}"]


def test_a_department_can_be_asked_what_is_unknown(folder, search, change):
    change(search, "ask: hotline:1823\n", "")
    assert faults(folder) == []


def test_an_unknown_fact_of_a_question_needs_someone_to_ask(folder, port, change):
    change(port, "facts: {}", "facts: {fee: null}")
    assert faults(folder) == [
        f"{port}:{line(port, 'facts:')}: facts: something is unknown, "
        "but “ask” names no hotline for it."
    ]


def test_an_id_that_stands_twice_is_told_of_the_second_file(folder, port):
    second = folder / "topics" / "zzz" / "port.yml"
    second.parent.mkdir()
    second.write_text(port.read_text().replace("When does", "At what time does"))
    told = faults(folder)
    assert f"{second}:1: id: faq:port stands in port.yml as well." in told


def test_a_fault_of_one_file_is_told_as_well(folder, port, change):
    change(port, "confidence: high", "confidence: sure")
    assert f"{port}:18: confidence: 'sure' is not one of high, medium, low." in faults(folder)


def test_a_file_that_cannot_be_read_is_told(folder, port, change):
    change(port, "topic: border", "topic: a: b")
    where = f"{port}:{line(port, 'topic:')}: "
    assert where + "There is a colon inside a text here. Put the text in quotes." in faults(folder)


def test_faults_come_in_the_order_of_files_and_lines(folder, port, search, change):
    change(search, "zh_hans: 可在网上查册。", "zh_hans: 可在網上查册。")
    change(port, "service:search", "service:lost")
    change(port, "zh_hans: 六点半开放。", "zh_hans: 六點半开放。")
    told = check(folder)
    assert [(fault.path, fault.line) for fault in told] == sorted(
        (fault.path, fault.line) for fault in told
    )
    assert len(told) == 3


def test_a_native_name_may_be_traditional(folder, change):
    path = folder / "ui" / "greet.yml"
    text = path.read_text()
    path.write_text(text + "web.hant: {en: 繁體, yue: 繁體, zh_hant: 繁體, zh_hans: 繁體}\n")
    assert faults(folder) == []


def test_an_official_address_in_a_text_is_no_fault(folder, search, change):
    change(search, "en: Search online.", "en: Search on www.cr.gov.hk/a.html (ask@cr.gov.hk).")
    assert faults(folder) == []


@pytest.mark.parametrize(
    "one, other",
    [("幾點開門？", "几点开门"), ("How Much ?", "how much"), ("ＡＢＣ", "abc"), ("a-b_c", "abc")],
)
def test_lines_that_are_the_same_but_for_their_writing(one, other):
    assert plain(one) == plain(other)


def test_lines_that_are_not_the_same():
    assert plain("幾點開門") != plain("幾點閂門")
