"""One turn of one person: the same core for every channel."""

import asyncio

import pytest

from channels.common.choices import digest
from core.reader import Reader

pytestmark = pytest.mark.model
ASKED = "how long does a residence permit take"


@pytest.fixture
def turn(assistant, request):
    """A turn of somebody of this test's own."""

    async def say(text, sender="someone", default=None):
        whole = f"{request.node.name}-{sender}"
        return await assistant.conversation.turn(whole, text, "test", default)

    say.sender = f"{request.node.name}-someone"
    return say


async def test_a_turn_tells_what_was_understood_and_said(turn):
    said = await turn(ASKED)
    assert (str(said.reader), said.intent, said.asks) == ("en", "enquire", None)
    assert said.knowledge == ["faq:rp02"]
    assert len(said.replies) == 1
    assert said.replies[0]["source"]


async def test_a_choice_counts_as_an_enquiry(turn):
    await turn("通行證幾錢")
    said = await turn("1")
    assert said.intent == "enquire"
    assert said.knowledge == ["permit:home_return_permit"]


async def test_a_payload_is_honoured_only_when_it_was_offered_to_this_person(turn):
    offered = (await turn("通行證幾錢")).replies[0]["buttons"][0]["payload"]
    tapped = await turn(offered)
    assert tapped.knowledge == ["permit:home_return_permit"]
    stolen = await turn(offered, sender="other")
    assert stolen.intent is None
    assert stolen.knowledge == []


async def test_unusable_input_is_no_intent(turn):
    assert (await turn("/restart")).intent is None


async def test_a_button_that_is_forgotten_is_answered_kindly(turn):
    said = await turn('/answer{"slot": "confirm", "value": "book"}', default=Reader.parse("en"))
    assert said.intent is None
    assert "an earlier question" in said.replies[0]["text"]


async def test_asking_for_the_language_says_so(turn):
    assert (await turn("change language")).asks == "language"


async def test_the_channels_language_serves_who_tells_none(turn):
    assert (await turn("👍", default=Reader.parse("zh_hans"))).reader == Reader("cmn", "Hans")


async def test_a_chosen_language_stays_without_a_word(assistant, turn, redis):
    await assistant.conversation.choose_language(turn.sender, "en")
    said = await turn("羅湖口岸幾點閂門呀")
    assert str(said.reader) == "en"
    assert "Lo Wu" in said.replies[0]["text"]


async def test_a_chosen_language_can_be_changed_by_choosing_again(assistant, turn):
    await assistant.conversation.choose_language(turn.sender, "en")
    await assistant.conversation.choose_language(turn.sender, "zh_hans")
    assert str((await turn(ASKED)).reader) == "cmn-Hans"


async def test_forgetting_leaves_nothing(assistant, turn, redis):
    await turn("通行證幾錢")
    assert await redis.keys(f"*{turn.sender}*")
    await assistant.conversation.forget(turn.sender)
    assert await redis.keys(f"*{turn.sender}*") == []


async def test_turns_of_one_person_run_one_after_another(turn):
    texts = ["English please", ASKED, "repeat that", "羅湖口岸幾點閂門呀"]
    said = await asyncio.gather(*(turn(text) for text in texts))
    assert [s.intent for s in said] == ["change_language", "enquire", "repeat_last", "enquire"]
    assert said[2].knowledge == ["faq:rp02"]
    assert {str(s.reader) for s in said} == {"en"}


async def test_a_number_sent_at_once_answers_the_question_before_it(turn):
    said = await asyncio.gather(turn("通行證幾錢"), turn("1"))
    assert said[1].knowledge == ["permit:home_return_permit"]


async def test_many_people_at_once_get_their_own_answers(turn):
    asked = {
        "yue": "羅湖口岸幾點閂門呀",
        "cmn": "罗湖口岸晚上几点关门",
        "en": "When does Lo Wu close?",
    }
    people = [(f"{language}{n}", language) for n in range(5) for language in asked]
    said = await asyncio.gather(*(turn(asked[language], sender=who) for who, language in people))
    assert [s.reader.language for s in said] == [language for _, language in people]
    assert {tuple(s.knowledge) for s in said} <= {("faq:bp01",), ("control_point:lo_wu",)}


async def test_when_nothing_was_said_an_apology_is(assistant, turn, monkeypatch):
    agent = assistant.conversation._agent

    async def mute(*_args, **_kwargs):
        return None

    with monkeypatch.context() as broken:
        broken.setattr(agent, "handle_message", mute)
        said = await turn(ASKED)
    assert "1823" in said.replies[0]["text"]
    assert (await turn(ASKED)).knowledge == ["faq:rp02"]


async def test_understanding_tells_of_unusable_input_too(assistant):
    parsed = await assistant.conversation.understand("x" * 5000)
    assert parsed["intent"]["name"] == "unusable_input"


async def test_a_text_that_breaks_the_understanding_is_answered_kindly(
    turn, assistant, monkeypatch, caplog
):
    processor = assistant.conversation._agent.processor
    parse = processor.parse_message

    async def breaks(message, *more):
        if not message.text.startswith("/"):
            raise ValueError("a day that is none")
        return await parse(message, *more)

    monkeypatch.setattr(processor, "parse_message", breaks)
    said = await turn("31號六月")
    assert len(said.replies) == 1
    assert "could not be understood" in caplog.text
    monkeypatch.undo()
    assert (await turn(ASKED)).knowledge == ["faq:rp02"]


async def test_a_name_or_a_day_in_a_form_does_not_change_the_language(turn):
    for text in ("book an appointment for a Home Return Permit", "renewal", "Hong Kong"):
        await turn(text)
    for text in ("二零一八年六月九日", "Kwun Tong", "earliest", "Wong Siu Ling"):
        assert str((await turn(text)).reader) == "en"


async def test_a_message_that_comes_again_is_answered_again_and_done_once(assistant, turn):
    first = await assistant.conversation.turn(
        turn.sender, "English please", "test", message_id="m1"
    )
    told = await assistant.conversation.turn(turn.sender, "English please", "test", message_id="m1")
    assert told.replies == first.replies
    assert str(told.reader) == "en"


async def test_a_choice_that_comes_again_is_not_taken_from_the_new_choices(assistant, turn):
    take = assistant.conversation.turn
    await take(turn.sender, "通行證幾錢", "test", message_id="m1")
    chosen = await take(turn.sender, "1", "test", message_id="m2")
    again = await take(turn.sender, "1", "test", message_id="m2")
    assert again.replies == chosen.replies
    assert again.knowledge == chosen.knowledge == ["permit:home_return_permit"]
    other = await take(turn.sender, "1", "test", message_id="m3")
    assert other.replies != chosen.replies


async def test_what_was_tapped_may_be_named_by_its_digest(assistant, turn):
    offered = (await turn("通行證幾錢")).replies[0]["buttons"]
    tapped = await assistant.conversation.turn(
        turn.sender, offered[1]["title"], "test", choice=digest(offered[1]["payload"])
    )
    assert tapped.knowledge == ["permit:eep"]
    stale = await assistant.conversation.turn(turn.sender, ASKED, "test", choice="0" * 20)
    assert stale.knowledge == ["faq:rp02"]


async def test_a_turn_can_begin_without_words(assistant, turn):
    greeted = await assistant.conversation.prompt(turn.sender, "greet", "test")
    assert greeted.intent == "greet"
    assert greeted.replies
    unheard = await assistant.conversation.prompt(
        turn.sender, "unusable_input", "test", reason="voice"
    )
    assert unheard.intent is None
    assert unheard.replies[0]["text"] != greeted.replies[0]["text"]


class Codes:
    """Some chat waits for a code."""

    def __init__(self, waits):
        self._waits = waits

    async def awaits_confirmation(self, sender):
        return self._waits


@pytest.mark.parametrize(
    "text, waits, is_code",
    [("3821", True, True), ("個碼係 3821", True, True), ("３８２１", True, True),
     ("3821", False, False), ("38211", True, False), ("羅湖幾點閂門", True, False),
     ("14:30", True, False), ("38 21", True, False), ("3821 or 3822", True, False),
     ("can I call 1823 about my permit", True, False), ("the code is 3821", True, True)],
)  # fmt: skip
async def test_a_code_is_taken_only_where_one_is_waited_for(
    assistant, monkeypatch, text, waits, is_code
):
    monkeypatch.setattr(assistant.conversation, "_codes", Codes(waits))
    found = await assistant.conversation._code("somebody", text)
    assert (found == '/confirm_sign_in{"number": "3821"}') is is_code
