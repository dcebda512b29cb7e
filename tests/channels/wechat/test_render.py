"""A turn as the fewest messages: all of it, in order, with its choices, within the quota."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.common.choices import digest, match
from channels.wechat.mini_program import MiniProgram
from channels.wechat.render import MOST, passive_text, render
from channels.wechat.simulator.checks import message_fault
from channels.wechat.split import split
from knowledge.compose import compose
from knowledge.reply import Button, Link, Reply

MORE = "仲有內容未send晒。"
PROGRAM = MiniProgram("wx1111", "thumb", {"https://one.example/identity/start": "pages/sign-in"})
TYPES = {"text": "text", "menu": "msgmenu", "card": "miniprogrampage", "link": "link"}


def reply(lead, *titles, link=None):
    buttons = tuple(Button(title, f'/choose{{"entry": "{title}"}}') for title in titles)
    return Reply(lead, buttons=buttons, link=link).as_dict()


def rendered(replies, kind="service_account", quota=5, program=None, asks=None):
    done = render(replies, kind, quota, MORE, asks, program)
    for message in (*done.messages, *done.parked):
        form = TYPES[message.kind]
        body = json.loads(json.dumps({"msgtype": form, form: message.body}))
        assert message_fault(body, kind, {"thumb"}) == 0, body
    return done


def shown(messages):
    """What a person reads, message by message."""
    return [
        "\n".join([m.body["head_content"], *(i["content"] for i in m.body["list"])])
        if m.kind == "menu"
        else m.body.get("content") or m.body["title"]
        for m in messages
    ]


def test_a_turn_is_one_text():
    done = rendered([reply("你好。"), reply("想問咩？")])
    assert shown(done.messages) == ["你好。\n\n想問咩？"]
    assert [m.kind for m in done.messages] == ["text"] and not done.parked


def test_choices_are_a_menu_whose_numbers_can_be_typed():
    asked = reply("邊樣？", "回鄉證", "身份證")
    (menu,) = rendered([reply("好。"), asked]).messages
    assert menu.kind == "menu"
    assert menu.body["head_content"] == "好。\n\n邊樣？"
    assert menu.body["list"] == [
        {"id": digest(button["payload"]), "content": f"{n}. {button['title']}"}
        for n, button in enumerate(asked["buttons"], 1)
    ]
    for item, button in zip(menu.body["list"], asked["buttons"]):
        number = item["content"].split(".")[0]
        assert match(number, asked["buttons"]) == button["payload"]


def test_only_the_last_reply_can_be_chosen_from():
    (menu,) = rendered([reply("first", "old"), reply("second", "new")]).messages
    assert [item["content"] for item in menu.body["list"]] == ["1. new"]
    (text,) = rendered([reply("first", "old"), reply("second")]).messages
    assert text.body["content"] == "first\n\nsecond"


@pytest.mark.parametrize(
    "count, kind", [(10, "service_account"), (11, "service_account"), (3, "miniprogram")]
)
def test_where_there_is_no_menu_the_choices_are_lines(count, kind):
    titles = [f"choice {n}" for n in range(1, count + 1)]
    (message,) = rendered([reply("Which?", *titles)], kind).messages
    assert message.kind == ("menu" if count == 10 else "text")
    lines = "\n".join(f"{n}. {title}" for n, title in enumerate(titles, 1))
    assert shown([message])[0].endswith(lines)


def test_a_link_is_a_line_and_in_a_mini_program_a_message():
    said = [reply("Look.", link=Link("Official page", "https://www.gov.hk/a?b=c"))]
    assert shown(rendered(said).messages) == ["Look.\n\nOfficial page\nhttps://www.gov.hk/a?b=c"]
    text, link = rendered(said, "miniprogram").messages
    assert (text.body["content"], link.kind) == ("Look.", "link")
    assert link.body["url"] == "https://www.gov.hk/a?b=c"
    assert link.body["description"] == "www.gov.hk"


@pytest.mark.parametrize("kind", ["service_account", "miniprogram"])
def test_a_link_of_the_mini_program_is_a_card(kind):
    said = [reply("Sign in.", link=Link("Go", "https://one.example/identity/start?t=abc&v=1"))]
    text, card = rendered(said, kind, program=PROGRAM).messages
    assert (text.kind, card.kind) == ("text", "card")
    assert card.body["pagepath"] == "pages/sign-in?t=abc&v=1"
    assert card.body.get("appid") == ("wx1111" if kind == "service_account" else None)
    plain = [reply("Sign in.", link=Link("Go", "https://one.example/identity/start"))]
    assert rendered(plain, kind, program=PROGRAM).messages[1].body["pagepath"] == "pages/sign-in"


@pytest.mark.parametrize(
    "url",
    ["https://one.example/identity/started", "https://one.example.evil/identity/start",
     "http://one.example/identity/start", "https://one.example/identity/start/../x"],
)  # fmt: skip
def test_another_link_is_no_card(url):
    (text,) = rendered([reply("Go.", link=Link("Go", url))], program=PROGRAM).messages
    assert url in text.body["content"]


def test_a_card_becomes_a_line_where_the_quota_has_no_room_for_it():
    said = [reply("Go.", link=Link("Go", "https://one.example/identity/start?t=1"))]
    done = rendered(said, quota=1, program=PROGRAM)
    assert shown(done.messages) == ["Go.\n\nGo\nhttps://one.example/identity/start?t=1"]
    assert not done.parked


def test_a_long_answer_keeps_its_choices_in_the_last_message():
    long = "這是一句說明。" * 200
    done = rendered([reply(long), reply("Which?", "a", "b")])
    assert [m.kind for m in done.messages] == ["text", "text", "menu"]
    heads = [m.body.get("content", m.body.get("head_content")) for m in done.messages]
    assert "".join(heads) == long + "\n\nWhich?"


def test_choices_as_long_as_letters_are_a_text():
    titles = ["字" * 200 for _ in range(6)]
    done = rendered([reply("Which?", *titles)])
    assert {m.kind for m in done.messages} == {"text"}
    assert "".join(shown(done.messages)).count("字" * 200) == 6


def test_without_room_for_all_the_last_question_is_in_and_the_rest_waits():
    long = "這是一句說明。" * 600
    asked = reply("邊樣？", "回鄉證", "身份證")
    whole = rendered([reply(long), asked], quota=99)
    for quota in range(1, len(whole.messages)):
        done = rendered([reply(long), asked], quota=quota)
        assert len(done.messages) == quota
        assert done.messages[-1].kind == "menu"
        assert done.messages[-1].body["head_content"] == f"{MORE}\n\n邊樣？"
        assert "".join(shown([*done.messages[:-1], *done.parked])) == long
    assert rendered([reply(long), asked], quota=len(whole.messages)).parked == ()


def test_a_last_reply_that_is_too_long_itself_ends_with_its_question():
    long = "這是一句說明。" * 600 + "邊樣？"
    done = rendered([reply("好。"), reply(long, "a")], quota=1)
    assert done.messages[0].body["head_content"].startswith(MORE)
    assert done.messages[0].body["head_content"].endswith("邊樣？")
    assert "".join(shown(done.parked)).startswith("好。這是")


def test_a_question_without_choices_is_in_as_well():
    long = "這是一句說明。" * 600
    done = rendered([reply(long), reply("邊日？")], quota=2, asks="date")
    assert shown(done.messages)[-1] == f"{MORE}\n\n邊日？"
    assert "".join(shown([*done.messages[:-1], *done.parked])) == long


def test_what_asks_nothing_is_read_from_its_beginning():
    long = "".join(f"這是第{n}句說明。" for n in range(400))
    done = rendered([reply(long), reply("再見。")], quota=2)
    assert shown(done.messages)[-1].endswith(f"\n\n{MORE}")
    said = "".join(shown([*done.messages, *done.parked]))
    assert said.replace(f"\n\n{MORE}", "") == f"{long}\n\n再見。"


def test_without_any_quota_all_waits():
    done = rendered([reply("邊樣？", "a")], quota=0)
    assert (done.messages, len(done.parked)) == ((), 1)
    assert MORE not in str(done)


LEADS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=300),
    st.integers(1, 300).map(lambda n: "開放時間 06:30–24:00，電話 2598 0888。👩‍👩‍👧" * n),
)
REPLIES = st.lists(
    st.builds(
        lambda lead, titles, link: reply(lead, *titles, link=link and Link("Page", "https://a.hk/b")),
        LEADS, st.lists(st.text("香港abc。", min_size=1, max_size=60), max_size=12), st.booleans(),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(REPLIES, st.sampled_from(["service_account", "miniprogram"]), st.integers(0, 8))
def test_any_turn_fits_and_loses_nothing(replies, kind, quota):
    done = rendered(replies, kind, quota)
    assert len(done.messages) <= quota
    asks = bool(replies[-1]["buttons"])
    order = (*done.parked, *done.messages) if asks else (*done.messages, *done.parked)
    texts = [m for m in order if m.kind in ("text", "menu")]
    for message in texts:
        assert len("".join(shown([message])).encode()) <= MOST + len(message.body.get("list", []))
    said = "".join(shown(texts)).replace(MORE, "")
    for one in replies:
        pieces = split(one["text"], MOST)
        assert flat(one["text"]) in flat(said) or len(pieces) > 1 or quota < 5
    for button in replies[-1]["buttons"]:
        assert flat(button["title"]) in flat(said)
    if done.messages and replies[-1]["buttons"]:
        last = [m for m in done.messages if m.kind in ("text", "menu")][-1]
        assert flat(replies[-1]["buttons"][-1]["title"])[-9:] in flat(shown([last])[0])


def flat(text):
    """Without the space at which texts are joined and cut."""
    return "".join(text.split())


@settings(max_examples=100, deadline=None)
@given(REPLIES, st.sampled_from(["service_account", "miniprogram"]))
def test_with_enough_quota_the_messages_joined_are_the_turn(replies, kind):
    done = rendered(replies, kind, 99)
    bare = [{**r, "link": None} for r in replies]
    if not any(r["link"] for r in replies) or kind == "miniprogram":
        heads = [m.body.get("content", m.body.get("head_content", "")) for m in done.messages]
        joined = "\n\n".join(r["text"] for r in bare)
        assert "".join(heads).startswith(joined)


def test_a_passive_reply_is_one_text_with_its_choices_or_none():
    said = [reply("好。"), reply("邊樣？", "回鄉證", "身份證", link=Link("Page", "https://a.hk"))]
    assert passive_text(said) == "好。\n\n邊樣？\n\nPage\nhttps://a.hk\n\n1. 回鄉證\n2. 身份證"
    assert passive_text([reply("字" * 682)]) == "字" * 682
    assert passive_text([reply("字" * 683)]) is None


@pytest.mark.parametrize("variant", ["en", "yue", "zh_hant", "zh_hans"])
def test_every_fixed_sentence_fits(content, variant):
    for name in content.phrases:
        said = compose(content, name, {}, variant) if "{" not in content.phrases[name].en else None
        if said:
            assert len(rendered([said.as_dict()]).messages) <= 2
    assert len(content.phrases["reply.more_follows"].get(variant).encode()) < 200
