"""Real questions, asked of the real assistant: the right entry, language, source and date."""

import pytest

ASKED = [
    ("羅湖口岸幾點閂門", "yue", {"faq:bp01", "control_point:lo_wu"}, "24:00"),
    ("非中国籍的港澳居民办回乡证要多少钱", "cmn", {"faq:hr09", "permit:hrp_non_chinese"}, "260"),
    ("how long does a residence permit take", "en", {"faq:rp02", "permit:residence_permit"}, "20"),
    ("長者醫療券喺中山邊度用到", "yue", {"clinic:ZS-CXH", "clinic:ZS-TCM"}, "中山市中醫院"),
    ("我在广州，怎么用智方便登录粤省事", "cmn", {"faq:ia06"}, "智方便"),
    ("良民證幾錢要幾耐", "yue", {"service:hk-police-cncc"}, "283"),
    ("港车北上一次能停留几天", "cmn", {"faq:nb02", "permit:northbound"}, "30"),
    ("where can I find a cross-boundary kiosk in Shenzhen", "en",
     {"place:kiosk-sz-qianhai", "place:kiosk-sz-hetao"}, "Qianhai"),
    ("唔見咗回鄉證喺深圳點算", "yue", {"faq:hr07"}, "補發"),
    ("高才通申请费", "cmn", {"faq:ta01", "service:hk-immd-ttps"}, "600"),
    ("電話卡湾事通買唔買到", "yue", {"faq:onestop-offers", "faq:os01"}, "流量"),
]  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize("asked, language, entries, said", ASKED, ids=[a[0] for a in ASKED])
async def test_is_answered(assistant, asked, language, entries, said):
    turn = await assistant.conversation.turn(f"ask-{asked}", asked, "test")
    assert turn.reader.language == language
    assert turn.intent == "enquire"
    assert entries & set(turn.knowledge)
    reply = turn.replies[0]
    assert said in reply["text"]
    assert "2026" in reply["source"]


@pytest.mark.model
async def test_the_unknown_is_said_to_be_unknown(assistant):
    turn = await assistant.conversation.turn("cat", "can I bring my cat to Hengqin", "test")
    assert turn.reader.language == "en"
    assert "no reviewed answer" in turn.replies[0]["text"]
    assert turn.knowledge == []
