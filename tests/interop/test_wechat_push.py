"""Other people's encryption plays WeChat against our webhook, in every mode and format."""

import pytest
import pytest_asyncio

from tests.support.node import node, require_node
from tests.support.wechat import ACCOUNT, FORMATS, KEY, MODES, OPENID, OTHER_KEY, account, webhook

LIBRARIES = ("wechat-crypto", "@wecom/crypto")
HELLO = {"MsgType": "text", "Content": "羅湖幾點閂門？ <b>&😀", "MsgId": "6054768590064713728"}


@pytest_asyncio.fixture(scope="module")
async def theirs():
    for library in LIBRARIES:
        require_node(library)
    async with node("wechat_push.mjs") as process:
        yield process


def told(ours, **other):
    """Our account as the script is told of it."""
    given = {"appid": ours.app_id, "token": ours.tokens[0], "key": KEY,
             "mode": ours.mode, "format": ours.format}  # fmt: skip
    return {**given, **other}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
async def test_what_they_send_is_understood_and_they_understand_the_answer(
    redis, theirs, library, mode, format
):
    ours = account(mode=mode, format=format)
    async with webhook(redis, [ours]) as hook:
        question = {"library": library, "url": hook.url, "account": told(ours),
                    "openid": OPENID, "fields": HELLO}  # fmt: skip
        answer = await theirs.ask(question)
        assert answer == {"status": 200, "body": "success", "message": None}
        hook.door.answer = lambda _: "收到 😀 <b>"
        answer = await theirs.ask(question)
    assert answer["message"] == {
        "ToUserName": OPENID, "FromUserName": "gh_000000000000", "MsgType": "text",
        "Content": "收到 😀 <b>",
    }  # fmt: skip
    assert {message.text for message in hook.door.taken} == {HELLO["Content"]}
    assert {message.key for message in hook.door.taken} == {"message-" + HELLO["MsgId"]}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "other", [{"appid": "wx0000000000000000"}, {"token": "another"}, {"key": OTHER_KEY}],
    ids=["app id", "token", "key"],
)  # fmt: skip
async def test_what_they_send_with_another_secret_is_refused(redis, theirs, library, other):
    async with webhook(redis) as hook:
        question = {"library": library, "url": hook.url, "account": told(ACCOUNT, **other),
                    "openid": OPENID, "fields": HELLO}  # fmt: skip
        answer = await theirs.ask(question)
    assert (answer["status"], answer["body"], hook.door.taken) == (403, "refused", [])


@pytest.mark.parametrize("library", LIBRARIES)
async def test_they_agree_on_the_vectors(theirs, library):
    answer = await theirs.ask({"library": library, "vectors": True, "account": told(ACCOUNT)})
    assert answer == {
        "signature": "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
        "message": "5927782489442352469",
    }
