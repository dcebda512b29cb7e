import json

from knowledge.reply import Button, Detail, Link, Reply

REPLY = Reply(
    lead="口岸開放。",
    details=(
        Detail("時間", ("六時半",)),
        Detail("文件", ("一", "二")),
        Detail("", ("甲", "乙")),
    ),
    note="請核實。",
    source="來源：政府。",
    source_url="https://www.gov.hk/時",
    buttons=(Button("費用", '/choose{"entry": "faq:費"}'),),
    link=Link("網頁", "https://www.gov.hk/頁"),
)


def test_the_text_has_a_line_for_each_part():
    assert REPLY.text.split("\n") == [
        "口岸開放。",
        "• 時間: 六時半",
        "• 文件:",
        "  – 一",
        "  – 二",
        "• 甲",
        "• 乙",
        "請核實。",
        "來源：政府。",
    ]


def test_a_bare_reply_is_its_words():
    assert Reply("好。").text == "好。"


def test_another_script_changes_words_and_no_addresses():
    changed = REPLY.map(
        lambda text: text.replace("時", "时").replace("費", "费").replace("頁", "页")
    )
    assert changed.details[0] == Detail("时間", ("六时半",))
    assert changed.buttons == (Button("费用", '/choose{"entry": "faq:費"}'),)
    assert changed.link.url == REPLY.link.url
    assert changed.source_url == REPLY.source_url
    assert "時" not in changed.text


def test_every_word_goes_through_the_change():
    changed = REPLY.map(lambda text: "x")
    assert set(changed.text) <= set("x•–: \n")
    assert changed.link.title == changed.buttons[0].title == "x"


def test_a_reply_is_json_data():
    data = REPLY.as_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["details"][1] == {"label": "文件", "items": ["一", "二"]}
    assert data["buttons"] == [{"title": "費用", "payload": '/choose{"entry": "faq:費"}'}]
    assert data["link"] == {"title": "網頁", "url": "https://www.gov.hk/頁"}


def test_what_is_absent_is_null():
    data = Reply("好。").as_dict()
    assert data["note"] is data["source"] is data["source_url"] is data["link"] is None
    assert data["details"] == data["buttons"] == []
